//! Secrecy: this is no system for secrets. What bears a mark of secrecy is turned away before anything is stored.
//!
//! The marks are data of the blueprint's settings. Names and texts of a request are looked at here as soon as
//! they are read; the cells of a workbook as they come from the reading process.

use crate::given::Given;
use crate::limits::SCANNED_BYTES_MAX;
use baton_kernel::blueprint::Settings;
use baton_kernel::{Refusal, Why};
use baton_methods::{Lang, Words};
use baton_sheets::{Message, RawValue, Refused};

/// Fields that are never words of a text.
const UNREAD: [&str; 6] = ["csrf", "key", "base", "password", "old", "new"];

/// Refuses a request whose texts or file names bear a mark.
pub(crate) fn look(settings: &Settings, given: &Given) -> Result<(), Refusal> {
    for file in &given.files {
        if let Some(word) = settings.secret_name(&file.name) {
            return Err(Refusal::wrong("secrecy.name", &[("name", &file.name), ("word", &word)]).at(&*file.field));
        }
        // Plain texts are read as they are; packed files only by the reading process.
        let head = &file.bytes[..file.bytes.len().min(SCANNED_BYTES_MAX)];
        let text = head.first().is_some_and(|b| *b != 0) && !head.starts_with(b"PK") && !head.starts_with(b"%PDF");
        if text && let Some(word) = settings.secret_text(&String::from_utf8_lossy(head)) {
            return Err(Refusal::wrong("secrecy.text", &[("word", &word)]).at(&*file.field));
        }
    }
    for (name, value) in given.fields.0.iter().filter(|(n, _)| !UNREAD.contains(&n.as_str())) {
        if let Some(word) = settings.secret_text(value) {
            return Err(Refusal::wrong("secrecy.text", &[("word", &word)]).at(&**name));
        }
    }
    Ok(())
}

/// The rows of a workbook, ended by a refusal at the first cell that bears a mark.
pub(crate) fn watched<I>(settings: Settings, rows: I) -> impl Iterator<Item = Result<Message, Refused>>
where
    I: Iterator<Item = Result<Message, Refused>>,
{
    rows.map(move |message| {
        let message = message?;
        let found = match &message {
            Message::Sheet { name, .. } => settings.secret_text(name),
            Message::Row(row) => row.cells().find_map(|(_, value)| match value {
                RawValue::Text(text) => settings.secret_text(text),
                _ => None,
            }),
            _ => None,
        };
        match found {
            None => Ok(message),
            Some(word) => {
                let refusal = Refusal::new(Why::Wrong, "secrecy.text", &[("word", &word)]);
                let cause = Words::new(refusal.said(Lang::Zh), refusal.said(Lang::En));
                Err(Refused::new("secrecy.text", cause, Words::new("", "")))
            }
        }
    })
}
