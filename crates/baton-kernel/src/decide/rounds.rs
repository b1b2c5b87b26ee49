//! Rounds: opened by the office, re-opened with a reason.

use super::Desk;
use crate::commands::Act;
use crate::entries::Body;
use crate::limits;
use crate::permit::Verb;
use crate::refusals::Refusal;
use std::fmt::Display;

impl Desk<'_> {
    pub(super) fn rounds(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::OpenRound { round, title, period, kinds, units, opens, due, closes, basis } => {
                self.need_all(Verb::RoundOpen)?;
                self.fresh(self.zone.round(*round).is_some())?;
                let title = self.name(title, "名称", limits::NAME_CHARS_MAX)?;
                if !(opens <= due && due <= closes) {
                    let args: [(&str, &dyn Display); 3] = [("opens", opens), ("due", due), ("closes", closes)];
                    return Err(Refusal::wrong("round.dates", &args).at("due"));
                }
                let blueprint = self.zone.blueprint();
                for kind in kinds {
                    if blueprint.kind(kind).is_none() {
                        let known: Vec<&str> = blueprint.kinds.iter().map(|k| k.key.as_str()).collect();
                        let args: [(&str, &dyn Display); 2] = [("kind", kind), ("kinds", &known.join(", "))];
                        return Err(Refusal::wrong("kind.unknown", &args).at("kinds"));
                    }
                }
                if kinds.is_empty() || units.is_empty() {
                    return Err(Refusal::wrong("round.empty", &[]).at("units"));
                }
                for unit in units {
                    self.standing_unit(*unit)?;
                }
                let mut units = units.clone();
                units.sort_by_key(|u| (self.zone.unit_order(*u), *u));
                units.dedup();
                self.enter(Body::RoundOpened {
                    round: *round,
                    title,
                    period: *period,
                    kinds: kinds.clone(),
                    units,
                    opens: *opens,
                    due: *due,
                    closes: *closes,
                    basis: basis.clone(),
                });
                Ok(())
            }
            Act::ReopenRound { round, closes, because } => {
                self.need_all(Verb::RoundOpen)?;
                self.zone.round(*round).ok_or_else(Refusal::absent)?;
                if *closes < self.today {
                    return Err(Refusal::wrong("round.past", &[("closes", closes)]).at("closes"));
                }
                let because = self.because(because)?;
                self.enter(Body::RoundReopened { round: *round, closes: *closes, because });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }
}
