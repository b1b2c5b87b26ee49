//! Blanks: invisible characters, kinds of blanks, line ends, blanks that Chinese print does not have.

use super::StepKind;
use crate::chars::{is_han, is_stop};
use crate::draft::{Draft, Edit};

/// Characters that are not seen and say nothing.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{180e}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    ) || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}'))
}

/// Takes out invisible characters and makes one kind of blank and one kind of line end.
pub(crate) fn invisible(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let mut edits = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        match c {
            '\r' if chars.get(at + 1) == Some(&'\n') => edits.push(Edit::remove(at, 1)),
            '\r' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => edits.push(Edit::swap(at, '\n')),
            '\t' | '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{1680}' => {
                edits.push(Edit::swap(at, ' '))
            }
            _ if is_invisible(c) => edits.push(Edit::remove(at, 1)),
            _ => {}
        }
    }
    draft.apply(StepKind::Blank, edits)
}

/// Does a blank between these two say nothing?
///
/// Beside a stop, inside brackets and quotes, between a figure and its unit. A blank between two words stays:
/// headlines are set with it.
fn is_idle(before: char, after: char) -> bool {
    const OPEN: [char; 8] = ['“', '‘', '《', '（', '〔', '【', '〈', '「'];
    const SHUT: [char; 8] = ['”', '’', '》', '）', '〕', '】', '〉', '」'];
    const UNITS: &str = "年月日号时个项家户名件亿万元亩公平座处条次期批人吨台套场米千百";
    is_stop(before)
        || is_stop(after)
        || OPEN.contains(&before)
        || SHUT.contains(&after)
        || (before.is_ascii_digit() && (after == '%' || after == '％' || UNITS.contains(after)))
        || (after.is_ascii_digit() && matches!(before, '年' | '月'))
}

/// Blanks at the ends of lines, runs of blanks, idle blanks, letter-spaced words, empty lines.
pub(crate) fn pass(draft: &mut Draft) -> bool {
    let mut edits = Vec::new();
    for (from, to) in draft.lines() {
        let line = &draft.chars[from..to];
        let spaced = letter_spaced(line);
        let apart = set_apart(line);
        // In running text a blank beside a quote says nothing; in a headline it parts.
        let running = line.iter().any(|&c| matches!(c, '，' | '。' | ',' | '.'));
        let quotes = |c: char| matches!(c, '“' | '”' | '‘' | '’' | '《' | '》');
        let mut at = 0;
        while at < line.len() {
            if line[at] != ' ' {
                at += 1;
                continue;
            }
            let run = line[at..].iter().take_while(|&&c| c == ' ').count();
            let (before, after) = (at.checked_sub(1).map(|i| line[i]), line.get(at + run).copied());
            let idle = match (before, after) {
                (Some(before), Some(after)) => {
                    is_idle(before, after)
                        || (apart
                            && (running || run == 1)
                            && !(before.is_ascii_alphabetic() && after.is_ascii_alphabetic()))
                        || (running && (quotes(before) || quotes(after)))
                        || spaced.iter().any(|&(a, b)| a < at && at < b)
                }
                _ => true,
            };
            if idle {
                edits.push(Edit::remove(from + at, run));
            } else if run > 1 {
                edits.push(Edit::remove(from + at + 1, run - 1));
            }
            at += run;
        }
    }
    let mut changed = draft.apply(StepKind::Blank, edits);
    changed |= empty_lines(draft);
    changed
}

/// Stretches in which at least five single characters stand with one blank after each.
fn letter_spaced(line: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let mut end = at;
        while end + 2 < line.len()
            && is_han(line[end])
            && line[end + 1] == ' '
            && is_han(line[end + 2])
            && line.get(end + 3).is_none_or(|&c| !is_han(c))
        {
            end += 2;
        }
        let alone = at == 0 || !is_han(line[at - 1]);
        if alone && end >= at + 8 {
            found.push((at, end));
        }
        at = end.max(at) + 1;
    }
    found
}

/// Does nearly every character of the line stand alone between blanks, as in a scanned page?
fn set_apart(line: &[char]) -> bool {
    let (mut alone, mut han) = (0, 0);
    for (at, &c) in line.iter().enumerate() {
        if is_han(c) {
            han += 1;
            let before = at.checked_sub(1).is_none_or(|i| line[i] == ' ');
            alone += usize::from(before && line.get(at + 1).is_none_or(|&c| c == ' '));
        }
    }
    han >= 8 && alone * 10 >= han * 8
}

/// At most one empty line between two others, none at the start, one line end at the end if there was any.
fn empty_lines(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let mut edits = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|&&c| c == '\n').count();
        if run == 0 {
            at += 1;
            continue;
        }
        let keep = if at == 0 {
            0
        } else if at + run == chars.len() {
            1
        } else {
            2
        };
        if run > keep {
            edits.push(Edit::remove(at + keep, run - keep));
        }
        at += run;
    }
    draft.apply(StepKind::Blank, edits)
}
