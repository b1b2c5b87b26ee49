//! Compliance: the panel of rules on conduct and burden, shown on a meeting, its circular and a round; overrides.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::entries::Concern;
use baton_kernel::views::compliance::{self, Panel, Verdict};
use baton_kernel::{Act, Refusal};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "compliance-panel.html")]
struct PanelPart<'a> {
    shell: &'a Shell,
    panel: &'a Panel,
}

/// The panel as a part of a page.
pub(crate) fn part(shell: &Shell, panel: &Panel) -> Result<Safe<String>, Fault> {
    PanelPart { shell, panel }.render().map(Safe).map_err(|e| Fault::World(anyhow::Error::new(e)))
}

/// The class of a verdict's mark.
pub(crate) fn class(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "ok",
        Verdict::Warn => "warn",
        Verdict::Overridden => "done",
        Verdict::Reminder => "none",
    }
}

#[derive(Template)]
#[template(path = "compliance.html")]
struct CompliancePage<'a> {
    shell: Shell,
    v: &'a Visit,
    panel: &'a Panel,
    back: String,
    title: String,
}

/// What the path is about, and the panel of it.
fn panel_of(v: &Visit) -> Result<(Panel, String, String), Fault> {
    let title = |id| Ok::<_, Refusal>(baton_kernel::views::meetings::meeting(&v.seen, id)?.row.title);
    let id = v.segment("id");
    Ok(match v.segment("of") {
        "meeting" => (compliance::of_meeting(&v.seen, v.id("id")?)?, format!("/meetings/{id}"), title(id)?),
        "circular" => (compliance::of_circular(&v.seen, v.id("id")?)?, format!("/meetings/{id}/circular"), title(id)?),
        "round" => {
            let round = v.id("id")?;
            let shown = baton_kernel::views::rounds::round(&v.seen, round)?;
            (compliance::of_round(&v.seen, round)?, format!("/rounds/{id}"), shown.title)
        }
        _ => return Err(Fault::absent()),
    })
}

/// `GET /compliance/{of}/{id}`: the whole panel with the forms of its overrides.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let (panel, back, title) = panel_of(&v)?;
    v.page(&CompliancePage {
        shell: Shell::of(&v, v.say("page.compliance", &[]), "/meetings"),
        v: &v,
        panel: &panel,
        back,
        title,
    })
}

/// `POST /compliance/{of}/{id}`: somebody answers for a warning, on a basis.
pub(crate) async fn answer_for(v: Arc<Visit>) -> Answer {
    let done = answered(&v).await;
    or_again(&v, done, show).await
}

async fn answered(v: &Visit) -> Answer {
    let (panel, ..) = panel_of(v)?;
    let of: Concern = panel.of;
    let (rule, basis, because) = (v.text("rule"), v.text("basis"), v.text("because"));
    v.submit(Act::Override { rule, of, basis, because }).await?;
    v.done(&format!("/compliance/{}", panel.key()), "compliance-overridden")
}
