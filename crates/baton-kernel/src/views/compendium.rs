//! One page per item (一项目一页), and the compendium of a list as one document.

use super::items::{self, ItemList, ItemPage};
use super::{drawings, tasks};
use crate::document::{Block, Cell, Column, Document, DocumentKind, HeadCell, Row, RowKind, Table};
use crate::refusals::Refusal;
use crate::seen::Seen;
use baton_methods::Period;

/// Characters of a long text that stand on one page.
const WORDS_CHARS_MAX: usize = 160;
/// Problems and tasks named on one page.
const NAMED_MAX: usize = 4;

/// One item as a document of one page.
///
/// Errors: absent as [`items::item`].
pub fn one(seen: &Seen, key: &str, period: Period) -> Result<Document, Refusal> {
    let page = items::item(seen, key, period)?;
    let blocks = blocks(seen, &page);
    Ok(paper(seen, vec![page.name], blocks, period))
}

/// Every item of a list, each on a page of its own, after a page that lists them.
///
/// Errors: absent as [`items::item`].
pub fn compendium(seen: &Seen, list: &ItemList) -> Result<Document, Refusal> {
    let mut all = vec![Block::Table(contents(seen, list))];
    for row in &list.rows {
        let page = items::item(seen, &row.id.to_string(), list.period)?;
        all.push(Block::Page(page.name.clone()));
        all.extend(blocks(seen, &page));
    }
    let title = seen.say("compendium.title", &[("kind", &list.label)]);
    Ok(paper(seen, vec![title], all, list.period))
}

/// The document around its blocks: what was known, by which ledger.
fn paper(seen: &Seen, title: Vec<String>, mut blocks: Vec<Block>, period: Period) -> Document {
    let lang = seen.lang;
    let mut words = vec![seen.say("compendium.known", &[("period", &period.to_date_label(lang)), ("day", &seen.day)])];
    if seen.founding().is_some_and(|f| f.invented) {
        words.push(seen.say("compendium.invented", &[]));
    }
    blocks.insert(0, Block::Note(words.join(lang.pick("；", "; "))));
    let witness = seen.witness_at_cut().map(|hash| {
        let text = hash.to_string();
        let grouped: Vec<&str> = (0..8).map(|n| &text[n * 8..n * 8 + 8]).collect();
        seen.say("compendium.witness", &[("cut", &seen.cut), ("hash", &grouped.join(" "))])
    });
    Document {
        kind: DocumentKind::TaskTable,
        title,
        blocks,
        witness,
        lang: lang.pick(crate::document::Lang::Zh, crate::document::Lang::En),
        ..Document::default()
    }
}

fn contents(seen: &Seen, list: &ItemList) -> Table {
    let lang = seen.lang;
    let heads = ["number", "name", "lead", "stage", "share", "light"];
    let title = |key: &str| {
        let built = super::columns::BUILT_IN.iter().find(|(k, ..)| *k == key);
        built.map_or(String::new(), |(_, zh, en, _)| lang.pick(*zh, *en).to_owned())
    };
    let rows = list.rows.iter().map(|row| {
        let stage = list.stages.iter().find(|(k, _)| *k == row.stage).map_or("—".to_owned(), |(_, l)| l.clone());
        let share = row.share.as_ref().map_or("—".to_owned(), |s| s.shown_plain());
        let cells = [&row.code, &row.name, &row.lead.name, &stage, &share, &row.light.word];
        Row { cells: cells.map(Cell::text).to_vec(), kind: RowKind::Normal }
    });
    Table {
        head: vec![heads.map(|k| HeadCell::one(title(k))).to_vec()],
        columns: vec![
            Column::centred(3),
            Column::text(8),
            Column::centred(4),
            Column::centred(3),
            Column::number(3),
            Column::centred(3),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

/// What one page says: facts two in a row, the curve, the words of the last report, problems and tasks.
fn blocks(seen: &Seen, page: &ItemPage) -> Vec<Block> {
    let lang = seen.lang;
    let mut facts: Vec<(String, String)> = Vec::new();
    let say = |code: &str| seen.say(code, &[]);
    let mut fact = |label: String, value: String| {
        if !value.is_empty() {
            facts.push((label, value));
        }
    };
    fact(say("compendium.code"), page.code.clone());
    fact(say("compendium.lead"), page.lead.name.clone());
    fact(say("compendium.co"), page.co.iter().map(|u| u.name.as_str()).collect::<Vec<_>>().join(lang.pick("、", ", ")));
    if let Some(now) = page.stages.iter().find(|s| s.state == "now") {
        let on = now.on.map_or(String::new(), |d| lang.pick(format!("（{d}）"), format!(" ({d})")));
        fact(say("compendium.stage"), format!("{}{on}", now.label));
    }
    let main = page.measures.iter().find(|m| m.pace.target.is_some());
    if let Some(m) = main {
        let unit = m.pace.done.unit.label(lang);
        fact(
            say("compendium.target"),
            m.pace.target.as_ref().map_or(String::new(), |t| format!("{} {unit}", t.shown_plain())),
        );
        fact(
            format!("{}{}", page.period.to_date_label(lang), lang.pick("完成", ", done")),
            format!("{} {unit}", m.pace.done.shown_plain()),
        );
        let percent = |n: &super::Number| format!("{}%", n.shown_plain());
        fact(say("compendium.share"), m.pace.share.as_ref().map_or(String::new(), percent));
        fact(say("compendium.light"), m.pace.light.word.clone());
    }
    for field in page.fields.iter().filter(|f| !matches!(f.kind, "prose" | "own" | "file") && !f.retired) {
        let unit =
            if field.value.is_empty() || field.unit.is_empty() { String::new() } else { format!(" {}", field.unit) };
        fact(field.label.clone(), format!("{}{unit}", field.value));
    }
    if let Some(row) = page.plan.as_ref().and_then(|p| p.rows.iter().find(|r| r.light.key == "lag")) {
        fact(say("compendium.plan"), format!("{}：{}", row.label, row.light.word));
    }
    if facts.len() % 2 == 1 {
        facts.push((String::new(), String::new()));
    }
    let rows = facts.chunks(2).map(|pair| Row {
        cells: pair.iter().flat_map(|(label, value)| [Cell::text(label), Cell::text(value)]).collect(),
        kind: RowKind::Normal,
    });
    let mut out = vec![Block::Table(Table {
        columns: vec![Column::text(4), Column::text(5), Column::text(5), Column::text(5)],
        rows: rows.collect(),
        ..Table::default()
    })];
    out.extend(main.and_then(|m| drawings::item_curve(page, m, lang)).map(Block::Drawing));
    let mut words: Vec<Row> = Vec::new();
    let mut said = |label: &str, text: &str| {
        let short: String = text.chars().take(WORDS_CHARS_MAX).collect();
        let more = if text.chars().count() > WORDS_CHARS_MAX { "……" } else { "" };
        let cells = vec![Cell::text(label), Cell::text(format!("{short}{more}"))];
        words.push(Row { cells, kind: RowKind::Normal });
    };
    let told = |f: &&items::FieldShown| f.kind == "prose" && !f.retired && !items::is_none_said(&f.value);
    for field in page.fields.iter().filter(told) {
        said(&field.label, &field.value);
    }
    let open: Vec<&str> =
        page.problems.iter().filter(|p| p.settled.is_none()).take(NAMED_MAX).map(|p| p.text.as_str()).collect();
    if !open.is_empty() {
        said(&say("compendium.problems"), &open.join(lang.pick("；", "; ")));
    }
    let due = about(seen, page);
    if !due.is_empty() {
        said(&say("compendium.tasks"), &due.join(lang.pick("；", "; ")));
    }
    // As a table the words are small enough for all of it to stand on one page.
    if !words.is_empty() {
        let columns = vec![Column::text(4), Column::text(13)];
        out.push(Block::Table(Table { columns, rows: words, ..Table::default() }));
    }
    out
}

/// Open tasks about an item, in words.
fn about(seen: &Seen, page: &ItemPage) -> Vec<String> {
    let rows = tasks::ledger(seen, &tasks::TaskFilter { open: true, ..Default::default() }).rows.into_iter();
    let mine = |row: &tasks::TaskRow| {
        tasks::task(seen, &row.id.to_string()).is_ok_and(|t| t.items.iter().any(|(code, _)| *code == page.code))
    };
    let words = |row: tasks::TaskRow| {
        let due = row.due.map_or(String::new(), |d| seen.lang.pick(format!("，期限 {d}"), format!(", due {d}")));
        format!("{}（{}{due}）", row.title, row.lead)
    };
    rows.filter(mine).take(NAMED_MAX).map(words).collect()
}
