//! Periods: the stretches of time that figures belong to, one key for each.
//!
//! Canonical keys: `2023`, `2023S1`, `2023Q1`, `2023M01M02`, `2023M04`, `2023M04D2`, `2023W17`, `2023-04-26`.
//! "Year to date" is an aggregation, not a period: a cumulative figure is keyed by its last month.

use crate::days;
pub use crate::words::Lang;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The lengths a period can have, longest first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A calendar year.
    Year,
    /// Half a year: 上半年, 下半年.
    Half,
    /// A quarter.
    Quarter,
    /// January and February as one period, as official statistics publish them.
    JanFeb,
    /// A month.
    Month,
    /// Ten days (旬): 1–10, 11–20, 21–end of the month.
    TenDay,
    /// An ISO week, Monday to Sunday, counted in its ISO year.
    Week,
    /// One day.
    Day,
}

impl Grain {
    /// All grains, longest first.
    pub const ALL: [Grain; 8] =
        [Grain::Year, Grain::Half, Grain::Quarter, Grain::JanFeb, Grain::Month, Grain::TenDay, Grain::Week, Grain::Day];

    /// Stable key: `year`, `half`, `quarter`, `jan_feb`, `month`, `ten_day`, `week`, `day`.
    pub fn key(self) -> &'static str {
        match self {
            Grain::Year => "year",
            Grain::Half => "half",
            Grain::Quarter => "quarter",
            Grain::JanFeb => "jan_feb",
            Grain::Month => "month",
            Grain::TenDay => "ten_day",
            Grain::Week => "week",
            Grain::Day => "day",
        }
    }

    /// The grain with this key.
    pub fn from_key(key: &str) -> Option<Grain> {
        Grain::ALL.into_iter().find(|grain| grain.key() == key)
    }

    /// Its name: 年度, 半年, 季度, 1—2月, 月度, 旬, 周, 日.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Grain::Year => lang.pick("年度", "year"),
            Grain::Half => lang.pick("半年", "half year"),
            Grain::Quarter => lang.pick("季度", "quarter"),
            Grain::JanFeb => lang.pick("1—2月", "January–February"),
            Grain::Month => lang.pick("月度", "month"),
            Grain::TenDay => lang.pick("旬", "ten days"),
            Grain::Week => lang.pick("周", "week"),
            Grain::Day => lang.pick("日", "day"),
        }
    }
}

/// First year a period may lie in.
pub const FIRST_YEAR: i16 = 1;
/// Last year a period may lie in.
pub const LAST_YEAR: i16 = 9999;

/// One period, packed in four bytes.
///
/// Order: by year (the ISO year for a week), then by first day, then the longer one first; so within one grain
/// the order is that of time, and `2023 < 2023S1 < 2023Q1 < 2023M01M02 < 2023M01 < 2023M01D1 < 2023-01-01`.
///
/// Layout: year in bits 12–25, (first day − 1 January + 8) in bits 3–11, grain in bits 0–2.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(u32);

/// Added to the day of the year so that a first week beginning in December stays positive.
const DAY_SHIFT: i64 = 8;

impl Period {
    fn pack(grain: Grain, year: i16, start: Date) -> Period {
        let index = days::between(Date::constant(year, 1, 1), start) + DAY_SHIFT;
        Period((year as u32) << 12 | (index as u32) << 3 | grain as u32)
    }

    /// The year `year`, taken into 1..=9999.
    pub fn year_of(year: i16) -> Period {
        let year = year.clamp(FIRST_YEAR, LAST_YEAR);
        Period::pack(Grain::Year, year, Date::constant(year, 1, 1))
    }

    /// The year `year`. Errors: `YearOutOfRange`.
    pub fn year(year: i16) -> Result<Period, PeriodError> {
        checked(year, 1, 1, 1, PeriodFault::YearOutOfRange, year.to_string())?;
        Ok(Period::year_of(year))
    }

    /// Half year `half`, 1 or 2. Errors: `NoSuchHalf`, `YearOutOfRange`.
    pub fn half(year: i16, half: u8) -> Result<Period, PeriodError> {
        checked(year, half, 1, 2, PeriodFault::NoSuchHalf, format!("{year}S{half}"))?;
        Ok(Period::pack(Grain::Half, year, days::make(year, half * 6 - 5, 1)))
    }

    /// Quarter `quarter`, 1 to 4. Errors: `NoSuchQuarter`, `YearOutOfRange`.
    pub fn quarter(year: i16, quarter: u8) -> Result<Period, PeriodError> {
        checked(year, quarter, 1, 4, PeriodFault::NoSuchQuarter, format!("{year}Q{quarter}"))?;
        Ok(Period::pack(Grain::Quarter, year, days::make(year, quarter * 3 - 2, 1)))
    }

    /// Month `month`, 1 to 12. Errors: `NoSuchMonth`, `YearOutOfRange`.
    pub fn month(year: i16, month: u8) -> Result<Period, PeriodError> {
        checked(year, month, 1, 12, PeriodFault::NoSuchMonth, format!("{year}M{month:02}"))?;
        Ok(Period::pack(Grain::Month, year, days::make(year, month, 1)))
    }

    /// January and February of `year` as one period. Errors: `YearOutOfRange`.
    pub fn jan_feb(year: i16) -> Result<Period, PeriodError> {
        checked(year, 1, 1, 1, PeriodFault::YearOutOfRange, format!("{year}M01M02"))?;
        Ok(Period::pack(Grain::JanFeb, year, Date::constant(year, 1, 1)))
    }

    /// Ten days `part` (1 上旬, 2 中旬, 3 下旬) of a month. Errors: `NoSuchTenDay`, `NoSuchMonth`, `YearOutOfRange`.
    pub fn ten_day(year: i16, month: u8, part: u8) -> Result<Period, PeriodError> {
        let text = format!("{year}M{month:02}D{part}");
        checked(year, month, 1, 12, PeriodFault::NoSuchMonth, text.clone())?;
        checked(year, part, 1, 3, PeriodFault::NoSuchTenDay, text)?;
        Ok(Period::pack(Grain::TenDay, year, days::make(year, month, part * 10 - 9)))
    }

    /// ISO week `week` of ISO year `year`. Errors: `NoSuchWeek` (53 exists in some years only), `YearOutOfRange`.
    pub fn week(year: i16, week: u8) -> Result<Period, PeriodError> {
        let text = format!("{year}W{week:02}");
        checked(year, week, 1, 53, PeriodFault::NoSuchWeek, text.clone())?;
        let monday = ISOWeekDate::new(year, week as i8, Weekday::Monday)
            .map_err(|_| PeriodError::new(&text, PeriodFault::NoSuchWeek))?;
        Ok(Period::pack(Grain::Week, year, Date::from_iso_week_date(monday)))
    }

    /// The day `date`; a date before year 1 is taken as the first day of year 1.
    pub fn day(date: Date) -> Period {
        let date = date.max(Date::constant(FIRST_YEAR, 1, 1));
        Period::pack(Grain::Day, date.year(), date)
    }

    /// The period of length `grain` that contains `date`.
    ///
    /// For `JanFeb` it is the one of the date's year, also when the date is later than February: the last one begun.
    /// A date before year 1 is taken as the first day of year 1.
    pub fn of(grain: Grain, date: Date) -> Period {
        let date = date.max(Date::constant(FIRST_YEAR, 1, 1));
        let (year, month) = (date.year(), date.month() as u8);
        match grain {
            Grain::Year => Period::year_of(year),
            Grain::Half => Period::pack(grain, year, days::make(year, (month - 1) / 6 * 6 + 1, 1)),
            Grain::Quarter => Period::pack(grain, year, days::make(year, (month - 1) / 3 * 3 + 1, 1)),
            Grain::JanFeb => Period::pack(grain, year, Date::constant(year, 1, 1)),
            Grain::Month => Period::pack(grain, year, date.first_of_month()),
            Grain::TenDay => {
                let part = ((date.day() as u8 - 1) / 10).min(2);
                Period::pack(grain, year, days::make(year, month, part * 10 + 1))
            }
            Grain::Week => {
                let week = date.iso_week_date();
                let back = date.weekday().to_monday_zero_offset() as i64;
                Period::pack(grain, week.year(), days::shift(date, -back))
            }
            Grain::Day => Period::pack(grain, year, date),
        }
    }

    /// The packed form: a number that sorts like the period and never changes its meaning.
    pub fn code(self) -> u32 {
        self.0
    }

    /// The period of a packed form; none when no period has this number.
    pub fn from_code(code: u32) -> Option<Period> {
        let grain = *Grain::ALL.get((code & 7) as usize)?;
        let year = i16::try_from(code >> 12).ok()?;
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return None;
        }
        let index = i64::from(code >> 3 & 0x1ff) - DAY_SHIFT;
        let start = days::shift(Date::constant(year, 1, 1), index);
        let period = Period::of(grain, start);
        (period.0 == code).then_some(period)
    }

    /// Its length.
    pub fn grain(self) -> Grain {
        Grain::ALL[(self.0 & 7) as usize]
    }

    /// Its year; for a week the ISO year.
    pub fn year_number(self) -> i16 {
        (self.0 >> 12) as i16
    }

    /// Its first day.
    pub fn start(self) -> Date {
        let index = i64::from(self.0 >> 3 & 0x1ff) - DAY_SHIFT;
        days::shift(Date::constant(self.year_number(), 1, 1), index)
    }

    /// Its last day.
    pub fn end(self) -> Date {
        let (year, start) = (self.year_number(), self.start());
        let month = start.month() as u8;
        match self.grain() {
            Grain::Year => start.last_of_year(),
            Grain::Half => days::make(year, month + 5, 31),
            Grain::Quarter => days::make(year, month + 2, 31),
            Grain::JanFeb => days::make(year, 2, 31),
            Grain::Month => start.last_of_month(),
            Grain::TenDay if start.day() == 21 => start.last_of_month(),
            Grain::TenDay => days::make(year, month, start.day() as u8 + 9),
            Grain::Week => days::shift(start, 6),
            Grain::Day => start,
        }
    }

    /// Number of days in it.
    pub fn days(self) -> u32 {
        (days::between(self.start(), self.end()) + 1) as u32
    }

    /// Does `date` lie in it?
    pub fn contains(self, date: Date) -> bool {
        self.start() <= date && date <= self.end()
    }

    /// Does every day of `other` lie in it? A period covers itself.
    pub fn covers(self, other: Period) -> bool {
        self.start() <= other.start() && other.end() <= self.end()
    }

    /// The next one of the same grain (after January–February that of the next year); none after year 9999.
    pub fn checked_next(self) -> Option<Period> {
        let next = if self.grain() == Grain::JanFeb {
            Period::jan_feb(self.year_number().checked_add(1)?).ok()?
        } else {
            Period::of(self.grain(), self.end().tomorrow().ok()?)
        };
        (next > self).then_some(next)
    }

    /// The one before of the same grain; none before year 1.
    pub fn checked_prev(self) -> Option<Period> {
        let prev = if self.grain() == Grain::JanFeb {
            Period::jan_feb(self.year_number() - 1).ok()?
        } else {
            Period::of(self.grain(), self.start().yesterday().ok()?)
        };
        (prev < self).then_some(prev)
    }

    /// The next one of the same grain; January–February is followed by that of the next year. The very last stays.
    pub fn next(self) -> Period {
        self.checked_next().unwrap_or(self)
    }

    /// The one before of the same grain; the very first stays.
    pub fn prev(self) -> Period {
        self.checked_prev().unwrap_or(self)
    }

    /// `count` periods later (earlier when negative), same grain.
    pub fn plus(self, count: i32) -> Period {
        let mut at = self;
        for _ in 0..count.unsigned_abs() {
            at = if count > 0 { at.next() } else { at.prev() };
        }
        at
    }

    /// The same period of the year before; week 53 becomes the last week, 29 February the 28th. Year 1 stays.
    pub fn same_last_year(self) -> Period {
        let year = self.year_number() - 1;
        if year < FIRST_YEAR {
            return self;
        }
        match self.grain() {
            Grain::Week => {
                let week = self.week_number().unwrap_or(1);
                Period::week(year, week).or_else(|_| Period::week(year, week - 1)).unwrap_or(self)
            }
            grain => {
                let start = self.start();
                Period::of(grain, days::make(year, start.month() as u8, start.day() as u8))
            }
        }
    }

    /// Numbers of its first and its last month.
    pub fn months(self) -> (u8, u8) {
        (self.start().month() as u8, self.end().month() as u8)
    }

    /// Months of its year gone by at its end, 1 to 12: 3 for `2023Q1` and `2023M03`, 2 for `2023M01M02`.
    ///
    /// A week that ends in the next year counts to December.
    pub fn months_elapsed(self) -> u8 {
        if self.end().year() > self.year_number() { 12 } else { self.end().month() as u8 }
    }

    /// The quarter it lies in, 1 to 4; none when it is longer than a quarter or lies in two.
    pub fn quarter_number(self) -> Option<u8> {
        self.lies_in(Grain::Quarter).map(|quarter| (quarter.months().0 - 1) / 3 + 1)
    }

    /// The half year it lies in, 1 or 2; none when it is longer or lies in two.
    pub fn half_number(self) -> Option<u8> {
        self.lies_in(Grain::Half).map(|half| (half.months().0 - 1) / 6 + 1)
    }

    /// The month it lies in, 1 to 12; none when it is longer or lies in two.
    pub fn month_number(self) -> Option<u8> {
        self.lies_in(Grain::Month).map(|month| month.months().0)
    }

    /// 1 上旬, 2 中旬, 3 下旬, for a ten-day period only.
    pub fn ten_day_number(self) -> Option<u8> {
        (self.grain() == Grain::TenDay).then(|| (self.start().day() as u8 - 1) / 10 + 1)
    }

    /// The ISO week number, for a week only.
    pub fn week_number(self) -> Option<u8> {
        (self.grain() == Grain::Week).then(|| self.start().iso_week_date().week() as u8)
    }

    /// The period of length `grain` that covers it; none when there is none.
    pub fn lies_in(self, grain: Grain) -> Option<Period> {
        Some(Period::of(grain, self.end())).filter(|outer| outer.covers(self))
    }

    /// The periods of length `grain` that begin and end in it, in order.
    ///
    /// `Grain::Month` gives the twelve months of a year, also those of January–February.
    pub fn parts(self, grain: Grain) -> Vec<Period> {
        let mut parts = Vec::new();
        let mut part = Some(Period::of(grain, self.start()));
        while let Some(at) = part {
            if at.end() > self.end() {
                break;
            }
            if self.covers(at) {
                parts.push(at);
            }
            part = at.checked_next();
        }
        parts
    }

    /// The periods from this one to `last`, both included, of this one's grain; empty when `last` is earlier.
    pub fn through(self, last: Period) -> Vec<Period> {
        let mut all = Vec::new();
        let mut at = Some(self);
        while let Some(period) = at.filter(|period| *period <= last) {
            all.push(period);
            at = period.checked_next();
        }
        all
    }

    /// The periods official statistics publish in `year`: January–February, then March to December.
    pub fn statistical_months(year: i16) -> Result<Vec<Period>, PeriodError> {
        let mut all = vec![Period::jan_feb(year)?];
        for month in 3..=12 {
            all.push(Period::month(year, month)?);
        }
        Ok(all)
    }

    /// The period before it in a series of monthly statistics: March follows January–February.
    ///
    /// For other grains the same as [`Period::prev`]. In a series with a separate January use `prev`.
    pub fn prev_statistical(self) -> Period {
        let year = self.year_number();
        match (self.grain(), self.months().0) {
            (Grain::Month, 1..=3) => Period::jan_feb(year - (self.months().0 < 3) as i16).unwrap_or(self),
            (Grain::JanFeb, _) => Period::month(year - 1, 12).unwrap_or(self),
            _ => self.prev(),
        }
    }

    /// Reads any known spelling of a period.
    ///
    /// Beside the canonical keys: `202304`, `202304D2`, `20230426`, `2023-M01M02`, `2023-04`, `2023/4`, `2023.4`,
    /// `2023H1`, `2023-Q1`, `Q1 2023`, `2023年4月`, `2023年1—2月`, `2023年一季度`, `2023年上半年`, `2023年4月中旬`,
    /// `2023年第17周`, `2023年4月26日`; full-width digits, spaces and small letters do not matter.
    ///
    /// Errors say what is wrong and what to write instead.
    pub fn parse(text: &str) -> Result<Period, PeriodError> {
        parse(text)
    }

    /// What people call it: `2023年一季度`, `2023年4月`, `2023年1—2月`, `2023年4月中旬`; `Q1 2023`, `April 2023`.
    pub fn label(self, lang: Lang) -> String {
        let (year, month) = (self.year_number(), self.months().0);
        let day = self.start().day();
        match lang {
            Lang::Zh => match self.grain() {
                Grain::Year => format!("{year}年"),
                Grain::Half => format!("{year}年{}半年", if month == 1 { "上" } else { "下" }),
                Grain::Quarter => format!("{year}年{}季度", ["一", "二", "三", "四"][month as usize / 3]),
                Grain::JanFeb => format!("{year}年1—2月"),
                Grain::Month => format!("{year}年{month}月"),
                Grain::TenDay => format!("{year}年{month}月{}旬", ["上", "中", "下"][day as usize / 10]),
                Grain::Week => format!("{year}年第{}周", self.week_number().unwrap_or(0)),
                Grain::Day => format!("{year}年{month}月{day}日"),
            },
            Lang::En => {
                let name = MONTHS[month as usize - 1];
                match self.grain() {
                    Grain::Year => format!("{year}"),
                    Grain::Half => format!("H{} {year}", month / 6 + 1),
                    Grain::Quarter => format!("Q{} {year}", month / 3 + 1),
                    Grain::JanFeb => format!("January–February {year}"),
                    Grain::Month => format!("{name} {year}"),
                    Grain::TenDay => format!("{day}–{} {name} {year}", self.end().day()),
                    Grain::Week => format!("week {} of {year}", self.week_number().unwrap_or(0)),
                    Grain::Day => format!("{day} {name} {year}"),
                }
            }
        }
    }

    /// The running total up to its end, in words: `2023年1—4月`, `January–April 2023`; a whole year is just the year.
    pub fn to_date_label(self, lang: Lang) -> String {
        let (year, month) = (self.year_number(), self.months_elapsed());
        if !matches!(self.grain(), Grain::Half | Grain::Quarter | Grain::JanFeb | Grain::Month) {
            return self.label(lang);
        }
        match month {
            1 => self.label(lang),
            12 => Period::year_of(year).label(lang),
            _ => lang.pick(format!("{year}年1—{month}月"), format!("January–{} {year}", MONTHS[month as usize - 1])),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.year_number(), self.months().0);
        match self.grain() {
            Grain::Year => write!(f, "{year:04}"),
            Grain::Half => write!(f, "{year:04}S{}", month / 6 + 1),
            Grain::Quarter => write!(f, "{year:04}Q{}", month / 3 + 1),
            Grain::JanFeb => write!(f, "{year:04}M01M02"),
            Grain::Month => write!(f, "{year:04}M{month:02}"),
            Grain::TenDay => write!(f, "{year:04}M{month:02}D{}", self.start().day() / 10 + 1),
            Grain::Week => write!(f, "{year:04}W{:02}", self.week_number().unwrap_or(0)),
            Grain::Day => write!(f, "{year:04}-{month:02}-{:02}", self.start().day()),
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Period, PeriodError> {
        Period::parse(text)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        let text = String::deserialize(deserializer)?;
        Period::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A text that is not a period, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodError {
    /// What was written.
    pub text: String,
    /// What is wrong with it.
    pub fault: PeriodFault,
}

/// What can be wrong with a period.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PeriodFault {
    /// Nothing was written.
    Empty,
    /// No known spelling.
    Unreadable,
    /// The year is not in 1..=9999, or not written with four digits.
    YearOutOfRange,
    /// There are two half years.
    NoSuchHalf,
    /// There are four quarters.
    NoSuchQuarter,
    /// There are twelve months.
    NoSuchMonth,
    /// A month has three ten-day parts.
    NoSuchTenDay,
    /// This year has no such week.
    NoSuchWeek,
    /// This month has no such day.
    NoSuchDay,
    /// A running total (`1—4月`) is not a period: it is keyed by its last month.
    RunningTotal,
}

impl PeriodError {
    fn new(text: &str, fault: PeriodFault) -> PeriodError {
        PeriodError { text: text.to_string(), fault }
    }

    /// Stable code, such as `period.no_such_month`.
    pub fn code(&self) -> &'static str {
        match self.fault {
            PeriodFault::Empty => "period.empty",
            PeriodFault::Unreadable => "period.unreadable",
            PeriodFault::YearOutOfRange => "period.year_out_of_range",
            PeriodFault::NoSuchHalf => "period.no_such_half",
            PeriodFault::NoSuchQuarter => "period.no_such_quarter",
            PeriodFault::NoSuchMonth => "period.no_such_month",
            PeriodFault::NoSuchTenDay => "period.no_such_ten_day",
            PeriodFault::NoSuchWeek => "period.no_such_week",
            PeriodFault::NoSuchDay => "period.no_such_day",
            PeriodFault::RunningTotal => "period.running_total",
        }
    }

    /// What is wrong, naming the text.
    pub fn message(&self, lang: Lang) -> String {
        let text = &self.text;
        match self.fault {
            PeriodFault::Empty => lang.pick("没有填写期间".into(), "no period was given".into()),
            PeriodFault::Unreadable => lang.pick(format!("“{text}”不是期间"), format!("“{text}” is not a period")),
            PeriodFault::YearOutOfRange => lang.pick(
                format!("“{text}”的年份不是四位数"),
                format!("the year in “{text}” is not a year of four digits"),
            ),
            PeriodFault::NoSuchHalf => {
                lang.pick(format!("“{text}”：一年只有上、下半年"), format!("“{text}”: a year has two halves"))
            }
            PeriodFault::NoSuchQuarter => {
                lang.pick(format!("“{text}”：一年只有四个季度"), format!("“{text}”: a year has four quarters"))
            }
            PeriodFault::NoSuchMonth => {
                lang.pick(format!("“{text}”：没有这个月份"), format!("“{text}”: there is no such month"))
            }
            PeriodFault::NoSuchTenDay => lang.pick(
                format!("“{text}”：一个月只有上、中、下三旬"),
                format!("“{text}”: a month has three ten-day parts"),
            ),
            PeriodFault::NoSuchWeek => {
                lang.pick(format!("“{text}”：这一年没有这一周"), format!("“{text}”: that year has no such week"))
            }
            PeriodFault::NoSuchDay => {
                lang.pick(format!("“{text}”：没有这一天"), format!("“{text}”: there is no such day"))
            }
            PeriodFault::RunningTotal => {
                lang.pick(format!("“{text}”是累计，不是期间"), format!("“{text}” is a running total, not a period"))
            }
        }
    }

    /// What to write instead.
    pub fn hint(&self, lang: Lang) -> &'static str {
        match self.fault {
            PeriodFault::RunningTotal => lang.pick(
                "累计数记在最后一个月，如 2023M04 表示1—4月累计",
                "key a running total by its last month: 2023M04 holds January to April",
            ),
            _ => lang.pick(
                "请写 2023、2023S1、2023Q1、2023M01M02、2023M04、2023M04D2、2023W17 或 2023-04-26",
                "write 2023, 2023S1, 2023Q1, 2023M01M02, 2023M04, 2023M04D2, 2023W17 or 2023-04-26",
            ),
        }
    }
}

impl fmt::Display for PeriodError {
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

impl std::error::Error for PeriodError {}

/// Refuses a number outside `low..=high`, or a year outside the calendar.
fn checked(
    year: i16,
    number: impl Into<i32>,
    low: i32,
    high: i32,
    fault: PeriodFault,
    text: String,
) -> Result<(), PeriodError> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(PeriodError::new(&text, PeriodFault::YearOutOfRange));
    }
    if !(low..=high).contains(&number.into()) {
        return Err(PeriodError::new(&text, fault));
    }
    Ok(())
}

/// One sign of a period's spelling: a run of digits, or a mark.
#[derive(Clone, Debug, PartialEq)]
enum Sign {
    Number { value: u32, digits: usize },
    Mark(char),
}

/// Longest text that is tried; the longest spelling known has under 20 characters.
const TEXT_CHARS_MAX: usize = 40;

fn signs(text: &str) -> Option<Vec<Sign>> {
    let mut signs = Vec::new();
    for c in text.chars() {
        let c = match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' | '／' | '．' => {
                char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
            }
            '–' | '—' | '−' | '～' | '~' | '至' | '、' => '-',
            '/' | '.' => '-',
            '一' => '1',
            '二' => '2',
            '三' => '3',
            '四' => '4',
            other => other,
        };
        if c.is_whitespace() || c == '第' || c == '份' || c == '度' {
            // "2023年 第 一 季度", "2023年度": these carry no meaning of their own
            continue;
        }
        match (c.to_digit(10), signs.last_mut()) {
            (Some(digit), Some(Sign::Number { value, digits })) => {
                *value = value.checked_mul(10)?.checked_add(digit)?;
                *digits += 1;
            }
            (Some(digit), _) => signs.push(Sign::Number { value: digit, digits: 1 }),
            (None, _) => signs.push(Sign::Mark(c.to_ascii_uppercase())),
        }
    }
    Some(signs)
}

fn parse(text: &str) -> Result<Period, PeriodError> {
    let fail = |fault| PeriodError::new(text.trim(), fault);
    let named = |result: Result<Period, PeriodError>| result.map_err(|error| fail(error.fault));
    if text.trim().is_empty() {
        return Err(fail(PeriodFault::Empty));
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(PeriodError::new(
            &text.chars().take(TEXT_CHARS_MAX).chain(['…']).collect::<String>(),
            PeriodFault::Unreadable,
        ));
    }
    // Spaces separate numbers only in "Q1 2023"; everywhere else they are noise.
    let first_year_last = text.trim().split_whitespace().collect::<Vec<_>>();
    if let [head, year] = first_year_last[..]
        && head.starts_with(['Q', 'q', 'H', 'h', 'S', 's'])
        && year.len() == 4
    {
        return parse(&format!("{year}{head}")).map_err(|error| fail(error.fault));
    }
    let signs = signs(text).ok_or_else(|| fail(PeriodFault::Unreadable))?;
    use Sign::{Mark, Number};
    // Eight or six digits hold a day or a month; then may follow the ten days.
    let (head, rest) = match signs.split_first() {
        Some((Number { value, digits }, rest)) => ((*value, *digits), rest),
        _ => return Err(fail(PeriodFault::Unreadable)),
    };
    match (head, rest) {
        ((value, 8), []) => {
            return named(date_period((value / 10_000) as i16, value / 100 % 100, value % 100));
        }
        ((value, 6), []) => return named(Period::month((value / 100) as i16, (value % 100) as u8)),
        ((value, 6), [Mark('D'), Number { value: part, digits: 1 }]) => {
            return named(Period::ten_day((value / 100) as i16, (value % 100) as u8, *part as u8));
        }
        ((_, 4), _) => {}
        _ if rest.is_empty() || matches!(rest.first(), Some(Mark('年' | 'M' | 'Q' | 'S' | 'W' | '-'))) => {
            return Err(fail(PeriodFault::YearOutOfRange));
        }
        _ => return Err(fail(PeriodFault::Unreadable)),
    }
    let year = head.0 as i16;
    // "2023-M04", "2023年4月": a mark between year and rest may be left out.
    let rest = match rest {
        [Mark('年'), rest @ ..] => rest,
        [Mark('-'), rest @ ..] if matches!(rest.first(), Some(Mark(_))) => rest,
        rest => rest,
    };
    let byte = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
    let after_year = signs.get(1) == Some(&Mark('年'));
    let period = match rest {
        [] => Period::year(year),
        [Mark('S' | 'H'), Number { value, .. }] => Period::half(year, byte(*value)),
        [Mark('上'), Mark('半'), Mark('年')] => Period::half(year, 1),
        [Mark('下'), Mark('半'), Mark('年')] => Period::half(year, 2),
        [Mark('Q'), Number { value, .. }] | [Number { value, .. }, Mark('季')] => Period::quarter(year, byte(*value)),
        [Mark('W'), Number { value, .. }] | [Number { value, .. }, Mark('周')] => Period::week(year, byte(*value)),
        [Mark('M'), Number { value, digits: 1..=2 }] => Period::month(year, byte(*value)),
        [Mark('M'), Number { value, digits: 1..=2 }, Mark('D'), Number { value: part, .. }] => {
            Period::ten_day(year, byte(*value), byte(*part))
        }
        [Mark('M'), Number { value: 1, .. }, Mark('M'), Number { value: 2, .. }] => Period::jan_feb(year),
        [Mark('M'), Number { .. }, Mark('M'), Number { .. }] => {
            return Err(fail(PeriodFault::RunningTotal));
        }
        [Number { value, digits: 1..=2 }, Mark('月')] if after_year => Period::month(year, byte(*value)),
        [Mark('-'), Number { value, digits: 1..=2 }] => Period::month(year, byte(*value)),
        [Number { value: 1, .. }, Mark('-'), Number { value: 2, .. }, Mark('月')]
        | [Number { value: 1, .. }, Mark('月'), Mark('-'), Number { value: 2, .. }, Mark('月')]
            if after_year =>
        {
            Period::jan_feb(year)
        }
        [Number { .. }, Mark('-'), Number { .. }, Mark('月' | '季')]
        | [Number { .. }, Mark('月'), Mark('-'), Number { .. }, Mark('月')] => {
            return Err(fail(PeriodFault::RunningTotal));
        }
        [Number { value, .. }, Mark('月'), Mark(part @ ('上' | '中' | '下')), Mark('旬')] if after_year => {
            let part = match part {
                '上' => 1,
                '中' => 2,
                _ => 3,
            };
            Period::ten_day(year, byte(*value), part)
        }
        [Mark('-'), Number { value: month, digits: 1..=2 }, Mark('-'), Number { value: day, digits: 1..=2 }] => {
            date_period(year, *month, *day)
        }
        [Number { value: month, .. }, Mark('月'), Number { value: day, .. }, Mark('日' | '号')] if after_year => {
            date_period(year, *month, *day)
        }
        _ => return Err(fail(PeriodFault::Unreadable)),
    };
    named(period)
}

fn date_period(year: i16, month: u32, day: u32) -> Result<Period, PeriodError> {
    let text = format!("{year}-{month}-{day}");
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(PeriodError::new(&text, PeriodFault::YearOutOfRange));
    }
    if !(1..=12).contains(&month) {
        return Err(PeriodError::new(&text, PeriodFault::NoSuchMonth));
    }
    let day = i8::try_from(day).unwrap_or(i8::MAX);
    Date::new(year, month as i8, day).map(Period::day).map_err(|_| PeriodError::new(&text, PeriodFault::NoSuchDay))
}

/// A period said relative to a day: this month, the last quarter, the year so far.
///
/// It resolves against the as-of date of a page, never against the wall clock.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Relative {
    /// The day itself.
    Today,
    /// The day before.
    Yesterday,
    /// The week of the day.
    ThisWeek,
    /// The week before.
    LastWeek,
    /// The ten days of the day.
    ThisTenDay,
    /// The ten days before.
    LastTenDay,
    /// The month of the day.
    ThisMonth,
    /// The month before.
    LastMonth,
    /// The month of the day, one year earlier.
    ThisMonthLastYear,
    /// The quarter of the day.
    ThisQuarter,
    /// The quarter before.
    LastQuarter,
    /// The half year of the day.
    ThisHalf,
    /// The half year before.
    LastHalf,
    /// The year of the day.
    ThisYear,
    /// The year before.
    LastYear,
    /// All twelve months of the day's year.
    MonthsThisYear,
    /// All four quarters of the day's year.
    QuartersThisYear,
    /// The months of the day's year up to the day's own month, which is included.
    ThisYearToDate,
    /// Three months, the last of them the month before the day's.
    #[serde(rename = "LAST_3_MONTHS")]
    Last3Months,
    /// Twelve months, the last of them the month before the day's.
    #[serde(rename = "LAST_12_MONTHS")]
    Last12Months,
    /// Four quarters, the last of them the quarter before the day's.
    #[serde(rename = "LAST_4_QUARTERS")]
    Last4Quarters,
}

impl Relative {
    /// Every relative period, with its key and its names.
    pub const ALL: [(Relative, &'static str, &'static str, &'static str); 21] = [
        (Relative::Today, "TODAY", "当日", "today"),
        (Relative::Yesterday, "YESTERDAY", "昨日", "yesterday"),
        (Relative::ThisWeek, "THIS_WEEK", "本周", "this week"),
        (Relative::LastWeek, "LAST_WEEK", "上周", "last week"),
        (Relative::ThisTenDay, "THIS_TEN_DAY", "本旬", "these ten days"),
        (Relative::LastTenDay, "LAST_TEN_DAY", "上一旬", "the ten days before"),
        (Relative::ThisMonth, "THIS_MONTH", "本月", "this month"),
        (Relative::LastMonth, "LAST_MONTH", "上月", "last month"),
        (Relative::ThisMonthLastYear, "THIS_MONTH_LAST_YEAR", "上年同月", "this month last year"),
        (Relative::ThisQuarter, "THIS_QUARTER", "本季度", "this quarter"),
        (Relative::LastQuarter, "LAST_QUARTER", "上季度", "last quarter"),
        (Relative::ThisHalf, "THIS_HALF", "本半年", "this half year"),
        (Relative::LastHalf, "LAST_HALF", "上个半年", "last half year"),
        (Relative::ThisYear, "THIS_YEAR", "本年", "this year"),
        (Relative::LastYear, "LAST_YEAR", "上年", "last year"),
        (Relative::MonthsThisYear, "MONTHS_THIS_YEAR", "本年各月", "the months of this year"),
        (Relative::QuartersThisYear, "QUARTERS_THIS_YEAR", "本年各季度", "the quarters of this year"),
        (Relative::ThisYearToDate, "THIS_YEAR_TO_DATE", "本年累计", "this year to date"),
        (Relative::Last3Months, "LAST_3_MONTHS", "最近3个月", "the last 3 months"),
        (Relative::Last12Months, "LAST_12_MONTHS", "最近12个月", "the last 12 months"),
        (Relative::Last4Quarters, "LAST_4_QUARTERS", "最近4个季度", "the last 4 quarters"),
    ];

    fn row(self) -> (Relative, &'static str, &'static str, &'static str) {
        // `ALL` is in the order of the variants; a test holds it there.
        Relative::ALL[self as usize]
    }

    /// Stable key, such as `LAST_12_MONTHS`.
    pub fn key(self) -> &'static str {
        self.row().1
    }

    /// The relative period with this key.
    pub fn from_key(key: &str) -> Option<Relative> {
        Relative::ALL.iter().find(|row| row.1 == key).map(|row| row.0)
    }

    /// Its name: 本月, this month.
    pub fn label(self, lang: Lang) -> &'static str {
        lang.pick(self.row().2, self.row().3)
    }

    /// The periods meant on the day `as_of`, in order of time.
    pub fn resolve(self, as_of: Date) -> Vec<Period> {
        let this = |grain| Period::of(grain, as_of);
        let last = |grain, count: i32| {
            let end = this(grain).prev();
            end.plus(1 - count).through(end)
        };
        match self {
            Relative::Today => vec![this(Grain::Day)],
            Relative::Yesterday => last(Grain::Day, 1),
            Relative::ThisWeek => vec![this(Grain::Week)],
            Relative::LastWeek => last(Grain::Week, 1),
            Relative::ThisTenDay => vec![this(Grain::TenDay)],
            Relative::LastTenDay => last(Grain::TenDay, 1),
            Relative::ThisMonth => vec![this(Grain::Month)],
            Relative::LastMonth => last(Grain::Month, 1),
            Relative::ThisMonthLastYear => vec![this(Grain::Month).same_last_year()],
            Relative::ThisQuarter => vec![this(Grain::Quarter)],
            Relative::LastQuarter => last(Grain::Quarter, 1),
            Relative::ThisHalf => vec![this(Grain::Half)],
            Relative::LastHalf => last(Grain::Half, 1),
            Relative::ThisYear => vec![this(Grain::Year)],
            Relative::LastYear => last(Grain::Year, 1),
            Relative::MonthsThisYear => this(Grain::Year).parts(Grain::Month),
            Relative::QuartersThisYear => this(Grain::Year).parts(Grain::Quarter),
            Relative::ThisYearToDate => {
                let month = this(Grain::Month);
                this(Grain::Year).parts(Grain::Month)[0].through(month)
            }
            Relative::Last3Months => last(Grain::Month, 3),
            Relative::Last12Months => last(Grain::Month, 12),
            Relative::Last4Quarters => last(Grain::Quarter, 4),
        }
    }
}
