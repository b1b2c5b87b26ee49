//! Blueprint files with mistakes: each mistake is a diagnostic with its line; applying never breaks the past.

use crate::zone::*;
use baton_kernel::blueprint::parse;
use baton_kernel::commands::Act;
use baton_kernel::views;
use std::collections::BTreeMap;

fn files(work: &str) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("zone.toml".to_owned(), RULES.to_owned()),
        ("kinds/work.toml".to_owned(), work.to_owned()),
        ("calendar/cn.toml".to_owned(), baton_methods::WorkCalendar::CHINA_TOML.to_owned()),
    ])
}

/// The mistakes of a kind file, as `line code`.
fn mistakes(work: &str) -> Vec<String> {
    let (_, found) = parse(&files(work));
    found.iter().map(|d| format!("{} {}", d.line, d.code)).collect()
}

#[test]
fn the_rules_of_the_tests_have_no_mistake() {
    assert_eq!(mistakes(WORK), Vec::<String>::new());
}

#[test]
fn each_mistake_is_named_at_its_line() {
    // The file, a piece of text on the line of the mistake, the code.
    let cases = [
        (WORK.replace("area = \"build\"", "area = \"bild\""), "bild", "blueprint.option"),
        (WORK.replace("group = \"started\"", "gruop = \"started\""), "gruop", "blueprint.unknown"),
        (WORK.replace("to = [\"done\"]", "to = [\"dnoe\"]"), "dnoe", "blueprint.stage"),
        (WORK.replace("unit = \"wan_yuan\"", "unit = \"bushel\""), "bushel", "blueprint.option"),
        (WORK.replace("unit = \"wan_yuan\"\n", ""), "[[measure]]", "blueprint.missing"),
        (WORK.replace("decimals = 2", "decimals = 12"), "decimals = 12", "blueprint.range"),
        (WORK.replace("key = \"share\"", "key =  \"paid\""), "key =  \"paid\"", "blueprint.twice"),
        (WORK.replace("key = \"share\"", "key = \"Share!\""), "Share!", "blueprint.key"),
        (WORK.replace("format = 1", "format = 2"), "format = 2", "blueprint.range"),
        (
            format!("{WORK}\n[[check]]\nkey = \"c\"\nrule = \"at_least\"\na = \"paid\"\nb = \"piad\"\n"),
            "at_least",
            "blueprint.measure",
        ),
        (
            format!("{WORK}\n[circular]\nsection = \"进展\"\ncolumns = [\"name\", \"nmae\"]\n"),
            "nmae",
            "blueprint.column",
        ),
        (WORK.replace("label = { zh = \"在建\"", "label = { zh = \"在建"), "zh = \"在建", "blueprint.syntax"),
    ];
    for (text, needle, code) in cases {
        let at = text.find(needle).expect("the needle is there");
        let expected = format!("{} {code}", text[..at].matches('\n').count() + 1);
        let found = mistakes(&text);
        assert!(found.contains(&expected), "expected {expected}, found {found:?} in\n{text}");
    }
}

#[test]
fn every_mistake_has_words_in_both_languages_and_a_way_out() {
    let (_, found) = parse(&files(&WORK.replace("group", "gruop")));
    for d in found {
        assert!(d.zh.contains("是否想写 group") && d.en.contains("did you mean group"), "{d}");
    }
}

#[test]
fn a_field_retired_and_a_stage_renamed_leave_old_cuts_as_they_were() {
    let mut town = Town::founded();
    let with_field =
        format!("{WORK}\n[[field]]\nkey = \"site\"\ntype = \"text\"\nlabel = {{ zh = \"地点\", en = \"Site\" }}\n");
    let apply = |work: &str| Act::ApplyBlueprint { files: files(work), because: "调整".into() };
    town.must("founder", apply(&with_field));
    town.must(
        "office",
        Act::MakeItem {
            item: item("码头"),
            kind: "work".into(),
            code: "GC-1".into(),
            name: "码头".into(),
            lead: unit("QX"),
            co: vec![],
            parent: None,
            fields: BTreeMap::from([("site".into(), baton_kernel::commands::FieldInput::Typed("北岸".into()))]),
            stage: None,
        },
    );
    let old_cut = town.zone.head().seq;
    let renamed = WORK.replace("zh = \"在建\"", "zh = \"施工中\"");
    town.must("founder", apply(&renamed));
    let p = "2023Q1".parse().expect("a period");
    let now = views::items::item(&town.seen("office"), "GC-1", p).expect("seen");
    let then = views::items::item(&town.seen("office").at_cut(old_cut), "GC-1", p).expect("seen");
    let field = |page: &views::items::ItemPage| {
        page.fields.iter().map(|f| (f.label.clone(), f.value.clone(), f.retired)).collect::<Vec<_>>()
    };
    assert_eq!(field(&then), [("地点".into(), "北岸".into(), false)]);
    assert_eq!(
        field(&now),
        [("地点".into(), "北岸".into(), true)],
        "a retired field's value stays shown under its old label"
    );
    assert_eq!((then.stages[0].label.as_str(), now.stages[0].label.as_str()), ("在建", "施工中"));
}

#[test]
fn a_key_never_changes_its_type_and_a_stage_with_items_is_retired_only_with_a_mapping() {
    let mut town = Town::founded();
    town.must(
        "office",
        Act::MakeItem {
            item: item("码头"),
            kind: "work".into(),
            code: "GC-1".into(),
            name: "码头".into(),
            lead: unit("QX"),
            co: vec![],
            parent: None,
            fields: BTreeMap::new(),
            stage: None,
        },
    );
    let apply = |work: &str| Act::ApplyBlueprint { files: files(work), because: "调整".into() };
    let changed = WORK.replace("unit = \"wan_yuan\"", "unit = \"count\"");
    let refusal = town.refused("founder", apply(&changed));
    assert!(refusal.zh.contains("blueprint.type-changed"), "{}", refusal.zh);
    let (open, rest) = (WORK.find("[[stage]]").expect("a stage"), WORK.find("[[stage]]\nkey = \"done\"").expect("two"));
    let without = format!("{}{}", &WORK[..open], &WORK[rest..]);
    let refusal = town.refused("founder", apply(&without));
    assert!(refusal.zh.contains("blueprint.stage-held"), "{}", refusal.zh);
    let mapped = without.replace("key = \"done\"", "key = \"building\"\nwas = [\"open\"]\n");
    let refusal = town.run("founder", apply(&mapped));
    assert!(refusal.is_ok(), "{refusal:?}");
}
