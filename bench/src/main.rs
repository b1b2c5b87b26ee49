//! Benchmarks: what Baton promises about speed and memory, measured beside what people would use instead.
//!
//! `bench/run` builds and runs all of it. Each case runs in a process of its own, so that its peak memory is its
//! own, and adds one JSON line to `target/bench/results.jsonl`; `bench table` prints the lines of the last run.

mod extraction;
mod import;
mod measure;
mod replay;
mod review;
mod table;
mod zones;

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Reading and replaying make many small values: the allocator is a third of their time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Cases in the order of the table.
const CASES: &[&str] = &["extraction", "review", "replay", "import"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    if let ["worker", "parse"] = words[..] {
        return baton_sheets::worker_main();
    }
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("bench: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let scale = |text: Option<&&str>| text.map_or(Ok(1.0), |t| t.parse::<f64>()).context("SCALE is a number up to 1");
    match words {
        ["all", rest @ ..] => all(scale(rest.first())?),
        ["extraction", ..] => extraction::run(),
        ["review", rest @ ..] => review::run(scale(rest.first())?),
        ["replay", rest @ ..] => replay::run(scale(rest.first())?),
        ["replay-of", file] => replay::replay(&PathBuf::from(file)),
        ["import", rest @ ..] => import::run(scale(rest.first())?),
        ["table"] => table::print(),
        _ => bail!("bench all|extraction|review|replay|import [SCALE] | bench table"),
    }
}

/// Every case, each in its own process, then the table.
fn all(scale: f64) -> Result<()> {
    let results = measure::results();
    if results.exists() {
        std::fs::remove_file(&results)?;
    }
    let exe = std::env::current_exe()?;
    for case in CASES {
        let done = Command::new(&exe).args([case.to_string(), scale.to_string()]).status()?;
        if !done.success() {
            bail!("{case} failed");
        }
    }
    table::print()
}
