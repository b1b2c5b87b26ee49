//! The paper as PDF: every measure of the standard, measured.

use baton_documents::pdf;
use baton_kernel::document::*;

use crate::measured::{FONTS, Ink, near, set};
use crate::specimen;

/// Pitch of lines and width of a character.
const LINE: f64 = 225.0 / 22.0;
const CHAR: f64 = 156.0 / 28.0;
/// Width of a 4号 character.
const SMALL: f64 = 14.0 * 25.4 / 72.0;
/// Height of a 3号 character.
const BODY: f64 = 16.0 * 25.4 / 72.0;

fn plain(paragraphs: &[&str]) -> Document {
    Document { blocks: paragraphs.iter().map(|it| Block::paragraph(*it)).collect(), ..Document::default() }
}

#[test]
fn a_page_holds_22_lines_of_28_characters() {
    let text = "国".repeat(28 * 60 - 2);
    let Some(paper) = set(&plain(&[&text])) else { return };
    let page = &paper.pages[0];
    near("paper width", page.width, 210.0, 0.1);
    near("paper height", page.height, 297.0, 0.1);
    let lines: Vec<_> = page.lines.iter().filter(|line| line.text.contains('国')).collect();
    assert_eq!(lines.len(), 22);
    assert_eq!(lines[0].text.chars().count(), 26, "the first line is indented by two characters");
    near("indent", lines[0].left, 28.0 + 2.0 * CHAR, 0.3);
    for pair in lines[1..].windows(2) {
        assert_eq!(pair[0].text.chars().count(), 28);
        near("left edge", pair[0].left, 28.0, 0.3);
        near("right edge", pair[0].right, 184.0, 0.5);
        near("pitch", pair[1].top - pair[0].top, LINE, 0.05);
    }
    let bands = paper.bands(1, Ink::Black);
    near("middle of the first line", (bands[0].top + bands[0].bottom) / 2.0, 37.0 + LINE / 2.0, 0.5);
    near("middle of the last line", (bands[21].top + bands[21].bottom) / 2.0, 262.0 - LINE / 2.0, 0.5);
}

#[test]
fn the_red_head_stands_where_the_standard_wants_it() {
    let Some(paper) = set(&specimen::circular()) else { return };
    let (red, black) = (paper.bands(1, Ink::Red), paper.bands(1, Ink::Black));
    let (mark, rule) = (red[0], red[1]);
    near("upper edge of the mark below the text's", mark.top, 37.0 + 35.0, 1.0);
    assert!(mark.left >= 28.0 - 0.5 && mark.right <= 184.0 + 0.5, "the mark fits the text: {mark:?}");
    near("mark centred", (mark.left + mark.right) / 2.0, 106.0, 1.0);
    let number = black[0];
    near("two blank lines between mark and number", number.top - mark.bottom, 2.0 * LINE, 1.0);
    near("number centred", (number.left + number.right) / 2.0, 106.0, 1.0);
    near("red rule below the number", rule.top - number.bottom, 4.0, 1.0);
    near("length of the red rule", rule.right - rule.left, 156.0, 0.5);
    let title = black[1];
    // 2号 characters (22 pt) stand in the middle of a line of 34 pt.
    near("two blank lines between rule and title", title.top - rule.bottom - 6.0 * 25.4 / 72.0, 2.0 * LINE, 1.0);
    near("title centred", (title.left + title.right) / 2.0, 106.0, 1.0);
    let (last_title, addressees) = (black[2], black[3]);
    let gap = addressees.top - last_title.bottom - 6.0 * 25.4 / 72.0 - (LINE - BODY) / 2.0;
    near("one blank line between title and addressees", gap, LINE, 1.0);
    let page = &paper.pages[0];
    near("addressees flush left", page.line("各镇、街道").left, 28.0, 0.5);
    assert!(page.text().contains("一季度，全区上下"), "the first page shows body text");
}

#[test]
fn headings_and_paragraphs_begin_two_characters_in() {
    let Some(paper) = set(&specimen::circular()) else { return };
    let page = &paper.pages[0];
    for words in ["一、总体情况", "（一）项目建设", "一季度，全区上下"] {
        // A full-width bracket's ink begins in the middle of its character; its box does not.
        near(words, page.line(words).left, 28.0 + 2.0 * CHAR, 1.0);
    }
}

#[test]
fn attachments_note_signature_and_date_follow_the_unsealed_rule() {
    let Some(paper) = set(&specimen::circular()) else { return };
    let page = paper.pages.iter().find(|page| page.text().contains("（此件公开发布）")).unwrap();
    let before = page.line("室约谈主要负责人");
    let (first, second) = (page.line("1.2023年一季度重点项目进展情况表"), page.line("2.问题整改清单"));
    near("one blank line above the attachments note", first.top - before.top, 2.0 * LINE, 0.3);
    near("attachments note two characters in", first.left, 28.0 + 2.0 * CHAR, 0.5);
    near("second attachment below the first one's number", second.left, 28.0 + 5.0 * CHAR, 1.0);
    let (name, date) = (page.line("云岭新区党政办公室"), page.line("2023年4月26日"));
    near("one blank line above the name", name.top - second.top, 2.0 * LINE, 0.3);
    near("name two characters from the right", name.right, 184.0 - 2.0 * CHAR, 0.5);
    near("date two characters right of the name", date.left - name.left, 2.0 * CHAR, 0.5);
    near("date on the line below", date.top - name.top, LINE, 0.3);
    let note = page.line("（此件公开发布）");
    near("note two characters in", note.left, 28.0 + 2.0 * CHAR, 1.0);
    near("note below the date", note.top - date.top, LINE, 0.3);
}

#[test]
fn a_date_longer_than_the_name_takes_the_right_place() {
    let mut document = plain(&["正文。"]);
    document.signature = Some(Signature { organ: "办公室".into(), date: "2023年10月26日".into() });
    let Some(paper) = set(&document) else { return };
    let (name, date) = (paper.pages[0].line("办公室"), paper.pages[0].line("2023年10月26日"));
    near("date two characters from the right", date.right, 184.0 - 2.0 * CHAR, 0.5);
    near("date two characters right of the name", date.left - name.left, 2.0 * CHAR, 0.5);
}

#[test]
fn a_signature_never_stands_on_a_page_without_text() {
    for lines in 14..22 {
        let mut document = plain(&[&"国".repeat(28 * lines - 2), "请认真贯彻落实。"]);
        document.signature =
            Some(Signature { organ: "云岭新区党政办公室".into(), date: "2023年4月26日".into() });
        let Some(paper) = set(&document) else { return };
        let page = paper.pages.iter().find(|page| page.text().contains("2023年4月26日")).unwrap();
        assert!(page.text().contains("请认真贯彻落实。"), "{lines} lines: {}", page.text());
    }
}

#[test]
fn page_numbers_stand_seven_millimetres_below_the_text_odd_right_even_left() {
    let Some(paper) = set(&specimen::circular()) else { return };
    let odd = paper.pages[0].line("—1—");
    near("odd number one character from the right", odd.right, 184.0 - SMALL, 1.0);
    let even = paper.pages[1].line("—2—");
    near("even number one character from the left", even.left, 28.0 + SMALL, 1.0);
    let number = *paper.bands(1, Ink::Black).last().unwrap();
    near("dashes below the text", (number.top + number.bottom) / 2.0, 262.0 + 7.0, 1.0);
}

#[test]
fn attachments_begin_new_pages_with_their_title_on_the_third_line() {
    let Some(paper) = set(&specimen::circular()) else { return };
    let page = paper.pages.iter().find(|page| page.lines.iter().any(|line| line.text == "附件2")).unwrap();
    let label = page.line("附件2");
    near("label flush left", label.left, 28.0, 0.5);
    let number = paper.pages.iter().position(|it| it.lines.iter().any(|line| line.text == "附件2")).unwrap() + 1;
    let bands = paper.bands(number, Ink::Black);
    near("label on the first line", (bands[0].top + bands[0].bottom) / 2.0, 37.0 + LINE / 2.0, 0.5);
    near("title on the third line", (bands[1].top + bands[1].bottom) / 2.0, 37.0 + 2.5 * LINE, 1.0);
}

#[test]
fn the_imprint_stands_at_the_foot_of_an_even_last_page_between_rules() {
    let Some(paper) = set(&specimen::circular()) else { return };
    assert_eq!(paper.pages.len() % 2, 0);
    let bands = paper.bands(paper.pages.len(), Ink::Black);
    let rules: Vec<_> =
        bands.iter().filter(|band| band.right - band.left > 155.0 && band.bottom - band.top < 0.6).collect();
    let [first, middle, last] = rules[..] else { panic!("three rules: {bands:?}") };
    near("last rule on the text's lower edge", last.bottom, 262.0, 0.3);
    near("first rule", first.bottom - first.top, 0.35, 0.1);
    near("middle rule", middle.bottom - middle.top, 0.25, 0.1);
    near("last rule", last.bottom - last.top, 0.35, 0.1);
    let page = paper.pages.last().unwrap();
    near("copies one character in", page.line("抄送：").left, 28.0 + SMALL, 0.5);
    near("organ one character in", page.line("云岭新区党政办公室").left, 28.0 + SMALL, 0.5);
    near("print date one character in", page.line("2023年4月26日印发").right, 184.0 - SMALL, 0.5);
    assert!(page.text().contains("7c1e-9a40-52bd"), "the head hash is printed at the end");
    assert!(paper.pages[..paper.pages.len() - 1].iter().all(|page| !page.text().contains("7c1e-9a40-52bd")));
}

#[test]
fn the_imprint_finds_an_even_page_and_a_blank_page_before_it_has_no_number() {
    let mut blank_seen = false;
    for lines in [5, 18, 21, 22, 30, 40, 43, 44] {
        let mut document = plain(&[&"国".repeat(28 * lines - 2)]);
        document.imprint =
            Some(Imprint {
                copies: vec![], organ: "云岭新区党政办公室".into(), date: "2023年4月26日印发".into()
            });
        let Some(paper) = set(&document) else { return };
        assert_eq!(paper.pages.len() % 2, 0, "{lines} lines");
        for (index, page) in paper.pages.iter().enumerate() {
            let (number, text) = (index + 1, page.text());
            let last = number == paper.pages.len();
            assert_eq!(text.contains("印发"), last, "{lines} lines, page {number}");
            let numbered = text.contains(&format!("—{number}—"));
            let blank = paper.pages[..paper.pages.len() - 1].last().is_some_and(|page| !page.text().contains('国'));
            blank_seen |= blank;
            assert_eq!(numbered, text.contains('国') || (last && !blank), "{lines} lines, page {number}: {text}");
        }
    }
    assert!(blank_seen, "one of the lengths must need a blank page");
}

#[test]
fn a_draft_says_so_on_every_page_and_an_issued_paper_nowhere() {
    let mut document = specimen::circular();
    let Some(issued) = set(&document) else { return };
    assert!(issued.pages.iter().all(|page| !page.text().contains('稿')));
    document.draft = true;
    let draft = set(&document).unwrap();
    for (index, page) in draft.pages.iter().enumerate() {
        let text = page.text();
        assert!(text.contains('草') && text.contains('稿'), "page {}: {text}", index + 1);
    }
    assert_eq!(draft.pages.len(), issued.pages.len(), "a watermark takes no room");
}

#[test]
fn words_are_never_read_as_markup() {
    let words = r##"#panic("a")*粗*_斜_$x^2$<标>@甲[乙]\丙`丁`--//注 &lt; "双" '单' =等 - 减"##;
    let mut document = plain(&[words]);
    document.title = vec!["#import<标题>*".into()];
    document.addressees = Some("#各镇：".into());
    document.blocks.push(Block::Table(Table {
        head: vec![vec![HeadCell::one("#头*")]],
        columns: vec![Column::text(1)],
        rows: vec![Row { cells: vec![Cell::text("#格_子_")], kind: RowKind::Normal }],
        ..Table::default()
    }));
    let Some(paper) = set(&document) else { return };
    let found: String = paper.pages[0].text().chars().filter(|it| !it.is_whitespace()).collect();
    let wanted: String = words.chars().filter(|it| !it.is_whitespace()).collect();
    assert!(found.contains(&wanted), "{found}");
    for words in ["#import<标题>*", "#各镇：", "#头*", "#格_子_"] {
        assert!(found.contains(words), "{words} in {found}");
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_names_the_fonts_that_stood_in() {
    let Ok(report) = FONTS.report() else {
        println!("skipped: no Chinese font is here");
        return;
    };
    let (first, second) = (pdf(&specimen::circular(), &FONTS).unwrap(), pdf(&specimen::circular(), &FONTS).unwrap());
    assert!(first.bytes == second.bytes);
    let wanted: Vec<_> = report.iter().map(|it| it.wanted.as_str()).collect();
    assert_eq!(wanted, ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"]);
    assert_eq!(first.font_report, report);
    assert!(first.bytes.len() < 600_000, "only the characters used are embedded: {}", first.bytes.len());
}

#[test]
fn a_machine_without_chinese_fonts_says_what_to_install() {
    let empty = tempfile::tempdir().unwrap();
    let fonts = baton_documents::Fonts::discover([empty.path().to_owned()]);
    let error = pdf(&specimen::minutes(), &fonts).unwrap_err().to_string();
    assert!(
        error.contains("没有找到中文字体")
            && error.contains("no Chinese font found")
            && error.contains("fonts-noto-cjk"),
        "{error}"
    );
}

#[test]
fn drawings_are_part_of_the_page_with_their_words_as_text() {
    let Some(paper) = set(&specimen::circular()) else { return };
    let lines = paper.pages.iter().flat_map(|page| &page.lines);
    let text: String = lines.flat_map(|line| line.text.chars()).filter(|it| !it.is_whitespace()).collect();
    for words in ["重点项目完成投资，累计（亿元）", "目标186.00", "实际31.62", "各单位完成年度计划（%）", "滞后"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn minutes_hang_their_roll_and_print_issue_organ_and_date_above_the_rule() {
    let mut document = specimen::minutes();
    document.draft = false;
    let Some(paper) = set(&document) else { return };
    let page = &paper.pages[0];
    let rule = paper.bands(1, Ink::Red)[1];
    let (issue, organ) = (page.line("第7期"), page.line("云岭新区党政办公室"));
    assert!(issue.top < organ.top && organ.bottom < rule.bottom + 2.0);
    near("organ one character in", organ.left, 28.0 + CHAR, 1.0);
    let roll = page.line("出席");
    near("roll two characters in", roll.left, 28.0 + 2.0 * CHAR, 0.5);
    let next = page.lines.iter().find(|line| line.top > roll.top + 5.0 && !line.text.contains('—')).unwrap();
    near("names hang below names", next.left, 28.0 + 5.0 * CHAR, 0.5);
}

#[test]
fn an_english_paper_speaks_english() {
    let document = Document {
        lang: Lang::En,
        draft: true,
        title: vec!["Quarterly review".into()],
        blocks: vec![Block::paragraph("Investment reached 31.62.")],
        attachments_note: vec!["Table of projects".into()],
        attachments: vec![Attachment {
            title: "Table of projects".into(),
            landscape: false,
            blocks: vec![Block::paragraph("None.")],
        }],
        ..Document::default()
    };
    let Some(paper) = set(&document) else { return };
    assert!(paper.pages[0].text().contains("Attachments:Tableofprojects"), "{}", paper.pages[0].text());
    assert!(paper.pages[1].text().contains("Attachment"));
    assert!(paper.pages[0].text().contains("DRAFT") || paper.pages[0].text().contains('D'));
}
