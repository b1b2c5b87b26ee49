//! Rounds in the zone.

use super::{History, Zone};
use crate::blobs::Said;
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
    /// Closed early or opened again, oldest first.
    pub steps: Vec<RoundStep>,
    /// Units urged, oldest first.
    pub urges: Vec<RoundUrge>,
}

/// A round closed before its day, or opened again.
#[derive(Clone, Debug)]
pub struct RoundStep {
    /// Seq.
    pub seq: u64,
    /// Whether it was opened again; else it was closed.
    pub reopened: bool,
    /// Its last day from then on.
    pub closes: Date,
    /// Why.
    pub because: Said,
}

/// A unit urged to answer.
#[derive(Clone, Debug)]
pub struct RoundUrge {
    /// Seq.
    pub seq: u64,
    /// The unit.
    pub unit: UnitId,
    /// What was added to it.
    pub text: Option<Said>,
}

impl Zone {
    pub(super) fn apply_round(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::RoundOpened { round, title, period, kinds, units, opens, due, closes, basis } => {
                let closes = History::new(seq, closes);
                let made = Round {
                    id: round,
                    opened: seq,
                    title,
                    period,
                    kinds,
                    units,
                    opens,
                    due,
                    closes,
                    basis,
                    steps: Vec::new(),
                    urges: Vec::new(),
                };
                self.rounds.insert(round, Arc::new(made));
            }
            Body::RoundReopened { round, closes, because } => {
                self.step_round(round, RoundStep { seq, reopened: true, closes, because });
            }
            Body::RoundClosed { round, closes, because } => {
                self.step_round(round, RoundStep { seq, reopened: false, closes, because });
            }
            Body::RoundUrged { round, unit, text } => {
                if let Some(known) = self.rounds.get_mut(&round).map(Arc::make_mut) {
                    known.urges.push(RoundUrge { seq, unit, text });
                }
            }
            _ => {}
        }
    }

    fn step_round(&mut self, round: RoundId, step: RoundStep) {
        if let Some(known) = self.rounds.get_mut(&round).map(Arc::make_mut) {
            known.closes.push(step.seq, step.closes);
            known.steps.push(step);
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
