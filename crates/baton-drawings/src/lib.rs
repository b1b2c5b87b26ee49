//! Drawings: pure functions from plain data to SVG, the same drawing on a page, in PDF and in Word.
//!
//! A mark means the same everywhere: dark bar or thick line = actual, black tick or dashed line =
//! plan, long line = target, red or edged amber piece = the gap, dotted line = the cut. Labels arrive
//! ready; only coordinates (and the round ticks of axes) are computed here, in exact decimals, so
//! that the same data gives the same bytes on every machine.

mod agenda;
mod bars;
mod canvas;
mod curves;
mod heat;
mod histories;
mod ink;
mod lanes;
mod milestones;
mod rails;
mod scale;

pub use agenda::agenda_bar;
pub use bars::pace_bars;
pub use curves::{Frame, s_curve};
pub use heat::heat;
pub use histories::history;
pub use ink::{EXTRA_CSS, Style};
pub use lanes::{lane_axis, pace_lane};
pub use milestones::milestones;
pub use rails::rail;

use baton_kernel::document::Drawing;

/// Any drawing as SVG; `frame` matters to those that have several.
pub fn svg(drawing: &Drawing, frame: Frame, style: Style<'_>) -> String {
    match drawing {
        Drawing::SCurve(it) => s_curve(it, frame, style),
        Drawing::PaceBars(it) => pace_bars(it, style),
        Drawing::Lane(it) => pace_lane(it, style),
        Drawing::Heat(it) => heat(it, style),
        Drawing::History(it) => history(it, style),
        Drawing::Rail(it) => rail(it, style),
        Drawing::Milestones(it) => milestones(it, frame, style),
    }
}
