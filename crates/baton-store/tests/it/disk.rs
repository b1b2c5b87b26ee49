//! Disk: when it is full, writing is refused cleanly, reading goes on, and writing works again by itself.

use super::bench::*;
use baton_kernel::{Act, Caller};
use baton_store::*;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A small file system of its own, unmounted when dropped.
struct Tiny(PathBuf);

impl Tiny {
    fn mount(at: &Path, size: &str) -> Option<Tiny> {
        std::fs::create_dir_all(at).unwrap();
        let options = format!("size={size},mode=700");
        let done =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).stderr(Stdio::null()).status();
        done.is_ok_and(|s| s.success()).then(|| Tiny(at.to_path_buf()))
    }
}

impl Drop for Tiny {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_cleanly_and_recovers_by_itself() {
    let place = Place::new();
    let Some(tiny) = Tiny::mount(&place.path(), "6m") else {
        println!("skipped: a file system of a few megabytes cannot be mounted here");
        return;
    };
    let journal = place.founded().await;
    let store = journal.store().clone();
    store.add_account(None, "jia", CLERK, "河边的灯笼与三只旧碗", false, &[]).await.unwrap();
    let signed_in = store.sign_in("jia", "河边的灯笼与三只旧碗", &Origin::default()).await.unwrap();
    let filler = place.path().join("filler");
    std::fs::write(&filler, vec![1u8; 2 * 1024 * 1024]).unwrap();
    let long = "字".repeat(baton_kernel::limits::WORDS_CHARS_MAX);
    let merge = |n: u32| {
        let files = std::collections::BTreeMap::from([(format!("lexicon/{n}.txt"), long.repeat(8))]);
        let mut all = super::bench::files();
        all.extend(files);
        command(&format!("b{n}"), Act::ApplyBlueprint { files: all, because: "词典".into() })
    };
    let mut done = 0;
    let full = loop {
        match journal.submit(Caller::Founder, merge(done)).await {
            Ok(_) => done += 1,
            Err(e) => break e,
        }
        assert!(done < 200, "the disk never filled");
    };
    assert!(matches!(full, StoreError::Full), "{full}");
    assert!(!journal.poisoned());
    let head = journal.snapshot().head();
    // Reading, sessions and export go on.
    assert!(store.session(&signed_in.token).await.unwrap().is_some());
    assert!(export(&place.path(), &place.beside("export")).await.unwrap().entries == head.seq);
    let big = store.put_file(None, "f", "x", vec![7; 5 * 1024 * 1024]).await.unwrap_err();
    assert!(matches!(big, StoreError::Full), "{big}");
    for n in 0..3 {
        let again = journal.submit(Caller::Founder, merge(done)).await.unwrap_err();
        assert!(matches!(again, StoreError::Full), "try {n}: {again}");
    }
    assert_eq!(journal.snapshot().head(), head);
    // Space returns: the same command with the same key goes through, once.
    std::fs::remove_file(&filler).unwrap();
    let receipt = journal.submit(Caller::Founder, merge(done)).await.unwrap();
    assert_eq!(receipt.first, head.seq + 1);
    journal.close().await;
    let report = clean(&place.path()).await;
    assert_eq!(report.head_seq, receipt.last);
    drop(tiny);
}
