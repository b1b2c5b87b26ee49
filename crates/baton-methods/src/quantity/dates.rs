//! Dates as people write them in a cell.

use crate::words::Lang;
use jiff::civil::Date;
use std::fmt;

/// What can be wrong with a date.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// Nothing was written.
    Empty,
    /// No known spelling.
    Unreadable,
    /// A month and a day, and no year is known.
    NoYear,
    /// A year and a month, and no day.
    NoDay,
    /// The year has two digits, or stands last: the order of the parts is not certain.
    Ambiguous,
    /// There is no such day.
    NoSuchDay,
}

/// A text that is not a date, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError {
    /// What was written.
    pub text: String,
    /// What is wrong.
    pub fault: DateFault,
}

impl DateError {
    /// Stable code, such as `date.no_such_day`.
    pub fn code(&self) -> &'static str {
        match self.fault {
            DateFault::Empty => "date.empty",
            DateFault::Unreadable => "date.unreadable",
            DateFault::NoYear => "date.no_year",
            DateFault::NoDay => "date.no_day",
            DateFault::Ambiguous => "date.ambiguous",
            DateFault::NoSuchDay => "date.no_such_day",
        }
    }

    /// What is wrong, naming the text.
    pub fn message(&self, lang: Lang) -> String {
        let text = &self.text;
        match self.fault {
            DateFault::Empty => lang.pick("没有填写日期".into(), "no date was given".into()),
            DateFault::Unreadable => lang.pick(format!("“{text}”不是日期"), format!("“{text}” is not a date")),
            DateFault::NoYear => lang.pick(format!("“{text}”没有年份"), format!("“{text}” has no year")),
            DateFault::NoDay => lang.pick(format!("“{text}”没有写到日"), format!("“{text}” names no day")),
            DateFault::Ambiguous => lang.pick(
                format!("“{text}”的年月日顺序不能确定"),
                format!("the order of year, month and day in “{text}” is not certain"),
            ),
            DateFault::NoSuchDay => {
                lang.pick(format!("“{text}”：没有这一天"), format!("“{text}”: there is no such day"))
            }
        }
    }

    /// What to write instead.
    pub fn hint(&self, lang: Lang) -> &'static str {
        lang.pick("请写成 2023-04-26 或 2023年4月26日", "write it as 2023-04-26")
    }
}

impl fmt::Display for DateError {
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

impl std::error::Error for DateError {}

/// Excel's day 0 of the 1900 system, after its invented 29 February 1900.
const SERIAL_ZERO: Date = Date::constant(1899, 12, 30);
/// Serial numbers taken for dates: 1954-10-03 to 2119-01-01. Others are plain numbers.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=79_990;
/// Longest text that is tried.
const TEXT_CHARS_MAX: usize = 40;

/// Reads a date: `2023-4-26`, `2023.4.26`, `2023/4/26`, `2023年4月26日`, `20230426`, an Excel serial such as `45042`,
/// and with a year known from elsewhere `4月26日`, `4-26`, `4/26`, `4.26`. A time of day after it is dropped.
///
/// Errors name what is missing; nothing is guessed: two-digit years and year-last orders are refused.
pub fn parse_date(text: &str, year_hint: Option<i16>) -> Result<Date, DateError> {
    let fail = |fault| DateError { text: text.trim().chars().take(TEXT_CHARS_MAX).collect(), fault };
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(fail(DateFault::Unreadable));
    }
    let plain: String = text.chars().map(super::numbers::half_width).collect();
    let plain = plain.trim_matches(|c: char| c.is_whitespace() || super::numbers::is_noise(c));
    let plain = plain.trim_start_matches(['\'', '‘', '’']);
    if plain.is_empty() {
        return Err(fail(DateFault::Empty));
    }
    let plain = without_time(plain);
    let serial = plain.strip_suffix(".0").unwrap_or(plain);
    if serial.chars().all(|c| c.is_ascii_digit()) {
        return match serial.len() {
            8 => {
                let at = |from: usize, to: usize| serial[from..to].parse::<i16>().unwrap_or(0);
                civil(at(0, 4), at(4, 6), at(6, 8)).ok_or_else(|| fail(DateFault::NoSuchDay))
            }
            6 => Err(fail(DateFault::NoDay)),
            5 => {
                let days: i64 = serial.parse().unwrap_or(0);
                Some(days)
                    .filter(|days| SERIALS.contains(days))
                    .map(|days| crate::days::shift(SERIAL_ZERO, days))
                    .ok_or_else(|| fail(DateFault::Unreadable))
            }
            4 if (1900..=2199).contains(&serial.parse::<i16>().unwrap_or(0)) => Err(fail(DateFault::NoDay)),
            _ => Err(fail(DateFault::Unreadable)),
        };
    }
    let mut numbers: Vec<(i16, usize)> = Vec::new();
    let mut marks = String::new();
    let mut in_number = false;
    for c in plain.chars() {
        match c.to_digit(10) {
            Some(digit) if in_number => {
                let (value, digits) = numbers.last_mut().ok_or_else(|| fail(DateFault::Unreadable))?;
                *value = value
                    .checked_mul(10)
                    .and_then(|value| value.checked_add(digit as i16))
                    .ok_or_else(|| fail(DateFault::Unreadable))?;
                *digits += 1;
            }
            Some(digit) => {
                numbers.push((digit as i16, 1));
                in_number = true;
            }
            None if c.is_whitespace() => in_number = false,
            None => {
                marks.push(match c {
                    '/' | '.' | '–' | '—' | '−' => '-',
                    '号' => '日',
                    other => other,
                });
                in_number = false;
            }
        }
    }
    let day_of = |year, month, day| civil(year, month, day).ok_or_else(|| fail(DateFault::NoSuchDay));
    match (&numbers[..], marks.as_str()) {
        (&[(year, 4), (month, 1..=2), (day, 1..=2)], "--" | "年月日" | "年月") => day_of(year, month, day),
        (&[(month, 1..=2), (day, 1..=2)], "月日" | "-" | "月") => match year_hint {
            Some(year) => day_of(year, month, day),
            None => Err(fail(DateFault::NoYear)),
        },
        (&[(_, 4), (_, 1..=2)], "-" | "年月") => Err(fail(DateFault::NoDay)),
        (&[(_, 1..=2), (_, 1..=2), (_, 2 | 4)], "--") | (&[(_, 2), (_, 1..=2), (_, 1..=2)], "--" | "年月日") => {
            Err(fail(DateFault::Ambiguous))
        }
        _ => Err(fail(DateFault::Unreadable)),
    }
}

/// Cuts off a time of day: `2023-04-26 00:00:00`, `2023-04-26T08:30`.
fn without_time(text: &str) -> &str {
    let Some(cut) = text.find([' ', 'T']) else {
        return text;
    };
    let time = text[cut + 1..].trim();
    let is_time = time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || ":.Z".contains(c));
    if is_time { text[..cut].trim_end() } else { text }
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
