//! Numbers as people write them in a cell: grouped, full-width, with 万 and 亿, with a unit, in accounting brackets.
//!
//! Tolerant of spelling, never of meaning: what could be two numbers is refused with a reason and a hint.

use super::units::{Unit, scale};
use crate::words::Lang;
use rust_decimal::Decimal;
use std::fmt;

/// Something the reader did that the writer should be able to see.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// Full-width signs were read as plain ones.
    FullWidth,
    /// Brackets were read as a minus sign.
    AccountingBrackets,
    /// 万, 亿 … were multiplied out.
    Multiplied,
    /// The written unit was converted to the declared one.
    Converted,
    /// Chinese numerals were read.
    ChineseNumeral,
    /// `1.2E+05` was written out.
    Scientific,
}

/// A number that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The value, in `unit`.
    pub value: Decimal,
    /// The declared unit, or the written one when none was declared; none when the text has none either.
    pub unit: Option<Unit>,
    /// The unit the text itself names.
    pub written_unit: Option<Unit>,
    /// What the written number was multiplied by to give `value`; 1 when it stands as written.
    pub factor_applied: Decimal,
    /// How the text was read, to show beside it: `1.2亿 = 12000 万元`.
    pub understood: String,
    /// What the reader did, in fixed order.
    pub notes: Vec<Note>,
}

/// What can be wrong with a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// Nothing was written.
    Empty,
    /// A mark for "none" (—, /, 无, N/A): a cell holds a value or a reason for its absence.
    Absent,
    /// `#DIV/0!`, `#REF!` …
    SpreadsheetError,
    /// No number.
    Unreadable,
    /// 约, 近, 余, 以上: not one number.
    Approximate,
    /// `100-200`: two numbers.
    Range,
    /// Commas or blanks that do not group by three: `1,23`.
    Grouping,
    /// More than one decimal point.
    TwoPoints,
    /// 万 and 亿 in an order that can be read in two ways: `3万5`.
    MultiplierOrder,
    /// 万 or 亿 before a unit that takes none: `3万%`.
    MultiplierWithUnit(Unit),
    /// Letters after the number that are no known unit: `12abc`.
    UnknownUnit(String),
    /// The unit measures something else than the column.
    WrongUnit {
        /// The unit in the text.
        written: Unit,
        /// The unit of the column.
        declared: Unit,
    },
    /// More digits than a number here can hold.
    TooLong,
}

/// A text that is not one number, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberError {
    /// What was written.
    pub text: String,
    /// What is wrong.
    pub fault: NumberFault,
}

impl NumberError {
    /// Stable code, such as `number.wrong_unit`.
    pub fn code(&self) -> &'static str {
        match self.fault {
            NumberFault::Empty => "number.empty",
            NumberFault::Absent => "number.absent",
            NumberFault::SpreadsheetError => "number.spreadsheet_error",
            NumberFault::Unreadable => "number.unreadable",
            NumberFault::Approximate => "number.approximate",
            NumberFault::Range => "number.range",
            NumberFault::Grouping => "number.grouping",
            NumberFault::TwoPoints => "number.two_points",
            NumberFault::MultiplierOrder => "number.multiplier_order",
            NumberFault::MultiplierWithUnit(_) => "number.multiplier_with_unit",
            NumberFault::UnknownUnit(_) => "number.unknown_unit",
            NumberFault::WrongUnit { .. } => "number.wrong_unit",
            NumberFault::TooLong => "number.too_long",
        }
    }

    /// What is wrong, naming the text.
    pub fn message(&self, lang: Lang) -> String {
        let text = &self.text;
        match &self.fault {
            NumberFault::Empty => lang.pick("没有填写数字".into(), "no number was given".into()),
            NumberFault::Absent => lang.pick(format!("“{text}”不是数字"), format!("“{text}” is not a number")),
            NumberFault::SpreadsheetError => {
                lang.pick(format!("“{text}”是表格公式的错误值"), format!("“{text}” is the error value of a formula"))
            }
            NumberFault::Unreadable => lang.pick(format!("“{text}”不是数字"), format!("“{text}” is not a number")),
            NumberFault::Approximate => lang.pick(
                format!("“{text}”是约数，不是确定的数字"),
                format!("“{text}” is an approximation, not one number"),
            ),
            NumberFault::Range => {
                lang.pick(format!("“{text}”是一个区间，不是一个数字"), format!("“{text}” is a range, not one number"))
            }
            NumberFault::Grouping => lang.pick(
                format!("“{text}”的分节不是三位一节，可能是小数点或漏了数字"),
                format!("“{text}” is not grouped by three digits; a decimal point or a digit may be meant"),
            ),
            NumberFault::TwoPoints => {
                lang.pick(format!("“{text}”有两个小数点"), format!("“{text}” has more than one decimal point"))
            }
            NumberFault::MultiplierOrder => lang.pick(
                format!("“{text}”中的万、亿可以有两种读法"),
                format!("万 and 亿 in “{text}” can be read in two ways"),
            ),
            NumberFault::MultiplierWithUnit(unit) => lang.pick(
                format!("“{text}”：{}前面不能有万、亿", unit.label(lang)),
                format!("“{text}”: 万 and 亿 make no sense before {}", unit.label(lang)),
            ),
            NumberFault::UnknownUnit(rest) => {
                lang.pick(format!("“{text}”：不认识“{rest}”"), format!("“{text}”: “{rest}” is no known unit"))
            }
            NumberFault::WrongUnit { written, declared } => lang.pick(
                format!("“{text}”的单位是{}，本列单位是{}", written.label(lang), declared.label(lang)),
                format!("“{text}” is in {}, this column is in {}", written.label(lang), declared.label(lang)),
            ),
            NumberFault::TooLong => lang.pick(format!("“{text}”位数太多"), format!("“{text}” has too many digits")),
        }
    }

    /// What to do about it.
    pub fn hint(&self, lang: Lang) -> String {
        match &self.fault {
            NumberFault::Empty | NumberFault::Absent => lang.pick(
                "有数填数（没有发生填 0）；暂时没有的请选择“暂不报送”并写明原因".into(),
                "write the value (0 when nothing happened); if there is none yet, withhold it with a reason".into(),
            ),
            NumberFault::SpreadsheetError => {
                lang.pick("请在原表修正公式，或直接填写数字".into(), "mend the formula or type the number".into())
            }
            NumberFault::Approximate => lang.pick("请填写准确数字".into(), "write the exact number".into()),
            NumberFault::Range => lang.pick("请填写一个数字".into(), "write one number".into()),
            NumberFault::Grouping => lang.pick("请写成 1234.5 或 1,234.5".into(), "write 1234.5 or 1,234.5".into()),
            NumberFault::TwoPoints => lang.pick("请只保留一个小数点".into(), "keep one decimal point".into()),
            NumberFault::MultiplierOrder => lang.pick("请写成 35000 或 3.5万".into(), "write 35000 or 3.5万".into()),
            NumberFault::WrongUnit { declared, .. } => lang.pick(
                format!("请按{}填写，或核对是否填错了列", declared.label(lang)),
                format!("write it in {}, or check the column", declared.label(lang)),
            ),
            NumberFault::Unreadable
            | NumberFault::MultiplierWithUnit(_)
            | NumberFault::UnknownUnit(_)
            | NumberFault::TooLong => lang.pick(
                "请只写数字，单位以列标题为准".into(),
                "write the number alone; its unit stands in the column title".into(),
            ),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}；{} / {}; {}",
            self.message(Lang::Zh),
            self.hint(Lang::Zh),
            self.message(Lang::En),
            self.hint(Lang::En)
        )
    }
}

impl std::error::Error for NumberError {}

/// Longest text that is tried.
const TEXT_CHARS_MAX: usize = 64;
/// Most digits, with the point, of one number: so many stay exact through every conversion.
const DIGITS_MAX: usize = 20;
/// Powers of ten that `1.2E+05` may name.
const EXPONENTS: std::ops::RangeInclusive<i32> = -8..=15;

/// Full-width signs as plain ones; other characters stay.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '￥' => '¥',
        '−' | '–' | '﹣' => '-',
        '﹢' => '+',
        other => other,
    }
}

/// Characters that carry nothing: zero-width blanks, byte order mark, direction marks.
pub(super) fn is_noise(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{202a}'..='\u{202e}')
}

const ABSENT: &[&str] = &[
    "-", "--", "—", "——", "/", "\\", "无", "暂无", "没有", "不详", "未知", "未报", "缺", "n/a", "na", "null", "none",
    "x",
];
const APPROXIMATE_BEFORE: &[&str] = &[
    "约", "大约", "近", "超", "超过", "逾", "不足", "不到", "将近", "至少", "上百", "上千", "数", "几", ">", "<", "≥",
    "≤", "≈", "~",
];
const APPROXIMATE_WITHIN: &[&str] = &["余", "多", "左右", "以上", "以下", "上下", "几"];

/// Reads one number. `declared` is the unit of the column: a unit in the text is converted to it, and 万 or 亿 standing
/// alone multiply its root (`1.2亿` in a 万元 column is 12 000).
///
/// Errors: see [`NumberFault`]; each has a code, a reason and a hint in both languages.
pub fn parse_number(text: &str, declared: Option<Unit>) -> Result<Parsed, NumberError> {
    let shown: String = text.trim().chars().take(TEXT_CHARS_MAX).collect();
    let fail = |fault| NumberError { text: shown.clone(), fault };
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(fail(NumberFault::TooLong));
    }
    let mut notes = Vec::new();
    let plain: String = text.chars().filter(|c| !is_noise(*c)).map(half_width).collect();
    if text.chars().any(|c| ('\u{ff01}'..='\u{ff5e}').contains(&c)) {
        notes.push(Note::FullWidth);
    }
    let plain = plain.trim().trim_start_matches(['\'', '‘', '’', '`']).trim().to_string();
    let lower = plain.to_lowercase();
    if plain.is_empty() {
        return Err(fail(NumberFault::Empty));
    }
    if ABSENT.contains(&lower.as_str()) {
        return Err(fail(NumberFault::Absent));
    }
    if plain.starts_with('#') {
        return Err(fail(NumberFault::SpreadsheetError));
    }
    let has_digit = plain.contains(|c: char| c.is_ascii_digit() || chinese_digit(c).is_some() || c == '十');
    if !has_digit {
        return Err(fail(NumberFault::Unreadable));
    }
    if APPROXIMATE_BEFORE.iter().any(|word| plain.starts_with(word))
        || APPROXIMATE_WITHIN.iter().any(|word| plain.contains(word))
        || plain.ends_with('+')
    {
        return Err(fail(NumberFault::Approximate));
    }

    let (mut rest, mut negative) = (plain.as_str(), false);
    // (120) and (120)万元 are negative; 120(万元) only has its unit in brackets.
    let unbracketed: String;
    if let Some(inner) = rest.strip_prefix('(') {
        let Some((inside, after)) = inner.split_once(')') else {
            return Err(fail(NumberFault::Unreadable));
        };
        if !inside.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '¥') {
            return Err(fail(NumberFault::Unreadable));
        }
        negative = true;
        notes.push(Note::AccountingBrackets);
        unbracketed = format!("{}{}", inside.trim(), after.trim());
        rest = &unbracketed;
    } else if let Some(sign) = rest.chars().next().filter(|c| "+-负".contains(*c)) {
        negative = sign != '+';
        rest = rest[sign.len_utf8()..].trim_start();
    }
    let mut prefix_unit = None;
    for (prefix, unit) in [("¥", Unit::Yuan), ("人民币", Unit::Yuan), ("US$", Unit::Usd), ("$", Unit::Usd)] {
        if let Some(after) = rest.strip_prefix(prefix) {
            rest = after.trim_start();
            prefix_unit = Some(unit);
            break;
        }
    }
    if let Some(after) = rest.strip_prefix('-').filter(|_| prefix_unit.is_some() && !negative) {
        negative = true;
        rest = after;
    }

    let written = if rest.starts_with(|c: char| chinese_digit(c).is_some() || c == '十') {
        notes.push(Note::ChineseNumeral);
        let (value, tail) = chinese_number(rest).ok_or_else(|| fail(NumberFault::Unreadable))?;
        Written { mantissa: value, multiplier: Decimal::ONE, tail }
    } else {
        segments(rest, &mut notes).map_err(&fail)?
    };
    let tail = written.tail.trim();
    let tail = tail.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).unwrap_or(tail).trim();
    if tail.starts_with(['-', '~', '～', '至', '到', '—']) && tail.contains(|c: char| c.is_ascii_digit()) {
        return Err(fail(NumberFault::Range));
    }
    let suffix_unit = if tail.is_empty() {
        None
    } else {
        Some(Unit::find(tail).ok_or_else(|| fail(NumberFault::UnknownUnit(tail.to_string())))?)
    };
    let written_unit = match (prefix_unit, suffix_unit) {
        (Some(prefix), Some(suffix)) if prefix.dimension() != suffix.dimension() => {
            return Err(fail(NumberFault::UnknownUnit(tail.to_string())));
        }
        (prefix, suffix) => suffix.or(prefix),
    };

    let multiplied = written.multiplier != Decimal::ONE;
    let root = written_unit.or(declared.map(Unit::root));
    if multiplied && let Some(unit) = root.filter(|unit| !unit.takes_multiplier()) {
        return Err(fail(NumberFault::MultiplierWithUnit(unit)));
    }
    if multiplied && written_unit.is_some_and(|unit| unit.label(Lang::Zh).starts_with(['万', '亿'])) {
        return Err(fail(NumberFault::MultiplierOrder));
    }
    // A plain number stands in the column's unit; with 万 or 亿 it stands in that unit's root.
    let from = written_unit.or(if multiplied { declared.map(Unit::root) } else { declared });
    let too_long = || fail(NumberFault::TooLong);
    let (mut value, mut factor) = (written.mantissa, written.multiplier);
    value = value.checked_mul(written.multiplier).ok_or_else(too_long)?;
    if let (Some(from), Some(to)) = (from, declared) {
        let (numerator, denominator) =
            from.factor_to(to).map_err(|_| fail(NumberFault::WrongUnit { written: from, declared: to }))?;
        value = scale(value, numerator, denominator).ok_or_else(too_long)?;
        factor = scale(factor, numerator, denominator).ok_or_else(too_long)?;
        if numerator != denominator {
            notes.push(Note::Converted);
        }
    }
    if multiplied {
        notes.push(Note::Multiplied);
    }
    notes.sort();
    notes.dedup();
    let mut value = value.normalize();
    value.set_sign_negative(negative && !value.is_zero());
    let unit = declared.or(written_unit);
    let mut result = super::format_exact(value);
    if let Some(unit) = unit {
        result = format!("{result} {}", unit.label(Lang::Zh));
    }
    let plain_already = shown == super::format_exact(value);
    let understood = if plain_already { result } else { format!("{shown} = {result}") };
    Ok(Parsed { value, unit, written_unit, factor_applied: factor.normalize(), understood, notes })
}

/// A number before its unit is known: mantissa times multiplier, and what stands after it.
struct Written<'t> {
    mantissa: Decimal,
    multiplier: Decimal,
    tail: &'t str,
}

/// The words that multiply, longer ones first.
const MULTIPLIERS: &[(&str, i64)] = &[
    ("万亿", 1_000_000_000_000),
    ("千亿", 100_000_000_000),
    ("百亿", 10_000_000_000),
    ("十亿", 1_000_000_000),
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("十万", 100_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("千", 1_000),
    ("百", 100),
    ("w", 10_000),
];

/// The multiplier a text begins with. A text that is wholly a unit begins with none: 千瓦时, 万元, 百分点.
fn multiplier(text: &str) -> Option<(Decimal, &str)> {
    if text.is_empty() || Unit::find(text.trim_matches(|c: char| "() ".contains(c))).is_some() {
        return None;
    }
    MULTIPLIERS.iter().find_map(|(word, factor)| {
        let after = text.strip_prefix(word)?;
        // A lone w is slang for 万; before other letters it is not.
        let slang = *word == "w" && after.starts_with(|c: char| c.is_ascii_alphanumeric());
        (!slang).then(|| (Decimal::from(*factor), after.trim_start()))
    })
}

/// The multiplier before a unit that is itself spelt with one: in 1亿2000万元 the 万 belongs to the number.
fn multiplier_before_unit(text: &str) -> Option<(Decimal, &str)> {
    MULTIPLIERS.iter().find_map(|(word, factor)| {
        let after = text.strip_prefix(word)?;
        Unit::find(after).map(|_| (Decimal::from(*factor), after))
    })
}

/// `1.2亿`, `1亿2000万`, `12,000`, `1.2E+05`: one number, possibly in parts of falling size.
fn segments<'t>(text: &'t str, notes: &mut Vec<Note>) -> Result<Written<'t>, NumberFault> {
    let (mantissa, after) = digits(text)?;
    let (mantissa, after) = match exponent(after) {
        Some((power, after)) => {
            notes.push(Note::Scientific);
            let scientific = (0..power.unsigned_abs()).try_fold(mantissa, |value, _| {
                if power > 0 { value.checked_mul(Decimal::TEN) } else { value.checked_div(Decimal::TEN) }
            });
            (scientific.ok_or(NumberFault::TooLong)?, after)
        }
        None => (mantissa, after),
    };
    let Some((first, mut tail)) = multiplier(after) else {
        return Ok(Written { mantissa, multiplier: Decimal::ONE, tail: after });
    };
    let is_more = |tail: &str| tail.starts_with(|c: char| c.is_ascii_digit());
    if !is_more(tail) {
        return Ok(Written { mantissa, multiplier: first, tail });
    }
    let mut total = mantissa.checked_mul(first).ok_or(NumberFault::TooLong)?;
    let mut smallest = first;
    while is_more(tail) {
        let (part, after) = digits(tail)?;
        let (times, after) =
            multiplier(after).or_else(|| multiplier_before_unit(after)).ok_or(NumberFault::MultiplierOrder)?;
        let amount = part.checked_mul(times).ok_or(NumberFault::TooLong)?;
        if amount >= smallest || !mantissa.is_integer() || !part.is_integer() {
            return Err(NumberFault::MultiplierOrder);
        }
        total = total.checked_add(amount).ok_or(NumberFault::TooLong)?;
        smallest = times;
        tail = after;
    }
    Ok(Written { mantissa: total / first, multiplier: first, tail })
}

/// `E+05` and the like.
fn exponent(text: &str) -> Option<(i32, &str)> {
    let after = text.strip_prefix(['e', 'E'])?;
    let unsigned = after.strip_prefix(['+', '-']).unwrap_or(after);
    let count = unsigned.chars().take_while(char::is_ascii_digit).count();
    let power: i32 = unsigned.get(..count)?.parse().ok()?;
    let power = if after.starts_with('-') { -power } else { power };
    if !EXPONENTS.contains(&power) {
        return None;
    }
    Some((power, &unsigned[count..]))
}

/// The digits a text begins with, and what follows; grouping is checked.
fn digits(text: &str) -> Result<(Decimal, &str), NumberFault> {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let next_is_digit = text[at + c.len_utf8()..].trim_start().starts_with(|c: char| c.is_ascii_digit());
        match c {
            '0'..='9' => end = at + 1,
            '.' if at == 0 && next_is_digit => {}
            '.' | ',' => end = at + 1,
            ' ' if next_is_digit => {}
            _ => break,
        }
    }
    let run = text[..end].trim_end();
    if run.is_empty() {
        return Err(NumberFault::Unreadable);
    }
    if run.matches('.').count() > 1 {
        return Err(NumberFault::TwoPoints);
    }
    let (whole, fraction) = run.split_once('.').unwrap_or((run, ""));
    if fraction.contains([',', ' ']) || whole.ends_with([',', ' ']) {
        return Err(NumberFault::Grouping);
    }
    let separator = match (whole.contains(','), whole.contains(' ')) {
        (true, true) => return Err(NumberFault::Grouping),
        (true, false) => Some(','),
        (false, true) => Some(' '),
        (false, false) => None,
    };
    if let Some(separator) = separator {
        let groups: Vec<&str> = whole.split(separator).collect();
        let good = (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
        if !good {
            return Err(NumberFault::Grouping);
        }
    }
    let mut exact: String = whole.chars().filter(char::is_ascii_digit).collect();
    if exact.is_empty() {
        exact.push('0');
    }
    if !fraction.is_empty() {
        exact = format!("{exact}.{fraction}");
    }
    if exact.len() > DIGITS_MAX {
        return Err(NumberFault::TooLong);
    }
    let value = Decimal::from_str_exact(&exact).map_err(|_| NumberFault::TooLong)?;
    Ok((value, &text[end..]))
}

fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// A whole number in Chinese numerals: 十二, 三百零五, 两万四千, 一亿二千万; and what follows it.
///
/// None when it is not well formed, or could mean two numbers (一百五: 105 or 150).
fn chinese_number(text: &str) -> Option<(Decimal, &str)> {
    let (mut total, mut section) = (0i64, 0i64);
    let (mut digit, mut zero): (Option<i64>, bool) = (None, false);
    let (mut last_power, mut last_big) = (10_000i64, i64::MAX);
    let mut end = 0;
    for (at, c) in text.char_indices() {
        // In 五百万元 and 两亿千瓦时 the unit begins here; in 一亿二千万元 the 万 still belongs to the number.
        let belongs_to_number = c == '万' && total > 0;
        if !belongs_to_number && Unit::find(&text[at..]).is_some() {
            break;
        }
        if let Some(value) = chinese_digit(c) {
            if digit.is_some() {
                return None;
            }
            if value == 0 {
                zero = true;
            } else {
                digit = Some(i64::from(value));
            }
        } else if let Some(power) = match c {
            '十' | '拾' => Some(10),
            '百' | '佰' => Some(100),
            '千' | '仟' => Some(1000),
            _ => None,
        } {
            if power >= last_power || (digit.is_none() && (power != 10 || section != 0)) {
                return None;
            }
            section += digit.take().unwrap_or(1) * power;
            (last_power, zero) = (power, false);
        } else if let Some(big) = match c {
            '万' => Some(10_000),
            '亿' => Some(100_000_000),
            _ => None,
        } {
            section += digit.take().unwrap_or(0);
            if big >= last_big || section == 0 {
                return None;
            }
            total += section * big;
            (section, last_power, last_big, zero) = (0, 10_000, big, false);
        } else {
            break;
        }
        end = at + c.len_utf8();
    }
    if let Some(units) = digit {
        // 一百五 and 三万五 leave out a word; 一百零五 and 二十五 do not.
        let spoken_short = !zero && ((section > 0 && last_power > 10) || (section == 0 && total > 0));
        if spoken_short {
            return None;
        }
        section += units;
    }
    (end > 0).then(|| (Decimal::from(total + section), &text[end..]))
}
