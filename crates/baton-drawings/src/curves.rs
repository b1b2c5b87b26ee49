//! S-curve: a year's cumulative plan and actual.

use baton_kernel::document::SCurve;
use rust_decimal::Decimal;

use crate::canvas::{Anchor, Canvas};
use crate::ink::Style;
use crate::scale::{px, round_step, share, tick, width};

/// The frame a chart is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// 420 × 210 units: beside a list, and the narrow twin of a wide chart.
    Card,
    /// 752 × 300 units: across a page's main column.
    Wide,
    /// 560 × 220 units: across the text of an A4 page, where 12 units print as 9.5 pt.
    Paper,
}

/// Outer size and margins of a frame.
struct Box4 {
    width: i64,
    height: i64,
    left: i64,
    right: i64,
}

impl Frame {
    fn measures(self) -> Box4 {
        match self {
            Frame::Card => Box4 { width: 420, height: 210, left: 40, right: 86 },
            Frame::Wide => Box4 { width: 752, height: 300, left: 52, right: 112 },
            Frame::Paper => Box4 { width: 560, height: 220, left: 46, right: 92 },
        }
    }
}

const TOP: i64 = 12;
const BOTTOM: i64 = 22;

/// The S-curve of one measure as SVG: grid, target dash over the last half month, dashed plan,
/// thick actual with a dot and its label at the last month known, dotted as-of line.
///
/// The vertical axis runs from nothing to 1.04 times the largest of target, plan and actual.
/// Negative values stand on the base line.
pub fn s_curve(curve: &SCurve, frame: Frame, style: Style<'_>) -> String {
    let unit = if curve.unit.is_empty() { String::new() } else { format!("（{}）", curve.unit) };
    let Box4 { width: full, height, left, right } = frame.measures();
    let mut canvas = Canvas::new(px(full), px(height), &format!("{}{unit}", curve.title), &curve.desc, style);
    let (left, base) = (px(left), px(height - BOTTOM));
    let span = px(full) - left - px(right);
    let tall = base - px(TOP);

    let values = curve.plan.iter().chain(&curve.actual).map(|(_, value)| *value);
    let largest = values.chain(curve.target.iter().map(|it| it.value)).max().unwrap_or_default();
    let most = largest.checked_mul(Decimal::new(104, 2)).unwrap_or(largest);
    let x = |month: Decimal| left + share(month, px(12), Decimal::ONE).unwrap_or_default() * span;
    let y = |value: Decimal| base - share(value, most, Decimal::ONE).unwrap_or_default() * tall;

    let grid: Vec<(Decimal, String)> = if curve.grid.is_empty() {
        let step = round_step(largest);
        let grouped = canvas.grouped();
        let lines = (0..=6).filter_map(|index| step.map(|step| step * px(index)));
        let mut grid: Vec<_> = lines.filter(|it| *it <= most).map(|it| (it, tick(it, grouped))).collect();
        if grid.is_empty() {
            grid.push((Decimal::ZERO, "0".into()));
        }
        grid
    } else {
        curve.grid.iter().map(|mark| (mark.value, mark.shown.clone())).collect()
    };
    for (value, words) in &grid {
        canvas.line("grid", (left, y(*value)), (left + span, y(*value)));
        canvas.text("t3", Anchor::End, left - px(6), y(*value) + px(4), words);
    }
    for mark in &curve.months {
        canvas.text("t3", Anchor::Middle, x(mark.value), base + px(16), &mark.shown);
        canvas.line("axis", (x(mark.value), base), (x(mark.value), base + px(4)));
    }
    if let Some(target) = &curve.target {
        let from = x(Decimal::new(115, 1));
        canvas.line("target", (from, y(target.value)), (left + span, y(target.value)));
    }
    let plan: Vec<_> = curve.plan.iter().map(|(month, value)| (x(*month), y(*value))).collect();
    let actual: Vec<_> = curve.actual.iter().map(|(month, value)| (x(*month), y(*value))).collect();
    canvas.path("plan-line", &plan);
    canvas.path("actual-line", &actual);
    if let Some(mark) = &curve.as_of {
        let at = x(mark.value);
        canvas.line("now", (at, px(TOP)), (at, base));
        let room = at - left > width(&mark.shown) + px(8);
        let (anchor, off) = if room { (Anchor::End, px(-4)) } else { (Anchor::Start, px(4)) };
        // Early in the year the top is free, late in the year the foot.
        let height = if mark.value <= px(8) { px(TOP + 8) } else { base - px(6) };
        canvas.text("t3", anchor, at + off, height, &mark.shown);
    }

    let target_at = curve.target.as_ref().map(|target| y(target.value) + px(4));
    if let (Some(target), Some(at)) = (&curve.target, target_at) {
        canvas.text("t1", Anchor::Start, left + span + px(7), at, &target.shown);
    }
    if let Some((at_x, at_y)) = actual.last().copied() {
        canvas.circle("dot", at_x, at_y, Decimal::new(35, 1));
        // A cumulative curve never falls: right below its end is always free.
        let mut label_x = at_x + px(9);
        let label_width = width(&curve.actual_label);
        let crossing = curve.as_of.as_ref().map(|mark| x(mark.value));
        if let Some(line) = crossing.filter(|it| *it > label_x - px(3) && *it < label_x + label_width) {
            label_x = line + px(5);
        }
        let mut label_y = (at_y + px(13)).min(base - px(4));
        let reaches_margin = label_x + label_width > left + span + px(7);
        if let Some(target) = target_at.filter(|it| reaches_margin && (label_y - it).abs() < px(15)) {
            label_y = target + px(15);
        }
        canvas.text("t1", Anchor::Start, label_x, label_y, &curve.actual_label);
    }
    if let Some((index, (at_x, at_y))) = plan.iter().enumerate().rfind(|(_, (at, _))| *at <= x(px(8))) {
        // The plan's name stands on the side where the actual is not.
        let month = curve.plan[index].0;
        let above = curve.actual.iter().any(|(at, value)| *at >= month - px(1) && *value >= curve.plan[index].1);
        let (anchor, dx, dy) = if above { (Anchor::Start, px(6), px(14)) } else { (Anchor::End, px(-4), px(-7)) };
        canvas.text("t3", anchor, at_x + dx, at_y + dy, &curve.plan_label);
    }
    canvas.finish()
}
