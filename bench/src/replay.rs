//! Replay of 100,000 submissions with 1,000,000 figures from sealed texts, as a start and `verify` do it.

use crate::measure::{folder, memory, mib, record, root, timed};
use crate::zones::{self, Hand};
use anyhow::{Context, Result, bail};
use baton_kernel::commands::{FigureGiven, FigureInput};
use baton_kernel::entries::BatchCheck;
use baton_kernel::ids::{ItemId, RoundId, Subject, SubmissionId};
use baton_kernel::{Act, Batch, Digest, Sealed, Zone};
use rust_decimal::Decimal;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// Items under report, in 40 units.
const ITEMS: usize = 5_000;
/// Measures of each, every month of two years: 480,000 figures, of which two versions and a few third ones.
const MEASURES: &[&str] = &["invest", "equipment", "milestone", "workers"];
/// Cells of a submission.
const CELLS: usize = 10;
/// Submissions in all.
const SUBMISSIONS: usize = 100_000;

/// Writes the ledger once (kept in `target/bench`), then replays it in a process of its own.
pub fn run(scale: f64) -> Result<()> {
    let submissions = (SUBMISSIONS as f64 * scale) as usize;
    let file = folder().join(format!("ledger-{submissions}.lines"));
    if !file.exists() {
        let part = file.with_extension("part");
        let (seconds, done) = timed(|| write(&part, (ITEMS as f64 * scale) as usize, submissions));
        done?;
        std::fs::rename(&part, &file)?;
        println!("ledger written: {submissions} submissions in {seconds:.1} s, decided one by one");
    }
    let done = Command::new(std::env::current_exe()?).arg("replay-of").arg(&file).status()?;
    if !done.success() {
        bail!("replay failed");
    }
    Ok(())
}

fn write(file: &Path, items: usize, submissions: usize) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    let (mut hand, founding) =
        Hand::found(zones::blueprint(&root().join("blueprints/development-zone"))?, zones::start())?;
    put(&mut out, &founding)?;
    let (acts, towns) = zones::units(&mut || hand.id(), 40);
    put(&mut out, &hand.act(Act::All(acts))?)?;
    let mut led = vec![Vec::new(); towns.len()];
    for n in 0..items {
        let id = ItemId(hand.id());
        led[n % towns.len()].push(id);
        put(
            &mut out,
            &hand.act(zones::item(id, "project", n, towns[n % towns.len()], Some("building"), zones::start()))?,
        )?;
    }
    let mut left = submissions;
    let mut rounds = Vec::new();
    for (n, month) in zones::months().into_iter().enumerate() {
        hand.on(month.end())?;
        let round = RoundId(hand.id());
        rounds.push(round);
        put(&mut out, &hand.act(zones::round(round, "project", month, &towns))?)?;
        for version in 0.. {
            if left == 0 || (version == 3 && n < 23) {
                break;
            }
            for (town, items) in towns.iter().zip(&led) {
                let cells: Vec<(ItemId, &str)> =
                    items.iter().flat_map(|id| MEASURES.iter().map(|m| (*id, *m))).collect();
                // A third version only where the number asked for is not reached with two.
                let some =
                    if version < 2 || n == 23 { cells.len() } else { (cells.len() / 12).next_multiple_of(CELLS) };
                for chunk in cells[..some].chunks(CELLS) {
                    if left == 0 {
                        break;
                    }
                    left -= 1;
                    let figures =
                        chunk.iter().map(|(id, measure)| figure(&hand.zone, *id, measure, month, version)).collect();
                    let because = if version == 0 { "" } else { "现场核实后更正" };
                    let submission = SubmissionId(hand.id());
                    put(&mut out, &hand.act(zones::report(submission, round, *town, figures, because))?)?;
                }
            }
        }
    }
    if left > 0 {
        bail!("{left} submissions short");
    }
    Ok(out.flush()?)
}

fn figure(zone: &Zone, id: ItemId, measure: &str, period: baton_methods::Period, version: i64) -> FigureGiven {
    let subject = Subject::Item(id);
    let seen = zone.figure(subject, measure, None, period, u64::MAX).map_or(0, |v| v.seq);
    let value = (id.0 % 97) as i64 + 1 + version;
    let value = if measure == "invest" { Decimal::new(value * 137, 2) } else { Decimal::from(value.min(100)) };
    FigureGiven {
        subject,
        measure: measure.into(),
        period,
        part: None,
        value: FigureInput::Is(value),
        version: seen,
        said_on: None,
    }
}

/// Texts first, then the entries that name them: `T digest json`, `E hash text`.
fn put(out: &mut impl Write, batch: &Batch) -> Result<()> {
    for blob in &batch.blobs {
        let text = std::str::from_utf8(&blob.bytes).context("a text")?;
        writeln!(out, "T {} {}", blob.digest, serde_json::to_string(text)?)?;
    }
    for sealed in &batch.entries {
        writeln!(out, "E {} {}", sealed.hash, sealed.text)?;
    }
    Ok(())
}

/// Reads, checks (hash, link, order, time, batches) and applies every line of a ledger.
pub fn replay(file: &Path) -> Result<()> {
    let (before, mut zone, mut check) = (memory("VmRSS"), Zone::empty(), BatchCheck::default());
    let mut reader = BufReader::with_capacity(1 << 20, File::open(file)?);
    let mut texts: BTreeMap<Digest, Arc<str>> = BTreeMap::new();
    let mut line = String::new();
    let (mut bytes, mut entries, mut submissions_from) = (0usize, 0u64, 0u64);
    let (seconds, done) = timed(|| -> Result<()> {
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                break;
            }
            let (sort, rest) = line.trim_end_matches('\n').split_once(' ').context("a line")?;
            let (hash, text) = rest.split_once(' ').context("a line")?;
            let hash: Digest = hash.parse()?;
            if sort == "T" {
                texts.insert(hash, serde_json::from_str::<String>(text)?.into());
                continue;
            }
            bytes += text.len();
            entries += 1;
            let sealed = Sealed::read(entries, text.to_owned(), hash, &zone.head())?;
            check.take(&sealed.entry)?;
            zone.apply(&sealed, &texts);
            texts.clear();
            if submissions_from == 0 && zone.submissions().next().is_some() {
                submissions_from = memory("VmRSS");
            }
        }
        Ok(check.finish()?)
    });
    done?;
    let after = memory("VmRSS");
    let (versions, weight) = zone.figure_weight();
    let per = |bytes: u64| bytes as f64 / versions.max(1) as f64;
    let figures = json!({
        "submissions": zone.submissions().count(), "figure_versions": versions, "entries": entries,
        "text_mib": mib(bytes as u64), "seconds": seconds, "entries_per_s": entries as f64 / seconds,
        "peak_mib": mib(memory("VmHWM")), "rss_before_mib": mib(before), "rss_after_mib": mib(after),
        "bytes_per_version": per(weight as u64), "rss_bytes_per_version": per(after.saturating_sub(submissions_from)),
        "submissions_rss_from_mib": mib(submissions_from),
    });
    record("replay", "baton", figures)
}
