//! Embeds the default blueprint and the demo zone's data, so that the binary needs no files beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../..");
    let mut out = String::new();
    for (name, folder) in [("DEVELOPMENT_ZONE", "blueprints/development-zone"), ("DEMO", "stories/demo")] {
        let top = root.join(folder);
        println!("cargo::rerun-if-changed={}", top.display());
        let mut files = Vec::new();
        collect(&top, &top, &mut files);
        files.sort();
        let _ = writeln!(out, "/// Files of `{folder}`, path and text, in order of path.");
        let _ = writeln!(out, "pub(crate) const {name}: &[(&str, &str)] = &[");
        for (path, file) in files {
            let file = file.canonicalize().expect("a file just listed");
            let _ = writeln!(out, "    ({path:?}, include_str!({:?})),", file.display().to_string());
        }
        let _ = writeln!(out, "];");
    }
    let to = PathBuf::from(std::env::var("OUT_DIR").expect("set by cargo")).join("embedded.rs");
    std::fs::write(to, out).expect("the build folder can be written");
}

fn collect(top: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(list) = std::fs::read_dir(folder) else { return };
    for entry in list.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(top, &path, files);
            continue;
        }
        let kept = path.extension().is_some_and(|e| e == "toml" || e == "csv" || e == "story" || e == "txt");
        if kept && let Ok(below) = path.strip_prefix(top) {
            files.push((below.display().to_string().replace('\\', "/"), path.clone()));
        }
    }
}
