//! Meetings, speeches and papers: planned, held, sealed; proposals that invent nothing; papers rechecked for ever.

use crate::zone::*;
use baton_kernel::commands::{Act, FigureGiven, FigureInput, TaskDoing};
use baton_kernel::document::Block;
use baton_kernel::entries::*;
use baton_kernel::ids::*;
use baton_kernel::refusals::Why;
use baton_kernel::views::meetings::{list, meeting as view};
use baton_kernel::views::number::Source;
use baton_kernel::views::papers::{self, DataPart, Derived, Fact};
use baton_kernel::views::speech::{Fit, Proposal, extract, proposals};
use baton_kernel::views::task_table;
use baton_kernel::views::tasks::ledger;
use baton_kernel::{Digest, FileRef, Refusal};
use baton_methods::WorkCalendar;
use baton_text::{Areas, Class, Clause, Deadline as Said, Directive, Extract, Named, Quantity};
use std::collections::BTreeSet;

fn to(name: &str, to: MeetingState) -> Act {
    Act::MoveMeeting { meeting: meeting(name), to, because: "因故".into() }
}

fn outcome(name: &str, line: u16, kind: OutcomeKind) -> Act {
    let id = OutcomeId(ident(&format!("outcome {name} {line} {kind:?}")));
    Act::RecordOutcome { meeting: meeting(name), outcome: id, line, kind, text: "记下".into() }
}

fn roll(name: &str, at: &str, present: bool, heads: Option<u16>) -> Act {
    Act::AnswerVenue { meeting: meeting(name), venue: venue(at), present, heads, leave: None }
}

fn spoke(name: &str, n: u128, text: &str) -> Act {
    Act::RecordSpeech {
        meeting: meeting(name),
        speech: SpeechId(n),
        title: "讲话".into(),
        raw: text.into(),
        clean: text.into(),
    }
}

/// A meeting `M` about 2023Q1 on 26 April, brought to a state on that day.
fn brought(states: &[MeetingState]) -> Town {
    let mut town = Town::founded();
    town.on("2023-04-20");
    town.must("office", plan("M", "2023Q1", "2023-04-26"));
    town.on("2023-04-26");
    for state in states {
        town.must("office", to("M", *state));
    }
    town
}

use MeetingState::{Cancelled, Ended, Held, Notified, Planned, Sealed};

#[test]
fn a_meeting_goes_from_plan_to_seal_and_nothing_changes_after() {
    let acts: Vec<(&str, Act)> = vec![
        ("plan", plan("M", "2023Q1", "2023-04-26")),
        ("notify", to("M", Notified)),
        ("hold", to("M", Held)),
        ("roll call", roll("M", "main", true, Some(24))),
        ("outcome", outcome("M", 0, OutcomeKind::Information)),
        ("speech", spoke("M", 7, "要抓项目。")),
        ("break up", Act::EndMeeting { meeting: meeting("M"), used: vec![300, 60] }),
        ("seal", to("M", Sealed)),
        ("call off", to("M", Cancelled)),
        ("plan again", to("M", Planned)),
    ];
    let states: [(&str, &[MeetingState]); 6] = [
        ("planned", &[]),
        ("notified", &[Notified]),
        ("held", &[Notified, Held]),
        ("ended", &[Notified, Held]),
        ("cancelled", &[Notified, Cancelled]),
        ("sealed", &[Notified, Held]),
    ];
    let mut table = String::new();
    for (name, script) in states {
        table.push_str(&format!("{name}\n"));
        for (what, act) in &acts {
            let mut town = brought(script);
            if name == "ended" {
                town.must("office", Act::EndMeeting { meeting: meeting("M"), used: vec![60] });
            }
            if name == "sealed" {
                for line in 0..3 {
                    town.must("office", outcome("M", line, OutcomeKind::Decision));
                }
                town.must("office", to("M", Sealed));
            }
            let answer = town.run("office", act.clone()).map_or_else(|refusal| refusal.code, |_| "→".to_owned());
            table.push_str(&format!("  {what:<11}{answer}\n"));
        }
    }
    assert_eq!(table, include_str!("meeting-course.txt"), "the course of a meeting is now:\n{table}");
}

#[test]
fn a_plan_is_refused_with_the_place_that_is_wrong() {
    let mut town = Town::founded();
    town.on("2023-04-20");
    town.must("office", plan("M", "2023Q1", "2023-04-26"));
    assert_eq!(town.refused("qx", plan("N", "2023Q1", "2023-04-26")).why, Why::Forbidden);
    let with = |change: &dyn Fn(&mut Vec<AgendaLine>, &mut Vec<VenueLine>, &mut String)| {
        let mut act = plan("N", "2023Q1", "2023-04-26");
        let Act::PlanMeeting { agenda, venues, code, .. } = &mut act else { unreachable!() };
        change(agenda, venues, code);
        act
    };
    let wrong: Vec<(Act, &str, &str)> = vec![
        (with(&|_, v, _| v.clear()), "meeting.venues", "venues"),
        (with(&|_, v, _| v[0].main = false), "meeting.main-venue", "venues"),
        (with(&|_, v, _| v[1].name = "主会场".into()), "meeting.venue-twice", "venues/1"),
        (with(&|_, v, _| v[1].venue = venue("main")), "meeting.venue-twice", "venues/1"),
        (with(&|_, v, _| v[1].link = Some("javascript:alert(1)".into())), "meeting.link", "venues/1"),
        (with(&|_, v, _| v[1].unit = Some(unit("nobody"))), "unit.unknown", "venues/1"),
        (with(&|a, _, _| a[1].title = "……".into()), "text.empty", "agenda/1"),
        (with(&|a, _, _| a[2].minutes = 241), "meeting.minutes", "agenda/2"),
        (with(&|a, _, _| a[1].area = Some("sea".into())), "task.area", "agenda/1"),
        (with(&|a, _, _| *a = vec![a[0].clone(); 101]), "meeting.agenda", "agenda"),
        (with(&|_, _, c| *c = "M-2023Q1".into()), "code.taken", "code"),
    ];
    for (act, code, at) in wrong {
        let refusal = town.refused("office", act);
        assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), (code, Some(at)));
    }
    // Numbered by period when no code is given.
    town.must("office", plan("N", "2023Q1", "2023-05-10"));
    let codes: Vec<String> = list(&town.seen("qx")).into_iter().map(|m| m.code).collect();
    assert_eq!(codes, ["M-2023Q1-2", "M-2023Q1"]);
}

#[test]
fn a_changed_plan_keeps_what_happened_and_overwrites_nothing_unseen() {
    let mut town = brought(&[Notified, Held]);
    let seen_at = town.zone.head().seq;
    town.must("office", outcome("M", 1, OutcomeKind::Decision));
    town.must("qx", roll("M", "QX", true, Some(12)));
    let changed = |change: &dyn Fn(&mut Vec<AgendaLine>, &mut Vec<VenueLine>)| {
        let mut act = plan("M", "2023Q1", "2023-04-26");
        let Act::PlanMeeting { agenda, venues, .. } = &mut act else { unreachable!() };
        change(agenda, venues);
        act
    };
    assert_eq!(town.code("office", changed(&|a, _| a.swap(0, 1))), "meeting.agenda-used");
    assert_eq!(town.code("office", changed(&|_, v| v.truncate(1))), "meeting.venue-answered");
    let longer = changed(&|a, _| a.push(AgendaLine { title: "小结".into(), area: None, unit: None, minutes: 5 }));
    town.must("office", longer.clone());
    let refusal = town.run_from("office2", seen_at, changed(&|a, _| a[0].minutes = 20)).expect_err("changed since");
    assert_eq!((refusal.code.as_str(), refusal.why), ("meeting.changed", Why::Conflict));
    town.run_from("office2", seen_at, longer).expect("the very same change is no conflict");
    let shown = view(&town.seen("leader"), "M-2023Q1").expect("seen");
    assert_eq!((shown.plan_changes, shown.agenda.len(), shown.minutes), (2, 4, 35));
    let then = view(&town.seen_known("leader", "2023-04-25"), "M-2023Q1").expect("planned then");
    assert_eq!((then.agenda.len(), then.plan_changes, then.row.state), (3, 0, Planned));
}

#[test]
fn a_meeting_is_not_held_before_its_day_and_not_sealed_before_every_line_has_an_outcome() {
    let mut town = Town::founded();
    town.on("2023-04-20");
    town.must("office", plan("M", "2023Q1", "2023-04-26"));
    let mut bare = plan("N", "2023Q1", "2023-04-26");
    let Act::PlanMeeting { agenda, .. } = &mut bare else { unreachable!() };
    agenda.clear();
    town.must("office", bare);
    assert_eq!(town.code("office", to("N", Notified)), "meeting.agenda-empty");
    town.must("office", to("M", Notified));
    assert_eq!(town.code("office", to("M", Held)), "meeting.early");
    town.on("2023-04-26");
    town.must("office", to("M", Held));
    town.must("office", outcome("M", 0, OutcomeKind::Information));
    let refusal = town.refused("office", to("M", Sealed));
    assert_eq!(refusal.zh, "还有 2 项议程没有结果，第一项是第 2 项“项目建设”；请逐项记为信息、决定或任务后再封存。");
    assert_eq!(town.code("office", outcome("M", 3, OutcomeKind::Task)), "meeting.line");
    assert_eq!(town.code("office", to("M", Cancelled)), "meeting.begun");
    for line in 1..3 {
        town.must("office", outcome("M", line, OutcomeKind::Task));
    }
    town.must("office", to("M", Sealed));
    let shown = view(&town.seen("sq"), "M-2023Q1").expect("meetings are known to everyone with a role");
    assert_eq!((shown.outcomes, shown.row.state, shown.row.lines_done), ([1, 0, 2], Sealed, 3));
    assert!(view(&town.seen("guest"), "M-2023Q1").is_err());
    assert!(list(&town.seen("guest")).is_empty());
    assert_eq!(town.code("guest", to("M", Cancelled)), "absent");
}

#[test]
fn what_lies_before_a_line_must_be_known_and_the_time_used_must_fit_the_agenda() {
    let mut town = Town::founded();
    town.on("2023-04-20");
    let with = |details: PlanDetails| {
        let mut act = plan("M", "2023Q1", "2023-04-26");
        let Act::PlanMeeting { details: own, .. } = &mut act else { unreachable!() };
        *own = details;
        act
    };
    let lays = |line: u16, what: Material| PlanDetails {
        materials: vec![MaterialLine { line, what }],
        ..PlanDetails::default()
    };
    let refusal = town.refused("office", with(lays(1, Material::Item(ItemId(404)))));
    assert_eq!((refusal.code.as_str(), refusal.at.as_deref()), ("meeting.material", Some("materials-1")));
    assert_eq!(town.code("office", with(lays(3, Material::Commitments))), "meeting.material");
    let many = PlanDetails {
        materials: vec![MaterialLine { line: 0, what: Material::Circular }; 201],
        ..PlanDetails::default()
    };
    assert_eq!(town.code("office", with(many)), "meeting.materials");
    let mut details = lays(0, Material::Review("2023Q1".parse().expect("a period")));
    details.expected = [(venue("QX"), 12), (venue("gone"), 3)].into();
    town.must("office", with(details));
    town.on("2023-04-26");
    for state in [Notified, Held] {
        town.must("office", to("M", state));
    }
    town.must(
        "qx",
        Act::AnswerVenue { meeting: meeting("M"), venue: venue("QX"), present: true, heads: Some(9), leave: Some(2) },
    );
    assert_eq!(town.code("office", Act::EndMeeting { meeting: meeting("M"), used: vec![1; 4] }), "meeting.used");
    assert_eq!(town.code("office", Act::EndMeeting { meeting: meeting("M"), used: vec![86_401] }), "meeting.used");
    town.must("office", Act::EndMeeting { meeting: meeting("M"), used: vec![660, 0] });
    let shown = view(&town.seen("leader"), "M-2023Q1").expect("seen");
    let used: Vec<_> = shown.agenda.iter().map(|l| l.used_seconds).collect();
    assert_eq!(used, [Some(660), Some(0), Some(0)]);
    assert_eq!(shown.expected, [12, 2, 1], "expected, on leave, away");
    assert_eq!(shown.agenda[0].materials[0].path, "/review/2023Q1");
    assert_eq!(shown.row.state, Ended);
    let before = view(&town.seen_known("leader", "2023-04-25"), "M-2023Q1").expect("planned then");
    assert_eq!(before.agenda[0].used_seconds, None);
}

#[test]
fn a_venue_answers_for_itself_or_the_office_for_it() {
    let mut town = brought(&[]);
    assert_eq!(town.code("qx", roll("M", "QX", true, Some(12))), "meeting.roll-early");
    town.must("office", to("M", Notified));
    town.must("qx", roll("M", "QX", true, Some(12)));
    assert_eq!(town.refused("qx", roll("M", "main", true, None)).why, Why::Forbidden);
    assert_eq!(town.refused("sq", roll("M", "QX", true, None)).why, Why::Forbidden);
    assert_eq!(town.code("office", roll("M", "nowhere", true, None)), "meeting.venue");
    assert_eq!(town.code("office", roll("M", "main", false, Some(3))), "meeting.heads");
    town.must("office", roll("M", "main", true, Some(24)));
    town.must("office", roll("M", "QX", false, None));
    let shown = view(&town.seen("qx"), "M-2023Q1").expect("seen");
    assert_eq!((shown.heads, shown.row.present, shown.venues[1].present), (24, 1, Some(false)));
    let mine: Vec<(&str, bool)> = shown.acts.iter().map(|a| (a.key, a.refusal.is_none())).collect();
    assert_eq!(mine, [("answer", true)]);
    let office = view(&town.seen("office"), "M-2023Q1").expect("seen");
    for option in office.acts {
        let act = match option.key {
            "plan" => plan("M", "2023Q1", "2023-04-26"),
            "notify" => to("M", Notified),
            "hold" => to("M", Held),
            "answer" => Act::AnswerVenue {
                meeting: meeting("M"),
                venue: option.venue.expect("a venue"),
                present: true,
                heads: None,
                leave: None,
            },
            "outcome" => outcome("M", 0, OutcomeKind::Task),
            "speech" => spoke("M", 7, "要抓项目。"),
            "seal" => to("M", Sealed),
            "end" => Act::EndMeeting { meeting: meeting("M"), used: vec![60] },
            _ => to("M", Cancelled),
        };
        let mut other = town.clone();
        assert_eq!(other.run("office", act).err(), option.refusal, "{}", option.label);
    }
}

#[test]
fn acts_that_are_behind_a_meeting_are_not_offered_for_later() {
    let later = |states: &[MeetingState]| -> Vec<&'static str> {
        let town = brought(states);
        let shown = view(&town.seen("office"), "M-2023Q1").expect("seen");
        let mut keys: Vec<_> = shown.acts.into_iter().filter(|a| a.refusal.is_some()).map(|a| a.key).collect();
        keys.dedup();
        keys
    };
    assert_eq!(later(&[]), ["hold", "answer", "outcome", "speech", "end", "seal"]);
    assert_eq!(later(&[Notified]), ["outcome", "speech", "end", "seal"]);
    assert_eq!(later(&[Notified, Held]), ["seal"]);
    assert_eq!(later(&[Cancelled]), [] as [&str; 0]);
    let mut town = brought(&[Notified, Held]);
    town.must("office", outcome("M", 0, OutcomeKind::Decision));
    let shown = view(&town.seen("office"), "M-2023Q1").expect("seen");
    assert!(shown.acts.iter().all(|a| a.key != "call_off"), "what was recorded cannot be called off any more");
}

#[test]
fn a_further_meeting_about_the_same_period_follows_the_one_before_it_by_day() {
    let mut town = brought(&[Notified, Held]);
    let mut act = assign("甲", "QX", &[], Some("2023-04-28"));
    let Act::AssignTask { source, .. } = &mut act else { unreachable!() };
    *source = TaskSource::Meeting(meeting("M"));
    town.must("office", act);
    town.on("2023-05-08");
    town.must("office", plan("N", "2023Q1", "2023-05-10"));
    let next = view(&town.seen("leader"), "M-2023Q1-2").expect("seen");
    assert_eq!(next.previous.map(|(id, _)| id), Some(meeting("M")));
    assert_eq!(next.commitments.len(), 1);
    assert_eq!(view(&town.seen("leader"), "M-2023Q1").expect("seen").previous, None);
}

#[test]
fn a_speech_that_may_be_secret_stops_at_the_door() {
    let mut town = brought(&[Notified, Held]);
    assert_eq!(town.code("office", spoke("M", 7, "机密★3年 要抓项目。")), "meeting.secret");
    assert_eq!(town.code("office", spoke("M", 7, " ")), "text.empty");
    town.must("office", spoke("M", 7, "要抓项目。"));
    assert_eq!(town.code("office", spoke("M", 7, "要抓项目。")), "id.taken");
    let shown = view(&town.seen("office"), "M-2023Q1").expect("seen");
    assert_eq!((shown.speeches[0].clean.as_str(), shown.speeches[0].characters), ("要抓项目。", 5));
}

/// A directive at a place of the speech, with one clause that is all of it.
fn asks(text: &str, whole: &str, class: Class) -> Directive {
    let offset = whole[..whole.find(text).expect("in the speech")].chars().count();
    Directive {
        sentence: format!("{text}。"),
        offset,
        length: text.chars().count() + 1,
        addressee: None,
        clauses: vec![Clause {
            text: text.into(),
            offset,
            class,
            verb: String::new(),
            object: String::new(),
            about: None,
            parts: vec![],
            deadlines: vec![],
            quantities: vec![],
            owner_hints: vec![],
            named: vec![],
        }],
    }
}

const SPEECH: &str = "要绷紧弦。建设管理局六月底前开工十个项目。清溪镇和石桥镇尽快办好通电。\
                      守牢防汛、防火底线。由经济发展局牵头办会。各单位抓落实。";

fn read() -> Extract {
    let mut list = vec![
        asks("要绷紧弦", SPEECH, Class::Stance),
        asks("建设管理局六月底前开工十个项目", SPEECH, Class::Measure),
        asks("清溪镇和石桥镇尽快办好通电", SPEECH, Class::Task),
        asks("守牢防汛、防火底线", SPEECH, Class::Task),
        asks("由经济发展局牵头办会", SPEECH, Class::Task),
        asks("各单位抓落实", SPEECH, Class::Task),
    ];
    list[1].addressee = Some("建设管理局".into());
    list[1].clauses[0].deadlines =
        vec![Said { text: "六月底前".into(), date: Some(day("2023-06-30")), recurs: None, offset: 10 }];
    list[1].clauses[0].quantities =
        vec![Quantity { text: "十个".into(), value: "10".into(), unit: "个".into(), bound: None, offset: 16 }];
    list[2].addressee = Some("清溪镇和石桥镇".into());
    list[3].clauses[0].verb = "守牢".into();
    list[3].clauses[0].parts = vec!["防汛".into(), "防火".into()];
    list[3].clauses[0].owner_hints = vec!["建设".into(), "消防救援".into()];
    list[4].clauses[0].named = vec![Named { text: "区经济发展局".into(), lead: true }];
    list[5].addressee = Some("各单位".into());
    Extract {
        text: SPEECH.into(),
        meeting: Default::default(),
        statements: vec![],
        areas: Areas::default(),
        orgs: vec![],
        people: vec![],
        directives: list,
        rights: vec![],
    }
}

#[test]
fn a_proposal_gives_no_owner_and_no_day_that_the_text_does_not_give() {
    let mut town = brought(&[Notified, Held]);
    town.must("office", spoke("M", 7, SPEECH));
    let speech = SpeechId(7);
    let list = proposals(&town.seen("office"), meeting("M"), speech, &read());
    let brief: Vec<(usize, &str, Option<UnitId>, Option<jiff::civil::Date>, &str)> =
        list.iter().map(|p| (p.number, p.title.as_str(), p.lead, p.deadline, p.owner_note.as_str())).collect();
    let nobody = "文中没有点名，职责词典也没有相符的单位，请选定";
    assert_eq!(
        brief,
        [
            (0, "要绷紧弦", None, None, ""),
            (
                1,
                "建设管理局六月底前开工十个项目",
                Some(unit("JS")),
                Some(day("2023-06-30")),
                "建议：文中点名建设管理局"
            ),
            (2, "清溪镇和石桥镇尽快办好通电", None, None, "文中几家并列，须选一家牵头：清溪镇、石桥镇"),
            (3, "守牢防汛", None, None, "文中没有点名；按职责，建设管理局相符"),
            (4, "守牢防火", None, None, nobody),
            (5, "由经济发展局牵头办会", Some(unit("JF")), None, "建议：文中点名经济发展局"),
            (6, "各单位抓落实", None, None, nobody),
        ]
    );
    assert!(list[0].greyed && list[0].suggestions.is_empty());
    assert_eq!((list[1].deadline_words.as_str(), list[1].aim.as_str()), ("六月底前", "十个"));
    assert_eq!((list[2].deadline_note.as_str(), list[3].suggestions[0].fit), ("文中没有期限", Fit::Dictionary));
    for proposal in &list {
        let from: String = SPEECH.chars().skip(proposal.offset as usize).take(proposal.length as usize).collect();
        assert_eq!(from, proposal.text);
    }
    assert!(list.iter().all(|p| p.made.is_empty()));
    // A part of a clause made into a task is marked there, and nowhere else.
    let mut act = assign("防火", "JS", &[], None);
    let Act::AssignTask { source, .. } = &mut act else { unreachable!() };
    *source = TaskSource::Speech { speech, offset: list[4].offset, length: list[4].length };
    town.must("office", act);
    let after = proposals(&town.seen("office"), meeting("M"), speech, &read());
    let made: Vec<usize> = after.iter().filter(|p| !p.made.is_empty()).map(|p| p.number).collect();
    assert_eq!(made, [4]);
    assert_eq!(after[4].made[0].code, "DB-2023-001");
    // An extract of another text gives nothing: its places would be wrong.
    let mut other = read();
    other.text.push('。');
    assert!(proposals(&town.seen("office"), meeting("M"), speech, &other).is_empty());
    assert!(proposals(&town.seen("guest"), meeting("M"), speech, &read()).is_empty());
}

#[test]
fn a_speech_is_read_by_the_lexicon_in_force_against_the_day_of_the_meeting() {
    let mut town = brought(&[Notified, Held]);
    let mut files = town.zone.blueprint().files.clone();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../blueprints/development-zone/lexicon");
    for name in ["duties.toml", "meetings.toml", "organisations.toml", "people.toml", "words.toml"] {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).expect("the default lexicon");
        files.insert(format!("lexicon/{name}"), text);
    }
    town.must("founder", Act::ApplyBlueprint { files, because: "启用词典".into() });
    let text = "会议强调，要树牢底线思维。要加快项目建设，由建设管理局牵头，6月底前新开工项目不少于10个。\
                要抓好汛期安全。";
    town.must("office", spoke("M", 7, text));
    let seen = town.seen("office");
    let found = extract(&seen, meeting("M"), SpeechId(7)).expect("the lexicon reads it");
    let list = proposals(&seen, meeting("M"), SpeechId(7), &found);
    let dated: Vec<&Proposal> = list.iter().filter(|p| p.deadline.is_some()).collect();
    assert!(!dated.is_empty(), "{list:#?}");
    for proposal in dated {
        assert_eq!((proposal.deadline, proposal.deadline_words.as_str()), (Some(day("2023-06-30")), "6月底前"));
    }
    let leads: BTreeSet<UnitId> = list.iter().filter_map(|p| p.lead).collect();
    assert_eq!(leads, BTreeSet::from([unit("JS")]), "{list:#?}");
    let last = list.last().expect("the last sentence asks something");
    assert_eq!((last.lead, last.deadline), (None, None), "{last:#?}");
    assert!(list.iter().any(|p| p.greyed), "{list:#?}");
    assert_eq!(extract(&town.seen("guest"), meeting("M"), SpeechId(7)).expect_err("not theirs").why, Why::Absent);
}

/// The small town with the default lexicon and a speech of the meeting on 26 April, read as the office sees it.
fn proposed(text: &str) -> Vec<Proposal> {
    let mut town = brought(&[Notified, Held]);
    let mut files = town.zone.blueprint().files.clone();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../blueprints/development-zone/lexicon");
    for name in ["duties.toml", "meetings.toml", "organisations.toml", "people.toml", "words.toml"] {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).expect("the default lexicon");
        files.insert(format!("lexicon/{name}"), text);
    }
    town.must("founder", Act::ApplyBlueprint { files, because: "启用词典".into() });
    town.must("office", spoke("M", 7, text));
    let seen = town.seen("office");
    let found = extract(&seen, meeting("M"), SpeechId(7)).expect("the lexicon reads it");
    proposals(&seen, meeting("M"), SpeechId(7), &found)
}

#[test]
fn leading_is_no_task_and_a_bare_result_takes_its_matter_from_the_clause_before() {
    let list = proposed("会议要求，建设管理局要牵头，会同清溪镇，开展管网隐患排查，5月底前全部整改到位。");
    let titles: Vec<&str> = list.iter().map(|p| p.title.as_str()).collect();
    assert_eq!(titles, ["开展管网隐患排查", "管网隐患排查：5月底前全部整改到位"]);
    assert!(list.iter().all(|p| p.lead == Some(unit("JS")) && p.assist == [unit("QX")]), "{list:#?}");
    // The day belongs to the clause it stands in; beside the other it is shown, not taken.
    assert_eq!((list[0].deadline, list[1].deadline), (None, Some(day("2023-05-31"))));
    assert_eq!(list[0].deadline_note, "文中没有期限；同一句的“5月底前”说的是“5月底前全部整改到位”");
    // What is said beside a unit is the reason, never its name again.
    let reasons: Vec<(&str, &str)> =
        list[0].suggestions.iter().map(|s| (s.unit.name.as_str(), s.words.as_str())).collect();
    assert_eq!(reasons[..2], [("建设管理局", "文中点名"), ("清溪镇", "文中列为配合")]);
}

#[test]
fn working_days_are_counted_by_the_zone_s_calendar() {
    // From Wednesday 26 April: 27, 28, then the working Saturday and Sunday around May Day are the calendar's to know.
    let list = proposed("会议要求，建设管理局要在5个工作日内报送整改方案。");
    assert_eq!(list.len(), 1, "{list:#?}");
    let calendar = WorkCalendar::china();
    let due = calendar.add_working_days(day("2023-04-26"), 5).expect("the calendar holds 2023");
    assert_eq!(list[0].deadline, Some(due));
    assert_ne!(due, day("2023-05-03"), "May Day is off: five weekdays are not five working days");
}

#[test]
fn the_task_table_holds_every_task_of_the_meeting_in_the_columns_of_the_genre() {
    let mut town = brought(&[Notified, Held]);
    for (name, lead, assist) in [("甲", "QX", &["JS", "SQ"][..]), ("乙", "SQ", &[][..])] {
        let mut act = assign(name, lead, assist, Some("2023-06-30"));
        let Act::AssignTask { source, aim, .. } = &mut act else { unreachable!() };
        *source = TaskSource::Meeting(meeting("M"));
        *aim = "≥ 10 个".into();
        town.must("office", act);
    }
    town.must("qx", act("甲", "QX", TaskDoing::Acknowledge));
    town.must("qx", act("甲", "QX", TaskDoing::Feed { last: false, text: "已开工 4 个".into(), evidence: vec![] }));
    let table = task_table::task_table(&town.seen("leader"), meeting("M")).expect("seen");
    assert_eq!(table.title, "M推进会任务分解表");
    assert_eq!(
        table.rows[0],
        [
            "1",
            "要把甲办好",
            "甲任务",
            "≥ 10 个",
            "清溪镇",
            "清溪镇、建设管理局、石桥镇",
            "",
            "2023年6月30日",
            "",
            "已开工 4 个",
            "",
            ""
        ]
    );
    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    let paper = task_table::document(&town.seen("leader"), meeting("M")).expect("seen");
    let Block::Table(set) = &paper.blocks[0] else { panic!("a table") };
    assert!(paper.landscape);
    assert_eq!((set.rows.len(), set.columns.len(), set.head.len()), (2, 12, 2));
    let wide: usize = set.head[0].iter().map(|c| c.colspan).sum();
    assert_eq!(wide, set.columns.len());
    // A town's table holds what it sees.
    assert_eq!(task_table::task_table(&town.seen("js"), meeting("M")).expect("seen").rows.len(), 1);
    assert_eq!(task_table::task_table(&town.seen("guest"), meeting("M")).expect_err("not theirs").why, Why::Absent);
}

fn file(name: &str) -> FileRef {
    FileRef { digest: Digest::of(name.as_bytes()), name: name.into(), media: "application/pdf".into(), bytes: 7 }
}

fn issue(town: &Town, name: &str, data: &DataPart) -> Act {
    Act::IssuePaper {
        paper: PaperId(ident(name)),
        kind: "circular".into(),
        title: format!("{name}通报"),
        number: None,
        meeting: Some(meeting("M")),
        period: "2023Q1".parse().expect("a period"),
        cut: town.zone.head().seq,
        audience: Scope::All,
        files: vec![file("a.pdf")],
        data: file("a.json"),
        facts: data.facts_hash(),
        witness: town.zone.head().hash,
    }
}

fn pay(town: &mut Town, id: u128, value: &str, because: &str) -> u64 {
    let version = town
        .zone
        .figure(Subject::Item(item("路")), "paid", None, "2023M03".parse().expect("a period"), u64::MAX)
        .map_or(0, |v| v.seq);
    let figure = FigureGiven {
        subject: Subject::Item(item("路")),
        measure: "paid".into(),
        period: "2023M03".parse().expect("a period"),
        part: None,
        value: FigureInput::Is(value.parse().expect("a number")),
        version,
        said_on: None,
    };
    town.must(
        "qxc",
        Act::Report {
            submission: SubmissionId(id),
            round: None,
            unit: unit("QX"),
            submit: true,
            figures: vec![figure],
            fields: vec![],
            because: because.into(),
            evidence: vec![],
            notes: vec![],
        },
    )
}

/// A meeting held, one item with one figure, and the data part of a paper that shows it.
fn paid() -> (Town, DataPart) {
    let mut town = brought(&[Notified, Held]);
    town.must(
        "office",
        Act::MakeItem {
            item: item("路"),
            kind: "work".into(),
            code: String::new(),
            name: "快速路".into(),
            lead: unit("QX"),
            co: vec![],
            parent: None,
            fields: Default::default(),
            stage: None,
        },
    );
    let seq = pay(&mut town, 1, "12500", "补报");
    let source = Source {
        subject: Subject::Item(item("路")),
        measure: "paid".into(),
        part: String::new(),
        period: "2023M03".parse().expect("a period"),
        seq,
    };
    let fact = Fact::of(&town.seen("office"), &source).expect("known");
    let share =
        Derived { key: "share".into(), method: "pace 1".into(), value: Some("25.1".parse().expect("a number")) };
    let data = DataPart { cut: town.zone.head().seq, facts: vec![fact], derived: vec![share] };
    (town, data)
}

#[test]
fn a_paper_is_issued_once_on_a_whole_cut_with_the_hash_of_that_cut() {
    let (mut town, data) = paid();
    let good = issue(&town, "一", &data);
    macro_rules! with {
        ($($field:ident = $value:expr),*) => {{
            let mut act = issue(&town, "二", &data);
            let Act::IssuePaper { $($field,)* .. } = &mut act else { unreachable!() };
            $(*$field = $value;)*
            act
        }};
    }
    assert_eq!(town.refused("qx", good.clone()).why, Why::Forbidden);
    let head = town.zone.head().seq;
    for (wrong, code) in [
        (with!(kind = "通报".into()), "paper.kind"),
        (with!(meeting = None), "paper.meeting"),
        (with!(meeting = Some(MeetingId(9))), "paper.meeting"),
        (with!(period = "2023Q2".parse().expect("a period")), "paper.period"),
        (with!(cut = head + 1), "paper.cut"),
        (with!(cut = 1), "paper.cut"),
        (with!(audience = Scope::Units(vec![unit("QX")])), "paper.audience"),
        (with!(files = vec![]), "paper.files"),
        (with!(witness = Digest::of(b"another")), "paper.witness"),
        (with!(title = String::new()), "text.empty"),
    ] {
        assert_eq!(town.code("office", wrong), code);
    }
    town.must("office", good.clone());
    assert_eq!(town.code("office", good), "id.taken");
    assert_eq!(town.code("office", issue(&town, "二", &data)), "paper.again");
    let first = papers::list(&town.seen("sq")).remove(0);
    assert_eq!((first.title.as_str(), first.superseded_by, first.cut), ("一通报", None, head));
    // Under a number of its own a later one takes the place of the first; the first stays.
    town.must("office", with!(number = Some("云新办发〔2023〕31号".into())));
    assert_eq!(
        town.code("office", with!(paper = PaperId(3), number = Some("云新办发〔2023〕31号".into()))),
        "paper.number"
    );
    let both = papers::list(&town.seen("sq"));
    assert_eq!(both.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), ["二通报", "一通报"]);
    assert_eq!(both[1].superseded_by, Some(both[0].id));
    assert_eq!(view(&town.seen("sq"), "M-2023Q1").expect("seen").papers.len(), 2);
    // A paper to one unit is not another's.
    let notice =
        with!(paper = PaperId(4), kind = "notice".into(), number = None, audience = Scope::Units(vec![unit("QX")]));
    town.must("office", notice);
    let key = PaperId(4).to_string();
    assert!(papers::paper(&town.seen("qx"), &key).is_ok() && papers::paper(&town.seen("leader"), &key).is_ok());
    assert_eq!(papers::paper(&town.seen("sq"), &key), Err(Refusal::absent()));
    assert!(papers::list(&town.seen("guest")).is_empty());
}

#[test]
fn an_issued_paper_stays_true_when_its_figures_are_corrected_later() {
    let (mut town, data) = paid();
    town.must("office", issue(&town, "一", &data));
    let paper = PaperId(ident("一"));
    let stored: serde_json::Value = serde_json::from_str(&data.text()).expect("the data part reads back");
    assert_eq!(papers::recheck(&town.zone, paper, &stored), []);
    town.on("2023-05-04");
    pay(&mut town, 2, "11800", "发票重复计入");
    assert_eq!(papers::recheck(&town.zone, paper, &stored), [], "facts intact");
    // Derived numbers are compared with today's, and are no facts.
    let mut today = data.clone();
    today.derived[0] =
        Derived { method: "pace 2".into(), value: Some("25.2".parse().expect("a number")), ..data.derived[0].clone() };
    let found = papers::recheck_with(&town.zone, paper, &stored, Some(&today));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].facts, found[0].zh.as_str()),
        (false, "share：当时的方法 pace 1 得 25.1，今天的方法 pace 2 得 25.2")
    );
    today.derived.clear();
    assert_eq!(papers::recheck_with(&town.zone, paper, &stored, Some(&today)).len(), 1);
}

#[test]
fn every_way_in_which_a_data_part_can_lie_is_named() {
    let (mut town, data) = paid();
    town.must("office", issue(&town, "一", &data));
    let paper = PaperId(ident("一"));
    let later = pay(&mut town, 2, "11800", "发票重复计入");
    let words = |change: &dyn Fn(&mut DataPart)| -> Vec<String> {
        let mut lie = data.clone();
        change(&mut lie);
        let stored = serde_json::to_value(&lie).expect("serialises");
        papers::recheck(&town.zone, paper, &stored).into_iter().map(|f| f.zh).collect()
    };
    let value = words(&|d| d.facts[0].value = Some("12600".parse().expect("a number")));
    assert_eq!(value.len(), 2, "the hash and the figure");
    assert!(value[1].starts_with("快速路 · paid · 2023年3月：文件为 12600，台账第"), "{value:?}");
    assert!(words(&|d| d.facts[0].seq = later)[1].contains("之后"));
    assert!(words(&|d| d.facts[0].seq = 1)[1].contains("没有第 1 条的这个数据"));
    assert!(words(&|d| d.cut = 1)[0].contains("印发时登记的是"));
    assert_eq!(words(&|d| d.facts.clear()).len(), 1, "a fact left out shows in the hash");
    assert_eq!(words(&|d| d.facts.push(d.facts[0].clone())).len(), 0, "said twice is the same set");
    let unreadable = papers::recheck(&town.zone, paper, &serde_json::json!({ "cut": "x" }));
    assert!(unreadable[0].facts && unreadable[0].zh.contains("无法读取"));
    let unknown = papers::recheck(&town.zone, PaperId(1), &serde_json::json!({}));
    assert_eq!(unknown[0].zh, "台账中没有这份文件");
    // A figure sent back before the cut did not count.
    town.must(
        "office",
        Act::MoveSubmission {
            submission: SubmissionId(2),
            to: SubmissionState::Returned,
            because: "口径不符".into(),
            marks: vec![],
            notes: vec![],
        },
    );
    let mut wrong = data.clone();
    wrong.cut = town.zone.head().seq;
    wrong.facts[0].seq = later;
    wrong.facts[0].value = Some("11800".parse().expect("a number"));
    let mut act = issue(&town, "二", &wrong);
    let Act::IssuePaper { number, .. } = &mut act else { unreachable!() };
    *number = Some("云新办发〔2023〕32号".into());
    town.must("office", act);
    let stored = serde_json::to_value(&wrong).expect("serialises");
    let found = papers::recheck(&town.zone, PaperId(ident("二")), &stored);
    assert!(found.len() == 1 && found[0].zh.contains("不应计入"), "{found:?}");
}

#[test]
fn the_next_meeting_opens_with_what_the_last_one_promised() {
    let mut town = brought(&[Notified, Held]);
    let mut act = assign("通电", "QX", &[], Some("2023-06-30"));
    let Act::AssignTask { source, .. } = &mut act else { unreachable!() };
    *source = TaskSource::Meeting(meeting("M"));
    town.must("office", act);
    town.on("2023-07-10");
    town.must("office", plan("N", "2023Q2", "2023-07-26"));
    let next = view(&town.seen("leader"), "M-2023Q2").expect("seen");
    assert_eq!(next.previous.as_ref().map(|(_, title)| title.as_str()), Some("M推进会"));
    assert_eq!((next.commitments[0].outcome, next.commitments[0].overdue), ("broken", true));
    assert_eq!(ledger(&town.seen("leader"), &Default::default()).rows[0].source, "M推进会");
}

#[test]
fn every_refusal_of_meetings_and_papers_is_reached_by_some_act() {
    let told = concat!(include_str!("meetings.rs"), include_str!("papers.rs"), include_str!("meeting-course.txt"));
    let words = [
        "meeting.state.",
        "meeting.do.",
        "meeting.outcome.",
        "meeting.material.",
        "paper.kind.",
        "paper.find.",
        "paper.step.",
        "paper.state.",
        "paper.publicity.",
        "paper.rights.",
        "speech.",
    ];
    let missing: BTreeSet<&str> = baton_kernel::messages::catalogue()
        .keys()
        .map(String::as_str)
        .filter(|code| ["meeting.", "paper."].iter().any(|p| code.starts_with(p)))
        .filter(|code| !words.iter().any(|w| code.starts_with(w)))
        .filter(|code| !told.contains(&format!("\"{code}\"")) && !told.contains(&format!("{code}\n")))
        .collect();
    assert_eq!(missing, BTreeSet::new());
}
