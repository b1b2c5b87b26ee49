//! The plan of an item's course: stages scheduled back from the day it is to be finished (倒排工期), beside what was.

use crate::blueprint::{Kind, StageGroup};
use crate::entries::FieldValue;
use crate::seen::Seen;
use crate::views::pace::LightShown;
use crate::zone::Item;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// A stage in the plan.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PlanRow {
    /// Stage key.
    pub stage: String,
    /// Name.
    pub label: String,
    /// Latest day to enter it, and latest day to leave it.
    pub planned: Option<(Date, Date)>,
    /// Whether the day to enter it was given; else it was reckoned back from the stage after it.
    pub given: bool,
    /// Day it was entered, and day it was left; `None` while it goes on.
    pub actual: Option<(Date, Option<Date>)>,
    /// How it stands against the plan, with the reason in words.
    pub light: LightShown,
}

/// The planned and the real course of an item.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Plan {
    /// Stages in their order: those planned and those entered.
    pub rows: Vec<PlanRow>,
    /// The day it is to be finished.
    pub finish: Option<Date>,
    /// First and last day shown.
    pub span: (Date, Date),
}

impl Seen {
    /// The plan of an item's course; `None` when its kind plans no stage or nothing is known yet.
    ///
    /// A date field that names a stage is the day to enter it. From the first completed stage backwards, a stage of
    /// `days` must be entered that many days before the one after it.
    pub fn plan(&self, kind: &Kind, item: &Item) -> Option<Plan> {
        let is_planned = |key: &str| kind.fields.iter().any(|f| f.stage.as_deref() == Some(key));
        if !kind.stages.iter().any(|s| s.days.is_some() || is_planned(&s.key)) {
            return None;
        }
        let last = kind.stages.iter().position(|s| s.group == StageGroup::Completed).unwrap_or(kind.stages.len());
        let given = |key: &str| {
            let fields = kind.fields.iter().filter(|f| f.stage.as_deref() == Some(key));
            fields.filter_map(|f| item.field(&self.zone, &f.key, self.cut)).find_map(|v| match v {
                FieldValue::Date(day) => Some(*day),
                _ => None,
            })
        };
        let now =
            item.stage_row(self.cut).and_then(|r| kind.stages.iter().position(|s| Some(s) == kind.stage(&r.stage)));
        let mut rows = Vec::new();
        let mut after: Option<Date> = None;
        let mut finish = None;
        for (n, stage) in kind.stages.iter().enumerate().rev() {
            if stage.group == StageGroup::Cancelled {
                continue;
            }
            let own = given(&stage.key);
            let planned = match (own, stage.days, after) {
                (Some(entry), ..) => Some((entry, after.filter(|a| *a >= entry).unwrap_or(entry))),
                (None, Some(days), Some(leave)) => {
                    leave.checked_sub(i64::from(days).days()).ok().map(|entry| (entry, leave))
                }
                _ => None,
            };
            if let Some((entry, _)) = planned {
                after = Some(entry);
            }
            if n == last {
                finish = planned.map(|p| p.0);
            }
            let actual = self.stayed(kind, item, &stage.key);
            if planned.is_none() && actual.is_none() {
                continue;
            }
            // What it stood past when it was first known is not waited for.
            let passed = actual.is_none() && now.is_some_and(|now| n < now);
            let light = match passed {
                true => LightShown { word: self.say("plan.passed", &[]), ..LightShown::none(self.lang, String::new()) },
                false => self.plan_light(stage.group, planned, own.is_some(), actual),
            };
            let label = stage.label.get(self.lang).to_owned();
            rows.push(PlanRow { stage: stage.key.clone(), label, planned, given: own.is_some(), actual, light });
        }
        rows.reverse();
        if !rows.iter().any(|r| r.planned.is_some()) {
            return None;
        }
        let days = rows.iter().flat_map(|r| {
            let planned = r.planned.into_iter().flat_map(|(a, b)| [a, b]);
            planned.chain(r.actual.into_iter().flat_map(|(a, b)| [a, b.unwrap_or(self.day)]))
        });
        let span = days.fold((self.day, self.day), |(from, to), day| (from.min(day), to.max(day)));
        Some(Plan { rows, finish, span })
    }

    /// From when to when an item stood in a stage, as known at the cut.
    fn stayed(&self, kind: &Kind, item: &Item, stage: &str) -> Option<(Date, Option<Date>)> {
        let rows: Vec<_> = item.stages.iter().filter(|r| r.seq <= self.cut).collect();
        let is = |key: &str| key == stage || kind.stage(key).is_some_and(|s| s.key == stage);
        let first = rows.iter().position(|r| is(&r.stage))?;
        let last = rows.iter().rposition(|r| is(&r.stage))?;
        Some((rows[first].on, rows.get(last + 1).map(|next| next.on)))
    }

    fn plan_light(
        &self,
        group: StageGroup,
        planned: Option<(Date, Date)>,
        given: bool,
        actual: Option<(Date, Option<Date>)>,
    ) -> LightShown {
        let late = |day: Date, than: Date| i64::from((day - than).get_days());
        let told = |key: &'static str, code: &str, day: Date, days: i64| LightShown {
            key,
            word: self.say(code, &[("day", &day), ("days", &days)]),
            reason: String::new(),
        };
        let ended = group == StageGroup::Completed;
        match (planned, actual) {
            (None, Some((entry, None))) if !ended => told("none", "plan.since", entry, 0),
            (None, Some((entry, _))) => told("none", "plan.entered", entry, 0),
            (Some((entry, _)), None) if late(self.day, entry) > 0 => {
                told("lag", "plan.overdue", entry, late(self.day, entry))
            }
            (Some((entry, _)), None) => told("none", "plan.due", entry, 0),
            // It goes on past the day by which the next stage should have begun.
            (Some((_, leave)), Some((_, None))) if !ended && late(self.day, leave) > 0 => {
                told("lag", "plan.over", leave, late(self.day, leave))
            }
            (Some((entry, _)), Some((on, _))) => match late(on, entry) {
                days if days > 0 => told("warn", "plan.late", on, days),
                // A day reckoned back is the latest one: whoever is before it is in time.
                days if days < 0 && given => told("ok", "plan.early", on, -days),
                _ => told("ok", "plan.on-day", on, 0),
            },
            (None, None) => LightShown::none(self.lang, String::new()),
        }
    }
}
