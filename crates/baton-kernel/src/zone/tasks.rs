//! Tasks in the zone: what was assigned, what happened, and what follows from it at a cut.
//!
//! A task has one strand per responsible unit. Nothing of a strand's course is stored: state, deadline in
//! force, overdue and traces are folded from the acts up to a cut, so reading at a cut is a filter. The
//! state of a task is that of its lead strand. [`Task::may`] holds the rules of who may do what when: the
//! same for `decide` and for the buttons of a page.

use super::Zone;
use crate::blobs::Said;
use crate::commands::TaskDoing;
use crate::entries::*;
use crate::ids::*;
use crate::permit::{Rights, Verb};
use crate::refusals::{Refusal, Why};
use baton_methods::calendar::Counting;
use baton_methods::{Lang, Term};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::sync::Arc;

/// A commitment with everything that happened to it.
#[derive(Clone, Debug)]
pub struct Task {
    /// Identity.
    pub id: TaskId,
    /// Seq at which it was assigned.
    pub assigned: u64,
    /// Code for people.
    pub code: String,
    /// Short title.
    pub title: String,
    /// Where it comes from.
    pub source: TaskSource,
    /// What was said.
    pub said: Said,
    /// Deadline as assigned.
    pub deadline: Deadline,
    /// Units and what they owe.
    pub strands: Vec<StrandLine>,
    /// Quantified aim as said.
    pub aim: String,
    /// Area key.
    pub area: Option<String>,
    /// Items it is about.
    pub items: Vec<ItemId>,
    /// Acts: seq, strand, what.
    pub acts: Vec<(u64, UnitId, TaskAct)>,
}

impl Zone {
    pub(super) fn apply_task(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::TaskAssigned { task, code, title, source, said, deadline, strands, aim, area, items } => {
                let made = Task {
                    id: task,
                    assigned: seq,
                    code,
                    title,
                    source,
                    said,
                    deadline,
                    strands,
                    aim,
                    area,
                    items,
                    acts: Vec::new(),
                };
                if let TaskSource::Instructed(instruction) = &made.source {
                    self.carry_instruction(seq, *instruction, task);
                }
                self.tasks.insert(task, Arc::new(made));
                self.sign_draft(seq, task);
            }
            Body::TaskActed { task, unit, what } => {
                if let Some(known) = self.tasks.get_mut(&task).map(Arc::make_mut) {
                    known.acts.push((seq, unit, what));
                }
            }
            _ => {}
        }
    }

    /// The task under an id.
    pub fn task(&self, id: TaskId) -> Option<&Arc<Task>> {
        self.tasks.get(&id)
    }

    /// All tasks in the order in which they were assigned.
    pub fn tasks(&self) -> Vec<&Arc<Task>> {
        let mut list: Vec<&Arc<Task>> = self.tasks.values().collect();
        list.sort_by_key(|t| t.assigned);
        list
    }
}

/// Where a task or a strand stands. Overdue is no state: it is derived beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Assigned, not yet acknowledged (待签收).
    Assigned,
    /// Acknowledged, no feedback yet (已签收).
    Acknowledged,
    /// Feedback was given, more is to come (办理中).
    InProgress,
    /// Final feedback is in, the office has not judged it (办结待核).
    Submitted,
    /// The office accepted the result (已办结).
    Completed,
    /// Closed out (已销号).
    ClosedOut,
    /// Suspended (已中止): no clock runs.
    Suspended,
    /// Terminated (已终止).
    Cancelled,
    /// Went into another task (已合并).
    Merged,
}

impl TaskState {
    /// Every state, in the order of a task's course.
    pub const ALL: [TaskState; 9] = [
        TaskState::Assigned,
        TaskState::Acknowledged,
        TaskState::InProgress,
        TaskState::Submitted,
        TaskState::Completed,
        TaskState::ClosedOut,
        TaskState::Suspended,
        TaskState::Cancelled,
        TaskState::Merged,
    ];

    /// Stable key, `in_progress`.
    pub fn key(self) -> &'static str {
        match self {
            TaskState::Assigned => "assigned",
            TaskState::Acknowledged => "acknowledged",
            TaskState::InProgress => "in_progress",
            TaskState::Submitted => "submitted",
            TaskState::Completed => "completed",
            TaskState::ClosedOut => "closed_out",
            TaskState::Suspended => "suspended",
            TaskState::Cancelled => "cancelled",
            TaskState::Merged => "merged",
        }
    }

    /// The state under a key.
    pub fn parse(key: &str) -> Option<TaskState> {
        TaskState::ALL.into_iter().find(|s| s.key() == key)
    }

    /// Its word.
    pub fn label(self, lang: Lang) -> String {
        crate::messages::say(lang, &format!("task.state.{}", self.key()), &[])
    }

    /// Whether nothing more can happen: closed out, terminated or merged.
    pub fn is_over(self) -> bool {
        matches!(self, TaskState::ClosedOut | TaskState::Cancelled | TaskState::Merged)
    }

    /// Whether the unit still owes something: its clocks run.
    pub fn runs(self) -> bool {
        matches!(self, TaskState::Assigned | TaskState::Acknowledged | TaskState::InProgress)
    }
}

/// A unit's part in a task, as it stands at a cut.
#[derive(Clone, PartialEq, Debug)]
pub struct Strand {
    /// The unit by which acts name it: the one it was given to last.
    pub unit: UnitId,
    /// The unit that answers for it on the day: the successor when `unit` was merged.
    pub holder: UnitId,
    /// What the unit owes.
    pub duty: Duty,
    /// Seq at which the unit got it.
    pub since: u64,
    /// Where it stands.
    pub state: TaskState,
    /// Seq of the acknowledgement.
    pub acknowledged: Option<u64>,
    /// Seq of an objection that waits for a decision.
    pub objection: Option<u64>,
    /// An objection of this unit was turned down.
    pub objection_kept: bool,
    /// Units it was moved away from, with the seq of each decision.
    pub moved: Vec<(u64, UnitId)>,
    /// Deadline as assigned.
    pub original: Option<Date>,
    /// Deadline in force: extensions granted, days of suspension added.
    pub deadline: Option<Date>,
    /// An extension asked for and not decided: seq and day asked for.
    pub asked: Option<(u64, Date)>,
    /// Extensions granted: seq and new day.
    pub extensions: Vec<(u64, Date)>,
    /// Extensions refused, by seq.
    pub refused: Vec<u64>,
    /// Feedback, by seq; whether it was final.
    pub feedback: Vec<(u64, bool)>,
    /// The newest feedback, unless it was sent back.
    pub standing: Option<(u64, bool)>,
    /// Feedback sent back, by seq: traces.
    pub returns: Vec<u64>,
    /// Urged, by seq.
    pub urges: Vec<u64>,
    /// Day since which it is suspended.
    pub suspended_since: Option<Date>,
    /// Days it was suspended before, by which the deadline moved.
    pub suspended_days: i64,
    /// Seq of the completion.
    pub completed: Option<u64>,
    /// Seq of the closing out.
    pub closed: Option<u64>,
    /// Seq of the termination.
    pub cancelled: Option<u64>,
    /// Seq of the merger, and the task that goes on.
    pub merged: Option<(u64, TaskId)>,
    /// Places of its acts in `Task::acts`, in order.
    pub acts: Vec<usize>,
    /// State to which a suspended strand goes back.
    before: TaskState,
}

/// How a strand stands against its two clocks on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Timing {
    /// Last day to acknowledge; `None` when the calendar lacks the year.
    pub acknowledge_by: Option<Date>,
    /// Days by which it was, or still is, acknowledged late; 0 when in time.
    pub acknowledge_late_days: i64,
    /// Not acknowledged and past the day (签收逾期).
    pub acknowledge_overdue: bool,
    /// Days to the deadline in force while something is open; negative past it.
    pub days_left: Option<i64>,
    /// Days by which the result came, or still is, late; 0 when in time.
    pub report_late_days: i64,
    /// Nothing final reported and past the deadline (反馈逾期).
    pub report_overdue: bool,
    /// Year that the working-day calendar lacks.
    pub missing_year: Option<i16>,
}

impl Timing {
    /// Overdue in either way.
    pub fn overdue(&self) -> bool {
        self.acknowledge_overdue || self.report_overdue
    }
}

/// Days from one day to another: 1 from a day to the next, negative backwards.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

impl Strand {
    fn new(line: &StrandLine, task: &Task) -> Strand {
        Strand {
            unit: line.unit,
            holder: line.unit,
            duty: line.duty,
            since: task.assigned,
            state: TaskState::Assigned,
            acknowledged: None,
            objection: None,
            objection_kept: false,
            moved: Vec::new(),
            original: task.deadline.on,
            deadline: task.deadline.on,
            asked: None,
            extensions: Vec::new(),
            refused: Vec::new(),
            feedback: Vec::new(),
            standing: None,
            returns: Vec::new(),
            urges: Vec::new(),
            suspended_since: None,
            suspended_days: 0,
            completed: None,
            closed: None,
            cancelled: None,
            merged: None,
            acts: Vec::new(),
            before: TaskState::Assigned,
        }
    }

    fn take(&mut self, zone: &Zone, seq: u64, act: &TaskAct) {
        match act {
            TaskAct::Acknowledged => {
                self.acknowledged = Some(seq);
                self.objection = None;
                self.state = TaskState::Acknowledged;
            }
            TaskAct::Objected { .. } => self.objection = Some(seq),
            TaskAct::ObjectionDecided { withdrawn: true, .. } => {
                self.objection = None;
                self.cancelled = Some(seq);
                self.state = TaskState::Cancelled;
            }
            TaskAct::ObjectionDecided { to: None, .. } => {
                self.objection = None;
                self.objection_kept = true;
            }
            TaskAct::ObjectionDecided { to: Some(unit), .. } => {
                self.moved.push((seq, self.unit));
                self.unit = *unit;
                self.since = seq;
                self.objection = None;
                self.objection_kept = false;
                self.acknowledged = None;
                self.state = TaskState::Assigned;
            }
            TaskAct::Fed { last, .. } => {
                self.feedback.push((seq, *last));
                self.standing = Some((seq, *last));
                self.state = if *last { TaskState::Submitted } else { TaskState::InProgress };
            }
            TaskAct::Returned { .. } => {
                self.returns.push(seq);
                self.standing = None;
                self.state = TaskState::InProgress;
            }
            TaskAct::ExtensionAsked { to, .. } => self.asked = Some((seq, *to)),
            TaskAct::ExtensionDecided { granted: false, .. } => {
                self.asked = None;
                self.refused.push(seq);
            }
            TaskAct::ExtensionDecided { granted: true, to, .. } => {
                if let Some(day) = to.or(self.asked.map(|(_, day)| day)) {
                    self.extensions.push((seq, day));
                    self.deadline = Some(day);
                }
                self.asked = None;
            }
            TaskAct::Urged { .. } => self.urges.push(seq),
            TaskAct::Suspended { .. } => {
                self.before = self.state;
                self.state = TaskState::Suspended;
                self.suspended_since = Some(zone.day_known(seq));
            }
            TaskAct::Resumed { .. } => {
                self.state = self.before;
                if let Some(since) = self.suspended_since.take() {
                    self.stand_still(days_between(since, zone.day_known(seq)));
                }
            }
            TaskAct::Completed { .. } => {
                self.asked = None;
                self.completed = Some(seq);
                self.state = TaskState::Completed;
            }
            TaskAct::ClosedOut { .. } => {
                self.closed = Some(seq);
                self.state = TaskState::ClosedOut;
            }
            TaskAct::Cancelled { .. } => {
                self.asked = None;
                self.suspended_since = None;
                self.cancelled = Some(seq);
                self.state = TaskState::Cancelled;
            }
            TaskAct::Merged { into, .. } => {
                self.asked = None;
                self.suspended_since = None;
                self.merged = Some((seq, *into));
                self.state = TaskState::Merged;
            }
        }
    }

    /// Days of a suspension do not count: the deadline moves by them.
    fn stand_still(&mut self, days: i64) {
        self.suspended_days += days;
        self.deadline = self.deadline.map(|d| d.saturating_add(SignedDuration::from_hours(24 * days)));
    }

    /// The day on which the result came: of the final feedback that stands, else of the completion.
    pub fn settled_on(&self, zone: &Zone) -> Option<Date> {
        if !matches!(self.state, TaskState::Submitted | TaskState::Completed | TaskState::ClosedOut) {
            return None;
        }
        let last = self.standing.filter(|(_, last)| *last).map(|(seq, _)| seq);
        last.or(self.completed).map(|seq| zone.day_known(seq))
    }

    /// Whether an act can be done on it now or later in its course, whoever does what before.
    ///
    /// What is behind it (signing twice, an extension of a day that is past) is not, nor is undoing what did not
    /// happen (resuming what runs).
    pub fn may_come(&self, lead: &Strand, on: Date, doing: Doing) -> bool {
        let suspended = self.state == TaskState::Suspended;
        let state = if suspended { self.before } else { self.state };
        if lead.state.is_over() || state.is_over() {
            return false;
        }
        if state == TaskState::Completed {
            return doing == Doing::CloseOut;
        }
        let unacknowledged = state == TaskState::Assigned;
        let objects = unacknowledged && self.objection.is_none() && !self.objection_kept;
        // A suspension moves the deadline when it ends: what is asked then is not judged now.
        let extends = self.deadline.is_some_and(|deadline| suspended || on <= deadline);
        match doing {
            Doing::Acknowledge => unacknowledged,
            Doing::Object => objects,
            Doing::DecideObjection => objects || self.objection.is_some(),
            Doing::AskExtension => extends,
            Doing::DecideExtension => extends || self.asked.is_some(),
            Doing::Suspend => !suspended,
            Doing::Resume => suspended,
            Doing::Merge => self.duty == Duty::Lead,
            Doing::Feed | Doing::Return | Doing::Complete | Doing::CloseOut | Doing::Urge | Doing::Cancel => true,
        }
    }

    /// How it stands against its clocks on a day, under the rules of the cut.
    pub fn timing(&self, zone: &Zone, cut: u64, on: Date) -> Timing {
        let mut timing = Timing::default();
        let blueprint = zone.blueprint_at(cut);
        let settings = &blueprint.settings;
        let calendar = if settings.acknowledge_working { Counting::Working } else { Counting::Natural };
        let term = Term { days: settings.acknowledge_days, calendar };
        match blueprint.calendar.due(zone.day_known(self.since), term, false) {
            Ok(by) => timing.acknowledge_by = Some(by),
            Err(missing) => timing.missing_year = Some(missing.year),
        }
        if let Some(by) = timing.acknowledge_by {
            // While an objection waits, the office is to act, not the unit.
            let waits = self.state == TaskState::Assigned && self.objection.is_none();
            let until = self.acknowledged.map(|seq| zone.day_known(seq)).or(waits.then_some(on));
            timing.acknowledge_late_days = until.map_or(0, |day| days_between(by, day).max(0));
            timing.acknowledge_overdue = waits && timing.acknowledge_late_days > 0;
        }
        if let Some(deadline) = self.deadline {
            if self.state.runs() || self.state == TaskState::Submitted {
                timing.days_left = Some(days_between(on, deadline));
            }
            let until = self.settled_on(zone).or(self.state.runs().then_some(on));
            timing.report_late_days = until.map_or(0, |day| days_between(deadline, day).max(0));
            timing.report_overdue = self.state.runs() && timing.report_late_days > 0;
        }
        timing
    }
}

/// Kinds of acts on a strand, in the order in which a page offers them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the acts of [`TaskDoing`]
pub enum Doing {
    Acknowledge,
    Object,
    DecideObjection,
    Feed,
    AskExtension,
    DecideExtension,
    Return,
    Complete,
    CloseOut,
    Urge,
    Suspend,
    Resume,
    Merge,
    Cancel,
}

impl Doing {
    /// Every kind of act, in order.
    pub const ALL: [Doing; 14] = [
        Doing::Acknowledge,
        Doing::Object,
        Doing::DecideObjection,
        Doing::Feed,
        Doing::AskExtension,
        Doing::DecideExtension,
        Doing::Return,
        Doing::Complete,
        Doing::CloseOut,
        Doing::Urge,
        Doing::Suspend,
        Doing::Resume,
        Doing::Merge,
        Doing::Cancel,
    ];

    /// Stable key, `ask_extension`.
    pub fn key(self) -> &'static str {
        match self {
            Doing::Acknowledge => "acknowledge",
            Doing::Object => "object",
            Doing::DecideObjection => "decide_objection",
            Doing::Feed => "feed",
            Doing::AskExtension => "ask_extension",
            Doing::DecideExtension => "decide_extension",
            Doing::Return => "return",
            Doing::Complete => "complete",
            Doing::CloseOut => "close_out",
            Doing::Urge => "urge",
            Doing::Suspend => "suspend",
            Doing::Resume => "resume",
            Doing::Merge => "merge",
            Doing::Cancel => "cancel",
        }
    }

    /// Its word on a button.
    pub fn label(self, lang: Lang) -> String {
        crate::messages::say(lang, &format!("task.do.{}", self.key()), &[])
    }

    /// The verb it needs over the strand's unit.
    pub fn verb(self) -> Verb {
        match self {
            Doing::Acknowledge | Doing::Object | Doing::Feed | Doing::AskExtension => Verb::TaskHandle,
            _ => Verb::TaskSupervise,
        }
    }
}

impl TaskDoing {
    /// Which kind of act it is.
    pub fn kind(&self) -> Doing {
        match self {
            TaskDoing::Acknowledge => Doing::Acknowledge,
            TaskDoing::Object { .. } => Doing::Object,
            TaskDoing::DecideObjection { .. } => Doing::DecideObjection,
            TaskDoing::Feed { .. } => Doing::Feed,
            TaskDoing::Return { .. } => Doing::Return,
            TaskDoing::AskExtension { .. } => Doing::AskExtension,
            TaskDoing::DecideExtension { .. } => Doing::DecideExtension,
            TaskDoing::Urge { .. } => Doing::Urge,
            TaskDoing::Suspend { .. } => Doing::Suspend,
            TaskDoing::Resume { .. } => Doing::Resume,
            TaskDoing::Merge { .. } => Doing::Merge,
            TaskDoing::Complete { .. } => Doing::Complete,
            TaskDoing::CloseOut { .. } => Doing::CloseOut,
            TaskDoing::Cancel { .. } => Doing::Cancel,
        }
    }
}

impl Task {
    /// Whether it was known at a cut.
    pub fn known(&self, cut: u64) -> bool {
        self.assigned <= cut
    }

    /// The strands as they stand at a cut, in the order assigned. `on` is the day for which successors of
    /// merged units answer.
    pub fn strands(&self, zone: &Zone, cut: u64, on: Date) -> Vec<Strand> {
        let mut strands: Vec<Strand> = self.strands.iter().map(|line| Strand::new(line, self)).collect();
        for (place, (seq, unit, act)) in self.acts.iter().enumerate().take_while(|(_, (seq, ..))| *seq <= cut) {
            let Some(at) = strands.iter().position(|s| s.unit == *unit) else {
                continue;
            };
            let still = strands[at].suspended_since;
            strands[at].acts.push(place);
            strands[at].take(zone, *seq, act);
            // Suspending the lead suspends the task: what others owe stands still with it.
            if let (Duty::Lead, TaskAct::Resumed { .. }, Some(since)) = (strands[at].duty, act, still) {
                let days = days_between(since, zone.day_known(*seq));
                let others = strands.iter_mut().enumerate().filter(|(n, _)| *n != at);
                for (_, other) in others.filter(|(_, s)| s.state.runs() || s.state == TaskState::Submitted) {
                    other.stand_still(days);
                }
            }
        }
        for strand in &mut strands {
            strand.holder = zone.successor(strand.unit, cut, on);
        }
        strands
    }

    /// The lead's strand at a cut.
    pub fn lead(&self, zone: &Zone, cut: u64, on: Date) -> Strand {
        let strands = self.strands(zone, cut, on);
        let lead = strands.into_iter().find(|s| s.duty == Duty::Lead);
        lead.expect("decide assigns exactly one lead")
    }

    /// Where the task stands at a cut: its lead's strand.
    pub fn state(&self, zone: &Zone, cut: u64, on: Date) -> TaskState {
        self.lead(zone, cut, on).state
    }

    /// The meeting it comes from, directly or through a speech.
    pub fn meeting(&self, zone: &Zone) -> Option<MeetingId> {
        match &self.source {
            TaskSource::Meeting(meeting) => Some(*meeting),
            TaskSource::Speech { speech, .. } => zone.speech(*speech).map(|(meeting, _)| meeting.id),
            _ => None,
        }
    }

    /// Whether somebody with these rights sees it: a unit of one of its strands is within reach.
    pub fn seen_by(&self, strands: &[Strand], rights: &Rights) -> bool {
        rights.may_all(Verb::See)
            || strands.iter().any(|s| rights.may(Verb::See, s.holder) || rights.may(Verb::See, s.unit))
    }

    /// The strand on which an act of this kind may be done now, or why not.
    ///
    /// `unit` names the strand by its unit or by that unit's successor. Errors, in this order: absent when
    /// the task may not be seen; no such strand; not allowed; not in this state; two persons. What an act
    /// says (days, reasons) is checked by `decide`.
    pub fn may(&self, zone: &Zone, rights: &Rights, on: Date, unit: UnitId, doing: Doing) -> Result<Strand, Refusal> {
        let strands = self.strands(zone, u64::MAX, on);
        if !self.seen_by(&strands, rights) {
            return Err(Refusal::absent());
        }
        let by_key = strands.iter().find(|s| s.unit == unit);
        let held: Vec<&Strand> = strands.iter().filter(|s| s.holder == unit).collect();
        let strand = match (by_key, &held[..]) {
            (Some(strand), _) => strand,
            (None, [one]) => one,
            _ => {
                let names: Vec<String> =
                    strands.iter().filter_map(|s| zone.unit_now(s.unit)).map(|d| d.short.clone()).collect();
                return Err(Refusal::wrong("task.strand", &[("units", &names.join("、"))]).at("unit"));
            }
        };
        if !rights.may(doing.verb(), strand.holder) {
            let (zh, en) = doing.verb().words();
            let mut refusal = Refusal::forbidden(zh);
            refusal.en = Refusal::forbidden(en).en;
            return Err(refusal);
        }
        let lead = strands.iter().find(|s| s.duty == Duty::Lead).unwrap_or(strand);
        self.now(zone, on, lead, strand, doing)?;
        let other_person = |seq: u64| match (zone.actor(seq), rights.person) {
            (Some(then), Some(now)) if then == now => Err(Refusal::new(Why::Forbidden, "task.self", &[])),
            _ => Ok(()),
        };
        match doing {
            Doing::DecideObjection => strand.objection.map_or(Ok(()), other_person)?,
            Doing::DecideExtension => strand.asked.map_or(Ok(()), |(seq, _)| other_person(seq))?,
            Doing::Complete => strand.feedback.iter().try_for_each(|(seq, _)| other_person(*seq))?,
            _ => {}
        }
        Ok(strand.clone())
    }

    /// Whether the states of the lead and of the strand allow the act on the day.
    fn now(&self, zone: &Zone, on: Date, lead: &Strand, strand: &Strand, doing: Doing) -> Result<(), Refusal> {
        use TaskState as S;
        let no = |code: &str, args: &[(&str, &dyn Display)]| Err(Refusal::not_now(code, args));
        for state in [lead.state, strand.state] {
            if state.is_over() {
                let say = |lang: Lang| Refusal::not_now("task.over", &[("state", &state.label(lang))]);
                return Err(Refusal { en: say(Lang::En).en, ..say(Lang::Zh) });
            }
        }
        if strand.state == S::Completed {
            return if doing == Doing::CloseOut { Ok(()) } else { no("task.completed", &[]) };
        }
        let suspended = strand.state == S::Suspended;
        if (suspended || lead.state == S::Suspended) && !matches!(doing, Doing::Resume | Doing::Cancel | Doing::Merge) {
            return no("task.suspended", &[]);
        }
        let unacknowledged = strand.state == S::Assigned;
        let urge_days = i64::from(zone.blueprint().settings.urge_every_days);
        match doing {
            Doing::Acknowledge if !unacknowledged => no("task.acknowledged-already", &[]),
            Doing::Object if !unacknowledged => no("task.object-late", &[]),
            Doing::Object if strand.objection.is_some() => no("task.objection-waits", &[]),
            Doing::Object if strand.objection_kept => no("task.objection-kept", &[]),
            Doing::DecideObjection if strand.objection.is_none() => no("task.objection-none", &[]),
            Doing::Feed | Doing::AskExtension if unacknowledged => no("task.acknowledge-first", &[]),
            Doing::Feed if strand.state == S::Submitted => no("task.submitted", &[]),
            Doing::AskExtension => match (strand.deadline, strand.asked) {
                (None, _) => no("task.deadline-none", &[]),
                (_, Some((_, to))) => no("task.extension-waits", &[("to", &to)]),
                (Some(deadline), None) if on > deadline => no("task.extension-late", &[("deadline", &deadline)]),
                _ => Ok(()),
            },
            Doing::DecideExtension if strand.asked.is_none() => no("task.extension-none", &[]),
            Doing::Return if strand.standing.is_none() => no("task.feedback-none", &[]),
            Doing::CloseOut => no("task.complete-first", &[]),
            Doing::Urge if strand.state == S::Submitted => no("task.urge-submitted", &[]),
            Doing::Urge => match strand.urges.last().map(|seq| zone.day_known(*seq)) {
                Some(day) if days_between(day, on) < urge_days => {
                    let next = day.saturating_add(SignedDuration::from_hours(24 * urge_days));
                    no("task.urged-already", &[("on", &day), ("days", &urge_days), ("next", &next)])
                }
                _ => Ok(()),
            },
            Doing::Merge if strand.duty != Duty::Lead => no("task.merge-lead", &[]),
            Doing::Resume if !suspended => no("task.suspended-not", &[]),
            _ => Ok(()),
        }
    }
}

impl Zone {
    /// The task that has a code.
    pub fn task_by_code(&self, code: &str) -> Option<&Arc<Task>> {
        self.tasks.values().find(|t| t.code == code)
    }

    /// The unit that answers for another on a day, as known at a cut: the end of the chain of mergers.
    pub fn successor(&self, unit: UnitId, cut: u64, on: Date) -> UnitId {
        let mut now = unit;
        // A chain cannot be longer than the list of units: a later merger may lead back.
        for _ in 0..self.units.len() {
            let merged = self.unit(now).and_then(|u| u.merged.at(cut));
            match merged {
                Some((into, day)) if *day <= on => now = *into,
                _ => break,
            }
        }
        now
    }
}
