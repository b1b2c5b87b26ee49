//! Founding, blueprint, units, posts, people, grants, erasure.

use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::{Reading, list};
use crate::script::Line;
use crate::shelf;
use baton_kernel::commands::Act;
use baton_kernel::entries::{Grantee, Holding, Scope};
use std::collections::BTreeMap;

pub(super) fn act(stage: &mut Stage<'_>, verb: &str, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    match verb {
        "zone" => found(stage, reading),
        "apply" => apply(stage, reading, line),
        "unit" => {
            let code = reading.word("单位代码", "the code")?;
            let name = reading.word("单位名称", "the name")?;
            let kind = reading.word("单位类别", "the sort of unit")?;
            let options = reading.options(&["under", "order", "short", "duties", "aliases", "from", "to"], &[])?;
            let zone = stage.zone();
            let known = zone.unit_by_code(code);
            let order = match options.whole("order")? {
                Some(order) => order,
                None => zone.units_at(u64::MAX).len() as u32 + 1,
            };
            Ok(Act::PutUnit {
                unit: known.unwrap_or_else(|| stage.ids.unit(code)),
                code: code.to_owned(),
                name: name.to_owned(),
                short: options.text("short"),
                kind: kind.to_owned(),
                parent: options.get("under").map(|code| stage.unit(code)).transpose()?,
                order,
                aliases: options.list("aliases"),
                duties: options.list("duties"),
                from: options.date("from")?,
                to: options.date("to")?,
            })
        }
        "merge" => {
            reading.keyword("unit")?;
            let unit = stage.unit(reading.word("单位代码", "a unit")?)?;
            let options = reading.options(&["into", "on", "because"], &[])?;
            Ok(Act::MergeUnit {
                unit,
                into: stage.unit(options.need("into")?)?,
                on: options.date("on")?.unwrap_or_else(|| stage.today()),
                because: options.text("because"),
            })
        }
        "post" => {
            let handle = reading.word("岗位标识", "the post's handle")?;
            let title = reading.word("岗位名称", "the title")?;
            let options = reading.options(&["of", "from", "to"], &[])?;
            Ok(Act::PutPost {
                post: stage.ids.post(handle),
                unit: stage.unit(options.need("of")?)?,
                title: title.to_owned(),
                from: options.date("from")?,
                to: options.date("to")?,
            })
        }
        "person" => {
            let handle = reading.word("人员标识", "the person's handle")?;
            let name = reading.word("姓名", "the name")?;
            reading.end()?;
            Ok(Act::PutPerson { person: stage.ids.person(handle), name: name.to_owned() })
        }
        "hold" => {
            reading.keyword("post")?;
            let post = stage.ids.post(reading.word("岗位标识", "the post")?);
            let person = stage.ids.person(reading.word("人员标识", "the person")?);
            let options = reading.options(&["as", "from", "to"], &[])?;
            let how = match options.get("as") {
                None | Some("holder") => Holding::Holder,
                Some("deputy") => Holding::Deputy,
                Some("cover") => Holding::Cover,
                Some(other) => return Err(Wrong::unread("任职方式", "a way to hold", other, "holder deputy cover")),
            };
            let from = options.date("from")?.unwrap_or_else(|| stage.today());
            Ok(Act::HoldPost { post, person, how, from, to: options.date("to")? })
        }
        "grant" => {
            let handle = reading.word("授权标识", "the grant's handle")?;
            let role = reading.word("角色", "the role")?;
            reading.keyword("to")?;
            let to = match reading.word("post 或 person", "post or person")? {
                "post" => Grantee::Post(stage.ids.post(reading.word("岗位标识", "the post")?)),
                "person" => Grantee::Person(stage.ids.person(reading.word("人员标识", "the person")?)),
                other => return Err(Wrong::unread("授权对象", "a grantee", other, "post person")),
            };
            reading.keyword("over")?;
            let scope = scope(stage, reading)?;
            reading.end()?;
            Ok(Act::Grant { grant: stage.ids.grant(handle), to, role: role.to_owned(), scope })
        }
        "revoke" => {
            let handle = reading.word("授权标识", "the grant's handle")?;
            reading.end()?;
            Ok(Act::Revoke { grant: stage.ids.grant(handle) })
        }
        "staff" => staff(stage, reading),
        "erase" => {
            let digests = list(reading.word("摘要值", "digests")?)
                .iter()
                .map(|text| text.parse().map_err(|e| Wrong::unread("摘要值", "a digest", text, e)))
                .collect::<Result<_, _>>()?;
            let options = reading.options(&["basis"], &[])?;
            Ok(Act::Erase { digests, basis: options.text("basis") })
        }
        _ => unreachable!("dispatched by act"),
    }
}

fn scope(stage: &Stage<'_>, reading: &mut Reading<'_>) -> Result<Scope, Wrong> {
    match reading.word("范围", "a scope")? {
        "all" => Ok(Scope::All),
        "below" => Ok(Scope::Below(stage.units(&list(reading.word("单位", "units")?))?)),
        "units" => Ok(Scope::Units(stage.units(&list(reading.word("单位", "units")?))?)),
        other => Err(Wrong::unread("范围", "a scope", other, "all below units")),
    }
}

fn found(stage: &mut Stage<'_>, reading: &mut Reading<'_>) -> Result<Act, Wrong> {
    let blueprint = reading.word("蓝图名称", "a blueprint")?;
    let options =
        reading.options(&["day", "name", "en", "code", "time-zone"], &["simulated", "real-clock", "invented"])?;
    if let Some(day) = options.date("day")? {
        stage.begin(day);
    }
    let files = shelf::blueprint(blueprint).ok_or_else(|| Wrong::unknown("蓝图", "blueprint", blueprint))?;
    let or = |key: &str, default: &str| options.get(key).unwrap_or(default).to_owned();
    Ok(Act::Found {
        name: or("name", "故事新区"),
        name_en: or("en", "Story Zone"),
        code: or("code", "story"),
        time_zone: or("time-zone", "Asia/Shanghai"),
        // A story tells its own time: only a simulated clock can follow it.
        simulated: !options.has("real-clock"),
        invented: options.has("invented"),
        files,
        because: "建立台账".to_owned(),
    })
}

/// The blueprint in force, or one from the shelf, with the files written under the line.
fn apply(stage: &mut Stage<'_>, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    reading.keyword("blueprint")?;
    let named = if reading.is("because") { None } else { Some(reading.word("蓝图名称", "a blueprint")?) };
    let options = reading.options(&["because"], &[])?;
    let mut files: BTreeMap<String, String> = match named {
        Some(name) => shelf::blueprint(name).ok_or_else(|| Wrong::unknown("蓝图", "blueprint", name))?,
        None => stage.zone().blueprint().files.clone(),
    };
    let mut open: Option<(String, usize)> = None;
    for under in &line.under {
        match &open {
            Some((path, indent)) if under.indent > *indent => {
                let text = files.entry(path.clone()).or_default();
                text.push_str(&under.raw);
                text.push('\n');
            }
            _ => match under.raw.split_once(' ') {
                Some(("file", path)) => {
                    files.insert(path.trim().to_owned(), String::new());
                    open = Some((path.trim().to_owned(), under.indent));
                }
                Some(("drop", path)) => {
                    if files.remove(path.trim()).is_none() {
                        return Err(Wrong::unknown("蓝图文件", "blueprint file", path.trim()));
                    }
                    open = None;
                }
                _ => {
                    return Err(Wrong::new(
                        format!("“{}”不是 file 或 drop", under.raw),
                        format!("“{}” is neither file nor drop", under.raw),
                    ));
                }
            },
        }
    }
    Ok(Act::ApplyBlueprint { files, because: options.text("because") })
}

/// A person with a post of a unit and a role, at one stroke.
fn staff(stage: &mut Stage<'_>, reading: &mut Reading<'_>) -> Result<Act, Wrong> {
    let code = reading.word("单位代码", "a unit")?;
    let unit = stage.unit(code)?;
    let role = reading.word("角色", "a role")?;
    let name = reading.word("姓名", "a name")?;
    let (mut title, mut over, mut handle, mut from) = (None, None, None, None);
    loop {
        if reading.take("title") {
            title = Some(reading.word("岗位名称", "a title")?.to_owned());
        } else if reading.take("over") {
            over = Some(scope(stage, reading)?);
        } else if reading.take("handle") {
            handle = Some(reading.word("标识", "a handle")?.to_owned());
        } else if reading.take("from") {
            from = Some(reading.date()?);
        } else {
            break;
        }
    }
    reading.end()?;
    let handle = handle.unwrap_or_else(|| format!("{code}-{role}"));
    let zone = stage.zone();
    let label = zone.blueprint().roles.get(role).map_or_else(|| role.to_owned(), |r| r.label.zh.clone());
    let (post, person) = (stage.ids.post(&handle), stage.ids.person(&handle));
    let from = from.unwrap_or_else(|| stage.today());
    Ok(Act::All(vec![
        Act::PutPost { post, unit, title: title.unwrap_or(label), from: Some(from), to: None },
        Act::PutPerson { person, name: name.to_owned() },
        Act::HoldPost { post, person, how: Holding::Holder, from, to: None },
        Act::Grant {
            grant: stage.ids.grant(&handle),
            to: Grantee::Post(post),
            role: role.to_owned(),
            scope: over.unwrap_or_else(|| Scope::Below(vec![unit])),
        },
    ]))
}
