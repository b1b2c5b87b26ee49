//! Items: the lists by kind, one item with everything about it, and what may be done to it.

mod change;
mod compendium;
mod export;
mod files;
mod links;
mod list;
mod merge;
mod new;
mod problems;
mod show;
mod target;
mod views;

pub(crate) use change::{change, enter_stage, withdraw};
pub(crate) use compendium::{all_pages, one_page, one_page_file};
pub(crate) use export::export;
pub(crate) use files::{file, send};
pub(crate) use links::{link, unlink};
pub(crate) use list::list;
pub(crate) use merge::{merge, merge_into};
pub(crate) use new::{make, new};
pub(crate) use problems::{first_words, raise, settle, task, waiting};
pub(crate) use show::show;
pub(crate) use target::{set_target, target};
pub(crate) use views::{drop_view, keep_view};

use crate::faults::Fault;
use crate::visit::Visit;
use baton_kernel::Refusal;
use baton_kernel::ids::*;
use baton_methods::{Grain, Lang, Period};

/// The month before the one a day lies in: the newest that figures can be whole for.
pub(crate) fn month_before(day: jiff::civil::Date) -> Period {
    Period::of(Grain::Month, day).prev()
}

/// The period asked for in the query, with what was wrong with it.
pub(crate) fn period_asked(v: &Visit) -> (Period, Option<String>) {
    let typed = v.query.get("period");
    let usual = month_before(v.seen.day());
    if typed.is_empty() {
        return (usual, None);
    }
    match Period::parse(typed) {
        Ok(period) => (period, None),
        Err(e) => (usual, Some(format!("{} {}", e.message(v.taste.lang), e.hint(v.taste.lang)))),
    }
}

/// The words for yes and no in a form, as the kernel reads them.
pub(crate) fn yes_no(lang: &Lang) -> [String; 2] {
    ["page.yes", "page.no"].map(|code| crate::visit::say(*lang, code, &[]))
}

/// A mistake of a kind's field, said at the input that holds it.
pub(crate) fn at_field(v: &Visit, kind: &str, fault: Fault) -> Fault {
    match fault {
        Fault::Refused(mut refusal) => {
            let declared = v.seen.blueprint().kind(kind);
            if let Some(at) = refusal.at.clone()
                && declared.is_some_and(|k| k.field(&at).is_some())
            {
                refusal.at = Some(field_name(&at));
            }
            Fault::Refused(refusal)
        }
        other => other,
    }
}

/// Name of a field's input.
pub(crate) fn field_name(key: &str) -> String {
    format!("f:{key}")
}

pub(crate) fn unit_in(v: &Visit, name: &str) -> Result<UnitId, Refusal> {
    let code = v.text(name);
    if code.is_empty() {
        return Err(Refusal::wrong("page.item.lead", &[]).at(name));
    }
    v.seen.unit_by_code(&code).ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &code)]).at(name))
}

/// A period in a form field.
pub(crate) fn period_in(v: &Visit, name: &str) -> Result<Period, Refusal> {
    let text = v.text(name);
    Period::parse(&text)
        .map_err(|e| Refusal::wrong("page.period.wrong", &[("text", &text), ("hint", &e.hint(v.taste.lang))]).at(name))
}

/// Units named in a form, by code.
pub(crate) fn units_in(v: &Visit, name: &str) -> Result<Vec<UnitId>, Refusal> {
    let mut units = Vec::new();
    for code in v.given.fields.all(name) {
        let unit =
            v.seen.unit_by_code(code).ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &code)]).at(name))?;
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    Ok(units)
}
