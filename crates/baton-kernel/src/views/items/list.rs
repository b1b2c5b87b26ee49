//! A list of items of one kind: filtered, sorted, with the columns asked for and their totals.

use super::cells::{ListColumn, ListRow, SortKey, column, columns_of, offered, row, total};
use crate::blueprint::{FieldType, Kind};
use crate::entries::FieldValue;
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::views::number::Number;
use crate::views::review::UnitShown;
use crate::views::values::Group;
use crate::zone::Item;
use baton_methods::Period;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a list shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ItemFilter {
    /// Kind key; the first with items when absent.
    pub kind: Option<String>,
    /// Area key: only its kinds.
    pub area: Option<String>,
    /// Code of the lead unit.
    pub unit: Option<String>,
    /// Stage key.
    pub stage: Option<String>,
    /// Light key.
    pub light: Option<String>,
    /// Words in code, name or a short field.
    pub text: String,
    /// Choice fields: field key, choice key.
    pub choices: BTreeMap<String, String>,
    /// Columns in this order; the kind's own when empty. Unknown ones are left out.
    pub columns: Vec<String>,
    /// Column to sort by, and whether from large to small.
    pub sort: Option<(String, bool)>,
}

/// A choice field to filter by.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChoiceFilter {
    /// Field key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Choices: key, name.
    pub choices: Vec<(String, String)>,
    /// The one asked for; empty for all.
    pub wanted: String,
}

/// Columns that belong together, to choose from.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ColumnGroup {
    /// Name.
    pub label: String,
    /// Columns, and whether they are shown.
    pub columns: Vec<(ListColumn, bool)>,
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
    /// Areas that have kinds of items: key, name.
    pub areas: Vec<(String, String)>,
    /// Columns.
    pub columns: Vec<ListColumn>,
    /// Whether the columns are the kind's own.
    pub usual: bool,
    /// Every column there is to choose.
    pub offered: Vec<ColumnGroup>,
    /// Rows.
    pub rows: Vec<ListRow>,
    /// Totals of the columns over the rows shown; `None` where none is formed.
    pub totals: Vec<Option<Number>>,
    /// Stages of the kind, for the filter and the board: key, name.
    pub stages: Vec<(String, String)>,
    /// Choice fields, for the filter.
    pub choices: Vec<ChoiceFilter>,
    /// Units leading items seen, for the filter.
    pub units: Vec<UnitShown>,
    /// Whether the caller may make one.
    pub may_make: bool,
    /// Period whose figures are shown.
    pub period: Period,
}

impl ItemList {
    /// Numbers shown that are not accepted yet.
    pub fn hollow(&self) -> usize {
        let cells = self.rows.iter().flat_map(|r| &r.cells);
        cells.filter(|c| c.number.as_ref().is_some_and(|n| n.hollow > 0)).count()
    }
}

/// A list of items, with the columns of the kind's circular section when it names any, for a period.
pub fn list(seen: &Seen, filter: &ItemFilter, period: Period) -> Result<ItemList, Refusal> {
    let lang = seen.lang;
    let given = |part: &Option<String>| part.clone().filter(|p| !p.is_empty());
    let of_items: Vec<&Kind> = seen.blueprint.kinds.iter().filter(|k| !k.about_units).collect();
    let areas = seen.blueprint.areas.iter().filter(|a| of_items.iter().any(|k| k.area == a.key));
    let areas: Vec<(String, String)> = areas.map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect();
    let area = given(&filter.area);
    let kinds: Vec<(String, String, usize)> = of_items
        .iter()
        .filter(|k| area.as_ref().is_none_or(|a| k.area == *a))
        .map(|k| (k.key.clone(), k.label.get(lang).to_owned(), seen.items_of(&k.key).len()))
        .collect();
    let wanted = given(&filter.kind).filter(|k| area.is_none() || kinds.iter().any(|known| known.0 == *k));
    let key = match wanted {
        Some(kind) => kind,
        None => kinds.iter().find(|k| k.2 > 0).or(kinds.first()).map(|k| k.0.clone()).ok_or_else(Refusal::absent)?,
    };
    let kind = seen.blueprint.kind(&key).filter(|k| !k.about_units).cloned().ok_or_else(Refusal::absent)?;
    let mut all = seen.items_of(&key);
    // What was split had done something before: it stays in the list, so that the list adds up to the total.
    let counted: BTreeSet<ItemId> = seen.counted(&key).iter().map(|i| i.id).collect();
    let split = seen.counted(&key).into_iter().filter(|i| {
        let done = kind.measures.iter().any(|m| {
            let answered = seen.zone.periods_answered(Subject::Item(i.id), &m.key, None, seen.cut);
            answered.iter().any(|p| p.year_number() == period.year_number())
        });
        !i.stands(seen.cut) && seen.sees_item(i) && done
    });
    all.extend(split);
    let mut units: Vec<UnitId> = all.iter().map(|i| seen.lead(i)).collect();
    let mut met = BTreeSet::new();
    units.retain(|u| met.insert(*u));
    let groups = offered(&kind);
    let known = |column: &String| groups.iter().flatten().any(|c| c == column);
    let mut columns: Vec<String> = filter.columns.iter().filter(|c| known(c)).cloned().collect();
    let usual = columns.is_empty();
    if usual {
        columns = columns_of(&kind);
    } else if !columns.iter().any(|c| c == "name") {
        // A row without its name says nothing.
        columns.insert(usize::from(columns[0] == "number"), "name".to_owned());
    }
    if column(seen, &kind, &columns[0]).numeric
        && let Some(at) = columns.iter().position(|c| c == "name")
    {
        // The word for the total stands in the first column.
        columns[..=at].rotate_right(1);
    }
    let asked = seen.asked();
    let sort = filter.sort.as_ref().filter(|(c, _)| known(c) || columns.contains(c));
    let hidden = sort.map(|(c, _)| c).filter(|c| !columns.contains(c)).cloned();
    let read: Vec<String> = columns.iter().cloned().chain(hidden).collect();
    let light = given(&filter.light);
    let mut rows: Vec<(ListRow, Arc<Item>)> = Vec::new();
    for item in all.iter().filter(|i| passes(seen, &kind, filter, i)) {
        let row = row(seen, &asked, &kind, item, &read, period);
        if light.as_deref().is_none_or(|l| l == row.light.key) {
            rows.push((row, item.clone()));
        }
    }
    if let Some((column, falling)) = sort
        && let Some(at) = read.iter().position(|c| c == column)
    {
        let nothing = |r: &ListRow| r.cells[at].sort == SortKey::Nothing;
        rows.sort_by(|(a, _), (b, _)| {
            let order = a.cells[at].sort.cmp(&b.cells[at].sort);
            nothing(a).cmp(&nothing(b)).then(if *falling { order.reverse() } else { order })
        });
        rows.iter_mut().for_each(|(r, _)| r.cells.truncate(columns.len()));
    }
    let (rows, mut items): (Vec<ListRow>, Vec<Arc<Item>>) = rows.into_iter().unzip();
    items.retain(|i| counted.contains(&i.id));
    let group = Group { subjects: items.iter().map(|i| Subject::Item(i.id)).collect(), items };
    let totals = columns.iter().map(|c| total(seen, &asked, &kind, c, &group, period)).collect();
    let names = ["course", "pace", "fields", "measures", "growth"];
    let offered = names.iter().zip(groups).filter(|(_, keys)| !keys.is_empty()).map(|(name, keys)| ColumnGroup {
        label: seen.say(&format!("list.columns.{name}"), &[]),
        columns: keys.iter().map(|k| (column(seen, &kind, k), columns.contains(k))).collect(),
    });
    Ok(ItemList {
        label: kind.label.get(lang).to_owned(),
        columns: columns.iter().map(|c| column(seen, &kind, c)).collect(),
        usual,
        offered: offered.collect(),
        rows,
        totals,
        stages: kind.stages.iter().map(|s| (s.key.clone(), s.label.get(lang).to_owned())).collect(),
        choices: choices(seen, &kind, filter),
        units: units.into_iter().map(|u| seen.unit_shown(u)).collect(),
        may_make: !seen.is_past() && seen.rights.may_somewhere(Verb::ItemMake),
        kind: kind.key,
        kinds,
        areas,
        period,
    })
}

/// Whether an item is asked for, as far as its own data say.
fn passes(seen: &Seen, kind: &Kind, filter: &ItemFilter, item: &Item) -> bool {
    let given = |part: &Option<String>| part.clone().filter(|p| !p.is_empty());
    if let Some(code) = given(&filter.unit)
        && Some(seen.lead(item)) != seen.unit_by_code(&code)
    {
        return false;
    }
    if let Some(stage) = given(&filter.stage) {
        let now = item.stage_row(seen.cut).and_then(|r| kind.stage(&r.stage));
        if now.is_none_or(|s| s.key != stage) {
            return false;
        }
    }
    for (key, wanted) in filter.choices.iter().filter(|(_, wanted)| !wanted.is_empty()) {
        let value = item.field(&seen.zone, key, seen.cut);
        if !matches!(value, Some(FieldValue::Choice(choice)) if choice == wanted) {
            return false;
        }
    }
    let text = filter.text.trim().to_lowercase();
    if text.is_empty() {
        return true;
    }
    let has = |words: &str| words.to_lowercase().contains(&text);
    let short = kind.fields.iter().filter(|f| f.kind == FieldType::Text);
    has(&item.code)
        || item.name.at(seen.cut).is_some_and(|n| has(n))
        || short
            .filter_map(|f| item.field(&seen.zone, &f.key, seen.cut))
            .any(|v| matches!(v, FieldValue::Text(words) if has(words)))
}

fn choices(seen: &Seen, kind: &Kind, filter: &ItemFilter) -> Vec<ChoiceFilter> {
    let lang = seen.lang;
    let fields = kind.fields.iter().filter(|f| !f.retired);
    fields
        .filter_map(|f| {
            let FieldType::Choice(list) = &f.kind else { return None };
            Some(ChoiceFilter {
                key: f.key.clone(),
                label: f.label.get(lang).to_owned(),
                choices: list.iter().map(|c| (c.key.clone(), c.label.get(lang).to_owned())).collect(),
                wanted: filter.choices.get(&f.key).cloned().unwrap_or_default(),
            })
        })
        .collect()
}
