//! `baton clean` and `baton extract`: text in, clean text, facts and directives out. No zone is needed.

use crate::Format;
use crate::answer::{EXIT_DATA, Failure, read};
use baton_methods::Lang;
use jiff::civil::Date;
use std::io::Write as _;
use std::path::Path;

/// The lexicon of the default blueprint.
pub fn default_lexicon() -> Result<baton_text::Lexicon, Failure> {
    let files = baton_stories::blueprint("development-zone").unwrap_or_default();
    let lexicon: Vec<(&str, &str)> =
        files.iter().filter(|(p, _)| p.starts_with("lexicon/")).map(|(p, t)| (p.as_str(), t.as_str())).collect();
    baton_text::Lexicon::parse(&lexicon).map_err(|mistakes| {
        let first = mistakes.first().map(|m| (m.message_zh.clone(), m.message_en.clone())).unwrap_or_default();
        Failure::words(EXIT_DATA, first.0, first.1)
    })
}

fn text_of(file: &Path) -> Result<String, Failure> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map_err(|e| Failure::World(e.into()))?;
        bytes
    } else {
        read(file)?
    };
    Ok(baton_text::decode(&bytes).text)
}

/// `baton clean FILE`: the clean text, byte for byte, on standard output.
pub fn clean(file: &Path, format: Format) -> Result<u8, Failure> {
    let cleaned = baton_text::clean(&text_of(file)?);
    let mut out = std::io::stdout().lock();
    let done = match format {
        Format::Json => serde_json::to_writer(&mut out, &cleaned).map_err(anyhow::Error::from),
        _ => out.write_all(cleaned.text.as_bytes()).map_err(anyhow::Error::from),
    };
    done?;
    Ok(0)
}

/// `baton extract FILE`: facts and directives as JSON, or for reading.
pub fn extract(file: &Path, date: Option<Date>, format: Format, lang: Lang) -> Result<u8, Failure> {
    let lexicon = default_lexicon()?;
    let cleaned = baton_text::clean(&text_of(file)?);
    let found = baton_text::extract(&cleaned.text, &lexicon, date);
    let mut out = std::io::stdout().lock();
    if format == Format::Json {
        serde_json::to_writer_pretty(&mut out, &found).map_err(anyhow::Error::from)?;
        writeln!(out).map_err(anyhow::Error::from)?;
        return Ok(0);
    }
    let mut lines = Vec::new();
    if let Some(name) = &found.meeting.name {
        lines.push(name.clone());
    }
    for directive in &found.directives {
        lines.push(String::new());
        lines.push(format!("{}  {}", directive.offset, directive.sentence));
        for clause in &directive.clauses {
            let class = match clause.class {
                baton_text::Class::Task => lang.pick("任务", "task"),
                baton_text::Class::Measure => lang.pick("量化", "measure"),
                baton_text::Class::Stance => lang.pick("表态", "stance"),
            };
            let mut line = format!("    [{class}] {}", clause.text);
            for deadline in &clause.deadlines {
                line.push_str(&format!(
                    "  ⏱ {} {}",
                    deadline.text,
                    deadline.date.map_or(String::new(), |d| d.to_string())
                ));
            }
            if !clause.parts.is_empty() {
                line.push_str(&format!("  → {}", clause.parts.join(" / ")));
            }
            lines.push(line);
        }
    }
    writeln!(out, "{}", lines.join("\n")).map_err(anyhow::Error::from)?;
    Ok(0)
}
