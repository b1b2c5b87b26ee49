//! Decisions on papers.

use super::Desk;
use crate::commands::Act;
use crate::refusals::Refusal;

impl Desk<'_> {
    pub(super) fn papers(&mut self, _act: &Act) -> Result<(), Refusal> {
        Err(Refusal::absent())
    }
}
