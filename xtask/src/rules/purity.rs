//! Rule 1: nothing in methods, text or kernel does IO, awaits, reads clock, environment or randomness.

use crate::{Breach, House, What};

/// The pure rooms.
pub const ROOMS: &[&str] = &["baton-methods", "baton-text", "baton-kernel"];

/// Modules of `std` that reach out of the process.
const OUTSIDE: &[&str] = &["fs", "env", "net", "process", "thread", "io", "os"];

/// What is never written there, and why.
const NEVER: &[(&str, &str, &str)] = &[
    ("async", "异步", "waits"),
    (".await", "等待", "waits"),
    ("tokio", "异步运行时", "an async runtime"),
    ("SystemTime", "读时钟", "reads the clock"),
    ("Instant", "读时钟", "reads the clock"),
    ("Timestamp::now", "读时钟", "reads the clock"),
    ("Zoned::now", "读时钟", "reads the clock"),
    ("TimeZone::system", "读环境", "reads the environment"),
    (
        "TimeZone::get",
        "读系统时区文件，请用 TimeZoneDatabase::bundled()",
        "reads the machine's zone files; use TimeZoneDatabase::bundled()",
    ),
    ("getrandom", "随机", "randomness"),
    ("fastrand", "随机", "randomness"),
    ("thread_rng", "随机", "randomness"),
    ("rand::", "随机", "randomness"),
    ("RandomState", "随机", "randomness"),
    ("println!", "写输出", "writes to the terminal"),
    ("eprintln!", "写输出", "writes to the terminal"),
    ("print!", "写输出", "writes to the terminal"),
    ("eprint!", "写输出", "writes to the terminal"),
    ("dbg!", "写输出", "writes to the terminal"),
    ("sqlx", "数据库", "a database"),
];

/// Crates that the pure rooms do not depend on.
const CRATES: &[&str] = &[
    "tokio",
    "sqlx",
    "axum",
    "hyper",
    "reqwest",
    "getrandom",
    "rand",
    "fastrand",
    "uuid",
    "rustix",
    "libc",
    "tempfile",
    "async-trait",
    "futures",
    "tracing",
];

/// Breaches in sources and manifests of the pure rooms.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in house.rooms(ROOMS) {
        let mut say = |at: usize, what: &str, zh: &str, en: &str| {
            let zh = format!("纯净的房间里不得有 {what}（{zh}），请由外层传入");
            let en = format!("{what} in a pure room ({en}); hand it in from the edge");
            found.push(Breach::new(&source.path, source.tokens[at].line, zh, en));
        };
        for (what, zh, en) in NEVER {
            for at in source.places(what) {
                say(at, what, zh, en);
            }
        }
        for at in source.places("std::") {
            let named: Vec<usize> = match source.tokens.get(at + 3).map(|t| &t.what) {
                Some(What::Word(_)) => vec![at + 3],
                Some(What::Sign('{')) => source.arguments(at + 3).into_iter().map(|r| r.start).collect(),
                _ => Vec::new(),
            };
            for place in named {
                if let Some(module) = source.tokens[place].word().filter(|m| OUTSIDE.contains(m)) {
                    say(place, &format!("std::{module}"), "对外读写", "reaches outside");
                }
            }
        }
    }
    for room in ROOMS {
        let path = format!("crates/{room}/Cargo.toml");
        let Some(manifest) = house.text(&path).and_then(|text| text.parse::<toml::Table>().ok()) else { continue };
        for (name, _) in manifest.get("dependencies").and_then(|d| d.as_table()).into_iter().flatten() {
            if CRATES.contains(&name.as_str()) {
                let line = super::edges::line_of(house.text(&path).unwrap_or_default(), name);
                found.push(Breach::new(
                    &path,
                    line,
                    format!("纯净的房间不得依赖 {name}"),
                    format!("a pure room must not depend on {name}"),
                ));
            }
        }
    }
    found
}
