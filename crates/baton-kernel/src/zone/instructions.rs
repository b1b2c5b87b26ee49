//! Instructions (批示) in the zone: what a leader said on what, who entered it, and what became of it.

use super::Zone;
use crate::blobs::Said;
use crate::entries::*;
use crate::ids::*;
use jiff::civil::Date;
use std::sync::Arc;

/// A sentence of a leader on a number, an item or a task.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Identity.
    pub id: InstructionId,
    /// Seq at which it was entered.
    pub seq: u64,
    /// What it is said on.
    pub on: InstructionOn,
    /// The words.
    pub words: Said,
    /// The leader, when another entered it.
    pub leader: Option<PersonId>,
    /// The delegation by which another entered it.
    pub delegation: Option<DelegationId>,
    /// Why it becomes no task: seq and words.
    pub answered: Option<(u64, Said)>,
    /// Tasks made of it, with the seq of each.
    pub tasks: Vec<(u64, TaskId)>,
}

impl Instruction {
    /// Whether it waits for the supervising office at a cut.
    pub fn waits(&self, cut: u64) -> bool {
        self.seq <= cut
            && self.answered.is_none_or(|(seq, _)| seq > cut)
            && self.tasks.iter().all(|(seq, _)| *seq > cut)
    }
}

/// Leave to enter instructions in a leader's name.
#[derive(Clone, Debug)]
pub struct Delegation {
    /// Identity.
    pub id: DelegationId,
    /// Seq at which it was given.
    pub seq: u64,
    /// Who gave it.
    pub leader: PersonId,
    /// Who may enter.
    pub to: PersonId,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Seq at which it was ended.
    pub ended: Option<u64>,
}

impl Delegation {
    /// Whether it holds on a day, as known now.
    pub fn holds(&self, on: Date) -> bool {
        self.ended.is_none() && self.from <= on && on <= self.until
    }
}

impl Zone {
    pub(super) fn apply_instruction(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::InstructionGiven { instruction, on, words, leader, delegation } => {
                let made = Instruction {
                    id: instruction,
                    seq,
                    on,
                    words,
                    leader,
                    delegation,
                    answered: None,
                    tasks: Vec::new(),
                };
                self.instructions.insert(instruction, Arc::new(made));
            }
            Body::InstructionAnswered { instruction, because } => {
                if let Some(known) = self.instructions.get_mut(&instruction) {
                    Arc::make_mut(known).answered = Some((seq, because));
                }
            }
            Body::DelegationGiven { delegation, leader, to, from, until } => {
                let made = Delegation { id: delegation, seq, leader, to, from, until, ended: None };
                self.delegations.insert(delegation, Arc::new(made));
            }
            Body::DelegationEnded { delegation } => {
                if let Some(known) = self.delegations.get_mut(&delegation) {
                    Arc::make_mut(known).ended = Some(seq);
                }
            }
            _ => {}
        }
    }

    /// A task was made of an instruction.
    pub(super) fn carry_instruction(&mut self, seq: u64, instruction: InstructionId, task: TaskId) {
        if let Some(known) = self.instructions.get_mut(&instruction) {
            Arc::make_mut(known).tasks.push((seq, task));
        }
    }

    /// The instruction under an id.
    pub fn instruction(&self, id: InstructionId) -> Option<&Arc<Instruction>> {
        self.instructions.get(&id)
    }

    /// All instructions in the order in which they were entered.
    pub fn instructions(&self) -> Vec<&Arc<Instruction>> {
        let mut list: Vec<&Arc<Instruction>> = self.instructions.values().collect();
        list.sort_by_key(|i| i.seq);
        list
    }

    /// The delegation under an id.
    pub fn delegation(&self, id: DelegationId) -> Option<&Arc<Delegation>> {
        self.delegations.get(&id)
    }

    /// All delegations in the order in which they were given.
    pub fn delegations(&self) -> Vec<&Arc<Delegation>> {
        let mut list: Vec<&Arc<Delegation>> = self.delegations.values().collect();
        list.sort_by_key(|d| d.seq);
        list
    }

    /// Leaders in whose name a person may enter instructions on a day, with the delegation: the newest of each.
    pub fn delegated_to(&self, person: PersonId, on: Date) -> Vec<(PersonId, DelegationId)> {
        let mut list: Vec<(PersonId, DelegationId)> = Vec::new();
        for one in self.delegations().into_iter().rev().filter(|d| d.to == person && d.holds(on)) {
            if !list.iter().any(|(leader, _)| *leader == one.leader) {
                list.push((one.leader, one.id));
            }
        }
        list.sort_unstable();
        list
    }
}
