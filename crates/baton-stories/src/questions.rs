//! Questions a story asks, answered in plain text from the same views that pages show.

use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::Reading;
use baton_kernel::commands::Caller;
use baton_kernel::ids::Subject;
use baton_kernel::views::{figures, items, review, rounds, tasks};
use baton_kernel::{Refusal, Seen};
use baton_methods::{Lang, Period};
use std::fmt::Write as _;

/// Every question with its shape. Each may end in `known DATE`, `as UNIT/ROLE`, `lang en`.
pub const QUESTIONS: &[(&str, &str)] = &[
    ("review", "review PERIOD"),
    ("figure", "figure [unit] CODE MEASURE[/PART] PERIOD"),
    ("items", "items KIND PERIOD"),
    ("rounds", "rounds PERIOD"),
    ("tasks", "tasks"),
    ("task", "task CODE"),
    ("units", "units"),
    ("meeting", "meeting CODE"),
];

/// The answer, when the line asks something.
pub(crate) fn answer(stage: &Stage<'_>, reading: &mut Reading<'_>) -> Result<Option<String>, Wrong> {
    let Some(asked) = QUESTIONS.iter().map(|(key, _)| *key).find(|key| reading.is(key)) else { return Ok(None) };
    reading.word("查询", "a question")?;
    let mut words = Vec::new();
    while let Some(word) = reading.peek() {
        if !word.quoted && ["known", "as", "lang"].contains(&word.text.as_str()) {
            break;
        }
        words.push(reading.word("", "")?);
    }
    let options = reading.options(&["known", "as", "lang"], &[])?;
    let caller = options.get("as").map_or(Ok(Caller::Founder), |actor| stage.caller(actor))?;
    let lang = if options.get("lang") == Some("en") { Lang::En } else { Lang::Zh };
    let seen = Seen::new(stage.zone(), caller, stage.now(), options.date("known")?, lang);
    let word = |n: usize| words.get(n).copied().ok_or_else(|| shape(asked));
    let period = |n: usize| crate::reading::period(word(n)?);
    let text = match asked {
        "review" => Ok(review::review(&seen, period(0)?).text(lang)),
        "figure" => {
            let about_unit = word(0)? == "unit";
            let from = usize::from(about_unit);
            let subject = if about_unit {
                Subject::Unit(stage.unit(word(from)?)?)
            } else {
                Subject::Item(stage.item(word(from)?)?)
            };
            figure(&seen, subject, word(from + 1)?, period(from + 2)?)
        }
        "items" => item_list(&seen, word(0)?, period(1)?),
        "rounds" => Ok(round_list(&seen, period(0)?)),
        "tasks" => Ok(task_list(&seen)),
        "task" => task(&seen, word(0)?),
        "units" => Ok(unit_list(&seen)),
        _ => meeting(stage, &seen, word(0)?),
    };
    Ok(Some(text.unwrap_or_else(|refusal: Refusal| format!("{}：{}", refusal.code, refusal.said(lang)))))
}

fn shape(asked: &str) -> Wrong {
    let shape = QUESTIONS.iter().find(|(key, _)| *key == asked).map_or("", |(_, shape)| *shape);
    Wrong::new(format!("写法：{shape}"), format!("write: {shape}"))
}

fn figure(seen: &Seen, subject: Subject, key: &str, period: Period) -> Result<String, Refusal> {
    let (measure, part) = key.split_once('/').map_or((key, None), |(m, p)| (m, Some(p)));
    let history = figures::history(seen, subject, measure, part, period)?;
    let mut out = format!("{} · {} · {}（{}）\n", history.name, history.label, history.period_label, history.unit);
    for version in &history.versions {
        let counts = if version.counts { "●" } else { "○" };
        let _ = write!(out, "{counts} {}  {}  {}", version.when, version.shown, version.word);
        let _ = write!(out, "  {} {}", version.unit, version.who);
        if let Some(because) = &version.because {
            let _ = write!(out, "  {because}");
        }
        out.push('\n');
    }
    Ok(out)
}

fn item_list(seen: &Seen, kind: &str, period: Period) -> Result<String, Refusal> {
    let filter = items::ItemFilter { kind: Some(kind.to_owned()), ..Default::default() };
    let list = items::list(seen, &filter, period)?;
    let titles: Vec<&str> = list.columns.iter().map(|c| c.title.as_str()).collect();
    let mut out = format!("{}\n{}\n", list.label, titles.join(" | "));
    for row in &list.rows {
        let cells: Vec<&str> = row.cells.iter().map(|c| c.shown.as_str()).collect();
        let _ = writeln!(out, "{}", cells.join(" | ").trim_end());
    }
    Ok(out)
}

fn round_list(seen: &Seen, period: Period) -> String {
    let mut out = String::new();
    for round in rounds::of_period(seen, period) {
        let (answered, asked) = round.answered();
        let _ = writeln!(out, "{}  {answered}/{asked}", round.title);
        for answer in &round.answers {
            let first = answer.first.as_deref().unwrap_or("—");
            let late = if answer.late { seen.lang.pick("  迟报", "  late") } else { "" };
            let cells = format!("{}/{}", answer.answered, answer.asked);
            let _ = writeln!(out, "  {}  {}  {cells}  {first}{late}", answer.unit.name, answer.word);
        }
    }
    out
}

fn task_list(seen: &Seen) -> String {
    let mut out = String::new();
    for row in tasks::ledger(seen, &tasks::TaskFilter::default()).rows {
        let due = row.due.map_or_else(|| "—".to_owned(), |d| d.to_string());
        let late = if row.overdue { seen.lang.pick("  逾期", "  overdue") } else { "" };
        let _ = writeln!(out, "{}  {}  {}  {due}  {}{late}", row.code, row.title, row.lead, row.state_word);
    }
    out
}

fn task(seen: &Seen, code: &str) -> Result<String, Refusal> {
    let view = tasks::task(seen, code)?;
    let row = &view.row;
    let due = row.due.map_or_else(|| "—".to_owned(), |d| d.to_string());
    let mut out = format!("{}  {}  {}\n  “{}”\n", row.code, row.title, row.state_word, row.said);
    for strand in &view.strands {
        let due = strand.due.map_or_else(|| due.clone(), |d| d.to_string());
        let _ = writeln!(out, "  {} {}  {}  {due}", strand.duty_word, strand.unit.name, strand.state_word);
    }
    for event in &view.events {
        let text = event.text.as_deref().unwrap_or_default();
        let _ = writeln!(out, "  {}  {} {}  {text}", event.when, event.unit, event.label);
    }
    Ok(out.lines().map(|l| format!("{}\n", l.trim_end())).collect())
}

fn unit_list(seen: &Seen) -> String {
    let mut out = String::new();
    for unit in seen.units() {
        let Some(data) = seen.unit(unit) else { continue };
        let kind = seen.blueprint().unit_kind(&data.kind).map_or("", |k| k.label.get(seen.lang));
        let _ = writeln!(out, "{}  {}  {kind}", data.code, data.name);
    }
    out
}

fn meeting(stage: &Stage<'_>, seen: &Seen, code: &str) -> Result<String, Refusal> {
    let zone = stage.zone();
    let meeting = zone.meeting_by_code(code).filter(|m| m.known(seen.cut())).ok_or_else(Refusal::absent)?;
    let plan = meeting.plan.at(seen.cut()).ok_or_else(Refusal::absent)?;
    let state = meeting.state(seen.cut()).map(|s| baton_kernel::zone::meeting_state_label(seen.lang, s));
    let mut out = format!("{}  {}  {}\n", plan.title, plan.on, state.unwrap_or_default());
    for venue in &plan.venues {
        let answered = match meeting.answer(venue.venue, seen.cut()) {
            None => seen.lang.pick("未签到", "not signed in").to_owned(),
            Some(row) if !row.present => seen.lang.pick("缺席", "absent").to_owned(),
            Some(row) => {
                let heads = row.heads;
                let heads = heads.map_or_else(String::new, |n| n.to_string());
                format!("{} {heads}", seen.lang.pick("到会", "present"))
            }
        };
        let _ = writeln!(out, "  {}  {answered}", venue.name);
    }
    for outcome in meeting.outcomes.iter().filter(|o| o.seq <= seen.cut()) {
        let title = plan.agenda.get(outcome.line as usize).map_or("", |l| l.title.as_str());
        let _ = writeln!(out, "  {}. {title}：{}", outcome.line + 1, zone.said(&outcome.text));
    }
    Ok(out)
}
