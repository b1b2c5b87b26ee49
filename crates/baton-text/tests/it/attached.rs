//! What is no task of its own: who leads belongs to what is asked, a bare result to the matter before it.

use super::house::LEXICON;
use baton_text::{Class, Clause, clean, extract};
use jiff::civil::{Date, date};

fn clauses(text: &str) -> Vec<Clause> {
    let found = extract(&clean(text).text, &LEXICON, Some(date(2023, 4, 26)));
    found.directives.into_iter().flat_map(|d| d.clauses).collect()
}

/// Text, leads, assists, matter inherited, day of each clause.
fn brief(clauses: &[Clause]) -> Vec<(&str, Vec<&str>, Vec<&str>, Option<&str>, Option<Date>)> {
    let named = |c: &'_ Clause, lead: bool| -> Vec<usize> {
        c.named.iter().enumerate().filter(|(_, n)| n.lead == lead).map(|(at, _)| at).collect()
    };
    clauses
        .iter()
        .map(|c| {
            let of = |lead| named(c, lead).into_iter().map(|at| c.named[at].text.as_str()).collect();
            let day = c.deadlines.iter().find_map(|d| d.date);
            (c.text.as_str(), of(true), of(false), c.about.as_deref(), day)
        })
        .collect()
}

#[test]
fn who_leads_and_with_whom_is_said_of_every_clause_and_is_none_itself() {
    let list = clauses("会议要求，区应急管理局要牵头，会同各镇街，对全区加油站开展隐患排查，5月底前全部整改到位。");
    let (lead, assist) = (vec!["区应急管理局"], vec!["各镇街"]);
    assert_eq!(
        brief(&list),
        [
            ("对全区加油站开展隐患排查", lead.clone(), assist.clone(), None, None),
            ("5月底前全部整改到位", lead, assist, Some("隐患排查"), Some(date(2023, 5, 31))),
        ]
    );
    assert!(list.iter().all(|c| c.class == Class::Task));
    let list = clauses("要由区建设管理局牵头，会同各镇街，加快老旧小区改造。");
    assert_eq!(brief(&list), [("加快老旧小区改造", vec!["区建设管理局"], vec!["各镇街"], None, None)]);
    // With nothing beside it, leading is all that is asked and stays.
    let list = clauses("会议要求，区应急管理局要牵头。");
    assert_eq!(list.iter().map(|c| c.text.as_str()).collect::<Vec<_>>(), ["牵头"]);
}

#[test]
fn a_day_said_once_is_the_day_of_its_own_clause_only() {
    let list = clauses("要抓好隐患整改，5月底前全部整改到位，建立长效机制。");
    let days: Vec<_> = list.iter().map(|c| c.deadlines.len()).collect();
    assert_eq!(days, [0, 1, 0], "{list:#?}");
    assert_eq!(list[1].about.as_deref(), Some("隐患整改"));
    assert_eq!((list[0].about.as_deref(), list[2].about.as_deref()), (None, None));
}
