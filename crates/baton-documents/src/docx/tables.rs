//! Tables of WordprocessingML: repeated heads, unsplit rows, sums kept with the row above.

use std::fmt::Write as _;

use baton_kernel::document::{Align, Column, Imprint, Row, RowKind, Table};

use super::paragraphs::{Face, Para, Words, mm_tw};
use crate::columns::{Fit, INSET_PT, ems, fit, head_lines};
use crate::measures::{BOTTOM_MM, LEFT_MM, PAPER_MM, PT_PER_MM, TEXT_MM};

/// A table across `width_mm`, with its caption, unit line and notes.
pub(crate) fn table(table: &Table, width_mm: f64) -> String {
    let fit = fit(table, width_mm * PT_PER_MM);
    let mut out = String::new();
    if !table.caption.is_empty() {
        let words = Words::face(Face::Hei, &table.caption).size_pt(14.0);
        out.push_str(&Para::exact(579).centred().keep_next().words(words).finish());
    }
    if let Some(unit) = &table.unit_line {
        out.push_str(&Para::exact(360).align("right").keep_next().words(Words::body(unit).size_pt(12.0)).finish());
    }
    open(&mut out, &fit);
    head(&mut out, table, &fit);
    for (index, row) in table.rows.iter().enumerate() {
        let before_sum = table.rows.get(index + 1).is_some_and(|next| next.kind == RowKind::Sum);
        body_row(&mut out, table, row, &fit, before_sum || row.kind == RowKind::Group);
    }
    out.push_str("</w:tbl>");
    for note in &table.notes {
        out.push_str(&Para::exact(300).words(Words::body(note).size_pt(10.5)).finish());
    }
    // Two tables, or a table and a section's end, need a paragraph between them.
    out.push_str(&Para::exact(200).finish());
    out
}

fn twips(pt: f64) -> i64 {
    (pt * 20.0).round() as i64
}

/// Table properties and grid.
fn open(out: &mut String, fit: &Fit) {
    let width: i64 = fit.widths_pt.iter().map(|it| twips(*it)).sum();
    let _ = write!(out, r#"<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>"#);
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(out, r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#);
    }
    let (side, end) = (twips(INSET_PT), twips(fit.size_pt * 0.28));
    let _ = write!(
        out,
        r#"</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="{end}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/><w:bottom w:w="{end}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#
    );
    for width in &fit.widths_pt {
        let _ = write!(out, r#"<w:gridCol w:w="{}"/>"#, twips(*width));
    }
    out.push_str("</w:tblGrid>");
}

/// The rows of the head, repeated on each page; cells that cover several rows are continued below.
fn head(out: &mut String, table: &Table, fit: &Fit) {
    let count = table.columns.len();
    let lines = head_lines(table, fit);
    // (first row, last row, first column, columns, words)
    let mut cells = Vec::new();
    for (row, found) in lines.iter().enumerate() {
        for ((at, words), cell) in found.iter().zip(&table.head[row]) {
            cells.push((row, row + cell.rowspan.max(1) - 1, *at, cell.colspan.max(1), words));
        }
    }
    for row in 0..table.head.len() {
        out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        let mut at = 0;
        while at < count {
            let found = cells.iter().find(|cell| cell.0 <= row && row <= cell.1 && cell.2 == at);
            let Some((first, last, _, columns, words)) = found else {
                cell(out, fit, at, 1, "", &Para::exact(twips(fit.size_pt * 1.35)).finish());
                at += 1;
                continue;
            };
            let merge = match (first == last, *first == row) {
                (true, _) => "",
                (false, true) => r#"<w:vMerge w:val="restart"/>"#,
                (false, false) => "<w:vMerge/>",
            };
            let mut inner = String::new();
            if *first == row {
                for line in words.iter() {
                    inner.push_str(&cell_line(fit, "center", Face::Hei, line, true));
                }
            }
            if inner.is_empty() {
                inner = Para::exact(twips(fit.size_pt * 1.35)).finish();
            }
            cell(out, fit, at, *columns, merge, &inner);
            at += columns;
        }
        out.push_str("</w:tr>");
    }
}

/// One row of the body, never split; `kept` holds it on the page of the row below.
fn body_row(out: &mut String, table: &Table, row: &Row, fit: &Fit, kept: bool) {
    let count = table.columns.len();
    out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
    let face = if row.kind == RowKind::Normal { Face::Body } else { Face::Hei };
    for (index, found) in row.cells.iter().enumerate().take(count.max(1)) {
        let rest = if index + 1 == row.cells.len() { count.saturating_sub(index).max(1) } else { 1 };
        let column = table.columns.get(index);
        let align = match column {
            _ if row.kind == RowKind::Group => "left",
            Some(Column { numeric: true, .. } | Column { align: Align::Right, .. }) => "right",
            Some(Column { align: Align::Centre, .. }) => "center",
            _ => "left",
        };
        let whole = if column.is_some_and(|it| it.numeric) { "<w:noWrap/>" } else { "" };
        cell(out, fit, index, rest, whole, &cell_line(fit, align, face, &found.text, kept));
    }
    out.push_str("</w:tr>");
}

/// A paragraph inside a cell.
fn cell_line(fit: &Fit, align: &'static str, face: Face, text: &str, kept: bool) -> String {
    let mut para = Para::exact(twips(fit.size_pt * 1.35)).align(align);
    if kept {
        para = para.keep_next();
    }
    para.words(Words::face(face, text).size_pt(fit.size_pt)).finish()
}

/// A cell over `columns` columns from `at`.
fn cell(out: &mut String, fit: &Fit, at: usize, columns: usize, merge: &str, inner: &str) {
    let width: i64 = fit.widths_pt.iter().skip(at).take(columns).map(|it| twips(*it)).sum();
    let span = if columns > 1 { format!(r#"<w:gridSpan w:val="{columns}"/>"#) } else { String::new() };
    let _ = write!(
        out,
        r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>{inner}</w:tc>"#
    );
}

/// Height of a line of the imprint.
const IMPRINT_LINE_TW: i64 = 480;

/// 版记 as a run: a box at the foot of the text area of the page where its paragraph stands; outer
/// rules 0.35 mm, inner 0.25 mm.
///
/// A box, because neither floating tables nor frames are kept at the foot by every office program. Its
/// height is reckoned from the length of the lines.
pub(crate) fn imprint(imprint: &Imprint) -> String {
    let width = mm_tw(TEXT_MM.0);
    let room = (width - 560) as f64 / 280.0;
    let lines_of = |copy: &String| 1 + ((ems(copy) - room).max(0.0) / (room - 3.0)).ceil() as i64;
    let lines: i64 = 1 + imprint.copies.iter().map(lines_of).sum::<i64>();
    let mut out = format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/></w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="280" w:type="dxa"/><w:right w:w="280" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>"#
    );
    let mut row = |para: Para, ruled: bool| {
        let rule = if ruled {
            r#"<w:tcBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>"#
        } else {
            ""
        };
        let _ = write!(
            out,
            r#"<w:tr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{rule}</w:tcPr>{}</w:tc></w:tr>"#,
            para.finish()
        );
    };
    for copy in &imprint.copies {
        row(Para::exact(IMPRINT_LINE_TW).hanging(840, 840).words(Words::body(copy).size_pt(14.0)), false);
    }
    let date = Words::body(&imprint.date).size_pt(14.0);
    let organ = Words::body(&imprint.organ).size_pt(14.0);
    let last = Para::exact(IMPRINT_LINE_TW).tab_right(width - 560).words(organ).tab().words(date);
    row(last, !imprint.copies.is_empty());
    // A box ends with a paragraph; one of a twentieth of a point is not seen.
    let _ = write!(out, "</w:tbl>{}", Para::exact(1).finish());
    let height_pt = (lines * IMPRINT_LINE_TW) as f64 / 20.0 + 1.0;
    let top_pt = (PAPER_MM.1 - BOTTOM_MM) * PT_PER_MM - height_pt;
    format!(
        r#"<w:r><w:pict><v:rect id="Imprint" o:spid="_x0000_s1026" style="position:absolute;margin-left:{left:.2}pt;margin-top:{top_pt:.2}pt;width:{width_pt:.2}pt;height:{height_pt:.2}pt;z-index:3;mso-position-horizontal-relative:page;mso-position-vertical-relative:page" filled="f" stroked="f"><v:textbox inset="0,0,0,0"><w:txbxContent>{out}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>"#,
        left = LEFT_MM * PT_PER_MM,
        width_pt = TEXT_MM.0 * PT_PER_MM,
    )
}
