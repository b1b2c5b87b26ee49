//! The draft: a text under repair, which remembers every edit at its place in the text as it now stands.

use crate::clean::{Step, StepKind};

/// One edit: `removed` characters from `at` on give way to `added`.
pub(crate) struct Edit {
    /// Character offset in the draft before the edits of this pass.
    pub at: usize,
    /// How many characters go.
    pub removed: usize,
    /// What takes their place.
    pub added: Vec<char>,
}

impl Edit {
    /// Removes `removed` characters at `at`.
    pub fn remove(at: usize, removed: usize) -> Edit {
        Edit { at, removed, added: Vec::new() }
    }

    /// Replaces the one character at `at`.
    pub fn swap(at: usize, with: char) -> Edit {
        Edit { at, removed: 1, added: vec![with] }
    }
}

/// A text under repair.
pub(crate) struct Draft {
    /// The characters as they now stand.
    pub chars: Vec<char>,
    /// What was done, by place.
    pub steps: Vec<Step>,
}

impl Draft {
    /// The draft of `text`, nothing done yet.
    pub fn new(text: &str) -> Draft {
        Draft { chars: text.chars().collect(), steps: Vec::new() }
    }

    /// Carries out `edits` (ascending; one that overlaps the one before is dropped). True when the text changed.
    ///
    /// Places of earlier steps move along, so that at the end every step stands at its place in the result.
    pub fn apply(&mut self, kind: StepKind, mut edits: Vec<Edit>) -> bool {
        let mut free = 0;
        edits.retain(|edit| {
            let fits = edit.at >= free && edit.at + edit.removed <= self.chars.len();
            let changes = fits && self.chars[edit.at..edit.at + edit.removed] != edit.added[..];
            if changes {
                free = edit.at + edit.removed;
            }
            changes
        });
        if edits.is_empty() {
            return false;
        }
        let mut result = Vec::with_capacity(self.chars.len());
        let mut steps = Vec::with_capacity(self.steps.len() + edits.len());
        let mut earlier = std::mem::take(&mut self.steps).into_iter().peekable();
        let mut from = 0;
        for edit in edits {
            while let Some(mut step) = earlier.next_if(|step| step.at < edit.at) {
                step.at = step.at - from + result.len();
                steps.push(step);
            }
            result.extend_from_slice(&self.chars[from..edit.at]);
            from = edit.at + edit.removed;
            while let Some(mut step) = earlier.next_if(|step| step.at < from) {
                step.at = result.len();
                steps.push(step);
            }
            steps.push(Step {
                kind,
                at: result.len(),
                removed: self.chars[edit.at..from].iter().collect(),
                added: edit.added.iter().collect(),
            });
            result.extend(edit.added);
        }
        for mut step in earlier {
            step.at = step.at - from + result.len();
            steps.push(step);
        }
        result.extend_from_slice(&self.chars[from..]);
        self.chars = result;
        self.steps = steps;
        true
    }

    /// Character ranges of the lines, without their line ends.
    pub fn lines(&self) -> Vec<(usize, usize)> {
        let mut lines = Vec::new();
        let mut from = 0;
        for (at, &c) in self.chars.iter().enumerate() {
            if c == '\n' {
                lines.push((from, at));
                from = at + 1;
            }
        }
        lines.push((from, self.chars.len()));
        lines
    }
}
