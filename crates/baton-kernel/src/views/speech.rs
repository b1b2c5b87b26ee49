//! A speech as proposals: each clause that asks something, with suggestions to confirm.
//!
//! A proposal gives nothing that the text does not give. The lead is preselected only where the text itself
//! names exactly one unit, the deadline only where it gives one day, with the words it came from. Units that
//! fit by duty are suggested with the reason. Stance is shown greyed and makes no task.

use super::review::UnitShown;
use crate::blueprint::Blueprint;
use crate::entries::TaskSource;
use crate::ids::*;
use crate::limits;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::UnitData;
use baton_methods::WorkCalendar;
use baton_text::{Bound, Clause, Directive, Extract, Lexicon};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What stands between two names.
const BETWEEN: [char; 5] = ['、', '和', '与', '及', '同'];

/// Why a unit is suggested.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The text names it as responsible.
    Named,
    /// The text names it as assisting.
    Assists,
    /// The duty dictionary of the blueprint.
    Dictionary,
    /// Words of its own duties.
    Duty,
    /// The duty dictionary that the office keeps.
    Office,
    /// People confirmed it before for the same phrase.
    Confirmed,
}

/// A unit suggested for a clause, to be confirmed by a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Suggestion {
    /// The unit.
    pub unit: UnitShown,
    /// Why.
    pub fit: Fit,
    /// What made it fit, in words: how the text calls it, the dictionary's entry, a word of its duties.
    pub words: String,
}

/// A deadline that the text gives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeadlineSaid {
    /// The words.
    pub words: String,
    /// The day, when the words give one.
    pub on: Option<Date>,
    /// A repeated one: `monthly:25`.
    pub recurs: Option<String>,
}

/// A task already made from the same words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Made {
    /// Identity.
    pub id: TaskId,
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
}

/// A clause, or a part of one, that may become a task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Proposal {
    /// Place among the proposals that are not greyed, from 1; 0 for stance.
    pub number: usize,
    /// Class: `task`, `measure`, `stance`.
    pub class: baton_text::Class,
    /// Stance: shown greyed, makes no task.
    pub greyed: bool,
    /// Text as said: the clause, or the part of it.
    pub text: String,
    /// First character in the cleaned speech.
    pub offset: u32,
    /// Length in characters.
    pub length: u32,
    /// The clause, when this is a part of it.
    pub part_of: Option<String>,
    /// The sentence.
    pub sentence: String,
    /// To whom it is said, as printed.
    pub addressee: Option<String>,
    /// The verb.
    pub verb: String,
    /// What the verb is about.
    pub object: String,
    /// A title to start from.
    pub title: String,
    /// The lead preselected: the one unit that the text itself names.
    pub lead: Option<UnitId>,
    /// Assisting units that the text itself names.
    pub assist: Vec<UnitId>,
    /// Units suggested, the text's own first.
    pub suggestions: Vec<Suggestion>,
    /// What is known of the owner, in words.
    pub owner_note: String,
    /// The deadline to start from: the one day that the text gives.
    pub deadline: Option<Date>,
    /// The words it came from.
    pub deadline_words: String,
    /// Every deadline said.
    pub deadlines: Vec<DeadlineSaid>,
    /// What is known of the deadline, in words.
    pub deadline_note: String,
    /// Quantities as said.
    pub aim: String,
    /// Tasks already made from these words.
    pub made: Vec<Made>,
    /// The phrase that a confirmed lead is remembered for; empty when the words give none.
    pub phrase: String,
}

/// How people cut a speech differently than the text room: kept in the workbench, places in characters.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Cuts {
    /// Proposals taken apart, each as its pieces: first character and length.
    #[serde(default)]
    pub split: Vec<Vec<(u32, u32)>>,
    /// Stretches whose proposals were put together: first character and length.
    #[serde(default)]
    pub merged: Vec<(u32, u32)>,
}

/// A clause to propose from, whole or in part.
struct Piece<'a> {
    directive: &'a Directive,
    clause: Clause,
    part: Option<(usize, String)>,
}

impl Piece<'_> {
    /// First character and end of what is proposed.
    fn place(&self) -> (usize, usize) {
        let (text, from) = match &self.part {
            None => (self.clause.text.as_str(), 0),
            Some((_, part)) => match self.clause.text.find(part.as_str()) {
                Some(at) => (part.as_str(), self.clause.text[..at].chars().count()),
                None => (self.clause.text.as_str(), 0),
            },
        };
        let from = self.clause.offset + from;
        (from, from + text.chars().count())
    }
}

/// A clause of other words: it keeps only what those words say themselves.
fn narrowed(clause: &Clause, text: String, offset: usize) -> Clause {
    let here = |words: &str| text.contains(words);
    Clause {
        offset,
        class: if clause.class == baton_text::Class::Stance { baton_text::Class::Task } else { clause.class },
        verb: Some(&clause.verb).filter(|v| here(v)).cloned().unwrap_or_default(),
        object: Some(&clause.object).filter(|o| here(o)).cloned().unwrap_or_else(|| text.clone()),
        about: None,
        parts: Vec::new(),
        deadlines: clause.deadlines.iter().filter(|d| here(&d.text)).cloned().collect(),
        quantities: clause.quantities.iter().filter(|q| here(&q.text)).cloned().collect(),
        owner_hints: clause.owner_hints.clone(),
        named: clause.named.iter().filter(|n| here(&n.text)).cloned().collect(),
        text,
    }
}

/// Applies how people cut a speech: pieces that no longer fit the text are left out.
fn recut<'a>(pieces: Vec<Piece<'a>>, cuts: &Cuts, chars: &[char]) -> Vec<Piece<'a>> {
    let words = |from: usize, to: usize| -> String { chars[from..to].iter().collect() };
    let mut list = pieces;
    for pair in &cuts.merged {
        let (from, to) = (pair.0 as usize, pair.0 as usize + pair.1 as usize);
        if to > chars.len() {
            continue;
        }
        let within = |p: &Piece<'_>| p.place().0 >= from && p.place().1 <= to;
        let Some(first) = list.iter().position(within) else { continue };
        let together: Vec<&Piece<'_>> = list.iter().filter(|p| within(p)).collect();
        if together.len() < 2 {
            continue;
        }
        let mut clause = narrowed(&together[0].clause, words(from, to), from);
        for other in &together[1..] {
            let more = narrowed(&other.clause, words(from, to), from);
            clause
                .deadlines
                .extend(more.deadlines.into_iter().filter(|d| !clause.deadlines.contains(d)).collect::<Vec<_>>());
            clause
                .quantities
                .extend(more.quantities.into_iter().filter(|q| !clause.quantities.contains(q)).collect::<Vec<_>>());
            clause.named.extend(more.named.into_iter().filter(|n| !clause.named.contains(n)).collect::<Vec<_>>());
            clause.owner_hints.extend(more.owner_hints);
        }
        clause.object = clause.text.clone();
        let piece = Piece { directive: together[0].directive, clause, part: None };
        let mut next: Vec<Piece<'a>> = Vec::with_capacity(list.len());
        for (n, old) in list.into_iter().enumerate() {
            if n == first {
                continue;
            }
            if !within(&old) {
                next.push(old);
            }
        }
        next.insert(first.min(next.len()), piece);
        list = next;
    }
    for pieces in &cuts.split {
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { continue };
        let (from, to) = (first.0 as usize, last.0 as usize + last.1 as usize);
        let Some(at) = list.iter().position(|p| p.place().0 <= from && to <= p.place().1) else { continue };
        if to > chars.len() || pieces.windows(2).any(|two| two[0].0 + two[0].1 > two[1].0) {
            continue;
        }
        let old = list.remove(at);
        for (n, (offset, length)) in pieces.iter().enumerate() {
            let offset = *offset as usize;
            let clause = narrowed(&old.clause, words(offset, offset + *length as usize), offset);
            list.insert(at + n, Piece { directive: old.directive, clause, part: None });
        }
    }
    list
}

/// The proposals of a speech, in the order of the text. Empty when the caller may not see the meeting, or the
/// extract is of another text.
pub fn proposals(seen: &Seen, meeting: MeetingId, speech: SpeechId, extract: &Extract) -> Vec<Proposal> {
    proposals_cut(seen, meeting, speech, extract, &Cuts::default())
}

/// The proposals of a speech as people cut it. As [`proposals`].
pub fn proposals_cut(
    seen: &Seen,
    meeting: MeetingId,
    speech: SpeechId,
    extract: &Extract,
    cuts: &Cuts,
) -> Vec<Proposal> {
    let Ok(clean) = clean_text(seen, meeting, speech) else { return Vec::new() };
    if *clean != *extract.text {
        return Vec::new();
    }
    listed(seen, &seen.made_from(speech), extract, cuts)
}

/// The proposals of a document taken in, in the order of the text; [`Proposal::made`] names its drafts and tasks.
/// Empty when the extract is of another text.
///
/// Errors: absent.
pub fn text_proposals(seen: &Seen, text: TextId, extract: &Extract) -> Result<Vec<Proposal>, Refusal> {
    let clean = super::drafts::clean_text(seen, text)?;
    let made = super::drafts::made_from(seen, text);
    Ok(if *clean == *extract.text { listed(seen, &made, extract, &Cuts::default()) } else { Vec::new() })
}

/// What the text room finds in a document taken in; relative deadlines are read against the day it was taken in.
///
/// Errors: absent; a mistake in the lexicon.
pub fn text_extract(seen: &Seen, text: TextId) -> Result<Extract, Refusal> {
    let clean = super::drafts::clean_text(seen, text)?;
    let lexicon = lexicon(seen.blueprint())?;
    let day = seen.zone.task_text(text).map(|row| seen.zone.day_known(row.seq));
    let calendar = Days(&seen.blueprint().calendar);
    Ok(baton_text::extract_by_calendar(&clean, &lexicon, day, Some(&calendar)))
}

fn listed(seen: &Seen, made: &[(u32, u32, Made)], extract: &Extract, cuts: &Cuts) -> Vec<Proposal> {
    let names = Names::of(seen);
    let mut pieces = Vec::new();
    for directive in &extract.directives {
        for clause in &directive.clauses {
            if clause.class == baton_text::Class::Stance || clause.parts.is_empty() {
                pieces.push(Piece { directive, clause: clause.clone(), part: None });
            } else {
                let parts = clause.parts.iter().cloned().enumerate();
                pieces.extend(parts.map(|part| Piece { directive, clause: clause.clone(), part: Some(part) }));
            }
        }
    }
    let chars: Vec<char> = extract.text.chars().collect();
    let learned = super::duties::learned(seen);
    let known = Known { names, words: super::duties::dictionary(seen), learned };
    let mut list: Vec<Proposal> = recut(pieces, cuts, &chars)
        .iter()
        .map(|p| seen.proposal(&known, made, p.directive, &p.clause, p.part.as_ref().map(|(n, part)| (*n, part))))
        .collect();
    let mut number = 0;
    for proposal in list.iter_mut().filter(|p| !p.greyed) {
        number += 1;
        proposal.number = number;
    }
    list
}

/// What the text room finds in a speech, by the lexicon and calendar of the rules in force; relative deadlines
/// are read against the day of the meeting.
///
/// Errors: absent; the lexicon of the blueprint has a mistake (it is checked when the blueprint is applied).
pub fn extract(seen: &Seen, meeting: MeetingId, speech: SpeechId) -> Result<Extract, Refusal> {
    let clean = clean_text(seen, meeting, speech)?;
    let lexicon = lexicon(seen.blueprint())?;
    let day = seen.meeting(&meeting.to_string())?.plan.at(seen.cut()).map(|p| p.on);
    let calendar = Days(&seen.blueprint().calendar);
    Ok(baton_text::extract_by_calendar(&clean, &lexicon, day, Some(&calendar)))
}

/// The lexicon of a blueprint, compiled.
///
/// Errors: the first mistake in its files.
pub fn lexicon(blueprint: &Blueprint) -> Result<Lexicon, Refusal> {
    let files: Vec<(&str, &str)> = blueprint.lexicon.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    Lexicon::parse(&files).map_err(|mistakes| {
        let first = mistakes.first().map_or(String::new(), ToString::to_string);
        Refusal::not_now("speech.lexicon", &[("count", &mistakes.len()), ("first", &first)])
    })
}

/// Working days and holidays for the text room.
pub struct Days<'a>(pub &'a WorkCalendar);

impl baton_text::Calendar for Days<'_> {
    fn after_working_days(&self, from: Date, count: u32) -> Option<Date> {
        self.0.add_working_days(from, count).ok()
    }
    fn holiday(&self, name: &str, year: i16) -> Option<(Date, Date)> {
        self.0.holiday(name, year)
    }
}

fn clean_text(seen: &Seen, meeting: MeetingId, speech: SpeechId) -> Result<std::sync::Arc<str>, Refusal> {
    let meeting = seen.meeting(&meeting.to_string())?;
    let row = meeting.speeches.iter().find(|s| s.id == speech && s.seq <= seen.cut()).ok_or_else(Refusal::absent)?;
    Ok(seen.zone.said(&row.clean))
}

/// Names and duties of the units that stand below the root, in official order: the zone as a whole owns nothing.
struct Names {
    units: Vec<(UnitId, UnitData)>,
}

impl Names {
    fn of(seen: &Seen) -> Names {
        let root = seen.root();
        let units = seen.units().into_iter().filter(|u| Some(*u) != root);
        Names { units: units.filter_map(|u| Some((u, seen.unit(u)?.clone()))).collect() }
    }

    fn called(data: &UnitData) -> impl Iterator<Item = &str> {
        [&data.name, &data.short].into_iter().chain(&data.aliases).map(String::as_str).filter(|n| long(n))
    }

    /// The units that a printed name means: the very name first, else names of which one ends with the other.
    fn meant(&self, printed: &str) -> Vec<UnitId> {
        let printed = printed.trim();
        let by = |same: &dyn Fn(&str) -> bool| -> Vec<UnitId> {
            self.units.iter().filter(|(_, d)| Names::called(d).any(same)).map(|(u, _)| *u).collect()
        };
        let exact = by(&|name| name == printed);
        if !exact.is_empty() || !long(printed) {
            return exact;
        }
        // 区建设管理局 is 建设管理局; 清溪镇和石桥镇 is not 石桥镇 alone.
        let one = |before: &str| before.chars().count() <= crate::limits::PREFIX_CHARS_MAX && !before.contains(BETWEEN);
        by(&|name| printed.strip_suffix(name).is_some_and(one) || name.ends_with(printed))
    }

    /// Units whose name, other names or duties hold a word of the dictionary's holder.
    fn of_holder(&self, holder: &str) -> Vec<UnitId> {
        let words: Vec<&str> = holder
            .split(|c: char| matches!(c, '（' | '）' | '(' | ')' | '、') || c.is_whitespace())
            .filter(|w| long(w))
            .collect();
        let fits = |d: &UnitData| {
            let own = Names::called(d).chain(d.duties.iter().map(String::as_str));
            own.into_iter().any(|name| words.iter().any(|w| name.contains(w)))
        };
        self.units.iter().filter(|(_, d)| fits(d)).map(|(u, _)| *u).collect()
    }

    /// Units with a word of their own duties in the text, and that word: the longest.
    fn of_duty(&self, text: &str) -> Vec<(UnitId, String)> {
        let word = |d: &UnitData| {
            let found = d.duties.iter().filter(|w| long(w) && text.contains(w.as_str()));
            found.max_by_key(|w| w.chars().count()).cloned()
        };
        self.units.iter().filter_map(|(u, d)| Some((*u, word(d)?))).collect()
    }
}

fn long(word: &str) -> bool {
    word.chars().count() >= crate::limits::WORD_CHARS_MIN
}

/// What is known of who does what: names and duties of units, the office's dictionary, what people confirmed.
struct Known {
    names: Names,
    words: Vec<super::duties::DutyRow>,
    learned: Vec<super::duties::LearnedRow>,
}

/// Who is responsible by the text itself.
#[derive(Default)]
struct Owners {
    leads: Vec<(UnitId, String)>,
    assists: Vec<(UnitId, String)>,
    /// Names printed as responsible, whatever they mean.
    named: usize,
}

impl Seen {
    /// Tasks made from a speech that the caller sees: first character, length, task.
    fn made_from(&self, speech: SpeechId) -> Vec<(u32, u32, Made)> {
        let tasks = self.tasks_seen();
        let made = tasks.filter_map(|(task, _)| match &task.source {
            TaskSource::Speech { speech: from, offset, length } if *from == speech => {
                Some((*offset, *length, Made { id: task.id, code: task.code.clone(), title: task.title.clone() }))
            }
            _ => None,
        });
        made.collect()
    }

    fn proposal(
        &self,
        known: &Known,
        made: &[(u32, u32, Made)],
        directive: &Directive,
        clause: &Clause,
        part: Option<(usize, &String)>,
    ) -> Proposal {
        let (text, offset) = match part {
            None => (clause.text.clone(), clause.offset),
            Some((_, part)) => {
                let before = clause.text.find(part.as_str()).map(|at| clause.text[..at].chars().count());
                // A part that is not printed as it stands keeps the place of its clause.
                (part.clone(), clause.offset + before.unwrap_or(0))
            }
        };
        let whole = part.is_some_and(|(_, part)| !clause.text.contains(part.as_str()));
        let length = if whole { clause.length() } else { text.chars().count() };
        let (offset, length) = (offset as u32, length as u32);
        let greyed = clause.class == baton_text::Class::Stance;
        let title = match part {
            Some((_, part)) => format!("{}{part}", clause.verb),
            // 5月底前全部整改到位 says what is done, the clause before it to what.
            None => match &clause.about {
                Some(about) => format!("{about}：{}", clause.text),
                None => clause.text.clone(),
            },
        };
        let overlaps = |from: u32, len: u32| from < offset + length && offset < from + len;
        let owners = if greyed { Owners::default() } else { owners(&known.names, directive, clause) };
        let suggestions = if greyed { Vec::new() } else { self.suggestions(known, &owners, clause, part) };
        let dated: BTreeSet<Date> = clause.deadlines.iter().filter_map(|d| d.date).collect();
        let one = clause.deadlines.iter().find(|d| d.date.is_some()).filter(|_| dated.len() == 1);
        let lead = match &owners.leads[..] {
            [(unit, _)] if owners.named == 1 => Some(*unit),
            _ => None,
        };
        Proposal {
            number: 0,
            class: clause.class,
            greyed,
            title: short_title(&title),
            phrase: phrase(clause, part.map(|(_, part)| part.as_str())),
            text,
            offset,
            length,
            part_of: part.map(|_| clause.text.clone()),
            sentence: directive.sentence.clone(),
            addressee: directive.addressee.clone(),
            verb: clause.verb.clone(),
            object: clause.object.clone(),
            lead,
            assist: owners.assists.iter().map(|(unit, _)| *unit).filter(|u| Some(*u) != lead).collect(),
            owner_note: if greyed { String::new() } else { self.owner_note(&owners, &suggestions) },
            suggestions,
            deadline: one.and_then(|d| d.date).filter(|_| !greyed),
            deadline_words: one.map_or(String::new(), |d| d.text.clone()),
            deadline_note: if greyed { String::new() } else { self.deadline_note(directive, clause, dated.len()) },
            deadlines: clause
                .deadlines
                .iter()
                .map(|d| DeadlineSaid { words: d.text.clone(), on: d.date, recurs: d.recurs.clone() })
                .collect(),
            aim: aim(clause),
            made: made.iter().filter(|(from, len, _)| overlaps(*from, *len)).map(|(.., m)| m.clone()).collect(),
        }
    }

    fn suggestions(
        &self,
        known: &Known,
        owners: &Owners,
        clause: &Clause,
        part: Option<(usize, &String)>,
    ) -> Vec<Suggestion> {
        let mut list: Vec<Suggestion> = Vec::new();
        let mut add = |unit: UnitId, fit: Fit, words: &str, count: usize| {
            if !list.iter().any(|s| s.unit.id == unit) {
                let shown = self.unit_shown(unit);
                let own = self.unit(unit).is_some_and(|d| d.name == words || d.short == words);
                let code = match fit {
                    Fit::Named if own => "speech.fit.named",
                    Fit::Named => "speech.fit.called",
                    Fit::Assists => "speech.fit.assists",
                    Fit::Dictionary => "speech.fit.dictionary",
                    Fit::Duty => "speech.fit.duty",
                    Fit::Office => "speech.fit.office",
                    Fit::Confirmed => "speech.fit.confirmed",
                };
                let args: [(&str, &dyn std::fmt::Display); 2] = [("words", &words), ("count", &count)];
                list.push(Suggestion { unit: shown, fit, words: self.say(code, &args) });
            }
        };
        for (unit, words) in &owners.leads {
            add(*unit, Fit::Named, words, 0);
        }
        for (unit, words) in &owners.assists {
            add(*unit, Fit::Assists, words, 0);
        }
        let text = part.map_or(clause.text.as_str(), |(_, part)| part.as_str());
        for row in known.words.iter().filter(|row| text.contains(row.phrase.as_str())) {
            add(row.unit.id, Fit::Office, &row.phrase, 0);
        }
        let mut learned: Vec<_> = known.learned.iter().filter(|row| text.contains(row.phrase.as_str())).collect();
        learned.sort_by_key(|row| std::cmp::Reverse(row.count));
        for row in learned {
            add(row.unit.id, Fit::Confirmed, &row.phrase, row.count);
        }
        // One hint for each part where the dictionary knows one; else all of them.
        let hints: Vec<&String> = match part {
            Some((n, _)) if clause.owner_hints.len() == clause.parts.len() => vec![&clause.owner_hints[n]],
            _ => clause.owner_hints.iter().collect(),
        };
        for hint in hints {
            for unit in known.names.of_holder(hint) {
                add(unit, Fit::Dictionary, hint, 0);
            }
        }
        for (unit, word) in known.names.of_duty(text) {
            add(unit, Fit::Duty, &word, 0);
        }
        list
    }

    fn owner_note(&self, owners: &Owners, suggestions: &[Suggestion]) -> String {
        let of = |fits: &[Fit]| {
            let found = suggestions.iter().filter(|s| fits.contains(&s.fit)).map(|s| s.unit.name.as_str());
            found.collect::<Vec<_>>().join("、")
        };
        match (owners.named, owners.leads.len()) {
            (1, 1) => self.say("speech.owner.named", &[("units", &of(&[Fit::Named]))]),
            (0, _) if suggestions.is_empty() => self.say("speech.owner.none", &[]),
            (0, _) => self.say(
                "speech.owner.duty",
                &[("units", &of(&[Fit::Office, Fit::Confirmed, Fit::Dictionary, Fit::Duty]))],
            ),
            (_, 0) => self.say("speech.owner.unknown", &[]),
            _ => self.say("speech.owner.several", &[("units", &of(&[Fit::Named]))]),
        }
    }

    fn deadline_note(&self, directive: &Directive, clause: &Clause, days: usize) -> String {
        // A day said of another clause of the sentence is not this one's: it is shown, not taken.
        let beside = || directive.clauses.iter().filter(|c| c.offset != clause.offset && !c.deadlines.is_empty());
        if clause.deadlines.is_empty()
            && let Some(near) = beside().min_by_key(|c| c.offset.abs_diff(clause.offset))
        {
            let words: Vec<&str> = near.deadlines.iter().map(|d| d.text.as_str()).collect();
            return self.say("speech.deadline.beside", &[("words", &words.join("、")), ("near", &near.text)]);
        }
        let words: Vec<&str> = clause.deadlines.iter().map(|d| d.text.as_str()).collect();
        let words = words.join("、");
        let code = match (clause.deadlines.is_empty(), days) {
            (true, _) => "speech.deadline.none",
            (_, 0) => "speech.deadline.undated",
            (_, 1) => "speech.deadline.said",
            _ => "speech.deadline.several",
        };
        self.say(code, &[("words", &words)])
    }
}

/// The units that the text itself makes responsible: those it names with 牵头 or 配合, else the addressee.
fn owners(names: &Names, directive: &Directive, clause: &Clause) -> Owners {
    let mut owners = Owners::default();
    let mut add = |printed: &str, lead: bool| {
        let found = names.meant(printed).into_iter().map(|unit| (unit, printed.to_owned()));
        let list = if lead { &mut owners.leads } else { &mut owners.assists };
        for (unit, printed) in found {
            if !list.iter().any(|(u, _)| *u == unit) {
                list.push((unit, printed));
            }
        }
        owners.named += usize::from(lead);
    };
    for named in &clause.named {
        add(&named.text, named.lead);
    }
    if clause.named.iter().all(|n| !n.lead)
        && let Some(addressee) = &directive.addressee
    {
        // An addressee may be a group (各责任单位) that means no unit: nobody is named then. A name may hold
        // 和 itself: the whole comes before its pieces.
        let known = |printed: &&str| !names.meant(printed).is_empty();
        let pieces: Vec<&str> = match Some(addressee.as_str()).filter(known) {
            Some(whole) => vec![whole],
            None => addressee.split(BETWEEN).filter(known).collect(),
        };
        for printed in pieces {
            add(printed, true);
        }
    }
    owners
}

/// Quantities as said, with their bound.
fn aim(clause: &Clause) -> String {
    let said = clause.quantities.iter().map(|q| match q.bound {
        Some(Bound::AtLeast) => format!("≥ {}", q.text),
        Some(Bound::AtMost) => format!("≤ {}", q.text),
        Some(Bound::About) => format!("约 {}", q.text),
        None => q.text.clone(),
    });
    let all: String = said.collect::<Vec<_>>().join("；");
    all.chars().take(limits::FIELD_CHARS_MAX).collect()
}

/// What a confirmed lead is remembered for: what the verb is about, when it is a short phrase.
fn phrase(clause: &Clause, part: Option<&str>) -> String {
    let object = part.unwrap_or(&clause.object).trim_matches(|c: char| !c.is_alphanumeric());
    let count = object.chars().count();
    if (limits::WORD_CHARS_MIN..=limits::PHRASE_CHARS_MAX).contains(&count) { object.to_owned() } else { String::new() }
}

/// A title within the limit of names.
fn short_title(text: &str) -> String {
    let text = text.trim().trim_end_matches(['，', '。', '；', '、', '！']);
    if text.chars().count() <= limits::NAME_CHARS_MAX {
        return text.to_owned();
    }
    text.chars().take(limits::NAME_CHARS_MAX - 1).chain(std::iter::once('…')).collect()
}
