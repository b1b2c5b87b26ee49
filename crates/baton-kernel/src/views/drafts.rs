//! Drafts of tasks as shown (拟办): what is proposed, from which words, and who may sign it off.

use super::review::UnitShown;
use super::speech::Made;
use super::tasks::SourceShown;
use crate::entries::{Duty, TaskSource};
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::Draft;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// A draft as a row and as a page.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DraftShown {
    /// Identity: the task's own.
    pub id: TaskId,
    /// Title.
    pub title: String,
    /// What was said.
    pub said: String,
    /// Where it comes from.
    pub source: SourceShown,
    /// Lead proposed.
    pub lead: Option<UnitShown>,
    /// Assisting units proposed.
    pub assist: Vec<UnitShown>,
    /// Day proposed.
    pub due: Option<Date>,
    /// The words the day came from.
    pub due_words: String,
    /// The limit proposed, days and whether working ones.
    pub limit: Option<(u32, bool)>,
    /// Quantified aim.
    pub aim: String,
    /// Area key.
    pub area: Option<String>,
    /// Items it is about.
    pub items: Vec<ItemId>,
    /// Who drafted it.
    pub who: String,
    /// When.
    pub when: String,
    /// It waits for a sign-off.
    pub waits: bool,
    /// Who signed it off, and when.
    pub signed: Option<(String, String)>,
    /// Who dropped it, when, and why.
    pub dropped: Option<(String, String, String)>,
    /// The caller may sign it off.
    pub may_sign: bool,
    /// The caller may drop it.
    pub may_drop: bool,
}

/// Drafts that the caller sees, oldest first: those that wait, or all of them.
pub fn list(seen: &Seen, waiting: bool) -> Vec<DraftShown> {
    let drafts = seen.zone.drafts().into_iter().filter(|d| d.seq <= seen.cut && seen.sees_draft(d));
    drafts.filter(|d| !waiting || d.waits(seen.cut)).map(|d| seen.draft_shown(d)).collect()
}

/// One draft. Errors: absent, alike for what is not there and what is not the caller's.
pub fn draft(seen: &Seen, key: &str) -> Result<DraftShown, Refusal> {
    let id: TaskId = key.parse().map_err(|_| Refusal::absent())?;
    let known = seen.zone.draft(id).filter(|d| d.seq <= seen.cut && seen.sees_draft(d)).ok_or_else(Refusal::absent)?;
    Ok(seen.draft_shown(known))
}

/// A document taken in.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TextShown {
    /// Identity.
    pub id: TextId,
    /// Number of the document, or what it is called.
    pub number: String,
    /// Title.
    pub title: String,
    /// The words as cleaned.
    pub clean: String,
    /// Who took it in.
    pub who: String,
    /// When.
    pub when: String,
}

/// A document taken in. Errors: absent, alike for what is not there and what is not the caller's.
pub fn text(seen: &Seen, id: TextId) -> Result<TextShown, Refusal> {
    let clean = clean_text(seen, id)?;
    let row = seen.zone.task_text(id).ok_or_else(Refusal::absent)?;
    Ok(TextShown {
        id,
        number: row.number.clone(),
        title: row.title.clone(),
        clean: clean.to_string(),
        who: seen.who(row.seq),
        when: seen.when(row.seq),
    })
}

/// The words of a document taken in, for whoever drafts tasks.
pub(crate) fn clean_text(seen: &Seen, id: TextId) -> Result<Arc<str>, Refusal> {
    let row = seen.zone.task_text(id).filter(|row| row.seq <= seen.cut).ok_or_else(Refusal::absent)?;
    let mine = seen.rights.person.is_some() && seen.zone.actor(row.seq) == seen.rights.person;
    if mine || seen.sees_drafts() { Ok(seen.zone.said(&row.clean)) } else { Err(Refusal::absent()) }
}

/// Drafts and tasks made from a document: first character, length, what.
pub(crate) fn made_from(seen: &Seen, text: TextId) -> Vec<(u32, u32, Made)> {
    let place = |source: &TaskSource| match source {
        TaskSource::Text { text: from, offset, length } if *from == text => Some((*offset, *length)),
        _ => None,
    };
    let drafts = seen.zone.drafts().into_iter().filter(|d| d.waits(seen.cut)).filter_map(|d| {
        let (offset, length) = place(&d.source)?;
        let code = seen.say("task.draft", &[]);
        Some((offset, length, Made { id: d.id, code, title: d.title.clone() }))
    });
    let tasks = seen.tasks_seen().filter_map(|(task, _)| {
        let (offset, length) = place(&task.source)?;
        Some((offset, length, Made { id: task.id, code: task.code.clone(), title: task.title.clone() }))
    });
    drafts.chain(tasks).collect()
}

impl Seen {
    /// Whether the caller belongs to those who prepare tasks: drafts bind nobody and are shown to nobody else.
    pub(crate) fn sees_drafts(&self) -> bool {
        self.rights.may_all(Verb::TaskSupervise) || self.rights.may_all(Verb::TaskAssign)
    }

    fn sees_draft(&self, draft: &Draft) -> bool {
        let mine = self.rights.person.is_some() && self.zone.actor(draft.seq) == self.rights.person;
        mine || self.sees_drafts()
    }

    fn draft_shown(&self, draft: &Draft) -> DraftShown {
        let zone = &self.zone;
        let units = |duty| draft.strands.iter().filter(move |s| s.duty == duty).map(|s| self.unit_shown(s.unit));
        let mine = self.rights.person.is_some() && zone.actor(draft.seq) == self.rights.person;
        let may = draft.waits(self.cut) && !self.is_past();
        let supervises = self.rights.may_all(Verb::TaskSupervise);
        DraftShown {
            id: draft.id,
            title: draft.title.clone(),
            said: zone.said(&draft.said).to_string(),
            source: self.source_shown(&draft.source),
            lead: units(Duty::Lead).next(),
            assist: units(Duty::Assist).collect(),
            due: draft.deadline.on,
            due_words: draft.deadline.words.clone(),
            limit: draft.deadline.limit.map(|l| (l.days, l.working)),
            aim: draft.aim.clone(),
            area: draft.area.clone(),
            items: draft.items.clone(),
            who: self.who(draft.seq),
            when: self.when(draft.seq),
            waits: draft.waits(self.cut),
            signed: draft.signed.filter(|seq| *seq <= self.cut).map(|seq| (self.who(seq), self.when(seq))),
            dropped: draft
                .dropped
                .filter(|(seq, _)| *seq <= self.cut)
                .map(|(seq, why)| (self.who(seq), self.when(seq), zone.said(&why).to_string())),
            may_sign: may && supervises && self.rights.may_all(Verb::TaskAssign) && !mine,
            may_drop: may && (supervises || mine),
        }
    }
}
