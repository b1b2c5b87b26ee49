//! Relocate: figures said for the wrong unit or period go where they belong, in one act with a reason.

use super::Desk;
use crate::commands::{Act, FigureGiven, FigureInput};
use crate::entries::{Body, CellNote, FieldLine, FieldValue, FigureLine, FigureValue, SubmissionState as State};
use crate::ids::*;
use crate::limits;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::views::Shown;
use crate::zone::{FigureVersion, Round, Submission};
use baton_methods::period::Period;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

impl Desk<'_> {
    pub(super) fn relocate(&mut self, act: &Act) -> Result<(), Refusal> {
        let Act::MoveFigures { submission, into, undo, unit, period, because } = act else {
            unreachable!("dispatched by Desk::act");
        };
        let known = self.zone.submission(*submission).ok_or_else(Refusal::absent)?.clone();
        let state = known.state(u64::MAX).ok_or_else(Refusal::absent)?;
        for unit in [known.unit, *unit] {
            if !self.rights.may(Verb::Submit, unit) {
                self.rights.need(Verb::Accept, unit)?;
            }
        }
        self.standing_unit(*unit).map_err(|e| e.at("unit"))?;
        self.fresh(self.zone.submission(*into).is_some() || self.zone.submission(*undo).is_some())?;
        if !matches!(state, State::Proposed | State::Submitted | State::Accepted) {
            let args: [(&str, &dyn Display); 1] = [("state", &super::submissions::state_zh(state))];
            return Err(Refusal::not_now("move.over", &args));
        }
        let cells = self.zone.cells_of(&known);
        let periods: BTreeSet<Period> = cells.iter().map(|c| c.3).collect();
        if periods.len() != 1 {
            return Err(Refusal::wrong("move.periods", &[("count", &periods.len())]));
        }
        if *unit == known.unit && periods.contains(period) {
            return Err(Refusal::wrong("move.same", &[]).at("unit"));
        }
        let there = |s: Subject| if s == Subject::Unit(known.unit) { Subject::Unit(*unit) } else { s };
        let said: Vec<(Subject, String, Option<String>, FigureVersion)> = cells
            .iter()
            .filter_map(|(subject, measure, part, period)| {
                let part = (!part.is_empty()).then_some(*part);
                let versions = self.zone.figure_versions(*subject, measure, part, *period, u64::MAX);
                let mine = versions.into_iter().find(|v| v.seq == known.made)?;
                Some((*subject, (*measure).to_owned(), part.map(str::to_owned), mine))
            })
            .collect();
        let was = *periods.first().expect("one period");
        let mut lines = Vec::with_capacity(said.len());
        for (subject, measure, part, mine) in &said {
            let given = self.given_there(there(*subject), measure, part.as_deref(), *period, mine)?;
            lines.push(self.figure_again(*unit, &given)?);
        }
        let round = self.round_asking(*unit, *period, &said).map(|r| r.id);
        let because = self.because(because)?;
        let mut fields = Vec::new();
        if state == State::Accepted {
            let back = self.as_before(&known, &said, was)?;
            if !back.is_empty() {
                self.enter(Body::SubmissionMade {
                    submission: *undo,
                    round: known.round,
                    unit: known.unit,
                    state: State::Submitted,
                    figures: back,
                    fields: Vec::new(),
                    because: Some(because),
                    evidence: Vec::new(),
                    notes: Vec::new(),
                });
            }
        } else {
            fields = self.fields_again(&known)?;
            let own = self.rights.may(Verb::Submit, known.unit) || self.rights.may(Verb::Report, known.unit);
            let to = if own { State::Withdrawn } else { State::Returned };
            let (marks, notes) = (Vec::new(), Vec::new());
            self.enter(Body::SubmissionMoved { submission: known.id, to, because: Some(because), marks, notes });
        }
        let notes = self.notes_again(&known, there)?;
        self.unit = Some(*unit);
        self.enter(Body::SubmissionMade {
            submission: *into,
            round,
            unit: *unit,
            state: State::Submitted,
            figures: lines,
            fields,
            because: Some(because),
            evidence: known.evidence.clone(),
            notes,
        });
        Ok(())
    }

    /// The figure as it is to stand at its right place; refused when something else stands there.
    fn given_there(
        &self,
        subject: Subject,
        measure: &str,
        part: Option<&str>,
        period: Period,
        mine: &FigureVersion,
    ) -> Result<FigureGiven, Refusal> {
        let value = match (mine.value, mine.withheld) {
            (Some(value), _) => FigureInput::Is(value),
            (None, Some(reason)) => FigureInput::Withheld(self.zone.said(&reason).to_string()),
            (None, None) => return Err(Refusal::absent()),
        };
        let standing = self.zone.figure(subject, measure, part, period, u64::MAX);
        if let Some(theirs) = standing.as_ref().filter(|t| t.value != mine.value) {
            let theirs = theirs.value.map_or("暂不报送".to_owned(), Shown::plain);
            let args: [(&str, &dyn Display); 3] = [("measure", &measure), ("period", &period), ("value", &theirs)];
            return Err(Refusal::not_now("move.taken", &args).at("period"));
        }
        Ok(FigureGiven {
            subject,
            measure: measure.to_owned(),
            period,
            part: part.map(str::to_owned),
            value,
            version: standing.map_or(0, |t| t.seq),
            said_on: mine.said_on,
        })
    }

    /// The newest round that asks a unit for a period about what the figures are about.
    fn round_asking(
        &self,
        unit: UnitId,
        period: Period,
        said: &[(Subject, String, Option<String>, FigureVersion)],
    ) -> Option<Arc<Round>> {
        let blueprint = self.zone.blueprint();
        let kind = said.first().and_then(|(subject, measure, ..)| match subject {
            Subject::Item(id) => self.zone.item(*id).map(|i| i.kind.clone()),
            Subject::Unit(_) => {
                blueprint.kinds.iter().find(|k| k.about_units && k.measure(measure).is_some()).map(|k| k.key.clone())
            }
        })?;
        let mut rounds = self.zone.rounds();
        rounds.sort_by_key(|r| r.opened);
        let asks = |r: &&Arc<Round>| {
            r.period == period && r.units.contains(&unit) && r.kinds.contains(&kind) && r.opens <= self.today
        };
        rounds.into_iter().rev().find(asks).cloned()
    }

    /// What stood before an accepted submission spoke, where it still counts; withheld where nothing did.
    fn as_before(
        &mut self,
        known: &Submission,
        said: &[(Subject, String, Option<String>, FigureVersion)],
        period: Period,
    ) -> Result<Vec<FigureLine>, Refusal> {
        let mut lines = Vec::new();
        for (subject, measure, part, _) in said {
            let versions = self.zone.figure_versions(*subject, measure, part.as_deref(), period, u64::MAX);
            let counts = |v: &&FigureVersion| matches!(v.state, State::Submitted | State::Accepted);
            if versions.iter().rfind(counts).is_none_or(|v| v.seq != known.made) {
                continue;
            }
            let before = versions.iter().filter(|v| v.seq < known.made).rfind(counts);
            let value = match before.map(|v| (v.value, v.withheld)) {
                Some((Some(value), _)) => FigureValue::Is(value),
                Some((None, Some(reason))) => {
                    let text = self.zone.said(&reason).to_string();
                    FigureValue::Withheld { withheld: self.said(&text, "理由", limits::WORDS_CHARS_MAX)? }
                }
                _ => FigureValue::Withheld {
                    withheld: self.said("报错了地方，已移走", "理由", limits::WORDS_CHARS_MAX)?,
                },
            };
            lines.push(FigureLine {
                s: *subject,
                m: measure.clone(),
                p: period,
                part: part.clone(),
                v: value,
                said_on: None,
            });
        }
        Ok(lines)
    }

    /// The fields of a submission that is taken back, said again: they belong to no period.
    fn fields_again(&mut self, known: &Submission) -> Result<Vec<FieldLine>, Refusal> {
        let mut lines = Vec::new();
        for (item, field) in &known.fields {
            let said =
                self.zone.item(*item).and_then(|i| i.fields.get(field)).and_then(|h| {
                    h.until(u64::MAX).find(|(seq, _)| *seq == known.made).map(|(_, value)| value.clone())
                });
            let value = match said {
                None => continue,
                Some(FieldValue::Prose(text)) => {
                    let text = self.zone.said(&text).to_string();
                    FieldValue::Prose(self.said(&text, field, limits::WORDS_CHARS_MAX)?)
                }
                Some(other) => other,
            };
            lines.push(FieldLine { s: *item, f: field.clone(), v: value });
        }
        Ok(lines)
    }

    fn notes_again(
        &mut self,
        known: &Submission,
        there: impl Fn(Subject) -> Subject,
    ) -> Result<Vec<CellNote>, Refusal> {
        let mut notes = Vec::new();
        for note in &known.notes {
            let Some((subject, column)) = note.at.split_once('/') else { continue };
            let Ok(subject) = subject.parse::<Subject>() else { continue };
            let text = self.zone.said(&note.said).to_string();
            let said = self.said(&text, "说明", limits::WORDS_CHARS_MAX)?;
            notes.push(CellNote { at: format!("{}/{column}", there(subject)), said });
        }
        Ok(notes)
    }
}
