//! The published case: the seed article gives exactly what was labelled.

use super::house::{self, LEXICON};
use baton_text::extract;
use serde_json::Value;

fn class(letter: &str) -> &'static str {
    match letter {
        "S" => "stance",
        "T" => "task",
        _ => "measure",
    }
}

#[test]
fn the_article_gives_the_published_directives_clause_by_clause() {
    let Some(shared) = house::shared() else { return };
    let text = house::read(shared.join("data/seed/seed_clean.txt"));
    let expected: Value =
        serde_json::from_str(&house::read(shared.join("data/seed/acceptance_seed.json"))).expect("the published case");
    let found = extract(&text, &LEXICON, None);
    let got: Vec<String> = found
        .directives
        .iter()
        .flat_map(|directive| {
            std::iter::once(format!("{}+{} {}", directive.offset, directive.length, directive.sentence)).chain(
                directive.clauses.iter().map(|clause| {
                    format!("  {} {:?} {} | {}", clause.offset, clause.class, clause.text, clause.verb).to_lowercase()
                }),
            )
        })
        .collect();
    let mut want: Vec<String> = Vec::new();
    for directive in expected["directives"].as_array().expect("directives") {
        want.push(format!(
            "{}+{} {}",
            directive["offset"],
            directive["length"],
            directive["sentence"].as_str().unwrap_or_default()
        ));
        for clause in directive["clauses"].as_array().expect("clauses") {
            let verb = clause["verb"].as_str().unwrap_or_default().trim_matches(['(', ')']);
            let line = format!(
                "  {} {} {} | {}",
                clause["offset"],
                class(clause["cls"].as_str().unwrap_or_default()),
                clause["text"].as_str().unwrap_or_default(),
                verb
            )
            .to_lowercase();
            if want.last() != Some(&line) {
                want.push(line);
            }
        }
    }
    assert_eq!(got.join("\n"), want.join("\n"));
}
