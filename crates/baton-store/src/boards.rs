//! Boards: workbench state that belongs to a thing and not to a person: the live state of a meeting, the cuts of a speech.
//!
//! Outside the ledger and mutable. Who may write one is decided by the pages that do.

use crate::limits::DRAFT_BYTES_MAX;
use crate::store::Store;
use crate::trouble::*;
use crate::workbench::check_word;
use baton_kernel::Why;
use sqlx::Row;

/// The newest state of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// What it holds, as its page wrote it.
    pub json: String,
    /// Counts its writings, from 1.
    pub revision: u64,
}

impl Store {
    /// The board of a kind under a key; `None` when nothing was written.
    pub async fn board(&self, kind: &str, key: &str) -> Result<Option<Board>, StoreError> {
        let row = sqlx::query("SELECT json, revision FROM board WHERE kind = $1 AND key = $2")
            .bind(kind)
            .bind(key)
            .fetch_optional(self.db().readers())
            .await
            .map_err(read_failed)?;
        Ok(row.map(|r| Board { json: r.get(0), revision: r.get::<i64, _>(1) as u64 }))
    }

    /// Writes a board over the revision its writer saw, 0 for none; answers the new revision.
    ///
    /// Errors: `board.newer` when somebody wrote in between; `board.large` above the size of a draft.
    pub async fn put_board(&self, kind: &str, key: &str, json: &str, after: u64) -> Result<u64, StoreError> {
        check_word(kind)?;
        check_word(key)?;
        if json.len() > DRAFT_BYTES_MAX {
            let max = DRAFT_BYTES_MAX / 1024;
            return Err(refuse(
                Why::Wrong,
                "board.large",
                format!("内容超过 {max} KB，请减少一些"),
                format!("this has more than {max} KB; make it smaller"),
            )
            .into());
        }
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let written = sqlx::query(
            "INSERT INTO board (kind, key, json, revision, updated_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (kind, key) DO UPDATE SET json = excluded.json, revision = excluded.revision,
             updated_at = excluded.updated_at WHERE board.revision = excluded.revision - 1",
        )
        .bind(kind)
        .bind(key)
        .bind(json)
        .bind(after as i64 + 1)
        .bind(now.as_microsecond())
        .execute(tx.conn())
        .await;
        match written {
            Ok(done) if done.rows_affected() == 1 => tx.commit().await.map(|()| after + 1),
            Ok(_) => {
                tx.rollback().await;
                Err(refuse(
                    Why::Conflict,
                    "board.newer",
                    "别人刚刚改过，请看过最新的再改",
                    "somebody changed this just now; look at the newest and change it again",
                )
                .into())
            }
            Err(e) => Err(tx.failed(e)),
        }
    }
}
