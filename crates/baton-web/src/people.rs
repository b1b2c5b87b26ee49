//! People: who is registered, which posts they hold, and the accounts they sign in with.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::units::{chosen_unit, options};
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::commands::Act;
use baton_kernel::entries::Holding;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::{rights, units};
use baton_kernel::{Refusal, Why};
use baton_store::accounts::login_name;
use baton_store::{Account, AccountState, Ids, Session};
use std::sync::Arc;

struct AccountLine {
    login: String,
    active: bool,
    must_change: bool,
    signed_in: String,
    sessions: usize,
}

struct PersonLine {
    id: PersonId,
    name: String,
    posts: Vec<String>,
    accounts: Vec<AccountLine>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    shell: Shell,
    people: Vec<PersonLine>,
    words: String,
    may: bool,
    units: Vec<(String, String)>,
    name: String,
    login: String,
    unit: String,
    title: String,
    from: String,
}

#[derive(Template)]
#[template(path = "password-once.html")]
struct OncePage {
    shell: Shell,
    name: String,
    login: String,
    password: String,
}

/// `GET /people`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let words = v.query.get("q").to_lowercase();
    let accounts = v.app.store().accounts().await?;
    let sessions = v.app.store().sessions().await?;
    let mut people = Vec::new();
    for (id, name) in units::people(&v.seen)? {
        let mine: Vec<&Account> = accounts.iter().filter(|a| a.person == id).collect();
        let posts = rights::posts_of(&v.seen, id);
        let hit = |text: &str| text.to_lowercase().contains(&words);
        if !(words.is_empty() || hit(&name) || posts.iter().any(|p| hit(p)) || mine.iter().any(|a| hit(&a.login))) {
            continue;
        }
        people.push(PersonLine { id, name, posts, accounts: mine.iter().map(|a| line(&v, a, &sessions)).collect() });
    }
    v.page(&PeoplePage {
        shell: Shell::of(&v, v.say("page.menu.people", &[]), "/people"),
        people,
        words: v.query.get("q").to_owned(),
        may: v.seen.rights().may_all(Verb::PersonManage),
        units: options(&v),
        name: v.text("name"),
        login: v.text("login"),
        unit: v.text("unit"),
        title: v.text("title"),
        from: v.typed("from", &v.seen.today().to_string()).to_owned(),
    })
}

fn line(v: &Visit, account: &Account, sessions: &[Session]) -> AccountLine {
    AccountLine {
        login: account.login.clone(),
        active: account.state == AccountState::Active,
        must_change: account.must_change,
        signed_in: account.signed_in_at.map_or(String::new(), |at| v.clock(at, "%Y-%m-%d %H:%M")),
        sessions: sessions.iter().filter(|s| s.login == account.login).count(),
    }
}

/// `POST /people`: a person, a post for them and an account; its one-time password is shown once.
pub(crate) async fn make(v: Arc<Visit>) -> Answer {
    let done = made(&v).await;
    or_again(&v, done, list).await
}

async fn made(v: &Visit) -> Answer {
    v.seen.rights().need_all(Verb::PersonManage)?;
    let mut wrong = Mistakes::default();
    let name = wrong.needed(v, "name");
    let login = wrong.take(login_name(&v.text("login")));
    let unit = wrong.take(chosen_unit(v, "unit"));
    let title = wrong.needed(v, "title");
    let from = wrong.take(v.day_needed("from"));
    wrong.end()?;
    let (Some(login), Some(unit), Some(from)) = (login, unit, from) else { return Err(Fault::Malformed) };
    let ids = v.ids();
    let (person, post) = (PersonId(ids.next()), PostId(ids.next()));
    if let Some(other) = v.app.store().account(&login).await? {
        if other.person == person {
            // The same form again: the account is there, its password was shown.
            return v.done("/people", "person-made");
        }
        return Err(Refusal::new(Why::Conflict, "page.login.taken", &[("login", &login)]).at("login").into());
    }
    let known = units::posts(&v.seen, unit)?.into_iter().find(|p| p.title == title).map(|p| p.id);
    let mut acts = vec![Act::PutPerson { person, name: name.clone() }];
    if known.is_none() {
        // A post is a matter of the units.
        acts.push(Act::PutPost { post, unit, title, from: None, to: None });
    }
    let how = Holding::Holder;
    acts.push(Act::HoldPost { post: known.unwrap_or(post), person, how, from, to: None });
    v.submit(Act::All(acts)).await?;
    let password = baton_store::passwords::generated();
    v.app.store().add_account(Some(v.session.person), &login, person, &password, true, &[&name]).await?;
    once(v, name, login, password)
}

fn once(v: &Visit, name: String, login: String, password: String) -> Answer {
    let title = v.taste.lang.pick("一次性密码", "One-time password");
    v.page(&OncePage { shell: Shell::of(v, title, "/people"), name, login, password })
}

/// The account that a form names, when it is one of the person in the path.
async fn account_of(v: &Visit) -> Result<Account, Fault> {
    v.seen.rights().need_all(Verb::PersonManage)?;
    let person: PersonId = v.id("id")?;
    let found = v.app.store().account(&v.text("login")).await?;
    found.filter(|a| a.person == person).ok_or_else(Fault::absent)
}

/// `POST /people/{id}/password`: a new one-time password, shown once; every session of the account ends.
pub(crate) async fn reset(v: Arc<Visit>) -> Answer {
    let account = account_of(&v).await?;
    let password = v.app.store().reset_password(Some(v.session.person), &account.login).await?;
    once(&v, v.seen.person(account.person), account.login, password)
}

/// `POST /people/{id}/account`: disabled (its sessions end at once) or enabled again.
pub(crate) async fn set_state(v: Arc<Visit>) -> Answer {
    let account = account_of(&v).await?;
    let state = match v.text("state").as_str() {
        "disabled" if account.login == v.session.login => {
            return Err(Refusal::not_now("page.account.own", &[]).into());
        }
        "disabled" => AccountState::Disabled,
        "active" => AccountState::Active,
        _ => return Err(Refusal::wrong("page.choose", &[]).at("state").into()),
    };
    v.app.store().set_account_state(Some(v.session.person), &account.login, state).await?;
    v.done("/people", "account-state")
}

/// `POST /people/{id}/sessions/end`: signs an account out everywhere.
pub(crate) async fn end_sessions(v: Arc<Visit>) -> Answer {
    let account = account_of(&v).await?;
    let keep = (account.login == v.session.login).then_some(v.session.id);
    v.app.store().end_sessions(Some(v.session.person), &account.login, keep).await?;
    v.done("/people", "sessions-ended")
}
