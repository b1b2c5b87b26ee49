//! The database: SQLite with full synchronisation, one writing connection and a pool of reading ones.
//!
//! Nothing outside this crate knows which database runs. Placeholders are `$1`, statements are plain, so
//! that PostgreSQL can follow here.

use crate::folder::Folder;
use crate::limits::*;
use crate::schema;
use crate::trouble::*;
use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Row};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// The oldest SQLite without the WAL-reset corruption bug (sqlite.org/wal.html#walresetbug).
const SQLITE_FLOOR: u32 = 3_051_003;
/// A release that was withdrawn.
const SQLITE_WITHDRAWN: u32 = 3_052_000;

/// Refuses a SQLite that can corrupt a database.
pub(crate) fn refuse_version(number: u32) -> Result<(), Trouble> {
    if number >= SQLITE_FLOOR && number != SQLITE_WITHDRAWN {
        return Ok(());
    }
    let (a, b, c) = (number / 1_000_000, number / 1_000 % 1_000, number % 1_000);
    Err(Trouble::new(
        "database.version",
        EXIT_CONFIG,
        format!(
            "SQLite {a}.{b}.{c} 存在损坏数据库的缺陷；需要 3.51.3 以上且不是 3.52.0 的版本，请使用自带 SQLite 的程序"
        ),
        format!(
            "SQLite {a}.{b}.{c} can corrupt a database; 3.51.3 or later, and not 3.52.0, is needed: use a program with SQLite built in"
        ),
    ))
}

/// `3.51.3` as 3051003; 0 for anything unreadable.
pub(crate) fn version_number(text: &str) -> u32 {
    let mut parts = text.split('.').map(|p| p.parse::<u32>().ok());
    let (Some(Some(a)), Some(Some(b)), Some(Some(c))) = (parts.next(), parts.next(), parts.next()) else { return 0 };
    a * 1_000_000 + b * 1_000 + c
}

pub(crate) struct Database {
    writer: Mutex<Option<Writer>>,
    readers: SqlitePool,
    poisoned: AtomicBool,
}

struct Writer {
    conn: SqliteConnection,
    /// A transaction was begun and not ended: its owner went away.
    open: bool,
}

/// A transaction of the writing connection. Dropped without `commit`, it is rolled back before the next begins.
pub(crate) struct Tx<'a> {
    writer: MappedMutexGuard<'a, Writer>,
    db: &'a Database,
}

impl Database {
    /// Opens for writing: makes the file and brings its format up to date.
    pub(crate) async fn open(folder: &Folder, holder: &str, now: Timestamp) -> Result<Database, Trouble> {
        let path = folder.database();
        let wrong = |e: sqlx::Error| Trouble::database(&path, &e);
        let fresh = !path.exists();
        let mut conn = writing(&path).create_if_missing(true).connect().await.map_err(wrong)?;
        let version: String = sqlx::query("SELECT sqlite_version()").fetch_one(&mut conn).await.map_err(wrong)?.get(0);
        refuse_version(version_number(&version))?;
        for (pragma, sql, want) in [
            ("synchronous", "PRAGMA synchronous", "2"),
            ("journal_mode", "PRAGMA journal_mode", "wal"),
            ("foreign_keys", "PRAGMA foreign_keys", "1"),
            ("secure_delete", "PRAGMA secure_delete", "1"),
        ] {
            let row = sqlx::query(sql).fetch_one(&mut conn).await.map_err(wrong)?;
            let got = row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|n| n.to_string()));
            let got = got.map_err(wrong)?;
            if got != want {
                return Err(Trouble::new(
                    "database.setting",
                    EXIT_CONFIG,
                    format!("数据库设置 {pragma} 为 {got}，应为 {want}；所在磁盘可能不支持，请换本机磁盘"),
                    format!(
                        "database setting {pragma} is {got} where {want} is needed; the disk may not support it: use a local disk"
                    ),
                ));
            }
        }
        migrate(&mut conn, schema::STEPS, now).await.map_err(|e| e.over(&path))?;
        sqlx::query(
            "INSERT INTO instance (one, holder, started_at) VALUES (1, $1, $2)
             ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, started_at = excluded.started_at",
        )
        .bind(holder)
        .bind(now.as_microsecond())
        .execute(&mut conn)
        .await
        .map_err(wrong)?;
        if fresh {
            crate::folder::sync_dir(folder.root()).map_err(|e| Trouble::io(folder.root(), &e))?;
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS_MAX)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(reading(&path));
        Ok(Database {
            writer: Mutex::new(Some(Writer { conn, open: false })),
            readers,
            poisoned: AtomicBool::new(false),
        })
    }

    /// The reading connections.
    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Whether a disk error has stopped all writing.
    pub(crate) fn poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Acquire)
    }

    pub(crate) fn poison(&self) {
        self.poisoned.store(true, Ordering::Release);
    }

    /// Turns an error of a write into what it means, and stops all writing on a disk error.
    pub(crate) fn failed(&self, error: sqlx::Error) -> StoreError {
        match fault(&error) {
            Fault::Full => StoreError::Full,
            Fault::Disk => {
                tracing::error!(%error, "disk error while writing: the writer stops");
                self.poison();
                StoreError::Unknown
            }
            Fault::Constraint | Fault::Other => StoreError::World(error.into()),
        }
    }

    async fn writing(&self) -> Result<MappedMutexGuard<'_, Writer>, StoreError> {
        MutexGuard::try_map(self.writer.lock().await, Option::as_mut)
            .map_err(|_| StoreError::World(anyhow::anyhow!("数据库已关闭 / the database is closed")))
    }

    /// Begins a transaction; waits for the one before.
    pub(crate) async fn begin(&self) -> Result<Tx<'_>, StoreError> {
        let mut writer = self.writing().await?;
        if self.poisoned() {
            return Err(StoreError::Unknown);
        }
        if writer.open {
            // Fails harmlessly when SQLite has rolled back by itself or the commit went through.
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut writer.conn).await;
            writer.open = false;
        }
        writer.open = true;
        match sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut writer.conn).await {
            Ok(_) => Ok(Tx { writer, db: self }),
            Err(e) => Err(self.failed(e)),
        }
    }

    /// Moves the write-ahead log into the database and empties it, so that erased content is gone from both.
    pub(crate) async fn checkpoint(&self) -> Result<(), StoreError> {
        let mut writer = self.writing().await?;
        if self.poisoned() || writer.open {
            return Ok(());
        }
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut writer.conn)
            .await
            .map_err(|e| self.failed(e))?;
        match row.get::<i64, _>(0) {
            0 => Ok(()),
            _ => Err(StoreError::World(anyhow::anyhow!("a reader held the write-ahead log"))),
        }
    }

    /// Closes the reading connections, then the writing one.
    pub(crate) async fn close(&self) -> Result<(), sqlx::Error> {
        let writer = self.writer.lock().await.take();
        self.readers.close().await;
        match writer {
            Some(writer) => writer.conn.close().await,
            None => Ok(()),
        }
    }
}

impl Tx<'_> {
    /// The connection.
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer.conn
    }

    /// What an error inside this transaction means.
    pub(crate) fn failed(&self, error: sqlx::Error) -> StoreError {
        self.db.failed(error)
    }

    /// Makes it durable.
    ///
    /// Errors: `Full` when it was rolled back for want of space; `Unknown` after any other failure of the commit.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        match sqlx::raw_sql("COMMIT").execute(&mut self.writer.conn).await {
            Ok(_) => {
                self.writer.open = false;
                Ok(())
            }
            Err(e) => match self.db.failed(e) {
                StoreError::World(e) => {
                    let _ = sqlx::raw_sql("ROLLBACK").execute(&mut self.writer.conn).await;
                    self.writer.open = false;
                    Err(StoreError::World(e))
                }
                other => Err(other),
            },
        }
    }

    /// Undoes it.
    pub(crate) async fn rollback(mut self) {
        let _ = sqlx::raw_sql("ROLLBACK").execute(&mut self.writer.conn).await;
        self.writer.open = false;
    }
}

fn writing(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_millis(BUSY_WAIT_MS.into()))
        .pragma("secure_delete", "ON")
        .statement_cache_capacity(200)
        .disable_statement_logging()
}

/// Options of a connection that only reads.
pub(crate) fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_millis(BUSY_WAIT_MS.into()))
        .pragma("query_only", "ON")
        .disable_statement_logging()
}

/// Why a format could not be brought up to date.
pub(crate) enum Migration {
    Newer(i64),
    Failed(sqlx::Error),
}

impl Migration {
    pub(crate) fn over(self, path: &Path) -> Trouble {
        match self {
            Migration::Failed(e) => Trouble::database(path, &e),
            Migration::Newer(found) => {
                let (place, known) = (path.display(), schema::newest());
                Trouble::new(
                    "database.newer",
                    EXIT_CONFIG,
                    format!("{place} 的格式为第 {found} 版，本程序只认识到第 {known} 版；请使用较新的程序"),
                    format!("{place} has format {found}, this program knows up to {known}; use a newer program"),
                )
            }
        }
    }
}

/// Applies every step that is missing, each in its own transaction together with its `format` row.
pub(crate) async fn migrate(
    conn: &mut SqliteConnection,
    steps: &[schema::Step],
    now: Timestamp,
) -> Result<(), Migration> {
    let failed = Migration::Failed;
    sqlx::raw_sql(schema::FORMAT).execute(&mut *conn).await.map_err(failed)?;
    let found: i64 =
        sqlx::query("SELECT COALESCE(MAX(version), 0) FROM format").fetch_one(&mut *conn).await.map_err(failed)?.get(0);
    if found > steps.last().map_or(0, |s| s.version) {
        return Err(Migration::Newer(found));
    }
    for step in steps.iter().filter(|s| s.version > found) {
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *conn).await.map_err(failed)?;
        let applied = async {
            sqlx::raw_sql(step.sql).execute(&mut *conn).await?;
            sqlx::query("INSERT INTO format (version, program, applied_at) VALUES ($1, $2, $3)")
                .bind(step.version)
                .bind(env!("CARGO_PKG_VERSION"))
                .bind(now.as_microsecond())
                .execute(&mut *conn)
                .await?;
            sqlx::raw_sql("COMMIT").execute(&mut *conn).await
        };
        if let Err(e) = applied.await {
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut *conn).await;
            return Err(Migration::Failed(e));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_can_corrupt_a_database_is_refused() {
        for bad in ["3.7.0", "3.40.1", "3.46.0", "3.51.2", "3.52.0", "", "3"] {
            assert_eq!(refuse_version(version_number(bad)).unwrap_err().code, "database.version", "{bad}");
        }
        for good in ["3.51.3", "3.53.0", "3.54.1", "4.0.0"] {
            assert_eq!(refuse_version(version_number(good)), Ok(()), "{good}");
        }
    }

    #[tokio::test]
    async fn a_step_that_fails_leaves_the_format_before_it_and_a_newer_format_is_refused() {
        let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let bad = [
            schema::Step { version: 1, sql: "CREATE TABLE a (x INTEGER)" },
            schema::Step { version: 2, sql: "CREATE TABLE b (x INTEGER); CREATE TABLE a (x INTEGER)" },
        ];
        assert!(matches!(migrate(&mut conn, &bad, now).await, Err(Migration::Failed(_))));
        let at: i64 = sqlx::query("SELECT MAX(version) FROM format").fetch_one(&mut conn).await.unwrap().get(0);
        assert_eq!(at, 1);
        let tables: i64 = sqlx::query("SELECT COUNT(*) FROM sqlite_master WHERE name = 'b'")
            .fetch_one(&mut conn)
            .await
            .unwrap()
            .get(0);
        assert_eq!(tables, 0, "half of a step stayed");
        let good = [
            schema::Step { version: 1, sql: "CREATE TABLE a (x INTEGER)" },
            schema::Step { version: 2, sql: "CREATE TABLE b (x INTEGER)" },
        ];
        assert!(migrate(&mut conn, &good, now).await.is_ok());
        assert!(matches!(migrate(&mut conn, &good[..1], now).await, Err(Migration::Newer(2))));
    }
}
