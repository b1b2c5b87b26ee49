//! Every bound of the web edge, by name.

use std::net::IpAddr;
use std::time::Duration;

/// Tasks on one page of the ledger.
pub const TASK_ROWS_MAX: usize = 100;
/// Connections open at once; the next caller waits in the kernel's queue.
pub const CONNECTIONS_MAX: usize = 512;
/// Connections of one address (of one /64 for IPv6).
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 64;
/// Time to send a whole request head; also how long a kept-alive connection may be idle.
pub const HEADER_READ: Duration = Duration::from_secs(10);
/// A socket that takes no byte of an answer for this long is closed.
pub const WRITE_STALL: Duration = Duration::from_secs(30);
/// A request body that brings no byte for this long is given up.
pub const BODY_STALL: Duration = Duration::from_secs(10);
/// A graceful stop waits this long for open requests.
pub const STOP_WAIT: Duration = Duration::from_secs(20);
/// Pause after a failed accept (too many open files must not end the loop).
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Bytes of a request head.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a path with its query.
pub const TARGET_BYTES_MAX: usize = 8 * 1024;
/// Parameters in a query.
pub const QUERY_FIELDS_MAX: usize = 100;
/// Bytes of a form.
pub const FORM_BYTES_MAX: u64 = 1024 * 1024;
/// Fields in a form: a fill-in grid has one a cell.
pub const FORM_FIELDS_MAX: usize = 20_000;
/// Bytes of an upload: one file of the largest size the store takes, and the fields beside it.
pub const UPLOAD_BYTES_MAX: u64 = 51 * 1024 * 1024;
/// Files in one upload.
pub const UPLOAD_FILES_MAX: usize = 20;
/// Uploads read at the same time; the next one waits.
pub const UPLOADS_AT_ONCE: usize = 4;
/// Time to answer a page or a form.
pub const PAGE_DEADLINE: Duration = Duration::from_secs(20);
/// Time to take an upload in, or to set a document.
pub const LONG_DEADLINE: Duration = Duration::from_secs(120);
/// Documents set at the same time.
pub const TYPESETTING_AT_ONCE: usize = 2;
/// Tries to keep a draft between the savings of other windows.
pub const DRAFT_TRIES_MAX: usize = 4;
/// Rows of a list on one page.
pub const LIST_ROWS_MAX: usize = 200;
/// Items in one compendium, a page each.
pub const COMPENDIUM_ITEMS_MAX: usize = 300;
/// Names of units offered as pick-list entries beside a filter.
pub const CHOICES_MAX: usize = 500;
/// Lines of the audit trail on one page.
pub const AUDIT_LINES_SHOWN: u32 = 100;
/// Jobs listed on the page of the system.
pub const JOBS_SHOWN: u32 = 50;
/// Days after which a backup is called old.
pub const BACKUP_DAYS_MAX: i64 = 7;
/// Characters of a list of units.
pub const ROSTER_CHARS_MAX: usize = 400_000;
/// Characters of an uploaded file's name.
pub const FILE_NAME_CHARS_MAX: usize = 120;
/// Minutes before a session's last moment in which each page says so.
pub const SESSION_WARNING_MINUTES: i64 = 15;

/// Streams of live pages open at once: below the connections, so that pages are still answered.
pub const STREAMS_MAX: usize = 256;
/// Streams of one person.
pub const STREAMS_PER_PERSON_MAX: usize = 12;
/// A stream says that it lives, and looks at its session again, this often.
pub const STREAM_BEAT: Duration = Duration::from_secs(15);
/// Events of a stream waiting for a slow reader.
pub const STREAM_EVENTS_WAITING: usize = 16;
/// Figures on one picture of the projector.
pub const SCREEN_FIGURES_MAX: usize = 7;
/// Rows of words on one picture of the projector.
pub const SCREEN_ROWS_MAX: usize = 7;

/// The bounds of a serve loop that a test may shorten.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections open at once.
    pub connections: usize,
    /// Connections of one address.
    pub per_address: usize,
    /// Time for a request head, and of idleness between requests.
    pub header_read: Duration,
    /// Longest time without progress while writing.
    pub write_stall: Duration,
    /// Longest time without a byte of a request body.
    pub body_stall: Duration,
    /// Longest wait at a graceful stop.
    pub stop: Duration,
    /// Addresses of our own proxies: exempt from the bound per address, and the only ones whose
    /// `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
}

/// Bytes of a plain text that are looked at for marks of secrecy.
pub const SCANNED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Hits of each sort on the page of a search, and while typing.
pub const HITS_MAX: usize = 30;
/// Hits of each sort while typing.
pub const HITS_TYPING_MAX: usize = 5;

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: CONNECTIONS_MAX,
            per_address: CONNECTIONS_PER_ADDRESS_MAX,
            header_read: HEADER_READ,
            write_stall: WRITE_STALL,
            body_stall: BODY_STALL,
            stop: STOP_WAIT,
            proxies: Vec::new(),
        }
    }
}
