//! Workbooks ↔ kernel types: the fill-in workbook and table exports out, guarded reading of foreign files in.
//!
//! Out: [`fill_in`], [`refill`], [`table`]. In: bytes of unknown origin are touched only by a child process
//! ([`worker_main`], [`rows_in_worker`]), which guards, reads and hands over rows; [`read`] and its kin weigh
//! them against the form and make a [`Preview`]. Nothing enters anywhere from here.

pub mod book;
mod compound;
pub mod fill;
pub mod guard;
mod guidance;
mod header;
pub mod layout;
pub mod limits;
pub mod mark;
mod mistakes;
pub mod preview;
pub mod read;
pub mod refused;
pub mod table;
pub mod worker;
mod write;
mod xls;
mod xlsx;
mod xml;

pub use book::{Message, RawBook, RawRow, RawSheet, RawValue};
pub use fill::{fill_in, refill};
pub use limits::Limits;
pub use mark::{FormMark, identify};
pub use preview::{CellRefusal, Counts, Place, Preview, PreviewCell, State};
pub use read::{read, read_stream, read_with};
pub use refused::Refused;
pub use table::{HeadCell, RowKind, SheetCell, SheetColumn, SheetRow, SheetTable, table};
pub use worker::{Rows, collect, parse_here, parse_in_worker, rows_in_worker, stream, worker_main};
