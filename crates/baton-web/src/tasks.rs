//! Tasks (督办台账): the ledger as table and board, one task, and the acts on its strands.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::home::Todo;
use crate::items::{send, units_in};
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again, say};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::commands::TaskDoing;
use baton_kernel::entries::{Deadline, Duty, StrandLine, TaskSource};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::tasks::{self, Need, TaskActOption, TaskFilter, TaskLedger, TaskOrder, TaskRow, TaskView};
use baton_kernel::{Act, Refusal, Seen};
use baton_kernel::{Doing, TaskState};
use baton_methods::{Lang, parse_date};
use baton_store::Ids;
use std::sync::Arc;

/// The light of a task with how far it is from its deadline.
pub(crate) fn light(row: &TaskRow) -> Safe<String> {
    crate::marks::light(&row.light)
}

/// Days left as the ledger shows them: `逾 12`, `今天`, `16`.
pub(crate) fn days_left(row: &TaskRow, lang: &Lang) -> String {
    match row.timing.days_left {
        Some(0) => say(*lang, "page.task.today", &[]),
        Some(n) if n < 0 => say(*lang, "page.task.over", &[("days", &-n)]),
        Some(n) => n.to_string(),
        None => "—".to_owned(),
    }
}

/// Tasks about an item that the caller sees.
pub(crate) fn of_item(v: &Visit, item: ItemId) -> Vec<TaskRow> {
    let code = v.seen.item(&item.to_string()).map(|i| i.code.clone()).unwrap_or_default();
    let rows = tasks::ledger(&v.seen, &TaskFilter { order: TaskOrder::Due, ..TaskFilter::default() }).rows;
    let about = |row: &TaskRow| {
        tasks::task(&v.seen, &row.id.to_string()).is_ok_and(|t| t.items.iter().any(|(c, _)| *c == code))
    };
    rows.into_iter().filter(about).collect()
}

/// Tasks that wait for the reader: to be handled by their units, or to be decided by the supervising office.
pub(crate) fn waiting(v: &Visit, seen: &Seen, todos: &mut Vec<Todo>) {
    let rights = seen.rights();
    let mut wanted: Vec<TaskRow> = Vec::new();
    for unit in rights.units.iter().filter(|u| rights.may(Verb::TaskHandle, **u)) {
        let filter = TaskFilter { open: true, unit: Some(*unit), order: TaskOrder::Due, ..TaskFilter::default() };
        wanted.extend(tasks::ledger(seen, &filter).rows.into_iter().filter(|r| r.state.runs()));
    }
    if rights.may_somewhere(Verb::TaskSupervise) {
        let filter = TaskFilter { open: true, order: TaskOrder::Due, ..TaskFilter::default() };
        let decide = |row: &TaskRow| {
            row.asked_to.is_some()
                || matches!(row.state, TaskState::Submitted | TaskState::Completed)
                || tasks::task(seen, &row.id.to_string()).is_ok_and(|t| t.strands.iter().any(|s| s.objects))
        };
        wanted.extend(tasks::ledger(seen, &filter).rows.into_iter().filter(decide));
    }
    wanted.sort_by(|a, b| (a.due.is_none(), a.due, &a.code).cmp(&(b.due.is_none(), b.due, &b.code)));
    wanted.dedup_by_key(|r| r.id);
    for row in wanted {
        let due = row.due.map_or_else(|| v.say("page.task.no-deadline", &[]), |d| d.to_string());
        todos.push(Todo {
            path: format!("/tasks/{}", row.id),
            class: crate::marks::class(row.light.key),
            word: row.light.word.clone(),
            why: String::new(),
            small: v.say(
                "page.home.task",
                &[("code", &row.code), ("lead", &row.lead), ("state", &row.state_word), ("due", &due)],
            ),
            title: row.title,
        });
    }
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct TasksPage<'a> {
    shell: Shell,
    v: &'a Visit,
    ledger: &'a TaskLedger,
    board: bool,
    columns: Vec<(String, Vec<&'a TaskRow>)>,
    areas: Vec<(String, String)>,
    may_assign: bool,
    due_trouble: bool,
}

/// `GET /tasks`: as a table, or with `?as=board` as a board.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let q = |name: &str| Some(v.query.get(name).to_owned()).filter(|t| !t.is_empty());
    let state = q("state");
    let due = q("due");
    let due_to = due.as_deref().and_then(|d| parse_date(d, Some(v.seen.today().year())).ok());
    let filter = TaskFilter {
        state: state.as_deref().and_then(TaskState::parse),
        open: state.is_none() || state.as_deref() == Some("open"),
        unit: q("unit").and_then(|c| v.seen.unit_by_code(&c)),
        lead: q("lead").and_then(|c| v.seen.unit_by_code(&c)),
        area: q("area"),
        meeting: q("meeting").and_then(|m| m.parse().ok()),
        light: q("light"),
        overdue: v.query.has("overdue"),
        due_to,
        text: v.query.get("q").to_owned(),
        order: TaskOrder::Due,
    };
    let board = v.query.get("as") == "board";
    let filter = if board { TaskFilter { open: false, state: None, ..filter } } else { filter };
    let ledger = tasks::ledger(&v.seen, &filter);
    let lang = v.taste.lang;
    let columns = if board {
        TaskState::ALL
            .into_iter()
            .filter(|s| !matches!(s, TaskState::Suspended | TaskState::Cancelled))
            .map(|s| (s.label(lang), ledger.rows.iter().filter(|r| r.state == s).collect()))
            .collect()
    } else {
        Vec::new()
    };
    v.page(&TasksPage {
        shell: Shell::of(&v, v.say("page.menu.tasks", &[]), "/tasks"),
        v: &v,
        board,
        columns,
        areas: v.seen.blueprint().areas.iter().map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect(),
        may_assign: !v.seen.is_past() && v.seen.rights().may_all(Verb::TaskAssign),
        due_trouble: due.is_some() && due_to.is_none(),
        ledger: &ledger,
    })
}

/// An act on a strand as a form.
struct Offer<'a> {
    option: &'a TaskActOption,
    path: String,
    mark: String,
    open: bool,
    need: Need,
}

impl Offer<'_> {
    fn asks(&self, need: &Need) -> bool {
        *need != Need::None
    }
    fn must(&self, need: &Need) -> bool {
        *need == Need::Required
    }
}

#[derive(Template)]
#[template(path = "task.html")]
struct TaskPage<'a> {
    shell: Shell,
    v: &'a Visit,
    task: &'a TaskView,
    rail: Vec<(String, &'static str, String)>,
    offers: Vec<Offer<'a>>,
    later: Vec<&'a TaskActOption>,
    units: Vec<UnitShown>,
    left: Option<String>,
}

/// `GET /tasks/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let task = tasks::task(&v.seen, v.segment("id"))?;
    let tried = v.refused.as_ref().map(|_| (v.segment("unit").to_owned(), v.segment("what").to_owned()));
    let offers = task
        .acts
        .iter()
        .filter(|a| a.refusal.is_none())
        .map(|option| {
            let (unit, what) = (option.unit.id.to_string(), noun(option.doing));
            Offer {
                path: format!("/tasks/{}/strands/{unit}/{what}", task.row.id),
                mark: format!("{what}-{}", option.unit.code),
                open: tried.as_ref().is_some_and(|(u, w)| *u == unit && w == what),
                need: option.words,
                option,
            }
        })
        .collect();
    v.page(&TaskPage {
        shell: Shell::of(&v, task.row.title.clone(), "/tasks"),
        v: &v,
        rail: rail(&v, &task),
        offers,
        later: task.acts.iter().filter(|a| a.refusal.is_some() && is_ahead(a.doing, task.row.state)).collect(),
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        left: left(&v, &task.row),
        task: &task,
    })
}

/// How far the deadline is, in words; none without a deadline.
fn left(v: &Visit, row: &TaskRow) -> Option<String> {
    let days = row.timing.days_left?;
    Some(match days {
        0 => v.say("page.task.left.today", &[]),
        n if n < 0 => v.say("page.task.left.over", &[("days", &-n)]),
        n => v.say("page.task.left.days", &[("days", &n)]),
    })
}

/// Whether an act of the course still lies ahead in a state; what is no step of the course is never waited for.
fn is_ahead(doing: Doing, state: TaskState) -> bool {
    let step = match doing {
        Doing::Acknowledge => 1,
        Doing::Feed => 2,
        Doing::Complete => 3,
        Doing::CloseOut => 4,
        _ => return false,
    };
    let reached = match state {
        TaskState::Assigned => 0,
        TaskState::Acknowledged | TaskState::InProgress | TaskState::Suspended => 1,
        TaskState::Submitted => 2,
        TaskState::Completed => 3,
        TaskState::ClosedOut | TaskState::Cancelled => 4,
    };
    step > reached
}

/// The course of the lead's strand.
fn rail(v: &Visit, task: &TaskView) -> Vec<(String, &'static str, String)> {
    let row = &task.row;
    let at = match row.state {
        TaskState::Assigned => 1,
        TaskState::Acknowledged => 2,
        TaskState::InProgress => 2,
        TaskState::Submitted => 3,
        TaskState::Completed => 4,
        TaskState::ClosedOut => 5,
        TaskState::Suspended | TaskState::Cancelled => 6,
    };
    let day = |d: Option<jiff::civil::Date>| d.map_or(String::new(), |d| d.to_string());
    let lead = task.strands.first();
    let details = [
        row.assigned_on.to_string(),
        day(lead.and_then(|s| s.acknowledged_on)),
        row.latest.as_ref().map_or(String::new(), |l| l.on.to_string()),
        row.completed_on.map_or_else(
            || row.due.map_or(String::new(), |d| v.say("page.task.due", &[("due", &d)])),
            |d| d.to_string(),
        ),
        day(row.closed_on),
    ];
    ["assigned", "acknowledged", "fed", "completed", "closed"]
        .iter()
        .zip(details)
        .enumerate()
        .map(|(n, (key, detail))| {
            let state = if n < at {
                "done"
            } else if n == at {
                "now"
            } else {
                ""
            };
            (v.say(&format!("page.task.step.{key}"), &[]), state, detail)
        })
        .collect()
}

/// The noun of an act, as its path names it.
fn noun(doing: Doing) -> &'static str {
    match doing {
        Doing::Acknowledge => "acknowledgement",
        Doing::Object => "objection",
        Doing::DecideObjection => "objection-decision",
        Doing::Feed => "feedback",
        Doing::AskExtension => "extension-request",
        Doing::DecideExtension => "extension-decision",
        Doing::Return => "return",
        Doing::Complete => "completion",
        Doing::CloseOut => "closure",
        Doing::Urge => "urging",
        Doing::Suspend => "suspension",
        Doing::Resume => "resumption",
        Doing::Cancel => "termination",
    }
}

/// `POST /tasks/{id}/strands/{unit}/{what}`: one act on one unit's part.
pub(crate) async fn act(v: Arc<Visit>) -> Answer {
    let done = acted(&v).await;
    or_again(&v, done, show).await
}

async fn acted(v: &Visit) -> Answer {
    let task = tasks::task(&v.seen, v.segment("id"))?.row.id;
    let unit: UnitId = v.id("unit")?;
    let what = v.segment("what");
    let doing = Doing::ALL.into_iter().find(|d| noun(*d) == what).ok_or_else(Fault::absent)?;
    let words = v.text("words");
    let what = match doing {
        Doing::Acknowledge => TaskDoing::Acknowledge,
        Doing::Object => TaskDoing::Object { because: words },
        Doing::DecideObjection => TaskDoing::DecideObjection { to: unit_to(v)?, because: words },
        Doing::Feed => {
            let evidence = v.evidence("evidence").await?;
            TaskDoing::Feed { last: v.text("last") == "yes", text: words, evidence }
        }
        Doing::AskExtension => TaskDoing::AskExtension { to: v.day_needed("day")?, because: words },
        Doing::DecideExtension => {
            let granted = match v.text("granted").as_str() {
                "yes" => true,
                "no" => false,
                _ => return Err(Refusal::wrong("page.choose", &[]).at("granted").into()),
            };
            TaskDoing::DecideExtension { granted, to: v.day("day")?, because: words }
        }
        Doing::Return => TaskDoing::Return { because: words },
        Doing::Complete => TaskDoing::Complete { because: words },
        Doing::CloseOut => TaskDoing::CloseOut { because: words },
        Doing::Urge => TaskDoing::Urge { text: words },
        Doing::Suspend => TaskDoing::Suspend { because: words },
        Doing::Resume => TaskDoing::Resume,
        Doing::Cancel => TaskDoing::Cancel { because: words },
    };
    v.submit(Act::ActOnTask { task, unit, what }).await?;
    v.done(&format!("/tasks/{task}"), &format!("task-{}", noun(doing)))
}

fn unit_to(v: &Visit) -> Result<Option<UnitId>, Refusal> {
    Ok(units_in(v, "to")?.into_iter().next())
}

/// `GET /tasks/{id}/files/{digest}`: a file handed over with a task that the caller sees.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let task = tasks::task(&v.seen, v.segment("id"))?;
    let all = task.strands.iter().flat_map(|s| &s.timeline).flat_map(|e| &e.evidence);
    send(&v, all).await
}

#[derive(Template)]
#[template(path = "task-new.html")]
struct NewTaskPage<'a> {
    shell: Shell,
    v: &'a Visit,
    units: Vec<UnitShown>,
    areas: Vec<(String, String)>,
}

/// `GET /tasks/new`.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    let lang = v.taste.lang;
    v.page(&NewTaskPage {
        shell: Shell::of(&v, v.say("page.task.new", &[]), "/tasks"),
        v: &v,
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        areas: v.seen.blueprint().areas.iter().map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect(),
    })
}

/// `POST /tasks`.
pub(crate) async fn assign(v: Arc<Visit>) -> Answer {
    let done = assigned(&v).await;
    or_again(&v, done, new).await
}

async fn assigned(v: &Visit) -> Answer {
    let task = TaskId(v.ids().next());
    let source = match v.text("document") {
        text if text.is_empty() => TaskSource::Instruction,
        text => TaskSource::Document(text),
    };
    let mut wrong = Mistakes::default();
    let title = wrong.needed(v, "title");
    let strands = wrong.take(strands(v));
    let on = wrong.take(v.day("day"));
    wrong.end()?;
    let (Some(strands), Some(on)) = (strands, on) else { return Err(Fault::Malformed) };
    let said = if v.given.fields.has("said") { v.text("said") } else { title.clone() };
    v.submit(Act::AssignTask {
        task,
        code: v.text("code"),
        title,
        source,
        said,
        deadline: Deadline { on, words: v.text("due_words") },
        strands,
        aim: v.text("aim"),
        area: Some(v.text("area")).filter(|a| !a.is_empty()),
        items: Vec::new(),
    })
    .await?;
    v.done(&format!("/tasks/{task}"), "task-assigned")
}

/// Lead and assisting units of a form.
pub(crate) fn strands(v: &Visit) -> Result<Vec<StrandLine>, Refusal> {
    let lead = units_in(v, "lead")?.into_iter().next();
    let lead = lead.ok_or_else(|| crate::mistakes::empty(v, "lead"))?;
    let mut list = vec![StrandLine { unit: lead, duty: Duty::Lead }];
    list.extend(
        units_in(v, "co")?.into_iter().filter(|u| *u != lead).map(|unit| StrandLine { unit, duty: Duty::Assist }),
    );
    Ok(list)
}
