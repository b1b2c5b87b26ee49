//! `baton clean` and `baton extract`: text in, clean text, facts and directives out. No zone is needed.

use crate::Format;
use crate::answer::{EXIT_DATA, Failure, read};
use crate::limits::TEXT_BYTES_MAX;
use baton_methods::Lang;
use baton_methods::calendar::WorkCalendar;
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

/// The text of a file in whatever encoding; refused when it is none or too long.
fn text_of(file: &Path) -> Result<String, Failure> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map_err(|e| Failure::World(e.into()))?;
        bytes
    } else {
        read(file)?
    };
    if bytes.len() > TEXT_BYTES_MAX {
        return Err(Failure::words(
            EXIT_DATA,
            format!("文本超过 {} MB，请分段处理", TEXT_BYTES_MAX >> 20),
            format!("the text is longer than {} MB; give it in parts", TEXT_BYTES_MAX >> 20),
        ));
    }
    let decoded = baton_text::decode_text(&bytes).map_err(|what| {
        Failure::words(
            EXIT_DATA,
            format!("这是{}，不是文本。请打开它，复制文字另存为 UTF-8 的 .txt 后再试", what.zh),
            format!("this is {}, no text; open it, copy its words into a UTF-8 .txt file and try again", what.en),
        )
    })?;
    Ok(decoded.text)
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
    let calendar = baton_kernel::views::speech::Days(WorkCalendar::china());
    let found = baton_text::extract_by_calendar(&cleaned.text, &lexicon, date, Some(&calendar));
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
