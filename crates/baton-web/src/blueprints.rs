//! The blueprint in force at the cut, as its files say it; a proposal of changed files with its mistakes and effects.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::Act;
use baton_kernel::permit::Verb;
use baton_kernel::{Diagnostic, Refusal, views};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A proposal as it is shown: its changed files, what is wrong with it, what it would bring.
struct Proposal {
    changed: Vec<(String, String)>,
    wrong: Vec<Diagnostic>,
    effects: Vec<String>,
}

struct KindLine {
    label: String,
    area: String,
    file: String,
    fields: String,
    stages: String,
    measures: String,
}

#[derive(Template)]
#[template(path = "blueprint.html")]
struct BlueprintPage<'a> {
    shell: Shell,
    version: u32,
    kinds: Vec<KindLine>,
    roles: Vec<(String, String)>,
    files: Vec<(&'a String, &'a String)>,
    may: bool,
    proposal: Option<Proposal>,
    path: String,
    text: String,
    because: String,
}

/// `GET /blueprint`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    shown(&v, None)
}

fn shown(v: &Visit, proposal: Option<Proposal>) -> Answer {
    let lang = v.taste.lang;
    let blueprint = v.seen.blueprint();
    let join = |list: Vec<&str>| list.join(lang.pick("、", ", "));
    let kinds = blueprint
        .kinds
        .iter()
        .map(|k| KindLine {
            label: k.label.get(lang).to_owned(),
            area: blueprint.area(&k.area).map_or(String::new(), |a| a.label.get(lang).to_owned()),
            file: k.file.clone(),
            fields: join(k.fields.iter().filter(|f| !f.retired).map(|f| f.label.get(lang)).collect()),
            stages: join(k.stages.iter().map(|s| s.label.get(lang)).collect()),
            measures: join(k.measures.iter().filter(|m| !m.retired).map(|m| m.label.get(lang)).collect()),
        })
        .collect();
    let roles = blueprint
        .roles
        .values()
        .map(|r| {
            let verbs = r.verbs.iter().map(|x| lang.pick(x.words().0, x.words().1)).collect();
            (r.label.get(lang).to_owned(), join(verbs))
        })
        .collect();
    v.page(&BlueprintPage {
        shell: Shell::of(v, v.say("page.menu.blueprint", &[]), "/blueprint"),
        version: blueprint.version,
        kinds,
        roles,
        files: blueprint.files.iter().collect(),
        may: v.seen.rights().may_all(Verb::BlueprintApply) && !v.seen.is_past(),
        proposal,
        path: v.text("path"),
        text: v.given.fields.raw("text").unwrap_or_default().to_owned(),
        because: v.text("because"),
    })
}

/// `POST /blueprint/proposal`: changed files against the ones in force: mistakes with line and hint, and effects.
pub(crate) async fn propose(v: Arc<Visit>) -> Answer {
    let done = proposed(&v);
    or_again(&v, done, show).await
}

fn proposed(v: &Visit) -> Answer {
    let changed = changed(v)?;
    let (effects, wrong) = views::units::blueprint_effects(&v.seen, &merged(v, &changed));
    let effects = effects.into_iter().map(|e| v.taste.lang.pick(e.zh, e.en)).collect();
    shown(v, Some(Proposal { changed: changed.into_iter().collect(), wrong, effects }))
}

/// The files in force with the changed ones in their places; an empty text takes a file away.
fn merged(v: &Visit, changed: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut files = v.seen.blueprint().files.clone();
    for (path, text) in changed {
        match text.trim().is_empty() {
            true => files.remove(path),
            false => files.insert(path.clone(), text.clone()),
        };
    }
    files
}

/// Changed files by path: pasted, uploaded, or carried along from the proposal.
fn changed(v: &Visit) -> Result<BTreeMap<String, String>, Fault> {
    let known = &v.seen.blueprint().files;
    let mut changed = BTreeMap::new();
    for (path, text) in v.given.fields.under("file:") {
        changed.insert(path.to_owned(), text.to_owned());
    }
    let path = v.text("path");
    if !path.is_empty() {
        let text = v.given.fields.raw("text").unwrap_or_default();
        changed.insert(path, text.replace("\r\n", "\n"));
    }
    for file in v.given.files("files") {
        let name = baton_store::files::plain_name(&file.name);
        // A browser gives no folder: a known file of that name is meant, else a new kind.
        let ends = |path: &&String| **path == name || path.ends_with(&format!("/{name}"));
        let path = known.keys().find(ends).cloned().unwrap_or_else(|| format!("kinds/{name}"));
        let text = String::from_utf8(file.bytes.to_vec())
            .map_err(|_| Refusal::wrong("page.blueprint.utf8", &[("file", &name)]).at("files"))?;
        changed.insert(path, text.replace("\r\n", "\n"));
    }
    let sound = |path: &str| {
        path.ends_with(".toml") && !path.starts_with('/') && !path.contains("..") && path.chars().count() <= 100
    };
    if let Some(path) = changed.keys().find(|p| !sound(p)) {
        return Err(Refusal::wrong("page.blueprint.path", &[("path", path)]).at("path").into());
    }
    if changed.is_empty() {
        return Err(Refusal::wrong("page.blueprint.nothing", &[]).at("path").into());
    }
    Ok(changed)
}

/// `POST /blueprint`: applies the proposal that was shown.
pub(crate) async fn apply(v: Arc<Visit>) -> Answer {
    let done = applied(&v).await;
    let again = |v: Arc<Visit>| async move { proposed(&v).or_else(|_| shown(&v, None)) };
    or_again(&v, done, again).await
}

async fn applied(v: &Visit) -> Answer {
    let files = merged(v, &changed(v)?);
    v.submit(Act::ApplyBlueprint { files, because: v.text("because") }).await?;
    v.done("/blueprint", "blueprint-applied")
}
