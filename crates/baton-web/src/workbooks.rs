//! Workbooks of a report: the form as a workbook, what was filled in compared with what stands, and its confirmation.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::forms::Asked;
use crate::grid::{self, Doubt, Typing};
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::NoteGiven;
use baton_kernel::form::CellValue;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::{Act, Digest, Refusal, Why};
use baton_sheets::layout::in_words;
use baton_sheets::{Preview, State};
use baton_store::Ids;
use std::sync::Arc;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /rounds/{id}/units/{unit}/workbook`.
pub(crate) async fn workbook(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let name = format!("{} {}.xlsx", asked.form.unit_name, asked.title());
    let form = asked.form;
    let bytes = tokio::task::spawn_blocking(move || baton_sheets::fill_in(&form))
        .await
        .map_err(|e| Fault::World(e.into()))??;
    Ok(answers::file(&name, XLSX, bytes))
}

fn purpose(asked: &Asked) -> String {
    format!("report/{}", asked.draft_key())
}

/// `POST /rounds/{id}/units/{unit}/workbook`: read by the worker and compared; nothing enters before it is confirmed.
pub(crate) async fn upload(v: Arc<Visit>) -> Answer {
    let done = uploaded(&v).await;
    or_again(&v, done, crate::forms::form).await
}

async fn uploaded(v: &Visit) -> Answer {
    let asked = Asked::of(v)?;
    let file =
        v.given.files("workbook").next().ok_or_else(|| Refusal::wrong("page.upload.none", &[]).at("workbook"))?;
    let (bytes, exe, form) = (file.bytes.clone(), v.app.worker_exe.clone(), asked.form.clone());
    let digest = Digest::of(&bytes);
    let settings = v.seen.blueprint().settings.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let limits = baton_sheets::Limits::default();
        let mut from = std::io::Cursor::new(bytes);
        let rows = baton_sheets::rows_in_worker(&exe, &mut from, &limits)?;
        baton_sheets::read_stream(&form, crate::secrecy::watched(settings, rows))
    })
    .await
    .map_err(|e| Fault::World(e.into()))?;
    let preview: Preview = looked.map_err(|refused| Refusal {
        code: refused.code.clone(),
        why: Why::Wrong,
        zh: refused.said(baton_methods::Lang::Zh),
        en: refused.said(baton_methods::Lang::En),
        at: Some("workbook".to_owned()),
    })?;
    let json = serde_json::to_string(&preview).map_err(|e| Fault::World(e.into()))?;
    let head = v.seen.base();
    let kept = v.app.store().put_preview(v.session.person, &purpose(&asked), digest, head, &json).await?;
    v.see(&format!("{}/workbook/{:032x}", asked.path, kept.id))
}

/// The preview that a path names: only its owner's.
async fn preview_of(v: &Visit, asked: &Asked) -> Result<(u128, Preview), Fault> {
    let id = u128::from_str_radix(v.segment("preview"), 16).map_err(|_| Fault::absent())?;
    let found = v.app.store().preview(v.session.person, &purpose(asked), id).await?.ok_or_else(Fault::absent)?;
    let preview = serde_json::from_str(&found.json).map_err(|e| Fault::World(e.into()))?;
    Ok((id, preview))
}

/// A cell of a preview in words.
struct Line {
    at: String,
    subject: String,
    column: String,
    typed: String,
    before: String,
    after: String,
    why: String,
}

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewPage<'a> {
    shell: Shell,
    v: &'a Visit,
    asked: &'a Asked,
    id: String,
    preview: &'a Preview,
    blocked: bool,
    enters: usize,
    refused: usize,
    conflicts: usize,
    parts: Vec<(String, Vec<Line>, String)>,
    doubts: Vec<Doubt>,
    may_submit: bool,
}

/// Questions about what the workbook says, with the answers given so far.
fn doubts(v: &Visit, asked: &Asked, preview: &Preview) -> Vec<Doubt> {
    let mut typing = Typing::default();
    for cell in preview.entering() {
        let block = asked.form.blocks.iter().find(|b| *b.kind == *cell.block);
        let column = block.and_then(|b| b.columns.iter().find(|c| *c.key == *cell.column));
        if let (Some(column), Some(value)) = (column, &cell.value) {
            let text = grid::editable(column, value, asked.form.lang);
            typing.typed.insert(format!("c:{}/{}", cell.subject, cell.column), text);
        }
    }
    typing.explained = v.given.fields.under("e:").map(|(n, t)| (n.to_owned(), t.trim().to_owned())).collect();
    grid::grid(&asked.form, &typing).doubts
}

/// `GET /rounds/{id}/units/{unit}/workbook/{preview}`.
pub(crate) async fn preview(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let (id, preview) = preview_of(&v, &asked).await?;
    let lang = v.taste.lang;
    let (mut refused, mut conflicts, mut changed, mut new) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for cell in &preview.cells {
        let block = asked.form.blocks.iter().find(|b| *b.kind == *cell.block);
        let row = block.and_then(|b| b.rows.iter().find(|r| *r.subject == *cell.subject));
        let column = block.and_then(|b| b.columns.iter().find(|c| *c.key == *cell.column));
        let words = |value: &Option<CellValue>| match (value, column) {
            (Some(value), Some(column)) => in_words(column, value, lang),
            _ => String::new(),
        };
        let line = |why: String| Line {
            at: cell.at.to_string(),
            subject: row.map_or(String::new(), |r| r.name.clone()),
            column: column.map_or(String::new(), |c| c.full_title(lang)),
            typed: cell.typed.clone(),
            before: words(&cell.before),
            after: words(&cell.value),
            why,
        };
        match &cell.state {
            State::Refused(why) => {
                refused.push(line(format!("{}。{}", why.rule.in_lang(lang), why.hint.in_lang(lang))));
            }
            State::Conflict { theirs } => conflicts.push(line(words(theirs))),
            State::Changed => changed.push(line(String::new())),
            State::New => new.push(line(String::new())),
            State::Same => {}
        }
    }
    let blocked = preview.problems.iter().any(|p| p.blocking);
    let say = |part: &str| v.say(&format!("page.preview.{part}"), &[]);
    v.page(&PreviewPage {
        shell: Shell::of(&v, v.say("page.preview", &[]), "/rounds"),
        v: &v,
        id: format!("{id:032x}"),
        blocked,
        enters: if blocked { 0 } else { changed.len() + new.len() },
        refused: refused.len(),
        conflicts: conflicts.len(),
        parts: vec![
            (say("wrong"), refused, say("rule")),
            (say("conflict"), conflicts, say("theirs")),
            (say("changed"), changed, String::new()),
            (say("new"), new, String::new()),
        ],
        doubts: if blocked { Vec::new() } else { doubts(&v, &asked, &preview) },
        may_submit: v.seen.rights().may(Verb::Submit, asked.unit),
        asked: &asked,
        preview: &preview,
    })
}

/// `POST /rounds/{id}/units/{unit}/workbook/{preview}`: what is new or changed enters; rights and head are asked again.
pub(crate) async fn confirm(v: Arc<Visit>) -> Answer {
    let done = confirmed(&v).await;
    or_again(&v, done, preview).await
}

async fn confirmed(v: &Visit) -> Answer {
    let asked = Asked::of(v)?;
    let (id, preview) = preview_of(v, &asked).await?;
    if preview.problems.iter().any(|p| p.blocking) {
        return Err(Refusal::wrong("page.preview.blocked", &[]).into());
    }
    let doubts = doubts(v, &asked, &preview);
    if let Some(open) = doubts.iter().find(|d| d.answer.is_empty()) {
        let count = doubts.iter().filter(|d| d.answer.is_empty()).count();
        return Err(Refusal::wrong("page.preview.doubts", &[("count", &count)]).at(format!("e-{}", open.mark)).into());
    }
    let notes = doubts.into_iter().map(|d| NoteGiven { at: d.place.replacen("/m:", "/", 1), text: d.answer }).collect();
    let (mut figures, mut fields) = (Vec::new(), Vec::new());
    for cell in preview.cells.iter().filter(|c| matches!(c.state, State::New | State::Changed)) {
        if let Some(value) = &cell.value {
            let period = asked.form.period;
            grid::add(&cell.subject, &cell.column, value, cell.version, period, &mut figures, &mut fields);
        }
    }
    let submission = SubmissionId(v.ids().next());
    let submit = v.text("how") != "propose" && v.seen.rights().may(Verb::Submit, asked.unit);
    v.submit(Act::Report {
        submission,
        round: Some(asked.round.id),
        unit: asked.unit,
        submit,
        figures,
        fields,
        because: v.text("because"),
        evidence: Vec::new(),
        notes,
    })
    .await?;
    v.app.store().drop_preview(v.session.person, id).await?;
    v.done(&format!("/submissions/{submission}"), if submit { "submitted" } else { "proposed" })
}

/// `GET /rounds/{id}/units/{unit}/workbook/{preview}/file`: the workbook again, wrong cells red with comments.
pub(crate) async fn refilled(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let (_, preview) = preview_of(&v, &asked).await?;
    let name = format!("{} {} {}.xlsx", asked.form.unit_name, asked.title(), v.say("page.preview.marked", &[]));
    let form = asked.form;
    let bytes = tokio::task::spawn_blocking(move || baton_sheets::refill(&form, &preview))
        .await
        .map_err(|e| Fault::World(e.into()))??;
    Ok(answers::file(&name, XLSX, bytes))
}
