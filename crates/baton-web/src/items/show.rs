//! One item with everything about it.

use super::period_asked;
use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::document::{Drawing, Lane};
use baton_kernel::entries::InstructionOn;
use baton_kernel::permit::Verb;
use baton_kernel::views::drawings;
use baton_kernel::views::items::{self, FieldShown, ItemPage, MeasureShown};
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::tasks::TaskRow;
use baton_methods::{Lang, Period};
use std::sync::Arc;

/// Measures without a plan, over the same periods.
struct Others<'a> {
    periods: Vec<Period>,
    rows: Vec<&'a MeasureShown>,
}

/// A measure of the item page with its drawings.
struct Measured<'a> {
    shown: &'a MeasureShown,
    lane: Option<Lane>,
    curve: Option<Drawing>,
}

#[derive(Template)]
#[template(path = "item.html")]
struct ItemView<'a> {
    shell: Shell,
    v: &'a Visit,
    lang: Lang,
    item: &'a ItemPage,
    measures: Vec<Measured<'a>>,
    others: Vec<Others<'a>>,
    aimed: usize,
    blanks: Vec<String>,
    period_label: String,
    main: Option<&'a MeasureShown>,
    has_pictures: bool,
    strip: Option<Drawing>,
    finish: Option<String>,
    tasks: Vec<TaskRow>,
    instruct: crate::instructions::Here,
    units: Vec<UnitShown>,
    may_target: bool,
    today: String,
    year: i16,
}

impl ItemView<'_> {
    /// Items of a kind that a link may lead to: code and name.
    fn offered(&self, kind: &str) -> Vec<(String, String)> {
        let items = self.v.seen.items_of(kind);
        let named = items.iter().map(|i| (i.code.clone(), i.name.at(self.v.seen.cut()).cloned().unwrap_or_default()));
        named.take(crate::limits::CHOICES_MAX).collect()
    }

    /// How often a field was changed after it was first said.
    fn changes(&self, field: &FieldShown) -> usize {
        field.versions.len().saturating_sub(1)
    }
}

/// `GET /items/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let (period, _) = period_asked(&v);
    let page = items::item(&v.seen, v.segment("id"), period)?;
    let lang = v.taste.lang;
    let measures = page
        .measures
        .iter()
        .map(|m| Measured {
            lane: m.pace.target.as_ref().map(|_| drawings::lane(&m.label, &m.pace, lang)),
            curve: if m.plan.is_empty() { None } else { drawings::item_curve(&page, m, lang) },
            shown: m,
        })
        .collect();
    let item = v.seen.item(v.segment("id"))?;
    let lead = v.seen.lead(&item);
    let may_target = !v.seen.is_past() && v.seen.rights().may(Verb::TargetSet, lead);
    v.page(&ItemView {
        shell: Shell::of(&v, page.name.clone(), "/items"),
        v: &v,
        lang,
        main: page.measures.iter().find(|m| m.pace.target.is_some()).or(page.measures.first()),
        measures,
        others: others(&page),
        aimed: page.measures.iter().filter(|m| m.pace.target.is_some()).count(),
        blanks: page
            .fields
            .iter()
            .filter(|f| f.value.is_empty() && f.versions.len() < 2)
            .map(|f| f.label.clone())
            .collect(),
        period_label: period.to_date_label(lang),
        has_pictures: page.evidence.iter().any(|e| e.picture),
        strip: drawings::milestones(&page, v.seen.day(), lang),
        finish: page.plan.as_ref().and_then(|p| p.finish).map(|d| d.to_string()),
        tasks: std::iter::once(page.id)
            .chain(page.merged.iter().map(|m| m.id))
            .flat_map(|id| crate::tasks::of_item(&v, id))
            .collect(),
        instruct: crate::instructions::Here::of(&v, &InstructionOn::Item(page.id)),
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        may_target,
        today: v.seen.today().to_string(),
        year: period.year_number(),
        item: &page,
    })
}

/// The measures without a plan, those of the same periods together.
fn others(page: &ItemPage) -> Vec<Others<'_>> {
    let mut tables: Vec<Others> = Vec::new();
    for measure in page.measures.iter().filter(|m| m.plan.is_empty() && !m.months.is_empty()) {
        let periods: Vec<Period> = measure.months.iter().map(|m| m.0).collect();
        match tables.iter_mut().find(|t| t.periods == periods) {
            Some(table) => table.rows.push(measure),
            None => tables.push(Others { periods, rows: vec![measure] }),
        }
    }
    tables
}
