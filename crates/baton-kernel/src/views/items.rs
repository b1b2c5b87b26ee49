//! Items as shown: lists with chosen columns, and one item with everything about it.

use super::number::Number;
use super::pace::Pace;
use super::review::UnitShown;
use super::values::{Asked, Group, Reading, last_cell};
use crate::blueprint::{FieldType, Kind, StageGroup};
use crate::entries::FieldValue;
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Item, ItemEnd};
use baton_methods::Period;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// What a list shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ItemFilter {
    /// Kind key; the first with items when absent.
    pub kind: Option<String>,
    /// Unit code.
    pub unit: Option<String>,
    /// Stage key.
    pub stage: Option<String>,
    /// Light key.
    pub light: Option<String>,
    /// Words in code or name.
    pub text: String,
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
    pub light: Option<super::pace::LightShown>,
}

impl ListCell {
    fn words(text: impl Into<String>) -> ListCell {
        let text = text.into();
        ListCell { plain: text.clone(), shown: text, number: None, light: None }
    }
    fn number(number: Number) -> ListCell {
        ListCell { shown: number.shown(), plain: number.shown_plain(), number: Some(number), light: None }
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
    /// Lead unit.
    pub lead: UnitShown,
    /// Cells in the order of the columns.
    pub cells: Vec<ListCell>,
}

/// A list of items of one kind.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ItemList {
    /// Kind key.
    pub kind: String,
    /// Kind in words.
    pub label: String,
    /// All kinds with their number of items seen.
    pub kinds: Vec<(String, String, usize)>,
    /// Columns.
    pub columns: Vec<ListColumn>,
    /// Rows.
    pub rows: Vec<ListRow>,
    /// Totals of the measure columns over the rows shown, by column; `None` where none is formed.
    pub totals: Vec<Option<Number>>,
    /// Stages of the kind, for the filter: key, name.
    pub stages: Vec<(String, String)>,
    /// Units leading items seen, for the filter.
    pub units: Vec<UnitShown>,
    /// Whether the caller may make one.
    pub may_make: bool,
    /// Period whose figures are shown.
    pub period: Period,
}

/// A list of items, with the columns of the kind's circular section when it names any, for a period.
pub fn list(seen: &Seen, filter: &ItemFilter, period: Period) -> Result<ItemList, Refusal> {
    let lang = seen.lang;
    let kinds: Vec<(String, String, usize)> = seen
        .blueprint
        .kinds
        .iter()
        .filter(|k| !k.about_units)
        .map(|k| (k.key.clone(), k.label.get(lang).to_owned(), seen.items_of(&k.key).len()))
        .collect();
    let key = match &filter.kind {
        Some(kind) => kind.clone(),
        None => kinds.iter().find(|k| k.2 > 0).or(kinds.first()).map(|k| k.0.clone()).ok_or_else(Refusal::absent)?,
    };
    let kind = seen.blueprint.kind(&key).filter(|k| !k.about_units).cloned().ok_or_else(Refusal::absent)?;
    let mut all = seen.items_of(&key);
    // What was split had done something before: it stays in the list, so that the list adds up to the total.
    let counted: std::collections::BTreeSet<ItemId> = seen.counted(&key).iter().map(|i| i.id).collect();
    let split = seen.counted(&key).into_iter().filter(|i| {
        let done = kind.measures.iter().any(|m| {
            let answered = seen.zone.periods_answered(Subject::Item(i.id), &m.key, None, seen.cut);
            answered.iter().any(|p| p.year_number() == period.year_number())
        });
        !i.stands(seen.cut) && seen.sees_item(i) && done
    });
    all.extend(split);
    let mut units: Vec<UnitId> = all.iter().map(|i| seen.lead(i)).collect();
    units.dedup();
    let column_keys = columns_of(&kind);
    let asked = seen.asked();
    let wanted_unit = filter.unit.as_deref().filter(|u| !u.is_empty()).and_then(|code| seen.unit_by_code(code));
    let text = filter.text.trim().to_lowercase();
    let light_at = column_keys.iter().position(|c| c == "light");
    let mut rows = Vec::new();
    let mut shown_items = Vec::new();
    for item in &all {
        let stage = item.stage_row(seen.cut).and_then(|r| kind.stage(&r.stage));
        if filter.unit.as_deref().is_some_and(|u| !u.is_empty()) && Some(seen.lead(item)) != wanted_unit {
            continue;
        }
        if filter.stage.as_deref().is_some_and(|s| !s.is_empty() && stage.is_none_or(|st| st.key != s)) {
            continue;
        }
        let name = item.name.at(seen.cut).cloned().unwrap_or_default();
        if !text.is_empty() && !name.to_lowercase().contains(&text) && !item.code.to_lowercase().contains(&text) {
            continue;
        }
        let row = row(seen, &asked, &kind, item, &column_keys, period);
        if let Some(light) = filter.light.as_deref().filter(|l| !l.is_empty()) {
            let own = light_at.and_then(|n| row.cells[n].light.as_ref()).map(|l| l.key);
            if own != Some(light) {
                continue;
            }
        }
        shown_items.push(item.clone());
        rows.push(row);
    }
    shown_items.retain(|i| counted.contains(&i.id));
    let group = Group { subjects: shown_items.iter().map(|i| Subject::Item(i.id)).collect(), items: shown_items };
    let totals = column_keys.iter().map(|c| total(seen, &asked, &kind, c, &group, period)).collect();
    Ok(ItemList {
        label: kind.label.get(lang).to_owned(),
        columns: column_keys.iter().map(|c| column(seen, &kind, c)).collect(),
        rows,
        totals,
        stages: kind.stages.iter().map(|s| (s.key.clone(), s.label.get(lang).to_owned())).collect(),
        units: units.into_iter().map(|u| seen.unit_shown(u)).collect(),
        may_make: !seen.is_past() && seen.rights.may_somewhere(Verb::ItemMake),
        kind: kind.key,
        kinds,
        period,
    })
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

/// The measure by which a kind is paced: the first with a light, else the first entered flow.
pub fn main_measure(kind: &Kind) -> Option<&crate::blueprint::Measure> {
    kind.measures
        .iter()
        .find(|m| m.light.is_some() && m.is_entered())
        .or_else(|| kind.measures.iter().find(|m| m.is_entered() && !m.retired))
}

/// A column in words.
pub fn column(seen: &Seen, kind: &Kind, key: &str) -> ListColumn {
    let lang = seen.lang;
    let of_main = ["target", "done", "period"].contains(&key);
    if let Some((_, zh, en, numeric)) = super::columns::BUILT_IN.iter().find(|(k, ..)| *k == key) {
        let unit = if of_main { main_measure(kind).map_or("", |m| m.unit.label(lang)) } else { "" };
        return ListColumn {
            key: key.to_owned(),
            title: lang.pick(*zh, *en).to_owned(),
            unit: unit.to_owned(),
            numeric: *numeric,
        };
    }
    if let Some(measure) = kind.measure(key) {
        return ListColumn {
            key: key.to_owned(),
            title: measure.label.get(lang).to_owned(),
            unit: measure.unit.label(lang).to_owned(),
            numeric: true,
        };
    }
    if let Some(field) = kind.field(key) {
        let unit = match &field.kind {
            FieldType::Number { unit, .. } => unit.map_or("", |u| u.label(lang)),
            _ => "",
        };
        return ListColumn {
            key: key.to_owned(),
            title: field.label.get(lang).to_owned(),
            unit: unit.to_owned(),
            numeric: matches!(field.kind, FieldType::Number { .. }),
        };
    }
    let clock = kind.clocks.iter().find(|c| c.key == key);
    ListColumn {
        key: key.to_owned(),
        title: clock.map_or_else(|| key.to_owned(), |c| c.label.get(lang).to_owned()),
        unit: String::new(),
        numeric: false,
    }
}

/// One row of a list.
pub fn row(seen: &Seen, asked: &Asked, kind: &Kind, item: &Arc<Item>, columns: &[String], period: Period) -> ListRow {
    let group = Group { subjects: vec![Subject::Item(item.id)], items: vec![item.clone()] };
    let pace = main_measure(kind).map(|m| seen.pace(asked, kind, m, &group, false, period));
    let cells = columns.iter().map(|c| cell(seen, asked, kind, item, &group, pace.as_ref(), c, period)).collect();
    ListRow { id: item.id, code: item.code.clone(), lead: seen.unit_shown(seen.lead(item)), cells }
}

#[allow(clippy::too_many_arguments)]
fn cell(
    seen: &Seen,
    asked: &Asked,
    kind: &Kind,
    item: &Item,
    group: &Group,
    pace: Option<&Pace>,
    key: &str,
    period: Period,
) -> ListCell {
    let number = |n: Option<&Number>| n.map_or_else(|| ListCell::words("—"), |n| ListCell::number(n.clone()));
    match key {
        "number" => ListCell::words(&item.code),
        "name" => ListCell::words(item.name.at(seen.cut).cloned().unwrap_or_default()),
        "lead" => ListCell::words(seen.unit_short(seen.lead(item))),
        "co" => {
            let list = item.co.at(seen.cut).into_iter().flatten().map(|u| seen.unit_short(*u));
            ListCell::words(list.collect::<Vec<_>>().join("、"))
        }
        "stage" if !item.stands(seen.cut) => ListCell::words(seen.say("item.split", &[])),
        "stage" => ListCell::words(seen.stage_label(kind, item)),
        "stage_on" => ListCell::words(item.stage_row(seen.cut).map_or(String::new(), |r| r.on.to_string())),
        "days_open" => match days_open(seen, kind, item) {
            Some(days) => {
                let value = Some(rust_decimal::Decimal::from(days));
                ListCell::number(Number::derived(value, baton_methods::Unit::Day, 0, &[]))
            }
            None => ListCell::words("—"),
        },
        "due" => ListCell::words(
            seen.clocks(kind, item).into_iter().find(|c| c.running).map_or("—".to_owned(), |c| c.words()),
        ),
        "light" => match pace {
            Some(pace) => ListCell { light: Some(pace.light.clone()), ..ListCell::words(&pace.light.word) },
            None => match seen.clocks(kind, item).into_iter().find(|c| c.running) {
                Some(clock) => ListCell { light: Some(clock.light.clone()), ..ListCell::words(&clock.light.word) },
                None => ListCell::words("—"),
            },
        },
        "target" => number(pace.and_then(|p| p.target.as_ref())),
        "done" => number(pace.map(|p| &p.done)),
        "period" => number(pace.map(|p| &p.own)),
        "share" => number(pace.and_then(|p| p.share.as_ref())),
        "gap" => number(pace.and_then(|p| p.gap.as_ref())),
        "reported" => ListCell::words(pace.map_or(String::new(), |p| super::review::beside(&p.done, seen.lang))),
        _ => {
            if let Some(measure) = kind.measure(key) {
                return ListCell::number(seen.total(asked, kind, measure, group, period, Reading::ToDate));
            }
            if let Some(FieldValue::Number(value)) = item.field(&seen.zone, key, seen.cut)
                && let Some(FieldType::Number { unit, decimals }) = kind.field(key).map(|f| &f.kind)
            {
                let unit = unit.unwrap_or(baton_methods::Unit::Count);
                return ListCell::number(Number::derived(Some(*value), unit, *decimals, &[]));
            }
            if let Some(value) = item.field(&seen.zone, key, seen.cut) {
                return ListCell::words(super::field_words(&seen.zone, kind, key, value));
            }
            if let Some(clock) = seen.clocks(kind, item).into_iter().find(|c| c.key == key) {
                return ListCell { light: Some(clock.light.clone()), ..ListCell::words(clock.words()) };
            }
            ListCell::words("—")
        }
    }
}

fn total(seen: &Seen, asked: &Asked, kind: &Kind, key: &str, group: &Group, period: Period) -> Option<Number> {
    if group.subjects.is_empty() {
        return None;
    }
    let main = main_measure(kind);
    let pace = |m| seen.pace(asked, kind, m, group, false, period);
    match key {
        "target" => pace(main?).target,
        "done" => Some(pace(main?).done).filter(|n| n.value.is_some()),
        "period" => Some(pace(main?).own).filter(|n| n.value.is_some()),
        "share" => pace(main?).share,
        "gap" => pace(main?).gap,
        _ => {
            let measure = kind.measure(key)?;
            Some(seen.total(asked, kind, measure, group, period, Reading::ToDate)).filter(|n| n.value.is_some())
        }
    }
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

/// A clock of an item.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ClockShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Day it started.
    pub started: Date,
    /// Due day; `None` while it stands still or when the calendar of a year is missing.
    pub due: Option<Date>,
    /// Day it stopped.
    pub stopped: Option<Date>,
    /// Whether it runs at the cut.
    pub running: bool,
    /// Light with reason.
    pub light: super::pace::LightShown,
}

impl ClockShown {
    /// Due day in words.
    pub fn words(&self) -> String {
        self.due.map_or_else(|| "—".to_owned(), |d| d.to_string())
    }
}

impl Seen {
    /// The label of the stage in which an item stands at the cut, in the words of that cut.
    pub fn stage_label(&self, kind: &Kind, item: &Item) -> String {
        let Some(row) = item.stage_row(self.cut) else { return String::new() };
        match kind.stage(&row.stage) {
            Some(stage) => stage.label.get(self.lang).to_owned(),
            None => {
                let old = self
                    .zone
                    .blueprints()
                    .rev()
                    .find_map(|b| b.kind(&item.kind).and_then(|k| k.stage(&row.stage)).map(|s| s.label.clone()));
                old.map_or_else(|| row.stage.clone(), |l| l.get(self.lang).to_owned())
            }
        }
    }

    /// The clocks of an item that have started by the cut.
    pub fn clocks(&self, kind: &Kind, item: &Item) -> Vec<ClockShown> {
        use baton_methods::{Due, Pause, Term};
        let rows: Vec<_> = item.stages.iter().filter(|r| r.seq <= self.cut).collect();
        let is = |row: &crate::zone::StageRow, key: &str| {
            row.stage == key || kind.stage(&row.stage).is_some_and(|s| s.key == key)
        };
        let mut list = Vec::new();
        for clock in &kind.clocks {
            let Some(first) = rows.iter().position(|r| is(r, &clock.from)) else { continue };
            let started = rows[first].on;
            let stop = rows[first..].iter().find(|r| {
                let group = kind.stage(&r.stage).map(|s| s.group);
                is(r, &clock.to) || matches!(group, Some(StageGroup::Completed | StageGroup::Cancelled))
            });
            let mut pauses = Vec::new();
            for (n, row) in rows.iter().enumerate().skip(first) {
                if clock.pause.iter().any(|p| is(row, p)) {
                    pauses.push(Pause { from: row.on, until: rows.get(n + 1).map(|next| next.on) });
                }
            }
            let term = if clock.working { Term::working(clock.days) } else { Term::natural(clock.days) };
            let due = self.blueprint.calendar.due_with_pauses(started, term, clock.roll, &pauses);
            let (due, why) = match due {
                Ok(Due::On(day)) => (Some(day), None),
                Ok(_) => (None, Some(self.say("clock.paused", &[]))),
                Err(missing) => (None, Some(missing.message(self.lang))),
            };
            let stopped = stop.map(|r| r.on);
            let light = match (due, stopped) {
                (None, _) => super::pace::LightShown::none(self.lang, why.unwrap_or_default()),
                (Some(due), Some(stopped)) => {
                    let late = (stopped - due).get_days();
                    let code = if late > 0 { "clock.late" } else { "clock.in-time" };
                    let key = if late > 0 { "lag" } else { "ok" };
                    let word = self.say(&format!("clock.word.{key}"), &[]);
                    super::pace::LightShown {
                        key,
                        word,
                        reason: self.say(code, &[("days", &late.max(0)), ("on", &stopped)]),
                    }
                }
                (Some(due), None) => {
                    let left = i64::from((due - self.day).get_days());
                    let rule = self.blueprint.lights.get("task_due").or(baton_methods::lights::preset("task_due"));
                    match rule {
                        Some(rule) => {
                            let judged = baton_methods::lights::judge(rule, left);
                            super::pace::LightShown {
                                key: judged.light.key(),
                                word: judged.light.label(self.lang).to_owned(),
                                reason: judged.reason(self.lang).to_owned(),
                            }
                        }
                        None => super::pace::LightShown::none(self.lang, String::new()),
                    }
                }
            };
            list.push(ClockShown {
                key: clock.key.clone(),
                label: clock.label.get(self.lang).to_owned(),
                started,
                due,
                running: stopped.is_none(),
                stopped,
                light,
            });
        }
        list
    }
}

/// A field with its history.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FieldShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Value in words.
    pub value: String,
    /// Type name.
    pub kind: &'static str,
    /// Choices: key, name.
    pub choices: Vec<(String, String)>,
    /// As typed in a form.
    pub typed: String,
    /// No longer asked.
    pub retired: bool,
    /// Versions: when, who, value.
    pub versions: Vec<(String, String, String)>,
}

/// A measure of an item over the months of a year.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MeasureShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Unit and basis.
    pub unit: String,
    /// Pace at the end of the period.
    pub pace: Pace,
    /// Months: period, its own value, the value to date, number of versions.
    pub months: Vec<(Period, Number, Number, usize)>,
    /// Plan at the month ends, in the measure's unit.
    pub plan: Vec<rust_decimal::Decimal>,
    /// Targets: when, who, value as shown, basis, why.
    pub targets: Vec<(String, String, String, String, String)>,
}

/// A stage of an item's course.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StageShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// `done`, `now`, or empty for those ahead.
    pub state: &'static str,
    /// Day entered.
    pub on: Option<Date>,
}

/// A stage that may be entered next.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NextStage {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Whether evidence is needed.
    pub needs_evidence: bool,
}

/// Everything about one item.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ItemPage {
    /// Identity.
    pub id: ItemId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind key.
    pub kind: String,
    /// Kind in words.
    pub kind_label: String,
    /// Lead unit.
    pub lead: UnitShown,
    /// Co-units.
    pub co: Vec<UnitShown>,
    /// Item above: code, name.
    pub parent: Option<(String, String)>,
    /// Items below: code, name.
    pub children: Vec<(String, String)>,
    /// Ended before its time, in words.
    pub ended: Option<String>,
    /// Course.
    pub stages: Vec<StageShown>,
    /// Stages entered: day, stage, when known, who, why.
    pub course: Vec<(Date, String, String, String, String)>,
    /// Stages the caller may enter next.
    pub next: Vec<NextStage>,
    /// Clocks.
    pub clocks: Vec<ClockShown>,
    /// Fields.
    pub fields: Vec<FieldShown>,
    /// Measures.
    pub measures: Vec<MeasureShown>,
    /// Period whose end is looked at.
    pub period: Period,
    /// Whether the caller may change it.
    pub may_change: bool,
}

/// One item the caller sees, with its figures up to the end of a period.
pub fn item(seen: &Seen, key: &str, period: Period) -> Result<ItemPage, Refusal> {
    let item = seen.item(key)?;
    let lang = seen.lang;
    let known = seen.blueprint.kind(&item.kind).cloned();
    let kind = known
        .or_else(|| seen.zone.blueprints().rev().find_map(|b| b.kind(&item.kind).cloned()))
        .ok_or_else(Refusal::absent)?;
    let asked = seen.asked();
    let group = Group { subjects: vec![Subject::Item(item.id)], items: vec![item.clone()] };
    let now_at =
        item.stage_row(seen.cut).and_then(|r| kind.stages.iter().position(|s| Some(s) == kind.stage(&r.stage)));
    let stages = kind
        .stages
        .iter()
        .enumerate()
        .map(|(n, stage)| {
            let entered = item
                .stages
                .iter()
                .rfind(|r| r.seq <= seen.cut && kind.stage(&r.stage).is_some_and(|s| s.key == stage.key));
            let state = match now_at {
                Some(at) if n == at => "now",
                Some(at) if n < at && entered.is_some() => "done",
                _ => "",
            };
            StageShown {
                key: stage.key.clone(),
                label: stage.label.get(lang).to_owned(),
                state,
                on: entered.map(|r| r.on),
            }
        })
        .collect();
    let course = item
        .stages
        .iter()
        .filter(|r| r.seq <= seen.cut)
        .map(|r| {
            let label = kind.stage(&r.stage).map_or(r.stage.clone(), |s| s.label.get(lang).to_owned());
            let why = r.because.map_or(String::new(), |s| seen.zone.said(&s).to_string());
            (r.on, label, seen.when(r.seq), seen.who(r.seq), why)
        })
        .collect();
    let lead = seen.lead(&item);
    let open = !seen.is_past() && item.stands(seen.cut);
    let next = now_at
        .filter(|_| open && seen.rights.may(Verb::ItemStage, lead))
        .map(|n| &kind.stages[n])
        .into_iter()
        .flat_map(|s| &s.to)
        .filter_map(|t| kind.stage(t))
        .filter(|s| s.by.is_empty() || seen.rights.has_role(&s.by, lead))
        .map(|s| NextStage {
            key: s.key.clone(),
            label: s.label.get(lang).to_owned(),
            needs_evidence: s.needs_evidence,
        })
        .collect();
    let mut fields: Vec<FieldShown> = Vec::new();
    let declared = kind.fields.iter().cloned();
    let gone: Vec<crate::blueprint::Field> = item
        .fields
        .keys()
        .filter(|k| kind.field(k).is_none())
        .filter_map(|k| {
            let old = seen.zone.blueprints().rev().find_map(|b| b.kind(&item.kind)?.field(k).cloned())?;
            Some(crate::blueprint::Field { retired: true, ..old })
        })
        .collect();
    for field in declared.chain(gone) {
        let row = item.field(&seen.zone, &field.key, seen.cut);
        if field.retired && row.is_none() {
            continue;
        }
        let mut lens = kind.clone();
        if lens.field(&field.key).is_none() {
            lens.fields.push(field.clone());
        }
        let words = |v: &crate::entries::FieldValue| super::field_words(&seen.zone, &lens, &field.key, v);
        let versions = item.fields.get(&field.key).map_or_else(Vec::new, |h| {
            h.until(seen.cut)
                .filter(|(seq, _)| seen.zone.counts(*seq, seen.cut))
                .map(|(seq, v)| (seen.when(seq), seen.who(seq), words(v)))
                .collect()
        });
        let typed = match row {
            Some(crate::entries::FieldValue::Choice(key)) => key.clone(),
            Some(crate::entries::FieldValue::Number(n)) => super::Shown::plain(*n),
            Some(crate::entries::FieldValue::Unit(u)) => seen.unit_shown(*u).code,
            Some(v) => words(v),
            None => String::new(),
        };
        fields.push(FieldShown {
            key: field.key.clone(),
            label: field.label.get(lang).to_owned(),
            value: row.map_or(String::new(), words),
            kind: field.kind.name(),
            choices: match &field.kind {
                FieldType::Choice(list) => list.iter().map(|c| (c.key.clone(), c.label.get(lang).to_owned())).collect(),
                _ => Vec::new(),
            },
            typed,
            retired: field.retired,
            versions,
        });
    }
    let year = Period::year_of(period.year_number());
    let mut measures = Vec::new();
    for measure in &kind.measures {
        let pace = seen.pace(&asked, &kind, measure, &group, false, period);
        let answered = seen.zone.periods_answered(Subject::Item(item.id), &measure.key, None, seen.cut);
        if measure.retired && answered.is_empty() {
            continue;
        }
        let mut months = Vec::new();
        if measure.is_entered() {
            let last = last_cell(measure, period);
            let mut at = Period::of(last.grain(), year.start());
            while at.end() <= period.end() {
                let own = seen.total(&asked, &kind, measure, &group, at, Reading::Own);
                let to_date = seen.total(&asked, &kind, measure, &group, at, Reading::ToDate);
                let versions =
                    seen.zone.figure_versions(Subject::Item(item.id), &measure.key, None, at, seen.cut).len();
                months.push((at, own, to_date, versions));
                at = at.next();
            }
        }
        let versions = seen.zone.targets(Subject::Item(item.id), &measure.key, year.year_number(), seen.cut);
        let plan = versions.last().map_or_else(Vec::new, |t| {
            let curve = super::pace::curve(&seen.blueprint, &t.curve).unwrap_or_default();
            (1..=12u8).filter_map(|m| curve.at_month_end(m).ok()).map(|s| s * t.value).collect()
        });
        let targets = versions
            .iter()
            .map(|t| {
                let value = Number::derived(Some(t.value), measure.unit, measure.decimals, &[]).shown();
                let why = t.because.map_or(String::new(), |s| seen.zone.said(&s).to_string());
                (seen.when(t.seq), seen.who(t.seq), value, t.basis.clone().unwrap_or_default(), why)
            })
            .collect();
        measures.push(MeasureShown {
            key: measure.key.clone(),
            label: measure.label.get(lang).to_owned(),
            unit: super::review::unit_words(measure, lang),
            pace,
            months,
            plan,
            targets,
        });
    }
    let names = |i: &Arc<Item>| (i.code.clone(), i.name.at(seen.cut).cloned().unwrap_or_default());
    let parent = item.parent.and_then(|p| seen.zone.item(p)).filter(|p| seen.sees_item(p)).map(names);
    let children = seen
        .zone
        .items()
        .filter(|i| i.parent == Some(item.id) && i.known(seen.cut) && seen.sees_item(i))
        .map(names)
        .collect();
    let ended = item.end.at(seen.cut).map(|end| match end {
        ItemEnd::Withdrawn(why) => seen.say("item.withdrawn", &[("why", &seen.zone.said(why))]),
        ItemEnd::Became(into, why) => {
            let into: Vec<String> = into.iter().filter_map(|i| seen.zone.item(*i)).map(|i| i.code.clone()).collect();
            seen.say("item.became", &[("into", &into.join("、")), ("why", &seen.zone.said(why))])
        }
    });
    Ok(ItemPage {
        id: item.id,
        code: item.code.clone(),
        name: item.name.at(seen.cut).cloned().unwrap_or_default(),
        kind_label: kind.label.get(lang).to_owned(),
        lead: seen.unit_shown(lead),
        co: item.co.at(seen.cut).into_iter().flatten().map(|u| seen.unit_shown(*u)).collect(),
        parent,
        children,
        ended,
        stages,
        course,
        next,
        clocks: seen.clocks(&kind, &item),
        fields,
        measures,
        period,
        may_change: open && seen.rights.may(Verb::ItemChange, lead),
        kind: kind.key,
    })
}
