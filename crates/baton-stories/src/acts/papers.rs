//! Papers: the circular of a meeting is issued by the ground, which knows how it is set.

use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::Reading;
use baton_kernel::Refusal;

/// `issue circular MEETING [number N]`.
pub(crate) fn issue(stage: &mut Stage<'_>, reading: &mut Reading<'_>) -> Result<Result<(), Refusal>, Wrong> {
    reading.keyword("circular")?;
    let code = reading.word("会议编号", "a meeting")?;
    let meeting = stage.meeting(code)?;
    let options = reading.options(&["number"], &[])?;
    let paper = stage.ids.paper(&format!("circular/{code}/{}", stage.zone().papers().len()));
    let number = options.get("number").map(str::to_owned);
    let (caller, at) = (stage.actor, stage.now());
    Ok(stage.ground.issue_circular(caller, paper, meeting, number, at))
}
