//! Tasks in a month: each day with what falls due on it, worked or not by the calendar of the blueprint.

use super::tasks::{TaskFilter, TaskRow, ledger};
use crate::seen::Seen;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

/// A day of the month.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskDay {
    /// The day.
    pub on: Date,
    /// It belongs to the month asked for, not to the week around it.
    pub inside: bool,
    /// Whether it is worked; `None` when the calendar lacks the year.
    pub worked: Option<bool>,
    /// Worked on a weekend (调休上班), or off on a weekday (放假): worth a word.
    pub moved: bool,
    /// What falls due on it.
    pub tasks: Vec<TaskRow>,
}

/// A month of whole weeks from Monday.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TaskMonth {
    /// First day of the month.
    pub first: Date,
    /// Weeks of seven days.
    pub weeks: Vec<Vec<TaskDay>>,
    /// Tasks due within the month.
    pub due: usize,
    /// Tasks of the filter without a deadline.
    pub undated: usize,
    /// Working days of the month; `None` when the calendar lacks the year.
    pub working_days: Option<usize>,
}

/// The month that holds a day, with the tasks that a filter asks for.
pub fn month(seen: &Seen, day: Date, filter: &TaskFilter) -> TaskMonth {
    let first = day.first_of_month();
    let last = day.last_of_month();
    let calendar = &seen.blueprint().calendar;
    let rows = ledger(seen, filter).rows;
    let weekend = |on: Date| matches!(on.weekday(), Weekday::Saturday | Weekday::Sunday);
    let mut weeks = Vec::new();
    let mut on = days(first, -i64::from(first.weekday().to_monday_zero_offset()));
    while on <= last {
        let week = (0..7).map(|n| days(on, n)).map(|on| {
            let worked = calendar.is_working_day(on).ok();
            TaskDay {
                on,
                inside: first <= on && on <= last,
                worked,
                moved: worked.is_some_and(|w| w == weekend(on)),
                tasks: rows.iter().filter(|r| r.due == Some(on)).cloned().collect(),
            }
        });
        weeks.push(week.collect());
        on = days(on, 7);
    }
    let inside = || weeks.iter().flatten().filter(|d: &&TaskDay| d.inside);
    TaskMonth {
        first,
        due: inside().map(|d| d.tasks.len()).sum(),
        undated: rows.iter().filter(|r| r.due.is_none()).count(),
        working_days: inside().all(|d| d.worked.is_some()).then(|| inside().filter(|d| d.worked == Some(true)).count()),
        weeks,
    }
}

fn days(from: Date, count: i64) -> Date {
    from.saturating_add(jiff::SignedDuration::from_hours(24 * count))
}
