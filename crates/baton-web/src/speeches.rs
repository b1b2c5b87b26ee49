//! Speeches: pasted or sent as a file, cleaned with every change shown, recorded.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::marks::escaped;
use crate::meetings;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::ids::*;
use baton_kernel::text;
use baton_kernel::{Act, Refusal};
use baton_store::Ids;
use std::sync::Arc;

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
        raw = crate::uploads::words(file)?;
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
