//! Paragraphs and runs of WordprocessingML, their properties in the order the schema wants.

use std::fmt::Write as _;

use baton_kernel::document;

use super::furniture::{Section, sect_pr};

/// Height of a body line: 28.95 pt, so that 22 of them fit 225 mm (twentieths of a point).
pub(crate) const LINE_TW: i64 = 579;

/// Width of a character of the grid: 156 mm / 28 (twentieths of a point).
pub(crate) const CHAR_TW: i64 = 316;

/// 3号, the size of running text in points.
const BODY_PT: f64 = 16.0;

/// Millimetres in twentieths of a point.
pub(crate) fn mm_tw(mm: f64) -> i64 {
    (mm * 1440.0 / 25.4).round() as i64
}

/// Characters of the grid in twentieths of a point.
pub(crate) fn char_tw(characters: f64) -> i64 {
    (characters * 156.0 / 28.0 * 1440.0 / 25.4).round() as i64
}

/// Words with the characters escaped that XML reserves, and those left out that it forbids.
pub(crate) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
    out
}

/// A face of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Title,
    Body,
    Kai,
    Hei,
    Song,
}

impl Face {
    /// The family named in the file.
    pub(crate) fn family(self) -> &'static str {
        match self {
            Face::Title => "方正小标宋简体",
            Face::Body => "仿宋_GB2312",
            Face::Kai => "楷体_GB2312",
            Face::Hei => "黑体",
            Face::Song => "宋体",
        }
    }
}

impl From<document::Face> for Face {
    fn from(face: document::Face) -> Face {
        match face {
            document::Face::Body => Face::Body,
            document::Face::Hei => Face::Hei,
            document::Face::Kai => Face::Kai,
        }
    }
}

/// A run of words in one face.
pub(crate) struct Words<'a> {
    text: &'a str,
    face: Face,
    size_pt: f64,
    colour: Option<&'static str>,
    percent: u32,
}

impl<'a> Words<'a> {
    pub(crate) fn face(face: Face, text: &'a str) -> Words<'a> {
        Words { text, face, size_pt: BODY_PT, colour: None, percent: 100 }
    }

    pub(crate) fn body(text: &'a str) -> Words<'a> {
        Words::face(Face::Body, text)
    }

    pub(crate) fn size_pt(self, size_pt: f64) -> Words<'a> {
        Words { size_pt, ..self }
    }

    pub(crate) fn colour(self, colour: &'static str) -> Words<'a> {
        Words { colour: Some(colour), ..self }
    }

    /// Characters narrowed to `percent` of their width.
    pub(crate) fn narrowed(self, percent: u32) -> Words<'a> {
        Words { percent, ..self }
    }

    /// Run properties.
    pub(crate) fn properties(&self) -> String {
        let family = self.face.family();
        let mut out = format!(
            r#"<w:rPr><w:rFonts w:ascii="{family}" w:eastAsia="{family}" w:hAnsi="{family}" w:cs="{family}" w:hint="eastAsia"/>"#
        );
        if let Some(colour) = self.colour {
            let _ = write!(out, r#"<w:color w:val="{colour}"/>"#);
        }
        // The grid's pitch as spacing of the run: office programs differ in how they fill a grid of
        // characters, and 28 × 15.7 pt fit 156 mm in all of them; justification gives the rest.
        if self.size_pt == BODY_PT {
            out.push_str(r#"<w:spacing w:val="-6"/>"#);
        }
        if self.percent != 100 {
            let _ = write!(out, r#"<w:w w:val="{}"/>"#, self.percent);
        }
        let half_points = (self.size_pt * 2.0).round() as i64;
        let _ = write!(out, r#"<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>"#);
        out
    }

    /// The whole run.
    pub(crate) fn finish(&self) -> String {
        if self.text.is_empty() {
            return String::new();
        }
        let properties = self.properties();
        let mut out = String::new();
        for (index, line) in self.text.split('\n').enumerate() {
            let line_break = if index > 0 { "<w:br/>" } else { "" };
            let _ =
                write!(out, r#"<w:r>{properties}{line_break}<w:t xml:space="preserve">{}</w:t></w:r>"#, escaped(line));
        }
        out
    }
}

/// A paragraph being built.
#[derive(Default)]
pub(crate) struct Para {
    style: Option<&'static str>,
    keep_next: bool,
    keep_lines: bool,
    new_page: bool,
    rule: Option<String>,
    tab_right_tw: Option<i64>,
    line_tw: i64,
    after_tw: i64,
    indent: String,
    align: Option<&'static str>,
    section: Option<Section>,
    runs: String,
}

impl Para {
    /// A line of the grid.
    pub(crate) fn line() -> Para {
        Para { line_tw: LINE_TW, ..Para::default() }
    }

    /// A line of a height of its own.
    pub(crate) fn exact(line_tw: i64) -> Para {
        Para { line_tw: line_tw.max(1), ..Para::default() }
    }

    /// A heading of level 1 to 3, on the grid, kept with what follows.
    pub(crate) fn heading(level: u8) -> Para {
        let style = match level {
            1 => "Heading1",
            2 => "Heading2",
            _ => "Heading3",
        };
        Para { style: Some(style), ..Para::line().first_line().keep_next() }
    }

    pub(crate) fn keep_next(self) -> Para {
        Para { keep_next: true, ..self }
    }

    /// Not broken across pages.
    pub(crate) fn keep_lines(self) -> Para {
        Para { keep_lines: true, ..self }
    }

    pub(crate) fn new_page(self) -> Para {
        Para { new_page: true, ..self }
    }

    /// A red rule of 2 pt, `space_pt` below the line.
    pub(crate) fn red_rule(self, space_pt: u32) -> Para {
        let rule = format!(r#"<w:bottom w:val="single" w:sz="16" w:space="{space_pt}" w:color="E60012"/>"#);
        Para { rule: Some(rule), ..self }
    }

    /// White below, in twentieths of a point.
    pub(crate) fn after(self, after_tw: i64) -> Para {
        Para { after_tw, ..self }
    }

    /// First line in by two characters.
    pub(crate) fn first_line(self) -> Para {
        Para { indent: r#"<w:ind w:firstLineChars="200" w:firstLine="632"/>"#.to_owned(), ..self }
    }

    /// Left edge at `left_tw`, first line `hang_tw` to the left of it.
    pub(crate) fn hanging(self, left_tw: i64, hang_tw: i64) -> Para {
        Para { indent: format!(r#"<w:ind w:left="{left_tw}" w:hanging="{hang_tw}"/>"#), ..self }
    }

    /// Both edges in.
    pub(crate) fn indent(self, left_tw: i64, right_tw: i64) -> Para {
        Para { indent: format!(r#"<w:ind w:left="{left_tw}" w:right="{right_tw}"/>"#), ..self }
    }

    /// Right-aligned, `right_tw` from the right edge.
    pub(crate) fn right(self, right_tw: i64) -> Para {
        Para { indent: format!(r#"<w:ind w:right="{right_tw}"/>"#), align: Some("right"), ..self }
    }

    pub(crate) fn centred(self) -> Para {
        Para { align: Some("center"), ..self }
    }

    pub(crate) fn align(self, align: &'static str) -> Para {
        Para { align: Some(align), ..self }
    }

    pub(crate) fn tab_right(self, at_tw: i64) -> Para {
        Para { tab_right_tw: Some(at_tw), ..self }
    }

    /// The last paragraph of a section.
    pub(crate) fn section(self, section: Section) -> Para {
        Para { section: Some(section), ..self }
    }

    pub(crate) fn words(mut self, words: Words<'_>) -> Para {
        self.runs.push_str(&words.finish());
        self
    }

    /// A tabulator.
    pub(crate) fn tab(mut self) -> Para {
        self.runs.push_str("<w:r><w:tab/></w:r>");
        self
    }

    /// Ready-made runs.
    pub(crate) fn raw(mut self, runs: &str) -> Para {
        self.runs.push_str(runs);
        self
    }

    pub(crate) fn finish(self) -> String {
        let mut out = String::from("<w:p><w:pPr>");
        if let Some(style) = self.style {
            let _ = write!(out, r#"<w:pStyle w:val="{style}"/>"#);
        }
        if self.keep_next {
            out.push_str("<w:keepNext/>");
        }
        if self.keep_lines {
            out.push_str("<w:keepLines/>");
        }
        if self.new_page {
            out.push_str("<w:pageBreakBefore/>");
        }
        if let Some(rule) = &self.rule {
            let _ = write!(out, "<w:pBdr>{rule}</w:pBdr>");
        }
        if let Some(at) = self.tab_right_tw {
            let _ = write!(out, r#"<w:tabs><w:tab w:val="right" w:pos="{at}"/></w:tabs>"#);
        }
        let after = if self.after_tw > 0 { format!(r#" w:after="{}""#, self.after_tw) } else { String::new() };
        if self.line_tw > 0 {
            let _ = write!(out, r#"<w:spacing{after} w:line="{}" w:lineRule="exact"/>"#, self.line_tw);
        } else {
            let _ = write!(out, r#"<w:spacing{after} w:line="240" w:lineRule="auto"/>"#);
        }
        out.push_str(&self.indent);
        if let Some(align) = self.align {
            let _ = write!(out, r#"<w:jc w:val="{align}"/>"#);
        }
        if let Some(section) = self.section {
            out.push_str(&sect_pr(section));
        }
        out.push_str("</w:pPr>");
        out.push_str(&self.runs);
        out.push_str("</w:p>");
        out
    }
}

/// A paragraph that holds picture number `index`, kept with its title below.
pub(crate) fn picture(index: usize, title: &str, width_mm: f64, height_mm: f64) -> String {
    let (width, height) = ((width_mm * 36_000.0) as i64, (height_mm * 36_000.0) as i64);
    let title = escaped(title);
    let run = format!(
        r#"<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{index}" name="Drawing {index}" descr="{title}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="{index}" name="drawing{index}.png" descr="{title}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="picture{index}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#
    );
    let para = Para { keep_next: true, align: Some("center"), ..Para::default() };
    para.raw(&run).finish()
}
