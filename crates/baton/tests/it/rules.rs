//! Kinds invented on the spot: applied as files, they are list, form, sheet and circular section at once.

use crate::program::*;

/// One with a clock, one without stages, one with parts.
const KINDS: [(&str, &str); 3] = [
    (
        "permit.toml",
        r#"
format = 1
[kind]
key = "permit"
area = "project"
label = { zh = "审批件", en = "Permit" }
[[stage]]
key = "received"
group = "started"
label = { zh = "受理", en = "Received" }
to = ["granted"]
[[stage]]
key = "granted"
group = "completed"
label = { zh = "办结", en = "Granted" }
[[clock]]
key = "limit"
label = { zh = "承诺时限", en = "Limit" }
from = "received"
to = "granted"
days = 5
calendar = "working"
[circular]
section = { zh = "审批提速", en = "Permits" }
columns = ["number", "name", "stage", "limit", "light"]
"#,
    ),
    (
        "plate.toml",
        r#"
format = 1
[kind]
key = "plate"
area = "project"
label = { zh = "路牌", en = "Plate" }
[[field]]
key = "road"
type = "text"
label = { zh = "道路", en = "Road" }
required = true
[[measure]]
key = "set"
unit = "count"
label = { zh = "更换数", en = "Replaced" }
[circular]
section = { zh = "路牌更换", en = "Plates" }
columns = ["number", "name", "road", "set"]
"#,
    ),
    (
        "grant.toml",
        r#"
format = 1
[kind]
key = "grant"
area = "economy"
label = { zh = "奖补资金", en = "Grant" }
[[measure]]
key = "paid"
unit = "wan_yuan"
decimals = 2
label = { zh = "拨付", en = "Paid" }
parts = [ { key = "city", zh = "市级", en = "City" }, { key = "zone", zh = "区级", en = "Zone" } ]
[circular]
section = { zh = "奖补拨付", en = "Grants" }
columns = ["number", "name", "paid"]
"#,
    ),
];

#[test]
fn three_kinds_invented_on_the_spot_are_applied_and_a_mistake_is_named_at_its_line() {
    let zone = zone();
    let dir = path(&zone);
    let rules = demo().join("rules");
    ok(&["blueprint", "show", "-o", path(&rules), "--dir", dir]);
    for (name, text) in KINDS {
        std::fs::write(rules.join("kinds").join(name), text).expect("written");
    }
    ok(&["blueprint", "check", path(&rules)]);
    let effects = ok(&["blueprint", "apply", path(&rules), "--because", "试点", "--as", "admin", "--dir", dir]);
    for label in ["审批件", "路牌", "奖补资金"] {
        assert!(effects.contains(label), "{effects}");
    }
    let shown = ok(&["blueprint", "show", "--dir", dir]);
    assert!(shown.contains("受理 → 办结"), "{shown}");
    // They are list, form, sheet and circular section at once.
    let story = demo().join("used.story");
    std::fs::write(
        &story,
        "on 2023-04-28 17:00 zone/office item permit SP-1 \"规划许可\" lead baishi since 2023-04-20\n\
         on 2023-04-28 17:01 zone/office item plate LP-1 \"中心路路牌\" lead baishi\n  road 中心路\n\
         on 2023-04-28 17:02 zone/office item grant JB-1 \"技改奖补\" lead baishi\n\
         on 2023-04-28 17:03 zone/office open round N 2023M04 kinds permit,plate,grant units baishi opens 2023-04-28 due 2023-04-30 closes 2023-05-05 title \"试点调度\"\n",
    )
    .expect("written");
    ok(&["play", path(&story), "--dir", dir]);
    for (kind, code) in [("permit", "SP-1"), ("plate", "LP-1"), ("grant", "JB-1")] {
        let file = demo().join(format!("{kind}.json"));
        ok(&["dispatch", "2023M04", "--kind", kind, "--format", "json", "-o", path(&file), "--dir", dir]);
        let list = std::fs::read_to_string(&file).expect("written");
        assert!(list.contains(code), "{kind}: {list}");
    }
    let due = std::fs::read_to_string(demo().join("permit.json")).expect("written");
    assert!(due.contains("2023-04-26"), "five working days from 20 April, the worked Sunday among them: {due}");
    let sheet = demo().join("new.xlsx");
    ok(&["sheet", "baishi", "2023M04", "-o", path(&sheet), "--dir", dir]);
    let preview =
        ok(&["import", path(&sheet), "--period", "2023M04", "--as", "checker", "--format", "json", "--dir", dir]);
    assert!(preview.contains("\"refused\": 0"), "{preview}");
    let circular = demo().join("new.json");
    ok(&["circular", "M-2023Q1", "--format", "json", "-o", path(&circular), "--dir", dir]);
    let circular = std::fs::read_to_string(&circular).expect("written");
    for section in ["审批提速", "路牌更换", "奖补拨付"] {
        assert!(circular.contains(section), "{section}");
    }
    let wrong = KINDS[0].1.replace("days = 5", "dyas = 5");
    std::fs::write(rules.join("kinds").join("permit.toml"), wrong).expect("written");
    let (code, said) = fails(&["blueprint", "check", path(&rules)]);
    assert_eq!(code, 65);
    assert!(said.contains("kinds/permit.toml:21:") && said.contains("days"), "{said}");
    let (code, _) = fails(&["blueprint", "apply", path(&rules), "--because", "试点", "--as", "admin", "--dir", dir]);
    assert_eq!(code, 65);
    let (code, said) =
        fails(&["blueprint", "apply", path(&rules), "--because", "试点", "--as", "reporter", "--dir", dir]);
    assert_ne!(code, 0, "{said}");
}

#[test]
fn a_zone_is_founded_from_a_list_of_units_and_a_user_added() {
    let folder = tempfile::tempdir().expect("a folder");
    let units = folder.path().join("units.csv");
    std::fs::write(
        &units,
        "code,name,short,kind,parent,aliases,duties,from,to\nxq,某某新区,新区,zone,,,,,\ndzb,党政办公室,党政办,department,xq,,督查;会议,,\nqx,清溪镇,,town,xq,,,,\n",
    )
    .expect("written");
    let zone = folder.path().join("zone");
    let dir = path(&zone);
    let printed = ok(&["init", "--dir", dir, "--units", path(&units), "--name", "某某新区", "--code", "XQ"]);
    assert!(printed.starts_with("admin "), "{printed}");
    let (code, said) = fails(&["init", "--dir", dir]);
    assert_ne!(code, 0, "{said}");
    let added = ok(&[
        "user", "add", "lihua", "--name", "李华", "--unit", "qx", "--role", "reporter", "--as", "admin", "--dir", dir,
    ]);
    assert!(added.starts_with("lihua "), "{added}");
    let listed = ok(&["user", "list", "--dir", dir]);
    assert!(listed.contains("李华"), "{listed}");
    let bad = folder.path().join("bad.csv");
    std::fs::write(&bad, "code,name,kind,parent\nqx,清溪镇,town,nowhere\n").expect("written");
    let (code, said) = fails(&["init", "--dir", path(&folder.path().join("other")), "--units", path(&bad)]);
    assert_eq!(code, 65, "{said}");
    assert!(said.contains("第 2 行"), "{said}");
}

#[test]
fn clean_and_extract_work_on_a_text_of_our_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("speech.txt");
    std::fs::write(&file, "會(huì)議強(qiáng)調,要加快推進項(xiàng)目建設(shè),6月底前完成投資20億元。")
        .expect("written");
    assert_eq!(ok(&["clean", path(&file)]), "会议强调，要加快推进项目建设，6月底前完成投资20亿元。");
    let found: serde_json::Value =
        serde_json::from_str(&ok(&["extract", path(&file), "--date", "2023-04-26", "--format", "json"])).expect("JSON");
    let clauses = found["directives"][0]["clauses"].as_array().expect("clauses");
    assert!(clauses.iter().any(|c| c["deadlines"][0]["date"] == "2023-06-30"), "{found}");
}

#[test]
fn texts_in_other_encodings_are_read_and_what_is_no_text_is_refused_with_a_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "会议要求，各镇街要在春节前完成欠薪清零。\r\n";
    let wide = |mark: &[u8], unit: fn(u16) -> [u8; 2]| {
        mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect::<Vec<u8>>()
    };
    let files: [(&str, Vec<u8>); 4] = [
        ("utf8-mark.txt", [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()),
        ("utf16le.txt", wide(&[0xff, 0xfe], u16::to_le_bytes)),
        ("utf16be.txt", wide(&[0xfe, 0xff], u16::to_be_bytes)),
        ("gb18030.txt", GB18030.to_vec()),
    ];
    for (name, bytes) in files {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("written");
        assert_eq!(ok(&["clean", path(&file)]), "会议要求，各镇街要在春节前完成欠薪清零。\n", "{name}");
        let found: serde_json::Value =
            serde_json::from_str(&ok(&["extract", path(&file), "--date", "2024-12-02", "--format", "json"]))
                .expect("JSON");
        assert_eq!(found["directives"][0]["clauses"][0]["deadlines"][0]["date"], "2025-01-28", "{name}: {found}");
    }
    for (name, bytes) in
        [("book.txt", &b"PK\x03\x04\x14\x00"[..]), ("paper.txt", b"%PDF-1.7\n"), ("noise.txt", &[0x01; 400])]
    {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("written");
        for verb in ["clean", "extract"] {
            let (code, said) = fails(&[verb, path(&file)]);
            assert_eq!(code, 65, "{name}: {said}");
            assert!(said.contains("文本"), "{name}: {said}");
        }
    }
    let empty = folder.path().join("empty.txt");
    std::fs::write(&empty, b"").expect("written");
    assert_eq!(ok(&["clean", path(&empty)]), "");
    let found: serde_json::Value =
        serde_json::from_str(&ok(&["extract", path(&empty), "--format", "json"])).expect("JSON");
    assert_eq!(found["directives"], serde_json::json!([]));
}

/// 会议要求，各镇街要在春节前完成欠薪清零。 in GB18030, with CR and LF.
const GB18030: &[u8] = &[
    0xbb, 0xe1, 0xd2, 0xe9, 0xd2, 0xaa, 0xc7, 0xf3, 0xa3, 0xac, 0xb8, 0xf7, 0xd5, 0xf2, 0xbd, 0xd6, 0xd2, 0xaa, 0xd4,
    0xda, 0xb4, 0xba, 0xbd, 0xda, 0xc7, 0xb0, 0xcd, 0xea, 0xb3, 0xc9, 0xc7, 0xb7, 0xd0, 0xbd, 0xc7, 0xe5, 0xc1, 0xe3,
    0xa1, 0xa3, 0x0d, 0x0a,
];
