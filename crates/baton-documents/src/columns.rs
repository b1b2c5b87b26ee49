//! Columns: how wide each column of a table is, and how large its type, on a given text width.

use baton_kernel::document::{Align, Column, HeadCell, Table};

/// White space left and right in a cell, in points each.
pub(crate) const INSET_PT: f64 = 3.5;

/// Sizes tried for a table, largest first: 小四, 五号, 小五, 六号, 七号 (points).
const SIZES_PT: [f64; 5] = [12.0, 10.5, 9.0, 7.5, 5.5];

/// The measures of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fit {
    /// Type size in points.
    pub(crate) size_pt: f64,
    /// Width of each column in points; together the text width.
    pub(crate) widths_pt: Vec<f64>,
}

/// Fits a table into `width_pt`: the largest size at which numbers stay unbroken and words keep room
/// for at least four characters; what is left goes to the columns of words by weight.
pub(crate) fn fit(table: &Table, width_pt: f64) -> Fit {
    let count = table.columns.len().max(1);
    // Wide tables start smaller, so that words do not stand in one-character columns.
    let start = match count {
        0..=8 => 0,
        9..=12 => 1,
        _ => 2,
    };
    let mut size_pt = SIZES_PT[start];
    let mut least = vec![0.0; count];
    for size in &SIZES_PT[start..] {
        size_pt = *size;
        least = (0..count).map(|index| least_pt(table, index, size_pt)).collect();
        if least.iter().sum::<f64>() <= width_pt {
            break;
        }
    }
    let needed: f64 = least.iter().sum();
    if needed >= width_pt {
        let widths_pt = least.iter().map(|it| it / needed * width_pt).collect();
        return Fit { size_pt, widths_pt };
    }
    let weight = |column: &Column| f64::from(column.weight.max(1));
    let weights: Vec<f64> = match table.columns.len() {
        0 => vec![1.0],
        _ => table.columns.iter().map(weight).collect(),
    };
    // Every column wants its weighted share; those that need more keep what they need, the rest share.
    let mut fixed = vec![false; count];
    let mut widths_pt = least.clone();
    loop {
        let free = width_pt - (0..count).filter(|it| fixed[*it]).map(|it| least[it]).sum::<f64>();
        let total: f64 = (0..count).filter(|it| !fixed[*it]).map(|it| weights[it]).sum();
        let mut changed = false;
        for index in 0..count {
            if !fixed[index] {
                widths_pt[index] = free * weights[index] / total;
                if widths_pt[index] < least[index] {
                    widths_pt[index] = least[index];
                    fixed[index] = true;
                    changed = true;
                }
            }
        }
        if !changed {
            return Fit { size_pt, widths_pt };
        }
    }
}

/// The least width of a column: its longest number, its longest short word (centred columns hold
/// ordinals, names, dates: up to eight characters stay unbroken), or four characters of running words.
fn least_pt(table: &Table, index: usize, size_pt: f64) -> f64 {
    let (numeric, centred) =
        table.columns.get(index).map_or((false, false), |column| (column.numeric, column.align == Align::Centre));
    let longest = table
        .rows
        .iter()
        .filter(|row| row.cells.len() > index + usize::from(row.cells.len() < table.columns.len()))
        .map(|row| ample_ems(&row.cells[index].text))
        .fold(0.0, f64::max);
    let words = match (numeric, centred) {
        (true, _) => longest,
        (false, true) => longest.min(8.0),
        (false, false) => longest.min(4.0),
    };
    words.max(bracket(table, index)).max(2.0) * size_pt + 2.0 * INSET_PT + 1.0
}

/// Room for what stands in brackets in a column's own head (`（百分点）`), up to five characters.
fn bracket(table: &Table, index: usize) -> f64 {
    let places = head_places(table);
    let own = table.head.iter().zip(&places).flat_map(|(row, starts)| row.iter().zip(starts));
    own.filter(|(cell, at)| **at == index && cell.colspan <= 1)
        .filter_map(|(cell, _)| cell.text.find('（').filter(|at| *at > 0).map(|at| ems(&cell.text[at..])))
        .fold(0.0, f64::max)
        .min(5.0)
}

/// A head cell's words in lines of about equal length that fit `width_pt`; what stands in brackets
/// begins a line of its own. Words that fit stay on one line.
pub(crate) fn balanced(text: &str, width_pt: f64, size_pt: f64) -> Vec<String> {
    let room = ((width_pt - 2.0 * INSET_PT) / size_pt).max(1.0);
    if ems(text) <= room {
        return vec![text.to_owned()];
    }
    let parts = match text.find('（') {
        Some(at) if at > 0 => vec![&text[..at], &text[at..]],
        _ => vec![text],
    };
    let mut lines = Vec::new();
    for part in parts {
        let count = (ems(part) / room).ceil().max(1.0);
        let each = ems(part) / count;
        let mut line = String::new();
        for letter in part.chars() {
            let closing = matches!(letter, '）' | '％' | '%' | '、' | '，' | '。');
            let width = ems(letter.encode_utf8(&mut [0; 4]));
            if !line.is_empty() && !closing && ems(&line) + width > each + 0.5 {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
        lines.push(line);
    }
    lines
}

/// The columns that each head cell covers: for every row of the head, its cells' first columns.
pub(crate) fn head_places(table: &Table) -> Vec<Vec<usize>> {
    let mut taken: Vec<Vec<bool>> = vec![vec![false; table.columns.len()]; table.head.len()];
    let mut places = Vec::new();
    for (line, row) in table.head.iter().enumerate() {
        let mut starts = Vec::new();
        let mut at = 0;
        for cell in row {
            while taken[line].get(at).copied().unwrap_or(false) {
                at += 1;
            }
            starts.push(at);
            for below in taken.iter_mut().skip(line).take(cell.rowspan.max(1)) {
                for place in below.iter_mut().skip(at).take(cell.colspan.max(1)) {
                    *place = true;
                }
            }
            at += cell.colspan.max(1);
        }
        places.push(starts);
    }
    places
}

/// Head cells with their words broken to fit, as (column, lines), row by row.
pub(crate) fn head_lines(table: &Table, fit: &Fit) -> Vec<Vec<(usize, Vec<String>)>> {
    let places = head_places(table);
    let line = |(row, places): (&Vec<HeadCell>, Vec<usize>)| {
        row.iter()
            .zip(places)
            .map(|(cell, at)| {
                let width: f64 = fit.widths_pt.iter().skip(at).take(cell.colspan.max(1)).sum();
                (at, balanced(&cell.text, width, fit.size_pt))
            })
            .collect()
    };
    table.head.iter().zip(places).map(line).collect()
}

/// Width of a text in ems: a full-width character is one, a narrow one a half (as in 仿宋_GB2312).
pub(crate) fn ems(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 0.5 } else { 1.0 }).sum()
}

/// Width that a text may need in ems: narrow characters of a face that stands in may be 0.64 wide, and
/// some office programs put a quarter between Han and Latin.
fn ample_ems(text: &str) -> f64 {
    let seams = text.chars().zip(text.chars().skip(1)).filter(|(a, b)| a.is_ascii() != b.is_ascii()).count();
    let letters: f64 = text.chars().map(|letter| if letter.is_ascii() { 0.64 } else { 1.0 }).sum();
    letters + 0.25 * seams as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_kernel::document::{Cell, Row, RowKind};

    fn table(columns: Vec<Column>, row: &[&str]) -> Table {
        let cells = row.iter().map(|it| Cell::text(*it)).collect();
        Table { columns, rows: vec![Row { cells, kind: RowKind::Normal }], ..Table::default() }
    }

    #[test]
    fn columns_fill_the_width_exactly() {
        let table =
            table(vec![Column::centred(1), Column::text(6), Column::number(3)], &["1", "精密轴承产业园一期", "64000"]);
        let fit = fit(&table, 442.2);
        assert!((fit.widths_pt.iter().sum::<f64>() - 442.2).abs() < 1e-6);
        assert_eq!(fit.size_pt, 12.0);
    }

    #[test]
    fn a_number_is_never_narrower_than_itself() {
        let table = table(vec![Column::text(99), Column::number(1)], &["名称", "123456789.25"]);
        let fit = fit(&table, 200.0);
        assert!(fit.widths_pt[1] >= 12.0 * 0.6 * 12.0 + 2.0 * INSET_PT);
    }

    #[test]
    fn a_crowded_table_takes_smaller_type() {
        let columns: Vec<_> = (0..14).map(|_| Column::number(1)).collect();
        let row: Vec<_> = (0..14).map(|_| "12345.67").collect();
        let fit = fit(&table(columns, &row), 442.2);
        assert!(fit.size_pt < 9.0);
        assert!((fit.widths_pt.iter().sum::<f64>() - 442.2).abs() < 1e-6);
    }

    #[test]
    fn a_head_breaks_into_equal_lines_and_before_its_bracket() {
        assert_eq!(balanced("年度计划", 12.0 * 3.5 + 7.0, 12.0), ["年度", "计划"]);
        assert_eq!(balanced("年度计划", 12.0 * 4.0 + 7.0, 12.0), ["年度计划"]);
        assert_eq!(balanced("占年度计划（%）", 12.0 * 5.5 + 7.0, 12.0), ["占年度计划", "（%）"]);
        assert_eq!(balanced("超落后序时（百分点）", 12.0 * 4.0 + 7.0, 12.0), ["超落后", "序时", "（百分", "点）"]);
    }

    #[test]
    fn head_cells_know_their_columns_under_spans() {
        let table = Table {
            columns: vec![Column::text(1); 4],
            head: vec![
                vec![HeadCell::span("甲", 1, 2), HeadCell::span("乙", 2, 1), HeadCell::span("丙", 1, 2)],
                vec![HeadCell::one("丁"), HeadCell::one("戊")],
            ],
            ..Table::default()
        };
        assert_eq!(head_places(&table), [vec![0, 1, 3], vec![1, 2]]);
    }
}
