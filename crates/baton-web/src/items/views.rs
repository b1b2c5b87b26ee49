//! Saved views of the list: a query under a name, each person's own. A view is shared by sending its link.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::visit::Visit;
use baton_kernel::Refusal;
use std::sync::Arc;

/// The sort of draft under which the workbench keeps views.
const VIEW: &str = "items-view";
/// Characters of a view's name.
const NAME_CHARS_MAX: usize = 40;

/// A list kept under a name.
pub(super) struct SavedView {
    pub name: String,
    pub path: String,
    /// Whether it is the list on this page.
    pub here: bool,
}

/// One's own views, by name.
pub(super) async fn saved(v: &Visit) -> Result<Vec<SavedView>, Fault> {
    let query = super::list::query_without(v, &["known", "done"]);
    let drafts = v.app.store().drafts(v.session.person).await?;
    let mut views: Vec<SavedView> = drafts
        .into_iter()
        .filter(|d| d.kind == VIEW)
        .map(|d| {
            let path = format!("/items?{}", d.json);
            SavedView { here: path == format!("/items{query}"), path, name: d.key }
        })
        .collect();
    views.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(views)
}

/// A query as we write them; anything else never came from a page of ours.
fn query_in(v: &Visit) -> Result<String, Fault> {
    let query = v.text("query");
    let ours = |c: char| c.is_ascii_alphanumeric() || "%&=-._~".contains(c);
    if query.len() > crate::limits::TARGET_BYTES_MAX || !query.chars().all(ours) {
        return Err(Fault::Malformed);
    }
    Ok(query)
}

/// `POST /items/views`: keeps this list under a name.
pub(crate) async fn keep_view(v: Arc<Visit>) -> Answer {
    let query = query_in(&v)?;
    let name: String = v.text("name").chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() {
        let label = v.say("page.field.view", &[]);
        return Err(Refusal::wrong("text.empty", &[("field", &label)]).at("view-name").into());
    }
    v.app.store().save_draft(v.session.person, VIEW, &name, &query, v.seen.base(), None).await?;
    v.done(&format!("/items?{query}"), "view-kept")
}

/// `POST /items/views/removal`: forgets a view.
pub(crate) async fn drop_view(v: Arc<Visit>) -> Answer {
    let query = query_in(&v)?;
    v.app.store().drop_draft(v.session.person, VIEW, &v.text("name")).await?;
    let path = if query.is_empty() { "/items".to_owned() } else { format!("/items?{query}") };
    v.done(&path, "view-dropped")
}
