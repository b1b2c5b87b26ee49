//! Diff: what a cleaning changed, as pieces of text to show side by side.

use crate::limits::CELLS_MAX;
use serde::Serialize;

/// What became of a piece.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// In both.
    Same,
    /// Only before.
    Removed,
    /// Only after.
    Added,
}

/// A piece of text and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What became of it.
    pub change: Change,
    /// The words.
    pub text: String,
}

/// The pieces of which `before` and `after` are made, line by line, character by character.
///
/// Same and removed pieces in order give `before`, same and added ones `after`.
pub fn diff(before: &str, after: &str) -> Vec<Piece> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let mut pieces = Vec::new();
    if old.len() == new.len() {
        for (old, new) in old.iter().zip(&new) {
            line(old, new, &mut pieces);
        }
    } else {
        line(before, after, &mut pieces);
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, change: Change, chars: &[char]) {
    if chars.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.change == change => last.text.extend(chars),
        _ => pieces.push(Piece { change, text: chars.iter().collect() }),
    }
}

fn line(before: &str, after: &str, pieces: &mut Vec<Piece>) {
    let old: Vec<char> = before.chars().collect();
    let new: Vec<char> = after.chars().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    push(pieces, Change::Same, &old[..head]);
    if a.len().saturating_mul(b.len()) > CELLS_MAX {
        push(pieces, Change::Removed, a);
        push(pieces, Change::Added, b);
    } else {
        common(a, b, pieces);
    }
    push(pieces, Change::Same, &old[old.len() - tail..]);
}

/// Longest common subsequence, removals before additions.
fn common(a: &[char], b: &[char], pieces: &mut Vec<Piece>) {
    let width = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            push(pieces, Change::Same, &a[i..=i]);
            i += 1;
            j += 1;
        } else if i < a.len() && (j == b.len() || longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
            push(pieces, Change::Removed, &a[i..=i]);
            i += 1;
        } else {
            push(pieces, Change::Added, &b[j..=j]);
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, diff};

    #[test]
    fn pieces_give_both_texts_back() {
        let (before, after) = ("會(huì )議,要求\n第二行", "会议，要求\n第二行");
        let pieces = diff(before, after);
        let side = |not: Change| {
            pieces.iter().filter(|piece| piece.change != not).map(|piece| piece.text.as_str()).collect::<String>()
        };
        assert_eq!(side(Change::Added), before);
        assert_eq!(side(Change::Removed), after);
        assert!(pieces.iter().any(|piece| piece.change == Change::Same && piece.text.contains("第二行")));
    }
}
