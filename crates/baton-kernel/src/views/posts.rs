//! Posts: who holds them, who stands in, and what waits there, whoever sat on it before (交接).

use super::drafts::{DraftShown, list as drafts};
use super::instructions::{InstructionShown, list as instructions};
use super::review::UnitShown;
use super::rounds;
use super::tasks::{TaskFilter, TaskOrder, TaskRow, ledger};
use crate::blueprint::Role;
use crate::entries::{Grantee, Holding};
use crate::ids::*;
use crate::permit::{Rights, Verb};
use crate::refusals::Refusal;
use crate::seen::Seen;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;

/// Somebody on a post.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HolderShown {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Holder, deputy or cover.
    pub how: Holding,
    /// That in words.
    pub how_word: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Option<Date>,
    /// On it today.
    pub now: bool,
    /// Not yet.
    pub later: bool,
}

/// A post on a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PostRow {
    /// Identity.
    pub id: PostId,
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: UnitShown,
    /// What it may do, by roles in words.
    pub roles: Vec<String>,
    /// Who is on it today, the holder first.
    pub holders: Vec<HolderShown>,
    /// How the caller is on it today; `None` when not.
    pub mine: Option<Holding>,
}

/// A round that waits for a unit of the post.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RoundLeft {
    /// The round.
    pub id: RoundId,
    /// Its title.
    pub title: String,
    /// The unit.
    pub unit: UnitShown,
    /// Last day.
    pub due: Date,
    /// How it stands, in words.
    pub word: String,
    /// Why it was sent back, when it was.
    pub returned: Option<String>,
}

/// A post with what waits there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PostView {
    /// The post.
    pub row: PostRow,
    /// Everybody who was ever on it, newest first.
    pub history: Vec<HolderShown>,
    /// People who held it before whoever holds it now.
    pub before: Vec<PersonId>,
    /// Tasks that its unit is to handle.
    pub tasks: Vec<TaskRow>,
    /// Tasks in which the post is to decide something.
    pub decide: Vec<TaskRow>,
    /// Rounds its unit has not answered.
    pub rounds: Vec<RoundLeft>,
    /// Submissions sent back to its unit.
    pub returned: Vec<RoundLeft>,
    /// Drafts of tasks that wait for a sign-off of the post.
    pub drafts: Vec<DraftShown>,
    /// Instructions that wait for the post.
    pub instructions: Vec<InstructionShown>,
    /// The caller may appoint a cover for it.
    pub may_cover: bool,
    /// People who may cover: holders of other posts of the unit.
    pub colleagues: Vec<(PersonId, String)>,
}

/// Posts the caller is on today, then, for whoever keeps the people, all of them; in official order.
pub fn list(seen: &Seen) -> Vec<PostRow> {
    let mut rows: Vec<PostRow> =
        seen.zone.posts().filter(|p| seen.sees_post(p.id)).map(|p| seen.post_row(p.id)).collect();
    rows.sort_by_key(|r| (r.mine.is_none(), seen.zone.unit_order(r.unit.id), r.id));
    rows
}

/// One post. Errors: absent, alike for what is not there and what is not the caller's.
pub fn post(seen: &Seen, key: &str) -> Result<PostView, Refusal> {
    let id: PostId = key.parse().map_err(|_| Refusal::absent())?;
    if seen.zone.post(id).is_none() || !seen.sees_post(id) {
        return Err(Refusal::absent());
    }
    let row = seen.post_row(id);
    let history = seen.post_history(id);
    let now: BTreeSet<PersonId> =
        history.iter().filter(|h| h.now && h.how == Holding::Holder).map(|h| h.person).collect();
    let mut before: Vec<PersonId> =
        history.iter().filter(|h| !h.now && !h.later && !now.contains(&h.person)).map(|h| h.person).collect();
    before.dedup();
    // What waits is shown to whoever is on the post: those who keep the people see no business.
    let on = row.mine.is_some();
    let theirs = post_rights(seen, id);
    let handles = theirs.may_somewhere(Verb::TaskHandle);
    let supervises = theirs.may_somewhere(Verb::TaskSupervise);
    let open = || TaskFilter { open: true, order: TaskOrder::Due, ..TaskFilter::default() };
    let tasks = match on && handles {
        true => ledger(seen, &TaskFilter { unit: Some(row.unit.id), ..open() }).rows,
        false => Vec::new(),
    };
    let decide = match on && supervises {
        true => ledger(seen, &TaskFilter { waits: true, ..open() }).rows,
        false => Vec::new(),
    };
    let reports = theirs.may_somewhere(Verb::Report) || theirs.may_somewhere(Verb::Submit);
    let (rounds, returned) = if on && reports { seen.rounds_left(row.unit.id) } else { Default::default() };
    let mine = seen.rights.person;
    let may_cover = !seen.is_past()
        && (seen.rights.may_all(Verb::PersonManage) || mine.is_some() && seen.zone.holder(id, seen.today) == mine);
    let mut colleagues: Vec<(PersonId, String)> = seen
        .zone
        .posts()
        .filter(|p| p.unit == row.unit.id && p.id != id)
        .filter_map(|p| seen.zone.holder(p.id, seen.today))
        .filter(|p| !now.contains(p))
        .map(|p| (p, seen.person(p)))
        .collect();
    colleagues.sort_unstable();
    colleagues.dedup();
    Ok(PostView {
        row,
        history,
        before,
        tasks,
        decide,
        rounds,
        returned,
        drafts: if on && supervises { drafts(seen, true) } else { Vec::new() },
        instructions: if on && supervises { instructions(seen, true) } else { Vec::new() },
        may_cover,
        colleagues,
    })
}

/// People on posts today but for the caller, by the official order of their units: id, and name with unit.
pub fn colleagues(seen: &Seen) -> Vec<(PersonId, String)> {
    let mut list: Vec<(u32, PersonId, String)> = Vec::new();
    for post in seen.zone.posts() {
        let Some(person) = seen.zone.holder(post.id, seen.today) else { continue };
        if Some(person) != seen.rights.person && !list.iter().any(|(_, known, _)| *known == person) {
            let name = format!("{} · {}", seen.unit_short(post.unit), seen.person(person));
            list.push((seen.zone.unit_order(post.unit), person, name));
        }
    }
    list.sort_unstable();
    list.into_iter().map(|(_, person, name)| (person, name)).collect()
}

/// What the post itself may do: grants to it, not to who is on it.
fn post_rights(seen: &Seen, post: PostId) -> Rights {
    Rights::of_post(&seen.zone, post)
}

impl Seen {
    fn sees_post(&self, post: PostId) -> bool {
        let mine = self.rights.person.is_some_and(|p| self.zone.posts_held(p, self.today).contains(&post));
        mine || self.rights.may_all(Verb::PersonManage) || self.rights.may_all(Verb::UnitManage)
    }

    fn post_row(&self, id: PostId) -> PostRow {
        let known = self.zone.post(id);
        let title = known.and_then(|p| p.title.last()).cloned().unwrap_or_default();
        let unit = known.map(|p| self.unit_shown(p.unit)).expect("asked of posts that are there");
        let blueprint = self.zone.blueprint();
        let label = |role: &Role| role.label.get(self.lang).to_owned();
        let mut roles: Vec<String> = Vec::new();
        for grant in self.zone.grants().filter(|g| g.to == Grantee::Post(id)) {
            roles.extend(blueprint.roles.get(&grant.role).map(label).filter(|l| !roles.contains(l)));
        }
        let holders = self.post_history(id).into_iter().filter(|h| h.now).collect::<Vec<_>>();
        let mine = self.rights.person.and_then(|p| holders.iter().find(|h| h.person == p)).map(|h| h.how);
        PostRow { id, title, unit, roles, holders, mine }
    }

    /// Everybody ever on a post, the newest word about each time first.
    fn post_history(&self, id: PostId) -> Vec<HolderShown> {
        let Some(post) = self.zone.post(id) else { return Vec::new() };
        let mut rows: Vec<HolderShown> = Vec::new();
        for (seq, person, how, from, to) in post.holders.iter().rev() {
            // A later word about the same beginning replaces the earlier one.
            if *seq > self.cut || rows.iter().any(|h| h.person == *person && h.how == *how && h.from == *from) {
                continue;
            }
            let last = post.holders.iter().rev().find(|(_, p, ..)| p == person).is_some_and(|row| row.0 == *seq);
            let running = last && *from <= self.today && to.is_none_or(|t| self.today <= t);
            rows.push(HolderShown {
                person: *person,
                name: self.person(*person),
                how: *how,
                how_word: self.say(&format!("post.how.{}", key(*how)), &[]),
                from: *from,
                to: *to,
                now: running,
                later: last && self.today < *from,
            });
        }
        rows.sort_by_key(|h| (!h.now, h.now.then_some(h.how), std::cmp::Reverse(h.from)));
        rows
    }

    /// Rounds that a unit has not answered, and those sent back to it.
    fn rounds_left(&self, unit: UnitId) -> (Vec<RoundLeft>, Vec<RoundLeft>) {
        let (mut missing, mut returned) = (Vec::new(), Vec::new());
        for round in rounds::list(self).into_iter().filter(|r| r.open) {
            for answer in round.answers.iter().filter(|a| a.unit.id == unit) {
                let newest = answer.submissions.first();
                let back = newest.filter(|s| s.state == "returned");
                let left = RoundLeft {
                    id: round.id,
                    title: round.title.clone(),
                    unit: answer.unit.clone(),
                    due: round.due,
                    word: answer.word.clone(),
                    returned: back.and_then(|s| s.moved_because.clone()),
                };
                if back.is_some() {
                    returned.push(left);
                } else if answer.is_missing() || answer.state == "partial" {
                    missing.push(left);
                }
            }
        }
        (missing, returned)
    }
}

/// Stable key of a way to hold a post.
pub fn key(how: Holding) -> &'static str {
    match how {
        Holding::Holder => "holder",
        Holding::Deputy => "deputy",
        Holding::Cover => "cover",
    }
}
