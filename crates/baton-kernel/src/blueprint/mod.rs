//! Blueprint: the rules of a zone as data. A kind is a file; no kind, field or stage is named in Rust.

mod bounds;
mod effects;
mod parse;
mod reader;

pub use bounds::Bounds;
pub use effects::{Effect, effects};
pub use parse::parse;

use baton_methods::calendar::WorkCalendar;
use baton_methods::lights::RuleSet;
use baton_methods::period::Grain;
use baton_methods::{Lang, Unit};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A word in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The word in a language; English falls back to Chinese when empty.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.en.is_empty() => &self.en,
            _ => &self.zh,
        }
    }
}

/// All rules in force from one entry on.
#[derive(Clone, Debug, Default)]
pub struct Blueprint {
    /// How many blueprints were applied up to this one, from 1.
    pub version: u32,
    /// The files, by path.
    pub files: BTreeMap<String, String>,
    /// Areas in order of the review and circular.
    pub areas: Vec<Area>,
    /// Roles by key.
    pub roles: BTreeMap<String, Role>,
    /// Sorts of units, in order.
    pub unit_kinds: Vec<UnitKind>,
    /// Kinds of items (and sets of unit measures), in order of area and file name.
    pub kinds: Vec<Kind>,
    /// Light rule sets by key.
    pub lights: BTreeMap<String, RuleSet>,
    /// Named seasonal plan curves: cumulative shares at the twelve month ends.
    pub curves: BTreeMap<String, (Label, Vec<Decimal>)>,
    /// Working days.
    pub calendar: WorkCalendar,
    /// Files of the lexicon (`lexicon/*.toml`), handed to the text room.
    pub lexicon: Vec<(String, String)>,
    /// Limits in days by which tasks without a deadline are reminded, and by source.
    pub settings: Settings,
}

/// Settings of the zone that are rules, not kinds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Days before a deadline from which a task is near due.
    pub near_due_days: u32,
    /// Days that must pass before a unit is urged again about the same.
    pub urge_every_days: u32,
    /// Days within which a unit must acknowledge a task.
    pub acknowledge_days: u32,
    /// Whether days to acknowledge are working days.
    pub acknowledge_working: bool,
    /// Hours that must pass before the office urges a unit about a round again.
    pub urge_hours: u32,
    /// Words that mark a text as secret and stop it at the door.
    pub secrecy_words: Vec<String>,
    /// Words that mark a file as secret by its name.
    pub secrecy_names: Vec<String>,
    /// Whether a paper is issued only after it was reviewed and signed.
    pub sign_papers: bool,
    /// Name of the organ on papers.
    pub organ: Label,
    /// Addressees of a circular.
    pub addressees: Label,
    /// Sign of the organ in document numbers: 云新办发.
    pub sign: String,
    /// Bounds of the rules on conduct and burden.
    pub bounds: Bounds,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            near_due_days: 7,
            urge_every_days: crate::limits::URGE_EVERY_DAYS,
            acknowledge_days: 2,
            acknowledge_working: true,
            urge_hours: 24,
            secrecy_words: Vec::new(),
            secrecy_names: Vec::new(),
            sign_papers: false,
            organ: Label::default(),
            addressees: Label::default(),
            sign: String::new(),
            bounds: Bounds::default(),
        }
    }
}

impl Settings {
    /// The mark of secrecy that a text bears. Blanks, line breaks and full width make no difference.
    pub fn secret_text(&self, text: &str) -> Option<&str> {
        marked(&self.secrecy_words, text)
    }

    /// The mark of secrecy that a file bears in its name.
    pub fn secret_name(&self, name: &str) -> Option<&str> {
        marked(&self.secrecy_names, name).or_else(|| marked(&self.secrecy_words, name))
    }
}

fn marked<'a>(words: &'a [String], text: &str) -> Option<&'a str> {
    let bare = |text: &str| -> String {
        let half = |c: char| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '☆' | '⭐' => '★',
            other => other,
        };
        text.chars().filter(|c| !c.is_whitespace()).map(half).collect()
    };
    let text = bare(text);
    words.iter().find(|w| !w.is_empty() && text.contains(&bare(w))).map(String::as_str)
}

/// An area of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// A bottom line: watched and told apart, never added to a score.
    pub bottom: bool,
}

/// A role: verbs that may be granted over a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// What it may do.
    pub verbs: Vec<crate::permit::Verb>,
    /// Whether it brings sight of its scope; administrators of the system keep it without seeing its data.
    pub sees: bool,
}

/// A sort of unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitKind {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// Whether it is a territorial unit (镇街): listed in by-unit tables.
    pub territorial: bool,
    /// Whether it must have an end date.
    pub temporary: bool,
    /// The root of the tree.
    pub root: bool,
}

/// A sort of item, or a set of measures about units themselves.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// Key.
    pub key: String,
    /// File it came from.
    pub file: String,
    /// Area key.
    pub area: String,
    /// Name.
    pub label: Label,
    /// Code pattern: `{year}`, `{unit}`, `{seq:4}`.
    pub number: Option<String>,
    /// Whether the public may see which of its items stand where.
    pub public: bool,
    /// Measures are about units; there are no items.
    pub about_units: bool,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Stages in order; none for a kind without a course.
    pub stages: Vec<Stage>,
    /// Clocks.
    pub clocks: Vec<Clock>,
    /// Measures in order.
    pub measures: Vec<Measure>,
    /// Checks between cells of a form.
    pub checks: Vec<Check>,
    /// Roles that may report; empty: every reporter of the lead unit.
    pub report_roles: Vec<String>,
    /// Section of the circular.
    pub circular: Option<CircularSection>,
    /// Groups of the sheet's upper header row: label, columns.
    pub sheet_groups: Vec<(Label, Vec<String>)>,
    /// Lines of the review.
    pub review: Vec<ReviewLine>,
    /// Links to other kinds.
    pub links: Vec<Link>,
}

/// Type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Short structural text.
    Text,
    /// Free words (a blob).
    Prose,
    /// One of a declared list.
    Choice(Vec<Choice>),
    /// A quantity.
    Number {
        /// Unit.
        unit: Option<Unit>,
        /// Decimals shown.
        decimals: u8,
    },
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// A unit of the tree.
    Unit,
    /// A file.
    File,
}

impl FieldType {
    /// The name in a blueprint file.
    pub fn name(&self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Prose => "prose",
            FieldType::Choice(_) => "choice",
            FieldType::Number { .. } => "number",
            FieldType::Date => "date",
            FieldType::YesNo => "yesno",
            FieldType::Unit => "unit",
            FieldType::File => "file",
        }
    }
}

/// One of a declared list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
}

/// A field of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// Type.
    pub kind: FieldType,
    /// Role by which code finds it: `place`, `problem`, `next`, `progress`, `due`.
    pub role: Option<String>,
    /// Must be given when the item is made.
    pub required: bool,
    /// Asked again in every round's form.
    pub asked: bool,
    /// No longer asked; values stay shown.
    pub retired: bool,
    /// Help beside the field.
    pub hint: Option<Label>,
    /// The stage that is to be entered on the day this field gives.
    pub stage: Option<String>,
}

/// Which of five groups a stage belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StageGroup {
    /// Waiting to be planned.
    Backlog,
    /// Planned, not started.
    Unstarted,
    /// Under way.
    Started,
    /// Done.
    Completed,
    /// Given up.
    Cancelled,
}

/// A stage of an item's course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// Group.
    pub group: StageGroup,
    /// Stages it leads to.
    pub to: Vec<String>,
    /// Whether entering needs evidence.
    pub needs_evidence: bool,
    /// Fields that must have a value before entering.
    pub needs_fields: Vec<String>,
    /// Roles that may enter it; empty: whoever may change the item.
    pub by: Vec<String>,
    /// Earlier keys of this stage.
    pub was: Vec<String>,
    /// Days planned for it, from which stages are scheduled back from the finish.
    pub days: Option<u32>,
}

/// A term between two stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// Starts when this stage is entered.
    pub from: String,
    /// Stops when this stage (or one of a completed group) is entered.
    pub to: String,
    /// Days.
    pub days: u32,
    /// Working days, else natural days.
    pub working: bool,
    /// A natural term that ends on a rest day rolls to the next working day.
    pub roll: bool,
    /// Stages during which the clock stands still.
    pub pause: Vec<String>,
}

/// Flow or stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowOrStock {
    /// Adds up over periods.
    Flow,
    /// Stands at a moment.
    Stock,
}

/// What units type: the period's own amount or the running total. The other is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// The period's own amount.
    Period,
    /// The running total of the year.
    Cumulative,
}

/// How units add up to the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollUp {
    /// Sum over items or units.
    Sum,
    /// No total is formed.
    None,
}

/// Which direction is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better: the target is a ceiling.
    Down,
}

/// Closed forms of derived measures. On the third real need, add one here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derived {
    /// Number of items now in one of the stages (empty: of all).
    Count {
        /// Stage keys.
        stages: Vec<String>,
        /// Count those that ever entered, not those now there.
        ever: bool,
    },
    /// Items in `part` per items in `of`, percent.
    Share {
        /// Stage reached.
        part: String,
        /// Stage that makes them count.
        of: String,
        /// Count those that ever entered.
        ever: bool,
    },
    /// Sum of other measures of the kind.
    Sum(Vec<String>),
    /// Ratio of two sums, percent; never an average of ratios.
    Ratio {
        /// Numerator measure.
        part: String,
        /// Denominator measure.
        of: String,
    },
    /// Growth on the same period of last year, percent.
    Growth(String),
    /// The latest value known.
    Latest(String),
}

/// A quantity that is followed.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// Unit.
    pub unit: Unit,
    /// Decimals shown.
    pub decimals: u8,
    /// Direction.
    pub direction: Direction,
    /// Flow or stock.
    pub flow: FlowOrStock,
    /// What is typed.
    pub enter: Enter,
    /// The grain at which it is asked.
    pub grain: Grain,
    /// January and February are one period.
    pub jan_feb: bool,
    /// How it adds up.
    pub roll_up: RollUp,
    /// Basis (口径).
    pub basis: Option<Label>,
    /// Authority: 统计, 部门, 调度, 预计.
    pub authority: Option<String>,
    /// Closed list by which it is split.
    pub parts: Vec<Choice>,
    /// Derived, not entered.
    pub value: Option<Derived>,
    /// Rule set of its light.
    pub light: Option<String>,
    /// Lowest value accepted.
    pub min: Option<Decimal>,
    /// Highest value accepted.
    pub max: Option<Decimal>,
    /// Must be answered (or withheld) in a round.
    pub required: bool,
    /// No longer asked.
    pub retired: bool,
    /// Stages in which it is asked; empty: all but completed and cancelled.
    pub asked_in: Vec<String>,
    /// Role by which code finds it.
    pub role: Option<String>,
    /// Help.
    pub hint: Option<Label>,
}

/// A rule between cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Key.
    pub key: String,
    /// The rule.
    pub rule: CheckRule,
    /// Words shown when it fails; a wording of the rule itself when absent.
    pub label: Option<Label>,
}

/// Closed forms of checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckRule {
    /// This running total = last one + the period's amount.
    RunningTotal {
        /// Measure of the period.
        period: String,
        /// Measure of the running total.
        cumulative: String,
    },
    /// The total is the sum of its parts.
    Parts {
        /// Total measure.
        total: String,
        /// Part measures (or `measure/part`).
        parts: Vec<String>,
    },
    /// `a` is at least `b`.
    AtLeast {
        /// Larger.
        a: String,
        /// Smaller.
        b: String,
    },
}

/// A section of the circular.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircularSection {
    /// Heading.
    pub section: Label,
    /// Columns of the annex table: built-in names, fields, measures.
    pub columns: Vec<String>,
}

/// A line of the review: a measure seen for the zone and, when it adds up, by unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewLine {
    /// Key.
    pub key: String,
    /// Name; the measure's own when absent.
    pub label: Option<Label>,
    /// Measure.
    pub measure: String,
    /// Shown by territorial unit too.
    pub by_unit: bool,
    /// The unit responsible for the line, by code.
    pub unit: Option<String>,
}

/// A link that items of this kind may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// Kind linked to.
    pub to: String,
    /// What the item at the start is to the one at the end; the link's own name when absent.
    pub back: Option<Label>,
    /// Whether one item may link to many.
    pub many_to: bool,
    /// Whether many items may link to one.
    pub many_from: bool,
}

impl Blueprint {
    /// The kind under a key.
    pub fn kind(&self, key: &str) -> Option<&Kind> {
        self.kinds.iter().find(|k| k.key == key)
    }
    /// The area under a key.
    pub fn area(&self, key: &str) -> Option<&Area> {
        self.areas.iter().find(|a| a.key == key)
    }
    /// The sort of unit under a key.
    pub fn unit_kind(&self, key: &str) -> Option<&UnitKind> {
        self.unit_kinds.iter().find(|k| k.key == key)
    }
}

impl Kind {
    /// The field under a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }
    /// The first field with a role.
    pub fn field_of_role(&self, role: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.role.as_deref() == Some(role))
    }
    /// The measure under a key.
    pub fn measure(&self, key: &str) -> Option<&Measure> {
        self.measures.iter().find(|m| m.key == key)
    }
    /// The stage under a key or an earlier key of it.
    pub fn stage(&self, key: &str) -> Option<&Stage> {
        self.stages
            .iter()
            .find(|s| s.key == key)
            .or_else(|| self.stages.iter().find(|s| s.was.iter().any(|w| w == key)))
    }
}

impl Measure {
    /// Whether units type it (it is not derived).
    pub fn is_entered(&self) -> bool {
        self.value.is_none()
    }
}
