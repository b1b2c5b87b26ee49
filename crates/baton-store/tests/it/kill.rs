//! Kill: a process that ends at any instant loses nothing it acknowledged and leaves nothing half done.

use super::bench::*;
use baton_kernel::Caller;
use baton_store::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const DIR: &str = "BATON_STORE_CHILD_DIR";
const CYCLE: &str = "BATON_STORE_CHILD_CYCLE";

/// Starts this test binary again as a process that submits from eight threads and prints each answer.
pub fn child(dir: &std::path::Path, cycle: u32, before: &[&str]) -> Child {
    let own = std::env::current_exe().unwrap();
    let mut words: Vec<std::ffi::OsString> = before.iter().map(Into::into).collect();
    words.push(own.into());
    words.extend(["--exact", "it::kill::the_process_that_is_killed", "--nocapture"].map(Into::into));
    Command::new(&words[0])
        .args(&words[1..])
        .env(DIR, dir)
        .env(CYCLE, cycle.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Does nothing, unless it was started by another test of this file.
#[test]
fn the_process_that_is_killed() {
    let (Ok(dir), Ok(cycle)) = (std::env::var(DIR), std::env::var(CYCLE)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let journal = match runtime.block_on(Journal::open(dir.as_ref(), Opening::default())) {
        Ok(journal) => Arc::new(journal),
        Err(trouble) => {
            println!("TROUBLE {}", trouble.code);
            std::process::exit(trouble.exit.into());
        }
    };
    let threads: Vec<_> = (0..8)
        .map(|t| {
            let (journal, cycle) = (journal.clone(), cycle.clone());
            std::thread::spawn(move || {
                for n in 0..2_000 {
                    let key = format!("k{cycle}-{t}-{n}");
                    let line = match journal.submit_waiting(Caller::Founder, person(&key)) {
                        Ok(receipt) => format!("ACK {key} {} {}", receipt.first, receipt.witness),
                        Err(StoreError::Unknown) => format!("UNKNOWN {key}"),
                        Err(other) => format!("OTHER {key} {other}"),
                    };
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
                    if journal.poisoned() {
                        return;
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let status = if journal.poisoned() { 74 } else { 0 };
    std::process::exit(status);
}

/// Reads the child's lines; `stop` says when to kill it. Answers every complete line up to its end.
fn lines(child: &mut Child, mut stop: impl FnMut(usize) -> bool) -> Vec<String> {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut all = Vec::new();
    let mut acks = 0;
    let mut killed = false;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).unwrap() == 0 || !line.ends_with('\n') {
            return all;
        }
        // The harness prints its own words before the first answer.
        let at = ["ACK ", "UNKNOWN ", "OTHER ", "TROUBLE "].iter().filter_map(|w| line.find(w)).min();
        let Some(at) = at else { continue };
        let line = line[at..].trim().to_owned();
        acks += usize::from(line.starts_with("ACK "));
        all.push(line);
        if !killed && stop(acks) {
            child.kill().unwrap(); // SIGKILL
            killed = true;
        }
    }
}

/// Every acknowledged command is there once, with the answer that was given.
async fn all_there(journal: &Journal, said: &[String]) -> usize {
    let head = journal.snapshot().head();
    let mut count = 0;
    for line in said.iter().filter_map(|l| l.strip_prefix("ACK ")) {
        let mut words = line.split(' ');
        let (key, first, witness) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let again = journal.submit(Caller::Founder, person(key)).await.unwrap();
        assert_eq!((again.first.to_string().as_str(), again.witness.to_string().as_str()), (first, witness), "{key}");
        count += 1;
    }
    assert_eq!(journal.snapshot().head(), head, "an acknowledged command was carried out again");
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nothing_it_acknowledged() {
    let place = Place::new();
    place.founded().await.close().await;
    let cycles: u32 = std::env::var("BATON_KILL_CYCLES").ok().and_then(|n| n.parse().ok()).unwrap_or(8);
    let mut everything = Vec::new();
    for cycle in 0..cycles {
        let mut process = child(&place.path(), cycle, &[]);
        // At another place each time: after few answers, and after many.
        let after = 1 + (cycle as usize * 67) % 331;
        let said = lines(&mut process, |acks| acks >= after);
        process.wait().unwrap();
        assert!(said.iter().all(|l| l.starts_with("ACK ")), "{said:?}");
        assert!(said.len() >= after);
        let journal = place.open().await;
        assert_eq!(all_there(&journal, &said).await, said.len());
        everything.extend(said);
        // The process ends here without closing, too.
        let report = clean(&place.path()).await;
        assert_eq!(report.batches, report.receipts);
        journal.close().await;
    }
    let journal = place.open().await;
    assert_eq!(all_there(&journal, &everything).await, everything.len());
    let people = journal.snapshot().people().count();
    assert!(people > everything.len(), "acknowledged {} of {people}", everything.len());
    journal.close().await;
    clean(&place.path()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_error_at_commit_stops_the_process_and_is_resolved_by_the_key() {
    let works = Command::new("strace").args(["-f", "-e", "trace=none", "true"]).stderr(Stdio::null()).status();
    if !works.is_ok_and(|s| s.success()) {
        println!("skipped: strace is not here or may not trace");
        return;
    }
    let mut stopped = 0;
    for when in ["6", "9", "15", "30", "30+", "61+"] {
        let place = Place::new();
        place.founded().await.close().await;
        let inject = format!("inject=fdatasync,fsync:error=EIO:when={when}");
        let trace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", &inject];
        let mut process = child(&place.path(), 0, &trace);
        let said = lines(&mut process, |_| false);
        let status = process.wait().unwrap();
        assert_eq!(status.code(), Some(74), "EIO at sync {when}: {:?}", said.last());
        let unknown: Vec<_> = said.iter().filter_map(|l| l.strip_prefix("UNKNOWN ")).collect();
        assert!(!said.iter().any(|l| l.starts_with("OTHER ")), "{said:?}");
        stopped += unknown.len();
        // The supervisor starts it again; the clients ask with their keys.
        let journal = place.open().await;
        all_there(&journal, &said).await;
        for key in unknown {
            let first = journal.submit(Caller::Founder, person(key)).await.unwrap();
            assert_eq!(journal.submit(Caller::Founder, person(key)).await.unwrap(), first);
        }
        journal.close().await;
        clean(&place.path()).await;
    }
    assert!(stopped > 0, "no commit was ever in doubt: the fault was not injected");
}
