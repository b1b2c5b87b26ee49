//! The shelf: blueprints and demo data that the program carries with it.

use std::collections::BTreeMap;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The files of a blueprint on the shelf, path → text; `None` when there is none of that name.
///
/// On the shelf: `development-zone` (the default) and `yunling` (the same under the demo zone's own names).
pub fn blueprint(name: &str) -> Option<BTreeMap<String, String>> {
    let mut files: BTreeMap<String, String> = match name {
        "development-zone" | "yunling" => {
            embedded::DEVELOPMENT_ZONE.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
        }
        _ => return None,
    };
    if name == "yunling"
        && let Some(own) = demo_file("settings.toml")
    {
        files.insert("settings.toml".to_owned(), own.to_owned());
    }
    Some(files)
}

/// The names of the blueprints on the shelf.
pub fn blueprints() -> [&'static str; 2] {
    ["development-zone", "yunling"]
}

/// A file of the demo zone's data by its path below `stories/demo`.
pub(crate) fn demo_file(path: &str) -> Option<&'static str> {
    embedded::DEMO.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}
