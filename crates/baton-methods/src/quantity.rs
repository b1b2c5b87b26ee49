//! Quantities: units of measure, THE rounding, exact fixed point, and numbers and dates as people write them.

mod dates;
mod numbers;
mod units;

pub use dates::{DateError, DateFault, parse_date};
pub use numbers::{Note, NumberError, NumberFault, Parsed, parse_number};
pub use units::{Dimension, Unit, UnitMismatch, convert};

use crate::words::Lang;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt;

/// Decimals a figure in memory is kept with.
pub const SCALE: u32 = 6;

/// Rounds to `decimals` digits after the point, halves away from zero: 0.5 → 1, −0.5 → −1.
///
/// This is the only rounding of Baton; it happens at display and where a rank or a light is decided.
pub fn round_half_up(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// The value with exactly `decimals` digits after the point, rounded half up, thousands grouped by commas on request.
///
/// `-0.04` with one decimal is `0.0`: a zero has no sign.
pub fn format_decimal(value: Decimal, decimals: u32, grouped: bool) -> String {
    let rounded = round_half_up(value, decimals);
    let mut digits = rounded.abs().to_string();
    if decimals > 0 {
        if !digits.contains('.') {
            digits.push('.');
        }
        let have = digits.len() - digits.find('.').unwrap_or(0) - 1;
        digits.extend(std::iter::repeat_n('0', (decimals as usize).saturating_sub(have)));
    }
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { "-" } else { "" };
    let (whole, rest) = match digits.find('.') {
        Some(point) => digits.split_at(point),
        None => (digits.as_str(), ""),
    };
    if !grouped {
        return format!("{sign}{whole}{rest}");
    }
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// The value as it is, without trailing zeros, never in scientific notation.
pub fn format_exact(value: Decimal) -> String {
    let normal = value.normalize();
    if normal.is_zero() { "0".into() } else { normal.to_string() }
}

/// Why a value does not fit the fixed point of figures in memory.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ScaleError {
    /// More than [`SCALE`] decimals.
    TooFine(Decimal),
    /// More than about 9.2 × 10¹².
    TooLarge(Decimal),
}

impl ScaleError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ScaleError::TooFine(_) => "number.too_fine",
            ScaleError::TooLarge(_) => "number.too_large",
        }
    }

    /// What is wrong and the way out.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            ScaleError::TooFine(value) => lang.pick(
                format!("{value} 的小数超过 {SCALE} 位，请先按指标的小数位数取整"),
                format!("{value} has more than {SCALE} decimals; round it to the measure's decimals first"),
            ),
            ScaleError::TooLarge(value) => lang.pick(
                format!("{value} 太大，请核对单位（万元、亿元）"),
                format!("{value} is too large; check its unit"),
            ),
        }
    }
}

impl fmt::Display for ScaleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for ScaleError {}

/// The value times 10⁶ as an integer, exactly.
///
/// Errors: `TooFine` when digits would be lost, `TooLarge` beyond ±9 223 372 036 854.775807.
pub fn to_scaled(value: Decimal) -> Result<i64, ScaleError> {
    let normal = value.normalize();
    if normal.scale() > SCALE {
        return Err(ScaleError::TooFine(value));
    }
    let factor = 10i128.pow(SCALE - normal.scale());
    normal
        .mantissa()
        .checked_mul(factor)
        .and_then(|scaled| i64::try_from(scaled).ok())
        .ok_or(ScaleError::TooLarge(value))
}

/// The value of a scaled integer, without trailing zeros. The inverse of [`to_scaled`].
pub fn from_scaled(scaled: i64) -> Decimal {
    Decimal::new(scaled, SCALE).normalize()
}

/// Shares of a total in percent, each rounded to `decimals`.
///
/// With `to_hundred` the difference of the rounded shares from 100 is taken off the largest share (the first of
/// equals); it is an option for tables whose reader will add up, off unless chosen, and says so where it is used.
/// None when the counts add up to zero or less, or are too large to add.
pub fn shares_pct(counts: &[Decimal], decimals: u32, to_hundred: bool) -> Option<Vec<Decimal>> {
    let total = counts.iter().try_fold(Decimal::ZERO, |sum, count| sum.checked_add(*count))?;
    if total <= Decimal::ZERO {
        return None;
    }
    let mut shares: Vec<Decimal> = counts
        .iter()
        .map(|count| Some(round_half_up(count.checked_mul(Decimal::ONE_HUNDRED)? / total, decimals)))
        .collect::<Option<_>>()?;
    if to_hundred {
        let largest = (0..shares.len()).fold(0, |best, at| if shares[at] > shares[best] { at } else { best });
        let off: Decimal = Decimal::ONE_HUNDRED - shares.iter().sum::<Decimal>();
        shares[largest] += off;
    }
    Some(shares)
}
