//! Verify, backup, restore, export of a real zone; an issued circular outlives correction and new rules.

use crate::program::*;

#[test]
fn an_issued_circular_stays_as_it_was_after_corrections_new_rules_and_a_restart() {
    let zone = zone();
    let dir = path(&zone);
    assert!(ok(&["verify", "--dir", dir]).contains("事实完整：是"));
    let story = demo().join("late.story");
    let correction =
        "on 2023-04-28 18:00 baishi/checker correct project P-001 invest 2023M03 11 万元 because \"发票重复\"\n";
    std::fs::write(&story, correction).expect("written");
    ok(&["play", path(&story), "--dir", dir]);
    let rules = demo().join("rules");
    ok(&["blueprint", "show", "-o", path(&rules), "--dir", dir]);
    let kind = "format = 1\n[kind]\nkey = \"visit\"\narea = \"investment\"\nlabel = { zh = \"走访\", en = \"Visit\" }\n[[field]]\nkey = \"firm\"\ntype = \"text\"\nlabel = { zh = \"企业\", en = \"Firm\" }\n";
    std::fs::write(rules.join("kinds").join("visit.toml"), kind).expect("written");
    ok(&["blueprint", "apply", path(&rules), "--because", "新增走访", "--as", "admin", "--dir", dir]);
    assert!(ok(&["verify", "--dir", dir]).contains("事实完整：是"));
}

#[test]
fn a_backup_restores_to_the_same_zone_and_never_over_another() {
    let zone = zone();
    let file = demo().join("zone.baton");
    ok(&["backup", path(&file), "--dir", path(&zone)]);
    let again = demo().join("again");
    ok(&["restore", path(&file), "--dir", path(&again)]);
    let review = |dir: &std::path::Path| ok(&["review", "2023Q1", "--known", "2023-04-26", "--dir", path(dir)]);
    assert_eq!(review(&zone), review(&again));
    let (code, said) = fails(&["restore", path(&file), "--dir", path(&again)]);
    assert_ne!(code, 0, "{said}");
    let out = demo().join("out");
    ok(&["export", path(&out), "--dir", path(&zone)]);
    assert!(std::fs::read_dir(&out).expect("there").count() > 1);
}

#[test]
fn a_flipped_byte_in_the_ledger_is_named() {
    let zone = zone();
    let file = std::fs::read_dir(&zone)
        .expect("listed")
        .filter_map(|e| e.ok().map(|e| e.path()))
        .find(|p| std::fs::read(p).is_ok_and(|b| b.starts_with(b"SQLite format 3")))
        .expect("a database");
    let mut bytes = std::fs::read(&file).expect("read");
    let needle = "target.set/1".as_bytes();
    let at = bytes.windows(needle.len()).position(|w| w == needle).expect("an entry's text");
    bytes[at] = b'T';
    std::fs::write(&file, bytes).expect("written");
    let (code, said) = fails(&["verify", "--dir", path(&zone)]);
    assert_eq!(code, 65, "{said}");
    assert!(said.contains('第'), "{said}");
}
