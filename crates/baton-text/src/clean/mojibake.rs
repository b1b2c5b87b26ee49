//! Mojibake: bytes that were read in the wrong encoding, turned back when the result is certain.

use super::StepKind;
use crate::chars::{is_han, is_mark};
use crate::draft::{Draft, Edit};
use crate::limits::{SHIFTED_MAX, STRETCH_MAX};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, WINDOWS_1252};
use std::ops::Range;

/// Fewest Chinese characters a stretch must give to count as repaired.
const HAN_MIN: usize = 2;

/// Fewest lines read in the wrong encoding that vouch for another.
const SURE_LINES_MIN: usize = 3;

/// Turns back what can be turned back with certainty.
pub(crate) fn pass(draft: &mut Draft) -> bool {
    let mut changed = false;
    if draft.chars.iter().any(|&c| ('\u{80}'..='\u{ff}').contains(&c)) {
        changed |= western(draft);
    }
    changed |= utf8_read_as_gbk(draft);
    changed |= shifted(draft);
    changed
}

/// `å¤©` and `Ìì`: Chinese bytes (UTF-8 or GB18030) read as Western European, line by line.
fn western(draft: &mut Draft) -> bool {
    let mut found: Vec<(usize, usize, bool, String)> = Vec::new();
    for (from, to) in draft.lines() {
        let line = &draft.chars[from..to];
        let high = line.iter().filter(|&&c| !c.is_ascii()).count();
        if high < 4 || line.iter().any(|&c| is_han(c)) {
            continue;
        }
        let Some(bytes) = western_bytes(line) else { continue };
        let utf8 = strictly(UTF_8, &bytes);
        let sure = utf8.is_some();
        if let Some(text) = utf8.or_else(|| strictly(GB18030, &bytes)) {
            found.push((from, to, sure, text));
        }
    }
    // Bytes that are UTF-8 throughout are so by no chance. Those of GB18030 must say something usual, unless the lines
    // around them do.
    let others = found.iter().filter(|(_, _, sure, text)| !sure && is_plausible(text, 9)).count();
    let edits = found
        .into_iter()
        .filter(|(_, _, sure, text)| is_plausible(text, if *sure || others >= SURE_LINES_MIN { 6 } else { 9 }))
        .map(|(from, to, _, text)| Edit { at: from, removed: to - from, added: text.chars().collect() })
        .collect();
    draft.apply(StepKind::Mojibake, edits)
}

/// The bytes a Western reader made these characters of; Latin-1 control characters stand for themselves.
fn western_bytes(line: &[char]) -> Option<Vec<u8>> {
    line.iter()
        .map(|&c| match c {
            '\u{0}'..='\u{ff}' => Some(c as u8),
            _ => {
                let mut buffer = [0; 4];
                let (bytes, _, failed) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
                (!failed && bytes.len() == 1).then(|| bytes[0])
            }
        })
        .collect()
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(|text| text.into_owned())
        .filter(|text| text.chars().filter(|&c| is_han(c)).count() >= HAN_MIN)
}

/// Are at least so many tenths of it what Chinese texts are written with?
fn is_plausible(text: &str, tenths: usize) -> bool {
    let total = text.chars().count();
    let good = text.chars().filter(|&c| c.is_ascii() || is_mark(c) || is_usual(c)).count();
    good * 10 >= total * tenths
}

/// Is it a character of the first level of GB 2312 (3,755 in daily use), or the traditional form of any character there?
fn is_usual(c: char) -> bool {
    if !is_han(c) {
        return matches!(c, '\u{3000}' | '\u{ff01}'..='\u{ff5e}' | '·' | '①'..='⑳');
    }
    let mut buffer = [0; 4];
    let (bytes, _, failed) = GBK.encode(c.encode_utf8(&mut buffer));
    !failed && bytes.len() == 2 && (0x81..=0xd7).contains(&bytes[0])
}

/// `澶╄`: UTF-8 read as GBK, stretch by stretch between ASCII characters.
fn utf8_read_as_gbk(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let mut edits = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let long = chars[at..].iter().take_while(|&&c| !c.is_ascii()).count();
        if long >= 3 {
            let stretch: String = chars[at..at + long].iter().collect();
            let (bytes, _, failed) = GBK.encode(&stretch);
            if !failed
                && let Some(text) = strictly(UTF_8, &bytes)
                && text.chars().all(|c| is_han(c) || is_mark(c) || is_usual(c))
            {
                edits.push(Edit { at, removed: long, added: text.chars().collect() });
            } else {
                partly(chars, at..at + long, &mut edits);
            }
        }
        at += long.max(1);
    }
    draft.apply(StepKind::Mojibake, edits)
}

/// Parts of a stretch that were read in the wrong encoding while the rest was not: from a character out of use on, as
/// far as its bytes make sense.
fn partly(chars: &[char], stretch: Range<usize>, edits: &mut Vec<Edit>) {
    let mut at = stretch.start;
    while at < stretch.end {
        let c = chars[at];
        if !is_han(c) || is_usual(c) {
            at += 1;
            continue;
        }
        let free = edits.last().map_or(stretch.start, |edit| (edit.at + edit.removed).max(stretch.start));
        let found = (at.saturating_sub(2).max(free)..=at)
            .filter_map(|from| {
                longest(chars, from..stretch.end.min(from + STRETCH_MAX)).map(|(end, text)| (from, end, text))
            })
            .filter(|(_, end, _)| *end > at)
            .max_by_key(|(from, end, _)| end - from);
        match found {
            Some((from, end, text)) => {
                edits.push(Edit { at: from, removed: end - from, added: text.chars().collect() });
                at = end;
            }
            None => at += 1,
        }
    }
}

/// The longest beginning of the range whose GBK bytes are UTF-8 of Chinese in use, with what they say.
fn longest(chars: &[char], range: Range<usize>) -> Option<(usize, String)> {
    let mut bytes = Vec::new();
    let mut best = None;
    for at in range.clone() {
        let mut buffer = [0; 4];
        let (pair, _, failed) = GBK.encode(chars[at].encode_utf8(&mut buffer));
        if failed {
            break;
        }
        bytes.extend_from_slice(&pair);
        match std::str::from_utf8(&bytes) {
            Ok(text) => best = Some((at + 1, text.to_owned())),
            Err(error) if error.error_len().is_some() => break,
            Err(_) => {}
        }
    }
    best.filter(|(_, text)| {
        text.chars().filter(|&c| is_han(c)).count() >= 2 && text.chars().all(|c| is_han(c) && is_usual(c) || is_mark(c))
    })
}

/// `?,F将` for `。现将`: GBK bytes read one byte late, from a lost byte on to the next ASCII byte.
///
/// The first byte is lost; the repair counts only when exactly one mark of Chinese print fits, and every other
/// character is one in use.
fn shifted(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let mut edits = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if matches!(chars[at], '?' | '？' | '\u{fffd}')
            && let Some((end, text)) = shifted_at(chars, at)
        {
            edits.push(Edit { at, removed: end - at, added: text });
            at = end;
        } else {
            at += 1;
        }
    }
    draft.apply(StepKind::Mojibake, edits)
}

fn shifted_at(chars: &[char], at: usize) -> Option<(usize, Vec<char>)> {
    let mut bytes = Vec::new();
    let mut end = at + 1;
    while end < chars.len() && end - at <= SHIFTED_MAX {
        let c = chars[end];
        if end > at + 1
            && (c.is_ascii_alphabetic()
                || matches!(c, '@' | '[' | ']' | '^' | '_' | '`' | '{' | '|' | '}' | '~' | '\\'))
        {
            bytes.push(c as u8);
            let text = unshift(&bytes)?;
            return Some((end + 1, text));
        }
        let wide = match c {
            ',' => '，',
            ':' => '：',
            ';' => '；',
            '!' => '！',
            '(' => '（',
            ')' => '）',
            _ if !c.is_ascii() => c,
            _ => return None,
        };
        let mut buffer = [0; 4];
        let (pair, _, failed) = GBK.encode(wide.encode_utf8(&mut buffer));
        if failed || pair.len() != 2 {
            return None;
        }
        bytes.extend_from_slice(&pair);
        end += 1;
    }
    None
}

/// The characters of these bytes when one byte is missing in front.
fn unshift(bytes: &[u8]) -> Option<Vec<char>> {
    let (&first, rest) = bytes.split_first()?;
    let mut marks = [0xa1u8, 0xa3]
        .into_iter()
        .filter_map(|lead| GBK.decode_without_bom_handling_and_without_replacement(&[lead, first])?.chars().next())
        .filter(|c| {
            matches!(c, '。' | '，' | '、' | '；' | '：' | '？' | '！' | '”' | '“' | '》' | '《' | '）' | '（')
        });
    let mark = marks.next()?;
    if marks.next().is_some() {
        return None;
    }
    let text = GBK.decode_without_bom_handling_and_without_replacement(rest)?;
    if text.is_empty() || !text.chars().all(|c| is_mark(c) || is_usual(c)) || !text.chars().any(is_han) {
        return None;
    }
    Some(std::iter::once(mark).chain(text.chars()).collect())
}
