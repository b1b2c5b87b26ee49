//! Problems of items: raised by whoever works on it, made a task by the supervising office, settled with words.

use super::Desk;
use crate::commands::Act;
use crate::entries::{Body, ProblemAct};
use crate::ids::*;
use crate::limits;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use crate::zone::{Item, Problem};
use std::sync::Arc;

/// Whoever may do one of these over an item's unit may raise a problem on it.
pub(crate) const RAISE: [Verb; 6] =
    [Verb::Report, Verb::Submit, Verb::ItemChange, Verb::TaskHandle, Verb::TaskAssign, Verb::TaskSupervise];

impl Desk<'_> {
    pub(super) fn problems(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::RaiseProblem { item, problem, text, evidence } => {
                let known = self.zone.item(*item).cloned().ok_or_else(Refusal::absent)?;
                let lead = *known.lead.last().expect("an item has a lead");
                let units: Vec<UnitId> = known.co.last().into_iter().flatten().copied().chain([lead]).collect();
                if !RAISE.iter().any(|verb| units.iter().any(|unit| self.rights.may(*verb, *unit))) {
                    self.rights.need(Verb::ItemChange, lead)?;
                }
                self.standing_item(&known)?;
                self.fresh(self.zone.items().any(|i| i.problems.iter().any(|p| p.id == *problem)))?;
                self.evidence(evidence)?;
                let text = self.said(text, "问题", limits::WORDS_CHARS_MAX)?;
                let what = ProblemAct::Raised { text, evidence: evidence.clone() };
                self.enter(Body::ItemProblem { item: *item, problem: *problem, what });
                Ok(())
            }
            Act::TaskProblem { item, problem, task } => {
                self.need_all(Verb::TaskAssign)?;
                self.open_problem(*item, *problem)?;
                let names = self.zone.task(*task).is_some_and(|t| t.items.contains(item));
                if !names {
                    return Err(Refusal::wrong("problem.task", &[]));
                }
                let what = ProblemAct::Tasked { task: *task };
                self.enter(Body::ItemProblem { item: *item, problem: *problem, what });
                Ok(())
            }
            Act::SettleProblem { item, problem, because, evidence } => {
                let (known, _) = self.open_problem(*item, *problem)?;
                let lead = *known.lead.last().expect("an item has a lead");
                if !self.rights.may_all(Verb::TaskAssign) && !self.rights.may(Verb::TaskSupervise, lead) {
                    self.rights.need(Verb::ItemChange, lead)?;
                }
                self.evidence(evidence)?;
                let because = self.said(because, "解决情况", limits::WORDS_CHARS_MAX)?;
                let what = ProblemAct::Settled { because, evidence: evidence.clone() };
                self.enter(Body::ItemProblem { item: *item, problem: *problem, what });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    fn standing_item(&self, item: &Item) -> Result<(), Refusal> {
        if item.stands(u64::MAX) {
            return Ok(());
        }
        let name = item.name.last().cloned().unwrap_or_default();
        Err(Refusal::not_now("item.gone", &[("item", &name)]))
    }

    /// A problem that is not settled, on an item that is seen and stands.
    fn open_problem(&self, item: ItemId, problem: ProblemId) -> Result<(Arc<Item>, Problem), Refusal> {
        let known = self.zone.item(item).cloned().ok_or_else(Refusal::absent)?;
        self.rights.need(Verb::See, *known.lead.last().expect("an item has a lead"))?;
        self.standing_item(&known)?;
        let found = known.problems.iter().find(|p| p.id == problem).cloned().ok_or_else(Refusal::absent)?;
        if found.settled(u64::MAX) {
            return Err(Refusal::new(Why::Conflict, "problem.closed", &[]));
        }
        Ok((known, found))
    }
}
