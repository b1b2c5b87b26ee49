//! What changed between two days in what is known of a period: each number, with who changed what and why.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::ids::Subject;
use baton_kernel::views::changes::{CellChange, Changes, changes};
use baton_kernel::views::meetings;
use baton_kernel::views::rounds::RoundShown;
use baton_methods::{Period, parse_date};
use jiff::civil::Date;

/// Days offered for comparison.
const OFFERED_MAX: usize = 3;

#[derive(Template)]
#[template(path = "review-changes.html")]
struct ChangesPage {
    shell: Shell,
    path: String,
    since: String,
    /// Why the day typed cannot be compared with.
    trouble: Option<String>,
    changes: Option<Changes>,
}

impl ChangesPage {
    /// The page behind a cell: the history of a figure, or the item that a target is set for.
    fn cell(&self, cell: &CellChange) -> String {
        match (cell.target, cell.subject) {
            (true, Subject::Item(id)) => format!("/items/{id}"),
            (true, Subject::Unit(_)) => "/units".to_owned(),
            (false, _) => crate::figures::path(&cell.subject, &cell.unit_code, &cell.measure, &cell.period),
        }
    }
}

/// `GET /review/{period}?known=A&since=B`.
pub(super) fn show(v: &Visit, period: Period) -> Answer {
    let typed = v.query.get("since").to_owned();
    let today = v.seen.today();
    let (since, trouble) = match parse_date(&typed, Some(today.year())) {
        Ok(day) if day < v.seen.day() => (Some(day), None),
        Ok(day) => (None, Some(v.say("page.since.later", &[("date", &day), ("known", &v.seen.day())]))),
        Err(_) => (None, Some(v.say("page.day.wrong", &[("text", &typed)]))),
    };
    let changes = since.map(|day| changes(&v.seen, v.seen.cut_on(day), period));
    let title = v.say("page.changes.title", &[("period", &period.label(v.taste.lang))]);
    v.page(&ChangesPage {
        shell: Shell::of(v, title, "/review"),
        path: format!("/review/{period}"),
        since: since.map_or(typed, |d| d.to_string()),
        trouble,
        changes,
    })
}

/// Days worth comparing this review with: when figures were due, and the last meeting before the day shown.
pub(super) fn offered(v: &Visit, shell: &Shell, rounds: &[RoundShown], path: &str) -> Vec<(String, String)> {
    let day = v.seen.day();
    let mut days: Vec<(Date, String)> = Vec::new();
    if let Some(meeting) = meetings::list(&v.seen).iter().filter(|m| m.on < day).max_by_key(|m| m.on) {
        days.push((meeting.on, v.say("page.since.meeting", &[("date", &meeting.on.strftime("%m-%d"))])));
    }
    for round in rounds.iter().filter(|r| r.due < day) {
        days.push((round.due, v.say("page.known.due", &[("date", &round.due.strftime("%m-%d"))])));
    }
    days.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    days.dedup_by_key(|(day, _)| *day);
    days.truncate(OFFERED_MAX);
    days.into_iter().map(|(day, word)| (word, shell.keep(format!("{path}?since={day}")))).collect()
}
