//! The store: ledger, files, accounts, sessions, workbench and jobs of one zone; all SQL; the single writer.
//!
//! [`Journal`] is the ledger open for writing, [`Store`] everything beside it, [`verify()`]
//! the proof that nothing was changed, [`archive`] backup and restore. Nothing above knows which database runs.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod accounts;
pub mod archive;
pub mod audit;
pub mod boards;
pub mod clock;
mod database;
pub mod export;
pub mod files;
pub mod folder;
pub mod intake;
pub mod jobs;
pub mod journal;
mod ledger;
pub mod limits;
pub mod passwords;
pub mod pen;
pub mod safekeeping;
mod schema;
pub mod sessions;
pub mod store;
pub mod trouble;
pub mod verify;
pub mod workbench;

pub use accounts::{Account, AccountState, Origin, SignedIn};
pub use archive::{Manifest, backup, restore};
pub use audit::{AuditAsked, AuditLine, Noted};
pub use boards::Board;
pub use clock::{Clock, Ids, KeyedIds, RandomIds, RealClock, SeededIds, SetClock, SimulatedClock};
pub use export::{Exported, export};
pub use files::StoredFile;
pub use folder::{Folder, Lock};
pub use intake::{Intake, IntakeState, Told};
pub use jobs::{Job, JobState, Lane};
pub use journal::Journal;
pub use ledger::{principal, request_hash};
pub use pen::Pen;
pub use sessions::Session;
pub use store::{Opening, Store};
pub use trouble::{StoreError, SubmitError, Trouble};
pub use verify::{Finding, PaperFinding, Recheck, Report, Weight, no_recheck, verify};
pub use workbench::{Draft, Preview};
