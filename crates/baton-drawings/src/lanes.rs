//! Pace lane: one measure against its plan and target; all lanes of a table share one axis.

use baton_kernel::document::{Lane, Light};
use rust_decimal::Decimal;

use crate::canvas::{Anchor, Canvas};
use crate::ink::Style;
use crate::scale::{px, share, tenths, written};

/// Width of a lane.
const WIDTH: i64 = 512;
/// Height of a lane that shows bar, plan tick and target (forecast rows would follow below).
const HEIGHT: i64 = 24;

/// The axis ends at 115 % of the target.
fn most() -> Decimal {
    Decimal::new(115, 2)
}

/// Place of a share of the target on the axis.
fn place(share: Decimal) -> Decimal {
    px(2) + share / most() * px(508)
}

/// The lane of one measure as SVG, 512 × 24 units.
///
/// Track to the target with cuts at quarters, dark bar to the actual, the gap up to the plan in red
/// (behind) or edged amber (slightly behind), a black tick at the plan, a long line at the target.
/// A ceiling names itself at its line and shows no gap. Values beyond 115 % end at the axis' end.
/// Without a target there is no axis: an empty dashed track.
pub fn pace_lane(lane: &Lane, style: Style<'_>) -> String {
    let mut canvas = Canvas::new(px(WIDTH), px(HEIGHT), &lane.title, "", style);
    let at = |value: Decimal| lane.target.and_then(|target| share(value, target, most())).map(place);
    let zero = place(Decimal::ZERO);
    let target = place(Decimal::ONE);
    if lane.target.is_none_or(|it| it <= Decimal::ZERO) {
        canvas.rect("void", zero, px(5), target - zero, px(13));
        return canvas.finish();
    }
    canvas.rect("track", zero, px(5), target - zero, px(13));
    for quarter in [25, 50, 75] {
        let x = place(Decimal::new(quarter, 2));
        canvas.line("cut", (x, px(5)), (x, px(18)));
    }
    let actual = lane.actual.and_then(at);
    let plan = lane.plan.and_then(at);
    if let Some(actual) = actual {
        canvas.rect("actual", zero, px(8), actual - zero, px(7));
        if let (Some(plan), Some(class)) = (plan.filter(|_| lane.ceiling.is_none()), gap_class(lane.light)) {
            canvas.rect(class, actual, px(8), plan - actual, px(7));
        }
    }
    if let Some(plan) = plan {
        canvas.rect("plan", plan - tenths(15), px(2), px(3), px(19));
    }
    canvas.line("target", (target, px(2)), (target, px(22)));
    if let Some(words) = &lane.ceiling {
        canvas.text("t3", Anchor::Start, target + px(6), px(15), words);
    }
    canvas.finish()
}

/// The shared axis above a table's lanes, 512 × 16 units: labels at 0, 25, 50, 75 % and `whole`
/// (全年目标) at the target. Hidden from readers who cannot see it; each lane says its numbers.
pub fn lane_axis(whole: &str) -> String {
    let mut out = format!(r#"<svg viewBox="0 0 {WIDTH} 16" aria-hidden="true"><text x="2" y="12" class="t3">0</text>"#);
    for (hundredths, words) in [(25, "25%"), (50, "50%"), (75, "75%"), (100, whole)] {
        let x = written(place(Decimal::new(hundredths, 2)));
        out.push_str(&format!(r#"<text x="{x}" y="12" class="t3 mid">{}</text>"#, crate::canvas::escaped(words)));
    }
    out.push_str("</svg>");
    out
}

/// The class of the piece between actual and plan, when it is to be shown.
pub(crate) fn gap_class(light: Light) -> Option<&'static str> {
    match light {
        Light::Lag => Some("gap-lag"),
        Light::Warn => Some("gap-warn"),
        Light::Ok | Light::None => None,
    }
}
