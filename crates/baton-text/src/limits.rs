//! Limits: every bound of this room, by name.

/// Longest addressee, in characters.
pub(crate) const ADDRESSEE_MAX: usize = 60;

/// Longest numbered sentence that only announces what its paragraph asks (三要优化服务。), in
/// characters behind its number.
pub(crate) const ANNOUNCEMENT_MAX: usize = 6;

/// Longest bracket behind a group, as in 各镇（街、办）.
pub(crate) const BRACKET_MAX: usize = 12;

/// Largest table for one line, in cells; longer lines are shown as replaced whole.
pub(crate) const CELLS_MAX: usize = 4_000_000;

/// Longest heading, in characters.
pub(crate) const HEADING_MAX: usize = 30;

/// Longest label at the start of a line, as 责任单位：, in characters.
pub(crate) const LABEL_MAX: usize = 9;

/// Longest name of an organisation, in characters.
pub(crate) const NAME_MAX: usize = 18;

/// Most owners suggested for one clause.
pub(crate) const OWNERS_MAX: usize = 4;

/// Longest item of an enumeration that counts as a part, in characters.
pub(crate) const PART_MAX: usize = 14;

/// Longest part that opens a view (要清醒看到，…), in characters.
pub(crate) const PERCEPTION_MAX: usize = 8;

/// Longest phrase behind 从 or 在 up to its 中, 上, 下, in characters.
pub(crate) const PHRASE_MAX: usize = 16;

/// Longest name of a place before its 县, 镇, 新区.
pub(crate) const PLACE_MAX: usize = 8;

/// Longest content of a bracket that can be a reading, in characters.
pub(crate) const READING_MAX: usize = 32;

/// Most characters that one bracket can be the reading of.
pub(crate) const READ_WORD_MAX: usize = 6;

/// Longest name of who reports a demand (他, 会议, a person's name), in characters.
pub(crate) const REPORTER_MAX: usize = 4;

/// Rounds of passes at most; two are usual, the second one to see that nothing is left.
pub(crate) const ROUNDS_MAX: usize = 12;

/// Longest stretch of shifted characters that is looked at.
pub(crate) const SHIFTED_MAX: usize = 24;

/// How much shorter than the full width a line may be that a page broke: an indent, a mark that may not begin a line.
pub(crate) const SLACK_COLUMNS: usize = 6;

/// Longest line that can be the title of a document, in characters.
pub(crate) const TITLE_LINE_MAX: usize = 60;

/// Longest title of a person, in characters.
pub(crate) const TITLE_MAX: usize = 40;

/// Longest subject before a modal that names nobody (招商引资要…).
pub(crate) const TOPIC_MAX: usize = 24;

/// Longest stretch of text read in the wrong encoding that is turned back at once, in characters.
pub(crate) const STRETCH_MAX: usize = 600;

/// Widths of a page in columns (a Chinese character takes two) at which lines may have been broken.
pub(crate) const WRAPPED_COLUMNS: std::ops::RangeInclusive<usize> = 30..=140;

/// Fewest lines broken at the full width that make a text a broken one.
pub(crate) const WRAPPED_LINES_MIN: usize = 2;
