//! The review as a workbook: places and words only, never a number of its own.

use baton_kernel::views::number::Number;
use baton_kernel::views::pace::Pace;
use baton_kernel::views::review::{Review, beside};
use baton_methods::Lang;
use baton_sheets::{HeadCell, RowKind, SheetCell, SheetColumn, SheetRow, SheetTable};

fn number(number: Option<&Number>) -> SheetCell {
    match number.and_then(Number::rounded) {
        Some(value) => SheetCell::NumberAt(value, number.map_or(0, |n| n.decimals)),
        None => SheetCell::Text("—".to_owned()),
    }
}

fn words(decimals: Option<u8>) -> SheetColumn {
    SheetColumn { numeric: decimals.is_some(), decimals: decimals.unwrap_or(0), width: None }
}

/// The review: one row for a line of the zone, and one for each unit under it.
pub fn sheet(review: &Review, lang: Lang) -> SheetTable {
    let head = [
        ("领域", "Area"),
        ("指标", "Measure"),
        ("单位", "Unit"),
        ("范围", "Scope"),
        ("累计完成", "Done"),
        ("年度目标", "Target"),
        ("完成率（%）", "Share (%)"),
        ("序时应完成（%）", "Expected (%)"),
        ("与序时差（百分点）", "Gap (points)"),
        ("亮灯", "Light"),
        ("理由", "Reason"),
        ("未报等", "Missing"),
    ];
    let mut rows = Vec::new();
    let decimals =
        review.areas.iter().flat_map(|a| &a.lines).filter_map(|l| l.pace.as_ref()).map(|p| p.done.decimals).max();
    for area in &review.areas {
        for line in &area.lines {
            let mut add = |scope: String, pace: &Pace, kind: RowKind| {
                rows.push(SheetRow {
                    kind,
                    cells: vec![
                        SheetCell::Text(area.label.clone()),
                        SheetCell::Text(line.label.clone()),
                        SheetCell::Text(line.unit.clone()),
                        SheetCell::Text(scope),
                        number(Some(&pace.done)),
                        number(pace.target.as_ref()),
                        number(pace.share.as_ref()),
                        number(pace.expected.as_ref()),
                        number(pace.gap.as_ref()),
                        SheetCell::Text(pace.light.word.clone()),
                        SheetCell::Text(pace.light.reason.clone()),
                        SheetCell::Text(beside(&pace.done, lang)),
                    ],
                });
            };
            if let Some(pace) = &line.pace {
                let scope =
                    if review.whole { lang.pick("全区", "Zone") } else { lang.pick("本单位", "Own units") };
                add(scope.to_owned(), pace, RowKind::Plain);
            }
            for (unit, pace) in &line.by_unit {
                add(unit.name.clone(), pace, RowKind::Plain);
            }
        }
    }
    SheetTable {
        title: format!("{} {}", review.zone, review.period_label),
        unit_line: Some(format!(
            "{} {} · {} {}",
            lang.pick("截至所知", "known"),
            review.known,
            lang.pick("台账第", "ledger"),
            review.cut
        )),
        sheet: review.period.to_string(),
        head: vec![head.iter().map(|(zh, en)| HeadCell::new(lang.pick(*zh, *en))).collect()],
        columns: (0..head.len())
            .map(|n| match n {
                4 | 5 => words(Some(decimals.unwrap_or(0))),
                6..=8 => words(Some(1)),
                _ => words(None),
            })
            .collect(),
        rows,
        notes: Vec::new(),
        frozen_columns: 2,
        filter: true,
    }
}
