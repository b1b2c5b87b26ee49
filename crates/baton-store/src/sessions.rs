//! Sessions: an opaque random token in the client's cookie, only its SHA-256 here.

use crate::accounts::{Account, AccountState, Origin, SignedIn, person, token_hash};
use crate::audit::Noted;
use crate::limits::*;
use crate::store::Store;
use crate::trouble::*;
use baton_kernel::ids::PersonId;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// A session that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Public identity, for one's own list of sessions; not the token.
    pub id: u128,
    /// The account's login name.
    pub login: String,
    /// Who is signed in.
    pub person: PersonId,
    /// Nothing but changing the password may be done.
    pub must_change: bool,
    /// The token that every form of this session carries.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// Where it began.
    pub address: String,
    /// What the client said of itself.
    pub client: String,
}

impl Session {
    /// Whether a form's token is this session's, compared in constant time.
    pub fn csrf_matches(&self, given: &str) -> bool {
        let (a, b) = (self.csrf.as_bytes(), given.as_bytes());
        a.len() == b.len() && a.iter().zip(b).fold(0u8, |all, (x, y)| all | (x ^ y)) == 0
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Begins a session inside the sign-in's transaction; the oldest of too many goes.
pub(crate) async fn begin(
    conn: &mut SqliteConnection,
    account: &Account,
    origin: &Origin,
    now: Timestamp,
) -> Result<SignedIn, sqlx::Error> {
    let token = hex(&crate::clock::random::<32>());
    let words = |text: &str, max: usize| text.chars().filter(|c| !c.is_control()).take(max).collect::<String>();
    let session = Session {
        id: u128::from_be_bytes(crate::clock::random()),
        login: account.login.clone(),
        person: account.person,
        must_change: account.must_change,
        csrf: hex(&crate::clock::random::<32>()),
        created_at: now,
        seen_at: now,
        expires_at: now + SignedDuration::from_hours(SESSION_HOURS_MAX),
        address: words(&origin.address, 64),
        client: words(&origin.client, CLIENT_CHARS_MAX),
    };
    sqlx::query(
        "INSERT INTO session (token, id, login, csrf, created_at, seen_at, expires_at, address, client) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)",
    )
    .bind(&token_hash(&token).0[..])
    .bind(&session.id.to_be_bytes()[..])
    .bind(&session.login)
    .bind(&session.csrf)
    .bind(now.as_microsecond())
    .bind(session.expires_at.as_microsecond())
    .bind(&session.address)
    .bind(&session.client)
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM session WHERE expires_at <= $1 OR seen_at <= $2")
        .bind(now.as_microsecond())
        .bind((now - SignedDuration::from_mins(SESSION_IDLE_MINUTES)).as_microsecond())
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "DELETE FROM session WHERE token IN (SELECT token FROM session WHERE login = $1 ORDER BY created_at DESC, token LIMIT -1 OFFSET $2)",
    )
    .bind(&session.login)
    .bind(SESSIONS_PER_ACCOUNT_MAX)
    .execute(&mut *conn)
    .await?;
    Ok(SignedIn { token, session })
}

const SESSION: &str = "
SELECT s.id, s.login, a.person, a.must_change, s.csrf, s.created_at, s.seen_at, s.expires_at, s.address, s.client, a.state
FROM session s JOIN account a ON a.login = s.login WHERE s.token = $1";

const SESSIONS: &str = "
SELECT s.id, s.login, a.person, a.must_change, s.csrf, s.created_at, s.seen_at, s.expires_at, s.address, s.client, a.state
FROM session s JOIN account a ON a.login = s.login WHERE s.login = $1 ORDER BY s.seen_at DESC, s.id";

const ALL_SESSIONS: &str = "
SELECT s.id, s.login, a.person, a.must_change, s.csrf, s.created_at, s.seen_at, s.expires_at, s.address, s.client, a.state
FROM session s JOIN account a ON a.login = s.login ORDER BY s.seen_at DESC, s.id LIMIT 1000";

fn session(row: &sqlx::sqlite::SqliteRow) -> (Session, AccountState) {
    let time = |n: i64| Timestamp::from_microsecond(n).unwrap_or(Timestamp::UNIX_EPOCH);
    let session = Session {
        id: person(row.get(0)).0,
        login: row.get(1),
        person: person(row.get(2)),
        must_change: row.get::<i64, _>(3) != 0,
        csrf: row.get(4),
        created_at: time(row.get(5)),
        seen_at: time(row.get(6)),
        expires_at: time(row.get(7)),
        address: row.get(8),
        client: row.get(9),
    };
    let state = if row.get::<&str, _>(10) == "active" { AccountState::Active } else { AccountState::Disabled };
    (session, state)
}

fn stands(session: &Session, now: Timestamp) -> bool {
    now < session.expires_at && now < session.seen_at + SignedDuration::from_mins(SESSION_IDLE_MINUTES)
}

impl Store {
    /// The session under a token, if it stands: not signed out, not idle for 30 minutes, not older than
    /// 12 hours, the account not disabled. Marks it as seen.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, StoreError> {
        if token.len() != 64 {
            return Ok(None);
        }
        let now = self.now();
        let row = sqlx::query(SESSION)
            .bind(&token_hash(token).0[..])
            .fetch_optional(self.db().readers())
            .await
            .map_err(read_failed)?;
        let Some((mut found, state)) = row.as_ref().map(session) else { return Ok(None) };
        if state == AccountState::Disabled || !stands(&found, now) {
            return Ok(None);
        }
        if now >= found.seen_at + SignedDuration::from_secs(SEEN_EVERY_SECONDS) {
            // Reading must go on when the disk is full: a mark that is not kept only ends the session sooner.
            match self.seen(token, now).await {
                Ok(()) => found.seen_at = now,
                Err(error) => tracing::warn!(%error, "a session's last use was not kept"),
            }
        }
        Ok(Some(found))
    }

    async fn seen(&self, token: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db().begin().await?;
        let marked = sqlx::query("UPDATE session SET seen_at = $2 WHERE token = $1 AND seen_at < $2")
            .bind(&token_hash(token).0[..])
            .bind(now.as_microsecond())
            .execute(tx.conn())
            .await;
        match marked {
            Ok(_) => tx.commit().await,
            Err(e) => {
                let e = tx.failed(e);
                tx.rollback().await;
                Err(e)
            }
        }
    }

    /// Ends the session under a token; an unknown token is fine.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let ended = sqlx::query("DELETE FROM session WHERE token = $1 RETURNING login")
            .bind(&token_hash(token).0[..])
            .fetch_optional(tx.conn())
            .await;
        match ended {
            Err(e) => Err(tx.failed(e)),
            Ok(None) => {
                tx.rollback().await;
                Ok(())
            }
            Ok(Some(row)) => {
                let login: String = row.get(0);
                self.noted(tx, now, Noted { act: "sign-out", result: "done", login: Some(&login), ..Noted::default() })
                    .await
            }
        }
    }

    /// The standing sessions of an account, last used first.
    pub async fn sessions_of(&self, login: &str) -> Result<Vec<Session>, StoreError> {
        let now = self.now();
        let rows = sqlx::query(SESSIONS).bind(login).fetch_all(self.db().readers()).await.map_err(read_failed)?;
        Ok(rows.iter().map(|r| session(r).0).filter(|s| stands(s, now)).collect())
    }

    /// Every standing session, last used first: for whoever keeps the accounts.
    pub async fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        let now = self.now();
        let rows = sqlx::query(ALL_SESSIONS).fetch_all(self.db().readers()).await.map_err(read_failed)?;
        Ok(rows.iter().map(|r| session(r).0).filter(|s| stands(s, now)).collect())
    }

    /// Ends one session of an account by its public identity; somebody else's is not found. Answers whether it was there.
    pub async fn end_session(&self, by: Option<PersonId>, login: &str, id: u128) -> Result<bool, StoreError> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let ended = sqlx::query("DELETE FROM session WHERE login = $1 AND id = $2")
            .bind(login)
            .bind(&id.to_be_bytes()[..])
            .execute(tx.conn())
            .await;
        match ended {
            Err(e) => Err(tx.failed(e)),
            Ok(done) if done.rows_affected() == 0 => {
                tx.rollback().await;
                Ok(false)
            }
            Ok(_) => {
                self.noted(
                    tx,
                    now,
                    Noted { act: "session", result: "ended", person: by, login: Some(login), ..Noted::default() },
                )
                .await?;
                Ok(true)
            }
        }
    }

    /// Ends every session of an account, but for the one that is kept.
    pub async fn end_sessions(&self, by: Option<PersonId>, login: &str, keep: Option<u128>) -> Result<u64, StoreError> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let ended = sqlx::query("DELETE FROM session WHERE login = $1 AND ($2 IS NULL OR id <> $2)")
            .bind(login)
            .bind(keep.map(|id| id.to_be_bytes().to_vec()))
            .execute(tx.conn())
            .await;
        match ended {
            Err(e) => Err(tx.failed(e)),
            Ok(done) => {
                self.noted(
                    tx,
                    now,
                    Noted { act: "session", result: "all ended", person: by, login: Some(login), ..Noted::default() },
                )
                .await?;
                Ok(done.rows_affected())
            }
        }
    }
}
