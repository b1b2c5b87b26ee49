//! Burden: what each unit is asked in a month, by whom and on what basis, and what is asked twice. No ranking.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::views::burden::{self, Burden};
use baton_methods::Period;
use baton_methods::period::Grain;
use std::sync::Arc;

/// Months offered before this one.
const MONTHS_OFFERED: usize = 6;

#[derive(Template)]
#[template(path = "burden.html")]
struct BurdenPage {
    shell: Shell,
    month: String,
    months: Vec<(String, String)>,
    burden: Burden,
}

/// `GET /burden?month=2023M03`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let day = v.seen.day();
    let now = format!("{}M{:02}", day.year(), day.month());
    let asked = v.query.get("month");
    let text = if asked.is_empty() { now.as_str() } else { asked };
    let month = Period::parse(text)
        .ok()
        .filter(|p| p.grain() == Grain::Month)
        .ok_or_else(|| Refusal::wrong("page.period.wrong", &[("text", &text), ("hint", &now)]))?;
    let mut months = Vec::new();
    let (mut year, mut m) = (i32::from(day.year()), i32::from(day.month()));
    for _ in 0..MONTHS_OFFERED {
        if let Ok(p) = Period::parse(&format!("{year}M{m:02}")) {
            months.push((format!("{year}M{m:02}"), p.label(v.taste.lang)));
        }
        (year, m) = if m == 1 { (year - 1, 12) } else { (year, m - 1) };
    }
    v.page(&BurdenPage {
        shell: Shell::of(&v, v.say("page.menu.burden", &[]), "/burden"),
        month: month.label(v.taste.lang),
        months,
        burden: burden::of_month(&v.seen, month),
    })
}
