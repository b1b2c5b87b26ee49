//! The ledger's rows: entries, the texts they name, receipts, identities of submissions, recorded states.

use crate::database::{Database, Tx};
use crate::trouble::*;
use baton_kernel::{Batch, Body, Caller, Command, Digest, Head, Receipt, Refusal, Why};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One stored line as it lies in the database, not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub seq: u64,
    pub batch: u64,
    pub known_at: i64,
    pub hash: Digest,
    pub prev: Digest,
    pub text: String,
}

/// Texts read for a stretch of entries.
#[derive(Debug, Default)]
pub(crate) struct TextsRead(pub BTreeMap<Digest, Arc<str>>);

impl baton_kernel::Texts for TextsRead {
    fn text(&self, digest: &Digest) -> Option<Arc<str>> {
        self.0.get(digest).cloned()
    }
}

/// A digest out of a column; anything that is not 32 bytes becomes one that matches nothing.
pub(crate) fn digest(bytes: &[u8]) -> Digest {
    match <[u8; 32]>::try_from(bytes) {
        Ok(all) => Digest(all),
        Err(_) => Digest::of_parts(&[b"not a digest\0", bytes]),
    }
}

fn line(row: &SqliteRow) -> Result<Line, sqlx::Error> {
    let seq: i64 = row.try_get(0)?;
    let batch: i64 = row.try_get(1)?;
    Ok(Line {
        seq: seq as u64,
        batch: batch as u64,
        known_at: row.try_get(2)?,
        hash: digest(row.try_get(3)?),
        prev: digest(row.try_get(4)?),
        text: row.try_get(5)?,
    })
}

/// Lines from `from` on, in order, at most `count`.
pub(crate) async fn lines(conn: &mut SqliteConnection, from: u64, count: u64) -> Result<Vec<Line>, sqlx::Error> {
    let rows =
        sqlx::query("SELECT seq, batch, known_at, hash, prev, text FROM entry WHERE seq >= $1 ORDER BY seq LIMIT $2")
            .bind(from as i64)
            .bind(count as i64)
            .fetch_all(&mut *conn)
            .await?;
    rows.iter().map(line).collect()
}

/// The texts first named by entries `from..=to`, and those of `named` that came earlier.
pub(crate) async fn texts(
    conn: &mut SqliteConnection,
    from: u64,
    to: u64,
    named: &BTreeSet<Digest>,
) -> Result<TextsRead, sqlx::Error> {
    let mut read = BTreeMap::new();
    let rows =
        sqlx::query("SELECT digest, bytes FROM blob WHERE seq BETWEEN $1 AND $2 AND text = 1 AND bytes IS NOT NULL")
            .bind(from as i64)
            .bind(to as i64)
            .fetch_all(&mut *conn)
            .await?;
    for row in rows {
        if let Ok(text) = std::str::from_utf8(row.try_get(1)?) {
            read.insert(digest(row.try_get(0)?), Arc::from(text));
        }
    }
    for earlier in named {
        if read.contains_key(earlier) {
            continue;
        }
        let row = sqlx::query("SELECT bytes FROM blob WHERE digest = $1 AND text = 1 AND bytes IS NOT NULL")
            .bind(&earlier.0[..])
            .fetch_optional(&mut *conn)
            .await?;
        if let Some(row) = row
            && let Ok(text) = std::str::from_utf8(row.try_get(0)?)
        {
            read.insert(*earlier, Arc::from(text));
        }
    }
    Ok(TextsRead(read))
}

/// The content of a text blob; `None` when it is unknown or erased.
pub(crate) async fn blob(conn: &mut SqliteConnection, wanted: &Digest) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let row = sqlx::query("SELECT bytes FROM blob WHERE digest = $1 AND bytes IS NOT NULL")
        .bind(&wanted.0[..])
        .fetch_optional(&mut *conn)
        .await?;
    row.map(|r| r.try_get(0)).transpose()
}

/// Who a key belongs to.
pub fn principal(caller: Caller) -> String {
    match caller {
        Caller::Person(person) => person.to_string(),
        Caller::Founder => "founder".to_owned(),
    }
}

/// Hash of what a command asks for: its act, without the salt and without the seq seen.
///
/// A form sent again must ask for the same thing, with the same identities (see [`crate::KeyedIds`]).
pub fn request_hash(command: &Command) -> Digest {
    use std::hash::Hash as _;
    let mut sink = Hashed { hash: sha2::Sha256::default(), waiting: Vec::with_capacity(HASH_CHUNK_BYTES) };
    command.act.hash(&mut sink);
    sink.digest()
}

/// Most bytes gathered before they are hashed: an act comes in very small pieces.
const HASH_CHUNK_BYTES: usize = 16 * 1024;

/// SHA-256 as a hasher of values.
struct Hashed {
    hash: sha2::Sha256,
    waiting: Vec<u8>,
}

impl Hashed {
    fn digest(mut self) -> Digest {
        use sha2::Digest as _;
        self.hash.update(&self.waiting);
        Digest(self.hash.finalize().into())
    }
}

impl std::hash::Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        use sha2::Digest as _;
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= HASH_CHUNK_BYTES {
            self.hash.update(&self.waiting);
            self.waiting.clear();
        }
    }

    /// Asked by nobody: the digest is longer.
    fn finish(&self) -> u64 {
        0
    }
}

/// A stored answer.
pub(crate) struct Answered {
    pub request: Digest,
    pub receipt: Receipt,
}

/// The receipt under a key.
pub(crate) async fn receipt(
    conn: &mut SqliteConnection,
    principal: &str,
    key: &str,
) -> Result<Option<Answered>, sqlx::Error> {
    let row = sqlx::query("SELECT request_hash, answer FROM receipt WHERE principal = $1 AND key = $2")
        .bind(principal)
        .bind(key)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let answer: &str = row.try_get(1)?;
    let receipt = serde_json::from_str(answer).map_err(|e| sqlx::Error::Decode(e.into()))?;
    Ok(Some(Answered { request: digest(row.try_get(0)?), receipt }))
}

/// What is appended for one command.
pub(crate) struct Append<'a> {
    pub principal: &'a str,
    pub key: &'a str,
    pub request: Digest,
    pub batch: &'a Batch,
    pub receipt: &'a Receipt,
    pub at: Timestamp,
}

/// Why one command could not be appended.
pub(crate) enum NotAppended {
    Refused(Refusal),
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for NotAppended {
    fn from(e: sqlx::Error) -> Self {
        NotAppended::Failed(e)
    }
}

/// Appends one command whole, inside a savepoint: its entries, texts, links to files, receipt; empties what it erases.
///
/// Answers the digests it erased: bytes on disk and in the write-ahead log are removed after the commit.
pub(crate) async fn append(tx: &mut Tx<'_>, what: &Append<'_>) -> Result<Vec<Digest>, NotAppended> {
    sqlx::query("SAVEPOINT command").execute(tx.conn()).await?;
    match append_rows(tx.conn(), what).await {
        Ok(erased) => {
            sqlx::query("RELEASE command").execute(tx.conn()).await?;
            Ok(erased)
        }
        Err(e) => {
            // When SQLite has already rolled the whole transaction back there is no savepoint left.
            let _ = sqlx::raw_sql("ROLLBACK TO command; RELEASE command").execute(tx.conn()).await;
            Err(e)
        }
    }
}

/// Appends one command's rows, for a caller who keeps the whole transaction or nothing of it.
pub(crate) async fn append_rows(conn: &mut SqliteConnection, what: &Append<'_>) -> Result<Vec<Digest>, NotAppended> {
    let first = what.receipt.first;
    let mut named_at: BTreeMap<Digest, u64> = BTreeMap::new();
    let mut erased = Vec::new();
    for sealed in &what.batch.entries {
        let entry = &sealed.entry;
        sqlx::query("INSERT INTO entry (seq, batch, known_at, hash, prev, text) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(entry.seq as i64)
            .bind(entry.batch as i64)
            .bind(entry.known_at.as_microsecond())
            .bind(&sealed.hash.0[..])
            .bind(&entry.prev.0[..])
            .bind(sealed.text.as_str())
            .execute(&mut *conn)
            .await?;
        let (texts, files) = entry.body.blobs();
        for text in texts {
            named_at.entry(text).or_insert(entry.seq);
        }
        for file in files {
            let done = sqlx::query("UPDATE file SET seq = COALESCE(seq, $2) WHERE digest = $1 AND erased_at IS NULL")
                .bind(&file.digest.0[..])
                .bind(entry.seq as i64)
                .execute(&mut *conn)
                .await?;
            if done.rows_affected() == 0 {
                return Err(NotAppended::Refused(refuse(
                    Why::Wrong,
                    "file.missing",
                    format!("附件“{}”不在库中（可能上传后超过 24 小时未提交），请重新上传", file.name),
                    format!(
                        "the file “{}” is not in the store (perhaps uploaded more than 24 hours ago); upload it again",
                        file.name
                    ),
                )));
            }
        }
        match &entry.body {
            Body::SubmissionMade { submission, .. } => {
                let done = sqlx::query("INSERT INTO submission (id, seq) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
                    .bind(&submission.0.to_be_bytes()[..])
                    .bind(entry.seq as i64)
                    .execute(&mut *conn)
                    .await?;
                if done.rows_affected() == 0 {
                    return Err(NotAppended::Refused(Refusal::new(Why::Conflict, "id.taken", &[])));
                }
            }
            Body::Erased { digests, .. } => erased.extend(digests.iter().copied().map(|d| (d, entry.seq))),
            _ => {}
        }
    }
    for blob in &what.batch.blobs {
        let seq = named_at.get(&blob.digest).copied().unwrap_or(first);
        sqlx::query(
            "INSERT INTO blob (digest, seq, salt, bytes, text) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(&blob.digest.0[..])
        .bind(seq as i64)
        .bind(&blob.salt[..])
        .bind(blob.bytes.as_slice())
        .bind(i64::from(blob.text))
        .execute(&mut *conn)
        .await?;
    }
    let erased_files = erase(conn, &erased, what.at).await?;
    let answer = serde_json::to_string(what.receipt).map_err(|e| sqlx::Error::Encode(e.into()))?;
    sqlx::query(
        "INSERT INTO receipt (principal, key, request_hash, answer, first, last, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(what.principal)
    .bind(what.key)
    .bind(&what.request.0[..])
    .bind(answer)
    .bind(first as i64)
    .bind(what.receipt.last as i64)
    .bind(what.at.as_microsecond())
    .execute(&mut *conn)
    .await?;
    Ok(erased_files)
}

/// Empties texts and file rows that an entry erased. Recorded states from before can no longer be replayed.
async fn erase(
    conn: &mut SqliteConnection,
    digests: &[(Digest, u64)],
    at: Timestamp,
) -> Result<Vec<Digest>, NotAppended> {
    let mut all = Vec::with_capacity(digests.len());
    for (wanted, _) in digests {
        let texts = sqlx::query(
            "UPDATE blob SET salt = NULL, bytes = NULL, erased_at = $2 WHERE digest = $1 AND erased_at IS NULL",
        )
        .bind(&wanted.0[..])
        .bind(at.as_microsecond())
        .execute(&mut *conn)
        .await?;
        let rows = sqlx::query(
            "UPDATE file SET name = '', plain = NULL, erased_at = $2 WHERE digest = $1 AND erased_at IS NULL",
        )
        .bind(&wanted.0[..])
        .bind(at.as_microsecond())
        .execute(&mut *conn)
        .await?;
        all.push(*wanted);
        if texts.rows_affected() + rows.rows_affected() == 0 {
            let short = wanted.short();
            return Err(NotAppended::Refused(refuse(
                Why::Wrong,
                "erase.unknown",
                format!("库中没有摘要为 {short} 的内容，或已经删除，请核对"),
                format!("nothing in the store has the digest {short}, or it is erased already; check it"),
            )));
        }
    }
    if let Some((_, seq)) = digests.first() {
        sqlx::query("DELETE FROM state WHERE seq < $1").bind(*seq as i64).execute(&mut *conn).await?;
    }
    Ok(all)
}

/// Records the state hash at the head, so that `verify` can compare a replay with it.
pub(crate) async fn record_state(db: &Database, head: Head, hash: Digest, now: Timestamp) -> Result<(), StoreError> {
    if head.seq == 0 {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let done = sqlx::query(
        "INSERT INTO state (seq, hash, program, recorded_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (seq) DO UPDATE SET hash = excluded.hash, program = excluded.program, recorded_at = excluded.recorded_at",
    )
    .bind(head.seq as i64)
    .bind(&hash.0[..])
    .bind(env!("CARGO_PKG_VERSION"))
    .bind(now.as_microsecond())
    .execute(tx.conn())
    .await;
    match done {
        Ok(_) => tx.commit().await,
        Err(e) => {
            let e = tx.failed(e);
            tx.rollback().await;
            Err(e)
        }
    }
}
