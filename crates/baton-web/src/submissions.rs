//! Submissions: the fill-in form of a unit for a round, its draft, its workbook, and what became of a submission.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::grid::{self, Cell, Counts, Grid, Mistake, Typed};
use crate::shell::Shell;
use crate::visit::{Visit, kept, or_again};
use askama::Template;
use baton_kernel::entries::SubmissionState;
use baton_kernel::form::{CellValue, Form};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::rounds::{self, Answer as UnitAnswer, CellShown, SubmissionPage};
use baton_kernel::{Act, Digest, Refusal, Why};
use baton_sheets::layout::in_words;
use baton_sheets::{Preview, State};
use baton_store::Ids;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kind of the drafts of reports in the workbench.
const DRAFT: &str = "report";

/// The form that a path names, with the unit and its answer so far.
struct Asked {
    form: Form,
    unit: UnitId,
    code: String,
    round: rounds::RoundShown,
    path: String,
}

impl Asked {
    fn of(v: &Visit) -> Result<Asked, Fault> {
        let id: RoundId = v.id("id")?;
        let code = v.segment("unit").to_owned();
        let unit = v.seen.unit_by_code(&code).ok_or_else(Fault::absent)?;
        let form = baton_kernel::views::form::form(&v.seen, id, unit)?;
        let round = rounds::round(&v.seen, id)?;
        Ok(Asked { form, unit, path: format!("/rounds/{id}/units/{code}"), code, round })
    }

    fn answer(&self) -> Option<&UnitAnswer> {
        self.round.answers.iter().find(|a| a.unit.id == self.unit)
    }

    fn draft_key(&self) -> String {
        format!("{}/{}", self.round.id, self.code)
    }
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage<'a> {
    shell: Shell,
    v: &'a Visit,
    asked: &'a Asked,
    answer: Option<&'a UnitAnswer>,
    grid: Grid,
    counts: Counts,
    may_fill: bool,
    may_submit: bool,
    draft: Option<(u64, String)>,
    this_label: String,
    due: String,
}

impl FormPage<'_> {
    fn due_words(&self) -> &str {
        &self.due
    }
}

/// `GET /rounds/{id}/units/{unit}`.
pub(crate) async fn form(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let rights = v.seen.rights();
    let now = !v.seen.is_past();
    let may = |verb| now && rights.may(verb, asked.unit);
    let may_fill = may(Verb::Report) || may(Verb::Submit);
    let draft = match may_fill {
        true => v.app.store().draft(v.session.person, DRAFT, &asked.draft_key()).await?,
        false => None,
    };
    // What was just typed comes before what the draft holds.
    let given = grid::typed(&v.given.fields);
    let typed: Typed = match (&draft, given.is_empty()) {
        (Some(draft), true) => serde_json::from_str(&draft.json).unwrap_or_default(),
        _ => given,
    };
    let grid = grid::grid(&asked.form, &typed);
    // In a simulated zone the wall's clock would only confuse.
    let simulated = v.seen.founding().is_some_and(|f| f.simulated);
    let at = |d: &baton_store::Draft| if simulated { String::new() } else { v.clock(d.updated_at, "%m-%d %H:%M") };
    let saved = draft.map(|d| (d.revision, at(&d)));
    let lang = v.taste.lang;
    v.page(&FormPage {
        shell: Shell::of(&v, format!("{} {}", asked.form.unit_name, asked.form.title), "/rounds"),
        v: &v,
        answer: asked.answer(),
        counts: grid.counts,
        grid,
        may_fill,
        may_submit: may(Verb::Submit),
        draft: saved,
        this_label: asked.form.period.label(lang),
        due: due(&v, &asked),
        asked: &asked,
    })
}

fn due(v: &Visit, asked: &Asked) -> String {
    let left = (asked.round.due - v.seen.day()).get_days();
    match (asked.round.open, left) {
        (true, left) if left >= 0 => v.say("page.home.due", &[("due", &asked.round.due), ("left", &left)]),
        (true, left) => {
            v.say("page.home.late", &[("due", &asked.round.due), ("late", &-left), ("closes", &asked.round.closes)])
        }
        (false, _) => v.say("page.form.closed", &[("closes", &asked.round.closes)]),
    }
}

/// `POST /rounds/{id}/units/{unit}`: `how` is `draft`, `paste`, `propose`, `submit` or `part`.
pub(crate) async fn send(v: Arc<Visit>) -> Answer {
    let done = sent(&v).await;
    or_again(&v, done, form).await
}

async fn sent(v: &Arc<Visit>) -> Answer {
    let asked = Asked::of(v)?;
    let how = v.text("how");
    let mut typed = grid::typed(&v.given.fields);
    if how == "paste" {
        let number = |name: &str| v.text(name).parse::<usize>().unwrap_or(0);
        let block = asked.form.blocks.get(number("paste_block"));
        let block = block.ok_or_else(|| Refusal::wrong("page.form.paste", &[]).at("paste"))?;
        let text = v.given.fields.raw("paste").unwrap_or_default();
        grid::paste(block, number("paste_row"), number("paste_column"), text, &mut typed);
    }
    if how == "draft" || how == "paste" {
        let revision = save(v, &asked, &typed, None).await?;
        tracing::debug!(revision, "draft kept");
        return v.done(&asked.path, "draft-kept");
    }
    let checked = grid::grid(&asked.form, &typed);
    if checked.counts.wrong > 0 || (checked.counts.needed > 0 && how != "part") {
        // Nothing is lost: the draft holds what was typed, the page shows each mistake at its cell.
        save(v, &asked, &typed, None).await?;
        let counts = [("wrong", checked.counts.wrong), ("empty", checked.counts.needed)];
        let args: Vec<(&str, &dyn std::fmt::Display)> = counts.iter().map(|(n, c)| (*n, c as _)).collect();
        let at = checked.mistakes.first().map(|m| m.mark.clone()).or(checked.first_empty);
        let refusal = Refusal::wrong("page.form.not-ready", &args).at(at.unwrap_or_default());
        return Err(refusal.into());
    }
    let versions: BTreeMap<String, u64> = v
        .given
        .fields
        .under("n:")
        .filter_map(|(name, seq)| Some((format!("c:{name}"), seq.trim().parse().ok()?)))
        .collect();
    let (figures, fields) = grid::report(&asked.form, &typed, &versions);
    let submission = SubmissionId(v.ids().next());
    let submit = how != "propose" && v.seen.rights().may(Verb::Submit, asked.unit);
    let evidence = v.evidence("evidence").await?;
    v.submit(Act::Report {
        submission,
        round: Some(asked.round.id),
        unit: asked.unit,
        submit,
        figures,
        fields,
        because: v.text("because"),
        evidence,
    })
    .await?;
    v.app.store().drop_draft(v.session.person, DRAFT, &asked.draft_key()).await?;
    v.done(&format!("/submissions/{submission}"), if submit { "submitted" } else { "proposed" })
}

async fn save(v: &Visit, asked: &Asked, typed: &Typed, after: Option<u64>) -> Result<u64, Fault> {
    if !(v.seen.rights().may(Verb::Report, asked.unit) || v.seen.rights().may(Verb::Submit, asked.unit)) {
        return Err(Refusal::forbidden(v.taste.lang.pick(Verb::Report.words().0, Verb::Report.words().1)).into());
    }
    // Only what differs from what stands is a draft; the names are those of the form.
    let known: Typed = asked
        .form
        .blocks
        .iter()
        .flat_map(|b| b.rows.iter().flat_map(|r| b.columns.iter().map(|c| grid::name(r, c))))
        .filter_map(|name| Some((name.clone(), typed.get(&name)?.clone())))
        .collect();
    let json = serde_json::to_string(&known).map_err(|e| Fault::World(e.into()))?;
    let base = v.given.fields.get("base").parse().unwrap_or(0);
    Ok(v.app.store().save_draft(v.session.person, DRAFT, &asked.draft_key(), &json, base, after).await?)
}

/// `POST /rounds/{id}/units/{unit}/draft`: the script keeps what is typed; no entry is made.
pub(crate) async fn keep_draft(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let after = v.text("revision").parse().ok();
    match save(&v, &asked, &grid::typed(&v.given.fields), after).await {
        Ok(revision) => Ok(kept(&serde_json::json!({ "revision": revision }))),
        Err(Fault::Refused(refusal)) if refusal.why != Why::Absent => {
            let status = Fault::Refused(refusal.clone()).status();
            Ok(answers::json(status, &serde_json::json!({ "code": refusal.code, "words": refusal.said(v.taste.lang) })))
        }
        Err(other) => Err(other),
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /rounds/{id}/units/{unit}/workbook`.
pub(crate) async fn workbook(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let name = format!("{} {}.xlsx", asked.form.unit_name, asked.form.title);
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
    or_again(&v, done, form).await
}

async fn uploaded(v: &Visit) -> Answer {
    let asked = Asked::of(v)?;
    let file =
        v.given.files("workbook").next().ok_or_else(|| Refusal::wrong("page.upload.none", &[]).at("workbook"))?;
    let (bytes, exe, form) = (file.bytes.clone(), v.app.worker_exe.clone(), asked.form.clone());
    let digest = Digest::of(&bytes);
    let looked = tokio::task::spawn_blocking(move || {
        let limits = baton_sheets::Limits::default();
        let mut from = std::io::Cursor::new(bytes);
        baton_sheets::rows_in_worker(&exe, &mut from, &limits).and_then(|rows| baton_sheets::read_stream(&form, rows))
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
    parts: Vec<(&'static str, Vec<Line>, &'static str)>,
    may_submit: bool,
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
    v.page(&PreviewPage {
        shell: Shell::of(&v, v.say("page.preview", &[]), "/rounds"),
        v: &v,
        id: format!("{id:032x}"),
        blocked,
        enters: if blocked { 0 } else { changed.len() + new.len() },
        refused: refused.len(),
        conflicts: conflicts.len(),
        parts: vec![
            ("错的", refused, "规则和改法"),
            ("冲突的", conflicts, "别人填的"),
            ("改动的", changed, ""),
            ("新填的", new, ""),
        ],
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
    })
    .await?;
    v.app.store().drop_preview(v.session.person, id).await?;
    v.done(&format!("/submissions/{submission}"), if submit { "submitted" } else { "proposed" })
}

/// `GET /rounds/{id}/units/{unit}/workbook/{preview}/file`: the workbook again, wrong cells red with comments.
pub(crate) async fn refilled(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let (_, preview) = preview_of(&v, &asked).await?;
    let name = format!("{} {} {}.xlsx", asked.form.unit_name, asked.form.title, v.say("page.preview.marked", &[]));
    let form = asked.form;
    let bytes = tokio::task::spawn_blocking(move || baton_sheets::refill(&form, &preview))
        .await
        .map_err(|e| Fault::World(e.into()))??;
    Ok(answers::file(&name, XLSX, bytes))
}

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
}

/// `GET /submissions/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let page = rounds::submission(&v.seen, v.id("id")?)?;
    let may = |what: &str| page.head.may.contains(&what);
    let form_path = page.round.as_ref().map(|(id, _)| format!("/rounds/{id}/units/{}", page.unit.code));
    v.page(&SubmissionView {
        shell: Shell::of(&v, v.say("page.submission", &[("unit", &page.unit.name)]), "/rounds"),
        v: &v,
        form_path,
        may_accept: may("accepted"),
        may_submit: may("submitted"),
        may_return: may("returned"),
        may_withdraw: may("withdrawn"),
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
    let marks = v.given.fields.all("marks").map(str::to_owned).collect();
    v.submit(Act::MoveSubmission { submission, to, because: v.text("because"), marks }).await?;
    v.done(&format!("/submissions/{submission}"), done)
}

/// `GET /submissions/{id}/files/{digest}`.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let page = rounds::submission(&v.seen, v.id("id")?)?;
    crate::items::send(&v, page.evidence.iter()).await
}

/// A column with its part, when the cell is one of a split measure.
fn column_words(v: &Visit, cell: &CellShown) -> String {
    let mut place = cell.at.split('/');
    let (subject, measure, part) = (place.next(), place.next(), place.next());
    let part = (|| {
        let (_, declared) = v.seen.declared(subject?.parse().ok()?, measure?);
        let part = part?;
        Some(declared?.parts.iter().find(|p| p.key == part)?.label.get(v.taste.lang).to_owned())
    })();
    part.map_or_else(|| cell.column.clone(), |p| format!("{} · {p}", cell.column))
}

impl SubmissionView<'_> {
    fn column(&self, cell: &CellShown) -> String {
        column_words(self.v, cell)
    }
}

impl Cell {
    /// Whether the cell is of a class.
    pub(crate) fn is(&self, class: &str) -> bool {
        self.class == class
    }
}

impl Grid {
    /// Mistakes shown on top, at most twenty.
    pub(crate) fn top(&self) -> impl Iterator<Item = &Mistake> {
        self.mistakes.iter().take(20)
    }
}
