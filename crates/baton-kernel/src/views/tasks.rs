//! Tasks as shown: the ledger (督办台账), one task with its strands, and what became of commitments.
//!
//! Everything is derived from the acts up to the cut. What a page may offer is asked of `Task::may`, as
//! `decide` asks it, so that the two cannot disagree.

pub use super::commitments::*;
use super::pace::LightShown;
use super::review::UnitShown;
pub use super::strands::*;
use crate::blobs::Said;
use crate::entries::{Duty, TaskAct, TaskSource};
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Meeting, Strand, Task, TaskState, Timing};
use baton_methods::Light;
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
    /// From this sort of source (key of [`SourceShown`]).
    pub source: Option<String>,
    /// Assisted by this unit.
    pub assist: Option<UnitId>,
    /// The supervising office is to decide something: an extension, an objection, a result, a closing out.
    pub waits: bool,
    /// With this light (key).
    pub light: Option<String>,
    /// Overdue in either way.
    pub overdue: bool,
    /// Due on or after this day.
    pub due_from: Option<Date>,
    /// Due on or before this day.
    pub due_to: Option<Date>,
    /// Assigned on or after this day.
    pub assigned_from: Option<Date>,
    /// Assigned on or before this day.
    pub assigned_to: Option<Date>,
    /// With these words in code, title, aim or what was said.
    pub text: String,
    /// Order of the rows.
    pub order: TaskOrder,
    /// The other way round.
    pub reversed: bool,
}

/// Order of the rows of the ledger.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TaskOrder {
    /// By code.
    #[default]
    Code,
    /// By deadline in force, earliest first; without one last.
    Due,
    /// By day assigned.
    Assigned,
    /// By lead unit, in official order.
    Lead,
    /// By state, in the order of a task's course.
    State,
    /// By times urged.
    Urged,
}

impl TaskOrder {
    /// Every order.
    pub const ALL: [TaskOrder; 6] =
        [TaskOrder::Code, TaskOrder::Due, TaskOrder::Assigned, TaskOrder::Lead, TaskOrder::State, TaskOrder::Urged];

    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            TaskOrder::Code => "code",
            TaskOrder::Due => "due",
            TaskOrder::Assigned => "assigned",
            TaskOrder::Lead => "lead",
            TaskOrder::State => "state",
            TaskOrder::Urged => "urged",
        }
    }

    /// The order under a key.
    pub fn parse(key: &str) -> Option<TaskOrder> {
        TaskOrder::ALL.into_iter().find(|o| o.key() == key)
    }
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
    /// Sort of source: stable key of [`SourceShown`].
    pub source_key: &'static str,
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
    /// The assisting units.
    pub assist_units: Vec<UnitId>,
    /// Whether an objection of the lead waits for a decision.
    pub objects: bool,
    /// Whether something waits for the supervising office, on any strand.
    pub waits: bool,
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
    /// Rows in which the supervising office is to decide something, were no state asked for.
    pub waits: usize,
    /// Assisting units of the tasks seen, in official order.
    pub assists: Vec<UnitShown>,
    /// Sorts of sources of the tasks seen: key and word.
    pub sources: Vec<(&'static str, String)>,
    /// Lead units of the tasks seen, in official order.
    pub leads: Vec<UnitShown>,
    /// Meetings the tasks seen come from, newest first.
    pub meetings: Vec<(MeetingId, String)>,
    /// The light rule in words.
    pub rule: Vec<String>,
}

/// Where a task comes from, with the words around it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SourceShown {
    /// Stable key: `meeting`, `speech`, `item`, `document`, `text`, `instruction`, `instructed`.
    pub key: &'static str,
    /// In words.
    pub words: String,
    /// Day, when it has one.
    pub on: Option<Date>,
    /// The meeting.
    pub meeting: Option<MeetingId>,
    /// The speech, first character and length of the clause.
    pub speech: Option<(SpeechId, u32, u32)>,
    /// The document taken in, first character and length of the clause.
    pub text: Option<(TextId, u32, u32)>,
    /// The instruction of the ledger.
    pub instruction: Option<InstructionId>,
    /// The sentence of the speech or document that holds the clause; the words of an instruction.
    pub sentence: Option<String>,
    /// The item's code, when the caller sees it.
    pub item: Option<String>,
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
    /// The task into which it went, when the caller sees that: id, code, title.
    pub merged_into: Option<(TaskId, String, String)>,
    /// Tasks that went into it, of those the caller sees.
    pub merged_from: Vec<(TaskId, String, String)>,
    /// What the caller may do, strand by strand. Empty when the past is shown.
    pub acts: Vec<TaskActOption>,
    /// The light rule in words.
    pub rule: Vec<String>,
}

/// The ledger as a caller sees it through a filter.
pub fn ledger(seen: &Seen, filter: &TaskFilter) -> TaskLedger {
    let mut all: Vec<(Arc<Task>, TaskRow)> =
        seen.tasks_seen().map(|(task, strands)| (task.clone(), seen.task_row(task, &strands))).collect();
    all.sort_by_cached_key(|(_, row)| natural(&row.code));
    match filter.order {
        TaskOrder::Code => {}
        TaskOrder::Due => all.sort_by_key(|(_, row)| (row.due.is_none(), row.due)),
        TaskOrder::Assigned => all.sort_by_key(|(_, row)| row.assigned_on),
        TaskOrder::Lead => all.sort_by_key(|(_, row)| seen.zone.unit_order(row.lead_unit.id)),
        TaskOrder::State => all.sort_by_key(|(_, row)| row.state),
        TaskOrder::Urged => all.sort_by_key(|(_, row)| std::cmp::Reverse(row.urged)),
    }
    if filter.reversed {
        all.reverse();
        // What has no deadline stays last.
        if filter.order == TaskOrder::Due {
            all.sort_by_key(|(_, row)| row.due.is_none());
        }
    }
    let pick = |f: &TaskFilter| -> Vec<&TaskRow> {
        all.iter().filter(|(task, row)| seen.task_asked(task, row, f)).map(|(_, row)| row).collect()
    };
    let rows = pick(filter);
    let any_state = pick(&TaskFilter { state: None, open: false, waits: false, ..filter.clone() });
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
    let waits = any_state.iter().filter(|r| r.waits).count();
    let mut assists: Vec<UnitShown> =
        all.iter().flat_map(|(_, row)| &row.assist_units).map(|u| seen.unit_shown(*u)).collect();
    assists.sort_by_key(|u| (seen.zone.unit_order(u.id), u.id));
    assists.dedup_by_key(|u| u.id);
    let sources = SOURCES
        .into_iter()
        .filter(|key| all.iter().any(|(_, row)| row.source_key == *key))
        .map(|key| (key, seen.say(&format!("task.from.{key}"), &[])))
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
        waits,
        assists,
        sources,
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
        merged_into: seen.task_merged_into(&strands),
        merged_from: seen.task_merged_from(task.id),
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

    pub(super) fn meeting_day(&self, meeting: &Meeting) -> Option<Date> {
        meeting.plan.at(self.cut).or(meeting.plan.last()).map(|p| p.on)
    }

    pub(super) fn task_words(&self, said: &Said) -> String {
        self.zone.said(said).to_string()
    }

    /// The rule of the light in words, one line a band.
    pub(super) fn light_rule(&self) -> Vec<String> {
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
            && (!filter.waits || row.waits)
            && filter.source.as_ref().is_none_or(|s| row.source_key == s)
            && filter.assist.is_none_or(|u| row.assist_units.contains(&u))
            && filter.due_from.is_none_or(|day| row.due.is_some_and(|d| d >= day))
            && filter.assigned_from.is_none_or(|day| row.assigned_on >= day)
            && filter.assigned_to.is_none_or(|day| row.assigned_on <= day)
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
            source_key: source.key,
            source_on: source.on,
            meeting: source.meeting,
            lead: self.unit_short(lead.holder),
            lead_unit: self.unit_shown(lead.holder),
            assist: strands
                .iter()
                .filter(|s| s.duty == Duty::Assist && s.state != TaskState::Cancelled)
                .map(|s| self.unit_short(s.holder))
                .collect(),
            assist_units: strands
                .iter()
                .filter(|s| s.duty == Duty::Assist && s.state != TaskState::Cancelled)
                .map(|s| s.holder)
                .collect(),
            objects: lead.objection.is_some(),
            waits: !lead.state.is_over()
                && strands.iter().any(|s| {
                    s.objection.is_some()
                        || s.asked.is_some()
                        || matches!(s.state, TaskState::Submitted)
                        || s.duty == Duty::Lead && s.state == TaskState::Completed
                }),
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

    pub(super) fn task_latest(&self, task: &Task, strand: &Strand) -> Option<Latest> {
        let (seq, last) = strand.standing?;
        let (.., act) = task.acts.iter().find(|(s, ..)| *s == seq)?;
        let TaskAct::Fed { text, .. } = act else { return None };
        Some(Latest { on: self.zone.day_known(seq), text: self.task_words(text), last })
    }

    /// The light of a strand with its reason: the declared rule while it runs, the record afterwards.
    pub(super) fn task_light(&self, strand: &Strand, timing: &Timing) -> LightShown {
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
            TaskState::Merged => shown(Light::None, "task.light.merged", &[]),
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

    pub(super) fn task_source(&self, task: &Task) -> SourceShown {
        self.source_shown(&task.source)
    }

    /// Where a task or a draft comes from.
    pub(crate) fn source_shown(&self, source: &TaskSource) -> SourceShown {
        let mut shown = SourceShown {
            key: "instruction",
            words: self.say("task.source.instruction", &[]),
            on: None,
            meeting: None,
            speech: None,
            text: None,
            instruction: None,
            sentence: None,
            item: None,
        };
        match source {
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
            TaskSource::Text { text, offset, length } => {
                shown.key = "text";
                shown.text = Some((*text, *offset, *length));
                if let Some(row) = self.zone.task_text(*text) {
                    shown.words = match row.title.is_empty() {
                        true => row.number.clone(),
                        false => self.say("task.source.text", &[("number", &row.number), ("title", &row.title)]),
                    };
                    shown.on = Some(self.zone.day_known(row.seq));
                    shown.sentence = sentence(&self.zone.said(&row.clean), *offset as usize, *length as usize);
                }
            }
            TaskSource::Instructed(id) => {
                shown.key = "instructed";
                shown.instruction = Some(*id);
                if let Some(known) = self.zone.instruction(*id) {
                    let leader = known.leader.or(self.zone.actor(known.seq));
                    let name = leader.map_or(String::new(), |p| self.person(p));
                    shown.words = self.say("task.source.instructed", &[("leader", &name)]);
                    shown.on = Some(self.zone.day_known(known.seq));
                    shown.sentence = Some(self.task_words(&known.words));
                }
            }
            TaskSource::Instruction => {}
        }
        shown
    }

    /// A task as a link, when the caller sees it.
    fn task_link(&self, id: TaskId) -> Option<(TaskId, String, String)> {
        let (task, _) = self.task(&id.to_string()).ok()?;
        Some((task.id, task.code.clone(), task.title.clone()))
    }

    fn task_merged_into(&self, strands: &[Strand]) -> Option<(TaskId, String, String)> {
        let lead = strands.iter().find(|s| s.duty == Duty::Lead)?;
        self.task_link(lead.merged?.1)
    }

    fn task_merged_from(&self, into: TaskId) -> Vec<(TaskId, String, String)> {
        let went = |task: &&Arc<Task>| {
            task.acts
                .iter()
                .any(|(seq, _, act)| matches!(act, TaskAct::Merged { into: to, .. } if *to == into && *seq <= self.cut))
        };
        self.zone.tasks().into_iter().filter(went).filter_map(|task| self.task_link(task.id)).collect()
    }
}

/// Sorts of sources, in the order of a filter.
const SOURCES: [&str; 7] = ["meeting", "speech", "text", "document", "instructed", "instruction", "item"];

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
