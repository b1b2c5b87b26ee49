//! Documents taken in for tasks: pasted or sent as a file, cleaned, and each clause offered as a draft.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::entries::{Deadline, TaskSource};
use baton_kernel::ids::*;
use baton_kernel::text;
use baton_kernel::views::drafts::{self, TextShown};
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::speech::{self, Proposal};
use baton_kernel::{Act, Refusal};
use baton_store::Ids;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "task-text-new.html")]
struct NewTextPage<'a> {
    shell: Shell,
    v: &'a Visit,
}

/// `GET /task-texts/new`.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    v.page(&NewTextPage { shell: Shell::of(&v, v.say("page.text.new", &[]), "/tasks"), v: &v })
}

/// `POST /task-texts`: takes the document in, as given and as cleaned.
pub(crate) async fn record(v: Arc<Visit>) -> Answer {
    let done = recorded(&v).await;
    or_again(&v, done, new).await
}

async fn recorded(v: &Visit) -> Answer {
    let mut wrong = crate::mistakes::Mistakes::default();
    let number = wrong.needed(v, "number");
    let mut raw = v.given.fields.raw("words").unwrap_or_default().replace("\r\n", "\n");
    if let Some(file) = v.given.files("file").next() {
        raw = crate::uploads::words(file)?;
    }
    if raw.trim().is_empty() {
        wrong.take::<()>(Err(crate::mistakes::empty(v, "words")));
    }
    wrong.end()?;
    let (count, max) = (raw.chars().count(), baton_kernel::limits::SPEECH_CHARS_MAX);
    if count > max {
        let label = v.say("page.field.words", &[]);
        let args: [(&str, &dyn std::fmt::Display); 3] = [("field", &label), ("count", &count), ("max", &max)];
        return Err(Refusal::wrong("text.long", &args).at("words").into());
    }
    let given = raw.clone();
    let clean =
        tokio::task::spawn_blocking(move || text::clean(&given).text).await.map_err(|e| Fault::World(e.into()))?;
    let id = TextId(v.ids().next());
    v.submit(Act::RecordText { text: id, number, title: v.text("title"), raw, clean }).await?;
    v.done(&format!("/task-texts/{id}"), "text-recorded")
}

#[derive(Template)]
#[template(path = "task-text.html")]
struct TextPage<'a> {
    shell: Shell,
    v: &'a Visit,
    text: &'a TextShown,
    marked: Safe<String>,
    proposals: Vec<&'a Proposal>,
    stances: usize,
    open: usize,
    units: Vec<UnitShown>,
    may: bool,
}

impl TextPage<'_> {
    fn leads(&self, p: &Proposal, unit: &UnitShown) -> bool {
        let lead = p.lead.map(|u| self.v.seen.unit_shown(u).code).unwrap_or_default();
        self.v.typed(&format!("lead-{}", p.number), &lead) == unit.code
    }

    /// Assisting units that the text names.
    fn assisting(&self, p: &Proposal) -> String {
        let names: Vec<String> = p.assist.iter().map(|u| self.v.seen.unit_short(*u)).collect();
        names.join(self.v.taste.lang.pick("、", ", "))
    }

    fn ticked(&self, p: &Proposal) -> bool {
        self.v.refused.is_some() && self.v.chosen("piece", &p.number.to_string())
    }
}

async fn proposals(v: &Visit, id: TextId) -> Result<Vec<Proposal>, Fault> {
    let seen = v.seen.clone();
    let found = tokio::task::spawn_blocking(move || {
        let extract = speech::text_extract(&seen, id)?;
        speech::text_proposals(&seen, id, &extract)
    });
    Ok(found.await.map_err(|e| Fault::World(e.into()))??)
}

/// `GET /task-texts/{id}`: the document with its clauses, each to become a draft.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let id: TextId = v.id("id")?;
    let text = drafts::text(&v.seen, id)?;
    let all = proposals(&v, id).await?;
    let kept: Vec<&Proposal> = all.iter().filter(|p| !p.greyed).collect();
    v.page(&TextPage {
        shell: Shell::of(&v, text.number.clone(), "/tasks"),
        v: &v,
        marked: Safe(crate::proposals::marked(&text.clean, &all)),
        stances: all.iter().filter(|p| p.greyed).count(),
        open: kept.iter().filter(|p| p.made.is_empty()).count(),
        proposals: kept,
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        may: !v.seen.is_past() && crate::task_drafts::may_draft(v.seen.rights()),
        text: &text,
    })
}

/// `POST /task-texts/{id}/drafts`: the ticked clauses become drafts, all in one batch.
pub(crate) async fn draft(v: Arc<Visit>) -> Answer {
    let done = drafted(&v).await;
    or_again(&v, done, show).await
}

async fn drafted(v: &Visit) -> Answer {
    let id: TextId = v.id("id")?;
    let all = proposals(v, id).await?;
    let ticked: Vec<&Proposal> =
        all.iter().filter(|p| !p.greyed && v.given.fields.all("piece").any(|n| n == p.number.to_string())).collect();
    if ticked.is_empty() {
        return Err(Refusal::wrong("page.text.none", &[]).at("clauses").into());
    }
    let ids = v.ids();
    let mut acts = Vec::new();
    for p in ticked {
        let mark = p.number.to_string();
        let title = Some(v.text(&format!("title-{mark}"))).filter(|t| !t.is_empty()).unwrap_or(p.title.clone());
        let today = v.seen.today();
        acts.push(Act::DraftTask {
            task: TaskId(ids.next()),
            title,
            source: TaskSource::Text { text: id, offset: p.offset, length: p.length },
            said: p.text.clone(),
            deadline: Deadline {
                on: v.day(&format!("day-{mark}"))?.filter(|d| *d >= today),
                words: p.deadline_words.clone(),
                limit: None,
            },
            strands: crate::task_drafts::strands_if(v, &mark, &p.assist)?,
            aim: p.aim.clone(),
            area: None,
            items: Vec::new(),
        });
    }
    v.submit(Act::All(acts)).await?;
    v.done("/task-drafts", "tasks-drafted")
}
