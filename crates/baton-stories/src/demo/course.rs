//! Items of the demo zone: made, moved from stage to stage, given targets; units merged.

use super::figures::{Course, curve, weights};
use super::tables::{Row, Table};
use super::{DEMO_LAST_DAY, Plan};
use crate::mistakes::Mistake;
use crate::reading::list;
use baton_kernel::blueprint::Kind;
use jiff::civil::Date;

/// The day of the first list: what was there before is made on it.
const FIRST_LIST: Date = jiff::civil::date(2022, 1, 6);

/// A row of `kinds.csv` with its kind and table.
pub(super) struct Sort {
    pub kind: Kind,
    pub table: Table,
    maker: String,
    stager: String,
    targeter: String,
    fields: Vec<(String, String)>,
}

/// Every sort of thing the demo follows.
pub(super) fn sorts(plan: &Plan) -> Result<Vec<Sort>, Mistake> {
    let kinds = Table::open("kinds.csv")?;
    let mut found = Vec::new();
    for row in kinds.rows() {
        let kind = plan.blueprint.kind(row.get("kind")).ok_or_else(|| row.wrong("kind"))?.clone();
        let fields = list(row.get("fields"))
            .into_iter()
            .map(|text| match text.split_once('=') {
                Some((field, column)) => (field.to_owned(), column.to_owned()),
                None => (text.clone(), text),
            })
            .collect();
        found.push(Sort {
            kind,
            table: Table::open(row.get("table"))?,
            maker: row.get("maker").to_owned(),
            stager: row.get("stager").to_owned(),
            targeter: row.get("targeter").to_owned(),
            fields,
        });
    }
    Ok(found)
}

impl Sort {
    /// Rows of its kind: a table may hold several kinds.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.table.rows().filter(|r| r.get("kind").is_empty() || r.get("kind") == self.kind.key)
    }
}

/// The course of a row: stages in order of day, when it was made, until when it is followed.
pub(super) fn course(row: Row<'_>, kind: &Kind) -> Result<Course, Mistake> {
    if kind.about_units {
        return Ok(Course::default());
    }
    let mut stages = Vec::new();
    for (stage, on) in row.pairs("stages")? {
        if kind.stage(stage).is_none() {
            return Err(row.wrong("stages"));
        }
        stages.push((stage.to_owned(), on.parse().map_err(|_| row.wrong("stages"))?));
    }
    let first = stages.first().map(|(_, on): &(String, Date)| *on);
    let made = match row.date("made")? {
        Some(day) => day,
        None => first.unwrap_or(FIRST_LIST).max(FIRST_LIST),
    };
    Ok(Course { stages, made: Some(made), until: row.date("until")? })
}

/// Makes every item, moves it through its stages and sets its targets.
pub(super) fn items(plan: &mut Plan) -> Result<(), Mistake> {
    let targets = Table::open("targets.csv")?;
    for sort in sorts(plan)? {
        for row in sort.rows() {
            let course = course(row, &sort.kind)?;
            if !sort.kind.about_units {
                make(plan, &sort, row, &course)?;
            }
            for target in targets.rows().filter(|t| t.get("kind") == sort.kind.key) {
                set_target(plan, &sort, row, &course, target)?;
            }
        }
    }
    Ok(())
}

fn make(plan: &mut Plan, sort: &Sort, row: Row<'_>, course: &Course) -> Result<(), Mistake> {
    let made = course.made.unwrap_or(FIRST_LIST);
    let code = row.get("code");
    let name = if row.get("name").is_empty() { code } else { row.get("name") };
    let lead = plan.heir(row.get("lead"), made);
    let mut words = format!("item {} {code} \"{name}\" lead {lead}", sort.kind.key);
    let co: Vec<String> = list(row.get("co")).iter().map(|u| plan.heir(u, made)).filter(|u| *u != lead).collect();
    if !co.is_empty() {
        words.push_str(&format!(" co {}", co.join(",")));
    }
    let first = course.stages.iter().rev().find(|(_, on)| *on <= made);
    if let Some((stage, on)) = first {
        words.push_str(&format!(" stage {stage} since {on}"));
    }
    for (field, column) in &sort.fields {
        if !row.get(column).is_empty() {
            words.push_str(&format!("\n  {field} \"{}\"", row.get(column)));
        }
    }
    plan.say(made, "10:00", &sort.maker, &words);
    for (stage, on) in course.stages.iter().filter(|(_, on)| *on > made) {
        // It is written down the day after.
        let known = on.tomorrow().unwrap_or(*on).min(DEMO_LAST_DAY);
        let declared = sort.kind.stage(stage).expect("checked when the course was read");
        let evidence = if declared.needs_evidence { format!(" evidence {code}-{stage}.pdf") } else { String::new() };
        plan.say(known, "10:30", &sort.stager, &format!("stage {code} {stage} on {on}{evidence}"));
    }
    Ok(())
}

fn set_target(plan: &mut Plan, sort: &Sort, row: Row<'_>, course: &Course, target: Row<'_>) -> Result<(), Mistake> {
    let (key, column) = (target.get("key"), target.get("column"));
    let year = target.number("year")? as i16;
    let after = (year - 2022) as usize;
    let (mode, factor) = target.get("mode").split_once(' ').unwrap_or((target.get("mode"), "1"));
    let factor: f64 = factor.parse().map_err(|_| target.wrong("mode"))?;
    let text = row.get(column);
    let value = match mode {
        "plan" | "value" => row.number(column)?,
        "times" => row.number(column)? * factor,
        "whole" if text == year.to_string() => factor,
        "whole" => return Ok(()),
        "last" => {
            let (_, last) = text.split_once(':').ok_or_else(|| row.wrong(column))?;
            last.parse::<f64>().map_err(|_| row.wrong(column))? * 1.15
        }
        "growth" => {
            let base = row.number("base")?;
            let last = if after == 0 { base / (1.0 + row.number("growth22")? / 100.0) } else { base };
            last * (1.0 + row.number(column)? / 100.0)
        }
        _ => return Err(target.wrong("mode")),
    };
    if value <= 0.0 {
        return Ok(());
    }
    let list_day = if after == 0 { FIRST_LIST } else { jiff::civil::date(year, 1, 6) };
    let day = course.made.unwrap_or(list_day).max(list_day);
    if day.year() != year || course.until.is_some_and(|until| until <= day) {
        return Ok(());
    }
    let decimals = sort.kind.measure(key).map_or(0, |m| m.decimals);
    let shape = match target.get("curve") {
        "shape" => row.get("shape"),
        other => other,
    };
    let curve_words = match (mode, shape) {
        (_, "" | "flat" | "linear") => String::new(),
        (_, shape) if shape.contains('/') => format!(" {shape}"),
        (_, "quarter" | "quarters") => " quarters 0.22/0.47/0.72/1".to_owned(),
        ("plan", name) => {
            let own = weights(plan, &sort.kind, key, course, after, name);
            if own.iter().all(|w| *w > 0.0) {
                format!(" curve {name}")
            } else if own.iter().all(|w| *w == 0.0) {
                return Ok(());
            } else {
                format!(" months {}", shares(&own))
            }
        }
        (_, name) => {
            // A name that is no curve of the blueprint is a mistake in the table, not a straight line.
            if !plan.blueprint.curves.contains_key(name) {
                return Err(target.wrong("curve"));
            }
            debug_assert!(curve(plan, name)[11] > 0.99);
            format!(" curve {name}")
        }
    };
    let about = if sort.kind.about_units { format!("unit {}", row.get("unit")) } else { row.get("code").to_owned() };
    let basis = format!("云新发〔{year}〕1号");
    let value = format!("{value:.*}", decimals as usize);
    plan.say(day, "11:00", &sort.targeter, &format!("target {about} {key} {year} {value}{curve_words} basis {basis}"));
    Ok(())
}

/// Cumulative shares with three decimals that end at 1.
fn shares(weights: &[f64; 12]) -> String {
    let mut sum = 0.0;
    let list: Vec<String> = weights
        .iter()
        .enumerate()
        .map(|(n, weight)| {
            sum += weight;
            if n == 11 { "1".to_owned() } else { format!("{:.3}", sum.min(1.0)) }
        })
        .collect();
    list.join("/")
}

/// Units that went into others, and the targets that their successors took over.
pub(super) fn mergers(plan: &mut Plan) -> Result<(), Mistake> {
    let table = Table::open("mergers.csv")?;
    let (targets, forms) = (Table::open("targets.csv")?, Table::open("measures.csv")?);
    for row in table.rows() {
        let on = row.date("on")?.ok_or_else(|| row.wrong("on"))?;
        let (unit, into, because) = (row.get("unit"), row.get("into"), row.get("because"));
        plan.say(on, "09:30", "zone/admin", &format!("merge unit {unit} into {into} on {on} because \"{because}\""));
        for sort in sorts(plan)?.iter().filter(|s| s.kind.about_units) {
            let of = |code: &str| sort.rows().find(|r| r.get("unit") == code);
            let (Some(from), Some(to)) = (of(unit), of(into)) else { continue };
            for target in targets.rows().filter(|t| t.get("kind") == sort.kind.key) {
                let key = target.get("key");
                let sums = forms
                    .rows()
                    .any(|f| f.get("kind") == sort.kind.key && f.get("key") == key && f.get("merge") == "sum");
                if !sums || target.get("year") != on.year().to_string() {
                    continue;
                }
                let factor = target.get("mode").split_once(' ').and_then(|(_, f)| f.parse().ok()).unwrap_or(1.0);
                let column = target.get("column");
                let value = (from.number(column)? + to.number(column)?) * factor;
                let curve = target.get("curve");
                plan.say(
                    on,
                    "16:00",
                    &sort.targeter,
                    &format!(
                        "target unit {into} {key} {} {value:.0} curve {curve} because \"{because}，目标合并下达\"",
                        on.year()
                    ),
                );
            }
        }
    }
    Ok(())
}
