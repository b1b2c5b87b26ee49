//! The contract of the store. Written once; each database that Baton can run on is put to all of it.

use super::bench::*;
use baton_kernel::Caller;
use baton_kernel::ids::*;
use baton_store::*;
use jiff::{SignedDuration, ToSpan};
use std::sync::Arc;

/// Names every promise and runs it on one database.
macro_rules! contract {
    ($database:ident, $place:expr; $($promise:ident)*) => {
        mod $database {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() { super::$promise($place).await })*
        }
    };
}

contract! { sqlite, super::Place::new();
    an_acknowledged_command_is_there_after_reopening
    the_same_key_answers_the_same_receipt_and_another_request_is_refused
    a_stored_answer_is_given_only_to_someone_who_still_has_rights
    many_threads_share_commits_and_each_command_is_whole
    a_refused_command_changes_nothing_and_is_in_the_audit_trail
    two_processes_do_not_share_a_folder
    a_file_is_durable_before_it_is_named_and_an_unnamed_one_goes_after_a_day
    the_same_upload_twice_is_one_file_for_its_owner_and_another_for_others
    an_entry_cannot_name_a_file_that_is_not_there
    erased_content_is_gone_from_the_folder_and_the_chain_stays_whole
    a_zone_with_a_real_clock_takes_no_other_time
    a_simulated_zone_is_laid_down_at_past_dates_and_goes_on_from_there
    a_pen_lays_all_or_nothing_and_never_over_somebody_elses_entry
    drafts_are_ones_own_and_a_second_window_loses_nothing
    a_preview_is_bound_to_its_owner_and_purpose_and_expires
    a_job_is_added_once_leased_once_and_set_aside_after_three_tries
    a_broken_ledger_is_not_served
}

async fn an_acknowledged_command_is_there_after_reopening(place: Place) {
    let journal = place.founded().await;
    let follow = journal.follow();
    let receipt = journal.submit(Caller::Person(CLERK), item("a")).await.unwrap();
    assert_eq!(*follow.borrow(), receipt.last);
    let before = journal.snapshot();
    assert_eq!(before.head().hash, receipt.witness);
    let state = before.state_hash();
    journal.close().await;
    assert!(journal.submit(Caller::Founder, person("late")).await.is_err(), "closed is closed");
    let journal = place.open().await;
    let after = journal.snapshot();
    assert_eq!((after.head(), after.state_hash()), (before.head(), state));
    assert!(after.item(ItemId(id_of("a"))).is_some());
    assert_eq!(&*after.person_name(CLERK).unwrap(), "经办人甲");
    journal.close().await;
    assert_eq!(clean(&place.path()).await.state, Some(state));
}

async fn the_same_key_answers_the_same_receipt_and_another_request_is_refused(place: Place) {
    let journal = place.founded().await;
    let first = journal.submit(Caller::Founder, person("k")).await.unwrap();
    let head = journal.snapshot().head();
    let mut other_salt = person("k");
    (other_salt.salt, other_salt.base) = ([9; 16], 3);
    assert_eq!(journal.submit(Caller::Founder, other_salt).await.unwrap(), first);
    let mut other = item("x");
    other.key = "k".into();
    assert_eq!(refusal(journal.submit(Caller::Founder, other).await), "key.reused");
    assert_eq!(journal.snapshot().head(), head);
    // Somebody else's key of the same name is another key.
    let mut theirs = item("theirs");
    theirs.key = "k".into();
    journal.submit(Caller::Person(CLERK), theirs).await.unwrap();
    journal.close().await;
    let journal = place.open().await;
    assert_eq!(journal.submit(Caller::Founder, person("k")).await.unwrap(), first, "known after a restart too");
    journal.close().await;
    clean(&place.path()).await;
}

async fn a_stored_answer_is_given_only_to_someone_who_still_has_rights(place: Place) {
    let journal = place.founded().await;
    let clerk = Caller::Person(CLERK);
    let receipt = journal.submit(clerk, item("a")).await.unwrap();
    assert_eq!(journal.submit(clerk, item("a")).await.unwrap(), receipt);
    let revoke = command("revoke", baton_kernel::Act::Revoke { grant: GrantId(21) });
    journal.submit(Caller::Founder, revoke).await.unwrap();
    let head = journal.snapshot().head();
    assert_eq!(refusal(journal.submit(clerk, item("a")).await), "absent");
    assert_eq!(journal.snapshot().head(), head);
    journal.submit(Caller::Founder, command("again", grant(GrantId(22)))).await.unwrap();
    assert_eq!(journal.submit(clerk, item("a")).await.unwrap(), receipt);
    journal.close().await;
}

async fn many_threads_share_commits_and_each_command_is_whole(place: Place) {
    let journal = Arc::new(place.founded().await);
    let before = journal.snapshot().head().seq;
    let threads: Vec<_> = (0..8)
        .map(|t| {
            let journal = journal.clone();
            std::thread::spawn(move || {
                (0..25)
                    .map(|n| {
                        let key = format!("t{t}-{n}");
                        // Two entries in one command: made and staged.
                        journal.submit_waiting(Caller::Person(CLERK), item(&key)).unwrap()
                    })
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    let answers =
        tokio::task::spawn_blocking(move || threads.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>());
    let answers = answers.await.unwrap();
    let mut all: Vec<_> = answers.iter().flatten().map(|r| (r.first, r.last)).collect();
    for one in &answers {
        assert!(one.windows(2).all(|w| w[0].last < w[1].first), "each caller's own commands stay in order");
    }
    all.sort_unstable();
    assert!(all.iter().all(|(first, last)| last - first == 1));
    assert!(all.windows(2).all(|w| w[0].1 + 1 == w[1].0), "no gap and no overlap");
    assert_eq!((all.len(), all[0].0, all[199].1), (200, before + 1, before + 400));
    assert_eq!(journal.snapshot().items().count(), 200);
    journal.close().await;
    assert_eq!(clean(&place.path()).await.receipts, 205);
}

async fn a_refused_command_changes_nothing_and_is_in_the_audit_trail(place: Place) {
    let journal = place.founded().await;
    let before = journal.snapshot();
    let stranger = Caller::Person(PersonId(99));
    assert!(["absent", "forbidden"].contains(&refusal(journal.submit(stranger, item("a")).await).as_str()));
    let mut empty = person("p");
    empty.key = String::new();
    refusal(journal.submit(Caller::Founder, empty).await);
    let after = journal.snapshot();
    assert_eq!((after.head(), after.state_hash()), (before.head(), before.state_hash()));
    let trail = journal.store().audit(&baton_store::AuditAsked::default(), 10).await.unwrap();
    assert_eq!(trail.len(), 1, "only what failed for want of a right: {trail:?}");
    assert_eq!(
        (trail[0].act.as_str(), trail[0].person, trail[0].about.as_deref()),
        ("refused", Some(PersonId(99)), Some("MakeItem"))
    );
    // A refused key is free to be used.
    journal.submit(Caller::Person(CLERK), item("a")).await.unwrap();
    journal.close().await;
    clean(&place.path()).await;
}

async fn two_processes_do_not_share_a_folder(place: Place) {
    let journal = place.founded().await;
    let second = place.try_open().await.unwrap_err();
    assert_eq!((second.code, second.exit), ("folder.in_use", 75));
    assert!(
        second.zh.contains("正由另一进程使用") && second.en.contains(&format!("pid {}", std::process::id())),
        "{second}"
    );
    assert!(Lock::is_held(&Folder::at(place.path())));
    // Reading beside it is fine.
    clean(&place.path()).await;
    journal.close().await;
    place.open().await.close().await;
}

async fn a_file_is_durable_before_it_is_named_and_an_unnamed_one_goes_after_a_day(place: Place) {
    let journal = place.founded().await;
    let store = journal.store().clone();
    let named = store.put_file(Some(CLERK), "../照片 1.jpg", "image/jpeg", b"named".to_vec()).await.unwrap();
    let unnamed = store.put_file(Some(CLERK), "b.pdf", "application/pdf", b"unnamed".to_vec()).await.unwrap();
    assert_eq!((named.name.as_str(), named.bytes), ("照片 1.jpg", 5));
    let today = journal.snapshot().day_of(journal.now());
    journal.submit(Caller::Person(CLERK), item("a")).await.unwrap();
    journal.submit(Caller::Person(CLERK), ended("e", "a", today, vec![named.clone()])).await.unwrap();
    // A leftover of an upload that broke off between rename and commit, and one of a broken write.
    let shelf = place.path().join("files").join("ab");
    std::fs::create_dir_all(&shelf).unwrap();
    let orphan = shelf.join(format!("ab{}", "0".repeat(62)));
    std::fs::write(&orphan, b"orphan").unwrap();
    let loose = place.path().join("files").join("tmp-1");
    std::fs::write(&loose, b"loose").unwrap();
    assert_eq!(store.sweep_files().await.unwrap(), 0, "nothing is a day old");
    place.clock.pass(SignedDuration::from_hours(23));
    assert_eq!(store.sweep_files().await.unwrap(), 0);
    place.clock.pass(SignedDuration::from_mins(61));
    assert_eq!(store.sweep_files().await.unwrap(), 3);
    assert!(!orphan.exists() && !loose.exists());
    assert_eq!(store.file(&unnamed.digest).await.unwrap(), None);
    let kept = store.file(&named.digest).await.unwrap().unwrap();
    assert_eq!((kept.file, kept.bytes), (named, b"named".to_vec()));
    journal.close().await;
    clean(&place.path()).await;
}

async fn the_same_upload_twice_is_one_file_for_its_owner_and_another_for_others(place: Place) {
    let journal = place.founded().await;
    let store = journal.store();
    let put = |by: u128, name: &'static str, bytes: &'static [u8]| {
        store.put_file(Some(PersonId(by)), name, "text/plain", bytes.to_vec())
    };
    let first = put(1, "a.txt", b"same").await.unwrap();
    assert_eq!(put(1, "a.txt", b"same").await.unwrap(), first);
    assert_ne!(put(2, "a.txt", b"same").await.unwrap().digest, first.digest, "whether others have it must not show");
    assert_ne!(put(1, "a.txt", b"else").await.unwrap().digest, first.digest);
    // Once its bytes are gone it is not answered again.
    let path = place.path().join("files").join(&first.digest.to_string()[..2]).join(first.digest.to_string());
    std::fs::remove_file(path).unwrap();
    assert_ne!(put(1, "a.txt", b"same").await.unwrap().digest, first.digest);
    let empty = put(1, "a.txt", b"").await.unwrap_err();
    assert!(matches!(&empty, StoreError::Refused(r) if r.code == "file.empty"), "{empty}");
    let huge =
        store.put_file(None, "h", "x", vec![0; baton_store::limits::FILE_BYTES_MAX as usize + 1]).await.unwrap_err();
    assert!(matches!(&huge, StoreError::Refused(r) if r.code == "file.large"), "{huge}");
    journal.close().await;
}

async fn an_entry_cannot_name_a_file_that_is_not_there(place: Place) {
    let journal = place.founded().await;
    let clerk = Caller::Person(CLERK);
    let today = journal.snapshot().day_of(journal.now());
    journal.submit(clerk, item("a")).await.unwrap();
    let nowhere = baton_kernel::FileRef {
        digest: baton_kernel::Digest::of(b"nowhere"),
        name: "票据.pdf".into(),
        media: "application/pdf".into(),
        bytes: 7,
    };
    let head = journal.snapshot().head();
    let answers = tokio::join!(
        journal.submit(clerk, item("b")),
        journal.submit(clerk, ended("e", "a", today, vec![nowhere])),
        journal.submit(clerk, item("c")),
    );
    assert_eq!(refusal(answers.1), "file.missing");
    assert!(answers.0.is_ok() && answers.2.is_ok(), "the others of the commit go on");
    assert_eq!(journal.snapshot().head().seq, head.seq + 4);
    journal.close().await;
    clean(&place.path()).await;
}

async fn erased_content_is_gone_from_the_folder_and_the_chain_stays_whole(place: Place) {
    const CANARY: &str = "王小明-金丝雀-13800001111";
    let journal = place.founded().await;
    let clerk = Caller::Person(CLERK);
    let today = journal.snapshot().day_of(journal.now());
    let mut named = person("w");
    named.act = baton_kernel::Act::PutPerson { person: PersonId(77), name: CANARY.into() };
    let said = journal.submit(Caller::Founder, named).await.unwrap();
    let file = journal.store().put_file(Some(CLERK), "证.txt", "text/plain", CANARY.as_bytes().to_vec()).await.unwrap();
    journal.submit(clerk, item("a")).await.unwrap();
    journal.submit(clerk, ended("e", "a", today, vec![file.clone()])).await.unwrap();
    journal.record_state().await.unwrap();
    assert!(holds(&place.path(), CANARY.as_bytes()), "the canary must be there first");
    let text = text_named_by(&place.path(), said.first).await;
    assert_eq!(journal.store().text(&text).await.unwrap().as_deref(), Some(CANARY));
    let unknown = erase("no", vec![baton_kernel::Digest::of(b"no")]);
    assert_eq!(refusal(journal.submit(Caller::Founder, unknown).await), "erase.unknown");
    journal.submit(Caller::Founder, erase("erase", vec![text, file.digest])).await.unwrap();
    assert_eq!(journal.store().text(&text).await.unwrap(), None);
    assert_eq!(journal.store().file(&file.digest).await.unwrap(), None);
    assert!(!holds(&place.path(), CANARY.as_bytes()), "erased content is still in the folder");
    let state = journal.snapshot().state_hash();
    journal.close().await;
    assert!(!holds(&place.path(), CANARY.as_bytes()));
    let report = clean(&place.path()).await;
    assert_eq!((report.erased, report.state), (2, Some(state)));
    let journal = place.open().await;
    assert_eq!(journal.snapshot().state_hash(), state);
    journal.close().await;
}

/// Whether any file of the folder holds these bytes.
fn holds(dir: &std::path::Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        std::fs::read(&path).is_ok_and(|all| all.windows(bytes.len()).any(|w| w == bytes))
    })
}

async fn text_named_by(dir: &std::path::Path, seq: u64) -> baton_kernel::Digest {
    let out = dir.with_extension(format!("export-{seq}"));
    baton_store::export(dir, &out).await.unwrap();
    let ledger = std::fs::read_to_string(out.join("ledger.jsonl")).unwrap();
    let line = ledger.lines().nth(seq as usize - 1).unwrap();
    let entry: baton_kernel::Entry = serde_json::from_str(line).unwrap();
    std::fs::remove_dir_all(out).unwrap();
    entry.body.blobs().0[0]
}

async fn a_zone_with_a_real_clock_takes_no_other_time(place: Place) {
    let journal = place.founded().await;
    let then = "2023-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(refusal(journal.submit_at(Caller::Founder, person("p"), then).await), "clock.real");
    assert_eq!(journal.pen().unwrap_err().code, "clock.real");
    // The wall's clock goes back: the ledger's time still rises.
    let before = journal.snapshot().head().known_at;
    place.clock.pass(SignedDuration::from_hours(-5));
    journal.submit(Caller::Founder, person("p")).await.unwrap();
    assert!(journal.snapshot().head().known_at > before);
    journal.close().await;
    clean(&place.path()).await;
}

async fn a_simulated_zone_is_laid_down_at_past_dates_and_goes_on_from_there(place: Place) {
    let journal = place.open().await;
    let start: jiff::Timestamp = "2022-01-05T01:00:00Z".parse().unwrap();
    let mut pen = journal.pen().unwrap();
    assert_eq!(pen.submit(Caller::Founder, &found(false), start).unwrap_err().code, "clock.real");
    for (n, command) in founding(true).iter().enumerate() {
        pen.submit(Caller::Founder, command, start + SignedDuration::from_mins(n as i64)).unwrap();
    }
    let file = pen.put_file(Caller::Person(CLERK), "a.pdf", "application/pdf", [5; 16], b"evidence".to_vec()).unwrap();
    let mut at = start;
    for n in 0..300 {
        at = start + (n + 1).hours();
        let receipt = pen.submit(Caller::Person(CLERK), &item(&format!("i{n}")), at).unwrap();
        assert_eq!(pen.submit(Caller::Person(CLERK), &item(&format!("i{n}")), at).unwrap(), receipt);
    }
    let on = pen.zone().day_of(at);
    pen.submit(Caller::Person(CLERK), &ended("end", "i0", on, vec![file.clone()]), at).unwrap();
    assert_eq!(pen.submit(Caller::Founder, &person("early"), start).unwrap_err().code, "clock.before");
    assert_eq!(pen.commands(), 306);
    let head = journal.lay(pen).await.unwrap();
    assert_eq!(journal.snapshot().head(), head);
    assert!(journal.now() >= head.known_at && journal.now() < head.known_at + SignedDuration::from_mins(5));
    let done = journal
        .submit_many(vec![
            (Caller::Founder, person("m1"), at + 1.hour()),
            (Caller::Person(PersonId(99)), item("m2"), at + 2.hours()),
            (Caller::Founder, person("m3"), at + 3.hours()),
        ])
        .await
        .unwrap();
    assert!(done[0].is_ok() && done[1].is_err() && done[2].is_ok());
    journal.submit_at(Caller::Founder, person("then"), at + 5.hours()).await.unwrap();
    assert_eq!(refusal(journal.submit_at(Caller::Founder, person("back"), at).await), "clock.before");
    journal.submit(Caller::Founder, person("on")).await.unwrap();
    let last = journal.snapshot().head().known_at;
    assert!(last >= at + 5.hours() && last < at + 6.hours(), "{last}");
    assert_eq!(journal.store().file(&file.digest).await.unwrap().unwrap().bytes, b"evidence");
    journal.close().await;
    // Days pass outside; inside the clock goes on where it stopped, or where it is told to.
    place.clock.pass(SignedDuration::from_hours(24 * 9));
    let journal = place.open().await;
    assert!(journal.now() < last + SignedDuration::from_hours(1));
    journal.close().await;
    let from = last + 48.hours();
    let journal =
        Journal::open(&place.path(), Opening { simulated_from: Some(from), ..place.opening() }).await.unwrap();
    assert!(journal.now() >= from);
    journal.close().await;
    clean(&place.path()).await;
}

async fn a_pen_lays_all_or_nothing_and_never_over_somebody_elses_entry(place: Place) {
    let journal = place.open().await;
    let start: jiff::Timestamp = "2022-01-05T01:00:00Z".parse().unwrap();
    let founded: Vec<_> = founding(true).into_iter().map(|c| (Caller::Founder, c, start)).collect();
    journal.submit_many(founded).await.unwrap();
    let mut stale = journal.pen().unwrap();
    stale.submit(Caller::Founder, &person("a"), start + 1.hour()).unwrap();
    journal.submit_at(Caller::Founder, person("b"), start + 1.hour()).await.unwrap();
    let head = journal.snapshot().head();
    assert!(matches!(journal.lay(stale).await, Err(StoreError::Refused(r)) if r.code == "pen.stale"));
    let mut torn = journal.pen().unwrap();
    torn.submit(Caller::Founder, &person("c"), start + 2.hours()).unwrap();
    let mut reused = item("d");
    reused.key = "b".into();
    torn.submit(Caller::Founder, &reused, start + 2.hours()).unwrap();
    assert!(matches!(journal.lay(torn).await, Err(StoreError::Refused(r)) if r.code == "key.reused"));
    assert_eq!(journal.snapshot().head(), head);
    journal.close().await;
    assert_eq!(clean(&place.path()).await.head_hash, head.hash);
}

async fn drafts_are_ones_own_and_a_second_window_loses_nothing(place: Place) {
    let journal = place.founded().await;
    let store = journal.store();
    let (me, you) = (PersonId(1), PersonId(2));
    assert_eq!(store.save_draft(me, "report", "2023Q1", "{\"a\":1}", 5, Some(0)).await.unwrap(), 1);
    assert_eq!(store.save_draft(me, "report", "2023Q1", "{\"a\":2}", 5, Some(1)).await.unwrap(), 2);
    let late = store.save_draft(me, "report", "2023Q1", "{\"a\":9}", 5, Some(1)).await.unwrap_err();
    assert!(matches!(&late, StoreError::Refused(r) if r.code == "draft.newer"), "{late}");
    let draft = store.draft(me, "report", "2023Q1").await.unwrap().unwrap();
    assert_eq!((draft.json.as_str(), draft.base, draft.revision), ("{\"a\":2}", 5, 2));
    assert_eq!(store.save_draft(me, "report", "2023Q1", "{\"a\":3}", 6, None).await.unwrap(), 3);
    assert_eq!(store.draft(you, "report", "2023Q1").await.unwrap(), None);
    store.drop_draft(you, "report", "2023Q1").await.unwrap();
    assert_eq!(store.drafts(me).await.unwrap().len(), 1);
    let head = journal.snapshot().head();
    journal.close().await;
    let journal = place.open().await;
    assert_eq!(journal.snapshot().head(), head, "saving a draft never makes an entry");
    assert_eq!(journal.store().draft(me, "report", "2023Q1").await.unwrap().unwrap().revision, 3);
    journal.store().drop_draft(me, "report", "2023Q1").await.unwrap();
    assert_eq!(journal.store().drafts(me).await.unwrap(), vec![]);
    let large = "x".repeat(baton_store::limits::DRAFT_BYTES_MAX + 1);
    let large = journal.store().save_draft(me, "k", "k", &large, 0, None).await.unwrap_err();
    assert!(matches!(&large, StoreError::Refused(r) if r.code == "draft.large"), "{large}");
    journal.close().await;
}

async fn a_preview_is_bound_to_its_owner_and_purpose_and_expires(place: Place) {
    let journal = place.founded().await;
    let store = journal.store();
    let (me, you) = (PersonId(1), PersonId(2));
    let file = baton_kernel::Digest::of(b"workbook");
    let preview = store.put_preview(me, "figures", file, 5, "[]").await.unwrap();
    assert_eq!(store.preview(me, "figures", preview.id).await.unwrap(), Some(preview.clone()));
    assert_eq!(store.preview(you, "figures", preview.id).await.unwrap(), None);
    assert_eq!(store.preview(me, "units", preview.id).await.unwrap(), None);
    store.drop_preview(you, preview.id).await.unwrap();
    place.clock.pass(SignedDuration::from_hours(23));
    assert!(store.preview(me, "figures", preview.id).await.unwrap().is_some());
    place.clock.pass(SignedDuration::from_hours(2));
    assert_eq!(store.preview(me, "figures", preview.id).await.unwrap(), None);
    let mut last = None;
    for n in 0..25 {
        place.clock.pass(SignedDuration::from_secs(1));
        last = Some(store.put_preview(me, "figures", file, n, "[]").await.unwrap());
    }
    assert!(store.preview(me, "figures", last.unwrap().id).await.unwrap().is_some());
    journal.close().await;
}

async fn a_job_is_added_once_leased_once_and_set_aside_after_three_tries(place: Place) {
    let journal = place.founded().await;
    let store = journal.store();
    let due = store.now() + 1.hour();
    assert!(store.add_job(Lane::Outbox, "due/t1", "remind", "{}", Some(CLERK), due).await.unwrap());
    assert!(!store.add_job(Lane::Outbox, "due/t1", "remind", "{}", Some(CLERK), due).await.unwrap());
    assert_eq!(store.take_job(Lane::Outbox).await.unwrap(), None, "not due");
    place.clock.pass(SignedDuration::from_hours(1));
    let first = store.take_job(Lane::Outbox).await.unwrap().unwrap();
    assert_eq!((first.tries, first.owner, first.state), (1, Some(CLERK), JobState::Taken));
    assert_eq!(store.take_job(Lane::Outbox).await.unwrap(), None, "held");
    assert_eq!(store.take_job(Lane::Work).await.unwrap(), None);
    // Its worker goes away; another takes it, and the first one's end no longer counts.
    place.clock.pass(SignedDuration::from_mins(6));
    let second = store.take_job(Lane::Outbox).await.unwrap().unwrap();
    assert_eq!(second.tries, 2);
    assert!(!store.finish_job(&first, "late").await.unwrap());
    assert_eq!(store.fail_job(&second, "no answer", store.now()).await.unwrap(), JobState::Waiting);
    let third = store.take_job(Lane::Outbox).await.unwrap().unwrap();
    assert_eq!(store.fail_job(&third, "no answer", store.now()).await.unwrap(), JobState::Failed);
    assert_eq!(store.take_job(Lane::Outbox).await.unwrap(), None);
    let failed = store.failed_jobs().await.unwrap();
    assert_eq!((failed.len(), failed[0].error.as_deref()), (1, Some("no answer")));
    // A poison job whose workers all die is set aside too.
    store.add_job(Lane::Work, "w", "parse", "{}", None, store.now()).await.unwrap();
    for tries in 1..=3 {
        assert_eq!(store.take_job(Lane::Work).await.unwrap().unwrap().tries, tries);
        place.clock.pass(SignedDuration::from_mins(6));
    }
    assert_eq!(store.take_job(Lane::Work).await.unwrap(), None);
    assert_eq!(store.job(Lane::Work, "w").await.unwrap().unwrap().state, JobState::Failed);
    store.add_job(Lane::Work, "good", "parse", "{}", None, store.now()).await.unwrap();
    let good = store.take_job(Lane::Work).await.unwrap().unwrap();
    assert!(store.finish_job(&good, "42").await.unwrap());
    let done = store.job(Lane::Work, "good").await.unwrap().unwrap();
    assert_eq!((done.state, done.result.as_deref()), (JobState::Done, Some("42")));
    journal.close().await;
}

async fn a_broken_ledger_is_not_served(place: Place) {
    let journal = place.founded().await;
    journal.close().await;
    super::damage::sql(&place.path(), &["UPDATE entry SET text = replace(text, '东桥镇', '西桥镇')"]).await;
    let trouble = place.try_open().await.unwrap_err();
    assert_eq!((trouble.code, trouble.exit), ("ledger.broken", 65));
    assert!(trouble.zh.contains("第 4 条") && trouble.en.contains("entry 4"), "{trouble}");
    // The lock is free again: it can be restored over.
    assert!(!Lock::is_held(&Folder::at(place.path())));
}
