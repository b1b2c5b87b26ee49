//! Script: a story file as lines of words. What the words mean is found when it is played.
//!
//! ```text
//! # a comment
//! zone development-zone
//! on 2023-03-31 09:10  baishi/checker  submit project P-017 invest 2023M03 12500 万元 evidence invoice.pdf
//! refused round.closed
//! review 2023Q1 known 2023-04-01
//! --- expect
//! what the review says, to the letter
//! ---
//! ```
//! Lines that begin with blanks belong to the line above them.

use crate::mistakes::{Mistake, Wrong};

/// One word, or several in quotes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The text, without quotes.
    pub text: String,
    /// Whether it stood in quotes: then it is never a keyword.
    pub quoted: bool,
}

/// A line that belongs to the one above it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Under {
    /// Line number, from 1.
    pub line: usize,
    /// Blanks before it.
    pub indent: usize,
    /// As written, without the blanks before it.
    pub raw: String,
}

/// What a question must answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expect {
    /// Index of the first line of the text.
    pub from: usize,
    /// Index after its last line.
    pub to: usize,
    /// The text.
    pub text: String,
}

/// A statement or a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Line number, from 1.
    pub line: usize,
    /// Its words.
    pub words: Vec<Word>,
    /// Lines under it.
    pub under: Vec<Under>,
    /// The text that must be answered.
    pub expect: Option<Expect>,
}

/// A story as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// File it came from, for messages.
    pub file: String,
    /// Statements and questions in order.
    pub lines: Vec<Line>,
    /// The text as read.
    pub source: Vec<String>,
}

/// Reads a story.
///
/// Errors: every line that cannot be read, with file and line.
pub fn parse(file: &str, text: &str) -> Result<Story, Vec<Mistake>> {
    let source: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut story = Story { file: file.to_owned(), lines: Vec::new(), source };
    let mut mistakes = Vec::new();
    let mut at = 0;
    while at < story.source.len() {
        let line = &story.source[at];
        let number = at + 1;
        at += 1;
        if line.trim() == "--- expect" {
            let from = at;
            while at < story.source.len() && story.source[at].trim_end() != "---" {
                at += 1;
            }
            let expect = Expect { from, to: at, text: story.source[from..at].join("\n") };
            at += 1;
            match story.lines.last_mut().filter(|l| l.expect.is_none()) {
                Some(last) => last.expect = Some(expect),
                None => mistakes.push(
                    Wrong::new("“--- expect”前面应有一行查询", "“--- expect” must follow a question").at(file, number),
                ),
            }
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if indent > 0 && !line.trim().is_empty() {
            match story.lines.last_mut() {
                Some(last) => last.under.push(Under { line: number, indent, raw: line.trim().to_owned() }),
                None => mistakes.push(
                    Wrong::new("缩进的行前面应有一条语句", "an indented line must follow a statement").at(file, number),
                ),
            }
            continue;
        }
        match words(line) {
            Ok(words) if words.is_empty() => {}
            Ok(words) => story.lines.push(Line { line: number, words, under: Vec::new(), expect: None }),
            Err(wrong) => mistakes.push(wrong.at(file, number)),
        }
    }
    if mistakes.is_empty() { Ok(story) } else { Err(mistakes) }
}

/// Splits a line into words; what stands in "…" or “…” is one word; # begins a comment.
pub(crate) fn words(line: &str) -> Result<Vec<Word>, Wrong> {
    let mut found = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '#' {
            break;
        }
        let close = match first {
            '"' => Some('"'),
            '“' => Some('”'),
            _ => None,
        };
        if let Some(close) = close {
            let inner = &rest[first.len_utf8()..];
            let Some(end) = inner.find(close) else {
                return Err(Wrong::new("引号没有成对", "a quotation mark is not closed"));
            };
            found.push(Word { text: inner[..end].to_owned(), quoted: true });
            rest = &inner[end + close.len_utf8()..];
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            found.push(Word { text: rest[..end].to_owned(), quoted: false });
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

impl Story {
    /// The text with every expected part replaced by what was answered: `answers[n]` belongs to `lines[n]`.
    pub(crate) fn rewritten(&self, answers: &[Option<String>]) -> String {
        let mut out: Vec<&str> = Vec::new();
        let mut at = 0;
        for (line, answer) in self.lines.iter().zip(answers) {
            let (Some(expect), Some(answer)) = (&line.expect, answer) else { continue };
            out.extend(self.source[at..expect.from].iter().map(String::as_str));
            out.extend(answer.lines());
            at = expect.to;
            if at == self.source.len() {
                out.push("---");
            }
        }
        out.extend(self.source[at..].iter().map(String::as_str));
        let mut text = out.join("\n");
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together_and_comments_end_the_line() {
        let found = words("submit  P-1 \"两个 词\" “引 号” 12 # 注释").unwrap();
        let texts: Vec<&str> = found.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(texts, ["submit", "P-1", "两个 词", "引 号", "12"]);
        assert!(found[2].quoted && !found[4].quoted);
        assert!(words("say \"never closed").is_err());
    }

    #[test]
    fn an_expected_part_without_a_question_is_named_by_line() {
        let mistakes = parse("x.story", "--- expect\n1\n---\n").unwrap_err();
        assert_eq!(mistakes[0].line, 1);
        assert!(mistakes[0].to_string().starts_with("x.story:1:"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_stops_the_reader_and_every_mistake_has_a_line(text in "[ -~\n“”\"一二三#]{0,400}") {
            match parse("x.story", &text) {
                Ok(story) => proptest::prop_assert!(story.lines.iter().all(|l| l.line <= story.source.len())),
                Err(mistakes) => proptest::prop_assert!(mistakes.iter().all(|m| m.line >= 1)),
            }
        }

        #[test]
        fn rewriting_with_the_expected_answers_changes_nothing(answers in proptest::collection::vec("[a-z]{1,9}", 1..5)) {
            let text: String = answers.iter().map(|a| format!("tasks\n--- expect\n{a}\n---\n")).collect();
            let story = parse("x.story", &text).unwrap();
            let given: Vec<Option<String>> = answers.into_iter().map(Some).collect();
            proptest::prop_assert_eq!(story.rewritten(&given), text);
        }
    }
}
