//! Submissions: the fill-in form of a unit for a round, its draft, its workbook, and what became of a submission.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::grid::{self, Cell, Counts, Grid, Mistake, Place, Sent, Typed};
use crate::shell::Shell;
use crate::visit::{Visit, kept, or_again};
use askama::Template;
use baton_kernel::blueprint::{Enter, FlowOrStock, Measure};
use baton_kernel::entries::SubmissionState;
use baton_kernel::form::{CellValue, Form};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::figures::history;
use baton_kernel::views::rounds::{self, Answer as UnitAnswer, CellShown, SubmissionPage};
use baton_kernel::{Act, Digest, Refusal, Why};
use baton_methods::{Grain, Period, Unit, format_decimal};
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

    /// What was sent and does not count: all that waits for the checker, or the newest when it came back.
    fn sent(&self, v: &Visit) -> Result<Sent, Fault> {
        let answers = self.answer().map_or(&[][..], |a| &a.submissions);
        let waits = answers.first().is_some_and(|s| s.state == "proposed");
        let ids: Vec<SubmissionId> = match answers.first().map(|s| s.state) {
            Some("proposed") => answers.iter().rev().filter(|s| s.state == "proposed").map(|s| s.id).collect(),
            Some("returned" | "withdrawn") => answers.iter().take(1).map(|s| s.id).collect(),
            _ => Vec::new(),
        };
        let mut sent = Sent { waits, ..Sent::default() };
        let places: BTreeMap<String, Place> = grid::places(&self.form).map(|p| (p.name.clone(), p)).collect();
        for id in ids {
            for cell in rounds::submission(&v.seen, id)?.cells {
                let Some((subject, column)) = cell.at.split_once('/') else { continue };
                let (ours, key) = match cell.period {
                    Some(period) => (period == self.form.period, "m"),
                    None => (true, "f"),
                };
                let name = format!("c:{subject}/{key}:{column}");
                let Some(place) = places.get(&name).filter(|_| ours) else { continue };
                if cell.marked {
                    sent.marked.insert(name.clone());
                }
                let text = grid::as_typed(place.column, &cell.value, self.form.period, self.form.lang);
                sent.values.insert(name, text);
            }
        }
        Ok(sent)
    }

    /// The form's title with its period, which the round's own title may have held.
    fn title(&self) -> String {
        format!("{} {}", self.form.period.label(self.form.lang), self.form.title).trim().to_owned()
    }

    /// Takes out of what is typed what its page only repeated: somebody else has changed it since.
    fn without_repeated(&self, v: &Visit, typed: &mut Typed) {
        for place in grid::places(&self.form) {
            let repeated = || {
                let was: u64 = v.given.fields.get(&format!("n:{}", place.name.get(2..)?)).parse().ok()?;
                let (subject, column) = place.name.get(2..)?.split_once("/m:")?;
                let (measure, part) = column.split_once('/').map_or((column, None), |(m, p)| (m, Some(p)));
                if was == place.cell.version {
                    return None;
                }
                let known = history(&v.seen, subject.parse().ok()?, measure, part, self.form.period).ok()?;
                let value = known.versions.iter().find(|x| x.seq == was)?.value?;
                let text = typed.get(&place.name)?;
                let same = grid::understand(place.column, text, self.form.period).ok()?.same(&CellValue::Number(value));
                Some(same)
            };
            if repeated().unwrap_or(false) {
                typed.remove(&place.name);
            }
        }
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
    waits: Option<(SubmissionId, String)>,
    came_back: bool,
    heading: String,
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
        (Some(draft), true) => standing(&asked, serde_json::from_str(&draft.json).unwrap_or_default()),
        _ => given,
    };
    // Only who may fill the form in gets back what was sent: to others it is not said yet.
    let sent = if may_fill { asked.sent(&v)? } else { Sent::default() };
    let mut grid = grid::grid(&asked.form, &typed, &sent);
    for (block, shown) in asked.form.blocks.iter().zip(&mut grid.blocks) {
        for (column, title) in block.columns.iter().zip(&mut shown.titles) {
            title.asks = asks(&v, &block.kind, &column.key, asked.form.period);
        }
    }
    let newest = asked.answer().and_then(|a| a.submissions.first());
    let waits = newest
        .filter(|s| s.state == "proposed")
        .map(|s| (s.id, v.say("page.form.waits", &[("when", &s.when), ("who", &s.who), ("cells", &s.cells)])));
    // In a simulated zone the wall's clock would only confuse.
    let simulated = v.seen.founding().is_some_and(|f| f.simulated);
    let at = |d: &baton_store::Draft| if simulated { String::new() } else { v.clock(d.updated_at, "%m-%d %H:%M") };
    let saved = draft.map(|d| (d.revision, at(&d)));
    let lang = v.taste.lang;
    v.page(&FormPage {
        shell: Shell::of(&v, format!("{} {}", asked.form.unit_name, asked.title()), "/rounds"),
        v: &v,
        answer: asked.answer(),
        counts: grid.counts,
        grid,
        may_fill,
        may_submit: may(Verb::Submit),
        draft: saved,
        waits,
        came_back: newest.is_some_and(|s| s.state == "withdrawn") && !sent.values.is_empty(),
        heading: asked.title(),
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

/// A draft without its blanks where something stands: nobody can clear that, so the blank is older than it.
fn standing(asked: &Asked, mut draft: Typed) -> Typed {
    for place in grid::places(&asked.form).filter(|p| p.cell.now.is_some()) {
        if draft.get(&place.name).is_some_and(String::is_empty) {
            draft.remove(&place.name);
        }
    }
    draft
}

/// What a column asks of the period, in words; empty for a field.
fn asks(v: &Visit, kind: &str, column: &str, period: Period) -> String {
    let key = column.strip_prefix("m:").and_then(|k| k.split('/').next());
    let measure = key.and_then(|k| v.seen.blueprint().kind(kind)?.measure(k));
    let code = match measure.map(|m| (m.flow, m.enter)) {
        None => return String::new(),
        // A rate has no amount of its own.
        Some(_) if measure.is_some_and(|m| m.unit == Unit::Percent) => return String::new(),
        Some((FlowOrStock::Stock, _)) => "page.form.asks.level",
        Some((FlowOrStock::Flow, Enter::Cumulative)) => "page.form.asks.to-date",
        Some((FlowOrStock::Flow, Enter::Period)) if period.grain() == Grain::Month => "page.form.asks.month",
        Some((FlowOrStock::Flow, Enter::Period)) => "page.form.asks.period",
    };
    v.say(code, &[])
}

/// `POST /rounds/{id}/units/{unit}`: `how` is `draft`, `discard`, `paste`, `propose`,
/// `submit` or `part`.
pub(crate) async fn send(v: Arc<Visit>) -> Answer {
    let done = sent(&v).await;
    or_again(&v, done, form).await
}

async fn sent(v: &Arc<Visit>) -> Answer {
    let asked = Asked::of(v)?;
    let how = v.text("how");
    let mut typed = grid::typed(&v.given.fields);
    asked.without_repeated(v, &mut typed);
    if how == "discard" {
        v.app.store().drop_draft(v.session.person, DRAFT, &asked.draft_key()).await?;
        return v.done(&asked.path, "draft-dropped");
    }
    let submission = SubmissionId(v.ids().next());
    if rounds::submission(&v.seen, submission).is_ok_and(|s| s.unit.id == asked.unit) {
        // The same form again: it was entered already.
        let submitted = how != "propose" && v.seen.rights().may(Verb::Submit, asked.unit);
        return v.done(&format!("/submissions/{submission}"), if submitted { "submitted" } else { "proposed" });
    }
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
    let sent = asked.sent(v)?;
    let checked = grid::grid(&asked.form, &typed, &sent);
    let part = how == "part" && checked.counts.changed > 0;
    if !part && (checked.counts.wrong > 0 || checked.counts.needed > 0) {
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
    let (figures, fields) = grid::report(&asked.form, &typed, &sent, &versions);
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
    // What was wrong stays in the draft, to be mended.
    let wrong = checked.wrong();
    typed.retain(|name, _| wrong.contains(&name.as_str()));
    if typed.is_empty() {
        v.app.store().drop_draft(v.session.person, DRAFT, &asked.draft_key()).await?;
    } else {
        save(v, &asked, &typed, None).await?;
    }
    v.done(&format!("/submissions/{submission}"), if submit { "submitted" } else { "proposed" })
}

async fn save(v: &Visit, asked: &Asked, typed: &Typed, after: Option<u64>) -> Result<u64, Fault> {
    if !(v.seen.rights().may(Verb::Report, asked.unit) || v.seen.rights().may(Verb::Submit, asked.unit)) {
        return Err(Refusal::forbidden(v.taste.lang.pick(Verb::Report.words().0, Verb::Report.words().1)).into());
    }
    // Only what differs from what the page showed is a draft; the names are those of the form.
    let (sent, lang) = (asked.sent(v)?, asked.form.lang);
    let mut known = Typed::new();
    for place in grid::places(&asked.form) {
        let Some(text) = typed.get(&place.name) else { continue };
        let stands = grid::stands(&place, lang);
        let same = text == sent.values.get(&place.name).unwrap_or(&stands);
        if !same && !(text.is_empty() && place.cell.now.is_some()) {
            known.insert(place.name, text.clone());
        }
    }
    let json = serde_json::to_string(&known).map_err(|e| Fault::World(e.into()))?;
    let base = v.given.fields.get("base").parse().unwrap_or(0);
    Ok(v.app.store().save_draft(v.session.person, DRAFT, &asked.draft_key(), &json, base, after).await?)
}

/// `POST /rounds/{id}/units/{unit}/draft`: the script keeps what is typed; no entry is made.
pub(crate) async fn keep_draft(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let after = v.text("revision").parse().ok();
    let mut typed = grid::typed(&v.given.fields);
    asked.without_repeated(&v, &mut typed);
    match save(&v, &asked, &typed, after).await {
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
    parts: Vec<(String, Vec<Line>, String)>,
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
    let name = format!("{} {} {}.xlsx", asked.form.unit_name, asked.title(), v.say("page.preview.marked", &[]));
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
    let mut page = rounds::submission(&v.seen, v.id("id")?)?;
    in_form_order(&v, &mut page);
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

    fn chosen(&self, cell: &CellShown) -> bool {
        self.v.chosen("marks", &cell.at)
    }
}

impl Cell {
    /// Whether the cell is of a class.
    pub(crate) fn is(&self, class: &str) -> bool {
        self.class == class
    }
}

impl Grid {
    /// Names of the cells that are wrong.
    fn wrong(&self) -> Vec<&str> {
        let cells = self.blocks.iter().flat_map(|b| &b.rows).flat_map(|r| &r.cells);
        cells.filter(|c| c.is("wrong")).map(|c| c.name.as_str()).collect()
    }

    /// Mistakes shown on top, at most twenty.
    pub(crate) fn top(&self) -> impl Iterator<Item = &Mistake> {
        self.mistakes.iter().take(20)
    }
}
