//! Keeping the house: three officers apart, people with one-time passwords, the tree after its effects are shown,
//! lists of units, proposals of a blueprint, and a trail of who signed in and took what.

use super::district::*;
use super::zone::PASSWORD;
use baton_kernel::commands::Act;
use baton_kernel::ids::*;
use baton_store::{AuditAsked, Origin};

fn fields(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

#[tokio::test]
async fn nobody_comes_to_hold_two_of_the_three_offices() {
    let d = District::new().await;
    let copy = d.copy().await;
    let head = copy.head();
    let to = |who: &str| format!("person:{}", d.person(who).unwrap());
    for (role, who) in [("auditor", "adm"), ("admin", "sec"), ("security", "aud")] {
        let form = fields(&[("key", role), ("base", "0"), ("role", role), ("grantee", &to(who)), ("over", "all")]);
        let raw = d.ask(&copy, "sec", "POST", "/rights", &form).await;
        assert_eq!(raw.status(), 403, "{role} to {who}");
        raw.answer.has("应由三人分任");
    }
    // The post of one officer does not go to another either.
    let post = PostId(u128::from_str_radix(&d.person("aud").unwrap(), 16).unwrap());
    let path = format!("/units/trial/posts/{post}/holders");
    let form = fields(&[("key", "h"), ("base", "0"), ("person", &d.person("adm").unwrap()), ("from", "2023-04-01")]);
    let raw = d.ask(&copy, "adm", "POST", &path, &form).await;
    assert_eq!(raw.status(), 403, "{}", raw.answer.text);
    assert_eq!(copy.head(), head);
    // Somebody else may take it, and the last who can grant stays.
    let form = fields(&[("key", "g"), ("base", "0"), ("role", "auditor"), ("grantee", &to("non")), ("over", "all")]);
    assert_eq!(d.ask(&copy, "sec", "POST", "/rights", &form).await.status(), 303);
    let grant = d.person("sec").unwrap();
    let raw = d
        .ask(&copy, "sec", "POST", &format!("/rights/{grant}/revocation"), &fields(&[("key", "r"), ("base", "0")]))
        .await;
    assert_eq!(raw.status(), 409, "{}", raw.answer.text);
}

#[tokio::test]
async fn the_effects_of_a_grant_and_of_a_move_are_shown_before_anything_is_entered() {
    let d = District::new().await;
    let copy = d.copy().await;
    let head = copy.head();
    let to = format!("person:{}", d.person("non").unwrap());
    let form = fields(&[
        ("key", "p"),
        ("base", "0"),
        ("role", "reporter"),
        ("grantee", &to),
        ("over", "below"),
        ("unit", "north"),
        ("step", "preview"),
    ]);
    let raw = d.ask(&copy, "sec", "POST", "/rights", &form).await;
    raw.answer.clone().is(200).has("某人non将能填报：北镇、磨坊街道");
    let form = fields(&[
        ("key", "m"),
        ("base", "0"),
        ("name", "北镇"),
        ("code", "north"),
        ("kind", "town"),
        ("parent", "trial"),
        ("order", "3"),
        ("step", "preview"),
    ]);
    let raw = d.ask(&copy, "adm", "POST", "/units/north/administration", &form).await;
    let page = raw.answer.clone().is(200);
    page.has("划归").has("某人par不再能查看：北镇、磨坊街道");
    assert_eq!(copy.head(), head, "nothing entered");
}

#[tokio::test]
async fn a_person_is_added_with_a_password_for_once_and_disabled_at_once() {
    let d = District::new().await;
    let copy = d.copy().await;
    let form = fields(&[
        ("key", "n"),
        ("base", "0"),
        ("name", "新人甲"),
        ("login", "north.new"),
        ("unit", "north"),
        ("title", "统计员"),
        ("from", "2023-04-01"),
    ]);
    let page = d.ask(&copy, "adm", "POST", "/people", &form).await.answer.is(200);
    page.has("只显示这一次");
    let password = page.text.split("<p class=\"big hash\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let store = copy.app.journal.store();
    let signed_in = store.sign_in("north.new", &password, &Origin::default()).await.unwrap();
    assert!(signed_in.session.must_change);
    // The same form again neither makes a second person nor shows the password again.
    let again = d.ask(&copy, "adm", "POST", "/people", &form).await;
    assert_eq!(again.status(), 303, "{}", again.answer.text);
    let person = signed_in.session.person;
    let path = format!("/people/{person}/account");
    let form = fields(&[("login", "north.new"), ("state", "disabled")]);
    assert_eq!(d.ask(&copy, "adm", "POST", &path, &form).await.status(), 303);
    assert!(store.session(&signed_in.token).await.unwrap().is_none(), "its session has ended");
    assert!(store.sign_in("north.new", &password, &Origin::default()).await.is_err());
    // An account of somebody else is not reached through this person.
    let form = fields(&[("login", "off"), ("state", "disabled")]);
    assert_eq!(d.ask(&copy, "adm", "POST", &path, &form).await.status(), 404);
    assert!(store.sign_in("off", PASSWORD, &Origin::default()).await.is_ok());
}

#[tokio::test]
async fn a_list_of_units_names_each_mistake_by_its_line_and_enters_all_or_nothing() {
    let d = District::new().await;
    let copy = d.copy().await;
    let head = copy.head();
    let bad = "code,name,kind,parent,from\nx1,甲街道,street,west,\nx1,乙街道,street,west,\nx2,,town,west,\nx3,丙镇,hamlet,west,\n\
               x4,丁镇,town,nowhere,\nx5,戊镇,town,west,2023年13月";
    let ask = |key: &'static str, text: String, step: &'static str| {
        let form = fields(&[("key", key), ("base", "0"), ("text", &text), ("step", step)]);
        let (d, copy) = (&d, &copy);
        async move { d.ask(copy, "adm", "POST", "/units/import", &form).await }
    };
    for step in ["preview", "do"] {
        let page = ask("a", bad.to_owned(), step).await.answer.is(200);
        page.has("第 3 行").has("第 4 行").has("第 5 行").has("第 6 行").has("第 7 行");
    }
    assert_eq!(copy.head(), head);
    let good =
        "code,name,kind,parent\nx1,甲街道,street,west\nx2,乙村镇,town,x1\nnorth,北镇（新名）,town,west".to_owned();
    ask("b", good.clone(), "preview").await.answer.is(200).has("新设“甲街道”").has("改称");
    assert_eq!(copy.head(), head);
    assert_eq!(ask("b", good, "do").await.status(), 303);
    let zone = copy.app.journal.snapshot();
    assert_eq!(zone.unit_now(zone.unit_by_code("north").unwrap()).unwrap().name, "北镇（新名）");
    assert_eq!(zone.unit_now(zone.unit_by_code("x2").unwrap()).unwrap().parent, zone.unit_by_code("x1"));
}

#[tokio::test]
async fn a_proposed_blueprint_says_its_mistakes_by_line_then_its_effects_then_applies() {
    let d = District::new().await;
    let copy = d.copy().await;
    let head = copy.head();
    let kind = "format = 1\n[kind]\nkey = \"bridge\"\narea = \"project\"\nlabel = { zh = \"桥梁\", en = \"Bridge\" }\n[[stage]]\n\
                key = \"open\"\ngroup = \"started\"\nlabel = { zh = \"通车\", en = \"Open\" }\n";
    let ask = |path: &'static str, text: String| {
        let form = fields(&[
            ("key", "b"),
            ("base", "0"),
            ("path", "kinds/bridge.toml"),
            ("text", &text),
            ("because", "新增桥梁"),
        ]);
        let (d, copy) = (&d, &copy);
        async move { d.ask(copy, "adm", "POST", path, &form).await }
    };
    let page = ask("/blueprint/proposal", kind.replace("started", "begun")).await.answer.is(200);
    page.has("kinds/bridge.toml:8:");
    ask("/blueprint/proposal", kind.to_owned()).await.answer.is(200).has("影响预览").has("桥梁");
    assert_eq!(copy.head(), head);
    assert_eq!(ask("/blueprint", kind.to_owned()).await.status(), 303);
    assert!(copy.app.journal.snapshot().blueprint().kind("bridge").is_some());
}

#[tokio::test]
async fn every_file_that_leaves_and_every_sign_in_stands_in_the_trail_and_only_the_auditor_reads_it() {
    let d = District::new().await;
    let copy = d.copy().await;
    let t = &d.things["own"];
    let path = format!("/items/{}/files/{}", t.item, t.file);
    assert_eq!(d.ask(&copy, "hea", "GET", &path, &[]).await.status(), 200);
    let asked = AuditAsked { act: Some("export"), ..AuditAsked::default() };
    let lines = copy.app.journal.store().audit(&asked, 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].about.as_deref(), lines[0].login.as_deref()), (Some(path.as_str()), Some("hea")));
    // What was refused left no file and no line of an export.
    assert_eq!(d.ask(&copy, "sib", "GET", &path, &[]).await.status(), 404);
    assert_eq!(copy.app.journal.store().audit(&asked, 10).await.unwrap().len(), 1);
    d.ask(&copy, "aud", "GET", "/audit?act=export", &[]).await.answer.is(200).has(&path).has("某人hea");
    let page = d.ask(&copy, "aud", "GET", "/audit?act=sign-in&login=hea", &[]).await.answer.is(200);
    page.has("登录");
    assert!(!page.text.contains(&path));
    for who in ["off", "hea", "adm", "sec"] {
        assert_eq!(d.ask(&copy, who, "GET", "/audit", &[]).await.status(), 403, "{who}");
    }
}

#[tokio::test]
async fn whoever_is_signed_in_elsewhere_can_end_it_there() {
    let d = District::new().await;
    let copy = d.copy().await;
    let store = copy.app.journal.store();
    let other = store.sign_in("hea", PASSWORD, &Origin::default()).await.unwrap();
    assert_eq!(d.ask(&copy, "hea", "POST", "/account/sessions/end", &[]).await.status(), 303);
    assert!(store.session(&other.token).await.unwrap().is_none());
    d.ask(&copy, "hea", "GET", "/account", &[]).await.answer.is(200).has("（这里）");
    assert_eq!(d.ask(&copy, "hea", "POST", "/account/sessions/staying", &[]).await.status(), 200);
}

#[tokio::test]
async fn the_burden_of_a_month_counts_what_is_asked_and_names_what_is_asked_twice() {
    let d = District::new().await;
    let copy = d.copy().await;
    let page = d.ask(&copy, "off", "GET", "/burden?month=2023M04", &[]).await.answer.is(200);
    page.has("没有重复的提问").has("北镇").has("没写依据");
    let day = |text: &str| text.parse().unwrap();
    copy.act(
        "again",
        Act::OpenRound {
            round: RoundId(0xe00),
            title: "3月再报".to_owned(),
            period: baton_methods::Period::parse("2023M03").unwrap(),
            kinds: vec!["matrix-work".to_owned()],
            units: vec![d.things["own"].unit],
            opens: day("2023-04-02"),
            due: day("2023-04-05"),
            closes: day("2023-04-10"),
            basis: Some("办公室便函".to_owned()),
        },
    )
    .await;
    let page = d.ask(&copy, "off", "GET", "/burden?month=2023M04", &[]).await.answer.is(200);
    page.has("north工程 · 铺设").has("3月调度").has("3月再报").has("办公室便函");
    // A unit reads its own burden, not another's.
    let mine = d.ask(&copy, "sib", "GET", "/burden?month=2023M04", &[]).await.answer.is(200);
    mine.has("南镇");
    assert!(!mine.text.contains("北镇"), "{}", mine.text);
}
