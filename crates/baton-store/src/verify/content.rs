//! What the chain names, and what is said beside it: texts, files, receipts, submissions, the audit trail.

use super::chain::Chain;
use super::report::{Report, Weight};
use crate::files::{Files, OnDisk};
use crate::ledger::digest;
use baton_kernel::{Digest, Receipt};
use sqlx::sqlite::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};

/// Every text whole; every text named there, or lawfully erased.
pub(super) async fn texts(conn: &mut SqliteConnection, report: &mut Report, chain: &Chain) {
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
pub(super) async fn attachments(conn: &mut SqliteConnection, files: &Files, report: &mut Report, chain: &Chain) {
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
pub(super) async fn receipts(conn: &mut SqliteConnection, report: &mut Report, chain: &Chain) -> BTreeMap<u64, Digest> {
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
pub(super) async fn submissions(conn: &mut SqliteConnection, report: &mut Report, chain: &Chain) {
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

/// The audit trail's own chain.
pub(super) async fn audit(conn: &mut SqliteConnection, report: &mut Report) {
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
