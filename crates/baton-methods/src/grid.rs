//! Grid: the arithmetic of an official page, from its text area to the pitches a word processor stores.

use rust_decimal::Decimal;

/// A page as the standard states it: paper and margins in millimetres, characters a line, lines a page.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct PageMeasures {
    /// Width of the text area, mm.
    pub text_width_mm: Decimal,
    /// Height of the text area, mm.
    pub text_height_mm: Decimal,
    /// Characters in a line.
    pub chars: u32,
    /// Lines on a page.
    pub lines: u32,
    /// Paper, width and height in mm.
    pub paper_mm: (Decimal, Decimal),
    /// Left margin, mm.
    pub left_mm: Decimal,
    /// Top margin, mm.
    pub top_mm: Decimal,
    /// Size of the base font in points; 16 (三号) in official documents.
    pub font_pt: Decimal,
}

/// The pitches that follow from a page, unrounded unless said.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct PageGrid {
    /// One character's width, mm.
    pub char_mm: Decimal,
    /// One line's height, mm.
    pub line_mm: Decimal,
    /// One character's width, points.
    pub char_pt: Decimal,
    /// One line's height, points.
    pub line_pt: Decimal,
    /// `w:docGrid/@w:linePitch`: line height in twentieths of a point, rounded.
    pub line_pitch_twentieths: i64,
    /// `w:docGrid/@w:charSpace`: character pitch less the font's size, in 1/4096 of a point, rounded.
    pub char_space_4096ths: i64,
    /// Right margin, mm.
    pub right_mm: Decimal,
    /// Bottom margin, mm.
    pub bottom_mm: Decimal,
}

/// Millimetres of an inch, and points of an inch.
const INCH_MM: Decimal = Decimal::from_parts(254, 0, 0, false, 1);
const INCH_PT: Decimal = Decimal::from_parts(72, 0, 0, false, 0);

/// Millimetres as points: 25.4 mm are 72 pt.
pub fn mm_to_pt(mm: Decimal) -> Decimal {
    mm * INCH_PT / INCH_MM
}

/// The grid of a page; none without characters or lines, or with measures too large for paper (1000 m).
///
/// 156 × 225 mm with 28 characters and 22 lines gives 15.79 × 28.99 pt, line pitch 580, character space −848 (golden
/// G12; GB/T 9704).
pub fn page_grid(page: &PageMeasures) -> Option<PageGrid> {
    let largest = Decimal::from(1_000_000);
    let sizes = [
        page.text_width_mm,
        page.text_height_mm,
        page.paper_mm.0,
        page.paper_mm.1,
        page.left_mm,
        page.top_mm,
        page.font_pt,
    ];
    if page.chars == 0 || page.lines == 0 || sizes.iter().any(|size| size.abs() > largest) {
        return None;
    }
    let char_mm = page.text_width_mm / Decimal::from(page.chars);
    let line_mm = page.text_height_mm / Decimal::from(page.lines);
    let (char_pt, line_pt) = (mm_to_pt(char_mm), mm_to_pt(line_mm));
    let whole = |value: Decimal| i64::try_from(crate::quantity::round_half_up(value, 0)).ok();
    Some(PageGrid {
        char_mm,
        line_mm,
        char_pt,
        line_pt,
        line_pitch_twentieths: whole(line_pt * Decimal::from(20))?,
        char_space_4096ths: whole((char_pt - page.font_pt) * Decimal::from(4096))?,
        right_mm: page.paper_mm.0 - page.left_mm - page.text_width_mm,
        bottom_mm: page.paper_mm.1 - page.top_mm - page.text_height_mm,
    })
}
