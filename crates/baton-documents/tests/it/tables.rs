//! Tables across pages: heads repeat, rows stay whole, sums are never alone.

use baton_kernel::document::*;

use crate::measured::{Measured, Page, near, set};
use crate::specimen;

/// A table of `rows` rows with two lines of words each, and a sum.
fn table(rows: usize) -> Table {
    let row = |number: usize| Row {
        cells: vec![
            Cell::text(number.to_string()),
            Cell::text(format!("起{number:02}号项目名称写得很长要占两行才放得下止{number:02}")),
            Cell::text("1234.56"),
        ],
        kind: RowKind::Normal,
    };
    let mut body: Vec<Row> = (1..=rows).map(row).collect();
    body.push(Row { cells: vec![Cell::text(""), Cell::text("合计"), Cell::text("49382.40")], kind: RowKind::Sum });
    Table {
        caption: "表一　项目进展".into(),
        unit_line: Some("单位：万元".into()),
        head: vec![["序号", "项目名称", "完成投资"].map(HeadCell::one).to_vec()],
        columns: vec![Column::centred(1), Column::text(3), Column::number(2)],
        rows: body,
        notes: vec!["注：虚构。".into()],
    }
}

fn paper(table: Table, landscape: bool) -> Option<Measured> {
    let attachment = Attachment { title: "项目进展表".into(), landscape, blocks: vec![Block::Table(table)] };
    set(&Document { title: vec!["样张".into()], attachments: vec![attachment], ..Document::default() })
}

fn page_of(pages: &[Page], words: &str) -> usize {
    let found: Vec<usize> = (0..pages.len()).filter(|it| pages[*it].text().contains(words)).collect();
    assert_eq!(found.len(), 1, "{words} stands on one page: {found:?}");
    found[0]
}

#[test]
fn a_table_of_forty_rows_repeats_its_head_and_splits_no_row() {
    let Some(paper) = paper(table(40), false) else { return };
    let pages = &paper.pages[1..];
    assert!(pages.len() >= 3, "forty rows of two lines need several pages: {}", pages.len());
    for (index, page) in pages.iter().enumerate() {
        for head in ["序号", "项目名称", "完成投资"] {
            assert!(page.lines.iter().any(|line| line.text.contains(head)), "page {}: no {head}", index + 1);
        }
        for line in page.lines.iter().filter(|line| !line.text.contains('—')) {
            assert!(line.left >= 27.5 && line.right <= 184.5 && line.bottom <= 262.5, "outside the text: {line:?}");
        }
    }
    for number in 1..=40 {
        let (start, end) = (page_of(pages, &format!("起{number:02}")), page_of(pages, &format!("止{number:02}")));
        assert_eq!(start, end, "row {number} is split");
    }
    assert_eq!(page_of(pages, "合计"), page_of(pages, "止40"));
}

#[test]
fn a_sum_is_never_alone_on_its_page() {
    for rows in 9..=20 {
        let Some(paper) = paper(table(rows), false) else { return };
        let pages = &paper.pages[1..];
        assert_eq!(page_of(pages, "合计"), page_of(pages, &format!("止{rows:02}")), "{rows} rows");
    }
}

#[test]
fn a_group_title_stays_with_its_first_row() {
    for before in 7..=16 {
        let mut table = table(before + 3);
        table.rows.insert(before, Row { cells: vec![Cell::text("二、民生项目")], kind: RowKind::Group });
        let Some(paper) = paper(table, false) else { return };
        let pages = &paper.pages[1..];
        let first = format!("起{:02}", before + 1);
        assert_eq!(page_of(pages, "二、民生项目"), page_of(pages, &first), "{before} rows before");
    }
}

#[test]
fn numbers_end_at_one_edge() {
    let Some(paper) = paper(table(6), false) else { return };
    let page = &paper.pages[1];
    let rights: Vec<f64> = page.lines.iter().filter(|line| line.text == "1234.56").map(|line| line.right).collect();
    assert_eq!(rights.len(), 6);
    for right in &rights {
        near("numbers right-aligned", *right, rights[0], 0.05);
    }
    near("sum below them", page.line("49382.40").right, rights[0], 0.5);
}

#[test]
fn a_wide_table_stands_on_turned_pages_and_the_number_keeps_its_place_on_the_sheet() {
    let Some(paper) = set(&specimen::circular()) else { return };
    let turned: Vec<(usize, &Page)> =
        paper.pages.iter().enumerate().filter(|(_, page)| page.width > page.height).collect();
    assert!(turned.len() >= 3, "forty rows need several turned pages");
    for (index, page) in &turned {
        near("width", page.width, 297.0, 0.1);
        near("height", page.height, 210.0, 0.1);
        for head in ["序号", "项目名称", "1—3月完成情况", "存在问题"] {
            assert!(page.text().contains(head), "page {}: no {head}", index + 1);
        }
        // The number reads downwards at the left edge: 28 mm from it, 7 mm outside the text.
        let digits = (index + 1).to_string();
        let strip: Vec<_> = page.lines.iter().filter(|line| line.left < 34.0 && line.right < 34.0).collect();
        let top = strip.iter().map(|line| line.top).fold(f64::MAX, f64::min);
        let bottom = strip.iter().map(|line| line.bottom).fold(0.0, f64::max);
        assert!(strip.iter().any(|line| line.text.contains(&digits)), "page {}: {strip:?}", index + 1);
        if (index + 1) % 2 == 1 {
            near("odd: near the lower end", bottom, 184.0 - 14.0 * 25.4 / 72.0, 1.5);
        } else {
            near("even: near the upper end", top, 28.0 + 14.0 * 25.4 / 72.0, 1.5);
        }
    }
    let all: String = turned.iter().map(|(_, page)| page.text()).collect();
    for sum in ["2748600", "721800", "125340"] {
        assert!(all.contains(sum), "the sum row shows {sum}");
    }
}
