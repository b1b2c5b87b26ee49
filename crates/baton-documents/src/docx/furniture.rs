//! Furniture: sections, page numbers odd and even, upright and turned, and the draft's watermark.

use super::paragraphs::{Face, Para, Words, mm_tw};
use crate::measures::{BOTTOM_MM, LEFT_MM, PAPER_MM, RIGHT_MM, TOP_MM};

/// Namespaces of every part that holds paragraphs.
pub(crate) const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word""#;

/// What 22 lines of the grid need beyond 225 mm, and one to spare.
const GRID_SURPLUS_TW: i64 = 5;

/// A run of pages of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Pages turned by a quarter.
    pub(crate) landscape: bool,
    /// True when the section goes on on the same page.
    pub(crate) continued: bool,
}

/// Section properties: paper, margins, grid of 22 lines × 28 characters, page furniture.
///
/// 22 lines of 580 twentieths are 0.07 mm more than 225 mm: the lower margin gives them, or office
/// programs count 21 lines and centre them. A turned page has no grid: it holds tables.
///
/// The page number's dashes lie 7 mm below the text: the footer line of 14 pt ends 25.5 mm above the
/// paper's edge. On a turned page the margins turn with the sheet.
pub(crate) fn sect_pr(section: Section) -> String {
    let (turned, kind) = (section.landscape, if section.continued { "continuous" } else { "nextPage" });
    let name = if turned { "turned" } else { "upright" };
    let (width, height) = (mm_tw(PAPER_MM.0), mm_tw(PAPER_MM.1));
    let [top, right, bottom, left] = [TOP_MM, RIGHT_MM, BOTTOM_MM, LEFT_MM].map(mm_tw);
    let footer = mm_tw(25.5);
    let bottom = bottom - i64::from(!turned) * GRID_SURPLUS_TW;
    let grid = if turned { "" } else { r#" w:type="linesAndChars""# };
    let space = if turned { "" } else { r#" w:charSpace="-848""# };
    let paper = if turned {
        format!(
            r#"<w:pgSz w:w="{height}" w:h="{width}" w:orient="landscape"/><w:pgMar w:top="{left}" w:right="{top}" w:bottom="{right}" w:left="{bottom}" w:header="720" w:footer="720" w:gutter="0"/>"#
        )
    } else {
        format!(
            r#"<w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="720" w:footer="{footer}" w:gutter="0"/>"#
        )
    };
    format!(
        r#"<w:sectPr><w:headerReference w:type="default" r:id="{name}HeaderOdd"/><w:headerReference w:type="even" r:id="{name}HeaderEven"/><w:footerReference w:type="default" r:id="{name}FooterOdd"/><w:footerReference w:type="even" r:id="{name}FooterEven"/><w:type w:val="{kind}"/>{paper}<w:cols w:space="720"/><w:docGrid{grid} w:linePitch="580"{space}/></w:sectPr>"#
    )
}

/// The four headers and four footers, as (relation, file, is it a header, its XML).
pub(crate) fn parts(draft: Option<&str>) -> Vec<(String, String, bool, String)> {
    let mut out = Vec::new();
    for turned in [false, true] {
        for odd in [true, false] {
            let name = if turned { "turned" } else { "upright" };
            let side = if odd { "Odd" } else { "Even" };
            out.push((
                format!("{name}Header{side}"),
                format!("{name}Header{side}.xml"),
                true,
                header(turned, odd, draft),
            ));
            out.push((format!("{name}Footer{side}"), format!("{name}Footer{side}.xml"), false, footer(turned, odd)));
        }
    }
    out
}

/// `— PAGE —` in 4号 宋体.
fn number() -> String {
    let properties = Words::face(Face::Song, "").size_pt(14.0).properties();
    let run = |inner: &str| format!("<w:r>{properties}{inner}</w:r>");
    [
        run(r#"<w:t xml:space="preserve">— </w:t>"#),
        run(r#"<w:fldChar w:fldCharType="begin"/>"#),
        run(r#"<w:instrText xml:space="preserve"> PAGE </w:instrText>"#),
        run(r#"<w:fldChar w:fldCharType="separate"/>"#),
        run("<w:t>1</w:t>"),
        run(r#"<w:fldChar w:fldCharType="end"/>"#),
        run(r#"<w:t xml:space="preserve"> —</w:t>"#),
    ]
    .concat()
}

/// Page numbers: odd right, even left, one character in. Turned pages carry theirs in the header.
fn footer(turned: bool, odd: bool) -> String {
    let line = if turned {
        Para::exact(280)
    } else if odd {
        Para::exact(280).right(280).raw(&number())
    } else {
        Para::exact(280).indent(280, 0).align("left").raw(&number())
    };
    format!("<w:ftr {NAMESPACES}>{}</w:ftr>", line.finish())
}

/// Watermark of a draft, and on turned pages the number at the sheet's lower edge, which is the left.
fn header(turned: bool, odd: bool, draft: Option<&str>) -> String {
    let mut runs = String::new();
    if let Some(word) = draft {
        runs.push_str(&watermark(word));
    }
    if turned {
        runs.push_str(&turned_number(odd));
    }
    // A line of no height: some office programs push the text down by the header's own.
    format!("<w:hdr {NAMESPACES}>{}</w:hdr>", Para::exact(1).raw(&runs).finish())
}

/// The word of a draft across the page, behind the text.
fn watermark(word: &str) -> String {
    format!(
        r##"<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype><v:shape id="DraftMark" o:spid="_x0000_s2049" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:330pt;height:165pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:page;mso-position-vertical:center;mso-position-vertical-relative:page" o:allowincell="f" fillcolor="#e1e1e1" stroked="f"><v:textpath style="font-family:&quot;方正小标宋简体&quot;;font-size:1pt" string="{word}"/></v:shape></w:pict></w:r>"##
    )
}

/// The page number of a turned page: 28 mm from the left edge of the paper, reading downwards, odd
/// pages near the lower end, even pages near the upper.
fn turned_number(odd: bool) -> String {
    // A strip of 14 pt across, 40 mm along; its middle 28 mm from the edge, its end one character in.
    let (across_mm, along_mm) = (6.0, 40.0);
    let left_mm = BOTTOM_MM - 7.0 - across_mm / 2.0;
    let in_mm = 14.0 * 25.4 / 72.0;
    let top_mm = if odd { PAPER_MM.0 - RIGHT_MM - in_mm - along_mm } else { LEFT_MM + in_mm };
    let align = if odd { "right" } else { "left" };
    let line = Para::exact(280).align(align).raw(&number()).finish();
    format!(
        r#"<w:r><w:pict><v:rect id="PageNumber" o:spid="_x0000_s2050" style="position:absolute;margin-left:{left_mm}mm;margin-top:{top_mm:.2}mm;width:{across_mm}mm;height:{along_mm}mm;z-index:2;mso-position-horizontal-relative:page;mso-position-vertical-relative:page" filled="f" stroked="f"><v:textbox style="layout-flow:vertical" inset="0,0,0,0"><w:txbxContent>{line}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>"#
    )
}
