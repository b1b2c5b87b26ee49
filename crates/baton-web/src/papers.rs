//! Papers: the circular's preview and drafts, issuing, and what was issued.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use crate::{compliance, figures, items, meetings, paper as sheet_of};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::document::Document;
use baton_kernel::entries::{MeetingState, PaperStep, Publicity, TextRights};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::circular::{Circular, circular};
use baton_kernel::views::compliance::of_circular;
use baton_kernel::views::issuing::{Issuing, draft_of};
use baton_kernel::views::meetings as view;
use baton_kernel::views::number::Number;
use baton_kernel::views::papers::{self, CourseShown, DraftRow, PaperRow};
use baton_kernel::views::task_table;
use baton_kernel::{Act, Refusal, Seen};
use baton_methods::Period;
use baton_sheets::{HeadCell, SheetCell, SheetColumn, SheetRow, SheetTable};
use baton_store::Ids;
use std::sync::Arc;

pub(crate) const PDF: &str = "application/pdf";
pub(crate) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
    /// Whether it must be reviewed and signed first.
    signs: bool,
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
        signs: v.seen.blueprint().settings.sign_papers,
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
    let issuing = Issuing::fresh(&v.seen, id, meeting, number, v.seen.today())?;
    put_out(v, issuing).await?;
    v.done(&path, "paper-issued")
}

/// Sets a circular and issues it: bytes and data part are durable before the entry that names them.
async fn put_out(v: &Visit, issuing: Issuing) -> Result<(), Fault> {
    let (pdf, docx) =
        (set(v, issuing.document().clone(), Form::Pdf).await?, set(v, issuing.document().clone(), Form::Docx).await?);
    let (by, store) = (Some(v.session.person), v.app.store());
    let files = vec![
        store.put_file(by, &issuing.file_name("pdf"), PDF, pdf).await?,
        store.put_file(by, &issuing.file_name("docx"), DOCX, docx).await?,
    ];
    let data = store.put_file(by, &issuing.file_name("json"), "application/json", issuing.data()).await?;
    v.submit(issuing.act(files, data)).await?;
    Ok(())
}

/// `POST /meetings/{id}/circular/review`: sends the circular as known now for review.
pub(crate) async fn send_for_review(v: Arc<Visit>) -> Answer {
    let done = sent_for_review(&v).await;
    or_again(&v, done, preview).await
}

async fn sent_for_review(v: &Visit) -> Answer {
    let meeting = meetings::id(v)?;
    let number = v.text("number");
    if number.is_empty() {
        let label = v.say("page.field.number", &[]);
        return Err(Refusal::wrong("text.empty", &[("field", &label)]).at("number").into());
    }
    // A draft that was sent back for this meeting goes on under its own identity.
    let back = papers::drafts(&v.seen).into_iter().find(|d| d.draft.meeting == meeting && d.state == "returned");
    let paper = back.map_or_else(|| PaperId(v.ids().next()), |d| d.id);
    let draft = draft_of(&v.seen, meeting, Some(number))?;
    v.submit(Act::StepPaper { paper, step: PaperStep::Sent, draft: Some(draft), because: String::new() }).await?;
    v.done(&format!("/drafts/{paper}"), "paper-sent")
}

#[derive(Template)]
#[template(path = "draft.html")]
struct DraftPage<'a> {
    shell: Shell,
    v: &'a Visit,
    row: &'a DraftRow,
    html: Safe<String>,
    checks: usize,
    fails: usize,
    own: bool,
}

/// `GET /drafts/{id}`: the paper as it was sent for review, with its course.
pub(crate) async fn show_draft(v: Arc<Visit>) -> Answer {
    let row = papers::draft(&v.seen, v.id("id")?)?;
    let seen = v.seen.at_cut(row.draft.cut);
    let made = circular(&seen, row.draft.meeting, row.draft.number.clone(), None)?;
    let link = |n: usize| source_path(&v, &made.printed.get(n)?.number, &made);
    v.page(&DraftPage {
        shell: Shell::of(&v, v.say("page.paper.draft", &[]), "/papers"),
        v: &v,
        html: Safe(sheet_of::html(&made.document, &link)),
        checks: made.checks.len(),
        fails: made.checks.iter().filter(|c| !c.holds).count(),
        own: matches!(row.state, "sent" | "reviewed")
            && !row.may.iter().any(|m| matches!(*m, "reviewed" | "signature")),
        row: &row,
    })
}

/// `POST /drafts/{id}/{step}`: reviewed, sent back, signed, given up, or issued as it was signed.
pub(crate) async fn step_draft(v: Arc<Visit>) -> Answer {
    let done = stepped(&v).await;
    or_again(&v, done, show_draft).await
}

async fn stepped(v: &Visit) -> Answer {
    let paper: PaperId = v.id("id")?;
    let step = match v.segment("step") {
        "issue" => {
            put_out(v, Issuing::signed(&v.seen, paper, v.seen.today())?).await?;
            return v.done(&format!("/papers/{paper}"), "paper-issued");
        }
        "reviewed" => PaperStep::Reviewed,
        "returned" => PaperStep::Returned,
        "signature" => PaperStep::Signed,
        "dropped" => PaperStep::Dropped,
        _ => return Err(Fault::absent()),
    };
    v.submit(Act::StepPaper { paper, step, draft: None, because: v.text("because") }).await?;
    let path = if step == PaperStep::Dropped { "/papers".to_owned() } else { format!("/drafts/{paper}") };
    v.done(&path, "stepped")
}

/// Papers that wait for the reader's review, signature or issue.
pub(crate) fn waiting(seen: &Seen, todos: &mut Vec<crate::home::Todo>) {
    for row in papers::drafts(seen) {
        if !row.may.iter().any(|m| matches!(*m, "reviewed" | "signature" | "issue")) && row.state != "returned" {
            continue;
        }
        let last = row.steps.last().map_or(String::new(), |s| format!("{} {} {}", s.when, s.who, s.word));
        todos.push(crate::home::Todo {
            path: format!("/drafts/{}", row.id),
            title: row.draft.title.clone(),
            class: row.light,
            word: row.word.clone(),
            why: row.steps.last().map_or(String::new(), |s| s.text.clone()),
            small: last,
        });
    }
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
    drafts: Vec<DraftRow>,
    /// Papers, each with the decision on publicity in words and whether it is taken down.
    rows: Vec<(PaperRow, String, bool)>,
}

/// `GET /papers`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let rows = papers::list(&v.seen).into_iter().map(|row| {
        let course = papers::course(&v.seen, &row.id.to_string()).ok();
        let publicity = course.as_ref().and_then(|c| c.publicity.clone()).map_or(String::new(), |(_, word, _)| word);
        (row, publicity, course.is_some_and(|c| c.down.is_some()))
    });
    v.page(&PapersPage {
        shell: Shell::of(&v, v.say("page.menu.papers", &[]), "/papers"),
        drafts: papers::drafts(&v.seen),
        rows: rows.collect(),
    })
}

#[derive(Template)]
#[template(path = "paper.html")]
struct PaperPage<'a> {
    shell: Shell,
    v: &'a Visit,
    paper: &'a PaperRow,
    course: CourseShown,
    /// Files shown, the data part among them.
    files: usize,
    organ: String,
    choices: Vec<(&'static str, String)>,
}

/// `GET /papers/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let row = papers::paper(&v.seen, v.segment("id"))?;
    let course = papers::course(&v.seen, v.segment("id"))?;
    let files = if course.down.is_some() { 0 } else { row.files.iter().chain([&row.data]).count() };
    let word = |key: &'static str| (key, v.say(&format!("paper.publicity.{key}"), &[]));
    v.page(&PaperPage {
        shell: Shell::of(&v, row.title.clone(), "/papers"),
        v: &v,
        course,
        files,
        organ: v.seen.blueprint().settings.organ.get(v.taste.lang).to_owned(),
        choices: ["open", "on_request", "withheld"].map(word).to_vec(),
        paper: &row,
    })
}

/// `POST /papers/{id}/{what}`: rights, publicity, takedown, restoring, archiving of an issued paper.
pub(crate) async fn act(v: Arc<Visit>) -> Answer {
    let done = acted(&v).await;
    or_again(&v, done, show).await
}

async fn acted(v: &Visit) -> Answer {
    let row = papers::paper(&v.seen, v.segment("id"))?;
    let (paper, because) = (row.id, v.text("because"));
    let act = match v.segment("what") {
        "rights" if v.text("whose") == "reprint" => {
            let rights = TextRights::Reprint { source: v.text("holder"), url: v.text("url"), basis: v.text("grounds") };
            Act::PutPaperRights { paper, rights }
        }
        "rights" => Act::PutPaperRights { paper, rights: TextRights::Own { holder: v.text("holder") } },
        "publicity" => {
            let publicity = match v.text("publicity").as_str() {
                "open" => Publicity::Open,
                "on_request" => Publicity::OnRequest,
                "withheld" => Publicity::Withheld,
                _ => return Err(Refusal::wrong("page.publicity.choose", &[]).at("publicity").into()),
            };
            Act::PublishPaper { paper, publicity, basis: v.text("basis") }
        }
        "takedown" => Act::TakePaperDown { paper, down: true, because },
        "restoring" => Act::TakePaperDown { paper, down: false, because },
        "archiving" => Act::StepPaper { paper, step: PaperStep::Archived, draft: None, because },
        _ => return Err(Fault::absent()),
    };
    v.submit(act).await?;
    v.done(&format!("/papers/{paper}"), "stepped")
}

/// `GET /papers/{id}/files/{digest}`: the frozen bytes of a paper that was issued to the caller.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let row = papers::paper(&v.seen, v.segment("id"))?;
    if let Some(why) = papers::hidden(&v.seen, row.id) {
        return Err(Refusal::not_now("page.paper.down", &[("why", &why)]).into());
    }
    items::send(&v, row.files.iter().chain([&row.data])).await
}
