//! Every bound of reading and writing workbooks, by name.

use std::time::Duration;

/// Bytes of a workbook as sent.
pub const FILE_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Bytes of an old binary workbook (.xls), which has to be held whole.
pub const XLS_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Parts of a zip package.
pub const ENTRIES_MAX: usize = 2_000;
/// Bytes of a part's name.
pub const ENTRY_NAME_BYTES_MAX: usize = 255;
/// Inflated bytes of all parts together, as declared and as found.
pub const INFLATED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Inflated bytes of the shared strings.
pub const SHARED_STRINGS_BYTES_MAX: u64 = 48 * 1024 * 1024;
/// Inflated bytes of a small part: content types, relations, workbook, styles.
pub const SMALL_PART_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Inflated bytes per packed byte; counted for parts above [`RATIO_FREE_BYTES`].
pub const RATIO_MAX: u64 = 120;
/// Inflated bytes below which a part's ratio is of no interest.
pub const RATIO_FREE_BYTES: u64 = 1024 * 1024;
/// Bytes of one piece of markup (a tag, a text, a comment) inside a part.
pub const MARKUP_BYTES_MAX: u64 = 1024 * 1024;
/// Sheets of a workbook.
pub const SHEETS_MAX: usize = 200;
/// Rows of a sheet that may hold values.
pub const ROWS_MAX: u32 = 300_000;
/// Columns of a sheet that may hold values.
pub const COLUMNS_MAX: u32 = 1_024;
/// Cells with values in the whole workbook.
pub const CELLS_MAX: u64 = 4_000_000;
/// Characters of one cell: the bound of the file format.
pub const CELL_CHARS_MAX: usize = 32_767;
/// Merged areas of a sheet.
pub const MERGES_MAX: usize = 50_000;
/// Cell formats of a workbook.
pub const STYLES_MAX: usize = 65_536;
/// Bytes of one message from the worker.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// First rows of a sheet among which the header is sought.
pub const HEADER_ROWS_MAX: usize = 30;
/// Entries of each list of a preview beside its cells (unknown rows, warnings …).
pub const PREVIEW_LIST_MAX: usize = 2_000;
/// Characters of the name of a sheet: the bound of the file format.
pub const SHEET_NAME_CHARS_MAX: usize = 31;

/// What a worker may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Address space in bytes, on top of what the program itself maps at start.
    pub address_space_bytes: u64,
    /// Processor time in seconds.
    pub cpu_seconds: u64,
    /// Wall-clock time.
    pub wall: Duration,
}

impl Default for Limits {
    /// 256 MB, 30 s of processor, 60 s of wall clock.
    fn default() -> Self {
        Limits { address_space_bytes: 256 * 1024 * 1024, cpu_seconds: 30, wall: Duration::from_secs(60) }
    }
}
