//! Rule 10, second half: crate edges are those of the architecture, arrows one way.

use crate::{Breach, House};

/// Each crate and what it may use of ours: section 3 of the architecture.
const MAY_USE: &[(&str, &[&str])] = &[
    ("baton-methods", &[]),
    ("baton-text", &["baton-methods"]),
    ("baton-kernel", &["baton-methods", "baton-text"]),
    ("baton-store", &["baton-kernel"]),
    ("baton-drawings", &["baton-kernel"]),
    ("baton-sheets", &["baton-kernel"]),
    ("baton-documents", &["baton-kernel", "baton-drawings"]),
    ("baton-stories", &["baton-kernel"]),
    ("baton-web", &["baton-kernel", "baton-drawings", "baton-sheets", "baton-store"]),
    (
        "baton",
        &[
            "baton-kernel",
            "baton-methods",
            "baton-text",
            "baton-store",
            "baton-drawings",
            "baton-sheets",
            "baton-documents",
            "baton-stories",
            "baton-web",
        ],
    ),
];

/// Edges beyond the table, each with its reason.
const BEYOND: &[(&str, &str, &str)] = &[
    ("baton-sheets", "baton-methods", "Lang, Period and quantities stand in the kernel's public signatures"),
    ("baton-stories", "baton-methods", "Lang, Period and quantities stand in the kernel's public signatures"),
    ("baton-web", "baton-methods", "Lang, Period and dates stand in the kernel's public signatures"),
];

/// Breaches: a manifest that names a crate of ours which its room may not use.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for (path, text) in house.texts() {
        let Some(room) = path.strip_prefix("crates/").and_then(|p| p.strip_suffix("/Cargo.toml")) else { continue };
        let Some((_, may)) = MAY_USE.iter().find(|(name, _)| *name == room) else {
            found.push(Breach::new(
                path,
                0,
                "这个房间不在架构图中，请先写明它是什么、可以用谁",
                "this room is not in the architecture; say what it is and what it may use",
            ));
            continue;
        };
        let manifest: toml::Table = text.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
        for table in ["dependencies", "build-dependencies"] {
            for name in manifest.get(table).and_then(|d| d.as_table()).into_iter().flat_map(|d| d.keys()) {
                let ours = name.starts_with("baton") || name == "xtask";
                let beyond = BEYOND.iter().any(|(from, to, _)| *from == room && to == name);
                if ours && !may.contains(&name.as_str()) && !beyond {
                    found.push(Breach::new(
                        path,
                        line_of(text, name),
                        format!("{room} 不得使用 {name}"),
                        format!("{room} may not use {name}"),
                    ));
                }
            }
        }
    }
    found
}

/// The line on which a manifest names a dependency; 0 when it cannot be told.
pub(crate) fn line_of(text: &str, name: &str) -> usize {
    let begins = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    text.lines().position(begins).map_or(0, |n| n + 1)
}
