//! Stories: executable specifications of what the system does, and the demo zone made by one.
//!
//! A story is text: acts with day and actor, questions with the answer expected. It is played on a
//! [`Ground`]: in memory in tests, on the journal in the binary.

mod acts;
mod demo;
mod ground;
mod ids;
mod mistakes;
mod play;
mod questions;
mod reading;
mod script;
mod shelf;

pub use acts::VERBS;
pub use demo::{DEMO_LAST_DAY, DEMO_SEED, DemoAccount, accounts, demo, identities, script};
pub use ground::{Ground, Memory};
pub use ids::{Commands, Identities};
pub use mistakes::Mistake;
pub use play::{Played, run, run_as};
pub use questions::QUESTIONS;
pub use script::{Story, parse};
pub use shelf::{blueprint, blueprints};
