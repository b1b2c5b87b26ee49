//! Ground: what a story is played on. In memory here; the binary puts its journal under the same trait.

use crate::ids::Commands;
use baton_kernel::commands::{Act, Caller};
use baton_kernel::document::Document;
use baton_kernel::ids::{MeetingId, PaperId};
use baton_kernel::views::issuing::Issuing;
use baton_kernel::{Blob, FileRef, Refusal, Seen, Zone, decide};
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

    /// Sets a document: ending of the file's name, media type and bytes of each form that is frozen. Without
    /// fonts the form is the document itself as JSON.
    fn set(&mut self, document: &Document) -> Vec<(String, String, Vec<u8>)> {
        let text = serde_json::to_vec(document).unwrap_or_default();
        vec![("document.json".to_owned(), "application/json".to_owned(), text)]
    }

    /// Issues the circular of a meeting as known now: its set forms and its data part are kept first.
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
        let seen = Seen::new(zone.clone(), caller, at, None, Lang::Zh);
        let issuing = Issuing::fresh(&seen, paper, meeting, number, zone.day_of(at))?;
        let forms = self.set(issuing.document()).into_iter();
        let files = forms.map(|(end, media, bytes)| self.keep(&issuing.file_name(&end), &media, bytes)).collect();
        let data = self.keep(&issuing.file_name("json"), "application/json", issuing.data());
        self.submit(caller, issuing.act(files, data), at)
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
