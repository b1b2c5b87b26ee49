//! Rule 9: every refusal code and user-visible word exists in Chinese and English, and every one is used.

use crate::{Breach, House, Source};
use std::collections::{BTreeMap, BTreeSet};

/// The folder of the catalogue.
const FOLDER: &str = "crates/baton-kernel/messages/";

/// One message of the catalogue.
struct Message {
    file: String,
    line: usize,
    zh: String,
    en: String,
}

/// Breaches: codes without words, words without use, places that nobody fills, words outside the catalogue.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    let catalogue = catalogue(house, &mut found);
    for (code, message) in &catalogue {
        let mut say = |zh: String, en: String| found.push(Breach::new(&message.file, message.line, zh, en));
        if message.zh.trim().is_empty() || message.en.trim().is_empty() {
            say(format!("“{code}”缺少一种语言"), format!("{code} lacks one language"));
        }
        if !message.zh.chars().any(han) && bare(&message.en).chars().any(|c| c.is_alphabetic()) {
            say(format!("“{code}”的中文没有翻译"), format!("the Chinese of {code} is not translated"));
        }
        if message.en.chars().any(han) && !message.en.contains('“') {
            say(format!("“{code}”的英文没有翻译"), format!("the English of {code} is not translated"));
        }
        let (zh, en) = (filled(&message.zh), filled(&message.en));
        if zh != en {
            say(
                format!("“{code}”两种语言的空位不同：{zh:?}、{en:?}"),
                format!("{code}: the places differ between the languages: {zh:?}, {en:?}"),
            );
        }
        if message.zh.contains("{{") || message.en.contains("{{") {
            say(
                format!("“{code}”中的双花括号会原样显示，请写单个"),
                format!("{code}: a double brace is shown as it stands; write one"),
            );
        }
    }
    let mut used = BTreeSet::new();
    let verbs = verbs(house);
    let families: BTreeSet<&str> = catalogue.keys().filter_map(|c| c.split_once('.')).map(|(first, _)| first).collect();
    for source in house.rooms(&[]) {
        for (at, token) in source.tokens.iter().enumerate() {
            let Some(text) = token.text() else { continue };
            let named = matching(&catalogue, text);
            let family = text.split_once('.').is_some_and(|(first, _)| families.contains(first));
            let both = BOTH.iter().any(|(place, _)| source.path.starts_with(place));
            let below = both || BELOW.iter().any(|room| source.path.starts_with(room));
            if family && is_code(text) && named.is_empty() && !verbs.contains(text) && !below && !carried(&source, at) {
                found.push(Breach::new(
                    &source.path,
                    token.line,
                    format!("消息目录中没有“{text}”，请在 {FOLDER} 补上中英文"),
                    format!("the catalogue has no “{text}”; add zh and en in {FOLDER}"),
                ));
            }
            used.extend(named);
            if let (Some(message), Some(given)) = (catalogue.get(text), names_given(&source, at)) {
                let mut missing: BTreeSet<String> = places(&message.zh);
                missing.extend(places(&message.en));
                missing.retain(|name| !given.contains(name));
                if !missing.is_empty() {
                    found.push(Breach::new(
                        &source.path,
                        token.line,
                        format!("“{text}”的空位没有填：{missing:?}"),
                        format!("“{text}” has places that nobody fills: {missing:?}"),
                    ));
                }
            }
        }
        calls(&source, &catalogue, &mut found);
    }
    for (path, text) in house.texts().filter(|(path, _)| path.starts_with("crates/")) {
        if path.ends_with(".html") || path.ends_with(".js") || path.ends_with(".typ") {
            for quoted in text.split(['"', '\'', '`']) {
                used.extend(matching(&catalogue, quoted));
            }
        }
    }
    for (code, message) in &catalogue {
        if !used.contains(code.as_str()) {
            found.push(Breach::new(
                &message.file,
                message.line,
                format!("“{code}”没有用到，请删去"),
                format!("{code} is used nowhere; delete it"),
            ));
        }
    }
    hard_written(house, &mut found);
    found
}

fn catalogue(house: &House, found: &mut Vec<Breach>) -> BTreeMap<String, Message> {
    let mut all = BTreeMap::new();
    let reader = house.text("crates/baton-kernel/src/messages.rs").unwrap_or_default();
    for (path, text) in house.texts().filter(|(path, _)| path.starts_with(FOLDER) && path.ends_with(".toml")) {
        let name = path.strip_prefix(FOLDER).unwrap_or(path);
        if !reader.contains(&format!("/{name}\"")) {
            found.push(Breach::new(path, 0, "messages.rs 没有读这个文件", "messages.rs does not read this file"));
        }
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(e) => {
                found.push(Breach::new(path, 0, format!("无法读取：{e}"), format!("cannot be read: {e}")));
                continue;
            }
        };
        for (code, words) in table {
            let line = text.lines().position(|l| l.trim_start().starts_with(&format!("\"{code}\"")));
            let line = line.or_else(|| text.lines().position(|l| l.trim_start().starts_with(&code)));
            let word = |lang: &str| words.get(lang).and_then(|w| w.as_str()).unwrap_or_default().to_owned();
            let message =
                Message { file: path.to_owned(), line: line.map_or(0, |n| n + 1), zh: word("zh"), en: word("en") };
            if all.insert(code.clone(), message).is_some() {
                found.push(Breach::new(path, 0, format!("“{code}”重复"), format!("{code} occurs twice")));
            }
        }
    }
    all
}

/// Keys of verbs: they look like codes and are words of the blueprint.
fn verbs(house: &House) -> BTreeSet<String> {
    let permit = house.sources(|path| path == "crates/baton-kernel/src/permit.rs");
    permit.flat_map(|s| s.tokens).filter_map(|t| t.text().map(str::to_owned)).filter(|t| is_code(t)).collect()
}

/// `round.closed`: families and names in small letters, no file.
fn is_code(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
    };
    text.contains('.') && text.split('.').all(plain) && !is_file(text)
}

/// Whether a text is the name of a file.
fn is_file(text: &str) -> bool {
    let ends = [
        ".toml", ".rs", ".docx", ".xlsx", ".xls", ".pdf", ".json", ".md", ".css", ".svg", ".csv", ".txt", ".xml",
        ".html", ".story", ".zip", ".js", ".png",
    ];
    ends.iter().any(|end| text.ends_with(end)) || text.ends_with(".{end}")
}

/// The codes that a literal names: itself, or all that a pattern like `state.{state}` can become.
fn matching<'a>(catalogue: &'a BTreeMap<String, Message>, text: &str) -> Vec<&'a str> {
    // Itself, and those it is the stem of: `page.fault.slow` of `page.fault.slow.title` and `.way`.
    if is_code(text) || catalogue.contains_key(text) {
        let stem = format!("{text}.");
        let itself = catalogue.get_key_value(text).map(|(code, _)| code.as_str());
        let below = catalogue.range(stem.clone()..).map(|(c, _)| c.as_str()).take_while(|c| c.starts_with(&stem));
        return itself.into_iter().chain(below).collect();
    }
    let Some((head, _)) = text.split_once('{').filter(|(head, _)| head.contains('.') && is_code(&format!("{head}x")))
    else {
        return Vec::new();
    };
    let mut pieces = Vec::new();
    for (n, part) in text.split('{').enumerate() {
        pieces.push(if n == 0 { part } else { part.split_once('}').map_or(part, |(_, rest)| rest) });
    }
    let fits = |code: &str| {
        let mut rest = code;
        for (n, piece) in pieces.iter().enumerate() {
            let at = if n == 0 { rest.starts_with(piece).then_some(0) } else { rest.find(piece) };
            match at {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.is_empty() || pieces.last().is_some_and(|p| p.is_empty() || code.ends_with(p))
    };
    catalogue
        .range(head.to_owned()..)
        .map(|(c, _)| c.as_str())
        .take_while(|c| c.starts_with(head))
        .filter(|c| fits(c))
        .collect()
}

/// Names in the lists `&[("name", &value), …]` that follow a code; `None` when a list stands elsewhere.
fn names_given(source: &Source, at: usize) -> Option<BTreeSet<String>> {
    let sign = |n: usize, c: char| source.tokens.get(n).is_some_and(|t| t.is(c));
    let list = |n: usize| sign(n, ',') && sign(n + 1, '&') && sign(n + 2, '[');
    let mut next = at + 1;
    if !list(next) {
        return None;
    }
    let mut names = BTreeSet::new();
    while list(next) {
        for argument in source.arguments(next + 2) {
            let name = source.tokens.get(argument.start + 1).and_then(|t| t.text())?;
            names.insert(name.to_owned());
        }
        next = source.after_group(next + 2);
    }
    Some(names)
}

/// Whether the words of a code stand right behind it in both languages.
fn carried(source: &Source, at: usize) -> bool {
    let mut texts = source.tokens[at + 1..].iter().take(40).filter_map(|t| t.text());
    texts.next().is_some_and(|zh| zh.chars().any(han)) && texts.next().is_some_and(|en| !en.chars().any(han))
}

/// Calls that take a code: one of their texts must be in the catalogue.
fn calls(source: &Source, catalogue: &BTreeMap<String, Message>, found: &mut Vec<Breach>) {
    let named = ["say(", "Refusal::wrong(", "Refusal::not_now(", "Refusal::new(", "Diagnostic::at("];
    for call in named {
        let length = if call == "say(" { 2 } else { 5 };
        for at in source.places(call) {
            let texts: Vec<&str> = source
                .arguments(at + length - 1)
                .into_iter()
                .filter(|argument| argument.len() == 1)
                .filter_map(|argument| source.tokens[argument.start].text())
                .collect();
            // Others may call something `say`: there only what looks like a code is one.
            let meant = call != "say(" || texts.iter().any(|text| is_code(text));
            if meant && !texts.is_empty() && !texts.iter().any(|text| catalogue.contains_key(*text)) {
                if BELOW.iter().any(|room| source.path.starts_with(room)) {
                    continue;
                }
                found.push(Breach::new(
                    &source.path,
                    source.tokens[at].line,
                    format!("消息目录中没有“{}”", texts[0]),
                    format!("the catalogue has no “{}”", texts[0]),
                ));
            }
        }
    }
}

/// Words in one language only: a Chinese text without its English beside it, outside the catalogue.
fn hard_written(house: &House, found: &mut Vec<Breach>) {
    let mut say = |path: &str, line: usize, text: &str| {
        let text = text.trim();
        found.push(Breach::new(
            path,
            line,
            format!("用户看到的文字应在消息目录里，或中英文并列：{text}"),
            format!("words that users see belong in the catalogue, or stand in both languages: {text}"),
        ));
    };
    let yet = |path: &str| CHINESE_YET.iter().chain(BOTH).any(|(place, _)| path.starts_with(place));
    for source in house.rooms(&["baton-web", "baton", "baton-store"]).filter(|s| !yet(&s.path)) {
        let texts: Vec<(usize, &crate::Token)> = source
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, t)| t.text().is_some_and(|t| t.chars().any(char::is_alphabetic)))
            .collect();
        for (n, (at, token)) in texts.iter().enumerate() {
            let chinese = |t: &crate::Token| t.text().is_some_and(|t| t.chars().any(han));
            let text = token.text().unwrap_or_default();
            if !chinese(token) || two_languages(text) || is_file(text) {
                continue;
            }
            let near = |other: Option<&(usize, &crate::Token)>| {
                other.is_some_and(|(place, t)| {
                    let between = &source.tokens[(*at).min(*place)..(*at).max(*place)];
                    let apart = between.len() > 60 || between.iter().any(|t| t.is(';'));
                    !apart && !chinese(t) && !t.text().is_some_and(is_code)
                })
            };
            if !near(texts.get(n + 1)) && !near(n.checked_sub(1).and_then(|m| texts.get(m))) {
                say(&source.path, token.line, text);
            }
        }
    }
    for (path, text) in house.texts().filter(|(p, _)| p.contains("/templates/") && p.ends_with(".html") && !yet(p)) {
        for (n, line) in text.lines().enumerate() {
            let word: String = line.split("{#").next().unwrap_or_default().chars().filter(|c| han(*c)).collect();
            if !word.is_empty() {
                say(path, n + 1, &word);
            }
        }
    }
}

/// Whether a text holds both languages itself: `没有 / none`.
fn two_languages(text: &str) -> bool {
    text.split_once(" / ").is_some_and(|(_, en)| en.chars().any(|c| c.is_ascii_alphabetic()))
}

/// What is complete in Chinese while English is begun, with the reason.
const CHINESE_YET: &[(&str, &str)] = &[
    ("crates/baton-web/templates/", "pages are written in zh-CN; what they say through the catalogue is in both"),
    ("crates/baton-web/src/paper.rs", "an official paper is written in Chinese (GB/T 9704)"),
];

/// The rooms under the catalogue: a mistake or refusal of theirs carries both languages in the value itself.
const BELOW: &[&str] = &["crates/baton-methods/", "crates/baton-text/"];

/// Where a value carries both languages itself, one arm for each, with the reason.
const BOTH: &[(&str, &str)] = &[(
    "crates/baton-store/src/verify",
    "a finding is printed beside the ledger, also when the catalogue of that time is gone",
)];

fn han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The places `{name}` of a message.
fn places(words: &str) -> BTreeSet<String> {
    let rest = words.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    rest.filter(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_lowercase() || c == '_')).map(str::to_owned).collect()
}

/// Words without their places.
fn bare(words: &str) -> String {
    let mut out = words.to_owned();
    for name in places(words) {
        out = out.replace(&format!("{{{name}}}"), "");
    }
    out
}

/// The places, a name with its English twin (`why`, `why_en`) taken as one.
fn filled(words: &str) -> BTreeSet<String> {
    places(words).into_iter().map(|name| name.trim_end_matches("_en").to_owned()).collect()
}
