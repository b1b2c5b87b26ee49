//! The tests of the methods, in one binary: golden cases, facts with their sources, properties against brute force.

#[path = "it/calendars.rs"]
mod calendars;
#[path = "it/golden.rs"]
mod golden;
#[path = "it/lights.rs"]
mod lights;
#[path = "it/pace.rs"]
mod pace;
#[path = "it/periods.rs"]
mod periods;
#[path = "it/quantities.rs"]
mod quantities;

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A decimal written as text.
fn dec(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("a decimal in a test")
}

/// A date written as text.
fn day(text: &str) -> Date {
    text.parse().expect("a date in a test")
}
