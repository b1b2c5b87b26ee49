//! Measures of GB/T 9704-2012 that both renderers share. Units are last in the names.

/// Paper, upright: width and height.
pub(crate) const PAPER_MM: (f64, f64) = (210.0, 297.0);
/// 天头, white above the text.
pub(crate) const TOP_MM: f64 = 37.0;
/// 订口, white left of the text.
pub(crate) const LEFT_MM: f64 = 28.0;
/// White right of the text.
pub(crate) const RIGHT_MM: f64 = 26.0;
/// White below the text.
pub(crate) const BOTTOM_MM: f64 = 35.0;
/// 版心: width and height of the text.
pub(crate) const TEXT_MM: (f64, f64) = (156.0, 225.0);
/// Points in a millimetre.
pub(crate) const PT_PER_MM: f64 = 72.0 / 25.4;
