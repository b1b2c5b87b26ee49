//! Rounds in the zone.

use super::{History, Zone};
use crate::entries::Body;
use crate::ids::*;
use baton_methods::Period;
use jiff::civil::Date;
use std::sync::Arc;

/// What is asked of whom for a period.
#[derive(Clone, Debug)]
pub struct Round {
    /// Identity.
    pub id: RoundId,
    /// Seq at which it was opened.
    pub opened: u64,
    /// Title.
    pub title: String,
    /// Period asked about.
    pub period: Period,
    /// Kinds asked about.
    pub kinds: Vec<String>,
    /// Units asked, in official order of then.
    pub units: Vec<UnitId>,
    /// First day.
    pub opens: Date,
    /// Day by which to answer.
    pub due: Date,
    /// Last day; a later version is a re-opening.
    pub closes: History<Date>,
    /// On whose basis it is asked.
    pub basis: Option<String>,
}

impl Zone {
    pub(super) fn apply_round(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::RoundOpened { round, title, period, kinds, units, opens, due, closes, basis } => {
                let closes = History::new(seq, closes);
                let made = Round { id: round, opened: seq, title, period, kinds, units, opens, due, closes, basis };
                self.rounds.insert(round, Arc::new(made));
            }
            Body::RoundReopened { round, closes, .. } => {
                if let Some(known) = self.rounds.get_mut(&round).map(Arc::make_mut) {
                    known.closes.push(seq, closes);
                }
            }
            _ => {}
        }
    }

    /// The round under an id.
    pub fn round(&self, id: RoundId) -> Option<&Arc<Round>> {
        self.rounds.get(&id)
    }

    /// All rounds, newest period first, then in order of opening.
    pub fn rounds(&self) -> Vec<&Arc<Round>> {
        let mut list: Vec<&Arc<Round>> = self.rounds.values().collect();
        list.sort_by_key(|r| (std::cmp::Reverse(r.period), r.opened));
        list
    }
}
