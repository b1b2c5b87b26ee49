//! Heat: units against areas, one light and one value a cell, in official order.

use baton_kernel::document::{Heat, Light};

use crate::canvas::{Anchor, Canvas};
use crate::ink::Style;
use crate::scale::{lines, px, width};

const WIDTH: i64 = 560;
const ROW: i64 = 24;
const LINE: i64 = 14;

/// The grid of lights as SVG, 560 units wide and as high as its rows.
///
/// A cell carries shape, colour and words; a cell that does not apply is grey and empty. Rows and
/// columns keep the order given.
pub fn heat(heat: &Heat, style: Style<'_>) -> String {
    let names = heat.rows.iter().map(|row| width(&row.label)).max().unwrap_or_default().min(px(140)) + px(12);
    let columns = heat.columns.len().max(1) as i64;
    let cell = (px(WIDTH - 1) - names) / px(columns);
    let heads: Vec<Vec<String>> = heat.columns.iter().map(|it| lines(it, cell - px(8))).collect();
    let head = px(10 + LINE * heads.iter().map(Vec::len).max().unwrap_or(1) as i64);
    let labels: Vec<Vec<String>> = heat.rows.iter().map(|row| lines(&row.label, px(140))).collect();
    let heights: Vec<i64> = labels.iter().map(|it| ROW.max(10 + LINE * it.len() as i64)).collect();
    let height = head + px(heights.iter().sum::<i64>() + 2);
    let mut canvas = Canvas::new(px(WIDTH), height, &heat.title, &heat.desc, style);

    for (index, lines) in heads.iter().enumerate() {
        let middle = names + cell * px(index as i64) + cell / px(2);
        let first = head - px(8) - px(LINE * (lines.len() as i64 - 1));
        for (row, line) in lines.iter().enumerate() {
            canvas.text("", Anchor::Middle, middle, first + px(LINE * row as i64), line);
        }
    }
    canvas.line("axis", (px(0), head), (px(WIDTH), head));
    let mut top = head;
    for ((row, label), tall) in heat.rows.iter().zip(&labels).zip(&heights) {
        let tall = px(*tall);
        let middle = top + tall / px(2);
        let first = middle + px(4) - px(LINE) * px(label.len() as i64 - 1) / px(2);
        for (index, line) in label.iter().enumerate() {
            canvas.text("t1 plain", Anchor::Start, px(0), first + px(LINE * index as i64), line);
        }
        for index in 0..heat.columns.len() {
            let left = names + cell * px(index as i64);
            match row.cells.get(index).and_then(Option::as_ref) {
                Some(found) => {
                    let (tint, words) = match found.light {
                        Light::Lag => ("tint-lag", "t1"),
                        Light::Warn => ("tint-warn", "t1 plain"),
                        Light::Ok => ("", "t1 plain"),
                        Light::None => ("", "t3"),
                    };
                    if !tint.is_empty() {
                        canvas.rect(tint, left, top, cell, tall);
                    }
                    canvas.light(found.light, left + px(12), middle);
                    canvas.text(words, Anchor::End, left + cell - px(8), middle + px(4), &found.text);
                }
                None => canvas.rect("tint-void", left, top, cell, tall),
            }
        }
        top += tall;
        canvas.line("grid", (px(0), top), (px(WIDTH), top));
    }
    for index in 0..=heat.columns.len() {
        let x = names + cell * px(index as i64);
        canvas.line("grid", (x, head), (x, top));
    }
    canvas.finish()
}
