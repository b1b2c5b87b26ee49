//! Values of measures at a cut: as given, to date, by unit and in total.
//!
//! Totals are ratios of sums, never averages of ratios; a parent with reporting children is not added
//! twice; co-units count zero; an item split into others keeps what it had done before.

use super::number::{Column, Number, Sources, Standing};
use crate::blueprint::{Derived, Enter, FlowOrStock, Kind, Measure, RollUp, StageGroup};
use crate::entries::SubmissionState;
use crate::ids::*;
use crate::seen::Seen;
use crate::zone::{FigureVersion, Item, ItemEnd, Rows, Zone};
use baton_methods::period::{Grain, Period};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which value of a period is meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reading {
    /// The period's own amount (flow), or the level at its end (stock).
    Own,
    /// From the start of the year to the end of the period (flow); the level (stock).
    ToDate,
}

/// What rounds asked, as known at a cut: which units for which kind and period, until when. It keeps the
/// values of subjects already computed under it: totals of units and of the zone take each once.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    by: BTreeMap<Period, Vec<AskedKind>>,
    told: RefCell<BTreeMap<ToldOf, BTreeMap<Subject, Number>>>,
}

/// A kind asked of units, until a day.
#[derive(Clone, Debug)]
struct AskedKind {
    kind: String,
    units: BTreeSet<UnitId>,
    closes: Date,
}

/// Cut, kind, measure, period and reading of values already computed.
type ToldOf = (u64, String, String, Period, Reading);

impl Asked {
    /// Whether a unit was asked about a kind for a period, of something known since `known_since`.
    pub fn asks(&self, kind: &str, period: Period, units: &[UnitId], known_since: Date) -> bool {
        self.about(kind, period)
            .any(|asked| known_since <= asked.closes && units.iter().any(|u| asked.units.contains(u)))
    }

    fn about(&self, kind: &str, period: Period) -> impl Iterator<Item = &AskedKind> {
        self.by.get(&period).into_iter().flatten().filter(move |asked| asked.kind == kind)
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
                let units = round.units.iter().copied().collect();
                let asks = AskedKind { kind: kind.clone(), units, closes };
                asked.by.entry(round.period).or_default().push(asks);
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
        let mut known = item.lead.until(self.cut);
        if let (Some((_, only)), None) = (known.next(), known.next()) {
            return *only;
        }
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
        let mut list: Vec<&Arc<Item>> = zone.items().filter(|i| i.kind == kind && i.known(self.cut)).collect();
        // A parent gives way only to children that report: else what it says itself would be lost.
        let parents: BTreeSet<ItemId> = list
            .iter()
            .filter(|i| i.parent.is_some() && i.stands(self.cut) && zone.has_figures(Subject::Item(i.id)))
            .filter_map(|i| i.parent)
            .collect();
        list.retain(|i| {
            !parents.contains(&i.id)
                && match i.end.at(self.cut) {
                    None => true,
                    Some(ItemEnd::Became(into, _)) => into.len() > 1,
                    Some(ItemEnd::Withdrawn(_)) => false,
                }
        });
        list.into_iter().cloned().collect()
    }

    /// One figure as given.
    pub fn figure(&self, subject: Subject, measure: &Measure, part: Option<&str>, period: Period) -> Number {
        let version = self.zone.figure(subject, &measure.key, part, period, self.cut);
        self.as_given(subject, measure, &Column::new(&measure.key, part), period, version)
    }

    fn as_given(
        &self,
        subject: Subject,
        measure: &Measure,
        column: &Arc<Column>,
        period: Period,
        version: Option<FigureVersion>,
    ) -> Number {
        let mut number = Number::missing(measure.unit, measure.decimals);
        let Some(version) = version else { return number };
        number.sources = Sources::one(subject, column, period, version.seq);
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

    /// Whether a measure is asked of an item in the stage it had during a period: not after it ended, and
    /// in one of the measure's stages when it names any.
    pub fn in_course(&self, kind: &Kind, item: &Item, measure: &Measure, period: Period) -> bool {
        self.course(kind, item, period).asks(measure)
    }

    /// Where an item stood during a period, as far as what is asked of it depends on it.
    pub(super) fn course<'a>(&self, kind: &'a Kind, item: &'a Item, period: Period) -> Course<'a> {
        if kind.stages.is_empty() {
            return Course::Any;
        }
        if self.over_before(kind, item, period) {
            return Course::Over;
        }
        let at_end = item.stage_on(self.cut, period.end()).or_else(|| item.stages.first().map(|r| r.stage.as_str()));
        Course::In(at_end.map(|s| kind.stage(s).map_or(s, |stage| stage.key.as_str())))
    }

    /// Whether an item was completed or given up before a period began.
    pub(super) fn over_before(&self, kind: &Kind, item: &Item, period: Period) -> bool {
        let before = period.start().yesterday().unwrap_or(period.start());
        let group = item.stage_on(self.cut, before).and_then(|s| kind.stage(s)).map(|s| s.group);
        matches!(group, Some(StageGroup::Completed | StageGroup::Cancelled))
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
                let key = (self.cut, kind.key.clone(), measure.key.clone(), period, reading);
                let mut told = asked.told.borrow_mut();
                let told = told.entry(key).or_default();
                let line = LineRead::new(self, asked, kind, measure, period, reading);
                let value = |s: &Subject| told.entry(*s).or_insert_with(|| line.value(*s)).clone();
                sum(measure, group.subjects.iter().map(value).collect(), measure.roll_up)
            }
            Some(Derived::Sum(list)) => {
                let parts: Vec<Number> = list
                    .iter()
                    .filter_map(|k| of(k))
                    .map(|m| self.total(asked, kind, m, group, period, reading))
                    .collect();
                sum(measure, parts, RollUp::Sum)
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
            let root = self.root();
            for (unit, group) in &by {
                let silent = |s: &Subject| {
                    !self.zone.has_figures(*s)
                        || keys.iter().all(|k| self.zone.periods_answered(*s, k, None, self.cut).is_empty())
                };
                if Some(*unit) == root || group.subjects.iter().all(silent) {
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

/// Where an item stood during a period.
#[derive(Clone, Copy, Debug)]
pub(super) enum Course<'a> {
    /// Its kind has no stages.
    Any,
    /// It had ended before.
    Over,
    /// In a stage at the period's end; `None` when it never had one.
    In(Option<&'a str>),
}

impl Course<'_> {
    /// Whether a measure is asked there.
    pub(super) fn asks(self, measure: &Measure) -> bool {
        match self {
            Course::Any => true,
            Course::Over => false,
            Course::In(stage) => {
                measure.asked_in.is_empty() || stage.is_some_and(|s| measure.asked_in.iter().any(|a| a == s))
            }
        }
    }
}

/// How one measure is read for one period: what is the same for all subjects, found once.
struct LineRead<'a> {
    seen: &'a Seen,
    asked: &'a Asked,
    kind: &'a Kind,
    measure: &'a Measure,
    period: Period,
    reading: Reading,
    /// The measure's number in the zone and its column.
    key: Option<u16>,
    column: Arc<Column>,
    /// The same of its parts.
    parts: Vec<(Option<u16>, Arc<Column>)>,
    /// First day of the periods added up, and these, for flows given by period.
    from: Date,
    cells: Vec<Period>,
    /// States of submissions at the cut by seq: the figures of many subjects came in few.
    states: RefCell<BTreeMap<u64, Option<SubmissionState>>>,
}

impl<'a> LineRead<'a> {
    fn new(
        seen: &'a Seen,
        asked: &'a Asked,
        kind: &'a Kind,
        measure: &'a Measure,
        period: Period,
        reading: Reading,
    ) -> LineRead<'a> {
        let from = match reading {
            Reading::Own => period.start(),
            Reading::ToDate => Period::year_of(period.year_number()).start(),
        };
        let cells = match (measure.flow, measure.enter) {
            (FlowOrStock::Flow, Enter::Period) => cells_between(measure, from, period.end()),
            _ => Vec::new(),
        };
        let part = |key: &str| (seen.zone.key_number(key), Column::new(&measure.key, Some(key)));
        LineRead {
            seen,
            asked,
            kind,
            measure,
            period,
            reading,
            key: seen.zone.key_number(&measure.key),
            column: Column::new(&measure.key, None),
            parts: measure.parts.iter().map(|p| part(&p.key)).collect(),
            from,
            cells,
            states: RefCell::default(),
        }
    }

    fn state_of(&self, seq: u64) -> Option<SubmissionState> {
        *self.states.borrow_mut().entry(seq).or_insert_with(|| self.seen.zone.state_of(seq, self.seen.cut))
    }

    /// The value of one subject.
    fn value(&self, subject: Subject) -> Number {
        let measure = self.measure;
        let rows = self.seen.zone.rows(subject);
        let whole = rows.whole(self.key);
        let cell = |p: Period| self.cell(subject, rows, whole, p);
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
        let last = last_cell(measure, self.period);
        match (measure.flow, measure.enter) {
            (FlowOrStock::Stock, _) => cell_to(last),
            (FlowOrStock::Flow, Enter::Period) => {
                let mut cells: Vec<Number> = self.cells.iter().map(|p| cell(*p)).collect();
                if measure.jan_feb {
                    join_jan_feb(&mut cells, measure, self.from, self.period, cell);
                }
                sum(measure, cells, RollUp::Sum)
            }
            (FlowOrStock::Flow, Enter::Cumulative) => {
                let now = cell_to(last);
                let year = self.period.year_number();
                let before = self.period.start().yesterday().ok().filter(|d| d.year() == year);
                match (self.reading, before) {
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

    /// One figure, whole or as the sum of its parts when only these were given; missing when it was asked.
    fn cell(&self, subject: Subject, rows: Rows<'_>, whole: Rows<'_>, period: Period) -> Number {
        let (seen, measure) = (self.seen, self.measure);
        let given = |rows: Rows<'_>, column| {
            seen.as_given(subject, measure, column, period, rows.at_by(period, |seq| self.state_of(seq)))
        };
        let mut number = given(whole, &self.column);
        if number.standing == Standing::Missing && !self.parts.is_empty() {
            let parts: Vec<Number> =
                self.parts.iter().map(|(part, column)| given(rows.column(self.key, *part), column)).collect();
            let missing = parts.iter().filter(|p| p.standing == Standing::Missing).count() as u32;
            number = sum(measure, parts, RollUp::Sum);
            if number.value.is_some() {
                // Some parts are not the whole: those not given are missing.
                number.missing += missing;
            }
        }
        if number.standing == Standing::Missing && self.was_asked(subject, period) {
            number.missing = 1;
        }
        number
    }

    /// Whether the measure of a subject was asked for a period.
    fn was_asked(&self, subject: Subject, period: Period) -> bool {
        let (seen, kind) = (self.seen, self.kind);
        if self.asked.about(&kind.key, period).next().is_none() {
            return false;
        }
        match subject {
            Subject::Unit(unit) => {
                let since = seen.zone.unit(unit).map_or(Date::MIN, |u| seen.zone.day_known(first_seq(u)));
                self.asked.asks(&kind.key, period, &[unit], since)
            }
            Subject::Item(id) => {
                let Some(item) = seen.zone.item(id) else { return false };
                if !item.stands(seen.cut) || !seen.in_course(kind, item, self.measure, period) {
                    return false;
                }
                let leads: Vec<UnitId> = item.lead.until(seen.cut).map(|(_, u)| *u).collect();
                self.asked.asks(&kind.key, period, &leads, seen.zone.day_known(item.made))
            }
        }
    }
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
fn sum(measure: &Measure, mut parts: Vec<Number>, roll_up: RollUp) -> Number {
    if parts.len() == 1
        && let Some(one) = parts.pop()
    {
        return Number { unit: measure.unit, decimals: measure.decimals, ..one };
    }
    let mut total = Number::missing(measure.unit, measure.decimals);
    if roll_up == RollUp::None && parts.len() > 1 {
        // A level of one subject among silent ones (a unit and those that went into it) is that subject's.
        let mut speaking = parts.iter().filter(|p| p.standing != Standing::Missing || p.missing > 0);
        return match (speaking.next(), speaking.next()) {
            (Some(one), None) => Number { unit: measure.unit, decimals: measure.decimals, ..one.clone() },
            _ => {
                // No total, yet what is missing or withheld is still said.
                for part in &parts {
                    total.missing += part.missing;
                    total.withheld += part.withheld;
                }
                total
            }
        };
    }
    let mut any = None;
    for part in &parts {
        if let Some(value) = part.value {
            any = Some(any.unwrap_or(Decimal::ZERO) + value);
        }
    }
    total.value = any;
    total.standing = if any.is_some() { Standing::Solid } else { Standing::Missing };
    for part in &parts {
        total.count(part);
    }
    if any.is_none() && total.withheld > 0 {
        total.standing = Standing::Withheld;
        total.reason = parts.iter().rev().find_map(|p| p.reason.clone());
    }
    total.sources = Sources::all(parts.into_iter().map(|p| p.sources));
    total
}
