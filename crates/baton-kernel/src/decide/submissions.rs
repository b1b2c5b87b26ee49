//! Submissions: proposed by the reporter, submitted by the checker, accepted or returned by the office;
//! corrections with a reason; targets and re-baselining.

use super::Desk;
use crate::blueprint::{Blueprint, Measure};
use crate::commands::{Act, FigureGiven, FigureInput, NoteGiven};
use crate::entries::{Body, CellNote, FieldLine, FigureLine, FigureValue, SubmissionState as State};
use crate::ids::*;
use crate::limits;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use crate::views::Shown;
use crate::zone::{Item, Round, Zone};
use baton_methods::period::{Grain, Period};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

/// The subject whose cells are decided: cells of one stand together, so it is looked up once for all.
struct About<'z> {
    subject: Option<Subject>,
    item: Option<&'z Arc<Item>>,
}

impl<'z> About<'z> {
    fn turn_to(&mut self, zone: &'z Zone, subject: Subject) {
        if self.subject == Some(subject) {
            return;
        }
        self.subject = Some(subject);
        self.item = match subject {
            Subject::Item(id) => zone.item(id),
            Subject::Unit(_) => None,
        };
    }
}

impl Desk<'_> {
    pub(super) fn submissions(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Report { submission, round, unit, submit, figures, fields, because, evidence, notes } => {
                let verb = if *submit { Verb::Submit } else { Verb::Report };
                self.rights.need(verb, *unit)?;
                self.fresh(self.zone.submission(*submission).is_some())?;
                if figures.is_empty() && fields.is_empty() {
                    return Err(Refusal::wrong("submission.empty", &[]));
                }
                let count = figures.len() + fields.len();
                if count > limits::SUBMISSION_CELLS_MAX {
                    let max = limits::SUBMISSION_CELLS_MAX;
                    return Err(Refusal::wrong("submission.large", &[("count", &count), ("max", &max)]));
                }
                let correcting = !because.trim().is_empty();
                self.round_open(*round, *unit, correcting)?;
                let asked = round.and_then(|id| self.zone.round(id)).filter(|_| !correcting).cloned();
                self.evidence(evidence)?;
                let rules = self.zone.blueprint();
                let mut seen = BTreeSet::new();
                let mut lines = Vec::with_capacity(figures.len());
                let mut about = About { subject: None, item: None };
                for given in figures {
                    if !seen.insert((given.subject, &given.measure, given.period, &given.part)) {
                        return Err(Refusal::wrong("figure.twice", &[("cell", &self.cell(given))]).at(place(given)));
                    }
                    about.turn_to(self.zone, given.subject);
                    lines.push(self.figure(*unit, asked.as_deref(), &rules, &about, given)?);
                }
                let mut field_lines = Vec::with_capacity(fields.len());
                for given in fields {
                    about.turn_to(self.zone, Subject::Item(given.item));
                    field_lines.push(self.reported_field(*unit, &rules, &about, given)?);
                }
                let because = self.because_if(because)?;
                let notes = self.notes(notes)?;
                let state = if *submit { State::Submitted } else { State::Proposed };
                self.unit = Some(*unit);
                self.enter(Body::SubmissionMade {
                    submission: *submission,
                    round: *round,
                    unit: *unit,
                    state,
                    figures: lines,
                    fields: field_lines,
                    because,
                    evidence: evidence.clone(),
                    notes,
                });
                Ok(())
            }
            Act::MoveSubmission { submission, to, because, marks, notes } => {
                let known = self.zone.submission(*submission).ok_or_else(Refusal::absent)?.clone();
                let now = known.state(u64::MAX).ok_or_else(Refusal::absent)?;
                let (verb, reason_needed) = match (now, to) {
                    (State::Proposed, State::Submitted) => (Verb::Submit, false),
                    (State::Proposed, State::Returned) => (Verb::Submit, true),
                    (State::Proposed | State::Submitted, State::Withdrawn) => (Verb::Report, false),
                    (State::Submitted, State::Accepted) => (Verb::Accept, false),
                    (State::Submitted, State::Returned) => (Verb::Accept, true),
                    _ => {
                        self.rights.need(Verb::See, known.unit)?;
                        let args: [(&str, &dyn Display); 2] = [("from", &state_zh(now)), ("to", &state_zh(*to))];
                        let mut refusal = Refusal::not_now("submission.state", &args);
                        let args: [(&str, &dyn Display); 2] = [("from", &state_en(now)), ("to", &state_en(*to))];
                        refusal.en = Refusal::not_now("submission.state", &args).en;
                        return Err(refusal);
                    }
                };
                let allowed = self.rights.need(verb, known.unit);
                // The checker of the unit may take back what the reporter may.
                if *to == State::Withdrawn && allowed.is_err() {
                    self.rights.need(Verb::Submit, known.unit)?;
                } else {
                    allowed?;
                }
                // Two persons: whoever proposed does not also submit, whoever submitted does not also accept.
                let touched = |(seq, m): (u64, &crate::zone::SubmissionMove)| {
                    matches!(m.to, State::Proposed | State::Submitted) && self.zone.actor(seq) == self.rights.person
                };
                let self_made = self.rights.person.is_some() && known.states.until(u64::MAX).any(touched);
                if self_made && matches!(to, State::Submitted | State::Accepted) {
                    return Err(Refusal::new(Why::Forbidden, "submission.self", &[]));
                }
                if now == State::Proposed && *to == State::Submitted {
                    self.round_open(known.round, known.unit, known.because.is_some())?;
                }
                // After the round has closed, taking back needs a reason as a correction does.
                let closed = known
                    .round
                    .and_then(|id| self.zone.round(id))
                    .is_some_and(|r| self.today > r.closes.last().copied().unwrap_or(r.due));
                let reason_needed = reason_needed || (*to == State::Withdrawn && closed);
                let because = if reason_needed { Some(self.because(because)?) } else { self.because_if(because)? };
                let notes = self.notes(notes)?;
                let marks = marks.clone();
                self.enter(Body::SubmissionMoved { submission: *submission, to: *to, because, marks, notes });
                Ok(())
            }
            Act::SetTarget { subject, measure, year, value, curve, basis, because } => {
                let rules = self.zone.blueprint();
                let (unit, declared) = self.measure(&rules, *subject, measure)?;
                self.rights.need(Verb::TargetSet, unit)?;
                if year.grain() != Grain::Year {
                    return Err(Refusal::wrong("target.year", &[("period", year)]).at("year"));
                }
                self.quantity(declared, *value).map_err(|e| e.at("value"))?;
                let blueprint = self.zone.blueprint();
                if let Err(why) = crate::views::pace::curve(&blueprint, curve) {
                    return Err(Refusal::wrong("target.curve", &[("why", &why)]).at("curve"));
                }
                let known = self.zone.target(*subject, measure, year.year_number(), u64::MAX);
                let because = if known.is_some() { Some(self.because(because)?) } else { self.because_if(because)? };
                self.enter(Body::TargetSet {
                    subject: *subject,
                    measure: measure.clone(),
                    year: *year,
                    value: *value,
                    curve: curve.clone(),
                    basis: basis.clone(),
                    because,
                });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    /// Words about cells; those left empty are left out.
    pub(super) fn notes(&mut self, given: &[NoteGiven]) -> Result<Vec<CellNote>, Refusal> {
        let mut notes = Vec::new();
        for note in given.iter().filter(|n| !n.text.trim().is_empty()) {
            let said = self.said(&note.text, "说明", limits::WORDS_CHARS_MAX).map_err(|e| e.at(note.at.clone()))?;
            notes.push(CellNote { at: note.at.clone(), said });
        }
        Ok(notes)
    }

    /// The round is open for the unit today; without a round only a correction with a reason is heard.
    fn round_open(&self, round: Option<RoundId>, unit: UnitId, correcting: bool) -> Result<(), Refusal> {
        let Some(round) = round else {
            return if correcting { Ok(()) } else { Err(Refusal::wrong("submission.round", &[]).at("because")) };
        };
        let round = self.zone.round(round).ok_or_else(Refusal::absent)?;
        if !round.units.contains(&unit) {
            let heir = round
                .units
                .iter()
                .any(|u| self.zone.unit(*u).and_then(|u| u.merged.last()).is_some_and(|(into, _)| *into == unit));
            if !heir {
                return Err(Refusal::wrong("round.not-asked", &[("round", &round.title)]));
            }
        }
        if self.today < round.opens {
            return Err(Refusal::not_now("round.early", &[("opens", &round.opens)]));
        }
        let closes = round.closes.last().copied().unwrap_or(round.due);
        if self.today > closes && !correcting {
            return Err(Refusal::not_now("round.closed", &[("closes", &closes)]));
        }
        Ok(())
    }

    /// The unit responsible for a subject now, and the declaration of the measure.
    fn measure<'b>(
        &self,
        blueprint: &'b Blueprint,
        subject: Subject,
        measure: &str,
    ) -> Result<(UnitId, &'b Measure), Refusal> {
        let item = match subject {
            Subject::Item(id) => self.zone.item(id),
            Subject::Unit(_) => None,
        };
        self.measure_of(blueprint, subject, item, measure)
    }

    /// The same for a subject whose item was looked up before.
    fn measure_of<'b>(
        &self,
        blueprint: &'b Blueprint,
        subject: Subject,
        item: Option<&Arc<Item>>,
        measure: &str,
    ) -> Result<(UnitId, &'b Measure), Refusal> {
        let unknown = |kind: &str| Refusal::wrong("measure.unknown", &[("measure", &measure), ("kind", &kind)]);
        match subject {
            Subject::Item(_) => {
                let item = item.ok_or_else(Refusal::absent)?;
                let kind = blueprint.kind(&item.kind).ok_or_else(|| unknown(&item.kind))?;
                let declared = kind.measure(measure).ok_or_else(|| unknown(&kind.label.zh))?;
                Ok((*item.lead.last().expect("an item has a lead"), declared))
            }
            Subject::Unit(id) => {
                let unit = self.zone.unit_now(id).ok_or_else(Refusal::absent)?;
                let declared = blueprint.kinds.iter().filter(|k| k.about_units).find_map(|k| k.measure(measure));
                Ok((id, declared.ok_or_else(|| unknown(&unit.name))?))
            }
        }
    }

    fn quantity(&self, measure: &Measure, value: Decimal) -> Result<(), Refusal> {
        let label = &measure.label.zh;
        if value.normalize().scale() > limits::FIGURE_DECIMALS_MAX || baton_methods::quantity::to_scaled(value).is_err()
        {
            let args: [(&str, &dyn Display); 3] =
                [("measure", label), ("value", &value), ("max", &limits::FIGURE_DECIMALS_MAX)];
            return Err(Refusal::wrong("figure.decimals", &args));
        }
        let low = measure.min.filter(|min| value < *min);
        let high = measure.max.filter(|max| value > *max);
        if low.is_some() || high.is_some() {
            let text = |d: Option<Decimal>| d.map_or("—".to_owned(), |d| d.normalize().to_string());
            let (min, max) = (text(measure.min), text(measure.max));
            let args: [(&str, &dyn Display); 4] =
                [("measure", label), ("value", &value.normalize()), ("min", &min), ("max", &max)];
            return Err(Refusal::wrong("figure.range", &args));
        }
        Ok(())
    }

    /// One figure said again outside any round.
    pub(super) fn figure_again(&mut self, unit: UnitId, given: &FigureGiven) -> Result<FigureLine, Refusal> {
        let rules = self.zone.blueprint();
        let mut about = About { subject: None, item: None };
        about.turn_to(self.zone, given.subject);
        self.figure(unit, None, &rules, &about, given)
    }

    /// One figure of a unit, its refusal bound to the cell. `asked` is the round it answers; `None` for a
    /// correction with a reason.
    fn figure(
        &mut self,
        unit: UnitId,
        asked: Option<&Round>,
        rules: &Blueprint,
        about: &About<'_>,
        given: &FigureGiven,
    ) -> Result<FigureLine, Refusal> {
        self.figure_line(unit, asked, rules, about, given).map_err(|e| e.at(place(given)))
    }

    fn figure_line(
        &mut self,
        unit: UnitId,
        asked: Option<&Round>,
        rules: &Blueprint,
        about: &About<'_>,
        given: &FigureGiven,
    ) -> Result<FigureLine, Refusal> {
        let (responsible, measure) = self.measure_of(rules, given.subject, about.item, &given.measure)?;
        if responsible != unit {
            return Err(Refusal::wrong("figure.not-yours", &[("cell", &self.cell(given))]));
        }
        if let Some(item) = about.item.filter(|i| !i.stands(u64::MAX)) {
            let name = item.name.last().cloned().unwrap_or_default();
            return Err(Refusal::not_now("item.gone", &[("item", &name)]));
        }
        if !measure.is_entered() || measure.retired {
            return Err(Refusal::wrong("figure.derived", &[("measure", &measure.label.zh)]));
        }
        if let Some(part) = &given.part
            && !measure.parts.iter().any(|p| p.key == *part)
        {
            let args: [(&str, &dyn Display); 2] = [("measure", &measure.label.zh), ("part", part)];
            return Err(Refusal::wrong("figure.part", &args));
        }
        if !grain_fits(measure, given.period) {
            let args: [(&str, &dyn Display); 2] = [("measure", &measure.label.zh), ("period", &given.period)];
            return Err(Refusal::wrong("figure.period", &args));
        }
        if given.period.start() > self.today {
            let args: [(&str, &dyn Display); 2] = [("period", &given.period), ("today", &self.today)];
            return Err(Refusal::wrong("figure.future", &args));
        }
        if let Some(round) = asked {
            if given.period != round.period {
                let args: [(&str, &dyn Display); 2] = [("cell", &self.cell(given)), ("period", &round.period)];
                return Err(Refusal::wrong("figure.other-period", &args));
            }
            let kind = match given.subject {
                Subject::Item(_) => about.item.map(|i| &i.kind),
                Subject::Unit(_) => {
                    let declaring = |k: &&crate::blueprint::Kind| k.about_units && k.measure(&given.measure).is_some();
                    rules.kinds.iter().find(declaring).map(|k| &k.key)
                }
            };
            if !kind.is_some_and(|k| round.kinds.contains(k)) {
                return Err(Refusal::wrong("figure.other-kind", &[("cell", &self.cell(given))]));
            }
        }
        let value = match &given.value {
            FigureInput::Is(value) => {
                self.quantity(measure, *value)?;
                FigureValue::Is(value.normalize())
            }
            FigureInput::Withheld(reason) => {
                let field = format!("{} · 暂不报送的理由", measure.label.zh);
                let withheld = self.said(reason, &field, limits::WORDS_CHARS_MAX)?;
                FigureValue::Withheld { withheld }
            }
        };
        let part = given.part.as_deref();
        if let Some(theirs) = self.zone.figure(given.subject, &given.measure, part, given.period, u64::MAX) {
            let same = matches!(&value, FigureValue::Is(v) if theirs.value == Some(*v));
            if theirs.state == State::Accepted && !same && asked.is_some() {
                let value = theirs.value.map_or("暂不报送".to_owned(), Shown::plain);
                let args: [(&str, &dyn Display); 2] = [("cell", &self.cell(given)), ("value", &value)];
                return Err(Refusal::not_now("figure.accepted", &args));
            }
            if theirs.seq != given.version && !same {
                let theirs = theirs.value.map_or("暂不报送".to_owned(), |v| Shown::plain(v));
                let yours = match &value {
                    FigureValue::Is(v) => Shown::plain(*v),
                    FigureValue::Withheld { .. } => "暂不报送".to_owned(),
                };
                let args: [(&str, &dyn Display); 3] =
                    [("field", &self.cell(given)), ("theirs", &theirs), ("yours", &yours)];
                return Err(Refusal::new(Why::Conflict, "conflict.field", &args));
            }
        }
        Ok(FigureLine {
            s: given.subject,
            m: given.measure.clone(),
            p: given.period,
            part: given.part.clone(),
            v: value,
            said_on: given.said_on,
        })
    }

    fn reported_field(
        &mut self,
        unit: UnitId,
        blueprint: &Blueprint,
        about: &About<'_>,
        given: &crate::commands::FieldGiven,
    ) -> Result<FieldLine, Refusal> {
        let at = || format!("i{}/{}", given.item, given.field);
        let item = about.item.ok_or_else(Refusal::absent)?;
        if item.lead.last() != Some(&unit) || !item.stands(u64::MAX) {
            let name = item.name.last().cloned().unwrap_or_default();
            return Err(Refusal::wrong("figure.not-yours", &[("cell", &name)]).at(at()));
        }
        let field = blueprint.kind(&item.kind).and_then(|k| k.field(&given.field)).filter(|f| !f.retired);
        let Some(field) = field else {
            let args: [(&str, &dyn Display); 2] = [("kind", &item.kind), ("field", &given.field)];
            return Err(Refusal::wrong("field.unknown", &args).at(at()));
        };
        let value = self.field_value(field, &given.value).map_err(|e| e.at(at()))?;
        if let Some((seq, theirs)) = item.field_row(self.zone, &given.field, u64::MAX)
            && seq != given.version
            && theirs != &value
            && seq > self.base
        {
            let kind = blueprint.kind(&item.kind).expect("found above");
            let theirs = crate::views::field_words(self.zone, kind, &given.field, theirs);
            let yours = match &given.value {
                crate::commands::FieldInput::Typed(text) => text.clone(),
                crate::commands::FieldInput::File(file) => file.name.clone(),
                crate::commands::FieldInput::Empty => String::new(),
            };
            let args: [(&str, &dyn Display); 3] = [("field", &field.label.zh), ("theirs", &theirs), ("yours", &yours)];
            return Err(Refusal::new(Why::Conflict, "conflict.field", &args).at(at()));
        }
        Ok(FieldLine { s: given.item, f: given.field.clone(), v: value })
    }

    /// A cell in words: item, measure, period.
    fn cell(&self, given: &FigureGiven) -> String {
        let subject = match given.subject {
            Subject::Item(id) => self.zone.item(id).and_then(|i| i.name.last().cloned()),
            Subject::Unit(id) => self.zone.unit_now(id).map(|d| d.name.clone()),
        };
        let rules = self.zone.blueprint();
        let measure = self.measure(&rules, given.subject, &given.measure).map(|(_, m)| m.label.zh.clone());
        format!(
            "{} · {} · {}",
            subject.unwrap_or_default(),
            measure.unwrap_or_else(|_| given.measure.clone()),
            given.period
        )
    }
}

/// Whether a period is one at which the measure is asked: its grain, or January–February where declared.
pub(crate) fn grain_fits(measure: &Measure, period: Period) -> bool {
    period.grain() == measure.grain
        || (measure.jan_feb && measure.grain == Grain::Month && period.grain() == Grain::JanFeb)
}

/// A cell's place as forms name it: `subject/measure` or `subject/measure/part`.
fn place(given: &FigureGiven) -> String {
    match &given.part {
        None => format!("{}/{}", given.subject, given.measure),
        Some(part) => format!("{}/{}/{part}", given.subject, given.measure),
    }
}

/// The word for a state in Chinese.
pub fn state_zh(state: State) -> &'static str {
    match state {
        State::Proposed => "待审核",
        State::Submitted => "已报送",
        State::Withdrawn => "已撤回",
        State::Returned => "已退回",
        State::Accepted => "已审定",
    }
}

/// The word for a state in English.
pub fn state_en(state: State) -> &'static str {
    match state {
        State::Proposed => "proposed",
        State::Submitted => "submitted",
        State::Withdrawn => "withdrawn",
        State::Returned => "returned",
        State::Accepted => "accepted",
    }
}
