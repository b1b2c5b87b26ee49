//! Rights: the clauses of a rights notice: own works, reprinted works, claims.

use crate::extract::{Right, RightKind};
use crate::lexicon::Lexicon;
use crate::source::Source;
use regex::Regex;
use std::ops::Range;

/// The clauses of a rights notice, in the order of the text.
pub(crate) fn find(source: &Source, lexicon: &Lexicon) -> Vec<Right> {
    let mut rights: Vec<Right> = Vec::new();
    for line in source.lines() {
        let text = source.text(line.clone());
        if !mentions(&text, lexicon) {
            continue;
        }
        // A numbered clause is one, whatever its sentences say; else each sentence speaks for itself.
        if is_numbered(source.at(line.clone())) {
            if let Some(kind) = best(&text, lexicon) {
                push(&mut rights, source, kind, line);
            }
            continue;
        }
        let mut current: Option<(RightKind, Range<usize>)> = None;
        let parts = source
            .sentences(line)
            .into_iter()
            .flat_map(|sentence| source.split(sentence, |c| c == '；'))
            .map(|part| source.trimmed(part))
            .filter(|part| !part.is_empty());
        for sentence in parts {
            let kind = best(&source.text(sentence.clone()), lexicon);
            match (&mut current, kind) {
                (Some((known, range)), Some(kind)) if *known == kind => range.end = sentence.end,
                (_, Some(kind)) => {
                    if let Some((kind, range)) = current.take() {
                        push(&mut rights, source, kind, range);
                    }
                    current = Some((kind, sentence));
                }
                (_, None) => {
                    if let Some((kind, range)) = current.take() {
                        push(&mut rights, source, kind, range);
                    }
                }
            }
        }
        if let Some((kind, range)) = current {
            push(&mut rights, source, kind, range);
        }
    }
    rights
}

fn push(rights: &mut Vec<Right>, source: &Source, kind: RightKind, range: Range<usize>) {
    let text = source.text(range.clone());
    rights.push(Right { kind, holder: holder(&text), offset: range.start, length: range.len(), text });
}

/// Who the clause says holds the rights: 版权均属于X, 来源：X.
fn holder(text: &str) -> Option<String> {
    let after = |mark: &str| {
        let (_, rest) = text.split_once(mark)?;
        let name: String = rest.chars().take_while(|&c| crate::chars::is_han(c)).take(20).collect();
        let own = ["本网", "本站", "本报", "本刊", "我网", "原作者", "作者", "权利人"];
        (name.chars().count() >= 3 && !own.iter().any(|word| name.starts_with(word))).then_some(name)
    };
    after("属于")
        .or_else(|| after("归属"))
        .or_else(|| after("来源：").filter(|name| !text.contains(&format!("非{name}"))))
}

/// Could the text be part of a rights notice at all? Cheap, for most lines are not.
fn mentions(text: &str, lexicon: &Lexicon) -> bool {
    ["版权", "转载", "转发", "著作权", "侵权", "侵犯", "授权", "权利人", "原创", "来自网络", "立场", "观点"]
        .iter()
        .any(|word| text.contains(word))
        && best(text, lexicon).is_some()
}

/// The kind that most patterns speak for.
fn best(text: &str, lexicon: &Lexicon) -> Option<RightKind> {
    let count = |patterns: &[Regex]| patterns.iter().filter(|pattern| pattern.is_match(text)).count();
    let counts = [
        (count(&lexicon.rights_claim), RightKind::Claim),
        (count(&lexicon.rights_reprint), RightKind::Reprint),
        (count(&lexicon.rights_own), RightKind::Own),
    ];
    let most = counts.iter().map(|(count, _)| *count).max().filter(|&most| most > 0)?;
    counts.into_iter().find(|(count, _)| *count == most).map(|(_, kind)| kind)
}

fn is_numbered(line: &[char]) -> bool {
    match line {
        [c, ..] if ('①'..='⑳').contains(c) || ('⑴'..='⒇').contains(c) => true,
        [a, b, ..] if (a.is_ascii_digit() || "一二三四五六七八九十".contains(*a)) && matches!(b, '、' | '.' | '．') => {
            true
        }
        ['（' | '(', ..] => true,
        _ => false,
    }
}

/// Does the range touch a rights notice?
pub(crate) fn touches(rights: &[Right], range: &Range<usize>) -> bool {
    rights.iter().any(|right| right.offset < range.end && range.start < right.offset + right.length)
}
