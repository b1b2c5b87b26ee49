//! The blueprint in force at the cut, as its files say it.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use std::sync::Arc;

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
}

/// `GET /blueprint`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
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
        shell: Shell::of(&v, v.say("page.menu.blueprint", &[]), "/blueprint"),
        version: blueprint.version,
        kinds,
        roles,
        files: blueprint.files.iter().collect(),
    })
}
