//! A paper from draft to archive: reviewed and signed by others than its drafter, issued as signed, published or
//! not on a basis, taken down with a reason; and what the public can tell of it.

use crate::zone::*;
use baton_kernel::blobs::FileRef;
use baton_kernel::commands::*;
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_kernel::views::issuing::{Issuing, draft_of};
use baton_kernel::views::{papers, public};
use baton_kernel::{Digest, Why};
use baton_methods::Lang;
use std::collections::BTreeMap;
use std::sync::Arc;

const PAPER: PaperId = PaperId(0x77);
const NUMBER: &str = "云新办发〔2023〕9号";

/// A zone whose office drafts and publishes and whose leader reviews and signs; one public work; a meeting held.
fn town() -> Town {
    let mut town = Town::founded();
    let rules = RULES
        .replace("\"paper.issue\"]", "\"paper.issue\", \"paper.publish\"]")
        .replace("key = \"reader\"\nlabel = { zh = \"阅览\", en = \"Reader\" }\nmay = [\"see\"]", "key = \"reader\"\nlabel = { zh = \"阅览\", en = \"Reader\" }\nmay = [\"see\", \"paper.review\", \"paper.sign\"]")
        .replace("near_due_days = 7", "near_due_days = 7\nsign_papers = true");
    let work = WORK.replace("area = \"build\"", "area = \"build\"\npublic = true");
    let files = BTreeMap::from([("zone.toml".to_owned(), rules), ("kinds/work.toml".to_owned(), work)]);
    town.must("founder", Act::ApplyBlueprint { files, because: "签发".into() });
    town.must(
        "office",
        Act::MakeItem {
            item: item("码头"),
            kind: "work".into(),
            code: "GC-1".into(),
            name: "码头".into(),
            lead: unit("QX"),
            co: vec![],
            parent: None,
            fields: BTreeMap::new(),
            stage: Some(("open".into(), day("2023-01-03"))),
        },
    );
    town.on("2023-04-20");
    town.must("office", plan("M", "2023Q1", "2023-04-26"));
    town.on("2023-04-26");
    for to in [MeetingState::Notified, MeetingState::Held] {
        town.must("office", Act::MoveMeeting { meeting: meeting("M"), to, because: String::new() });
    }
    town
}

fn step(step: PaperStep, because: &str) -> Act {
    Act::StepPaper { paper: PAPER, step, draft: None, because: because.into() }
}

fn send(town: &Town) -> Act {
    let draft = draft_of(&town.seen("office"), meeting("M"), Some(NUMBER.into())).expect("a meeting");
    Act::StepPaper { paper: PAPER, step: PaperStep::Sent, draft: Some(draft), because: String::new() }
}

fn file(name: &str) -> FileRef {
    FileRef { digest: Digest::of(name.as_bytes()), name: name.into(), media: "application/pdf".into(), bytes: 9 }
}

fn issue(issuing: &Issuing) -> Act {
    issuing.act(vec![file("通报.pdf")], file("通报.json"))
}

fn publish(publicity: Publicity, basis: &str) -> Act {
    Act::PublishPaper { paper: PAPER, publicity, basis: basis.into() }
}

/// The same zone with the paper issued.
fn issued() -> Town {
    let mut town = town();
    let sent = send(&town);
    town.must("office", sent);
    town.must("leader", step(PaperStep::Reviewed, ""));
    town.must("leader", step(PaperStep::Signed, ""));
    let issuing = Issuing::signed(&town.seen("office"), PAPER, day("2023-04-26")).expect("signed");
    town.must("office", issue(&issuing));
    town
}

#[test]
fn a_paper_is_reviewed_and_signed_by_others_and_issued_as_it_was_signed() {
    let mut town = town();
    // Where the rules ask for a signature nothing is issued without.
    let now = Issuing::fresh(&town.seen("office"), PAPER, meeting("M"), Some(NUMBER.into()), day("2023-04-26"));
    let direct = issue(&now.expect("a meeting"));
    assert_eq!(town.code("office", direct), "paper.unsigned");
    let sent = send(&town);
    assert_eq!(town.refused("qx", sent).why, Why::Forbidden);
    let nothing = Act::StepPaper { paper: PAPER, step: PaperStep::Sent, draft: None, because: String::new() };
    assert_eq!(town.code("office", nothing), "paper.draft");
    let sent = send(&town);
    town.must("office", sent.clone());
    assert_eq!(town.code("office", sent), "paper.step", "it is under way already");
    assert_eq!(town.refused("office", step(PaperStep::Reviewed, "")).why, Why::Forbidden);
    // Who may do both still does not review what they sent themselves.
    let to = Grantee::Person(person("office"));
    town.must("founder", Act::Grant { grant: GrantId(0x55), to, role: "reader".into(), scope: Scope::All });
    assert_eq!(town.code("office", step(PaperStep::Reviewed, "")), "paper.own");
    assert_eq!(town.code("leader", step(PaperStep::Signed, "")), "paper.step", "review comes first");
    assert_eq!(town.code("leader", step(PaperStep::Returned, " ")), "text.empty");
    town.must("leader", step(PaperStep::Returned, "第二段数字再核"));
    let back = papers::drafts(&town.seen("office")).remove(0);
    assert_eq!((back.state, back.steps.last().map(|s| s.text.as_str())), ("returned", Some("第二段数字再核")));
    let again = send(&town);
    town.must("office", again);
    town.must("leader", step(PaperStep::Reviewed, ""));
    town.must("leader", step(PaperStep::Signed, ""));
    // The ledger goes on; what is issued is what was signed.
    let cut = papers::draft(&town.seen("office"), PAPER).expect("seen").draft.cut;
    let other = Issuing::fresh(&town.seen("office"), PAPER, meeting("M"), Some(NUMBER.into()), day("2023-04-26"));
    let other = issue(&other.expect("a meeting"));
    assert_eq!(town.code("office", other), "paper.signed-other");
    let issuing = Issuing::signed(&town.seen("office"), PAPER, day("2023-04-26")).expect("signed");
    town.must("office", issue(&issuing));
    let row = papers::paper(&town.seen("sq"), &PAPER.to_string()).expect("issued to all");
    assert_eq!((row.cut, row.number.as_deref()), (cut, Some(NUMBER)));
    assert!(papers::drafts(&town.seen("office")).is_empty());
    assert!(papers::drafts(&town.seen("qx")).is_empty() && papers::draft(&town.seen("qx"), PAPER).is_err());
    let words: Vec<&str> =
        papers::course(&town.seen("sq"), &PAPER.to_string()).expect("seen").steps.iter().map(|s| s.key).collect();
    assert_eq!(words, ["sent", "returned", "sent", "reviewed", "signature", "issued"]);
}

#[test]
fn publishing_needs_a_basis_and_a_holder_and_a_takedown_hides_the_text_but_not_its_record() {
    let mut town = issued();
    let zone = |town: &Town| Arc::new(town.zone.clone());
    assert!(public::paper(&zone(&town), PAPER, Lang::Zh).is_err(), "nothing is public by itself");
    assert_eq!(town.code("office", publish(Publicity::Open, "条例第二十条")), "paper.public.rights");
    let own = TextRights::Own { holder: "云岭新区党政办公室".into() };
    let bad = TextRights::Reprint { source: "某报".into(), url: "ftp://x".into(), basis: "授权".into() };
    assert_eq!(town.code("office", Act::PutPaperRights { paper: PAPER, rights: bad }), "paper.url");
    town.must("office", Act::PutPaperRights { paper: PAPER, rights: own });
    assert_eq!(town.code("office", publish(Publicity::Open, " ")), "text.empty");
    assert_eq!(town.refused("leader", publish(Publicity::Open, "条例")).why, Why::Forbidden);
    assert_eq!(town.code("office", step(PaperStep::Archived, "")), "paper.undecided");
    town.must("office", publish(Publicity::Withheld, "过程性材料，条例第十六条"));
    assert!(public::paper(&zone(&town), PAPER, Lang::Zh).is_err(), "withheld reads like absent");
    town.must("office", publish(Publicity::Open, "条例第二十条"));
    let page = public::page(&zone(&town), Lang::Zh);
    assert_eq!(page.papers.len(), 1);
    assert!(page.papers[0].rights.contains("云岭新区党政办公室"));
    assert_eq!((page.progress[0].total, page.progress[0].stages[0].0.as_str()), (1, "在建"));
    town.must("office", step(PaperStep::Archived, ""));
    // What was issued to some units alone is not for the public.
    let Act::IssuePaper { period, cut, files, data, facts, .. } = issue(
        &Issuing::fresh(&town.seen("office"), PaperId(0x78), meeting("M"), None, day("2023-04-26")).expect("a meeting"),
    ) else {
        unreachable!()
    };
    town.must(
        "founder",
        Act::IssuePaper {
            paper: PaperId(0x78),
            kind: "notice".into(),
            title: "通知".into(),
            number: None,
            meeting: None,
            period,
            cut,
            audience: Scope::Units(vec![unit("QX")]),
            files,
            data,
            facts,
            witness: Digest::default(),
        },
    );
    let some = Act::PublishPaper { paper: PaperId(0x78), publicity: Publicity::Open, basis: "条例".into() };
    assert_eq!(town.code("office", some), "paper.public.audience");
    let down = |down| Act::TakePaperDown { paper: PAPER, down, because: "引用的图有权利主张".into() };
    assert_eq!(town.code("office", down(false)), "paper.step");
    town.must("office", down(true));
    assert!(public::page(&zone(&town), Lang::Zh).papers.is_empty());
    let public::Standing::Down(gone) = public::paper(&zone(&town), PAPER, Lang::Zh).expect("said") else {
        panic!("it is taken down")
    };
    assert_eq!(gone.because, "引用的图有权利主张");
    let course = papers::course(&town.seen("office"), &PAPER.to_string()).expect("the record stays");
    assert_eq!(course.down.as_deref(), Some("引用的图有权利主张"));
    assert_eq!(town.code("office", publish(Publicity::Open, "条例")), "paper.public.down");
    town.must("office", down(false));
    assert_eq!(public::page(&zone(&town), Lang::Zh).papers.len(), 1);
}

#[test]
fn what_happens_later_or_beside_changes_nothing_that_the_public_reads() {
    let mut town = issued();
    let own = TextRights::Own { holder: "办公室".into() };
    town.must("office", Act::PutPaperRights { paper: PAPER, rights: own });
    town.must("office", publish(Publicity::Open, "条例第二十条"));
    let made = |town: &Town| {
        let zone = Arc::new(town.zone.clone());
        let html = public::circular_of(&zone, PAPER).map(|c| format!("{:?}", c.document));
        (public::page(&zone, Lang::Zh), html, public::paper(&zone, PAPER, Lang::En))
    };
    let before = made(&town);
    assert!(before.1.is_some());
    town.on("2023-05-04");
    town.must(
        "qxc",
        Act::Report {
            submission: SubmissionId(0x99),
            round: None,
            unit: unit("QX"),
            submit: true,
            figures: vec![FigureGiven {
                subject: Subject::Item(item("码头")),
                measure: "paid".into(),
                period: "2023M03".parse().expect("a period"),
                part: None,
                value: FigureInput::Is(777.into()),
                version: 0,
                said_on: None,
            }],
            fields: vec![],
            notes: vec![],
            because: "补报".into(),
            evidence: vec![],
        },
    );
    town.must(
        "office",
        Act::EnterStage {
            item: item("码头"),
            stage: "done".into(),
            on: day("2023-05-03"),
            because: "完工".into(),
            evidence: vec![],
        },
    );
    assert_eq!(made(&town), before);
}
