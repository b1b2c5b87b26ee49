//! A fill-in form: what one unit is asked for in one round, cell by cell, with what was said before.
//!
//! Views make a [`Form`]; the page and the workbook show the same one. Plain data, no rights and no
//! history: whoever holds a form may see everything in it. The arithmetic checks of the blueprint are
//! evaluated here ([`check`], [`FormColumn::accept`]), so that page and workbook cannot disagree.

use baton_methods::{Lang, Period, Unit, Words};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What one unit is asked for in one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// Code of the zone.
    pub zone: String,
    /// Opaque id of the round.
    pub round: String,
    /// Code of the unit asked.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// The period asked for.
    pub period: Period,
    /// Last day to answer.
    pub due: Option<Date>,
    /// Seq of the ledger at which the form was made.
    pub head: u64,
    /// Version of the blueprint in force then.
    pub blueprint_version: u32,
    /// Title of the round.
    pub title: String,
    /// Language of the form's own words.
    pub lang: Lang,
    /// One block per kind asked, in the blueprint's order.
    pub blocks: Vec<FormBlock>,
}

/// The rows of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormBlock {
    /// Key of the kind.
    pub kind: String,
    /// Its title; also the sheet's name.
    pub label: String,
    /// Titles of the protected columns that tell rows apart beside code and name, e.g. 阶段.
    pub key_labels: Vec<String>,
    /// Columns to fill in.
    pub columns: Vec<FormColumn>,
    /// Rows to fill in.
    pub rows: Vec<FormRow>,
    /// Arithmetic checks over the columns of one row.
    pub checks: Vec<FormCheck>,
}

/// One column to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormColumn {
    /// Identity: `m:invest` (measure), `m:fund_in/bank` (measure and part), `f:progress` (field).
    pub key: String,
    /// Title of the group it stands under in the upper header row.
    pub group: Option<String>,
    /// Title, without unit.
    pub label: String,
    /// Unit of a quantity.
    pub unit: Option<Unit>,
    /// Decimals of a quantity.
    pub decimals: u8,
    /// What is asked of the period.
    pub asks: Asks,
    /// What may stand in its cells.
    pub cell: CellType,
    /// Whether an asked cell must be answered (a value or withheld with a reason).
    pub required: bool,
    /// What to mind when filling it in.
    pub hint: Option<String>,
}

/// What a column asks of the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// The period's own amount.
    Own,
    /// The running total of the year.
    ToDate,
    /// The level at its end.
    Level,
    /// Nothing of a period: a field that stands until it changes.
    #[default]
    Field,
}

/// What may stand in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellType {
    /// A quantity in the column's unit, within bounds (inclusive).
    Number {
        /// Least value.
        #[serde(with = "rust_decimal::serde::str_option")]
        min: Option<Decimal>,
        /// Greatest value.
        #[serde(with = "rust_decimal::serde::str_option")]
        max: Option<Decimal>,
    },
    /// One of a closed list.
    Choice(Vec<Choice>),
    /// Free words.
    Text {
        /// Most characters.
        chars_max: u32,
    },
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
}

/// One choice of a closed list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Key.
    pub key: String,
    /// Title.
    pub label: String,
}

/// One row to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormRow {
    /// Opaque identity of the row.
    pub subject: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What stands in the key columns, as many as the block's `key_labels`.
    pub keys: Vec<String>,
    /// One cell per column of the block.
    pub cells: Vec<FormCell>,
}

/// One cell to fill in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormCell {
    /// Whether it is asked in this row.
    pub asked: bool,
    /// Value of the last period.
    pub last: Option<CellValue>,
    /// What was planned, in the column's unit.
    #[serde(with = "rust_decimal::serde::str_option")]
    pub plan: Option<Decimal>,
    /// Value already given for this period.
    pub now: Option<CellValue>,
    /// Seq of the version of `now`; 0 for an empty cell.
    pub version: u64,
    /// What the year had come to before this period, for amounts that add up; none when some of it is missing.
    #[serde(with = "rust_decimal::serde::str_option", default)]
    pub before: Option<Decimal>,
    /// The year's target.
    #[serde(with = "rust_decimal::serde::str_option", default)]
    pub target: Option<Decimal>,
    /// Values of the periods before, oldest first, at most twelve.
    #[serde(default)]
    pub past: Vec<Decimal>,
    /// Where the value is known from already, when it need not be asked.
    #[serde(default)]
    pub source: Option<String>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellValue {
    /// A quantity in the column's unit.
    Number(#[serde(with = "rust_decimal::serde::str")] Decimal),
    /// Words.
    Text(String),
    /// Key of a choice.
    Choice(String),
    /// A day.
    Date(Date),
    /// Yes or no.
    YesNo(bool),
    /// Not given, and why.
    Withheld(String),
}

impl CellValue {
    /// The quantity, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            CellValue::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// Whether two values mean the same: quantities by value (`1.50` = `1.5`), others by content.
    pub fn same(&self, other: &CellValue) -> bool {
        match (self, other) {
            (CellValue::Number(a), CellValue::Number(b)) => a == b,
            (CellValue::Text(a), CellValue::Text(b)) => a.trim() == b.trim(),
            (CellValue::Withheld(a), CellValue::Withheld(b)) => a.trim() == b.trim(),
            (a, b) => a == b,
        }
    }
}

/// One arithmetic check over the columns of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormCheck {
    /// Key of the check in the blueprint.
    pub code: String,
    /// The rule.
    pub rule: CheckRule,
    /// Its wording.
    pub label: String,
}

/// The closed forms of arithmetic checks. Columns are named by key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckRule {
    /// Cumulative = last period's cumulative + this period.
    RunningTotal {
        /// Column of the period's own value.
        period_col: String,
        /// Column of the cumulative value.
        cumulative_col: String,
    },
    /// The parts add up to the total.
    Parts {
        /// Column of the total.
        total: String,
        /// Columns of the parts.
        parts: Vec<String>,
    },
    /// `a` is at least `b`.
    AtLeast {
        /// Column.
        a: String,
        /// Column.
        b: String,
    },
    /// `a` is at most `b`.
    AtMost {
        /// Column.
        a: String,
        /// Column.
        b: String,
    },
}

/// A mistake in one cell: which rule it breaks and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellMistake {
    /// Key of the column.
    pub column: String,
    /// Stable code, e.g. `cell.above_max`.
    pub code: String,
    /// The rule that is broken.
    pub rule: Words,
    /// What to do.
    pub hint: Words,
}

impl CellMistake {
    /// A mistake in the cell of `column`.
    pub fn new(column: &str, code: &str, rule: Words, hint: Words) -> CellMistake {
        CellMistake { column: column.to_owned(), code: code.to_owned(), rule, hint }
    }
}

impl FormColumn {
    /// Title with its unit: `完成投资（万元）`.
    pub fn title(&self, lang: Lang) -> String {
        match self.unit.map(|unit| unit.label(lang)) {
            Some(unit) if !unit.is_empty() => format!("{}（{unit}）", self.label),
            _ => self.label.clone(),
        }
    }

    /// Title with group and unit: `到位资金·银行贷款（万元）`.
    pub fn full_title(&self, lang: Lang) -> String {
        match &self.group {
            Some(group) if *group != self.label => format!("{group}·{}", self.title(lang)),
            _ => self.title(lang),
        }
    }

    /// What a text typed into this column means, and whether it may stand there.
    ///
    /// Understood are: quantities as people write them (`1.2亿`, `12,000万元`, full-width digits), days
    /// with the year of `period` when they name none, titles or keys of choices, 是/否, and
    /// `暂不报送：reason` or `withheld: reason` in columns of any type but free words.
    ///
    /// Errors: what could not be understood, or a rule of [`FormColumn::accept`].
    pub fn understand(&self, typed: &str, period: Period) -> Result<CellValue, CellMistake> {
        let wrong = |code: &str, rule: Words, hint: Words| Err(CellMistake::new(&self.key, code, rule, hint));
        if !matches!(self.cell, CellType::Text { .. })
            && let Some(reason) = withheld(typed)
        {
            let value = CellValue::Withheld(reason.to_owned());
            return self.accept(&value).map(|()| value);
        }
        let value = match &self.cell {
            CellType::Number { .. } => match baton_methods::parse_number(typed, self.unit) {
                Ok(parsed) => CellValue::Number(parsed.value),
                Err(e) => {
                    return wrong(
                        e.code(),
                        Words::new(e.message(Lang::Zh), e.message(Lang::En)),
                        Words::new(e.hint(Lang::Zh), e.hint(Lang::En)),
                    );
                }
            },
            CellType::Date => match baton_methods::parse_date(typed, Some(period.year_number())) {
                Ok(date) => CellValue::Date(date),
                Err(e) => {
                    return wrong(
                        e.code(),
                        Words::new(e.message(Lang::Zh), e.message(Lang::En)),
                        Words::new(e.hint(Lang::Zh), e.hint(Lang::En)),
                    );
                }
            },
            CellType::Choice(choices) => {
                if let Some(choice) = only(choices.iter().filter(|c| c.label == typed.trim())) {
                    return Ok(CellValue::Choice(choice.key.clone()));
                }
                let said = plain(typed);
                let found = only(choices.iter().filter(|c| plain(&c.label) == said));
                match found.or_else(|| choices.iter().find(|c| c.key == typed.trim())) {
                    Some(choice) => CellValue::Choice(choice.key.clone()),
                    None => return wrong("cell.not_a_choice", choice_rule(choices), choice_hint()),
                }
            }
            CellType::YesNo => match plain(typed).as_str() {
                "是" | "有" | "yes" | "y" | "true" | "1" | "√" | "✓" | "✔" => CellValue::YesNo(true),
                "否" | "无" | "没有" | "no" | "n" | "false" | "0" | "×" | "✗" | "✘" => CellValue::YesNo(false),
                _ => {
                    return wrong(
                        "cell.not_yes_no",
                        Words::new("只能填“是”或“否”", "must be yes or no"),
                        Words::new("从下拉列表中选择", "choose from the drop-down list"),
                    );
                }
            },
            CellType::Text { .. } => CellValue::Text(typed.trim().to_owned()),
        };
        self.accept(&value).map(|()| value)
    }

    /// Whether `value` may stand in this column.
    ///
    /// Errors: the rule broken: type, bounds, decimals, closed list, length, reason of a withheld value.
    pub fn accept(&self, value: &CellValue) -> Result<(), CellMistake> {
        let wrong = |code: &str, rule: Words, hint: Words| Err(CellMistake::new(&self.key, code, rule, hint));
        match (&self.cell, value) {
            (_, CellValue::Withheld(reason)) => {
                if visible(reason) {
                    Ok(())
                } else {
                    wrong(
                        "cell.withheld_without_reason",
                        Words::new("暂不报送必须写明原因", "a withheld value needs a reason"),
                        Words::new("写成“暂不报送：原因”", "write “withheld: reason”"),
                    )
                }
            }
            (CellType::Number { min, max }, CellValue::Number(n)) => {
                if let Some(min) = min.filter(|min| n < min) {
                    return wrong(
                        "cell.below_min",
                        Words::new(format!("不得小于 {min}"), format!("must not be below {min}")),
                        Words::new("核对正负号和单位", "check the sign and the unit"),
                    );
                }
                if let Some(max) = max.filter(|max| n > max) {
                    return wrong(
                        "cell.above_max",
                        Words::new(format!("不得大于 {max}"), format!("must not be above {max}")),
                        Words::new(
                            "核对单位（万元还是亿元、小数还是百分数）",
                            "check the unit (万 or 亿, fraction or per cent)",
                        ),
                    );
                }
                if n.scale() > u32::from(self.decimals) && n.normalize().scale() > u32::from(self.decimals) {
                    return wrong(
                        "cell.too_many_decimals",
                        Words::new(
                            format!("最多保留 {} 位小数", self.decimals),
                            format!("at most {} decimals", self.decimals),
                        ),
                        Words::new(
                            "四舍五入后再填；Baton 不替您舍入",
                            "round it yourself; Baton does not round what you say",
                        ),
                    );
                }
                Ok(())
            }
            (CellType::Choice(choices), CellValue::Choice(key)) => {
                if choices.iter().any(|c| c.key == *key) {
                    Ok(())
                } else {
                    wrong("cell.not_a_choice", choice_rule(choices), choice_hint())
                }
            }
            (CellType::Text { chars_max }, CellValue::Text(text)) => {
                let chars = text.chars().count();
                if chars > *chars_max as usize {
                    return wrong(
                        "cell.too_long",
                        Words::new(format!("最多 {chars_max} 字"), format!("at most {chars_max} characters")),
                        Words::new(format!("现有 {chars} 字，请压缩"), format!("{chars} characters now; shorten it")),
                    );
                }
                if !visible(text) {
                    return wrong(
                        "cell.invisible",
                        Words::new("只有看不见的字符", "only invisible characters"),
                        Words::new("清空单元格后重新填写", "clear the cell and type again"),
                    );
                }
                Ok(())
            }
            (CellType::Date, CellValue::Date(_)) | (CellType::YesNo, CellValue::YesNo(_)) => Ok(()),
            _ => wrong(
                "cell.wrong_type",
                Words::new(
                    format!("“{}”应为{}", self.label, self.cell.wanted().zh),
                    format!("“{}” takes {}", self.label, self.cell.wanted().en),
                ),
                Words::new("按列标题的要求填写", "fill in what the column title asks for"),
            ),
        }
    }
}

impl CellType {
    /// What it takes, in words: `数字`, `a number`.
    pub fn wanted(&self) -> Words {
        match self {
            CellType::Number { .. } => Words::new("数字", "a number"),
            CellType::Choice(_) => Words::new("下拉选项之一", "one of the listed choices"),
            CellType::Text { .. } => Words::new("文字", "words"),
            CellType::Date => Words::new("日期", "a date"),
            CellType::YesNo => Words::new("是或否", "yes or no"),
        }
    }
}

/// The reason in `暂不报送：reason`, `不报：reason`, `withheld: reason`; an empty one when none is given.
fn withheld(typed: &str) -> Option<&str> {
    let typed = typed.trim();
    let head = typed.get(..8).filter(|head| head.eq_ignore_ascii_case("withheld"));
    let rest = match head {
        Some(_) => &typed[8..],
        None => ["暂不报送", "暂缺", "不报", "缺报"].iter().find_map(|word| typed.strip_prefix(word))?,
    };
    let reason = rest.trim_start();
    if reason.is_empty() {
        return Some("");
    }
    reason.strip_prefix(['：', ':', '，', ',']).map(str::trim)
}

/// A text for comparison: full-width forms made plain, blanks and invisible signs dropped, lower case.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        })
        .filter(|c| !c.is_whitespace() && visible(c.encode_utf8(&mut [0; 4])))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The only one, if there is one and no other.
fn only<'a>(mut all: impl Iterator<Item = &'a Choice>) -> Option<&'a Choice> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

fn choice_rule(choices: &[Choice]) -> Words {
    const SHOWN: usize = 12;
    let mut list = choices.iter().take(SHOWN).map(|c| c.label.as_str()).collect::<Vec<_>>().join("、");
    if choices.len() > SHOWN {
        list.push('…');
    }
    Words::new(format!("只能填：{list}"), format!("must be one of: {list}"))
}

fn choice_hint() -> Words {
    Words::new("从下拉列表中选择", "choose from the drop-down list")
}

/// Whether a text has anything to see: not only spaces, zero-width and control characters.
pub fn visible(text: &str) -> bool {
    text.chars().any(|c| {
        !(c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}'))
    })
}

/// The mistakes of one row against the block's checks.
///
/// `period` is the form's. `values` are the row's values as they would stand (typed, else already given), one per column; a
/// column without a number takes no part, and a check that lacks one it needs says nothing. `row` gives
/// last period's values for running totals. A running total or a sum may miss by one unit of the last
/// declared decimal per summand after the first, since each was rounded by itself. The mistake is laid
/// at the cumulative, the total, or `a`.
pub fn check(period: Period, block: &FormBlock, row: &FormRow, values: &[Option<CellValue>]) -> Vec<CellMistake> {
    let at = |key: &str| block.columns.iter().position(|c| c.key == key);
    let number = |i: usize| values.get(i).and_then(|v| v.as_ref()).and_then(CellValue::number);
    let mut mistakes = Vec::new();
    for one in &block.checks {
        if let Some(mistake) = broken(period, block, row, one, &at, &number) {
            mistakes.push(mistake);
        }
    }
    mistakes
}

fn broken(
    period: Period,
    block: &FormBlock,
    row: &FormRow,
    check: &FormCheck,
    at: &dyn Fn(&str) -> Option<usize>,
    number: &dyn Fn(usize) -> Option<Decimal>,
) -> Option<CellMistake> {
    let label = |i: usize| block.columns[i].label.as_str();
    let step = |i: usize| Decimal::new(1, u32::from(block.columns[i].decimals));
    let lay = |i: usize, code: &str, zh: String, en: String, hint: Words| {
        Some(CellMistake::new(
            &block.columns[i].key,
            code,
            Words::new(format!("{}：{zh}", check.label), format!("{}: {en}", check.label)),
            hint,
        ))
    };
    match &check.rule {
        CheckRule::RunningTotal { period_col, cumulative_col } => {
            let (p, c) = (at(period_col)?, at(cumulative_col)?);
            let (own, cumulative) = (number(p)?, number(c)?);
            let before = row.cells.get(c)?.last.as_ref().and_then(CellValue::number);
            // A cumulation of the year begins anew in January, one since the start goes on: both are right.
            let start = period.start();
            if start.month() == 1 && start.day() == 1 && cumulative == own {
                return None;
            }
            let Some(before) = before else {
                if cumulative >= own || own < Decimal::ZERO {
                    return None;
                }
                return lay(
                    c,
                    "check.running_total",
                    format!("{} {cumulative} 小于 {} {own}", label(c), label(p)),
                    format!("{} {cumulative} is less than {} {own}", label(c), label(p)),
                    Words::new("累计数应包含本期数", "a cumulative value contains the period's own"),
                );
            };
            let want = before.checked_add(own)?;
            if (cumulative - want).abs() <= step(p).max(step(c)) {
                return None;
            }
            lay(
                c,
                "check.running_total",
                format!("上期累计 {before} + 本期 {own} = {want}，填的是 {cumulative}"),
                format!("last cumulative {before} + this period {own} = {want}, but {cumulative} is given"),
                Words::new(
                    "核对本期数与累计数；上期有误请先更正上期",
                    "check both; if last period was wrong, correct last period first",
                ),
            )
        }
        CheckRule::Parts { total, parts } => {
            let t = at(total)?;
            let sum_of = number(t)?;
            let mut sum = Decimal::ZERO;
            let (mut given, mut slack) = (0usize, Decimal::ZERO);
            for part in parts {
                let i = at(part)?;
                if let Some(n) = number(i) {
                    sum = sum.checked_add(n)?;
                    slack += if given > 0 { step(i).max(step(t)) } else { Decimal::ZERO };
                    given += 1;
                }
            }
            if given == 0 {
                return None;
            }
            let whole = given == parts.len();
            if (whole && (sum - sum_of).abs() <= slack) || (!whole && sum <= sum_of + slack) {
                return None;
            }
            let (zh, en) = if whole { ("应等于", "must equal") } else { ("不应大于", "must not exceed") };
            lay(
                t,
                "check.parts",
                format!("分项之和 {sum} {zh}“{}” {sum_of}", label(t)),
                format!("the parts' sum {sum} {en} “{}” {sum_of}", label(t)),
                Words::new(
                    format!("相差 {}，核对各分项", sum - sum_of),
                    format!("they differ by {}; check each part", sum - sum_of),
                ),
            )
        }
        CheckRule::AtLeast { a, b } => {
            let (i, j) = (at(a)?, at(b)?);
            let (x, y) = (number(i)?, number(j)?);
            if x >= y {
                return None;
            }
            lay(
                i,
                "check.at_least",
                format!("“{}” {x} 应不小于“{}” {y}", label(i), label(j)),
                format!("“{}” {x} must be at least “{}” {y}", label(i), label(j)),
                Words::new("核对这两列", "check both columns"),
            )
        }
        CheckRule::AtMost { a, b } => {
            let (i, j) = (at(a)?, at(b)?);
            let (x, y) = (number(i)?, number(j)?);
            if x <= y {
                return None;
            }
            lay(
                i,
                "check.at_most",
                format!("“{}” {x} 应不大于“{}” {y}", label(i), label(j)),
                format!("“{}” {x} must be at most “{}” {y}", label(i), label(j)),
                Words::new("核对这两列", "check both columns"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(key: &str, unit: Option<Unit>, cell: CellType) -> FormColumn {
        FormColumn {
            key: key.into(),
            group: None,
            label: key.into(),
            unit,
            decimals: 2,
            asks: Asks::Own,
            cell,
            required: false,
            hint: None,
        }
    }

    fn any() -> CellType {
        CellType::Number { min: None, max: None }
    }

    fn month(number: u8) -> Period {
        Period::month(2023, number).expect("a month")
    }

    #[test]
    fn typed_words_are_understood_in_the_unit_of_the_column() {
        let column = column("投资", Some(Unit::WanYuan), any());
        let n = |typed: &str| column.understand(typed, month(3)).map(|v| v.number().map(|n| n.to_string()));
        assert_eq!(n("1.2亿"), Ok(Some("12000".into())));
        assert_eq!(n("１２，０００万元"), Ok(Some("12000".into())));
        assert_eq!(n("1.234").unwrap_err().code, "cell.too_many_decimals");
        assert_eq!(column.understand("暂缺：发票未到", month(3)), Ok(CellValue::Withheld("发票未到".into())));
        assert_eq!(column.understand("Withheld: audit", month(3)), Ok(CellValue::Withheld("audit".into())));
        assert_eq!(column.understand("暂缺", month(3)).unwrap_err().code, "cell.withheld_without_reason");
    }

    #[test]
    fn a_running_total_counts_on_and_may_begin_anew_in_january() {
        let block = FormBlock {
            kind: "k".into(),
            label: "k".into(),
            key_labels: Vec::new(),
            columns: vec![column("own", None, any()), column("sum", None, any())],
            rows: Vec::new(),
            checks: vec![FormCheck {
                code: "c".into(),
                rule: CheckRule::RunningTotal { period_col: "own".into(), cumulative_col: "sum".into() },
                label: "累计".into(),
            }],
        };
        let row = |last: Option<i64>| FormRow {
            subject: "i".into(),
            code: "c".into(),
            name: "n".into(),
            keys: Vec::new(),
            cells: vec![
                FormCell::default(),
                FormCell { last: last.map(|n| CellValue::Number(n.into())), ..FormCell::default() },
            ],
        };
        let wrong = |number: u8, last: Option<i64>, own: i64, sum: i64| {
            let values = [Some(CellValue::Number(own.into())), Some(CellValue::Number(sum.into()))];
            check(month(number), &block, &row(last), &values).into_iter().map(|m| m.column).collect::<Vec<_>>()
        };
        assert!(wrong(3, Some(100), 20, 120).is_empty());
        assert_eq!(wrong(3, Some(100), 20, 20), ["sum"], "forgot to add");
        assert!(wrong(1, Some(100), 20, 20).is_empty(), "of the year");
        assert!(wrong(1, Some(100), 20, 120).is_empty(), "since the start");
        assert_eq!(wrong(1, Some(100), 20, 60), ["sum"]);
        assert_eq!(wrong(3, None, 20, 10), ["sum"], "less than the period's own");
        assert!(wrong(3, None, 20, 90).is_empty(), "nothing known before");
    }

    #[test]
    fn invisible_signs_are_nothing_to_see() {
        assert!(!visible("\u{200b} \u{3000}\u{feff}"));
        assert!(visible("𠮷"));
        assert_eq!(plain(" Ｐ－００１\u{200b}"), "p-001");
    }
}
