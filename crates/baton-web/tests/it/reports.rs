//! From the form to the accepted figure: drafts, mistakes, two persons, corrections, the same form twice.

use super::zone::*;
use axum::body::Body;
use axum::http::header;

fn form() -> String {
    format!("/rounds/{MARCH}/units/north")
}
fn bridge() -> String {
    format!("c:i{BRIDGE}/m:spent")
}
fn note() -> String {
    format!("c:i{BRIDGE}/f:note")
}

#[tokio::test]
async fn a_figure_goes_from_reporter_through_checker_to_the_office_and_onto_the_page() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let (bridge, note) = (bridge(), note());
    reporter.get("/").await.has("要报的<span class=\"count\">1</span>");
    // Ten times the year's target is asked about and explained.
    let explained = format!("e:i{BRIDGE}/m:spent");
    let fields = [
        (bridge.as_str(), "1.2亿"),
        (note.as_str(), "等<图纸>"),
        (explained.as_str(), "一次性收购"),
        ("how", "propose"),
    ];
    let sent = reporter.post(&form(), &form(), &fields).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    reporter.get(sent.location()).await.is(200).has("待").has("12,000").has("等&#60;图纸&#62;").has("交审核人");
    reporter.get("/").await.is(200).has("没有等您办的事");
    // Proposed does not count yet, and the proposer does not check himself.
    reporter.post(&form(), &format!("{path}/submission"), &[]).await.is(403);
    let mut checker = town.browser("north.checker").await;
    checker.get("/").await.has("要审核的<span class=\"count\">1</span>");
    checker.post(&path, &format!("{path}/submission"), &[]).await.is(303);
    let mut office = town.browser("office").await;
    office.get("/").await.has("要审定的<span class=\"count\">1</span>");
    office.get(&format!("/items/{BRIDGE}")).await.is(200).has("class=\"hollow\"");
    office.post(&path, &format!("{path}/acceptance"), &[]).await.is(303);
    let item = office.get(&format!("/items/{BRIDGE}")).await.is(200);
    item.has("12,000").has("&#60;b&#62;");
    assert!(!item.text.contains("class=\"hollow\">12,000"), "accepted is solid");
    office.get("/review/2023Q1").await.is(200).has("12,000").has("1 项指标");
    office.get("/").await.is(200).has("没有等您办的事");
}

#[tokio::test]
async fn mistakes_come_back_at_their_cells_with_everything_typed_still_there() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let head = town.head();
    let (bridge, note) = (bridge(), note());
    let fields = [(bridge.as_str(), "-5"), (note.as_str(), "写了很久的话"), ("how", "propose")];
    let answer = reporter.post(&form(), &form(), &fields).await.is(422);
    answer
        .has("有以下问题")
        .has("错误：")
        .has("value=\"-5\"")
        .has("写了很久的话")
        .has("aria-invalid=\"true\"")
        .has("href=\"#c0-0-0\"");
    assert_eq!(town.head(), head, "nothing entered");
    // A fresh page shows the draft that was kept.
    reporter.get(&form()).await.is(200).has("value=\"-5\"").has("写了很久的话");
    // Required and empty: said, and what is filled may go alone.
    let fields = [(bridge.as_str(), ""), (note.as_str(), "只有话"), ("how", "propose")];
    reporter.post(&form(), &form(), &fields).await.is(422).has("必填的空 1 格");
    let fields = [(note.as_str(), "只有话"), ("how", "part")];
    reporter.post(&form(), &form(), &fields).await.is(303);
}

#[tokio::test]
async fn the_same_form_sent_twice_is_entered_once() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let page = reporter.get(&form()).await.is(200);
    let (csrf, key, base) = (page.hidden("csrf"), page.hidden("key"), page.hidden("base"));
    let bridge = bridge();
    let fields = [("csrf", csrf.as_str()), ("key", &key), ("base", &base), (bridge.as_str(), "33"), ("how", "propose")];
    let head = town.head();
    let first = reporter.post_bare(&form(), &fields).await.is(303);
    let second = reporter.post_bare(&form(), &fields).await;
    assert_eq!(town.head(), head + 1);
    assert_eq!(second.location(), first.location(), "{} {}", second.status, second.text);
}

#[tokio::test]
async fn the_script_keeps_a_draft_and_two_windows_keep_both_values() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let csrf = reporter.csrf().await;
    let head = town.head();
    let bridge = bridge();
    let path = format!("{}/draft", form());
    let one = reporter.post_bare(&path, &[("csrf", &csrf), ("revision", ""), (bridge.as_str(), "41")]).await.is(200);
    one.has("\"revision\":1").has("\"all\":");
    reporter.post_bare(&path, &[("csrf", &csrf), ("revision", "1"), (bridge.as_str(), "42")]).await.is(200);
    let late = reporter.post_bare(&path, &[("csrf", &csrf), ("revision", "1"), (bridge.as_str(), "43")]).await.is(200);
    late.has("clashes").has("\"43\"").has("\"42\"");
    let page = reporter.get(&form()).await.is(200);
    page.has("value=\"42\"").has("草稿存于").has("另一窗口填的").has("43");
    assert_eq!(town.head(), head, "autosave never makes an entry");
    let mut checker = town.browser("north.checker").await;
    let beside = checker.get(&form()).await.is(200);
    beside.has("在填 42");
    assert!(!beside.text.contains("value=\"42\""), "nobody types into another's cells");
    // One of the two is chosen, and nothing is left to choose.
    let choice = format!("k:i{BRIDGE}/m:spent");
    let revision = page.hidden("revision");
    let chosen = [("csrf", csrf.as_str()), ("revision", &revision), (bridge.as_str(), "42"), (&choice, "theirs")];
    reporter.post_bare(&path, &chosen).await.is(200).has("\"clashes\":[]");
    reporter.get(&form()).await.has("value=\"43\"");
}

#[tokio::test]
async fn a_pasted_block_is_laid_into_the_cells_and_kept_as_a_draft() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let fields = [("how", "paste"), ("paste", "77\t贴上的话\r\n"), ("paste_row", "0-0"), ("paste_column", "0-0")];
    let laid = reporter.post(&form(), &form(), &fields).await.is(303);
    assert!(laid.location().ends_with("laid=2&locked=0&over=0"), "{}", laid.location());
    reporter.get(laid.location()).await.has("粘贴了 2 格");
    let elsewhere = [("how", "paste"), ("paste", "1"), ("paste_row", "0-0"), ("paste_column", "7-0")];
    reporter.post(&form(), &form(), &elsewhere).await.is(422);
    reporter.get(&form()).await.has("value=\"77\"").has("贴上的话");
}

#[tokio::test]
async fn a_returned_submission_names_its_cell_and_a_late_correction_keeps_the_record() {
    let town = Town::new().await;
    let mut checker = town.browser("north.checker").await;
    let bridge = bridge();
    let sent = checker.post(&form(), &form(), &[(bridge.as_str(), "90"), ("how", "submit")]).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    let mut office = town.browser("office").await;
    office.post(&path, &format!("{path}/return"), &[]).await.is(422).has("理由");
    let mark = format!("i{BRIDGE}/spent");
    office.post(&path, &format!("{path}/return"), &[("because", "与凭证不符"), ("marks", &mark)]).await.is(303);
    checker.get("/").await.has("退回来的<span class=\"count\">1</span>").has("与凭证不符");
    checker.get(&path).await.has("退回时标出");
    checker.get(&form()).await.has("与凭证不符");
    checker.post(&form(), &form(), &[(bridge.as_str(), "80"), ("how", "submit")]).await.is(303);
    town.clock.set("2023-04-20T01:00:00Z".parse().unwrap());
    let mut checker = town.browser("north.checker").await;
    // The round is closed: only a correction with a reason.
    let figure = format!("/items/{BRIDGE}/figures/spent/2023M03");
    let act = format!("{figure}/correction");
    checker.post(&figure, &act, &[("value", "八十五"), ("because", "发票补到"), ("how", "submit")]).await;
    checker.post(&figure, &act, &[("value", "85"), ("how", "submit")]).await.is(422).has("value=\"85\"");
    checker.post(&figure, &act, &[("value", "85"), ("because", "发票补到"), ("how", "submit")]).await.is(303);
    checker.get(&figure).await.is(200).has("发票补到").has("<strong>85").has("<strong>80").has("<strong>90");
    let then = checker.get(&format!("{figure}?known=2023-04-10")).await.is(200);
    then.has("<strong>80").has("只能看");
    assert!(!then.text.contains("发票补到") && !then.text.contains("更正理由"), "the past shows what was known then");
}

#[tokio::test]
async fn evidence_is_served_only_through_what_names_it() {
    let town = Town::new().await;
    let mut checker = town.browser("north.checker").await;
    let page = checker.get(&form()).await.is(200);
    let (csrf, key, base) = (page.hidden("csrf"), page.hidden("key"), page.hidden("base"));
    let mut body = String::new();
    for (name, value) in [("csrf", csrf.as_str()), ("key", &key), ("base", &base), (&bridge(), "5"), ("how", "submit")]
    {
        body.push_str(&format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--X\r\nContent-Disposition: form-data; name=\"evidence\"; filename=\"../发票 1.pdf\"\r\nContent-Type: text/html\r\n\r\n%PDF-1.4 <script>alert(1)</script>\r\n--X--\r\n");
    let request = checker
        .request("POST", &form())
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X")
        .header(header::ORIGIN, format!("http://{HOST}"))
        .body(Body::from(body))
        .unwrap();
    let sent = town.send(request).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    let page = checker.get(&path).await.is(200);
    page.has("发票 1.pdf");
    let from = page.text.find(&format!("{path}/files/")).unwrap();
    let file: String = page.text[from..].chars().take_while(|c| *c != '"').collect();
    let served = checker.get(&file).await.is(200);
    assert!(served.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment;"));
    assert_eq!(served.headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
    assert!(!served.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains(".."));
    town.browser("south.reporter").await.get(&file).await.is(404);
    checker.get(&file.replace("/submissions/", "/items/")).await.is(404);
}

#[tokio::test]
async fn what_is_no_workbook_is_refused_with_a_reason_and_nothing_enters() {
    let town = Town::new().await;
    if !town.app.worker_exe.exists() {
        println!("skipped: {} is not built", town.app.worker_exe.display());
        return;
    }
    let mut checker = town.browser("north.checker").await;
    let page = checker.get(&form()).await.is(200);
    let csrf = page.hidden("csrf");
    let head = town.head();
    let body = format!(
        "--X\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--X\r\nContent-Disposition: form-data; \
         name=\"workbook\"; filename=\"a.xlsx\"\r\n\r\nMZ not a workbook\r\n--X--\r\n"
    );
    let request = checker
        .request("POST", &format!("{}/workbook", form()))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X")
        .header(header::ORIGIN, format!("http://{HOST}"))
        .body(Body::from(body))
        .unwrap();
    town.send(request).await.is(422).has("有以下问题");
    assert_eq!(town.head(), head);
    let book = checker.get(&format!("{}/workbook", form())).await.is(200);
    assert!(book.text.starts_with("PK"), "the fill-in workbook is a package");
}

#[tokio::test]
async fn what_waits_for_the_checker_stands_in_the_form_and_what_came_back_too_with_its_marks() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let (bridge, note) = (bridge(), note());
    let fields = [(bridge.as_str(), "410"), (note.as_str(), "缺钢材"), ("how", "propose")];
    let sent = reporter.post(&form(), &form(), &fields).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    let page = reporter.get(&form()).await.is(200);
    page.has("已交审核人").has(&format!("href=\"{path}\"")).has("value=\"410\"").has("缺钢材").has("cell waiting");
    assert!(!page.text.contains("必填的还空着"), "nothing is missing while it waits");
    // What waits is not sent a second time: there is nothing new in it.
    let head = town.head();
    let again = [(bridge.as_str(), "410"), (note.as_str(), "缺钢材"), ("how", "propose")];
    reporter.post(&form(), &form(), &again).await.is(422);
    assert_eq!(town.head(), head);
    let mut checker = town.browser("north.checker").await;
    let mark = format!("i{BRIDGE}/spent");
    checker.post(&path, &format!("{path}/submission"), &[]).await.is(303);
    let mut office = town.browser("office").await;
    let back = [("because", "与凭证不符"), ("marks", mark.as_str())];
    office.post(&path, &format!("{path}/return"), &back).await.is(303);
    let page = reporter.get(&form()).await.is(200);
    page.has("与凭证不符").has("value=\"410\"").has("缺钢材").has("cell doubt").has("退回时标出");
    // Mended, it goes again: the cell that was not touched goes with it.
    let mended = [(bridge.as_str(), "400"), (note.as_str(), "缺钢材"), ("how", "propose")];
    let sent = reporter.post(&form(), &form(), &mended).await.is(303);
    reporter.get(sent.location()).await.is(200).has("<strong>400").has("缺钢材");
}

#[tokio::test]
async fn an_old_draft_does_not_spoil_what_was_accepted_since_and_can_be_thrown_away() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let (bridge, note) = (bridge(), note());
    // A page opened while the cell was empty keeps saving its blank after the checker has reported.
    let page = reporter.get(&form()).await.is(200);
    let (csrf, base) = (page.hidden("csrf"), page.hidden("base"));
    let draft = format!("{}/draft", form());
    let blank = [("csrf", csrf.as_str()), ("base", &base), (bridge.as_str(), ""), (note.as_str(), "要征地")];
    reporter.post_bare(&draft, &blank).await.is(200);
    let mut checker = town.browser("north.checker").await;
    let sent = checker.post(&form(), &form(), &[(bridge.as_str(), "90"), ("how", "submit")]).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    town.browser("office").await.post(&path, &format!("{path}/acceptance"), &[]).await.is(303);
    reporter.post_bare(&draft, &blank).await.is(200);
    let page = reporter.get(&form()).await.is(200);
    page.has("value=\"90\"").has("要征地");
    assert!(!page.text.contains("cell wrong"), "{}", page.text);
    // A page that showed 90 keeps saving 90 after it was corrected to 95: it says nothing new.
    let seq = page.hidden(&format!("n:{}", &bridge[2..]));
    let because = [(bridge.as_str(), "95"), ("how", "submit"), ("because", "核实")];
    let seq_name = format!("n:{}", &bridge[2..]);
    let mut more = because.to_vec();
    more.push((seq_name.as_str(), seq.as_str()));
    checker.post(&form(), &form(), &more).await.is(303);
    let stale = [("csrf", csrf.as_str()), ("base", &base), (bridge.as_str(), "90"), (seq_name.as_str(), seq.as_str())];
    reporter.post_bare(&draft, &stale).await.is(200);
    let page = reporter.get(&form()).await.is(200);
    page.has("value=\"95\"");
    assert!(!page.text.contains("value=\"90\""), "{}", page.text);
    let kept = [("csrf", csrf.as_str()), (note.as_str(), "不要的话")];
    reporter.post_bare(&draft, &kept).await.is(200);
    reporter.get(&form()).await.has("不要的话").has("不要草稿");
    reporter.post(&form(), &form(), &[("how", "discard")]).await.is(303);
    assert!(!reporter.get(&form()).await.text.contains("不要的话"));
}

#[tokio::test]
async fn a_withheld_figure_is_written_with_the_word_that_pages_show() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    let bridge = bridge();
    let sent =
        reporter.post(&form(), &form(), &[(bridge.as_str(), "暂不报送：发票未到"), ("how", "propose")]).await.is(303);
    reporter.get(sent.location()).await.is(200).has("暂不报送：发票未到");
    reporter.get(&form()).await.is(200).has("value=\"暂不报送：发票未到\"").has("本月");
}

#[tokio::test]
async fn ticks_and_choices_stay_after_a_mistake() {
    let town = Town::new().await;
    let mut checker = town.browser("north.checker").await;
    let bridge = bridge();
    let sent = checker.post(&form(), &form(), &[(bridge.as_str(), "90"), ("how", "submit")]).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    let mut office = town.browser("office").await;
    let mark = format!("i{BRIDGE}/spent");
    let answer = office.post(&path, &format!("{path}/return"), &[("marks", &mark)]).await.is(422);
    answer.has(&format!("name=\"marks\" value=\"{mark}\" checked"));
}

#[tokio::test]
async fn an_odd_figure_is_questioned_and_its_explanation_reaches_the_office() {
    let town = Town::new().await;
    let mut checker = town.browser("north.checker").await;
    let (bridge, explained) = (bridge(), format!("e:i{BRIDGE}/m:spent"));
    // More than a year's target in March is asked about; nothing is entered until it is explained.
    let head = town.head();
    let odd = [(bridge.as_str(), "9000000"), ("how", "submit")];
    let asked = checker.post(&form(), &form(), &odd).await.is(422);
    asked.has("存疑").has("超过全年目标").has("name=\"e:");
    assert_eq!(town.head(), head);
    let fields = [(bridge.as_str(), "9000000"), (explained.as_str(), "一次性收购"), ("how", "submit")];
    let sent = checker.post(&form(), &form(), &fields).await.is(303);
    let mut office = town.browser("office").await;
    office.get(sent.location()).await.is(200).has("存疑说明：一次性收购");
    office.get(&format!("/items/{BRIDGE}/figures/spent/2023M03")).await.has("一次性收购");
}

#[tokio::test]
async fn a_marked_cell_comes_back_with_its_word_and_a_whole_row_is_filled_without_a_script() {
    let town = Town::new().await;
    let mut checker = town.browser("north.checker").await;
    let bridge = bridge();
    checker.post(&form(), &form(), &[("how", "zero:0-0")]).await.is(303);
    checker.get(&form()).await.has("value=\"0\"");
    let sent = checker.post(&form(), &form(), &[(bridge.as_str(), "90"), ("how", "submit")]).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    let mut office = town.browser("office").await;
    let word = format!("w:i{BRIDGE}/spent");
    office.post(&path, &format!("{path}/return"), &[(word.as_str(), "发票只有 80")]).await.is(303);
    let back = checker.get(&form()).await.is(200);
    back.has("退回时标出：发票只有 80").has("doubt marked").has("value=\"90\"");
    checker.post(&form(), &form(), &[(bridge.as_str(), "80"), ("how", "submit")]).await.is(303);
}

#[tokio::test]
async fn two_editors_of_one_report_see_both_values_and_lose_none() {
    let town = Town::new().await;
    let (bridge, choice) = (bridge(), format!("k:i{BRIDGE}/m:spent"));
    let mut reporter = town.browser("north.reporter").await;
    let mut checker = town.browser("north.checker").await;
    let page = reporter.get(&form()).await.is(200);
    let (csrf, key) = (page.hidden("csrf"), page.hidden("key"));
    checker.post(&form(), &form(), &[(bridge.as_str(), "90"), ("how", "submit")]).await.is(303);
    // The reporter's page is older: both values stand there, the note goes in as it is.
    let note = note();
    let old = [("csrf", csrf.as_str()), ("key", &key), (bridge.as_str(), "95"), (&note, "等图纸"), ("how", "propose")];
    let both = reporter.post_bare(&form(), &old).await.is(422);
    both.has("两个数").has("value=\"95\"").has("等图纸");
    let version = both.hidden(&format!("n:i{BRIDGE}/m:spent"));
    assert_ne!(version, "0");
    let chosen = [(bridge.as_str(), "95"), (&choice, "mine"), (&note, "等图纸"), ("how", "propose")];
    let sent = reporter.post(&form(), &form(), &chosen).await.is(303);
    reporter.get(sent.location()).await.has("<strong>95").has("等图纸");
}

#[tokio::test]
async fn the_office_urges_closes_and_moves_what_was_said_in_the_wrong_month() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let round = format!("/rounds/{MARCH}");
    office.get(&round).await.has("催报").has("提前关闭");
    office.post(&round, &format!("{round}/urging"), &[("units", "north")]).await.is(303);
    office.get(&round).await.has("后可再催");
    office.post(&round, &format!("{round}/urging"), &[("units", "north")]).await.is(409);
    let mut checker = town.browser("north.checker").await;
    checker.get(&form()).await.has("催报：");
    let bridge = bridge();
    let sent = checker.post(&form(), &form(), &[(bridge.as_str(), "90"), ("how", "submit")]).await.is(303);
    let path = sent.location().split('?').next().unwrap().to_owned();
    office.get(&path).await.has("报错了单位或月份").has("还没有印发的文件");
    let act = format!("{path}/move");
    let fields = [("unit", "north"), ("period", "2023M02"), ("move_because", "")];
    office.post(&path, &act, &fields).await.is(422);
    let fields = [("unit", "north"), ("period", "2023M02"), ("move_because", "填错了月份")];
    let moved = office.post(&path, &act, &fields).await.is(303);
    office.get(moved.location()).await.is(200).has("2023年2月").has("填错了月份");
    office.post(&round, &format!("{round}/closing"), &[("close_because", "提前收齐")]).await.is(303);
    office.get(&round).await.has("提前收齐").has("重新开放");
    checker.post(&form(), &form(), &[(bridge.as_str(), "91"), ("how", "submit")]).await.is(409);
}
