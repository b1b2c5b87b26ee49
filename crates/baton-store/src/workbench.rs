//! The workbench: drafts and import previews. Mutable, outside the ledger, each bound to its owner.
//!
//! Saving here never makes an entry; submitting does.

use crate::limits::*;
use crate::store::Store;
use crate::trouble::*;
use baton_kernel::ids::PersonId;
use baton_kernel::{Digest, Refusal, Why};
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Something typed and not yet submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is a draft of: `report`, `meeting`, `speech`, `view`, …
    pub kind: String,
    /// Which one, as the page names it.
    pub key: String,
    /// What was typed, as the page wrote it.
    pub json: String,
    /// The seq its writer saw.
    pub base: u64,
    /// Counts its savings, from 1.
    pub revision: u64,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

/// An import looked at and not yet confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Identity.
    pub id: u128,
    /// What it would do: `figures`, `units`, …
    pub purpose: String,
    /// SHA-256 of the file it was made of.
    pub file: Digest,
    /// The head it was compared with.
    pub head: u64,
    /// The comparison, as the importer wrote it.
    pub json: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it may be confirmed.
    pub expires_at: Timestamp,
}

fn time(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn draft(row: &SqliteRow) -> Draft {
    Draft {
        kind: row.get(0),
        key: row.get(1),
        json: row.get(2),
        base: row.get::<i64, _>(3) as u64,
        revision: row.get::<i64, _>(4) as u64,
        updated_at: time(row.get(5)),
    }
}

/// Refuses a word that is empty or too long to be a key.
pub(crate) fn check_word(word: &str) -> Result<(), Refusal> {
    let count = word.chars().count();
    if count == 0 || count > WORD_CHARS_MAX {
        return Err(refuse(
            Why::Wrong,
            "word.wrong",
            format!("标识应为 1 至 {WORD_CHARS_MAX} 个字符，现为 {count} 个"),
            format!("a key has 1 to {WORD_CHARS_MAX} characters; this has {count}"),
        ));
    }
    Ok(())
}

fn large(bytes: usize, max: usize) -> Refusal {
    let (size, max) = (bytes.div_ceil(1024), max / 1024);
    refuse(
        Why::Wrong,
        "draft.large",
        format!("内容为 {size} KB，超过上限 {max} KB，请分次填写"),
        format!("this has {size} KB, more than {max} KB; do it in parts"),
    )
}

impl Store {
    /// Saves a draft over the one before; answers its new revision.
    ///
    /// `after` is the revision its writer saw, 0 for none: when another tab saved in between, the save is
    /// refused as `draft.newer` and nothing is lost on either side. `None` saves whatever was there.
    ///
    /// Errors: `draft.newer`, `draft.large` above 1 MB, `draft.many` above 500 of one person.
    pub async fn save_draft(
        &self,
        owner: PersonId,
        kind: &str,
        key: &str,
        json: &str,
        base: u64,
        after: Option<u64>,
    ) -> Result<u64, StoreError> {
        check_word(kind)?;
        check_word(key)?;
        if json.len() > DRAFT_BYTES_MAX {
            return Err(large(json.len(), DRAFT_BYTES_MAX).into());
        }
        let who = owner.0.to_be_bytes();
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let found = async {
            let row = sqlx::query("SELECT revision FROM draft WHERE owner = $1 AND kind = $2 AND key = $3")
                .bind(&who[..])
                .bind(kind)
                .bind(key)
                .fetch_optional(tx.conn())
                .await?;
            let count =
                sqlx::query("SELECT COUNT(*) FROM draft WHERE owner = $1").bind(&who[..]).fetch_one(tx.conn()).await?;
            Ok::<_, sqlx::Error>((row.map(|r| r.get::<i64, _>(0) as u64), count.get::<i64, _>(0)))
        };
        let (known, count) = match found.await {
            Ok(found) => found,
            Err(e) => return Err(tx.failed(e)),
        };
        let revision = known.unwrap_or(0);
        if after.is_some_and(|a| a != revision) {
            tx.rollback().await;
            return Err(refuse(
                Why::Conflict,
                "draft.newer",
                "同一草稿已在另一窗口保存过；请打开较新的草稿核对后再保存",
                "this draft was saved in another window; open the newer one, compare, and save again",
            )
            .into());
        }
        if known.is_none() && count >= DRAFTS_PER_OWNER_MAX {
            tx.rollback().await;
            return Err(refuse(
                Why::NotNow,
                "draft.many",
                format!("草稿已满 {DRAFTS_PER_OWNER_MAX} 份，请先提交或删除一些"),
                format!("there are {DRAFTS_PER_OWNER_MAX} drafts already; submit or delete some first"),
            )
            .into());
        }
        let saved = sqlx::query(
            "INSERT INTO draft (owner, kind, key, json, base, revision, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (owner, kind, key) DO UPDATE SET json = excluded.json, base = excluded.base, revision = excluded.revision, updated_at = excluded.updated_at",
        )
        .bind(&who[..])
        .bind(kind)
        .bind(key)
        .bind(json)
        .bind(base as i64)
        .bind(revision as i64 + 1)
        .bind(now.as_microsecond())
        .execute(tx.conn())
        .await;
        match saved {
            Ok(_) => tx.commit().await.map(|()| revision + 1),
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// One's own draft.
    pub async fn draft(&self, owner: PersonId, kind: &str, key: &str) -> Result<Option<Draft>, StoreError> {
        let row = sqlx::query(
            "SELECT kind, key, json, base, revision, updated_at FROM draft WHERE owner = $1 AND kind = $2 AND key = $3",
        )
        .bind(&owner.0.to_be_bytes()[..])
        .bind(kind)
        .bind(key)
        .fetch_optional(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(row.as_ref().map(draft))
    }

    /// Every draft of one thing with its owner, in order of owners: who else works on it.
    pub async fn drafts_of(&self, kind: &str, key: &str) -> Result<Vec<(PersonId, Draft)>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, key, json, base, revision, updated_at, owner FROM draft WHERE kind = $1 AND key = $2 ORDER BY owner",
        )
        .bind(kind)
        .bind(key)
        .fetch_all(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(rows.iter().map(|row| (crate::accounts::person(row.get(6)), draft(row))).collect())
    }

    /// One's own drafts, newest first.
    pub async fn drafts(&self, owner: PersonId) -> Result<Vec<Draft>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, key, json, base, revision, updated_at FROM draft WHERE owner = $1 ORDER BY updated_at DESC, kind, key",
        )
        .bind(&owner.0.to_be_bytes()[..])
        .fetch_all(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(rows.iter().map(draft).collect())
    }

    /// The drafts of everybody under a kind and key, in the order of their owners: for settings that the system
    /// itself acts on.
    pub async fn drafts_named(&self, kind: &str, key: &str) -> Result<Vec<(PersonId, Draft)>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, key, json, base, revision, updated_at, owner FROM draft WHERE kind = $1 AND key = $2 ORDER BY owner",
        )
        .bind(kind)
        .bind(key)
        .fetch_all(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(rows.iter().map(|row| (crate::accounts::person(row.get(6)), draft(row))).collect())
    }

    /// Throws one's own draft away; none there is fine.
    pub async fn drop_draft(&self, owner: PersonId, kind: &str, key: &str) -> Result<(), StoreError> {
        let mut tx = self.db().begin().await?;
        let gone = sqlx::query("DELETE FROM draft WHERE owner = $1 AND kind = $2 AND key = $3")
            .bind(&owner.0.to_be_bytes()[..])
            .bind(kind)
            .bind(key)
            .execute(tx.conn())
            .await;
        match gone {
            Ok(_) => tx.commit().await,
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// Keeps an import preview for 24 hours, bound to its owner, purpose, file and head.
    pub async fn put_preview(
        &self,
        owner: PersonId,
        purpose: &str,
        file: Digest,
        head: u64,
        json: &str,
    ) -> Result<Preview, StoreError> {
        check_word(purpose)?;
        if json.len() > PREVIEW_BYTES_MAX {
            return Err(large(json.len(), PREVIEW_BYTES_MAX).into());
        }
        let who = owner.0.to_be_bytes();
        let now = self.now();
        let preview = Preview {
            id: self.ids().next(),
            purpose: purpose.to_owned(),
            file,
            head,
            json: json.to_owned(),
            created_at: now,
            expires_at: now + SignedDuration::from_hours(PREVIEW_HOURS),
        };
        let mut tx = self.db().begin().await?;
        let kept = async {
            sqlx::query("DELETE FROM preview WHERE expires_at <= $1")
                .bind(now.as_microsecond())
                .execute(tx.conn())
                .await?;
            sqlx::query(
                "INSERT INTO preview (id, owner, purpose, file, head, json, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&preview.id.to_be_bytes()[..])
            .bind(&who[..])
            .bind(purpose)
            .bind(&file.0[..])
            .bind(head as i64)
            .bind(json)
            .bind(now.as_microsecond())
            .bind(preview.expires_at.as_microsecond())
            .execute(tx.conn())
            .await?;
            sqlx::query(
                "DELETE FROM preview WHERE id IN (SELECT id FROM preview WHERE owner = $1 ORDER BY created_at DESC, id LIMIT -1 OFFSET $2)",
            )
            .bind(&who[..])
            .bind(PREVIEWS_PER_OWNER_MAX)
            .execute(tx.conn())
            .await
        };
        match kept.await {
            Ok(_) => tx.commit().await.map(|()| preview),
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// One's own preview that has not expired; somebody else's is not found.
    pub async fn preview(&self, owner: PersonId, purpose: &str, id: u128) -> Result<Option<Preview>, StoreError> {
        let row = sqlx::query(
            "SELECT purpose, file, head, json, created_at, expires_at FROM preview WHERE id = $1 AND owner = $2 AND purpose = $3 AND expires_at > $4",
        )
        .bind(&id.to_be_bytes()[..])
        .bind(&owner.0.to_be_bytes()[..])
        .bind(purpose)
        .bind(self.now().as_microsecond())
        .fetch_optional(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(row.map(|r| Preview {
            id,
            purpose: r.get(0),
            file: crate::ledger::digest(r.get(1)),
            head: r.get::<i64, _>(2) as u64,
            json: r.get(3),
            created_at: time(r.get(4)),
            expires_at: time(r.get(5)),
        }))
    }

    /// Throws one's own preview away, once confirmed or given up.
    pub async fn drop_preview(&self, owner: PersonId, id: u128) -> Result<(), StoreError> {
        let mut tx = self.db().begin().await?;
        let gone = sqlx::query("DELETE FROM preview WHERE id = $1 AND owner = $2")
            .bind(&id.to_be_bytes()[..])
            .bind(&owner.0.to_be_bytes()[..])
            .execute(tx.conn())
            .await;
        match gone {
            Ok(_) => tx.commit().await,
            Err(e) => Err(tx.failed(e)),
        }
    }
}
