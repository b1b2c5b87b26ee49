//! One task: what was said beside what was done, and the acts on its strands.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::instructions::Here;
use crate::items::{send, units_in};
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::TaskDoing;
use baton_kernel::entries::InstructionOn;
use baton_kernel::ids::*;
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::tasks::{self, Need, TaskActOption, TaskRow, TaskView};
use baton_kernel::{Act, Doing, Refusal, TaskState};
use std::sync::Arc;

/// An act on a strand as a form.
struct Offer<'a> {
    option: &'a TaskActOption,
    path: String,
    mark: String,
    open: bool,
    need: Need,
    /// It is the next step of the course, or something that waits for exactly this.
    expected: bool,
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
    instruct: Here,
    /// The reader sees the whole document that the task comes from.
    sees_text: bool,
}

impl TaskPage<'_> {
    /// First and last character of a clause, counted from one as people do.
    fn characters(&self, offset: &u32, length: &u32) -> String {
        format!("{}–{}", offset + 1, offset + length)
    }

    /// The place of the clause in a document, as for a speech.
    fn text_place(&self) -> Option<(SpeechId, u32, u32)> {
        self.task.source.text.map(|(id, offset, length)| (SpeechId(id.0), offset, length))
    }
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
                expected: match option.doing {
                    Doing::Acknowledge | Doing::Feed | Doing::DecideObjection | Doing::DecideExtension => true,
                    Doing::Complete => task.row.state == TaskState::Submitted,
                    Doing::CloseOut | Doing::Resume => true,
                    _ => false,
                },
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
        instruct: Here::of(&v, &InstructionOn::Task(task.row.id)),
        sees_text: task.source.text.is_some_and(|(id, ..)| baton_kernel::views::drafts::text(&v.seen, id).is_ok()),
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
        TaskState::ClosedOut | TaskState::Cancelled | TaskState::Merged => 4,
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
        TaskState::Suspended | TaskState::Cancelled | TaskState::Merged => 6,
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
        Doing::Merge => "merger",
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
        Doing::DecideObjection => {
            let (to, withdraw) = match v.text("ruling").as_str() {
                "keep" => (None, false),
                "withdraw" => (None, true),
                "move" => match unit_to(v)? {
                    Some(to) => (Some(to), false),
                    None => return Err(Refusal::wrong("page.choose", &[]).at("to").into()),
                },
                _ => return Err(Refusal::wrong("page.choose", &[]).at("ruling").into()),
            };
            TaskDoing::DecideObjection { to, withdraw, because: words }
        }
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
        Doing::Resume => TaskDoing::Resume { because: words },
        Doing::Cancel => TaskDoing::Cancel { because: words },
        Doing::Merge => {
            let into = v.text("into");
            if into.is_empty() {
                return Err(Refusal::wrong("task.merge-code", &[]).at("into").into());
            }
            let known = tasks::task(&v.seen, &into).map_err(|e| e.at("into"))?;
            TaskDoing::Merge { into: known.row.id, because: words }
        }
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
