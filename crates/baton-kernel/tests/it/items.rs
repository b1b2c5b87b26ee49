//! Items: lists with their columns, sorting, growth and totals.

use crate::zone::*;
use baton_kernel::commands::*;
use baton_kernel::ids::*;
use baton_kernel::views::items::{self, ItemFilter, ItemList};
use baton_methods::Period;
use std::collections::BTreeMap;

fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

/// Makes a work.
pub fn make(name: &str, code: &str, lead: &str) -> Act {
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

/// Asks both towns about works of a month, from its first day on.
fn open(month: &str, opens: &str, closes: &str) -> Act {
    Act::OpenRound {
        round: RoundId(ident(&format!("round {month}"))),
        title: format!("{month} 调度"),
        period: period(month),
        kinds: vec!["work".into()],
        units: vec![unit("SQ"), unit("QX")],
        opens: day(opens),
        due: day(closes),
        closes: day(closes),
        basis: None,
    }
}

/// Figures of a month by the checker of a unit: name, measure, value; `-` is withheld.
fn say(town: &mut Town, who: &str, code: &str, month: &str, cells: &[(&str, &str, &str)]) {
    let figures = cells.iter().map(|(name, measure, value)| FigureGiven {
        subject: Subject::Item(item(name)),
        measure: (*measure).into(),
        period: period(month),
        part: None,
        value: match *value {
            "-" => FigureInput::Withheld("核对中".into()),
            value => FigureInput::Is(value.parse().expect("a decimal")),
        },
        version: 0,
        said_on: None,
    });
    let report = Act::Report {
        submission: SubmissionId(ident(&format!("{who} {month} {cells:?}"))),
        round: Some(RoundId(ident(&format!("round {month}")))),
        unit: unit(code),
        submit: true,
        figures: figures.collect(),
        fields: vec![],
        because: String::new(),
        evidence: vec![],
        notes: vec![],
    };
    town.must(who, report);
}

/// Two towns with works; January 2023 and January and February 2024 reported, February 2023 not asked.
fn two_years() -> Town {
    let mut town = Town::founded();
    town.hire("sqc", "SQ", "checker", baton_kernel::entries::Scope::Units(vec![unit("SQ")]));
    town.must("office", make("码头", "GC-1", "QX"));
    town.must("office", make("泵站", "GC-2", "SQ"));
    for (month, opens, closes, dock, pump) in [
        ("2023M01", "2023-02-01", "2023-02-10", "100", "50"),
        ("2024M01", "2024-02-01", "2024-02-10", "120", "45"),
        ("2024M02", "2024-03-01", "2024-03-10", "30", "-"),
    ] {
        town.on(opens);
        town.must("office", open(month, opens, closes));
        say(&mut town, "qxc", "QX", month, &[("码头", "paid", dock)]);
        say(&mut town, "sqc", "SQ", month, &[("泵站", "paid", pump)]);
    }
    town
}

fn listed(town: &Town, who: &str, filter: ItemFilter, at: &str) -> ItemList {
    items::list(&town.seen(who), &filter, period(at)).expect("a list")
}

fn columns(keys: &[&str]) -> ItemFilter {
    ItemFilter { columns: keys.iter().map(|k| (*k).to_owned()).collect(), ..ItemFilter::default() }
}

/// A column as shown, row by row and then its total.
fn column(list: &ItemList, key: &str) -> Vec<String> {
    let at = list.columns.iter().position(|c| c.key == key).expect("a column");
    let rows = list.rows.iter().map(|r| r.cells[at].shown.clone());
    rows.chain([list.totals[at].as_ref().map_or("none".to_owned(), |n| n.shown())]).collect()
}

#[test]
fn growth_is_that_of_sums_and_stands_for_each_row() {
    let town = two_years();
    let list = listed(&town, "office", columns(&["name", "paid", "paid:yoy", "paid:prev"]), "2024M01");
    assert_eq!(column(&list, "paid"), ["120.00", "45.00", "165.00"]);
    // 120 on 100, 45 on 50; 165 on 150, not the mean of 20 and −10.
    assert_eq!(column(&list, "paid:yoy"), ["20.0", "-10.0", "10.0"]);
    // December was never asked: nothing to compare with, and it is said so.
    assert_eq!(column(&list, "paid:prev"), ["—", "—", "none"]);
    let reason = list.rows[0].cells[3].number.as_ref().and_then(|n| n.reason.clone());
    assert_eq!(reason.as_deref(), Some("对比期没有数，不算增速"));
}

#[test]
fn growth_is_not_computed_while_a_figure_is_withheld_and_the_total_says_how_many() {
    let town = two_years();
    let list = listed(&town, "office", columns(&["name", "paid", "paid:prev", "period"]), "2024M02");
    // 30 on 120 for the one; the other withheld February.
    assert_eq!(column(&list, "paid:prev"), ["-75.0", "—", "—"]);
    let total = list.totals[2].as_ref().expect("a total that says what is missing");
    assert_eq!((total.value, total.withheld), (None, 1));
    let own = list.totals[3].as_ref().expect("a total");
    assert_eq!((own.shown().as_str(), own.withheld, own.missing), ("30.00", 1, 0));
}

#[test]
fn a_figure_asked_and_not_given_is_counted_beside_the_total() {
    let mut town = two_years();
    town.on("2024-04-01");
    town.must("office", open("2024M03", "2024-04-01", "2024-04-10"));
    say(&mut town, "qxc", "QX", "2024M03", &[("码头", "paid", "70")]);
    let list = listed(&town, "office", columns(&["name", "period"]), "2024M03");
    let total = list.totals[1].as_ref().expect("a total");
    assert_eq!((total.shown().as_str(), total.missing, total.withheld), ("70.00", 1, 0));
    assert_eq!(list.hollow(), 1);
}

#[test]
fn a_list_is_sorted_by_any_column_and_empty_cells_stand_last_both_ways() {
    let town = two_years();
    let sorted = |column: &str, falling| {
        let filter = ItemFilter { sort: Some((column.to_owned(), falling)), ..columns(&["name", "period"]) };
        let list = listed(&town, "office", filter, "2024M02");
        list.rows.iter().map(|r| r.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(sorted("period", true), ["GC-1", "GC-2"]);
    assert_eq!(sorted("period", false), ["GC-1", "GC-2"], "the withheld one stands last");
    assert_eq!(sorted("number", true), ["GC-2", "GC-1"]);
    // By a column that is not shown; rows keep only the columns asked for.
    assert_eq!(sorted("lead", true), ["GC-2", "GC-1"]);
    let filter = ItemFilter { sort: Some(("lead".to_owned(), true)), ..columns(&["name"]) };
    assert!(listed(&town, "office", filter, "2024M02").rows.iter().all(|r| r.cells.len() == 1));
}

#[test]
fn unknown_columns_are_left_out_and_the_name_always_stands() {
    let town = two_years();
    let list = listed(&town, "office", columns(&["paid", "nothing", "paid:start"]), "2024M01");
    let keys: Vec<&str> = list.columns.iter().map(|c| c.key.as_str()).collect();
    // A flow has no value at the start of the year.
    assert_eq!(keys, ["name", "paid"]);
    let keys: Vec<&str> = list.offered.iter().flat_map(|g| &g.columns).map(|(c, _)| c.key.as_str()).collect();
    assert!(keys.contains(&"share:start") && !keys.contains(&"paid:start"), "{keys:?}");
}

#[test]
fn who_sees_one_unit_has_a_list_and_totals_of_that_unit_alone() {
    let town = two_years();
    let list = listed(&town, "qx", columns(&["name", "paid"]), "2024M01");
    assert_eq!(column(&list, "paid"), ["120.00", "120.00"]);
    assert_eq!(list.units.len(), 1);
}

const PLOT: &str = r#"
format = 1
[kind]
key = "plot"
area = "build"
label = { zh = "地块", en = "Plot" }
[[link]]
key = "became"
label = { zh = "转为工程", en = "Became work" }
back = { zh = "来自地块", en = "Came from plot" }
to = "work"
count = "1:n"
"#;

/// The rules of the small zone with a kind that links to works, and stages of works that take days.
fn with_links_and_days(town: &mut Town) {
    let work = WORK
        .replace("to = [\"done\"]", "to = [\"done\"]\ndays = 30")
        .replace("[[stage]]\nkey = \"open\"", "[[field]]\nkey = \"finish\"\ntype = \"date\"\nstage = \"done\"\nlabel = { zh = \"计划完工\", en = \"Finish\" }\n\n[[stage]]\nkey = \"waiting\"\ngroup = \"unstarted\"\nlabel = { zh = \"待建\", en = \"Waiting\" }\ndays = 10\nto = [\"open\"]\n\n[[stage]]\nkey = \"open\"");
    let files = BTreeMap::from([
        ("zone.toml".to_owned(), RULES.to_owned()),
        ("kinds/work.toml".to_owned(), work),
        ("kinds/plot.toml".to_owned(), PLOT.to_owned()),
        ("calendar/cn.toml".to_owned(), baton_methods::WorkCalendar::CHINA_TOML.to_owned()),
    ]);
    town.must("founder", Act::ApplyBlueprint { files, because: "加关联".into() });
}

fn plot(name: &str, code: &str, lead: &str) -> Act {
    match make(name, code, lead) {
        Act::MakeItem { item, code, name, lead, co, parent, fields, stage, .. } => {
            Act::MakeItem { item, kind: "plot".into(), code, name, lead, co, parent, fields, stage }
        }
        _ => unreachable!(),
    }
}

fn link(from: &str, to: &str) -> Act {
    Act::LinkItems { item: item(from), link: "became".into(), to: item(to), because: String::new() }
}

#[test]
fn one_plot_becomes_many_works_and_a_work_comes_from_one_plot() {
    let mut town = Town::founded();
    with_links_and_days(&mut town);
    for (name, code) in [("甲地", "P-1"), ("乙地", "P-2")] {
        town.must("office", plot(name, code, "QX"));
    }
    for (name, code) in [("一期", "GC-1"), ("二期", "GC-2")] {
        town.must("office", make(name, code, "SQ"));
    }
    town.must("office", link("甲地", "一期"));
    town.must("office", link("甲地", "二期"));
    assert_eq!(town.code("office", link("甲地", "二期")), "link.twice");
    assert_eq!(town.code("office", link("乙地", "二期")), "link.taken");
    assert_eq!(town.code("office", link("甲地", "乙地")), "link.to");
    let wrong =
        Act::LinkItems { item: item("甲地"), link: "none".into(), to: item("一期"), because: String::new() };
    assert_eq!(town.code("office", wrong), "link.unknown");
    assert_eq!(town.code("leader", link("乙地", "一期")), "forbidden");
    assert_eq!(town.code("guest", link("乙地", "一期")), "absent");
    let p = period("2023Q1");
    let from = items::item(&town.seen("office"), "P-1", p).expect("seen");
    let names: Vec<&str> = from.links[0].standing.iter().map(|l| l.item.name.as_str()).collect();
    assert_eq!((from.links[0].label.as_str(), names), ("转为工程", vec!["一期", "二期"]));
    let to = items::item(&town.seen("office"), "GC-1", p).expect("seen");
    assert_eq!((to.links[0].label.as_str(), to.links[0].standing[0].item.name.as_str()), ("来自地块", "甲地"));
    // The other end belongs to a town that this reader does not see.
    let own = items::item(&town.seen("qx"), "P-1", p).expect("seen");
    assert!(own.links.iter().all(|g| g.standing.is_empty()));
    let cut = town.zone.head().seq;
    let off =
        Act::UnlinkItems { item: item("甲地"), link: "became".into(), to: item("二期"), because: "登错".into() };
    town.must("office", off.clone());
    assert_eq!(town.code("office", off), "absent");
    town.must("office", link("乙地", "二期"));
    let now = items::item(&town.seen("office"), "P-1", p).expect("seen");
    assert_eq!((now.links[0].standing.len(), now.links[0].gone.len()), (1, 1));
    let then = items::item(&town.seen("office").at_cut(cut), "P-1", p).expect("seen");
    assert_eq!(then.links[0].standing.len(), 2, "the past stays as it was");
    assert_eq!(town.replay(town.zone.head().seq).state_hash(), town.zone.state_hash());
}

#[test]
fn a_merged_duplicate_is_not_added_twice_and_stays_readable() {
    let mut town = two_years();
    town.must("office", make("老码头", "GC-3", "QX"));
    town.on("2024-04-01");
    town.must("office", open("2024M03", "2024-04-01", "2024-04-10"));
    say(&mut town, "qxc", "QX", "2024M03", &[("码头", "paid", "70"), ("老码头", "paid", "70")]);
    let total = |town: &Town| column(&listed(town, "office", columns(&["name", "period"]), "2024M03"), "period").pop();
    assert_eq!(total(&town).as_deref(), Some("140.00"));
    let cut = town.zone.head().seq;
    let merge =
        |because: &str| Act::BecomeItems {
            item: item("老码头"), into: vec![item("码头")], because: because.into()
        };
    assert_eq!(town.code("office", merge("")), "text.empty");
    assert_eq!(town.code("qx", merge("重复")), "forbidden");
    town.must("office", merge("同一工程登记两次"));
    assert_eq!(total(&town).as_deref(), Some("70.00"));
    let gone = items::item(&town.seen("office"), "GC-3", period("2024M03")).expect("still readable");
    assert_eq!(gone.successors.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(), ["GC-1"]);
    assert_eq!(gone.measures[0].months[2].1.shown(), "70.00", "what was said of it stays");
    assert!(gone.next.is_empty() && !gone.may_change && gone.steps.is_empty());
    let kept = items::item(&town.seen("office"), "GC-1", period("2024M03")).expect("seen");
    assert_eq!(kept.merged.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(), ["GC-3"]);
    let then = items::list(&town.seen("office").at_cut(cut), &columns(&["name", "period"]), period("2024M03"));
    assert_eq!(column(&then.expect("a list"), "period").pop().as_deref(), Some("140.00"));
    assert_eq!(town.code("office", merge("再并")), "item.gone");
    let back = Act::BecomeItems { item: item("码头"), into: vec![item("老码头")], because: "反过来".into() };
    assert_eq!(town.code("office", back), "item.into");
}

#[test]
fn nobody_merges_into_what_they_do_not_see() {
    let mut town = two_years();
    town.hire("qxo", "QX", "office", baton_kernel::entries::Scope::Units(vec![unit("QX")]));
    let merge = Act::BecomeItems { item: item("码头"), into: vec![item("泵站")], because: "重复".into() };
    assert_eq!(town.code("qxo", merge), "absent");
}

#[test]
fn stages_are_scheduled_back_from_the_day_to_finish() {
    let mut town = Town::founded();
    with_links_and_days(&mut town);
    let Act::MakeItem { item: id, kind, code, name, lead, co, parent, .. } = make("码头", "GC-1", "QX") else {
        unreachable!()
    };
    let fields = BTreeMap::from([("finish".to_owned(), FieldInput::Typed("2023-03-31".to_owned()))]);
    let stage = Some(("waiting".to_owned(), day("2023-01-03")));
    town.must("office", Act::MakeItem { item: id, kind, code, name, lead, co, parent, fields, stage });
    let plan =
        |town: &Town| items::item(&town.seen("office"), "GC-1", period("2023Q1")).expect("seen").plan.expect("a plan");
    let shown = |town: &Town| {
        let rows = plan(town).rows;
        rows.iter().map(|r| (r.stage.clone(), r.planned.map(|p| p.0.to_string()), r.light.key)).collect::<Vec<_>>()
    };
    let at = |stage: &str, day: &str, light: &'static str| (stage.to_owned(), Some(day.to_owned()), light);
    // Thirty days of work before the end of March, ten of waiting before that.
    assert_eq!(
        shown(&town),
        [at("waiting", "2023-02-19", "ok"), at("open", "2023-03-01", "none"), at("done", "2023-03-31", "none")]
    );
    town.on("2023-03-08");
    let late = plan(&town).rows;
    assert_eq!((late[1].light.key, late[1].light.word.as_str()), ("lag", "应于 2023-03-01 进入，已晚 7 天"));
    town.must(
        "office",
        Act::EnterStage {
            item: id,
            stage: "open".into(),
            on: day("2023-03-06"),
            because: String::new(),
            evidence: vec![],
        },
    );
    assert_eq!(plan(&town).rows[1].light.word, "晚 5 天进入");
    assert_eq!(plan(&town).finish, Some(day("2023-03-31")));
}

#[test]
fn a_problem_becomes_a_task_and_is_settled_with_words() {
    let mut town = two_years();
    let raise = |id: u128, text: &str| Act::RaiseProblem {
        item: item("码头"),
        problem: ProblemId(id),
        text: text.into(),
        evidence: vec![],
    };
    assert_eq!(town.code("leader", raise(1, "电没有通")), "forbidden");
    assert_eq!(town.code("sq", raise(1, "电没有通")), "absent");
    assert_eq!(town.code("qx", raise(1, " ")), "text.empty");
    town.must("qx", raise(1, "电没有通，请协调供电公司"));
    assert_eq!(town.code("qx", raise(1, "再说一次")), "id.taken");
    assert_eq!(town.seen("office").open_problems().len(), 1);
    let tasked = Act::TaskProblem { item: item("码头"), problem: ProblemId(1), task: task("通电") };
    assert_eq!(town.code("office", tasked.clone()), "problem.task");
    let Act::AssignTask { task: id, code, title, said, deadline, strands, aim, area, .. } =
        assign("通电", "JS", &[], Some("2024-05-01"))
    else {
        unreachable!()
    };
    let source = baton_kernel::entries::TaskSource::Item(item("码头"));
    let items_named = vec![item("码头")];
    let order =
        Act::AssignTask { task: id, code, title, source, said, deadline, strands, aim, area, items: items_named };
    town.must("office", Act::All(vec![order, tasked]));
    assert!(town.seen("office").open_problems().is_empty());
    let page = |town: &Town| items::item(&town.seen("office"), "GC-1", period("2024M02")).expect("seen").problems;
    assert_eq!((page(&town)[0].light.word.as_str(), page(&town)[0].tasks.len()), ("在办", 1));
    let settle = || Act::SettleProblem {
        item: item("码头"),
        problem: ProblemId(1),
        because: "3 月 9 日送电".into(),
        evidence: vec![],
    };
    assert_eq!(town.code("qx", settle()), "forbidden");
    town.on("2024-03-09");
    town.must("office", settle());
    assert_eq!(town.code("office", settle()), "problem.closed");
    let shown = page(&town);
    assert_eq!((shown[0].light.key, shown[0].days), ("ok", 8));
    assert_eq!(town.replay(town.zone.head().seq).state_hash(), town.zone.state_hash());
}
