//! A meeting as it is held: two venues follow it, each answers for itself, and a stream ends with the right to it.

use super::zone::*;
use axum::body::Body;
use baton_kernel::commands::{Act, Caller, Command};
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_methods::Period;
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::timeout;

const MEETING: MeetingId = MeetingId(0x41);
/// Far above what a part needs: reaching it means that the part never came.
const FOREVER: Duration = Duration::from_secs(20);

fn venue(n: u128, name: &str, unit: Option<UnitId>) -> VenueLine {
    VenueLine { venue: VenueId(n), name: name.to_owned(), unit, main: unit.is_none(), link: None }
}

async fn does(town: &Town, key: &str, act: Act) {
    let command = Command { key: key.to_owned(), base: 0, salt: [7; 16], act };
    town.app.journal.submit(Caller::Founder, command).await.unwrap();
}

fn line(title: &str, minutes: u16) -> AgendaLine {
    AgendaLine { title: title.to_owned(), area: None, unit: None, minutes }
}

/// A meeting of today with a main venue and two branches, notice given.
async fn planned() -> Town {
    let town = Town::new().await;
    let plan = Act::PlanMeeting {
        meeting: MEETING,
        code: String::new(),
        title: "一季度推进会".to_owned(),
        period: Period::parse("2023Q1").unwrap(),
        on: "2023-04-02".parse().unwrap(),
        place: "三楼".to_owned(),
        chair: None,
        agenda: vec![line("通报情况", 10), line("表态发言", 5)],
        venues: vec![
            venue(1, "主会场", None),
            venue(2, "北镇分会场", Some(NORTH)),
            venue(3, "南镇分会场", Some(SOUTH)),
        ],
        details: PlanDetails {
            starts: Some(jiff::civil::time(9, 0, 0, 0)),
            basis: Some("年度会议计划第3项".to_owned()),
            comprehensive: true,
            expected: [(VenueId(2), 12), (VenueId(3), 10)].into(),
            materials: vec![MaterialLine { line: 0, what: Material::Item(CANAL) }],
        },
    };
    does(&town, "plan", plan).await;
    let notified = MeetingState::Notified;
    does(&town, "notify", Act::MoveMeeting { meeting: MEETING, to: notified, because: String::new() }).await;
    town
}

/// A stream that is read event by event.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    async fn open(browser: &Browser<'_>, town: &Town) -> Stream {
        let request = browser.request("GET", &format!("/meetings/{MEETING}/live")).body(Body::empty()).unwrap();
        let response = town.response(request).await;
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        Stream { body: response.into_body(), text: String::new() }
    }

    /// Reads on until the words were sent.
    async fn until(&mut self, words: &str) {
        while !self.text.contains(words) {
            let frame =
                timeout(FOREVER, self.body.frame()).await.unwrap_or_else(|_| panic!("no {words:?} in {}", self.text));
            let bytes = frame.unwrap_or_else(|| panic!("ended without {words:?}: {}", self.text)).unwrap();
            self.text.push_str(&String::from_utf8_lossy(bytes.data_ref().unwrap()));
        }
    }

    /// Reads to its end.
    async fn to_end(mut self) -> String {
        while let Some(frame) = timeout(FOREVER, self.body.frame()).await.expect("the stream never ended") {
            self.text.push_str(&String::from_utf8_lossy(frame.unwrap().data_ref().unwrap()));
        }
        self.text
    }
}

#[tokio::test]
async fn two_venues_see_the_agenda_the_roll_call_and_the_outcomes_as_they_come() {
    let town = planned().await;
    let (mut north, south) = (town.browser("north.reporter").await, town.browser("south.reporter").await);
    let mut office = town.browser("office").await;
    let page = format!("/meetings/{MEETING}");
    let (mut a, mut b) = (Stream::open(&north, &town).await, Stream::open(&south, &town).await);
    a.until("未点到").await;
    let mine = format!("{page}/venues/{}", VenueId(2));
    north.post(&mine, &mine, &[("present", "yes"), ("heads", "11"), ("leave", "1")]).await.is(303);
    b.until("请假 1").await;
    office.post(&page, &format!("{page}/state"), &[("to", "held")]).await.is(303);
    b.until("1. 通报情况").await;
    town.clock.set("2023-04-02T01:12:00Z".parse().unwrap());
    office.post(&page, &format!("{page}/live"), &[("do", "next")]).await.is(303);
    for stream in [&mut a, &mut b] {
        stream.until("<b>2. 表态发言</b>").await;
        stream.until("超 2").await;
    }
    let recorded = [("line", "1"), ("kind", "decision"), ("text", "南渠五月通水")];
    office.post(&page, &format!("{page}/outcomes"), &recorded).await.is(303);
    a.until("南渠五月通水").await;
    // What lies before a line is sent to those who may open it.
    b.until("南渠工程").await;
    assert!(!a.text.contains("南渠工程"), "north does not see the works of south");
    office.post(&page, &format!("{page}/state"), &[("to", "ended")]).await.is(303);
    b.until("已散会").await;
    let seen = office.get(&page).await.is(200);
    seen.has("散会 2023-04-02 09:12").has("减负一致性");
}

#[tokio::test]
async fn a_stream_ends_when_the_session_or_the_right_ends() {
    let town = planned().await;
    let (mut north, south) = (town.browser("north.reporter").await, town.browser("south.reporter").await);
    let (mut a, mut b) = (Stream::open(&north, &town).await, Stream::open(&south, &town).await);
    a.until("live-roll").await;
    b.until("live-roll").await;
    let csrf = north.csrf().await;
    north.post_bare("/sign-out", &[("csrf", &csrf)]).await.is(303);
    // A right revoked is an entry: the stream of south looks again and ends, and so does that of a session gone.
    does(&town, "revoke", Act::Revoke { grant: GrantId(13) }).await;
    let (a, b) = (a.to_end().await, b.to_end().await);
    assert!(a.contains("event: end") && b.contains("event: end"), "{a}\n{b}");
    assert!(!b.split("event: end").nth(1).unwrap_or_default().contains("event: part"));
    let mut again = town.browser("south.reporter").await;
    again.get(&format!("/meetings/{MEETING}/live")).await.is(404);
}

#[tokio::test]
async fn a_venue_answers_by_its_own_link_and_by_no_other() {
    let town = planned().await;
    let (mut north, mut south) = (town.browser("north.reporter").await, town.browser("south.reporter").await);
    let mine = format!("/meetings/{MEETING}/venues/{}", VenueId(2));
    north.get(&mine).await.is(200).has("本会场点名").has("应到 12");
    let other = south.get(&mine).await.is(404);
    let none = south.get(&format!("/meetings/{MEETING}/venues/{}", VenueId(9))).await.is(404);
    let bare = |a: &Answer| {
        a.text.split("<main").nth(1).unwrap_or_default().split("<footer").next().unwrap_or_default().to_owned()
    };
    assert_eq!(bare(&other), bare(&none));
    let theirs = format!("/meetings/{MEETING}/venues/{}", VenueId(3));
    let head = town.head();
    south.post(&theirs, &mine, &[("present", "yes"), ("heads", "3")]).await.is(404);
    south.post(&theirs, &format!("/meetings/{MEETING}/live"), &[("do", "next")]).await.is(403);
    assert_eq!(town.head(), head);
    let mut stranger = town.stranger();
    let answer = stranger.get(&mine).await.is(303);
    assert!(answer.location().starts_with("/sign-in?next="), "{}", answer.location());
}

#[tokio::test]
async fn notice_minutes_projector_and_package_hold_what_is_recorded() {
    let town = planned().await;
    let mut office = town.browser("office").await;
    let page = format!("/meetings/{MEETING}");
    let notice = office.get(&format!("{page}/notice")).await.is(200);
    notice.has("关于召开").has("2023年4月2日 09:00").has(&format!("http://{HOST}{page}/venues/{}", VenueId(2)));
    office.post(&page, &format!("{page}/state"), &[("to", "held")]).await.is(303);
    let task =
        [("line", "1"), ("kind", "task"), ("text", "五月底前南渠通水"), ("lead", "south"), ("day", "2023-05-31")];
    office.post(&page, &format!("{page}/outcomes"), &task).await.is(303);
    office
        .get(&format!("{page}/minutes"))
        .await
        .is(200)
        .has("会议议定：五月底前南渠通水。")
        .has("由南镇牵头，于2023年5月31日前完成");
    office.get(&format!("{page}/minutes/docx")).await.is(200).has("docx 一季度推进会纪要");
    office.get(&format!("{page}/minutes/odt")).await.is(404);
    office.get(&format!("{page}/screen")).await.is(200).has("1. 通报情况").has("跟随会议");
    office.get(&format!("{page}/screen?picture=0")).await.is(200).has("rel=\"next\"");
    let zip = office.get(&format!("{page}/package")).await.is(200);
    // Names stand in a package as they are.
    zip.has("目录.txt").has("会议纪要").has("会议通知").has("任务分解表");
}

#[tokio::test]
async fn a_warning_is_overridden_with_a_basis_and_a_reminder_cannot_be() {
    let town = planned().await;
    let (mut office, mut south) = (town.browser("office").await, town.browser("south.reporter").await);
    let mut agenda = vec![line("讲话", 90)];
    agenda.push(line("小结", 5));
    let plan = Act::PlanMeeting {
        meeting: MEETING,
        code: String::new(),
        title: "一季度推进会".to_owned(),
        period: Period::parse("2023Q1").unwrap(),
        on: "2023-04-02".parse().unwrap(),
        place: "三楼".to_owned(),
        chair: None,
        agenda,
        venues: vec![venue(1, "主会场", None)],
        details: PlanDetails::default(),
    };
    does(&town, "longer", plan).await;
    let panel = format!("/compliance/meeting/{MEETING}");
    office.get(&panel).await.is(200).has("超过 60 分钟：1. 讲话（90）").has("方案没有写年度会议计划");
    let over = [("rule", "B4"), ("basis", "区委第3号批示"), ("because", "会期合并")];
    office.post(&panel, &panel, &over).await.is(303);
    office.get(&panel).await.is(200).has("会期合并（依据：区委第3号批示）");
    office.post(&panel, &panel, &[("rule", "B15"), ("basis", "一"), ("because", "二")]).await.is(422);
    office.post(&panel, &panel, &[("rule", "B2"), ("basis", ""), ("because", "二")]).await.is(422).has("依据");
    let csrf = south.csrf().await;
    south
        .post_bare(&panel, &[("csrf", &csrf), ("key", "k"), ("rule", "B2"), ("basis", "一"), ("because", "二")])
        .await
        .is(403);
    office.get(&format!("/compliance/round/{MARCH}")).await.is(200).has("没有写依据");
    office.get("/compliance/meeting/ffffffffffffffffffffffffffffffff").await.is(404);
}

#[tokio::test]
async fn the_duty_dictionary_suggests_and_remembers_what_people_confirmed() {
    let town = planned().await;
    let mut office = town.browser("office").await;
    office.post("/duties", "/duties", &[("phrase", "通水"), ("unit", "south")]).await.is(303);
    office.post("/duties", "/duties", &[("phrase", "通水"), ("unit", "")]).await.is(422);
    let page = format!("/meetings/{MEETING}");
    office.post(&page, &format!("{page}/state"), &[("to", "held")]).await.is(303);
    let text = "同志们：要加快推进南渠通水，要抓紧完成北桥合龙。";
    let speech = Act::RecordSpeech {
        meeting: MEETING,
        speech: SpeechId(0x51),
        title: "讲话".to_owned(),
        raw: text.to_owned(),
        clean: text.to_owned(),
    };
    does(&town, "speech", speech).await;
    let speech = format!("{page}/speeches/{}", SpeechId(0x51));
    let shown = office.get(&speech).await.is(200);
    shown.has("本区职责词典：通水");
    let (offset, length) = (shown.hidden("offset"), shown.hidden("length"));
    let place = [("offset", offset.as_str()), ("length", length.as_str()), ("mark", "p1")];
    let aside = format!("{speech}/setting-aside");
    office.post(&speech, &aside, &place).await.is(422).has("写明理由");
    let mut dropped = place.to_vec();
    dropped.push(("because", "已有专项"));
    office.post(&speech, &aside, &dropped).await.is(303);
    office.get(&speech).await.is(200).has("已有专项");
    office.post(&speech, &aside, &place).await.is(303);
    let mut made = place.to_vec();
    made.extend([("title", "南渠通水"), ("said", "加快推进南渠通水"), ("lead", "south"), ("phrase", "南渠通水")]);
    office.post(&speech, &format!("{speech}/tasks"), &made).await.is(303);
    office.get("/duties").await.is(200).has("南渠通水").has("写进词典");
    office.post("/duties", "/duties", &[("phrase", "南渠通水"), ("unit", ""), ("do", "drop")]).await.is(303);
    let after = office.get("/duties").await.is(200);
    assert!(!after.text.contains("南渠通水"), "a phrase taken out is forgotten");
}
