//! Targets of an item: the year's amount and the curve by which it is to be reached.

use super::period_asked;
use crate::answers::Answer;
use crate::faults::Fault;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::document::Drawing;
use baton_kernel::entries::CurveSpec;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::drawings;
use baton_kernel::views::items::{self, ItemPage, MeasureShown};
use baton_kernel::{Act, Refusal};
use baton_methods::{Lang, Parsed, Period, Unit, parse_number};
use rust_decimal::Decimal;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "item-target.html")]
struct TargetPage<'a> {
    shell: Shell,
    v: &'a Visit,
    item: &'a ItemPage,
    measure: &'a MeasureShown,
    year: i16,
    unit: &'static str,
    curve: Option<Drawing>,
    /// The curve in force, in words; none when there is no target yet.
    known: Option<String>,
    /// Named curves: key, name.
    presets: Vec<(String, String)>,
    /// Cumulative percent at the ends of quarters and of months: name of the field, label, as typed.
    quarters: Vec<(String, String, String)>,
    months: Vec<(String, String, String)>,
    how: String,
    value: String,
}

/// `GET /items/{id}/targets/{measure}?year=`.
pub(crate) async fn target(v: Arc<Visit>) -> Answer {
    form(&v, v.segment("measure").to_owned()).await
}

async fn again(v: Arc<Visit>) -> Answer {
    let measure = v.text("measure");
    form(&v, measure).await
}

async fn form(v: &Visit, key: String) -> Answer {
    let lang = v.taste.lang;
    let known = v.seen.item(v.segment("id"))?;
    v.seen.rights().need(Verb::TargetSet, v.seen.lead(&known))?;
    let (asked, _) = period_asked(v);
    let typed = if v.given.fields.has("year") { v.text("year") } else { v.query.get("year").to_owned() };
    let year = typed.parse().ok().filter(|y| (1990..=2100).contains(y)).unwrap_or(asked.year_number());
    // The whole year, as far as it is known: the curve is that of the year.
    let period = if asked.year_number() == year { asked } else { Period::year_of(year) };
    let item = items::item(&v.seen, v.segment("id"), period)?;
    let measure = item.measures.iter().find(|m| m.key == key && m.entered).ok_or_else(Fault::absent)?;
    let spec = v.seen.target_curve(Subject::Item(item.id), &key, year);
    let shares = |n: usize, own: &CurveSpec| -> Vec<String> {
        let percent = |list: &[Decimal]| {
            list.iter().map(|s| (*s * Decimal::ONE_HUNDRED).normalize().to_string()).collect::<Vec<_>>()
        };
        match (own, n) {
            (CurveSpec::ByQuarter(list), 4) | (CurveSpec::ByMonth(list), 12) => percent(list),
            _ => (1..=n)
                .map(|k| (Decimal::ONE_HUNDRED * Decimal::from(k) / Decimal::from(n)).round().to_string())
                .collect(),
        }
    };
    let now = spec.clone().unwrap_or(CurveSpec::Linear);
    let fields = |mark: &str, n: usize, label: &dyn Fn(usize) -> String| -> Vec<(String, String, String)> {
        let fresh = shares(n, &now);
        let field = |k: usize| {
            let name = format!("{mark}{k}");
            let typed = v.typed(&name, &fresh[k - 1]).to_owned();
            (name, label(k), typed)
        };
        (1..=n).map(field).collect()
    };
    let how = match (v.typed("curve", ""), &spec) {
        ("", Some(_)) => "keep".to_owned(),
        ("", None) => "linear".to_owned(),
        (typed, _) => typed.to_owned(),
    };
    let value = measure.pace.target.as_ref().and_then(|t| t.value).map_or(String::new(), |t| t.normalize().to_string());
    v.page(&TargetPage {
        shell: Shell::of(v, v.say("page.item.target", &[("measure", &measure.label), ("year", &year)]), "/items"),
        v,
        curve: if measure.plan.is_empty() { None } else { drawings::item_curve(&item, measure, lang) },
        known: spec.as_ref().map(|s| items::curve_words(&v.seen, s)),
        presets: v.seen.blueprint().curves.iter().map(|(k, (l, _))| (k.clone(), l.get(lang).to_owned())).collect(),
        quarters: fields("q", 4, &|k| lang.pick(format!("{k}季度末"), format!("end of Q{k}"))),
        months: fields("m", 12, &|k| lang.pick(format!("{k}月末"), format!("end of month {k}"))),
        value: v.typed("value", &value).to_owned(),
        how,
        year,
        unit: measure.pace.done.unit.label(lang),
        measure,
        item: &item,
    })
}

/// `POST /items/{id}/target`.
pub(crate) async fn set_target(v: Arc<Visit>) -> Answer {
    let done = target_set(&v).await;
    or_again(&v, done, again).await
}

/// A number of a form in a unit.
fn number(v: &Visit, name: &str, unit: Option<Unit>) -> Result<Parsed, Refusal> {
    parse_number(&v.text(name), unit).map_err(|e| Refusal {
        code: e.code().to_owned(),
        why: baton_kernel::Why::Wrong,
        zh: format!("{} {}", e.message(Lang::Zh), e.hint(Lang::Zh)),
        en: format!("{} {}", e.message(Lang::En), e.hint(Lang::En)),
        at: Some(name.to_owned()),
    })
}

/// The curve asked for: the one in force, a straight one, or shares typed as cumulative percent.
fn curve(v: &Visit, known: Option<CurveSpec>, wrong: &mut Mistakes) -> CurveSpec {
    let mut shares = |mark: &str, n: usize| -> Vec<Decimal> {
        let typed = (1..=n).map(|k| wrong.take(number(v, &format!("{mark}{k}"), None)));
        typed.map(|p| p.map_or(Decimal::ZERO, |p| p.value / Decimal::ONE_HUNDRED)).collect()
    };
    match v.text("curve").as_str() {
        "quarter" => CurveSpec::ByQuarter(shares("q", 4)),
        "month" => CurveSpec::ByMonth(shares("m", 12)),
        "linear" => CurveSpec::Linear,
        "" | "keep" => known.unwrap_or(CurveSpec::Linear),
        preset => CurveSpec::Preset(preset.to_owned()),
    }
}

async fn target_set(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let measure = v.text("measure");
    let (_, declared) = v.seen.declared(Subject::Item(item.id), &measure);
    let unit = declared
        .ok_or_else(|| Refusal::wrong("text.empty", &[("field", &v.say("page.field.measure", &[]))]).at("measure"))?
        .unit;
    let mut wrong = Mistakes::default();
    let value = wrong.take(number(v, "value", Some(unit)));
    let year = wrong.take(
        Period::parse(&v.text("year"))
            .map_err(|_| Refusal::wrong("page.year.wrong", &[("text", &v.text("year"))]).at("year")),
    );
    let known = year.and_then(|y| v.seen.target_curve(Subject::Item(item.id), &measure, y.year_number()));
    let curve = curve(v, known, &mut wrong);
    wrong.end()?;
    let (Some(value), Some(year)) = (value, year) else { return Err(Fault::Malformed) };
    v.submit(Act::SetTarget {
        subject: Subject::Item(item.id),
        measure,
        year,
        value: value.value,
        curve,
        basis: Some(v.text("basis")).filter(|b| !b.is_empty()),
        because: v.text("because"),
    })
    .await?;
    v.done(&format!("/items/{}#targets", item.id), "target-set")
}
