//! Canvas: writes one SVG, escaping words and rounding coordinates.

use std::fmt::Write as _;

use baton_kernel::document::Light;
use rust_decimal::Decimal;

use crate::ink::{Style, attributes};
use crate::scale::{px, written};

/// Where a text stands with respect to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG being written.
pub(crate) struct Canvas<'a> {
    out: String,
    style: Style<'a>,
}

impl<'a> Canvas<'a> {
    /// Begins a drawing of `width` × `height` units with its accessible name and description.
    pub(crate) fn new(width: Decimal, height: Decimal, title: &str, desc: &str, style: Style<'a>) -> Canvas<'a> {
        let mut out = String::with_capacity(2048);
        let (width, height) = (written(width), written(height));
        match style {
            Style::Page => {
                let _ = write!(out, r#"<svg viewBox="0 0 {width} {height}" role="img">"#);
            }
            Style::Print { family } => {
                let _ = write!(
                    out,
                    r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" font-family="{}" font-size="12" fill="#434e5c">"##,
                    escaped(family)
                );
            }
        }
        let _ = write!(out, "<title>{}</title>", escaped(title));
        if !desc.is_empty() {
            let _ = write!(out, "<desc>{}</desc>", escaped(desc));
        }
        Canvas { out, style }
    }

    /// True when numbers on axes are grouped by thousands (on screen, not on paper).
    pub(crate) fn grouped(&self) -> bool {
        self.style == Style::Page
    }

    /// How `class` is written in this style.
    fn look(&self, class: &str) -> String {
        match self.style {
            Style::Page if class.is_empty() => String::new(),
            Style::Page => format!(r#" class="{class}""#),
            Style::Print { .. } => attributes(class).to_owned(),
        }
    }

    /// A rectangle; nothing when it has no extent.
    pub(crate) fn rect(&mut self, class: &str, x: Decimal, y: Decimal, width: Decimal, height: Decimal) {
        if width > Decimal::ZERO && height > Decimal::ZERO {
            let look = self.look(class);
            let _ = write!(
                self.out,
                r#"<rect{look} x="{}" y="{}" width="{}" height="{}"/>"#,
                written(x),
                written(y),
                written(width),
                written(height)
            );
        }
    }

    /// A straight line.
    pub(crate) fn line(&mut self, class: &str, (x1, y1): (Decimal, Decimal), (x2, y2): (Decimal, Decimal)) {
        let look = self.look(class);
        let _ = write!(
            self.out,
            r#"<line{look} x1="{}" x2="{}" y1="{}" y2="{}"/>"#,
            written(x1),
            written(x2),
            written(y1),
            written(y2)
        );
    }

    /// A line through points; nothing for fewer than two.
    pub(crate) fn path(&mut self, class: &str, points: &[(Decimal, Decimal)]) {
        if points.len() > 1 {
            let look = self.look(class);
            let _ = write!(self.out, r#"<path{look} d=""#);
            for (index, (x, y)) in points.iter().enumerate() {
                let pen = if index == 0 { "M" } else { " L" };
                let _ = write!(self.out, "{pen}{} {}", written(*x), written(*y));
            }
            self.out.push_str(r#""/>"#);
        }
    }

    /// A disc or ring.
    pub(crate) fn circle(&mut self, class: &str, x: Decimal, y: Decimal, radius: Decimal) {
        let look = self.look(class);
        let _ = write!(self.out, r#"<circle{look} cx="{}" cy="{}" r="{}"/>"#, written(x), written(y), written(radius));
    }

    /// Words on a baseline.
    pub(crate) fn text(&mut self, class: &str, anchor: Anchor, x: Decimal, y: Decimal, words: &str) {
        let (extra, own) = match (self.style, anchor) {
            (_, Anchor::Start) => ("", ""),
            (Style::Page, Anchor::Middle) => (" mid", ""),
            (Style::Page, Anchor::End) => (" end", ""),
            (Style::Print { .. }, Anchor::Middle) => ("", r#" text-anchor="middle""#),
            (Style::Print { .. }, Anchor::End) => ("", r#" text-anchor="end""#),
        };
        let look = match self.style {
            Style::Page => self.look(format!("{class}{extra}").trim_start()),
            Style::Print { .. } => self.look(class),
        };
        let _ = write!(self.out, r#"<text{look}{own} x="{}" y="{}">{}</text>"#, written(x), written(y), escaped(words));
    }

    /// The mark of a light centred on a point: disc, edged diamond, triangle or crossed square.
    pub(crate) fn light(&mut self, light: Light, x: Decimal, y: Decimal) {
        let four = px(4);
        match light {
            Light::Ok => self.circle("ok", x, y, four),
            Light::Warn => self.closed("warn", &[(x, y - four), (x + four, y), (x, y + four), (x - four, y)]),
            Light::Lag => self.closed("lag", &[(x, y - four), (x + px(5), y + four), (x - px(5), y + four)]),
            Light::None => {
                self.rect("none", x - four, y - four, px(8), px(8));
                self.line("axis", (x - four, y + four), (x + four, y - four));
            }
        }
    }

    /// A closed, filled outline.
    fn closed(&mut self, class: &str, points: &[(Decimal, Decimal)]) {
        let look = self.look(class);
        let _ = write!(self.out, r#"<path{look} d=""#);
        for (index, (x, y)) in points.iter().enumerate() {
            let _ = write!(self.out, "{}{} {}", if index == 0 { "M" } else { " L" }, written(*x), written(*y));
        }
        self.out.push_str(r#"Z"/>"#);
    }

    /// Begins a link around what follows, on pages only; none for an empty path.
    pub(crate) fn link(&mut self, path: &str) {
        if self.style == Style::Page && !path.is_empty() {
            let _ = write!(self.out, r#"<a href="{}">"#, escaped(path));
        }
    }

    /// Ends the link of the same path.
    pub(crate) fn end_link(&mut self, path: &str) {
        if self.style == Style::Page && !path.is_empty() {
            self.out.push_str("</a>");
        }
    }

    /// The finished drawing.
    pub(crate) fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

/// Words with the five characters escaped that XML reserves; control characters that XML forbids
/// are left out.
pub(crate) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() && !matches!(letter, '\n' | '\t') => {}
            _ => out.push(letter),
        }
    }
    out
}
