//! The quarterly review (评议): where the zone stands at the end of a period, as known at a cut.

use super::number::Number;
use super::pace::{LightShown, Pace};
use super::rounds::Answer;
use super::values::Group;
use crate::blueprint::{Kind, Measure, ReviewLine};
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use baton_methods::Period;
use serde::Serialize;

/// A unit by name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct UnitShown {
    /// Identity.
    pub id: UnitId,
    /// Code.
    pub code: String,
    /// Short name.
    pub name: String,
}

/// One line: a measure for the zone, or for the caller's own units when the whole is not theirs to see.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Line {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Unit and basis: `亿元 · 调度口径`.
    pub unit: String,
    /// Kind key.
    pub kind: String,
    /// Measure key.
    pub measure: String,
    /// Where it stands; `None` when the whole is not the caller's to see.
    pub pace: Option<Pace>,
    /// By territorial unit, in official order: only units that are seen.
    pub by_unit: Vec<(UnitShown, Pace)>,
    /// The unit responsible for the line.
    pub responsible: Option<UnitShown>,
}

/// One area with its lines.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReviewArea {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// A bottom line: told apart, never scored.
    pub bottom: bool,
    /// Lines.
    pub lines: Vec<Line>,
}

/// A row of the grid: a unit against the lines shown by unit.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct HeatRow {
    /// Unit.
    pub unit: UnitShown,
    /// One cell for each line by unit; `None` when it has nothing to show there.
    pub cells: Vec<Option<HeatCell>>,
}

/// A cell of the grid.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct HeatCell {
    /// Number shown: share of target or value.
    pub shown: String,
    /// Light.
    pub light: LightShown,
}

/// Something that wants attention, in words.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Attention {
    /// Light key: `lag` before `warn` before `none`.
    pub light: String,
    /// Light word.
    pub word: String,
    /// About what.
    pub subject: String,
    /// Why, in words with numbers.
    pub why: String,
    /// Who is responsible.
    pub who: String,
    /// Since when it has been so, in words; empty when that cannot be said.
    pub since: String,
    /// Page about it.
    pub path: String,
}

/// Where the zone stands.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Review {
    /// Name of the zone.
    pub zone: String,
    /// Period.
    pub period: Period,
    /// Period in words.
    pub period_label: String,
    /// The day whose knowledge is shown.
    pub known: jiff::civil::Date,
    /// The cut.
    pub cut: u64,
    /// Version of the rules in force.
    pub blueprint_version: u32,
    /// Whether the whole zone is shown; else only what the caller sees.
    pub whole: bool,
    /// Whether figures are invented.
    pub invented: bool,
    /// Areas in order.
    pub areas: Vec<ReviewArea>,
    /// Titles of the grid's columns.
    pub heat_columns: Vec<String>,
    /// Rows of the grid, in official order, without ranks.
    pub heat: Vec<HeatRow>,
    /// What wants attention, worst first, else in the order of the page.
    pub attention: Vec<Attention>,
    /// Units that have not answered the rounds of the period.
    pub unanswered: Vec<Answer>,
    /// How many lines are on track, warned, behind, without a light.
    pub counts: Counts,
    /// What became of the commitments of the meeting before.
    pub commitments: Vec<super::tasks::Commitment>,
}

/// Numbers of lines by light.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// On track (also leading).
    pub ok: u32,
    /// Warned.
    pub warn: u32,
    /// Behind.
    pub lag: u32,
    /// With a target, but without a figure to judge.
    pub none: u32,
    /// Watched: without a target or a rule, so that nothing is judged.
    pub watched: u32,
}

impl Counts {
    /// All lines.
    pub fn all(&self) -> u32 {
        self.judged() + self.watched
    }
    /// Lines with a target.
    pub fn judged(&self) -> u32 {
        self.ok + self.warn + self.lag + self.none
    }
    fn count(&mut self, pace: &Pace) {
        match pace.light.key {
            "ok" | "best" => self.ok += 1,
            "warn" | "reminder" => self.warn += 1,
            "lag" => self.lag += 1,
            _ if pace.target.is_some() => self.none += 1,
            _ => self.watched += 1,
        }
    }
}

/// Refuses a period too short to be reviewed: plans and targets run by months.
pub fn reviewable(period: Period, lang: baton_methods::Lang) -> Result<(), Refusal> {
    use baton_methods::Grain;
    match period.grain() {
        Grain::TenDay | Grain::Week | Grain::Day => {
            let label = period.label(lang);
            Err(Refusal::wrong("review.short", &[("period", &label)]).at("period"))
        }
        Grain::Year | Grain::Half | Grain::Quarter | Grain::JanFeb | Grain::Month => Ok(()),
    }
}

/// The review of a period for a caller.
pub fn review(seen: &Seen, period: Period) -> Review {
    let lang = seen.lang;
    let whole = seen.sees_all();
    let asked = seen.asked();
    let on = period.end().min(seen.day());
    let territorial = seen.territorial_units_on(on);
    let mut areas: Vec<ReviewArea> = Vec::new();
    let mut heat_columns = Vec::new();
    let mut heat: Vec<HeatRow> = territorial
        .iter()
        .filter(|u| seen.sees(**u))
        .map(|u| HeatRow { unit: seen.unit_shown(*u), cells: Vec::new() })
        .collect();
    let mut attention = Vec::new();
    let mut counts = Counts::default();
    for kind in &seen.blueprint().kinds {
        let lines: Vec<(&ReviewLine, &Measure)> =
            kind.review.iter().filter_map(|l| Some((l, kind.measure(&l.measure)?))).collect();
        if lines.is_empty() {
            continue;
        }
        let (all, by) = seen.groups(kind, on);
        let own: Group = if whole { Group::default() } else { own_group(seen, &by) };
        let mut made = Vec::new();
        for (line, measure) in lines {
            let label = line.label.as_ref().unwrap_or(&measure.label).get(lang).to_owned();
            let responsible = line.unit.as_deref().and_then(|code| seen.unit_by_code(code));
            let see_line = whole || responsible.is_some_and(|u| seen.sees(u));
            let pace = if see_line {
                Some(seen.pace(&asked, kind, measure, &all, true, period))
            } else if !own.subjects.is_empty() || !own.items.is_empty() {
                Some(seen.pace(&asked, kind, measure, &own, false, period))
            } else {
                None
            };
            let mut by_unit = Vec::new();
            if line.by_unit {
                heat_columns.push(label.clone());
                for row in &mut heat {
                    let cell = by.get(&row.unit.id).map(|group| seen.pace(&asked, kind, measure, group, false, period));
                    row.cells.push(cell.as_ref().map(|p| heat_cell(p)));
                    if let Some(pace) = cell {
                        by_unit.push((row.unit.clone(), pace));
                    }
                }
            }
            if let Some(pace) = &pace {
                counts.count(pace);
                let zone = || if whole { lang.pick("全区", "zone").to_owned() } else { own_names(seen) };
                let who = responsible.map_or_else(zone, |u| seen.unit_short(u));
                let path = format!("/review/{period}#{}-{}", kind.key, line.key);
                if pace.light.is_bad() {
                    let (group, zone_wide) = if see_line { (&all, true) } else { (&own, false) };
                    let since = seen.bad_since(&asked, kind, measure, group, zone_wide, period);
                    attention.push(attend(&label, pace, who, since, path));
                }
            }
            for (unit, pace) in by_unit.iter().filter(|(_, p)| p.light.key == "lag") {
                let subject = format!("{} · {label}", unit.name);
                let since = by
                    .get(&unit.id)
                    .map_or_else(String::new, |group| seen.bad_since(&asked, kind, measure, group, false, period));
                let path = format!("/review/{period}#{}-{}", kind.key, line.key);
                attention.push(attend(&subject, pace, unit.name.clone(), since, path));
            }
            made.push(Line {
                key: line.key.clone(),
                label,
                unit: unit_words(measure, lang),
                kind: kind.key.clone(),
                measure: measure.key.clone(),
                pace,
                by_unit,
                responsible: responsible.map(|u| seen.unit_shown(u)),
            });
        }
        let area = areas.iter().position(|a| a.key == kind.area);
        match area {
            Some(n) => areas[n].lines.extend(made),
            None => areas.push(ReviewArea {
                key: kind.area.clone(),
                label: seen.blueprint().area(&kind.area).map_or(String::new(), |a| a.label.get(lang).to_owned()),
                bottom: seen.blueprint().area(&kind.area).is_some_and(|a| a.bottom),
                lines: made,
            }),
        }
    }
    // Areas stand in the order of the blueprint, bottom lines after the others.
    areas.sort_by_key(|a| (a.bottom, seen.blueprint().areas.iter().position(|b| b.key == a.key)));
    let unanswered = super::rounds::unanswered(seen, period);
    let commitments = super::tasks::commitments(seen, period);
    let severity = |a: &Attention| match a.light.as_str() {
        "lag" => 0,
        "warn" => 1,
        _ => 2,
    };
    attention.sort_by_key(severity);
    let founding = seen.founding();
    Review {
        zone: founding.map_or(String::new(), |f| lang.pick(f.name.clone(), f.name_en.clone())),
        period,
        period_label: period.label(lang),
        known: seen.day(),
        cut: seen.cut(),
        blueprint_version: seen.blueprint().version,
        whole,
        invented: founding.is_some_and(|f| f.invented),
        areas,
        heat_columns,
        heat,
        attention,
        unanswered,
        counts,
        commitments,
    }
}

fn own_group(seen: &Seen, by: &std::collections::BTreeMap<UnitId, Group>) -> Group {
    let mut own = Group::default();
    for (unit, group) in by {
        if seen.sees(*unit) {
            own.subjects.extend(&group.subjects);
            own.items.extend(group.items.iter().cloned());
        }
    }
    own
}

/// The names of the units whose rows a caller sees as the whole.
fn own_names(seen: &Seen) -> String {
    let names: Vec<String> = seen.rights().units.iter().map(|u| seen.unit_short(*u)).collect();
    names.join(seen.lang.pick("、", ", "))
}

fn attend(subject: &str, pace: &Pace, who: String, since: String, path: String) -> Attention {
    Attention {
        light: pace.light.key.to_owned(),
        word: pace.light.word.clone(),
        subject: subject.to_owned(),
        why: pace.light.reason.clone(),
        who,
        since,
        path,
    }
}

fn heat_cell(pace: &Pace) -> HeatCell {
    let shown = match (&pace.share, pace.ceiling) {
        (Some(share), false) if share.value.is_some() => format!("{}%", share.shown()),
        _ => pace.done.shown(),
    };
    HeatCell { shown, light: pace.light.clone() }
}

/// Unit and basis in words.
pub fn unit_words(measure: &Measure, lang: baton_methods::Lang) -> String {
    let unit = measure.unit.label(lang);
    match &measure.basis {
        Some(basis) => format!("{unit} · {}", basis.get(lang)),
        None => unit.to_owned(),
    }
}

impl Seen {
    /// Since when a measure that is warned or behind at a period's end has been so without a break within the
    /// year, by its own periods: "2 in a row, since February".
    fn bad_since(
        &self,
        asked: &super::values::Asked,
        kind: &Kind,
        measure: &Measure,
        group: &Group,
        whole_zone: bool,
        period: Period,
    ) -> String {
        let mut at = super::values::last_cell(measure, period);
        if reviewable(at, self.lang).is_err() {
            at = Period::of(baton_methods::Grain::Month, period.end());
        }
        let (year, mut count) = (at.year_number(), 1u32);
        while let Some(before) = at.checked_prev().filter(|p| p.year_number() == year) {
            if !self.pace(asked, kind, measure, group, whole_zone, before).light.is_bad() {
                break;
            }
            (at, count) = (before, count + 1);
        }
        let label = at.label(self.lang);
        match count {
            1 => self.say("review.since.new", &[]),
            n => self.say("review.since", &[("since", &label), ("count", &n)]),
        }
    }

    /// A unit by name, at the cut.
    pub fn unit_shown(&self, id: UnitId) -> UnitShown {
        let data = self.unit(id).or_else(|| self.zone.unit_now(id));
        UnitShown {
            id,
            code: data.map_or(String::new(), |d| d.code.clone()),
            name: data.map_or(String::new(), |d| d.short.clone()),
        }
    }

    /// A kind of the cut's rules.
    pub fn kind(&self, key: &str) -> Option<&Kind> {
        self.blueprint.kind(key)
    }
}

/// What stands beside a number when not everything it names was given: `未报 2，暂不报送 1，待审定 3`.
pub fn beside(number: &Number, lang: baton_methods::Lang) -> String {
    let mut words = Vec::new();
    if number.missing > 0 {
        words.push(lang.pick(format!("未报 {}", number.missing), format!("{} missing", number.missing)));
    }
    if number.withheld > 0 {
        words.push(lang.pick(format!("暂不报送 {}", number.withheld), format!("{} withheld", number.withheld)));
    }
    if number.hollow > 0 {
        words.push(lang.pick(format!("待审定 {}", number.hollow), format!("{} not accepted", number.hollow)));
    }
    words.join(lang.pick("，", ", "))
}

impl Counts {
    /// In one sentence: how many are judged and how, how many are watched.
    pub fn words(&self, lang: baton_methods::Lang) -> String {
        let Counts { ok, warn, lag, none, watched } = self;
        let judged = self.judged();
        lang.pick(
            format!("{judged} 项有目标：正常 {ok}，预警 {warn}，滞后 {lag}，缺数据 {none}；另有 {watched} 项监测，不作判定"),
            format!("{judged} with a target: {ok} on track, {warn} warned, {lag} behind, {none} without a figure; {watched} watched, not judged"),
        )
    }
}

impl Review {
    /// The review as plain text, for terminals and stories.
    pub fn text(&self, lang: baton_methods::Lang) -> String {
        use std::fmt::Write as _;
        let mut out = String::new();
        let _ =
            writeln!(out, "{} {} · {} {}", self.zone, self.period_label, lang.pick("截至所知", "known"), self.known);
        let _ = writeln!(out, "{}", self.counts.words(lang));
        if !self.whole {
            let _ = writeln!(
                out,
                "{}",
                lang.pick("以下只含您能看到的单位，不是全区合计", "only units that you see; not the zone's totals")
            );
        }
        for area in &self.areas {
            let _ = writeln!(out, "\n【{}】", area.label);
            for line in &area.lines {
                if let Some(pace) = &line.pace {
                    let _ = writeln!(out, "  {}  {}", line.label, pace_text(pace, lang));
                }
                for (unit, pace) in &line.by_unit {
                    let _ = writeln!(out, "    {}  {}", unit.name, pace_text(pace, lang));
                }
            }
        }
        if !self.attention.is_empty() {
            let _ = writeln!(out, "\n{}", lang.pick("需要关注", "Attention"));
            for a in &self.attention {
                let _ = writeln!(out, "  {} {}：{} {}", mark(&a.light), a.subject, a.why, a.who);
            }
        }
        if !self.unanswered.is_empty() {
            let _ = writeln!(out, "\n{}", lang.pick("尚未报送", "Not answered"));
            for answer in &self.unanswered {
                let _ = writeln!(out, "  {} · {}", answer.unit.name, answer.round_title);
            }
        }
        if !self.commitments.is_empty() {
            let _ = writeln!(out, "\n{}", lang.pick("上次会议承诺", "Commitments of the last meeting"));
            for c in &self.commitments {
                let _ = writeln!(out, "  {} {} · {} · {}", c.code, c.title, c.lead, c.state_word);
            }
        }
        out
    }
}

/// The shape of a light in plain text.
pub fn mark(key: &str) -> &'static str {
    match key {
        "lag" => "▲",
        "warn" | "reminder" => "■",
        "ok" | "best" => "●",
        _ => "○",
    }
}

fn pace_text(pace: &Pace, lang: baton_methods::Lang) -> String {
    let mut words = vec![format!("{} {}", pace.done.shown(), pace.done.unit.label(lang))];
    if let Some(target) = &pace.target {
        words.push(lang.pick(format!("目标 {}", target.shown()), format!("target {}", target.shown())));
    }
    if let Some(share) = pace.share.as_ref().filter(|s| s.value.is_some() && !pace.ceiling) {
        words.push(format!("{}%", share.shown()));
    }
    if let Some(gap) = pace.gap.as_ref().filter(|g| g.value.is_some() && !pace.ceiling) {
        words.push(lang.pick(format!("与序时差 {}", gap.shown()), format!("gap {}", gap.shown())));
    }
    words.push(format!("{} {}", mark(pace.light.key), pace.light.word));
    let beside = beside(&pace.done, lang);
    if !beside.is_empty() {
        words.push(format!("（{beside}）"));
    }
    words.join("  ")
}
