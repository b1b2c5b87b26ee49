//! Speeches: pasted, cleaned with every change shown, recorded; then each clause as a proposal to confirm.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::marks::escaped;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use crate::{meetings, tasks};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::entries::{Deadline, TaskSource};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::text::{self, Class};
use baton_kernel::views::meetings::MeetingView;
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::speech::{self, Proposal};
use baton_kernel::{Act, Refusal};
use baton_store::Ids;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Kind of the drafts that hold which proposals somebody put aside.
const ASIDE: &str = "aside";

#[derive(Template)]
#[template(path = "speech-new.html")]
struct NewSpeechPage<'a> {
    shell: Shell,
    v: &'a Visit,
    meeting: MeetingId,
    title: String,
}

/// `GET /meetings/{id}/speeches/new`.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    let meeting = meetings::id(&v)?;
    v.page(&NewSpeechPage {
        shell: Shell::of(&v, v.say("page.speech.new", &[]), "/meetings"),
        title: v.say("page.speech.title", &[]),
        v: &v,
        meeting,
    })
}

#[derive(Template)]
#[template(path = "speech-clean.html")]
struct CleanPage<'a> {
    shell: Shell,
    v: &'a Visit,
    meeting: MeetingId,
    title: String,
    raw: String,
    clean: String,
    changed: Safe<String>,
    counts: Vec<(String, usize)>,
    doubts: Vec<(usize, String)>,
    steps: usize,
}

/// `POST /meetings/{id}/speeches/reading`: cleans what was pasted or sent as a text file; records nothing.
pub(crate) async fn read(v: Arc<Visit>) -> Answer {
    let done = cleaned(&v).await;
    or_again(&v, done, new).await
}

async fn cleaned(v: &Visit) -> Answer {
    let meeting = meetings::id(v)?;
    let mut raw = v.given.fields.raw("raw").unwrap_or_default().to_owned();
    if let Some(file) = v.given.files("file").next() {
        raw = text::decode(&file.bytes).text;
    }
    let label = v.say("page.field.raw", &[]);
    if raw.trim().is_empty() {
        return Err(Refusal::wrong("text.empty", &[("field", &label)]).at("raw").into());
    }
    let (count, max) = (raw.chars().count(), baton_kernel::limits::SPEECH_CHARS_MAX);
    if count > max {
        return Err(Refusal::wrong("text.long", &[("field", &label), ("count", &count), ("max", &max)])
            .at("raw")
            .into());
    }
    let pasted = raw.replace("\r\n", "\n");
    let (found, changed) = tokio::task::spawn_blocking(move || {
        let found = text::clean(&pasted);
        let changed = difference(&pasted, &found.text);
        (found, changed)
    })
    .await
    .map_err(|e| Fault::World(e.into()))?;
    let lang = v.taste.lang;
    v.page(&CleanPage {
        shell: Shell::of(v, v.say("page.speech.clean", &[]), "/meetings"),
        v,
        meeting,
        title: v.text("title"),
        raw,
        changed: Safe(changed),
        counts: found.counts().into_iter().map(|(k, n)| (lang.pick(k.label().0, k.label().1).to_owned(), n)).collect(),
        doubts: found.doubts.iter().map(|d| (d.at, d.text.clone())).collect(),
        steps: found.steps.len(),
        clean: found.text,
    })
}

/// What was pasted and what was made of it as one text: what went and what came stand marked at their places.
fn difference(before: &str, after: &str) -> String {
    let piece = |piece: &text::Piece| match piece.change {
        text::Change::Same => escaped(&piece.text),
        text::Change::Removed => format!("<del>{}</del>", escaped(&piece.text)),
        text::Change::Added => format!("<ins>{}</ins>", escaped(&piece.text)),
    };
    text::diff(before, after).iter().map(piece).collect()
}

/// `POST /meetings/{id}/speeches`: records the speech as pasted and as cleaned.
pub(crate) async fn record(v: Arc<Visit>) -> Answer {
    let done = recorded(&v).await;
    or_again(&v, done, new).await
}

async fn recorded(v: &Visit) -> Answer {
    let meeting = meetings::id(v)?;
    let speech = SpeechId(v.ids().next());
    // Browsers send line ends as CR LF; offsets count what is shown.
    let text = |name: &str| v.given.fields.raw(name).unwrap_or_default().replace("\r\n", "\n");
    v.submit(Act::RecordSpeech { meeting, speech, title: v.text("title"), raw: text("raw"), clean: text("clean") })
        .await?;
    v.done(&format!("/meetings/{meeting}/speeches/{speech}"), "speech-recorded")
}

/// A proposal with what the page needs beside it.
struct Shown<'a> {
    p: &'a Proposal,
    mark: String,
    aside: bool,
    tried: bool,
    lead: String,
    assist: Vec<String>,
}

impl Shown<'_> {
    fn assists(&self, code: &str) -> bool {
        self.assist.iter().any(|c| c == code)
    }
}

#[derive(Template)]
#[template(path = "speech.html")]
struct SpeechPage<'a> {
    shell: Shell,
    v: &'a Visit,
    meeting: &'a MeetingView,
    speech: SpeechId,
    title: String,
    marked: Safe<String>,
    proposals: Vec<Shown<'a>>,
    stances: usize,
    made: usize,
    waiting: usize,
    units: Vec<UnitShown>,
    areas: Vec<(String, String)>,
    may_assign: bool,
}

/// `GET /meetings/{id}/speeches/{speech}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let meeting = baton_kernel::views::meetings::meeting(&v.seen, v.segment("id"))?;
    let speech: SpeechId = v.id("speech")?;
    let known = meeting.speeches.iter().find(|s| s.id == speech).ok_or_else(Fault::absent)?;
    let (seen, id) = (v.seen.clone(), meeting.row.id);
    let all = tokio::task::spawn_blocking(move || {
        let extract = speech::extract(&seen, id, speech)?;
        Ok::<_, Refusal>(speech::proposals(&seen, id, speech, &extract))
    })
    .await
    .map_err(|e| Fault::World(e.into()))??;
    let aside = put_aside(&v, speech).await?;
    let code = |u: &UnitId| v.seen.unit_shown(*u).code;
    let tried = v.refused.as_ref().map(|_| v.text("offset"));
    let proposals: Vec<Shown> = all
        .iter()
        .filter(|p| !p.greyed)
        .map(|p| Shown {
            mark: format!("p{}", p.number),
            aside: aside.contains(&place(p)),
            tried: tried.as_deref() == Some(p.offset.to_string().as_str()) && v.text("length") == p.length.to_string(),
            lead: p.lead.as_ref().map(code).unwrap_or_default(),
            assist: p.assist.iter().map(code).collect(),
            p,
        })
        .collect();
    let made = proposals.iter().filter(|p| !p.p.made.is_empty()).count();
    let waiting = proposals.iter().filter(|p| p.p.made.is_empty() && !p.aside).count();
    let lang = v.taste.lang;
    v.page(&SpeechPage {
        shell: Shell::of(&v, v.say("page.speech", &[]), "/meetings"),
        v: &v,
        speech,
        title: known.title.clone(),
        marked: Safe(marked(&known.clean, &all)),
        stances: all.iter().filter(|p| p.greyed).count(),
        made,
        waiting,
        proposals,
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        areas: v.seen.blueprint().areas.iter().map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect(),
        may_assign: !v.seen.is_past() && v.seen.rights().may_all(Verb::TaskAssign),
        meeting: &meeting,
    })
}

/// Where a proposal stands in the speech.
fn place(p: &Proposal) -> String {
    format!("{}+{}", p.offset, p.length)
}

/// The speech as paragraphs, each clause marked by its class and number.
pub(crate) fn marked(text: &str, proposals: &[Proposal]) -> String {
    let chars: Vec<char> = text.chars().collect();
    let part = |from: usize, to: usize| escaped(&chars[from..to].iter().collect::<String>());
    let mut out = String::from("<p>");
    let mut at = 0;
    let mut marks: Vec<&Proposal> = proposals.iter().collect();
    marks.sort_by_key(|p| (p.offset, p.length));
    for p in marks {
        let (from, to) = (p.offset as usize, (p.offset + p.length) as usize);
        if from < at || to > chars.len() || from >= to {
            // A part of a clause that is marked already, or a place that is not there.
            if !p.greyed {
                out.push_str(&format!("<sup><a href=\"#p{0}\">{0}</a></sup>", p.number));
            }
            continue;
        }
        out.push_str(&part(at, from));
        let class = match p.class {
            Class::Task => "task",
            Class::Measure => "metric",
            Class::Stance => "tone",
        };
        let number = if p.greyed { String::new() } else { format!("<sup><a href=\"#p{0}\">{0}</a></sup>", p.number) };
        out.push_str(&format!("<mark class=\"{class}\">{}{number}</mark>", part(from, to)));
        at = to;
    }
    out.push_str(&part(at, chars.len()));
    out.push_str("</p>");
    out.replace("\n\n", "\n").replace('\n', "</p><p>").replace("<p></p>", "")
}

async fn put_aside(v: &Visit, speech: SpeechId) -> Result<BTreeSet<String>, Fault> {
    let draft = v.app.store().draft(v.session.person, ASIDE, &speech.to_string()).await?;
    Ok(draft.and_then(|d| serde_json::from_str(&d.json).ok()).unwrap_or_default())
}

/// `POST /meetings/{id}/speeches/{speech}/setting-aside`: a proposal that becomes no task, or is taken up again.
pub(crate) async fn set_aside(v: Arc<Visit>) -> Answer {
    let meeting = meetings::id(&v)?;
    let speech: SpeechId = v.id("speech")?;
    let known = baton_kernel::views::meetings::meeting(&v.seen, &meeting.to_string())?;
    if !known.speeches.iter().any(|s| s.id == speech) {
        return Err(Fault::absent());
    }
    let mut aside = put_aside(&v, speech).await?;
    let place = format!("{}+{}", v.text("offset"), v.text("length"));
    if !aside.remove(&place) {
        aside.insert(place.chars().take(40).collect());
    }
    let json = serde_json::to_string(&aside).map_err(|e| Fault::World(e.into()))?;
    v.app.store().save_draft(v.session.person, ASIDE, &speech.to_string(), &json, v.seen.base(), None).await?;
    v.see(&format!(
        "/meetings/{meeting}/speeches/{speech}#{}",
        v.text("mark").chars().filter(char::is_ascii_alphanumeric).collect::<String>()
    ))
}

/// `POST /meetings/{id}/speeches/{speech}/tasks`: a proposal confirmed as a task.
pub(crate) async fn assign(v: Arc<Visit>) -> Answer {
    let done = assigned(&v).await;
    or_again(&v, done, show).await
}

async fn assigned(v: &Visit) -> Answer {
    let meeting = meetings::id(v)?;
    let speech: SpeechId = v.id("speech")?;
    let number = |name: &str| v.text(name).parse::<u32>().map_err(|_| Fault::Malformed);
    let task = TaskId(v.ids().next());
    v.submit(Act::AssignTask {
        task,
        code: v.text("code"),
        title: v.text("title"),
        source: TaskSource::Speech { speech, offset: number("offset")?, length: number("length")? },
        said: v.text("said"),
        deadline: Deadline { on: v.day("day")?, words: v.text("due_words"), limit: None },
        strands: tasks::strands(v)?,
        aim: v.text("aim"),
        area: Some(v.text("area")).filter(|a| !a.is_empty()),
        items: Vec::new(),
    })
    .await?;
    let mark: String = v.text("mark").chars().filter(char::is_ascii_alphanumeric).collect();
    v.done(&format!("/meetings/{meeting}/speeches/{speech}#{mark}"), "task-assigned")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that is left when one kind of mark is taken out with its words and the other without.
    fn left(html: &str, out: &str, keep: &str) -> String {
        let mut kept = html.to_owned();
        while let (Some(from), Some(to)) = (kept.find(&format!("<{out}>")), kept.find(&format!("</{out}>"))) {
            kept.replace_range(from..to + out.len() + 3, "");
        }
        kept.replace(&format!("<{keep}>"), "").replace(&format!("</{keep}>"), "")
    }

    #[test]
    fn the_difference_without_what_went_is_the_cleaned_text_and_without_what_came_the_pasted_one() {
        for pasted in [
            "推进(tuī jìn)项目，",
            "各镇街&nbsp;真抓实干",
            "各镇街&nbsp;真抓&nbsp;(zhēn zhuā)实干\n二、要快",
            "干净的话。",
        ] {
            let cleaned = text::clean(pasted).text;
            let html = difference(pasted, &cleaned);
            assert_eq!(left(&html, "del", "ins"), escaped(&cleaned), "{html}");
            assert_eq!(left(&html, "ins", "del"), escaped(pasted), "{html}");
        }
        assert!(difference("推进(tuī jìn)项目", "推进项目").contains("<del>"));
    }
}
