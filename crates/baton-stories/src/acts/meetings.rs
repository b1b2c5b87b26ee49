//! Meetings: plan, notice, roll call, outcomes, speeches, seal.

use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::Reading;
use crate::script::{Line, words};
use baton_kernel::commands::Act;
use baton_kernel::entries::{AgendaLine, MeetingState, OutcomeKind, PlanDetails, VenueLine};

pub(super) fn act(stage: &mut Stage<'_>, verb: &str, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    match verb {
        "plan" => plan(stage, reading, line),
        "notify" | "hold" | "seal" | "call-off" => {
            reading.keyword("meeting")?;
            let meeting = stage.meeting(reading.word("会议编号", "a meeting")?)?;
            let options = reading.options(&["because"], &[])?;
            let to = match verb {
                "notify" => MeetingState::Notified,
                "hold" => MeetingState::Held,
                "seal" => MeetingState::Sealed,
                _ => MeetingState::Cancelled,
            };
            Ok(Act::MoveMeeting { meeting, to, because: options.text("because") })
        }
        "roll" => {
            let code = reading.word("会议编号", "a meeting")?;
            let meeting = stage.meeting(code)?;
            let venue = stage.ids.venue(&format!("{code}/{}", reading.word("会场", "a venue")?));
            let absent = reading.take("absent");
            let options = reading.options(&["present"], &[])?;
            Ok(Act::AnswerVenue { meeting, venue, present: !absent, heads: options.whole("present")?, leave: None })
        }
        "outcome" => {
            let code = reading.word("会议编号", "a meeting")?;
            let meeting = stage.meeting(code)?;
            let number = reading.word("议程序号", "the agenda line")?;
            let agenda: u16 = number.parse().map_err(|e| Wrong::unread("议程序号", "an agenda line", number, e))?;
            let kind = match reading.word("结果类别", "the kind of outcome")? {
                "information" => OutcomeKind::Information,
                "decision" => OutcomeKind::Decision,
                "task" => OutcomeKind::Task,
                other => return Err(Wrong::unread("结果类别", "an outcome", other, "information decision task")),
            };
            let text = reading.word("内容", "the words")?;
            reading.end()?;
            let outcome = stage.ids.outcome(&format!("{code}/{agenda}/{text}"));
            Ok(Act::RecordOutcome { meeting, outcome, line: agenda, kind, text: text.to_owned() })
        }
        "speech" => {
            let code = reading.word("会议编号", "a meeting")?;
            let meeting = stage.meeting(code)?;
            let handle = reading.word("讲话标识", "the speech's handle")?;
            let title = reading.word("标题", "a title")?;
            reading.end()?;
            let text: Vec<&str> = line.under.iter().map(|u| u.raw.as_str()).collect();
            let text = text.join("\n");
            if text.is_empty() {
                return Err(Wrong::ends("讲话正文（写在下面各行）", "the text, in the lines under it"));
            }
            let speech = stage.ids.speech(handle);
            Ok(Act::RecordSpeech { meeting, speech, title: title.to_owned(), raw: text.clone(), clean: text })
        }
        _ => unreachable!("dispatched by act"),
    }
}

fn plan(stage: &mut Stage<'_>, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    reading.keyword("meeting")?;
    let code = reading.word("会议编号", "a code")?;
    let title = reading.word("会议名称", "a title")?;
    let options = reading.options(&["period", "on", "place", "chair"], &[])?;
    let (mut agenda, mut venues) = (Vec::new(), Vec::new());
    for under in &line.under {
        let words = words(&under.raw)?;
        let mut inner = Reading::new(&words);
        if inner.take("agenda") {
            let title = inner.word("议题", "a title")?.to_owned();
            let own = inner.options(&["area", "unit", "minutes"], &[])?;
            agenda.push(AgendaLine {
                title,
                area: own.get("area").map(str::to_owned),
                unit: own.get("unit").map(|code| stage.unit(code)).transpose()?,
                minutes: own.whole("minutes")?.unwrap_or(10),
            });
        } else {
            inner.keyword("venue")?;
            let handle = inner.word("会场标识", "the venue's handle")?;
            let name = inner.word("会场名称", "a name")?.to_owned();
            let own = inner.options(&["unit", "link"], &["main"])?;
            venues.push(VenueLine {
                venue: stage.ids.venue(&format!("{code}/{handle}")),
                name,
                unit: own.get("unit").map(|code| stage.unit(code)).transpose()?,
                main: own.has("main"),
                link: own.get("link").map(str::to_owned),
            });
        }
    }
    Ok(Act::PlanMeeting {
        meeting: stage.ids.meeting(code),
        code: code.to_owned(),
        title: title.to_owned(),
        period: crate::reading::period(options.need("period")?)?,
        on: options.date("on")?.unwrap_or_else(|| stage.today()),
        place: options.text("place"),
        chair: options.get("chair").map(|handle| stage.ids.post(handle)),
        agenda,
        venues,
        details: PlanDetails::default(),
    })
}
