//! A new item: the form that follows from its kind, and making it.

use super::{at_field, field_name, unit_in, units_in};
use crate::answers::Answer;
use crate::faults::Fault;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::Act;
use baton_kernel::blueprint::{Field, FieldType};
use baton_kernel::commands::FieldInput;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::review::UnitShown;
use baton_store::Ids;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// The item that the new one is linked from, with the link's key.
    from: Option<(String, String, String)>,
}

/// The item and link by which a new item is made: id, name, link key.
fn linked_from(v: &Visit, kind: &str) -> Option<(String, String, String)> {
    let given = |name: &str| if v.given.fields.has(name) { v.text(name) } else { v.query.get(name).to_owned() };
    let (from, link) = (given("from"), given("link"));
    let item = v.seen.item(&from).ok()?;
    let declared = v.seen.blueprint().kind(&item.kind)?.links.iter().find(|l| l.key == link && l.to == kind)?;
    let name = item.name.at(v.seen.cut()).cloned().unwrap_or_default();
    Some((item.id.to_string(), name, declared.key.clone()))
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
        from: linked_from(&v, &kind.key),
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
pub(super) async fn fields_given(v: &Visit) -> Result<BTreeMap<String, FieldInput>, Fault> {
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

/// `POST /items`.
pub(crate) async fn make(v: Arc<Visit>) -> Answer {
    let done = made(&v).await;
    or_again(&v, done, new).await
}

async fn made(v: &Visit) -> Answer {
    make_it(v).await.map_err(|fault| at_field(v, &v.text("kind"), fault))
}

async fn make_it(v: &Visit) -> Answer {
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
    let make = Act::MakeItem {
        item,
        kind: v.text("kind"),
        code: v.text("code"),
        name,
        lead,
        co: co.into_iter().filter(|u| *u != lead).collect(),
        parent: None,
        fields: fields_given(v).await?,
        stage,
    };
    match linked_from(v, &v.text("kind")) {
        Some((from, _, link)) => {
            let from: ItemId = from.parse().map_err(|_| Fault::Malformed)?;
            let link = Act::LinkItems { item: from, link, to: item, because: String::new() };
            v.submit(Act::All(vec![make, link])).await?;
        }
        None => drop(v.submit(make).await?),
    }
    v.done(&format!("/items/{item}"), "item-made")
}
