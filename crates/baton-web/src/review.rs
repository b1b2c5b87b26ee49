//! The quarterly review (评议): where the zone stands at the end of a period, as known on a day.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::document::{Drawing, Lane};
use baton_kernel::views::drawings;
use baton_kernel::views::pace::Pace;
use baton_kernel::views::review::{Line, Review, review};
use baton_kernel::views::rounds;
use baton_kernel::views::values::last_cell;
use baton_methods::{Grain, Lang, Period};
use std::sync::Arc;

/// One line as a row of the table.
pub(crate) struct Row<'a> {
    pub line: &'a Line,
    pub pace: Option<&'a Pace>,
    pub lane: Option<Lane>,
    pub bars: Option<Drawing>,
    /// The list behind the line's number, when it is made of items.
    pub path: Option<String>,
    /// The page behind each unit's number, in the order of the units.
    pub unit_paths: Vec<Option<String>>,
}

/// One area.
pub(crate) struct Area<'a> {
    pub mark: String,
    pub number: String,
    pub label: &'a str,
    pub rows: Vec<Row<'a>>,
    pub lights: Vec<(&'static str, String, usize)>,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage<'a> {
    shell: Shell,
    lang: Lang,
    review: &'a Review,
    areas: Vec<Area<'a>>,
    to_date: String,
    previous: String,
    next: String,
    has_next: bool,
    empty: Option<String>,
}

/// The quarter before the one a day lies in: the one that is reviewed on that day.
pub(crate) fn reviewed_on(day: jiff::civil::Date) -> Period {
    Period::of(Grain::Quarter, day).prev()
}

/// `GET /review`: the newest quarter that is over.
pub(crate) async fn newest(v: Arc<Visit>) -> Answer {
    let period = reviewed_on(v.seen.day());
    v.see(&Shell::of(&v, "", "").keep(&format!("/review/{period}")))
}

/// A period in the path; anything else is absent.
pub(crate) fn period_of(v: &Visit) -> Result<Period, Fault> {
    Period::parse(v.segment("period")).map_err(|_| Fault::absent())
}

/// `GET /review/{period}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let typed = v.segment("period");
    let period = Period::parse(typed)
        .map_err(|e| Refusal::wrong("page.period.wrong", &[("text", &typed), ("hint", &e.hint(v.taste.lang))]))?;
    let lang = v.taste.lang;
    let shown = review(&v.seen, period);
    let mut shell = Shell::of(&v, v.say("page.review.title", &[("period", &period.label(lang))]), "/review");
    for round in rounds::of_period(&v.seen, period) {
        shell.pick(&v, "page.known.due", round.due);
    }
    let areas = shown.areas.iter().enumerate().map(|(n, area)| {
        let rows: Vec<Row> = area.lines.iter().map(|line| row(&v, line, period, lang)).collect();
        let count =
            |key: &str| rows.iter().filter(|r| r.pace.is_some_and(|p| crate::marks::class(p.light.key) == key)).count();
        let lights = ["lag", "warn", "ok", "none"]
            .into_iter()
            .map(|key| (key, v.say(&format!("page.light.{key}"), &[]), count(key)))
            .filter(|(_, _, n)| *n > 0)
            .collect();
        Area { mark: format!("a{n}"), number: numeral(n + 1, lang), label: &area.label, rows, lights }
    });
    let areas: Vec<Area> = areas.collect();
    let any = areas.iter().flat_map(|a| &a.rows).any(|r| r.pace.is_some_and(|p| p.done.value.is_some()));
    let empty = match (any, period.start() > v.seen.today()) {
        (true, _) => None,
        (false, true) => Some(v.say("page.review.ahead", &[("start", &period.start())])),
        (false, false) => Some(v.say("page.review.empty", &[])),
    };
    let has_next = period.next().start() <= v.seen.today();
    v.page(&ReviewPage {
        lang,
        areas,
        empty,
        to_date: period.to_date_label(lang),
        previous: shell.keep(&format!("/review/{}", period.prev())),
        next: shell.keep(&format!("/review/{}", period.next())),
        has_next,
        review: &shown,
        shell,
    })
}

fn row<'a>(v: &Visit, line: &'a Line, period: Period, lang: Lang) -> Row<'a> {
    let pace = line.pace.as_ref();
    let kind = v.seen.kind(&line.kind);
    let of_items = kind.is_some_and(|k| !k.about_units);
    let entered = kind.and_then(|k| k.measure(&line.measure)).filter(|m| m.is_entered());
    let unit_path = |code: &str| match (of_items, entered) {
        (true, _) => Some(format!("/items?kind={}&unit={code}", line.kind)),
        (false, Some(m)) => Some(format!("/units/{code}/figures/{}/{}", line.measure, last_cell(m, period))),
        (false, None) => None,
    };
    Row {
        path: of_items.then(|| format!("/items?kind={}", line.kind)),
        unit_paths: line.by_unit.iter().map(|(unit, _)| unit_path(&unit.code)).collect(),
        line,
        pace,
        lane: pace.map(|p| drawings::lane(&lane_title(line, p, lang), p, lang)),
        bars: drawings::pace_bars(line, period, lang),
    }
}

fn lane_title(line: &Line, pace: &Pace, lang: Lang) -> String {
    let unit = pace.done.unit.label(lang);
    let mut words = lang.pick(
        format!("{}：实际 {} {unit}", line.label, pace.done.shown()),
        format!("{}: done {} {unit}", line.label, pace.done.shown()),
    );
    if let Some(plan) = &pace.plan {
        words.push_str(&lang.pick(format!("，序时 {}", plan.shown()), format!(", plan {}", plan.shown())));
    }
    if let Some(target) = &pace.target {
        words.push_str(&lang.pick(format!("，全年目标 {}", target.shown()), format!(", target {}", target.shown())));
    }
    words
}

/// 一, 二 … in Chinese, 1, 2 … in English.
pub(crate) fn numeral(n: usize, lang: Lang) -> String {
    lang.pick(format!("{}、", baton_kernel::views::circular::chinese(n)), format!("{n}. "))
}
