//! Values of measures at a cut: as given, to date, by unit and in total.
//!
//! Totals are ratios of sums, never averages of ratios; a parent with reporting children is not added
//! twice; co-units count zero; an item split into others keeps what it had done before.

use super::number::{Number, Source, Standing};
use crate::blueprint::{Derived, Enter, FlowOrStock, Kind, Measure, RollUp, StageGroup};
use crate::entries::SubmissionState;
use crate::ids::*;
use crate::seen::Seen;
use crate::zone::{Item, ItemEnd, Zone};
use baton_methods::period::{Grain, Period};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which value of a period is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// The period's own amount (flow), or the level at its end (stock).
    Own,
    /// From the start of the year to the end of the period (flow); the level (stock).
    ToDate,
}

/// What rounds asked, as known at a cut: which units for which kind and period, until when.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    by: BTreeMap<(String, Period), Vec<(BTreeSet<UnitId>, Date)>>,
}

impl Asked {
    /// Whether a unit was asked about a kind for a period, of something known since `known_since`.
    pub fn asks(&self, kind: &str, period: Period, units: &[UnitId], known_since: Date) -> bool {
        // Keys are few: a look-up allocates only the key.
        self.by.get(&(kind.to_owned(), period)).is_some_and(|rounds| {
            rounds.iter().any(|(asked, closes)| known_since <= *closes && units.iter().any(|u| asked.contains(u)))
        })
    }
}

impl Item {
    /// The stage in which it stood at the end of a day, as known at a cut.
    pub fn stage_on(&self, cut: u64, day: Date) -> Option<&str> {
        let rows = self.stages.iter().filter(|row| row.seq <= cut && row.on <= day);
        rows.max_by_key(|row| (row.on, row.seq)).map(|row| row.stage.as_str())
    }

    /// Whether it ever entered a stage by a day, as known at a cut.
    pub fn ever_entered(&self, kind: &Kind, cut: u64, day: Date, stage: &str) -> bool {
        let same = |key: &str| key == stage || kind.stage(key).is_some_and(|s| s.key == stage);
        self.stages.iter().any(|row| row.seq <= cut && row.on <= day && same(&row.stage))
    }
}

impl Seen {
    /// What rounds asked, as known at the cut.
    pub fn asked(&self) -> Asked {
        let mut asked = Asked::default();
        for round in self.zone.rounds() {
            if round.opened > self.cut || round.opens > self.day {
                continue;
            }
            let closes = round.closes.at(self.cut).copied().unwrap_or(round.due);
            for kind in &round.kinds {
                let key = (kind.clone(), round.period);
                asked.by.entry(key).or_default().push((round.units.iter().copied().collect(), closes));
            }
        }
        asked
    }

    /// The unit that leads an item at the cut.
    pub fn lead(&self, item: &Item) -> UnitId {
        *item.lead.at(self.cut).or(item.lead.last()).expect("an item has a lead")
    }

    /// The unit that led an item on a day, as known at the cut; the first one for days before.
    pub fn lead_on(&self, item: &Item, on: Date) -> UnitId {
        let rows = item.lead.until(self.cut).filter(|(seq, _)| self.zone.day_known(*seq) <= on);
        rows.last().or_else(|| item.lead.until(self.cut).next()).map_or_else(|| self.lead(item), |(_, unit)| *unit)
    }

    /// Items of a kind that stand at the cut and are seen, in order of lead unit and code.
    pub fn items_of(&self, kind: &str) -> Vec<Arc<Item>> {
        let mut list: Vec<Arc<Item>> =
            self.zone.items().filter(|i| i.kind == kind && i.stands(self.cut) && self.sees_item(i)).cloned().collect();
        let order: BTreeMap<UnitId, u32> = self
            .zone
            .units_at(self.cut)
            .into_iter()
            .map(|u| (u.id, u.at(self.cut).map_or(u32::MAX, |d| d.order)))
            .collect();
        list.sort_by(|a, b| {
            let place = |i: &Item| order.get(&self.lead(i)).copied().unwrap_or(u32::MAX);
            (place(a), &a.code).cmp(&(place(b), &b.code))
        });
        list
    }

    /// Every item of a kind that counts in totals at the cut, whoever looks: those standing, less parents
    /// with children, plus those split into others (for what they had done).
    pub(super) fn counted(&self, kind: &str) -> Vec<Arc<Item>> {
        let zone: &Zone = &self.zone;
        let mut parents = BTreeSet::new();
        for item in zone.items().filter(|i| i.kind == kind && i.stands(self.cut)) {
            // A parent gives way only to children that report: else what it says itself would be lost.
            if item.parent.is_some() && zone.has_figures(Subject::Item(item.id)) {
                parents.extend(item.parent);
            }
        }
        zone.items()
            .filter(|i| i.kind == kind && i.known(self.cut) && !parents.contains(&i.id))
            .filter(|i| match i.end.at(self.cut) {
                None => true,
                Some(ItemEnd::Became(into, _)) => into.len() > 1,
                Some(ItemEnd::Withdrawn(_)) => false,
            })
            .cloned()
            .collect()
    }

    /// One figure as given.
    pub fn figure(&self, subject: Subject, measure: &Measure, part: Option<&str>, period: Period) -> Number {
        let mut number = Number::missing(measure.unit, measure.decimals);
        let Some(version) = self.zone.figure(subject, &measure.key, part, period, self.cut) else { return number };
        number.sources.push(Source {
            subject,
            measure: measure.key.clone(),
            part: part.unwrap_or_default().to_owned(),
            period,
            seq: version.seq,
        });
        number.value = version.value;
        if let Some(reason) = &version.withheld {
            number.standing = Standing::Withheld;
            number.withheld = 1;
            number.reason = Some(self.zone.said(reason).to_string());
        } else if version.state == SubmissionState::Submitted {
            number.standing = Standing::Hollow;
            number.hollow = 1;
        } else {
            number.standing = Standing::Solid;
        }
        number
    }

    /// One figure, whole or as the sum of its parts when only these were given.
    fn whole(&self, subject: Subject, measure: &Measure, period: Period) -> Number {
        let whole = self.figure(subject, measure, None, period);
        if whole.standing != Standing::Missing || measure.parts.is_empty() {
            return whole;
        }
        let parts: Vec<Number> =
            measure.parts.iter().map(|p| self.figure(subject, measure, Some(&p.key), period)).collect();
        let mut total = sum(measure, &parts, RollUp::Sum);
        if total.value.is_some() {
            // Some parts are not the whole: those not given are missing.
            total.missing += parts.iter().filter(|p| p.standing == Standing::Missing).count() as u32;
        }
        total
    }

    /// Whether the measure of a subject was asked for a period.
    fn was_asked(&self, asked: &Asked, kind: &Kind, subject: Subject, measure: &Measure, period: Period) -> bool {
        match subject {
            Subject::Unit(unit) => {
                let since = self.zone.unit(unit).map_or(Date::MIN, |u| self.zone.day_known(first_seq(u)));
                asked.asks(&kind.key, period, &[unit], since)
            }
            Subject::Item(id) => {
                let Some(item) = self.zone.item(id) else { return false };
                if !item.stands(self.cut) || !self.in_course(kind, item, measure, period) {
                    return false;
                }
                let leads: Vec<UnitId> = item.lead.until(self.cut).map(|(_, u)| *u).collect();
                asked.asks(&kind.key, period, &leads, self.zone.day_known(item.made))
            }
        }
    }

    /// Whether a measure is asked of an item in the stage it had during a period: not after it ended, and
    /// in one of the measure's stages when it names any.
    pub fn in_course(&self, kind: &Kind, item: &Item, measure: &Measure, period: Period) -> bool {
        if kind.stages.is_empty() {
            return true;
        }
        let before = period.start().yesterday().unwrap_or(period.start());
        let group = |stage: Option<&str>| stage.and_then(|s| kind.stage(s)).map(|s| s.group);
        if matches!(group(item.stage_on(self.cut, before)), Some(StageGroup::Completed | StageGroup::Cancelled)) {
            return false;
        }
        if measure.asked_in.is_empty() {
            return true;
        }
        let at_end = item.stage_on(self.cut, period.end()).or_else(|| item.stages.first().map(|r| r.stage.as_str()));
        at_end.is_some_and(|s| {
            let key = kind.stage(s).map_or(s, |stage| stage.key.as_str());
            measure.asked_in.iter().any(|a| a == key)
        })
    }

    /// One value of one subject.
    fn value(
        &self,
        asked: &Asked,
        kind: &Kind,
        subject: Subject,
        measure: &Measure,
        period: Period,
        reading: Reading,
    ) -> Number {
        let cell = |p: Period| {
            let mut number = self.whole(subject, measure, p);
            if number.standing == Standing::Missing && self.was_asked(asked, kind, subject, measure, p) {
                number.missing = 1;
            }
            number
        };
        // Where January and February are one period, what was given for both stands for February's total.
        let cell_to = |p: Period| {
            let number = cell(p);
            if number.standing == Standing::Missing
                && measure.jan_feb
                && p.month_number() == Some(2)
                && let Ok(both) = Period::jan_feb(p.year_number())
            {
                let joined = cell(both);
                if joined.standing != Standing::Missing || joined.missing > 0 {
                    return joined;
                }
            }
            number
        };
        let last = last_cell(measure, period);
        match (measure.flow, measure.enter) {
            (FlowOrStock::Stock, _) => cell_to(last),
            (FlowOrStock::Flow, Enter::Period) => {
                let from = match reading {
                    Reading::Own => period.start(),
                    Reading::ToDate => Period::year_of(period.year_number()).start(),
                };
                let mut cells = Vec::new();
                for p in cells_between(measure, from, period.end()) {
                    cells.push(cell(p));
                }
                if measure.jan_feb {
                    join_jan_feb(&mut cells, measure, from, period, |p| cell(p));
                }
                sum(measure, &cells, RollUp::Sum)
            }
            (FlowOrStock::Flow, Enter::Cumulative) => {
                let now = cell_to(last);
                let before = period.start().yesterday().ok().filter(|d| d.year() == period.year_number());
                match (reading, before) {
                    (Reading::ToDate, _) | (_, None) => now,
                    (Reading::Own, Some(before)) => {
                        let earlier = cell_to(Period::of(measure.grain, before));
                        let value = now.value.zip(earlier.value).map(|(a, b)| a - b);
                        Number::derived(value, measure.unit, measure.decimals, &[&now, &earlier])
                    }
                }
            }
        }
    }

    /// One value of one subject, as asked for by pages about it.
    pub fn value_of(
        &self,
        kind: &Kind,
        subject: Subject,
        measure: &Measure,
        period: Period,
        reading: Reading,
    ) -> Number {
        let group = Group { subjects: vec![subject], items: Vec::new() };
        let group = match subject {
            Subject::Item(id) => Group { items: self.zone.item(id).cloned().into_iter().collect(), ..group },
            Subject::Unit(_) => group,
        };
        self.total(&self.asked(), kind, measure, &group, period, reading)
    }

    /// The value of a measure over a group, by its closed form.
    pub fn total(
        &self,
        asked: &Asked,
        kind: &Kind,
        measure: &Measure,
        group: &Group,
        period: Period,
        reading: Reading,
    ) -> Number {
        let of = |key: &str| kind.measure(key);
        let missing = || Number::missing(measure.unit, measure.decimals);
        match &measure.value {
            None => {
                let parts: Vec<Number> =
                    group.subjects.iter().map(|s| self.value(asked, kind, *s, measure, period, reading)).collect();
                sum(measure, &parts, measure.roll_up)
            }
            Some(Derived::Sum(list)) => {
                let parts: Vec<Number> = list
                    .iter()
                    .filter_map(|k| of(k))
                    .map(|m| self.total(asked, kind, m, group, period, reading))
                    .collect();
                sum(measure, &parts, RollUp::Sum)
            }
            Some(Derived::Ratio { part, of: whole }) => {
                let (Some(part), Some(whole)) = (of(part), of(whole)) else { return missing() };
                let part = self.total(asked, kind, part, group, period, reading);
                let whole = self.total(asked, kind, whole, group, period, reading);
                let value = part.value.zip(whole.value).and_then(|(a, b)| baton_methods::pace::ratio_pct(a, b).ok());
                Number::derived(value, measure.unit, measure.decimals, &[&part, &whole])
            }
            Some(Derived::Growth(key)) => {
                let Some(level) = of(key) else { return missing() };
                let now = self.total(asked, kind, level, group, period, reading);
                let then = self.total(asked, kind, level, group, period.same_last_year(), reading);
                // Growth compares whole sums: with a month missing or not yet over there is none.
                let whole = !now.is_partial() && last_cell(level, period).end() <= self.day;
                let value = now
                    .value
                    .zip(then.value)
                    .filter(|_| whole)
                    .and_then(|(a, b)| baton_methods::pace::growth_pct(a, b).ok());
                Number::derived(value, measure.unit, measure.decimals, &[&now, &then])
            }
            Some(Derived::Latest(key)) => {
                let Some(of) = of(key) else { return missing() };
                let mut p = last_cell(of, period);
                for _ in 0..24 {
                    let found = self.total(asked, kind, of, group, p, reading);
                    if found.value.is_some() {
                        return Number { unit: measure.unit, decimals: measure.decimals, ..found };
                    }
                    p = p.prev();
                }
                missing()
            }
            Some(Derived::Count { stages, ever }) => {
                let day = period.end().min(self.day);
                let count = group.items.iter().filter(|i| self.stands_in(kind, i, stages, *ever, day)).count();
                Number::derived(Some(Decimal::from(count)), measure.unit, measure.decimals, &[])
            }
            Some(Derived::Share { part, of, ever }) => {
                let day = period.end().min(self.day);
                let whole: Vec<&Arc<Item>> = group
                    .items
                    .iter()
                    .filter(|i| self.stands_in(kind, i, std::slice::from_ref(of), *ever, day))
                    .collect();
                let done = whole.iter().filter(|i| self.stands_in(kind, i, std::slice::from_ref(part), *ever, day));
                let (done, whole) = (Decimal::from(done.count()), Decimal::from(whole.len()));
                Number::derived(baton_methods::pace::ratio_pct(done, whole).ok(), measure.unit, measure.decimals, &[])
            }
        }
    }

    fn stands_in(&self, kind: &Kind, item: &Item, stages: &[String], ever: bool, day: Date) -> bool {
        if !item.stands(self.cut) {
            return false;
        }
        if stages.is_empty() {
            let first = item.stages.iter().filter(|r| r.seq <= self.cut).map(|r| r.on).min();
            return first.unwrap_or_else(|| self.zone.day_known(item.made)) <= day;
        }
        if ever {
            return stages.iter().any(|s| item.ever_entered(kind, self.cut, day, s));
        }
        let now = item.stage_on(self.cut, day).and_then(|s| kind.stage(s));
        now.is_some_and(|now| stages.contains(&now.key))
    }

    /// All that counts of a kind in the zone, by lead unit at the cut. Not filtered by rights: totals are
    /// computed over everything or not shown; callers check [`Seen::sees`] and [`Seen::sees_all`].
    ///
    /// `on` is the day whose units are meant: what was reported for a past period stands under its unit of then.
    pub fn groups(&self, kind: &Kind, on: Date) -> (Group, BTreeMap<UnitId, Group>) {
        let mut all = Group::default();
        let mut by: BTreeMap<UnitId, Group> = BTreeMap::new();
        if kind.about_units {
            // A unit that went into another keeps its figures: they stand under its heir.
            let known: Vec<UnitId> = self.zone.units_at(self.cut).into_iter().map(|u| u.id).collect();
            for unit in known {
                let heir = super::rounds::answering_on(self, unit, on);
                by.entry(heir).or_default().subjects.push(Subject::Unit(unit));
            }
            let keys: Vec<&str> = kind.measures.iter().map(|m| m.key.as_str()).collect();
            for (unit, group) in &by {
                let silent = |s: &Subject| {
                    keys.iter().all(|k| self.zone.periods_answered(*s, k, None, self.cut).is_empty())
                };
                if Some(*unit) == self.root() || group.subjects.iter().all(silent) {
                    continue;
                }
                all.subjects.extend(&group.subjects);
            }
        } else {
            for item in self.counted(&kind.key) {
                let lead = super::rounds::answering_on(self, self.lead_on(&item, on), on);
                let group = by.entry(lead).or_default();
                group.subjects.push(Subject::Item(item.id));
                all.subjects.push(Subject::Item(item.id));
                group.items.push(item.clone());
                all.items.push(item);
            }
        }
        (all, by)
    }
}

/// Subjects taken together.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Subjects.
    pub subjects: Vec<Subject>,
    /// The items among them.
    pub items: Vec<Arc<Item>>,
}

fn first_seq(unit: &crate::zone::Unit) -> u64 {
    unit.data.until(u64::MAX).next().map_or(0, |(seq, _)| seq)
}

/// The measure's own period at the end of a period: March for the first quarter.
pub fn last_cell(measure: &Measure, period: Period) -> Period {
    let grain = match measure.grain {
        Grain::JanFeb => Grain::Month,
        other => other,
    };
    Period::of(grain, period.end())
}

fn cells_between(measure: &Measure, from: Date, to: Date) -> Vec<Period> {
    let first = Period::of(measure.grain, from);
    let mut list = Vec::new();
    let mut at = first;
    while at.start() <= to {
        if at.end() <= to {
            list.push(at);
        }
        let next = at.next();
        if next <= at {
            break;
        }
        at = next;
    }
    list
}

/// Where January and February were given as one period, that one stands for both.
fn join_jan_feb(
    cells: &mut Vec<Number>,
    measure: &Measure,
    from: Date,
    period: Period,
    cell: impl Fn(Period) -> Number,
) {
    let Ok(joined) = Period::jan_feb(period.year_number()) else { return };
    if measure.grain != Grain::Month || from > joined.start() || period.end() < joined.end() || cells.len() < 2 {
        return;
    }
    let both = cell(joined);
    if both.standing != Standing::Missing {
        // Months given apart besides the joined one would be counted twice: the joined one stands for both.
        cells.splice(0..2, [both]);
    } else if both.missing > 0 {
        cells.splice(0..2, [both]);
    }
}

/// The sum of numbers, with their sources and what was missing or withheld. Without any value: no value.
fn sum(measure: &Measure, parts: &[Number], roll_up: RollUp) -> Number {
    if let [one] = parts {
        return Number { unit: measure.unit, decimals: measure.decimals, ..one.clone() };
    }
    let mut total = Number::missing(measure.unit, measure.decimals);
    if roll_up == RollUp::None && parts.len() > 1 {
        // A level of one subject among silent ones (a unit and those that went into it) is that subject's.
        let mut speaking = parts.iter().filter(|p| p.standing != Standing::Missing || p.missing > 0);
        return match (speaking.next(), speaking.next()) {
            (Some(one), None) => Number { unit: measure.unit, decimals: measure.decimals, ..one.clone() },
            _ => {
                // No total, yet what is missing or withheld is still said.
                for part in parts {
                    total.missing += part.missing;
                    total.withheld += part.withheld;
                }
                total
            }
        };
    }
    let mut any = None;
    for part in parts {
        if let Some(value) = part.value {
            any = Some(any.unwrap_or(Decimal::ZERO) + value);
        }
    }
    total.value = any;
    total.standing = if any.is_some() { Standing::Solid } else { Standing::Missing };
    for part in parts {
        total.take(part);
    }
    if any.is_none() && total.withheld > 0 {
        total.standing = Standing::Withheld;
        total.reason = parts.iter().rev().find_map(|p| p.reason.clone());
    }
    total
}
