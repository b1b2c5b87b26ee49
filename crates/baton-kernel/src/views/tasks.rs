//! Tasks as shown: the ledger (督办台账), one task with its strands, and what became of commitments.
//!
//! Everything is derived from the acts up to the cut. What a page may offer is asked of `Task::may`, as
//! `decide` asks it, so that the two cannot disagree.

use super::pace::LightShown;
use super::review::UnitShown;
use crate::blobs::{FileRef, Said};
use crate::entries::{Duty, MeetingState, TaskAct, TaskSource};
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Doing, Meeting, Strand, Task, TaskState, Timing};
use baton_methods::{Light, Period};
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// Which tasks are asked for. The default asks for all of them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TaskFilter {
    /// In this state.
    pub state: Option<TaskState>,
    /// Not closed out and not terminated (未销号).
    pub open: bool,
    /// With a part for this unit, as lead or assisting.
    pub unit: Option<UnitId>,
    /// Led by this unit.
    pub lead: Option<UnitId>,
    /// Of this area (key).
    pub area: Option<String>,
    /// From this meeting, directly or through its speeches.
    pub meeting: Option<MeetingId>,
    /// With this light (key).
    pub light: Option<String>,
    /// Overdue in either way.
    pub overdue: bool,
    /// Due on or before this day.
    pub due_to: Option<Date>,
    /// With these words in code, title, aim or what was said.
    pub text: String,
    /// Order of the rows.
    pub order: TaskOrder,
}

/// Order of the rows of the ledger.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TaskOrder {
    /// By code.
    #[default]
    Code,
    /// By deadline in force, earliest first; without one last.
    Due,
}

/// A number of rows under a key: the length of the list it opens.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// Key of a state or light.
    pub key: String,
    /// Its word.
    pub label: String,
    /// Rows.
    pub count: usize,
}

/// What a unit reported last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Latest {
    /// Day.
    pub on: Date,
    /// Words.
    pub text: String,
    /// Whether it was final.
    pub last: bool,
}

/// A row of the ledger: the columns of 督办台账.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskRow {
    /// Identity.
    pub id: TaskId,
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// What was said.
    pub said: String,
    /// Quantified aim as said; empty when none was given.
    pub aim: String,
    /// Area key.
    pub area: Option<String>,
    /// Area in words.
    pub area_label: String,
    /// Where it comes from, in words.
    pub source: String,
    /// Day of the source, when it has one.
    pub source_on: Option<Date>,
    /// Meeting it comes from.
    pub meeting: Option<MeetingId>,
    /// Short name of the lead unit.
    pub lead: String,
    /// The lead unit.
    pub lead_unit: UnitShown,
    /// Short names of the assisting units, in the order assigned.
    pub assist: Vec<String>,
    /// Day assigned.
    pub assigned_on: Date,
    /// Deadline in force.
    pub due: Option<Date>,
    /// Deadline as assigned.
    pub original: Option<Date>,
    /// The words the deadline came from.
    pub due_words: String,
    /// The newest feedback of the lead that stands.
    pub latest: Option<Latest>,
    /// State.
    pub state: TaskState,
    /// State in words.
    pub state_word: String,
    /// Light with its reason.
    pub light: LightShown,
    /// Both clocks.
    pub timing: Timing,
    /// Overdue in either way.
    pub overdue: bool,
    /// Times urged.
    pub urged: usize,
    /// Extensions granted.
    pub extended: usize,
    /// Day asked for by an extension that waits for a decision.
    pub asked_to: Option<Date>,
    /// Times feedback was sent back.
    pub returned: usize,
    /// Newest remark of the supervising office.
    pub opinion: Option<String>,
    /// Files handed over.
    pub evidence: usize,
    /// Day of completion.
    pub completed_on: Option<Date>,
    /// Day of closing out.
    pub closed_on: Option<Date>,
}

/// The ledger of tasks that the caller sees.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskLedger {
    /// Rows that the filter asks for, in its order.
    pub rows: Vec<TaskRow>,
    /// Number of rows.
    pub total: usize,
    /// Tasks the caller sees, whatever the filter.
    pub all: usize,
    /// Rows not closed out and not terminated, were no state asked for.
    pub open: usize,
    /// Rows by state, were no state asked for.
    pub states: Vec<Count>,
    /// Rows by light, were no light asked for.
    pub lights: Vec<Count>,
    /// Rows overdue, were no light asked for.
    pub overdue: usize,
    /// Lead units of the tasks seen, in official order.
    pub leads: Vec<UnitShown>,
    /// Meetings the tasks seen come from, newest first.
    pub meetings: Vec<(MeetingId, String)>,
    /// The light rule in words.
    pub rule: Vec<String>,
}

/// One event of a task.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskEvent {
    /// Seq.
    pub seq: u64,
    /// Day.
    pub on: Date,
    /// Day and time.
    pub when: String,
    /// Who; after `→` the unit that held the part on that day, when it is not the author's own.
    pub who: String,
    /// The author's own unit, by its name then; empty when they held no post that day.
    pub unit: String,
    /// Stable key: `assigned`, or that of the act.
    pub key: &'static str,
    /// What happened, in words.
    pub label: String,
    /// What was said with it.
    pub text: Option<String>,
    /// Files handed over.
    pub evidence: Vec<FileRef>,
    /// A step back: a return or a refusal.
    pub back: bool,
}

/// A unit's part in a task.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StrandShown {
    /// The unit that answers for it.
    pub unit: UnitShown,
    /// Name of the unit it was given to, when that was merged since.
    pub given_to: Option<String>,
    /// Lead or assisting.
    pub duty: Duty,
    /// The duty in words.
    pub duty_word: String,
    /// State.
    pub state: TaskState,
    /// State in words.
    pub state_word: String,
    /// Deadline in force.
    pub due: Option<Date>,
    /// Deadline as assigned.
    pub original: Option<Date>,
    /// Days of suspension by which the deadline moved.
    pub suspended_days: i64,
    /// Both clocks.
    pub timing: Timing,
    /// Light with its reason.
    pub light: LightShown,
    /// Day of acknowledgement.
    pub acknowledged_on: Option<Date>,
    /// Day asked for by an extension that waits for a decision.
    pub asked_to: Option<Date>,
    /// Whether an objection waits for a decision.
    pub objects: bool,
    /// Times urged.
    pub urged: usize,
    /// Extensions granted.
    pub extended: usize,
    /// Times feedback was sent back.
    pub returned: usize,
    /// What happened, oldest first.
    pub timeline: Vec<TaskEvent>,
}

/// Where a task comes from, with the words around it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SourceShown {
    /// Stable key: `meeting`, `speech`, `item`, `document`, `instruction`.
    pub key: &'static str,
    /// In words.
    pub words: String,
    /// Day, when it has one.
    pub on: Option<Date>,
    /// The meeting.
    pub meeting: Option<MeetingId>,
    /// The speech, first character and length of the clause.
    pub speech: Option<(SpeechId, u32, u32)>,
    /// The sentence of the speech that holds the clause.
    pub sentence: Option<String>,
    /// The item's code, when the caller sees it.
    pub item: Option<String>,
}

/// What an act asks to be filled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// Not asked.
    None,
    /// May be given.
    Optional,
    /// Must be given.
    Required,
}

/// An act that the caller may do on a strand, or may not do just now.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskActOption {
    /// The act.
    pub doing: Doing,
    /// Its word on a button.
    pub label: String,
    /// The unit that names the strand.
    pub unit: UnitShown,
    /// Words (reason, feedback, remark).
    pub words: Need,
    /// A day.
    pub day: Need,
    /// Another unit.
    pub to_unit: Need,
    /// Files.
    pub files: Need,
    /// Why not now; `None` when it may be done.
    pub refusal: Option<Refusal>,
}

/// One task: what was said beside what was done.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskView {
    /// The row of the ledger.
    pub row: TaskRow,
    /// Where it comes from.
    pub source: SourceShown,
    /// The lead's strand, then the assisting ones in the order assigned.
    pub strands: Vec<StrandShown>,
    /// All events, newest first.
    pub events: Vec<TaskEvent>,
    /// Items it is about that the caller sees: code and name.
    pub items: Vec<(String, String)>,
    /// Whose turn it is, in one sentence.
    pub next: String,
    /// What the caller may do, strand by strand. Empty when the past is shown.
    pub acts: Vec<TaskActOption>,
    /// The light rule in words.
    pub rule: Vec<String>,
}

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
    /// Stable key: `kept`, `kept_late`, `waits`, `open`, `broken`, `suspended`, `cancelled`.
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

/// The ledger as a caller sees it through a filter.
pub fn ledger(seen: &Seen, filter: &TaskFilter) -> TaskLedger {
    let mut all: Vec<(Arc<Task>, TaskRow)> =
        seen.tasks_seen().map(|(task, strands)| (task.clone(), seen.task_row(task, &strands))).collect();
    match filter.order {
        TaskOrder::Code => all.sort_by_cached_key(|(_, row)| natural(&row.code)),
        TaskOrder::Due => all.sort_by_cached_key(|(_, row)| (row.due.is_none(), row.due, natural(&row.code))),
    }
    let pick = |f: &TaskFilter| -> Vec<&TaskRow> {
        all.iter().filter(|(task, row)| seen.task_asked(task, row, f)).map(|(_, row)| row).collect()
    };
    let rows = pick(filter);
    let any_state = pick(&TaskFilter { state: None, open: false, ..filter.clone() });
    let any_light = pick(&TaskFilter { light: None, overdue: false, ..filter.clone() });
    let states = TaskState::ALL
        .iter()
        .map(|state| Count {
            key: state.key().to_owned(),
            label: state.label(seen.lang),
            count: any_state.iter().filter(|r| r.state == *state).count(),
        })
        .collect();
    let lights = [Light::Lag, Light::Warn, Light::Ok, Light::None]
        .iter()
        .map(|light| Count {
            key: light.key().to_owned(),
            label: seen.say(&format!("task.light.{}", light.key()), &[]),
            count: any_light.iter().filter(|r| r.light.key == light.key()).count(),
        })
        .collect();
    let mut leads: Vec<UnitShown> = all.iter().map(|(_, row)| row.lead_unit.clone()).collect();
    leads.sort_by_key(|u| (seen.zone.unit_order(u.id), u.id));
    leads.dedup_by_key(|u| u.id);
    let meetings = seen
        .zone
        .meetings()
        .into_iter()
        .filter(|m| all.iter().any(|(_, row)| row.meeting == Some(m.id)))
        .map(|m| (m.id, seen.meeting_title(m)))
        .collect();
    let (open, overdue) =
        (any_state.iter().filter(|r| !r.state.is_over()).count(), any_light.iter().filter(|r| r.overdue).count());
    let rows: Vec<TaskRow> = rows.into_iter().cloned().collect();
    TaskLedger {
        total: rows.len(),
        rows,
        all: all.len(),
        open,
        states,
        lights,
        overdue,
        leads,
        meetings,
        rule: seen.light_rule(),
    }
}

/// One task by id or code. Errors: absent, alike for what is not there and what is not the caller's.
pub fn task(seen: &Seen, key: &str) -> Result<TaskView, Refusal> {
    let (task, strands) = seen.task(key)?;
    let row = seen.task_row(&task, &strands);
    let mut shown: Vec<StrandShown> = strands.iter().map(|s| seen.strand_shown(&task, s)).collect();
    shown.sort_by_key(|s| s.duty);
    let mut events: Vec<TaskEvent> = shown.iter().flat_map(|s| s.timeline.iter().skip(1).cloned()).collect();
    events.sort_by_key(|e| std::cmp::Reverse(e.seq));
    events.extend(shown.first().and_then(|s| s.timeline.first()).cloned());
    let items = task
        .items
        .iter()
        .filter_map(|id| seen.zone.item(*id))
        .filter(|i| seen.sees_item(i))
        .map(|i| (i.code.clone(), i.name.at(seen.cut).cloned().unwrap_or_default()))
        .collect();
    Ok(TaskView {
        source: seen.task_source(&task),
        strands: shown,
        events,
        items,
        next: seen.next_step(&strands),
        acts: seen.task_acts(&task, &strands),
        rule: seen.light_rule(),
        row,
    })
}

/// The tasks made from a meeting or its speeches that the caller sees, by code.
pub fn of_meeting(seen: &Seen, meeting: MeetingId) -> Vec<TaskRow> {
    let filter = TaskFilter { meeting: Some(meeting), ..TaskFilter::default() };
    ledger(seen, &filter).rows
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

/// A code in its natural order: numbers inside by size.
pub(crate) fn natural(code: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = code;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (words, tail) = rest.split_at(digits);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(end);
        parts.push((words.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = tail;
    }
    parts
}

impl Seen {
    /// Every task known at the cut that the caller sees, with its strands, in the order assigned.
    pub(crate) fn tasks_seen(&self) -> impl Iterator<Item = (&Arc<Task>, Vec<Strand>)> {
        self.zone.tasks().into_iter().filter(|t| t.known(self.cut)).filter_map(|task| {
            let strands = task.strands(&self.zone, self.cut, self.day);
            task.seen_by(&strands, &self.rights).then_some((task, strands))
        })
    }

    /// A task by id or code, with its strands: absent alike for what is not there and what is not yours.
    pub(crate) fn task(&self, key: &str) -> Result<(Arc<Task>, Vec<Strand>), Refusal> {
        let found = match key.parse::<TaskId>() {
            Ok(id) => self.zone.task(id),
            Err(_) => self.zone.task_by_code(key),
        };
        let task = found.filter(|t| t.known(self.cut)).ok_or_else(Refusal::absent)?;
        let strands = task.strands(&self.zone, self.cut, self.day);
        if task.seen_by(&strands, &self.rights) { Ok((task.clone(), strands)) } else { Err(Refusal::absent()) }
    }

    pub(crate) fn meeting_title(&self, meeting: &Meeting) -> String {
        meeting.plan.at(self.cut).or(meeting.plan.last()).map_or(String::new(), |p| p.title.clone())
    }

    fn meeting_day(&self, meeting: &Meeting) -> Option<Date> {
        meeting.plan.at(self.cut).or(meeting.plan.last()).map(|p| p.on)
    }

    fn task_words(&self, said: &Said) -> String {
        self.zone.said(said).to_string()
    }

    /// The rule of the light in words, one line a band.
    fn light_rule(&self) -> Vec<String> {
        let rule = self.blueprint.lights.get("task_due").or(baton_methods::lights::preset("task_due"));
        rule.map_or_else(Vec::new, |r| r.describe(self.lang))
    }

    /// Whether a row is asked for by a filter.
    fn task_asked(&self, task: &Task, row: &TaskRow, filter: &TaskFilter) -> bool {
        let strands = || task.strands(&self.zone, self.cut, self.day);
        let text = filter.text.trim();
        filter.state.is_none_or(|s| s == row.state)
            && (!filter.open || !row.state.is_over())
            && filter.lead.is_none_or(|u| u == row.lead_unit.id)
            && filter.area.as_ref().is_none_or(|a| row.area.as_ref() == Some(a))
            && filter.meeting.is_none_or(|m| row.meeting == Some(m))
            && filter.light.as_ref().is_none_or(|l| row.light.key == l)
            && (!filter.overdue || row.overdue)
            && filter.due_to.is_none_or(|day| row.due.is_some_and(|d| d <= day))
            && (text.is_empty() || [&row.code, &row.title, &row.aim, &row.said].iter().any(|w| w.contains(text)))
            && filter.unit.is_none_or(|u| strands().iter().any(|s| s.holder == u || s.unit == u))
    }

    pub(crate) fn task_row(&self, task: &Task, strands: &[Strand]) -> TaskRow {
        let zone = &self.zone;
        let lead = strands.iter().find(|s| s.duty == Duty::Lead).expect("decide assigns exactly one lead");
        let timing = lead.timing(zone, self.cut, self.day);
        let source = self.task_source(task);
        let day = |seq: Option<u64>| seq.map(|s| zone.day_known(s));
        let acts = || task.acts.iter().take_while(|(seq, ..)| *seq <= self.cut);
        let evidence =
            acts().map(|(_, _, act)| if let TaskAct::Fed { evidence, .. } = act { evidence.len() } else { 0 });
        TaskRow {
            id: task.id,
            code: task.code.clone(),
            title: task.title.clone(),
            said: self.task_words(&task.said),
            aim: task.aim.clone(),
            area_label: self.area_word(task.area.as_deref()),
            area: task.area.clone(),
            source: source.words,
            source_on: source.on,
            meeting: source.meeting,
            lead: self.unit_short(lead.holder),
            lead_unit: self.unit_shown(lead.holder),
            assist: strands
                .iter()
                .filter(|s| s.duty == Duty::Assist && s.state != TaskState::Cancelled)
                .map(|s| self.unit_short(s.holder))
                .collect(),
            assigned_on: zone.day_known(task.assigned),
            due: lead.deadline,
            original: lead.original,
            due_words: task.deadline.words.clone(),
            latest: self.task_latest(task, lead),
            state: lead.state,
            state_word: lead.state.label(self.lang),
            light: self.task_light(lead, &timing),
            overdue: timing.overdue(),
            timing,
            urged: lead.urges.len(),
            extended: lead.extensions.len(),
            asked_to: lead.asked.map(|(_, to)| to),
            returned: lead.returns.len(),
            opinion: acts().filter_map(|(_, _, act)| opinion(act)).last().map(|s| self.task_words(&s)),
            evidence: evidence.sum(),
            completed_on: day(lead.completed),
            closed_on: day(lead.closed),
        }
    }

    pub(crate) fn area_word(&self, key: Option<&str>) -> String {
        let Some(key) = key else { return String::new() };
        self.blueprint.area(key).map_or_else(|| key.to_owned(), |a| a.label.get(self.lang).to_owned())
    }

    fn task_latest(&self, task: &Task, strand: &Strand) -> Option<Latest> {
        let (seq, last) = strand.standing?;
        let (.., act) = task.acts.iter().find(|(s, ..)| *s == seq)?;
        let TaskAct::Fed { text, .. } = act else { return None };
        Some(Latest { on: self.zone.day_known(seq), text: self.task_words(text), last })
    }

    /// The light of a strand with its reason: the declared rule while it runs, the record afterwards.
    fn task_light(&self, strand: &Strand, timing: &Timing) -> LightShown {
        let shown = |light: Light, code: &str, args: &[(&str, &dyn std::fmt::Display)]| LightShown {
            key: light.key(),
            word: self.say(&format!("task.light.{}", light.key()), &[]),
            reason: self.say(code, args),
        };
        let late = timing.report_late_days;
        // What is done is near no day any more: no light, the record in words.
        let recorded = |code: &str| LightShown {
            word: self.say(&format!("{code}-word"), &[]),
            ..shown(Light::None, code, &[("days", &late)])
        };
        match strand.state {
            TaskState::Suspended => shown(Light::None, "task.light.suspended", &[]),
            TaskState::Cancelled => shown(Light::None, "task.light.cancelled", &[]),
            TaskState::Completed | TaskState::ClosedOut if late > 0 => recorded("task.light.done-late"),
            TaskState::Completed | TaskState::ClosedOut => shown(Light::Ok, "task.light.done", &[]),
            TaskState::Submitted if late > 0 => recorded("task.light.submitted-late"),
            TaskState::Submitted => shown(Light::Ok, "task.light.submitted", &[]),
            _ if timing.acknowledge_overdue && !timing.report_overdue => {
                let by = timing.acknowledge_by.map_or(String::new(), |d| d.to_string());
                let days = timing.acknowledge_late_days;
                shown(Light::Lag, "task.light.acknowledge", &[("by", &by), ("days", &days)])
            }
            _ => match timing.days_left {
                None => shown(Light::None, "task.light.no-deadline", &[]),
                Some(left) => {
                    let rule = self.blueprint.lights.get("task_due").or(baton_methods::lights::preset("task_due"));
                    let Some(rule) = rule else { return shown(Light::None, "task.light.no-deadline", &[]) };
                    let judged = baton_methods::lights::judge(rule, left);
                    LightShown {
                        key: judged.light.key(),
                        word: self.say(&format!("task.light.{}", judged.light.key()), &[]),
                        reason: judged.reason(self.lang).to_owned(),
                    }
                }
            },
        }
    }

    fn task_source(&self, task: &Task) -> SourceShown {
        let mut shown = SourceShown {
            key: "instruction",
            words: self.say("task.source.instruction", &[]),
            on: None,
            meeting: None,
            speech: None,
            sentence: None,
            item: None,
        };
        match &task.source {
            TaskSource::Meeting(id) => {
                shown.key = "meeting";
                shown.meeting = Some(*id);
                if let Some(meeting) = self.zone.meeting(*id) {
                    shown.words = self.meeting_title(meeting);
                    shown.on = self.meeting_day(meeting);
                }
            }
            TaskSource::Speech { speech, offset, length } => {
                shown.key = "speech";
                shown.speech = Some((*speech, *offset, *length));
                if let Some((meeting, row)) = self.zone.speech(*speech) {
                    shown.meeting = Some(meeting.id);
                    shown.on = self.meeting_day(meeting);
                    let args: [(&str, &dyn std::fmt::Display); 2] =
                        [("meeting", &self.meeting_title(meeting)), ("speech", &row.title)];
                    shown.words = self.say("task.source.speech", &args);
                    shown.sentence = sentence(&self.zone.said(&row.clean), *offset as usize, *length as usize);
                }
            }
            TaskSource::Item(id) => {
                shown.key = "item";
                shown.words = self.say("task.source.item", &[]);
                if let Some(item) = self.zone.item(*id).filter(|i| self.sees_item(i)) {
                    shown.words = item.name.at(self.cut).cloned().unwrap_or_default();
                    shown.item = Some(item.code.clone());
                }
            }
            TaskSource::Document(number) => {
                shown.key = "document";
                shown.words = number.clone();
            }
            TaskSource::Instruction => {}
        }
        shown
    }

    fn strand_shown(&self, task: &Task, strand: &Strand) -> StrandShown {
        let timing = strand.timing(&self.zone, self.cut, self.day);
        let given = strand.moved.first().map_or(strand.unit, |(_, unit)| *unit);
        let (unit, who) = self.event_author(task.assigned, given, false);
        let first = TaskEvent {
            seq: task.assigned,
            on: self.zone.day_known(task.assigned),
            when: self.when(task.assigned),
            who,
            unit,
            key: "assigned",
            label: self.say("task.event.assigned", &[]),
            text: Some(self.task_words(&task.said)),
            evidence: Vec::new(),
            back: false,
        };
        let acts = strand.acts.iter().map(|place| &task.acts[*place]);
        StrandShown {
            unit: self.unit_shown(strand.holder),
            given_to: (strand.holder != strand.unit).then(|| self.unit_short(strand.unit)),
            duty: strand.duty,
            duty_word: self.say(if strand.duty == Duty::Lead { "task.duty.lead" } else { "task.duty.assist" }, &[]),
            state: strand.state,
            state_word: strand.state.label(self.lang),
            due: strand.deadline,
            original: strand.original,
            suspended_days: strand.suspended_days,
            light: self.task_light(strand, &timing),
            timing,
            acknowledged_on: strand.acknowledged.map(|seq| self.zone.day_known(seq)),
            asked_to: strand.asked.map(|(_, to)| to),
            objects: strand.objection.is_some(),
            urged: strand.urges.len(),
            extended: strand.extensions.len(),
            returned: strand.returns.len(),
            timeline: std::iter::once(first)
                .chain(acts.map(|(seq, unit, act)| self.strand_event(*seq, *unit, act)))
                .collect(),
        }
    }

    /// Who did an entry on a strand: their own unit as it was called then, and their name, followed by the unit
    /// that held the strand on that day when it is another. `own`: it is an act of that unit itself.
    fn event_author(&self, seq: u64, strand: UnitId, own: bool) -> (String, String) {
        let zone = &self.zone;
        let on = zone.day_known(seq);
        let name = |unit: UnitId| {
            let then = zone.unit(unit).and_then(|u| u.at(seq));
            then.map_or_else(|| self.unit_short(unit), |data| data.short.clone())
        };
        let holder = zone.successor(strand, seq, on);
        let mut units: Vec<UnitId> = Vec::new();
        if let Some(person) = zone.actor(seq) {
            for post in zone.posts() {
                // As known then: a later change of post does not change who acted.
                let word = post.holders.iter().rev().find(|(since, held, ..)| *since <= seq && *held == person);
                if word.is_some_and(|(_, _, _, from, to)| *from <= on && to.is_none_or(|t| on <= t)) {
                    units.push(zone.successor(post.unit, seq, on));
                }
            }
        }
        units.sort_by_key(|u| (zone.unit_order(*u), *u));
        // Whoever holds several posts reports for the unit that owes the result, and judges for another one.
        let author = units.iter().find(|u| (**u == holder) == own).or(units.first()).copied();
        let who = self.who(seq);
        let who = if author == Some(holder) { who } else { format!("{who} → {}", name(holder)) };
        (author.map_or(String::new(), name), who)
    }

    fn strand_event(&self, seq: u64, unit: UnitId, act: &TaskAct) -> TaskEvent {
        let said = |said: &Said| Some(self.task_words(said));
        let said_if = |words: &Option<Said>| words.as_ref().map(|s| self.task_words(s));
        let mut evidence = Vec::new();
        let mut day = None;
        let mut to = None;
        let (key, text, back) = match act {
            TaskAct::Acknowledged => ("acknowledged", None, false),
            TaskAct::Objected { because } => ("objected", said(because), true),
            TaskAct::ObjectionDecided { to: None, because } => ("objection_kept", said(because), false),
            TaskAct::ObjectionDecided { to: Some(unit), because } => {
                to = Some(self.unit_short(*unit));
                ("objection_moved", said(because), false)
            }
            TaskAct::Fed { last, text, evidence: files } => {
                evidence.clone_from(files);
                (if *last { "fed_last" } else { "fed" }, said(text), false)
            }
            TaskAct::Returned { because } => ("returned", said(because), true),
            TaskAct::ExtensionAsked { to, because } => {
                day = Some(*to);
                ("extension_asked", said(because), false)
            }
            TaskAct::ExtensionDecided { granted: true, to, because } => {
                day = *to;
                ("extension_granted", said_if(because), false)
            }
            TaskAct::ExtensionDecided { granted: false, because, .. } => ("extension_refused", said_if(because), true),
            TaskAct::Urged { text } => ("urged", said_if(text), false),
            TaskAct::Suspended { because } => ("suspended", said(because), false),
            TaskAct::Resumed => ("resumed", None, false),
            TaskAct::Completed { because } => ("completed", said_if(because), false),
            TaskAct::ClosedOut { because } => ("closed_out", said_if(because), false),
            TaskAct::Cancelled { because } => ("cancelled", said(because), true),
        };
        let day = day.map_or(String::new(), |d: Date| d.to_string());
        let args: [(&str, &dyn std::fmt::Display); 2] = [("day", &day), ("unit", &to.unwrap_or_default())];
        let own = matches!(
            act,
            TaskAct::Acknowledged | TaskAct::Objected { .. } | TaskAct::Fed { .. } | TaskAct::ExtensionAsked { .. }
        );
        let (author, who) = self.event_author(seq, unit, own);
        TaskEvent {
            seq,
            on: self.zone.day_known(seq),
            when: self.when(seq),
            who,
            unit: author,
            key,
            label: self.say(&format!("task.event.{key}"), &args),
            text,
            evidence,
            back,
        }
    }

    /// Whose turn it is.
    fn next_step(&self, strands: &[Strand]) -> String {
        let Some(lead) = strands.iter().find(|s| s.duty == Duty::Lead) else { return String::new() };
        let unit = self.unit_short(lead.holder);
        let due = |day: Option<Date>| day.map_or(String::new(), |d| d.to_string());
        let say = |code: &str, day: Option<Date>| self.say(code, &[("unit", &unit), ("day", &due(day))]);
        if lead.objection.is_some() {
            return say("task.next.objection", None);
        }
        if let Some((_, to)) = lead.asked {
            return say("task.next.extension", Some(to));
        }
        match lead.state {
            TaskState::Assigned => match lead.timing(&self.zone, self.cut, self.day).acknowledge_by {
                Some(by) => say("task.next.acknowledge", Some(by)),
                None => say("task.next.acknowledge-undated", None),
            },
            TaskState::Acknowledged | TaskState::InProgress => match lead.deadline {
                Some(day) => say("task.next.report", Some(day)),
                None => say("task.next.report-undated", None),
            },
            TaskState::Submitted => say("task.next.judge", None),
            TaskState::Completed => say("task.next.close", None),
            TaskState::Suspended => say("task.next.resume", None),
            TaskState::ClosedOut | TaskState::Cancelled => say("task.next.over", None),
        }
    }

    /// What the caller may do on each strand, as `decide` would answer now, and what can still come from the
    /// present state. Nothing is offered on the past.
    fn task_acts(&self, task: &Task, strands: &[Strand]) -> Vec<TaskActOption> {
        let mut options = Vec::new();
        if self.is_past() {
            return options;
        }
        let lead = strands.iter().find(|s| s.duty == Duty::Lead);
        for strand in strands {
            for doing in Doing::ALL {
                if !self.rights.may(doing.verb(), strand.holder) {
                    continue;
                }
                let refusal = task.may(&self.zone, &self.rights, self.today, strand.unit, doing).err();
                let comes = lead.is_some_and(|lead| strand.may_come(lead, self.today, doing));
                if refusal.is_some() && !comes {
                    continue;
                }
                let [words, day, to_unit, files] = needs(doing, strand);
                options.push(TaskActOption {
                    doing,
                    label: doing.label(self.lang),
                    unit: UnitShown { id: strand.unit, ..self.unit_shown(strand.holder) },
                    words,
                    day,
                    to_unit,
                    files,
                    refusal,
                });
            }
        }
        options
    }

    fn task_commitment(&self, task: &Task, strands: &[Strand]) -> Commitment {
        let row = self.task_row(task, strands);
        let lead = strands.iter().find(|s| s.duty == Duty::Lead).expect("decide assigns exactly one lead");
        let done_on = lead.settled_on(&self.zone);
        let late = row.original.is_some_and(|promised| done_on.unwrap_or(self.day) > promised);
        let (outcome, overdue) = match row.state {
            TaskState::Suspended => ("suspended", false),
            TaskState::Cancelled => ("cancelled", false),
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

/// Words, day, other unit and files that an act asks for.
fn needs(doing: Doing, strand: &Strand) -> [Need; 4] {
    use Need::{None, Optional, Required};
    match doing {
        Doing::Acknowledge | Doing::Resume => [None, None, None, None],
        Doing::Object | Doing::Return | Doing::Suspend | Doing::Cancel => [Required, None, None, None],
        Doing::DecideObjection => [Required, None, Optional, None],
        Doing::Feed => [Required, None, None, Optional],
        Doing::AskExtension => [Required, Required, None, None],
        Doing::DecideExtension => [Optional, Optional, None, None],
        Doing::Complete if strand.state != TaskState::Submitted => [Required, None, None, None],
        Doing::Complete | Doing::CloseOut | Doing::Urge => [Optional, None, None, None],
    }
}

/// The remark of the supervising office in an act.
fn opinion(act: &TaskAct) -> Option<Said> {
    match act {
        TaskAct::Returned { because } | TaskAct::ObjectionDecided { because, .. } => Some(*because),
        TaskAct::ExtensionDecided { because, .. } | TaskAct::Completed { because } | TaskAct::ClosedOut { because } => {
            *because
        }
        _ => None,
    }
}

/// The sentence of a text that holds the characters from `offset` on.
fn sentence(text: &str, offset: usize, length: usize) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let ends = |c: &char| matches!(c, '。' | '！' | '？' | '\n');
    if length == 0 || offset + length > chars.len() {
        return None;
    }
    let first = chars[..offset].iter().rposition(ends).map_or(0, |n| n + 1);
    let tail = offset + length - 1;
    let last = chars[tail..].iter().position(ends).map_or(chars.len(), |n| tail + n + 1);
    Some(chars[first..last].iter().collect::<String>().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_methods::Lang;

    #[test]
    fn codes_stand_in_the_order_of_their_numbers() {
        let mut codes = vec!["DB-2023-1000", "DB-2023-999", "DB-2022-003", "督1"];
        codes.sort_by_cached_key(|c| natural(c));
        assert_eq!(codes, ["DB-2022-003", "DB-2023-999", "DB-2023-1000", "督1"]);
    }

    #[test]
    fn the_sentence_around_a_clause_ends_at_its_full_stops() {
        let text = "一季度开局平稳。要抓项目，五月底前完成。散会。";
        assert_eq!(sentence(text, 13, 4).as_deref(), Some("要抓项目，五月底前完成。"));
        assert_eq!(sentence(text, 0, 3).as_deref(), Some("一季度开局平稳。"));
        assert_eq!(sentence(text, 20, 90), None);
    }

    #[test]
    fn words_of_every_light_exist() {
        for light in Light::ALL {
            for lang in [Lang::Zh, Lang::En] {
                let code = format!("task.light.{}", light.key());
                assert_ne!(crate::messages::say(lang, &code, &[]), code);
            }
        }
    }
}
