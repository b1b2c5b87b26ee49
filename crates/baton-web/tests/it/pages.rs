//! What every page has: headers, no inline code, an as-of line that forgives a bad date, both languages.

use super::zone::*;

const PAGES: &[&str] = &[
    "/",
    "/menu",
    "/account",
    "/review/2023Q1",
    "/review/2023Q1?since=2023-04-01",
    "/review/2023Q1?as=screen",
    "/notices",
    "/feedback",
    "/intake",
    "/items",
    "/items/N-1",
    "/items/new",
    "/rounds",
    "/rounds/new",
    "/meetings",
    "/meetings/new",
    "/tasks",
    "/tasks/new",
    "/papers",
    "/units",
    "/blueprint",
    "/search?q=N",
    "/no/such/page",
];

#[tokio::test]
async fn every_page_carries_its_guards_and_no_code_of_its_own() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let form = format!("/rounds/{MARCH}/units/north");
    for path in PAGES.iter().copied().chain([form.as_str()]) {
        let page = office.get(path).await;
        let header =
            |name: &str| page.headers.get(name).unwrap_or_else(|| panic!("{path}: no {name}")).to_str().unwrap();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-request-id").len(), 12);
        for bad in [" style=\"", "<style", "javascript:", " onclick=", " onload=", " onerror=", "<b>工程"] {
            assert!(!page.text.contains(bad), "{path}: {bad}");
        }
        let scripts = page.text.matches("<script").count();
        assert_eq!(scripts, page.text.matches("<script type=\"module\" src=\"/assets/").count(), "{path}");
        assert!(page.text.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">"), "{path}");
        // Every form that changes something carries the token.
        for form in page.text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            assert!(!form.contains("method=\"post\"") || form.contains("name=\"csrf\""), "{path}: {form}");
        }
        // Labels, and ids used once.
        for id in
            page.text.match_indices(" id=\"").map(|(at, mark)| page.text[at + mark.len()..].split('"').next().unwrap())
        {
            assert_eq!(page.text.matches(&format!(" id=\"{id}\"")).count(), 1, "{path}: id {id}");
        }
    }
}

#[tokio::test]
async fn a_bad_date_is_said_and_the_page_stays() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    for (typed, words) in [("garbage", "不是日期"), ("2024-01-01", "还没有到"), ("2023-02-30", "不是日期")]
    {
        let page = office.get(&format!("/review/2023Q1?known={typed}")).await.is(200);
        page.has(words).has("aria-invalid=\"true\"").has("1 项指标");
    }
    let past = office.get("/review/2023Q1?known=2023.4.1").await.is(200);
    past.has("class=\"asof past\"").has("2023-04-01 当天所知").has("/review/2022Q4?known=2023-04-01");
    // A day before the ledger began: nothing was known, and the page says so instead of failing.
    office.get("/items?known=2020-01-01").await;
    office.get("/rounds?known=2020-01-01").await.is(200);
}

#[tokio::test]
async fn every_page_speaks_english_when_asked_and_large_when_asked() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let csrf = office.csrf().await;
    let fields = [("csrf", csrf.as_str()), ("lang", "en"), ("size", "large"), ("back", "//evil.example")];
    let answer = office.post_bare("/taste", &fields).await.is(303);
    assert_eq!(answer.location(), "/");
    let page = office.get("/").await.is(200);
    page.has("<html lang=\"en\" class=\"large\">").has("My desk").has("Quarterly review");
    office.get("/review/2023Q1?known=xx").await.has("is no date");
    office.get("/no/such").await.is(404).has("Not found");
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_their_hash() {
    let town = Town::new().await;
    let page = town.stranger().get("/sign-in").await;
    let from = page.text.find("/assets/").unwrap();
    let path: String = page.text[from..].chars().take_while(|c| *c != '"').collect();
    let asset = town.stranger().get(&path).await.is(200);
    assert_eq!(asset.headers["cache-control"], "public, max-age=31536000, immutable");
    assert!(!asset.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn the_first_hundred_items_of_a_new_zone_are_made_listed_changed_and_withdrawn() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let fields = [
        ("kind", "work"),
        ("code", "N-2"),
        ("name", "北路"),
        ("lead", "north"),
        ("stage", "going"),
        ("on", "2023-04-01"),
    ];
    office
        .post("/items/new?kind=work", "/items", &[("kind", "work"), ("name", "北路"), ("lead", "")])
        .await
        .is(422)
        .has("北路");
    let made = office.post("/items/new?kind=work", "/items", &fields).await.is(303);
    let path = made.location().split('?').next().unwrap().to_owned();
    office.get("/items?unit=north").await.is(200).has("北路").has("2 件");
    office.get("/items?q=%E5%8C%97%E8%B7%AF").await.is(200).has("1 件");
    office.get("/items?kind=nothing").await.is(404);
    let change = [
        ("name", "北路改建"),
        ("was:name", "北路"),
        ("was:lead", "north"),
        ("lead", "north"),
        ("f:note", "要征地"),
        ("because", "改名"),
    ];
    office.post(&path, &format!("{path}/change"), &change).await.is(303);
    office.get(&path).await.is(200).has("北路改建").has("要征地");
    office
        .post(&path, &format!("{path}/stage"), &[("stage", "done"), ("on", "昨天不是日期")])
        .await
        .is(422)
        .has("昨天不是日期");
    office
        .post(&path, &format!("{path}/stage"), &[("stage", "done"), ("on", "2023-04-02"), ("because", "验收")])
        .await
        .is(303);
    let aim = [("measure", "spent"), ("year", "2023"), ("value", "500"), ("basis", "计划")];
    office.post(&path, &format!("{path}/target"), &aim).await.is(303);
    office.get(&path).await.has("建成").has("500");
    office.post(&path, &format!("{path}/withdrawal"), &[("because", "重复")]).await.is(303);
    office.get(&path).await.is(200).has("重复");
}

#[tokio::test]
async fn a_reader_of_the_past_stays_there_through_links_to_a_part_of_a_page() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let past = office.get("/review/2023Q1?known=2023-04-01").await.is(200);
    for link in past.text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        if let Some((_, mark)) = link.split_once('#') {
            assert!(!mark.contains('?'), "{link}");
        }
    }
}

#[tokio::test]
async fn every_mistake_of_a_form_is_said_at_once_and_at_its_field() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let fields = [("period", "三月份呀"), ("opens", "昨天"), ("due", ""), ("closes", "2023-05-01")];
    let answer = office.post("/rounds/new", "/rounds", &fields).await.is(422);
    for at in ["title", "period", "kinds", "units", "opens", "due"] {
        answer.has(&format!("href=\"#{at}\"")).has(&format!("id=\"{at}-error\""));
    }
    assert!(!answer.text.contains("id=\"closes-error\""));
    answer.has("aria-describedby=\"period-error\"").has("value=\"三月份呀\"");
    let answer = office.post("/tasks/new", "/tasks", &[("day", "某天")]).await.is(422);
    answer.has("id=\"title-error\"").has("id=\"lead-error\"").has("id=\"day-error\"");
    let answer = office.post("/items/new?kind=work", "/items", &[("kind", "work")]).await.is(422);
    answer.has("请选责任单位").has("id=\"name-error\"");
}

#[tokio::test]
async fn a_period_without_figures_and_one_that_is_none_say_so() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    office.get("/review/2030Q1").await.is(200).has("还没有数");
    office.get("/review/abc").await.is(422).has("abc");
}
