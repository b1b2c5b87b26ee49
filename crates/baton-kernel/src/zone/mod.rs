//! Zone: everything the ledger says, in memory, with all its history.
//!
//! Persistent maps: a snapshot is cheap and iteration order is fixed. Everything mutable is a history of
//! `(seq, value)`; reading at a cut is a filter, not a replay.

mod compliance;
mod drafts;
mod duties;
mod figures;
mod history;
mod instructions;
mod items;
mod meetings;
mod papers;
mod rounds;
mod tasks;
mod units;

pub use compliance::OverrideRow;
pub use drafts::{Draft, TaskText};
pub use duties::{Confirmed, DutyWord};
pub(crate) use figures::Rows;
pub use figures::{FigureRow, FigureVersion, Submission, SubmissionMove, TargetVersion};
pub use history::History;
pub use instructions::{Delegation, Instruction};
pub use items::{Item, ItemEnd, LinkRow, Problem, StageRow};
pub use meetings::*;
pub use papers::*;
pub use rounds::{Round, RoundStep, RoundUrge};
pub use tasks::*;
pub use units::{Grant, Post, Unit, UnitData};

use crate::blobs::{Digest, Said, Texts};
use crate::blueprint::Blueprint;
use crate::entries::{Body, Head, Sealed};
use crate::ids::*;
use imbl::{OrdMap, Vector};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// No submission: the entry was not part of one.
pub(crate) const NO_SUBMISSION: u32 = u32::MAX;

/// Who did the entry under a seq, and when.
#[derive(Clone, Copy, Debug)]
pub struct ActRow {
    /// When the server knew it, µs since 1970.
    pub at: i64,
    /// Index of the person in `actors` plus one; 0 for the founder.
    person: u32,
    /// Index of the submission it is part of.
    pub(crate) submission: u32,
    /// Whether a cut may stand after it.
    pub(crate) last: bool,
}

/// A text the ledger names.
#[derive(Clone, Debug)]
enum TextState {
    Is(Arc<str>),
    Erased,
    Missing,
}

/// What the first entry says of the zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Code.
    pub code: String,
    /// IANA time zone: a date means the end of that day there.
    pub time_zone: String,
    /// The clock is simulated and can never become real.
    pub simulated: bool,
    /// The figures are invented.
    pub invented: bool,
}

/// A time zone of the IANA database that the program carries: the machine's own is never asked.
pub fn time_zone(name: &str) -> Option<jiff::tz::TimeZone> {
    static BUNDLED: std::sync::LazyLock<jiff::tz::TimeZoneDatabase> =
        std::sync::LazyLock::new(jiff::tz::TimeZoneDatabase::bundled);
    BUNDLED.get(name).ok()
}

/// All history of one zone.
#[derive(Clone, Debug)]
pub struct Zone {
    head: Head,
    founding: Option<Arc<Founding>>,
    acts: Vector<ActRow>,
    hashes: Vector<Digest>,
    actors: Vector<PersonId>,
    actor_index: OrdMap<PersonId, u32>,
    texts: OrdMap<Digest, TextState>,
    blueprints: Vector<(u64, Arc<Blueprint>)>,
    pub(crate) keys: figures::Keys,
    pub(crate) units: OrdMap<UnitId, Arc<Unit>>,
    pub(crate) posts: OrdMap<PostId, Arc<Post>>,
    pub(crate) people: OrdMap<PersonId, Arc<History<Said>>>,
    pub(crate) grants: OrdMap<GrantId, Arc<Grant>>,
    pub(crate) items: OrdMap<ItemId, Arc<Item>>,
    pub(crate) item_codes: OrdMap<String, ItemId>,
    pub(crate) figures: OrdMap<Subject, Arc<Vec<FigureRow>>>,
    pub(crate) withheld: OrdMap<(u32, Subject, u16, u16, u32), Said>,
    pub(crate) vintages: OrdMap<(u32, Subject, u16, u16, u32), Date>,
    pub(crate) submissions: Vector<Arc<Submission>>,
    pub(crate) submission_ids: OrdMap<SubmissionId, u32>,
    pub(crate) targets: OrdMap<(Subject, u16, i16), Arc<Vec<TargetVersion>>>,
    pub(crate) rounds: OrdMap<RoundId, Arc<Round>>,
    pub(crate) meetings: OrdMap<MeetingId, Arc<Meeting>>,
    pub(crate) tasks: OrdMap<TaskId, Arc<Task>>,
    pub(crate) papers: OrdMap<PaperId, Arc<Paper>>,
    pub(crate) duties: OrdMap<String, Arc<History<Option<UnitId>>>>,
    pub(crate) confirmed: Vector<Confirmed>,
    pub(crate) overrides: Vector<Arc<OverrideRow>>,
    pub(crate) courses: OrdMap<PaperId, Arc<PaperCourse>>,
    pub(crate) drafts: OrdMap<TaskId, Arc<Draft>>,
    pub(crate) task_texts: OrdMap<TextId, Arc<TaskText>>,
    pub(crate) instructions: OrdMap<InstructionId, Arc<Instruction>>,
    pub(crate) delegations: OrdMap<DelegationId, Arc<Delegation>>,
    stand_ins: OrdMap<u64, PostId>,
}

impl Default for Zone {
    fn default() -> Zone {
        Zone::empty()
    }
}

impl Zone {
    /// A zone of which nothing is known yet.
    pub fn empty() -> Zone {
        Zone {
            head: Head::EMPTY,
            founding: None,
            acts: Vector::new(),
            hashes: Vector::new(),
            actors: Vector::new(),
            actor_index: OrdMap::new(),
            texts: OrdMap::new(),
            blueprints: Vector::new(),
            keys: figures::Keys::default(),
            units: OrdMap::new(),
            posts: OrdMap::new(),
            people: OrdMap::new(),
            grants: OrdMap::new(),
            items: OrdMap::new(),
            item_codes: OrdMap::new(),
            figures: OrdMap::new(),
            withheld: OrdMap::new(),
            vintages: OrdMap::new(),
            submissions: Vector::new(),
            submission_ids: OrdMap::new(),
            targets: OrdMap::new(),
            rounds: OrdMap::new(),
            meetings: OrdMap::new(),
            tasks: OrdMap::new(),
            papers: OrdMap::new(),
            duties: OrdMap::new(),
            confirmed: Vector::new(),
            overrides: Vector::new(),
            courses: OrdMap::new(),
            drafts: OrdMap::new(),
            task_texts: OrdMap::new(),
            instructions: OrdMap::new(),
            delegations: OrdMap::new(),
            stand_ins: OrdMap::new(),
        }
    }

    /// The end of the ledger this zone holds.
    pub fn head(&self) -> Head {
        self.head
    }

    /// What the first entry says; `None` before founding.
    pub fn founding(&self) -> Option<&Founding> {
        self.founding.as_deref()
    }

    /// Takes one entry that follows the head. Total: what `decide` let through is applied as it stands.
    pub fn apply(&mut self, sealed: &Sealed, texts: &dyn Texts) {
        let entry = &sealed.entry;
        let seq = entry.seq;
        debug_assert_eq!(seq, self.head.seq + 1);
        let (named, _) = entry.body.blobs();
        for digest in named {
            let state = match texts.text(&digest) {
                Some(text) => TextState::Is(text),
                None => TextState::Missing,
            };
            self.texts.insert(digest, state);
        }
        let person = match entry.by.person {
            None => 0,
            Some(person) => match self.actor_index.get(&person) {
                Some(n) => *n,
                None => {
                    self.actors.push_back(person);
                    let n = self.actors.len() as u32;
                    self.actor_index.insert(person, n);
                    n
                }
            },
        };
        let mut row =
            ActRow { at: entry.known_at.as_microsecond(), person, submission: NO_SUBMISSION, last: entry.last };
        if let Body::SubmissionMade { .. } = &entry.body {
            row.submission = self.submissions.len() as u32;
        }
        self.acts.push_back(row);
        if let Some(post) = entry.by.stands_in {
            self.stand_ins.insert(seq, post);
        }
        self.hashes.push_back(sealed.hash);
        match &entry.body {
            Body::Founded { name, name_en, code, time_zone, simulated, invented } => {
                self.founding = Some(Arc::new(Founding {
                    name: name.clone(),
                    name_en: name_en.clone(),
                    code: code.clone(),
                    time_zone: time_zone.clone(),
                    simulated: *simulated,
                    invented: *invented,
                }));
            }
            Body::BlueprintApplied { files, .. } => {
                let (mut blueprint, _) = crate::blueprint::parse(files);
                blueprint.version = self.blueprints.len() as u32 + 1;
                self.blueprints.push_back((seq, Arc::new(blueprint)));
            }
            Body::Erased { digests, .. } => {
                for digest in digests {
                    self.texts.insert(*digest, TextState::Erased);
                }
            }
            Body::UnitPut { .. }
            | Body::UnitMerged { .. }
            | Body::PostPut { .. }
            | Body::PersonPut { .. }
            | Body::PostHeld { .. }
            | Body::Granted { .. }
            | Body::Revoked { .. } => self.apply_unit(seq, &entry.body),
            Body::ItemMade { .. }
            | Body::ItemChanged { .. }
            | Body::ItemStaged { .. }
            | Body::ItemWithdrawn { .. }
            | Body::ItemBecame { .. }
            | Body::ItemLinked { .. }
            | Body::ItemUnlinked { .. }
            | Body::ItemProblem { .. } => self.apply_item(seq, &entry.body),
            Body::RoundOpened { .. }
            | Body::RoundReopened { .. }
            | Body::RoundClosed { .. }
            | Body::RoundUrged { .. } => self.apply_round(seq, &entry.body),
            Body::SubmissionMade { .. } | Body::SubmissionMoved { .. } | Body::TargetSet { .. } => {
                self.apply_figures(seq, &entry.body);
            }
            Body::MeetingPlanned { .. }
            | Body::MeetingMoved { .. }
            | Body::VenueAnswered { .. }
            | Body::OutcomeRecorded { .. }
            | Body::SpeechRecorded { .. } => self.apply_meeting(seq, &entry.body),
            Body::TaskAssigned { .. } | Body::TaskActed { .. } => self.apply_task(seq, &entry.body),
            Body::DutyPut { .. } | Body::DutyConfirmed { .. } => self.apply_duty(seq, &entry.body),
            Body::Overridden { .. } => self.apply_override(seq, &entry.body),
            Body::TaskDrafted { .. } | Body::TaskDraftDropped { .. } | Body::TextRecorded { .. } => {
                self.apply_draft(seq, &entry.body);
            }
            Body::InstructionGiven { .. }
            | Body::InstructionAnswered { .. }
            | Body::DelegationGiven { .. }
            | Body::DelegationEnded { .. } => self.apply_instruction(seq, &entry.body),
            Body::PaperIssued { .. }
            | Body::PaperStepped { .. }
            | Body::PaperPublicity { .. }
            | Body::PaperRights { .. }
            | Body::PaperTakedown { .. } => self.apply_paper(seq, &entry.body),
        }
        self.head = sealed.head();
    }

    /// Takes the entries of a batch in order; texts come from its blobs.
    pub fn apply_batch(&mut self, batch: &crate::entries::Batch) {
        let text = |blob: &crate::blobs::Blob| std::str::from_utf8(&blob.bytes).ok().map(Into::into);
        let texts: std::collections::BTreeMap<Digest, Arc<str>> =
            batch.blobs.iter().filter(|b| b.text).filter_map(|b| Some((b.digest, text(b)?))).collect();
        for sealed in &batch.entries {
            self.apply(sealed, &texts);
        }
    }

    /// The rules in force now. Before the first blueprint: none.
    pub fn blueprint(&self) -> Arc<Blueprint> {
        self.blueprint_at(u64::MAX)
    }

    /// The rules in force at a cut.
    pub fn blueprint_at(&self, cut: u64) -> Arc<Blueprint> {
        let found = self.blueprints.iter().rev().find(|(seq, _)| *seq <= cut);
        found.map_or_else(Arc::default, |(_, b)| b.clone())
    }

    /// Every blueprint ever applied, oldest first.
    pub fn blueprints(&self) -> impl DoubleEndedIterator<Item = &Arc<Blueprint>> {
        self.blueprints.iter().map(|(_, b)| b)
    }

    /// The words under a reference, or that they were erased by law or are missing.
    pub fn said(&self, said: &Said) -> Arc<str> {
        match self.texts.get(&said.0) {
            Some(TextState::Is(text)) => text.clone(),
            Some(TextState::Erased) => crate::messages::say(baton_methods::Lang::Zh, "said.erased", &[]).into(),
            Some(TextState::Missing) | None => {
                crate::messages::say(baton_methods::Lang::Zh, "said.missing", &[]).into()
            }
        }
    }

    /// Who did the entry under a seq, and when; `None` past the head.
    pub fn act(&self, seq: u64) -> Option<&ActRow> {
        self.acts.get((seq as usize).checked_sub(1)?)
    }

    /// Hash of the entry under a seq: the witness of that cut.
    pub fn hash_at(&self, seq: u64) -> Option<Digest> {
        self.hashes.get((seq as usize).checked_sub(1)?).copied()
    }

    /// The person who did the entry under a seq; `None` for the founder.
    pub fn actor(&self, seq: u64) -> Option<PersonId> {
        let n = self.act(seq)?.person;
        self.actors.get((n as usize).checked_sub(1)?).copied()
    }

    /// The post for which the person stood in who did the entry under a seq.
    pub fn stood_in(&self, seq: u64) -> Option<PostId> {
        self.stand_ins.get(&seq).copied()
    }

    /// When the entry under a seq was known.
    pub fn known_at(&self, seq: u64) -> Timestamp {
        self.act(seq).and_then(|a| Timestamp::from_microsecond(a.at).ok()).unwrap_or(Timestamp::MIN)
    }

    /// The time zone of the zone; UTC before founding.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        self.founding().and_then(|f| time_zone(&f.time_zone)).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// The day of an instant in the zone's time zone.
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned_datetime(self.time_zone()).date()
    }

    /// The day on which the entry under a seq was known.
    pub fn day_known(&self, seq: u64) -> Date {
        self.day_of(self.known_at(seq))
    }

    /// The cut at the end of a day: the last seq known on or before it that ends a batch. 0 when nothing was.
    pub fn cut_on(&self, day: Date) -> u64 {
        let Ok(end) = day.tomorrow().and_then(|d| d.to_zoned_datetime(self.time_zone())) else {
            return self.head.seq;
        };
        let end = end.timestamp().as_microsecond();
        let (mut low, mut high) = (0usize, self.acts.len());
        while low < high {
            let middle = (low + high) / 2;
            if self.acts[middle].at < end { low = middle + 1 } else { high = middle }
        }
        while low > 0 && !self.acts[low - 1].last {
            low -= 1;
        }
        low as u64
    }

    /// Hash of the whole state: two replays of one ledger must agree.
    pub fn state_hash(&self) -> Digest {
        struct Sink(sha2::Sha256);
        impl std::fmt::Write for Sink {
            fn write_str(&mut self, s: &str) -> std::fmt::Result {
                use sha2::Digest as _;
                self.0.update(s.as_bytes());
                Ok(())
            }
        }
        use sha2::Digest as _;
        use std::fmt::Write as _;
        let mut sink = Sink(sha2::Sha256::new());
        // Blueprints are named by their files: parsed forms follow from them.
        let files: Vec<_> = self.blueprints.iter().map(|(seq, b)| (seq, &b.files)).collect();
        let bare = Zone { blueprints: Vector::new(), ..self.clone() };
        let _ = write!(sink, "{files:?}{bare:?}");
        Digest(sink.0.finalize().into())
    }
}
