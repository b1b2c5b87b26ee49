//! The source: a cleaned text as characters, lines and sentences.

use regex::{Captures, Regex};
use std::ops::Range;

/// A cleaned text as characters.
pub(crate) struct Source {
    pub chars: Vec<char>,
}

impl Source {
    pub fn new(text: &str) -> Source {
        Source { chars: text.chars().collect() }
    }

    /// The characters of a range.
    pub fn at(&self, range: Range<usize>) -> &[char] {
        self.chars.get(range).unwrap_or_default()
    }

    /// The words of a range.
    pub fn text(&self, range: Range<usize>) -> String {
        self.at(range).iter().collect()
    }

    /// Lines with something in them, blanks at their ends left out.
    pub fn lines(&self) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let mut from = 0;
        for at in 0..=self.chars.len() {
            if self.chars.get(at).is_none_or(|&c| c == '\n') {
                let range = self.trimmed(from..at);
                if !range.is_empty() {
                    lines.push(range);
                }
                from = at + 1;
            }
        }
        lines
    }

    /// A range without blanks at its ends.
    pub fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = range;
        while start < end && self.chars[start].is_whitespace() {
            start += 1;
        }
        while end > start && self.chars[end - 1].is_whitespace() {
            end -= 1;
        }
        start..end
    }

    /// Sentences of a line: each with its 。！？ and a closing quote behind it.
    pub fn sentences(&self, line: Range<usize>) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut from = line.start;
        let mut at = line.start;
        while at < line.end {
            if matches!(self.chars[at], '。' | '！' | '？') {
                while at + 1 < line.end && matches!(self.chars[at + 1], '”' | '’' | '）' | '。' | '！' | '？') {
                    at += 1;
                }
                let range = self.trimmed(from..at + 1);
                if !range.is_empty() {
                    sentences.push(range);
                }
                from = at + 1;
            }
            at += 1;
        }
        let rest = self.trimmed(from..line.end);
        if !rest.is_empty() {
            sentences.push(rest);
        }
        sentences
    }

    /// Pieces between the marks that `parts` accepts, outside quotes and brackets; marks belong to none.
    pub fn split(&self, range: Range<usize>, parts: impl Fn(char) -> bool) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut depth = 0usize;
        let mut from = range.start;
        for at in range.clone() {
            match self.chars[at] {
                // 批示：“请…，…。”: words that are quoted whole are parted like others.
                '“' if at > 0 && self.chars[at - 1] == '：' => {}
                '“' | '‘' | '《' | '（' | '〔' | '(' => depth += 1,
                '”' | '’' | '》' | '）' | '〕' | ')' => depth = depth.saturating_sub(1),
                c if depth == 0 && parts(c) => {
                    pieces.push(from..at);
                    from = at + 1;
                }
                _ => {}
            }
        }
        pieces.push(from..range.end);
        pieces
    }
}

/// A match of a pattern, in characters.
pub(crate) struct Match<'t> {
    pub range: Range<usize>,
    captures: Captures<'t>,
    starts: &'t Starts,
}

impl<'t> Match<'t> {
    /// The words of a named group.
    pub fn name(&self, name: &str) -> Option<&'t str> {
        self.captures.name(name).map(|found| found.as_str())
    }

    /// The range of a named group, in characters.
    pub fn span(&self, name: &str) -> Option<Range<usize>> {
        self.captures.name(name).map(|found| self.starts.char_at(found.start())..self.starts.char_at(found.end()))
    }
}

/// A text with the number of characters before each byte.
pub(crate) struct Starts {
    pub text: String,
    before: Vec<u32>,
    base: usize,
}

impl Starts {
    /// The words of `range`; matches come back in the characters of `source`.
    pub fn new(source: &Source, range: Range<usize>) -> Starts {
        let base = range.start;
        let text = source.text(range);
        let mut before = vec![0; text.len() + 1];
        let mut count = 0;
        for (at, c) in text.char_indices() {
            before[at] = count;
            count += 1;
            for slot in &mut before[at + 1..at + c.len_utf8()] {
                *slot = count;
            }
        }
        let last = before.len() - 1;
        before[last] = count;
        Starts { text, before, base }
    }

    fn char_at(&self, byte: usize) -> usize {
        self.base + self.before[byte] as usize
    }

    /// Every match, in the characters of the source.
    pub fn matches<'t>(&'t self, pattern: &'t Regex) -> impl Iterator<Item = Match<'t>> {
        pattern.captures_iter(&self.text).map(move |captures| {
            let whole = captures.get_match();
            Match { range: self.char_at(whole.start())..self.char_at(whole.end()), captures, starts: self }
        })
    }

    /// The first match.
    pub fn first<'t>(&'t self, pattern: &'t Regex) -> Option<Match<'t>> {
        self.matches(pattern).next()
    }
}

/// Words of characters.
pub(crate) fn words(chars: &[char]) -> String {
    chars.iter().collect()
}
