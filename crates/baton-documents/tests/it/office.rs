//! The paper as DOCX: what the file says, and where an office program puts it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::process::Command;

use baton_documents::{docx, docx_with};
use baton_kernel::document::*;

use crate::measured::{FONTS, Ink, Measured, near};
use crate::specimen;

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn file(document: &Document) -> Option<Vec<u8>> {
    match FONTS.report() {
        Ok(_) => Some(docx_with(document, &FONTS).unwrap()),
        Err(error) => {
            println!("skipped: {error}");
            None
        }
    }
}

/// What LibreOffice makes of it; nothing, with a visible line, when it is not here.
fn opened(document: &Document) -> Option<Measured> {
    let bytes = file(document)?;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("office.docx");
    std::fs::write(&path, bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(dir.path())
        .arg(&path)
        .output();
    let Ok(run) = run else {
        println!("skipped: soffice (LibreOffice) is not here");
        return None;
    };
    let made = dir.path().join("office.pdf");
    assert!(made.exists(), "LibreOffice opens the file: {}", String::from_utf8_lossy(&run.stderr));
    Measured::read(dir, &made)
}

#[test]
fn every_part_is_well_formed_and_every_relation_has_its_part() {
    let Some(bytes) = file(&specimen::circular()) else { return };
    let parts = parts(&bytes);
    for (name, bytes) in parts.iter().filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".rels")) {
        let text = std::str::from_utf8(bytes).unwrap();
        roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let relations = std::str::from_utf8(&parts["word/_rels/document.xml.rels"]).unwrap();
    let tree = roxmltree::Document::parse(relations).unwrap();
    let mut ids = Vec::new();
    for relation in tree.descendants().filter(|node| node.tag_name().name() == "Relationship") {
        ids.push(relation.attribute("Id").unwrap().to_owned());
        let target = format!("word/{}", relation.attribute("Target").unwrap());
        assert!(parts.contains_key(&target), "{target}");
    }
    let body = std::str::from_utf8(&parts["word/document.xml"]).unwrap();
    for reference in body.split("r:id=\"").chain(body.split("r:embed=\"")).skip(1).filter_map(|it| it.split('"').next())
    {
        if !reference.starts_with("<w:") && !reference.contains(' ') {
            assert!(ids.contains(&reference.to_owned()), "{reference}");
        }
    }
}

#[test]
fn the_file_declares_the_grid_and_names_the_faces_of_the_standard() {
    let Some(bytes) = file(&specimen::circular()) else { return };
    let parts = parts(&bytes);
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    let body = text("word/document.xml");
    assert!(body.contains(r#"<w:docGrid w:type="linesAndChars" w:linePitch="580" w:charSpace="-848"/>"#));
    assert!(body.contains(r#"<w:pgSz w:w="11906" w:h="16838"/>"#) && body.contains(r#"w:orient="landscape""#));
    assert!(body.contains(r#"w:top="2098" w:right="1474""#) && body.contains(r#"w:left="1587""#));
    for face in ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"] {
        assert!(text("word/fontTable.xml").contains(face), "{face}");
    }
    for face in ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"] {
        assert!(body.contains(&format!(r#"w:ascii="{face}" w:eastAsia="{face}" w:hAnsi="{face}""#)), "{face}");
    }
    assert!(text("word/settings.xml").contains("<w:evenAndOddHeaders/>"));
    assert!(body.contains("<w:tblHeader/>"));
    assert_eq!(
        body.matches("<w:tr>").count(),
        body.matches("<w:cantSplit/>").count() + 2,
        "all rows but the imprint's are whole"
    );
    assert!(!parts.keys().any(|name| name.contains("font") && !name.ends_with("fontTable.xml")), "no font is embedded");
    assert!(body.contains("7c1e-9a40-52bd"));
    assert!(!text("word/uprightHeaderOdd.xml").contains("草稿"));
}

#[test]
fn a_draft_carries_its_watermark_in_every_header() {
    let mut document = specimen::minutes();
    document.draft = true;
    let parts = parts(&docx(&document).unwrap());
    let headers: Vec<_> = parts.iter().filter(|(name, _)| name.contains("Header")).collect();
    assert_eq!(headers.len(), 4);
    for (name, bytes) in headers {
        assert!(String::from_utf8_lossy(bytes).contains(r#"string="草稿""#), "{name}");
    }
}

#[test]
fn the_same_paper_gives_the_same_file_and_words_are_escaped() {
    let mut document = specimen::minutes();
    document.blocks.push(Block::paragraph("甲 < 乙 & \"丙\" \u{1}丁"));
    let (first, second) = (docx(&document).unwrap(), docx(&document).unwrap());
    assert!(first == second);
    let body = String::from_utf8(parts(&first)["word/document.xml"].clone()).unwrap();
    assert!(body.contains("甲 &lt; 乙 &amp; &quot;丙&quot; 丁"));
}

#[test]
fn an_office_program_puts_the_red_head_where_the_standard_wants_it() {
    let Some(paper) = opened(&specimen::circular()) else { return };
    let (red, black) = (paper.bands(1, Ink::Red), paper.bands(1, Ink::Black));
    let (mark, rule, number, title) = (red[0], red[1], black[0], black[1]);
    let line = 225.0 / 22.0;
    near("upper edge of the mark below the text's", mark.top, 37.0 + 35.0, 1.0);
    assert!(mark.bottom - mark.top < 22.0, "the mark stands on one line");
    near("two blank lines between mark and number", number.top - mark.bottom, 2.0 * line, 1.0);
    near("red rule below the number", rule.top - number.bottom, 4.0, 1.0);
    near("length of the red rule", rule.right - rule.left, 156.0, 0.7);
    near("two blank lines between rule and title", title.top - rule.bottom - 6.0 * 25.4 / 72.0, 2.0 * line, 1.0);
    let last = *black.last().unwrap();
    near("page number below the text", (last.top + last.bottom) / 2.0, 262.0 + 7.0, 1.0);
    near("odd number one character from the right", last.right, 184.0 - 14.0 * 25.4 / 72.0, 1.0);
    let even = paper.pages[1].line("—2—");
    near("even number one character from the left", even.left, 28.0 + 14.0 * 25.4 / 72.0, 1.0);
}

#[test]
fn an_office_program_fills_a_page_with_22_lines_of_28_characters() {
    let document = Document { blocks: vec![Block::paragraph("国".repeat(28 * 30 - 2))], ..Document::default() };
    let Some(paper) = opened(&document) else { return };
    let lines: Vec<_> = paper.pages[0].lines.iter().filter(|line| line.text.contains('国')).collect();
    assert_eq!(lines.len(), 22);
    for pair in lines[1..].windows(2) {
        assert_eq!(pair[0].text.chars().count(), 28);
        near("pitch", pair[1].top - pair[0].top, 225.0 / 22.0, 0.1);
        near("left edge", pair[0].left, 28.0, 0.3);
        near("right edge", pair[0].right, 184.0, 0.7);
    }
}

#[test]
fn an_office_program_repeats_heads_and_keeps_rows_and_sums_together() {
    let Some(paper) = opened(&specimen::circular()) else { return };
    let turned: Vec<_> = paper.pages.iter().filter(|page| page.width > page.height).collect();
    assert!(turned.len() >= 3);
    for page in &turned {
        let text = page.text();
        assert!(text.contains("项目名称") && text.contains("存在问题") && text.contains("完成情况"), "{text}");
    }
    let last = turned.iter().find(|page| page.text().contains("合计")).unwrap();
    assert!(
        last.lines.iter().any(|line| line.text.starts_with("40")),
        "the sum stays with the last row: {}",
        last.text()
    );
    let end = paper.pages.last().unwrap();
    let imprint = end.line("印发");
    near("imprint at the foot of the text", imprint.bottom, 262.0, 3.0);
    near("print date one character in", imprint.right, 184.0 - 14.0 * 25.4 / 72.0, 1.0);
}

#[test]
fn an_office_program_places_the_unsealed_signature() {
    let document = Document {
        blocks: vec![Block::paragraph("正文。")],
        signature: Some(Signature {
            organ: "云岭新区党政办公室".into(), date: "二〇二三年四月".into()
        }),
        ..Document::default()
    };
    let Some(paper) = opened(&document) else { return };
    let (name, date) = (paper.pages[0].line("党政办公室"), paper.pages[0].line("二〇二三年四月"));
    near("name two characters from the right", name.right, 184.0 - 2.0 * 156.0 / 28.0, 1.0);
    near("date two characters right of the name", date.left - name.left, 2.0 * 156.0 / 28.0, 1.0);
}
