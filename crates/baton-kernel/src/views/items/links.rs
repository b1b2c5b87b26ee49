//! What an item is linked with: the links its kind declares, from it and to it; duplicates that went into it.

use crate::blueprint::Link;
use crate::ids::*;
use crate::permit::Verb;
use crate::seen::Seen;
use crate::zone::{Item, ItemEnd};
use serde::Serialize;
use std::sync::Arc;

/// Another item by name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ItemNamed {
    /// Identity.
    pub id: ItemId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it stands, in words.
    pub stage: String,
}

/// A link to or from another item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Linked {
    /// The item at the other end.
    pub item: ItemNamed,
    /// When it was linked.
    pub when: String,
    /// By whom.
    pub who: String,
    /// Why; empty when no reason was given.
    pub because: String,
    /// When it was taken off and why; `None` while it stands.
    pub gone: Option<(String, String)>,
}

/// All links of one sort.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LinkGroup {
    /// Link key.
    pub link: String,
    /// What the other items are to this one.
    pub label: String,
    /// Whether this item is where the links start.
    pub from_here: bool,
    /// Kind at the other end.
    pub kind: String,
    /// That kind in words.
    pub kind_label: String,
    /// Links that stand, oldest first.
    pub standing: Vec<Linked>,
    /// Links taken off.
    pub gone: Vec<Linked>,
    /// Whether the caller may add one.
    pub may_add: bool,
    /// Whether the caller may take one off.
    pub may_drop: bool,
    /// Whether the caller may make a new item at the other end.
    pub may_make: bool,
}

impl Seen {
    /// An item by name, at the cut.
    pub fn item_named(&self, item: &Item) -> ItemNamed {
        let kind = self.blueprint.kind(&item.kind);
        ItemNamed {
            id: item.id,
            code: item.code.clone(),
            name: item.name.at(self.cut).cloned().unwrap_or_default(),
            stage: match kind {
                _ if !item.stands(self.cut) => self.say("item.ended", &[]),
                Some(kind) => self.stage_label(kind, item),
                None => String::new(),
            },
        }
    }

    /// Items that went into this one as duplicates, by the cut; only those seen.
    pub fn merged_into(&self, item: ItemId) -> Vec<Arc<Item>> {
        let went =
            |i: &&Arc<Item>| matches!(i.end.at(self.cut), Some(ItemEnd::Became(into, _)) if into.as_slice() == [item]);
        self.zone.items().filter(went).filter(|i| self.sees_item(i)).cloned().collect()
    }

    /// Where an item's successors stand: itself when it stands, else what it went into, to the end of the chain.
    pub fn successors(&self, item: &Arc<Item>) -> Vec<Arc<Item>> {
        let mut open = vec![item.clone()];
        let mut ends: Vec<Arc<Item>> = Vec::new();
        // What an item went into stood when it was merged, so that a chain never closes.
        while let Some(one) = open.pop() {
            match one.end.at(self.cut) {
                Some(ItemEnd::Became(into, _)) => {
                    open.extend(into.iter().rev().filter_map(|i| self.zone.item(*i)).cloned());
                }
                _ if one.id != item.id && !ends.iter().any(|e| e.id == one.id) => ends.push(one),
                _ => {}
            }
        }
        ends
    }

    /// The links of an item, by the sorts that its kind declares and that other kinds declare to it. Links of
    /// duplicates that went into it stand here too. An item at the other end that is not seen is not shown.
    pub fn links(&self, item: &Item) -> Vec<LinkGroup> {
        let mut own: Vec<ItemId> = vec![item.id];
        own.extend(self.merged_into(item.id).iter().map(|i| i.id));
        let open = !self.is_past() && item.stands(self.cut);
        let may_change = open && self.rights.may(Verb::ItemChange, self.lead(item));
        let mut groups = Vec::new();
        for kind in &self.blueprint.kinds {
            for link in &kind.links {
                if kind.key == item.kind {
                    groups.extend(self.link_group(&own, &kind.key, link, true, may_change));
                }
                if link.to == item.kind {
                    groups.extend(self.link_group(&own, &kind.key, link, false, may_change));
                }
            }
        }
        groups
    }

    fn link_group(
        &self,
        own: &[ItemId],
        from_kind: &str,
        link: &Link,
        from_here: bool,
        may_change: bool,
    ) -> Option<LinkGroup> {
        let mut standing = Vec::new();
        let mut gone = Vec::new();
        for from in self.zone.items().filter(|i| i.kind == from_kind && i.known(self.cut)) {
            if from_here && !own.contains(&from.id) {
                continue;
            }
            for row in from.links.iter().filter(|r| r.link == link.key && r.made <= self.cut) {
                if !from_here && !own.contains(&row.to) {
                    continue;
                }
                let other = if from_here { self.zone.item(row.to) } else { Some(from) };
                let Some(other) = other.filter(|o| self.sees_item(o)) else { continue };
                let off = row.gone.as_ref().filter(|(seq, _)| *seq <= self.cut);
                let linked = Linked {
                    item: self.item_named(other),
                    when: self.when(row.made),
                    who: self.who(row.made),
                    because: row.because.map_or(String::new(), |s| self.zone.said(&s).to_string()),
                    gone: off.map(|(seq, why)| (self.when(*seq), self.zone.said(why).to_string())),
                };
                if linked.gone.is_some() { gone.push(linked) } else { standing.push(linked) }
            }
        }
        let (kind, label) = if from_here {
            (link.to.as_str(), link.label.get(self.lang))
        } else {
            (from_kind, link.back.as_ref().unwrap_or(&link.label).get(self.lang))
        };
        let room = link.many_to || standing.is_empty();
        let may_make = self.rights.may_somewhere(Verb::ItemMake);
        if standing.is_empty() && gone.is_empty() && !(from_here && may_change) {
            return None;
        }
        let other = self.blueprint.kind(kind)?;
        Some(LinkGroup {
            link: link.key.clone(),
            label: label.to_owned(),
            from_here,
            kind_label: other.label.get(self.lang).to_owned(),
            kind: kind.to_owned(),
            may_add: may_change && from_here && room,
            may_drop: may_change && from_here,
            may_make: may_change && from_here && room && may_make,
            standing,
            gone,
        })
    }
}
