//! Permit: what a caller may do and see. Role verbs × scope over the tree × object. Rights are today's.

use crate::blueprint::Blueprint;
use crate::commands::Caller;
use crate::entries::{Grantee, Scope};
use crate::ids::*;
use crate::refusals::Refusal;
use crate::zone::Zone;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $zh:literal, $en:literal;)*) => {
        /// What a role may allow.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Verb { $($(#[$doc])* $name,)* }
        impl Verb {
            /// All verbs, in order.
            pub const ALL: &'static [Verb] = &[$(Verb::$name,)*];
            /// The key in a blueprint file.
            pub fn key(self) -> &'static str { match self { $(Verb::$name => $key,)* } }
            /// The word in Chinese and English.
            pub fn words(self) -> (&'static str, &'static str) { match self { $(Verb::$name => ($zh, $en),)* } }
            /// The verb under a key.
            pub fn parse(key: &str) -> Option<Verb> { match key { $($key => Some(Verb::$name),)* _ => None } }
        }
    };
}

verbs! {
    /// See items, figures, tasks of the scope.
    See = "see", "查看", "see";
    /// Fill in and propose figures.
    Report = "report", "填报", "report";
    /// Submit for the unit (checker).
    Submit = "submit", "审核报送", "submit";
    /// Accept or return submissions.
    Accept = "accept", "审定", "accept";
    /// Make items.
    ItemMake = "item.make", "新增事项", "make items";
    /// Change items.
    ItemChange = "item.change", "修改事项", "change items";
    /// Move items from stage to stage.
    ItemStage = "item.stage", "变更阶段", "enter stages";
    /// Set targets and plan curves.
    TargetSet = "target.set", "下达目标", "set targets";
    /// Open and re-open rounds.
    RoundOpen = "round.open", "发起调度", "open rounds";
    /// Plan meetings.
    MeetingPlan = "meeting.plan", "筹备会议", "plan meetings";
    /// Run meetings: roll call, outcomes, speech, seal.
    MeetingRun = "meeting.run", "会务记录", "run meetings";
    /// Assign tasks.
    TaskAssign = "task.assign", "交办任务", "assign tasks";
    /// Act for one's own unit on a task.
    TaskHandle = "task.handle", "办理任务", "handle tasks";
    /// Supervise: urge, return, extend, complete, close out.
    TaskSupervise = "task.supervise", "督办", "supervise tasks";
    /// Say an instruction (批示) on what is seen.
    Instruct = "instruct", "批示", "give instructions";
    /// Issue papers.
    PaperIssue = "paper.issue", "印发文件", "issue papers";
    /// Review a paper before it is signed (审核).
    PaperReview = "paper.review", "审核文稿", "review papers";
    /// Sign a paper for issue (签发).
    PaperSign = "paper.sign", "签发文件", "sign papers";
    /// Decide what the public may read, and take it down.
    PaperPublish = "paper.publish", "公开审查", "decide on publicity";
    /// Change the tree of units and posts.
    UnitManage = "unit.manage", "管理单位", "manage units";
    /// Register people and who holds which post.
    PersonManage = "person.manage", "管理人员", "manage people";
    /// Grant and revoke roles.
    RoleGrant = "role.grant", "授权", "grant roles";
    /// Apply a blueprint.
    BlueprintApply = "blueprint.apply", "启用蓝图", "apply blueprints";
    /// Erase by law.
    Erase = "erase", "依法删除", "erase by law";
    /// Read the audit trail.
    Audit = "audit", "审计", "audit";
}

/// A set of units, or all of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Reach {
    /// No unit.
    #[default]
    Nothing,
    /// These units.
    Units(BTreeSet<UnitId>),
    /// The whole zone.
    All,
}

impl Reach {
    /// Whether a unit is inside.
    pub fn has(&self, unit: UnitId) -> bool {
        match self {
            Reach::Nothing => false,
            Reach::Units(set) => set.contains(&unit),
            Reach::All => true,
        }
    }
    /// Whether it is the whole zone.
    pub fn is_all(&self) -> bool {
        matches!(self, Reach::All)
    }
    fn add(&mut self, zone: &Zone, scope: &Scope) {
        let more = match scope {
            Scope::All => {
                *self = Reach::All;
                return;
            }
            Scope::Units(units) => units.iter().copied().collect::<BTreeSet<_>>(),
            Scope::Below(units) => units.iter().flat_map(|u| zone.units_below(*u)).collect(),
        };
        match self {
            Reach::All => {}
            Reach::Nothing => *self = Reach::Units(more),
            Reach::Units(set) => set.extend(more),
        }
    }
}

/// What a caller may do today, over which units.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rights {
    /// The person; `None` for the founder.
    pub person: Option<PersonId>,
    /// Reach by verb.
    pub reach: BTreeMap<Verb, Reach>,
    /// Role keys held, over which units.
    pub roles: BTreeMap<String, Reach>,
    /// Units in whose name the person acts: those of posts held, in official order.
    pub units: Vec<UnitId>,
    founder: bool,
}

impl Rights {
    /// The rights of a caller on a day: grants to the person and to the posts held then.
    pub fn of(zone: &Zone, caller: Caller, today: Date) -> Rights {
        let person = match caller {
            Caller::Founder => {
                return Rights { founder: true, ..Rights::default() };
            }
            Caller::Person(person) => person,
        };
        Rights::of_posts(zone, person, &zone.posts_held(person, today))
    }

    /// What a post may do: the grants to it, whoever holds it.
    pub(crate) fn of_post(zone: &Zone, post: PostId) -> Rights {
        let mut rights = Rights::default();
        let blueprint = zone.blueprint();
        for grant in zone.grants().filter(|g| g.to == Grantee::Post(post)) {
            for verb in blueprint.roles.get(&grant.role).map(|r| &r.verbs[..]).unwrap_or_default() {
                rights.reach.entry(*verb).or_default().add(zone, &grant.scope);
            }
        }
        rights
    }

    /// The rights of a person by these posts and by what is granted to the person.
    pub(crate) fn of_posts(zone: &Zone, person: PersonId, posts: &BTreeSet<PostId>) -> Rights {
        let mut rights = Rights { person: Some(person), ..Rights::default() };
        let mut units: Vec<UnitId> = posts.iter().filter_map(|p| zone.post(*p).map(|post| post.unit)).collect();
        units.sort_by_key(|u| zone.unit_order(*u));
        units.dedup();
        rights.units = units;
        let blueprint = zone.blueprint();
        for grant in zone.grants() {
            let mine = match grant.to {
                Grantee::Person(p) => p == person,
                Grantee::Post(post) => posts.contains(&post),
            };
            let Some(role) = mine.then(|| blueprint.roles.get(&grant.role)).flatten() else {
                continue;
            };
            rights.roles.entry(role.key.clone()).or_default().add(zone, &grant.scope);
            if role.sees {
                rights.reach.entry(Verb::See).or_default().add(zone, &grant.scope);
            }
            for verb in &role.verbs {
                rights.reach.entry(*verb).or_default().add(zone, &grant.scope);
            }
        }
        rights
    }

    /// Whether the verb is allowed over a unit.
    pub fn may(&self, verb: Verb, unit: UnitId) -> bool {
        self.founder || self.reach.get(&verb).is_some_and(|r| r.has(unit))
    }

    /// Whether the verb is allowed over some unit.
    pub fn may_somewhere(&self, verb: Verb) -> bool {
        self.founder || self.reach.contains_key(&verb)
    }

    /// Whether the verb is allowed over the whole zone.
    pub fn may_all(&self, verb: Verb) -> bool {
        self.founder || self.reach.get(&verb).is_some_and(Reach::is_all)
    }

    /// Whether the caller holds one of the roles over a unit.
    pub fn has_role(&self, roles: &[String], unit: UnitId) -> bool {
        self.founder || roles.iter().any(|r| self.roles.get(r).is_some_and(|reach| reach.has(unit)))
    }

    /// Refuses unless the verb is allowed over the unit: absent when it may not even be seen.
    pub fn need(&self, verb: Verb, unit: UnitId) -> Result<(), Refusal> {
        if self.may(verb, unit) {
            Ok(())
        } else if self.may(Verb::See, unit) {
            Err(self.forbidden(verb))
        } else {
            Err(Refusal::absent())
        }
    }

    /// Refuses unless the verb is allowed over the whole zone.
    pub fn need_all(&self, verb: Verb) -> Result<(), Refusal> {
        if self.may_all(verb) { Ok(()) } else { Err(self.forbidden(verb)) }
    }

    fn forbidden(&self, verb: Verb) -> Refusal {
        let (zh, en) = verb.words();
        let mut refusal = Refusal::forbidden(zh);
        refusal.en = Refusal::forbidden(en).en;
        refusal
    }
}

/// One of the three administrators' offices, which nobody holds together (三员分设).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Office {
    /// Keeps units, people and rules.
    System,
    /// Grants, and erases by law.
    Security,
    /// Reads the trail.
    Audit,
}

impl Office {
    /// The office that a verb belongs to; `None` for the work itself.
    pub fn of(verb: Verb) -> Option<Office> {
        match verb {
            Verb::UnitManage | Verb::PersonManage | Verb::BlueprintApply => Some(Office::System),
            Verb::RoleGrant | Verb::Erase => Some(Office::Security),
            Verb::Audit => Some(Office::Audit),
            _ => None,
        }
    }

    /// Its name in Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Office::System => ("系统管理员", "system administrator"),
            Office::Security => ("安全管理员", "security administrator"),
            Office::Audit => ("审计管理员", "audit administrator"),
        }
    }
}

/// The offices of a role under a blueprint.
pub fn offices_of_role(blueprint: &Blueprint, role: &str) -> BTreeSet<Office> {
    blueprint.roles.get(role).map_or_else(BTreeSet::new, |r| r.verbs.iter().filter_map(|v| Office::of(*v)).collect())
}

/// The offices a person holds on a day or will hold after it, by grants to them and to their posts.
pub fn offices(zone: &Zone, blueprint: &Blueprint, person: PersonId, from: Date) -> BTreeSet<Office> {
    let mut held = BTreeSet::new();
    for grant in zone.grants() {
        let mine = match grant.to {
            Grantee::Person(p) => p == person,
            Grantee::Post(post) => holds_from(zone, post, person, from),
        };
        if mine {
            held.extend(offices_of_role(blueprint, &grant.role));
        }
    }
    held
}

/// Whether a person holds a post on a day or after it, by the newest word about them.
fn holds_from(zone: &Zone, post: PostId, person: PersonId, from: Date) -> bool {
    let last = zone.post(post).and_then(|p| p.holders.iter().rev().find(|(_, p, ..)| *p == person));
    last.is_some_and(|(_, _, _, _, to)| to.is_none_or(|t| from <= t))
}
