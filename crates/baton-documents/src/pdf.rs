//! PDF: a paper set by the typesetter from our own template.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::{Context as _, anyhow};
use baton_drawings::{Frame, Style};
use baton_kernel::document::{Block, Document, Drawing, Table};
use serde_json::{Value, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::columns::{fit, head_lines};
use crate::fonts::{FontUse, Fonts, Found};
use crate::measures::{PT_PER_MM, TEXT_MM};

/// How we lay a paper out; the data comes from `/paper.json`.
const TEMPLATE: &str = include_str!("../templates/gongwen.typ");

/// Compilations that an unused intermediate result of the typesetter survives.
const CACHE_AGE: usize = 8;

/// A paper as PDF.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The file.
    pub bytes: Vec<u8>,
    /// Which faces the standard wants and which were used.
    pub font_report: Vec<FontUse>,
    /// Number of pages.
    pub pages: usize,
}

/// Sets a paper as PDF.
///
/// The bytes depend on the paper and the fonts only. The first call searches the fonts (about half a
/// second); later ones take about a tenth of a second.
///
/// Errors: no Chinese font on this machine, or a mistake in our own template.
pub fn pdf(document: &Document, fonts: &Fonts) -> anyhow::Result<Rendered> {
    let found = fonts.found()?;
    let desk = Desk::new(document, found)?;
    let paged = typst::compile::<PagedDocument>(&desk).output;
    let paged = paged.map_err(|mistakes| mistake(&desk, &mistakes)).context("typesetting")?;
    let bytes = typst_pdf::pdf(&paged, &PdfOptions::default());
    let bytes = bytes.map_err(|mistakes| mistake(&desk, &mistakes)).context("writing PDF")?;
    comemo::evict(CACHE_AGE);
    Ok(Rendered { bytes, font_report: found.report.clone(), pages: paged.pages().len() })
}

/// Everything the typesetter may see: the template, the paper as JSON, its drawings, the fonts.
struct Desk<'a> {
    book: LazyHash<FontBook>,
    faces: &'a [Font],
    main: Source,
    files: BTreeMap<String, Bytes>,
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

impl<'a> Desk<'a> {
    fn new(document: &Document, found: &'a Found) -> anyhow::Result<Desk<'a>> {
        let mut files = BTreeMap::new();
        let family = found.hei.first().cloned().unwrap_or_default();
        let mut paper = serde_json::to_value(document)?;
        paper["blocks"] = blocks(&document.blocks, document.landscape, &family, &mut files)?;
        for (index, attachment) in document.attachments.iter().enumerate() {
            paper["attachments"][index]["blocks"] =
                blocks(&attachment.blocks, attachment.landscape, &family, &mut files)?;
        }
        paper["fonts"] = json!({
            "title": found.title, "body": found.body, "kai": found.kai, "hei": found.hei, "song": found.song,
        });
        files.insert("/paper.json".to_owned(), Bytes::new(serde_json::to_vec(&paper)?));
        Ok(Desk {
            book: LazyHash::new(FontBook::from_fonts(&found.faces)),
            faces: &found.faces,
            main: Source::new(file_id("/gongwen.typ")?, TEMPLATE.to_owned()),
            files,
        })
    }
}

/// A path of the typesetter's own small world.
fn file_id(path: &str) -> anyhow::Result<FileId> {
    let path = VirtualPath::new(path).map_err(|error| anyhow!("{path}: {error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Blocks for the template: drawings become files, tables get their column widths.
fn blocks(
    blocks: &[Block],
    landscape: bool,
    family: &str,
    files: &mut BTreeMap<String, Bytes>,
) -> anyhow::Result<Value> {
    let width_mm = if landscape { TEXT_MM.1 } else { TEXT_MM.0 };
    let mut out = Vec::new();
    for block in blocks {
        let mut value = serde_json::to_value(block)?;
        match block {
            Block::Drawing(drawing) => {
                let path = format!("/drawing-{}.svg", files.len());
                value["drawing"] = picture(drawing, &path);
                let svg = baton_drawings::svg(drawing, Frame::Paper, Style::Print { family });
                files.insert(path, Bytes::from_string(svg));
            }
            Block::Table(table) => measured(table, width_mm, &mut value["table"]),
            _ => {}
        }
        out.push(value);
    }
    Ok(Value::Array(out))
}

/// What the template needs to know of a drawing.
fn picture(drawing: &Drawing, path: &str) -> Value {
    json!({ "path": path, "title": drawing.title(), "unit": drawing.unit() })
}

/// Adds type size and column widths to a table.
fn measured(table: &Table, width_mm: f64, value: &mut Value) {
    let fit = fit(table, width_mm * PT_PER_MM);
    value["size"] = json!(fit.size_pt);
    value["widths"] = json!(fit.widths_pt);
    for (row, cells) in head_lines(table, &fit).into_iter().enumerate() {
        for (index, (_, lines)) in cells.into_iter().enumerate() {
            value["head"][row][index]["lines"] = json!(lines);
        }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(absent(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(id.vpath().get_with_slash()).cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    /// No clock: a paper's date is part of the paper.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_with_slash().into())
}

/// The typesetter's complaints with their lines in our template.
fn mistake(desk: &Desk<'_>, mistakes: &[SourceDiagnostic]) -> anyhow::Error {
    let lines: Vec<String> = mistakes
        .iter()
        .map(|it| {
            let range = typst::WorldExt::range(desk, it.span);
            let line = range.and_then(|range| desk.main.lines().byte_to_line(range.start)).map_or(0, |line| line + 1);
            format!(
                "gongwen.typ:{line}: {} {}",
                it.message,
                it.hints.iter().map(|hint| hint.v.as_str()).collect::<Vec<_>>().join("; ")
            )
        })
        .collect();
    anyhow!(lines.join("\n"))
}
