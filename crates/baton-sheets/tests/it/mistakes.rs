//! Many kinds of mistakes in one workbook come back as exactly those cells.

use super::parts::{Put, rows_xml, sheet_xml, workbook, workbook_with};
use super::sample::{figures, folder, form, number, parse, preview, python};
use baton_kernel::form::{CellValue, Form};
use baton_sheets::{Preview, State, fill_in, read, refill};
use std::collections::BTreeMap;

const HEAD: [&str; 11] = [
    "编号",
    "完成投资（万元）",
    "1—3月累计完成投资（万元）",
    "到位资金·合计（万元）",
    "银行贷款（万元）",
    "自筹（万元）",
    "形象进度（%）",
    "项目状态",
    "当前进展",
    "实际开工日期",
    "是否入库",
];

/// Keys of the columns, as in the head.
const KEYS: [&str; 10] = [
    "m:invest",
    "m:invest_ytd",
    "m:fund",
    "m:fund/bank",
    "m:fund/own",
    "m:share",
    "f:state",
    "f:progress",
    "f:start",
    "f:stocked",
];

/// A workbook of one's own: one row per wrong or right cell, `(column, cell)`.
fn one_cell_a_row<'a>(codes: &'a [String], cells: &[(usize, Put<'a>)]) -> Vec<u8> {
    let mut rows = vec![HEAD.iter().map(|h| Put::T(h)).collect::<Vec<_>>()];
    for (i, (col, put)) in cells.iter().enumerate() {
        let mut row = vec![Put::T(&codes[i])];
        row.extend((0..KEYS.len()).map(|c| if c == *col { *put } else { Put::No }));
        rows.push(row);
    }
    workbook(&rows)
}

fn codes(form: &Form) -> Vec<String> {
    form.blocks[0].rows.iter().map(|r| r.code.clone()).collect()
}

/// The form without what is already given, so that each row stands alone.
fn blank(rows: usize) -> Form {
    let mut form = form(rows);
    for row in &mut form.blocks[0].rows {
        for cell in &mut row.cells {
            cell.now = None;
            cell.version = 0;
        }
    }
    form
}

fn refused(preview: &Preview) -> BTreeMap<String, String> {
    preview.refused().map(|(cell, refusal)| (cell.at.to_string(), refusal.code.clone())).collect()
}

#[test]
fn twenty_six_kinds_of_mistakes_come_back_as_exactly_those_cells() {
    let long = "进".repeat(61);
    // Row 3 of the form does not ask for column 5; it is used for that one.
    let wrong: Vec<(usize, Put<'_>, &str)> = vec![
        (0, Put::T("abc"), "number.unreadable"),
        (0, Put::T("100-200"), "number.range"),
        (5, Put::N("50"), "cell.not_asked"),
        (0, Put::T("约500"), "number.approximate"),
        (0, Put::T("无"), "number.absent"),
        (0, Put::T("5亩"), "number.wrong_unit"),
        (0, Put::N("-5"), "cell.below_min"),
        (5, Put::N("150"), "cell.above_max"),
        (0, Put::N("1.234"), "cell.too_many_decimals"),
        (0, Put::T("1,23"), "number.grouping"),
        (0, Put::T("1.2.3"), "number.two_points"),
        (0, Put::T("12abc"), "number.unknown_unit"),
        (0, Put::T("#N/A"), "number.spreadsheet_error"),
        (0, Put::Share("0.12"), "number.wrong_unit"),
        (0, Put::Day("45042"), "cell.is_a_date"),
        (0, Put::E("#DIV/0!"), "cell.formula_error"),
        (0, Put::F("B2+B3"), "cell.formula_without_value"),
        (0, Put::T("暂缺"), "cell.withheld_without_reason"),
        (6, Put::T("停工"), "cell.not_a_choice"),
        (7, Put::T(&long), "cell.too_long"),
        (7, Put::T("\u{200b}\u{feff}"), "cell.invisible"),
        (8, Put::T("下月初"), "date.unreadable"),
        (8, Put::T("2023-02-30"), "date.no_such_day"),
        (8, Put::T("23.4.26"), "date.ambiguous"),
        (9, Put::T("也许"), "cell.not_yes_no"),
        (6, Put::B(true), "cell.not_a_choice"),
    ];
    let right: Vec<(usize, Put<'_>, CellValue)> = vec![
        (0, Put::T("１２３４．５"), number("1234.5")),
        (0, Put::T("1.2亿"), number("12000")),
        (0, Put::T("12,000万元"), number("12000")),
        (0, Put::T("　300 "), number("300")),
        (0, Put::N("0.30000000000000004"), number("0.3")),
        (0, Put::Fv("B2*2", "24.5"), number("24.5")),
        (0, Put::N("1.2E+3"), number("1200")),
        (5, Put::T("12.5%"), number("12.5")),
        (5, Put::Share("0.125"), number("12.5")),
        (5, Put::N("12.5"), number("12.5")),
        (0, Put::T("暂缺：发票未到"), CellValue::Withheld("发票未到".into())),
        (6, Put::T(" 在 建"), CellValue::Choice("s2".into())),
        (7, Put::T("=主体封顶"), CellValue::Text("=主体封顶".into())),
        (7, Put::N("3"), CellValue::Text("3".into())),
        (8, Put::Day("45042"), CellValue::Date(jiff::civil::date(2023, 4, 26))),
        (8, Put::N("45042"), CellValue::Date(jiff::civil::date(2023, 4, 26))),
        (8, Put::T("2023.4.26"), CellValue::Date(jiff::civil::date(2023, 4, 26))),
        (8, Put::T("4月26日"), CellValue::Date(jiff::civil::date(2023, 4, 26))),
        (9, Put::T("是"), CellValue::YesNo(true)),
        (9, Put::B(false), CellValue::YesNo(false)),
    ];
    let form = blank(wrong.len() + right.len());
    let codes = codes(&form);
    let cells: Vec<(usize, Put<'_>)> =
        wrong.iter().map(|(c, p, _)| (*c, *p)).chain(right.iter().map(|(c, p, _)| (*c, *p))).collect();
    let preview = preview(&form, &one_cell_a_row(&codes, &cells));
    let want: BTreeMap<String, String> = wrong
        .iter()
        .enumerate()
        .map(|(i, (c, _, code))| {
            (format!("重点项目!{}", baton_sheets::layout::address(i as u32 + 1, *c as u32 + 1)), (*code).to_owned())
        })
        .collect();
    assert_eq!(refused(&preview), want);
    for (_, refusal) in preview.refused() {
        assert!(
            !refusal.title.is_empty()
                && !refusal.rule.zh.is_empty()
                && !refusal.hint.zh.is_empty()
                && !refusal.rule.en.is_empty()
                && !refusal.hint.en.is_empty(),
            "{refusal:?}"
        );
    }
    let entering: Vec<(usize, CellValue)> = preview
        .entering()
        .map(|cell| {
            (KEYS.iter().position(|k| *k == &*cell.column).expect("a key"), cell.value.clone().expect("a value"))
        })
        .collect();
    assert_eq!(entering, right.iter().map(|(c, _, v)| (*c, v.clone())).collect::<Vec<_>>());
    assert_eq!(preview.counts.refused as usize, wrong.len());
    assert!(preview.problems.iter().all(|p| p.code == "book.no_mark"), "{:?}", preview.problems);
}

#[test]
fn sums_that_do_not_add_up_are_laid_at_the_sum() {
    let form = blank(5);
    let row = |code: &'static str, cells: [Put<'static>; 5]| [vec![Put::T(code)], cells.to_vec()].concat();
    let n = Put::N;
    let rows = vec![
        HEAD.iter().map(|h| Put::T(h)).collect(),
        // Last cumulative of P-001 is 1000, of P-002 2000 …
        row("P-001", [n("500"), n("1500"), n("300"), n("100"), n("200")]),
        row("P-002", [n("500"), n("2600"), n("300"), n("100"), n("200")]),
        row("P-003", [n("500"), n("3500"), n("300"), n("100"), n("250")]),
        row("P-004", [n("500"), n("4500"), n("300"), n("400"), Put::No]),
        row("P-005", [n("500"), n("5500.01"), n("300.01"), n("100"), n("200")]),
    ];
    let got = refused(&preview(&form, &workbook(&rows)));
    let want = [("重点项目!C3", "check.running_total"), ("重点项目!D4", "check.parts"), ("重点项目!D5", "check.parts")];
    assert_eq!(got, want.iter().map(|(a, c)| ((*a).to_owned(), (*c).to_owned())).collect());
}

#[test]
fn merged_cells_inherit_downwards_and_blank_ones_do_not() {
    let form = blank(4);
    let rows = vec![
        vec![Put::T("编号"), Put::T("完成投资（万元）"), Put::T("当前进展")],
        vec![Put::T("P-001"), Put::N("10"), Put::T("主体封顶")],
        vec![Put::T("P-002"), Put::No, Put::No],
        vec![Put::T("P-003"), Put::N("30"), Put::No],
    ];
    let sheet = sheet_xml(&rows_xml(&rows), "<mergeCells count=\"1\"><mergeCell ref=\"C2:C3\"/></mergeCells>");
    let preview = preview(&form, &workbook_with(&sheet, &[]));
    assert_eq!(
        figures(&form, &preview),
        [
            "P-001 f:progress = Text(\"主体封顶\") new",
            "P-001 m:invest = 10 new",
            "P-002 f:progress = Text(\"主体封顶\") new",
            "P-003 m:invest = 30 new",
        ]
    );
    assert_eq!(preview.missing_rows.len(), 1);
}

#[test]
fn rows_are_told_by_identity_then_code_then_name_and_never_guessed() {
    let mut form = blank(4);
    form.blocks[0].rows[3].name = form.blocks[0].rows[2].name.clone();
    let ids: Vec<String> = form.blocks[0].rows.iter().map(|r| r.subject.clone()).collect();
    let name = |i: usize| Put::T(&form.blocks[0].rows[i].name);
    let rows = vec![
        vec![Put::T("_row"), Put::T("项目代码"), Put::T("项目名称"), Put::T("完成投资")],
        vec![Put::T(&ids[0]), Put::No, Put::No, Put::N("1")],
        vec![Put::No, Put::No, name(1), Put::N("2")],
        vec![Put::No, Put::No, name(2), Put::N("3")],
        vec![Put::No, Put::T("Ｐ－００４"), Put::No, Put::N("4")],
        vec![Put::No, Put::T("P-999"), Put::T("外区项目"), Put::N("5")],
        vec![Put::T(&ids[0]), Put::T("P-002"), Put::No, Put::N("6")],
        vec![Put::No, Put::T("P-004"), Put::No, Put::N("7")],
        vec![Put::No, Put::No, Put::T("合计"), Put::N("17")],
        vec![Put::T(&ids[2]), Put::T("P-999"), Put::T("外区项目"), Put::N("8")],
    ];
    let preview = preview(&form, &workbook(&rows));
    assert_eq!(
        figures(&form, &preview),
        ["P-001 m:invest = 1 new", "P-002 m:invest = 2 new", "P-004 m:invest = 4 new"]
    );
    let unknown: Vec<(String, String)> =
        preview.unknown_rows.iter().map(|r| (r.at.to_string(), r.reason.clone())).collect();
    let want = [
        ("B4", "row.name_ambiguous"),
        ("B6", "row.unknown"),
        ("B7", "row.identity_disagrees"),
        ("B8", "row.twice"),
        ("B10", "row.identity_disagrees"),
    ];
    assert_eq!(unknown, want.map(|(at, why)| (format!("重点项目!{at}"), why.to_owned())));
}

#[test]
fn another_unit_in_a_title_and_wild_factors_are_noticed() {
    let form = blank(3);
    let rows = vec![
        vec![Put::T("编号"), Put::T("完成投资（亿元）"), Put::T("形象进度"), Put::T("银行贷款")],
        vec![Put::T("P-001"), Put::N("0.05"), Put::N("10"), Put::N("5")],
    ];
    let got = preview(&form, &workbook(&rows));
    assert_eq!(
        refused(&got).into_iter().collect::<Vec<_>>(),
        [("重点项目!B2".to_owned(), "cell.other_unit".to_owned())]
    );
    assert!(got.problems.iter().any(|p| p.code == "sheet.other_unit" && p.words.zh.contains("亿元")));
    // Last period's value of P-001 is 500.
    for (typed, flagged) in [("5000000", true), ("0.05", true), ("600", false)] {
        let rows = vec![vec![Put::T("编号"), Put::T("完成投资")], vec![Put::T("P-001"), Put::N(typed)]];
        let got = preview(&form, &workbook(&rows));
        assert_eq!(
            got.warnings.iter().map(|w| w.at.to_string()).collect::<Vec<_>>(),
            if flagged { vec!["重点项目!B2"] } else { vec![] },
            "{typed}"
        );
        assert_eq!(got.counts.new, 1, "a warning does not keep it out");
    }
}

#[test]
fn a_workbook_for_another_unit_period_or_template_says_so() {
    let ours = form(3);
    let code = |change: &dyn Fn(&mut Form)| {
        let mut other = ours.clone();
        change(&mut other);
        let preview = preview(&ours, &fill_in(&other).expect("written"));
        (preview.problems.iter().map(|p| p.code.clone()).collect::<Vec<_>>().join(","), preview.blocked())
    };
    assert_eq!(code(&|f| f.unit = "sunzhen".into()), ("book.wrong_unit".into(), true));
    assert_eq!(code(&|f| f.period = f.period.prev()), ("book.wrong_period".into(), true));
    assert_eq!(code(&|f| f.zone = "elsewhere".into()), ("book.wrong_zone".into(), true));
    assert_eq!(code(&|f| f.blocks[0].columns[5].decimals = 3), ("book.old_template".into(), false));
    assert_eq!(code(&|_| {}), (String::new(), false));
    let foreign = preview(&ours, &workbook(&[vec![Put::T("姓名"), Put::T("电话")], vec![Put::T("张三"), Put::N("1")]]));
    assert!(foreign.blocked() && foreign.problems.iter().any(|p| p.code == "book.no_header"));
}

#[test]
fn what_others_changed_meanwhile_is_a_conflict_with_theirs_shown() {
    let made = blank(2);
    let bytes = fill_in(&made).expect("written");
    let book = parse(&bytes).expect("read");
    let mut now = made.clone();
    now.blocks[0].rows[0].cells[0].now = Some(number("700"));
    now.blocks[0].rows[0].cells[0].version = 130;
    // What the user typed: 650 into the first row, 5 into the second.
    let mut typed = made.clone();
    typed.blocks[0].rows[0].cells[0].now = Some(number("650"));
    typed.blocks[0].rows[1].cells[0].now = Some(number("5"));
    let filled = parse(&fill_in(&typed).expect("written")).expect("read");
    let preview = read(&now, &filled);
    let states: Vec<&State> = preview.cells.iter().map(|c| &c.state).collect();
    assert_eq!(states, [&State::Conflict { theirs: Some(number("700")) }, &State::New]);
    assert_eq!(preview.cells[0].version, 0, "the version the user saw");
    assert_eq!(read(&now, &book).counts.conflict, 0, "nothing typed, nothing in conflict");
}

#[test]
fn a_refilled_workbook_shows_what_was_typed_and_where_it_is_wrong() {
    let form = blank(3);
    let rows = vec![
        HEAD.iter().map(|h| Put::T(h)).collect(),
        vec![Put::T("P-001"), Put::T("约500"), Put::No, Put::No, Put::No, Put::No, Put::N("150")],
        vec![Put::T("P-002"), Put::T("1.2亿"), Put::No, Put::No, Put::No, Put::No, Put::T("=1+1")],
    ];
    let first = preview(&form, &workbook(&rows));
    let bytes = refill(&form, &first).expect("written");
    let again = preview(&form, &bytes);
    assert_eq!(figures(&form, &again), figures(&form, &first), "nothing typed is lost");
    let folder = folder("refill");
    let file = folder.join("again.xlsx");
    std::fs::write(&file, &bytes).expect("saved");
    let script = "
import openpyxl, sys
wb = openpyxl.load_workbook(sys.argv[1])
ws = wb['重点项目']
for row in ws.iter_rows(min_row=5):
    for c in row:
        if c.comment:
            print(c.coordinate, c.value, c.fill.fgColor.rgb, c.comment.text)
es = wb['错误清单']
for row in es.iter_rows(min_row=2):
    if row[0].hyperlink: print(row[0].hyperlink.location, [c.value for c in row])
";
    let Some(out) = python(script, &[&file]) else { return };
    for want in [
        "H5 约500 FFFFC7CE 完成投资（万元）：“约500”是约数",
        "N5 150 FFFFC7CE 形象进度（%）：不得大于 100",
        "N6 =1+1 FFFFC7CE",
        "'重点项目'!H5 ['重点项目!H5', '重点项目!B2', 'P-001', '云岭1号厂房项目', '完成投资（万元）', '约500'",
    ] {
        assert!(out.contains(want), "{want}\n{out}");
    }
    assert_eq!(out.lines().count(), 6, "{out}");
}

#[test]
fn a_header_whose_merging_was_undone_is_still_two_rows() {
    let mut form = blank(2);
    // A second group with a sum of its own: the group's title decides.
    let mut second = form.blocks[0].columns[2].clone();
    second.key = "m:tax".into();
    second.group = Some("税收".into());
    form.blocks[0].columns.push(second);
    for row in &mut form.blocks[0].rows {
        let cell = row.cells[2].clone();
        row.cells.push(cell);
    }
    let (t, n, no) = (Put::T, Put::N, Put::No);
    let rows = vec![
        vec![t("重点项目月度调度")],
        vec![t("编号"), t("名称"), t("完成投资（万元）"), t("到位资金"), no, no, t("税收"), no, t("备注")],
        vec![no, no, no, t("银行贷款（万元）"), t("合计（万元）"), t("自筹（万元）"), t("合计（万元）")],
        vec![t("P-001"), no, n("1"), n("2"), n("5"), n("3"), n("7"), no, t("已核")],
        vec![no, t("云岭2号厂房项目"), n("8")],
    ];
    let preview = preview(&form, &workbook(&rows));
    let want = [
        "P-001 m:fund = 5 new",
        "P-001 m:fund/bank = 2 new",
        "P-001 m:fund/own = 3 new",
        "P-001 m:invest = 1 new",
        "P-001 m:tax = 7 new",
        "P-002 m:invest = 8 new",
    ];
    assert_eq!(figures(&form, &preview), want);
    assert!(preview.unknown_rows.is_empty(), "{:?}", preview.unknown_rows);
}

#[test]
fn seeded_faults_in_many_rows_come_back_as_exactly_those_cells() {
    let count = 400;
    let form = blank(count);
    let codes = codes(&form);
    let mut state = 20_230_426u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let sums: Vec<[String; 2]> =
        (0..count as u64).map(|i| [(100 + i).to_string(), ((i + 1) * 1000 + 100 + i).to_string()]).collect();
    let bad: [&[Put<'_>]; 10] = [
        &[Put::T("约5"), Put::N("-1"), Put::E("#REF!")],
        &[Put::N("3"), Put::T("1,2")],
        &[Put::N("299"), Put::F("A1")],
        &[Put::T("5吨"), Put::N("1.005")],
        &[Put::T("没有"), Put::Day("45042")],
        &[Put::N("100.1"), Put::N("12.55")],
        &[Put::T("停工"), Put::N("1")],
        &[Put::T("\u{200b}")],
        &[Put::T("四月"), Put::N("1")],
        &[Put::T("也许"), Put::N("2")],
    ];
    let mut want = BTreeMap::new();
    let mut rows = vec![HEAD.iter().map(|h| Put::T(h)).collect::<Vec<_>>()];
    for i in 0..count {
        // The third row of the form does not ask for the share.
        let share = if i == 2 { Put::No } else { Put::Share("0.125") };
        let mut row = vec![
            Put::T(&codes[i]),
            Put::N(&sums[i][0]),
            Put::N(&sums[i][1]),
            Put::N("300"),
            Put::N("100"),
            Put::N("200"),
            share,
        ];
        row.extend([Put::T("在建"), Put::T("主体施工"), Put::Day("45000"), Put::T("是")]);
        if random(4) == 0 {
            let c = random(10) as usize;
            let c = if i == 2 && c == 5 { 6 } else { c };
            row[c + 1] = bad[c][random(bad[c].len() as u64) as usize];
            want.insert(format!("重点项目!{}", baton_sheets::layout::address(i as u32 + 1, c as u32 + 1)), ());
        }
        rows.push(row);
    }
    let preview = preview(&form, &workbook(&rows));
    assert!(want.len() > 60, "{}", want.len());
    assert_eq!(refused(&preview).into_keys().collect::<Vec<_>>(), want.into_keys().collect::<Vec<_>>());
    assert_eq!(preview.counts.rows as usize, count);
}

#[test]
fn a_workbook_in_another_language_or_from_before_a_rename_comes_back() {
    let mut english = form(3);
    english.lang = baton_methods::Lang::En;
    english.blocks[0].rows[0].cells[3].now = Some(number("12"));
    let bytes = fill_in(&english).expect("written");
    let book = baton_sheets::parse_here(&bytes).expect("read");
    assert_eq!(book, parse(&bytes).expect("read"), "the worker reads the same");
    for lang in [baton_methods::Lang::En, baton_methods::Lang::Zh] {
        let mut asked = english.clone();
        asked.lang = lang;
        // Renamed since, or named in the other language.
        asked.blocks[0].columns[3].group = Some("资金到位".into());
        asked.blocks[0].columns[3].label = "银行".into();
        let preview = read(&asked, &book);
        assert_eq!(figures(&asked, &preview), ["P-001 m:fund/bank = 12 same", "P-002 m:invest = 800 same"]);
        assert!(
            preview.unknown_columns.is_empty() && preview.problems.is_empty(),
            "{:?} {:?}",
            preview.unknown_columns,
            preview.problems
        );
    }
}
