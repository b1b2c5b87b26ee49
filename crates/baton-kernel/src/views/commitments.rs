//! Commitments: what became of the tasks of a meeting, judged against the day promised.

use super::pace::LightShown;
use super::tasks::{Latest, natural};
use crate::entries::{Duty, MeetingState};
use crate::ids::*;
use crate::seen::Seen;
use crate::zone::{Meeting, Strand, Task, TaskState};
use baton_methods::Period;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// What became of a commitment of the meeting before.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Commitment {
    /// Identity of the task.
    pub id: TaskId,
    /// Code of the task.
    pub code: String,
    /// Title.
    pub title: String,
    /// What was said.
    pub said: String,
    /// Short name of the lead unit.
    pub lead: String,
    /// Day promised: the deadline as assigned, whatever was granted later.
    pub promised: Option<Date>,
    /// Deadline in force.
    pub due: Option<Date>,
    /// Stable key: `kept`, `kept_late`, `waits`, `open`, `broken`, `suspended`, `cancelled`, `merged`.
    pub outcome: &'static str,
    /// The outcome in words.
    pub state_word: String,
    /// Not done by the day promised and still not done.
    pub overdue: bool,
    /// Day on which the result came.
    pub done_on: Option<Date>,
    /// The newest feedback that stands.
    pub latest: Option<Latest>,
    /// Light of the task, by the deadline in force.
    pub light: LightShown,
}

/// What became of the commitments of the last meeting before a period's own: those the caller sees, by code.
///
/// Judged against the day promised; an extension granted later changes the light, not the record.
pub fn commitments(seen: &Seen, period: Period) -> Vec<Commitment> {
    previous_meeting(seen, period).map_or_else(Vec::new, |meeting| commitments_of(seen, meeting.id))
}

/// What became of the commitments of a meeting: those the caller sees, by code. Judged as [`commitments`] are.
pub fn commitments_of(seen: &Seen, meeting: MeetingId) -> Vec<Commitment> {
    let mut list: Vec<Commitment> = seen
        .tasks_seen()
        .filter(|(task, _)| task.meeting(&seen.zone) == Some(meeting))
        .map(|(task, strands)| seen.task_commitment(task, &strands))
        .collect();
    list.sort_by_cached_key(|c| natural(&c.code));
    list
}

/// The last meeting held before a period's own meeting (the first one about it), as known at the cut. Before a
/// period has a meeting of its own: the last one about an earlier period of the same length.
pub fn previous_meeting(seen: &Seen, period: Period) -> Option<Arc<Meeting>> {
    let meetings = seen.zone.meetings();
    let plan = |m: &Arc<Meeting>| m.plan.at(seen.cut).map(|p| (p.period, p.on));
    let standing = |m: &&&Arc<Meeting>| !matches!(m.state(seen.cut), None | Some(MeetingState::Cancelled));
    let own = meetings.iter().filter(standing).filter_map(|m| plan(m)).filter(|(about, _)| *about == period);
    if let Some(first) = own.map(|(_, on)| on).min() {
        return meeting_before(seen, first);
    }
    let earlier = |(about, _): (Period, Date)| about.grain() == period.grain() && about.end() < period.start();
    last_held(seen, &|m| plan(m).is_some_and(earlier))
}

/// The last meeting held before a day, whatever period it was about, as known at the cut.
pub fn meeting_before(seen: &Seen, day: Date) -> Option<Arc<Meeting>> {
    last_held(seen, &|m| m.plan.at(seen.cut).is_some_and(|p| p.on < day))
}

/// The last meeting by day that was held and is asked for.
fn last_held(seen: &Seen, asked: &dyn Fn(&Arc<Meeting>) -> bool) -> Option<Arc<Meeting>> {
    let held = |m: &&Arc<Meeting>| {
        matches!(m.state(seen.cut), Some(MeetingState::Held | MeetingState::Ended | MeetingState::Sealed))
    };
    let newest = |m: &&Arc<Meeting>| m.plan.at(seen.cut).map(|p| (p.on, p.period.end(), m.id));
    seen.zone.meetings().into_iter().filter(held).filter(|m| asked(m)).max_by_key(newest).cloned()
}

impl Seen {
    fn task_commitment(&self, task: &Task, strands: &[Strand]) -> Commitment {
        let row = self.task_row(task, strands);
        let lead = strands.iter().find(|s| s.duty == Duty::Lead).expect("decide assigns exactly one lead");
        let done_on = lead.settled_on(&self.zone);
        let late = row.original.is_some_and(|promised| done_on.unwrap_or(self.day) > promised);
        let (outcome, overdue) = match row.state {
            TaskState::Suspended => ("suspended", false),
            TaskState::Cancelled => ("cancelled", false),
            TaskState::Merged => ("merged", false),
            TaskState::Completed | TaskState::ClosedOut => (if late { "kept_late" } else { "kept" }, false),
            TaskState::Submitted => ("waits", late),
            _ if late => ("broken", true),
            _ => ("open", false),
        };
        Commitment {
            id: row.id,
            code: row.code,
            title: row.title,
            said: row.said,
            lead: row.lead,
            promised: row.original,
            due: row.due,
            outcome,
            state_word: self.say(&format!("task.commitment.{outcome}"), &[]),
            overdue,
            done_on,
            latest: row.latest,
            light: row.light,
        }
    }
}
