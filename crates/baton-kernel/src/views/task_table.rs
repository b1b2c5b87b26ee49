//! The task breakdown table (任务分解表) of a meeting: as plain rows and as an official landscape paper.
//!
//! Columns are those of the genre. What the ledger does not hold (leaders responsible) stays blank, to be
//! filled in by the units; the quarters hold what the lead unit reported in them.

use super::tasks::{TaskRow, of_meeting};
use crate::document::*;
use crate::entries::TaskAct;
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use jiff::civil::Date;
use serde::Serialize;

/// The table as plain rows, in the language of the lens.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct TaskTable {
    /// Title.
    pub title: String,
    /// Line above the table, right: the cut it shows.
    pub unit_line: String,
    /// Column titles.
    pub columns: Vec<String>,
    /// Rows by code of the task; as many cells as columns.
    pub rows: Vec<Vec<String>>,
}

/// Columns before the four quarters: message code, share of the width, centred.
const COLUMNS: [(&str, u32, bool); 8] = [
    ("number", 2, true),
    ("said", 9, false),
    ("measure", 7, false),
    ("aim", 5, false),
    ("lead", 4, true),
    ("units", 5, false),
    ("leader", 3, true),
    ("due", 4, true),
];

/// The table of the tasks made from a meeting and its speeches that the caller sees.
///
/// Errors: absent, alike for what is not there and what is not the caller's.
pub fn task_table(seen: &Seen, meeting: MeetingId) -> Result<TaskTable, Refusal> {
    let known = seen.meeting(&meeting.to_string())?;
    let plan = known.plan.at(seen.cut()).ok_or_else(Refusal::absent)?;
    let tasks = of_meeting(seen, meeting);
    let rows = (1..).zip(&tasks).map(|(n, task)| cells(seen, n, task, plan.on)).collect();
    let heads = COLUMNS.iter().map(|(key, ..)| seen.say(&format!("task-table.{key}"), &[]));
    let quarters = (1..=4).map(|n| seen.say(&format!("task-table.quarter-{n}"), &[]));
    Ok(TaskTable {
        title: seen.say("task-table.title", &[("meeting", &seen.meeting_title(&known))]),
        unit_line: seen.say("task-table.known", &[("day", &seen.day()), ("count", &tasks.len())]),
        columns: heads.chain(quarters).collect(),
        rows,
    })
}

/// The table as a paper of its own, on landscape pages. Errors: as [`task_table`].
pub fn document(seen: &Seen, meeting: MeetingId) -> Result<Document, Refusal> {
    let known = seen.meeting(&meeting.to_string())?;
    let table = task_table(seen, meeting)?;
    let name = seen.meeting_title(&known);
    let title = seen.lang.pick(vec![name.clone(), "任务分解表".to_owned()], vec![table.title.clone()]);
    Ok(Document {
        kind: DocumentKind::TaskTable,
        title,
        blocks: vec![Block::Table(set(seen, &table))],
        landscape: true,
        lang: seen.lang.pick(Lang::Zh, Lang::En),
        ..Document::default()
    })
}

/// The table as an attachment of another paper, on landscape pages. Errors: as [`task_table`].
pub fn attachment(seen: &Seen, meeting: MeetingId) -> Result<Attachment, Refusal> {
    let table = task_table(seen, meeting)?;
    Ok(Attachment { title: table.title.clone(), landscape: true, blocks: vec![Block::Table(set(seen, &table))] })
}

fn set(seen: &Seen, table: &TaskTable) -> Table {
    let first = COLUMNS.len();
    let mut upper: Vec<HeadCell> = table.columns[..first].iter().map(|c| HeadCell::span(c, 1, 2)).collect();
    upper.push(HeadCell::span(seen.say("task-table.progress", &[]), 4, 1));
    let lower = table.columns[first..].iter().map(HeadCell::one).collect();
    let column = |(_, weight, centred): &(&str, u32, bool)| {
        if *centred { Column::centred(*weight) } else { Column::text(*weight) }
    };
    Table {
        caption: String::new(),
        unit_line: Some(table.unit_line.clone()),
        head: vec![upper, lower],
        columns: COLUMNS.iter().map(column).chain((0..4).map(|_| Column::text(4))).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| Row { cells: row.iter().map(Cell::text).collect(), kind: RowKind::Normal })
            .collect(),
        notes: vec![seen.say("task-table.note", &[])],
    }
}

fn cells(seen: &Seen, number: usize, task: &TaskRow, meeting: Date) -> Vec<String> {
    let units: Vec<&str> = std::iter::once(task.lead.as_str()).chain(task.assist.iter().map(String::as_str)).collect();
    let due = match task.due {
        Some(day) => seen.lang.pick(format!("{}年{}月{}日", day.year(), day.month(), day.day()), day.to_string()),
        None => task.due_words.clone(),
    };
    let mut row = vec![
        number.to_string(),
        task.said.clone(),
        if task.title == task.said { String::new() } else { task.title.clone() },
        task.aim.clone(),
        task.lead.clone(),
        units.join(seen.lang.pick("、", ", ")),
        String::new(),
        due,
    ];
    row.extend(quarters(seen, task.id, meeting.year()));
    row
}

/// What the lead unit reported last in each quarter of a year; empty where it reported nothing.
fn quarters(seen: &Seen, id: TaskId, year: i16) -> [String; 4] {
    let mut told: [String; 4] = Default::default();
    let Ok((task, strands)) = seen.task(&id.to_string()) else { return told };
    let Some(lead) = strands.iter().find(|s| s.duty == crate::entries::Duty::Lead) else { return told };
    for place in &lead.acts {
        let (seq, _, act) = &task.acts[*place];
        let day = seen.zone.day_known(*seq);
        if let TaskAct::Fed { text, .. } = act
            && day.year() == year
        {
            told[(day.month() as usize - 1) / 3] = seen.zone.said(text).to_string();
        }
    }
    told
}
