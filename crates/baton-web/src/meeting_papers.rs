//! Papers of a meeting: notice and minutes as pages and files, and everything about it in one package.

use crate::answers::{self, Answer};
use crate::app::Transport;
use crate::faults::Fault;
use crate::papers::{DOCX, Form, PDF, set};
use crate::shell::Shell;
use crate::visit::Visit;
use crate::{meetings, paper as sheet_of};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::document::Document;
use baton_kernel::ids::*;
use baton_kernel::views::circular::circular;
use baton_kernel::views::meetings::{self as view, MeetingView};
use baton_kernel::views::{meeting_papers as drafts, task_table};
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "meeting-paper.html")]
struct DraftPage<'a> {
    shell: Shell,
    meeting: MeetingId,
    meeting_title: String,
    key: &'a str,
    html: Safe<String>,
    characters: usize,
}

/// How browsers reach the zone, as they said themselves: part of the links printed on a notice.
fn origin(v: &Visit) -> String {
    match &v.app.origin {
        Some(origin) => origin.clone(),
        None => {
            let scheme = if v.app.transport == Transport::Tls { "https" } else { "http" };
            format!("{scheme}://{}", v.host)
        }
    }
}

/// The drafts that a meeting has, by the last part of their path.
fn draft_of(v: &Visit, meeting: MeetingId, key: &str) -> Result<Document, Fault> {
    Ok(match key {
        "notice" => drafts::notice(&v.seen, meeting, &origin(v))?,
        "minutes" => drafts::minutes(&v.seen, meeting)?,
        _ => return Err(Fault::absent()),
    })
}

/// `GET /meetings/{id}/notice`.
pub(crate) async fn notice(v: Arc<Visit>) -> Answer {
    page(&v, "notice")
}

/// `GET /meetings/{id}/minutes`.
pub(crate) async fn minutes(v: Arc<Visit>) -> Answer {
    page(&v, "minutes")
}

fn page(v: &Visit, key: &str) -> Answer {
    let meeting = view::meeting(&v.seen, v.segment("id"))?;
    let document = draft_of(v, meeting.row.id, key)?;
    v.page(&DraftPage {
        shell: Shell::of(v, v.say(&format!("page.meeting.{key}"), &[]), "/meetings"),
        meeting: meeting.row.id,
        meeting_title: meeting.row.title.clone(),
        key,
        html: Safe(sheet_of::html(&document, &|_| None)),
        characters: baton_kernel::document::characters(&document),
    })
}

/// `GET /meetings/{id}/notice/{format}`.
pub(crate) async fn notice_file(v: Arc<Visit>) -> Answer {
    file(&v, "notice").await
}

/// `GET /meetings/{id}/minutes/{format}`.
pub(crate) async fn minutes_file(v: Arc<Visit>) -> Answer {
    file(&v, "minutes").await
}

async fn file(v: &Visit, key: &str) -> Answer {
    let meeting = meetings::id(v)?;
    let document = draft_of(v, meeting, key)?;
    let name = format!("{}（{}）", document.title.concat(), v.say("page.draft", &[]));
    match v.segment("format") {
        "pdf" => Ok(answers::file(&format!("{name}.pdf"), PDF, set(v, document, Form::Pdf).await?)),
        "docx" => Ok(answers::file(&format!("{name}.docx"), DOCX, set(v, document, Form::Docx).await?)),
        _ => Err(Fault::absent()),
    }
}

/// `GET /meetings/{id}/package`: every paper of the meeting that the reader may have, with a list of contents.
pub(crate) async fn package(v: Arc<Visit>) -> Answer {
    let meeting = view::meeting(&v.seen, v.segment("id"))?;
    let id = meeting.row.id;
    let draft = v.say("page.draft", &[]);
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for (n, key) in [(1, "notice"), (2, "minutes")] {
        let document = draft_of(&v, id, key)?;
        let name = format!("{n}-{}（{draft}）", v.say(&format!("page.meeting.{key}"), &[]));
        parts.push((format!("{name}.docx"), set(&v, document.clone(), Form::Docx).await?));
        parts.push((format!("{name}.pdf"), set(&v, document, Form::Pdf).await?));
    }
    let issued: Vec<_> = meeting.papers.iter().filter(|p| p.superseded_by.is_none()).collect();
    for (n, paper) in issued.iter().enumerate() {
        for one in &paper.files {
            // What was erased by law is not there any more.
            if let Some(stored) = v.app.store().file(&one.digest).await? {
                parts.push((format!("3-{}-{}", n + 1, one.name), stored.bytes));
            }
        }
    }
    if issued.iter().all(|p| p.kind != "circular") && v.seen.sees_all() {
        let document = circular(&v.seen, id, None, None)?.document;
        let name = format!("3-{}（{draft}）", v.say("page.circular", &[]));
        parts.push((format!("{name}.docx"), set(&v, document.clone(), Form::Docx).await?));
        parts.push((format!("{name}.pdf"), set(&v, document, Form::Pdf).await?));
    }
    if !meeting.tasks.is_empty() {
        let table = task_table::task_table(&v.seen, id)?;
        let document = task_table::document(&v.seen, id)?;
        parts.push((format!("4-{}.docx", table.title), set(&v, document, Form::Docx).await?));
        parts.push((format!("4-{}.xlsx", table.title), baton_sheets::table(&crate::papers::sheet(&table))?));
    }
    for (n, speech) in meeting.speeches.iter().enumerate() {
        parts.push((format!("5-{}-{}.txt", n + 1, speech.title), speech.clean.clone().into_bytes()));
    }
    let list = contents(&v, &meeting, &parts);
    parts.insert(0, (v.say("page.package.contents", &[]), list.into_bytes()));
    let bytes = zipped(&parts)?;
    Ok(answers::file(&format!("{}.zip", meeting.row.title), "application/zip", bytes))
}

/// The list of contents: each file with its size and SHA-256, and the place in the ledger they were made at.
fn contents(v: &Visit, meeting: &MeetingView, parts: &[(String, Vec<u8>)]) -> String {
    let witness = v.seen.witness().filter(|_| v.seen.sees_all()).map_or("—".to_owned(), |w| w.to_string());
    let mut out = format!("{}\r\n", meeting.row.title);
    out.push_str(&v.say("page.package.head", &[("cut", &v.seen.cut()), ("witness", &witness)]));
    out.push_str("\r\n\r\n");
    for (name, bytes) in parts {
        let hash: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        out.push_str(&format!("{}\r\n  {} B  SHA-256 {hash}\r\n", flat(name), bytes.len()));
    }
    out
}

/// A name that stays inside the package.
fn flat(name: &str) -> String {
    name.chars().map(|c| if matches!(c, '/' | '\\' | ':') || c.is_control() { '_' } else { c }).collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Fault> {
    let world = |e: zip::result::ZipError| Fault::World(e.into());
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in parts {
        zip.start_file(flat(name), options).map_err(world)?;
        zip.write_all(bytes).map_err(|e| Fault::World(e.into()))?;
    }
    Ok(zip.finish().map_err(world)?.into_inner())
}
