//! Damage: every way in which a folder can be changed behind Baton's back has a name in `verify`.

use super::bench::*;
use baton_kernel::ids::*;
use baton_kernel::{Act, Caller, Digest, Entry, Zone};
use baton_store::*;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use std::path::{Path, PathBuf};

async fn raw(dir: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(dir.join("baton.db")).foreign_keys(false).connect().await.unwrap()
}

/// Changes the database as an intruder would: without triggers and foreign keys.
pub async fn sql(dir: &Path, statements: &[&str]) {
    let mut conn = raw(dir).await;
    for trigger in ["entry_stays", "entry_remains", "receipt_stays", "audit_stays", "audit_remains"] {
        sqlx::raw_sql(AssertSqlSafe(format!("DROP TRIGGER IF EXISTS {trigger}"))).execute(&mut conn).await.unwrap();
    }
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe((*statement).to_owned())).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
}

/// A zone with items, evidence, an erased text and a signed-in account; closed. Answers the head's hash.
async fn zone(place: &Place) -> Digest {
    let journal = place.founded().await;
    let clerk = Caller::Person(CLERK);
    let today = journal.snapshot().day_of(journal.now());
    let file = journal.store().put_file(Some(CLERK), "照片.jpg", "image/jpeg", b"a picture".to_vec()).await.unwrap();
    journal.submit(clerk, item("a")).await.unwrap();
    journal.submit(clerk, ended("e", "a", today, vec![file])).await.unwrap();
    for n in 0..5 {
        journal.submit(Caller::Founder, person(&format!("p{n}"))).await.unwrap();
    }
    let store = journal.store();
    store.add_account(None, "jia", CLERK, "河边的灯笼与三只旧碗", false, &[]).await.unwrap();
    store.sign_in("jia", "河边的灯笼与三只旧碗", &Origin::default()).await.unwrap();
    let head = journal.snapshot().head();
    assert_eq!(head.seq, 14);
    journal.close().await;
    clean(&place.path()).await;
    head.hash
}

/// Damages a fresh copy of the zone and answers what `verify` says, with the place of each fact.
async fn after(statements: &[&str], witness: bool) -> (Report, Vec<(String, String)>) {
    let place = Place::new();
    let head = zone(&place).await;
    sql(&place.path(), statements).await;
    let report = verify(&place.path(), witness.then_some(head), &no_recheck).await.unwrap();
    assert!(!report.facts_intact(), "not noticed: {statements:?}");
    assert_eq!(report.exit(), 65);
    assert!(
        report.lines_zh().iter().any(|l| l == "事实完整：否")
            && report.lines_en().iter().any(|l| l == "facts intact: no")
    );
    assert_eq!(report.json()["facts_intact"], false);
    let named = report.findings.iter().map(|f| (f.code.to_owned(), f.place.clone())).collect();
    (report, named)
}

fn pair(code: &str, place: &str) -> (String, String) {
    (code.to_owned(), place.to_owned())
}

#[tokio::test]
async fn a_flipped_byte_of_an_entry_is_named_and_only_it() {
    let (report, named) =
        after(&["UPDATE entry SET text = replace(text, '东桥镇', '东桥镇 ') WHERE seq = 4"], false).await;
    assert_eq!(named, vec![pair("entry.changed", "entry 4")]);
    assert_eq!(report.state, None, "a damaged ledger is not replayed");
    assert!(report.findings[0].zh.contains("第 4 条") && report.findings[0].en.contains("entry 4"));
    let (_, named) = after(&["UPDATE entry SET hash = zeroblob(32) WHERE seq = 5"], false).await;
    assert_eq!(named[0], pair("entry.changed", "entry 5"));
    let (_, named) = after(&["UPDATE entry SET known_at = known_at + 1000000 WHERE seq = 6"], false).await;
    assert_eq!(named, vec![pair("entry.columns", "entry 6")]);
}

#[tokio::test]
async fn a_deleted_entry_is_named() {
    let (_, named) = after(&["DELETE FROM entry WHERE seq = 6"], false).await;
    assert!(named.contains(&pair("entry.missing", "entry 6")), "{named:?}");
    assert!(!named.iter().any(|(code, _)| code == "entry.link"), "what follows is whole: {named:?}");
    let (_, named) = after(&["DELETE FROM entry WHERE seq BETWEEN 3 AND 5"], false).await;
    assert!(named.contains(&pair("entry.missing", "entry 3")), "{named:?}");
}

#[tokio::test]
async fn swapped_entries_are_named() {
    let swap = "CREATE TABLE s AS SELECT * FROM entry WHERE seq IN (12, 13);
        DELETE FROM entry WHERE seq IN (12, 13);
        INSERT INTO entry SELECT 25 - seq, 25 - seq, known_at, hash, prev, text FROM s; DROP TABLE s";
    let (_, named) = after(&[swap], false).await;
    assert!(
        named.contains(&pair("entry.swapped", "entry 12")) && named.contains(&pair("entry.swapped", "entry 13")),
        "{named:?}"
    );
    assert!(!named.contains(&pair("entry.link", "entry 14")), "{named:?}");
}

#[tokio::test]
async fn a_cut_off_tail_is_named_by_the_receipts_and_by_the_witness() {
    let cut = "DELETE FROM entry WHERE seq > 12; DELETE FROM blob WHERE seq > 12";
    let (_, named) = after(&[cut], false).await;
    assert!(named.iter().any(|(code, _)| code == "tail.cut"), "{named:?}");
    let (_, named) = after(&[cut], true).await;
    assert!(named.contains(&pair("witness.cut", "entry 14")), "{named:?}");
    // Someone thorough also removes what was recorded: only the witness notices.
    let thorough = "DELETE FROM entry WHERE seq > 12; DELETE FROM blob WHERE seq > 12; DELETE FROM receipt WHERE last > 12; DELETE FROM state WHERE seq > 12";
    let place = Place::new();
    let head = zone(&place).await;
    sql(&place.path(), &[thorough]).await;
    let blind = verified(&place.path()).await;
    assert!(blind.facts_intact(), "{:?}", blind.findings);
    let seen = verify(&place.path(), Some(head), &no_recheck).await.unwrap();
    assert!(seen.names("witness.absent") && !seen.facts_intact());
    assert!(seen.findings[0].zh.contains("尾部被截去"), "{:?}", seen.findings);
}

/// Rewrites an entry and everything after it, hashes and all; with `receipts`, also what was answered.
async fn rehash(dir: &Path, receipts: bool) {
    let mut conn = raw(dir).await;
    let rows = sqlx::query("SELECT seq, text FROM entry ORDER BY seq").fetch_all(&mut conn).await.unwrap();
    let mut prev = Digest::default();
    let mut answers = String::from("SELECT 1;");
    let mut changes = Vec::new();
    for row in rows {
        let (seq, text): (i64, String) = (row.get(0), row.get(1));
        let mut entry: Entry = serde_json::from_str(&text.replace("东桥镇", "西桥镇")).unwrap();
        entry.prev = prev;
        let sealed = baton_kernel::Sealed::of(entry);
        prev = sealed.hash;
        changes.push((seq, sealed));
        answers += &format!("UPDATE receipt SET answer = json_set(answer, '$.witness', '{prev}') WHERE last = {seq};");
    }
    conn.close().await.unwrap();
    sql(dir, &["UPDATE entry SET hash = randomblob(32), prev = randomblob(32)"]).await;
    let mut conn = raw(dir).await;
    for (seq, sealed) in changes {
        sqlx::query("UPDATE entry SET hash = $2, prev = $3, text = $4 WHERE seq = $1")
            .bind(seq)
            .bind(&sealed.hash.0[..])
            .bind(&sealed.entry.prev.0[..])
            .bind(sealed.text)
            .execute(&mut conn)
            .await
            .unwrap();
    }
    conn.close().await.unwrap();
    if receipts {
        sql(dir, &[&answers, "DELETE FROM state"]).await;
    }
}

#[tokio::test]
async fn a_rehashed_chain_is_named_by_the_receipts_and_by_the_witness() {
    let place = Place::new();
    let head = zone(&place).await;
    rehash(&place.path(), false).await;
    let report = verify(&place.path(), Some(head), &no_recheck).await.unwrap();
    assert!(
        report.names("chain.rehashed") && report.names("witness.rehashed") && report.names("state.differs"),
        "{:?}",
        report.findings
    );
    assert!(!report.names("entry.changed") && !report.names("entry.link"));
    // Someone thorough also rewrites the receipts: only the witness notices.
    let place = Place::new();
    let head = zone(&place).await;
    rehash(&place.path(), true).await;
    let blind = verified(&place.path()).await;
    assert!(blind.facts_intact(), "{:?}", blind.findings);
    let seen = verify(&place.path(), Some(head), &no_recheck).await.unwrap();
    assert!(seen.names("witness.absent"), "{:?}", seen.findings);
    assert!(seen.findings[0].en.contains("rewritten and re-hashed"));
}

fn the_file(dir: &Path) -> PathBuf {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&dir.join("files"), &mut found);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[tokio::test]
async fn a_missing_or_changed_attachment_is_named_with_its_entry() {
    let place = Place::new();
    zone(&place).await;
    let file = the_file(&place.path());
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let report = verified(&place.path()).await;
    assert!(
        report.names("file.changed")
            && report.findings[0].zh.contains("照片.jpg")
            && report.findings[0].zh.contains("第 9 条"),
        "{:?}",
        report.findings
    );
    let journal = place.open().await;
    let digest: Digest = file.file_name().unwrap().to_str().unwrap().parse().unwrap();
    assert!(journal.store().file(&digest).await.is_err(), "damaged bytes are never served");
    journal.close().await;
    std::fs::remove_file(&file).unwrap();
    let report = verified(&place.path()).await;
    assert!(report.names("file.missing") && !report.facts_intact(), "{:?}", report.findings);
    assert_eq!(report.state.is_some(), true, "the ledger itself is whole");
    let (_, named) = after(&["UPDATE file SET erased_at = 1"], false).await;
    assert_eq!(named[0].0, "file.unlawful");
    let (_, named) = after(&["DELETE FROM file"], false).await;
    assert_eq!(named[0].0, "file.row");
}

#[tokio::test]
async fn a_changed_missing_or_unlawfully_emptied_text_is_named() {
    let (_, named) = after(&["UPDATE blob SET bytes = CAST('别的' AS BLOB) WHERE seq = 5"], false).await;
    assert_eq!(named[0].0, "text.changed");
    let (report, named) = after(&["DELETE FROM blob WHERE seq = 5"], false).await;
    assert_eq!(named[0].0, "text.missing");
    assert!(report.findings[0].en.contains("entry 5"));
    let (_, named) = after(&["UPDATE blob SET salt = NULL, bytes = NULL, erased_at = 1 WHERE seq = 5"], false).await;
    assert_eq!(named[0].0, "text.unlawful");
}

#[tokio::test]
async fn damaged_receipts_and_audit_lines_are_named() {
    let (_, named) =
        after(&["UPDATE receipt SET answer = json_set(answer, '$.first', 3) WHERE first = 5"], false).await;
    assert_eq!(named, vec![pair("receipt.damaged", "entry 5")]);
    let (_, named) = after(&["DELETE FROM receipt WHERE first = 5"], false).await;
    assert_eq!(named, vec![pair("receipt.damaged", "entry 5")]);
    let (_, named) = after(&["UPDATE receipt SET answer = 'x' WHERE first = 5"], false).await;
    assert_eq!(named, vec![pair("receipt.damaged", "entry 5")]);
    let (_, named) = after(&["UPDATE audit SET text = replace(text, 'jia', 'yi') WHERE seq = 1"], false).await;
    assert_eq!(named, vec![pair("audit.broken", "audit 1")]);
    let (_, named) = after(&["DELETE FROM audit WHERE seq = 1"], false).await;
    assert_eq!(named, vec![pair("audit.broken", "audit 2")]);
}

#[tokio::test]
async fn another_recorded_state_is_a_derived_difference_and_not_a_lost_fact() {
    let place = Place::new();
    zone(&place).await;
    sql(&place.path(), &["UPDATE state SET hash = zeroblob(32), program = '0.0.1'"]).await;
    let report = verified(&place.path()).await;
    assert!(report.facts_intact() && !report.derived_equal() && report.names("state.differs"));
    assert_eq!(report.exit(), 0);
}

#[tokio::test]
async fn a_damaged_database_file_is_named_and_never_silently_wrong() {
    let place = Place::new();
    zone(&place).await;
    let path = place.path().join("baton.db");
    let whole = std::fs::read(&path).unwrap();
    let mut seed = 7u64;
    let (mut noticed, mut harmless) = (0, 0);
    let state = clean(&place.path()).await.state;
    for _ in 0..60 {
        // A bit anywhere in the file; the generator is Knuth's, so that the same places are tried each time.
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let at = (seed >> 16) as usize % whole.len();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (seed >> 61);
        std::fs::write(&path, &bytes).unwrap();
        for extra in ["baton.db-wal", "baton.db-shm"] {
            let _ = std::fs::remove_file(place.path().join(extra));
        }
        match verify(&place.path(), None, &no_recheck).await {
            Ok(report) if report.facts_intact() => {
                assert_eq!(report.state, state, "silently wrong at byte {at}");
                harmless += 1;
            }
            Ok(_) | Err(_) => noticed += 1,
        }
    }
    assert!(noticed > 0, "{noticed} noticed, {harmless} in free space, headers or tables outside the ledger");
    std::fs::write(&path, b"this is no database at all, not even a little one, but text of some length ............")
        .unwrap();
    let report = verified(&place.path()).await;
    assert!(report.names("database.damaged"), "{:?}", report.findings);
}

/// Issues a notice over everything known so far. Answers its identity and the digest of its data part.
async fn issue(journal: &Journal) -> (PaperId, Digest) {
    let store = journal.store();
    let file = store.put_file(None, "通知.pdf", "application/pdf", b"%PDF frozen".to_vec()).await.unwrap();
    let data = store.put_file(None, "data.json", "application/json", br#"{"sum":"12.5"}"#.to_vec()).await.unwrap();
    let head = journal.snapshot().head();
    let (paper, digest) = (PaperId(id_of("paper")), data.digest);
    let act = Act::IssuePaper {
        paper,
        kind: "notice".into(),
        title: "一季度通知".into(),
        number: None,
        meeting: None,
        period: serde_json::from_str("\"2023Q1\"").unwrap(),
        cut: head.seq,
        audience: baton_kernel::entries::Scope::All,
        files: vec![file],
        data,
        facts: Digest::of(b"facts"),
        witness: head.hash,
    };
    journal.submit(Caller::Founder, command("paper", act)).await.unwrap();
    (paper, digest)
}

#[tokio::test]
async fn an_issued_paper_is_rechecked_and_facts_and_derived_numbers_are_told_apart() {
    let place = Place::new();
    zone(&place).await;
    let never = |_: &Zone, _: PaperId, _: &[u8]| -> Vec<PaperFinding> { panic!("there is no paper") };
    assert_eq!(verify(&place.path(), None, &never).await.unwrap().papers, 0);
    let journal = place.open().await;
    let (paper, data) = issue(&journal).await;
    journal.close().await;
    assert_eq!(clean(&place.path()).await.papers, 1);
    for (fact, code) in [(true, "paper.facts"), (false, "paper.derived")] {
        let finds = move |zone: &Zone, id: PaperId, bytes: &[u8]| {
            assert_eq!((id, bytes), (paper, &br#"{"sum":"12.5"}"#[..]));
            assert!(zone.paper(id).is_some());
            vec![PaperFinding { fact, zh: "第 3 行 12.5 ≠ 12.6".into(), en: "row 3: 12.5 is not 12.6".into() }]
        };
        let report = verify(&place.path(), None, &finds).await.unwrap();
        assert_eq!((report.facts_intact(), report.derived_equal()), (!fact, fact));
        assert!(
            report.names(code) && report.findings[0].zh.contains("《一季度通知》：第 3 行"),
            "{:?}",
            report.findings
        );
        assert_eq!(report.exit(), if fact { 65 } else { 0 });
    }
    let panics = |_: &Zone, _: PaperId, _: &[u8]| -> Vec<PaperFinding> { panic!("on purpose: the re-check fails") };
    assert!(verify(&place.path(), None, &panics).await.unwrap().names("paper.facts"));
    // Its frozen bytes are evidence like any other file.
    let path = place.path().join("files").join(&data.to_string()[..2]).join(data.to_string());
    std::fs::write(path, b"something else").unwrap();
    let report = verify(&place.path(), None, &no_recheck).await.unwrap();
    assert!(report.names("file.changed") && report.findings[0].en.contains("data.json"), "{:?}", report.findings);
}

#[tokio::test]
async fn a_thorough_forger_is_betrayed_by_the_witness_printed_on_a_paper() {
    let place = Place::new();
    zone(&place).await;
    let journal = place.open().await;
    issue(&journal).await;
    journal.close().await;
    rehash(&place.path(), true).await;
    let report = verified(&place.path()).await;
    assert_eq!(report.findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["paper.witness"]);
}
