//! Decisions on meetings: planned, notified, held, sealed; roll call, outcomes and speeches in between.
//!
//! Who may do what when is `Meeting::may`; here stands what an act must say.

use super::Desk;
use crate::commands::Act;
use crate::entries::{AgendaLine, Body, Material, MeetingState, PlanDetails, VenueLine};
use crate::ids::*;
use crate::limits;
use crate::limits::{AGENDA_MINUTES_MAX, VENUE_LINK_SCHEMES};
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use crate::zone::{Meeting, MeetingDoing, MeetingPlan};
use baton_methods::Period;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

impl Desk<'_> {
    pub(super) fn meetings(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::PlanMeeting { meeting, code, title, period, on, place, chair, agenda, venues, details } => {
                let known = self.zone.meeting(*meeting).cloned();
                match &known {
                    Some(known) => known.may(self.rights, self.today, MeetingDoing::Plan)?,
                    None => self.need_all(Verb::MeetingPlan)?,
                }
                let plan = MeetingPlan {
                    code: self.meeting_code(*meeting, known.as_deref(), code, *period)?,
                    title: self.name(title, "会议名称", limits::NAME_CHARS_MAX)?,
                    period: *period,
                    on: *on,
                    place: self.name(place, "地点", limits::NAME_CHARS_MAX)?,
                    chair: *chair,
                    agenda: self.agenda(agenda)?,
                    venues: self.venues(venues, known.as_deref())?,
                    details: self.details(details, agenda.len(), venues)?,
                };
                if chair.is_some_and(|post| self.zone.post(post).is_none()) {
                    return Err(Refusal::wrong("post.unknown", &[]).at("chair"));
                }
                if let Some(known) = &known {
                    self.keeps(known, &plan)?;
                }
                self.enter(Body::MeetingPlanned {
                    meeting: *meeting,
                    code: plan.code,
                    title: plan.title,
                    period: plan.period,
                    on: plan.on,
                    place: plan.place,
                    chair: plan.chair,
                    agenda: plan.agenda,
                    venues: plan.venues,
                    details: plan.details,
                });
                Ok(())
            }
            Act::MoveMeeting { meeting, to, because } => {
                let doing = match to {
                    MeetingState::Notified => MeetingDoing::Notify,
                    MeetingState::Held => MeetingDoing::Hold,
                    MeetingState::Sealed => MeetingDoing::Seal,
                    MeetingState::Cancelled => MeetingDoing::CallOff,
                    // Nothing goes back to being planned: its plan is changed instead.
                    MeetingState::Planned => MeetingDoing::Plan,
                    MeetingState::Ended => MeetingDoing::End,
                };
                let known = self.meeting_for(*meeting, doing)?;
                if *to == MeetingState::Planned {
                    let state = known.state(u64::MAX).unwrap_or(MeetingState::Planned);
                    return Err(crate::zone::meeting_state_refusal(state, *to));
                }
                let because = match to {
                    MeetingState::Cancelled => Some(self.because(because)?),
                    _ => self.because_if(because)?,
                };
                self.enter(Body::MeetingMoved { meeting: *meeting, to: *to, because, used: Vec::new() });
                Ok(())
            }
            Act::EndMeeting { meeting, used } => {
                let known = self.meeting_for(*meeting, MeetingDoing::End)?;
                let lines = known.plan.last().map_or(0, |p| p.agenda.len());
                if used.len() > lines || used.iter().any(|s| *s > limits::AGENDA_SECONDS_MAX) {
                    let args: [(&str, &dyn Display); 2] = [("count", &used.len()), ("lines", &lines)];
                    return Err(Refusal::wrong("meeting.used", &args).at("used"));
                }
                let (meeting, used) = (*meeting, used.clone());
                self.enter(Body::MeetingMoved { meeting, to: MeetingState::Ended, because: None, used });
                Ok(())
            }
            Act::AnswerVenue { meeting, venue, present, heads, leave } => {
                let known = self.meeting_for(*meeting, MeetingDoing::Answer(*venue))?;
                let line = known.plan.last().and_then(|p| p.venues.iter().find(|v| v.venue == *venue));
                let line = line.ok_or_else(|| Refusal::wrong("meeting.venue", &[]).at("venue"))?;
                if !present && heads.is_some_and(|n| n > 0) {
                    return Err(Refusal::wrong("meeting.heads", &[]).at("heads"));
                }
                if let Some(unit) = line.unit.filter(|u| self.rights.units.contains(u)) {
                    self.unit = Some(unit);
                }
                self.enter(Body::VenueAnswered {
                    meeting: *meeting,
                    venue: *venue,
                    present: *present,
                    heads: *heads,
                    leave: *leave,
                });
                Ok(())
            }
            Act::RecordOutcome { meeting, outcome, line, kind, text } => {
                let known = self.meeting_for(*meeting, MeetingDoing::Outcome)?;
                self.fresh(self.zone.meetings.values().any(|m| m.outcomes.iter().any(|o| o.id == *outcome)))?;
                let count = known.plan.last().map_or(0, |p| p.agenda.len());
                if usize::from(*line) >= count {
                    let args: [(&str, &dyn Display); 2] = [("line", &(u32::from(*line) + 1)), ("count", &count)];
                    return Err(Refusal::wrong("meeting.line", &args).at("line"));
                }
                let text = self.said(text, "内容", limits::WORDS_CHARS_MAX)?;
                self.enter(Body::OutcomeRecorded {
                    meeting: *meeting,
                    outcome: *outcome,
                    line: *line,
                    kind: *kind,
                    text,
                });
                Ok(())
            }
            Act::RecordSpeech { meeting, speech, title, raw, clean } => {
                self.meeting_for(*meeting, MeetingDoing::Speech)?;
                self.fresh(self.zone.speech(*speech).is_some())?;
                let title = self.name(title, "标题", limits::NAME_CHARS_MAX)?;
                let blueprint = self.zone.blueprint();
                let settings = &blueprint.settings;
                if let Some(word) = settings.secret_text(raw).or_else(|| settings.secret_text(clean)) {
                    return Err(Refusal::wrong("meeting.secret", &[("word", &word)]).at("raw"));
                }
                let raw = self.said(raw, "讲话原文", limits::SPEECH_CHARS_MAX)?;
                let clean = self.said(clean, "整理后的讲话", limits::SPEECH_CHARS_MAX)?;
                self.enter(Body::SpeechRecorded { meeting: *meeting, speech: *speech, title, raw, clean });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    /// The meeting, when the act may be done on it now. Meetings are known to everyone with a role.
    fn meeting_for(&self, id: MeetingId, doing: MeetingDoing) -> Result<Arc<Meeting>, Refusal> {
        let seen = self.rights.may_somewhere(Verb::See) || !self.rights.units.is_empty();
        let known = self.zone.meeting(id).filter(|_| seen).ok_or_else(Refusal::absent)?;
        known.may(self.rights, self.today, doing)?;
        Ok(known.clone())
    }

    /// The code as given, the one it has, or the next free one of the period: `M-2023Q1`.
    fn meeting_code(
        &self,
        id: MeetingId,
        known: Option<&Meeting>,
        code: &str,
        period: Period,
    ) -> Result<String, Refusal> {
        let taken = |code: &str| self.zone.meeting_by_code(code).filter(|m| m.id != id);
        if code.trim().is_empty() {
            if let Some(plan) = known.and_then(|m| m.plan.last()) {
                return Ok(plan.code.clone());
            }
            let first = format!("M-{period}");
            let mut code = first.clone();
            let mut n = 2;
            while taken(&code).is_some() {
                code = format!("{first}-{n}");
                n += 1;
            }
            return Ok(code);
        }
        let code = self.name(code, "编号", limits::CODE_CHARS_MAX)?;
        if let Some(other) = taken(&code) {
            let name = other.plan.last().map_or("", |p| p.title.as_str());
            let args: [(&str, &dyn Display); 2] = [("code", &code), ("name", &name)];
            return Err(Refusal::new(Why::Conflict, "code.taken", &args).at("code"));
        }
        Ok(code)
    }

    fn agenda(&self, agenda: &[AgendaLine]) -> Result<Vec<AgendaLine>, Refusal> {
        if agenda.len() > limits::AGENDA_LINES_MAX {
            let args: [(&str, &dyn Display); 2] = [("count", &agenda.len()), ("max", &limits::AGENDA_LINES_MAX)];
            return Err(Refusal::wrong("meeting.agenda", &args).at("agenda"));
        }
        let mut lines = Vec::with_capacity(agenda.len());
        for (n, line) in agenda.iter().enumerate() {
            let at = format!("agenda/{n}");
            let title = self.name(&line.title, "议程", limits::NAME_CHARS_MAX).map_err(|e| e.at(at.clone()))?;
            self.area(line.area.as_deref()).map_err(|e| e.at(at.clone()))?;
            if let Some(unit) = line.unit {
                self.known_unit(unit).map_err(|e| e.at(at.clone()))?;
            }
            if line.minutes > AGENDA_MINUTES_MAX {
                let args: [(&str, &dyn Display); 3] =
                    [("line", &(n + 1)), ("minutes", &line.minutes), ("max", &AGENDA_MINUTES_MAX)];
                return Err(Refusal::wrong("meeting.minutes", &args).at(at));
            }
            lines.push(AgendaLine { title, ..line.clone() });
        }
        Ok(lines)
    }

    fn venues(&self, venues: &[VenueLine], known: Option<&Meeting>) -> Result<Vec<VenueLine>, Refusal> {
        if venues.is_empty() || venues.len() > limits::VENUES_MAX {
            let args: [(&str, &dyn Display); 2] = [("count", &venues.len()), ("max", &limits::VENUES_MAX)];
            return Err(Refusal::wrong("meeting.venues", &args).at("venues"));
        }
        if !venues.iter().any(|v| v.main) {
            return Err(Refusal::wrong("meeting.main-venue", &[]).at("venues"));
        }
        let before = known.and_then(|m| m.plan.last()).map_or(&[][..], |p| &p.venues[..]);
        let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
        let mut lines = Vec::with_capacity(venues.len());
        for (n, line) in venues.iter().enumerate() {
            let at = format!("venues/{n}");
            let name = self.name(&line.name, "会场", limits::NAME_CHARS_MAX).map_err(|e| e.at(at.clone()))?;
            if !names.insert(name.clone()) || !ids.insert(line.venue) {
                return Err(Refusal::wrong("meeting.venue-twice", &[("venue", &name)]).at(at));
            }
            if let Some(unit) = line.unit {
                // A unit that sat there before may have ended since.
                if before.iter().any(|b| b.venue == line.venue && b.unit == line.unit) {
                    self.known_unit(unit).map_err(|e| e.at(at.clone()))?;
                } else {
                    self.standing_unit(unit).map_err(|e| e.at(at.clone()))?;
                }
            }
            let link = line.link.as_deref().map(str::trim).filter(|l| !l.is_empty());
            if let Some(link) = link {
                let good = VENUE_LINK_SCHEMES.iter().any(|s| link.starts_with(s));
                let long = link.chars().count() > limits::FIELD_CHARS_MAX;
                if !good || long || link.chars().any(|c| c.is_whitespace() || c.is_control()) {
                    let schemes = VENUE_LINK_SCHEMES.join(" ");
                    let args: [(&str, &dyn Display); 2] = [("venue", &name), ("schemes", &schemes)];
                    return Err(Refusal::wrong("meeting.link", &args).at(at));
                }
            }
            lines.push(VenueLine { name, link: link.map(str::to_owned), ..line.clone() });
        }
        Ok(lines)
    }

    /// What a plan says beside agenda and venues: each thing laid before a line must be known.
    fn details(&self, given: &PlanDetails, lines: usize, venues: &[VenueLine]) -> Result<PlanDetails, Refusal> {
        let mut details = given.clone();
        details.basis = match given.basis.as_deref().map(str::trim).filter(|b| !b.is_empty()) {
            Some(basis) => Some(self.name(basis, "依据", limits::NAME_CHARS_MAX).map_err(|e| e.at("basis"))?),
            None => None,
        };
        details.expected.retain(|venue, _| venues.iter().any(|v| v.venue == *venue));
        if given.materials.len() > limits::MATERIALS_MAX {
            let args: [(&str, &dyn Display); 2] = [("count", &given.materials.len()), ("max", &limits::MATERIALS_MAX)];
            return Err(Refusal::wrong("meeting.materials", &args).at("materials"));
        }
        for one in &given.materials {
            let known = match one.what {
                Material::Paper(id) => self.zone.paper(id).is_some(),
                Material::Item(id) => self.zone.item(id).is_some(),
                Material::Round(id) => self.zone.round(id).is_some(),
                Material::Review(_) | Material::Commitments | Material::Circular => true,
            };
            if !known || usize::from(one.line) >= lines {
                let line = u32::from(one.line) + 1;
                return Err(
                    Refusal::wrong("meeting.material", &[("line", &line)]).at(format!("materials-{}", one.line))
                );
            }
        }
        details.materials.sort_by_key(|m| m.line);
        Ok(details)
    }

    /// A changed plan keeps what already happened: lines with outcomes, venues that answered; and does not
    /// overwrite a change the user has not seen.
    fn keeps(&self, known: &Meeting, plan: &MeetingPlan) -> Result<(), Refusal> {
        let Some((seq, now)) = known.plan.row_at(u64::MAX) else { return Ok(()) };
        if self.base > 0 && seq > self.base && now != plan {
            let describe = |p: &MeetingPlan| format!("{} · {} · {}", p.title, p.on, p.place);
            let args: [(&str, &dyn Display); 2] = [("theirs", &describe(now)), ("yours", &describe(plan))];
            return Err(Refusal::new(Why::Conflict, "meeting.changed", &args));
        }
        for outcome in &known.outcomes {
            let place = usize::from(outcome.line);
            let title = now.agenda.get(place).map_or("", |l| l.title.as_str());
            if plan.agenda.get(place).is_none_or(|l| l.title != title) {
                let args: [(&str, &dyn Display); 2] = [("line", &(place + 1)), ("title", &title)];
                return Err(Refusal::wrong("meeting.agenda-used", &args).at(format!("agenda/{place}")));
            }
        }
        for answered in &known.roll {
            let venue = answered.venue;
            if !plan.venues.iter().any(|v| v.venue == venue) {
                let name = now.venues.iter().find(|v| v.venue == venue).map_or("", |v| v.name.as_str());
                return Err(Refusal::wrong("meeting.venue-answered", &[("venue", &name)]).at("venues"));
            }
        }
        Ok(())
    }

    fn known_unit(&self, id: UnitId) -> Result<(), Refusal> {
        match self.zone.unit(id) {
            Some(_) => Ok(()),
            None => Err(Refusal::wrong("unit.unknown", &[("unit", &id)])),
        }
    }
}
