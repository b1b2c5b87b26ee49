//! Views as workbooks and as plain text: places and words only, never a number of their own.

use baton_kernel::Seen;
use baton_kernel::form::Form;
use baton_kernel::views::items::ItemList;
use baton_kernel::views::number::Number;
use baton_kernel::views::task_table::TaskTable;
use baton_methods::Lang;
use baton_sheets::{HeadCell, Preview, RowKind, SheetCell, SheetColumn, SheetRow, SheetTable, State};

fn words(decimals: Option<u8>) -> SheetColumn {
    SheetColumn { numeric: decimals.is_some(), decimals: decimals.unwrap_or(0), width: None }
}

/// A list of items: the dispatch table (月调度表) of a kind.
pub fn list(seen: &Seen, list: &ItemList) -> SheetTable {
    let lang = seen.lang;
    let mut head = vec![HeadCell::new(lang.pick("序号", "No."))];
    let mut columns = vec![words(None)];
    for (n, column) in list.columns.iter().enumerate() {
        let title = if column.unit.is_empty() {
            column.title.clone()
        } else {
            format!("{}（{}）", column.title, column.unit)
        };
        head.push(HeadCell::new(title));
        let decimals = list.rows.iter().filter_map(|r| r.cells.get(n)?.number.as_ref()).map(|n| n.decimals).max();
        columns.push(words(column.numeric.then(|| decimals.unwrap_or(0))));
    }
    let mut rows: Vec<SheetRow> = list
        .rows
        .iter()
        .enumerate()
        .map(|(n, row)| {
            let mut cells = vec![SheetCell::Text((n + 1).to_string())];
            cells.extend(row.cells.iter().map(|c| match c.number.as_ref().and_then(Number::rounded) {
                Some(value) => SheetCell::Number(value),
                None => SheetCell::Text(c.shown.clone()),
            }));
            SheetRow { kind: RowKind::Plain, cells }
        })
        .collect();
    if list.totals.iter().any(Option::is_some) {
        let mut cells = vec![SheetCell::Text(lang.pick("合计", "Total").to_owned())];
        cells.extend(list.totals.iter().map(|t| match t.as_ref().and_then(Number::rounded) {
            Some(value) => SheetCell::Number(value),
            None => SheetCell::Text(String::new()),
        }));
        rows.push(SheetRow { kind: RowKind::Total, cells });
    }
    SheetTable {
        title: lang.pick(
            format!("{}调度表（{}）", list.label, list.period.label(lang)),
            format!("{}: dispatch table, {}", list.label, list.period.label(lang)),
        ),
        unit_line: Some(format!("{} {}", lang.pick("截至所知", "known"), seen.day())),
        sheet: list.label.clone(),
        head: vec![head],
        columns,
        rows,
        notes: Vec::new(),
        frozen_columns: 3,
        filter: true,
    }
}

/// The task breakdown table (任务分解表).
pub fn task_table(table: &TaskTable) -> SheetTable {
    SheetTable {
        title: table.title.clone(),
        unit_line: Some(table.unit_line.clone()).filter(|l| !l.is_empty()),
        sheet: table.title.clone(),
        head: vec![table.columns.iter().map(HeadCell::new).collect()],
        columns: table.columns.iter().map(|_| words(None)).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| SheetRow {
                kind: RowKind::Plain,
                cells: row.iter().map(|c| SheetCell::Text(c.clone())).collect(),
            })
            .collect(),
        notes: Vec::new(),
        frozen_columns: 1,
        filter: true,
    }
}

/// A preview of an import, for terminals: counts first, then every mistake at its cell.
pub fn preview(form: &Form, preview: &Preview, lang: Lang) -> String {
    let counts = &preview.counts;
    let mut lines = vec![
        format!("{} {}", form.unit_name, form.period.label(lang)),
        lang.pick(
            format!(
                "新增 {}，修改 {}，相同 {}，冲突 {}，拒收 {}，未填必填 {}",
                counts.new, counts.changed, counts.same, counts.conflict, counts.refused, counts.missing
            ),
            format!(
                "new {}, changed {}, same {}, conflict {}, refused {}, required and empty {}",
                counts.new, counts.changed, counts.same, counts.conflict, counts.refused, counts.missing
            ),
        ),
    ];
    for problem in &preview.problems {
        lines.push(format!("! {}", lang.pick(&problem.words.zh, &problem.words.en)));
    }
    for cell in &preview.cells {
        match &cell.state {
            State::Refused(refusal) => lines.push(format!(
                "✗ {} {} “{}”：{} {} [{}]",
                cell.at,
                refusal.title,
                brief(&cell.typed),
                lang.pick(&refusal.rule.zh, &refusal.rule.en),
                lang.pick(&refusal.hint.zh, &refusal.hint.en),
                refusal.code
            )),
            State::Conflict { theirs } => lines.push(lang.pick(
                format!("≠ {} “{}”：他人已改为 {theirs:?}", cell.at, brief(&cell.typed)),
                format!("≠ {} “{}”: someone changed it to {theirs:?}", cell.at, brief(&cell.typed)),
            )),
            State::New | State::Changed | State::Same => {}
        }
    }
    for column in &preview.unknown_columns {
        lines.push(lang.pick(
            format!("? 未识别的列 {} “{}”，未读入", column.at, column.title),
            format!("? unknown column {} “{}”, not read", column.at, column.title),
        ));
    }
    for row in &preview.unknown_rows {
        lines.push(format!("? {} {}", row.at, lang.pick(&row.why.zh, &row.why.en)));
    }
    for warning in &preview.warnings {
        lines.push(format!("△ {} {}", warning.at, lang.pick(&warning.words.zh, &warning.words.en)));
    }
    lines.join("\n") + "\n"
}

/// What was typed, short enough for a line.
fn brief(typed: &str) -> std::borrow::Cow<'_, str> {
    const CHARS_MAX: usize = 40;
    match typed.char_indices().nth(CHARS_MAX) {
        None => typed.into(),
        Some((end, _)) => format!("{}…", &typed[..end]).into(),
    }
}
