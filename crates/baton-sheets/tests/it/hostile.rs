//! Foreign files of bad intent: each is refused with its cause, by a worker that alone may die of it.

use super::parts::{LINKS, Put, package, rows_xml, sheet_xml, workbook, workbook_with, workbook_xml};
use super::sample::{form, parse, worker};
use baton_sheets::{Limits, fill_in, parse_in_worker, stream};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn refusal(bytes: &[u8]) -> String {
    match parse(bytes) {
        Err(refused) => {
            assert!(
                !refused.cause.zh.is_empty()
                    && !refused.cause.en.is_empty()
                    && !refused.hint.zh.is_empty()
                    && !refused.hint.en.is_empty()
            );
            refused.code
        }
        Ok(book) => format!("read: {} sheets", book.sheets.len()),
    }
}

fn cell_at(reference: &str) -> String {
    let row = reference.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    format!("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"{row}\"><c r=\"{reference}\"><v>2</v></c></row>")
}

#[test]
fn a_cell_in_the_far_corner_is_refused_and_its_place_named() {
    let corner = workbook_with(&sheet_xml(&cell_at("XFD1048576"), ""), &[]);
    assert!(corner.len() < 3000);
    let refused = parse(&corner).expect_err("refused");
    assert_eq!(refused.code, "file.far_cell");
    assert!(refused.cause.zh.contains("重点项目!XFD1048576"), "{refused}");
    assert_eq!(refusal(&workbook_with(&sheet_xml(&cell_at("ZZZ20000"), ""), &[])), "file.far_cell");
}

#[test]
fn a_claimed_size_costs_nothing_and_empty_far_cells_do_no_harm() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576" ht="20"/>"#;
    assert_eq!(refusal(&workbook_with(&sheet_xml(rows, ""), &[])), "read: 1 sheets");
}

#[test]
fn bombs_are_refused_before_they_are_inflated() {
    let one = "<c><v>1</v></c>".repeat(1000);
    let cells = format!("<row>{one}</row>").repeat(400);
    assert_eq!(refusal(&workbook_with(&sheet_xml(&cells, ""), &[])), "file.ratio", "cells");
    let blanks = " ".repeat(16 << 20);
    assert_eq!(refusal(&workbook_with(&sheet_xml(&blanks, ""), &[])), "file.ratio", "blanks between rows");
    let text = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(60 << 20));
    assert_eq!(
        refusal(&workbook_with(&sheet_xml("", ""), &[("xl/sharedStrings.xml", text.as_bytes())])),
        "file.inflates_too_much",
        "one shared text"
    );
}

#[test]
fn a_run_of_blanks_that_does_not_shrink_is_stopped_by_its_own_bound() {
    let sheet = sheet_xml(&" ".repeat(3 << 20), "");
    let book = workbook_xml("s");
    let stored = package(
        &[
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ],
        CompressionMethod::Stored,
    );
    assert_eq!(refusal(&stored), "file.endless_markup");
    let long = format!("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{}</t></is></c></row>", "长".repeat(40_000));
    assert_eq!(refusal(&workbook_with(&sheet_xml(&long, ""), &[])), "file.cell_too_long");
}

#[test]
fn odd_packages_are_refused() {
    let plain = sheet_xml("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", "");
    for name in ["../evil.xml", "/etc/passwd", "xl\\worksheets\\x.xml", "a/../../b", "C:/x"] {
        assert_eq!(refusal(&workbook_with(&plain, &[(name, b"x")])), "file.odd_part_name", "{name}");
    }
    let names: Vec<String> = (0..3000).map(|i| format!("xl/media/{i}.png")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    assert_eq!(refusal(&workbook_with(&plain, &many)), "file.too_many_parts");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("xl/link", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    assert_eq!(refusal(&zip.finish().expect("an archive").into_inner()), "file.odd_part_name");
    for (part, code) in [("xl/vbaProject.bin", "file.macros"), ("xl/macrosheets/sheet1.xml", "file.macros")] {
        assert_eq!(refusal(&workbook_with(&plain, &[(part, b"x")])), code);
    }
    let enabled = super::parts::TYPES.replace("spreadsheetml.sheet.main", "vnd.ms-excel.sheet.macroEnabled.main");
    assert_eq!(refusal(&workbook_with(&plain, &[("[Content_Types].xml", enabled.as_bytes())])), "file.macros");
    for (parts, code) in [
        (vec![("word/document.xml", &b"x"[..])], "file.not_a_workbook"),
        (vec![("xl/workbook.bin", b"x")], "file.not_a_workbook"),
        (
            vec![("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"x")],
            "file.not_a_workbook",
        ),
        (vec![("readme.txt", b"x")], "file.not_a_workbook"),
    ] {
        assert_eq!(refusal(&package(&parts, CompressionMethod::Deflated)), code, "{parts:?}");
    }
}

#[test]
fn document_types_and_unknown_entities_are_refused_in_every_part() {
    let dtd = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let plain = sheet_xml("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", "");
    assert_eq!(refusal(&workbook_with(&format!("{dtd}{plain}"), &[])), "file.document_type");
    assert_eq!(
        refusal(&workbook_with(&plain, &[("xl/sharedStrings.xml", format!("{dtd}<sst/>").as_bytes())])),
        "file.document_type"
    );
    assert_eq!(
        refusal(&workbook_with(&plain, &[("xl/styles.xml", format!("{dtd}<styleSheet/>").as_bytes())])),
        "file.document_type"
    );
    assert_eq!(
        refusal(&workbook_with(&plain, &[("xl/workbook.xml", format!("{dtd}{}", workbook_xml("s")).as_bytes())])),
        "file.document_type"
    );
    let entity = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&xxe;</t></is></c></row>";
    assert_eq!(refusal(&workbook_with(&sheet_xml(entity, ""), &[])), "file.malformed");
}

#[test]
fn files_are_judged_by_content_not_by_name() {
    for (bytes, word) in [
        (&b"MZ\x90\x00\x03\x00\x00\x00"[..], "程序"),
        (b"%PDF-1.7\n%", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "图片"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("编号,名称\nP-001,厂房\n".as_bytes(), "文本"),
        (b"<?xml version=\"1.0\"?><Workbook/>", "XML"),
        (b"Rar!\x1a\x07\x00", "RAR"),
    ] {
        let refused = parse(bytes).expect_err("refused");
        assert_eq!(refused.code, "file.not_a_workbook");
        assert!(refused.cause.zh.contains(word), "{refused}");
    }
    assert_eq!(refusal(b""), "file.empty");
}

/// A compound file whose directory holds these streams of four kilobytes each.
fn compound(names: &[&str]) -> Vec<u8> {
    let mut file = vec![0u8; 512];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    file[44..48].copy_from_slice(&1u32.to_le_bytes());
    file[48..52].copy_from_slice(&1u32.to_le_bytes());
    file[56..60].copy_from_slice(&4096u32.to_le_bytes());
    for at in [60, 68] {
        file[at..at + 4].copy_from_slice(&0xffff_fffeu32.to_le_bytes());
    }
    file[76..80].copy_from_slice(&0u32.to_le_bytes());
    for i in 1..109 {
        file[76 + 4 * i..80 + 4 * i].copy_from_slice(&0xffff_ffffu32.to_le_bytes());
    }
    let mut fat = vec![0xffff_ffffu32; 128];
    fat[0] = 0xffff_fffd;
    fat[1] = 0xffff_fffe;
    let mut directory = vec![0u8; 512];
    for (i, name) in std::iter::once("Root Entry").chain(names.iter().copied()).enumerate() {
        let entry = &mut directory[128 * i..128 * (i + 1)];
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..wide.len()].copy_from_slice(&wide);
        entry[64..66].copy_from_slice(&(wide.len() as u16 + 2).to_le_bytes());
        entry[66] = if i == 0 { 5 } else { 2 };
        let start = if i == 0 { 0xffff_fffe } else { 2 + 8 * (i as u32 - 1) };
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        if i > 0 {
            entry[120..124].copy_from_slice(&4096u32.to_le_bytes());
            for k in 0..8 {
                fat[start as usize + k] = if k == 7 { 0xffff_fffe } else { start + k as u32 + 1 };
            }
        }
    }
    file.extend(fat.iter().flat_map(|n| n.to_le_bytes()));
    file.extend(directory);
    file.resize(file.len() + 4096 * names.len(), 0);
    file
}

#[test]
fn files_under_a_password_say_so() {
    assert_eq!(refusal(&compound(&["EncryptionInfo", "EncryptedPackage"])), "file.encrypted");
    assert_eq!(refusal(&compound(&["WordDocument"])), "file.not_a_workbook");
    assert_eq!(refusal(&compound(&["Workbook", "_VBA_PROJECT_CUR"])), "file.macros");
    // A binary workbook that begins with BOF and FILEPASS.
    let mut old = compound(&["Workbook"]);
    let at = old.len() - 4096;
    old[at..at + 8].copy_from_slice(&[0x09, 0x08, 0x04, 0x00, 0x00, 0x06, 0x05, 0x00]);
    old[at + 8..at + 14].copy_from_slice(&[0x2f, 0x00, 0x02, 0x00, 0x01, 0x00]);
    assert_eq!(refusal(&old), "file.encrypted");
    // A zip part with the bit for a password.
    let mut zip = workbook(&[vec![Put::N("1")]]);
    let at = memchr::memmem::rfind(&zip, b"PK\x01\x02").expect("a directory");
    zip[at + 8] |= 1;
    assert_eq!(refusal(&zip), "file.encrypted");
}

#[test]
fn a_part_that_lies_about_its_size_is_stopped_at_its_word() {
    let sheet = sheet_xml(&rows_xml(&vec![vec![Put::N("12345.678"), Put::T("厂房")]; 400]), "");
    let honest = workbook_with(&sheet, &[]);
    let at = memchr::memmem::rfind(&honest, b"PK\x01\x02").expect("a directory");
    for (size, code) in [(100u32, "file.malformed"), (3 << 30, "file.inflates_too_much"), (90 << 20, "file.ratio")] {
        let mut lie = honest.clone();
        lie[at + 24..at + 28].copy_from_slice(&size.to_le_bytes());
        assert_eq!(refusal(&lie), code, "{size}");
    }
    // zip64: the size stands in an extra field, which is not there.
    let mut lie = honest.clone();
    lie[at + 24..at + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(refusal(&lie).starts_with("file."));
}

#[test]
fn parts_that_share_their_bytes_are_refused() {
    let mut zip = workbook_with(&sheet_xml("", ""), &[("xl/a.bin", &[7; 4000]), ("xl/b.bin", &[7; 4000])]);
    let second = memchr::memmem::rfind(&zip, b"PK\x01\x02").expect("a directory");
    let first = memchr::memmem::rfind(&zip[..second], b"PK\x01\x02").expect("a directory");
    let offset = zip[first + 42..first + 46].to_vec();
    zip[second + 42..second + 46].copy_from_slice(&offset);
    assert_eq!(refusal(&zip), "file.overlap");
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = fill_in(&form(40)).expect("written");
    for cut in (0..whole.len() - 1).step_by(1024) {
        assert!(refusal(&whole[..cut]).starts_with("file."), "{cut}");
    }
}

#[test]
fn damaged_sheets_are_refused_and_odd_cells_read() {
    let read = |rows: &str| refusal(&workbook_with(&sheet_xml(rows, ""), &[]));
    assert_eq!(read(r#"<row r="1"><c r="A1" t="s"><v>5</v></c></row>"#), "file.malformed");
    assert_eq!(read(r#"<row r="2"/><row r="1"><c r="A1"><v>1</v></c></row>"#), "file.malformed");
    assert_eq!(read(r#"<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>"#), "file.malformed");
    assert_eq!(read(r#"<row r="0"><c><v>1</v></c></row>"#), "file.malformed");
    assert_eq!(
        read(r#"<row><c><v>1</v></c><c t="b"><v>true</v></c></row><row><c t="d"><v>2023-04-26</v></c></row>"#),
        "read: 1 sheets"
    );
    let no_data = workbook_with("<worksheet><sheetData>", &[]);
    assert_eq!(refusal(&no_data), "file.malformed");
}

#[test]
fn the_death_of_the_worker_is_a_refusal() {
    let texts = (0..60_000).map(|i| format!("<si><t>项目{i}的进展情况</t></si>")).collect::<String>();
    let honest =
        workbook_with(&sheet_xml("", ""), &[("xl/sharedStrings.xml", format!("<sst>{texts}</sst>").as_bytes())]);
    assert_eq!(refusal(&honest), "read: 1 sheets");
    let tight = Limits { address_space_bytes: 1 << 20, ..Limits::default() };
    let refused = parse_in_worker(worker(), &honest, &tight).expect_err("refused");
    assert_eq!(refused.code, "worker.died", "{refused}");
    let absent = parse_in_worker(std::path::Path::new("/nowhere/baton"), &honest, &tight).expect_err("refused");
    assert_eq!(absent.code, "worker.not_started");
}

#[test]
fn too_many_cells_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let book = workbook_xml("s");
    for (name, text) in
        [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", &book), ("xl/_rels/workbook.xml.rels", LINKS)]
    {
        zip.start_file(name, plain).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.start_file("xl/worksheets/sheet1.xml", plain).expect("a part");
    let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(1000));
    zip.write_all(b"<worksheet><sheetData>").expect("written");
    for _ in 0..2800 {
        zip.write_all(row.as_bytes()).expect("written");
    }
    zip.write_all(b"</sheetData></worksheet>").expect("written");
    let bytes = zip.finish().expect("an archive").into_inner();
    // 42 MB of stored cells: within the bounds of size and of cells, so it is read.
    assert_eq!(refusal(&bytes), "read: 1 sheets");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever is flipped in a workbook, reading it in this very process ends in a value, never in a panic.
    #[test]
    fn flipped_bytes_never_end_in_a_panic(flips in prop::collection::vec((0usize..20_000, any::<u8>()), 1..12)) {
        let sheet = sheet_xml(&rows_xml(&vec![vec![Put::N("1.5"), Put::T("厂房"), Put::Day("45042"), Put::F("A1")]; 20]), "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>");
        let book = workbook_xml("s");
        let mut bytes = package(
            &[
                ("[Content_Types].xml", b"<Types/>"),
                ("xl/workbook.xml", book.as_bytes()),
                ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
                ("xl/styles.xml", super::parts::STYLES.as_bytes()),
                ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
            ],
            CompressionMethod::Stored,
        );
        let length = bytes.len();
        for (at, byte) in flips {
            bytes[at % length] = byte;
        }
        let mut out = Vec::new();
        // Both a value and a refusal are right; only a panic is not.
        if let Err(refused) = stream(&mut Cursor::new(bytes), &mut out) {
            prop_assert!(!refused.code.is_empty());
        }
    }
}
