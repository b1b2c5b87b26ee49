//! Feedback (投诉建议): anybody tells the office what is wrong or could be better, and reads the answer.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::Refusal;
use baton_kernel::ids::PaperId;
use baton_store::intake::Sort;
use baton_store::{Intake, IntakeState, Told};
use jiff::SignedDuration;
use std::sync::Arc;

/// Days within which a complaint or suggestion is answered.
const ANSWER_DAYS: i64 = 7;

/// Something told, in words.
struct Row {
    id: String,
    class: &'static str,
    state: IntakeState,
    word: String,
    sort: String,
    when: String,
    due: String,
    late: bool,
    who: String,
    about: String,
    /// The page it is about, when that is one of ours.
    path: Option<String>,
    text: String,
    answer: String,
    by: String,
}

impl Row {
    fn of(v: &Visit, one: Intake) -> Row {
        let class = match one.state {
            IntakeState::Received => "warn",
            IntakeState::Taken => "self",
            IntakeState::Answered => "ok",
            IntakeState::Closed => "done",
        };
        let path = match one.told.sort {
            Sort::Claim => one.told.about.parse::<PaperId>().ok().map(|id| format!("/papers/{id}")),
            Sort::Suggestion => one.told.about.starts_with('/').then(|| one.told.about.clone()),
        };
        let name = |p| v.seen.person(p);
        Row {
            id: format!("{:032x}", one.id),
            class,
            state: one.state,
            word: v.say(&format!("intake.state.{}", one.state.key()), &[]),
            sort: v.say(&format!("intake.sort.{}", one.told.sort.key()), &[]),
            when: v.clock(one.created_at, "%Y-%m-%d %H:%M"),
            due: v.clock(one.told.due_at, "%Y-%m-%d %H:%M"),
            late: one.state.waits() && one.told.due_at < v.app.store().now(),
            who: one.told.owner.map_or(one.told.contact, name),
            about: one.told.about,
            path,
            text: one.told.text,
            answer: one.answer,
            by: one.by.map_or(String::new(), name),
        }
    }
}

#[derive(Template)]
#[template(path = "feedback.html")]
struct FeedbackPage<'a> {
    shell: Shell,
    v: &'a Visit,
    about: String,
    mine: Vec<Row>,
}

/// `GET /feedback`: the form, and what one told before with its answer.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let mine = v.app.store().intakes_of(v.session.person).await?;
    v.page(&FeedbackPage {
        shell: Shell::of(&v, v.say("page.feedback", &[]), ""),
        about: v.query.get("about").to_owned(),
        mine: mine.into_iter().map(|one| Row::of(&v, one)).collect(),
        v: &v,
    })
}

/// `POST /feedback`.
pub(crate) async fn send(v: Arc<Visit>) -> Answer {
    let done = sent(&v).await;
    or_again(&v, done, show).await
}

async fn sent(v: &Visit) -> Answer {
    let text = v.text("text");
    if text.is_empty() {
        return Err(Refusal::wrong("intake.text.empty", &[]).at("text").into());
    }
    let store = v.app.store();
    let told = Told {
        sort: Sort::Suggestion,
        owner: Some(v.session.person),
        contact: String::new(),
        about: v.text("about"),
        text,
        due_at: store.now() + SignedDuration::from_hours(24 * ANSWER_DAYS),
    };
    store.take_in(&told).await?;
    v.app.count_waiting().await?;
    v.done("/feedback", "told")
}

#[derive(Template)]
#[template(path = "intake.html")]
struct IntakePage {
    shell: Shell,
    rows: Vec<Row>,
    waiting: usize,
}

/// `GET /intake`: everything told, for the office.
pub(crate) async fn received(v: Arc<Visit>) -> Answer {
    let rows: Vec<Row> = v.app.store().intakes().await?.into_iter().map(|one| Row::of(&v, one)).collect();
    v.page(&IntakePage {
        shell: Shell::of(&v, v.say("page.intake", &[]), "/intake"),
        waiting: rows.iter().filter(|r| r.state.waits()).count(),
        rows,
    })
}

/// `POST /intake/{id}`: taken up, answered or closed.
pub(crate) async fn answer(v: Arc<Visit>) -> Answer {
    let done = answered(&v).await;
    or_again(&v, done, received).await
}

async fn answered(v: &Visit) -> Answer {
    let id = u128::from_str_radix(v.segment("id"), 16).map_err(|_| Fault::absent())?;
    let state = IntakeState::parse(&v.text("state")).ok_or_else(Fault::absent)?;
    let answer = v.text("answer");
    if matches!(state, IntakeState::Answered | IntakeState::Closed) && answer.is_empty() {
        let at = format!("answer-{}", v.segment("id"));
        return Err(Refusal::wrong("intake.answer.empty", &[]).at(at).into());
    }
    if !v.app.store().answer_intake(id, v.session.person, state, &answer).await? {
        return Err(Fault::absent());
    }
    v.app.count_waiting().await?;
    v.done("/intake", "answered")
}

/// What waits, in lines for the desk of whoever answers.
pub(crate) async fn waiting(v: &Visit) -> Result<Vec<crate::home::Todo>, Fault> {
    let all = v.app.store().intakes().await?;
    let rows = all.into_iter().filter(|one| one.state.waits()).map(|one| Row::of(v, one));
    Ok(rows
        .map(|row| crate::home::Todo {
            path: format!("/intake#i{}", row.id),
            title: crate::marks::brief(&row.text),
            class: if row.late { "lag" } else { row.class },
            word: row.word,
            why: String::new(),
            small: format!("{} · {} · {} → {}", row.sort, row.who, row.when, row.due),
        })
        .collect())
}
