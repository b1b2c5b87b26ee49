//! Where things lie: the shared material, the default lexicon.

use baton_methods::calendar::WorkCalendar;
use baton_text::{Calendar, Lexicon};
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The shared folder, by `BATON_SHARED` or beside the workspace; when absent a visible line is printed.
pub fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("BATON_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    if root.join("data/seed/seed_clean.txt").is_file() {
        return Some(root);
    }
    println!("skipped: ../shared is not here");
    None
}

/// A file as text.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder with an extension, sorted by name.
pub fn files(folder: impl AsRef<Path>, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.as_ref())
        .unwrap_or_else(|error| panic!("{}: {error}", folder.as_ref().display()))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|known| known == extension))
        .collect();
    files.sort();
    files
}

/// The stem of a file's name.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folder of the default lexicon.
pub fn lexicon_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../blueprints/development-zone/lexicon")
}

/// The default lexicon, compiled once for all tests.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let files: Vec<(String, String)> =
        files(lexicon_folder(), "toml").into_iter().map(|path| (stem(&path), read(&path))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Lexicon::parse(&files)
        .unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
});

/// Working days and holidays of the calendar that comes with the product.
pub struct Days;

impl Calendar for Days {
    fn after_working_days(&self, from: Date, count: u32) -> Option<Date> {
        WorkCalendar::china().add_working_days(from, count).ok()
    }

    fn holiday(&self, name: &str, year: i16) -> Option<(Date, Date)> {
        WorkCalendar::china().holiday(name, year)
    }
}
