//! Import of 100,000 × 20 cells: made, sent through the worker, weighed against its form; time and memory.
//!
//! `cargo run -p baton-sheets --example import_at_scale [rows] [keep.xlsx]`; it needs the worker's program,
//! which `cargo build -p baton-sheets` makes beside it. One line of JSON per measurement.

use baton_kernel::form::{
    Asks, CellType, CellValue, CheckRule, Choice, Form, FormBlock, FormCell, FormCheck, FormColumn, FormRow,
};
use baton_methods::{Lang, Period, Unit};
use baton_sheets::{Limits, Message, read_with, rows_in_worker};
use rust_decimal::Decimal;
use std::time::Instant;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let rows: usize = args.next().map_or(Ok(100_000), |n| n.parse())?;
    let form = form(rows)?;
    let started = Instant::now();
    let bytes = workbook(&form)?;
    eprintln!("made {} bytes in {:.1?}", bytes.len(), started.elapsed());
    if let Some(keep) = args.next() {
        std::fs::write(keep, &bytes)?;
    }
    let worker = std::env::current_exe()?.parent().and_then(|p| p.parent()).map(|p| p.join("baton-sheets-worker"));
    let worker = worker.filter(|w| w.exists()).ok_or_else(|| anyhow::anyhow!("first: cargo build -p baton-sheets"))?;

    let started = Instant::now();
    let mut count = 0u64;
    let mut peak = 0;
    for message in rows_in_worker(&worker, &mut bytes.as_slice(), &Limits::default())? {
        match message? {
            Message::Row(row) => count += row.len() as u64,
            Message::End { peak_bytes } => peak = peak_bytes,
            _ => {}
        }
    }
    line("parse", rows, started.elapsed().as_secs_f64(), peak, count);

    let started = Instant::now();
    let mut entering = 0u64;
    let mut sum = Decimal::ZERO;
    let messages = rows_in_worker(&worker, &mut bytes.as_slice(), &Limits::default())?;
    let preview = read_with(&form, messages, &mut |cell| {
        entering += 1;
        sum += cell.value.as_ref().and_then(CellValue::number).unwrap_or_default();
    })?;
    line("parse and validate", rows, started.elapsed().as_secs_f64(), peak, entering);
    anyhow::ensure!(preview.counts.refused == 0 && preview.counts.rows as usize == rows, "{:?}", preview.counts);
    eprintln!("sum {sum}");
    Ok(())
}

fn line(case: &str, rows: usize, seconds: f64, peak: u64, cells: u64) {
    println!(
        "{{\"suite\":\"excel\",\"case\":\"{case} {rows}x20\",\"engine\":\"baton\",\"runs\":[{seconds:.3}],\"peak_mib\":{:.1},\"cells\":{cells}}}",
        peak as f64 / 1_048_576.0
    );
}

/// Twenty columns beside code and name: fifteen quantities, a choice, words, a day, a yes, a share.
fn form(rows: usize) -> anyhow::Result<Form> {
    let number = |key: String, label: String| FormColumn {
        key,
        group: None,
        label,
        unit: Some(Unit::WanYuan),
        decimals: 2,
        asks: Asks::Own,
        cell: CellType::Number { min: Some(Decimal::ZERO), max: None },
        required: false,
        hint: None,
    };
    let mut columns: Vec<FormColumn> = (1..=15).map(|i| number(format!("m:n{i}"), format!("指标{i}"))).collect();
    let other =
        |key: &str, label: &str, cell: CellType| FormColumn { cell, unit: None, ..number(key.into(), label.into()) };
    let choices = ["在建", "签约", "谈判", "投产"].iter().enumerate();
    columns.push(other(
        "f:state",
        "状态",
        CellType::Choice(choices.map(|(i, l)| Choice { key: format!("s{i}"), label: (*l).into() }).collect()),
    ));
    columns.push(other("f:words", "存在问题", CellType::Text { chars_max: 300 }));
    columns.push(other("f:day", "开工日期", CellType::Date));
    columns.push(other("f:yes", "是否入库", CellType::YesNo));
    columns.push(FormColumn { unit: Some(Unit::Percent), ..number("m:share".into(), "进度".into()) });
    let rows = (0..rows)
        .map(|i| FormRow {
            subject: format!("i{i:032x}"),
            code: format!("P-{i:06}"),
            name: format!("天衢新区项目{i}"),
            keys: Vec::new(),
            cells: vec![FormCell { asked: true, ..FormCell::default() }; 20],
        })
        .collect();
    Ok(Form {
        zone: "bench".into(),
        round: "r".into(),
        unit: "u".into(),
        unit_name: "单位".into(),
        period: Period::month(2023, 3)?,
        due: None,
        head: 1,
        blueprint_version: 1,
        title: "调度".into(),
        lang: Lang::Zh,
        blocks: vec![FormBlock {
            kind: "project".into(),
            label: "项目".into(),
            key_labels: Vec::new(),
            columns,
            rows,
            checks: vec![FormCheck {
                code: "c".into(),
                rule: CheckRule::AtMost { a: "m:n1".into(), b: "m:n2".into() },
                label: "不大于".into(),
            }],
        }],
    })
}

/// The workbook as somebody else's program would write it: titles, codes, names, values.
fn workbook(form: &Form) -> anyhow::Result<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    let block = &form.blocks[0];
    for (x, title) in ["编号", "名称"]
        .into_iter()
        .map(String::from)
        .chain(block.columns.iter().map(|c| c.title(form.lang)))
        .enumerate()
    {
        sheet.write_string(0, x as u16, title)?;
    }
    let mut state = 1u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for (i, row) in block.rows.iter().enumerate() {
        let y = i as u32 + 1;
        sheet.write_string(y, 0, &row.code)?.write_string(y, 1, &row.name)?;
        let first = random(1_000_000);
        for x in 0..15u16 {
            let value = if x == 1 { first + 100 } else { first + random(100) * u64::from(x.min(1)) };
            sheet.write_number(y, x + 2, value as f64 / 100.0)?;
        }
        sheet.write_string(y, 17, ["在建", "签约", "谈判", "投产"][random(4) as usize])?;
        sheet.write_string(y, 18, ["征地手续未办结，需协调", "资金未到位", "无问题"][random(3) as usize])?;
        sheet.write_number_with_format(y, 19, (44_600 + random(700)) as f64, &date)?;
        sheet.write_string(y, 20, ["是", "否"][random(2) as usize])?;
        sheet.write_number(y, 21, random(1000) as f64 / 10.0)?;
    }
    Ok(book.save_to_buffer()?)
}
