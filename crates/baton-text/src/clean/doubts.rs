//! Doubts: places that look damaged and cannot be repaired with certainty.

use crate::chars::is_han;
use serde::Serialize;

/// A place that looks damaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// Character offset in the cleaned text.
    pub at: usize,
    /// What stands there.
    pub text: String,
}

/// Replacement characters, private-use characters, 锟斤拷, and a question mark in the middle of a word.
pub(crate) fn find(chars: &[char]) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let long = match chars[at] {
            '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => 1,
            '锟' if chars[at..].starts_with(&['锟', '斤', '拷']) => 3,
            '?' if at > 0
                && is_han(chars[at - 1])
                && chars.get(at + 1).is_some_and(|&c| is_han(c) || c.is_ascii_alphabetic()) =>
            {
                1
            }
            _ => 0,
        };
        if long > 0 {
            doubts.push(Doubt { at, text: chars[at..at + long].iter().collect() });
        }
        at += long.max(1);
    }
    doubts
}
