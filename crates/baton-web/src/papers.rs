//! Papers: the circular's preview and drafts, issuing, and what was issued.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use crate::{compliance, figures, items, meetings, paper as sheet_of};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::Refusal;
use baton_kernel::document::Document;
use baton_kernel::entries::MeetingState;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::circular::{Circular, circular};
use baton_kernel::views::compliance::of_circular;
use baton_kernel::views::meetings as view;
use baton_kernel::views::number::Number;
use baton_kernel::views::papers::{self, PaperRow};
use baton_kernel::views::task_table;
use baton_methods::Period;
use baton_sheets::{HeadCell, SheetCell, SheetColumn, SheetRow, SheetTable};
use baton_store::Ids;
use std::sync::Arc;

pub(crate) const PDF: &str = "application/pdf";
pub(crate) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
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
    fails: usize,
    cautions: Vec<String>,
    may_issue: bool,
    numbers: usize,
    compliance: Safe<String>,
}

/// `GET /meetings/{id}/circular`.
pub(crate) async fn preview(v: Arc<Visit>) -> Answer {
    let meeting = meetings::id(&v)?;
    let shown = circular(&v.seen, meeting, None, None)?;
    let link = |n: usize| source_path(&v, &shown.printed.get(n)?.number, &shown);
    let shell = Shell::of(&v, v.say("page.circular", &[]), "/meetings");
    v.page(&CircularPage {
        compliance: compliance::part(&shell, &of_circular(&v.seen, meeting)?)?,
        shell,
        v: &v,
        meeting,
        html: Safe(sheet_of::html(&shown.document, &link)),
        holds: shown.checks.iter().filter(|c| c.holds).count(),
        fails: shown.checks.iter().filter(|c| !c.holds).count(),
        may_issue: !v.seen.is_past() && v.seen.rights().may_all(Verb::PaperIssue),
        cautions: cautions(&v, meeting)?,
        numbers: shown.printed.len(),
        circular: &shown,
    })
}

/// What to look at before this meeting's circular is issued: one that is out already, a record still open.
fn cautions(v: &Visit, meeting: MeetingId) -> Result<Vec<String>, Refusal> {
    let issued = papers::of_meeting(&v.seen, meeting).into_iter();
    let mut words: Vec<String> = issued
        .filter(|p| p.superseded_by.is_none())
        .map(|p| {
            let number = p.number.unwrap_or_default();
            v.say(
                "page.circular.again",
                &[("kind", &p.kind_word), ("number", &number), ("day", &p.on), ("who", &p.who)],
            )
        })
        .collect();
    let state = view::meeting(&v.seen, &meeting.to_string())?.row.state;
    if matches!(state, MeetingState::Planned | MeetingState::Notified | MeetingState::Held | MeetingState::Ended) {
        words.push(v.say("page.circular.unsealed", &[]));
    }
    Ok(words)
}

/// The page behind a number: the history of the figures it came from when they are one subject's, with the months
/// that make it up; else the review of the period.
fn source_path(v: &Visit, number: &Number, shown: &Circular) -> Option<String> {
    let first = number.sources.iter().next()?;
    let mut last: Period = first.period;
    for source in number.sources.iter() {
        if source.part == "target" || source.subject != first.subject || source.measure != first.measure {
            return Some(format!("/review/{}", shown.period));
        }
        last = last.max(source.period);
    }
    let code = match first.subject {
        Subject::Unit(unit) => v.seen.unit_shown(unit).code,
        Subject::Item(_) => String::new(),
    };
    let path = figures::path(&first.subject, &code, &first.measure, &last);
    let part = if first.part.is_empty() { String::new() } else { format!("?part={}", answers::percent(&first.part)) };
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

/// A form of file that a document is set in.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    Pdf,
    Docx,
}

/// Sets a document, a few at a time.
pub(crate) async fn set(v: &Visit, document: Document, form: Form) -> Result<Vec<u8>, Fault> {
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

/// The task table as a sheet.
pub(crate) fn sheet(table: &task_table::TaskTable) -> SheetTable {
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
    /// Files shown, the data part among them.
    files: usize,
}

/// `GET /papers/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let row = papers::paper(&v.seen, v.segment("id"))?;
    let files = row.files.iter().chain([&row.data]).count();
    v.page(&PaperPage { shell: Shell::of(&v, row.title.clone(), "/papers"), paper: &row, files })
}

/// `GET /papers/{id}/files/{digest}`: the frozen bytes of a paper that was issued to the caller.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let row = papers::paper(&v.seen, v.segment("id"))?;
    items::send(&v, row.files.iter().chain([&row.data])).await
}
