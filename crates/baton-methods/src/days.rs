//! Days: counting from one date to another without ever leaving the calendar.

use jiff::SignedDuration;
use jiff::civil::Date;

/// The date `days` after `date` (before it when negative); the first or last date of the calendar when it would leave it.
pub(crate) fn shift(date: Date, days: i64) -> Date {
    let limited = days.clamp(-8_000_000, 8_000_000);
    date.saturating_add(SignedDuration::from_hours(24 * limited))
}

/// Days from `from` to `to`: 1 from a day to the next one, negative backwards.
pub(crate) fn between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// A date whose parts are known to be in range; a day past the end of the month becomes its last day.
pub(crate) fn make(year: i16, month: u8, day: u8) -> Date {
    let first = Date::constant(year, month as i8, 1);
    let last = first.days_in_month();
    Date::constant(year, month as i8, (day as i8).min(last))
}
