//! Pace: where a cumulative measure stands against its plan curve, and what is left to do.
//!
//! Shares are fractions (0..=1 for a curve), points are percentage points. Nothing is rounded here: a difference is
//! taken before rounding, and [`crate::quantity::round_half_up`] is applied where it is shown.

mod curve;

pub use curve::{At, Curve, CurveFault, CurvePreset, presets};

use crate::period::Period;
use crate::words::Lang;
use rust_decimal::Decimal;
use std::fmt;

/// Why a share, a growth or a needed amount cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoResult {
    /// The target is zero or negative: no share of it exists.
    NoTarget {
        /// The target.
        target: Decimal,
    },
    /// The base is zero: growth is undefined; the absolute change is what can be shown.
    ZeroBase {
        /// current − base
        change: Decimal,
    },
    /// The base is negative: growth is undefined; the absolute change is what can be shown.
    NegativeBase {
        /// current − base
        change: Decimal,
    },
    /// Nothing of the year is left to grow in: the base to date is not below the base of the year.
    NoRest {
        /// base of the year − base to date
        rest: Decimal,
    },
    /// The target is not met and no period is left.
    NoPeriodsLeft {
        /// target − done
        short: Decimal,
    },
    /// The curve has no such preset, or is not valid.
    Curve(CurveFault),
    /// The numbers are too large to be worked with.
    Overflow,
}

impl NoResult {
    /// Stable code, such as `pace.no_target`.
    pub fn code(&self) -> &'static str {
        match self {
            NoResult::NoTarget { .. } => "pace.no_target",
            NoResult::ZeroBase { .. } => "pace.zero_base",
            NoResult::NegativeBase { .. } => "pace.negative_base",
            NoResult::NoRest { .. } => "pace.no_rest",
            NoResult::NoPeriodsLeft { .. } => "pace.no_periods_left",
            NoResult::Curve(fault) => fault.code(),
            NoResult::Overflow => "pace.overflow",
        }
    }

    /// The change to show in place of a growth, when the base refuses one.
    pub fn change(&self) -> Option<Decimal> {
        match self {
            NoResult::ZeroBase { change } | NoResult::NegativeBase { change } => Some(*change),
            _ => None,
        }
    }

    /// Why, and what to show or do instead.
    pub fn message(&self, lang: Lang) -> String {
        let exact = crate::quantity::format_exact;
        match self {
            NoResult::NoTarget { target } => lang.pick(
                format!("目标为 {}，不能计算完成率；请先录入大于 0 的目标", exact(*target)),
                format!("the target is {}: no share of it exists; set a target above 0", exact(*target)),
            ),
            NoResult::ZeroBase { change } => lang.pick(
                format!("上年同期为零，不计算增幅，增减 {}", exact(*change)),
                format!("the same period last year is zero: no growth, the change is {}", exact(*change)),
            ),
            NoResult::NegativeBase { change } => lang.pick(
                format!("上年同期为负，不计算增幅，增减 {}", exact(*change)),
                format!("the same period last year is negative: no growth, the change is {}", exact(*change)),
            ),
            NoResult::NoRest { rest } => lang.pick(
                format!("上年全年减上年同期为 {}，没有剩余时段可算增幅；请核对上年基数", exact(*rest)),
                format!("last year's rest is {}: no growth of it exists; check the base", exact(*rest)),
            ),
            NoResult::NoPeriodsLeft { short } => lang.pick(
                format!("已没有剩余时段，还差 {}", exact(*short)),
                format!("no period is left and {} is missing", exact(*short)),
            ),
            NoResult::Curve(fault) => fault.message(lang),
            NoResult::Overflow => lang
                .pick("数字太大，无法计算；请核对单位".into(), "the numbers are too large; check their units".into()),
        }
    }
}

impl fmt::Display for NoResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for NoResult {}

impl From<CurveFault> for NoResult {
    fn from(fault: CurveFault) -> NoResult {
        NoResult::Curve(fault)
    }
}

/// a · b / c, with an error instead of a panic.
fn mul_div(a: Decimal, b: Decimal, c: Decimal) -> Result<Decimal, NoResult> {
    // Multiplying first keeps quotients that are decimals exact; dividing first saves products that are too large.
    match a.checked_mul(b) {
        Some(product) => product.checked_div(c),
        None => a.checked_div(c).and_then(|quotient| quotient.checked_mul(b)),
    }
    .ok_or(NoResult::Overflow)
}

fn positive(target: Decimal) -> Result<Decimal, NoResult> {
    if target > Decimal::ZERO { Ok(target) } else { Err(NoResult::NoTarget { target }) }
}

fn minus(a: Decimal, b: Decimal) -> Result<Decimal, NoResult> {
    a.checked_sub(b).ok_or(NoResult::Overflow)
}

/// Share of the target reached, as a fraction: 629.0 of 647.4 is 0.97157….
///
/// Errors: `NoTarget` when the target is zero or negative.
pub fn share_done(done: Decimal, target: Decimal) -> Result<Decimal, NoResult> {
    mul_div(done, Decimal::ONE, positive(target)?)
}

/// Share of the target reached in percent, unrounded: 40718 of 36000 is 113.105….
///
/// Errors: `NoTarget`. Source of the case: published livelihood lists (golden G7).
pub fn ratio_pct(done: Decimal, target: Decimal) -> Result<Decimal, NoResult> {
    mul_div(done, Decimal::ONE_HUNDRED, positive(target)?)
}

/// Share of the annual target reached, minus the share the plan curve expects, in percentage points, unrounded.
///
/// `done` and `target` are in the measure's own unit; `expected` is the curve's value at the cut (0..=1). The
/// difference is taken before rounding: 629.0 of 647.4 in October is +13.825 points, shown +13.8, not +13.9.
///
/// Errors: `NoTarget`. Source: published dispatch tables (golden G1).
pub fn gap_points(done: Decimal, target: Decimal, expected: Decimal) -> Result<Decimal, NoResult> {
    let expected_pct = expected.checked_mul(Decimal::ONE_HUNDRED).ok_or(NoResult::Overflow)?;
    minus(ratio_pct(done, target)?, expected_pct)
}

/// Done as a percentage of what the plan expects by now: the input of the light "plan ratio".
///
/// Errors: `NoTarget` when the target, or the share expected so far, is not above zero.
pub fn plan_ratio_pct(done: Decimal, target: Decimal, expected: Decimal) -> Result<Decimal, NoResult> {
    let planned = positive(target)?.checked_mul(expected).ok_or(NoResult::Overflow)?;
    ratio_pct(done, planned)
}

/// Share of the target expected at a date or at the end of a period, 0..=1.
///
/// Errors: the first fault of the curve.
pub fn expected_share(curve: &Curve, at: impl Into<At>) -> Result<Decimal, CurveFault> {
    curve.expected(at.into())
}

/// Growth of `current` over `base` as a fraction: 105 over 100 is 0.05.
///
/// Errors: `ZeroBase`, `NegativeBase`, both with the absolute change to show instead. Growth in comparable prices
/// cannot be computed from current-price levels: it is a fact of its own.
pub fn growth(current: Decimal, base: Decimal) -> Result<Decimal, NoResult> {
    let change = minus(current, base)?;
    if base.is_zero() {
        Err(NoResult::ZeroBase { change })
    } else if base < Decimal::ZERO {
        Err(NoResult::NegativeBase { change })
    } else {
        mul_div(change, Decimal::ONE, base)
    }
}

/// Growth in percent: 105 over 100 is 5. Errors as for [`growth`].
pub fn growth_pct(current: Decimal, base: Decimal) -> Result<Decimal, NoResult> {
    growth(current, base)?.checked_mul(Decimal::ONE_HUNDRED).ok_or(NoResult::Overflow)
}

/// Growth the rest of the year needs so that the whole year reaches its target growth, as a fraction.
///
/// `base_year`, `base_to_date`: last year's full value and last year's cumulative value of the same months.
/// `target_growth`, `growth_to_date`: fractions. g_rest = ((1+g*)·B − (1+g_m)·B_m) / (B − B_m) − 1; B = 100, B_3 = 22,
/// g* = 0.07, g_3 = 0.05 gives 0.0756 (golden G6).
///
/// Errors: `ZeroBase`/`NegativeBase` of the year, `NoRest` when nothing of last year is left.
pub fn required_rest_growth(
    base_year: Decimal,
    base_to_date: Decimal,
    target_growth: Decimal,
    growth_to_date: Decimal,
) -> Result<Decimal, NoResult> {
    growth(base_year, base_year)?;
    let rest = minus(base_year, base_to_date)?;
    if rest <= Decimal::ZERO {
        return Err(NoResult::NoRest { rest });
    }
    let grown = |base: Decimal, growth: Decimal| {
        growth.checked_add(Decimal::ONE).and_then(|factor| factor.checked_mul(base)).ok_or(NoResult::Overflow)
    };
    let needed = minus(grown(base_year, target_growth)?, grown(base_to_date, growth_to_date)?)?;
    growth(needed, rest)
}

/// What is left of a target, over the periods that are left.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// target − done, 0 when it is reached.
    pub total: Decimal,
    /// The same for each period left, 0 when it is reached.
    pub per_period: Decimal,
}

/// Amount needed to reach the target, and per period left: (100 − 40) over 6 months is 10 a month (golden R14).
///
/// Errors: `NoPeriodsLeft` when something is missing and `periods_left` is 0.
pub fn amount_needed(done: Decimal, target: Decimal, periods_left: u32) -> Result<Needed, NoResult> {
    let short = minus(target, done)?;
    if short <= Decimal::ZERO {
        return Ok(Needed { total: Decimal::ZERO, per_period: Decimal::ZERO });
    }
    if periods_left == 0 {
        return Err(NoResult::NoPeriodsLeft { short });
    }
    Ok(Needed { total: short, per_period: mul_div(short, Decimal::ONE, Decimal::from(periods_left))? })
}

/// Months of the year left after the end of `period`: 6 after June, 0 after December.
pub fn months_left(period: Period) -> u32 {
    12 - u32::from(period.months_elapsed())
}

/// How 双过半 ("half the time, half the task") stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HalfStatus {
    /// 已过半: half the task is done, and half the time is over.
    Met,
    /// 任务提前过半: half the task is done before 30 June.
    Ahead,
    /// 未到半年: neither is half yet.
    NotYet,
    /// 未过半: half the time is over and half the task is not done.
    NotMet,
}

impl HalfStatus {
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            HalfStatus::Met => "met",
            HalfStatus::Ahead => "ahead",
            HalfStatus::NotYet => "not_yet",
            HalfStatus::NotMet => "not_met",
        }
    }

    /// As it is said.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            HalfStatus::Met => lang.pick("已过半", "past half"),
            HalfStatus::Ahead => lang.pick("任务提前过半", "task past half ahead of time"),
            HalfStatus::NotYet => lang.pick("时间、任务均未过半", "neither is past half yet"),
            HalfStatus::NotMet => lang.pick("未过半", "not past half"),
        }
    }
}

/// 双过半 of one target.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct HalfHalf {
    /// How it stands.
    pub status: HalfStatus,
    /// Is 30 June reached?
    pub time_half: bool,
    /// Is half the target reached?
    pub task_half: bool,
    /// Amount short to half the target, 0 when it is reached.
    pub short: Decimal,
    /// Share done minus 50 %, in percentage points, unrounded.
    pub gap_points: Decimal,
}

/// 双过半 of a level target: half the task by 30 June. 49.9 of 100 in June is not met, 0.1 short (golden R12, [K]).
///
/// `at` is a date or the period whose end the figure `done` belongs to. Errors: `NoTarget`.
pub fn half_half(done: Decimal, target: Decimal, at: impl Into<At>) -> Result<HalfHalf, NoResult> {
    let gap = gap_points(done, target, Decimal::new(5, 1))?;
    let half = mul_div(target, Decimal::ONE, Decimal::TWO)?;
    let day = at.into().day();
    let time_half = (day.month(), day.day()) >= (6, 30);
    let task_half = done >= half;
    Ok(HalfHalf {
        status: match (time_half, task_half) {
            (true, true) => HalfStatus::Met,
            (false, true) => HalfStatus::Ahead,
            (false, false) => HalfStatus::NotYet,
            (true, false) => HalfStatus::NotMet,
        },
        time_half,
        task_half,
        short: minus(half, done)?.max(Decimal::ZERO),
        gap_points: gap,
    })
}

/// 双过半 of a growth target: met when the growth of the first half reaches the target growth. Both in one unit.
pub fn half_half_growth(growth_to_june: Decimal, target_growth: Decimal) -> bool {
    growth_to_june >= target_growth
}

/// The value of one period out of two running totals: M03 = cum(M03) − cum(M01M02) (golden R13).
///
/// A negative result is a revision: it is given as it is, flagged by [`PeriodValue::revised_down`], never clipped.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct PeriodValue {
    /// The value of the period.
    pub value: Decimal,
    /// The running total fell: some earlier month was revised.
    pub revised_down: bool,
}

/// Why a period's own value cannot be taken out of running totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPeriodValue {
    /// The two totals are not of the same year.
    AnotherYear(Period, Period),
    /// The earlier total does not end right before the period asked for begins.
    NotAdjacent(Period, Period),
    /// The numbers are too large.
    Overflow,
}

impl NoPeriodValue {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NoPeriodValue::AnotherYear(..) => "pace.cumulative_another_year",
            NoPeriodValue::NotAdjacent(..) => "pace.cumulative_not_adjacent",
            NoPeriodValue::Overflow => "pace.overflow",
        }
    }

    /// Why.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            NoPeriodValue::AnotherYear(before, now) => lang.pick(
                format!("{} 和 {} 不是同一年的累计", before.label(lang), now.label(lang)),
                format!("{} and {} are totals of two years", before.label(lang), now.label(lang)),
            ),
            NoPeriodValue::NotAdjacent(before, now) => lang.pick(
                format!("{} 与 {} 不相邻，差额不是一个时段的数", before.label(lang), now.label(lang)),
                format!(
                    "{} does not end right before {}: the difference is no period's value",
                    before.label(lang),
                    now.label(lang)
                ),
            ),
            NoPeriodValue::Overflow => NoResult::Overflow.message(lang),
        }
    }
}

impl fmt::Display for NoPeriodValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for NoPeriodValue {}

/// The value of `period` alone, from its running total and the one before it in the year.
///
/// `before` is none for the first period of a year: `M01M02`, or a January, the first quarter or half. March follows
/// January–February or, in a series with a separate January, February. Errors: see [`NoPeriodValue`].
pub fn month_from_cumulative(
    period: Period,
    total: Decimal,
    before: Option<(Period, Decimal)>,
) -> Result<PeriodValue, NoPeriodValue> {
    let Some((earlier, earlier_total)) = before else {
        let first_of_year = period.start().day_of_year() == 1;
        if !first_of_year {
            return Err(NoPeriodValue::NotAdjacent(period, period));
        }
        return Ok(PeriodValue { value: total, revised_down: false });
    };
    if earlier.year_number() != period.year_number() {
        return Err(NoPeriodValue::AnotherYear(earlier, period));
    }
    if earlier.end().tomorrow().ok() != Some(period.start()) {
        return Err(NoPeriodValue::NotAdjacent(earlier, period));
    }
    let value = total.checked_sub(earlier_total).ok_or(NoPeriodValue::Overflow)?;
    Ok(PeriodValue { value, revised_down: value < Decimal::ZERO })
}

/// The running total at the end of `period` from the total before it and the period's own value.
pub fn cumulative_from_month(before: Decimal, value: Decimal) -> Option<Decimal> {
    before.checked_add(value)
}
