//! Every bounded thing has its bound here, by name.

/// Characters of a name (unit, item, post, venue).
pub const NAME_CHARS_MAX: usize = 120;
/// Characters of a code.
pub const CODE_CHARS_MAX: usize = 40;
/// Characters of a short field text.
pub const FIELD_CHARS_MAX: usize = 300;
/// Characters of free words (reasons, feedback).
pub const WORDS_CHARS_MAX: usize = 4_000;
/// Characters of a speech or document text.
pub const SPEECH_CHARS_MAX: usize = 100_000;
/// Cells in one submission.
pub const SUBMISSION_CELLS_MAX: usize = 50_000;
/// Strands of a task.
pub const STRANDS_MAX: usize = 60;
/// Venues of a meeting.
pub const VENUES_MAX: usize = 200;
/// Agenda lines of a meeting.
pub const AGENDA_LINES_MAX: usize = 100;
/// Files handed over with one act.
pub const EVIDENCE_MAX: usize = 20;
/// Acts in one `All`.
pub const ACTS_MAX: usize = 5_000;
/// Characters of an idempotency key.
pub const KEY_CHARS_MAX: usize = 64;
/// Decimals a figure may have: 元 in 万元, with two to spare.
pub const FIGURE_DECIMALS_MAX: u32 = 6;
/// Characters of a circular above which a warning stands (special topic, comprehensive): domain rule B8.
pub const CIRCULAR_CHARS_WARN: [usize; 2] = [4_000, 5_000];
/// Bytes of one blueprint file.
pub const BLUEPRINT_FILE_BYTES_MAX: usize = 512 * 1024;
/// Files of a blueprint.
pub const BLUEPRINT_FILES_MAX: usize = 200;
/// Days that must pass before a strand is urged again, when the settings of the blueprint say nothing.
pub const URGE_EVERY_DAYS: u32 = 1;
/// Days of a time limit at most: about three years.
pub const LIMIT_DAYS_MAX: u32 = 1_100;
/// Days for which somebody may stand in for another, or enter in a leader's name, at one time.
pub const STAND_IN_DAYS_MAX: i64 = 366;
/// Tasks in one batch.
pub const TASK_BATCH_MAX: usize = 200;
/// Items that one task may name.
pub const TASK_ITEMS_MAX: usize = 100;
/// Minutes one agenda line may take: half a day.
pub const AGENDA_MINUTES_MAX: u16 = 240;
/// How the address of a venue in the zone's video system may begin.
pub const VENUE_LINK_SCHEMES: [&str; 4] = ["https://", "http://", "rtsp://", "sip:"];
/// Fewest characters of a name or duty word that may be found inside a text.
pub const WORD_CHARS_MIN: usize = 2;
/// Most characters that may stand before a unit's own name in a printed one: the name of its zone.
pub const PREFIX_CHARS_MAX: usize = 6;
/// Characters of a text cell when its column names no bound of its own.
pub const TEXT_CHARS_MAX: u32 = 2_000;
/// Seconds one agenda line may have used: a day.
pub const AGENDA_SECONDS_MAX: u32 = 86_400;
/// Things laid before a meeting.
pub const MATERIALS_MAX: usize = 200;
/// Characters of a phrase of the duty dictionary.
pub const PHRASE_CHARS_MAX: usize = 40;
/// Notices shown to one person at most.
pub const NOTICES_MAX: usize = 200;
/// Cells named with one cause of a change; the others are counted.
pub const CHANGED_CELLS_MAX: usize = 12;
