//! One page per unit (单位一页).

use crate::answers::Answer;
use crate::items::period_asked;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::document::Lane;
use baton_kernel::views::drawings;
use baton_kernel::views::unit_page::{self, UnitFigure, UnitPage};
use baton_methods::Lang;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "unit.html")]
struct UnitView<'a> {
    v: &'a Visit,
    shell: Shell,
    lang: Lang,
    unit: &'a UnitPage,
    period_label: String,
    period: String,
    figures: Vec<(&'a UnitFigure, Option<Lane>)>,
    leads: usize,
}

/// `GET /units/{id}`: a unit by its code.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let (period, _) = period_asked(&v);
    let page = unit_page::unit(&v.seen, v.segment("id"), period)?;
    let lang = v.taste.lang;
    let lane = |f: &UnitFigure| f.pace.target.as_ref().map(|_| drawings::lane(&f.label, &f.pace, lang));
    v.page(&UnitView {
        v: &v,
        shell: Shell::of(&v, page.unit.name.clone(), "/units"),
        lang,
        period_label: period.to_date_label(lang),
        period: period.to_string(),
        figures: page.figures.iter().map(|f| (f, lane(f))).collect(),
        leads: page.items.iter().map(|k| k.rows.len()).sum(),
        unit: &page,
    })
}
