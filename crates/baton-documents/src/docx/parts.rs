//! Parts: the files of which an office document is made, and the package around them.

use std::io::{Cursor, Write as _};

use baton_kernel::document::{Document, Lang};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::furniture::{self, NAMESPACES};
use super::paragraphs::{LINE_TW, escaped};

/// A picture of the body; its relation is `picture` and its number from 1.
pub(crate) struct Picture {
    pub(crate) png: Vec<u8>,
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Packs the parts. The same parts give the same bytes: no dates, no random ids.
pub(crate) fn package(document: &Document, body: &str, pictures: &[Picture]) -> anyhow::Result<Vec<u8>> {
    let draft = document.draft.then_some(if document.lang == Lang::Zh { "草稿" } else { "DRAFT" });
    let furniture = furniture::parts(draft);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut put = |path: &str, bytes: &[u8]| -> anyhow::Result<()> {
        zip.start_file(path, options)?;
        zip.write_all(bytes)?;
        Ok(())
    };
    put("[Content_Types].xml", content_types(&furniture).as_bytes())?;
    put("_rels/.rels", format!("{HEAD}{PACKAGE_RELATIONS}").as_bytes())?;
    put("docProps/core.xml", core(document).as_bytes())?;
    put(
        "word/document.xml",
        format!("{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>").as_bytes(),
    )?;
    put("word/_rels/document.xml.rels", relations(&furniture, pictures.len()).as_bytes())?;
    put("word/styles.xml", styles(document.lang).as_bytes())?;
    put("word/settings.xml", format!("{HEAD}{SETTINGS}").as_bytes())?;
    put("word/fontTable.xml", format!("{HEAD}{FONT_TABLE}").as_bytes())?;
    for (_, file, _, xml) in &furniture {
        put(&format!("word/{file}"), format!("{HEAD}{xml}").as_bytes())?;
    }
    for (index, picture) in pictures.iter().enumerate() {
        put(&format!("word/media/drawing{}.png", index + 1), &picture.png)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content_types(furniture: &[(String, String, bool, String)]) -> String {
    const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut out = format!(
        r#"{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/word/document.xml" ContentType="{MAIN}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="{MAIN}.styles+xml"/><Override PartName="/word/settings.xml" ContentType="{MAIN}.settings+xml"/><Override PartName="/word/fontTable.xml" ContentType="{MAIN}.fontTable+xml"/>"#
    );
    for (_, file, header, _) in furniture {
        let kind = if *header { "header" } else { "footer" };
        out.push_str(&format!(r#"<Override PartName="/word/{file}" ContentType="{MAIN}.{kind}+xml"/>"#));
    }
    out.push_str("</Types>");
    out
}

const PACKAGE_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;

fn relations(furniture: &[(String, String, bool, String)], pictures: usize) -> String {
    const BASE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut out =
        format!(r#"{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#);
    let mut add = |id: &str, kind: &str, target: &str| {
        out.push_str(&format!(r#"<Relationship Id="{id}" Type="{BASE}/{kind}" Target="{target}"/>"#));
    };
    add("styles", "styles", "styles.xml");
    add("settings", "settings", "settings.xml");
    add("fontTable", "fontTable", "fontTable.xml");
    for (id, file, header, _) in furniture {
        add(id, if *header { "header" } else { "footer" }, file);
    }
    for index in 1..=pictures {
        add(&format!("picture{index}"), "image", &format!("media/drawing{index}.png"));
    }
    out.push_str("</Relationships>");
    out
}

fn core(document: &Document) -> String {
    let author = document.signature.as_ref().map(|it| it.organ.as_str()).unwrap_or_default();
    format!(
        r#"{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator>{}</dc:creator></cp:coreProperties>"#,
        escaped(&document.title.concat()),
        escaped(author)
    )
}

/// Defaults: 3号 仿宋 on lines of 28.95 pt, justified. The section declares the grid of 22 lines × 28
/// characters; the text fills it by its own line height and spacing, which every office program
/// honours alike, and is therefore not snapped to it. No extra space between Han and Latin (the grid
/// has none), no widow control (a page has 22 lines).
fn styles(lang: Lang) -> String {
    let latin = if lang == Lang::Zh { "en-US" } else { "en-GB" };
    let mut out = format!(
        r#"{HEAD}<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312" w:hAnsi="仿宋_GB2312" w:cs="仿宋_GB2312"/><w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="{latin}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{LINE_TW}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr><w:rPr><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>"#
    );
    for level in 1..=3 {
        out.push_str(&format!(
            r#"<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:outlineLvl w:val="{}"/></w:pPr></w:style>"#,
            level - 1
        ));
    }
    out.push_str("</w:styles>");
    out
}

const SETTINGS: &str = r#"<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="290"/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>"#;

/// Names by which a machine may know the faces; nothing is embedded.
const FONT_TABLE: &str = r#"<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:font w:name="方正小标宋简体"><w:altName w:val="FZXiaoBiaoSong-B05S"/><w:charset w:val="86"/><w:family w:val="script"/><w:pitch w:val="variable"/></w:font><w:font w:name="仿宋_GB2312"><w:altName w:val="FangSong_GB2312"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="variable"/></w:font><w:font w:name="楷体_GB2312"><w:altName w:val="KaiTi_GB2312"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="variable"/></w:font><w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="variable"/></w:font><w:font w:name="宋体"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font></w:fonts>"#;
