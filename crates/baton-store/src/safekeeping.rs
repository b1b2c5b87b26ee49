//! Safekeeping: what is known of the last backup and the last verification, kept beside the database.
//!
//! Both are made by processes that do not hold the zone, so they are lines of a file in its folder, not rows.

use crate::store::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;

/// Name of the file in the zone's folder.
const NAME: &str = "safekeeping.jsonl";
/// Lines read back, newest first.
const LINES_MAX: usize = 20;

/// What was done to keep the zone safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Care {
    /// A backup was made, restored elsewhere and verified.
    Backup,
    /// The zone was verified where it lies.
    Verify,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// When.
    pub at: Timestamp,
    /// What.
    pub care: Care,
    /// Whether the facts were intact.
    pub intact: bool,
    /// Last entry that it covers.
    pub head: u64,
    /// The name of the backup's file, without its folder; empty for a verification.
    #[serde(default)]
    pub file: String,
}

/// Adds a line in a zone's folder.
///
/// Errors: the file cannot be written; what was done stands all the same.
pub fn record(dir: &Path, kept: &Kept) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(dir.join(NAME))?;
    let line = serde_json::to_string(kept).map_err(std::io::Error::other)?;
    writeln!(file, "{line}")
}

impl Store {
    /// The newest lines, newest first; none when nothing was ever recorded.
    pub fn safekeeping(&self) -> Vec<Kept> {
        let text = std::fs::read_to_string(self.folder().root().join(NAME)).unwrap_or_default();
        text.lines().rev().filter_map(|l| serde_json::from_str(l).ok()).take(LINES_MAX).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        for head in [3, 9] {
            let at = Timestamp::UNIX_EPOCH;
            record(dir.path(), &Kept { at, care: Care::Backup, intact: true, head, file: "a.baton".to_owned() })
                .unwrap();
        }
        let text = std::fs::read_to_string(dir.path().join(NAME)).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("\"care\":\"backup\"") && text.contains("\"head\":9"), "{text}");
    }
}
