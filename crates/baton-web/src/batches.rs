//! Batches: one act on several tasks chosen in the ledger, as one batch; what could not be done is said row by row.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::TaskDoing;
use baton_kernel::ids::TaskId;
use baton_kernel::limits::TASK_BATCH_MAX;
use baton_kernel::views::tasks::{self, TaskView};
use baton_kernel::{Act, Doing, Refusal};
use std::sync::Arc;

/// What became of one of the chosen tasks.
struct Line {
    id: TaskId,
    code: String,
    title: String,
    lead: String,
    /// Why it was not done; none when it was.
    why_not: Option<String>,
}

#[derive(Template)]
#[template(path = "task-batch.html")]
struct BatchPage {
    shell: Shell,
    act: String,
    done: usize,
    undone: usize,
    lines: Vec<Line>,
}

/// `POST /tasks/batch`: urges, completes, closes out or decides extensions of the chosen tasks.
pub(crate) async fn act(v: Arc<Visit>) -> Answer {
    let done = acted(&v).await;
    or_again(&v, done, crate::tasks::list).await
}

async fn acted(v: &Visit) -> Answer {
    let chosen: Vec<String> = v.given.fields.all("task").map(str::to_owned).collect();
    if chosen.is_empty() {
        return Err(Refusal::wrong("page.tasks.none", &[]).at("batch").into());
    }
    if chosen.len() > TASK_BATCH_MAX {
        let (count, max) = (chosen.len(), TASK_BATCH_MAX);
        return Err(Refusal::wrong("page.tasks.many", &[("count", &count), ("max", &max)]).at("batch").into());
    }
    let what = v.text("what");
    let (doing, label) = match what.as_str() {
        "urging" => (Doing::Urge, Doing::Urge.label(v.taste.lang)),
        "completion" => (Doing::Complete, Doing::Complete.label(v.taste.lang)),
        "closure" => (Doing::CloseOut, Doing::CloseOut.label(v.taste.lang)),
        "extension-granted" => (Doing::DecideExtension, v.say("page.tasks.granted", &[])),
        "extension-refused" => (Doing::DecideExtension, v.say("page.tasks.refused", &[])),
        _ => return Err(Refusal::wrong("page.choose", &[]).at("what").into()),
    };
    let words = v.text("words");
    let because = || words.clone();
    let made = || match doing {
        Doing::Urge => TaskDoing::Urge { text: because() },
        Doing::Complete => TaskDoing::Complete { because: because() },
        Doing::CloseOut => TaskDoing::CloseOut { because: because() },
        _ => TaskDoing::DecideExtension { granted: what == "extension-granted", to: None, because: because() },
    };
    let mut acts = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for key in &chosen {
        let Ok(task) = tasks::task(&v.seen, key) else { return Err(Fault::absent()) };
        if lines.iter().any(|l| l.id == task.row.id) {
            continue;
        }
        let (mine, why_not) = on(v, &task, doing, &made);
        acts.extend(mine);
        let row = task.row;
        lines.push(Line { id: row.id, code: row.code, title: row.title, lead: row.lead, why_not });
    }
    if !acts.is_empty() {
        v.submit(Act::All(acts)).await?;
    }
    let done = lines.iter().filter(|l| l.why_not.is_none()).count();
    let (shell, undone) = (Shell::of(v, v.say("page.tasks.batch", &[]), "/tasks"), lines.len() - done);
    v.page(&BatchPage { shell, act: label, done, undone, lines })
}

/// The acts on a task, or why there are none. Urging and closing out are the lead's part, extensions any part's.
fn on(v: &Visit, task: &TaskView, doing: Doing, made: &dyn Fn() -> TaskDoing) -> (Vec<Act>, Option<String>) {
    let lead = task.strands.first().map(|s| s.unit.id);
    let any_part = doing == Doing::DecideExtension;
    let options = || {
        task.acts
            .iter()
            .filter(|o| o.doing == doing && (any_part || Some(o.unit.id) == lead || task.strands.len() == 1))
    };
    let given = made();
    let lacks = match &given {
        TaskDoing::DecideExtension { granted: false, because, .. } => because.is_empty(),
        TaskDoing::Complete { because } => because.is_empty() && task.row.state != baton_kernel::TaskState::Submitted,
        _ => false,
    };
    let may: Vec<Act> = options()
        .filter(|o| o.refusal.is_none())
        .map(|o| Act::ActOnTask { task: task.row.id, unit: o.unit.id, what: made() })
        .collect();
    if may.is_empty() {
        let refusal = options().find_map(|o| o.refusal.as_ref()).map(|r| r.said(v.taste.lang).to_owned());
        let why = refusal.unwrap_or_else(|| {
            let args: [(&str, &dyn std::fmt::Display); 1] = [("state", &task.row.state_word)];
            v.say("page.tasks.not-now", &args)
        });
        return (Vec::new(), Some(why));
    }
    if lacks {
        return (Vec::new(), Some(v.say("page.tasks.words", &[])));
    }
    (may, None)
}
