//! A form with every sort of column, and what tests share.

use baton_kernel::form::{
    Asks, CellType, CellValue, CheckRule, Choice, Form, FormBlock, FormCell, FormCheck, FormColumn, FormRow,
};
use baton_methods::{Lang, Period, Unit};
use baton_sheets::{Limits, Preview, RawBook, Refused, State, parse_in_worker, read};
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The worker's program.
pub fn worker() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_baton-sheets-worker"))
}

/// Reads bytes in a worker under the usual limits.
pub fn parse(bytes: &[u8]) -> Result<RawBook, Refused> {
    parse_in_worker(worker(), bytes, &Limits::default())
}

/// Reads bytes in a worker and weighs them against a form.
pub fn preview(form: &Form, bytes: &[u8]) -> Preview {
    read(form, &parse(bytes).unwrap_or_else(|refused| panic!("{refused}")))
}

pub fn dec(text: &str) -> Decimal {
    text.parse().expect("a number")
}

pub fn number(text: &str) -> CellValue {
    CellValue::Number(dec(text))
}

fn column(key: &str, group: Option<&str>, label: &str, unit: Option<Unit>, decimals: u8, cell: CellType) -> FormColumn {
    FormColumn {
        key: key.into(),
        group: group.map(Into::into),
        label: label.into(),
        unit,
        decimals,
        asks: Asks::Own,
        cell,
        required: key == "m:invest",
        hint: (key == "m:invest").then(|| "只填本月发生数".into()),
    }
}

/// A project form of `rows` rows for 2023M03.
pub fn form(rows: usize) -> Form {
    let free = || CellType::Number { min: Some(Decimal::ZERO), max: None };
    let share = CellType::Number { min: Some(Decimal::ZERO), max: Some(Decimal::ONE_HUNDRED) };
    let choices = ["谈判", "签约", "在建", "投产"];
    let columns = vec![
        column("m:invest", None, "完成投资", Some(Unit::WanYuan), 2, free()),
        column("m:invest_ytd", None, "1—3月累计完成投资", Some(Unit::WanYuan), 2, free()),
        column("m:fund", Some("到位资金"), "合计", Some(Unit::WanYuan), 2, free()),
        column("m:fund/bank", Some("到位资金"), "银行贷款", Some(Unit::WanYuan), 2, free()),
        column("m:fund/own", Some("到位资金"), "自筹", Some(Unit::WanYuan), 2, free()),
        column("m:share", None, "形象进度", Some(Unit::Percent), 1, share),
        column(
            "f:state",
            None,
            "项目状态",
            None,
            0,
            CellType::Choice(
                choices.iter().enumerate().map(|(i, l)| Choice { key: format!("s{i}"), label: (*l).into() }).collect(),
            ),
        ),
        column("f:progress", None, "当前进展", None, 0, CellType::Text { chars_max: 60 }),
        column("f:start", None, "实际开工日期", None, 0, CellType::Date),
        column("f:stocked", None, "是否入库", None, 0, CellType::YesNo),
    ];
    let rows = (0..rows)
        .map(|i| {
            let n = (i as i64 + 1) * 1000;
            let cell = |last: Option<CellValue>| FormCell { asked: true, last, ..FormCell::default() };
            let mut cells: Vec<FormCell> = columns.iter().map(|_| cell(None)).collect();
            cells[0] = FormCell { plan: Some(Decimal::from(n)), ..cell(Some(CellValue::Number(Decimal::from(n / 2)))) };
            cells[1] = cell(Some(CellValue::Number(Decimal::from(n))));
            cells[7] = cell(Some(CellValue::Text("=主体封顶".into())));
            if i == 2 {
                cells[5].asked = false;
            }
            if i == 1 {
                cells[0].now = Some(number("800"));
                cells[0].version = 17;
            }
            FormRow {
                subject: format!("i{:032x}", i + 1),
                code: format!("P-{:03}", i + 1),
                name: format!("云岭{}号厂房项目", i + 1),
                keys: vec!["在建".into()],
                cells,
            }
        })
        .collect();
    let check = |code: &str, label: &str, rule| FormCheck { code: code.into(), label: label.into(), rule };
    Form {
        zone: "yunling".into(),
        round: "r2023m03".into(),
        unit: "yuanqiao".into(),
        unit_name: "袁桥镇".into(),
        period: Period::month(2023, 3).expect("a month"),
        due: Some(jiff::civil::date(2023, 4, 5)),
        head: 120,
        blueprint_version: 3,
        title: "重点项目月度调度".into(),
        lang: Lang::Zh,
        blocks: vec![FormBlock {
            kind: "project".into(),
            label: "重点项目".into(),
            key_labels: vec!["阶段".into()],
            columns,
            rows,
            checks: vec![
                check(
                    "running",
                    "累计数核对",
                    CheckRule::RunningTotal { period_col: "m:invest".into(), cumulative_col: "m:invest_ytd".into() },
                ),
                check(
                    "parts",
                    "资金来源核对",
                    CheckRule::Parts { total: "m:fund".into(), parts: vec!["m:fund/bank".into(), "m:fund/own".into()] },
                ),
            ],
        }],
    }
}

/// Each filled cell as `code column = value state`, in order of code and column.
pub fn figures(form: &Form, preview: &Preview) -> Vec<String> {
    let mut all: Vec<String> = preview
        .cells
        .iter()
        .map(|cell| {
            let row = form.blocks[0].rows.iter().find(|r| *r.subject == *cell.subject).expect("a row of the form");
            let state = match &cell.state {
                State::New => "new".into(),
                State::Changed => "changed".into(),
                State::Same => "same".into(),
                State::Conflict { .. } => "conflict".into(),
                State::Refused(r) => format!("refused {}", r.code),
            };
            let value = match &cell.value {
                Some(CellValue::Number(n)) => n.normalize().to_string(),
                Some(other) => format!("{other:?}"),
                None => "—".into(),
            };
            format!("{} {} = {value} {state}", row.code, cell.column)
        })
        .collect();
    all.sort();
    all
}

/// A folder of its own for one test, emptied.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Runs a Python script with openpyxl; `None`, said visibly, where it is not installed.
pub fn python(script: &str, args: &[&Path]) -> Option<String> {
    let has =
        |python: &str| Command::new(python).args(["-c", "import openpyxl"]).output().is_ok_and(|o| o.status.success());
    let Some(python) = ["/usr/bin/python3", "python3"].into_iter().find(|p| has(p)) else {
        println!("skipped: python3 with openpyxl is not here");
        return None;
    };
    let out = Command::new(python).arg("-c").arg(script).args(args).output().expect("python runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Saves a file again with LibreOffice in another format; `None`, said visibly, where it is not installed.
pub fn resave(file: &Path, to: &str) -> Option<PathBuf> {
    let folder = file.parent().expect("a folder").join(format!("resaved-{to}"));
    let profile = file.parent().expect("a folder").join("profile");
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--norestore", "--convert-to", to, "--outdir"])
        .arg(&folder)
        .arg(file)
        .output();
    match run {
        Ok(out) => {
            let made = folder.join(file.file_stem().expect("a name")).with_extension(to);
            assert!(made.exists(), "{} {}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
            Some(made)
        }
        Err(_) => {
            println!("skipped: soffice is not here");
            None
        }
    }
}
