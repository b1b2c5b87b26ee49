//! Intake: what people tell the office, complaints, suggestions, claims of rights; with what was answered.
//!
//! Outside the ledger: words of people to whom an answer is owed. What the office does about them is.

use crate::limits::*;
use crate::store::Store;
use crate::trouble::*;
use baton_kernel::Why;
use baton_kernel::ids::PersonId;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A complaint or suggestion (投诉建议) of somebody signed in.
    Suggestion,
    /// A claim of rights on something published, by anybody.
    Claim,
}

impl Sort {
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Sort::Suggestion => "suggestion",
            Sort::Claim => "claim",
        }
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntakeState {
    /// Came in.
    Received,
    /// Somebody deals with it.
    Taken,
    /// Answered.
    Answered,
    /// Nothing more is to be done.
    Closed,
}

impl IntakeState {
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            IntakeState::Received => "received",
            IntakeState::Taken => "taken",
            IntakeState::Answered => "answered",
            IntakeState::Closed => "closed",
        }
    }
    /// The state under a key.
    pub fn parse(key: &str) -> Option<IntakeState> {
        use IntakeState::*;
        [Received, Taken, Answered, Closed].into_iter().find(|s| s.key() == key)
    }
    /// Whether somebody still has to do something.
    pub fn waits(self) -> bool {
        matches!(self, IntakeState::Received | IntakeState::Taken)
    }
}

/// Something told, as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is.
    pub sort: Sort,
    /// Who is signed in; `None` for the public.
    pub owner: Option<PersonId>,
    /// Name and how to be reached; empty for who is signed in.
    pub contact: String,
    /// What it is about: a page, or the paper claimed.
    pub about: String,
    /// The words.
    pub text: String,
    /// By when it is to be dealt with.
    pub due_at: Timestamp,
}

/// Something told, with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// Identity.
    pub id: u128,
    /// As handed in.
    pub told: Told,
    /// Where it stands.
    pub state: IntakeState,
    /// The answer; empty while there is none.
    pub answer: String,
    /// Who answered last.
    pub by: Option<PersonId>,
    /// When it came.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

const COLUMNS: &str =
    "id, sort, owner, contact, about, text, due_at, state, answer, answered_by, created_at, changed_at";

fn time(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn intake(row: &SqliteRow) -> Intake {
    let person = |n: usize| row.get::<Option<&[u8]>, _>(n).map(crate::accounts::person);
    Intake {
        id: <[u8; 16]>::try_from(row.get::<&[u8], _>(0)).map_or(0, u128::from_be_bytes),
        told: Told {
            sort: if row.get::<&str, _>(1) == "claim" { Sort::Claim } else { Sort::Suggestion },
            owner: person(2),
            contact: row.get(3),
            about: row.get(4),
            text: row.get(5),
            due_at: time(row.get(6)),
        },
        state: IntakeState::parse(row.get(7)).unwrap_or(IntakeState::Received),
        answer: row.get(8),
        by: person(9),
        created_at: time(row.get(10)),
        changed_at: time(row.get(11)),
    }
}

impl Store {
    /// Takes something in. Errors: `intake.many` when too much waits already, `intake.long`.
    pub async fn take_in(&self, told: &Told) -> Result<Intake, StoreError> {
        let length = told.text.chars().count() + told.contact.chars().count() + told.about.chars().count();
        if length > INTAKE_CHARS_MAX {
            return Err(refuse(
                Why::Wrong,
                "intake.long",
                format!("一共 {length} 字，超过上限 {INTAKE_CHARS_MAX} 字，请写短些"),
                format!("{length} characters, more than {INTAKE_CHARS_MAX}; write less"),
            )
            .at("text")
            .into());
        }
        let id = self.ids().next();
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let put = async {
            // Each person has a bound of their own, and so has the public as a whole.
            let waiting: i64 =
                sqlx::query("SELECT COUNT(*) FROM intake WHERE owner IS $1 AND state IN ('received', 'taken')")
                    .bind(told.owner.map(|o| o.0.to_be_bytes().to_vec()))
                    .fetch_one(tx.conn())
                    .await?
                    .get(0);
            if waiting >= if told.owner.is_some() { INTAKE_PER_OWNER_MAX } else { INTAKE_PUBLIC_MAX } {
                return Ok(None);
            }
            sqlx::query(
                "INSERT INTO intake (id, sort, owner, contact, about, text, due_at, state, answer, answered_by, created_at, changed_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'received', '', NULL, $8, $8)",
            )
            .bind(&id.to_be_bytes()[..])
            .bind(told.sort.key())
            .bind(told.owner.map(|o| o.0.to_be_bytes().to_vec()))
            .bind(&told.contact)
            .bind(&told.about)
            .bind(&told.text)
            .bind(told.due_at.as_microsecond())
            .bind(now.as_microsecond())
            .execute(tx.conn())
            .await
            .map(Some)
        };
        let done: Result<Option<_>, sqlx::Error> = put.await;
        match done {
            Ok(Some(_)) => tx.commit().await?,
            Ok(None) => {
                tx.rollback().await;
                return Err(refuse(
                    Why::NotNow,
                    "intake.many",
                    "等着办的已经很多，请等答复后再提",
                    "too many wait for an answer already; try again after they are dealt with",
                )
                .into());
            }
            Err(e) => return Err(tx.failed(e)),
        }
        Ok(Intake {
            id,
            told: told.clone(),
            state: IntakeState::Received,
            answer: String::new(),
            by: None,
            created_at: now,
            changed_at: now,
        })
    }

    /// Everything taken in, what waits first, then newest first.
    pub async fn intakes(&self) -> Result<Vec<Intake>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM intake ORDER BY state NOT IN ('received', 'taken'), created_at DESC, id LIMIT {INTAKE_SHOWN_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(self.db().readers()).await.map_err(read_failed)?;
        Ok(rows.iter().map(intake).collect())
    }

    /// What one person told, newest first.
    pub async fn intakes_of(&self, owner: PersonId) -> Result<Vec<Intake>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM intake WHERE owner = $1 ORDER BY created_at DESC, id LIMIT {INTAKE_SHOWN_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&owner.0.to_be_bytes()[..])
            .fetch_all(self.db().readers())
            .await
            .map_err(read_failed)?;
        Ok(rows.iter().map(intake).collect())
    }

    /// One of them.
    pub async fn intake(&self, id: u128) -> Result<Option<Intake>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM intake WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&id.to_be_bytes()[..])
            .fetch_optional(self.db().readers())
            .await
            .map_err(read_failed)?;
        Ok(row.as_ref().map(intake))
    }

    /// How many wait.
    pub async fn intakes_waiting(&self) -> Result<usize, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) FROM intake WHERE state IN ('received', 'taken')")
            .fetch_one(self.db().readers())
            .await
            .map_err(read_failed)?;
        Ok(row.get::<i64, _>(0) as usize)
    }

    /// Writes where it stands and what is answered; answers `false` when there is no such thing.
    pub async fn answer_intake(
        &self,
        id: u128,
        by: PersonId,
        state: IntakeState,
        answer: &str,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db().begin().await?;
        let done =
            sqlx::query("UPDATE intake SET state = $2, answer = $3, answered_by = $4, changed_at = $5 WHERE id = $1")
                .bind(&id.to_be_bytes()[..])
                .bind(state.key())
                .bind(answer.chars().take(INTAKE_CHARS_MAX).collect::<String>())
                .bind(&by.0.to_be_bytes()[..])
                .bind(self.now().as_microsecond())
                .execute(tx.conn())
                .await;
        match done {
            Ok(done) => tx.commit().await.map(|()| done.rows_affected() > 0),
            Err(e) => Err(tx.failed(e)),
        }
    }
}
