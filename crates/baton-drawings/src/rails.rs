//! Rail: the stages of an item, those behind it, the one it is in, those ahead.

use baton_kernel::document::{Rail, RailState};

use crate::canvas::{Anchor, Canvas};
use crate::ink::Style;
use crate::scale::{lines, px, tenths};

const WIDTH: i64 = 560;
const LINE: i64 = 15;

/// The stage rail as SVG, 560 units wide: filled discs behind, a ring where the item is, hollow
/// discs ahead; name and detail below each. Names too long for their place go on a second line.
pub fn rail(rail: &Rail, style: Style<'_>) -> String {
    let count = rail.stages.len().max(1) as i64;
    let pitch = px(WIDTH) / px(count);
    let names: Vec<Vec<String>> = rail.stages.iter().map(|it| lines(&it.label, pitch - px(8))).collect();
    let details: Vec<Vec<String>> = rail.stages.iter().map(|it| lines(&it.detail, pitch - px(8))).collect();
    let most = names.iter().zip(&details).map(|(name, detail)| name.len() + detail.len()).max().unwrap_or(1);
    let mut canvas = Canvas::new(px(WIDTH), px(28 + LINE * most as i64), &rail.title, "", style);
    let middle = px(10);
    for (index, stage) in rail.stages.iter().enumerate() {
        let x = pitch * px(index as i64) + px(8);
        if index + 1 < rail.stages.len() {
            let class = if stage.state == RailState::Done { "passed" } else { "ahead" };
            canvas.line(class, (x, middle), (x + pitch, middle));
        }
    }
    for (index, stage) in rail.stages.iter().enumerate() {
        let x = pitch * px(index as i64) + px(8);
        let class = match stage.state {
            RailState::Done => {
                canvas.circle("actual", x, middle, px(6));
                ""
            }
            RailState::Now => {
                canvas.circle("now-stage", x, middle, px(6));
                "t1"
            }
            RailState::Ahead => {
                canvas.circle("none", x, middle, tenths(55));
                "t3"
            }
        };
        let left = x - px(7);
        let mut y = px(34);
        for line in &names[index] {
            canvas.text(class, Anchor::Start, left, y, line);
            y += px(LINE);
        }
        for line in &details[index] {
            canvas.text("t3", Anchor::Start, left, y, line);
            y += px(LINE);
        }
    }
    canvas.finish()
}
