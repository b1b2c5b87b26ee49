//! Calendars: the announced days, terms against brute force, pauses.

use crate::day;
use baton_methods::Lang;
use baton_methods::calendar::*;
use jiff::civil::{Date, Weekday};
use proptest::prelude::*;

fn china() -> &'static WorkCalendar {
    WorkCalendar::china()
}

#[test]
fn the_shipped_calendar_has_no_mistakes_and_the_years_it_promises() {
    let calendar = WorkCalendar::from_toml(WorkCalendar::CHINA_TOML).expect("shipped data without mistakes");
    let years: Vec<(i16, Option<u32>)> = calendar.years().map(|year| (year.year, year.working_days)).collect();
    let expected =
        [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)];
    assert_eq!(years, expected.map(|(year, days)| (year, Some(days))));
    assert!(calendar.years().all(|year| !year.source.is_empty()));
}

#[test]
fn the_year_2023_is_as_announced() {
    // Source: the announced arrangement of 2023, as listed in the domain reference 15.
    let off = [
        "01-02", "01-23", "01-24", "01-25", "01-26", "01-27", "04-05", "05-01", "05-02", "05-03", "06-22", "06-23",
        "09-29", "10-02", "10-03", "10-04", "10-05", "10-06",
    ];
    let work = ["01-28", "01-29", "04-23", "05-06", "06-25", "10-07", "10-08"];
    let mut date = day("2023-01-01");
    let mut count = 0;
    while date.year() == 2023 {
        let name = date.strftime("%m-%d").to_string();
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let expected = if weekend { work.contains(&name.as_str()) } else { !off.contains(&name.as_str()) };
        assert_eq!(china().is_working_day(date), Ok(expected), "{date}");
        count += u32::from(expected);
        date = date.tomorrow().unwrap();
    }
    assert_eq!(count, 249);
}

#[test]
fn terms_end_where_the_law_says() {
    // Golden R18 and G10: computed from the calendar of 2023 and from statute.
    for (start, days, end) in [
        ("2023-04-26", 5, "2023-05-06"),
        ("2023-04-20", 15, "2023-05-12"),
        ("2023-01-03", 90, "2023-05-16"),
        ("2023-09-28", 3, "2023-10-09"),
    ] {
        assert_eq!(china().due(day(start), Term::working(days), false), Ok(day(end)));
        assert_eq!(china().working_days_between(day(start), day(end)), Ok(i64::from(days)));
    }
    assert_eq!(china().due(day("2023-03-01"), Term::natural(60), false), Ok(day("2023-04-30")));
    assert_eq!(china().due(day("2023-03-01"), Term::natural(60), true), Ok(day("2023-05-04")));
    assert_eq!(china().due(day("2023-04-30"), Term::natural(30), false), Ok(day("2023-05-30")));
    assert_eq!(china().add_working_days(day("2023-05-01"), 0), Ok(day("2023-05-01")));
    assert_eq!(Term::working(5).label(Lang::Zh), "5个工作日");
    assert_eq!(Term::natural(1).label(Lang::En), "1 day");
}

#[test]
fn a_missing_year_is_an_error_with_a_way_out() {
    let error = china().add_working_days(day("2026-12-30"), 5).unwrap_err();
    assert_eq!(error, MissingYear { year: 2027 });
    assert!(error.message(Lang::Zh).contains("2027") && error.message(Lang::En).contains("2027"));
    assert_eq!(china().is_working_day(day("2018-12-31")), Err(MissingYear { year: 2018 }));
    // Natural days need no calendar unless they roll.
    assert_eq!(china().due(day("2030-01-01"), Term::natural(3), false), Ok(day("2030-01-04")));
    assert!(china().due(day("2030-01-01"), Term::natural(3), true).is_err());
}

#[test]
fn a_year_can_be_added_and_its_mistakes_are_named() {
    let mut calendar = china().clone();
    let year = |text: &str| WorkCalendar::from_toml(text);
    let codes = |text: &str| year(text).unwrap_err().iter().map(CalendarFault::code).collect::<Vec<_>>();
    let good = year("[[year]]\nyear = 2027\noff = [\"2027-01-01\"]\nwork = []").unwrap();
    calendar.put_year(good.years().next().unwrap().clone()).unwrap();
    assert_eq!(calendar.is_working_day(day("2027-01-01")), Ok(false));
    assert_eq!(
        codes("[[year]]\nyear = 2027\noff = [\"2027-01-02\"]\nwork = [\"2027-01-04\"]"),
        ["calendar.off_on_weekend", "calendar.work_on_weekday"]
    );
    assert_eq!(codes("[[year]]\nyear = 2027\noff = [\"2026-01-01\"]\nwork = []"), ["calendar.wrong_year"]);
    assert_eq!(codes("[[year]]\nyear = 2027\nworking_days = 3\noff = []\nwork = []"), ["calendar.wrong_count"]);
    assert_eq!(
        codes("[[year]]\nyear = 2027\noff = []\nwork = []\n[[year]]\nyear = 2027\noff = []\nwork = []"),
        ["calendar.year_twice"]
    );
    assert_eq!(codes("nonsense"), ["calendar.unreadable"]);
}

#[test]
fn a_clock_stands_still_in_its_pauses() {
    let pause = |from: &str, until: Option<&str>| Pause { from: day(from), until: until.map(day) };
    let due = |term, pauses: &[Pause]| china().due_with_pauses(day("2023-03-01"), term, false, pauses).unwrap();
    assert_eq!(due(Term::natural(10), &[]), Due::On(day("2023-03-11")));
    // 5 to 7 March do not count: three days later.
    let hearing = pause("2023-03-05", Some("2023-03-07"));
    assert_eq!(due(Term::natural(10), &[hearing]), Due::On(day("2023-03-14")));
    assert_eq!(
        due(Term::natural(10), &[hearing, hearing]),
        Due::On(day("2023-03-14")),
        "overlapping pauses count once"
    );
    // A pause over a weekend costs a working-day clock nothing.
    assert_eq!(due(Term::working(5), &[pause("2023-03-04", Some("2023-03-05"))]), Due::On(day("2023-03-08")));
    assert_eq!(
        due(Term::natural(10), &[pause("2023-03-04", None)]),
        Due::Paused { since: day("2023-03-04"), days_left: 8 }
    );
    assert_eq!(due(Term::natural(2), &[pause("2023-03-04", None)]).date(), Some(day("2023-03-03")));
    // Ends on a holiday once the pause is over; rolls on request.
    let rolled =
        china().due_with_pauses(day("2023-03-01"), Term::natural(59), true, &[pause("2023-03-05", Some("2023-03-05"))]);
    assert_eq!(rolled, Ok(Due::On(day("2023-05-04"))));
}

#[test]
fn dates_of_a_month_and_weekdays_come_next() {
    assert_eq!(next_day_of_month(day("2023-04-26"), 25), day("2023-05-25"));
    assert_eq!(next_day_of_month(day("2023-04-25"), 25), day("2023-04-25"));
    assert_eq!(next_day_of_month(day("2023-02-03"), 31), day("2023-02-28"));
    assert_eq!(next_day_of_month(day("2023-12-10"), 5), day("2024-01-05"));
    assert_eq!(next_weekday(day("2023-04-26"), Weekday::Wednesday), day("2023-04-26"));
    assert_eq!(next_weekday(day("2023-04-26"), Weekday::Monday), day("2023-05-01"));
    assert_eq!(china().days_left(day("2023-04-26"), day("2023-05-06"), Counting::Working), Ok(5));
    assert_eq!(china().days_left(day("2023-05-10"), day("2023-05-06"), Counting::Natural), Ok(-4));
}

/// Every working day of the shipped years, listed once, straight from the data.
fn listed() -> Vec<Date> {
    let mut days = Vec::new();
    for year in china().years() {
        let mut date = Date::constant(year.year, 1, 1);
        while date.year() == year.year {
            let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            if (weekend && year.work.contains(&date)) || (!weekend && !year.off.contains(&date)) {
                days.push(date);
            }
            date = date.tomorrow().unwrap();
        }
    }
    days
}

fn dates() -> impl Strategy<Value = Date> {
    (2019i16..=2025, 1i16..=365)
        .prop_map(|(year, at)| Date::constant(year, 1, 1).with().day_of_year(at).build().unwrap())
}

proptest! {
    #[test]
    fn a_working_day_term_agrees_with_the_list_of_working_days(start in dates(), count in 1u32..240) {
        let days = listed();
        let first = days.partition_point(|day| *day <= start);
        prop_assert_eq!(china().add_working_days(start, count), Ok(days[first + count as usize - 1]));
    }

    #[test]
    fn counting_working_days_agrees_with_the_list(a in dates(), b in dates()) {
        let days = listed();
        let upto = |date: Date| days.partition_point(|day| *day <= date) as i64;
        prop_assert_eq!(china().working_days_between(a, b), Ok(upto(b) - upto(a)));
    }

    #[test]
    fn rolling_forward_ends_on_the_first_working_day_not_before(date in dates()) {
        let days = listed();
        prop_assert_eq!(china().roll_forward(date), Ok(days[days.partition_point(|day| *day < date)]));
    }

    #[test]
    fn pauses_move_the_end_by_the_days_they_take(start in dates(), count in 1u32..60, from in 0i64..80, length in 0i64..20, working in any::<bool>()) {
        let term = if working { Term::working(count) } else { Term::natural(count) };
        let at = |days: i64| start.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap();
        let pause = Pause { from: at(from), until: Some(at(from + length)) };
        let end = china().due_with_pauses(start, term, false, &[pause]).unwrap().date().unwrap();
        let mut counted = 0;
        let mut date = start;
        while date < end {
            date = date.tomorrow().unwrap();
            let worked = !working || china().is_working_day(date).unwrap();
            counted += u32::from(worked && !pause.covers(date));
        }
        prop_assert_eq!(counted, count);
        prop_assert!(!pause.covers(end), "a term ends on a day that counts");
    }
}

#[test]
fn every_day_off_lies_in_a_holiday_and_no_holiday_is_worked() {
    let calendar = WorkCalendar::china();
    for year in calendar.years() {
        let announced = year.holidays.iter().filter(|(name, _)| !matches!(name.as_str(), "除夕" | "元宵"));
        let days: Vec<(jiff::civil::Date, jiff::civil::Date)> = announced.map(|(_, days)| *days).collect();
        for (first, last) in &days {
            let mut day = *first;
            while day <= *last {
                assert_eq!(calendar.is_working_day(day), Ok(false), "{day}");
                day = day.tomorrow().expect("a day after");
            }
        }
        for off in &year.off {
            assert!(days.iter().any(|(first, last)| (first..=last).contains(&off)), "{off} is in no holiday");
        }
    }
    assert_eq!(calendar.holiday("五一", 2023), Some((jiff::civil::date(2023, 4, 29), jiff::civil::date(2023, 5, 3))));
    assert_eq!(calendar.holiday("五一", 2031), None);
}

#[test]
fn a_holiday_of_another_year_or_turned_round_is_refused() {
    let text = "[[year]]\nyear = 2024\noff = []\nwork = []\n[year.holidays]\n\"五一\" = [\"2024-05-05\", \"2024-05-01\"]\n\"元旦\" = [\"2023-12-30\", \"2024-01-01\"]\n";
    let faults = WorkCalendar::from_toml(text).expect_err("two faults");
    assert_eq!(faults.iter().map(|fault| fault.code()).collect::<Vec<_>>(), ["calendar.holiday_days"; 2]);
}
