//! Verify: proof that nothing was changed, or the name and place of everything that was.
//!
//! Two things are said apart: *facts intact* (chain, batches, texts, files, receipts, figures of issued papers)
//! and *derived numbers equal* (a newer method version may rightly give another number).
//! Reads only; may run beside a serving process.

mod chain;
mod content;
mod report;

pub use report::{Finding, Report, Weight};

use crate::database::{reading, refuse_version, version_number};
use crate::files::Files;
use crate::folder::Folder;
use crate::schema;
use crate::trouble::*;
use baton_kernel::ids::PaperId;
use baton_kernel::{Digest, Zone};
use chain::Chain;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What the re-check of an issued paper found; made by whoever knows how its numbers are derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperFinding {
    /// `true` when a fact differs, `false` when only a derived number does.
    pub fact: bool,
    /// Words in Chinese.
    pub zh: String,
    /// Words in English.
    pub en: String,
}

/// Re-derives an issued paper's facts and numbers from the zone and its data part (bytes as issued).
pub type Recheck<'a> = &'a (dyn Fn(&Zone, PaperId, &[u8]) -> Vec<PaperFinding> + Sync);

/// A re-check that finds nothing: for callers without papers.
pub fn no_recheck(_: &Zone, _: PaperId, _: &[u8]) -> Vec<PaperFinding> {
    Vec::new()
}

/// Opens a zone's database for reading alone, beside whoever serves it.
pub(crate) async fn open_reading(folder: &Folder) -> Result<SqliteConnection, Trouble> {
    let path = folder.database();
    if !path.exists() {
        let place = folder.root().display();
        return Err(Trouble::new(
            "folder.empty",
            EXIT_CONFIG,
            format!("{place} 中没有账本；请核对 --dir，或先运行 baton init"),
            format!("there is no ledger in {place}; check --dir, or run baton init first"),
        ));
    }
    let wrong = |e: sqlx::Error| Trouble::database(&path, &e);
    let mut wal = path.clone().into_os_string();
    wal.push("-wal");
    let opened = SqliteConnection::connect_with(&reading(&path)).await;
    let mut conn = match opened {
        Ok(conn) => conn,
        Err(e) => return Err(wrong(e)),
    };
    // On a medium that cannot be written there is no shared memory; without a log none is needed.
    if let Err(e) = sqlx::query("SELECT COUNT(*) FROM sqlite_master").fetch_one(&mut conn).await {
        let has_log = std::fs::metadata(&wal).is_ok_and(|m| m.len() > 0);
        if has_log || fault(&e) == Fault::Disk {
            return Err(wrong(e));
        }
        conn = SqliteConnection::connect_with(&reading(&path).immutable(true)).await.map_err(wrong)?;
    }
    let version: String = sqlx::query("SELECT sqlite_version()").fetch_one(&mut conn).await.map_err(wrong)?.get(0);
    refuse_version(version_number(&version))?;
    let format = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM format").fetch_one(&mut conn).await;
    let format: i64 = format.map_err(wrong)?.get(0);
    if format > schema::newest() {
        return Err(crate::database::Migration::Newer(format).over(&path));
    }
    Ok(conn)
}

/// Verifies a zone's folder, and that its ledger still holds the entry whose hash `witness` is.
///
/// Errors: only when there is nothing to read; all damage is in the report.
pub async fn verify(dir: &Path, witness: Option<Digest>, recheck: Recheck<'_>) -> Result<Report, Trouble> {
    let folder = Folder::at(dir);
    let mut conn = match open_reading(&folder).await {
        Ok(conn) => conn,
        Err(trouble) if trouble.code == "database.open" => {
            let mut report = Report::default();
            report.fact("database.damaged", "baton.db", trouble.zh, trouble.en);
            return Ok(report);
        }
        Err(trouble) => return Err(trouble),
    };
    let files = Files::of(&folder);
    let mut report = Report::default();
    if let Err(e) = sqlx::raw_sql("BEGIN").execute(&mut conn).await {
        report.unreadable("baton.db", &e);
        return Ok(report);
    }
    database(&mut conn, &mut report).await;
    let recorded = chain::recorded_states(&mut conn, &mut report).await;
    let found = chain::read(&mut conn, &mut report, &recorded).await;
    content::texts(&mut conn, &mut report, &found).await;
    content::attachments(&mut conn, &files, &mut report, &found).await;
    let receipts = content::receipts(&mut conn, &mut report, &found).await;
    content::submissions(&mut conn, &mut report, &found).await;
    chain::states(&mut report, &found, &recorded);
    content::audit(&mut conn, &mut report).await;
    if let Some(zone) = &found.zone {
        papers(&files, &mut report, &found, zone, recheck);
    }
    if let Some(witness) = witness {
        witnessed(&mut report, &found, &receipts, witness);
    }
    let _ = conn.close().await;
    Ok(report)
}

/// SQLite's own checks.
async fn database(conn: &mut SqliteConnection, report: &mut Report) {
    match sqlx::query("PRAGMA integrity_check(100)").fetch_all(&mut *conn).await {
        Ok(rows) => {
            for row in rows {
                let said: String = row.try_get(0).unwrap_or_default();
                if said != "ok" {
                    report.fact(
                        "database.damaged",
                        "baton.db",
                        format!("数据库文件损坏：{said}"),
                        format!("the database file is damaged: {said}"),
                    );
                }
            }
        }
        Err(e) => report.fact(
            "database.damaged",
            "baton.db",
            format!("数据库文件损坏：{e}"),
            format!("the database file is damaged: {e}"),
        ),
    }
    match sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *conn).await {
        Ok(rows) => {
            for row in rows {
                let table: String = row.try_get(0).unwrap_or_default();
                let parent: String = row.try_get(2).unwrap_or_default();
                report.fact(
                    "database.reference",
                    &table,
                    format!("表 {table} 有一行指向 {parent} 中不存在的记录"),
                    format!("a row of {table} points to nothing in {parent}"),
                );
            }
        }
        Err(e) => report.unreadable("foreign keys", &e),
    }
}

/// Every issued paper: its printed witness is in the chain, its facts and numbers come out as issued.
fn papers(files: &Files, report: &mut Report, chain: &Chain, zone: &Zone, recheck: Recheck<'_>) {
    for paper in zone.papers() {
        report.papers += 1;
        let place = format!("paper {}", paper.id);
        let title = &paper.title;
        let printed = paper.witness;
        if printed != Digest::default() && chain.hashes.get(&paper.cut) != Some(&printed) {
            let (short, cut) = (printed.short(), paper.cut);
            report.fact(
                "paper.witness",
                &place,
                format!("《{title}》上印的见证值 {short} 与账本第 {cut} 条的摘要不符"),
                format!("the witness {short} printed on “{title}” is not the hash of entry {cut}"),
            );
        }
        if chain.erased.contains(&paper.data.digest) {
            continue;
        }
        // A missing or damaged data part is already named among the files.
        let Ok((_, data)) = files.read(&paper.data.digest) else { continue };
        let found = catch_unwind(AssertUnwindSafe(|| recheck(zone, paper.id, &data)));
        let Ok(found) = found else {
            report.fact(
                "paper.facts",
                &place,
                format!("《{title}》的数据部分无法复核"),
                format!("the data part of “{title}” cannot be re-checked"),
            );
            continue;
        };
        for one in found {
            let (code, weight) =
                if one.fact { ("paper.facts", Weight::Fact) } else { ("paper.derived", Weight::Derived) };
            report.find(code, weight, &place, format!("《{title}》：{}", one.zh), format!("“{title}”: {}", one.en));
        }
    }
}

/// The hash somebody kept outside must be that of an entry that ends a batch.
fn witnessed(report: &mut Report, chain: &Chain, receipts: &BTreeMap<u64, Digest>, witness: Digest) {
    if chain.hashes.values().any(|h| *h == witness) {
        return;
    }
    let short = witness.short();
    let head = report.head_seq;
    let seq = receipts.iter().find(|(_, hash)| **hash == witness).map(|(seq, _)| *seq);
    match seq {
        Some(seq) if seq > head => report.fact(
            "witness.cut",
            format!("entry {seq}"),
            format!("见证值 {short} 属于第 {seq} 条，账本却止于第 {head} 条（{}）：尾部被截去", report.head_hash.short()),
            format!("the witness {short} is that of entry {seq}, but the ledger ends with entry {head} ({}): its tail was cut off", report.head_hash.short()),
        ),
        Some(seq) => report.fact(
            "witness.rehashed",
            format!("entry {seq}"),
            format!("见证值 {short} 属于第 {seq} 条，账本中该条的摘要却不同：账本被改写并重算过"),
            format!("the witness {short} is that of entry {seq}, whose hash is another now: the chain was rewritten and re-hashed"),
        ),
        None => report.fact(
            "witness.absent",
            "witness",
            format!("账本（止于第 {head} 条，{}）中没有见证值 {short}：尾部被截去，或账本被改写并重算过", report.head_hash.short()),
            format!("the ledger (ending with entry {head}, {}) does not hold the witness {short}: its tail was cut off, or it was rewritten and re-hashed", report.head_hash.short()),
        ),
    }
}
