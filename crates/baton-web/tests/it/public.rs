//! From draft to the public page: review, signature, issue, publicity, a claim, a takedown; and what strangers see.

use super::zone::*;

const NUMBER: &str = "试办〔2023〕1号";

async fn meeting(office: &mut Browser<'_>) -> String {
    let fields = [
        ("title", "一季度推进会"),
        ("period", "2023Q1"),
        ("on", "2023-04-02"),
        ("place", "三楼"),
        ("title-0", "通报情况"),
        ("minutes-0", "10"),
        ("venue-0", "主会场"),
        ("main", "0"),
    ];
    let made = office.post("/meetings/new", "/meetings", &fields).await.is(303);
    let path = made.location().split('?').next().unwrap().to_owned();
    for to in ["notified", "held"] {
        office.post(&path, &format!("{path}/state"), &[("to", to)]).await.is(303);
    }
    path
}

/// Where an answer leads, without its query.
fn to(answer: &Answer) -> String {
    answer.location().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_circular_goes_through_review_and_signature_to_the_public_and_down_again() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let mut leader = town.browser("leader").await;
    let mut stranger = town.stranger();
    let path = meeting(&mut office).await;
    let circular = format!("{path}/circular");
    let review = format!("{circular}/review");
    office.post(&circular, &review, &[("number", "")]).await.is(422).has("文号");
    let draft = to(&office.post(&circular, &review, &[("number", NUMBER)]).await.is(303));
    office.get(&draft).await.is(200).has("等审核").has("class=\"paper\"");
    town.browser("north.reporter").await.get(&draft).await.is(403);
    leader.get("/").await.is(200).has("要审签的文稿<span class=\"count\">1</span>").has("等审核");
    leader.post(&draft, &format!("{draft}/returned"), &[("because", "")]).await.is(422);
    leader.post(&draft, &format!("{draft}/reviewed"), &[]).await.is(303);
    office.post(&draft, &format!("{draft}/issue"), &[]).await.is(409);
    leader.post(&draft, &format!("{draft}/signature"), &[]).await.is(303);
    let paper = to(&office.post(&draft, &format!("{draft}/issue"), &[]).await.is(303));
    office.get(&draft).await.is(404);
    // Issued is not public: a stranger finds an empty page and nothing under the address.
    let public = paper.replace("/papers/", "/public/");
    stranger.get("/public").await.is(200).has("还没有主动公开的文件");
    stranger.get(&public).await.is(404);
    let decide = [("publicity", "open"), ("basis", "条例第二十条，已做保密审查")];
    office.post(&paper, &format!("{paper}/publicity"), &decide).await.is(409).has("登记权利");
    office.post(&paper, &format!("{paper}/rights"), &[("whose", "own"), ("holder", "试验区办公室")]).await.is(303);
    office.post(&paper, &format!("{paper}/publicity"), &decide).await.is(303);
    office.post(&paper, &format!("{paper}/archiving"), &[]).await.is(303);
    office.get(&paper).await.is(200).has("已归档").has("主动公开");
    let page = stranger.get("/public").await.is(200);
    page.has("推进情况的通报").has(NUMBER);
    let shown = stranger.get(&public).await.is(200);
    shown.has("class=\"paper\"").has("试验区办公室");
    assert_eq!(shown.headers["cache-control"], "public, max-age=300");
    assert!(shown.headers.contains_key("etag") && !shown.headers.contains_key("set-cookie"));
    for inside in ["/items/", "/units/", "/review/", "/submissions/", "csrf"] {
        assert!(!shown.text.contains(inside), "the public page leads inside: {inside}");
    }
    let digest = shown.text.split(&format!("{public}/files/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let file = stranger.get(&format!("{public}/files/{digest}")).await.is(200);
    assert!(file.text.starts_with("pdf "), "{}", file.text);
    stranger.get(&format!("{public}/files/numbers.csv")).await.is(200).has("place,value");
    stranger.get(&format!("{public}/files/{}", "0".repeat(64))).await.is(404);
    // A stranger claims a right; what the law asks for must be there.
    let claim = format!("{public}/claim");
    stranger.post_bare(&claim, &[("name", "某摄影师")]).await.is(422).has("三项都要有");
    let said = [("name", "某摄影师"), ("contact", "0000-1234567"), ("proof", "第二页的图是我的作品")];
    let done = stranger.post_bare(&claim, &said).await.is(303);
    stranger.get(done.location()).await.is(200).has("24 小时内处理");
    office.get("/intake").await.is(200).has("权利主张").has("某摄影师").has(&paper);
    // Taken down: gone with its reason for the public, its files gone for everybody, its record kept.
    office.post(&paper, &format!("{paper}/takedown"), &[("because", "图片权属有争议")]).await.is(303);
    stranger.get(&public).await.is(410).has("图片权属有争议");
    stranger.get(&format!("{public}/files/{digest}")).await.is(404);
    assert!(!stranger.get("/public").await.text.contains(NUMBER));
    office.get(&paper).await.is(200).has("图片权属有争议").has("下线");
    office.get(&format!("{paper}/files/{digest}")).await.is(409);
}

#[tokio::test]
async fn a_hidden_value_that_changes_leaves_every_public_byte_as_it_was() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let mut stranger = town.stranger();
    let path = meeting(&mut office).await;
    let circular = format!("{path}/circular");
    let paper = to(&office.post(&circular, &circular, &[("number", NUMBER)]).await.is(303));
    office.post(&paper, &format!("{paper}/rights"), &[("whose", "own"), ("holder", "办公室")]).await.is(303);
    let decide = [("publicity", "open"), ("basis", "条例第二十条")];
    office.post(&paper, &format!("{paper}/publicity"), &decide).await.is(303);
    let public = paper.replace("/papers/", "/public/");
    let mut before = Vec::new();
    let paths =
        ["/public".to_owned(), public.clone(), format!("{public}/files/numbers.csv"), format!("{public}/claim")];
    for path in &paths {
        before.push(stranger.get(path).await.is(200).text);
    }
    let mut checker = town.browser("north.checker").await;
    let form = format!("/rounds/{MARCH}/units/north");
    let cell = format!("c:i{BRIDGE}/m:spent");
    checker.post(&form, &form, &[(cell.as_str(), "777"), ("how", "submit")]).await.is(303);
    for (path, text) in paths.iter().zip(before) {
        assert_eq!(stranger.get(path).await.is(200).text, text, "{path}");
    }
}
