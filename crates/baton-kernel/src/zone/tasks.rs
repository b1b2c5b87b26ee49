//! Tasks in the zone.

use super::Zone;
use crate::blobs::Said;
use crate::entries::*;
use crate::ids::*;
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
            Body::TaskAssigned {
                task,
                code,
                title,
                source,
                said,
                deadline,
                strands,
                aim,
                area,
                items,
            } => {
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
                self.tasks.insert(task, Arc::new(made));
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
