//! Tasks: assigned, acknowledged, fed back, extended, completed, closed out.

use super::evidence;
use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::Reading;
use baton_kernel::commands::{Act, Caller, TaskDoing};
use baton_kernel::entries::{Deadline, Duty, StrandLine, TaskSource};
use baton_kernel::ids::*;

pub(super) fn act(stage: &mut Stage<'_>, verb: &str, reading: &mut Reading<'_>) -> Result<Act, Wrong> {
    if verb == "assign" {
        return assign(stage, reading);
    }
    let task = stage.task(reading.word("任务编号", "a task")?)?;
    let mut of = None;
    let what = match verb {
        "acknowledge" => TaskDoing::Acknowledge,
        "resume" => {
            let options = reading.options(&["because", "of"], &[])?;
            of = options.get("of").map(str::to_owned);
            TaskDoing::Resume { because: options.text("because") }
        }
        "feed" => {
            let text = reading.word("反馈内容", "the words")?.to_owned();
            let options = reading.options(&["evidence", "of"], &["final"])?;
            of = options.get("of").map(str::to_owned);
            TaskDoing::Feed { last: options.has("final"), text, evidence: evidence(stage, &options.list("evidence")) }
        }
        "urge" => TaskDoing::Urge { text: reading.word("催办内容", "the words")?.to_owned() },
        "ask-extension" => {
            let to = reading.date()?;
            let options = reading.options(&["because", "of"], &[])?;
            of = options.get("of").map(str::to_owned);
            TaskDoing::AskExtension { to, because: options.text("because") }
        }
        "decide-extension" => {
            let granted = match reading.word("granted 或 refused", "granted or refused")? {
                "granted" => true,
                "refused" => false,
                other => return Err(Wrong::unread("决定", "a decision", other, "granted refused")),
            };
            let options = reading.options(&["until", "because", "of"], &[])?;
            of = options.get("of").map(str::to_owned);
            TaskDoing::DecideExtension { granted, to: options.date("until")?, because: options.text("because") }
        }
        _ => {
            let options = reading.options(&["because", "of", "to"], &[])?;
            of = options.get("of").map(str::to_owned);
            let because = options.text("because");
            match verb {
                "object" => TaskDoing::Object { because },
                "decide-objection" => {
                    let to = options.get("to").map(|code| stage.unit(code)).transpose()?;
                    TaskDoing::DecideObjection { to, withdraw: false, because }
                }
                "send-back" => TaskDoing::Return { because },
                "suspend" => TaskDoing::Suspend { because },
                "complete" => TaskDoing::Complete { because },
                "close" => TaskDoing::CloseOut { because },
                _ => TaskDoing::Cancel { because },
            }
        }
    };
    let rest = reading.options(&["of"], &[])?;
    let of = of.or_else(|| rest.get("of").map(str::to_owned));
    let unit = match of {
        Some(code) => stage.unit(&code)?,
        None => strand(stage, task)?,
    };
    Ok(Act::ActOnTask { task, unit, what })
}

/// The strand meant: that of the actor's own unit when it has one, else the lead's.
fn strand(stage: &Stage<'_>, task: TaskId) -> Result<UnitId, Wrong> {
    let zone = stage.zone();
    let task = zone.task(task).expect("a task just found");
    let own = match stage.actor {
        Caller::Person(person) => baton_kernel::permit::Rights::of(&zone, Caller::Person(person), stage.today()).units,
        Caller::Founder => Vec::new(),
    };
    let strands = &task.strands;
    let mine = strands.iter().find(|s| own.contains(&s.unit));
    let lead = strands.iter().find(|s| s.duty == Duty::Lead);
    mine.or(lead).map(|s| s.unit).ok_or_else(|| Wrong::ends("责任单位", "a responsible unit"))
}

fn assign(stage: &mut Stage<'_>, reading: &mut Reading<'_>) -> Result<Act, Wrong> {
    let code = reading.word("任务编号", "a code")?.to_owned();
    let title = reading.word("任务名称", "a title")?.to_owned();
    let (mut lead, mut assist, mut deadline) =
        (None, Vec::new(), Deadline { on: None, words: String::new(), limit: None });
    let (mut said, mut source, mut aim, mut area, mut items) = (String::new(), None, String::new(), None, Vec::new());
    while let Some(word) = reading.peek() {
        let key = word.text.clone();
        reading.word("选项", "an option")?;
        let mut value = |zh: &str| reading.word(zh, zh).map(str::to_owned);
        match key.as_str() {
            "lead" => lead = Some(stage.unit(&value("单位")?)?),
            "assist" => assist = stage.units(&crate::reading::list(&value("单位")?))?,
            "due" => deadline.on = Some(crate::reading::date(&value("日期")?)?),
            "words" => deadline.words = value("原话")?,
            "said" => said = value("原话")?,
            "aim" => aim = value("目标")?,
            "area" => area = Some(value("领域")?),
            "items" => {
                items = crate::reading::list(&value("事项")?)
                    .iter()
                    .map(|code| stage.item(code))
                    .collect::<Result<_, _>>()?;
            }
            "from" => source = Some(origin(stage, reading, &said)?),
            other => {
                let known = "lead assist due words said from aim area items";
                return Err(Wrong::unread("选项", "an option", other, known));
            }
        }
    }
    let lead = lead.ok_or_else(|| Wrong::ends("牵头单位 lead", "lead"))?;
    let mut strands = vec![StrandLine { unit: lead, duty: Duty::Lead }];
    strands.extend(assist.into_iter().map(|unit| StrandLine { unit, duty: Duty::Assist }));
    Ok(Act::AssignTask {
        task: stage.ids.task(&code),
        code,
        title: title.clone(),
        source: source.ok_or_else(|| Wrong::ends("来源 from", "from"))?,
        said: if said.is_empty() { title } else { said },
        deadline,
        strands,
        aim,
        area,
        items,
    })
}

/// Where a task comes from. A clause of a speech is found by its words, which must stand in it.
fn origin(stage: &Stage<'_>, reading: &mut Reading<'_>, said: &str) -> Result<TaskSource, Wrong> {
    Ok(match reading.word("来源", "a source")? {
        "meeting" => TaskSource::Meeting(stage.meeting(reading.word("会议编号", "a meeting")?)?),
        "item" => TaskSource::Item(stage.item(reading.word("编号", "a code")?)?),
        "document" => TaskSource::Document(reading.word("文号", "a number")?.to_owned()),
        "instruction" => TaskSource::Instruction,
        "speech" => {
            let handle = reading.word("讲话标识", "a speech")?;
            let speech = stage.ids.speech(handle);
            let zone = stage.zone();
            let row = zone
                .meetings()
                .into_iter()
                .flat_map(|m| m.speeches.clone())
                .find(|s| s.id == speech)
                .ok_or_else(|| Wrong::unknown("讲话", "speech", handle))?;
            let text = zone.said(&row.clean);
            let at = text.find(said).filter(|_| !said.is_empty()).ok_or_else(|| {
                Wrong::new(
                    format!("讲话中没有“{said}”；said 应写在 from 之前，并照抄原文"),
                    format!("the speech does not say “{said}”; write said before from, in its very words"),
                )
            })?;
            let offset = text[..at].chars().count() as u32;
            TaskSource::Speech { speech, offset, length: said.chars().count() as u32 }
        }
        other => {
            let known = "meeting speech item document instruction";
            return Err(Wrong::unread("来源", "a source", other, known));
        }
    })
}
