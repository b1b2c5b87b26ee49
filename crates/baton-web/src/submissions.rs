//! Submissions: what was sent, what became of it, which papers carry it; returned with marked cells, or moved to
//! where it belongs.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use crate::{figures, grid, items};
use askama::Template;
use baton_kernel::blueprint::Measure;
use baton_kernel::commands::NoteGiven;
use baton_kernel::entries::SubmissionState;
use baton_kernel::ids::*;
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::rounds::{self, CellShown, SubmissionPage};
use baton_kernel::{Act, Refusal};
use baton_methods::format_decimal;
use baton_store::Ids;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionView<'a> {
    shell: Shell,
    v: &'a Visit,
    page: &'a SubmissionPage,
    form_path: Option<String>,
    may_accept: bool,
    may_submit: bool,
    may_return: bool,
    may_withdraw: bool,
    may_move: bool,
    /// Units that the figures may be moved to, and the period they are said for.
    units: Vec<UnitShown>,
    period: String,
    /// Issued papers that carry figures of it: page, title, number, how many cells.
    carried: Vec<(PaperId, String, String, usize)>,
    /// Cells with a value that count.
    explained: usize,
}

/// `GET /submissions/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let mut page = rounds::submission(&v.seen, v.id("id")?)?;
    in_form_order(&v, &mut page);
    let may = |what: &str| page.head.may.contains(&what);
    let figures: Vec<u64> = page.cells.iter().filter(|c| c.period.is_some()).map(|c| c.version).collect();
    let carried = match figures.first() {
        Some(seq) => figures::papers_with(&v, *seq).await?,
        None => Vec::new(),
    };
    let period = page.cells.iter().find_map(|c| c.period).map_or(String::new(), |p| p.to_string());
    let units = v.seen.units().into_iter().filter(|u| v.seen.sees(*u)).map(|u| v.seen.unit_shown(u)).collect();
    let form_path = page.round.as_ref().map(|(id, _)| format!("/rounds/{id}/units/{}", page.unit.code));
    v.page(&SubmissionView {
        shell: Shell::of(&v, v.say("page.submission", &[("unit", &page.unit.name)]), "/rounds"),
        v: &v,
        form_path,
        may_accept: may("accepted"),
        may_submit: may("submitted"),
        may_return: may("returned"),
        may_withdraw: may("withdrawn"),
        may_move: may("moved") && !figures.is_empty(),
        units,
        period,
        carried,
        explained: page.cells.iter().filter(|c| c.note.is_some()).count(),
        page: &page,
    })
}

/// `POST /submissions/{id}/{what}`: `submission`, `acceptance`, `return` or `withdrawal`.
pub(crate) async fn move_on(v: Arc<Visit>) -> Answer {
    let done = moved(&v).await;
    or_again(&v, done, show).await
}

async fn moved(v: &Visit) -> Answer {
    let submission: SubmissionId = v.id("id")?;
    rounds::submission(&v.seen, submission)?;
    let (to, done) = match v.segment("what") {
        "submission" => (SubmissionState::Submitted, "submitted"),
        "acceptance" => (SubmissionState::Accepted, "accepted"),
        "return" => (SubmissionState::Returned, "returned"),
        "withdrawal" => (SubmissionState::Withdrawn, "withdrawn"),
        _ => return Err(Fault::absent()),
    };
    let mut marks: Vec<String> = v.given.fields.all("marks").map(str::to_owned).collect();
    let mut notes = Vec::new();
    for (at, text) in v.given.fields.under("w:").filter(|(_, text)| !text.trim().is_empty()) {
        // A word on a cell marks it.
        if !marks.iter().any(|m| m == at) {
            marks.push(at.to_owned());
        }
        notes.push(NoteGiven { at: at.to_owned(), text: text.trim().to_owned() });
    }
    let mut because = v.text("because");
    if because.is_empty() && to == SubmissionState::Returned && !notes.is_empty() {
        because = v.say("page.submission.see-marks", &[("count", &marks.len())]);
    }
    v.submit(Act::MoveSubmission { submission, to, because, marks, notes }).await?;
    v.done(&format!("/submissions/{submission}"), done)
}

/// `POST /submissions/{id}/move`: figures said for the wrong unit or period go where they belong, in one act.
pub(crate) async fn relocate(v: Arc<Visit>) -> Answer {
    let done = relocated(&v).await;
    or_again(&v, done, show).await
}

async fn relocated(v: &Visit) -> Answer {
    let submission: SubmissionId = v.id("id")?;
    rounds::submission(&v.seen, submission)?;
    let ids = v.ids();
    let (into, undo) = (SubmissionId(ids.next()), SubmissionId(ids.next()));
    let code = v.text("unit");
    let unit = v.seen.unit_by_code(&code).filter(|u| v.seen.sees(*u));
    let unit = unit.ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &code)]).at("unit"))?;
    let period = items::period_in(v, "period")?;
    let because = v.text("move_because");
    if because.is_empty() {
        return Err(crate::mistakes::empty(v, "move_because").into());
    }
    v.submit(Act::MoveFigures { submission, into, undo, unit, period, because }).await?;
    v.done(&format!("/submissions/{into}"), "moved")
}

/// `GET /submissions/{id}/files/{digest}`.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let page = rounds::submission(&v.seen, v.id("id")?)?;
    crate::items::send(&v, page.evidence.iter()).await
}

/// Puts the cells of a submission in the order of its form; those that the form does not ask come last.
fn in_form_order(v: &Visit, page: &mut SubmissionPage) {
    let Some((round, _)) = page.round else { return };
    let Ok(form) = baton_kernel::views::form::form(&v.seen, round, page.unit.id) else { return };
    let order: BTreeMap<String, usize> = grid::places(&form)
        .enumerate()
        .filter_map(|(n, p)| Some((p.name.get(2..)?.replacen("/m:", "/", 1).replacen("/f:", "/", 1), n)))
        .collect();
    page.cells.sort_by_key(|cell| order.get(&cell.at).copied().unwrap_or(usize::MAX));
}

impl SubmissionView<'_> {
    /// The measure of a cell, when it holds a figure.
    fn measure(&self, cell: &CellShown) -> Option<Measure> {
        cell.period?;
        let mut place = cell.at.split('/');
        let (subject, measure) = (place.next()?, place.next()?);
        self.v.seen.declared(subject.parse().ok()?, measure).1
    }

    /// The column with its part, when the cell is one of a split measure, and its unit.
    fn column(&self, cell: &CellShown) -> String {
        let Some(measure) = self.measure(cell) else { return cell.column.clone() };
        let lang = self.v.taste.lang;
        let part = cell.at.split('/').nth(2).and_then(|key| measure.parts.iter().find(|p| p.key == key));
        let part = part.map_or(String::new(), |p| format!(" · {}", p.label.get(lang)));
        let unit = measure.unit.label(lang);
        let unit = if unit.is_empty() { String::new() } else { format!("（{unit}）") };
        format!("{}{part}{unit}", cell.column)
    }

    /// A value of a cell with thousands parted; words as they are.
    fn shown(&self, cell: &CellShown, value: &str) -> String {
        match (self.measure(cell), value.parse().ok()) {
            (Some(measure), Some(number)) => format_decimal(number, measure.decimals.into(), true),
            _ => value.to_owned(),
        }
    }

    /// What was typed about a cell that is to be returned.
    fn word(&self, cell: &CellShown) -> &str {
        self.v.typed(&format!("w:{}", cell.at), "")
    }

    /// The page of a figure's history; none for a field.
    fn figure_path(&self, cell: &CellShown) -> Option<String> {
        let period = cell.period?;
        let mut place = cell.at.split('/');
        let (subject, measure) = (place.next()?.parse().ok()?, place.next()?);
        let part = place.next().map_or(String::new(), |p| format!("?part={}", crate::answers::percent(p)));
        Some(format!("{}{part}", figures::path(&subject, &self.page.unit.code, measure, &period)))
    }

    fn chosen(&self, cell: &CellShown) -> bool {
        self.v.chosen("marks", &cell.at)
    }
}
