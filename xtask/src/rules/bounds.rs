//! Rule 8: every bounded thing has its bound by name in one place, the `limits.rs` of its room.

use crate::house::room_of;
use crate::{Breach, House};

/// Rooms that take something from outside.
const ROOMS: &[&str] = &["baton-kernel", "baton-store", "baton-sheets", "baton-web"];

/// What a bound on something from outside counts, as its name ends.
const COUNTED: &[&str] = &["BYTES", "ROWS", "CELLS", "FILES", "ENTRIES", "ITEMS", "PEOPLE", "TRIES", "SECONDS"];

/// Breaches: a room without `limits.rs`, or a bound elsewhere.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for room in ROOMS {
        let manifest = format!("crates/{room}/Cargo.toml");
        let limits = format!("crates/{room}/src/limits.rs");
        if house.has(&manifest) && !house.has(&limits) {
            found.push(Breach::new(&limits, 0, "缺少 limits.rs", "limits.rs is missing"));
        }
    }
    for source in house.rooms(&[]).filter(|s| !s.path.ends_with("/limits.rs")) {
        let has_limits = room_of(&source.path).is_some_and(|room| ROOMS.contains(&room) || room == "baton");
        for at in source.places("const") {
            let Some(name) = source.tokens.get(at + 1).and_then(|t| t.word()) else { continue };
            let Some(counted) = name.strip_suffix("_MAX").or(name.strip_suffix("_LIMIT")) else { continue };
            let public = at.checked_sub(1).is_some_and(|n| source.tokens[n].word() == Some("pub"));
            let bound = COUNTED.iter().any(|it| counted.ends_with(it));
            if has_limits && (public || bound) {
                found.push(Breach::new(
                    &source.path,
                    source.tokens[at].line,
                    format!("上限 {name} 应写在 limits.rs"),
                    format!("the bound {name} belongs in limits.rs"),
                ));
            }
        }
    }
    found
}
