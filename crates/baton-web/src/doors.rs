//! Doors: signing in and out, probes and assets: what needs nobody signed in.

use crate::answers::{self, Answer, page, see};
use crate::assets;
use crate::cookies::Cookie;
use crate::faults::Fault;
use crate::refusals::porch;
use crate::routes::Knock;
use crate::shell::Porch;
use crate::visit::{Visit, say};
use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use baton_store::{Origin, StoreError};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInPage {
    porch: Porch,
    trouble: Option<String>,
    note: Option<String>,
    door: String,
    next: String,
    login: String,
}

/// `GET /livez`: the process runs.
pub(crate) async fn alive(_: Knock) -> Answer {
    Ok(answers::plain(StatusCode::OK, "alive\n"))
}

/// `GET /readyz`: a real write succeeds now.
pub(crate) async fn ready(k: Knock) -> Answer {
    if k.app.journal.poisoned() {
        return Ok(answers::plain(StatusCode::SERVICE_UNAVAILABLE, "stopping after a disk error\n"));
    }
    Ok(match k.app.store().probe().await {
        Ok(()) => answers::plain(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            answers::plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    })
}

/// `GET /assets/{hash}/{name}`.
pub(crate) async fn asset(k: Knock) -> Answer {
    let part = |name: &str| k.path.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    match assets::asset(part("hash"), part("name")) {
        Err(Fault::Refused(_)) => Ok(answers::plain(StatusCode::NOT_FOUND, "not found\n")),
        other => other,
    }
}

/// `GET /sign-in`.
pub(crate) async fn show(k: Knock) -> Answer {
    let note = match k.query.get("note") {
        "out" => Some(say(k.taste.lang, "page.signed-out", &[])),
        "ended" => Some(say(k.taste.lang, "page.session-ended", &[])),
        _ => None,
    };
    form(&k, StatusCode::OK, None, note, k.query.get("next"))
}

fn form(k: &Knock, status: StatusCode, trouble: Option<String>, note: Option<String>, next: &str) -> Answer {
    let transport = k.app.transport;
    let known = Cookie::Door.read(&k.headers, transport).filter(|d| is_door(d));
    let door = known.clone().unwrap_or_else(|| format!("{:032x}", k.app.journal.ids().next()));
    let shown = SignInPage {
        porch: porch(&k.app, k.taste.lang, k.taste.large, say(k.taste.lang, "page.sign-in", &[])),
        trouble,
        note,
        door: door.clone(),
        next: safe_next(next).to_owned(),
        login: k.given.fields.get("login").to_owned(),
    };
    let mut response = page(status, &shown)?;
    if known.is_none() {
        Cookie::Door.write(response.headers_mut(), transport, &door);
    }
    Ok(response)
}

fn is_door(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `POST /sign-in`: a new session with a new token, whatever cookie came.
pub(crate) async fn sign_in(k: Knock) -> Answer {
    let fields = &k.given.fields;
    let door = Cookie::Door.read(&k.headers, k.app.transport);
    if door.is_none_or(|d| !is_door(&d) || d != fields.get("door")) {
        let note = say(k.taste.lang, "page.door.stale", &[]);
        return form(&k, StatusCode::FORBIDDEN, Some(note), None, fields.get("next"));
    }
    let origin = Origin { address: k.address.clone(), client: k.client.clone() };
    let password = fields.raw("password").unwrap_or_default();
    let signed_in = match k.app.store().sign_in(fields.get("login"), password, &origin).await {
        Ok(signed_in) => signed_in,
        Err(StoreError::Refused(refusal)) => {
            let words = refusal.said(k.taste.lang).to_owned();
            return form(&k, StatusCode::UNAUTHORIZED, Some(words), None, fields.get("next"));
        }
        Err(other) => return Err(other.into()),
    };
    // A browser that was signed in already leaves its old session behind: nobody else may go on with it.
    if let Some(old) = Cookie::Session.read(&k.headers, k.app.transport) {
        k.app.store().sign_out(&old).await?;
    }
    let mut response = see(safe_next(fields.get("next")));
    let headers = response.headers_mut();
    Cookie::Session.write(headers, k.app.transport, &signed_in.token);
    Cookie::Door.clear(headers, k.app.transport);
    tracing::info!(id = k.id, login = signed_in.session.login, "signed in");
    Ok(response)
}

/// `POST /sign-out`: ends this session and clears what the browser kept of it.
pub(crate) async fn sign_out(v: Arc<Visit>) -> Answer {
    let login = &v.session.login;
    v.app.store().end_session(Some(v.session.person), login, v.session.id).await?;
    let mut response = see("/sign-in?note=out");
    let headers = response.headers_mut();
    Cookie::Session.clear(headers, v.app.transport);
    headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"storage\""));
    Ok(response)
}

/// A path of our own to go on to; anything else is the first page.
pub(crate) fn safe_next(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\' && b != b'"');
    if ours && !next.starts_with("/sign-") { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn after_signing_in_one_goes_on_only_to_our_own_pages() {
        assert_eq!(safe_next("/review/2023Q1?known=2023-04-01"), "/review/2023Q1?known=2023-04-01");
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil", "/a\r\nSet-Cookie: x", "/sign-out", "/评议"]
        {
            assert_eq!(safe_next(bad), "/", "{bad:?}");
        }
    }
}
