//! Promises that hold for every text: no panic, cleaning once is enough, offsets slice, figures stand in the text.

use super::house::{self, LEXICON};
use baton_text::{Extract, clean, diff, extract};
use jiff::civil::date;
use proptest::prelude::*;
use std::path::PathBuf;

/// Pieces that such texts are made of, clean and garbled.
const PIECES: [&str; 92] = [
    "各镇街",
    "要",
    "要求",
    "，",
    "。",
    "；",
    "、",
    "：",
    "一是",
    "二是",
    "第一，",
    "会议",
    "强调",
    "指出",
    "云岭新区",
    "区住建局",
    "管委会",
    "9月底前",
    "明天",
    "每月25日前",
    "5个工作日内",
    "上半年",
    "五一前",
    "双过半",
    "完成",
    "20个",
    "3.5亿元",
    "8%",
    "百亿",
    "一名",
    "由",
    "牵头",
    "配合",
    "（",
    "）",
    "“",
    "”",
    "《",
    "》",
    "\n",
    " ",
    "\u{3000}",
    "會(huì )",
    "區(qū)",
    "(lǜ)",
    "ɡuān",
    "&nbsp;",
    "&#x4e2d;",
    "<p>",
    "</p>",
    "?,F將",
    ",、",
    ",,",
    "\"",
    "(",
    ")",
    "書記",
    "主任",
    "王明远",
    "主持",
    "出席",
    "召开",
    "责任单位：",
    "完成时限：",
    "版权",
    "未经授权不得转载",
    "\u{feff}",
    "\u{200b}",
    "2023年",
    "4月26日",
    "第十",
    "一",
    "把",
    "不得少于",
    "每半月",
    "本月15日、25日前",
    "月底前",
    "下周",
    "周四",
    "除夕前",
    "整改措施：",
    "2.48小时内",
    "关于某事的通知\n",
    "在会上的讲话\n",
    "— 3 —\n",
    "第 1 页 共 2 页\n",
    "浼氳",
    "各 镇 人 民 政 府 , 区 粮 食",
    "给",
    "从",
    "同意",
    "纪要如下：\n",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..40).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "[\\x00-\\u{ff}]{0,60}",
        1 => "[一-龥，。；、（）0-9a-z ]{0,80}",
    ]
}

/// Every offset slices to the words it stands for, and every figure's digits stand in its words.
fn check(text: &str, found: &Extract) -> Result<(), TestCaseError> {
    let chars: Vec<char> = text.chars().collect();
    let slice = |at: usize, words: &str| {
        chars.get(at..at + words.chars().count()).map(|part| part.iter().collect::<String>()) == Some(words.to_owned())
    };
    prop_assert_eq!(&found.text, text);
    for directive in &found.directives {
        prop_assert!(slice(directive.offset, &directive.sentence), "{:?}", directive);
        prop_assert_eq!(directive.length, directive.sentence.chars().count());
        prop_assert!(!directive.clauses.is_empty());
        if let Some(addressee) = &directive.addressee {
            prop_assert!(text.contains(addressee.as_str()));
        }
        for clause in &directive.clauses {
            prop_assert!(slice(clause.offset, &clause.text), "{:?}", clause);
            prop_assert!(!clause.text.is_empty());
            for deadline in &clause.deadlines {
                prop_assert!(slice(deadline.offset, &deadline.text), "{:?}", deadline);
            }
            for figure in &clause.quantities {
                prop_assert!(slice(figure.offset, &figure.text), "{:?}", figure);
                prop_assert!(clause.text.contains(&figure.text));
                let digits: String = figure.text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
                prop_assert!(digits.is_empty() || digits == figure.value, "{:?}", figure);
            }
            for part in &clause.parts {
                prop_assert!(clause.text.contains(part.as_str()));
            }
        }
    }
    for org in &found.orgs {
        prop_assert!(slice(org.offset, &org.text), "{:?}", org);
    }
    for person in &found.people {
        prop_assert!(slice(person.offset, &person.name), "{:?}", person);
        prop_assert!(text.contains(&person.title));
    }
    for right in &found.rights {
        prop_assert!(slice(right.offset, &right.text), "{:?}", right);
    }
    for statement in &found.statements {
        prop_assert!(slice(statement.offset, &statement.text), "{:?}", statement);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in texts()) {
        let once = clean(&text);
        let twice = clean(&once.text);
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert!(twice.steps.is_empty(), "{:?}", twice.steps);
        let length = once.text.chars().count();
        prop_assert!(once.steps.iter().all(|step| step.at <= length));
        prop_assert!(once.steps.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }

    #[test]
    fn every_offset_slices_and_every_figure_stands_in_the_text(text in texts()) {
        let text = clean(&text).text;
        check(&text, &extract(&text, &LEXICON, Some(date(2023, 4, 26))))?;
    }

    #[test]
    fn no_text_whatever_makes_it_panic(text in texts()) {
        check(&text, &extract(&text, &LEXICON, None))?;
        let pieces = diff(&text, &clean(&text).text);
        let before: String = pieces.iter().filter(|piece| piece.change != baton_text::Change::Added).map(|piece| piece.text.as_str()).collect();
        prop_assert_eq!(before, text);
    }
}

#[test]
fn the_labelled_texts_keep_every_promise() {
    for path in house::files(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/labels/own"), "toml") {
        let labels: toml::Table = toml::from_str(&house::read(&path)).expect("labels");
        let text = clean(labels["text"].as_str().expect("a text")).text;
        check(&text, &extract(&text, &LEXICON, None)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(clean(&text).text, text, "{}", path.display());
    }
}

#[test]
fn nothing_marks_only_foreign_words_and_very_long_texts_are_taken_as_they_come() {
    for text in [
        "",
        "\n",
        "。",
        "，，，。。。；；",
        "：：：",
        "（（（“《",
        "……——",
        "1.",
        "一、",
        "①",
        "。”",
        "请",
        "第一，",
        "责任单位：",
    ] {
        let cleaned = clean(text).text;
        check(&cleaned, &extract(&cleaned, &LEXICON, None)).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    }
    let english = "The committee shall publish the list by 30 June. Each unit must report monthly.\n".repeat(50);
    let cleaned = clean(&english).text;
    assert_eq!(cleaned, english);
    let found = extract(&cleaned, &LEXICON, Some(date(2023, 4, 26)));
    assert!(found.directives.is_empty() && found.orgs.is_empty() && found.people.is_empty());
    // One line without an end, one word over and over, many short lines.
    for long in [
        "要".repeat(20_000),
        "各部门要9月底前完成".repeat(2_000),
        "区住建局、".repeat(4_000),
        "一、要\n".repeat(5_000),
        "（".repeat(20_000),
    ] {
        let cleaned = clean(&long).text;
        check(&cleaned, &extract(&cleaned, &LEXICON, Some(date(2023, 4, 26))))
            .unwrap_or_else(|error| panic!("{error}"));
    }
}
