//! Rounds (调度期): what is asked of whom, who has answered and who has not.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use crate::{items, marks};
use askama::Template;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::rounds::{self, RoundShown};
use baton_kernel::{Act, Refusal};
use baton_methods::Period;
use baton_store::Ids;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "rounds.html")]
struct RoundsPage<'a> {
    shell: Shell,
    open: usize,
    over: usize,
    parts: Vec<(&'static str, Vec<&'a RoundShown>)>,
    may_open: bool,
}

/// `GET /rounds`.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let all = rounds::list(&v.seen);
    let (open, over): (Vec<&RoundShown>, Vec<&RoundShown>) = all.iter().partition(|r| r.open);
    v.page(&RoundsPage {
        shell: Shell::of(&v, v.say("page.menu.rounds", &[]), "/rounds"),
        open: open.len(),
        over: over.len(),
        parts: vec![("正在收", open), ("已经关闭", over)],
        may_open: !v.seen.is_past() && v.seen.rights().may_all(Verb::RoundOpen),
    })
}

#[derive(Template)]
#[template(path = "round.html")]
struct RoundPage<'a> {
    shell: Shell,
    v: &'a Visit,
    round: &'a RoundShown,
    counts: Vec<(&'static str, String, usize)>,
    late: usize,
}

/// `GET /rounds/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let round = rounds::round(&v.seen, v.id("id")?)?;
    let mut counts: Vec<(&'static str, String, usize)> = Vec::new();
    for answer in &round.answers {
        match counts.iter_mut().find(|(_, word, _)| *word == answer.word) {
            Some((_, _, n)) => *n += 1,
            None => counts.push((marks::state_class(answer.state), answer.word.clone(), 1)),
        }
    }
    let mut shell = Shell::of(&v, round.title.clone(), "/rounds");
    shell.pick(&v, "page.known.due", round.due);
    v.page(&RoundPage { shell, v: &v, counts, late: late(&round), round: &round })
}

/// Units whose answer is late or missing past the due day.
pub(crate) fn late(round: &RoundShown) -> usize {
    round.answers.iter().filter(|a| a.late).count()
}

#[derive(Template)]
#[template(path = "round-new.html")]
struct NewRoundPage<'a> {
    shell: Shell,
    v: &'a Visit,
    kinds: Vec<(String, String)>,
    units: Vec<(UnitShown, bool)>,
    period: String,
}

/// `GET /rounds/new`.
pub(crate) async fn new(v: Arc<Visit>) -> Answer {
    let lang = v.taste.lang;
    let territorial = v.seen.territorial_units();
    let kinds = &v.seen.blueprint().kinds;
    v.page(&NewRoundPage {
        shell: Shell::of(&v, v.say("page.round.new", &[]), "/rounds"),
        v: &v,
        kinds: kinds.iter().map(|k| (k.key.clone(), k.label.get(lang).to_owned())).collect(),
        units: v.seen.units().into_iter().map(|u| (v.seen.unit_shown(u), territorial.contains(&u))).collect(),
        period: items::month_before(v.seen.today()).to_string(),
    })
}

/// `POST /rounds`.
pub(crate) async fn open(v: Arc<Visit>) -> Answer {
    let done = opened(&v).await;
    or_again(&v, done, new).await
}

async fn opened(v: &Visit) -> Answer {
    let round = RoundId(v.ids().next());
    let period = Period::parse(&v.text("period")).map_err(|e| {
        Refusal::wrong("page.period.wrong", &[("text", &v.text("period")), ("hint", &e.hint(v.taste.lang))])
            .at("period")
    })?;
    v.submit(Act::OpenRound {
        round,
        title: v.text("title"),
        period,
        kinds: v.given.fields.all("kinds").map(str::to_owned).collect(),
        units: items::units_in(v, "units")?,
        opens: v.day_needed("opens")?,
        due: v.day_needed("due")?,
        closes: v.day_needed("closes")?,
        basis: Some(v.text("basis")).filter(|b| !b.is_empty()),
    })
    .await?;
    v.done(&format!("/rounds/{round}"), "round-opened")
}

/// `POST /rounds/{id}/reopening`.
pub(crate) async fn reopen(v: Arc<Visit>) -> Answer {
    let done = reopened(&v).await;
    or_again(&v, done, show).await
}

async fn reopened(v: &Visit) -> Answer {
    let round: RoundId = v.id("id")?;
    v.submit(Act::ReopenRound { round, closes: v.day_needed("closes")?, because: v.text("because") }).await?;
    v.done(&format!("/rounds/{round}"), "round-reopened")
}
