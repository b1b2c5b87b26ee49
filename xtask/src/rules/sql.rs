//! Rule 3: SQL only in `baton-store`; nothing above the journal knows which database runs.

use crate::house::room_of;
use crate::{Breach, House};

/// Beginnings of a statement, and what must also stand in it.
const STATEMENTS: &[(&str, &str)] = &[
    ("select ", " from "),
    ("select ", "count("),
    ("insert into ", ""),
    ("insert or ", " into "),
    ("update ", " set "),
    ("delete from ", ""),
    ("create table ", ""),
    ("create index ", ""),
    ("create trigger ", ""),
    ("create unique ", ""),
    ("alter table ", ""),
    ("drop table ", ""),
    ("pragma ", ""),
    ("begin immediate", ""),
    ("vacuum into", ""),
    ("attach database", ""),
];

/// Breaches in everything but the store.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in house.rooms(&[]).filter(|s| room_of(&s.path) != Some("baton-store")) {
        for token in &source.tokens {
            if let Some(text) = token.text().map(flat)
                && STATEMENTS.iter().any(|(begin, holds)| text.starts_with(begin) && text.contains(holds))
            {
                found.push(Breach::new(
                    &source.path,
                    token.line,
                    "SQL 只写在 baton-store",
                    "SQL belongs in baton-store alone",
                ));
            }
            let named = token.word().or(token.text()).unwrap_or_default().to_lowercase();
            for database in ["sqlite", "postgres", "sqlx"] {
                if named.contains(database) {
                    found.push(Breach::new(
                        &source.path,
                        token.line,
                        format!("Journal 之上不应知道用的是哪种数据库（{database}）"),
                        format!("nothing above the journal knows which database runs ({database})"),
                    ));
                }
            }
        }
    }
    for (path, text) in house.texts().filter(|(path, _)| path.ends_with("/Cargo.toml")) {
        if path == "crates/baton-store/Cargo.toml" {
            continue;
        }
        for (n, line) in text.lines().enumerate() {
            if ["sqlx", "libsqlite3-sys", "rusqlite", "tokio-postgres"].iter().any(|it| line.starts_with(it)) {
                found.push(Breach::new(
                    path,
                    n + 1,
                    "数据库依赖只在 baton-store",
                    "a database is a dependency of baton-store alone",
                ));
            }
        }
    }
    found
}

/// A text in lower case with single blanks, comments of SQL left out.
pub(crate) fn flat(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default());
    lines.flat_map(str::split_whitespace).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Every text literal of the shipped sources: path, line, text.
pub(crate) fn strings(house: &House) -> Vec<(String, usize, String)> {
    let mut all = Vec::new();
    for source in house.rooms(&[]) {
        for token in &source.tokens {
            if let Some(text) = token.text() {
                all.push((source.path.clone(), token.line, text.to_owned()));
            }
        }
    }
    all
}
