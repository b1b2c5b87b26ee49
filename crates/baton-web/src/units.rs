//! Units: the tree in official order; founded, moved, renamed and merged after the effects are shown; posts and
//! holders; a whole list from CSV.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::limits::ROSTER_CHARS_MAX;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::Act;
use baton_kernel::entries::Holding;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::units::{self, PostRow, UnitRow, UnitVersion};
use baton_kernel::{Diagnostic, Refusal, views};
use baton_store::Ids;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "units.html")]
struct UnitsPage<'a> {
    v: &'a Visit,
    shell: Shell,
    lines: Vec<UnitRow>,
    may: bool,
    keeps: bool,
}

/// What stands in the fields of a unit's form.
struct Typed {
    code: String,
    name: String,
    short: String,
    kind: String,
    parent: String,
    order: String,
    aliases: String,
    duties: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "unit-put.html")]
struct UnitPage {
    shell: Shell,
    action: String,
    unit: Option<UnitRow>,
    typed: Typed,
    kinds: Vec<(String, String)>,
    units: Vec<(String, String)>,
    people: Vec<(PersonId, String)>,
    posts: Vec<PostRow>,
    versions: Vec<UnitVersion>,
    may: bool,
    may_people: bool,
    today: String,
    effects: Option<(&'static str, Vec<String>)>,
    into: String,
    on: String,
    because: String,
}

#[derive(Template)]
#[template(path = "units-import.html")]
struct ImportPage {
    shell: Shell,
    text: String,
    read: Option<Roster>,
}

struct Roster {
    count: usize,
    wrong: Vec<Diagnostic>,
    effects: Vec<String>,
}

/// Whether the caller keeps units, people or rights, or audits them.
fn keeps(v: &Visit) -> bool {
    views::rights::keepers(&v.seen).is_ok()
}

/// `GET /units`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let lines = units::tree(&v.seen).into_iter().filter(|u| u.stands || keeps(&v)).collect();
    let shell = Shell::of(&v, v.say("page.menu.units", &[]), "/units");
    v.page(&UnitsPage { v: &v, shell, lines, may: v.seen.rights().may_all(Verb::UnitManage), keeps: keeps(&v) })
}

/// Standing units for a pick-list: code, and name indented by depth.
pub(crate) fn options(v: &Visit) -> Vec<(String, String)> {
    let standing = units::tree(&v.seen).into_iter().filter(|u| u.stands);
    standing.map(|u| (u.code.clone(), format!("{}{}", "\u{3000}".repeat(u.depth), u.name))).collect()
}

/// The unit that a field names by its code.
pub(crate) fn chosen_unit(v: &Visit, field: &str) -> Result<UnitId, Refusal> {
    let code = v.text(field);
    if code.is_empty() {
        return Err(crate::mistakes::empty(v, field));
    }
    v.seen.unit_by_code(&code).ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &code)]).at(field))
}

/// `GET /units/new`.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    page(&v, None, None)
}

/// `GET /units/{id}/administration`.
pub(crate) async fn edit(v: Arc<Visit>) -> Answer {
    let unit = units::unit(&v.seen, v.segment("id"))?;
    page(&v, Some(unit), None)
}

fn page(v: &Visit, unit: Option<UnitRow>, effects: Option<(&'static str, Vec<String>)>) -> Answer {
    views::rights::keepers(&v.seen)?;
    let lang = v.taste.lang;
    let day = |d: Option<jiff::civil::Date>| d.map_or(String::new(), |d| d.to_string());
    let code_of = |u: &UnitRow| u.parent.and_then(|p| v.seen.unit(p)).map_or(String::new(), |d| d.code.clone());
    let of = |f: &dyn Fn(&UnitRow) -> String| unit.as_ref().map_or(String::new(), f);
    let typed = |name: &str, fresh: String| v.typed(name, &fresh).to_owned();
    let typed = Typed {
        code: typed("code", of(&|u| u.code.clone())),
        name: typed("name", of(&|u| u.name.clone())),
        short: typed("short", of(&|u| u.short.clone())),
        kind: typed("kind", of(&|u| u.kind.clone())),
        parent: typed("parent", of(&code_of)),
        order: typed("order", of(&|u| u.order.to_string())),
        aliases: typed("aliases", of(&|u| u.aliases.join("；"))),
        duties: typed("duties", of(&|u| u.duties.join("；"))),
        from: typed("from", of(&|u| day(u.from))),
        to: typed("to", of(&|u| day(u.to))),
    };
    let kinds = v.seen.blueprint().unit_kinds.iter();
    let kinds = kinds.map(|k| (k.key.clone(), k.label.get(lang).to_owned())).collect();
    let title = match &unit {
        Some(unit) => unit.name.clone(),
        None => lang.pick("新设单位", "Found a unit").to_owned(),
    };
    v.page(&UnitPage {
        shell: Shell::of(v, title, "/units"),
        action: unit.as_ref().map_or("/units".to_owned(), |u| format!("/units/{}/administration", u.id)),
        posts: unit.as_ref().map_or(Ok(Vec::new()), |u| units::posts(&v.seen, u.id))?,
        versions: unit.as_ref().map_or(Vec::new(), |u| units::versions(&v.seen, u.id)),
        people: units::people(&v.seen)?,
        units: options(v),
        may: v.seen.rights().may_all(Verb::UnitManage),
        may_people: v.seen.rights().may_all(Verb::PersonManage),
        today: v.seen.today().to_string(),
        into: v.text("into"),
        on: v.typed("on", &v.seen.today().to_string()).to_owned(),
        because: v.text("because"),
        unit,
        typed,
        kinds,
        effects,
    })
}

/// `POST /units` and `POST /units/{id}/administration`: what it would bring, or the unit as it is from now on.
pub(crate) async fn put(v: Arc<Visit>) -> Answer {
    let known = match v.segment("id") {
        "" => None,
        key => Some(units::unit(&v.seen, key)?),
    };
    let again = known.clone();
    let done = stood(&v, known).await;
    or_again(&v, done, async |v: Arc<Visit>| page(&v, again, None)).await
}

async fn stood(v: &Visit, known: Option<UnitRow>) -> Answer {
    let mut wrong = Mistakes::default();
    let (code, name) = (wrong.needed(v, "code"), wrong.needed(v, "name"));
    let parent = match v.text("parent").is_empty() {
        true => Some(None),
        false => wrong.take(chosen_unit(v, "parent").map(Some)),
    };
    let order = match v.text("order") {
        text if text.is_empty() => Some(last_place(v)),
        text => wrong
            .take(text.parse::<u32>().map_err(|_| Refusal::wrong("page.number.wrong", &[("text", &text)]).at("order"))),
    };
    let (from, to) = (wrong.take(v.day("from")), wrong.take(v.day("to")));
    wrong.end()?;
    let (Some(parent), Some(order), Some(from), Some(to)) = (parent, order, from, to) else {
        return Err(Fault::Malformed);
    };
    let list = |name: &str| -> Vec<String> {
        v.text(name).split([';', '；', '\n']).map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()
    };
    let unit = known.as_ref().map_or_else(|| UnitId(v.ids().next()), |u| u.id);
    let (aliases, duties) = (list("aliases"), list("duties"));
    let (short, kind) = (v.text("short"), v.text("kind"));
    let act = Act::PutUnit { unit, code, name, short, kind, parent, order, aliases, duties, from, to };
    if v.text("step") == "preview" {
        return page(v, known, Some(("put", units::effects(&v.seen, &act, v.app.journal.now())?)));
    }
    v.submit(act).await?;
    v.done(&format!("/units/{unit}/administration"), "unit-put")
}

fn last_place(v: &Visit) -> u32 {
    units::tree(&v.seen).iter().map(|u| u.order).max().unwrap_or(0) + 10
}

/// `POST /units/{id}/merger`.
pub(crate) async fn merge(v: Arc<Visit>) -> Answer {
    let unit = units::unit(&v.seen, v.segment("id"))?;
    let again = unit.clone();
    let done = merged(&v, unit).await;
    or_again(&v, done, async |v: Arc<Visit>| page(&v, Some(again), None)).await
}

async fn merged(v: &Visit, unit: UnitRow) -> Answer {
    let into = chosen_unit(v, "into")?;
    let act = Act::MergeUnit { unit: unit.id, into, on: v.day_needed("on")?, because: v.text("because") };
    if v.text("step") == "preview" {
        return page(v, Some(unit), Some(("merge", units::effects(&v.seen, &act, v.app.journal.now())?)));
    }
    v.submit(act).await?;
    v.done("/units", "unit-merged")
}

/// `POST /units/{id}/posts`.
pub(crate) async fn add_post(v: Arc<Visit>) -> Answer {
    let unit = units::unit(&v.seen, v.segment("id"))?;
    let again = unit.clone();
    let done = post_added(&v, &unit).await;
    or_again(&v, done, async |v: Arc<Visit>| page(&v, Some(again), None)).await
}

async fn post_added(v: &Visit, unit: &UnitRow) -> Answer {
    let post = PostId(v.ids().next());
    v.submit(Act::PutPost { post, unit: unit.id, title: v.text("title"), from: None, to: None }).await?;
    v.done(&format!("/units/{}/administration#posts", unit.id), "post-made")
}

/// `POST /units/{id}/posts/{post}/holders`: somebody holds it, deputises or covers, from a day to a day; with a
/// last day it ends.
pub(crate) async fn hold(v: Arc<Visit>) -> Answer {
    let unit = units::unit(&v.seen, v.segment("id"))?;
    let again = unit.clone();
    let done = held(&v, &unit).await;
    or_again(&v, done, async |v: Arc<Visit>| page(&v, Some(again), None)).await
}

async fn held(v: &Visit, unit: &UnitRow) -> Answer {
    let post: PostId = v.id("post")?;
    if !units::posts(&v.seen, unit.id)?.iter().any(|p| p.id == post) {
        return Err(Fault::absent());
    }
    let person = v.text("person").parse().map_err(|_| Refusal::wrong("page.choose", &[]).at("person"))?;
    let how = match v.text("how").as_str() {
        "deputy" => Holding::Deputy,
        "cover" => Holding::Cover,
        _ => Holding::Holder,
    };
    v.submit(Act::HoldPost { post, person, how, from: v.day_needed("from")?, to: v.day("to")? }).await?;
    v.done(&format!("/units/{}/administration#posts", unit.id), "post-held")
}

/// `GET /units/import`.
pub(crate) async fn import(v: Arc<Visit>) -> Answer {
    let (shell, text) = (Shell::of(&v, import_title(&v), "/units"), v.text("text"));
    v.page(&ImportPage { shell, text, read: None })
}

fn import_title(v: &Visit) -> &'static str {
    v.taste.lang.pick("导入单位名册", "Import a list of units")
}

/// `POST /units/import`: every mistake by its line and what would change; then the lines that are right.
pub(crate) async fn imported(v: Arc<Visit>) -> Answer {
    let done = taken(&v).await;
    or_again(&v, done, import).await
}

async fn taken(v: &Visit) -> Answer {
    let mut text = v.given.fields.raw("text").unwrap_or_default().to_owned();
    if let Some(file) = v.given.files("file").next() {
        text = crate::uploads::words(file)?;
    }
    if text.chars().count() > ROSTER_CHARS_MAX {
        let (count, max) = (text.chars().count(), ROSTER_CHARS_MAX);
        return Err(Refusal::wrong("text.long", &[("field", &"CSV"), ("count", &count), ("max", &max)])
            .at("text")
            .into());
    }
    let ids = v.ids();
    let (acts, wrong) = units::roster(&v.seen, &text, || UnitId(ids.next()));
    if v.text("step") == "do" && wrong.is_empty() {
        v.submit(Act::All(acts)).await?;
        return v.done("/units", "units-imported");
    }
    let count = acts.len();
    let effects = match acts.is_empty() || !wrong.is_empty() {
        true => Vec::new(),
        false => units::effects(&v.seen, &Act::All(acts), v.app.journal.now())?,
    };
    let read = Some(Roster { count, wrong, effects });
    v.page(&ImportPage { shell: Shell::of(v, import_title(v), "/units"), text, read })
}
