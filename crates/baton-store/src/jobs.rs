//! Jobs and the outbox: work done after a commit, under a unique key, with a lease and a bounded number of tries.

use crate::limits::*;
use crate::store::Store;
use crate::trouble::*;
use crate::workbench::check_word;
use baton_kernel::ids::PersonId;
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Which queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Messages to people and other systems.
    Outbox,
    /// Work of the system itself.
    Work,
}

impl Lane {
    fn key(self) -> &'static str {
        match self {
            Lane::Outbox => "outbox",
            Lane::Work => "work",
        }
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Not begun, or to be tried again.
    Waiting,
    /// A worker holds it.
    Taken,
    /// Done.
    Done,
    /// Set aside after too many tries; visible until somebody looks.
    Failed,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Identity.
    pub id: u128,
    /// Unique in its lane: the same deadline never fires twice.
    pub key: String,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub json: String,
    /// In whose name, with whose rights; `None` for the system.
    pub owner: Option<PersonId>,
    /// Where it stands.
    pub state: JobState,
    /// Tries begun.
    pub tries: u32,
    /// The lease of the worker that holds it: finishing needs it.
    pub lease: u128,
    /// What came of it.
    pub result: Option<String>,
    /// Why the last try failed.
    pub error: Option<String>,
}

fn number(bytes: Option<&[u8]>) -> u128 {
    bytes.and_then(|b| <[u8; 16]>::try_from(b).ok()).map_or(0, u128::from_be_bytes)
}

fn job(row: &SqliteRow) -> Job {
    let owner: Option<&[u8]> = row.get(4);
    Job {
        id: number(Some(row.get(0))),
        key: row.get(1),
        kind: row.get(2),
        json: row.get(3),
        owner: owner.map(|o| PersonId(number(Some(o)))),
        state: match row.get::<&str, _>(5) {
            "taken" => JobState::Taken,
            "done" => JobState::Done,
            "failed" => JobState::Failed,
            _ => JobState::Waiting,
        },
        tries: row.get::<i64, _>(6) as u32,
        lease: number(row.get(7)),
        result: row.get(8),
        error: row.get(9),
    }
}

impl Store {
    /// Adds a job to be begun at `run_at`. Answers `false` when its key is known: it is never added twice.
    pub async fn add_job(
        &self,
        lane: Lane,
        key: &str,
        kind: &str,
        json: &str,
        owner: Option<PersonId>,
        run_at: Timestamp,
    ) -> Result<bool, StoreError> {
        check_word(key)?;
        check_word(kind)?;
        let mut tx = self.db().begin().await?;
        let added = sqlx::query(
            "INSERT INTO job (id, lane, key, kind, json, owner, state, run_at, tries, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, 0, $8)
             ON CONFLICT (lane, key) DO NOTHING",
        )
        .bind(&self.ids().bytes()[..])
        .bind(lane.key())
        .bind(key)
        .bind(kind)
        .bind(json)
        .bind(owner.map(|o| o.0.to_be_bytes().to_vec()))
        .bind(run_at.as_microsecond())
        .bind(self.now().as_microsecond())
        .execute(tx.conn())
        .await;
        match added {
            Ok(done) => tx.commit().await.map(|()| done.rows_affected() > 0),
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// Takes the next due job of a lane for five minutes: one that waits, or one whose worker went away.
    ///
    /// A job whose third try was lost is set aside as failed and not given again.
    pub async fn take_job(&self, lane: Lane) -> Result<Option<Job>, StoreError> {
        let now = self.now();
        let lease = u128::from_be_bytes(crate::clock::random());
        let mut tx = self.db().begin().await?;
        let taken = async {
            sqlx::query(
                "UPDATE job SET state = 'failed', ended_at = $2, error = COALESCE(error, 'lost') WHERE lane = $1 AND state = 'taken' AND leased_to <= $2 AND tries >= $3",
            )
            .bind(lane.key())
            .bind(now.as_microsecond())
            .bind(JOB_TRIES_MAX)
            .execute(tx.conn())
            .await?;
            sqlx::query(
                "UPDATE job SET state = 'taken', tries = tries + 1, lease = $3, leased_to = $4 WHERE id =
                   (SELECT id FROM job WHERE lane = $1 AND ((state = 'waiting' AND run_at <= $2) OR (state = 'taken' AND leased_to <= $2)) ORDER BY run_at, id LIMIT 1)
                 RETURNING id, key, kind, json, owner, state, tries, lease, result, error",
            )
            .bind(lane.key())
            .bind(now.as_microsecond())
            .bind(&lease.to_be_bytes()[..])
            .bind((now + SignedDuration::from_mins(JOB_LEASE_MINUTES)).as_microsecond())
            .fetch_optional(tx.conn())
            .await
        };
        match taken.await {
            Ok(row) => {
                let job = row.as_ref().map(job);
                tx.commit().await?;
                Ok(job)
            }
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// Ends a job that is held. Answers `false` when the lease was lost in the meantime: another worker has it.
    pub async fn finish_job(&self, job: &Job, result: &str) -> Result<bool, StoreError> {
        let mut tx = self.db().begin().await?;
        let ended = sqlx::query("UPDATE job SET state = 'done', result = $3, ended_at = $4, leased_to = NULL WHERE id = $1 AND lease = $2 AND state = 'taken'")
            .bind(&job.id.to_be_bytes()[..])
            .bind(&job.lease.to_be_bytes()[..])
            .bind(result)
            .bind(self.now().as_microsecond())
            .execute(tx.conn())
            .await;
        match ended {
            Ok(done) => tx.commit().await.map(|()| done.rows_affected() > 0),
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// Gives a held job back after a failed try, to be tried again at `again`; after the third it is set aside.
    pub async fn fail_job(&self, job: &Job, error: &str, again: Timestamp) -> Result<JobState, StoreError> {
        let state = if i64::from(job.tries) >= JOB_TRIES_MAX { JobState::Failed } else { JobState::Waiting };
        let (word, ended) = match state {
            JobState::Failed => ("failed", Some(self.now().as_microsecond())),
            _ => ("waiting", None),
        };
        let mut tx = self.db().begin().await?;
        let given = sqlx::query(
            "UPDATE job SET state = $3, error = $4, run_at = $5, ended_at = $6, leased_to = NULL WHERE id = $1 AND lease = $2 AND state = 'taken'",
        )
        .bind(&job.id.to_be_bytes()[..])
        .bind(&job.lease.to_be_bytes()[..])
        .bind(word)
        .bind(error.chars().take(2_000).collect::<String>())
        .bind(again.as_microsecond())
        .bind(ended)
        .execute(tx.conn())
        .await;
        match given {
            Ok(_) => tx.commit().await.map(|()| state),
            Err(e) => Err(tx.failed(e)),
        }
    }

    /// The job under a key.
    pub async fn job(&self, lane: Lane, key: &str) -> Result<Option<Job>, StoreError> {
        let row = sqlx::query(
            "SELECT id, key, kind, json, owner, state, tries, lease, result, error FROM job WHERE lane = $1 AND key = $2",
        )
        .bind(lane.key())
        .bind(key)
        .fetch_optional(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(row.as_ref().map(job))
    }

    /// Jobs set aside after too many tries, oldest first.
    pub async fn failed_jobs(&self) -> Result<Vec<Job>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, key, kind, json, owner, state, tries, lease, result, error FROM job WHERE state = 'failed' ORDER BY created_at, id",
        )
        .fetch_all(self.db().readers())
        .await
        .map_err(read_failed)?;
        Ok(rows.iter().map(job).collect())
    }

    /// The newest jobs of both lanes with when they were made, newest first, at most `count`.
    pub async fn jobs(&self, count: u32) -> Result<Vec<(Job, Lane, Timestamp)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, key, kind, json, owner, state, tries, lease, result, error, lane, created_at FROM job ORDER BY created_at DESC, id LIMIT $1",
        )
        .bind(i64::from(count))
        .fetch_all(self.db().readers())
        .await
        .map_err(read_failed)?;
        let lane = |row: &SqliteRow| if row.get::<&str, _>(10) == "outbox" { Lane::Outbox } else { Lane::Work };
        let made = |row: &SqliteRow| Timestamp::from_microsecond(row.get(11)).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(rows.iter().map(|r| (job(r), lane(r), made(r))).collect())
    }
}
