//! What the system *means*: blueprint, entries, Zone, decide, permit, Seen, views, messages.
//!
//! Synchronous, deterministic and free of IO: the clock, identities and salts are handed in.
//! `Command → decide(zone, caller, command, now) → entries → Zone → Seen (a cut, a caller) → views`.

pub mod blobs;
pub mod blueprint;
pub mod canonical;
pub mod commands;
pub mod decide;
pub mod diagnostics;
pub mod document;
pub mod entries;
pub mod form;
pub mod ids;
pub mod limits;
pub mod messages;
pub mod permit;
pub mod questions;
pub mod refusals;
pub mod roster;
pub mod seen;
pub mod views;
pub mod zone;

/// The text room, for edges that clean what people paste.
pub use baton_text as text;

pub use blobs::{Blob, Digest, FileRef, Said, Texts};
pub use commands::{Act, Caller, Command, Receipt};
pub use decide::decide;
pub use diagnostics::Diagnostic;
pub use entries::{Batch, Body, Entry, Head, Sealed};
pub use refusals::{Refusal, Why};
pub use seen::Seen;
pub use zone::{Doing, TaskState, Zone};
