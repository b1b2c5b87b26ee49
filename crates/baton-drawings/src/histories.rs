//! History: what was known of one figure, from which day on.

use baton_kernel::document::{Day, History, HistoryStep};
use rust_decimal::Decimal;

use crate::canvas::{Anchor, Canvas};
use crate::ink::Style;
use crate::scale::{px, round_step, share, tick, width};

const LEFT: i64 = 64;
const RIGHT: i64 = 490;
const TOP: i64 = 22;
const BASE: i64 = 90;

/// The step line of a figure's versions as SVG, 560 × 120 units.
///
/// A dot at each entry with its value, a hollow teal dot at a check that agreed, a break where the
/// value was withheld, a dotted line at the marked day. The vertical axis does not start at nothing
/// (it shows a correction, not a quantity): it spans the values with a margin.
pub fn history(history: &History, style: Style<'_>) -> String {
    let mut canvas = Canvas::new(px(560), px(120), &history.title, &history.desc, style);
    let Some(first) = history.steps.first().map(|step| step.day.number) else {
        return canvas.finish();
    };
    let last = history.until.number.max(history.steps.iter().map(|step| step.day.number).max().unwrap_or(first));
    let days = px((last - first).max(1));
    let pad = px(34);
    let x = |day: i64| {
        let along = share(px(day - first), days, Decimal::ONE).unwrap_or_default();
        px(LEFT) + pad + along * (px(RIGHT - LEFT) - pad)
    };

    let values: Vec<Decimal> = history.steps.iter().filter_map(|step| Some(step.value.as_ref()?.value)).collect();
    let low = values.iter().min().copied().unwrap_or_default();
    let high = values.iter().max().copied().unwrap_or_default();
    let spread = if high > low { high - low } else { high.abs().max(Decimal::ONE) / px(4) };
    let (bottom, ceiling) = (low - spread / px(2), high + spread / px(2));
    let y = |value: Decimal| {
        px(BASE) - share(value - bottom, ceiling - bottom, Decimal::ONE).unwrap_or_default() * px(BASE - TOP)
    };

    if let Some(step) = round_step(ceiling - bottom) {
        let mut line = (bottom / step).ceil() * step;
        while line <= ceiling {
            canvas.line("grid", (px(LEFT), y(line)), (px(RIGHT), y(line)));
            let words = tick(line, canvas.grouped());
            canvas.text("t3", Anchor::End, px(LEFT - 8), y(line) + px(4), &words);
            line += step;
        }
    }
    days_below(&mut canvas, history, &x);

    // One stroke for each unbroken stretch of known values.
    let mut stroke: Vec<(Decimal, Decimal)> = Vec::new();
    for step in history.steps.iter().filter(|step| !step.checked) {
        if let Some((_, level)) = stroke.last().copied() {
            stroke.push((x(step.day.number), level));
        }
        match &step.value {
            Some(mark) => stroke.push((x(step.day.number), y(mark.value))),
            None => canvas.path("actual-line", &std::mem::take(&mut stroke)),
        }
    }
    if let Some((_, level)) = stroke.last().copied() {
        stroke.push((x(last), level));
    }
    canvas.path("actual-line", &stroke);

    if let Some(day) = &history.marked {
        canvas.line("now", (x(day.number), px(TOP - 8)), (x(day.number), px(BASE)));
        canvas.text("t3", Anchor::Start, x(day.number) + px(4), px(TOP - 4), &day.shown);
    }
    dots(&mut canvas, &history.steps, &x, &y);
    canvas.finish()
}

/// Day labels on the base line, those that would touch an earlier one left out.
fn days_below(canvas: &mut Canvas<'_>, history: &History, x: &dyn Fn(i64) -> Decimal) {
    let mut days: Vec<&Day> = history.steps.iter().map(|step| &step.day).collect();
    days.push(&history.until);
    days.sort_by_key(|day| day.number);
    days.dedup_by_key(|day| day.number);
    let mut free = Decimal::MIN;
    for day in days {
        let (at, half) = (x(day.number), width(&day.shown) / px(2));
        canvas.line("axis", (at, px(BASE)), (at, px(BASE + 5)));
        if at - half >= free {
            canvas.text("t3", Anchor::Middle, at, px(BASE + 19), &day.shown);
            free = at + half + px(6);
        }
    }
}

/// Entries, checks and their words.
fn dots(canvas: &mut Canvas<'_>, steps: &[HistoryStep], x: &dyn Fn(i64) -> Decimal, y: &dyn Fn(Decimal) -> Decimal) {
    let newest = steps.iter().rposition(|step| !step.checked);
    let mut level = px(BASE);
    for (index, step) in steps.iter().enumerate() {
        let at = x(step.day.number);
        if let Some(mark) = &step.value {
            level = y(mark.value);
        }
        if step.checked {
            canvas.circle("check", at, level, px(4));
            canvas.text("t3", Anchor::Start, at + px(6), level - px(8), &step.label);
        } else if let Some(mark) = &step.value {
            canvas.circle("dot", at, level, px(4));
            if newest == Some(index) {
                canvas.text("t1", Anchor::Start, px(RIGHT + 8), level + px(4), &mark.shown);
            } else {
                // Clear of the stroke that comes down to a lower value.
                canvas.text("t1", Anchor::Start, at + px(4), level - px(8), &mark.shown);
            }
        } else {
            canvas.circle("none", at, level, px(4));
            canvas.text("t3", Anchor::Start, at + px(8), level - px(8), &step.label);
        }
    }
}
