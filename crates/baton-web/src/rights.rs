//! Rights: who may see and do what, over what, and why; granting and revoking, after the effects are shown.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::units::{chosen_unit, options};
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::commands::Act;
use baton_kernel::entries::{Grantee, Scope};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::rights::{self, GrantRow, PersonRights, VerbRow};
use baton_kernel::views::units;
use baton_store::Ids;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "rights.html")]
struct RightsPage {
    shell: Shell,
    grants: Vec<GrantRow>,
    together: Vec<(String, Vec<String>)>,
    may: bool,
    roles: Vec<(String, String)>,
    posts: Vec<(String, String)>,
    people: Vec<(PersonId, String)>,
    units: Vec<(String, String)>,
    role: String,
    to: String,
    over: String,
    unit: String,
    effects: Option<Vec<String>>,
}

#[derive(Template)]
#[template(path = "rights-person.html")]
struct PersonPage {
    shell: Shell,
    who: PersonRights,
}

#[derive(Template)]
#[template(path = "rights-object.html")]
struct ObjectPage {
    shell: Shell,
    of: String,
    parts: Vec<(String, Vec<VerbRow>)>,
}

/// `GET /rights`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    shown(&v, None)
}

fn shown(v: &Visit, effects: Option<Vec<String>>) -> Answer {
    let blueprint = v.seen.blueprint();
    let roles = blueprint.roles.values().map(|r| (r.key.clone(), r.label.get(v.taste.lang).to_owned())).collect();
    let mut posts = Vec::new();
    for unit in units::tree(&v.seen) {
        for post in units::posts(&v.seen, unit.id)? {
            let now = post.holders.iter().filter(|h| h.now).map(|h| h.name.as_str()).collect::<Vec<_>>().join("、");
            posts.push((format!("post:{}", post.id), format!("{} · {} {now}", unit.short, post.title)));
        }
    }
    v.page(&RightsPage {
        shell: Shell::of(v, v.say("page.menu.rights", &[]), "/rights"),
        grants: rights::grants(&v.seen)?,
        together: rights::offices_together(&v.seen)?,
        may: v.seen.rights().may_all(Verb::RoleGrant),
        roles,
        posts,
        people: units::people(&v.seen)?,
        units: options(v),
        role: v.text("role"),
        to: v.text("grantee"),
        over: v.typed("over", "below").to_owned(),
        unit: v.text("unit"),
        effects,
    })
}

/// `POST /rights`: what a grant would bring, or the grant.
pub(crate) async fn grant(v: Arc<Visit>) -> Answer {
    let done = granted(&v).await;
    or_again(&v, done, list).await
}

async fn granted(v: &Visit) -> Answer {
    let to = v.text("grantee");
    let to = match to.split_once(':') {
        Some(("post", id)) => id.parse().map(Grantee::Post).ok(),
        Some(("person", id)) => id.parse().map(Grantee::Person).ok(),
        _ => None,
    };
    let to = to.ok_or_else(|| Refusal::wrong("page.choose", &[]).at("grantee"))?;
    let scope = match v.text("over").as_str() {
        "all" => Scope::All,
        "units" => Scope::Units(vec![chosen_unit(v, "unit")?]),
        _ => Scope::Below(vec![chosen_unit(v, "unit")?]),
    };
    let act = Act::Grant { grant: GrantId(v.ids().next()), to, role: v.text("role"), scope };
    if v.text("step") == "preview" {
        return shown(v, Some(units::effects(&v.seen, &act, v.app.journal.now())?));
    }
    v.submit(act).await?;
    v.done("/rights", "granted")
}

/// `POST /rights/{id}/revocation`.
pub(crate) async fn revoke(v: Arc<Visit>) -> Answer {
    let done = revoked(&v).await;
    or_again(&v, done, list).await
}

async fn revoked(v: &Visit) -> Answer {
    v.submit(Act::Revoke { grant: v.id("id")? }).await?;
    v.done("/rights", "revoked")
}

/// `GET /rights/people/{id}`: what one person may see and do, and why.
pub(crate) async fn of_person(v: Arc<Visit>) -> Answer {
    let who = rights::of_person(&v.seen, v.id("id")?)?;
    let title = v.taste.lang.pick(format!("{}的权限", who.name), format!("Rights of {}", who.name));
    v.page(&PersonPage { shell: Shell::of(&v, title, "/rights"), who })
}

/// `GET /rights/objects?of=`: who may see and do what on a unit or an item, by its code, and why.
pub(crate) async fn of_object(v: Arc<Visit>) -> Answer {
    let of = v.query.get("of").to_owned();
    let mut parts = Vec::new();
    if !of.is_empty() {
        let list = match units::unit(&v.seen, &of) {
            Ok(unit) => vec![unit.id],
            Err(_) => rights::units_of_item(&v.seen, &of).map_err(Fault::from)?.1,
        };
        for unit in list {
            parts.push((v.seen.unit_short(unit), rights::over_unit(&v.seen, unit)?));
        }
    } else {
        rights::keepers(&v.seen)?;
    }
    let title = v.taste.lang.pick("谁能看、谁能办", "Who may see and do what");
    v.page(&ObjectPage { shell: Shell::of(&v, title, "/rights"), of, parts })
}
