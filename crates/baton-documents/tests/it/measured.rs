//! Measured: what stands where on the pages of a PDF, in millimetres from the upper left corner.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use baton_documents::{Fonts, Rendered, pdf};
use baton_kernel::document::Document;

/// The fonts of this machine, searched once for all tests of this process.
pub static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::system);

/// Pixels per millimetre of a rastered page (254 dots an inch).
const PIXELS: f64 = 10.0;

/// Sets a paper and measures it; nothing, with a visible line, when fonts or tools are not here.
pub fn set(document: &Document) -> Option<Measured> {
    let rendered = match FONTS.report() {
        Ok(_) => pdf(document, &FONTS).expect("a paper can be set"),
        Err(error) => {
            println!("skipped: {error}");
            return None;
        }
    };
    Measured::of(&rendered)
}

/// A line of text and the box around it.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// A page with its lines in reading order.
#[derive(Clone, Debug)]
pub struct Page {
    pub width: f64,
    pub height: f64,
    pub lines: Vec<Line>,
}

impl Page {
    /// The first line that contains `words`.
    pub fn line(&self, words: &str) -> &Line {
        self.lines
            .iter()
            .find(|line| line.text.contains(words))
            .unwrap_or_else(|| panic!("no line with {words}: {:#?}", self.lines))
    }

    /// All its text.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// A PDF on disk and what it holds.
pub struct Measured {
    dir: tempfile::TempDir,
    pub pages: Vec<Page>,
}

/// Rows of a page with ink of one colour, joined to bands: top, bottom, left and right edge.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    pub top: f64,
    pub bottom: f64,
    pub left: f64,
    pub right: f64,
}

/// Which ink to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Red,
    Black,
}

impl Measured {
    fn of(rendered: &Rendered) -> Option<Measured> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("paper.pdf");
        std::fs::write(&path, &rendered.bytes).unwrap();
        Measured::read(dir, &path)
    }

    /// Measures a PDF in a directory of its own.
    pub fn read(dir: tempfile::TempDir, path: &Path) -> Option<Measured> {
        let Ok(out) = Command::new("pdftotext").arg("-bbox-layout").arg(path).arg("-").output() else {
            println!("skipped: pdftotext (poppler-utils) is not here");
            return None;
        };
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        if path.file_name().unwrap() != "paper.pdf" {
            std::fs::rename(path, dir.path().join("paper.pdf")).unwrap();
        }
        Some(Measured { dir, pages: pages(&String::from_utf8_lossy(&out.stdout)) })
    }

    /// Bands of ink on a page (counted from 1), from the top; bands closer than 0.3 mm are one.
    pub fn bands(&self, page: usize, ink: Ink) -> Vec<Band> {
        let number = page.to_string();
        let path = self.dir.path().join("paper.pdf");
        let out = Command::new("pdftoppm").args(["-r", "254", "-f", &number, "-l", &number]).arg(path).output();
        let picture = out.expect("pdftoppm comes with pdftotext").stdout;
        let mut head = picture.splitn(4, |byte| *byte == b'\n');
        assert_eq!(head.next(), Some(b"P6".as_slice()));
        let size = String::from_utf8(head.next().unwrap().to_vec()).unwrap();
        let width: usize = size.split(' ').next().unwrap().parse().unwrap();
        let pixels = head.nth(1).unwrap();
        let inked = |pixel: &[u8]| match ink {
            Ink::Red => pixel[0] > 180 && pixel[1] < 120 && pixel[2] < 120,
            Ink::Black => pixel.iter().all(|it| *it < 128),
        };
        let mut bands: Vec<Band> = Vec::new();
        for (row, pixels) in pixels.chunks_exact(width * 3).enumerate() {
            let mut places =
                pixels.chunks_exact(3).enumerate().filter(|(_, pixel)| inked(pixel)).map(|(place, _)| place);
            let Some(first) = places.next() else { continue };
            let (left, right) = (first as f64 / PIXELS, (places.next_back().unwrap_or(first) + 1) as f64 / PIXELS);
            let (top, bottom) = (row as f64 / PIXELS, (row + 1) as f64 / PIXELS);
            match bands.last_mut() {
                Some(last) if top - last.bottom < 0.3 => {
                    last.bottom = bottom;
                    last.left = last.left.min(left);
                    last.right = last.right.max(right);
                }
                _ => bands.push(Band { top, bottom, left, right }),
            }
        }
        bands
    }
}

/// Reads what pdftotext found; points become millimetres.
fn pages(xhtml: &str) -> Vec<Page> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let tree = roxmltree::Document::parse_with_options(xhtml, options).unwrap();
    let mm =
        |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap() * 25.4 / 72.0;
    let line = |node: roxmltree::Node<'_, '_>| Line {
        text: node.children().filter(|it| it.has_tag_name("word")).filter_map(|it| it.text()).collect(),
        left: mm(node, "xMin"),
        top: mm(node, "yMin"),
        right: mm(node, "xMax"),
        bottom: mm(node, "yMax"),
    };
    // Elements are in the namespace of XHTML.
    let named = |node: &roxmltree::Node<'_, '_>, name: &str| node.tag_name().name() == name;
    let line_of = |node: roxmltree::Node<'_, '_>| Line {
        text: node.children().filter(|it| named(it, "word")).filter_map(|it| it.text()).collect(),
        ..line(node)
    };
    tree.descendants()
        .filter(|node| named(node, "page"))
        .map(|page| Page {
            width: mm(page, "width"),
            height: mm(page, "height"),
            lines: page.descendants().filter(|node| named(node, "line")).map(line_of).collect(),
        })
        .collect()
}

/// Fails unless `found` is within `tolerance` of `wanted`.
#[track_caller]
pub fn near(what: &str, found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{what}: {found:.2} mm instead of {wanted:.2} ± {tolerance} mm");
}
