//! Drafts of tasks (拟办): made by hand, from a meeting, an item or an instruction; signed off by another person.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::home::Todo;
use crate::items::units_in;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::tasks::strands;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::entries::{Deadline, Duty, Limit, StrandLine, TaskSource};
use baton_kernel::ids::*;
use baton_kernel::permit::{Rights, Verb};
use baton_kernel::views::drafts::{self, DraftShown};
use baton_kernel::views::instructions;
use baton_kernel::views::meetings;
use baton_kernel::views::review::UnitShown;
use baton_kernel::{Act, Refusal, Seen};
use baton_store::Ids;
use std::sync::Arc;

/// Whether somebody may propose tasks: as the kernel asks.
pub(crate) fn may_draft(rights: &Rights) -> bool {
    [Verb::TaskSupervise, Verb::MeetingRun].into_iter().any(|v| rights.may_somewhere(v))
        || rights.may_all(Verb::TaskAssign)
}

/// Drafts that wait for the reader's sign-off.
pub(crate) fn waiting(v: &Visit, seen: &Seen, todos: &mut Vec<Todo>) {
    for draft in drafts::list(seen, true).into_iter().filter(|d| d.may_sign) {
        todos.push(Todo {
            path: format!("/task-drafts/{}", draft.id),
            title: draft.title,
            class: "self",
            word: v.say("page.draft.waits", &[]),
            why: String::new(),
            small: v.say("page.draft.by", &[("who", &draft.who), ("when", &draft.when)]),
        });
    }
}

/// What the form starts from when nothing was typed yet.
#[derive(Default)]
struct Fresh {
    title: String,
    said: String,
    document: String,
    lead: String,
    assist: Vec<String>,
    day: String,
    due_words: String,
    days: String,
    counting: &'static str,
    aim: String,
    area: String,
}

impl Fresh {
    fn of(draft: &DraftShown) -> Fresh {
        let limit = draft.limit;
        Fresh {
            title: draft.title.clone(),
            said: draft.said.clone(),
            document: String::new(),
            lead: draft.lead.as_ref().map_or(String::new(), |u| u.code.clone()),
            assist: draft.assist.iter().map(|u| u.code.clone()).collect(),
            day: draft.due.filter(|_| limit.is_none()).map_or(String::new(), |d| d.to_string()),
            due_words: draft.due_words.clone(),
            days: limit.map_or(String::new(), |(days, _)| days.to_string()),
            counting: if limit.is_some_and(|(_, working)| !working) { "natural" } else { "working" },
            aim: draft.aim.clone(),
            area: draft.area.clone().unwrap_or_default(),
        }
    }
}

/// Where the task on the form comes from, kept while it is filled in.
#[derive(Default)]
struct Origin {
    /// Name and value of the hidden field.
    field: Option<(&'static str, String)>,
    /// In words, with its page.
    words: String,
    path: String,
    /// What was said there.
    quote: String,
}

fn origin(v: &Visit) -> Origin {
    let given = |name: &str| {
        let typed = v.text(name);
        if typed.is_empty() { v.query.get(name).to_owned() } else { typed }
    };
    let instruction = given("instruction");
    if let Ok(known) = instructions::instruction(&v.seen, &instruction) {
        return Origin {
            field: Some(("instruction", instruction)),
            words: v.say("task.source.instructed", &[("leader", &known.leader)]),
            path: format!("/instructions/{}", known.id),
            quote: known.words,
        };
    }
    let meeting = given("meeting");
    if let Ok(known) = meetings::meeting(&v.seen, &meeting) {
        let path = format!("/meetings/{}", known.row.id);
        let wanted = given("outcome");
        let mut outcomes = known.agenda.iter().flat_map(|line| &line.outcomes);
        let quote = outcomes.find(|o| o.id.to_string() == wanted).map_or(String::new(), |o| o.text.clone());
        return Origin { field: Some(("meeting", meeting)), words: known.row.title, path, quote };
    }
    let item = given("item");
    if let Ok(known) = v.seen.item(&item) {
        let words = v.say("page.draft.item", &[("code", &known.code)]);
        return Origin {
            field: Some(("item", item)),
            words,
            path: format!("/items/{}", known.id),
            quote: String::new(),
        };
    }
    Origin::default()
}

#[derive(Template)]
#[template(path = "task-new.html")]
struct NewTaskPage<'a> {
    shell: Shell,
    v: &'a Visit,
    units: Vec<UnitShown>,
    areas: Vec<(String, String)>,
    fresh: Fresh,
    origin: Origin,
    draft: Option<DraftShown>,
    may_assign: bool,
    /// The fields show what a refused form held, not what they start from.
    tried: bool,
}

impl NewTaskPage<'_> {
    fn assists(&self, code: &str) -> bool {
        if self.tried { self.v.chosen("co", code) } else { self.fresh.assist.iter().any(|c| c == code) }
    }

    fn any_assists(&self) -> bool {
        self.units.iter().any(|u| self.assists(&u.code))
    }

    fn counts(&self, how: &str) -> bool {
        let fresh = if self.fresh.counting.is_empty() { "working" } else { self.fresh.counting };
        self.v.typed("counting", fresh) == how
    }
}

fn form(v: &Visit, title: String, fresh: Fresh, draft: Option<DraftShown>) -> Answer {
    let lang = v.taste.lang;
    v.page(&NewTaskPage {
        shell: Shell::of(v, title, "/tasks"),
        v,
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        areas: v.seen.blueprint().areas.iter().map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect(),
        origin: if draft.is_some() { Origin::default() } else { origin(v) },
        may_assign: v.seen.rights().may_all(Verb::TaskAssign),
        tried: v.refused.is_some(),
        fresh,
        draft,
    })
}

/// `GET /tasks/new`: by hand, or with `?meeting=`, `?item=` or `?instruction=` from there.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    let said = origin(&v).quote;
    let title = v.say("page.task.new", &[]);
    form(&v, title, Fresh { said, ..Fresh::default() }, None)
}

/// What a form says of a task, every mistake at its field.
struct Given {
    title: String,
    said: String,
    strands: Vec<StrandLine>,
    deadline: Deadline,
    aim: String,
    area: Option<String>,
}

fn given(v: &Visit, lead_needed: bool) -> Result<Given, Fault> {
    let mut wrong = Mistakes::default();
    let title = wrong.needed(v, "title");
    let strands = match lead_needed || !v.text("lead").is_empty() {
        true => wrong.take(strands(v)),
        false => Some(Vec::new()),
    };
    let on = wrong.take(v.day("day"));
    let limit = wrong.take(limit(v));
    wrong.end()?;
    let (Some(strands), Some(on), Some(limit)) = (strands, on, limit) else { return Err(Fault::Malformed) };
    let said = Some(v.text("said")).filter(|t| !t.is_empty()).unwrap_or_else(|| title.clone());
    Ok(Given {
        title,
        said,
        strands,
        deadline: Deadline { on, words: v.text("due_words"), limit },
        aim: v.text("aim"),
        area: Some(v.text("area")).filter(|a| !a.is_empty()),
    })
}

fn limit(v: &Visit) -> Result<Option<Limit>, Refusal> {
    let text = v.text("limit");
    if text.is_empty() {
        return Ok(None);
    }
    let days = text.parse().map_err(|_| Refusal::wrong("page.days.wrong", &[("text", &text)]).at("limit"))?;
    Ok(Some(Limit { days, working: v.text("counting") != "natural" }))
}

fn source(v: &Visit) -> TaskSource {
    match origin(v).field {
        Some(("instruction", id)) => id.parse().map_or(TaskSource::Instruction, TaskSource::Instructed),
        Some(("meeting", key)) => {
            meetings::meeting(&v.seen, &key).map_or(TaskSource::Instruction, |known| TaskSource::Meeting(known.row.id))
        }
        Some(("item", key)) => v.seen.item(&key).map_or(TaskSource::Instruction, |known| TaskSource::Item(known.id)),
        _ => match v.text("document") {
            text if text.is_empty() => TaskSource::Instruction,
            text => TaskSource::Document(text),
        },
    }
}

/// `POST /tasks`: assigned at once, or laid before the supervising office as a draft.
pub(crate) async fn make(v: Arc<Visit>) -> Answer {
    let done = made(&v).await;
    or_again(&v, done, new).await
}

async fn made(v: &Visit) -> Answer {
    let task = TaskId(v.ids().next());
    let drafted = v.text("how") == "draft";
    let Given { title, said, strands, deadline, aim, area } = given(v, !drafted)?;
    let source = source(v);
    let items = match &source {
        TaskSource::Item(id) => vec![*id],
        _ => Vec::new(),
    };
    if drafted {
        v.submit(Act::DraftTask { task, title, source, said, deadline, strands, aim, area, items }).await?;
        return v.done(&format!("/task-drafts/{task}"), "task-drafted");
    }
    let code = v.text("code");
    v.submit(Act::AssignTask { task, code, title, source, said, deadline, strands, aim, area, items }).await?;
    v.done(&format!("/tasks/{task}"), "task-assigned")
}

#[derive(Template)]
#[template(path = "task-drafts.html")]
struct DraftsPage {
    shell: Shell,
    drafts: Vec<DraftShown>,
    all: bool,
}

/// `GET /task-drafts`: those that wait; with `?all=yes` also those signed off and dropped.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let all = v.query.has("all");
    let mut found = drafts::list(&v.seen, !all);
    found.reverse();
    v.page(&DraftsPage { shell: Shell::of(&v, v.say("page.drafts", &[]), "/tasks"), drafts: found, all })
}

#[derive(Template)]
#[template(path = "task-draft.html")]
struct DraftPage<'a> {
    shell: Shell,
    v: &'a Visit,
    draft: DraftShown,
    area: String,
}

/// `GET /task-drafts/{id}`: as the form to sign off, for whoever may; else to read.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let draft = drafts::draft(&v.seen, v.segment("id"))?;
    if draft.may_sign {
        let title = v.say("page.draft.sign", &[]);
        return form(&v, title, Fresh::of(&draft), Some(draft));
    }
    let key = draft.area.clone().unwrap_or_default();
    let area = v.seen.blueprint().areas.iter().find(|a| a.key == key);
    v.page(&DraftPage {
        shell: Shell::of(&v, draft.title.clone(), "/tasks"),
        v: &v,
        area: area.map_or(String::new(), |a| a.label.get(v.taste.lang).to_owned()),
        draft,
    })
}

/// `POST /task-drafts/{id}/signature`: signed off as it stands on the form; from now on it binds.
pub(crate) async fn sign(v: Arc<Visit>) -> Answer {
    let done = signed(&v).await;
    or_again(&v, done, show).await
}

async fn signed(v: &Visit) -> Answer {
    let draft = drafts::draft(&v.seen, v.segment("id"))?;
    let Given { title, said, strands, deadline, aim, area } = given(v, true)?;
    let task = draft.id;
    // The kernel keeps the source that the draft names.
    let (source, code) = (TaskSource::Instruction, v.text("code"));
    let items = draft.items.clone();
    v.submit(Act::AssignTask { task, code, title, source, said, deadline, strands, aim, area, items }).await?;
    v.done(&format!("/tasks/{task}"), "task-signed")
}

/// `POST /task-drafts/{id}/dropping`: not used, with a reason.
pub(crate) async fn drop(v: Arc<Visit>) -> Answer {
    let done = dropped(&v).await;
    or_again(&v, done, show).await
}

async fn dropped(v: &Visit) -> Answer {
    let draft = drafts::draft(&v.seen, v.segment("id"))?;
    v.submit(Act::DropDraft { task: draft.id, because: v.text("because") }).await?;
    v.done(&format!("/task-drafts/{}", draft.id), "task-dropped")
}

/// The lead chosen for a clause with the assisting units that the text names; nobody while no lead is chosen.
pub(crate) fn strands_if(v: &Visit, mark: &str, assist: &[UnitId]) -> Result<Vec<StrandLine>, Refusal> {
    let Some(lead) = units_in(v, &format!("lead-{mark}"))?.into_iter().next() else { return Ok(Vec::new()) };
    let mut list = vec![StrandLine { unit: lead, duty: Duty::Lead }];
    let others = assist.iter().filter(|unit| **unit != lead);
    list.extend(others.map(|unit| StrandLine { unit: *unit, duty: Duty::Assist }));
    Ok(list)
}
