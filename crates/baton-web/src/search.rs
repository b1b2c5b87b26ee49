//! Search: items, tasks and papers that the caller sees, by words in code, name or title.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::views::papers::{self, PaperRow};
use baton_kernel::views::tasks::{self, TaskFilter, TaskRow};
use std::sync::Arc;

/// Hits shown of each sort.
const HITS_MAX: usize = 50;

struct ItemHit {
    path: String,
    code: String,
    name: String,
    kind: String,
    lead: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    words: String,
    items: Vec<ItemHit>,
    tasks: Vec<TaskRow>,
    papers: Vec<PaperRow>,
}

/// `GET /search?q=`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let words = v.query.get("q").to_owned();
    let (mut hits, mut found, mut issued) = (Vec::new(), Vec::new(), Vec::new());
    if !words.is_empty() {
        for kind in v.seen.blueprint().kinds.iter().filter(|k| !k.about_units) {
            for item in v.seen.items_of(&kind.key) {
                let name = item.name.at(v.seen.cut()).cloned().unwrap_or_default();
                let plain = words.to_lowercase();
                if name.to_lowercase().contains(&plain) || item.code.to_lowercase().contains(&plain) {
                    hits.push(ItemHit {
                        path: format!("/items/{}", item.id),
                        code: item.code.clone(),
                        kind: kind.label.get(v.taste.lang).to_owned(),
                        lead: v.seen.unit_short(v.seen.lead(&item)),
                        name,
                    });
                }
            }
        }
        let filter = TaskFilter { text: words.clone(), ..TaskFilter::default() };
        found = tasks::ledger(&v.seen, &filter).rows;
        issued = papers::list(&v.seen);
        issued.retain(|p| p.title.contains(&words) || p.number.as_deref().is_some_and(|n| n.contains(&words)));
    }
    hits.truncate(HITS_MAX);
    found.truncate(HITS_MAX);
    issued.truncate(HITS_MAX);
    v.page(&SearchPage {
        shell: Shell::of(&v, v.say("page.search", &[]), ""),
        words,
        items: hits,
        tasks: found,
        papers: issued,
    })
}
