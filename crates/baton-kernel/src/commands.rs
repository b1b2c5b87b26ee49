//! Commands: what a person asks for. `decide` turns a command into entries, or refuses.
//!
//! A command carries its opaque ids (made at the edge), an idempotency key and `base`, the seq the user
//! saw. Free text travels as text here and becomes a salted blob in the entry.

use crate::entries::*;
use crate::ids::*;
use baton_methods::Period;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A request to change something.
#[derive(Clone, PartialEq, Debug)]
pub struct Command {
    /// Made by the client, at most 64 characters; the same key twice is answered from the receipt.
    pub key: String,
    /// The seq the user saw; 0 when nothing seen matters.
    pub base: u64,
    /// 16 random bytes from which salts of texts are derived.
    pub salt: [u8; 16],
    /// What is asked for.
    pub act: Act,
}

/// A file handed over with a command: already durable in the store under its digest.
pub type Evidence = crate::blobs::FileRef;

/// A field as given by a person.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldInput {
    /// Text as typed: parsed by the field's type.
    Typed(String),
    /// A file already stored.
    File(Evidence),
    /// Cleared on purpose.
    Empty,
}

/// A figure as given: a quantity in the measure's unit, or withheld.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FigureInput {
    /// A quantity.
    Is(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// Withheld, and why.
    Withheld(String),
}

/// One cell given.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
pub struct FigureGiven {
    /// Item or unit.
    pub subject: Subject,
    /// Measure key.
    pub measure: String,
    /// Period.
    pub period: Period,
    /// Part key.
    pub part: Option<String>,
    /// The value.
    pub value: FigureInput,
    /// The seq of the version the user saw in this cell; 0 for an empty one.
    pub version: u64,
    /// Vintage date claimed by the source.
    pub said_on: Option<Date>,
}

/// One field of an item given with a submission.
#[derive(Clone, PartialEq, Hash, Debug, Serialize, Deserialize)]
pub struct FieldGiven {
    /// The item.
    pub item: ItemId,
    /// Field key.
    pub field: String,
    /// The value.
    pub value: FieldInput,
    /// The seq of the version the user saw; 0 for an empty one.
    pub version: u64,
}

/// Words given about one cell: an answer to a question, or what was found in a marked cell.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct NoteGiven {
    /// The cell, as forms name it: `subject/measure`, `subject/measure/part` or `subject/field`.
    pub at: String,
    /// The words.
    pub text: String,
}

/// What is asked for. Names are the acts of the field; fields are documented on the entry bodies.
#[derive(Clone, PartialEq, Hash, Debug)]
#[allow(missing_docs)]
pub enum Act {
    Found {
        name: String,
        name_en: String,
        code: String,
        time_zone: String,
        simulated: bool,
        invented: bool,
        files: BTreeMap<String, String>,
        because: String,
    },
    ApplyBlueprint {
        files: BTreeMap<String, String>,
        because: String,
    },
    PutUnit {
        unit: UnitId,
        code: String,
        name: String,
        short: String,
        kind: String,
        parent: Option<UnitId>,
        order: u32,
        aliases: Vec<String>,
        duties: Vec<String>,
        from: Option<Date>,
        to: Option<Date>,
    },
    MergeUnit {
        unit: UnitId,
        into: UnitId,
        on: Date,
        because: String,
    },
    PutPost {
        post: PostId,
        unit: UnitId,
        title: String,
        from: Option<Date>,
        to: Option<Date>,
    },
    PutPerson {
        person: PersonId,
        name: String,
    },
    HoldPost {
        post: PostId,
        person: PersonId,
        how: Holding,
        from: Date,
        to: Option<Date>,
    },
    Grant {
        grant: GrantId,
        to: Grantee,
        role: String,
        scope: Scope,
    },
    Revoke {
        grant: GrantId,
    },
    /// `code` empty: numbered by the kind's pattern.
    MakeItem {
        item: ItemId,
        kind: String,
        code: String,
        name: String,
        lead: UnitId,
        co: Vec<UnitId>,
        parent: Option<ItemId>,
        fields: BTreeMap<String, FieldInput>,
        stage: Option<(String, Date)>,
    },
    ChangeItem {
        item: ItemId,
        name: Option<String>,
        lead: Option<UnitId>,
        co: Option<Vec<UnitId>>,
        fields: BTreeMap<String, FieldInput>,
        because: String,
    },
    EnterStage {
        item: ItemId,
        stage: String,
        on: Date,
        because: String,
        evidence: Vec<Evidence>,
    },
    WithdrawItem {
        item: ItemId,
        because: String,
    },
    /// One `into`: a duplicate merged; several: split.
    BecomeItems {
        item: ItemId,
        into: Vec<ItemId>,
        because: String,
    },
    LinkItems {
        item: ItemId,
        link: String,
        to: ItemId,
        because: String,
    },
    UnlinkItems {
        item: ItemId,
        link: String,
        to: ItemId,
        because: String,
    },
    RaiseProblem {
        item: ItemId,
        problem: ProblemId,
        text: String,
        evidence: Vec<Evidence>,
    },
    /// The task must name the item; assigned in the same command or before.
    TaskProblem {
        item: ItemId,
        problem: ProblemId,
        task: TaskId,
    },
    SettleProblem {
        item: ItemId,
        problem: ProblemId,
        because: String,
        evidence: Vec<Evidence>,
    },
    OpenRound {
        round: RoundId,
        title: String,
        period: Period,
        kinds: Vec<String>,
        units: Vec<UnitId>,
        opens: Date,
        due: Date,
        closes: Date,
        basis: Option<String>,
    },
    ReopenRound {
        round: RoundId,
        closes: Date,
        because: String,
    },
    CloseRound {
        round: RoundId,
        because: String,
    },
    UrgeRound {
        round: RoundId,
        units: Vec<UnitId>,
        text: String,
    },
    /// `submit = false` proposes to the unit's checker; `because` non-empty makes it a correction.
    Report {
        submission: SubmissionId,
        round: Option<RoundId>,
        unit: UnitId,
        submit: bool,
        figures: Vec<FigureGiven>,
        fields: Vec<FieldGiven>,
        because: String,
        evidence: Vec<Evidence>,
        notes: Vec<NoteGiven>,
    },
    MoveSubmission {
        submission: SubmissionId,
        to: SubmissionState,
        because: String,
        marks: Vec<String>,
        notes: Vec<NoteGiven>,
    },
    /// Figures said for the wrong unit or period go where they belong: `into` says them there, and what is
    /// accepted already is corrected back by `undo`.
    MoveFigures {
        submission: SubmissionId,
        into: SubmissionId,
        undo: SubmissionId,
        unit: UnitId,
        period: Period,
        because: String,
    },
    SetTarget {
        subject: Subject,
        measure: String,
        year: Period,
        value: Decimal,
        curve: CurveSpec,
        basis: Option<String>,
        because: String,
    },
    PlanMeeting {
        meeting: MeetingId,
        code: String,
        title: String,
        period: Period,
        on: Date,
        place: String,
        chair: Option<PostId>,
        agenda: Vec<AgendaLine>,
        venues: Vec<VenueLine>,
        details: PlanDetails,
    },
    MoveMeeting {
        meeting: MeetingId,
        to: MeetingState,
        because: String,
    },
    /// The meeting breaks up; `used` is the seconds that each line of the agenda took.
    EndMeeting {
        meeting: MeetingId,
        used: Vec<u32>,
    },
    AnswerVenue {
        meeting: MeetingId,
        venue: VenueId,
        present: bool,
        heads: Option<u16>,
        leave: Option<u16>,
    },
    RecordOutcome {
        meeting: MeetingId,
        outcome: OutcomeId,
        line: u16,
        kind: OutcomeKind,
        text: String,
    },
    RecordSpeech {
        meeting: MeetingId,
        speech: SpeechId,
        title: String,
        raw: String,
        clean: String,
    },
    /// `code` empty: numbered in order.
    AssignTask {
        task: TaskId,
        code: String,
        title: String,
        source: TaskSource,
        said: String,
        deadline: Deadline,
        strands: Vec<StrandLine>,
        aim: String,
        area: Option<String>,
        items: Vec<ItemId>,
    },
    ActOnTask {
        task: TaskId,
        unit: UnitId,
        what: TaskDoing,
    },
    /// Signed off by `AssignTask` of the same task; `strands` may wait until then.
    DraftTask {
        task: TaskId,
        title: String,
        source: TaskSource,
        said: String,
        deadline: Deadline,
        strands: Vec<StrandLine>,
        aim: String,
        area: Option<String>,
        items: Vec<ItemId>,
    },
    DropDraft {
        task: TaskId,
        because: String,
    },
    RecordText {
        text: TextId,
        number: String,
        title: String,
        raw: String,
        clean: String,
    },
    /// `leader`: the one who said it, when another enters it.
    Instruct {
        instruction: InstructionId,
        on: InstructionOn,
        words: String,
        leader: Option<PersonId>,
    },
    AnswerInstruction {
        instruction: InstructionId,
        because: String,
    },
    Delegate {
        delegation: DelegationId,
        to: PersonId,
        from: Date,
        until: Date,
    },
    EndDelegation {
        delegation: DelegationId,
    },
    /// The office's duty dictionary; no unit takes the phrase out.
    PutDuty {
        phrase: String,
        unit: Option<UnitId>,
    },
    /// Who leads a task made from words that hold the phrase: asked for together with the task.
    ConfirmDuty {
        phrase: String,
        unit: UnitId,
        task: TaskId,
    },
    Override {
        rule: String,
        of: Concern,
        basis: String,
        because: String,
    },
    IssuePaper {
        paper: PaperId,
        kind: String,
        title: String,
        number: Option<String>,
        meeting: Option<MeetingId>,
        period: Period,
        cut: u64,
        audience: Scope,
        files: Vec<Evidence>,
        data: Evidence,
        facts: crate::blobs::Digest,
        witness: crate::blobs::Digest,
    },
    /// A step of a paper; `draft` with the first one. `because` is needed to send it back.
    StepPaper {
        paper: PaperId,
        step: PaperStep,
        draft: Option<PaperDraft>,
        because: String,
    },
    /// Decides whether the public may read an issued paper.
    PublishPaper {
        paper: PaperId,
        publicity: Publicity,
        basis: String,
    },
    /// Says whose text an issued paper is.
    PutPaperRights {
        paper: PaperId,
        rights: TextRights,
    },
    /// Takes an issued paper out of sight, or puts it back.
    TakePaperDown {
        paper: PaperId,
        down: bool,
        because: String,
    },
    Erase {
        digests: Vec<crate::blobs::Digest>,
        basis: String,
    },
    /// Several acts as one: all or nothing.
    All(Vec<Act>),
}

/// An act on a task as a person gives it: [`TaskAct`] with plain text.
#[derive(Clone, PartialEq, Hash, Debug)]
#[allow(missing_docs)]
pub enum TaskDoing {
    Acknowledge,
    Object { because: String },
    DecideObjection { to: Option<UnitId>, withdraw: bool, because: String },
    Feed { last: bool, text: String, evidence: Vec<Evidence> },
    Return { because: String },
    AskExtension { to: Date, because: String },
    DecideExtension { granted: bool, to: Option<Date>, because: String },
    Urge { text: String },
    Suspend { because: String },
    Resume { because: String },
    Complete { because: String },
    CloseOut { because: String },
    Cancel { because: String },
    Merge { into: TaskId, because: String },
}

/// Who asks: a signed-in person, or the founder of a zone that has nobody yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Caller {
    /// A person.
    Person(PersonId),
    /// The one who founds the zone, runs stories or the command line with the folder's lock; may do everything.
    Founder,
}

/// What a carried-out command answers: kept in its receipt and given again for the same key.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// First entry.
    pub first: u64,
    /// Last entry: the cut at which it is known.
    pub last: u64,
    /// Head hash after it.
    pub witness: crate::blobs::Digest,
}
