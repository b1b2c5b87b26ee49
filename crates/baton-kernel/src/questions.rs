//! Questions: what looks odd in a figure before it is sent. Its writer explains or corrects it; nothing is refused.

use crate::form::{Asks, CellMistake, CellType, CellValue, FormBlock, FormCell, FormColumn, FormRow, check};
use baton_methods::{Period, Unit, Words, format_decimal};
use rust_decimal::Decimal;

/// How many times its greatest forerunner a figure may be before it is asked about.
const TIMES_MAX: u32 = 5;
/// The same while its forerunners are too few to make a history.
const TIMES_FEW_MAX: u32 = 8;
/// Forerunners that make a history.
const PAST_MIN: usize = 3;
/// 万元 taken for 元 or 亿元: about this many times off.
const SCALE: u32 = 10_000;

/// Everything odd about the figures of one row: the block's arithmetic first, then each figure beside its own
/// history, its sign and its target. `values` are the row's values as they would stand, one per column.
pub fn questions(period: Period, block: &FormBlock, row: &FormRow, values: &[Option<CellValue>]) -> Vec<CellMistake> {
    let mut found = check(period, block, row, values);
    for ((column, cell), value) in block.columns.iter().zip(&row.cells).zip(values) {
        let Some(value) = value.as_ref().and_then(CellValue::number).filter(|_| cell.asked) else { continue };
        if found.iter().all(|q| q.column != column.key)
            && let Some((code, words)) = odd(period, column, cell, value)
        {
            let hint = Words::new("写明原因，或改正", "explain it, or correct it");
            found.push(CellMistake::new(&column.key, code, words, hint));
        }
    }
    found
}

fn odd(period: Period, column: &FormColumn, cell: &FormCell, value: Decimal) -> Option<(&'static str, Words)> {
    if column.asks == Asks::Field {
        return None;
    }
    let shown = |d: Decimal| format_decimal(d, column.decimals.into(), true);
    let past = &cell.past;
    let last = cell.last.as_ref().and_then(CellValue::number).or(past.last().copied());
    let bounded = matches!(column.cell, CellType::Number { min: Some(_), .. });
    if value < Decimal::ZERO
        && !bounded
        && column.unit != Some(Unit::Percent)
        && past.iter().all(|v| *v >= Decimal::ZERO)
    {
        return Some(("doubt.negative", Words::new("填的是负数", "the figure is negative")));
    }
    if let Some(words) = size(column, cell, value, last) {
        return Some(("doubt.size", words));
    }
    let early = period.end().month() <= 9;
    let to_date = match column.asks {
        // What is missing of the year can only add to it.
        Asks::Own => Some(cell.before.unwrap_or_default() + value),
        Asks::ToDate => Some(value),
        Asks::Level | Asks::Field => None,
    };
    if let Some((done, target)) = to_date.zip(cell.target).filter(|(_, t)| *t > Decimal::ZERO)
        && (done > target && early || done > target * Decimal::new(12, 1))
    {
        let (done, target) = (shown(done), shown(target));
        return Some((
            "doubt.target",
            Words::new(
                format!("年内累计 {done}，超过全年目标 {target}"),
                format!("{done} to date is above the year's target {target}"),
            ),
        ));
    }
    let rising = past.len() >= PAST_MIN && past.windows(2).all(|w| w[0] <= w[1]) && past.first() < past.last();
    let year_goes_on = period.start().month() > 1;
    let may_not_fall = match column.asks {
        Asks::ToDate => year_goes_on,
        Asks::Level => rising,
        Asks::Own | Asks::Field => false,
    };
    if let Some(last) = last.filter(|last| may_not_fall && value < *last) {
        let last = shown(last);
        return Some((
            "doubt.less",
            Words::new(
                format!("比上期 {last} 小；上期有误请更正上期"),
                format!("less than the {last} of last period; if that was wrong, correct it there"),
            ),
        ));
    }
    let always = past.len() >= PAST_MIN && past.iter().all(|v| *v > Decimal::ZERO);
    if value.is_zero() && always && column.asks == Asks::Own {
        let count = past.len();
        return Some((
            "doubt.zero",
            Words::new(format!("前 {count} 期都有数，这期是 0"), format!("0 after {count} periods with figures")),
        ));
    }
    None
}

/// Whether the size of a figure is far from its forerunners.
fn size(column: &FormColumn, cell: &FormCell, value: Decimal, last: Option<Decimal>) -> Option<Words> {
    if column.unit == Some(Unit::Percent) {
        return None;
    }
    let shown = |d: Decimal| format_decimal(d, column.decimals.into(), true);
    let past: Vec<Decimal> = cell.past.iter().map(|v| v.abs()).filter(|v| !v.is_zero()).collect();
    let (most, least) = (*past.iter().max()?, *past.iter().min()?);
    let size = value.abs();
    let ten_thousand = Decimal::from(SCALE);
    let half = |d: Decimal| d / Decimal::TWO;
    // A single forerunner is enough to see that a unit was mistaken.
    let far = |beside: Decimal| !beside.is_zero() && size >= half(beside.abs() * ten_thousand);
    if far(most) || last.is_some_and(far) || (!size.is_zero() && size * ten_thousand <= least * Decimal::TWO) {
        return Some(Words::new(
            format!("与以前的 {} 差一万倍左右，单位是不是弄错了", shown(most)),
            format!("about ten thousand times off the {} before: is the unit right?", shown(most)),
        ));
    }
    let few = past.len() < PAST_MIN;
    if size > most * Decimal::from(if few { TIMES_FEW_MAX } else { TIMES_MAX }) {
        let beside = last.filter(|l| !l.is_zero()).unwrap_or(most);
        let times = format_decimal((size / beside.abs()).round(), 0, true);
        return Some(Words::new(
            format!("是上期 {} 的 {times} 倍，以前最多 {}", shown(beside), shown(most)),
            format!("{times} times the {} before; the most so far was {}", shown(beside), shown(most)),
        ));
    }
    if !few && !size.is_zero() && size * Decimal::from(TIMES_MAX * 2) < least {
        return Some(Words::new(
            format!("不到以前最少的 {} 的十分之一", shown(least)),
            format!("less than a tenth of the least before, {}", shown(least)),
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(asks: Asks, unit: Unit) -> FormColumn {
        FormColumn {
            key: "m:x".into(),
            group: None,
            label: "完成投资".into(),
            unit: Some(unit),
            decimals: 0,
            asks,
            cell: CellType::Number { min: None, max: None },
            required: false,
            hint: None,
        }
    }

    fn asked(asks: Asks, unit: Unit, past: &[i64], before: i64, target: i64, value: &str) -> Option<String> {
        let block = FormBlock {
            kind: "k".into(),
            label: "k".into(),
            key_labels: Vec::new(),
            columns: vec![column(asks, unit)],
            rows: Vec::new(),
            checks: Vec::new(),
        };
        let cell = FormCell {
            asked: true,
            past: past.iter().copied().map(Decimal::from).collect(),
            before: Some(before.into()),
            target: Some(target.into()),
            ..FormCell::default()
        };
        let row =
            FormRow { subject: "i".into(), code: "c".into(), name: "n".into(), keys: Vec::new(), cells: vec![cell] };
        let period = Period::month(2023, 4).expect("a month");
        let value = CellValue::Number(value.parse().expect("a decimal"));
        questions(period, &block, &row, &[Some(value)]).into_iter().next().map(|q| q.code)
    }

    #[test]
    fn a_figure_is_asked_about_beside_its_own_history_only() {
        let of = |value: &str| asked(Asks::Own, Unit::WanYuan, &[900, 1000, 1100], 3000, 12000, value);
        assert_eq!(of("1200"), None);
        assert_eq!(of("4000"), None);
        assert_eq!(of("6000").as_deref(), Some("doubt.size"));
        assert_eq!(of("80").as_deref(), Some("doubt.size"));
        assert_eq!(of("10000000").as_deref(), Some("doubt.size"));
        assert_eq!(of("0").as_deref(), Some("doubt.zero"));
        assert_eq!(of("-5").as_deref(), Some("doubt.negative"));
        assert_eq!(asked(Asks::Own, Unit::WanYuan, &[], 0, 12000, "6000"), None, "no history, no question");
        let few = |value: &str| asked(Asks::Own, Unit::WanYuan, &[1000], 0, 99000, value);
        assert_eq!((few("7900"), few("8100").as_deref()), (None, Some("doubt.size")));
        assert_eq!(asked(Asks::Own, Unit::Percent, &[3, 4, 5], 0, 0, "-8"), None, "rates fall and rise");
    }

    #[test]
    fn a_year_beyond_its_target_and_a_total_that_shrinks_are_asked_about() {
        let own = |value: &str| asked(Asks::Own, Unit::WanYuan, &[3000, 3100, 3200], 9300, 12000, value);
        assert_eq!(own("2700"), None);
        assert_eq!(own("2701").as_deref(), Some("doubt.target"));
        assert_eq!(asked(Asks::ToDate, Unit::WanYuan, &[100, 200, 300], 0, 0, "299").as_deref(), Some("doubt.less"));
        assert_eq!(asked(Asks::Level, Unit::Percent, &[30, 34, 40], 0, 0, "38").as_deref(), Some("doubt.less"));
        assert_eq!(asked(Asks::Level, Unit::Person, &[30, 24, 40], 0, 0, "38"), None, "it went down before");
    }
}
