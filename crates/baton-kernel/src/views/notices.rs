//! Notices: what a person should know of, each with its reason. Nothing is stored: they follow from the
//! ledger and the day, for whoever asks. What somebody has looked at is kept for themselves alone, outside.

use super::rounds;
use crate::entries::{MeetingState, SubmissionState, TaskAct};
use crate::ids::*;
use crate::limits::NOTICES_MAX;
use crate::permit::Verb;
use crate::seen::Seen;
use jiff::civil::Date;
use serde::Serialize;

/// Days back in which something is news.
pub const DAYS: i32 = 30;

/// Something to know of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Notice {
    /// The entry it follows from; 0 for what follows from the day alone.
    pub seq: u64,
    /// What tells it from all others: looked at once, it stays looked at.
    pub key: String,
    /// Sort: `due`, `overdue`, `assigned`, `urged`, `returned`, `accepted`, `waits`, `objected`, `asked`,
    /// `answered`, `fed`, `completed`, `round`, `paper`, `meeting`.
    pub sort: &'static str,
    /// Sort in words.
    pub word: String,
    /// About what.
    pub title: String,
    /// What was said with it; empty when nothing was.
    pub text: String,
    /// Why it comes to this person.
    pub reason: String,
    /// Page.
    pub path: String,
    /// Day and time, or the day by which it is due.
    pub when: String,
    /// Class of the mark beside it: `lag`, `warn`, `ok`, `none`.
    pub light: &'static str,
}

/// What the caller should know of, newest first; what is due comes before all.
pub fn notices(seen: &Seen) -> Vec<Notice> {
    let mut found = Vec::new();
    if seen.rights.reach.is_empty() {
        return found;
    }
    let mut desk = Desk { seen, from: days_ago(seen.day, DAYS), found: &mut found };
    desk.tasks();
    desk.rounds();
    desk.submissions();
    desk.papers();
    desk.meetings();
    found.sort_by(|a, b| {
        (a.seq != 0, std::cmp::Reverse(a.seq), &a.when, &a.key).cmp(&(
            b.seq != 0,
            std::cmp::Reverse(b.seq),
            &b.when,
            &b.key,
        ))
    });
    found.truncate(NOTICES_MAX);
    found
}

fn days_ago(day: Date, days: i32) -> Date {
    day.checked_sub(jiff::Span::new().days(days)).unwrap_or(day)
}

struct Desk<'a> {
    seen: &'a Seen,
    from: Date,
    found: &'a mut Vec<Notice>,
}

impl Desk<'_> {
    /// Whether an entry is news to the caller: known, not too old, and somebody else's.
    fn is_news(&self, seq: u64) -> bool {
        let zone = &self.seen.zone;
        seq <= self.seen.cut && zone.day_known(seq) >= self.from && zone.actor(seq) != self.seen.rights.person
    }

    fn is_mine(&self, unit: UnitId) -> bool {
        self.seen.rights.units.contains(&unit)
    }

    fn say(&mut self, seq: u64, sort: &'static str, title: String, text: String, reason: String, path: String) {
        let light = match sort {
            "overdue" | "returned" => "lag",
            "urged" | "due" | "objected" | "asked" | "waits" => "warn",
            "accepted" | "completed" => "ok",
            _ => "none",
        };
        let (word, when) = (self.seen.say(&format!("notice.{sort}"), &[]), self.seen.when(seq));
        let key = format!("{sort}:{seq}:{path}");
        self.found.push(Notice { seq, key, sort, word, title, text, reason, path, when, light });
    }

    /// Something that follows from the day: its key names the day, so that another day is another notice.
    fn due(&mut self, title: String, reason: String, path: String, due: Date) {
        let late = due < self.seen.day;
        let sort = if late { "overdue" } else { "due" };
        let word = self.seen.say(&format!("notice.{sort}"), &[]);
        let when = self.seen.say("notice.by", &[("due", &due)]);
        let light = if late { "lag" } else { "warn" };
        let key = format!("{sort}:{path}:{due}");
        self.found.push(Notice { seq: 0, key, sort, word, title, text: String::new(), reason, path, when, light });
    }

    fn tasks(&mut self) {
        let seen = self.seen;
        let near = i64::from(seen.blueprint().settings.near_due_days);
        let supervises = seen.rights.may_somewhere(Verb::TaskSupervise);
        for (task, strands) in seen.tasks_seen() {
            let path = format!("/tasks/{}", task.id);
            let title = format!("{} {}", task.code, task.title);
            let mine: Vec<_> = strands
                .iter()
                .filter(|s| self.is_mine(s.holder) && seen.rights.may(Verb::TaskHandle, s.holder))
                .collect();
            for strand in &mine {
                let unit = seen.unit_short(strand.holder);
                let reason = seen.say("notice.because.handles", &[("unit", &unit)]);
                if self.is_news(strand.since) {
                    let said = seen.zone.said(&task.said).to_string();
                    self.say(strand.since, "assigned", title.clone(), said, reason.clone(), path.clone());
                }
                if strand.state.runs()
                    && let Some(due) = strand.deadline
                    && crate::zone::days_between(seen.day, due) <= near
                {
                    self.due(title.clone(), reason, path.clone(), due);
                }
            }
            for (seq, unit, act) in &task.acts {
                if !self.is_news(*seq) {
                    continue;
                }
                let said = |s: &crate::blobs::Said| seen.zone.said(s).to_string();
                let some = |s: &Option<crate::blobs::Said>| s.as_ref().map_or(String::new(), said);
                // What the office does comes to the unit; what the unit does comes to the office.
                let (sort, text, to_unit) = match act {
                    TaskAct::Urged { text } => ("urged", some(text), true),
                    TaskAct::Returned { because } => ("returned", said(because), true),
                    TaskAct::ObjectionDecided { because, .. } => ("answered", said(because), true),
                    TaskAct::ExtensionDecided { because, .. } => ("answered", some(because), true),
                    TaskAct::Completed { because } => ("completed", some(because), true),
                    TaskAct::Objected { because } => ("objected", said(because), false),
                    TaskAct::ExtensionAsked { because, .. } => ("asked", said(because), false),
                    TaskAct::Fed { last: true, text, .. } => ("fed", said(text), false),
                    _ => continue,
                };
                let name = seen.unit_short(*unit);
                let handles = mine.iter().any(|s| s.unit == *unit || s.holder == *unit);
                let reason = match (to_unit, handles, supervises) {
                    (true, true, _) => seen.say("notice.because.handles", &[("unit", &name)]),
                    (false, _, true) => seen.say("notice.because.supervises", &[("unit", &name)]),
                    _ => continue,
                };
                self.say(*seq, sort, title.clone(), text, reason, path.clone());
            }
        }
    }

    fn rounds(&mut self) {
        let seen = self.seen;
        let near = i64::from(seen.blueprint().settings.near_due_days);
        for round in rounds::list(seen).into_iter().filter(|r| r.open) {
            let opened = seen.zone.round(round.id).map_or(0, |r| r.opened);
            for answer in &round.answers {
                let unit = answer.unit.id;
                let reports = seen.rights.may(Verb::Report, unit) || seen.rights.may(Verb::Submit, unit);
                if !self.is_mine(unit) || !reports {
                    continue;
                }
                let path = format!("/rounds/{}/units/{}", round.id, answer.unit.code);
                let reason = seen.say("notice.because.reports", &[("unit", &answer.unit.name)]);
                let title = round.title.clone();
                if self.is_news(opened) {
                    self.say(opened, "round", title.clone(), String::new(), reason.clone(), path.clone());
                }
                let waits = answer.is_missing() || answer.state == "partial";
                if waits && crate::zone::days_between(seen.day, round.due) <= near {
                    self.due(title, reason, path, round.due);
                }
            }
        }
    }

    fn submissions(&mut self) {
        let seen = self.seen;
        for submission in seen.zone.submissions().rev().filter(|s| seen.sees(s.unit)) {
            let unit = submission.unit;
            let own = self.is_mine(unit);
            let (reports, checks, accepts) = (
                own && (seen.rights.may(Verb::Report, unit) || seen.rights.may(Verb::Submit, unit)),
                own && seen.rights.may(Verb::Submit, unit),
                !own && seen.rights.may(Verb::Accept, unit),
            );
            let name = seen.unit_short(unit);
            let round = submission.round.and_then(|r| seen.zone.round(r)).map_or(String::new(), |r| r.title.clone());
            let title = format!("{name} {round}").trim_end().to_owned();
            let now = submission.state(seen.cut);
            let moves: Vec<_> = submission.states.until(seen.cut).map(|(seq, m)| (seq, m.clone())).collect();
            for (seq, m) in moves {
                if !self.is_news(seq) {
                    continue;
                }
                let (sort, code) = match m.to {
                    SubmissionState::Returned if reports => ("returned", "notice.because.reports"),
                    SubmissionState::Accepted if reports => ("accepted", "notice.because.reports"),
                    // What waits is told as long as it waits.
                    SubmissionState::Proposed if checks && now == Some(m.to) => ("waits", "notice.because.checks"),
                    SubmissionState::Submitted if accepts && now == Some(m.to) => ("waits", "notice.because.accepts"),
                    _ => continue,
                };
                let text = m.because.map_or(String::new(), |s| seen.zone.said(&s).to_string());
                let reason = seen.say(code, &[("unit", &name)]);
                self.say(seq, sort, title.clone(), text, reason, format!("/submissions/{}", submission.id));
            }
        }
    }

    fn papers(&mut self) {
        let seen = self.seen;
        for paper in seen.zone.papers() {
            if self.is_news(paper.issued) && seen.sees_paper(paper) {
                let number = paper.number.clone().unwrap_or_default();
                let reason = seen.say("notice.because.paper", &[]);
                self.say(paper.issued, "paper", paper.title.clone(), number, reason, format!("/papers/{}", paper.id));
            }
        }
    }

    fn meetings(&mut self) {
        let seen = self.seen;
        for meeting in seen.zone.meetings() {
            let Some(plan) = meeting.plan.at(seen.cut).filter(|_| seen.sees_meeting(meeting)) else { continue };
            let sits = plan.venues.iter().filter_map(|v| v.unit).any(|u| self.is_mine(u));
            let speaks = plan.agenda.iter().filter_map(|l| l.unit).any(|u| self.is_mine(u));
            let code = match (sits, speaks) {
                (_, true) => "notice.because.speaks",
                (true, false) => "notice.because.sits",
                (false, false) => continue,
            };
            for (seq, (state, because)) in meeting.states.until(seen.cut) {
                if !matches!(state, MeetingState::Notified | MeetingState::Cancelled) || !self.is_news(seq) {
                    continue;
                }
                let words = crate::zone::meeting_state_label(seen.lang, *state);
                let text = because.map_or_else(
                    || format!("{words} · {} · {}", plan.on, plan.place),
                    |s| format!("{words} · {}", seen.zone.said(&s)),
                );
                let reason = seen.say(code, &[]);
                self.say(seq, "meeting", plan.title.clone(), text, reason, format!("/meetings/{}", meeting.id));
            }
        }
    }
}

/// The notices of a day as a letter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Digest {
    /// Subject line.
    pub subject: String,
    /// The whole text.
    pub text: String,
}

/// The daily letter to the caller: what is due, and what came after the entry `after`. `None` when there is
/// nothing to say. It holds only what the caller may see when it is made; `origin` begins its links.
pub fn digest(seen: &Seen, after: u64, origin: &str) -> Option<Digest> {
    let list: Vec<Notice> = notices(seen).into_iter().filter(|n| n.seq == 0 || n.seq > after).collect();
    if list.is_empty() {
        return None;
    }
    let zone = seen.founding().map_or(String::new(), |f| seen.lang.pick(f.name.clone(), f.name_en.clone()));
    let subject = seen.say("digest.subject", &[("zone", &zone), ("day", &seen.day), ("count", &list.len())]);
    let mut text = format!("{subject}\n\n");
    for one in &list {
        text.push_str(&format!("[{}] {} · {}\n  {}\n", one.word, one.title, one.when, one.reason));
        if !origin.is_empty() {
            text.push_str(&format!("  {origin}{}\n", one.path));
        }
    }
    text.push_str(&format!("\n{}\n", seen.say("digest.foot", &[])));
    Some(Digest { subject, text })
}
