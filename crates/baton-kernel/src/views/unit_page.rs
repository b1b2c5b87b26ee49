//! One page per unit (单位一页): what it leads, its figures, tasks and rounds, and how they stand.

use super::items::{self, ItemFilter, ListRow, main_measure};
use super::pace::Pace;
use super::review::{UnitShown, unit_words};
use super::rounds;
use super::tasks::{self, TaskFilter, TaskOrder, TaskRow};
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use baton_methods::Period;
use jiff::civil::Date;
use serde::Serialize;

/// Rounds shown, newest first.
const ROUNDS_MAX: usize = 12;

/// Items of one kind that a unit leads.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct UnitItems {
    /// Kind key.
    pub kind: String,
    /// Kind in words.
    pub label: String,
    /// The measure by which the kind is paced, its unit in words, and where its sum stands.
    pub main: Option<(String, String, Pace)>,
    /// The items, those behind first.
    pub rows: Vec<ListRow>,
}

/// A figure of the unit itself.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct UnitFigure {
    /// Measure key.
    pub measure: String,
    /// Name.
    pub label: String,
    /// Unit and basis.
    pub unit: String,
    /// Where it stands.
    pub pace: Pace,
    /// The period of its last figure, whose history can be opened; `None` for derived ones.
    pub last: Option<Period>,
}

/// A round and the unit's answer.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct UnitRound {
    /// Round.
    pub id: RoundId,
    /// Title.
    pub title: String,
    /// Due day.
    pub due: Date,
    /// State key of the answer.
    pub state: &'static str,
    /// In words.
    pub word: String,
    /// First answered when.
    pub first: Option<String>,
    /// Answered after the due day, or missing past it.
    pub late: bool,
    /// Cells answered of those asked.
    pub answered: (u32, u32),
}

/// Everything about one unit.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct UnitPage {
    /// The unit.
    pub unit: UnitShown,
    /// Full name.
    pub name: String,
    /// Sort of unit in words.
    pub kind: String,
    /// Unit above it.
    pub parent: Option<UnitShown>,
    /// Units directly below it.
    pub below: Vec<UnitShown>,
    /// Duties in words.
    pub duties: Vec<String>,
    /// Items it leads, by kind.
    pub items: Vec<UnitItems>,
    /// Its own figures.
    pub figures: Vec<UnitFigure>,
    /// Open tasks in which it has a part.
    pub tasks: Vec<TaskRow>,
    /// Rounds it was asked in, newest first.
    pub rounds: Vec<UnitRound>,
    /// Lights of its items and figures: behind, warned, on track.
    pub lights: (usize, usize, usize),
    /// Period whose end is looked at.
    pub period: Period,
}

/// One unit the caller sees, by its code, with its figures to the end of a period.
///
/// Errors: absent when there is none of that code or it is not the caller's to see.
pub fn unit(seen: &Seen, code: &str, period: Period) -> Result<UnitPage, Refusal> {
    let id = seen.unit_by_code(code).filter(|u| seen.sees(*u)).ok_or_else(Refusal::absent)?;
    let data = seen.unit(id).ok_or_else(Refusal::absent)?;
    let lang = seen.lang;
    let asked = seen.asked();
    let mut kinds = Vec::new();
    let mut figures = Vec::new();
    for kind in &seen.blueprint.kinds {
        let (_, mut by) = seen.groups(kind, period.end());
        let Some(group) = by.remove(&id) else { continue };
        if kind.about_units {
            for measure in kind.measures.iter().filter(|m| !m.retired) {
                let pace = seen.pace(&asked, kind, measure, &group, false, period);
                if pace.done.value.is_none() && pace.target.is_none() && !pace.done.is_partial() {
                    continue;
                }
                let answered = seen.zone.periods_answered(Subject::Unit(id), &measure.key, None, seen.cut);
                figures.push(UnitFigure {
                    measure: measure.key.clone(),
                    label: measure.label.get(lang).to_owned(),
                    unit: unit_words(measure, lang),
                    pace,
                    last: answered.into_iter().filter(|p| p.end() <= period.end()).max_by_key(|p| p.end()),
                });
            }
            continue;
        }
        let filter = ItemFilter {
            kind: Some(kind.key.clone()),
            unit: Some(data.code.clone()),
            columns: vec!["number".to_owned(), "name".to_owned(), "stage".to_owned()],
            sort: Some(("light".to_owned(), false)),
            ..ItemFilter::default()
        };
        let rows = items::list(seen, &filter, period)?.rows;
        if rows.is_empty() {
            continue;
        }
        let main = main_measure(kind).map(|m| {
            let pace = seen.pace(&asked, kind, m, &group, false, period);
            (m.label.get(lang).to_owned(), unit_words(m, lang), pace)
        });
        let main = main.filter(|(_, _, p)| p.done.value.is_some() || p.target.is_some());
        kinds.push(UnitItems { kind: kind.key.clone(), label: kind.label.get(lang).to_owned(), main, rows });
    }
    let lights = kinds.iter().flat_map(|k| &k.rows).map(|r| r.light.key);
    let lights: Vec<&str> = lights.chain(figures.iter().map(|f| f.pace.light.key)).collect();
    let count = |keys: &[&str]| lights.iter().filter(|l| keys.contains(l)).count();
    let rounds = rounds::list(seen).into_iter().filter_map(|round| {
        let answer = round.answers.iter().find(|a| a.unit.id == id)?;
        Some(UnitRound {
            id: round.id,
            title: round.title.clone(),
            due: round.due,
            state: answer.state,
            word: answer.word.clone(),
            first: answer.first.clone(),
            late: answer.late,
            answered: (answer.answered, answer.asked),
        })
    });
    let mut rounds: Vec<UnitRound> = rounds.collect();
    rounds.sort_by(|a, b| b.due.cmp(&a.due).then(a.title.cmp(&b.title)));
    rounds.truncate(ROUNDS_MAX);
    let filter = TaskFilter { unit: Some(id), open: true, order: TaskOrder::Due, ..TaskFilter::default() };
    let below = seen.units().into_iter().filter(|u| seen.unit(*u).is_some_and(|d| d.parent == Some(id)));
    Ok(UnitPage {
        unit: seen.unit_shown(id),
        name: data.name.clone(),
        kind: seen.blueprint.unit_kind(&data.kind).map_or(data.kind.clone(), |k| k.label.get(lang).to_owned()),
        parent: data.parent.map(|p| seen.unit_shown(p)),
        below: below.filter(|u| seen.sees(*u)).map(|u| seen.unit_shown(u)).collect(),
        duties: data.duties.clone(),
        items: kinds,
        tasks: tasks::ledger(seen, &filter).rows,
        rounds,
        lights: (count(&["lag"]), count(&["warn", "reminder"]), count(&["ok", "best"])),
        figures,
        period,
    })
}
