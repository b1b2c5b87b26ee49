//! A pen: many commands laid down at given times, decided at once in memory, made durable together.
//!
//! Only for zones whose first entry declares a simulated clock: the demo, stories, imported ledgers.

use crate::files::{check_size, plain_name};
use crate::journal::{again, clock_is_real, founds_simulated, is_before, nothing, receipt_of};
use crate::ledger::{self, Answered};
use crate::trouble::StoreError;
use baton_kernel::{Batch, Blob, Caller, Command, Digest, FileRef, Head, Receipt, Refusal, Zone};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Commands decided but not yet durable.
pub struct Pen {
    laid: Laid,
    keys: BTreeMap<(String, String), (Digest, Receipt)>,
}

impl std::fmt::Debug for Pen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pen")
            .field("base", &self.laid.base)
            .field("commands", &self.laid.lines.len())
            .finish_non_exhaustive()
    }
}

/// What a pen holds when it is laid down.
pub(crate) struct Laid {
    pub base: Head,
    pub zone: Zone,
    pub lines: Vec<LaidLine>,
    pub files: Vec<LaidFile>,
}

pub(crate) struct LaidLine {
    pub principal: String,
    pub key: String,
    pub request: Digest,
    pub batch: Batch,
    pub receipt: Receipt,
    pub at: Timestamp,
}

pub(crate) struct LaidFile {
    pub file: FileRef,
    pub salt: [u8; 16],
    pub bytes: Vec<u8>,
    pub by: String,
}

impl Pen {
    pub(crate) fn over(zone: Arc<Zone>) -> Result<Pen, Refusal> {
        match zone.founding() {
            Some(founding) if !founding.simulated => Err(clock_is_real()),
            _ => Ok(Pen {
                laid: Laid { base: zone.head(), zone: Zone::clone(&zone), lines: Vec::new(), files: Vec::new() },
                keys: BTreeMap::new(),
            }),
        }
    }

    /// The zone with everything decided so far.
    pub fn zone(&self) -> &Zone {
        &self.laid.zone
    }

    /// Commands carried out so far.
    pub fn commands(&self) -> usize {
        self.laid.lines.len()
    }

    /// Carries out a command as if it were `now`, in memory.
    ///
    /// The same key with the same request answers the same receipt. Errors: what `decide` refuses; `clock.before`
    /// for a time before the last entry; `clock.real` when the first command founds a zone with a real clock.
    pub fn submit(&mut self, caller: Caller, command: &Command, now: Timestamp) -> Result<Receipt, Refusal> {
        let zone = &mut self.laid.zone;
        if zone.founding().is_none() && !founds_simulated(&command.act) {
            return Err(if matches!(command.act, baton_kernel::Act::Found { .. }) {
                clock_is_real()
            } else {
                Refusal::not_now("founded.not", &[])
            });
        }
        if is_before(now, zone.head()) {
            return Err(Refusal::not_now("clock.before", &[]));
        }
        let principal = ledger::principal(caller);
        let request = ledger::request_hash(command);
        let place = (principal, command.key.clone());
        if let Some((request_then, receipt)) = self.keys.get(&place) {
            let known = Answered { request: *request_then, receipt: receipt.clone() };
            return again(zone, caller, &command.act, request, known, now);
        }
        let batch = baton_kernel::decide(zone, caller, command, now)?;
        let receipt = receipt_of(&batch).ok_or_else(nothing)?;
        zone.apply_batch(&batch);
        self.keys.insert(place.clone(), (request, receipt.clone()));
        let (principal, key) = place;
        self.laid.lines.push(LaidLine { principal, key, request, batch, receipt: receipt.clone(), at: now });
        Ok(receipt)
    }

    /// Takes a file in, durable together with the commands.
    ///
    /// Errors: `file.large`, `file.empty`.
    pub fn put_file(
        &mut self,
        caller: Caller,
        name: &str,
        media: &str,
        salt: [u8; 16],
        bytes: Vec<u8>,
    ) -> Result<FileRef, StoreError> {
        let name = plain_name(name);
        check_size(&name, bytes.len() as u64)?;
        let blob = Blob::new(salt, bytes, false);
        let file = FileRef { digest: blob.digest, name, media: media.to_owned(), bytes: blob.bytes.len() as u64 };
        self.laid.files.push(LaidFile { file: file.clone(), salt, bytes: blob.bytes, by: ledger::principal(caller) });
        Ok(file)
    }

    pub(crate) fn into_laid(self) -> Laid {
        self.laid
    }
}
