//! Pace: curves, gaps, 双过半, what is left to do, the identities of figures, the page grid.

use crate::{day, dec};
use baton_methods::checks::*;
use baton_methods::grid::{PageMeasures, page_grid};
use baton_methods::pace::*;
use baton_methods::quantity::{format_decimal, round_half_up};
use baton_methods::{Lang, Period};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn p(text: &str) -> Period {
    Period::parse(text).unwrap()
}

#[test]
fn the_gap_is_taken_before_rounding() {
    // Source: a published dispatch table, 629.0 of 647.4 by October: 97.2 % and 13.8 points ahead, not 13.9 (G1).
    let expected = expected_share(&Curve::Linear, p("2023M10")).unwrap();
    let gap = gap_points(dec("629.0"), dec("647.4"), expected).unwrap();
    assert_eq!(format_decimal(gap, 1, false), "13.8");
    assert_eq!(format_decimal(ratio_pct(dec("629.0"), dec("647.4")).unwrap(), 1, false), "97.2");
    assert_eq!(round_half_up(gap, 3), dec("13.825"));
}

#[test]
fn curves_are_read_at_month_ends_and_between_by_the_day() {
    let at = |curve: &Curve, key: &str| round_half_up(expected_share(curve, p(key)).unwrap(), 6);
    let on = |curve: &Curve, date: &str| round_half_up(expected_share(curve, day(date)).unwrap(), 6);
    let north = Curve::Preset("construction_north".into());
    assert_eq!(at(&Curve::Linear, "2023M06"), dec("0.5"));
    assert_eq!(at(&Curve::Linear, "2023M01M02"), dec("0.166667"));
    assert_eq!(on(&Curve::Linear, "2023-04-26"), round_half_up(dec("116") / dec("365"), 6));
    assert_eq!(on(&Curve::Linear, "2024-04-26"), round_half_up(dec("117") / dec("366"), 6), "leap years are longer");
    assert_eq!(at(&Curve::Linear, "2023M04D2"), round_half_up((dec("3") + dec("20") / dec("30")) / dec("12"), 6));
    assert_eq!(at(&north, "2023Q1"), dec("0.12"));
    assert_eq!(at(&north, "2023M01"), dec("0.04"));
    assert_eq!(at(&north, "2023M06"), dec("0.4"));
    assert_eq!(at(&north, "2023M05"), round_half_up(dec("0.12") + dec("0.28") * dec("2") / dec("3"), 6));
    assert_eq!(on(&north, "2023-03-31"), dec("0.12"));
    assert_eq!(on(&north, "2023-04-15"), round_half_up(dec("0.12") + dec("0.28") / dec("6"), 6));
    assert_eq!(at(&north, "2023"), Decimal::ONE);
    assert_eq!(at(&north, "2020W53"), Decimal::ONE, "a week that ends in January belongs to the old year");
    let monthly = Curve::from_monthly_amounts(&[
        dec("0"),
        dec("0"),
        dec("10"),
        dec("10"),
        dec("10"),
        dec("10"),
        dec("10"),
        dec("10"),
        dec("10"),
        dec("10"),
        dec("10"),
        dec("10"),
    ])
    .unwrap();
    assert_eq!(at(&monthly, "2023M03"), dec("0.1"));
    assert_eq!(on(&monthly, "2023-02-15"), Decimal::ZERO);
}

#[test]
fn the_approved_curve_decides_how_far_behind_is() {
    // Golden R15 [K]: 38 % at the end of June is 2 points behind the seasonal curve, 12 behind the even one.
    for (curve, gap) in [(Curve::Preset("construction_north".into()), "-2"), (Curve::Linear, "-12")] {
        let expected = expected_share(&curve, p("2023Q2")).unwrap();
        assert_eq!(gap_points(dec("38"), dec("100"), expected), Ok(dec(gap)));
    }
}

#[test]
fn a_curve_that_falls_or_does_not_end_at_one_is_refused_by_name() {
    let quarters = |shares: [&str; 4]| Curve::ByQuarter(shares.map(dec));
    let codes = |curve: &Curve| curve.faults().iter().map(CurveFault::code).collect::<Vec<_>>();
    assert!(codes(&quarters(["0.12", "0.4", "0.72", "1"])).is_empty());
    assert_eq!(codes(&quarters(["0.3", "0.2", "0.72", "1"])), ["curve.falls"]);
    assert_eq!(codes(&quarters(["0.1", "0.2", "0.3", "0.9"])), ["curve.ends_elsewhere"]);
    assert_eq!(
        codes(&quarters(["12", "40", "72", "100"])),
        [
            "curve.out_of_range",
            "curve.out_of_range",
            "curve.out_of_range",
            "curve.out_of_range",
            "curve.ends_elsewhere"
        ]
    );
    assert_eq!(codes(&Curve::Preset("nowhere".into())), ["curve.unknown_preset"]);
    assert!(expected_share(&quarters(["0.3", "0.2", "0.72", "1"]), p("2023Q1")).is_err());
    assert!(presets().iter().all(|preset| Curve::Preset(preset.key.clone()).faults().is_empty()));
    assert!(!presets().is_empty());
    let fault = &Curve::Preset("nowhere".into()).faults()[0];
    assert!(fault.message(Lang::Zh).contains("nowhere") && fault.message(Lang::En).contains("construction_north"));
    assert_eq!(Curve::from_monthly_amounts(&[Decimal::ZERO; 12]), Err(CurveFault::NoTotal));
}

#[test]
fn half_the_time_and_half_the_task() {
    // Golden R12 [K].
    for (done, status, short) in
        [("50", HalfStatus::Met, "0"), ("49.9", HalfStatus::NotMet, "0.1"), ("61", HalfStatus::Met, "0")]
    {
        let half = half_half(dec(done), dec("100"), p("2023M06")).unwrap();
        assert_eq!((half.status, half.short), (status, dec(short)));
        assert_eq!(half.gap_points, dec(done) - dec("50"));
    }
    let half = |done: &str, on: &str| half_half(dec(done), dec("100"), day(on)).unwrap().status;
    assert_eq!(half("50", "2023-06-29"), HalfStatus::Ahead);
    assert_eq!(half("20", "2023-04-26"), HalfStatus::NotYet);
    assert_eq!(half("20", "2023-06-30"), HalfStatus::NotMet);
    assert_eq!(half_half(dec("1"), dec("0"), day("2023-06-30")).unwrap_err().code(), "pace.no_target");
    assert!(half_half_growth(dec("7"), dec("7")) && !half_half_growth(dec("6.9"), dec("7")));
}

#[test]
fn what_is_left_to_do() {
    // Golden G6 and R14.
    let rest = required_rest_growth(dec("100"), dec("22"), dec("0.07"), dec("0.05")).unwrap();
    assert_eq!(round_half_up(rest * dec("100"), 2), dec("7.56"));
    assert_eq!(
        required_rest_growth(dec("100"), dec("100"), dec("0.07"), dec("0.05")).unwrap_err().code(),
        "pace.no_rest"
    );
    assert_eq!(
        required_rest_growth(dec("0"), dec("0"), dec("0.07"), dec("0.05")).unwrap_err().code(),
        "pace.zero_base"
    );
    let needed = amount_needed(dec("40"), dec("100"), months_left(p("2023M06"))).unwrap();
    assert_eq!((needed.total, needed.per_period), (dec("60"), dec("10")));
    assert_eq!(amount_needed(dec("101"), dec("100"), 0).unwrap().total, Decimal::ZERO);
    assert_eq!(amount_needed(dec("99"), dec("100"), 0).unwrap_err().code(), "pace.no_periods_left");
    assert_eq!(months_left(p("2023M12")), 0);
}

#[test]
fn shares_and_growth_refuse_a_base_that_has_none() {
    // Golden G7: published livelihood results.
    assert_eq!(round_half_up(ratio_pct(dec("40718"), dec("36000")).unwrap(), 0), dec("113"));
    assert_eq!(round_half_up(ratio_pct(dec("808"), dec("750")).unwrap(), 0), dec("108"));
    assert_eq!(growth_pct(dec("105"), dec("100")), Ok(dec("5")));
    let zero = growth(dec("5"), dec("0")).unwrap_err();
    assert_eq!((zero.code(), zero.change()), ("pace.zero_base", Some(dec("5"))));
    let negative = growth(dec("5"), dec("-2")).unwrap_err();
    assert_eq!((negative.code(), negative.change()), ("pace.negative_base", Some(dec("7"))));
    assert!(negative.message(Lang::Zh).contains('7'));
    assert_eq!(share_done(dec("1"), dec("-4")).unwrap_err().code(), "pace.no_target");
    assert_eq!(plan_ratio_pct(dec("9"), dec("40"), dec("0.25")), Ok(dec("90")));
    assert_eq!(plan_ratio_pct(dec("9"), dec("40"), dec("0")).unwrap_err().code(), "pace.no_target");
    assert_eq!(ratio_pct(Decimal::MAX, dec("0.0001")), Err(NoResult::Overflow));
}

#[test]
fn a_month_is_the_difference_of_two_running_totals() {
    // Golden R13: no separate January exists.
    let before = Some((p("2023M01M02"), dec("30")));
    assert_eq!(month_from_cumulative(p("2023M03"), dec("48"), before).unwrap().value, dec("18"));
    assert_eq!(month_from_cumulative(p("2023M01M02"), dec("30"), None).unwrap().value, dec("30"));
    assert_eq!(month_from_cumulative(p("2023Q2"), dec("50"), Some((p("2023Q1"), dec("20")))).unwrap().value, dec("30"));
    let revised = month_from_cumulative(p("2023M04"), dec("45"), Some((p("2023M03"), dec("48")))).unwrap();
    assert_eq!((revised.value, revised.revised_down), (dec("-3"), true), "a revision is flagged, never clipped");
    let code = |period, before| month_from_cumulative(p(period), dec("48"), before).unwrap_err().code();
    assert_eq!(code("2023M05", Some((p("2023M03"), dec("1")))), "pace.cumulative_not_adjacent");
    assert_eq!(code("2023M01", Some((p("2022M12"), dec("1")))), "pace.cumulative_another_year");
    assert_eq!(code("2023M03", None), "pace.cumulative_not_adjacent");
}

#[test]
fn identities_say_what_does_not_agree() {
    // Golden G15, R10, R16; source: rules for filling in investment tables.
    assert_eq!(running_total(dec("100"), dec("20"), dec("120")), Checked::Holds);
    let wrong = running_total(dec("100"), dec("20"), dec("121"));
    assert!(!wrong.accepted());
    assert_eq!(wrong.reason().unwrap().zh, "累计 121 不等于上期累计 100 + 本期 20 = 120，相差 1");
    assert!(matches!(running_total(dec("100"), dec("-5"), dec("95")), Checked::NeedsReason(_)));
    assert_eq!(parts(dec("100"), &[dec("60"), dec("10"), dec("25"), dec("5")], Decimal::ZERO), Checked::Holds);
    assert!(!parts(dec("100"), &[dec("60"), dec("41")], Decimal::ZERO).accepted());
    assert!(parts(dec("100"), &[dec("60"), dec("40.1")], dec("0.1")).accepted(), "published tables round");
    assert!(at_least(dec("25"), &[dec("25")]).accepted() && !at_least(dec("25"), &[dec("26")]).accepted());
    assert!(at_most_above(dec("1100"), dec("1000"), dec("0.1")).accepted());
    assert!(!at_most_above(dec("1100.01"), dec("1000"), dec("0.1")).accepted());
    assert_eq!(running_total(Decimal::MAX, Decimal::MAX, Decimal::ZERO), Checked::TooLarge);
    assert!(is_project_code("2403-510311-04-01-475922"));
    for code in
        ["2403-51031-04-01-475922", "2403510311040147592", "2413-510311-04-01-475922", "2403-510311-04-01-47592a", ""]
    {
        assert!(!is_project_code(code), "{code}");
    }
}

#[test]
fn the_official_page_gives_its_pitches() {
    // Golden G12; source: GB/T 9704 page of 156 × 225 mm with 22 lines of 28 characters.
    let mut page = PageMeasures {
        text_width_mm: dec("156"),
        text_height_mm: dec("225"),
        chars: 28,
        lines: 22,
        paper_mm: (dec("210"), dec("297")),
        left_mm: dec("28"),
        top_mm: dec("37"),
        font_pt: dec("16"),
    };
    let grid = page_grid(&page).unwrap();
    assert_eq!((round_half_up(grid.char_mm, 4), round_half_up(grid.line_mm, 4)), (dec("5.5714"), dec("10.2273")));
    assert_eq!((round_half_up(grid.char_pt, 2), round_half_up(grid.line_pt, 2)), (dec("15.79"), dec("28.99")));
    assert_eq!((grid.line_pitch_twentieths, grid.char_space_4096ths), (580, -848));
    assert_eq!((grid.right_mm, grid.bottom_mm), (dec("26"), dec("35")));
    page.lines = 0;
    assert_eq!(page_grid(&page), None);
}

fn monthly() -> impl Strategy<Value = Curve> {
    proptest::array::uniform12(0u32..1000)
        .prop_filter_map("no plan at all", |amounts| Curve::from_monthly_amounts(&amounts.map(Decimal::from)).ok())
}

proptest! {
    #[test]
    fn an_expected_share_never_falls_and_stays_between_zero_and_one(curve in monthly(), a in 1i16..=365, b in 1i16..=365) {
        let on = |at: i16| expected_share(&curve, day("2023-01-01").with().day_of_year(at).build().unwrap()).unwrap();
        let (early, late) = (on(a.min(b)), on(a.max(b)));
        prop_assert!(Decimal::ZERO <= early && early <= late && late <= Decimal::ONE);
    }

    #[test]
    fn the_rest_growth_needed_brings_the_year_to_its_target(base in 1i64..100_000, part in 1i64..99, target in -20i64..40, now in -20i64..40) {
        let (base, target, now) = (Decimal::from(base), Decimal::new(target, 2), Decimal::new(now, 2));
        let to_date = base * Decimal::new(part, 2);
        let rest = required_rest_growth(base, to_date, target, now).unwrap();
        let year = to_date * (Decimal::ONE + now) + (base - to_date) * (Decimal::ONE + rest);
        prop_assert_eq!(round_half_up(year, 9), round_half_up(base * (Decimal::ONE + target), 9));
    }

    #[test]
    fn months_taken_out_of_totals_add_up_to_them(values in proptest::collection::vec(-1000i64..1000, 12)) {
        let mut total = Decimal::ZERO;
        let mut before = None;
        for (month, value) in (1..=12).zip(values) {
            total += Decimal::from(value);
            let period = Period::month(2023, month).unwrap();
            prop_assert_eq!(month_from_cumulative(period, total, before).unwrap().value, Decimal::from(value));
            prop_assert!(running_total(before.map_or(Decimal::ZERO, |(_, total)| total), Decimal::from(value), total).accepted());
            before = Some((period, total));
        }
    }
}
