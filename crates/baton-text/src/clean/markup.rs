//! Markup: tags and entities that a page left in its text.

use super::StepKind;
use crate::draft::{Draft, Edit};
use regex::Regex;
use std::sync::LazyLock;

/// Tags whose whole content is no text.
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?is)<!--.*?-->|<script\b[^<>]*>.*?</script\s*>|<style\b[^<>]*>.*?</style\s*>|<rt\b[^<>]*>.*?</rt\s*>|<rp\b[^<>]*>.*?</rp\s*>")
        .expect("fixed pattern")
});

/// Tags of pages; only these, so that `<5%` and `<<` stay text.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)</?(?P<name>p|br|div|section|article|center|tr|li|ul|ol|h[1-6]|table|tbody|thead|td|th|span|a|b|strong|em|i|u|s|sub|sup|font|img|ruby|rb|rt|rp|o:p|st1:[a-z]+|hr|pre|nobr|wbr|html|body|head|title|meta|link)",
        r#"(?:\s+[^<>]*|/)?\s*>"#
    ))
    .expect("fixed pattern")
});

static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(?:#(?P<dec>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[a-zA-Z]{2,8}[0-9]{0,2}));")
        .expect("fixed pattern")
});

/// The character of a named entity of HTML, of those that Chinese pages use.
fn named(name: &str) -> Option<char> {
    Some(match name {
        "nbsp" => '\u{a0}',
        "ensp" => '\u{2002}',
        "emsp" => '\u{2003}',
        "thinsp" => '\u{2009}',
        "zwnj" => '\u{200c}',
        "zwj" => '\u{200d}',
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "laquo" => '«',
        "raquo" => '»',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "middot" => '·',
        "bull" => '•',
        "times" => '×',
        "divide" => '÷',
        "deg" => '°',
        "permil" => '‰',
        "yen" => '¥',
        "copy" => '©',
        "reg" => '®',
        "sect" => '§',
        "plusmn" => '±',
        "le" => '≤',
        "ge" => '≥',
        _ => return None,
    })
}

/// Decodes entities and takes out tags; block tags become line ends.
pub(crate) fn pass(draft: &mut Draft) -> bool {
    let mut changed = false;
    if draft.chars.contains(&'<') {
        changed |= replace(draft, &HIDDEN, |_| Some(String::new()));
        changed |= replace(draft, &TAG, |found| {
            let name = found.name("name").map_or("", |m| m.as_str()).to_ascii_lowercase();
            Some(
                match name.as_str() {
                    "p" | "br" | "div" | "section" | "article" | "center" | "tr" | "li" | "ul" | "ol" | "table"
                    | "hr" | "pre" | "title" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "\n",
                    "td" | "th" => " ",
                    _ => "",
                }
                .to_owned(),
            )
        });
    }
    if draft.chars.contains(&'&') {
        changed |= replace(draft, &ENTITY, |found| {
            let code = match (found.name("dec"), found.name("hex")) {
                (Some(dec), _) => dec.as_str().parse().ok(),
                (_, Some(hex)) => u32::from_str_radix(hex.as_str(), 16).ok(),
                _ => return named(found.name("name")?.as_str()).map(String::from),
            };
            char::from_u32(code?).filter(|&c| c != '\0').map(String::from)
        });
    }
    changed
}

fn replace(draft: &mut Draft, pattern: &Regex, with: impl Fn(&regex::Captures<'_>) -> Option<String>) -> bool {
    let text: String = draft.chars.iter().collect();
    let mut edits = Vec::new();
    let (mut bytes, mut at) = (0, 0);
    for found in pattern.captures_iter(&text) {
        let whole = found.get_match();
        at += text[bytes..whole.start()].chars().count();
        let removed = whole.as_str().chars().count();
        if let Some(added) = with(&found) {
            edits.push(Edit { at, removed, added: added.chars().collect() });
        }
        at += removed;
        bytes = whole.end();
    }
    draft.apply(StepKind::Markup, edits)
}
