//! Items in the zone.

use super::{History, Zone};
use crate::blobs::{FileRef, Said};
use crate::entries::{Body, FieldValue, ProblemAct};
use crate::ids::*;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How an item ended before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemEnd {
    /// Withdrawn with a reason.
    Withdrawn(Said),
    /// Went into another (duplicate) or was split into several.
    Became(Vec<ItemId>, Said),
}

/// A stage entered.
#[derive(Clone, Debug, PartialEq)]
pub struct StageRow {
    /// Seq at which it was known.
    pub seq: u64,
    /// Stage key as it was then.
    pub stage: String,
    /// The day it was entered.
    pub on: Date,
    /// Why.
    pub because: Option<Said>,
    /// Evidence.
    pub evidence: Vec<FileRef>,
}

/// A link from an item to another.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRow {
    /// Seq at which it was made.
    pub made: u64,
    /// Link key of the item's kind.
    pub link: String,
    /// The other item.
    pub to: ItemId,
    /// Why.
    pub because: Option<Said>,
    /// Seq at which it was taken off, and why.
    pub gone: Option<(u64, Said)>,
}

impl LinkRow {
    /// Whether it stands at a cut.
    pub fn stands(&self, cut: u64) -> bool {
        self.made <= cut && self.gone.is_none_or(|(seq, _)| seq > cut)
    }
}

/// A problem raised on an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Identity.
    pub id: ProblemId,
    /// What happened to it, by seq; the first raised it.
    pub acts: Vec<(u64, ProblemAct)>,
}

impl Problem {
    /// Seq at which it was raised.
    pub fn raised(&self) -> u64 {
        self.acts.first().map_or(u64::MAX, |(seq, _)| *seq)
    }
    /// Whether it is settled at a cut.
    pub fn settled(&self, cut: u64) -> bool {
        self.acts.iter().any(|(seq, act)| *seq <= cut && matches!(act, ProblemAct::Settled { .. }))
    }
}

/// One thing followed.
#[derive(Clone, Debug)]
pub struct Item {
    /// Identity.
    pub id: ItemId,
    /// Kind key.
    pub kind: String,
    /// Seq at which it was made.
    pub made: u64,
    /// Code for people.
    pub code: String,
    /// Item above it.
    pub parent: Option<ItemId>,
    /// Name.
    pub name: History<String>,
    /// Lead unit.
    pub lead: History<UnitId>,
    /// Co-units: they see it; they count zero.
    pub co: History<Vec<UnitId>>,
    /// Fields by key.
    pub fields: BTreeMap<String, History<FieldValue>>,
    /// Stages entered.
    pub stages: Vec<StageRow>,
    /// End before its time.
    pub end: History<ItemEnd>,
    /// Links to other items, in order of making.
    pub links: Vec<LinkRow>,
    /// Problems raised, in order.
    pub problems: Vec<Problem>,
}

impl Item {
    /// Whether it was known at a cut.
    pub fn known(&self, cut: u64) -> bool {
        self.made <= cut
    }

    /// Whether it was known and neither withdrawn nor merged nor split at a cut.
    pub fn stands(&self, cut: u64) -> bool {
        self.known(cut) && self.end.at(cut).is_none()
    }

    /// The stage row in which it stands at a cut.
    pub fn stage_row(&self, cut: u64) -> Option<&StageRow> {
        self.stages.iter().rev().find(|row| row.seq <= cut)
    }

    /// Key of the stage at a cut, in the words of the blueprint of that cut (renames followed).
    pub fn stage_key<'a>(&'a self, zone: &Zone, cut: u64) -> Option<&'a String> {
        let _ = zone;
        self.stage_row(cut).map(|row| &row.stage)
    }

    /// A field's value at a cut: what counts then.
    pub fn field_row<'a>(&'a self, zone: &Zone, key: &str, cut: u64) -> Option<(u64, &'a FieldValue)> {
        self.fields.get(key)?.until(cut).rev().find(|(seq, _)| zone.counts(*seq, cut))
    }

    /// A field's value at a cut.
    pub fn field<'a>(&'a self, zone: &Zone, key: &str, cut: u64) -> Option<&'a FieldValue> {
        self.field_row(zone, key, cut).map(|(_, v)| v).filter(|v| **v != FieldValue::Empty)
    }
}

impl Zone {
    pub(super) fn apply_item(&mut self, seq: u64, body: &Body) {
        match body.clone() {
            Body::ItemMade { item, kind, code, name, lead, co, parent, fields } => {
                self.item_codes.insert(code.clone(), item);
                let fields = fields.into_iter().map(|(k, v)| (k, History::new(seq, v))).collect();
                let made = Item {
                    id: item,
                    kind,
                    made: seq,
                    code,
                    parent,
                    name: History::new(seq, name),
                    lead: History::new(seq, lead),
                    co: History::new(seq, co),
                    fields,
                    stages: Vec::new(),
                    end: History::default(),
                    links: Vec::new(),
                    problems: Vec::new(),
                };
                self.items.insert(item, Arc::new(made));
            }
            Body::ItemChanged { item, name, lead, co, fields, .. } => {
                let Some(known) = self.items.get_mut(&item).map(Arc::make_mut) else {
                    return;
                };
                if let Some(name) = name {
                    known.name.push(seq, name);
                }
                if let Some(lead) = lead {
                    known.lead.push(seq, lead);
                }
                if let Some(co) = co {
                    known.co.push(seq, co);
                }
                for (key, value) in fields {
                    known.fields.entry(key).or_default().push(seq, value);
                }
            }
            Body::ItemStaged { item, stage, on, because, evidence } => {
                if let Some(known) = self.items.get_mut(&item).map(Arc::make_mut) {
                    known.stages.push(StageRow { seq, stage, on, because, evidence });
                }
            }
            Body::ItemWithdrawn { item, because } => {
                if let Some(known) = self.items.get_mut(&item).map(Arc::make_mut) {
                    known.end.push(seq, ItemEnd::Withdrawn(because));
                }
            }
            Body::ItemBecame { item, into, because } => {
                if let Some(known) = self.items.get_mut(&item).map(Arc::make_mut) {
                    known.end.push(seq, ItemEnd::Became(into, because));
                }
            }
            Body::ItemLinked { item, link, to, because } => {
                if let Some(known) = self.items.get_mut(&item).map(Arc::make_mut) {
                    known.links.push(LinkRow { made: seq, link, to, because, gone: None });
                }
            }
            Body::ItemUnlinked { item, link, to, because } => {
                if let Some(known) = self.items.get_mut(&item).map(Arc::make_mut)
                    && let Some(row) =
                        known.links.iter_mut().rfind(|r| r.link == link && r.to == to && r.gone.is_none())
                {
                    row.gone = Some((seq, because));
                }
            }
            Body::ItemProblem { item, problem, what } => {
                if let Some(known) = self.items.get_mut(&item).map(Arc::make_mut) {
                    match known.problems.iter_mut().find(|p| p.id == problem) {
                        Some(raised) => raised.acts.push((seq, what)),
                        None => known.problems.push(Problem { id: problem, acts: vec![(seq, what)] }),
                    }
                }
            }
            _ => {}
        }
    }

    /// The item under an id.
    pub fn item(&self, id: ItemId) -> Option<&Arc<Item>> {
        self.items.get(&id)
    }

    /// The item under a code.
    pub fn item_by_code(&self, code: &str) -> Option<&Arc<Item>> {
        self.items.get(self.item_codes.get(code)?)
    }

    /// All items, in order of id.
    pub fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values()
    }
}
