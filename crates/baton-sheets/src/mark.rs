//! The mark by which a workbook of ours is recognised: which form it is, of which unit, round and period.

use crate::book::{Message, RawRow};
use crate::header::{MarkedBlock, MarkedColumn, words};
use crate::layout::{self, MARK_SHEET, Slot};
use crate::limits::Limits;
use crate::refused::Refused;
use crate::worker::rows_in_worker;
use crate::write;
use baton_kernel::form::Form;
use baton_methods::Lang;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
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

/// Adds the very hidden sheet by which the workbook is recognised.
pub(crate) fn sheet(
    book: &mut Workbook,
    form: &Form,
    names: &[String],
    lists: &[Vec<String>],
) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(MARK_SHEET)?;
    let mut lines: Vec<Vec<String>> = [
        ("format", layout::FORMAT.to_owned()),
        ("form", layout::form_id(form)),
        ("zone", form.zone.clone()),
        ("round", form.round.clone()),
        ("unit", form.unit.clone()),
        ("unit_name", form.unit_name.clone()),
        ("period", form.period.to_string()),
        ("lang", form.lang.pick("zh", "en").to_owned()),
        ("head", form.head.to_string()),
        ("blueprint", form.blueprint_version.to_string()),
        ("template", layout::template_hash(form)),
    ]
    .into_iter()
    .map(|(key, value)| vec![key.to_owned(), value])
    .collect();
    for (b, block) in form.blocks.iter().enumerate() {
        lines.push(vec!["block".into(), block.kind.clone(), names[b].clone()]);
        for (x, slot) in layout::slots(block).iter().enumerate() {
            if let Slot::Input(c) = *slot {
                let column = &block.columns[c];
                lines.push(vec![
                    "column".into(),
                    block.kind.clone(),
                    x.to_string(),
                    column.key.clone(),
                    column.group.clone().unwrap_or_default(),
                    column.title(form.lang),
                ]);
            }
        }
    }
    let text = Format::new().set_num_format("@");
    for (y, line) in lines.iter().enumerate() {
        for (x, word) in line.iter().enumerate() {
            write::words(sheet, y as u32, x as u16, word, &text)?;
        }
    }
    for (i, labels) in lists.iter().enumerate() {
        for (y, label) in labels.iter().enumerate() {
            write::words(sheet, y as u32, layout::LISTS_COL + i as u16, label, &text)?;
        }
    }
    sheet.protect();
    sheet.set_very_hidden(true);
    Ok(())
}
