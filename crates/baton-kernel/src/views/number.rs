//! Number: a quantity as shown, with the figure versions it came from. `shown` is the only rounding.

use crate::ids::Subject;
use baton_methods::{Period, Unit};
use rust_decimal::Decimal;
use serde::Serialize;
use std::sync::Arc;

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

/// A measure and a part of it: what all sources of one column share.
#[derive(PartialEq, Eq, Debug)]
pub struct Column {
    /// Measure key.
    pub measure: String,
    /// Part key, empty when not split.
    pub part: String,
}

impl Column {
    /// The column of a measure, whole or a part of it.
    pub fn new(measure: &str, part: Option<&str>) -> Arc<Column> {
        Arc::new(Column { measure: measure.to_owned(), part: part.unwrap_or_default().to_owned() })
    }
}

/// The sources of a number, in order. Numbers derived from one another share them: a copy costs nothing.
#[derive(Clone, Default)]
pub struct Sources(Held);

#[derive(Clone, Default)]
enum Held {
    #[default]
    None,
    One(Subject, Arc<Column>, Period, u64),
    /// Versions of one subject's column.
    Run(Arc<Run>),
    All(Arc<Vec<Sources>>),
}

struct Run {
    subject: Subject,
    column: Arc<Column>,
    versions: Vec<(Period, u64)>,
}

/// A source where it lies.
#[derive(PartialEq, Serialize)]
#[serde(rename = "Source")]
struct Place<'a> {
    subject: Subject,
    measure: &'a str,
    part: &'a str,
    period: Period,
    seq: u64,
}

impl Sources {
    /// The version of one figure.
    pub fn one(subject: Subject, column: &Arc<Column>, period: Period, seq: u64) -> Sources {
        Sources(Held::One(subject, column.clone(), period, seq))
    }

    /// All of these, one after the other.
    pub fn all(parts: impl IntoIterator<Item = Sources>) -> Sources {
        let parts = parts.into_iter();
        let mut list: Vec<Sources> = Vec::with_capacity(parts.size_hint().0);
        list.extend(parts.filter(|s| !s.is_empty()));
        if list.len() < 2 {
            return list.pop().unwrap_or_default();
        }
        if let Held::One(subject, column, ..) = &list[0].0 {
            let mut versions = Vec::with_capacity(list.len());
            versions.extend(list.iter().map_while(|s| match &s.0 {
                Held::One(s, c, period, seq) if s == subject && Arc::ptr_eq(c, column) => Some((*period, *seq)),
                _ => None,
            }));
            if versions.len() == list.len() {
                return Sources(Held::Run(Arc::new(Run { subject: *subject, column: column.clone(), versions })));
            }
        }
        Sources(Held::All(Arc::new(list)))
    }

    /// Adds another's after its own.
    pub fn extend(&mut self, other: &Sources) {
        if other.is_empty() {
            return;
        }
        if let Held::All(list) = &mut self.0
            && let Some(list) = Arc::get_mut(list)
        {
            list.push(other.clone());
        } else {
            *self = Sources::all([std::mem::take(self), other.clone()]);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Held::None)
    }

    /// The first.
    pub fn first(&self) -> Option<Source> {
        self.iter().next()
    }

    /// Each in order.
    pub fn iter(&self) -> impl Iterator<Item = Source> + '_ {
        self.places().map(|p| Source {
            subject: p.subject,
            measure: p.measure.to_owned(),
            part: p.part.to_owned(),
            period: p.period,
            seq: p.seq,
        })
    }

    fn places(&self) -> impl Iterator<Item = Place<'_>> {
        fn place(subject: Subject, column: &Column, period: Period, seq: u64) -> Place<'_> {
            Place { subject, measure: &column.measure, part: &column.part, period, seq }
        }
        let mut open: Vec<&Sources> = vec![self];
        let mut within: Option<(&Run, usize)> = None;
        std::iter::from_fn(move || {
            loop {
                if let Some((run, next)) = &mut within {
                    if let Some((period, seq)) = run.versions.get(*next) {
                        *next += 1;
                        return Some(place(run.subject, &run.column, *period, *seq));
                    }
                    within = None;
                }
                match &open.pop()?.0 {
                    Held::None => {}
                    Held::One(subject, column, period, seq) => return Some(place(*subject, column, *period, *seq)),
                    Held::Run(run) => within = Some((run, 0)),
                    Held::All(list) => open.extend(list.iter().rev()),
                }
            }
        })
    }
}

impl PartialEq for Sources {
    fn eq(&self, other: &Sources) -> bool {
        self.places().eq(other.places())
    }
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Sources {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.places())
    }
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
    pub sources: Sources,
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
            sources: Sources::default(),
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
        self.sources.extend(&other.sources);
        self.count(other);
    }

    /// Adds another's counts, neither its sources nor its value.
    pub(super) fn count(&mut self, other: &Number) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UnitId;

    #[test]
    fn shared_sources_are_those_of_every_number_taken_in_order() {
        let column = Column::new("revenue", None);
        let other = Column::new("revenue", Some("tax"));
        let at = |n: u8| Period::month(2023, n).expect("a month");
        let unit = |n: u128| Subject::Unit(UnitId(n));
        let year = Sources::all((1..=3).map(|n| Sources::one(unit(1), &column, at(n), n.into())));
        let mixed = Sources::all([Sources::one(unit(2), &other, at(1), 9), Sources::default(), year.clone()]);
        let mut both = year.clone();
        both.extend(&mixed);
        both.extend(&Sources::default());
        both.extend(&year);
        let seqs: Vec<u64> = both.iter().map(|s| s.seq).collect();
        assert_eq!(seqs, [1, 2, 3, 9, 1, 2, 3, 1, 2, 3]);
        assert_eq!(year.iter().count(), 3, "what was shared stays as it was");
        assert_eq!(mixed.first().map(|s| (s.subject, s.part)), Some((unit(2), "tax".to_owned())));
        let list: Vec<Source> = both.iter().collect();
        assert_eq!(serde_json::to_string(&both).ok(), serde_json::to_string(&list).ok());
        assert_ne!(both, year);
    }
}
