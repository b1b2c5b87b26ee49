//! Pace: where a measure stands against its target and plan curve, with its light and reason.

use super::number::{Column, Number, Sources};
use super::values::{Asked, Group, Reading};
use crate::blueprint::{Blueprint, Direction, FlowOrStock, Kind, Measure, RollUp};
use crate::entries::CurveSpec;
use crate::ids::*;
use crate::seen::Seen;
use baton_methods::lights::{Input, Light};
use baton_methods::{At, Curve, Lang, Period, Unit};
use rust_decimal::Decimal;
use serde::Serialize;

/// The curve that a specification means under a blueprint: its own curves first, then published presets.
///
/// Errors: what is wrong, in Chinese and English.
pub fn curve(blueprint: &Blueprint, spec: &CurveSpec) -> Result<Curve, String> {
    fn fixed<const N: usize>(list: &[Decimal]) -> Result<[Decimal; N], String> {
        list.try_into().map_err(|_| format!("应有 {N} 个累计比例 / {N} cumulative shares expected"))
    }
    let curve = match spec {
        CurveSpec::Linear => Curve::Linear,
        CurveSpec::ByQuarter(list) => Curve::ByQuarter(fixed(list)?),
        CurveSpec::ByMonth(list) => Curve::ByMonth(fixed(list)?),
        CurveSpec::Preset(key) => match blueprint.curves.get(key) {
            Some((_, shares)) => Curve::ByMonth(fixed(shares)?),
            None => Curve::Preset(key.clone()),
        },
    };
    match curve.faults().first() {
        None => Ok(curve),
        Some(fault) => Err(format!("{} / {}", fault.message(Lang::Zh), fault.message(Lang::En))),
    }
}

/// A light with its reason in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LightShown {
    /// Meaning key: `ok`, `warn`, `lag`, `best`, `reminder`, `none`, `exempt`.
    pub key: &'static str,
    /// Word: 正常, 预警, 滞后.
    pub word: String,
    /// Why, with the numbers in it.
    pub reason: String,
}

impl LightShown {
    /// Nothing to judge, in words of the caller's.
    pub fn none(lang: Lang, reason: String) -> LightShown {
        LightShown { key: Light::None.key(), word: Light::None.label(lang).to_owned(), reason }
    }
    /// Nothing to judge, for a reason of the catalogue: `light.{why}` and its word `light.word.{why}`.
    fn unjudged(seen: &Seen, why: &str) -> LightShown {
        LightShown {
            key: Light::None.key(),
            word: seen.say(&format!("light.word.{why}"), &[]),
            reason: seen.say(&format!("light.{why}"), &[]),
        }
    }
    /// Whether it asks for attention.
    pub fn is_bad(&self) -> bool {
        self.key == "lag" || self.key == "warn"
    }
}

/// How 双过半 stands.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct HalfShown {
    /// Key.
    pub key: &'static str,
    /// In words.
    pub word: String,
    /// Amount short of half the task, in the measure's unit; zero when reached.
    pub short: Number,
}

/// A measure against its target.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Pace {
    /// Done to date (flow) or the level (stock).
    pub done: Number,
    /// The period's own amount.
    pub own: Number,
    /// Target of the year.
    pub target: Option<Number>,
    /// What the plan curve expects by the end of the period, in the measure's unit.
    pub plan: Option<Number>,
    /// Share of the target the plan expects, percent.
    pub expected: Option<Number>,
    /// Share of the target done, percent.
    pub share: Option<Number>,
    /// Share done minus share expected, percentage points, taken before rounding.
    pub gap: Option<Number>,
    /// Light and reason.
    pub light: LightShown,
    /// 双过半, for flows with a target.
    pub half: Option<HalfShown>,
    /// Amount needed per month for the rest of the year.
    pub needed: Option<Number>,
    /// How often the targets behind it were changed after they were set.
    pub rebaselined: u32,
    /// Whether the target is a ceiling.
    pub ceiling: bool,
}

impl Seen {
    /// Target of a group: each subject's own, or the zone's own when one is set for all of it.
    fn target(
        &self,
        measure: &Measure,
        group: &Group,
        whole_zone: bool,
        period: Period,
    ) -> Option<(Number, Decimal, u32)> {
        let year = period.year_number();
        let key = self.zone.key_number(&measure.key)?;
        let mut subjects = std::borrow::Cow::Borrowed(group.subjects.as_slice());
        if whole_zone
            && let Some(root) = self.root().map(Subject::Unit)
            && !self.zone.targets_of(root, key, year, self.cut).is_empty()
        {
            subjects = vec![root].into();
        }
        // Levels and rates that form no total have no total of targets either.
        if measure.roll_up == RollUp::None {
            subjects.to_mut().retain(|s| !matches!(s, Subject::Unit(id) if super::rounds::answering(self, *id) != *id));
            if subjects.len() > 1 {
                return None;
            }
        }
        let mut target = Number::missing(measure.unit, measure.decimals);
        let column = Column::new(&measure.key, Some(super::number::TARGET));
        let mut sources = Vec::new();
        let (mut sum, mut planned, mut changes, mut any) = (Decimal::ZERO, Decimal::ZERO, 0, false);
        // Most targets of a measure follow one curve.
        let mut curve_before: Option<(&CurveSpec, Decimal)> = None;
        for &subject in subjects.iter() {
            let versions = self.zone.targets_of(subject, key, year, self.cut);
            let Some(last) = versions.last() else { continue };
            if let Subject::Item(id) = subject
                && self.zone.item(id).is_some_and(|i| !i.stands(self.cut))
            {
                continue;
            }
            if let Subject::Unit(id) = subject
                && super::rounds::answering(self, id) != id
            {
                // Its heir's target was set anew.
                continue;
            }
            any = true;
            changes += versions.len() as u32 - 1;
            let expected = match (&last.curve, measure.flow) {
                // A level without a curve of its own is expected whole at any time.
                (CurveSpec::Linear, FlowOrStock::Stock) => Decimal::ONE,
                (spec, _) => match curve_before {
                    Some((before, expected)) if before == spec => expected,
                    _ => {
                        let share = curve(&self.blueprint, spec)
                            .ok()
                            .and_then(|c| baton_methods::pace::expected_share(&c, At::EndOf(period)).ok())
                            .unwrap_or(Decimal::ONE);
                        curve_before = Some((spec, share));
                        share
                    }
                },
            };
            sum += last.value;
            planned += last.value * expected;
            sources.push(Sources::one(subject, &column, Period::year_of(year), last.seq));
        }
        target.sources = Sources::all(sources);
        if !any {
            return None;
        }
        target.value = Some(sum);
        target.standing = super::Standing::Solid;
        Some((target, planned, changes))
    }

    /// A measure of a group against its target at the end of a period.
    pub fn pace(
        &self,
        asked: &Asked,
        kind: &Kind,
        measure: &Measure,
        group: &Group,
        whole_zone: bool,
        period: Period,
    ) -> Pace {
        let done = self.total(asked, kind, measure, group, period, Reading::ToDate);
        let own = match measure.flow {
            FlowOrStock::Stock => done.clone(),
            FlowOrStock::Flow => self.total(asked, kind, measure, group, period, Reading::Own),
        };
        let found = self.target(measure, group, whole_zone, period);
        let (target, planned, rebaselined) = match found {
            Some((target, planned, changes)) => (Some(target), Some(planned), changes),
            None => (None, None, 0),
        };
        let percent = |value: Option<Decimal>, from: &[&Number]| {
            value.map(|v| Number { decimals: 1, ..Number::derived(Some(v), Unit::Percent, 1, from) })
        };
        let target_value = target.as_ref().and_then(|t| t.value).filter(|t| *t > Decimal::ZERO);
        let share_value = done.value.zip(target_value).and_then(|(d, t)| baton_methods::pace::share_done(d, t).ok());
        let expected_value = planned.zip(target_value).map(|(p, t)| p / t);
        let ends: Vec<&Number> = target.iter().chain([&done]).collect();
        let share = percent(share_value.map(|s| s * Decimal::ONE_HUNDRED), &ends);
        let expected = percent(expected_value.map(|e| e * Decimal::ONE_HUNDRED), &[]);
        let gap_value = match (done.value, target_value, expected_value) {
            (Some(d), Some(t), Some(e)) if measure.flow == FlowOrStock::Flow => {
                baton_methods::pace::gap_points(d, t, e).ok()
            }
            // A rate lies so many points above or below its plan; other levels have no points.
            (Some(d), Some(_), Some(_)) if measure.unit == Unit::Percent => planned.map(|p| d - p),
            _ => None,
        };
        let gap = gap_value.map(|v| Number::derived(Some(v), Unit::Points, 1, &ends));
        let ceiling = measure.direction == Direction::Down;
        let ratio = match (done.value, planned) {
            // Nothing under a ceiling is within it.
            (Some(d), Some(_)) if ceiling && d <= Decimal::ZERO => Some(Decimal::ONE_HUNDRED),
            (Some(d), Some(p)) if ceiling => Some(p / d * Decimal::ONE_HUNDRED),
            (Some(d), Some(p)) if p > Decimal::ZERO => Some(d / p * Decimal::ONE_HUNDRED),
            _ => None,
        };
        let over = super::values::last_cell(measure, period).end() <= self.day;
        let light = match (over, planned) {
            (false, Some(_)) => LightShown::unjudged(self, "not-over"),
            _ => self.light(measure, gap_value, ratio, &done, planned),
        };
        let flows = measure.flow == FlowOrStock::Flow && !ceiling;
        let half = flows.then(|| {
            let (d, t) = (done.value?, target_value?);
            let half = baton_methods::pace::half_half(d, t, At::EndOf(period)).ok()?;
            let short = (t / Decimal::TWO - d).max(Decimal::ZERO);
            Some(HalfShown {
                key: half.status.key(),
                word: half.status.label(self.lang).to_owned(),
                short: Number::derived(Some(short), measure.unit, measure.decimals, &ends),
            })
        });
        let needed = flows.then(|| {
            let (d, t) = (done.value?, target_value?);
            let left = baton_methods::pace::months_left(period);
            let needed = baton_methods::pace::amount_needed(d, t, left).ok()?;
            Some(Number::derived(Some(needed.per_period), measure.unit, measure.decimals, &ends))
        });
        let plan = planned.map(|p| Number::derived(Some(p), measure.unit, measure.decimals, &[]));
        Pace {
            own,
            plan,
            expected,
            share,
            gap,
            light,
            half: half.flatten(),
            needed: needed.flatten(),
            rebaselined,
            ceiling,
            target,
            done,
        }
    }

    fn light(
        &self,
        measure: &Measure,
        gap: Option<Decimal>,
        ratio: Option<Decimal>,
        done: &Number,
        planned: Option<Decimal>,
    ) -> LightShown {
        let why = match (done.value.is_some(), planned.is_some()) {
            (false, _) if measure.value.is_some() && done.is_partial() => Some("incomplete"),
            (false, _) if done.withheld > 0 => Some("withheld"),
            (false, _) => Some("no-figure"),
            (true, false) => Some("no-target"),
            (true, true) => None,
        };
        // What has neither target nor rule is watched, whether or not a figure is there.
        let rule = measure.light.as_ref().and_then(|k| self.blueprint.lights.get(k));
        let Some(rule) = rule.filter(|_| planned.is_some() || why != Some("no-target")) else {
            let why = if rule.is_some() || done.value.is_none() { why } else { None };
            return LightShown::unjudged(self, why.unwrap_or("no-rule"));
        };
        let reading = match rule.input {
            Input::GapPoints => gap,
            Input::Ratio => ratio,
            _ => None,
        };
        if let Some(why) = why.or(reading.is_none().then_some("no-rule")) {
            return LightShown::unjudged(self, why);
        }
        let judged = baton_methods::lights::judge(rule, reading);
        let mut reason = judged.reason(self.lang).to_owned();
        if measure.direction == Direction::Down
            && let (Some(value), Some(limit)) = (done.value, planned)
        {
            // Of a ceiling one says by how much it is exceeded, not which share of the plan is done.
            let shown = |v: Decimal| Number::derived(Some(v), measure.unit, measure.decimals, &[]).shown();
            let over = value - limit;
            let code = if over > Decimal::ZERO { "light.over" } else { "light.within" };
            let args: [(&str, &dyn std::fmt::Display); 4] = [
                ("done", &shown(value)),
                ("limit", &shown(limit)),
                ("by", &shown(over.abs())),
                ("unit", &measure.unit.label(self.lang)),
            ];
            reason = self.say(code, &args);
        }
        LightShown { key: judged.light.key(), word: judged.light.label(self.lang).to_owned(), reason }
    }
}
