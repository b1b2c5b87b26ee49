//! A small invented zone with two towns and five people, and a browser that keeps cookies and fills in forms.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use baton_kernel::commands::{Act, Caller, Command};
use baton_kernel::document::Document;
use baton_kernel::entries::{CurveSpec, Grantee, Holding, Scope};
use baton_kernel::ids::*;
use baton_methods::Period;
use baton_store::{Journal, Opening, SetClock};
use baton_web::{App, Limits, Transport, Typesetter, router};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt;

pub const ROOT: UnitId = UnitId(1);
pub const NORTH: UnitId = UnitId(2);
pub const SOUTH: UnitId = UnitId(3);
pub const BRIDGE: ItemId = ItemId(0x21);
pub const CANAL: ItemId = ItemId(0x22);
pub const MARCH: RoundId = RoundId(0x31);
pub const PASSWORD: &str = "correct horse battery staple 9";

const BLUEPRINT: &str = r#"
format = 1
[[area]]
key = "works"
label = { zh = "工程", en = "Works" }
[[role]]
key = "reporter"
label = { zh = "填报员", en = "Reporter" }
may = ["report", "task.handle"]
[[role]]
key = "checker"
label = { zh = "审核人", en = "Checker" }
may = ["submit", "task.handle", "item.change"]
[[role]]
key = "office"
label = { zh = "办公室", en = "Office" }
may = ["see", "accept", "round.open", "item.make", "item.change", "item.stage", "target.set", "meeting.plan",
       "meeting.run", "task.assign", "task.supervise", "paper.issue", "paper.publish"]
[[role]]
key = "leader"
label = { zh = "领导", en = "Leader" }
may = ["see", "paper.review", "paper.sign"]
[[unit_kind]]
key = "zone"
label = { zh = "全区", en = "Zone" }
root = true
[[unit_kind]]
key = "town"
label = { zh = "镇", en = "Town" }
territorial = true
[settings]
secrecy_words = ["机密★"]
secrecy_names = ["绝密"]
organ = { zh = "试验区办公室", en = "Trial office" }
addressees = { zh = "各镇", en = "All towns" }
sign = "试办发"
"#;

const WORK: &str = r#"
format = 1
[kind]
key = "work"
area = "works"
label = { zh = "在建工程", en = "Work" }
[[field]]
key = "note"
type = "prose"
label = { zh = "存在问题", en = "Problems" }
asked = true
[[stage]]
key = "going"
group = "started"
label = { zh = "在建", en = "Under way" }
to = ["done"]
[[stage]]
key = "done"
group = "completed"
label = { zh = "建成", en = "Built" }
[[measure]]
key = "spent"
label = { zh = "完成投资", en = "Spent" }
unit = "wan_yuan"
decimals = 0
enter = "period"
min = "0"
required = true
[[review]]
key = "spent"
measure = "spent"
by_unit = true
"#;

/// Sets a document as its title: what is issued need not be a real PDF here.
struct TitleOnly;

impl Typesetter for TitleOnly {
    fn pdf(&self, document: &Document) -> anyhow::Result<Vec<u8>> {
        Ok(format!("pdf {}", document.title.concat()).into_bytes())
    }
    fn docx(&self, document: &Document) -> anyhow::Result<Vec<u8>> {
        Ok(format!("docx {}", document.title.concat()).into_bytes())
    }
}

/// The zone, served in process.
pub struct Town {
    _dir: tempfile::TempDir,
    pub app: App,
    pub clock: Arc<SetClock>,
    router: Router,
}

impl Town {
    pub async fn new() -> Town {
        Town::with(Transport::Local).await
    }

    pub async fn with(transport: Transport) -> Town {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::at("2023-04-02T01:00:00Z".parse().unwrap()));
        let opening = Opening { wall: clock.clone(), ..Opening::default() };
        let journal = Journal::open(&dir.path().join("zone"), opening).await.unwrap();
        for (n, act) in founding().into_iter().enumerate() {
            let command = Command { key: format!("f{n}"), base: 0, salt: [n as u8; 16], act };
            journal.submit(Caller::Founder, command).await.unwrap();
        }
        for (login, person) in [
            ("north.reporter", 11),
            ("north.checker", 12),
            ("south.reporter", 13),
            ("office", 14),
            ("nobody", 15),
            ("leader", 16),
        ] {
            journal.store().add_account(None, login, PersonId(person), PASSWORD, false, &[]).await.unwrap();
        }
        let app = App::new(Arc::new(journal), Arc::new(TitleOnly), worker(), transport);
        Town { router: router(&app, &Limits::default()), _dir: dir, app, clock }
    }

    /// A typesetter that sets only titles.
    pub fn typesetter() -> Arc<dyn Typesetter> {
        Arc::new(TitleOnly)
    }

    /// Seq of the ledger's end.
    pub fn head(&self) -> u64 {
        self.app.journal.snapshot().head().seq
    }

    /// A browser with nobody signed in.
    pub fn stranger(&self) -> Browser<'_> {
        Browser { town: self, cookies: BTreeMap::new() }
    }

    /// A browser in which somebody has signed in.
    pub async fn browser(&self, login: &str) -> Browser<'_> {
        let mut browser = self.stranger();
        let answer = browser.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// The answer to a request while its body is still coming.
    pub async fn response(&self, request: Request<Body>) -> axum::http::Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.response(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

fn worker() -> PathBuf {
    let exe = std::env::current_exe().unwrap();
    let debug = exe.parent().and_then(|deps| deps.parent()).unwrap();
    debug.join("baton-sheets-worker")
}

/// The lexicon of the default blueprint: speeches are read by it.
fn lexicon() -> Vec<(String, String)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../blueprints/development-zone/lexicon");
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|p| {
        let name = p.file_name().unwrap().to_string_lossy().into_owned();
        (format!("lexicon/{name}"), std::fs::read_to_string(p).unwrap())
    });
    named.collect()
}

fn founding() -> Vec<Act> {
    let day = |text: &str| text.parse().unwrap();
    let unit = |unit, code: &str, name: &str, kind: &str, parent, order| Act::PutUnit {
        unit,
        code: code.to_owned(),
        name: name.to_owned(),
        short: name.to_owned(),
        kind: kind.to_owned(),
        parent,
        order,
        aliases: Vec::new(),
        duties: Vec::new(),
        from: None,
        to: None,
    };
    let mut acts = vec![
        Act::Found {
            name: "试验区".to_owned(),
            name_en: "Trial zone".to_owned(),
            code: "trial".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            simulated: false,
            invented: true,
            files: BTreeMap::from([
                ("zone.toml".to_owned(), BLUEPRINT.to_owned()),
                ("kinds/work.toml".to_owned(), WORK.to_owned()),
            ])
            .into_iter()
            .chain(lexicon())
            .collect(),
            because: "试验".to_owned(),
        },
        unit(ROOT, "trial", "试验区", "zone", None, 1),
        unit(NORTH, "north", "北镇", "town", Some(ROOT), 2),
        unit(SOUTH, "south", "南镇", "town", Some(ROOT), 3),
    ];
    let people = [
        (11, "甲填报", Some((NORTH, "reporter", Scope::Units(vec![NORTH])))),
        (12, "乙审核", Some((NORTH, "checker", Scope::Units(vec![NORTH])))),
        (13, "丙填报", Some((SOUTH, "reporter", Scope::Units(vec![SOUTH])))),
        (14, "丁办公", Some((ROOT, "office", Scope::All))),
        (15, "无职", None),
        (16, "戊领导", Some((ROOT, "leader", Scope::All))),
    ];
    for (n, name, right) in people {
        let (person, post) = (PersonId(n), PostId(n));
        acts.push(Act::PutPerson { person, name: name.to_owned() });
        if let Some((unit, role, scope)) = right {
            acts.push(Act::PutPost { post, unit, title: role.to_owned(), from: None, to: None });
            let from = day("2023-01-01");
            acts.push(Act::HoldPost { post, person, how: Holding::Holder, from, to: None });
            acts.push(Act::Grant { grant: GrantId(n), to: Grantee::Post(post), role: role.to_owned(), scope });
        }
    }
    for (item, code, name, lead) in [(BRIDGE, "N-1", "北桥<b>工程</b>", NORTH), (CANAL, "S-1", "南渠工程", SOUTH)]
    {
        acts.push(Act::MakeItem {
            item,
            kind: "work".to_owned(),
            code: code.to_owned(),
            name: name.to_owned(),
            lead,
            co: Vec::new(),
            parent: None,
            fields: BTreeMap::new(),
            stage: Some(("going".to_owned(), day("2023-01-05"))),
        });
        acts.push(Act::SetTarget {
            subject: Subject::Item(item),
            measure: "spent".to_owned(),
            year: Period::parse("2023").unwrap(),
            value: 1200.into(),
            curve: CurveSpec::Linear,
            basis: None,
            because: String::new(),
        });
    }
    acts.push(Act::OpenRound {
        round: MARCH,
        title: "3月调度".to_owned(),
        period: Period::parse("2023M03").unwrap(),
        kinds: vec!["work".to_owned()],
        units: vec![NORTH, SOUTH],
        opens: day("2023-04-01"),
        due: day("2023-04-05"),
        closes: day("2023-04-10"),
        basis: None,
    });
    acts
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{}\n{}", self.location(), self.text);
        self
    }
    #[track_caller]
    pub fn has(&self, words: &str) -> &Answer {
        assert!(self.text.contains(words), "no {words:?} in\n{}", self.text);
        self
    }
    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let from = self.text.find(&mark).unwrap_or_else(|| panic!("no {name} in {}", self.text)) + mark.len();
        self.text[from..].split('"').next().unwrap().to_owned()
    }
}

/// A browser: keeps cookies, sends our own origin, takes the hidden fields of the page its form stands on.
pub struct Browser<'a> {
    pub town: &'a Town,
    cookies: BTreeMap<String, String>,
}

pub const HOST: &str = "127.0.0.1:8080";

impl Browser<'_> {
    pub fn cookie(&self) -> String {
        self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ")
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let builder = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        if self.cookies.is_empty() { builder } else { builder.header(header::COOKIE, self.cookie()) }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        let answer = self.town.send(request).await;
        self.keep(&answer);
        answer
    }

    /// Posts exactly these fields.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, format!("http://{HOST}"))
            .body(Body::from(encoded(fields)))
            .unwrap();
        let answer = self.town.send(request).await;
        self.keep(&answer);
        answer
    }

    /// Posts a form that stands on a page: with its token, key and base.
    pub async fn post(&mut self, on: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(on).await.is(200);
        let (csrf, key, base) = (page.hidden("csrf"), page.hidden("key"), page.hidden("base"));
        let mut all = vec![("csrf", csrf.as_str()), ("key", key.as_str()), ("base", base.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let page = self.get("/sign-in").await;
        let door = page.hidden("door");
        self.post_bare("/sign-in", &[("door", &door), ("login", login), ("password", password)]).await
    }

    /// The session's form token.
    pub async fn csrf(&mut self) -> String {
        self.get("/account").await.hidden("csrf")
    }

    fn keep(&mut self, answer: &Answer) {
        for value in answer.headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Fields as `application/x-www-form-urlencoded`.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let percent = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    fields.iter().map(|(n, v)| format!("{}={}", percent(n), percent(v))).collect::<Vec<_>>().join("&")
}
