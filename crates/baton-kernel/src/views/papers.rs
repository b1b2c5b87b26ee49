//! Issued papers: what was frozen, and whether the ledger still says what is printed.
//!
//! The data part of a paper names each figure by its version in the ledger, and each derived number with
//! the method that gave it. [`recheck`] compares the facts for ever, and derived numbers with today's methods.

use super::number::Source;
use crate::blobs::{Digest, FileRef};
use crate::entries::{Scope, SubmissionState, canonical};
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Paper, Zone};
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
