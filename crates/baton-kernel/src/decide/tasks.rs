//! Decisions on tasks: assigned to units, then acted on strand by strand.
//!
//! Who may do what when is `Task::may`; here stands what an act must say. Owner and deadline are as given:
//! nothing is filled in.

use super::Desk;
use crate::commands::{Act, TaskDoing};
use crate::entries::{Body, Deadline, Duty, StrandLine, TaskAct, TaskSource};
use crate::ids::*;
use crate::limits;
use crate::limits::TASK_ITEMS_MAX;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use crate::zone::{Strand, TaskState};
use baton_methods::Term;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt::Display;

impl Desk<'_> {
    pub(super) fn tasks(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::AssignTask { task, code, title, source, said, deadline, strands, aim, area, items } => {
                self.need_all(Verb::TaskAssign)?;
                self.fresh(self.zone.task(*task).is_some())?;
                self.sign_off(*task)?;
                let title = self.name(title, "任务名称", limits::NAME_CHARS_MAX)?;
                self.source(source)?;
                self.strands(strands)?;
                let source = self.carried(*task, source)?;
                let deadline = self.deadline(deadline)?;
                let aim = self.optional(aim, "量化目标")?;
                self.area(area.as_deref())?;
                self.linked(items)?;
                let code = if code.trim().is_empty() {
                    self.task_number()
                } else {
                    self.name(code, "编号", limits::CODE_CHARS_MAX)?
                };
                if let Some(other) = self.zone.task_by_code(&code) {
                    let args: [(&str, &dyn Display); 2] = [("code", &code), ("name", &other.title)];
                    return Err(Refusal::new(Why::Conflict, "code.taken", &args).at("code"));
                }
                let said = self.said(said, "原文", limits::WORDS_CHARS_MAX)?;
                self.enter(Body::TaskAssigned {
                    task: *task,
                    code,
                    title,
                    source,
                    said,
                    deadline,
                    strands: strands.clone(),
                    aim,
                    area: area.clone(),
                    items: items.clone(),
                });
                Ok(())
            }
            Act::ActOnTask { task, unit, what } => {
                let known = self.zone.task(*task).ok_or_else(Refusal::absent)?.clone();
                let strand = known.may(self.zone, self.rights, self.today, *unit, what.kind())?;
                if matches!(what, TaskDoing::Merge { into, .. } if into == task) {
                    return Err(Refusal::wrong("task.merge-self", &[]).at("into"));
                }
                let what = self.task_act(&known.strands(self.zone, u64::MAX, self.today), &strand, what)?;
                if self.rights.units.contains(&strand.holder) {
                    self.unit = Some(strand.holder);
                }
                self.enter(Body::TaskActed { task: *task, unit: strand.unit, what });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    fn task_act(&mut self, strands: &[Strand], strand: &Strand, what: &TaskDoing) -> Result<TaskAct, Refusal> {
        Ok(match what {
            TaskDoing::Acknowledge => TaskAct::Acknowledged,
            TaskDoing::Object { because } => TaskAct::Objected { because: self.because(because)? },
            TaskDoing::DecideObjection { to, withdraw, because } => {
                if let Some(unit) = to {
                    self.standing_unit(*unit).map_err(|e| e.at("to"))?;
                    if strands.iter().any(|s| s.unit == *unit || s.holder == *unit) {
                        let name = self.zone.unit_now(*unit).map_or("", |d| d.short.as_str());
                        return Err(Refusal::wrong("task.move-unit", &[("unit", &name)]).at("to"));
                    }
                }
                if *withdraw && to.is_some() {
                    return Err(Refusal::wrong("task.objection-two", &[]).at("to"));
                }
                TaskAct::ObjectionDecided { to: *to, withdrawn: *withdraw, because: self.because(because)? }
            }
            TaskDoing::Feed { last, text, evidence } => {
                self.evidence(evidence)?;
                let text = self.said(text, "反馈", limits::WORDS_CHARS_MAX)?;
                TaskAct::Fed { last: *last, text, evidence: evidence.clone() }
            }
            TaskDoing::Return { because } => TaskAct::Returned { because: self.because(because)? },
            TaskDoing::AskExtension { to, because } => {
                later(strand, *to)?;
                TaskAct::ExtensionAsked { to: *to, because: self.because(because)? }
            }
            TaskDoing::DecideExtension { granted: false, because, .. } => {
                TaskAct::ExtensionDecided { granted: false, to: None, because: Some(self.because(because)?) }
            }
            TaskDoing::DecideExtension { granted: true, to, because } => {
                // The day granted is written down, so that the entry says it without the request.
                let to = to.or(strand.asked.map(|(_, day)| day));
                if let Some(day) = to {
                    later(strand, day)?;
                }
                TaskAct::ExtensionDecided { granted: true, to, because: self.because_if(because)? }
            }
            TaskDoing::Urge { text } => TaskAct::Urged { text: self.because_if(text)? },
            TaskDoing::Suspend { because } => TaskAct::Suspended { because: self.because(because)? },
            TaskDoing::Resume { because } => TaskAct::Resumed { because: self.because_if(because)? },
            TaskDoing::Merge { into, because } => {
                self.goes_on(*into)?;
                TaskAct::Merged { into: *into, because: self.because(because)? }
            }
            TaskDoing::Complete { because } => {
                if strand.state != TaskState::Submitted && because.trim().is_empty() {
                    return Err(Refusal::wrong("task.final-missing", &[]).at("because"));
                }
                TaskAct::Completed { because: self.because_if(because)? }
            }
            TaskDoing::CloseOut { because } => TaskAct::ClosedOut { because: self.because_if(because)? },
            TaskDoing::Cancel { because } => TaskAct::Cancelled { because: self.because(because)? },
        })
    }

    /// Where the task comes from must be known, and what a speech says must be in it.
    pub(super) fn source(&self, source: &TaskSource) -> Result<(), Refusal> {
        let missing = || Refusal::wrong("task.source", &[]).at("source");
        match source {
            TaskSource::Meeting(id) => {
                let meeting = self.zone.meeting(*id).ok_or_else(missing)?;
                if meeting.state(u64::MAX) == Some(crate::entries::MeetingState::Cancelled) {
                    let title = meeting.plan.last().map_or("", |p| p.title.as_str());
                    return Err(Refusal::wrong("task.source-cancelled", &[("meeting", &title)]).at("source"));
                }
                Ok(())
            }
            TaskSource::Speech { speech, offset, length } => {
                let (_, row) = self.zone.speech(*speech).ok_or_else(missing)?;
                clause(&self.zone.said(&row.clean), *offset, *length)
            }
            TaskSource::Text { text, offset, length } => {
                let row = self.zone.task_text(*text).ok_or_else(missing)?;
                clause(&self.zone.said(&row.clean), *offset, *length)
            }
            TaskSource::Instructed(id) => {
                let known = self.zone.instruction(*id).ok_or_else(missing)?;
                match known.answered {
                    Some(_) => Err(Refusal::not_now("instruction.answered", &[]).at("source")),
                    None => Ok(()),
                }
            }
            TaskSource::Item(id) => self.zone.item(*id).map(|_| ()).ok_or_else(missing),
            TaskSource::Document(number) => self.name(number, "文号", limits::FIELD_CHARS_MAX).map(|_| ()),
            TaskSource::Instruction => Ok(()),
        }
    }

    /// The task into which another goes must be seen, supervised and going on.
    fn goes_on(&self, into: TaskId) -> Result<(), Refusal> {
        let absent = || Refusal::absent().at("into");
        let known = self.zone.task(into).ok_or_else(absent)?;
        let strands = known.strands(self.zone, u64::MAX, self.today);
        if !known.seen_by(&strands, self.rights) {
            return Err(absent());
        }
        let lead = known.lead(self.zone, u64::MAX, self.today);
        self.rights.need(Verb::TaskSupervise, lead.holder)?;
        if lead.state.is_over() || lead.state == TaskState::Completed {
            return Err(Refusal::not_now("task.merge-over", &[("code", &known.code)]).at("into"));
        }
        Ok(())
    }

    pub(super) fn strands(&self, strands: &[StrandLine]) -> Result<(), Refusal> {
        if strands.is_empty() || strands.len() > limits::STRANDS_MAX {
            let args: [(&str, &dyn Display); 2] = [("count", &strands.len()), ("max", &limits::STRANDS_MAX)];
            return Err(Refusal::wrong("task.strands", &args).at("strands"));
        }
        let leads = strands.iter().filter(|s| s.duty == Duty::Lead).count();
        if leads != 1 {
            return Err(Refusal::wrong("task.lead", &[("count", &leads)]).at("lead"));
        }
        let mut seen = BTreeSet::new();
        for strand in strands {
            self.standing_unit(strand.unit).map_err(|e| e.at("strands"))?;
            if !seen.insert(strand.unit) {
                let name = self.zone.unit_now(strand.unit).map_or("", |d| d.short.as_str());
                return Err(Refusal::wrong("task.unit-twice", &[("unit", &name)]).at("strands"));
            }
        }
        Ok(())
    }

    /// The deadline as given, or counted from today when it was given as a limit in days.
    pub(super) fn deadline(&self, deadline: &Deadline) -> Result<Deadline, Refusal> {
        if let Some(limit) = deadline.limit {
            let max = limits::LIMIT_DAYS_MAX;
            if limit.days == 0 || limit.days > max {
                let args: [(&str, &dyn Display); 2] = [("days", &limit.days), ("max", &max)];
                return Err(Refusal::wrong("task.limit-days", &args).at("limit"));
            }
            let term = if limit.working { Term::working(limit.days) } else { Term::natural(limit.days) };
            let on = self
                .zone
                .blueprint()
                .calendar
                .due(self.today, term, false)
                .map_err(|missing| Refusal::not_now("task.limit-year", &[("year", &missing.year)]).at("limit"))?;
            if deadline.on.is_some_and(|day| day != on) {
                return Err(Refusal::wrong("task.limit-two", &[("on", &on)]).at("limit"));
            }
            let words = self.optional(&deadline.words, "期限原文")?;
            return Ok(Deadline { on: Some(on), words, limit: Some(limit) });
        }
        if let Some(day) = deadline.on
            && day < self.today
        {
            let args: [(&str, &dyn Display); 2] = [("deadline", &day), ("today", &self.today)];
            return Err(Refusal::wrong("task.deadline-past", &args).at("deadline"));
        }
        Ok(Deadline { on: deadline.on, words: self.optional(&deadline.words, "期限原文")?, limit: None })
    }

    /// A short text that may be empty.
    pub(super) fn optional(&self, text: &str, field: &str) -> Result<String, Refusal> {
        let text = text.trim();
        let count = text.chars().count();
        if count > limits::FIELD_CHARS_MAX {
            let max = limits::FIELD_CHARS_MAX;
            let args: [(&str, &dyn Display); 3] = [("field", &field), ("count", &count), ("max", &max)];
            return Err(Refusal::wrong("text.long", &args).at(field));
        }
        Ok(text.to_owned())
    }

    /// An area of the blueprint in force, when one is named.
    pub(super) fn area(&self, area: Option<&str>) -> Result<(), Refusal> {
        let blueprint = self.zone.blueprint();
        match area {
            Some(key) if blueprint.area(key).is_none() => {
                let known: Vec<&str> = blueprint.areas.iter().map(|a| a.key.as_str()).collect();
                let args: [(&str, &dyn Display); 2] = [("area", &key), ("areas", &known.join(", "))];
                Err(Refusal::wrong("task.area", &args).at("area"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn linked(&self, items: &[ItemId]) -> Result<(), Refusal> {
        if items.len() > TASK_ITEMS_MAX {
            let args: [(&str, &dyn Display); 2] = [("count", &items.len()), ("max", &TASK_ITEMS_MAX)];
            return Err(Refusal::wrong("task.items", &args).at("items"));
        }
        let mut seen = BTreeSet::new();
        for id in items {
            let item = self.zone.item(*id).ok_or_else(|| Refusal::absent().at("items"))?;
            if !seen.insert(*id) {
                return Err(Refusal::wrong("task.item-twice", &[("item", &item.code)]).at("items"));
            }
        }
        Ok(())
    }

    /// The next free code of the year: `DB-2023-064`.
    fn task_number(&self) -> String {
        let prefix = format!("DB-{}-", self.today.year());
        let mut n = self.zone.tasks.values().filter(|t| t.code.starts_with(&prefix)).count() + 1;
        loop {
            let code = format!("{prefix}{n:03}");
            if self.zone.task_by_code(&code).is_none() {
                return code;
            }
            n += 1;
        }
    }
}

/// A clause must stand inside its text.
fn clause(text: &str, offset: u32, length: u32) -> Result<(), Refusal> {
    let chars = text.chars().count();
    let end = (offset as usize).saturating_add(length as usize);
    if length == 0 || end > chars {
        let args: [(&str, &dyn Display); 3] = [("chars", &chars), ("offset", &offset), ("length", &length)];
        return Err(Refusal::wrong("task.clause", &args).at("source"));
    }
    Ok(())
}

/// A new deadline must be after the one in force.
fn later(strand: &Strand, to: Date) -> Result<(), Refusal> {
    match strand.deadline {
        Some(deadline) if to <= deadline => {
            let args: [(&str, &dyn Display); 2] = [("to", &to), ("deadline", &deadline)];
            Err(Refusal::wrong("task.extension-day", &args).at("to"))
        }
        _ => Ok(()),
    }
}
