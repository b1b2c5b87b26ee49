//! One page per item on screen, as PDF and DOCX; the compendium of a list.

use super::list::asked_for;
use super::period_asked;
use crate::answers::{self, Answer};
use crate::faults::Fault;
use crate::limits::COMPENDIUM_ITEMS_MAX;
use crate::papers::{DOCX, Form, PDF, set};
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use askama::filters::Safe;
use baton_kernel::Refusal;
use baton_kernel::document::Document;
use baton_kernel::views::compendium;
use baton_store::Noted;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "item-page.html")]
struct OnePage {
    shell: Shell,
    id: String,
    name: String,
    html: Safe<String>,
    query: String,
}

/// `GET /items/{id}/page`: the one page of an item, ready to print.
pub(crate) async fn one_page(v: Arc<Visit>) -> Answer {
    let (period, _) = period_asked(&v);
    let item = v.seen.item(v.segment("id"))?;
    let mut document = compendium::one(&v.seen, v.segment("id"), period)?;
    // The page's own line says which ledger it shows; the file carries it with it.
    document.witness = None;
    let name = document.title.concat();
    v.page(&OnePage {
        shell: Shell::of(&v, v.say("page.item.page", &[("item", &name)]), "/items"),
        id: item.id.to_string(),
        html: Safe(crate::paper::html(&document, &|_| None)),
        query: super::list::query_without(&v, &["done"]),
        name,
    })
}

/// `GET /items/{id}/page/{format}`: the same as `pdf` or `docx`.
pub(crate) async fn one_page_file(v: Arc<Visit>) -> Answer {
    let (period, _) = period_asked(&v);
    let document = compendium::one(&v.seen, v.segment("id"), period)?;
    let about = format!("items/{} page", v.segment("id"));
    file(&v, document, &about).await
}

/// `GET /items/compendium/{format}`: every item of the list of the same query, one page each.
pub(crate) async fn all_pages(v: Arc<Visit>) -> Answer {
    let (_, list) = asked_for(&v)?;
    if list.rows.len() > COMPENDIUM_ITEMS_MAX {
        let args: [(&str, &dyn std::fmt::Display); 2] = [("max", &COMPENDIUM_ITEMS_MAX), ("count", &list.rows.len())];
        return Err(Refusal::not_now("page.items.many", &args).into());
    }
    let document = compendium::compendium(&v.seen, &list)?;
    let about = format!("items/{} compendium, {} items", list.kind, list.rows.len());
    file(&v, document, &about).await
}

async fn file(v: &Visit, document: Document, about: &str) -> Answer {
    let format = v.segment("format");
    let (media, form) = match format {
        "pdf" => (PDF, Form::Pdf),
        "docx" => (DOCX, Form::Docx),
        _ => return Err(Fault::absent()),
    };
    let name = format!("{} {}.{format}", document.title.concat(), v.seen.day());
    let bytes = set(v, document, form).await?;
    let (person, about) = (Some(v.session.person), Some(about));
    let noted = Noted { act: "export", result: "done", person, address: Some(&v.address), about, ..Noted::default() };
    v.app.store().note(&noted).await?;
    Ok(answers::file(&name, media, bytes))
}
