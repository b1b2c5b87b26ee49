//! Meetings in the zone: plan, venues, roll call, outcomes, speeches, seal.

use super::{History, Zone};
use crate::blobs::Said;
use crate::entries::*;
use crate::ids::*;
use baton_methods::Period;
use jiff::civil::Date;
use std::sync::Arc;

/// The plan of a meeting, by version.
#[derive(Clone, Debug, PartialEq)]
pub struct MeetingPlan {
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Period it reviews.
    pub period: Period,
    /// Day.
    pub on: Date,
    /// Place of the main venue.
    pub place: String,
    /// Post that chairs.
    pub chair: Option<PostId>,
    /// Agenda.
    pub agenda: Vec<AgendaLine>,
    /// Venues.
    pub venues: Vec<VenueLine>,
}

/// An outcome recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeRow {
    /// Seq.
    pub seq: u64,
    /// Identity.
    pub id: OutcomeId,
    /// Place in the agenda.
    pub line: u16,
    /// Kind.
    pub kind: OutcomeKind,
    /// Words.
    pub text: Said,
}

/// A speech recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeechRow {
    /// Seq.
    pub seq: u64,
    /// Identity.
    pub id: SpeechId,
    /// Title.
    pub title: String,
    /// As given.
    pub raw: Said,
    /// As cleaned.
    pub clean: Said,
}

/// A meeting with its history.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Identity.
    pub id: MeetingId,
    /// Plans.
    pub plan: History<MeetingPlan>,
    /// States entered, with a reason when called off.
    pub states: History<(MeetingState, Option<Said>)>,
    /// Roll call: seq, venue, present, heads.
    pub roll: Vec<(u64, VenueId, bool, Option<u16>)>,
    /// Outcomes.
    pub outcomes: Vec<OutcomeRow>,
    /// Speeches.
    pub speeches: Vec<SpeechRow>,
}

impl Zone {
    pub(super) fn apply_meeting(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::MeetingPlanned {
                meeting,
                code,
                title,
                period,
                on,
                place,
                chair,
                agenda,
                venues,
            } => {
                let plan = MeetingPlan {
                    code,
                    title,
                    period,
                    on,
                    place,
                    chair,
                    agenda,
                    venues,
                };
                match self.meetings.get_mut(&meeting) {
                    Some(known) => Arc::make_mut(known).plan.push(seq, plan),
                    None => {
                        let made = Meeting {
                            id: meeting,
                            plan: History::new(seq, plan),
                            states: History::new(seq, (MeetingState::Planned, None)),
                            roll: Vec::new(),
                            outcomes: Vec::new(),
                            speeches: Vec::new(),
                        };
                        self.meetings.insert(meeting, Arc::new(made));
                    }
                }
            }
            Body::MeetingMoved { meeting, to, because } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.states.push(seq, (to, because));
                }
            }
            Body::VenueAnswered {
                meeting,
                venue,
                present,
                heads,
            } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.roll.push((seq, venue, present, heads));
                }
            }
            Body::OutcomeRecorded {
                meeting,
                outcome,
                line,
                kind,
                text,
            } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.outcomes.push(OutcomeRow {
                        seq,
                        id: outcome,
                        line,
                        kind,
                        text,
                    });
                }
            }
            Body::SpeechRecorded {
                meeting,
                speech,
                title,
                raw,
                clean,
            } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.speeches.push(SpeechRow {
                        seq,
                        id: speech,
                        title,
                        raw,
                        clean,
                    });
                }
            }
            _ => {}
        }
    }

    /// The meeting under an id.
    pub fn meeting(&self, id: MeetingId) -> Option<&Arc<Meeting>> {
        self.meetings.get(&id)
    }

    /// All meetings, newest day first.
    pub fn meetings(&self) -> Vec<&Arc<Meeting>> {
        let mut list: Vec<&Arc<Meeting>> = self.meetings.values().collect();
        list.sort_by_key(|m| std::cmp::Reverse((m.plan.last().map(|p| p.on), m.id)));
        list
    }
}
