//! A district with the roles of the default blueprint, one object of each sort in each unit, and twenty people.
//! It is made once; whoever changes something gets a fresh copy, in which everybody is still signed in.

use super::zone::{Answer, HOST, PASSWORD, Town, encoded};
use axum::body::Body;
use axum::http::{Request, header};
use baton_kernel::commands::{Act, Caller, Command, Evidence, FieldInput, FigureGiven, FigureInput, TaskDoing};
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_kernel::{Digest, FileRef};
use baton_methods::Period;
use baton_store::accounts::AccountState;
use baton_store::{Journal, Opening, Origin, SetClock};
use baton_web::{App, Limits, Transport, router};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower::ServiceExt;

const NOW: &str = "2023-04-02T01:00:00Z";
pub const ROUND: RoundId = RoundId(0x51);
pub const MEETING: MeetingId = MeetingId(0x52);
pub const SPEECH: SpeechId = SpeechId(0x53);
pub const DRAFT: TaskId = TaskId(0x54);
pub const TEXT: TextId = TextId(0x55);
pub const INSTRUCTION: InstructionId = InstructionId(0x56);
/// The posts of the two towns' reporters.
pub const POSTS: [(&str, PostId); 2] = [("own", PostId(107)), ("other", PostId(111))];

/// A sort of item of our own, so that the matrix does not move when a kind of the blueprint does.
const WORK: &str = r#"
format = 1
[kind]
key = "matrix-work"
area = "project"
label = { zh = "试验工程", en = "Trial work" }
[[field]]
key = "note"
type = "prose"
label = { zh = "存在问题", en = "Problems" }
asked = true
[[stage]]
key = "going"
group = "started"
label = { zh = "在建", en = "Under way" }
to = ["half"]
[[stage]]
key = "half"
group = "started"
label = { zh = "过半", en = "Half" }
to = ["built"]
[[stage]]
key = "built"
group = "completed"
label = { zh = "建成", en = "Built" }
[[measure]]
key = "laid"
label = { zh = "铺设", en = "Laid" }
unit = "wan_yuan"
decimals = 0
enter = "period"
min = "0"
required = true
[[review]]
key = "laid"
measure = "laid"
by_unit = true
"#;

/// Units by the class of their objects, as seen from the town of the reporter.
pub const UNITS: [(&str, UnitId, &str); 3] =
    [("own", UnitId(3), "north"), ("below", UnitId(4), "mill"), ("other", UnitId(5), "south")];

/// What lies in a unit: item, task, submission, paper, venue, and a file that each of them names.
#[derive(Clone, Debug)]
pub struct Things {
    pub unit: UnitId,
    pub code: &'static str,
    pub item: ItemId,
    pub task: TaskId,
    pub submission: SubmissionId,
    pub paper: PaperId,
    pub venue: VenueId,
    pub file: Digest,
}

/// Somebody who asks: the heading of a column, what they are, and how they come.
pub struct Principal {
    pub key: &'static str,
    pub what: &'static str,
    role: Option<(&'static str, UnitId, bool)>,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Stranger,
    Forged,
    Expired,
    Disabled,
    Unconfirmed,
    Gone,
    Here,
}

const ZONE: UnitId = UnitId(1);
const WEST: UnitId = UnitId(2);
const NORTH: UnitId = UnitId(3);
const SOUTH: UnitId = UnitId(5);

/// Everybody who asks, from nobody at all to those who see everything.
pub fn principals() -> Vec<Principal> {
    let who = |key, what, role, how| Principal { key, what, role, how };
    let here = |key, what, role, unit| who(key, what, Some((role, unit, true)), How::Here);
    vec![
        who("str", "a stranger, not signed in", None, How::Stranger),
        who("for", "a forged session cookie", None, How::Forged),
        who("exp", "a session that has expired", Some(("office", ZONE, true)), How::Expired),
        who("dis", "an account that was disabled", Some(("office", ZONE, true)), How::Disabled),
        who(
            "one",
            "an account whose one-time password is not changed yet",
            Some(("office", ZONE, true)),
            How::Unconfirmed,
        ),
        who("non", "a person without any role", None, How::Here),
        who("gon", "a person whose post ended yesterday", Some(("office", ZONE, true)), How::Gone),
        here("rep", "the town's reporter", "reporter", NORTH),
        here("chk", "the town's checker", "checker", NORTH),
        here("hea", "the head of the town", "leader", NORTH),
        here("par", "the leader of the unit above the town", "deputy", WEST),
        here("sib", "the reporter of another town", "reporter", SOUTH),
        here("dep", "a line department over the zone", "department", ZONE),
        here("ext", "an external reader of the zone", "external", ZONE),
        here("ass", "assessment, over the zone", "assessor", ZONE),
        here("sup", "supervision, over the zone", "supervisor", ZONE),
        here("off", "the office, over the zone", "office", ZONE),
        here("adm", "the system administrator", "admin", ZONE),
        here("sec", "the security administrator", "security", ZONE),
        here("aud", "the audit administrator", "auditor", ZONE),
    ]
}

/// The folder that copies are made from, and who is signed in there.
pub struct District {
    dir: tempfile::TempDir,
    /// Cookie and form token of each principal.
    pub keys: BTreeMap<&'static str, (String, String)>,
    /// Sessions of each principal, by public identity.
    pub sessions: BTreeMap<&'static str, u128>,
    /// What lies where, by class.
    pub things: BTreeMap<&'static str, Things>,
    /// A notice to the whole zone.
    pub notice: PaperId,
}

/// One zone, open and served in process.
pub struct Copy {
    _dir: tempfile::TempDir,
    pub app: App,
    router: axum::Router,
}

fn default_blueprint() -> BTreeMap<String, String> {
    let mut files = super::matrix::default_blueprint();
    files.insert("kinds/matrix-work.toml".to_owned(), WORK.to_owned());
    files
}

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

async fn act(journal: &Journal, act: Act) {
    let key = format!("d{}", journal.snapshot().head().seq);
    let command = Command { key, base: u64::MAX, salt: [7; 16], act };
    journal.submit(Caller::Founder, command).await.unwrap();
}

fn units() -> Vec<Act> {
    let unit = |unit, code: &str, name: &str, kind: &str, parent, order| Act::PutUnit {
        unit,
        code: code.to_owned(),
        name: name.to_owned(),
        short: String::new(),
        kind: kind.to_owned(),
        parent,
        order,
        aliases: Vec::new(),
        duties: Vec::new(),
        from: None,
        to: None,
    };
    vec![
        Act::Found {
            name: "试验区".to_owned(),
            name_en: "Trial zone".to_owned(),
            code: "trial".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            simulated: false,
            invented: true,
            files: default_blueprint(),
            because: "试验".to_owned(),
        },
        unit(ZONE, "trial", "试验区", "zone", None, 1),
        unit(WEST, "west", "西片区管委会", "committee", Some(ZONE), 2),
        unit(NORTH, "north", "北镇", "town", Some(WEST), 3),
        unit(UnitId(4), "mill", "磨坊街道", "street", Some(NORTH), 4),
        unit(SOUTH, "south", "南镇", "town", Some(ZONE), 5),
    ]
}

fn people() -> Vec<Act> {
    let mut acts = Vec::new();
    for (n, p) in principals().into_iter().enumerate().filter(|(_, p)| !matches!(p.how, How::Stranger | How::Forged)) {
        let n = 100 + n as u128;
        let (person, post) = (PersonId(n), PostId(n));
        acts.push(Act::PutPerson { person, name: format!("某人{}", p.key) });
        let Some((role, unit, below)) = p.role else { continue };
        acts.push(Act::PutPost { post, unit, title: p.key.to_owned(), from: None, to: None });
        let from = "2023-01-01".parse().unwrap();
        let to = (p.how == How::Gone).then(|| "2023-04-01".parse().unwrap());
        acts.push(Act::HoldPost { post, person, how: Holding::Holder, from, to });
        let scope = match (unit, below) {
            (ZONE, _) => Scope::All,
            (unit, true) => Scope::Below(vec![unit]),
            (unit, false) => Scope::Units(vec![unit]),
        };
        acts.push(Act::Grant { grant: GrantId(n), to: Grantee::Post(post), role: role.to_owned(), scope });
    }
    acts
}

/// A figure of an item for March.
pub fn figure(item: ItemId, value: u32, version: u64) -> FigureGiven {
    FigureGiven {
        subject: Subject::Item(item),
        measure: "laid".to_owned(),
        period: period("2023M03"),
        part: None,
        value: FigureInput::Is(value.into()),
        version,
        said_on: None,
    }
}

fn work(t: &Things, file: &Evidence) -> Vec<Act> {
    let day = |text: &str| text.parse().unwrap();
    let doing = |what| Act::ActOnTask { task: t.task, unit: t.unit, what };
    vec![
        Act::MakeItem {
            item: t.item,
            kind: "matrix-work".to_owned(),
            code: format!("W-{}", t.code),
            name: format!("{}工程", t.code),
            lead: t.unit,
            co: Vec::new(),
            parent: None,
            fields: BTreeMap::from([("note".to_owned(), FieldInput::Typed(format!("{}的问题", t.code)))]),
            stage: Some(("going".to_owned(), day("2023-01-05"))),
        },
        Act::EnterStage {
            item: t.item,
            stage: "half".to_owned(),
            on: day("2023-02-01"),
            because: "过半".to_owned(),
            evidence: vec![file.clone()],
        },
        Act::SetTarget {
            subject: Subject::Item(t.item),
            measure: "laid".to_owned(),
            year: period("2023"),
            value: 1200.into(),
            curve: CurveSpec::Linear,
            basis: None,
            because: String::new(),
        },
        Act::AssignTask {
            task: t.task,
            code: String::new(),
            title: format!("{}的任务", t.code),
            source: TaskSource::Instruction,
            said: "请抓紧".to_owned(),
            deadline: Deadline { on: Some(day("2023-05-01")), words: String::new(), limit: None },
            strands: vec![StrandLine { unit: t.unit, duty: Duty::Lead }],
            aim: String::new(),
            area: None,
            items: vec![t.item],
        },
        doing(TaskDoing::Acknowledge),
        doing(TaskDoing::Feed { last: false, text: format!("{}的进展", t.code), evidence: vec![file.clone()] }),
    ]
}

fn shared(things: &[Things]) -> Vec<Act> {
    let day = |text: &str| text.parse().unwrap();
    let venue = |t: &Things, main| VenueLine {
        venue: t.venue,
        name: format!("{}会场", t.code),
        unit: Some(t.unit),
        main,
        link: None,
    };
    vec![
        Act::OpenRound {
            round: ROUND,
            title: "3月调度".to_owned(),
            period: period("2023M03"),
            kinds: vec!["matrix-work".to_owned()],
            units: things.iter().map(|t| t.unit).collect(),
            opens: day("2023-04-01"),
            due: day("2023-04-05"),
            closes: day("2023-04-10"),
            basis: None,
        },
        Act::PlanMeeting {
            meeting: MEETING,
            code: String::new(),
            title: "推进会".to_owned(),
            period: period("2023Q1"),
            on: day("2023-04-02"),
            place: "一号会议室".to_owned(),
            chair: None,
            agenda: vec![AgendaLine { title: "开场".to_owned(), area: None, unit: None, minutes: 5 }],
            venues: vec![venue(&things[0], true), venue(&things[2], false)],
            details: PlanDetails::default(),
        },
        Act::MoveMeeting { meeting: MEETING, to: MeetingState::Notified, because: String::new() },
        Act::MoveMeeting { meeting: MEETING, to: MeetingState::Held, because: String::new() },
        Act::RecordSpeech {
            meeting: MEETING,
            speech: SPEECH,
            title: "讲话".to_owned(),
            raw: "北镇要在5月底前完成管网改造。".to_owned(),
            clean: "北镇要在5月底前完成管网改造。".to_owned(),
        },
        Act::RecordText {
            text: TEXT,
            number: "会纪〔2023〕1号".to_owned(),
            title: String::new(),
            raw: "北镇要在5月底前完成管网改造。".to_owned(),
            clean: "北镇要在5月底前完成管网改造。".to_owned(),
        },
        Act::DraftTask {
            task: DRAFT,
            title: "拟办一件".to_owned(),
            source: TaskSource::Text { text: TEXT, offset: 0, length: 2 },
            said: "北镇要在5月底前完成管网改造".to_owned(),
            deadline: Deadline { on: None, words: String::new(), limit: None },
            strands: Vec::new(),
            aim: String::new(),
            area: None,
            items: Vec::new(),
        },
        Act::Instruct {
            instruction: INSTRUCTION,
            on: InstructionOn::Task(things[0].task),
            words: "请盯紧".to_owned(),
            leader: None,
        },
    ]
}

fn issue(paper: PaperId, title: &str, audience: Scope, file: &FileRef, cut: u64) -> Act {
    Act::IssuePaper {
        paper,
        kind: "notice".to_owned(),
        title: title.to_owned(),
        number: None,
        meeting: None,
        period: period("2023Q1"),
        cut,
        audience,
        files: vec![file.clone()],
        data: file.clone(),
        facts: Digest::default(),
        witness: Digest::default(),
    }
}

fn opening(clock: &Arc<SetClock>) -> Opening {
    Opening { wall: clock.clone(), ..Opening::default() }
}

impl District {
    pub async fn new() -> District {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::at("2023-04-01T08:00:00Z".parse().unwrap()));
        let journal = Journal::open(&dir.path().join("zone"), opening(&clock)).await.unwrap();
        act(&journal, Act::All(units())).await;
        act(&journal, Act::All(people())).await;
        let store = journal.store().clone();
        let mut keys = BTreeMap::new();
        let mut sessions = BTreeMap::new();
        let everybody = principals();
        for early in [true, false] {
            for (n, p) in everybody.iter().enumerate() {
                if matches!(p.how, How::Stranger | How::Forged) || (p.how == How::Expired) != early {
                    continue;
                }
                let person = PersonId(100 + n as u128);
                let must_change = p.how == How::Unconfirmed;
                store.add_account(None, p.key, person, PASSWORD, must_change, &[]).await.unwrap();
                let signed_in = store.sign_in(p.key, PASSWORD, &Origin::default()).await.unwrap();
                keys.insert(p.key, (format!("__Host-baton={}", signed_in.token), signed_in.session.csrf.clone()));
                sessions.insert(p.key, signed_in.session.id);
                if p.how == How::Disabled {
                    store.set_account_state(None, p.key, AccountState::Disabled).await.unwrap();
                }
            }
            clock.set(NOW.parse().unwrap());
        }
        keys.insert("for", (format!("__Host-baton={}", "0f".repeat(32)), "0f".repeat(32)));
        let mut things = Vec::new();
        for (n, (_, unit, code)) in UNITS.into_iter().enumerate() {
            let n = n as u128;
            let (name, bytes) = (format!("{code}.pdf"), format!("%PDF-1.4 {code}").into_bytes());
            let file = store.put_file(None, &name, "application/pdf", bytes).await.unwrap();
            let t = Things {
                unit,
                code,
                item: ItemId(0x101 + n),
                task: TaskId(0x201 + n),
                submission: SubmissionId(0x301 + n),
                paper: PaperId(0x401 + n),
                venue: VenueId(0x501 + n),
                file: file.digest,
            };
            act(&journal, Act::All(work(&t, &file))).await;
            things.push((t, file));
        }
        let plain: Vec<Things> = things.iter().map(|(t, _)| t.clone()).collect();
        act(&journal, Act::All(shared(&plain))).await;
        let notice = PaperId(0x4ff);
        for (t, file) in &things {
            act(
                &journal,
                Act::Report {
                    submission: t.submission,
                    round: Some(ROUND),
                    unit: t.unit,
                    // The town's own report waits for its checker.
                    submit: t.code != "north",
                    figures: vec![figure(t.item, 100, 0)],
                    fields: Vec::new(),
                    because: String::new(),
                    evidence: vec![file.clone()],
                    notes: Vec::new(),
                },
            )
            .await;
            let cut = journal.snapshot().head().seq;
            let to = Scope::Units(vec![t.unit]);
            act(&journal, issue(t.paper, &format!("致{}的通知", t.code), to, file, cut)).await;
        }
        let cut = journal.snapshot().head().seq;
        act(&journal, issue(notice, "全区通知", Scope::All, &things[0].1, cut)).await;
        journal.close().await;
        let things = UNITS.iter().map(|(class, ..)| *class).zip(plain).collect();
        District { dir, keys, sessions, things, notice }
    }

    /// The identity of a principal: person, post and grant have the same digits.
    pub fn person(&self, who: &str) -> Option<String> {
        let known = principals().iter().position(|p| p.key == who && !matches!(p.how, How::Stranger | How::Forged));
        known.map(|n| PersonId(100 + n as u128).to_string())
    }

    /// A copy of the zone as it was made.
    pub async fn copy(&self) -> Copy {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("zone");
        copy_folder(&self.dir.path().join("zone"), &to);
        let clock = Arc::new(SetClock::at(NOW.parse().unwrap()));
        let journal = Journal::open(&to, opening(&clock)).await.unwrap();
        let app = App::new(Arc::new(journal), Town::typesetter(), PathBuf::from("no-worker"), Transport::Local);
        Copy { router: router(&app, &Limits::default()), _dir: dir, app }
    }

    /// Asks as a principal; a form carries their token.
    pub async fn ask(&self, copy: &Copy, who: &str, method: &str, path: &str, fields: &[(String, String)]) -> Raw {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        let key = self.keys.get(who);
        if let Some((cookie, _)) = key {
            request = request.header(header::COOKIE, cookie);
        }
        if method == "GET" {
            return copy.send(request.body(Body::empty()).unwrap()).await;
        }
        let csrf = key.map_or("", |(_, csrf)| csrf.as_str());
        let mut all = vec![("csrf", csrf)];
        all.extend(fields.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        let request = request
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, format!("http://{HOST}"))
            .body(Body::from(encoded(&all)))
            .unwrap();
        copy.send(request).await
    }
}

/// What came back, byte for byte.
pub struct Raw {
    pub answer: Answer,
    pub bytes: Vec<u8>,
}

impl Raw {
    pub fn status(&self) -> u16 {
        self.answer.status.as_u16()
    }
    pub fn media(&self) -> &str {
        self.answer.headers.get(header::CONTENT_TYPE).map_or("", |v| v.to_str().unwrap_or(""))
    }
}

impl Copy {
    async fn send(&self, request: Request<Body>) -> Raw {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Raw { answer: Answer { status: parts.status, headers: parts.headers, text }, bytes }
    }

    /// Seq of the ledger's end.
    pub fn head(&self) -> u64 {
        self.app.journal.snapshot().head().seq
    }

    /// Hash of everything the ledger says.
    pub fn state(&self) -> Digest {
        self.app.journal.snapshot().state_hash()
    }

    /// Carries out an act of the founder under a key.
    pub async fn act(&self, key: &str, act: Act) {
        let command = Command { key: key.to_owned(), base: u64::MAX, salt: [9; 16], act };
        self.app.journal.submit(Caller::Founder, command).await.unwrap();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
