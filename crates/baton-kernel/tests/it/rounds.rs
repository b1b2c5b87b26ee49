//! Rounds, submissions, figures, targets: from the first word of a reporter to what a review shows.

use crate::zone::*;
use baton_kernel::commands::*;
use baton_kernel::entries::{CurveSpec, SubmissionState};
use baton_kernel::ids::*;
use baton_kernel::{Why, views};
use baton_methods::Period;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

fn round(name: &str) -> RoundId {
    RoundId(ident(&format!("round {name}")))
}
fn submission(name: &str) -> SubmissionId {
    SubmissionId(ident(&format!("submission {name}")))
}
fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

fn make(name: &str, code: &str, lead: &str) -> Act {
    Act::MakeItem {
        item: item(name),
        kind: "work".into(),
        code: code.into(),
        name: name.into(),
        lead: unit(lead),
        co: vec![],
        parent: None,
        fields: BTreeMap::new(),
        stage: None,
    }
}

fn open(name: &str, period_key: &str, opens: &str, due: &str, closes: &str) -> Act {
    Act::OpenRound {
        round: round(name),
        title: format!("{period_key} 调度"),
        period: period(period_key),
        kinds: vec!["work".into()],
        units: vec![unit("SQ"), unit("QX")],
        opens: day(opens),
        due: day(due),
        closes: day(closes),
        basis: None,
    }
}

fn figure(name: &str, month: &str, value: &str, version: u64) -> FigureGiven {
    FigureGiven {
        subject: Subject::Item(item(name)),
        measure: "paid".into(),
        period: period(month),
        part: None,
        value: FigureInput::Is(value.parse().expect("a decimal")),
        version,
        said_on: None,
    }
}

fn report(id: &str, at: Option<&str>, unit_code: &str, submit: bool, figures: Vec<FigureGiven>, because: &str) -> Act {
    Act::Report {
        submission: submission(id),
        round: at.map(round),
        unit: unit(unit_code),
        submit,
        figures,
        fields: vec![],
        because: because.into(),
        evidence: vec![],
        notes: vec![],
    }
}

fn moved(id: &str, to: SubmissionState, because: &str) -> Act {
    Act::MoveSubmission { submission: submission(id), to, because: because.into(), marks: vec![], notes: vec![] }
}

fn target(name: &str, value: &str, because: &str) -> Act {
    Act::SetTarget {
        subject: Subject::Item(item(name)),
        measure: "paid".into(),
        year: period("2023"),
        value: value.parse().expect("a decimal"),
        curve: CurveSpec::Linear,
        basis: Some("云新发〔2023〕1号".into()),
        because: because.into(),
    }
}

/// A town with two works, a year's target and an open round for March.
fn march() -> Town {
    let mut town = Town::founded();
    town.must("office", make("码头", "GC-1", "QX"));
    town.must("office", make("泵站", "GC-2", "SQ"));
    town.must("office", target("码头", "1200", ""));
    town.on("2023-03-28");
    town.must("office", open("r3", "2023M03", "2023-03-28", "2023-03-31", "2023-04-05"));
    town
}

fn shown(town: &Town, who: &str, known: Option<&str>) -> String {
    let seen = match known {
        Some(known) => town.seen_known(who, known),
        None => town.seen(who),
    };
    let page = views::items::item(&seen, "GC-1", period("2023Q1")).expect("seen");
    page.measures[0].pace.done.shown()
}

#[test]
fn a_proposal_does_not_count_until_another_person_submits_it() {
    let mut town = march();
    town.must("qx", report("a", Some("r3"), "QX", false, vec![figure("码头", "2023M03", "250", 0)], ""));
    assert_eq!(shown(&town, "office", None), "—");
    assert_eq!(town.code("qx", moved("a", SubmissionState::Submitted, "")), "forbidden");
    town.must("qxc", moved("a", SubmissionState::Submitted, ""));
    assert_eq!(shown(&town, "office", None), "250.00");
    let seen = town.seen("office");
    let page = views::items::item(&seen, "GC-1", period("2023Q1")).expect("seen");
    assert_eq!(page.measures[0].pace.done.hollow, 1, "hollow until accepted");
    town.must("office", moved("a", SubmissionState::Accepted, ""));
    let page = views::items::item(&town.seen("office"), "GC-1", period("2023Q1")).expect("seen");
    assert_eq!(page.measures[0].pace.done.hollow, 0);
}

#[test]
fn whoever_proposed_does_not_also_submit() {
    let mut town = march();
    town.hire("both", "QX", "handler", baton_kernel::entries::Scope::Units(vec![unit("QX")]));
    town.hire("both-2", "QX", "checker", baton_kernel::entries::Scope::Units(vec![unit("QX")]));
    // The checker's grant also to the person of the first post: one person, both roles.
    town.must(
        "founder",
        Act::Grant {
            grant: GrantId(77),
            to: baton_kernel::entries::Grantee::Person(person("both")),
            role: "checker".into(),
            scope: baton_kernel::entries::Scope::Units(vec![unit("QX")]),
        },
    );
    town.must("both", report("a", Some("r3"), "QX", false, vec![figure("码头", "2023M03", "250", 0)], ""));
    assert_eq!(town.code("both", moved("a", SubmissionState::Submitted, "")), "submission.self");
    town.must("both-2", moved("a", SubmissionState::Submitted, ""));
}

#[test]
fn a_late_correction_changes_the_month_but_keeps_the_record() {
    let mut town = march();
    town.on("2023-03-31");
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "12500", 0)], ""));
    let seen_seq = town.zone.head().seq;
    town.on("2023-04-10");
    let late = report("b", None, "QX", true, vec![figure("码头", "2023M03", "1250", seen_seq)], "");
    assert_eq!(town.code("qxc", late), "submission.round");
    town.must(
        "qxc",
        report("b", None, "QX", true, vec![figure("码头", "2023M03", "1250", seen_seq)], "错填为元的十倍"),
    );
    assert_eq!(shown(&town, "office", None), "1,250.00");
    assert_eq!(shown(&town, "office", Some("2023-04-01")), "12,500.00");
    let seen = town.seen("office");
    let history =
        views::figures::history(&seen, Subject::Item(item("码头")), "paid", None, period("2023M03")).expect("seen");
    let values: Vec<(&str, bool)> = history.versions.iter().map(|v| (v.shown.as_str(), v.counts)).collect();
    assert_eq!(values, [("12500", false), ("1250", true)]);
    assert_eq!(history.versions[1].because.as_deref(), Some("错填为元的十倍"));
}

#[test]
fn a_returned_submission_no_longer_counts_and_the_version_before_it_does() {
    let mut town = march();
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    let version = town.zone.head().seq;
    town.must("qxc", report("b", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "300", version)], ""));
    assert_eq!(shown(&town, "office", None), "300.00");
    assert_eq!(town.code("office", moved("b", SubmissionState::Returned, "")), "text.empty");
    town.must("office", moved("b", SubmissionState::Returned, "与凭证不符"));
    assert_eq!(shown(&town, "office", None), "200.00");
    assert_eq!(town.code("office", moved("b", SubmissionState::Accepted, "")), "submission.state");
}

#[test]
fn two_people_in_one_cell_see_both_values_and_nothing_enters() {
    let mut town = march();
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    let refusal =
        town.refused("qxc", report("b", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "210", 0)], ""));
    assert_eq!((refusal.code.as_str(), refusal.why), ("conflict.field", Why::Conflict));
    assert!(refusal.zh.contains("200") && refusal.zh.contains("210"), "{}", refusal.zh);
    // The same value twice is no conflict.
    town.must("qxc", report("c", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
}

#[test]
fn a_withheld_figure_keeps_its_reason_and_is_counted_beside_the_total() {
    let mut town = march();
    let withheld =
        FigureGiven { value: FigureInput::Withheld("审计中".into()), ..figure("泵站", "2023M03", "0", 0) };
    town.must("office", target("泵站", "600", ""));
    town.hire("sqc", "SQ", "checker", baton_kernel::entries::Scope::Units(vec![unit("SQ")]));
    town.must("sqc", report("a", Some("r3"), "SQ", true, vec![withheld], ""));
    town.must("qxc", report("b", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    let seen = town.seen("office");
    let list = views::items::list(&seen, &Default::default(), period("2023M03")).expect("seen");
    let paid = list.columns.iter().position(|c| c.key == "paid").expect("a column");
    let total = list.totals[paid].as_ref().expect("a total");
    assert_eq!((total.shown().as_str(), total.withheld, total.missing), ("200.00", 1, 0));
    assert!(list.rows[1].cells[paid].number.as_ref().is_some_and(|n| n.reason.as_deref() == Some("审计中")));
}

#[test]
fn every_mistake_in_a_report_has_its_own_refusal_with_the_cell() {
    let mut town = march();
    let far = |f: FigureGiven| report("x", Some("r3"), "QX", true, vec![f], "");
    let base = || figure("码头", "2023M03", "1", 0);
    let cases = [
        ("figure.not-yours", far(figure("泵站", "2023M03", "1", 0))),
        ("measure.unknown", far(FigureGiven { measure: "none".into(), ..base() })),
        ("figure.part", far(FigureGiven { part: Some("none".into()), ..base() })),
        ("figure.period", far(figure("码头", "2023Q1", "1", 0))),
        ("figure.future", far(figure("码头", "2023M04", "1", 0))),
        ("figure.decimals", far(figure("码头", "2023M03", "0.0000001", 0))),
        ("text.empty", far(FigureGiven { value: FigureInput::Withheld(" ".into()), ..base() })),
    ];
    for (code, act) in cases {
        let refusal = town.refused("qxc", act);
        assert_eq!(refusal.code, code);
        assert!(refusal.at.is_some(), "{code} names no cell");
    }
    assert_eq!(town.code("qxc", report("x", Some("r3"), "QX", true, vec![base(), base()], "")), "figure.twice");
    assert_eq!(town.code("qxc", report("x", Some("r3"), "QX", true, vec![], "")), "submission.empty");
    assert_eq!(town.code("qx", far(base())), "forbidden");
    assert_eq!(town.code("guest", far(base())), "absent");
    town.on("2023-04-06");
    assert_eq!(town.code("qxc", far(base())), "round.closed");
    town.must("office", Act::ReopenRound { round: round("r3"), closes: day("2023-04-07"), because: "台风".into() });
    town.must("qxc", far(base()));
}

#[test]
fn a_target_set_again_needs_a_reason_and_is_counted() {
    let mut town = march();
    assert_eq!(town.code("office", target("码头", "1000", "")), "text.empty");
    town.must("office", target("码头", "1000", "概算调减"));
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    let page = views::items::item(&town.seen("office"), "GC-1", period("2023Q1")).expect("seen");
    let pace = &page.measures[0].pace;
    assert_eq!(pace.rebaselined, 1);
    assert_eq!(pace.share.as_ref().map(|s| s.shown()), Some("20.0".into()));
    assert_eq!(pace.gap.as_ref().map(|s| s.shown()), Some("-5.0".into()));
    assert_eq!(pace.half.as_ref().and_then(|h| h.short.value), Some(Decimal::from(300)));
    assert_eq!(page.measures[0].targets.len(), 2);
}

#[test]
fn the_round_shows_who_has_not_answered_and_who_was_late() {
    let mut town = march();
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    let state = |town: &Town| {
        let shown = views::rounds::round(&town.seen("office"), round("r3")).expect("seen");
        shown.answers.iter().map(|a| (a.unit.code.clone(), a.state, a.late)).collect::<Vec<_>>()
    };
    // Two measures are asked of the one work; one is answered.
    assert_eq!(state(&town), [("QX".into(), "partial", false), ("SQ".into(), "none", false)]);
    town.on("2023-04-02");
    assert_eq!(state(&town)[1], ("SQ".into(), "none", true));
    let own = views::rounds::round(&town.seen("sq"), round("r3")).expect("asked");
    assert_eq!(own.answers.len(), 1, "a town sees its own answer only");
    assert!(views::rounds::round(&town.seen("guest"), round("r3")).is_err());
}

#[test]
fn a_merged_towns_works_go_to_its_heir_and_its_past_stays() {
    let mut town = march();
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    town.on("2023-04-03");
    town.must(
        "founder",
        Act::MergeUnit { unit: unit("QX"), into: unit("SQ"), on: day("2023-04-03"), because: "区划调整".into() },
    );
    let seen = town.seen("office");
    let list = views::items::list(&seen, &Default::default(), period("2023M03")).expect("seen");
    assert!(list.rows.iter().all(|r| r.lead.code == "SQ"));
    let before = views::items::list(&town.seen_known("office", "2023-04-01"), &Default::default(), period("2023M03"))
        .expect("seen");
    assert_eq!(before.rows.iter().map(|r| r.lead.code.as_str()).collect::<Vec<_>>(), ["QX", "SQ"]);
    assert!(!seen.units().contains(&unit("QX")));
    assert!(town.seen("sq").item("GC-1").is_ok(), "the heir sees what it took over");
}

/// Whole figures of a form: asked, answered, withheld.
fn counted(seen: &baton_kernel::Seen, round: RoundId, of: UnitId) -> (u32, u32, u32) {
    use baton_kernel::form::CellValue;
    let form = views::form::form(seen, round, of).expect("seen");
    let cells = form.blocks.iter().flat_map(|block| {
        block
            .rows
            .iter()
            .flat_map(|row| block.columns.iter().zip(&row.cells))
            .filter(|(column, cell)| cell.asked && column.key.starts_with("m:") && !column.key.contains('/'))
    });
    let (mut asked, mut answered, mut withheld) = (0, 0, 0);
    for (_, cell) in cells {
        asked += 1;
        answered += u32::from(cell.now.is_some());
        withheld += u32::from(matches!(cell.now, Some(CellValue::Withheld(_))));
    }
    (asked, answered, withheld)
}

#[test]
fn a_round_counts_exactly_the_whole_figures_of_each_form() {
    let mut town = march();
    town.must("office", make("灯塔", "GC-7", "QX"));
    let withheld =
        FigureGiven { value: FigureInput::Withheld("决算未定".into()), ..figure("灯塔", "2023M03", "1", 0) };
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "250", 0), withheld], ""));
    let mut answered = 0;
    for known in ["2023-03-20", "2023-04-01", "2023-12-31"] {
        let seen = town.seen_known("office", known);
        let shown = views::rounds::list(&seen);
        for round in &shown {
            for answer in &round.answers {
                let counts = (answer.asked, answer.answered, answer.withheld);
                assert_eq!(counts, counted(&seen, round.id, answer.unit.id), "{} {known}", answer.unit.name);
                answered += answer.answered;
            }
            let missing: Vec<_> = round.answers.iter().filter(|a| a.is_missing()).cloned().collect();
            let mine = views::rounds::unanswered(&seen, round.period).into_iter().filter(|a| a.round == round.id);
            assert_eq!(mine.collect::<Vec<_>>(), missing, "{known}");
        }
        assert!(!shown.is_empty() || known < "2023-04-01");
    }
    assert!(answered >= 2, "something was answered: {answered}");
}

#[test]
fn a_split_work_keeps_what_it_had_done_in_the_total() {
    let mut town = march();
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    town.must("office", make("码头一期", "GC-3", "QX"));
    town.must("office", make("码头二期", "GC-4", "QX"));
    town.must(
        "office",
        Act::BecomeItems {
            item: item("码头"), into: vec![item("码头一期"), item("码头二期")], because: "分期".into()
        },
    );
    let seen = town.seen("office");
    let blueprint = seen.blueprint().clone();
    let kind = blueprint.kind("work").expect("declared");
    let (all, _) = seen.groups(kind, seen.day());
    let measure = kind.measure("paid").expect("declared");
    let total = seen.total(&seen.asked(), kind, measure, &all, period("2023Q1"), views::values::Reading::ToDate);
    assert_eq!(total.shown(), "200.00");
    let refused = town.code("qxc", report("b", None, "QX", true, vec![figure("码头", "2023M03", "1", 0)], "误"));
    assert_eq!(refused, "item.gone");
}

#[test]
fn every_cut_read_by_filter_equals_the_same_cut_replayed() {
    let mut town = march();
    town.must("office", target("码头", "1000", "概算调减"));
    town.must("qx", report("a", Some("r3"), "QX", false, vec![figure("码头", "2023M03", "250", 0)], ""));
    town.must("qxc", moved("a", SubmissionState::Submitted, ""));
    let version = town.zone.head().seq - 1;
    town.must("office", moved("a", SubmissionState::Accepted, ""));
    town.on("2023-04-02");
    town.must("qxc", report("b", None, "QX", true, vec![figure("码头", "2023M03", "240", version)], "发票重复"));
    town.must("office", moved("b", SubmissionState::Returned, "缺凭证"));
    town.must("office", make("闸门", "GC-3", "SQ"));
    town.must(
        "office",
        Act::EnterStage {
            item: item("码头"),
            stage: "done".into(),
            on: day("2023-04-01"),
            because: String::new(),
            evidence: vec![],
        },
    );
    town.must("office", Act::WithdrawItem { item: item("闸门"), because: "重复立项".into() });
    let pages = |seen: &baton_kernel::Seen| {
        let p = period("2023Q1");
        serde_json::to_string(&(
            views::review::review(seen, p),
            views::items::list(seen, &Default::default(), p).ok(),
            views::items::item(seen, "GC-1", p).ok(),
            views::rounds::list(seen),
        ))
        .expect("views serialise")
    };
    for cut in town.entries.iter().filter(|s| s.entry.last).map(|s| s.entry.seq) {
        let filtered = town.seen("office").at_cut(cut);
        let replayed = town.replay(cut);
        // Rights are today's: the replayed zone is looked at as of the whole ledger's day, by the founder.
        let seen = baton_kernel::Seen::new(
            std::sync::Arc::new(town.zone.clone()),
            Caller::Founder,
            town.now,
            None,
            baton_methods::Lang::Zh,
        )
        .at_cut(cut);
        let then = baton_kernel::Seen::new(
            std::sync::Arc::new(replayed),
            Caller::Founder,
            town.zone.known_at(cut),
            None,
            baton_methods::Lang::Zh,
        );
        let (mut a, mut b) = (pages(&seen), pages(&then));
        for key in ["may_make", "may_change", "may_reopen"] {
            for text in [&mut a, &mut b] {
                *text = text.replace(&format!("\"{key}\":true"), "").replace(&format!("\"{key}\":false"), "");
            }
        }
        let strip = |text: &str| {
            let value: serde_json::Value =
                serde_json::from_str(&text.replace("{,", "{").replace(",,", ",").replace(",}", "}"))
                    .unwrap_or_default();
            fn without(value: &mut serde_json::Value) {
                match value {
                    serde_json::Value::Object(map) => {
                        let rights = [
                            "mine",
                            "may_raise",
                            "may_task",
                            "may_settle",
                            "may_add",
                            "may_drop",
                            "may_urge",
                            "urge_from",
                        ];
                        for key in ["may", "next", "known", "open"].iter().chain(&rights) {
                            map.remove(*key);
                        }
                        map.values_mut().for_each(without);
                    }
                    serde_json::Value::Array(list) => list.iter_mut().for_each(without),
                    _ => {}
                }
            }
            let mut value = value;
            without(&mut value);
            assert!(!value.is_null(), "pages are JSON");
            value
        };
        assert_eq!(strip(&a), strip(&b), "cut {cut}");
        drop(filtered);
    }
}

#[test]
fn the_review_says_who_sees_what_and_two_people_never_see_two_values() {
    let mut town = march();
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "200", 0)], ""));
    let office = views::items::item(&town.seen("office"), "GC-1", period("2023Q1")).expect("seen");
    let own = views::items::item(&town.seen("qx"), "GC-1", period("2023Q1")).expect("seen");
    assert_eq!(office.measures[0].pace, own.measures[0].pace);
    assert!(views::items::item(&town.seen("sq"), "GC-1", period("2023Q1")).is_err());
    assert!(views::circular::circular(&town.seen("sq"), meeting("none"), None, None).is_err());
}

#[test]
fn answers_to_questions_and_words_on_marked_cells_stand_with_the_submission() {
    use baton_kernel::commands::NoteGiven;
    let mut town = march();
    let at = format!("{}/paid", Subject::Item(item("码头")));
    let Act::Report { submission, round, unit, figures, fields, because, evidence, .. } =
        report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "2500", 0)], "")
    else {
        unreachable!()
    };
    let notes = vec![NoteGiven { at: at.clone(), text: "设备款一次付清".into() }];
    town.must("qxc", Act::Report { submission, round, unit, submit: true, figures, fields, because, evidence, notes });
    let cell = |town: &Town| views::rounds::submission(&town.seen("office"), submission).expect("seen").cells.remove(0);
    assert_eq!(cell(&town).note.as_deref(), Some("设备款一次付清"));
    let found = vec![NoteGiven { at: at.clone(), text: "发票只有 1,800".into() }];
    let back = Act::MoveSubmission {
        submission,
        to: SubmissionState::Returned,
        because: "请核对".into(),
        marks: vec![at],
        notes: found,
    };
    town.must("office", back);
    assert_eq!(cell(&town).found.as_deref(), Some("发票只有 1,800"));
    assert!(cell(&town).marked);
}

#[test]
fn the_office_urges_once_a_day_and_the_unit_sees_who_did() {
    let mut town = march();
    let urge = || Act::UrgeRound { round: round("r3"), units: vec![unit("QX")], text: "请今天报".into() };
    assert_eq!(town.code("qx", urge()), "forbidden");
    town.must("office", urge());
    let answer = |town: &Town, who: &str| {
        let shown = views::rounds::round(&town.seen(who), round("r3")).expect("seen");
        shown.answers.into_iter().find(|a| a.unit.id == unit("QX")).expect("asked")
    };
    let seen = answer(&town, "qx");
    assert_eq!(seen.urged[0].text.as_deref(), Some("请今天报"));
    assert!(!answer(&town, "office").may_urge && answer(&town, "office").urge_from.is_some());
    assert_eq!(town.code("office", urge()), "round.urged-lately");
    town.on("2023-03-30");
    assert!(answer(&town, "office").may_urge);
    town.must("office", urge());
    assert_eq!(answer(&town, "qx").urged.len(), 2);
}

#[test]
fn a_round_closed_early_hears_only_corrections_until_it_is_opened_again() {
    let mut town = march();
    let close = |because: &str| Act::CloseRound { round: round("r3"), because: because.into() };
    assert_eq!(town.code("office", close("")), "text.empty");
    town.must("office", close("数已齐"));
    let say = |id: &str| report(id, Some("r3"), "QX", true, vec![figure("码头", "2023M03", "250", 0)], "");
    assert_eq!(town.code("qxc", say("a")), "round.closed");
    assert_eq!(town.code("office", close("再关")), "round.closed-already");
    town.must("office", Act::ReopenRound { round: round("r3"), closes: day("2023-04-05"), because: "补一家".into() });
    town.must("qxc", say("a"));
    let shown = views::rounds::round(&town.seen("office"), round("r3")).expect("seen");
    assert_eq!((shown.reopened, shown.steps.len()), (1, 2));
    assert_eq!(shown.steps[1].because, "数已齐");
}

#[test]
fn figures_of_a_wrong_period_move_in_one_act_and_leave_nothing_behind() {
    let mut town = march();
    town.must("qxc", report("a", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "250", 0)], ""));
    let ids = |n: u128| SubmissionId(9000 + n);
    let go = |n: u128, from: &str, to: &str, because: &str| Act::MoveFigures {
        submission: submission(from),
        into: ids(n),
        undo: ids(n + 1),
        unit: unit("QX"),
        period: period(to),
        because: because.into(),
    };
    assert_eq!(town.code("qx", go(1, "a", "2023M02", "报错了月份")), "forbidden");
    assert_eq!(town.code("office", go(1, "a", "2023M03", "报错了月份")), "move.same");
    assert_eq!(town.code("office", go(1, "a", "2023M02", "")), "text.empty");
    town.must("office", go(1, "a", "2023M02", "报错了月份"));
    let value = |town: &Town, p: &str| {
        let found = town.zone.figure(Subject::Item(item("码头")), "paid", None, period(p), u64::MAX);
        found.and_then(|v| v.value).map(|v| v.to_string())
    };
    assert_eq!(value(&town, "2023M03"), None);
    assert_eq!(value(&town, "2023M02").as_deref(), Some("250"));
    // Accepted figures are corrected back: what stood before stands again, or it is withheld.
    let Some(moved_to) = town.zone.submission(ids(1)).map(|s| s.id) else { panic!("made") };
    assert_eq!(town.zone.submission(moved_to).and_then(|s| s.state(u64::MAX)), Some(SubmissionState::Submitted));
    assert_eq!(town.code("office", go(3, "a", "2023M01", "又错")), "move.over");
}

/// The same zone with the one measure in its review, judged against its plan.
fn reviewed() -> Town {
    let mut town = march();
    town.hire("sqc", "SQ", "checker", baton_kernel::entries::Scope::Units(vec![unit("SQ")]));
    let work = WORK.replacen("label = { zh = \"完成投资\"", "light = \"plan_ratio\"\nlabel = { zh = \"完成投资\"", 1);
    let review = "\n[[review]]\nkey = \"paid\"\nmeasure = \"paid\"\nby_unit = true\n";
    let files = BTreeMap::from([
        ("zone.toml".to_owned(), RULES.to_owned()),
        ("kinds/work.toml".to_owned(), format!("{work}{review}")),
    ]);
    town.must("founder", Act::ApplyBlueprint { files, because: "评议".into() });
    town
}

#[test]
fn what_changed_between_two_days_names_each_number_who_changed_it_and_why() {
    let mut town = reviewed();
    town.must("qxc", report("s1", Some("r3"), "QX", true, vec![figure("码头", "2023M03", "300", 0)], ""));
    town.must("sqc", report("s2", Some("r3"), "SQ", true, vec![figure("泵站", "2023M03", "50", 0)], ""));
    let version = town.zone.head().seq - 1;
    town.on("2023-04-02");
    town.must("qxc", report("s3", None, "QX", true, vec![figure("码头", "2023M03", "250", version)], "发票重复计入"));
    let seen = town.seen("office");
    let since = |seen: &baton_kernel::Seen, day_key: &str| {
        views::changes::changes(seen, seen.cut_on(day(day_key)), period("2023Q1"))
    };
    let changes = since(&seen, "2023-04-01");
    let line = &changes.lines[0];
    assert_eq!(line.key, "paid");
    let steps: Vec<(&str, &str, &str)> =
        line.steps.iter().map(|s| (s.scope.as_str(), s.was.as_str(), s.now.as_str())).collect();
    assert_eq!(steps[0].1, "350.00");
    assert_eq!(steps[0].2, "300.00");
    assert!(!steps.iter().any(|s| s.0 == "石桥镇"), "what did not change is not listed: {steps:?}");
    let [cause] = line.causes.as_slice() else { panic!("one act: {:?}", line.causes) };
    assert_eq!((cause.key, cause.because.as_str()), ("corrected", "发票重复计入"));
    assert_eq!(cause.submission, Some(submission("s3")));
    assert_eq!((cause.cells[0].was.as_str(), cause.cells[0].now.as_str()), ("300.00", "250.00"));
    // Nothing changed since the last act; and a unit sees no other unit's causes.
    assert!(since(&seen, "2023-04-02").lines.is_empty());
    let other = since(&town.seen("sqc"), "2023-04-01");
    assert!(other.lines.iter().all(|l| l.causes.is_empty()), "{other:?}");
    // A submission sent back is a change too, with the reason of the one who sent it back.
    town.on("2023-04-03");
    town.must("office", moved("s3", SubmissionState::Returned, "附发票"));
    let back = since(&town.seen("office"), "2023-04-02");
    assert_eq!((back.lines[0].causes[0].key, back.lines[0].causes[0].because.as_str()), ("moved", "附发票"));
}

#[test]
fn a_review_is_for_a_month_or_more_and_attention_says_since_when() {
    for (text, fine) in [("2023M03", true), ("2023Q1", true), ("2023H1", true), ("2023", true), ("2023W05", false)] {
        assert_eq!(views::review::reviewable(period(text), baton_methods::Lang::Zh).is_ok(), fine, "{text}");
    }
    let mut town = reviewed();
    for (n, month) in ["2023M01", "2023M02", "2023M03"].iter().enumerate() {
        let one = vec![figure("码头", month, "10", 0)];
        town.must("qxc", report(&format!("m{n}"), None, "QX", true, one, "补报"));
    }
    town.on("2023-04-03");
    let review = views::review::review(&town.seen("office"), period("2023Q1"));
    let bad: Vec<&str> = review.attention.iter().map(|a| a.since.as_str()).collect();
    assert!(!bad.is_empty() && bad.iter().all(|s| s.contains("连续 3 期")), "{:?}", review.attention);
}
