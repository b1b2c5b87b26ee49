//! The supervision sheet (督办单) of a task: as a page to print, as Word and as PDF.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::paper;
use crate::papers::{DOCX, Form, PDF, set};
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use askama::filters::Safe;
use baton_kernel::ids::TaskId;
use baton_kernel::views::{task_sheet, tasks};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "task-sheet.html")]
struct SheetPage {
    shell: Shell,
    id: TaskId,
    code: String,
    html: Safe<String>,
}

/// `GET /tasks/{id}/sheet`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let task = tasks::task(&v.seen, v.segment("id"))?;
    let document = task_sheet::document(&v.seen, v.segment("id"))?;
    v.page(&SheetPage {
        shell: Shell::of(&v, v.say("page.task.sheet", &[]), "/tasks"),
        id: task.row.id,
        code: task.row.code,
        html: Safe(paper::html(&document, &|_| None)),
    })
}

/// `GET /tasks/{id}/sheet/{format}`: as `docx` or `pdf`.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let document = task_sheet::document(&v.seen, v.segment("id"))?;
    let name = format!("{} {}", v.say("page.task.sheet", &[]), tasks::task(&v.seen, v.segment("id"))?.row.code);
    match v.segment("format") {
        "docx" => Ok(answers::file(&format!("{name}.docx"), DOCX, set(&v, document, Form::Docx).await?)),
        "pdf" => Ok(answers::file(&format!("{name}.pdf"), PDF, set(&v, document, Form::Pdf).await?)),
        _ => Err(Fault::absent()),
    }
}
