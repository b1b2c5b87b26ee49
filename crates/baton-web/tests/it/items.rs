//! Lists of items and their exports, kept lists.

use super::zone::*;

/// The bridge's checker reports March; the canal has no figure.
async fn march(town: &Town) {
    let mut north = town.browser("north.checker").await;
    let form = format!("/rounds/{MARCH}/units/north");
    let bridge = format!("c:i{BRIDGE}/m:spent");
    // More than the year's target in March is asked about and explained.
    let explained = format!("e:i{BRIDGE}/m:spent");
    let fields = [(bridge.as_str(), "1234"), (explained.as_str(), "一次性收购"), ("how", "submit")];
    north.post(&form, &form, &fields).await.is(303);
}

/// The text of every cell of the list's table, row by row.
fn cells(html: &str) -> Vec<Vec<String>> {
    let body = html.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let plain = |cell: &str| {
        let cell = cell.split("<small class=\"beside\">").next().unwrap();
        let mut out = String::new();
        let mut tag = false;
        for c in cell.chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => out.push(c),
                _ => {}
            }
        }
        out.replace("&#60;", "<").replace("&#62;", ">").replace(',', "").trim().to_owned()
    };
    body.split("<tr")
        .skip(1)
        .map(|row| {
            let row = row.split_once('>').unwrap().1.replace("</th>", "</td>").replace("<th ", "<td ");
            row.split("<td")
                .skip(1)
                .map(|c| plain(c.split_once('>').unwrap().1.split("</td>").next().unwrap()))
                .collect()
        })
        .collect()
}

#[tokio::test]
async fn an_export_holds_exactly_what_the_page_shows() {
    let town = Town::new().await;
    march(&town).await;
    let mut office = town.browser("office").await;
    let query = "?kind=work&period=2023M03&col=number&col=name&col=lead&col=stage&col=target&col=done&col=spent:yoy&sort=-number";
    let page = office.get(&format!("/items{query}")).await.is(200);
    let shown = cells(&page.text);
    assert_eq!(shown.len(), 3, "two rows and a total: {shown:?}");
    assert_eq!(shown[0][0], "S-1", "sorted from the last code");
    let csv = office.get(&format!("/items/export/csv{query}")).await.is(200);
    let disposition = csv.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(disposition.starts_with("attachment") && disposition.ends_with(".csv"), "{disposition}");
    let lines: Vec<Vec<&str>> =
        csv.text.trim_start_matches('\u{feff}').lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(
        lines[0],
        ["编号", "名称", "责任单位", "阶段", "年度计划（万元）", "累计完成（万元）", "完成投资同比（%）"]
    );
    for (row, line) in shown.iter().zip(&lines[1..]) {
        assert_eq!(row, line);
    }
    let json = office.get(&format!("/items/export/json{query}")).await.is(200);
    let value: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(value["rows"].as_array().unwrap().len(), 2);
    assert_eq!(value["totals"]["target"]["value"], "2400");
    let xlsx = office.get(&format!("/items/export/xlsx{query}")).await.is(200);
    assert!(xlsx.text.starts_with("PK"));
    office.get(&format!("/items/export/exe{query}")).await.is(404);
}

#[tokio::test]
async fn an_export_of_one_town_holds_nothing_of_the_other() {
    let town = Town::new().await;
    let mut south = town.browser("south.reporter").await;
    for format in ["csv", "json"] {
        let file = south.get(&format!("/items/export/{format}?kind=work")).await.is(200);
        file.has("南渠");
        assert!(!file.text.contains("北桥") && !file.text.contains("north"), "{}", file.text);
    }
}

#[tokio::test]
async fn what_is_missing_stands_beside_the_total() {
    let town = Town::new().await;
    let mut checker = town.browser("north.checker").await;
    let form = format!("/rounds/{MARCH}/units/north");
    let bridge = format!("c:i{BRIDGE}/m:spent");
    checker.post(&form, &form, &[(bridge.as_str(), "90"), ("how", "submit")]).await.is(303);
    let mut office = town.browser("office").await;
    let page = office.get("/items?kind=work&period=2023M03&col=name&col=done").await.is(200);
    let total = page.text.split("class=\"sum\"").nth(1).unwrap();
    assert!(total.contains(">90<") && total.contains("未报 1") && total.contains("待审定 1"), "{total}");
}

#[tokio::test]
async fn a_list_is_kept_under_a_name_for_its_owner_alone() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let query = "kind=work&light=none&sort=-number";
    let page = format!("/items?{query}");
    office.get(&page).await.is(200).has("name=\"query\" value=\"kind=work&#38;light=none&#38;sort=-number\"");
    let csrf = office.csrf().await;
    let token = ("csrf", csrf.as_str());
    office.post_bare("/items/views", &[token, ("name", "无灯"), ("query", query)]).await.is(303);
    let kept = office.get(&page).await.is(200);
    kept.has("无灯</a>");
    let mut checker = town.browser("north.checker").await;
    assert!(!checker.get("/items").await.is(200).text.contains("无灯"));
    office.post_bare("/items/views", &[token, ("name", "坏"), ("query", "x\"><script>")]).await.is(400);
    office.post_bare("/items/views/removal", &[token, ("name", "无灯"), ("query", query)]).await.is(303);
    assert!(!office.get(&page).await.text.contains("无灯</a>"));
}

#[tokio::test]
async fn choice_of_columns_and_conditions_survive_each_other() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let page = office.get("/items?kind=work&col=name&col=spent&unit=north").await.is(200);
    // The filter keeps the columns, the columns keep the filter.
    page.has("<input type=\"hidden\" name=\"col\" value=\"spent\">")
        .has("<input type=\"hidden\" name=\"unit\" value=\"north\">");
    assert_eq!(cells(&page.text).len(), 1);
    assert!(page.text.contains("恢复常用列"));
}

#[tokio::test]
async fn the_list_stands_as_a_board_and_as_a_chart_too() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let board = office.get("/items?kind=work&as=board").await.is(200);
    board.has("<h2>在建<span class=\"count\">2</span></h2>").has("南渠工程</a>");
    let chart = office.get("/items?kind=work&as=gantt").await.is(200);
    chart.has("role=\"group\"").has(&format!("<a href=\"/items/{CANAL}\">"));
    assert_eq!(office.get("/items?kind=work&as=nothing").await.is(200).text.matches("<tbody>").count(), 1);
}

#[tokio::test]
async fn a_problem_is_raised_made_a_task_and_settled_on_the_page() {
    let town = Town::new().await;
    let page = format!("/items/{CANAL}");
    let mut south = town.browser("south.reporter").await;
    south.post(&page, &format!("{page}/problems"), &[("text", " ")]).await.is(422).has("问题");
    south.post(&page, &format!("{page}/problems"), &[("text", "闸门没有到货。请协调厂家")]).await.is(303);
    let mut office = town.browser("office").await;
    office.get("/").await.is(200).has("闸门没有到货");
    let shown = office.get(&page).await.is(200);
    shown.has("未解决").has("转为任务");
    let problem = shown.text.split("/problems/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let task = format!("{page}/problems/{problem}/task");
    office.post(&page, &task, &[("title", "催到货"), ("day", "某天")]).await.is(422).has("某天");
    let made =
        office.post(&page, &task, &[("title", "催到货"), ("lead", "north"), ("day", "2023-05-01")]).await.is(303);
    office.get(made.location()).await.is(200).has("请协调厂家");
    let shown = office.get(&page).await.is(200);
    shown.has("在办").has("催到货");
    assert!(!office.get("/").await.text.contains("闸门没有到货"));
    let settle = format!("{page}/problems/{problem}/settlement");
    south.post(&page, &settle, &[("because", "到了")]).await.is(403);
    office.post(&page, &settle, &[("because", "4 月 2 日到货")]).await.is(303);
    office.get(&page).await.is(200).has("已解决").has("4 月 2 日到货");
}

#[tokio::test]
async fn a_target_is_set_by_quarter_and_changed_with_its_curve_kept() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let page = format!("/items/{CANAL}/targets/spent?year=2023");
    office.get(&page).await.is(200).has("按时间平均").has("value=\"keep\" checked");
    let post = format!("/items/{CANAL}/target");
    let quarters = [("q1", "10"), ("q2", "40"), ("q3", "70"), ("q4", "100")];
    let base = [("measure", "spent"), ("year", "2023"), ("value", "1500"), ("curve", "quarter")];
    let mut fields: Vec<(&str, &str)> = base.to_vec();
    fields.extend(quarters);
    office.post(&page, &post, &fields).await.is(422).has("理由");
    fields.push(("because", "概算调增"));
    office.post(&page, &post, &fields).await.is(303);
    office.get(&page).await.is(200).has("按季累计 10/40/70/100%").has("概算调增");
    // Shares that fall are refused, and what was typed stays.
    let bad = [("q1", "50"), ("q2", "40"), ("q3", "70"), ("q4", "100"), ("because", "再调")];
    let mut fields: Vec<(&str, &str)> = base.to_vec();
    fields.extend(bad);
    office.post(&page, &post, &fields).await.is(422).has("value=\"50\"");
    let keep = [("measure", "spent"), ("year", "2023"), ("value", "1600"), ("curve", "keep"), ("because", "再调")];
    office.post(&page, &post, &keep).await.is(303);
    let shown = office.get(&page).await.is(200);
    assert_eq!(shown.text.matches("按季累计 10/40/70/100%").count(), 3, "{}", shown.text);
    town.browser("south.reporter").await.get(&page).await.is(403);
}

#[tokio::test]
async fn one_page_of_an_item_and_of_a_unit() {
    let town = Town::new().await;
    let mut south = town.browser("south.reporter").await;
    south.get("/items/S-1/page").await.is(200).has("南渠工程").has("责任单位");
    let pdf = south.get("/items/S-1/page/pdf").await.is(200);
    assert!(pdf.text.starts_with("pdf "), "{}", pdf.text);
    let all = south.get("/items/compendium/docx?kind=work").await.is(200);
    assert!(all.text.starts_with("docx 在建工程"), "{}", all.text);
    south.get("/units/south").await.is(200).has("南渠工程").has("3月调度");
    let absent = south.get("/units/nowhere").await.is(404);
    assert_eq!(south.get("/units/north").await.is(404).text, absent.text);
    assert_eq!(south.get("/items/N-1/page").await.is(404).text, absent.text);
}

#[tokio::test]
async fn a_duplicate_is_compared_and_merged_with_a_reason() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let make = [("kind", "work"), ("name", "南渠工程（二）"), ("lead", "south"), ("on", "2023-01-05")];
    let made = office.post("/items/new?kind=work", "/items", &make).await.is(303);
    let twin = made.location().split('?').next().unwrap().to_owned();
    office.get(&format!("{twin}/merge")).await.is(200).has("南渠工程</a>");
    let page = format!("{twin}/merge?into=S-1");
    office.get(&page).await.is(200).has("留下的：S-1");
    let path = format!("{twin}/merge");
    office.post(&page, &path, &[("into", "S-1"), ("because", "")]).await.is(422).has("理由");
    let done = office.post(&page, &path, &[("into", "S-1"), ("because", "登记了两次")]).await.is(303);
    assert!(done.location().starts_with(&format!("/items/{CANAL}")), "{}", done.location());
    office.get(&twin).await.is(200).has("登记了两次").has(&format!("href=\"/items/{CANAL}\""));
    office.get(&format!("/items/{CANAL}")).await.is(200).has("南渠工程（二）");
    assert_eq!(cells(&office.get("/items?kind=work&col=name").await.text).len(), 2);
}

#[tokio::test]
async fn pages_of_items_and_units_are_whole_in_english() {
    let town = Town::new().await;
    march(&town).await;
    let mut office = town.browser("office").await;
    let csrf = office.csrf().await;
    office.post_bare("/taste", &[("csrf", &csrf), ("lang", "en"), ("back", "/items")]).await.is(303);
    let problems = format!("/items/{CANAL}/problems");
    office.post(&format!("/items/{CANAL}"), &problems, &[("text", "A gate is missing")]).await.is(303);
    // What people and the zone's own rules call things stays as it is.
    let own = ["北桥", "工程", "南渠", "北镇", "南镇", "试验区", "乙审核", "丁办公", "月调度", "系统初始化", "中文"];
    for path in [
        "/items?kind=work",
        "/items?kind=work&as=board",
        "/items?kind=work&as=gantt",
        "/items/S-1",
        "/items/N-1?period=2023M03",
        "/items/S-1/page",
        "/items/S-1/merge?into=N-1",
        "/items/S-1/targets/spent",
        "/items/new?kind=work",
        "/units/north",
    ] {
        let page = office.get(path).await.is(200);
        let mut words = page.text;
        for word in own {
            words = words.replace(word, "");
        }
        let left: String = words.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
        assert!(left.is_empty(), "{path}: {left}");
    }
}
