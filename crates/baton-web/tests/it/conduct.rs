//! Around a task: batch acts, the month, export, drafts signed off, documents, instructions, sheets, posts and covers.

use super::zone::*;
use baton_kernel::commands::{Act, Caller, Command};
use baton_kernel::entries::{Grantee, Holding, Scope};
use baton_kernel::ids::*;

async fn founder(town: &Town, key: &str, act: Act) {
    let command = Command { key: key.to_owned(), base: 0, salt: [9; 16], act };
    town.app.journal.submit(Caller::Founder, command).await.unwrap();
}

/// The town with a second supervisor (`second`), a leader (`leader`) and an aide without rights beside them.
async fn staffed() -> Town {
    let town = Town::new().await;
    let zone = town.app.journal.snapshot();
    let mut files = zone.blueprint().files.clone();
    let rules = files.get_mut("zone.toml").unwrap();
    rules.push_str(
        "\n[[role]]\nkey = \"chief\"\nlabel = { zh = \"领导\", en = \"Leader\" }\nmay = [\"see\", \"instruct\"]\n",
    );
    founder(&town, "rules", Act::ApplyBlueprint { files, because: "加角色".to_owned() }).await;
    let people = [
        (61, "second", "戊督查", Some("office")),
        (62, "chief", "己领导", Some("chief")),
        (63, "aide", "庚助理", None),
    ];
    for (n, login, name, role) in people {
        let (person, post) = (PersonId(n), PostId(n));
        let from = "2023-01-01".parse().unwrap();
        let mut acts = vec![
            Act::PutPerson { person, name: name.to_owned() },
            Act::PutPost { post, unit: ROOT, title: format!("{login}岗"), from: None, to: None },
            Act::HoldPost { post, person, how: Holding::Holder, from, to: None },
        ];
        acts.extend(role.map(|role| Act::Grant {
            grant: GrantId(n),
            to: Grantee::Post(post),
            role: role.to_owned(),
            scope: Scope::All,
        }));
        founder(&town, login, Act::All(acts)).await;
        town.app.journal.store().add_account(None, login, person, PASSWORD, false, &[]).await.unwrap();
    }
    town
}

fn place(answer: &Answer) -> String {
    answer.location().split('?').next().unwrap().to_owned()
}

async fn assigned(office: &mut Browser<'_>, title: &str, day: &str) -> String {
    let fields = [("title", title), ("lead", "north"), ("day", day), ("how", "assign")];
    place(&office.post("/tasks/new", "/tasks", &fields).await.is(303))
}

#[tokio::test]
async fn several_tasks_are_urged_in_one_batch_and_each_says_what_became_of_it() {
    let town = staffed().await;
    let mut office = town.browser("office").await;
    let (a, b) = (assigned(&mut office, "修桥", "2023-04-30").await, assigned(&mut office, "修路", "2023-05-30").await);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let (one, two) = (id(&a), id(&b));
    office.post("/tasks", "/tasks/batch", &[("what", "urging")]).await.is(422).has("请先勾选任务");
    office.post("/tasks", "/tasks/batch", &[("task", &one), ("what", "closure")]).await.is(200).has("没办");
    let head = town.head();
    let both = [("task", one.as_str()), ("task", two.as_str()), ("what", "urging"), ("words", "请抓紧")];
    office.post("/tasks", "/tasks/batch", &both).await.is(200).has("办成");
    assert_eq!(town.head(), head + 2);
    // Both were urged today: nothing can be done, and it is said why.
    office.post("/tasks", "/tasks/batch", &both).await.is(200).has("已经催办");
    assert_eq!(town.head(), head + 2);
    town.browser("north.reporter").await.get("/tasks").await.is(200);
    let mut reporter = town.browser("north.reporter").await;
    assert!(!reporter.get("/tasks").await.text.contains("type=\"checkbox\""));
    let csrf = reporter.csrf().await;
    let bare = [("csrf", csrf.as_str()), ("key", "k"), ("task", one.as_str()), ("what", "urging")];
    reporter.post_bare("/tasks/batch", &bare).await.is(403);
}

impl Answer {
    #[track_caller]
    fn lacks(&self, words: &str) {
        assert!(!self.text.contains(words), "{words:?} in\n{}", self.text);
    }
}

#[tokio::test]
async fn the_ledger_is_filtered_sorted_shown_as_a_month_and_taken_along_as_it_stands() {
    let town = staffed().await;
    let mut office = town.browser("office").await;
    assigned(&mut office, "修桥", "2023-04-30").await;
    assigned(&mut office, "修路", "2023-05-30").await;
    let page = office.get("/tasks?order=code&way=back").await.is(200);
    assert!(page.text.find("修路").unwrap() < page.text.find("修桥").unwrap());
    page.has("aria-sort=\"descending\"");
    office.get("/tasks?from=2023-05-01").await.is(200).lacks("修桥");
    office.get("/tasks?source=speech").await.is(200).has("没有符合条件的任务");
    office.get("/tasks?from=whenever").await.is(200).has("看不懂");
    let month = office.get("/tasks?as=calendar&month=2023-05").await.is(200);
    month.has("修路");
    month.lacks(">修桥<");
    office.get("/tasks?as=calendar&month=nonsense").await.is(200);
    let sheet = office.get("/tasks/ledger.xlsx?from=2023-05-01").await.is(200);
    assert!(sheet.headers["content-disposition"].to_str().unwrap().contains(".xlsx"));
    assert!(sheet.text.starts_with("PK"));
}

#[tokio::test]
async fn a_draft_is_signed_off_by_somebody_else_and_a_limit_in_days_is_counted() {
    let town = staffed().await;
    let mut office = town.browser("office").await;
    let fields = [("title", "修堤"), ("limit", "十"), ("how", "draft")];
    office.post("/tasks/new", "/tasks", &fields).await.is(422).has("不是天数");
    let fields = [("title", "修堤"), ("limit", "10"), ("counting", "natural"), ("how", "draft")];
    let draft = place(&office.post("/tasks/new", "/tasks", &fields).await.is(303));
    assert!(draft.starts_with("/task-drafts/"), "{draft}");
    office.get(&draft).await.is(200).has("待审签");
    let mut second = town.browser("second").await;
    second.get("/").await.is(200).has("修堤");
    second.get(&draft).await.is(200).has("审签交办");
    let sign = format!("{draft}/signature");
    second.post(&draft, &sign, &[("title", "修堤")]).await.is(422).has("牵头单位");
    office.post(&draft, &sign, &[("title", "修堤"), ("lead", "north")]).await.is(403);
    let fields = [("title", "修堤"), ("lead", "north"), ("limit", "10"), ("counting", "natural")];
    let task = place(&second.post(&draft, &sign, &fields).await.is(303));
    town.browser("north.reporter").await.get(&task).await.is(200).has("2023-04-12");
    town.browser("north.reporter").await.get(&draft).await.is(403);
}

#[tokio::test]
async fn a_document_is_taken_apart_and_its_clauses_become_drafts() {
    let town = staffed().await;
    let mut office = town.browser("office").await;
    office.post("/task-texts/new", "/task-texts", &[("number", "")]).await.is(422).has("文号");
    let words = "会议要求，北镇要加快修复道路，4月底前完成。";
    let fields = [("number", "会纪〔2023〕3号"), ("words", words)];
    let text = place(&office.post("/task-texts/new", "/task-texts", &fields).await.is(303));
    office.get(&text).await.is(200).has("name=\"piece\" value=\"1\"");
    office.post(&text, &format!("{text}/drafts"), &[("title-1", "修复道路")]).await.is(422).has("请先勾选");
    let fields = [("piece", "1"), ("title-1", "修复道路"), ("lead-1", "north"), ("day-1", "2023-04-30")];
    office.post(&text, &format!("{text}/drafts"), &fields).await.is(303);
    office.get("/task-drafts").await.is(200).has("修复道路").has("会纪〔2023〕3号");
    office.get(&text).await.is(200).has("已有");
    town.browser("north.reporter").await.get(&text).await.is(403);
}

#[tokio::test]
async fn a_leader_says_a_sentence_and_the_office_makes_a_task_of_it_or_answers() {
    let town = staffed().await;
    let mut leader = town.browser("chief").await;
    let item = format!("/items/{BRIDGE}");
    leader.get(&item).await.is(200).has("写一句批示");
    let on = format!("item {BRIDGE}");
    leader.post(&item, "/instructions", &[("on", &on)]).await.is(422).has("写一句批示");
    let said = [("on", on.as_str()), ("instruction-words", "合龙前每周报我")];
    let one = place(&leader.post(&item, "/instructions", &said).await.is(303));
    leader.get(&item).await.is(200).has("合龙前每周报我").has("待督办部门办");
    let figure = format!("/items/{BRIDGE}/figures/spent/2023M03");
    leader.get(&figure).await.is(200).has(&format!("figure i{BRIDGE} spent 2023M03"));
    let on = format!("figure i{BRIDGE} spent 2023M03");
    let said = [("on", on.as_str()), ("instruction-words", "这个数核一下")];
    let two = place(&leader.post(&figure, "/instructions", &said).await.is(303));
    let mut office = town.browser("office").await;
    office.get("/").await.is(200).has("合龙前每周报我").has("这个数核一下");
    office.get(&item).await.is(200).has("合龙前每周报我");
    office.post(&item, "/instructions", &said).await.is(403);
    let new = format!("/tasks/new?instruction={}", one.rsplit('/').next().unwrap());
    let page = office.get(&new).await.is(200);
    page.has("合龙前每周报我");
    let id = one.rsplit('/').next().unwrap();
    let fields = [("title", "每周报合龙进展"), ("instruction", id), ("lead", "north"), ("how", "assign")];
    let task = place(&office.post(&new, "/tasks", &fields).await.is(303));
    town.browser("north.reporter").await.get(&task).await.is(200).has("己领导批示").has("合龙前每周报我");
    leader.get(&one).await.is(200).has("每周报合龙进展");
    office.post(&two, &format!("{two}/answer"), &[("because", "")]).await.is(422);
    office.post(&two, &format!("{two}/answer"), &[("because", "已核，无误")]).await.is(303);
    leader.get(&two).await.is(200).has("已核，无误");
    // A unit neither sees nor says instructions.
    let mut reporter = town.browser("north.reporter").await;
    reporter.get(&one).await.is(404);
    let page = reporter.get(&item).await.is(200);
    assert!(!page.text.contains("写一句批示") && !page.text.contains("合龙前每周报我"));
}

#[tokio::test]
async fn an_aide_enters_it_in_the_leaders_name_while_delegated() {
    let town = staffed().await;
    let mut leader = town.browser("chief").await;
    let mut second = town.browser("second").await;
    let item = format!("/items/{BRIDGE}");
    let (on, of) = (format!("item {BRIDGE}"), PersonId(62).to_string());
    let said = [("on", on.as_str()), ("instruction-words", "请盯紧"), ("leader", of.as_str())];
    second.post(&item, "/instructions", &said).await.is(403);
    let to = PersonId(61).to_string();
    let days = [("to", to.as_str()), ("from", "2023-04-02"), ("until", "2023-04-09")];
    leader.post("/instructions", "/delegations", &[("to", "")]).await.is(422);
    leader.post("/instructions", "/delegations", &days).await.is(303);
    second.get(&item).await.is(200).has("己领导（代录）");
    let one = place(&second.post(&item, "/instructions", &said).await.is(303));
    leader.get(&one).await.is(200).has("戊督查").has("凭授权").has("2023-04-09");
}

#[tokio::test]
async fn a_task_prints_as_a_supervision_sheet() {
    let town = staffed().await;
    let mut office = town.browser("office").await;
    let task = assigned(&mut office, "修桥", "2023-04-30").await;
    office.get(&format!("{task}/sheet")).await.is(200).has("class=\"paper\"").has("2023年4月30日");
    assert!(office.get(&format!("{task}/sheet/docx")).await.is(200).text.starts_with("docx "));
    office.get(&format!("{task}/sheet/odt")).await.is(404);
    town.browser("south.reporter").await.get(&format!("{task}/sheet")).await.is(404);
}

#[tokio::test]
async fn a_cover_stands_in_for_its_days_and_the_successor_finds_what_was_left() {
    let town = staffed().await;
    let mut office = town.browser("office").await;
    let task = assigned(&mut office, "修桥", "2023-04-30").await;
    let post = format!("/posts/{}", PostId(11));
    let mut reporter = town.browser("north.reporter").await;
    reporter.get("/posts").await.is(200).has("reporter");
    reporter.get(&post).await.is(200).has("修桥").has("3月调度").has("请人替岗");
    let mut checker = town.browser("north.checker").await;
    checker.get(&post).await.is(404);
    let who = PersonId(12).to_string();
    let days = [("person", who.as_str()), ("from", "2023-04-02"), ("until", "2023-04-05")];
    reporter.post(&post, &format!("{post}/cover"), &[("person", "")]).await.is(422);
    reporter.post(&post, &format!("{post}/cover"), &days).await.is(303);
    checker.get(&post).await.is(200).has("修桥");
    checker.get("/posts").await.is(200).has("替岗");
    // Their own post allows it too: then it is in their own name.
    let strand = format!("{task}/strands/{NORTH}/acknowledgement");
    checker.post(&task, &strand, &[]).await.is(303);
    let page = office.get(&task).await.is(200);
    page.has("乙审核");
    page.lacks("（代");
    town.browser("nobody").await.get("/posts").await.is(200).has("没有任何岗位");
    town.browser("nobody").await.get(&post).await.is(404);
}

#[tokio::test]
async fn the_pages_of_tasks_speak_english_throughout() {
    let town = staffed().await;
    let mut office = town.browser("office").await;
    let task = assigned(&mut office, "Bridge", "2023-04-30").await;
    let csrf = office.get("/tasks/new").await.hidden("csrf");
    office.post_bare("/taste", &[("csrf", csrf.as_str()), ("lang", "en"), ("back", "/")]).await;
    for path in ["/tasks", "/tasks?as=calendar", "/tasks/new", "/task-drafts", "/instructions", "/posts", &task] {
        let page = office.get(path).await.is(200);
        let main = page.text.split("<main").nth(1).unwrap().split("<footer").next().unwrap().to_owned();
        page.lacks("shell.w");
        let ours = ["督办", "拟办", "批示", "签收", "期限", "交办", "岗位", "筛选", "反馈"];
        for word in ours {
            assert!(!main.contains(word), "{word} on {path}:\n{main}");
        }
    }
}
