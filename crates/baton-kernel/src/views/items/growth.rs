//! Growth of a measure as a column: on the same period of last year (同比), on the period before (环比), on the
//! start of the year (比年初).

use crate::blueprint::{Derived, FlowOrStock, Kind, Measure};
use crate::seen::Seen;
use crate::views::number::Number;
use crate::views::values::{Asked, Group, Reading, last_cell};
use baton_methods::{Lang, Period, Unit};
use rust_decimal::Decimal;

/// What a value is compared with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Against {
    /// The same period of last year; flows are taken from the start of each year.
    LastYear,
    /// The period before, of the same length; flows by their own amounts.
    LastPeriod,
    /// The end of last year, for levels.
    YearStart,
}

impl Against {
    /// All, in order.
    pub const ALL: [Against; 3] = [Against::LastYear, Against::LastPeriod, Against::YearStart];

    /// The mark after a measure's key that names the column: `invest:yoy`.
    pub fn key(self) -> &'static str {
        match self {
            Against::LastYear => "yoy",
            Against::LastPeriod => "prev",
            Against::YearStart => "start",
        }
    }

    /// The word staff use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Against::LastYear => lang.pick("同比", "on last year"),
            Against::LastPeriod => lang.pick("环比", "on period before"),
            Against::YearStart => lang.pick("比年初", "since start of year"),
        }
    }

    /// Whether a measure can be compared so: counts and growths are not compared again, and only a level has a
    /// value at the start of the year.
    pub fn fits(self, measure: &Measure) -> bool {
        let forms = matches!(measure.value, None | Some(Derived::Sum(_) | Derived::Ratio { .. }));
        forms && !measure.retired && (self != Against::YearStart || measure.flow == FlowOrStock::Stock)
    }

    /// The measure and comparison that a column's key names.
    pub fn parse<'k>(kind: &'k Kind, key: &str) -> Option<(&'k Measure, Against)> {
        let (measure, mark) = key.rsplit_once(':')?;
        let against = Against::ALL.into_iter().find(|a| a.key() == mark)?;
        kind.measure(measure).filter(|m| against.fits(m)).map(|m| (m, against))
    }

    /// The unit of the comparison: points for rates, percent for everything else.
    pub fn unit(measure: &Measure) -> Unit {
        if measure.unit == Unit::Percent { Unit::Points } else { Unit::Percent }
    }
}

impl Seen {
    /// How much a measure of a group grew, in percent; rates by percentage points. Whole sums only: with a figure
    /// missing or withheld on either side, or a period that is not over, there is no growth, and the reason is said.
    pub fn growth(
        &self,
        asked: &Asked,
        kind: &Kind,
        measure: &Measure,
        group: &Group,
        period: Period,
        against: Against,
    ) -> Number {
        let (reading, before) = match against {
            Against::LastYear => (Reading::ToDate, period.same_last_year()),
            Against::LastPeriod => (Reading::Own, period.prev()),
            Against::YearStart => (Reading::ToDate, Period::year_of(period.year_number() - 1)),
        };
        let now = self.total(asked, kind, measure, group, period, reading);
        let then = self.total(asked, kind, measure, group, before, reading);
        let over = last_cell(measure, period).end() <= self.day;
        let why = match (now.value, then.value) {
            _ if !over => Err("growth.not-over"),
            _ if now.is_partial() || then.is_partial() => Err("growth.partial"),
            (None, _) => Err("growth.no-figure"),
            (_, None) => Err("growth.no-base"),
            (Some(a), Some(b)) if measure.unit == Unit::Percent => Ok(a - b),
            (Some(_), Some(b)) if b <= Decimal::ZERO => Err("growth.base-zero"),
            (Some(a), Some(b)) => baton_methods::pace::growth_pct(a, b).map_err(|_| "growth.base-zero"),
        };
        let mut number = Number::derived(why.ok(), Against::unit(measure), 1, &[&now, &then]);
        if let Err(code) = why {
            number.reason = Some(self.say(code, &[]));
        }
        number
    }
}
