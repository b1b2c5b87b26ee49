//! Keeping: backup, restore and export bring everything back, or say what is wrong.

use super::bench::*;
use super::damage::sql;
use baton_kernel::{Caller, Digest, Entry};
use baton_store::*;
use std::collections::BTreeMap;

async fn zone(place: &Place) -> Journal {
    let journal = place.founded().await;
    let clerk = Caller::Person(CLERK);
    let today = journal.snapshot().day_of(journal.now());
    for n in 0..3u8 {
        let name = format!("证据 {n}.pdf");
        let file = journal
            .store()
            .put_file(Some(CLERK), &name, "application/pdf", vec![n; 5000 + usize::from(n)])
            .await
            .unwrap();
        journal.submit(clerk, item(&format!("i{n}"))).await.unwrap();
        journal.submit(clerk, ended(&format!("e{n}"), &format!("i{n}"), today, vec![file])).await.unwrap();
    }
    journal.store().add_account(None, "jia", CLERK, "河边的灯笼与三只旧碗", false, &[]).await.unwrap();
    journal
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_serving_restores_to_the_same_state_and_signs_nobody_in() {
    let place = Place::new();
    let journal = zone(&place).await;
    let signed_in = journal.store().sign_in("jia", "河边的灯笼与三只旧碗", &Origin::default()).await.unwrap();
    let (head, state) = (journal.snapshot().head(), journal.snapshot().state_hash());
    let file = place.beside("zone.baton");
    let manifest = backup(&place.path(), &file, journal.now(), &no_recheck).await.unwrap();
    assert_eq!((manifest.head_seq, manifest.head_hash, manifest.state), (head.seq, head.hash, state));
    assert_eq!(manifest.files.len(), 3);
    assert_eq!(baton_store::archive::read_manifest(&file).unwrap(), manifest);
    // Serving goes on, and the backup stays what it was.
    journal.submit(Caller::Founder, person("later")).await.unwrap();
    let exists = backup(&place.path(), &file, journal.now(), &no_recheck).await.unwrap_err();
    assert_eq!(exists.code, "backup.exists");
    journal.close().await;
    let left: Vec<_> = std::fs::read_dir(place.beside("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "no leftovers beside it: {left:?}");

    let target = place.beside("restored");
    let report = restore(&file, &target, &no_recheck).await.unwrap();
    assert_eq!((report.head_hash, report.state), (head.hash, Some(state)));
    let restored = Journal::open(&target, place.opening()).await.unwrap();
    assert_eq!((restored.snapshot().head(), restored.snapshot().state_hash()), (head, state));
    assert_eq!(restored.store().session(&signed_in.token).await.unwrap(), None, "a session came back with the backup");
    restored.store().sign_in("jia", "河边的灯笼与三只旧碗", &Origin::default()).await.unwrap();
    let receipt = restored.submit(Caller::Person(CLERK), item("i1")).await.unwrap();
    assert!(receipt.last < head.seq, "receipts are in it");
    restored.submit(Caller::Founder, person("goes-on")).await.unwrap();
    restored.close().await;
    clean(&target).await;

    let occupied = restore(&file, &target, &no_recheck).await.unwrap_err();
    assert_eq!(occupied.code, "restore.occupied");
    let stale = place.beside("stale");
    std::fs::create_dir(&stale).unwrap();
    std::fs::write(stale.join("baton.db-wal"), b"").unwrap();
    assert_eq!(restore(&file, &stale, &no_recheck).await.unwrap_err().code, "restore.occupied");
    let empty = place.beside("empty");
    std::fs::create_dir(&empty).unwrap();
    restore(&file, &empty, &no_recheck).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_refused_wherever_it_is_damaged() {
    let place = Place::new();
    zone(&place).await.close().await;
    let file = place.beside("zone.baton");
    backup(&place.path(), &file, now(), &no_recheck).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    let bad = place.beside("bad.baton");
    let (mut refused, step) = (0, whole.len() / 40);
    for n in 0..40 {
        let mut bytes = whole.clone();
        bytes[n * step + 17] ^= 4;
        std::fs::write(&bad, &bytes).unwrap();
        let target = place.beside(&format!("t{n}"));
        match restore(&bad, &target, &no_recheck).await {
            Ok(_) => {
                // Only what carries no content (a date of the archive's own) may differ.
                clean(&target).await;
            }
            Err(trouble) => {
                assert!(["backup.unreadable", "backup.unsound", "folder.io"].contains(&trouble.code), "{trouble}");
                assert!(!target.exists(), "half a zone was left behind");
                refused += 1;
            }
        }
    }
    assert!(refused >= 30, "{refused} of 40 refused");
    std::fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(restore(&bad, &place.beside("half"), &no_recheck).await.unwrap_err().code, "backup.unreadable");
    std::fs::write(&bad, b"not an archive").unwrap();
    assert_eq!(restore(&bad, &place.beside("none"), &no_recheck).await.unwrap_err().code, "backup.unreadable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zone_that_does_not_verify_is_not_backed_up() {
    let place = Place::new();
    zone(&place).await.close().await;
    sql(&place.path(), &["UPDATE entry SET text = replace(text, '东桥镇', '西桥镇')"]).await;
    let file = place.beside("zone.baton");
    let trouble = backup(&place.path(), &file, now(), &no_recheck).await.unwrap_err();
    assert_eq!((trouble.code, trouble.exit), ("backup.unsound", 65));
    assert!(trouble.zh.contains("第 4 条"), "{trouble}");
    assert!(!file.exists());
    let nothing = backup(&place.beside("nowhere"), &file, now(), &no_recheck).await.unwrap_err();
    assert_eq!(nothing.code, "folder.empty");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_can_be_checked_without_baton() {
    let place = Place::new();
    let journal = zone(&place).await;
    let head = journal.snapshot().head();
    let out = place.beside("export");
    let done = export(&place.path(), &out).await.unwrap();
    assert_eq!((done.entries, done.head_seq, done.head_hash, done.files), (head.seq, head.seq, head.hash, 3));
    journal.close().await;
    // Line by line: SHA-256 of a line is `prev` of the next; nothing of ours is used but the hash.
    let ledger = std::fs::read_to_string(out.join("ledger.jsonl")).unwrap();
    let mut prev = "0".repeat(64);
    let mut named = 0;
    for line in ledger.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["prev"], prev.as_str());
        prev = Digest::of(line.as_bytes()).to_string();
        let entry: Entry = serde_json::from_str(line).unwrap();
        named += entry.body.blobs().1.len();
    }
    assert_eq!(prev, head.hash.to_string());
    assert_eq!(named, 3);
    let salt = |hex: &str| (0..16).map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap()).collect::<Vec<_>>();
    let list = std::fs::read_to_string(out.join("files.jsonl")).unwrap();
    let mut names = BTreeMap::new();
    for line in list.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let bytes = std::fs::read(out.join(value["path"].as_str().unwrap())).unwrap();
        let digest = Digest::of_parts(&[&salt(value["salt"].as_str().unwrap()), &bytes]).to_string();
        assert_eq!(
            (value["digest"].as_str().unwrap(), value["bytes"].as_u64().unwrap()),
            (digest.as_str(), bytes.len() as u64)
        );
        names.insert(value["name"].as_str().unwrap().to_owned(), bytes.len());
    }
    assert_eq!(names.keys().collect::<Vec<_>>(), ["证据 0.pdf", "证据 1.pdf", "证据 2.pdf"]);
    let texts = std::fs::read_to_string(out.join("texts.jsonl")).unwrap();
    let mut said = Vec::new();
    for line in texts.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = value["text"].as_str().unwrap();
        let digest = Digest::of_parts(&[&salt(value["salt"].as_str().unwrap()), text.as_bytes()]).to_string();
        assert_eq!(value["digest"].as_str().unwrap(), digest);
        said.push(text.to_owned());
    }
    assert_eq!(said.len() as u64, done.texts);
    assert!(said.iter().any(|t| t == "经办人甲") && said.iter().any(|t| t == "已经完工"));
    assert_eq!(export(&place.path(), &out).await.unwrap_err().code, "export.occupied");
    sql(&place.path(), &["UPDATE blob SET bytes = CAST('别的' AS BLOB) WHERE seq = 5"]).await;
    assert_eq!(export(&place.path(), &place.beside("other")).await.unwrap_err().code, "export.unsound");
}

#[tokio::test]
async fn a_folder_of_a_newer_format_is_refused_by_every_verb() {
    let place = Place::new();
    place.founded().await.close().await;
    sql(&place.path(), &["INSERT INTO format (version, program, applied_at) VALUES (99, 'later', 0)"]).await;
    for trouble in [
        place.try_open().await.unwrap_err(),
        verify(&place.path(), None, &no_recheck).await.unwrap_err(),
        export(&place.path(), &place.beside("e")).await.unwrap_err(),
        backup(&place.path(), &place.beside("b"), now(), &no_recheck).await.unwrap_err(),
    ] {
        assert_eq!((trouble.code, trouble.exit), ("database.newer", 78), "{trouble}");
        assert!(trouble.zh.contains("第 99 版"));
    }
}
