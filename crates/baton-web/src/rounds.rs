//! Rounds (调度期): what is asked of whom, who has answered and who has not.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use crate::{items, marks};
use askama::Template;
use baton_kernel::Act;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::rounds::{self, RoundShown};
use baton_store::Ids;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "rounds.html")]
struct RoundsPage<'a> {
    shell: Shell,
    open: usize,
    over: usize,
    parts: Vec<(String, Vec<&'a RoundShown>)>,
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
        parts: vec![(v.say("page.rounds.open", &[]), open), (v.say("page.rounds.over", &[]), over)],
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
    asked: usize,
    answered: usize,
    missing: usize,
    returned: usize,
    /// Units that may be urged now.
    urgeable: usize,
    may_close: bool,
    hours: u32,
    compliance: askama::filters::Safe<String>,
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
    let (answered, asked) = round.answered();
    let missing = asked.saturating_sub(answered);
    let panel = baton_kernel::views::compliance::of_round(&v.seen, round.id)?;
    v.page(&RoundPage {
        compliance: crate::compliance::part(&shell, &panel)?,
        shell,
        v: &v,
        counts,
        late: late(&round),
        asked,
        answered,
        missing,
        returned: returned(&round),
        urgeable: round.answers.iter().filter(|a| a.may_urge).count(),
        may_close: round.may_reopen && round.open && !v.seen.is_past(),
        hours: v.seen.blueprint().settings.urge_hours,
        round: &round,
    })
}

/// Units whose answer is late or missing past the due day.
pub(crate) fn late(round: &RoundShown) -> usize {
    round.answers.iter().filter(|a| a.late).count()
}

/// Units whose answer was sent back and has not come again.
pub(crate) fn returned(round: &RoundShown) -> usize {
    round.answers.iter().filter(|a| a.state == "returned").count()
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
    let mut wrong = Mistakes::default();
    let title = wrong.needed(v, "title");
    let period = wrong.take(items::period_in(v, "period"));
    let kinds: Vec<String> = v.given.fields.all("kinds").map(str::to_owned).collect();
    wrong.some(v, "kinds", &kinds);
    let units = wrong.take(items::units_in(v, "units"));
    if let Some(units) = &units {
        wrong.some(v, "units", units);
    }
    let mut day = |name| wrong.take(v.day_needed(name));
    let (opens, due, closes) = (day("opens"), day("due"), day("closes"));
    wrong.end()?;
    let (Some(period), Some(units)) = (period, units) else { return Err(Fault::Malformed) };
    let (Some(opens), Some(due), Some(closes)) = (opens, due, closes) else { return Err(Fault::Malformed) };
    let basis = Some(v.text("basis")).filter(|b| !b.is_empty());
    v.submit(Act::OpenRound { round, title, period, kinds, units, opens, due, closes, basis }).await?;
    v.done(&format!("/rounds/{round}"), "round-opened")
}

/// `POST /rounds/{id}/urging`: one unit, or with `all` every unit that may be urged now.
pub(crate) async fn urge(v: Arc<Visit>) -> Answer {
    let done = urged(&v).await;
    or_again(&v, done, show).await
}

async fn urged(v: &Visit) -> Answer {
    let round: RoundId = v.id("id")?;
    let units: Vec<UnitId> = match v.text("units").as_str() {
        "all" => {
            let shown = rounds::round(&v.seen, round)?;
            shown.answers.iter().filter(|a| a.may_urge).map(|a| a.unit.id).collect()
        }
        _ => items::units_in(v, "units")?,
    };
    v.submit(Act::UrgeRound { round, units, text: v.text("text") }).await?;
    v.done(&format!("/rounds/{round}"), "urged")
}

/// `POST /rounds/{id}/closing`.
pub(crate) async fn close(v: Arc<Visit>) -> Answer {
    let done = closed(&v).await;
    or_again(&v, done, show).await
}

async fn closed(v: &Visit) -> Answer {
    let round: RoundId = v.id("id")?;
    let because = v.text("close_because");
    if because.is_empty() {
        return Err(crate::mistakes::empty(v, "close_because").into());
    }
    v.submit(Act::CloseRound { round, because }).await?;
    v.done(&format!("/rounds/{round}"), "round-closed")
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
