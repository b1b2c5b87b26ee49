//! Account: one's own password, sessions, and taste.

use crate::answers::{Answer, see};
use crate::cookies::Cookie;
use crate::doors::safe_next;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::ids::PersonId;
use baton_kernel::views::rights::{self, PersonRights};
use baton_methods::Lang;
use baton_store::{AuditAsked, Origin, Session, Store, StoreError};
use serde::{Deserialize, Serialize};
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
    /// Address of the daily letter; empty for none.
    mail: String,
    /// Whether letters are sent at all.
    sends: bool,
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
    let mail = Mail::of(v.app.store(), v.session.person).await?.map_or_else(String::new, |m| m.address);
    v.page(&AccountPage {
        trail,
        who: rights::of_person(&v.seen, v.session.person)?,
        shell: Shell::of(&v, v.say("page.account", &[]), ""),
        login: v.session.login.clone(),
        must_change: v.session.must_change,
        roles,
        sessions,
        mail: v.typed("mail", &mail).to_owned(),
        sends: v.app.sends_mail,
    })
}

/// Where somebody wants the daily letter. Kept for themselves alone, outside the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Address.
    pub address: String,
    /// Language of the letter.
    #[serde(default)]
    pub lang: Lang,
}

/// Kind and key under which it is kept.
const MAIL: (&str, &str) = ("settings", "mail");

impl Mail {
    /// What a person wants.
    pub(crate) async fn of(store: &Store, person: PersonId) -> Result<Option<Mail>, Fault> {
        let kept = store.draft(person, MAIL.0, MAIL.1).await?;
        Ok(kept.and_then(|d| serde_json::from_str(&d.json).ok()))
    }

    /// Everybody who wants a letter.
    ///
    /// Errors: the database.
    pub async fn everybody(store: &Store) -> Result<Vec<(PersonId, Mail)>, StoreError> {
        let all = store.drafts_named(MAIL.0, MAIL.1).await?;
        Ok(all.into_iter().filter_map(|(who, d)| Some((who, serde_json::from_str(&d.json).ok()?))).collect())
    }
}

/// An address that a letter can be sent to: one `@`, no blanks, a domain.
pub fn is_address(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let fine = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    text.len() <= 200
        && !name.is_empty()
        && name.chars().all(fine)
        && domain.contains('.')
        && domain.split('.').all(|part| !part.is_empty())
        && domain.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
}

/// `POST /account/mail`: the address of the daily letter; none turns it off.
pub(crate) async fn put_mail(v: Arc<Visit>) -> Answer {
    let done = mail_put(&v).await;
    or_again(&v, done, show).await
}

async fn mail_put(v: &Visit) -> Answer {
    let address = v.text("mail");
    let (store, person) = (v.app.store(), v.session.person);
    if address.is_empty() {
        store.drop_draft(person, MAIL.0, MAIL.1).await?;
        return v.done("/account", "mail");
    }
    if !is_address(&address) {
        return Err(Refusal::wrong("mail.wrong", &[("text", &address)]).at("mail").into());
    }
    let mail = Mail { address, lang: v.taste.lang };
    let json = serde_json::to_string(&mail).map_err(|e| Fault::World(e.into()))?;
    store.save_draft(person, MAIL.0, MAIL.1, &json, 0, None).await?;
    v.done("/account", "mail")
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
