//! Compliance: what the rules on conduct and burden (八项规定, 减负) say of a meeting, its circular, or a round.
//!
//! Each rule reads data that exists for another purpose: plan, agenda, venues, papers, forms. It passes, warns, or a
//! recorded override answers for it. What the ledger cannot tell is a reminder: it is counted apart and nobody ticks
//! a box. Rules only warn; thresholds are settings of the blueprint.

use super::circular::{Circular, circular};
use super::meetings::{MeetingView, meeting};
use super::papers;
use super::rounds::{RoundShown, round};
use crate::blueprint::FieldType;
use crate::document::{Block, Document};
use crate::entries::{Concern, OutcomeKind};
use crate::ids::*;
use crate::permit::Verb;
use crate::refusals::Refusal;
use crate::seen::Seen;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A rule: what it asks, and where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Identifier, `B4`.
    pub id: &'static str,
    /// Whether the ledger cannot tell: it only reminds.
    pub reminder: bool,
    /// For what it is looked at: meetings, circulars, rounds.
    looks_at: [bool; 3],
}

const fn rule_of(id: &'static str, reminder: bool, looks_at: [bool; 3]) -> Rule {
    Rule { id, reminder, looks_at }
}

/// Every rule, in order.
pub const RULES: [Rule; 20] = [
    rule_of("B1", false, [true, false, false]),
    rule_of("B2", false, [true, false, false]),
    rule_of("B3", false, [true, false, false]),
    rule_of("B4", false, [true, false, false]),
    rule_of("B5", false, [true, false, false]),
    rule_of("B6", false, [true, false, false]),
    rule_of("B7", false, [false, true, false]),
    rule_of("B8", false, [false, true, false]),
    rule_of("B9", false, [false, true, true]),
    rule_of("B10", false, [false, false, true]),
    rule_of("B11", false, [false, false, true]),
    rule_of("B12", false, [false, true, true]),
    rule_of("B13", false, [false, false, true]),
    rule_of("B14", false, [false, false, true]),
    rule_of("B15", true, [true, false, false]),
    rule_of("B16", true, [true, false, false]),
    rule_of("B16b", true, [true, false, false]),
    rule_of("B17", true, [true, false, false]),
    rule_of("B18", true, [true, false, false]),
    rule_of("B19", false, [true, false, false]),
];

/// The rule under an identifier.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.id == id)
}

/// What a rule says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold, or what it needs is not there.
    Warn,
    /// It does not hold; somebody answers for that on a basis.
    Overridden,
    /// The ledger cannot tell; people are reminded.
    Reminder,
}

/// What a rule says of something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// Identifier of the rule.
    pub rule: &'static str,
    /// Verdict.
    pub verdict: Verdict,
    /// Verdict in words.
    pub word: String,
    /// The rule in words.
    pub asks: String,
    /// Where the rule is written.
    pub source: String,
    /// What was found, with the numbers in it.
    pub found: String,
    /// Who overrode it, when, on what basis and why.
    pub overridden: Option<String>,
}

/// The panel of something: findings in the order of the rules, reminders last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Panel {
    /// What was looked at.
    pub of: Concern,
    /// What rules say.
    pub findings: Vec<Finding>,
    /// What the ledger cannot tell.
    pub reminders: Vec<Finding>,
    /// Whether the caller may override a warning.
    pub may_override: bool,
}

impl Panel {
    /// How many findings have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|f| f.verdict == verdict).count()
    }
    /// Findings that hold.
    pub fn passed(&self) -> usize {
        self.count(Verdict::Pass)
    }
    /// Findings that warn.
    pub fn warned(&self) -> usize {
        self.count(Verdict::Warn)
    }
    /// Findings overridden.
    pub fn overridden(&self) -> usize {
        self.count(Verdict::Overridden)
    }
    /// The path of its forms: `meeting/…`, `circular/…`, `round/…`.
    pub fn key(&self) -> String {
        match self.of {
            Concern::Meeting(id) => format!("meeting/{id}"),
            Concern::Circular(id) => format!("circular/{id}"),
            Concern::Round(id) => format!("round/{id}"),
        }
    }
}

/// The panel of a meeting. Errors: absent.
pub fn of_meeting(seen: &Seen, id: MeetingId) -> Result<Panel, Refusal> {
    let view = meeting(seen, &id.to_string())?;
    Ok(seen.panel(Concern::Meeting(id), 0, Verb::MeetingPlan, &|rule| seen.of_meeting(rule, &view)))
}

/// The panel of a meeting's circular. Errors: absent; the circular is of the whole zone.
pub fn of_circular(seen: &Seen, id: MeetingId) -> Result<Panel, Refusal> {
    let (view, paper) = (meeting(seen, &id.to_string())?, circular(seen, id, None, None)?);
    Ok(seen.panel(Concern::Circular(id), 1, Verb::PaperIssue, &|rule| seen.of_circular(rule, &view, &paper)))
}

/// The panel of a round. Errors: absent.
pub fn of_round(seen: &Seen, id: RoundId) -> Result<Panel, Refusal> {
    let shown = round(seen, id)?;
    Ok(seen.panel(Concern::Round(id), 2, Verb::RoundOpen, &|rule| seen.of_round(rule, &shown)))
}

/// A rule's answer: whether it holds, and what was found in Chinese and English.
type Said = (bool, String, String);

impl Seen {
    fn panel(&self, of: Concern, place: usize, verb: Verb, ask: &dyn Fn(&'static str) -> Said) -> Panel {
        let (mut findings, mut reminders) = (Vec::new(), Vec::new());
        for rule in RULES.iter().filter(|r| r.looks_at[place]) {
            let words = |what: &str| self.say(&format!("compliance.{}.{what}", rule.id), &[]);
            let mut finding = Finding {
                rule: rule.id,
                verdict: Verdict::Reminder,
                word: String::new(),
                asks: words("asks"),
                source: words("source"),
                found: String::new(),
                overridden: None,
            };
            if !rule.reminder {
                let (holds, zh, en) = ask(rule.id);
                finding.found = self.lang.pick(zh, en);
                finding.verdict = if holds { Verdict::Pass } else { Verdict::Warn };
                if let Some(row) = self.zone.overridden(rule.id, of, self.cut).filter(|_| !holds) {
                    finding.verdict = Verdict::Overridden;
                    let (who, when) = (self.who(row.seq), self.when(row.seq));
                    let because = self.zone.said(&row.because);
                    let args: [(&str, &dyn std::fmt::Display); 4] =
                        [("who", &who), ("when", &when), ("basis", &row.basis), ("because", &because)];
                    finding.overridden = Some(self.say("compliance.by", &args));
                }
            }
            finding.word = self.say(
                match finding.verdict {
                    Verdict::Pass => "compliance.pass",
                    Verdict::Warn => "compliance.warn",
                    Verdict::Overridden => "compliance.overridden",
                    Verdict::Reminder => "compliance.reminder",
                },
                &[],
            );
            if rule.reminder { reminders.push(finding) } else { findings.push(finding) }
        }
        let may_override = !self.is_past() && self.rights.may_all(verb);
        Panel { of, findings, reminders, may_override }
    }

    fn of_meeting(&self, rule: &str, view: &MeetingView) -> Said {
        let bounds = &self.blueprint.settings.bounds;
        let year = view.row.on.year();
        match rule {
            // Comprehensive work meetings of the year, this one among them.
            "B1" => {
                if !view.comprehensive {
                    return said(true, "专题会议，不计入综合性会议", "a special topic; not counted as comprehensive");
                }
                let count = self.comprehensive_in(year);
                (
                    count <= bounds.comprehensive_a_year as usize,
                    format!("{year} 年综合性会议 {count} 次，限 {} 次", bounds.comprehensive_a_year),
                    format!("{count} comprehensive meetings in {year}; {} allowed", bounds.comprehensive_a_year),
                )
            }
            "B2" => match &view.basis {
                Some(basis) => {
                    let issued = papers::list(self)
                        .into_iter()
                        .find(|p| p.period == view.row.period && p.meeting != Some(view.row.id) && p.on <= view.row.on);
                    match issued {
                        Some(paper) => (
                            false,
                            format!("同一数据期已发文“{}”，不再为此开会", paper.title),
                            format!("“{}” of the same period is issued already; no further meeting on it", paper.title),
                        ),
                        None => (true, format!("依据：{basis}"), format!("on the basis of {basis}")),
                    }
                }
                None => said(
                    false,
                    "方案没有写年度会议计划或审批依据",
                    "the plan names no line of the annual plan and no approval",
                ),
            },
            "B3" => {
                let below: Vec<&str> = self.venues_below(view);
                match (&view.basis, below.is_empty()) {
                    (_, true) => said(true, "没有开到镇街以下", "it does not reach below towns and streets"),
                    (Some(basis), false) => (
                        true,
                        format!("开到基层：{}；依据：{basis}", below.join("、")),
                        format!("it reaches the base ({}) on the basis of {basis}", below.join(", ")),
                    ),
                    (None, false) => (
                        false,
                        format!("开到基层：{}，方案没有写审批依据", below.join("、")),
                        format!("it reaches the base ({}) without an approval", below.join(", ")),
                    ),
                }
            }
            "B4" => {
                let long: Vec<String> = view
                    .agenda
                    .iter()
                    .filter(|l| l.minutes > bounds.speech_minutes)
                    .map(|l| format!("{}. {}（{}）", l.line + 1, l.title, l.minutes))
                    .collect();
                let most = view.agenda.iter().map(|l| l.minutes).max().unwrap_or(0);
                (
                    long.is_empty(),
                    if long.is_empty() {
                        format!("最长一项 {most} 分钟，限 {} 分钟", bounds.speech_minutes)
                    } else {
                        format!("超过 {} 分钟：{}", bounds.speech_minutes, long.join("、"))
                    },
                    if long.is_empty() {
                        format!("the longest line takes {most} minutes of {}", bounds.speech_minutes)
                    } else {
                        format!("longer than {} minutes: {}", bounds.speech_minutes, long.join(", "))
                    },
                )
            }
            "B5" => (
                view.minutes <= u32::from(bounds.meeting_minutes),
                format!("计划 {} 分钟，限 {} 分钟（半天）", view.minutes, bounds.meeting_minutes),
                format!("{} minutes planned, {} allowed (half a day)", view.minutes, bounds.meeting_minutes),
            ),
            "B6" => {
                let expected = view.expected[0].max(view.heads);
                (
                    expected <= bounds.meeting_people,
                    format!("应到 {expected} 人，限 {} 人", bounds.meeting_people),
                    format!("{expected} people expected, {} allowed", bounds.meeting_people),
                )
            }
            // What was made a task at the meeting stands in the ledger of tasks, not in a chat group.
            _ => {
                let asked = view.outcomes[OutcomeKind::Task as usize];
                let made = view.tasks.len();
                (
                    made >= asked,
                    format!("会上定的任务 {asked} 项，已在台账立项 {made} 项"),
                    format!("{asked} tasks decided, {made} stand in the ledger"),
                )
            }
        }
    }

    fn of_circular(&self, rule: &str, view: &MeetingView, paper: &Circular) -> Said {
        let settings = &self.blueprint.settings;
        let text = words_of(&paper.document);
        match rule {
            "B7" => {
                let year = view.row.on.year();
                let same_day = |y: i16| jiff::civil::Date::new(y, view.row.on.month(), view.row.on.day()).ok();
                let issued = |y: i16| {
                    let until = same_day(y).or_else(|| jiff::civil::Date::new(y, 12, 31).ok());
                    papers::list(self).iter().filter(|p| p.on.year() == y && until.is_none_or(|d| p.on <= d)).count()
                };
                let (now, before) = (issued(year), issued(year - 1));
                if before == 0 {
                    return (
                        true,
                        format!("今年到这天发文 {now} 份；去年同期账本里没有，无从比较"),
                        format!("{now} papers this year so far; the ledger holds none of last year to compare with"),
                    );
                }
                (
                    now <= before,
                    format!("今年到这天发文 {now} 份，去年同期 {before} 份"),
                    format!("{now} papers this year so far, {before} by the same day last year"),
                )
            }
            "B8" => {
                let [special, comprehensive] = settings.bounds.paper_characters;
                let max = if view.comprehensive { comprehensive } else { special };
                (
                    paper.characters <= max as usize,
                    format!("正文 {} 字，限 {max} 字", paper.characters),
                    format!("{} characters, {max} allowed", paper.characters),
                )
            }
            "B9" => no_words(&text, &settings.bounds.report_back_words),
            _ => no_words(&text, &settings.bounds.ranking_words),
        }
    }

    fn of_round(&self, rule: &str, shown: &RoundShown) -> Said {
        let settings = &self.blueprint.settings;
        let Some(known) = self.zone.round(shown.id) else { return said(true, "", "") };
        let kinds: Vec<_> = known.kinds.iter().filter_map(|key| self.blueprint.kind(key)).collect();
        let asked = |f: &&crate::blueprint::Field| f.asked && !f.retired;
        // Names of everything asked: measures and fields, as the form prints them.
        let labels = || {
            let of_kind = |kind: &&crate::blueprint::Kind| {
                let measures =
                    kind.measures.iter().filter(|m| m.is_entered() && !m.retired).map(|m| m.label.get(self.lang));
                let fields = kind.fields.iter().filter(|f| asked(f)).map(|f| f.label.get(self.lang));
                measures.chain(fields).map(str::to_owned).collect::<Vec<_>>()
            };
            kinds.iter().flat_map(of_kind).collect::<Vec<String>>()
        };
        match rule {
            "B9" => {
                let text = format!("{} {}", shown.title, labels().join(" "));
                no_words(&text, &settings.bounds.report_back_words)
            }
            "B10" => match &shown.basis {
                Some(basis) => (true, format!("依据：{basis}"), format!("on the basis of {basis}")),
                None => {
                    said(false, "没有写依据（计划编号或文件）", "it names no basis (number in the plan, or document)")
                }
            },
            "B11" => {
                let found: Vec<String> = labels()
                    .into_iter()
                    .filter(|l| settings.bounds.trace_words.iter().any(|w| l.contains(w.as_str())))
                    .collect();
                (
                    found.is_empty(),
                    if found.is_empty() {
                        "没有以批示、报道、照片、开会发文为内容的格".into()
                    } else {
                        format!("以痕迹为内容的格：{}", found.join("、"))
                    },
                    if found.is_empty() {
                        "no cell asks for traces of work".into()
                    } else {
                        format!("cells that ask for traces of work: {}", found.join(", "))
                    },
                )
            }
            "B12" => no_words(&format!("{} {}", shown.title, labels().join(" ")), &settings.bounds.ranking_words),
            "B13" => {
                let forced: Vec<&str> = kinds
                    .iter()
                    .flat_map(|k| k.fields.iter().filter(|f| asked(f) && f.required && f.kind == FieldType::File))
                    .map(|f| f.label.get(self.lang))
                    .collect();
                (
                    forced.is_empty(),
                    if forced.is_empty() {
                        "没有必交的照片、视频、定位".into()
                    } else {
                        format!("必交的文件：{}", forced.join("、"))
                    },
                    if forced.is_empty() {
                        "no photo, video or place is demanded".into()
                    } else {
                        format!("files demanded: {}", forced.join(", "))
                    },
                )
            }
            _ => self.burden_of(shown, &known.units, &known.kinds),
        }
    }

    /// Cells asked of all units, and whether another open round asks the same units the same things.
    fn burden_of(&self, shown: &RoundShown, units: &[UnitId], kinds: &[String]) -> Said {
        let (units, kinds): (BTreeSet<&UnitId>, BTreeSet<&String>) = (units.iter().collect(), kinds.iter().collect());
        let twice: Vec<&str> = self
            .zone
            .rounds()
            .into_iter()
            .filter(|r| r.id != shown.id && r.opened <= self.cut && r.period == shown.period)
            .filter(|r| r.kinds.iter().any(|k| kinds.contains(k)) && r.units.iter().any(|u| units.contains(u)))
            .map(|r| r.title.as_str())
            .collect();
        let cells = shown.burden;
        let most = shown.answers.iter().map(|a| a.asked).max().unwrap_or(0);
        let bound = self.blueprint.settings.bounds.unit_cells;
        if !twice.is_empty() {
            return (
                false,
                format!("同期已有调度问同样的内容：{}", twice.join("、")),
                format!("another round asks the same for the period: {}", twice.join(", ")),
            );
        }
        (
            most <= bound,
            format!(
                "共 {cells} 格，一家最多 {most} 格，限 {bound} 格；问 {} 家；{} 到期自动失效",
                shown.answers.len(),
                shown.closes
            ),
            format!(
                "{cells} cells, at most {most} of one unit, {bound} allowed; {} units; it ends by itself on {}",
                shown.answers.len(),
                shown.closes
            ),
        )
    }

    /// Comprehensive meetings of a year that were not called off.
    fn comprehensive_in(&self, year: i16) -> usize {
        let known = self.zone.meetings().into_iter().filter(|m| {
            let plan = m.plan.at(self.cut);
            let cancelled = m.state(self.cut) == Some(crate::entries::MeetingState::Cancelled);
            !cancelled && plan.is_some_and(|p| p.details.comprehensive && p.on.year() == year)
        });
        known.count()
    }

    /// Venues whose unit lies below a territorial one.
    fn venues_below<'a>(&self, view: &'a MeetingView) -> Vec<&'a str> {
        let mut below: BTreeMap<UnitId, bool> = BTreeMap::new();
        for unit in self.territorial_units() {
            for deep in self.zone.units_below(unit).into_iter().filter(|u| *u != unit) {
                below.insert(deep, true);
            }
        }
        let deep = |v: &&super::meetings::VenueShown| v.unit.as_ref().is_some_and(|u| below.contains_key(&u.id));
        view.venues.iter().filter(deep).map(|v| v.name.as_str()).collect()
    }
}

fn said(holds: bool, zh: &str, en: &str) -> Said {
    (holds, zh.to_owned(), en.to_owned())
}

/// Whether none of the words stands in a text; those that do are named.
fn no_words(text: &str, words: &[String]) -> Said {
    let found: Vec<&str> = words.iter().filter(|w| text.contains(w.as_str())).map(String::as_str).collect();
    match found.is_empty() {
        true => said(true, "没有这类字样", "no such words"),
        false => (
            false,
            format!("有这类字样：“{}”", found.join("”“")),
            format!("such words stand there: “{}”", found.join("”, “")),
        ),
    }
}

/// Everything a document says in running text.
fn words_of(document: &Document) -> String {
    let mut text = document.title.concat();
    for block in document.blocks.iter().chain(document.attachments.iter().flat_map(|a| &a.blocks)) {
        match block {
            Block::Heading1(t) | Block::Heading2(t) | Block::Heading3(t) | Block::Note(t) | Block::Page(t) => {
                text.push_str(t);
            }
            Block::Paragraph(runs) => runs.iter().for_each(|r| text.push_str(&r.text)),
            Block::Roll { label, names } => {
                text.push_str(label);
                text.push_str(names);
            }
            Block::Table(_) | Block::Drawing(_) => {}
        }
        text.push('\n');
    }
    text
}
