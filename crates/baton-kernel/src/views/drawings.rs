//! Drawings of views: values become marks on a page; the drawings room makes coordinates of them.

use super::figures::FigureHistory;
use super::items::{ItemList, ItemPage, MeasureShown, Plan, StageShown};
use super::pace::{LightShown, Pace};
use super::review::Line;
use crate::document::{self, Drawing, Mark};
use crate::seen::Seen;
use baton_methods::{Lang, Period, Unit};
use rust_decimal::Decimal;

/// The light of a drawing.
pub fn light(shown: &LightShown) -> document::Light {
    match shown.key {
        "ok" | "best" => document::Light::Ok,
        "warn" | "reminder" => document::Light::Warn,
        "lag" => document::Light::Lag,
        _ => document::Light::None,
    }
}

/// The pace lane of a line: actual, plan tick, target.
pub fn lane(label: &str, pace: &Pace, lang: Lang) -> document::Lane {
    document::Lane {
        title: label.to_owned(),
        unit: pace.done.unit.label(lang).to_owned(),
        target: pace.target.as_ref().and_then(|t| t.value),
        actual: pace.done.value,
        plan: pace.plan.as_ref().and_then(|p| p.value),
        light: light(&pace.light),
        ceiling: pace.ceiling.then(|| lang.pick("上限", "ceiling").to_owned()),
    }
}

/// Units against the share their plan expects, in official order.
pub fn pace_bars(line: &Line, period: Period, lang: Lang) -> Option<Drawing> {
    let rows: Vec<document::PaceRow> = line
        .by_unit
        .iter()
        .map(|(unit, pace)| document::PaceRow {
            label: unit.name.clone(),
            done: pace
                .share
                .as_ref()
                .and_then(|s| Some(Mark::new(s.value? / Decimal::ONE_HUNDRED, format!("{}%", s.shown_plain())))),
            expected: pace.expected.as_ref().and_then(|e| Some(e.value? / Decimal::ONE_HUNDRED)),
            light: light(&pace.light),
            word: pace.light.word.clone(),
        })
        .collect();
    if rows.iter().all(|r| r.done.is_none()) {
        return None;
    }
    let title = lang.pick(
        format!("{}完成率（{}）", line.label, period.to_date_label(lang)),
        format!("{}: share done ({})", line.label, period.to_date_label(lang)),
    );
    Some(Drawing::PaceBars(document::PaceBars {
        desc: rows
            .iter()
            .map(|r| format!("{} {}", r.label, r.done.as_ref().map_or("—", |d| &d.shown)))
            .collect::<Vec<_>>()
            .join(lang.pick("；", "; ")),
        title,
        unit: "%".to_owned(),
        key: (lang.pick("实际完成", "done").to_owned(), lang.pick("序时应完成", "expected by plan").to_owned()),
        rows,
    }))
}

/// From this target on (10 亿元) an S-curve is drawn in 亿元.
const LARGE_WAN_YUAN: u32 = 100_000;

/// The S-curve of a measure over a year: plan and actual at month ends.
pub fn s_curve(
    title: &str,
    unit: Unit,
    plan: &[Decimal],
    actual: &[(Period, Decimal)],
    target: Option<&super::Number>,
    period: Period,
    lang: Lang,
) -> Option<Drawing> {
    if plan.is_empty() && actual.is_empty() {
        return None;
    }
    let top = target.and_then(|t| t.value).or(plan.last().copied());
    // Large sums are drawn in 亿元: labels of an axis must stay short.
    let large = unit == Unit::WanYuan && top.is_some_and(|t| t >= Decimal::from(LARGE_WAN_YUAN));
    let (unit, decimals) = if large { (Unit::YiYuan, 2) } else { (unit, 0) };
    let fit = |v: Decimal| if large { v / Decimal::from(10_000) } else { v };
    let shown = |v: Decimal| baton_methods::format_decimal(v, decimals, true);
    let month = |n: u8| Decimal::from(n);
    let mut curve = vec![(Decimal::ZERO, Decimal::ZERO)];
    curve.extend((1u8..=12).zip(plan).map(|(m, v)| (month(m), fit(*v))));
    let mut done = vec![(Decimal::ZERO, Decimal::ZERO)];
    done.extend(actual.iter().map(|(p, v)| (month(p.months().1), fit(*v))));
    let grid = top.map_or_else(Vec::new, |top| {
        (1..=4u32)
            .map(|q| {
                let value = fit(top) * Decimal::from(q) / Decimal::from(4);
                Mark::new(value, shown(value))
            })
            .collect()
    });
    let last = actual.last();
    Some(Drawing::SCurve(document::SCurve {
        title: title.to_owned(),
        desc: actual
            .iter()
            .map(|(p, v)| format!("{} {}", p.to_date_label(lang), shown(fit(*v))))
            .collect::<Vec<_>>()
            .join(lang.pick("；", "; ")),
        unit: unit.label(lang).to_owned(),
        plan: if plan.is_empty() { Vec::new() } else { curve },
        actual: if actual.is_empty() { Vec::new() } else { done },
        actual_label: last.map_or(String::new(), |(_, v)| shown(fit(*v))),
        target: target.and_then(|t| t.value).map(|t| Mark::new(fit(t), shown(fit(t)))),
        as_of: Some(Mark::new(month(period.months().1), period.label(lang))),
        grid,
        plan_label: lang.pick("计划", "plan").to_owned(),
        months: [3u8, 6, 9, 12]
            .iter()
            .map(|m| Mark::new(month(*m), lang.pick(format!("{m}月"), m.to_string())))
            .collect(),
    }))
}

/// The S-curve of one measure of an item.
pub fn item_curve(page: &ItemPage, measure: &MeasureShown, lang: Lang) -> Option<Drawing> {
    let actual: Vec<(Period, Decimal)> =
        measure.months.iter().filter_map(|(p, _, to_date, _)| Some((*p, to_date.value?))).collect();
    let title = format!("{} · {}", page.name, measure.label);
    s_curve(&title, measure.pace.done.unit, &measure.plan, &actual, measure.pace.target.as_ref(), page.period, lang)
}

/// The course of an item as a rail.
pub fn rail(title: &str, stages: &[StageShown]) -> Option<Drawing> {
    if stages.is_empty() {
        return None;
    }
    let stages = stages
        .iter()
        .map(|s| document::RailStage {
            label: s.label.clone(),
            detail: s.on.map_or(String::new(), |d| d.to_string()),
            state: match s.state {
                "done" => document::RailState::Done,
                "now" => document::RailState::Now,
                _ => document::RailState::Ahead,
            },
        })
        .collect();
    Some(Drawing::Rail(document::Rail { title: title.to_owned(), stages }))
}

/// What was known of a figure when.
pub fn figure_history(seen: &Seen, history: &FigureHistory) -> Option<Drawing> {
    let day = |d: jiff::civil::Date| document::Day {
        number: i64::from((d - jiff::civil::date(1970, 1, 1)).get_days()),
        shown: d.to_string(),
    };
    if history.versions.len() < 2 {
        return None;
    }
    Some(Drawing::History(document::History {
        title: format!("{} · {} · {}", history.name, history.label, history.period_label),
        desc: history.versions.iter().map(|v| format!("{} {}", v.when, v.shown)).collect::<Vec<_>>().join("；"),
        unit: history.unit.clone(),
        steps: history
            .versions
            .iter()
            .map(|v| document::HistoryStep {
                day: day(v.day),
                value: v.value.map(|value| Mark::new(value, v.shown.clone())),
                // Every version is a step of what was known; a check that agreed makes no new version.
                checked: false,
                label: v.who.clone(),
            })
            .collect(),
        until: day(seen.day()),
        marked: None,
    }))
}

/// Days since 1970.
fn number(day: jiff::civil::Date) -> i64 {
    i64::from((day - jiff::civil::date(1970, 1, 1)).get_days())
}

/// Labelled days of an axis: months for a short span, quarters for some years, else years.
fn ticks(span: (jiff::civil::Date, jiff::civil::Date), lang: Lang) -> Vec<document::Day> {
    let (from, to) = span;
    let days = (to - from).get_days();
    let months = match days {
        ..=200 => 1,
        201..=1_100 => 3,
        1_101..=2_200 => 6,
        _ => 12,
    };
    let mut at = jiff::civil::date(from.year(), 1, 1);
    let mut list = Vec::new();
    let mut year = None;
    while at <= to {
        if at >= from {
            let named = year != Some(at.year());
            year = Some(at.year());
            let shown = match (named, lang) {
                (true, Lang::Zh) => format!("{}年{}月", at.year(), at.month()),
                (true, Lang::En) => format!("{}-{:02}", at.year(), at.month()),
                (false, Lang::Zh) => format!("{}月", at.month()),
                (false, Lang::En) => format!("{:02}", at.month()),
            };
            list.push(document::Day { number: number(at), shown });
        }
        let Ok(next) = at.checked_add(jiff::Span::new().months(months)) else { break };
        at = next;
    }
    list
}

/// A span as days; the last day counts whole.
fn days(from: jiff::civil::Date, to: jiff::civil::Date) -> (i64, i64) {
    (number(from), number(to.max(from)))
}

/// The planned and real course of an item as a strip.
pub fn milestones(page: &ItemPage, today: jiff::civil::Date, lang: Lang) -> Option<Drawing> {
    let plan = page.plan.as_ref()?;
    let rows = plan.rows.iter().map(|row| document::Milestone {
        label: row.label.clone(),
        plan: row.planned.map(|(from, to)| days(from, to)),
        actual: row.actual.map(|(from, to)| days(from, to.unwrap_or(today))),
        light: light(&row.light),
        outcome: row.light.word.clone(),
        href: String::new(),
    });
    let title = crate::messages::say(lang, "plan.title", &[]);
    Some(strip(title, plan.span, today, rows.collect(), lang))
}

fn strip(
    title: String,
    span: (jiff::civil::Date, jiff::civil::Date),
    today: jiff::civil::Date,
    rows: Vec<document::Milestone>,
    lang: Lang,
) -> Drawing {
    Drawing::Milestones(document::Milestones {
        title,
        span: days(span.0, span.1),
        ticks: ticks(span, lang),
        as_of: Some(document::Day {
            number: number(today),
            shown: crate::messages::say(lang, "plan.known", &[("day", &today)]),
        }),
        rows,
    })
}

/// All items of a list under one another: from the first planned start to the finish, and what was; `None` when
/// none of them has a date.
pub fn gantt(seen: &Seen, list: &ItemList) -> Option<Drawing> {
    let kind = seen.blueprint.kind(&list.kind)?;
    let mut rows = Vec::new();
    let mut span: Option<(jiff::civil::Date, jiff::civil::Date)> = None;
    for row in &list.rows {
        let Some(item) = seen.zone.item(row.id) else { continue };
        let plan = seen.plan(kind, item);
        let under_way = under_way(seen, kind, item);
        let planned = plan.as_ref().and_then(planned_span);
        for (from, to) in planned.iter().chain(&under_way) {
            let known = span.get_or_insert((*from, *to));
            *known = (known.0.min(*from), known.1.max(*to));
        }
        let worst = plan.as_ref().and_then(|p| p.rows.iter().find(|r| r.light.key == "lag"));
        let (mark, outcome) = match worst {
            Some(late) => (light(&late.light), late.light.word.clone()),
            None => (light(&row.light), seen.stage_label(kind, item)),
        };
        rows.push(document::Milestone {
            label: row.name.clone(),
            plan: planned.map(|(from, to)| days(from, to)),
            actual: under_way.map(|(from, to)| days(from, to)),
            light: mark,
            outcome,
            href: format!("/items/{}", row.id),
        });
    }
    let (from, to) = span?;
    let span = (from.min(seen.day), to.max(seen.day));
    Some(strip(seen.say("plan.gantt", &[("label", &list.label)]), span, seen.day, rows, seen.lang))
}

/// From the first stage of work planned to the last.
fn planned_span(plan: &Plan) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let planned = || plan.rows.iter().filter_map(|r| r.planned);
    Some((planned().map(|p| p.0).min()?, planned().map(|p| p.1).max()?))
}

/// From the first stage of work entered to its completion, or to the day shown.
fn under_way(
    seen: &Seen,
    kind: &crate::blueprint::Kind,
    item: &crate::zone::Item,
) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    use crate::blueprint::StageGroup::{Cancelled, Completed, Started};
    let rows = || item.stages.iter().filter(|r| r.seq <= seen.cut);
    let group = |key: &str| kind.stage(key).map(|s| s.group);
    let from = rows().find(|r| matches!(group(&r.stage), Some(Started | Completed)))?.on;
    let over = rows().rfind(|r| matches!(group(&r.stage), Some(Completed | Cancelled)));
    let open = rows().next_back().is_some_and(|r| matches!(group(&r.stage), Some(Started)));
    let first_over = rows().find(|r| matches!(group(&r.stage), Some(Completed | Cancelled)) && r.on >= from);
    let to = if open { seen.day } else { first_over.or(over).map_or(seen.day, |r| r.on) };
    Some((from, to.max(from)))
}
