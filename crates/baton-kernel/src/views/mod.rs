//! Views: what one page noun shows, made of numbers with their sources and of words.
//!
//! Page, sheet, circular and JSON of one cut are rendered from the same view; renderers compute
//! coordinates, never numbers.

pub mod burden;
pub mod changes;
pub mod circular;
pub mod columns;
mod commitments;
pub mod compendium;
pub mod compliance;
pub mod drafts;
pub mod drawings;
pub mod duties;
pub mod figures;
pub mod form;
pub mod instructions;
pub mod issuing;
pub mod items;
pub mod meeting_papers;
pub mod meetings;
pub mod notices;
pub mod number;
pub mod pace;
pub mod papers;
pub mod posts;
pub mod public;
pub mod review;
pub mod rights;
pub mod rounds;
pub mod search;
pub mod speech;
mod strands;
pub mod task_calendar;
pub mod task_sheet;
pub mod task_table;
pub mod tasks;
pub mod unit_page;
pub mod units;
pub mod values;

pub use number::{Number, Shown, Source, Standing};

use crate::blueprint::{FieldType, Kind};
use crate::entries::FieldValue;
use crate::zone::Zone;
use baton_methods::Lang;

/// A field's value in Chinese words, as documents and stored comparisons name it.
pub fn field_words(zone: &Zone, kind: &Kind, key: &str, value: &FieldValue) -> String {
    field_said(zone, kind, key, value, Lang::Zh)
}

/// A field's value in words of a language, as shown everywhere.
pub fn field_said(zone: &Zone, kind: &Kind, key: &str, value: &FieldValue, lang: Lang) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Prose(said) => zone.said(said).to_string(),
        FieldValue::Choice(choice) => {
            let declared = kind.field(key).map(|f| &f.kind);
            match declared {
                Some(FieldType::Choice(list)) => list
                    .iter()
                    .find(|c| c.key == *choice)
                    .map_or_else(|| choice.clone(), |c| c.label.get(lang).to_owned()),
                _ => choice.clone(),
            }
        }
        FieldValue::Number(value) => {
            let decimals = match kind.field(key).map(|f| &f.kind) {
                Some(FieldType::Number { decimals, .. }) => *decimals,
                _ => value.normalize().scale() as u8,
            };
            baton_methods::format_decimal(*value, decimals.into(), true)
        }
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Yes(yes) => if *yes { lang.pick("是", "yes") } else { lang.pick("否", "no") }.to_owned(),
        FieldValue::Unit(unit) => zone.unit_now(*unit).map_or(String::new(), |d| d.short.clone()),
        FieldValue::File(file) => file.name.clone(),
        FieldValue::Empty => String::new(),
    }
}
