//! Units, posts, people and grants in the zone.

use super::{History, Zone};
use crate::entries::{Body, Grantee, Holding, Scope};
use crate::ids::*;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a unit was, by version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitData {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Short name.
    pub short: String,
    /// Sort of unit (key of the blueprint).
    pub kind: String,
    /// Unit above.
    pub parent: Option<UnitId>,
    /// Place in the official order.
    pub order: u32,
    /// Other names.
    pub aliases: Vec<String>,
    /// Words of its duties.
    pub duties: Vec<String>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// A unit with its history.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Identity.
    pub id: UnitId,
    /// Versions.
    pub data: History<UnitData>,
    /// Into which unit it went, and on which day.
    pub merged: History<(UnitId, Date)>,
}

/// A post with its history.
#[derive(Clone, Debug)]
pub struct Post {
    /// Identity.
    pub id: PostId,
    /// Unit it belongs to.
    pub unit: UnitId,
    /// Title, by version.
    pub title: History<String>,
    /// Who holds it, from and to, as said at a seq.
    pub holders: Vec<(u64, PersonId, Holding, Date, Option<Date>)>,
}

/// A grant.
#[derive(Clone, Debug)]
pub struct Grant {
    /// To whom.
    pub to: Grantee,
    /// Role key.
    pub role: String,
    /// Over what.
    pub scope: Scope,
    /// Since which seq.
    pub since: u64,
    /// Until which seq.
    pub until: Option<u64>,
}

impl Unit {
    /// What it was at a cut.
    pub fn at(&self, cut: u64) -> Option<&UnitData> {
        self.data.at(cut)
    }
    /// Whether it exists on a day as known at a cut: begun, not ended, not merged.
    pub fn stands(&self, cut: u64, on: Date) -> bool {
        let Some(data) = self.at(cut) else { return false };
        data.from.is_none_or(|d| d <= on)
            && data.to.is_none_or(|d| on <= d)
            && self.merged.at(cut).is_none_or(|(_, day)| on < *day)
    }
}

impl Zone {
    pub(super) fn apply_unit(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::UnitPut { unit, code, name, short, kind, parent, order, aliases, duties, from, to } => {
                let data = UnitData { code, name, short, kind, parent, order, aliases, duties, from, to };
                match self.units.get_mut(&unit) {
                    Some(known) => Arc::make_mut(known).data.push(seq, data),
                    None => {
                        let made = Unit { id: unit, data: History::new(seq, data), merged: History::default() };
                        self.units.insert(unit, Arc::new(made));
                    }
                }
            }
            Body::UnitMerged { unit, into, on, .. } => {
                if let Some(known) = self.units.get_mut(&unit) {
                    Arc::make_mut(known).merged.push(seq, (into, on));
                }
            }
            Body::PostPut { post, unit, title, .. } => match self.posts.get_mut(&post) {
                Some(known) => {
                    let known = Arc::make_mut(known);
                    known.unit = unit;
                    known.title.push(seq, title);
                }
                None => {
                    let made = Post { id: post, unit, title: History::new(seq, title), holders: Vec::new() };
                    self.posts.insert(post, Arc::new(made));
                }
            },
            Body::PersonPut { person, name } => match self.people.get_mut(&person) {
                Some(known) => Arc::make_mut(known).push(seq, name),
                None => {
                    self.people.insert(person, Arc::new(History::new(seq, name)));
                }
            },
            Body::PostHeld { post, person, how, from, to } => {
                if let Some(known) = self.posts.get_mut(&post) {
                    Arc::make_mut(known).holders.push((seq, person, how, from, to));
                }
            }
            Body::Granted { grant, to, role, scope } => {
                self.grants.insert(grant, Arc::new(Grant { to, role, scope, since: seq, until: None }));
            }
            Body::Revoked { grant } => {
                if let Some(known) = self.grants.get_mut(&grant) {
                    Arc::make_mut(known).until = Some(seq);
                }
            }
            _ => {}
        }
    }

    /// The unit under an id.
    pub fn unit(&self, id: UnitId) -> Option<&Arc<Unit>> {
        self.units.get(&id)
    }

    /// What a unit is now.
    pub fn unit_now(&self, id: UnitId) -> Option<&UnitData> {
        self.units.get(&id)?.data.last()
    }

    /// The unit that has a code now.
    pub fn unit_by_code(&self, code: &str) -> Option<UnitId> {
        self.units.values().find(|u| u.data.last().is_some_and(|d| d.code == code)).map(|u| u.id)
    }

    /// Every unit in official order as of a cut.
    pub fn units_at(&self, cut: u64) -> Vec<&Arc<Unit>> {
        let mut list: Vec<&Arc<Unit>> = self.units.values().filter(|u| u.at(cut).is_some()).collect();
        list.sort_by_key(|u| (u.at(cut).map(|d| d.order), u.id));
        list
    }

    /// Place of a unit in the official order now.
    pub fn unit_order(&self, id: UnitId) -> u32 {
        self.unit_now(id).map_or(u32::MAX, |d| d.order)
    }

    /// The unit and everything below it, now.
    pub fn units_below(&self, top: UnitId) -> BTreeSet<UnitId> {
        let mut found = BTreeSet::from([top]);
        loop {
            let before = found.len();
            for unit in self.units.values() {
                if unit.data.last().and_then(|d| d.parent).is_some_and(|p| found.contains(&p)) {
                    found.insert(unit.id);
                }
            }
            // A unit that went into one of these stays visible to it.
            for unit in self.units.values() {
                if unit.merged.last().is_some_and(|(into, _)| found.contains(into)) {
                    found.insert(unit.id);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// The post under an id.
    pub fn post(&self, id: PostId) -> Option<&Arc<Post>> {
        self.posts.get(&id)
    }

    /// All posts, in order of id.
    pub fn posts(&self) -> impl Iterator<Item = &Arc<Post>> {
        self.posts.values()
    }

    /// All people, in order of id.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        self.people.keys().copied()
    }

    /// Posts a person holds (also as deputy or cover) on a day.
    pub fn posts_held(&self, person: PersonId, on: Date) -> BTreeSet<PostId> {
        let mut held = BTreeSet::new();
        for post in self.posts.values() {
            // The newest word about this person and post decides.
            let last = post.holders.iter().rev().find(|(_, p, ..)| *p == person);
            if last.is_some_and(|(_, _, _, from, to)| *from <= on && to.is_none_or(|t| on <= t)) {
                held.insert(post.id);
            }
        }
        held
    }

    /// Posts for which a person only stands in on a day, as deputy or cover.
    pub fn posts_stood_in(&self, person: PersonId, on: Date) -> BTreeSet<PostId> {
        let holds =
            |post: &PostId| self.holders(*post, on).iter().any(|(who, how)| *who == person && *how == Holding::Holder);
        self.posts_held(person, on).into_iter().filter(|post| !holds(post)).collect()
    }

    /// The person who holds a post itself on a day.
    pub fn holder(&self, post: PostId, on: Date) -> Option<PersonId> {
        self.holders(post, on).into_iter().find(|(_, how)| *how == Holding::Holder).map(|(person, _)| person)
    }

    /// Who holds a post on a day, holder first.
    pub fn holders(&self, post: PostId, on: Date) -> Vec<(PersonId, Holding)> {
        let Some(post) = self.posts.get(&post) else {
            return Vec::new();
        };
        let mut list: Vec<(PersonId, Holding)> = Vec::new();
        for (_, person, how, from, to) in post.holders.iter().rev() {
            if list.iter().any(|(p, _)| p == person) {
                continue;
            }
            if *from <= on && to.is_none_or(|t| on <= t) {
                list.push((*person, *how));
            }
        }
        list.sort_by_key(|(person, how)| (*how, *person));
        list
    }

    /// A person's name now.
    pub fn person_name(&self, person: PersonId) -> Option<Arc<str>> {
        let said = self.people.get(&person)?.last()?;
        Some(self.said(said))
    }

    /// Grants in force now.
    pub fn grants(&self) -> impl Iterator<Item = &Arc<Grant>> {
        self.grants.values().filter(|g| g.until.is_none())
    }

    /// Whether a grant is known and in force.
    pub fn has_grant(&self, id: GrantId) -> bool {
        self.grants.get(&id).is_some_and(|g| g.until.is_none())
    }
}
