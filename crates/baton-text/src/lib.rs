//! Text: cleaning of garbled Chinese text, and what a meeting report, circular, notice or minutes ask of whom.
//!
//! Texts and lexicon come in as strings; nothing here reads a file, a clock, the environment or chance.

mod chars;
pub mod clean;
pub mod decode;
mod draft;

pub use clean::{Cleaned, Doubt, Step, StepKind, clean};
pub use decode::{Decoded, decode};
