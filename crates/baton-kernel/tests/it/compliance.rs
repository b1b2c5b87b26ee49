//! Rules on conduct and burden, rule by rule; overrides with a basis; the duty dictionary and what it remembers.

use crate::zone::*;
use baton_kernel::commands::Act;
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_kernel::refusals::Why;
use baton_kernel::views::compliance::{Panel, RULES, Verdict, of_circular, of_meeting, of_round, rule};
use baton_kernel::views::duties::{dictionary, learned};

/// The meeting `M` with a changed plan, on 20 April.
fn town_with(change: &dyn Fn(&mut Vec<AgendaLine>, &mut Vec<VenueLine>, &mut PlanDetails)) -> Town {
    let mut town = Town::founded();
    town.on("2023-04-20");
    town.must("office", changed("M", change));
    town
}

fn changed(name: &str, change: &dyn Fn(&mut Vec<AgendaLine>, &mut Vec<VenueLine>, &mut PlanDetails)) -> Act {
    let mut act = plan(name, "2023Q1", "2023-04-26");
    let Act::PlanMeeting { agenda, venues, details, .. } = &mut act else { unreachable!() };
    change(agenda, venues, details);
    act
}

fn says(panel: &Panel, id: &str) -> Verdict {
    panel.findings.iter().find(|f| f.rule == id).unwrap_or_else(|| panic!("no {id}")).verdict
}

fn meeting_says(town: &Town, id: &str) -> Verdict {
    says(&of_meeting(&town.seen("leader"), meeting("M")).expect("seen"), id)
}

use Verdict::{Overridden, Pass, Warn};

#[test]
fn b1_counts_comprehensive_meetings_of_the_year_that_were_not_called_off() {
    let comprehensive = |_: &mut Vec<AgendaLine>, _: &mut Vec<VenueLine>, d: &mut PlanDetails| d.comprehensive = true;
    let mut town = town_with(&comprehensive);
    assert_eq!(meeting_says(&town, "B1"), Pass);
    town.must("office", changed("N", &comprehensive));
    assert_eq!(meeting_says(&town, "B1"), Warn);
    let to = MeetingState::Cancelled;
    town.must("office", Act::MoveMeeting { meeting: meeting("N"), to, because: "合并".into() });
    assert_eq!(meeting_says(&town, "B1"), Pass);
}

#[test]
fn b2_and_b3_ask_for_a_basis_and_b3_only_when_it_reaches_below_towns() {
    let mut town = town_with(&|_, _, _| {});
    assert_eq!((meeting_says(&town, "B2"), meeting_says(&town, "B3")), (Warn, Pass));
    town.must("office", changed("M", &|_, _, d| d.basis = Some("年度会议计划第3项".into())));
    assert_eq!(meeting_says(&town, "B2"), Pass);
    town.put_unit("V1", "清溪一村", "office", Some("QX"), 900);
    let village = |_: &mut Vec<AgendaLine>, v: &mut Vec<VenueLine>, _: &mut PlanDetails| {
        v[1].unit = Some(unit("V1"));
    };
    town.must("office", changed("M", &village));
    assert_eq!((meeting_says(&town, "B2"), meeting_says(&town, "B3")), (Warn, Warn));
}

#[test]
fn b4_b5_and_b6_compare_minutes_and_people_with_the_bounds_of_the_settings() {
    let mut town = town_with(&|_, _, _| {});
    for id in ["B4", "B5", "B6"] {
        assert_eq!(meeting_says(&town, id), Pass, "{id}");
    }
    town.must("office", changed("M", &|a, _, _| a[0].minutes = 61));
    assert_eq!((meeting_says(&town, "B4"), meeting_says(&town, "B5")), (Warn, Pass));
    town.must("office", changed("M", &|a, _, _| a.iter_mut().for_each(|l| l.minutes = 90)));
    assert_eq!(meeting_says(&town, "B5"), Warn);
    town.must("office", changed("M", &|_, _, d| d.expected = [(venue("main"), 301)].into()));
    assert_eq!(meeting_says(&town, "B6"), Warn);
}

#[test]
fn b19_asks_that_a_task_decided_at_the_meeting_stands_in_the_ledger() {
    let mut town = town_with(&|_, _, _| {});
    town.on("2023-04-26");
    for to in [MeetingState::Notified, MeetingState::Held] {
        town.must("office", Act::MoveMeeting { meeting: meeting("M"), to, because: String::new() });
    }
    let kind = OutcomeKind::Task;
    let outcome = OutcomeId(1);
    town.must("office", Act::RecordOutcome { meeting: meeting("M"), outcome, line: 0, kind, text: "通水".into() });
    assert_eq!(meeting_says(&town, "B19"), Warn);
    let mut made = assign("甲", "QX", &[], Some("2023-05-28"));
    let Act::AssignTask { source, .. } = &mut made else { unreachable!() };
    *source = TaskSource::Meeting(meeting("M"));
    town.must("office", made);
    assert_eq!(meeting_says(&town, "B19"), Pass);
}

#[test]
fn a_circular_is_looked_at_for_its_length_and_its_words() {
    let mut town = town_with(&|_, _, _| {});
    let panel = of_circular(&town.seen("leader"), meeting("M")).expect("seen");
    for id in ["B7", "B8", "B9", "B12"] {
        assert_eq!(says(&panel, id), Pass, "{id}");
    }
    // What a task says enters the requirements of the circular.
    let mut made = assign("甲", "QX", &[], Some("2023-05-28"));
    let Act::AssignTask { source, title, .. } = &mut made else { unreachable!() };
    *source = TaskSource::Meeting(meeting("M"));
    *title = "对末位单位发贯彻落实情况报告".into();
    town.must("office", made);
    let panel = of_circular(&town.seen("leader"), meeting("M")).expect("seen");
    assert_eq!((says(&panel, "B9"), says(&panel, "B12")), (Warn, Warn));
    assert_eq!(of_circular(&town.seen("qx"), meeting("M")).expect_err("not the whole zone").why, Why::Forbidden);
}

#[test]
fn a_round_is_looked_at_for_its_basis_its_words_and_what_is_asked_twice() {
    let mut town = town_with(&|_, _, _| {});
    let open = |n: u128, title: &str, basis: Option<&str>| Act::OpenRound {
        round: RoundId(n),
        title: title.into(),
        period: "2023M03".parse().expect("a period"),
        kinds: vec!["work".into()],
        units: vec![unit("QX")],
        opens: day("2023-04-01"),
        due: day("2023-04-25"),
        closes: day("2023-04-30"),
        basis: basis.map(str::to_owned),
    };
    town.must("office", open(1, "三月排名通报", None));
    let panel = of_round(&town.seen("leader"), RoundId(1)).expect("seen");
    let all = ["B9", "B10", "B11", "B12", "B13", "B14"].map(|id| says(&panel, id));
    assert_eq!(all, [Pass, Warn, Pass, Warn, Pass, Pass]);
    town.must("office", open(2, "又一次", Some("督查计划第1项")));
    let panel = of_round(&town.seen("leader"), RoundId(2)).expect("seen");
    assert_eq!((says(&panel, "B10"), says(&panel, "B14")), (Pass, Warn));
    assert!(panel.findings.iter().any(|f| f.found.contains("三月排名通报")));
}

#[test]
fn an_override_says_who_on_what_basis_and_only_where_a_rule_judges() {
    let mut town = town_with(&|_, _, _| {});
    let over = |rule: &str, basis: &str| Act::Override {
        rule: rule.into(),
        of: Concern::Meeting(meeting("M")),
        basis: basis.into(),
        because: "临时部署".into(),
    };
    assert_eq!(town.refused("qx", over("B2", "区委批示")).why, Why::Forbidden);
    assert_eq!(town.code("office", over("B99", "区委批示")), "compliance.rule");
    assert_eq!(town.code("office", over("B15", "区委批示")), "compliance.rule", "a reminder judges nothing");
    assert_eq!(town.refused("office", over("B2", " ")).at.as_deref(), Some("basis"));
    let unknown = Concern::Meeting(MeetingId(404));
    let act = Act::Override { rule: "B2".into(), of: unknown, basis: "一".into(), because: "二".into() };
    assert_eq!(town.code("office", act), "absent");
    town.must("office", over("B2", "区委批示"));
    assert_eq!(meeting_says(&town, "B2"), Overridden);
    let panel = of_meeting(&town.seen("leader"), meeting("M")).expect("seen");
    let finding = panel.findings.iter().find(|f| f.rule == "B2").expect("B2");
    assert!(finding.overridden.as_deref().is_some_and(|w| w.contains("区委批示") && w.contains("临时部署")));
    assert!(!panel.may_override, "a reader overrides nothing");
    // What holds is passed, whatever was overridden before.
    town.must("office", changed("M", &|_, _, d| d.basis = Some("补办的审批".into())));
    assert_eq!(meeting_says(&town, "B2"), Pass);
}

#[test]
fn every_rule_is_asked_somewhere_and_reminders_are_counted_apart() {
    let mut town = town_with(&|_, _, _| {});
    town.must(
        "office",
        Act::OpenRound {
            round: RoundId(1),
            title: "三月".into(),
            period: "2023M03".parse().expect("a period"),
            kinds: vec!["work".into()],
            units: vec![unit("QX")],
            opens: day("2023-04-01"),
            due: day("2023-04-25"),
            closes: day("2023-04-30"),
            basis: None,
        },
    );
    let seen = town.seen("leader");
    let panels = [
        of_meeting(&seen, meeting("M")).expect("seen"),
        of_circular(&seen, meeting("M")).expect("seen"),
        of_round(&seen, RoundId(1)).expect("seen"),
    ];
    let asked = |id: &str| {
        panels
            .iter()
            .any(|p| p.findings.iter().chain(&p.reminders).any(|f| f.rule == id && !f.asks.starts_with("compliance.")))
    };
    assert!(RULES.iter().all(|r| asked(r.id)));
    assert!(panels.iter().all(|p| p.findings.iter().all(|f| f.verdict != Verdict::Reminder)));
    assert_eq!(panels[0].reminders.len(), 5);
    assert!(rule("B20").is_none());
}

#[test]
fn the_dictionary_is_the_offices_and_learns_only_from_leads_that_were_confirmed() {
    let mut town = town_with(&|_, _, _| {});
    let put = |phrase: &str, of: Option<&str>| Act::PutDuty { phrase: phrase.into(), unit: of.map(unit) };
    assert_eq!(town.refused("qx", put("污水处理", Some("QX"))).why, Why::Forbidden);
    assert_eq!(town.code("office", put("水", Some("QX"))), "duty.short");
    town.must("office", put("污水处理", Some("QX")));
    let known: Vec<_> = dictionary(&town.seen("office")).into_iter().map(|w| (w.phrase, w.unit.id)).collect();
    assert_eq!(known, [("污水处理".to_owned(), unit("QX"))]);
    town.must("office", assign("甲", "QX", &["SQ"], None));
    let confirm = |of: &str| Act::ConfirmDuty { phrase: "河道清淤".into(), unit: unit(of), task: task("甲") };
    assert_eq!(town.code("office", confirm("SQ")), "duty.not-lead", "assisting is not leading");
    town.must("office", confirm("QX"));
    town.must("office", confirm("QX"));
    let learnt: Vec<_> = learned(&town.seen("office")).into_iter().map(|w| (w.phrase, w.unit.id, w.count)).collect();
    assert_eq!(learnt, [("河道清淤".to_owned(), unit("QX"), 2)]);
    town.must("office", put("河道清淤", None));
    assert!(learned(&town.seen("office")).is_empty(), "what the office takes out is forgotten");
    town.must("office", confirm("QX"));
    assert_eq!(learned(&town.seen("office"))[0].count, 1, "and counts again from then on");
    town.must("office", put("污水处理", None));
    assert!(dictionary(&town.seen("office")).is_empty());
}
