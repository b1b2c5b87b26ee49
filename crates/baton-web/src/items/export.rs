//! The list as a file: exactly the rows, columns and numbers that the page shows, as XLSX, CSV or JSON.

use super::list::{Wanted, asked_for};
use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::marks;
use crate::visit::Visit;
use baton_kernel::views::items::{ItemList, ListCell, ListColumn};
use baton_kernel::views::number::Number;
use baton_kernel::views::review::beside;
use baton_methods::Lang;
use baton_sheets::layout::looks_like_formula;
use baton_sheets::{HeadCell, RowKind, SheetCell, SheetColumn, SheetRow, SheetTable};
use baton_store::Noted;
use std::sync::Arc;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A list made ready for any format.
struct Out<'a> {
    list: &'a ItemList,
    lang: Lang,
    title: String,
    head: Vec<String>,
    /// What the list is: period, knowledge, conditions.
    about: Vec<String>,
    /// What is missing or held back, under each total.
    beside: Vec<String>,
    total_word: &'static str,
}

/// `GET /items/export/{format}`: the list of the same query as `xlsx`, `csv` or `json`.
pub(crate) async fn export(v: Arc<Visit>) -> Answer {
    let (wanted, list) = asked_for(&v)?;
    let out = ready(&v, &wanted, &list);
    let name = format!("{} {} {}", out.title, list.period, v.seen.day());
    let format = v.segment("format");
    let (media, bytes) = match format {
        "xlsx" => (XLSX, baton_sheets::table(&out.sheet())?),
        "csv" => ("text/csv; charset=utf-8", out.csv().into_bytes()),
        "json" => ("application/json", out.json(&v).into_bytes()),
        _ => return Err(Fault::absent()),
    };
    let about = format!("items/{} {format}, {} rows", list.kind, list.rows.len());
    let person = Some(v.session.person);
    let noted = Noted {
        act: "export",
        result: "done",
        person,
        address: Some(&v.address),
        about: Some(&about),
        ..Noted::default()
    };
    v.app.store().note(&noted).await?;
    Ok(answers::file(&format!("{name}.{format}"), media, bytes))
}

fn ready<'a>(v: &Visit, wanted: &Wanted, list: &'a ItemList) -> Out<'a> {
    let lang = v.taste.lang;
    let filter = &wanted.filter;
    let mut conditions: Vec<String> = Vec::new();
    let named = |list: &[(String, String)], key: &str| {
        list.iter().find(|(k, _)| k == key).map_or_else(|| key.to_owned(), |(_, name)| name.clone())
    };
    if let Some(code) = &filter.unit {
        conditions.push(list.units.iter().find(|u| u.code == *code).map_or(code.clone(), |u| u.name.clone()));
    }
    if let Some(stage) = &filter.stage {
        conditions.push(named(&list.stages, stage));
    }
    if let Some(light) = &filter.light {
        conditions.push(v.say(&format!("page.light.{light}"), &[]));
    }
    for choice in list.choices.iter().filter(|c| !c.wanted.is_empty()) {
        conditions.push(format!("{} {}", choice.label, named(&choice.choices, &choice.wanted)));
    }
    if !filter.text.is_empty() {
        conditions.push(lang.pick(format!("含“{}”", filter.text), format!("with “{}”", filter.text)));
    }
    let join = lang.pick("，", ", ");
    let mut about = vec![v.say(
        "page.items.export.about",
        &[("period", &list.period.to_date_label(lang)), ("day", &v.seen.day()), ("count", &list.rows.len())],
    )];
    if !conditions.is_empty() {
        about.push(v.say("page.items.export.only", &[("conditions", &conditions.join(join))]));
    }
    if list.hollow() > 0 {
        about.push(v.say("page.items.export.hollow", &[("count", &list.hollow())]));
    }
    Out {
        list,
        lang,
        title: list.label.clone(),
        head: list.columns.iter().map(title).collect(),
        about,
        beside: list.totals.iter().map(|t| t.as_ref().map_or(String::new(), |n| beside(n, lang))).collect(),
        total_word: lang.pick("合计", "Total"),
    }
}

/// The title of a column with its unit.
fn title(column: &ListColumn) -> String {
    if column.unit.is_empty() || column.title.contains('（') {
        column.title.clone()
    } else {
        format!("{}（{}）", column.title, column.unit)
    }
}

/// A cell in words, as the page says it; numbers without grouping.
fn words(cell: &ListCell, lang: Lang) -> String {
    match &cell.number {
        Some(number) => said(number, lang),
        None => cell.plain.clone(),
    }
}

fn said(number: &Number, lang: Lang) -> String {
    if number.value.is_some() { number.shown_plain() } else { marks::plain(number, lang) }
}

fn sheet_number(number: &Number, lang: Lang) -> SheetCell {
    match number.rounded() {
        Some(value) => SheetCell::NumberAt(value, number.decimals),
        None => SheetCell::Text(marks::plain(number, lang)),
    }
}

impl Out<'_> {
    fn has_totals(&self) -> bool {
        self.list.totals.iter().any(Option::is_some) && self.list.rows.len() > 1
    }

    fn sheet(&self) -> SheetTable {
        let mut rows: Vec<SheetRow> = Vec::new();
        for row in &self.list.rows {
            let cells = row.cells.iter().map(|cell| match &cell.number {
                Some(number) => sheet_number(number, self.lang),
                None => match cell.plain.parse::<jiff::civil::Date>() {
                    // Digits that happen to read as a day stay words.
                    Ok(date) if date.to_string() == cell.plain => SheetCell::Date(date),
                    _ => SheetCell::Text(cell.plain.clone()),
                },
            });
            rows.push(SheetRow { kind: RowKind::Plain, cells: cells.collect() });
        }
        if self.has_totals() {
            let totals = self.list.totals.iter().map(|t| match t {
                Some(number) => sheet_number(number, self.lang),
                None => SheetCell::Empty,
            });
            let mut cells: Vec<SheetCell> = totals.collect();
            cells[0] = SheetCell::Text(self.total_word.to_owned());
            rows.push(SheetRow { kind: RowKind::Total, cells });
            if self.beside.iter().any(|b| !b.is_empty()) {
                let cells = self.beside.iter().map(|b| SheetCell::Text(b.clone())).collect();
                rows.push(SheetRow { kind: RowKind::Total, cells });
            }
        }
        let decimals = |n: usize| {
            let cells = self.list.rows.iter().filter_map(|r| r.cells[n].number.as_ref());
            cells.map(|n| n.decimals).next().unwrap_or(0)
        };
        SheetTable {
            title: self.title.clone(),
            unit_line: Some(self.about[0].clone()),
            head: vec![self.head.iter().map(HeadCell::new).collect()],
            columns: self
                .list
                .columns
                .iter()
                .enumerate()
                .map(|(n, c)| SheetColumn { numeric: c.numeric, decimals: decimals(n), width: None })
                .collect(),
            rows,
            notes: self.about[1..].to_vec(),
            frozen_columns: 2,
            filter: true,
            ..SheetTable::default()
        }
    }

    /// With a byte order mark, so that office programs read it as UTF-8; words that look like a formula are held
    /// by an apostrophe.
    fn csv(&self) -> String {
        let mut out = String::from('\u{feff}');
        let mut line = |cells: Vec<(String, bool)>| {
            let cells = cells.into_iter().map(|(text, number)| {
                let text = if !number && looks_like_formula(&text) { format!("'{text}") } else { text };
                if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
            });
            out.push_str(&cells.collect::<Vec<_>>().join(","));
            out.push_str("\r\n");
        };
        line(self.head.iter().map(|h| (h.clone(), false)).collect());
        for row in &self.list.rows {
            let valued = |c: &ListCell| c.number.as_ref().is_some_and(|n| n.value.is_some());
            line(row.cells.iter().map(|c| (words(c, self.lang), valued(c))).collect());
        }
        if self.has_totals() {
            let total = |t: &Option<Number>| match t {
                Some(number) => (said(number, self.lang), number.value.is_some()),
                None => (String::new(), false),
            };
            let mut cells: Vec<(String, bool)> = self.list.totals.iter().map(total).collect();
            cells[0] = (self.total_word.to_owned(), false);
            line(cells);
            if self.beside.iter().any(|b| !b.is_empty()) {
                line(self.beside.iter().map(|b| (b.clone(), false)).collect());
            }
        }
        out
    }

    fn json(&self, v: &Visit) -> String {
        let number = |n: &Number| {
            serde_json::json!({
                "value": n.rounded().map(|d| d.to_string()),
                "unit": n.unit.key(),
                "missing": n.missing,
                "withheld": n.withheld,
                "not_accepted": n.hollow,
                "reason": n.reason,
            })
        };
        let cell = |column: &ListColumn, cell: &ListCell| {
            let value = match (&cell.number, &cell.light) {
                (Some(n), _) => number(n),
                (None, Some(light)) => {
                    serde_json::json!({ "light": light.key, "word": cell.plain, "reason": light.reason })
                }
                (None, None) => serde_json::Value::String(cell.plain.clone()),
            };
            (column.key.clone(), value)
        };
        let rows: Vec<serde_json::Value> = self
            .list
            .rows
            .iter()
            .map(|row| {
                let cells: serde_json::Map<_, _> =
                    self.list.columns.iter().zip(&row.cells).map(|(c, x)| cell(c, x)).collect();
                serde_json::json!({ "id": row.id.to_string(), "code": row.code, "lead": row.lead.code, "cells": cells })
            })
            .collect();
        let totals = self
            .list
            .columns
            .iter()
            .zip(&self.list.totals)
            .filter_map(|(c, t)| Some((c.key.clone(), number(t.as_ref()?))));
        let totals: serde_json::Map<_, _> = if self.has_totals() { totals.collect() } else { Default::default() };
        serde_json::json!({
            "kind": self.list.kind,
            "title": self.title,
            "period": self.list.period.to_string(),
            "known": v.seen.day().to_string(),
            "cut": v.seen.cut(),
            "about": self.about,
            "columns": self.list.columns,
            "rows": rows,
            "totals": totals,
        })
        .to_string()
    }
}
