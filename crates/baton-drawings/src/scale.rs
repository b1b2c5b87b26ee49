//! Scale: from exact values to coordinates of one decimal, and how much room words need.

use rust_decimal::{Decimal, RoundingStrategy};

/// A whole number of drawing units.
pub(crate) fn px(units: i64) -> Decimal {
    Decimal::from(units)
}

/// `tenths` tenths of a drawing unit.
pub(crate) fn tenths(tenths: i64) -> Decimal {
    Decimal::new(tenths, 1)
}

/// A coordinate as written: one decimal at most, half away from nothing.
///
/// Rounded at the eighth decimal first: a third of something is a quotient cut off at the 28th, and
/// twelve of them must be the whole.
pub(crate) fn written(coordinate: Decimal) -> String {
    let away = RoundingStrategy::MidpointAwayFromZero;
    let rounded = coordinate.round_dp_with_strategy(8, away).round_dp_with_strategy(1, away);
    if rounded.is_zero() { "0".into() } else { rounded.normalize().to_string() }
}

/// `value / whole`, held within `0..=most`; nothing when `whole` is not positive.
///
/// A quotient too large to hold is `most` (or 0 when negative): a coordinate must exist for every
/// value.
pub(crate) fn share(value: Decimal, whole: Decimal, most: Decimal) -> Option<Decimal> {
    if whole <= Decimal::ZERO {
        return None;
    }
    let share = value.checked_div(whole).unwrap_or(if value.is_sign_negative() { Decimal::ZERO } else { most });
    Some(share.clamp(Decimal::ZERO, most))
}

/// A round step (1, 2, 2.5 or 5 times a power of ten) that divides `span` into three to six parts;
/// nothing when `span` is not positive.
pub(crate) fn round_step(span: Decimal) -> Option<Decimal> {
    if span <= Decimal::ZERO {
        return None;
    }
    let ten = px(10);
    let mut power = Decimal::ONE;
    while power.checked_mul(ten).is_some_and(|next| next <= span) {
        power *= ten;
    }
    while power > span {
        power = power.checked_div(ten).filter(|it| !it.is_zero())?;
    }
    let rough = span.checked_div(px(4))?;
    for factor in [tenths(1), tenths(2), Decimal::new(25, 2), tenths(5), Decimal::ONE, px(2), Decimal::new(25, 1)] {
        let step = power.checked_mul(factor)?;
        if step >= rough {
            return Some(step);
        }
    }
    None
}

/// A tick's value in plain digits; thousands are grouped on screen and not on paper.
pub(crate) fn tick(value: Decimal, grouped: bool) -> String {
    let plain = value.normalize().to_string();
    if !grouped {
        return plain;
    }
    let (sign, rest) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Width of a text at 12 units a Han character.
pub(crate) fn width(text: &str) -> Decimal {
    let half_units: i64 = text
        .chars()
        .map(|letter| match letter {
            ' ' | '.' | ',' | ':' | ';' | '\'' | 'i' | 'l' | '|' => 7,
            'm' | 'w' | 'M' | 'W' | '%' => 21,
            _ if letter.is_ascii() => 14,
            _ => 24,
        })
        .sum();
    Decimal::new(half_units * 5, 1)
}

/// A text in lines of at most `room` units each, broken between characters.
///
/// Closing marks do not begin a line; a run of digits and Latin letters is not broken.
pub(crate) fn lines(text: &str, room: Decimal) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for letter in text.chars() {
        let glued = matches!(letter, '，' | '。' | '、' | '；' | '：' | '）' | '”' | '’' | '》' | '〕' | '%');
        let narrow = letter.is_ascii_alphanumeric() || matches!(letter, '.' | ',' | '-');
        match pieces.last_mut() {
            Some(last) if glued || (narrow && last.chars().all(|it| it.is_ascii() && it != ' ')) => last.push(letter),
            _ => pieces.push(letter.to_string()),
        }
    }
    let mut out: Vec<String> = Vec::new();
    for piece in pieces {
        match out.last_mut() {
            Some(line) if width(line) + width(&piece) <= room => line.push_str(&piece),
            _ => out.push(piece.trim_start().to_owned()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_are_round_and_few() {
        for (span, step) in
            [("186", "50"), ("64000", "20000"), ("7", "2"), ("1", "0.25"), ("0.03", "0.01"), ("100", "25")]
        {
            assert_eq!(round_step(span.parse().unwrap()), Some(step.parse::<Decimal>().unwrap()), "{span}");
        }
        assert_eq!(round_step(Decimal::ZERO), None);
    }

    #[test]
    fn ticks_are_grouped_on_screen_only() {
        assert_eq!(tick(px(48000), true), "48,000");
        assert_eq!(tick(px(48000), false), "48000");
        assert_eq!(tick("-1234567.50".parse().unwrap(), true), "-1,234,567.5");
    }

    #[test]
    fn a_line_never_begins_with_a_closing_mark() {
        assert_eq!(lines("精密轴承产业园一期（二标段）", px(84)), ["精密轴承产业园", "一期（二标段）"]);
        assert_eq!(lines("110千伏专线", px(30)), ["110", "千伏", "专线"]);
    }

    proptest! {
        #[test]
        fn every_value_has_a_place(value in any::<i64>(), whole in any::<i64>(), scale in 0u32..18) {
            let place = share(Decimal::new(value, scale), Decimal::new(whole, 18 - scale), px(2));
            prop_assert_eq!(place.is_some(), whole > 0);
            if let Some(place) = place { prop_assert!(place >= Decimal::ZERO && place <= px(2)); }
        }

        #[test]
        fn three_to_six_steps_fill_a_span(mantissa in 1i64..1_000_000_000, scale in 0u32..12) {
            let span = Decimal::new(mantissa, scale);
            let parts = span / round_step(span).unwrap();
            prop_assert!(parts >= Decimal::new(15, 1) && parts <= px(6), "{parts}");
        }
    }
}
