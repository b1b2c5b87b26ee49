//! The demo zone 云岭新区: a story made from tables and a seed. Everything in it is invented.
//!
//! The tables name units, projects and parameters; the figures follow from them. What was not tidy stands
//! in `stories/demo/events.story`. All of it together is one story, played like any other.

mod chance;
mod course;
mod figures;
mod months;
mod people;
mod tables;

use crate::ground::Ground;
use crate::ids::Identities;
use crate::mistakes::Mistake;
use crate::play::{Played, run_as};
use crate::script::parse;
use baton_kernel::ids::PersonId;
use chance::Chance;
use jiff::civil::{Date, DateTime};
use tables::Table;

/// The seed of the demo zone as shipped.
pub const DEMO_SEED: u64 = 20230426;

/// The last day of the demo zone's simulated clock.
pub const DEMO_LAST_DAY: Date = jiff::civil::date(2023, 4, 28);

/// Someone who can sign in to the demo zone. The binary sets the password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemoAccount {
    /// Sign-in name.
    pub login: &'static str,
    /// The person in the ledger.
    pub person: PersonId,
    /// What the account is for, in Chinese and English.
    pub words: (&'static str, &'static str),
}

/// The accounts of the demo zone, in the order in which the sign-in page offers them.
pub fn accounts() -> Vec<DemoAccount> {
    let ids = identities();
    let all = [
        (
            "reporter",
            "baishi-reporter",
            "白石镇填报员：填写、提交审核",
            "reporter of Baishi town: fills in and proposes",
        ),
        (
            "checker",
            "baishi-checker",
            "白石镇审核人：审核、报送、签收任务",
            "checker of Baishi town: checks and submits",
        ),
        ("clerk", "clerk", "党政办公室：审定、会务、通报、交办", "office clerk: accepts, runs meetings, issues papers"),
        ("leader", "leader", "主要领导：看全区", "leader: sees the whole zone"),
        ("supervisor", "supervisor", "督查：催办、退回、办结、销号", "supervisor: urges, returns, closes tasks"),
        ("assessor", "assessor", "考核：看全区", "assessment: sees the whole zone"),
        ("planner", "planner", "发改局：项目清单、目标", "planning: project lists and targets"),
        ("admin", "admin", "系统管理员：单位、人员、蓝图", "administrator: units, people, blueprint"),
        ("security", "security", "安全管理员：授权", "security administrator: grants"),
        ("auditor", "auditor", "审计管理员：审计记录", "audit administrator: the audit trail"),
    ];
    all.into_iter()
        .map(|(login, handle, zh, en)| DemoAccount { login, person: ids.person(handle), words: (zh, en) })
        .collect()
}

/// The identities of the demo zone: the same for every seed.
pub fn identities() -> Identities {
    Identities::new("yunling")
}

/// Plays the demo zone onto an empty ground. The same seed gives the same ledger.
///
/// Errors: a mistake in the demo's data, with file and line.
pub fn demo(seed: u64, ground: &mut dyn Ground) -> Result<Played, Mistake> {
    let text = script(seed)?;
    let story = parse("yunling.story", &text).map_err(|mut list| list.remove(0))?;
    run_as(&story, ground, &identities())
}

/// The demo zone as one story, in order of time.
///
/// Errors: a mistake in the demo's data, with file and line.
pub fn script(seed: u64) -> Result<String, Mistake> {
    let mut plan = Plan::open(Chance::new(seed))?;
    let mut text = people::founding(&plan)?;
    course::items(&mut plan)?;
    course::mergers(&mut plan)?;
    months::rounds(&mut plan)?;
    events(&mut plan)?;
    plan.chunks.sort_by_key(|chunk| chunk.at);
    for chunk in &plan.chunks {
        text.push_str(&chunk.text);
    }
    Ok(text)
}

/// Statements at an instant.
struct Chunk {
    at: DateTime,
    text: String,
}

/// What the tables say, and the statements made from them so far.
struct Plan {
    chance: Chance,
    units: Table,
    mergers: Vec<(String, String, Date)>,
    phrases: Vec<(String, String)>,
    /// The demo's blueprint: its stages and curves, not named in the program.
    blueprint: baton_kernel::blueprint::Blueprint,
    chunks: Vec<Chunk>,
}

impl Plan {
    fn open(chance: Chance) -> Result<Plan, Mistake> {
        let files = crate::shelf::blueprint("yunling").unwrap_or_default();
        let (blueprint, _) = baton_kernel::blueprint::parse(&files);
        let mut mergers = Vec::new();
        for row in Table::open("mergers.csv")?.rows() {
            let on = row.date("on")?.ok_or_else(|| row.wrong("on"))?;
            mergers.push((row.get("unit").to_owned(), row.get("into").to_owned(), on));
        }
        let phrases =
            Table::open("phrases.csv")?.rows().map(|r| (r.get("group").to_owned(), r.get("text").to_owned())).collect();
        Ok(Plan { chance, units: Table::open("units.csv")?, mergers, phrases, blueprint, chunks: Vec::new() })
    }

    /// A statement on a day at a time, by an actor; lines under it follow.
    fn say(&mut self, day: Date, time: &str, actor: &str, words: &str) {
        let clock: jiff::civil::Time = time.parse().unwrap_or_else(|_| jiff::civil::Time::constant(9, 0, 0, 0));
        let text = format!("on {day} {time} {actor} {words}\n");
        self.chunks.push(Chunk { at: day.to_datetime(clock), text });
    }

    /// The unit that answers for another on a day.
    fn heir(&self, unit: &str, on: Date) -> String {
        let merged = self.mergers.iter().find(|(from, _, day)| from == unit && *day <= on);
        merged.map_or_else(|| unit.to_owned(), |(_, into, _)| into.clone())
    }

    /// A phrase of a group, with a percentage filled in.
    fn phrase(&self, group: &str, name: &str, pct: i64) -> String {
        let list: Vec<&str> = self.phrases.iter().filter(|(g, _)| g == group).map(|(_, t)| t.as_str()).collect();
        if list.is_empty() {
            return String::new();
        }
        self.chance.one(&format!("phrase/{group}/{name}"), &list).replace("{pct}", &pct.to_string())
    }
}

/// The hand-written events, cut into statements with their instants.
fn events(plan: &mut Plan) -> Result<(), Mistake> {
    let text = crate::shelf::demo_file("events.story").unwrap_or_default();
    let mut open: Option<Chunk> = None;
    for (n, line) in text.lines().enumerate() {
        if line.starts_with("on ") {
            plan.chunks.extend(open.take());
            let mut words = line.split_whitespace().skip(1);
            let (day, time) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let at = format!("{day}T{time}:00").parse().map_err(|e: jiff::Error| Mistake {
                file: "stories/demo/events.story".to_owned(),
                line: n + 1,
                zh: format!("应写日期和时刻：{e}"),
                en: format!("day and time expected: {e}"),
            })?;
            open = Some(Chunk { at, text: format!("{line}\n") });
        } else if let Some(chunk) = open.as_mut().filter(|_| line.starts_with(' ')) {
            chunk.text.push_str(line);
            chunk.text.push('\n');
        }
    }
    plan.chunks.extend(open);
    Ok(())
}
