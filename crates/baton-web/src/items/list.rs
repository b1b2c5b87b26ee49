//! The list of a kind's items: filters, columns, sorting, totals with what is missing beside them.

use super::period_asked;
use super::views::{SavedView, saved};
use crate::answers::{self, Answer};
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::document::Drawing;
use baton_kernel::views::drawings;
use baton_kernel::views::items::{self, ItemFilter, ItemList, ListColumn, ListRow};
use baton_methods::{Lang, Period};
use std::sync::Arc;

/// What a query asks a list for.
pub(super) struct Wanted {
    pub filter: ItemFilter,
    pub period: Period,
    pub trouble: Option<String>,
}

/// Reads filter, columns, sorting and period from the query.
pub(super) fn wanted(v: &Visit) -> Wanted {
    let given = |name: &str| Some(v.query.get(name).to_owned()).filter(|t| !t.is_empty());
    let (period, trouble) = period_asked(v);
    let sort = given("sort").map(|text| match text.strip_prefix('-') {
        Some(column) => (column.to_owned(), true),
        None => (text, false),
    });
    let filter = ItemFilter {
        kind: given("kind"),
        area: given("area"),
        unit: given("unit"),
        stage: given("stage"),
        light: given("light"),
        text: v.query.get("q").to_owned(),
        choices: v
            .query
            .under("f:")
            .map(|(key, choice)| (key.to_owned(), choice.trim().to_owned()))
            .filter(|(_, choice)| !choice.is_empty())
            .collect(),
        columns: v.query.all("col").map(str::to_owned).collect(),
        sort,
    };
    Wanted { filter, period, trouble }
}

/// The list that the query asks for.
pub(super) fn asked_for(v: &Visit) -> Result<(Wanted, ItemList), Refusal> {
    let wanted = wanted(v);
    let list = items::list(&v.seen, &wanted.filter, wanted.period)?;
    Ok((wanted, list))
}

/// The query without the named parameters, ready to follow a path: `?a=1&b=2`, or nothing.
pub(super) fn query_without(v: &Visit, names: &[&str]) -> String {
    let kept = v.query.0.iter().filter(|(n, value)| !names.contains(&n.as_str()) && !value.trim().is_empty());
    let pairs: Vec<String> =
        kept.map(|(n, value)| format!("{}={}", answers::percent(n), answers::percent(value.trim()))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The query with one parameter set anew.
fn query_with(v: &Visit, name: &str, value: &str) -> String {
    let rest = query_without(v, &[name, "done"]);
    let join = if rest.is_empty() { '?' } else { '&' };
    format!("{rest}{join}{name}={}", answers::percent(value))
}

#[derive(Template)]
#[template(path = "items.html")]
struct ItemsPage<'a> {
    shell: Shell,
    v: &'a Visit,
    lang: Lang,
    list: &'a ItemList,
    filter: &'a ItemFilter,
    period_label: String,
    period: String,
    trouble: Option<String>,
    has_totals: bool,
    /// Items that fit, shown or not.
    total: usize,
    cut_off: usize,
    lights: Vec<(&'static str, String)>,
    saved: Vec<SavedView>,
    /// The query that this list answers to, for links to it and for saving it.
    query: String,
    /// Hidden fields by which a form keeps what another form asks.
    columns_kept: Vec<(String, String)>,
    filter_kept: Vec<(String, String)>,
    /// Whether the kind stands among them.
    kind_kept: bool,
    /// Choice fields asked for.
    chosen: usize,
    /// Filters beyond kind and period.
    narrowed: usize,
    /// In which form the list is shown: a table, a board, a Gantt chart.
    form: &'static str,
    /// Stages with the items that stand in them, those without any left out.
    board: Vec<(String, Vec<&'a ListRow>)>,
    gantt: Option<Drawing>,
}

/// The forms of a list: key, Chinese, English.
const FORMS: &[(&str, &str, &str)] =
    &[("", "表", "Table"), ("board", "按阶段", "Board"), ("gantt", "横道图", "Gantt chart")];

impl ItemsPage<'_> {
    /// The list sorted by a column; once more the other way round.
    fn sorted(&self, column: &ListColumn) -> String {
        let falls = match &self.filter.sort {
            Some((key, falling)) if *key == column.key => !falling,
            _ => column.numeric,
        };
        let mark = if falls { "-" } else { "" };
        format!("/items{}", query_with(self.v, "sort", &format!("{mark}{}", column.key)))
    }

    /// How a column is sorted now, for readers who cannot see the arrow.
    fn order(&self, column: &ListColumn) -> Option<&'static str> {
        let (key, falling) = self.filter.sort.as_ref()?;
        (*key == column.key).then_some(if *falling { "descending" } else { "ascending" })
    }

    /// The export of exactly this list.
    fn export(&self, format: &str) -> String {
        format!("/items/export/{format}{}", query_without(self.v, &["done", "as"]))
    }

    /// The forms in which the list can be shown.
    fn forms(&self) -> Vec<(&'static str, &'static str)> {
        FORMS.iter().map(|(key, zh, en)| (*key, self.lang.pick(*zh, *en))).collect()
    }

    fn is_form(&self, form: &str) -> bool {
        self.form == form
    }

    /// The same list in another form.
    fn formed(&self, form: &str) -> String {
        match form {
            "" => format!("/items{}", query_without(self.v, &["as", "done"])),
            form => format!("/items{}", query_with(self.v, "as", form)),
        }
    }

    /// Another kind of the same area.
    fn kind_path(&self, kind: &str) -> String {
        let area = self.filter.area.as_ref().map_or(String::new(), |a| format!("&area={}", answers::percent(a)));
        format!("/items?kind={kind}{area}")
    }

    /// The list without conditions; its columns stay.
    fn cleared(&self) -> String {
        let keep = ["kind", "col", "sort", "as", "period"];
        let gone: Vec<&str> = self.v.query.0.iter().map(|(n, _)| n.as_str()).filter(|n| !keep.contains(n)).collect();
        format!("/items{}", query_without(self.v, &gone))
    }

    /// The compendium of exactly this list.
    fn compendium(&self, format: &str) -> String {
        format!("/items/compendium/{format}{}", query_without(self.v, &["done", "as", "col"]))
    }

    /// The list without the columns chosen.
    fn usual_columns(&self) -> String {
        format!("/items{}", query_without(self.v, &["col", "done"]))
    }
}

/// The rows by stage, in the order of the stages.
fn board(list: &ItemList) -> Vec<(String, Vec<&ListRow>)> {
    let columns = list.stages.iter().map(|(key, label)| {
        let rows: Vec<&ListRow> = list.rows.iter().filter(|r| r.stage == *key).collect();
        (label.clone(), rows)
    });
    let mut columns: Vec<(String, Vec<&ListRow>)> = columns.filter(|(_, rows)| !rows.is_empty()).collect();
    let rest: Vec<&ListRow> = list.rows.iter().filter(|r| !list.stages.iter().any(|(k, _)| *k == r.stage)).collect();
    if !rest.is_empty() {
        columns.push(("—".to_owned(), rest));
    }
    columns
}

/// `GET /items`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let (wanted, mut list) = asked_for(&v)?;
    let Wanted { filter, period, trouble } = wanted;
    let lang = v.taste.lang;
    let total = list.rows.len();
    let cut_off = total.saturating_sub(crate::limits::LIST_ROWS_MAX);
    list.rows.truncate(crate::limits::LIST_ROWS_MAX);
    let kept = |hold: &dyn Fn(&str) -> bool| {
        v.query.0.iter().filter(|(n, value)| hold(n) && !value.trim().is_empty()).cloned().collect::<Vec<_>>()
    };
    let asked = [&filter.unit, &filter.stage, &filter.light];
    let narrowed =
        asked.iter().filter(|f| f.is_some()).count() + filter.choices.len() + usize::from(!filter.text.is_empty());
    let form = FORMS.iter().map(|(key, ..)| *key).find(|key| *key == v.query.get("as")).unwrap_or("");
    let board = if form == "board" { board(&list) } else { Vec::new() };
    let gantt = if form == "gantt" { drawings::gantt(&v.seen, &list) } else { None };
    v.page(&ItemsPage {
        shell: Shell::of(&v, list.label.clone(), "/items"),
        v: &v,
        lang,
        has_totals: list.totals.iter().any(Option::is_some) && list.rows.len() > 1,
        period_label: period.to_date_label(lang),
        period: period.to_string(),
        trouble,
        total,
        cut_off,
        lights: ["lag", "warn", "ok", "none"].iter().map(|k| (*k, v.say(&format!("page.light.{k}"), &[]))).collect(),
        saved: saved(&v).await?,
        query: query_without(&v, &["known", "done"]).trim_start_matches('?').to_owned(),
        columns_kept: kept(&|n| matches!(n, "col" | "as")),
        filter_kept: kept(&|n| !matches!(n, "col" | "done")),
        kind_kept: v.query.has("kind"),
        chosen: filter.choices.len(),
        narrowed,
        form,
        board,
        gantt,
        filter: &filter,
        list: &list,
    })
}
