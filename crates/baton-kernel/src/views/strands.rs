//! The parts of a task as shown: a unit's strand, what happened on it, and what the caller may do there.

use super::pace::LightShown;
use super::review::UnitShown;
use crate::blobs::{FileRef, Said};
use crate::entries::{Duty, TaskAct};
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Doing, Strand, Task, TaskState, Timing};
use jiff::civil::Date;
use serde::Serialize;

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

impl Seen {
    pub(super) fn strand_shown(&self, task: &Task, strand: &Strand) -> StrandShown {
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
            TaskAct::ObjectionDecided { withdrawn: true, because, .. } => ("objection_withdrawn", said(because), true),
            TaskAct::ObjectionDecided { to: None, because, .. } => ("objection_kept", said(because), false),
            TaskAct::ObjectionDecided { to: Some(unit), because, .. } => {
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
            TaskAct::Resumed { because } => ("resumed", said_if(because), false),
            TaskAct::Merged { into, because } => {
                to = Some(self.zone.task(*into).map_or(String::new(), |t| t.code.clone()));
                ("merged", said(because), false)
            }
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
    pub(super) fn next_step(&self, strands: &[Strand]) -> String {
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
            TaskState::ClosedOut | TaskState::Cancelled | TaskState::Merged => say("task.next.over", None),
        }
    }

    /// What the caller may do on each strand, as `decide` would answer now, and what can still come from the
    /// present state. Nothing is offered on the past.
    pub(super) fn task_acts(&self, task: &Task, strands: &[Strand]) -> Vec<TaskActOption> {
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
}

/// Words, day, other unit and files that an act asks for.
fn needs(doing: Doing, strand: &Strand) -> [Need; 4] {
    use Need::{None, Optional, Required};
    match doing {
        Doing::Acknowledge => [None, None, None, None],
        Doing::Resume => [Optional, None, None, None],
        Doing::Object | Doing::Merge | Doing::Return | Doing::Suspend | Doing::Cancel => [Required, None, None, None],
        Doing::DecideObjection => [Required, None, Optional, None],
        Doing::Feed => [Required, None, None, Optional],
        Doing::AskExtension => [Required, Required, None, None],
        Doing::DecideExtension => [Optional, Optional, None, None],
        Doing::Complete if strand.state != TaskState::Submitted => [Required, None, None, None],
        Doing::Complete | Doing::CloseOut | Doing::Urge => [Optional, None, None, None],
    }
}
