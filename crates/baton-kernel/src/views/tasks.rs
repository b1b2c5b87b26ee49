//! Tasks as shown.

use crate::seen::Seen;
use baton_methods::Period;
use serde::Serialize;

/// What became of a commitment of the meeting before.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Commitment {
    /// Code of the task.
    pub code: String,
    /// Title.
    pub title: String,
    /// Short name of the lead unit.
    pub lead: String,
    /// State in words.
    pub state_word: String,
    /// Past its date and not completed.
    pub overdue: bool,
}

/// A task in one line, as documents need it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskBrief {
    /// Title.
    pub title: String,
    /// Short name of the lead unit.
    pub lead: String,
    /// Short names of assisting units.
    pub assist: Vec<String>,
    /// Deadline in force.
    pub due: Option<jiff::civil::Date>,
}

/// The tasks made at a meeting or from its speeches, in order of assignment.
pub fn of_meeting(_seen: &Seen, _meeting: crate::ids::MeetingId) -> Vec<TaskBrief> {
    Vec::new()
}

/// What became of the commitments of the last meeting before a period's own.
pub fn commitments(_seen: &Seen, _period: Period) -> Vec<Commitment> {
    Vec::new()
}
