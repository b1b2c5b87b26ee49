//! Rights as people read them: who may see and do what, over which units, and why; and the three offices apart.

use crate::entries::{Grantee, Holding, Scope};
use crate::ids::*;
use crate::permit::{Office, Reach, Rights, Verb, offices};
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::Zone;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Who keeps the house: only they read about everybody's rights.
const KEEPERS: [Verb; 4] = [Verb::UnitManage, Verb::PersonManage, Verb::RoleGrant, Verb::Audit];

/// A grant in force.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// Identity.
    pub id: GrantId,
    /// Key of its role.
    pub role: String,
    /// The role in words.
    pub label: String,
    /// What the role may do, in words.
    pub verbs: String,
    /// Over what, in words.
    pub over: String,
    /// The post it is granted to, in words; empty when it is granted to a person.
    pub post: String,
    /// Who has it by this grant today.
    pub people: Vec<(PersonId, String)>,
    /// Since which entry.
    pub since: u64,
    /// Who granted it.
    pub by: String,
    /// When, in the zone's time.
    pub when: String,
}

/// One thing somebody may do.
#[derive(Clone, Debug)]
pub struct MayRow {
    /// The verb in words.
    pub verb: String,
    /// Over what, in words.
    pub over: String,
    /// By which grants: role, post, who granted it and when.
    pub why: Vec<String>,
}

/// What a person may see and do.
#[derive(Clone, Debug)]
pub struct PersonRights {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Posts held today: unit and title, and as what.
    pub posts: Vec<String>,
    /// What they may do, in the order of the verbs.
    pub may: Vec<MayRow>,
    /// Offices held, of the three that nobody holds together.
    pub offices: Vec<String>,
}

/// Who may do one thing over an object's units.
#[derive(Clone, Debug)]
pub struct VerbRow {
    /// The verb in words.
    pub verb: String,
    /// Everybody who may, and why.
    pub people: Vec<(PersonId, String, String)>,
}

/// Refuses everybody but those who keep the house.
pub fn keepers(seen: &Seen) -> Result<(), Refusal> {
    if KEEPERS.iter().any(|v| seen.rights.may_somewhere(*v)) { Ok(()) } else { Err(Refusal::absent()) }
}

/// Every grant in force, by role and then by order of the units it covers.
pub fn grants(seen: &Seen) -> Result<Vec<GrantRow>, Refusal> {
    keepers(seen)?;
    let mut list: Vec<GrantRow> = seen
        .zone
        .grants
        .iter()
        .filter(|(_, g)| g.until.is_none())
        .map(|(id, g)| {
            let people = match g.to {
                Grantee::Person(person) => vec![person],
                Grantee::Post(post) => seen.zone.holders(post, seen.today).into_iter().map(|(p, _)| p).collect(),
            };
            let role = seen.blueprint.roles.get(&g.role);
            GrantRow {
                id: *id,
                role: g.role.clone(),
                label: role.map_or_else(|| g.role.clone(), |r| r.label.get(seen.lang).to_owned()),
                verbs: role.map_or(String::new(), |r| verbs(seen, &r.verbs, r.sees)),
                over: scope(seen, &g.scope),
                post: match g.to {
                    Grantee::Person(_) => String::new(),
                    Grantee::Post(post) => post_words(seen, post),
                },
                people: people.into_iter().map(|p| (p, seen.person(p))).collect(),
                since: g.since,
                by: seen.who(g.since),
                when: seen.when(g.since),
            }
        })
        .collect();
    list.sort_by(|a, b| (&a.role, &a.over, a.id).cmp(&(&b.role, &b.over, b.id)));
    Ok(list)
}

fn verbs(seen: &Seen, list: &[Verb], sees: bool) -> String {
    let sight = (sees && !list.contains(&Verb::See)).then_some(Verb::See);
    let words: Vec<&str> = sight.iter().chain(list).map(|v| word(seen, *v)).collect();
    words.join(seen.lang.pick("、", ", "))
}

fn word(seen: &Seen, verb: Verb) -> &'static str {
    seen.lang.pick(verb.words().0, verb.words().1)
}

/// A post in words: unit and title.
pub fn post_words(seen: &Seen, post: PostId) -> String {
    seen.zone.post(post).map_or(String::new(), |p| {
        let title = p.title.last().map_or("", String::as_str);
        format!("{} · {title}", seen.unit_short(p.unit))
    })
}

/// A scope in words.
pub fn scope(seen: &Seen, scope: &Scope) -> String {
    let names = |units: &[UnitId]| {
        units.iter().map(|u| seen.unit_short(*u)).collect::<Vec<_>>().join(seen.lang.pick("、", ", "))
    };
    match scope {
        Scope::All => seen.lang.pick("全区", "the whole zone").to_owned(),
        Scope::Below(units) => format!("{}{}", names(units), seen.lang.pick("及其下级", " and all below")),
        Scope::Units(units) => names(units),
    }
}

fn reach(seen: &Seen, reach: &Reach) -> String {
    match reach {
        Reach::Nothing => String::new(),
        Reach::All => seen.lang.pick("全区", "the whole zone").to_owned(),
        Reach::Units(units) => {
            let mut list: Vec<UnitId> = units.iter().copied().collect();
            list.sort_by_key(|u| (seen.zone.unit_order(*u), *u));
            list.into_iter().map(|u| seen.unit_short(u)).collect::<Vec<_>>().join(seen.lang.pick("、", ", "))
        }
    }
}

/// The grants that give a person a verb, in words: the reason why.
fn why(seen: &Seen, person: PersonId, verb: Verb, unit: Option<UnitId>) -> Vec<String> {
    let posts = seen.zone.posts_held(person, seen.today);
    let mut list = Vec::new();
    for grant in seen.zone.grants() {
        let through = match grant.to {
            Grantee::Person(p) if p == person => String::new(),
            Grantee::Post(post) if posts.contains(&post) => post_words(seen, post),
            _ => continue,
        };
        let Some(role) = seen.blueprint.roles.get(&grant.role) else { continue };
        if !(role.verbs.contains(&verb) || (verb == Verb::See && role.sees)) {
            continue;
        }
        let covers = unit.is_none_or(|u| match &grant.scope {
            Scope::All => true,
            Scope::Units(units) => units.contains(&u),
            Scope::Below(units) => units.iter().any(|top| seen.zone.units_below(*top).contains(&u)),
        });
        if covers {
            let label = role.label.get(seen.lang);
            let place = if through.is_empty() { String::new() } else { format!("{through} → ") };
            list.push(format!(
                "{place}{label}{}{} · {} {}",
                seen.lang.pick("，范围：", ", over "),
                scope(seen, &grant.scope),
                seen.who(grant.since),
                seen.when(grant.since)
            ));
        }
    }
    list
}

/// What a person may see and do today, and why. One's own is told to everyone; others' to those who keep the house.
pub fn of_person(seen: &Seen, person: PersonId) -> Result<PersonRights, Refusal> {
    if seen.rights.person != Some(person) {
        keepers(seen)?;
    }
    if seen.zone.person_name(person).is_none() {
        return Err(Refusal::absent());
    }
    let rights = Rights::of(&seen.zone, crate::Caller::Person(person), seen.today);
    let mut may: Vec<MayRow> = Vec::new();
    for (verb, over) in &rights.reach {
        let row =
            MayRow { verb: word(seen, *verb).to_owned(), over: reach(seen, over), why: why(seen, person, *verb, None) };
        // What comes by the same grants over the same units is said once.
        match may.iter_mut().find(|m| m.over == row.over && m.why == row.why) {
            Some(known) => known.verb = format!("{}{}{}", known.verb, seen.lang.pick("、", ", "), row.verb),
            None => may.push(row),
        }
    }
    Ok(PersonRights {
        person,
        name: seen.person(person),
        posts: posts_of(seen, person),
        may,
        offices: office_words(seen, &offices(&seen.zone, &seen.zone.blueprint(), person, seen.today)),
    })
}

fn office_words(seen: &Seen, held: &BTreeSet<Office>) -> Vec<String> {
    held.iter().map(|o| seen.lang.pick(o.words().0, o.words().1).to_owned()).collect()
}

/// The posts a person holds today, in words.
pub fn posts_of(seen: &Seen, person: PersonId) -> Vec<String> {
    let held = seen.zone.posts_held(person, seen.today);
    let how = |post: PostId| {
        let holders = seen.zone.holders(post, seen.today);
        holders.into_iter().find(|(p, _)| *p == person).map_or(Holding::Holder, |(_, how)| how)
    };
    held.into_iter()
        .map(|post| match how(post) {
            Holding::Holder => post_words(seen, post),
            other => format!("{}（{}）", post_words(seen, post), holding(seen, other)),
        })
        .collect()
}

/// The way of holding a post in words.
pub fn holding(seen: &Seen, how: Holding) -> &'static str {
    match how {
        Holding::Holder => seen.lang.pick("任职", "holder"),
        Holding::Deputy => seen.lang.pick("B 角", "deputy"),
        Holding::Cover => seen.lang.pick("代理", "cover"),
    }
}

/// Who may see and do what over a unit, and why.
pub fn over_unit(seen: &Seen, unit: UnitId) -> Result<Vec<VerbRow>, Refusal> {
    keepers(seen)?;
    if seen.unit(unit).is_none() {
        return Err(Refusal::absent());
    }
    let everybody: Vec<(PersonId, Rights)> =
        seen.zone.people().map(|p| (p, Rights::of(&seen.zone, crate::Caller::Person(p), seen.today))).collect();
    let row = |verb: Verb| VerbRow {
        verb: word(seen, verb).to_owned(),
        people: everybody
            .iter()
            .filter(|(_, r)| r.may(verb, unit))
            .map(|(p, _)| (*p, seen.person(*p), why(seen, *p, verb, Some(unit)).join(seen.lang.pick("；", "; "))))
            .collect(),
    };
    Ok(Verb::ALL.iter().map(|v| row(*v)).filter(|r| !r.people.is_empty()).collect())
}

/// The units an item's rights go by: its lead and its co-units of today. Its code tells nothing of what it holds.
pub fn units_of_item(seen: &Seen, key: &str) -> Result<(String, Vec<UnitId>), Refusal> {
    keepers(seen)?;
    let found = match key.parse::<ItemId>() {
        Ok(id) => seen.zone.item(id),
        Err(_) => seen.zone.item_by_code(key),
    };
    let item = found.ok_or_else(Refusal::absent)?;
    let units = item.lead.last().into_iter().chain(item.co.last().into_iter().flatten()).copied().collect();
    Ok((item.code.clone(), units))
}

/// People who hold more than one of the three offices: their names and what they hold.
pub fn offices_together(seen: &Seen) -> Result<Vec<(String, Vec<String>)>, Refusal> {
    keepers(seen)?;
    let blueprint = seen.zone.blueprint();
    let held = seen.zone.people().map(|p| (p, offices(&seen.zone, &blueprint, p, seen.today)));
    Ok(held.filter(|(_, o)| o.len() > 1).map(|(p, o)| (seen.person(p), office_words(seen, &o))).collect())
}

/// What a change of units, posts, holders or grants would bring: who could see and do more or less.
pub fn changes(seen: &Seen, before: &Zone, after: &Zone, today: Date) -> Vec<String> {
    let mut lines = Vec::new();
    let people: BTreeSet<PersonId> = before.people().chain(after.people()).collect();
    for person in people {
        let of = |zone: &Zone| Rights::of(zone, crate::Caller::Person(person), today).reach;
        let (was, is) = (of(before), of(after));
        let name = after.person_name(person).map_or(String::new(), |n| n.to_string());
        for verb in Verb::ALL {
            let (old, new) = (was.get(verb), is.get(verb));
            if old == new {
                continue;
            }
            let (gained, lost) = difference(old, new);
            for (units, zh, en) in [(gained, "将能", "will be able to"), (lost, "不再能", "will no longer be able to")]
            {
                if units.is_nothing() {
                    continue;
                }
                let verb = word(seen, *verb);
                let over = reach(seen, &units);
                lines.push(seen.lang.pick(format!("{name}{zh}{verb}：{over}"), format!("{name} {en} {verb}: {over}")));
            }
        }
    }
    lines
}

fn difference(old: Option<&Reach>, new: Option<&Reach>) -> (Reach, Reach) {
    let less = |a: Option<&Reach>, b: Option<&Reach>| match (a, b) {
        (None | Some(Reach::Nothing), _) | (_, Some(Reach::All)) => Reach::Nothing,
        (Some(Reach::All), _) => Reach::All,
        (Some(Reach::Units(a)), b) => {
            let none = BTreeSet::new();
            let b = if let Some(Reach::Units(b)) = b { b } else { &none };
            let rest: BTreeSet<UnitId> = a.difference(b).copied().collect();
            if rest.is_empty() { Reach::Nothing } else { Reach::Units(rest) }
        }
    };
    (less(new, old), less(old, new))
}

/// How many people hold each role today, by key of the role.
pub fn holders_by_role(seen: &Seen) -> BTreeMap<String, usize> {
    let mut all: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
    for grant in seen.zone.grants() {
        let people: Vec<PersonId> = match grant.to {
            Grantee::Person(person) => vec![person],
            Grantee::Post(post) => seen.zone.holders(post, seen.today).into_iter().map(|(p, _)| p).collect(),
        };
        all.entry(grant.role.clone()).or_default().extend(people);
    }
    all.into_iter().map(|(role, people)| (role, people.len())).collect()
}

impl Reach {
    fn is_nothing(&self) -> bool {
        match self {
            Reach::Nothing => true,
            Reach::Units(units) => units.is_empty(),
            Reach::All => false,
        }
    }
}
