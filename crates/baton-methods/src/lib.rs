//! Methods: the arithmetic of the field, with plain inputs and outputs.
//!
//! Periods and their keys, working days, exact quantities, pace against a plan, lights from declared rules.
//! Nothing here reads a file, a clock, the environment or chance: the same inputs give the same result for ever.

#![warn(missing_docs)]

pub mod calendar;
pub mod checks;
mod days;
pub mod grid;
pub mod lights;
pub mod pace;
pub mod period;
pub mod quantity;
pub mod words;

pub use calendar::{Counting, Due, MissingYear, Pause, Term, WorkCalendar, YearDays};
pub use checks::Checked;
pub use lights::{Band, Input, Judged, Light, Reading, RuleFault, RuleSet, judge};
pub use pace::{At, Curve, CurveFault, HalfHalf, HalfStatus, Needed, NoResult};
pub use period::{Grain, Lang, Period, PeriodError, PeriodFault, Relative};
pub use quantity::{
    Parsed, Unit, convert, format_decimal, from_scaled, parse_date, parse_number, round_half_up, to_scaled,
};
pub use words::Words;
