//! Burden: what each unit is asked per month, by whom and on what basis; what is asked twice. Units stand in
//! official order; nothing is ranked.

use super::form::form;
use crate::entries::TaskAct;
use crate::form::CellType;
use crate::ids::*;
use crate::seen::Seen;
use baton_methods::Period;
use std::collections::BTreeMap;

/// One asking of a unit: a round.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The round.
    pub round: RoundId,
    /// Its title.
    pub title: String,
    /// Who asked.
    pub by: String,
    /// On whose basis; empty when none was named.
    pub basis: String,
    /// Figures asked for.
    pub cells: usize,
    /// Texts asked for.
    pub texts: usize,
    /// Files handed in with the answers: none is ever required by a round.
    pub files: usize,
}

/// What a unit is asked in a month.
#[derive(Clone, Debug, Default)]
pub struct UnitBurden {
    /// Short name.
    pub unit: String,
    /// Rounds.
    pub askings: Vec<Asking>,
    /// Times it was urged.
    pub urgings: usize,
    /// Tasks assigned to it in the month.
    pub tasks: usize,
}

impl UnitBurden {
    /// Sum over its rounds: figures, texts, files.
    pub fn sums(&self) -> (usize, usize, usize) {
        self.askings.iter().fold((0, 0, 0), |(c, t, f), a| (c + a.cells, t + a.texts, f + a.files))
    }
}

/// The same question put twice to one unit for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twice {
    /// Short name of the unit.
    pub unit: String,
    /// The period asked about.
    pub period: Period,
    /// What is asked: the label of kind or measure.
    pub what: String,
    /// Where it is asked.
    pub places: Vec<String>,
}

/// What is asked in a month: of each unit the caller sees, in official order, and what is asked twice.
#[derive(Clone, Debug, Default)]
pub struct Burden {
    /// By unit.
    pub units: Vec<UnitBurden>,
    /// Double questions.
    pub twice: Vec<Twice>,
}

/// The burden of a month: rounds count in the month in which they open.
pub fn of_month(seen: &Seen, month: Period) -> Burden {
    let zone = &seen.zone;
    let inside = |day: jiff::civil::Date| month.start() <= day && day <= month.end();
    let mut by_unit: BTreeMap<(u32, UnitId), UnitBurden> = BTreeMap::new();
    let mut asked: BTreeMap<(u32, UnitId, Period, String), Vec<String>> = BTreeMap::new();
    for round in zone.rounds() {
        if round.opened > seen.cut || !inside(round.opens) {
            continue;
        }
        for unit in round.units.iter().copied().filter(|u| seen.sees(*u)) {
            let Ok(form) = form(seen, round.id, unit) else { continue };
            let mut asking = Asking {
                round: round.id,
                title: round.title.clone(),
                by: seen.who(round.opened),
                basis: round.basis.clone().unwrap_or_default(),
                cells: 0,
                texts: 0,
                files: zone
                    .submissions
                    .iter()
                    .filter(|s| s.made <= seen.cut && s.round == Some(round.id) && s.unit == unit)
                    .map(|s| s.evidence.len())
                    .sum(),
            };
            let key = (zone.unit_order(unit), unit);
            for block in &form.blocks {
                for row in &block.rows {
                    for (column, _) in block.columns.iter().zip(&row.cells).filter(|(_, cell)| cell.asked) {
                        match column.cell {
                            CellType::Text { .. } => asking.texts += 1,
                            _ => asking.cells += 1,
                        }
                        let what = format!("{} · {}", row.name, column.label);
                        asked.entry((key.0, unit, round.period, what)).or_default().push(round.title.clone());
                    }
                }
            }
            let line = by_unit.entry(key).or_default();
            line.unit = seen.unit_short(unit);
            line.askings.push(asking);
        }
    }
    for task in zone.tasks.values().filter(|t| t.assigned <= seen.cut) {
        for strand in task.strands(zone, seen.cut, seen.day) {
            if !seen.sees(strand.holder) {
                continue;
            }
            let urged = task.acts.iter().filter(|a| {
                a.0 <= seen.cut
                    && a.1 == strand.unit
                    && matches!(a.2, TaskAct::Urged { .. })
                    && inside(zone.day_known(a.0))
            });
            let (urged, fresh) = (urged.count(), inside(zone.day_known(task.assigned)));
            if urged > 0 || fresh {
                let line = by_unit.entry((zone.unit_order(strand.holder), strand.holder)).or_default();
                line.unit = seen.unit_short(strand.holder);
                line.urgings += urged;
                line.tasks += usize::from(fresh);
            }
        }
    }
    let twice = asked
        .into_iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|((_, unit, period, what), places)| Twice { unit: seen.unit_short(unit), period, what, places })
        .collect();
    Burden { units: by_unit.into_values().collect(), twice }
}
