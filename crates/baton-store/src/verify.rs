//! Verify: proof that nothing was changed, or the name and place of everything that was.
//!
//! Two things are said apart: *facts intact* (chain, batches, texts, files, receipts, figures of issued papers)
//! and *derived numbers equal* (a newer method version may rightly give another number).
//! Reads only; may run beside a serving process.

use crate::database::{reading, refuse_version, version_number};
use crate::files::{Files, OnDisk};
use crate::folder::Folder;
use crate::ledger::{self, Line, digest};
use crate::limits::*;
use crate::schema;
use crate::trouble::*;
use baton_kernel::entries::Broken;
use baton_kernel::ids::PaperId;
use baton_kernel::{Body, Digest, Entry, Head, Receipt, Sealed, Zone};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What a finding touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// A fact is not as it was written.
    Fact,
    /// A derived number comes out otherwise today.
    Derived,
    /// Worth knowing; nothing is wrong.
    Note,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code, `entry.changed`.
    pub code: &'static str,
    /// What it touches.
    pub weight: Weight,
    /// Where: `entry 5`, `file 3f9a…`, `paper …`.
    pub place: String,
    /// Words in Chinese.
    pub zh: String,
    /// Words in English.
    pub en: String,
}

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

/// What `verify` found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// Batches among them.
    pub batches: u64,
    /// Texts checked.
    pub texts: u64,
    /// Files checked.
    pub files: u64,
    /// Receipts checked.
    pub receipts: u64,
    /// Issued papers checked.
    pub papers: u64,
    /// Lines of the audit trail checked.
    pub audit: u64,
    /// Texts and files erased by law.
    pub erased: u64,
    /// Last entry.
    pub head_seq: u64,
    /// Its hash: the witness to print.
    pub head_hash: Digest,
    /// Hash of the replayed state; `None` when the ledger could not be replayed.
    pub state: Option<Digest>,
    /// Recorded states that were compared with the replay.
    pub states_compared: u64,
    /// Everything found, in order of place; at most 1,000.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub more: u64,
    facts_broken: bool,
    derived_differ: bool,
}

impl Report {
    /// Every fact is as it was written.
    pub fn facts_intact(&self) -> bool {
        !self.facts_broken
    }

    /// Every derived number of an issued paper comes out the same today.
    pub fn derived_equal(&self) -> bool {
        !self.derived_differ
    }

    /// Status with which a command should end: 0 when the facts are intact, 65 otherwise.
    pub fn exit(&self) -> u8 {
        if self.facts_broken { EXIT_BROKEN } else { 0 }
    }

    /// Whether a code was found.
    pub fn names(&self, code: &str) -> bool {
        self.findings.iter().any(|f| f.code == code)
    }

    /// The report for people, Chinese.
    pub fn lines_zh(&self) -> Vec<String> {
        let mut out = vec![
            format!("账本：{} 条、{} 批，末条第 {} 条", self.entries, self.batches, self.head_seq),
            format!("末条摘要（见证值）：{}", self.head_hash),
            match &self.state {
                Some(state) => format!("重放状态摘要：{state}，与 {} 处记录比对", self.states_compared),
                None => "重放状态摘要：账本有损，未能重放".to_owned(),
            },
            format!(
                "已核对：文本 {}、文件 {}、回执 {}、印发文件 {}、审计记录 {}；依法删除 {}",
                self.texts, self.files, self.receipts, self.papers, self.audit, self.erased
            ),
            format!("事实完整：{}", if self.facts_broken { "否" } else { "是" }),
            format!("推导数一致：{}", if self.derived_differ { "否" } else { "是" }),
        ];
        out.extend(self.findings.iter().map(|f| {
            let weight = match f.weight {
                Weight::Fact => "事实",
                Weight::Derived => "推导",
                Weight::Note => "提示",
            };
            format!("［{weight}］{}（{}）", f.zh, f.code)
        }));
        if self.more > 0 {
            out.push(format!("另有 {} 处未列出", self.more));
        }
        out
    }

    /// The report for people, English.
    pub fn lines_en(&self) -> Vec<String> {
        let mut out = vec![
            format!("ledger: {} entries in {} batches, last entry {}", self.entries, self.batches, self.head_seq),
            format!("hash of the last entry (witness): {}", self.head_hash),
            match &self.state {
                Some(state) => {
                    format!("state hash after replay: {state}, compared with {} recorded", self.states_compared)
                }
                None => "state hash after replay: the ledger is damaged and was not replayed".to_owned(),
            },
            format!(
                "checked: {} texts, {} files, {} receipts, {} issued papers, {} audit lines; erased by law: {}",
                self.texts, self.files, self.receipts, self.papers, self.audit, self.erased
            ),
            format!("facts intact: {}", if self.facts_broken { "no" } else { "yes" }),
            format!("derived numbers equal: {}", if self.derived_differ { "no" } else { "yes" }),
        ];
        out.extend(self.findings.iter().map(|f| {
            let weight = match f.weight {
                Weight::Fact => "fact",
                Weight::Derived => "derived",
                Weight::Note => "note",
            };
            format!("[{weight}] {} ({})", f.en, f.code)
        }));
        if self.more > 0 {
            out.push(format!("{} more are not listed", self.more));
        }
        out
    }

    /// The report for programs.
    pub fn json(&self) -> serde_json::Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(map) = value.as_object_mut() {
            map.remove("facts_broken");
            map.remove("derived_differ");
            map.insert("facts_intact".to_owned(), self.facts_intact().into());
            map.insert("derived_equal".to_owned(), self.derived_equal().into());
        }
        value
    }

    fn find(
        &mut self,
        code: &'static str,
        weight: Weight,
        place: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        match weight {
            Weight::Fact => self.facts_broken = true,
            Weight::Derived => self.derived_differ = true,
            Weight::Note => {}
        }
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { code, weight, place: place.into(), zh: zh.into(), en: en.into() });
        } else {
            self.more += 1;
        }
    }

    fn fact(&mut self, code: &'static str, place: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.find(code, Weight::Fact, place, zh, en);
    }

    fn unreadable(&mut self, what: &str, error: &sqlx::Error) {
        self.fact(
            "database.unreadable",
            what,
            format!("数据库中的 {what} 无法读取：{error}"),
            format!("{what} cannot be read from the database: {error}"),
        );
    }
}

/// What reading the chain gave.
#[derive(Default)]
struct Chain {
    /// Hash by seq, as stored.
    hashes: BTreeMap<u64, Digest>,
    /// First and last seq of each whole batch.
    batches: BTreeMap<u64, u64>,
    /// Seq at which a text is first named.
    texts: BTreeMap<Digest, u64>,
    /// Seq, name and length of the files named.
    files: BTreeMap<Digest, (u64, String, u64)>,
    /// Digests that an `Erased` entry names.
    erased: BTreeSet<Digest>,
    /// Submissions made.
    submissions: BTreeMap<u128, u64>,
    /// The zone, while the chain is whole.
    zone: Option<Zone>,
    /// States computed at recorded cuts.
    states: BTreeMap<u64, Digest>,
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
    let recorded = recorded_states(&mut conn, &mut report).await;
    let chain = chain(&mut conn, &mut report, &recorded).await;
    texts(&mut conn, &mut report, &chain).await;
    attachments(&mut conn, &files, &mut report, &chain).await;
    let receipts = receipts(&mut conn, &mut report, &chain).await;
    submissions(&mut conn, &mut report, &chain).await;
    states(&mut report, &chain, &recorded);
    audit(&mut conn, &mut report).await;
    if let Some(zone) = &chain.zone {
        papers(&files, &mut report, &chain, zone, recheck);
    }
    if let Some(witness) = witness {
        witnessed(&mut report, &chain, &receipts, witness);
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

/// The newest recorded states: seq, hash, program.
async fn recorded_states(conn: &mut SqliteConnection, report: &mut Report) -> Vec<(u64, Digest, String)> {
    let rows = sqlx::query("SELECT seq, hash, program FROM state ORDER BY seq DESC LIMIT $1")
        .bind(STATES_COMPARED_MAX as i64)
        .fetch_all(&mut *conn)
        .await;
    match rows {
        Ok(rows) => rows
            .iter()
            .filter_map(|r| {
                let seq: i64 = r.try_get(0).ok()?;
                Some((seq as u64, digest(r.try_get(1).ok()?), r.try_get(2).ok()?))
            })
            .collect(),
        Err(e) => {
            report.unreadable("state", &e);
            Vec::new()
        }
    }
}

/// Reads every entry, naming each that is not as it was written; replays while all is well.
async fn chain(conn: &mut SqliteConnection, report: &mut Report, recorded: &[(u64, Digest, String)]) -> Chain {
    let wanted: BTreeSet<u64> = recorded.iter().map(|(seq, ..)| *seq).collect();
    let mut chain = Chain { zone: Some(Zone::empty()), ..Chain::default() };
    let mut head = Head::EMPTY;
    // Hashes that a line after a broken one may rightly follow.
    let mut loose: BTreeSet<Digest> = BTreeSet::new();
    let mut open: Option<u64> = None;
    loop {
        let lines = match ledger::lines(conn, head.seq + 1, REPLAY_CHUNK_ENTRIES).await {
            Ok(lines) => lines,
            Err(e) => {
                let from = head.seq + 1;
                report.fact(
                    "database.unreadable",
                    format!("entry {from}"),
                    format!("自第 {from} 条起无法从数据库读取：{e}"),
                    format!("from entry {from} on, the database cannot be read: {e}"),
                );
                chain.zone = None;
                break;
            }
        };
        let (Some(first), Some(last)) = (lines.first().map(|l| l.seq), lines.last().map(|l| l.seq)) else { break };
        let mut whole = Vec::with_capacity(lines.len());
        for line in lines {
            if line.seq > head.seq + 1 {
                missing(report, head.seq + 1, line.seq - 1);
                chain.zone = None;
                loose.insert(line.prev);
                head = Head { seq: line.seq - 1, hash: line.prev, known_at: head.known_at };
            }
            report.entries += 1;
            chain.hashes.insert(line.seq, line.hash);
            let mut known_at = Timestamp::from_microsecond(line.known_at).unwrap_or(head.known_at);
            let entry = match Sealed::read(line.seq, line.text.clone(), line.hash, &head) {
                Ok(sealed) => {
                    known_at = sealed.entry.known_at;
                    columns(report, &line, &sealed.entry);
                    loose.clear();
                    let entry = sealed.entry.clone();
                    whole.push(sealed);
                    Some(entry)
                }
                Err(broken) => {
                    chain.zone = None;
                    let follows = matches!(broken, Broken::Link { .. })
                        && serde_json::from_str::<Entry>(&line.text).is_ok_and(|e| loose.contains(&e.prev));
                    if !follows {
                        name(report, &line, &broken);
                    }
                    loose.insert(line.hash);
                    loose.insert(Digest::of(line.text.as_bytes()));
                    serde_json::from_str::<Entry>(&line.text).ok().filter(|e| e.seq == line.seq)
                }
            };
            head = Head { seq: line.seq, hash: line.hash, known_at };
            match entry {
                Some(entry) => {
                    let begun = open.unwrap_or(entry.seq);
                    if entry.batch != begun {
                        report.fact(
                            "batch.broken",
                            format!("entry {}", entry.seq),
                            format!("第 {} 条所在批次不完整", entry.seq),
                            format!("entry {}: its batch is not whole", entry.seq),
                        );
                        chain.zone = None;
                    }
                    open = (!entry.last).then_some(entry.batch);
                    if entry.last {
                        report.batches += 1;
                        chain.batches.insert(entry.batch, entry.seq);
                    }
                    take(&mut chain, entry);
                }
                None => open = None,
            }
        }
        if chain.zone.is_some() {
            replay(conn, report, &mut chain, &whole, first, last, &wanted).await;
        }
    }
    if let Some(begun) = open {
        report.fact(
            "batch.broken",
            format!("entry {}", head.seq),
            format!("账本在第 {begun} 条开始的批次中途断开"),
            format!("the ledger ends inside the batch that begins with entry {begun}"),
        );
        chain.zone = None;
    }
    report.head_seq = head.seq;
    report.head_hash = head.hash;
    report.state = chain.zone.as_ref().map(Zone::state_hash);
    chain
}

/// Applies a stretch of whole entries to the zone, hashing it at recorded cuts.
async fn replay(
    conn: &mut SqliteConnection,
    report: &mut Report,
    chain: &mut Chain,
    whole: &[Sealed],
    first: u64,
    last: u64,
    wanted: &BTreeSet<u64>,
) {
    let named: BTreeSet<Digest> = whole.iter().flat_map(|s| s.entry.body.blobs().0).collect();
    let texts = match ledger::texts(conn, first, last, &named).await {
        Ok(texts) => texts,
        Err(e) => {
            report.unreadable("texts", &e);
            chain.zone = None;
            return;
        }
    };
    for sealed in whole {
        let Some(mut zone) = chain.zone.take() else { return };
        let seq = sealed.entry.seq;
        match catch_unwind(AssertUnwindSafe(|| {
            zone.apply(sealed, &texts);
            zone
        })) {
            Ok(zone) => {
                if wanted.contains(&seq) {
                    chain.states.insert(seq, zone.state_hash());
                }
                chain.zone = Some(zone);
            }
            Err(_) => report.fact(
                "entry.unreplayable",
                format!("entry {seq}"),
                format!("第 {seq} 条无法重放"),
                format!("entry {seq} cannot be replayed"),
            ),
        }
    }
}

/// What an entry names, whether or not the chain around it is whole.
fn take(chain: &mut Chain, entry: Entry) {
    let (texts, files) = entry.body.blobs();
    for text in texts {
        chain.texts.entry(text).or_insert(entry.seq);
    }
    for file in files {
        chain.files.entry(file.digest).or_insert((entry.seq, file.name.clone(), file.bytes));
    }
    match &entry.body {
        Body::Erased { digests, .. } => chain.erased.extend(digests),
        Body::SubmissionMade { submission, .. } => {
            chain.submissions.insert(submission.0, entry.seq);
        }
        _ => {}
    }
}

fn missing(report: &mut Report, from: u64, to: u64) {
    let (zh, en) = if from == to {
        (format!("第 {from} 条缺失（被删除）"), format!("entry {from} is missing (deleted)"))
    } else {
        (format!("第 {from} 至 {to} 条缺失（被删除）"), format!("entries {from} to {to} are missing (deleted)"))
    };
    report.fact("entry.missing", format!("entry {from}"), zh, en);
}

/// Names what is wrong with a line.
fn name(report: &mut Report, line: &Line, broken: &Broken) {
    let seq = line.seq;
    let place = format!("entry {seq}");
    match broken {
        Broken::Hash { .. } => report.fact(
            "entry.changed",
            place,
            format!("第 {seq} 条内容与其摘要不符（内容或摘要被改动）"),
            format!("entry {seq}: its text does not match its hash (one of them was changed)"),
        ),
        Broken::Order { found, .. } => report.fact(
            "entry.swapped",
            place,
            format!("第 {seq} 条的位置上是第 {found} 条（顺序被调换）"),
            format!("entry {found} stands in the place of entry {seq} (the order was changed)"),
        ),
        Broken::Link { .. } => report.fact(
            "entry.link",
            place,
            format!("第 {seq} 条与上一条不相接（上一条被改写并重算了摘要，或此条系伪造）"),
            format!("entry {seq} does not follow the one before it (that one was rewritten and re-hashed, or this one is forged)"),
        ),
        Broken::Time { .. } => report.fact(
            "entry.time",
            place,
            format!("第 {seq} 条的时间不晚于上一条"),
            format!("entry {seq}: its time is not after the one before it"),
        ),
        Broken::Unreadable { why, .. } => report.fact(
            "entry.unreadable",
            place,
            format!("第 {seq} 条无法读取：{why}"),
            format!("entry {seq} cannot be read: {why}"),
        ),
        Broken::Batch { .. } => report.fact(
            "batch.broken",
            place,
            format!("第 {seq} 条所在批次不完整"),
            format!("entry {seq}: its batch is not whole"),
        ),
    }
}

/// Columns beside the hashed text must say the same.
fn columns(report: &mut Report, line: &Line, entry: &Entry) {
    let same = line.batch == entry.batch && line.prev == entry.prev && line.known_at == entry.known_at.as_microsecond();
    if !same {
        let seq = line.seq;
        report.fact(
            "entry.columns",
            format!("entry {seq}"),
            format!("第 {seq} 条的索引列与其内容不符"),
            format!("entry {seq}: its columns do not match its text"),
        );
    }
}

/// Every text whole; every text named there, or lawfully erased.
async fn texts(conn: &mut SqliteConnection, report: &mut Report, chain: &Chain) {
    let mut seen: BTreeSet<Digest> = BTreeSet::new();
    let mut after: Vec<u8> = Vec::new();
    loop {
        let rows = sqlx::query_as::<_, (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>)>(
            "SELECT digest, salt, bytes FROM blob WHERE digest > $1 ORDER BY digest LIMIT 500",
        )
        .bind(&after)
        .fetch_all(&mut *conn)
        .await;
        let rows = match rows {
            Ok(rows) if rows.is_empty() => break,
            Ok(rows) => rows,
            Err(e) => return report.unreadable("blob", &e),
        };
        for (key, salt, bytes) in rows {
            let found = digest(&key);
            after = key;
            seen.insert(found);
            let short = found.short();
            let at = chain.texts.get(&found).copied().unwrap_or(0);
            match (salt, bytes) {
                (Some(salt), Some(bytes)) => {
                    report.texts += 1;
                    if chain.erased.contains(&found) {
                        report.fact(
                            "text.not_erased",
                            format!("text {short}"),
                            format!("文本 {short}（第 {at} 条）已依法删除，但内容仍在库中"),
                            format!("text {short} (entry {at}) was erased by law, but is still in the store"),
                        );
                    }
                    if Digest::of_parts(&[&salt, &bytes]) != found {
                        report.fact(
                            "text.changed",
                            format!("text {short}"),
                            format!("文本 {short}（第 {at} 条）内容与其摘要不符"),
                            format!("text {short} (entry {at}) does not match its digest"),
                        );
                    }
                }
                _ if chain.erased.contains(&found) => report.erased += 1,
                _ => report.fact(
                    "text.unlawful",
                    format!("text {short}"),
                    format!("文本 {short}（第 {at} 条）被清空，但账本中没有依法删除的记录"),
                    format!("text {short} (entry {at}) was emptied, but no entry erased it by law"),
                ),
            }
        }
    }
    for (text, seq) in &chain.texts {
        if !seen.contains(text) {
            let short = text.short();
            report.fact(
                "text.missing",
                format!("text {short}"),
                format!("第 {seq} 条所引文本 {short} 不在库中"),
                format!("text {short}, named by entry {seq}, is not in the store"),
            );
        }
    }
}

/// Every file whole on disk; every file named there, or lawfully erased.
async fn attachments(conn: &mut SqliteConnection, files: &Files, report: &mut Report, chain: &Chain) {
    let rows =
        sqlx::query_as::<_, (Vec<u8>, i64, Option<i64>)>("SELECT digest, bytes, erased_at FROM file ORDER BY digest")
            .fetch_all(&mut *conn)
            .await;
    let rows = match rows {
        Ok(rows) => rows,
        Err(e) => return report.unreadable("file", &e),
    };
    let mut known: BTreeMap<Digest, (u64, bool)> = BTreeMap::new();
    for (key, length, erased) in rows {
        known.insert(digest(&key), (length as u64, erased.is_some()));
    }
    let all: BTreeSet<Digest> = known.keys().chain(chain.files.keys()).copied().collect();
    for file in all {
        let named = chain.files.get(&file);
        let lawful = chain.erased.contains(&file);
        let short = file.short();
        let (zh, en) = match named {
            Some((seq, name, _)) => {
                (format!("附件“{name}”（{short}，第 {seq} 条）"), format!("file “{name}” ({short}, entry {seq})"))
            }
            None => (format!("未被引用的文件 {short}"), format!("file {short}, named by no entry")),
        };
        let weight = if named.is_some() { Weight::Fact } else { Weight::Note };
        let place = format!("file {short}");
        let row = known.get(&file).copied();
        let on_disk = files.look(&file);
        match (on_disk, row) {
            (Err(e), _) => {
                report.find(
                    "file.unreadable",
                    weight,
                    place,
                    format!("{zh}无法读取：{e}"),
                    format!("{en} cannot be read: {e}"),
                );
            }
            (Ok(OnDisk::Missing), Some((_, true))) if lawful => report.erased += 1,
            (Ok(_), Some((_, true))) if lawful => {
                report.find(
                    "file.not_erased",
                    Weight::Fact,
                    place,
                    format!("{zh}已依法删除，但内容仍在磁盘上；重新启动服务即会清除"),
                    format!("{en} was erased by law, but is still on disk; the next start removes it"),
                );
            }
            (Ok(_), Some((_, true))) => {
                report.find(
                    "file.unlawful",
                    weight,
                    place,
                    format!("{zh}被清除，但账本中没有依法删除的记录"),
                    format!("{en} was removed, but no entry erased it by law"),
                );
            }
            (Ok(OnDisk::Missing), _) => {
                report.find("file.missing", weight, place, format!("{zh}缺失"), format!("{en} is missing"));
            }
            (Ok(OnDisk::Damaged), _) => {
                report.files += 1;
                report.find(
                    "file.changed",
                    weight,
                    place,
                    format!("{zh}内容与其摘要不符"),
                    format!("{en} does not match its digest"),
                );
            }
            (Ok(OnDisk::Whole(length)), row) => {
                report.files += 1;
                let said = named.map(|(.., bytes)| *bytes);
                if row.is_none() || row.is_some_and(|(l, _)| l != length) || said.is_some_and(|s| s != length) {
                    report.find(
                        "file.row",
                        weight,
                        place,
                        format!("{zh}在库中的登记与文件不符"),
                        format!("{en}: what the store says of it does not match"),
                    );
                }
            }
        }
    }
}

/// Every receipt says what the chain says; every batch has one. Answers the hash a receipt gives for its last seq.
async fn receipts(conn: &mut SqliteConnection, report: &mut Report, chain: &Chain) -> BTreeMap<u64, Digest> {
    let mut witnesses = BTreeMap::new();
    let mut answered = BTreeSet::new();
    let mut cut_off: Option<(u64, u64)> = None;
    let mut after = 0i64;
    loop {
        let rows = sqlx::query_as::<_, (i64, i64, String)>(
            "SELECT first, last, answer FROM receipt WHERE first > $1 ORDER BY first LIMIT 2000",
        )
        .bind(after)
        .fetch_all(&mut *conn)
        .await;
        let rows = match rows {
            Ok(rows) if rows.is_empty() => break,
            Ok(rows) => rows,
            Err(e) => {
                report.unreadable("receipt", &e);
                break;
            }
        };
        for (first, last, answer) in rows {
            report.receipts += 1;
            after = first;
            let (first, last) = (first as u64, last as u64);
            answered.insert(first);
            let answer = serde_json::from_str::<Receipt>(&answer).ok().filter(|a| a.first == first && a.last == last);
            let Some(answer) = answer else {
                damaged(report, first, "回执内容与其编号不符", "its answer does not match its numbers");
                continue;
            };
            witnesses.insert(last, answer.witness);
            if last > report.head_seq {
                let (from, to) = cut_off.unwrap_or((first, last));
                cut_off = Some((from.min(first), to.max(last)));
                continue;
            }
            match chain.hashes.get(&last) {
                Some(hash) if *hash == answer.witness => {
                    if chain.zone.is_some() && chain.batches.get(&first) != Some(&last) {
                        damaged(report, first, "回执与批次的起止不符", "its numbers are not those of a batch");
                    }
                }
                Some(_) => report.fact(
                    "chain.rehashed",
                    format!("entry {last}"),
                    format!("第 {last} 条的摘要与当时发出的回执不同：账本在此或之前被改写并重算过，或回执被改动"),
                    format!("entry {last} has another hash than the receipt given for it: the chain was rewritten and re-hashed here or before, or the receipt was changed"),
                ),
                None => {}
            }
        }
    }
    if let Some((from, to)) = cut_off {
        report.fact(
            "tail.cut",
            format!("entry {from}"),
            format!("账本止于第 {} 条，但已发出第 {from} 至 {to} 条的回执：尾部被截去", report.head_seq),
            format!("the ledger ends with entry {}, but receipts were given for entries {from} to {to}: its tail was cut off", report.head_seq),
        );
    }
    for first in chain.batches.keys() {
        if !answered.contains(first) {
            damaged(report, *first, "缺少回执", "there is none");
        }
    }
    witnesses
}

fn damaged(report: &mut Report, first: u64, zh: &str, en: &str) {
    report.fact(
        "receipt.damaged",
        format!("entry {first}"),
        format!("第 {first} 条所属办理的回执有误：{zh}"),
        format!("the receipt of the act that begins with entry {first} is wrong: {en}"),
    );
}

/// The table of submission identities says what the entries say.
async fn submissions(conn: &mut SqliteConnection, report: &mut Report, chain: &Chain) {
    let rows = sqlx::query_as::<_, (Vec<u8>, i64)>("SELECT id, seq FROM submission").fetch_all(&mut *conn).await;
    let rows = match rows {
        Ok(rows) => rows,
        Err(e) => return report.unreadable("submission", &e),
    };
    let known: BTreeMap<u128, u64> =
        rows.iter().map(|(id, seq)| (crate::accounts::person(id).0, *seq as u64)).collect();
    for (id, seq) in &chain.submissions {
        if known.get(id) != Some(seq) {
            report.fact(
                "submission.row",
                format!("entry {seq}"),
                format!("第 {seq} 条报送的编号登记缺失或不符"),
                format!("the identity of the submission in entry {seq} is not registered as it should be"),
            );
        }
    }
}

/// The replayed state is the recorded one.
fn states(report: &mut Report, chain: &Chain, recorded: &[(u64, Digest, String)]) {
    for (seq, hash, program) in recorded {
        if *seq > report.head_seq {
            report.fact(
                "tail.cut",
                format!("entry {seq}"),
                format!("曾在第 {seq} 条记录过状态，但账本止于第 {} 条：尾部被截去", report.head_seq),
                format!(
                    "a state was recorded at entry {seq}, but the ledger ends with entry {}: its tail was cut off",
                    report.head_seq
                ),
            );
            continue;
        }
        let Some(replayed) = chain.states.get(seq) else { continue };
        report.states_compared += 1;
        if replayed == hash {
            continue;
        }
        let same_program = program == env!("CARGO_PKG_VERSION");
        report.find(
            "state.differs",
            if same_program { Weight::Fact } else { Weight::Derived },
            format!("entry {seq}"),
            format!("第 {seq} 条处重放所得状态与 {program} 版记录的不同"),
            format!("the state replayed up to entry {seq} is not the one recorded by version {program}"),
        );
    }
}

/// The audit trail's own chain.
async fn audit(conn: &mut SqliteConnection, report: &mut Report) {
    let (mut seq, mut prev) = (0u64, Digest::default());
    loop {
        let rows = sqlx::query_as::<_, (i64, Vec<u8>, Vec<u8>, String)>(
            "SELECT seq, hash, prev, text FROM audit WHERE seq > $1 ORDER BY seq LIMIT 2000",
        )
        .bind(seq as i64)
        .fetch_all(&mut *conn)
        .await;
        let rows = match rows {
            Ok(rows) if rows.is_empty() => return,
            Ok(rows) => rows,
            Err(e) => return report.unreadable("audit", &e),
        };
        for (found, hash, before, text) in rows {
            let found = found as u64;
            let (hash, before) = (digest(&hash), digest(&before));
            report.audit += 1;
            let line = serde_json::from_str::<crate::audit::AuditLine>(&text).ok();
            let whole = found == seq + 1
                && hash == Digest::of(text.as_bytes())
                && before == prev
                && line.is_some_and(|l| l.seq == found && l.prev == prev);
            if !whole {
                report.fact(
                    "audit.broken",
                    format!("audit {found}"),
                    format!("审计记录第 {found} 条被改动，或其前有记录被删除"),
                    format!("audit line {found} was changed, or lines before it were deleted"),
                );
            }
            (seq, prev) = (found, hash);
        }
    }
}

/// Every issued paper: its printed witness is in the chain, its facts and numbers come out as issued.
fn papers(files: &Files, report: &mut Report, chain: &Chain, zone: &Zone, recheck: Recheck<'_>) {
    let by_hash: BTreeMap<Digest, u64> = chain.hashes.iter().map(|(seq, hash)| (*hash, *seq)).collect();
    for paper in zone.papers() {
        report.papers += 1;
        let place = format!("paper {}", paper.id);
        let title = &paper.title;
        let printed = paper.witness;
        if printed != Digest::default() && !by_hash.get(&printed).is_some_and(|seq| *seq < paper.issued) {
            let short = printed.short();
            report.fact(
                "paper.witness",
                &place,
                format!("《{title}》上印的见证值 {short} 不在账本中"),
                format!("the witness {short} printed on “{title}” is not in the ledger"),
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
