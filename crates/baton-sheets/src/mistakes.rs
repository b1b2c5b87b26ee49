//! The sheet that lists what is wrong with a workbook (错误清单), each line with a link to its cell.

use crate::layout::{self, FIRST_ROW, Slot};
use crate::preview::{Preview, State};
use crate::write;
use baton_kernel::form::Form;
use baton_methods::{Lang, Words};
use rust_xlsxwriter::{Color, FormatUnderline, Url, Workbook, XlsxError};
use std::collections::BTreeMap;

/// Lines a row may grow to by its texts.
const LINES_MAX: f64 = 6.0;
/// Widths of the columns of the list of mistakes.
const WIDTHS: [f64; 8] = [18.0, 18.0, 12.0, 28.0, 26.0, 18.0, 44.0, 40.0];

/// Adds it to the workbook.
pub(crate) fn sheet(book: &mut Workbook, form: &Form, names: &[String], preview: &Preview) -> Result<(), XlsxError> {
    let lang = form.lang;
    let mut places: Vec<BTreeMap<&str, u32>> = Vec::new();
    for block in &form.blocks {
        places
            .push(block.rows.iter().enumerate().map(|(r, row)| (row.subject.as_str(), FIRST_ROW + r as u32)).collect());
    }
    let sheet = book.add_worksheet();
    sheet.set_name(lang.pick("错误清单", "Mistakes"))?;
    sheet.set_active(true);
    let head = write::head();
    let cell = write::cell().set_text_wrap();
    let link = write::cell().set_font_color(Color::RGB(0x0005_63C1)).set_underline(FormatUnderline::Single);
    let titles = match lang {
        Lang::Zh => ["位置", "原文件位置", "编号", "名称", "列", "所填内容", "规则", "怎么办"],
        Lang::En => ["Cell", "In your file", "Code", "Name", "Column", "Typed", "Rule", "What to do"],
    };
    for (x, title) in titles.iter().enumerate() {
        write::words(sheet, 0, x as u16, title, &head)?;
    }
    let mut y = 1;
    for one in &preview.cells {
        let (title, rule, hint) = match &one.state {
            State::Refused(refused) => {
                (refused.title.clone(), refused.rule.in_lang(lang).to_owned(), refused.hint.in_lang(lang).to_owned())
            }
            State::Conflict { theirs } => {
                let column = form
                    .blocks
                    .iter()
                    .find(|b| *b.kind == *one.block)
                    .and_then(|b| b.columns.iter().find(|c| *c.key == *one.column));
                let said = match (column, theirs) {
                    (Some(column), Some(value)) => layout::in_words(column, value, lang),
                    _ => "—".into(),
                };
                (
                    column.map_or_else(String::new, |c| c.full_title(lang)),
                    format!("{}{said}", lang.pick("他人已改为 ", "someone else made it ")),
                    lang.pick("确认以哪个为准", "decide which holds").to_owned(),
                )
            }
            State::New | State::Changed | State::Same => continue,
        };
        let block = form.blocks.iter().position(|b| *b.kind == *one.block);
        let place = block.and_then(|b| {
            let row = *places[b].get(&*one.subject)?;
            let c = form.blocks[b].columns.iter().position(|column| *column.key == *one.column)?;
            let x = layout::slots(&form.blocks[b]).iter().position(|slot| *slot == Slot::Input(c))?;
            Some((b, layout::address(row, x as u32)))
        });
        match place {
            Some((b, address)) => {
                let url = Url::new(format!("internal:'{}'!{address}", names[b].replace('\'', "''")))
                    .set_text(format!("{}!{address}", names[b]));
                sheet.write_url_with_format(y, 0, url, &link)?;
            }
            None => write::words(sheet, y, 0, "", &cell)?,
        }
        let row = block.and_then(|b| Some(&form.blocks[b].rows[(*places[b].get(&*one.subject)? - FIRST_ROW) as usize]));
        let at = one.at.to_string();
        let texts = [
            at.as_str(),
            row.map_or("", |r| r.code.as_str()),
            row.map_or("", |r| r.name.as_str()),
            &title,
            &one.typed,
            &rule,
            &hint,
        ];
        for (x, text) in texts.iter().enumerate() {
            write::words(sheet, y, x as u16 + 1, text, &cell)?;
        }
        sheet.set_row_height(y, write::row_height(texts.iter().copied().zip(WIDTHS.into_iter().skip(1)), LINES_MAX))?;
        y += 1;
    }
    let others: Vec<(String, Words)> = preview
        .problems
        .iter()
        .map(|p| (String::new(), p.words.clone()))
        .chain(preview.unknown_rows.iter().map(|r| {
            (
                r.at.to_string(),
                Words::new(
                    format!("{}：{} {}", r.why.zh, r.code, r.name),
                    format!("{}: {} {}", r.why.en, r.code, r.name),
                ),
            )
        }))
        .chain(preview.unknown_columns.iter().map(|c| {
            (
                c.at.to_string(),
                Words::new(
                    format!("列“{}”不在本表中，未读取", c.title),
                    format!("column “{}” is not of this form and was not read", c.title),
                ),
            )
        }))
        .collect();
    for (at, words) in others {
        write::words(sheet, y, 0, "", &cell)?;
        write::words(sheet, y, 1, &at, &cell)?;
        for x in 2..6 {
            write::words(sheet, y, x, "", &cell)?;
        }
        write::words(sheet, y, 6, words.in_lang(lang), &cell)?;
        sheet.set_row_height(y, write::row_height([(words.in_lang(lang), WIDTHS[6])].into_iter(), LINES_MAX))?;
        write::words(sheet, y, 7, "", &cell)?;
        y += 1;
    }
    for (x, width) in WIDTHS.into_iter().enumerate() {
        sheet.set_column_width(x as u16, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_tab_color(Color::Red);
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}
