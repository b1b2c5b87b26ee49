//! Rule 5: renderers compute coordinates, never numbers. Page, sheet, circular and JSON of one cut agree
//! because the only rounding is `Number::shown()` in the kernel.

use super::lenses::ROOMS;
use crate::{Breach, House};

/// What rounds, parses or reckons with a quantity.
const ARITHMETIC: &[&str] = &[
    "round_half_up",
    "round_dp",
    "round_dp_with_strategy",
    "RoundingStrategy",
    "MathematicalOps",
    "checked_mul",
    "checked_div",
    "checked_rem",
    "Decimal::from_str",
    "Decimal::from_str_exact",
    "to_f64",
    "from_f64",
    "sum::<Decimal>",
    "trunc_with_scale",
];

/// Files that place things or read what people typed, with the reason.
const PLACES: &[(&str, &str)] = &[
    (
        "crates/baton-drawings/src/",
        "coordinates: a value becomes a place on the drawing; its words come with it as `shown`",
    ),
    ("crates/baton-sheets/src/read.rs", "reads cells that people typed; nothing is shown from here"),
    (
        "crates/baton-sheets/src/fill.rs",
        "an Excel cell is a binary float: the exact value is handed over, the cell's format shows it",
    ),
    (
        "crates/baton-sheets/src/write.rs",
        "an Excel cell is a binary float: the exact value is handed over, the cell's format shows it",
    ),
    ("crates/baton-sheets/src/table.rs", "column widths; cells carry the exact value beside the shown one"),
];

/// Breaches: arithmetic on quantities, precision in a format, and reckoning inside templates.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in house.rooms(ROOMS) {
        if PLACES.iter().any(|(place, _)| source.path.starts_with(place)) {
            continue;
        }
        // Bytes and rows of a file are counted freely; what is meant is a quantity.
        let quantities = source.places("Decimal").next().is_some();
        for what in ARITHMETIC.iter().filter(|_| quantities) {
            for at in source.places(what) {
                found.push(Breach::new(
                    &source.path,
                    source.tokens[at].line,
                    format!("渲染处不得计算数字（{what}）；请在内核视图中算好"),
                    format!("a renderer computes no number ({what}); let the view carry it"),
                ));
            }
        }
        for token in &source.tokens {
            let Some(text) = token.text() else { continue };
            // Positions in millimetres and points are coordinates, in markup and styles alone.
            let coordinate = text.contains('<') || text.contains("mm") || text.contains("pt");
            if precise(text) && !coordinate {
                found.push(Breach::new(
                    &source.path,
                    token.line,
                    "渲染处不得决定小数位数；请用 Number::shown()",
                    "a renderer chooses no decimals; use Number::shown()",
                ));
            }
        }
    }
    for (path, text) in house.texts().filter(|(path, _)| path.contains("/templates/") && path.ends_with(".html")) {
        for (n, line) in text.lines().enumerate() {
            for inside in tags(line) {
                // The ordinal of a line that counts from nought.
                let inside = inside.replace(" + 1 ", " ");
                let reckons = [" * ", " / ", " + ", " - ", " % ", "|fmt(", "round("].iter().any(|s| inside.contains(s));
                let condition =
                    ["if ", "elif ", "else if "].iter().any(|it| inside.trim_start_matches(['-', ' ']).starts_with(it));
                if reckons && !condition && !inside.contains("loop.index") {
                    found.push(Breach::new(
                        path,
                        n + 1,
                        format!("模板不得计算：{inside}"),
                        format!("a template reckons nothing: {inside}"),
                    ));
                }
            }
        }
    }
    found
}

/// Whether a format string fixes decimals: `{:.2}`, `{value:>8.1}`.
fn precise(text: &str) -> bool {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).any(|(inside, _)| {
        inside.split_once(':').is_some_and(|(name, how)| {
            let name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            let digits =
                how.rsplit_once('.').is_some_and(|(_, d)| !d.is_empty() && d.chars().all(|c| c.is_ascii_digit()));
            name && digits
        })
    })
}

/// What stands in `{{ … }}` and `{% … %}` of a line of a template, texts in quotes left out.
fn tags(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        for rest in line.split(open).skip(1) {
            if let Some((inside, _)) = rest.split_once(close) {
                found.push(inside.split('"').step_by(2).collect::<Vec<_>>().join("\"\""));
            }
        }
    }
    found
}
