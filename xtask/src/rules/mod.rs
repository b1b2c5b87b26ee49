//! The rules, one file each, in the order of "What must never be" of the architecture.

pub mod bounds;
pub mod burden;
pub mod edges;
pub mod keys;
pub mod ledger;
pub mod lenses;
pub mod licences;
pub mod messages;
pub mod numbers;
pub mod order;
pub mod own_words;
pub mod places;
pub mod purity;
pub mod sql;

use crate::{Breach, House};

/// A rule: its name as a sentence, and what finds its breaches.
pub type Rule = (&'static str, fn(&House) -> Vec<Breach>);

/// All rules.
pub const ALL: &[Rule] = &[
    (
        "methods, text and kernel do no IO, do not wait, and read neither clock nor environment nor chance",
        purity::breaches,
    ),
    ("only decide makes an entry, only the journal appends, nothing changes or deletes one", ledger::breaches),
    ("SQL stands only in the store", sql::breaches),
    ("renderers see the lens and the views, never the Zone", lenses::breaches),
    ("renderers compute coordinates, never numbers", numbers::breaches),
    ("no kind, field, stage or measure of a blueprint is named in Rust", keys::breaches),
    ("no order depends on a hash map", order::breaches),
    ("every bound has its name in limits.rs", bounds::breaches),
    ("every message exists in Chinese and English, and is used", messages::breaches),
    ("crate edges are those of the architecture", edges::breaches),
    ("every path named in ARCHITECTURE.md exists, every module says what it is for", places::breaches),
    ("nothing of third parties lies in the repository", places::foreign),
    ("nobody is ranked, checked in, or counted by traces", burden::breaches),
    ("no sentence of the shared texts is copied", own_words::breaches),
    ("every dependency has a licence that deny.toml allows", licences::breaches),
];
