//! Tasks (督办台账): the ledger as table, board, month and sheet, and what of it waits for the reader.

use crate::answers::{self, Answer};
use crate::home::Todo;
use crate::items::units_in;
use crate::limits::TASK_ROWS_MAX;
use crate::shell::Shell;
use crate::visit::{Visit, say};
use askama::Template;
use askama::filters::Safe;
use baton_kernel::entries::{Duty, StrandLine};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::task_calendar::{self, TaskMonth};
use baton_kernel::views::tasks::{self, TaskFilter, TaskLedger, TaskOrder, TaskRow};
use baton_kernel::{Refusal, Seen, TaskState};
use baton_methods::{Lang, parse_date};
use baton_sheets::{HeadCell, SheetCell, SheetColumn, SheetRow, SheetTable};
use jiff::civil::Date;
use std::sync::Arc;

/// The light of a task with how far it is from its deadline.
pub(crate) fn light(row: &TaskRow) -> Safe<String> {
    crate::marks::light(&row.light)
}

/// Days left as the ledger shows them: `逾 12`, `今天`, `16`.
pub(crate) fn days_left(row: &TaskRow, lang: &Lang) -> String {
    match row.timing.days_left {
        Some(0) => say(*lang, "page.task.today", &[]),
        Some(n) if n < 0 => say(*lang, "page.task.over", &[("days", &-n)]),
        Some(n) => n.to_string(),
        None => "—".to_owned(),
    }
}

/// Tasks about an item that the caller sees.
pub(crate) fn of_item(v: &Visit, item: ItemId) -> Vec<TaskRow> {
    let code = v.seen.item(&item.to_string()).map(|i| i.code.clone()).unwrap_or_default();
    let rows = tasks::ledger(&v.seen, &TaskFilter { order: TaskOrder::Due, ..TaskFilter::default() }).rows;
    let about = |row: &TaskRow| {
        tasks::task(&v.seen, &row.id.to_string()).is_ok_and(|t| t.items.iter().any(|(c, _)| *c == code))
    };
    rows.into_iter().filter(about).collect()
}

/// Tasks that wait for the reader: to be handled by their units, or to be decided by the supervising office.
pub(crate) fn waiting(v: &Visit, seen: &Seen, todos: &mut Vec<Todo>) {
    let rights = seen.rights();
    let mut wanted: Vec<TaskRow> = Vec::new();
    for unit in rights.units.iter().filter(|u| rights.may(Verb::TaskHandle, **u)) {
        let filter = TaskFilter { open: true, unit: Some(*unit), order: TaskOrder::Due, ..TaskFilter::default() };
        wanted.extend(tasks::ledger(seen, &filter).rows.into_iter().filter(|r| r.state.runs()));
    }
    if rights.may_somewhere(Verb::TaskSupervise) {
        let filter = TaskFilter { open: true, order: TaskOrder::Due, ..TaskFilter::default() };
        let filter = TaskFilter { waits: true, ..filter };
        wanted.extend(tasks::ledger(seen, &filter).rows);
    }
    wanted.sort_by(|a, b| (a.due.is_none(), a.due, &a.code).cmp(&(b.due.is_none(), b.due, &b.code)));
    wanted.dedup_by_key(|r| r.id);
    for row in wanted {
        let due = row.due.map_or_else(|| v.say("page.task.no-deadline", &[]), |d| d.to_string());
        todos.push(Todo {
            path: format!("/tasks/{}", row.id),
            class: crate::marks::class(row.light.key),
            word: row.light.word.clone(),
            why: String::new(),
            small: v.say(
                "page.home.task",
                &[("code", &row.code), ("lead", &row.lead), ("state", &row.state_word), ("due", &due)],
            ),
            title: row.title,
        });
    }
    crate::task_drafts::waiting(v, seen, todos);
    crate::instructions::waiting(v, seen, todos);
}

/// How the ledger is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Table,
    Board,
    Month,
}

/// What the query asks for, and the days in it that could not be read.
struct Asked {
    look: Look,
    filter: TaskFilter,
    wrong: Vec<&'static str>,
    /// A day of the month shown.
    month: Date,
}

fn asked(v: &Visit) -> Asked {
    let q = |name: &str| Some(v.query.get(name).to_owned()).filter(|t| !t.is_empty());
    let today = v.seen.day();
    let mut wrong = Vec::new();
    let mut day = |name: &'static str| {
        let text = q(name)?;
        let read = parse_date(&text, Some(today.year())).ok();
        if read.is_none() {
            wrong.push(name);
        }
        read
    };
    let (due_from, due_to, assigned_from, assigned_to) =
        (day("from"), day("due"), day("assigned-from"), day("assigned-to"));
    let month = q("month").and_then(|m| format!("{m}-01").parse().ok()).unwrap_or(today);
    let look = match v.query.get("as") {
        "board" => Look::Board,
        "calendar" => Look::Month,
        _ => Look::Table,
    };
    let state = q("state").filter(|_| look != Look::Board);
    let filter = TaskFilter {
        state: state.as_deref().and_then(TaskState::parse),
        open: look != Look::Board && (state.is_none() || state.as_deref() == Some("open")),
        waits: state.as_deref() == Some("waits"),
        unit: q("unit").and_then(|c| v.seen.unit_by_code(&c)),
        lead: q("lead").and_then(|c| v.seen.unit_by_code(&c)),
        assist: q("assist").and_then(|c| v.seen.unit_by_code(&c)),
        area: q("area"),
        meeting: q("meeting").and_then(|m| m.parse().ok()),
        source: q("source"),
        light: q("light"),
        overdue: v.query.has("overdue"),
        due_from,
        due_to,
        assigned_from,
        assigned_to,
        text: v.query.get("q").to_owned(),
        order: TaskOrder::parse(v.query.get("order")).unwrap_or(TaskOrder::Due),
        reversed: v.query.get("way") == "back",
    };
    Asked { look, filter, wrong, month }
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct TasksPage<'a> {
    shell: Shell,
    v: &'a Visit,
    ledger: &'a TaskLedger,
    rows: &'a [TaskRow],
    board: bool,
    month: Option<TaskMonth>,
    months: (String, String),
    columns: Vec<(String, Vec<&'a TaskRow>)>,
    areas: Vec<(String, String)>,
    may_assign: bool,
    may_batch: bool,
    drafts: usize,
    wrong: Vec<&'static str>,
    order: TaskOrder,
    reversed: bool,
    first: usize,
    last: usize,
    pages: Vec<(usize, bool)>,
    /// More than the plain fields of the filter are set.
    more: bool,
}

impl TasksPage<'_> {
    /// This page's path without some of its query, also when it is shown again after a batch was refused.
    fn here(&self, names: &[&str]) -> String {
        self.v.here_without(names).replacen("/tasks/batch", "/tasks", 1)
    }

    /// The page sorted by a column: once more turns it round.
    fn by(&self, order: &str) -> String {
        let back = self.order.key() == order && !self.reversed;
        let path = self.here(&["order", "way", "page", "done"]);
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}order={order}{}", if back { "&way=back" } else { "" })
    }

    /// `aria-sort` of a column.
    fn sorted(&self, order: &str) -> Safe<&'static str> {
        Safe(match (self.order.key() == order, self.reversed) {
            (false, _) => "",
            (true, false) => " aria-sort=\"ascending\"",
            (true, true) => " aria-sort=\"descending\"",
        })
    }

    fn as_look(&self, look: &str) -> String {
        let path = self.here(&["as", "page", "done", "month"]);
        let join = if path.contains('?') { '&' } else { '?' };
        if look.is_empty() { path } else { format!("{path}{join}as={look}") }
    }

    fn at_month(&self, month: &str) -> String {
        let path = self.here(&["month", "done"]);
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}month={month}")
    }

    fn at_page(&self, page: &usize) -> String {
        let path = self.here(&["page", "done"]);
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}page={page}")
    }

    fn sheet(&self) -> String {
        let path = self.here(&["as", "page", "done"]);
        path.replacen("/tasks", "/tasks/ledger.xlsx", 1)
    }

    fn is_wrong(&self, name: &str) -> bool {
        self.wrong.contains(&name)
    }

    /// Which days are worked otherwise than their weekday says, in a word.
    fn day_word(&self, day: &task_calendar::TaskDay) -> &'static str {
        match (day.moved, day.worked) {
            (true, Some(true)) => self.shell.w("班", "worked"),
            (true, Some(false)) => self.shell.w("休", "off"),
            _ => "",
        }
    }

    fn day_class(&self, day: &task_calendar::TaskDay) -> &'static str {
        match (day.inside, day.worked) {
            (false, _) => "out",
            (true, Some(false)) => "off",
            _ => "",
        }
    }

    fn is_today(&self, day: &Date) -> bool {
        *day == self.v.seen.today()
    }
}

/// `GET /tasks`: as a table, with `?as=board` as a board, with `?as=calendar` as a month.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let asked = asked(&v);
    let ledger = tasks::ledger(&v.seen, &asked.filter);
    let lang = v.taste.lang;
    let columns = if asked.look == Look::Board {
        TaskState::ALL
            .into_iter()
            .filter(|s| !matches!(s, TaskState::Suspended | TaskState::Cancelled | TaskState::Merged))
            .map(|s| (s.label(lang), ledger.rows.iter().filter(|r| r.state == s).collect()))
            .collect()
    } else {
        Vec::new()
    };
    let month = (asked.look == Look::Month).then(|| task_calendar::month(&v.seen, asked.month, &asked.filter));
    let beside = |days: i64| {
        let first = asked.month.first_of_month();
        let day = if days < 0 { first.yesterday().ok() } else { first.last_of_month().tomorrow().ok() };
        day.map_or(String::new(), |d| d.strftime("%Y-%m").to_string())
    };
    let count = ledger.rows.len().div_ceil(TASK_ROWS_MAX).max(1);
    let page = v.query.get("page").parse().unwrap_or(1).clamp(1, count);
    let first = (page - 1) * TASK_ROWS_MAX;
    let rights = v.seen.rights();
    let f = &asked.filter;
    v.page(&TasksPage {
        shell: Shell::of(&v, v.say("page.menu.tasks", &[]), "/tasks"),
        v: &v,
        rows: &ledger.rows[first..ledger.rows.len().min(first + TASK_ROWS_MAX)],
        board: asked.look == Look::Board,
        month,
        months: (beside(-1), beside(1)),
        columns,
        areas: v.seen.blueprint().areas.iter().map(|a| (a.key.clone(), a.label.get(lang).to_owned())).collect(),
        may_assign: !v.seen.is_past() && crate::task_drafts::may_draft(rights),
        may_batch: !v.seen.is_past() && rights.may_somewhere(Verb::TaskSupervise),
        drafts: baton_kernel::views::drafts::list(&v.seen, true).len(),
        wrong: asked.wrong,
        order: f.order,
        reversed: f.reversed,
        first: first + 1,
        last: ledger.rows.len().min(first + TASK_ROWS_MAX),
        pages: if count > 1 { (1..=count).map(|n| (n, n == page)).collect() } else { Vec::new() },
        more: f.assist.is_some()
            || f.source.is_some()
            || f.due_from.is_some()
            || f.assigned_from.is_some()
            || f.assigned_to.is_some(),
        ledger: &ledger,
    })
}

/// `GET /tasks/ledger.xlsx`: exactly the rows that the filter of the page asks for, in its order.
pub(crate) async fn export(v: Arc<Visit>) -> Answer {
    let ledger = tasks::ledger(&v.seen, &asked(&v).filter);
    let keys = [
        "code",
        "task",
        "said",
        "aim",
        "source",
        "source-on",
        "lead",
        "assist",
        "assigned",
        "due",
        "state",
        "light",
        "latest",
        "urged",
        "extended",
        "returned",
        "opinion",
        "completed",
        "closed",
    ];
    let day = |on: Option<Date>| on.map_or(String::new(), |d| d.to_string());
    let row = |r: &TaskRow| {
        let latest = r.latest.as_ref().map_or(String::new(), |l| format!("{} {}", l.on, l.text));
        let cells = [
            r.code.clone(),
            r.title.clone(),
            r.said.clone(),
            r.aim.clone(),
            r.source.clone(),
            day(r.source_on),
            r.lead.clone(),
            r.assist.join(v.taste.lang.pick("、", ", ")),
            r.assigned_on.to_string(),
            if r.due.is_some() { day(r.due) } else { r.due_words.clone() },
            r.state_word.clone(),
            format!("{} {}", r.light.word, r.light.reason).trim().to_owned(),
            latest,
            r.urged.to_string(),
            r.extended.to_string(),
            r.returned.to_string(),
            r.opinion.clone().unwrap_or_default(),
            day(r.completed_on),
            day(r.closed_on),
        ];
        SheetRow { cells: cells.into_iter().map(SheetCell::Text).collect(), ..SheetRow::default() }
    };
    let title = v.say("page.menu.tasks", &[]);
    let table = SheetTable {
        title: title.clone(),
        unit_line: Some(v.say("task-table.known", &[("day", &v.seen.day()), ("count", &ledger.total)])),
        head: vec![keys.iter().map(|k| HeadCell::new(v.say(&format!("task-export.{k}"), &[]))).collect()],
        columns: keys.iter().map(|_| SheetColumn::default()).collect(),
        rows: ledger.rows.iter().map(row).collect(),
        ..SheetTable::default()
    };
    let name = format!("{title} {}.xlsx", v.seen.day());
    Ok(answers::file(&name, crate::papers::XLSX, baton_sheets::table(&table)?))
}

/// Lead and assisting units of a form.
pub(crate) fn strands(v: &Visit) -> Result<Vec<StrandLine>, Refusal> {
    let lead = units_in(v, "lead")?.into_iter().next();
    let lead = lead.ok_or_else(|| crate::mistakes::empty(v, "lead"))?;
    let mut list = vec![StrandLine { unit: lead, duty: Duty::Lead }];
    list.extend(
        units_in(v, "co")?.into_iter().filter(|u| *u != lead).map(|unit| StrandLine { unit, duty: Duty::Assist }),
    );
    Ok(list)
}
