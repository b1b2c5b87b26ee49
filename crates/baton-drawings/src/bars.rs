//! Pace bars: several units or projects under one another, each against its own target.

use baton_kernel::document::PaceBars;
use rust_decimal::Decimal;

use crate::canvas::{Anchor, Canvas};
use crate::ink::Style;
use crate::lanes::gap_class;
use crate::scale::{lines, px, share, tenths, tick, width};

const WIDTH: i64 = 560;
/// Widest column of names: fourteen Han characters.
const NAMES_MAX: i64 = 168;
const ROW: i64 = 26;
const LINE: i64 = 14;

/// Bars of share done against the expected share as SVG, 560 units wide and as high as its rows.
///
/// The axis starts at nothing and ends at the first of 25, 50, 75, 100, 125, 150 and 200 % that
/// holds every value (beyond that bars end at the axis' end; the words still say the value). Rows
/// keep the order given: they are never ranked. A subject that has not reported gets a hollow
/// dashed track and its word.
pub fn pace_bars(bars: &PaceBars, style: Style<'_>) -> String {
    let widest = |words: &mut dyn Iterator<Item = Decimal>| words.max().unwrap_or_default();
    let names = widest(&mut bars.rows.iter().map(|row| width(&row.label))).min(px(NAMES_MAX));
    let shown = widest(&mut bars.rows.iter().map(|row| row.done.as_ref().map_or(Decimal::ZERO, |it| width(&it.shown))));
    let words = widest(&mut bars.rows.iter().map(|row| width(&row.word)));
    let labels: Vec<Vec<String>> = bars.rows.iter().map(|row| lines(&row.label, px(NAMES_MAX))).collect();
    let heights: Vec<Decimal> = labels.iter().map(|lines| px(ROW.max(8 + LINE * lines.len() as i64))).collect();

    let left = names + px(10);
    let right = px(WIDTH) - shown - words - px(38);
    let base = px(6) + heights.iter().sum::<Decimal>();
    let has_key = !bars.key.0.is_empty() || !bars.key.1.is_empty();
    let height = base + px(if has_key { 42 } else { 22 });
    let mut canvas = Canvas::new(px(WIDTH), height, &bars.title, &bars.desc, style);

    let values = bars.rows.iter().flat_map(|row| row.done.iter().map(|it| it.value).chain(row.expected));
    let largest = values.max().unwrap_or_default();
    let ends = [25, 50, 75, 100, 125, 150, 200].map(|percent| Decimal::new(percent, 2));
    let end = ends.into_iter().find(|end| *end >= largest).unwrap_or(px(2));
    let x = |value: Decimal| left + share(value, end, Decimal::ONE).unwrap_or_default() * (right - left);

    for part in 0..=5 {
        let value = end * px(part) / px(5);
        canvas.line("grid", (x(value), px(4)), (x(value), base));
        let words = format!("{}%", tick(value * px(100), false));
        canvas.text("t3", Anchor::Middle, x(value), base + px(15), &words);
    }
    let mut top = px(6);
    for ((row, label), height) in bars.rows.iter().zip(&labels).zip(&heights) {
        let middle = top + height / px(2);
        let first = middle + px(4) - px(LINE) * px(label.len().saturating_sub(1) as i64) / px(2);
        for (index, line) in label.iter().enumerate() {
            canvas.text("t1 plain", Anchor::Start, Decimal::ZERO, first + px(LINE * index as i64), line);
        }
        match &row.done {
            Some(done) => {
                canvas.rect("track", left, middle - tenths(65), right - left, px(13));
                canvas.rect("actual", left, middle - tenths(35), x(done.value) - left, px(7));
                if let (Some(expected), Some(class)) = (row.expected, gap_class(row.light)) {
                    canvas.rect(class, x(done.value), middle - tenths(35), x(expected) - x(done.value), px(7));
                }
                canvas.text("t1", Anchor::End, right + px(10) + shown, middle + px(4), &done.shown);
            }
            None => canvas.rect("void", left, middle - tenths(65), right - left, px(13)),
        }
        if let Some(expected) = row.expected {
            canvas.rect("plan", x(expected) - tenths(15), middle - tenths(95), px(3), px(19));
        }
        canvas.light(row.light, right + px(24) + shown, middle);
        canvas.text("", Anchor::Start, right + px(34) + shown, middle + px(4), &row.word);
        top += height;
    }
    if has_key {
        let y = base + px(34);
        canvas.rect("actual", left, y - px(7), px(20), px(7));
        canvas.text("t3", Anchor::Start, left + px(26), y, &bars.key.0);
        let second = left + px(46) + width(&bars.key.0);
        canvas.rect("plan", second, y - px(12), px(3), px(15));
        canvas.text("t3", Anchor::Start, second + px(9), y, &bars.key.1);
    }
    canvas.finish()
}
