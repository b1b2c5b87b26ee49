//! Problems raised on an item: what became of each, and which wait for somebody.

use crate::blobs::FileRef;
use crate::entries::ProblemAct;
use crate::ids::*;
use crate::permit::Verb;
use crate::seen::Seen;
use crate::views::pace::LightShown;
use crate::views::tasks;
use crate::zone::{Item, Problem};
use jiff::civil::Date;
use serde::Serialize;

/// A problem as shown.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ProblemShown {
    /// Identity.
    pub id: ProblemId,
    /// The words.
    pub text: String,
    /// Day raised.
    pub on: Date,
    /// Who raised it.
    pub who: String,
    /// Days it has been open, or took.
    pub days: i32,
    /// Tasks made of it: identity, code, title, state in words.
    pub tasks: Vec<(TaskId, String, String, String)>,
    /// Day settled and how.
    pub settled: Option<(Date, String)>,
    /// Unsettled, under way, settled.
    pub light: LightShown,
    /// Files handed over.
    pub evidence: Vec<FileRef>,
    /// Whether the caller may make a task of it.
    pub may_task: bool,
    /// Whether the caller may settle it.
    pub may_settle: bool,
}

/// An open problem with the item it stands on.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ProblemOpen {
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// Its lead unit.
    pub lead: String,
    /// The problem.
    pub problem: ProblemShown,
}

impl Seen {
    /// The problems of an item, open ones first, then the newest.
    pub fn problems(&self, item: &Item) -> Vec<ProblemShown> {
        let mut list: Vec<ProblemShown> =
            item.problems.iter().filter(|p| p.raised() <= self.cut).map(|p| self.problem(item, p)).collect();
        list.sort_by_key(|p| (p.settled.is_some(), std::cmp::Reverse(p.on)));
        list
    }

    fn problem(&self, item: &Item, problem: &Problem) -> ProblemShown {
        let on = self.zone.day_known(problem.raised());
        let acts = || problem.acts.iter().filter(|(seq, _)| *seq <= self.cut);
        let mut text = String::new();
        let mut evidence = Vec::new();
        let mut made: Vec<TaskId> = Vec::new();
        let mut settled = None;
        for (seq, act) in acts() {
            match act {
                ProblemAct::Raised { text: said, evidence: files } => {
                    text = self.zone.said(said).to_string();
                    evidence.extend(files.iter().cloned());
                }
                ProblemAct::Tasked { task } => made.push(*task),
                ProblemAct::Settled { because, evidence: files } => {
                    settled = Some((self.zone.day_known(*seq), self.zone.said(because).to_string()));
                    evidence.extend(files.iter().cloned());
                }
            }
        }
        let tasks: Vec<_> = made
            .iter()
            .filter_map(|t| tasks::task(self, &t.to_string()).ok())
            .map(|t| (t.row.id, t.row.code, t.row.title, t.row.state_word))
            .collect();
        let (key, code) = match (&settled, made.is_empty()) {
            (Some(_), _) => ("ok", "problem.settled"),
            (None, false) => ("warn", "problem.tasked"),
            (None, true) => ("lag", "problem.open"),
        };
        let open = !self.is_past() && settled.is_none() && item.stands(self.cut);
        let lead = self.lead(item);
        let may = |verb| self.rights.may(verb, lead);
        ProblemShown {
            id: problem.id,
            text,
            on,
            who: self.who(problem.raised()),
            days: (settled.as_ref().map_or(self.day, |s| s.0) - on).get_days(),
            light: LightShown { key, word: self.say(code, &[]), reason: String::new() },
            may_task: open && made.is_empty() && self.rights.may_all(Verb::TaskAssign),
            may_settle: open
                && (may(Verb::ItemChange) || self.rights.may_all(Verb::TaskAssign) || may(Verb::TaskSupervise)),
            tasks,
            settled,
            evidence,
        }
    }

    /// Problems that wait for the supervising office: raised on items seen, without a task and not settled.
    pub fn open_problems(&self) -> Vec<ProblemOpen> {
        let mut list = Vec::new();
        for item in self.zone.items().filter(|i| !i.problems.is_empty() && i.stands(self.cut) && self.sees_item(i)) {
            for problem in self.problems(item).into_iter().filter(|p| p.settled.is_none() && p.tasks.is_empty()) {
                let name = item.name.at(self.cut).cloned().unwrap_or_default();
                list.push(ProblemOpen { item: item.id, name, lead: self.unit_short(self.lead(item)), problem });
            }
        }
        list.sort_by(|a, b| (a.problem.on, &a.name).cmp(&(b.problem.on, &b.name)));
        list
    }
}
