//! Lights: the published rule sets, their whole range, and what a rule with holes is told.

use crate::dec;
use baton_methods::lights::*;
use baton_methods::{Lang, Words};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn light(rule: &str, value: &str) -> Light {
    judge(preset(rule).unwrap(), dec(value)).light
}

#[test]
fn the_shipped_rule_sets_have_no_mistakes() {
    let (rules, faults) = load(PRESETS_TOML);
    assert_eq!(faults, []);
    let keys: Vec<&str> = rules.iter().map(|rule| rule.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "plan_ratio",
            "task_due",
            "start",
            "progress",
            "payment",
            "stat_entry",
            "month_task",
            "month_catch_up",
            "supervision_slip"
        ]
    );
    assert!(rules.iter().all(|rule| !rule.source.is_empty()), "each says where it comes from");
}

#[test]
fn the_progress_light_changes_where_the_published_text_says() {
    // Golden G14. Source: Yinchuan, lights of key projects; 0 to 10 points behind is our reading.
    for (gap, expected) in [
        ("0", Light::Ok),
        ("5", Light::Ok),
        ("-9.9", Light::Ok),
        ("-10", Light::Warn),
        ("-30", Light::Warn),
        ("-30.1", Light::Lag),
    ] {
        assert_eq!(light("progress", gap), expected, "{gap}");
    }
    assert!(preset("progress").unwrap().open_range.is_some(), "the reading is stated");
}

#[test]
fn the_other_published_lights_change_where_their_texts_say() {
    use Light::*;
    for (rule, steps) in [
        ("start", &[("0", Ok), ("1", Warn), ("2", Warn), ("3", Lag), ("5", Lag)][..]),
        ("payment", &[("-3", Ok), ("0", Ok), ("0.1", Lag)]),
        ("stat_entry", &[("0.9", Ok), ("1", Ok), ("1.1", Warn), ("2", Warn), ("2.1", Lag)]),
        ("month_task", &[("0", Best), ("1", Warn), ("2", Lag)]),
        ("month_catch_up", &[("0", Ok), ("1", Warn), ("2", Lag)]),
        ("supervision_slip", &[("9", Ok), ("4", Ok), ("3", Reminder), ("0", Reminder), ("-1", Lag)]),
        ("plan_ratio", &[("120", Ok), ("100", Ok), ("99.9", Warn), ("90", Warn), ("89.9", Lag), ("-5", Lag)]),
        ("task_due", &[("8", Ok), ("7", Warn), ("0", Warn), ("-1", Lag)]),
    ] {
        for (value, expected) in steps {
            assert_eq!(light(rule, value), *expected, "{rule} {value}");
        }
    }
}

#[test]
fn a_light_gives_its_reason_in_words_with_the_numbers() {
    let judged = judge(preset("progress").unwrap(), dec("-12.34"));
    assert_eq!(judged.reason_zh, "落后序时进度12.3个百分点，在10—30个百分点之间");
    assert_eq!(judged.reason(Lang::En), "12.3 points behind pace, between 10 and 30");
    assert_eq!((judged.value, judged.band), (Some(dec("-12.3")), Some(1)));
    let detailed = Reading {
        detail: Some(Words::new("完成629.0，计划647.4", "629.0 of 647.4")),
        ..Reading::from(dec("97.157"))
    };
    let judged = judge(preset("plan_ratio").unwrap(), detailed);
    assert_eq!(judged.reason_zh, "完成到期计划的97.2%，不足100%（完成629.0，计划647.4）");
    assert_eq!(judge(preset("task_due").unwrap(), -12).reason_zh, "已逾期12天");
}

#[test]
fn what_is_shown_is_what_is_judged() {
    // -30.04 is shown as -30.0, and judged so; -9.95 is shown as -10.0 (half away from zero).
    assert_eq!(light("progress", "-30.04"), Light::Warn);
    assert_eq!(light("progress", "-9.95"), Light::Warn);
    assert_eq!(light("progress", "-9.94"), Light::Ok);
}

#[test]
fn no_figure_gives_no_light_and_an_approved_exemption_suppresses_it() {
    let start = preset("start").unwrap();
    let judged = judge(start, None);
    assert_eq!((judged.light, judged.band), (Light::None, None));
    let exempt = Reading { exemption: Some(Words::new("不可抗力", "force majeure")), ..Reading::from(dec("5")) };
    assert_eq!(judge(start, exempt.clone()).light, Light::Exempt);
    assert!(judge(start, exempt.clone()).reason_zh.contains("不可抗力"));
    assert_eq!(
        judge(preset("task_due").unwrap(), exempt).light,
        Light::Warn,
        "where the rule knows no exemption it changes nothing"
    );
}

fn rule(input: &str, bands: &[(&str, &str)]) -> RuleSet {
    let mut text = format!("[[rule]]\nkey = \"r\"\nname = {{ zh = \"规则\", en = \"rule\" }}\ninput = \"{input}\"\n");
    for (bounds, light) in bands {
        text +=
            &format!("[[rule.bands]]\n{bounds}\nlight = \"{light}\"\nreason = {{ zh = \"理由\", en = \"reason\" }}\n");
    }
    load(&text).0.into_iter().next().unwrap_or_else(|| panic!("{:?}", load(&text).1))
}

fn told(rule: &RuleSet) -> Vec<String> {
    rule.faults().iter().map(|fault| fault.message(Lang::Zh)).collect()
}

#[test]
fn a_rule_with_a_hole_is_told_which_values_are_left_out() {
    let holes = rule("gap_points", &[("to = \"-30\"", "lag"), ("from = \"-20\"", "ok")]);
    assert_eq!(told(&holes), ["亮灯规则“r”没有覆盖 [-30, -20.1]，请补一档或改上下限"]);
    let point = rule("gap_points", &[("to = \"-30\"", "lag"), ("from = \"-30\"\nfrom_inclusive = false", "ok")]);
    assert_eq!(told(&point), ["亮灯规则“r”没有覆盖 -30，请补一档或改上下限"]);
    let open = rule("gap_points", &[("from = \"-30\"\nto = \"5\"", "ok")]);
    assert_eq!(
        told(&open),
        ["亮灯规则“r”没有覆盖 (-∞, -30.1]，请补一档或改上下限", "亮灯规则“r”没有覆盖 [5, +∞)，请补一档或改上下限"]
    );
    let whole = rule(
        "consecutive_misses",
        &[("from = \"1\"\nto = \"2\"\nto_inclusive = true", "warn"), ("from = \"3\"", "lag")],
    );
    assert_eq!(told(&whole), ["亮灯规则“r”没有覆盖 0，请补一档或改上下限"], "misses begin at 0");
    let judged = judge(&holes, dec("-25"));
    assert_eq!(judged.light, Light::None);
    assert!(judged.reason_zh.contains("-25.0"));
}

#[test]
fn a_rule_that_says_two_things_is_told_where() {
    let both = rule("gap_points", &[("to = \"0\"\nto_inclusive = true", "lag"), ("from = \"0\"", "ok")]);
    assert_eq!(told(&both), ["亮灯规则“r”第 1 档和第 2 档都含 0，请改上下限"]);
    let inner = rule("gap_points", &[("", "ok"), ("from = \"1\"\nto = \"2\"", "lag")]);
    assert_eq!(told(&inner), ["亮灯规则“r”第 1 档和第 2 档都含 [1, 1.9]，请改上下限"]);
}

#[test]
fn bands_of_whole_numbers_touch_without_sharing_a_bound() {
    let whole = rule(
        "days_over",
        &[
            ("to = \"0\"\nto_inclusive = true", "ok"),
            ("from = \"1\"\nto = \"9\"\nto_inclusive = true", "warn"),
            ("from = \"10\"", "lag"),
        ],
    );
    assert!(whole.faults().is_empty());
    assert_eq!(judge(&whole, 9).light, Light::Warn);
}

#[test]
fn other_mistakes_of_a_rule_are_named() {
    let codes = |text: &str| load(text).1.iter().map(RuleFault::code).collect::<Vec<_>>();
    let head = "[[rule]]\nkey = \"r\"\nname = { zh = \"规则\", en = \"rule\" }\ninput = \"ratio\"\n";
    assert_eq!(codes("rule = 5"), ["light.unreadable"]);
    assert_eq!(codes(&format!("{head}colour = \"red\"\nbands = []")), ["light.unreadable"]);
    assert_eq!(codes(&format!("{head}bands = []")), ["light.no_bands"]);
    let band = |reason: &str| format!("{head}bands = [ {{ light = \"ok\", reason = {reason} }} ]\n");
    assert_eq!(codes(&band("{ zh = \"{gap}\", en = \"x\" }")), ["light.unknown_placeholder"]);
    assert_eq!(codes(&band("{ zh = \"\", en = \"x\" }")), ["light.no_reason"]);
    let good = band("{ zh = \"理由\", en = \"x\" }");
    assert_eq!(codes(&good.repeat(2)), ["light.key_twice"]);
    assert_eq!(codes(&good.replace("input", "decimals = 9\ninput")), ["light.too_many_decimals"]);
    let empty =
        rule("gap_points", &[("to = \"0\"", "lag"), ("from = \"0\"\nto = \"0\"", "warn"), ("from = \"0\"", "ok")]);
    assert_eq!(empty.faults().iter().map(RuleFault::code).collect::<Vec<_>>(), ["light.empty_band"]);
    let extreme = rule("gap_points", &[("to = \"79228162514264337593543950335\"\nto_inclusive = true", "ok")]);
    assert!(extreme.faults().len() <= 1, "bounds at the end of all numbers do not overflow");
}

#[test]
fn a_rule_set_survives_being_written_and_read() {
    for rule in presets() {
        let text = toml::to_string(rule).unwrap();
        assert_eq!(&toml::from_str::<RuleSet>(&text).unwrap(), rule);
        assert!(rule.describe(Lang::Zh).len() == rule.bands.len());
    }
}

proptest! {
    #[test]
    fn every_value_lies_in_exactly_one_band_of_a_rule_without_faults(mantissa in -100_000i64..100_000, at in 0usize..9) {
        let rule = &presets()[at];
        let (least, greatest) = rule.input.range();
        let value = Decimal::new(mantissa, 2);
        let value = least.map_or(value, |least| value.max(least));
        let value = greatest.map_or(value, |greatest| value.min(greatest));
        let judged = judge(rule, value);
        let shown = judged.value.unwrap();
        prop_assert_eq!(rule.bands.iter().filter(|band| band.contains(shown)).count(), 1);
        let filled = [&judged.reason_zh, &judged.reason_en]
            .iter()
            .all(|reason| !reason.contains('{'));
        prop_assert!(judged.band.is_some() && filled);
    }

    #[test]
    fn faults_are_found_exactly_when_some_value_has_no_band_or_two(
        cuts in proptest::collection::vec((-30i64..30, -30i64..30, any::<bool>(), any::<bool>()), 1..5),
        open_low in any::<bool>(), open_high in any::<bool>(), whole in any::<bool>()
    ) {
        let last = cuts.len() - 1;
        let bands: Vec<Band> = cuts.iter().enumerate().map(|(at, (a, b, from_inclusive, to_inclusive))| Band {
            from: (at > 0 || !open_low).then(|| Decimal::new(*a.min(b), 1)),
            from_inclusive: *from_inclusive,
            to: (at < last || !open_high).then(|| Decimal::new(*a.max(b), 1)),
            to_inclusive: *to_inclusive,
            light: Light::Ok,
            reason: Words::new("理由", "reason"),
        }).collect();
        let mut rule = preset("progress").unwrap().clone();
        rule.input = if whole { Input::DaysOver } else { Input::GapPoints };
        rule.decimals = None;
        rule.bands = bands;
        let (step, scale) = if whole { (10, 0) } else { (1, 1) };
        let values: Vec<Decimal> = (-40..=40).filter(|v| v % step == 0).map(|v| Decimal::new(v / step, scale)).collect();
        let found = |value: &Decimal| rule.bands.iter().filter(|band| band.contains(*value)).count();
        let covered = values.iter().all(|value| found(value) == 1);
        let empty = rule.bands.iter().any(|band| !values.iter().any(|value| band.contains(*value)));
        prop_assert_eq!(rule.faults().is_empty(), covered && !empty, "{:?}", rule.faults());
        let gaps = rule.faults().iter().any(|fault| fault.code() == "light.gap");
        let overlaps = rule.faults().iter().any(|fault| fault.code() == "light.overlap");
        prop_assert_eq!(overlaps, values.iter().any(|value| found(value) > 1));
        if !empty {
            prop_assert_eq!(gaps, values.iter().any(|value| found(value) == 0));
        }
    }
}
