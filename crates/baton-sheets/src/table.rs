//! Sheets out: any table of ready values as a workbook: dispatch table (月调度表), review, task breakdown (任务分解表).

use crate::layout::sheet_name;
use crate::write;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Color, Format, FormatAlign, XlsxError};

/// Width in half-width characters of a column that names none.
const WIDTH_MIN: f64 = 8.0;
/// Lines a row may grow to by its texts.
const LINES_MAX: f64 = 12.0;
/// Widest column by content.
const WIDTH_MAX: f64 = 40.0;

/// A table of ready values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetTable {
    /// Title, centred over all columns.
    pub title: String,
    /// Line under the title, e.g. `单位：万元`, and the cut it shows.
    pub unit_line: Option<String>,
    /// Name of the sheet; the title when empty.
    pub sheet: String,
    /// Header rows from the top.
    pub head: Vec<Vec<HeadCell>>,
    /// Columns from the left.
    pub columns: Vec<SheetColumn>,
    /// Rows from the top.
    pub rows: Vec<SheetRow>,
    /// Lines below the table.
    pub notes: Vec<String>,
    /// Columns that stay in view.
    pub frozen_columns: u16,
    /// Whether the header has filter buttons on its lowest row.
    pub filter: bool,
}

/// A header cell over one or more columns and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadCell {
    /// Words.
    pub text: String,
    /// Columns it covers, at least 1.
    pub colspan: u16,
    /// Rows it covers, at least 1. Cells below it are left out of their row, as in HTML.
    pub rowspan: u16,
}

impl HeadCell {
    /// A cell over one column and row.
    pub fn new(text: impl Into<String>) -> HeadCell {
        HeadCell { text: text.into(), colspan: 1, rowspan: 1 }
    }

    /// A cell over `colspan` columns and `rowspan` rows.
    pub fn over(text: impl Into<String>, colspan: u16, rowspan: u16) -> HeadCell {
        HeadCell { text: text.into(), colspan: colspan.max(1), rowspan: rowspan.max(1) }
    }
}

/// How a column is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetColumn {
    /// Whether it holds quantities: aligned right with thousands separators.
    pub numeric: bool,
    /// Decimals of its quantities.
    pub decimals: u8,
    /// Width in half-width characters; by content when none.
    pub width: Option<f64>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowKind {
    /// An ordinary row.
    #[default]
    Plain,
    /// A heading over the rows below it.
    Group,
    /// A sum.
    Total,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRow {
    /// What it is.
    pub kind: RowKind,
    /// Its cells; a shorter row leaves the rest empty.
    pub cells: Vec<SheetCell>,
}

/// One ready value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SheetCell {
    /// Nothing.
    #[default]
    Empty,
    /// Words.
    Text(String),
    /// A quantity, already rounded as it is shown elsewhere.
    Number(Decimal),
    /// A quantity with decimals of its own.
    NumberAt(Decimal, u8),
    /// A day.
    Date(jiff::civil::Date),
}

impl From<&str> for SheetCell {
    fn from(text: &str) -> SheetCell {
        SheetCell::Text(text.to_owned())
    }
}

impl From<String> for SheetCell {
    fn from(text: String) -> SheetCell {
        SheetCell::Text(text)
    }
}

impl From<Decimal> for SheetCell {
    fn from(n: Decimal) -> SheetCell {
        SheetCell::Number(n)
    }
}

/// The table as a workbook of one sheet: title, unit line, merged header, numbers as numbers, A4 landscape
/// with the header on every page. The bytes depend on the table alone.
///
/// Errors: a table past the bounds of the file format, or header cells that overlap.
pub fn table(table: &SheetTable) -> anyhow::Result<Vec<u8>> {
    Ok(write_table(table)?)
}

fn write_table(table: &SheetTable) -> Result<Vec<u8>, XlsxError> {
    let mut book = write::workbook(&table.title)?;
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(if table.sheet.is_empty() { &table.title } else { &table.sheet }))?;
    let columns = table.columns.len().max(1) as u16;
    let last_col = columns - 1;
    let title = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    if last_col > 0 {
        sheet.merge_range(0, 0, 0, last_col, &table.title, &title)?;
    } else {
        write::words(sheet, 0, 0, &table.title, &title)?;
    }
    sheet.set_row_height(0, 30)?;
    let mut y = 1;
    if let Some(line) = &table.unit_line {
        let right = Format::new().set_font_size(10).set_align(FormatAlign::Right);
        if last_col > 0 {
            sheet.merge_range(y, 0, y, last_col, line, &right)?;
        } else {
            write::words(sheet, y, 0, line, &right)?;
        }
        y += 1;
    }
    let head_row = y;
    let head = write::head();
    let mut covered = vec![0u16; usize::from(columns)];
    for cells in &table.head {
        let mut x = 0u16;
        for cell in cells {
            while covered.get(usize::from(x)).is_some_and(|rows| *rows > 0) {
                x += 1;
            }
            let end = (x + cell.colspan.max(1) - 1).min(last_col);
            let bottom = y + u32::from(cell.rowspan.max(1)) - 1;
            if end > x || bottom > y {
                sheet.merge_range(y, x, bottom, end, &cell.text, &head)?;
            } else {
                write::words(sheet, y, x, &cell.text, &head)?;
            }
            for rows in covered.iter_mut().take(usize::from(end) + 1).skip(usize::from(x)) {
                *rows = cell.rowspan.max(1);
            }
            x = end + 1;
        }
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
        sheet.set_row_height(y, 30)?;
        y += 1;
    }
    let first_row = y;
    let look = |kind: RowKind, column: &SheetColumn, decimals: u8, date: bool| {
        let cell = write::cell();
        let cell = if date {
            cell.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center)
        } else if column.numeric {
            cell.set_num_format(write::number_format(decimals)).set_align(FormatAlign::Right)
        } else {
            cell.set_text_wrap()
        };
        match kind {
            RowKind::Plain => cell,
            RowKind::Group => cell.set_bold().set_background_color(write::GREY),
            RowKind::Total => cell.set_bold().set_background_color(Color::RGB(0x00FF_F8E5)),
        }
    };
    let plain = SheetColumn::default();
    let looks: Vec<[(Format, Format); 3]> = (0..usize::from(columns))
        .map(|x| {
            let column = table.columns.get(x).unwrap_or(&plain);
            [RowKind::Plain, RowKind::Group, RowKind::Total]
                .map(|kind| (look(kind, column, column.decimals, false), look(kind, column, 0, true)))
        })
        .collect();
    let widths: Vec<f64> = (0..usize::from(columns)).map(|x| width(table, x)).collect();
    for row in &table.rows {
        let texts = row.cells.iter().zip(&widths).filter_map(|(cell, width)| match cell {
            SheetCell::Text(text) => Some((text.as_str(), *width)),
            _ => None,
        });
        if row.kind != RowKind::Group {
            sheet.set_row_height(y, write::row_height(texts, LINES_MAX).max(18.0))?;
        }
        for x in 0..columns {
            let (format, dated) = &looks[usize::from(x)][row.kind as usize];
            match row.cells.get(usize::from(x)) {
                None | Some(SheetCell::Empty) => write::words(sheet, y, x, "", format)?,
                Some(SheetCell::Text(text)) => write::words(sheet, y, x, text, format)?,
                Some(SheetCell::Number(n)) => write::quantity(sheet, y, x, *n, format)?,
                Some(SheetCell::NumberAt(n, decimals)) => {
                    let own =
                        format.clone().set_num_format(write::number_format(*decimals)).set_align(FormatAlign::Right);
                    write::quantity(sheet, y, x, *n, &own)?;
                }
                Some(SheetCell::Date(date)) => write::day(sheet, y, x, *date, dated)?,
            }
        }
        y += 1;
    }
    let last_row = y.saturating_sub(1);
    let note = Format::new().set_font_size(10).set_text_wrap().set_align(FormatAlign::Top);
    for line in &table.notes {
        sheet.set_row_height(y, write::row_height([(line.as_str(), widths.iter().sum())].into_iter(), LINES_MAX))?;
        if last_col > 0 {
            sheet.merge_range(y, 0, y, last_col, line, &note)?;
        } else {
            write::words(sheet, y, 0, line, &note)?;
        }
        y += 1;
    }
    for x in 0..columns {
        sheet.set_column_width(x, widths[usize::from(x)])?;
    }
    if table.filter && first_row > head_row && last_row >= first_row {
        sheet.autofilter(first_row - 1, 0, last_row, last_col)?;
    }
    sheet.set_freeze_panes(first_row, table.frozen_columns.min(last_col))?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_print_center_horizontally(true);
    if first_row > head_row {
        sheet.set_repeat_rows(head_row, first_row - 1)?;
    }
    sheet.set_footer("&C&P / &N");
    book.save_to_buffer()
}

fn width(table: &SheetTable, x: usize) -> f64 {
    let column = table.columns.get(x);
    if let Some(width) = column.and_then(|c| c.width) {
        return width;
    }
    let decimals = column.map_or(0, |c| c.decimals);
    let widest = table
        .rows
        .iter()
        .filter_map(|row| row.cells.get(x))
        .map(|cell| match cell {
            SheetCell::Empty => 0.0,
            SheetCell::Text(text) => text.lines().map(write::half_widths).fold(0.0, f64::max),
            SheetCell::Number(n) => write::half_widths(&baton_methods::format_decimal(*n, u32::from(decimals), true)),
            SheetCell::NumberAt(n, own) => {
                write::half_widths(&baton_methods::format_decimal(*n, u32::from(*own), true))
            }
            SheetCell::Date(_) => 10.0,
        })
        .fold(0.0, f64::max);
    // A lone header cell of the lowest row wraps once; it asks for half its words.
    let label = table.head.last().filter(|cells| cells.len() == table.columns.len()).and_then(|cells| cells.get(x));
    let asked = label.map_or(0.0, |cell| (write::half_widths(&cell.text) / 2.0).max(6.0));
    (widest.max(asked) + 2.0).clamp(WIDTH_MIN, WIDTH_MAX)
}
