//! Issuing: what is made when a circular is issued, by whoever issues it: the page, the command line, a story.
//!
//! Setting and keeping the bytes is the world's; what is set, under which names, from which cut, and the act
//! that follows are said here once.

use super::circular::{Circular, circular};
use crate::blobs::FileRef;
use crate::commands::Act;
use crate::document::Document;
use crate::entries::{PaperDraft, PaperStep};
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use jiff::civil::Date;

/// A circular about to be issued.
pub struct Issuing {
    paper: PaperId,
    number: Option<String>,
    seen: Seen,
    circular: Circular,
}

impl Issuing {
    /// The circular of a meeting as of now, under a new identity and a number.
    ///
    /// Errors: the caller does not see the whole zone, or there is no such meeting.
    pub fn fresh(
        seen: &Seen,
        paper: PaperId,
        meeting: MeetingId,
        number: Option<String>,
        day: Date,
    ) -> Result<Issuing, Refusal> {
        let number = number.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
        let circular = circular(seen, meeting, number.clone(), Some(day))?;
        Ok(Issuing { paper, number, seen: seen.clone(), circular })
    }

    /// The circular that was signed, exactly: from the cut at which it was sent for review.
    ///
    /// Errors: it is not signed, or not there.
    pub fn signed(seen: &Seen, paper: PaperId, day: Date) -> Result<Issuing, Refusal> {
        let row = super::papers::draft(seen, paper)?;
        if row.state != super::papers::step_key(PaperStep::Signed) {
            return Err(Refusal::not_now("paper.unsigned", &[]));
        }
        let seen = seen.at_cut(row.draft.cut);
        let circular = circular(&seen, row.draft.meeting, row.draft.number.clone(), Some(day))?;
        Ok(Issuing { paper, number: row.draft.number, seen, circular })
    }

    /// The document to be set.
    pub fn document(&self) -> &Document {
        &self.circular.document
    }
    /// Warnings that stand beside it.
    pub fn warnings(&self) -> &[String] {
        &self.circular.warnings
    }
    /// Title, which also names its files.
    pub fn title(&self) -> String {
        self.circular.document.title.concat()
    }
    /// Name of a file of it by its ending.
    pub fn file_name(&self, end: &str) -> String {
        format!("{}.{end}", self.title())
    }
    /// The data part, as it is kept.
    pub fn data(&self) -> Vec<u8> {
        self.circular.data_part(&self.seen).text().into_bytes()
    }
    /// The act, once files and data part are durable.
    pub fn act(&self, files: Vec<FileRef>, data: FileRef) -> Act {
        self.circular.issue(&self.seen, self.paper, self.number.clone(), files, data)
    }
}

/// What is sent for review: the circular of a meeting at the lens's cut.
///
/// Errors: the caller does not see the whole zone, or there is no such meeting.
pub fn draft_of(seen: &Seen, meeting: MeetingId, number: Option<String>) -> Result<PaperDraft, Refusal> {
    let number = number.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    let made = circular(seen, meeting, number.clone(), None)?;
    Ok(PaperDraft {
        kind: crate::zone::CIRCULAR.to_owned(),
        title: made.document.title.concat(),
        number,
        meeting,
        period: made.period,
        cut: seen.cut(),
    })
}
