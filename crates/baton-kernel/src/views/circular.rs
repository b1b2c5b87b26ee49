//! The circular (通报) of a meeting: the review of its period as an official paper, with every number bound
//! to its source, self-checks, and what is missing named. Nothing is ranked; rows stand in official order.

use super::drawings;
use super::items::{self, ListCell};
use super::number::{Number, Source};
use super::pace::Pace;
use super::papers::{DataPart, Derived, Fact, Finding};
use super::review::{Line, Review, beside, review};
use crate::blobs::FileRef;
use crate::commands::{Act, Caller};
use crate::document::*;
use crate::entries::Scope;
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::Zone;
use baton_methods::{Lang, Period, Unit};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use std::sync::Arc;

/// A number of the paper as printed, bound to what it came from.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Printed {
    /// Where it stands, in words: `总体情况 · 完成投资 · 累计完成`.
    pub place: String,
    /// As printed.
    pub shown: String,
    /// The number.
    pub number: Number,
}

/// A check that the paper makes of itself.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SelfCheck {
    /// Whether it holds.
    pub holds: bool,
    /// In words, with the numbers in it.
    pub words: String,
}

/// A circular ready to be set.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Circular {
    /// The paper.
    pub document: Document,
    /// Its numbers, by the index that runs and cells carry.
    pub printed: Vec<Printed>,
    /// Self-checks.
    pub checks: Vec<SelfCheck>,
    /// Characters of the paper.
    pub characters: usize,
    /// Warnings: length, missing, unaccepted.
    pub warnings: Vec<String>,
    /// Period.
    pub period: Period,
    /// Cut.
    pub cut: u64,
    /// Meeting.
    pub meeting: MeetingId,
    /// Meeting code.
    pub code: String,
}

struct Maker<'a> {
    seen: &'a Seen,
    printed: Vec<Printed>,
    checks: Vec<SelfCheck>,
    blocks: Vec<Block>,
    place: String,
    /// The day whose units are listed.
    on: Date,
}

/// The circular of a meeting as known at the lens's cut. It shows the whole zone: callers who do not see all
/// are refused.
pub fn circular(
    seen: &Seen,
    meeting: MeetingId,
    number: Option<String>,
    issued: Option<Date>,
) -> Result<Circular, Refusal> {
    // An official paper of this form is Chinese, whatever the language of the page.
    let seen = &Seen { lang: Lang::Zh, ..seen.clone() };
    let known = seen.zone.meeting(meeting).ok_or_else(Refusal::absent)?;
    let plan = known.plan.at(seen.cut).or(known.plan.last()).ok_or_else(Refusal::absent)?.clone();
    if !seen.sees_all() {
        return Err(Refusal::new(crate::refusals::Why::Forbidden, "circular.whole", &[]));
    }
    let period = plan.period;
    let mut view = review(seen, period);
    // The commitments are those of the meeting before this one, whatever period that one was about.
    view.commitments = super::tasks::meeting_before(seen, plan.on)
        .map(|m| super::tasks::commitments_of(seen, m.id))
        .unwrap_or_default();
    let settings = seen.blueprint().settings.clone();
    let lang = seen.lang;
    let mut maker = Maker {
        seen,
        printed: Vec::new(),
        checks: Vec::new(),
        blocks: Vec::new(),
        place: String::new(),
        on: period.end().min(seen.day()),
    };
    let opening = lang.pick(
        format!(
            "现将{}重点工作推进情况通报如下。数据截至{}所知，累计数为{}。",
            period.label(lang),
            date_words(view.known),
            period.to_date_label(lang)
        ),
        format!("Progress of key work in {}, as known on {}.", period.label(lang), view.known),
    );
    maker.blocks.push(Block::paragraph(opening));
    maker.overall(&view);
    maker.areas(&view);
    maker.problems(&view);
    maker.commitments(&view);
    maker.requirements(meeting);
    maker.data_note(&view);
    let mut attachments = Vec::new();
    let mut notes = Vec::new();
    for kind in seen.blueprint().kinds.clone() {
        let Some(section) = &kind.circular else { continue };
        let table = maker.annex(&kind.key, period);
        if let Some(table) = table {
            let section = section.section.get(lang);
            let title = if section.contains("情况") {
                format!("{section}表")
            } else {
                format!("{section}{}", lang.pick("进展情况表", ": progress"))
            };
            let landscape = table.columns.len() > 7;
            attachments.push(Attachment { title: title.clone(), landscape, blocks: vec![Block::Table(table)] });
            notes.push(title);
        }
    }
    if let Some(table) = maker.problem_table(&view) {
        let title = lang.pick("存在问题清单", "List of problems").to_owned();
        attachments.push(Attachment { title: title.clone(), landscape: false, blocks: vec![Block::Table(table)] });
        notes.push(title);
    }
    let day = issued.unwrap_or(view.known);
    let organ = settings.organ.get(lang).to_owned();
    let title = lang.pick(
        vec![format!("关于{}重点工作", period.label(lang)), "推进情况的通报".to_owned()],
        vec![format!("Circular on key work in {}", period.label(lang))],
    );
    let short = |d: &crate::blobs::Digest| {
        let text = d.to_string();
        (0..8).map(|n| &text[n * 8..n * 8 + 8]).collect::<Vec<_>>().join(" ")
    };
    let witness = seen.witness_at_cut().map(|hash| {
        lang.pick(
            format!("账本第 {} 条 指纹 {}", seen.cut(), short(&hash)),
            format!("Ledger entry {}, fingerprint {}", seen.cut(), short(&hash)),
        )
    });
    let invented =
        view.invented.then(|| lang.pick("演示数据，纯属虚构", "Demonstration: every figure is invented").to_owned());
    let document = Document {
        kind: DocumentKind::Circular,
        letterhead: Some(Letterhead {
            organ: lang.pick(format!("{organ}文件"), organ.clone()),
            number: number.clone(),
            ..Letterhead::default()
        }),
        title,
        addressees: Some(settings.addressees.get(lang))
            .filter(|a| !a.is_empty())
            .map(|a| format!("{}：", a.trim_end_matches(['：', ':']))),
        blocks: maker.blocks,
        attachments_note: notes,
        signature: Some(Signature { organ: organ.clone(), date: date_words(day) }),
        note: invented,
        attachments,
        imprint: issued.map(|day| Imprint {
            copies: Vec::new(),
            organ: organ.clone(),
            date: lang.pick(format!("{}印发", date_words(day)), format!("Issued {day}")),
        }),
        draft: issued.is_none(),
        witness,
        lang: lang.pick(crate::document::Lang::Zh, crate::document::Lang::En),
        landscape: false,
    };
    let characters = crate::document::characters(&document);
    let mut warnings = Vec::new();
    let [special, comprehensive] = crate::limits::CIRCULAR_CHARS_WARN;
    if characters > special {
        let max = if characters > comprehensive { comprehensive } else { special };
        warnings.push(seen.say("circular.long", &[("count", &characters), ("max", &max)]));
    }
    for check in maker.checks.iter().filter(|c| !c.holds) {
        warnings.push(check.words.clone());
    }
    Ok(Circular {
        document,
        printed: maker.printed,
        checks: maker.checks,
        characters,
        warnings,
        period,
        cut: seen.cut(),
        meeting,
        code: plan.code,
    })
}

/// A day as documents write it: 2023年4月26日.
pub fn date_words(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// Money above 100 million yuan is written in 亿元 with two decimals; everything else as declared.
fn fitting(number: &Number) -> Number {
    let large = number.value.is_some_and(|v| v.abs() >= Decimal::from(10_000));
    if number.unit == Unit::WanYuan && large { number.in_unit(Unit::YiYuan, 2) } else { number.clone() }
}

impl Maker<'_> {
    /// Binds a number and gives its index.
    fn bind(&mut self, what: &str, number: &Number, shown: &str) -> usize {
        self.printed.push(Printed {
            place: format!("{} · {what}", self.place),
            shown: shown.to_owned(),
            number: number.clone(),
        });
        self.printed.len() - 1
    }

    fn run(&mut self, what: &str, number: &Number) -> Run {
        let fit = fitting(number);
        let text = fit.shown_plain();
        let index = self.bind(what, &fit, &text);
        Run::sourced(text, index)
    }

    fn unit(&self, number: &Number) -> String {
        fitting(number).unit.label(self.seen.lang).to_owned()
    }

    fn heading(&mut self, level: u8, ordinal: usize, text: &str) {
        let block = match level {
            1 => Block::Heading1(format!("{}、{text}", chinese(ordinal))),
            _ => Block::Heading2(format!("（{}）{text}", chinese(ordinal))),
        };
        self.blocks.push(block);
    }

    fn next_section(&mut self, text: &str) {
        let n = self.blocks.iter().filter(|b| matches!(b, Block::Heading1(_))).count() + 1;
        self.place = text.to_owned();
        self.heading(1, n, text);
    }

    /// One line in words: done, share of target, ahead of or behind pace, what is missing.
    fn sentence(&mut self, line: &Line, pace: &Pace) -> Vec<Run> {
        let mut runs = Vec::new();
        let label = line.label.clone();
        if pace.done.value.is_none() {
            // A level that forms no total is told by unit, in the table.
            if pace.done.missing + pace.done.withheld == 0 && !line.by_unit.is_empty() {
                return runs;
            }
            // The light says why there is no number; beside it stands how much is missing.
            let missing = beside(&pace.done, self.seen.lang);
            let missing = if missing.is_empty() { String::new() } else { format!("（{missing}）") };
            runs.push(Run::text(format!("{label}：{}{missing}。", pace.light.word)));
            return runs;
        }
        runs.push(Run::text(label.clone()));
        runs.push(self.run(&format!("{label} · 累计完成"), &pace.done));
        runs.push(Run::text(self.unit(&pace.done)));
        if let Some(target) = pace.target.as_ref().filter(|t| t.value.is_some()) {
            if pace.ceiling {
                runs.push(Run::text("（年度控制目标"));
                runs.push(self.run(&format!("{label} · 年度控制目标"), target));
                runs.push(Run::text(format!("{}）", self.unit(target))));
            } else if let Some(share) = pace.share.as_ref().filter(|s| s.value.is_some()) {
                runs.push(Run::text("，占年度目标"));
                runs.push(self.run(&format!("{label} · 年度目标"), target));
                runs.push(Run::text(format!("{}的", self.unit(target))));
                runs.push(self.run(&format!("{label} · 完成率"), share));
                runs.push(Run::text("%"));
                if let Some(gap) = pace.gap.as_ref()
                    && let Some(value) = gap.rounded()
                    && pace.half.is_some()
                {
                    if value.is_zero() {
                        runs.push(Run::text("，与序时进度持平"));
                    } else {
                        runs.push(Run::text(if value > Decimal::ZERO {
                            "，超过序时进度"
                        } else {
                            "，落后序时进度"
                        }));
                        let size = Number { value: gap.value.map(|v| v.abs()), ..gap.clone() };
                        runs.push(self.run(&format!("{label} · 与序时进度之差"), &size));
                        runs.push(Run::text("个百分点"));
                    }
                }
            }
        }
        let missing = beside(&pace.done, self.seen.lang);
        if !missing.is_empty() {
            runs.push(Run::text(format!("（{missing}）")));
        }
        runs.push(Run::text("。"));
        runs
    }

    fn overall(&mut self, view: &Review) {
        self.next_section("总体情况");
        let counts = view.counts;
        let mut text = format!(
            "下达目标的{}项指标中，正常{}项，预警{}项，滞后{}项",
            counts.judged(),
            counts.ok,
            counts.warn,
            counts.lag
        );
        if counts.none > 0 {
            text.push_str(&format!("，缺少数据不予判定{}项", counts.none));
        }
        text.push('。');
        if counts.watched > 0 {
            text.push_str(&format!("另有{}项监测指标，只列数据，不作判定。", counts.watched));
        }
        self.blocks.push(Block::paragraph(text));
        let lines = view.areas.iter().flat_map(|a| &a.lines).filter(|l| l.pace.is_some()).count();
        self.check(
            lines == counts.all() as usize,
            format!(
                "指标合计 {lines} = 正常 {} + 预警 {} + 滞后 {} + 缺数据 {} + 监测 {}",
                counts.ok, counts.warn, counts.lag, counts.none, counts.watched
            ),
        );
        // Half the time, half the task: said of every flow that has a target.
        let mut runs = Vec::new();
        let lines: Vec<(Line, Pace)> = view
            .areas
            .iter()
            .flat_map(|a| &a.lines)
            .filter_map(|l| Some((l.clone(), l.pace.clone()?)))
            .filter(|(_, p)| p.half.is_some())
            .collect();
        if !lines.is_empty() && view.period.months().1 <= 6 {
            runs.push(Run::text("对照“双过半”："));
            let total = lines.len();
            for (n, (line, pace)) in lines.iter().enumerate() {
                let Some(half) = &pace.half else { continue };
                let end = if n + 1 == total { "。" } else { "；" };
                if half.short.value.is_some_and(|v| v > Decimal::ZERO) {
                    runs.push(Run::text(format!("{}距半年任务还差", line.label)));
                    runs.push(self.run(&format!("{} · 距半年任务", line.label), &half.short));
                    runs.push(Run::text(format!("{}{end}", self.unit(&half.short))));
                } else {
                    runs.push(Run::text(format!("{}已完成半年任务{end}", line.label)));
                }
            }
            self.blocks.push(Block::Paragraph(runs));
        }
    }

    fn areas(&mut self, view: &Review) {
        self.next_section("分领域进展");
        let mut ordinal = 0;
        for area in &view.areas {
            let lines: Vec<&Line> = area.lines.iter().filter(|l| l.pace.is_some()).collect();
            if lines.is_empty() {
                continue;
            }
            ordinal += 1;
            self.place = area.label.clone();
            self.heading(2, ordinal, &area.label);
            let mut runs = Vec::new();
            for line in &lines {
                if let Some(pace) = &line.pace {
                    runs.extend(self.sentence(line, pace));
                }
            }
            self.blocks.push(Block::Paragraph(runs));
            let by_unit: Vec<&&Line> = lines.iter().filter(|l| !l.by_unit.is_empty()).collect();
            for lines in side_by_side(&by_unit) {
                let table = self.unit_table(&area.label, lines);
                self.blocks.push(Block::Table(table));
            }
            // One S-curve and one row of bars are enough: those of the first line that has a target.
            let drawn = self.blocks.iter().any(|b| matches!(b, Block::Drawing(_)));
            if drawn {
                continue;
            }
            if let Some(line) =
                by_unit.iter().find(|l| l.pace.as_ref().is_some_and(|p| p.target.is_some() && !p.ceiling))
            {
                if let Some(curve) = self.curve(line, view.period) {
                    self.blocks.push(Block::Drawing(curve));
                }
                if let Some(bars) = drawings::pace_bars(line, view.period, self.seen.lang) {
                    self.blocks.push(Block::Drawing(bars));
                }
            }
        }
    }

    /// The zone's S-curve of a line.
    fn curve(&mut self, line: &Line, period: Period) -> Option<Drawing> {
        let seen = self.seen;
        let kind = seen.blueprint().kind(&line.kind)?.clone();
        let measure = kind.measure(&line.measure)?.clone();
        if measure.flow != crate::blueprint::FlowOrStock::Flow {
            return None;
        }
        let asked = seen.asked();
        let (all, _) = seen.groups(&kind, period.end().min(seen.day()));
        let mut actual = Vec::new();
        let mut plan = Vec::new();
        for month in 1..=12u8 {
            let at = Period::month(period.year_number(), month).ok()?;
            let pace = seen.pace(&asked, &kind, &measure, &all, true, at);
            plan.extend(pace.plan.as_ref().and_then(|p| p.value));
            if at.end() <= period.end()
                && let Some(value) = pace.done.value
            {
                actual.push((at, value));
            }
        }
        if plan.len() != 12 {
            plan.clear();
        }
        let target = line.pace.as_ref().and_then(|p| p.target.clone());
        drawings::s_curve(
            &format!("{}累计完成与计划", line.label),
            measure.unit,
            &plan,
            &actual,
            target.as_ref(),
            period,
            seen.lang,
        )
    }

    /// Lines by unit in official order, with the zone's total last.
    fn unit_table(&mut self, area: &str, lines: &[&&Line]) -> Table {
        let lang = self.seen.lang;
        let mut units: Vec<super::review::UnitShown> = Vec::new();
        for unit in self.seen.territorial_units_on(self.on) {
            if lines.iter().any(|l| l.by_unit.iter().any(|(u, _)| u.id == unit)) {
                units.push(self.seen.unit_shown(unit));
            }
        }
        let with_target: Vec<bool> = lines.iter().map(|l| l.by_unit.iter().any(|(_, p)| p.target.is_some())).collect();
        let mut first = vec![HeadCell::span("单位", 1, 2)];
        let mut second = Vec::new();
        let mut columns = vec![Column::text(3)];
        for (line, target) in lines.iter().zip(&with_target) {
            let unit = line.pace.as_ref().map_or("", |p| p.done.unit.label(lang));
            let titles: &[&str] = if *target {
                &["年度目标", "累计完成", "完成率（%）", "与序时差（百分点）"]
            } else {
                &["累计完成"]
            };
            first.push(HeadCell::span(format!("{}（{unit}）", line.label), titles.len(), 1));
            for title in titles {
                second.push(HeadCell::one(*title));
                columns.push(Column::number(2));
            }
        }
        let mut rows = Vec::new();
        for unit in &units {
            let mut cells = vec![Cell::text(unit.name.clone())];
            for (line, target) in lines.iter().zip(&with_target) {
                let pace = line.by_unit.iter().find(|(u, _)| u.id == unit.id).map(|(_, p)| p.clone());
                self.place = format!("{area} · {}", unit.name);
                self.pace_cells(&line.label, pace.as_ref(), *target, &mut cells);
            }
            rows.push(Row { cells, kind: RowKind::Normal });
        }
        // The sum row is the zone's own total; when units outside the table carry some of it, a row says so.
        let mut rest_cells = vec![Cell::text("区直及其他单位")];
        let mut any_rest = false;
        for (line, target) in lines.iter().zip(&with_target) {
            let total = line.pace.as_ref().and_then(|p| p.done.value);
            let shown: Decimal = line.by_unit.iter().filter_map(|(_, p)| p.done.value).sum();
            let number = line.pace.as_ref().map(|p| p.done.clone());
            // Rates and levels have no remainder; what adds up may have one, carried by other units.
            let adds_up = number.as_ref().is_some_and(|n| !matches!(n.unit, Unit::Percent | Unit::Points));
            let rest = total.map(|t| t - shown).filter(|r| adds_up && !r.is_zero());
            let width = if *target { 4 } else { 1 };
            for n in 0..width {
                let at = if *target { 1 } else { 0 };
                let cell = match (&rest, &number) {
                    (Some(rest), Some(of)) if n == at => {
                        any_rest = true;
                        let number = Number::derived(Some(*rest), of.unit, of.decimals, &[of]);
                        let text = number.shown_plain();
                        self.place = format!("{area} · 区直及其他单位");
                        let index = self.bind(&line.label, &number, &text);
                        Cell::sourced(text, index)
                    }
                    _ => Cell::text("—"),
                };
                rest_cells.push(cell);
            }
            if let Some(total) = total
                && adds_up
            {
                let rest = rest.unwrap_or_default();
                self.check(
                    shown + rest == total,
                    format!(
                        "{area} · {}：各单位合计 {} + 其他 {} = 总计 {}",
                        line.label,
                        shown.normalize(),
                        rest.normalize(),
                        total.normalize()
                    ),
                );
            }
        }
        if any_rest {
            rows.push(Row { cells: rest_cells, kind: RowKind::Normal });
        }
        let mut cells = vec![Cell::text("合计")];
        for (line, target) in lines.iter().zip(&with_target) {
            self.place = format!("{area} · 合计");
            self.pace_cells(&line.label, line.pace.as_ref(), *target, &mut cells);
        }
        rows.push(Row { cells, kind: RowKind::Sum });
        Table {
            caption: match lines {
                [one] => format!("{}分单位情况", one.label),
                _ => format!("{area}分单位情况"),
            },
            unit_line: None,
            head: vec![first, second],
            columns,
            rows,
            notes: Vec::new(),
        }
    }

    fn pace_cells(&mut self, label: &str, pace: Option<&Pace>, target: bool, cells: &mut Vec<Cell>) {
        let numbers: Vec<(&str, Option<Number>)> = match pace {
            Some(p) if target => vec![
                ("年度目标", p.target.clone()),
                ("累计完成", Some(p.done.clone())),
                ("完成率", p.share.clone()),
                ("与序时差", p.gap.clone()),
            ],
            Some(p) => vec![("累计完成", Some(p.done.clone()))],
            None => vec![("", None); if target { 4 } else { 1 }],
        };
        if let Some(pace) = pace
            && target
            && let (Some(done), Some(aim), Some(share)) = (
                pace.done.value,
                pace.target.as_ref().and_then(|t| t.value),
                pace.share.as_ref().and_then(Number::rounded),
            )
            && !aim.is_zero()
        {
            let again = baton_methods::round_half_up(done / aim * Decimal::ONE_HUNDRED, 1);
            self.check(
                again == share,
                format!("{} · {label}：{} ÷ {} = {}%", self.place, done.normalize(), aim.normalize(), share),
            );
        }
        for (what, number) in numbers {
            match number.filter(|n| n.value.is_some()) {
                Some(number) => {
                    let text = number.shown_plain();
                    let index = self.bind(&format!("{label} · {what}"), &number, &text);
                    cells.push(Cell::sourced(text, index));
                }
                None => {
                    let withheld = pace.is_some_and(|p| p.done.withheld > 0) && what == "累计完成";
                    let missing = pace.is_some_and(|p| p.done.missing > 0) && what == "累计完成";
                    let word = match (withheld, missing) {
                        (true, _) => self.seen.say("figure.withheld", &[]),
                        (_, true) => self.seen.say("state.none", &[]),
                        _ => "—".to_owned(),
                    };
                    cells.push(Cell::text(word));
                }
            }
        }
    }

    fn check(&mut self, holds: bool, words: String) {
        self.checks.push(SelfCheck { holds, words });
    }

    fn problems(&mut self, view: &Review) {
        if view.attention.is_empty() && view.unanswered.is_empty() {
            return;
        }
        self.next_section("存在问题");
        let lag: Vec<&super::review::Attention> = view.attention.iter().filter(|a| a.light == "lag").collect();
        let warn = view.attention.iter().filter(|a| a.light == "warn").count();
        let mut ordinal = 0;
        if !lag.is_empty() {
            ordinal += 1;
            self.heading(2, ordinal, "进度滞后事项");
            let list: Vec<String> = lag.iter().map(|a| format!("{}（{}）", a.subject, a.why)).collect();
            let tail = if warn > 0 { format!("另有{warn}项预警。") } else { String::new() };
            self.blocks.push(Block::paragraph(format!("{}。{tail}", list.join("；"))));
        }
        if !view.unanswered.is_empty() {
            ordinal += 1;
            self.heading(2, ordinal, "未按时报送数据的单位");
            let mut list: Vec<String> = Vec::new();
            for answer in &view.unanswered {
                list.push(format!("{}（{}）", answer.unit.name, answer.round_title));
            }
            self.blocks.push(Block::paragraph(format!(
                "截至{}，{}尚未报送。",
                date_words(view.known),
                list.join("、")
            )));
        }
    }

    fn commitments(&mut self, view: &Review) {
        if view.commitments.is_empty() {
            return;
        }
        self.next_section("上次会议议定事项办理情况");
        let mut counts: Vec<(String, usize)> = Vec::new();
        for c in &view.commitments {
            match counts.iter_mut().find(|(word, _)| *word == c.state_word) {
                Some((_, n)) => *n += 1,
                None => counts.push((c.state_word.clone(), 1)),
            }
        }
        let words: Vec<String> = counts.iter().map(|(w, n)| format!("{w}{n}项")).collect();
        let total = view.commitments.len();
        self.check(
            counts.iter().map(|c| c.1).sum::<usize>() == total,
            format!("议定事项 {total} 项 = {}", words.join(" + ")),
        );
        self.blocks.push(Block::paragraph(format!("上次会议议定事项{total}项，其中{}。", words.join("，"))));
        let open: Vec<String> = view
            .commitments
            .iter()
            .filter(|c| c.overdue)
            .map(|c| format!("{}（{}，{}）", c.title, c.lead, c.state_word))
            .collect();
        if !open.is_empty() {
            self.blocks.push(Block::paragraph(format!("逾期未办结的有：{}。", open.join("；"))));
        }
    }

    /// Requirements: only what the meeting itself has already made into tasks; nothing is invented.
    fn requirements(&mut self, meeting: MeetingId) {
        let tasks = super::tasks::of_meeting(self.seen, meeting);
        if tasks.is_empty() {
            return;
        }
        self.next_section("下一步工作要求");
        for (n, task) in tasks.iter().enumerate() {
            let due = task.due.map_or(String::new(), |d| format!("，于{}前完成", date_words(d)));
            let co =
                if task.assist.is_empty() { String::new() } else { format!("，{}配合", task.assist.join("、")) };
            self.blocks.push(Block::Paragraph(vec![
                Run::lead(format!("（{}）", chinese(n + 1))),
                Run::text(format!("{}。由{}牵头{co}{due}。", task.title.trim_end_matches('。'), task.lead)),
            ]));
        }
    }

    fn data_note(&mut self, view: &Review) {
        let mut hollow = 0;
        let mut missing = 0;
        let mut withheld = 0;
        // Each figure once: derived lines name the same cells again.
        for line in view.areas.iter().flat_map(|a| &a.lines) {
            let kind = self.seen.blueprint().kind(&line.kind);
            let entered = kind.and_then(|k| k.measure(&line.measure)).is_some_and(|m| m.is_entered());
            if let Some(pace) = line.pace.as_ref().filter(|_| entered) {
                hollow += pace.done.hollow;
                missing += pace.done.missing;
                withheld += pace.done.withheld;
            }
        }
        let mut words = vec![format!("数据为截至{}所知", date_words(view.known))];
        if hollow > 0 {
            words.push(format!("其中{hollow}个数据已报送、尚待审定"));
        }
        if missing > 0 {
            words.push(format!("{missing}个数据未报，未计入合计"));
        }
        if withheld > 0 {
            words.push(format!("{withheld}个数据由单位说明理由暂不报送，未计入合计"));
        }
        words.push("各单位按官方序排列，不作排名".to_owned());
        self.blocks.push(Block::Note(format!("说明：{}。", words.join("；"))));
    }

    /// The annex table of a kind: its own columns, all items in official order of their lead units.
    fn annex(&mut self, kind: &str, period: Period) -> Option<Table> {
        let list =
            items::list(self.seen, &items::ItemFilter { kind: Some(kind.to_owned()), ..Default::default() }, period)
                .ok()?;
        if list.rows.is_empty() {
            return None;
        }
        self.place = format!("附件 · {}", list.label);
        let mut head = vec![HeadCell::one("序号")];
        let mut columns = vec![Column::centred(2)];
        for column in &list.columns {
            let title = if column.unit.is_empty() || column.title.contains('（') {
                column.title.clone()
            } else {
                format!("{}（{}）", column.title, column.unit)
            };
            head.push(HeadCell::one(title));
            columns.push(match (column.numeric, column.key.as_str()) {
                (true, _) => Column::number(3),
                (_, "name") => Column::text(7),
                (_, "number" | "lead") => Column::text(4),
                _ => Column::centred(3),
            });
        }
        let mut rows = Vec::new();
        for (n, row) in list.rows.iter().enumerate() {
            let mut cells = vec![Cell::text((n + 1).to_string())];
            for (cell, column) in row.cells.iter().zip(&list.columns) {
                cells.push(self.list_cell(&format!("{} · {}", row.code, column.title), cell));
            }
            rows.push(Row { cells, kind: RowKind::Normal });
        }
        // A total stands on paper when it has a value that can be traced to figures.
        let told = |n: &Number| n.value.is_some() && !n.sources.is_empty();
        if list.totals.iter().flatten().any(told) {
            let mut cells = vec![Cell::text("合计")];
            for (total, column) in list.totals.iter().zip(&list.columns) {
                cells.push(match total.as_ref().filter(|n| told(n)) {
                    Some(number) => {
                        let text = number.shown_plain();
                        let index = self.bind(&format!("合计 · {}", column.title), number, &text);
                        Cell::sourced(text, index)
                    }
                    None => Cell::text(""),
                });
            }
            rows.push(Row { cells, kind: RowKind::Sum });
        }
        Some(Table { caption: String::new(), unit_line: None, head: vec![head], columns, rows, notes: Vec::new() })
    }

    fn list_cell(&mut self, what: &str, cell: &ListCell) -> Cell {
        match &cell.number {
            Some(number) if number.value.is_some() => {
                let index = self.bind(what, number, &cell.plain);
                Cell::sourced(cell.plain.clone(), index)
            }
            Some(number) if number.withheld > 0 => Cell::text(self.seen.say("figure.withheld", &[])),
            Some(number) if number.missing > 0 => Cell::text(self.seen.say("state.none", &[])),
            _ => Cell::text(cell.plain.clone()),
        }
    }

    fn problem_table(&mut self, view: &Review) -> Option<Table> {
        if view.attention.is_empty() {
            return None;
        }
        let rows = view
            .attention
            .iter()
            .enumerate()
            .map(|(n, a)| Row {
                cells: vec![
                    Cell::text((n + 1).to_string()),
                    Cell::text(a.subject.clone()),
                    Cell::text(a.word.clone()),
                    Cell::text(a.why.clone()),
                    Cell::text(a.who.clone()),
                ],
                kind: RowKind::Normal,
            })
            .collect();
        Some(Table {
            head: vec![["序号", "事项", "判定", "情况", "责任单位"].map(HeadCell::one).to_vec()],
            columns: vec![Column::centred(1), Column::text(5), Column::centred(2), Column::text(6), Column::centred(3)],
            rows,
            ..Table::default()
        })
    }
}

/// Columns of numbers beside the unit's name that stay readable on a portrait page.
const COLUMNS_MAX: usize = 8;

/// Lines by unit in groups that fit one table each: four columns with a target, one without.
fn side_by_side<'a, 'b>(lines: &'a [&'b &'b Line]) -> Vec<&'a [&'b &'b Line]> {
    let width = |line: &Line| if line.by_unit.iter().any(|(_, p)| p.target.is_some()) { 4 } else { 1 };
    let mut groups = Vec::new();
    let (mut from, mut columns) = (0, 0);
    for (n, line) in lines.iter().enumerate() {
        if columns + width(line) > COLUMNS_MAX && n > from {
            groups.push(&lines[from..n]);
            (from, columns) = (n, 0);
        }
        columns += width(line);
    }
    if from < lines.len() {
        groups.push(&lines[from..]);
    }
    groups
}

/// 1 → 一, 11 → 十一, 21 → 二十一.
pub fn chinese(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        0..=9 => DIGITS[n].to_owned(),
        10..=19 => format!("十{}", DIGITS[n - 10]),
        20..=99 => format!("{}十{}", DIGITS[n / 10], DIGITS[n % 10]),
        _ => n.to_string(),
    }
}

impl Circular {
    /// Every figure version behind a printed number, once, in order.
    pub fn sources(&self) -> Vec<Source> {
        let mut all: Vec<Source> = self.printed.iter().flat_map(|p| p.number.sources.iter()).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Version of the arithmetic behind the printed numbers, named in the data part.
const METHOD: &str = "circular 1";

impl Circular {
    /// The data part: every figure and target version behind the paper, and every printed number.
    pub fn data_part(&self, seen: &Seen) -> DataPart {
        let facts = self.sources().iter().filter_map(|s| Fact::of(seen, s)).collect();
        let mut derived: Vec<Derived> = self
            .printed
            .iter()
            .map(|p| Derived {
                key: p.place.clone(),
                method: METHOD.to_owned(),
                value: p.number.rounded().map(|v| v.normalize()),
            })
            .collect();
        derived.dedup();
        DataPart { cut: self.cut, facts, derived }
    }

    /// The act that issues the paper: its frozen files and its data part must be durable before.
    pub fn issue(
        &self,
        seen: &Seen,
        paper: PaperId,
        number: Option<String>,
        files: Vec<FileRef>,
        data: FileRef,
    ) -> Act {
        Act::IssuePaper {
            paper,
            kind: crate::zone::CIRCULAR.to_owned(),
            title: self.document.title.concat(),
            number,
            meeting: Some(self.meeting),
            period: self.period,
            cut: self.cut,
            audience: Scope::All,
            files,
            data,
            facts: self.data_part(seen).facts_hash(),
            witness: seen.witness_at_cut().unwrap_or_default(),
        }
    }
}

/// Whether the ledger still says what an issued circular says, and whether today's methods give the numbers
/// that are printed on it.
pub fn recheck(zone: &Zone, paper: PaperId, data_part: &serde_json::Value) -> Vec<Finding> {
    let known = zone.paper(paper).filter(|p| p.kind == crate::zone::CIRCULAR).cloned();
    let today = known.and_then(|p| {
        let now = zone.known_at(zone.head().seq);
        let seen = Seen::new(Arc::new(zone.clone()), Caller::Founder, now, None, Lang::Zh).at_cut(p.cut);
        let issued = circular(&seen, p.meeting?, p.number.clone(), None).ok()?;
        Some(issued.data_part(&seen))
    });
    super::papers::recheck_with(zone, paper, data_part, today.as_ref())
}

impl Seen {
    /// The head hash at the cut: kept only for the head itself and for cuts at which a paper was issued.
    pub fn witness_at_cut(&self) -> Option<crate::blobs::Digest> {
        self.zone.hash_at(self.cut)
    }
}
