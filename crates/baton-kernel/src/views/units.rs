//! Units as a tree with their posts, and what a change of the tree would bring, before it is made.

use super::rights;
use crate::commands::{Act, Caller, Command};
use crate::entries::Holding;
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A unit in the tree.
#[derive(Clone, Debug)]
pub struct UnitRow {
    /// Identity.
    pub id: UnitId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Short name.
    pub short: String,
    /// Key of its sort.
    pub kind: String,
    /// Its sort in words.
    pub sort: String,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// How deep below the root.
    pub depth: usize,
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
    /// The unit it went into, and on which day.
    pub into: Option<(UnitId, Date)>,
    /// Whether it stands on the day shown.
    pub stands: bool,
}

/// One earlier or present form of a unit.
#[derive(Clone, Debug)]
pub struct UnitVersion {
    /// When it was entered.
    pub when: String,
    /// By whom.
    pub who: String,
    /// Name then.
    pub name: String,
    /// The unit above then.
    pub parent: String,
    /// First and last day as said then.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// A post with who holds, held and will hold it.
#[derive(Clone, Debug)]
pub struct PostRow {
    /// Identity.
    pub id: PostId,
    /// Title.
    pub title: String,
    /// Roles granted to it, in words.
    pub roles: Vec<String>,
    /// Holders, newest word first.
    pub holders: Vec<HolderRow>,
}

/// One holding of a post.
#[derive(Clone, Debug)]
pub struct HolderRow {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// As what.
    pub how: Holding,
    /// As what, in words.
    pub how_word: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Option<Date>,
    /// Whether it is so today.
    pub now: bool,
}

/// Every unit known at the cut, each under the one above it, in official order.
pub fn tree(seen: &Seen) -> Vec<UnitRow> {
    let mut below: BTreeMap<Option<UnitId>, Vec<UnitRow>> = BTreeMap::new();
    let all = seen.zone.units_at(seen.cut);
    let known: std::collections::BTreeSet<UnitId> = all.iter().map(|u| u.id).collect();
    for unit in all {
        let Some(row) = row(seen, unit.id) else { continue };
        below.entry(row.parent.filter(|p| known.contains(p))).or_default().push(row);
    }
    let mut out = Vec::new();
    let mut stack: Vec<UnitRow> = below.remove(&None).unwrap_or_default();
    stack.reverse();
    while let Some(row) = stack.pop() {
        let depth = row.depth + 1;
        let mut under = below.remove(&Some(row.id)).unwrap_or_default();
        under.reverse();
        stack.extend(under.into_iter().map(|u| UnitRow { depth, ..u }));
        out.push(row);
    }
    out
}

fn row(seen: &Seen, id: UnitId) -> Option<UnitRow> {
    let unit = seen.zone.unit(id)?;
    let data = unit.at(seen.cut)?;
    let sort = seen.blueprint.unit_kind(&data.kind);
    Some(UnitRow {
        id,
        code: data.code.clone(),
        name: data.name.clone(),
        short: data.short.clone(),
        kind: data.kind.clone(),
        sort: sort.map_or_else(|| data.kind.clone(), |k| k.label.get(seen.lang).to_owned()),
        parent: data.parent,
        depth: 0,
        order: data.order,
        aliases: data.aliases.clone(),
        duties: data.duties.clone(),
        from: data.from,
        to: data.to,
        into: unit.merged.at(seen.cut).copied(),
        stands: unit.stands(seen.cut, seen.day),
    })
}

/// A unit by id or code.
pub fn unit(seen: &Seen, key: &str) -> Result<UnitRow, Refusal> {
    let id = key.parse().ok().or_else(|| seen.zone.unit_by_code(key));
    id.and_then(|id| row(seen, id)).ok_or_else(Refusal::absent)
}

/// What a unit was called and where it stood, newest first.
pub fn versions(seen: &Seen, id: UnitId) -> Vec<UnitVersion> {
    let Some(unit) = seen.zone.unit(id) else { return Vec::new() };
    let mut list: Vec<UnitVersion> = unit
        .data
        .until(seen.cut)
        .map(|(seq, data)| UnitVersion {
            when: seen.when(seq),
            who: seen.who(seq),
            name: data.name.clone(),
            parent: data.parent.map_or(String::new(), |p| seen.unit_short(p)),
            from: data.from,
            to: data.to,
        })
        .collect();
    list.reverse();
    list
}

/// The posts of a unit with their holders. Told to those who keep the house.
pub fn posts(seen: &Seen, unit: UnitId) -> Result<Vec<PostRow>, Refusal> {
    rights::keepers(seen)?;
    let grants = rights::grants(seen)?;
    let mine = seen.zone.posts().filter(|p| p.unit == unit);
    let row = |post: &crate::zone::Post| {
        let mut known: Vec<PersonId> = Vec::new();
        let mut holders = Vec::new();
        for (_, person, how, from, to) in post.holders.iter().rev() {
            // The newest word about a person and post decides.
            if known.contains(person) {
                continue;
            }
            known.push(*person);
            holders.push(HolderRow {
                person: *person,
                name: seen.person(*person),
                how: *how,
                how_word: rights::holding(seen, *how).to_owned(),
                from: *from,
                to: *to,
                now: *from <= seen.today && to.is_none_or(|t| seen.today <= t),
            });
        }
        let words = rights::post_words(seen, post.id);
        PostRow {
            id: post.id,
            title: post.title.last().cloned().unwrap_or_default(),
            roles: grants.iter().filter(|g| g.post == words).map(|g| format!("{} · {}", g.label, g.over)).collect(),
            holders,
        }
    };
    Ok(mine.map(|p| row(p)).collect())
}

/// Everybody known, by name.
pub fn people(seen: &Seen) -> Result<Vec<(PersonId, String)>, Refusal> {
    rights::keepers(seen)?;
    let mut list: Vec<(PersonId, String)> = seen.zone.people().map(|p| (p, seen.person(p))).collect();
    list.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    Ok(list)
}

/// What an act of administration would bring, in words, decided on a copy; nothing is entered.
///
/// Errors: what `decide` would refuse.
pub fn effects(seen: &Seen, act: &Act, now: Timestamp) -> Result<Vec<String>, Refusal> {
    let person = seen.rights.person.ok_or_else(Refusal::absent)?;
    let command = Command { key: "preview".to_owned(), base: seen.base(), salt: [0; 16], act: act.clone() };
    let batch = crate::decide(&seen.zone, Caller::Person(person), &command, now)?;
    let mut after = crate::zone::Zone::clone(&seen.zone);
    after.apply_batch(&batch);
    let before = &*seen.zone;
    let mut lines = Vec::new();
    let lang = seen.lang;
    for unit in after.units_at(u64::MAX) {
        let (Some(is), id) = (unit.at(u64::MAX), unit.id) else { continue };
        let Some(was) = before.unit(id).and_then(|u| u.at(u64::MAX)) else {
            lines.push(lang.pick(format!("新设“{}”", is.name), format!("“{}” is founded", is.name)));
            continue;
        };
        if was.name != is.name {
            let (a, b) = (&was.name, &is.name);
            lines.push(lang.pick(format!("“{a}”改称“{b}”"), format!("“{a}” becomes “{b}”")));
        }
        if was.parent != is.parent {
            let short = |p: Option<UnitId>| p.map_or(String::new(), |p| seen.unit_short(p));
            let (a, b) = (short(was.parent), short(is.parent));
            lines.push(lang.pick(
                format!("“{}”由“{a}”划归“{b}”；以往的数仍在原上级名下", is.name),
                format!("“{}” moves from “{a}” to “{b}”; its past stays under the former", is.name),
            ));
        }
        if (was.from, was.to) != (is.from, is.to) {
            let day = |d: Option<Date>| d.map_or("—".to_owned(), |d| d.to_string());
            let (from, to) = (day(is.from), day(is.to));
            lines.push(lang.pick(
                format!("“{}”起止改为 {from} 至 {to}", is.name),
                format!("“{}” stands from {from} to {to}", is.name),
            ));
        }
    }
    let moved: Vec<String> = before
        .items()
        .filter(|i| after.item(i.id).is_some_and(|j| j.lead.last() != i.lead.last()))
        .map(|i| i.code.clone())
        .collect();
    if !moved.is_empty() {
        let (count, some) =
            (moved.len(), moved.iter().take(10).cloned().collect::<Vec<_>>().join(lang.pick("、", ", ")));
        lines.push(lang.pick(
            format!("{count} 个事项转由承接单位负责：{some}"),
            format!("{count} items are led by the successor: {some}"),
        ));
    }
    lines.extend(rights::changes(seen, before, &after, seen.today));
    Ok(lines)
}

/// A list of units as CSV: the acts of the lines that are right, and every mistake by its line.
pub fn roster(seen: &Seen, text: &str, fresh: impl FnMut() -> UnitId) -> (Vec<Act>, Vec<crate::Diagnostic>) {
    crate::roster::read(&seen.zone, text, fresh)
}

/// What a proposed set of blueprint files would bring, and what is wrong with it. Nothing is entered.
pub fn blueprint_effects(
    seen: &Seen,
    files: &BTreeMap<String, String>,
) -> (Vec<crate::blueprint::Effect>, Vec<crate::Diagnostic>) {
    let (next, mut wrong) = crate::blueprint::parse(files);
    let (effects, forbidden) = crate::blueprint::effects(&seen.zone, &next);
    wrong.extend(forbidden);
    wrong.sort();
    wrong.dedup();
    (effects, wrong)
}
