//! One item with everything about it: course, clocks, fields and figures with their histories.

use super::{ClockShown, EvidenceShown, ItemNamed, LinkGroup, NextStep, Plan, ProblemShown};
use crate::blueprint::FieldType;
use crate::entries::CurveSpec;
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::views::number::Number;
use crate::views::pace::Pace;
use crate::views::review::UnitShown;
use crate::views::values::{Group, Reading, last_cell};
use crate::zone::{Item, ItemEnd};
use baton_methods::Period;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// A field with its history.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FieldShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Value in words.
    pub value: String,
    /// Unit of a quantity; empty for words.
    pub unit: &'static str,
    /// Type name.
    pub kind: &'static str,
    /// Choices: key, name.
    pub choices: Vec<(String, String)>,
    /// As typed in a form.
    pub typed: String,
    /// No longer asked.
    pub retired: bool,
    /// Versions: when, who, value.
    pub versions: Vec<(String, String, String)>,
}

/// A measure of an item over the months of a year.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MeasureShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Unit and basis.
    pub unit: String,
    /// Pace at the end of the period.
    pub pace: Pace,
    /// Months: period, its own value, the value to date, number of versions.
    pub months: Vec<(Period, Number, Number, usize)>,
    /// Plan at the month ends, in the measure's unit.
    pub plan: Vec<rust_decimal::Decimal>,
    /// Targets of the year, oldest first.
    pub targets: Vec<TargetShown>,
    /// Whether it may be aimed at and its figures are entered.
    pub entered: bool,
}

/// A version of a target.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TargetShown {
    /// When it was known.
    pub when: String,
    /// Who set it.
    pub who: String,
    /// The amount as shown.
    pub value: String,
    /// List or approval document; empty when none was named.
    pub basis: String,
    /// Why it was changed; empty for the first.
    pub because: String,
    /// Its plan curve in words.
    pub curve: String,
}

/// A plan curve in words: straight, by quarter or by month with its cumulative shares, or by its name.
pub fn curve_words(seen: &Seen, spec: &CurveSpec) -> String {
    let shares = |list: &[rust_decimal::Decimal]| {
        let shown =
            list.iter().map(|s| baton_methods::format_decimal(*s * rust_decimal::Decimal::ONE_HUNDRED, 0, false));
        shown.collect::<Vec<_>>().join("/")
    };
    match spec {
        CurveSpec::Linear => seen.say("curve.linear", &[]),
        CurveSpec::ByQuarter(list) => seen.say("curve.quarter", &[("shares", &shares(list))]),
        CurveSpec::ByMonth(list) => seen.say("curve.month", &[("shares", &shares(list))]),
        CurveSpec::Preset(key) => match seen.blueprint.curves.get(key) {
            Some((label, _)) => label.get(seen.lang).to_owned(),
            None => key.clone(),
        },
    }
}

/// A stage of an item's course.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StageShown {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// `done`, `now`, or empty for those ahead.
    pub state: &'static str,
    /// Day entered.
    pub on: Option<Date>,
}

/// A stage that may be entered next.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NextStage {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Whether evidence is needed.
    pub needs_evidence: bool,
}

/// Everything about one item.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ItemPage {
    /// Identity.
    pub id: ItemId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind key.
    pub kind: String,
    /// Kind in words.
    pub kind_label: String,
    /// Lead unit.
    pub lead: UnitShown,
    /// Co-units.
    pub co: Vec<UnitShown>,
    /// Item above: code, name.
    pub parent: Option<(String, String)>,
    /// Items below: code, name.
    pub children: Vec<(String, String)>,
    /// Ended before its time, in words.
    pub ended: Option<String>,
    /// Course.
    pub stages: Vec<StageShown>,
    /// Stages entered: day, stage, when known, who, why.
    pub course: Vec<(Date, String, String, String, String)>,
    /// Stages the caller may enter next.
    pub next: Vec<NextStage>,
    /// Clocks.
    pub clocks: Vec<ClockShown>,
    /// Fields.
    pub fields: Vec<FieldShown>,
    /// Measures.
    pub measures: Vec<MeasureShown>,
    /// Period whose end is looked at.
    pub period: Period,
    /// Whether the caller may change it.
    pub may_change: bool,
    /// The planned and the real course.
    pub plan: Option<Plan>,
    /// Links to and from other items.
    pub links: Vec<LinkGroup>,
    /// Duplicates that went into it.
    pub merged: Vec<ItemNamed>,
    /// Where it went, when it was merged or split: what stands today.
    pub successors: Vec<ItemNamed>,
    /// Problems raised.
    pub problems: Vec<ProblemShown>,
    /// What its unit wrote as a problem in the last report; empty when it wrote none.
    pub reported_problem: String,
    /// Whether the caller may raise a problem.
    pub may_raise: bool,
    /// Who may do what next.
    pub steps: Vec<NextStep>,
    /// Files that show what was said.
    pub evidence: Vec<EvidenceShown>,
}

/// One item the caller sees, with its figures up to the end of a period.
pub fn item(seen: &Seen, key: &str, period: Period) -> Result<ItemPage, Refusal> {
    let item = seen.item(key)?;
    let lang = seen.lang;
    let known = seen.blueprint.kind(&item.kind).cloned();
    let kind = known
        .or_else(|| seen.zone.blueprints().rev().find_map(|b| b.kind(&item.kind).cloned()))
        .ok_or_else(Refusal::absent)?;
    let asked = seen.asked();
    let group = Group { subjects: vec![Subject::Item(item.id)], items: vec![item.clone()] };
    let now_at =
        item.stage_row(seen.cut).and_then(|r| kind.stages.iter().position(|s| Some(s) == kind.stage(&r.stage)));
    let stages = kind
        .stages
        .iter()
        .enumerate()
        .map(|(n, stage)| {
            let entered = item
                .stages
                .iter()
                .rfind(|r| r.seq <= seen.cut && kind.stage(&r.stage).is_some_and(|s| s.key == stage.key));
            let state = match now_at {
                Some(at) if n == at => "now",
                Some(at) if n < at && entered.is_some() => "done",
                _ => "",
            };
            StageShown {
                key: stage.key.clone(),
                label: stage.label.get(lang).to_owned(),
                state,
                on: entered.map(|r| r.on),
            }
        })
        .collect();
    let course = item
        .stages
        .iter()
        .filter(|r| r.seq <= seen.cut)
        .map(|r| {
            let label = kind.stage(&r.stage).map_or(r.stage.clone(), |s| s.label.get(lang).to_owned());
            let why = r.because.map_or(String::new(), |s| seen.zone.said(&s).to_string());
            (r.on, label, seen.when(r.seq), seen.who(r.seq), why)
        })
        .collect();
    let lead = seen.lead(&item);
    let open = !seen.is_past() && item.stands(seen.cut);
    let next = now_at
        .filter(|_| open && seen.rights.may(Verb::ItemStage, lead))
        .map(|n| &kind.stages[n])
        .into_iter()
        .flat_map(|s| &s.to)
        .filter_map(|t| kind.stage(t))
        .filter(|s| s.by.is_empty() || seen.rights.has_role(&s.by, lead))
        .map(|s| NextStage {
            key: s.key.clone(),
            label: s.label.get(lang).to_owned(),
            needs_evidence: s.needs_evidence,
        })
        .collect();
    let mut fields: Vec<FieldShown> = Vec::new();
    let declared = kind.fields.iter().cloned();
    let gone: Vec<crate::blueprint::Field> = item
        .fields
        .keys()
        .filter(|k| kind.field(k).is_none())
        .filter_map(|k| {
            let old = seen.zone.blueprints().rev().find_map(|b| b.kind(&item.kind)?.field(k).cloned())?;
            Some(crate::blueprint::Field { retired: true, ..old })
        })
        .collect();
    for field in declared.chain(gone) {
        let row = item.field(&seen.zone, &field.key, seen.cut);
        if field.retired && row.is_none() {
            continue;
        }
        let mut lens = kind.clone();
        if lens.field(&field.key).is_none() {
            lens.fields.push(field.clone());
        }
        let words = |v: &crate::entries::FieldValue| crate::views::field_said(&seen.zone, &lens, &field.key, v, lang);
        let versions = item.fields.get(&field.key).map_or_else(Vec::new, |h| {
            h.until(seen.cut)
                .filter(|(seq, _)| seen.zone.counts(*seq, seen.cut))
                .map(|(seq, v)| (seen.when(seq), seen.who(seq), words(v)))
                .collect()
        });
        let typed = match row {
            Some(crate::entries::FieldValue::Choice(key)) => key.clone(),
            Some(crate::entries::FieldValue::Number(n)) => crate::views::Shown::plain(*n),
            Some(crate::entries::FieldValue::Unit(u)) => seen.unit_shown(*u).code,
            Some(v) => words(v),
            None => String::new(),
        };
        fields.push(FieldShown {
            key: field.key.clone(),
            label: field.label.get(lang).to_owned(),
            value: row.map_or(String::new(), words),
            unit: match &field.kind {
                FieldType::Number { unit: Some(unit), .. } => unit.label(lang),
                _ => "",
            },
            kind: field.kind.name(),
            choices: match &field.kind {
                FieldType::Choice(list) => list.iter().map(|c| (c.key.clone(), c.label.get(lang).to_owned())).collect(),
                _ => Vec::new(),
            },
            typed,
            retired: field.retired,
            versions,
        });
    }
    for (key, history) in [
        ("name", own_versions(seen, &item.name, |n| n.clone())),
        ("lead", own_versions(seen, &item.lead, |u| seen.unit_short(*u))),
    ] {
        if history.len() > 1 {
            fields.insert(0, own_field(seen, key, history));
        }
    }
    let co = own_versions(seen, &item.co, |list| {
        list.iter().map(|u| seen.unit_short(*u)).collect::<Vec<_>>().join(lang.pick("、", ", "))
    });
    if co.len() > 1 {
        fields.insert(0, own_field(seen, "co", co));
    }
    let year = Period::year_of(period.year_number());
    let mut measures = Vec::new();
    for measure in &kind.measures {
        let pace = seen.pace(&asked, &kind, measure, &group, false, period);
        let answered = seen.zone.periods_answered(Subject::Item(item.id), &measure.key, None, seen.cut);
        if measure.retired && answered.is_empty() {
            continue;
        }
        let mut months = Vec::new();
        if measure.is_entered() {
            let last = last_cell(measure, period);
            let mut at = Period::of(last.grain(), year.start());
            while at.end() <= period.end() {
                let own = seen.total(&asked, &kind, measure, &group, at, Reading::Own);
                let to_date = seen.total(&asked, &kind, measure, &group, at, Reading::ToDate);
                let versions =
                    seen.zone.figure_versions(Subject::Item(item.id), &measure.key, None, at, seen.cut).len();
                months.push((at, own, to_date, versions));
                at = at.next();
            }
        }
        let versions = seen.zone.targets(Subject::Item(item.id), &measure.key, year.year_number(), seen.cut);
        let plan = versions.last().map_or_else(Vec::new, |t| {
            let curve = crate::views::pace::curve(&seen.blueprint, &t.curve).unwrap_or_default();
            (1..=12u8).filter_map(|m| curve.at_month_end(m).ok()).map(|s| s * t.value).collect()
        });
        let targets = versions
            .iter()
            .map(|t| {
                let value = Number::derived(Some(t.value), measure.unit, measure.decimals, &[]).shown();
                let why = t.because.map_or(String::new(), |s| seen.zone.said(&s).to_string());
                TargetShown {
                    when: seen.when(t.seq),
                    who: seen.who(t.seq),
                    value,
                    basis: t.basis.clone().unwrap_or_default(),
                    because: why,
                    curve: curve_words(seen, &t.curve),
                }
            })
            .collect();
        measures.push(MeasureShown {
            key: measure.key.clone(),
            label: measure.label.get(lang).to_owned(),
            unit: crate::views::review::unit_words(measure, lang),
            pace,
            months,
            plan,
            targets,
            entered: measure.is_entered() && !measure.retired,
        });
    }
    let names = |i: &Arc<Item>| (i.code.clone(), i.name.at(seen.cut).cloned().unwrap_or_default());
    let parent = item.parent.and_then(|p| seen.zone.item(p)).filter(|p| seen.sees_item(p)).map(names);
    let children = seen
        .zone
        .items()
        .filter(|i| i.parent == Some(item.id) && i.known(seen.cut) && seen.sees_item(i))
        .map(names)
        .collect();
    let ended = item.end.at(seen.cut).map(|end| match end {
        ItemEnd::Withdrawn(why) => seen.say("item.withdrawn", &[("why", &seen.zone.said(why))]),
        ItemEnd::Became(into, why) => {
            let into: Vec<String> = into.iter().filter_map(|i| seen.zone.item(*i)).map(|i| i.code.clone()).collect();
            seen.say("item.became", &[("into", &into.join("、")), ("why", &seen.zone.said(why))])
        }
    });
    let named = |list: Vec<Arc<Item>>| {
        list.iter().filter(|i| seen.sees_item(i)).map(|i| seen.item_named(i)).collect::<Vec<_>>()
    };
    let reported = kind.field_of_role("problem").and_then(|f| item.field(&seen.zone, &f.key, seen.cut));
    let reported = reported.map_or(String::new(), |v| crate::views::field_said(&seen.zone, &kind, "", v, lang));
    let units: Vec<UnitId> = item.co.at(seen.cut).into_iter().flatten().copied().chain([lead]).collect();
    let may_raise = open && crate::decide::RAISE.iter().any(|v| units.iter().any(|u| seen.rights.may(*v, *u)));
    Ok(ItemPage {
        plan: seen.plan(&kind, &item),
        links: seen.links(&item),
        merged: named(seen.merged_into(item.id)),
        successors: named(seen.successors(&item)),
        problems: seen.problems(&item),
        // A unit without a problem writes that it has none.
        reported_problem: if is_none_said(&reported) { String::new() } else { reported },
        may_raise,
        steps: seen.next_steps(&kind, &item, period),
        evidence: seen.evidence(&kind, &item),
        id: item.id,
        code: item.code.clone(),
        name: item.name.at(seen.cut).cloned().unwrap_or_default(),
        kind_label: kind.label.get(lang).to_owned(),
        lead: seen.unit_shown(lead),
        co: item.co.at(seen.cut).into_iter().flatten().map(|u| seen.unit_shown(*u)).collect(),
        parent,
        children,
        ended,
        stages,
        course,
        next,
        clocks: seen.clocks(&kind, &item),
        fields,
        measures,
        period,
        may_change: open && seen.rights.may(Verb::ItemChange, lead),
        kind: kind.key,
    })
}

/// The versions of something that is not a field: when, who, in words.
fn own_versions<T: Clone>(
    seen: &Seen,
    history: &crate::zone::History<T>,
    words: impl Fn(&T) -> String,
) -> Vec<(String, String, String)> {
    history.until(seen.cut).map(|(seq, value)| (seen.when(seq), seen.who(seq), words(value))).collect()
}

/// Name, lead or co-units as a field that is only shown: its column's title, its versions.
fn own_field(seen: &Seen, key: &str, versions: Vec<(String, String, String)>) -> FieldShown {
    let title = crate::views::columns::BUILT_IN.iter().find(|(k, ..)| *k == key);
    FieldShown {
        key: key.to_owned(),
        label: title.map_or(String::new(), |(_, zh, en, _)| seen.lang.pick(*zh, *en).to_owned()),
        value: versions.last().map_or(String::new(), |v| v.2.clone()),
        kind: "own",
        unit: "",
        choices: Vec::new(),
        typed: String::new(),
        // Changed by a form of its own, not as a field.
        retired: false,
        versions,
    }
}

/// Whether a unit's words about problems say that there are none.
pub(crate) fn is_none_said(words: &str) -> bool {
    matches!(words.trim().trim_end_matches(['。', '.']), "" | "无" | "没有" | "暂无" | "none" | "None")
}

impl Seen {
    /// The plan curve of a subject's target for a year, as known at the cut; `None` without a target.
    pub fn target_curve(&self, subject: Subject, measure: &str, year: i16) -> Option<CurveSpec> {
        self.zone.target(subject, measure, year, self.cut).map(|t| t.curve.clone())
    }
}
