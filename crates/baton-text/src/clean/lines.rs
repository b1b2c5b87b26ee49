//! Lines: page numbers and running heads that a paged text left behind, lines broken in the middle of a sentence.

use super::StepKind;
use crate::chars::is_han;
use crate::draft::{Draft, Edit};
use crate::limits::{LABEL_MAX, SLACK_COLUMNS, WRAPPED_COLUMNS, WRAPPED_LINES_MIN};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// — 3 —, - 3 -, 第3页, 第 3 页 共 9 页, 3 / 9.
static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:[-—–－―·]+\s*[0-9０-９]{1,3}\s*[-—–－―·]+|第\s*[0-9０-９]{1,3}\s*页(?:\s*[,，/／]?\s*共\s*[0-9０-９]{1,3}\s*页)?",
        r"|[0-9０-９]{1,3}\s*[/／]\s*[0-9０-９]{1,3}(?:\s*页)?)$"
    ))
    .expect("fixed pattern")
});

/// Takes out page numbers with the running heads behind them, then joins lines that a page broke.
pub(crate) fn pass(draft: &mut Draft) -> bool {
    let mut changed = furniture(draft);
    changed |= join(draft);
    changed
}

fn trimmed(chars: &[char], line: (usize, usize)) -> Range<usize> {
    let (mut start, mut end) = line;
    while start < end && chars[start].is_whitespace() {
        start += 1;
    }
    while end > start && chars[end - 1].is_whitespace() {
        end -= 1;
    }
    start..end
}

/// Page numbers on a line of their own, and the line behind one that repeats the first line of the text.
fn furniture(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let lines = draft.lines();
    let bare: Vec<Range<usize>> = lines.iter().map(|&line| trimmed(chars, line)).collect();
    let Some(title) = bare.iter().find(|line| line.len() >= 4).map(|line| chars[line.clone()].to_vec()) else {
        return false;
    };
    let is_page = |line: &Range<usize>| {
        (3..=16).contains(&line.len()) && PAGE.is_match(&chars[line.clone()].iter().collect::<String>())
    };
    let mut drop = vec![false; lines.len()];
    for at in 1..lines.len() {
        if !is_page(&bare[at]) {
            continue;
        }
        drop[at] = true;
        let next = (at + 1..lines.len()).find(|&next| !bare[next].is_empty());
        let head = next.filter(|&next| chars[bare[next].clone()].starts_with(&title));
        // Empty lines around a page number are the page's, when a sentence goes on across them.
        let before = (0..at).rev().find(|&before| !bare[before].is_empty());
        let last = before.and_then(|before| chars[bare[before].clone()].last().copied());
        let goes_on = last.is_some_and(|c| !matches!(c, '。' | '！' | '？' | '：' | '”'));
        if let Some(head) = head {
            (at..=head).for_each(|line| drop[line] = true);
        }
        if goes_on && let Some(before) = before {
            (before + 1..at).for_each(|line| drop[line] = true);
            let from = head.unwrap_or(at) + 1;
            (from..lines.len()).take_while(|&line| bare[line].is_empty()).for_each(|line| drop[line] = true);
        }
    }
    let edits = lines
        .iter()
        .zip(&drop)
        .filter(|(_, drop)| **drop)
        .map(|(&(from, to), _)| Edit::remove(from, (to + 1).min(chars.len()) - from))
        .collect();
    draft.apply(StepKind::Line, edits)
}

/// Width in columns: a Chinese character or mark takes two.
fn columns(chars: &[char]) -> usize {
    chars.iter().map(|&c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Does the line begin an item or a label of its own: 一、, （一）, 1., 责任单位：?
fn begins_item(line: &[char]) -> bool {
    let figures = |from: usize| {
        line[from.min(line.len())..]
            .iter()
            .take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(**c))
            .count()
    };
    let first = figures(0);
    if (1..=3).contains(&first)
        && matches!(line.get(first), Some('、' | '.' | '．'))
        && !line.get(first + 1).is_some_and(char::is_ascii_digit)
    {
        return true;
    }
    if matches!(line.first(), Some('（' | '('))
        && matches!(line.get(1 + figures(1)), Some('）' | ')'))
        && figures(1) > 0
    {
        return true;
    }
    if matches!(line.first(), Some('①'..='⑳')) || line.starts_with(&['附', '件']) {
        return true;
    }
    line.iter()
        .take(LABEL_MAX)
        .position(|&c| matches!(c, '：' | ':'))
        .is_some_and(|at| at > 0 && at + 1 < line.len() && line[..at].iter().all(|&c| is_han(c)))
}

/// Joins lines of running text that break where the page was full, not where a sentence ends.
fn join(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let lines = draft.lines();
    let bare: Vec<Range<usize>> = lines.iter().map(|&line| trimmed(chars, line)).collect();
    // Breaks in the middle of a sentence: the widths of their lines.
    let mut breaks: Vec<(usize, usize)> = Vec::new();
    for at in 0..lines.len().saturating_sub(1) {
        let (line, next) = (&bare[at], &bare[at + 1]);
        if line.is_empty() || next.is_empty() {
            continue;
        }
        let last = chars[line.end - 1];
        let open = last.is_alphanumeric() || matches!(last, '，' | '、' | ',' | '（' | '“' | '《' | '%' | '％');
        let running = |line: &Range<usize>| {
            chars[line.clone()].iter().any(|&c| matches!(c, '，' | '。' | '、' | '；' | ',' | '：'))
        };
        if open
            && (running(line) || running(next))
            && chars[line.clone()].iter().any(|&c| is_han(c))
            && !begins_item(&chars[next.clone()])
        {
            breaks.push((at, columns(&chars[lines[at].0..line.end])));
        }
    }
    let Some(full) = breaks.iter().map(|(_, width)| *width).max() else { return false };
    let at_edge = |width: usize| width + SLACK_COLUMNS >= full;
    let edge = breaks.iter().filter(|(_, width)| at_edge(*width)).count();
    let wider = lines.iter().filter(|&&(from, to)| columns(&chars[from..to]) > full + SLACK_COLUMNS).count();
    if !WRAPPED_COLUMNS.contains(&full) || edge < WRAPPED_LINES_MIN || wider * 10 > lines.len() {
        return false;
    }
    let edits = breaks
        .iter()
        .filter(|(_, width)| at_edge(*width))
        .map(|&(at, _)| {
            let (from, to) = (bare[at].end, bare[at + 1].start);
            let latin = chars[from - 1].is_ascii_alphabetic() && chars[to].is_ascii_alphabetic();
            Edit { at: from, removed: to - from, added: if latin { vec![' '] } else { Vec::new() } }
        })
        .collect();
    draft.apply(StepKind::Line, edits)
}
