//! Duties: the dictionary that the office keeps, and what people confirmed, to take up or to forget.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::permit::Verb;
use baton_kernel::views::duties::{self, DutyRow, LearnedRow};
use baton_kernel::views::review::UnitShown;
use baton_kernel::{Act, Refusal};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "duties.html")]
struct DutiesPage<'a> {
    shell: Shell,
    v: &'a Visit,
    words: Vec<DutyRow>,
    learned: Vec<LearnedRow>,
    units: Vec<UnitShown>,
    may_put: bool,
}

/// `GET /duties`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    v.page(&DutiesPage {
        shell: Shell::of(&v, v.say("page.duties", &[]), "/meetings"),
        v: &v,
        words: duties::dictionary(&v.seen),
        learned: duties::learned(&v.seen),
        units: v.seen.units().into_iter().map(|u| v.seen.unit_shown(u)).collect(),
        may_put: !v.seen.is_past() && v.seen.rights().may_all(Verb::TaskAssign),
    })
}

/// `POST /duties`: a phrase and who answers for it; no unit takes the phrase out.
pub(crate) async fn put(v: Arc<Visit>) -> Answer {
    let done = written(&v).await;
    or_again(&v, done, show).await
}

async fn written(v: &Visit) -> Answer {
    let code = v.text("unit");
    let unit = match code.as_str() {
        "" if v.text("do") != "drop" => return Err(crate::mistakes::empty(v, "unit").into()),
        "" => None,
        code => Some(
            v.seen.unit_by_code(code).ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &code)]).at("unit"))?,
        ),
    };
    v.submit(Act::PutDuty { phrase: v.text("phrase"), unit }).await?;
    v.done("/duties", "duty-put")
}
