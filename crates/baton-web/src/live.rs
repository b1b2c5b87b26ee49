//! Live: a meeting while it is held: which line is on, how long it has taken, what is on screen; shown at every venue.
//!
//! The live state is workbench. What is said for ever (roll call, outcomes, begin and end) are entries. Both reach a
//! page as parts: pieces of HTML made for its reader, sent again when they changed and only while the reader's
//! session stands and the meeting is theirs to see.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::limits::STREAM_BEAT;
use crate::marks::escaped;
use crate::meetings;
use crate::screens;
use crate::streams::{self, Pen};
use crate::visit::{Visit, or_again};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::entries::MeetingState;
use baton_kernel::ids::*;
use baton_kernel::views::meetings::{self as view, AgendaShown, MeetingView};
use baton_kernel::{Act, Refusal};
use baton_methods::Lang;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kind of the board that holds the live state of a meeting.
const BOARD: &str = "live";

/// The live state of a meeting.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Live {
    /// The line that is on.
    pub line: Option<u16>,
    /// Since when its time runs; `None` while it stands still.
    pub since: Option<Timestamp>,
    /// Seconds each line took before that.
    pub used: Vec<u32>,
    /// Which of the line's materials is on screen, from 0.
    pub shown: Option<usize>,
    #[serde(skip)]
    revision: u64,
}

impl Live {
    /// The live state of a meeting, by its board.
    pub(crate) async fn of(v: &Visit, meeting: MeetingId) -> Result<Live, Fault> {
        let board = v.app.store().board(BOARD, &meeting.to_string()).await?;
        let Some(board) = board else { return Ok(Live::default()) };
        let mut live: Live = serde_json::from_str(&board.json).unwrap_or_default();
        live.revision = board.revision;
        Ok(live)
    }

    /// Seconds that a line has taken up to now.
    pub(crate) fn seconds(&self, line: u16, now: Timestamp) -> u32 {
        let before = self.used.get(usize::from(line)).copied().unwrap_or(0);
        match self.since.filter(|_| self.line == Some(line)) {
            Some(since) => {
                before.saturating_add(u32::try_from(now.duration_since(since).as_secs().max(0)).unwrap_or(u32::MAX))
            }
            None => before,
        }
    }

    /// Whether the time of a line runs.
    pub(crate) fn runs(&self, line: u16) -> bool {
        self.line == Some(line) && self.since.is_some()
    }

    /// Stops the clock and keeps what the line that is on has taken.
    fn halt(&mut self, now: Timestamp, lines: usize) {
        self.used.resize(lines, 0);
        if let Some(line) = self.line.filter(|l| usize::from(*l) < lines) {
            self.used[usize::from(line)] = self.seconds(line, now);
        }
        self.since = None;
    }

    /// Goes to a line and lets its time run; `None` is no line.
    fn turn(&mut self, line: Option<u16>, now: Timestamp, lines: usize) {
        self.halt(now, lines);
        self.line = line.filter(|l| usize::from(*l) < lines);
        self.since = self.line.map(|_| now);
        self.shown = None;
    }

    /// Does what the clerk asked for; `false` when there is no such thing.
    fn control(&mut self, what: &str, line: Option<u16>, shown: Option<usize>, now: Timestamp, lines: usize) -> bool {
        let last = u16::try_from(lines).unwrap_or(u16::MAX).saturating_sub(1);
        match what {
            "next" => self.turn(Some(self.line.map_or(0, |l| l.saturating_add(1).min(last))), now, lines),
            "back" => self.turn(Some(self.line.map_or(0, |l| l.saturating_sub(1))), now, lines),
            "line" => self.turn(line, now, lines),
            "pause" if self.since.is_some() => self.halt(now, lines),
            "pause" => self.since = self.line.map(|_| now),
            "show" => self.shown = shown,
            _ => return false,
        }
        true
    }
}

/// A language in which fragments speak, as the shell does for whole pages.
#[derive(Clone, Copy)]
pub(crate) struct Tongue(pub Lang);

impl Tongue {
    /// The words in the reader's language.
    pub(crate) fn w(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A line of the agenda with its time.
pub(crate) struct Timed<'a> {
    pub line: &'a AgendaShown,
    pub seconds: u32,
    pub on: bool,
    pub runs: bool,
    pub bar: Safe<String>,
}

impl Timed<'_> {
    /// Whole minutes used, rounded up: a line that began has taken one.
    pub(crate) fn minutes(&self) -> u32 {
        self.seconds.div_ceil(60)
    }
    /// Minutes over what was planned.
    pub(crate) fn over(&self) -> u32 {
        if self.line.minutes == 0 { 0 } else { self.minutes().saturating_sub(self.line.minutes.into()) }
    }
    /// Whether it was dealt with.
    pub(crate) fn done(&self) -> bool {
        !self.on && self.seconds > 0
    }
    /// The time used, as a clock shows it.
    pub(crate) fn clock(&self) -> String {
        clock(self.seconds)
    }
}

/// Minutes and seconds, `12:05`.
pub(crate) fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The hour and minute of an instant in words, `2023-04-26 09:12`.
pub(crate) fn hour(when: &str) -> &str {
    when.get(11..16).unwrap_or_default()
}

/// The agenda with its times: live while the meeting is held, as entered when it has broken up.
pub(crate) fn timed<'a>(meeting: &'a MeetingView, live: &Live, now: Timestamp) -> Vec<Timed<'a>> {
    let held = meeting.row.state == MeetingState::Held;
    let most = meeting.agenda.iter().map(|l| u32::from(l.minutes)).max().unwrap_or(0);
    let lines = meeting.agenda.iter();
    lines
        .map(|line| {
            let seconds = line.used_seconds.unwrap_or_else(|| if held { live.seconds(line.line, now) } else { 0 });
            let on = held && live.line == Some(line.line);
            let runs = held && live.runs(line.line);
            let bar = Safe(baton_drawings::agenda_bar(line.minutes.into(), seconds, most));
            Timed { line, seconds, on, runs, bar }
        })
        .collect()
}

#[derive(Template)]
#[template(path = "live-now.html")]
struct NowPart<'a> {
    shell: Tongue,
    meeting: &'a MeetingView,
    now: Option<&'a Timed<'a>>,
    next: Option<&'a Timed<'a>>,
    shown: Option<usize>,
    late: i64,
}

impl NowPart<'_> {
    fn is_shown(&self, n: &usize) -> bool {
        self.shown == Some(*n)
    }
}

#[derive(Template)]
#[template(path = "live-agenda.html")]
struct AgendaPart<'a> {
    shell: Tongue,
    meeting: &'a MeetingView,
    lines: &'a [Timed<'a>],
    used: u32,
}

#[derive(Template)]
#[template(path = "live-roll.html")]
struct RollPart<'a> {
    shell: Tongue,
    meeting: &'a MeetingView,
}

impl RollPart<'_> {
    /// Whether anybody is expected, on leave or away, by place.
    fn has(&self, n: usize) -> bool {
        self.meeting.expected[n] > 0
    }
}

#[derive(Template)]
#[template(path = "live-outcomes.html")]
struct OutcomesPart<'a> {
    shell: Tongue,
    meeting: &'a MeetingView,
}

/// The parts of a meeting's page, by the identity of the element that holds each.
pub(crate) struct Parts(BTreeMap<&'static str, String>);

impl Parts {
    /// Made for the reader of a visit.
    pub(crate) fn of(v: &Visit, meeting: &MeetingView, live: &Live) -> Result<Parts, Fault> {
        let shell = Tongue(v.taste.lang);
        let lines = timed(meeting, live, v.app.journal.now());
        let now = lines.iter().find(|l| l.on);
        let next = match now {
            Some(now) => lines.get(usize::from(now.line.line) + 1),
            None => {
                lines.first().filter(|_| meeting.row.state == MeetingState::Held && live.used.iter().all(|s| *s == 0))
            }
        };
        // How far the lines dealt with are behind the plan.
        let late: i64 = lines
            .iter()
            .filter(|l| l.done() || l.on)
            .map(|l| if l.on { i64::from(l.over()) } else { i64::from(l.minutes()) - i64::from(l.line.minutes) })
            .sum();
        let used = lines.iter().map(Timed::minutes).sum();
        let render = |made: askama::Result<String>| made.map_err(|e| Fault::World(anyhow::Error::new(e)));
        let parts = [
            ("live-now", render(NowPart { shell, meeting, now, next, shown: live.shown, late }.render())?),
            ("live-agenda", render(AgendaPart { shell, meeting, lines: &lines, used }.render())?),
            ("live-roll", render(RollPart { shell, meeting }.render())?),
            ("live-outcomes", render(OutcomesPart { shell, meeting }.render())?),
            ("live-state", escaped(&meeting.row.state_word)),
        ];
        Ok(Parts(BTreeMap::from(parts)))
    }

    /// One part, as HTML.
    pub(crate) fn get(&self, id: &str) -> Safe<&str> {
        Safe(self.0.get(id).map_or("", String::as_str))
    }
}

/// `POST /meetings/{id}/live`: the clerk moves the meeting on. Nothing of it enters the ledger.
pub(crate) async fn control(v: Arc<Visit>) -> Answer {
    let done = controlled(&v).await;
    or_again(&v, done, meetings::show).await
}

async fn controlled(v: &Visit) -> Answer {
    let meeting = view::meeting(&v.seen, v.segment("id"))?;
    if !meeting.acts.iter().any(|a| a.key == "end" && a.refusal.is_none()) {
        return Err(Refusal::not_now("meeting.not-held", &[]).into());
    }
    let mut live = Live::of(v, meeting.row.id).await?;
    let line = v.text("line").parse().ok();
    let shown = v.text("shown").parse().ok();
    if !live.control(&v.text("do"), line, shown, v.app.journal.now(), meeting.agenda.len()) {
        return Err(Refusal::wrong("page.choose", &[]).at("line").into());
    }
    keep(v, meeting.row.id, &live).await?;
    v.see(&format!("/meetings/{}#now", meeting.row.id))
}

async fn keep(v: &Visit, meeting: MeetingId, live: &Live) -> Result<(), Fault> {
    let json = serde_json::to_string(live).map_err(|e| Fault::World(e.into()))?;
    v.app.store().put_board(BOARD, &meeting.to_string(), &json, live.revision).await?;
    v.app.streams.changed();
    Ok(())
}

/// Lets the first line run when the meeting begins.
pub(crate) async fn begin(v: &Visit, meeting: &MeetingView) -> Result<(), Fault> {
    let mut live = Live::of(v, meeting.row.id).await?;
    live.turn(Some(0), v.app.journal.now(), meeting.agenda.len());
    keep(v, meeting.row.id, &live).await
}

/// The act that breaks a meeting up: what its lines took goes into the ledger with it.
pub(crate) async fn ending(v: &Visit, meeting: &MeetingView) -> Result<Act, Fault> {
    let mut live = Live::of(v, meeting.row.id).await?;
    live.halt(v.app.journal.now(), meeting.agenda.len());
    let most = baton_kernel::limits::AGENDA_SECONDS_MAX;
    Ok(Act::EndMeeting { meeting: meeting.row.id, used: live.used.iter().map(|s| (*s).min(most)).collect() })
}

/// `GET /meetings/{id}/live`: the parts of the page as they change. `?screen` adds the projector's picture; `?once`
/// ends after the parts as they stand, for those whose way does not carry streams.
pub(crate) async fn follow(v: Arc<Visit>) -> Answer {
    let meeting = meetings::id(&v)?;
    let place = v.app.streams.enter(v.session.person)?;
    let (pen, response) = streams::stream();
    tokio::spawn(async move {
        let _place = place;
        write(&v, meeting, &pen).await;
    });
    Ok(response)
}

/// Writes parts until the reader goes, the session ends, the meeting is no longer theirs, or the server stops.
async fn write(v: &Visit, meeting: MeetingId, pen: &Pen) {
    let (mut head, mut board) = (v.app.journal.follow(), v.app.streams.follow());
    let mut closing = v.app.streams.closing();
    let screen = !v.query.get("screen").is_empty();
    let mut sent: BTreeMap<&'static str, String> = BTreeMap::new();
    loop {
        head.mark_unchanged();
        board.mark_unchanged();
        let parts = match looked(v, meeting, screen).await {
            Ok(Some(parts)) => parts,
            Ok(None) => {
                pen.event("end", &serde_json::json!({})).await;
                return;
            }
            Err(fault) => {
                tracing::warn!(?fault, "a live page was not made");
                return;
            }
        };
        for (id, html) in parts {
            if sent.get(id) == Some(&html) {
                continue;
            }
            if !pen.event("part", &serde_json::json!({ "id": id, "html": html })).await {
                return;
            }
            sent.insert(id, html);
        }
        if !v.query.get("once").is_empty() {
            return;
        }
        loop {
            let woken = tokio::select! {
                _ = head.changed() => Woken::Changed,
                _ = board.changed() => Woken::Changed,
                () = pen.gone() => Woken::Over,
                () = over(&mut closing) => Woken::Over,
                () = tokio::time::sleep(STREAM_BEAT) => Woken::Beat,
            };
            match woken {
                Woken::Changed => break,
                Woken::Over => return,
                Woken::Beat if !stands(v).await => break,
                Woken::Beat => {
                    if !pen.beat().await {
                        return;
                    }
                }
            }
        }
    }
}

/// Why a waiting stream goes on.
enum Woken {
    Changed,
    Beat,
    Over,
}

/// Waits until the server stops.
async fn over(closing: &mut tokio::sync::watch::Receiver<bool>) {
    // A sender that is gone is an end too.
    let _ = closing.wait_for(|c| *c).await;
}

/// Whether the session of a visit still stands. Looking does not count as using it.
async fn stands(v: &Visit) -> bool {
    let sessions = v.app.store().sessions_of(&v.session.login).await;
    sessions.is_ok_and(|list| list.iter().any(|s| s.id == v.session.id && !s.must_change))
}

/// The parts as the reader may see them now; `None` when they may not any more.
async fn looked(v: &Visit, meeting: MeetingId, screen: bool) -> Result<Option<BTreeMap<&'static str, String>>, Fault> {
    if !stands(v).await {
        return Ok(None);
    }
    let mut now = v.clone();
    (now.seen, now.known) = Visit::look(&v.app, v.caller, v.taste, "");
    let Ok(shown) = view::meeting(&now.seen, &meeting.to_string()) else { return Ok(None) };
    let live = Live::of(&now, meeting).await?;
    let mut parts = Parts::of(&now, &shown, &live)?.0;
    if screen {
        parts.insert("live-screen", screens::following(&now, &shown, &live)?);
    }
    Ok(Some(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn the_time_of_a_line_runs_only_while_it_is_on_and_adds_up_when_it_is_taken_up_again() {
        let mut live = Live::default();
        assert!(live.control("next", None, None, at(0), 3));
        assert_eq!((live.line, live.seconds(0, at(90))), (Some(0), 90));
        assert!(live.control("next", None, None, at(90), 3));
        assert_eq!((live.line, live.seconds(0, at(200)), live.seconds(1, at(200))), (Some(1), 90, 110));
        assert!(live.control("pause", None, None, at(200), 3));
        assert_eq!(live.seconds(1, at(500)), 110);
        assert!(live.control("pause", None, None, at(500), 3));
        assert!(live.control("back", None, None, at(510), 3));
        assert_eq!((live.line, live.seconds(0, at(520)), live.seconds(1, at(520))), (Some(0), 100, 120));
        assert!(!live.control("dance", None, None, at(520), 3));
        assert!(live.control("line", Some(9), None, at(520), 3));
        assert_eq!(live.line, None, "there is no such line");
    }
}
