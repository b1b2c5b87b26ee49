//! Number: a quantity as shown, with the figure versions it came from. `shown` is the only rounding.

use crate::ids::Subject;
use baton_methods::{Period, Unit};
use rust_decimal::Decimal;
use serde::Serialize;

/// The part under which a number names the version of a target among its sources.
pub const TARGET: &str = "target";

/// A figure version (or, under the part [`TARGET`], a target version) that a number came from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Source {
    /// Item or unit.
    pub subject: Subject,
    /// Measure key.
    pub measure: String,
    /// Part key, empty when not split.
    pub part: String,
    /// Period.
    pub period: Period,
    /// Seq of the version.
    pub seq: u64,
}

/// How firm a number is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nothing is known.
    Missing,
    /// Withheld with a reason.
    Withheld,
    /// Submitted, not yet accepted: shown hollow.
    Hollow,
    /// Accepted.
    Solid,
}

/// A quantity with its unit, decimals and sources.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Number {
    /// The exact value; `None` when missing or withheld.
    pub value: Option<Decimal>,
    /// Unit.
    #[serde(serialize_with = "unit_key")]
    pub unit: Unit,
    /// Decimals shown.
    pub decimals: u8,
    /// Figure versions it came from.
    pub sources: Vec<Source>,
    /// The least firm of its sources.
    pub standing: Standing,
    /// Figures asked for and not given.
    pub missing: u32,
    /// Figures withheld.
    pub withheld: u32,
    /// Figures not yet accepted.
    pub hollow: u32,
    /// Reason when it is one withheld figure.
    pub reason: Option<String>,
}

fn unit_key<S: serde::Serializer>(unit: &Unit, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(unit.key())
}

impl Number {
    /// A number of which nothing is known.
    pub fn missing(unit: Unit, decimals: u8) -> Number {
        Number {
            value: None,
            unit,
            decimals,
            sources: Vec::new(),
            standing: Standing::Missing,
            missing: 0,
            withheld: 0,
            hollow: 0,
            reason: None,
        }
    }

    /// A number computed from others: their sources and counts, a value of its own.
    pub fn derived(value: Option<Decimal>, unit: Unit, decimals: u8, from: &[&Number]) -> Number {
        let mut number = Number::missing(unit, decimals);
        number.value = value;
        number.standing = if value.is_some() { Standing::Solid } else { Standing::Missing };
        for other in from {
            number.take(other);
        }
        number
    }

    /// Adds another's sources and counts, not its value.
    pub fn take(&mut self, other: &Number) {
        self.sources.extend(other.sources.iter().cloned());
        self.missing += other.missing;
        self.withheld += other.withheld;
        self.hollow += other.hollow;
        if self.value.is_some() && other.value.is_some() {
            self.standing = self.standing.min(other.standing);
        }
    }

    /// The value rounded half-up to its decimals; `None` when there is none.
    pub fn rounded(&self) -> Option<Decimal> {
        self.value.map(|v| baton_methods::round_half_up(v, self.decimals.into()))
    }

    /// As shown on screens: grouped by thousands; an em dash when there is none.
    pub fn shown(&self) -> String {
        self.value.map_or_else(|| "—".to_owned(), |v| baton_methods::format_decimal(v, self.decimals.into(), true))
    }

    /// As shown in documents: not grouped (GB/T 9704).
    pub fn shown_plain(&self) -> String {
        self.value.map_or_else(|| "—".to_owned(), |v| baton_methods::format_decimal(v, self.decimals.into(), false))
    }

    /// The same quantity in another unit of its dimension.
    pub fn in_unit(&self, unit: Unit, decimals: u8) -> Number {
        let mut other = self.clone();
        other.value = self.value.and_then(|v| baton_methods::convert(v, self.unit, unit).ok());
        other.unit = unit;
        other.decimals = decimals;
        other
    }

    /// Whether not everything it names was given.
    pub fn is_partial(&self) -> bool {
        self.missing + self.withheld > 0
    }
}

/// Plain forms of decimals.
pub struct Shown;

impl Shown {
    /// A decimal as it is, without trailing zeros.
    pub fn plain(value: Decimal) -> String {
        value.normalize().to_string()
    }
}
