//! Meetings: the list, one meeting with venues, agenda, outcomes, speeches and papers; planning and running it.

use crate::answers::Answer;
use crate::compliance;
use crate::faults::Fault;
use crate::home::Todo;
use crate::live::{self, Live, Parts};
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::entries::{
    AgendaLine, Deadline, Material, MaterialLine, MeetingState, OutcomeKind, PlanDetails, TaskSource, VenueLine,
};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::compliance::of_meeting;
use baton_kernel::views::meetings::{self, ChairShown, MeetingActOption, MeetingRow, MeetingView};
use baton_kernel::views::review::UnitShown;
use baton_kernel::{Act, Refusal, Seen};
use baton_store::Ids;
use std::sync::Arc;

/// Empty lines offered below those of a plan.
const SPARE_LINES: usize = 4;
/// Papers and rounds offered beside what may lie before a line.
const OFFERED: usize = 20;
/// Lines offered in a new plan.
const NEW_LINES: usize = 8;

/// Meetings to come that the reader takes part in.
pub(crate) fn coming(v: &Visit, seen: &Seen, todos: &mut Vec<Todo>) {
    let units = &seen.rights().units;
    for row in meetings::list(seen) {
        let waits = matches!(row.state, MeetingState::Planned | MeetingState::Notified);
        if !waits || row.on < seen.today() {
            continue;
        }
        let Ok(meeting) = meetings::meeting(seen, &row.id.to_string()) else { continue };
        let sits = meeting.venues.iter().find(|x| x.unit.as_ref().is_some_and(|u| units.contains(&u.id)));
        let speaks = meeting.agenda.iter().find(|l| l.unit.as_ref().is_some_and(|u| units.contains(&u.id)));
        let runs = seen.rights().may_somewhere(Verb::MeetingRun);
        if sits.is_none() && speaks.is_none() && !runs {
            continue;
        }
        let mut words = vec![row.on.to_string()];
        words.extend(sits.map(|x| x.name.clone()));
        words.extend(speaks.map(|l| {
            v.say("page.home.speaks", &[("line", &(l.line + 1)), ("title", &l.title), ("minutes", &l.minutes)])
        }));
        todos.push(Todo {
            path: format!("/meetings/{}", row.id),
            title: row.title,
            class: "none",
            word: row.state_word,
            why: String::new(),
            small: words.join(" · "),
        });
    }
}

#[derive(Template)]
#[template(path = "meetings.html")]
struct MeetingsPage {
    shell: Shell,
    rows: Vec<MeetingRow>,
    may_plan: bool,
    may_assign: bool,
}

/// `GET /meetings`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    v.page(&MeetingsPage {
        shell: Shell::of(&v, v.say("page.menu.meetings", &[]), "/meetings"),
        rows: meetings::list(&v.seen),
        may_plan: !v.seen.is_past() && v.seen.rights().may_all(Verb::MeetingPlan),
        may_assign: v.seen.rights().may_somewhere(Verb::TaskAssign),
    })
}

#[derive(Template)]
#[template(path = "meeting.html")]
struct MeetingPage<'a> {
    shell: Shell,
    v: &'a Visit,
    meeting: &'a MeetingView,
    parts: Parts,
    compliance: Safe<String>,
    live: Live,
    moves: Vec<(&'static str, &'a MeetingActOption)>,
    later: Vec<&'a MeetingActOption>,
    may_plan: bool,
    may_run: bool,
    may_answer: bool,
    may_outcome: bool,
    may_speech: bool,
    may_call_off: bool,
    may_circular: bool,
    is_held: bool,
}

impl MeetingPage<'_> {
    /// The page of a venue, for those who may open it.
    fn venue_path(&self, venue: &meetings::VenueShown) -> Option<String> {
        let rights = self.v.seen.rights();
        let sits = venue.unit.as_ref().is_some_and(|u| rights.units.contains(&u.id));
        let runs = rights.may_all(Verb::MeetingRun) || rights.may_all(Verb::MeetingPlan);
        (sits || runs).then(|| format!("/meetings/{}/venues/{}", self.meeting.row.id, venue.id))
    }
    /// Whether a line is the one that is on, for the list of lines.
    fn is_on(&self, line: &u16) -> bool {
        self.live.line == Some(*line)
    }
    /// Units that may lead a task.
    fn units(&self) -> Vec<UnitShown> {
        self.v.seen.units().into_iter().map(|u| self.v.seen.unit_shown(u)).collect()
    }
    /// Materials of the line that is on.
    fn shown_here(&self) -> Vec<(usize, &meetings::MaterialShown)> {
        let line = self.live.line.and_then(|n| self.meeting.agenda.get(usize::from(n)));
        line.map_or_else(Vec::new, |l| l.materials.iter().enumerate().collect())
    }
}

/// `GET /meetings/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let meeting = meetings::meeting(&v.seen, v.segment("id"))?;
    let live = Live::of(&v, meeting.row.id).await?;
    let may = |key: &str| meeting.acts.iter().any(|a| a.key == key && a.refusal.is_none());
    let moves =
        meeting.acts.iter().filter(|a| a.refusal.is_none()).filter_map(|a| Some((state_of(a.key)?, a))).collect();
    let rights = v.seen.rights();
    let verbs = [Verb::PaperIssue, Verb::MeetingPlan, Verb::MeetingRun];
    let shell = Shell::of(&v, meeting.row.title.clone(), "/meetings");
    v.page(&MeetingPage {
        compliance: compliance::part(&shell, &of_meeting(&v.seen, meeting.row.id)?)?,
        shell,
        v: &v,
        parts: Parts::of(&v, &meeting, &live)?,
        moves,
        later: meeting.acts.iter().filter(|a| a.refusal.is_some() && is_ahead(a.key, meeting.row.state)).collect(),
        may_plan: may("plan"),
        may_run: may("end"),
        may_answer: may("answer"),
        may_outcome: may("outcome"),
        may_speech: may("speech"),
        may_call_off: may("call_off"),
        may_circular: v.seen.sees_all() && verbs.iter().any(|x| rights.may_somewhere(*x)),
        is_held: meeting.row.state == MeetingState::Held && !v.seen.is_past(),
        live,
        meeting: &meeting,
    })
}

/// Whether an act of the course still lies ahead in a state.
fn is_ahead(act: &str, state: MeetingState) -> bool {
    let step = match act {
        "notify" => 1,
        "hold" => 2,
        "outcome" | "speech" | "end" => 3,
        "seal" => 4,
        _ => return false,
    };
    let reached = match state {
        MeetingState::Planned => 0,
        MeetingState::Notified => 1,
        MeetingState::Held => 2,
        MeetingState::Ended => 3,
        MeetingState::Sealed | MeetingState::Cancelled => 4,
    };
    step > reached
}

/// The state that an act of the course leads to.
fn state_of(act: &str) -> Option<&'static str> {
    match act {
        "notify" => Some("notified"),
        "hold" => Some("held"),
        "end" => Some("ended"),
        "seal" => Some("sealed"),
        _ => None,
    }
}

/// `POST /meetings/{id}/state`.
pub(crate) async fn move_on(v: Arc<Visit>) -> Answer {
    let done = moved(&v).await;
    or_again(&v, done, show).await
}

async fn moved(v: &Visit) -> Answer {
    let known = meetings::meeting(&v.seen, v.segment("id"))?;
    let meeting = known.row.id;
    let to = match v.text("to").as_str() {
        "notified" => MeetingState::Notified,
        "held" => MeetingState::Held,
        "ended" => {
            v.submit(live::ending(v, &known).await?).await?;
            return v.done(&format!("/meetings/{meeting}"), "meeting-moved");
        }
        "sealed" => MeetingState::Sealed,
        "cancelled" => MeetingState::Cancelled,
        _ => return Err(Refusal::wrong("page.choose", &[]).at("to").into()),
    };
    v.submit(Act::MoveMeeting { meeting, to, because: v.text("because") }).await?;
    if to == MeetingState::Held {
        live::begin(v, &known).await?;
    }
    v.done(&format!("/meetings/{meeting}"), "meeting-moved")
}

/// The meeting of the path, when the caller sees it.
pub(crate) fn id(v: &Visit) -> Result<MeetingId, Fault> {
    Ok(meetings::meeting(&v.seen, v.segment("id"))?.row.id)
}

/// `POST /meetings/{id}/outcomes`.
pub(crate) async fn record_outcome(v: Arc<Visit>) -> Answer {
    let done = recorded(&v).await;
    or_again(&v, done, show).await
}

async fn recorded(v: &Visit) -> Answer {
    let meeting = id(v)?;
    let kind = match v.text("kind").as_str() {
        "information" => OutcomeKind::Information,
        "decision" => OutcomeKind::Decision,
        "task" => OutcomeKind::Task,
        _ => return Err(Refusal::wrong("page.choose", &[]).at("kind").into()),
    };
    let line = v.text("line").parse().map_err(|_| Refusal::wrong("page.choose", &[]).at("line"))?;
    let ids = v.ids();
    let outcome = OutcomeId(ids.next());
    let text = v.text("text");
    let record = Act::RecordOutcome { meeting, outcome, line, kind, text: text.clone() };
    if kind == OutcomeKind::Task && !v.text("lead").is_empty() {
        // A task with an owner is assigned in the same act: both or neither.
        let title: String = text.chars().take(baton_kernel::limits::NAME_CHARS_MAX).collect();
        let assign = Act::AssignTask {
            task: TaskId(ids.next()),
            code: String::new(),
            title,
            source: TaskSource::Meeting(meeting),
            said: text,
            deadline: Deadline { on: v.day("day")?, words: String::new(), limit: None },
            strands: crate::tasks::strands(v)?,
            aim: String::new(),
            area: None,
            items: Vec::new(),
        };
        v.submit(Act::All(vec![record, assign])).await?;
    } else {
        v.submit(record).await?;
    }
    v.done(&format!("/meetings/{meeting}#agenda"), "outcome-recorded")
}

/// A line of the agenda in the plan's form.
struct AgendaRow {
    title: String,
    unit: String,
    area: String,
    minutes: String,
    materials: String,
}

/// A venue in the plan's form.
#[derive(Default)]
struct VenueRow {
    id: String,
    name: String,
    unit: String,
    link: String,
    expected: String,
    main: bool,
}

#[derive(Template)]
#[template(path = "meeting-plan.html")]
struct PlanPage<'a> {
    shell: Shell,
    v: &'a Visit,
    action: String,
    code: String,
    title: String,
    period: String,
    on: String,
    starts: String,
    place: String,
    basis: String,
    comprehensive: bool,
    chair: String,
    chairs: Vec<(UnitShown, ChairShown)>,
    offered: Vec<String>,
    agenda: Vec<AgendaRow>,
    venues: Vec<VenueRow>,
    units: Vec<UnitShown>,
    areas: Vec<(String, String)>,
}

impl PlanPage<'_> {
    fn is_comprehensive(&self) -> bool {
        let fresh = if self.comprehensive { "comprehensive" } else { "special" };
        self.v.typed("breadth", fresh) == "comprehensive"
    }

    fn is_main(&self, n: &usize, fresh: &bool) -> bool {
        self.v.given.fields.raw("main").map_or(*fresh, |chosen| chosen.trim() == n.to_string())
    }

    fn was(&self, name: &str, n: &usize, fresh: &str) -> String {
        self.v.typed(&format!("{name}-{n}"), fresh).to_owned()
    }
}

fn plan_page(v: &Visit, known: Option<&MeetingView>) -> Answer {
    let lang = v.taste.lang;
    let units: Vec<UnitShown> = v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect();
    let territorial = v.seen.territorial_units();
    let mut agenda: Vec<AgendaRow> = known.map_or_else(Vec::new, |m| {
        let line = |l: &meetings::AgendaShown| AgendaRow {
            title: l.title.clone(),
            unit: l.unit.as_ref().map_or(String::new(), |u| u.code.clone()),
            area: v
                .seen
                .blueprint()
                .areas
                .iter()
                .find(|a| a.label.get(lang) == l.area)
                .map_or(String::new(), |a| a.key.clone()),
            minutes: l.minutes.to_string(),
            materials: l.materials.iter().map(|m| m.written.as_str()).collect::<Vec<_>>().join("；"),
        };
        m.agenda.iter().map(line).collect()
    });
    let spare = if known.is_some() { SPARE_LINES } else { NEW_LINES };
    let blank = || AgendaRow {
        title: String::new(),
        unit: String::new(),
        area: String::new(),
        minutes: String::new(),
        materials: String::new(),
    };
    if known.is_none() && meetings::list(&v.seen).iter().any(|m| m.state == MeetingState::Sealed) {
        // A meeting opens with what became of the last one's commitments.
        let commitments = v.say("meeting.material.commitments", &[]);
        let title = v.say("page.meeting.commitments", &[]);
        agenda.push(AgendaRow { title, minutes: "10".to_owned(), materials: commitments, ..blank() });
    }
    agenda.extend((0..spare).map(|_| blank()));
    let mut venues: Vec<VenueRow> = match known {
        Some(m) => m
            .venues
            .iter()
            .map(|x| VenueRow {
                id: x.id.to_string(),
                name: x.name.clone(),
                unit: x.unit.as_ref().map_or(String::new(), |u| u.code.clone()),
                link: x.link.clone().unwrap_or_default(),
                expected: x.expected.map_or(String::new(), |n| n.to_string()),
                main: x.main,
            })
            .collect(),
        None => {
            let branch = |u: &UnitShown| VenueRow {
                name: v.say("page.meeting.branch", &[("unit", &u.name)]),
                unit: u.code.clone(),
                ..VenueRow::default()
            };
            let main = VenueRow { name: v.say("page.meeting.main", &[]), main: true, ..VenueRow::default() };
            std::iter::once(main).chain(units.iter().filter(|u| territorial.contains(&u.id)).map(branch)).collect()
        }
    };
    venues.extend((0..SPARE_LINES).map(|_| VenueRow::default()));
    let offered = ["meeting.material.commitments", "meeting.material.circular"].map(|code| v.say(code, &[]));
    let papers = baton_kernel::views::papers::list(&v.seen).into_iter().filter_map(|p| p.number);
    let rounds = baton_kernel::views::rounds::list(&v.seen).into_iter().map(|r| r.title);
    let offered = offered.into_iter().chain(papers.take(OFFERED)).chain(rounds.take(OFFERED)).collect();
    let title = if known.is_some() { "page.meeting.edit" } else { "page.meeting.new" };
    let row = known.map(|m| &m.row);
    v.page(&PlanPage {
        shell: Shell::of(v, v.say(title, &[]), "/meetings"),
        v,
        action: row.map_or("/meetings".to_owned(), |r| format!("/meetings/{}/plan", r.id)),
        code: row.map_or(String::new(), |r| r.code.clone()),
        title: row.map_or(String::new(), |r| r.title.clone()),
        period: row.map_or_else(|| crate::review::reviewed_on(v.seen.today()).to_string(), |r| r.period.to_string()),
        on: row.map_or(String::new(), |r| r.on.to_string()),
        place: row.map_or(String::new(), |r| r.place.clone()),
        starts: known.and_then(|m| m.starts.clone()).unwrap_or_default(),
        basis: known.and_then(|m| m.basis.clone()).unwrap_or_default(),
        comprehensive: known.is_some_and(|m| m.comprehensive),
        chair: known.and_then(|m| m.chair.as_ref()).map_or(String::new(), |c| c.post.to_string()),
        chairs: meetings::chairs(&v.seen),
        offered,
        areas: v.seen.blueprint().areas.iter().map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect(),
        agenda,
        venues,
        units,
    })
}

/// `GET /meetings/new`.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    plan_page(&v, None)
}

/// `GET /meetings/{id}/plan`.
pub(crate) async fn edit(v: Arc<Visit>) -> Answer {
    let meeting = meetings::meeting(&v.seen, v.segment("id"))?;
    plan_page(&v, Some(&meeting))
}

/// `POST /meetings`.
pub(crate) async fn plan(v: Arc<Visit>) -> Answer {
    let meeting = MeetingId(v.ids().next());
    let done = planned(&v, meeting).await;
    or_again(&v, done, new).await
}

/// `POST /meetings/{id}/plan`.
pub(crate) async fn replan(v: Arc<Visit>) -> Answer {
    let meeting = id(&v)?;
    let done = planned(&v, meeting).await;
    or_again(&v, done, edit).await
}

async fn planned(v: &Visit, meeting: MeetingId) -> Answer {
    let known = meetings::meeting(&v.seen, &meeting.to_string()).ok();
    let mut wrong = Mistakes::default();
    let title = wrong.needed(v, "title");
    let period = wrong.take(crate::items::period_in(v, "period"));
    let on = wrong.take(v.day_needed("on"));
    let unit = |name: &str| -> Result<Option<UnitId>, Refusal> {
        let code = v.text(name);
        if code.is_empty() {
            return Ok(None);
        }
        v.seen.unit_by_code(&code).map(Some).ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &code)]).at(name))
    };
    let (mut agenda, mut venues) = (Vec::new(), Vec::new());
    let mut details = PlanDetails {
        starts: wrong.take(starts(v)).flatten(),
        basis: Some(v.text("basis")).filter(|b| !b.is_empty()),
        comprehensive: v.text("breadth") == "comprehensive",
        ..PlanDetails::default()
    };
    let ids = v.ids();
    let _ = ids.next();
    for n in 0..baton_kernel::limits::AGENDA_LINES_MAX {
        let title = v.text(&format!("title-{n}"));
        if title.is_empty() {
            continue;
        }
        let minutes = v.text(&format!("minutes-{n}"));
        let at = format!("minutes-{n}");
        let minutes = if minutes.is_empty() { Ok(0) } else { minutes.parse() };
        let line = u16::try_from(agenda.len()).unwrap_or(u16::MAX);
        let materials = wrong.take(materials(v, n)).unwrap_or_default();
        details.materials.extend(materials.into_iter().map(|what| MaterialLine { line, what }));
        agenda.push(AgendaLine {
            title,
            area: Some(v.text(&format!("area-{n}"))).filter(|a| !a.is_empty()),
            unit: wrong.take(unit(&format!("unit-{n}"))).flatten(),
            minutes: wrong
                .take(
                    minutes.map_err(|_| Refusal::wrong("page.number.wrong", &[("text", &v.text(&at))]).at(at.clone())),
                )
                .unwrap_or_default(),
        });
    }
    for n in 0..baton_kernel::limits::VENUES_MAX {
        let name = v.text(&format!("venue-{n}"));
        if name.is_empty() {
            continue;
        }
        let known_id = v.text(&format!("venue-id-{n}")).parse().ok();
        let mine = |id: &VenueId| known.as_ref().is_some_and(|m| m.venues.iter().any(|x| x.id == *id));
        let fresh = VenueId(ids.next());
        let venue = known_id.filter(mine).unwrap_or(fresh);
        let at = format!("expected-{n}");
        match v.text(&at) {
            text if text.is_empty() => {}
            text => {
                let people = text.parse::<u16>();
                let people = people.map_err(|_| Refusal::wrong("page.number.wrong", &[("text", &text)]).at(at));
                details.expected.extend(wrong.take(people).map(|n| (venue, n)));
            }
        }
        venues.push(VenueLine {
            venue,
            name,
            unit: wrong.take(unit(&format!("venue-unit-{n}"))).flatten(),
            main: v.text("main") == n.to_string(),
            link: Some(v.text(&format!("link-{n}"))).filter(|l| !l.is_empty()),
        });
    }
    wrong.end()?;
    let (Some(period), Some(on)) = (period, on) else { return Err(Fault::Malformed) };
    let chair = v.text("chair").parse().ok();
    v.submit(Act::PlanMeeting {
        meeting,
        code: v.text("code"),
        title,
        period,
        on,
        place: v.text("place"),
        chair,
        agenda,
        venues,
        details,
    })
    .await?;
    v.done(&format!("/meetings/{meeting}"), "meeting-planned")
}

/// When the meeting begins: `9:00`, `09:00`, or nothing.
fn starts(v: &Visit) -> Result<Option<jiff::civil::Time>, Refusal> {
    let text = v.text("starts").replace('：', ":");
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Refusal::wrong("page.time.wrong", &[("text", &text)]).at("starts");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let part = |t: &str| t.trim().parse::<i8>().map_err(|_| wrong());
    jiff::civil::Time::new(part(hour)?, part(minute)?, 0, 0).map(Some).map_err(|_| wrong())
}

/// What was written to lie before a line, each thing apart from the next by a comma, a semicolon or a line's end.
fn materials(v: &Visit, n: usize) -> Result<Vec<Material>, Refusal> {
    let at = format!("materials-{n}");
    let text = v.text(&at);
    let written = text.split(['；', ';', '，', ',', '、', '\n']).map(str::trim).filter(|t| !t.is_empty());
    let known = |one: &str| {
        let line = n + 1;
        let missing = || Refusal::wrong("meeting.material", &[("line", &line)]).at(at.clone());
        v.seen.material_written(one).ok_or_else(missing)
    };
    written.map(known).collect()
}
