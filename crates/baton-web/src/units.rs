//! Units: the organisation as known at the cut, in official order.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use jiff::civil::Date;
use std::sync::Arc;

struct UnitLine {
    code: String,
    name: String,
    short: String,
    kind: String,
    parent: String,
    duties: String,
    from: Option<Date>,
    to: Option<Date>,
}

#[derive(Template)]
#[template(path = "units.html")]
struct UnitsPage {
    shell: Shell,
    lines: Vec<UnitLine>,
}

/// `GET /units`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let lang = v.taste.lang;
    let line = |id| {
        let data = v.seen.unit(id)?;
        let kind = v.seen.blueprint().unit_kind(&data.kind);
        Some(UnitLine {
            code: data.code.clone(),
            name: data.name.clone(),
            short: data.short.clone(),
            kind: kind.map_or_else(|| data.kind.clone(), |k| k.label.get(lang).to_owned()),
            parent: data.parent.map_or(String::new(), |p| v.seen.unit_short(p)),
            duties: data.duties.join(lang.pick("、", ", ")),
            from: data.from,
            to: data.to,
        })
    };
    let lines = v.seen.units().into_iter().filter_map(line).collect();
    v.page(&UnitsPage { shell: Shell::of(&v, v.say("page.menu.units", &[]), "/units"), lines })
}
