//! Every bound of the store, by name.

/// Commands waiting for the writer; the next caller waits until one is done.
pub const COMMANDS_WAITING_MAX: usize = 1024;
/// Commands that share one durable commit.
pub const GROUP_COMMANDS_MAX: usize = 256;
/// Entries read from the database at a time while replaying.
pub const REPLAY_CHUNK_ENTRIES: u64 = 2_000;
/// How far a given time may lie before the last entry and still count as the same instant, in milliseconds:
/// each entry of one instant is a microsecond later than the one before.
pub const SAME_INSTANT_MS: i64 = 1_000;
/// Read-only connections.
pub const READERS_MAX: u32 = 4;
/// How long a statement waits for another connection's lock, in milliseconds.
pub const BUSY_WAIT_MS: u32 = 5_000;
/// Bytes of one file.
pub const FILE_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Hours after which a file that no entry names is removed.
pub const ORPHAN_HOURS: i64 = 24;
/// Bytes of one draft.
pub const DRAFT_BYTES_MAX: usize = 1024 * 1024;
/// Drafts of one person.
pub const DRAFTS_PER_OWNER_MAX: i64 = 500;
/// Characters of a draft's kind or key, a preview's purpose, a job's kind or key.
pub const WORD_CHARS_MAX: usize = 200;
/// Bytes of one import preview.
pub const PREVIEW_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Hours an import preview may be confirmed.
pub const PREVIEW_HOURS: i64 = 24;
/// Previews of one person; the oldest goes first.
pub const PREVIEWS_PER_OWNER_MAX: i64 = 20;
/// Characters of a login name.
pub const LOGIN_CHARS_MAX: usize = 64;
/// Characters a password must have.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Characters a password may have.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// zxcvbn score (0..=4) a password must reach: 3 = safe against offline guessing of moderate cost.
pub const PASSWORD_SCORE_MIN: u8 = 3;
/// Passwords hashed at the same time (19 MiB each).
pub const HASHES_AT_ONCE: usize = 2;
/// Wrong passwords for one login name before it is locked.
pub const FAILURES_PER_LOGIN_MAX: i64 = 5;
/// How long a login name stays locked, in minutes.
pub const LOGIN_LOCK_MINUTES: i64 = 15;
/// Wrong passwords from one address before it must wait; the wait doubles with each further one.
pub const FAILURES_PER_ADDRESS_FREE: i64 = 10;
/// Longest wait of an address, in seconds.
pub const ADDRESS_WAIT_SECONDS_MAX: i64 = 15 * 60;
/// Quiet minutes after which failures are forgotten.
pub const FAILURES_FORGOTTEN_MINUTES: i64 = 60;
/// Login names and addresses whose failures are remembered.
pub const THROTTLED_MAX: i64 = 20_000;
/// Idle minutes after which a session ends.
pub const SESSION_IDLE_MINUTES: i64 = 30;
/// Hours after which a session ends whatever happens.
pub const SESSION_HOURS_MAX: i64 = 12;
/// Sessions of one account; signing in again ends the oldest.
pub const SESSIONS_PER_ACCOUNT_MAX: i64 = 20;
/// Seconds between two writes of "last seen" of one session.
pub const SEEN_EVERY_SECONDS: i64 = 60;
/// Characters of a client's own description (user agent) that are kept.
pub const CLIENT_CHARS_MAX: usize = 200;
/// Tries of a job before it is set aside.
pub const JOB_TRIES_MAX: i64 = 3;
/// Minutes a worker holds a job before another may take it.
pub const JOB_LEASE_MINUTES: i64 = 5;
/// Recorded state hashes that `verify` compares, newest first.
pub const STATES_COMPARED_MAX: usize = 8;
/// Findings of one `verify`; more are counted, not listed.
pub const FINDINGS_MAX: usize = 1_000;
/// Bytes of a backup's manifest.
pub const MANIFEST_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Most characters of one thing taken in.
pub const INTAKE_CHARS_MAX: usize = 5_000;
/// Most things of one person that wait.
pub const INTAKE_PER_OWNER_MAX: i64 = 20;
/// Most things of the public that wait.
pub const INTAKE_PUBLIC_MAX: i64 = 500;
/// Things taken in that are listed.
pub const INTAKE_SHOWN_MAX: usize = 500;
