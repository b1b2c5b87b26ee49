//! Checks: the identities that figures must satisfy, each with its result in words.

use crate::quantity::format_exact;
use crate::words::Words;
use rust_decimal::Decimal;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The numbers agree.
    Holds,
    /// They agree, but one of them fell: a correction that needs a reason.
    NeedsReason(Words),
    /// They do not agree.
    Fails {
        /// left − right: by how much.
        off: Decimal,
        /// What does not agree, with the numbers in it.
        reason: Words,
    },
    /// The numbers are too large to be compared.
    TooLarge,
}

impl Checked {
    /// Does the figure pass, possibly with a reason?
    pub fn accepted(&self) -> bool {
        matches!(self, Checked::Holds | Checked::NeedsReason(_))
    }

    /// The reason in words, when there is one.
    pub fn reason(&self) -> Option<&Words> {
        match self {
            Checked::NeedsReason(reason) | Checked::Fails { reason, .. } => Some(reason),
            Checked::Holds | Checked::TooLarge => None,
        }
    }
}

/// Running total: total to date = total before + this period (E_n = E_{n−1} + D).
///
/// 100 + 20 = 120 holds, 121 fails; 100 − 5 = 95 is a correction and needs a reason (golden G15). The identity holds
/// inside one vintage only. Source: rules for filling in investment tables (fai-fill).
pub fn running_total(before: Decimal, this_period: Decimal, total: Decimal) -> Checked {
    let Some(off) = before.checked_add(this_period).and_then(|expected| total.checked_sub(expected)) else {
        return Checked::TooLarge;
    };
    let (b, p, t) = (format_exact(before), format_exact(this_period), format_exact(total));
    if !off.is_zero() {
        let expected = format_exact(before + this_period);
        return Checked::Fails {
            off,
            reason: Words::new(
                format!("累计 {t} 不等于上期累计 {b} + 本期 {p} = {expected}，相差 {}", format_exact(off)),
                format!(
                    "the total {t} is not the total before {b} + this period {p} = {expected}; it is off by {}",
                    format_exact(off)
                ),
            ),
        };
    }
    if this_period < Decimal::ZERO {
        return Checked::NeedsReason(Words::new(
            format!("本期为 {p}，累计由 {b} 减为 {t}，请写明更正原因"),
            format!("this period is {p}: the total falls from {b} to {t}; give the reason of the correction"),
        ));
    }
    Checked::Holds
}

/// Parts: a total equals the sum of its parts (building + installation + equipment + other).
///
/// `tolerance` is the difference that still holds: 0 for entered figures; a published total may differ by rounding.
/// Source: fai-fill (golden R10).
pub fn parts(total: Decimal, parts: &[Decimal], tolerance: Decimal) -> Checked {
    let sum = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part));
    let Some((sum, off)) = sum.and_then(|sum| Some((sum, total.checked_sub(sum)?))) else {
        return Checked::TooLarge;
    };
    if off.abs() <= tolerance {
        return Checked::Holds;
    }
    let (t, s, o) = (format_exact(total), format_exact(sum), format_exact(off));
    Checked::Fails {
        off,
        reason: Words::new(
            format!("合计 {t} 不等于各项之和 {s}，相差 {o}"),
            format!("the total {t} is not the sum of its parts {s}; it is off by {o}"),
        ),
    }
}

/// At least: a whole is not below the sum of the parts named "of which" (equipment ≥ old equipment; other ≥ old
/// buildings + land). Source: fai-fill (golden R10).
pub fn at_least(whole: Decimal, of_which: &[Decimal]) -> Checked {
    let sum = of_which.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part));
    let Some((sum, off)) = sum.and_then(|sum| Some((sum, whole.checked_sub(sum)?))) else {
        return Checked::TooLarge;
    };
    if off >= Decimal::ZERO {
        return Checked::Holds;
    }
    let (w, s, o) = (format_exact(whole), format_exact(sum), format_exact(-off));
    Checked::Fails {
        off,
        reason: Words::new(
            format!("其中项 {s} 大于总数 {w}，多出 {o}"),
            format!("the part {s} exceeds the whole {w} by {o}"),
        ),
    }
}

/// At most a share above: does `value` exceed `base` by more than `share` (0.1 = 10 %)? Exactly 10 % above still holds.
///
/// Source: budget over the approved estimate, government-invested projects only (golden R16).
pub fn at_most_above(value: Decimal, base: Decimal, share: Decimal) -> Checked {
    let limit = share.checked_add(Decimal::ONE).and_then(|factor| base.checked_mul(factor));
    let Some((limit, off)) = limit.and_then(|limit| Some((limit, value.checked_sub(limit)?))) else {
        return Checked::TooLarge;
    };
    if off <= Decimal::ZERO {
        return Checked::Holds;
    }
    let pct = format_exact(share * Decimal::ONE_HUNDRED);
    let (v, b, l) = (format_exact(value), format_exact(base), format_exact(limit));
    Checked::Fails {
        off,
        reason: Words::new(
            format!("{v} 超过 {b} 的幅度大于 {pct}%（上限 {l}）"),
            format!("{v} is more than {pct} % above {b} (limit {l})"),
        ),
    }
}

/// Is this a project code of the national online approval platform: `YYMM-区划6-TT-TT-NNNNNN`?
///
/// The form alone is tested: digits and hyphens in place, a month from 01 to 12 (golden R9; government investment
/// regulation, art. 10). Full-width digits and other dashes are not accepted: normalise first.
pub fn is_project_code(code: &str) -> bool {
    let groups: Vec<&str> = code.split('-').collect();
    let shape = [4, 6, 2, 2, 6];
    groups.len() == shape.len()
        && groups
            .iter()
            .zip(shape)
            .all(|(group, length)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_digit()))
        && matches!(groups[0][2..].parse::<u8>(), Ok(1..=12))
}
