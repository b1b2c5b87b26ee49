//! Tasks: the course of a strand, refusals, overdue, visibility, and the same answer by filter and by replay.

use crate::zone::*;
use baton_kernel::commands::{Act, TaskDoing};
use baton_kernel::entries::*;
use baton_kernel::refusals::Why;
use baton_kernel::views::tasks::{
    Need, TaskFilter, TaskOrder, commitments, ledger, meeting_before, of_meeting, previous_meeting, task as view,
};
use baton_kernel::zone::{Doing, Strand, TaskState};
use baton_kernel::{Seen, Zone};
use baton_methods::Lang;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

fn because(text: &str) -> String {
    text.to_owned()
}

/// One act of each kind, as a person would give it.
fn doing(kind: Doing) -> TaskDoing {
    let because = because("理由如下");
    match kind {
        Doing::Acknowledge => TaskDoing::Acknowledge,
        Doing::Object => TaskDoing::Object { because },
        Doing::DecideObjection => TaskDoing::DecideObjection { to: None, withdraw: false, because },
        Doing::Feed => TaskDoing::Feed { last: false, text: because, evidence: vec![] },
        Doing::AskExtension => TaskDoing::AskExtension { to: day("2023-12-01"), because },
        Doing::DecideExtension => TaskDoing::DecideExtension { granted: true, to: None, because },
        Doing::Return => TaskDoing::Return { because },
        Doing::Complete => TaskDoing::Complete { because },
        Doing::CloseOut => TaskDoing::CloseOut { because },
        Doing::Urge => TaskDoing::Urge { text: because },
        Doing::Suspend => TaskDoing::Suspend { because },
        Doing::Resume => TaskDoing::Resume { because },
        Doing::Merge => TaskDoing::Merge { into: task("other"), because },
        Doing::Cancel => TaskDoing::Cancel { because },
    }
}

fn fed(last: bool) -> TaskDoing {
    TaskDoing::Feed { last, text: because("已敷 2.08 公里"), evidence: vec![] }
}

fn moved(to: Option<&str>) -> TaskDoing {
    TaskDoing::DecideObjection { to: to.map(unit), withdraw: false, because: because("已核") }
}

fn who(kind: Doing, unit: &str) -> String {
    match kind {
        Doing::Acknowledge | Doing::Object | Doing::Feed | Doing::AskExtension => unit.to_lowercase(),
        _ => "office".to_owned(),
    }
}

fn strands(zone: &Zone, name: &str, on: &str) -> Vec<Strand> {
    zone.task(task(name)).expect("assigned").strands(zone, u64::MAX, day(on))
}

/// A task `T` led by QX and assisted by JS, due on 30 April, brought to a state on 3 April.
fn brought(script: &[(&str, TaskDoing)], due: Option<&str>) -> Town {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("T", "QX", &["JS"], due));
    for (code, what) in script {
        let person = who(what.kind(), code);
        town.must(&person, act("T", code, what.clone()));
    }
    town
}

#[test]
fn what_may_be_done_follows_the_state_of_the_strand() {
    use TaskDoing as D;
    let ack = ("QX", D::Acknowledge);
    let last = ("QX", fed(true));
    let ask = ("QX", doing(Doing::AskExtension));
    let object = ("QX", doing(Doing::Object));
    let office = |kind: Doing| ("QX", doing(kind));
    let states: Vec<(&str, Vec<(&str, TaskDoing)>)> = vec![
        ("assigned", vec![]),
        ("objecting", vec![object.clone()]),
        ("kept", vec![object.clone(), ("QX", moved(None))]),
        ("acknowledged", vec![ack.clone()]),
        ("in progress", vec![ack.clone(), ("QX", fed(false))]),
        ("asked", vec![ack.clone(), ask.clone()]),
        ("submitted", vec![ack.clone(), last.clone()]),
        ("returned", vec![ack.clone(), last.clone(), office(Doing::Return)]),
        ("suspended", vec![ack.clone(), office(Doing::Suspend)]),
        ("resumed", vec![ack.clone(), office(Doing::Suspend), ("QX", D::Resume { because: String::new() })]),
        ("completed", vec![ack.clone(), last.clone(), office(Doing::Complete)]),
        ("closed out", vec![ack.clone(), last.clone(), office(Doing::Complete), office(Doing::CloseOut)]),
        ("cancelled", vec![office(Doing::Cancel)]),
        ("merged", vec![]),
        ("urged", vec![office(Doing::Urge)]),
    ];
    let mut table = String::new();
    for (name, script) in &states {
        table.push_str(&format!("{name}\n"));
        for kind in Doing::ALL {
            let mut town = brought(script, Some("2023-04-30"));
            town.must("office", assign("other", "SQ", &[], None));
            if *name == "merged" {
                town.must("office", act("T", "QX", doing(Doing::Merge)));
            }
            let answer = match town.run(&who(kind, "QX"), act("T", "QX", doing(kind))) {
                Ok(_) => format!("→ {}", strands(&town.zone, "T", "2023-04-03")[0].state.key()),
                Err(refusal) => refusal.code,
            };
            table.push_str(&format!("  {:<17}{answer}\n", kind.key()));
        }
    }
    assert_eq!(table, COURSE, "the course of a strand is now:\n{table}");
}

/// Each state of a strand, and what each act on it comes to.
const COURSE: &str = include_str!("course.txt");

#[test]
fn a_task_says_who_and_until_when_as_it_was_told_and_is_numbered_in_order() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("A", "QX", &[], None));
    town.must("office", assign("B", "SQ", &["JS", "JF"], Some("2023-06-30")));
    let list = ledger(&town.seen("office"), &TaskFilter::default());
    assert_eq!(list.rows.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), ["DB-2023-001", "DB-2023-002"]);
    assert_eq!((list.rows[0].due, list.rows[0].lead.as_str()), (None, "清溪镇"));
    assert_eq!(list.rows[0].light.key, "none");
    assert_eq!(list.rows[1].due, Some(day("2023-06-30")));
    assert_eq!(list.rows[1].assist, ["建设管理局", "经济发展局"]);
}

#[test]
fn an_assignment_is_refused_with_the_reason_and_the_way_out() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", plan("一季度", "2023Q1", "2023-04-26"));
    town.must("office", assign("A", "QX", &[], None));
    town.must(
        "office",
        Act::MakeItem {
            item: item("路"),
            kind: "work".into(),
            code: String::new(),
            name: "快速路".into(),
            lead: unit("QX"),
            co: vec![],
            parent: None,
            fields: Default::default(),
            stage: None,
        },
    );
    let with = |change: &dyn Fn(&mut Act)| {
        let mut act = assign("B", "QX", &["JS"], None);
        change(&mut act);
        act
    };
    macro_rules! set {
        ($field:ident = $value:expr) => {
            with(&|a: &mut Act| {
                let Act::AssignTask { $field, .. } = a else { unreachable!() };
                *$field = $value;
            })
        };
    }
    let line = |code: &str, duty| StrandLine { unit: unit(code), duty };
    for (wrong, code) in [
        (set!(title = " ".into()), "text.empty"),
        (set!(said = String::new()), "text.empty"),
        (set!(said = "长".repeat(4_001)), "text.long"),
        (set!(aim = "长".repeat(301)), "text.long"),
        (set!(task = crate::zone::task("A")), "id.taken"),
        (set!(code = "DB-2023-001".into()), "code.taken"),
        (set!(strands = vec![]), "task.strands"),
        (set!(strands = vec![line("QX", Duty::Assist)]), "task.lead"),
        (set!(strands = vec![line("QX", Duty::Lead), line("SQ", Duty::Lead)]), "task.lead"),
        (set!(strands = vec![line("QX", Duty::Lead), line("QX", Duty::Assist)]), "task.unit-twice"),
        (set!(strands = vec![line("nobody", Duty::Lead)]), "unit.unknown"),
        (
            set!(deadline = Deadline { on: Some(day("2023-04-02")), words: String::new(), limit: None }),
            "task.deadline-past",
        ),
        (set!(source = TaskSource::Meeting(meeting("none"))), "task.source"),
        (set!(source = TaskSource::Document(" ".into())), "text.empty"),
        (set!(area = Some("sea".into())), "task.area"),
        (set!(items = vec![item("none")]), "absent"),
        (set!(items = vec![item("none"); 101]), "task.items"),
        (set!(items = vec![item("路"), item("路")]), "task.item-twice"),
    ] {
        assert_eq!(town.code("office", wrong), code);
    }
    assert_eq!(town.refused("qx", assign("C", "QX", &[], None)).why, Why::Forbidden);
    town.must(
        "office",
        Act::MoveMeeting {
            meeting: meeting("一季度"), to: MeetingState::Cancelled, because: because("合并召开")
        },
    );
    let cancelled = set!(source = TaskSource::Meeting(meeting("一季度")));
    assert_eq!(town.code("office", cancelled), "task.source-cancelled");
    // A unit that went into another cannot be given anything any more.
    town.must(
        "founder",
        Act::MergeUnit { unit: unit("SQ"), into: unit("QX"), on: day("2023-04-03"), because: because("撤并") },
    );
    assert_eq!(town.code("office", assign("D", "SQ", &[], None)), "unit.closed");
}

#[test]
fn whoever_reports_or_asks_does_not_also_judge() {
    let mut town = Town::founded();
    // Someone who both handles for QX and supervises.
    town.hire("both", "QX", "handler", Scope::Units(vec![unit("QX")]));
    town.must(
        "founder",
        Act::Grant {
            grant: baton_kernel::ids::GrantId(9),
            to: Grantee::Person(person("both")),
            role: "office".into(),
            scope: Scope::All,
        },
    );
    town.on("2023-04-03");
    town.must("office", assign("T", "QX", &[], Some("2023-04-30")));
    town.must("both", act("T", "QX", doing(Doing::Object)));
    assert_eq!(town.code("both", act("T", "QX", moved(None))), "task.self");
    town.must("office", act("T", "QX", moved(None)));
    town.must("both", act("T", "QX", TaskDoing::Acknowledge));
    town.must("both", act("T", "QX", doing(Doing::AskExtension)));
    assert_eq!(town.code("both", act("T", "QX", doing(Doing::DecideExtension))), "task.self");
    town.must("office", act("T", "QX", doing(Doing::DecideExtension)));
    town.must("both", act("T", "QX", fed(true)));
    assert_eq!(town.code("both", act("T", "QX", doing(Doing::Complete))), "task.self");
    town.must("office2", act("T", "QX", doing(Doing::Complete)));
    town.must("both", act("T", "QX", doing(Doing::CloseOut)));
}

#[test]
fn an_objection_moves_the_strand_and_the_new_unit_starts_afresh() {
    let mut town = brought(&[("QX", doing(Doing::Object))], Some("2023-04-30"));
    town.on("2023-04-10");
    // Waiting for the office is no lateness of the unit.
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert!(!row.timing.acknowledge_overdue);
    assert_eq!(row.state, TaskState::Assigned);
    assert_eq!(town.code("office", act("T", "QX", moved(Some("JS")))), "task.move-unit");
    assert_eq!(town.code("office", act("T", "QX", moved(Some("nobody")))), "unit.unknown");
    town.must("office", act("T", "QX", moved(Some("SQ"))));
    let strand = &strands(&town.zone, "T", "2023-04-10")[0];
    assert_eq!((strand.unit, strand.state, strand.duty), (unit("SQ"), TaskState::Assigned, Duty::Lead));
    // The unit it was taken from no longer sees it; at the cut of before it still does.
    assert_eq!(view(&town.seen("qx"), "DB-2023-001").expect_err("moved away").why, Why::Absent);
    assert!(view(&town.seen_known("qx", "2023-04-09"), "DB-2023-001").is_ok());
    assert_eq!(town.code("sq", act("T", "QX", TaskDoing::Acknowledge)), "task.strand");
    town.must("sq", act("T", "SQ", TaskDoing::Acknowledge));
    let shown = view(&town.seen("office"), "DB-2023-001").expect("seen");
    let keys: Vec<&str> = shown.strands[0].timeline.iter().map(|e| e.key).collect();
    assert_eq!(keys, ["assigned", "objected", "objection_moved", "acknowledged"]);
    assert_eq!(shown.strands[0].timeline[2].label, "异议采纳，改由石桥镇办理");
}

#[test]
fn an_extension_is_asked_before_the_deadline_or_the_original_date_counts() {
    let mut town = brought(&[("QX", TaskDoing::Acknowledge)], Some("2023-04-30"));
    let ask = |to: &str| TaskDoing::AskExtension { to: day(to), because: because("电缆沟未移交") };
    let grant =
        |to: Option<&str>| TaskDoing::DecideExtension { granted: true, to: to.map(day), because: String::new() };
    assert_eq!(town.code("qx", act("T", "QX", ask("2023-04-30"))), "task.extension-day");
    town.on("2023-04-30");
    town.must("qx", act("T", "QX", ask("2023-05-31")));
    assert_eq!(town.code("qx", act("T", "QX", ask("2023-06-30"))), "task.extension-waits");
    assert_eq!(town.code("office", act("T", "QX", grant(Some("2023-04-30")))), "task.extension-day");
    town.on("2023-05-02");
    // Undecided: the original date counts.
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!((row.timing.report_late_days, row.overdue, row.light.key), (2, true, "lag"));
    assert_eq!((row.due, row.asked_to), (Some(day("2023-04-30")), Some(day("2023-05-31"))));
    town.must("office", act("T", "QX", grant(None)));
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!((row.due, row.original), (Some(day("2023-05-31")), Some(day("2023-04-30"))));
    assert_eq!((row.extended, row.overdue, row.asked_to), (1, false, None));
    town.on("2023-06-01");
    assert_eq!(town.code("qx", act("T", "QX", ask("2023-07-31"))), "task.extension-late");
    let refused = TaskDoing::DecideExtension { granted: false, to: None, because: String::new() };
    assert_eq!(town.code("office", act("T", "QX", refused)), "task.extension-none");
    // As known on 1 May nothing of this was granted.
    let then = ledger(&town.seen_known("office", "2023-05-01"), &TaskFilter::default()).rows.remove(0);
    assert_eq!((then.due, then.overdue), (Some(day("2023-04-30")), true));
}

#[test]
fn a_refused_extension_needs_a_reason_and_is_a_step_back() {
    let script = [("QX", TaskDoing::Acknowledge), ("QX", doing(Doing::AskExtension))];
    let mut town = brought(&script, Some("2023-04-30"));
    let no = |because: &str| TaskDoing::DecideExtension { granted: false, to: None, because: because.to_owned() };
    assert_eq!(town.code("office", act("T", "QX", no(""))), "text.empty");
    town.must("office", act("T", "QX", no("条件已具备")));
    let shown = view(&town.seen("qx"), "DB-2023-001").expect("seen");
    let last = shown.strands[0].timeline.last().expect("events");
    assert_eq!((last.key, last.back, last.text.as_deref()), ("extension_refused", true, Some("条件已具备")));
    assert_eq!(shown.row.due, Some(day("2023-04-30")));
    assert_eq!(shown.row.opinion.as_deref(), Some("条件已具备"));
    town.must("qx", act("T", "QX", doing(Doing::AskExtension)));
}

#[test]
fn without_a_deadline_there_is_nothing_to_extend_and_no_light() {
    let mut town = brought(&[("QX", TaskDoing::Acknowledge)], None);
    assert_eq!(town.code("qx", act("T", "QX", doing(Doing::AskExtension))), "task.deadline-none");
    town.on("2024-01-08");
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!((row.light.key, row.overdue, row.timing.days_left), ("none", false, None));
}

#[test]
fn urging_is_an_event_once_a_day_and_no_state() {
    let mut town = brought(&[("QX", doing(Doing::Urge))], Some("2023-04-30"));
    assert_eq!(town.code("office2", act("T", "QX", doing(Doing::Urge))), "task.urged-already");
    town.must("office", act("T", "JS", doing(Doing::Urge)));
    town.on("2023-04-04");
    town.must("office", act("T", "QX", TaskDoing::Urge { text: String::new() }));
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!((row.urged, row.state), (2, TaskState::Assigned));
}

#[test]
fn both_kinds_of_overdue_are_derived() {
    // Assigned on Monday 3 April; 5 April (清明) is off: two working days end on Thursday 6 April.
    let mut town = brought(&[], Some("2023-04-10"));
    let timing = |town: &Town| ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!(timing(&town).timing.acknowledge_by, Some(day("2023-04-06")));
    town.on("2023-04-06");
    assert!(!timing(&town).overdue);
    town.on("2023-04-07");
    let row = timing(&town);
    assert!(row.timing.acknowledge_overdue && !row.timing.report_overdue);
    assert_eq!((row.light.key, row.light.reason.as_str()), ("lag", "应于 2023-04-06 前签收，签收逾期 1 天"));
    town.must("qx", act("T", "QX", TaskDoing::Acknowledge));
    let row = timing(&town);
    assert_eq!((row.timing.acknowledge_late_days, row.overdue, row.light.key), (1, false, "warn"));
    town.on("2023-04-11");
    let row = timing(&town);
    assert!(row.timing.report_overdue);
    assert_eq!((row.timing.report_late_days, row.light.key), (1, "lag"));
    town.must("qx", act("T", "QX", fed(true)));
    town.on("2023-04-20");
    // From the final feedback on it is the office's turn; the day late stays on record.
    let row = timing(&town);
    assert_eq!((row.timing.report_late_days, row.overdue, row.light.key), (1, false, "none"));
    assert_eq!(row.light.word, "逾期待核");
    town.must("office", act("T", "QX", doing(Doing::Complete)));
    let row = timing(&town);
    assert_eq!((row.light.reason.as_str(), row.completed_on), ("逾期 1 天办结", Some(day("2023-04-20"))));
    // What is done late says so, and is not counted among what is near its day.
    assert_eq!((row.light.key, row.light.word.as_str()), ("none", "逾期办结"));
    let near = ledger(&town.seen("office"), &TaskFilter { light: Some("warn".into()), ..TaskFilter::default() });
    assert_eq!(near.total, 0);
    assert!(near.lights.iter().all(|l| l.key != "warn" || l.count == 0));
}

#[test]
fn days_of_a_suspension_do_not_count_for_anyone_in_the_task() {
    let mut town = brought(&[("QX", TaskDoing::Acknowledge)], Some("2023-04-10"));
    town.on("2023-04-08");
    town.must("office", act("T", "QX", doing(Doing::Suspend)));
    assert_eq!(town.code("js", act("T", "JS", TaskDoing::Acknowledge)), "task.suspended");
    town.on("2023-05-08");
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!((row.overdue, row.light.key, row.state), (false, "none", TaskState::Suspended));
    town.must("office", act("T", "QX", TaskDoing::Resume { because: String::new() }));
    let now = strands(&town.zone, "T", "2023-05-08");
    assert_eq!(now[0].state, TaskState::Acknowledged);
    assert_eq!((now[0].deadline, now[0].original), (Some(day("2023-05-10")), Some(day("2023-04-10"))));
    assert_eq!(now[1].deadline, Some(day("2023-05-10")));
}

#[test]
fn a_return_is_a_trace_and_the_strand_is_in_progress_again() {
    let script = [("QX", TaskDoing::Acknowledge), ("QX", fed(true)), ("QX", doing(Doing::Return))];
    let mut town = brought(&script, Some("2023-04-30"));
    assert_eq!(town.code("office", act("T", "QX", doing(Doing::Return))), "task.feedback-none");
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!((row.state, row.returned, row.latest), (TaskState::InProgress, 1, None));
    assert_eq!(
        town.code("office", act("T", "QX", TaskDoing::Complete { because: String::new() })),
        "task.final-missing"
    );
    town.must("office", act("T", "QX", doing(Doing::Complete)));
}

#[test]
fn assisting_units_see_the_task_and_do_not_carry_its_state() {
    let mut town = brought(&[("JS", TaskDoing::Acknowledge), ("JS", fed(true))], Some("2023-04-30"));
    town.must("office", act("T", "JS", doing(Doing::Complete)));
    let shown = view(&town.seen("js"), "DB-2023-001").expect("an assisting unit sees it");
    assert_eq!(shown.row.state, TaskState::Assigned);
    assert_eq!(shown.strands[1].state, TaskState::Completed);
    // It may act on its own strand only.
    assert_eq!(town.refused("js", act("T", "QX", TaskDoing::Acknowledge)).why, Why::Forbidden);
    for stranger in ["sq", "guest"] {
        assert_eq!(view(&town.seen(stranger), "DB-2023-001").expect_err("not theirs").why, Why::Absent);
        assert!(ledger(&town.seen(stranger), &TaskFilter::default()).rows.is_empty());
        assert_eq!(town.code(stranger, act("T", "QX", TaskDoing::Acknowledge)), "absent");
    }
    let reader = view(&town.seen("leader"), "DB-2023-001").expect("sees all");
    assert!(reader.acts.is_empty(), "a wide view gives no right to act");
    assert_eq!(town.refused("leader", act("T", "QX", doing(Doing::Urge))).why, Why::Forbidden);
    // What is not there is answered in the same words.
    let none = view(&town.seen("sq"), "DB-2023-999").expect_err("absent");
    assert_eq!(none, view(&town.seen("sq"), "DB-2023-001").expect_err("absent"));
}

#[test]
fn the_successor_of_a_merged_unit_takes_over_without_a_new_paper() {
    let mut town = Town::founded();
    town.on("2023-02-01");
    town.must("office", assign("T", "SQ", &["JS"], Some("2023-06-30")));
    // Until the day of the merger the old unit answers.
    assert_eq!(town.refused("qx", act("T", "SQ", TaskDoing::Acknowledge)).why, Why::Absent);
    town.on("2023-02-10");
    town.must(
        "founder",
        Act::MergeUnit { unit: unit("SQ"), into: unit("QX"), on: day("2023-02-10"), because: because("撤并") },
    );
    town.must("qx", act("T", "QX", TaskDoing::Acknowledge));
    let strand = &strands(&town.zone, "T", "2023-02-10")[0];
    assert_eq!((strand.unit, strand.holder, strand.state), (unit("SQ"), unit("QX"), TaskState::Acknowledged));
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    assert_eq!(row.lead, "清溪镇");
    let shown = view(&town.seen("qx"), "DB-2023-001").expect("seen");
    assert_eq!(shown.strands[0].given_to.as_deref(), Some("石桥镇"));
}

#[test]
fn an_event_names_its_author_s_own_unit_and_the_unit_that_held_the_part_that_day() {
    let mut town = Town::founded();
    town.on("2023-02-01");
    town.must("office", assign("T", "SQ", &[], Some("2023-06-30")));
    town.must("sq", act("T", "SQ", TaskDoing::Acknowledge));
    town.must("office", act("T", "SQ", doing(Doing::Urge)));
    town.on("2023-02-10");
    town.must(
        "founder",
        Act::MergeUnit { unit: unit("SQ"), into: unit("QX"), on: day("2023-02-10"), because: because("撤并") },
    );
    town.must("qx", act("T", "QX", fed(true)));
    town.must("office", act("T", "QX", doing(Doing::Complete)));
    let shown = view(&town.seen("office"), "DB-2023-001").expect("seen");
    let authors: Vec<(&str, &str, &str)> =
        shown.strands[0].timeline.iter().map(|e| (e.key, e.unit.as_str(), e.who.as_str())).collect();
    assert_eq!(
        authors,
        [
            ("assigned", "党政办公室", "office同志 → 石桥镇"),
            ("acknowledged", "石桥镇", "sq同志"),
            ("urged", "党政办公室", "office同志 → 石桥镇"),
            ("fed_last", "清溪镇", "qx同志"),
            ("completed", "党政办公室", "office同志 → 清溪镇"),
        ]
    );
    // Who moves to another post later has acted from the one held then.
    town.on("2023-03-01");
    let post = |name: &str| baton_kernel::ids::PostId(ident(name));
    town.must(
        "founder",
        Act::All(vec![
            Act::HoldPost {
                post: post("post office"),
                person: person("office"),
                how: Holding::Holder,
                from: day("2023-01-03"),
                to: Some(day("2023-02-28")),
            },
            Act::PutPost { post: post("new"), unit: unit("JF"), title: "新岗".into(), from: None, to: None },
            Act::HoldPost {
                post: post("new"),
                person: person("office"),
                how: Holding::Holder,
                from: day("2023-03-01"),
                to: None,
            },
        ]),
    );
    let shown = view(&town.seen("office2"), "DB-2023-001").expect("seen");
    assert_eq!(shown.strands[0].timeline.last().expect("events").unit, "党政办公室");
}

#[test]
fn what_is_not_possible_yet_is_listed_only_while_it_can_still_come() {
    let later = |script: &[(&str, TaskDoing)], who: &str, on: &str| -> Vec<Doing> {
        let mut town = brought(script, Some("2023-04-30"));
        town.on(on);
        let shown = view(&town.seen(who), "DB-2023-001").expect("seen");
        let of_lead = shown.acts.into_iter().filter(|a| a.unit.id == unit("QX"));
        of_lead.filter(|a| a.refusal.is_some()).map(|a| a.doing).collect()
    };
    let ack = ("QX", TaskDoing::Acknowledge);
    use Doing::*;
    assert_eq!(later(&[], "qx", "2023-04-03"), [Feed, AskExtension]);
    assert_eq!(later(&[], "office", "2023-04-03"), [DecideObjection, DecideExtension, Return, CloseOut]);
    // Signed: no signing or objecting any more; past the day nothing can be extended.
    assert_eq!(later(&[ack.clone()], "qx", "2023-04-03"), []);
    assert_eq!(later(&[ack.clone()], "office", "2023-05-02"), [Return, CloseOut]);
    let done = [ack.clone(), ("QX", fed(true)), ("QX", doing(Complete))];
    assert_eq!(later(&done, "office", "2023-04-03"), []);
    assert_eq!(later(&done, "qx", "2023-04-03"), []);
    let closed = [&done[..], &[("QX", doing(CloseOut))]].concat();
    assert_eq!(later(&closed, "office", "2023-04-03"), []);
    // While it stands still it is not suspended again; what went on before goes on after.
    let still = later(&[ack, ("QX", doing(Suspend))], "office", "2023-05-02");
    assert!(!still.contains(&Suspend) && still.contains(&DecideExtension), "{still:?}");
}

#[test]
fn what_a_page_offers_is_what_decide_lets_through() {
    let scripts: [&[(&str, TaskDoing)]; 4] = [
        &[],
        &[("QX", TaskDoing::Acknowledge), ("QX", fed(true))],
        &[("QX", TaskDoing::Acknowledge), ("QX", doing(Doing::AskExtension))],
        &[("QX", doing(Doing::Suspend))],
    ];
    for script in scripts {
        for person in ["office", "qx", "js", "leader"] {
            let offered = view(&brought(script, Some("2023-04-30")).seen(person), "DB-2023-001").expect("seen").acts;
            for option in &offered {
                let mut town = brought(script, Some("2023-04-30"));
                town.must("office", assign("other", "SQ", &[], None));
                let code = if option.unit.id == unit("QX") { "QX" } else { "JS" };
                let answer = town.run(person, act("T", code, doing(option.doing)));
                assert_eq!(answer.err(), option.refusal.clone(), "{person} {}", option.label);
            }
            assert_eq!(offered.is_empty(), person == "leader");
        }
    }
    let office = view(&brought(&[], None).seen("office"), "DB-2023-001").expect("seen");
    let complete = office.acts.iter().find(|a| a.doing == Doing::Complete).expect("offered");
    assert_eq!((complete.words, complete.day), (Need::Required, Need::None));
}

#[test]
fn nothing_is_offered_on_the_past() {
    let mut town = brought(&[], Some("2023-04-30"));
    town.on("2023-04-10");
    town.must("office", act("T", "QX", doing(Doing::Urge)));
    let then = view(&town.seen_known("office", "2023-04-04"), "DB-2023-001").expect("known then");
    assert!(then.acts.is_empty());
    assert_eq!(then.row.urged, 0);
}

#[test]
fn every_count_is_the_length_of_the_list_it_opens() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    for (name, lead, due) in [("甲", "QX", "2023-04-06"), ("乙", "SQ", "2023-04-28"), ("丙", "QX", "2023-06-30")] {
        town.must("office", assign(name, lead, &["JS"], Some(due)));
        town.must(&lead.to_lowercase(), act(name, lead, TaskDoing::Acknowledge));
    }
    town.must("office", assign("丁", "JF", &[], None));
    town.must("office", act("丁", "JF", doing(Doing::Cancel)));
    town.on("2023-04-26");
    let seen = town.seen("office");
    let count = |filter: TaskFilter| ledger(&seen, &filter).total;
    let all = ledger(&seen, &TaskFilter::default());
    assert_eq!((all.total, all.all, all.open, all.overdue), (4, 4, 3, 1));
    for state in &all.states {
        let filter = TaskFilter { state: TaskState::parse(&state.key), ..TaskFilter::default() };
        assert_eq!(state.count, count(filter), "{}", state.label);
    }
    for light in &all.lights {
        assert_eq!(light.count, count(TaskFilter { light: Some(light.key.clone()), ..TaskFilter::default() }));
    }
    assert_eq!(all.states.iter().map(|s| s.count).sum::<usize>(), all.total);
    assert_eq!(all.lights.iter().map(|s| s.count).sum::<usize>(), all.total);
    assert_eq!(all.open, count(TaskFilter { open: true, ..TaskFilter::default() }));
    assert_eq!(all.overdue, count(TaskFilter { overdue: true, ..TaskFilter::default() }));
    // Counts hold beside another filter, too.
    let town_only = ledger(
        &seen,
        &TaskFilter { lead: Some(unit("QX")), state: Some(TaskState::Acknowledged), ..TaskFilter::default() },
    );
    assert_eq!((town_only.total, town_only.open), (2, 2));
    assert_eq!(count(TaskFilter { unit: Some(unit("JS")), ..TaskFilter::default() }), 3);
    assert_eq!(count(TaskFilter { text: "丙".into(), ..TaskFilter::default() }), 1);
    assert_eq!(count(TaskFilter { due_to: Some(day("2023-04-30")), ..TaskFilter::default() }), 2);
    let by_due = ledger(&seen, &TaskFilter { order: TaskOrder::Due, ..TaskFilter::default() });
    let titles: Vec<&str> = by_due.rows.iter().map(|r| r.title.as_str()).collect();
    assert_eq!(titles, ["甲任务", "乙任务", "丙任务", "丁任务"]);
    // A unit's own list counts its own.
    let own = ledger(&town.seen("qx"), &TaskFilter::default());
    assert_eq!((own.total, own.all), (2, 2));
}

#[test]
fn a_commitment_is_judged_by_the_day_promised_whatever_was_granted_later() {
    let mut town = Town::founded();
    town.must("office", plan("四季度", "2022Q4", "2023-01-18"));
    for to in [MeetingState::Notified, MeetingState::Held] {
        town.on("2023-01-18");
        town.must("office", Act::MoveMeeting { meeting: meeting("四季度"), to, because: String::new() });
    }
    let promise = |name: &str, lead: &str, due: Option<&str>| {
        let mut act = assign(name, lead, &[], due);
        let Act::AssignTask { source, .. } = &mut act else { unreachable!() };
        *source = TaskSource::Meeting(meeting("四季度"));
        act
    };
    for (name, lead, due) in [
        ("守时", "QX", Some("2023-03-31")),
        ("晚到", "QX", Some("2023-03-31")),
        ("延期", "SQ", Some("2023-03-31")),
        ("未到期", "SQ", Some("2023-06-30")),
        ("无期限", "JS", None),
    ] {
        town.must("office", promise(name, lead, due));
        town.must(&lead.to_lowercase(), act(name, lead, TaskDoing::Acknowledge));
    }
    town.must("office", assign("别处", "QX", &[], None));
    town.on("2023-03-30");
    town.must("qx", act("守时", "QX", fed(true)));
    town.must("sq", act("延期", "SQ", doing(Doing::AskExtension)));
    town.must("office", act("延期", "SQ", doing(Doing::DecideExtension)));
    town.on("2023-04-05");
    town.must("qx", act("晚到", "QX", fed(true)));
    for name in ["守时", "晚到"] {
        town.must("office", act(name, "QX", doing(Doing::Complete)));
    }
    let quarter = "2023Q1".parse().expect("a period");
    let list = commitments(&town.seen("leader"), quarter);
    let became: Vec<(&str, &str, bool)> = list.iter().map(|c| (c.title.as_str(), c.outcome, c.overdue)).collect();
    assert_eq!(
        became,
        [
            ("守时任务", "kept", false),
            ("晚到任务", "kept_late", false),
            ("延期任务", "broken", true),
            ("未到期任务", "open", false),
            ("无期限任务", "open", false),
        ]
    );
    assert_eq!(list[2].light.key, "ok", "the extension changes the light, not the record");
    assert_eq!(of_meeting(&town.seen("leader"), meeting("四季度")).len(), 5);
    // A second meeting about the same quarter is no meeting before its review, though it was held before this one.
    town.on("2023-04-26");
    town.must("office", plan("一季度", "2023Q1", "2023-04-26"));
    for to in [MeetingState::Notified, MeetingState::Held] {
        town.must("office", Act::MoveMeeting { meeting: meeting("一季度"), to, because: String::new() });
    }
    town.on("2023-05-10");
    town.must("office", plan("补课会", "2023Q1", "2023-05-10"));
    let seen = town.seen("leader");
    let before = previous_meeting(&seen, quarter).map(|m| m.id);
    assert_eq!(before, Some(meeting("四季度")));
    assert_eq!(meeting_before(&seen, day("2023-05-10")).map(|m| m.id), Some(meeting("一季度")));
    assert_eq!(commitments(&seen, quarter).len(), 5);
    // A town sees its own; and the quarter of the meeting itself opens with the one before it.
    assert_eq!(commitments(&town.seen("qx"), quarter).len(), 2);
    assert!(commitments(&town.seen("leader"), "2022Q4".parse().expect("a period")).is_empty());
}

#[test]
fn the_source_of_a_task_stands_beside_what_was_done() {
    let mut town = Town::founded();
    town.must("office", plan("一季度", "2023Q1", "2023-04-26"));
    town.on("2023-04-26");
    for to in [MeetingState::Notified, MeetingState::Held] {
        town.must("office", Act::MoveMeeting { meeting: meeting("一季度"), to, because: String::new() });
    }
    let text = "一季度开局平稳。要紧盯开工率，五月底前新开工十个。散会。";
    let speech = baton_kernel::ids::SpeechId(7);
    town.must(
        "office",
        Act::RecordSpeech {
            meeting: meeting("一季度"),
            speech,
            title: "讲话".into(),
            raw: text.into(),
            clean: text.into(),
        },
    );
    let clause = |offset, length| {
        let mut act = assign("开工", "JS", &[], None);
        let Act::AssignTask { source, .. } = &mut act else { unreachable!() };
        *source = TaskSource::Speech { speech, offset, length };
        act
    };
    assert_eq!(town.code("office", clause(20, 900)), "task.clause");
    assert_eq!(town.code("office", clause(0, 0)), "task.clause");
    town.must("office", clause(15, 10));
    town.must("js", act("开工", "JS", TaskDoing::Acknowledge));
    town.must("js", act("开工", "JS", fed(false)));
    let shown = view(&town.seen("js"), "DB-2023-001").expect("seen");
    assert_eq!(shown.source.sentence.as_deref(), Some("要紧盯开工率，五月底前新开工十个。"));
    assert_eq!((shown.source.words.as_str(), shown.source.on), ("一季度推进会 · 讲话", Some(day("2023-04-26"))));
    assert_eq!(shown.row.latest.map(|l| (l.text, l.last)), Some(("已敷 2.08 公里".to_owned(), false)));
    assert_eq!(shown.next, "建设管理局办理，没有期限");
    assert_eq!(of_meeting(&town.seen("js"), meeting("一季度")).len(), 1);
}

#[test]
fn every_refusal_of_tasks_is_reached_by_some_act() {
    // Collected from the source of these tests and of the table above: a code nobody can meet is dead.
    let told = [include_str!("tasks.rs"), include_str!("conduct.rs")].concat();
    let words = [
        "task.state.",
        "task.do.",
        "task.light.",
        "task.event.",
        "task.next.",
        "task.commitment.",
        "task.duty.",
        "task.source.",
        "task.from.",
    ];
    let missing: BTreeSet<&str> = baton_kernel::messages::catalogue()
        .keys()
        .map(String::as_str)
        .filter(|code| {
            code.starts_with("task.")
                && !["task.draft", "task.merge-code"].contains(code)
                && !words.iter().any(|w| code.starts_with(w))
        })
        .filter(|code| !told.contains(&format!("\"{code}\"")) && !COURSE.contains(&format!("{code}\n")))
        .collect();
    assert_eq!(missing, BTreeSet::new());
}

#[derive(Clone, Debug)]
enum Step {
    Act(Doing, usize, usize, bool),
    Day(i64),
    Merge,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let act = (0..Doing::ALL.len(), 0..2usize, 0..4usize, any::<bool>())
        .prop_map(|(kind, task, unit, last)| Step::Act(Doing::ALL[kind], task, unit, last));
    let step = prop_oneof![12 => act, 3 => (1..9i64).prop_map(Step::Day), 1 => Just(Step::Merge)];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_at_a_cut_is_what_a_replay_to_that_cut_shows(steps in steps()) {
        let mut town = Town::founded();
        town.must("office", assign("甲", "QX", &["JS", "SQ"], Some("2023-02-10")));
        town.must("office", assign("乙", "SQ", &["QX"], None));
        let first = town.zone.head().seq;
        let (codes, names) = (["QX", "SQ", "JS", "JF"], ["甲", "乙"]);
        let mut on = day("2023-01-03");
        for step in steps {
            match step {
                Step::Day(days) => {
                    on = on.saturating_add(jiff::Span::new().days(days));
                    town.on(&on.to_string());
                }
                Step::Merge => {
                    let act = Act::MergeUnit { unit: unit("SQ"), into: unit("JF"), on, because: because("撤并") };
                    let _ = town.run("founder", act);
                }
                Step::Act(kind, name, code, flag) => {
                    let what = match doing(kind) {
                        TaskDoing::Feed { text, evidence, .. } => TaskDoing::Feed { last: flag, text, evidence },
                        TaskDoing::DecideObjection { because, .. } if flag => {
                            TaskDoing::DecideObjection { to: Some(unit("JF")), withdraw: false, because }
                        }
                        TaskDoing::AskExtension { because, .. } => {
                            TaskDoing::AskExtension { to: on.saturating_add(jiff::Span::new().days(40)), because }
                        }
                        TaskDoing::Merge { because, .. } => TaskDoing::Merge { into: task("乙"), because },
                        other => other,
                    };
                    // The founder acts for everyone, so that refusals come from states alone.
                    let person = if flag { "founder".to_owned() } else { who(kind, codes[code]) };
                    let _ = town.run(&person, act(names[name], codes[code], what));
                }
            }
        }
        let full = Arc::new(town.zone.clone());
        let mut replayed = Zone::empty();
        for sealed in &town.entries {
            replayed.apply(sealed, &town.texts);
            let cut = sealed.entry.seq;
            if cut < first || !sealed.entry.last {
                continue;
            }
            let on = replayed.day_known(cut);
            for known in replayed.tasks() {
                let task = full.task(known.id).expect("known later too");
                prop_assert_eq!(task.strands(&full, cut, on), known.strands(&replayed, u64::MAX, on));
            }
            let seen = |zone: Arc<Zone>| Seen::new(zone, town.caller("leader"), sealed.entry.known_at, None, Lang::Zh);
            let filtered = ledger(&seen(full.clone()).at_cut(cut), &TaskFilter::default());
            let replay = ledger(&seen(Arc::new(replayed.clone())), &TaskFilter::default());
            prop_assert_eq!(filtered, replay);
        }
    }
}
