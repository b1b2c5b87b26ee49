//! The history of a figure: every version, who said it and when; and its correction.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::grid;
use crate::review::period_of;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::{FigureGiven, FigureInput};
use baton_kernel::document::Drawing;
use baton_kernel::entries::InstructionOn;
use baton_kernel::form::{Asks, CellType, CellValue, FormColumn};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::drawings::figure_history;
use baton_kernel::views::figures::{FigureHistory, history};
use baton_kernel::views::number::{Number, TARGET};
use baton_kernel::views::papers::{self, DataPart, Fact};
use baton_kernel::views::values::{Group, Reading};
use baton_kernel::{Act, Refusal};
use baton_methods::{Lang, Period};
use baton_store::Ids;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "figure.html")]
struct FigurePage<'a> {
    shell: Shell,
    history: &'a FigureHistory,
    v: &'a Visit,
    instruct: crate::instructions::Here,
    lang: Lang,
    drawing: Option<Drawing>,
    back: String,
    /// What the year comes to at the end of the period, when it is made of more than this figure.
    to_date: Option<ToDate>,
    act: String,
    may_correct: bool,
    may_submit: bool,
    /// Issued papers that carry a version of it: paper, title, number, seq of the version.
    carried: Vec<(PaperId, String, String, u64)>,
    value: &'a str,
    because: &'a str,
}

/// A number of the year to date with the figures that make it up.
struct ToDate {
    label: String,
    total: Number,
    /// Period, value as shown, page.
    parts: Vec<(String, String, String)>,
}

/// The year to date of a figure that is entered for each period; none when it is made of no other figure.
fn to_date(v: &Visit, subject: Subject, measure: &str, period: Period) -> Option<ToDate> {
    let (kind, declared) = v.seen.declared(subject, measure);
    let (kind, declared) = (kind?, declared?);
    let (items, code) = match subject {
        Subject::Item(id) => (vec![v.seen.item(&id.to_string()).ok()?], String::new()),
        Subject::Unit(unit) => (Vec::new(), v.seen.unit_shown(unit).code),
    };
    let group = Group { subjects: vec![subject], items };
    let total = v.seen.total(&v.seen.asked(), &kind, &declared, &group, period, Reading::ToDate);
    let parts: Vec<(String, String, String)> = total
        .sources
        .iter()
        .filter_map(|s| {
            let known = history(&v.seen, s.subject, &s.measure, None, s.period).ok()?;
            let shown = known.versions.iter().find(|x| x.seq == s.seq)?.value?;
            let shown = baton_methods::format_decimal(shown, declared.decimals.into(), true);
            Some((known.period_label, shown, path(&s.subject, &code, &s.measure, &s.period)))
        })
        .collect();
    (parts.len() > 1).then(|| ToDate { label: period.to_date_label(v.taste.lang), total, parts })
}

/// `GET /items/{id}/figures/{measure}/{period}`.
pub(crate) async fn of_item(v: Arc<Visit>) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    show(&v, Subject::Item(item.id), format!("/items/{}", item.id), v.seen.lead(&item)).await
}

/// `GET /units/{id}/figures/{measure}/{period}`.
pub(crate) async fn of_unit(v: Arc<Visit>) -> Answer {
    let unit = unit_of(&v)?;
    show(&v, Subject::Unit(unit), "/units".to_owned(), unit).await
}

/// Issued papers the caller sees whose data part names figures of an entry, with those facts; in order of issue.
async fn papers_of(v: &Visit, seq: u64) -> Result<Vec<(PaperId, String, String, Vec<Fact>)>, Fault> {
    let mut found = Vec::new();
    for paper in papers::list(&v.seen).into_iter().filter(|p| p.cut >= seq) {
        // A data part that was erased by law names nothing any more.
        let Some(file) = v.app.store().file(&paper.data.digest).await? else { continue };
        let Ok(data) = serde_json::from_slice::<DataPart>(&file.bytes) else { continue };
        let facts: Vec<Fact> = data.facts.into_iter().filter(|f| f.seq == seq && f.part != TARGET).collect();
        if !facts.is_empty() {
            found.push((paper.id, paper.title, paper.number.unwrap_or_default(), facts));
        }
    }
    Ok(found)
}

/// Issued papers that carry figures of one submission, by the seq of its entry: paper, title, number, cells.
pub(crate) async fn papers_with(v: &Visit, seq: u64) -> Result<Vec<(PaperId, String, String, usize)>, Fault> {
    let found = papers_of(v, seq).await?.into_iter();
    Ok(found
        .map(|(id, title, number, facts)| {
            let mut cells: Vec<_> = facts.into_iter().map(|f| (f.subject, f.measure, f.part, f.period)).collect();
            cells.sort();
            cells.dedup();
            (id, title, number, cells.len())
        })
        .collect())
}

fn unit_of(v: &Visit) -> Result<UnitId, Fault> {
    v.seen.unit_by_code(v.segment("id")).filter(|u| v.seen.sees(*u)).ok_or_else(Fault::absent)
}

fn part_of(v: &Visit) -> Option<&str> {
    Some(v.query.get("part")).filter(|p| !p.is_empty())
}

async fn show(v: &Visit, subject: Subject, back: String, unit: UnitId) -> Answer {
    let period = period_of(v)?;
    let history = history(&v.seen, subject, v.segment("measure"), part_of(v), period)?;
    let rights = v.seen.rights();
    let may = |verb| !v.seen.is_past() && rights.may(verb, unit);
    let title = format!("{} {} {}", history.name, history.label, history.period_label);
    let path = v.uri.path().trim_end_matches("/correction");
    let query = part_of(v).map_or(String::new(), |p| format!("?part={}", crate::answers::percent(p)));
    let mut carried = Vec::new();
    for version in &history.versions {
        for (id, title, number, facts) in papers_of(v, version.seq).await? {
            let part = part_of(v).unwrap_or_default();
            let ours =
                |f: &Fact| f.subject == subject && f.measure == history.measure && f.period == period && f.part == part;
            if facts.iter().any(ours) {
                carried.push((id, title, number, version.seq));
            }
        }
    }
    v.page(&FigurePage {
        carried,
        shell: Shell::of(v, title, "/items"),
        drawing: figure_history(&v.seen, &history),
        back,
        lang: v.taste.lang,
        to_date: if part_of(v).is_none() { to_date(v, subject, v.segment("measure"), period) } else { None },
        act: format!("{path}/correction{query}"),
        may_correct: may(Verb::Report) || may(Verb::Submit),
        may_submit: may(Verb::Submit),
        value: v.typed("value", ""),
        because: v.typed("because", ""),
        instruct: crate::instructions::Here::of(
            v,
            &InstructionOn::Figure { subject, measure: v.segment("measure").to_owned(), period },
        ),
        v,
        history: &history,
    })
}

/// `POST /items/{id}/figures/{measure}/{period}/correction`.
pub(crate) async fn correct_item(v: Arc<Visit>) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let done = correct(&v, Subject::Item(item.id), v.seen.lead(&item)).await;
    or_again(&v, done, of_item).await
}

/// `POST /units/{id}/figures/{measure}/{period}/correction`.
pub(crate) async fn correct_unit(v: Arc<Visit>) -> Answer {
    let unit = unit_of(&v)?;
    let done = correct(&v, Subject::Unit(unit), unit).await;
    or_again(&v, done, of_unit).await
}

/// A newer version with a reason; the old one stays.
async fn correct(v: &Visit, subject: Subject, unit: UnitId) -> Answer {
    let period = period_of(v)?;
    let measure = v.segment("measure");
    let part = part_of(v);
    let known = history(&v.seen, subject, measure, part, period)?;
    let because = v.text("because");
    if because.is_empty() {
        return Err(Refusal::wrong("text.empty", &[("field", &v.say("page.field.because", &[]))]).at("because").into());
    }
    let given = FigureGiven {
        subject,
        measure: measure.to_owned(),
        period,
        part: part.map(str::to_owned),
        value: value_of(v, subject, measure)?,
        version: known.versions.iter().rfind(|x| x.counts).map_or(0, |x| x.seq),
        said_on: None,
    };
    let submission = SubmissionId(v.ids().next());
    let evidence = v.evidence("evidence").await?;
    let submit = v.seen.rights().may(Verb::Submit, unit) && v.text("how") != "propose";
    v.submit(Act::Report {
        submission,
        round: None,
        unit,
        submit,
        figures: vec![given],
        fields: Vec::new(),
        because,
        evidence,
        notes: Vec::new(),
    })
    .await?;
    v.done(&format!("/submissions/{submission}"), if submit { "corrected" } else { "proposed" })
}

/// What was typed, understood as the form understands it.
fn value_of(v: &Visit, subject: Subject, measure: &str) -> Result<FigureInput, Refusal> {
    let (_, declared) = v.seen.declared(subject, measure);
    let declared = declared.ok_or_else(Refusal::absent)?;
    let column = FormColumn {
        key: format!("m:{measure}"),
        group: None,
        label: declared.label.get(v.taste.lang).to_owned(),
        unit: Some(declared.unit),
        decimals: declared.decimals,
        asks: Asks::Own,
        cell: CellType::Number { min: declared.min, max: declared.max },
        required: declared.required,
        hint: None,
    };
    match grid::understand(&column, &v.text("value"), period_of(v).map_err(|_| Refusal::absent())?) {
        Ok(CellValue::Number(value)) => Ok(FigureInput::Is(value)),
        Ok(CellValue::Withheld(reason)) => Ok(FigureInput::Withheld(reason)),
        Ok(_) => Err(Refusal::absent()),
        Err(mistake) => {
            let words = |lang: Lang| format!("{} {}", mistake.rule.in_lang(lang), mistake.hint.in_lang(lang));
            let (zh, en) = (words(Lang::Zh), words(Lang::En));
            Err(Refusal {
                code: mistake.code.clone(),
                why: baton_kernel::Why::Wrong,
                zh,
                en,
                at: Some("value".to_owned()),
            })
        }
    }
}

/// Path of a figure's history.
pub(crate) fn path(subject: &Subject, unit_code: &str, measure: &str, period: &Period) -> String {
    match subject {
        Subject::Item(id) => format!("/items/{id}/figures/{measure}/{period}"),
        Subject::Unit(_) => format!("/units/{unit_code}/figures/{measure}/{period}"),
    }
}
