//! Periods: keys, order, neighbours, spellings, relative periods.

use crate::day;
use baton_methods::period::*;
use jiff::civil::Date;
use proptest::prelude::*;

fn p(text: &str) -> Period {
    Period::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_spelling_of_the_domain_reference_gives_the_canonical_key() {
    let spellings: &[(&str, &[&str])] = &[
        ("2023", &["2023", " 2023 ", "２０２３", "2023年", "2023年度"]),
        ("2023S1", &["2023S1", "2023H1", "2023-S1", "H1 2023", "2023年上半年", "2023上半年"]),
        ("2023S2", &["2023s2", "2023年下半年"]),
        (
            "2023Q1",
            &[
                "2023Q1",
                "2023q1",
                "2023-Q1",
                "2023Q01",
                "Q1 2023",
                "2023年一季度",
                "2023年第一季度",
                "2023年1季度",
                "2023年 一 季度",
            ],
        ),
        (
            "2023M01M02",
            &[
                "2023M01M02",
                "2023-M01M02",
                "2023年1—2月",
                "2023年1-2月",
                "2023年1至2月",
                "2023年1、2月",
                "2023年1月—2月",
                "2023年1月至2月",
            ],
        ),
        (
            "2023M04",
            &[
                "2023M04",
                "2023M4",
                "202304",
                "2023-M04",
                "2023-04",
                "2023/4",
                "2023.4",
                "2023年4月",
                "2023年04月份",
                "２０２３年４月",
            ],
        ),
        ("2023M04D2", &["2023M04D2", "202304D2", "2023M4D2", "2023年4月中旬"]),
        ("2023M12D3", &["2023年12月下旬"]),
        ("2023W17", &["2023W17", "2023-W17", "2023年第17周"]),
        (
            "2023-04-26",
            &["2023-04-26", "20230426", "2023-4-26", "2023/4/26", "2023.4.26", "2023年4月26日", "2023年4月26号"],
        ),
    ];
    for (key, texts) in spellings {
        for text in *texts {
            assert_eq!(p(text).to_string(), *key, "{text}");
        }
    }
}

#[test]
fn what_is_no_period_says_why() {
    let cases = [
        ("", PeriodFault::Empty),
        ("四月", PeriodFault::Unreadable),
        ("abc", PeriodFault::Unreadable),
        ("23Q1", PeriodFault::YearOutOfRange),
        ("0000", PeriodFault::YearOutOfRange),
        ("2023S3", PeriodFault::NoSuchHalf),
        ("2023Q5", PeriodFault::NoSuchQuarter),
        ("2023M13", PeriodFault::NoSuchMonth),
        ("202300", PeriodFault::NoSuchMonth),
        ("2023M04D4", PeriodFault::NoSuchTenDay),
        ("2023W53", PeriodFault::NoSuchWeek),
        ("2023-02-29", PeriodFault::NoSuchDay),
        ("20230230", PeriodFault::NoSuchDay),
        ("2023年1—4月", PeriodFault::RunningTotal),
        ("2023M01M04", PeriodFault::RunningTotal),
        ("99999999999999999999", PeriodFault::Unreadable),
    ];
    for (text, fault) in cases {
        let error = Period::parse(text).unwrap_err();
        assert_eq!(error.fault, fault, "{text}");
        assert!(error.message(Lang::Zh) != error.message(Lang::En) && error.hint(Lang::En).contains("2023M04"));
    }
    let error = Period::parse(&"长".repeat(10_000)).unwrap_err();
    assert!(error.text.chars().count() <= 41);
}

#[test]
fn a_longer_period_sorts_before_the_shorter_ones_it_begins_with() {
    let order = [
        "2022-12-31",
        "2023",
        "2023S1",
        "2023Q1",
        "2023M01M02",
        "2023M01",
        "2023M01D1",
        "2023-01-01",
        "2023W01",
        "2023-01-02",
        "2023M01D2",
        "2023M02",
        "2023M03",
        "2023Q2",
        "2023M04",
        "2023S2",
        "2023M12D3",
        "2023-12-31",
        "2024",
    ];
    for pair in order.windows(2) {
        assert!(p(pair[0]) < p(pair[1]), "{} < {}", pair[0], pair[1]);
    }
}

#[test]
fn periods_know_their_days_months_and_neighbours() {
    let facts = [
        // key, start, end, days, months elapsed, next, prev, same last year
        ("2024", "2024-01-01", "2024-12-31", 366, 12, "2025", "2023", "2023"),
        ("2023S2", "2023-07-01", "2023-12-31", 184, 12, "2024S1", "2023S1", "2022S2"),
        ("2023Q1", "2023-01-01", "2023-03-31", 90, 3, "2023Q2", "2022Q4", "2022Q1"),
        ("2024M01M02", "2024-01-01", "2024-02-29", 60, 2, "2025M01M02", "2023M01M02", "2023M01M02"),
        ("2023M12", "2023-12-01", "2023-12-31", 31, 12, "2024M01", "2023M11", "2022M12"),
        ("2023M02D3", "2023-02-21", "2023-02-28", 8, 2, "2023M03D1", "2023M02D2", "2022M02D3"),
        ("2023W17", "2023-04-24", "2023-04-30", 7, 4, "2023W18", "2023W16", "2022W17"),
        ("2020W53", "2020-12-28", "2021-01-03", 7, 12, "2021W01", "2020W52", "2019W52"),
        ("2025W01", "2024-12-30", "2025-01-05", 7, 1, "2025W02", "2024W52", "2024W01"),
        ("2024-02-29", "2024-02-29", "2024-02-29", 1, 2, "2024-03-01", "2024-02-28", "2023-02-28"),
    ];
    for (key, start, end, days, elapsed, next, prev, last_year) in facts {
        let period = p(key);
        assert_eq!((period.start(), period.end()), (day(start), day(end)), "{key}");
        assert_eq!((period.days(), period.months_elapsed()), (days, elapsed), "{key}");
        assert_eq!((period.next(), period.prev(), period.same_last_year()), (p(next), p(prev), p(last_year)), "{key}");
    }
    assert_eq!(p("2023Q1").months(), (1, 3));
    assert_eq!(p("2023M01M02").months(), (1, 2));
    assert_eq!(p("2023M05").quarter_number(), Some(2));
    assert_eq!(p("2023S1").quarter_number(), None);
    assert_eq!(p("2023M05").half_number(), Some(1));
    assert_eq!(p("2023M04D2").ten_day_number(), Some(2));
    assert_eq!(p("2023M11").plus(3), p("2024M02"));
    assert_eq!(p("2023M02").plus(-3), p("2022M11"));
    assert_eq!(p("2023M03").prev_statistical(), p("2023M01M02"));
    assert_eq!(p("2023M01M02").prev_statistical(), p("2022M12"));
    assert_eq!(p("2023M04").prev_statistical(), p("2023M03"));
    assert_eq!(p("2023Q1").lies_in(Grain::Year), Some(p("2023")));
    assert_eq!(p("2023M02").lies_in(Grain::JanFeb), Some(p("2023M01M02")));
    assert_eq!(p("2023M03").lies_in(Grain::JanFeb), None);
    assert_eq!(p("2023W13").lies_in(Grain::Month), None);
}

#[test]
fn the_parts_of_a_period_are_the_whole_shorter_ones_in_it() {
    let keys = |periods: Vec<Period>| periods.iter().map(Period::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(keys(p("2023Q1").parts(Grain::Month)), "2023M01 2023M02 2023M03");
    assert_eq!(keys(p("2023Q1").parts(Grain::JanFeb)), "2023M01M02");
    assert_eq!(keys(p("2023Q2").parts(Grain::JanFeb)), "");
    assert_eq!(keys(p("2023M04").parts(Grain::Week)), "2023W14 2023W15 2023W16 2023W17");
    assert_eq!(keys(p("2023M04").parts(Grain::TenDay)), "2023M04D1 2023M04D2 2023M04D3");
    assert_eq!(p("2024").parts(Grain::Day).len(), 366);
    let statistical = Period::statistical_months(2023).unwrap();
    assert_eq!((statistical.len(), statistical[0], statistical[1]), (11, p("2023M01M02"), p("2023M03")));
}

#[test]
fn labels_are_what_people_say() {
    let labels = [
        ("2023", "2023年", "2023"),
        ("2023S2", "2023年下半年", "H2 2023"),
        ("2023Q1", "2023年一季度", "Q1 2023"),
        ("2023Q4", "2023年四季度", "Q4 2023"),
        ("2023M01M02", "2023年1—2月", "January–February 2023"),
        ("2023M04", "2023年4月", "April 2023"),
        ("2023M04D2", "2023年4月中旬", "11–20 April 2023"),
        ("2023W17", "2023年第17周", "week 17 of 2023"),
        ("2023-04-26", "2023年4月26日", "26 April 2023"),
    ];
    for (key, zh, en) in labels {
        assert_eq!((p(key).label(Lang::Zh).as_str(), p(key).label(Lang::En).as_str()), (zh, en));
        assert_eq!(p(zh), p(key), "a Chinese label is read back");
    }
    assert_eq!(p("2023M04").to_date_label(Lang::Zh), "2023年1—4月");
    assert_eq!(p("2023Q1").to_date_label(Lang::En), "January–March 2023");
    assert_eq!(p("2023M01").to_date_label(Lang::Zh), "2023年1月");
}

#[test]
fn relative_periods_resolve_against_the_day_they_are_asked_for() {
    let keys = |relative: Relative, on: &str| {
        relative.resolve(day(on)).iter().map(Period::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(keys(Relative::ThisMonth, "2023-01-31"), "2023M01");
    assert_eq!(keys(Relative::LastMonth, "2023-01-31"), "2022M12");
    assert_eq!(keys(Relative::ThisMonthLastYear, "2024-02-29"), "2023M02");
    assert_eq!(keys(Relative::LastQuarter, "2023-04-26"), "2023Q1");
    assert_eq!(keys(Relative::QuartersThisYear, "2023-04-26"), "2023Q1 2023Q2 2023Q3 2023Q4");
    assert_eq!(keys(Relative::Last4Quarters, "2023-04-26"), "2022Q2 2022Q3 2022Q4 2023Q1");
    assert_eq!(keys(Relative::ThisYearToDate, "2023-04-26"), "2023M01 2023M02 2023M03 2023M04");
    assert_eq!(keys(Relative::Last3Months, "2023-02-01"), "2022M11 2022M12 2023M01");
    assert_eq!(Relative::Last12Months.resolve(day("2023-04-26")).len(), 12);
    assert_eq!(keys(Relative::ThisTenDay, "2023-04-26"), "2023M04D3");
    assert_eq!(keys(Relative::LastHalf, "2023-04-26"), "2022S2");
    for (index, (relative, key, _, _)) in Relative::ALL.into_iter().enumerate() {
        assert_eq!((relative as usize, relative.key()), (index, key));
        assert_eq!(Relative::from_key(key), Some(relative));
        assert_eq!(toml::Value::try_from(relative).unwrap().as_str(), Some(key), "data files use the same key");
        assert!(!relative.resolve(day("2023-04-26")).is_empty());
    }
}

fn dates() -> impl Strategy<Value = Date> {
    (1i16..=9999, 1i16..=366).prop_map(|(year, at)| {
        let first = Date::constant(year, 1, 1);
        first.with().day_of_year(at.min(first.days_in_year())).build().unwrap()
    })
}

fn grains() -> impl Strategy<Value = Grain> {
    proptest::sample::select(Grain::ALL.to_vec())
}

proptest! {
    #[test]
    fn key_and_code_of_any_period_read_back(date in dates(), grain in grains()) {
        let period = Period::of(grain, date);
        prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        prop_assert_eq!(Period::from_code(period.code()), Some(period));
        prop_assert_eq!(period.grain(), grain);
    }

    #[test]
    fn a_code_gives_a_period_only_if_it_is_that_periods_code(code in any::<u32>()) {
        if let Some(period) = Period::from_code(code) {
            prop_assert_eq!(period.code(), code);
        }
    }

    #[test]
    fn the_period_of_a_date_contains_it(date in dates(), grain in grains()) {
        let period = Period::of(grain, date);
        prop_assert!(period.contains(date) || (grain == Grain::JanFeb && date.month() > 2));
        prop_assert_eq!(Period::of(grain, period.start()), period);
        prop_assert_eq!(Period::of(grain, period.end()), period);
    }

    #[test]
    fn periods_of_one_grain_follow_each_other_without_gap(date in dates(), grain in grains()) {
        let period = Period::of(grain, date);
        if let Some(next) = period.checked_next() {
            prop_assert!(next > period);
            prop_assert_eq!(next.prev(), period);
            if grain != Grain::JanFeb {
                prop_assert_eq!(period.end().tomorrow().unwrap(), next.start());
            }
        } else {
            prop_assert_eq!(period.year_number(), 9999);
        }
    }

    #[test]
    fn the_order_of_periods_is_year_then_first_day_then_length(a in dates(), b in dates(), g in grains(), h in grains()) {
        let (a, b) = (Period::of(g, a), Period::of(h, b));
        let key = |period: Period| (period.year_number(), period.start(), period.grain());
        prop_assert_eq!(a.cmp(&b), key(a).cmp(&key(b)));
    }

    #[test]
    fn covering_is_containing_every_day(a in dates(), g in grains(), shift in 0i32..40, h in grains()) {
        let outer = Period::of(g, a);
        let inner = Period::of(h, Period::day(outer.start()).plus(shift).start());
        let days = Period::day(inner.start()).through(Period::day(inner.end()));
        prop_assert_eq!(outer.covers(inner), days.iter().all(|day| outer.contains(day.start())));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,30}|[0-9MQSWDHqm年月日季度周旬上中下半第一二三四—\\-/. ]{0,14}") {
        if let Ok(period) = Period::parse(&text) {
            prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        }
    }
}
