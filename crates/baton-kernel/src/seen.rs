//! Seen: a lens on the zone at a cut, for a caller. It hides rows, fields and totals; it never changes a number.
//!
//! Facts, rules and labels are the cut's; rights are today's.

use crate::blueprint::Blueprint;
use crate::commands::Caller;
use crate::ids::*;
use crate::permit::{Rights, Verb};
use crate::refusals::Refusal;
use crate::zone::{Item, UnitData, Zone};
use baton_methods::Lang;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// What a caller sees of the zone as known at a cut.
#[derive(Clone)]
pub struct Seen {
    pub(crate) zone: Arc<Zone>,
    /// The cut.
    pub(crate) cut: u64,
    pub(crate) rights: Arc<Rights>,
    pub(crate) blueprint: Arc<Blueprint>,
    /// The day it is, or the day asked for.
    pub(crate) day: Date,
    /// The day it really is.
    pub(crate) today: Date,
    /// The instant it really is.
    pub(crate) now: Timestamp,
    /// Language of words.
    pub lang: Lang,
}

impl Seen {
    /// A lens for a caller. `known` is a day: its end in the zone's time zone; `None` is now.
    pub fn new(zone: Arc<Zone>, caller: Caller, now: Timestamp, known: Option<Date>, lang: Lang) -> Seen {
        let today = zone.day_of(now);
        // Nobody knows more than is known now: a day to come is today.
        let known = known.filter(|day| *day < today);
        let cut = known.map_or(zone.head().seq, |day| zone.cut_on(day));
        let rights = Arc::new(Rights::of(&zone, caller, today));
        let blueprint = zone.blueprint_at(cut);
        Seen { cut, rights, blueprint, day: known.unwrap_or(today), today, now, lang, zone }
    }

    /// The same lens at another cut, for issued papers and comparisons.
    pub fn at_cut(&self, cut: u64) -> Seen {
        let cut = cut.min(self.zone.head().seq);
        let blueprint = self.zone.blueprint_at(cut);
        let day = if cut == self.zone.head().seq { self.today } else { self.zone.day_known(cut) };
        Seen { cut, blueprint, day, ..self.clone() }
    }

    /// The cut in force.
    pub fn cut(&self) -> u64 {
        self.cut
    }
    /// The newest seq: the `base` of commands made from this page.
    pub fn base(&self) -> u64 {
        self.zone.head().seq
    }
    /// The day whose knowledge is shown.
    pub fn day(&self) -> Date {
        self.day
    }
    /// The day it really is in the zone.
    pub fn today(&self) -> Date {
        self.today
    }
    /// The cut at the end of a day.
    pub fn cut_on(&self, day: Date) -> u64 {
        self.zone.cut_on(day)
    }
    /// Whether the past is shown.
    pub fn is_past(&self) -> bool {
        self.cut < self.zone.head().seq
    }
    /// Hash of the entry at the cut, for the seal line; `None` when it is not the head.
    pub fn witness(&self) -> Option<crate::blobs::Digest> {
        (!self.is_past()).then(|| self.zone.head().hash)
    }
    /// What the first entry says of the zone.
    pub fn founding(&self) -> Option<&crate::zone::Founding> {
        self.zone.founding()
    }
    /// The rules of the cut.
    pub fn blueprint(&self) -> &Blueprint {
        &self.blueprint
    }
    /// What the caller may do today.
    pub fn rights(&self) -> &Rights {
        &self.rights
    }

    /// Whether a unit's rows are seen.
    pub fn sees(&self, unit: UnitId) -> bool {
        self.rights.may(Verb::See, unit)
    }
    /// Whether everything is seen: only then totals of the zone are shown.
    pub fn sees_all(&self) -> bool {
        self.rights.may_all(Verb::See)
    }

    /// A unit's data at the cut. Names of units are known to everyone who signs in.
    pub fn unit(&self, id: UnitId) -> Option<&UnitData> {
        self.zone.unit(id)?.at(self.cut)
    }
    /// A unit's short name at the cut.
    pub fn unit_short(&self, id: UnitId) -> String {
        self.unit(id).or_else(|| self.zone.unit_now(id)).map_or(String::new(), |d| d.short.clone())
    }
    /// The unit under a code, as of now.
    pub fn unit_by_code(&self, code: &str) -> Option<UnitId> {
        self.zone.unit_by_code(code)
    }
    /// Units standing on the day shown, in official order.
    pub fn units(&self) -> Vec<UnitId> {
        self.zone.units_at(self.cut).into_iter().filter(|u| u.stands(self.cut, self.day)).map(|u| u.id).collect()
    }
    /// Territorial units standing on the day shown, in official order.
    pub fn territorial_units(&self) -> Vec<UnitId> {
        self.territorial_units_on(self.day)
    }
    /// Territorial units standing on a day as known at the cut, in official order.
    pub fn territorial_units_on(&self, on: Date) -> Vec<UnitId> {
        let standing = self.zone.units_at(self.cut).into_iter().filter(|u| u.stands(self.cut, on)).map(|u| u.id);
        standing
            .filter(|u| {
                let kind = self.unit(*u).map(|d| d.kind.as_str()).unwrap_or_default();
                self.blueprint.unit_kind(kind).is_some_and(|k| k.territorial)
            })
            .collect()
    }
    /// The root of the tree.
    pub fn root(&self) -> Option<UnitId> {
        self.units().into_iter().find(|u| {
            let kind = self.unit(*u).map(|d| d.kind.as_str()).unwrap_or_default();
            self.blueprint.unit_kind(kind).is_some_and(|k| k.root)
        })
    }

    /// Whether an item is seen: its lead or a co-unit of today is within reach.
    pub fn sees_item(&self, item: &Item) -> bool {
        item.known(self.cut)
            && (item.lead.last().is_some_and(|u| self.sees(*u))
                || item.co.last().is_some_and(|list| list.iter().any(|u| self.sees(*u))))
    }

    /// An item by id or code: `Absent` alike for what is not there and what is not yours.
    pub fn item(&self, key: &str) -> Result<Arc<Item>, Refusal> {
        let found = match key.parse::<ItemId>() {
            Ok(id) => self.zone.item(id),
            Err(_) => self.zone.item_by_code(key),
        };
        found.filter(|i| self.sees_item(i)).cloned().ok_or_else(Refusal::absent)
    }

    /// A person's name today.
    pub fn person(&self, id: PersonId) -> String {
        self.zone.person_name(id).map_or(String::new(), |n| n.to_string())
    }

    /// Who did an entry, in words: post and name; and when.
    pub fn who(&self, seq: u64) -> String {
        match (self.zone.actor(seq), self.zone.stood_in(seq)) {
            (Some(person), Some(post)) => {
                let holder = self.zone.holder(post, self.zone.day_known(seq)).map(|p| self.person(p));
                let title = self.zone.post(post).and_then(|p| p.title.at(seq).or(p.title.last())).cloned();
                let of = holder.or(title).unwrap_or_default();
                self.say("who.stands-in", &[("who", &self.person(person)), ("of", &of)])
            }
            (Some(person), None) => self.person(person),
            (None, _) => self.lang.pick("系统初始化".to_owned(), "founding".to_owned()),
        }
    }

    /// The instant of an entry in the zone's time zone, `2023-04-03 09:12`.
    pub fn when(&self, seq: u64) -> String {
        self.zone.known_at(seq).to_zoned_datetime(self.zone.time_zone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// A word of the catalogue.
    pub fn say(&self, code: &str, args: &[(&str, &dyn std::fmt::Display)]) -> String {
        crate::messages::say(self.lang, code, args)
    }
}
