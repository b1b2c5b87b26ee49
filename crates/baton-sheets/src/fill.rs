//! Sheets out: the fill-in workbook of one unit and round, empty or refilled with what was typed.

use crate::guidance;
use crate::layout::{self, FACTS_ROW, FIRST_ROW, GROUP_ROW, LABEL_ROW, MARK_SHEET, Slot, TITLE_ROW};
use crate::mark;
use crate::mistakes;
use crate::preview::{Preview, State};
use crate::write;
use baton_kernel::form::{CellType, CellValue, Form, FormBlock, FormColumn};
use baton_methods::{Lang, Words};
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, Format, FormatAlign, Formula, Note,
    ProtectionOptions, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// Lines a row may grow to by its texts.
const LINES_MAX: f64 = 6.0;
/// Characters of a message of a data validation: the bound of the file format.
const VALIDATION_CHARS_MAX: usize = 255;
/// Columns that stay in view: two hidden ones, code and name.
const KEPT_COLUMNS: u16 = 4;
/// Characters of its title.
const VALIDATION_TITLE_CHARS_MAX: usize = 32;

/// The fill-in workbook of a form.
///
/// One sheet per block: title line, two header rows, protected key columns, last period's values in
/// grey beside the cells to fill in, drop-downs and number rules; row identity and versions in hidden
/// columns; how to fill it in on a sheet of its own; which form it is on a very hidden one. The bytes
/// depend on the form alone.
///
/// Errors: the workbook cannot be written (a form past the bounds of the file format).
pub fn fill_in(form: &Form) -> anyhow::Result<Vec<u8>> {
    Ok(book(form, &BTreeMap::new(), None)?)
}

/// The workbook of `form` again, filled with what was typed: wrong cells red, each with a comment, and a
/// sheet that lists every mistake with a link to its cell.
///
/// Errors: as [`fill_in`].
pub fn refill(form: &Form, preview: &Preview) -> anyhow::Result<Vec<u8>> {
    let mut at: Vec<BTreeMap<&str, usize>> = Vec::new();
    let mut columns: Vec<BTreeMap<&str, usize>> = Vec::new();
    let mut blocks = BTreeMap::new();
    for (b, block) in form.blocks.iter().enumerate() {
        blocks.insert(block.kind.as_str(), b);
        at.push(block.rows.iter().enumerate().map(|(r, row)| (row.subject.as_str(), r)).collect());
        columns.push(block.columns.iter().enumerate().map(|(c, column)| (column.key.as_str(), c)).collect());
    }
    let mut typed = BTreeMap::new();
    for cell in &preview.cells {
        let Some(&b) = blocks.get(&*cell.block) else { continue };
        let (Some(&r), Some(&c)) = (at[b].get(&*cell.subject), columns[b].get(&*cell.column)) else { continue };
        let wrong = match &cell.state {
            State::Refused(refused) => Some(Words::new(
                format!("{}：{}。{}", refused.title, refused.rule.zh, refused.hint.zh),
                format!("{}: {}. {}", refused.title, refused.rule.en, refused.hint.en),
            )),
            State::Conflict { theirs } => {
                let column = &form.blocks[b].columns[c];
                let said =
                    |lang| theirs.as_ref().map_or_else(|| String::from("—"), |v| layout::in_words(column, v, lang));
                Some(Words::new(
                    format!("{}：他人已改为 {}。请确认以哪个为准", column.title(Lang::Zh), said(Lang::Zh)),
                    format!("{}: someone else made it {}. Decide which holds", column.title(Lang::En), said(Lang::En)),
                ))
            }
            State::New | State::Changed | State::Same => None,
        };
        typed.insert((b, r, c), Typed { text: &cell.typed, value: cell.value.as_ref(), wrong });
    }
    Ok(book(form, &typed, Some(preview))?)
}

/// What was typed into one cell.
struct Typed<'a> {
    text: &'a str,
    value: Option<&'a CellValue>,
    wrong: Option<Words>,
}

type Overlay<'a> = BTreeMap<(usize, usize, usize), Typed<'a>>;

fn book(form: &Form, typed: &Overlay<'_>, preview: Option<&Preview>) -> Result<Vec<u8>, XlsxError> {
    let mut book = write::workbook(&form.title)?;
    let names = layout::sheet_names(form);
    let lists = Lists::of(form);
    for (b, block) in form.blocks.iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(&names[b])?;
        if b == 0 && preview.is_none() {
            sheet.set_active(true);
        }
        block_sheet(sheet, form, b, block, &lists, typed)?;
    }
    if let Some(preview) = preview {
        mistakes::sheet(&mut book, form, &names, preview)?;
    }
    guidance::sheet(&mut book, form)?;
    mark::sheet(&mut book, form, &names, &lists.labels)?;
    book.save_to_buffer()
}

/// The formats of a block's sheet, each made once.
struct Looks {
    title: Format,
    facts: Format,
    head: Format,
    head_input: Format,
    head_grey: Format,
    key: Format,
    hidden: Format,
    off: Format,
}

impl Looks {
    fn new() -> Looks {
        Looks {
            title: Format::new()
                .set_bold()
                .set_font_size(16)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            facts: Format::new().set_font_size(11).set_align(FormatAlign::Left).set_align(FormatAlign::VerticalCenter),
            head: write::head(),
            head_input: write::head().set_background_color(Color::RGB(0x00FF_F2CC)),
            head_grey: write::head().unset_bold().set_background_color(write::GREY).set_font_color(write::GREY_INK),
            key: write::cell().set_text_wrap().set_background_color(write::KEY),
            hidden: Format::new().set_num_format("@"),
            off: write::cell().set_background_color(Color::RGB(0x00D9_D9D9)),
        }
    }
}

/// Format of a value's cell: by type, then grey, open or wrong.
fn value_format(column: &FormColumn) -> Format {
    let format = write::cell();
    match &column.cell {
        CellType::Number { .. } => {
            format.set_num_format(write::number_format(column.decimals)).set_align(FormatAlign::Right)
        }
        CellType::Date => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        CellType::Text { .. } => format.set_num_format("@").set_text_wrap().set_align(FormatAlign::Left),
        CellType::Choice(_) | CellType::YesNo => format.set_align(FormatAlign::Center),
    }
}

fn block_sheet(
    sheet: &mut Worksheet,
    form: &Form,
    b: usize,
    block: &FormBlock,
    lists: &Lists,
    typed: &Overlay<'_>,
) -> Result<(), XlsxError> {
    let looks = Looks::new();
    let lang = form.lang;
    let slots = layout::slots(block);
    let last_col = (slots.len() - 1) as u16;
    let first_seen = 2u16.min(last_col);

    // Title and facts.
    let title = format!("{}{}{}（{}）", form.unit_name, form.period.label(lang), form.title, block.label);
    let due = form.due.map_or_else(String::new, |d| format!("{}{d}", lang.pick("    截止：", "    due: ")));
    let facts = format!(
        "{}{}（{}）    {}{}{due}    {}",
        lang.pick("填报单位：", "unit: "),
        form.unit_name,
        form.unit,
        lang.pick("期间：", "period: "),
        form.period.label(lang),
        lang.pick(
            "黄色表头为待填列，* 为必填；灰色为上期数和计划数，不需填写",
            "fill in the columns under yellow headers, * = required; grey is last period and plan"
        ),
    );
    if first_seen < last_col {
        sheet.merge_range(TITLE_ROW, first_seen, TITLE_ROW, last_col, &title, &looks.title)?;
        sheet.merge_range(FACTS_ROW, first_seen, FACTS_ROW, last_col, &facts, &looks.facts)?;
    } else {
        sheet.write_string_with_format(TITLE_ROW, first_seen, &title, &looks.title)?;
        sheet.write_string_with_format(FACTS_ROW, first_seen, &facts, &looks.facts)?;
    }
    sheet.set_row_height(TITLE_ROW, 30)?;
    sheet.set_row_height(FACTS_ROW, 20)?;

    headers(sheet, block, &slots, lang, &looks)?;

    // Rows.
    let widths: Vec<f64> = slots.iter().map(|slot| width(block, *slot, lang)).collect();
    let open: Vec<Format> = block.columns.iter().map(|c| value_format(c).set_unlocked()).collect();
    let grey: Vec<Format> = block
        .columns
        .iter()
        .map(|c| value_format(c).set_background_color(write::GREY).set_font_color(write::GREY_INK))
        .collect();
    let wrong: Vec<Format> = block
        .columns
        .iter()
        .map(|c| value_format(c).set_unlocked().set_background_color(write::WRONG).set_font_color(write::WRONG_INK))
        .collect();
    for (r, row) in block.rows.iter().enumerate() {
        let y = FIRST_ROW + r as u32;
        let texts =
            slots.iter().zip(&widths).filter_map(|(slot, width)| Some((shown_words(block, row, *slot)?, *width)));
        sheet.set_row_height(y, write::row_height(texts, LINES_MAX).max(20.0))?;
        for (x, slot) in slots.iter().enumerate() {
            let x = x as u16;
            match *slot {
                Slot::Row => write::words(sheet, y, x, &row.subject, &looks.hidden)?,
                Slot::Versions => write::words(sheet, y, x, &versions(row), &looks.hidden)?,
                Slot::Code => write::words(sheet, y, x, &row.code, &looks.key)?,
                Slot::Name => write::words(sheet, y, x, &row.name, &looks.key)?,
                Slot::Key(k) => write::words(sheet, y, x, row.keys.get(k).map_or("", String::as_str), &looks.key)?,
                Slot::Plan(c) => match row.cells.get(c).and_then(|cell| cell.plan) {
                    Some(plan) => write::quantity(sheet, y, x, plan, &grey[c])?,
                    None => write::words(sheet, y, x, "", &grey[c])?,
                },
                Slot::Last(c) => {
                    let last = row.cells.get(c).and_then(|cell| cell.last.as_ref());
                    value(sheet, y, x, &block.columns[c], last, "", &grey[c], lang)?;
                }
                Slot::Input(c) => {
                    let cell = row.cells.get(c);
                    let asked = cell.is_some_and(|cell| cell.asked);
                    match typed.get(&(b, r, c)) {
                        Some(one) => {
                            let look = if one.wrong.is_some() { &wrong[c] } else { &open[c] };
                            value(sheet, y, x, &block.columns[c], one.value, one.text, look, lang)?;
                            if let Some(why) = &one.wrong {
                                note(sheet, y, x, why.in_lang(lang))?;
                            }
                        }
                        None if !asked => write::words(sheet, y, x, "", &looks.off)?,
                        None => value(
                            sheet,
                            y,
                            x,
                            &block.columns[c],
                            cell.and_then(|cell| cell.now.as_ref()),
                            "",
                            &open[c],
                            lang,
                        )?,
                    }
                }
            }
        }
    }

    rules(sheet, block, &slots, lists, b, lang)?;

    // Widths, panes, protection, print.
    for (x, slot) in slots.iter().enumerate() {
        let x = x as u16;
        match slot {
            Slot::Row | Slot::Versions => {
                sheet.set_column_width(x, 4)?;
                sheet.set_column_hidden(x)?;
            }
            _ => {
                sheet.set_column_width(x, widths[usize::from(x)])?;
            }
        }
    }
    sheet.set_freeze_panes(FIRST_ROW, KEPT_COLUMNS)?;
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        format_cells: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::new()
    });
    let last_row = (FIRST_ROW + block.rows.len() as u32).saturating_sub(1).max(LABEL_ROW);
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_print_center_horizontally(true);
    sheet.set_repeat_rows(GROUP_ROW, LABEL_ROW)?;
    sheet.set_print_area(TITLE_ROW, first_seen, last_row, last_col)?;
    sheet.set_footer(lang.pick("&C第 &P 页 共 &N 页", "&Cpage &P of &N"));
    Ok(())
}

fn headers(
    sheet: &mut Worksheet,
    block: &FormBlock,
    slots: &[Slot],
    lang: Lang,
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_row_height(GROUP_ROW, 22)?;
    sheet.set_row_height(LABEL_ROW, 46)?;
    let look = |slot: Slot| match slot {
        Slot::Input(_) => &looks.head_input,
        Slot::Plan(_) | Slot::Last(_) => &looks.head_grey,
        _ => &looks.head,
    };
    let mut x = 0;
    while x < slots.len() {
        let slot = slots[x];
        match layout::group_of(block, slot) {
            Some(group) => {
                let mut end = x;
                while end + 1 < slots.len() && layout::group_of(block, slots[end + 1]) == Some(group) {
                    end += 1;
                }
                if end > x {
                    sheet.merge_range(GROUP_ROW, x as u16, GROUP_ROW, end as u16, group, &looks.head)?;
                } else {
                    write::words(sheet, GROUP_ROW, x as u16, group, &looks.head)?;
                }
                for (i, slot) in slots.iter().enumerate().take(end + 1).skip(x) {
                    write::words(sheet, LABEL_ROW, i as u16, &layout::label_of(block, *slot, lang), look(*slot))?;
                }
                x = end + 1;
            }
            None => {
                let label = layout::label_of(block, slot, lang);
                if matches!(slot, Slot::Row | Slot::Versions) {
                    write::words(sheet, LABEL_ROW, x as u16, &label, &looks.hidden)?;
                } else {
                    sheet.merge_range(GROUP_ROW, x as u16, LABEL_ROW, x as u16, &label, look(slot))?;
                }
                x += 1;
            }
        }
    }
    Ok(())
}

/// One value by its own type; what could not be understood as it was typed.
#[allow(clippy::too_many_arguments)]
fn value(
    sheet: &mut Worksheet,
    y: u32,
    x: u16,
    column: &FormColumn,
    value: Option<&CellValue>,
    typed: &str,
    format: &Format,
    lang: Lang,
) -> Result<(), XlsxError> {
    match value {
        Some(CellValue::Number(n)) => write::quantity(sheet, y, x, *n, format),
        Some(CellValue::Date(date)) => write::day(sheet, y, x, *date, format),
        Some(other) => write::words(sheet, y, x, &layout::in_words(column, other, lang), format),
        None => write::words(sheet, y, x, typed, format),
    }
}

fn note(sheet: &mut Worksheet, y: u32, x: u16, text: &str) -> Result<(), XlsxError> {
    let lines = (write::half_widths(text) / 30.0).ceil().max(2.0) as u32;
    sheet.insert_note(
        y,
        x,
        &Note::new(text).set_author("Baton").add_author_prefix(false).set_width(240).set_height(20 * lines + 16),
    )?;
    Ok(())
}

/// The words in a cell that wrap, if it holds words.
fn shown_words<'a>(block: &FormBlock, row: &'a baton_kernel::form::FormRow, slot: Slot) -> Option<&'a str> {
    let text = |value: Option<&'a CellValue>| match value {
        Some(CellValue::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    match slot {
        Slot::Name => Some(&row.name),
        Slot::Last(c) if c < block.columns.len() => text(row.cells.get(c)?.last.as_ref()),
        Slot::Input(c) => text(row.cells.get(c)?.now.as_ref()),
        _ => None,
    }
}

/// Versions of a row's cells in the order of the columns: `0,17,0`.
fn versions(row: &baton_kernel::form::FormRow) -> String {
    row.cells.iter().map(|cell| cell.version.to_string()).collect::<Vec<_>>().join(",")
}

fn width(block: &FormBlock, slot: Slot, lang: Lang) -> f64 {
    let head = write::half_widths(&layout::label_of(block, slot, lang));
    match slot {
        Slot::Row | Slot::Versions => 4.0,
        Slot::Code | Slot::Name | Slot::Key(_) => {
            let text = |row: &baton_kernel::form::FormRow| match slot {
                Slot::Code => write::half_widths(&row.code),
                Slot::Name => write::half_widths(&row.name),
                Slot::Key(k) => row.keys.get(k).map_or(0.0, |t| write::half_widths(t)),
                _ => 0.0,
            };
            let longest = block.rows.iter().map(text).fold(head, f64::max);
            (longest + 2.0).clamp(8.0, 34.0)
        }
        Slot::Plan(c) | Slot::Last(c) | Slot::Input(c) => match &block.columns[c].cell {
            CellType::Text { .. } => 28.0,
            CellType::Date => 13.0,
            // A title that fits on one line stays on one; a longer one takes two.
            CellType::Number { .. } => (if head <= 17.0 { head + 2.0 } else { head / 2.0 + 3.0 }).clamp(12.0, 20.0),
            CellType::Choice(choices) => {
                choices.iter().map(|o| write::half_widths(&o.label) + 4.0).fold(12.0, f64::max).min(26.0)
            }
            CellType::YesNo => 9.0,
        },
    }
}

/// Closed lists too long for a rule of their own; they stand in columns of the mark sheet.
struct Lists {
    /// (block, column) → column of the mark sheet.
    at: BTreeMap<(usize, usize), u16>,
    /// Titles of each list.
    labels: Vec<Vec<String>>,
}

impl Lists {
    fn of(form: &Form) -> Lists {
        let mut lists = Lists { at: BTreeMap::new(), labels: Vec::new() };
        for (b, block) in form.blocks.iter().enumerate() {
            for (c, column) in block.columns.iter().enumerate() {
                if let CellType::Choice(choices) = &column.cell {
                    let labels: Vec<String> = choices.iter().map(|o| o.label.clone()).collect();
                    if !fits_inline(&labels) && !labels.is_empty() {
                        lists.at.insert((b, c), layout::LISTS_COL + lists.labels.len() as u16);
                        lists.labels.push(labels);
                    }
                }
            }
        }
        lists
    }
}

fn fits_inline(labels: &[String]) -> bool {
    let chars: usize = labels.iter().map(|l| l.chars().count() + 1).sum();
    !labels.is_empty()
        && chars <= VALIDATION_CHARS_MAX
        && labels.iter().all(|l| !l.contains([',', '"']) && !looks_odd(l))
}

fn looks_odd(label: &str) -> bool {
    label.trim() != label || layout::looks_like_formula(label)
}

/// Drop-downs and rules of each column to fill in, over the rows that ask for it.
fn rules(
    sheet: &mut Worksheet,
    block: &FormBlock,
    slots: &[Slot],
    lists: &Lists,
    b: usize,
    lang: Lang,
) -> Result<(), XlsxError> {
    for (x, slot) in slots.iter().enumerate() {
        let Slot::Input(c) = *slot else { continue };
        let column = &block.columns[c];
        let Some(rule) = rule(column, lists.at.get(&(b, c)).map(|at| (*at, lists)), lang)? else { continue };
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for (r, row) in block.rows.iter().enumerate() {
            if !row.cells.get(c).is_some_and(|cell| cell.asked) {
                continue;
            }
            let y = FIRST_ROW + r as u32;
            match runs.last_mut() {
                Some((_, end)) if *end + 1 == y => *end = y,
                _ => runs.push((y, y)),
            }
        }
        let Some(&(first, last)) = runs.first() else { continue };
        let rule = if runs.len() > 1 {
            let letters = layout::column_letters(x as u32);
            let ranges =
                runs.iter().map(|(from, to)| format!("{letters}{}:{letters}{}", from + 1, to + 1)).collect::<Vec<_>>();
            rule.set_multi_range(ranges.join(" "))
        } else {
            rule
        };
        sheet.add_data_validation(first, x as u16, last, x as u16, &rule)?;
    }
    Ok(())
}

fn rule(column: &FormColumn, list: Option<(u16, &Lists)>, lang: Lang) -> Result<Option<DataValidation>, XlsxError> {
    let rule = DataValidation::new();
    let (rule, error, style) = match &column.cell {
        CellType::Choice(choices) if choices.is_empty() => return Ok(None),
        CellType::Choice(choices) => {
            let labels: Vec<String> = choices.iter().map(|o| o.label.clone()).collect();
            let rule = match list {
                Some((col, lists)) => {
                    let letters = layout::column_letters(u32::from(col));
                    let rows = lists.labels[usize::from(col - layout::LISTS_COL)].len();
                    rule.allow_list_formula(Formula::new(format!("='{MARK_SHEET}'!${letters}$1:${letters}${rows}")))
                }
                None => rule.allow_list_strings(&labels)?,
            };
            (
                rule,
                lang.pick("请从下拉列表中选择，不要自行填写。", "Choose from the list."),
                DataValidationErrorStyle::Stop,
            )
        }
        CellType::YesNo => (
            rule.allow_list_strings(&[lang.pick("是", "yes"), lang.pick("否", "no")])?,
            lang.pick("请选择“是”或“否”。", "Choose yes or no."),
            DataValidationErrorStyle::Stop,
        ),
        CellType::Number { min, max } => {
            let low = min.and_then(|n| n.to_f64()).unwrap_or(-1e15);
            let high = max.and_then(|n| n.to_f64()).unwrap_or(1e15);
            (
                rule.allow_decimal_number(DataValidationRule::Between(low, high)),
                lang.pick(
                    "这里应填数字（并在允许范围内）。若有意写成“1.2亿”或“暂不报送：原因”，请选“是”继续。",
                    "A number within bounds is expected. To write “1.2亿” or “withheld: reason”, choose Yes.",
                ),
                DataValidationErrorStyle::Warning,
            )
        }
        CellType::Text { chars_max } => (
            rule.allow_text_length(DataValidationRule::Between(0, *chars_max)),
            lang.pick("文字过长，请压缩。", "Too long; shorten it."),
            DataValidationErrorStyle::Stop,
        ),
        CellType::Date => (
            rule.allow_date(DataValidationRule::Between(
                rust_xlsxwriter::ExcelDateTime::from_ymd(1949, 10, 1)?,
                rust_xlsxwriter::ExcelDateTime::from_ymd(2199, 12, 31)?,
            )),
            lang.pick(
                "这里应填日期，如 2023-04-26。若有意写成“4月26日”，请选“是”继续。",
                "A date is expected, e.g. 2023-04-26. To keep “4月26日”, choose Yes.",
            ),
            DataValidationErrorStyle::Warning,
        ),
    };
    let mut message = column.hint.clone().unwrap_or_default();
    if let CellType::Number { min, max } = &column.cell {
        let bounds = match (min, max) {
            (Some(a), Some(b)) => format!("{a} – {b}"),
            (Some(a), None) => format!("≥ {a}"),
            (None, Some(b)) => format!("≤ {b}"),
            (None, None) => String::new(),
        };
        let decimals = match lang {
            Lang::Zh => format!("最多 {} 位小数", column.decimals),
            Lang::En => format!("at most {} decimals", column.decimals),
        };
        message = [message, bounds, decimals].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("\n");
    }
    let mut rule = rule
        .set_error_style(style)
        .set_error_title(write::cut(lang.pick("填写有误", "Not as asked"), VALIDATION_TITLE_CHARS_MAX))?
        .set_error_message(write::cut(error, VALIDATION_CHARS_MAX))?;
    if !message.is_empty() {
        rule = rule
            .set_input_title(write::cut(&column.title(lang), VALIDATION_TITLE_CHARS_MAX))?
            .set_input_message(write::cut(&message, VALIDATION_CHARS_MAX))?;
    }
    Ok(Some(rule))
}
