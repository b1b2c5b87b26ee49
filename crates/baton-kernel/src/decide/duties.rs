//! Decisions on duties: the office's dictionary, and leads confirmed by a person together with a task.

use super::Desk;
use crate::commands::Act;
use crate::entries::{Body, Duty};
use crate::limits;
use crate::permit::Verb;
use crate::refusals::Refusal;

impl Desk<'_> {
    pub(super) fn duties(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::PutDuty { phrase, unit } => {
                self.need_all(Verb::TaskAssign)?;
                let phrase = self.name(phrase, "词语", limits::PHRASE_CHARS_MAX).map_err(|e| e.at("phrase"))?;
                if phrase.chars().count() < limits::WORD_CHARS_MIN {
                    return Err(Refusal::wrong("duty.short", &[("min", &limits::WORD_CHARS_MIN)]).at("phrase"));
                }
                if let Some(unit) = unit {
                    self.standing_unit(*unit).map_err(|e| e.at("unit"))?;
                }
                self.enter(Body::DutyPut { phrase, unit: *unit });
                Ok(())
            }
            Act::ConfirmDuty { phrase, unit, task } => {
                self.need_all(Verb::TaskAssign)?;
                let phrase = self.name(phrase, "词语", limits::PHRASE_CHARS_MAX).map_err(|e| e.at("phrase"))?;
                let leads = self.zone.task(*task).is_some_and(|known| {
                    known.strands.iter().any(|line| line.unit == *unit && line.duty == Duty::Lead)
                });
                if !leads {
                    return Err(Refusal::wrong("duty.not-lead", &[]).at("unit"));
                }
                self.enter(Body::DutyConfirmed { phrase, unit: *unit, task: *task });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }
}
