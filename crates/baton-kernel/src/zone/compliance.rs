//! Overrides in the zone: which warnings on conduct and burden somebody answered for, and on what basis.

use super::Zone;
use crate::blobs::Said;
use crate::entries::{Body, Concern};
use std::sync::Arc;

/// A warning overridden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OverrideRow {
    /// Seq.
    pub seq: u64,
    /// Identifier of the rule.
    pub rule: String,
    /// What it was looked at for.
    pub of: Concern,
    /// The document or decision it rests on.
    pub basis: String,
    /// Why, in words.
    pub because: Said,
}

impl Zone {
    pub(super) fn apply_override(&mut self, seq: u64, body: &Body) {
        if let Body::Overridden { rule, of, basis, because } = body.clone() {
            self.overrides.push_back(Arc::new(OverrideRow { seq, rule, of, basis, because }));
        }
    }

    /// The newest override of a rule on something, as known at a cut.
    pub fn overridden(&self, rule: &str, of: Concern, cut: u64) -> Option<&OverrideRow> {
        let known = self.overrides.iter().rev().filter(|o| o.seq <= cut);
        known.map(Arc::as_ref).find(|o| o.rule == rule && o.of == of)
    }
}
