//! Decisions on papers: what is issued is frozen, with the cut whose facts it shows and the hash printed on it.

use super::Desk;
use crate::blobs::Digest;
use crate::commands::Act;
use crate::entries::{Body, MeetingState, Scope};
use crate::limits;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use crate::zone::CIRCULAR;
use std::fmt::Display;

impl Desk<'_> {
    pub(super) fn papers(&mut self, act: &Act) -> Result<(), Refusal> {
        let Act::IssuePaper { paper, kind, title, number, meeting, period, cut, audience, files, data, facts, witness } =
            act
        else {
            unreachable!("dispatched by Desk::act")
        };
        self.need_all(Verb::PaperIssue)?;
        self.fresh(self.zone.paper(*paper).is_some())?;
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if kind.is_empty() || kind.len() > limits::CODE_CHARS_MAX || !kind.chars().all(sound) {
            return Err(Refusal::wrong("paper.kind", &[("kind", kind)]).at("kind"));
        }
        let title = self.name(title, "标题", limits::NAME_CHARS_MAX)?;
        let number = match number.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
            Some(number) => Some(self.name(number, "文号", limits::CODE_CHARS_MAX)?),
            None => None,
        };
        if let Some(number) = &number
            && let Some(other) = self.zone.papers.values().find(|p| p.number.as_ref() == Some(number))
        {
            let args: [(&str, &dyn Display); 2] = [("number", number), ("title", &other.title)];
            return Err(Refusal::new(Why::Conflict, "paper.number", &args).at("number"));
        }
        self.paper_meeting(kind, number.as_deref(), *meeting, *period)?;
        // A cut stands at the end of a batch that is known.
        if !self.zone.act(*cut).is_some_and(|row| row.last) {
            let head = self.zone.head().seq;
            return Err(Refusal::wrong("paper.cut", &[("cut", cut), ("head", &head)]).at("cut"));
        }
        if let Scope::Units(units) | Scope::Below(units) = audience {
            if kind == CIRCULAR {
                return Err(Refusal::wrong("paper.audience", &[]).at("audience"));
            }
            if units.is_empty() {
                return Err(Refusal::wrong("text.empty", &[("field", &"发送范围")]).at("audience"));
            }
            if let Some(unit) = units.iter().find(|u| self.zone.unit(**u).is_none()) {
                return Err(Refusal::wrong("unit.unknown", &[("unit", unit)]).at("audience"));
            }
        }
        if files.is_empty() {
            return Err(Refusal::wrong("paper.files", &[]).at("files"));
        }
        self.evidence(files)?;
        let given = (*witness != Digest::default()).then_some(*witness);
        let witness = match (given, self.zone.hash_at(*cut)) {
            (Some(given), Some(hash)) if given != hash => {
                let args: [(&str, &dyn Display); 2] = [("given", &given.short()), ("hash", &hash.short())];
                return Err(Refusal::wrong("paper.witness", &args).at("witness"));
            }
            (given, hash) => given.or(hash).unwrap_or_default(),
        };
        self.enter(Body::PaperIssued {
            paper: *paper,
            kind: kind.clone(),
            title,
            number,
            meeting: *meeting,
            period: *period,
            cut: *cut,
            audience: audience.clone(),
            files: files.clone(),
            data: data.clone(),
            facts: *facts,
            witness,
        });
        Ok(())
    }

    /// A paper of a meeting reports the meeting's period. A meeting has one circular in force: a later one
    /// takes its place under a document number of its own.
    fn paper_meeting(
        &self,
        kind: &str,
        number: Option<&str>,
        meeting: Option<crate::ids::MeetingId>,
        period: baton_methods::Period,
    ) -> Result<(), Refusal> {
        let Some(id) = meeting else {
            return if kind == CIRCULAR { Err(Refusal::wrong("paper.meeting", &[]).at("meeting")) } else { Ok(()) };
        };
        let known = self.zone.meeting(id).ok_or_else(|| Refusal::wrong("paper.meeting", &[]).at("meeting"))?;
        if known.state(u64::MAX) == Some(MeetingState::Cancelled) {
            return Err(Refusal::not_now("meeting.cancelled", &[]).at("meeting"));
        }
        if let Some(plan) = known.plan.last()
            && plan.period != period
        {
            let args: [(&str, &dyn Display); 2] = [("period", &period), ("meeting", &plan.period)];
            return Err(Refusal::wrong("paper.period", &args).at("period"));
        }
        let earlier = self.zone.papers.values().filter(|p| p.kind == kind && p.meeting == Some(id));
        match earlier.max_by_key(|p| p.issued) {
            Some(other) if kind == CIRCULAR && number.is_none() => {
                let shown = other.number.as_deref().unwrap_or(&other.title);
                Err(Refusal::not_now("paper.again", &[("paper", &shown)]).at("number"))
            }
            _ => Ok(()),
        }
    }
}
