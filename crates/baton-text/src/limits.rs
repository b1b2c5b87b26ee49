//! Limits: every bound of this room, by name.

/// Longest addressee, in characters.
pub(crate) const ADDRESSEE_MAX: usize = 60;

/// Longest bracket behind a group, as in 各镇（街、办）.
pub(crate) const BRACKET_MAX: usize = 12;

/// Largest table for one line, in cells; longer lines are shown as replaced whole.
pub(crate) const CELLS_MAX: usize = 4_000_000;

/// Longest heading, in characters.
pub(crate) const HEADING_MAX: usize = 30;

/// Longest name of an organisation, in characters.
pub(crate) const NAME_MAX: usize = 18;

/// Most owners suggested for one clause.
pub(crate) const OWNERS_MAX: usize = 4;

/// Longest item of an enumeration that counts as a part, in characters.
pub(crate) const PART_MAX: usize = 14;

/// Longest name of a place before its 县, 镇, 新区.
pub(crate) const PLACE_MAX: usize = 8;

/// Longest content of a bracket that can be a reading, in characters.
pub(crate) const READING_MAX: usize = 32;

/// Most characters that one bracket can be the reading of.
pub(crate) const READ_WORD_MAX: usize = 6;

/// Rounds of passes at most; two are usual, the second one to see that nothing is left.
pub(crate) const ROUNDS_MAX: usize = 12;

/// Longest stretch of shifted characters that is looked at.
pub(crate) const SHIFTED_MAX: usize = 24;

/// Longest title, in characters.
pub(crate) const TITLE_MAX: usize = 40;

/// Longest subject before a modal that names nobody (招商引资要…).
pub(crate) const TOPIC_MAX: usize = 24;
