//! Rule 10, first half: what ARCHITECTURE.md names exists, every module says in its first line what it is
//! for, each crate has one integration binary; and nothing of third parties lies in the repository.

use crate::house::room_of;
use crate::{Breach, House};

/// Bytes of a file above which it must have a reason to be here.
const FILE_BYTES_MAX: usize = 200 * 1024;

/// Larger files and why they are ours.
const LARGER: &[(&str, &str)] =
    &[("Cargo.lock", "written by cargo"), ("docs/", "pictures of our own pages, taken by our own tests")];

/// Characters of a line of a script or style above which it was not written by a person.
const LINE_CHARS_MAX: usize = 2_000;

/// Breaches in ARCHITECTURE.md, module headings and test binaries.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    // Checked as soon as it is written.
    if let Some(text) = house.text("ARCHITECTURE.md") {
        for (n, line) in text.lines().enumerate() {
            for path in line.split('`').skip(1).step_by(2).filter_map(named_path) {
                if !house.has(path) {
                    found.push(Breach::new(
                        "ARCHITECTURE.md",
                        n + 1,
                        format!("没有 {path}"),
                        format!("{path} does not exist"),
                    ));
                }
            }
        }
        let words = text.split_whitespace().count();
        if words > 2_500 {
            found.push(Breach::new(
                "ARCHITECTURE.md",
                0,
                format!("共 {words} 词，应不超过 2500"),
                format!("{words} words, at most 2,500"),
            ));
        }
    }
    for (path, text) in house.texts().filter(|(path, _)| path.ends_with(".rs")) {
        let module = room_of(path).is_some()
            || path.contains("/tests/")
            || path.starts_with("xtask/")
            || path.starts_with("bench/");
        if module && !text.trim_start().starts_with("//!") {
            found.push(Breach::new(
                path,
                1,
                "第一行应写明这个模块是做什么的（//!）",
                "the first line says what the module is for (//!)",
            ));
        }
    }
    let mut binaries: Vec<(&str, &str)> = Vec::new();
    for (path, _) in house.files() {
        let Some((room, file)) = path.strip_prefix("crates/").and_then(|p| p.split_once("/tests/")) else { continue };
        if file.ends_with(".rs") && !file.contains('/') {
            binaries.push((room, path));
        }
    }
    for pair in binaries.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        found.push(Breach::new(
            pair[1].1,
            0,
            "每个 crate 只有一个集成测试程序（tests/it.rs）",
            "one integration binary per crate (tests/it.rs)",
        ));
    }
    let unwanted =
        ["utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"];
    for (path, _) in house.files().filter(|(path, _)| room_of(path).is_some()) {
        let parts = path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
        if let Some(name) = parts.into_iter().find(|part| unwanted.contains(part)) {
            found.push(Breach::new(
                path,
                0,
                format!("文件应以事物命名，不要 {name}"),
                format!("files are nouns, not “{name}”"),
            ));
        }
    }
    found
}

/// A path of the repository in code quotes: `crates/baton-kernel/src/seen.rs`, `stories/`, `bin/demo`.
fn named_path(quoted: &str) -> Option<&str> {
    let path = quoted.split(':').next().unwrap_or(quoted).trim_start_matches("./");
    let known =
        ["crates/", "blueprints/", "stories", "bin/", "bench", "docs/", "xtask", "messages/", ".ci/", ".config/"];
    let plain = !path.contains(['*', '{', '<', ' ', '…', '(', '=']) && !path.is_empty();
    let looks = known.iter().any(|it| path.starts_with(it)) || (!path.contains('/') && path.ends_with(".md"));
    (plain && looks).then_some(path)
}

/// Breaches: large files, fonts, minified scripts, foreign archives.
pub fn foreign(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for (path, bytes) in house.files() {
        let mut say = |zh: String, en: String| found.push(Breach::new(path, 0, zh, en));
        if bytes.len() > FILE_BYTES_MAX && !LARGER.iter().any(|(place, _)| path.starts_with(place)) {
            let kib = bytes.len() / 1024;
            say(format!("文件 {kib} KB，超过 200 KB"), format!("{kib} KB, more than 200 KB"));
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        if ["woff", "woff2", "ttf", "otf", "ttc", "eot", "jar", "wasm", "so", "a", "dll", "exe", "whl", "crate"]
            .contains(&end)
            || name.contains(".min.")
        {
            say("仓库中不放第三方的文件".into(), "no file of third parties belongs in the repository".into());
        }
        if ["js", "mjs", "css"].contains(&end)
            && String::from_utf8_lossy(bytes).lines().any(|line| line.chars().count() > LINE_CHARS_MAX)
        {
            say("看起来是压缩过的脚本或样式".into(), "looks minified".into());
        }
    }
    found
}
