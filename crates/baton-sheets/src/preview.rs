//! The preview: what a filled workbook would change, cell by cell, and what is wrong with it.

use crate::layout::address;
use baton_kernel::form::CellValue;
use baton_methods::Words;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// A cell of the file that was sent, written `Sheet!C7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Name of the sheet.
    pub sheet: Arc<str>,
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}", self.sheet, address(self.row, self.col))
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let odd = || serde::de::Error::custom(format!("不是单元格位置 / not a cell: {text}"));
        let (sheet, cell) = text.rsplit_once('!').ok_or_else(odd)?;
        let split = cell.find(|c: char| c.is_ascii_digit()).ok_or_else(odd)?;
        let mut col = 0u32;
        for b in cell[..split].bytes() {
            if !b.is_ascii_uppercase() {
                return Err(odd());
            }
            col = col.saturating_mul(26).saturating_add(u32::from(b - b'A') + 1);
        }
        let row: u32 = cell[split..].parse().map_err(|_| odd())?;
        let (Some(row), Some(col)) = (row.checked_sub(1), col.checked_sub(1)) else { return Err(odd()) };
        Ok(Place { sheet: sheet.into(), row, col })
    }
}

/// Why a cell was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellRefusal {
    /// Stable code, e.g. `cell.above_max`, `number.range`, `check.parts`.
    pub code: String,
    /// Title of the column.
    pub title: String,
    /// The rule that is broken.
    pub rule: Words,
    /// What to do.
    pub hint: Words,
}

/// What would become of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was given before.
    New,
    /// Another value was given before.
    Changed,
    /// The same value was given before.
    Same,
    /// Someone gave another value since the workbook was made.
    Conflict {
        /// Theirs.
        theirs: Option<CellValue>,
    },
    /// It cannot enter.
    Refused(Box<CellRefusal>),
}

/// One cell that was filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewCell {
    /// Key of the kind.
    pub block: Arc<str>,
    /// Opaque identity of the row.
    pub subject: Arc<str>,
    /// Key of the column.
    pub column: Arc<str>,
    /// Where it stands in the file that was sent.
    pub at: Place,
    /// The value given before.
    pub before: Option<CellValue>,
    /// Seq of the version the user saw when the workbook was made; 0 for an empty cell.
    pub version: u64,
    /// What was typed.
    pub typed: String,
    /// What was understood.
    pub value: Option<CellValue>,
    /// What would become of it.
    pub state: State,
}

/// A column of the sheet that is not of the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownColumn {
    /// Its title's cell.
    pub at: Place,
    /// Its title.
    pub title: String,
}

/// A column of the form that the sheet lacks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MissingColumn {
    /// Name of the sheet.
    pub sheet: String,
    /// Key of the kind.
    pub block: String,
    /// Key of the column.
    pub column: String,
    /// Its title.
    pub title: String,
}

/// A row with values that could not be told, or not for certain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownRow {
    /// Its first key cell.
    pub at: Place,
    /// Code as it stands there.
    pub code: String,
    /// Name as it stands there.
    pub name: String,
    /// Stable code, e.g. `row.unknown`.
    pub reason: String,
    /// Why it was not read.
    pub why: Words,
}

/// A row of the form that the workbook lacks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MissingRow {
    /// Key of the kind.
    pub block: String,
    /// Opaque identity.
    pub subject: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A required cell that is empty in the workbook and was not given before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MissingCell {
    /// Key of the kind.
    pub block: String,
    /// Opaque identity of the row.
    pub subject: String,
    /// Key of the column.
    pub column: String,
    /// Its title.
    pub title: String,
    /// The empty cell.
    pub at: Place,
}

/// Something about the whole workbook or a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code, e.g. `book.wrong_period`.
    pub code: String,
    /// Whether nothing of the workbook can enter because of it.
    pub blocking: bool,
    /// What is wrong and the way out.
    pub words: Words,
}

/// Something to look at, though it may enter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// The cell.
    pub at: Place,
    /// Stable code, e.g. `warn.factor_10000`.
    pub code: String,
    /// What to look at.
    pub words: Words,
}

/// How many cells of each state, and what else was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Newly given.
    pub new: u64,
    /// Changed.
    pub changed: u64,
    /// Same as before.
    pub same: u64,
    /// Changed by someone else meanwhile.
    pub conflict: u64,
    /// Refused.
    pub refused: u64,
    /// Required, yet empty and never given.
    pub missing: u64,
    /// Rows that were matched.
    pub rows: u64,
    /// Rows with values that were not matched.
    pub unknown_rows: u64,
    /// Warnings.
    pub warnings: u64,
}

/// What a workbook would change. Lists beside the cells are cut at `limits::PREVIEW_LIST_MAX`; the
/// counts are whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// Cells that were filled in, by sheet and row.
    pub cells: Vec<PreviewCell>,
    /// Columns that are not of the form; not read.
    pub unknown_columns: Vec<UnknownColumn>,
    /// Columns of the form that a sheet lacks.
    pub missing_columns: Vec<MissingColumn>,
    /// Rows that were not read, and why.
    pub unknown_rows: Vec<UnknownRow>,
    /// Rows of the form that did not come.
    pub missing_rows: Vec<MissingRow>,
    /// Required cells that stayed empty.
    pub missing_cells: Vec<MissingCell>,
    /// Problems of the workbook and its sheets.
    pub problems: Vec<Problem>,
    /// Things to look at.
    pub warnings: Vec<Warning>,
    /// Counts.
    pub counts: Counts,
}

impl Preview {
    /// Whether nothing of the workbook can enter.
    pub fn blocked(&self) -> bool {
        self.problems.iter().any(|p| p.blocking)
    }

    /// Cells that were refused, in order.
    pub fn refused(&self) -> impl Iterator<Item = (&PreviewCell, &CellRefusal)> {
        self.cells.iter().filter_map(|cell| match &cell.state {
            State::Refused(refusal) => Some((cell, refusal.as_ref())),
            _ => None,
        })
    }

    /// Cells that would enter: new and changed ones.
    pub fn entering(&self) -> impl Iterator<Item = &PreviewCell> {
        self.cells.iter().filter(|cell| matches!(cell.state, State::New | State::Changed))
    }
}
