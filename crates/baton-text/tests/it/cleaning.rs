//! Cleaning: the published case, garblings of our own, and what must stay.

use super::house;
use baton_text::{clean, decode};

#[test]
fn the_scraped_article_cleans_to_the_published_text_byte_for_byte() {
    let Some(shared) = house::shared() else { return };
    let raw = house::read(shared.join("data/seed/000_463d5c3ed4e0be60.txt"));
    let expected = house::read(shared.join("data/seed/seed_clean.txt"));
    let cleaned = clean(&raw);
    for (got, want) in cleaned.text.lines().zip(expected.lines()) {
        assert_eq!(got, want);
    }
    assert_eq!(cleaned.text, expected);
    println!("{:?}", cleaned.counts());
}

#[test]
fn clean_texts_of_the_genre_stay_as_they_are() {
    let Some(shared) = house::shared() else { return };
    let expected = house::read(shared.join("data/seed/seed_clean.txt"));
    let cleaned = clean(&expected);
    assert_eq!(cleaned.text, expected);
    assert!(cleaned.steps.is_empty());
}

#[test]
fn marks_readings_blanks_and_bytes_are_repaired() {
    for (garbled, expected) in [
        ("會(huì )議", "会议"),
        ("會（hui4）議", "会议"),
        ("各鎮(街、辦)要加快項目(PPP)建設", "各镇（街、办）要加快项目(PPP)建设"),
        ("他跟著走,著力解決著作權問題", "他跟着走，着力解决著作权问题"),
        ("\u{feff}来源:\u{a0}某报\r\n", "来源：某报\n"),
        ("完成投資12,000萬元,增長8.5%;", "完成投资12,000万元，增长8.5%；"),
        ("10:30開會:請準時", "10:30开会：请准时"),
        ("&ldquo;雙過半&rdquo;&nbsp;要實現", "“双过半” 要实现"),
        ("建設進展順利?,F將有關事項", "建设进展顺利。现将有关事项"),
        ("加快推進,、落實,;抓好,。", "加快推进、落实；抓好。"),
        ("<p>會議要求,</p><p>各單位要落實</p>", "会议要求，\n\n各单位要落实\n"),
        ("２０２３年４月２６日", "2023年4月26日"),
        ("「雙過半」", "“双过半”"),
        ("实现\"双过半\"目标", "实现“双过半”目标"),
        ("会 议 要 求 各 镇", "会议要求各镇"),
        ("2023 年 4 月 26 日", "2023年4月26日"),
        ("⼀季度⼯作", "一季度工作"),
        ("成效顯著,著力改善,著名企業", "成效显著，着力改善，著名企业"),
        ("澂江開會", "澄江开会"),
    ] {
        assert_eq!(clean(garbled).text, expected, "{garbled}");
        assert_eq!(clean(expected).text, expected, "{expected}");
    }
}

#[test]
fn bytes_read_in_the_wrong_encoding_are_read_again() {
    let text = "会议要求，各镇街要加快项目建设。";
    let (gbk, _, _) = encoding_rs::GB18030.encode(text);
    let western = |bytes: &[u8]| encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
    assert_eq!(clean(&western(text.as_bytes())).text, text);
    assert_eq!(clean(&western(&gbk)).text, text);
    let latin: String = text.bytes().map(char::from).collect();
    assert_eq!(clean(&latin).text, text);
    let even = "会议要求各镇街要加快项目建设";
    let (wrong, _, _) = encoding_rs::GBK.decode(even.as_bytes());
    assert_eq!(clean(&wrong).text, even);
    assert_eq!(decode(&gbk).text, text);
    assert_eq!(decode(text.as_bytes()).text, text);
}

#[test]
fn words_that_keep_their_character_stay_in_simplified_texts() {
    for text in ["成效显著。", "著名企业云集，显著提升。", "乾县、乾坤湾", "编著者著有专著。", "沈阳后方干部发展"]
    {
        assert_eq!(clean(text).text, text);
    }
}

#[test]
fn a_rare_form_in_a_simplified_text_stays() {
    let text = "会议由张昇主持，各镇街、各部门要加快推进重点项目建设，确保全年目标任务圆满完成，为高质量发展提供有力支撑，奋力谱写新篇章，不断满足人民群众对美好生活的向往。";
    assert_eq!(clean(text).text, text);
}

#[test]
fn lines_that_a_page_broke_are_joined_and_page_numbers_go() {
    for (garbled, expected) in [
        (
            "    各镇街要在九月底前完成全部老旧小区改造任\n务，并建立长效管护机制；住建局要加强质量监\n管，每月通报一次进度。\n                — 2 —\n",
            "各镇街要在九月底前完成全部老旧小区改造任务，并建立长效管护机制；住建局要加强质量监管，每月通报一次进度。\n",
        ),
        ("会议要求，各单位要\n加快进度。", "会议要求，各单位要\n加快进度。"),
        ("责任单位：区住建局\n完成时限：六月底前", "责任单位：区住建局\n完成时限：六月底前"),
        ("一、加快项目建设\n二、优化营商环境", "一、加快项目建设\n二、优化营商环境"),
    ] {
        assert_eq!(clean(garbled).text, expected, "{garbled}");
        assert_eq!(clean(expected).text, expected, "{expected}");
    }
}

#[test]
fn a_stretch_read_in_the_wrong_encoding_is_mended_within_what_was_read_right() {
    let stretch = "会议要求各镇街";
    let (wrong, _, _) = encoding_rs::GBK.decode(&stretch.as_bytes()[..18]);
    assert_eq!(clean(&format!("{wrong}街道办加快建设。")).text, "会议要求各镇街道办加快建设。");
    for text in ["鑫源机械、罡泰铸造两家企业", "佟懿馨、璩瑾瑜参加"] {
        assert_eq!(clean(text).text, text);
    }
}

#[test]
fn a_scanned_line_with_a_blank_behind_every_character_closes() {
    assert_eq!(
        clean("1 . 各 镇 于 10 月 25 日 前 普 查 一 遍 , 建 立 台 账 .").text,
        "1.各镇于10月25日前普查一遍，建立台账。"
    );
    assert_eq!(clean("拼经济 抓项目 促发展").text, "拼经济 抓项目 促发展");
}
