//! Refusals and failures as pages: the one place where a fault becomes an answer.

use crate::answers::{self, page, see};
use crate::faults::Fault;
use crate::routes::Heard;
use crate::shell::{Porch, Shell, clock_of, zone_name};
use crate::visit::{Visit, say};
use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, header};
use baton_kernel::Caller;
use baton_methods::Lang;

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    shell: Shell,
    words: String,
    way: String,
    request: Option<String>,
    back: Option<String>,
    typed: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "fault-plain.html")]
struct PlainFault {
    porch: Porch,
    words: String,
    way: String,
    request: Option<String>,
}

/// The answer to a request that is not answered as asked.
pub(crate) fn answer(at: &Heard, fault: Fault) -> Response<Body> {
    if let Fault::NotSignedIn = fault {
        return to_the_door(at);
    }
    if let Fault::World(error) = &fault {
        tracing::error!(id = at.id, target = at.target, error = format!("{error:#}"), "failed");
    }
    let ends = fault.ends_connection();
    let made = match &at.visit {
        Some(visit) => inside(at, visit, &fault),
        None => outside(at, &fault),
    };
    let mut response = made.unwrap_or_else(|_| answers::plain(fault.status(), "内部错误 / internal error"));
    if ends {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn to_the_door(at: &Heard) -> Response<Body> {
    if at.method == Method::GET || at.method == Method::HEAD {
        let next = if at.target == "/" { String::new() } else { format!("?next={}", answers::percent(&at.target)) };
        see(&format!("/sign-in{next}"))
    } else {
        see("/sign-in?note=ended")
    }
}

/// Reason and way out: a refusal's own words, else those of the catalogue.
fn words(fault: &Fault, lang: Lang) -> (String, String) {
    let way = say(lang, &format!("{}.way", fault.code()), &[]);
    match fault {
        Fault::Refused(refusal) => (refusal.said(lang).to_owned(), way),
        Fault::Wrong(all) => (all.iter().map(|m| m.said(lang)).collect::<Vec<_>>().join(" "), way),
        _ => (say(lang, fault.code(), &[]), way),
    }
}

fn title(fault: &Fault, lang: Lang) -> String {
    say(lang, &format!("{}.title", fault.code()), &[])
}

/// An absent page shows no request id: absent and not yours are the same bytes.
fn shown_id(at: &Heard, fault: &Fault) -> Option<String> {
    (fault.status() != axum::http::StatusCode::NOT_FOUND).then(|| at.id.clone())
}

fn inside(at: &Heard, visit: &Visit, fault: &Fault) -> answers::Answer {
    let (words, way) = words(fault, at.taste.lang);
    let mut shell = Shell::of(visit, title(fault, at.taste.lang), "");
    // The page says nothing about where it stands, so that it tells nothing about what is there.
    shell.here = "/".to_owned();
    let typed = match fault.status() {
        axum::http::StatusCode::NOT_FOUND => Vec::new(),
        _ => typed(visit),
    };
    let page_of = FaultPage { shell, words, way, request: shown_id(at, fault), back: None, typed };
    page(fault.status(), &page_of)
}

fn typed(visit: &Visit) -> Vec<(String, String)> {
    let ours = ["csrf", "key", "base", "password", "old", "new", "again"];
    let given = visit.given.fields.0.iter().filter(|(n, v)| !ours.contains(&n.as_str()) && !v.trim().is_empty());
    given.take(40).cloned().collect()
}

fn outside(at: &Heard, fault: &Fault) -> answers::Answer {
    let lang = at.taste.lang;
    let (words, way) = words(fault, lang);
    let porch = porch(&at.app, lang, at.taste.large, title(fault, lang));
    page(fault.status(), &PlainFault { porch, words, way, request: shown_id(at, fault) })
}

/// What stands around a page when nobody is signed in.
pub(crate) fn porch(app: &crate::App, lang: Lang, large: bool, title: String) -> Porch {
    let seen = baton_kernel::Seen::new(app.journal.snapshot(), Caller::Founder, app.journal.now(), None, lang);
    Porch { title, lang, large, zone: zone_name(&seen), clock: clock_of(app, lang) }
}
