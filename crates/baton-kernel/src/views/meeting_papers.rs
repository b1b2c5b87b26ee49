//! The papers of a meeting made from its facts: the notice (会议通知) before it, the minutes (会议纪要) after it.
//!
//! Both are drafts: what the ledger does not hold is left out, never invented. Papers of this form are Chinese,
//! whatever the language of the page.

use super::circular::{chinese, date_words};
use super::meetings::{AgendaShown, MeetingView, meeting};
use super::tasks::TaskRow;
use crate::document::*;
use crate::entries::OutcomeKind;
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use baton_methods::Lang as Words;

/// The notice of a meeting. `origin` is how browsers reach the zone, for the link of each venue: `https://host`.
///
/// Errors: absent.
pub fn notice(seen: &Seen, id: MeetingId, origin: &str) -> Result<Document, Refusal> {
    let seen = &Seen { lang: Words::Zh, ..seen.clone() };
    let view = meeting(seen, &id.to_string())?;
    let mut paper = Sections::default();
    let settings = &seen.blueprint().settings;
    paper.paragraph(format!("经研究，定于{}召开{}。现将有关事项通知如下。", date_words(view.row.on), view.row.title));
    paper.section("会议时间");
    let starts = view.starts.as_ref().map_or(String::new(), |t| format!(" {t}"));
    let minutes = if view.minutes > 0 { format!("，预计{}分钟", view.minutes) } else { String::new() };
    paper.paragraph(format!("{}{starts}{minutes}。", date_words(view.row.on)));
    paper.section("会议地点");
    for venue in &view.venues {
        let place = if venue.main { format!("，设在{}", view.row.place) } else { String::new() };
        let expected = venue.expected.map_or(String::new(), |n| format!("，应到{n}人"));
        paper.paragraph(format!("{}{place}{expected}。", venue.name));
    }
    if !view.agenda.is_empty() {
        paper.section("会议议程");
        for line in &view.agenda {
            let unit = line.unit.as_ref().map_or(String::new(), |u| u.name.clone());
            let minutes = if line.minutes > 0 { format!("{}分钟", line.minutes) } else { String::new() };
            let beside: Vec<&str> = [unit.as_str(), minutes.as_str()].into_iter().filter(|t| !t.is_empty()).collect();
            let beside = if beside.is_empty() { String::new() } else { format!("（{}）", beside.join("，")) };
            paper.paragraph(format!("{}.{}{beside}。", line.line + 1, line.title));
        }
    }
    let materials: Vec<String> = view.agenda.iter().flat_map(|l| &l.materials).map(|m| m.label.clone()).collect();
    if !materials.is_empty() {
        paper.section("会议材料");
        paper.paragraph(format!("{}。各会场在会议页面上看，不另印发。", materials.join("、")));
    }
    paper.section("会场点名");
    paper.paragraph("各会场由本单位账号打开下列网址点名，并看会议进行情况。".into());
    for venue in view.venues.iter().filter(|v| v.unit.is_some()) {
        paper.paragraph(format!("{}：{origin}/meetings/{id}/venues/{}", venue.name, venue.id));
    }
    let organ = settings.organ.zh.clone();
    Ok(Document {
        kind: DocumentKind::Notice,
        letterhead: Some(Letterhead { organ: format!("{organ}文件"), ..Letterhead::default() }),
        title: vec!["关于召开".to_owned(), format!("{}的通知", view.row.title)],
        addressees: Some(settings.addressees.zh.as_str()).filter(|a| !a.is_empty()).map(|a| format!("{a}：")),
        blocks: paper.blocks,
        signature: Some(Signature { organ, date: date_words(seen.day()) }),
        note: invented(seen),
        draft: true,
        witness: witness(seen),
        lang: Lang::Zh,
        ..Document::default()
    })
}

/// The minutes of a meeting. Errors: absent.
pub fn minutes(seen: &Seen, id: MeetingId) -> Result<Document, Refusal> {
    let seen = &Seen { lang: Words::Zh, ..seen.clone() };
    let view = meeting(seen, &id.to_string())?;
    let mut paper = Sections::default();
    paper.paragraph(opening(&view));
    let reports = |line: &&AgendaShown| line.outcomes.iter().any(|o| o.kind == OutcomeKind::Information);
    let told: Vec<&AgendaShown> = view.agenda.iter().filter(reports).collect();
    if !told.is_empty() {
        paper.section("会议听取的情况");
        for line in told {
            let unit = line.unit.as_ref().map_or(String::new(), |u| format!("{}：", u.name));
            paper.paragraph(format!("{unit}{}。", said(line, OutcomeKind::Information)));
        }
    }
    let decided = |line: &&AgendaShown| line.outcomes.iter().any(|o| o.kind != OutcomeKind::Information);
    for line in view.agenda.iter().filter(decided) {
        paper.section(&format!("关于{}", line.title));
        let words = line.outcomes.iter().filter(|o| o.kind != OutcomeKind::Information).map(|o| full(&o.text));
        paper.numbered("会议议定：", words.collect());
    }
    if !view.tasks.is_empty() {
        paper.section("任务分工");
        paper.numbered("", view.tasks.iter().map(task_words).collect());
    }
    let there: Vec<String> = view
        .venues
        .iter()
        .filter(|v| v.present == Some(true))
        .map(|v| match v.heads {
            Some(heads) => format!("{}{heads}人", v.name),
            None => v.name.clone(),
        })
        .collect();
    paper.roll("出席", there);
    let leave = view.venues.iter().filter_map(|v| v.leave.filter(|n| *n > 0).map(|n| format!("{}{n}人", v.name)));
    paper.roll("请假", leave.collect());
    let away = view.venues.iter().filter_map(|v| match (v.present, v.away()) {
        (Some(false), None) => Some(v.name.clone()),
        (Some(_), Some(n)) if n > 0 => Some(format!("{}{n}人", v.name)),
        _ => None,
    });
    paper.roll("缺席", away.collect());
    let zone = seen.founding().map_or(String::new(), |f| f.name.clone());
    let organ = seen.blueprint().settings.organ.zh.clone();
    Ok(Document {
        kind: DocumentKind::Minutes,
        letterhead: Some(Letterhead {
            organ: format!("{zone}会议纪要"),
            issued: Some(Signature { organ, date: date_words(seen.day()) }),
            ..Letterhead::default()
        }),
        title: vec![format!("{}纪要", view.row.title)],
        blocks: paper.blocks,
        note: invented(seen),
        draft: true,
        witness: witness(seen),
        lang: Lang::Zh,
        ..Document::default()
    })
}

/// When, where, who chaired, and how it was held.
fn opening(view: &MeetingView) -> String {
    let chair = view.chair.as_ref().map_or(String::new(), |c| {
        let people = c.people.first().map_or(String::new(), |p| format!("{p}"));
        format!("，{}{people}主持", c.title)
    });
    let branches = view.venues.iter().filter(|v| !v.main).count();
    let branches = if branches > 0 { format!("，设{branches}个分会场") } else { String::new() };
    let lines: Vec<&str> = view.agenda.iter().map(|l| l.title.as_str()).collect();
    let lines = if lines.is_empty() { String::new() } else { format!("会议议程：{}。", lines.join("；")) };
    let speeches: Vec<&str> = view.speeches.iter().map(|s| s.title.as_str()).collect();
    let speeches = if speeches.is_empty() {
        String::new()
    } else {
        format!("会上作了{}，全文另发。", speeches.join("、"))
    };
    format!(
        "{}，{}在{}召开{branches}{chair}。{lines}{speeches}现将会议议定事项纪要如下。",
        date_words(view.row.on),
        view.row.title,
        view.row.place
    )
}

/// What a line ended in, of one kind.
fn said(line: &AgendaShown, kind: OutcomeKind) -> String {
    let texts = line.outcomes.iter().filter(|o| o.kind == kind).map(|o| o.text.trim_end_matches(['。', '；']));
    texts.collect::<Vec<_>>().join("；")
}

fn full(text: &str) -> String {
    format!("{}。", text.trim_end_matches(['。', '；', '，']))
}

fn task_words(task: &TaskRow) -> String {
    let co = if task.assist.is_empty() { String::new() } else { format!("，{}配合", task.assist.join("、")) };
    let due = match task.due {
        Some(day) => format!("，于{}前完成", date_words(day)),
        None if !task.due_words.is_empty() => format!("，{}", task.due_words),
        None => String::new(),
    };
    format!("{}。由{}牵头{co}{due}。", task.title.trim_end_matches('。'), task.lead)
}

fn invented(seen: &Seen) -> Option<String> {
    seen.founding().is_some_and(|f| f.invented).then(|| "演示数据，纯属虚构".to_owned())
}

/// The cut whose facts a draft shows, for those who see the whole zone: the hash tells of everything before it.
fn witness(seen: &Seen) -> Option<String> {
    if !seen.sees_all() {
        return None;
    }
    let hash = seen.witness_at_cut()?.to_string();
    let groups: Vec<&str> = (0..8).map(|n| &hash[n * 8..n * 8 + 8]).collect();
    Some(format!("账本第 {} 条 指纹 {}", seen.cut(), groups.join(" ")))
}

/// Numbered sections of a paper.
#[derive(Default)]
struct Sections {
    blocks: Vec<Block>,
    count: usize,
}

impl Sections {
    fn section(&mut self, title: &str) {
        self.count += 1;
        self.blocks.push(Block::Heading1(format!("{}、{title}", chinese(self.count))));
    }
    fn paragraph(&mut self, text: String) {
        self.blocks.push(Block::paragraph(text));
    }
    /// One sentence behind an opening, or each under its own number.
    fn numbered(&mut self, opening: &str, list: Vec<String>) {
        if let [one] = &list[..] {
            return self.paragraph(format!("{opening}{one}"));
        }
        if !opening.is_empty() {
            self.paragraph(opening.to_owned());
        }
        for (n, words) in list.into_iter().enumerate() {
            self.blocks.push(Block::Paragraph(vec![Run::lead(format!("（{}）", chinese(n + 1))), Run::text(words)]));
        }
    }
    fn roll(&mut self, label: &str, names: Vec<String>) {
        if !names.is_empty() {
            self.blocks.push(Block::Roll { label: label.to_owned(), names: names.join("、") });
        }
    }
}
