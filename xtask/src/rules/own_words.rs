//! Own words: no sentence of the shared reference texts is copied into the repository.

use crate::{Breach, House};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Characters in a row that make a copy: fixed phrases of the genre are shorter.
pub const ROW: usize = 12;

/// Runs that the genre itself repeats, with where they come from.
const GENRE: &[(&str, &str)] =
    &[("年第一季度重点工作推进会议召开", "what such a meeting is called, and the verb of every headline about one")];

/// Breaches: runs of [`ROW`] characters that also stand in a shared text. Nothing where those are not here.
pub fn breaches(house: &House) -> Vec<Breach> {
    match texts(house) {
        Some(texts) => copied(house, &texts),
        None => {
            println!("skipped: ../shared is not here");
            Vec::new()
        }
    }
}

/// The shared texts: name and text. `None` when they are not here.
fn texts(house: &House) -> Option<Vec<(String, String)>> {
    let shared = std::env::var_os("BATON_SHARED").map_or_else(|| house.root().join("../shared"), PathBuf::from);
    let mut files = vec![shared.join("data/seed/seed_clean.txt")];
    for entry in std::fs::read_dir(shared.join("data/texts")).ok()?.flatten() {
        files.push(entry.path());
    }
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some((name, std::fs::read_to_string(&path).ok()?))
    };
    Some(files.into_iter().filter(|p| p.extension().is_some_and(|e| e == "txt")).filter_map(read).collect())
}

/// Breaches against given texts.
pub fn copied(house: &House, texts: &[(String, String)]) -> Vec<Breach> {
    let mut known: BTreeMap<Vec<char>, &str> = BTreeMap::new();
    for (name, text) in texts {
        for run in runs(text) {
            for row in run.windows(ROW) {
                known.insert(row.iter().map(|(c, _)| *c).collect(), name);
            }
        }
    }
    for (phrase, _) in GENRE {
        let phrase: Vec<char> = phrase.chars().collect();
        known.retain(|row, _| !phrase.windows(ROW).any(|part| part == row));
    }
    let mut found = Vec::new();
    for (path, text) in house.texts() {
        for run in runs(text) {
            let hit = run.windows(ROW).find_map(|row| {
                let letters: Vec<char> = row.iter().map(|(c, _)| *c).collect();
                known.get(&letters).map(|name| (row[0].1, letters, *name))
            });
            if let Some((line, letters, name)) = hit {
                let words: String = letters.iter().collect();
                found.push(Breach::new(
                    path,
                    line,
                    format!("“{words}”抄自 {name}，请用自己的话"),
                    format!("“{words}” is copied from {name}; use words of your own"),
                ));
            }
        }
    }
    found
}

/// Runs of Chinese characters of a text, each character with its line; blanks inside a run do not end it.
fn runs(text: &str) -> Vec<Vec<(char, usize)>> {
    let mut all = vec![Vec::new()];
    let mut line = 1;
    for c in text.chars() {
        if c == '\n' {
            line += 1;
        }
        if ('\u{4e00}'..='\u{9fff}').contains(&c) {
            all.last_mut().expect("one run is open").push((c, line));
        } else if !c.is_whitespace() || c == '\n' {
            all.push(Vec::new());
        }
    }
    all.retain(|run| run.len() >= ROW);
    all
}
