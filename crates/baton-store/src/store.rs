//! The store: one zone's folder, opened for writing by this process alone.
//!
//! Its public methods are the whole contract: nothing above them knows which database runs. The facts of
//! the ledger are reached through [`crate::Journal`]; here are files, accounts, sessions, workbench, jobs.

use crate::clock::{Clock, Ids, RandomIds, RealClock};
use crate::database::Database;
use crate::files::Files;
use crate::folder::{Folder, Lock};
use crate::limits::HASHES_AT_ONCE;
use crate::trouble::{StoreError, Trouble, read_failed};
use baton_kernel::Digest;
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// How to open a zone's folder.
#[derive(Clone)]
pub struct Opening {
    /// The clock on the wall: sessions, locks, orphans; and the ledger's, unless the zone is simulated.
    pub wall: Arc<dyn Clock>,
    /// Where identities come from.
    pub ids: Arc<dyn Ids>,
    /// Where a simulated zone's clock starts, if later than its last entry.
    pub simulated_from: Option<Timestamp>,
    /// Whether a network file system is accepted all the same.
    pub network_allowed: bool,
}

impl Default for Opening {
    fn default() -> Opening {
        Opening { wall: Arc::new(RealClock), ids: Arc::new(RandomIds), simulated_from: None, network_allowed: false }
    }
}

/// One zone's folder, open for writing.
pub struct Store {
    folder: Folder,
    files: Files,
    db: Database,
    wall: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pub(crate) hashing: tokio::sync::Semaphore,
    lock: Mutex<Option<Lock>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the folder, making it if it is not there, and holds its lock until closed.
    ///
    /// Errors: in use by another process, on a network file system, SQLite too old, format too new, damaged.
    pub async fn open(dir: &Path, opening: &Opening) -> Result<Store, Trouble> {
        let folder = Folder::at(dir);
        folder.make()?;
        if !opening.network_allowed {
            folder.refuse_network()?;
        }
        let now = opening.wall.now();
        let holder = format!("pid {} since {now:.0}", std::process::id());
        let lock = Lock::take(&folder, &holder)?;
        let warmed = tokio::task::spawn_blocking(crate::passwords::warm);
        let db = Database::open(&folder, &holder, now).await?;
        drop(warmed);
        Ok(Store {
            files: Files::of(&folder),
            folder,
            db,
            wall: opening.wall.clone(),
            ids: opening.ids.clone(),
            hashing: tokio::sync::Semaphore::new(HASHES_AT_ONCE),
            lock: Mutex::new(Some(lock)),
        })
    }

    /// Where things lie.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Now by the clock on the wall, to the microsecond that is stored.
    pub fn now(&self) -> Timestamp {
        let now = self.wall.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Where identities come from.
    pub fn ids(&self) -> &Arc<dyn Ids> {
        &self.ids
    }

    /// Whether a disk error has stopped all writing: the process must end with status 74.
    pub fn poisoned(&self) -> bool {
        self.db.poisoned()
    }

    /// A long text that an entry names, read from the database; `None` when unknown or erased.
    pub async fn text(&self, digest: &Digest) -> Result<Option<String>, StoreError> {
        let mut conn = self.db.readers().acquire().await.map_err(read_failed)?;
        let bytes = crate::ledger::blob(&mut conn, digest).await.map_err(read_failed)?;
        Ok(bytes.and_then(|b| String::from_utf8(b).ok()))
    }

    /// Tries a real write (a row that nothing reads), for a readiness check.
    pub async fn probe(&self) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let done = sqlx::query("UPDATE instance SET started_at = started_at WHERE one = 1").execute(tx.conn()).await;
        match done {
            Ok(_) => tx.commit().await,
            Err(e) => {
                let e = tx.failed(e);
                tx.rollback().await;
                Err(e)
            }
        }
    }

    /// Closes the database (readers first, the writer last) and frees the lock. Writing afterwards fails.
    pub async fn close(&self) {
        if let Err(error) = self.db.close().await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
        self.lock.lock().unwrap_or_else(|e| e.into_inner()).take();
    }

    pub(crate) fn db(&self) -> &Database {
        &self.db
    }
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }
}
