//! Writing single cells: typed, escaped, in one look.

use crate::layout::looks_like_formula;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// Grey of what is only shown.
pub const GREY: Color = Color::RGB(0x00F2_F2F2);
/// Grey of the words in it.
pub const GREY_INK: Color = Color::RGB(0x0059_5959);
/// Fill of headers.
pub const HEAD: Color = Color::RGB(0x00DC_E6F1);
/// Fill of key columns.
pub const KEY: Color = Color::RGB(0x00F7_F9FC);
/// Fill of wrong cells.
pub const WRONG: Color = Color::RGB(0x00FF_C7CE);
/// Ink of wrong cells.
pub const WRONG_INK: Color = Color::RGB(0x009C_0006);
/// Hair lines.
pub const LINE: Color = Color::RGB(0x00A6_A6A6);

/// A workbook whose bytes depend on its content alone: no clock in its properties.
pub fn workbook(title: &str) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(title).set_author("Baton").set_creation_datetime(&made));
    Ok(book)
}

/// The common cell: 11 pt, hair line, centred vertically.
pub fn cell() -> Format {
    Format::new()
        .set_font_size(11)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
        .set_align(FormatAlign::VerticalCenter)
}

/// A header cell.
pub fn head() -> Format {
    cell().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_background_color(HEAD)
}

/// Words: always a typed string; with the quote mark when they look like a formula.
pub fn words(sheet: &mut Worksheet, row: u32, col: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if looks_like_formula(text) {
        sheet.write_string_with_format(row, col, text, &format.clone().set_quote_prefix())?;
    } else if text.is_empty() {
        sheet.write_blank(row, col, format)?;
    } else {
        sheet.write_string_with_format(row, col, text, format)?;
    }
    Ok(())
}

/// A quantity as a number; one with more digits than an office program keeps (15) as words, so that
/// nothing is lost silently.
pub fn quantity(sheet: &mut Worksheet, row: u32, col: u16, n: Decimal, format: &Format) -> Result<(), XlsxError> {
    let plain = n.normalize();
    let digits = plain.mantissa().unsigned_abs().checked_ilog10().map_or(1, |d| d + 1);
    match plain.to_f64() {
        Some(float) if digits <= 15 => sheet.write_number_with_format(row, col, float, format)?,
        _ => sheet.write_string_with_format(row, col, plain.to_string(), format)?,
    };
    Ok(())
}

/// A day as a dated cell.
pub fn day(
    sheet: &mut Worksheet,
    row: u32,
    col: u16,
    date: jiff::civil::Date,
    format: &Format,
) -> Result<(), XlsxError> {
    match (date.year() >= 1900)
        .then(|| ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8))
    {
        Some(Ok(day)) => sheet.write_datetime_with_format(row, col, &day, format)?,
        _ => sheet.write_string_with_format(row, col, date.to_string(), format)?,
    };
    Ok(())
}

/// Number format with `decimals` and thousands separators.
pub fn number_format(decimals: u8) -> String {
    if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(usize::from(decimals))) }
}

/// Width of a text in columns of half-width characters.
pub fn half_widths(text: &str) -> f64 {
    // Dashes, ellipses and quotation marks are full-width in Chinese fonts.
    let full = |c: char| c as u32 >= 0x1100 || matches!(c, '—' | '…' | '“' | '”' | '‘' | '’' | '·' | '×');
    text.chars().map(|c| if full(c) { 2.0 } else { 1.0 }).sum()
}

/// Height in points of a row whose wrapped texts stand in columns of these widths, up to `lines_max` lines.
pub fn row_height<'a>(cells: impl Iterator<Item = (&'a str, f64)>, lines_max: f64) -> f64 {
    let lines = |(text, width): (&str, f64)| {
        text.lines().map(|line| (half_widths(line) / (width - 1.0).max(1.0)).ceil().max(1.0)).sum::<f64>()
    };
    16.0 * cells.map(lines).fold(1.0, f64::max).min(lines_max)
}

/// A text cut to `chars` characters, with an ellipsis where it was cut.
pub fn cut(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        text.to_owned()
    } else {
        text.chars().take(chars - 1).collect::<String>() + "…"
    }
}
