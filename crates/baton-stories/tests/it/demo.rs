//! The demo zone.

use baton_stories::{DEMO_SEED, Ground, Memory, demo, identities, parse, run_as, script};

#[test]
fn the_demo_zone_played_twice_is_the_same_ledger() {
    let play = || {
        let mut ground = Memory::new("yunling");
        let start = std::time::Instant::now();
        demo(DEMO_SEED, &mut ground).unwrap_or_else(|mistake| panic!("{mistake}"));
        println!("demo took {:?}, {} entries", start.elapsed(), ground.zone().head().seq);
        ground.zone()
    };
    let (one, two) = (play(), play());
    assert_eq!(one.head().hash, two.head().hash);
    assert_eq!(one.state_hash(), two.state_hash());
}

#[test]
fn all_mistakes() {
    let text = script(DEMO_SEED).unwrap();
    std::fs::write("/tmp/yunling.story", &text).unwrap();
    let mut ground = Memory::new("yunling");
    let mut story = parse("yunling.story", &text).unwrap();
    let lines = std::mem::take(&mut story.lines);
    let mut bad = Vec::new();
    let mut times: std::collections::BTreeMap<String, (usize, std::time::Duration)> = Default::default();
    for line in lines {
        let verb = line.words.get(if line.words[0].text == "on" { 4 } else { 0 }).map(|w| w.text.clone()).unwrap_or_default();
        story.lines = vec![line];
        let start = std::time::Instant::now();
        if let Err(mistake) = run_as(&story, &mut ground, &identities()) {
            bad.push(mistake.to_string());
        }
        let row = times.entry(verb).or_default();
        row.0 += 1;
        row.1 += start.elapsed();
    }
    println!("{times:#?}, {} entries", ground.zone().head().seq);
    let asks = "review 2023Q1 known 2023-04-01\nreview 2023Q1 known 2023-04-26\nreview 2022Q4 known 2023-01-12\nrounds 2023M03\nitems project 2023Q1\nitems lead 2023Q1\nitems indicator 2023Q1\nitems indicator-rate 2023Q1\nitems indicator-count 2023Q1\nitems indicator-quarter 2023Q1\nitems hazard 2023Q1\nitems rectify 2023Q1\nitems livelihood 2023Q1\nitems resettlement 2023Q1\nitems petition 2023Q1\ntasks\ntask D-2023-03\nmeeting M-2023Q1\nunits\nfigure P-017 invest 2023M03\nfigure P-028 invest 2023M03\n";
    let mut out = String::new();
    for ask in asks.lines() {
        let story = parse("ask.story", &format!("{ask}\n--- expect\n---\n")).unwrap();
        let start = std::time::Instant::now();
        let played = run_as(&story, &mut ground, &identities()).unwrap();
        println!("{ask} {:?}", start.elapsed());
        out.push_str(&played.rewritten);
    }
    std::fs::write("/tmp/answers.txt", out).unwrap();
    assert!(bad.is_empty(), "{}\n{}", bad.len(), bad.join("\n"));
}
