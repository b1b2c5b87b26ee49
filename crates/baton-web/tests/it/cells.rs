//! The matrix of real requests: every route × everybody × own, below, other and absent objects.
//!
//! Every denied act must leave the ledger and the state as they were, and what is not yours must read like what
//! is not there. A route whose places are not said here fails.

use super::district::*;
use axum::http::Method;
use baton_web::routes::{Route, table};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const NOTHING: &str = "ffffffffffffffffffffffffffffffff";

/// One request: the class of the object it names, its path and its form.
pub struct Ask {
    pub class: String,
    pub path: String,
    pub form: Vec<(String, String)>,
}

/// Acts on submissions and on strands of tasks, as their paths name them.
const SUBMISSION_ACTS: [&str; 4] = ["submission", "acceptance", "return", "withdrawal"];
const STRAND_ACTS: [&str; 14] = [
    "acknowledgement",
    "objection",
    "objection-decision",
    "feedback",
    "extension-request",
    "extension-decision",
    "return",
    "completion",
    "closure",
    "urging",
    "suspension",
    "resumption",
    "merger",
    "termination",
];

/// Which classes of objects a path is asked for: by the first of its segments.
fn classes(path: &str, posts: bool) -> &'static [&'static str] {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match segments[0] {
        _ if posts && (path == "/tasks" || path == "/items" || path == "/rounds") => {
            &["own", "below", "other", "absent"]
        }
        _ if !path.contains('{') => &["-"],
        "items" if !path.contains("{id}") => &["any"],
        "items" | "tasks" | "submissions" | "units" => &["own", "below", "other", "absent"],
        "papers" => &["own", "below", "other", "all", "absent"],
        "rounds" if path.contains("{unit}") => &["own", "below", "other", "absent", "own+other"],
        "meetings" if path.contains("{venue}") => &["own", "other", "absent"],
        "account" => &["own", "other", "absent"],
        "people" | "system" => &["own", "other", "absent"],
        "rights" => &["own", "other", "absent"],
        "meetings" | "rounds" | "task-drafts" | "task-texts" | "instructions" | "compliance" => &["any", "absent"],
        "posts" => &["own", "other", "absent"],
        "delegations" => &["absent"],
        "review" | "assets" => &["any"],
        "intake" | "drafts" | "public" => &["absent"],
        _ => panic!("say in classes() of tests/it/cells.rs for which objects {path} is to be asked"),
    }
}

/// What stands at a place of a path for a class of objects.
fn place(d: &District, path: &str, name: &str, class: &str, who: &str) -> String {
    let mut family = path.trim_matches('/').split('/');
    let family = (family.next().unwrap_or(""), family.next().unwrap_or(""));
    // "own+other": the path names one's own unit, the form somebody else's object.
    let class = class.split('+').next().unwrap();
    let thing = d.things.get(class);
    let id = |found: Option<String>| found.unwrap_or_else(|| NOTHING.to_owned());
    match (family.0, name) {
        ("items", "id") => id(thing.map(|t| t.item.to_string())),
        ("tasks", "id") => id(thing.map(|t| t.task.to_string())),
        ("tasks", "unit") => id(thing.map(|t| t.unit.to_string())),
        ("submissions", "id") => id(thing.map(|t| t.submission.to_string())),
        ("papers", "id") if class == "all" => d.notice.to_string(),
        ("papers", "id") => id(thing.map(|t| t.paper.to_string())),
        ("people", "id") | ("rights", "id") if path != "/rights/{id}/revocation" => match class {
            "own" => id(d.person(who)),
            "other" => id(d.person("ass")),
            _ => NOTHING.to_owned(),
        },
        ("rights", "id") => match class {
            "own" => id(d.person("chk")),
            "other" => id(d.person("ass")),
            _ => NOTHING.to_owned(),
        },
        ("system", "id") => match class {
            "own" => id(d.sessions.get(who).map(|s| format!("{s:032x}"))),
            "other" => id(d.sessions.get("ass").map(|s| format!("{s:032x}"))),
            _ => NOTHING.to_owned(),
        },
        ("units", "post") => id(d.person(if class == "own" { "hea" } else { "sib" })),
        ("units", "id") | ("rounds", "unit") => thing.map_or("nowhere", |t| t.code).to_owned(),
        ("rounds", "id") if path.contains("{unit}") || class != "absent" => ROUND.to_string(),
        ("meetings", "id") if path.contains("{venue}") || class != "absent" => MEETING.to_string(),
        ("meetings", "venue") => id(thing.map(|t| t.venue.to_string())),
        ("compliance", "of") => "meeting".to_owned(),
        ("compliance", "id") if class != "absent" => MEETING.to_string(),
        ("meetings", "speech") => SPEECH.to_string(),
        ("task-drafts", "id") if class != "absent" => DRAFT.to_string(),
        ("task-texts", "id") if class != "absent" => TEXT.to_string(),
        ("instructions", "id") if class != "absent" => INSTRUCTION.to_string(),
        ("posts", "id") => id(POSTS.iter().find(|(c, _)| *c == class).map(|(_, post)| post.to_string())),
        ("account", "id") => match class {
            "own" => id(d.sessions.get(who).map(|s| format!("{s:032x}"))),
            "other" => id(d.sessions.get("ass").map(|s| format!("{s:032x}"))),
            _ => NOTHING.to_owned(),
        },
        (_, "digest") if class == "all" => d.things["own"].file.to_string(),
        (_, "digest") => thing.map_or_else(|| NOTHING.repeat(2), |t| t.file.to_string()),
        ("review", "period") => "2023Q1".to_owned(),
        (_, "measure") => "laid".to_owned(),
        (_, "period") => "2023M03".to_owned(),
        (_, "format") => "pdf".to_owned(),
        ("public", "name") => "numbers.csv".to_owned(),
        ("drafts", "step") => "reviewed".to_owned(),
        ("assets", _) => "0000000000000000".to_owned(),
        (_, "preview" | "id" | "problem") => NOTHING.to_owned(),
        _ => panic!("say in place() of tests/it/cells.rs what {{{name}}} in {path} stands for"),
    }
}

/// The form of an act: words that every form understands, and the fields of this one.
fn form(d: &District, path: &str, who: &str, class: &str, base: u64) -> Vec<(String, String)> {
    let class = class.split('+').next_back().unwrap();
    let thing = d.things.get(class);
    let code = thing.map_or("nowhere", |t| t.code);
    let item = thing.map_or_else(|| NOTHING.to_owned(), |t| t.item.to_string());
    let cell = format!("c:i{item}/m:laid");
    let base = base.to_string();
    let person = d.person("non").unwrap();
    let grantee = format!("person:{person}");
    let task = d.things["own"].task.to_string();
    let on = format!("task {task}");
    let (reporter, checker) = (format!("{:032x}", 107), format!("{:032x}", 108));
    let mut fields: Vec<(&str, &str)> = vec![
        ("key", "matrix"),
        ("base", &base),
        ("because", "因工作需要"),
        ("words", "因工作需要"),
        ("title", "题目"),
        ("name", "改名"),
        ("text", "内容"),
        ("to", code),
        ("unit", code),
        ("lead", code),
    ];
    let more: &[(&str, &str)] = match path {
        "/items" => &[("kind", "matrix-work"), ("stage", "going"), ("on", "2023-03-01")],
        "/items/{id}/change" => &[("f:note", "新的问题")],
        "/items/{id}/stage" => &[("stage", "built"), ("on", "2023-04-01")],
        "/items/{id}/links" | "/items/{id}/links/removal" => &[("link", "none"), ("to", &item)],
        "/items/{id}/merge" => &[("into", &item)],
        "/items/views" | "/items/views/removal" => &[("query", "kind=matrix-work")],
        "/items/{id}/target" => &[("measure", "laid"), ("value", "1500"), ("year", "2023")],
        "/items/{id}/figures/{measure}/{period}/correction" => &[("value", "80"), ("version", "0")],
        "/rounds" => &[
            ("period", "2023M02"),
            ("kinds", "matrix-work"),
            ("units", code),
            ("opens", "2023-04-01"),
            ("due", "2023-04-05"),
            ("closes", "2023-04-10"),
        ],
        "/rounds/{id}/closing" => &[("close_because", "数已收齐")],
        "/rounds/{id}/urging" => &[("units", "all")],
        "/submissions/{id}/move" => &[("period", "2023M02"), ("move_because", "报错了月份")],
        "/rounds/{id}/reopening" => &[("closes", "2023-04-20")],
        "/rounds/{id}/units/{unit}" | "/rounds/{id}/units/{unit}/draft" => &[(&cell, "90"), ("how", "propose")],
        "/meetings" | "/meetings/{id}/plan" => &[
            ("period", "2023Q1"),
            ("on", "2023-04-20"),
            ("place", "二号会议室"),
            ("title-0", "开场"),
            ("venue-0", "主会场"),
            ("main", "0"),
        ],
        "/meetings/{id}/state" => &[("to", "sealed")],
        "/meetings/{id}/venues/{venue}" => &[("present", "yes"), ("heads", "3")],
        "/meetings/{id}/live" => &[("do", "next")],
        "/meetings/{id}/speeches/{speech}/cuts" => &[("do", "undo")],
        "/compliance/{of}/{id}" => &[("rule", "B2"), ("basis", "年度计划")],
        "/duties" => &[("phrase", "河道清淤"), ("unit", "")],
        "/meetings/{id}/outcomes" => &[("kind", "decision"), ("line", "0")],
        "/meetings/{id}/speeches" => &[("raw", "请抓紧。"), ("clean", "请抓紧。")],
        "/drafts/{id}/{step}" => &[],
        "/intake/{id}" => &[("state", "answered"), ("answer", "已办")],
        "/meetings/{id}/circular/review" => &[("number", "试〔2023〕9号")],
        "/papers/{id}/{what}" => {
            &[("whose", "own"), ("holder", "办公室"), ("publicity", "withheld"), ("basis", "条例第十六条")]
        }
        "/meetings/{id}/circular" => &[("number", "试〔2023〕1号")],
        "/units" => &[("code", "fresh"), ("kind", "town"), ("parent", "west"), ("order", "9"), ("step", "do")],
        "/units/import" => &[("text", "code,name,kind,parent\nfresh,新镇,town,west"), ("step", "do")],
        "/units/{id}/administration" => &[("code", code), ("kind", "town"), ("parent", "west"), ("step", "do")],
        "/units/{id}/merger" => &[("into", "west"), ("on", "2023-04-01"), ("step", "do")],
        "/units/{id}/posts/{post}/holders" => &[("person", &person), ("from", "2023-04-01"), ("how", "deputy")],
        "/people" => &[("login", "fresh"), ("from", "2023-04-01"), ("unit", "north")],
        "/people/{id}/password" | "/people/{id}/account" | "/people/{id}/sessions/end" => {
            &[("login", if class == "own" { who } else { "ass" }), ("state", "disabled")]
        }
        "/rights" => {
            &[("role", "reporter"), ("grantee", &grantee), ("over", "below"), ("unit", "north"), ("step", "do")]
        }
        "/blueprint" | "/blueprint/proposal" => &[("path", "lexicon/fresh.toml"), ("text", "")],
        "/tasks" => &[("day", "2023-05-01"), ("said", "请抓紧")],
        "/tasks/{id}/strands/{unit}/{what}" => {
            &[("day", "2023-06-01"), ("granted", "yes"), ("to", ""), ("ruling", "keep"), ("into", "nothing")]
        }
        "/task-texts" => &[("number", "会纪〔2023〕2号")],
        "/task-texts/{id}/drafts" => &[("piece", "1")],
        "/instructions" => &[("on", &on), ("instruction-words", "请盯紧")],
        "/delegations" => &[("to", &reporter), ("from", "2023-04-02"), ("until", "2023-04-03")],
        "/posts/{id}/cover" => &[("person", &checker), ("from", "2023-04-02"), ("until", "2023-04-03")],
        "/tasks/batch" => &[("task", &task), ("what", "urging")],
        _ => &[],
    };
    fields.retain(|(n, _)| !more.iter().any(|(m, _)| m == n));
    fields.extend_from_slice(more);
    fields.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

/// Every request of a route by a principal.
pub fn asks(d: &District, route: &Route, who: &str, base: u64) -> Vec<Ask> {
    let whats: &[&str] = match route.path {
        "/submissions/{id}/{what}" => &SUBMISSION_ACTS,
        "/tasks/{id}/strands/{unit}/{what}" => &STRAND_ACTS,
        "/papers/{id}/{what}" => &["rights", "publicity", "takedown", "restoring", "archiving"],
        _ => &[""],
    };
    let mut list = Vec::new();
    for what in whats {
        for class in classes(route.path, route.method == Method::POST) {
            let mut path = String::new();
            for part in route.path.split_inclusive('}') {
                match part.split_once('{') {
                    Some((plain, name)) if name == "what}" => path.push_str(&format!("{plain}{what}")),
                    Some((plain, name)) => {
                        path.push_str(plain);
                        path.push_str(&place(d, route.path, name.trim_end_matches('}'), class, who));
                    }
                    None => path.push_str(part),
                }
            }
            if route.path == "/meetings/{id}/live" && route.method == Method::GET {
                // The stream as it stands now, and its end.
                path.push_str("?once=yes");
            }
            let class = if what.is_empty() { (*class).to_owned() } else { format!("{what}, {class}") };
            let form = form(d, route.path, who, class.split(", ").last().unwrap(), base);
            list.push(Ask { class, path, form });
        }
    }
    list
}

/// What an answer means, as one letter.
fn letter(raw: &Raw) -> char {
    let to = raw.answer.location();
    match raw.status() {
        303 if to.starts_with("/sign-in") && !to.contains("note=out") => '.',
        303 if to == "/account" => '1',
        200..=399 => 'o',
        401 => 'o',
        403 => 'x',
        404 => '-',
        400 | 405 | 409 | 413 | 415 | 422 => 'w',
        other => panic!("{other}: {}", raw.answer.text),
    }
}

const HEAD: &str = "
# Part 2. What really happens: every route asked by everybody, over objects of their own unit, of a unit below it,
# of another unit, and of nothing. Seen from the town of the reporter; made by real requests to a small zone.
#
#   o  done or shown          w  may ask; this form or moment was wrong
#   x  refused: no right      -  as if it were not there (not theirs reads like absent)
#   .  shown to the door      1  must change the one-time password first
#
# own+other: the path names one's own unit, the form somebody else's object.
# Every x, -, . and 1 left the ledger and the hash of its state as they were.
#
";

/// The matrix as people read it.
async fn made() -> String {
    let d = District::new().await;
    let everybody = principals();
    let mut out = HEAD.to_owned();
    for p in &everybody {
        let _ = writeln!(out, "# {}  {}", p.key, p.what);
    }
    let names: Vec<&str> = everybody.iter().map(|p| p.key).collect();
    let _ = writeln!(out, "\n{:<6}{:<74}{:<28}{}", "", "", "", names.join(" "));
    let mut copy = d.copy().await;
    let (head, state) = (copy.head(), copy.state());
    for route in table() {
        let posts = route.method == Method::POST;
        let mut rows: BTreeMap<usize, (String, String)> = BTreeMap::new();
        for p in &everybody {
            let mut absent: Option<String> = None;
            for (n, ask) in asks(&d, &route, p.key, head).into_iter().enumerate().rev() {
                let raw = d.ask(&copy, p.key, route.method.as_str(), &ask.path, &ask.form).await;
                let mark = letter(&raw);
                let place = format!("{} {} {} as {}", route.method, ask.path, ask.class, p.key);
                if !posts {
                    assert_eq!(copy.head(), head, "{place}: a page changed the ledger");
                }
                if mark == '-' && !posts {
                    // What is not yours reads like what is not there, byte for byte.
                    let text = absent.get_or_insert_with(|| raw.answer.text.clone());
                    assert_eq!(*text, raw.answer.text, "{place}");
                }
                if posts && mark == 'o' {
                    copy = d.copy().await;
                } else {
                    assert_eq!(copy.head(), head, "{place}: {mark} and yet the ledger grew\n{}", raw.answer.text);
                }
                let row = rows.entry(n).or_insert_with(|| (ask.class.clone(), String::new()));
                let _ = write!(row.1, " {mark}  ");
            }
        }
        assert_eq!(copy.state(), state, "{} {}", route.method, route.path);
        for (class, marks) in rows.into_values() {
            let _ = writeln!(out, "{:<6}{:<74}{class:<28}{}", route.method.as_str(), route.path, marks.trim_end());
        }
    }
    out
}

/// The second part of docs/reference/permissions.txt.
pub async fn part() -> String {
    made().await
}
