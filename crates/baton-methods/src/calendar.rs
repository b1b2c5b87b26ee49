//! Calendars: which days are worked, and where a term ends.
//!
//! Weekday holidays and weekend make-up days are data, one set per year. A year that is missing is an error, not a
//! guess. The day after the start of a term is day 1.

use crate::days;
use crate::words::Lang;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

/// The exceptions of one year: a day is worked if it is a weekday and not in `off`, or if it is in `work`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearDays {
    /// The year.
    pub year: i16,
    /// Where the dates come from: the announcement.
    #[serde(default)]
    pub source: String,
    /// Number of working days of the year; checked when given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// Weekdays that are not worked.
    pub off: BTreeSet<Date>,
    /// Saturdays and Sundays that are worked.
    pub work: BTreeSet<Date>,
    /// First and last day of each holiday by its name (五一, 春节), as far as it lies in this year.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holidays: BTreeMap<String, (Date, Date)>,
}

/// A mistake in the data of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarFault {
    /// The text is not a calendar file; the reader's own words.
    Unreadable(String),
    /// A date of another year.
    WrongYear(i16, Date),
    /// A date in `off` that is a weekend day anyway.
    OffOnWeekend(Date),
    /// A date in `work` that is a weekday anyway.
    WorkOnWeekday(Date),
    /// The stated number of working days is not the one that follows from the dates.
    WrongCount {
        /// The year.
        year: i16,
        /// As stated.
        stated: u32,
        /// As counted.
        counted: u32,
    },
    /// A holiday of another year, or one that ends before it begins.
    HolidayDays(String, Date, Date),
    /// The same year twice.
    Twice(i16),
}

impl CalendarFault {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            CalendarFault::Unreadable(_) => "calendar.unreadable",
            CalendarFault::WrongYear(..) => "calendar.wrong_year",
            CalendarFault::OffOnWeekend(_) => "calendar.off_on_weekend",
            CalendarFault::WorkOnWeekday(_) => "calendar.work_on_weekday",
            CalendarFault::WrongCount { .. } => "calendar.wrong_count",
            CalendarFault::HolidayDays(..) => "calendar.holiday_days",
            CalendarFault::Twice(_) => "calendar.year_twice",
        }
    }

    /// What is wrong and the way out.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            CalendarFault::Unreadable(why) => {
                lang.pick(format!("工作日历读不懂：{why}"), format!("the calendar cannot be read: {why}"))
            }
            CalendarFault::WrongYear(year, date) => lang.pick(
                format!("{date} 不是{year}年的日期，请移到它自己的年份"),
                format!("{date} is not in {year}; move it to its own year"),
            ),
            CalendarFault::OffOnWeekend(date) => lang.pick(
                format!("{date} 本来就是周末，off 只列工作日中的放假日"),
                format!("{date} is a weekend day anyway; off lists weekdays only"),
            ),
            CalendarFault::WorkOnWeekday(date) => lang.pick(
                format!("{date} 本来就是周一至周五，work 只列周末的调休上班日"),
                format!("{date} is a weekday anyway; work lists weekend days only"),
            ),
            CalendarFault::WrongCount { year, stated, counted } => lang.pick(
                format!("{year}年写明 {stated} 个工作日，按日期数出 {counted} 个，请核对漏列或多列的日期"),
                format!("{year} states {stated} working days, the dates give {counted}; a date is missing or too many"),
            ),
            CalendarFault::HolidayDays(name, first, last) => lang.pick(
                format!("节日“{name}”的起止 {first} 至 {last} 不在本年或先后颠倒"),
                format!("the holiday {name}, {first} to {last}, is of another year or ends before it begins"),
            ),
            CalendarFault::Twice(year) => lang.pick(format!("{year}年列了两次"), format!("{year} is listed twice")),
        }
    }
}

impl fmt::Display for CalendarFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for CalendarFault {}

impl YearDays {
    /// Every mistake in it, in order of dates.
    pub fn faults(&self) -> Vec<CalendarFault> {
        let mut faults = Vec::new();
        for date in self.off.iter().chain(&self.work) {
            if date.year() != self.year {
                faults.push(CalendarFault::WrongYear(self.year, *date));
            }
        }
        let weekend = |date: &&Date| is_weekend(**date);
        faults.extend(self.off.iter().filter(weekend).map(|date| CalendarFault::OffOnWeekend(*date)));
        faults.extend(
            self.work.iter().filter(|date| !is_weekend(**date)).map(|date| CalendarFault::WorkOnWeekday(*date)),
        );
        for (name, (first, last)) in &self.holidays {
            if last < first || first.year() != self.year || last.year() != self.year {
                faults.push(CalendarFault::HolidayDays(name.clone(), *first, *last));
            }
        }
        let counted = self.count();
        if let Some(stated) = self.working_days.filter(|stated| *stated != counted) {
            faults.push(CalendarFault::WrongCount { year: self.year, stated, counted });
        }
        faults
    }

    fn works(&self, date: Date) -> bool {
        if is_weekend(date) { self.work.contains(&date) } else { !self.off.contains(&date) }
    }

    fn count(&self) -> u32 {
        let first = Date::constant(self.year.clamp(1, 9999), 1, 1);
        (0..i64::from(first.days_in_year())).filter(|day| self.works(days::shift(first, *day))).count() as u32
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The year of a date is not in the calendar.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingYear {
    /// The year.
    pub year: i16,
}

impl MissingYear {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        "calendar.missing_year"
    }

    /// What is missing and the way out.
    pub fn message(&self, lang: Lang) -> String {
        let year = self.year;
        lang.pick(
            format!("工作日历没有{year}年，无法计算工作日；请管理员录入国务院办公厅公布的{year}年放假安排"),
            format!(
                "the working-day calendar has no {year}; an administrator must enter the holidays announced for {year}"
            ),
        )
    }
}

impl fmt::Display for MissingYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for MissingYear {}

/// Which days are worked, for the years it knows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct WorkCalendar {
    years: BTreeMap<i16, YearDays>,
}

/// The file form of a calendar: `[[year]]` tables.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    #[serde(default)]
    year: Vec<YearDays>,
}

static CHINA: LazyLock<WorkCalendar> =
    LazyLock::new(|| WorkCalendar::from_toml(WorkCalendar::CHINA_TOML).unwrap_or_default());

impl WorkCalendar {
    /// The text of the shipped calendar: mainland China 2019 to 2026, as announced.
    pub const CHINA_TOML: &'static str = include_str!("../data/cn-workdays.toml");

    /// The shipped calendar of mainland China. Sources stand in the data itself.
    pub fn china() -> &'static WorkCalendar {
        &CHINA
    }

    /// A calendar from the text of a file of `[[year]]` tables with `year`, `source`, `off`, `work` and optionally
    /// `working_days`. Errors: every mistake found.
    pub fn from_toml(text: &str) -> Result<WorkCalendar, Vec<CalendarFault>> {
        let file: CalendarFile =
            toml::from_str(text).map_err(|error| vec![CalendarFault::Unreadable(error.to_string())])?;
        let mut calendar = WorkCalendar::default();
        let mut faults = Vec::new();
        for year in file.year {
            faults.extend(year.faults());
            let number = year.year;
            if calendar.years.insert(number, year).is_some() {
                faults.push(CalendarFault::Twice(number));
            }
        }
        if faults.is_empty() { Ok(calendar) } else { Err(faults) }
    }

    /// Adds or replaces one year. Errors: the mistakes of that year; the calendar is then unchanged.
    pub fn put_year(&mut self, year: YearDays) -> Result<(), Vec<CalendarFault>> {
        let faults = year.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        self.years.insert(year.year, year);
        Ok(())
    }

    /// The years it knows, in order.
    pub fn years(&self) -> impl Iterator<Item = &YearDays> {
        self.years.values()
    }

    /// First and last day of the holiday called `name` in `year`; none when the calendar does not say.
    pub fn holiday(&self, name: &str, year: i16) -> Option<(Date, Date)> {
        self.years.get(&year)?.holidays.get(name).copied()
    }

    /// Is `date` worked? Errors: `MissingYear`.
    pub fn is_working_day(&self, date: Date) -> Result<bool, MissingYear> {
        let year = date.year();
        self.years.get(&year).map(|days| days.works(date)).ok_or(MissingYear { year })
    }

    /// Working days after `from` up to and including `to`; negative when `to` is earlier (then those after `to` up to
    /// and including `from`). So it undoes [`WorkCalendar::add_working_days`]. Errors: `MissingYear`.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i64, MissingYear> {
        if to < from {
            return Ok(-self.working_days_between(to, from)?);
        }
        let mut count = 0;
        for day in 1..=days::between(from, to) {
            count += i64::from(self.is_working_day(days::shift(from, day))?);
        }
        Ok(count)
    }

    /// The date on which `count` working days have passed; the day after `start` is the first that can count.
    ///
    /// `count` 0 is `start` itself. 5 working days from 2023-04-26 end on Saturday 2023-05-06, a make-up day.
    /// Errors: `MissingYear`.
    pub fn add_working_days(&self, start: Date, count: u32) -> Result<Date, MissingYear> {
        let mut date = start;
        let mut left = count;
        while left > 0 {
            date = next_day(date)?;
            left -= u32::from(self.is_working_day(date)?);
        }
        Ok(date)
    }

    /// `date` itself when it is worked, else the next day that is. Errors: `MissingYear`.
    pub fn roll_forward(&self, date: Date) -> Result<Date, MissingYear> {
        let mut date = date;
        while !self.is_working_day(date)? {
            date = next_day(date)?;
        }
        Ok(date)
    }

    /// Where a term that starts on `start` ends.
    ///
    /// With `roll` a term of natural days that ends on a day not worked moves to the next working day (a setting; a
    /// term of working days never needs it). Without it natural days need no calendar. Errors: `MissingYear`.
    pub fn due(&self, start: Date, term: Term, roll: bool) -> Result<Date, MissingYear> {
        match term.calendar {
            Counting::Working => self.add_working_days(start, term.days),
            Counting::Natural => {
                let end = days::shift(start, i64::from(term.days));
                if roll { self.roll_forward(end) } else { Ok(end) }
            }
        }
    }

    /// Where a term ends when the clock stands still in the pauses: no day of a pause counts.
    ///
    /// Pauses may overlap and come in any order. An open pause stops the clock until it is closed; the answer is then
    /// [`Due::Paused`] with the days that were left. Errors: `MissingYear`.
    pub fn due_with_pauses(&self, start: Date, term: Term, roll: bool, pauses: &[Pause]) -> Result<Due, MissingYear> {
        let mut date = start;
        let mut left = term.days;
        while left > 0 {
            let day = next_day(date)?;
            let standing = pauses.iter().filter(|pause| pause.covers(day));
            let mut running = true;
            for pause in standing {
                running = false;
                if pause.until.is_none() {
                    let since = pauses
                        .iter()
                        .filter(|other| other.until.is_none())
                        .map(|other| other.from)
                        .min()
                        .unwrap_or(pause.from);
                    return Ok(Due::Paused { since, days_left: left });
                }
            }
            let counts = match term.calendar {
                Counting::Natural => running,
                Counting::Working => running && self.is_working_day(day)?,
            };
            left -= u32::from(counts);
            date = day;
        }
        if roll && term.calendar == Counting::Natural {
            date = self.roll_forward(date)?;
        }
        Ok(Due::On(date))
    }

    /// Days from `as_of` to `due` in the calendar of the term: positive while time is left, 0 on the last day,
    /// negative when overdue. Errors: `MissingYear`, for working days only.
    pub fn days_left(&self, as_of: Date, due: Date, counting: Counting) -> Result<i64, MissingYear> {
        match counting {
            Counting::Natural => Ok(days::between(as_of, due)),
            Counting::Working => self.working_days_between(as_of, due),
        }
    }
}

fn next_day(date: Date) -> Result<Date, MissingYear> {
    date.tomorrow().map_err(|_| MissingYear { year: date.year().saturating_add(1) })
}

/// Which days a term counts.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Every day (日).
    Natural,
    /// Working days (工作日).
    Working,
}

/// A limit as rules state it: `60日`, `5个工作日`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// How many days.
    pub days: u32,
    /// Which days count.
    pub calendar: Counting,
}

impl Term {
    /// `days` natural days.
    pub fn natural(days: u32) -> Term {
        Term { days, calendar: Counting::Natural }
    }

    /// `days` working days.
    pub fn working(days: u32) -> Term {
        Term { days, calendar: Counting::Working }
    }

    /// As it is said: `60日`, `5个工作日`; `60 days`, `5 working days`.
    pub fn label(self, lang: Lang) -> String {
        let days = self.days;
        let plural = if days == 1 { "" } else { "s" };
        match self.calendar {
            Counting::Natural => lang.pick(format!("{days}日"), format!("{days} day{plural}")),
            Counting::Working => lang.pick(format!("{days}个工作日"), format!("{days} working day{plural}")),
        }
    }
}

/// A stretch in which a clock stands still, where a rule says so (a hearing, waiting for papers).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// First day that does not count.
    pub from: Date,
    /// Last day that does not count; none while the pause lasts.
    pub until: Option<Date>,
}

impl Pause {
    /// Does the clock stand still on `day`?
    pub fn covers(self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Where a term with pauses ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// On this day.
    On(Date),
    /// Nowhere yet: the clock has stood still since that day, with so many days to go.
    Paused {
        /// First day of the open pause.
        since: Date,
        /// Days of the term still to run when it resumes.
        days_left: u32,
    },
}

impl Due {
    /// The date, when there is one.
    pub fn date(self) -> Option<Date> {
        match self {
            Due::On(date) => Some(date),
            Due::Paused { .. } => None,
        }
    }
}

/// The day `day` of the month of `date` (`by the 25th`), the month's last day when it is shorter; the next month's
/// when that day is already past.
pub fn next_day_of_month(date: Date, day: u8) -> Date {
    let this = days::make(date.year(), date.month() as u8, day.max(1));
    if this >= date {
        return this;
    }
    let next = days::shift(date.last_of_month(), 1);
    days::make(next.year(), next.month() as u8, day.max(1))
}

/// The next `weekday` on or after `date`.
pub fn next_weekday(date: Date, weekday: Weekday) -> Date {
    let ahead = weekday.to_monday_zero_offset() - date.weekday().to_monday_zero_offset();
    days::shift(date, i64::from(ahead.rem_euclid(7)))
}
