//! Instructions (批示): said in one sentence where the number, item or task stands; then a task, or an answer.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::home::Todo;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::entries::InstructionOn;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::instructions::{self, DelegationShown, InstructionShown};
use baton_kernel::{Act, Refusal, Seen};
use baton_store::Ids;
use std::sync::Arc;

/// What was said on the thing that a page shows, and in whose names the reader may say something.
pub(crate) struct Here {
    pub said: Vec<InstructionShown>,
    pub voices: Vec<(Option<PersonId>, String)>,
    /// What it is said on, as the form names it.
    pub on: String,
}

impl Here {
    pub(crate) fn of(v: &Visit, on: &InstructionOn) -> Here {
        Here { said: instructions::said_on(&v.seen, on), voices: instructions::voices(&v.seen), on: named(on) }
    }

    /// Nothing to show and nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        self.said.is_empty() && self.voices.is_empty()
    }

    /// Whether the reader may say something in their own name.
    pub(crate) fn own(&self) -> bool {
        self.voices.iter().any(|(leader, _)| leader.is_none())
    }
}

fn named(on: &InstructionOn) -> String {
    match on {
        InstructionOn::Item(id) => format!("item {id}"),
        InstructionOn::Task(id) => format!("task {id}"),
        InstructionOn::Figure { subject, measure, period } => format!("figure {subject} {measure} {period}"),
    }
}

fn meant(text: &str) -> Option<InstructionOn> {
    let words: Vec<&str> = text.split(' ').collect();
    Some(match words[..] {
        ["item", id] => InstructionOn::Item(id.parse().ok()?),
        ["task", id] => InstructionOn::Task(id.parse().ok()?),
        ["figure", subject, measure, period] => InstructionOn::Figure {
            subject: subject.parse().ok()?,
            measure: measure.to_owned(),
            period: period.parse().ok()?,
        },
        _ => return None,
    })
}

/// Whether instructions are any business of the reader: who says, enters or carries them out.
pub(crate) fn concern(v: &Visit) -> bool {
    v.seen.rights().may_somewhere(Verb::TaskSupervise) || !instructions::voices(&v.seen).is_empty()
}

/// Instructions that wait for the reader.
pub(crate) fn waiting(v: &Visit, seen: &Seen, todos: &mut Vec<Todo>) {
    for one in instructions::list(seen, true).into_iter().filter(|i| i.may_answer || i.may_carry) {
        todos.push(Todo {
            path: format!("/instructions/{}", one.id),
            title: one.words,
            class: "warn",
            word: v.say("page.instruction.waits", &[]),
            why: String::new(),
            small: v
                .say("page.instruction.small", &[("leader", &one.leader), ("about", &one.about), ("when", &one.when)]),
        });
    }
}

/// `POST /instructions`: one sentence on what a page shows.
pub(crate) async fn give(v: Arc<Visit>) -> Answer {
    let done = given(&v).await;
    or_again(&v, done, again).await
}

async fn given(v: &Visit) -> Answer {
    let on = meant(&v.text("on")).ok_or_else(Fault::absent)?;
    let words = v.text("instruction-words");
    if words.is_empty() {
        return Err(crate::mistakes::empty(v, "instruction-words").into());
    }
    let leader = match v.text("leader") {
        text if text.is_empty() => None,
        text => Some(text.parse().map_err(|_| Fault::absent())?),
    };
    let instruction = InstructionId(v.ids().next());
    v.submit(Act::Instruct { instruction, on, words, leader }).await?;
    v.done(&format!("/instructions/{instruction}"), "instructed")
}

#[derive(Template)]
#[template(path = "instruction-new.html")]
struct AgainPage<'a> {
    shell: Shell,
    v: &'a Visit,
    instruct: Here,
}

/// The form alone, after it was refused.
async fn again(v: Arc<Visit>) -> Answer {
    let on = meant(&v.text("on")).ok_or_else(Fault::absent)?;
    v.page(&AgainPage {
        shell: Shell::of(&v, v.say("page.instruction", &[]), "/instructions"),
        v: &v,
        instruct: Here::of(&v, &on),
    })
}

#[derive(Template)]
#[template(path = "instructions.html")]
struct InstructionsPage<'a> {
    shell: Shell,
    v: &'a Visit,
    list: Vec<InstructionShown>,
    waiting: usize,
    delegations: Vec<DelegationShown>,
    may_delegate: bool,
    people: Vec<(PersonId, String)>,
    today: String,
}

/// `GET /instructions`: those the reader sees, newest first, and who may enter in whose name.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let mut found = instructions::list(&v.seen, false);
    found.reverse();
    let may_delegate = !v.seen.is_past() && v.seen.rights().may_somewhere(Verb::Instruct);
    v.page(&InstructionsPage {
        shell: Shell::of(&v, v.say("page.menu.instructions", &[]), "/instructions"),
        v: &v,
        waiting: found.iter().filter(|i| i.waits).count(),
        list: found,
        delegations: instructions::delegations(&v.seen),
        may_delegate,
        people: if may_delegate { baton_kernel::views::posts::colleagues(&v.seen) } else { Vec::new() },
        today: v.seen.today().to_string(),
    })
}

#[derive(Template)]
#[template(path = "instruction.html")]
struct InstructionPage<'a> {
    shell: Shell,
    v: &'a Visit,
    one: InstructionShown,
}

/// `GET /instructions/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let one = instructions::instruction(&v.seen, v.segment("id"))?;
    let title = v.say("task.source.instructed", &[("leader", &one.leader)]);
    v.page(&InstructionPage { shell: Shell::of(&v, title, "/instructions"), v: &v, one })
}

/// `POST /instructions/{id}/answer`: why no task is made of it.
pub(crate) async fn answer(v: Arc<Visit>) -> Answer {
    let done = answered(&v).await;
    or_again(&v, done, show).await
}

async fn answered(v: &Visit) -> Answer {
    let one = instructions::instruction(&v.seen, v.segment("id"))?;
    v.submit(Act::AnswerInstruction { instruction: one.id, because: v.text("because") }).await?;
    v.done(&format!("/instructions/{}", one.id), "instruction-answered")
}

/// `POST /delegations`: lets somebody enter in the reader's name.
pub(crate) async fn delegate(v: Arc<Visit>) -> Answer {
    let done = delegated(&v).await;
    or_again(&v, done, list).await
}

async fn delegated(v: &Visit) -> Answer {
    let mut wrong = crate::mistakes::Mistakes::default();
    let to = v.text("to").parse().map_err(|_| Refusal::wrong("delegation.person", &[]).at("to"));
    let to = wrong.take(to);
    let from = wrong.take(v.day_needed("from"));
    let until = wrong.take(v.day_needed("until"));
    wrong.end()?;
    let (Some(to), Some(from), Some(until)) = (to, from, until) else { return Err(Fault::Malformed) };
    v.submit(Act::Delegate { delegation: DelegationId(v.ids().next()), to, from, until }).await?;
    v.done("/instructions", "delegated")
}

/// `POST /delegations/{id}/end`.
pub(crate) async fn end(v: Arc<Visit>) -> Answer {
    v.submit(Act::EndDelegation { delegation: v.id("id")? }).await?;
    v.done("/instructions", "delegation-ended")
}
