//! The public's pages: what was decided public, without an account; and how to claim a right on it.

use crate::answers::{self, Answer, percent};
use crate::faults::Fault;
use crate::marks::escaped;
use crate::refusals::porch;
use crate::routes::Knock;
use crate::shell::Porch;
use crate::visit::say;
use askama::Template;
use askama::filters::Safe;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use baton_kernel::Refusal;
use baton_kernel::ids::PaperId;
use baton_kernel::views::public::{self, PublicPage, PublicPaper, Standing, TakenDown};
use baton_methods::Lang;
use baton_store::Told;
use baton_store::intake::Sort;
use jiff::SignedDuration;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Hours within which a claim is dealt with: the law says at once.
const CLAIM_HOURS: i64 = 24;

/// Answers to the public may be kept for a while, by anybody: a takedown shows soon all the same.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");

impl Knock {
    fn part(&self, name: &str) -> &str {
        self.path.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    fn paper(&self) -> Result<PaperId, Fault> {
        self.part("id").parse().map_err(|_| Fault::absent())
    }
}

/// What stands around a public page: the same for everybody, without a clock.
fn outside(k: &Knock, title: String) -> Porch {
    Porch { clock: None, large: false, ..porch(&k.app, k.taste.lang, false, title) }
}

/// The page with headers for keeping: a browser that has it already gets none of it again.
fn kept(k: &Knock, status: StatusCode, template: &impl Template) -> Answer {
    let html = template.render().map_err(|e| Fault::World(anyhow::Error::new(e).context("page")))?;
    let tag: String = Sha256::digest(html.as_bytes()).iter().take(12).map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let known = k.headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let mut response = Response::new(if known { Body::empty() } else { Body::from(html) });
    *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { status };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, KEPT);
    headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "public.html")]
struct Page {
    porch: Porch,
    public: PublicPage,
}

/// `GET /public`.
pub(crate) async fn page(k: Knock) -> Answer {
    let public = public::page(&k.app.journal.snapshot(), k.taste.lang);
    let porch = outside(&k, say(k.taste.lang, "public.title", &[("zone", &public.zone)]));
    kept(&k, StatusCode::OK, &Page { porch, public })
}

#[derive(Template)]
#[template(path = "public-paper.html")]
struct PaperPage {
    porch: Porch,
    paper: PublicPaper,
    /// The paper as a page; empty when it is of a kind that is only given as files.
    html: Safe<String>,
    numbers: usize,
}

#[derive(Template)]
#[template(path = "public-down.html")]
struct DownPage {
    porch: Porch,
    down: TakenDown,
}

/// `GET /public/{id}`.
pub(crate) async fn paper(k: Knock) -> Answer {
    let zone = k.app.journal.snapshot();
    match public::paper(&zone, k.paper()?, k.taste.lang)? {
        Standing::Down(down) => {
            let page = DownPage { porch: outside(&k, down.title.clone()), down };
            kept(&k, StatusCode::GONE, &page)
        }
        Standing::Shown(paper) => {
            let made = public::circular_of(&zone, paper.id);
            let html = made.map_or_else(String::new, |c| crate::paper::html(&c.document, &|_| None));
            let numbers = numbers(&k, &paper).await?.len();
            let page = PaperPage { porch: outside(&k, paper.title.clone()), paper: *paper, html: Safe(html), numbers };
            kept(&k, StatusCode::OK, &page)
        }
    }
}

/// The printed numbers of a paper, from its frozen data part: place and value.
async fn numbers(k: &Knock, paper: &PublicPaper) -> Result<Vec<(String, String)>, Fault> {
    let Some(stored) = k.app.store().file(&paper.data.digest).await? else { return Ok(Vec::new()) };
    let data: Value = serde_json::from_slice(&stored.bytes).map_err(|e| Fault::World(e.into()))?;
    let text = |v: Option<&Value>| v.and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = data.get("derived").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(list.iter().map(|d| (text(d.get("key")), text(d.get("value")))).collect())
}

/// `GET /public/{id}/files/{name}`: a frozen file by its digest, or the numbers as `numbers.csv`.
pub(crate) async fn file(k: Knock) -> Answer {
    let zone = k.app.journal.snapshot();
    let Standing::Shown(paper) = public::paper(&zone, k.paper()?, k.taste.lang)? else { return Err(Fault::absent()) };
    let mut response = if k.part("name") == "numbers.csv" {
        let mut csv = String::from("\u{FEFF}place,value\r\n");
        for (place, value) in numbers(&k, &paper).await? {
            csv.push_str(&format!("\"{}\",{value}\r\n", place.replace('"', "\"\"")));
        }
        answers::file(&format!("{}.csv", paper.title), "text/csv; charset=utf-8", csv.into_bytes())
    } else {
        let found = paper.files.iter().find(|f| f.digest.to_string() == k.part("name")).ok_or_else(Fault::absent)?;
        let stored = k.app.store().file(&found.digest).await?.ok_or_else(Fault::absent)?;
        answers::file(&found.name, &found.media, stored.bytes)
    };
    response.headers_mut().insert(header::CACHE_CONTROL, KEPT);
    Ok(response)
}

#[derive(Template)]
#[template(path = "public-claim.html")]
struct ClaimPage {
    porch: Porch,
    paper: PublicPaper,
    trouble: Option<String>,
    done: bool,
    name: String,
    contact: String,
    proof: String,
}

/// `GET /public/{id}/claim`: the form for whoever holds a right on something published.
pub(crate) async fn claim(k: Knock) -> Answer {
    form(&k, StatusCode::OK, None, k.query.get("done") == "yes")
}

fn form(k: &Knock, status: StatusCode, trouble: Option<String>, done: bool) -> Answer {
    let zone = k.app.journal.snapshot();
    let Standing::Shown(paper) = public::paper(&zone, k.paper()?, k.taste.lang)? else { return Err(Fault::absent()) };
    let field = |name: &str| k.given.fields.get(name).to_owned();
    answers::page(
        status,
        &ClaimPage {
            porch: outside(k, say(k.taste.lang, "public.claim", &[])),
            paper: *paper,
            trouble,
            done,
            name: field("name"),
            contact: field("contact"),
            proof: field("proof"),
        },
    )
}

/// `POST /public/{id}/claim`: what the law asks of a notice: who, which work, and first proof.
pub(crate) async fn send_claim(k: Knock) -> Answer {
    let zone = k.app.journal.snapshot();
    let Standing::Shown(paper) = public::paper(&zone, k.paper()?, k.taste.lang)? else { return Err(Fault::absent()) };
    let field = |name: &str| k.given.fields.get(name);
    let lang: Lang = k.taste.lang;
    if ["name", "contact", "proof"].iter().any(|n| field(n).is_empty()) {
        return form(&k, StatusCode::UNPROCESSABLE_ENTITY, Some(say(lang, "public.claim.empty", &[])), false);
    }
    let store = k.app.store();
    let told = Told {
        sort: Sort::Claim,
        owner: None,
        contact: format!("{} · {}", field("name"), field("contact")),
        about: paper.id.to_string(),
        text: field("proof").to_owned(),
        due_at: store.now() + SignedDuration::from_hours(CLAIM_HOURS),
    };
    match store.take_in(&told).await.map_err(Fault::from) {
        Ok(_) => {}
        Err(Fault::Refused(refusal)) => {
            let words = Refusal::said(&refusal, lang).to_owned();
            return form(&k, Fault::Refused(refusal).status(), Some(words), false);
        }
        Err(other) => return Err(other),
    }
    k.app.count_waiting().await?;
    Ok(answers::see(&format!("/public/{}/claim?done=yes", percent(&paper.id.to_string()))))
}

/// A file of a public paper.
fn link(paper: &PublicPaper, file: &baton_kernel::FileRef) -> Safe<String> {
    let kb = file.bytes.div_ceil(1024);
    Safe(format!(
        "<a href=\"/public/{}/files/{}\">{}</a> <small>{kb} KB</small>",
        paper.id,
        file.digest,
        escaped(&file.name)
    ))
}
