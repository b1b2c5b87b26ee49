//! Import of a workbook of 100,000 rows × 20 cells: read in the worker, validated against its form, stored durably.

use crate::measure::{folder, memory, mib, record, root, timed};
use crate::zones;
use anyhow::{Context, Result, anyhow, bail};
use baton_kernel::commands::{FieldGiven, FieldInput, FigureGiven, FigureInput};
use baton_kernel::form::CellValue;
use baton_kernel::ids::{ItemId, RoundId, Subject, SubmissionId};
use baton_kernel::limits::{ACTS_MAX, SUBMISSION_CELLS_MAX};
use baton_kernel::views::form::form;
use baton_kernel::{Act, Caller, Seen};
use baton_methods::{Lang, Period};
use baton_sheets::{Limits, Message, PreviewCell, State, read_with, rows_in_worker};
use baton_store::{Journal, Opening};
use jiff::civil::date;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;
use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Columns of numbers, of choices, of days.
const NUMBERS: usize = 12;

/// Makes workbook and zone, imports, and lets pandas read the same file where it is installed.
pub fn run(scale: f64) -> Result<()> {
    let rows = (100_000.0 * scale) as usize;
    let book = folder().join(format!("import-{rows}.xlsx"));
    if !book.exists() {
        write(&book, rows)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(baton(&book, rows))?;
    pandas(&book)
}

/// The workbook as an office sends it: two key columns and eighteen to fill in.
fn write(book: &Path, rows: usize) -> Result<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name("台账")?;
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let titles = ["编号", "名称"].map(str::to_owned).into_iter();
    let titles = titles.chain((1..=NUMBERS).map(|n| format!("指标{n}（万元）")));
    let titles = titles.chain(["状态", "专题", "开工日期", "竣工日期", "是否入库", "备注"].map(str::to_owned));
    for (col, title) in titles.enumerate() {
        sheet.write_string(0, col as u16, title)?;
    }
    for n in 0..rows {
        let row = n as u32 + 1;
        let drawn = zones::scattered(n as u64);
        sheet.write_string(row, 0, format!("R{n:06}"))?;
        sheet.write_string(row, 1, format!("第{n}号项目"))?;
        for c in 0..NUMBERS {
            sheet.write_number(row, c as u16 + 2, ((drawn >> (c * 8)) % 1_000_000) as f64 / 100.0)?;
        }
        let mut col = NUMBERS as u16 + 2;
        sheet.write_string(row, col, ["谈判", "签约", "在建", "投产"][(drawn % 4) as usize])?;
        sheet.write_string(row, col + 1, ["工业", "农业", "服务"][(drawn % 3) as usize])?;
        for year in [2022, 2023] {
            col += 1;
            let at = date(year, (drawn % 12) as i8 + 1, (drawn % 28) as i8 + 1);
            let at = rust_xlsxwriter::ExcelDateTime::from_ymd(at.year() as u16, at.month() as u8, at.day() as u8)?;
            sheet.write_datetime_with_format(row, col + 1, at, &day)?;
        }
        sheet.write_string(row, col + 2, if drawn % 2 == 0 { "是" } else { "否" })?;
        if drawn % 3 == 0 {
            sheet.write_string(row, col + 3, format!("手续{}项待办", drawn % 9))?;
        }
    }
    Ok(workbook.save(book)?)
}

async fn baton(book: &Path, rows: usize) -> Result<()> {
    let dir = folder().join("import-zone");
    if dir.exists() {
        std::fs::remove_dir_all(&dir)?;
    }
    let journal = Arc::new(Journal::open(&dir, Opening::default()).await.map_err(|e| anyhow!("{e}"))?);
    let mut count = 0u64;
    let mut id = || {
        count += 1;
        zones::scattered(count)
    };
    let month = Period::month(2023, 3).expect("a month");
    let mut pen = journal.pen().map_err(|e| anyhow!("{e}"))?;
    let mut now = zones::morning(month.end())?;
    let (acts, towns) = zones::units(&mut id, 1);
    let (unit, round) = (towns[0], RoundId(id()));
    let mut all = vec![zones::founding(zones::blueprint(&root().join("bench/rows"))?), Act::All(acts)];
    let items: Vec<Act> = (0..rows).map(|n| zones::item(ItemId(id()), "row", n, unit, None, zones::start())).collect();
    all.extend(items.chunks(ACTS_MAX).map(|chunk| Act::All(chunk.to_vec())));
    all.push(zones::round(round, "row", month, &towns));
    for (n, act) in all.into_iter().enumerate() {
        now += jiff::SignedDuration::from_secs(1);
        pen.submit(Caller::Founder, &zones::command(n as u64 + 1, act), now).map_err(|e| anyhow!("{e}"))?;
    }
    let start = std::time::Instant::now();
    journal.lay(pen).await.map_err(|e| anyhow!("{e:?}"))?;
    let setup_s = start.elapsed().as_secs_f64();

    let (form_s, form) = timed(|| {
        let seen = Seen::new(journal.snapshot(), Caller::Founder, journal.now(), None, Lang::Zh);
        form(&seen, round, unit)
    });
    let form = form.map_err(|e| anyhow!("{e}"))?;
    let (mut figures, mut fields) = (Vec::new(), Vec::new());
    let (mut worker_peak, mut refused, mut first) = (0, 0usize, None);
    let mut row = None;
    let exe = std::env::current_exe()?;
    let (read_s, preview) = timed(|| {
        let rows = rows_in_worker(&exe, &mut File::open(book).expect("just written"), &Limits::default())?;
        let rows = rows.inspect(|message| {
            if let Ok(Message::End { peak_bytes }) = message {
                worker_peak = *peak_bytes;
            }
        });
        read_with(&form, rows, &mut |cell| match given(&cell, &mut row, month) {
            Some(Given::Figure(figure)) => figures.push(figure),
            Some(Given::Field(field)) => fields.push(field),
            None => {
                refused += 1;
                first.get_or_insert_with(|| format!("{} {} {:?}", cell.at, cell.typed, cell.state));
            }
        })
    });
    let preview = preview.map_err(|e| anyhow!("{e}"))?;
    if refused > 0 || preview.blocked() || preview.counts.rows != rows as u64 {
        bail!("{refused} cells refused ({first:?}); {:?} {:?}", preview.counts, preview.problems);
    }
    let cells = figures.len() + fields.len();
    let (mut figures, mut fields) = (VecDeque::from(figures), VecDeque::from(fields));
    let start = std::time::Instant::now();
    let mut waiting = tokio::task::JoinSet::new();
    let mut n = 1_000_000;
    while !figures.is_empty() || !fields.is_empty() {
        let from_figures = figures.len().min(SUBMISSION_CELLS_MAX);
        let from_fields = fields.len().min(SUBMISSION_CELLS_MAX - from_figures);
        let act = Act::Report {
            submission: SubmissionId(id()),
            round: Some(round),
            unit,
            submit: true,
            figures: figures.drain(..from_figures).collect(),
            fields: fields.drain(..from_fields).collect(),
            because: String::new(),
            evidence: Vec::new(),
        };
        n += 1;
        let (journal, command) = (journal.clone(), zones::command(n, act));
        waiting.spawn(async move { journal.submit(Caller::Founder, command).await.map_err(|e| anyhow!("{e:?}")) });
    }
    let submissions = waiting.len();
    while let Some(done) = waiting.join_next().await {
        done.context("a submission")??;
    }
    let store_s = start.elapsed().as_secs_f64();
    journal.close().await;
    let figures = json!({
        "rows": rows, "cells": cells, "submissions": submissions, "file_mib": mib(std::fs::metadata(book)?.len()),
        "items_stored_s": setup_s, "form_s": form_s, "read_s": read_s, "store_s": store_s,
        "total_s": form_s + read_s + store_s, "worker_peak_mib": mib(worker_peak), "peak_mib": mib(memory("VmHWM")),
    });
    record("import", "baton", figures)
}

enum Given {
    Figure(FigureGiven),
    Field(FieldGiven),
}

/// A previewed cell as the command takes it; `None` for one that does not enter.
///
/// `row` is the identity read last: cells of one row come together.
fn given(cell: &PreviewCell, row: &mut Option<(Arc<str>, Subject)>, period: Period) -> Option<Given> {
    if !matches!(cell.state, State::New | State::Changed) {
        return None;
    }
    let subject = match row {
        Some((text, subject)) if Arc::ptr_eq(text, &cell.subject) => *subject,
        _ => {
            let subject = cell.subject.parse().ok()?;
            *row = Some((cell.subject.clone(), subject));
            subject
        }
    };
    let value = cell.value.as_ref()?;
    if let Some(measure) = cell.column.strip_prefix("m:") {
        let (measure, part) = measure.split_once('/').map_or((measure, None), |(m, p)| (m, Some(p.to_owned())));
        let value = match value {
            CellValue::Number(value) => FigureInput::Is(*value),
            CellValue::Withheld(reason) => FigureInput::Withheld(reason.clone()),
            _ => return None,
        };
        let measure = measure.to_owned();
        return Some(Given::Figure(FigureGiven {
            subject,
            measure,
            period,
            part,
            value,
            version: cell.version,
            said_on: None,
        }));
    }
    let Subject::Item(item) = subject else { return None };
    let typed = match value {
        CellValue::Text(text) | CellValue::Choice(text) => text.clone(),
        CellValue::Date(day) => day.to_string(),
        CellValue::YesNo(yes) => if *yes { "是" } else { "否" }.to_owned(),
        CellValue::Number(value) => value.to_string(),
        CellValue::Withheld(_) => return None,
    };
    let field = cell.column.strip_prefix("f:")?.to_owned();
    Some(Given::Field(FieldGiven { item, field, value: FieldInput::Typed(typed), version: cell.version }))
}

/// The same file by pandas with openpyxl, in the Python that `bench/run` prepares.
fn pandas(book: &Path) -> Result<()> {
    let python = folder().join("venv/bin/python");
    if !python.exists() {
        println!("skipped: pandas is not here (bench/run installs it in target/bench/venv)");
        return Ok(());
    }
    let script: PathBuf = root().join("bench/pandas_import.py");
    let out = Command::new(python).arg(script).arg(book).output()?;
    if !out.status.success() {
        bail!("pandas: {}", String::from_utf8_lossy(&out.stderr));
    }
    record("import", "pandas+openpyxl", serde_json::from_slice(&out.stdout)?)
}
