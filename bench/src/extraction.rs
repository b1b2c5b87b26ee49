//! Extraction of a meeting report, warm: the text cleaned, and its facts and directives found.

use crate::measure::{record, root, warm};
use crate::zones::blueprint;
use anyhow::{Context, Result, anyhow};
use baton_text::{Lexicon, clean, extract};
use serde_json::json;

/// Measures the shared article where it is here, else the first of our own texts.
pub fn run() -> Result<()> {
    let files = blueprint(&root().join("blueprints/development-zone/lexicon"))?;
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let lexicon = Lexicon::parse(&files).map_err(|mistakes| anyhow!("{mistakes:?}"))?;
    let shared = std::env::var_os("BATON_SHARED").map_or_else(|| root().join("../shared"), Into::into);
    let (name, raw) = match std::fs::read_dir(shared.join("data/seed")) {
        Ok(list) => {
            let paths = list.flatten().map(|e| e.path());
            let path = paths
                .filter(|p| p.extension().is_some_and(|e| e == "txt") && !p.ends_with("seed_clean.txt"))
                .min()
                .context("the shared article")?;
            ("shared article", std::fs::read_to_string(path)?)
        }
        Err(_) => {
            println!("skipped: ../shared is not here; one of our own texts instead");
            let path = root().join("crates/baton-text/tests/labels/own/dev-1-quarter-news.toml");
            let label: toml::Table = std::fs::read_to_string(path)?.parse()?;
            ("own text", label["text"].as_str().context("text")?.to_owned())
        }
    };
    let cleaned = clean(&raw);
    let found = extract(&cleaned.text, &lexicon, None);
    let (cleaning, _) = warm(50, || clean(&raw));
    let (best, median) = warm(200, || extract(&cleaned.text, &lexicon, None));
    let figures = json!({
        "text": name, "characters": cleaned.text.chars().count(), "directives": found.directives.len(),
        "clean_s": cleaning, "best_s": best, "median_s": median, "both_s": cleaning + best,
    });
    record("extraction", "baton", figures)
}
