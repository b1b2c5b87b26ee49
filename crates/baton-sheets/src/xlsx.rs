//! Reading an Office Open XML workbook as a stream: shared strings and styles first, then each sheet row by row.
//!
//! Only the shared strings and the cell formats are held; whatever a sheet claims about its own size is
//! ignored, so that nothing is reserved for cells that are not there.

use crate::book::{Area, Message, RawRow, RawValue, write_row};
use crate::guard;
use crate::layout::{MARK_SHEET, address};
use crate::limits::{
    CELL_CHARS_MAX, CELLS_MAX, COLUMNS_MAX, MERGES_MAX, ROWS_MAX, SHARED_STRINGS_BYTES_MAX, SHEETS_MAX,
    SMALL_PART_BYTES_MAX, STYLES_MAX,
};
use crate::refused::Refused;
use crate::xml::{Markup, attribute, part, push_reference, refused_in, says_yes};
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};
use zip::ZipArchive;

/// How a cell's number is shown, as far as it changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As a number.
    Plain,
    /// As a date or time of day.
    Date,
    /// As per cent.
    Percent,
}

/// How a number format shows numbers; `code` is its text, if it has one.
pub(crate) fn shown(id: u32, code: Option<&str>) -> Shown {
    match code {
        None => match id {
            9 | 10 => Shown::Percent,
            14..=22 | 27..=36 | 45..=47 | 50..=58 => Shown::Date,
            _ => Shown::Plain,
        },
        Some(code) => {
            let (mut quoted, mut bracket, mut skip) = (false, false, false);
            let mut shown = Shown::Plain;
            let mut previous = ' ';
            for c in code.chars() {
                if skip {
                    skip = false;
                    continue;
                }
                match c {
                    '"' => quoted = !quoted,
                    _ if quoted => {}
                    '\\' | '_' | '*' => skip = true,
                    '[' => bracket = true,
                    ']' => bracket = false,
                    // [h] counts hours; [Red], [$-804] and [DBNum1] are no dates.
                    'h' | 'H' | 'm' | 'M' | 's' | 'S' if bracket && previous == '[' => return Shown::Date,
                    _ if bracket => {}
                    ';' => break,
                    '%' => shown = Shown::Percent,
                    'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'm' | 'M' => return Shown::Date,
                    _ => {}
                }
                previous = c;
            }
            shown
        }
    }
}

/// Texts one behind the other.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    fn get(&self, i: usize) -> Option<&str> {
        let to = *self.ends.get(i)? as usize;
        let from = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        self.text.get(from..to)
    }
}

struct SheetPart {
    name: String,
    hidden: bool,
    path: String,
}

struct Book {
    sheets: Vec<SheetPart>,
    since_1904: bool,
    strings: Strings,
    styles: Vec<Shown>,
}

/// Reads the whole package and writes its messages to `out`, without [`Message::End`].
///
/// Errors: whatever the guard or a bound refuses, or a damaged part; messages may have been written.
pub(crate) fn stream<R: Read + Seek>(file: R, out: &mut impl Write) -> Result<(), Refused> {
    let mut archive = ZipArchive::new(file).map_err(|e| Refused::malformed(format!("zip: {e}")))?;
    guard::package(&mut archive)?;
    let mut buffer = Vec::new();
    let links = (0..archive.len())
        .any(|i| archive.name_for_index(i).and_then(Result::ok).is_some_and(|n| n.starts_with("xl/externalLinks/")));
    if links {
        send(&Message::ExternalLinks, out, &mut buffer)?;
    }
    let book = open(&mut archive)?;
    let mut cells = 0;
    for sheet in &book.sheets {
        send(&Message::Sheet { name: sheet.name.clone(), hidden: sheet.hidden }, out, &mut buffer)?;
        let merged = merged(&mut archive, sheet)?;
        if !merged.is_empty() {
            send(&Message::Merged(merged), out, &mut buffer)?;
        }
        rows(&mut archive, &book, sheet, out, &mut buffer, &mut cells)?;
    }
    Ok(())
}

pub(crate) fn send(message: &Message, out: &mut impl Write, buffer: &mut Vec<u8>) -> Result<(), Refused> {
    message.write(out, buffer).map_err(|e| refused_in("pipe", &e))
}

fn open<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Book, Refused> {
    no_macros(archive)?;
    let root = relations(archive, "_rels/.rels", "")?;
    let path = root
        .values()
        .find(|(kind, _)| kind.ends_with("/officeDocument"))
        .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, target)| target.clone());
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
    let links = relations(archive, &join(folder, &format!("_rels/{file}.rels")), folder)?;
    let (sheets, since_1904) = workbook(archive, &path, &links)?;
    let target = |kind: &str| links.values().find(|(k, _)| k.ends_with(kind)).map(|(_, target)| target.clone());
    let strings = match target("/sharedStrings") {
        Some(path) => shared_strings(archive, &path)?,
        None => Strings::default(),
    };
    let styles = match target("/styles") {
        Some(path) => styles(archive, &path)?,
        None => Vec::new(),
    };
    Ok(Book { sheets, since_1904, strings, styles })
}

fn no_macros<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(), Refused> {
    let mut text = Vec::new();
    if let Some(types) = part(archive, "[Content_Types].xml")? {
        types.take(SMALL_PART_BYTES_MAX).read_to_end(&mut text).map_err(|e| refused_in("[Content_Types].xml", &e))?;
    }
    let text = String::from_utf8_lossy(&text);
    if text.contains("macroEnabled") || text.contains("vbaProject") {
        return Err(guard::macros());
    }
    Ok(())
}

fn join(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut pieces: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop();
            }
            other => pieces.push(other),
        }
    }
    pieces.join("/")
}

fn small<'a, R: Read + Seek>(
    archive: &'a mut ZipArchive<R>,
    name: &str,
) -> Result<Option<Markup<std::io::Take<crate::xml::Part<'a, R>>>>, Refused> {
    Ok(part(archive, name)?.map(|p| Markup::new(p.take(SMALL_PART_BYTES_MAX), name)))
}

/// Relations of a part: id → (kind, target).
fn relations<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    folder: &str,
) -> Result<BTreeMap<String, (String, String)>, Refused> {
    let mut all = BTreeMap::new();
    let Some(mut markup) = small(archive, name)? else { return Ok(all) };
    loop {
        match markup.next()? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "Relationship" => {
                let external = attribute(&e, "TargetMode")?.is_some_and(|mode| mode == "External");
                if let (false, Some(id), Some(kind), Some(target)) =
                    (external, attribute(&e, "Id")?, attribute(&e, "Type")?, attribute(&e, "Target")?)
                {
                    all.insert(id, (kind, join(folder, &target)));
                }
            }
            Event::Eof => return Ok(all),
            _ => {}
        }
    }
}

fn workbook<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    path: &str,
    links: &BTreeMap<String, (String, String)>,
) -> Result<(Vec<SheetPart>, bool), Refused> {
    let Some(mut markup) = small(archive, path)? else { return Err(Refused::malformed(format!("no {path}"))) };
    let (mut sheets, mut since_1904) = (Vec::new(), false);
    loop {
        match markup.next()? {
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                "workbookPr" => since_1904 = says_yes(attribute(&e, "date1904")?.as_deref()),
                "sheet" => {
                    let mut id = None;
                    for one in e.attributes().with_checks(false) {
                        let one = one.map_err(Refused::malformed)?;
                        if one.key.local_name().as_ref() == "id" && one.key.as_ref() != "id" {
                            id = Some(one.value.into_owned());
                        }
                    }
                    let name = attribute(&e, "name")?.unwrap_or_default();
                    let hidden = attribute(&e, "state")?.is_some_and(|state| state != "visible");
                    if let Some((kind, target)) = id.and_then(|id| links.get(&id))
                        && kind.ends_with("/worksheet")
                    {
                        if sheets.len() >= SHEETS_MAX {
                            return Err(Refused::too_big(
                                "file.too_many_sheets",
                                format!("工作表超过 {SHEETS_MAX} 张"),
                                format!("more than {SHEETS_MAX} sheets"),
                            ));
                        }
                        sheets.push(SheetPart { name, hidden, path: target.clone() });
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if sheets.is_empty() {
        return Err(Refused::malformed("no worksheets"));
    }
    // The mark sheet says which form it is: it goes first.
    sheets.sort_by_key(|sheet| sheet.name != MARK_SHEET);
    Ok((sheets, since_1904))
}

fn shared_strings<R: Read + Seek>(archive: &mut ZipArchive<R>, path: &str) -> Result<Strings, Refused> {
    let mut strings = Strings::default();
    let Some(p) = part(archive, path)? else { return Ok(strings) };
    let mut markup = Markup::new(p.take(SHARED_STRINGS_BYTES_MAX), path);
    let (mut depth_phonetic, mut in_text) = (0u32, false);
    let mut one = String::new();
    loop {
        match markup.next()? {
            Event::Start(e) => match e.local_name().as_ref() {
                "t" => in_text = true,
                "rPh" => depth_phonetic += 1,
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => depth_phonetic = depth_phonetic.saturating_sub(1),
                "si" => {
                    push_string(&mut strings, &one)?;
                    one.clear();
                }
                _ => {}
            },
            Event::Empty(e) if e.local_name().as_ref() == "si" => push_string(&mut strings, "")?,
            event @ (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) if in_text && depth_phonetic == 0 => {
                add(&event, &mut one)?
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

fn push_string(strings: &mut Strings, one: &str) -> Result<(), Refused> {
    strings.text.push_str(&unescaped(one));
    let end = u32::try_from(strings.text.len()).map_err(|_| cell_too_long())?;
    strings.ends.push(end);
    Ok(())
}

fn cell_too_long() -> Refused {
    Refused::too_big(
        "file.cell_too_long",
        format!("有单元格超过 {CELL_CHARS_MAX} 字"),
        format!("a cell has more than {CELL_CHARS_MAX} characters"),
    )
}

/// Adds the words of an event to a cell's text, within the bound of a cell.
fn add(event: &Event<'_>, to: &mut String) -> Result<(), Refused> {
    match event {
        Event::Text(text) => to.push_str(&text.xml10_content()),
        Event::CData(text) => to.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => push_reference(reference, to)?,
        _ => {}
    }
    if to.len() > CELL_CHARS_MAX && to.chars().count() > CELL_CHARS_MAX {
        return Err(cell_too_long());
    }
    Ok(())
}

/// `_x000D_` is how the format writes characters that XML cannot hold.
fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest
            .get(at + 2..at + 7)
            .filter(|five| five.ends_with('_') && five[..4].bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|five| u32::from_str_radix(&five[..4], 16).ok())
            .and_then(char::from_u32);
        out.push_str(&rest[..at]);
        match code {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

fn styles<R: Read + Seek>(archive: &mut ZipArchive<R>, path: &str) -> Result<Vec<Shown>, Refused> {
    let Some(mut markup) = small(archive, path)? else { return Ok(Vec::new()) };
    let mut codes: BTreeMap<u32, String> = BTreeMap::new();
    let mut styles = Vec::new();
    let mut in_formats = false;
    loop {
        match markup.next()? {
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let empty = matches!(event, Event::Empty(_));
                let (Event::Start(e) | Event::Empty(e)) = event else { continue };
                match e.local_name().as_ref() {
                    "numFmt" => {
                        if let (Some(id), Some(code)) =
                            (attribute(&e, "numFmtId")?.and_then(|id| id.parse().ok()), attribute(&e, "formatCode")?)
                        {
                            codes.insert(id, code);
                        }
                    }
                    "cellXfs" => in_formats = !empty,
                    "xf" if in_formats => {
                        let id = attribute(&e, "numFmtId")?.and_then(|id| id.parse().ok()).unwrap_or(0);
                        if styles.len() >= STYLES_MAX {
                            return Err(Refused::too_big(
                                "file.too_many_styles",
                                format!("单元格格式超过 {STYLES_MAX} 种"),
                                format!("more than {STYLES_MAX} cell formats"),
                            ));
                        }
                        styles.push(shown(id, codes.get(&id).map(String::as_str)));
                    }
                    _ => {}
                }
            }
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => in_formats = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// Zero-based position of a reference such as `C7`.
fn position(reference: &str) -> Option<(u32, u32)> {
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(split);
    if letters.is_empty() || letters.len() > 3 || digits.len() > 7 {
        return None;
    }
    let mut col = 0u32;
    for b in letters.bytes() {
        if !b.is_ascii_alphabetic() {
            return None;
        }
        col = col * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1;
    }
    let row: u32 = digits.parse().ok()?;
    (row > 0).then(|| (row - 1, col - 1))
}

/// Merged areas of a sheet. They stand behind its rows, so the rows are passed over once.
fn merged<R: Read + Seek>(archive: &mut ZipArchive<R>, sheet: &SheetPart) -> Result<Vec<Area>, Refused> {
    let Some(mut p) = part(archive, &sheet.path)? else { return Err(Refused::malformed(format!("no {}", sheet.path))) };
    // `</sheetData>` with any prefix ends the rows; no text can hold a bare `<`.
    const END: &[u8] = b"sheetData>";
    const CARRY: usize = 64;
    let mut chunk = vec![0u8; CARRY + 256 * 1024];
    let mut kept = 0;
    let tail = loop {
        let got = p.read(&mut chunk[kept..]).map_err(|e| refused_in(&sheet.path, &e))?;
        if got == 0 {
            return Ok(Vec::new());
        }
        let have = kept + got;
        let mut from = 0;
        let mut found = None;
        while let Some(at) = memchr::memmem::find(&chunk[from..have], END) {
            let at = from + at;
            let open = chunk[at.saturating_sub(CARRY / 2)..at]
                .iter()
                .rposition(|b| *b == b'<')
                .map(|i| i + at.saturating_sub(CARRY / 2));
            if open.is_some_and(|open| chunk.get(open + 1) == Some(&b'/')) {
                found = Some(at + END.len());
                break;
            }
            from = at + END.len();
        }
        if let Some(at) = found {
            break chunk[at..have].to_vec();
        }
        let keep = have.min(CARRY);
        chunk.copy_within(have - keep..have, 0);
        kept = keep;
    };
    let mut markup = Markup::new(std::io::Cursor::new(tail).chain(p), &sheet.path);
    let mut areas = Vec::new();
    loop {
        match markup.next()? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "mergeCell" => {
                let Some(text) = attribute(&e, "ref")? else { continue };
                let (a, b) = text.split_once(':').unwrap_or((&text, &text));
                let (Some((r1, c1)), Some((r2, c2))) = (position(a), position(b)) else { continue };
                if areas.len() >= MERGES_MAX {
                    return Err(Refused::too_big(
                        "file.too_many_merges",
                        format!("合并单元格超过 {MERGES_MAX} 处"),
                        format!("more than {MERGES_MAX} merged areas"),
                    ));
                }
                areas.push(Area { top: r1.min(r2), left: c1.min(c2), bottom: r1.max(r2), right: c1.max(c2) });
            }
            Event::Eof => break,
            _ => {}
        }
    }
    areas.sort_unstable();
    Ok(areas)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Number,
    Shared,
    Words,
    Inline,
    Bool,
    Error,
    Iso,
}

/// The rows of a sheet, one message each.
fn rows<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    book: &Book,
    sheet: &SheetPart,
    out: &mut impl Write,
    buffer: &mut Vec<u8>,
    cells: &mut u64,
) -> Result<(), Refused> {
    let Some(p) = part(archive, &sheet.path)? else { return Err(Refused::malformed(format!("no {}", sheet.path))) };
    let mut markup = Markup::new(p, &sheet.path);
    let mut row = RawRow::default();
    let (mut next_row, mut next_col) = (0u32, 0u32);
    let mut at = 0u32;
    let mut hidden;
    let (mut col, mut kind, mut style) = (0u32, Type::Number, 0usize);
    let (mut in_cell, mut in_value, mut in_text, mut has_value, mut has_formula, mut phonetic) =
        (false, false, false, false, false, 0u32);
    let mut text = String::new();
    let mut serial = String::new();
    loop {
        match markup.next()? {
            Event::Start(e) => match e.local_name().as_ref() {
                "row" => {
                    (at, hidden) = (next_row, false);
                    for one in e.attributes().with_checks(false) {
                        let one = one.map_err(Refused::malformed)?;
                        match one.key.as_ref() {
                            "r" => {
                                at = one
                                    .value
                                    .parse::<u32>()
                                    .ok()
                                    .and_then(|r| r.checked_sub(1))
                                    .ok_or_else(|| Refused::malformed(format!("{}: row number", sheet.name)))?;
                            }
                            "hidden" => hidden = says_yes(Some(&one.value)),
                            _ => {}
                        }
                    }
                    if at < next_row {
                        return Err(Refused::malformed(format!("{}: rows out of order", sheet.name)));
                    }
                    next_row = at.saturating_add(1);
                    next_col = 0;
                    row.reset(at, hidden);
                }
                "c" => {
                    (col, kind, style) = (next_col, Type::Number, 0);
                    for one in e.attributes().with_checks(false) {
                        let one = one.map_err(Refused::malformed)?;
                        match one.key.as_ref() {
                            "r" => {
                                let (r, c) = position(&one.value)
                                    .ok_or_else(|| Refused::malformed(format!("{}: cell {}", sheet.name, one.value)))?;
                                if r != at {
                                    return Err(Refused::malformed(format!(
                                        "{}: cell {} in row {}",
                                        sheet.name,
                                        one.value,
                                        at.saturating_add(1)
                                    )));
                                }
                                col = c;
                            }
                            "s" => style = one.value.parse().unwrap_or(0),
                            "t" => {
                                kind = match one.value.as_ref() {
                                    "s" => Type::Shared,
                                    "str" => Type::Words,
                                    "inlineStr" => Type::Inline,
                                    "b" => Type::Bool,
                                    "e" => Type::Error,
                                    "d" => Type::Iso,
                                    _ => Type::Number,
                                }
                            }
                            _ => {}
                        }
                    }
                    if col < next_col {
                        return Err(Refused::malformed(format!(
                            "{}: cells out of order in row {}",
                            sheet.name,
                            at.saturating_add(1)
                        )));
                    }
                    next_col = col.saturating_add(1);
                    (in_cell, has_value, has_formula) = (true, false, false);
                    text.clear();
                }
                "v" if in_cell => in_value = true,
                "t" if in_cell && kind == Type::Inline => in_text = true,
                "f" if in_cell => has_formula = true,
                "rPh" => phonetic += 1,
                "sheetData" => {}
                _ => {}
            },
            Event::Empty(e) => match e.local_name().as_ref() {
                "c" => {
                    let mut empty_at = next_col;
                    if let Some(reference) = attribute(&e, "r")? {
                        empty_at = position(&reference).map_or(next_col, |(_, c)| c);
                    }
                    next_col = next_col.max(empty_at.saturating_add(1));
                }
                "row" => {
                    let r = attribute(&e, "r")?
                        .and_then(|r| r.parse::<u32>().ok())
                        .map_or(next_row, |r| r.saturating_sub(1));
                    next_row = next_row.max(r.saturating_add(1));
                }
                "f" if in_cell => has_formula = true,
                "sheetData" => return Ok(()),
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "v" => {
                    has_value |= in_value && !text.is_empty();
                    in_value = false;
                }
                "t" => {
                    has_value |= in_text && !text.is_empty();
                    in_text = false;
                }
                "rPh" => phonetic = phonetic.saturating_sub(1),
                "c" if in_cell => {
                    in_cell = false;
                    let value = value(book, kind, style, &text, has_value, has_formula, &mut serial)?;
                    if !value.is_blank() {
                        if at >= ROWS_MAX || col >= COLUMNS_MAX {
                            return Err(far(&sheet.name, at, col));
                        }
                        *cells += 1;
                        if *cells > CELLS_MAX {
                            return Err(too_many_cells());
                        }
                        row.push(col, value);
                    }
                }
                "row" => {
                    if !row.is_empty() {
                        write_row(&row, out, buffer).map_err(|e| refused_in("pipe", &e))?;
                    }
                    row.reset(at, false);
                }
                "sheetData" => return Ok(()),
                _ => {}
            },
            event @ (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_))
                if (in_value || in_text) && phonetic == 0 =>
            {
                add(&event, &mut text)?
            }
            Event::Eof => return Err(Refused::malformed(format!("{} ends too early", sheet.path))),
            _ => {}
        }
    }
}

/// Refusal of a cell past the last row or column that is read.
pub(crate) fn far(sheet: &str, row: u32, col: u32) -> Refused {
    Refused::too_big(
        "file.far_cell",
        format!("{sheet}!{} 有内容，超出可读取的 {ROWS_MAX} 行、{COLUMNS_MAX} 列", address(row, col)),
        format!(
            "{sheet}!{} holds something, beyond the {ROWS_MAX} rows and {COLUMNS_MAX} columns that are read",
            address(row, col)
        ),
    )
}

/// Refusal of more cells than are read.
pub(crate) fn too_many_cells() -> Refused {
    Refused::too_big(
        "file.too_many_cells",
        format!("有内容的单元格超过 {CELLS_MAX} 个"),
        format!("more than {CELLS_MAX} cells hold something"),
    )
}

fn value<'a>(
    book: &'a Book,
    kind: Type,
    style: usize,
    text: &'a str,
    has_value: bool,
    has_formula: bool,
    serial: &'a mut String,
) -> Result<RawValue<'a>, Refused> {
    if !has_value {
        // A formula may well give an empty text; without type and value it was never calculated.
        let calculated = kind == Type::Words;
        return Ok(if has_formula && !calculated { RawValue::FormulaWithoutValue } else { RawValue::Empty });
    }
    Ok(match kind {
        Type::Number => {
            let number = text.trim();
            match number.parse::<f64>() {
                Ok(n) if n.is_finite() => match book.styles.get(style).copied().unwrap_or(Shown::Plain) {
                    Shown::Plain => RawValue::Number(number),
                    Shown::Percent => RawValue::Percent(number),
                    Shown::Date => {
                        serial.clear();
                        serial.push_str(&serial_1900(n, number, book.since_1904));
                        RawValue::DateSerial(serial)
                    }
                },
                _ => RawValue::Text(text),
            }
        }
        Type::Shared => match text.trim().parse::<usize>().ok().and_then(|i| book.strings.get(i)) {
            Some(shared) => RawValue::Text(shared),
            None => return Err(Refused::malformed("a cell names a shared text that is not there")),
        },
        Type::Words | Type::Inline => {
            if text.contains("_x") {
                serial.clear();
                serial.push_str(&unescaped(text));
                RawValue::Text(serial)
            } else {
                RawValue::Text(text)
            }
        }
        Type::Bool => RawValue::Bool(says_yes(Some(text.trim()))),
        Type::Error => RawValue::Error(text),
        Type::Iso => RawValue::Text(text),
    })
}

/// A serial number in the 1900 system.
pub(crate) fn serial_1900(n: f64, text: &str, since_1904: bool) -> String {
    if since_1904 { (n + 1462.0).to_string() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats_tell_dates_from_per_cent_and_plain_numbers() {
        for (id, code, want) in [
            (14, None, Shown::Date),
            (58, None, Shown::Date),
            (9, None, Shown::Percent),
            (4, None, Shown::Plain),
            (170, Some("yyyy\"年\"m\"月\"d\"日\""), Shown::Date),
            (171, Some("[$-804]yyyy/m/d;@"), Shown::Date),
            (172, Some("[h]:mm"), Shown::Date),
            (173, Some("0.0%"), Shown::Percent),
            (174, Some("[Red]#,##0.00;[Blue]-#,##0"), Shown::Plain),
            (175, Some("0.00\"days\""), Shown::Plain),
            (176, Some("[DBNum1]General\"元\""), Shown::Plain),
            (177, Some("0\\d"), Shown::Plain),
        ] {
            assert_eq!(shown(id, code), want, "{id} {code:?}");
        }
    }

    #[test]
    fn references_are_positions_and_nothing_else_is() {
        assert_eq!(position("A1"), Some((0, 0)));
        assert_eq!(position("XFD1048576"), Some((1_048_575, 16_383)));
        for bad in ["", "A", "1", "A0", "AAAA1", "a-1", "A99999999"] {
            assert_eq!(position(bad), None, "{bad}");
        }
    }

    #[test]
    fn escaped_characters_come_back() {
        assert_eq!(unescaped("a_x000A_b"), "a\nb");
        assert_eq!(unescaped("x_xyz_x0041_"), "x_xyzA");
        assert_eq!(unescaped("中_x中文字_"), "中_x中文字_");
    }
}
