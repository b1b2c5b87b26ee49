//! Sheets out.

use super::sample::{dec, figures, folder, form, parse, preview, python, resave, worker};
use baton_kernel::form::CellValue;
use baton_sheets::{
    HeadCell, Limits, RawValue, RowKind, SheetCell, SheetColumn, SheetRow, SheetTable, fill_in, identify, table,
};

#[test]
fn an_empty_workbook_of_ours_reads_back_with_nothing_new() {
    let form = form(6);
    let bytes = fill_in(&form).expect("written");
    let preview = preview(&form, &bytes);
    assert!(preview.problems.is_empty(), "{:?}", preview.problems);
    assert!(preview.unknown_columns.is_empty() && preview.missing_columns.is_empty(), "{:?}", preview.unknown_columns);
    assert!(preview.unknown_rows.is_empty() && preview.missing_rows.is_empty(), "{:?}", preview.unknown_rows);
    assert_eq!(figures(&form, &preview), ["P-002 m:invest = 800 same"]);
    assert_eq!(
        (preview.counts.rows, preview.counts.missing),
        (6, 5),
        "the required column is empty in five of six rows"
    );
    assert_eq!(preview.missing_cells[0].at.to_string(), "重点项目!H5");
}

#[test]
fn a_workbook_of_ours_says_which_form_it_is() {
    let form = form(2);
    let bytes = fill_in(&form).expect("written");
    let mark = identify(worker(), &mut bytes.as_slice(), &Limits::default()).expect("read").expect("a mark");
    assert_eq!(
        (mark.zone, mark.unit, mark.period, mark.head, mark.lang),
        (form.zone, form.unit, "2023M03".into(), 120, form.lang)
    );
    let foreign = super::parts::workbook(&[vec![super::parts::Put::T("编号")]]);
    assert_eq!(identify(worker(), &mut foreign.as_slice(), &Limits::default()), Ok(None));
}

#[test]
fn the_same_form_gives_the_same_bytes() {
    assert_eq!(fill_in(&form(4)).expect("written"), fill_in(&form(4)).expect("written"));
}

#[test]
fn words_that_look_like_formulas_stay_words() {
    let mut form = form(1);
    for (i, text) in ["=1+1", "+86 534", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=2"].iter().enumerate() {
        let mut row = form.blocks[0].rows[0].clone();
        row.subject = format!("i{:032x}", 100 + i);
        row.code = format!("X-{i}");
        row.cells[7].now = Some(CellValue::Text((*text).into()));
        row.cells[7].version = 9;
        row.name = (*text).into();
        form.blocks[0].rows.push(row);
    }
    let bytes = fill_in(&form).expect("written");
    let book = parse(&bytes).expect("read");
    for sheet in &book.sheets {
        for row in &sheet.rows {
            for (_, value) in row.cells() {
                assert!(!matches!(value, RawValue::FormulaWithoutValue | RawValue::Error(_)), "{value:?}");
            }
        }
    }
    let script = "
import openpyxl, sys
wb = openpyxl.load_workbook(sys.argv[1])
ws = wb['重点项目']
out = []
for row in ws.iter_rows(min_row=6):
    c = row[3]
    assert c.data_type == 's', (c.coordinate, c.data_type)
    assert c.quotePrefix, c.coordinate
    out.append(c.value)
print(len(out))
";
    let folder = folder("formulas");
    let file = folder.join("form.xlsx");
    std::fs::write(&file, &bytes).expect("saved");
    if let Some(out) = python(script, &[&file]) {
        assert_eq!(out.trim(), "6");
    }
    let same = |preview: baton_sheets::Preview| {
        figures(&form, &preview).iter().filter(|f| f.contains("f:progress") && f.ends_with("same")).count()
    };
    assert_eq!(same(preview(&form, &bytes)), 6);
    if let Some(again) = resave(&file, "xlsx") {
        assert_eq!(same(preview(&form, &std::fs::read(again).expect("read"))), 6, "LibreOffice keeps them words");
    }
}

#[test]
fn the_fill_in_workbook_is_protected_listed_and_laid_out() {
    let form = form(3);
    let folder = folder("layout");
    let file = folder.join("form.xlsx");
    std::fs::write(&file, fill_in(&form).expect("written")).expect("saved");
    let script = "
import openpyxl, sys
wb = openpyxl.load_workbook(sys.argv[1])
print(wb.sheetnames, [s.sheet_state for s in wb.worksheets])
ws = wb['重点项目']
print(ws.freeze_panes, ws.protection.sheet, ws.page_setup.orientation, ws.page_setup.paperSize, ws.column_dimensions['A'].hidden, ws.column_dimensions['B'].hidden)
head = {c.value: c for row in ws.iter_rows(min_row=3, max_row=4) for c in row if c.value}
inv = head['*完成投资（万元）']
print(inv.coordinate, ws['C5'].protection.locked, ws.cell(5, inv.column).protection.locked)
print(sorted(str(m) for m in ws.merged_cells.ranges if m.min_row == 3 and m.max_row == 3))
for dv in ws.data_validations.dataValidation:
    print(dv.type, dv.sqref, dv.formula1, dv.errorStyle, dv.error)
print(ws['C1'].value, '|', ws['C2'].value[:40])
";
    let Some(out) = python(script, &[&file]) else { return };
    for want in [
        "['重点项目', '填表说明', '_baton'] ['visible', 'visible', 'veryHidden']",
        "E5 True landscape 9 True",
        "H3 True False",
        "['K3:M3']",
        "list O5:O7 \"谈判,签约,在建,投产\" None 请从下拉列表中选择",
        "decimal N5:N6 0 warning",
        "袁桥镇2023年3月重点项目月度调度（重点项目）",
        "填报单位：袁桥镇（yuanqiao）",
    ] {
        assert!(out.contains(want), "{want}\n{out}");
    }
}

#[test]
fn a_table_writes_numbers_as_numbers_under_a_merged_header() {
    let plan = SheetTable {
        title: "2023年3月重点项目调度表".into(),
        unit_line: Some("单位：万元".into()),
        head: vec![
            vec![HeadCell::over("项目名称", 1, 2), HeadCell::over("投资", 2, 1), HeadCell::over("备注", 1, 2)],
            vec![HeadCell::new("年度计划"), HeadCell::new("累计完成")],
        ],
        columns: vec![
            SheetColumn { width: Some(30.0), ..Default::default() },
            SheetColumn { numeric: true, ..Default::default() },
            SheetColumn { numeric: true, decimals: 2, ..Default::default() },
            SheetColumn::default(),
        ],
        rows: vec![
            SheetRow { kind: RowKind::Group, cells: vec!["一、产业项目".into()] },
            SheetRow {
                kind: RowKind::Plain,
                cells: vec!["厂房".into(), dec("12000").into(), dec("3456.7").into(), "=注意".into()],
            },
            SheetRow {
                kind: RowKind::Total,
                cells: vec!["合计".into(), dec("12000").into(), dec("3456.7").into(), SheetCell::Empty],
            },
        ],
        notes: vec!["注：截至 4 月 26 日".into()],
        frozen_columns: 1,
        filter: true,
        ..Default::default()
    };
    let bytes = table(&plan).expect("written");
    assert_eq!(bytes, table(&plan).expect("written"));
    std::fs::write(folder("table").join("table.xlsx"), &bytes).expect("saved, to be looked at");
    let book = parse(&bytes).expect("read");
    let sheet = &book.sheets[0];
    let row = sheet.rows.iter().find(|r| r.at(0) == RawValue::Text("厂房")).expect("the row");
    assert_eq!(
        (row.at(1), row.at(2), row.at(3)),
        (RawValue::Number("12000"), RawValue::Number("3456.7"), RawValue::Text("=注意"))
    );
    let spans: Vec<_> = sheet.merged.iter().map(|a| (a.top, a.left, a.bottom, a.right)).collect();
    assert!(
        spans.contains(&(2, 1, 2, 2)) && spans.contains(&(2, 0, 3, 0)) && spans.contains(&(2, 3, 3, 3)),
        "{spans:?}"
    );
}
