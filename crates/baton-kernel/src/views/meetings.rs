//! Meetings as shown: the list, and one meeting with its venues, agenda, outcomes, tasks and papers.

use super::papers::{self, PaperRow};
use super::review::UnitShown;
use super::tasks::{self, Commitment, TaskRow};
use crate::entries::{Material, MeetingState, OutcomeKind};
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Meeting, MeetingDoing, MeetingPlan, meeting_state_label};
use baton_methods::Period;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// A meeting in one line.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MeetingRow {
    /// Identity.
    pub id: MeetingId,
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Period it reviews.
    pub period: Period,
    /// Period in words.
    pub period_label: String,
    /// Day.
    pub on: Date,
    /// Place of the main venue.
    pub place: String,
    /// State.
    pub state: MeetingState,
    /// State in words.
    pub state_word: String,
    /// Venues.
    pub venues: usize,
    /// Venues that answered as present.
    pub present: usize,
    /// Agenda lines.
    pub lines: usize,
    /// Agenda lines that have an outcome.
    pub lines_done: usize,
    /// Tasks made from it that the caller sees.
    pub tasks: usize,
    /// Papers of it that the caller sees.
    pub papers: usize,
}

/// A venue with its answer to the roll call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct VenueShown {
    /// Identity.
    pub id: VenueId,
    /// Name.
    pub name: String,
    /// The unit that sits there.
    pub unit: Option<UnitShown>,
    /// The main venue.
    pub main: bool,
    /// Address in the zone's video system.
    pub link: Option<String>,
    /// Present or absent; `None` when it has not answered.
    pub present: Option<bool>,
    /// People counted there.
    pub heads: Option<u16>,
    /// People on leave.
    pub leave: Option<u16>,
    /// People expected.
    pub expected: Option<u16>,
    /// When it answered.
    pub answered: Option<String>,
}

/// An outcome of an agenda line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OutcomeShown {
    /// Identity.
    pub id: OutcomeId,
    /// Kind.
    pub kind: OutcomeKind,
    /// Kind in words.
    pub kind_word: String,
    /// Words.
    pub text: String,
    /// When it was recorded.
    pub when: String,
}

impl VenueShown {
    /// People on leave; none said is none.
    pub fn on_leave(&self) -> u16 {
        self.leave.unwrap_or(0)
    }
    /// People expected who are neither there nor on leave; `None` where that cannot be said.
    pub fn away(&self) -> Option<u16> {
        let there = if self.present? { self.heads? } else { 0 };
        Some(self.expected?.saturating_sub(there.saturating_add(self.leave.unwrap_or(0))))
    }
}

/// Something laid before a line, as the caller may see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MaterialShown {
    /// What it is.
    pub what: Material,
    /// Its sort in words: paper, item, round, review.
    pub sort: String,
    /// Its name.
    pub label: String,
    /// The page it stands on.
    pub path: String,
    /// How a person writes it in the plan's form.
    pub written: String,
}

/// A line of the agenda with what it ended in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AgendaShown {
    /// Place, from 0.
    pub line: u16,
    /// What is dealt with.
    pub title: String,
    /// Area in words, empty when it is of none.
    pub area: String,
    /// Who presents.
    pub unit: Option<UnitShown>,
    /// Minutes planned.
    pub minutes: u16,
    /// Seconds used, once the meeting has broken up.
    pub used_seconds: Option<u32>,
    /// What lies before it, as far as the caller sees it.
    pub materials: Vec<MaterialShown>,
    /// Outcomes, oldest first.
    pub outcomes: Vec<OutcomeShown>,
}

/// A speech recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SpeechShown {
    /// Identity.
    pub id: SpeechId,
    /// Title.
    pub title: String,
    /// As cleaned.
    pub clean: String,
    /// Characters of it.
    pub characters: usize,
    /// When it was recorded.
    pub when: String,
}

/// The post that chairs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChairShown {
    /// The post.
    pub post: PostId,
    /// Its title.
    pub title: String,
    /// Who holds it on the day shown, holder before deputies.
    pub people: Vec<String>,
}

/// An act that the caller may do on a meeting, or may not do just now.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MeetingActOption {
    /// Stable key: `plan`, `notify`, `hold`, `answer`, `outcome`, `speech`, `end`, `seal`, `call_off`.
    pub key: &'static str,
    /// Its word on a button.
    pub label: String,
    /// The venue, for a roll call.
    pub venue: Option<VenueId>,
    /// Why not now; `None` when it may be done.
    pub refusal: Option<Refusal>,
}

/// One meeting.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MeetingView {
    /// The line of the list.
    pub row: MeetingRow,
    /// Who chairs.
    pub chair: Option<ChairShown>,
    /// Why it was called off.
    pub because: Option<String>,
    /// When it begins, `09:00`.
    pub starts: Option<String>,
    /// Line of the annual plan or approval on which it is held.
    pub basis: Option<String>,
    /// Whether it is a comprehensive work meeting.
    pub comprehensive: bool,
    /// When it was opened in fact, `2023-04-26 09:02`.
    pub begun: Option<String>,
    /// When it broke up in fact.
    pub ended: Option<String>,
    /// People expected over all venues, on leave, and away without it; what is not known counts nothing.
    pub expected: [u32; 3],
    /// How many times the plan was changed.
    pub plan_changes: usize,
    /// Venues, the main one first, else as planned.
    pub venues: Vec<VenueShown>,
    /// People counted over all venues that answered.
    pub heads: u32,
    /// Agenda.
    pub agenda: Vec<AgendaShown>,
    /// Minutes planned.
    pub minutes: u32,
    /// Outcomes of each kind: information, decision, task.
    pub outcomes: [usize; 3],
    /// Speeches.
    pub speeches: Vec<SpeechShown>,
    /// Tasks made from it that the caller sees, by code.
    pub tasks: Vec<TaskRow>,
    /// Papers of it that the caller sees, oldest first.
    pub papers: Vec<PaperRow>,
    /// The meeting held before it by day: identity and title.
    pub previous: Option<(MeetingId, String)>,
    /// What became of its commitments, of those the caller sees.
    pub commitments: Vec<Commitment>,
    /// What the caller may do. Empty when the past is shown.
    pub acts: Vec<MeetingActOption>,
}

/// Meetings, newest day first, as known at the cut. Everyone with a role knows of them.
pub fn list(seen: &Seen) -> Vec<MeetingRow> {
    let mut list: Vec<MeetingRow> =
        seen.zone.meetings().into_iter().filter(|m| seen.sees_meeting(m)).filter_map(|m| seen.meeting_row(m)).collect();
    list.sort_by_key(|row| std::cmp::Reverse((row.on, row.id)));
    list
}

/// One meeting by id or code. Errors: absent, alike for what is not there and what is not the caller's.
pub fn meeting(seen: &Seen, key: &str) -> Result<MeetingView, Refusal> {
    let meeting = seen.meeting(key)?;
    let row = seen.meeting_row(&meeting).ok_or_else(Refusal::absent)?;
    let plan = meeting.plan.at(seen.cut).ok_or_else(Refusal::absent)?;
    let venues = seen.venues_shown(&meeting, plan);
    let agenda = seen.agenda_shown(&meeting, plan);
    let of_kind = |kind: OutcomeKind| agenda.iter().flat_map(|line| &line.outcomes).filter(|o| o.kind == kind).count();
    let because = meeting.states.at(seen.cut).and_then(|(_, because)| *because);
    let previous = tasks::meeting_before(seen, plan.on);
    Ok(MeetingView {
        chair: plan.chair.and_then(|post| seen.chair_shown(post)),
        because: because.map(|said| seen.zone.said(&said).to_string()),
        plan_changes: meeting.plan.until(seen.cut).count() - 1,
        starts: plan.details.starts.map(|t| t.strftime("%H:%M").to_string()),
        basis: plan.details.basis.clone(),
        comprehensive: plan.details.comprehensive,
        begun: meeting.entered(MeetingState::Held, seen.cut).map(|seq| seen.when(seq)),
        ended: meeting.entered(MeetingState::Ended, seen.cut).map(|seq| seen.when(seq)),
        expected: [
            venues.iter().filter_map(|v| v.expected).map(u32::from).sum(),
            venues.iter().filter_map(|v| v.leave).map(u32::from).sum(),
            venues.iter().filter_map(VenueShown::away).map(u32::from).sum(),
        ],
        heads: venues.iter().filter_map(|v| v.heads).map(u32::from).sum(),
        minutes: agenda.iter().map(|line| u32::from(line.minutes)).sum(),
        outcomes: [OutcomeKind::Information, OutcomeKind::Decision, OutcomeKind::Task].map(of_kind),
        speeches: seen.speeches_shown(&meeting),
        tasks: tasks::of_meeting(seen, meeting.id),
        papers: papers::of_meeting(seen, meeting.id),
        commitments: previous.as_ref().map_or_else(Vec::new, |m| tasks::commitments_of(seen, m.id)),
        previous: previous.map(|m| (m.id, seen.meeting_title(&m))),
        acts: seen.meeting_acts(&meeting, plan),
        venues,
        agenda,
        row,
    })
}

/// Posts that may chair, with their unit and holders, in official order of the units.
pub fn chairs(seen: &Seen) -> Vec<(UnitShown, ChairShown)> {
    let mut posts: Vec<_> = seen.zone.posts.values().map(|p| (seen.zone.unit_order(p.unit), p.unit, p.id)).collect();
    posts.sort();
    let held = posts.into_iter().filter_map(|(_, unit, post)| Some((seen.unit_shown(unit), seen.chair_shown(post)?)));
    held.filter(|(_, chair)| !chair.people.is_empty()).collect()
}

impl Seen {
    /// Whether a meeting is known to the caller at the cut.
    pub(crate) fn sees_meeting(&self, meeting: &Meeting) -> bool {
        meeting.known(self.cut) && self.rights.may_somewhere(Verb::See)
    }

    /// A meeting by id or code: absent alike for what is not there and what is not yours.
    pub(crate) fn meeting(&self, key: &str) -> Result<Arc<Meeting>, Refusal> {
        let found = match key.parse::<MeetingId>() {
            Ok(id) => self.zone.meeting(id),
            Err(_) => self.zone.meeting_by_code(key),
        };
        found.filter(|m| self.sees_meeting(m)).cloned().ok_or_else(Refusal::absent)
    }

    fn meeting_row(&self, meeting: &Meeting) -> Option<MeetingRow> {
        let plan = meeting.plan.at(self.cut)?;
        let state = meeting.state(self.cut)?;
        let present = |v: &&crate::entries::VenueLine| meeting.answer(v.venue, self.cut).is_some_and(|row| row.present);
        Some(MeetingRow {
            id: meeting.id,
            code: plan.code.clone(),
            title: plan.title.clone(),
            period: plan.period,
            period_label: plan.period.label(self.lang),
            on: plan.on,
            place: plan.place.clone(),
            state,
            state_word: meeting_state_label(self.lang, state),
            venues: plan.venues.len(),
            present: plan.venues.iter().filter(present).count(),
            lines: plan.agenda.len(),
            lines_done: plan.agenda.len() - meeting.lines_open(self.cut).len(),
            tasks: self.tasks_seen().filter(|(t, _)| t.meeting(&self.zone) == Some(meeting.id)).count(),
            papers: papers::of_meeting(self, meeting.id).len(),
        })
    }

    fn venues_shown(&self, meeting: &Meeting, plan: &MeetingPlan) -> Vec<VenueShown> {
        let mut venues: Vec<VenueShown> = plan
            .venues
            .iter()
            .map(|line| {
                let answer = meeting.answer(line.venue, self.cut);
                VenueShown {
                    id: line.venue,
                    name: line.name.clone(),
                    unit: line.unit.map(|u| self.unit_shown(u)),
                    main: line.main,
                    link: line.link.clone(),
                    present: answer.map(|row| row.present),
                    heads: answer.and_then(|row| row.heads),
                    leave: answer.and_then(|row| row.leave),
                    expected: plan.details.expected.get(&line.venue).copied(),
                    answered: answer.map(|row| self.when(row.seq)),
                }
            })
            .collect();
        venues.sort_by_key(|v| !v.main);
        venues
    }

    fn agenda_shown(&self, meeting: &Meeting, plan: &MeetingPlan) -> Vec<AgendaShown> {
        let outcomes = |line: u16| {
            let known = meeting.outcomes.iter().filter(move |o| o.line == line && o.seq <= self.cut);
            known
                .map(|o| OutcomeShown {
                    id: o.id,
                    kind: o.kind,
                    kind_word: self.say(&format!("meeting.outcome.{}", outcome_key(o.kind)), &[]),
                    text: self.zone.said(&o.text).to_string(),
                    when: self.when(o.seq),
                })
                .collect()
        };
        let used = meeting.used.as_ref().filter(|(seq, _)| *seq <= self.cut).map(|(_, used)| used);
        let lines = (0u16..).zip(&plan.agenda);
        lines
            .map(|(n, line)| AgendaShown {
                line: n,
                title: line.title.clone(),
                area: self.area_word(line.area.as_deref()),
                unit: line.unit.map(|u| self.unit_shown(u)),
                minutes: line.minutes,
                used_seconds: used.map(|used| used.get(usize::from(n)).copied().unwrap_or(0)),
                materials: self.materials_shown(meeting, plan, n),
                outcomes: outcomes(n),
            })
            .collect()
    }

    /// What lies before a line: only what the caller may open.
    fn materials_shown(&self, meeting: &Meeting, plan: &MeetingPlan, line: u16) -> Vec<MaterialShown> {
        let here = plan.details.materials.iter().filter(|m| m.line == line);
        here.filter_map(|m| self.material_shown(meeting, m.what)).collect()
    }

    fn material_shown(&self, meeting: &Meeting, what: Material) -> Option<MaterialShown> {
        let (sort, label, path, written) = match what {
            Material::Paper(id) => {
                let row = papers::paper(self, &id.to_string()).ok()?;
                let written = row.number.clone().unwrap_or_else(|| row.title.clone());
                (row.kind_word.clone(), row.title.clone(), format!("/papers/{id}"), written)
            }
            Material::Item(id) => {
                let item = self.item(&id.to_string()).ok()?;
                let name = item.name.at(self.cut)?.clone();
                (self.say("meeting.material.item", &[]), name, format!("/items/{id}"), item.code.clone())
            }
            Material::Round(id) => {
                let round = super::rounds::round(self, id).ok()?;
                let title = round.title.clone();
                (self.say("meeting.material.round", &[]), title.clone(), format!("/rounds/{id}"), title)
            }
            Material::Review(period) => {
                let label = period.label(self.lang);
                (self.say("meeting.material.review", &[]), label, format!("/review/{period}"), period.to_string())
            }
            Material::Commitments => {
                let label = self.say("meeting.material.commitments", &[]);
                let path = format!("/meetings/{}#commitments", meeting.id);
                (self.say("meeting.material.tasks", &[]), label.clone(), path, label)
            }
            Material::Circular => {
                if !self.sees_all() {
                    return None;
                }
                let label = self.say("meeting.material.circular", &[]);
                let path = format!("/meetings/{}/circular", meeting.id);
                (self.say("meeting.material.draft", &[]), label.clone(), path, label)
            }
        };
        Some(MaterialShown { what, sort, label, path, written })
    }

    /// What a person writes in the plan's form for something to lie before a line: the code of an item, the number
    /// of a paper, the title of a round, a period for its review, or the words for commitments and circular.
    pub fn material_written(&self, text: &str) -> Option<Material> {
        let text = text.trim();
        let words = |code: &str| {
            let at = |lang| crate::messages::say(lang, code, &[]);
            [at(baton_methods::Lang::Zh), at(baton_methods::Lang::En)].iter().any(|w| w == text)
        };
        if words("meeting.material.commitments") {
            return Some(Material::Commitments);
        }
        if words("meeting.material.circular") {
            return Some(Material::Circular);
        }
        if let Ok(item) = self.item(text) {
            return Some(Material::Item(item.id));
        }
        let paper = papers::list(self).into_iter().find(|p| p.number.as_deref() == Some(text) || p.title == text);
        if let Some(paper) = paper {
            return Some(Material::Paper(paper.id));
        }
        if let Some(round) = super::rounds::list(self).into_iter().find(|r| r.title == text) {
            return Some(Material::Round(round.id));
        }
        text.parse::<Period>().ok().map(Material::Review)
    }

    fn speeches_shown(&self, meeting: &Meeting) -> Vec<SpeechShown> {
        let known = meeting.speeches.iter().filter(|s| s.seq <= self.cut);
        known
            .map(|s| {
                let clean = self.zone.said(&s.clean).to_string();
                SpeechShown {
                    id: s.id,
                    title: s.title.clone(),
                    characters: clean.chars().count(),
                    clean,
                    when: self.when(s.seq),
                }
            })
            .collect()
    }

    fn chair_shown(&self, post: PostId) -> Option<ChairShown> {
        let title = self.zone.post(post)?.title.at(self.cut)?.clone();
        let people = self.zone.holders(post, self.day).into_iter().map(|(person, _)| self.person(person)).collect();
        Some(ChairShown { post, title, people })
    }

    /// What the caller may do on a meeting, as `decide` would answer now, and what can still come. Nothing is
    /// offered on the past.
    fn meeting_acts(&self, meeting: &Meeting, plan: &MeetingPlan) -> Vec<MeetingActOption> {
        let mut options = Vec::new();
        if self.is_past() {
            return options;
        }
        let before = [MeetingDoing::Plan, MeetingDoing::Notify, MeetingDoing::Hold];
        let after =
            [MeetingDoing::Outcome, MeetingDoing::Speech, MeetingDoing::End, MeetingDoing::Seal, MeetingDoing::CallOff];
        let roll = plan.venues.iter().map(|v| MeetingDoing::Answer(v.venue));
        for doing in before.into_iter().chain(roll).chain(after) {
            let refusal = meeting.may(&self.rights, self.today, doing).err();
            let forbidden = refusal.as_ref().is_some_and(|r| r.why == crate::refusals::Why::Forbidden);
            if forbidden || (refusal.is_some() && !meeting.may_come(doing)) {
                continue;
            }
            let venue = if let MeetingDoing::Answer(venue) = doing { Some(venue) } else { None };
            options.push(MeetingActOption { key: doing.key(), label: doing.label(self.lang), venue, refusal });
        }
        options
    }
}

fn outcome_key(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Information => "information",
        OutcomeKind::Decision => "decision",
        OutcomeKind::Task => "task",
    }
}
