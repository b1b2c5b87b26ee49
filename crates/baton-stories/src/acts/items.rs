//! Items: made, changed, moved from stage to stage, withdrawn, split, merged, linked; their problems.

use super::evidence;
use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::Reading;
use crate::script::{Line, words};
use baton_kernel::commands::{Act, FieldInput};
use std::collections::BTreeMap;

pub(super) fn act(stage: &mut Stage<'_>, verb: &str, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    match verb {
        "item" => {
            let kind = reading.word("事项类型", "a kind")?;
            let code = reading.word("编号", "a code")?;
            let name = reading.word("名称", "a name")?;
            let options = reading.options(&["lead", "co", "parent", "stage", "since"], &[])?;
            let since = options.date("since")?;
            // Since a day without a stage: in the first stage of the kind.
            let first = || {
                let blueprint = stage.zone().blueprint();
                blueprint.kind(kind).and_then(|k| k.stages.first()).map(|s| s.key.clone())
            };
            let at = options.get("stage").map(str::to_owned).or_else(|| since.and_then(|_| first()));
            Ok(Act::MakeItem {
                item: stage.ids.item(code),
                kind: kind.to_owned(),
                code: code.to_owned(),
                name: name.to_owned(),
                lead: stage.unit(options.need("lead")?)?,
                co: stage.units(&options.list("co"))?,
                parent: options.get("parent").map(|code| stage.item(code)).transpose()?,
                fields: fields(line)?,
                stage: at.map(|key| (key, since.unwrap_or_else(|| stage.today()))),
            })
        }
        "change" => {
            let item = stage.item(reading.word("编号", "a code")?)?;
            let options = reading.options(&["name", "lead", "co", "because"], &[])?;
            Ok(Act::ChangeItem {
                item,
                name: options.get("name").map(str::to_owned),
                lead: options.get("lead").map(|code| stage.unit(code)).transpose()?,
                co: if options.has("co") { Some(stage.units(&options.list("co"))?) } else { None },
                fields: fields(line)?,
                because: options.text("because"),
            })
        }
        "stage" => {
            let item = stage.item(reading.word("编号", "a code")?)?;
            let key = reading.word("阶段", "a stage")?;
            let options = reading.options(&["on", "because", "evidence"], &[])?;
            Ok(Act::EnterStage {
                item,
                stage: key.to_owned(),
                on: options.date("on")?.unwrap_or_else(|| stage.today()),
                because: options.text("because"),
                evidence: evidence(stage, &options.list("evidence")),
            })
        }
        "drop" => {
            let item = stage.item(reading.word("编号", "a code")?)?;
            let options = reading.options(&["because"], &[])?;
            Ok(Act::WithdrawItem { item, because: options.text("because") })
        }
        "split" | "merge" => {
            if verb == "merge" {
                reading.keyword("item")?;
            }
            let item = stage.item(reading.word("编号", "a code")?)?;
            let options = reading.options(&["into", "because"], &[])?;
            options.need("into")?;
            let into = options.list("into").iter().map(|code| stage.item(code)).collect::<Result<_, _>>()?;
            Ok(Act::BecomeItems { item, into, because: options.text("because") })
        }
        "link" | "unlink" => {
            let item = stage.item(reading.word("编号", "a code")?)?;
            let link = reading.word("关联", "a link")?.to_owned();
            let to = stage.item(reading.word("编号", "a code")?)?;
            let because = reading.options(&["because"], &[])?.text("because");
            Ok(match verb {
                "link" => Act::LinkItems { item, link, to, because },
                _ => Act::UnlinkItems { item, link, to, because },
            })
        }
        "raise" | "settle" => {
            let problem = stage.ids.problem(reading.word("代号", "a handle")?);
            reading.keyword("on")?;
            let item = stage.item(reading.word("编号", "a code")?)?;
            let text = if verb == "raise" { reading.word("问题", "the problem")?.to_owned() } else { String::new() };
            let options = reading.options(&["because", "evidence"], &[])?;
            let evidence = evidence(stage, &options.list("evidence"));
            Ok(match verb {
                "raise" => Act::RaiseProblem { item, problem, text, evidence },
                _ => Act::SettleProblem { item, problem, because: options.text("because"), evidence },
            })
        }
        _ => unreachable!("dispatched by act"),
    }
}

/// Fields written under a line: key, then the value.
fn fields(line: &Line) -> Result<BTreeMap<String, FieldInput>, Wrong> {
    let mut found = BTreeMap::new();
    for under in &line.under {
        let words = words(&under.raw)?;
        let Some((key, value)) = words.split_first() else { continue };
        let value: Vec<&str> = value.iter().map(|w| w.text.as_str()).collect();
        let value = value.join(" ");
        let input = if value.is_empty() { FieldInput::Empty } else { FieldInput::Typed(value) };
        found.insert(key.text.clone(), input);
    }
    Ok(found)
}
