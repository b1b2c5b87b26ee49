//! Search: everything a caller may see, by words in it. Any part of a word is found; what matched is marked.
//!
//! A thing is found when each word typed stands somewhere in its texts. Upper and lower case, full and half
//! width make no difference. The order is that of the lists the things stand in: nothing is ranked.

use super::field_words;
use crate::entries::TaskAct;
use crate::permit::Verb;
use crate::seen::Seen;
use crate::zone::{Item, Meeting, Submission, Task};
use serde::Serialize;
use std::sync::Arc;

/// Characters of a query that are looked at.
const QUERY_CHARS_MAX: usize = 60;
/// Words of a query that are looked at.
const WORDS_MAX: usize = 6;
/// Characters shown before and after a match.
const BEFORE: usize = 16;
const AFTER: usize = 48;

/// A text in pieces: what matched, and what stands around it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Marked(pub Vec<(bool, String)>);

/// Something found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Hit {
    /// Title, with what matched in it.
    pub title: Marked,
    /// Code, unit, day: what tells it from others.
    pub small: String,
    /// The words around the first match outside the title, with the name of the text they stand in.
    pub excerpt: Option<(String, Marked)>,
    /// Page.
    pub path: String,
}

/// Things of one sort.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Group {
    /// Stable key: `items`, `tasks`, `papers`, `meetings`, `speeches`, `submissions`, `units`.
    pub key: &'static str,
    /// In words.
    pub label: String,
    /// How many were found.
    pub total: usize,
    /// The first of them.
    pub hits: Vec<Hit>,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Found {
    /// The words looked for.
    pub words: Vec<String>,
    /// Sorts in which something was found.
    pub groups: Vec<Group>,
    /// How many in all.
    pub total: usize,
}

/// A character as it is compared: half width, lower case. One for one, so that places stay.
fn plain(c: char) -> char {
    let half = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    let mut lower = half.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => half,
    }
}

/// A text as it is compared.
fn folded(text: &str) -> Vec<char> {
    text.chars().map(plain).collect()
}

fn place(text: &[char], word: &[char]) -> Option<usize> {
    if word.is_empty() || text.len() < word.len() {
        return None;
    }
    let first = word[0];
    (0..=text.len() - word.len()).find(|&at| text[at] == first && text[at..at + word.len()] == *word)
}

/// The words of a query.
struct Query(Vec<Vec<char>>);

/// A text of a thing, under the name it is shown with.
type Text<'a> = (&'a str, std::borrow::Cow<'a, str>);

impl Query {
    fn of(text: &str) -> Query {
        let short: String = text.chars().take(QUERY_CHARS_MAX).map(plain).collect();
        Query(short.split_whitespace().take(WORDS_MAX).map(|w| w.chars().collect()).collect())
    }

    /// Whether each word stands in one of the texts; the first of which is the title.
    fn hit(&self, texts: &[Text<'_>]) -> bool {
        let folded: Vec<Vec<char>> = texts.iter().map(|(_, t)| folded(t)).collect();
        self.0.iter().all(|w| folded.iter().any(|t| place(t, w).is_some()))
    }

    /// A text with every match in it marked.
    fn mark(&self, text: &str) -> Marked {
        let (chars, flat): (Vec<char>, Vec<char>) = (text.chars().collect(), folded(text));
        let mut on = vec![false; chars.len()];
        for word in &self.0 {
            let mut from = 0;
            while let Some(at) = place(&flat[from..], word) {
                on[from + at..from + at + word.len()].iter_mut().for_each(|m| *m = true);
                from += at + word.len();
            }
        }
        let mut pieces: Vec<(bool, String)> = Vec::new();
        for (c, marked) in chars.into_iter().zip(on) {
            match pieces.last_mut() {
                Some((last, piece)) if *last == marked => piece.push(c),
                _ => pieces.push((marked, c.to_string())),
            }
        }
        Marked(pieces)
    }

    /// The words around the first match in the texts after the first one.
    fn excerpt(&self, texts: &[Text<'_>]) -> Option<(String, Marked)> {
        let (name, text, at, length) = texts.iter().skip(1).find_map(|(name, text)| {
            let flat = folded(text);
            self.0.iter().find_map(|w| Some((*name, text, place(&flat, w)?, w.len())))
        })?;
        let from = at.saturating_sub(BEFORE);
        let mut short: String = text.chars().skip(from).take(at - from + length + AFTER).collect();
        short = short.split_whitespace().collect::<Vec<_>>().join(" ");
        if from > 0 {
            short.insert(0, '…');
        }
        if text.chars().count() > at + length + AFTER {
            short.push('…');
        }
        Some((name.to_owned(), self.mark(&short)))
    }
}

/// Everything the caller may see in which the words of `text` stand: at most `shown` of each sort, all counted.
pub fn search(seen: &Seen, text: &str, shown: usize) -> Found {
    let query = Query::of(text);
    if query.0.is_empty() {
        return Found::default();
    }
    let mut found = Found { words: query.0.iter().map(|w| w.iter().collect()).collect(), ..Found::default() };
    let mut add = |key: &'static str, made: Made| {
        if made.total > 0 {
            found.total += made.total;
            let label = seen.say(&format!("search.{key}"), &[]);
            found.groups.push(Group { key, label, total: made.total, hits: made.hits });
        }
    };
    add("items", items(seen, &query, shown));
    add("tasks", tasks(seen, &query, shown));
    add("papers", papers(seen, &query, shown));
    add("meetings", meetings(seen, &query, shown));
    add("speeches", speeches(seen, &query, shown));
    add("submissions", submissions(seen, &query, shown));
    add("units", units(seen, &query, shown));
    found
}

/// Hits being gathered: the first ones whole, the others counted.
#[derive(Default)]
struct Made {
    total: usize,
    hits: Vec<Hit>,
}

impl Made {
    fn take(&mut self, query: &Query, max: usize, texts: &[Text<'_>], rest: impl FnOnce() -> (String, String)) {
        if !query.hit(texts) {
            return;
        }
        self.total += 1;
        if self.hits.len() < max {
            let (path, small) = rest();
            self.hits.push(Hit { title: query.mark(&texts[0].1), small, excerpt: query.excerpt(texts), path });
        }
    }
}

fn items(seen: &Seen, query: &Query, max: usize) -> Made {
    let mut made = Made::default();
    let cut = seen.cut();
    for kind in seen.blueprint().kinds.iter().filter(|k| !k.about_units) {
        for item in seen.items_of(&kind.key) {
            let item: Arc<Item> = item;
            let name = item.name.at(cut).cloned().unwrap_or_default();
            let code = seen.say("search.in.code", &[]);
            let mut texts: Vec<Text<'_>> = vec![("", name.into()), (&code, item.code.as_str().into())];
            for field in &kind.fields {
                if let Some((_, value)) = item.field_row(&seen.zone, &field.key, cut) {
                    let words = field_words(&seen.zone, kind, &field.key, value);
                    texts.push((field.label.get(seen.lang), words.into()));
                }
            }
            made.take(query, max, &texts, || {
                let lead = seen.unit_short(seen.lead(&item));
                let kind = kind.label.get(seen.lang);
                (format!("/items/{}", item.id), format!("{} · {kind} · {lead}", item.code))
            });
        }
    }
    made
}

fn tasks(seen: &Seen, query: &Query, max: usize) -> Made {
    let mut made = Made::default();
    let words = |code: &str| seen.say(code, &[]);
    let (code, said, aim, told) =
        (words("search.in.code"), words("search.in.said"), words("search.in.aim"), words("search.in.told"));
    for (task, strands) in seen.tasks_seen() {
        let task: &Arc<Task> = task;
        let mut texts: Vec<Text<'_>> = vec![
            ("", task.title.as_str().into()),
            (&code, task.code.as_str().into()),
            (&said, seen.zone.said(&task.said).to_string().into()),
            (&aim, task.aim.as_str().into()),
        ];
        for (seq, _, act) in &task.acts {
            if *seq <= seen.cut()
                && let TaskAct::Fed { text, .. } = act
            {
                texts.push((&told, seen.zone.said(text).to_string().into()));
            }
        }
        made.take(query, max, &texts, || {
            let row = seen.task_row(task, &strands);
            (format!("/tasks/{}", task.id), format!("{} · {} · {}", row.code, row.lead, row.state_word))
        });
    }
    made
}

fn papers(seen: &Seen, query: &Query, max: usize) -> Made {
    let mut made = Made::default();
    let number = seen.say("search.in.number", &[]);
    for row in super::papers::list(seen) {
        let shown = row.number.clone().unwrap_or_default();
        let texts: Vec<Text<'_>> = vec![("", row.title.as_str().into()), (&number, shown.into())];
        made.take(query, max, &texts, || {
            let number = row.number.as_ref().map_or(String::new(), |n| format!(" · {n}"));
            (format!("/papers/{}", row.id), format!("{}{number} · {}", row.kind_word, row.on))
        });
    }
    made
}

fn meetings(seen: &Seen, query: &Query, max: usize) -> Made {
    let mut made = Made::default();
    let words = |code: &str| seen.say(code, &[]);
    let (code, agenda, outcome) = (words("search.in.code"), words("search.in.agenda"), words("search.in.outcome"));
    for meeting in seen.zone.meetings() {
        let meeting: &Arc<Meeting> = meeting;
        let Some(plan) = meeting.plan.at(seen.cut()).filter(|_| seen.sees_meeting(meeting)) else { continue };
        let mut texts: Vec<Text<'_>> = vec![("", plan.title.as_str().into()), (&code, plan.code.as_str().into())];
        texts.extend(plan.agenda.iter().map(|l| (agenda.as_str(), l.title.as_str().into())));
        for row in meeting.outcomes.iter().filter(|o| o.seq <= seen.cut()) {
            texts.push((&outcome, seen.zone.said(&row.text).to_string().into()));
        }
        made.take(query, max, &texts, || {
            (format!("/meetings/{}", meeting.id), format!("{} · {} · {}", plan.code, plan.on, plan.place))
        });
    }
    made
}

fn speeches(seen: &Seen, query: &Query, max: usize) -> Made {
    let mut made = Made::default();
    let text = seen.say("search.in.text", &[]);
    for meeting in seen.zone.meetings() {
        if !seen.sees_meeting(meeting) {
            continue;
        }
        for speech in meeting.speeches.iter().filter(|s| s.seq <= seen.cut()) {
            let clean = seen.zone.said(&speech.clean).to_string();
            let texts: Vec<Text<'_>> = vec![("", speech.title.as_str().into()), (&text, clean.into())];
            made.take(query, max, &texts, || {
                let path = format!("/meetings/{}/speeches/{}", meeting.id, speech.id);
                (path, format!("{} · {}", seen.meeting_title(meeting), seen.zone.day_known(speech.seq)))
            });
        }
    }
    made
}

fn submissions(seen: &Seen, query: &Query, max: usize) -> Made {
    let mut made = Made::default();
    let words = |code: &str| seen.say(code, &[]);
    let (why, evidence) = (words("search.in.because"), words("search.in.evidence"));
    for submission in seen.zone.submissions().rev().filter(|s| s.made <= seen.cut() && seen.sees(s.unit)) {
        let submission: &Arc<Submission> = submission;
        let unit = seen.unit_short(submission.unit);
        let round = submission.round.and_then(|r| seen.zone.round(r)).map_or(String::new(), |r| r.title.clone());
        let title = format!("{unit} {round}").trim_end().to_owned();
        let reason = submission.because.map(|s| seen.zone.said(&s).to_string());
        let moved = submission.states.until(seen.cut()).filter_map(|(_, m)| m.because);
        let moved: Vec<String> = moved.map(|s| seen.zone.said(&s).to_string()).collect();
        // Found by what was said with it; by unit and round alone it is found on their own pages.
        let mut texts: Vec<Text<'_>> = Vec::new();
        texts.extend(reason.into_iter().chain(moved).map(|t| (why.as_str(), t.into())));
        texts.extend(submission.evidence.iter().map(|f| (evidence.as_str(), f.name.as_str().into())));
        if texts.is_empty() || !query.hit(&texts) {
            continue;
        }
        texts.insert(0, ("", title.into()));
        made.take(query, max, &texts, || {
            (
                format!("/submissions/{}", submission.id),
                format!("{} {}", seen.when(submission.made), seen.who(submission.made)),
            )
        });
    }
    made
}

fn units(seen: &Seen, query: &Query, max: usize) -> Made {
    let mut made = Made::default();
    let alias = seen.say("search.in.alias", &[]);
    let known = seen.rights().may_somewhere(Verb::See) || !seen.rights().reach.is_empty();
    for unit in seen.units().into_iter().filter(|_| known) {
        let Some(data) = seen.unit(unit) else { continue };
        let mut texts: Vec<Text<'_>> = vec![("", data.name.as_str().into()), (&alias, data.short.as_str().into())];
        texts.push((&alias, data.code.as_str().into()));
        texts.extend(data.aliases.iter().map(|a| (alias.as_str(), a.as_str().into())));
        made.take(query, max, &texts, || ("/units".to_owned(), data.code.clone()));
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_upper_case_and_full_width_are_found_and_marked_where_they_stand() {
        let query = Query::of("ｇｃ 桥");
        let mark = query.mark("GC-1 石桥镇大桥");
        let on: Vec<&str> = mark.0.iter().filter(|p| p.0).map(|p| p.1.as_str()).collect();
        assert_eq!(on, ["GC", "桥", "桥"]);
        let whole: String = mark.0.into_iter().map(|p| p.1).collect();
        assert_eq!(whole, "GC-1 石桥镇大桥", "marking loses nothing");
        assert!(query.hit(&[("", "gc-1".into()), ("", "大桥".into())]), "words may stand in different texts");
        assert!(!query.hit(&[("", "gc-1".into())]));
        assert!(Query::of("　 ").0.is_empty());
    }

    #[test]
    fn an_excerpt_shows_the_words_around_the_match() {
        let long = format!("{}要抓紧开工{}", "前".repeat(40), "后".repeat(90));
        let (name, mark) = Query::of("抓紧").excerpt(&[("", "标题".into()), ("正文", long.into())]).expect("found");
        assert_eq!(name, "正文");
        let text: String = mark.0.iter().map(|p| p.1.as_str()).collect();
        assert!(text.starts_with("…前") && text.ends_with("后…") && text.contains("要抓紧开工"), "{text}");
        assert!(text.chars().count() < 80, "{text}");
    }
}
