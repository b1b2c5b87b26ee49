//! Garbling: our own texts garbled in the ways that scraped and pasted texts are, and cleaned again.

use super::house;
use baton_text::clean;
use opencc_fmmseg::OpenCC;
use pinyin::ToPinyin;
use std::path::PathBuf;
use std::sync::LazyLock;

static CONVERTER: LazyLock<OpenCC> = LazyLock::new(OpenCC::new);

/// Own texts that are clean as they stand.
fn texts() -> Vec<(String, String)> {
    house::files(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/labels/own"), "toml")
        .into_iter()
        .map(|path| {
            let labels: toml::Table = toml::from_str(&house::read(&path)).expect("labels");
            (house::stem(&path), labels["text"].as_str().expect("a text").to_owned())
        })
        .filter(|(name, _)| !name.contains("garbled"))
        .collect()
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Puts something behind every `step`-th Chinese character.
fn after_each(text: &str, step: usize, with: impl Fn(char) -> Option<String>) -> String {
    let mut count = 0;
    let mut garbled = String::new();
    for c in text.chars() {
        garbled.push(c);
        if is_han(c) {
            count += 1;
            if count % step == 0
                && let Some(with) = with(c)
            {
                garbled.push_str(&with);
            }
        }
    }
    garbled
}

fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '，' => ',',
            '：' => ':',
            '；' => ';',
            '（' => '(',
            '）' => ')',
            '！' => '!',
            _ => c,
        })
        .collect()
}

/// Cleaning brings back what was garbled, byte for byte.
fn comes_back(how: &str, garble: impl Fn(&str) -> String) {
    for (name, text) in texts() {
        let garbled = garble(&text);
        assert_ne!(garbled, text, "{how}: {name} is not garbled at all");
        let cleaned = clean(&garbled).text;
        for (got, want) in cleaned.lines().zip(text.lines()) {
            assert_eq!(got, want, "{how}: {name}");
        }
        assert_eq!(cleaned, text, "{how}: {name}");
    }
}

#[test]
fn the_texts_of_our_own_are_clean_as_they_stand() {
    for (name, text) in texts() {
        let cleaned = clean(&text);
        assert_eq!(cleaned.text, text, "{name}");
        assert!(cleaned.steps.is_empty(), "{name}: {:?}", cleaned.steps);
    }
}

#[test]
fn readings_in_all_their_forms_come_out() {
    comes_back("toned", |text| after_each(text, 3, |c| Some(format!("({})", c.to_pinyin()?.with_tone()))));
    comes_back("with a blank", |text| after_each(text, 5, |c| Some(format!("({} )", c.to_pinyin()?.with_tone()))));
    comes_back("full-width brackets", |text| {
        after_each(text, 4, |c| Some(format!("（{}）", c.to_pinyin()?.with_tone())))
    });
    comes_back("tone figures", |text| {
        after_each(text, 4, |c| Some(format!("({})", c.to_pinyin()?.with_tone_num_end())))
    });
    comes_back("no tones", |text| after_each(text, 4, |c| Some(format!("[{}]", c.to_pinyin()?.plain()))));
    comes_back("other letters", |text| {
        after_each(text, 4, |c| Some(format!("({})", c.to_pinyin()?.with_tone().replace('g', "ɡ").replace('a', "ɑ"))))
    });
    comes_back("ruby", |text| after_each(text, 6, |c| Some(format!("<rt>{}</rt>", c.to_pinyin()?.with_tone()))));
}

#[test]
fn traditional_script_with_half_width_marks_comes_back() {
    comes_back("traditional", |text| CONVERTER.s2t(text, false));
    comes_back("traditional with half-width marks", |text| half_width(&CONVERTER.s2t(text, false)));
    comes_back("Hong Kong", |text| CONVERTER.s2hk(text, false));
    comes_back("traditional with readings", |text| {
        half_width(&after_each(&CONVERTER.s2t(text, false), 4, |c| Some(format!("({})", c.to_pinyin()?.with_tone()))))
    });
}

#[test]
fn marks_blanks_entities_and_byte_order_marks_come_back() {
    comes_back("half-width", half_width);
    comes_back("byte order mark and line ends", |text| format!("\u{feff}{}", text.replace('\n', "\r\n")));
    comes_back("indented with wide blanks", |text| {
        text.lines().map(|line| format!("\u{3000}\u{3000}{line}\u{a0}\n")).collect()
    });
    comes_back("entities", |text| {
        text.replace('“', "&ldquo;").replace('”', "&rdquo;").replace('，', "&#65292;").replace('。', "&#x3002;")
            + "&nbsp;"
    });
    comes_back("paragraph tags", |text| {
        text.lines()
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("<span style=\"x\">{line}</span>\n") })
            .collect()
    });
    comes_back("full-width figures", |text| {
        text.chars()
            .map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c })
            .collect()
    });
    comes_back("noise commas", |text| text.replace('。', ",。").replace('；', ",；").replace('、', "、,"));
    comes_back("invisible characters", |text| after_each(text, 7, |_| Some("\u{200b}".to_owned())));
}

#[test]
fn whole_texts_in_the_wrong_encoding_come_back() {
    comes_back("UTF-8 read as Western European", |text| text.bytes().map(char::from).collect());
    comes_back("GB18030 read as Western European", |text| {
        encoding_rs::GB18030.encode(text).0.iter().copied().map(char::from).collect()
    });
}

#[test]
fn files_in_other_encodings_are_told_apart() {
    for (name, text) in texts() {
        assert_eq!(baton_text::decode(&encoding_rs::GB18030.encode(&text).0).text, text, "{name}");
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(baton_text::decode(&wide).text, text, "{name}");
        let traditional = CONVERTER.s2t(&text, false);
        let (big5, _, failed) = encoding_rs::BIG5.encode(&traditional);
        if !failed {
            assert_eq!(clean(&baton_text::decode(&big5).text).text, text, "{name}");
        }
    }
}
