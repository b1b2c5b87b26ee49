//! Every story below `stories/` is played; `UPDATE_EXPECT=1` rewrites what they expect.

use baton_stories::{Ground, Memory, parse, run};
use std::path::{Path, PathBuf};

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the stories are in the repository")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "story"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_story_answers_as_expected() {
    let update = std::env::var("UPDATE_EXPECT").is_ok_and(|v| v == "1");
    let found = stories();
    assert!(!found.is_empty());
    let mut wrong = Vec::new();
    for path in found {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a story");
        let story = match parse(&name, &text) {
            Ok(story) => story,
            Err(mistakes) => {
                wrong.extend(mistakes.iter().map(ToString::to_string));
                continue;
            }
        };
        match run(&story, &mut Memory::new(&name)) {
            Err(mistake) => wrong.push(mistake.to_string()),
            Ok(played) if update => std::fs::write(&path, played.rewritten).expect("the story can be rewritten"),
            Ok(played) => {
                assert!(played.acts > 0, "{name} does nothing");
                wrong.extend(played.differences.iter().map(ToString::to_string));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reference_names_every_verb_and_question() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories/README.md");
    let text = std::fs::read_to_string(path).expect("the reference is in the repository");
    for (word, shape) in baton_stories::VERBS.iter().chain(baton_stories::QUESTIONS) {
        let row = format!("| `{word}` | `{}` |", shape.replace('|', "\\|"));
        assert!(text.contains(&row), "stories/README.md lacks: {row}");
    }
}

#[test]
fn a_mistake_in_a_story_is_named_with_file_line_and_way_out() {
    let play = |text: &str| {
        let story = parse("x.story", text).expect("words");
        run(&story, &mut Memory::new("x")).expect_err("a mistake").to_string()
    };
    let founded = "zone development-zone\nunit top 新区 zone\n";
    let unknown = play(&format!("{founded}on 2023-01-05 founder fly to the moon\n"));
    assert!(unknown.starts_with("x.story:3:") && unknown.contains("fly") && unknown.contains("submit"), "{unknown}");
    let nobody = play(&format!("{founded}on 2023-01-05 top/checker acknowledge T-1\n"));
    assert!(nobody.contains("checker") && nobody.contains("授权"), "{nobody}");
    let back = play(&format!("{founded}on 2023-02-05 founder unit a 甲 town\non 2023-02-01 founder unit b 乙 town\n"));
    assert!(back.starts_with("x.story:4:"), "{back}");
    let refused = play(&format!("{founded}on 2023-02-05 founder unit a 甲 castle\n"));
    assert!(refused.contains("unit-kind.unknown"), "{refused}");
    let not_refused = play(&format!("{founded}on 2023-02-05 founder unit a 甲 town\nrefused unit-kind.unknown\n"));
    assert!(not_refused.starts_with("x.story:4:"), "{not_refused}");
}

#[test]
fn an_answer_that_differs_names_the_first_line_that_does() {
    let text = "zone development-zone\nunit top 新区 zone\nunits\n--- expect\ntop  旧区  全区\n---\n";
    let story = parse("x.story", text).expect("words");
    let played = run(&story, &mut Memory::new("x")).expect("played");
    assert_eq!(played.differences.len(), 1);
    let words = played.differences[0].to_string();
    assert!(words.contains("旧区") && words.contains("新区"), "{words}");
    assert!(!words.contains("UPDATE_EXPECT"), "playing rewrites nothing: {words}");
    let again = parse("x.story", &played.rewritten).expect("words");
    assert!(run(&again, &mut Memory::new("x")).expect("played").differences.is_empty());
}

#[test]
fn a_story_tells_its_own_time_unless_it_asks_for_a_real_clock() {
    let simulated = |line: &str| {
        let mut ground = Memory::new("x");
        run(&parse("x.story", line).expect("words"), &mut ground).expect("founded");
        ground.zone().founding().map(|f| f.simulated)
    };
    assert_eq!(simulated("zone development-zone day 2023-01-03\n"), Some(true));
    assert_eq!(simulated("zone development-zone day 2023-01-03 real-clock\n"), Some(false));
}

#[test]
fn an_issued_circular_keeps_its_data_part_and_the_ledger_still_says_what_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories/02-meeting.story");
    let mut text = std::fs::read_to_string(path).expect("a story");
    text.push_str("on 2023-12-01 zone/office issue circular M-1 number 通报1号\n");
    let mut ground = Memory::new("x");
    run(&parse("02-meeting.story", &text).expect("words"), &mut ground).expect("issued");
    let zone = ground.zone();
    let paper = zone.papers().into_iter().next_back().expect("issued").clone();
    let data = ground.files().iter().find(|f| f.digest == paper.data.digest).expect("kept");
    let data: serde_json::Value = serde_json::from_slice(&data.bytes).expect("JSON");
    assert_eq!(data["cut"], paper.cut);
    assert_eq!(baton_kernel::views::circular::recheck(&zone, paper.id, &data), []);
    assert!(paper.files.iter().all(|file| ground.files().iter().any(|f| f.digest == file.digest)));
}

#[test]
fn an_item_that_names_a_day_and_no_stage_is_in_its_first_stage_since_that_day() {
    let text = "zone development-zone day 2023-01-03\nunit top 新区 zone\nunit office 办公室 department under top\n\
                staff office office 甲 over all\n\
                on 2023-02-01 zone/office item project P-1 园区 lead office since 2023-01-20\n";
    let mut ground = Memory::new("x");
    run(&parse("x.story", text).expect("words"), &mut ground).expect("made");
    let zone = ground.zone();
    let item = zone.item_by_code("P-1").expect("made");
    let first = zone.blueprint().kind("project").expect("declared").stages[0].key.clone();
    let day = jiff::civil::date(2023, 1, 20);
    assert_eq!(item.stage_on(u64::MAX, day).map(str::to_owned), Some(first));
    assert_eq!(item.stage_on(u64::MAX, day.yesterday().expect("a day")), None);
}
