//! Ground: what a story is played on. In memory here; the binary puts its journal under the same trait.

use crate::ids::Commands;
use baton_kernel::commands::{Act, Caller};
use baton_kernel::entries::{Scope, canonical};
use baton_kernel::ids::{MeetingId, PaperId};
use baton_kernel::views::circular::circular;
use baton_kernel::{Blob, Digest, FileRef, Refusal, Seen, Zone, decide};
use baton_methods::Lang;
use jiff::Timestamp;
use std::sync::Arc;

/// Where acts take effect.
pub trait Ground {
    /// Carries out an act in a caller's name at an instant.
    ///
    /// Errors: the refusal, when it is not allowed or not now.
    fn submit(&mut self, caller: Caller, act: Act, at: Timestamp) -> Result<(), Refusal>;

    /// The zone as it now is.
    fn zone(&self) -> Arc<Zone>;

    /// Keeps a file, so that an act may name it; it must be durable before the act that does.
    fn keep(&mut self, name: &str, media: &str, bytes: Vec<u8>) -> FileRef;

    /// Issues the circular of a meeting as known now. This ground freezes its data part only; one that can
    /// set documents also freezes their bytes.
    ///
    /// Errors: the refusal, when the caller may not or the meeting is not there.
    fn issue_circular(
        &mut self,
        caller: Caller,
        paper: PaperId,
        meeting: MeetingId,
        number: Option<String>,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let zone = self.zone();
        let today = zone.day_of(at);
        let seen = Seen::new(zone.clone(), caller, at, None, Lang::Zh);
        let circular = circular(&seen, meeting, number.clone(), Some(today))?;
        let data = serde_json::to_vec(&circular).unwrap_or_default();
        let document = serde_json::to_vec(&circular.document).unwrap_or_default();
        let facts = Digest::of(canonical(&circular.sources()).as_bytes());
        let data = self.keep("data.json", "application/json", data);
        let document = self.keep("circular.json", "application/json", document);
        let act = Act::IssuePaper {
            paper,
            kind: "circular".to_owned(),
            title: circular.document.title.concat(),
            number,
            meeting: Some(meeting),
            period: circular.period,
            cut: circular.cut,
            audience: Scope::All,
            files: vec![document],
            data,
            facts,
            witness: zone.head().hash,
        };
        self.submit(caller, act, at)
    }
}

/// A ground in memory: `decide` and `apply`, nothing else. Salts and keys follow from the seed.
#[derive(Debug)]
pub struct Memory {
    zone: Arc<Zone>,
    commands: Commands,
    files: Vec<Blob>,
}

impl Memory {
    /// An empty zone.
    pub fn new(seed: &str) -> Memory {
        Memory { zone: Arc::new(Zone::empty()), commands: Commands::new(seed), files: Vec::new() }
    }

    /// Files kept so far.
    pub fn files(&self) -> &[Blob] {
        &self.files
    }
}

impl Ground for Memory {
    fn submit(&mut self, caller: Caller, act: Act, at: Timestamp) -> Result<(), Refusal> {
        let command = self.commands.next(self.zone.head().seq, act);
        let batch = decide(&self.zone, caller, &command, at)?;
        Arc::make_mut(&mut self.zone).apply_batch(&batch);
        Ok(())
    }

    fn zone(&self) -> Arc<Zone> {
        self.zone.clone()
    }

    fn keep(&mut self, name: &str, media: &str, bytes: Vec<u8>) -> FileRef {
        let length = bytes.len() as u64;
        let blob = Blob::new(self.commands.salt(), bytes, false);
        let digest = blob.digest;
        self.files.push(blob);
        FileRef { digest, name: name.to_owned(), media: media.to_owned(), bytes: length }
    }
}
