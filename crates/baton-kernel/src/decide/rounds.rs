//! Rounds: opened by the office, closed early or re-opened with a reason; units that have not answered are urged.

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
            Act::CloseRound { round, because } => {
                self.need_all(Verb::RoundOpen)?;
                let known = self.zone.round(*round).ok_or_else(Refusal::absent)?;
                let closes = known.closes.last().copied().unwrap_or(known.due);
                if closes < self.today {
                    return Err(Refusal::not_now("round.closed-already", &[("closes", &closes)]));
                }
                let because = self.because(because)?;
                // Today is the first day on which it is closed.
                let closes = self.today.yesterday().map_err(|_| Refusal::absent())?;
                self.enter(Body::RoundClosed { round: *round, closes, because });
                Ok(())
            }
            Act::UrgeRound { round, units, text } => {
                self.need_all(Verb::RoundOpen)?;
                let known = self.zone.round(*round).ok_or_else(Refusal::absent)?.clone();
                let closes = known.closes.last().copied().unwrap_or(known.due);
                if self.today < known.opens || self.today > closes {
                    return Err(Refusal::not_now("round.urge-closed", &[("closes", &closes)]));
                }
                if units.is_empty() {
                    return Err(Refusal::wrong("round.urge-nobody", &[]));
                }
                let hours = self.zone.blueprint().settings.urge_hours;
                for unit in units {
                    if !known.units.contains(unit) {
                        return Err(Refusal::wrong("round.not-asked", &[("round", &known.title)]));
                    }
                    let last = known.urges.iter().rev().find(|u| u.unit == *unit);
                    let until =
                        last.map(|u| self.zone.known_at(u.seq) + jiff::SignedDuration::from_hours(hours.into()));
                    if let Some(until) = until.filter(|until| self.now < *until) {
                        let name = self.zone.unit_now(*unit).map_or(String::new(), |d| d.short.clone());
                        let until =
                            until.to_zoned_datetime(self.zone.time_zone()).strftime("%Y-%m-%d %H:%M").to_string();
                        let args: [(&str, &dyn Display); 3] = [("unit", &name), ("hours", &hours), ("until", &until)];
                        return Err(Refusal::not_now("round.urged-lately", &args));
                    }
                }
                let text = self.because_if(text)?;
                for unit in units {
                    self.enter(Body::RoundUrged { round: *round, unit: *unit, text });
                }
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }
}
