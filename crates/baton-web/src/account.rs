//! Account: one's own password, sessions, and taste.

use crate::answers::{Answer, see};
use crate::cookies::Cookie;
use crate::doors::safe_next;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::views::rights::{self, PersonRights};
use baton_store::{AuditAsked, Origin, Session};
use std::sync::Arc;

/// Newest sign-ins of one's own that are shown.
const TRIES_SHOWN: u32 = 10;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    login: String,
    must_change: bool,
    roles: Vec<String>,
    sessions: Vec<(String, String, String, String, bool)>,
    trail: Vec<(String, String, String)>,
    who: PersonRights,
}

/// `GET /account`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let words = |s: Session| {
        let at = v.clock(s.seen_at, "%Y-%m-%d %H:%M");
        (format!("{:032x}", s.id), at, s.address, s.client, s.id == v.session.id)
    };
    let sessions = v.app.store().sessions_of(&v.session.login).await?.into_iter().map(words).collect();
    let roles = v
        .seen
        .rights()
        .roles
        .keys()
        .filter_map(|key| v.seen.blueprint().roles.get(key))
        .map(|role| role.label.get(v.taste.lang).to_owned())
        .collect();
    let asked = AuditAsked { login: Some(&v.session.login), act: Some("sign-in"), ..AuditAsked::default() };
    let tries = v.app.store().audit(&asked, TRIES_SHOWN).await?;
    let trail = tries
        .into_iter()
        .map(|line| {
            let how = match line.result.as_str() {
                "done" => v.taste.lang.pick("登录成功", "signed in"),
                _ => v.taste.lang.pick("密码不对", "wrong password"),
            };
            (v.clock(line.known_at, "%Y-%m-%d %H:%M"), how.to_owned(), line.address.unwrap_or_default())
        })
        .collect();
    v.page(&AccountPage {
        trail,
        who: rights::of_person(&v.seen, v.session.person)?,
        shell: Shell::of(&v, v.say("page.account", &[]), ""),
        login: v.session.login.clone(),
        must_change: v.session.must_change,
        roles,
        sessions,
    })
}

/// `POST /account/password`: the old one is asked again; all sessions end and a new one begins.
pub(crate) async fn change_password(v: Arc<Visit>) -> Answer {
    let done = put_password(&v).await;
    or_again(&v, done, show).await
}

async fn put_password(v: &Visit) -> Answer {
    let raw = |name: &str| v.given.fields.raw(name).unwrap_or_default();
    if raw("new") != raw("again") {
        return Err(Refusal::wrong("page.password.differs", &[]).at("again").into());
    }
    let name = v.seen.person(v.session.person);
    let context = [name.as_str(), "baton", "指挥棒"];
    let origin = Origin { address: v.address.clone(), client: v.client.clone() };
    let signed_in = v
        .app
        .store()
        .change_password(&v.session.login, raw("old"), raw("new"), &context, &origin)
        .await
        .map_err(Fault::from)?;
    let mut response = see("/?done=password");
    Cookie::Session.write(response.headers_mut(), v.app.transport, &signed_in.token);
    Ok(response)
}

/// `POST /account/sessions/{id}/end`: ends one of one's own sessions.
pub(crate) async fn end_session(v: Arc<Visit>) -> Answer {
    let id = u128::from_str_radix(v.segment("id"), 16).map_err(|_| Fault::absent())?;
    if !v.app.store().end_session(Some(v.session.person), &v.session.login, id).await? {
        return Err(Fault::absent());
    }
    v.done("/account", "session-ended")
}

/// `POST /account/sessions/end`: ends every other session of one's own.
pub(crate) async fn end_others(v: Arc<Visit>) -> Answer {
    let (by, login, keep) = (Some(v.session.person), &v.session.login, Some(v.session.id));
    v.app.store().end_sessions(by, login, keep).await?;
    v.done("/account", "sessions-ended")
}

/// `POST /account/sessions/staying`: somebody is here; the session's idle time begins anew.
pub(crate) async fn stay(v: Arc<Visit>) -> Answer {
    let left = v.session.expires_at.duration_since(v.app.store().now()).as_secs().max(0);
    Ok(crate::visit::kept(&serde_json::json!({ "left": left })))
}

/// `POST /taste`: size of type and language, kept in the browser.
pub(crate) async fn taste(v: Arc<Visit>) -> Answer {
    let fields = &v.given.fields;
    let mut response = see(safe_next(fields.get("back")));
    let headers = response.headers_mut();
    match fields.get("size") {
        "large" => Cookie::Size.write(headers, v.app.transport, "large"),
        "normal" => Cookie::Size.clear(headers, v.app.transport),
        _ => {}
    }
    match fields.get("lang") {
        "en" => Cookie::Lang.write(headers, v.app.transport, "en"),
        "zh" => Cookie::Lang.write(headers, v.app.transport, "zh"),
        _ => {}
    }
    Ok(response)
}
