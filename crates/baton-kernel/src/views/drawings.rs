//! Drawings of views: values become marks on a page; the drawings room makes coordinates of them.

use super::figures::FigureHistory;
use super::items::{ItemPage, MeasureShown, StageShown};
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
