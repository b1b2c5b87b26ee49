//! DOCX: a paper as an office file, in the same measures and naming the faces of the standard.
//!
//! Written as WordprocessingML directly: the red head, the grid, odd and even page numbers, the
//! number on turned pages, the watermark and the held rows all need elements that document builders
//! do not offer. Nothing is embedded: 方正小标宋, 仿宋, 楷体 and 黑体 are named, the reader's machine
//! supplies them.

mod furniture;
mod paragraphs;
mod parts;
mod tables;

use std::sync::LazyLock;

use anyhow::Context as _;
use baton_drawings::{Frame, Style};
use baton_kernel::document::{Attachment, Block, Document, Drawing, Lang, Run, Signature};
use resvg::{tiny_skia, usvg};

use crate::columns::ems;
use crate::fonts::Fonts;
use crate::measures::{PT_PER_MM, TEXT_MM};
use furniture::{Section, sect_pr};
use paragraphs::{CHAR_TW, Face, LINE_TW, Para, Words, char_tw, mm_tw};
use parts::Picture;

/// Pixels of a drawing per millimetre of paper: 300 dots an inch.
const PIXELS_PER_MM: f64 = 300.0 / 25.4;

/// Fonts for drawings when the caller has none: those of the machine.
static MACHINE: LazyLock<Fonts> = LazyLock::new(Fonts::system);

/// Sets a paper as DOCX with the fonts of this machine for its drawings.
///
/// Errors: see [`docx_with`].
pub fn docx(document: &Document) -> anyhow::Result<Vec<u8>> {
    docx_with(document, &MACHINE)
}

/// Sets a paper as DOCX; `fonts` draw the words inside drawings, all other text only names its face.
///
/// Errors: the paper holds drawings and this machine has no Chinese font.
pub fn docx_with(document: &Document, fonts: &Fonts) -> anyhow::Result<Vec<u8>> {
    let mut body =
        Body { out: String::with_capacity(64 * 1024), pictures: Vec::new(), fonts, zh: document.lang == Lang::Zh };
    body.paper(document)?;
    let last = document.attachments.last().map_or(document.landscape, |it| it.landscape);
    body.out.push_str(&sect_pr(Section { landscape: last, continued: false }));
    parts::package(document, &body.out, &body.pictures)
}

/// The body being written.
struct Body<'a> {
    out: String,
    pictures: Vec<Picture>,
    fonts: &'a Fonts,
    zh: bool,
}

impl Body<'_> {
    fn add(&mut self, para: Para) {
        self.out.push_str(&para.finish());
    }

    fn blank(&mut self, lines: usize) {
        for _ in 0..lines {
            self.add(Para::line());
        }
    }

    /// Head, body, tail, attachments, imprint.
    fn paper(&mut self, document: &Document) -> anyhow::Result<()> {
        self.head(document);
        self.title(&document.title);
        if !document.title.is_empty() {
            self.blank(1);
        }
        if let Some(addressees) = &document.addressees {
            self.add(Para::line().words(Words::body(addressees)));
        }
        // A signature never stands on a page without text: a last paragraph of up to eight lines goes
        // with it.
        let mut blocks = document.blocks.as_slice();
        let tailed = document.signature.is_some() || !document.attachments_note.is_empty();
        let last = match blocks.split_last() {
            Some((Block::Paragraph(runs), before)) if tailed && length(runs) <= 8 * 28 => {
                blocks = before;
                Some(runs)
            }
            _ => None,
        };
        self.blocks(blocks, document.landscape)?;
        if let Some(runs) = last {
            self.add(running(runs).keep_next().keep_lines());
        }
        self.tail(document);
        self.attachments(document)?;
        let witness = document.witness.as_deref().unwrap_or_default();
        let words = Words::face(Face::Song, witness).size_pt(7.0).colour("5A5A5A");
        let imprint = document.imprint.as_ref().map(tables::imprint).unwrap_or_default();
        self.add(Para::exact(160).right(0).raw(&imprint).words(words));
        Ok(())
    }

    /// The red head; the mark's upper edge is 35 mm below the top of the text.
    fn head(&mut self, document: &Document) {
        let Some(head) = &document.letterhead else { return };
        let corner = [&head.copy_number, &head.secrecy, &head.urgency];
        let used = corner.iter().rposition(|it| it.is_some()).map_or(0, |last| last + 1);
        for (index, line) in corner.iter().take(used).enumerate() {
            let face = if index == 0 { Face::Body } else { Face::Hei };
            self.add(Para::line().words(Words::face(face, line.as_deref().unwrap_or_default())));
        }
        // 58 pt narrowed to the width of the text; below half the width the type becomes smaller.
        let width_pt = TEXT_MM.0 * PT_PER_MM;
        let ratio = (width_pt / (ems(&head.organ).max(1.0) * 58.0)).min(1.0);
        let size_pt = if ratio < 0.5 { (58.0 * ratio / 0.5).floor() } else { 58.0 };
        // A twentieth less than the width: the mark must not wrap where another face stands in.
        let percent = (width_pt / (ems(&head.organ).max(1.0) * size_pt) * 95.0).floor().min(100.0);
        // In a line of exact height the base line lies at four fifths; ink reaches 0.85 em above it.
        let height = (size_pt * 20.0 * 1.2) as i64;
        let ink_top = height * 4 / 5 - (size_pt * 20.0 * 0.85) as i64;
        self.add(Para::exact(mm_tw(35.0) - ink_top - LINE_TW * used as i64));
        self.add(
            Para::exact(height).centred().words(
                Words::face(Face::Title, &head.organ).size_pt(size_pt).colour("E60012").narrowed(percent as u32),
            ),
        );
        // The mark's line ends 0.12 em below its characters: the two blank lines begin above that.
        let below = height - (height * 4 / 5 + (size_pt * 20.0 * 0.08) as i64);
        let number = head.number.as_deref().unwrap_or_default();
        self.add(Para::exact(LINE_TW * 2 - below));
        let mut last = Para::exact(340);
        match &head.signer {
            Some(signer) => {
                let by = if self.zh { "签发人：" } else { "Signed by " };
                last = last
                    .indent(CHAR_TW, CHAR_TW)
                    .tab_right(mm_tw(TEXT_MM.0) - CHAR_TW)
                    .words(Words::body(number))
                    .tab()
                    .words(Words::body(by))
                    .words(Words::face(Face::Kai, signer));
            }
            None => last = last.centred().words(Words::body(number)),
        }
        if let Some(Signature { organ, date }) = &head.issued {
            self.add(last);
            self.blank(1);
            last = Para::exact(340)
                .indent(CHAR_TW, CHAR_TW)
                .tab_right(mm_tw(TEXT_MM.0) - CHAR_TW)
                .words(Words::body(organ))
                .tab()
                .words(Words::body(date));
        }
        // 4 mm from the characters' lower edge: 10 pt below a line of 17 pt.
        self.add(last.red_rule(10));
        self.blank(2);
    }

    fn title(&mut self, lines: &[String]) {
        for line in lines {
            self.add(Para::exact(680).centred().keep_next().words(Words::face(Face::Title, line).size_pt(22.0)));
        }
    }

    fn blocks(&mut self, blocks: &[Block], landscape: bool) -> anyhow::Result<()> {
        let width_mm = if landscape { TEXT_MM.1 } else { TEXT_MM.0 };
        for block in blocks {
            match block {
                Block::Heading1(text) => self.add(Para::heading(1).words(Words::face(Face::Hei, text))),
                Block::Heading2(text) => self.add(Para::heading(2).words(Words::face(Face::Kai, text))),
                Block::Heading3(text) => self.add(Para::heading(3).words(Words::body(text))),
                Block::Paragraph(runs) => self.add(running(runs)),
                Block::Roll { label, names } => {
                    let colon = if self.zh { "：" } else { ": " };
                    let hang = char_tw(ems(label) + ems(colon));
                    self.add(
                        Para::line()
                            .hanging(2 * CHAR_TW + hang, hang)
                            .words(Words::face(Face::Hei, &format!("{label}{colon}")))
                            .words(Words::body(names)),
                    );
                }
                Block::Table(table) => self.out.push_str(&tables::table(table, width_mm)),
                Block::Drawing(drawing) => self.drawing(drawing, width_mm)?,
                Block::Page(text) => self.add(
                    Para::exact(680)
                        .centred()
                        .keep_next()
                        .new_page()
                        .words(Words::face(Face::Title, text).size_pt(22.0)),
                ),
                Block::Note(text) => {
                    self.add(Para::exact(360).first_line().words(Words::body(text).size_pt(12.0)));
                }
            }
        }
        Ok(())
    }

    /// A drawing as a picture with its title below.
    fn drawing(&mut self, drawing: &Drawing, width_mm: f64) -> anyhow::Result<()> {
        let found = self.fonts.found()?;
        let family = found.hei.first().map(String::as_str).unwrap_or_default();
        let svg = baton_drawings::svg(drawing, Frame::Paper, Style::Print { family });
        let (png, height_mm) = raster(&svg, width_mm, &found.pictures)?;
        let index = self.pictures.len() + 1;
        self.out.push_str(&paragraphs::picture(index, drawing.title(), width_mm, height_mm));
        self.pictures.push(Picture { png });
        let unit = drawing.unit().map(|unit| format!("（{unit}）")).unwrap_or_default();
        let caption = format!("{}{unit}", drawing.title());
        self.add(Para::exact(400).centred().after(200).words(Words::face(Face::Hei, &caption).size_pt(12.0)));
        Ok(())
    }

    /// 附件说明, 署名, 成文日期, 附注.
    fn tail(&mut self, document: &Document) {
        let notes = &document.attachments_note;
        let signed = document.signature.is_some();
        let held = |para: Para| if signed { para.keep_next() } else { para };
        if !notes.is_empty() {
            self.add(Para::line().keep_next());
            let label = if self.zh { "附件：" } else { "Attachments: " };
            let label_width = char_tw(ems(label));
            for (index, note) in notes.iter().enumerate() {
                let number = if notes.len() > 1 { format!("{}.", index + 1) } else { String::new() };
                let number_width = char_tw(ems(&number));
                let left = 2 * CHAR_TW + label_width + number_width;
                let (lead, hang) = if index == 0 { (label, label_width + number_width) } else { ("", number_width) };
                let words = format!("{lead}{number}{note}");
                self.add(held(Para::line().hanging(left, hang).words(Words::body(&words))));
            }
        }
        if let Some(Signature { organ, date }) = &document.signature {
            // Unsealed: the name two characters from the right, the date two characters right of the
            // name's first character; a longer date takes the right place and the name moves.
            let (name, day) = (ems(organ), ems(date));
            let (name_right, day_right) = if day > name { (4.0 + day - name, 2.0) } else { (2.0, name - day) };
            self.add(Para::line().keep_next());
            self.add(Para::line().keep_next().right(char_tw(name_right)).words(Words::body(organ)));
            self.add(Para::line().right(char_tw(day_right)).words(Words::body(date)));
        }
        if let Some(note) = &document.note {
            self.add(Para::line().first_line().words(Words::body(&format!("（{note}）"))));
        }
    }

    /// Attachments, each from a new page; a change of paper is a new section.
    fn attachments(&mut self, document: &Document) -> anyhow::Result<()> {
        let mut landscape = document.landscape;
        for (index, Attachment { title, landscape: turned, blocks }) in document.attachments.iter().enumerate() {
            let word = if self.zh { "附件" } else { "Attachment " };
            let number = if document.attachments.len() > 1 { (index + 1).to_string() } else { String::new() };
            let mut label = Para::line().keep_next().words(Words::face(Face::Hei, &format!("{word}{number}")));
            if landscape == *turned {
                label = label.new_page();
            } else {
                self.add(Para::exact(20).section(Section { landscape, continued: false }));
                landscape = *turned;
            }
            self.add(label);
            self.blank(1);
            self.title(std::slice::from_ref(title));
            self.blank(1);
            self.blocks(blocks, *turned)?;
        }
        Ok(())
    }
}

/// Running text, first line in by two characters.
fn running(runs: &[Run]) -> Para {
    let words = |run: &Run| Words::face(Face::from(run.face), &run.text).finish();
    Para::line().first_line().raw(&runs.iter().map(words).collect::<String>())
}

/// Characters of running text.
fn length(runs: &[Run]) -> usize {
    runs.iter().map(|run| run.text.chars().count()).sum()
}

/// A drawing as PNG at 300 dots an inch, and its height on paper in millimetres.
fn raster(svg: &str, width_mm: f64, fonts: &std::sync::Arc<usvg::fontdb::Database>) -> anyhow::Result<(Vec<u8>, f64)> {
    let options = usvg::Options { fontdb: fonts.clone(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).context("drawing")?;
    let size = tree.size();
    let height_mm = width_mm * f64::from(size.height()) / f64::from(size.width());
    let (width, height) = ((width_mm * PIXELS_PER_MM) as u32, (height_mm * PIXELS_PER_MM) as u32);
    let mut map = tiny_skia::Pixmap::new(width.max(1), height.max(1)).context("drawing of no size")?;
    map.fill(tiny_skia::Color::WHITE);
    let scale = width as f32 / size.width();
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut map.as_mut());
    Ok((map.encode_png().context("picture")?, height_mm))
}
