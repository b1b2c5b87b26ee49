use super::house::{self, LEXICON};
use baton_text::{clean, extract};
#[test]
fn dump() {
    let shared = house::shared().unwrap();
    let mut files = house::files(shared.join("data/texts"), "txt");
    files.push(shared.join("data/seed/seed_clean.txt"));
    for path in files {
        let text = clean(&house::read(&path)).text;
        std::fs::write(format!("/tmp/baton-text/ex/{}.txt", house::stem(&path)), &text).unwrap();
        let found = extract(&text, &LEXICON, None);
        std::fs::write(format!("/tmp/baton-text/ex/{}.json", house::stem(&path)), serde_json::to_string_pretty(&found).unwrap()).unwrap();
    }
}
