//! Troubles: why a store cannot be opened, and how a write can end other than done.

use baton_kernel::Refusal;

/// Status with which a process ends when its folder is in use by another (`EX_TEMPFAIL`).
pub const EXIT_IN_USE: u8 = 75;
/// Status after an I/O error at commit: a supervisor restarts (`EX_IOERR`).
pub const EXIT_IO: u8 = 74;
/// Status when the ledger is broken: serving is refused (`EX_DATAERR`).
pub const EXIT_BROKEN: u8 = 65;
/// Status for a mistake in configuration: a supervisor must not restart (`EX_CONFIG`).
pub const EXIT_CONFIG: u8 = 78;

/// Why a folder, backup or export cannot be used: place, reason and way out in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{zh} / {en}")]
pub struct Trouble {
    /// Stable code, `folder.in_use`.
    pub code: &'static str,
    /// Status with which the process should end.
    pub exit: u8,
    /// Words in Chinese.
    pub zh: String,
    /// Words in English.
    pub en: String,
}

impl Trouble {
    /// A trouble under a code.
    pub fn new(code: &'static str, exit: u8, zh: impl Into<String>, en: impl Into<String>) -> Trouble {
        Trouble { code, exit, zh: zh.into(), en: en.into() }
    }

    pub(crate) fn io(what: &std::path::Path, error: &std::io::Error) -> Trouble {
        let place = what.display();
        Trouble::new(
            "folder.io",
            EXIT_IO,
            format!("无法读写 {place}：{error}。请检查路径、权限和磁盘空间"),
            format!("cannot use {place}: {error}; check the path, its rights and the space left"),
        )
    }

    pub(crate) fn database(place: &std::path::Path, error: &sqlx::Error) -> Trouble {
        let place = place.display();
        Trouble::new(
            "database.open",
            EXIT_IO,
            format!("数据库 {place} 无法读取：{error}。请运行 baton verify 查明损坏处，或从备份恢复"),
            format!(
                "the database {place} cannot be read: {error}; run baton verify to see what is damaged, or restore a backup"
            ),
        )
    }
}

/// How a write ended when it was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not allowed, not now, or wrong: nothing was written.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No space left: nothing was written (HTTP 507). Reading goes on; writing works again when there is space.
    #[error(
        "磁盘空间不足，本次没有写入；腾出空间后请重试 / no space left, nothing was written; free some space and try again"
    )]
    Full,
    /// An I/O error at commit: whether it was written is not known. The writer has stopped; the process must end
    /// with [`EXIT_IO`] and the client retries with the same key after the restart.
    #[error(
        "写盘出错，本次是否写入尚不确定；请稍后用同一编号重试 / a disk error: it is not known whether this was written; try again later with the same key"
    )]
    Unknown,
    /// The world failed; nothing was written.
    #[error("内部错误，本次没有写入：{0:#} / internal error, nothing was written: {0:#}")]
    World(#[from] anyhow::Error),
}

/// How a submitted command ended when it was not carried out.
pub type SubmitError = StoreError;

/// What a database error means for a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// No space: the transaction was rolled back.
    Full,
    /// The disk or the file failed: outcome unknown, stop.
    Disk,
    /// A unique or foreign key.
    Constraint,
    /// Anything else.
    Other,
}

/// Sorts a database error by SQLite's primary result code.
pub(crate) fn fault(error: &sqlx::Error) -> Fault {
    const IOERR: i32 = 10;
    const CORRUPT: i32 = 11;
    const FULL: i32 = 13;
    const CONSTRAINT: i32 = 19;
    const NOTADB: i32 = 26;
    match error {
        sqlx::Error::Database(e) => {
            let code = e.code().and_then(|c| c.parse::<i32>().ok()).unwrap_or(0) & 0xff;
            match code {
                FULL => Fault::Full,
                IOERR | CORRUPT | NOTADB => Fault::Disk,
                CONSTRAINT => Fault::Constraint,
                _ => Fault::Other,
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => Fault::Disk,
        _ => Fault::Other,
    }
}

/// A refusal whose words belong to the store.
pub(crate) fn refuse(why: baton_kernel::Why, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal { code: code.to_owned(), why, zh: zh.into(), en: en.into(), at: None }
}

/// What a failed read means: nothing was written, and the writer goes on.
pub(crate) fn read_failed(error: sqlx::Error) -> StoreError {
    StoreError::World(anyhow::Error::new(error).context("the database could not be read"))
}
