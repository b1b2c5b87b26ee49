//! Entries: the lines of the ledger, format v1. The format is for ever.
//!
//! An entry is hashed as canonical JSON (sorted keys, no blanks, integers and strings only). Its text
//! contains the hash of the entry before it, so that the chain is re-computed from stored bytes alone.
//! Every body carries its own version in its tag (`submission.made/1`); a version once released keeps a
//! fixture and an upcaster.

use crate::blobs::{Digest, FileRef, Said};
pub use crate::canonical::canonical;
use crate::ids::*;
use baton_methods::Period;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the envelope written today.
pub const FORMAT: u16 = 1;

/// The hash algorithm of an entry, named in each so that another can follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
}

/// Who acted. Personal data is not here: the person is an identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Actor {
    /// The person who acted; `None` for the founding of the zone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<PersonId>,
    /// The unit in whose name the person acted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<UnitId>,
    /// The post for which the person stood in, as its deputy or cover: what was done their own posts do not allow.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stands_in: Option<PostId>,
}

/// One line of the ledger.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Envelope version.
    pub v: u16,
    /// Hash algorithm.
    pub alg: Algorithm,
    /// Place in the ledger, from 1 without gaps.
    pub seq: u64,
    /// `seq` of the first entry of its batch: a command is whole or absent.
    pub batch: u64,
    /// Whether a cut may stand after this entry: it ends its batch.
    pub last: bool,
    /// When the server knew it; strictly rising.
    pub known_at: Timestamp,
    /// Who acted.
    pub by: Actor,
    /// What happened.
    pub body: Body,
    /// Hash of the entry before it; zeros for the first.
    pub prev: Digest,
}

/// An entry with the exact text that was hashed.
#[derive(Clone, PartialEq, Debug)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// Its canonical text, as stored.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: Digest,
}

/// The end of the ledger: what the next entry must follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Last seq; 0 for an empty ledger.
    pub seq: u64,
    /// Its hash; zeros for an empty ledger.
    pub hash: Digest,
    /// Its time.
    pub known_at: Timestamp,
}

impl Head {
    /// The head of an empty ledger.
    pub const EMPTY: Head = Head { seq: 0, hash: Digest([0; 32]), known_at: Timestamp::MIN };
}

/// Why stored text is not the entry it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The text is not an entry of a known version.
    #[error("第 {seq} 条无法读取：{why} / entry {seq} cannot be read: {why}")]
    Unreadable {
        /// Place expected.
        seq: u64,
        /// Parser's words.
        why: String,
    },
    /// The stored hash is not that of the text.
    #[error("第 {seq} 条内容与其摘要不符 / entry {seq}: text does not match its hash")]
    Hash {
        /// Place.
        seq: u64,
    },
    /// The entry does not follow the one before it.
    #[error("第 {seq} 条与上一条不相接 / entry {seq} does not follow the one before it")]
    Link {
        /// Place.
        seq: u64,
    },
    /// A place is missing, doubled or out of order.
    #[error("应为第 {expected} 条，实为第 {found} 条 / expected entry {expected}, found {found}")]
    Order {
        /// Place expected.
        expected: u64,
        /// Place found.
        found: u64,
    },
    /// The time did not rise.
    #[error("第 {seq} 条的时间早于或等于上一条 / entry {seq}: time did not rise")]
    Time {
        /// Place.
        seq: u64,
    },
    /// A batch is cut off or runs into the next.
    #[error("第 {seq} 条所在批次不完整 / entry {seq}: its batch is not whole")]
    Batch {
        /// Place.
        seq: u64,
    },
}

impl Sealed {
    /// Seals an entry: its canonical text and hash.
    pub fn of(entry: Entry) -> Sealed {
        let text = canonical(&entry);
        let hash = Digest::of(text.as_bytes());
        Sealed { entry, text, hash }
    }

    /// Reads a stored entry and checks that it follows `head`.
    ///
    /// Errors: each way in which a stored line can be wrong, by name.
    pub fn read(seq: u64, text: String, hash: Digest, head: &Head) -> Result<Sealed, Broken> {
        let expected = head.seq + 1;
        if seq != expected {
            return Err(Broken::Order { expected, found: seq });
        }
        if Digest::of(text.as_bytes()) != hash {
            return Err(Broken::Hash { seq });
        }
        let entry: Entry = serde_json::from_str(&text).map_err(|e| Broken::Unreadable { seq, why: e.to_string() })?;
        if entry.v != FORMAT {
            return Err(Broken::Unreadable { seq, why: format!("v{}", entry.v) });
        }
        if entry.seq != seq {
            return Err(Broken::Order { expected: seq, found: entry.seq });
        }
        if entry.prev != head.hash {
            return Err(Broken::Link { seq });
        }
        if entry.known_at <= head.known_at {
            return Err(Broken::Time { seq });
        }
        Ok(Sealed { entry, text, hash })
    }

    /// The head after this entry.
    pub fn head(&self) -> Head {
        Head { seq: self.entry.seq, hash: self.hash, known_at: self.entry.known_at }
    }
}

/// Checks that batches are whole while entries are read in order.
#[derive(Debug, Default)]
pub struct BatchCheck {
    open: Option<u64>,
}

impl BatchCheck {
    /// Takes the next entry in order.
    pub fn take(&mut self, entry: &Entry) -> Result<(), Broken> {
        let first = self.open.unwrap_or(entry.seq);
        if entry.batch != first {
            return Err(Broken::Batch { seq: entry.seq });
        }
        self.open = (!entry.last).then_some(first);
        Ok(())
    }

    /// Called after the last entry: a batch must not be left open.
    pub fn finish(&self) -> Result<(), Broken> {
        match self.open {
            None => Ok(()),
            Some(seq) => Err(Broken::Batch { seq }),
        }
    }
}

/// A value of a field as the ledger keeps it.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldValue {
    /// Short structural text: a place, a document number.
    Text(String),
    /// Free words, as a blob.
    Prose(Said),
    /// Key of a declared choice.
    Choice(String),
    /// A quantity in the field's unit.
    Number(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// A day.
    Date(Date),
    /// Yes or no.
    Yes(bool),
    /// A unit.
    Unit(UnitId),
    /// A file.
    File(FileRef),
    /// Cleared on purpose.
    Empty,
}

/// The value of a figure: a quantity, or the reason why there is none.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FigureValue {
    /// A quantity in the measure's unit.
    Is(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// Withheld, and why.
    Withheld {
        /// The reason in words.
        withheld: Said,
    },
}

/// One cell of a submission.
#[derive(Clone, PartialEq, Debug)]
pub struct FigureLine {
    /// Item or unit.
    pub s: Subject,
    /// Measure key.
    pub m: String,
    /// Period.
    pub p: Period,
    /// Part key, when the measure is split.
    pub part: Option<String>,
    /// What was said.
    pub v: FigureValue,
    /// When the source says it was published (vintage), if other than now.
    pub said_on: Option<Date>,
}

/// How the figures of a submission stand in an entry: subjects named once, cells as short lists.
mod figure_lines {
    use super::*;
    use serde::de::{self, SeqAccess, Visitor};
    use serde::ser::{SerializeSeq as _, Serializer};
    use serde::{Deserializer, Serialize};

    struct CellOut<'a>(&'a FigureLine);

    impl Serialize for CellOut<'_> {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            let FigureLine { m, p, part, v, said_on, .. } = self.0;
            let length = if said_on.is_some() { 5 } else { 3 + usize::from(part.is_some()) };
            let mut seq = s.serialize_seq(Some(length))?;
            seq.serialize_element(m)?;
            seq.serialize_element(p)?;
            seq.serialize_element(v)?;
            if length > 3 {
                seq.serialize_element(part.as_deref().unwrap_or(""))?;
            }
            if let Some(day) = said_on {
                seq.serialize_element(day)?;
            }
            seq.end()
        }
    }

    struct CellIn {
        m: String,
        p: Period,
        v: FigureValue,
        part: Option<String>,
        said_on: Option<Date>,
    }

    impl<'de> Deserialize<'de> for CellIn {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            struct Cell;
            impl<'de> Visitor<'de> for Cell {
                type Value = CellIn;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("[measure, period, value, part?, said_on?]")
                }
                fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<CellIn, A::Error> {
                    let short = |n| move || de::Error::invalid_length(n, &"at least three");
                    let m = seq.next_element()?.ok_or_else(short(0))?;
                    let p = seq.next_element()?.ok_or_else(short(1))?;
                    let v = seq.next_element()?.ok_or_else(short(2))?;
                    let part: Option<String> = seq.next_element()?;
                    let said_on = seq.next_element()?;
                    Ok(CellIn { m, p, v, part: part.filter(|p| !p.is_empty()), said_on })
                }
            }
            d.deserialize_seq(Cell)
        }
    }

    pub fn serialize<S: Serializer>(lines: &[FigureLine], s: S) -> Result<S::Ok, S::Error> {
        let groups = lines.chunk_by(|a, b| a.s == b.s);
        let mut seq = s.serialize_seq(None)?;
        for group in groups {
            let cells: Vec<CellOut<'_>> = group.iter().map(CellOut).collect();
            seq.serialize_element(&(group[0].s, cells))?;
        }
        seq.end()
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<FigureLine>, D::Error> {
        let groups: Vec<(Subject, Vec<CellIn>)> = Deserialize::deserialize(d)?;
        let mut lines = Vec::with_capacity(groups.iter().map(|g| g.1.len()).sum());
        for (s, cells) in groups {
            lines.extend(cells.into_iter().map(|c| FigureLine {
                s,
                m: c.m,
                p: c.p,
                part: c.part,
                v: c.v,
                said_on: c.said_on,
            }));
        }
        Ok(lines)
    }
}

/// A field of an item given in a submission.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
pub struct FieldLine {
    /// The item.
    pub s: ItemId,
    /// Field key.
    pub f: String,
    /// The value.
    pub v: FieldValue,
}

/// Where a submission stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubmissionState {
    /// Laid before the unit's checker; does not count.
    Proposed,
    /// Submitted by the unit; counts, shown hollow.
    Submitted,
    /// Taken back by the unit before acceptance; does not count.
    Withdrawn,
    /// Sent back by the office; does not count.
    Returned,
    /// Accepted by the office; counts.
    Accepted,
}

/// Words about one cell of a submission: why an odd figure is right, or what the office found in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CellNote {
    /// The cell: `subject/measure`, `subject/measure/part` or `subject/field`.
    pub at: String,
    /// The words.
    pub said: Said,
}

/// How a person holds a post.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holding {
    /// Holds it.
    Holder,
    /// Deputy (B 角).
    Deputy,
    /// Cover for an absence.
    Cover,
}

/// To whom a role is granted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grantee {
    /// Whoever holds the post.
    Post(PostId),
    /// One person.
    Person(PersonId),
}

/// Over what a role is granted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The whole zone.
    All,
    /// The units and all below them.
    Below(Vec<UnitId>),
    /// The units alone.
    Units(Vec<UnitId>),
}

/// The plan curve of a target, as set.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurveSpec {
    /// In proportion to time.
    Linear,
    /// Cumulative shares at the four quarter ends, 0..=1.
    ByQuarter(Vec<Decimal>),
    /// Cumulative shares at the twelve month ends, 0..=1.
    ByMonth(Vec<Decimal>),
    /// A published preset by its key.
    Preset(String),
}

/// Where a meeting stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MeetingState {
    /// Planned.
    Planned,
    /// Notice given.
    Notified,
    /// In session.
    Held,
    /// Broken up (散会): the record is written up until it is sealed.
    Ended,
    /// The record can no longer be changed.
    Sealed,
    /// Called off.
    Cancelled,
}

/// A venue of a meeting.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
pub struct VenueLine {
    /// Identity.
    pub venue: VenueId,
    /// Name shown.
    pub name: String,
    /// The unit that sits there, when one does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<UnitId>,
    /// The main venue.
    pub main: bool,
    /// Address in the video system that the zone owns.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<String>,
}

/// A line of the agenda.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
pub struct AgendaLine {
    /// What is dealt with.
    pub title: String,
    /// Area key of the blueprint when the line reports an area.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<String>,
    /// Who presents.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<UnitId>,
    /// Minutes planned.
    pub minutes: u16,
}

/// Something laid before the meeting.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Material {
    /// An issued paper.
    Paper(PaperId),
    /// The page of an item.
    Item(ItemId),
    /// The page of a round.
    Round(RoundId),
    /// The review of a period.
    Review(Period),
    /// What became of the commitments of the meeting before.
    Commitments,
    /// The draft of this meeting's own circular.
    Circular,
}

/// What lies before a line of the agenda.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Hash)]
pub struct MaterialLine {
    /// Place in the agenda, from 0.
    pub line: u16,
    /// What lies there.
    pub what: Material,
}

/// What a plan says beside agenda and venues. Any of it may be absent.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Hash)]
pub struct PlanDetails {
    /// When it begins, by the zone's clock.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub starts: Option<jiff::civil::Time>,
    /// Line of the annual plan of meetings, or the approval, on which it is held.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub basis: Option<String>,
    /// Whether it is a comprehensive work meeting; else it has a special topic.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub comprehensive: bool,
    /// People expected, by venue.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub expected: BTreeMap<VenueId, u16>,
    /// What lies before each line, in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub materials: Vec<MaterialLine>,
}

impl PlanDetails {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == PlanDetails::default()
    }
}

/// What an agenda line ended in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeKind {
    /// Taken note of.
    Information,
    /// Decided.
    Decision,
    /// To be done: becomes a task.
    Task,
}

/// What a rule on conduct and burden is looked at for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Concern {
    /// A meeting.
    Meeting(MeetingId),
    /// The circular of a meeting.
    Circular(MeetingId),
    /// What a round asks.
    Round(RoundId),
}

/// Where a task comes from.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskSource {
    /// A meeting's outcome or decision.
    Meeting(MeetingId),
    /// A clause of a speech: speech, first character, length.
    Speech {
        /// The speech.
        speech: SpeechId,
        /// First character in the cleaned text.
        offset: u32,
        /// Length in characters.
        length: u32,
    },
    /// An item's problem or clock.
    Item(ItemId),
    /// A document by its number.
    Document(String),
    /// A leader's instruction (批示) that is not in the ledger.
    Instruction,
    /// A clause of a document that was taken in: text, first character, length.
    Text {
        /// The text.
        text: TextId,
        /// First character in the cleaned text.
        offset: u32,
        /// Length in characters.
        length: u32,
    },
    /// An instruction of the ledger.
    Instructed(InstructionId),
}

/// What an instruction is said on.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InstructionOn {
    /// An item.
    Item(ItemId),
    /// A task.
    Task(TaskId),
    /// A figure of a period.
    Figure {
        /// Item or unit.
        subject: Subject,
        /// Measure key.
        measure: String,
        /// Period.
        period: Period,
    },
}

/// A time limit in days, as it was set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Limit {
    /// Days; the day after the start is the first.
    pub days: u32,
    /// Working days; natural days otherwise.
    pub working: bool,
}

/// A step of a paper: draft, review (审核), sign (签发), issue, archive. Issuing is an entry of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaperStep {
    /// Sent for review (送审).
    Sent,
    /// Reviewed and found right (审核通过).
    Reviewed,
    /// Sent back with a reason (退回).
    Returned,
    /// Signed for issue (签发).
    Signed,
    /// Given up by its drafter (撤回).
    Dropped,
    /// Filed after it was issued (归档).
    Archived,
}

/// What is sent for review: a paper that is made from the ledger at a cut.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PaperDraft {
    /// Kind: circular.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Document number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub number: Option<String>,
    /// Meeting it belongs to.
    pub meeting: MeetingId,
    /// Period it reports.
    pub period: Period,
    /// The cut whose facts it shows: what is reviewed and signed is what is issued.
    pub cut: u64,
}

/// Whether the public may read a paper (政府信息公开).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publicity {
    /// Published by the zone itself (主动公开).
    Open,
    /// Given to who asks for it (依申请公开).
    OnRequest,
    /// Not given to the public (不予公开).
    Withheld,
}

/// Whose text it is.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextRights {
    /// The organ's own.
    Own {
        /// Holder.
        holder: String,
    },
    /// Reprinted from a source, which is named wherever it is shown.
    Reprint {
        /// Name of the source.
        source: String,
        /// Where it was found.
        url: String,
        /// On what basis it may be reprinted.
        basis: String,
    },
}

/// What a unit owes in a task.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duty {
    /// Lead (牵头): its strand carries the state of the task.
    Lead,
    /// Assisting (配合): visible, not counted in the completion rate.
    Assist,
}

/// A unit's part in a task as assigned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct StrandLine {
    /// The unit.
    pub unit: UnitId,
    /// What it owes.
    pub duty: Duty,
}

/// Until when, and in whose words.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
pub struct Deadline {
    /// The day, when the words give one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on: Option<Date>,
    /// The words it came from, empty when a person set it.
    #[serde(default)]
    pub words: String,
    /// The limit it was counted from, when it was set in days.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub limit: Option<Limit>,
}

/// An act on a task.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum TaskAct {
    /// The unit took it on (签收).
    Acknowledged,
    /// The unit says it is not its task, before acknowledging.
    Objected {
        /// Why.
        because: Said,
    },
    /// The supervising office decided on an objection: kept (the unit must act) or moved to another unit.
    ObjectionDecided {
        /// The unit that takes over; `None` keeps the strand where it is.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        to: Option<UnitId>,
        /// Nobody takes it over: the strand ends.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        withdrawn: bool,
        /// Why.
        because: Said,
    },
    /// Feedback (反馈): progress, problems, next steps; final asks for completion.
    Fed {
        /// Whether the unit says it is done.
        last: bool,
        /// The words.
        text: Said,
        /// Evidence.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        evidence: Vec<FileRef>,
    },
    /// Final feedback sent back (退回): a trace; the strand is in progress again.
    Returned {
        /// Why.
        because: Said,
    },
    /// The unit asks for more time, before the deadline.
    ExtensionAsked {
        /// New day.
        to: Date,
        /// Why.
        because: Said,
    },
    /// The office decides on the extension; without a grant the original date counts.
    ExtensionDecided {
        /// Granted or not.
        granted: bool,
        /// New day when granted.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        to: Option<Date>,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// Urged (催办): an event, not a state.
    Urged {
        /// Words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        text: Option<Said>,
    },
    /// Suspended (中止).
    Suspended {
        /// Why.
        because: Said,
    },
    /// Taken up again.
    Resumed {
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// Completed (办结): the office accepts the result.
    Completed {
        /// Remark.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// Closed out (销号).
    ClosedOut {
        /// Remark.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// Terminated (终止).
    Cancelled {
        /// Why.
        because: Said,
    },
    /// Went into another task (合并), by the lead's strand.
    Merged {
        /// The task that goes on.
        into: TaskId,
        /// Why.
        because: Said,
    },
}

/// What happened to a problem of an item.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum ProblemAct {
    /// Somebody raised it.
    Raised {
        /// The words.
        text: Said,
        /// Photos, documents.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        evidence: Vec<FileRef>,
    },
    /// A task was made of it.
    Tasked {
        /// The task.
        task: TaskId,
    },
    /// It is settled.
    Settled {
        /// How.
        because: Said,
        /// What shows it.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        evidence: Vec<FileRef>,
    },
}

/// What happened: the body of an entry, with its version in the tag.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "is")]
#[allow(missing_docs)] // fields are the nouns documented above
pub enum Body {
    /// The zone begins. The first entry; says whether the clock is real.
    #[serde(rename = "zone.founded/1")]
    Founded { name: String, name_en: String, code: String, time_zone: String, simulated: bool, invented: bool },
    /// Rules in force from here on: every file of the blueprint, in full.
    #[serde(rename = "blueprint.applied/1")]
    BlueprintApplied { files: BTreeMap<String, String>, because: Said },
    /// A unit is made or changed; the fields are all of it.
    #[serde(rename = "unit.put/1")]
    UnitPut {
        unit: UnitId,
        code: String,
        name: String,
        short: String,
        kind: String,
        parent: Option<UnitId>,
        order: u32,
        #[serde(default)]
        aliases: Vec<String>,
        #[serde(default)]
        duties: Vec<String>,
        from: Option<Date>,
        to: Option<Date>,
    },
    /// A unit went into another on a day.
    #[serde(rename = "unit.merged/1")]
    UnitMerged { unit: UnitId, into: UnitId, on: Date, because: Said },
    /// A post is made or changed.
    #[serde(rename = "post.put/1")]
    PostPut { post: PostId, unit: UnitId, title: String, from: Option<Date>, to: Option<Date> },
    /// A person is made or renamed.
    #[serde(rename = "person.put/1")]
    PersonPut { person: PersonId, name: Said },
    /// A person holds a post.
    #[serde(rename = "post.held/1")]
    PostHeld { post: PostId, person: PersonId, how: Holding, from: Date, to: Option<Date> },
    /// A role is granted.
    #[serde(rename = "role.granted/1")]
    Granted { grant: GrantId, to: Grantee, role: String, scope: Scope },
    /// A grant is revoked.
    #[serde(rename = "role.revoked/1")]
    Revoked { grant: GrantId },
    /// An item is made.
    #[serde(rename = "item.made/1")]
    ItemMade {
        item: ItemId,
        kind: String,
        code: String,
        name: String,
        lead: UnitId,
        #[serde(default)]
        co: Vec<UnitId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        parent: Option<ItemId>,
        #[serde(default)]
        fields: BTreeMap<String, FieldValue>,
    },
    /// Some of an item's own data changed; what is absent stays.
    #[serde(rename = "item.changed/1")]
    ItemChanged {
        item: ItemId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        lead: Option<UnitId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        co: Option<Vec<UnitId>>,
        #[serde(default)]
        fields: BTreeMap<String, FieldValue>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// An item entered a stage on a day.
    #[serde(rename = "item.staged/1")]
    ItemStaged {
        item: ItemId,
        stage: String,
        on: Date,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        evidence: Vec<FileRef>,
    },
    /// An item is withdrawn, with a reason; never deleted.
    #[serde(rename = "item.withdrawn/1")]
    ItemWithdrawn { item: ItemId, because: Said },
    /// An item is one with another (duplicate), or was split into others (`into` several).
    #[serde(rename = "item.became/1")]
    ItemBecame { item: ItemId, into: Vec<ItemId>, because: Said },
    /// An item is linked to another by a link that its kind declares.
    #[serde(rename = "item.linked/1")]
    ItemLinked {
        item: ItemId,
        link: String,
        to: ItemId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// A link is taken off, with a reason; that it stood stays known.
    #[serde(rename = "item.unlinked/1")]
    ItemUnlinked { item: ItemId, link: String, to: ItemId, because: Said },
    /// A problem of an item: raised, made a task, settled.
    #[serde(rename = "item.problem/1")]
    ItemProblem { item: ItemId, problem: ProblemId, what: ProblemAct },
    /// A round is opened: what is asked of whom for a period.
    #[serde(rename = "round.opened/1")]
    RoundOpened {
        round: RoundId,
        title: String,
        period: Period,
        kinds: Vec<String>,
        units: Vec<UnitId>,
        opens: Date,
        due: Date,
        closes: Date,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        basis: Option<String>,
    },
    /// A closed round is opened again until a day; audited.
    #[serde(rename = "round.reopened/1")]
    RoundReopened { round: RoundId, closes: Date, because: Said },
    /// A round is closed before its day; `closes` is the last day on which it was open.
    #[serde(rename = "round.closed/1")]
    RoundClosed { round: RoundId, closes: Date, because: Said },
    /// The office urges a unit that has not answered a round (催报).
    #[serde(rename = "round.urged/1")]
    RoundUrged {
        round: RoundId,
        unit: UnitId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        text: Option<Said>,
    },
    /// A unit says something: one act, many figures and texts at once.
    #[serde(rename = "submission.made/1")]
    SubmissionMade {
        submission: SubmissionId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        round: Option<RoundId>,
        unit: UnitId,
        state: SubmissionState,
        /// Grouped by subject: `[[subject, [[measure, period, value, part?, said_on?], …]], …]`.
        #[serde(with = "figure_lines")]
        figures: Vec<FigureLine>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        fields: Vec<FieldLine>,
        /// Set when it corrects what was said before.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        evidence: Vec<FileRef>,
        /// What its writer answered to questions about cells.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        notes: Vec<CellNote>,
    },
    /// A submission moved on.
    #[serde(rename = "submission.moved/1")]
    SubmissionMoved {
        submission: SubmissionId,
        to: SubmissionState,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
        /// Cells marked when returned, `subject/measure` or `subject/measure/part`.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        marks: Vec<String>,
        /// What was found in marked cells, in words.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        notes: Vec<CellNote>,
    },
    /// A target with its plan curve; a later one is a re-baselining.
    #[serde(rename = "target.set/1")]
    TargetSet {
        subject: Subject,
        measure: String,
        year: Period,
        #[serde(with = "rust_decimal::serde::str")]
        value: Decimal,
        curve: CurveSpec,
        /// List or approval document.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        basis: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// A meeting is planned or its plan changed; the fields are all of it.
    #[serde(rename = "meeting.planned/1")]
    MeetingPlanned {
        meeting: MeetingId,
        code: String,
        title: String,
        period: Period,
        on: Date,
        place: String,
        chair: Option<PostId>,
        agenda: Vec<AgendaLine>,
        venues: Vec<VenueLine>,
        #[serde(skip_serializing_if = "PlanDetails::is_empty", default)]
        details: PlanDetails,
    },
    /// A meeting moved on.
    #[serde(rename = "meeting.moved/1")]
    MeetingMoved {
        meeting: MeetingId,
        to: MeetingState,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
        /// When it broke up: seconds used by each line of the agenda.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        used: Vec<u32>,
    },
    /// Roll call: a venue answered.
    #[serde(rename = "meeting.venue-answered/1")]
    VenueAnswered {
        meeting: MeetingId,
        venue: VenueId,
        present: bool,
        heads: Option<u16>,
        /// People on leave.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        leave: Option<u16>,
    },
    /// An outcome is recorded.
    #[serde(rename = "meeting.outcome/1")]
    OutcomeRecorded {
        meeting: MeetingId,
        outcome: OutcomeId,
        /// Place in the agenda, from 0.
        line: u16,
        kind: OutcomeKind,
        text: Said,
    },
    /// A speech is recorded: as given and as cleaned.
    #[serde(rename = "meeting.speech/1")]
    SpeechRecorded { meeting: MeetingId, speech: SpeechId, title: String, raw: Said, clean: Said },
    /// A task is assigned (交办): source, words, deadline, strands.
    #[serde(rename = "task.assigned/1")]
    TaskAssigned {
        task: TaskId,
        code: String,
        title: String,
        source: TaskSource,
        said: Said,
        deadline: Deadline,
        strands: Vec<StrandLine>,
        /// Quantified aim as said, empty when none was given.
        #[serde(default)]
        aim: String,
        /// Area key of the blueprint, when it belongs to one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        area: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        items: Vec<ItemId>,
    },
    /// An act on a task; `unit` names the strand.
    #[serde(rename = "task.acted/1")]
    TaskActed { task: TaskId, unit: UnitId, what: TaskAct },
    /// A task is drafted (拟办): binds nobody until it is signed off, which is `task.assigned` of the same task.
    #[serde(rename = "task.drafted/1")]
    TaskDrafted {
        task: TaskId,
        title: String,
        source: TaskSource,
        said: Said,
        deadline: Deadline,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        strands: Vec<StrandLine>,
        #[serde(default)]
        aim: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        area: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        items: Vec<ItemId>,
    },
    /// A draft is dropped, with a reason.
    #[serde(rename = "task.draft-dropped/1")]
    TaskDraftDropped { task: TaskId, because: Said },
    /// A document is taken in, as given and as cleaned, for tasks to be drafted from it.
    #[serde(rename = "task.text/1")]
    TextRecorded { text: TextId, number: String, title: String, raw: Said, clean: Said },
    /// A leader said a sentence on a number, an item or a task (批示).
    #[serde(rename = "instruction.given/1")]
    InstructionGiven {
        instruction: InstructionId,
        on: InstructionOn,
        words: Said,
        /// The leader who said it, when another entered it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        leader: Option<PersonId>,
        /// The delegation by which another entered it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        delegation: Option<DelegationId>,
    },
    /// The supervising office says why an instruction becomes no task.
    #[serde(rename = "instruction.answered/1")]
    InstructionAnswered { instruction: InstructionId, because: Said },
    /// A leader lets another enter instructions in their name, from a day until another.
    #[serde(rename = "delegation.given/1")]
    DelegationGiven { delegation: DelegationId, leader: PersonId, to: PersonId, from: Date, until: Date },
    /// A delegation ends before its day.
    #[serde(rename = "delegation.ended/1")]
    DelegationEnded { delegation: DelegationId },
    /// The office's duty dictionary: who answers for a phrase; `None` takes the phrase out.
    #[serde(rename = "duty.put/1")]
    DutyPut { phrase: String, unit: Option<UnitId> },
    /// A person confirmed who leads a task made from words that hold a phrase: a suggestion from then on.
    #[serde(rename = "duty.confirmed/1")]
    DutyConfirmed { phrase: String, unit: UnitId, task: TaskId },
    /// A warning of a rule on conduct and burden is overridden, with who decided on what basis.
    #[serde(rename = "compliance.overridden/1")]
    Overridden { rule: String, of: Concern, basis: String, because: Said },
    /// A paper is issued: frozen bytes and its data part.
    #[serde(rename = "paper.issued/1")]
    PaperIssued {
        paper: PaperId,
        kind: String,
        title: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        number: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        meeting: Option<MeetingId>,
        period: Period,
        /// The cut whose facts it shows.
        cut: u64,
        /// The units whose view it shows: the whole zone for a circular.
        audience: Scope,
        /// Frozen bytes.
        files: Vec<FileRef>,
        /// Its data part: figures by version, derived numbers with method version.
        data: FileRef,
        /// SHA-256 of the canonical fact set.
        facts: Digest,
        /// Head hash printed on it.
        witness: Digest,
    },
    /// A step of a paper on its way to being issued, or of its filing afterwards.
    #[serde(rename = "paper.stepped/1")]
    PaperStepped {
        paper: PaperId,
        step: PaperStep,
        /// What is sent for review; only with [`PaperStep::Sent`].
        #[serde(skip_serializing_if = "Option::is_none", default)]
        draft: Option<PaperDraft>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        because: Option<Said>,
    },
    /// Whether the public may read an issued paper, and on what basis.
    #[serde(rename = "paper.publicity/1")]
    PaperPublicity { paper: PaperId, publicity: Publicity, basis: Said },
    /// Whose text an issued paper is.
    #[serde(rename = "paper.rights/1")]
    PaperRights { paper: PaperId, rights: TextRights },
    /// An issued paper is taken out of sight, or put back; its record stays.
    #[serde(rename = "paper.takedown/1")]
    PaperTakedown { paper: PaperId, down: bool, because: Said },
    /// A blob was purged by law; old cuts say so.
    #[serde(rename = "blob.erased/1")]
    Erased { digests: Vec<Digest>, basis: String },
}

impl Body {
    /// Every blob this body names: texts first, then files.
    pub fn blobs(&self) -> (Vec<Digest>, Vec<&FileRef>) {
        // Digests are found in the canonical value by type, not by field name, through serde.
        fn said(list: &mut Vec<Digest>, said: &Option<Said>) {
            list.extend(said.iter().map(|s| s.0));
        }
        fn field<'a>(texts: &mut Vec<Digest>, files: &mut Vec<&'a FileRef>, value: &'a FieldValue) {
            match value {
                FieldValue::Prose(said) => texts.push(said.0),
                FieldValue::File(file) => files.push(file),
                _ => {}
            }
        }
        let mut texts = Vec::new();
        let mut files = Vec::new();
        match self {
            Body::BlueprintApplied { because, .. }
            | Body::UnitMerged { because, .. }
            | Body::ItemWithdrawn { because, .. }
            | Body::ItemBecame { because, .. }
            | Body::ItemUnlinked { because, .. }
            | Body::TaskDraftDropped { because, .. }
            | Body::InstructionAnswered { because, .. }
            | Body::RoundReopened { because, .. }
            | Body::RoundClosed { because, .. } => texts.push(because.0),
            Body::RoundUrged { text, .. } => said(&mut texts, text),
            Body::PersonPut { name, .. } => texts.push(name.0),
            Body::ItemMade { fields, .. } => {
                for value in fields.values() {
                    field(&mut texts, &mut files, value);
                }
            }
            Body::ItemChanged { fields, because, .. } => {
                for value in fields.values() {
                    field(&mut texts, &mut files, value);
                }
                said(&mut texts, because);
            }
            Body::ItemStaged { because, evidence, .. } => {
                said(&mut texts, because);
                files.extend(evidence);
            }
            Body::SubmissionMade { figures, fields, because, evidence, notes, .. } => {
                for line in figures {
                    if let FigureValue::Withheld { withheld } = &line.v {
                        texts.push(withheld.0);
                    }
                }
                for line in fields {
                    field(&mut texts, &mut files, &line.v);
                }
                said(&mut texts, because);
                texts.extend(notes.iter().map(|n| n.said.0));
                files.extend(evidence);
            }
            Body::ItemProblem { what, .. } => match what {
                ProblemAct::Raised { text: said, evidence } | ProblemAct::Settled { because: said, evidence } => {
                    texts.push(said.0);
                    files.extend(evidence);
                }
                ProblemAct::Tasked { .. } => {}
            },
            Body::SubmissionMoved { because, notes, .. } => {
                said(&mut texts, because);
                texts.extend(notes.iter().map(|n| n.said.0));
            }
            Body::ItemLinked { because, .. } | Body::TargetSet { because, .. } | Body::MeetingMoved { because, .. } => {
                said(&mut texts, because)
            }
            Body::OutcomeRecorded { text, .. } => texts.push(text.0),
            Body::Overridden { because, .. } => texts.push(because.0),
            Body::SpeechRecorded { raw, clean, .. } => texts.extend([raw.0, clean.0]),
            Body::TaskAssigned { said, .. } | Body::TaskDrafted { said, .. } => texts.push(said.0),
            Body::TextRecorded { raw, clean, .. } => texts.extend([raw.0, clean.0]),
            Body::InstructionGiven { words, .. } => texts.push(words.0),
            Body::TaskActed { what, .. } => match what {
                TaskAct::Objected { because }
                | TaskAct::ObjectionDecided { because, .. }
                | TaskAct::Returned { because }
                | TaskAct::ExtensionAsked { because, .. }
                | TaskAct::Suspended { because }
                | TaskAct::Merged { because, .. }
                | TaskAct::Cancelled { because } => texts.push(because.0),
                TaskAct::Fed { text, evidence, .. } => {
                    texts.push(text.0);
                    files.extend(evidence);
                }
                TaskAct::ExtensionDecided { because, .. }
                | TaskAct::Completed { because }
                | TaskAct::ClosedOut { because }
                | TaskAct::Resumed { because }
                | TaskAct::Urged { text: because } => said(&mut texts, because),
                TaskAct::Acknowledged => {}
            },
            Body::PaperIssued { files: issued, data, .. } => {
                files.extend(issued);
                files.push(data);
            }
            Body::PaperStepped { because, .. } => said(&mut texts, because),
            Body::PaperPublicity { basis, .. } => texts.push(basis.0),
            Body::PaperTakedown { because, .. } => texts.push(because.0),
            Body::PaperRights { .. } => {}
            Body::Founded { .. }
            | Body::UnitPut { .. }
            | Body::PostPut { .. }
            | Body::PostHeld { .. }
            | Body::Granted { .. }
            | Body::Revoked { .. }
            | Body::RoundOpened { .. }
            | Body::MeetingPlanned { .. }
            | Body::VenueAnswered { .. }
            | Body::DelegationGiven { .. }
            | Body::DelegationEnded { .. }
            | Body::DutyPut { .. }
            | Body::DutyConfirmed { .. }
            | Body::Erased { .. } => {}
        }
        (texts, files)
    }
}

/// What one command adds: entries in order, and the blobs they name.
#[derive(Clone, PartialEq, Debug)]
pub struct Batch {
    /// Entries; the last one has `last = true`.
    pub entries: Vec<Sealed>,
    /// Blobs that must be durable before the entries.
    pub blobs: Vec<Blob>,
}
use crate::blobs::Blob;

impl Batch {
    /// Seals bodies into a batch that follows `head`. Times rise by 1 µs from `max(now, head + 1 µs)`.
    pub(crate) fn seal(head: &Head, now: Timestamp, by: Actor, bodies: Vec<Body>, blobs: Vec<Blob>) -> Batch {
        let micro = |t: Timestamp| t.as_microsecond();
        let mut at = if head.seq == 0 { micro(now) } else { micro(now).max(micro(head.known_at) + 1) };
        let first = head.seq + 1;
        let count = bodies.len() as u64;
        let mut prev = head.hash;
        let mut entries = Vec::with_capacity(bodies.len());
        for (n, body) in (0u64..).zip(bodies) {
            let sealed = Sealed::of(Entry {
                v: FORMAT,
                alg: Algorithm::Sha256,
                seq: first + n,
                batch: first,
                last: n + 1 == count,
                known_at: Timestamp::from_microsecond(at).expect("a time of this era"),
                by,
                body,
                prev,
            });
            prev = sealed.hash;
            at += 1;
            entries.push(sealed);
        }
        Batch { entries, blobs }
    }

    /// The head after the batch; `None` when it is empty.
    pub fn head(&self) -> Option<Head> {
        self.entries.last().map(Sealed::head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn founded() -> Body {
        Body::Founded {
            name: "云岭新区".into(),
            name_en: "Yunling".into(),
            code: "YL".into(),
            time_zone: "Asia/Shanghai".into(),
            simulated: true,
            invented: true,
        }
    }

    fn two() -> Batch {
        let now: Timestamp = "2023-01-05T01:00:00Z".parse().unwrap();
        let said = Said(Digest::of(b"x"));
        let by = Actor { person: None, unit: None, stands_in: None };
        Batch::seal(&Head::EMPTY, now, by, vec![founded(), Body::PersonPut { person: PersonId(7), name: said }], vec![])
    }

    #[test]
    fn a_batch_reads_back_and_every_kind_of_damage_has_a_name() {
        let batch = two();
        let [a, b] = &batch.entries[..] else { panic!() };
        let first = Sealed::read(1, a.text.clone(), a.hash, &Head::EMPTY).unwrap();
        assert_eq!(&first, a);
        assert_eq!(&Sealed::read(2, b.text.clone(), b.hash, &first.head()).unwrap(), b);
        let flipped = a.text.replace("云岭", "云峰");
        assert_eq!(Sealed::read(1, flipped, a.hash, &Head::EMPTY), Err(Broken::Hash { seq: 1 }));
        assert_eq!(Sealed::read(2, b.text.clone(), b.hash, &Head::EMPTY), Err(Broken::Order { expected: 1, found: 2 }));
        let mut other = first.head();
        other.hash = Digest::of(b"another");
        assert_eq!(Sealed::read(2, b.text.clone(), b.hash, &other), Err(Broken::Link { seq: 2 }));
        let mut check = BatchCheck::default();
        check.take(&a.entry).unwrap();
        assert_eq!(check.finish(), Err(Broken::Batch { seq: 1 }));
        check.take(&b.entry).unwrap();
        assert_eq!(check.finish(), Ok(()));
    }

    #[test]
    fn the_format_of_a_submission_is_for_ever() {
        let line = |m: &str, v: FigureValue, part: Option<&str>, said_on: Option<Date>| FigureLine {
            s: Subject::Item(ItemId(1)),
            m: m.into(),
            p: "2023M03".parse().unwrap(),
            part: part.map(str::to_owned),
            v,
            said_on,
        };
        let is = |v: &str| FigureValue::Is(v.parse().unwrap());
        let withheld = FigureValue::Withheld { withheld: Said(Digest([7; 32])) };
        let body = Body::SubmissionMade {
            submission: SubmissionId(2),
            round: None,
            unit: UnitId(3),
            state: SubmissionState::Submitted,
            figures: vec![
                line("invest", is("12.5"), None, None),
                line("fund", is("3"), Some("bank"), None),
                line("growth", withheld, None, Some("2023-04-18".parse().unwrap())),
                FigureLine { s: Subject::Unit(UnitId(3)), ..line("revenue", is("-1"), None, None) },
            ],
            fields: vec![],
            because: None,
            evidence: vec![],
            notes: vec![],
        };
        let text = canonical(&body);
        let zeros = "0".repeat(31);
        let sevens = "07".repeat(32);
        assert_eq!(
            text,
            format!(
                "{{\"figures\":[[\"i{zeros}1\",[[\"invest\",\"2023M03\",\"12.5\"],[\"fund\",\"2023M03\",\"3\",\"bank\"],\
                 [\"growth\",\"2023M03\",{{\"withheld\":\"{sevens}\"}},\"\",\"2023-04-18\"]]],\
                 [\"u{zeros}3\",[[\"revenue\",\"2023M03\",\"-1\"]]]],\"is\":\"submission.made/1\",\"state\":\"submitted\",\
                 \"submission\":\"{zeros}2\",\"unit\":\"{zeros}3\"}}"
            )
        );
        assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), body);
    }

    #[test]
    fn what_tasks_gained_leaves_the_old_lines_as_they_were() {
        let said = Said(Digest([7; 32]));
        let sevens = "07".repeat(32);
        let same = |act: TaskAct, text: String| {
            assert_eq!(canonical(&act), text);
            assert_eq!(serde_json::from_str::<TaskAct>(&text).unwrap(), act);
        };
        same(TaskAct::Resumed { because: None }, "{\"act\":\"resumed\"}".into());
        let kept = TaskAct::ObjectionDecided { to: None, withdrawn: false, because: said };
        same(kept, format!("{{\"act\":\"objection_decided\",\"because\":\"{sevens}\"}}"));
        let merged = TaskAct::Merged { into: TaskId(1), because: said };
        let one = format!("{}1", "0".repeat(31));
        same(merged, format!("{{\"act\":\"merged\",\"because\":\"{sevens}\",\"into\":\"{one}\"}}"));
        let due = Deadline { on: None, words: "月底".into(), limit: None };
        assert_eq!(canonical(&due), "{\"words\":\"月底\"}");
        let by = Actor { person: Some(PersonId(1)), unit: None, stands_in: None };
        assert_eq!(canonical(&by), format!("{{\"person\":\"{one}\"}}"));
        let given = Body::InstructionGiven {
            instruction: InstructionId(1),
            on: InstructionOn::Item(ItemId(1)),
            words: said,
            leader: None,
            delegation: None,
        };
        let text = format!(
            "{{\"instruction\":\"{one}\",\"is\":\"instruction.given/1\",\"on\":{{\"item\":\"{one}\"}},\
             \"words\":\"{sevens}\"}}"
        );
        assert_eq!(canonical(&given), text);
        assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), given);
    }

    #[test]
    fn times_rise_even_when_the_clock_stands_or_goes_back() {
        let batch = two();
        let early: Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
        let head = batch.head().unwrap();
        let next =
            Batch::seal(&head, early, Actor { person: None, unit: None, stands_in: None }, vec![founded()], vec![]);
        assert!(next.entries[0].entry.known_at > head.known_at);
    }
}
