//! Milestones: planned and actual spans under one another, and what came of each.

use baton_kernel::document::{Milestone, Milestones};
use rust_decimal::Decimal;

use crate::canvas::{Anchor, Canvas};
use crate::curves::Frame;
use crate::ink::Style;
use crate::scale::{lines, px, share, width};

/// The milestone strip as SVG: hollow bar = plan, dark bar = actual, mark and words = outcome.
///
/// `Frame::Wide` is 1180 units wide, names in 168, outcomes in the last 128. `Frame::Card` is the
/// narrow twin of 390, name and outcome on one line and the bars under them. `Frame::Paper` is 560,
/// names in 120, outcomes in the last 100.
pub fn milestones(strip: &Milestones, frame: Frame, style: Style<'_>) -> String {
    let drawn = match frame {
        Frame::Wide => beside(strip, 1180, 168, 128, style),
        Frame::Paper => beside(strip, 560, 120, 100, style),
        Frame::Card => below(strip, style),
    };
    // What holds links is no picture: its parts can be reached.
    let linked = style == Style::Page && strip.rows.iter().any(|row| !row.href.is_empty());
    if linked { drawn.replacen("role=\"img\"", "role=\"group\"", 1) } else { drawn }
}

/// Place of a day between `left` and `right`.
fn along(strip: &Milestones, day: i64, left: Decimal, right: Decimal) -> Decimal {
    let (first, last) = strip.span;
    left + share(px(day - first), px((last - first).max(1)), Decimal::ONE).unwrap_or_default() * (right - left)
}

/// Names left, bars in the middle, outcomes right.
fn beside(strip: &Milestones, full: i64, names: i64, outcomes: i64, style: Style<'_>) -> String {
    let labels: Vec<Vec<String>> = strip.rows.iter().map(|row| lines(&row.label, px(names - 8))).collect();
    let words: Vec<Vec<String>> = strip.rows.iter().map(|row| lines(&row.outcome, px(outcomes - 27))).collect();
    let heights: Vec<i64> = labels
        .iter()
        .zip(&words)
        .map(|(name, words)| 30 + 14 * (name.len().max(words.len()).max(1) as i64 - 1))
        .collect();
    let rows_height: i64 = heights.iter().sum();
    let mut canvas = Canvas::new(px(full), px(26 + rows_height + 6), &strip.title, "", style);
    let (left, right) = (px(names), px(full - outcomes));
    let end = px(26 + rows_height + 2);
    ticks(&mut canvas, strip, left, right, end);
    let mut top = 26;
    for (index, row) in strip.rows.iter().enumerate() {
        canvas.line("grid", (px(0), px(top + heights[index])), (px(full), px(top + heights[index])));
        canvas.link(&row.href);
        for (line, text) in labels[index].iter().enumerate() {
            canvas.text("t1 plain", Anchor::Start, px(0), px(top + 19 + 14 * line as i64), text);
        }
        canvas.end_link(&row.href);
        spans(&mut canvas, strip, row, px(top), left, right);
        canvas.light(row.light, px(full - outcomes + 27 - 8), px(top + 16));
        for (line, text) in words[index].iter().enumerate() {
            canvas.text("t1 plain", Anchor::Start, px(full - outcomes + 27), px(top + 20 + 14 * line as i64), text);
        }
        top += heights[index];
    }
    as_of(&mut canvas, strip, left, right, end);
    canvas.finish()
}

/// Name and outcome on one line, bars under them.
fn below(strip: &Milestones, style: Style<'_>) -> String {
    let full = 390;
    let rows = strip.rows.len() as i64;
    let mut canvas = Canvas::new(px(full), px(26 + 48 * rows + 6), &strip.title, "", style);
    let (left, right) = (px(1), px(full - 1));
    let end = px(26 + 48 * rows + 2);
    ticks(&mut canvas, strip, left, right, end);
    for (index, row) in strip.rows.iter().enumerate() {
        let top = 26 + 48 * index as i64;
        canvas.line("grid", (px(0), px(top + 48)), (px(full), px(top + 48)));
        canvas.link(&row.href);
        canvas.text("t1 plain", Anchor::Start, px(0), px(top + 15), &row.label);
        canvas.end_link(&row.href);
        canvas.light(row.light, px(full - 10) - width(&row.outcome), px(top + 11));
        canvas.text("t1 plain", Anchor::End, px(full), px(top + 15), &row.outcome);
        spans(&mut canvas, strip, row, px(top + 15), left, right);
    }
    as_of(&mut canvas, strip, left, right, end);
    canvas.finish()
}

fn ticks(canvas: &mut Canvas<'_>, strip: &Milestones, left: Decimal, right: Decimal, end: Decimal) {
    let mut free = Decimal::MIN;
    for tick in &strip.ticks {
        let x = along(strip, tick.number, left, right);
        canvas.line("grid", (x, px(18)), (x, end));
        let room = x + px(3) + width(&tick.shown) <= right + px(20);
        if x >= free && room {
            canvas.text("t3", Anchor::Start, x + px(3), px(13), &tick.shown);
            free = x + px(6) + width(&tick.shown);
        }
    }
}

fn spans(canvas: &mut Canvas<'_>, strip: &Milestones, row: &Milestone, top: Decimal, left: Decimal, right: Decimal) {
    let x = |day: i64| along(strip, day, left, right);
    // A span of one day is still seen.
    if let Some((from, to)) = row.plan {
        canvas.rect("hollow", x(from), top + px(6), (x(to) - x(from)).max(px(2)), px(6));
    }
    if let Some((from, to)) = row.actual {
        canvas.rect("actual", x(from), top + px(15), (x(to) - x(from)).max(px(2)), px(8));
    }
}

fn as_of(canvas: &mut Canvas<'_>, strip: &Milestones, left: Decimal, right: Decimal, end: Decimal) {
    if let Some(day) = &strip.as_of {
        let x = along(strip, day.number, left, right);
        canvas.line("now", (x, px(18)), (x, end));
    }
}
