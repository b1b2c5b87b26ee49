//! Quantities: rounding, units, numbers and dates as people write them.

use crate::{day, dec};
use baton_methods::quantity::*;
use baton_methods::{Lang, Unit};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn read(text: &str, unit: Unit) -> Result<String, String> {
    parse_number(text, Some(unit)).map(|parsed| format_exact(parsed.value)).map_err(|error| error.code().to_string())
}

#[test]
fn halves_are_rounded_away_from_zero() {
    for (value, decimals, shown) in [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("2.5", 0, "3"),
        ("13.825", 1, "13.8"),
        ("1.005", 2, "1.01"),
        ("-0.04", 1, "0.0"),
        ("12", 2, "12.00"),
        ("1234567.891", 1, "1234567.9"),
    ] {
        assert_eq!(format_decimal(dec(value), decimals, false), shown);
    }
    assert_eq!(format_decimal(dec("1234567.891"), 1, true), "1,234,567.9");
    assert_eq!(format_decimal(dec("-123"), 0, true), "-123");
    assert_eq!(format_decimal(dec("-1234"), 2, true), "-1,234.00");
}

#[test]
fn units_convert_exactly_inside_their_dimension_only() {
    for (value, from, to, result) in [
        ("15", Unit::Mu, Unit::SquareMetre, "10000"),
        ("1", Unit::Hectare, Unit::Mu, "15"),
        ("1", Unit::SquareKilometre, Unit::Mu, "1500"),
        ("1.2", Unit::YiYuan, Unit::WanYuan, "12000"),
        ("3785000", Unit::PersonTime, Unit::WanPersonTime, "378.5"),
        ("90", Unit::Minute, Unit::Hour, "1.5"),
        ("12.5", Unit::Percent, Unit::Ratio, "0.125"),
        ("35", Unit::MicrogramPerCubicMetre, Unit::MilligramPerCubicMetre, "0.035"),
        ("150", Unit::YuanPerSquareMetre, Unit::WanYuanPerMu, "10"),
    ] {
        assert_eq!(convert(dec(value), from, to), Ok(dec(result)), "{value} {from} {to}");
    }
    // 1 mu = 2000/3 m², which no decimal holds: 28 digits of it.
    assert_eq!(round_half_up(convert(dec("1"), Unit::Mu, Unit::SquareMetre).unwrap(), 6), dec("666.666667"));
    for (from, to) in [
        (Unit::WanYuan, Unit::WanUsd),
        (Unit::Percent, Unit::Points),
        (Unit::Day, Unit::WorkingDay),
        (Unit::Household, Unit::Dwelling),
        (Unit::Tonne, Unit::Tce),
    ] {
        let error = convert(dec("1"), from, to).unwrap_err();
        assert!(error.message(Lang::Zh).contains(from.label(Lang::Zh)));
    }
}

#[test]
fn keys_labels_and_spellings_of_units_name_one_unit_each() {
    for unit in Unit::ALL.iter().copied() {
        assert_eq!(Unit::from_key(unit.key()), Some(unit));
        assert_eq!(Unit::find(unit.key()), Some(unit), "{}", unit.key());
        assert_eq!(Unit::find(unit.label(Lang::Zh)), Some(unit), "{}", unit.label(Lang::Zh));
        assert_eq!(unit.root().dimension(), unit.dimension());
        assert_eq!(unit.root().root(), unit.root());
        assert_eq!(toml::Value::try_from(unit).unwrap().try_into::<Unit>().unwrap(), unit);
    }
    assert_eq!(Unit::find("KWH"), Some(Unit::Kwh));
    assert_eq!(Unit::find("㎡"), Some(Unit::SquareMetre));
    assert_eq!(Unit::find(""), None);
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (text, unit, value) in [
        ("1234.5", Unit::WanYuan, "1234.5"),
        ("1,234.5", Unit::WanYuan, "1234.5"),
        ("１２，３４５．６", Unit::WanYuan, "12345.6"),
        ("1 234", Unit::WanYuan, "1234"),
        ("\u{a0}12\u{3000}", Unit::WanYuan, "12"),
        ("'00123", Unit::WanYuan, "123"),
        ("1.2亿", Unit::WanYuan, "12000"),
        ("1.2亿元", Unit::WanYuan, "12000"),
        ("12,000万元", Unit::WanYuan, "12000"),
        ("12000万", Unit::WanYuan, "12000"),
        ("1亿2000万元", Unit::WanYuan, "12000"),
        ("3.2万", Unit::WanYuan, "3.2"),
        ("3.2万", Unit::Person, "32000"),
        ("3.2万", Unit::WanPerson, "3.2"),
        ("5千万元", Unit::WanYuan, "5000"),
        ("3百万元", Unit::WanYuan, "300"),
        ("¥1,200", Unit::Yuan, "1200"),
        ("￥1200万元", Unit::YiYuan, "0.12"),
        ("2079万美元", Unit::WanUsd, "2079"),
        ("12.5%", Unit::Percent, "12.5"),
        ("12.5％", Unit::Percent, "12.5"),
        ("5‰", Unit::Percent, "0.5"),
        ("0.4个百分点", Unit::Points, "0.4"),
        ("－5", Unit::WanYuan, "-5"),
        ("−5", Unit::WanYuan, "-5"),
        ("+5", Unit::WanYuan, "5"),
        ("负5", Unit::WanYuan, "-5"),
        ("(120)", Unit::WanYuan, "-120"),
        ("（1,200.5）万元", Unit::WanYuan, "-1200.5"),
        ("120（万元）", Unit::WanYuan, "120"),
        ("-0", Unit::WanYuan, "0"),
        (".5", Unit::WanYuan, "0.5"),
        ("1.2E+05", Unit::WanYuan, "120000"),
        ("5e-3", Unit::WanYuan, "0.005"),
        ("15亩", Unit::SquareMetre, "10000"),
        ("1.26亿千瓦时", Unit::WanKwh, "12600"),
        ("200千瓦时", Unit::Kwh, "200"),
        ("3万亩", Unit::Mu, "30000"),
        ("十二", Unit::Piece, "12"),
        ("十二家", Unit::Firm, "12"),
        ("三个", Unit::Count, "3"),
        ("二十五", Unit::Count, "25"),
        ("一百零五", Unit::Count, "105"),
        ("三百二十", Unit::Count, "320"),
        ("五百万元", Unit::WanYuan, "500"),
        ("一亿二千万元", Unit::WanYuan, "12000"),
        ("1亿2千万元", Unit::WanYuan, "12000"),
        ("两亿千瓦时", Unit::WanKwh, "20000"),
        ("三万二千千瓦时", Unit::WanKwh, "3.2"),
        ("三个百分点", Unit::Points, "3"),
        ("12家", Unit::Count, "12"),
        ("5个工作日", Unit::WorkingDay, "5"),
    ] {
        assert_eq!(read(text, unit), Ok(value.to_string()), "{text}");
    }
}

#[test]
fn what_could_be_two_numbers_is_refused_with_a_reason_and_a_hint() {
    for (text, unit, code) in [
        ("", Unit::WanYuan, "number.empty"),
        ("   ", Unit::WanYuan, "number.empty"),
        ("—", Unit::WanYuan, "number.absent"),
        ("无", Unit::WanYuan, "number.absent"),
        ("N/A", Unit::WanYuan, "number.absent"),
        ("#DIV/0!", Unit::WanYuan, "number.spreadsheet_error"),
        ("abc", Unit::WanYuan, "number.unreadable"),
        ("1,23", Unit::WanYuan, "number.grouping"),
        ("1,2345", Unit::WanYuan, "number.grouping"),
        ("12345,678", Unit::WanYuan, "number.grouping"),
        ("1 2", Unit::WanYuan, "number.grouping"),
        ("1.234,5", Unit::WanYuan, "number.grouping"),
        ("1.2.3", Unit::WanYuan, "number.two_points"),
        ("1..2", Unit::WanYuan, "number.two_points"),
        ("12abc", Unit::WanYuan, "number.unknown_unit"),
        ("12万abc", Unit::WanYuan, "number.unknown_unit"),
        ("100-200", Unit::WanYuan, "number.range"),
        ("100至200", Unit::WanYuan, "number.range"),
        ("约120", Unit::WanYuan, "number.approximate"),
        ("120余", Unit::WanYuan, "number.approximate"),
        (">5", Unit::WanYuan, "number.approximate"),
        ("3万5", Unit::WanYuan, "number.multiplier_order"),
        ("3万5亿", Unit::WanYuan, "number.multiplier_order"),
        ("1.5亿2000万", Unit::WanYuan, "number.multiplier_order"),
        ("12亿万元", Unit::WanYuan, "number.multiplier_order"),
        ("3万", Unit::Percent, "number.multiplier_with_unit"),
        ("12%", Unit::WanYuan, "number.wrong_unit"),
        ("12%", Unit::Points, "number.wrong_unit"),
        ("12亩", Unit::WanYuan, "number.wrong_unit"),
        ("12万美元", Unit::WanYuan, "number.wrong_unit"),
        ("12天", Unit::WorkingDay, "number.wrong_unit"),
        ("一百五", Unit::Count, "number.unreadable"),
        ("123456789012345678901234567890", Unit::WanYuan, "number.too_long"),
    ] {
        assert_eq!(read(text, unit), Err(code.to_string()), "{text}");
        let error = parse_number(text, Some(unit)).unwrap_err();
        assert!(error.message(Lang::Zh) != error.message(Lang::En) && error.hint(Lang::Zh) != error.hint(Lang::En));
    }
}

#[test]
fn a_reading_says_what_was_understood() {
    let parsed = parse_number("1.2亿", Some(Unit::WanYuan)).unwrap();
    assert_eq!(parsed.understood, "1.2亿 = 12000 万元");
    assert_eq!((parsed.factor_applied, parsed.written_unit), (dec("10000"), None));
    assert_eq!(parsed.notes, [Note::Multiplied, Note::Converted]);
    let parsed = parse_number("12,000万元", Some(Unit::WanYuan)).unwrap();
    assert_eq!((parsed.factor_applied, parsed.written_unit), (dec("1"), Some(Unit::WanYuan)));
    assert!(parsed.notes.is_empty());
    let parsed = parse_number("（５）", None).unwrap();
    assert_eq!((parsed.value, parsed.unit), (dec("-5"), None));
    assert_eq!(parsed.notes, [Note::FullWidth, Note::AccountingBrackets]);
    assert_eq!(parse_number("12.5", None).unwrap().understood, "12.5");
    assert_eq!(parse_number("15亩", None).unwrap().unit, Some(Unit::Mu));
}

#[test]
fn dates_are_read_as_people_write_them() {
    for text in [
        "2023-04-26",
        "2023-4-26",
        "2023.4.26",
        "2023/4/26",
        "2023年4月26日",
        "2023年4月26号",
        "20230426",
        "45042",
        "45042.0",
        "２０２３年４月２６日",
        "2023 年 4 月 26 日",
        "2023-04-26 00:00:00",
        "2023-04-26T08:30:00",
        "'2023-4-26",
    ] {
        assert_eq!(parse_date(text, None), Ok(day("2023-04-26")), "{text}");
    }
    for text in ["4月26日", "4-26", "4/26", "4.26", "04月26号"] {
        assert_eq!(parse_date(text, Some(2023)), Ok(day("2023-04-26")), "{text}");
        assert_eq!(parse_date(text, None).unwrap_err().fault, DateFault::NoYear, "{text}");
    }
    for (text, fault) in [
        ("", DateFault::Empty),
        ("2023-02-29", DateFault::NoSuchDay),
        ("20231301", DateFault::NoSuchDay),
        ("202304", DateFault::NoDay),
        ("2023年4月", DateFault::NoDay),
        ("2023", DateFault::NoDay),
        ("26/4/2023", DateFault::Ambiguous),
        ("23-4-26", DateFault::Ambiguous),
        ("尽快", DateFault::Unreadable),
        ("123", DateFault::Unreadable),
        ("99999", DateFault::Unreadable),
    ] {
        assert_eq!(parse_date(text, Some(2023)).unwrap_err().fault, fault, "{text}");
    }
}

#[test]
fn the_fixed_point_keeps_six_decimals_and_refuses_what_it_would_lose() {
    assert_eq!(to_scaled(dec("12000.5")), Ok(12_000_500_000));
    assert_eq!(to_scaled(dec("0.0000010000")), Ok(1));
    assert_eq!(to_scaled(dec("0.0000001")), Err(ScaleError::TooFine(dec("0.0000001"))));
    assert_eq!(to_scaled(dec("9223372036854.775807")), Ok(i64::MAX));
    assert!(matches!(to_scaled(dec("9223372036854.775808")), Err(ScaleError::TooLarge(_))));
    assert_eq!(from_scaled(12_500_000).to_string(), "12.5");
    assert_eq!(from_scaled(0).to_string(), "0");
}

#[test]
fn shares_add_up_to_a_hundred_only_when_asked_to() {
    // Source: a county's half-year report of 2025, 222 cases in five groups (golden R22).
    let counts: Vec<Decimal> = [17, 10, 24, 9, 162].into_iter().map(Decimal::from).collect();
    let shown = |to_hundred| {
        shares_pct(&counts, 1, to_hundred)
            .unwrap()
            .iter()
            .map(|share| format_decimal(*share, 1, false))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(false), ["7.7", "4.5", "10.8", "4.1", "73.0"]);
    assert_eq!(shown(true), ["7.7", "4.5", "10.8", "4.1", "72.9"]);
    assert_eq!(shares_pct(&[Decimal::ZERO], 1, false), None);
    assert_eq!(shares_pct(&[Decimal::MAX, Decimal::MAX], 1, false), None);
}

/// Rounding half away from zero, done on the written digits.
fn round_on_paper(text: &str, decimals: usize) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = format!("{fraction:0<width$}", width = decimals + 1);
    let mut kept: Vec<u8> = format!("0{whole}{}", &fraction[..decimals]).bytes().map(|byte| byte - b'0').collect();
    if fraction.as_bytes()[decimals] >= b'5' {
        for digit in kept.iter_mut().rev() {
            *digit = (*digit + 1) % 10;
            if *digit != 0 {
                break;
            }
        }
    }
    let split = kept.len() - decimals;
    let show = |digits: &[u8]| digits.iter().map(|digit| char::from(b'0' + digit)).collect::<String>();
    let whole = show(&kept[..split]);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let out = if decimals == 0 { whole.to_string() } else { format!("{whole}.{}", show(&kept[split..])) };
    let zero = out.chars().all(|c| c == '0' || c == '.');
    if zero { out } else { format!("{sign}{out}") }
}

fn units() -> impl Strategy<Value = Unit> {
    proptest::sample::select(Unit::ALL.to_vec())
}

proptest! {
    #[test]
    fn rounding_agrees_with_rounding_on_paper(mantissa in -1_000_000_000_000i64..1_000_000_000_000, scale in 0u32..10, decimals in 0u32..7) {
        let value = Decimal::new(mantissa, scale);
        prop_assert_eq!(format_decimal(value, decimals, false), round_on_paper(&value.to_string(), decimals as usize));
    }

    #[test]
    fn a_formatted_number_is_read_back(mantissa in any::<i64>(), scale in 0u32..7, grouped in any::<bool>(), unit in units()) {
        let value = Decimal::new(mantissa, scale);
        let text = format_decimal(value, scale, grouped);
        prop_assert_eq!(parse_number(&text, Some(unit)).unwrap().value, value);
        let wide: String = text.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
        prop_assert_eq!(parse_number(&wide, Some(unit)).unwrap().value, value);
        let with_unit = format!("{text}{}", unit.label(Lang::Zh));
        prop_assert_eq!(parse_number(&with_unit, Some(unit)).unwrap().value, value);
    }

    #[test]
    fn a_written_unit_is_converted_to_the_declared_one(mantissa in -1_000_000i64..1_000_000, scale in 0u32..5, from in units(), to in units()) {
        let value = Decimal::new(mantissa, scale);
        let text = format!("{value}{}", from.label(Lang::Zh));
        let parsed = parse_number(&text, Some(to));
        match convert(value, from, to) {
            Ok(expected) => prop_assert_eq!(parsed.unwrap().value, expected),
            Err(_) => prop_assert_eq!(parsed.unwrap_err().code(), "number.wrong_unit"),
        }
    }

    #[test]
    fn converting_there_and_back_gives_the_same(mantissa in any::<i32>(), scale in 0u32..7, from in units(), to in units()) {
        let value = Decimal::new(i64::from(mantissa), scale);
        if let Ok(there) = convert(value, from, to) {
            prop_assert_eq!(round_half_up(convert(there, to, from).unwrap(), 12), value);
        }
    }

    #[test]
    fn the_fixed_point_reads_back(scaled in any::<i64>()) {
        prop_assert_eq!(to_scaled(from_scaled(scaled)), Ok(scaled));
    }

    #[test]
    fn a_chinese_numeral_is_read_as_it_is_built(number in 1u32..100_000_000) {
        prop_assert_eq!(parse_number(&in_chinese(number), Some(Unit::Count)).unwrap().value, Decimal::from(number));
        let yuan = format!("{}元", in_chinese(number));
        prop_assert_eq!(parse_number(&yuan, Some(Unit::Yuan)).unwrap().value, Decimal::from(number));
    }

    #[test]
    fn excel_serials_are_days_since_the_end_of_1899(serial in 20_000i64..79_990) {
        let date = parse_date(&serial.to_string(), None).unwrap();
        prop_assert_eq!(date.duration_since(day("1899-12-30")).as_hours() / 24, serial);
        prop_assert_eq!(parse_date(&date.to_string(), None), Ok(date));
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "\\PC{0,30}|[0-9０-９,，. '万亿千百十元%()（）一二三十eE+\\-年月日/]{0,16}", unit in units()) {
        let _ = parse_number(&text, Some(unit));
        let _ = parse_number(&text, None);
        let _ = parse_date(&text, Some(2023));
    }
}

/// A number in Chinese numerals, with 零 where digits are skipped.
fn in_chinese(number: u32) -> String {
    let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let section = |mut part: u32, fill: bool| {
        let mut out = String::new();
        let mut skipped = fill && part < 1000;
        for (power, word) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = part / power;
            part %= power;
            if digit == 0 {
                skipped = skipped || !out.is_empty();
                continue;
            }
            if skipped {
                out.push_str("零");
            }
            skipped = false;
            out.push_str(digits[digit as usize]);
            out.push_str(word);
        }
        out
    };
    let (wan, rest) = (number / 10_000, number % 10_000);
    match (wan, rest) {
        (0, rest) => section(rest, false),
        (wan, 0) => format!("{}万", section(wan, false)),
        (wan, rest) => format!("{}万{}", section(wan, false), section(rest, true)),
    }
}
