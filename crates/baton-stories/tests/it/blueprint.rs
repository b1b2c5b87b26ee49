//! The default blueprint.

use baton_kernel::blueprint::parse;

#[test]
fn the_default_blueprint_has_no_mistakes() {
    for name in baton_stories::blueprints() {
        let files = baton_stories::blueprint(name).expect("on the shelf");
        assert!(files.keys().any(|p| p.starts_with("kinds/")), "{:?}", files.keys());
        let (blueprint, found) = parse(&files);
        let words: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}", words.join("\n"));
        for area in &blueprint.areas {
            assert!(blueprint.kinds.iter().any(|k| k.area == area.key), "nothing in area {}", area.key);
        }
        for kind in &blueprint.kinds {
            assert!(!kind.label.en.is_empty() && !kind.label.zh.is_empty(), "{}", kind.key);
            for measure in &kind.measures {
                assert!(!measure.label.en.is_empty(), "{}/{}", kind.key, measure.key);
            }
        }
        assert!(blueprint.calendar.years().any(|y| y.year == 2023));
    }
}

#[test]
fn a_mistake_in_a_kind_is_named_with_file_and_line() {
    let mut files = baton_stories::blueprint("development-zone").expect("on the shelf");
    let kind = files.get_mut("kinds/hazard.toml").expect("a kind");
    *kind = kind.replace("to = [\"ordered\"]", "to = [\"orderd\"]");
    let (_, found) = parse(&files);
    assert_eq!(found.len(), 1);
    let words = found[0].to_string();
    assert!(words.contains("kinds/hazard.toml") && words.contains("orderd"), "{words}");
}
