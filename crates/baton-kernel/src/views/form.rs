//! The form of a unit for a round: one view for the page and the workbook alike.

use super::values::{Asked as Told, Course, Group, Reading, last_cell};
use crate::blueprint::{Enter, Field, FieldType, FlowOrStock, Kind, Measure};
use crate::entries::FieldValue;
use crate::form::*;
use crate::ids::*;
use crate::limits::TEXT_CHARS_MAX;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Item, Round};
use baton_methods::period::Grain;
use baton_methods::{Period, Unit};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The form of a unit for a round the caller sees.
pub fn form(seen: &Seen, round: RoundId, unit: UnitId) -> Result<Form, Refusal> {
    let round = seen.zone.round(round).filter(|r| r.opened <= seen.cut).ok_or_else(Refusal::absent)?.clone();
    if !seen.sees(unit) {
        return Err(Refusal::absent());
    }
    if !round.units.iter().any(|u| *u == unit || super::rounds::answering(seen, *u) == unit) {
        return Err(Refusal::absent());
    }
    Ok(of_round(seen, &round, unit))
}

/// The form without asking whether the caller sees the unit: callers have.
pub(super) fn of_round(seen: &Seen, round: &Arc<Round>, unit: UnitId) -> Form {
    let data = seen.unit(unit).or_else(|| seen.zone.unit_now(unit));
    let mut form = Form {
        zone: seen.founding().map_or(String::new(), |f| f.code.clone()),
        round: round.id.to_string(),
        unit: data.map_or(String::new(), |d| d.code.clone()),
        unit_name: data.map_or(String::new(), |d| d.name.clone()),
        period: round.period,
        due: Some(round.due),
        head: seen.cut,
        blueprint_version: seen.blueprint.version,
        // The page and the sheet name the period themselves.
        title: round.title.replacen(&round.period.label(seen.lang), "", 1).trim().to_owned(),
        lang: seen.lang,
        blocks: Vec::new(),
    };
    let asked = seen.asked();
    for key in &round.kinds {
        if let Some(kind) = seen.blueprint.kind(key) {
            let block = block(seen, &asked, kind, unit, round);
            if !block.rows.is_empty() && !block.columns.is_empty() {
                form.blocks.push(block);
            }
        }
    }
    form
}

fn fits(measure: &Measure, period: Period) -> bool {
    measure.grain == period.grain()
        || (measure.jan_feb && measure.grain == Grain::Month && period.grain() == Grain::JanFeb)
}

/// Measures a form asks about for a period.
fn measures_asked(kind: &Kind, period: Period) -> impl Iterator<Item = &Measure> {
    kind.measures.iter().filter(move |m| m.is_entered() && !m.retired && fits(m, period))
}

/// Figures a form asks for: whole ones. Parts are optional detail, fields stand until they change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Burden {
    /// Cells asked.
    pub asked: u32,
    /// Cells answered, with a value or a reason.
    pub answered: u32,
    /// Cells withheld.
    pub withheld: u32,
}

/// What the forms of a round ask of units and what was answered, without making the forms.
pub(super) fn burdens(seen: &Seen, round: &Round, units: &BTreeSet<UnitId>) -> BTreeMap<UnitId, Burden> {
    let mut by: BTreeMap<UnitId, Burden> = BTreeMap::new();
    if units.is_empty() {
        return by;
    }
    let period = round.period;
    for kind in round.kinds.iter().filter_map(|key| seen.blueprint.kind(key)) {
        let measures: Vec<(&Measure, Option<u16>)> =
            measures_asked(kind, period).map(|m| (m, seen.zone.key_number(&m.key))).collect();
        let mut count = |unit: UnitId, subject: Subject, course: Course<'_>| {
            let rows = seen.zone.rows(subject);
            let burden = by.entry(unit).or_default();
            for (_, key) in measures.iter().filter(|(m, _)| course.asks(m)) {
                let version = rows.whole(*key).at(period, seen.cut);
                if version.as_ref().is_some_and(|v| source(seen, round, v.seq).is_some()) {
                    continue;
                }
                burden.asked += 1;
                match version {
                    Some(version) if version.value.is_some() => burden.answered += 1,
                    Some(version) if version.withheld.is_some() => {
                        burden.answered += 1;
                        burden.withheld += 1;
                    }
                    _ => {}
                }
            }
        };
        if measures.is_empty() {
            continue;
        }
        if kind.about_units {
            for unit in units {
                count(*unit, Subject::Unit(*unit), Course::Any);
            }
        } else {
            for item in seen.zone.items().filter(|i| i.kind == kind.key && units.contains(&seen.lead(i))) {
                if is_asked(seen, kind, item, period) {
                    count(seen.lead(item), Subject::Item(item.id), seen.course(kind, item, period));
                }
            }
        }
    }
    by
}

fn block(seen: &Seen, told: &Told, kind: &Kind, unit: UnitId, round: &Round) -> FormBlock {
    let period = round.period;
    let lang = seen.lang;
    let measures: Vec<&Measure> = measures_asked(kind, period).collect();
    let fields: Vec<&Field> = kind.fields.iter().filter(|f| f.asked && !f.retired).collect();
    let group_of = |key: &str| {
        kind.sheet_groups.iter().find(|(_, cols)| cols.iter().any(|c| c == key)).map(|(l, _)| l.get(lang).to_owned())
    };
    let mut columns = Vec::new();
    let mut sources: Vec<(Option<(&Measure, Option<&str>)>, Option<&Field>)> = Vec::new();
    for measure in &measures {
        let number = CellType::Number { min: measure.min, max: measure.max };
        let base = FormColumn {
            key: format!("m:{}", measure.key),
            group: group_of(&measure.key),
            label: measure.label.get(lang).to_owned(),
            unit: Some(measure.unit),
            decimals: measure.decimals,
            asks: match (measure.flow, measure.enter) {
                (FlowOrStock::Stock, _) => Asks::Level,
                (FlowOrStock::Flow, Enter::Cumulative) => Asks::ToDate,
                (FlowOrStock::Flow, Enter::Period) => Asks::Own,
            },
            cell: number,
            required: measure.required,
            hint: measure.hint.as_ref().map(|h| h.get(lang).to_owned()),
        };
        columns.push(base.clone());
        sources.push((Some((measure, None)), None));
        for part in &measure.parts {
            columns.push(FormColumn {
                key: format!("m:{}/{}", measure.key, part.key),
                group: base.group.clone().or_else(|| Some(base.label.clone())),
                label: part.label.get(lang).to_owned(),
                required: false,
                hint: None,
                ..base.clone()
            });
            sources.push((Some((measure, Some(&part.key))), None));
        }
    }
    for field in &fields {
        let cell = match &field.kind {
            FieldType::Choice(list) => CellType::Choice(
                list.iter().map(|c| Choice { key: c.key.clone(), label: c.label.get(lang).to_owned() }).collect(),
            ),
            FieldType::Number { .. } => CellType::Number { min: None, max: None },
            FieldType::Date => CellType::Date,
            FieldType::YesNo => CellType::YesNo,
            FieldType::Prose => CellType::Text { chars_max: TEXT_CHARS_MAX },
            _ => CellType::Text { chars_max: crate::limits::FIELD_CHARS_MAX as u32 },
        };
        let (unit, decimals) = match &field.kind {
            FieldType::Number { unit, decimals } => (*unit, *decimals),
            _ => (None, 0),
        };
        columns.push(FormColumn {
            key: format!("f:{}", field.key),
            group: group_of(&field.key),
            label: field.label.get(lang).to_owned(),
            unit,
            decimals,
            asks: Asks::Field,
            cell,
            required: field.required,
            hint: field.hint.as_ref().map(|h| h.get(lang).to_owned()),
        });
        sources.push((None, Some(field)));
    }
    let mut rows = Vec::new();
    if kind.about_units {
        let cells = sources
            .iter()
            .map(|(measure, _)| match measure {
                Some((m, part)) => figure_cell(seen, told, round, kind, Subject::Unit(unit), (m, *part), true),
                None => empty_cell(),
            })
            .collect();
        let data = seen.unit(unit).or_else(|| seen.zone.unit_now(unit));
        rows.push(FormRow {
            subject: Subject::Unit(unit).to_string(),
            code: data.map_or(String::new(), |d| d.code.clone()),
            name: data.map_or(String::new(), |d| d.name.clone()),
            keys: Vec::new(),
            cells,
        });
    } else {
        for item in items_asked(seen, kind, unit, period) {
            let stage = item.stage_row(seen.cut).and_then(|r| kind.stage(&r.stage));
            let cells = sources
                .iter()
                .map(|(measure, field)| match (measure, field) {
                    (Some((m, part)), _) => {
                        let asked = seen.in_course(kind, &item, m, period);
                        figure_cell(seen, told, round, kind, Subject::Item(item.id), (m, *part), asked)
                    }
                    (None, Some(field)) => field_cell(seen, kind, &item, field),
                    (None, None) => empty_cell(),
                })
                .collect();
            rows.push(FormRow {
                subject: Subject::Item(item.id).to_string(),
                code: item.code.clone(),
                name: item.name.at(seen.cut).cloned().unwrap_or_default(),
                keys: stage.map(|s| s.label.get(lang).to_owned()).into_iter().collect(),
                cells,
            });
        }
    }
    let stages_shown = !kind.about_units && !kind.stages.is_empty();
    let checks = kind
        .checks
        .iter()
        .map(|check| FormCheck {
            code: check.key.clone(),
            rule: check_rule(&check.rule),
            label: check.label.as_ref().map_or(String::new(), |l| l.get(lang).to_owned()),
        })
        .collect();
    FormBlock {
        kind: kind.key.clone(),
        label: kind.label.get(lang).to_owned(),
        key_labels: stages_shown.then(|| lang.pick("阶段", "Stage").to_owned()).into_iter().collect(),
        columns,
        rows,
        checks,
    }
}

fn check_rule(rule: &crate::blueprint::CheckRule) -> CheckRule {
    use crate::blueprint::CheckRule as Declared;
    let column = |key: &str| format!("m:{key}");
    match rule {
        Declared::RunningTotal { period, cumulative } => {
            CheckRule::RunningTotal { period_col: column(period), cumulative_col: column(cumulative) }
        }
        Declared::Parts { total, parts } => {
            CheckRule::Parts { total: column(total), parts: parts.iter().map(|p| column(p)).collect() }
        }
        Declared::AtLeast { a, b } => CheckRule::AtLeast { a: column(a), b: column(b) },
    }
}

/// Items a unit is asked about for a period, in order of code.
fn items_asked(seen: &Seen, kind: &Kind, unit: UnitId, period: Period) -> Vec<Arc<Item>> {
    let mine = seen.zone.items().filter(|i| i.kind == kind.key && seen.lead(i) == unit);
    let mut list: Vec<Arc<Item>> = mine.filter(|i| is_asked(seen, kind, i, period)).cloned().collect();
    list.sort_by(|a, b| a.code.cmp(&b.code));
    list
}

/// Whether forms for a period ask about an item of their unit: standing, known, not ended before the period.
fn is_asked(seen: &Seen, kind: &Kind, item: &Item, period: Period) -> bool {
    item.stands(seen.cut) && !seen.over_before(kind, item, period)
}

fn empty_cell() -> FormCell {
    FormCell::default()
}

/// Where a figure is known from when its round need not ask it: another round asked it and was answered.
/// What a unit corrected outside any round stays its own to change.
fn source(seen: &Seen, round: &Round, version: u64) -> Option<String> {
    let submission = seen.zone.submission_of(version)?;
    let other = seen.zone.round(submission.round.filter(|id| *id != round.id)?)?;
    let day = seen.zone.day_known(submission.made);
    let unit = seen.unit_short(submission.unit);
    Some(seen.say("form.known", &[("unit", &unit), ("round", &other.title), ("day", &day)]))
}

/// Most periods before that a cell is compared with.
const PAST_MAX: usize = 12;

fn figure_cell(
    seen: &Seen,
    told: &Told,
    round: &Round,
    kind: &Kind,
    subject: Subject,
    (measure, part): (&Measure, Option<&str>),
    asked: bool,
) -> FormCell {
    let period = round.period;
    let value = |p: Period| {
        let version = seen.zone.figure(subject, &measure.key, part, p, seen.cut)?;
        let shown = match (version.value, version.withheld) {
            (Some(value), _) => CellValue::Number(value),
            (None, Some(reason)) => CellValue::Withheld(seen.zone.said(&reason).to_string()),
            (None, None) => return None,
        };
        Some((shown, version.seq))
    };
    let now = value(period);
    let last = value(previous(measure, period)).or_else(|| value(last_cell(measure, period.prev())));
    let source = now.as_ref().and_then(|(_, seq)| source(seen, round, *seq));
    let whole = part.is_none() && asked && source.is_none();
    let past = if whole { past(seen, subject, measure, period) } else { Vec::new() };
    FormCell {
        asked: asked && source.is_none(),
        before: (whole && measure.flow == FlowOrStock::Flow && measure.enter == Enter::Period)
            .then(|| before(seen, told, kind, subject, measure, period))
            .flatten(),
        target: whole
            .then(|| seen.zone.target(subject, &measure.key, period.year_number(), seen.cut).map(|t| t.value))
            .flatten(),
        past,
        source,
        last: last.map(|(v, _)| v),
        plan: part.is_none().then(|| planned(seen, subject, measure, period)).flatten(),
        version: now.as_ref().map_or(0, |(_, seq)| *seq),
        now: now.map(|(v, _)| v),
    }
}

/// The year's amount before a period: nothing at its start, and nothing known when some of it is missing.
fn before(
    seen: &Seen,
    told: &Told,
    kind: &Kind,
    subject: Subject,
    measure: &Measure,
    period: Period,
) -> Option<Decimal> {
    // Rates do not add up.
    if measure.unit == Unit::Percent {
        return None;
    }
    if period.start().month() == 1 && period.start().day() == 1 {
        return Some(Decimal::ZERO);
    }
    let group = match subject {
        Subject::Item(id) => {
            Group { subjects: vec![subject], items: seen.zone.item(id).cloned().into_iter().collect() }
        }
        Subject::Unit(_) => Group { subjects: vec![subject], items: Vec::new() },
    };
    let sum = seen.total(told, kind, measure, &group, previous(measure, period), Reading::ToDate);
    sum.value.filter(|_| !sum.is_partial())
}

/// Values of a measure before a period at its own grain, oldest first.
fn past(seen: &Seen, subject: Subject, measure: &Measure, period: Period) -> Vec<Decimal> {
    let known = seen.zone.periods_answered(subject, &measure.key, None, seen.cut);
    let mut known: Vec<Period> =
        known.into_iter().filter(|p| p.start() < period.start() && p.grain() == measure.grain).collect();
    known.sort_by_key(|p| p.start());
    let from = known.len().saturating_sub(PAST_MAX);
    let value = |p: &Period| seen.zone.figure(subject, &measure.key, None, *p, seen.cut)?.value;
    known[from..].iter().filter_map(value).collect()
}

/// The period before, at the measure's own grain; March is preceded by January–February where they are one.
fn previous(measure: &Measure, period: Period) -> Period {
    match (measure.jan_feb, period.month_number()) {
        (true, Some(3)) if measure.flow == FlowOrStock::Flow => {
            Period::jan_feb(period.year_number()).unwrap_or_else(|_| period.prev())
        }
        _ => period.prev(),
    }
}

/// What the plan curve expects of the period itself.
fn planned(seen: &Seen, subject: Subject, measure: &Measure, period: Period) -> Option<Decimal> {
    let target = seen.zone.target(subject, &measure.key, period.year_number(), seen.cut)?;
    if measure.flow == FlowOrStock::Stock {
        return Some(target.value);
    }
    let curve = super::pace::curve(&seen.blueprint, &target.curve).ok()?;
    let share = |p: Period| baton_methods::pace::expected_share(&curve, baton_methods::At::EndOf(p)).ok();
    let to_now = share(period)?;
    let starts_year = period.start().month() == 1 && period.start().day() == 1;
    let before = if starts_year { Decimal::ZERO } else { share(period.prev())? };
    let decimals = u32::from(measure.decimals);
    Some(baton_methods::round_half_up(target.value * (to_now - before), decimals))
}

fn field_cell(seen: &Seen, kind: &Kind, item: &Item, field: &Field) -> FormCell {
    let row = item.field_row(&seen.zone, &field.key, seen.cut);
    let now = row.and_then(|(_, value)| {
        Some(match value {
            FieldValue::Empty => return None,
            FieldValue::Choice(key) => CellValue::Choice(key.clone()),
            FieldValue::Number(value) => CellValue::Number(*value),
            FieldValue::Date(date) => CellValue::Date(*date),
            FieldValue::Yes(yes) => CellValue::YesNo(*yes),
            other => CellValue::Text(super::field_words(&seen.zone, kind, &field.key, other)),
        })
    });
    let version = row.map_or(0, |(seq, _)| seq);
    // A field stands until it is changed: what was said before is what stands.
    FormCell { asked: true, last: now.clone(), now, version, ..FormCell::default() }
}
