//! Rule 7: iteration order never depends on a hash map.

use crate::{Breach, House};

/// Rooms whose results must be the same in every run.
const ROOMS: &[&str] = &[
    "baton-methods",
    "baton-text",
    "baton-kernel",
    "baton-drawings",
    "baton-documents",
    "baton-sheets",
    "baton-stories",
];

/// Files that may hold one, with the reason: it is only asked by key, never walked.
const ASKED_ONLY: &[(&str, &str)] =
    &[("crates/baton-kernel/src/decide/submissions.rs", "which cells a report holds, asked once for each of millions")];

/// Breaches: a hashed map or set in such a room.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in house.rooms(ROOMS) {
        if ASKED_ONLY.iter().any(|(path, _)| *path == source.path) {
            continue;
        }
        for name in ["HashMap", "HashSet", "FxHashMap", "FxHashSet", "AHashMap", "IndexMap", "DefaultHasher"] {
            for at in source.places(name) {
                found.push(Breach::new(
                    &source.path,
                    source.tokens[at].line,
                    format!("{name} 的次序不固定，请用 BTreeMap、Vec 或 imbl::OrdMap"),
                    format!("{name} has no fixed order; use BTreeMap, Vec or imbl::OrdMap"),
                ));
            }
        }
    }
    found
}
