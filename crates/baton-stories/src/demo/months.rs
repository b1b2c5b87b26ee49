//! Rounds of the demo zone and the units' answers: in time, late, returned, withheld, wrong and corrected.

use super::course::{Sort, course, sorts};
use super::figures::{MONTHS, Said, month, said};
use super::tables::Table;
use super::{DEMO_LAST_DAY, Plan};
use crate::mistakes::Mistake;
use crate::reading::list;
use baton_methods::{Grain, Lang, Period};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A cell as first said, and as corrected later.
struct Cell {
    /// Subject as stories name it: `P-001`, `unit baishi`.
    about: String,
    key: String,
    said: String,
}

/// What is reported wrong at first: subject, measure, period → factor, day of correction, reason.
type Slips = BTreeMap<(String, String, Period), (f64, Date, String)>;

/// Opens every round and answers it.
pub(super) fn rounds(plan: &mut Plan) -> Result<(), Mistake> {
    let forms = Table::open("measures.csv")?;
    let mut all: Vec<(Sort, Vec<(String, String, Said)>)> = Vec::new();
    for sort in sorts(plan)? {
        let mut rows = Vec::new();
        for row in sort.rows() {
            let course = course(row, &sort.kind)?;
            let said = said(plan, &sort.kind, &forms, row, &course)?;
            let unit = if sort.kind.about_units { row.get("unit") } else { row.get("lead") };
            let about = if sort.kind.about_units { format!("unit {unit}") } else { row.get("code").to_owned() };
            rows.push((unit.to_owned(), about, said));
        }
        if sort.kind.about_units {
            join_merged(plan, &forms, &sort, &mut rows);
        }
        all.push((sort, rows));
    }
    let (slips, withheld) = (slips()?, withheld()?);
    let table = Table::open("rounds.csv")?;
    for row in table.rows() {
        let kinds = list(row.get("kinds"));
        for period in periods(row.get("periods")) {
            let day = |column: &str| -> Result<Date, Mistake> {
                let days = row.number(column)? as i64;
                period.end().checked_add(days.days()).map_err(|_| row.wrong(column))
            };
            let (opens, due, closes) = (day("opens")?, day("due")?, day("closes")?);
            if opens > DEMO_LAST_DAY {
                continue;
            }
            let mut by_unit: BTreeMap<String, Vec<Vec<Cell>>> = BTreeMap::new();
            let mut corrections = Vec::new();
            for (sort, rows) in all.iter().filter(|(sort, _)| kinds.contains(&sort.kind.key)) {
                for (unit, about, said) in rows {
                    let heir = plan.heir(unit, opens);
                    if sort.kind.about_units && heir != *unit {
                        continue;
                    }
                    let cells = cells(sort, about, said, period, &slips, &withheld, &mut |key, value| {
                        if let Some((_, on, because)) = slips.get(&(bare(about).to_owned(), key.to_owned(), period)) {
                            let text = format!(
                                "correct {about} {key} {period} {value} because \"{because}\" evidence 更正说明.pdf"
                            );
                            corrections.push((heir.clone(), *on, text));
                        }
                    });
                    if !cells.is_empty() {
                        by_unit.entry(heir).or_default().push(cells);
                    }
                }
            }
            if by_unit.is_empty() {
                continue;
            }
            let order: Vec<String> =
                plan.units.rows().map(|r| r.get("code").to_owned()).filter(|u| by_unit.contains_key(u)).collect();
            let handle = format!("{period}{}", row.get("key"));
            let title = row.get("title").replace("{period}", &period.label(Lang::Zh));
            plan.say(
                opens,
                "08:30",
                "zone/office",
                &format!(
                    "open round {handle} {period} kinds {} units {} opens {opens} due {due} closes {closes} title {title}",
                    row.get("kinds").replace(' ', ""),
                    order.join(",")
                ),
            );
            for unit in &order {
                answer(plan, unit, period, &handle, &by_unit[unit], due, closes)?;
            }
            for (unit, on, text) in corrections {
                plan.say(on, "10:20", &format!("{unit}/checker"), &text);
                let next = on.tomorrow().unwrap_or(on).min(DEMO_LAST_DAY);
                plan.say(next, "14:40", "zone/office", &format!("accept {unit} {period}"));
            }
        }
    }
    Ok(())
}

fn bare(about: &str) -> &str {
    about.strip_prefix("unit ").unwrap_or(about)
}

/// A successor reports what it took over together with its own, where the measure adds up.
fn join_merged(plan: &Plan, forms: &Table, sort: &Sort, rows: &mut [(String, String, Said)]) {
    for (from, into, on) in plan.mergers.clone() {
        let Some(taken) = rows.iter().position(|(u, ..)| *u == from) else { continue };
        let values = rows[taken].2.values.clone();
        let Some((_, _, own)) = rows.iter_mut().find(|(u, ..)| *u == into) else { continue };
        for (key, list) in values {
            let sums =
                forms.rows().any(|f| f.get("kind") == sort.kind.key && f.get("key") == key && f.get("merge") == "sum");
            let Some(mine) = own.values.get_mut(&key).filter(|_| sums) else { continue };
            for n in (0..MONTHS).filter(|n| month(*n).end() >= on) {
                if let (Some(a), Some(b)) = (mine[n], list[n]) {
                    mine[n] = Some(a + b);
                }
            }
        }
    }
}

fn periods(grain: &str) -> Vec<Period> {
    let months = (0..MONTHS).map(month);
    match grain {
        "quarter" => {
            let quarters: BTreeSet<Period> = months.filter_map(|m| m.lies_in(Grain::Quarter)).collect();
            quarters.into_iter().collect()
        }
        "statistical" => {
            let mut found = Vec::new();
            for month in months {
                match month.month_number() {
                    Some(1) => {}
                    Some(2) => found.extend(Period::jan_feb(month.year_number())),
                    _ => found.push(month),
                }
            }
            found
        }
        _ => months.collect(),
    }
}

/// The cells of one subject for a period. `heard` is told each measure's true value.
fn cells(
    sort: &Sort,
    about: &str,
    said: &Said,
    period: Period,
    slips: &Slips,
    withheld: &BTreeMap<(String, String, Period), String>,
    heard: &mut dyn FnMut(&str, &str),
) -> Vec<Cell> {
    // The last month of the period speaks for it.
    let Some(n) = (0..MONTHS).find(|n| month(*n).end() == period.end()) else { return Vec::new() };
    let mut found = Vec::new();
    for key in &said.order {
        let own = key.split_once('/').map_or(key.as_str(), |(m, _)| m);
        let at = (bare(about).to_owned(), key.clone(), period);
        if let Some(words) = said.words.get(key) {
            if let Some(text) = &words[n] {
                found.push(Cell { about: about.to_owned(), key: key.clone(), said: format!("\"{text}\"") });
            }
            continue;
        }
        let Some(value) = said.values.get(key).and_then(|list| list[n]) else { continue };
        let decimals = sort.kind.measure(own).map_or(0, |m| m.decimals) as usize;
        let grain = sort.kind.measure(own).map(|m| m.grain);
        if grain == Some(Grain::Quarter) && period.grain() != Grain::Quarter {
            continue;
        }
        let shown = format!("{value:.decimals$}");
        heard(key, &shown);
        let text = match (withheld.get(&at), slips.get(&at)) {
            (Some(because), _) => format!("withheld \"{because}\""),
            (None, Some((factor, ..))) => {
                let wrong = value * factor;
                if *factor < 0.01 { format!("{wrong:.2}") } else { format!("{wrong:.decimals$}") }
            }
            (None, None) => shown,
        };
        found.push(Cell { about: about.to_owned(), key: key.clone(), said: text });
    }
    found
}

fn slips() -> Result<Slips, Mistake> {
    let mut found = BTreeMap::new();
    for row in Table::open("slips.csv")?.rows() {
        let period = Period::parse(row.get("period")).map_err(|_| row.wrong("period"))?;
        let on = row.date("on")?.ok_or_else(|| row.wrong("on"))?;
        let key = (row.get("subject").to_owned(), row.get("measure").to_owned(), period);
        found.insert(key, (row.number("factor")?, on, row.get("because").to_owned()));
    }
    Ok(found)
}

fn withheld() -> Result<BTreeMap<(String, String, Period), String>, Mistake> {
    let mut found = BTreeMap::new();
    for row in Table::open("withheld.csv")?.rows() {
        let period = Period::parse(row.get("period")).map_err(|_| row.wrong("period"))?;
        let key = (row.get("subject").to_owned(), row.get("measure").to_owned(), period);
        found.insert(key, row.get("because").to_owned());
    }
    Ok(found)
}

/// A unit's answer to a round: proposed, confirmed, accepted; or what `answers.csv` says of it.
fn answer(
    plan: &mut Plan,
    unit: &str,
    period: Period,
    handle: &str,
    cells: &[Vec<Cell>],
    due: Date,
    closes: Date,
) -> Result<(), Mistake> {
    let table = Table::open("answers.csv")?;
    let odd = table
        .rows()
        .find(|r| r.get("unit") == unit && Period::parse(r.get("period")).ok() == Some(period) && due <= period.end());
    let how = odd.map_or("", |r| r.get("how"));
    if how == "silent" {
        return Ok(());
    }
    let chance = plan.chance;
    let early = (chance.share(&format!("{unit}/{handle}/early")) * 3.0) as i64;
    let usual = due.checked_sub(early.days()).unwrap_or(due);
    let minutes = (chance.share(&format!("{unit}/{handle}/minutes")) * 59.0) as i64;
    let mut lines = String::new();
    for cell in cells.iter().flatten() {
        lines.push_str(&format!("\n  {} {} {}", cell.about, cell.key, cell.said));
    }
    let because = odd.map_or("", |r| r.get("because"));
    let reason = if because.is_empty() { String::new() } else { format!(" because \"{because}\"") };
    let mut sent = usual;
    let send = |plan: &mut Plan, on: Date, reason: &str| {
        let reporter = format!("{unit}/reporter");
        plan.say(
            on,
            &format!("10:{minutes:02}"),
            &reporter,
            &format!("propose {period} round {handle}{reason}{lines}"),
        );
        plan.say(on, &format!("15:{minutes:02}"), &format!("{unit}/checker"), &format!("confirm {unit} {handle}"));
    };
    match (how, odd) {
        ("late", Some(row)) => {
            sent = row.date("on")?.ok_or_else(|| row.wrong("on"))?;
            send(plan, sent, if sent > closes { &reason } else { "" });
        }
        ("returned", Some(row)) => {
            send(plan, usual, "");
            let back = row.date("on")?.ok_or_else(|| row.wrong("on"))?;
            plan.say(back, "09:20", "zone/office", &format!("return {unit} {handle}{reason}"));
            sent = back.tomorrow().unwrap_or(back);
            send(plan, sent, " because 已核对，重新报送");
        }
        ("recalled", Some(row)) => {
            send(plan, usual, "");
            plan.say(usual, "16:30", &format!("{unit}/checker"), &format!("recall {unit} {handle}"));
            sent = row.date("on")?.ok_or_else(|| row.wrong("on"))?.max(usual.tomorrow().unwrap_or(usual));
            send(plan, sent, "");
        }
        _ => send(plan, usual, ""),
    }
    let accepted = due.checked_add(3.days()).unwrap_or(due).max(sent.tomorrow().unwrap_or(sent));
    if accepted <= DEMO_LAST_DAY {
        plan.say(accepted, &format!("14:{minutes:02}"), "zone/office", &format!("accept {unit} {handle}"));
    }
    Ok(())
}
