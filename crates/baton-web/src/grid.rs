//! The fill-in grid: a form's cells with what was given before, what is being typed, and what is wrong with it.

use crate::given::Fields;
use crate::visit::say;
use baton_kernel::commands::{FieldGiven, FieldInput, FigureGiven, FigureInput};
use baton_kernel::form::{CellMistake, CellType, CellValue, Form, FormBlock, FormCell, FormColumn, FormRow, check};
use baton_kernel::ids::Subject;
use baton_methods::{Lang, Period};
use baton_sheets::layout::in_words;
use std::collections::{BTreeMap, BTreeSet};

/// What is typed, by name of the cell's field: `c:SUBJECT/COLUMN`.
pub(crate) type Typed = BTreeMap<String, String>;

/// Name of a cell's field.
pub(crate) fn name(row: &FormRow, column: &FormColumn) -> String {
    format!("c:{}/{}", row.subject, column.key)
}

/// The cells of a form as they were typed, cut to what the form asks.
pub(crate) fn typed(fields: &Fields) -> Typed {
    fields.0.iter().filter(|(n, _)| n.starts_with("c:")).map(|(n, t)| (n.clone(), t.trim().to_owned())).collect()
}

/// What was sent before and does not count: it waits for the checker, or came back and is to be mended.
#[derive(Default)]
pub(crate) struct Sent {
    /// What it said, as it stands in the inputs.
    pub values: Typed,
    /// Cells that were marked when it was returned.
    pub marked: BTreeSet<String>,
    /// Whether it waits; else it came back.
    pub waits: bool,
}

impl Sent {
    /// Whether a cell still says what was sent.
    fn says(&self, name: &str, text: Option<&String>) -> bool {
        text.is_some() && self.values.get(name) == text
    }

    /// What is typed over what was sent.
    fn under(&self, typed: &Typed) -> Typed {
        let mut all = self.values.clone();
        all.extend(typed.iter().map(|(n, t)| (n.clone(), t.clone())));
        all
    }
}

/// A place of a form.
pub(crate) struct Place<'a> {
    pub name: String,
    pub column: &'a FormColumn,
    pub cell: &'a FormCell,
}

/// Every place of a form, in its order.
pub(crate) fn places(form: &Form) -> impl Iterator<Item = Place<'_>> {
    form.blocks.iter().flat_map(|block| {
        block.rows.iter().flat_map(move |row| {
            block.columns.iter().zip(&row.cells).map(move |(column, cell)| Place {
                name: name(row, column),
                column,
                cell,
            })
        })
    })
}

/// What stands at a place, as it stands in its input.
pub(crate) fn stands(place: &Place, lang: Lang) -> String {
    place.cell.now.as_ref().map_or(String::new(), |v| editable(place.column, v, lang))
}

/// A value in words, as it stands in an input.
pub(crate) fn as_typed(column: &FormColumn, words: &str, period: Period, lang: Lang) -> String {
    understand(column, words, period).map_or_else(|_| words.to_owned(), |value| editable(column, &value, lang))
}

/// What a text typed into a column means: the word that pages show for a withheld value is understood too.
pub(crate) fn understand(column: &FormColumn, typed: &str, period: Period) -> Result<CellValue, CellMistake> {
    let word = say(Lang::Zh, "figure.withheld", &[]);
    match typed.trim().strip_prefix(&word) {
        Some(rest) if !matches!(column.cell, CellType::Text { .. }) => {
            column.understand(&format!("withheld{rest}"), period)
        }
        _ => column.understand(typed, period),
    }
}

/// A cell as shown.
pub(crate) struct Cell {
    pub name: String,
    pub mark: String,
    pub label: String,
    pub last: String,
    pub value: String,
    pub class: &'static str,
    pub note: String,
    pub control: &'static str,
    pub choices: Vec<(String, String)>,
    pub version: u64,
    pub asked: bool,
    pub figure: bool,
}

/// A row as shown.
pub(crate) struct Row {
    pub code: String,
    pub name: String,
    pub keys: Vec<String>,
    pub cells: Vec<Cell>,
}

/// A column as shown: figures stand beside those of the last period, fields stand until they change.
pub(crate) struct Title {
    pub title: String,
    pub hint: String,
    pub figure: bool,
    /// What is asked of the period: its own amount, the year to date, or the level at its end.
    pub asks: String,
}

/// A block as shown.
pub(crate) struct Block {
    pub label: String,
    pub key_labels: Vec<String>,
    pub titles: Vec<Title>,
    pub rows: Vec<Row>,
}

/// How many cells stand in each state; together they are all of them.
#[derive(Default, Clone, Copy)]
pub(crate) struct Counts {
    pub saved: usize,
    pub changed: usize,
    pub waiting: usize,
    pub wrong: usize,
    pub empty: usize,
    pub needed: usize,
    pub locked: usize,
    pub all: usize,
}

/// A mistake with its place.
pub(crate) struct Mistake {
    pub mark: String,
    pub words: String,
}

/// The grid as shown.
pub(crate) struct Grid {
    pub blocks: Vec<Block>,
    pub counts: Counts,
    pub mistakes: Vec<Mistake>,
    pub first_empty: Option<String>,
}

/// What a typed cell means beside what stands there.
enum Meaning {
    /// Nothing typed, or what stands there already.
    Stands,
    /// Another value.
    Other(CellValue),
    /// Not understood, or against a rule.
    Wrong(CellMistake),
}

fn meaning(column: &FormColumn, cell: &FormCell, typed: Option<&str>, period: Period, lang: Lang) -> Meaning {
    let Some(text) = typed else { return Meaning::Stands };
    let shown = cell.now.as_ref().map_or(String::new(), |v| editable(column, v, lang));
    if text == shown {
        return Meaning::Stands;
    }
    if text.is_empty() {
        // What was said cannot be unsaid; it can be withheld with a reason.
        return Meaning::Wrong(CellMistake::new(
            &column.key,
            "cell.cleared",
            baton_methods::Words::new("已报的数不能清空", "what was given cannot be cleared"),
            baton_methods::Words::new("要收回就写“暂不报送：原因”", "to take it back write “withheld: reason”"),
        ));
    }
    match understand(column, text, period) {
        Ok(value) if cell.now.as_ref().is_some_and(|now| now.same(&value)) => Meaning::Stands,
        Ok(value) => Meaning::Other(value),
        Err(mistake) => Meaning::Wrong(mistake),
    }
}

/// A value as it stands in an input.
fn editable(column: &FormColumn, value: &CellValue, lang: Lang) -> String {
    match value {
        CellValue::Number(n) => n.normalize().to_string(),
        CellValue::Choice(key) => key.clone(),
        CellValue::YesNo(yes) => yes_no(*yes).to_owned(),
        CellValue::Withheld(reason) => format!("{}{reason}", lang.pick("暂不报送：", "withheld: ")),
        other => in_words(column, other, lang),
    }
}

/// Key of a yes or a no.
fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Whether a column asks a figure, not a field.
fn is_figure(column: &FormColumn) -> bool {
    column.key.starts_with("m:")
}

/// A row weighed: the meaning of each cell and the mistakes of its checks.
fn weigh(form: &Form, block: &FormBlock, row: &FormRow, typed: &Typed) -> (Vec<Meaning>, Vec<CellMistake>) {
    let mut meanings = Vec::with_capacity(row.cells.len());
    let mut values = Vec::with_capacity(row.cells.len());
    let mut touched = false;
    for (column, cell) in block.columns.iter().zip(&row.cells) {
        let text = if cell.asked { typed.get(&name(row, column)).map(String::as_str) } else { None };
        let meaning = meaning(column, cell, text, form.period, form.lang);
        values.push(match &meaning {
            Meaning::Other(value) => Some(value.clone()),
            Meaning::Stands | Meaning::Wrong(_) => cell.now.clone(),
        });
        touched |= matches!(meaning, Meaning::Other(_));
        meanings.push(meaning);
    }
    let mistakes = if touched { check(form.period, block, row, &values) } else { Vec::new() };
    (meanings, mistakes)
}

/// The grid of a form with what was sent and what is typed over it.
pub(crate) fn grid(form: &Form, typed: &Typed, sent: &Sent) -> Grid {
    let lang = form.lang;
    let typed = &sent.under(typed);
    let mut grid = Grid { blocks: Vec::new(), counts: Counts::default(), mistakes: Vec::new(), first_empty: None };
    for (b, block) in form.blocks.iter().enumerate() {
        let mut rows = Vec::new();
        for (r, row) in block.rows.iter().enumerate() {
            let (meanings, broken) = weigh(form, block, row, typed);
            let mut cells = Vec::new();
            for (c, (column, cell)) in block.columns.iter().zip(&row.cells).enumerate() {
                let mark = format!("c{b}-{r}-{c}");
                let broken = broken.iter().find(|m| m.column == column.key);
                let shown = shown(&mut grid, form, row, column, cell, &meanings[c], broken, typed, sent, mark);
                cells.push(shown);
            }
            rows.push(Row { code: row.code.clone(), name: row.name.clone(), keys: row.keys.clone(), cells });
        }
        let titles = block
            .columns
            .iter()
            .map(|c| Title {
                title: c.full_title(lang),
                hint: c.hint.clone().unwrap_or_default(),
                figure: is_figure(c),
                asks: String::new(),
            })
            .collect();
        grid.blocks.push(Block { label: block.label.clone(), key_labels: block.key_labels.clone(), titles, rows });
    }
    grid
}

#[allow(clippy::too_many_arguments)]
fn shown(
    grid: &mut Grid,
    form: &Form,
    row: &FormRow,
    column: &FormColumn,
    cell: &FormCell,
    meaning: &Meaning,
    broken: Option<&CellMistake>,
    typed: &Typed,
    sent: &Sent,
    mark: String,
) -> Cell {
    let lang = form.lang;
    let name = name(row, column);
    let now = cell.now.as_ref().map_or(String::new(), |v| editable(column, v, lang));
    let value = typed.get(&name).filter(|_| cell.asked).cloned().unwrap_or_else(|| now.clone());
    grid.counts.all += 1;
    let wrong = match meaning {
        Meaning::Wrong(mistake) => Some(mistake),
        _ => broken,
    };
    let (class, note) = if !cell.asked {
        grid.counts.locked += 1;
        ("locked", String::new())
    } else if let Some(mistake) = wrong {
        grid.counts.wrong += 1;
        let words = format!("{}。{}", mistake.rule.in_lang(lang), mistake.hint.in_lang(lang));
        grid.mistakes
            .push(Mistake { mark: mark.clone(), words: format!("{} {}：{words}", row.name, column.full_title(lang)) });
        ("wrong", lang.pick(format!("错：{words}"), format!("wrong: {words}")))
    } else if matches!(meaning, Meaning::Other(_)) && sent.waits && sent.says(&name, typed.get(&name)) {
        grid.counts.waiting += 1;
        ("waiting", say(lang, "page.form.cell.waits", &[]))
    } else if matches!(meaning, Meaning::Other(_)) && sent.marked.contains(&name) && sent.says(&name, typed.get(&name))
    {
        grid.counts.changed += 1;
        ("doubt", say(lang, "page.form.cell.marked", &[]))
    } else if let Meaning::Other(_) = meaning {
        grid.counts.changed += 1;
        let was = cell.now.as_ref().map(|v| in_words(column, v, lang));
        ("changed", was.map_or_else(String::new, |w| lang.pick(format!("已改，原 {w}"), format!("was {w}"))))
    } else if cell.now.is_some() {
        grid.counts.saved += 1;
        ("saved", String::new())
    } else {
        grid.counts.empty += 1;
        if column.required {
            grid.counts.needed += 1;
            grid.first_empty.get_or_insert_with(|| mark.clone());
        }
        let plan = cell.plan.map(|p| baton_methods::format_decimal(p, column.decimals.into(), true));
        ("", plan.map_or_else(String::new, |p| lang.pick(format!("计划 {p}"), format!("plan {p}"))))
    };
    let (control, choices) = match &column.cell {
        CellType::Number { .. } => ("number", Vec::new()),
        CellType::Choice(list) => ("choice", list.iter().map(|c| (c.key.clone(), c.label.clone())).collect()),
        CellType::YesNo => {
            let choice = |yes: bool| (yes_no(yes).to_owned(), say(lang, &format!("page.{}", yes_no(yes)), &[]));
            ("choice", vec![choice(true), choice(false)])
        }
        CellType::Date | CellType::Text { .. } => ("text", Vec::new()),
    };
    Cell {
        label: format!("{} {}", row.name, column.full_title(lang)),
        last: cell.last.as_ref().map_or(String::new(), |v| in_words(column, v, lang)),
        version: cell.version,
        asked: cell.asked,
        figure: is_figure(column),
        name,
        mark,
        value,
        class,
        note,
        control,
        choices,
    }
}

/// What is to be reported: every cell that says something new and nothing wrong, with the version its writer saw;
/// what waits for the checker already is not sent again.
pub(crate) fn report(
    form: &Form,
    typed: &Typed,
    sent: &Sent,
    versions: &BTreeMap<String, u64>,
) -> (Vec<FigureGiven>, Vec<FieldGiven>) {
    let typed = &sent.under(typed);
    let (mut figures, mut fields) = (Vec::new(), Vec::new());
    for block in &form.blocks {
        for row in &block.rows {
            let (meanings, broken) = weigh(form, block, row, typed);
            for ((column, cell), meaning) in block.columns.iter().zip(&row.cells).zip(meanings) {
                let Meaning::Other(value) = meaning else { continue };
                let name = name(row, column);
                let again = sent.waits && sent.says(&name, typed.get(&name));
                if again || broken.iter().any(|m| m.column == column.key) {
                    continue;
                }
                let version = versions.get(&name).copied().unwrap_or(cell.version);
                add(&row.subject, &column.key, &value, version, form.period, &mut figures, &mut fields);
            }
        }
    }
    (figures, fields)
}

/// Adds one cell to a report, by its column's key: `m:MEASURE`, `m:MEASURE/PART` or `f:FIELD`.
pub(crate) fn add(
    subject: &str,
    column: &str,
    value: &CellValue,
    version: u64,
    period: Period,
    figures: &mut Vec<FigureGiven>,
    fields: &mut Vec<FieldGiven>,
) {
    let Ok(subject) = subject.parse::<Subject>() else { return };
    if let Some(field) = column.strip_prefix("f:") {
        let Subject::Item(item) = subject else { return };
        let value = match value {
            CellValue::Number(n) => FieldInput::Typed(n.normalize().to_string()),
            CellValue::Text(t) | CellValue::Choice(t) => FieldInput::Typed(t.clone()),
            CellValue::Date(d) => FieldInput::Typed(d.to_string()),
            CellValue::YesNo(yes) => FieldInput::Typed(yes_no(*yes).to_owned()),
            CellValue::Withheld(_) => return,
        };
        fields.push(FieldGiven { item, field: field.to_owned(), value, version });
        return;
    }
    let key = column.strip_prefix("m:").unwrap_or(column);
    let (measure, part) = match key.split_once('/') {
        Some((measure, part)) => (measure, Some(part.to_owned())),
        None => (key, None),
    };
    let value = match value {
        CellValue::Number(n) => FigureInput::Is(*n),
        CellValue::Withheld(reason) => FigureInput::Withheld(reason.clone()),
        _ => return,
    };
    figures.push(FigureGiven { subject, measure: measure.to_owned(), period, part, value, version, said_on: None });
}

/// Lays a block of tab-separated text into the cells of a block, from a row and column on.
pub(crate) fn paste(block: &FormBlock, from_row: usize, from_column: usize, text: &str, typed: &mut Typed) {
    // A trailing line break of a spreadsheet is not one more row.
    let text = text.trim_end_matches(['\r', '\n']);
    for (row, line) in block.rows.iter().skip(from_row).zip(text.lines()) {
        let places = block.columns.iter().zip(&row.cells).skip(from_column);
        for ((column, cell), words) in places.zip(line.split('\t')) {
            if cell.asked && !words.trim().is_empty() {
                typed.insert(name(row, column), words.trim().to_owned());
            }
        }
    }
}
