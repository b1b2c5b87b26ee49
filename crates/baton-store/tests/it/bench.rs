//! The bench: a small invented zone, its commands, and a place on disk for it.

use baton_kernel::entries::{Grantee, Scope};
use baton_kernel::ids::*;
use baton_kernel::{Act, Caller, Command, Digest, FileRef, Receipt};
use baton_store::{Journal, Opening, SetClock, StoreError, Trouble};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub const ROOT: UnitId = UnitId(1);
pub const TOWN: UnitId = UnitId(2);
pub const CLERK: PersonId = PersonId(11);

/// A folder that goes away with the test.
pub struct Place {
    dir: tempfile::TempDir,
    pub clock: Arc<SetClock>,
}

impl Place {
    pub fn new() -> Place {
        Place { dir: tempfile::tempdir().unwrap(), clock: Arc::new(SetClock::at(now())) }
    }
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("zone")
    }
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
    pub fn opening(&self) -> Opening {
        Opening { wall: self.clock.clone(), ..Opening::default() }
    }
    pub async fn open(&self) -> Journal {
        self.try_open().await.unwrap()
    }
    pub async fn try_open(&self) -> Result<Journal, Trouble> {
        Journal::open(&self.path(), self.opening()).await
    }
    /// A founded zone with a root, a town, a clerk with rights over the town.
    pub async fn founded(&self) -> Journal {
        let journal = self.open().await;
        for command in founding(false) {
            journal.submit(Caller::Founder, command).await.unwrap();
        }
        journal
    }
}

pub fn now() -> Timestamp {
    // The bench stands at the machine's own time, so that files written now are not old.
    Timestamp::now()
}

pub fn files() -> BTreeMap<String, String> {
    let zone = r#"
format = 1
[[area]]
key = "works"
label = { zh = "工程", en = "Works" }
[[role]]
key = "clerk"
label = { zh = "经办", en = "Clerk" }
may = ["see", "item.make", "item.change", "item.stage"]
[[unit_kind]]
key = "whole"
label = { zh = "全区", en = "Zone" }
root = true
[[unit_kind]]
key = "place"
label = { zh = "镇", en = "Town" }
territorial = true
"#;
    let site = r#"
format = 1
[kind]
key = "site"
area = "works"
label = { zh = "工地", en = "Site" }
number = "S-{seq:4}"
[[stage]]
key = "begun"
group = "started"
label = { zh = "开工", en = "Begun" }
to = ["ended"]
[[stage]]
key = "ended"
group = "completed"
label = { zh = "完工", en = "Ended" }
needs = ["evidence"]
"#;
    BTreeMap::from([("zone.toml".to_owned(), zone.to_owned()), ("kinds/site.toml".to_owned(), site.to_owned())])
}

/// A command under a key; its salt follows from the key, so that it is the same each time it is made.
pub fn command(key: &str, act: Act) -> Command {
    let mut salt = [0u8; 16];
    salt.copy_from_slice(&Digest::of(key.as_bytes()).0[..16]);
    Command { key: key.to_owned(), base: 0, salt, act }
}

pub fn found(simulated: bool) -> Command {
    let act = Act::Found {
        name: "试验区".into(),
        name_en: "Bench".into(),
        code: "BN".into(),
        time_zone: "Asia/Shanghai".into(),
        simulated,
        invented: true,
        files: files(),
        because: "建账".into(),
    };
    command("found", act)
}

pub fn founding(simulated: bool) -> Vec<Command> {
    let unit = |id, code: &str, name: &str, kind: &str, parent| Act::PutUnit {
        unit: id,
        code: code.into(),
        name: name.into(),
        short: String::new(),
        kind: kind.into(),
        parent,
        order: id.0 as u32,
        aliases: vec![],
        duties: vec![],
        from: None,
        to: None,
    };
    vec![
        found(simulated),
        command("root", unit(ROOT, "0", "试验区", "whole", None)),
        command("town", unit(TOWN, "1", "东桥镇", "place", Some(ROOT))),
        command("clerk", Act::PutPerson { person: CLERK, name: "经办人甲".into() }),
        command("grant", grant(GrantId(21))),
    ]
}

pub fn grant(id: GrantId) -> Act {
    Act::Grant { grant: id, to: Grantee::Person(CLERK), role: "clerk".into(), scope: Scope::Below(vec![TOWN]) }
}

pub fn id_of(key: &str) -> u128 {
    u128::from_be_bytes(Digest::of(key.as_bytes()).0[..16].try_into().unwrap())
}

/// The simplest act with a text: a person is registered. Everything follows from the key.
pub fn person(key: &str) -> Command {
    command(key, Act::PutPerson { person: PersonId(id_of(key)), name: format!("人员 {key}") })
}

pub fn item(key: &str) -> Command {
    let act = Act::MakeItem {
        item: ItemId(id_of(key)),
        kind: "site".into(),
        code: String::new(),
        name: format!("工地 {key}"),
        lead: TOWN,
        co: vec![],
        parent: None,
        fields: BTreeMap::new(),
        stage: None,
    };
    command(key, act)
}

/// Ends the site made under `item_key`, with evidence.
pub fn ended(key: &str, item_key: &str, on: jiff::civil::Date, evidence: Vec<FileRef>) -> Command {
    let act = Act::EnterStage {
        item: ItemId(id_of(item_key)),
        stage: "ended".into(),
        on,
        because: "已经完工".into(),
        evidence,
    };
    command(key, act)
}

pub fn erase(key: &str, digests: Vec<Digest>) -> Command {
    command(key, Act::Erase { digests, basis: "依法删除第 1 号".into() })
}

/// The code of a refusal; anything else fails the test.
pub fn refusal(answer: Result<Receipt, StoreError>) -> String {
    match answer {
        Err(StoreError::Refused(refusal)) => refusal.code,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

pub async fn verified(dir: &Path) -> baton_store::Report {
    baton_store::verify(dir, None, &baton_store::no_recheck).await.unwrap()
}

/// Verifies and fails the test with everything found, unless the facts are intact.
pub async fn clean(dir: &Path) -> baton_store::Report {
    let report = verified(dir).await;
    assert!(report.facts_intact() && report.derived_equal(), "{:#?}", report.findings);
    assert_eq!(report.exit(), 0);
    report
}
