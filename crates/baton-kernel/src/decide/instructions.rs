//! Decisions on instructions (批示): said by a leader, or entered in the leader's name by whom the leader let.

use super::Desk;
use crate::commands::{Act, Caller};
use crate::entries::{Body, InstructionOn};
use crate::ids::*;
use crate::limits;
use crate::permit::{Rights, Verb};
use crate::refusals::{Refusal, Why};
use jiff::civil::Date;
use std::fmt::Display;

impl Desk<'_> {
    pub(super) fn instructions(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Instruct { instruction, on, words, leader } => {
                self.fresh(self.zone.instruction(*instruction).is_some())?;
                self.looked_at(on)?;
                let leader = leader.filter(|leader| Some(*leader) != self.rights.person);
                let delegation = match leader {
                    None => {
                        self.need_somewhere(Verb::Instruct)?;
                        None
                    }
                    Some(leader) => self.delegated(leader)?,
                };
                let words = self.said(words, "批示", limits::WORDS_CHARS_MAX)?;
                self.enter(Body::InstructionGiven {
                    instruction: *instruction,
                    on: on.clone(),
                    words,
                    leader,
                    delegation,
                });
                Ok(())
            }
            Act::AnswerInstruction { instruction, because } => {
                self.need_all(Verb::TaskSupervise)?;
                let known = self.zone.instruction(*instruction).ok_or_else(Refusal::absent)?;
                if known.answered.is_some() {
                    return Err(Refusal::not_now("instruction.answered", &[]));
                }
                if !known.tasks.is_empty() {
                    return Err(Refusal::not_now("instruction.carried", &[("count", &known.tasks.len())]));
                }
                let because = self.because(because)?;
                self.enter(Body::InstructionAnswered { instruction: *instruction, because });
                Ok(())
            }
            Act::Delegate { delegation, to, from, until } => {
                self.need_somewhere(Verb::Instruct)?;
                self.fresh(self.zone.delegation(*delegation).is_some())?;
                let Some(leader) = self.rights.person else {
                    return Err(Refusal::wrong("delegation.nobody", &[]));
                };
                if self.zone.people.get(to).is_none() || *to == leader {
                    return Err(Refusal::wrong("delegation.person", &[]).at("to"));
                }
                self.days(*from, *until)?;
                self.enter(Body::DelegationGiven {
                    delegation: *delegation,
                    leader,
                    to: *to,
                    from: *from,
                    until: *until,
                });
                Ok(())
            }
            Act::EndDelegation { delegation } => {
                let known = self.zone.delegation(*delegation).ok_or_else(Refusal::absent)?;
                let mine = self.rights.person.is_some_and(|p| p == known.leader || p == known.to);
                if !mine && !self.rights.may_all(Verb::PersonManage) {
                    return Err(Refusal::absent());
                }
                if known.ended.is_some() {
                    return Err(Refusal::not_now("delegation.ended", &[]));
                }
                self.enter(Body::DelegationEnded { delegation: *delegation });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    /// A verb over some unit: what it is about is checked by who may see it.
    fn need_somewhere(&self, verb: Verb) -> Result<(), Refusal> {
        if self.rights.may_somewhere(verb) { Ok(()) } else { self.need_all(verb) }
    }

    /// The delegation by which the caller may speak for a leader today. The founder's stories need none.
    fn delegated(&self, leader: PersonId) -> Result<Option<DelegationId>, Refusal> {
        let none = || Refusal::new(Why::Forbidden, "instruction.delegation", &[]).at("leader");
        let given = match self.rights.person {
            Some(person) => {
                let all = self.zone.delegated_to(person, self.today);
                Some(all.into_iter().find(|(l, _)| *l == leader).ok_or_else(none)?.1)
            }
            None => None,
        };
        let theirs = Rights::of(self.zone, Caller::Person(leader), self.today);
        if theirs.may_somewhere(Verb::Instruct) { Ok(given) } else { Err(none()) }
    }

    /// What an instruction is said on must be there and be seen by whoever enters it.
    fn looked_at(&self, on: &InstructionOn) -> Result<(), Refusal> {
        let sees = |unit: UnitId| self.rights.may(Verb::See, unit);
        let item = |id: ItemId| {
            let known = self.zone.item(id)?;
            let lead = known.lead.last().is_some_and(|u| sees(*u));
            (lead || known.co.last().is_some_and(|list| list.iter().any(|u| sees(*u)))).then_some(())
        };
        let seen = match on {
            InstructionOn::Item(id) => item(*id),
            InstructionOn::Task(id) => self.zone.task(*id).and_then(|task| {
                task.seen_by(&task.strands(self.zone, u64::MAX, self.today), self.rights).then_some(())
            }),
            InstructionOn::Figure { subject, measure, .. } => {
                let known = self.zone.blueprint().kinds.iter().any(|k| k.measures.iter().any(|m| m.key == *measure));
                match subject {
                    Subject::Item(id) => item(*id).filter(|()| known),
                    Subject::Unit(unit) => (sees(*unit) && known).then_some(()),
                }
            }
        };
        seen.ok_or_else(Refusal::absent)
    }

    /// From a day until another, not over yet and not for longer than one may stand in.
    pub(super) fn days(&self, from: Date, until: Date) -> Result<(), Refusal> {
        let days = crate::zone::days_between(from, until);
        if days < 0 || until < self.today || days > limits::STAND_IN_DAYS_MAX {
            let args: [(&str, &dyn Display); 3] =
                [("from", &from), ("until", &until), ("max", &limits::STAND_IN_DAYS_MAX)];
            return Err(Refusal::wrong("stand-in.days", &args).at("until"));
        }
        Ok(())
    }
}
