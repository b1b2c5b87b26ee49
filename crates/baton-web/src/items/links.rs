//! Links of an item to others, made and taken off.

use super::show;
use crate::answers::Answer;
use crate::visit::{Visit, or_again};
use baton_kernel::{Act, Refusal};
use std::sync::Arc;

/// `POST /items/{id}/links`.
pub(crate) async fn link(v: Arc<Visit>) -> Answer {
    let done = linked(&v).await;
    or_again(&v, done, show).await
}

async fn linked(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let code = v.text("to");
    let to = v.seen.item(&code).map_err(|_| Refusal::wrong("page.item.unknown", &[("code", &code)]).at("to"))?;
    let act = Act::LinkItems { item: item.id, link: v.text("link"), to: to.id, because: v.text("because") };
    v.submit(act).await?;
    v.done(&format!("/items/{}#links", item.id), "item-linked")
}

/// `POST /items/{id}/links/removal`.
pub(crate) async fn unlink(v: Arc<Visit>) -> Answer {
    let done = unlinked(&v).await;
    or_again(&v, done, show).await
}

async fn unlinked(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let to = v.seen.item(&v.text("to"))?;
    let act = Act::UnlinkItems { item: item.id, link: v.text("link"), to: to.id, because: v.text("because") };
    v.submit(act).await?;
    v.done(&format!("/items/{}#links", item.id), "item-unlinked")
}
