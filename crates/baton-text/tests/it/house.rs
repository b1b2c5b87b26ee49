//! Where the shared material lies.

use std::path::PathBuf;

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

/// A file of the shared folder, as text.
pub fn read(path: PathBuf) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
