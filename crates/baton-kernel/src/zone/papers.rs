//! Issued papers in the zone.

use super::Zone;
use crate::blobs::{Digest, FileRef, Said};
use crate::entries::{Body, PaperDraft, PaperStep, Publicity, Scope, TextRights};
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

/// What happened to a paper beside its being issued: steps before and after, publicity, rights, takedown.
#[derive(Clone, Debug, Default)]
pub struct PaperCourse {
    /// What was sent for review, each time: seq and draft.
    pub drafts: Vec<(u64, PaperDraft)>,
    /// Steps: seq, step, reason.
    pub steps: Vec<(u64, PaperStep, Option<Said>)>,
    /// Decisions on publicity: seq, decision, basis.
    pub publicity: Vec<(u64, Publicity, Said)>,
    /// Whose text it is, by version.
    pub rights: Vec<(u64, TextRights)>,
    /// Takedowns and restorings: seq, down, reason.
    pub down: Vec<(u64, bool, Said)>,
}

impl PaperCourse {
    /// The last step known at a cut, with its seq.
    pub fn step(&self, cut: u64) -> Option<(u64, PaperStep)> {
        self.steps.iter().rev().find(|(seq, ..)| *seq <= cut).map(|(seq, step, _)| (*seq, *step))
    }
    /// The draft in force at a cut.
    pub fn draft(&self, cut: u64) -> Option<&PaperDraft> {
        self.drafts.iter().rev().find(|(seq, _)| *seq <= cut).map(|(_, draft)| draft)
    }
    /// The decision on publicity in force at a cut.
    pub fn public(&self, cut: u64) -> Option<(u64, Publicity, Said)> {
        self.publicity.iter().rev().find(|(seq, ..)| *seq <= cut).copied()
    }
    /// Why it is out of sight at a cut; `None` when it is not.
    pub fn hidden(&self, cut: u64) -> Option<Said> {
        let last = self.down.iter().rev().find(|(seq, ..)| *seq <= cut)?;
        last.1.then_some(last.2)
    }
    /// Whose text it is at a cut.
    pub fn holder(&self, cut: u64) -> Option<&TextRights> {
        self.rights.iter().rev().find(|(seq, _)| *seq <= cut).map(|(_, rights)| rights)
    }
    /// The person who sent the draft in force.
    pub fn sent(&self) -> Option<u64> {
        self.drafts.last().map(|(seq, _)| *seq)
    }
}

impl Zone {
    fn course_of(&mut self, paper: PaperId) -> &mut PaperCourse {
        Arc::make_mut(self.courses.entry(paper).or_default())
    }

    /// What happened to a paper beside its being issued.
    pub fn course(&self, paper: PaperId) -> Option<&Arc<PaperCourse>> {
        self.courses.get(&paper)
    }

    /// Papers with a course, in the order of their identities.
    pub fn courses(&self) -> impl Iterator<Item = (PaperId, &Arc<PaperCourse>)> {
        self.courses.iter().map(|(id, course)| (*id, course))
    }

    pub(super) fn apply_paper(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::PaperStepped { paper, step, draft, because } => {
                let course = self.course_of(paper);
                course.drafts.extend(draft.map(|d| (seq, d)));
                course.steps.push((seq, step, because));
            }
            Body::PaperPublicity { paper, publicity, basis } => {
                self.course_of(paper).publicity.push((seq, publicity, basis))
            }
            Body::PaperRights { paper, rights } => self.course_of(paper).rights.push((seq, rights)),
            Body::PaperTakedown { paper, down, because } => self.course_of(paper).down.push((seq, down, because)),
            _ => {}
        }
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
