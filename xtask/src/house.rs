//! The house: the files of the repository as the rules read them.

use crate::source::Source;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Folders that are made, not written: what `.gitignore` names.
const MADE: &[&str] = &["target", "node_modules", ".git", "demo", "out", "bench/out"];

/// The files of a repository by their path from its root.
#[derive(Default)]
pub struct House {
    root: PathBuf,
    files: BTreeMap<String, Vec<u8>>,
}

impl House {
    /// The repository this crate stands in.
    ///
    /// Panics when it cannot be read.
    pub fn here() -> House {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the repository");
        let mut house = House { root: root.to_owned(), files: BTreeMap::new() };
        house.walk(root);
        house
    }

    /// A house of a few files, for showing that a rule can fail.
    pub fn of(files: &[(&str, &str)]) -> House {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        House { root: PathBuf::new(), files }
    }

    fn walk(&mut self, folder: &Path) {
        let read = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for entry in read.flatten() {
            let path = entry.path();
            let name = path.strip_prefix(&self.root).expect("below the root").to_string_lossy().into_owned();
            if MADE.contains(&name.as_str()) || name.ends_with("/__pycache__") || name.ends_with("/node_modules") {
                continue;
            }
            if path.is_dir() {
                self.walk(&path);
            } else if !name.ends_with(".pending-snap") {
                // A file that somebody removes or renames meanwhile is not part of the house any more.
                if let Ok(bytes) = std::fs::read(&path) {
                    self.files.insert(name, bytes);
                }
            }
        }
    }

    /// Root on the disk; empty for a made-up house.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All files: path and bytes, in order of path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// All files that are text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)))
    }

    /// One file as text.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Whether a file or folder stands at the path.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|known| known.starts_with(&folder))
    }

    /// The Rust sources whose path satisfies `wanted`, read into tokens; tests inside them are left out.
    ///
    /// Panics, naming the file, when one cannot be read as Rust.
    pub fn sources<'a>(&'a self, wanted: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = Source> + 'a {
        let rust = |path: &str| path.ends_with(".rs") && !path.ends_with("/tests.rs");
        self.texts().filter(move |(path, _)| rust(path) && wanted(path)).map(|(path, text)| Source::read(path, text))
    }

    /// The shipped sources (`src`) of the named rooms; all rooms when none is named.
    pub fn rooms<'a>(&'a self, rooms: &'a [&'a str]) -> impl Iterator<Item = Source> + 'a {
        self.sources(move |path| room_of(path).is_some_and(|room| rooms.is_empty() || rooms.contains(&room)))
    }
}

/// The room whose shipped source a path is: `baton-kernel` for `crates/baton-kernel/src/seen.rs`.
pub(crate) fn room_of(path: &str) -> Option<&str> {
    let (room, rest) = path.strip_prefix("crates/")?.split_once('/')?;
    rest.starts_with("src/").then_some(room)
}
