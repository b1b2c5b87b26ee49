//! Home (我的工作台): what needs the reader now. Every heading's count is the length of its list.

use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::{Taste, Visit};
use askama::Template;
use baton_kernel::ids::PersonId;
use baton_kernel::permit::Verb;
use baton_kernel::views::{self, rounds::RoundShown, tasks::TaskFilter};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Something to do.
pub(crate) struct Todo {
    pub path: String,
    pub title: String,
    pub class: &'static str,
    pub word: String,
    pub why: String,
    pub small: String,
}

/// Everything that needs somebody now, by what is to be done.
#[derive(Default)]
pub(crate) struct Bench {
    pub returned: Vec<Todo>,
    pub report: Vec<Todo>,
    pub check: Vec<Todo>,
    pub accept: Vec<Todo>,
    pub tasks: Vec<Todo>,
    pub problems: Vec<Todo>,
    pub papers: Vec<Todo>,
    pub meetings: Vec<Todo>,
}

impl Bench {
    fn all(&self) -> usize {
        let (first, then) = (
            [&self.returned, &self.report, &self.check, &self.accept],
            [&self.tasks, &self.problems, &self.papers, &self.meetings],
        );
        first.iter().chain(&then).map(|list| list.len()).sum()
    }
}

/// The numbers beside the menu's lines.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub home: usize,
    pub items: usize,
    pub rounds: usize,
    pub tasks: usize,
}

/// Counts by person, language and day at a head of the ledger: they stand until something is written.
#[derive(Default)]
pub(crate) struct CountsKept(Mutex<BTreeMap<(PersonId, Date), (u64, Counts)>>);

/// People whose counts are kept.
const KEPT_MAX: usize = 2_000;

/// The numbers of the menu for this visit, as of now whatever day the page shows.
pub(crate) fn counts(v: &Visit) -> Counts {
    let (head, key) = (v.seen.base(), (v.session.person, v.seen.today()));
    let kept = &v.app.counts.0;
    if let Some((at, counts)) = kept.lock().unwrap_or_else(|e| e.into_inner()).get(&key)
        && *at == head
    {
        return *counts;
    }
    let bench = bench(v);
    let (seen, _) = Visit::look(&v.app, v.caller, Taste::default(), "");
    let items = seen.blueprint().kinds.iter().filter(|k| !k.about_units).map(|k| seen.items_of(&k.key).len()).sum();
    let counts = Counts {
        home: bench.all(),
        items,
        rounds: bench.returned.len() + bench.report.len() + bench.check.len() + bench.accept.len(),
        tasks: bench.tasks.len(),
    };
    let mut kept = kept.lock().unwrap_or_else(|e| e.into_inner());
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, (head, counts));
    counts
}

/// What needs the reader now.
pub(crate) fn bench(v: &Visit) -> Bench {
    let (seen, _) = Visit::look(&v.app, v.caller, v.taste, "");
    let mut bench = Bench::default();
    let rights = seen.rights();
    for round in views::rounds::list(&seen) {
        for answer in &round.answers {
            let unit = answer.unit.id;
            let mine =
                rights.units.contains(&unit) && (rights.may(Verb::Report, unit) || rights.may(Verb::Submit, unit));
            let form = format!("/rounds/{}/units/{}", round.id, answer.unit.code);
            let title = format!("{} {}", answer.unit.name, round.title);
            for one in &answer.submissions {
                let todo = |class, small: String| Todo {
                    path: format!("/submissions/{}", one.id),
                    title: title.clone(),
                    class,
                    word: one.word.clone(),
                    why: one.because.clone().unwrap_or_default(),
                    small,
                };
                let by = v.say("page.home.by", &[("who", &one.who), ("when", &one.when), ("cells", &one.cells)]);
                if one.may.contains(&"submitted") {
                    bench.check.push(todo("warn", by));
                } else if one.may.contains(&"accepted") {
                    bench.accept.push(todo("self", by));
                }
            }
            if !mine || !round.open {
                continue;
            }
            let left = due_words(v, &round, seen.today());
            let newest = answer.submissions.first();
            if let Some(back) = newest.filter(|s| s.state == "returned") {
                bench.returned.push(Todo {
                    path: form,
                    title,
                    class: "lag",
                    word: back.word.clone(),
                    why: back.moved_because.clone().unwrap_or_default(),
                    small: left,
                });
            } else if answer.is_missing() && answer.state != "proposed" || answer.state == "partial" {
                let cells = v.say("page.home.cells", &[("asked", &answer.asked), ("answered", &answer.answered)]);
                bench.report.push(Todo {
                    path: form,
                    title,
                    class: if seen.today() > round.due { "lag" } else { crate::marks::state_class(answer.state) },
                    word: answer.word.clone(),
                    why: answer
                        .urged
                        .first()
                        .map_or(String::new(), |u| v.say("page.home.urged", &[("who", &u.who), ("when", &u.when)])),
                    small: format!("{left} · {cells}"),
                });
            }
        }
    }
    crate::tasks::waiting(v, &seen, &mut bench.tasks);
    crate::items::waiting(v, &seen, &mut bench.problems);
    crate::papers::waiting(&seen, &mut bench.papers);
    crate::meetings::coming(v, &seen, &mut bench.meetings);
    bench
}

fn due_words(v: &Visit, round: &RoundShown, today: Date) -> String {
    let left = (round.due - today).get_days();
    if left >= 0 {
        v.say("page.home.due", &[("due", &round.due), ("left", &left)])
    } else {
        v.say("page.home.late", &[("due", &round.due), ("late", &-left), ("closes", &round.closes)])
    }
}

struct Section {
    title: String,
    todos: Vec<Todo>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    today: String,
    who: String,
    state: String,
    parts: String,
    /// Notices not looked at yet.
    news: usize,
    /// What a reader of the whole zone looks at first: page and words.
    overview: Vec<(String, String)>,
    left: Vec<Section>,
    right: Vec<Section>,
}

/// `GET /`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let bench = bench(&v);
    let mut intake = Vec::new();
    if v.seen.rights().may_somewhere(Verb::PaperIssue) {
        v.app.count_waiting().await?;
        intake = crate::feedback::waiting(&v).await?;
    }
    let news = crate::notices::now(&v).await?.iter().filter(|(_, new)| *new).count();
    let all = bench.all() + intake.len();
    let today = v.seen.today();
    let section = |code: &str, todos: Vec<Todo>| Section { title: v.say(code, &[]), todos };
    let parts: Vec<String> = [
        ("page.home.returned", bench.returned.len()),
        ("page.home.report", bench.report.len()),
        ("page.home.check", bench.check.len()),
        ("page.home.accept", bench.accept.len()),
        ("page.home.tasks", bench.tasks.len()),
        ("page.home.problems", bench.problems.len()),
        ("page.home.papers", bench.papers.len()),
        ("page.home.intake", intake.len()),
        ("page.home.meetings", bench.meetings.len()),
    ]
    .iter()
    .filter(|(_, n)| *n > 0)
    .map(|(code, n)| format!("{} {n}", v.say(code, &[])))
    .collect();
    let keep = |s: &Section| !s.todos.is_empty();
    let left = vec![
        section("page.home.returned", bench.returned),
        section("page.home.report", bench.report),
        section("page.home.check", bench.check),
        section("page.home.accept", bench.accept),
        section("page.home.tasks", bench.tasks),
        section("page.home.problems", bench.problems),
        section("page.home.papers", bench.papers),
        section("page.home.intake", intake),
    ];
    let right = vec![section("page.home.meetings", bench.meetings)];
    v.page(&HomePage {
        shell: Shell::of(&v, v.say("page.menu.home", &[]), "/"),
        today: today_words(&v, today),
        who: Shell::of(&v, "", "").who,
        state: if all == 0 { v.say("page.home.nothing", &[]) } else { v.say("page.home.count", &[("count", &all)]) },
        overview: overview(&v),
        news,
        parts: parts.join(v.taste.lang.pick("，", ", ")),
        left: left.into_iter().filter(keep).collect(),
        right: right.into_iter().filter(keep).collect(),
    })
}

/// Where the zone stands, for who sees all of it.
fn overview(v: &Visit) -> Vec<(String, String)> {
    if !v.seen.sees_all() {
        return Vec::new();
    }
    let period = crate::review::reviewed_on(v.seen.today());
    let shown = views::review::review(&v.seen, period);
    let counts = shown.counts;
    let label = period.label(v.taste.lang);
    let (lag, warn, ok) = (counts.lag, counts.warn, counts.ok);
    let review = v.say("page.home.review", &[("period", &label), ("lag", &lag), ("warn", &warn), ("ok", &ok)]);
    let behind = shown.attention.iter().filter(|a| crate::marks::class(&a.light) == "lag").count();
    let all = shown.attention.len();
    let watch = v.say("page.home.watch", &[("count", &all), ("lag", &behind)]);
    let late = TaskFilter { overdue: true, open: true, ..TaskFilter::default() };
    let count = views::tasks::ledger(&v.seen, &late).rows.len();
    let late = v.say("page.home.overdue", &[("count", &count)]);
    vec![
        (format!("/review/{period}"), review),
        (format!("/review/{period}#watch"), watch),
        ("/tasks?overdue=yes".to_owned(), late),
    ]
}

fn today_words(v: &Visit, today: Date) -> String {
    let weekday = v.say(&format!("page.weekday.{}", today.weekday().to_monday_one_offset()), &[]);
    v.say("page.home.today", &[("month", &today.month()), ("day", &today.day()), ("weekday", &weekday)])
}

#[derive(Template)]
#[template(path = "menu.html")]
struct MenuPage {
    shell: Shell,
}

/// `GET /menu`: the menu as a page, for phones.
pub(crate) async fn menu(v: Arc<Visit>) -> Answer {
    v.page(&MenuPage { shell: Shell::of(&v, v.say("page.menu.all", &[]), "/menu") })
}
