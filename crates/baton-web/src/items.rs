//! Items: the lists by kind, one item with everything about it, and what may be done to it.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::blueprint::{Field, FieldType};
use baton_kernel::commands::FieldInput;
use baton_kernel::document::{Drawing, Lane};
use baton_kernel::entries::{CurveSpec, FieldValue};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::drawings;
use baton_kernel::views::items::{self, FieldShown, ItemFilter, ItemList, ItemPage, MeasureShown};
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::tasks::TaskRow;
use baton_kernel::{Act, FileRef, Refusal};
use baton_methods::{Grain, Lang, Period, parse_number};
use baton_store::Ids;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "items.html")]
struct ItemsPage<'a> {
    shell: Shell,
    lang: Lang,
    list: &'a ItemList,
    filter: &'a ItemFilter,
    period_label: String,
    period: String,
    period_trouble: Option<String>,
    has_totals: bool,
    cut_off: usize,
    lights: Vec<(&'static str, String)>,
}

/// The month before the one a day lies in: the newest that figures can be whole for.
pub(crate) fn month_before(day: jiff::civil::Date) -> Period {
    Period::of(Grain::Month, day).prev()
}

/// The period asked for in the query, with what was wrong with it.
fn period_asked(v: &Visit) -> (Period, Option<String>) {
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

/// `GET /items`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let given = |name: &str| Some(v.query.get(name).to_owned()).filter(|t| !t.is_empty());
    let filter = ItemFilter {
        kind: given("kind"),
        unit: given("unit"),
        stage: given("stage"),
        light: given("light"),
        text: v.query.get("q").to_owned(),
    };
    let (period, period_trouble) = period_asked(&v);
    let mut list = items::list(&v.seen, &filter, period)?;
    let cut_off = list.rows.len().saturating_sub(crate::limits::LIST_ROWS_MAX);
    list.rows.truncate(crate::limits::LIST_ROWS_MAX);
    let filter = ItemFilter { kind: Some(list.kind.clone()), ..filter };
    v.page(&ItemsPage {
        shell: Shell::of(&v, list.label.clone(), "/items"),
        lang: v.taste.lang,
        has_totals: list.totals.iter().any(Option::is_some) && list.rows.len() > 1,
        period_label: period.to_date_label(v.taste.lang),
        period: period.to_string(),
        period_trouble,
        cut_off,
        lights: ["lag", "warn", "ok", "none"].iter().map(|k| (*k, v.say(&format!("page.light.{k}"), &[]))).collect(),
        filter: &filter,
        list: &list,
    })
}

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
    files: Vec<(String, FileRef)>,
    tasks: Vec<TaskRow>,
    units: Vec<UnitShown>,
    may_target: bool,
    targets: Vec<(String, String)>,
    today: String,
    year: i16,
}

impl ItemView<'_> {
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
    let kind = v.seen.blueprint().kind(&page.kind);
    let targets = kind.map_or_else(Vec::new, |k| {
        let own = k.measures.iter().filter(|m| m.is_entered() && !m.retired);
        own.map(|m| (m.key.clone(), format!("{}（{}）", m.label.get(lang), m.unit.label(lang)))).collect()
    });
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
        files: files_of(&v, &page.id.to_string())?,
        tasks: crate::tasks::of_item(&v, page.id),
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        may_target,
        targets,
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

/// Files that the item's stages and fields name, with where they stand.
fn files_of(v: &Visit, id: &str) -> Result<Vec<(String, FileRef)>, Fault> {
    let item = v.seen.item(id)?;
    let cut = v.seen.cut();
    let mut files: Vec<(String, FileRef)> = Vec::new();
    for row in item.stages.iter().filter(|r| r.seq <= cut) {
        files.extend(row.evidence.iter().map(|f| (row.on.to_string(), f.clone())));
    }
    for history in item.fields.values() {
        for (seq, value) in history.until(cut) {
            if let FieldValue::File(file) = value {
                files.push((v.seen.when(seq), file.clone()));
            }
        }
    }
    Ok(files)
}

/// `GET /items/{id}/files/{digest}`: a file that the item names.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let files = files_of(&v, v.segment("id"))?;
    send(&v, files.iter().map(|(_, f)| f)).await
}

/// Sends the file of the path's digest when it is one of those that the caller sees here.
pub(crate) async fn send<'a>(v: &Visit, mut seen: impl Iterator<Item = &'a FileRef>) -> Answer {
    let wanted = v.segment("digest");
    let file = seen.find(|f| f.digest.to_string() == wanted).ok_or_else(Fault::absent)?;
    match v.app.store().file(&file.digest).await? {
        Some(stored) => Ok(answers::file(&file.name, &file.media, stored.bytes)),
        // Erased by law: the name stays, the bytes do not.
        None => Err(Refusal::not_now("page.file.erased", &[]).into()),
    }
}

#[derive(Template)]
#[template(path = "item-new.html")]
struct NewItemPage<'a> {
    shell: Shell,
    v: &'a Visit,
    kinds: Vec<(String, String)>,
    kind: String,
    label: String,
    fields: Vec<Asked>,
    stages: Vec<(String, String)>,
    units: Vec<UnitShown>,
    numbered: bool,
    today: String,
}

/// Name of a field's input.
pub(crate) fn field_name(key: &str) -> String {
    format!("f:{key}")
}

/// A field of a form.
struct Asked {
    name: String,
    label: String,
    hint: String,
    kind: &'static str,
    choices: Vec<(String, String)>,
    required: bool,
    value: String,
}

/// `GET /items/new?kind=`.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    let lang = v.taste.lang;
    let wanted = if v.given.fields.has("kind") { v.text("kind") } else { v.query.get("kind").to_owned() };
    let all = &v.seen.blueprint().kinds;
    let kinds: Vec<(String, String)> =
        all.iter().filter(|k| !k.about_units).map(|k| (k.key.clone(), k.label.get(lang).to_owned())).collect();
    let kind = all
        .iter()
        .filter(|k| !k.about_units)
        .find(|k| wanted.is_empty() || k.key == wanted)
        .ok_or_else(Fault::absent)?;
    let label = kind.label.get(lang).to_owned();
    let fields = kind.fields.iter().filter(|f| !f.retired).map(|f| asked(&v, f)).collect();
    v.page(&NewItemPage {
        shell: Shell::of(&v, v.say("page.item.new", &[("kind", &label)]), "/items"),
        v: &v,
        kinds,
        kind: kind.key.clone(),
        label,
        fields,
        stages: kind.stages.iter().map(|s| (s.key.clone(), s.label.get(lang).to_owned())).collect(),
        units: v
            .seen
            .units()
            .into_iter()
            .filter(|u| v.seen.rights().may(Verb::ItemMake, *u))
            .map(|u| v.seen.unit_shown(u))
            .collect(),
        numbered: kind.number.is_some(),
        today: v.seen.today().to_string(),
    })
}

fn asked(v: &Visit, field: &Field) -> Asked {
    let lang = v.taste.lang;
    let unit = match &field.kind {
        FieldType::Number { unit: Some(unit), .. } => format!("（{}）", unit.label(lang)),
        _ => String::new(),
    };
    let name = field_name(&field.key);
    Asked {
        label: format!("{}{unit}", field.label.get(lang)),
        hint: field.hint.as_ref().map_or(String::new(), |h| h.get(lang).to_owned()),
        kind: field.kind.name(),
        choices: match &field.kind {
            FieldType::Choice(list) => list.iter().map(|c| (c.key.clone(), c.label.get(lang).to_owned())).collect(),
            _ => Vec::new(),
        },
        required: field.required,
        value: v.typed(&name, "").to_owned(),
        name,
    }
}

/// Fields of a form by key: typed, a file, or cleared on purpose.
async fn fields_given(v: &Visit) -> Result<BTreeMap<String, FieldInput>, Fault> {
    let mut fields = BTreeMap::new();
    for (key, typed) in v.given.fields.under("f:") {
        let typed = typed.trim();
        if v.given.fields.raw(&format!("was:{key}")).is_some_and(|was| was.trim() == typed) {
            continue;
        }
        let had = v.given.fields.raw(&format!("was:{key}")).is_some_and(|was| !was.trim().is_empty());
        match (typed.is_empty(), had) {
            (true, false) => {}
            (true, true) => drop(fields.insert(key.to_owned(), FieldInput::Empty)),
            (false, _) => drop(fields.insert(key.to_owned(), FieldInput::Typed(typed.to_owned()))),
        }
    }
    let files: Vec<String> =
        v.given.files.iter().filter_map(|f| f.field.strip_prefix("f:").map(str::to_owned)).collect();
    for key in files {
        if let Some(file) = v.evidence(&format!("f:{key}")).await?.into_iter().next() {
            fields.insert(key, FieldInput::File(file));
        }
    }
    Ok(fields)
}

fn unit_in(v: &Visit, name: &str) -> Result<UnitId, Refusal> {
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

/// `POST /items`.
pub(crate) async fn make(v: Arc<Visit>) -> Answer {
    let done = made(&v).await;
    or_again(&v, done, new).await
}

async fn made(v: &Visit) -> Answer {
    let item = ItemId(v.ids().next());
    let mut wrong = Mistakes::default();
    let name = wrong.needed(v, "name");
    let lead = wrong.take(unit_in(v, "lead"));
    let co = wrong.take(units_in(v, "co"));
    let on = wrong.take(v.day("on"));
    wrong.end()?;
    let (Some(lead), Some(co), Some(on)) = (lead, co, on) else { return Err(Fault::Malformed) };
    let stage = match v.text("stage") {
        key if key.is_empty() => None,
        key => Some((key, on.unwrap_or(v.seen.today()))),
    };
    v.submit(Act::MakeItem {
        item,
        kind: v.text("kind"),
        code: v.text("code"),
        name,
        lead,
        co: co.into_iter().filter(|u| *u != lead).collect(),
        parent: None,
        fields: fields_given(v).await?,
        stage,
    })
    .await?;
    v.done(&format!("/items/{item}"), "item-made")
}

/// `POST /items/{id}/change`.
pub(crate) async fn change(v: Arc<Visit>) -> Answer {
    let done = changed(&v).await;
    or_again(&v, done, show).await
}

async fn changed(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let other = |name: &str| {
        let (now, was) = (v.text(name), v.text(&format!("was:{name}")));
        (!now.is_empty() && now != was).then_some(now)
    };
    let lead = match other("lead") {
        Some(_) => Some(unit_in(v, "lead")?),
        None => None,
    };
    v.submit(Act::ChangeItem {
        item: item.id,
        name: other("name"),
        lead,
        co: None,
        fields: fields_given(v).await?,
        because: v.text("because"),
    })
    .await?;
    v.done(&format!("/items/{}", item.id), "item-changed")
}

/// `POST /items/{id}/stage`.
pub(crate) async fn enter_stage(v: Arc<Visit>) -> Answer {
    let done = stage_entered(&v).await;
    or_again(&v, done, show).await
}

async fn stage_entered(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let on = v.day_needed("on")?;
    let evidence = v.evidence("evidence").await?;
    let act = Act::EnterStage { item: item.id, stage: v.text("stage"), on, because: v.text("because"), evidence };
    v.submit(act).await?;
    v.done(&format!("/items/{}", item.id), "stage-entered")
}

/// `POST /items/{id}/withdrawal`.
pub(crate) async fn withdraw(v: Arc<Visit>) -> Answer {
    let done = withdrawn(&v).await;
    or_again(&v, done, show).await
}

async fn withdrawn(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    v.submit(Act::WithdrawItem { item: item.id, because: v.text("because") }).await?;
    v.done(&format!("/items/{}", item.id), "item-withdrawn")
}

/// `POST /items/{id}/target`.
pub(crate) async fn set_target(v: Arc<Visit>) -> Answer {
    let done = target_set(&v).await;
    or_again(&v, done, show).await
}

async fn target_set(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let measure = v.text("measure");
    let (_, declared) = v.seen.declared(Subject::Item(item.id), &measure);
    let unit = declared
        .ok_or_else(|| Refusal::wrong("text.empty", &[("field", &v.say("page.field.measure", &[]))]).at("measure"))?
        .unit;
    let value = parse_number(&v.text("value"), Some(unit)).map_err(|e| Refusal {
        code: e.code().to_owned(),
        why: baton_kernel::Why::Wrong,
        zh: format!("{} {}", e.message(Lang::Zh), e.hint(Lang::Zh)),
        en: format!("{} {}", e.message(Lang::En), e.hint(Lang::En)),
        at: Some("value".to_owned()),
    })?;
    let year = Period::parse(&v.text("year"))
        .map_err(|_| Refusal::wrong("page.year.wrong", &[("text", &v.text("year"))]).at("year"))?;
    v.submit(Act::SetTarget {
        subject: Subject::Item(item.id),
        measure,
        year,
        value: value.value,
        curve: CurveSpec::Linear,
        basis: Some(v.text("basis")).filter(|b| !b.is_empty()),
        because: v.text("because"),
    })
    .await?;
    v.done(&format!("/items/{}", item.id), "target-set")
}
