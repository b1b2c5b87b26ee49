//! Measuring: wall time, memory of this process, load of the machine; one JSON line per figure.

use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

/// Where everything a benchmark makes lies.
pub fn folder() -> PathBuf {
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    folder
}

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The JSON lines of the last run.
pub fn results() -> PathBuf {
    folder().join("results.jsonl")
}

/// Seconds of a call, and what it gave.
pub fn timed<T>(call: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let out = call();
    (start.elapsed().as_secs_f64(), out)
}

/// Best and median seconds of several calls after one that warms up.
pub fn warm<T>(times: usize, mut call: impl FnMut() -> T) -> (f64, f64) {
    std::hint::black_box(call());
    let mut seconds: Vec<f64> = (0..times).map(|_| timed(|| std::hint::black_box(call())).0).collect();
    seconds.sort_by(f64::total_cmp);
    (seconds[0], seconds[times / 2])
}

/// A figure of `/proc/self/status` in bytes: `VmRSS`, `VmHWM`.
pub fn memory(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).unwrap_or("0");
    line.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Adds a line: the case, who did it, and its figures.
pub fn record(case: &str, engine: &str, figures: Value) -> Result<()> {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    let line = json!({ "case": case, "engine": engine, "load1": load, "figures": figures });
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(results())?;
    writeln!(file, "{line}")?;
    println!("{line}");
    Ok(())
}

/// Mebibytes.
pub fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}
