//! What comes before and around a task: drafts signed off, documents, instructions, mergers, limits in days, posts.

use crate::zone::*;
use baton_kernel::commands::{Act, TaskDoing};
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_kernel::refusals::Why;
use baton_kernel::views::tasks::{TaskFilter, TaskOrder, ledger, task as view};
use baton_kernel::views::{drafts, instructions, posts, speech, task_calendar, task_sheet};
use baton_kernel::zone::TaskState;

fn draft(name: &str, lead: Option<&str>) -> Act {
    Act::DraftTask {
        task: task(name),
        title: format!("{name}拟办"),
        source: TaskSource::Document("督〔2023〕1号".into()),
        said: "要把路修好".into(),
        deadline: Deadline { on: None, words: String::new(), limit: None },
        strands: lead.map(|code| StrandLine { unit: unit(code), duty: Duty::Lead }).into_iter().collect(),
        aim: String::new(),
        area: None,
        items: vec![],
    }
}

fn drop_draft(name: &str) -> Act {
    Act::DropDraft { task: task(name), because: "已有同样任务".into() }
}

#[test]
fn a_draft_binds_nobody_until_another_person_signs_it_off() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", draft("路", None));
    assert!(ledger(&town.seen("office"), &TaskFilter::default()).rows.is_empty());
    assert!(ledger(&town.seen("qx"), &TaskFilter::default()).rows.is_empty());
    assert!(drafts::list(&town.seen("qx"), true).is_empty(), "a unit does not see what is only proposed");
    let waiting = drafts::list(&town.seen("office2"), true);
    assert_eq!((waiting.len(), waiting[0].may_sign, waiting[0].lead.is_none()), (1, true, true));
    assert!(!drafts::list(&town.seen("office"), true)[0].may_sign);
    assert_eq!(town.code("office", assign("路", "QX", &[], None)), "task.draft-self");
    assert_eq!(town.refused("qx", assign("路", "QX", &[], None)).why, Why::Forbidden);
    assert_eq!(town.code("office", draft("路", None)), "id.taken");
    town.on("2023-04-04");
    town.must("office2", assign("路", "QX", &["JS"], Some("2023-04-30")));
    let shown = view(&town.seen("qx"), &task("路").to_string()).expect("assigned to it");
    assert_eq!((shown.source.key, shown.source.words.as_str()), ("document", "督〔2023〕1号"));
    let signed = drafts::draft(&town.seen("office"), &task("路").to_string()).expect("kept");
    assert_eq!(signed.signed.map(|(who, _)| who).as_deref(), Some("office2同志"));
    assert!(!signed.waits);
    assert_eq!(town.code("office2", drop_draft("路")), "task.draft-signed");
    // As known the day before it still waited.
    assert!(drafts::list(&town.seen_known("office2", "2023-04-03"), true)[0].waits);
}

#[test]
fn a_draft_is_dropped_with_a_reason_and_by_whom_it_may_be() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    assert_eq!(town.refused("qx", draft("路", None)).why, Why::Forbidden);
    town.must("office", draft("路", Some("QX")));
    assert_eq!(town.refused("qx", drop_draft("路")).why, Why::Forbidden);
    assert_eq!(town.code("office", Act::DropDraft { task: task("路"), because: " ".into() }), "text.empty");
    assert_eq!(town.code("office", drop_draft("桥")), "absent");
    town.must("office", drop_draft("路"));
    assert_eq!(town.code("office2", assign("路", "QX", &[], None)), "task.draft-dropped");
    let kept = drafts::draft(&town.seen("office2"), &task("路").to_string()).expect("kept");
    assert_eq!(kept.dropped.map(|d| d.2).as_deref(), Some("已有同样任务"));
}

#[test]
fn a_document_is_taken_in_and_its_clauses_become_drafts_with_their_place() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    let mut files = town.zone.blueprint().files.clone();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../blueprints/development-zone/lexicon");
    for name in ["duties.toml", "meetings.toml", "organisations.toml", "people.toml", "words.toml"] {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).expect("the default lexicon");
        files.insert(format!("lexicon/{name}"), text);
    }
    town.must("founder", Act::ApplyBlueprint { files, because: "加词典".into() });
    let words = "会议要求，清溪镇要加快修复道路，4月底前完成。";
    let id = TextId(7);
    let record = |raw: &str| Act::RecordText {
        text: id,
        number: "会纪〔2023〕3号".into(),
        title: "专题会议纪要".into(),
        raw: raw.into(),
        clean: raw.into(),
    };
    assert_eq!(town.refused("qx", record(words)).why, Why::Forbidden);
    assert_eq!(town.code("office", record(" ")), "text.empty");
    town.must("office", record(words));
    assert_eq!(drafts::text(&town.seen("qx"), id).expect_err("not theirs").why, Why::Absent);
    let seen = town.seen("office");
    let extract = speech::text_extract(&seen, id).expect("read");
    let found = speech::text_proposals(&seen, id, &extract).expect("seen");
    let one = found.iter().find(|p| !p.greyed).expect("a directive");
    let from = |offset, length| {
        let mut act = draft("路", Some("QX"));
        let Act::DraftTask { source, .. } = &mut act else { unreachable!() };
        *source = TaskSource::Text { text: id, offset, length };
        act
    };
    assert_eq!(town.code("office", from(0, 900)), "task.clause");
    town.must("office", from(one.offset, one.length));
    let made = speech::text_proposals(&town.seen("office"), id, &extract).expect("seen");
    assert_eq!(made.iter().find(|p| p.offset == one.offset).expect("same").made[0].title, "路拟办");
    town.must("office2", assign("路", "QX", &[], Some("2023-04-30")));
    let shown = view(&town.seen("qx"), &task("路").to_string()).expect("assigned");
    assert_eq!(shown.source.words, "会纪〔2023〕3号《专题会议纪要》");
    assert_eq!(shown.source.text, Some((id, one.offset, one.length)));
    assert_eq!(shown.source.sentence.as_deref(), Some(words));
}

fn limited(days: u32, working: bool) -> Act {
    let mut act = assign("限", "QX", &[], None);
    let Act::AssignTask { deadline, .. } = &mut act else { unreachable!() };
    deadline.limit = Some(Limit { days, working });
    act
}

#[test]
fn a_limit_in_days_ends_where_the_calendar_says_with_make_up_work_days() {
    // 2023: 清明 5 April off; 29 April to 3 May off, Sunday 23 April and Saturday 6 May worked.
    for (on, days, working, due) in [
        ("2023-04-03", 3, true, "2023-04-07"),
        ("2023-04-03", 3, false, "2023-04-06"),
        ("2023-04-21", 1, true, "2023-04-23"),
        ("2023-04-28", 3, true, "2023-05-06"),
        ("2023-04-28", 3, false, "2023-05-01"),
    ] {
        let mut town = Town::founded();
        town.on(on);
        town.must("office", limited(days, working));
        let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
        assert_eq!(row.due, Some(day(due)), "{days} days from {on}, working: {working}");
    }
    let mut town = Town::founded();
    town.on("2023-04-03");
    assert_eq!(town.code("office", limited(0, true)), "task.limit-days");
    assert_eq!(town.code("office", limited(1_000, true)), "task.limit-year");
    let mut both = limited(3, true);
    let Act::AssignTask { deadline, .. } = &mut both else { unreachable!() };
    deadline.on = Some(day("2023-04-30"));
    assert_eq!(town.code("office", both), "task.limit-two");
}

#[test]
fn acknowledging_is_counted_over_make_up_work_days() {
    let mut town = Town::founded();
    town.on("2023-04-21");
    town.must("office", assign("T", "QX", &[], None));
    let row = ledger(&town.seen("office"), &TaskFilter::default()).rows.remove(0);
    // Friday; Sunday 23 April is worked: two working days end on Monday.
    assert_eq!(row.timing.acknowledge_by, Some(day("2023-04-24")));
}

fn with_settings(near: u32, urge: u32) -> Town {
    let mut town = Town::founded();
    town.on("2023-04-03");
    let mut files = town.zone.blueprint().files.clone();
    let rules = files.get_mut("zone.toml").expect("rules");
    *rules = rules.replace("near_due_days = 7", &format!("near_due_days = {near}\nurge_every_days = {urge}"));
    town.must("founder", Act::ApplyBlueprint { files, because: "改提醒天数".into() });
    town
}

#[test]
fn the_light_turns_near_due_by_the_days_of_the_settings() {
    let mut town = with_settings(3, 1);
    for (name, due) in [("A", "2023-04-06"), ("B", "2023-04-07"), ("C", "2023-04-03")] {
        town.must("office", assign(name, "QX", &[], Some(due)));
    }
    let lights: Vec<&str> =
        ledger(&town.seen("office"), &TaskFilter::default()).rows.iter().map(|r| r.light.key).collect();
    assert_eq!(lights, ["warn", "ok", "warn"]);
    let mut town = with_settings(0, 1);
    town.must("office", assign("A", "QX", &[], Some("2023-04-04")));
    town.must("office", assign("B", "QX", &[], Some("2023-04-03")));
    let lights: Vec<&str> =
        ledger(&town.seen("office"), &TaskFilter::default()).rows.iter().map(|r| r.light.key).collect();
    assert_eq!(lights, ["ok", "warn"]);
}

#[test]
fn urging_again_waits_for_the_days_of_the_settings() {
    let mut town = with_settings(7, 3);
    let urge = || act("T", "QX", TaskDoing::Urge { text: String::new() });
    town.must("office", assign("T", "QX", &[], None));
    town.must("office", urge());
    town.on("2023-04-05");
    let refused = town.refused("office2", urge());
    assert_eq!(refused.code, "task.urged-already");
    assert!(refused.zh.contains("2023-04-06"), "{}", refused.zh);
    town.on("2023-04-06");
    town.must("office2", urge());
}

#[test]
fn a_task_goes_into_another_and_both_say_so() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("A", "QX", &["JS"], Some("2023-04-30")));
    town.must("office", assign("B", "SQ", &[], Some("2023-05-30")));
    let merge = |of: &str, unit: &str, into: &str| {
        act(of, unit, TaskDoing::Merge { into: task(into), because: "同一件事".into() })
    };
    assert_eq!(town.code("office", merge("A", "QX", "A")), "task.merge-self");
    assert_eq!(town.code("office", merge("A", "QX", "none")), "absent");
    assert_eq!(town.code("office", merge("A", "JS", "B")), "task.merge-lead");
    assert_eq!(town.refused("qx", merge("A", "QX", "B")).why, Why::Forbidden);
    town.must("office", merge("A", "QX", "B"));
    let gone = view(&town.seen("office"), &task("A").to_string()).expect("kept");
    assert_eq!((gone.row.state, gone.row.light.key), (TaskState::Merged, "none"));
    assert_eq!(gone.merged_into.as_ref().map(|m| m.1.as_str()), Some("DB-2023-002"));
    assert!(gone.acts.is_empty());
    let goes_on = view(&town.seen("office"), &task("B").to_string()).expect("open");
    assert_eq!(goes_on.merged_from.len(), 1);
    // Who does not see the other is told no more than that it is over.
    assert_eq!(view(&town.seen("qx"), &task("A").to_string()).expect("theirs").merged_into, None);
    assert_eq!(town.code("qx", act("A", "QX", TaskDoing::Acknowledge)), "task.over");
    assert_eq!(town.code("office", merge("B", "SQ", "A")), "task.merge-over");
}

#[test]
fn an_objection_may_end_the_part_altogether() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("T", "QX", &["JS"], None));
    town.must("js", act("T", "JS", TaskDoing::Object { because: "不属职责".into() }));
    let decide = |to: Option<&str>| TaskDoing::DecideObjection {
        to: to.map(unit),
        withdraw: true,
        because: "确不属其职责".into(),
    };
    assert_eq!(town.code("office", act("T", "JS", decide(Some("SQ")))), "task.objection-two");
    town.must("office", act("T", "JS", decide(None)));
    let shown = view(&town.seen("office"), &task("T").to_string()).expect("seen");
    assert_eq!((shown.row.state, shown.row.assist.len()), (TaskState::Assigned, 0));
    assert_eq!(shown.strands[1].state, TaskState::Cancelled);
    town.must("qx", act("T", "QX", TaskDoing::Object { because: "不属职责".into() }));
    town.must("office", act("T", "QX", decide(None)));
    assert_eq!(view(&town.seen("office"), "DB-2023-001").expect("seen").row.state, TaskState::Cancelled);
}

#[test]
fn the_ledger_filters_by_what_waits_by_source_and_by_days_and_sorts_both_ways() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("A", "QX", &["JS"], Some("2023-04-30")));
    town.must("office", assign("B", "SQ", &[], None));
    town.on("2023-04-04");
    town.must("office", assign("C", "DZ", &[], Some("2023-04-20")));
    town.must("qx", act("A", "QX", TaskDoing::Object { because: "不属职责".into() }));
    let codes = |filter: TaskFilter| -> Vec<String> {
        ledger(&town.seen("office"), &filter).rows.iter().map(|r| r.title.replace("任务", "")).collect()
    };
    let all = TaskFilter::default;
    assert_eq!(codes(TaskFilter { waits: true, ..all() }), ["A"]);
    assert_eq!(codes(TaskFilter { assist: Some(unit("JS")), ..all() }), ["A"]);
    assert_eq!(codes(TaskFilter { source: Some("speech".into()), ..all() }), [""; 0]);
    assert_eq!(codes(TaskFilter { source: Some("instruction".into()), ..all() }).len(), 3);
    assert_eq!(codes(TaskFilter { due_from: Some(day("2023-04-21")), ..all() }), ["A"]);
    assert_eq!(codes(TaskFilter { assigned_from: Some(day("2023-04-04")), ..all() }), ["C"]);
    assert_eq!(codes(TaskFilter { assigned_to: Some(day("2023-04-03")), ..all() }), ["A", "B"]);
    let sorted = |order, reversed| codes(TaskFilter { order, reversed, ..all() });
    assert_eq!(sorted(TaskOrder::Due, false), ["C", "A", "B"]);
    assert_eq!(sorted(TaskOrder::Due, true), ["A", "C", "B"]);
    assert_eq!(sorted(TaskOrder::Lead, false), ["C", "A", "B"]);
    assert_eq!(sorted(TaskOrder::Code, true), ["C", "B", "A"]);
    assert_eq!(sorted(TaskOrder::Assigned, true), ["C", "B", "A"]);
    for order in TaskOrder::ALL {
        assert_eq!(TaskOrder::parse(order.key()), Some(order));
    }
}

#[test]
fn a_month_shows_what_is_due_on_which_day_and_which_days_are_worked() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("A", "QX", &[], Some("2023-04-23")));
    town.must("office", assign("B", "QX", &[], None));
    let month = task_calendar::month(&town.seen("office"), day("2023-04-10"), &TaskFilter::default());
    assert_eq!((month.weeks.len(), month.due, month.undated), (5, 1, 1));
    assert_eq!(month.working_days, Some(20));
    let of = |on: &str| month.weeks.iter().flatten().find(|d| d.on == day(on)).expect("in the month");
    assert_eq!((of("2023-04-23").worked, of("2023-04-23").moved, of("2023-04-23").tasks.len()), (Some(true), true, 1));
    assert_eq!((of("2023-04-05").worked, of("2023-04-05").moved), (Some(false), true));
    assert_eq!((of("2023-04-09").worked, of("2023-04-09").moved), (Some(false), false));
    assert!(!of("2023-03-31").inside);
}

#[test]
fn the_sheet_of_a_task_says_what_is_asked_of_whom_until_when() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("A", "QX", &["JS"], Some("2023-04-30")));
    let sheet = task_sheet::document(&town.seen("qx"), &task("A").to_string()).expect("theirs");
    assert_eq!(sheet.title, ["云岭新区党政办公室督办单"]);
    let text = format!("{:?}", sheet.blocks);
    for words in ["DB-2023-001", "A任务", "要把A办好", "清溪镇", "建设管理局", "2023年4月30日"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(task_sheet::document(&town.seen("sq"), &task("A").to_string()).is_err());
}

/// The town with a chief who may instruct and a clerk of theirs.
fn led() -> Town {
    let mut town = Town::founded();
    let mut files = town.zone.blueprint().files.clone();
    let role =
        "[[role]]\nkey = \"chief\"\nlabel = { zh = \"领导\", en = \"Chief\" }\nmay = [\"see\", \"instruct\"]\n\n";
    let rules = files.get_mut("zone.toml").expect("rules");
    *rules = rules.replace("[settings]", &format!("{role}[settings]"));
    town.must("founder", Act::ApplyBlueprint { files, because: "加角色".into() });
    town.hire("chief", "YL", "chief", Scope::All);
    town.hire("clerk", "DZ", "reader", Scope::All);
    town.on("2023-04-03");
    town.must("office", assign("T", "QX", &[], None));
    town
}

fn said(n: u128, leader: Option<&str>) -> Act {
    Act::Instruct {
        instruction: InstructionId(n),
        on: InstructionOn::Task(task("T")),
        words: "请督查室盯紧，五月上旬报我。".into(),
        leader: leader.map(person),
    }
}

fn from_instruction(name: &str, n: u128) -> Act {
    let mut act = assign(name, "SQ", &[], None);
    let Act::AssignTask { source, .. } = &mut act else { unreachable!() };
    *source = TaskSource::Instructed(InstructionId(n));
    act
}

#[test]
fn an_instruction_waits_for_the_supervising_office_and_becomes_a_task_or_is_answered() {
    let mut town = led();
    assert_eq!(town.refused("qx", said(1, None)).why, Why::Forbidden);
    assert_eq!(town.code("sq", said(1, None)), "absent");
    town.must("chief", said(1, None));
    town.must("chief", said(2, None));
    assert_eq!(town.code("chief", said(1, None)), "id.taken");
    let waiting = instructions::list(&town.seen("office"), true);
    assert_eq!(waiting.len(), 2);
    assert_eq!((waiting[0].leader.as_str(), waiting[0].about.as_str()), ("chief同志", "DB-2023-001 T任务"));
    assert!(waiting[0].may_carry && waiting[0].may_answer);
    // It is shown to the office and the leader on the task itself; the unit sees the task that is made of it.
    let on = InstructionOn::Task(task("T"));
    assert_eq!(instructions::said_on(&town.seen("chief"), &on).len(), 2);
    assert!(instructions::said_on(&town.seen("qx"), &on).is_empty());
    town.must("office", from_instruction("S", 1));
    let made = view(&town.seen("sq"), &task("S").to_string()).expect("assigned to it");
    assert_eq!((made.source.key, made.source.words.as_str()), ("instructed", "chief同志批示"));
    assert_eq!(made.source.sentence.as_deref(), Some("请督查室盯紧，五月上旬报我。"));
    let first = instructions::instruction(&town.seen("chief"), &InstructionId(1).to_string()).expect("theirs");
    assert_eq!((first.waits, first.tasks.len(), first.may_answer), (false, 1, false));
    let answer = |n| Act::AnswerInstruction { instruction: InstructionId(n), because: "已有专班在办".into() };
    assert_eq!(town.code("office", answer(1)), "instruction.carried");
    assert_eq!(town.refused("chief", answer(2)).why, Why::Forbidden);
    assert_eq!(town.code("office", answer(9)), "absent");
    town.must("office", answer(2));
    assert_eq!(town.code("office", answer(2)), "instruction.answered");
    assert_eq!(town.code("office", from_instruction("R", 2)), "instruction.answered");
    assert_eq!(town.code("office", from_instruction("R", 9)), "task.source");
    assert!(instructions::list(&town.seen("office"), true).is_empty());
    let second = instructions::instruction(&town.seen("chief"), &InstructionId(2).to_string()).expect("theirs");
    assert_eq!(second.answered.map(|a| a.2).as_deref(), Some("已有专班在办"));
    // As known before, both waited.
    let replayed = town.replay(u64::MAX);
    assert_eq!(replayed.state_hash(), town.zone.state_hash());
}

#[test]
fn a_secretary_enters_it_in_the_leaders_name_only_while_a_delegation_holds() {
    let mut town = led();
    let delegate = |from: &str, until: &str| Act::Delegate {
        delegation: DelegationId(1),
        to: person("clerk"),
        from: day(from),
        until: day(until),
    };
    assert_eq!(town.code("clerk", said(1, Some("chief"))), "instruction.delegation");
    assert_eq!(town.refused("clerk", delegate("2023-04-03", "2023-04-10")).why, Why::Forbidden);
    assert_eq!(town.code("chief", delegate("2023-04-03", "2023-04-02")), "stand-in.days");
    assert_eq!(town.code("chief", delegate("2023-04-03", "2024-06-02")), "stand-in.days");
    town.must("chief", delegate("2023-04-03", "2023-04-10"));
    town.must("clerk", said(1, Some("chief")));
    assert_eq!(town.refused("clerk", said(2, None)).why, Why::Forbidden);
    // Another leader's name is not covered.
    assert_eq!(town.code("clerk", said(2, Some("office"))), "instruction.delegation");
    let shown = instructions::list(&town.seen("office"), true).remove(0);
    assert_eq!(shown.leader, "chief同志");
    assert_eq!(shown.entered, Some(("clerk同志".into(), Some((day("2023-04-03"), day("2023-04-10"))))));
    let end = || Act::EndDelegation { delegation: DelegationId(1) };
    assert_eq!(town.code("qx", end()), "absent");
    town.must("chief", end());
    assert_eq!(town.code("chief", end()), "delegation.ended");
    assert_eq!(town.code("clerk", said(3, Some("chief"))), "instruction.delegation");
}

fn post(name: &str) -> PostId {
    PostId(ident(&format!("post {name}")))
}

fn cover(of: &str, by: &str, from: &str, to: Option<&str>) -> Act {
    Act::HoldPost { post: post(of), person: person(by), how: Holding::Cover, from: day(from), to: to.map(day) }
}

#[test]
fn who_covers_a_post_may_do_what_it_may_for_that_time_and_the_entry_says_for_whom() {
    let mut town = Town::founded();
    // `aide` sits in the office beside `office`, without any right of their own.
    town.must(
        "founder",
        Act::All(vec![
            Act::PutPerson { person: person("aide"), name: "助理".into() },
            Act::PutPost { post: post("aide"), unit: unit("DZ"), title: "助理岗".into(), from: None, to: None },
            Act::HoldPost {
                post: post("aide"),
                person: person("aide"),
                how: Holding::Holder,
                from: day("2023-01-03"),
                to: None,
            },
        ]),
    );
    town.on("2023-04-03");
    town.must("office", assign("T", "QX", &[], None));
    let urge = || act("T", "QX", TaskDoing::Urge { text: String::new() });
    assert_eq!(town.code("aide", urge()), "absent");
    assert_eq!(town.code("office", cover("office", "aide", "2023-04-04", None)), "post.cover-open");
    assert_eq!(town.code("office", cover("office", "qx", "2023-04-04", Some("2023-04-05"))), "post.cover-person");
    assert_eq!(town.code("office", cover("office", "office", "2023-04-04", Some("2023-04-05"))), "post.cover-person");
    assert_eq!(town.code("office", cover("office", "aide", "2023-04-01", Some("2023-04-05"))), "post.cover-past");
    assert_eq!(town.refused("qx", cover("office", "aide", "2023-04-04", Some("2023-04-05"))).why, Why::Forbidden);
    town.must("office", cover("office", "aide", "2023-04-04", Some("2023-04-05")));
    assert_eq!(town.code("aide", urge()), "absent", "not before its day");
    town.on("2023-04-04");
    let seq = town.must("aide", urge());
    assert_eq!(town.zone.stood_in(seq), Some(post("office")));
    let shown = view(&town.seen("office2"), "DB-2023-001").expect("seen");
    assert!(shown.events[0].who.starts_with("助理（代office同志）"), "{}", shown.events[0].who);
    let mine = posts::list(&town.seen("aide"));
    assert!(mine.iter().any(|p| p.id == post("office") && p.mine == Some(Holding::Cover)));
    town.on("2023-04-06");
    assert_eq!(town.code("aide", urge()), "absent", "not after it");
    let then = view(&town.seen("office2"), "DB-2023-001").expect("seen");
    assert!(then.events[0].who.starts_with("助理（代office同志）"), "who did it stays");
    assert_eq!(town.replay(u64::MAX).state_hash(), town.zone.state_hash());
}

#[test]
fn a_deputy_with_rights_of_their_own_acts_in_their_own_name() {
    let mut town = Town::founded();
    town.must(
        "founder",
        Act::HoldPost {
            post: post("office"),
            person: person("office2"),
            how: Holding::Deputy,
            from: day("2023-01-03"),
            to: None,
        },
    );
    town.on("2023-04-03");
    let seq = town.must("office2", assign("T", "QX", &[], None));
    assert_eq!(town.zone.stood_in(seq), None);
}

#[test]
fn a_successor_finds_what_the_predecessor_left() {
    let mut town = Town::founded();
    town.on("2023-04-03");
    town.must("office", assign("T", "QX", &[], Some("2023-04-30")));
    town.must(
        "office",
        Act::OpenRound {
            round: RoundId(1),
            title: "3月调度".into(),
            period: "2023M03".parse().expect("a period"),
            kinds: vec!["work".into()],
            units: vec![unit("QX")],
            opens: day("2023-04-01"),
            due: day("2023-04-08"),
            closes: day("2023-04-10"),
            basis: None,
        },
    );
    town.must("founder", Act::PutPerson { person: person("heir"), name: "继任".into() });
    let hold = |who: &str, from: &str, to: Option<&str>| Act::HoldPost {
        post: post("qx"),
        person: person(who),
        how: Holding::Holder,
        from: day(from),
        to: to.map(day),
    };
    town.must("founder", hold("qx", "2023-01-03", Some("2023-04-04")));
    town.must("founder", hold("heir", "2023-04-05", None));
    let key = post("qx").to_string();
    assert!(posts::post(&town.seen("heir"), &key).is_err(), "not before the day");
    town.on("2023-04-05");
    let left = posts::post(&town.seen("heir"), &key).expect("theirs");
    assert_eq!((left.tasks.len(), left.row.mine), (1, Some(Holding::Holder)));
    assert_eq!(left.before, [person("qx")]);
    assert_eq!(left.tasks[0].code, "DB-2023-001");
    assert!(posts::post(&town.seen("qx"), &key).is_err(), "who left sees it no more");
    town.must("heir", act("T", "QX", TaskDoing::Acknowledge));
}
