//! Rounds, submissions, figures and targets.

use super::evidence;
use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::{Reading, decimal, period};
use crate::script::{Line, Word, words};
use baton_kernel::Zone;
use baton_kernel::blueprint::{Field, Kind, Measure};
use baton_kernel::commands::{Act, FieldGiven, FieldInput, FigureGiven, FigureInput};
use baton_kernel::entries::{CurveSpec, SubmissionState};
use baton_kernel::ids::*;
use baton_methods::Period;
use baton_methods::quantity::parse_number;
use rust_decimal::Decimal;

const AFTER: [&str; 5] = ["evidence", "because", "round", "said-on", "stale"];

pub(super) fn act(stage: &mut Stage<'_>, verb: &str, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    match verb {
        "open" => {
            reading.keyword("round")?;
            let handle = reading.word("调度标识", "the round's handle")?;
            let of = reading.period()?;
            let options = reading.options(&["kinds", "units", "opens", "due", "closes", "title", "basis"], &[])?;
            let units = match options.need("units")? {
                "territorial" => stage.territorial(),
                _ => stage.units(&options.list("units"))?,
            };
            let need = |key: &str| options.date(key)?.ok_or_else(|| Wrong::ends(key, key));
            Ok(Act::OpenRound {
                round: stage.ids.round(handle),
                title: options.get("title").unwrap_or(handle).to_owned(),
                period: of,
                kinds: options.list("kinds"),
                units,
                opens: need("opens")?,
                due: need("due")?,
                closes: need("closes")?,
                basis: options.get("basis").map(str::to_owned),
            })
        }
        "reopen" => {
            reading.keyword("round")?;
            let handle = reading.word("调度标识", "the round's handle")?;
            let options = reading.options(&["closes", "because"], &[])?;
            let closes = options.date("closes")?.ok_or_else(|| Wrong::ends("closes", "closes"))?;
            Ok(Act::ReopenRound { round: stage.ids.round(handle), closes, because: options.text("because") })
        }
        "propose" | "submit" | "correct" | "withhold" => report(stage, verb, reading, line),
        "confirm" | "accept" | "return" | "recall" => moved(stage, verb, reading),
        "target" => target(stage, reading),
        _ => unreachable!("dispatched by act"),
    }
}

/// What one line of a report says.
enum Cell {
    Figure(FigureGiven),
    Field(FieldGiven),
}

/// Where a cell belongs.
struct Place {
    subject: Subject,
    kind: Kind,
    unit: UnitId,
}

fn report(stage: &mut Stage<'_>, verb: &str, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    let zone = stage.zone();
    let mut cells = Vec::new();
    let mut places = Vec::new();
    let headed = reading.peek().filter(|w| !w.quoted).and_then(|w| Period::parse(&w.text).ok());
    let of = match headed {
        Some(of) => {
            reading.period()?;
            Some(of)
        }
        None => {
            let (place, cell) = cell(stage, &zone, reading, None, verb == "withhold")?;
            places.push(place);
            cells.push(cell);
            None
        }
    };
    let options = reading.options(&["evidence", "because", "round", "said-on"], &["stale"])?;
    for under in &line.under {
        let words: Vec<Word> = words(&under.raw)?;
        let mut inner = Reading::new(&words);
        let (place, cell) = cell(stage, &zone, &mut inner, of, false)?;
        inner.end()?;
        places.push(place);
        cells.push(cell);
    }
    let Some(first) = places.first() else {
        return Err(Wrong::ends("要报送的内容", "what is reported"));
    };
    let unit = first.unit;
    let about = cells
        .iter()
        .find_map(|c| match c {
            Cell::Figure(given) => Some(given.period),
            Cell::Field(_) => None,
        })
        .or(of);
    let round = match options.get("round") {
        Some("none") => None,
        Some(handle) => Some(stage.ids.round(handle)),
        None => about.and_then(|p| asking(&zone, p, &first.kind.key, unit)),
    };
    let said_on = options.date("said-on")?;
    let because = options.text("because");
    let (mut figures, mut fields) = (Vec::new(), Vec::new());
    for cell in cells {
        match cell {
            Cell::Figure(mut given) => {
                given.said_on = said_on;
                if options.has("stale") {
                    given.version = 0;
                }
                if verb == "withhold" {
                    given.value = FigureInput::Withheld(because.clone());
                }
                figures.push(given);
            }
            Cell::Field(given) => fields.push(given),
        }
    }
    Ok(Act::Report {
        submission: stage.ids.submission(&zone.submissions().count().to_string()),
        round,
        unit,
        submit: verb != "propose",
        figures,
        fields,
        because,
        evidence: evidence(stage, &options.list("evidence")),
        notes: Vec::new(),
    })
}

/// The newest round that asks a unit about a kind for a period; a unit's heir answers for it.
fn asking(zone: &Zone, of: Period, kind: &str, unit: UnitId) -> Option<RoundId> {
    let asks = |asked: &UnitId| {
        *asked == unit || zone.unit(*asked).and_then(|u| u.merged.last()).is_some_and(|(into, _)| *into == unit)
    };
    let mut rounds = zone.rounds();
    rounds.sort_by_key(|r| r.opened);
    rounds
        .into_iter()
        .rev()
        .find(|r| r.period == of && r.kinds.iter().any(|k| k == kind) && r.units.iter().any(asks))
        .map(|r| r.id)
}

/// `[KIND] CODE MEASURE[/PART] [PERIOD] VALUE`, `unit CODE MEASURE …` or `CODE FIELD VALUE`.
fn cell(
    stage: &Stage<'_>,
    zone: &Zone,
    reading: &mut Reading<'_>,
    of: Option<Period>,
    withheld: bool,
) -> Result<(Place, Cell), Wrong> {
    let blueprint = zone.blueprint();
    let about_unit = reading.take("unit");
    if !about_unit && reading.peek().is_some_and(|w| blueprint.kind(&w.text).is_some()) {
        reading.word("事项类型", "a kind")?;
    }
    let code = reading.word("编号", "a code")?;
    let key = reading.word("指标或字段", "a measure or field")?;
    let (own, part) = key.split_once('/').map_or((key, None), |(m, p)| (m, Some(p)));
    let place = if about_unit {
        let unit = stage.unit(code)?;
        let kind = blueprint.kinds.iter().find(|k| k.about_units && k.measure(own).is_some());
        let kind = kind.ok_or_else(|| Wrong::unknown("单位指标", "measure of units", own))?.clone();
        Place { subject: Subject::Unit(unit), kind, unit }
    } else {
        let item = stage.item(code)?;
        let item = zone.item(item).expect("an item just found");
        let kind = blueprint.kind(&item.kind).ok_or_else(|| Wrong::unknown("事项类型", "kind", &item.kind))?.clone();
        Place { subject: Subject::Item(item.id), kind, unit: *item.lead.last().expect("an item has a lead") }
    };
    if let (Some(field), Subject::Item(item)) = (place.kind.field(own).cloned(), place.subject)
        && place.kind.measure(own).is_none()
    {
        let cell = field_cell(zone, reading, &field, item)?;
        return Ok((place, cell));
    }
    let measure = place.kind.measure(own).cloned().ok_or_else(|| {
        let known: Vec<&str> = place.kind.measures.iter().map(|m| m.key.as_str()).collect();
        Wrong::unread("指标", "a measure", own, known.join(" "))
    })?;
    let given = reading.peek().filter(|w| !w.quoted).and_then(|w| Period::parse(&w.text).ok());
    let at = match (given, of) {
        (Some(given), None) => {
            reading.period()?;
            given
        }
        // Under a heading a bare number such as 2023 is a value, not a year.
        (Some(given), Some(_)) if reading.peek().is_some_and(|w| w.text.contains(['M', 'Q', 'S', 'W', '-'])) => {
            reading.period()?;
            given
        }
        (_, Some(of)) => of,
        (None, None) => return Err(Wrong::ends("所属期", "a period")),
    };
    let value = if withheld {
        FigureInput::Withheld(String::new())
    } else if reading.take("withheld") {
        FigureInput::Withheld(reading.word("理由", "a reason")?.to_owned())
    } else {
        FigureInput::Is(value(&measure, &reading.until(&AFTER))?)
    };
    let version = zone.figure(place.subject, own, part, at, u64::MAX).map_or(0, |v| v.seq);
    let given = FigureGiven {
        subject: place.subject,
        measure: own.to_owned(),
        period: at,
        part: part.map(str::to_owned),
        value,
        version,
        said_on: None,
    };
    Ok((place, Cell::Figure(given)))
}

fn field_cell(zone: &Zone, reading: &mut Reading<'_>, field: &Field, item: ItemId) -> Result<Cell, Wrong> {
    let text = reading.until(&AFTER);
    let version = zone.item(item).and_then(|i| i.field_row(zone, &field.key, u64::MAX)).map_or(0, |(seq, _)| seq);
    let value = if text.is_empty() { FieldInput::Empty } else { FieldInput::Typed(text) };
    Ok(Cell::Field(FieldGiven { item, field: field.key.clone(), value, version }))
}

/// A quantity as people write it, in the measure's unit: `12500 万元`, `1.25亿`.
fn value(measure: &Measure, text: &str) -> Result<Decimal, Wrong> {
    match parse_number(text, Some(measure.unit)) {
        Ok(parsed) => Ok(parsed.value),
        Err(e) => Err(Wrong::unread("数值", "a quantity", text, e)),
    }
}

/// Submissions of a unit that answer a round, named by period or handle, newest first.
fn moved(stage: &Stage<'_>, verb: &str, reading: &mut Reading<'_>) -> Result<Act, Wrong> {
    let unit = stage.unit(reading.word("单位", "a unit")?)?;
    let named = reading.word("所属期或调度标识", "a period or round")?;
    let options = reading.options(&["because", "marks"], &[])?;
    let zone = stage.zone();
    let handle = stage.ids.round(named);
    let by_period = Period::parse(named).ok();
    let answers = |round: Option<RoundId>| match round {
        Some(id) => id == handle || zone.round(id).is_some_and(|r| Some(r.period) == by_period),
        None => named == "none",
    };
    let (from, to): (&[SubmissionState], _) = match verb {
        "confirm" => (&[SubmissionState::Proposed], SubmissionState::Submitted),
        "accept" => (&[SubmissionState::Submitted], SubmissionState::Accepted),
        "return" => (&[SubmissionState::Submitted, SubmissionState::Proposed], SubmissionState::Returned),
        _ => (&[SubmissionState::Submitted, SubmissionState::Proposed], SubmissionState::Withdrawn),
    };
    let mut found: Vec<SubmissionId> = zone
        .submissions()
        .rev()
        .filter(|s| s.unit == unit && answers(s.round))
        .filter(|s| s.state(u64::MAX).is_some_and(|state| from.contains(&state)))
        .map(|s| s.id)
        .collect();
    if found.is_empty() {
        // The newest one of any state: the refusal then says what state it is in.
        found = zone.submissions().rev().filter(|s| s.unit == unit && answers(s.round)).map(|s| s.id).take(1).collect();
    }
    if found.is_empty() {
        return Err(Wrong::new(
            format!("该单位没有报送过“{named}”"),
            format!("the unit has sent nothing for “{named}”"),
        ));
    }
    if matches!(verb, "return" | "recall") {
        found.truncate(1);
    }
    let mut acts: Vec<Act> = found
        .into_iter()
        .rev()
        .map(|submission| Act::MoveSubmission {
            submission,
            to,
            because: options.text("because"),
            marks: options.list("marks"),
            notes: Vec::new(),
        })
        .collect();
    Ok(if acts.len() == 1 { acts.remove(0) } else { Act::All(acts) })
}

fn target(stage: &Stage<'_>, reading: &mut Reading<'_>) -> Result<Act, Wrong> {
    let zone = stage.zone();
    let blueprint = zone.blueprint();
    let about_unit = reading.take("unit");
    let code = reading.word("编号", "a code")?;
    let key = reading.word("指标", "a measure")?;
    let (subject, kind) = if about_unit {
        let kind = blueprint.kinds.iter().find(|k| k.about_units && k.measure(key).is_some());
        (Subject::Unit(stage.unit(code)?), kind)
    } else {
        let item = stage.item(code)?;
        (Subject::Item(item), zone.item(item).and_then(|i| blueprint.kind(&i.kind)))
    };
    let measure = kind.and_then(|k| k.measure(key)).ok_or_else(|| Wrong::unknown("指标", "measure", key))?.clone();
    let year = period(reading.word("年度", "a year")?)?;
    let keys = ["curve", "quarters", "months", "basis", "because"];
    let value = value(&measure, &reading.until(&keys))?;
    let options = reading.options(&keys, &[])?;
    let shares = |text: &str| text.split('/').map(decimal).collect::<Result<Vec<_>, _>>();
    let curve = match (options.get("curve"), options.get("quarters"), options.get("months")) {
        (_, Some(list), _) => CurveSpec::ByQuarter(shares(list)?),
        (_, _, Some(list)) => CurveSpec::ByMonth(shares(list)?),
        (None | Some("linear"), ..) => CurveSpec::Linear,
        (Some(preset), ..) => CurveSpec::Preset(preset.to_owned()),
    };
    Ok(Act::SetTarget {
        subject,
        measure: key.to_owned(),
        year,
        value,
        curve,
        basis: options.get("basis").map(str::to_owned),
        because: options.text("because"),
    })
}
