//! Links between items: made by the rules of the kind they start from, taken off with a reason.

use super::Desk;
use crate::commands::Act;
use crate::entries::Body;
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::{Refusal, Why};
use std::fmt::Display;

impl Desk<'_> {
    pub(super) fn links(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::LinkItems { item, link, to, because } => {
                let (known, kind) = self.open_item(*item, Verb::ItemChange)?;
                let declared = kind.links.iter().find(|l| l.key == *link).ok_or_else(|| {
                    let names: Vec<&str> = kind.links.iter().map(|l| l.label.zh.as_str()).collect();
                    let args: [(&str, &dyn Display); 3] =
                        [("kind", &kind.label.zh), ("link", link), ("links", &names.join("、"))];
                    Refusal::wrong("link.unknown", &args).at("link")
                })?;
                let other = self.zone.item(*to).cloned().ok_or_else(Refusal::absent)?;
                self.rights.need(Verb::See, *other.lead.last().expect("an item has a lead"))?;
                let name = |item: &crate::zone::Item| item.name.last().cloned().unwrap_or_default();
                if other.id == known.id || other.kind != declared.to || !other.stands(u64::MAX) {
                    let blueprint = self.zone.blueprint();
                    let wanted = blueprint.kind(&declared.to).map_or(declared.to.clone(), |k| k.label.zh.clone());
                    return Err(Refusal::wrong("link.to", &[("item", &name(&other)), ("kind", &wanted)]).at("to"));
                }
                let standing = |from: &crate::zone::Item| {
                    let rows = from.links.iter().filter(|r| r.link == *link && r.stands(u64::MAX));
                    rows.map(|r| r.to).collect::<Vec<ItemId>>()
                };
                let own = standing(&known);
                if own.contains(to) {
                    return Err(Refusal::new(Why::Conflict, "link.twice", &[("item", &name(&other))]).at("to"));
                }
                if !declared.many_to && !own.is_empty() {
                    return Err(Refusal::not_now("link.one", &[("item", &name(&known)), ("link", &declared.label.zh)]));
                }
                if !declared.many_from {
                    let others = self.zone.items().filter(|i| i.kind == kind.key && i.id != known.id);
                    if others.filter(|i| i.stands(u64::MAX)).any(|i| standing(i).contains(to)) {
                        return Err(Refusal::not_now("link.taken", &[("item", &name(&other))]).at("to"));
                    }
                }
                let because = self.because_if(because)?;
                self.enter(Body::ItemLinked { item: *item, link: link.clone(), to: *to, because });
                Ok(())
            }
            Act::UnlinkItems { item, link, to, because } => {
                let (known, _) = self.open_item(*item, Verb::ItemChange)?;
                if !known.links.iter().any(|r| r.link == *link && r.to == *to && r.stands(u64::MAX)) {
                    return Err(Refusal::absent());
                }
                let because = self.because(because)?;
                self.enter(Body::ItemUnlinked { item: *item, link: link.clone(), to: *to, because });
                Ok(())
            }
            _ => unreachable!("dispatched by Desk::act"),
        }
    }
}
