//! Decisions on overrides: who answers for a warning on conduct and burden, and on what basis.

use super::Desk;
use crate::commands::Act;
use crate::entries::{Body, Concern};
use crate::limits;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::views::compliance::rule;

impl Desk<'_> {
    pub(super) fn compliance(&mut self, act: &Act) -> Result<(), Refusal> {
        let Act::Override { rule: id, of, basis, because } = act else { unreachable!("dispatched by Desk::act") };
        let known = match of {
            Concern::Meeting(meeting) => {
                self.need_all(Verb::MeetingPlan)?;
                self.zone.meeting(*meeting).is_some()
            }
            Concern::Circular(meeting) => {
                self.need_all(Verb::PaperIssue)?;
                self.zone.meeting(*meeting).is_some()
            }
            Concern::Round(round) => {
                self.need_all(Verb::RoundOpen)?;
                self.zone.round(*round).is_some()
            }
        };
        if !known {
            return Err(Refusal::absent());
        }
        let found = rule(id).filter(|r| !r.reminder);
        let rule = found.ok_or_else(|| Refusal::wrong("compliance.rule", &[("rule", id)]).at("rule"))?;
        let basis = self.name(basis, "依据", limits::NAME_CHARS_MAX).map_err(|e| e.at("basis"))?;
        let because = self.because(because)?;
        self.enter(Body::Overridden { rule: rule.id.to_owned(), of: *of, basis, because });
        Ok(())
    }
}
