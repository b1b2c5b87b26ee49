//! The audit trail: acts that change no business fact, in a second chain of the same form as the ledger.
//!
//! Sign-ins, failures, refusals, exports, account changes. Written in the act's own transaction: when it
//! cannot be written, the act fails. There is no off switch.

use crate::store::Store;
use crate::trouble::*;
use baton_kernel::entries::canonical;
use baton_kernel::ids::PersonId;
use baton_kernel::{Caller, Digest, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Envelope version.
    pub v: u16,
    /// Hash algorithm.
    pub alg: String,
    /// Place, from 1 without gaps.
    pub seq: u64,
    /// When.
    pub known_at: Timestamp,
    /// What was done: `sign-in`, `sign-out`, `password`, `account`, `refused`, `export`, …
    pub act: String,
    /// How it ended: `done`, `wrong`, `locked`, or a refusal's code.
    pub result: String,
    /// Who, when known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<PersonId>,
    /// The login name given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub login: Option<String>,
    /// Network address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    /// What it was about: an act's name, an account, a paper.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// Hash of the line before; zeros for the first.
    pub prev: Digest,
}

/// What is to be written.
#[derive(Debug, Clone, Default)]
pub struct Noted<'a> {
    /// What was done.
    pub act: &'a str,
    /// How it ended.
    pub result: &'a str,
    /// Who.
    pub person: Option<PersonId>,
    /// The login name given.
    pub login: Option<&'a str>,
    /// Network address.
    pub address: Option<&'a str>,
    /// What it was about.
    pub about: Option<&'a str>,
}

/// Appends a line inside the caller's transaction.
pub(crate) async fn note(conn: &mut SqliteConnection, now: Timestamp, what: &Noted<'_>) -> Result<(), sqlx::Error> {
    let last = sqlx::query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetch_optional(&mut *conn).await?;
    let (seq, prev) = match last {
        Some(row) => (row.try_get::<i64, _>(0)? as u64 + 1, crate::ledger::digest(row.try_get(1)?)),
        None => (1, Digest::default()),
    };
    let line = AuditLine {
        v: 1,
        alg: "sha256".to_owned(),
        seq,
        known_at: now,
        act: what.act.to_owned(),
        result: what.result.to_owned(),
        person: what.person,
        login: what.login.map(short),
        address: what.address.map(short),
        about: what.about.map(short),
        prev,
    };
    let text = canonical(&line);
    let hash = Digest::of(text.as_bytes());
    sqlx::query("INSERT INTO audit (seq, known_at, hash, prev, text) VALUES ($1, $2, $3, $4, $5)")
        .bind(seq as i64)
        .bind(now.as_microsecond())
        .bind(&hash.0[..])
        .bind(&prev.0[..])
        .bind(text)
        .execute(&mut *conn)
        .await
        .map(|_| ())
}

/// A refused command, for want of a right.
pub(crate) async fn refused(
    conn: &mut SqliteConnection,
    now: Timestamp,
    caller: Caller,
    act: String,
    refusal: &Refusal,
) -> Result<(), sqlx::Error> {
    let person = match caller {
        Caller::Person(person) => Some(person),
        Caller::Founder => None,
    };
    note(conn, now, &Noted { act: "refused", result: &refusal.code, person, about: Some(&act), ..Noted::default() })
        .await
}

/// At most 200 characters, none of them control characters: a log line cannot be forged.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

impl Store {
    /// Writes an act into the audit trail, durably: an export, the reading of something sensitive.
    pub async fn note(&self, what: &Noted<'_>) -> Result<(), StoreError> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        match note(tx.conn(), now, what).await {
            Ok(()) => tx.commit().await,
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// Lines of the audit trail before `before` (`None`: the newest), newest first, at most `count`; of one act and
    /// about one login name or person, when these are given.
    pub async fn audit(&self, asked: &AuditAsked<'_>, count: u32) -> Result<Vec<AuditLine>, StoreError> {
        let rows = sqlx::query(
            "SELECT text FROM audit WHERE seq < $1
             AND ($2 IS NULL OR json_extract(text, '$.act') = $2)
             AND ($3 IS NULL OR json_extract(text, '$.login') = $3)
             AND ($4 IS NULL OR json_extract(text, '$.person') = $4)
             ORDER BY seq DESC LIMIT $5",
        )
        .bind(asked.before.map_or(i64::MAX, |b| b as i64))
        .bind(asked.act)
        .bind(asked.login)
        .bind(asked.person.map(|p| p.to_string()))
        .bind(i64::from(count))
        .fetch_all(self.db().readers())
        .await
        .map_err(read_failed)?;
        rows.iter()
            .map(|r| serde_json::from_str(r.get::<&str, _>(0)).map_err(|e| StoreError::World(e.into())))
            .collect()
    }
}

/// Which lines of the audit trail are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditAsked<'a> {
    /// Only before this one.
    pub before: Option<u64>,
    /// Only of this act.
    pub act: Option<&'a str>,
    /// Only about this login name.
    pub login: Option<&'a str>,
    /// Only by this person.
    pub person: Option<PersonId>,
}
