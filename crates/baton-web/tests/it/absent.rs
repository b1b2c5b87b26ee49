//! What is not yours and what is not there are the same bytes.

use super::zone::*;

#[tokio::test]
async fn others_ids_and_ids_of_nothing_are_answered_with_the_same_bytes() {
    let town = Town::new().await;
    let mut south = town.browser("south.reporter").await;
    let mut north = town.browser("north.reporter").await;
    let form = format!("/rounds/{MARCH}/units/north");
    let bridge = format!("c:i{BRIDGE}/m:spent");
    let sent = north.post(&form, &form, &[(bridge.as_str(), "90"), ("how", "propose")]).await.is(303);
    let submission = sent.location().split('?').next().unwrap().to_owned();
    let nothing = "ffffffffffffffffffffffffffffffff";
    let absent = south.get(&format!("/items/{nothing}")).await.is(404);
    let others = [
        format!("/items/{BRIDGE}"),
        "/items/N-1".to_owned(),
        format!("/items/{BRIDGE}/figures/spent/2023M03"),
        format!("/items/{nothing}/figures/spent/2023M03"),
        format!("/items/{BRIDGE}/figures/nothing/2023M03"),
        "/units/north/figures/spent/2023M03".to_owned(),
        form.clone(),
        format!("{form}/workbook"),
        format!("/rounds/{nothing}"),
        format!("/rounds/{nothing}/units/south"),
        format!("/rounds/{MARCH}/units/nowhere"),
        submission.clone(),
        format!("/submissions/{nothing}"),
        format!("/submissions/{nothing}/files/{nothing}{nothing}"),
        format!("/tasks/{nothing}"),
        format!("/meetings/{nothing}"),
        format!("/papers/{nothing}"),
        "/no/such/page".to_owned(),
        "/items/../items/x".to_owned(),
        "/items/%2e%2e%2f%2e%2e%2fetc%2fpasswd".to_owned(),
    ];
    for path in others {
        let answer = south.get(&path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_eq!(answer.text, absent.text, "{path}");
    }
    // The round itself is theirs to see, without the other town in it.
    let round = south.get(&format!("/rounds/{MARCH}")).await.is(200);
    round.has("南镇");
    assert!(!round.text.contains("北镇"), "{}", round.text);
}

#[tokio::test]
async fn acting_on_what_is_not_yours_is_absent_and_leaves_no_trace() {
    let town = Town::new().await;
    let mut south = town.browser("south.reporter").await;
    let csrf = south.csrf().await;
    let head = town.head();
    let form = format!("/rounds/{MARCH}/units/north");
    let bridge = format!("c:i{BRIDGE}/m:spent");
    let token = ("csrf", csrf.as_str());
    let correction = format!("/items/{BRIDGE}/figures/spent/2023M03/correction");
    for (path, fields) in [
        (form.as_str(), vec![token, ("key", "a"), (bridge.as_str(), "5"), ("how", "propose")]),
        (correction.as_str(), vec![token, ("key", "b"), ("value", "5"), ("because", "x")]),
        (&format!("{form}/draft"), vec![token, (bridge.as_str(), "5")]),
        ("/submissions/ffffffffffffffffffffffffffffffff/withdrawal", vec![token, ("key", "c")]),
    ] {
        south.post_bare(path, &fields).await.is(404);
    }
    // A cell of another unit put into one's own form is not taken.
    let own = format!("/rounds/{MARCH}/units/south");
    let canal = format!("c:i{CANAL}/m:spent");
    let fields = [token, ("key", "d"), (bridge.as_str(), "5"), (canal.as_str(), "7"), ("how", "propose")];
    let sent = south.post_bare(&own, &fields).await.is(303);
    assert_eq!(town.head(), head + 1);
    let page = south.get(sent.location()).await.is(200);
    page.has("1 格");
    assert!(!page.text.contains("北桥"), "{}", page.text);
}

#[tokio::test]
async fn totals_and_other_units_are_hidden_from_who_sees_one_town() {
    let town = Town::new().await;
    let mut south = town.browser("south.reporter").await;
    for path in
        ["/", "/review/2023Q1", "/items", "/rounds", "/tasks", "/search?q=%E5%8C%97", "/papers", "/meetings", "/menu"]
    {
        let page = south.get(path).await.is(200);
        assert!(!page.text.contains("北桥"), "{path}");
        assert!(!page.text.contains("N-1"), "{path}");
    }
}

#[tokio::test]
async fn strangers_learn_only_where_the_door_is() {
    let town = Town::new().await;
    let mut stranger = town.stranger();
    for path in ["/review/2023Q1", &format!("/items/{BRIDGE}"), "/no/such/page"] {
        let answer = stranger.get(path).await.is(303);
        assert!(answer.location().starts_with("/sign-in?next=%2F"), "{}", answer.location());
    }
    stranger.post_bare("/tasks", &[("title", "x")]).await.is(303);
    stranger.get("/livez").await.is(200);
    stranger.get("/readyz").await.is(200);
    stranger.get("/assets/0000000000000000/app.css").await.is(404);
}

#[tokio::test]
async fn a_person_without_any_role_sees_nothing_and_can_sign_out() {
    let town = Town::new().await;
    let mut nobody = town.browser("nobody").await;
    nobody.get("/").await.is(200).has("没有等您办的事");
    nobody.get(&format!("/items/{CANAL}")).await.is(404);
    nobody.get("/items/new").await.is(403);
    let csrf = nobody.csrf().await;
    nobody.post_bare("/sign-out", &[("csrf", &csrf)]).await.is(303);
}
