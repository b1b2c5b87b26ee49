//! Play: a story on a ground, statement by statement; questions are compared with what was expected.

use crate::acts;
use crate::ground::Ground;
use crate::ids::Identities;
use crate::mistakes::{Mistake, Wrong};
use crate::questions;
use crate::reading::Reading;
use crate::script::{Line, Story};
use baton_kernel::commands::Caller;
use baton_kernel::entries::{Grantee, Scope};
use baton_kernel::ids::*;
use baton_kernel::{Refusal, Zone};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// What playing a story gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Played {
    /// Acts carried out.
    pub acts: usize,
    /// Questions answered.
    pub questions: usize,
    /// Questions whose answer was not the expected one.
    pub differences: Vec<Mistake>,
    /// The story with its expected parts replaced by what was answered.
    pub rewritten: String,
}

/// Plays a story. Questions that are answered otherwise than expected are differences, not errors.
///
/// Identities follow from the story's file name, so that playing it twice makes the same ledger.
/// Errors: the first statement that cannot be read, or is refused without a `refused` line after it.
pub fn run(story: &Story, ground: &mut dyn Ground) -> Result<Played, Mistake> {
    let name = story.file.rsplit('/').next().unwrap_or(&story.file).trim_end_matches(".story").to_owned();
    run_as(story, ground, &Identities::new(&name))
}

/// Plays a story under identities given by the caller.
///
/// Errors: as [`run`].
pub fn run_as(story: &Story, ground: &mut dyn Ground, ids: &Identities) -> Result<Played, Mistake> {
    let mut stage = Stage::new(ground, ids);
    let mut answers = vec![None; story.lines.len()];
    let mut played = Played { acts: 0, questions: 0, differences: Vec::new(), rewritten: String::new() };
    let mut lines = story.lines.iter().enumerate().peekable();
    while let Some((n, line)) = lines.next() {
        let done = play_line(&mut stage, line).map_err(|w| w.at(&story.file, line.line))?;
        match done {
            Done::Answer(text) => {
                played.questions += 1;
                if let Some(expect) = &line.expect
                    && expect.text.trim_end() != text.trim_end()
                {
                    played.differences.push(difference(&expect.text, &text).at(&story.file, expect.from));
                }
                answers[n] = Some(text);
            }
            Done::Acted(result) => {
                let expected = lines.next_if(|(_, next)| next.words.first().is_some_and(|w| w.text == "refused"));
                match (result, expected) {
                    (Ok(()), None) => played.acts += 1,
                    (Err(refusal), None) => {
                        let wrong = Wrong::new(
                            format!("被拒绝（{}）：{}", refusal.code, refusal.zh),
                            format!("refused ({}): {}", refusal.code, refusal.en),
                        );
                        return Err(wrong.at(&story.file, line.line));
                    }
                    (Ok(()), Some((_, next))) => {
                        let wrong = Wrong::new("上一行本应被拒绝，却办成了", "the line above should have been refused");
                        return Err(wrong.at(&story.file, next.line));
                    }
                    (Err(refusal), Some((_, next))) => {
                        let wanted = next.words.get(1).map_or("", |w| w.text.as_str());
                        if refusal.code != wanted {
                            let wrong = Wrong::new(
                                format!("拒绝的理由是 {}：{}，不是 {wanted}", refusal.code, refusal.zh),
                                format!("it was refused as {}, not {wanted}: {}", refusal.code, refusal.en),
                            );
                            return Err(wrong.at(&story.file, next.line));
                        }
                    }
                }
            }
        }
    }
    played.rewritten = story.rewritten(&answers);
    Ok(played)
}

enum Done {
    Acted(Result<(), Refusal>),
    Answer(String),
}

fn play_line(stage: &mut Stage<'_>, line: &Line) -> Result<Done, Wrong> {
    let mut reading = Reading::new(&line.words);
    if reading.take("refused") {
        return Err(Wrong::new("refused 应紧跟在一条语句之后", "refused must follow a statement"));
    }
    if let Some(answer) = questions::answer(stage, &mut reading)? {
        return Ok(Done::Answer(answer));
    }
    let caller = if reading.take("on") {
        let day = reading.date()?;
        let clock = reading.peek().filter(|w| w.text.contains(':') && !w.text.contains('/'));
        let time = match clock {
            Some(_) => {
                let text = reading.word("时刻", "a time")?;
                let time: Time =
                    text.parse().map_err(|e| Wrong::unread("时刻（例：09:30）", "a time such as 09:30", text, e))?;
                Some(time)
            }
            None => None,
        };
        stage.set_clock(day, time)?;
        let actor = reading.word("经办人（单位/角色）", "who acts (unit/role)")?;
        stage.caller(actor)?
    } else {
        stage.tick();
        Caller::Founder
    };
    stage.actor = caller;
    if reading.take("issue") {
        return Ok(Done::Acted(acts::papers::issue(stage, &mut reading)?));
    }
    let act = acts::act(stage, &mut reading, line)?;
    let at = stage.now();
    Ok(Done::Acted(stage.ground.submit(caller, act, at)))
}

fn difference(expected: &str, found: &str) -> Wrong {
    let mut wanted = expected.trim_end().lines();
    let mut got = found.trim_end().lines();
    loop {
        match (wanted.next(), got.next()) {
            (None, None) => return Wrong::new("结果不同", "the answer differs"),
            (a, b) if a == b => {}
            (a, b) => {
                let (a, b) = (a.unwrap_or("（无）"), b.unwrap_or("（无）"));
                return Wrong::new(
                    format!("结果不同。\n  应为：{a}\n  实为：{b}"),
                    format!("the answer differs.\n  expected: {a}\n  found:    {b}"),
                );
            }
        }
    }
}

/// The state of a play: the ground, the clock, who acts.
pub(crate) struct Stage<'a> {
    pub ground: &'a mut dyn Ground,
    pub ids: &'a Identities,
    pub actor: Caller,
    clock: Option<Timestamp>,
    /// Shown to a statement that founds the zone before a day was named.
    first_day: Date,
}

impl<'a> Stage<'a> {
    fn new(ground: &'a mut dyn Ground, ids: &'a Identities) -> Stage<'a> {
        let zone = ground.zone();
        let clock = (zone.head().seq > 0).then(|| zone.head().known_at);
        let first_day = jiff::civil::date(2023, 1, 1);
        Stage { ground, ids, actor: Caller::Founder, clock, first_day }
    }

    pub fn zone(&self) -> Arc<Zone> {
        self.ground.zone()
    }

    /// The instant at which the present statement takes effect.
    pub fn now(&self) -> Timestamp {
        self.clock.unwrap_or_else(|| self.instant(self.first_day.at(8, 0, 0, 0)))
    }

    /// The day it is.
    pub fn today(&self) -> Date {
        let zone = self.zone();
        match zone.founding() {
            Some(_) => zone.day_of(self.now()),
            None => self.first_day,
        }
    }

    /// The day on which a zone is founded that names one.
    pub fn begin(&mut self, day: Date) {
        if self.zone().founding().is_none() {
            self.first_day = day;
            self.clock = Some(self.instant(day.at(8, 0, 0, 0)));
        }
    }

    fn instant(&self, at: DateTime) -> Timestamp {
        let zone = self.zone();
        let time_zone = match zone.founding() {
            Some(_) => zone.time_zone(),
            None => baton_kernel::zone::time_zone("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC),
        };
        at.to_zoned_datetime(time_zone).map_or(Timestamp::MIN, |z| z.timestamp())
    }

    /// A second passes.
    fn tick(&mut self) {
        let next = match self.clock {
            Some(now) => now.checked_add(SignedDuration::from_secs(1)).unwrap_or(now),
            None => self.now(),
        };
        self.clock = Some(next);
    }

    fn set_clock(&mut self, day: Date, time: Option<Time>) -> Result<(), Wrong> {
        let wanted = self.instant(day.to_datetime(time.unwrap_or_else(|| Time::constant(9, 0, 0, 0))));
        match self.clock {
            Some(now) if wanted <= now => {
                let same_day = self.zone().day_of(now) == day;
                // Without a time, or within the same minute, it is a second later.
                let near = now.duration_since(wanted) < SignedDuration::from_secs(3_600);
                if !same_day || (time.is_some() && !near) {
                    return Err(Wrong::new(
                        format!("时间 {day} 早于前面的语句，请按时间先后排列"),
                        format!("{day} is before the line above; put the lines in order of time"),
                    ));
                }
                self.tick();
            }
            _ => self.clock = Some(wanted),
        }
        Ok(())
    }

    /// The unit under a code; `zone` is the root.
    pub fn unit(&self, code: &str) -> Result<UnitId, Wrong> {
        let zone = self.zone();
        if let Some(unit) = zone.unit_by_code(code) {
            return Ok(unit);
        }
        let root = || {
            let blueprint = zone.blueprint();
            let is_root = |kind: &str| blueprint.unit_kind(kind).is_some_and(|k| k.root);
            zone.units_at(u64::MAX).into_iter().find(|u| u.at(u64::MAX).is_some_and(|d| is_root(&d.kind))).map(|u| u.id)
        };
        let found = if code == "zone" { root() } else { None };
        found.ok_or_else(|| Wrong::unknown("单位", "unit", code))
    }

    pub fn units(&self, codes: &[String]) -> Result<Vec<UnitId>, Wrong> {
        codes.iter().map(|c| self.unit(c)).collect()
    }

    /// Territorial units standing today, in official order.
    pub fn territorial(&self) -> Vec<UnitId> {
        let (zone, today) = (self.zone(), self.today());
        let blueprint = zone.blueprint();
        zone.units_at(u64::MAX)
            .into_iter()
            .filter(|u| u.stands(u64::MAX, today))
            .filter(|u| u.at(u64::MAX).is_some_and(|d| blueprint.unit_kind(&d.kind).is_some_and(|k| k.territorial)))
            .map(|u| u.id)
            .collect()
    }

    /// The item under a code.
    pub fn item(&self, code: &str) -> Result<ItemId, Wrong> {
        self.zone().item_by_code(code).map(|i| i.id).ok_or_else(|| Wrong::unknown("事项", "item", code))
    }

    /// The meeting under a code.
    pub fn meeting(&self, code: &str) -> Result<MeetingId, Wrong> {
        let id = self.ids.meeting(code);
        self.zone().meeting(id).map(|m| m.id).ok_or_else(|| Wrong::unknown("会议", "meeting", code))
    }

    /// The task under a code.
    pub fn task(&self, code: &str) -> Result<TaskId, Wrong> {
        let zone = self.zone();
        let found = zone.tasks().into_iter().find(|t| t.code == code).map(|t| t.id);
        found.ok_or_else(|| Wrong::unknown("任务", "task", code))
    }

    /// Who `unit/role` is today: a holder of a post of the unit to which the role was granted, else whoever
    /// holds the role over that unit alone; `zone/role` is whoever holds it over everything.
    pub fn caller(&self, actor: &str) -> Result<Caller, Wrong> {
        if actor == "founder" {
            return Ok(Caller::Founder);
        }
        let Some((code, role)) = actor.split_once('/') else {
            let person = self.ids.person(actor);
            let known = self.zone().people().any(|p| p == person);
            return if known { Ok(Caller::Person(person)) } else { Err(Wrong::unknown("人员", "person", actor)) };
        };
        let unit = self.unit(code)?;
        let (zone, today) = (self.zone(), self.today());
        let holder = |grantee: Grantee| match grantee {
            Grantee::Person(person) => Some(person),
            Grantee::Post(post) => zone.holders(post, today).first().map(|(person, _)| *person),
        };
        let of_post = |grantee: Grantee| match grantee {
            Grantee::Post(post) => zone.post(post).is_some_and(|p| p.unit == unit),
            Grantee::Person(_) => false,
        };
        let over = |scope: &Scope| match scope {
            Scope::All => code == "zone",
            Scope::Units(list) | Scope::Below(list) => list.contains(&unit),
        };
        let mut grants: Vec<_> = zone.grants().filter(|g| g.role == role).collect();
        grants.sort_by_key(|g| g.since);
        let best = grants.iter().filter(|g| of_post(g.to)).chain(grants.iter().filter(|g| over(&g.scope)));
        let found = best.filter_map(|g| holder(g.to)).next();
        found.map(Caller::Person).ok_or_else(|| {
            Wrong::new(
                format!("“{code}”没有人担任“{role}”，请先授权"),
                format!("nobody holds “{role}” at “{code}”; grant it first"),
            )
        })
    }
}
