//! Papers: the circular's preview and drafts, issuing, and what was issued.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use crate::{figures, items, meetings, paper as sheet_of};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::Refusal;
use baton_kernel::document::Document;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::circular::{Circular, circular};
use baton_kernel::views::number::Source;
use baton_kernel::views::papers::{self, PaperRow};
use baton_kernel::views::task_table;
use baton_sheets::{HeadCell, SheetCell, SheetColumn, SheetRow, SheetTable};
use baton_store::Ids;
use std::sync::Arc;

const PDF: &str = "application/pdf";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "circular.html")]
struct CircularPage<'a> {
    shell: Shell,
    v: &'a Visit,
    meeting: MeetingId,
    circular: &'a Circular,
    html: Safe<String>,
    holds: usize,
    may_issue: bool,
    numbers: usize,
}

/// `GET /meetings/{id}/circular`.
pub(crate) async fn preview(v: Arc<Visit>) -> Answer {
    let meeting = meetings::id(&v)?;
    let shown = circular(&v.seen, meeting, None, None)?;
    let link = |n: usize| source_path(&v, shown.printed.get(n)?.number.sources.first()?, &shown);
    v.page(&CircularPage {
        shell: Shell::of(&v, v.say("page.circular", &[]), "/meetings"),
        v: &v,
        meeting,
        html: Safe(sheet_of::html(&shown.document, &link)),
        holds: shown.checks.iter().filter(|c| c.holds).count(),
        may_issue: !v.seen.is_past() && v.seen.rights().may_all(Verb::PaperIssue),
        numbers: shown.printed.len(),
        circular: &shown,
    })
}

/// The page behind a number: the history of the one figure it came from, else the review of the period.
fn source_path(v: &Visit, source: &Source, shown: &Circular) -> Option<String> {
    if source.part == "target" {
        return Some(format!("/review/{}", shown.period));
    }
    let code = match source.subject {
        Subject::Unit(unit) => v.seen.unit_shown(unit).code,
        Subject::Item(_) => String::new(),
    };
    let path = figures::path(&source.subject, &code, &source.measure, &source.period);
    let part = if source.part.is_empty() { String::new() } else { format!("?part={}", answers::percent(&source.part)) };
    Some(format!("{path}{part}"))
}

/// `GET /meetings/{id}/circular/{format}`: the draft as `docx`, `pdf` or `json`.
pub(crate) async fn draft(v: Arc<Visit>) -> Answer {
    let meeting = meetings::id(&v)?;
    let shown = circular(&v.seen, meeting, None, None)?;
    let name = format!("{}（{}）", shown.document.title.concat(), v.say("page.draft", &[]));
    match v.segment("format") {
        "pdf" => Ok(answers::file(&format!("{name}.pdf"), PDF, set(&v, shown.document, Form::Pdf).await?)),
        "docx" => Ok(answers::file(&format!("{name}.docx"), DOCX, set(&v, shown.document, Form::Docx).await?)),
        "json" => {
            let text = shown.data_part(&v.seen).text();
            Ok(answers::file(&format!("{name}.json"), "application/json", text.into_bytes()))
        }
        _ => Err(Fault::absent()),
    }
}

#[derive(Clone, Copy)]
enum Form {
    Pdf,
    Docx,
}

/// Sets a document, a few at a time.
async fn set(v: &Visit, document: Document, form: Form) -> Result<Vec<u8>, Fault> {
    let _turn = v.app.typesetting.clone().acquire_owned().await.map_err(|e| Fault::World(e.into()))?;
    let typesetter = v.app.typesetter.clone();
    let set = tokio::task::spawn_blocking(move || match form {
        Form::Pdf => typesetter.pdf(&document),
        Form::Docx => typesetter.docx(&document),
    });
    Ok(set.await.map_err(|e| Fault::World(e.into()))??)
}

/// `POST /meetings/{id}/circular`: issues it: bytes and data part are durable before the entry that names them.
pub(crate) async fn issue(v: Arc<Visit>) -> Answer {
    let done = issued(&v).await;
    or_again(&v, done, preview).await
}

async fn issued(v: &Visit) -> Answer {
    let meeting = meetings::id(v)?;
    let id = PaperId(v.ids().next());
    let path = format!("/papers/{id}");
    if papers::paper(&v.seen, &id.to_string()).is_ok() {
        // The same form again: it is issued already.
        return v.done(&path, "paper-issued");
    }
    let number = Some(v.text("number")).filter(|n| !n.is_empty());
    let label = v.say("page.field.number", &[]);
    if number.is_none() {
        return Err(Refusal::wrong("text.empty", &[("field", &label)]).at("number").into());
    }
    let shown = circular(&v.seen, meeting, number.clone(), Some(v.seen.today()))?;
    let title = shown.document.title.concat();
    let (pdf, docx) =
        (set(v, shown.document.clone(), Form::Pdf).await?, set(v, shown.document.clone(), Form::Docx).await?);
    let by = Some(v.session.person);
    let store = v.app.store();
    let files = vec![
        store.put_file(by, &format!("{title}.pdf"), PDF, pdf).await?,
        store.put_file(by, &format!("{title}.docx"), DOCX, docx).await?,
    ];
    let text = shown.data_part(&v.seen).text();
    let data = store.put_file(by, &format!("{title}.json"), "application/json", text.into_bytes()).await?;
    v.submit(shown.issue(&v.seen, id, number, files, data)).await?;
    v.done(&path, "paper-issued")
}

/// `GET /meetings/{id}/task-table/{format}`: 任务分解表 as `docx`, `pdf` or `xlsx`.
pub(crate) async fn task_table(v: Arc<Visit>) -> Answer {
    let meeting = meetings::id(&v)?;
    let table = task_table::task_table(&v.seen, meeting)?;
    match v.segment("format") {
        "xlsx" => {
            let name = format!("{}.xlsx", table.title);
            let bytes = baton_sheets::table(&sheet(&table))?;
            Ok(answers::file(&name, XLSX, bytes))
        }
        "docx" => {
            let document = task_table::document(&v.seen, meeting)?;
            Ok(answers::file(&format!("{}.docx", table.title), DOCX, set(&v, document, Form::Docx).await?))
        }
        "pdf" => {
            let document = task_table::document(&v.seen, meeting)?;
            Ok(answers::file(&format!("{}.pdf", table.title), PDF, set(&v, document, Form::Pdf).await?))
        }
        _ => Err(Fault::absent()),
    }
}

fn sheet(table: &task_table::TaskTable) -> SheetTable {
    let row = |cells: &Vec<String>| SheetRow {
        cells: cells.iter().map(|c| SheetCell::Text(c.clone())).collect(),
        ..SheetRow::default()
    };
    SheetTable {
        title: table.title.clone(),
        unit_line: Some(table.unit_line.clone()),
        head: vec![table.columns.iter().map(HeadCell::new).collect()],
        columns: table.columns.iter().map(|_| SheetColumn::default()).collect(),
        rows: table.rows.iter().map(row).collect(),
        ..SheetTable::default()
    }
}

#[derive(Template)]
#[template(path = "papers.html")]
struct PapersPage {
    shell: Shell,
    rows: Vec<PaperRow>,
}

/// `GET /papers`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    v.page(&PapersPage { shell: Shell::of(&v, v.say("page.menu.papers", &[]), "/papers"), rows: papers::list(&v.seen) })
}

#[derive(Template)]
#[template(path = "paper.html")]
struct PaperPage<'a> {
    shell: Shell,
    paper: &'a PaperRow,
}

/// `GET /papers/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let row = papers::paper(&v.seen, v.segment("id"))?;
    v.page(&PaperPage { shell: Shell::of(&v, row.title.clone(), "/papers"), paper: &row })
}

/// `GET /papers/{id}/files/{digest}`: the frozen bytes of a paper that was issued to the caller.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let row = papers::paper(&v.seen, v.segment("id"))?;
    items::send(&v, row.files.iter().chain([&row.data])).await
}
