//! Rounds as shown: what was asked, who has answered, who has not.

use super::form::Burden;
use super::review::UnitShown;
use crate::entries::SubmissionState as State;
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Round, RoundStep, RoundUrge, Submission};
use baton_methods::Period;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A unit's answer to a round.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Answer {
    /// Round.
    pub round: RoundId,
    /// Its title.
    pub round_title: String,
    /// Unit.
    pub unit: UnitShown,
    /// State key: `none`, `proposed`, `partial`, `submitted`, `accepted`, `returned`.
    pub state: &'static str,
    /// In words.
    pub word: String,
    /// Cells asked.
    pub asked: u32,
    /// Cells answered (a value or a reason).
    pub answered: u32,
    /// Cells withheld.
    pub withheld: u32,
    /// First submitted when, `2023-04-03 09:12`.
    pub first: Option<String>,
    /// First submitted after the due day, or still missing past it.
    pub late: bool,
    /// Submissions of the unit, newest first.
    pub submissions: Vec<SubmissionShown>,
    /// Times the office urged it, newest first.
    pub urged: Vec<UrgeShown>,
    /// Whether the caller may urge it now.
    pub may_urge: bool,
    /// From when it may be urged again, when it was urged lately.
    pub urge_from: Option<String>,
}

/// A unit urged to answer.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct UrgeShown {
    /// When.
    pub when: String,
    /// Who.
    pub who: String,
    /// What was added.
    pub text: Option<String>,
}

/// A round closed early or opened again.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StepShown {
    /// When.
    pub when: String,
    /// Who.
    pub who: String,
    /// Whether it was opened again.
    pub reopened: bool,
    /// Its last day from then on.
    pub closes: Date,
    /// Why.
    pub because: String,
}

impl Answer {
    /// Whether the unit has not answered at all.
    pub fn is_missing(&self) -> bool {
        matches!(self.state, "none" | "proposed" | "returned")
    }
}

/// A submission in a list.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SubmissionShown {
    /// Identity.
    pub id: SubmissionId,
    /// State key.
    pub state: &'static str,
    /// State in words.
    pub word: String,
    /// Cells.
    pub cells: u32,
    /// Who made it.
    pub who: String,
    /// When.
    pub when: String,
    /// Reason when it corrects.
    pub because: Option<String>,
    /// Reason of its last move.
    pub moved_because: Option<String>,
    /// What the caller may do next: state keys, and `moved` for figures said in the wrong place.
    pub may: Vec<&'static str>,
}

/// A round as shown.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RoundShown {
    /// Identity.
    pub id: RoundId,
    /// Title.
    pub title: String,
    /// Period.
    pub period: Period,
    /// Period in words.
    pub period_label: String,
    /// Names of the kinds asked about.
    pub kinds: Vec<String>,
    /// First day.
    pub opens: Date,
    /// Due day.
    pub due: Date,
    /// Last day.
    pub closes: Date,
    /// Whether it is open on the day shown.
    pub open: bool,
    /// Re-opened how often.
    pub reopened: u32,
    /// Basis.
    pub basis: Option<String>,
    /// Answers of the units seen, in official order.
    pub answers: Vec<Answer>,
    /// Cells asked of all units seen: the burden.
    pub burden: u32,
    /// Whether the caller may re-open it.
    pub may_reopen: bool,
    /// Closed early or opened again, newest first.
    pub steps: Vec<StepShown>,
}

impl RoundShown {
    /// Units that have answered, of all asked.
    pub fn answered(&self) -> (usize, usize) {
        (self.answers.iter().filter(|a| !a.is_missing()).count(), self.answers.len())
    }
}

/// The key of a submission state.
pub fn state_key(state: State) -> &'static str {
    match state {
        State::Proposed => "proposed",
        State::Submitted => "submitted",
        State::Withdrawn => "withdrawn",
        State::Returned => "returned",
        State::Accepted => "accepted",
    }
}

/// The word of a submission state.
pub fn state_word(seen: &Seen, state: &str) -> String {
    seen.say(&format!("state.{state}"), &[])
}

/// All rounds known at the cut that ask a unit the caller sees, newest period first.
pub fn list(seen: &Seen) -> Vec<RoundShown> {
    known(seen, |_| true).into_iter().filter_map(|(r, made)| shown(seen, r, &made)).collect()
}

/// The rounds of a period: its own and those of the months within it.
pub fn of_period(seen: &Seen, period: Period) -> Vec<RoundShown> {
    known(seen, |r| period.covers(r.period)).into_iter().filter_map(|(r, made)| shown(seen, r, &made)).collect()
}

/// What is missing of the rounds of a period: only answers not given.
pub fn unanswered(seen: &Seen, period: Period) -> Vec<Answer> {
    let mut list = Vec::new();
    for (round, made) in known(seen, |r| period.covers(r.period)) {
        let units =
            units_seen(seen, round).into_iter().filter(|u| !is_given(&states_of(seen, &of_unit(seen, &made, *u))));
        list.extend(answers(seen, round, &made, units.collect()).into_iter().filter(Answer::is_missing));
    }
    list
}

/// One round; `Absent` when it asks nobody the caller sees.
pub fn round(seen: &Seen, id: RoundId) -> Result<RoundShown, Refusal> {
    let found = known(seen, |r| r.id == id).into_iter().next();
    found.and_then(|(r, made)| shown(seen, r, &made)).ok_or_else(Refusal::absent)
}

/// Submissions, oldest first.
type Made<'a> = Vec<&'a Arc<Submission>>;

/// Rounds known at the cut, newest period first, each with the submissions made for it.
fn known<'a>(seen: &'a Seen, wanted: impl Fn(&Round) -> bool) -> Vec<(&'a Arc<Round>, Made<'a>)> {
    let mut rounds: Vec<(&Arc<Round>, Made<'_>)> =
        seen.zone.rounds().into_iter().filter(|r| r.opened <= seen.cut && wanted(r)).map(|r| (r, Vec::new())).collect();
    if rounds.is_empty() {
        return rounds;
    }
    let places: BTreeMap<RoundId, usize> = rounds.iter().enumerate().map(|(n, (r, _))| (r.id, n)).collect();
    for submission in seen.zone.submissions().take_while(|s| s.made <= seen.cut) {
        if let Some(n) = submission.round.and_then(|id| places.get(&id)) {
            rounds[*n].1.push(submission);
        }
    }
    rounds
}

fn units_seen(seen: &Seen, round: &Round) -> Vec<UnitId> {
    round.units.iter().copied().filter(|u| seen.sees(*u)).collect()
}

fn shown(seen: &Seen, round: &Arc<Round>, made: &[&Arc<Submission>]) -> Option<RoundShown> {
    let units = units_seen(seen, round);
    if units.is_empty() {
        return None;
    }
    let closes = round.closes.at(seen.cut).copied().unwrap_or(round.due);
    let answers = answers(seen, round, made, units);
    Some(RoundShown {
        id: round.id,
        title: round.title.clone(),
        period: round.period,
        period_label: round.period.label(seen.lang),
        kinds: round.kinds.iter().map(|k| seen.kind_label(k)).collect(),
        opens: round.opens,
        due: round.due,
        closes,
        open: round.opens <= seen.day && seen.day <= closes,
        reopened: round.steps.iter().filter(|s| s.seq <= seen.cut && s.reopened).count() as u32,
        steps: round.steps.iter().rev().filter(|s| s.seq <= seen.cut).map(|s| step_shown(seen, s)).collect(),
        basis: round.basis.clone(),
        burden: answers.iter().map(|a| a.asked).sum(),
        answers,
        may_reopen: seen.rights.may_all(Verb::RoundOpen),
    })
}

fn step_shown(seen: &Seen, step: &RoundStep) -> StepShown {
    StepShown {
        when: seen.when(step.seq),
        who: seen.who(step.seq),
        reopened: step.reopened,
        closes: step.closes,
        because: seen.zone.said(&step.because).to_string(),
    }
}

/// The unit that answers for one of a round today: itself, or the unit it went into.
pub fn answering(seen: &Seen, unit: UnitId) -> UnitId {
    answering_on(seen, unit, seen.day)
}

/// The unit that answers for one on a day: itself, or the unit it had gone into by then.
pub fn answering_on(seen: &Seen, unit: UnitId, day: Date) -> UnitId {
    let mut at = unit;
    while let Some((into, on)) = seen.zone.unit(at).and_then(|u| u.merged.at(seen.cut)) {
        if *on > day || *into == unit {
            break;
        }
        at = *into;
    }
    at
}

/// The answers of units to a round, in the order of the units.
fn answers(seen: &Seen, round: &Round, made: &[&Arc<Submission>], units: Vec<UnitId>) -> Vec<Answer> {
    let burdens = super::form::burdens(seen, round, &units.iter().copied().collect());
    let burden = |unit: &UnitId| burdens.get(unit).copied().unwrap_or_default();
    units.into_iter().map(|u| answer(seen, round, u, burden(&u), &of_unit(seen, made, u))).collect()
}

/// Submissions of a round made by a unit, or by the one that answers for it.
fn of_unit<'a>(seen: &Seen, made: &[&'a Arc<Submission>], unit: UnitId) -> Made<'a> {
    let heir = answering(seen, unit);
    made.iter().copied().filter(|s| s.unit == unit || s.unit == heir).collect()
}

fn states_of(seen: &Seen, mine: &[&Arc<Submission>]) -> BTreeSet<State> {
    mine.iter().filter_map(|s| s.state(seen.cut)).collect()
}

/// Whether submissions in these states are an answer, if only in part.
fn is_given(states: &BTreeSet<State>) -> bool {
    states.contains(&State::Submitted) || states.contains(&State::Accepted)
}

fn answer(seen: &Seen, round: &Round, unit: UnitId, burden: Burden, mine: &[&Arc<Submission>]) -> Answer {
    let Burden { asked, answered, withheld } = burden;
    let states = states_of(seen, mine);
    // A form with nothing to fill in counts as answered.
    let state = if is_given(&states) {
        match (answered < asked, states.contains(&State::Submitted)) {
            (true, _) => "partial",
            (false, true) => "submitted",
            (false, false) => "accepted",
        }
    } else if states.contains(&State::Proposed) {
        "proposed"
    } else if states.contains(&State::Returned) {
        "returned"
    } else if asked == 0 {
        "nothing"
    } else {
        "none"
    };
    let counted = |s: &&&Arc<Submission>| {
        s.states.until(seen.cut).any(|(_, m)| matches!(m.to, State::Submitted | State::Accepted))
    };
    let first_seq = mine.iter().filter(counted).map(|s| first_submitted(s, seen.cut)).min();
    let late = match first_seq {
        Some(seq) => seen.zone.day_known(seq) > round.due,
        None => asked > 0 && seen.day > round.due,
    };
    let closes = round.closes.at(seen.cut).copied().unwrap_or(round.due);
    let open = !seen.is_past() && round.opens <= seen.day && seen.day <= closes;
    let waited =
        open && seen.rights.may_all(Verb::RoundOpen) && matches!(state, "none" | "partial" | "returned" | "proposed");
    let last = round.urges.iter().rev().find(|u| u.unit == unit && u.seq <= seen.cut);
    let hours = jiff::SignedDuration::from_hours(seen.blueprint.settings.urge_hours.into());
    let from = last.map(|u| seen.zone.known_at(u.seq) + hours).filter(|from| *from > seen.now);
    let clock = |at: jiff::Timestamp| at.to_zoned_datetime(seen.zone.time_zone()).strftime("%m-%d %H:%M").to_string();
    Answer {
        may_urge: waited && from.is_none(),
        urge_from: from.filter(|_| waited).map(clock),
        urged: round
            .urges
            .iter()
            .rev()
            .filter(|u| u.unit == unit && u.seq <= seen.cut)
            .map(|u| urge_shown(seen, u))
            .collect(),
        round: round.id,
        round_title: round.title.clone(),
        unit: seen.unit_shown(unit),
        state,
        word: state_word(seen, state),
        asked,
        answered,
        withheld,
        first: first_seq.map(|seq| seen.when(seq)),
        late,
        submissions: mine.iter().rev().map(|s| submission_shown(seen, s)).collect(),
    }
}

fn urge_shown(seen: &Seen, urge: &RoundUrge) -> UrgeShown {
    UrgeShown {
        when: seen.when(urge.seq),
        who: seen.who(urge.seq),
        text: urge.text.map(|s| seen.zone.said(&s).to_string()),
    }
}

fn first_submitted(submission: &Submission, cut: u64) -> u64 {
    submission
        .states
        .until(cut)
        .find(|(_, m)| matches!(m.to, State::Submitted | State::Accepted))
        .map_or(submission.made, |(seq, _)| seq)
}

fn submission_shown(seen: &Seen, submission: &Arc<Submission>) -> SubmissionShown {
    let state = submission.state(seen.cut).unwrap_or(State::Proposed);
    let rights = &seen.rights;
    let own = touched(seen, submission);
    let unit = submission.unit;
    let mut may = Vec::new();
    if !seen.is_past() {
        match state {
            State::Proposed => {
                if rights.may(Verb::Submit, unit) {
                    if !own {
                        may.push("submitted");
                    }
                    may.push("returned");
                }
                if rights.may(Verb::Report, unit) || rights.may(Verb::Submit, unit) {
                    may.push("withdrawn");
                }
            }
            State::Submitted => {
                if rights.may(Verb::Accept, unit) {
                    if !own {
                        may.push("accepted");
                    }
                    may.push("returned");
                }
                if rights.may(Verb::Report, unit) || rights.may(Verb::Submit, unit) {
                    may.push("withdrawn");
                }
            }
            State::Withdrawn | State::Returned | State::Accepted => {}
        }
        let counts = matches!(state, State::Proposed | State::Submitted | State::Accepted);
        if counts && (rights.may(Verb::Submit, unit) || rights.may(Verb::Accept, unit)) {
            may.push("moved");
        }
    }
    let last = submission.states.at(seen.cut);
    SubmissionShown {
        id: submission.id,
        state: state_key(state),
        word: state_word(seen, state_key(state)),
        cells: submission.size,
        who: seen.who(submission.made),
        when: seen.when(submission.made),
        because: submission.because.map(|s| seen.zone.said(&s).to_string()),
        moved_because: last.and_then(|m| m.because).map(|s| seen.zone.said(&s).to_string()),
        may,
    }
}

/// Whether the caller proposed or submitted it: such a person does not also submit or accept it.
fn touched(seen: &Seen, submission: &Submission) -> bool {
    seen.rights.person.is_some()
        && submission.states.until(seen.cut).any(|(seq, m)| {
            matches!(m.to, State::Proposed | State::Submitted) && seen.zone.actor(seq) == seen.rights.person
        })
}

/// One cell of a submission in words.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CellShown {
    /// Place, as forms name it.
    pub at: String,
    /// Item or unit.
    pub subject: String,
    /// Measure or field.
    pub column: String,
    /// Period.
    pub period: Option<Period>,
    /// What it said.
    pub value: String,
    /// What counted before it, if anything.
    pub before: Option<String>,
    /// Marked when it was returned.
    pub marked: bool,
    /// What was found in it then.
    pub found: Option<String>,
    /// What its writer answered to a question about it.
    pub note: Option<String>,
    /// Seq of the version, for a figure.
    pub version: u64,
}

/// A submission with its cells.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SubmissionPage {
    /// Head.
    pub head: SubmissionShown,
    /// Unit.
    pub unit: UnitShown,
    /// Round, with its title.
    pub round: Option<(RoundId, String)>,
    /// Cells in order of subject.
    pub cells: Vec<CellShown>,
    /// Evidence.
    pub evidence: Vec<crate::blobs::FileRef>,
    /// Steps: when, who, state in words, reason.
    pub steps: Vec<(String, String, String, Option<String>)>,
}

/// A submission the caller sees.
pub fn submission(seen: &Seen, id: SubmissionId) -> Result<SubmissionPage, Refusal> {
    let found = seen.zone.submission(id).filter(|s| s.made <= seen.cut && seen.sees(s.unit));
    let submission = found.ok_or_else(Refusal::absent)?;
    let marks: BTreeSet<&str> =
        submission.states.until(seen.cut).flat_map(|(_, m)| m.marks.iter().map(String::as_str)).collect();
    let last = submission.states.until(seen.cut).flat_map(|(_, m)| m.notes.iter());
    let words = |note: &crate::entries::CellNote| (note.at.clone(), seen.zone.said(&note.said).to_string());
    let found: BTreeMap<String, String> = last.map(words).collect();
    let notes: BTreeMap<String, String> = submission.notes.iter().map(words).collect();
    let mut cells = Vec::new();
    for (subject, measure, part, period) in seen.zone.cells_of(submission) {
        let part_key = (!part.is_empty()).then_some(part);
        let at = match part_key {
            None => format!("{subject}/{measure}"),
            Some(part) => format!("{subject}/{measure}/{part}"),
        };
        let versions = seen.zone.figure_versions(subject, measure, part_key, period, seen.cut);
        let mine = versions.iter().find(|v| v.seq == submission.made);
        let before =
            versions.iter().rfind(|v| v.seq < submission.made && matches!(v.state, State::Submitted | State::Accepted));
        let (_, declared) = seen.declared(subject, measure);
        let words = |v: &crate::zone::FigureVersion| match (&v.value, &v.withheld) {
            (Some(value), _) => super::Shown::plain(*value),
            (None, Some(reason)) => format!("{}：{}", seen.say("figure.withheld", &[]), seen.zone.said(reason)),
            (None, None) => String::new(),
        };
        cells.push(CellShown {
            marked: marks.contains(at.as_str()),
            found: found.get(&at).cloned(),
            note: notes.get(&at).cloned(),
            version: submission.made,
            at,
            subject: seen.subject_name(subject),
            column: declared.map_or(measure.to_owned(), |m| m.label.get(seen.lang).to_owned()),
            period: Some(period),
            value: mine.map_or(String::new(), words),
            before: before.map(words),
        });
    }
    for (item, field) in &submission.fields {
        let Some(known) = seen.zone.item(*item) else { continue };
        let Some(kind) = seen.blueprint.kind(&known.kind) else { continue };
        let versions = known.fields.get(field);
        let mine = versions.and_then(|h| h.until(seen.cut).find(|(seq, _)| *seq == submission.made));
        let before = versions.and_then(|h| h.until(submission.made - 1).next_back());
        let at = format!("i{item}/{field}");
        cells.push(CellShown {
            marked: marks.contains(at.as_str()),
            found: found.get(&at).cloned(),
            note: notes.get(&at).cloned(),
            version: 0,
            at,
            subject: seen.subject_name(Subject::Item(*item)),
            column: kind.field(field).map_or(field.clone(), |f| f.label.get(seen.lang).to_owned()),
            period: None,
            value: mine.map_or(String::new(), |(_, v)| super::field_words(&seen.zone, kind, field, v)),
            before: before.map(|(_, v)| super::field_words(&seen.zone, kind, field, v)),
        });
    }
    let steps = submission
        .states
        .until(seen.cut)
        .map(|(seq, m)| {
            let because = m.because.map(|s| seen.zone.said(&s).to_string());
            (seen.when(seq), seen.who(seq), state_word(seen, state_key(m.to)), because)
        })
        .collect();
    Ok(SubmissionPage {
        head: submission_shown(seen, submission),
        unit: seen.unit_shown(submission.unit),
        round: submission.round.and_then(|id| seen.zone.round(id)).map(|r| (r.id, r.title.clone())),
        cells,
        evidence: submission.evidence.clone(),
        steps,
    })
}

impl Seen {
    /// Name of a kind in the rules of the cut, or of the last rules that knew it.
    pub fn kind_label(&self, key: &str) -> String {
        if let Some(kind) = self.blueprint.kind(key) {
            return kind.label.get(self.lang).to_owned();
        }
        let old = self.zone.blueprints().rev().find_map(|b| b.kind(key).map(|k| k.label.clone()));
        old.map_or_else(|| key.to_owned(), |l| l.get(self.lang).to_owned())
    }

    /// Name of an item or unit at the cut.
    pub fn subject_name(&self, subject: Subject) -> String {
        match subject {
            Subject::Item(id) => {
                self.zone.item(id).and_then(|i| i.name.at(self.cut).or(i.name.last()).cloned()).unwrap_or_default()
            }
            Subject::Unit(id) => self.unit_short(id),
        }
    }

    /// Kind and declaration of a subject's measure, in the rules of the cut or the last that knew it.
    pub fn declared(
        &self,
        subject: Subject,
        measure: &str,
    ) -> (Option<crate::blueprint::Kind>, Option<crate::blueprint::Measure>) {
        let find = |b: &crate::blueprint::Blueprint| {
            let kind = match subject {
                Subject::Item(id) => {
                    self.zone.item(id).and_then(|i| b.kind(&i.kind)).filter(|k| k.measure(measure).is_some())
                }
                Subject::Unit(_) => b.kinds.iter().find(|k| k.about_units && k.measure(measure).is_some()),
            }?;
            Some((Some(kind.clone()), kind.measure(measure).cloned()))
        };
        find(&self.blueprint).or_else(|| self.zone.blueprints().rev().find_map(|b| find(b))).unwrap_or((None, None))
    }
}
