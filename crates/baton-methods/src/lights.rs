//! Lights: judging a reading by a declared rule set, with the reason in words.
//!
//! A rule set is data and must cover its whole range without gap or overlap. A light stores a meaning, not a colour.

use crate::quantity::{format_decimal, format_exact, round_half_up};
use crate::words::{Lang, Words};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

/// What a light says.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Better than asked (some places' blue).
    Best,
    /// On track (green).
    Ok,
    /// Near due: a reminder, no blame (other places' blue).
    Reminder,
    /// Warning (yellow, orange).
    Warn,
    /// Behind (red).
    Lag,
    /// Nothing to judge: no figure as of the date.
    None,
    /// An approved exemption suppresses the light.
    Exempt,
}

impl Light {
    /// Every light, best first.
    pub const ALL: [Light; 7] =
        [Light::Best, Light::Ok, Light::Reminder, Light::Warn, Light::Lag, Light::None, Light::Exempt];

    /// Stable key: `best`, `ok`, `reminder`, `warn`, `lag`, `none`, `exempt`.
    pub fn key(self) -> &'static str {
        match self {
            Light::Best => "best",
            Light::Ok => "ok",
            Light::Reminder => "reminder",
            Light::Warn => "warn",
            Light::Lag => "lag",
            Light::None => "none",
            Light::Exempt => "exempt",
        }
    }

    /// Its word: 领先, 正常, 提醒, 预警, 滞后, 未报, 豁免.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Light::Best => lang.pick("领先", "leading"),
            Light::Ok => lang.pick("正常", "on track"),
            Light::Reminder => lang.pick("提醒", "reminder"),
            Light::Warn => lang.pick("预警", "warning"),
            Light::Lag => lang.pick("滞后", "behind"),
            Light::None => lang.pick("未报", "not reported"),
            Light::Exempt => lang.pick("豁免", "exempt"),
        }
    }
}

/// What a rule set judges.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Share done minus share expected, percentage points; negative = behind.
    GapPoints,
    /// Done ÷ planned by now, percent.
    Ratio,
    /// Percentage points below a required share; zero or negative = the rule is kept.
    PointsBelowRule,
    /// Months since something happened; may have decimals.
    MonthsSince,
    /// Whole months past the planned date; zero or negative = in time.
    MonthsOverdue,
    /// Whole days past a limit; zero or negative = within it.
    DaysOver,
    /// How many times in a row it was missed.
    ConsecutiveMisses,
    /// Whole days to the deadline; negative = overdue.
    DaysToDeadline,
    /// 0 = met in its month, 1 = made up later, 2 = still open.
    CatchUp,
    /// A plain value of the measure itself.
    Value,
}

impl Input {
    /// Only whole numbers occur.
    pub fn is_whole(self) -> bool {
        matches!(
            self,
            Input::MonthsOverdue | Input::DaysOver | Input::ConsecutiveMisses | Input::DaysToDeadline | Input::CatchUp
        )
    }

    /// The least and greatest value that can occur; none = without limit.
    pub fn range(self) -> (Option<Decimal>, Option<Decimal>) {
        match self {
            Input::ConsecutiveMisses | Input::MonthsSince => (Some(Decimal::ZERO), None),
            Input::CatchUp => (Some(Decimal::ZERO), Some(Decimal::TWO)),
            _ => (None, None),
        }
    }

    /// What it is called.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Input::GapPoints => lang.pick("与计划进度之差（百分点）", "gap to pace, points"),
            Input::Ratio => lang.pick("完成到期计划的百分比", "percent of plan to date"),
            Input::PointsBelowRule => lang.pick("低于规定的百分点", "points below the rule"),
            Input::MonthsSince => lang.pick("已过月数", "months since"),
            Input::MonthsOverdue => lang.pick("逾期月数", "months overdue"),
            Input::DaysOver => lang.pick("超期天数", "days over"),
            Input::ConsecutiveMisses => lang.pick("连续未完成次数", "misses in a row"),
            Input::DaysToDeadline => lang.pick("距到期天数", "days to the deadline"),
            Input::CatchUp => lang.pick("补进度情况", "making up"),
            Input::Value => lang.pick("指标值", "value"),
        }
    }
}

fn yes() -> bool {
    true
}

/// One band of a rule set: the values from `from` to `to` give `light`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Lower bound; none = without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    /// Does the lower bound itself belong to the band? Yes unless said otherwise.
    #[serde(default = "yes")]
    pub from_inclusive: bool,
    /// Upper bound; none = without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Decimal>,
    /// Does the upper bound itself belong to the band? No unless said otherwise.
    #[serde(default)]
    pub to_inclusive: bool,
    /// The light of the band.
    pub light: Light,
    /// Its reason; `{value}` is the value shown, `{size}` the value without sign, `{from}` and `{to}` the bounds.
    pub reason: Words,
}

impl Band {
    /// Does `value` lie in the band?
    pub fn contains(&self, value: Decimal) -> bool {
        let above = self.from.is_none_or(|from| value > from || (self.from_inclusive && value == from));
        let below = self.to.is_none_or(|to| value < to || (self.to_inclusive && value == to));
        above && below
    }

    /// The band's range as people write it: `[-30, -10]`, `(0, +∞)`.
    pub fn range_text(&self) -> String {
        let lower = self.from.map_or("(-∞".into(), |from| {
            format!("{}{}", if self.from_inclusive { "[" } else { "(" }, format_exact(from))
        });
        let upper = self
            .to
            .map_or("+∞)".into(), |to| format!("{}{}", format_exact(to), if self.to_inclusive { "]" } else { ")" }));
        format!("{lower}, {upper}")
    }
}

/// A declared rule: what it judges, and which values give which light.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Stable key.
    pub key: String,
    /// Its names.
    pub name: Words,
    /// What it judges.
    pub input: Input,
    /// Digits the value is rounded to before it is judged and shown; none for an input of whole numbers means 0, for
    /// others 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// Where the rule is published.
    #[serde(default)]
    pub source: String,
    /// What the source leaves open and how it is read here; shown beside the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_range: Option<Words>,
    /// May an approved exemption suppress the light?
    #[serde(default)]
    pub exemptible: bool,
    /// The bands, from the lowest values to the highest.
    pub bands: Vec<Band>,
}

/// Most decimals a rule may round to.
const DECIMALS_MAX: u32 = 6;

/// A mistake in a rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleFault {
    /// The text is not a file of rule sets; the reader's own words.
    Unreadable(String),
    /// Two rule sets have the same key.
    KeyTwice(String),
    /// A rule set without bands.
    NoBands(String),
    /// More than six decimals.
    TooManyDecimals(String, u32),
    /// A band that no value can lie in.
    EmptyBand {
        /// Key of the rule set.
        rule: String,
        /// Number of the band, from 1.
        band: usize,
        /// Its range.
        range: String,
    },
    /// Values that no band covers.
    Gap {
        /// Key of the rule set.
        rule: String,
        /// The values left out.
        range: String,
    },
    /// Values that two bands cover.
    Overlap {
        /// Key of the rule set.
        rule: String,
        /// Numbers of the bands, from 1.
        bands: (usize, usize),
        /// The values covered twice.
        range: String,
    },
    /// A placeholder that is not known, in a reason.
    UnknownPlaceholder {
        /// Key of the rule set.
        rule: String,
        /// Number of the band, from 1.
        band: usize,
        /// What stands in the braces.
        placeholder: String,
    },
    /// A band without a reason in both languages.
    NoReason {
        /// Key of the rule set.
        rule: String,
        /// Number of the band, from 1.
        band: usize,
    },
}

impl RuleFault {
    /// Stable code, such as `light.gap`.
    pub fn code(&self) -> &'static str {
        match self {
            RuleFault::Unreadable(_) => "light.unreadable",
            RuleFault::KeyTwice(_) => "light.key_twice",
            RuleFault::NoBands(_) => "light.no_bands",
            RuleFault::TooManyDecimals(..) => "light.too_many_decimals",
            RuleFault::EmptyBand { .. } => "light.empty_band",
            RuleFault::Gap { .. } => "light.gap",
            RuleFault::Overlap { .. } => "light.overlap",
            RuleFault::UnknownPlaceholder { .. } => "light.unknown_placeholder",
            RuleFault::NoReason { .. } => "light.no_reason",
        }
    }

    /// What is wrong, where, and the way out.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            RuleFault::Unreadable(why) => {
                lang.pick(format!("亮灯规则读不懂：{why}"), format!("the light rules cannot be read: {why}"))
            }
            RuleFault::KeyTwice(key) => {
                lang.pick(format!("亮灯规则“{key}”出现两次，请改名"), format!("light rule “{key}” occurs twice; rename one"))
            }
            RuleFault::NoBands(key) => lang.pick(
                format!("亮灯规则“{key}”没有分档，请至少写一档"),
                format!("light rule “{key}” has no bands; write at least one"),
            ),
            RuleFault::TooManyDecimals(key, decimals) => lang.pick(
                format!("亮灯规则“{key}”的小数位数为 {decimals}，最多 {DECIMALS_MAX} 位"),
                format!("light rule “{key}” has {decimals} decimals; at most {DECIMALS_MAX}"),
            ),
            RuleFault::EmptyBand { rule, band, range } => lang.pick(
                format!("亮灯规则“{rule}”第 {band} 档 {range} 不含任何值，请核对上下限"),
                format!("band {band} of light rule “{rule}”, {range}, holds no value; check its bounds"),
            ),
            RuleFault::Gap { rule, range } => lang.pick(
                format!("亮灯规则“{rule}”没有覆盖 {range}，请补一档或改上下限"),
                format!("light rule “{rule}” does not cover {range}; add a band or move a bound"),
            ),
            RuleFault::Overlap { rule, bands, range } => lang.pick(
                format!("亮灯规则“{rule}”第 {} 档和第 {} 档都含 {range}，请改上下限", bands.0, bands.1),
                format!("bands {} and {} of light rule “{rule}” both hold {range}; move a bound", bands.0, bands.1),
            ),
            RuleFault::UnknownPlaceholder { rule, band, placeholder } => lang.pick(
                format!("亮灯规则“{rule}”第 {band} 档的理由中有不认识的 {{{placeholder}}}，可用 {{value}}、{{size}}、{{from}}、{{to}}"),
                format!("the reason of band {band} of light rule “{rule}” has an unknown {{{placeholder}}}; known: {{value}}, {{size}}, {{from}}, {{to}}"),
            ),
            RuleFault::NoReason { rule, band } => lang.pick(
                format!("亮灯规则“{rule}”第 {band} 档缺少中文或英文理由"),
                format!("band {band} of light rule “{rule}” lacks a reason in Chinese or English"),
            ),
        }
    }
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for RuleFault {}

impl RuleSet {
    /// Digits the value is rounded to before it is judged.
    pub fn digits(&self) -> u32 {
        self.decimals.unwrap_or(if self.input.is_whole() { 0 } else { 1 })
    }

    /// Smallest difference of two values that are judged.
    fn step(&self) -> Decimal {
        Decimal::new(1, self.digits().min(DECIMALS_MAX))
    }

    /// Every mistake in it. A rule set without mistakes gives exactly one band for every value that can occur, and its
    /// bands stand in order.
    pub fn faults(&self) -> Vec<RuleFault> {
        let mut faults = Vec::new();
        let rule = || self.key.clone();
        if self.bands.is_empty() {
            faults.push(RuleFault::NoBands(rule()));
            return faults;
        }
        if self.digits() > DECIMALS_MAX {
            faults.push(RuleFault::TooManyDecimals(rule(), self.digits()));
        }
        for (index, band) in self.bands.iter().enumerate() {
            let band_number = index + 1;
            if band.reason.zh.trim().is_empty() || band.reason.en.trim().is_empty() {
                faults.push(RuleFault::NoReason { rule: rule(), band: band_number });
            }
            for text in [&band.reason.zh, &band.reason.en] {
                faults.extend(unknown_placeholder(text).map(|placeholder| RuleFault::UnknownPlaceholder {
                    rule: rule(),
                    band: band_number,
                    placeholder,
                }));
            }
        }
        self.cover_faults(&mut faults);
        faults
    }

    /// Gaps, overlaps and empty bands, judged on the values that can occur: multiples of the rounding step.
    fn cover_faults(&self, faults: &mut Vec<RuleFault>) {
        let step = self.step();
        let (least, greatest) = self.input.range();
        // Bands as closed ranges of the values that can occur; none = without limit.
        let mut ranges = Vec::new();
        for (index, band) in self.bands.iter().enumerate() {
            let first = band.from.map(|from| {
                let up = round_up(from, self.digits());
                if up == from && !band.from_inclusive { up.saturating_add(step) } else { up }
            });
            let last = band.to.map(|to| {
                let down = -round_up(-to, self.digits());
                if down == to && !band.to_inclusive { down.saturating_sub(step) } else { down }
            });
            let first = match (first, least) {
                (Some(first), Some(least)) => Some(first.max(least)),
                (first, least) => first.or(least),
            };
            let last = match (last, greatest) {
                (Some(last), Some(greatest)) => Some(last.min(greatest)),
                (last, greatest) => last.or(greatest),
            };
            if let (Some(first), Some(last)) = (first, last)
                && first > last
            {
                faults.push(RuleFault::EmptyBand { rule: self.key.clone(), band: index + 1, range: band.range_text() });
                continue;
            }
            ranges.push((index + 1, first, last));
        }
        ranges.sort_by_key(|(band, first, _)| (first.is_some(), *first, *band));
        // `covered`: the greatest value covered so far and by which band; starts below the least value.
        let text = |first: Option<Decimal>, last: Option<Decimal>| match (first, last) {
            (Some(first), Some(last)) if first == last => format_exact(first),
            (first, last) => Band {
                from: first,
                from_inclusive: true,
                to: last,
                to_inclusive: true,
                light: Light::None,
                reason: Words::default(),
            }
            .range_text(),
        };
        let mut covered: Option<(usize, Option<Decimal>)> = None;
        for (band, first, last) in ranges {
            match covered {
                None => {
                    if first != least {
                        let before = first.map(|first| first.saturating_sub(step));
                        faults.push(RuleFault::Gap { rule: self.key.clone(), range: text(least, before) });
                    }
                }
                Some((other, end)) => {
                    let next = end.map(|end| end.saturating_add(step));
                    let overlaps = match (first, end) {
                        (_, None) => true,
                        (None, _) => true,
                        (Some(first), Some(end)) => first <= end,
                    };
                    if overlaps {
                        let shared = match (last, end) {
                            (Some(last), Some(end)) => Some(last.min(end)),
                            (last, end) => last.or(end),
                        };
                        faults.push(RuleFault::Overlap {
                            rule: self.key.clone(),
                            bands: (other, band),
                            range: text(first, shared),
                        });
                    } else if first != next {
                        faults.push(RuleFault::Gap {
                            rule: self.key.clone(),
                            range: text(next, first.map(|first| first.saturating_sub(step))),
                        });
                    }
                }
            }
            let further = match covered {
                Some((_, end)) => match (end, last) {
                    (Some(end), Some(last)) => last > end,
                    (Some(_), None) => true,
                    (None, _) => false,
                },
                None => true,
            };
            if further {
                covered = Some((band, last));
            }
        }
        if let Some((_, Some(end))) = covered
            && greatest.is_none_or(|greatest| end < greatest)
        {
            faults
                .push(RuleFault::Gap { rule: self.key.clone(), range: text(Some(end.saturating_add(step)), greatest) });
        }
    }

    /// The rule in words, one line a band, for the page that shows a light.
    pub fn describe(&self, lang: Lang) -> Vec<String> {
        self.bands
            .iter()
            .map(|band| format!("{}：{} {}", band.light.label(lang), self.input.label(lang), band.range_text()))
            .map(|line| if lang == Lang::En { line.replace('：', ": ") } else { line })
            .collect()
    }
}

/// The least multiple of the step that is not below `value`.
fn round_up(value: Decimal, digits: u32) -> Decimal {
    value.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::ToPositiveInfinity)
}

const PLACEHOLDERS: [&str; 4] = ["value", "size", "from", "to"];

fn unknown_placeholder(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let inside = &rest[open + 1..];
        let close = inside.find('}').unwrap_or(inside.len());
        let name = &inside[..close];
        if !PLACEHOLDERS.contains(&name) {
            return Some(name.to_string());
        }
        rest = &inside[close..];
    }
    None
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[serde(default)]
    rule: Vec<RuleSet>,
}

/// Reads a file of `[[rule]]` tables: the rule sets, and every mistake in them. A rule set with mistakes must not judge.
pub fn load(text: &str) -> (Vec<RuleSet>, Vec<RuleFault>) {
    let file: RuleFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => return (Vec::new(), vec![RuleFault::Unreadable(error.to_string())]),
    };
    let mut faults = Vec::new();
    for (index, rule) in file.rule.iter().enumerate() {
        if file.rule[..index].iter().any(|other| other.key == rule.key) {
            faults.push(RuleFault::KeyTwice(rule.key.clone()));
        }
        faults.extend(rule.faults());
    }
    (file.rule, faults)
}

/// The text of the shipped rule sets.
pub const PRESETS_TOML: &str = include_str!("../data/lights.toml");

static PRESETS: LazyLock<Vec<RuleSet>> = LazyLock::new(|| load(PRESETS_TOML).0);

/// The shipped rule sets: those published, and Baton's own `plan_ratio` and `task_due`.
pub fn presets() -> &'static [RuleSet] {
    &PRESETS
}

/// The shipped rule set with this key.
pub fn preset(key: &str) -> Option<&'static RuleSet> {
    presets().iter().find(|rule| rule.key == key)
}

/// What is to be judged.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reading {
    /// The value of the rule's input; none when there is no figure as of the date.
    pub value: Option<Decimal>,
    /// Reason of an approved exemption, if there is one.
    pub exemption: Option<Words>,
    /// Numbers behind the value, to stand after the reason in brackets: `完成 629.0，计划 647.4`.
    pub detail: Option<Words>,
}

impl From<Decimal> for Reading {
    fn from(value: Decimal) -> Reading {
        Reading { value: Some(value), ..Reading::default() }
    }
}

impl From<Option<Decimal>> for Reading {
    fn from(value: Option<Decimal>) -> Reading {
        Reading { value, ..Reading::default() }
    }
}

impl From<i64> for Reading {
    fn from(value: i64) -> Reading {
        Decimal::from(value).into()
    }
}

/// A light and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The light.
    pub light: Light,
    /// Number of the band that gave it, from 0; none without a value or under an exemption.
    pub band: Option<usize>,
    /// The value as it was judged: rounded to the rule's digits.
    pub value: Option<Decimal>,
    /// Why, in Chinese, with the numbers in it.
    pub reason_zh: String,
    /// Why, in English, with the numbers in it.
    pub reason_en: String,
}

impl Judged {
    /// Why, in `lang`.
    pub fn reason(&self, lang: Lang) -> &str {
        lang.pick(&self.reason_zh, &self.reason_en)
    }
}

/// Judges one reading. The value is rounded half up to the rule's digits first, so that what is shown is what is judged.
///
/// Without a value the light is `None`; an approved exemption gives `Exempt` when the rule allows one. A value that no
/// band covers (the rule set has faults) gives `None` and says so.
pub fn judge(rule: &RuleSet, reading: impl Into<Reading>) -> Judged {
    let reading = reading.into();
    let name = &rule.name;
    let plain =
        |light, value, zh: String, en: String| Judged { light, band: None, value, reason_zh: zh, reason_en: en };
    let value = reading.value.map(|value| round_half_up(value, rule.digits()));
    if let Some(why) = reading.exemption.filter(|_| rule.exemptible) {
        return plain(
            Light::Exempt,
            value,
            format!("{}：经批准豁免（{}）", name.zh, why.zh),
            format!("{}: exempt by approval ({})", name.en, why.en),
        );
    }
    let Some(value) = value else {
        return plain(
            Light::None,
            None,
            format!("{}：没有数据，不亮灯", name.zh),
            format!("{}: no figure, no light", name.en),
        );
    };
    let shown = format_decimal(value, rule.digits(), false);
    let Some(index) = rule.bands.iter().position(|band| band.contains(value)) else {
        return plain(
            Light::None,
            Some(value),
            format!("{}：规则没有覆盖 {shown}，不亮灯；请修正规则", name.zh),
            format!("{}: the rule does not cover {shown}, no light; mend the rule", name.en),
        );
    };
    let band = &rule.bands[index];
    let (mut zh, mut en) = (fill(&band.reason.zh, band, value, &shown), fill(&band.reason.en, band, value, &shown));
    if let Some(detail) = &reading.detail {
        zh.push_str(&format!("（{}）", detail.zh));
        en.push_str(&format!(" ({})", detail.en));
    }
    Judged { light: band.light, band: Some(index), value: Some(value), reason_zh: zh, reason_en: en }
}

fn fill(text: &str, band: &Band, value: Decimal, shown: &str) -> String {
    let bound = |bound: Option<Decimal>| bound.map_or("∞".to_string(), format_exact);
    text.replace("{value}", shown)
        .replace("{size}", shown.strip_prefix('-').filter(|_| value < Decimal::ZERO).unwrap_or(shown))
        .replace("{from}", &bound(band.from))
        .replace("{to}", &bound(band.to))
}
