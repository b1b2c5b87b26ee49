//! The layout of the fill-in workbook: which column stands where, what its headers say, and the marks
//! by which a workbook that comes back is recognised.

use crate::limits::SHEET_NAME_CHARS_MAX;
use baton_kernel::blobs::Digest;
use baton_kernel::form::{CellValue, Form, FormBlock, FormColumn};
use baton_methods::Lang;

/// Name of the very hidden sheet that says which form a workbook is.
pub const MARK_SHEET: &str = "_baton";
/// First column of the mark sheet that holds closed lists too long for a rule of their own.
pub const LISTS_COL: u16 = 10;
/// Version of the layout.
pub const FORMAT: &str = "1";
/// Header of the hidden column with the row's identity.
pub const ROW_MARK: &str = "_row";
/// Header of the hidden column with the versions of the row's cells.
pub const VERSIONS_MARK: &str = "_ver";
/// Zero-based row of the title.
pub const TITLE_ROW: u32 = 0;
/// Zero-based row that names unit, period and last day.
pub const FACTS_ROW: u32 = 1;
/// Zero-based row of the column groups.
pub const GROUP_ROW: u32 = 2;
/// Zero-based row of the column titles.
pub const LABEL_ROW: u32 = 3;
/// Zero-based first row of data.
pub const FIRST_ROW: u32 = 4;

/// Title of the column of codes.
pub const CODE: (&str, &str) = ("编号", "Code");
/// Title of the column of names.
pub const NAME: (&str, &str) = ("名称", "Name");

/// What a column of the sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The row's identity, hidden.
    Row,
    /// The versions of its cells, hidden.
    Versions,
    /// The row's code.
    Code,
    /// Its name.
    Name,
    /// Further key column by index.
    Key(usize),
    /// What was planned, beside column by index.
    Plan(usize),
    /// Last period's value, beside column by index.
    Last(usize),
    /// Column to fill in, by index.
    Input(usize),
}

/// The slots of a block's sheet from left to right.
pub fn slots(block: &FormBlock) -> Vec<Slot> {
    let mut slots = vec![Slot::Row, Slot::Versions, Slot::Code, Slot::Name];
    // A key that only says code or name again is left out.
    let again = |k: &usize| {
        let label = baton_kernel::form::plain(&block.key_labels[*k]);
        [CODE, NAME].iter().any(|(zh, en)| label == *zh || label == en.to_lowercase())
    };
    slots.extend((0..block.key_labels.len()).filter(|k| !again(k)).map(Slot::Key));
    for c in 0..block.columns.len() {
        let some = |has: &dyn Fn(&baton_kernel::form::FormCell) -> bool| {
            block.rows.iter().any(|row| row.cells.get(c).is_some_and(has))
        };
        if some(&|cell| cell.plan.is_some()) {
            slots.push(Slot::Plan(c));
        }
        if some(&|cell| cell.last.is_some()) {
            slots.push(Slot::Last(c));
        }
        slots.push(Slot::Input(c));
    }
    slots
}

/// Upper header of a slot: its group.
pub fn group_of<'a>(block: &'a FormBlock, slot: Slot) -> Option<&'a str> {
    match slot {
        Slot::Plan(c) | Slot::Last(c) | Slot::Input(c) => block.columns[c].group.as_deref(),
        _ => None,
    }
}

/// Lower header of a slot.
pub fn label_of(block: &FormBlock, slot: Slot, lang: Lang) -> String {
    match slot {
        Slot::Row => ROW_MARK.to_owned(),
        Slot::Versions => VERSIONS_MARK.to_owned(),
        Slot::Code => lang.pick(CODE.0, CODE.1).to_owned(),
        Slot::Name => lang.pick(NAME.0, NAME.1).to_owned(),
        Slot::Key(k) => block.key_labels[k].clone(),
        Slot::Plan(c) => format!("{}{}", lang.pick("计划·", "plan · "), block.columns[c].title(lang)),
        Slot::Last(c) => format!("{}{}", lang.pick("上期·", "last · "), block.columns[c].title(lang)),
        Slot::Input(c) => {
            format!("{}{}", if block.columns[c].required { "*" } else { "" }, block.columns[c].title(lang))
        }
    }
}

/// A form's template in one hash: kinds, columns, units, bounds and keys of closed lists, but no rows and no
/// titles, which differ by language. A workbook with another hash was made from another template.
pub fn template_hash(form: &Form) -> String {
    use baton_kernel::form::CellType;
    let column = |c: &FormColumn| {
        let cell = match &c.cell {
            CellType::Choice(choices) => choices.iter().map(|o| o.key.as_str()).collect::<Vec<_>>().join(","),
            other => serde_json::to_string(other).expect("plain data"),
        };
        (c.key.clone(), c.unit, c.decimals, c.required, cell)
    };
    let shape: Vec<_> =
        form.blocks.iter().map(|b| (&b.kind, b.columns.iter().map(column).collect::<Vec<_>>())).collect();
    Digest::of(&serde_json::to_vec(&shape).expect("plain data")).to_string()
}

/// Identity of a form: zone, round and unit.
pub fn form_id(form: &Form) -> String {
    format!("{}/{}/{}", form.zone, form.round, form.unit)
}

/// Names of the blocks' sheets: the titles, freed of what a sheet's name may not hold, cut to its
/// length, made distinct.
pub fn sheet_names(form: &Form) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for block in &form.blocks {
        let base = sheet_name(&block.label);
        let mut name = base.clone();
        let mut n = 2;
        while name.eq_ignore_ascii_case(MARK_SHEET)
            || name.eq_ignore_ascii_case("history")
            || names.iter().any(|other| other.to_lowercase() == name.to_lowercase())
        {
            let tail = format!("({n})");
            name = base.chars().take(SHEET_NAME_CHARS_MAX - tail.chars().count()).collect::<String>() + &tail;
            n += 1;
        }
        names.push(name);
    }
    names
}

/// `text` as the name of a sheet.
pub fn sheet_name(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() { ' ' } else { c })
        .collect();
    let clean: String =
        clean.trim_matches(|c: char| c == '\'' || c.is_whitespace()).chars().take(SHEET_NAME_CHARS_MAX).collect();
    if clean.is_empty() { "Sheet".to_owned() } else { clean }
}

/// Address of a cell as people write it: `C7`.
pub fn address(row: u32, col: u32) -> String {
    format!("{}{}", column_letters(col), row + 1)
}

/// Letters of a zero-based column: `A`, `AB`.
pub fn column_letters(col: u32) -> String {
    let mut letters = Vec::new();
    let mut n = col + 1;
    while n > 0 {
        letters.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    letters.reverse();
    String::from_utf8(letters).expect("letters")
}

/// A value in words, as the sheet shows it where it is not a number or a date.
pub fn in_words(column: &FormColumn, value: &CellValue, lang: Lang) -> String {
    match value {
        CellValue::Number(n) => n.to_string(),
        CellValue::Text(text) => text.clone(),
        CellValue::Choice(key) => match &column.cell {
            baton_kernel::form::CellType::Choice(choices) => {
                choices.iter().find(|c| c.key == *key).map_or_else(|| key.clone(), |c| c.label.clone())
            }
            _ => key.clone(),
        },
        CellValue::Date(date) => date.to_string(),
        CellValue::YesNo(yes) => if *yes { lang.pick("是", "yes") } else { lang.pick("否", "no") }.to_owned(),
        CellValue::Withheld(reason) => format!("{}{reason}", lang.pick("暂不报送：", "withheld: ")),
    }
}

/// Whether a text would be taken for a formula by an office program when it is typed again.
pub fn looks_like_formula(text: &str) -> bool {
    matches!(text.chars().next(), Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\0' | '＝' | '＋' | '－' | '＠'))
}
