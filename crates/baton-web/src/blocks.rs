//! Blocks: cells copied from a spreadsheet laid into a form, and rows filled as a whole, without a script.

use crate::grid::{Typed, editable, is_whole, name};
use baton_kernel::form::{Asks, CellValue, Form, FormBlock, FormCell, FormColumn};
use baton_methods::{Lang, Unit};

/// What became of a pasted block.
#[derive(Default, Debug, PartialEq, Eq)]
pub(crate) struct Pasted {
    /// Cells laid in.
    pub laid: usize,
    /// Cells that are not to be filled in: skipped.
    pub locked: usize,
    /// Cells for which the table has no place.
    pub over: usize,
}

/// Lays a block of tab-separated text into the cells of a block, from a row and column on: exactly the cells it
/// has words for are touched.
pub(crate) fn paste(block: &FormBlock, row: usize, column: usize, text: &str, typed: &mut Typed) -> Pasted {
    let mut pasted = Pasted::default();
    for (r, line) in copied(text).into_iter().enumerate() {
        for (c, words) in line.into_iter().enumerate().filter(|(_, words)| !words.trim().is_empty()) {
            let place = block
                .rows
                .get(row + r)
                .and_then(|row| Some((row, block.columns.get(column + c)?, row.cells.get(column + c)?)));
            match place {
                None => pasted.over += 1,
                Some((_, _, cell)) if !cell.asked => pasted.locked += 1,
                Some((row, column, _)) => {
                    typed.insert(name(row, column), words.trim().to_owned());
                    pasted.laid += 1;
                }
            }
        }
    }
    pasted
}

/// The cells of a copied block: tab-separated, quoted ones may hold line breaks, one trailing line break is none.
fn copied(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        let row = rows.last_mut().expect("one row");
        let fresh = row.last().is_none_or(String::is_empty);
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().expect("one cell").push('"');
            }
            '"' if quoted => quoted = false,
            '"' if fresh => quoted = true,
            '\t' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                if chars.peek().is_some() {
                    rows.push(vec![String::new()]);
                }
            }
            other => row.last_mut().expect("one cell").push(other),
        }
    }
    rows
}

/// Fills a row as a whole. `none`: nothing happened, so amounts of the period are 0 and levels as they were;
/// else everything is the same as in the last period. Parts are left alone.
pub(crate) fn fill(form: &Form, block: usize, row: usize, none: bool, typed: &mut Typed) {
    let Some(block) = form.blocks.get(block) else { return };
    let Some(row) = block.rows.get(row) else { return };
    for (column, cell) in block.columns.iter().zip(&row.cells).filter(|(c, cell)| cell.asked && is_whole(c)) {
        if let Some(text) = filled(column, cell, none, form.lang) {
            typed.insert(name(row, column), text);
        }
    }
}

/// What a cell says when its row is filled as a whole; none when it stays as it is.
pub(crate) fn filled(column: &FormColumn, cell: &FormCell, none: bool, lang: Lang) -> Option<String> {
    if none && column.asks == Asks::Own && column.unit != Some(Unit::Percent) {
        return Some("0".to_owned());
    }
    match &cell.last {
        Some(last @ CellValue::Number(_)) => Some(editable(column, last, lang)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::copied;

    #[test]
    fn blocks_are_read_as_excel_wps_and_libreoffice_copy_them() {
        assert_eq!(copied("1\t2\r\n3\t4\r\n"), [["1", "2"], ["3", "4"]], "Excel, WPS");
        assert_eq!(copied("1\t2\n3\t4"), [["1", "2"], ["3", "4"]], "LibreOffice");
        assert_eq!(copied("\"a\nb\"\t\"say \"\"x\"\"\"\r\n5\t"), [["a\nb", "say \"x\""], ["5", ""]]);
        assert_eq!(copied("5\" pipe"), [["5\" pipe"]]);
    }
}
