//! Founding, blueprint, units, posts, people, grants, erasure.

use super::Desk;
use crate::commands::Act;
use crate::entries::{Body, Scope};
use crate::limits;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use std::collections::BTreeMap;

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
                self.need_all(Verb::PersonManage)?;
                if self.zone.post(*post).is_none() {
                    return Err(Refusal::wrong("post.unknown", &[]).at("post"));
                }
                if self.zone.people.get(person).is_none() {
                    return Err(Refusal::wrong("person.unknown", &[]).at("person"));
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
                self.enter(Body::Granted { grant: *grant, to: *to, role: role.clone(), scope: scope.clone() });
                Ok(())
            }
            Act::Revoke { grant } => {
                self.need_all(Verb::RoleGrant)?;
                if !self.zone.has_grant(*grant) {
                    return Err(Refusal::absent());
                }
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
