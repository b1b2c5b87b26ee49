//! Duties as shown: the office's dictionary, and what people confirmed often enough to be suggested.

use super::review::UnitShown;
use crate::ids::UnitId;
use crate::seen::Seen;
use serde::Serialize;
use std::collections::BTreeMap;

/// A phrase of the office's dictionary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DutyRow {
    /// The phrase.
    pub phrase: String,
    /// Who answers for it.
    pub unit: UnitShown,
    /// Who put it there.
    pub who: String,
    /// When.
    pub when: String,
}

/// A lead confirmed by people for a phrase.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LearnedRow {
    /// The phrase.
    pub phrase: String,
    /// The unit.
    pub unit: UnitShown,
    /// How often it was confirmed.
    pub count: usize,
    /// When last.
    pub when: String,
}

/// The office's dictionary as known at the cut, by phrase.
pub fn dictionary(seen: &Seen) -> Vec<DutyRow> {
    let words = seen.zone.duty_words(seen.cut).into_iter();
    words
        .map(|w| DutyRow {
            unit: seen.unit_shown(w.unit),
            who: seen.who(w.seq),
            when: seen.when(w.seq),
            phrase: w.phrase,
        })
        .collect()
}

/// What people confirmed, by phrase and unit in official order. A phrase that the office took out later is
/// forgotten; a confirmation after that counts again.
pub fn learned(seen: &Seen) -> Vec<LearnedRow> {
    let mut counts: BTreeMap<(&str, u32, UnitId), (usize, u64)> = BTreeMap::new();
    for one in seen.zone.duties_confirmed(seen.cut) {
        if seen.zone.duty_dropped_after(&one.phrase, one.seq, seen.cut) {
            continue;
        }
        let order = seen.zone.unit_now(one.unit).map_or(u32::MAX, |d| d.order);
        let row = counts.entry((&one.phrase, order, one.unit)).or_default();
        *row = (row.0 + 1, one.seq);
    }
    let shown = counts.into_iter().map(|((phrase, _, unit), (count, seq))| LearnedRow {
        phrase: phrase.to_owned(),
        unit: seen.unit_shown(unit),
        count,
        when: seen.when(seq),
    });
    shown.collect()
}
