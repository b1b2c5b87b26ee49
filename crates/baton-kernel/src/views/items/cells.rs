//! Columns, rows and cells of lists of items.

use super::growth::Against;
use crate::blueprint::{FieldType, Kind, Measure, StageGroup};
use crate::entries::FieldValue;
use crate::ids::*;
use crate::seen::Seen;
use crate::views::number::Number;
use crate::views::pace::{LightShown, Pace};
use crate::views::review::UnitShown;
use crate::views::values::{Asked, Group, Reading};
use crate::zone::Item;
use baton_methods::Period;
use rust_decimal::Decimal;
use serde::Serialize;
use std::sync::Arc;

/// By what a cell is sorted. Cells with nothing in them stand last, whichever way the column is sorted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum SortKey {
    /// Nothing to sort by.
    #[default]
    Nothing,
    /// A place in a declared order: a unit, a stage, a light.
    Place(usize),
    /// An exact value.
    Value(Decimal),
    /// Words.
    Words(String),
}

/// A cell of a list.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ListCell {
    /// As shown.
    pub shown: String,
    /// As shown in documents.
    pub plain: String,
    /// The number behind it.
    pub number: Option<Number>,
    /// Light key, for the light column.
    pub light: Option<LightShown>,
    /// By what it is sorted.
    #[serde(skip)]
    pub sort: SortKey,
}

impl ListCell {
    fn words(text: impl Into<String>) -> ListCell {
        let text = text.into();
        let sort = if text.is_empty() || text == "—" { SortKey::Nothing } else { SortKey::Words(text.clone()) };
        ListCell { plain: text.clone(), shown: text, number: None, light: None, sort }
    }
    fn none() -> ListCell {
        ListCell::words("—")
    }
    fn number(number: Number) -> ListCell {
        let sort = number.value.map_or(SortKey::Nothing, SortKey::Value);
        ListCell { shown: number.shown(), plain: number.shown_plain(), number: Some(number), light: None, sort }
    }
    fn light(light: LightShown, words: String) -> ListCell {
        let order = ["lag", "warn", "reminder", "none", "ok", "best", "exempt"];
        let place = order.iter().position(|k| *k == light.key).unwrap_or(order.len());
        ListCell { light: Some(light), sort: SortKey::Place(place), ..ListCell::words(words) }
    }
    fn placed(self, place: Option<usize>) -> ListCell {
        ListCell { sort: place.map_or(SortKey::Nothing, SortKey::Place), ..self }
    }
}

/// A column of a list.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ListColumn {
    /// Key.
    pub key: String,
    /// Title.
    pub title: String,
    /// Unit in the title, empty for words.
    pub unit: String,
    /// Numbers.
    pub numeric: bool,
}

/// A row of a list.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ListRow {
    /// Item.
    pub id: ItemId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Lead unit.
    pub lead: UnitShown,
    /// Stage key; empty without a stage.
    pub stage: String,
    /// Its light: that of the main measure, else of the clock that runs.
    pub light: LightShown,
    /// Share of the year's target done, percent, where one is set.
    pub share: Option<Number>,
    /// Cells in the order of the columns.
    pub cells: Vec<ListCell>,
}

/// The columns of a kind: those of its circular section, else code, name, unit, stage and its measures.
pub fn columns_of(kind: &Kind) -> Vec<String> {
    if let Some(section) = &kind.circular
        && !section.columns.is_empty()
    {
        let mut columns = section.columns.clone();
        for (n, must) in ["number", "name", "lead"].iter().enumerate() {
            if !columns.iter().any(|c| c == must) {
                columns.insert(n.min(columns.len()), (*must).to_owned());
            }
        }
        return columns;
    }
    let mut columns: Vec<String> = ["number", "name", "lead"].map(str::to_owned).to_vec();
    if !kind.stages.is_empty() {
        columns.push("stage".to_owned());
    }
    columns.extend(kind.fields.iter().filter(|f| !f.retired && f.kind != FieldType::Prose).map(|f| f.key.clone()));
    columns.extend(kind.clocks.iter().map(|c| c.key.clone()));
    columns.extend(kind.measures.iter().filter(|m| !m.retired).map(|m| m.key.clone()));
    columns
}

/// Every column a kind offers, in groups of keys: its course, its plan and pace, its fields, its measures, growth.
pub fn offered(kind: &Kind) -> [Vec<String>; 5] {
    let own = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
    let mut course = own(&["number", "name", "lead", "co"]);
    if !kind.stages.is_empty() {
        course.extend(own(&["stage", "stage_on", "days_open"]));
    }
    if !kind.clocks.is_empty() {
        course.push("due".to_owned());
        course.extend(kind.clocks.iter().map(|c| c.key.clone()));
    }
    course.push("light".to_owned());
    let pace = match main_measure(kind) {
        Some(_) => own(&["target", "done", "period", "share", "gap", "reported"]),
        None => Vec::new(),
    };
    let fields = kind.fields.iter().filter(|f| !f.retired).map(|f| f.key.clone()).collect();
    // Counts and shares of items say nothing of one item.
    let of_items = |m: &&Measure| {
        let counted =
            matches!(m.value, Some(crate::blueprint::Derived::Count { .. } | crate::blueprint::Derived::Share { .. }));
        !m.retired && !counted
    };
    let measures = kind.measures.iter().filter(of_items).map(|m| m.key.clone()).collect();
    let growth = kind.measures.iter().filter(of_items);
    let growth = growth
        .flat_map(|m| Against::ALL.into_iter().filter(|a| a.fits(m)).map(|a| format!("{}:{}", m.key, a.key())))
        .collect();
    [course, pace, fields, measures, growth]
}

/// The measure by which a kind is paced: the first with a light, else the first entered flow.
pub fn main_measure(kind: &Kind) -> Option<&Measure> {
    kind.measures
        .iter()
        .find(|m| m.light.is_some() && m.is_entered())
        .or_else(|| kind.measures.iter().find(|m| m.is_entered() && !m.retired))
}

/// A column in words.
pub fn column(seen: &Seen, kind: &Kind, key: &str) -> ListColumn {
    let lang = seen.lang;
    let made =
        |title: String, unit: &str, numeric| ListColumn { key: key.to_owned(), title, unit: unit.to_owned(), numeric };
    let of_main = ["target", "done", "period"].contains(&key);
    if let Some((_, zh, en, numeric)) = crate::views::columns::BUILT_IN.iter().find(|(k, ..)| *k == key) {
        let unit = if of_main { main_measure(kind).map_or("", |m| m.unit.label(lang)) } else { "" };
        return made(lang.pick(*zh, *en).to_owned(), unit, *numeric);
    }
    if let Some((measure, against)) = Against::parse(kind, key) {
        let (label, word) = (measure.label.get(lang), against.label(lang));
        let title = lang.pick(format!("{label}{word}"), format!("{label}, {word}"));
        return made(title, Against::unit(measure).label(lang), true);
    }
    if let Some(measure) = kind.measure(key) {
        return made(measure.label.get(lang).to_owned(), measure.unit.label(lang), true);
    }
    if let Some(field) = kind.field(key) {
        let (unit, numeric) = match &field.kind {
            FieldType::Number { unit, .. } => (unit.map_or("", |u| u.label(lang)), true),
            _ => ("", false),
        };
        return made(field.label.get(lang).to_owned(), unit, numeric);
    }
    let clock = kind.clocks.iter().find(|c| c.key == key);
    made(clock.map_or_else(|| key.to_owned(), |c| c.label.get(lang).to_owned()), "", false)
}

/// What a row's cells are made from.
struct RowRead<'a> {
    seen: &'a Seen,
    asked: &'a Asked,
    kind: &'a Kind,
    item: &'a Item,
    group: Group,
    pace: Option<Pace>,
    light: LightShown,
    period: Period,
}

/// One row of a list.
pub fn row(seen: &Seen, asked: &Asked, kind: &Kind, item: &Arc<Item>, columns: &[String], period: Period) -> ListRow {
    let group = Group { subjects: vec![Subject::Item(item.id)], items: vec![item.clone()] };
    let pace = main_measure(kind).map(|m| seen.pace(asked, kind, m, &group, false, period));
    let light = match &pace {
        Some(pace) => pace.light.clone(),
        None => match seen.clocks(kind, item).into_iter().find(|c| c.running) {
            Some(clock) => clock.light,
            None => LightShown::none(seen.lang, String::new()),
        },
    };
    let read = RowRead { seen, asked, kind, item, group, pace, light, period };
    ListRow {
        id: item.id,
        code: item.code.clone(),
        name: item.name.at(seen.cut).cloned().unwrap_or_default(),
        lead: seen.unit_shown(seen.lead(item)),
        stage: item
            .stage_row(seen.cut)
            .map_or(String::new(), |r| kind.stage(&r.stage).map_or(r.stage.clone(), |s| s.key.clone())),
        share: read.pace.as_ref().and_then(|p| p.share.clone()),
        cells: columns.iter().map(|c| read.cell(c)).collect(),
        light: read.light,
    }
}

impl RowRead<'_> {
    fn cell(&self, key: &str) -> ListCell {
        let RowRead { seen, asked, kind, item, group, period, .. } = self;
        let (seen, kind, item) = (*seen, *kind, *item);
        let number = |n: Option<&Number>| n.map_or_else(ListCell::none, |n| ListCell::number(n.clone()));
        let pace = self.pace.as_ref();
        match key {
            "number" => ListCell::words(&item.code),
            "name" => ListCell::words(item.name.at(seen.cut).cloned().unwrap_or_default()),
            "lead" => {
                let lead = seen.lead(item);
                let order = seen.unit(lead).map(|d| d.order as usize);
                ListCell::words(seen.unit_short(lead)).placed(order)
            }
            "co" => {
                let list = item.co.at(seen.cut).into_iter().flatten().map(|u| seen.unit_short(*u));
                ListCell::words(list.collect::<Vec<_>>().join(seen.lang.pick("、", ", ")))
            }
            "stage" if !item.stands(seen.cut) => ListCell::words(seen.say("item.split", &[])),
            "stage" => {
                let row = item.stage_row(seen.cut);
                let place = row.and_then(|r| kind.stages.iter().position(|s| Some(s) == kind.stage(&r.stage)));
                ListCell::words(seen.stage_label(kind, item)).placed(place)
            }
            "stage_on" => ListCell::words(item.stage_row(seen.cut).map_or(String::new(), |r| r.on.to_string())),
            "days_open" => match days_open(seen, kind, item) {
                Some(days) => {
                    let value = Some(Decimal::from(days));
                    ListCell::number(Number::derived(value, baton_methods::Unit::Day, 0, &[]))
                }
                None => ListCell::none(),
            },
            "due" => ListCell::words(
                seen.clocks(kind, item).into_iter().find(|c| c.running).map_or("—".to_owned(), |c| c.words()),
            ),
            "light" if pace.is_none() && self.light.reason.is_empty() && self.light.key == "none" => ListCell::none(),
            "light" => ListCell::light(self.light.clone(), self.light.word.clone()),
            "target" => number(pace.and_then(|p| p.target.as_ref())),
            "done" => number(pace.map(|p| &p.done)),
            "period" => number(pace.map(|p| &p.own)),
            "share" => number(pace.and_then(|p| p.share.as_ref())),
            "gap" => number(pace.and_then(|p| p.gap.as_ref())),
            "reported" => {
                ListCell::words(pace.map_or(String::new(), |p| crate::views::review::beside(&p.done, seen.lang)))
            }
            _ => {
                if let Some((measure, against)) = Against::parse(kind, key) {
                    return ListCell::number(seen.growth(asked, kind, measure, group, *period, against));
                }
                if let Some(measure) = kind.measure(key) {
                    return ListCell::number(seen.total(asked, kind, measure, group, *period, Reading::ToDate));
                }
                if let Some(value) = item.field(&seen.zone, key, seen.cut) {
                    return field_cell(seen, kind, key, value);
                }
                if let Some(clock) = seen.clocks(kind, item).into_iter().find(|c| c.key == key) {
                    return ListCell {
                        sort: ListCell::words(clock.words()).sort,
                        ..ListCell::light(clock.light.clone(), clock.words())
                    };
                }
                ListCell::none()
            }
        }
    }
}

fn field_cell(seen: &Seen, kind: &Kind, key: &str, value: &FieldValue) -> ListCell {
    let words = || ListCell::words(crate::views::field_said(&seen.zone, kind, key, value, seen.lang));
    match (value, kind.field(key).map(|f| &f.kind)) {
        (FieldValue::Number(value), Some(FieldType::Number { unit, decimals })) => {
            let unit = unit.unwrap_or(baton_methods::Unit::Count);
            ListCell::number(Number::derived(Some(*value), unit, *decimals, &[]))
        }
        (FieldValue::Choice(choice), Some(FieldType::Choice(list))) => {
            words().placed(list.iter().position(|c| c.key == *choice))
        }
        (FieldValue::Unit(unit), _) => words().placed(seen.unit(*unit).map(|d| d.order as usize)),
        _ => words(),
    }
}

/// The total of a column over a group; `None` where none is formed. One without a value still says what is missing.
pub(super) fn total(
    seen: &Seen,
    asked: &Asked,
    kind: &Kind,
    key: &str,
    group: &Group,
    period: Period,
) -> Option<Number> {
    if group.subjects.is_empty() {
        return None;
    }
    let main = main_measure(kind);
    let pace = |m| seen.pace(asked, kind, m, group, false, period);
    let told = |n: Number| Some(n).filter(|n| n.value.is_some() || n.is_partial());
    match key {
        "target" => pace(main?).target,
        "done" => told(pace(main?).done),
        "period" => told(pace(main?).own),
        "share" => pace(main?).share,
        "gap" => pace(main?).gap,
        _ => {
            if let Some((measure, against)) = Against::parse(kind, key) {
                return told(seen.growth(asked, kind, measure, group, period, against));
            }
            if let Some(measure) = kind.measure(key) {
                return told(seen.total(asked, kind, measure, group, period, Reading::ToDate));
            }
            field_total(seen, kind, key, group)
        }
    }
}

/// The sum of a field that holds amounts (money, land): what is the same unit for all and adds up; those without a
/// value count as missing.
fn field_total(seen: &Seen, kind: &Kind, key: &str, group: &Group) -> Option<Number> {
    let FieldType::Number { unit: Some(unit), decimals } = kind.field(key)?.kind else { return None };
    use baton_methods::quantity::Dimension::*;
    let adds_up = matches!(
        unit.dimension(),
        Money
            | Dollars
            | Area
            | Length
            | Volume
            | VolumePerYear
            | Mass
            | MassPerYear
            | Persons
            | Households
            | Dwellings
    );
    if !adds_up {
        return None;
    }
    let mut sum = Number::missing(unit, decimals);
    for item in &group.items {
        match item.field(&seen.zone, key, seen.cut) {
            Some(FieldValue::Number(value)) => {
                sum.value = Some(sum.value.unwrap_or(Decimal::ZERO) + value);
                sum.standing = crate::views::Standing::Solid;
            }
            _ => sum.missing += 1,
        }
    }
    sum.value.is_some().then_some(sum)
}

fn days_open(seen: &Seen, kind: &Kind, item: &Item) -> Option<i32> {
    let rows: Vec<_> = item.stages.iter().filter(|r| r.seq <= seen.cut).collect();
    let first = rows.iter().map(|r| r.on).min()?;
    let last = rows.last()?;
    let ended =
        kind.stage(&last.stage).is_some_and(|s| matches!(s.group, StageGroup::Completed | StageGroup::Cancelled));
    let until = if ended { last.on } else { seen.day };
    (until - first).get_days().into()
}
