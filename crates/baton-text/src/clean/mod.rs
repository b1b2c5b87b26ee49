//! Cleaning: garbled Chinese text in, readable text out, with every change at its place.
//!
//! The passes run in the order of this file, round after round until one changes nothing; so a cleaned text is
//! left as it is. No pass knows a word of any article: they know characters, readings and marks.

mod blanks;
mod doubts;
mod lines;
mod marks;
mod markup;
mod mojibake;
mod readings;
mod script;

use crate::draft::Draft;
use crate::limits::ROUNDS_MAX;
use serde::Serialize;

pub use doubts::Doubt;

/// Why something was changed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// HTML tags and entities.
    Markup,
    /// Wrongly decoded bytes.
    Mojibake,
    /// The reading of a character in brackets, 區(qū).
    Reading,
    /// Traditional, compatibility or radical form of a character.
    Script,
    /// Full-width figures and letters, half-width marks, marks of another script.
    Width,
    /// Commas and repeated marks that stand before another mark.
    Noise,
    /// Page numbers, running heads, lines broken in the middle of a sentence.
    Line,
    /// Blanks, invisible characters, line ends.
    Blank,
}

impl StepKind {
    /// All kinds, in the order of the passes.
    pub const ALL: [StepKind; 8] = [
        StepKind::Markup,
        StepKind::Mojibake,
        StepKind::Reading,
        StepKind::Script,
        StepKind::Width,
        StepKind::Noise,
        StepKind::Line,
        StepKind::Blank,
    ];

    /// What it is called: (Chinese, English).
    pub fn label(self) -> (&'static str, &'static str) {
        match self {
            StepKind::Markup => ("网页标记", "markup"),
            StepKind::Mojibake => ("乱码", "wrongly decoded bytes"),
            StepKind::Reading => ("括注拼音", "reading in brackets"),
            StepKind::Script => ("繁体、异体字", "traditional or variant form"),
            StepKind::Width => ("标点、全半角", "marks and width"),
            StepKind::Noise => ("多余标点", "noise marks"),
            StepKind::Line => ("页码与断行", "page numbers and broken lines"),
            StepKind::Blank => ("空白", "blanks"),
        }
    }
}

/// One change. Steps are in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Why.
    pub kind: StepKind,
    /// Where, as a character offset in the cleaned text.
    pub at: usize,
    /// What went; empty for an insertion.
    pub removed: String,
    /// What came; empty for a removal.
    pub added: String,
}

/// A cleaned text and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// The readable text. It ends with one line end when the given one ended with any, else with none.
    pub text: String,
    /// Every change, in the order of its place.
    pub steps: Vec<Step>,
    /// Places that look damaged and could not be repaired with certainty; left as they were.
    pub doubts: Vec<Doubt>,
}

impl Cleaned {
    /// Number of changes by kind, in the order of the passes; kinds without a change are left out.
    pub fn counts(&self) -> Vec<(StepKind, usize)> {
        StepKind::ALL
            .into_iter()
            .map(|kind| (kind, self.steps.iter().filter(|step| step.kind == kind).count()))
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

/// Cleans a garbled text: tags and entities, wrongly decoded bytes, readings in brackets, traditional script,
/// width and script of marks, noise commas, blanks.
///
/// Never fails; a clean text comes back unchanged, and cleaning twice is cleaning once. What cannot be repaired
/// with certainty stays and is listed in `doubts`.
pub fn clean(text: &str) -> Cleaned {
    let mut draft = Draft::new(text);
    for _ in 0..ROUNDS_MAX {
        let mut changed = markup::pass(&mut draft);
        changed |= mojibake::pass(&mut draft);
        changed |= blanks::invisible(&mut draft);
        changed |= lines::pass(&mut draft);
        changed |= marks::width(&mut draft);
        changed |= readings::pass(&mut draft);
        changed |= script::pass(&mut draft);
        changed |= marks::noise(&mut draft);
        changed |= marks::marks(&mut draft);
        changed |= blanks::pass(&mut draft);
        if !changed {
            break;
        }
    }
    let doubts = doubts::find(&draft.chars);
    Cleaned { text: draft.chars.iter().collect(), steps: draft.steps, doubts }
}
