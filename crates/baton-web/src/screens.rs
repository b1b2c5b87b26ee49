//! Screens: the projector at a meeting, 16:9; one picture at a time, followed or leafed through by hand.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::limits::{SCREEN_FIGURES_MAX, SCREEN_ROWS_MAX};
use crate::live::{Live, Timed, Tongue, timed};
use crate::marks;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use askama::filters::Safe;
use baton_kernel::entries::{Material, MeetingState};
use baton_kernel::views::meetings::{self as view, MeetingView, OutcomeShown};
use baton_kernel::views::review::{Line, review};
use baton_kernel::views::tasks::Commitment;
use baton_kernel::views::{Number, drawings};
use std::sync::Arc;

/// A picture on the projector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Picture {
    /// What the meeting is and its agenda.
    Cover,
    /// What became of the commitments of the meeting before.
    Commitments,
    /// A line of the agenda.
    Line(u16),
    /// What was recorded.
    Outcomes,
}

/// The pictures of a meeting in order.
fn pictures(meeting: &MeetingView) -> Vec<Picture> {
    let mut list = vec![Picture::Cover];
    if meeting.previous.is_some() && !meeting.agenda.iter().any(|l| about_commitments(l)) {
        list.push(Picture::Commitments);
    }
    list.extend(meeting.agenda.iter().map(|l| Picture::Line(l.line)));
    list.push(Picture::Outcomes);
    list
}

fn about_commitments(line: &view::AgendaShown) -> bool {
    line.materials.iter().any(|m| m.what == Material::Commitments)
}

/// A figure on the projector.
struct Figure {
    label: String,
    shown: String,
    unit: String,
    light: Safe<String>,
    beside: String,
    lane: Option<Safe<String>>,
}

#[derive(Template)]
#[template(path = "screen-picture.html")]
struct PicturePart<'a> {
    shell: Tongue,
    meeting: &'a MeetingView,
    zone: String,
    known: String,
    witness: String,
    lines: Vec<Timed<'a>>,
    line: Option<&'a Timed<'a>>,
    figures: Vec<Figure>,
    commitments: Vec<&'a Commitment>,
    /// Of all commitments: kept, still open within time, past the day promised.
    counts: Option<[usize; 3]>,
    outcomes: Option<Vec<(u16, &'a OutcomeShown)>>,
    shown: Option<String>,
    rest: usize,
}

/// A picture as HTML.
fn picture(v: &Visit, meeting: &MeetingView, live: &Live, which: Picture) -> Result<String, Fault> {
    let all = timed(meeting, live, v.app.journal.now());
    let mut page = PicturePart {
        shell: Tongue(v.taste.lang),
        meeting,
        zone: crate::shell::zone_name(&v.seen),
        known: v.seen.day().to_string(),
        witness: v
            .seen
            .witness()
            .filter(|_| v.seen.sees_all())
            .map_or(String::new(), |d| crate::shell::short_hash(&d.to_string())),
        lines: Vec::new(),
        line: None,
        figures: Vec::new(),
        commitments: Vec::new(),
        counts: None,
        outcomes: None,
        shown: None,
        rest: 0,
    };
    let newest = |list: &mut Vec<(u16, &OutcomeShown)>| {
        let rest = list.len().saturating_sub(SCREEN_ROWS_MAX);
        list.drain(..rest);
        rest
    };
    match which {
        Picture::Cover => {
            page.rest = all.len().saturating_sub(2 * SCREEN_ROWS_MAX);
            page.lines = all;
            page.lines.truncate(2 * SCREEN_ROWS_MAX);
            return rendered(&page);
        }
        Picture::Commitments => commitments(&mut page, meeting),
        Picture::Outcomes => {
            let recorded = meeting.agenda.iter().flat_map(|l| l.outcomes.iter().map(|o| (l.line, o)));
            let mut list: Vec<_> = recorded.collect();
            page.rest = newest(&mut list);
            page.outcomes = Some(list);
        }
        Picture::Line(n) => {
            let line = all.get(usize::from(n)).ok_or_else(Fault::absent)?;
            page.line = Some(line);
            let on_screen = live.shown.filter(|_| line.on).and_then(|n| line.line.materials.get(n));
            page.shown = on_screen.map(|m| m.label.clone());
            if about_commitments(line.line) {
                commitments(&mut page, meeting);
            } else if !line.line.area.is_empty() {
                page.figures = figures(v, meeting, &line.line.area);
            }
            if page.figures.is_empty() && page.counts.is_none() {
                let mut list: Vec<_> = line.line.outcomes.iter().map(|o| (n, o)).collect();
                page.rest = newest(&mut list);
                page.outcomes = Some(list);
            }
            return rendered(&page);
        }
    }
    rendered(&page)
}

fn rendered(page: &PicturePart<'_>) -> Result<String, Fault> {
    page.render().map_err(|e| Fault::World(anyhow::Error::new(e)))
}

/// Commitments worth words first: those past their day, then those still open, then those kept.
fn commitments<'a>(page: &mut PicturePart<'a>, meeting: &'a MeetingView) {
    let kept = |c: &&Commitment| matches!(c.outcome, "kept" | "kept_late");
    let count = |f: &dyn Fn(&&Commitment) -> bool| meeting.commitments.iter().filter(|c| f(c)).count();
    let counts = [count(&kept), count(&|c| !kept(c) && !c.overdue), count(&|c| !kept(c) && c.overdue)];
    let mut list: Vec<&Commitment> = meeting.commitments.iter().collect();
    list.sort_by_key(|c| if kept(&c) { 2 } else { u8::from(!c.overdue) });
    page.rest = list.len().saturating_sub(SCREEN_ROWS_MAX);
    list.truncate(SCREEN_ROWS_MAX);
    (page.counts, page.commitments) = (Some(counts), list);
}

/// The figures of an area, at most seven, in the order of the review.
fn figures(v: &Visit, meeting: &MeetingView, area: &str) -> Vec<Figure> {
    let shown = review(&v.seen, meeting.row.period);
    let Some(area) = shown.areas.into_iter().find(|a| a.label == area) else { return Vec::new() };
    area.lines.iter().filter_map(|line| figure(v, line)).take(SCREEN_FIGURES_MAX).collect()
}

fn figure(v: &Visit, line: &Line) -> Option<Figure> {
    let (pace, lang) = (line.pace.as_ref()?, v.taste.lang);
    let value = |n: &Number| n.shown();
    let share = pace.share.as_ref().map(|s| {
        let target = pace.target.as_ref().map_or(String::new(), value);
        v.say("page.screen.share", &[("share", &s.shown()), ("target", &target)])
    });
    Some(Figure {
        label: line.label.clone(),
        shown: pace.done.shown(),
        unit: line.unit.split(" · ").next().unwrap_or_default().to_owned(),
        light: marks::pace(pace, &lang),
        beside: share.unwrap_or_default(),
        lane: pace.target.as_ref().map(|_| marks::lane(&drawings::lane(&line.label, pace, lang))),
    })
}

/// The picture that belongs to where the meeting is.
pub(crate) fn following(v: &Visit, meeting: &MeetingView, live: &Live) -> Result<String, Fault> {
    let which = match (meeting.row.state, live.line) {
        (MeetingState::Held, Some(line)) if usize::from(line) < meeting.agenda.len() => Picture::Line(line),
        (MeetingState::Ended | MeetingState::Sealed, _) => Picture::Outcomes,
        _ => Picture::Cover,
    };
    picture(v, meeting, live, which)
}

#[derive(Template)]
#[template(path = "screen.html")]
struct ScreenPage {
    shell: Shell,
    path: String,
    live: String,
    picture: Safe<String>,
    follows: bool,
    before: Option<usize>,
    after: Option<usize>,
    place: usize,
    count: usize,
}

/// `GET /meetings/{id}/screen`: follows the meeting; `?picture=N` stands still at one picture.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let meeting = view::meeting(&v.seen, v.segment("id"))?;
    let live = Live::of(&v, meeting.row.id).await?;
    let all = pictures(&meeting);
    let asked = v.query.get("picture").parse::<usize>().ok().filter(|n| *n < all.len());
    let html = match asked {
        Some(n) => picture(&v, &meeting, &live, all[n])?,
        None => following(&v, &meeting, &live)?,
    };
    // From following, the arrows go on from the picture that is shown.
    let now = match (asked, meeting.row.state, live.line) {
        (Some(n), ..) => n,
        (None, MeetingState::Held, Some(line)) => all.iter().position(|p| *p == Picture::Line(line)).unwrap_or(0),
        (None, MeetingState::Ended | MeetingState::Sealed, _) => all.len() - 1,
        _ => 0,
    };
    v.page(&ScreenPage {
        shell: Shell::of(&v, meeting.row.title.clone(), "/meetings"),
        path: format!("/meetings/{}/screen", meeting.row.id),
        live: format!("/meetings/{}/live", meeting.row.id),
        picture: Safe(html),
        follows: asked.is_none(),
        before: now.checked_sub(1),
        after: Some(now + 1).filter(|n| *n < all.len()),
        place: now + 1,
        count: all.len(),
    })
}
