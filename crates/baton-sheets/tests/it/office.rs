//! Workbooks edited by people with other programs come to the same figures.

use super::sample::{figures, folder, form, preview, python, resave};
use baton_sheets::fill_in;
use std::path::Path;

/// Fills in six rows by column title, as a person would.
const FILL: &str = "
import openpyxl, sys, datetime
wb = openpyxl.load_workbook(sys.argv[1])
ws = wb['重点项目']
col = {}
for r in (3, 4):
    for c in ws[r]:
        if c.value: col[c.value.strip('*')] = c.column
for i, r in enumerate(range(5, 11)):
    n = (i + 1) * 1000
    ws.cell(r, col['完成投资（万元）']).value = 100 * (i + 1) + 0.5
    ws.cell(r, col['1—3月累计完成投资（万元）']).value = n + 100 * (i + 1) + 0.5
    ws.cell(r, col['合计（万元）']).value = 300
    ws.cell(r, col['银行贷款（万元）']).value = 100
    ws.cell(r, col['自筹（万元）']).value = 200
    if i != 2: ws.cell(r, col['形象进度（%）']).value = 12.5
    ws.cell(r, col['项目状态']).value = '在建'
    ws.cell(r, col['当前进展']).value = '主体施工到%d层' % (i + 3)
    ws.cell(r, col['实际开工日期']).value = datetime.date(2022, 3, 1 + i)
    ws.cell(r, col['实际开工日期']).number_format = 'yyyy-mm-dd'
    ws.cell(r, col['是否入库']).value = '是'
wb.save(sys.argv[2])
";

/// Reorders and adds columns, merges headers, hides rows, writes numbers as words.
const MESS: &str = "
import openpyxl, sys
from openpyxl.utils import get_column_letter as L
wb = openpyxl.load_workbook(sys.argv[1])
ws = wb['重点项目']
for m in list(ws.merged_cells.ranges): ws.unmerge_cells(str(m))
ws.data_validations.dataValidation = []
last = ws.max_column
grid = [[ws.cell(r, c).value for c in range(1, last + 1)] for r in range(3, ws.max_row + 1)]
# The group title of merged cells stands in the first only: write it into each before reordering.
for c in range(1, last): 
    if grid[0][c] is None and grid[1][c] is not None: grid[0][c] = grid[0][c - 1] if grid[0][c - 1] == '到位资金' else grid[0][c]
order = list(range(last)); order = order[:4] + order[4:][::-1]
for r, row in enumerate(grid):
    for c, o in enumerate(order):
        x = ws.cell(3 + r, c + 1); x.value = row[o]; x.number_format = 'General'
# One more column in the middle, with its own title.
ws.insert_cols(7)
ws.cell(4, 7).value = '经办人'
for r in range(5, 11): ws.cell(r, 7).value = '张三'
# Numbers as words, in several spellings.
heads = {}
for r in (3, 4):
    for c in ws[r]:
        if c.value: heads[c.value.strip('*')] = c.column
full = lambda s: ''.join(chr(ord(ch) + 0xfee0) if ch in '0123456789.' else ch for ch in s)
for i, r in enumerate(range(5, 11)):
    a = ws.cell(r, heads['完成投资（万元）']); a.value = [str(a.value), full(str(a.value)), '%s万元' % a.value, ' %s ' % a.value, '%s' % (a.value * 10000) + '元', a.value][i]
    b = ws.cell(r, heads['1—3月累计完成投资（万元）']); b.value = '{:,}'.format(b.value) if i % 2 else b.value
    s = ws.cell(r, heads['形象进度（%）'])
    if s.value: s.value = '12.5%' if i % 2 else 0.125; s.number_format = '0.0%'
    d = ws.cell(r, heads['实际开工日期']); d.value = ['2022-03-01', '2022/3/2', '2022.3.3', '2022年3月4日', 44625, '20220306'][i]
# Merge the header over the two funds that now stand beside each other, and hide two rows.
f = [c for c in range(1, ws.max_column + 1) if ws.cell(3, c).value == '到位资金']
for c in f[1:]: ws.cell(3, c).value = None
ws.merge_cells(start_row=3, start_column=f[0], end_row=3, end_column=f[-1])
c = heads['项目状态']
ws.merge_cells(start_row=3, start_column=c, end_row=4, end_column=c) if ws.cell(3, c).value else None
ws.row_dimensions[6].hidden = True
ws.row_dimensions[8].hidden = True
ws.insert_rows(1, 2)
ws['C1'].value = '附件2'
wb.save(sys.argv[2])
";

fn figures_of(file: &Path) -> Vec<String> {
    let form = form(6);
    let preview = preview(&form, &std::fs::read(file).expect("read"));
    assert!(!preview.blocked(), "{:?}", preview.problems);
    assert!(
        preview.unknown_rows.is_empty() && preview.missing_rows.is_empty() && preview.missing_columns.is_empty(),
        "{preview:?}"
    );
    figures(&form, &preview)
}

#[test]
fn reordered_added_merged_hidden_and_retyped_comes_to_the_same_figures() {
    let folder = folder("office");
    let (made, filled, messy) = (folder.join("form.xlsx"), folder.join("filled.xlsx"), folder.join("messy.xlsx"));
    std::fs::write(&made, fill_in(&form(6)).expect("written")).expect("saved");
    if python(FILL, &[&made, &filled]).is_none() {
        return;
    }
    let want = figures_of(&filled);
    assert_eq!(want.len(), 59);
    assert!(want.iter().all(|f| f.ends_with("new") || f.ends_with("changed")), "{want:#?}");
    python(MESS, &[&filled, &messy]);
    assert_eq!(figures_of(&messy), want);
    let messy_preview = preview(&form(6), &std::fs::read(&messy).expect("read"));
    let unknown: Vec<&str> = messy_preview.unknown_columns.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(unknown, ["经办人"]);
    for file in [&filled, &messy] {
        for format in ["xlsx", "xls"] {
            if let Some(again) = resave(file, format) {
                assert_eq!(figures_of(&again), want, "{} saved as {format}", file.display());
            }
        }
    }
}

#[test]
fn an_old_workbook_cut_off_is_refused_or_whole() {
    let folder = folder("xls");
    let made = folder.join("form.xlsx");
    std::fs::write(&made, fill_in(&form(6)).expect("written")).expect("saved");
    let Some(old) = resave(&made, "xls") else { return };
    let bytes = std::fs::read(old).expect("read");
    let whole = super::sample::parse(&bytes).expect("read");
    assert_eq!(whole.sheets[0].name, "_baton");
    let mut refused = 0;
    for cut in (0..bytes.len() - 1).step_by(1024) {
        match super::sample::parse(&bytes[..cut]) {
            Err(_) => refused += 1,
            // What is cut off at the very end may be padding.
            Ok(book) => assert_eq!(book, whole, "{cut} of {}", bytes.len()),
        }
    }
    assert!(refused > 10, "{refused}");
}
