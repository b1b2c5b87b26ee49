//! Packages written part by part, so that a test says exactly what stands in them.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// One cell of a hand-written sheet.
#[derive(Clone, Copy, Debug)]
pub enum Put<'a> {
    /// A number.
    N(&'a str),
    /// A number shown as a date.
    Day(&'a str),
    /// A number shown as per cent.
    Share(&'a str),
    /// Words.
    T(&'a str),
    /// A formula without a saved result.
    F(&'a str),
    /// A formula with its result.
    Fv(&'a str, &'a str),
    /// A formula's error.
    E(&'a str),
    /// Yes or no.
    B(bool),
    /// Nothing.
    No,
}

pub const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
pub const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
pub const LINKS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
pub const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>"#;

pub fn workbook_xml(name: &str) -> String {
    format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{name}" sheetId="1" r:id="r1"/></sheets></workbook>"#
    )
}

/// A sheet around the markup of its rows.
pub fn sheet_xml(rows: &str, behind: &str) -> String {
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>{behind}</worksheet>"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Rows of cells from A1.
pub fn rows_xml(rows: &[Vec<Put<'_>>]) -> String {
    let mut out = String::new();
    for (y, row) in rows.iter().enumerate() {
        out.push_str(&format!("<row r=\"{}\">", y + 1));
        for (x, cell) in row.iter().enumerate() {
            let r = baton_sheets::layout::address(y as u32, x as u32);
            out.push_str(&match cell {
                Put::N(n) => format!("<c r=\"{r}\"><v>{n}</v></c>"),
                Put::Day(n) => format!("<c r=\"{r}\" s=\"1\"><v>{n}</v></c>"),
                Put::Share(n) => format!("<c r=\"{r}\" s=\"2\"><v>{n}</v></c>"),
                Put::T(t) => {
                    format!("<c r=\"{r}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(t))
                }
                Put::F(f) => format!("<c r=\"{r}\"><f>{}</f><v></v></c>", escaped(f)),
                Put::Fv(f, v) => format!("<c r=\"{r}\"><f>{}</f><v>{v}</v></c>", escaped(f)),
                Put::E(e) => format!("<c r=\"{r}\" t=\"e\"><v>{e}</v></c>"),
                Put::B(b) => format!("<c r=\"{r}\" t=\"b\"><v>{}</v></c>", u8::from(*b)),
                Put::No => String::new(),
            });
        }
        out.push_str("</row>");
    }
    out
}

/// A zip archive of parts.
pub fn package(parts: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).expect("a part");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A workbook of one sheet with these parts put in or over.
pub fn workbook_with(sheet: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let book = workbook_xml("重点项目");
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    for (name, bytes) in others {
        match parts.iter_mut().find(|(n, _)| n == name) {
            Some(part) => part.1 = bytes,
            None => parts.push((name, bytes)),
        }
    }
    package(&parts, CompressionMethod::Deflated)
}

/// A workbook of one sheet of cells.
pub fn workbook(rows: &[Vec<Put<'_>>]) -> Vec<u8> {
    workbook_with(&sheet_xml(&rows_xml(rows), ""), &[])
}
