//! Each rule over a few made-up files: what it finds, and what it lets stand.

use xtask::{House, rules, told};

/// The places a rule finds, as `file:line`.
fn found(rule: fn(&House) -> Vec<xtask::Breach>, files: &[(&str, &str)]) -> Vec<String> {
    places(&told(rule(&House::of(files))))
}

fn places(told: &str) -> Vec<String> {
    let place = |line: &str| line.split(": ").next().unwrap_or_default().to_owned();
    told.lines().map(place).collect()
}

const KERNEL: &str = "crates/baton-kernel/src/a.rs";
const WEB: &str = "crates/baton-web/src/a.rs";

#[test]
fn io_in_a_pure_room_is_found_and_in_its_tests_is_not() {
    let text = "//! A.\nuse std::{fmt, fs};\nfn a() { let t = SystemTime::now(); }\nasync fn b() {}\n\
                fn c() { println!(\"std::fs\"); std::env::var(\"A\"); }\n\
                #[cfg(test)]\nmod tests { use std::fs; fn d() { println!(); } }\n/// `std::fs` in words.\nfn e() {}\n";
    assert_eq!(
        found(rules::purity::breaches, &[(KERNEL, text)]),
        ["2", "3", "4", "5", "5"].map(|n| format!("{KERNEL}:{n}"))
    );
    assert!(found(rules::purity::breaches, &[(WEB, text)]).is_empty());
    let manifest = "[package]\nname = \"baton-kernel\"\n\n[dependencies]\ntokio.workspace = true\n";
    let path = "crates/baton-kernel/Cargo.toml";
    assert_eq!(found(rules::purity::breaches, &[(path, manifest)]), [format!("{path}:5")]);
}

#[test]
fn an_entry_made_outside_decide_is_found_and_one_taken_apart_is_not() {
    let text =
        "//! A.\nfn a() { Entry { v: 1, seq: 2 } }\nfn b(e: Entry) { let Entry { seq, .. } = e; Sealed::of(e) }\n";
    assert_eq!(found(rules::ledger::breaches, &[(WEB, text)]), [format!("{WEB}:2"), format!("{WEB}:3")]);
    assert!(found(rules::ledger::breaches, &[("crates/baton-kernel/src/decide/a.rs", text)]).is_empty());
    let store = "crates/baton-store/src/a.rs";
    let text = "//! A.\nconst A: &str = \"UPDATE  entry SET text = ''\";\nconst B: &str = \"insert into entry (seq)\";\n\
                const C: &str = \"BEFORE UPDATE ON entry\";\npub fn append() {}\n";
    assert_eq!(found(rules::ledger::breaches, &[(store, text)]), ["2", "3", "5"].map(|n| format!("{store}:{n}")));
    let schema = "crates/baton-store/src/schema.rs";
    assert_eq!(found(rules::ledger::breaches, &[(schema, "//! A.\n")]).len(), 2, "both guards are missed");
}

#[test]
fn sql_above_the_store_is_found_and_prose_is_not() {
    let text = "//! A.\nconst A: &str = \"SELECT seq\n FROM entry\";\nconst B: &str = \"Select one from the list\";\n\
                const C: &str = \"update the list\";\nfn sqlite() {}\n";
    assert_eq!(found(rules::sql::breaches, &[(WEB, text)]), ["2", "4", "6"].map(|n| format!("{WEB}:{n}")));
    assert!(found(rules::sql::breaches, &[("crates/baton-store/src/a.rs", text)]).is_empty());
}

#[test]
fn the_zone_in_a_handler_is_found() {
    let text = "//! A.\nuse baton_kernel::Zone;\nfn a(zone: &Seen) {}\n";
    assert_eq!(found(rules::lenses::breaches, &[(WEB, text)]), [format!("{WEB}:2")]);
    assert!(found(rules::lenses::breaches, &[(KERNEL, text)]).is_empty());
}

#[test]
fn a_number_computed_while_rendering_is_found() {
    let text =
        "//! A.\nfn a(d: Decimal) { d.round_dp(2); format!(\"{d:.1}\"); format!(\"<i style='top:{d:.1}mm'>\") }\n";
    assert_eq!(found(rules::numbers::breaches, &[(WEB, text)]), [format!("{WEB}:2"), format!("{WEB}:2")]);
    let page = "<p>{{ round.title }} {{ line + 1 }}</p>\n<p>{{ done * 100 }}</p>\n<p>{{ \"a - b\" }}</p>\n";
    let path = "crates/baton-web/templates/a.html";
    assert_eq!(found(rules::numbers::breaches, &[(path, page)]), [format!("{path}:2")]);
}

#[test]
fn a_key_of_a_blueprint_in_the_program_is_found() {
    let kind = "format = 1\n[kind]\nkey = \"flood\"\n[[field]]\nkey = \"river_level\"\n[[stage]]\nkey = \"closed\"\n";
    let text = "//! A.\nfn a() { if kind == \"flood\" { b(\"river_level\", \"closed\", \"other\") } }\n\
                #[cfg(test)]\nmod tests { const A: &str = \"flood\"; }\n";
    let files = [("blueprints/x/kinds/flood.toml", kind), (KERNEL, text)];
    assert_eq!(told(rules::keys::breaches(&House::of(&files))).lines().count(), 2);
    assert!(found(rules::keys::breaches, &[files[0], ("crates/baton-stories/src/demo/a.rs", text)]).is_empty());
}

#[test]
fn a_hash_map_in_a_room_with_results_is_found() {
    let text = "//! A.\nuse std::collections::HashMap;\n";
    assert_eq!(found(rules::order::breaches, &[(KERNEL, text)]), [format!("{KERNEL}:2")]);
    assert!(found(rules::order::breaches, &[(WEB, text)]).is_empty());
}

#[test]
fn a_bound_outside_limits_is_found() {
    let text =
        "//! A.\npub const TITLE_CHARS_MAX: usize = 3;\nconst UPLOAD_BYTES_MAX: u64 = 9;\nconst STEPS_MAX: u8 = 3;\n";
    assert_eq!(found(rules::bounds::breaches, &[(KERNEL, text)]), [format!("{KERNEL}:2"), format!("{KERNEL}:3")]);
    assert!(found(rules::bounds::breaches, &[("crates/baton-kernel/src/limits.rs", text)]).is_empty());
}

const READER: (&str, &str) =
    ("crates/baton-kernel/src/messages.rs", "//! A.\nconst A: &str = include_str!(\"../messages/a.toml\");\n");
const WORDS: &str = "crates/baton-kernel/messages/a.toml";

#[test]
fn a_code_without_words_and_words_without_use_are_found() {
    let words = "\"a.one\" = { zh = \"一 {n}\", en = \"one {n}\" }\n\"a.two\" = { zh = \"二\", en = \"\" }\n\
                 \"a.three\" = { zh = \"三 {n}\", en = \"three\" }\n\"b.four\" = { zh = \"四\", en = \"four\" }\n\
                 \"b.five\" = { zh = \"五\", en = \"five\" }\n";
    let text = "//! A.\nfn a() {\nsay(lang, \"a.one\", &[(\"n\", &1)]);\nsay(lang, \"a.one\", &[]);\nsay(lang, \"a.none\", &[]);\n\
                Refusal::wrong(\"nowhere\", &[]);\nlet c = \"a.two\"; let d = \"a.three\"; format!(\"b.f{x}\");\n}\n";
    let mut places = found(rules::messages::breaches, &[READER, (WORDS, words), (KERNEL, text)]);
    places.dedup();
    let expected = [(WORDS, 2), (WORDS, 3), (KERNEL, 4), (KERNEL, 5), (KERNEL, 6)];
    let mut expected = expected.map(|(file, line)| format!("{file}:{line}")).to_vec();
    expected.sort();
    places.sort();
    assert_eq!(places, expected);
    let unused = "\"a.six\" = { zh = \"六\", en = \"six\" }\n";
    assert_eq!(found(rules::messages::breaches, &[READER, (WORDS, unused)]), [format!("{WORDS}:1")]);
}

#[test]
fn chinese_words_without_english_beside_them_are_found() {
    let text = "//! A.\nfn a() { b(\"没有找到\", \"not found\"); }\nfn c() { d(\"没有\"); k(\"a.b\") }\nfn e() { f(\"无 / none\"); }\n";
    let files = [(WEB, text)];
    assert_eq!(found(rules::messages::breaches, &files), [format!("{WEB}:3")]);
}

#[test]
fn an_edge_against_the_arrows_is_found() {
    let path = "crates/baton-text/Cargo.toml";
    let text = "[package]\nname = \"baton-text\"\n[dependencies]\nbaton-methods.workspace = true\nbaton-kernel.workspace = true\n";
    assert_eq!(found(rules::edges::breaches, &[(path, text)]), [format!("{path}:5")]);
    assert_eq!(found(rules::edges::breaches, &[("crates/baton-common/Cargo.toml", "[package]\n")]).len(), 1);
}

#[test]
fn a_path_that_is_gone_a_module_without_a_heading_and_a_second_binary_are_found() {
    let map = "See `crates/baton-kernel/src/a.rs`, `crates/gone/src/b.rs` and `cargo build`.\n";
    let files = [
        ("ARCHITECTURE.md", map),
        (KERNEL, "//! A.\n"),
        (WEB, "use a;\n"),
        ("crates/baton-web/src/utils.rs", "//! A.\n"),
        ("crates/baton-web/tests/it.rs", "//! A.\n"),
        ("crates/baton-web/tests/more.rs", "//! A.\n"),
    ];
    let expected = [
        "ARCHITECTURE.md:1",
        "crates/baton-web/src/a.rs:1",
        "crates/baton-web/src/utils.rs:0",
        "crates/baton-web/tests/more.rs:0",
    ];
    assert_eq!(found(rules::places::breaches, &files), expected);
}

#[test]
fn fonts_large_files_and_minified_scripts_are_found() {
    let (large, long) = ("x\n".repeat(110_000), "x".repeat(2_001));
    let files = [
        ("a/b.woff2", ""),
        ("a/big.txt", large.as_str()),
        ("a/c.min.js", ""),
        ("a/d.js", long.as_str()),
        ("a/e.js", "x\n"),
    ];
    assert_eq!(found(rules::places::foreign, &files), ["a/b.woff2:0", "a/big.txt:0", "a/c.min.js:0", "a/d.js:0"]);
}

#[test]
fn a_ranking_in_a_message_or_route_is_found() {
    let text = "\"a\" = { zh = \"单位排名\", en = \"Order\" }\n\"b\" = { zh = \"次序\", en = \"Ranking of units\" }\n\"c\" = { zh = \"点名\", en = \"frankingly\" }\n";
    let route = "//! A.\nconst A: &str = \"/units/leaderboard\";\nconst B: &str = \"/units\";\n";
    let expected = [format!("{WORDS}:1"), format!("{WORDS}:2"), format!("{WEB}:2")];
    assert_eq!(found(rules::burden::breaches, &[(WORDS, text), (WEB, route)]), expected);
}

#[test]
fn twelve_characters_of_a_foreign_text_are_found_and_eleven_are_not() {
    let foreign = [("x.txt".to_owned(), "某县昨日召开全县春季植树造林现场推进会。".to_owned())];
    let house = House::of(&[("a.md", "一\n开全县春季植树造林现场推进会\n"), ("b.md", "全县春季植树造林现场推\n")]);
    let copied = rules::own_words::copied(&house, &foreign);
    assert_eq!(places(&told(copied)), ["a.md:2"]);
}

#[test]
fn a_licence_that_is_not_allowed_is_found() {
    let house = House::of(&[("deny.toml", "[licenses]\nallow = [\"MIT\", \"Apache-2.0 WITH LLVM-exception\"]\n")]);
    let good = ["MIT", "MIT/GPL-3.0", "GPL-3.0 OR (MIT AND MIT)", "Apache-2.0 WITH LLVM-exception OR Zlib"];
    let bad = ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "", "(MIT OR Zlib) AND Zlib"];
    for expression in good {
        assert!(rules::licences::refused(&house, &[("a", expression)]).is_empty(), "{expression}");
    }
    for expression in bad {
        assert_eq!(rules::licences::refused(&house, &[("a", expression)]).len(), 1, "{expression}");
    }
}
