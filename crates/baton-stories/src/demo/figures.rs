//! Figures of the demo zone: closed forms over the parameters of a row, month by month.
//!
//! Which form a measure has stands in `measures.csv`; here are the forms.

use super::Plan;
use super::tables::{Row, Table};
use crate::mistakes::Mistake;
use baton_kernel::blueprint::{Kind, StageGroup};
use baton_methods::Period;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Months of the demo zone: January 2022 to March 2023.
pub(super) const MONTHS: usize = 15;

/// The period of a month, counted from January 2022.
pub(super) fn month(n: usize) -> Period {
    let (year, month) = (2022 + (n / 12) as i16, (n % 12 + 1) as u8);
    Period::month(year, month).expect("a month of the demo")
}

/// What one item or unit says, month by month.
#[derive(Default)]
pub(super) struct Said {
    /// Values by measure, `measure/part` for parts.
    pub values: BTreeMap<String, [Option<f64>; MONTHS]>,
    /// Words by field.
    pub words: BTreeMap<String, Vec<Option<String>>>,
    /// Keys in the order of the table.
    pub order: Vec<String>,
}

/// The course of an item: stages with their days, and the days between which it is followed.
#[derive(Clone, Default)]
pub(super) struct Course {
    pub stages: Vec<(String, Date)>,
    pub made: Option<Date>,
    pub until: Option<Date>,
}

impl Course {
    /// The stage at the end of a day.
    pub fn on(&self, day: Date) -> Option<&str> {
        self.stages.iter().rev().find(|(_, on)| *on <= day).map(|(stage, _)| stage.as_str())
    }

    /// Whether a measure is asked in a month.
    fn asked(&self, kind: &Kind, key: &str, n: usize) -> bool {
        let period = month(n);
        if self.made.is_some_and(|day| day > period.end()) || self.until.is_some_and(|day| day <= period.end()) {
            return false;
        }
        if kind.stages.is_empty() || kind.about_units {
            return true;
        }
        let group = |stage: Option<&str>| stage.and_then(|s| kind.stage(s)).map(|s| s.group);
        let before = period.start().yesterday().unwrap_or(period.start());
        if matches!(group(self.on(before)), Some(StageGroup::Completed | StageGroup::Cancelled)) {
            return false;
        }
        let asked_in = kind.measure(key).map(|m| m.asked_in.as_slice()).unwrap_or_default();
        let first = self.stages.first().map(|(s, _)| s.as_str());
        let now = self.on(period.end()).or(first).unwrap_or_default();
        asked_in.is_empty() || asked_in.iter().any(|s| s == now)
    }

    /// Whether a measure is planned for a month of any year: asked, or to be begun in spring after the demo ends.
    fn planned(&self, kind: &Kind, key: &str, n: usize) -> bool {
        if n < MONTHS {
            return self.asked(kind, key, n);
        }
        self.asked(kind, key, MONTHS - 1) || n >= MONTHS + 2
    }
}

/// A cumulative curve of the demo at month ends, or in equal steps when the name means none.
pub(super) fn curve(plan: &Plan, name: &str) -> [f64; 12] {
    let mut out = [0.0; 12];
    for (n, share) in out.iter_mut().enumerate() {
        *share = match plan.blueprint.curves.get(name) {
            Some((_, list)) => list[n].to_string().parse().unwrap_or(0.0),
            None => (n + 1) as f64 / 12.0,
        };
    }
    out
}

/// What each month of a year weighs: the steps of the curve over the months planned, together 1.
pub(super) fn weights(plan: &Plan, kind: &Kind, key: &str, course: &Course, year: usize, name: &str) -> [f64; 12] {
    let curve = curve(plan, name);
    let mut out = [0.0; 12];
    for (n, weight) in out.iter_mut().enumerate() {
        if course.planned(kind, key, year * 12 + n) {
            *weight = curve[n] - if n == 0 { 0.0 } else { curve[n - 1] };
        }
    }
    let all: f64 = out.iter().sum();
    if all > 0.0 {
        for weight in &mut out {
            *weight /= all;
        }
    }
    out
}

/// Everything a row says, by the forms of its kind.
pub(super) fn said(plan: &Plan, kind: &Kind, forms: &Table, row: Row<'_>, course: &Course) -> Result<Said, Mistake> {
    let mut said = Said::default();
    let name = match row.get("code") {
        "" => row.get("unit"),
        code => code,
    };
    for form in forms.rows().filter(|f| f.get("kind") == kind.key) {
        let key = form.get("key").to_owned();
        let chance = |n: usize| plan.chance.share(&format!("{name}/{key}/{n}"));
        let between = |n: usize| -> Result<f64, Mistake> {
            let (low, high) = (form.number("low")?, form.number("high")?);
            Ok(low + (high - low) * chance(n))
        };
        let of = form.get("of");
        let other = |said: &Said, n: usize| said.values.get(of).and_then(|list| list[n]);
        if kind.measure(&key).is_none() {
            let words = (0..MONTHS)
                .map(|n| {
                    // A field is asked wherever the kind's first measure is.
                    let first = forms.rows().find(|f| f.get("kind") == kind.key);
                    let asked = first.is_some_and(|f| course.asked(kind, f.get("key"), n));
                    asked.then(|| words(plan, &said, form, name, n)).flatten()
                })
                .collect();
            said.words.insert(key.clone(), words);
            said.order.push(key);
            continue;
        }
        let mut values = [None; MONTHS];
        for n in 0..MONTHS {
            if !course.asked(kind, &key, n) {
                continue;
            }
            let (year, at) = (n / 12, n % 12);
            let yy = 22 + year;
            let column = |stem: &str| row.number(&format!("{stem}{yy}"));
            values[n] = match form.get("form") {
                "yearly" => {
                    let (plan_column, perf) = of.split_once(',').unwrap_or((of, ""));
                    let perf = if perf.is_empty() { 1.0 } else { column(perf)? };
                    let weight = weights(plan, kind, &key, course, year, form.get("extra"))[at];
                    let amount = column(plan_column)? * perf * weight * between(n)?;
                    Some(if amount > 2_000.0 { (amount / 10.0).round() * 10.0 } else { amount.round() })
                }
                "share" => match other(&said, n) {
                    Some(whole) => Some((whole * between(n)?).round()),
                    None => None,
                },
                "gated" => match other(&said, n) {
                    Some(whole) if row.number(form.get("extra"))? > 0.0 => Some((whole * between(n)?).round()),
                    found => found.map(|_| 0.0),
                },
                "divided" => match other(&said, n) {
                    Some(whole) => Some((whole / between(n)? + 12.0).round()),
                    None => None,
                },
                "split" => None,
                "filled" => {
                    let (before, total) = form.get("extra").split_once(',').unwrap_or_default();
                    let list = said.values.get(of);
                    let done: f64 = (0..=n).filter_map(|m| list.and_then(|l| l[m])).sum();
                    let share = (row.number(before)? + done) / row.number(total)?.max(1.0) * 100.0;
                    Some(share.clamp(form.number("low")?, form.number("high")?).round())
                }
                "cumulative" => cumulative(plan, kind, &key, form, row, n, between(n)?)?,
                "growth" => {
                    let cap = if row.get("cap").is_empty() { f64::MAX } else { row.number("cap")? };
                    Some((column("growth")? + between(n)?).min(cap))
                }
                "place" => {
                    let usual = row.number(of)?;
                    Some((usual + (chance(n) * 3.0).floor() - 1.0).max(1.0))
                }
                "monthly" => {
                    let curve = curve(plan, form.get("extra"));
                    let step = curve[at] - if at == 0 { 0.0 } else { curve[at - 1] };
                    let grown = if year == 0 { 1.0 } else { 1.0 + row.number("growth23")? / 100.0 };
                    // The same month of another year wavers alike, so that growth stays near its mean.
                    let wave = plan.chance.between(&format!("{name}/{key}/m{at}"), 0.97, 1.03);
                    Some((row.number(of)? * step * grown * wave * between(n)?).round())
                }
                "seasonal" => Some((row.number(of)? * factor(form.get("extra"), at) * between(n)?).round()),
                "days" => {
                    let off = if chance(n) > 0.8 { 1.0 } else { 0.0 };
                    Some(f64::from(month(n).days()) - off)
                }
                "partial" => {
                    let (column, factors) = form.get("extra").split_once('*').unwrap_or_default();
                    match other(&said, n) {
                        Some(days) => {
                            let share = row.number(column)? * factor(factors, at) * between(n)?;
                            Some((days * share).round().min(days))
                        }
                        None => None,
                    }
                }
                "constant" => Some(row.number(of)?),
                "line" => {
                    let (from, to) = row.get(of).split_once(':').ok_or_else(|| row.wrong(of))?;
                    let read = |t: &str| t.parse::<f64>().map_err(|_| row.wrong(of));
                    let (from, to) = (read(from)?, read(to)?);
                    Some((from + (to - from) * (n + 1) as f64 / MONTHS as f64).round())
                }
                "change" => {
                    let before = if n == 0 { None } else { said.values.get(of).and_then(|l| l[n - 1]) };
                    match (other(&said, n), before) {
                        (Some(now), Some(before)) => Some(((now - before).max(0.0) * between(n)?).round()),
                        (found, None) => found.map(|_| 0.0),
                        (None, Some(_)) => None,
                    }
                }
                "steps" => {
                    let mut found = 0.0;
                    for (period, value) in row.pairs(of)? {
                        let period = Period::parse(period).map_err(|_| row.wrong(of))?;
                        if period <= month(n) {
                            found = value.parse().map_err(|_| row.wrong(of))?;
                        }
                    }
                    Some(found)
                }
                "ramp" => {
                    let start = row.number(form.get("extra"))? as usize - 2022;
                    let months = (n + 1).saturating_sub(start * 12) as f64;
                    let now = course.on(month(n).end()).and_then(|s| kind.stage(s)).map(|s| s.group);
                    match now {
                        Some(StageGroup::Completed) => Some(100.0),
                        Some(StageGroup::Started) => Some((months * 7.5 * row.number(of)?).round().min(96.0)),
                        _ => Some(0.0),
                    }
                }
                "spent" => {
                    let start = row.number(form.get("extra"))? as usize - 2022;
                    let own = n >= start * 12 && n < start * 12 + 12;
                    Some(if own { (row.number(of)? / 12.0 * between(n)?).round() } else { 0.0 })
                }
                _ => return Err(form.wrong("form")),
            };
        }
        if form.get("form") == "split" {
            split(&mut said, &key, form, row, &plan.chance, name)?;
        } else {
            said.values.insert(key.clone(), values);
            said.order.push(key.clone());
        }
    }
    Ok(said)
}

fn factor(list: &str, at: usize) -> f64 {
    list.split('/').nth(at).and_then(|t| t.parse().ok()).unwrap_or(1.0)
}

fn cumulative(
    plan: &Plan,
    kind: &Kind,
    key: &str,
    form: Row<'_>,
    row: Row<'_>,
    n: usize,
    waver: f64,
) -> Result<Option<f64>, Mistake> {
    let (year, at) = (n / 12, n % 12);
    let quarterly = kind.measure(key).is_some_and(|m| m.grain == baton_methods::Grain::Quarter);
    let share = if quarterly {
        if (at + 1) % 3 != 0 {
            return Ok(None);
        }
        [0.22, 0.47, 0.72, 1.0][at / 3]
    } else {
        curve(plan, row.get(form.get("extra")))[at]
    };
    let grown = if year == 0 { 1.0 } else { 1.0 + row.number("growth23")? / 100.0 };
    let value = row.number(form.get("of"))? * share * grown * if at == 11 { 1.0 } else { waver };
    let decimals = kind.measure(key).map_or(0, |m| m.decimals);
    let scale = 10f64.powi(i32::from(decimals));
    Ok(Some((value * scale).round() / scale))
}

/// A whole near another measure, with parts that add up to it to the last unit.
fn split(
    said: &mut Said,
    key: &str,
    form: Row<'_>,
    row: Row<'_>,
    chance: &super::Chance,
    name: &str,
) -> Result<(), Mistake> {
    let sort = row.get(form.get("extra"));
    let table = Table::open("splits.csv")?;
    let found = table.rows().find(|r| r.get("measure") == key && r.get("of") == sort);
    let parts: Vec<(String, f64)> = match found {
        Some(found) => found
            .get("parts")
            .split('/')
            .map(|t| {
                let (part, weight) = t.split_once(':').ok_or_else(|| found.wrong("parts"))?;
                Ok((part.to_owned(), weight.parse().map_err(|_| found.wrong("parts"))?))
            })
            .collect::<Result<_, Mistake>>()?,
        None => Vec::new(),
    };
    let (low, high) = (form.number("low")?, form.number("high")?);
    let base = said.values.get(form.get("of")).copied().unwrap_or([None; MONTHS]);
    let mut whole = [None; MONTHS];
    let mut split: Vec<[Option<f64>; MONTHS]> = vec![[None; MONTHS]; parts.len()];
    for n in 0..MONTHS {
        let Some(amount) = base[n] else { continue };
        let total = (amount * chance.between(&format!("{name}/{key}/{n}"), low, high)).round();
        whole[n] = Some(total);
        let mut rest = total;
        for (m, (_, weight)) in parts.iter().enumerate() {
            let own = if m + 1 == parts.len() { rest } else { (total * weight / 100.0).round() };
            split[m][n] = Some(own);
            rest -= own;
        }
    }
    said.values.insert(key.to_owned(), whole);
    said.order.push(key.to_owned());
    for ((part, _), values) in parts.into_iter().zip(split) {
        let key = format!("{key}/{part}");
        said.values.insert(key.clone(), values);
        said.order.push(key);
    }
    Ok(())
}

/// What a field says in a month.
fn words(plan: &Plan, said: &Said, form: Row<'_>, name: &str, n: usize) -> Option<String> {
    let at = format!("{name}/{}/{n}", form.get("key"));
    let groups: Vec<&str> = form.get("extra").split('/').collect();
    match form.get("form") {
        "phrase" => {
            let value = said.values.get(form.get("of")).and_then(|l| l[n]);
            let bound = |column: &str| form.get(column).parse::<f64>().unwrap_or(f64::MAX);
            let group = match value {
                Some(value) if groups.len() == 3 && value >= bound("high") => groups[2],
                Some(value) if groups.len() == 3 && value >= bound("low") => groups[1],
                _ => groups[0],
            };
            Some(plan.phrase(group, &at, value.unwrap_or(0.0) as i64))
        }
        _ => {
            // Trouble stays for a quarter.
            let quarter = format!("{name}/{}/q{}", form.get("key"), n / 3);
            let seldom: f64 = form.get("low").parse().unwrap_or(0.5);
            let word = if plan.chance.share(&quarter) < seldom {
                plan.phrase(groups[0], &quarter, 0)
            } else {
                "无".to_owned()
            };
            Some(word)
        }
    }
}
