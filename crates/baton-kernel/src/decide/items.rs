//! Items: made, changed, moved from stage to stage, withdrawn, merged, split.

use super::Desk;
use crate::blueprint::{Field, FieldType, Kind};
use crate::commands::{Act, FieldInput};
use crate::entries::{Body, FieldValue};
use crate::ids::*;
use crate::limits;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use crate::zone::Item;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

impl Desk<'_> {
    pub(super) fn items(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::MakeItem { item, kind, code, name, lead, co, parent, fields, stage } => {
                self.standing_unit(*lead)?;
                self.rights.need(Verb::ItemMake, *lead)?;
                self.fresh(self.zone.item(*item).is_some())?;
                let blueprint = self.zone.blueprint();
                let kind = blueprint.kind(kind).filter(|k| !k.about_units).ok_or_else(|| {
                    let known: Vec<&str> = blueprint.kinds.iter().map(|k| k.key.as_str()).collect();
                    let args: [(&str, &dyn Display); 2] = [("kind", kind), ("kinds", &known.join(", "))];
                    Refusal::wrong("kind.unknown", &args).at("kind")
                })?;
                let name = self.name(name, "名称", limits::NAME_CHARS_MAX)?;
                for unit in co {
                    self.standing_unit(*unit)?;
                }
                if let Some(parent) = parent {
                    let wrong = || Refusal::wrong("item.parent", &[]).at("parent");
                    let (above, _) = self.open_item(*parent, Verb::ItemChange).map_err(|_| wrong())?;
                    if above.kind != kind.key {
                        return Err(wrong());
                    }
                }
                let code = if code.trim().is_empty() {
                    self.number(kind, *lead)
                } else {
                    self.name(code, "编号", limits::CODE_CHARS_MAX)?
                };
                if let Some(other) = self.zone.item_by_code(&code) {
                    let other = other.name.last().cloned().unwrap_or_default();
                    let args: [(&str, &dyn Display); 2] = [("code", &code), ("name", &other)];
                    return Err(Refusal::new(Why::Conflict, "code.taken", &args).at("code"));
                }
                let values = self.fields(kind, fields)?;
                for field in kind.fields.iter().filter(|f| f.required && !f.retired) {
                    if !values.get(&field.key).is_some_and(|v| *v != FieldValue::Empty) {
                        let key = field.key.clone();
                        return Err(Refusal::wrong("field.needed", &[("field", &field.label.zh)]).at(key));
                    }
                }
                self.enter(Body::ItemMade {
                    item: *item,
                    kind: kind.key.clone(),
                    code,
                    name,
                    lead: *lead,
                    co: co.clone(),
                    parent: *parent,
                    fields: values,
                });
                let first = match stage {
                    Some((stage, on)) => Some((self.stage(kind, stage)?, *on)),
                    None => kind.stages.first().map(|s| (s.key.clone(), self.today)),
                };
                if let Some((stage, on)) = first {
                    self.not_later(on)?;
                    self.enter(Body::ItemStaged { item: *item, stage, on, because: None, evidence: Vec::new() });
                }
                Ok(())
            }
            Act::ChangeItem { item, name, lead, co, fields, because } => {
                let (known, kind) = self.open_item(*item, Verb::ItemChange)?;
                let name = match name {
                    Some(name) => Some(self.name(name, "名称", limits::NAME_CHARS_MAX)?),
                    None => None,
                };
                if let Some(lead) = lead {
                    self.standing_unit(*lead)?;
                    // A unit cannot hand its work to another that it has no say over.
                    self.rights.need(Verb::ItemChange, *lead)?;
                }
                for unit in co.iter().flatten() {
                    self.standing_unit(*unit)?;
                }
                let values = self.fields(&kind, fields)?;
                // Merge by field: a field that changed since the user looked is a conflict, shown with both values.
                for (key, value) in &values {
                    let Some((seq, theirs)) = known.field_row(self.zone, key, u64::MAX) else {
                        continue;
                    };
                    if seq > self.base && theirs != value {
                        let label = kind.field(key).map_or(key.clone(), |f| f.label.zh.clone());
                        let yours = fields.get(key).map_or(String::new(), typed);
                        let theirs = crate::views::field_words(self.zone, &kind, key, theirs);
                        let args: [(&str, &dyn Display); 3] =
                            [("field", &label), ("theirs", &theirs), ("yours", &yours)];
                        return Err(Refusal::new(Why::Conflict, "conflict.field", &args).at(key.clone()));
                    }
                }
                let because = self.because_if(because)?;
                self.enter(Body::ItemChanged {
                    item: *item,
                    name,
                    lead: *lead,
                    co: co.clone(),
                    fields: values,
                    because,
                });
                Ok(())
            }
            Act::EnterStage { item, stage, on, because, evidence } => {
                let (known, kind) = self.open_item(*item, Verb::ItemStage)?;
                let key = self.stage(&kind, stage)?;
                let next = kind.stage(&key).expect("a stage just found");
                let lead = *known.lead.last().expect("an item has a lead");
                if !next.by.is_empty() && !self.rights.has_role(&next.by, lead) {
                    return Err(self.rights.need_all(Verb::Audit).err().map_or_else(Refusal::absent, |_| {
                        Refusal::new(
                            Why::Forbidden,
                            "stage.by",
                            &[("to", &next.label.zh), ("roles", &next.by.join(", "))],
                        )
                    }));
                }
                if let Some(row) = known.stage_row(u64::MAX)
                    && let Some(now) = kind.stage(&row.stage)
                    && !now.to.contains(&key)
                {
                    let may: Vec<&str> =
                        now.to.iter().filter_map(|t| kind.stage(t)).map(|s| s.label.zh.as_str()).collect();
                    let may = if may.is_empty() { "—".to_owned() } else { may.join("、") };
                    let args: [(&str, &dyn Display); 3] =
                        [("from", &now.label.zh), ("to", &next.label.zh), ("may", &may)];
                    return Err(Refusal::not_now("stage.skip", &args).at("stage"));
                }
                self.not_later(*on)?;
                if next.needs_evidence && evidence.is_empty() {
                    return Err(Refusal::wrong("stage.evidence", &[("to", &next.label.zh)]).at("evidence"));
                }
                for need in &next.needs_fields {
                    if known.field(self.zone, need, u64::MAX).is_none() {
                        let label = kind.field(need).map_or(need.clone(), |f| f.label.zh.clone());
                        return Err(Refusal::wrong("field.needed", &[("field", &label)]).at(need.clone()));
                    }
                }
                self.evidence(evidence)?;
                let because = self.because_if(because)?;
                self.enter(Body::ItemStaged { item: *item, stage: key, on: *on, because, evidence: evidence.clone() });
                Ok(())
            }
            Act::WithdrawItem { item, because } => {
                self.open_item(*item, Verb::ItemStage)?;
                let because = self.because(because)?;
                self.enter(Body::ItemWithdrawn { item: *item, because });
                Ok(())
            }
            Act::BecomeItems { item, into, because } => {
                let (known, _) = self.open_item(*item, Verb::ItemChange)?;
                if into.is_empty() || into.contains(item) {
                    return Err(Refusal::wrong("item.into", &[]).at("into"));
                }
                for other in into {
                    let other = self.zone.item(*other).ok_or_else(Refusal::absent)?;
                    // What one may not see is absent, also as a successor.
                    let lead = *other.lead.last().expect("an item has a lead");
                    self.rights.need(Verb::See, lead)?;
                    if other.kind != known.kind || !other.stands(u64::MAX) {
                        return Err(Refusal::wrong("item.into", &[]).at("into"));
                    }
                }
                let because = self.because(because)?;
                self.enter(Body::ItemBecame { item: *item, into: into.clone(), because });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }

    /// The item when the verb is allowed over its lead unit and it still stands.
    pub(crate) fn open_item(&self, id: ItemId, verb: Verb) -> Result<(Arc<Item>, Kind), Refusal> {
        let item = self.zone.item(id).ok_or_else(Refusal::absent)?.clone();
        let lead = *item.lead.last().expect("an item has a lead");
        self.rights.need(verb, lead)?;
        if !item.stands(u64::MAX) {
            let name = item.name.last().cloned().unwrap_or_default();
            return Err(Refusal::not_now("item.gone", &[("item", &name)]));
        }
        let kind = self
            .zone
            .blueprint()
            .kind(&item.kind)
            .cloned()
            .ok_or_else(|| Refusal::not_now("kind.unknown", &[("kind", &item.kind), ("kinds", &"—")]))?;
        Ok((item, kind))
    }

    fn stage(&self, kind: &Kind, key: &str) -> Result<String, Refusal> {
        kind.stages.iter().find(|s| s.key == key).map(|s| s.key.clone()).ok_or_else(|| {
            let known: Vec<&str> = kind.stages.iter().map(|s| s.label.zh.as_str()).collect();
            let args: [(&str, &dyn Display); 3] =
                [("kind", &kind.label.zh), ("stage", &key), ("stages", &known.join("、"))];
            Refusal::wrong("stage.unknown", &args).at("stage")
        })
    }

    fn not_later(&self, on: Date) -> Result<(), Refusal> {
        if on > self.today {
            return Err(Refusal::wrong("stage.early", &[("on", &on), ("today", &self.today)]).at("on"));
        }
        Ok(())
    }

    /// Refuses more files than one act may hand over.
    pub(crate) fn evidence(&self, files: &[crate::blobs::FileRef]) -> Result<(), Refusal> {
        if files.len() > limits::EVIDENCE_MAX {
            let args: [(&str, &dyn Display); 2] = [("count", &files.len()), ("max", &limits::EVIDENCE_MAX)];
            return Err(Refusal::wrong("evidence.count", &args).at("evidence"));
        }
        Ok(())
    }

    /// The next code by the kind's pattern: `{year}`, `{unit}`, `{seq}`, `{seq:4}`.
    fn number(&self, kind: &Kind, lead: UnitId) -> String {
        let pattern = kind.number.clone().unwrap_or_else(|| format!("{}-{{year}}-{{seq:3}}", kind.key.to_uppercase()));
        let unit = self.zone.unit_now(lead).map_or(String::new(), |d| d.code.clone());
        let base = pattern.replace("{year}", &self.today.year().to_string()).replace("{unit}", &unit);
        let (before, rest) = base.split_once("{seq").unwrap_or((base.as_str(), "}"));
        let (width, after) = rest.split_once('}').unwrap_or(("", ""));
        let width: usize = width.trim_start_matches(':').parse().unwrap_or(1);
        let mut n = self.zone.items().filter(|i| i.kind == kind.key).count() + 1;
        loop {
            let code = format!("{before}{n:0width$}{after}");
            if self.zone.item_by_code(&code).is_none() {
                return code;
            }
            n += 1;
        }
    }

    /// Fields as typed, read by their types.
    pub(crate) fn fields(
        &mut self,
        kind: &Kind,
        given: &BTreeMap<String, FieldInput>,
    ) -> Result<BTreeMap<String, FieldValue>, Refusal> {
        let mut values = BTreeMap::new();
        for (key, input) in given {
            let Some(field) = kind.field(key).filter(|f| !f.retired) else {
                let args: [(&str, &dyn Display); 2] = [("kind", &kind.label.zh), ("field", key)];
                return Err(Refusal::wrong("field.unknown", &args).at(key.clone()));
            };
            values.insert(key.clone(), self.field_value(field, input)?);
        }
        Ok(values)
    }

    /// One field as typed, read by its type.
    pub(crate) fn field_value(&mut self, field: &Field, input: &FieldInput) -> Result<FieldValue, Refusal> {
        let text = match input {
            FieldInput::Empty => return Ok(FieldValue::Empty),
            FieldInput::File(file) => {
                return match field.kind {
                    FieldType::File => Ok(FieldValue::File(file.clone())),
                    _ => Err(wrong(field, &file.name, "文字 / text")),
                };
            }
            FieldInput::Typed(text) => text.trim(),
        };
        if text.is_empty() {
            return Ok(FieldValue::Empty);
        }
        match &field.kind {
            FieldType::Text => {
                let count = text.chars().count();
                if count > limits::FIELD_CHARS_MAX {
                    let max = limits::FIELD_CHARS_MAX;
                    let args: [(&str, &dyn Display); 3] =
                        [("field", &field.label.zh), ("count", &count), ("max", &max)];
                    return Err(Refusal::wrong("text.long", &args).at(field.key.clone()));
                }
                Ok(FieldValue::Text(text.to_owned()))
            }
            FieldType::Prose => self.said(text, &field.label.zh, limits::WORDS_CHARS_MAX).map(FieldValue::Prose),
            FieldType::Choice(choices) => choices
                .iter()
                .find(|c| c.key == text || c.label.zh == text || c.label.en == text)
                .map(|c| FieldValue::Choice(c.key.clone()))
                .ok_or_else(|| {
                    let known: Vec<&str> = choices.iter().map(|c| c.label.zh.as_str()).collect();
                    wrong(field, text, &known.join("、"))
                }),
            FieldType::Number { unit, .. } => match baton_methods::quantity::parse_number(text, *unit) {
                Ok(parsed) => Ok(FieldValue::Number(parsed.value)),
                Err(e) => Err(wrong(field, text, &e.to_string())),
            },
            FieldType::Date => match baton_methods::quantity::parse_date(text, Some(self.today.year())) {
                Ok(date) => Ok(FieldValue::Date(date)),
                Err(e) => Err(wrong(field, text, &e.to_string())),
            },
            FieldType::YesNo => match text {
                "是" | "yes" | "true" | "1" | "on" => Ok(FieldValue::Yes(true)),
                "否" | "no" | "false" | "0" => Ok(FieldValue::Yes(false)),
                _ => Err(wrong(field, text, "是/否 / yes, no")),
            },
            FieldType::Unit => {
                let found = self.zone.unit_by_code(text).or_else(|| {
                    let named = |d: &crate::zone::UnitData| d.name == text || d.short == text;
                    self.zone.units.values().find(|u| u.data.last().is_some_and(named)).map(|u| u.id)
                });
                found.map(FieldValue::Unit).ok_or_else(|| wrong(field, text, "单位代码或名称 / unit code or name"))
            }
            FieldType::File => Err(wrong(field, text, "文件 / a file")),
        }
    }
}

fn wrong(field: &Field, value: &str, need: &str) -> Refusal {
    let args: [(&str, &dyn Display); 3] = [("field", &field.label.zh), ("value", &value), ("need", &need)];
    Refusal::wrong("field.wrong", &args).at(field.key.clone())
}

fn typed(input: &FieldInput) -> String {
    match input {
        FieldInput::Typed(text) => text.clone(),
        FieldInput::File(file) => file.name.clone(),
        FieldInput::Empty => String::new(),
    }
}
