//! The lexicon: words, patterns, organisations, titles and duties as data, compiled once.

use crate::limits::OWNERS_MAX;
use crate::words::Words;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::fmt;
use toml::Spanned;

/// A mistake in a file of the lexicon: where, what, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// File as named by the caller.
    pub file: String,
    /// Line from 1.
    pub line: usize,
    /// Column in characters from 1.
    pub column: usize,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// The same in English.
    pub message_en: String,
    /// The way out, in both languages.
    pub hint: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {} / {} ({})",
            self.file, self.line, self.column, self.message_zh, self.message_en, self.hint
        )
    }
}

impl Diagnostic {
    fn at(file: &str, text: &str, offset: usize, zh: String, en: String, hint: &str) -> Diagnostic {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        Diagnostic {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
            message_zh: zh,
            message_en: en,
            hint: hint.to_owned(),
        }
    }
}

/// What a clause of a directive is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Something to do: a verb with a concrete object.
    Task,
    /// Something to do that is measurable: a figure, or a term with a measure behind it.
    Measure,
    /// Principle, attitude, mood: nothing to follow up.
    Stance,
}

/// The verbs' own classes; a goal is decided by what it is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct VerbClass {
    pub task: bool,
    pub stance: bool,
    pub goal: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct ByObject {
    pub verbs: Option<Words>,
    pub object: Regex,
    pub class: Class,
}

#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub matcher: Regex,
    pub verb: String,
    pub object: String,
    pub class: Class,
}

#[derive(Debug, Clone)]
pub(crate) struct Duty {
    pub keywords: Words,
    pub holders: Vec<String>,
}

/// What is known of a suffix of organisations.
#[derive(Debug, Clone)]
pub(crate) struct Suffix {
    pub kind: String,
    pub whole: bool,
    pub levelled: bool,
    pub adjoining: bool,
    pub with_level: bool,
    pub place: bool,
    pub name_min: usize,
}

/// What a label at the end of an item announces.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Lead,
    Assist,
    Time,
}

#[derive(Debug, Clone)]
pub(crate) struct Festival {
    pub name: String,
    pub chars: Vec<char>,
    pub day: Option<(i8, i8)>,
}

/// Lists of names: the head and what it makes of those named.
#[derive(Debug, Clone)]
pub(crate) struct NameList {
    pub head: Vec<char>,
    pub role: String,
}

/// Words, patterns and dictionaries of the genre, compiled.
///
/// It knows the genre, no article: which texts it meets is none of its business.
#[derive(Clone, Debug)]
pub struct Lexicon {
    pub(crate) modals: Words,
    pub(crate) modals_after: Words,
    pub(crate) requests: Words,
    /// Words that hold a character of a modal: true when that modal is none.
    pub(crate) traps: Words<bool>,
    pub(crate) addressees: Words,
    pub(crate) openers: Words,
    pub(crate) manner: Words,
    pub(crate) verbs: Words<VerbClass>,
    pub(crate) prepositions: Words,
    pub(crate) complements: Words,
    pub(crate) results: Words,
    /// Characters that begin the word of an act.
    pub(crate) acts: Vec<char>,
    /// Characters that end a verb with its outcome.
    pub(crate) outcomes: Vec<char>,
    /// Characters that no such verb begins with.
    pub(crate) never_act: Vec<char>,
    pub(crate) not_acts: Words,
    /// Manners that only go with something to be done.
    pub(crate) firm_manner: Words,
    pub(crate) bans: Words,
    /// Resolutions of a meeting: 同意.
    pub(crate) resolves: Words,
    pub(crate) past: Words,
    /// What the writer itself means to do.
    pub(crate) future: Words,
    /// Beginnings of a subject that nobody can be asked under: 有的, 部分.
    pub(crate) not_addressees: Words,
    /// Titles of documents whose items are asked.
    pub(crate) documents: Words,
    /// Titles of speeches, minutes and circulars: asked where the sentence shows it.
    pub(crate) speeches: Words,
    pub(crate) aims: Words,
    pub(crate) content_labels: Words,
    pub(crate) leading: Words,
    pub(crate) by_object: Vec<ByObject>,
    pub(crate) idioms: Words<Class>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) measures: Vec<Regex>,
    pub(crate) bound_at_least: Words,
    pub(crate) bound_at_most: Words,
    pub(crate) bound_about: Words,
    pub(crate) stages: Words,
    pub(crate) units: Words,
    pub(crate) numeral_units: Words,
    pub(crate) one_units: Words,
    pub(crate) time_units: Words,
    pub(crate) number_traps: Words,
    pub(crate) festivals: Vec<Festival>,
    pub(crate) terms: Vec<Festival>,
    pub(crate) events: Words,
    pub(crate) completions: Words,
    pub(crate) asks: Words,
    pub(crate) tells: Words,
    pub(crate) adverbials: Words,
    pub(crate) remarks: Words,
    pub(crate) grounds: Words,
    pub(crate) asking_titles: Words,
    /// Labels of an item: lead, assist, time.
    pub(crate) labels: Words<Label>,
    pub(crate) perceptions: Words,
    pub(crate) section_nouns: Words,
    pub(crate) narration: Words,
    /// Verbs of reporting: true for those that demand.
    pub(crate) reporting: Words<bool>,
    pub(crate) reporters: Words,
    pub(crate) duties: Vec<Duty>,
    pub(crate) suffixes: Words<Suffix>,
    pub(crate) levels: Words,
    pub(crate) organs: Words,
    pub(crate) group_heads: Words,
    pub(crate) group_middles: Words,
    pub(crate) group_tails: Words,
    pub(crate) group_not: Words,
    pub(crate) breakers: Words,
    pub(crate) joined: Words,
    pub(crate) not_organisations: Words,
    pub(crate) titles: Words,
    pub(crate) titles_after: Words,
    pub(crate) surnames: Words,
    pub(crate) compound_surnames: Words,
    pub(crate) never_in_names: String,
    pub(crate) name_followers: Words,
    pub(crate) name_lists: Vec<NameList>,
    pub(crate) byline: Words,
    pub(crate) meeting_tails: Words,
    pub(crate) purposes: Words,
    pub(crate) scopes: Words,
    pub(crate) area_tails: Words,
    pub(crate) predicates: Vec<Regex>,
    pub(crate) not_statements: Vec<Regex>,
    pub(crate) rights_own: Vec<Regex>,
    pub(crate) rights_reprint: Vec<Regex>,
    pub(crate) rights_claim: Vec<Regex>,
    pub(crate) rights_header: Vec<Regex>,
}

/// The only format of lexicon files so far.
const FORMAT: u32 = 1;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    format: Option<Spanned<u32>>,
    modals: ModalsPart,
    traps: TrapsPart,
    addressees: TailsPart,
    openers: WordsPart,
    manner: MannerPart,
    verbs: VerbsPart,
    idioms: IdiomsPart,
    pattern: Vec<PatternPart>,
    measures: MeasuresPart,
    units: UnitsPart,
    times: TimesPart,
    headings: HeadingsPart,
    reporting: ReportingPart,
    duty: Vec<DutyPart>,
    organisation: Vec<OrganisationPart>,
    levels: LevelsPart,
    groups: GroupsPart,
    breakers: BreakersPart,
    titles: TitlesPart,
    names: NamesPart,
    meeting: MeetingPart,
    statements: StatementsPart,
    rights: RightsPart,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ModalsPart {
    open: String,
    after_addressee: String,
    request: String,
    bans: String,
    resolves: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TrapsPart {
    trap: String,
    free: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TailsPart {
    tails: String,
    not: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WordsPart {
    words: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct MannerPart {
    words: String,
    firm: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct VerbsPart {
    task: String,
    stance: String,
    goal: String,
    prepositions: String,
    complements: String,
    results: String,
    leading: String,
    acts: String,
    outcomes: String,
    never_act: String,
    not_acts: String,
    by_object: Vec<ByObjectPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByObjectPart {
    verbs: String,
    object: Spanned<String>,
    class: Class,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct IdiomsPart {
    stance: String,
    measure: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternPart {
    #[serde(rename = "match")]
    matcher: Spanned<String>,
    verb: String,
    object: String,
    class: Class,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct MeasuresPart {
    terms: Vec<Spanned<String>>,
    bounds: BoundsPart,
    stages: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct BoundsPart {
    at_least: String,
    at_most: String,
    about: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct UnitsPart {
    digits: String,
    numerals: String,
    one: String,
    time: String,
    traps: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TimesPart {
    festivals: Vec<FestivalPart>,
    terms: Vec<FestivalPart>,
    events: String,
    completions: String,
    past: String,
    future: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FestivalPart {
    name: String,
    month: Option<i8>,
    day: Option<i8>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct HeadingsPart {
    asks: String,
    tells: String,
    adverbials: String,
    remarks: String,
    grounds: String,
    titles: String,
    documents: String,
    speeches: String,
    aims: String,
    content_labels: String,
    lead_labels: String,
    assist_labels: String,
    time_labels: String,
    perceptions: String,
    section_nouns: String,
    narration: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ReportingPart {
    demand: String,
    assess: String,
    subjects: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DutyPart {
    keywords: String,
    holders: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationPart {
    suffixes: String,
    kind: String,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    levelled: bool,
    #[serde(default)]
    adjoining: bool,
    #[serde(default)]
    with_level: bool,
    #[serde(default)]
    place: bool,
    #[serde(default)]
    name_min: usize,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct LevelsPart {
    words: String,
    organs: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct GroupsPart {
    heads: String,
    middles: String,
    tails: String,
    not: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct BreakersPart {
    words: String,
    joined: String,
    not: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TitlesPart {
    words: String,
    after: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct NamesPart {
    surnames: String,
    compound: String,
    never: String,
    followers: String,
    lists: Vec<NameListPart>,
    byline: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameListPart {
    head: String,
    role: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct MeetingPart {
    tails: String,
    purposes: String,
    scopes: String,
    area_tails: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct StatementsPart {
    predicates: Vec<Spanned<String>>,
    not: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RightsPart {
    own: Vec<Spanned<String>>,
    reprint: Vec<Spanned<String>>,
    claim: Vec<Spanned<String>>,
    header: Option<Spanned<String>>,
}

impl Lexicon {
    /// Reads and compiles the files of a lexicon, given as (name, text); together they make one lexicon.
    ///
    /// Lists of several files are joined, so that a zone may add words in a file of its own.
    ///
    /// Errors: every mistake found, with file, line, column and hint: TOML that does not parse, an unknown key,
    /// an unknown class, a pattern that is no regular expression, a format this version does not know.
    pub fn parse(files: &[(&str, &str)]) -> Result<Lexicon, Vec<Diagnostic>> {
        let mut lexicon = Lexicon::empty();
        let mut faults = Vec::new();
        for (name, text) in files {
            match toml::from_str::<File>(text) {
                Ok(file) => lexicon.take(file, &mut Reader { name, text, faults: &mut faults }),
                Err(error) => faults.push(Diagnostic::at(
                    name,
                    text,
                    error.span().map_or(0, |span| span.start),
                    format!("词表文件读不懂：{}", error.message()),
                    format!("this file of the lexicon cannot be read: {}", error.message()),
                    "按随附词表的写法改正 / write it as in the lexicon that comes with the product",
                )),
            }
        }
        if faults.is_empty() { Ok(lexicon) } else { Err(faults) }
    }

    /// Types of unit that usually hold what `text` is about, in the order of their key words; suggestions only.
    pub fn owners(&self, text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        self.owners_of(&chars)
    }

    /// The same for characters.
    pub(crate) fn owners_of(&self, chars: &[char]) -> Vec<String> {
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for (number, duty) in self.duties.iter().enumerate() {
            let best = (0..chars.len())
                .filter_map(|at| duty.keywords.at(chars, at).map(|(length, _)| (at, length)))
                .max_by_key(|&(at, length)| (length, usize::MAX - at));
            if let Some((at, length)) = best {
                found.push((at, length, number));
            }
        }
        // A key word inside a longer one of another duty says nothing of its own.
        let kept: Vec<_> = found
            .iter()
            .filter(|(at, length, _)| {
                !found.iter().any(|(from, long, _)| long > length && from <= at && at + length <= from + long)
            })
            .copied()
            .collect();
        let mut kept = kept;
        kept.sort();
        let mut owners: Vec<String> = Vec::new();
        for (_, _, number) in kept {
            for holder in &self.duties[number].holders {
                if !owners.contains(holder) {
                    owners.push(holder.clone());
                }
            }
        }
        owners.truncate(OWNERS_MAX);
        owners
    }

    fn empty() -> Lexicon {
        Lexicon {
            modals: Words::default(),
            modals_after: Words::default(),
            requests: Words::default(),
            traps: Words::default(),
            addressees: Words::default(),
            openers: Words::default(),
            manner: Words::default(),
            verbs: Words::default(),
            prepositions: Words::default(),
            complements: Words::default(),
            results: Words::default(),
            acts: Vec::new(),
            outcomes: Vec::new(),
            never_act: Vec::new(),
            not_acts: Words::default(),
            firm_manner: Words::default(),
            bans: Words::default(),
            resolves: Words::default(),
            past: Words::default(),
            future: Words::default(),
            not_addressees: Words::default(),
            documents: Words::default(),
            speeches: Words::default(),
            aims: Words::default(),
            content_labels: Words::default(),
            leading: Words::default(),
            by_object: Vec::new(),
            idioms: Words::default(),
            patterns: Vec::new(),
            measures: Vec::new(),
            bound_at_least: Words::default(),
            bound_at_most: Words::default(),
            bound_about: Words::default(),
            stages: Words::default(),
            units: Words::default(),
            numeral_units: Words::default(),
            one_units: Words::default(),
            time_units: Words::default(),
            number_traps: Words::default(),
            festivals: Vec::new(),
            terms: Vec::new(),
            events: Words::default(),
            completions: Words::default(),
            asks: Words::default(),
            tells: Words::default(),
            adverbials: Words::default(),
            remarks: Words::default(),
            grounds: Words::default(),
            asking_titles: Words::default(),
            labels: Words::default(),
            perceptions: Words::default(),
            section_nouns: Words::default(),
            narration: Words::default(),
            reporting: Words::default(),
            reporters: Words::default(),
            duties: Vec::new(),
            suffixes: Words::default(),
            levels: Words::default(),
            organs: Words::default(),
            group_heads: Words::default(),
            group_middles: Words::default(),
            group_tails: Words::default(),
            group_not: Words::default(),
            breakers: Words::default(),
            joined: Words::default(),
            not_organisations: Words::default(),
            titles: Words::default(),
            titles_after: Words::default(),
            surnames: Words::default(),
            compound_surnames: Words::default(),
            never_in_names: String::new(),
            name_followers: Words::default(),
            name_lists: Vec::new(),
            byline: Words::default(),
            meeting_tails: Words::default(),
            purposes: Words::default(),
            scopes: Words::default(),
            area_tails: Words::default(),
            predicates: Vec::new(),
            not_statements: Vec::new(),
            rights_own: Vec::new(),
            rights_reprint: Vec::new(),
            rights_claim: Vec::new(),
            rights_header: Vec::new(),
        }
    }

    fn take(&mut self, file: File, reader: &mut Reader<'_>) {
        if let Some(format) = file.format.filter(|format| *format.get_ref() != FORMAT) {
            reader.fault(
                format.span().start,
                format!("词表格式 {} 不认识", format.get_ref()),
                format!("unknown lexicon format {}", format.get_ref()),
                "改为 format = 1 / write format = 1",
            );
        }
        self.modals.add(&file.modals.open, ());
        self.modals_after.add(&file.modals.after_addressee, ());
        self.requests.add(&file.modals.request, ());
        self.traps.add(&file.traps.trap, true);
        self.traps.add(&file.traps.free, false);
        self.addressees.add(&file.addressees.tails, ());
        self.openers.add(&file.openers.words, ());
        self.bans.add(&file.modals.bans, ());
        self.resolves.add(&file.modals.resolves, ());
        self.manner.add(&file.manner.words, ());
        self.manner.add(&file.manner.firm, ());
        self.firm_manner.add(&file.manner.firm, ());
        self.take_verbs(file.verbs, reader);
        self.idioms.add(&file.idioms.stance, Class::Stance);
        self.idioms.add(&file.idioms.measure, Class::Measure);
        for pattern in file.pattern {
            if let Some(matcher) = reader.regex(&pattern.matcher) {
                self.patterns.push(Pattern {
                    matcher,
                    verb: pattern.verb,
                    object: pattern.object,
                    class: pattern.class,
                });
            }
        }
        self.measures.extend(reader.regexes(&file.measures.terms));
        self.bound_at_least.add(&file.measures.bounds.at_least, ());
        self.bound_at_most.add(&file.measures.bounds.at_most, ());
        self.bound_about.add(&file.measures.bounds.about, ());
        self.stages.add(&file.measures.stages, ());
        self.units.add(&file.units.digits, ());
        self.numeral_units.add(&file.units.numerals, ());
        self.one_units.add(&file.units.one, ());
        self.time_units.add(&file.units.time, ());
        self.number_traps.add(&file.units.traps, ());
        let day = |part: FestivalPart| Festival {
            chars: part.name.chars().collect(),
            name: part.name,
            day: part.month.zip(part.day),
        };
        self.festivals.extend(file.times.festivals.into_iter().map(day));
        self.terms.extend(file.times.terms.into_iter().map(day));
        self.events.add(&file.times.events, ());
        self.completions.add(&file.times.completions, ());
        self.past.add(&file.times.past, ());
        self.future.add(&file.times.future, ());
        self.not_addressees.add(&file.addressees.not, ());
        self.asks.add(&file.headings.asks, ());
        self.tells.add(&file.headings.tells, ());
        self.adverbials.add(&file.headings.adverbials, ());
        self.remarks.add(&file.headings.remarks, ());
        self.grounds.add(&file.headings.grounds, ());
        self.asking_titles.add(&file.headings.titles, ());
        self.documents.add(&file.headings.documents, ());
        self.speeches.add(&file.headings.speeches, ());
        self.aims.add(&file.headings.aims, ());
        self.content_labels.add(&file.headings.content_labels, ());
        self.labels.add(&file.headings.lead_labels, Label::Lead);
        self.labels.add(&file.headings.assist_labels, Label::Assist);
        self.labels.add(&file.headings.time_labels, Label::Time);
        self.section_nouns.add(&file.headings.section_nouns, ());
        self.perceptions.add(&file.headings.perceptions, ());
        self.narration.add(&file.headings.narration, ());
        self.reporting.add(&file.reporting.demand, true);
        self.reporting.add(&file.reporting.assess, false);
        self.reporters.add(&file.reporting.subjects, ());
        for duty in file.duty {
            let mut keywords = Words::default();
            keywords.add(&duty.keywords, ());
            self.duties.push(Duty { keywords, holders: duty.holders.split_whitespace().map(str::to_owned).collect() });
        }
        for part in file.organisation {
            self.suffixes.add(
                &part.suffixes,
                Suffix {
                    kind: part.kind,
                    whole: part.whole,
                    levelled: part.levelled,
                    adjoining: part.adjoining,
                    with_level: part.with_level,
                    place: part.place,
                    name_min: part.name_min,
                },
            );
        }
        self.levels.add(&file.levels.words, ());
        self.organs.add(&file.levels.organs, ());
        self.group_heads.add(&file.groups.heads, ());
        self.group_middles.add(&file.groups.middles, ());
        self.group_tails.add(&file.groups.tails, ());
        self.group_not.add(&file.groups.not, ());
        self.breakers.add(&file.breakers.words, ());
        self.joined.add(&file.breakers.joined, ());
        self.not_organisations.add(&file.breakers.not, ());
        self.titles.add(&file.titles.words, ());
        self.titles_after.add(&file.titles.after, ());
        for surname in file.names.surnames.chars().filter(|c| !c.is_whitespace()) {
            self.surnames.add(surname.encode_utf8(&mut [0; 4]), ());
        }
        self.compound_surnames.add(&file.names.compound, ());
        self.never_in_names.push_str(&file.names.never);
        self.name_followers.add(&file.names.followers, ());
        self.name_lists.extend(
            file.names.lists.into_iter().map(|list| NameList { head: list.head.chars().collect(), role: list.role }),
        );
        self.name_lists.sort_by_key(|list| std::cmp::Reverse(list.head.len()));
        self.byline.add(&file.names.byline, ());
        self.meeting_tails.add(&file.meeting.tails, ());
        self.purposes.add(&file.meeting.purposes, ());
        self.scopes.add(&file.meeting.scopes, ());
        self.area_tails.add(&file.meeting.area_tails, ());
        self.predicates.extend(reader.regexes(&file.statements.predicates));
        self.not_statements.extend(file.statements.not.as_ref().and_then(|pattern| reader.regex(pattern)));
        self.rights_own.extend(reader.regexes(&file.rights.own));
        self.rights_reprint.extend(reader.regexes(&file.rights.reprint));
        self.rights_claim.extend(reader.regexes(&file.rights.claim));
        self.rights_header.extend(file.rights.header.as_ref().and_then(|pattern| reader.regex(pattern)));
    }

    fn take_verbs(&mut self, part: VerbsPart, reader: &mut Reader<'_>) {
        let mut known = std::collections::BTreeMap::<&str, VerbClass>::new();
        for word in part.task.split_whitespace() {
            known.entry(word).or_default().task = true;
        }
        for word in part.stance.split_whitespace() {
            known.entry(word).or_default().stance = true;
        }
        for word in part.goal.split_whitespace() {
            known.entry(word).or_default().goal = true;
        }
        for (word, class) in known {
            self.verbs.add(word, class);
        }
        self.prepositions.add(&part.prepositions, ());
        self.complements.add(&part.complements, ());
        self.results.add(&part.results, ());
        self.leading.add(&part.leading, ());
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
        self.acts.extend(letters(&part.acts));
        self.outcomes.extend(letters(&part.outcomes));
        self.never_act.extend(letters(&part.never_act));
        self.not_acts.add(&part.not_acts, ());
        for rule in part.by_object {
            let mut verbs = Words::default();
            verbs.add(&rule.verbs, ());
            if let Some(object) = reader.regex(&rule.object) {
                self.by_object.push(ByObject {
                    verbs: (rule.verbs.trim() != "*").then_some(verbs),
                    object,
                    class: rule.class,
                });
            }
        }
    }
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    faults: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fault(&mut self, offset: usize, zh: String, en: String, hint: &str) {
        self.faults.push(Diagnostic::at(self.name, self.text, offset, zh, en, hint));
    }

    fn regex(&mut self, pattern: &Spanned<String>) -> Option<Regex> {
        match Regex::new(pattern.get_ref()) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let reason = error.to_string().lines().last().unwrap_or_default().to_owned();
                self.fault(
                    pattern.span().start,
                    format!("正则表达式有误：{reason}"),
                    format!("not a regular expression: {reason}"),
                    "检查括号与转义 / look at brackets and escapes",
                );
                None
            }
        }
    }

    fn regexes(&mut self, patterns: &[Spanned<String>]) -> Vec<Regex> {
        patterns.iter().filter_map(|pattern| self.regex(pattern)).collect()
    }
}
