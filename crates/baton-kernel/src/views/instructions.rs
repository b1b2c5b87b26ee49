//! Instructions (批示) as shown: on what they were said, by whom, and what became of them.

use crate::entries::InstructionOn;
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::Instruction;
use jiff::civil::Date;
use serde::Serialize;

/// An instruction.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct InstructionShown {
    /// Identity.
    pub id: InstructionId,
    /// The words.
    pub words: String,
    /// The leader who said it.
    pub leader: String,
    /// Who entered it in the leader's name, with the days of the delegation.
    pub entered: Option<(String, Option<(Date, Date)>)>,
    /// Day.
    pub day: Date,
    /// Day and time.
    pub when: String,
    /// What it was said on, in words.
    pub about: String,
    /// The page of that.
    pub path: String,
    /// It waits for the supervising office.
    pub waits: bool,
    /// Why it became no task: who, when, words.
    pub answered: Option<(String, String, String)>,
    /// Tasks made of it that the caller sees: id, code, title.
    pub tasks: Vec<(TaskId, String, String)>,
    /// The caller may make a task of it.
    pub may_carry: bool,
    /// The caller may answer why not.
    pub may_answer: bool,
}

/// Instructions that the caller sees, oldest first: those that wait, or all of them.
pub fn list(seen: &Seen, waiting: bool) -> Vec<InstructionShown> {
    let all = seen.zone.instructions().into_iter().filter(|i| seen.sees_instruction(i));
    all.filter(|i| !waiting || i.waits(seen.cut)).map(|i| seen.instruction_shown(i)).collect()
}

/// Instructions said on an item, a task or a figure that the caller sees, newest first.
pub fn said_on(seen: &Seen, on: &InstructionOn) -> Vec<InstructionShown> {
    let all = seen.zone.instructions().into_iter().rev().filter(|i| i.on == *on && seen.sees_instruction(i));
    all.map(|i| seen.instruction_shown(i)).collect()
}

/// One instruction. Errors: absent, alike for what is not there and what is not the caller's.
pub fn instruction(seen: &Seen, key: &str) -> Result<InstructionShown, Refusal> {
    let id: InstructionId = key.parse().map_err(|_| Refusal::absent())?;
    let known = seen.zone.instruction(id).filter(|i| seen.sees_instruction(i)).ok_or_else(Refusal::absent)?;
    Ok(seen.instruction_shown(known))
}

/// In whose names the caller may say one now: nobody's, one's own (empty name), or those of leaders who let them.
pub fn voices(seen: &Seen) -> Vec<(Option<PersonId>, String)> {
    if seen.is_past() {
        return Vec::new();
    }
    let mut list = Vec::new();
    if seen.rights.may_somewhere(Verb::Instruct) {
        list.push((None, String::new()));
    }
    if let Some(person) = seen.rights.person {
        let theirs = seen.zone.delegated_to(person, seen.today);
        list.extend(theirs.into_iter().map(|(leader, _)| (Some(leader), seen.person(leader))));
    }
    list
}

/// A delegation as its leader and its receiver see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DelegationShown {
    /// Identity.
    pub id: DelegationId,
    /// The leader.
    pub leader: String,
    /// Who may enter.
    pub to: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// It holds today or will.
    pub open: bool,
    /// The caller gave it.
    pub mine: bool,
}

/// Delegations that the caller gave or was given, newest first.
pub fn delegations(seen: &Seen) -> Vec<DelegationShown> {
    let Some(person) = seen.rights.person else { return Vec::new() };
    let all = seen.zone.delegations().into_iter().rev().filter(|d| d.leader == person || d.to == person);
    all.map(|d| DelegationShown {
        id: d.id,
        leader: seen.person(d.leader),
        to: seen.person(d.to),
        from: d.from,
        until: d.until,
        open: d.ended.is_none() && seen.today <= d.until,
        mine: d.leader == person,
    })
    .collect()
}

impl Seen {
    /// Leaders and the supervising office see what is said on what they see; so does whoever entered it. A unit
    /// sees the task that is made of it.
    fn sees_instruction(&self, known: &Instruction) -> bool {
        let person = self.rights.person;
        let own = person.is_some() && (known.leader == person || self.zone.actor(known.seq) == person);
        let wide = self.rights.may_all(Verb::TaskSupervise) || self.rights.may_all(Verb::Instruct);
        known.seq <= self.cut && (own || wide && self.about(&known.on).is_some())
    }

    /// What an instruction is said on, in words, and its page; `None` when the caller does not see it.
    fn about(&self, on: &InstructionOn) -> Option<(String, String)> {
        match on {
            InstructionOn::Item(id) => {
                let item = self.item(&id.to_string()).ok()?;
                let name = item.name.at(self.cut).or(item.name.last()).cloned().unwrap_or_default();
                Some((name, format!("/items/{id}")))
            }
            InstructionOn::Task(id) => {
                let (task, _) = self.task(&id.to_string()).ok()?;
                Some((format!("{} {}", task.code, task.title), format!("/tasks/{id}")))
            }
            InstructionOn::Figure { subject, measure, period } => {
                let (_, declared) = self.declared(*subject, measure);
                let label = declared?.label.get(self.lang).to_owned();
                let (name, path) = match subject {
                    Subject::Item(id) => {
                        let item = self.item(&id.to_string()).ok()?;
                        (item.name.at(self.cut).or(item.name.last()).cloned()?, format!("/items/{id}"))
                    }
                    Subject::Unit(unit) => {
                        self.sees(*unit).then_some(())?;
                        let shown = self.unit_shown(*unit);
                        (shown.name, format!("/units/{}", shown.code))
                    }
                };
                let words = format!("{name} {label} {}", period.label(self.lang));
                Some((words, format!("{path}/figures/{measure}/{period}")))
            }
        }
    }

    fn instruction_shown(&self, known: &Instruction) -> InstructionShown {
        let zone = &self.zone;
        let (about, path) = self.about(&known.on).unwrap_or_default();
        let may = !self.is_past() && known.answered.is_none() && self.rights.may_all(Verb::TaskSupervise);
        let days = known.delegation.and_then(|id| zone.delegation(id)).map(|d| (d.from, d.until));
        InstructionShown {
            id: known.id,
            words: zone.said(&known.words).to_string(),
            leader: known.leader.map_or_else(|| self.who(known.seq), |leader| self.person(leader)),
            entered: known.leader.map(|_| (self.who(known.seq), days)),
            day: zone.day_known(known.seq),
            when: self.when(known.seq),
            about,
            path,
            waits: known.waits(self.cut),
            answered: known
                .answered
                .filter(|(seq, _)| *seq <= self.cut)
                .map(|(seq, why)| (self.who(seq), self.when(seq), zone.said(&why).to_string())),
            tasks: known
                .tasks
                .iter()
                .filter(|(seq, _)| *seq <= self.cut)
                .filter_map(|(_, id)| self.task(&id.to_string()).ok())
                .map(|(task, _)| (task.id, task.code.clone(), task.title.clone()))
                .collect(),
            may_carry: may && self.rights.may_all(Verb::TaskAssign),
            may_answer: may && known.tasks.is_empty(),
        }
    }
}
