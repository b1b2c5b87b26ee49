//! People: names behind titles, in bylines and in lists of names.

use crate::chars::is_han;
use crate::extract::{Meeting, Person};
use crate::lexicon::{Lexicon, NameList};
use crate::limits::TITLE_MAX;
use crate::organisations::{self, Mention};
use crate::source::{Source, words};
use std::ops::Range;

/// Every person once, in the order of the first place.
pub(crate) fn find(source: &Source, lexicon: &Lexicon, mentions: &[Mention]) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for line in source.lines() {
        bylines(source, lexicon, &line, &mut people);
        titled(source, lexicon, mentions, &line, &mut people);
        lists(source, lexicon, mentions, &line, &mut people);
    }
    people.sort_by_key(|person| (person.role.starts_with("byline"), person.offset));
    people
}

fn add(people: &mut Vec<Person>, name: String, title: String, role: &str, offset: usize) {
    if let Some(known) = people.iter_mut().find(|person| person.name == name) {
        if known.title.is_empty() && !title.is_empty() {
            known.title = title;
        }
        if known.role == "mentioned" {
            known.role = role.to_owned();
        }
        return;
    }
    people.push(Person { name, title, role: role.to_owned(), offset });
}

/// Is `name` all there is from `at` to `end`?
fn is_name(chars: &[char], lexicon: &Lexicon, range: &Range<usize>) -> bool {
    lengths(&chars[..range.end], lexicon, range.start).contains(&range.len())
}

/// Lengths a name that begins at `at` can have: surname and one or two characters.
fn lengths(chars: &[char], lexicon: &Lexicon, at: usize) -> Vec<usize> {
    let surname = match lexicon.compound_surnames.at(chars, at) {
        Some((length, ())) => length,
        None if lexicon.surnames.at(chars, at).is_some() => 1,
        None => return Vec::new(),
    };
    if lexicon.titles.at(chars, at + surname).is_some() {
        return Vec::new();
    }
    let given =
        chars[at + surname..].iter().take(2).take_while(|&&c| is_han(c) && !lexicon.never_in_names.contains(c)).count();
    (1..=given).map(|given| surname + given).collect()
}

/// May something that is no name go on at `at`?
fn ends_name(chars: &[char], lexicon: &Lexicon, at: usize) -> bool {
    chars.get(at).is_none_or(|&c| !is_han(c))
        || lexicon.name_followers.at(chars, at).is_some()
        || (lexicon.levels.at(chars, at).is_some() && chars.get(at).is_some_and(|&c| "区市县省".contains(c)))
}

/// …书记祁某某主持: a title, then a name.
fn titled(source: &Source, lexicon: &Lexicon, mentions: &[Mention], line: &Range<usize>, people: &mut Vec<Person>) {
    let chars = &source.chars[..line.end];
    let mut at = line.start;
    while at < line.end {
        let Some((length, ())) = lexicon.titles.at(chars, at) else {
            at += 1;
            continue;
        };
        let place = at + length;
        let candidates = lengths(chars, lexicon, place);
        // The longer name wins unless only the shorter one is followed by something that is no name.
        let joins =
            |long: usize| matches!(chars[place + long - 1], '和' | '与' | '及') && candidates.contains(&(long - 1));
        let long =
            candidates.iter().rev().find(|&&long| ends_name(chars, lexicon, place + long) && !joins(long)).copied();
        let followed = long.filter(|_| at > line.start || length > 1);
        if let Some(long) = followed {
            let name = words(&chars[place..place + long]);
            let start = title_start(chars, lexicon, line.start, at);
            let title = source.text(start..place);
            add(people, name, title, "mentioned", place);
            at = place + long;
            // 县领导甲某某、乙某某: one title for several names.
            while chars.get(at) == Some(&'、')
                && let Some(long) = lengths(chars, lexicon, at + 1)
                    .into_iter()
                    .rev()
                    .find(|&long| ends_name(chars, lexicon, at + 1 + long))
                && organisations::within(mentions, &(at + 1..line.end))
                    .next()
                    .is_none_or(|mention| mention.range.start > at + long)
            {
                add(people, words(&chars[at + 1..at + 1 + long]), String::new(), "mentioned", at + 1);
                at += 1 + long;
            }
        } else {
            // 李某某市长: the name stands before.
            let free = |start: usize| {
                organisations::within(mentions, line)
                    .all(|mention| mention.range.start >= at || mention.range.end <= start)
            };
            before(source, lexicon, line, at..place, free, people);
            at = place;
        }
    }
}

fn before(
    source: &Source,
    lexicon: &Lexicon,
    line: &Range<usize>,
    title: Range<usize>,
    free: impl Fn(usize) -> bool,
    people: &mut Vec<Person>,
) {
    let (at, length) = (title.start, title.len());
    let chars = &source.chars[..line.end];
    if !lexicon.titles_after.has(&chars[at..at + length]) {
        return;
    }
    for long in [3, 2] {
        let Some(start) = at.checked_sub(long).filter(|&start| start >= line.start) else { continue };
        let open = start == line.start
            || matches!(chars[start - 1], '和' | '与' | '、' | '，' | '：' | '。' | '照' | '据' | ' ');
        if open
            && lengths(chars, lexicon, start).contains(&long)
            && lexicon.titles.first_in(&chars[start..at], 0).is_none()
            && free(start)
        {
            add(people, words(&chars[start..at]), source.text(at..at + length), "mentioned", start);
            return;
        }
    }
}

/// Where the title that ends at `end` begins: behind the mark before it; 、 joins the titles of one person.
fn title_start(chars: &[char], lexicon: &Lexicon, from: usize, end: usize) -> usize {
    let low = end.saturating_sub(TITLE_MAX).max(from);
    let mut start = end;
    while start > low {
        let c = chars[start - 1];
        // 、 joins another title of the same person, when a title stands before it.
        if !(is_han(c) || (c == '、' && lexicon.titles.ending(&chars[low..start - 1]).is_some())) {
            break;
        }
        start -= 1;
    }
    start
}

/// 讯（记者 某某 通讯员 某某）, 某县融媒体中心讯（某某某）.
fn bylines(source: &Source, lexicon: &Lexicon, line: &Range<usize>, people: &mut Vec<Person>) {
    let chars = &source.chars[..line.end];
    let head = source.at(line.clone());
    let Some(open) = head.iter().take(40).position(|&c| c == '（').map(|open| line.start + open) else { return };
    let Some(shut) = chars[open..].iter().take(40).position(|&c| c == '）').map(|long| open + long) else { return };
    let news = open > line.start && matches!(chars[open - 1], '讯' | '电');
    let says = lexicon.byline.at(chars, open + 1).is_some();
    if !news && !says {
        return;
    }
    let mut at = open + 1;
    let mut names: Vec<Range<usize>> = Vec::new();
    let mut from = at;
    let close = |from: usize, to: usize, names: &mut Vec<Range<usize>>| {
        let range = source.trimmed(from..to);
        if !range.is_empty() {
            names.push(range);
        }
    };
    while at < shut {
        if let Some((length, ())) =
            lexicon.byline.at(&chars[..shut], at).filter(|&(length, ())| length >= 2 || at == from)
        {
            close(from, at, &mut names);
            at += length;
            from = at;
        } else if matches!(chars[at], ' ' | '、' | '，' | '：' | '/' | '·') {
            close(from, at, &mut names);
            at += 1;
            from = at;
        } else {
            at += 1;
        }
    }
    close(from, shut, &mut names);
    for range in names {
        let fits = |start: usize, end: usize| is_name(chars, lexicon, &(start..end));
        if fits(range.start, range.end) {
            add(people, source.text(range.clone()), String::new(), "byline", range.start);
            continue;
        }
        let splits: Vec<usize> = (range.start + 2..range.end.saturating_sub(1))
            .filter(|&cut| fits(range.start, cut) && fits(cut, range.end))
            .collect();
        if let [cut] = splits[..] {
            add(people, source.text(range.start..cut), String::new(), "byline_split_inferred", range.start);
            add(people, source.text(cut..range.end), String::new(), "byline_split_inferred", cut);
        } else if (4..=8).contains(&range.len())
            && lexicon.surnames.at(chars, range.start).is_some()
            && source.at(range.clone()).iter().all(|&c| is_han(c))
        {
            add(people, source.text(range.clone()), String::new(), "byline_unsplit", range.start);
        }
    }
}

/// 出席：某某某、某局某某.
fn lists(source: &Source, lexicon: &Lexicon, mentions: &[Mention], line: &Range<usize>, people: &mut Vec<Person>) {
    let chars = &source.chars[..line.end];
    let opens = |at: usize| at == line.start || matches!(chars[at - 1], '，' | '。' | '；' | '（' | ' ');
    let heads: Vec<(usize, &NameList)> = line
        .clone()
        .filter(|&at| opens(at))
        .filter_map(|at| {
            let list = lexicon.name_lists.iter().find(|list| {
                chars[at..].starts_with(&list.head) && matches!(chars.get(at + list.head.len()), Some('：' | ':'))
            })?;
            Some((at, list))
        })
        .collect();
    for (number, (at, list)) in heads.iter().enumerate() {
        let end = heads.get(number + 1).map_or(line.end, |(next, _)| *next);
        listed(source, lexicon, mentions, list, at + list.head.len() + 1..end, people);
    }
}

/// The names of one list.
fn listed(
    source: &Source,
    lexicon: &Lexicon,
    mentions: &[Mention],
    list: &NameList,
    body: Range<usize>,
    people: &mut Vec<Person>,
) {
    let chars = &source.chars[..body.end];
    for piece in source.split(body, |c| matches!(c, '、' | '，' | '；' | '。' | ' ')) {
        let piece = source.trimmed(piece);
        let behind = organisations::within(mentions, &piece)
            .filter(|mention| mention.range.start == piece.start && mention.range.end < piece.end)
            .map(|mention| mention.range.end)
            .max();
        let mut start = behind.unwrap_or(piece.start);
        while let Some((title, ())) = lexicon.titles.at(&chars[..piece.end], start) {
            start += title;
        }
        let end = piece.end;
        if start < end && is_name(chars, lexicon, &(start..end)) {
            add(people, source.text(start..end), source.text(piece.start..start), &list.role, start);
        }
    }
}

/// Gives each person the role the meeting gave them; what a headline or list said stays.
pub(crate) fn give_roles(people: &mut [Person], source: &Source, meeting: &Meeting) {
    for person in people {
        let rest = &source.chars[person.offset..];
        let sentence = rest.iter().position(|&c| matches!(c, '。' | '\n' | '；')).unwrap_or(rest.len());
        if person.role == "mentioned"
            && rest[..sentence].windows(2).any(|pair| matches!(pair, ['出', '席'] | ['参', '加'] | ['参', '会']))
        {
            person.role = "attended".to_owned();
        }
        let chair = meeting.chair.as_ref() == Some(&person.name);
        let speaker = meeting.speaker.as_ref() == Some(&person.name);
        match (chair, speaker) {
            (true, true) => person.role = "chair_and_speaker".to_owned(),
            (true, false) => person.role = "chair".to_owned(),
            (false, true) => person.role = "speaker".to_owned(),
            (false, false) => {}
        }
    }
}
