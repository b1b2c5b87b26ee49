//! The tables and their forward migrations, each applied whole in one transaction.

/// One step of the format: its number and its statements.
pub(crate) struct Step {
    /// Format version after this step.
    pub version: i64,
    /// Statements.
    pub sql: &'static str,
}

/// Every step ever released, in order. A step once released is never changed.
pub(crate) const STEPS: &[Step] =
    &[Step { version: 1, sql: V1 }, Step { version: 2, sql: BOARDS }, Step { version: 3, sql: INTAKE }];

/// The format this program writes.
pub(crate) fn newest() -> i64 {
    STEPS.last().map_or(0, |s| s.version)
}

/// The table that says which format a database has; made before any step.
pub(crate) const FORMAT: &str = "
CREATE TABLE IF NOT EXISTS format (
    version    INTEGER PRIMARY KEY,
    program    TEXT    NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
";

const V1: &str = "
-- Who holds the database now. One row.
CREATE TABLE instance (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    holder     TEXT    NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;

-- The ledger. `text` is the canonical JSON that was hashed.
CREATE TABLE entry (
    seq      INTEGER PRIMARY KEY CHECK (seq > 0),
    batch    INTEGER NOT NULL CHECK (batch > 0 AND batch <= seq),
    known_at INTEGER NOT NULL UNIQUE,
    hash     BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    prev     BLOB    NOT NULL UNIQUE CHECK (length(prev) = 32),
    text     TEXT    NOT NULL
) STRICT;
CREATE TRIGGER entry_stays   BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Texts that entries name. Erasure by law empties salt and bytes and leaves the digest.
CREATE TABLE blob (
    digest    BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    seq       INTEGER NOT NULL REFERENCES entry (seq),
    salt      BLOB    CHECK (salt IS NULL OR length(salt) = 16),
    bytes     BLOB,
    text      INTEGER NOT NULL CHECK (text IN (0, 1)),
    erased_at INTEGER,
    CHECK ((erased_at IS NULL) = (bytes IS NOT NULL)),
    CHECK ((erased_at IS NULL) = (salt IS NOT NULL))
) STRICT;
CREATE INDEX blob_by_seq ON blob (seq);

-- Files in DIR/files. `seq` is the first entry that names it; `plain` finds the same upload of the same person.
CREATE TABLE file (
    digest    BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    name      TEXT    NOT NULL,
    media     TEXT    NOT NULL,
    bytes     INTEGER NOT NULL CHECK (bytes >= 0),
    put_at    INTEGER NOT NULL,
    put_by    TEXT    NOT NULL,
    plain     BLOB,
    seq       INTEGER REFERENCES entry (seq),
    erased_at INTEGER
) STRICT;
CREATE INDEX file_by_plain ON file (put_by, plain);
CREATE INDEX file_unnamed  ON file (put_at) WHERE seq IS NULL;

-- What a command answered, found again by its key.
CREATE TABLE receipt (
    principal    TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    request_hash BLOB    NOT NULL CHECK (length(request_hash) = 32),
    answer       TEXT    NOT NULL,
    first        INTEGER NOT NULL UNIQUE REFERENCES entry (seq),
    last         INTEGER NOT NULL UNIQUE REFERENCES entry (seq),
    at           INTEGER NOT NULL,
    PRIMARY KEY (principal, key)
) STRICT;
CREATE TRIGGER receipt_stays BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;

-- Identities of submissions, unique for ever.
CREATE TABLE submission (
    id  BLOB    PRIMARY KEY CHECK (length(id) = 16),
    seq INTEGER NOT NULL REFERENCES entry (seq)
) STRICT;

-- State hashes recorded at a cut, compared by verify.
CREATE TABLE state (
    seq         INTEGER PRIMARY KEY,
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    program     TEXT    NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

-- Acts that change no business fact: sign-ins, refusals, exports. A second chain of the same form.
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY CHECK (seq > 0),
    known_at INTEGER NOT NULL,
    hash     BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    prev     BLOB    NOT NULL UNIQUE CHECK (length(prev) = 32),
    text     TEXT    NOT NULL
) STRICT;
CREATE TRIGGER audit_stays   BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- Accounts: who may sign in as which person. No personal data beside the login name.
CREATE TABLE account (
    login        TEXT    PRIMARY KEY,
    person       BLOB    NOT NULL CHECK (length(person) = 16),
    phc          TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('active', 'disabled')),
    must_change  INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    signed_in_at INTEGER
) STRICT;
CREATE INDEX account_by_person ON account (person);

-- Only the SHA-256 of a token is kept.
CREATE TABLE session (
    token      BLOB    PRIMARY KEY CHECK (length(token) = 32),
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    login      TEXT    NOT NULL REFERENCES account (login) ON DELETE CASCADE,
    csrf       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    address    TEXT    NOT NULL,
    client     TEXT    NOT NULL
) STRICT;
CREATE INDEX session_by_login ON session (login, created_at);

-- Failed sign-ins by login name ('login') and by network address ('address').
CREATE TABLE throttle (
    sort       TEXT    NOT NULL CHECK (sort IN ('login', 'address')),
    subject    TEXT    NOT NULL,
    failures   INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (sort, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_by_age ON throttle (updated_at);

-- Workbench.
CREATE TABLE draft (
    owner      BLOB    NOT NULL CHECK (length(owner) = 16),
    kind       TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    json       TEXT    NOT NULL,
    base       INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (owner, kind, key)
) STRICT;

CREATE TABLE preview (
    id         BLOB    PRIMARY KEY CHECK (length(id) = 16),
    owner      BLOB    NOT NULL CHECK (length(owner) = 16),
    purpose    TEXT    NOT NULL,
    file       BLOB    NOT NULL CHECK (length(file) = 32),
    head       INTEGER NOT NULL,
    json       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX preview_by_owner ON preview (owner, created_at);

-- Work to be done after a commit; lane 'outbox' holds messages, lane 'work' holds jobs.
CREATE TABLE job (
    id         BLOB    PRIMARY KEY CHECK (length(id) = 16),
    lane       TEXT    NOT NULL CHECK (lane IN ('outbox', 'work')),
    key        TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    json       TEXT    NOT NULL,
    owner      BLOB    CHECK (owner IS NULL OR length(owner) = 16),
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'taken', 'done', 'failed')),
    run_at     INTEGER NOT NULL,
    lease      BLOB,
    leased_to  INTEGER,
    tries      INTEGER NOT NULL,
    result     TEXT,
    error      TEXT,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER,
    UNIQUE (lane, key)
) STRICT;
CREATE INDEX job_due ON job (lane, state, run_at);
";

const BOARDS: &str = "
-- Workbench shared by everyone who works on one thing: the live state of a meeting, how a speech was cut.
CREATE TABLE board (
    kind       TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    json       TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;
";

const INTAKE: &str = "
-- What people tell the office: complaints, suggestions, claims of rights; with the answer.
CREATE TABLE intake (
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    sort        TEXT    NOT NULL CHECK (sort IN ('suggestion', 'claim')),
    owner       BLOB    CHECK (owner IS NULL OR length(owner) = 16),
    contact     TEXT    NOT NULL,
    about       TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    due_at      INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('received', 'taken', 'answered', 'closed')),
    answer      TEXT    NOT NULL,
    answered_by BLOB    CHECK (answered_by IS NULL OR length(answered_by) = 16),
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX intake_by_owner ON intake (owner, created_at);
CREATE INDEX intake_waiting  ON intake (state, created_at);
";
