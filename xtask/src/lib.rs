//! The house rules as tests: what must never be in this repository, checked on its files.
//!
//! Each rule is a function from a [`House`] (the files of the work tree, or a few made up by a test) to the
//! [`Breach`]es it finds. `cargo run -p xtask` prints them all; `tests/it.rs` runs them one by one and proves
//! that each can fail. Exceptions stand beside the rule, each with its reason.

mod breach;
mod house;
pub mod rules;
mod source;

pub use breach::{Breach, told};
pub use house::House;
pub use source::{Source, Token, What};
