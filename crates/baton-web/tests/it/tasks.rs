//! A task from assignment to closing out, and a meeting with its circular.

use super::zone::*;

#[tokio::test]
async fn a_task_is_assigned_acknowledged_answered_returned_and_closed_out() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let fields = [
        ("title", "北桥四月合龙"),
        ("lead", "north"),
        ("co", "south"),
        ("day", "2023-04-30"),
        ("due_words", "四月底前"),
    ];
    office.post("/tasks/new", "/tasks", &[("title", "没有牵头")]).await.is(422).has("没有牵头").has("牵头单位");
    let made = office.post("/tasks/new", "/tasks", &fields).await.is(303);
    let path = made.location().split('?').next().unwrap().to_owned();
    let strand = |unit: &str, what: &str| format!("{path}/strands/{unit}/{what}");
    let north = NORTH.to_string();
    let mut reporter = town.browser("north.reporter").await;
    reporter.get("/").await.has("北桥四月合龙");
    reporter.post(&path, &strand(&north, "acknowledgement"), &[]).await.is(303);
    reporter.post(&path, &strand(&north, "feedback"), &[("last", "yes")]).await.is(422);
    reporter.post(&path, &strand(&north, "feedback"), &[("words", "已合龙"), ("last", "yes")]).await.is(303);
    // The unit does not judge itself.
    reporter.post(&path, &strand(&north, "completion"), &[]).await.is(403);
    reporter.post(&path, &strand(&north, "no-such-act"), &[]).await.is(404);
    office.get("/").await.has("北桥四月合龙");
    office.post(&path, &strand(&north, "return"), &[("words", "缺照片")]).await.is(303);
    reporter.get(&path).await.is(200).has("缺照片");
    reporter.post(&path, &strand(&north, "feedback"), &[("words", "补照片"), ("last", "yes")]).await.is(303);
    office.post(&path, &strand(&north, "completion"), &[]).await.is(303);
    office.get(&path).await.is(200).has("已办结");
    office.get("/tasks?as=board").await.is(200).has("北桥四月合龙");
    office.get("/tasks?due=notaday").await.is(200).has("看不懂");
    town.browser("nobody").await.get(&path).await.is(404);
}

#[tokio::test]
async fn a_meeting_is_planned_held_and_its_circular_issued_once() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let fields = [
        ("title", "一季度推进会"),
        ("period", "2023Q1"),
        ("on", "2023-04-02"),
        ("place", "三楼"),
        ("title-0", "通报情况"),
        ("minutes-0", "十分钟"),
        ("venue-0", "主会场"),
        ("venue-1", "北镇分会场"),
        ("venue-unit-1", "north"),
        ("main", "0"),
    ];
    office.post("/meetings/new", "/meetings", &fields).await.is(422);
    // The name of the meeting and the first line of its agenda are fields of their own.
    let mut fields = fields.to_vec();
    fields[5] = ("minutes-0", "10");
    let made = office.post("/meetings/new", "/meetings", &fields).await.is(303);
    let path = made.location().split('?').next().unwrap().to_owned();
    office.get(&path).await.is(200).has("通报情况").has("北镇分会场");
    for to in ["notified", "held"] {
        office.post(&path, &format!("{path}/state"), &[("to", to)]).await.is(303);
    }
    office
        .post(&path, &format!("{path}/outcomes"), &[("line", "0"), ("kind", "decision"), ("text", "照此办理")])
        .await
        .is(303);
    let raw = "各镇要加快(jiā kuài)建设。";
    let read =
        office.post(&path, &format!("{path}/speeches/reading"), &[("title", "讲话"), ("raw", raw)]).await.is(200);
    read.has("<del>").has("各镇要加快建设。");
    let circular = format!("{path}/circular");
    office.get(&circular).await.is(200).has("class=\"paper\"").has("关于2023年一季度重点工作");
    let draft = office.get(&format!("{circular}/pdf")).await.is(200);
    assert!(draft.text.starts_with("pdf "), "{}", draft.text);
    let page = office.get(&circular).await;
    let (csrf, key, base) = (page.hidden("csrf"), page.hidden("key"), page.hidden("base"));
    let issue =
        [("csrf", csrf.as_str()), ("key", key.as_str()), ("base", base.as_str()), ("number", "试办〔2023〕1号")];
    let head = town.head();
    let issued = office.post_bare(&circular, &issue).await.is(303);
    let again = office.post_bare(&circular, &issue).await.is(303);
    assert_eq!(again.location(), issued.location());
    assert_eq!(town.head(), head + 1, "issued once");
    let paper = issued.location().split('?').next().unwrap().to_owned();
    town.browser("north.reporter").await.get(&paper).await.is(200).has("试办〔2023〕1号");
    town.browser("nobody").await.get(&paper).await.is(404);
    town.browser("north.reporter").await.get(&circular).await.is(403);
}
