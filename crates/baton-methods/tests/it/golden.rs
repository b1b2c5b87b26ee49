//! The golden cases of the domain reference, read from its own file when it is here.

use crate::{day, dec};
use baton_methods::calendar::{Term, WorkCalendar};
use baton_methods::checks::{Checked, at_least, at_most_above, is_project_code, parts, running_total};
use baton_methods::grid::{PageMeasures, page_grid};
use baton_methods::lights::{Light, judge, preset};
use baton_methods::pace::*;
use baton_methods::quantity::*;
use baton_methods::{Period, Unit};
use rust_decimal::Decimal;
use std::path::PathBuf;
use toml::{Table, Value};

/// The cases whose rule lives in this crate. A case that is here and not run fails the test.
const OURS: [&str; 24] = [
    "G1", "G6", "G7", "G10", "G11", "G12", "G14", "G15", "P1", "P2", "P3", "P4", "P11", "R2", "R9", "R10", "R12",
    "R13", "R14", "R15", "R16", "R17", "R18", "R22",
];

fn shared() -> Option<PathBuf> {
    let place = match std::env::var_os("BATON_SHARED") {
        Some(place) => PathBuf::from(place),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    place.join("domain/golden.toml").is_file().then_some(place)
}

struct Case<'a>(&'a Table);

impl Case<'_> {
    fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }
    fn input(&self, key: &str) -> &Value {
        &self.0["input"][key]
    }
    fn expect(&self, key: &str) -> &Value {
        &self.0["expect"][key]
    }
    fn rows(&self) -> Vec<&Vec<Value>> {
        self.0["rows"].as_array().unwrap().iter().map(|row| row.as_array().unwrap()).collect()
    }
}

fn num(value: &Value) -> Decimal {
    match value {
        Value::String(text) => dec(text),
        Value::Integer(whole) => Decimal::from(*whole),
        other => panic!("not a number in the golden file: {other}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The value at the digits the golden file shows.
fn shows(value: Decimal, expected: &Value) {
    let digits = text(expected).split_once('.').map_or(0, |(_, after)| after.len() as u32);
    assert_eq!(format_decimal(value, digits, false), text(expected));
}

fn colour(light: Light) -> &'static str {
    match light {
        Light::Best => "blue",
        Light::Ok => "green",
        Light::Warn => "yellow",
        Light::Lag => "red",
        other => panic!("no colour for {other:?}"),
    }
}

fn light_rows(case: &Case, rule: &str) {
    for row in case.rows() {
        let judged = judge(preset(rule).unwrap(), num(&row[0]));
        assert_eq!(colour(judged.light), text(&row[1]), "{}: {row:?}", case.id());
    }
}

#[test]
fn the_golden_cases_of_the_domain_reference_hold() {
    let Some(shared) = shared() else {
        println!("skipped: ../shared is not here");
        return;
    };
    let file: Table = std::fs::read_to_string(shared.join("domain/golden.toml")).unwrap().parse().unwrap();
    let (mut ran, mut elsewhere) = (Vec::new(), Vec::new());
    for case in file["case"].as_array().unwrap() {
        let case = Case(case.as_table().unwrap());
        match run(&case) {
            true => ran.push(case.id().to_string()),
            false => elsewhere.push(case.id().to_string()),
        }
    }
    println!("ran {}: {}", ran.len(), ran.join(" "));
    println!("of other rooms, not run here: {}", elsewhere.join(" "));
    for id in OURS {
        assert!(ran.iter().any(|done| done == id), "{id} did not run");
    }
}

fn run(case: &Case) -> bool {
    let china = WorkCalendar::china();
    match text(&case.0["fn"]) {
        "pace_gap" => {
            let month = Period::month(2023, case.input("months").as_integer().unwrap() as u8).unwrap();
            let expected = expected_share(&Curve::Linear, month).unwrap();
            let (done, plan) = (num(case.input("done")), num(case.input("plan")));
            shows(ratio_pct(done, plan).unwrap(), case.expect("rate_pct"));
            let gap = gap_points(done, plan, expected).unwrap();
            shows(gap, case.expect("gap_pp"));
            shows(gap, case.expect("gap_pp_3dp"));
        }
        "required_rest_growth" => {
            let input = |key| num(case.input(key));
            let growth = required_rest_growth(
                input("base_year"),
                input("base_to_date"),
                input("target_growth"),
                input("growth_to_date"),
            );
            shows(growth.unwrap() * Decimal::ONE_HUNDRED, case.expect("growth_pct"));
        }
        "ratio_pct" => {
            let pairs = case.input("pairs").as_array().unwrap();
            for (pair, expected) in pairs.iter().zip(case.expect("pct").as_array().unwrap()) {
                let (done, plan) = text(pair).split_once('/').unwrap();
                shows(ratio_pct(dec(done), dec(plan)).unwrap(), expected);
            }
        }
        "natural_days" => {
            let term = |key| Term::natural(case.input(key).as_integer().unwrap() as u32);
            let accepted = day(text(case.input("accepted")));
            let due = china.due(accepted, term("limit_days"), false).unwrap();
            assert_eq!(due.to_string(), text(case.expect("due")));
            let extended = china.due(due, term("extension_days"), false).unwrap();
            assert_eq!(extended.to_string(), text(case.expect("due_extended")));
            let rolled = china.due(accepted, term("limit_days"), true).unwrap();
            assert_eq!(rolled.to_string(), text(case.expect("due_if_rolled")));
        }
        "parse_quantity" => {
            for row in case.rows() {
                let unit = Unit::find(text(&row[2])).unwrap();
                let parsed = parse_number(text(&row[0]), Some(unit)).unwrap();
                assert_eq!((parsed.value, parsed.unit), (num(&row[1]), Some(unit)), "{row:?}");
            }
        }
        "page_grid" => {
            let input = |key| num(case.input(key));
            let paper = case.input("paper_mm").as_array().unwrap();
            let grid = page_grid(&PageMeasures {
                text_width_mm: input("text_width_mm"),
                text_height_mm: input("text_height_mm"),
                chars: case.input("chars").as_integer().unwrap() as u32,
                lines: case.input("lines").as_integer().unwrap() as u32,
                paper_mm: (num(&paper[0]), num(&paper[1])),
                left_mm: input("left_mm"),
                top_mm: input("top_mm"),
                font_pt: dec("16"),
            })
            .unwrap();
            shows(grid.char_mm, case.expect("char_mm"));
            shows(grid.line_mm, case.expect("line_mm"));
            shows(grid.char_pt, case.expect("char_pt"));
            shows(grid.line_pt, case.expect("line_pt"));
            shows(Decimal::from(grid.line_pitch_twentieths), case.expect("ooxml_line_pitch"));
            shows(Decimal::from(grid.char_space_4096ths), case.expect("ooxml_char_space"));
            shows(grid.right_mm, case.expect("right_mm"));
            shows(grid.bottom_mm, case.expect("bottom_mm"));
        }
        "light_progress" => light_rows(case, "progress"),
        "light_start" => light_rows(case, "start"),
        "light_stat_entry" => light_rows(case, "stat_entry"),
        "light_month_task" => light_rows(case, "month_task"),
        "light_payment" => {
            for row in case.rows() {
                let below = match text(&row[0]) {
                    "as_planned" => dec("0"),
                    "below_rule" => dec("0.1"),
                    other => panic!("unknown payment {other}"),
                };
                assert_eq!(colour(judge(preset("payment").unwrap(), below).light), text(&row[1]));
            }
        }
        "light_catch_up" => {
            for row in case.rows() {
                let (in_time, later) = (row[1].as_bool().unwrap(), row[2].as_bool().unwrap());
                let state = if in_time { 0 } else { 2 - i64::from(later) };
                assert_eq!(colour(judge(preset("month_catch_up").unwrap(), state).light), text(&row[3]));
            }
        }
        "stock_rule" => {
            for row in case.rows() {
                let result = match running_total(num(&row[0]), num(&row[1]), num(&row[2])) {
                    Checked::Holds => "accept",
                    Checked::NeedsReason(_) => "accept_with_reason",
                    _ => "reject",
                };
                assert_eq!(result, text(&row[3]), "{row:?}");
            }
        }
        "agreement_filing" => {
            let term = Term::working(case.input("working_days").as_integer().unwrap() as u32);
            let due = china.due(day(text(case.input("signed"))), term, false).unwrap();
            assert_eq!(due.to_string(), text(case.expect("due")));
        }
        "working_days" => {
            for row in case.rows() {
                let end = china.add_working_days(day(text(&row[0])), row[1].as_integer().unwrap() as u32).unwrap();
                assert_eq!(end.to_string(), text(&row[2]), "{row:?}");
            }
        }
        "petition_clocks" => {
            for row in case.rows() {
                let (days, kind) = text(&row[2]).split_once(' ').unwrap();
                let days = days.parse().unwrap();
                let term = if kind == "natural days" { Term::natural(days) } else { Term::working(days) };
                let due = china.due(day(text(&row[1])), term, false).unwrap();
                assert_eq!(due.to_string(), text(&row[3]), "{row:?}");
            }
        }
        "project_code" => {
            for row in case.rows() {
                assert_eq!(is_project_code(text(&row[0])), row[1].as_bool().unwrap(), "{row:?}");
            }
        }
        "investment_identities" => {
            for row in case.rows() {
                let n: Vec<Decimal> = row[..8].iter().map(num).collect();
                let result = if !parts(n[7], &n[..4], Decimal::ZERO).accepted() {
                    "reject: parts"
                } else if !at_least(n[2], &[n[4]]).accepted() {
                    "reject: old_equipment"
                } else if !at_least(n[3], &[n[5], n[6]]).accepted() {
                    "reject: other < old_building + land"
                } else {
                    "accept"
                };
                assert_eq!(result, text(&row[8]), "{row:?}");
            }
        }
        "half_time_half_task" => {
            for row in case.rows() {
                let june = Period::month(2023, 6).unwrap();
                let half = half_half(num(&row[0]), num(case.input("target")), june).unwrap();
                assert_eq!(half.status.key(), text(&row[1]), "{row:?}");
                shows(half.short, &row[2]);
            }
        }
        "month_from_cumulative" => {
            let period = |key| Period::parse(text(case.input(key))).unwrap();
            let before = (period("period_1"), num(case.input("cum_1")));
            let month = month_from_cumulative(period("period_2"), num(case.input("cum_2")), Some(before)).unwrap();
            shows(month.value, case.expect("month_value"));
            let elapsed = i64::from(period("period_2").months_elapsed());
            assert_eq!(Some(elapsed), case.expect("months_elapsed").as_integer());
        }
        "required_monthly" => {
            let month = Period::month(2023, case.input("month").as_integer().unwrap() as u8).unwrap();
            let needed = amount_needed(num(case.input("done")), num(case.input("target")), months_left(month));
            shows(needed.unwrap().per_period, case.expect("per_month"));
        }
        "curve_gap" => {
            let shares: Vec<Decimal> =
                case.input("curve_pct").as_array().unwrap().iter().map(|share| num(share) / dec("100")).collect();
            let curve = Curve::ByQuarter(shares.try_into().unwrap());
            let quarter = Period::quarter(2023, case.input("quarter").as_integer().unwrap() as u8).unwrap();
            for (curve, key) in [(curve, "gap_curve_pp"), (Curve::Linear, "gap_linear_pp")] {
                let expected = expected_share(&curve, quarter).unwrap();
                shows(gap_points(num(case.input("done_pct")), dec("100"), expected).unwrap(), case.expect(key));
            }
        }
        "budget_over_estimate" => {
            for row in case.rows() {
                let alert = !at_most_above(num(&row[1]), num(&row[0]), dec("0.1")).accepted();
                assert_eq!(alert, text(&row[2]) != "none", "{row:?}");
            }
        }
        "shares_to_100" => {
            let counts: Vec<Decimal> = case.input("counts").as_array().unwrap().iter().map(num).collect();
            let decimals = case.input("decimals").as_integer().unwrap() as u32;
            for (to_hundred, key) in [(false, "plain"), (true, "adjusted")] {
                let shares = shares_pct(&counts, decimals, to_hundred).unwrap();
                for (share, expected) in shares.into_iter().zip(case.expect(key).as_array().unwrap()) {
                    shows(share, expected);
                }
            }
        }
        _ => return false,
    }
    true
}
