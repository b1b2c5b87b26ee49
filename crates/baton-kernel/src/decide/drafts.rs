//! Decisions on drafts of tasks: proposed, signed off by another person of the supervising office, or dropped.

use super::Desk;
use crate::commands::Act;
use crate::entries::{Body, TaskSource};
use crate::ids::*;
use crate::limits;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};

impl Desk<'_> {
    pub(super) fn drafts(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::DraftTask { task, title, source, said, deadline, strands, aim, area, items } => {
                self.need_drafting()?;
                self.fresh(self.zone.task(*task).is_some() || self.zone.draft(*task).is_some())?;
                let title = self.name(title, "任务名称", limits::NAME_CHARS_MAX)?;
                self.source(source)?;
                if !strands.is_empty() {
                    self.strands(strands)?;
                }
                let deadline = self.deadline(deadline)?;
                let aim = self.optional(aim, "量化目标")?;
                self.area(area.as_deref())?;
                self.linked(items)?;
                let said = self.said(said, "原文", limits::WORDS_CHARS_MAX)?;
                self.enter(Body::TaskDrafted {
                    task: *task,
                    title,
                    source: source.clone(),
                    said,
                    deadline,
                    strands: strands.clone(),
                    aim,
                    area: area.clone(),
                    items: items.clone(),
                });
                Ok(())
            }
            Act::DropDraft { task, because } => {
                let draft = self.zone.draft(*task).ok_or_else(Refusal::absent)?;
                let mine = self.rights.person.is_some() && self.zone.actor(draft.seq) == self.rights.person;
                if !mine {
                    self.need_all(Verb::TaskSupervise)?;
                }
                self.waiting(*task)?;
                let because = self.because(because)?;
                self.enter(Body::TaskDraftDropped { task: *task, because });
                Ok(())
            }
            Act::RecordText { text, number, title, raw, clean } => {
                self.need_drafting()?;
                self.fresh(self.zone.task_text(*text).is_some())?;
                let number = self.name(number, "文号", limits::FIELD_CHARS_MAX)?;
                let title = self.optional(title, "标题")?;
                let raw = self.said(raw, "原文", limits::SPEECH_CHARS_MAX)?;
                let clean = self.said(clean, "原文", limits::SPEECH_CHARS_MAX)?;
                self.enter(Body::TextRecorded { text: *text, number, title, raw, clean });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    /// Who assigns, supervises or keeps the record of meetings may propose tasks.
    fn need_drafting(&self) -> Result<(), Refusal> {
        if [Verb::TaskSupervise, Verb::MeetingRun].into_iter().any(|verb| self.rights.may_somewhere(verb)) {
            return Ok(());
        }
        self.need_all(Verb::TaskAssign)
    }

    fn waiting(&self, task: TaskId) -> Result<(), Refusal> {
        match self.zone.draft(task) {
            Some(draft) if draft.signed.is_some() => Err(Refusal::not_now("task.draft-signed", &[])),
            Some(draft) if draft.dropped.is_some() => Err(Refusal::not_now("task.draft-dropped", &[])),
            _ => Ok(()),
        }
    }

    /// A task that was drafted is signed off by the supervising office, by another person than drafted it.
    pub(super) fn sign_off(&self, task: TaskId) -> Result<(), Refusal> {
        let Some(draft) = self.zone.draft(task) else { return Ok(()) };
        self.need_all(Verb::TaskSupervise)?;
        self.waiting(task)?;
        match (self.zone.actor(draft.seq), self.rights.person) {
            (Some(then), Some(now)) if then == now => Err(Refusal::new(Why::Forbidden, "task.draft-self", &[])),
            _ => Ok(()),
        }
    }

    /// Where a task comes from: a draft that is signed off keeps the source it was drafted from.
    pub(super) fn carried(&self, task: TaskId, source: &TaskSource) -> Result<TaskSource, Refusal> {
        Ok(self.zone.draft(task).map_or_else(|| source.clone(), |draft| draft.source.clone()))
    }
}
