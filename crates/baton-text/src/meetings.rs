//! Meetings: name, date, period, form, chair and speaker, venues, purposes.

use crate::chars::number;
use crate::extract::{Meeting, Person};
use crate::lexicon::Lexicon;
use crate::source::{Match, Source, Starts, words};
use baton_methods::Period;
use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:(?P<year>[0-9]{4})年)?(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日").expect("fixed pattern")
});
static FORM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:采取|采用|通过|以)(?P<form>[^，。；]{2,24}?(?:形式|方式))(?:召开|举行|进行|$|，|。)")
        .expect("fixed pattern")
});
static COMBINED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|，)(?:结合|套开|合并)(?P<with>[^，。；]{2,16}?)(?:召开|举行|进行)?(?:，|。|$)")
        .expect("fixed pattern")
});
static VENUES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[，。；])(?P<list>[^，。；]{2,80}?)(?:分别|分)?(?:设|设立|设置|为)了?(?:视频)?分会场")
        .expect("fixed pattern")
});
static SPOKE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[，。；])(?P<list>[^，。；]{2,80}?)(?:分别|先后|依次)?(?:作了?|做了?|进行了?)(?:典型|表态|交流|汇报|大会)?发言").expect("fixed pattern")
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<year>[0-9]{4})年(?:第?[一二三四1-4]季度|上半年|下半年|前三季度|[0-9]{1,2}月份?|度)?")
        .expect("fixed pattern")
});
static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:(?P<year>[0-9]{4})年(?:度)?)?(?:(?P<quarter>第?[一二三四1-4])季度|(?P<half>[上下])半年|(?P<month>[0-9]{1,2})月份|(?P<annual>年度|全年))").expect("fixed pattern")
});

/// The facts of the meeting the text tells of; all empty when it tells of none.
pub(crate) fn find(source: &Source, lexicon: &Lexicon, people: &[Person], date: Option<Date>) -> Meeting {
    let mut meeting = Meeting::default();
    let names = names(source, lexicon);
    if names.is_empty() {
        return meeting;
    }
    let full = names.iter().max_by_key(|name| (name.whole, name.range.len())).cloned();
    let Some(full) = full else { return meeting };
    let name = source.text(full.range.clone());
    meeting.short = names
        .iter()
        .map(|other| source.text(other.range.clone()))
        .filter(|other| *other != name && other.chars().count() < name.chars().count() && other.chars().count() >= 4)
        .max_by_key(|other| other.chars().count());
    let sentence = sentence_of(source, full.range.start);
    when(source, &full.range, &name, &sentence, date, &mut meeting);
    meeting.period = period(&name, &meeting, date)
        .or_else(|| meeting.short.as_deref().and_then(|short| period(short, &meeting, date)));
    meeting.format = line_matches(source, &FORM, "form").into_iter().next().map(|(text, _)| text);
    let here = Starts::new(source, sentence.clone());
    meeting.combined_with = here.first(&COMBINED).and_then(|found| found.name("with").map(str::to_owned));
    let list = |pattern: &Regex| {
        line_matches(source, pattern, "list")
            .into_iter()
            .flat_map(|(_, range)| source.split(range, |c| c == '、'))
            .map(|piece| source.text(source.trimmed(piece)))
            .filter(|item| item.chars().count() >= 2)
            .collect::<Vec<_>>()
    };
    meeting.venues = list(&VENUES);
    meeting.spoke = list(&SPOKE);
    meeting.purposes = purposes(source, lexicon, &full.range, &sentence);
    let (chair, speaker) = roles(source, people);
    meeting.chair = chair;
    meeting.speaker = speaker;
    meeting.name = Some(name);
    meeting
}

/// Matches of a pattern within lines, with the range of one group.
fn line_matches(source: &Source, pattern: &Regex, group: &str) -> Vec<(String, Range<usize>)> {
    let mut all = Vec::new();
    for line in source.lines() {
        let starts = Starts::new(source, line);
        for found in starts.matches(pattern) {
            if let (Some(text), Some(span)) = (found.name(group), found.span(group)) {
                all.push((text.to_owned(), span));
            }
        }
    }
    all
}

#[derive(Clone, Debug)]
struct Name {
    range: Range<usize>,
    /// Does it stand in a sentence of its own rather than in a headline?
    whole: bool,
}

/// Every place where a meeting is held: 某某会议召开, 召开某某会, 某某会议纪要.
fn names(source: &Source, lexicon: &Lexicon) -> Vec<Name> {
    let held: [&[char]; 4] = [&['召', '开'], &['举', '行'], &['举', '办'], &['开', '幕']];
    let mut names = Vec::new();
    let lines = source.lines();
    for (number, line) in lines.iter().enumerate() {
        let body = source.at(line.clone()).iter().any(|&c| matches!(c, '。' | '，'));
        for piece in source.split(line.clone(), |c| matches!(c, '，' | '。' | '；' | '：' | '！' | ' ')) {
            let chars = source.at(piece.clone());
            let place = held.iter().filter_map(|word| chars.windows(2).position(|window| window == *word)).min();
            if let Some(place) = place {
                // 某某会议(在某地)召开: the name stands before.
                let before = &chars[..place];
                let cut = (0..=before.len()).rev().find(|&end| lexicon.meeting_tails.ending(&before[..end]).is_some());
                if let Some(end) = cut.filter(|&end| {
                    end >= 5
                        && (end == before.len()
                            || matches!(
                                before.get(end),
                                Some('在' | '于' | '以' | '如' | '隆' | '顺' | '正' | '胜' | '上')
                            ))
                }) {
                    let start = after_dashes(&before[..end]);
                    if end - start >= 4 && !before[start..end].contains(&'了') && before[start..end] != ['会', '议']
                    {
                        names.push(Name { range: piece.start + start..piece.start + end, whole: body });
                        continue;
                    }
                }
                // (某县)召开某某会议: the name stands behind.
                let mut start = place + 2;
                if chars.get(start) == Some(&'了') {
                    start += 1;
                }
                let behind = &chars[start..];
                let end = (1..=behind.len())
                    .rev()
                    .find(|&end| lexicon.meeting_tails.ending(&behind[..end]).is_some_and(|long| long >= 1));
                if let Some(end) =
                    end.filter(|&end| end >= 4 && !behind[..end].iter().any(|&c| matches!(c, '了' | '并')))
                {
                    names.push(Name { range: piece.start + start..piece.start + start + end, whole: body });
                }
            }
        }
        // The title of minutes.
        let chars = source.at(line.clone());
        if number < 3 && chars.ends_with(&['纪', '要']) && !body {
            let end = chars.len() - 2;
            if end >= 4 && lexicon.meeting_tails.ending(&chars[..end]).is_some() {
                names.push(Name { range: line.start..line.start + end, whole: true });
            }
        }
    }
    names
}

/// A headline's ——, and a leading 召开 context, are no part of a name.
fn after_dashes(chars: &[char]) -> usize {
    chars.iter().rposition(|&c| matches!(c, '—' | '（' | '）' | '》')).map_or(0, |at| at + 1)
}

fn sentence_of(source: &Source, at: usize) -> Range<usize> {
    source
        .lines()
        .into_iter()
        .filter(|line| line.contains(&at))
        .flat_map(|line| source.sentences(line))
        .find(|sentence| sentence.contains(&at))
        .unwrap_or(at..at)
}

/// The day of the meeting: the date nearest before its name, else the first one of the text.
fn when(
    source: &Source,
    name: &Range<usize>,
    title: &str,
    sentence: &Range<usize>,
    date: Option<Date>,
    meeting: &mut Meeting,
) {
    let read = |found: &Match<'_>| -> Option<(Option<i16>, i8, i8, Range<usize>)> {
        Some((
            found.name("year").and_then(|year| year.parse().ok()),
            found.name("month")?.parse().ok()?,
            found.name("day")?.parse().ok()?,
            found.range.clone(),
        ))
    };
    let here = Starts::new(source, sentence.clone());
    let all = Starts::new(source, 0..source.chars.len());
    let found = here
        .matches(&DAY)
        .filter_map(|found| read(&found))
        .filter(|(.., range)| range.start < name.start || range.start >= name.end)
        .min_by_key(|(.., range)| if range.end <= name.start { name.start - range.end } else { usize::MAX / 2 })
        .or_else(|| {
            // Else one under the title; a date with 前 behind it is a deadline.
            let head = source.lines().get(2).map_or(source.chars.len(), |line| line.end);
            all.matches(&DAY).filter_map(|found| read(&found)).find(|(.., range)| {
                range.end <= head && !matches!(source.chars.get(range.end), Some('前' | '之' | '以'))
            })
        });
    let Some((year, month, day, range)) = found else { return };
    meeting.date_text = Some(source.text(range));
    if let Some(year) = year {
        meeting.date = Date::new(year, month, day).ok();
        return;
    }
    let in_year = |year: i16| Date::new(year, month, day).ok();
    if let Some(document) = date {
        // The occurrence nearest to the document's own date, not after it by more than a few days.
        meeting.date = [document.year() - 1, document.year(), document.year() + 1]
            .into_iter()
            .filter_map(in_year)
            .min_by_key(|day| (*day - document).get_days().unsigned_abs() + if *day > document { 3 } else { 0 });
        if let Some(found) = YEAR
            .find(title)
            .filter(|found| meeting.date.is_some_and(|date| found.as_str().starts_with(&date.year().to_string())))
        {
            meeting.year_inferred_from = Some(found.as_str().to_owned());
        } else {
            meeting.year_inferred_from = meeting.date.map(|_| document.to_string());
        }
        return;
    }
    let evidence = YEAR.find(title).map(|found| found.as_str().to_owned()).or_else(|| {
        source.lines().into_iter().find_map(|line| YEAR.find(&source.text(line)).map(|found| found.as_str().to_owned()))
    });
    let Some(evidence) = evidence else { return };
    let Some(year) = evidence.get(..4).and_then(|year| year.parse::<i16>().ok()) else { return };
    let mut held = in_year(year);
    // A review of a period is held when the period is over, or nearly so: the fourth quarter's in January.
    if let (Some(period), Some(day)) = (period_in(&evidence, Some(year)), held)
        && day < period.start()
    {
        held = in_year(year + 1);
    }
    meeting.date = held;
    meeting.year_inferred_from = Some(evidence);
}

/// The period that a name speaks of.
fn period(name: &str, meeting: &Meeting, date: Option<Date>) -> Option<String> {
    let year = YEAR.find(name).and_then(|found| found.as_str().get(..4)?.parse::<i16>().ok());
    if let Some(year) = year {
        return period_in(name, Some(year)).map(|period| period.to_string());
    }
    let today = meeting.date.or(date)?;
    let this = period_in(name, Some(today.year()))?;
    let period = if this.start() > today { period_in(name, Some(today.year() - 1))? } else { this };
    Some(period.to_string())
}

fn period_in(text: &str, year: Option<i16>) -> Option<Period> {
    let found = PERIOD.captures(text)?;
    let year = found.name("year").and_then(|year| year.as_str().parse().ok()).or(year)?;
    let get = |name: &str| found.name(name).map(|found| found.as_str());
    if let Some(quarter) = get("quarter") {
        let quarter = quarter.trim_start_matches('第');
        let quarter = quarter.parse().ok().or_else(|| number(quarter).and_then(|value| u8::try_from(value).ok()))?;
        return Period::quarter(year, quarter).ok();
    }
    if let Some(half) = get("half") {
        return Period::half(year, if half == "上" { 1 } else { 2 }).ok();
    }
    if let Some(month) = get("month") {
        return Period::month(year, month.parse().ok()?).ok();
    }
    Period::year(year).ok()
}

/// The clauses behind the meeting's name that say what it is for.
fn purposes(source: &Source, lexicon: &Lexicon, name: &Range<usize>, sentence: &Range<usize>) -> Vec<String> {
    let mut found = Vec::new();
    if name.end >= sentence.end {
        return found;
    }
    for piece in source.split(name.end..sentence.end, |c| matches!(c, '，' | '。' | '；')) {
        let piece = source.trimmed(piece);
        let chars = &source.chars[..piece.end];
        let mut at = piece.start;
        loop {
            if lexicon.purposes.at(chars, at).is_some() {
                found.push(source.text(piece.clone()));
                break;
            }
            match lexicon.manner.at(chars, at) {
                Some((length, ())) => at += length,
                // 客观总结: an adverb the lexicon does not know, of two characters.
                None if at == piece.start && lexicon.purposes.at(chars, at + 2).is_some() => at += 2,
                None => break,
            }
        }
    }
    found
}

/// Who presided and who spoke, by the words behind the names.
fn roles(source: &Source, people: &[Person]) -> (Option<String>, Option<String>) {
    let (mut chair, mut speaker) = (None, None);
    let text = words(&source.chars);
    for person in people.iter().filter(|person| !person.role.starts_with("byline")) {
        for (at, _) in text.match_indices(&person.name) {
            let tail: String = text[at + person.name.len()..]
                .chars()
                .take_while(|&c| !matches!(c, '，' | '。' | '；' | '\n' | ' ' | '、'))
                .take(30)
                .collect();
            let near: String = tail.chars().take(24).collect();
            if near.starts_with("主持")
                || near.contains("主持会议")
                || near.contains("主持召开")
                || near.contains("并主持")
            {
                chair.get_or_insert_with(|| person.name.clone());
            }
            let speech = near.contains("讲话") || near.contains("作部署") || near.contains("提出要求");
            let reports =
                ["要求", "强调", "指出"].iter().any(|word| near == *word || near.starts_with(&format!("最后{word}")));
            if speech || reports {
                speaker.get_or_insert_with(|| person.name.clone());
            }
        }
    }
    (chair, speaker)
}
