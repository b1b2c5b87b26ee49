//! Accounts: who may sign in as which person, and signing in, with throttling and an audit line for each try.

use crate::audit::{Noted, note};
use crate::database::Tx;
use crate::limits::*;
use crate::passwords;
use crate::store::Store;
use crate::trouble::*;
use baton_kernel::ids::PersonId;
use baton_kernel::{Digest, Refusal, Why};
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// It may.
    Active,
    /// It may not; its sessions are ended.
    Disabled,
}

impl AccountState {
    fn key(self) -> &'static str {
        match self {
            AccountState::Active => "active",
            AccountState::Disabled => "disabled",
        }
    }
}

/// An account, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Login name, lower case.
    pub login: String,
    /// Who it signs in.
    pub person: PersonId,
    /// Whether it may be used.
    pub state: AccountState,
    /// The password must be changed at the next sign-in.
    pub must_change: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its password last changed.
    pub changed_at: Timestamp,
    /// When it last signed in.
    pub signed_in_at: Option<Timestamp>,
}

/// From where a sign-in comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Network address as the server sees it; for IPv6 the /64 counts.
    pub address: String,
    /// What the client says of itself.
    pub client: String,
}

/// A successful sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The opaque token for the cookie; only its SHA-256 is kept.
    pub token: String,
    /// The session.
    pub session: crate::sessions::Session,
}

/// A login name as it is kept: trimmed and in lower case.
///
/// Errors: `login.wrong` when it is empty, longer than 64 characters, or holds anything but letters, digits, `.`, `_`, `-`, `@`.
pub fn login_name(given: &str) -> Result<String, Refusal> {
    let login = given.trim().to_lowercase();
    let good = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    if login.is_empty() || login.chars().count() > LOGIN_CHARS_MAX || !login.chars().all(good) {
        return Err(refuse(
            Why::Wrong,
            "login.wrong",
            format!("登录名应为 1 至 {LOGIN_CHARS_MAX} 个字母、汉字、数字或 . _ - @"),
            format!("a login name has 1 to {LOGIN_CHARS_MAX} letters, digits or . _ - @"),
        )
        .at("login"));
    }
    Ok(login)
}

/// The part of an address that is throttled: an IPv4 address, or the /64 of an IPv6 address.
fn neighbourhood(address: &str) -> String {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        Ok(v4) => v4.to_string(),
        Err(_) => address.chars().take(64).collect(),
    }
}

fn time(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(crate) fn person(bytes: &[u8]) -> PersonId {
    PersonId(<[u8; 16]>::try_from(bytes).map_or(0, u128::from_be_bytes))
}

fn account(row: &SqliteRow) -> Account {
    Account {
        login: row.get(0),
        person: person(row.get(1)),
        state: if row.get::<&str, _>(2) == "active" { AccountState::Active } else { AccountState::Disabled },
        must_change: row.get::<i64, _>(3) != 0,
        created_at: time(row.get(4)),
        changed_at: time(row.get(5)),
        signed_in_at: row.get::<Option<i64>, _>(6).map(time),
    }
}

fn wrong() -> Refusal {
    refuse(
        Why::Forbidden,
        "signin.wrong",
        "登录名或密码不正确；如忘记密码，请联系管理员重置",
        "wrong login name or password; ask the administrator if you forgot it",
    )
}

fn wait(until: Timestamp, now: Timestamp) -> Refusal {
    let minutes = (until.duration_since(now).as_secs().max(1) + 59) / 60;
    refuse(
        Why::NotNow,
        "signin.wait",
        format!("尝试次数过多，请 {minutes} 分钟后再登录"),
        format!("too many tries; sign in again in {minutes} minutes"),
    )
}

fn unknown_account(login: &str) -> Refusal {
    refuse(
        Why::Absent,
        "account.unknown",
        format!("没有登录名为“{login}”的账号，请用 baton user list 查对"),
        format!("no account has the login name “{login}”; see baton user list"),
    )
}

/// Until when a login name or an address must wait, if it must.
async fn waiting(
    conn: &mut SqliteConnection,
    login: &str,
    place: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT MAX(until) FROM throttle WHERE (sort = 'login' AND subject = $1) OR (sort = 'address' AND subject = $2)",
    )
    .bind(login)
    .bind(place)
    .fetch_one(&mut *conn)
    .await?;
    let until: Option<i64> = row.try_get(0)?;
    Ok(until.map(time).filter(|u| *u > now))
}

/// Counts one more failure of a login name or an address and says until when it must wait.
async fn failed_again(
    conn: &mut SqliteConnection,
    sort: &str,
    subject: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let forgotten = now - SignedDuration::from_mins(FAILURES_FORGOTTEN_MINUTES);
    let row = sqlx::query("SELECT failures FROM throttle WHERE sort = $1 AND subject = $2 AND updated_at > $3")
        .bind(sort)
        .bind(subject)
        .bind(forgotten.as_microsecond())
        .fetch_optional(&mut *conn)
        .await?;
    let failures = row.map_or(0, |r| r.get::<i64, _>(0)) + 1;
    let until = match sort {
        "login" if failures % FAILURES_PER_LOGIN_MAX == 0 => now + SignedDuration::from_mins(LOGIN_LOCK_MINUTES),
        "address" if failures > FAILURES_PER_ADDRESS_FREE => {
            let doubled = 1i64 << (failures - FAILURES_PER_ADDRESS_FREE).min(20);
            now + SignedDuration::from_secs(doubled.min(ADDRESS_WAIT_SECONDS_MAX))
        }
        _ => Timestamp::UNIX_EPOCH,
    };
    sqlx::query(
        "INSERT INTO throttle (sort, subject, failures, until, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (sort, subject) DO UPDATE SET failures = excluded.failures, until = excluded.until, updated_at = excluded.updated_at",
    )
    .bind(sort)
    .bind(subject)
    .bind(failures)
    .bind(until.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM throttle WHERE updated_at < $1 AND until < $2")
        .bind(forgotten.as_microsecond())
        .bind(now.as_microsecond())
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "DELETE FROM throttle WHERE (sort, subject) IN (SELECT sort, subject FROM throttle ORDER BY updated_at DESC LIMIT -1 OFFSET $1)",
    )
    .bind(THROTTLED_MAX)
    .execute(&mut *conn)
    .await
    .map(|_| ())
}

impl Store {
    async fn hashed(&self, password: &str) -> Result<String, StoreError> {
        let _slot = self.hashing.acquire().await.map_err(|e| StoreError::World(e.into()))?;
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || passwords::hash(&password))
            .await
            .map_err(|e| StoreError::World(e.into()))?
    }

    async fn password_matches(&self, password: &str, phc: Option<String>) -> Result<bool, StoreError> {
        let _slot = self.hashing.acquire().await.map_err(|e| StoreError::World(e.into()))?;
        // What nobody may have is not hashed at its full length.
        let password: String = password.chars().take(PASSWORD_CHARS_MAX + 1).collect();
        tokio::task::spawn_blocking(move || passwords::matches(&password, phc.as_deref()))
            .await
            .map_err(|e| StoreError::World(e.into()))
    }

    /// Makes an account that signs in as `person`. `by` is who makes it; `None` is the command line.
    ///
    /// Errors: `login.wrong`, `login.taken`, `password.*`.
    pub async fn add_account(
        &self,
        by: Option<PersonId>,
        login: &str,
        person: PersonId,
        password: &str,
        must_change: bool,
        context: &[&str],
    ) -> Result<Account, StoreError> {
        let login = login_name(login)?;
        let mut words = vec![login.as_str()];
        words.extend_from_slice(context);
        passwords::check(password, &words)?;
        let phc = self.hashed(password).await?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let made = sqlx::query(
            "INSERT INTO account (login, person, phc, state, must_change, created_at, changed_at)
             VALUES ($1, $2, $3, 'active', $4, $5, $5) ON CONFLICT (login) DO NOTHING",
        )
        .bind(&login)
        .bind(&person.0.to_be_bytes()[..])
        .bind(phc)
        .bind(i64::from(must_change))
        .bind(now.as_microsecond())
        .execute(tx.conn())
        .await;
        match made {
            Err(e) => return Err(tx.failed(e)),
            Ok(done) if done.rows_affected() == 0 => {
                tx.rollback().await;
                return Err(refuse(
                    Why::Conflict,
                    "login.taken",
                    format!("登录名“{login}”已被使用，请换一个"),
                    format!("the login name “{login}” is taken; choose another"),
                )
                .at("login")
                .into());
            }
            Ok(_) => {}
        }
        self.noted(
            tx,
            now,
            Noted { act: "account", result: "made", person: by, login: Some(&login), ..Noted::default() },
        )
        .await?;
        Ok(Account {
            login,
            person,
            state: AccountState::Active,
            must_change,
            created_at: now,
            changed_at: now,
            signed_in_at: None,
        })
    }

    /// Every account, by login name.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(
            "SELECT login, person, state, must_change, created_at, changed_at, signed_in_at FROM account ORDER BY login",
        )
        .fetch_all(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(rows.iter().map(account).collect())
    }

    /// The account under a login name.
    pub async fn account(&self, login: &str) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query(
            "SELECT login, person, state, must_change, created_at, changed_at, signed_in_at FROM account WHERE login = $1",
        )
        .bind(login.trim().to_lowercase())
        .fetch_optional(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(row.as_ref().map(account))
    }

    /// Enables or disables an account; disabling ends its sessions at once.
    pub async fn set_account_state(
        &self,
        by: Option<PersonId>,
        login: &str,
        state: AccountState,
    ) -> Result<(), StoreError> {
        let login = login.trim().to_lowercase();
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let set = sqlx::query("UPDATE account SET state = $2 WHERE login = $1")
            .bind(&login)
            .bind(state.key())
            .execute(tx.conn())
            .await;
        match set {
            Err(e) => return Err(tx.failed(e)),
            Ok(done) if done.rows_affected() == 0 => {
                tx.rollback().await;
                return Err(unknown_account(&login).into());
            }
            Ok(_) => {}
        }
        if state == AccountState::Disabled {
            end_all(&mut tx, &login).await?;
        }
        self.noted(
            tx,
            now,
            Noted { act: "account", result: state.key(), person: by, login: Some(&login), ..Noted::default() },
        )
        .await
    }

    /// Gives an account a generated password that must be changed at the next sign-in, ends its sessions and
    /// frees it from waiting. Answers the password: shown once, kept nowhere.
    pub async fn reset_password(&self, by: Option<PersonId>, login: &str) -> Result<String, StoreError> {
        let password = passwords::generated();
        self.put_password(by, login, &password, true, "reset").await?;
        Ok(password)
    }

    /// Sets an account's password as its administrator chose it on the command line; it must be changed at the
    /// next sign-in when `must_change` is set. Ends its sessions.
    pub async fn set_password(
        &self,
        by: Option<PersonId>,
        login: &str,
        password: &str,
        must_change: bool,
        context: &[&str],
    ) -> Result<(), StoreError> {
        let login = login.trim().to_lowercase();
        let mut words = vec![login.as_str()];
        words.extend_from_slice(context);
        passwords::check(password, &words)?;
        self.put_password(by, &login, password, must_change, "set").await
    }

    /// Changes one's own password: the old one is asked again, all sessions end, and a new one begins.
    ///
    /// Errors: `signin.wrong` (also counted as a failure), `signin.wait`, `password.*`, `password.same`.
    pub async fn change_password(
        &self,
        login: &str,
        old: &str,
        new: &str,
        context: &[&str],
        origin: &Origin,
    ) -> Result<SignedIn, StoreError> {
        let login = login.trim().to_lowercase();
        let mut words = vec![login.as_str()];
        words.extend_from_slice(context);
        passwords::check(new, &words)?;
        if old == new {
            return Err(refuse(
                Why::Wrong,
                "password.same",
                "新密码与原密码相同，请换一个",
                "the new password is the old one; choose another",
            )
            .at("password")
            .into());
        }
        self.sign_in(&login, old, origin).await?;
        self.put_password(None, &login, new, false, "changed").await?;
        self.sign_in(&login, new, origin).await
    }

    /// The one place where a password is written: every session of the account ends with it.
    async fn put_password(
        &self,
        by: Option<PersonId>,
        login: &str,
        password: &str,
        must_change: bool,
        result: &str,
    ) -> Result<(), StoreError> {
        let login = login.trim().to_lowercase();
        let phc = self.hashed(password).await?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let set = sqlx::query("UPDATE account SET phc = $2, must_change = $3, changed_at = $4 WHERE login = $1")
            .bind(&login)
            .bind(phc)
            .bind(i64::from(must_change))
            .bind(now.as_microsecond())
            .execute(tx.conn())
            .await;
        match set {
            Err(e) => return Err(tx.failed(e)),
            Ok(done) if done.rows_affected() == 0 => {
                tx.rollback().await;
                return Err(unknown_account(&login).into());
            }
            Ok(_) => {}
        }
        let freed = sqlx::query("DELETE FROM throttle WHERE sort = 'login' AND subject = $1")
            .bind(&login)
            .execute(tx.conn())
            .await;
        if let Err(e) = freed {
            return Err(tx.failed(e));
        }
        end_all(&mut tx, &login).await?;
        self.noted(tx, now, Noted { act: "password", result, person: by, login: Some(&login), ..Noted::default() })
            .await
    }

    /// Signs in. The same words, work and time for an unknown login name, a wrong password and a disabled account.
    ///
    /// Errors: `signin.wrong`; `signin.wait` after 5 failures of a login name (15 minutes) or more than 10 from
    /// one address (a doubling wait).
    pub async fn sign_in(&self, login: &str, password: &str, origin: &Origin) -> Result<SignedIn, StoreError> {
        let login: String = login.trim().to_lowercase().chars().take(LOGIN_CHARS_MAX).collect();
        let place = neighbourhood(&origin.address);
        let now = self.now();
        {
            let mut conn = self.db().readers().acquire().await.map_err(read_failed)?;
            if let Some(until) = waiting(&mut conn, &login, &place, now).await.map_err(read_failed)? {
                return Err(wait(until, now).into());
            }
        }
        let phc = sqlx::query("SELECT phc FROM account WHERE login = $1 AND state = 'active'")
            .bind(&login)
            .fetch_optional(self.db().readers())
            .await
            .map_err(read_failed)?
            .map(|r| r.get::<String, _>(0));
        let right = self.password_matches(password, phc.clone()).await?;
        let mut tx = self.db().begin().await?;
        // Parallel guesses: whoever comes after the lock is refused even when right.
        match waiting(tx.conn(), &login, &place, now).await {
            Err(e) => return Err(tx.failed(e)),
            Ok(Some(until)) => {
                tx.rollback().await;
                return Err(wait(until, now).into());
            }
            Ok(None) => {}
        }
        // The account as it is now: disabled or given another password in the meantime counts.
        let found = sqlx::query(
            "SELECT login, person, state, must_change, created_at, changed_at, signed_in_at, phc FROM account WHERE login = $1 AND state = 'active'",
        )
        .bind(&login)
        .fetch_optional(tx.conn())
        .await;
        let found = match found {
            Err(e) => return Err(tx.failed(e)),
            Ok(row) => row.filter(|r| right && phc.as_deref() == Some(r.get::<&str, _>(7))).map(|r| account(&r)),
        };
        let Some(account) = found else {
            let counted = async {
                failed_again(tx.conn(), "login", &login, now).await?;
                failed_again(tx.conn(), "address", &place, now).await
            };
            if let Err(e) = counted.await {
                return Err(tx.failed(e));
            }
            let noted = Noted {
                act: "sign-in",
                result: "wrong",
                login: Some(&login),
                address: Some(&origin.address),
                ..Noted::default()
            };
            self.noted(tx, now, noted).await?;
            return Err(wrong().into());
        };
        let begun = async {
            sqlx::query("DELETE FROM throttle WHERE sort = 'login' AND subject = $1")
                .bind(&login)
                .execute(tx.conn())
                .await?;
            sqlx::query("UPDATE account SET signed_in_at = $2 WHERE login = $1")
                .bind(&login)
                .bind(now.as_microsecond())
                .execute(tx.conn())
                .await?;
            crate::sessions::begin(tx.conn(), &account, origin, now).await
        };
        let signed_in = match begun.await {
            Ok(signed_in) => signed_in,
            Err(e) => return Err(tx.failed(e)),
        };
        let noted = Noted {
            act: "sign-in",
            result: "done",
            person: Some(account.person),
            login: Some(&login),
            address: Some(&origin.address),
            ..Noted::default()
        };
        self.noted(tx, now, noted).await?;
        Ok(signed_in)
    }

    /// Writes an audit line and commits: when it cannot be written, the act fails.
    pub(crate) async fn noted(&self, mut tx: Tx<'_>, now: Timestamp, what: Noted<'_>) -> Result<(), StoreError> {
        match note(tx.conn(), now, &what).await {
            Ok(()) => tx.commit().await,
            Err(e) => {
                let e = tx.failed(e);
                tx.rollback().await;
                Err(e)
            }
        }
    }
}

async fn end_all(tx: &mut Tx<'_>, login: &str) -> Result<(), StoreError> {
    let ended = sqlx::query("DELETE FROM session WHERE login = $1").bind(login).execute(tx.conn()).await;
    ended.map(|_| ()).map_err(|e| tx.failed(e))
}

/// SHA-256 of a token, as sessions are found by.
pub(crate) fn token_hash(token: &str) -> Digest {
    Digest::of(token.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_name_is_trimmed_lower_case_and_plain() {
        assert_eq!(login_name(" Wang.JG ").unwrap(), "wang.jg");
        assert_eq!(login_name("王建国").unwrap(), "王建国");
        for bad in ["", "  ", "a b", "a/b", "a\u{200b}b", &"x".repeat(65)] {
            assert_eq!(login_name(bad).unwrap_err().code, "login.wrong", "{bad:?}");
        }
    }

    #[test]
    fn an_ipv6_neighbourhood_counts_as_one_address() {
        assert_eq!(neighbourhood("2001:db8:1:2::5"), neighbourhood("2001:db8:1:2:ffff::9"));
        assert_ne!(neighbourhood("2001:db8:1:2::5"), neighbourhood("2001:db8:1:3::5"));
        assert_eq!(neighbourhood("::ffff:10.0.0.9"), "10.0.0.9");
        assert_eq!(neighbourhood("10.0.0.9"), "10.0.0.9");
    }
}
