//! The chain: every entry read in order, each that is not as it was written named, the whole replayed.

use super::report::Report;
use crate::ledger::{self, Line, digest};
use crate::limits::*;
use baton_kernel::entries::Broken;
use baton_kernel::{Body, Digest, Entry, Head, Sealed, Zone};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What reading the chain gave.
#[derive(Default)]
pub(super) struct Chain {
    /// Hash by seq, as stored.
    pub hashes: BTreeMap<u64, Digest>,
    /// First and last seq of each whole batch.
    pub batches: BTreeMap<u64, u64>,
    /// Seq at which a text is first named.
    pub texts: BTreeMap<Digest, u64>,
    /// Seq, name and length of the files named.
    pub files: BTreeMap<Digest, (u64, String, u64)>,
    /// Digests that an `Erased` entry names.
    pub erased: BTreeSet<Digest>,
    /// Submissions made.
    pub submissions: BTreeMap<u128, u64>,
    /// The zone, while the chain is whole.
    pub zone: Option<Zone>,
    /// States computed at recorded cuts.
    pub states: BTreeMap<u64, Digest>,
}

/// The newest recorded states: seq, hash, program.
pub(super) async fn recorded_states(conn: &mut SqliteConnection, report: &mut Report) -> Vec<(u64, Digest, String)> {
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
pub(super) async fn read(
    conn: &mut SqliteConnection,
    report: &mut Report,
    recorded: &[(u64, Digest, String)],
) -> Chain {
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

/// The replayed state is the recorded one.
pub(super) fn states(report: &mut Report, chain: &Chain, recorded: &[(u64, Digest, String)]) {
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
        report.state_differs(*seq, program);
    }
}
