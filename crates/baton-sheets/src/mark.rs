//! The mark by which a workbook of ours is recognised: which form it is, of which unit, round and period.

use crate::book::{Message, RawRow};
use crate::header::{MarkedBlock, MarkedColumn, words};
use crate::layout::MARK_SHEET;
use crate::limits::Limits;
use crate::refused::Refused;
use crate::worker::rows_in_worker;
use baton_methods::Lang;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::Path;

/// What a workbook says of itself. Nothing of it is trusted: it only tells which form to weigh it against,
/// and what to name when it is another's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormMark {
    /// Code of the zone.
    pub zone: String,
    /// Opaque id of the round.
    pub round: String,
    /// Code of the unit.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Key of the period, e.g. `2023M03`.
    pub period: String,
    /// Language of its titles and choices; weigh it against the form in this language.
    pub lang: Lang,
    /// Seq of the ledger at which it was made.
    pub head: u64,
    /// Hash of its template.
    pub template: String,
    #[serde(skip)]
    pub(crate) blocks: Vec<MarkedBlock>,
}

impl FormMark {
    /// Takes in one row of the mark sheet.
    pub(crate) fn row(&mut self, row: &RawRow) {
        let word = |col: u32| words(row.at(col)).to_owned();
        match word(0).as_str() {
            "zone" => self.zone = word(1),
            "round" => self.round = word(1),
            "unit" => self.unit = word(1),
            "unit_name" => self.unit_name = word(1),
            "period" => self.period = word(1),
            "lang" => self.lang = if word(1) == "en" { Lang::En } else { Lang::Zh },
            "head" => self.head = word(1).parse().unwrap_or(0),
            "template" => self.template = word(1),
            "block" => self.blocks.push(MarkedBlock { kind: word(1), sheet: word(2), columns: Vec::new() }),
            "column" => {
                if let (Some(block), Ok(place)) = (self.blocks.last_mut(), word(2).parse()) {
                    block.columns.push(MarkedColumn { place, key: word(3), group: word(4), title: word(5) });
                }
            }
            _ => {}
        }
    }
}

/// Reads only the mark of a workbook, in a worker; `None` when it is not one of ours.
///
/// Errors: as [`rows_in_worker`], and whatever the worker refuses before the mark is read.
pub fn identify(exe: &Path, file: &mut impl Read, limits: &Limits) -> Result<Option<FormMark>, Refused> {
    let mut mark: Option<FormMark> = None;
    for message in rows_in_worker(exe, file, limits)? {
        match (message?, &mut mark) {
            (Message::Sheet { name, .. }, None) if name == MARK_SHEET => mark = Some(FormMark::default()),
            (Message::Sheet { .. } | Message::End { .. }, _) => break,
            (Message::Row(row), Some(mark)) => mark.row(&row),
            _ => {}
        }
    }
    Ok(mark)
}
