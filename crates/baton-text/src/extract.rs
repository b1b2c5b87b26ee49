//! Extraction: what a meeting report, circular, notice or minutes say and ask, clause by clause.
//!
//! What the text does not give (number, date, owner) is never invented; owners are suggestions to confirm.

use crate::lexicon::{Class, Lexicon};
use crate::{areas, directives, meetings, organisations, people, rights, source::Source, statements, times::Times};
use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// Everything found in one text. Serialises to the JSON of `baton extract`.
///
/// All offsets and lengths count characters of `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Extract {
    /// The cleaned text that the offsets count in.
    pub text: String,
    /// Facts of the meeting; all empty when the text tells of none.
    pub meeting: Meeting,
    /// Assessments that a speaker makes: claims, never values.
    pub statements: Vec<Statement>,
    /// Areas that were reported on.
    pub areas: Areas,
    /// Organisations, each once, in the order of their first place.
    pub orgs: Vec<Org>,
    /// People, each once.
    pub people: Vec<Person>,
    /// Sentences that ask something, clause by clause.
    pub directives: Vec<Directive>,
    /// Clauses of a rights notice.
    pub rights: Vec<Right>,
}

/// Facts of a meeting. Empty where the text does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// Its name as printed, the fullest form.
    pub name: Option<String>,
    /// Another, shorter form of the name, when there is one.
    pub short: Option<String>,
    /// The day it was held.
    pub date: Option<Date>,
    /// The words of the date.
    pub date_text: Option<String>,
    /// Words that the year was inferred from; empty when the date is printed with its year.
    pub year_inferred_from: Option<String>,
    /// Key of the period it is about, `2023Q1`.
    pub period: Option<String>,
    /// Form it was held in, 视频形式.
    pub format: Option<String>,
    /// What it was held together with.
    pub combined_with: Option<String>,
    /// Who presided.
    pub chair: Option<String>,
    /// Who made the main speech.
    pub speaker: Option<String>,
    /// Branch venues.
    pub venues: Vec<String>,
    /// What it was held for, as printed.
    pub purposes: Vec<String>,
    /// Units that spoke.
    pub spoke: Vec<String>,
}

/// An assessment, as said. Serialises as its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The words.
    pub text: String,
    /// Where.
    pub offset: usize,
    /// Who said it, when the text names somebody.
    pub speaker: Option<String>,
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Areas that were reported on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Areas {
    /// The areas named.
    pub list: Vec<String>,
    /// Did the list end with 等: are there more than those named?
    pub open: bool,
}

/// An organisation or a group of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Org {
    /// Its name as printed, the fullest form.
    pub text: String,
    /// What it is, as the lexicon calls it; `group` for a group without names, `organ` for 市委 and the like.
    pub kind: String,
    /// What it does in this text: `host`, `leadership`, `superior`, `speaker`, `branch_venue`, `partner`, `publisher`,
    /// `addressee`, `lead`, `assist`, `mentioned`.
    pub role: String,
    /// Where its name stands first.
    pub offset: usize,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The title as printed; empty when none is.
    pub title: String,
    /// What they do in this text: `chair_and_speaker`, `chair`, `speaker`, `attended`, `observer`, `excused`, `recorder`,
    /// `contact`, `byline`, `byline_split_inferred` (names printed without a sign between them), `mentioned`.
    pub role: String,
    /// Where the name stands first.
    #[serde(skip)]
    pub offset: usize,
}

/// A sentence, or a part of one with an addressee of its own, that asks something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Directive {
    /// The words, with the mark at the end.
    pub sentence: String,
    /// Where.
    pub offset: usize,
    /// How many characters.
    pub length: usize,
    /// To whom it is said, as printed; empty when the text names nobody.
    pub addressee: Option<String>,
    /// What is asked.
    pub clauses: Vec<Clause>,
}

/// One thing that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The words.
    pub text: String,
    /// Where.
    pub offset: usize,
    /// Task, measure or stance.
    pub class: Class,
    /// The verb, without manner adverbs.
    pub verb: String,
    /// What the verb is about.
    pub object: String,
    /// The matter of the clause before, when the words name none of their own (5月底前全部整改到位); left out of the
    /// JSON when they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Items that the object lists and that may go to different owners.
    pub parts: Vec<String>,
    /// Deadlines said.
    pub deadlines: Vec<Deadline>,
    /// Figures said.
    pub quantities: Vec<Quantity>,
    /// Types of unit that usually hold such a thing, or the units that the text itself names; to be confirmed.
    /// With parts, one for each part in the same order where the duty dictionary knows one.
    pub owner_hints: Vec<String>,
    /// Units that the text itself makes responsible (由…牵头，…配合); left out of the JSON when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<Named>,
}

impl Clause {
    /// Number of characters of its words.
    pub fn length(&self) -> usize {
        self.text.chars().count()
    }
}

/// A unit that the text itself makes responsible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its name as printed.
    pub text: String,
    /// Does it lead (牵头, 负责) or assist (配合)?
    pub lead: bool,
}

/// A deadline as said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// The words.
    pub text: String,
    /// The last day, when the words and the document's date give one.
    pub date: Option<Date>,
    /// `monthly:25`, `monthly:end`, `weekly:5` (Friday), `quarterly:end`, `yearly:12-31`, for a repeated one.
    pub recurs: Option<String>,
    /// Where it stands; it may stand beside its clause (每月10日前要将…报送).
    #[serde(skip)]
    pub offset: usize,
}

/// A figure as said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quantity {
    /// The words, figure and unit.
    pub text: String,
    /// The figure as a decimal number, in the unit.
    pub value: String,
    /// The unit as printed: 亿元, 个, %.
    pub unit: String,
    /// `at_least`, `at_most` or `about` when the text says so; left out of the JSON otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// Where.
    #[serde(skip)]
    pub offset: usize,
}

/// How a figure bounds.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// 不少于, 以上, 超过.
    AtLeast,
    /// 不超过, 以内.
    AtMost,
    /// 左右, 约.
    About,
}

/// Which of the three clauses of a rights notice.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RightKind {
    /// Own works: all rights with the publisher.
    Own,
    /// Reprinted works: source named, no endorsement.
    Reprint,
    /// How a right holder can make a claim.
    Claim,
}

/// A clause of a rights notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Right {
    /// Which of the three.
    pub kind: RightKind,
    /// The words.
    pub text: String,
    /// Where.
    pub offset: usize,
    /// How many characters.
    pub length: usize,
    /// The publisher that the clause names; empty when it says 本网 only.
    pub holder: Option<String>,
}

/// Days that only a calendar knows: working days and the holidays of a year.
pub trait Calendar {
    /// The day that is `count` working days after `from`; none when the calendar does not reach so far.
    fn after_working_days(&self, from: Date, count: u32) -> Option<Date>;
    /// First and last day of the holiday `name` (五一, 春节) in `year`; none when unknown.
    fn holiday(&self, name: &str, year: i16) -> Option<(Date, Date)>;
}

/// Extracts from a cleaned text. `date` is the document's own date, against which relative deadlines are read.
///
/// Without `date` the meeting's date or the date under the text is used; without those, relative deadlines stay
/// words. Never fails: a text without anything gives an empty extract.
pub fn extract(clean: &str, lexicon: &Lexicon, date: Option<Date>) -> Extract {
    extract_by_calendar(clean, lexicon, date, None)
}

/// The same with a calendar, for terms in working days and holidays.
pub fn extract_by_calendar(
    clean: &str,
    lexicon: &Lexicon,
    date: Option<Date>,
    calendar: Option<&dyn Calendar>,
) -> Extract {
    let source = Source::new(clean);
    let rights = rights::find(&source, lexicon);
    let mentions = organisations::mentions(&source, lexicon);
    let mut orgs = organisations::find(&source, lexicon, &mentions);
    let mut people = people::find(&source, lexicon, &mentions);
    let meeting = meetings::find(&source, lexicon, &people, date);
    let areas = areas::find(&source, lexicon);
    let statements = statements::find(&source, lexicon);
    let reference = date.or(meeting.date).or_else(|| crate::times::dateline(&source));
    let times = Times::new(&source, lexicon, reference, calendar);
    let directives = directives::find(&source, lexicon, &times, &mentions, &rights);
    organisations::give_roles(&mut orgs, &source, &meeting, &directives, &rights);
    people::give_roles(&mut people, &source, &meeting);
    Extract { text: clean.to_owned(), meeting, statements, areas, orgs, people, directives, rights }
}
