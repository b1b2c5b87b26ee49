//! What changed between two cuts of one review: each number that differs, with who changed what and why.
//!
//! Both reviews are pure functions of the ledger; a change is a difference of their numbers, and its causes
//! are the differences of the figure and target versions behind them.

use super::number::{Number, Source, TARGET};
use super::pace::{LightShown, Pace};
use super::review::{Line, UnitShown, review};
use crate::entries::SubmissionState;
use crate::ids::*;
use crate::limits::CHANGED_CELLS_MAX;
use crate::seen::Seen;
use baton_methods::Period;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A number before and after.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// Where it stands: the zone's name, or a unit's.
    pub scope: String,
    /// Done to date, as shown before.
    pub was: String,
    /// Done to date, as shown now.
    pub now: String,
    /// The year's target before and now, when it changed.
    pub target: Option<(String, String)>,
    /// Light before.
    pub light_was: LightShown,
    /// Light now.
    pub light_now: LightShown,
}

/// A cell that was said anew.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CellChange {
    /// Item or unit.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Whether it is a target.
    pub target: bool,
    /// Code of the unit it belongs to, for the page of its history.
    pub unit_code: String,
    /// Measure key.
    pub measure: String,
    /// Measure, and part, in words.
    pub label: String,
    /// Period.
    pub period: Period,
    /// Period in words.
    pub period_label: String,
    /// What stood before; empty when nothing did.
    pub was: String,
    /// What stands now; empty when nothing counts any more.
    pub now: String,
}

/// One act that changed cells behind a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cause {
    /// Seq of the act.
    pub seq: u64,
    /// Stable key: `reported`, `corrected`, `moved`, `target`.
    pub key: &'static str,
    /// In words.
    pub word: String,
    /// When.
    pub when: String,
    /// Who.
    pub who: String,
    /// In the name of which unit.
    pub unit: String,
    /// Why, as said; empty when nothing was.
    pub because: String,
    /// The submission, when the caller may open it.
    pub submission: Option<SubmissionId>,
    /// Cells, at most [`CHANGED_CELLS_MAX`].
    pub cells: Vec<CellChange>,
    /// Cells beyond those.
    pub more: usize,
}

/// A line of the review whose numbers differ.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LineChange {
    /// Area in words.
    pub area: String,
    /// Kind key.
    pub kind: String,
    /// Line key.
    pub key: String,
    /// Line in words.
    pub label: String,
    /// Unit and basis in words.
    pub unit: String,
    /// The zone's number first, then units in official order: only those that differ.
    pub steps: Vec<Step>,
    /// Who changed what and why, oldest first.
    pub causes: Vec<Cause>,
}

/// What changed between two days in what is known of a period.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Changes {
    /// Period.
    pub period: Period,
    /// Period in words.
    pub period_label: String,
    /// The earlier day.
    pub since: Date,
    /// Its cut.
    pub since_cut: u64,
    /// The later day.
    pub known: Date,
    /// Its cut.
    pub cut: u64,
    /// Numbers compared.
    pub compared: usize,
    /// Lines that differ, in the order of the review.
    pub lines: Vec<LineChange>,
    /// Lines that one of the two reviews does not have: the rules changed between.
    pub apart: Vec<String>,
}

impl Changes {
    /// Numbers that differ.
    pub fn count(&self) -> usize {
        self.lines.iter().map(|l| l.steps.len()).sum()
    }
}

/// Compares what the review of a period says at the lens's cut with what it said at an earlier one.
pub fn changes(seen: &Seen, since_cut: u64, period: Period) -> Changes {
    let then = seen.at_cut(since_cut.min(seen.cut()));
    let (old, new) = (review(&then, period), review(seen, period));
    let mut before: BTreeMap<(&str, &str), &Line> = BTreeMap::new();
    for line in old.areas.iter().flat_map(|a| &a.lines) {
        before.insert((&line.kind, &line.key), line);
    }
    let mut compared = 0;
    let mut lines = Vec::new();
    let mut apart = Vec::new();
    let zone = if new.whole { new.zone.clone() } else { seen.say("changes.own", &[]) };
    for area in &new.areas {
        for line in &area.lines {
            let Some(was) = before.remove(&(line.kind.as_str(), line.key.as_str())) else {
                apart.push(line.label.clone());
                continue;
            };
            let mut pairs: Vec<(String, &Pace, &Pace)> = Vec::new();
            if let (Some(a), Some(b)) = (&was.pace, &line.pace) {
                pairs.push((zone.clone(), a, b));
            }
            for (unit, pace) in &line.by_unit {
                let same = |(u, _): &&(UnitShown, Pace)| u.id == unit.id;
                if let Some((_, earlier)) = was.by_unit.iter().find(same) {
                    pairs.push((unit.name.clone(), earlier, pace));
                }
            }
            compared += pairs.len();
            let steps: Vec<Step> = pairs.iter().filter_map(|(scope, a, b)| step(scope, a, b)).collect();
            if steps.is_empty() {
                continue;
            }
            let causes = causes(seen, &then, pairs.iter().map(|(_, a, b)| (*a, *b)));
            lines.push(LineChange {
                area: area.label.clone(),
                kind: line.kind.clone(),
                key: line.key.clone(),
                label: line.label.clone(),
                unit: line.unit.clone(),
                steps,
                causes,
            });
        }
    }
    apart.extend(before.into_values().map(|l| l.label.clone()));
    Changes {
        period,
        period_label: period.label(seen.lang),
        since: then.day(),
        since_cut: then.cut(),
        known: seen.day(),
        cut: seen.cut(),
        compared,
        lines,
        apart,
    }
}

fn step(scope: &str, was: &Pace, now: &Pace) -> Option<Step> {
    let aim = |p: &Pace| p.target.as_ref().map_or_else(|| "—".to_owned(), Number::shown);
    let same = was.done.value == now.done.value
        && was.done.standing == now.done.standing
        && was.target.as_ref().and_then(|t| t.value) == now.target.as_ref().and_then(|t| t.value)
        && was.light.key == now.light.key;
    (!same).then(|| Step {
        scope: scope.to_owned(),
        was: was.done.shown(),
        now: now.done.shown(),
        target: (aim(was) != aim(now)).then(|| (aim(was), aim(now))),
        light_was: was.light.clone(),
        light_now: now.light.clone(),
    })
}

/// A cell: subject, measure, part, period.
type Cell = (Subject, String, String, Period);

fn versions<'a>(paces: impl Iterator<Item = &'a Pace>) -> BTreeMap<Cell, u64> {
    let mut all = BTreeMap::new();
    let mut take = |s: Source| {
        all.insert((s.subject, s.measure, s.part, s.period), s.seq);
    };
    for pace in paces {
        pace.done.sources.iter().for_each(&mut take);
        if let Some(target) = &pace.target {
            target.sources.iter().for_each(&mut take);
        }
    }
    all
}

/// The acts behind the differing versions, oldest first.
fn causes<'a>(now: &Seen, then: &Seen, pairs: impl Iterator<Item = (&'a Pace, &'a Pace)> + Clone) -> Vec<Cause> {
    let (old, new) = (versions(pairs.clone().map(|p| p.0)), versions(pairs.map(|p| p.1)));
    let mut acts: BTreeMap<u64, Cause> = BTreeMap::new();
    let cells: std::collections::BTreeSet<&Cell> = old.keys().chain(new.keys()).collect();
    for cell in cells {
        let (was, is) = (old.get(cell).copied(), new.get(cell).copied());
        if was == is || !visible(now, cell.0) {
            continue;
        }
        let Some((seq, key, because)) = act_behind(now, then, cell, was, is) else { continue };
        let unit = now.zone.submission_of(seq).map_or(String::new(), |s| now.unit_short(s.unit));
        let cause = acts.entry(seq).or_insert_with(|| Cause {
            seq,
            key,
            word: now.say(&format!("changes.{key}"), &[]),
            when: now.when(seq),
            who: now.who(seq),
            unit,
            because,
            submission: submission(now, was, is),
            cells: Vec::new(),
            more: 0,
        });
        if cause.cells.len() == CHANGED_CELLS_MAX {
            cause.more += 1;
        } else {
            cause.cells.push(cell_change(now, cell, was, is));
        }
    }
    acts.into_values().collect()
}

fn visible(seen: &Seen, subject: Subject) -> bool {
    match subject {
        Subject::Item(id) => seen.zone.item(id).is_some_and(|i| seen.sees_item(i)),
        Subject::Unit(id) => seen.sees(id),
    }
}

fn submission(seen: &Seen, was: Option<u64>, is: Option<u64>) -> Option<SubmissionId> {
    seen.zone.submission_of(is.or(was)?).map(|s| s.id)
}

/// The act by which a cell came to say something else: its seq, its sort and the reason given.
fn act_behind(
    now: &Seen,
    then: &Seen,
    cell: &Cell,
    was: Option<u64>,
    is: Option<u64>,
) -> Option<(u64, &'static str, String)> {
    let said = |s: crate::blobs::Said| now.zone.said(&s).to_string();
    if cell.2 == TARGET {
        let seq = is.or(was)?;
        let versions = now.zone.targets(cell.0, &cell.1, cell.3.year_number(), now.cut());
        let because = versions.iter().find(|t| t.seq == seq).and_then(|t| t.because).map(said);
        return Some((seq, "target", because.unwrap_or_default()));
    }
    match is {
        // A version said since then.
        Some(seq) if seq > then.cut() => {
            let made = now.zone.submission_of(seq);
            let because = made.and_then(|s| s.because).map(said).unwrap_or_default();
            Some((seq, if was.is_some() { "corrected" } else { "reported" }, because))
        }
        // An older one stands again, or nothing does: what stood was withdrawn or returned, or came to count.
        _ => {
            let moved = |seq: u64| {
                let submission = now.zone.submission_of(seq)?;
                let rows = submission.states.until(now.cut()).filter(|(at, _)| *at > then.cut());
                rows.last().map(|(at, m)| (at, m.because.map(said).unwrap_or_default(), m.to))
            };
            let (at, because, to) = is.and_then(moved).or_else(|| was.and_then(moved))?;
            let key =
                if matches!(to, SubmissionState::Submitted | SubmissionState::Accepted) { "reported" } else { "moved" };
            Some((at, key, because))
        }
    }
}

fn cell_change(seen: &Seen, cell: &Cell, was: Option<u64>, is: Option<u64>) -> CellChange {
    let (subject, measure, part, period) = cell;
    let (_, declared) = seen.declared(*subject, measure);
    let mut label = declared.as_ref().map_or_else(|| measure.clone(), |m| m.label.get(seen.lang).to_owned());
    let target = part == TARGET;
    if target {
        label.push_str(seen.lang.pick(" 年度目标", ", target of the year"));
    } else if let Some(choice) = declared.as_ref().and_then(|m| m.parts.iter().find(|p| p.key == *part)) {
        label.push_str(&format!(" · {}", choice.label.get(seen.lang)));
    }
    let decimals = declared.as_ref().map_or(0, |m| m.decimals.into());
    let shown = |seq: Option<u64>| -> String {
        let Some(seq) = seq else { return String::new() };
        let value = if target {
            let list = seen.zone.targets(*subject, measure, period.year_number(), seen.cut());
            list.iter().find(|t| t.seq == seq).map(|t| t.value)
        } else {
            let part = (!part.is_empty()).then_some(part.as_str());
            let list = seen.zone.figure_versions(*subject, measure, part, *period, seen.cut());
            list.into_iter().find(|v| v.seq == seq).and_then(|v| v.value)
        };
        value.map_or_else(|| seen.say("figure.withheld", &[]), |v| baton_methods::format_decimal(v, decimals, true))
    };
    let unit_code = match subject {
        Subject::Unit(id) => seen.unit_shown(*id).code,
        Subject::Item(_) => String::new(),
    };
    CellChange {
        subject: *subject,
        name: seen.subject_name(*subject),
        target,
        unit_code,
        measure: measure.clone(),
        label,
        period: *period,
        period_label: period.label(seen.lang),
        was: shown(was),
        now: shown(is),
    }
}
