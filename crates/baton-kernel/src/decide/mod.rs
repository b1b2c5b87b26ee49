//! Decide: the only place where entries are made. `decide(zone, caller, command, now)` yields a batch or a refusal.

mod compliance;
mod drafts;
mod duties;
mod instructions;
mod items;
mod links;
mod meetings;
mod papers;
mod problems;
mod relocate;
mod replay;
mod rounds;
mod submissions;
mod tasks;
mod units;

pub(crate) use problems::RAISE;
pub use replay::may_replay;

use crate::blobs::{Blob, Digest, Said};
use crate::commands::{Act, Caller, Command};
use crate::entries::{Actor, Batch, Body};
use crate::ids::*;
use crate::limits;
use crate::permit::{Rights, Verb};
use crate::refusals::{Refusal, Why};
use crate::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What a command does, as a sealed batch that follows the zone's head; or why it is not done.
///
/// Pure: the same zone, caller, command and instant give the same batch, byte for byte.
pub fn decide(zone: &Zone, caller: Caller, command: &Command, now: Timestamp) -> Result<Batch, Refusal> {
    let batch = carry_out(zone, caller, command, now, None)?;
    let Caller::Person(person) = caller else { return Ok(batch) };
    let today = zone.day_of(now);
    let others = zone.posts_stood_in(person, today);
    if others.is_empty() {
        return Ok(batch);
    }
    // Whoever stands in for another acts in their own name as far as their own posts go; else the entry names the
    // post for which it was done.
    let mut own: BTreeSet<PostId> = zone.posts_held(person, today);
    own.retain(|post| !others.contains(post));
    if let Ok(batch) = carry_out(zone, caller, command, now, Some(&Hat { posts: own.clone(), stands_in: None })) {
        return Ok(batch);
    }
    for post in others {
        let mut posts = own.clone();
        posts.insert(post);
        if let Ok(batch) = carry_out(zone, caller, command, now, Some(&Hat { posts, stands_in: Some(post) })) {
            return Ok(batch);
        }
    }
    Ok(batch)
}

/// The posts by which somebody acts.
struct Hat {
    posts: BTreeSet<PostId>,
    /// The one for which they only stand in.
    stands_in: Option<PostId>,
}

fn carry_out(
    zone: &Zone,
    caller: Caller,
    command: &Command,
    now: Timestamp,
    hat: Option<&Hat>,
) -> Result<Batch, Refusal> {
    if command.key.is_empty() || command.key.chars().count() > limits::KEY_CHARS_MAX {
        return Err(Refusal::wrong("key.wrong", &[("max", &limits::KEY_CHARS_MAX)]));
    }
    let mut scratch = zone.clone();
    let mut bodies = Vec::new();
    let mut blobs = Vec::new();
    let mut salts = 0u32;
    let mut unit = None;
    let stands_in = hat.and_then(|h| h.stands_in);
    let acts: &[Act] = match &command.act {
        Act::All(acts) if acts.is_empty() || acts.len() > limits::ACTS_MAX => {
            return Err(Refusal::wrong("acts.count", &[("count", &acts.len()), ("max", &limits::ACTS_MAX)]));
        }
        Act::All(acts) => acts,
        one => std::slice::from_ref(one),
    };
    let person = match caller {
        Caller::Person(person) => Some(person),
        Caller::Founder => None,
    };
    for (n, act) in acts.iter().enumerate() {
        let today = scratch.day_of(now);
        let rights = match (caller, hat) {
            (Caller::Person(person), Some(hat)) => Rights::of_posts(&scratch, person, &hat.posts),
            _ => Rights::of(&scratch, caller, today),
        };
        let post = hat.and_then(|h| h.stands_in).and_then(|post| scratch.post(post)).map(|post| post.unit);
        let mut desk = Desk {
            zone: &scratch,
            rights: &rights,
            today,
            now,
            base: command.base,
            salt: command.salt,
            salts: &mut salts,
            unit: post.or(rights.units.first().copied()),
            bodies: Vec::new(),
            blobs: Vec::new(),
        };
        desk.act(act)?;
        let Desk { bodies: new, blobs: new_blobs, unit: as_unit, .. } = desk;
        unit = unit.or(as_unit);
        if n + 1 < acts.len() {
            let by = Actor { person, unit, stands_in };
            let part = Batch::seal(&scratch.head(), now, by, new.clone(), new_blobs.clone());
            scratch.apply_batch(&part);
        }
        bodies.extend(new);
        blobs.extend(new_blobs);
    }
    Ok(Batch::seal(&zone.head(), now, Actor { person, unit, stands_in }, bodies, blobs))
}

/// One act being decided: what is known, who asks, and what it adds.
pub(crate) struct Desk<'a> {
    pub zone: &'a Zone,
    pub rights: &'a Rights,
    pub today: Date,
    pub now: Timestamp,
    pub base: u64,
    salt: [u8; 16],
    salts: &'a mut u32,
    /// The unit in whose name the person acts.
    pub unit: Option<UnitId>,
    bodies: Vec<Body>,
    blobs: Vec<Blob>,
}

impl Desk<'_> {
    fn act(&mut self, act: &Act) -> Result<(), Refusal> {
        if self.zone.founding().is_none() && !matches!(act, Act::Found { .. }) {
            return Err(Refusal::not_now("founded.not", &[]));
        }
        match act {
            Act::All(_) => Err(Refusal::wrong("acts.nested", &[])),
            Act::Found { .. }
            | Act::ApplyBlueprint { .. }
            | Act::PutUnit { .. }
            | Act::MergeUnit { .. }
            | Act::PutPost { .. }
            | Act::PutPerson { .. }
            | Act::HoldPost { .. }
            | Act::Grant { .. }
            | Act::Revoke { .. }
            | Act::Erase { .. } => self.units(act),
            Act::MakeItem { .. }
            | Act::ChangeItem { .. }
            | Act::EnterStage { .. }
            | Act::WithdrawItem { .. }
            | Act::BecomeItems { .. } => self.items(act),
            Act::LinkItems { .. } | Act::UnlinkItems { .. } => self.links(act),
            Act::RaiseProblem { .. } | Act::TaskProblem { .. } | Act::SettleProblem { .. } => self.problems(act),
            Act::OpenRound { .. } | Act::ReopenRound { .. } | Act::CloseRound { .. } | Act::UrgeRound { .. } => {
                self.rounds(act)
            }
            Act::Report { .. } | Act::MoveSubmission { .. } | Act::SetTarget { .. } => self.submissions(act),
            Act::MoveFigures { .. } => self.relocate(act),
            Act::PlanMeeting { .. }
            | Act::MoveMeeting { .. }
            | Act::EndMeeting { .. }
            | Act::AnswerVenue { .. }
            | Act::RecordOutcome { .. }
            | Act::RecordSpeech { .. } => self.meetings(act),
            Act::AssignTask { .. } | Act::ActOnTask { .. } => self.tasks(act),
            Act::PutDuty { .. } | Act::ConfirmDuty { .. } => self.duties(act),
            Act::Override { .. } => self.compliance(act),
            Act::DraftTask { .. } | Act::DropDraft { .. } | Act::RecordText { .. } => self.drafts(act),
            Act::Instruct { .. } | Act::AnswerInstruction { .. } | Act::Delegate { .. } | Act::EndDelegation { .. } => {
                self.instructions(act)
            }
            Act::IssuePaper { .. }
            | Act::StepPaper { .. }
            | Act::PublishPaper { .. }
            | Act::PutPaperRights { .. }
            | Act::TakePaperDown { .. } => self.papers(act),
        }
    }

    /// Adds an entry.
    pub(crate) fn enter(&mut self, body: Body) {
        self.bodies.push(body);
    }

    /// Free words as a salted blob. Refuses empty or over-long ones, naming the field.
    pub(crate) fn said(&mut self, text: &str, field: &str, max: usize) -> Result<Said, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::wrong("text.empty", &[("field", &field)]).at(field));
        }
        let count = text.chars().count();
        if count > max {
            return Err(Refusal::wrong("text.long", &[("field", &field), ("count", &count), ("max", &max)]).at(field));
        }
        *self.salts += 1;
        let salt = Digest::of_parts(&[&self.salt, &self.salts.to_be_bytes()]).0;
        let mut short = [0u8; 16];
        short.copy_from_slice(&salt[..16]);
        let blob = Blob::new(short, text.as_bytes().to_vec(), true);
        let digest = blob.digest;
        self.blobs.push(blob);
        Ok(Said(digest))
    }

    /// A reason in words.
    pub(crate) fn because(&mut self, text: &str) -> Result<Said, Refusal> {
        self.said(text, "理由", limits::WORDS_CHARS_MAX)
    }

    /// A reason that may be left out.
    pub(crate) fn because_if(&mut self, text: &str) -> Result<Option<Said>, Refusal> {
        if text.trim().is_empty() { Ok(None) } else { self.because(text).map(Some) }
    }

    /// A name: not empty, not over-long, nothing but visible characters.
    pub(crate) fn name(&self, text: &str, field: &str, max: usize) -> Result<String, Refusal> {
        let text = text.trim();
        let visible = text.chars().any(|c| c.is_alphanumeric());
        if text.is_empty() || !visible {
            return Err(Refusal::wrong("text.empty", &[("field", &field)]).at(field));
        }
        let count = text.chars().count();
        if count > max {
            return Err(Refusal::wrong("text.long", &[("field", &field), ("count", &count), ("max", &max)]).at(field));
        }
        Ok(text.to_owned())
    }

    /// The unit, standing today.
    pub(crate) fn standing_unit(&self, id: UnitId) -> Result<(), Refusal> {
        let Some(unit) = self.zone.unit(id) else {
            return Err(Refusal::wrong("unit.unknown", &[("unit", &id)]));
        };
        if !unit.stands(u64::MAX, self.today) {
            let data = unit.data.last();
            if let Some(from) = data.and_then(|d| d.from).filter(|from| *from > self.today) {
                let name = data.map_or(String::new(), |d| d.name.clone());
                return Err(Refusal::not_now("unit.early", &[("unit", &name), ("from", &from)]));
            }
            let name = data.map_or(String::new(), |d| d.name.clone());
            let on = unit.merged.last().map(|(_, on)| *on).or(data.and_then(|d| d.to));
            let on = on.map_or(String::new(), |d| d.to_string());
            return Err(Refusal::not_now("unit.closed", &[("unit", &name), ("on", &on)]));
        }
        Ok(())
    }

    /// Refuses an id that is already used.
    pub(crate) fn fresh(&self, taken: bool) -> Result<(), Refusal> {
        if taken { Err(Refusal::new(Why::Conflict, "id.taken", &[])) } else { Ok(()) }
    }

    /// The root of the tree: rights over the whole zone stand for it.
    pub(crate) fn need_all(&self, verb: Verb) -> Result<(), Refusal> {
        self.rights.need_all(verb)
    }
}
