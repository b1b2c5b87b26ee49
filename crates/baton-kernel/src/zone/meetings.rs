//! Meetings in the zone: plan, venues, roll call, outcomes, speeches, seal.

use super::{History, Zone};
use crate::blobs::Said;
use crate::entries::*;
use crate::ids::*;
use crate::permit::{Rights, Verb};
use crate::refusals::Refusal;
use baton_methods::{Lang, Period};
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
    /// What it says beside them.
    pub details: PlanDetails,
}

/// An answer of a venue to the roll call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RollRow {
    /// Seq.
    pub seq: u64,
    /// The venue.
    pub venue: VenueId,
    /// Whether it is there.
    pub present: bool,
    /// People counted.
    pub heads: Option<u16>,
    /// People on leave.
    pub leave: Option<u16>,
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
    /// Roll call, as answered.
    pub roll: Vec<RollRow>,
    /// When it broke up: seq, and seconds used by each line of the agenda.
    pub used: Option<(u64, Vec<u32>)>,
    /// Outcomes.
    pub outcomes: Vec<OutcomeRow>,
    /// Speeches.
    pub speeches: Vec<SpeechRow>,
}

impl Zone {
    pub(super) fn apply_meeting(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::MeetingPlanned { meeting, code, title, period, on, place, chair, agenda, venues, details } => {
                let plan = MeetingPlan { code, title, period, on, place, chair, agenda, venues, details };
                match self.meetings.get_mut(&meeting) {
                    Some(known) => Arc::make_mut(known).plan.push(seq, plan),
                    None => {
                        let made = Meeting {
                            id: meeting,
                            plan: History::new(seq, plan),
                            states: History::new(seq, (MeetingState::Planned, None)),
                            roll: Vec::new(),
                            used: None,
                            outcomes: Vec::new(),
                            speeches: Vec::new(),
                        };
                        self.meetings.insert(meeting, Arc::new(made));
                    }
                }
            }
            Body::MeetingMoved { meeting, to, because, used } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.states.push(seq, (to, because));
                    if to == MeetingState::Ended {
                        known.used = Some((seq, used));
                    }
                }
            }
            Body::VenueAnswered { meeting, venue, present, heads, leave } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.roll.push(RollRow { seq, venue, present, heads, leave });
                }
            }
            Body::OutcomeRecorded { meeting, outcome, line, kind, text } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.outcomes.push(OutcomeRow { seq, id: outcome, line, kind, text });
                }
            }
            Body::SpeechRecorded { meeting, speech, title, raw, clean } => {
                if let Some(known) = self.meetings.get_mut(&meeting).map(Arc::make_mut) {
                    known.speeches.push(SpeechRow { seq, id: speech, title, raw, clean });
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

impl Meeting {
    /// Whether it was known at a cut.
    pub fn known(&self, cut: u64) -> bool {
        self.plan.at(cut).is_some()
    }

    /// Where it stands at a cut; `None` before it was planned.
    pub fn state(&self, cut: u64) -> Option<MeetingState> {
        self.states.at(cut).map(|(state, _)| *state)
    }

    /// The newest answer of a venue at a cut.
    pub fn answer(&self, venue: VenueId, cut: u64) -> Option<&RollRow> {
        self.roll.iter().rev().find(|row| row.seq <= cut && row.venue == venue)
    }

    /// The seq at which a state was entered first, as known at a cut.
    pub fn entered(&self, state: MeetingState, cut: u64) -> Option<u64> {
        self.states.until(cut).find(|(_, row)| row.0 == state).map(|(seq, _)| seq)
    }

    /// Agenda lines of the plan at a cut that have no outcome yet, by place from 0.
    pub fn lines_open(&self, cut: u64) -> Vec<u16> {
        let lines = self.plan.at(cut).map_or(0, |p| p.agenda.len()) as u16;
        let done = |line: &u16| self.outcomes.iter().any(|o| o.seq <= cut && o.line == *line);
        (0..lines).filter(|line| !done(line)).collect()
    }

    /// Whether an act can be done now or later in the meeting's course: what is behind it cannot.
    pub fn may_come(&self, doing: MeetingDoing) -> bool {
        use MeetingState as S;
        let state = self.state(u64::MAX).unwrap_or(S::Planned);
        match doing {
            _ if matches!(state, S::Sealed | S::Cancelled) => false,
            MeetingDoing::Notify => state == S::Planned,
            MeetingDoing::Hold => !matches!(state, S::Held | S::Ended),
            MeetingDoing::End => state != S::Ended,
            MeetingDoing::CallOff => {
                !matches!(state, S::Held | S::Ended) || (self.outcomes.is_empty() && self.speeches.is_empty())
            }
            MeetingDoing::Plan
            | MeetingDoing::Answer(_)
            | MeetingDoing::Outcome
            | MeetingDoing::Speech
            | MeetingDoing::Seal => true,
        }
    }

    /// Whether the act may be done now on what is known, or why not. `seen` has been checked by the caller.
    ///
    /// Errors: not allowed; not in this state; not on this day; something is missing for it.
    pub fn may(&self, rights: &Rights, on: Date, doing: MeetingDoing) -> Result<(), Refusal> {
        use MeetingState as S;
        let state = self.state(u64::MAX).unwrap_or(S::Planned);
        let plan = self.plan.last();
        match doing {
            MeetingDoing::Answer(venue) => {
                let unit = plan.and_then(|p| p.venues.iter().find(|v| v.venue == venue)).and_then(|v| v.unit);
                if !unit.is_some_and(|u| rights.units.contains(&u)) {
                    rights.need_all(Verb::MeetingRun)?;
                }
            }
            MeetingDoing::Plan => rights.need_all(Verb::MeetingPlan)?,
            _ => rights.need_all(Verb::MeetingRun)?,
        }
        match state {
            S::Sealed => return Err(Refusal::not_now("meeting.sealed", &[])),
            S::Cancelled => return Err(Refusal::not_now("meeting.cancelled", &[])),
            _ => {}
        }
        let wrong = |to: S| Err(meeting_state_refusal(state, to));
        match doing {
            MeetingDoing::Plan => Ok(()),
            MeetingDoing::Notify if state != S::Planned => wrong(S::Notified),
            MeetingDoing::Notify if plan.is_none_or(|p| p.agenda.is_empty()) => {
                Err(Refusal::not_now("meeting.agenda-empty", &[]).at("agenda"))
            }
            MeetingDoing::Notify => Ok(()),
            MeetingDoing::Hold if state != S::Notified => wrong(S::Held),
            MeetingDoing::Hold => match plan.map(|p| p.on) {
                Some(day) if on < day => Err(Refusal::not_now("meeting.early", &[("on", &day), ("today", &on)])),
                _ => Ok(()),
            },
            MeetingDoing::End if state != S::Held => wrong(S::Ended),
            MeetingDoing::End => Ok(()),
            MeetingDoing::Seal if !matches!(state, S::Held | S::Ended) => wrong(S::Sealed),
            MeetingDoing::Seal => match self.lines_open(u64::MAX)[..] {
                [] => Ok(()),
                [first, ..] => {
                    let title = plan.and_then(|p| p.agenda.get(first as usize)).map_or("", |l| l.title.as_str());
                    let (count, line) = (self.lines_open(u64::MAX).len(), first + 1);
                    let args: [(&str, &dyn std::fmt::Display); 3] =
                        [("count", &count), ("line", &line), ("title", &title)];
                    Err(Refusal::not_now("meeting.lines-open", &args))
                }
            },
            MeetingDoing::CallOff if state == S::Ended => Err(Refusal::not_now("meeting.begun", &[])),
            MeetingDoing::CallOff if state == S::Held && !(self.outcomes.is_empty() && self.speeches.is_empty()) => {
                Err(Refusal::not_now("meeting.begun", &[]))
            }
            MeetingDoing::CallOff => Ok(()),
            MeetingDoing::Answer(_) if !matches!(state, S::Notified | S::Held | S::Ended) => {
                Err(Refusal::not_now("meeting.roll-early", &[]))
            }
            MeetingDoing::Answer(_) => Ok(()),
            MeetingDoing::Outcome | MeetingDoing::Speech if !matches!(state, S::Held | S::Ended) => {
                Err(Refusal::not_now("meeting.not-held", &[]))
            }
            MeetingDoing::Outcome | MeetingDoing::Speech => Ok(()),
        }
    }
}

/// Acts on a meeting, in the order in which a page offers them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MeetingDoing {
    /// Change the plan.
    Plan,
    /// Give notice.
    Notify,
    /// Begin.
    Hold,
    /// Roll call of a venue.
    Answer(VenueId),
    /// Break up.
    End,
    /// Record an outcome.
    Outcome,
    /// Record a speech.
    Speech,
    /// Seal the record.
    Seal,
    /// Call it off.
    CallOff,
}

impl MeetingDoing {
    /// Stable key, `call_off`.
    pub fn key(self) -> &'static str {
        match self {
            MeetingDoing::Plan => "plan",
            MeetingDoing::Notify => "notify",
            MeetingDoing::Hold => "hold",
            MeetingDoing::End => "end",
            MeetingDoing::Answer(_) => "answer",
            MeetingDoing::Outcome => "outcome",
            MeetingDoing::Speech => "speech",
            MeetingDoing::Seal => "seal",
            MeetingDoing::CallOff => "call_off",
        }
    }

    /// Its word on a button.
    pub fn label(self, lang: Lang) -> String {
        crate::messages::say(lang, &format!("meeting.do.{}", self.key()), &[])
    }
}

/// Why a meeting cannot go from one state to another.
pub(crate) fn meeting_state_refusal(from: MeetingState, to: MeetingState) -> Refusal {
    let say = |lang: Lang| {
        let (from, to) = (meeting_state_label(lang, from), meeting_state_label(lang, to));
        Refusal::not_now("meeting.state", &[("from", &from), ("to", &to)])
    };
    Refusal { en: say(Lang::En).en, ..say(Lang::Zh) }
}

/// The word for a meeting's state.
pub fn meeting_state_label(lang: Lang, state: MeetingState) -> String {
    let key = match state {
        MeetingState::Planned => "planned",
        MeetingState::Notified => "notified",
        MeetingState::Held => "held",
        MeetingState::Ended => "ended",
        MeetingState::Sealed => "sealed",
        MeetingState::Cancelled => "cancelled",
    };
    crate::messages::say(lang, &format!("meeting.state.{key}"), &[])
}

impl Zone {
    /// The meeting that has a code in its newest plan.
    pub fn meeting_by_code(&self, code: &str) -> Option<&Arc<Meeting>> {
        self.meetings.values().find(|m| m.plan.last().is_some_and(|p| p.code == code))
    }

    /// The speech under an id, with its meeting.
    pub fn speech(&self, id: SpeechId) -> Option<(&Arc<Meeting>, &SpeechRow)> {
        self.meetings.values().find_map(|m| Some((m, m.speeches.iter().find(|s| s.id == id)?)))
    }
}
