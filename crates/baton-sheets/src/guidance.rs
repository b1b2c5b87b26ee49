//! The sheet that says how to fill in the workbook (填表说明).

use crate::write;
use baton_kernel::form::{CellType, CheckRule, Form};
use baton_methods::Lang;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// Adds it to the workbook.
pub(crate) fn sheet(book: &mut Workbook, form: &Form) -> Result<(), XlsxError> {
    let lang = form.lang;
    let sheet = book.add_worksheet();
    sheet.set_name(lang.pick("填表说明", "How to fill in"))?;
    let plain = Format::new().set_font_size(11).set_text_wrap().set_align(FormatAlign::Top);
    let bold = Format::new().set_font_size(14).set_bold();
    write::words(sheet, 0, 0, lang.pick("填表说明", "How to fill in"), &bold)?;
    let due = form.due.map_or_else(String::new, |d| d.to_string());
    let lines: Vec<String> = match lang {
        Lang::Zh => vec![
            format!("填报单位：{}；期间：{}；截止日期：{}。", form.unit_name, form.period.label(lang), if due.is_empty() { "见通知" } else { &due }),
            "只填黄色表头下的白色单元格；带 * 的为必填。灰色列是上期数和计划数，深灰单元格本期不需填写。".into(),
            "数字按列标题的单位填写。也可以写成“1.2亿”“12,000万元”“12.5%”，系统换算后先给您看再入库。".into(),
            "日期可写 2023-04-26、2023.4.26 或 4月26日。".into(),
            "确实没有的数填 0；暂时报不出的数写“暂不报送：原因”。空着的单元格表示没有填报，不会改动已有数据。".into(),
            "可以调整列的顺序、加列、隐藏行列、筛选，也可以用 WPS 或 LibreOffice 另存；请不要删除编号、名称列和隐藏的前两列。".into(),
            "请不要改列标题里的单位。公式可以用，但保存前要算出结果。".into(),
            "上传后先预览：新填、改动、相同、冲突、有误各有多少，每处错误指到单元格；确认之前什么都不会入库。".into(),
        ],
        Lang::En => vec![
            format!("Unit: {}; period: {}; due: {}.", form.unit_name, form.period.label(lang), if due.is_empty() { "see the notice" } else { &due }),
            "Fill in the white cells under yellow headers; * is required. Grey columns show last period and plan; dark grey cells are not asked.".into(),
            "Numbers in the unit of the column title. “1.2亿”, “12,000万元” and “12.5%” are understood, and shown to you before they count.".into(),
            "Dates: 2023-04-26, 2023.4.26 or 4月26日.".into(),
            "Nothing is 0; what cannot be given yet is “withheld: reason”. An empty cell says nothing and changes nothing.".into(),
            "Columns may be reordered, added or hidden, rows filtered, the file saved by another office program; keep code, name and the two hidden columns."
                .into(),
            "Keep the units in the column titles. Formulas are fine when the file is saved with their results.".into(),
            "After upload you see a preview: new, changed, same, conflicting and wrong cells; nothing enters before you confirm.".into(),
        ],
    };
    for (i, line) in lines.iter().enumerate() {
        write::words(sheet, i as u32 + 1, 0, &format!("{}. {line}", i + 1), &plain)?;
        sheet.set_row_height(i as u32 + 1, if write::half_widths(line) > 134.0 { 34 } else { 18 })?;
    }
    let mut y = lines.len() as u32 + 2;
    let head = write::head();
    let cell = write::cell().set_text_wrap();
    for (x, title) in match lang {
        Lang::Zh => ["列", "填什么", "说明"],
        Lang::En => ["Column", "Takes", "Hint"],
    }
    .iter()
    .enumerate()
    {
        write::words(sheet, y, x as u16, title, &head)?;
    }
    y += 1;
    for block in &form.blocks {
        for column in &block.columns {
            write::words(sheet, y, 0, &format!("{} · {}", block.label, column.full_title(lang)), &cell)?;
            let mut takes = column.cell.wanted().in_lang(lang).to_owned();
            if let CellType::Choice(choices) = &column.cell {
                takes = write::cut(&choices.iter().map(|o| o.label.as_str()).collect::<Vec<_>>().join("、"), 200);
            }
            write::words(sheet, y, 1, &takes, &cell)?;
            let checks: Vec<&str> = block
                .checks
                .iter()
                .filter(|check| names(&check.rule, &column.key))
                .map(|check| check.label.as_str())
                .collect();
            let hint = column.hint.as_deref().into_iter().chain(checks).collect::<Vec<_>>().join("；");
            write::words(sheet, y, 2, &hint, &cell)?;
            y += 1;
        }
    }
    sheet.set_column_width(0, 60)?;
    sheet.set_column_width(1, 30)?;
    sheet.set_column_width(2, 50)?;
    for i in 0..=lines.len() as u32 {
        if i > 0 {
            let line = format!("{i}. {}", lines[i as usize - 1]);
            sheet.merge_range(i, 0, i, 2, &line, &plain)?;
        }
    }
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.protect();
    Ok(())
}

fn names(rule: &CheckRule, key: &str) -> bool {
    use CheckRule::{AtLeast, AtMost, Parts, RunningTotal};
    match rule {
        RunningTotal { cumulative_col, .. } => cumulative_col == key,
        Parts { total, .. } => total == key,
        AtLeast { a, .. } | AtMost { a, .. } => a == key,
    }
}
