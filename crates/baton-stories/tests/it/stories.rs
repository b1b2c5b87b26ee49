//! Every story below `stories/` is played; `UPDATE_EXPECT=1` rewrites what they expect.

use baton_stories::{Memory, parse, run};
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
