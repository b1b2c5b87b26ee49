//! Decisions on papers: what is issued is frozen, with the cut whose facts it shows and the hash printed on it.

use super::Desk;
use crate::blobs::Digest;
use crate::commands::Act;
use crate::entries::{Body, MeetingState, PaperDraft, PaperStep, Publicity, Scope, TextRights};
use crate::ids::PaperId;
use crate::limits;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use crate::zone::CIRCULAR;
use std::fmt::Display;

impl Desk<'_> {
    pub(super) fn papers(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::IssuePaper { .. } => self.issue_paper(act),
            Act::StepPaper { paper, step, draft, because } => self.step_paper(*paper, *step, draft.as_ref(), because),
            Act::PublishPaper { paper, publicity, basis } => self.publish_paper(*paper, *publicity, basis),
            Act::PutPaperRights { paper, rights } => self.put_paper_rights(*paper, rights),
            Act::TakePaperDown { paper, down, because } => self.take_paper_down(*paper, *down, because),
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    fn issue_paper(&mut self, act: &Act) -> Result<(), Refusal> {
        let Act::IssuePaper { paper, kind, title, number, meeting, period, cut, audience, files, data, facts, witness } =
            act
        else {
            unreachable!("dispatched by Desk::papers")
        };
        self.need_all(Verb::PaperIssue)?;
        self.fresh(self.zone.paper(*paper).is_some())?;
        self.signed(*paper, number.as_deref(), *cut)?;
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
        self.paper_cut(*cut)?;
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

    /// A cut stands at the end of a batch that is known.
    fn paper_cut(&self, cut: u64) -> Result<(), Refusal> {
        if self.zone.act(cut).is_some_and(|row| row.last) {
            return Ok(());
        }
        let head = self.zone.head().seq;
        Err(Refusal::wrong("paper.cut", &[("cut", &cut), ("head", &head)]).at("cut"))
    }

    /// A paper that went to review is issued once it is signed, and as it was signed; where the rules ask for a
    /// signature no other paper is issued.
    fn signed(&self, paper: PaperId, number: Option<&str>, cut: u64) -> Result<(), Refusal> {
        let Some(course) = self.zone.course(paper) else {
            let asked = self.zone.blueprint().settings.sign_papers && self.rights.person.is_some();
            return if asked { Err(Refusal::not_now("paper.unsigned", &[])) } else { Ok(()) };
        };
        let draft = course.draft(u64::MAX);
        match course.step(u64::MAX) {
            Some((_, PaperStep::Signed))
                if draft.is_some_and(|d| d.cut == cut && d.number.as_deref() == number.map(str::trim)) =>
            {
                Ok(())
            }
            Some((_, PaperStep::Signed)) => Err(Refusal::new(Why::Conflict, "paper.signed-other", &[])),
            _ => Err(Refusal::not_now("paper.unsigned", &[])),
        }
    }

    fn step_paper(
        &mut self,
        paper: PaperId,
        step: PaperStep,
        draft: Option<&PaperDraft>,
        because: &str,
    ) -> Result<(), Refusal> {
        let course = self.zone.course(paper).cloned();
        let at = course.as_ref().and_then(|c| c.step(u64::MAX)).map(|(_, step)| step);
        let issued = self.zone.paper(paper).is_some();
        let sender = course.as_ref().and_then(|c| c.sent()).and_then(|seq| self.zone.actor(seq));
        let own = sender.is_some() && sender == self.rights.person;
        let not_now = || Err(Refusal::not_now("paper.step", &[]));
        match step {
            PaperStep::Sent => {
                self.need_all(Verb::PaperIssue)?;
                if issued || !matches!(at, None | Some(PaperStep::Returned | PaperStep::Dropped)) {
                    return not_now();
                }
                let draft = draft.ok_or_else(|| Refusal::wrong("paper.draft", &[]))?;
                self.name(&draft.title, "标题", limits::NAME_CHARS_MAX)?;
                if let Some(number) = &draft.number {
                    self.name(number, "文号", limits::CODE_CHARS_MAX).map_err(|r| r.at("number"))?;
                }
                self.paper_cut(draft.cut)?;
                self.paper_meeting(&draft.kind, draft.number.as_deref(), Some(draft.meeting), draft.period)?;
                self.paper_number(paper, draft.number.as_deref())?;
            }
            _ if at.is_none() && !issued => return Err(Refusal::absent()),
            PaperStep::Reviewed => {
                self.need_all(Verb::PaperReview)?;
                if at != Some(PaperStep::Sent) || issued {
                    return not_now();
                }
                if own {
                    return Err(Refusal::new(Why::Forbidden, "paper.own", &[]));
                }
            }
            PaperStep::Signed => {
                self.need_all(Verb::PaperSign)?;
                if at != Some(PaperStep::Reviewed) || issued {
                    return not_now();
                }
                if own {
                    return Err(Refusal::new(Why::Forbidden, "paper.own", &[]));
                }
            }
            PaperStep::Returned => {
                let verb = if at == Some(PaperStep::Reviewed) { Verb::PaperSign } else { Verb::PaperReview };
                self.need_all(verb)?;
                if !matches!(at, Some(PaperStep::Sent | PaperStep::Reviewed)) || issued {
                    return not_now();
                }
                if because.trim().is_empty() {
                    return Err(Refusal::wrong("text.empty", &[("field", &"退回理由")]).at("because"));
                }
            }
            PaperStep::Dropped => {
                self.need_all(Verb::PaperIssue)?;
                if issued || matches!(at, Some(PaperStep::Dropped)) {
                    return not_now();
                }
            }
            PaperStep::Archived => {
                self.need_all(Verb::PaperIssue)?;
                let decided = course.as_ref().is_some_and(|c| c.public(u64::MAX).is_some());
                if !issued || at == Some(PaperStep::Archived) {
                    return not_now();
                }
                if !decided {
                    return Err(Refusal::not_now("paper.undecided", &[]));
                }
            }
        }
        let because = match because.trim() {
            "" => None,
            text => Some(self.said(text, "理由", limits::WORDS_CHARS_MAX)?),
        };
        let draft = if step == PaperStep::Sent { draft.cloned() } else { None };
        self.enter(Body::PaperStepped { paper, step, draft, because });
        Ok(())
    }

    /// A document number stands on one paper alone, issued or on its way.
    fn paper_number(&self, paper: PaperId, number: Option<&str>) -> Result<(), Refusal> {
        let Some(number) = number.map(str::trim) else { return Ok(()) };
        let issued = self.zone.papers.values().find(|p| p.id != paper && p.number.as_deref() == Some(number));
        let drafted = self.zone.courses().filter(|(id, _)| *id != paper && self.zone.paper(*id).is_none());
        let open = |c: &crate::zone::PaperCourse| !matches!(c.step(u64::MAX), Some((_, PaperStep::Dropped)));
        let drafted = drafted.filter(|(_, c)| open(c)).filter_map(|(_, c)| c.draft(u64::MAX).cloned());
        let other = issued
            .map(|p| p.title.clone())
            .or_else(|| drafted.into_iter().find(|d| d.number.as_deref() == Some(number)).map(|d| d.title));
        match other {
            None => Ok(()),
            Some(title) => {
                let args: [(&str, &dyn Display); 2] = [("number", &number), ("title", &title)];
                Err(Refusal::new(Why::Conflict, "paper.number", &args).at("number"))
            }
        }
    }

    /// An issued paper, which whoever may do this sees.
    fn issued_paper(&self, paper: PaperId, verb: Verb) -> Result<(), Refusal> {
        self.need_all(verb)?;
        self.zone.paper(paper).map(|_| ()).ok_or_else(Refusal::absent)
    }

    fn publish_paper(&mut self, paper: PaperId, publicity: Publicity, basis: &str) -> Result<(), Refusal> {
        self.issued_paper(paper, Verb::PaperPublish)?;
        let course = self.zone.course(paper);
        if publicity == Publicity::Open {
            let scope = self.zone.paper(paper).map(|p| p.audience.clone());
            if scope != Some(Scope::All) {
                return Err(Refusal::not_now("paper.public.audience", &[]));
            }
            if course.is_some_and(|c| c.hidden(u64::MAX).is_some()) {
                return Err(Refusal::not_now("paper.public.down", &[]));
            }
            if course.and_then(|c| c.holder(u64::MAX)).is_none() {
                return Err(Refusal::not_now("paper.public.rights", &[]));
            }
        }
        if basis.trim().is_empty() {
            return Err(Refusal::wrong("text.empty", &[("field", &"依据")]).at("basis"));
        }
        let basis = self.said(basis, "依据", limits::WORDS_CHARS_MAX)?;
        self.enter(Body::PaperPublicity { paper, publicity, basis });
        Ok(())
    }

    fn put_paper_rights(&mut self, paper: PaperId, rights: &TextRights) -> Result<(), Refusal> {
        self.issued_paper(paper, Verb::PaperPublish)?;
        let rights = match rights {
            TextRights::Own { holder } => {
                let holder = self.name(holder, "权利人", limits::NAME_CHARS_MAX).map_err(|r| r.at("holder"))?;
                TextRights::Own { holder }
            }
            TextRights::Reprint { source, url, basis } => {
                let source = self.name(source, "来源", limits::NAME_CHARS_MAX).map_err(|r| r.at("holder"))?;
                let basis = self.name(basis, "转载依据", limits::NAME_CHARS_MAX).map_err(|r| r.at("grounds"))?;
                let url = url.trim();
                if !url.is_empty() && !(url.starts_with("https://") || url.starts_with("http://")) {
                    return Err(Refusal::wrong("paper.url", &[("url", &url)]).at("url"));
                }
                TextRights::Reprint { source, url: url.to_owned(), basis }
            }
        };
        self.enter(Body::PaperRights { paper, rights });
        Ok(())
    }

    fn take_paper_down(&mut self, paper: PaperId, down: bool, because: &str) -> Result<(), Refusal> {
        self.issued_paper(paper, Verb::PaperPublish)?;
        let hidden = self.zone.course(paper).is_some_and(|c| c.hidden(u64::MAX).is_some());
        if hidden == down {
            return Err(Refusal::not_now("paper.step", &[]));
        }
        if because.trim().is_empty() {
            return Err(Refusal::wrong("text.empty", &[("field", &"理由")]).at("because"));
        }
        let because = self.said(because, "理由", limits::WORDS_CHARS_MAX)?;
        self.enter(Body::PaperTakedown { paper, down, because });
        Ok(())
    }
}
