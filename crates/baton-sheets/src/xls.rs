//! Reading the binary workbook of 1997–2003 (BIFF8): values, number formats, hidden rows and merged areas.
//!
//! The workbook's stream is held whole; cells are held packed and handed over row by row. Records are
//! laid out as in MS-XLS; whatever is not needed is passed over by its length.

use crate::book::{Area, Message, RawRow, RawValue, write_row};
use crate::compound::Compound;
use crate::guard;
use crate::layout::MARK_SHEET;
use crate::limits::{CELL_CHARS_MAX, CELLS_MAX, MERGES_MAX, SHEETS_MAX, STYLES_MAX, XLS_BYTES_MAX};
use crate::refused::Refused;
use crate::xlsx::{Shown, send, serial_1900, shown, too_many_cells};
use crate::xml::refused_in;
use baton_methods::Words;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};

fn cut(what: &str) -> Refused {
    Refused::malformed(format!("xls: {what}"))
}

/// One record with its continuations.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// The records of a stream from `at`.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn one(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        let data = self.stream.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.one()?;
        let mut more = Vec::new();
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            more.push(self.one()?.1);
        }
        Some(Record { kind, data, more })
    }
}

const CONTINUE: u16 = 0x003c;
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// Bytes that may run over into continuations.
struct Run<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Run<'a> {
    fn new(record: &Record<'a>) -> Run<'a> {
        let mut pieces = vec![record.data];
        pieces.extend(&record.more);
        Run { pieces, piece: 0, at: 0 }
    }

    fn left(&self) -> usize {
        self.pieces.get(self.piece).map_or(0, |p| p.len() - self.at)
    }

    /// Goes on to the next piece when this one is used up.
    fn turn(&mut self) -> bool {
        let mut turned = false;
        while self.piece < self.pieces.len() && self.left() == 0 {
            self.piece += 1;
            self.at = 0;
            turned = true;
        }
        turned
    }

    fn byte(&mut self) -> Option<u8> {
        self.turn();
        let byte = *self.pieces.get(self.piece)?.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn long(&mut self) -> Option<u32> {
        Some(u32::from(self.word()?) | u32::from(self.word()?) << 16)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            self.turn();
            let step = self.left().min(bytes);
            if step == 0 {
                return None;
            }
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// `count` characters; where they run over, a new byte says whether they are wide.
    fn chars(&mut self, count: usize, mut wide: bool) -> Option<String> {
        let mut units: Vec<u16> = Vec::with_capacity(count.min(CELL_CHARS_MAX));
        while units.len() < count {
            if self.turn() && !units.is_empty() {
                wide = self.byte()? & 1 == 1;
            }
            units.push(if wide { self.word()? } else { u16::from(self.byte()?) });
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// A text with its count and flags before it, runs and phonetics behind it.
    fn text(&mut self) -> Option<String> {
        let count = usize::from(self.word()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.word()?) } else { 0 };
        let extra = if flags & 4 != 0 { self.long()? as usize } else { 0 };
        let text = self.chars(count, flags & 1 == 1)?;
        self.skip(runs * 4)?;
        self.skip(extra)?;
        Some(text)
    }
}

#[derive(Clone, Copy)]
enum Packed {
    Number(f64, Shown),
    Shared(u32),
    Own(u32),
    Bool(bool),
    Error(u8),
}

struct SheetAt {
    name: String,
    hidden: bool,
    at: usize,
}

/// Reads the whole workbook and writes its messages to `out`, without [`Message::End`].
///
/// Errors: encrypted, older than 1997, past a bound, damaged.
pub(crate) fn stream(file: &mut impl Read, out: &mut impl Write) -> Result<(), Refused> {
    let mut bytes = Vec::new();
    file.take(XLS_BYTES_MAX).read_to_end(&mut bytes).map_err(|e| refused_in("xls", &e))?;
    let compound = Compound::open(&bytes)?;
    if !compound.has("Workbook") {
        return Err(Refused::new(
            "file.too_old",
            Words::new("1997 年以前的旧版工作簿", "a workbook from before 1997"),
            Words::new(
                "用 WPS 或 Excel 打开后另存为 .xlsx 再上传",
                "open it in an office program, save it as .xlsx and send that",
            ),
        ));
    }
    let stream = compound.stream("Workbook")?;
    drop(compound);
    drop(bytes);
    let mut strings: Vec<String> = Vec::new();
    let mut codes: BTreeMap<u16, String> = BTreeMap::new();
    let mut formats: Vec<u16> = Vec::new();
    let mut sheets: Vec<SheetAt> = Vec::new();
    let mut since_1904 = false;
    let mut ended = false;
    for record in (Records { stream: &stream, at: 0 }) {
        let data = record.data;
        match record.kind {
            0x002f => return Err(guard::encrypted()),
            BOF if u16_at(data, 0) != Some(0x0600) => return Err(cut("version")),
            0x0022 => since_1904 = u16_at(data, 0) == Some(1),
            0x041e => {
                let mut run = Run::new(&record);
                let id = run.word().ok_or_else(|| cut("format"))?;
                codes.insert(id, run.text().ok_or_else(|| cut("format"))?);
            }
            0x00e0 => {
                if formats.len() >= STYLES_MAX {
                    return Err(cut("formats"));
                }
                formats.push(u16_at(data, 2).ok_or_else(|| cut("cell format"))?);
            }
            0x0085 => {
                let at = u32_at(data, 0).ok_or_else(|| cut("sheet"))? as usize;
                let (state, kind) = (data.get(4).copied().unwrap_or(0), data.get(5).copied().unwrap_or(0));
                let mut run = Run::new(&record);
                run.skip(6).ok_or_else(|| cut("sheet"))?;
                let count = usize::from(run.byte().ok_or_else(|| cut("sheet"))?);
                let wide = run.byte().ok_or_else(|| cut("sheet"))? & 1 == 1;
                let name = run.chars(count, wide).ok_or_else(|| cut("sheet"))?;
                if sheets.len() >= SHEETS_MAX {
                    return Err(Refused::too_big(
                        "file.too_many_sheets",
                        format!("工作表超过 {SHEETS_MAX} 张"),
                        format!("more than {SHEETS_MAX} sheets"),
                    ));
                }
                if kind == 0 {
                    sheets.push(SheetAt { name, hidden: state & 3 != 0, at });
                }
            }
            0x00fc => {
                let mut run = Run::new(&record);
                run.long().ok_or_else(|| cut("texts"))?;
                let count = run.long().ok_or_else(|| cut("texts"))?;
                for _ in 0..count {
                    strings.push(run.text().ok_or_else(|| cut("texts"))?);
                }
            }
            EOF => {
                ended = true;
                break;
            }
            _ => {}
        }
    }
    if !ended || sheets.is_empty() {
        return Err(cut("ends too early"));
    }
    let shown: Vec<Shown> = formats.iter().map(|id| shown(u32::from(*id), codes.get(id).map(String::as_str))).collect();
    sheets.sort_by_key(|sheet| sheet.name != MARK_SHEET);
    let mut buffer = Vec::new();
    let mut cells_left = CELLS_MAX;
    for sheet in &sheets {
        send(&Message::Sheet { name: sheet.name.clone(), hidden: sheet.hidden }, out, &mut buffer)?;
        let mut whole = read_sheet(&stream, sheet, &shown, &mut cells_left)?;
        if !whole.merged.is_empty() {
            whole.merged.sort_unstable();
            send(&Message::Merged(std::mem::take(&mut whole.merged)), out, &mut buffer)?;
        }
        hand_over(&whole, &strings, since_1904, out, &mut buffer)?;
    }
    Ok(())
}

#[derive(Default)]
struct Cells {
    cells: Vec<(u16, u16, Packed)>,
    own: Vec<String>,
    hidden: BTreeSet<u16>,
    merged: Vec<Area>,
}

fn read_sheet(stream: &[u8], sheet: &SheetAt, shown: &[Shown], cells_left: &mut u64) -> Result<Cells, Refused> {
    let mut whole = Cells::default();
    let (mut depth, mut ended) = (0u32, false);
    let mut waits: Option<(u16, u16)> = None;
    let short = || cut(&sheet.name);
    for record in (Records { stream, at: sheet.at }) {
        let data = record.data;
        match record.kind {
            BOF => {
                depth += 1;
                continue;
            }
            EOF => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    ended = true;
                    break;
                }
                continue;
            }
            // Charts within the sheet hold records that look like cells.
            _ if depth != 1 => continue,
            _ => {}
        }
        let place = || Some((u16_at(data, 0)?, u16_at(data, 2)?));
        let look =
            |at: usize| u16_at(data, at).and_then(|i| shown.get(usize::from(i)).copied()).unwrap_or(Shown::Plain);
        let before = whole.cells.len();
        match record.kind {
            0x0203 => {
                let ((r, c), n) = (place().ok_or_else(short)?, f64_at(data, 6).ok_or_else(short)?);
                whole.cells.push((r, c, Packed::Number(n, look(4))));
            }
            0x027e => {
                let ((r, c), rk) = (place().ok_or_else(short)?, u32_at(data, 6).ok_or_else(short)?);
                whole.cells.push((r, c, Packed::Number(packed_number(rk), look(4))));
            }
            0x00bd => {
                let (r, first) = place().ok_or_else(short)?;
                let count = data.len().saturating_sub(6) / 6;
                for i in 0..count {
                    let rk = u32_at(data, 4 + 6 * i + 2).ok_or_else(short)?;
                    let col = first.checked_add(i as u16).ok_or_else(short)?;
                    whole.cells.push((r, col, Packed::Number(packed_number(rk), look(4 + 6 * i))));
                }
            }
            0x00fd => {
                let ((r, c), i) = (place().ok_or_else(short)?, u32_at(data, 6).ok_or_else(short)?);
                whole.cells.push((r, c, Packed::Shared(i)));
            }
            0x0204 | 0x00d6 => {
                let (r, c) = place().ok_or_else(short)?;
                let mut run = Run::new(&record);
                run.skip(6).ok_or_else(short)?;
                let count = usize::from(run.word().ok_or_else(short)?);
                let wide = run.byte().ok_or_else(short)? & 1 == 1;
                let text = run.chars(count, wide).ok_or_else(short)?;
                whole.cells.push((r, c, Packed::Own(whole.own.len() as u32)));
                whole.own.push(text);
            }
            0x0205 => {
                let (r, c) = place().ok_or_else(short)?;
                let (value, error) = (data.get(6).copied().unwrap_or(0), data.get(7).copied().unwrap_or(0));
                whole.cells.push((r, c, if error == 1 { Packed::Error(value) } else { Packed::Bool(value != 0) }));
            }
            0x0006 => {
                let (r, c) = place().ok_or_else(short)?;
                waits = None;
                if u16_at(data, 12) == Some(0xffff) {
                    match data.get(6) {
                        Some(0) => waits = Some((r, c)),
                        Some(1) => whole.cells.push((r, c, Packed::Bool(data.get(8).is_some_and(|b| *b != 0)))),
                        Some(2) => whole.cells.push((r, c, Packed::Error(data.get(8).copied().unwrap_or(0)))),
                        _ => {}
                    }
                } else {
                    whole.cells.push((r, c, Packed::Number(f64_at(data, 6).ok_or_else(short)?, look(4))));
                }
            }
            0x0207 => {
                if let Some((r, c)) = waits.take() {
                    let text = Run::new(&record).text().ok_or_else(short)?;
                    whole.cells.push((r, c, Packed::Own(whole.own.len() as u32)));
                    whole.own.push(text);
                }
            }
            0x0208 => {
                if u32_at(data, 12).is_some_and(|flags| flags & 0x20 != 0) {
                    whole.hidden.insert(u16_at(data, 0).ok_or_else(short)?);
                }
            }
            0x00e5 => {
                let count = usize::from(u16_at(data, 0).ok_or_else(short)?);
                for i in 0..count {
                    let at = |k: usize| u16_at(data, 2 + 8 * i + 2 * k).map(u32::from);
                    let (Some(top), Some(bottom), Some(left), Some(right)) = (at(0), at(1), at(2), at(3)) else {
                        break;
                    };
                    if whole.merged.len() < MERGES_MAX && top <= bottom && left <= right {
                        whole.merged.push(Area { top, left, bottom, right });
                    }
                }
            }
            _ => {}
        }
        let added = (whole.cells.len() - before) as u64;
        *cells_left = cells_left.checked_sub(added).ok_or_else(too_many_cells)?;
    }
    if !ended {
        return Err(cut(&format!("{} ends too early", sheet.name)));
    }
    Ok(whole)
}

/// A number packed into 30 bits: an integer or the upper part of a float, perhaps times 100.
fn packed_number(rk: u32) -> f64 {
    let value = if rk & 2 != 0 { f64::from((rk as i32) >> 2) } else { f64::from_bits(u64::from(rk & !3) << 32) };
    if rk & 1 != 0 { value / 100.0 } else { value }
}

fn hand_over(
    whole: &Cells,
    strings: &[String],
    since_1904: bool,
    out: &mut impl Write,
    buffer: &mut Vec<u8>,
) -> Result<(), Refused> {
    let mut order: Vec<u32> = (0..whole.cells.len() as u32).collect();
    // Stable: of two records for one cell the later one counts, as office programs have it.
    order.sort_by_key(|i| {
        let (r, c, _) = whole.cells[*i as usize];
        (r, c)
    });
    let mut row = RawRow::default();
    let mut i = 0;
    while i < order.len() {
        let (r, c, mut value) = whole.cells[order[i] as usize];
        while i + 1 < order.len()
            && (whole.cells[order[i + 1] as usize].0, whole.cells[order[i + 1] as usize].1) == (r, c)
        {
            i += 1;
            value = whole.cells[order[i] as usize].2;
        }
        if !row.is_empty() && row.row != u32::from(r) {
            write_row(&row, out, buffer).map_err(|e| refused_in("pipe", &e))?;
            row.reset(u32::from(r), whole.hidden.contains(&r));
        }
        if row.is_empty() {
            row.reset(u32::from(r), whole.hidden.contains(&r));
        }
        let col = u32::from(c);
        match value {
            Packed::Number(n, look) if n.is_finite() => {
                let text = n.to_string();
                let serial;
                let value = match look {
                    Shown::Plain => RawValue::Number(&text),
                    Shown::Percent => RawValue::Percent(&text),
                    Shown::Date => {
                        serial = serial_1900(n, &text, since_1904);
                        RawValue::DateSerial(&serial)
                    }
                };
                row.push(col, value);
            }
            Packed::Number(..) => row.push(col, RawValue::Error("#NUM!")),
            Packed::Shared(s) => {
                let text =
                    strings.get(s as usize).ok_or_else(|| cut("a cell names a shared text that is not there"))?;
                if !text.trim().is_empty() {
                    row.push(col, RawValue::Text(text));
                }
            }
            Packed::Own(s) => {
                if let Some(text) = whole.own.get(s as usize).filter(|t| !t.trim().is_empty()) {
                    row.push(col, RawValue::Text(text));
                }
            }
            Packed::Bool(yes) => row.push(col, RawValue::Bool(yes)),
            Packed::Error(code) => row.push(
                col,
                RawValue::Error(match code {
                    0x00 => "#NULL!",
                    0x07 => "#DIV/0!",
                    0x0f => "#VALUE!",
                    0x17 => "#REF!",
                    0x1d => "#NAME?",
                    0x24 => "#NUM!",
                    _ => "#N/A",
                }),
            ),
        }
        i += 1;
    }
    if !row.is_empty() {
        write_row(&row, out, buffer).map_err(|e| refused_in("pipe", &e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers_are_read_in_all_four_forms() {
        assert_eq!(packed_number(0x3ff0_0000), 1.0);
        assert_eq!(packed_number(0x3ff0_0001), 0.01);
        assert_eq!(packed_number(0x0000_3032), 3084.0);
        assert_eq!(packed_number(((-5i32 as u32) << 2) | 2), -5.0);
        assert_eq!(packed_number((12345u32 << 2) | 3), 123.45);
    }

    #[test]
    fn a_text_that_runs_over_says_anew_whether_it_is_wide() {
        let first = [4u8, 0, 0, b'a', b'b'];
        let second = [1u8, 0x2d, 0x4e, 0x87, 0x65];
        let record = Record { kind: 0xfc, data: &first, more: vec![&second] };
        assert_eq!(Run::new(&record).text().as_deref(), Some("ab中文"));
    }
}
