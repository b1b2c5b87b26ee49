//! Readings: 區(qū), 會(huì ), 区[qu1], 区（ㄑㄩ）. The reading of a character in brackets behind it goes; brackets that say something stay.

use super::StepKind;
use crate::chars::is_han;
use crate::draft::{Draft, Edit};
use crate::limits::{READ_WORD_MAX, READING_MAX};
use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Every syllable without its tone, as `lu` for lù and lǜ.
static SYLLABLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    ('\u{4e00}'..='\u{9fff}').filter_map(|c| c.to_pinyin()).map(|reading| flat(reading.plain())).collect()
});

/// Letters without marks: ü, v and u: all become u.
fn flat(syllable: &str) -> String {
    syllable.replace(['ü', 'v'], "u").replace("ê", "e")
}

/// A letter with its mark taken off: (letter, had a tone mark).
fn bare(c: char) -> Option<(char, bool)> {
    Some(match c {
        'a'..='z' => (c, false),
        'A'..='Z' => (c.to_ascii_lowercase(), false),
        'ā' | 'á' | 'ǎ' | 'à' | 'ă' | 'Ā' | 'Á' | 'Ǎ' | 'À' => ('a', true),
        'ē' | 'é' | 'ě' | 'è' | 'ĕ' | 'Ē' | 'É' | 'Ě' | 'È' | 'ê' | 'ế' | 'ề' => ('e', true),
        'ī' | 'í' | 'ǐ' | 'ì' | 'ĭ' => ('i', true),
        'ō' | 'ó' | 'ǒ' | 'ò' | 'ŏ' | 'Ō' | 'Ó' | 'Ǒ' | 'Ò' => ('o', true),
        'ū' | 'ú' | 'ǔ' | 'ù' | 'ŭ' => ('u', true),
        'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => ('u', true),
        'ü' | 'Ü' => ('u', false),
        'ń' | 'ň' | 'ǹ' => ('n', true),
        'ḿ' => ('m', true),
        'ɡ' => ('g', false),
        'ɑ' => ('a', false),
        _ => return None,
    })
}

/// A syllable as it stands in a bracket.
#[derive(Debug, PartialEq)]
struct Syllable {
    letters: String,
    toned: bool,
}

/// The syllables of a bracket's content, when it holds nothing else.
fn syllables(content: &[char]) -> Option<Vec<Syllable>> {
    let mut found: Vec<Syllable> = Vec::new();
    let mut open = false;
    for &c in content {
        if let Some((letter, toned)) = bare(c) {
            if !open {
                found.push(Syllable { letters: String::new(), toned: false });
                open = true;
            }
            let last = found.last_mut()?;
            last.letters.push(if letter == 'v' { 'u' } else { letter });
            last.toned |= toned;
        } else if matches!(c, '\u{300}' | '\u{301}' | '\u{304}' | '\u{306}' | '\u{30c}' | '\u{308}') {
            let last = found.last_mut().filter(|_| open)?;
            last.toned |= c != '\u{308}';
        } else if c == ':' && open && found.last().is_some_and(|last| last.letters.ends_with('u')) {
            // lu: for lü
        } else if c.is_ascii_digit() && c <= '5' {
            let last = found.last_mut().filter(|_| open)?;
            last.toned = true;
            open = false;
        } else if matches!(c, ' ' | '\u{a0}' | '\u{3000}' | '\'' | '’' | '-' | '·') {
            open = false;
        } else {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Is `syllable` a reading of `c`, tones aside?
fn reads(c: char, syllable: &str) -> bool {
    c.to_pinyin_multi().is_some_and(|all| all.into_iter().any(|reading| flat(reading.plain()) == syllable))
}

/// Are these letters, run together, readings of these characters in order?
fn reads_word(word: &[char], letters: &str) -> bool {
    let Some((&first, rest)) = word.split_first() else {
        return letters.is_empty();
    };
    first.to_pinyin_multi().is_some_and(|all| {
        all.into_iter().any(|reading| {
            letters.strip_prefix(flat(reading.plain()).as_str()).is_some_and(|left| reads_word(rest, left))
        })
    })
}

/// Is the bracket's content the reading of the character (or word) that ends at `end`?
fn is_reading(before: &[char], content: &[char]) -> bool {
    let mut word = before.iter().rev().take_while(|&&c| is_han(c)).take(READ_WORD_MAX).count();
    let tail = |count: usize| &before[before.len() - count..];
    if word == 0 {
        return false;
    }
    if content.iter().all(|&c| matches!(c, '\u{3105}'..='\u{312f}' | 'ˊ' | 'ˇ' | 'ˋ' | '˙' | 'ˉ' | ' '))
        && content.iter().any(|&c| matches!(c, '\u{3105}'..='\u{312f}'))
    {
        return true;
    }
    let Some(found) = syllables(content) else {
        return false;
    };
    word = word.min(READ_WORD_MAX);
    if let [one] = &found[..] {
        let known = SYLLABLES.contains(&one.letters);
        return reads(tail(1)[0], &one.letters)
            || (one.toned && known)
            || (2..=word).any(|count| reads_word(tail(count), &one.letters));
    }
    let joined: String = found.iter().map(|syllable| syllable.letters.as_str()).collect();
    (found.len() <= word && found.iter().all(|syllable| syllable.toned && SYLLABLES.contains(&syllable.letters)))
        || (1..=word).any(|count| reads_word(tail(count), &joined))
}

/// The bracket that closes `open`.
fn closing(open: char) -> Option<[char; 2]> {
    Some(match open {
        '(' | '（' => [')', '）'],
        '[' | '［' => [']', '］'],
        '【' => ['】', '】'],
        '〔' => ['〕', '〕'],
        '{' | '｛' => ['}', '｝'],
        '<' | '〈' => ['>', '〉'],
        _ => return None,
    })
}

/// Takes out readings.
pub(crate) fn pass(draft: &mut Draft) -> bool {
    let chars = &draft.chars;
    let mut edits = Vec::new();
    let mut at = 1;
    while at < chars.len() {
        let mut before = at;
        while before > 0 && at - before < 2 && chars[before - 1] == ' ' {
            before -= 1;
        }
        if before == 0 || !is_han(chars[before - 1]) {
            at += 1;
            continue;
        }
        let start = line_start(chars, before);
        if let Some(shut) = closing(chars[at]) {
            let end = chars[at + 1..].iter().take(READING_MAX + 1).position(|c| shut.contains(c));
            if let Some(long) =
                end.filter(|&long| long > 0 && is_reading(&chars[start..before], &chars[at + 1..at + 1 + long]))
            {
                edits.push(Edit::remove(before, at + long + 2 - before));
                at += long + 2;
                continue;
            }
        } else if before == at && bare(chars[at]).is_some() {
            // A reading without brackets: only with a tone mark of its own and only when it reads that character.
            let long = chars[at..].iter().take_while(|&&c| bare(c).is_some()).count();
            let marked = chars[at..at + long].iter().any(|&c| bare(c).is_some_and(|(_, toned)| toned));
            if marked && long <= 6 && is_reading(&chars[start..before], &chars[at..at + long]) {
                edits.push(Edit::remove(at, long));
            }
            at += long.max(1);
            continue;
        }
        at += 1;
    }
    draft.apply(StepKind::Reading, edits)
}

/// Where the line begins that holds the place before `at`, at most a word's length back.
fn line_start(chars: &[char], at: usize) -> usize {
    let from = at.saturating_sub(READ_WORD_MAX);
    chars[from..at].iter().rposition(|&c| c == '\n').map_or(from, |i| from + i + 1)
}

#[cfg(test)]
mod tests {
    use super::is_reading;

    fn reading(before: &str, content: &str) -> bool {
        let (before, content): (Vec<char>, Vec<char>) = (before.chars().collect(), content.chars().collect());
        is_reading(&before, &content)
    }

    #[test]
    fn readings_are_told_from_brackets_that_say_something() {
        for (before, content) in [
            ("區", "qū"),
            ("會", "huì "),
            ("區", "qu1"),
            ("区", "qu"),
            ("綠", "lǜ"),
            ("绿", "lv4"),
            ("绿", "lu:4"),
            ("績", "jī"),
            ("推進會", "tuī jìn huì"),
            ("推進會", "tuījìnhuì"),
            ("區", "qu\u{304}"),
            ("會", "ㄏㄨㄟˋ"),
            ("關", "ɡuān"),
        ] {
            assert!(reading(before, content), "{before}({content})");
        }
        for (before, content) in [
            ("区", "A"),
            ("项目", "PPP"),
            ("指数", "PMI"),
            ("各镇", "街"),
            ("总量", "GDP"),
            ("区", "market"),
            ("品", "5"),
            ("会", "2023"),
        ] {
            assert!(!reading(before, content), "{before}({content})");
        }
    }
}
