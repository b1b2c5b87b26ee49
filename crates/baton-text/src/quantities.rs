//! Quantities: figures with their units, as the text gives them and none that it does not.

use crate::chars::{number, numeral};
use crate::extract::{Bound, Quantity};
use crate::lexicon::Lexicon;
use crate::source::{Source, words};
use std::ops::Range;

/// A figure found, and whether it makes a clause measurable.
pub(crate) struct Found {
    pub quantity: Quantity,
    /// 一名 and terms of time without a bound do not make a task a measure.
    pub counts: bool,
}

/// The figures of a range, outside `taken` (ranges of deadlines).
pub(crate) fn find(source: &Source, lexicon: &Lexicon, range: Range<usize>, taken: &[Range<usize>]) -> Vec<Found> {
    let chars = &source.chars;
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        if let Some(busy) = taken.iter().find(|busy| busy.contains(&at)) {
            at = busy.end;
            continue;
        }
        if let Some((length, ())) = lexicon.number_traps.at(&chars[..range.end], at) {
            // 一批, 八项规定: no figure, unless a longer number begins here.
            let numerals = chars[at..range.end].iter().take_while(|&&c| is_numeral(c)).count();
            at += length.max(numerals);
            continue;
        }
        let c = chars[at];
        if c.is_ascii_digit() {
            at = digits(source, lexicon, at, &range, &mut found);
        } else if is_numeral(c) {
            at = numerals(source, lexicon, at, &range, &mut found);
        } else {
            at += 1;
        }
    }
    found
}

fn is_numeral(c: char) -> bool {
    numeral(c).is_some() || matches!(c, '十' | '百' | '千')
}

/// A figure in digits at `at`; returns where to go on.
fn digits(source: &Source, lexicon: &Lexicon, at: usize, range: &Range<usize>, found: &mut Vec<Found>) -> usize {
    let chars = &source.chars[..range.end];
    let mut end = at;
    while end < chars.len()
        && (chars[end].is_ascii_digit()
            || (matches!(chars[end], '.' | ',') && chars.get(end + 1).is_some_and(|c| c.is_ascii_digit())))
    {
        end += 1;
    }
    let figure = words(&chars[at..end]).replace(',', "");
    let before = at.checked_sub(1).map(|i| chars[i]);
    let ordinal = before.is_some_and(|c| matches!(c, '第' | '〔' | '[') || c.is_ascii_alphabetic())
        || figure.matches('.').count() > 1;
    let Some((length, ())) = lexicon.units.at(chars, end).filter(|_| !ordinal) else {
        // The first figure of a range, 3至5个 or 3-5个, takes the unit of the second.
        let dash = chars.get(end).is_some_and(|&c| matches!(c, '至' | '到' | '-' | '—' | '~' | '～'));
        let second = end
            + 1
            + chars[(end + 1).min(chars.len())..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
        if dash
            && second > end + 1
            && !ordinal
            && let Some((length, ())) = lexicon.units.at(chars, second)
        {
            let unit = words(&chars[second..second + length]);
            push(source, lexicon, found, at..end, figure, unit, Some(Bound::AtLeast), true, range);
        }
        return end.max(at + 1);
    };
    // 9月, 2023年, 28号 are no units; 级 as in 50亿级 belongs to the word behind.
    let unit = words(&chars[end..end + length]);
    let unit = unit.strip_suffix('级').filter(|rest| !rest.is_empty()).map_or(unit.clone(), str::to_owned);
    // 3个工作日 counts 工作日, 2个百分点 百分点.
    let spare = usize::from(unit.starts_with('个') && unit.chars().count() > 2);
    let unit: String = unit.chars().skip(spare).collect();
    let time = lexicon.time_units.has(&unit.chars().collect::<Vec<_>>());
    let end = end + spare + unit.chars().count();
    push(source, lexicon, found, at..end, figure, unit, None, !time, range);
    end
}

/// A figure in Chinese numerals at `at`; returns where to go on.
fn numerals(source: &Source, lexicon: &Lexicon, at: usize, range: &Range<usize>, found: &mut Vec<Found>) -> usize {
    let chars = &source.chars[..range.end];
    let end = at + chars[at..].iter().take_while(|&&c| is_numeral(c)).count();
    let ordinal = at
        .checked_sub(1)
        .is_some_and(|i| matches!(chars[i], '“' | '第' | '数' | '几' | '周' | '期' | '统' | '唯' | '同' | '万'));
    let figure = &chars[at..end];
    let units = if figure == ['一'] { &lexicon.one_units } else { &lexicon.numeral_units };
    // 一户一户, 不得让一户断水: each and none, no figure.
    let repeated =
        figure == ['一'] && (chars.get(end + 1) == Some(&'一') || (at >= range.start + 2 && chars[at - 2] == '一'));
    let denied = at.saturating_sub(2).max(range.start)..at;
    let none = figure == ['一']
        && (lexicon.bans.at(chars, range.start).is_some()
            || chars[denied].iter().any(|&c| matches!(c, '不' | '没' | '未')));
    if !ordinal
        && !repeated
        && !none
        && let Some((length, ())) = units.at(chars, end)
        && let Some(value) = number(&words(figure))
    {
        let end = end + length;
        let unit = words(&chars[end - length..end]);
        let large = unit.starts_with('亿') || unit.starts_with('万') || value >= 10;
        push(source, lexicon, found, at..end, value.to_string(), unit, None, large, range);
        return end;
    }
    end
}

#[allow(clippy::too_many_arguments)]
fn push(
    source: &Source,
    lexicon: &Lexicon,
    found: &mut Vec<Found>,
    span: Range<usize>,
    value: String,
    unit: String,
    bound: Option<Bound>,
    counts: bool,
    range: &Range<usize>,
) {
    // 达到80%时及时限流: a condition.
    let after = &source.chars[span.end..range.end.min(span.end + 3)];
    let condition = after.iter().position(|&c| matches!(c, '时')).is_some_and(|at| {
        span.end + at + 2 < range.end && after[..at].iter().all(|&c| matches!(c, '以' | '上' | '下'))
    });
    // 派1名填报员: one of them is no measure.
    let one = value == "1" && matches!(unit.as_str(), "名" | "位" | "次" | "遍");
    let bound = bound.or_else(|| bound_of(source, lexicon, &span, range));
    // 这11户 speaks of what is known.
    let pointed = span.start > range.start && matches!(source.chars[span.start - 1], '这' | '那' | '该' | '上' | '述');
    found.push(Found {
        quantity: Quantity { text: source.text(span.clone()), value, unit, bound, offset: span.start },
        counts: ((counts && !pointed && !one) || bound.is_some()) && !condition,
    });
}

/// 不少于20个, 20个以上, 20个左右.
fn bound_of(source: &Source, lexicon: &Lexicon, span: &Range<usize>, range: &Range<usize>) -> Option<Bound> {
    let before = source.at(range.start..span.start);
    let after = &source.chars[..range.end];
    let sides = [
        (&lexicon.bound_at_most, Bound::AtMost),
        (&lexicon.bound_at_least, Bound::AtLeast),
        (&lexicon.bound_about, Bound::About),
    ];
    let mut best: Option<(usize, Bound)> = None;
    for (list, bound) in sides {
        let length = list.ending(before).into_iter().chain(list.at(after, span.end).map(|(length, ())| length)).max();
        if let Some(length) = length.filter(|&length| best.is_none_or(|(known, _)| length > known)) {
            best = Some((length, bound));
        }
    }
    best.map(|(_, bound)| bound)
}
