//! Text: cleaning of garbled Chinese text, and what a meeting report, circular, notice or minutes ask of whom.
//!
//! Texts and lexicon come in as strings; nothing here reads a file, a clock, the environment or chance.

mod areas;
mod chars;
mod clauses;
pub mod clean;
pub mod decode;
pub mod diff;
mod directives;
mod draft;
pub mod evidence;
mod extract;
pub mod lexicon;
mod limits;
mod meetings;
mod numbering;
mod organisations;
mod people;
mod quantities;
mod reporting;
mod rights;
mod source;
mod statements;
mod times;
mod words;

pub use clean::{Cleaned, Doubt, Step, StepKind, clean};
pub use decode::{Decoded, NoText, decode, decode_text};
pub use diff::{Change, Piece, diff};
pub use extract::{
    Areas, Bound, Calendar, Clause, Deadline, Directive, Extract, Meeting, Named, Org, Person, Quantity, Right,
    RightKind, Statement, extract, extract_by_calendar,
};
pub use lexicon::{Class, Diagnostic, Lexicon};
