//! Signing in and out, sessions, tokens and origins.

use super::zone::*;
use axum::body::Body;
use axum::http::header;
use baton_web::Transport;

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_nothing_at_all_read_alike() {
    let town = Town::new().await;
    let mut browser = town.stranger();
    let wrong = browser.sign_in("office", "not it").await.is(401);
    let unknown = browser.sign_in("nobody.here", "not it").await.is(401);
    let plain = |a: &Answer, login: &str| a.text.replace(login, "");
    assert_eq!(plain(&wrong, "office"), plain(&unknown, "nobody.here"));
    wrong.has("错误：");
}

#[tokio::test]
async fn signing_in_gives_a_new_token_and_signing_out_ends_it() {
    let town = Town::new().await;
    let mut first = town.browser("office").await;
    let old = first.cookie();
    first.get("/").await.is(200).has("丁办公");
    // A planted or stale cookie is not taken over: a second sign-in in the same browser gives another one.
    first.sign_in("office", PASSWORD).await.is(303);
    assert_ne!(first.cookie(), old);
    let replay = axum::http::Request::get("/").header(header::COOKIE, old).body(Body::empty()).unwrap();
    assert_eq!(town.send(replay).await.location(), "/sign-in");
    let csrf = first.csrf().await;
    let kept = first.cookie();
    let out = first.post_bare("/sign-out", &[("csrf", &csrf)]).await.is(303);
    assert_eq!(out.headers["clear-site-data"], "\"storage\"");
    let replay = axum::http::Request::get("/").header(header::COOKIE, kept).body(Body::empty()).unwrap();
    assert_eq!(town.send(replay).await.is(303).location(), "/sign-in");
}

#[tokio::test]
async fn an_idle_session_ends_and_the_way_back_is_kept() {
    let town = Town::new().await;
    let mut browser = town.browser("office").await;
    town.clock.pass(jiff::SignedDuration::from_mins(31));
    let answer = browser.get("/review/2023Q1?known=2023-04-01").await.is(303);
    assert_eq!(answer.location(), "/sign-in?next=%2Freview%2F2023Q1%3Fknown%3D2023-04-01");
}

#[tokio::test]
async fn a_form_without_its_token_or_from_another_site_changes_nothing() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let csrf = office.csrf().await;
    let head = town.head();
    let fields = [("title", "新任务"), ("lead", "north"), ("key", "k1")];
    office.post_bare("/tasks", &fields).await.is(403).has("来源不对");
    let with = |token: &str| encoded(&[("csrf", token), ("title", "新任务"), ("lead", "north"), ("key", "k2")]);
    for (origin, site) in [("http://evil.example", None), ("null", None), ("http://127.0.0.1:8080", Some("cross-site"))]
    {
        let mut request = office
            .request("POST", "/tasks")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, origin);
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        town.send(request.body(Body::from(with(&csrf))).unwrap()).await.is(403);
    }
    let mut other = town.browser("north.checker").await;
    let theirs = other.csrf().await;
    office
        .post_bare("/tasks", &[("csrf", &theirs), ("title", "新任务"), ("lead", "north"), ("key", "k3")])
        .await
        .is(403);
    assert_eq!(town.head(), head);
    office.post_bare("/tasks", &[("csrf", &csrf), ("title", "新任务"), ("lead", "north"), ("key", "k4")]).await.is(303);
    assert_eq!(town.head(), head + 1);
}

#[tokio::test]
async fn the_sign_in_form_itself_cannot_be_sent_from_elsewhere() {
    let town = Town::new().await;
    let mut browser = town.stranger();
    let fields = [("door", "0123456789abcdef0123456789abcdef"), ("login", "office"), ("password", PASSWORD)];
    browser.post_bare("/sign-in", &fields).await.is(403);
    assert!(!browser.cookie().contains("__Host-baton="), "{}", browser.cookie());
}

#[tokio::test]
async fn cookies_and_hsts_follow_the_declared_transport() {
    for (transport, name, secure, hsts) in [
        (Transport::Tls, "__Host-baton-door=", true, true),
        (Transport::Local, "__Host-baton-door=", true, false),
        (Transport::Insecure, "baton-door=", false, false),
    ] {
        let town = Town::with(transport).await;
        let answer = town.stranger().get("/sign-in").await.is(200);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with(name), "{cookie}");
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
        assert_eq!(cookie.contains("; Secure"), secure);
        assert_eq!(answer.headers.contains_key("strict-transport-security"), hsts);
    }
}

#[tokio::test]
async fn a_password_is_changed_only_with_the_old_one_and_ends_other_sessions() {
    let town = Town::new().await;
    let mut here = town.browser("office").await;
    let mut there = town.browser("office").await;
    let csrf = here.csrf().await;
    let new = "another long passphrase 77";
    let fields = |old: &'static str, again: &'static str| {
        [("csrf", csrf.as_str()), ("old", old), ("new", new), ("again", again)]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    for (old, again, status) in [("wrong", new, 422), (PASSWORD, "different", 422)] {
        let fields = fields(old, again);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let answer = here.post_bare("/account/password", &fields).await;
        assert!(answer.status.as_u16() == status || answer.status.as_u16() == 403, "{} {}", answer.status, answer.text);
        assert!(!answer.text.contains(new), "a password never comes back");
    }
    let fields = fields(PASSWORD, new);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    here.post_bare("/account/password", &fields).await.is(303);
    here.get("/").await.is(200);
    there.get("/").await.is(303);
}
