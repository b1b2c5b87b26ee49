//! Marks: width of figures and letters, Chinese marks in place of ASCII ones, noise commas.

use super::StepKind;
use crate::chars::{is_chinese, is_han, is_mark, numeral};
use crate::draft::{Draft, Edit};

/// Full-width figures and letters become plain ones; half-width and foreign Chinese marks become the usual ones.
pub(crate) fn width(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let mut edits = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).map(|i| chars[i]), chars.get(at + 1).copied());
        let figure = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
        let with = match c {
            '０'..='９'
            | 'Ａ'..='Ｚ'
            | 'ａ'..='ｚ'
            | '％'
            | '＋'
            | '－'
            | '／'
            | '＝'
            | '＆'
            | '＠'
            | '＃'
            | '＊'
            | '＿'
            | '＂'
            | '＇'
            | '＜'
            | '＞' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '．' | '，' | '：' if figure(before) && figure(after) && (c != '，' || group_of_three(chars, at)) => {
                char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
            }
            '．' => '.',
            '｡' => '。',
            '｢' | '「' | '〝' => '“',
            '｣' | '」' | '〞' | '〟' => '”',
            '『' => '‘',
            '』' => '’',
            '､' | '﹑' => '、',
            '﹐' | '︐' => '，',
            '﹒' | '︒' => '。',
            '﹔' | '︔' => '；',
            '﹕' | '︓' => '：',
            '﹖' => '？',
            '﹗' => '！',
            '﹙' | '︵' => '（',
            '﹚' | '︶' => '）',
            '﹃' | '﹁' => '“',
            '﹄' | '﹂' => '”',
            '︿' => '〈',
            '︽' => '《',
            '︾' => '》',
            '［' => '[',
            '］' => ']',
            '‧' | '・' | '･' | '•' if before.is_some_and(is_han) && after.is_some_and(is_han) => '·',
            _ => continue,
        };
        edits.push(Edit::swap(at, with));
    }
    draft.apply(StepKind::Width, edits)
}

/// Is the comma at `at` one that groups digits, as in 12,000?
fn group_of_three(chars: &[char], at: usize) -> bool {
    let digits = chars[at + 1..].iter().take_while(|c| c.is_ascii_digit() || ('０'..='９').contains(c)).count();
    digits == 3 && at > 0 && (chars[at - 1].is_ascii_digit() || ('０'..='９').contains(&chars[at - 1]))
}

/// Noise commas: of a run of marks that holds a comma, the other mark stays; of equal marks one.
pub(crate) fn noise(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let mut edits = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let long = chars[at..]
            .iter()
            .take_while(|&&c| matches!(c, ',' | '，' | '、' | ';' | '；' | ':' | '：' | '。'))
            .count();
        if long < 2 {
            at += long.max(1);
            continue;
        }
        let run = &chars[at..at + long];
        let beside = at.checked_sub(1).is_some_and(|i| is_chinese(chars[i]))
            || chars.get(at + long).is_some_and(|&c| is_chinese(c))
            || run.iter().any(|&c| is_mark(c));
        if beside {
            let mut kept: Vec<char> = run.iter().copied().filter(|&c| c != ',' && c != '，').collect();
            kept.dedup_by(|a, b| a == b && *a != '。');
            if kept.is_empty() {
                kept.push('，');
            }
            edits.push(Edit { at, removed: long, added: kept });
        }
        at += long;
    }
    draft.apply(StepKind::Noise, edits)
}

/// ASCII marks beside Chinese become Chinese marks; brackets and quotes that hold Chinese too.
pub(crate) fn marks(draft: &mut Draft) -> bool {
    let mut edits = Vec::new();
    for (from, to) in draft.lines() {
        let line = &draft.chars[from..to];
        let before = edits.len();
        stops(line, from, &mut edits);
        brackets(line, from, &mut edits);
        quotes(line, from, &mut edits);
        dashes(line, from, &mut edits);
        edits[before..].sort_by_key(|edit| edit.at);
    }
    draft.apply(StepKind::Width, edits)
}

fn stops(line: &[char], from: usize, edits: &mut Vec<Edit>) {
    let written = line.iter().any(|&c| is_han(c));
    for (at, &c) in line.iter().enumerate() {
        let before = line[..at].iter().rev().find(|&&c| c != ' ').copied();
        let after = line[at + 1..].iter().find(|&&c| c != ' ').copied();
        let chinese = |c: Option<char>| c.is_some_and(is_chinese);
        let figures = before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
        let share = written && (before.is_some_and(|c| matches!(c, '%' | '‰')) || (at > 0 && after.is_none()));
        let with = match c {
            ',' if share => '，',
            ';' if share => '；',
            ',' if !(figures && group_of_three(line, at)) && (chinese(before) || chinese(after)) => '，',
            ':' if !figures && (chinese(before) || chinese(after)) => '：',
            ';' if chinese(before) || chinese(after) => '；',
            '!' if before.is_some_and(is_chinese) => '！',
            '?' if before.is_some_and(is_chinese)
                && (after.is_none_or(|c| matches!(c, '”' | '"' | '）' | ')'))
                    || before.is_some_and(|c| "吗呢么".contains(c))) =>
            {
                '？'
            }
            '.' if full_stop(line, at) => '。',
            _ => continue,
        };
        edits.push(Edit::swap(from + at, with));
    }
}

/// Does the ASCII point at `at` end a Chinese sentence?
fn full_stop(line: &[char], at: usize) -> bool {
    let after = line[at + 1..].iter().find(|&&c| c != ' ');
    let ends = after.is_none_or(|&c| is_han(c) || matches!(c, '“' | '”' | '"' | '《' | '）' | ')'));
    let Some(&before) = at.checked_sub(1).and_then(|i| line.get(i)) else {
        return false;
    };
    let numbered =
        line[..at].iter().all(|&c| numeral(c).is_some() || matches!(c, '十' | ' ' | '（' | '）' | '(' | ')'));
    let closes =
        is_han(before) || matches!(before, '”' | '"' | '》' | '）' | ')') || (before == '%' && after.is_none());
    ends && closes && !numbered && line.iter().filter(|&&c| is_han(c)).count() >= 4
}

fn brackets(line: &[char], from: usize, edits: &mut Vec<Edit>) {
    let mut open = Vec::new();
    for (at, &c) in line.iter().enumerate() {
        match c {
            '(' | '（' => open.push(at),
            ')' | '）' => {
                let Some(start) = open.pop() else { continue };
                let mixed = (line[start] == '（') != (c == '）');
                // (1) before an item that is written in Chinese.
                let numbers = start == 0
                    && (2..=3).contains(&at)
                    && line[1..at].iter().all(char::is_ascii_digit)
                    && line.get(at + 1).is_some_and(|&c| is_han(c));
                if mixed || numbers || line[start + 1..at].iter().any(|&c| is_han(c)) {
                    if line[start] == '(' {
                        edits.push(Edit::swap(from + start, '（'));
                    }
                    if c == ')' {
                        edits.push(Edit::swap(from + at, '）'));
                    }
                }
            }
            _ => {}
        }
    }
    for at in 0..line.len().saturating_sub(1) {
        let pair = (line[at], line[at + 1]);
        let with = match pair {
            ('<', '<') => '《',
            ('>', '>') => '》',
            _ => continue,
        };
        let word = if with == '《' {
            line[at + 2..]
                .iter()
                .position(|&c| c == '>')
                .is_some_and(|long| line[at + 2..at + 2 + long].iter().any(|&c| is_han(c)))
        } else {
            line[..at]
                .iter()
                .rev()
                .position(|&c| c == '<' || c == '《')
                .is_some_and(|long| line[at - long..at].iter().any(|&c| is_han(c)))
        };
        let alone = at == 0 || line[at - 1] != line[at];
        if word && alone {
            edits.push(Edit { at: from + at, removed: 2, added: vec![with] });
        }
    }
}

/// ASCII quotes in pairs become “ ”; curly ones that all stand the same way are set right.
fn quotes(line: &[char], from: usize, edits: &mut Vec<Edit>) {
    if !line.iter().any(|&c| is_han(c)) {
        return;
    }
    let places: Vec<usize> = (0..line.len()).filter(|&at| matches!(line[at], '"' | '“' | '”')).collect();
    let regular = places.iter().enumerate().all(|(i, &at)| line[at] == if i % 2 == 0 { '“' } else { '”' });
    let same_way = places.iter().all(|&at| line[at] == line[places[0]]);
    let ascii = places.iter().any(|&at| line[at] == '"');
    if places.len() % 2 == 0 && !regular && (ascii || same_way) {
        for (i, &at) in places.iter().enumerate() {
            edits.push(Edit::swap(from + at, if i % 2 == 0 { '“' } else { '”' }));
        }
    }
}

fn dashes(line: &[char], from: usize, edits: &mut Vec<Edit>) {
    let mut at = 0;
    while at < line.len() {
        let long = line[at..].iter().take_while(|&&c| matches!(c, '-' | '─' | '━' | '―' | '—')).count();
        if long >= 2 {
            let beside = at.checked_sub(1).is_some_and(|i| is_chinese(line[i]))
                || line.get(at + long).is_some_and(|&c| is_chinese(c));
            let plain = line[at..at + long].iter().all(|&c| c == '—');
            if beside && !plain && long <= 4 {
                edits.push(Edit { at: from + at, removed: long, added: vec!['—', '—'] });
            }
        }
        at += long.max(1);
    }
}
