//! The supervision sheet (督办单) of a task: what is asked of whom until when, as a paper to be signed and returned.

use super::tasks::{StrandShown, TaskView, task};
use crate::document::*;
use crate::entries::Duty;
use crate::refusals::Refusal;
use crate::seen::Seen;
use jiff::civil::Date;

/// Events printed, newest first: the sheet stays on one page.
const EVENTS_MAX: usize = 8;

/// The sheet of a task by id or code. Errors: absent, alike for what is not there and what is not the caller's.
pub fn document(seen: &Seen, key: &str) -> Result<Document, Refusal> {
    let shown = task(seen, key)?;
    let organ = seen.blueprint().settings.organ.get(seen.lang).to_owned();
    let row = |cells: Vec<String>| Row { cells: cells.into_iter().map(Cell::text).collect(), kind: RowKind::Normal };
    let rows = facts(seen, &shown).into_iter().map(|(label, words)| row(vec![label, words]));
    let table = Table {
        caption: String::new(),
        unit_line: Some(seen.say("task-sheet.number", &[("code", &shown.row.code)])),
        head: vec![vec![
            HeadCell::one(seen.say("task-sheet.entry", &[])),
            HeadCell::one(seen.say("task-sheet.content", &[])),
        ]],
        columns: vec![Column::centred(2), Column::text(9)],
        rows: rows.collect(),
        notes: vec![seen.say("task-sheet.note", &[("organ", &organ)])],
    };
    Ok(Document {
        kind: DocumentKind::TaskTable,
        title: vec![seen.say("task-sheet.title", &[("organ", &organ)])],
        blocks: vec![Block::Table(table)],
        lang: seen.lang.pick(Lang::Zh, Lang::En),
        ..Document::default()
    })
}

fn facts(seen: &Seen, shown: &TaskView) -> Vec<(String, String)> {
    let say = |key: &str| seen.say(&format!("task-sheet.{key}"), &[]);
    let row = &shown.row;
    let day = |on: Option<Date>| on.map_or(String::new(), |d| long_day(seen, d));
    let due = match (row.due, row.due_words.is_empty()) {
        (None, true) => seen.say("task-sheet.undated", &[]),
        (None, false) => row.due_words.clone(),
        (Some(on), _) => long_day(seen, on),
    };
    let join = |units: Vec<String>| units.join(seen.lang.pick("、", ", "));
    let source = match row.source_on {
        Some(on) => format!("{}（{}）", row.source, long_day(seen, on)),
        None => row.source.clone(),
    };
    let mut list = vec![
        (say("task"), row.title.clone()),
        (say("source"), source),
        (say("said"), shown.source.sentence.clone().unwrap_or_else(|| row.said.clone())),
        (say("aim"), row.aim.clone()),
        (say("lead"), row.lead.clone()),
        (say("assist"), join(row.assist.clone())),
        (say("assigned"), long_day(seen, row.assigned_on)),
        (say("due"), due),
        (say("acknowledged"), acknowledged(seen, &shown.strands)),
        (say("state"), row.state_word.clone()),
        (say("course"), progress(seen, shown)),
        (say("opinion"), row.opinion.clone().unwrap_or_default()),
        (say("completed"), day(row.completed_on)),
    ];
    // What is not known yet is left out, but for what is filled in by hand.
    let kept = [say("course"), say("opinion"), say("completed"), say("acknowledged")];
    list.retain(|(label, words)| !words.is_empty() || kept.contains(label));
    list
}

fn acknowledged(seen: &Seen, strands: &[StrandShown]) -> String {
    let signed = strands.iter().filter_map(|s| {
        let on = s.acknowledged_on?;
        let duty = if s.duty == Duty::Lead { "" } else { s.duty_word.as_str() };
        Some(format!("{}{duty} {}", s.unit.name, long_day(seen, on)))
    });
    signed.collect::<Vec<_>>().join(seen.lang.pick("；", "; "))
}

fn progress(seen: &Seen, shown: &TaskView) -> String {
    let told = shown.events.iter().filter(|e| e.key != "assigned").take(EVENTS_MAX).map(|event| {
        let text = event.text.as_ref().map_or(String::new(), |t| format!("：{t}"));
        format!("{} {}{text}", event.on, event.label)
    });
    told.collect::<Vec<_>>().join(seen.lang.pick("；", "; "))
}

fn long_day(seen: &Seen, on: Date) -> String {
    seen.lang.pick(format!("{}年{}月{}日", on.year(), on.month(), on.day()), on.to_string())
}
