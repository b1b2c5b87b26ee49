//! Rule 6: no kind, field, stage, measure or clock of a blueprint is named in Rust. Code finds them by role.

use crate::{Breach, House};
use std::collections::BTreeMap;

/// Keys that are also words of the program itself, each with what it means there.
///
/// Only words that the kernel, the blueprint format or the units of quantities define; a new kind of a zone should
/// rather choose another key than add to this list.
const ALSO_OURS: &[(&str, &str)] = &[
    ("accepted", "state of a submission"),
    ("answered", "whether a unit has answered a round"),
    ("closed", "a round past its last day, a task closed out"),
    ("completed", "group of stages; state of a task"),
    ("deadline", "a task's deadline, as its form names it"),
    ("done", "what is reached beside a target; state of a job"),
    ("dwellings", "unit of a quantity (套)"),
    ("ended", "a session that is over"),
    ("growth", "closed form of a derived measure"),
    ("households", "unit of a quantity (户)"),
    ("lead", "duty of a unit in an item or task (牵头)"),
    ("measures", "group of columns to choose"),
    ("next", "role of a field (下一步); where a page goes on to"),
    ("note", "a finding of verify that is no fault; a remark on a page"),
    ("open", "a round that takes answers, a task that is not closed"),
    ("percent", "unit of a quantity (%)"),
    ("place", "role of a field (地点); unit of a quantity (位)"),
    ("problem", "role of a field; a problem raised on an item, as its path names it"),
    ("rank", "unit of a quantity (名)"),
    ("review", "table [[review]] of a blueprint file"),
    ("sort", "column by which a list is sorted, as its query names it"),
    ("source", "where a task comes from, as its form names it"),
    ("started", "group of stages"),
    ("total", "row of a whole in a table, column of a check"),
];

/// Where the demo zone's own data stand: they belong to a blueprint as much as its files do.
const DEMO: &str = "crates/baton-stories/src/";

/// Breaches in sources and templates.
pub fn breaches(house: &House) -> Vec<Breach> {
    let keys = keys(house);
    let mut found = Vec::new();
    let mut say = |path: &str, line: usize, key: &str, what: &str| {
        found.push(Breach::new(
            path,
            line,
            format!("“{key}”是蓝图中的{what}，程序里不得写它的名字；请按角色（role）查找"),
            format!("“{key}” is a {what} of a blueprint; code must not name it, look it up by its role"),
        ));
    };
    let named = |text: &str| keys.get(text).filter(|_| !ALSO_OURS.iter().any(|(word, _)| *word == text));
    for source in house.rooms(&[]).filter(|s| !s.path.starts_with(DEMO)) {
        for token in &source.tokens {
            if let Some(text) = token.text()
                && let Some(what) = named(text)
            {
                say(&source.path, token.line, text, what);
            }
        }
    }
    let page = |path: &str| path.ends_with(".html") || path.ends_with(".js") || path.ends_with(".typ");
    for (path, text) in house.texts().filter(|(path, _)| path.starts_with("crates/") && page(path)) {
        if path.contains("/tests/") {
            continue;
        }
        for (n, line) in text.lines().enumerate() {
            for quoted in line.split('"').skip(1).step_by(2) {
                // A class, an attribute or an address of a page may be a common word; a joined key never is.
                if let Some(what) = named(quoted).filter(|_| quoted.contains('_')) {
                    say(path, n + 1, quoted, what);
                }
            }
        }
    }
    found
}

/// Every key that the shipped blueprints declare, and what it is.
fn keys(house: &House) -> BTreeMap<String, &'static str> {
    let mut keys = BTreeMap::new();
    for (path, text) in house.texts().filter(|(p, _)| p.starts_with("blueprints/") && p.contains("/kinds/")) {
        let table: toml::Table = text.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
        let mut take = |value: Option<&toml::Value>, what: &'static str| {
            if let Some(key) = value.and_then(|v| v.get("key")).and_then(|k| k.as_str()) {
                keys.insert(key.to_owned(), what);
            }
        };
        take(table.get("kind"), "kind");
        for (list, what) in [("field", "field"), ("stage", "stage"), ("measure", "measure"), ("clock", "clock")] {
            for one in table.get(list).and_then(|v| v.as_array()).into_iter().flatten() {
                take(Some(one), what);
            }
        }
    }
    keys
}
