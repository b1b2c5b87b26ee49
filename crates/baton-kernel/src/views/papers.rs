//! Issued papers: what was frozen, and whether the ledger still says what is printed.
//!
//! The data part of a paper names each figure by its version in the ledger, and each derived number with
//! the method that gave it. [`recheck`] compares the facts for ever, and derived numbers with today's methods.

use super::number::Source;
use crate::blobs::{Digest, FileRef};
use crate::entries::{PaperDraft, PaperStep, Publicity, Scope, SubmissionState, TextRights, canonical};
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Paper, PaperCourse, Zone};
use baton_methods::{Lang, Period};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::sync::Arc;

/// A figure on a paper: the version it came from and what that version said.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// Item or unit.
    pub subject: Subject,
    /// Measure key.
    pub measure: String,
    /// Part key, empty when not split.
    pub part: String,
    /// Period.
    pub period: Period,
    /// Seq of the version.
    pub seq: u64,
    /// The quantity; `None` when it was withheld.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub value: Option<Decimal>,
}

impl Fact {
    /// The fact under a source of a number: what the version says. `None` when the ledger has no such version.
    pub fn of(seen: &Seen, source: &Source) -> Option<Fact> {
        if source.part == super::number::TARGET {
            let value = target_version(&seen.zone, source.subject, &source.measure, source.period, source.seq)?;
            return Some(Fact {
                subject: source.subject,
                measure: source.measure.clone(),
                part: source.part.clone(),
                period: source.period,
                seq: source.seq,
                value: Some(value.normalize()),
            });
        }
        let part = (!source.part.is_empty()).then_some(source.part.as_str());
        let versions = seen.zone.figure_versions(source.subject, &source.measure, part, source.period, seen.cut);
        let version = versions.into_iter().find(|v| v.seq == source.seq)?;
        Some(Fact {
            subject: source.subject,
            measure: source.measure.clone(),
            part: source.part.clone(),
            period: source.period,
            seq: source.seq,
            value: version.value.map(|v| v.normalize()),
        })
    }

    /// In words: whose figure of what and when.
    fn words(&self, zone: &Zone, lang: Lang) -> String {
        let subject = match self.subject {
            Subject::Item(id) => zone.item(id).and_then(|i| i.name.last().cloned()),
            Subject::Unit(id) => zone.unit_now(id).map(|d| d.name.clone()),
        };
        let part = if self.part.is_empty() { String::new() } else { format!("/{}", self.part) };
        format!(
            "{} · {}{part} · {}",
            subject.unwrap_or_else(|| self.subject.to_string()),
            self.measure,
            self.period.label(lang)
        )
    }
}

/// A number computed for a paper.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Derived {
    /// What it is, by a key that stays: `review/build/paid/share`.
    pub key: String,
    /// The method and its version, `pace 1`.
    pub method: String,
    /// The number; `None` when there was none.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub value: Option<Decimal>,
}

/// The data part of a paper.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DataPart {
    /// The cut whose facts it shows.
    pub cut: u64,
    /// Figures by version.
    pub facts: Vec<Fact>,
    /// Derived numbers.
    pub derived: Vec<Derived>,
}

impl DataPart {
    /// The hash entered with the paper: SHA-256 of the canonical set of facts. Order and doubles do not matter.
    pub fn facts_hash(&self) -> Digest {
        let mut facts: Vec<Fact> = self.facts.clone();
        for fact in &mut facts {
            fact.value = fact.value.map(|v| v.normalize());
        }
        facts.sort();
        facts.dedup();
        Digest::of(canonical(&facts).as_bytes())
    }

    /// The canonical text of the whole part, as it is stored.
    pub fn text(&self) -> String {
        canonical(self)
    }
}

/// An issued paper in one line.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PaperRow {
    /// Identity.
    pub id: PaperId,
    /// Kind key.
    pub kind: String,
    /// Kind in words.
    pub kind_word: String,
    /// Title.
    pub title: String,
    /// Document number.
    pub number: Option<String>,
    /// Meeting it belongs to.
    pub meeting: Option<MeetingId>,
    /// Period it reports.
    pub period: Period,
    /// Period in words.
    pub period_label: String,
    /// Day of issue.
    pub on: Date,
    /// Day and time of issue.
    pub when: String,
    /// Who issued it.
    pub who: String,
    /// The cut whose facts it shows.
    pub cut: u64,
    /// The day of that cut.
    pub known: Date,
    /// Frozen files.
    pub files: Vec<FileRef>,
    /// Data part.
    pub data: FileRef,
    /// Hash of the facts.
    pub facts: Digest,
    /// Head hash printed on it.
    pub witness: Digest,
    /// The later paper that took its place.
    pub superseded_by: Option<PaperId>,
}

/// Something that recheck noticed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// A fact is not as printed; else only a derived number differs under today's methods.
    pub facts: bool,
}

/// Papers that the caller may see, newest first, as known at the cut.
pub fn list(seen: &Seen) -> Vec<PaperRow> {
    let mut list: Vec<PaperRow> =
        seen.zone.papers().into_iter().filter(|p| seen.sees_paper(p)).map(|p| seen.paper_row(p)).collect();
    list.reverse();
    list
}

/// One paper by id or document number. Errors: absent, alike for what is not there and what is not the caller's.
pub fn paper(seen: &Seen, key: &str) -> Result<PaperRow, Refusal> {
    let found = match key.parse::<PaperId>() {
        Ok(id) => seen.zone.paper(id).cloned(),
        Err(_) => seen.zone.papers().into_iter().find(|p| p.number.as_deref() == Some(key)).cloned(),
    };
    let paper = found.filter(|p| seen.sees_paper(p)).ok_or_else(Refusal::absent)?;
    Ok(seen.paper_row(&paper))
}

/// Papers of a meeting that the caller may see, oldest first.
pub fn of_meeting(seen: &Seen, meeting: MeetingId) -> Vec<PaperRow> {
    let mut list = list(seen);
    list.retain(|p| p.meeting == Some(meeting));
    list.reverse();
    list
}

impl Seen {
    /// Whether a paper was issued to the caller: all of the zone, or a unit within reach.
    pub(crate) fn sees_paper(&self, paper: &Arc<Paper>) -> bool {
        if paper.issued > self.cut {
            return false;
        }
        match &paper.audience {
            Scope::All => self.rights.may_somewhere(Verb::See),
            Scope::Units(units) | Scope::Below(units) => self.sees_all() || units.iter().any(|u| self.sees(*u)),
        }
    }

    fn paper_row(&self, paper: &Paper) -> PaperRow {
        let zone = &self.zone;
        let word = format!("paper.kind.{}", paper.kind);
        let known = crate::messages::catalogue().contains_key(&word);
        let later = zone.papers().into_iter().find(|p| {
            p.issued > paper.issued
                && p.issued <= self.cut
                && p.kind == crate::zone::CIRCULAR
                && p.kind == paper.kind
                && p.meeting == paper.meeting
        });
        PaperRow {
            id: paper.id,
            kind: paper.kind.clone(),
            kind_word: if known { self.say(&word, &[]) } else { paper.kind.clone() },
            title: paper.title.clone(),
            number: paper.number.clone(),
            meeting: paper.meeting,
            period: paper.period,
            period_label: paper.period.label(self.lang),
            on: zone.day_known(paper.issued),
            when: self.when(paper.issued),
            who: self.who(paper.issued),
            cut: paper.cut,
            known: zone.day_known(paper.cut),
            files: paper.files.clone(),
            data: paper.data.clone(),
            facts: paper.facts,
            witness: paper.witness,
            superseded_by: later.map(|p| p.id),
        }
    }
}

/// A step of a paper, in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StepShown {
    /// Seq.
    pub seq: u64,
    /// Stable key.
    pub key: &'static str,
    /// In words.
    pub word: String,
    /// When.
    pub when: String,
    /// Who.
    pub who: String,
    /// Reason, basis or holder; empty when nothing was said.
    pub text: String,
}

/// What happened to an issued paper, and what may be done with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CourseShown {
    /// Steps, oldest first, its being issued among them.
    pub steps: Vec<StepShown>,
    /// The decision on publicity: key, word, basis.
    pub publicity: Option<(&'static str, String, String)>,
    /// Whose text it is, in words.
    pub rights: Option<String>,
    /// Why it is out of sight; `None` when it is not.
    pub down: Option<String>,
    /// Whether it is filed.
    pub archived: bool,
    /// Whether the caller decides on publicity, rights and takedown.
    pub may_publish: bool,
    /// Whether the caller may file it now.
    pub may_archive: bool,
}

/// A paper on its way to being issued.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DraftRow {
    /// Identity: the paper's, once it is issued.
    pub id: PaperId,
    /// What was sent for review last.
    pub draft: PaperDraft,
    /// State key: that of the last step.
    pub state: &'static str,
    /// State in words.
    pub word: String,
    /// Class of its mark.
    pub light: &'static str,
    /// Steps, oldest first.
    pub steps: Vec<StepShown>,
    /// What the caller may do next: step keys, and `issue`.
    pub may: Vec<&'static str>,
}

/// The key of a step.
pub fn step_key(step: PaperStep) -> &'static str {
    match step {
        PaperStep::Sent => "sent",
        PaperStep::Reviewed => "reviewed",
        PaperStep::Returned => "returned",
        PaperStep::Signed => "signature",
        PaperStep::Dropped => "dropped",
        PaperStep::Archived => "archived",
    }
}

/// The key of a decision on publicity.
pub fn publicity_key(publicity: Publicity) -> &'static str {
    match publicity {
        Publicity::Open => "open",
        Publicity::OnRequest => "on_request",
        Publicity::Withheld => "withheld",
    }
}

/// Whose text it is, in words that stand wherever it is shown.
pub fn rights_words(seen: &Seen, rights: &TextRights) -> String {
    match rights {
        TextRights::Own { holder } => seen.say("paper.rights.own", &[("holder", holder)]),
        TextRights::Reprint { source, basis, .. } => {
            seen.say("paper.rights.reprint", &[("source", source), ("basis", basis)])
        }
    }
}

impl Seen {
    fn step_shown(&self, seq: u64, key: &'static str, text: String) -> StepShown {
        let word = self.say(&format!("paper.step.{key}"), &[]);
        StepShown { seq, key, word, when: self.when(seq), who: self.who(seq), text }
    }

    fn steps_shown(&self, course: &PaperCourse) -> Vec<StepShown> {
        let said = |s: &crate::blobs::Said| self.zone.said(s).to_string();
        let known = |seq: &u64| *seq <= self.cut;
        let mut steps: Vec<StepShown> = Vec::new();
        for (seq, step, because) in course.steps.iter().filter(|(seq, ..)| known(seq)) {
            steps.push(self.step_shown(*seq, step_key(*step), because.as_ref().map_or(String::new(), said)));
        }
        for (seq, publicity, basis) in course.publicity.iter().filter(|(seq, ..)| known(seq)) {
            let word = self.say(&format!("paper.publicity.{}", publicity_key(*publicity)), &[]);
            steps.push(self.step_shown(*seq, "publicity", format!("{word} · {}", said(basis))));
        }
        for (seq, rights) in course.rights.iter().filter(|(seq, _)| known(seq)) {
            steps.push(self.step_shown(*seq, "rights", rights_words(self, rights)));
        }
        for (seq, down, because) in course.down.iter().filter(|(seq, ..)| known(seq)) {
            steps.push(self.step_shown(*seq, if *down { "down" } else { "restored" }, said(because)));
        }
        steps.sort_by_key(|s| s.seq);
        steps
    }

    /// Whether drafts of papers are shown to the caller: who drafts, reviews or signs for the whole zone.
    fn sees_paper_drafts(&self) -> bool {
        [Verb::PaperIssue, Verb::PaperReview, Verb::PaperSign].iter().any(|v| self.rights.may_all(*v))
    }

    fn draft_row(&self, id: PaperId, course: &PaperCourse) -> Option<DraftRow> {
        let draft = course.draft(self.cut)?.clone();
        let (_, step) = course.step(self.cut)?;
        let rights = &self.rights;
        let own = course.sent().and_then(|seq| self.zone.actor(seq)) == rights.person && rights.person.is_some();
        let mut may = Vec::new();
        if !self.is_past() {
            match step {
                PaperStep::Sent if rights.may_all(Verb::PaperReview) => {
                    if !own {
                        may.push("reviewed");
                    }
                    may.push("returned");
                }
                PaperStep::Reviewed if rights.may_all(Verb::PaperSign) => {
                    if !own {
                        may.push("signature");
                    }
                    may.push("returned");
                }
                PaperStep::Signed if rights.may_all(Verb::PaperIssue) => may.push("issue"),
                _ => {}
            }
            if rights.may_all(Verb::PaperIssue) && !matches!(step, PaperStep::Dropped) {
                may.push("dropped");
            }
        }
        let light = match step {
            PaperStep::Signed => "ok",
            PaperStep::Returned => "lag",
            PaperStep::Dropped | PaperStep::Archived => "done",
            PaperStep::Sent | PaperStep::Reviewed => "warn",
        };
        let state = step_key(step);
        let word = self.say(&format!("paper.state.{state}"), &[]);
        Some(DraftRow { id, draft, state, word, light, steps: self.steps_shown(course), may })
    }
}

/// Papers on their way that the caller may see, newest first; what was given up is left out.
pub fn drafts(seen: &Seen) -> Vec<DraftRow> {
    if !seen.sees_paper_drafts() {
        return Vec::new();
    }
    let open = seen.zone.courses().filter(|(id, _)| seen.zone.paper(*id).is_none_or(|p| p.issued > seen.cut));
    let mut list: Vec<DraftRow> = open.filter_map(|(id, course)| seen.draft_row(id, course)).collect();
    list.retain(|d| d.state != "dropped");
    list.sort_by_key(|d| std::cmp::Reverse(d.steps.last().map(|s| s.seq)));
    list
}

/// One paper on its way. Errors: absent, alike for what is not there, issued already, or not the caller's.
pub fn draft(seen: &Seen, id: PaperId) -> Result<DraftRow, Refusal> {
    let waits = seen.zone.paper(id).is_none_or(|p| p.issued > seen.cut);
    let course = seen.zone.course(id).filter(|_| waits && seen.sees_paper_drafts()).ok_or_else(Refusal::absent)?;
    seen.draft_row(id, course).ok_or_else(Refusal::absent)
}

/// What happened to an issued paper that the caller sees.
pub fn course(seen: &Seen, key: &str) -> Result<CourseShown, Refusal> {
    let row = paper(seen, key)?;
    let none = PaperCourse::default();
    let course = seen.zone.course(row.id).map_or(&none, |c| c);
    let mut steps = seen.steps_shown(course);
    let issued = seen.zone.paper(row.id).map_or(0, |p| p.issued);
    steps.push(seen.step_shown(issued, "issued", row.number.clone().unwrap_or_default()));
    steps.sort_by_key(|s| s.seq);
    let publicity = course.public(seen.cut).map(|(_, publicity, basis)| {
        let key = publicity_key(publicity);
        (key, seen.say(&format!("paper.publicity.{key}"), &[]), seen.zone.said(&basis).to_string())
    });
    let archived = matches!(course.step(seen.cut), Some((_, PaperStep::Archived)));
    Ok(CourseShown {
        steps,
        rights: course.holder(seen.cut).map(|r| rights_words(seen, r)),
        down: hidden(seen, row.id),
        archived,
        may_publish: !seen.is_past() && seen.rights.may_all(Verb::PaperPublish),
        may_archive: !seen.is_past() && seen.rights.may_all(Verb::PaperIssue) && publicity.is_some() && !archived,
        publicity,
    })
}

/// Why a paper is out of sight today, whatever day is shown: a takedown holds for the past too.
pub fn hidden(seen: &Seen, id: PaperId) -> Option<String> {
    let because = seen.zone.course(id)?.hidden(u64::MAX)?;
    Some(seen.zone.said(&because).to_string())
}

/// Whether the ledger still says what the data part of an issued paper says. Empty: facts intact.
pub fn recheck(zone: &Zone, paper: PaperId, data_part: &serde_json::Value) -> Vec<Finding> {
    recheck_with(zone, paper, data_part, None)
}

/// The same, and whether today's methods give the derived numbers printed: `today` is the data part made
/// now for the paper's cut.
pub fn recheck_with(
    zone: &Zone,
    paper: PaperId,
    data_part: &serde_json::Value,
    today: Option<&DataPart>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(paper) = zone.paper(paper) else {
        return vec![finding(true, "paper.find.absent", |_| vec![])];
    };
    let data = match DataPart::deserialize(data_part) {
        Ok(data) => data,
        Err(error) => {
            return vec![finding(true, "paper.find.unreadable", |_| vec![("why", error.to_string())])];
        }
    };
    if data.cut != paper.cut {
        let (data, paper) = (data.cut.to_string(), paper.cut.to_string());
        found.push(finding(true, "paper.find.cut", |_| vec![("data", data.clone()), ("paper", paper.clone())]));
    }
    let hash = data.facts_hash();
    if hash != paper.facts {
        let (data, paper) = (hash.short(), paper.facts.short());
        found.push(finding(true, "paper.find.hash", |_| vec![("data", data.clone()), ("paper", paper.clone())]));
    }
    for fact in &data.facts {
        found.extend(fact_finding(zone, paper, fact));
    }
    if let Some(today) = today {
        for then in &data.derived {
            found.extend(derived_finding(then, today.derived.iter().find(|d| d.key == then.key)));
        }
    }
    found
}

fn fact_finding(zone: &Zone, paper: &Paper, fact: &Fact) -> Option<Finding> {
    let say = |code: &str, more: Vec<(&'static str, String)>| {
        Some(finding(true, code, |lang| {
            let mut args = vec![("fact", fact.words(zone, lang)), ("seq", fact.seq.to_string())];
            args.extend(more.clone());
            args
        }))
    };
    if fact.seq > paper.cut {
        return say("paper.find.after", vec![("cut", paper.cut.to_string())]);
    }
    if fact.part == super::number::TARGET {
        let found = target_version(zone, fact.subject, &fact.measure, fact.period, fact.seq);
        return match found {
            None => say("paper.find.missing", vec![]),
            Some(value) if Some(value.normalize()) == fact.value => None,
            other => say("paper.find.value", vec![("paper", shown(fact.value)), ("ledger", shown(other))]),
        };
    }
    let part = (!fact.part.is_empty()).then_some(fact.part.as_str());
    let versions = zone.figure_versions(fact.subject, &fact.measure, part, fact.period, paper.cut);
    let Some(version) = versions.into_iter().find(|v| v.seq == fact.seq) else {
        return say("paper.find.missing", vec![]);
    };
    if version.value != fact.value {
        return say("paper.find.value", vec![("paper", shown(fact.value)), ("ledger", shown(version.value))]);
    }
    if !matches!(version.state, SubmissionState::Submitted | SubmissionState::Accepted) {
        return say("paper.find.not-counted", vec![]);
    }
    None
}

/// What a version of a target said.
fn target_version(zone: &Zone, subject: Subject, measure: &str, year: Period, seq: u64) -> Option<Decimal> {
    let versions = zone.targets(subject, measure, year.year_number(), seq);
    versions.into_iter().find(|t| t.seq == seq).map(|t| t.value)
}

fn derived_finding(then: &Derived, now: Option<&Derived>) -> Option<Finding> {
    let mut args = vec![("key", then.key.clone()), ("was", then.method.clone()), ("then", shown(then.value))];
    match now {
        Some(now) if now.value == then.value => None,
        Some(now) => {
            args.extend([("is", now.method.clone()), ("now", shown(now.value))]);
            Some(finding(false, "paper.find.derived", |_| args.clone()))
        }
        None => Some(finding(false, "paper.find.derived-gone", |_| args.clone())),
    }
}

fn shown(value: Option<Decimal>) -> String {
    value.map_or_else(|| "—".to_owned(), super::Shown::plain)
}

fn finding(facts: bool, code: &str, args: impl Fn(Lang) -> Vec<(&'static str, String)>) -> Finding {
    let say = |lang: Lang| {
        let args = args(lang);
        let args: Vec<(&str, &dyn Display)> = args.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        crate::messages::say(lang, code, &args)
    };
    Finding { zh: say(Lang::Zh), en: say(Lang::En), facts }
}
