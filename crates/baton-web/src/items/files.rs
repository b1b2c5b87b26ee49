//! Files that an item names: its evidence.

use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::visit::Visit;
use baton_kernel::{FileRef, Refusal};
use std::sync::Arc;

/// `GET /items/{id}/files/{digest}`: a file that the item names.
pub(crate) async fn file(v: Arc<Visit>) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let kind = v.seen.blueprint().kind(&item.kind).ok_or_else(Fault::absent)?;
    let evidence = v.seen.evidence(kind, &item);
    send(&v, evidence.iter().map(|e| &e.file)).await
}

/// Sends the file of the path's digest when it is one of those that the caller sees here.
pub(crate) async fn send<'a>(v: &Visit, mut seen: impl Iterator<Item = &'a FileRef>) -> Answer {
    let wanted = v.segment("digest");
    let file = seen.find(|f| f.digest.to_string() == wanted).ok_or_else(Fault::absent)?;
    match v.app.store().file(&file.digest).await? {
        Some(stored) => Ok(answers::file(&file.name, &file.media, stored.bytes)),
        // Erased by law: the name stays, the bytes do not.
        None => Err(Refusal::not_now("page.file.erased", &[]).into()),
    }
}
