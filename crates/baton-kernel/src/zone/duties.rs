//! Duties in the zone: the office's dictionary of phrases, and which unit a person confirmed for one.

use super::{History, Zone};
use crate::entries::Body;
use crate::ids::*;
use std::sync::Arc;

/// A lead confirmed by a person for words that hold a phrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confirmed {
    /// Seq.
    pub seq: u64,
    /// The phrase.
    pub phrase: String,
    /// The unit.
    pub unit: UnitId,
    /// The task it was confirmed for.
    pub task: TaskId,
}

/// A phrase of the dictionary and who answers for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DutyWord {
    /// The phrase.
    pub phrase: String,
    /// The unit.
    pub unit: UnitId,
    /// Since which seq.
    pub seq: u64,
}

impl Zone {
    pub(super) fn apply_duty(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::DutyPut { phrase, unit } => match self.duties.get_mut(&phrase) {
                Some(known) => Arc::make_mut(known).push(seq, unit),
                None => {
                    self.duties.insert(phrase, Arc::new(History::new(seq, unit)));
                }
            },
            Body::DutyConfirmed { phrase, unit, task } => {
                self.confirmed.push_back(Confirmed { seq, phrase, unit, task });
            }
            _ => {}
        }
    }

    /// The dictionary at a cut, by phrase.
    pub fn duty_words(&self, cut: u64) -> Vec<DutyWord> {
        let standing = self.duties.iter().filter_map(|(phrase, history)| {
            let (seq, unit) = history.row_at(cut)?;
            Some(DutyWord { phrase: phrase.clone(), unit: (*unit)?, seq })
        });
        standing.collect()
    }

    /// Whether the office took a phrase out of the dictionary after a seq, as known at a cut.
    pub fn duty_dropped_after(&self, phrase: &str, seq: u64, cut: u64) -> bool {
        let row = self.duties.get(phrase).and_then(|history| history.row_at(cut));
        row.is_some_and(|(at, unit)| at > seq && unit.is_none())
    }

    /// Leads confirmed up to a cut, oldest first.
    pub fn duties_confirmed(&self, cut: u64) -> impl Iterator<Item = &Confirmed> {
        self.confirmed.iter().filter(move |c| c.seq <= cut)
    }
}
