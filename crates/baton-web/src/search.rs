//! Search: everything that the caller may see, by words in it, as a page and while typing.

use crate::answers::Answer;
use crate::limits::{HITS_MAX, HITS_TYPING_MAX};
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use askama::filters::Safe;
use baton_kernel::views::search::{Found, Marked, search};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    shell: Shell,
    words: String,
    found: &'a Found,
}

/// What was found alone, to stand below the field while somebody types.
#[derive(Template)]
#[template(path = "search-hits.html")]
struct Hits<'a> {
    shell: Shell,
    words: String,
    found: &'a Found,
}

/// A text with what matched in it marked.
pub(crate) fn marked(text: &Marked) -> Safe<String> {
    let mut out = String::new();
    for (on, piece) in &text.0 {
        let piece = crate::marks::escaped(piece);
        out.push_str(&if *on { format!("<mark class=\"hit\">{piece}</mark>") } else { piece });
    }
    Safe(out)
}

/// `GET /search?q=`; with `part=hits` the hits alone.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let words = v.query.get("q").to_owned();
    let typing = v.query.get("part") == "hits";
    let found = search(&v.seen, &words, if typing { HITS_TYPING_MAX } else { HITS_MAX });
    let shell = Shell::of(&v, v.say("page.search", &[]), "");
    if typing {
        return v.page(&Hits { shell, words, found: &found });
    }
    v.page(&SearchPage { shell, words, found: &found })
}
