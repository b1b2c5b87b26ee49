//! What stands in a foreign workbook: sheets, merged areas and rows of typed cells, as the worker hands them over.
//!
//! The worker writes [`Message`]s, each with its length before it; the parent reads them one by one, so
//! that neither ever holds the whole workbook.

use crate::limits::{CELL_CHARS_MAX, MERGES_MAX, MESSAGE_BYTES_MAX};
use crate::refused::Refused;
use std::io::{self, Read, Write};

/// What one cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RawValue<'a> {
    /// Nothing.
    Empty,
    /// A number, digit by digit as the file has it.
    Number(&'a str),
    /// A fraction shown as per cent: `0.125` shown as 12.5 %.
    Percent(&'a str),
    /// Words.
    Text(&'a str),
    /// Yes or no.
    Bool(bool),
    /// Serial number of a day in the 1900 system, shown as a date.
    DateSerial(&'a str),
    /// A formula's error: `#DIV/0!`.
    Error(&'a str),
    /// A formula saved without its result.
    FormulaWithoutValue,
}

impl RawValue<'_> {
    /// Whether there is nothing to see in it.
    pub fn is_blank(&self) -> bool {
        match self {
            RawValue::Empty => true,
            RawValue::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    col: u32,
    kind: u8,
    from: u32,
    to: u32,
}

const KINDS: u8 = 9;

/// One row: its cells from left to right, empty ones left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRow {
    /// Zero-based row.
    pub row: u32,
    /// Whether it is hidden.
    pub hidden: bool,
    text: String,
    pieces: Vec<Piece>,
}

impl RawRow {
    /// An empty row.
    pub fn new(row: u32, hidden: bool) -> RawRow {
        RawRow { row, hidden, ..RawRow::default() }
    }

    /// Empties the row for use again.
    pub fn reset(&mut self, row: u32, hidden: bool) {
        self.row = row;
        self.hidden = hidden;
        self.text.clear();
        self.pieces.clear();
    }

    /// Adds a cell at the right.
    pub fn push(&mut self, col: u32, value: RawValue<'_>) {
        let (kind, text) = match value {
            RawValue::Empty => return,
            RawValue::Number(t) => (1, t),
            RawValue::Text(t) => (2, t),
            RawValue::Bool(false) => (3, ""),
            RawValue::Bool(true) => (4, ""),
            RawValue::DateSerial(t) => (5, t),
            RawValue::Error(t) => (6, t),
            RawValue::FormulaWithoutValue => (7, ""),
            RawValue::Percent(t) => (8, t),
        };
        let from = self.text.len() as u32;
        self.text.push_str(text);
        self.pieces.push(Piece { col, kind, from, to: self.text.len() as u32 });
    }

    /// Number of cells that hold something.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The cells from left to right: zero-based column and value.
    pub fn cells(&self) -> impl Iterator<Item = (u32, RawValue<'_>)> {
        self.pieces.iter().map(|piece| (piece.col, self.value(piece)))
    }

    /// The value at a column.
    pub fn at(&self, col: u32) -> RawValue<'_> {
        match self.pieces.binary_search_by_key(&col, |piece| piece.col) {
            Ok(i) => self.value(&self.pieces[i]),
            Err(_) => RawValue::Empty,
        }
    }

    fn value(&self, piece: &Piece) -> RawValue<'_> {
        let text = self.text.get(piece.from as usize..piece.to as usize).unwrap_or("");
        match piece.kind {
            1 => RawValue::Number(text),
            2 => RawValue::Text(text),
            3 => RawValue::Bool(false),
            4 => RawValue::Bool(true),
            5 => RawValue::DateSerial(text),
            6 => RawValue::Error(text),
            7 => RawValue::FormulaWithoutValue,
            8 => RawValue::Percent(text),
            _ => RawValue::Empty,
        }
    }
}

/// A rectangle of merged cells, zero-based and inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
}

impl Area {
    /// Whether a cell lies in it.
    pub fn holds(&self, row: u32, col: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&col)
    }
}

/// A sheet held whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawSheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Merged areas in order.
    pub merged: Vec<Area>,
    /// Rows with values, from the top.
    pub rows: Vec<RawRow>,
}

/// A workbook held whole, for those that are small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawBook {
    /// Its sheets; the mark sheet of our own template first.
    pub sheets: Vec<RawSheet>,
    /// Whether it holds links to other workbooks; they are never followed.
    pub external_links: bool,
}

impl RawBook {
    /// Its messages, as the worker would hand them over.
    pub fn messages(&self) -> impl Iterator<Item = Message> + '_ {
        let links = self.external_links.then_some(Message::ExternalLinks);
        let sheets = self.sheets.iter().flat_map(|sheet| {
            [Message::Sheet { name: sheet.name.clone(), hidden: sheet.hidden }, Message::Merged(sheet.merged.clone())]
                .into_iter()
                .chain(sheet.rows.iter().cloned().map(Message::Row))
        });
        links.into_iter().chain(sheets).chain([Message::End { peak_bytes: 0 }])
    }
}

/// One message of the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A sheet begins.
    Sheet {
        /// Its name.
        name: String,
        /// Whether it is hidden.
        hidden: bool,
    },
    /// Its merged areas, in order; before its rows.
    Merged(Vec<Area>),
    /// One of its rows, from the top.
    Row(RawRow),
    /// The workbook links to others.
    ExternalLinks,
    /// All was read.
    End {
        /// Most memory the reader held, in bytes; 0 when unknown.
        peak_bytes: u64,
    },
    /// Nothing more will come, and why.
    Refused(Refused),
}

impl Message {
    /// Writes it with its length before it. `buffer` is scratch space.
    pub fn write(&self, out: &mut impl Write, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        buffer.extend_from_slice(&[0; 4]);
        match self {
            Message::Sheet { name, hidden } => {
                buffer.push(b'S');
                buffer.push(u8::from(*hidden));
                buffer.extend_from_slice(name.as_bytes());
            }
            Message::Merged(areas) => {
                buffer.push(b'M');
                for area in areas {
                    for n in [area.top, area.left, area.bottom, area.right] {
                        buffer.extend_from_slice(&n.to_le_bytes());
                    }
                }
            }
            Message::Row(row) => {
                put_row(row, buffer);
            }
            Message::ExternalLinks => buffer.push(b'L'),
            Message::End { peak_bytes } => {
                buffer.push(b'E');
                buffer.extend_from_slice(&peak_bytes.to_le_bytes());
            }
            Message::Refused(refused) => {
                buffer.push(b'X');
                serde_json::to_writer(&mut *buffer, refused)?;
            }
        }
        seal(out, buffer)
    }

    /// Reads the next message.
    ///
    /// Errors: the stream ends or holds what no worker writes.
    pub fn read(from: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<Message> {
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length) as usize;
        if length == 0 || length > MESSAGE_BYTES_MAX {
            return Err(odd());
        }
        buffer.resize(length, 0);
        from.read_exact(buffer)?;
        let body = &buffer[1..];
        Ok(match buffer[0] {
            b'S' => {
                let (&hidden, name) = body.split_first().ok_or_else(odd)?;
                Message::Sheet { name: text(name)?.to_owned(), hidden: hidden == 1 }
            }
            b'M' => {
                if body.len() % 16 != 0 || body.len() / 16 > MERGES_MAX {
                    return Err(odd());
                }
                let word =
                    |chunk: &[u8], i: usize| u32::from_le_bytes([chunk[i], chunk[i + 1], chunk[i + 2], chunk[i + 3]]);
                Message::Merged(
                    body.chunks_exact(16)
                        .map(|c| Area { top: word(c, 0), left: word(c, 4), bottom: word(c, 8), right: word(c, 12) })
                        .collect(),
                )
            }
            b'R' => Message::Row(get_row(body)?),
            b'L' => Message::ExternalLinks,
            b'E' => Message::End { peak_bytes: u64::from_le_bytes(body.try_into().map_err(|_| odd())?) },
            b'X' => Message::Refused(serde_json::from_slice(body)?),
            _ => return Err(odd()),
        })
    }
}

/// Writes a row as a message without making one.
pub(crate) fn write_row(row: &RawRow, out: &mut impl Write, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    buffer.extend_from_slice(&[0; 4]);
    put_row(row, buffer);
    seal(out, buffer)
}

fn seal(out: &mut impl Write, buffer: &mut [u8]) -> io::Result<()> {
    let length = buffer.len() - 4;
    if length > MESSAGE_BYTES_MAX {
        return Err(odd());
    }
    buffer[..4].copy_from_slice(&(length as u32).to_le_bytes());
    out.write_all(buffer)
}

fn put_row(row: &RawRow, buffer: &mut Vec<u8>) {
    buffer.push(b'R');
    buffer.extend_from_slice(&row.row.to_le_bytes());
    buffer.push(u8::from(row.hidden));
    buffer.extend_from_slice(&(row.pieces.len() as u32).to_le_bytes());
    for piece in &row.pieces {
        buffer.extend_from_slice(&(piece.col as u16).to_le_bytes());
        buffer.push(piece.kind);
        buffer.extend_from_slice(&(piece.to - piece.from).to_le_bytes());
    }
    buffer.extend_from_slice(row.text.as_bytes());
}

fn get_row(body: &[u8]) -> io::Result<RawRow> {
    let word = |i: usize| -> io::Result<u32> {
        let four = body.get(i..i + 4).ok_or_else(odd)?;
        Ok(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    };
    let mut row = RawRow::new(word(0)?, *body.get(4).ok_or_else(odd)? == 1);
    let count = word(5)? as usize;
    let text_at = count.checked_mul(7).and_then(|n| n.checked_add(9)).filter(|at| *at <= body.len()).ok_or_else(odd)?;
    row.text.push_str(text(&body[text_at..])?);
    row.pieces.reserve_exact(count);
    let (mut from, mut before) = (0u32, None);
    for piece in body[9..text_at].chunks_exact(7) {
        let col = u32::from(u16::from_le_bytes([piece[0], piece[1]]));
        let length = u32::from_le_bytes([piece[3], piece[4], piece[5], piece[6]]);
        let to = from.checked_add(length).ok_or_else(odd)?;
        let whole = row.text.is_char_boundary(to as usize) && length as usize <= CELL_CHARS_MAX * 4;
        if !whole || piece[2] == 0 || piece[2] >= KINDS || before.is_some_and(|b| b >= col) {
            return Err(odd());
        }
        row.pieces.push(Piece { col, kind: piece[2], from, to });
        (from, before) = (to, Some(col));
    }
    Ok(row)
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| odd())
}

fn odd() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "no message of the worker")
}
