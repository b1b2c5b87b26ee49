//! What is hidden leaves no trace in what others are shown, and what was taken away is gone with the next request.

use super::cells::asks;
use super::district::*;
use axum::http::Method;
use baton_kernel::commands::{Act, TaskDoing};
use baton_kernel::ids::*;
use baton_web::routes::table;
use std::collections::BTreeMap;

/// Everything a principal is shown: each page, list, search, count, export and file, by path.
async fn shown(d: &District, copy: &Copy, who: &str) -> BTreeMap<String, Vec<u8>> {
    let mut paths: Vec<String> = ["/search?q=南", "/search?q=工程", "/items?q=鳞", "/tasks?q=鳞", "/search?q=鳞"]
        .map(|p| p.replace('南', "%E5%8D%97").replace("工程", "%E5%B7%A5%E7%A8%8B").replace('鳞', "%E9%B3%9E"))
        .to_vec();
    for route in table().into_iter().filter(|r| r.method == Method::GET) {
        for ask in asks(d, &route, who, 0) {
            paths.push(ask.path.clone());
            for format in ["xlsx", "docx", "json"] {
                if route.path.ends_with("{format}") {
                    paths.push(ask.path.replace("/pdf", &format!("/{format}")));
                }
            }
        }
    }
    let mut all = BTreeMap::new();
    for path in paths {
        let raw = d.ask(copy, who, "GET", &path, &[]).await;
        let bytes = match raw.media().starts_with("text/html") {
            true => plain(&raw.answer.text).into_bytes(),
            false => raw.bytes,
        };
        all.insert(path, [raw.answer.status.as_str().as_bytes(), b"\n", &bytes].concat());
    }
    all
}

/// A page without what is random in it (keys of forms, the number of the request) and without the seal: the hash of the whole ledger's
/// head, which changes with every entry and says nothing of what it holds.
fn plain(text: &str) -> String {
    let mut out = text.to_owned();
    let random =
        [("name=\"key\" value=\"", '"'), ("name=\"door\" value=\"", '"'), ("请求编号 <span class=\"hash\">", '<')];
    for (mark, end) in random {
        let mut parts = out.split(mark);
        let mut next = parts.next().unwrap_or("").to_owned();
        for part in parts {
            next.push_str(mark);
            next.push_str(part.split_once(end).map_or("", |(_, rest)| rest));
        }
        out = next;
    }
    let chars: Vec<char> = out.chars().collect();
    let mut kept = String::with_capacity(out.len());
    let mut n = 0;
    while n < chars.len() {
        // 7c1e-9a40-52bd
        let seal = chars.get(n..n + 14).filter(|s| {
            s.iter().enumerate().all(|(i, c)| if i == 4 || i == 9 { *c == '-' } else { c.is_ascii_hexdigit() })
        });
        if seal.is_some() {
            n += 14;
        } else {
            kept.push(chars[n]);
            n += 1;
        }
    }
    kept
}

/// Changes everything in the other town's objects that a person may change, to one of two values.
async fn change(d: &District, copy: &Copy, value: u32, word: &str) {
    let south = &d.things["other"];
    let march = baton_methods::Period::parse("2023M03").unwrap();
    let zone = copy.app.journal.snapshot();
    let version = zone.figure(Subject::Item(south.item), "laid", None, march, u64::MAX).map_or(0, |f| f.seq);
    copy.act(
        "h1",
        Act::Report {
            submission: SubmissionId(0x3ff),
            round: Some(ROUND),
            unit: south.unit,
            submit: true,
            figures: vec![figure(south.item, value, version)],
            fields: Vec::new(),
            because: format!("更正{word}"),
            evidence: Vec::new(),
            notes: Vec::new(),
        },
    )
    .await;
    copy.act(
        "h2",
        Act::ChangeItem {
            item: south.item,
            name: Some(format!("暗鳞工程{word}")),
            lead: None,
            co: None,
            fields: BTreeMap::new(),
            because: word.to_owned(),
        },
    )
    .await;
    let text = format!("暗鳞进展{word}");
    let what = TaskDoing::Feed { last: false, text, evidence: Vec::new() };
    copy.act("h3", Act::ActOnTask { task: south.task, unit: south.unit, what }).await;
}

#[tokio::test]
async fn changing_a_hidden_value_leaves_every_byte_others_are_shown_as_it_was() {
    let d = District::new().await;
    let (a, b) = (d.copy().await, d.copy().await);
    change(&d, &a, 111, "甲").await;
    change(&d, &b, 222, "乙").await;
    for who in ["str", "non", "gon", "rep", "chk", "hea", "par", "adm", "sec", "aud"] {
        let (one, two) = (shown(&d, &a, who).await, shown(&d, &b, who).await);
        assert_eq!(one.len(), two.len());
        for (path, bytes) in one {
            let other = &two[&path];
            if bytes != *other {
                let (one, two) = (words(&bytes), words(other));
                let differ = one.lines().zip(two.lines()).find(|(a, b)| a != b);
                panic!("{who} {path}: {differ:?}");
            }
            assert!(!words(&bytes).contains("暗鳞"), "{who} {path}");
        }
    }
    // Who may see it sees it: the same comparison does notice.
    for who in ["off", "sib"] {
        let (one, two) = (shown(&d, &a, who).await, shown(&d, &b, who).await);
        let differ: Vec<&String> =
            one.iter().filter(|(path, bytes)| two[*path] != **bytes).map(|(path, _)| path).collect();
        let item = format!("/items/{}", d.things["other"].item);
        assert!(differ.contains(&&item) && differ.len() > 5, "{who}: {differ:?}");
    }
}

fn fields(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

fn words(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[tokio::test]
async fn a_right_taken_away_stops_pages_exports_and_stored_answers_with_the_next_request() {
    let d = District::new().await;
    let copy = d.copy().await;
    let assign =
        fields(&[("key", "once"), ("base", "0"), ("title", "新任务"), ("lead", "south"), ("day", "2023-05-01")]);
    let made = d.ask(&copy, "off", "POST", "/tasks", &assign).await;
    assert_eq!(made.status(), 303, "{}", made.answer.text);
    let task = made.answer.location().split('?').next().unwrap().to_owned();
    let again = d.ask(&copy, "off", "POST", "/tasks", &assign).await;
    assert_eq!(again.answer.location().split('?').next().unwrap(), task, "the same form is answered from its receipt");
    let south = &d.things["other"];
    let paths = [
        task.clone(),
        format!("/items/{}", south.item),
        format!("/items/{}/files/{}", south.item, south.file),
        format!("/submissions/{}", south.submission),
        format!("/papers/{}", south.paper),
        format!("/meetings/{MEETING}/task-table/xlsx"),
        format!("/rounds/{ROUND}/units/south"),
    ];
    for path in &paths {
        assert_eq!(d.ask(&copy, "off", "GET", path, &[]).await.status(), 200, "{path}");
    }
    let grant = GrantId(100 + principals().iter().position(|p| p.key == "off").unwrap() as u128);
    copy.act("r", Act::Revoke { grant }).await;
    let head = copy.head();
    for path in &paths {
        let raw = d.ask(&copy, "off", "GET", path, &[]).await;
        assert!(matches!(raw.status(), 403 | 404), "{path}: {}", raw.status());
    }
    let again = d.ask(&copy, "off", "POST", "/tasks", &assign).await;
    assert!(matches!(again.status(), 403 | 404), "{} {}", again.status(), again.answer.location());
    for page in ["/", "/items", "/tasks", "/search?q=%E4%BB%BB%E5%8A%A1", "/papers"] {
        let text = d.ask(&copy, "off", "GET", page, &[]).await.answer.text;
        assert!(!text.contains("新任务") && !text.contains("south工程"), "{page}\n{text}");
    }
    assert_eq!(copy.head(), head);
}

#[tokio::test]
async fn another_right_does_not_replay_the_answer_of_the_one_that_is_gone() {
    let d = District::new().await;
    let copy = d.copy().await;
    let north = &d.things["own"];
    let cell = format!("c:i{}/m:laid", north.item);
    let form = fields(&[("key", "once"), ("base", "999999"), (&cell, "120"), ("how", "propose")]);
    let path = format!("/rounds/{ROUND}/units/north");
    let sent = d.ask(&copy, "rep", "POST", &path, &form).await;
    assert_eq!(sent.status(), 303, "{}", sent.answer.text);
    // The reporter stops reporting, yet still reads the whole zone.
    let n = 100 + principals().iter().position(|p| p.key == "rep").unwrap() as u128;
    copy.act("r1", Act::Revoke { grant: GrantId(n) }).await;
    let to = baton_kernel::entries::Grantee::Person(PersonId(n));
    let scope = baton_kernel::entries::Scope::All;
    copy.act("r2", Act::Grant { grant: GrantId(0x999), to, role: "external".to_owned(), scope }).await;
    assert_eq!(d.ask(&copy, "rep", "GET", &path, &[]).await.status(), 200);
    let again = d.ask(&copy, "rep", "POST", &path, &form).await;
    assert_eq!(again.status(), 403, "{} {}", again.answer.location(), again.answer.text);
}
