//! Drafts of tasks in the zone (拟办): what was proposed, from which text, and whether it was signed off or dropped.

use super::Zone;
use crate::blobs::Said;
use crate::entries::*;
use crate::ids::*;
use std::sync::Arc;

/// A task that binds nobody yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Identity: the task's own, kept when it is signed off.
    pub id: TaskId,
    /// Seq at which it was drafted.
    pub seq: u64,
    /// Short title.
    pub title: String,
    /// Where it comes from.
    pub source: TaskSource,
    /// What was said.
    pub said: Said,
    /// Deadline proposed.
    pub deadline: Deadline,
    /// Units proposed; may be empty.
    pub strands: Vec<StrandLine>,
    /// Quantified aim.
    pub aim: String,
    /// Area key.
    pub area: Option<String>,
    /// Items it is about.
    pub items: Vec<ItemId>,
    /// Seq of the sign-off.
    pub signed: Option<u64>,
    /// Seq and reason when it was dropped.
    pub dropped: Option<(u64, Said)>,
}

impl Draft {
    /// Whether it waits for a sign-off at a cut.
    pub fn waits(&self, cut: u64) -> bool {
        let after = |seq: u64| seq > cut;
        self.seq <= cut && self.signed.is_none_or(after) && self.dropped.is_none_or(|(seq, _)| after(seq))
    }
}

/// A document taken in, for tasks to be drafted from.
#[derive(Clone, Debug)]
pub struct TaskText {
    /// Identity.
    pub id: TextId,
    /// Seq at which it was taken in.
    pub seq: u64,
    /// Number of the document, or what it is called.
    pub number: String,
    /// Title.
    pub title: String,
    /// As given.
    pub raw: Said,
    /// As cleaned: offsets count its characters.
    pub clean: Said,
}

impl Zone {
    pub(super) fn apply_draft(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::TaskDrafted { task, title, source, said, deadline, strands, aim, area, items } => {
                let made = Draft {
                    id: task,
                    seq,
                    title,
                    source,
                    said,
                    deadline,
                    strands,
                    aim,
                    area,
                    items,
                    signed: None,
                    dropped: None,
                };
                self.drafts.insert(task, Arc::new(made));
            }
            Body::TaskDraftDropped { task, because } => {
                if let Some(known) = self.drafts.get_mut(&task) {
                    Arc::make_mut(known).dropped = Some((seq, because));
                }
            }
            Body::TextRecorded { text, number, title, raw, clean } => {
                self.task_texts.insert(text, Arc::new(TaskText { id: text, seq, number, title, raw, clean }));
            }
            _ => {}
        }
    }

    /// A task was assigned: a draft of it is signed off.
    pub(super) fn sign_draft(&mut self, seq: u64, task: TaskId) {
        if let Some(known) = self.drafts.get_mut(&task) {
            Arc::make_mut(known).signed = Some(seq);
        }
    }

    /// The draft of a task.
    pub fn draft(&self, task: TaskId) -> Option<&Arc<Draft>> {
        self.drafts.get(&task)
    }

    /// All drafts in the order in which they were made.
    pub fn drafts(&self) -> Vec<&Arc<Draft>> {
        let mut list: Vec<&Arc<Draft>> = self.drafts.values().collect();
        list.sort_by_key(|d| d.seq);
        list
    }

    /// A document taken in.
    pub fn task_text(&self, id: TextId) -> Option<&Arc<TaskText>> {
        self.task_texts.get(&id)
    }
}
