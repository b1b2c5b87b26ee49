//! The quarterly review (评议): where the zone stands at the end of a period, as known on a day.

mod changes;
mod sheet;

pub use sheet::sheet;

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::document::{Drawing, Lane};
use baton_kernel::views::drawings;
use baton_kernel::views::pace::Pace;
use baton_kernel::views::review::{Line, Review, review, reviewable};
use baton_kernel::views::rounds;
use baton_kernel::views::values::last_cell;
use baton_methods::{Grain, Lang, Period, Unit};
use std::sync::Arc;

/// Numbers on a projector: more cannot be read from the last row.
const SCREEN_MAX: usize = 7;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// One line as a row of the table.
pub(crate) struct Row<'a> {
    pub line: &'a Line,
    pub pace: Option<&'a Pace>,
    pub lane: Option<Lane>,
    pub bars: Option<Drawing>,
    /// The list behind the line's number: its items, or its units further down the page.
    pub path: Option<String>,
    /// The page behind each unit's number, in the order of the units.
    pub unit_paths: Vec<Option<String>>,
}

impl Row<'_> {
    /// Units with something open, in words, for a bottom line.
    fn open_units(&self) -> String {
        // Where something is open is said of counts; a rate is everywhere.
        let some = |p: &Pace| p.done.unit != Unit::Percent && p.done.value.is_some_and(|v| !v.is_zero());
        let list = self.line.by_unit.iter().filter(|(_, p)| some(p));
        list.map(|(u, p)| format!("{} {}", u.name, p.done.shown())).collect::<Vec<_>>().join(" · ")
    }
}

/// One area.
pub(crate) struct Area<'a> {
    pub mark: String,
    pub number: String,
    pub label: &'a str,
    pub bottom: bool,
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
    /// Path of this page without its query.
    path: String,
    /// Days worth comparing with: word and path.
    compare: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "review-screen.html")]
struct ScreenPage<'a> {
    shell: Shell,
    lang: Lang,
    review: &'a Review,
    rows: Vec<Row<'a>>,
    to_date: String,
    path: String,
    overdue: usize,
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

/// The period of a review: what is no period, or too short for one, is said.
fn asked(v: &Visit) -> Result<Period, Refusal> {
    let typed = v.segment("period");
    let period = Period::parse(typed)
        .map_err(|e| Refusal::wrong("page.period.wrong", &[("text", &typed), ("hint", &e.hint(v.taste.lang))]))?;
    reviewable(period, v.taste.lang)?;
    Ok(period)
}

/// `GET /review/{period}`: the page; with `?since=` what changed; with `?as=screen` for a projector.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let period = asked(&v)?;
    if !v.query.get("since").is_empty() {
        return changes::show(&v, period);
    }
    let lang = v.taste.lang;
    let shown = review(&v.seen, period);
    if v.query.get("as") == "screen" {
        return screen(&v, &shown);
    }
    let mut shell = Shell::of(&v, v.say("page.review.title", &[("period", &period.label(lang))]), "/review");
    let rounds = rounds::of_period(&v.seen, period);
    for round in &rounds {
        shell.pick(&v, "page.known.due", round.due);
    }
    let areas: Vec<Area> = shown
        .areas
        .iter()
        .enumerate()
        .map(|(n, area)| {
            let rows: Vec<Row> = area.lines.iter().map(|line| row(&v, line, period, lang)).collect();
            let count = |key: &str| {
                rows.iter().filter(|r| r.pace.is_some_and(|p| crate::marks::class(p.light.key) == key)).count()
            };
            let lights = ["lag", "warn", "ok", "none"]
                .into_iter()
                .map(|key| (key, v.say(&format!("page.light.{key}"), &[]), count(key)))
                .filter(|(_, _, n)| *n > 0)
                .collect();
            Area {
                mark: format!("a{n}"),
                number: numeral(n + 1, lang),
                label: &area.label,
                bottom: area.bottom,
                rows,
                lights,
            }
        })
        .collect();
    let any = areas.iter().flat_map(|a| &a.rows).any(|r| r.pace.is_some_and(|p| p.done.value.is_some()));
    let empty = match (any, period.start() > v.seen.today()) {
        (true, _) => None,
        (false, true) => Some(v.say("page.review.ahead", &[("start", &period.start())])),
        (false, false) => Some(v.say("page.review.empty", &[])),
    };
    let has_next = period.next().start() <= v.seen.today();
    let path = format!("/review/{period}");
    v.page(&ReviewPage {
        lang,
        areas,
        empty,
        to_date: period.to_date_label(lang),
        previous: shell.keep(&format!("/review/{}", period.prev())),
        next: shell.keep(&format!("/review/{}", period.next())),
        has_next,
        compare: changes::offered(&v, &shell, &rounds, &path),
        path,
        review: &shown,
        shell,
    })
}

/// The few numbers that the hall should see: what is behind and warned first, in the order of the page.
fn screen(v: &Visit, shown: &Review) -> Answer {
    let (period, lang) = (shown.period, v.taste.lang);
    let has_value = |l: &&Line| l.pace.as_ref().is_some_and(|p| p.done.value.is_some());
    let mut lines: Vec<&Line> = shown.areas.iter().flat_map(|a| &a.lines).filter(has_value).collect();
    lines.sort_by_key(|l| match l.pace.as_ref().map_or("none", |p| p.light.key) {
        "lag" => 0,
        "warn" | "reminder" => 1,
        "ok" | "best" => 2,
        _ => 3,
    });
    let rows = lines.into_iter().take(SCREEN_MAX).map(|line| row(v, line, period, lang)).collect();
    v.page(&ScreenPage {
        shell: Shell::of(v, v.say("page.review.title", &[("period", &period.label(lang))]), "/review"),
        lang,
        rows,
        to_date: period.to_date_label(lang),
        path: format!("/review/{period}"),
        overdue: shown.commitments.iter().filter(|c| c.overdue).count(),
        review: shown,
    })
}

/// `GET /review/{period}/{format}`: the review as `xlsx` or `json`, exactly what the page shows.
pub(crate) async fn export(v: Arc<Visit>) -> Answer {
    let period = asked(&v)?;
    let shown = review(&v.seen, period);
    let name = format!("{}-{}", v.say("page.review.title", &[("period", &shown.period_label)]), shown.known);
    match v.segment("format") {
        "xlsx" => {
            let bytes = baton_sheets::table(&sheet(&shown, v.taste.lang))?;
            Ok(answers::file(&format!("{name}.xlsx"), XLSX, bytes))
        }
        "json" => {
            let text = serde_json::to_vec_pretty(&shown).map_err(|e| Fault::World(e.into()))?;
            Ok(answers::file(&format!("{name}.json"), "application/json", text))
        }
        _ => Err(Fault::absent()),
    }
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
    let path = match (of_items, line.by_unit.is_empty()) {
        (true, _) => Some(format!("/items?kind={}", line.kind)),
        (false, false) => Some(format!("/review/{period}#{}-{}-units", line.kind, line.key)),
        (false, true) => None,
    };
    Row {
        path,
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
