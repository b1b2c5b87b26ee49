//! Who may do what next with an item, in words: its stages, the figures asked for, its target.

use super::main_measure;
use crate::blueprint::Kind;
use crate::ids::*;
use crate::permit::Verb;
use crate::seen::Seen;
use crate::zone::Item;
use baton_methods::Period;
use serde::Serialize;

/// One thing that may come next.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NextStep {
    /// What.
    pub what: String,
    /// Who may do it, by role and unit.
    pub who: String,
    /// What must be there first; empty when nothing is wanting.
    pub needs: Vec<String>,
    /// Whether the caller may do it.
    pub mine: bool,
    /// The part of the item's page, or the page, where it is done.
    pub path: String,
}

impl Seen {
    /// Roles that bring a verb, by name.
    fn roles_with(&self, verb: Verb) -> String {
        let roles = self.blueprint.roles.values().filter(|r| r.verbs.contains(&verb));
        roles.map(|r| r.label.get(self.lang)).collect::<Vec<_>>().join(self.lang.pick("、", ", "))
    }

    /// What may come next with an item, and who may do it.
    pub fn next_steps(&self, kind: &Kind, item: &Item, period: Period) -> Vec<NextStep> {
        if !item.stands(self.cut) {
            return Vec::new();
        }
        let lead = self.lead(item);
        let unit = self.unit_short(lead);
        let mut steps = Vec::new();
        for round in self.zone.rounds() {
            let closes = round.closes.at(self.cut).copied().unwrap_or(round.due);
            let asks = round.kinds.contains(&kind.key) && round.units.contains(&lead);
            if !asks || round.opened > self.cut || round.opens > self.day || closes < self.day {
                continue;
            }
            let roles = self.roles_with(Verb::Report);
            let code = self.unit_shown(lead).code;
            steps.push(NextStep {
                what: self.say("next.report", &[("round", &round.title), ("due", &round.due)]),
                who: self.say("next.of-unit", &[("unit", &unit), ("roles", &roles)]),
                needs: Vec::new(),
                mine: !self.is_past() && self.rights.may(Verb::Report, lead),
                path: format!("/rounds/{}/units/{code}", round.id),
            });
        }
        let now = item.stage_row(self.cut).and_then(|r| kind.stage(&r.stage));
        for next in now.into_iter().flat_map(|s| &s.to).filter_map(|to| kind.stage(to)) {
            let (who, mine) = if next.by.is_empty() {
                (self.roles_with(Verb::ItemStage), self.rights.may(Verb::ItemStage, lead))
            } else {
                let roles = next.by.iter().filter_map(|r| self.blueprint.roles.get(r));
                let who = roles.map(|r| r.label.get(self.lang)).collect::<Vec<_>>();
                let mine = self.rights.may(Verb::ItemStage, lead) && self.rights.has_role(&next.by, lead);
                (who.join(self.lang.pick("、", ", ")), mine)
            };
            let mut needs = Vec::new();
            if next.needs_evidence {
                needs.push(self.say("next.evidence", &[]));
            }
            let empty = next.needs_fields.iter().filter(|f| item.field(&self.zone, f, self.cut).is_none());
            for field in empty.filter_map(|f| kind.field(f)) {
                needs.push(self.say("next.field", &[("field", &field.label.get(self.lang))]));
            }
            steps.push(NextStep {
                what: self.say("next.stage", &[("stage", &next.label.get(self.lang))]),
                who,
                needs,
                mine: mine && !self.is_past(),
                path: "#stage-form".to_owned(),
            });
        }
        if let Some(main) = main_measure(kind)
            && self.zone.target(Subject::Item(item.id), &main.key, period.year_number(), self.cut).is_none()
        {
            let args: [(&str, &dyn std::fmt::Display); 2] =
                [("year", &period.year_number()), ("measure", &main.label.get(self.lang))];
            steps.push(NextStep {
                what: self.say("next.target", &args),
                who: self.roles_with(Verb::TargetSet),
                needs: Vec::new(),
                mine: !self.is_past() && self.rights.may(Verb::TargetSet, lead),
                path: format!("/items/{}/targets/{}", item.id, main.key),
            });
        }
        steps
    }
}
