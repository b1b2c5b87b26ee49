//! Replay: whether somebody may still be told what a stored receipt says.
//!
//! The same key is answered from the receipt without deciding again, so the right that the act needed is asked
//! again here, over the object as it is today. Every act says which right that is: one without does not compile.

use crate::commands::{Act, Caller};
use crate::entries::{Concern, Holding, MeetingState, PaperStep, SubmissionState};
use crate::ids::{ItemId, Subject, TaskId, UnitId};
use crate::permit::{Rights, Verb};
use crate::zone::{Doing, Zone};
use jiff::Timestamp;
use jiff::civil::Date;

/// Whether the caller may still be told what the receipt of an act says.
pub fn may_replay(zone: &Zone, caller: Caller, act: &Act, now: Timestamp) -> bool {
    let today = zone.day_of(now);
    let asked = Asked { zone, rights: &Rights::of(zone, caller, today), today };
    caller == Caller::Founder || asked.still(act)
}

struct Asked<'a> {
    zone: &'a Zone,
    rights: &'a Rights,
    today: Date,
}

impl Asked<'_> {
    fn still(&self, act: &Act) -> bool {
        let (all, over) = (|v| self.rights.may_all(v), |v, unit: UnitId| self.rights.may(v, unit));
        match act {
            Act::All(acts) => acts.iter().all(|a| self.still(a)),
            Act::Found { .. } => false,
            Act::ApplyBlueprint { .. } => all(Verb::BlueprintApply),
            Act::PutUnit { .. } | Act::MergeUnit { .. } | Act::PutPost { .. } => all(Verb::UnitManage),
            Act::PutPerson { .. } => all(Verb::PersonManage),
            Act::HoldPost { post, how, .. } => {
                let own = self.rights.person.is_some() && self.zone.holder(*post, self.today) == self.rights.person;
                all(Verb::PersonManage) || own && *how == Holding::Cover
            }
            Act::Grant { .. } | Act::Revoke { .. } => all(Verb::RoleGrant),
            Act::Erase { .. } => all(Verb::Erase),
            Act::MakeItem { lead, .. } => over(Verb::ItemMake, *lead),
            Act::ChangeItem { item, .. } | Act::WithdrawItem { item, .. } | Act::BecomeItems { item, .. } => {
                self.item(*item, Verb::ItemChange)
            }
            Act::LinkItems { item, .. } | Act::UnlinkItems { item, .. } => self.item(*item, Verb::ItemChange),
            Act::RaiseProblem { item, .. } => super::RAISE.iter().any(|v| self.item_or_part(*item, *v)),
            Act::TaskProblem { .. } => all(Verb::TaskAssign),
            Act::SettleProblem { item, .. } => {
                all(Verb::TaskAssign) || self.item(*item, Verb::TaskSupervise) || self.item(*item, Verb::ItemChange)
            }
            Act::EnterStage { item, .. } => self.item(*item, Verb::ItemStage),
            Act::OpenRound { .. } | Act::ReopenRound { .. } | Act::CloseRound { .. } | Act::UrgeRound { .. } => {
                all(Verb::RoundOpen)
            }
            Act::MoveFigures { submission, unit, .. } => {
                let may = |unit| over(Verb::Submit, unit) || over(Verb::Accept, unit);
                self.zone.submission(*submission).is_some_and(|s| may(s.unit) && may(*unit))
            }
            Act::Report { unit, submit, .. } => over(if *submit { Verb::Submit } else { Verb::Report }, *unit),
            Act::MoveSubmission { submission, to, .. } => {
                let verbs: &[Verb] = match to {
                    SubmissionState::Accepted => &[Verb::Accept],
                    SubmissionState::Returned => &[Verb::Submit, Verb::Accept],
                    SubmissionState::Withdrawn => &[Verb::Report, Verb::Submit],
                    SubmissionState::Proposed | SubmissionState::Submitted => &[Verb::Submit],
                };
                self.zone.submission(*submission).is_some_and(|s| verbs.iter().any(|v| over(*v, s.unit)))
            }
            Act::SetTarget { subject, .. } => match subject {
                Subject::Item(item) => self.item(*item, Verb::TargetSet),
                Subject::Unit(unit) => over(Verb::TargetSet, *unit),
            },
            Act::PlanMeeting { .. } | Act::MoveMeeting { to: MeetingState::Planned, .. } => all(Verb::MeetingPlan),
            Act::MoveMeeting { .. } | Act::EndMeeting { .. } | Act::RecordOutcome { .. } | Act::RecordSpeech { .. } => {
                all(Verb::MeetingRun)
            }
            Act::AnswerVenue { meeting, venue, .. } => {
                let plan = self.zone.meeting(*meeting).and_then(|m| m.plan.last().cloned());
                let unit = plan.and_then(|p| p.venues.iter().find(|v| v.venue == *venue)?.unit);
                all(Verb::MeetingRun) || unit.is_some_and(|u| self.rights.units.contains(&u))
            }
            Act::AssignTask { .. } | Act::PutDuty { .. } | Act::ConfirmDuty { .. } => all(Verb::TaskAssign),
            Act::Override { of: Concern::Meeting(_), .. } => all(Verb::MeetingPlan),
            Act::Override { of: Concern::Circular(_), .. } => all(Verb::PaperIssue),
            Act::Override { of: Concern::Round(_), .. } => all(Verb::RoundOpen),
            Act::ActOnTask { task, unit, what } => self.task(*task, *unit, what.kind()),
            Act::DraftTask { .. } | Act::RecordText { .. } => self.drafts(),
            Act::DropDraft { task, .. } => {
                let by = self.zone.draft(*task).and_then(|d| self.zone.actor(d.seq));
                all(Verb::TaskSupervise) || by.is_some() && by == self.rights.person && self.drafts()
            }
            Act::Instruct { leader, .. } => match leader.filter(|l| Some(*l) != self.rights.person) {
                None => self.rights.may_somewhere(Verb::Instruct),
                Some(leader) => self.rights.person.is_some_and(|person| {
                    self.zone.delegated_to(person, self.today).iter().any(|(from, _)| *from == leader)
                }),
            },
            Act::AnswerInstruction { .. } => all(Verb::TaskSupervise),
            Act::Delegate { .. } => self.rights.may_somewhere(Verb::Instruct),
            Act::EndDelegation { delegation } => self.zone.delegation(*delegation).is_some_and(|d| {
                all(Verb::PersonManage) || self.rights.person.is_some_and(|p| p == d.leader || p == d.to)
            }),
            Act::IssuePaper { .. } => all(Verb::PaperIssue),
            Act::StepPaper { step, .. } => match step {
                PaperStep::Sent | PaperStep::Dropped | PaperStep::Archived => all(Verb::PaperIssue),
                PaperStep::Reviewed => all(Verb::PaperReview),
                PaperStep::Signed => all(Verb::PaperSign),
                PaperStep::Returned => all(Verb::PaperReview) || all(Verb::PaperSign),
            },
            Act::PublishPaper { .. } | Act::PutPaperRights { .. } | Act::TakePaperDown { .. } => {
                all(Verb::PaperPublish)
            }
        }
    }

    /// Whether tasks may be proposed, as `decide` asks it.
    fn drafts(&self) -> bool {
        [Verb::TaskSupervise, Verb::MeetingRun].into_iter().any(|verb| self.rights.may_somewhere(verb))
            || self.rights.may_all(Verb::TaskAssign)
    }

    fn item(&self, item: ItemId, verb: Verb) -> bool {
        self.zone.item(item).and_then(|i| i.lead.last()).is_some_and(|lead| self.rights.may(verb, *lead))
    }

    /// Over the lead or a co-unit.
    fn item_or_part(&self, item: ItemId, verb: Verb) -> bool {
        let co = self.zone.item(item).and_then(|i| i.co.last());
        self.item(item, verb) || co.is_some_and(|units| units.iter().any(|u| self.rights.may(verb, *u)))
    }

    fn task(&self, task: TaskId, unit: UnitId, doing: Doing) -> bool {
        let Some(task) = self.zone.task(task) else { return false };
        let strands = task.strands(self.zone, u64::MAX, self.today);
        let mut mine = strands.iter().filter(|s| s.unit == unit || s.holder == unit);
        mine.any(|s| self.rights.may(doing.verb(), s.holder))
    }
}
