//! Reporting: who is reported to have said something, and whether it is a demand.

use crate::lexicon::Lexicon;
use crate::limits::REPORTER_MAX;
use crate::organisations;
use crate::source::{Source, words};
use std::ops::Range;

/// A reporting lead: 某某要求，会议指出，…
pub(crate) struct Lead {
    /// Where what was said begins.
    pub end: usize,
    /// A verb of demand (要求, 强调) rather than of assessment.
    pub demand: bool,
    /// Who, when a person is named.
    pub speaker: Option<String>,
}

/// The reporting lead of a sentence, when it has one among its first three parts.
pub(crate) fn reporting(source: &Source, lexicon: &Lexicon, sentence: Range<usize>) -> Option<Lead> {
    let pieces = source.split(sentence.clone(), |c| matches!(c, '，' | '：'));
    if let Some(lead) = pieces.iter().find_map(|piece| charging(source, lexicon, piece)) {
        return Some(lead);
    }
    for piece in pieces.iter().take(3) {
        // 会议决定：… is what follows; 会议决定成立… is told.
        let decides =
            source.at(piece.clone()).ends_with(&['决', '定']) || source.at(piece.clone()).ends_with(&['商', '定']);
        if decides && source.chars.get(piece.end) == Some(&'：') {
            return Some(Lead { end: piece.end + 1, demand: true, speaker: None });
        }
        if piece.end >= sentence.end || piece.end - sentence.start > 60 {
            return None;
        }
        let chars = source.at(piece.clone());
        let Some(length) = lexicon.reporting.ending(chars) else { continue };
        let before = &chars[..chars.len() - length];
        let demand = lexicon.reporting.get(&chars[chars.len() - length..]).copied().unwrap_or(false);
        let ground = lexicon.adverbials.at(chars, 0).is_some()
            && !chars.starts_with(&['就'])
            && !chars.starts_with(&['在'])
            && !chars.starts_with(&['对']);
        if ground || before.ends_with(&['的']) || before.contains(&'按') {
            continue;
        }
        // 要求 alone may begin a sentence; other verbs want somebody who says it.
        if before.is_empty() && !demand {
            continue;
        }
        return Some(Lead { end: piece.end + 1, demand, speaker: speaker(before, lexicon) });
    }
    None
}

/// 他要求各镇街…, 议定由某局牵头…, 勉励企业…: who is asked follows the verb of demand at once.
fn charging(source: &Source, lexicon: &Lexicon, piece: &Range<usize>) -> Option<Lead> {
    let chars = source.at(piece.clone());
    (0..=REPORTER_MAX.min(chars.len())).find_map(|at| {
        let (length, demand) = lexicon.reporting.at(chars, at)?;
        let before = &chars[..at];
        let named = (2..=4).contains(&before.len()) && lexicon.surnames.at(before, 0).is_some();
        if !demand || !(before.is_empty() || named || lexicon.reporters.has(before)) {
            return None;
        }
        let rest = &chars[at + length..];
        // 明确一名联络员 is an act itself.
        let speaks = !matches!(chars[at..at + length], ['明', '确', ..] | ['提', '出', ..]);
        let unit = rest.first() == Some(&'由')
            || speaks && organisations::group_at(rest, lexicon, 0).is_some()
            || speaks
                && (2..=12.min(rest.len()))
                    .any(|long| lexicon.addressees.ending(&rest[..long]).is_some() && rest.len() > long + 1);
        let noun = matches!(rest.first(), Some('的' | '和' | '、'));
        (unit && !noun).then(|| Lead {
            end: piece.start + at + length,
            demand: true,
            speaker: speaker(before, lexicon),
        })
    })
}

fn speaker(before: &[char], lexicon: &Lexicon) -> Option<String> {
    let mut name = before;
    for tail in [
        &['最', '后'][..],
        &['特', '别'],
        &['还'],
        &['同', '时'],
        &['进', '一', '步'],
        &['在', '讲', '话', '中'],
        &['又'],
    ] {
        if let Some(rest) = name.strip_suffix(tail) {
            name = rest;
        }
    }
    ((2..=4).contains(&name.len()) && lexicon.surnames.at(name, 0).is_some() && !lexicon.reporters.has(name))
        .then(|| words(name))
}
