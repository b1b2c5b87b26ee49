//! A small zone in memory for tests: founded from a blueprint text, with units, people, grants, and a clock
//! that is set by hand. Every command goes through `decide`; what it made is kept, so that any cut can be
//! replayed from the stored entries.

use baton_kernel::commands::{Act, Caller, Command};
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_kernel::{Digest, Refusal, Seen, Zone, decide};
use baton_methods::{Lang, WorkCalendar};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Rules of the small zone: two areas, four sorts of unit, four roles, one kind with two measures.
pub const RULES: &str = r#"
format = 1

[[area]]
key = "build"
label = { zh = "项目建设", en = "Building" }

[[area]]
key = "care"
label = { zh = "民生", en = "Care" }

[[unit_kind]]
key = "zone"
root = true
label = { zh = "新区", en = "Zone" }

[[unit_kind]]
key = "office"
label = { zh = "部门", en = "Office" }

[[unit_kind]]
key = "town"
territorial = true
label = { zh = "镇", en = "Town" }

[[role]]
key = "office"
label = { zh = "督办", en = "Office" }
may = ["accept", "item.make", "item.change", "item.stage", "target.set", "round.open", "meeting.plan", "meeting.run",
       "task.assign", "task.supervise", "paper.issue"]

[[role]]
key = "handler"
label = { zh = "承办", en = "Handler" }
may = ["report", "task.handle"]

[[role]]
key = "checker"
label = { zh = "审核", en = "Checker" }
may = ["submit"]

[[role]]
key = "reader"
label = { zh = "阅览", en = "Reader" }
may = ["see"]

[settings]
near_due_days = 7
acknowledge_days = 2
acknowledge_calendar = "working"
secrecy_words = ["机密★"]
organ = { zh = "云岭新区党政办公室", en = "Yunling Office" }
addressees = { zh = "各镇、各部门", en = "All units" }
sign = "云新办发"
"#;

/// The one kind of item of the small zone.
pub const WORK: &str = r#"
format = 1
[kind]
key = "work"
area = "build"
label = { zh = "工程", en = "Work" }
number = "GC-{year}-{seq:3}"

[[stage]]
key = "open"
group = "started"
label = { zh = "在建", en = "Open" }
to = ["done"]

[[stage]]
key = "done"
group = "completed"
label = { zh = "完工", en = "Done" }

[[measure]]
key = "paid"
unit = "wan_yuan"
decimals = 2
label = { zh = "完成投资", en = "Paid" }
parts = [ { key = "own", zh = "自筹", en = "Own" } ]

[[measure]]
key = "share"
unit = "percent"
decimals = 1
type = "stock"
label = { zh = "形象进度", en = "Progress" }
"#;

/// An identity made from a name: the same name gives the same identity.
pub fn ident(name: &str) -> u128 {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Digest::of(name.as_bytes()).0[..16]);
    u128::from_be_bytes(bytes)
}

/// The unit of a code.
pub fn unit(code: &str) -> UnitId {
    UnitId(ident(&format!("unit {code}")))
}
/// The person of a name.
pub fn person(name: &str) -> PersonId {
    PersonId(ident(&format!("person {name}")))
}
/// The task of a name.
pub fn task(name: &str) -> TaskId {
    TaskId(ident(&format!("task {name}")))
}
/// The meeting of a name.
pub fn meeting(name: &str) -> MeetingId {
    MeetingId(ident(&format!("meeting {name}")))
}
/// The venue of a name.
pub fn venue(name: &str) -> VenueId {
    VenueId(ident(&format!("venue {name}")))
}
/// The item of a name.
pub fn item(name: &str) -> ItemId {
    ItemId(ident(&format!("item {name}")))
}
/// A day written `2023-04-26`.
pub fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// A zone in memory with everything that made it.
#[derive(Clone)]
pub struct Town {
    /// The zone as it is.
    pub zone: Zone,
    /// Every entry, in order.
    pub entries: Vec<Sealed>,
    /// Texts by digest.
    pub texts: BTreeMap<Digest, Arc<str>>,
    /// The clock.
    pub now: Timestamp,
    commands: u32,
}

impl Town {
    /// Founded on 3 January 2023: root `YL`, offices `DZ`, `JS`, `JF`, towns `QX`, `SQ` below it. People:
    /// `office` and `office2` supervise the whole zone, `leader` reads all of it; each unit `U` has a handler
    /// `u` and a second one `u2`, and `QX` a checker `qxc`; `guest` has no role.
    pub fn founded() -> Town {
        static FOUNDED: LazyLock<Town> = LazyLock::new(Town::found);
        FOUNDED.clone()
    }

    fn found() -> Town {
        let mut town = Town {
            zone: Zone::empty(),
            entries: Vec::new(),
            texts: BTreeMap::new(),
            now: Timestamp::UNIX_EPOCH,
            commands: 0,
        };
        town.on("2023-01-03");
        let files = BTreeMap::from([
            ("zone.toml".to_owned(), RULES.to_owned()),
            ("kinds/work.toml".to_owned(), WORK.to_owned()),
            ("calendar/cn.toml".to_owned(), WorkCalendar::CHINA_TOML.to_owned()),
        ]);
        town.must(
            "founder",
            Act::Found {
                name: "云岭新区".into(),
                name_en: "Yunling".into(),
                code: "YL".into(),
                time_zone: "Asia/Shanghai".into(),
                simulated: true,
                invented: true,
                files,
                because: "测试".into(),
            },
        );
        let units = [
            ("YL", "云岭新区", "zone", None),
            ("DZ", "党政办公室", "office", Some("YL")),
            ("JS", "建设管理局", "office", Some("YL")),
            ("JF", "经济发展局", "office", Some("YL")),
            ("QX", "清溪镇", "town", Some("YL")),
            ("SQ", "石桥镇", "town", Some("YL")),
        ];
        for (order, (code, name, kind, parent)) in (1..).zip(units) {
            town.put_unit(code, name, kind, parent, order);
            for n in ["", "2"] {
                town.hire(&format!("{}{n}", code.to_lowercase()), code, "handler", Scope::Units(vec![unit(code)]));
            }
        }
        for name in ["office", "office2"] {
            town.hire(name, "DZ", "office", Scope::All);
        }
        town.hire("leader", "YL", "reader", Scope::All);
        town.hire("qxc", "QX", "checker", Scope::Units(vec![unit("QX")]));
        town.must("founder", Act::PutPerson { person: person("guest"), name: "访客".into() });
        town
    }

    /// Adds a unit.
    pub fn put_unit(&mut self, code: &str, name: &str, kind: &str, parent: Option<&str>, order: u32) {
        self.must(
            "founder",
            Act::PutUnit {
                unit: unit(code),
                code: code.into(),
                name: name.into(),
                short: name.into(),
                kind: kind.into(),
                parent: parent.map(unit),
                order,
                aliases: vec![],
                duties: vec![],
                from: None,
                to: None,
            },
        );
    }

    /// Registers a person with a post of their own in a unit and a role over a scope.
    pub fn hire(&mut self, name: &str, at: &str, role: &str, scope: Scope) {
        let post = PostId(ident(&format!("post {name}")));
        let from = self.zone.day_of(self.now);
        self.must(
            "founder",
            Act::All(vec![
                Act::PutPerson { person: person(name), name: format!("{name}同志") },
                Act::PutPost { post, unit: unit(at), title: format!("{name}岗"), from: None, to: None },
                Act::HoldPost { post, person: person(name), how: Holding::Holder, from, to: None },
                Act::Grant {
                    grant: GrantId(ident(&format!("grant {name}"))),
                    to: Grantee::Post(post),
                    role: role.into(),
                    scope,
                },
            ]),
        );
    }

    /// Sets the clock to nine in the morning of a day. Never back.
    pub fn on(&mut self, day: &str) {
        let at: Timestamp = format!("{day}T09:00:00+08:00").parse().expect("a day");
        assert!(at >= self.now, "the clock never goes back: {day}");
        self.now = at;
    }

    /// The caller of a name; `founder` is the founder.
    pub fn caller(&self, name: &str) -> Caller {
        if name == "founder" { Caller::Founder } else { Caller::Person(person(name)) }
    }

    /// Decides and applies a command; gives the seq of its last entry.
    pub fn run(&mut self, who: &str, act: Act) -> Result<u64, Refusal> {
        self.run_from(who, 0, act)
    }

    /// The same from a page that showed the ledger up to `base`.
    pub fn run_from(&mut self, who: &str, base: u64, act: Act) -> Result<u64, Refusal> {
        self.commands += 1;
        let mut salt = [0; 16];
        salt[..4].copy_from_slice(&self.commands.to_be_bytes());
        let command = Command { key: format!("k{}", self.commands), base, salt, act };
        let batch = decide(&self.zone, self.caller(who), &command, self.now)?;
        self.zone.apply_batch(&batch);
        for blob in &batch.blobs {
            self.texts.insert(blob.digest, String::from_utf8(blob.bytes.clone()).expect("texts are UTF-8").into());
        }
        self.entries.extend(batch.entries);
        Ok(self.zone.head().seq)
    }

    /// The same for a command that must succeed.
    #[track_caller]
    pub fn must(&mut self, who: &str, act: Act) -> u64 {
        self.run(who, act).unwrap_or_else(|refusal| panic!("{who} was refused: {refusal}"))
    }

    /// The refusal of a command that must be refused; nothing may have changed. Zh and en must both be there.
    #[track_caller]
    pub fn refused(&mut self, who: &str, act: Act) -> Refusal {
        let before = self.zone.head();
        let refusal = self.run(who, act).expect_err("must be refused");
        assert_eq!(self.zone.head(), before);
        assert_ne!(refusal.zh, refusal.code, "no words under {}", refusal.code);
        for words in [&refusal.zh, &refusal.en] {
            assert!(!words.is_empty() && !words.contains('{'), "{}: {words}", refusal.code);
        }
        refusal
    }

    /// The code of that refusal.
    #[track_caller]
    pub fn code(&mut self, who: &str, act: Act) -> String {
        self.refused(who, act).code
    }

    /// What somebody sees now.
    pub fn seen(&self, who: &str) -> Seen {
        Seen::new(Arc::new(self.zone.clone()), self.caller(who), self.now, None, Lang::Zh)
    }

    /// What somebody sees as known at the end of a day.
    pub fn seen_known(&self, who: &str, known: &str) -> Seen {
        Seen::new(Arc::new(self.zone.clone()), self.caller(who), self.now, Some(day(known)), Lang::Zh)
    }

    /// The zone replayed from the stored entries up to a cut.
    pub fn replay(&self, cut: u64) -> Zone {
        let mut zone = Zone::empty();
        for sealed in self.entries.iter().take(cut as usize) {
            zone.apply(sealed, &self.texts);
        }
        zone
    }
}

/// Orders a task: lead, assisting units, deadline; from an instruction unless changed.
pub fn assign(name: &str, lead: &str, assist: &[&str], due: Option<&str>) -> Act {
    let lead = StrandLine { unit: unit(lead), duty: Duty::Lead };
    let assist = assist.iter().map(|code| StrandLine { unit: unit(code), duty: Duty::Assist });
    Act::AssignTask {
        task: task(name),
        code: String::new(),
        title: format!("{name}任务"),
        source: TaskSource::Instruction,
        said: format!("要把{name}办好"),
        deadline: Deadline { on: due.map(day), words: String::new(), limit: None },
        strands: std::iter::once(lead).chain(assist).collect(),
        aim: String::new(),
        area: None,
        items: vec![],
    }
}

/// An act on a task's strand.
pub fn act(name: &str, code: &str, what: baton_kernel::commands::TaskDoing) -> Act {
    Act::ActOnTask { task: task(name), unit: unit(code), what }
}

/// Plans a meeting of two venues and three agenda lines.
pub fn plan(name: &str, period: &str, on: &str) -> Act {
    let line = |title: &str, area: Option<&str>, code: &str| AgendaLine {
        title: title.into(),
        area: area.map(str::to_owned),
        unit: Some(unit(code)),
        minutes: 10,
    };
    Act::PlanMeeting {
        meeting: meeting(name),
        code: String::new(),
        title: format!("{name}推进会"),
        period: period.parse().expect("a period"),
        on: day(on),
        place: "管委会三楼会议室".into(),
        chair: None,
        agenda: vec![line("通报情况", None, "DZ"), line("项目建设", Some("build"), "JS"), line("表态发言", None, "QX")],
        venues: vec![
            VenueLine { venue: venue("main"), name: "主会场".into(), unit: None, main: true, link: None },
            VenueLine {
                venue: venue("QX"),
                name: "清溪镇".into(),
                unit: Some(unit("QX")),
                main: false,
                link: Some("rtsp://10.0.0.8/qx".into()),
            },
        ],
        details: PlanDetails::default(),
    }
}
