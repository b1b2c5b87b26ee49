//! Proposals: each clause of a speech that asks something, to confirm, take apart, put together or drop with a reason.

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
use baton_kernel::text::Class;
use baton_kernel::views::meetings::MeetingView;
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::speech::{self, Cuts, Proposal};
use baton_kernel::{Act, Refusal};
use baton_store::Ids;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kind of the boards that hold what the office did with the proposals of a speech.
const BOARD: &str = "speech";

/// A proposal with what the page needs beside it.
struct Shown<'a> {
    p: &'a Proposal,
    mark: String,
    aside: Option<String>,
    tried: bool,
    lead: String,
    assist: Vec<String>,
    /// Where the next proposal of the same sentence ends, when both can be put together.
    next_end: Option<u32>,
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
    dropped: usize,
    units: Vec<UnitShown>,
    areas: Vec<(String, String)>,
    may_assign: bool,
    is_cut: bool,
}

/// `GET /meetings/{id}/speeches/{speech}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let meeting = baton_kernel::views::meetings::meeting(&v.seen, v.segment("id"))?;
    let speech: SpeechId = v.id("speech")?;
    let known = meeting.speeches.iter().find(|s| s.id == speech).ok_or_else(Fault::absent)?;
    let work = Work::of(&v, speech).await?;
    let (seen, id, cuts) = (v.seen.clone(), meeting.row.id, work.cuts.clone());
    let all = tokio::task::spawn_blocking(move || {
        let extract = speech::extract(&seen, id, speech)?;
        Ok::<_, Refusal>(speech::proposals_cut(&seen, id, speech, &extract, &cuts))
    })
    .await
    .map_err(|e| Fault::World(e.into()))??;
    let code = |u: &UnitId| v.seen.unit_shown(*u).code;
    let tried = v.refused.as_ref().map(|_| v.text("offset"));
    let open: Vec<&Proposal> = all.iter().filter(|p| !p.greyed).collect();
    let next_end = |n: usize| {
        let (this, next) = (open[n], open.get(n + 1)?);
        let joins = this.made.is_empty() && next.made.is_empty() && this.sentence == next.sentence;
        (joins && next.offset >= this.offset + this.length).then_some(next.offset + next.length)
    };
    let proposals: Vec<Shown> = open
        .iter()
        .enumerate()
        .map(|(n, p)| Shown {
            next_end: next_end(n),
            mark: format!("p{}", p.number),
            aside: work.aside.get(&place(p)).cloned(),
            tried: tried.as_deref() == Some(p.offset.to_string().as_str()) && v.text("length") == p.length.to_string(),
            lead: p.lead.as_ref().map(code).unwrap_or_default(),
            assist: p.assist.iter().map(code).collect(),
            p,
        })
        .collect();
    let made = proposals.iter().filter(|p| !p.p.made.is_empty()).count();
    let waiting = proposals.iter().filter(|p| p.p.made.is_empty() && p.aside.is_none()).count();
    let dropped = proposals.iter().filter(|p| p.p.made.is_empty() && p.aside.is_some()).count();
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
        dropped,
        proposals,
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        areas: v.seen.blueprint().areas.iter().map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect(),
        is_cut: work.cuts != Cuts::default(),
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

/// What the office did with the proposals of a speech beside making tasks: workbench, shared by its people.
#[derive(Default, Serialize, Deserialize)]
struct Work {
    /// Proposals that become no task, by place, with the reason.
    #[serde(default)]
    aside: BTreeMap<String, String>,
    /// How the text was cut.
    #[serde(default)]
    cuts: Cuts,
    #[serde(skip)]
    revision: u64,
}

impl Work {
    async fn of(v: &Visit, speech: SpeechId) -> Result<Work, Fault> {
        let Some(board) = v.app.store().board(BOARD, &speech.to_string()).await? else { return Ok(Work::default()) };
        let mut work: Work = serde_json::from_str(&board.json).unwrap_or_default();
        work.revision = board.revision;
        Ok(work)
    }

    async fn keep(&self, v: &Visit, speech: SpeechId) -> Result<(), Fault> {
        let json = serde_json::to_string(self).map_err(|e| Fault::World(e.into()))?;
        v.app.store().put_board(BOARD, &speech.to_string(), &json, self.revision).await?;
        Ok(())
    }
}

/// The speech of the path, in a meeting that the caller sees.
fn speech_of(v: &Visit) -> Result<(MeetingId, SpeechId, String), Fault> {
    let meeting = baton_kernel::views::meetings::meeting(&v.seen, v.segment("id"))?;
    let speech: SpeechId = v.id("speech")?;
    let known = meeting.speeches.iter().find(|s| s.id == speech).ok_or_else(Fault::absent)?;
    Ok((meeting.row.id, speech, known.clean.clone()))
}

/// Back to the proposal that was acted on.
fn back(v: &Visit, meeting: MeetingId, speech: SpeechId) -> String {
    let mark: String = v.text("mark").chars().filter(char::is_ascii_alphanumeric).collect();
    format!("/meetings/{meeting}/speeches/{speech}#{mark}")
}

/// `POST /meetings/{id}/speeches/{speech}/setting-aside`: a proposal that becomes no task, with the reason; or is
/// taken up again.
pub(crate) async fn set_aside(v: Arc<Visit>) -> Answer {
    let done = aside(&v).await;
    or_again(&v, done, show).await
}

async fn aside(v: &Visit) -> Answer {
    let (meeting, speech, _) = speech_of(v)?;
    let mut work = Work::of(v, speech).await?;
    let place: String = format!("{}+{}", v.text("offset"), v.text("length")).chars().take(40).collect();
    if work.aside.remove(&place).is_none() {
        let because: String = v.text("because").chars().take(baton_kernel::limits::FIELD_CHARS_MAX).collect();
        if because.is_empty() {
            return Err(Refusal::wrong("page.speech.because", &[]).at("because").into());
        }
        work.aside.insert(place, because);
    }
    work.keep(v, speech).await?;
    v.see(&back(v, meeting, speech))
}

/// `POST /meetings/{id}/speeches/{speech}/cuts`: a proposal taken apart at line breaks, put together with the next
/// one, or all cuts undone.
pub(crate) async fn cut(v: Arc<Visit>) -> Answer {
    let done = cut_anew(&v).await;
    or_again(&v, done, show).await
}

async fn cut_anew(v: &Visit) -> Answer {
    let (meeting, speech, clean) = speech_of(v)?;
    let mut work = Work::of(v, speech).await?;
    let number = |name: &str| v.text(name).parse::<u32>().map_err(|_| Fault::Malformed);
    let chars: Vec<char> = clean.chars().collect();
    match v.text("do").as_str() {
        "undo" => work.cuts = Cuts::default(),
        "merge" => {
            let (offset, end) = (number("offset")?, number("end")?);
            if end <= offset || end as usize > chars.len() {
                return Err(Fault::Malformed);
            }
            work.cuts.split.retain(|pieces| pieces.iter().all(|(o, l)| *o < offset || o + l > end));
            work.cuts.merged.retain(|(o, l)| *o < offset || o + l > end);
            work.cuts.merged.push((offset, end - offset));
        }
        "split" => {
            let (offset, length) = (number("offset")?, number("length")?);
            let raw = v.given.fields.raw("pieces").unwrap_or_default();
            work.cuts.split.push(pieces(&chars, offset, length, raw)?);
        }
        _ => return Err(Fault::Malformed),
    }
    work.keep(v, speech).await?;
    v.done(&back(v, meeting, speech), "speech-cut")
}

/// The places of lines in a stretch of a text: together they must be that stretch, but for blanks and marks between.
fn pieces(chars: &[char], offset: u32, length: u32, typed: &str) -> Result<Vec<(u32, u32)>, Refusal> {
    let differs = || Refusal::wrong("speech.cut", &[]).at("pieces");
    let end = offset as usize + length as usize;
    if end > chars.len() {
        return Err(differs());
    }
    let lines: Vec<Vec<char>> =
        typed.lines().map(|l| l.trim().chars().collect()).filter(|l: &Vec<char>| !l.is_empty()).collect();
    if lines.len() < 2 {
        return Err(Refusal::wrong("speech.cut-few", &[]).at("pieces"));
    }
    let mut at = offset as usize;
    let mut places = Vec::with_capacity(lines.len());
    for line in &lines {
        let found = (at..end).find(|from| chars[*from..end].starts_with(line)).ok_or_else(differs)?;
        // Nothing but marks and blanks may be left out.
        if chars[at..found].iter().any(|c| c.is_alphanumeric()) {
            return Err(differs());
        }
        places.push((found as u32, line.len() as u32));
        at = found + line.len();
    }
    if chars[at..end].iter().any(|c| c.is_alphanumeric()) {
        return Err(differs());
    }
    Ok(places)
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
    let strands = tasks::strands(v)?;
    let lead = strands.first().map(|s| s.unit);
    let assign = Act::AssignTask {
        task,
        code: v.text("code"),
        title: v.text("title"),
        source: TaskSource::Speech { speech, offset: number("offset")?, length: number("length")? },
        said: v.text("said"),
        deadline: Deadline { on: v.day("day")?, words: v.text("due_words"), limit: None },
        strands,
        aim: v.text("aim"),
        area: Some(v.text("area")).filter(|a| !a.is_empty()),
        items: Vec::new(),
    };
    // Who leads is remembered for the phrase: a suggestion from then on, never more.
    let phrase = v.text("phrase");
    match lead.filter(|_| !phrase.is_empty()) {
        Some(unit) => v.submit(Act::All(vec![assign, Act::ConfirmDuty { phrase, unit, task }])).await?,
        None => v.submit(assign).await?,
    };
    let mark: String = v.text("mark").chars().filter(char::is_ascii_alphanumeric).collect();
    v.done(&format!("/meetings/{meeting}/speeches/{speech}#{mark}"), "task-assigned")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_take_a_clause_apart_and_changed_words_are_refused() {
        let chars: Vec<char> = "要抓开工，由建设局牵头；抓投产。".chars().collect();
        let places = pieces(&chars, 0, chars.len() as u32, "要抓开工，由建设局牵头\r\n抓投产").unwrap();
        assert_eq!(places, [(0, 11), (12, 3)]);
        assert_eq!(pieces(&chars, 0, 16, "要抓开工\n抓投产").unwrap_err().code, "speech.cut");
        assert_eq!(pieces(&chars, 0, 16, "要抓开工，由建设局牵头；抓投产。").unwrap_err().code, "speech.cut-few");
        assert_eq!(pieces(&chars, 0, 99, "a\nb").unwrap_err().code, "speech.cut");
    }
}
