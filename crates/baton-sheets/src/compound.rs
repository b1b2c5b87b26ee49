//! Reading the streams of a compound file (the container of .xls and of encrypted workbooks), held whole and
//! bounded by the file's own length.

use crate::refused::Refused;

const HEADER: usize = 512;
const ENTRY: usize = 128;
const END: u32 = 0xffff_fffe;
const SECTORS_IN_HEADER: usize = 109;

/// An entry of the directory.
pub(crate) struct Entry {
    /// Its name.
    pub(crate) name: String,
    kind: u8,
    start: u32,
    bytes: u64,
}

/// A compound file.
pub(crate) struct Compound<'a> {
    file: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    mini_below: u64,
    /// Its directory.
    pub(crate) entries: Vec<Entry>,
}

fn cut() -> Refused {
    Refused::malformed("compound file")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

impl<'a> Compound<'a> {
    /// Reads tables and directory.
    ///
    /// Errors: cut off or damaged.
    pub(crate) fn open(file: &'a [u8]) -> Result<Compound<'a>, Refused> {
        Self::try_open(file).ok_or_else(cut)
    }

    fn try_open(file: &'a [u8]) -> Option<Compound<'a>> {
        let shift = u16_at(file, 30)?;
        if !matches!(shift, 9 | 12) || file.len() < HEADER {
            return None;
        }
        let sector = 1usize << shift;
        let sectors_max = file.len() / sector + 1;
        let mut whole = Compound {
            file,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            mini_below: u64::from(u32_at(file, 56)?),
            entries: Vec::new(),
        };
        // Which sectors hold the table: the first in the header, others in a chain of sectors.
        let mut tables: Vec<u32> =
            (0..SECTORS_IN_HEADER).filter_map(|i| u32_at(file, 76 + 4 * i)).filter(|s| *s < END - 1).collect();
        let (mut next, mut steps) = (u32_at(file, 68)?, 0);
        while next < END - 1 {
            let list = whole.at(next)?;
            let last = list.len() / 4 - 1;
            tables.extend((0..last).filter_map(|i| u32_at(list, 4 * i)).filter(|s| *s < END - 1));
            next = u32_at(list, 4 * last)?;
            steps += 1;
            if steps > sectors_max {
                return None;
            }
        }
        if tables.len() > sectors_max {
            return None;
        }
        for table in tables {
            let words = whole.at(table)?;
            whole.fat.extend(words.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])));
        }
        let directory = whole.chain(u32_at(file, 48)?)?;
        for raw in directory.chunks_exact(ENTRY) {
            let length = usize::from(u16_at(raw, 64)?);
            if !(2..=64).contains(&length) || !matches!(raw[66], 1 | 2 | 5) {
                continue;
            }
            let wide: Vec<u16> = raw[..length - 2].chunks_exact(2).map(|w| u16::from_le_bytes([w[0], w[1]])).collect();
            let low = u64::from(u32_at(raw, 120)?);
            whole.entries.push(Entry {
                name: String::from_utf16_lossy(&wide),
                kind: raw[66],
                start: u32_at(raw, 116)?,
                bytes: low,
            });
        }
        if let Some(root) = whole.entries.iter().find(|e| e.kind == 5)
            && root.start < END - 1
        {
            whole.mini = whole.chain(root.start)?;
            let first = u32_at(file, 60)?;
            if first < END - 1 {
                let words = whole.chain(first)?;
                whole.mini_fat = words.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect();
            }
        }
        Some(whole)
    }

    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        let from = (sector as usize).checked_add(1)?.checked_mul(self.sector)?;
        self.file.get(from..from.checked_add(self.sector)?)
    }

    /// A chain of sectors, joined; a loop or a hole ends it as damaged. The last sector may be cut short.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut next = start;
        while next != END {
            if out.len() > self.file.len() {
                return None;
            }
            match self.at(next) {
                Some(sector) => out.extend_from_slice(sector),
                None => {
                    let from = (next as usize).checked_add(1)?.checked_mul(self.sector)?;
                    out.extend_from_slice(self.file.get(from..)?);
                    out.resize(out.len().next_multiple_of(self.sector), 0);
                }
            }
            next = *self.fat.get(next as usize)?;
        }
        Some(out)
    }

    /// Whether the directory has an entry of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|e| e.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream.
    ///
    /// Errors: not there, cut off or damaged.
    pub(crate) fn stream(&self, name: &str) -> Result<Vec<u8>, Refused> {
        let entry = self.entries.iter().find(|e| e.kind == 2 && e.name.eq_ignore_ascii_case(name)).ok_or_else(cut)?;
        let mut bytes = if entry.bytes < self.mini_below {
            let mut out = Vec::new();
            let mut next = entry.start;
            while next != END && (out.len() as u64) < entry.bytes {
                let from = next as usize * 64;
                out.extend_from_slice(self.mini.get(from..from + 64).ok_or_else(cut)?);
                next = *self.mini_fat.get(next as usize).ok_or_else(cut)?;
            }
            out
        } else {
            self.chain(entry.start).ok_or_else(cut)?
        };
        if (bytes.len() as u64) < entry.bytes {
            return Err(cut());
        }
        bytes.truncate(usize::try_from(entry.bytes).map_err(|_| cut())?);
        Ok(bytes)
    }
}
