//! The demo zone through the command line: documents, two cuts, one figure in every form.

use crate::program::*;
use serde_json::Value;

fn review(known: &str, more: &[&str]) -> Value {
    let zone = zone();
    let mut args = vec!["review", "2023Q1", "--dir", path(&zone), "--known", known, "--format", "json"];
    args.extend(more);
    serde_json::from_str(&ok(&args)).expect("JSON")
}

/// Every number of a review by line and unit: value as text, missing.
fn numbers(review: &Value) -> Vec<(String, String)> {
    let mut list = Vec::new();
    for area in review["areas"].as_array().expect("areas") {
        for line in area["lines"].as_array().expect("lines") {
            let key = line["key"].as_str().expect("a key");
            list.push((key.to_owned(), line["pace"]["done"].to_string()));
            for unit in line["by_unit"].as_array().expect("units") {
                list.push((format!("{key}/{}", unit[0]["code"]), unit[1]["done"].to_string()));
            }
        }
    }
    list
}

#[test]
fn the_demo_writes_one_of_every_document() {
    let folder = demo().join("demo").join("documents");
    for (name, magic) in [
        ("通报.pdf", "%PDF"),
        ("通报.docx", "PK"),
        ("任务分解表.docx", "PK"),
        ("任务分解表.xlsx", "PK"),
        ("评议.xlsx", "PK"),
        ("月调度表.xlsx", "PK"),
    ] {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(bytes.starts_with(magic.as_bytes()), "{name}");
    }
}

#[test]
fn two_cuts_differ_by_what_was_said_in_between_and_the_first_stays_as_it_was() {
    let (early, late) = (review("2023-04-01", &[]), review("2023-04-26", &[]));
    let (a, b) = (numbers(&early), numbers(&late));
    let changed: Vec<&String> = a.iter().zip(&b).filter(|(x, y)| x != y).map(|((key, _), _)| key).collect();
    assert!(!changed.is_empty(), "late answers and corrections lie between the cuts");
    assert!(changed.len() < a.len(), "not everything changed");
    assert!(early["cut"].as_u64() < late["cut"].as_u64());
    assert_eq!(review("2023-04-01", &[]), early);
}

#[test]
fn a_town_never_sees_another_value_of_one_number() {
    let all = review("2023-04-26", &[]);
    let own = review("2023-04-26", &["--as", "reporter"]);
    assert_eq!(own["whole"], Value::Bool(false));
    let rows = |review: &Value| -> std::collections::BTreeMap<String, String> {
        let mut map = std::collections::BTreeMap::new();
        for area in review["areas"].as_array().expect("areas") {
            for line in area["lines"].as_array().expect("lines") {
                for unit in line["by_unit"].as_array().expect("units") {
                    map.insert(format!("{}/{}", line["key"], unit[0]["code"]), unit[1].to_string());
                }
            }
        }
        map
    };
    let (all, own) = (rows(&all), rows(&own));
    assert!(!own.is_empty() && own.len() < all.len());
    for (key, value) in &own {
        assert_eq!(all.get(key), Some(value), "{key}");
    }
}

#[test]
fn the_circular_prints_the_numbers_of_the_review_and_passes_its_own_checks() {
    let zone = zone();
    let file = demo().join("circular.json");
    ok(&["circular", "M-2023Q1", "--format", "json", "-o", path(&file), "--known", "2023-04-26", "--dir", path(&zone)]);
    let circular: Value = serde_json::from_slice(&std::fs::read(&file).expect("written")).expect("JSON");
    let checks = circular["checks"].as_array().expect("checks");
    assert!(checks.len() > 10);
    for check in checks {
        assert_eq!(check["holds"], Value::Bool(true), "{}", check["words"]);
    }
    let review = review("2023-04-26", &[]);
    let text = circular.to_string();
    for area in review["areas"].as_array().expect("areas") {
        for line in area["lines"].as_array().expect("lines") {
            if let Some(share) = line["pace"]["share"]["value"].as_str() {
                assert!(text.contains(&format!("\"value\":\"{share}\"")), "{} {share}", line["key"]);
            }
        }
    }
}

#[test]
fn a_workbook_made_here_and_sent_back_untouched_changes_nothing() {
    let zone = zone();
    let file = demo().join("baishi.xlsx");
    ok(&["sheet", "baishi", "2023M03", "-o", path(&file), "--dir", path(&zone)]);
    let out = ok(&[
        "import",
        path(&file),
        "--period",
        "2023M03",
        "--unit",
        "baishi",
        "--as",
        "checker",
        "--format",
        "json",
        "--dir",
        path(&zone),
    ]);
    let preview: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(preview["counts"]["refused"], 0, "{preview}");
    assert_eq!(preview["counts"]["changed"], 0);
}

#[test]
fn wrong_calls_say_what_is_wrong_and_end_with_their_status() {
    let zone = zone();
    let zone = path(&zone);
    for (args, status, words) in [
        (vec!["review", "2023Q9", "--dir", zone], 65, "2023Q9"),
        (vec!["review", "2023Q1", "--dir", "/nowhere"], 66, "baton init"),
        (vec!["review", "2023Q1", "--dir", zone, "--as", "nobody"], 77, "nobody"),
        (vec!["clean", "/nowhere"], 66, "/nowhere"),
        (vec!["sheet", "none", "2023M03", "-o", "/tmp/x.xlsx", "--dir", zone], 65, "none"),
        (vec!["circular", "M-0", "--format", "pdf", "-o", "/tmp/x.pdf", "--dir", zone], 77, "absent"),
    ] {
        let (code, said) = fails(&args);
        assert_eq!(code, status, "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    }
}
