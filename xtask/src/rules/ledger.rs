//! Rule 2: only `decide` makes an `Entry`, only the journal and its pen append, nothing updates or deletes one.

use super::sql::{flat, strings};
use crate::house::room_of;
use crate::{Breach, House};

/// Where entries may be built: their own file, and decide.
const MAKERS: &[&str] = &["crates/baton-kernel/src/entries.rs", "crates/baton-kernel/src/decide/"];

/// Modules that have a type of their own under the same name.
const OTHER: &[(&str, &str, &str)] =
    &[("crates/baton-sheets/src/compound.rs", "Entry", "a directory entry of the .xls container")];

/// The one file that writes the table of entries.
const WRITER: &str = "crates/baton-store/src/ledger.rs";

/// Breaches in the shipped sources.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in house.rooms(&[]) {
        let maker = MAKERS.iter().any(|it| source.path.starts_with(it));
        for name in ["Entry", "Sealed", "Batch"] {
            if maker || OTHER.iter().any(|(path, it, _)| *path == source.path && *it == name) {
                continue;
            }
            for at in source.places(&format!("{name} {{")) {
                // Taken apart, not made: `Entry { seq, .. }`.
                let inside = &source.tokens[at + 1..source.after_group(at + 1)];
                let apart = inside.len() >= 3 && inside[inside.len() - 2].is('.') && inside[inside.len() - 3].is('.');
                if !apart && !declared(&source, at) {
                    found.push(Breach::new(
                        &source.path,
                        source.tokens[at].line,
                        format!("只有 decide 可以产生 {name}"),
                        format!("only decide makes a {name}"),
                    ));
                }
            }
        }
        for call in ["Sealed::of(", "Batch::seal("] {
            for at in source.places(call).filter(|_| !maker) {
                found.push(Breach::new(
                    &source.path,
                    source.tokens[at].line,
                    format!("只有 decide 可以封存条目（{call}…)）"),
                    format!("only decide seals entries ({call}…))"),
                ));
            }
        }
        if source.path == MAKERS[0] {
            for at in source.places("pub fn seal(") {
                found.push(Breach::new(
                    &source.path,
                    source.tokens[at].line,
                    "Batch::seal 只对内核公开（pub(crate)）",
                    "Batch::seal is for the kernel alone (pub(crate))",
                ));
            }
        }
        if room_of(&source.path) == Some("baton-store") {
            for at in source.places("pub fn append(").chain(source.places("pub async fn append(")) {
                found.push(Breach::new(
                    &source.path,
                    source.tokens[at].line,
                    "追加条目只在 Journal 之内，append 不得公开",
                    "append belongs to Journal alone and is not public",
                ));
            }
        }
    }
    for (path, line, text) in strings(house) {
        let sql = flat(&text);
        let change =
            ["update entry ", "delete from entry", "replace into entry", "drop table entry", "alter table entry"];
        for word in change.iter().filter(|word| sql.contains(*word)) {
            found.push(Breach::new(
                &path,
                line,
                format!("台账条目不得修改或删除（{word}）"),
                format!("entries are never changed or deleted ({word})"),
            ));
        }
        if sql.contains("into entry ") && path != WRITER {
            found.push(Breach::new(
                &path,
                line,
                format!("条目只由 {WRITER} 写入"),
                format!("entries are written by {WRITER} alone"),
            ));
        }
    }
    let schema = "crates/baton-store/src/schema.rs";
    if let Some(text) = house.text(schema) {
        for guard in ["BEFORE UPDATE ON entry", "BEFORE DELETE ON entry"] {
            if !text.contains(guard) {
                found.push(Breach::new(
                    schema,
                    0,
                    format!("数据库应自带触发器 {guard}"),
                    format!("the database itself must guard: {guard}"),
                ));
            }
        }
    }
    found
}

/// Whether the name at `at` is being declared or implemented, not built.
fn declared(source: &crate::Source, at: usize) -> bool {
    let before = at.checked_sub(1).map(|n| &source.tokens[n]);
    before.is_some_and(|t| {
        t.is('>') || matches!(t.word(), Some("struct" | "enum" | "union" | "impl" | "for" | "trait" | "mod"))
    })
}
