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
    let text = house::read(shared.join("data/seed/seed_clean.txt"));
    let raw = house::read(shared.join("data/seed/000_463d5c3ed4e0be60.txt"));
    for (name, f) in [("extract", Box::new(|| { extract(&text, &LEXICON, None); }) as Box<dyn Fn()>), ("clean", Box::new(|| { clean(&raw); }))] {
        let t = std::time::Instant::now();
        for _ in 0..20 { f(); }
        println!("{name} {:?}", t.elapsed() / 20);
    }
    for path in house::files(format!("{}/tests/labels/own", env!("CARGO_MANIFEST_DIR")), "toml") {
        let v: toml::Table = toml::from_str(&house::read(&path)).unwrap();
        let d = v["date"].as_str().unwrap().parse().ok();
        let text = clean(v["text"].as_str().unwrap()).text;
        let found = extract(&text, &LEXICON, d);
        println!("{} {}", house::stem(&path), serde_json::to_string(&found.meeting).unwrap());
        println!("   {} {:?} {:?}", serde_json::to_string(&found.areas).unwrap(), found.statements.iter().map(|s| &s.text).collect::<Vec<_>>(), found.people.iter().map(|s| format!("{}/{}/{}", s.name, s.title, s.role)).collect::<Vec<_>>());
        for d in &found.directives { println!("   [{:?}] {}", d.addressee, d.clauses.iter().map(|c| format!("{}{:?}{:?}{}", c.text, c.parts, c.owner_hints, if c.named.is_empty() { String::new() } else { format!("{:?}", c.named.iter().map(|n| (&n.text, n.lead)).collect::<Vec<_>>()) })).collect::<Vec<_>>().join(" | ")); }
        println!("   {:?}", found.orgs.iter().map(|s| format!("{}/{}/{}", s.text, s.kind, s.role)).collect::<Vec<_>>());
    }
}
