//! Problems of an item: raised by whoever works on it, made a task by the supervising office, settled.

use super::{show, units_in};
use crate::answers::Answer;
use crate::faults::Fault;
use crate::home::Todo;
use crate::mistakes::Mistakes;
use crate::visit::{Visit, or_again};
use baton_kernel::entries::{Deadline, Duty, StrandLine, TaskSource};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::{Act, Seen};
use baton_store::Ids;
use std::sync::Arc;

/// Characters of a task's title taken from the words of a problem.
const TITLE_CHARS_MAX: usize = 40;

/// The first sentence of a problem, as the title of a task.
pub(crate) fn first_words(text: &str) -> &str {
    let end = text.char_indices().find(|(_, c)| matches!(c, '。' | '；' | ';' | '\n')).map_or(text.len(), |(n, _)| n);
    let first = &text[..end];
    first.char_indices().nth(TITLE_CHARS_MAX).map_or(first, |(n, _)| &first[..n])
}

/// Problems that wait for the supervising office to make them tasks or to settle them.
pub(crate) fn waiting(v: &Visit, seen: &Seen, todos: &mut Vec<Todo>) {
    if !seen.rights().may_all(Verb::TaskAssign) {
        return;
    }
    for open in seen.open_problems() {
        todos.push(Todo {
            path: format!("/items/{}#p-{}", open.item, open.problem.id),
            class: crate::marks::class(open.problem.light.key),
            word: open.problem.light.word.clone(),
            why: String::new(),
            small: v.say(
                "page.home.problem",
                &[("item", &open.name), ("lead", &open.lead), ("on", &open.problem.on), ("days", &open.problem.days)],
            ),
            title: first_words(&open.problem.text).to_owned(),
        });
    }
}

/// `POST /items/{id}/problems`.
pub(crate) async fn raise(v: Arc<Visit>) -> Answer {
    let done = raised(&v).await;
    or_again(&v, done, show).await
}

async fn raised(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let mut wrong = Mistakes::default();
    let text = wrong.needed(v, "text");
    wrong.end()?;
    let problem = ProblemId(v.ids().next());
    let evidence = v.evidence("evidence").await?;
    v.submit(Act::RaiseProblem { item: item.id, problem, text, evidence }).await?;
    v.done(&format!("/items/{}#problems", item.id), "problem-raised")
}

/// `POST /items/{id}/problems/{problem}/task`: assigns a task that names the problem and the item.
pub(crate) async fn task(v: Arc<Visit>) -> Answer {
    let done = tasked(&v).await;
    or_again(&v, done, show).await
}

async fn tasked(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let problem: ProblemId = v.id("problem")?;
    let known = v.seen.problems(&item).into_iter().find(|p| p.id == problem).ok_or_else(Fault::absent)?;
    let mut wrong = Mistakes::default();
    let title = wrong.needed(v, "title");
    let lead = wrong.take(units_in(v, "lead")).unwrap_or_default();
    wrong.some(v, "lead", &lead);
    let on = wrong.take(v.day("day"));
    wrong.end()?;
    let (Some(lead), Some(on)) = (lead.first().copied(), on) else { return Err(Fault::Malformed) };
    let task = TaskId(v.ids().next());
    let area = v.seen.blueprint().kind(&item.kind).map(|k| k.area.clone());
    let assign = Act::AssignTask {
        task,
        code: String::new(),
        title,
        source: TaskSource::Item(item.id),
        said: known.text,
        deadline: Deadline { on, words: String::new(), limit: None },
        strands: vec![StrandLine { unit: lead, duty: Duty::Lead }],
        aim: String::new(),
        area,
        items: vec![item.id],
    };
    v.submit(Act::All(vec![assign, Act::TaskProblem { item: item.id, problem, task }])).await?;
    v.done(&format!("/tasks/{task}"), "task-assigned")
}

/// `POST /items/{id}/problems/{problem}/settlement`.
pub(crate) async fn settle(v: Arc<Visit>) -> Answer {
    let done = settled(&v).await;
    or_again(&v, done, show).await
}

async fn settled(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let problem: ProblemId = v.id("problem")?;
    let evidence = v.evidence("evidence").await?;
    v.submit(Act::SettleProblem { item: item.id, problem, because: v.text("because"), evidence }).await?;
    v.done(&format!("/items/{}#problems", item.id), "problem-settled")
}
