//! Issued papers in the zone.

use super::Zone;
use crate::blobs::{Digest, FileRef};
use crate::entries::{Body, Scope};
use crate::ids::*;
use baton_methods::Period;
use std::sync::Arc;

/// The kind of paper of which a meeting has one in force, shown to the whole zone.
pub const CIRCULAR: &str = "circular";

/// An issued paper.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Identity.
    pub id: PaperId,
    /// Seq at which it was issued.
    pub issued: u64,
    /// Kind: circular, task table.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Document number.
    pub number: Option<String>,
    /// Meeting it belongs to.
    pub meeting: Option<MeetingId>,
    /// Period it reports.
    pub period: Period,
    /// Cut whose facts it shows.
    pub cut: u64,
    /// Whose view it shows.
    pub audience: Scope,
    /// Frozen bytes.
    pub files: Vec<FileRef>,
    /// Data part.
    pub data: FileRef,
    /// Hash of the canonical fact set.
    pub facts: Digest,
    /// Head hash printed on it.
    pub witness: Digest,
}

impl Zone {
    pub(super) fn apply_paper(&mut self, seq: u64, body: &Body) {
        if let Body::PaperIssued {
            paper,
            kind,
            title,
            number,
            meeting,
            period,
            cut,
            audience,
            files,
            data,
            facts,
            witness,
        } = body.clone()
        {
            let made = Paper {
                id: paper,
                issued: seq,
                kind,
                title,
                number,
                meeting,
                period,
                cut,
                audience,
                files,
                data,
                facts,
                witness,
            };
            self.papers.insert(paper, Arc::new(made));
        }
    }

    /// The paper under an id.
    pub fn paper(&self, id: PaperId) -> Option<&Arc<Paper>> {
        self.papers.get(&id)
    }

    /// All papers in the order in which they were issued.
    pub fn papers(&self) -> Vec<&Arc<Paper>> {
        let mut list: Vec<&Arc<Paper>> = self.papers.values().collect();
        list.sort_by_key(|p| p.issued);
        list
    }
}
