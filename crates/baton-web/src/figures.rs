//! The history of a figure: every version, who said it and when; and its correction.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::review::period_of;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::{FigureGiven, FigureInput};
use baton_kernel::document::Drawing;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::drawings::figure_history;
use baton_kernel::views::figures::{FigureHistory, history};
use baton_kernel::{Act, Refusal};
use baton_methods::{Lang, Period, parse_number};
use baton_store::Ids;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "figure.html")]
struct FigurePage<'a> {
    shell: Shell,
    history: &'a FigureHistory,
    drawing: Option<Drawing>,
    back: String,
    act: String,
    may_correct: bool,
    may_submit: bool,
    value: &'a str,
    because: &'a str,
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
    v.page(&FigurePage {
        shell: Shell::of(v, title, "/items"),
        drawing: figure_history(&v.seen, &history),
        back,
        act: format!("{path}/correction{query}"),
        may_correct: may(Verb::Report) || may(Verb::Submit),
        may_submit: may(Verb::Submit),
        value: v.typed("value", ""),
        because: v.typed("because", ""),
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
    })
    .await?;
    v.done(&format!("/submissions/{submission}"), if submit { "corrected" } else { "proposed" })
}

fn value_of(v: &Visit, subject: Subject, measure: &str) -> Result<FigureInput, Refusal> {
    let typed = v.text("value");
    if let Some(reason) = typed.strip_prefix("暂缺").map(|r| r.trim_start_matches(['：', ':', '，', ','])) {
        return Ok(FigureInput::Withheld(reason.trim().to_owned()));
    }
    let (_, declared) = v.seen.declared(subject, measure);
    let unit = declared.ok_or_else(Refusal::absent)?.unit;
    match parse_number(&typed, Some(unit)) {
        Ok(parsed) => Ok(FigureInput::Is(parsed.value)),
        Err(e) => {
            let words = |lang: Lang| format!("{} {}", e.message(lang), e.hint(lang));
            Err(Refusal {
                code: e.code().to_owned(),
                why: baton_kernel::Why::Wrong,
                zh: words(Lang::Zh),
                en: words(Lang::En),
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
