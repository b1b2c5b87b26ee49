//! Plan curves: how much of a year's target is expected by when.

use crate::period::{Grain, Period};
use crate::words::{Lang, Words};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

/// Where a curve is read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// On a day, in the evening: by the day of the year.
    Day(Date),
    /// At the end of a period.
    EndOf(Period),
}

impl From<Date> for At {
    fn from(day: Date) -> At {
        At::Day(day)
    }
}

impl From<Period> for At {
    fn from(period: Period) -> At {
        At::EndOf(period)
    }
}

impl At {
    /// The day itself, or the last day of the period within its own year.
    pub fn day(self) -> Date {
        match self {
            At::Day(day) => day,
            At::EndOf(period) => period.end().min(Period::year_of(period.year_number()).end()),
        }
    }
}

/// A plan curve: cumulative shares of the year's target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// The same every month: 序时进度 m/12; on a day, day of the year over the length of the year.
    #[default]
    Linear,
    /// Cumulative shares (0..=1) at the ends of the four quarters, in equal steps between.
    ByQuarter([Decimal; 4]),
    /// Cumulative shares (0..=1) at the ends of the twelve months.
    ByMonth([Decimal; 12]),
    /// A seasonal curve by its key; see [`presets`].
    Preset(String),
}

/// A seasonal curve of the shipped data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePreset {
    /// Its key.
    pub key: String,
    /// Its names.
    pub name: Words,
    /// Where it comes from.
    pub source: String,
    /// Cumulative shares at quarter ends.
    pub by_quarter: [Decimal; 4],
}

#[derive(Deserialize)]
struct CurveFile {
    curve: Vec<CurvePreset>,
}

static PRESETS: LazyLock<Vec<CurvePreset>> = LazyLock::new(|| {
    toml::from_str::<CurveFile>(include_str!("../../data/curves.toml")).map(|file| file.curve).unwrap_or_default()
});

/// The shipped seasonal curves.
pub fn presets() -> &'static [CurvePreset] {
    &PRESETS
}

/// What can be wrong with a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CurveFault {
    /// There is no preset of this key.
    UnknownPreset(String),
    /// A share below 0 or above 1.
    OutOfRange {
        /// Number of the step, from 1.
        step: usize,
        /// The share.
        share: Decimal,
    },
    /// A share below the one before it.
    Falls {
        /// Number of the step, from 1.
        step: usize,
        /// The share before.
        from: Decimal,
        /// The share at the step.
        to: Decimal,
    },
    /// The last share is not 1.
    EndsElsewhere(Decimal),
    /// Amounts that add up to nothing make no curve.
    NoTotal,
}

impl CurveFault {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            CurveFault::UnknownPreset(_) => "curve.unknown_preset",
            CurveFault::OutOfRange { .. } => "curve.out_of_range",
            CurveFault::Falls { .. } => "curve.falls",
            CurveFault::EndsElsewhere(_) => "curve.ends_elsewhere",
            CurveFault::NoTotal => "curve.no_total",
        }
    }

    /// What is wrong and the way out.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            CurveFault::UnknownPreset(key) => {
                let known: Vec<&str> = presets().iter().map(|preset| preset.key.as_str()).collect();
                lang.pick(
                    format!("没有名为“{key}”的季节曲线；可用：{}", known.join("、")),
                    format!("there is no seasonal curve “{key}”; known: {}", known.join(", ")),
                )
            }
            CurveFault::OutOfRange { step, share } => lang.pick(
                format!("计划曲线第 {step} 段为 {share}，应在 0 到 1 之间（12% 写 0.12）"),
                format!("step {step} of the curve is {share}; it must lie between 0 and 1 (12 % is 0.12)"),
            ),
            CurveFault::Falls { step, from, to } => lang.pick(
                format!("计划曲线第 {step} 段从 {from} 降到 {to}；累计占比不能下降"),
                format!("step {step} of the curve falls from {from} to {to}; cumulative shares cannot fall"),
            ),
            CurveFault::EndsElsewhere(share) => lang.pick(
                format!("计划曲线年末为 {share}，应为 1"),
                format!("the curve ends the year at {share}; it must end at 1"),
            ),
            CurveFault::NoTotal => lang.pick(
                "各月计划合计不大于零，不能作为曲线".into(),
                "the monthly plans add up to nothing: no curve can be made".into(),
            ),
        }
    }
}

impl fmt::Display for CurveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for CurveFault {}

impl Curve {
    /// A curve from the amounts planned for each month (not cumulative). Errors: `NoTotal`, and the faults of [`Curve::faults`].
    pub fn from_monthly_amounts(amounts: &[Decimal; 12]) -> Result<Curve, CurveFault> {
        let total: Decimal =
            amounts.iter().try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(*amount)).unwrap_or_default();
        if total <= Decimal::ZERO {
            return Err(CurveFault::NoTotal);
        }
        let mut shares = [Decimal::ONE; 12];
        let mut sum = Decimal::ZERO;
        for (share, amount) in shares.iter_mut().zip(amounts).take(11) {
            sum += amount;
            *share = sum / total;
        }
        let curve = Curve::ByMonth(shares);
        match curve.faults().into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(curve),
        }
    }

    /// Every mistake in the curve, in order of its steps: shares outside 0..=1, falling shares, an end other than 1.
    pub fn faults(&self) -> Vec<CurveFault> {
        match self {
            Curve::Linear => Vec::new(),
            Curve::ByQuarter(shares) => step_faults(shares),
            Curve::ByMonth(shares) => step_faults(shares),
            Curve::Preset(key) => match preset(key) {
                Ok(preset) => step_faults(&preset.by_quarter),
                Err(fault) => vec![fault],
            },
        }
    }

    /// Cumulative share at the end of `month` (0 to 12; 0 is the start of the year). Errors: the curve's first fault.
    pub fn at_month_end(&self, month: u8) -> Result<Decimal, CurveFault> {
        if let Some(fault) = self.faults().into_iter().next() {
            return Err(fault);
        }
        let month = usize::from(month.min(12));
        let twelfths = |count: usize| Decimal::from(count) / Decimal::from(12);
        Ok(match self {
            _ if month == 0 => Decimal::ZERO,
            Curve::Linear => twelfths(month),
            Curve::ByQuarter(shares) => by_quarter(shares, month),
            Curve::ByMonth(shares) => shares[month - 1],
            Curve::Preset(key) => by_quarter(&preset(key)?.by_quarter, month),
        })
    }

    /// Cumulative share on a day or at the end of a period; see [`super::expected_share`].
    ///
    /// At the end of a month or a longer period: the month-end share. At the end of ten days, and on a day of a curve
    /// with months or quarters: between the two month ends by the day of the month. On a day of the linear curve: day
    /// of the year over the length of the year (366 in leap years).
    pub fn expected(&self, at: At) -> Result<Decimal, CurveFault> {
        let day = at.day();
        if *self == Curve::Linear && by_day(at) {
            return Ok(Decimal::from(day.day_of_year()) / Decimal::from(day.days_in_year()));
        }
        let month = day.month() as u8;
        let (before, after) = (self.at_month_end(month - 1)?, self.at_month_end(month)?);
        if day == day.last_of_month() {
            return Ok(after);
        }
        Ok(before + (after - before) * Decimal::from(day.day()) / Decimal::from(day.days_in_month()))
    }
}

fn by_day(at: At) -> bool {
    match at {
        At::Day(_) => true,
        At::EndOf(period) => matches!(period.grain(), Grain::Day | Grain::Week),
    }
}

fn preset(key: &str) -> Result<&'static CurvePreset, CurveFault> {
    presets().iter().find(|preset| preset.key == key).ok_or_else(|| CurveFault::UnknownPreset(key.to_string()))
}

fn by_quarter(shares: &[Decimal; 4], month: usize) -> Decimal {
    let quarter = (month - 1) / 3;
    let steps = Decimal::from(month - quarter * 3);
    let before = if quarter == 0 { Decimal::ZERO } else { shares[quarter - 1] };
    before + (shares[quarter] - before) * steps / Decimal::from(3)
}

fn step_faults(shares: &[Decimal]) -> Vec<CurveFault> {
    let mut faults = Vec::new();
    let mut before = Decimal::ZERO;
    for (index, share) in shares.iter().enumerate() {
        let step = index + 1;
        if !(Decimal::ZERO..=Decimal::ONE).contains(share) {
            faults.push(CurveFault::OutOfRange { step, share: *share });
        }
        if *share < before {
            faults.push(CurveFault::Falls { step, from: before, to: *share });
        }
        before = *share;
    }
    if before != Decimal::ONE {
        faults.push(CurveFault::EndsElsewhere(before));
    }
    faults
}
