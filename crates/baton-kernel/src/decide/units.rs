//! Founding, blueprint, units, posts, people, grants, erasure.

use super::Desk;
use crate::commands::Act;
use crate::entries::{Body, Grantee, Holding, Scope};
use crate::ids::*;
use crate::limits;
use crate::permit::{Office, Verb, offices, offices_of_role};
use crate::refusals::{Refusal, Why};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

impl Desk<'_> {
    pub(super) fn units(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Found { name, name_en, code, time_zone, simulated, invented, files, because } => {
                if self.zone.founding().is_some() {
                    return Err(Refusal::not_now("founded.already", &[]));
                }
                if crate::zone::time_zone(time_zone).is_none() {
                    return Err(Refusal::wrong("time-zone.unknown", &[("zone", time_zone)]).at("time_zone"));
                }
                let name = self.name(name, "名称", limits::NAME_CHARS_MAX)?;
                self.enter(Body::Founded {
                    name,
                    name_en: name_en.clone(),
                    code: code.clone(),
                    time_zone: time_zone.clone(),
                    simulated: *simulated,
                    invented: *invented,
                });
                self.blueprint(files, because)
            }
            Act::ApplyBlueprint { files, because } => {
                self.need_all(Verb::BlueprintApply)?;
                if *files == self.zone.blueprint().files {
                    return Err(Refusal::not_now("blueprint.same", &[]));
                }
                self.blueprint(files, because)
            }
            Act::PutUnit { unit, code, name, short, kind, parent, order, aliases, duties, from, to } => {
                self.need_all(Verb::UnitManage)?;
                let code = self.name(code, "代码", limits::CODE_CHARS_MAX)?;
                let name = self.name(name, "名称", limits::NAME_CHARS_MAX)?;
                if let Some(other) = self.zone.unit_by_code(&code).filter(|other| other != unit) {
                    let other = self.zone.unit_now(other).map_or("", |d| d.name.as_str());
                    return Err(
                        Refusal::new(Why::Conflict, "code.taken", &[("code", &code), ("name", &other)]).at("code")
                    );
                }
                let blueprint = self.zone.blueprint();
                let Some(sort) = blueprint.unit_kind(kind) else {
                    let known: Vec<&str> = blueprint.unit_kinds.iter().map(|k| k.key.as_str()).collect();
                    let args: [(&str, &dyn std::fmt::Display); 2] = [("kind", kind), ("known", &known.join(", "))];
                    return Err(Refusal::wrong("unit-kind.unknown", &args).at("kind"));
                };
                if sort.temporary && to.is_none() {
                    return Err(Refusal::wrong("unit.temporary", &[("unit", &name)]).at("to"));
                }
                if let Some(parent) = parent {
                    if self.zone.unit(*parent).is_none() {
                        return Err(Refusal::wrong("unit.unknown", &[("unit", parent)]).at("parent"));
                    }
                    if self.zone.unit(*unit).is_some() && self.zone.units_below(*unit).contains(parent) {
                        return Err(Refusal::wrong("unit.loop", &[]).at("parent"));
                    }
                }
                let short = if short.trim().is_empty() { name.clone() } else { short.trim().to_owned() };
                self.enter(Body::UnitPut {
                    unit: *unit,
                    code,
                    name,
                    short,
                    kind: kind.clone(),
                    parent: *parent,
                    order: *order,
                    aliases: aliases.clone(),
                    duties: duties.clone(),
                    from: *from,
                    to: *to,
                });
                Ok(())
            }
            Act::MergeUnit { unit, into, on, because } => {
                self.need_all(Verb::UnitManage)?;
                self.standing_unit(*unit)?;
                self.standing_unit(*into)?;
                if unit == into || self.zone.units_below(*unit).contains(into) {
                    return Err(Refusal::wrong("unit.loop", &[]).at("into"));
                }
                if *on > self.today {
                    return Err(Refusal::wrong("unit.future", &[("on", on), ("today", &self.today)]).at("on"));
                }
                let said = self.because(because)?;
                self.enter(Body::UnitMerged { unit: *unit, into: *into, on: *on, because: said });
                // What it led is led by its successor from here on; its past stays its own.
                let led: Vec<_> = self
                    .zone
                    .items()
                    .filter(|i| i.stands(u64::MAX) && i.lead.last() == Some(unit))
                    .map(|i| i.id)
                    .collect();
                for item in led {
                    self.enter(Body::ItemChanged {
                        item,
                        name: None,
                        lead: Some(*into),
                        co: None,
                        fields: BTreeMap::new(),
                        because: Some(said),
                    });
                }
                Ok(())
            }
            Act::PutPost { post, unit, title, from, to } => {
                self.need_all(Verb::UnitManage)?;
                self.standing_unit(*unit)?;
                let title = self.name(title, "岗位", limits::NAME_CHARS_MAX)?;
                self.enter(Body::PostPut { post: *post, unit: *unit, title, from: *from, to: *to });
                Ok(())
            }
            Act::PutPerson { person, name } => {
                self.need_all(Verb::PersonManage)?;
                self.name(name, "姓名", limits::NAME_CHARS_MAX)?;
                let name = self.said(name.trim(), "姓名", limits::NAME_CHARS_MAX)?;
                self.enter(Body::PersonPut { person: *person, name });
                Ok(())
            }
            Act::HoldPost { post, person, how, from, to } => {
                self.need_holding(*post, *person, *how, *from, *to)?;
                if self.zone.post(*post).is_none() {
                    return Err(Refusal::wrong("post.unknown", &[]).at("post"));
                }
                if self.zone.people.get(person).is_none() {
                    return Err(Refusal::wrong("person.unknown", &[]).at("person"));
                }
                if to.is_none_or(|t| self.today <= t) {
                    let mut more = BTreeSet::new();
                    for grant in self.zone.grants().filter(|g| g.to == Grantee::Post(*post)) {
                        more.extend(offices_of_role(&self.zone.blueprint(), &grant.role));
                    }
                    self.apart(*person, &more)?;
                }
                self.enter(Body::PostHeld { post: *post, person: *person, how: *how, from: *from, to: *to });
                Ok(())
            }
            Act::Grant { grant, to, role, scope } => {
                self.need_all(Verb::RoleGrant)?;
                self.fresh(self.zone.grants.contains_key(grant))?;
                let blueprint = self.zone.blueprint();
                if !blueprint.roles.contains_key(role) {
                    let known: Vec<&str> = blueprint.roles.keys().map(String::as_str).collect();
                    let args: [(&str, &dyn std::fmt::Display); 2] = [("role", role), ("roles", &known.join(", "))];
                    return Err(Refusal::wrong("role.unknown", &args).at("role"));
                }
                if let Scope::Units(units) | Scope::Below(units) = scope {
                    for unit in units {
                        if self.zone.unit(*unit).is_none() {
                            return Err(Refusal::wrong("unit.unknown", &[("unit", unit)]).at("scope"));
                        }
                    }
                }
                let more = offices_of_role(&blueprint, role);
                let people: Vec<PersonId> = match to {
                    Grantee::Person(person) => vec![*person],
                    Grantee::Post(post) => {
                        let known = self.zone.post(*post).map(|p| p.holders.iter().map(|(_, person, ..)| *person));
                        let all: BTreeSet<PersonId> = known.into_iter().flatten().collect();
                        let until = |p: &PersonId| {
                            let rows = &self.zone.post(*post).expect("known above").holders;
                            rows.iter().rev().find(|(_, q, ..)| q == p).and_then(|(_, _, _, _, to)| *to)
                        };
                        all.into_iter().filter(|p| until(p).is_none_or(|t| self.today <= t)).collect()
                    }
                };
                for person in people {
                    self.apart(person, &more)?;
                }
                self.enter(Body::Granted { grant: *grant, to: *to, role: role.clone(), scope: scope.clone() });
                Ok(())
            }
            Act::Revoke { grant } => {
                self.need_all(Verb::RoleGrant)?;
                if !self.zone.has_grant(*grant) {
                    return Err(Refusal::absent());
                }
                self.still_granting(*grant)?;
                self.enter(Body::Revoked { grant: *grant });
                Ok(())
            }
            Act::Erase { digests, basis } => {
                self.need_all(Verb::Erase)?;
                let basis = self.name(basis, "依据", limits::FIELD_CHARS_MAX)?;
                if digests.is_empty() {
                    return Err(Refusal::wrong("text.empty", &[("field", &"内容")]));
                }
                self.enter(Body::Erased { digests: digests.clone(), basis });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    /// Nobody comes to hold two of the three administrators' offices. Whoever founds the zone holds all of them
    /// until others are named; nothing is added to that.
    fn apart(&self, person: PersonId, more: &BTreeSet<Office>) -> Result<(), Refusal> {
        let held = offices(self.zone, &self.zone.blueprint(), person, self.today);
        let all: BTreeSet<Office> = held.union(more).copied().collect();
        if self.rights.person.is_none() || all.len() < 2 || all == held {
            return Ok(());
        }
        let name = self.zone.person_name(person).map_or(String::new(), |n| n.to_string());
        let say = |english: bool| {
            let words = |o: &Office| if english { o.words().1 } else { o.words().0 };
            all.iter().map(words).collect::<Vec<_>>().join(if english { ", " } else { "、" })
        };
        let refusal = |offices: String| {
            let args: [(&str, &dyn std::fmt::Display); 2] = [("person", &name), ("offices", &offices)];
            Refusal::new(Why::Forbidden, "grant.offices", &args)
        };
        Err(Refusal { en: refusal(say(true)).en, ..refusal(say(false)) }.at("role"))
    }

    /// Somebody can always grant: the last grant that lets a person of today do it stays.
    fn still_granting(&self, without: crate::ids::GrantId) -> Result<(), Refusal> {
        let blueprint = self.zone.blueprint();
        let grants = |role: &str| blueprint.roles.get(role).is_some_and(|r| r.verbs.contains(&Verb::RoleGrant));
        let held = |to: &Grantee| match to {
            Grantee::Person(_) => true,
            Grantee::Post(post) => !self.zone.holders(*post, self.today).is_empty(),
        };
        let last = self.zone.grants.get(&without).is_some_and(|g| grants(&g.role));
        let others = self.zone.grants.iter().any(|(id, g)| {
            *id != without && g.until.is_none() && g.scope == Scope::All && grants(&g.role) && held(&g.to)
        });
        if last && !others { Err(Refusal::not_now("grant.last", &[])) } else { Ok(()) }
    }

    /// Who may say who holds a post: whoever keeps the people; and its own holder, for a cover of one's own unit
    /// from a day until another, to begin or to end.
    fn need_holding(
        &self,
        post: PostId,
        person: PersonId,
        how: Holding,
        from: Date,
        to: Option<Date>,
    ) -> Result<(), Refusal> {
        if to.is_some_and(|to| to < from) {
            let args: [(&str, &dyn Display); 2] = [("from", &from), ("to", &to.unwrap_or(from))];
            return Err(Refusal::wrong("post.days", &args).at("to"));
        }
        if self.rights.may_all(Verb::PersonManage) {
            return Ok(());
        }
        let mine = self.rights.person.is_some() && self.zone.holder(post, self.today) == self.rights.person;
        if !mine || how != Holding::Cover {
            return self.need_all(Verb::PersonManage);
        }
        let Some(to) = to else { return Err(Refusal::wrong("post.cover-open", &[]).at("to")) };
        let unit = self.zone.post(post).map(|p| p.unit);
        let beside = self.zone.posts().any(|p| {
            Some(p.unit) == unit
                && p.id != post
                && self.zone.holders(p.id, self.today).iter().any(|(who, h)| *who == person && *h == Holding::Holder)
        });
        if Some(person) == self.rights.person || !beside {
            return Err(Refusal::wrong("post.cover-person", &[]).at("person"));
        }
        let known = self.zone.post(post).and_then(|p| {
            p.holders.iter().rev().find(|(_, who, h, ..)| *who == person && *h == Holding::Cover).map(|row| row.3)
        });
        // A cover that began may be ended by its day.
        if known == Some(from) && to >= from {
            return Ok(());
        }
        if from < self.today {
            return Err(Refusal::wrong("post.cover-past", &[("today", &self.today)]).at("from"));
        }
        self.days(from, to)
    }

    fn blueprint(&mut self, files: &BTreeMap<String, String>, because: &str) -> Result<(), Refusal> {
        if files.len() > limits::BLUEPRINT_FILES_MAX {
            return Err(Refusal::wrong("blueprint.files", &[("max", &limits::BLUEPRINT_FILES_MAX)]));
        }
        let (next, mut found) = crate::blueprint::parse(files);
        found.extend(crate::blueprint::effects(self.zone, &next).1);
        if let Some(first) = found.first() {
            let args: [(&str, &dyn std::fmt::Display); 2] = [("count", &found.len()), ("first", first)];
            return Err(Refusal::wrong("blueprint.mistakes", &args));
        }
        let because = self.because(because)?;
        self.enter(Body::BlueprintApplied { files: files.clone(), because });
        Ok(())
    }
}
