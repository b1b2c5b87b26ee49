//! Facts of the published case, and forms of the genre one by one.

use super::house::{self, LEXICON};
use baton_text::{Calendar, Class, Extract, Lexicon, RightKind, extract, extract_by_calendar};
use jiff::civil::{Date, date};
use serde_json::Value;

fn seed() -> Option<(Extract, Value)> {
    let shared = house::shared()?;
    let text = house::read(shared.join("data/seed/seed_clean.txt"));
    let expected =
        serde_json::from_str(&house::read(shared.join("data/seed/acceptance_seed.json"))).expect("the published case");
    Some((extract(&text, &LEXICON, None), expected))
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_article_gives_the_published_meeting_facts() {
    let Some((found, expected)) = seed() else { return };
    let meeting = serde_json::to_value(&found.meeting).expect("JSON");
    for (ours, theirs) in [
        ("name", "name"),
        ("short", "short"),
        ("date", "date"),
        ("date_text", "date_text"),
        ("year_inferred_from", "year_inferred_from"),
        ("period", "period"),
        ("format", "format"),
        ("combined_with", "combined_with"),
        ("chair", "chair"),
        ("speaker", "speaker"),
        ("venues", "branch_venues"),
        ("purposes", "purposes"),
    ] {
        assert_eq!(meeting[ours], expected["meeting"][theirs], "{ours}");
    }
    assert_eq!(found.meeting.spoke, [expected["meeting"]["departments_spoke"].as_str().expect("words")]);
    assert_eq!(found.areas.list, strings(&expected["meeting"]["reported_areas"]));
    assert!(found.areas.open);
    let statements: Vec<&str> = found.statements.iter().map(|statement| statement.text.as_str()).collect();
    assert_eq!(statements, strings(&expected["statements"]));
}

#[test]
fn the_article_gives_the_published_organisations_people_and_rights() {
    let Some((found, expected)) = seed() else { return };
    let mut want: Vec<(u64, &str)> = expected["orgs"]
        .as_array()
        .expect("orgs")
        .iter()
        .map(|org| (org["offset"].as_u64().expect("a place"), org["text"].as_str().expect("a name")))
        .collect();
    want.sort();
    let got: Vec<(u64, &str)> = found.orgs.iter().map(|org| (org.offset as u64, org.text.as_str())).collect();
    assert_eq!(got, want);
    let want: Vec<(&str, &str)> = expected["people"]
        .as_array()
        .expect("people")
        .iter()
        .map(|person| (person["name"].as_str().expect("a name"), person["title"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(found.people.len(), want.len());
    for (person, (name, title)) in found.people.iter().zip(want) {
        assert_eq!(person.name, name);
        if title.starts_with('(') {
            assert_eq!(person.role, "byline_split_inferred");
        } else {
            assert_eq!(person.title, title);
        }
    }
    let roles: Vec<&str> = found.people.iter().map(|person| person.role.as_str()).take(3).collect();
    assert_eq!(roles, ["chair_and_speaker", "attended", "attended"]);
    let kinds: Vec<RightKind> = found.rights.iter().map(|right| right.kind).collect();
    assert_eq!(kinds, [RightKind::Own, RightKind::Reprint, RightKind::Claim]);
}

#[test]
fn the_article_gives_no_number_and_no_date_that_it_does_not_say() {
    let Some((found, _)) = seed() else { return };
    let clauses: Vec<_> = found.directives.iter().flat_map(|directive| &directive.clauses).collect();
    assert_eq!(found.directives.len(), 11);
    assert_eq!(clauses.len(), 47);
    let dates: Vec<(&str, Option<Date>)> = clauses
        .iter()
        .flat_map(|clause| &clause.deadlines)
        .map(|deadline| (deadline.text.as_str(), deadline.date))
        .collect();
    assert_eq!(dates.len(), 2);
    assert_eq!(dates[0].1, Some(date(2023, 6, 30)));
    assert_eq!(dates[1].1, None, "a holiday window needs a calendar");
    let figures: Vec<(&str, &str)> = clauses
        .iter()
        .flat_map(|clause| &clause.quantities)
        .map(|figure| (figure.value.as_str(), figure.unit.as_str()))
        .collect();
    assert_eq!(figures, [("100", "亿"), ("50", "亿")]);
    let parts: Vec<usize> = clauses.iter().map(|clause| clause.parts.len()).filter(|&count| count > 0).collect();
    assert_eq!(parts, [3, 2]);
    let split = clauses.iter().find(|clause| clause.parts.len() == 3).expect("the clause of three");
    for (owner, start) in split.owner_hints.iter().zip(["应急", "生态环境", "信访"]) {
        assert!(owner.starts_with(start), "{owner}");
    }
    let proposed = clauses.iter().filter(|clause| clause.class != Class::Stance).count() + 2;
    assert_eq!(proposed, 27);
    let holiday = extract_by_calendar(&found.text, &LEXICON, None, Some(&Known));
    let dates: Vec<Option<Date>> = holiday
        .directives
        .iter()
        .flat_map(|directive| &directive.clauses)
        .flat_map(|clause| &clause.deadlines)
        .map(|deadline| deadline.date)
        .collect();
    assert_eq!(dates, [Some(date(2023, 6, 30)), Some(date(2023, 5, 3))]);
}

/// The published days of May 2023: 29 April to 3 May off, 6 May worked.
struct Known;

impl Calendar for Known {
    fn after_working_days(&self, from: Date, count: u32) -> Option<Date> {
        let off = [
            date(2023, 4, 29),
            date(2023, 4, 30),
            date(2023, 5, 1),
            date(2023, 5, 2),
            date(2023, 5, 3),
            date(2023, 5, 7),
        ];
        let mut day = from;
        for _ in 0..count {
            day = day.tomorrow().ok()?;
            while off.contains(&day) {
                day = day.tomorrow().ok()?;
            }
        }
        (day <= date(2023, 5, 12)).then_some(day)
    }

    fn holiday(&self, name: &str, year: i16) -> Option<(Date, Date)> {
        (name == "五一" && year == 2023).then(|| (date(2023, 4, 29), date(2023, 5, 3)))
    }
}

/// The only deadline of one directive sentence: (words, date, recurrence).
fn deadline(sentence: &str, day: Date) -> Vec<(String, String, String)> {
    let found = extract(sentence, &LEXICON, Some(day));
    found
        .directives
        .iter()
        .flat_map(|directive| &directive.clauses)
        .flat_map(|clause| &clause.deadlines)
        .map(|deadline| {
            (
                deadline.text.clone(),
                deadline.date.map(|date| date.to_string()).unwrap_or_default(),
                deadline.recurs.clone().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn deadlines_are_read_against_the_documents_own_date() {
    for (words, date, recurs) in [
        ("明天前", "2023-04-27", ""),
        ("明天上午", "2023-04-27", ""),
        ("后天前", "2023-04-28", ""),
        ("今天下班前", "2023-04-26", ""),
        ("9月底前", "2023-09-30", ""),
        ("年底前", "2023-12-31", ""),
        ("今年年底前", "2023-12-31", ""),
        ("本月25日前", "2023-04-25", ""),
        ("本月底前", "2023-04-30", ""),
        ("下月10日前", "2023-05-10", ""),
        ("每月25日前", "", "monthly:25"),
        ("每月底前", "", "monthly:end"),
        ("一周内", "2023-05-03", ""),
        ("两周内", "2023-05-10", ""),
        ("10日内", "2023-05-06", ""),
        ("5个工作日内", "", ""),
        ("一个月内", "2023-05-26", ""),
        ("三个月内", "2023-07-26", ""),
        ("半年内", "2023-10-26", ""),
        ("上半年", "2023-06-30", ""),
        ("二季度末", "2023-06-30", ""),
        ("三季度末前", "2023-09-30", ""),
        ("五一前", "2023-05-01", ""),
        ("“五一”前", "2023-05-01", ""),
        ("国庆节前", "2023-10-01", ""),
        ("春节前", "", ""),
        ("5月15日前", "2023-05-15", ""),
        ("5月15日之前", "2023-05-15", ""),
        ("2024年3月31日前", "2024-03-31", ""),
        ("明年3月底前", "2024-03-31", ""),
        ("3月底前", "2024-03-31", ""),
        ("10月中旬前", "2023-10-20", ""),
        ("每周五前", "", "weekly:5"),
        ("本周五前", "2023-04-28", ""),
        ("下周一前", "2023-05-01", ""),
        ("本周内", "2023-04-30", ""),
        ("每季度末", "", "quarterly:end"),
        ("年内", "2023-12-31", ""),
        ("汛期前", "", ""),
        ("十月底前", "2023-10-31", ""),
        ("每年12月底前", "", "yearly:12-31"),
        ("6月20日17时前", "2023-06-20", ""),
        ("本季度末前", "2023-06-30", ""),
    ] {
        for sentence in
            [format!("会议要求，各责任单位要于{words}完成整改。"), format!("各镇街要建立台账，{words}完成摸底。")]
        {
            assert_eq!(
                deadline(&sentence, jiff::civil::date(2023, 4, 26)),
                [(words.to_owned(), date.to_owned(), recurs.to_owned())],
                "{sentence}"
            );
        }
    }
}

#[test]
fn vague_words_and_numbers_that_are_no_time_give_no_deadline() {
    for sentence in [
        "各单位要尽快完成整改。",
        "各单位要早日建成投产。",
        "各单位要近期完成摸底。",
        "要创造更加美好的明天。",
        "要抓好二季度工作。",
        "要总结上半年工作。",
        "要抓好今年的各项工作。",
        "要严格执行中央八项规定。",
        "要推进5G基站建设。",
        "要用好12345热线。",
        "要落实第1号令。",
    ] {
        assert_eq!(deadline(sentence, date(2023, 4, 26)), [], "{sentence}");
    }
}

#[test]
fn working_days_are_counted_only_with_a_calendar() {
    let found = extract_by_calendar(
        "会议要求，县住建局要在5个工作日内办结手续。",
        &LEXICON,
        Some(date(2023, 4, 26)),
        Some(&Known),
    );
    assert_eq!(found.directives[0].clauses[0].deadlines[0].date, Some(date(2023, 5, 6)));
}

#[test]
fn a_sentence_with_a_trap_asks_nothing() {
    for sentence in [
        "会议通报了各单位落实要求的情况。",
        "主要经济指标保持增长。",
        "这是当前最重要的任务。",
        "各单位按照要求开展了自查。",
        "需要协调的问题已经解决。",
        "要素保障有力有序。",
        "会议听取了关于要件办理的汇报。",
        "全区上下高度重视安全生产工作，纪要已经印发。",
        "只要条件具备就可以开工。",
        "会议传达了上级会议精神，研究了贯彻意见。",
        "县应急管理局供应了物资。",
        "各单位按照工作要求，完成了整改。",
    ] {
        let found = extract(sentence, &LEXICON, Some(date(2023, 4, 26)));
        assert!(found.directives.is_empty(), "{sentence}: {:?}", found.directives);
    }
}

#[test]
fn addressees_chains_and_numbers_make_directives() {
    let text = "会议强调，各责任单位要倒排工期，9月底前完成主体工程；区住建局要牵头制定方案，明天前报管委会；各镇街要做好群众工作。\n会议要求，一是加快项目建设，二是强化要素保障，三是5月底前完成12宗土地报批。";
    let found = extract(text, &LEXICON, Some(date(2023, 4, 26)));
    let addressees: Vec<Option<&str>> =
        found.directives.iter().map(|directive| directive.addressee.as_deref()).collect();
    assert_eq!(&addressees[..3], [Some("各责任单位"), Some("区住建局"), Some("各镇街")]);
    let words: Vec<(&str, Class)> = found
        .directives
        .iter()
        .flat_map(|directive| &directive.clauses)
        .map(|clause| (clause.text.as_str(), clause.class))
        .collect();
    assert_eq!(
        words,
        [
            ("倒排工期", Class::Task),
            ("9月底前完成主体工程", Class::Task),
            ("牵头制定方案", Class::Task),
            ("明天前报管委会", Class::Task),
            ("做好群众工作", Class::Task),
            ("加快项目建设", Class::Task),
            ("强化要素保障", Class::Stance),
            ("5月底前完成12宗土地报批", Class::Measure),
        ]
    );
}

#[test]
fn the_json_has_the_promised_keys() {
    let found = extract("会议要求，各镇街要于9月底前完成20个小区改造。", &LEXICON, Some(date(2023, 4, 26)));
    let json = serde_json::to_value(&found).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&json), ["areas", "directives", "meeting", "orgs", "people", "rights", "statements", "text"]);
    let directive = &json["directives"][0];
    assert_eq!(keys(directive), ["addressee", "clauses", "length", "offset", "sentence"]);
    let clause = &directive["clauses"][0];
    assert_eq!(
        keys(clause),
        ["class", "deadlines", "object", "offset", "owner_hints", "parts", "quantities", "text", "verb"]
    );
    assert_eq!(clause["class"], "measure");
    assert_eq!(clause["deadlines"][0], serde_json::json!({ "text": "9月底前", "date": "2023-09-30", "recurs": null }));
    assert_eq!(clause["quantities"][0], serde_json::json!({ "text": "20个", "value": "20", "unit": "个" }));
    assert_eq!(json["areas"], serde_json::json!({ "list": [], "open": false }));
}

#[test]
fn mistakes_in_a_lexicon_are_diagnostics_with_line_and_hint() {
    let text = "format = 1\n\n[measures]\nterms = [\n  \"双过半\",\n  \"(未闭合\",\n]\n";
    let faults = Lexicon::parse(&[("words.toml", text)]).expect_err("a broken pattern");
    assert_eq!((faults[0].file.as_str(), faults[0].line, faults[0].column), ("words.toml", 6, 3));
    assert!(!faults[0].hint.is_empty() && faults[0].message_zh.contains("正则"));
    let faults = Lexicon::parse(&[
        ("a.toml", "format = 1\n[verbs]\ntusk = \"守牢\"\n"),
        ("b.toml", "format = 2\n"),
        ("c.toml", "[verbs\n"),
    ])
    .expect_err("three mistakes");
    assert_eq!(
        faults.iter().map(|fault| (fault.file.as_str(), fault.line)).collect::<Vec<_>>(),
        [("a.toml", 3), ("b.toml", 1), ("c.toml", 1)]
    );
}

#[test]
fn a_zone_may_add_words_of_its_own() {
    let files: Vec<(String, String)> = house::files(house::lexicon_folder(), "toml")
        .into_iter()
        .map(|path| (house::stem(&path), house::read(&path)))
        .collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let sentence = "会议要求，各镇街要飞检排污口。";
    let class = |lexicon: &Lexicon| extract(sentence, lexicon, None).directives[0].clauses[0].class;
    assert_eq!(class(&LEXICON), Class::Stance);
    files.push(("own.toml", "[verbs]\ntask = \"飞检\"\n"));
    assert_eq!(class(&Lexicon::parse(&files).expect("a lexicon")), Class::Task);
}
