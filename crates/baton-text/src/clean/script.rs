//! Script: traditional, compatibility and radical forms become the simplified characters in use.

use super::StepKind;
use crate::chars::is_han;
use crate::draft::{Draft, Edit};
use opencc_fmmseg::OpenCC;
use std::sync::LazyLock;

/// The converter; loaded once, at its first use.
static CONVERTER: LazyLock<OpenCC> = LazyLock::new(|| {
    let mut converter = OpenCC::new();
    converter.set_parallel(false);
    converter
});

/// A text counts as traditional from this many differing characters on …
const DIFFERING_MIN: usize = 2;
/// … or when at least one in this many Chinese characters differs.
const DIFFERING_SHARE: usize = 60;

/// Older printed forms that the converter leaves.
const OLDER: [(char, char); 8] =
    [('澂', '澄'), ('衞', '卫'), ('吿', '告'), ('靑', '青'), ('鐡', '铁'), ('敍', '叙'), ('簷', '檐'), ('靭', '韧')];

/// Words in which 著 and 乾 stay as they are, in either script; elsewhere they stand for 着 and 干.
const KEPT: [&str; 33] = [
    "显著", "顯著", "著名", "著作", "著述", "著称", "著稱", "著者", "著录", "著錄", "著书", "著書", "著有", "名著",
    "专著", "專著", "论著", "論著", "原著", "巨著", "卓著", "昭著", "编著", "編著", "合著", "译著", "譯著", "土著",
    "遗著", "遺著", "乾坤", "乾隆", "乾县",
];

/// Does a word that keeps the character cover the place?
fn is_kept(chars: &[char], at: usize) -> bool {
    matches!(chars[at], '著' | '乾')
        && KEPT.iter().any(|word| {
            let word: Vec<char> = word.chars().collect();
            word.iter()
                .enumerate()
                .any(|(place, &c)| c == chars[at] && at >= place && chars[at - place..].starts_with(&word))
        })
}

/// Converts the text when it is written in traditional script.
///
/// A single rare form in a long simplified text stays: it is likelier a personal name (昇, 祐) than a remainder.
pub(crate) fn pass(draft: &mut Draft) -> bool {
    let mut changed = forms(draft);
    let text: String = draft.chars.iter().collect();
    let converted: Vec<char> = CONVERTER.t2s(&text, false).chars().collect();
    let mut edits = Vec::new();
    if converted.len() == draft.chars.len() {
        for (at, (&old, &new)) in draft.chars.iter().zip(&converted).enumerate() {
            let new = OLDER.iter().find(|(older, _)| *older == new).map_or(new, |(_, plain)| *plain);
            if old != new && is_han(old) && !is_kept(&draft.chars, at) {
                edits.push(Edit::swap(at, new));
            }
        }
    } else {
        edits = by_line(draft);
    }
    let han = draft.chars.iter().filter(|&&c| is_han(c)).count();
    if edits.len() >= DIFFERING_MIN || (!edits.is_empty() && han / edits.len() <= DIFFERING_SHARE) {
        changed |= draft.apply(StepKind::Script, edits);
    }
    changed
}

/// The same line by line, for a text in which some phrase changes its length.
fn by_line(draft: &Draft) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (from, to) in draft.lines() {
        let line: String = draft.chars[from..to].iter().collect();
        let new: Vec<char> = CONVERTER.t2s(&line, false).chars().collect();
        let old = &draft.chars[from..to];
        if new.len() == old.len() {
            edits.extend(
                (0..new.len())
                    .filter(|&i| old[i] != new[i] && is_han(old[i]) && !is_kept(&draft.chars, from + i))
                    .map(|i| Edit::swap(from + i, new[i])),
            );
            continue;
        }
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
        edits.push(Edit {
            at: from + head,
            removed: old.len() - head - tail,
            added: new[head..new.len() - tail].to_vec(),
        });
    }
    edits
}

/// Kangxi radicals and compatibility forms, as texts copied out of PDF files have them.
fn forms(draft: &mut Draft) -> bool {
    let mut edits = Vec::new();
    for (at, &c) in draft.chars.iter().enumerate() {
        if matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}') {
            let plain: Vec<char> = CONVERTER.normalize_compat_extended(&c.to_string()).chars().collect();
            edits.push(Edit { at, removed: 1, added: plain });
        }
    }
    draft.apply(StepKind::Script, edits)
}
