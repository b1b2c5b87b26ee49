//! The table: what was promised, what this run gave, and what others took beside it.

use crate::measure::results;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;

/// Prints the lines of the last run as one table in Markdown.
pub fn print() -> Result<()> {
    let text = std::fs::read_to_string(results()).context("no results yet: bench/run")?;
    let mut rows: BTreeMap<(String, String), Value> = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line)?;
        let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        rows.insert((word("case"), word("engine")), line["figures"].clone());
    }
    let figure = |case: &str, engine: &str, key: &str| rows.get(&(case.to_owned(), engine.to_owned()))?[key].as_f64();
    let baton = |case: &str, key: &str| figure(case, "baton", key);
    println!("\n| measured | this run | aim | held |\n|---|---|---|---|");
    let row = |what: &str, value: Option<f64>, unit: &str, factor: f64, aim: Option<(f64, bool)>| {
        let Some(value) = value.map(|v| v * factor) else { return };
        let (aim, held) = match aim {
            None => ("–".to_owned(), "–"),
            Some((aim, at_least)) => {
                let held = if at_least { value >= aim } else { value <= aim };
                (format!("{} {aim} {unit}", if at_least { "≥" } else { "≤" }), if held { "yes" } else { "**no**" })
            }
        };
        println!("| {what} | {value:.2} {unit} | {aim} | {held} |");
    };
    row("extraction of the article, warm", baton("extraction", "best_s"), "ms", 1e3, Some((5.0, false)));
    row("the same with cleaning", baton("extraction", "both_s"), "ms", 1e3, None);
    row("review of 2,000 items × 24 months", baton("review", "best_s"), "ms", 1e3, Some((20.0, false)));
    row("the same as known on an earlier day", baton("review", "as_of_s"), "ms", 1e3, None);
    row("replay of 100,000 submissions, 1,000,000 figures", baton("replay", "seconds"), "s", 1.0, Some((5.0, false)));
    row("its peak memory", baton("replay", "peak_mib"), "MiB", 1.0, Some((1024.0, false)));
    row("bytes per figure version", baton("replay", "bytes_per_version"), "B", 1.0, Some((48.0, false)));
    row(
        "resident bytes per version, submissions and texts included",
        baton("replay", "rss_bytes_per_version"),
        "B",
        1.0,
        None,
    );
    row("import of 100,000 × 20: read and validated", baton("import", "read_s"), "s", 1.0, None);
    row("import: form made, read, validated, stored", baton("import", "total_s"), "s", 1.0, None);
    row("import: peak memory of the worker", baton("import", "worker_peak_mib"), "MiB", 1.0, Some((64.0, false)));
    let pandas = figure("import", "pandas+openpyxl", "read_s");
    row("pandas + openpyxl: read only", pandas, "s", 1.0, None);
    row(
        "pandas + openpyxl: read, validated, stored in SQLite",
        figure("import", "pandas+openpyxl", "total_s"),
        "s",
        1.0,
        None,
    );
    let ratio = |a: Option<f64>, b: Option<f64>| Some(a? / b?);
    row(
        "pandas reading : Baton reading and validating",
        ratio(pandas, baton("import", "read_s")),
        "×",
        1.0,
        Some((10.0, true)),
    );
    row(
        "pandas reading : Baton validated and stored",
        ratio(pandas, baton("import", "total_s")),
        "×",
        1.0,
        Some((10.0, true)),
    );
    Ok(())
}
