//! Clocks of items: terms between stages, with what is left of them.

use crate::blueprint::{Kind, StageGroup};
use crate::seen::Seen;
use crate::zone::Item;
use jiff::civil::Date;
use serde::Serialize;

/// A clock of an item.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ClockShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Day it started.
    pub started: Date,
    /// Due day; `None` while it stands still or when the calendar of a year is missing.
    pub due: Option<Date>,
    /// Day it stopped.
    pub stopped: Option<Date>,
    /// Whether it runs at the cut.
    pub running: bool,
    /// Light with reason.
    pub light: crate::views::pace::LightShown,
}

impl ClockShown {
    /// Due day in words.
    pub fn words(&self) -> String {
        self.due.map_or_else(|| "—".to_owned(), |d| d.to_string())
    }
}

impl Seen {
    /// The label of the stage in which an item stands at the cut, in the words of that cut.
    pub fn stage_label(&self, kind: &Kind, item: &Item) -> String {
        let Some(row) = item.stage_row(self.cut) else { return String::new() };
        match kind.stage(&row.stage) {
            Some(stage) => stage.label.get(self.lang).to_owned(),
            None => {
                let old = self
                    .zone
                    .blueprints()
                    .rev()
                    .find_map(|b| b.kind(&item.kind).and_then(|k| k.stage(&row.stage)).map(|s| s.label.clone()));
                old.map_or_else(|| row.stage.clone(), |l| l.get(self.lang).to_owned())
            }
        }
    }

    /// The clocks of an item that have started by the cut.
    pub fn clocks(&self, kind: &Kind, item: &Item) -> Vec<ClockShown> {
        use baton_methods::{Due, Pause, Term};
        let rows: Vec<_> = item.stages.iter().filter(|r| r.seq <= self.cut).collect();
        let is = |row: &crate::zone::StageRow, key: &str| {
            row.stage == key || kind.stage(&row.stage).is_some_and(|s| s.key == key)
        };
        let mut list = Vec::new();
        for clock in &kind.clocks {
            let Some(first) = rows.iter().position(|r| is(r, &clock.from)) else { continue };
            let started = rows[first].on;
            let stop = rows[first..].iter().find(|r| {
                let group = kind.stage(&r.stage).map(|s| s.group);
                is(r, &clock.to) || matches!(group, Some(StageGroup::Completed | StageGroup::Cancelled))
            });
            let mut pauses = Vec::new();
            for (n, row) in rows.iter().enumerate().skip(first) {
                if clock.pause.iter().any(|p| is(row, p)) {
                    pauses.push(Pause { from: row.on, until: rows.get(n + 1).map(|next| next.on) });
                }
            }
            let term = if clock.working { Term::working(clock.days) } else { Term::natural(clock.days) };
            let due = self.blueprint.calendar.due_with_pauses(started, term, clock.roll, &pauses);
            let (due, why) = match due {
                Ok(Due::On(day)) => (Some(day), None),
                Ok(_) => (None, Some(self.say("clock.paused", &[]))),
                Err(missing) => (None, Some(missing.message(self.lang))),
            };
            let stopped = stop.map(|r| r.on);
            let light = match (due, stopped) {
                (None, _) => crate::views::pace::LightShown::none(self.lang, why.unwrap_or_default()),
                (Some(due), Some(stopped)) => {
                    let late = (stopped - due).get_days();
                    let code = if late > 0 { "clock.late" } else { "clock.in-time" };
                    let key = if late > 0 { "lag" } else { "ok" };
                    let word = self.say(&format!("clock.word.{key}"), &[]);
                    crate::views::pace::LightShown {
                        key,
                        word,
                        reason: self.say(code, &[("days", &late.max(0)), ("on", &stopped)]),
                    }
                }
                (Some(due), None) => {
                    let left = i64::from((due - self.day).get_days());
                    let rule = self.blueprint.lights.get("task_due").or(baton_methods::lights::preset("task_due"));
                    match rule {
                        Some(rule) => {
                            let judged = baton_methods::lights::judge(rule, left);
                            crate::views::pace::LightShown {
                                key: judged.light.key(),
                                word: judged.light.label(self.lang).to_owned(),
                                reason: judged.reason(self.lang).to_owned(),
                            }
                        }
                        None => crate::views::pace::LightShown::none(self.lang, String::new()),
                    }
                }
            };
            list.push(ClockShown {
                key: clock.key.clone(),
                label: clock.label.get(self.lang).to_owned(),
                started,
                due,
                running: stopped.is_none(),
                stopped,
                light,
            });
        }
        list
    }
}
