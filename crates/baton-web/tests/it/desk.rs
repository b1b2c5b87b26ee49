//! What comes to a person's desk: search, notices, complaints with their answers; and what is kept off it.

use super::zone::*;

#[tokio::test]
async fn search_finds_one_character_and_only_what_the_reader_may_see() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    // 工 stands in both works; the name of one holds markup, which stays text.
    let page = office.get("/search?q=%E6%A1%A5").await.is(200);
    page.has("<mark class=\"hit\">桥</mark>").has("&lt;b&gt;").has(&format!("/items/{BRIDGE}"));
    assert!(!page.text.contains(&format!("/items/{CANAL}")));
    office.get("/search?q=s-1").await.is(200).has(&format!("/items/{CANAL}"));
    office.get("/search?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D").await.is(200).has("没有找到");
    // A reporter of the north does not find the works of the south: as if they were not there.
    let mut north = town.browser("north.reporter").await;
    let hidden = north.get("/search?q=S-1&part=hits").await.is(200);
    assert!(!hidden.text.contains(&format!("{CANAL}")) && hidden.text.contains("没有找到"), "{}", hidden.text);
    let part = office.get("/search?q=N-1&part=hits").await.is(200);
    assert!(!part.text.contains("<html") && part.text.contains("<mark"), "the hits alone");
}

#[tokio::test]
async fn notices_say_why_they_come_and_are_new_until_looked_at() {
    let town = Town::new().await;
    let mut reporter = town.browser("north.reporter").await;
    // The round of March is open and due in three days.
    let page = reporter.get("/notices").await.is(200);
    page.has("快到期").has("2023-04-05 到期").has("您为北镇报数").has("class=\"tag strong\">新<");
    let csrf = reporter.csrf().await;
    reporter.post_bare("/notices/seen", &[("csrf", &csrf), ("base", &town.head().to_string())]).await.is(303);
    let page = reporter.get("/notices").await.is(200);
    assert!(page.text.contains("快到期") && !page.text.contains("class=\"tag strong\">新<"), "{}", page.text);
    // Somebody else's looking changes nothing for others.
    let mut checker = town.browser("north.checker").await;
    checker.get("/notices").await.is(200).has("class=\"tag strong\">新<");
    // Who holds no role gets none.
    let mut nobody = town.browser("nobody").await;
    nobody.get("/notices").await.is(200).has("没有通知");
}

#[tokio::test]
async fn a_complaint_reaches_the_office_and_the_answer_its_sender_alone() {
    let town = Town::new().await;
    let mut north = town.browser("north.reporter").await;
    let csrf = north.csrf().await;
    north.post_bare("/feedback", &[("csrf", &csrf), ("text", "")]).await.is(422).has("请写要说的事");
    let told = [("csrf", csrf.as_str()), ("about", "/rounds"), ("text", "同一个数要报三遍<i>")];
    north.post_bare("/feedback", &told).await.is(303);
    north.get("/feedback").await.is(200).has("同一个数要报三遍&#60;i&#62;").has("已收到");
    north.get("/intake").await.is(403);
    let mut south = town.browser("south.reporter").await;
    assert!(!south.get("/feedback").await.text.contains("报三遍"));
    let mut office = town.browser("office").await;
    office.get("/").await.is(200).has("投诉建议<span class=\"count\">1</span>").has("同一个数要报三遍");
    let list = office.get("/intake").await.is(200);
    let path = format!("/intake/{}", list.text.split("action=\"/intake/").nth(1).unwrap().split('"').next().unwrap());
    let csrf = office.csrf().await;
    let empty = [("csrf", csrf.as_str()), ("state", "answered"), ("answer", "")];
    office.post_bare(&path, &empty).await.is(422).has("请写答复");
    let answer = [("csrf", csrf.as_str()), ("state", "answered"), ("answer", "已并成一张表")];
    office.post_bare(&path, &answer).await.is(303);
    north.get("/feedback").await.is(200).has("已并成一张表").has("已答复");
    assert!(!office.get("/").await.text.contains("投诉建议<span class=\"count\">"));
}

#[tokio::test]
async fn what_bears_a_mark_of_secrecy_is_turned_away_and_nothing_is_stored() {
    let town = Town::new().await;
    let mut north = town.browser("north.reporter").await;
    let csrf = north.csrf().await;
    let head = town.head();
    let told = [("csrf", csrf.as_str()), ("text", "机 密 ★ 3年")];
    north.post_bare("/feedback", &told).await.is(422).has("机密★").has("什么都没有存");
    assert_eq!(town.head(), head);
    assert!(town.app.journal.store().intakes().await.unwrap().is_empty());
    // An ordinary word is none.
    let told = [("csrf", csrf.as_str()), ("text", "商业秘密怎么填")];
    north.post_bare("/feedback", &told).await.is(303);
}

#[tokio::test]
async fn the_letter_goes_only_where_somebody_asked_for_it() {
    let town = Town::new().await;
    let mut north = town.browser("north.reporter").await;
    let csrf = north.csrf().await;
    north.post_bare("/account/mail", &[("csrf", &csrf), ("mail", "nobody")]).await.is(422).has("不是邮箱地址");
    north.post_bare("/account/mail", &[("csrf", &csrf), ("mail", "jia@north.example")]).await.is(303);
    north.get("/account").await.has("value=\"jia@north.example\"").has("还没有配置发信");
    let all = baton_web::Mail::everybody(town.app.journal.store()).await.unwrap();
    assert_eq!(all.iter().map(|(_, m)| m.address.as_str()).collect::<Vec<_>>(), ["jia@north.example"]);
    north.post_bare("/account/mail", &[("csrf", &csrf), ("mail", "")]).await.is(303);
    assert!(baton_web::Mail::everybody(town.app.journal.store()).await.unwrap().is_empty());
}
