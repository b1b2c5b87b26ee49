//! Identities and salts that follow from a seed: a story played twice makes the same ledger, byte for byte.

use baton_kernel::commands::{Act, Command};
use baton_kernel::{Digest, ids::*};

/// Makes identities from a name and a handle, never from chance.
#[derive(Clone, Debug)]
pub struct Identities {
    seed: String,
}

macro_rules! made {
    ($($(#[$doc:meta])* $name:ident $noun:literal $id:ident)*) => {
        impl Identities {
            $($(#[$doc])* pub fn $name(&self, handle: &str) -> $id { $id(self.number($noun, handle)) })*
        }
    };
}

made! {
    /// The unit under a code.
    unit "unit" UnitId
    /// The post under a handle.
    post "post" PostId
    /// The person under a handle.
    person "person" PersonId
    /// The grant under a handle.
    grant "grant" GrantId
    /// The item under a code.
    item "item" ItemId
    /// The problem under a handle.
    problem "problem" ProblemId
    /// The round under a handle.
    round "round" RoundId
    /// The submission under a handle.
    submission "submission" SubmissionId
    /// The task under a code.
    task "task" TaskId
    /// The meeting under a code.
    meeting "meeting" MeetingId
    /// The venue under a handle.
    venue "venue" VenueId
    /// The outcome under a handle.
    outcome "outcome" OutcomeId
    /// The speech under a handle.
    speech "speech" SpeechId
    /// The paper under a handle.
    paper "paper" PaperId
}

impl Identities {
    /// Identities of a story: the same seed gives the same ones.
    pub fn new(seed: &str) -> Identities {
        Identities { seed: seed.to_owned() }
    }

    fn number(&self, noun: &str, handle: &str) -> u128 {
        let digest = Digest::of_parts(&[self.seed.as_bytes(), b"\0", noun.as_bytes(), b"\0", handle.as_bytes()]);
        let mut half = [0u8; 16];
        half.copy_from_slice(&digest.0[..16]);
        u128::from_be_bytes(half)
    }
}

/// Wraps acts into commands with keys and salts counted from a seed.
#[derive(Clone, Debug)]
pub struct Commands {
    seed: String,
    count: u64,
}

impl Commands {
    /// Commands of a story, counted from the first.
    pub fn new(seed: &str) -> Commands {
        Commands { seed: seed.to_owned(), count: 0 }
    }

    /// The next command. `base` is the seq its maker saw.
    pub fn next(&mut self, base: u64, act: Act) -> Command {
        self.count += 1;
        let salt = self.bytes("salt");
        let digest = Digest::of_parts(&[b"key\0", self.seed.as_bytes(), b"\0", &self.count.to_be_bytes()]);
        Command { key: format!("story-{}", digest.short()), base, salt, act }
    }

    /// Sixteen bytes for the salt of the next thing kept beside the ledger.
    pub fn salt(&mut self) -> [u8; 16] {
        self.count += 1;
        self.bytes("file")
    }

    fn bytes(&self, what: &str) -> [u8; 16] {
        let digest =
            Digest::of_parts(&[what.as_bytes(), b"\0", self.seed.as_bytes(), b"\0", &self.count.to_be_bytes()]);
        let mut half = [0u8; 16];
        half.copy_from_slice(&digest.0[..16]);
        half
    }
}
