//! Times: deadlines in their Chinese forms, read against the document's own date.
//!
//! The day named counts: 4月15日前 and 五一前 end on that day, 9月底前 on the last of September. Terms in natural
//! days count from the day after the document's date. A date without a year is its next occurrence.

use crate::chars::number;
use crate::extract::{Calendar, Deadline};
use crate::lexicon::Lexicon;
use crate::source::{Match, Source, Starts};
use jiff::SignedDuration;
use jiff::ToSpan;
use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What relative deadlines are read against, and every time of the text.
pub(crate) struct Times<'a> {
    /// The document's own date.
    reference: Option<Date>,
    /// Working days and holidays, when known.
    calendar: Option<&'a dyn Calendar>,
    /// Every time of the text, by place.
    tokens: Vec<Token>,
}

/// A time that the text holds, read once.
struct Token {
    found: Found,
}

impl<'a> Times<'a> {
    /// Reads every time of the text once.
    pub fn new(
        source: &Source,
        lexicon: &Lexicon,
        reference: Option<Date>,
        calendar: Option<&'a dyn Calendar>,
    ) -> Times<'a> {
        let mut times = Times { reference, calendar, tokens: Vec::new() };
        let mut tokens = Vec::new();
        for line in source.lines() {
            let from = tokens.len();
            scan(source, lexicon, &times, line.clone(), &mut tokens);
            further_days(source, line, &mut tokens, from);
        }
        tokens.sort_by_key(|token| (token.found.range.start, std::cmp::Reverse(token.found.range.end)));
        times.tokens = tokens;
        times
    }
}

/// A deadline found.
#[derive(Clone)]
pub(crate) struct Found {
    pub deadline: Deadline,
    pub range: Range<usize>,
    /// A stretch of time to do something in (五一假期), not a day to be done by.
    pub window: bool,
    /// A bare period or date (三季度, 8月20日), which an act must follow.
    pub bare: bool,
}

/// How a form is read.
#[derive(Copy, Clone, PartialEq)]
enum Form {
    FullDate,
    MonthPart,
    ThisMonthPart,
    BareMonthPart,
    ThisMonthDay,
    EveryMonth,
    EveryMonthEnd,
    EveryWeek,
    EveryQuarter,
    EveryYear,
    Quarter,
    Half,
    YearPart,
    Within,
    Weekday,
    NamedDay,
    Month,
}

const DIGITS: &str = r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})";

/// Forms, tried at every place; the longest match at the earliest place wins.
static FORMS: LazyLock<Vec<(Form, Regex)>> = LazyLock::new(|| {
    let n = DIGITS;
    let year = r"(?:(?P<year>[0-9]{4})年|(?P<rel>今年|明年|本年度?|次年|来年))?(?:的)?";
    let end = r"(?:之前|以前|前|之内|以内|止)";
    let hour = r"(?:上午|下午|中午|晚上|下班|[0-9]{1,2}(?:[:：][0-9]{2}|[时点](?:[0-9]{1,2}分|整)?)){0,2}";
    [
        (Form::FullDate, format!(r"{year}(?P<month>{n})月(?P<day>{n})[日号]{hour}(?P<end>{end})?")),
        (Form::MonthPart, format!(r"{year}(?P<month>{n})月(?:份)?(?P<part>底|末|上旬|中旬|下旬|初|中)(?P<end>{end})?")),
        (Form::Month, format!(r"{year}(?P<month>{n})月(?:份)?(?P<end>之内|以内|内|之前|以前|前)?")),
        (Form::ThisMonthPart, format!(r"(?P<which>本月|当月|这个月|下个?月|次月)(?P<part>底|末|上旬|中旬|下旬|初|内|之内)(?P<end>{end})?")),
        (Form::BareMonthPart, format!(r"(?:月(?P<part>底|末|中)|(?P<third>上旬|中旬|下旬))(?P<end>{end})")),
        (Form::ThisMonthDay, format!(r"(?P<which>本月|当月|这个月|下个?月|次月)(?P<day>{n})[日号]{hour}(?P<end>{end})?")),
        (Form::EveryMonth, format!(r"(?:每个?月|逐月|每月的)(?:的)?(?P<day>{n})[日号]{hour}(?P<end>{end})?")),
        (Form::EveryMonthEnd, format!(r"每个?月(?:的)?(?P<part>底|末|月底|月末|初|上旬|中旬|下旬|最后一天)(?P<end>{end})?")),
        (Form::EveryWeek, format!(r"每(?:周|星期)(?P<week>[一二三四五六日天末])(?:上午|下午|下班)?{hour}(?P<end>{end})?")),
        (Form::EveryQuarter, format!(r"每个?季度(?P<part>末月|末|底|结束|首月|第一个月|最后一个月)(?:(?P<day>{n})[日号])?(?P<end>{end})?")),
        (Form::EveryYear, format!(r"每年(?:的)?(?P<month>{n})月(?:(?P<day>{n})[日号]|(?P<part>底|末))(?P<end>{end})?")),
        (Form::Quarter, format!(r"{year}(?P<which>第?[一二三四1-4]|本|下|当|首)(?:个)?季度(?P<part>末|底|结束|内)?(?P<end>{end})?")),
        (Form::Half, format!(r"{year}(?P<which>上|下)半年(?P<part>末|底|内)?(?P<end>{end})?")),
        (Form::YearPart, format!(r"(?:(?P<year>[0-9]{{4}})年年?|(?P<rel>今年|明年|本年|今|明|本|全)?年)(?P<part>底|末|内|终|初|中|度内|尾)(?P<end>{end})?")),
        (Form::Within, format!(r"(?P<count>{n}|半|[0-9]+)(?:个)?(?P<unit>工作日|自然日|日|天|周|星期|月|小时|分钟|年|季度)(?:时间)?(?:之内|以内|内)")),
        (Form::Weekday, format!(r"(?P<which>本|这|下下|下)?(?:周|星期)(?P<week>[一二三四五六日天末])(?:上午|下午|下班)?{hour}(?P<end>{end})?|(?P<whole>本|这|下)周(?P<within>之内|以内|内|底)?")),
        (Form::NamedDay, format!(r"(?P<which>今天|今日|当天|当日|明天|明日|后天|次日|大后天)(?:之内|以内|内|上午|下午|中午|晚上|下班|{hour}){{0,2}}(?P<end>{end})?")),
    ]
    .into_iter()
    .map(|(form, pattern)| (form, Regex::new(&pattern).expect("fixed pattern")))
    .collect()
});

/// Does the text hold anything that could be a time at all? Cheap, for most clauses do not.
fn may_hold_time(chars: &[char], lexicon: &Lexicon) -> bool {
    chars.iter().any(|&c| matches!(c, '月' | '日' | '号' | '天' | '周' | '年' | '季' | '期' | '内' | '前' | '时'))
        || lexicon
            .festivals
            .iter()
            .chain(&lexicon.terms)
            .any(|known| known.chars.first().is_some_and(|first| chars.contains(first)))
}

/// The deadlines of a range, in order, none overlapping.
pub(crate) fn find(source: &Source, lexicon: &Lexicon, times: &Times<'_>, range: Range<usize>) -> Vec<Found> {
    find_in(source, lexicon, times, range, false)
}

/// The same before a modal (上半年…完成率要达到…): a bare period or date at the start is a deadline too.
pub(crate) fn find_before_modal(
    source: &Source,
    lexicon: &Lexicon,
    times: &Times<'_>,
    range: Range<usize>,
) -> Vec<Found> {
    find_in(source, lexicon, times, range, true)
}

/// Every time of a range, bare periods and dates too: what a label of time says.
pub(crate) fn find_all(times: &Times<'_>, range: Range<usize>) -> Vec<Found> {
    let from = times.tokens.partition_point(|token| token.found.range.start < range.start);
    let mut free = range.start;
    let mut all = Vec::new();
    for Token { found } in times.tokens[from..].iter().take_while(|token| token.found.range.start < range.end) {
        if found.range.start >= free && found.range.end <= range.end {
            free = found.range.end;
            all.push(found.clone());
        }
    }
    all
}

fn find_in(source: &Source, lexicon: &Lexicon, times: &Times<'_>, range: Range<usize>, modal: bool) -> Vec<Found> {
    let from = times.tokens.partition_point(|token| token.found.range.start < range.start);
    let mut found = Vec::new();
    let mut free = range.start;
    for Token { found: token } in times.tokens[from..].iter().take_while(|token| token.found.range.start < range.end) {
        let fits = token.range.start >= free && token.range.end <= range.end;
        let due = !token.bare
            || (modal && token.range.start == range.start)
            || leads_to_act(source, lexicon, token.range.end, &range);
        if fits && due {
            free = token.range.end;
            found.push(token.clone());
        }
    }
    found
}

/// Reads the times of a line.
fn scan(source: &Source, lexicon: &Lexicon, times: &Times<'_>, line: Range<usize>, tokens: &mut Vec<Token>) {
    if !may_hold_time(source.at(line.clone()), lexicon) {
        return;
    }
    let starts = Starts::new(source, line.clone());
    for (form, pattern) in FORMS.iter() {
        for found in starts.matches(pattern) {
            tokens.extend(read(source, times, *form, &found, &line));
        }
    }
    let mut all = Vec::new();
    named(source, lexicon, times, line, &mut all);
    tokens.extend(all.into_iter().map(|found| Token { found }));
}

/// 本月15日、25日前: a day behind another one is of the same month.
fn further_days(source: &Source, line: Range<usize>, tokens: &mut Vec<Token>, from: usize) {
    let mut at = line.start;
    while at + 2 < line.end {
        let joins = matches!(source.chars[at], '、' | '和');
        let digits = source.at(at + 1..line.end).iter().take_while(|c| c.is_ascii_digit()).count();
        let mut end = at + 1 + digits;
        if !joins
            || !(1..=2).contains(&digits)
            || !matches!(source.chars.get(end), Some('日' | '号'))
            || end >= line.end
        {
            at += 1;
            continue;
        }
        end += 1;
        let whole = tail(&source.chars[..line.end], end, &["之前", "以前", "前"]);
        let first = tokens[from..]
            .iter()
            .filter(|token| token.found.range.end == at)
            .find_map(|token| token.found.deadline.date);
        let day = figure(&source.text(at + 1..at + 1 + digits)).and_then(|day| i8::try_from(day).ok());
        if let Some((first, day)) = first.zip(day) {
            let date = Date::new(first.year(), first.month(), day).ok();
            let mut token = found(source, at + 1..whole, date, false);
            token.bare = whole == end;
            tokens.push(Token { found: token });
        }
        at = whole;
    }
}

/// The number of a group, in digits or Chinese numerals.
fn figure(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| number(text).and_then(|value| i64::try_from(value).ok()))
}

fn read(source: &Source, times: &Times<'_>, form: Form, found: &Match<'_>, range: &Range<usize>) -> Option<Token> {
    let get = |name: &str| found.name(name).and_then(figure);
    let has = |name: &str| found.name(name).is_some();
    let reference = times.reference;
    let span = found.range.clone();
    let before = source.at(range.start.max(span.start.saturating_sub(3))..span.start);
    // A number may not begin in the middle of another.
    let numbered = before.last() == Some(&'.') && span.start - range.start <= 3 && span.start > range.start;
    if before.last().is_some_and(|&c| c.is_ascii_digit() || matches!(c, '第' | '.'))
        && source.chars[span.start].is_ascii_digit()
        && !numbered
    {
        return None;
    }
    let placed = before.last().is_some_and(|&c| matches!(c, '于' | '在' | '到' | '至' | '截'));
    let mut bare = false;
    let mut recurs = None;
    let date = match form {
        Form::FullDate => {
            bare = !has("end") && !placed;
            let (month, day) = (get("month")?, get("day")?);
            dated(reference, year_of(found, reference), month, day)
        }
        Form::MonthPart => {
            let part = found.name("part")?;
            bare = !has("end") && !matches!(part, "底" | "末") && !placed;
            let month = get("month").filter(|month| (1..=12).contains(month))?;
            part_of(reference, year_of(found, reference), month, part)
        }
        Form::Month => {
            let end = found.name("end");
            bare = end.is_none();
            let month = get("month").filter(|month| (1..=12).contains(month))?;
            let last = part_of(reference, year_of(found, reference), month, "底");
            match end {
                // 9月前 ends before September begins.
                Some("前" | "之前" | "以前") => last.and_then(|last| last.first_of_month().yesterday().ok()),
                _ => last,
            }
        }
        Form::ThisMonthPart | Form::ThisMonthDay => reference.and_then(|today| {
            let first = today.first_of_month();
            let first = match found.name("which")?.starts_with(['下', '次']) {
                true => first.checked_add(1.month()).ok()?,
                false => first,
            };
            match get("day") {
                Some(day) => Date::new(first.year(), first.month(), i8::try_from(day).ok()?).ok(),
                None => part_of(reference, Some(first.year()), first.month().into(), found.name("part")?),
            }
        }),
        // 月底前 alone is this month's; 6月底前 is read with its month.
        Form::BareMonthPart => {
            if before.last().is_some_and(|&c| c.is_ascii_digit() || "月本当个次下每一二三四五六七八九十".contains(c))
            {
                return None;
            }
            let part = found.name("part").or(found.name("third"))?;
            reference.and_then(|today| part_of(reference, Some(today.year()), today.month().into(), part))
        }
        Form::EveryMonth => {
            let day = get("day").filter(|day| (1..=31).contains(day))?;
            recurs = Some(format!("monthly:{day}"));
            None
        }
        Form::EveryMonthEnd => {
            recurs = Some(match found.name("part")? {
                "初" | "上旬" => "monthly:10".to_owned(),
                "中旬" => "monthly:20".to_owned(),
                _ => "monthly:end".to_owned(),
            });
            None
        }
        Form::EveryWeek => {
            recurs = Some(format!("weekly:{}", weekday_number(found.name("week")?)?));
            None
        }
        Form::EveryQuarter => {
            let first = matches!(found.name("part")?, "首月" | "第一个月");
            recurs = Some(match (first, get("day")) {
                (true, Some(day)) => format!("quarterly:1-{day}"),
                (true, None) => "quarterly:1-end".to_owned(),
                (false, Some(day)) => format!("quarterly:3-{day}"),
                (false, None) => "quarterly:end".to_owned(),
            });
            None
        }
        Form::EveryYear => {
            let month = get("month").filter(|month| (1..=12).contains(month))?;
            let last = part_of(Date::new(2023, 1, 1).ok(), Some(2023), month, "底")?.day();
            recurs = Some(format!("yearly:{month:02}-{:02}", get("day").unwrap_or(last.into())));
            None
        }
        Form::Quarter | Form::Half => {
            bare = !has("part") && !has("end");
            let which = found.name("which")?;
            let year = year_of(found, reference);
            let month = match (form, which.trim_start_matches('第')) {
                (Form::Half, "上") => Some(6),
                (Form::Half, _) => Some(12),
                (_, "本" | "当") => reference.map(|today| (i64::from(today.month()) + 2) / 3 * 3),
                (_, "下") => reference.map(|today| (i64::from(today.month()) + 2) / 3 * 3 + 3),
                (_, "首") => Some(3),
                (_, number) => figure(number).map(|quarter| quarter * 3),
            };
            match month {
                Some(month) if month > 12 => {
                    part_of(reference, reference.map(|today| today.year() + 1), month - 12, "底")
                }
                Some(month) => part_of(reference, year, month, "底"),
                None => None,
            }
        }
        Form::YearPart => {
            let part = found.name("part")?;
            if (!has("end") && matches!(part, "初" | "中" | "终"))
                || before.last().is_some_and(|c| c.is_ascii_digit() || "每历多全近几".contains(*c))
                || found.name("rel") == Some("全")
            {
                return None;
            }
            let year = get("year").or_else(|| {
                reference.map(|today| {
                    i64::from(today.year()) + i64::from(found.name("rel").is_some_and(|rel| rel.starts_with('明')))
                })
            });
            year.and_then(|year| {
                let (month, day) = match part {
                    "初" => (3, 31),
                    "中" => (6, 30),
                    _ => (12, 31),
                };
                Date::new(i16::try_from(year).ok()?, month, day).ok()
            })
        }
        // 压缩到3个工作日以内 is a limit, no deadline.
        Form::Within if before.last().is_some_and(|&c| matches!(c, '到' | '至' | '为')) => return None,
        Form::Within => within(times, found)?,
        Form::Weekday => {
            bare = if has("whole") { !has("within") } else { !has("end") };
            if before.last() == Some(&'每') {
                return None;
            }
            reference.and_then(|today| {
                let offset = i64::from(today.weekday().to_monday_zero_offset());
                let monday = shift(today, -offset)?;
                if let Some(whole) = found.name("whole") {
                    return shift(monday, if whole == "下" { 13 } else { 6 });
                }
                let day = weekday_number(found.name("week")?)?;
                let weeks = match found.name("which") {
                    Some("下") => 1,
                    Some("下下") => 2,
                    Some(_) => 0,
                    None => i64::from(day - 1 < offset),
                };
                shift(monday, weeks * 7 + day - 1)
            })
        }
        Form::NamedDay => {
            // 美好明天 is no deadline.
            if before.last().is_some_and(|&c| matches!(c, '的' | '好')) {
                return None;
            }
            bare = !has("end") && span.len() <= 2 && !placed;
            // 当天登记、当天转办 says how, not when.
            if bare && matches!(found.name("which"), Some("当天" | "当日")) {
                return None;
            }
            reference.and_then(|today| {
                let days = match found.name("which")? {
                    "今天" | "今日" => 0,
                    "明天" | "明日" | "次日" => 1,
                    "后天" => 2,
                    "大后天" => 3,
                    _ => return None,
                };
                shift(today, days)
            })
        }
    };
    let deadline = Deadline { text: source.text(span.clone()), date, recurs, offset: span.start };
    Some(Token { found: Found { deadline, range: span, window: false, bare } })
}

/// Does the place lead on to an act that a bare period or date is the deadline of?
fn leads_to_act(source: &Source, lexicon: &Lexicon, at: usize, range: &Range<usize>) -> bool {
    let chars = &source.chars[..range.end];
    let mut at = at;
    for _ in 0..4 {
        let act = lexicon.verbs.at(chars, at).is_some_and(|(length, class)| length >= 2 && class.task);
        // 三季度入库率 names a figure.
        let completes = lexicon
            .completions
            .at(chars, at)
            .is_some_and(|(length, ())| !matches!(chars.get(at + length), Some('率' | '量' | '数' | '额')));
        if act || completes || matches!(chars.get(at), Some('向' | '给' | '把' | '将' | '报' | '交')) {
            return true;
        }
        match lexicon.manner.at(chars, at) {
            Some((length, ())) => at += length,
            None => return false,
        }
    }
    false
}

/// The year a form names, in figures or as 今年, 明年.
fn year_of(found: &Match<'_>, reference: Option<Date>) -> Option<i16> {
    if let Some(year) = found.name("year") {
        return year.parse().ok();
    }
    let year = reference?.year();
    found.name("rel").map(|rel| if rel.starts_with(['明', '次', '来']) { year + 1 } else { year })
}

/// The date of a month and a day; without a year the next one from the reference on.
fn dated(reference: Option<Date>, year: Option<i16>, month: i64, day: i64) -> Option<Date> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    let today = reference?;
    let this_year = Date::new(today.year(), month, day).ok();
    this_year.filter(|date| *date >= today).or_else(|| Date::new(today.year() + 1, month, day).ok())
}

/// The last day of a part of a month; without a year the next one from the reference on.
fn part_of(reference: Option<Date>, year: Option<i16>, month: i64, part: &str) -> Option<Date> {
    let month = i8::try_from(month).ok()?;
    let last = |year: i16| {
        let first = Date::new(year, month, 1).ok()?;
        match part {
            "上旬" | "初" => Date::new(year, month, 10).ok(),
            "中旬" => Date::new(year, month, 20).ok(),
            "中" => Date::new(year, month, 15).ok(),
            _ => Some(first.last_of_month()),
        }
    };
    if let Some(year) = year {
        return last(year);
    }
    let today = reference?;
    last(today.year()).filter(|date| *date >= today).or_else(|| last(today.year() + 1))
}

/// 一周内, 30日内, 5个工作日内. The outer none refuses the form, the inner one leaves it as words.
fn within(times: &Times<'_>, found: &Match<'_>) -> Option<Option<Date>> {
    let unit = found.name("unit")?;
    let text = found.name("count")?;
    let half = text == "半";
    let count = if half { 0 } else { figure(text)? };
    let Some(today) = times.reference else {
        return Some(None);
    };
    Some(match (unit, half) {
        ("工作日", false) => {
            times.calendar.and_then(|calendar| calendar.after_working_days(today, u32::try_from(count).ok()?))
        }
        ("日" | "天" | "自然日", false) => shift(today, count),
        ("周" | "星期", false) => shift(today, count * 7),
        ("月", true) => shift(today, 15),
        ("月", false) => today.checked_add(count.months()).ok(),
        ("季度", false) => today.checked_add((count * 3).months()).ok(),
        ("年", true) => today.checked_add(6.months()).ok(),
        ("年", false) => today.checked_add(count.years()).ok(),
        // 24小时 is a term in hours: one that ends within the next day.
        ("小时", false) if count > 0 && count % 24 == 0 => shift(today, count / 24),
        ("小时", false) | ("分钟", false) => None,
        _ => return None,
    })
}

fn weekday_number(word: &str) -> Option<i64> {
    Some(match word {
        "一" => 1,
        "二" => 2,
        "三" => 3,
        "四" => 4,
        "五" => 5,
        "六" => 6,
        "日" | "天" | "末" => 7,
        _ => return None,
    })
}

fn shift(date: Date, days: i64) -> Option<Date> {
    date.checked_add(SignedDuration::from_hours(24 * days.clamp(-100_000, 100_000))).ok()
}

/// Festivals (五一前, “五一”假期), terms that hold a date (双过半), events (汛期前).
fn named(source: &Source, lexicon: &Lexicon, times: &Times<'_>, range: Range<usize>, all: &mut Vec<Found>) {
    let chars = &source.chars[..range.end];
    for at in range.clone() {
        for festival in &lexicon.festivals {
            if let Some(found) = festival_at(source, times, festival, at, &range) {
                all.push(found);
            }
        }
        for term in &lexicon.terms {
            let name = &term.chars;
            if chars[at..].starts_with(name) {
                let date = term
                    .day
                    .zip(times.reference)
                    .and_then(|((month, day), today)| Date::new(today.year(), month, day).ok());
                all.push(found(source, at..at + name.len(), date, false));
            }
        }
        if let Some((length, ())) = lexicon.events.at(chars, at) {
            let end = tail(chars, at + length, &["之前", "以前", "前", "到来前", "来临前", "来临之前", "开始前"]);
            if end > at + length {
                all.push(found(source, at..end, None, false));
            }
        }
    }
}

fn found(source: &Source, range: Range<usize>, date: Option<Date>, window: bool) -> Found {
    Found {
        deadline: Deadline { text: source.text(range.clone()), date, recurs: None, offset: range.start },
        range,
        window,
        bare: false,
    }
}

/// Where the longest of `tails` at `at` ends; `at` when none stands there.
fn tail(chars: &[char], at: usize, tails: &[&str]) -> usize {
    tails
        .iter()
        .map(|tail| tail.chars().collect::<Vec<_>>())
        .filter(|tail| chars.get(at..).is_some_and(|rest| rest.starts_with(tail)))
        .map(|tail| at + tail.len())
        .max()
        .unwrap_or(at)
}

fn festival_at(
    source: &Source,
    times: &Times<'_>,
    festival: &crate::lexicon::Festival,
    at: usize,
    range: &Range<usize>,
) -> Option<Found> {
    let chars = &source.chars[..range.end];
    let name = &festival.chars;
    let quoted = chars.get(at) == Some(&'“');
    let from = at + usize::from(quoted);
    if !chars.get(from..)?.starts_with(name) {
        return None;
    }
    let mut end = from + name.len();
    if quoted {
        if chars.get(end) != Some(&'”') {
            return None;
        }
        end += 1;
    }
    // 十一个 is a number, 十一月 a month.
    if festival.name == "十一" && !quoted && !matches!(chars.get(end), Some('前' | '假' | '黄' | '期' | '长')) {
        return None;
    }
    let after = tail(chars, end, &["国际劳动节", "劳动节", "国庆节", "节", "小长假", "黄金周", "佳节"]);
    let window = tail(chars, after, &["假期", "期间", "假日", "节假期", "小长假", "长假"]);
    let before = tail(chars, window.max(after), &["之前", "以前", "前", "前夕"]);
    if before > window.max(after) {
        let date = day_of(times, festival);
        return Some(found(source, at..before, date, false));
    }
    if window > after {
        let last = times.reference.zip(times.calendar).and_then(|(today, calendar)| {
            let this = calendar.holiday(&festival.name, today.year()).filter(|(_, last)| *last >= today);
            this.or_else(|| calendar.holiday(&festival.name, today.year() + 1)).map(|(_, last)| last)
        });
        return Some(found(source, at..window, last, true));
    }
    None
}

/// The day a festival is named for: by its own date, or the first day of the holiday in the calendar.
fn day_of(times: &Times<'_>, festival: &crate::lexicon::Festival) -> Option<Date> {
    let today = times.reference?;
    match festival.day {
        Some((month, day)) => dated(Some(today), None, month.into(), day.into()),
        None => {
            let calendar = times.calendar?;
            [today.year(), today.year() + 1]
                .into_iter()
                .filter_map(|year| calendar.holiday(&festival.name, year))
                .map(|(first, _)| first)
                .find(|first| *first >= today)
        }
    }
}

static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:.{0,30}[^0-9])?(?P<year>[0-9]{4}|[一二三四五六七八九〇○零]{4})年(?P<month>[0-9]{1,2}|[一二三四五六七八九十]{1,3})月(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:日(?:印发|发布)?)?$").expect("fixed pattern")
});

static ISO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:时间|日期|发布)[^0-9]{0,4}(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
        .expect("fixed pattern")
});

/// The date that stands under (or over) the text on a line of its own, the last such line first.
pub(crate) fn dateline(source: &Source) -> Option<Date> {
    let read = |found: &Match<'_>| {
        let year = figure(found.name("year")?)?;
        let (month, day) = (figure(found.name("month")?)?, figure(found.name("day")?)?);
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let lines = source.lines();
    for pattern in [&*DATELINE, &*ISO] {
        for line in lines.iter().rev().filter(|line| line.len() <= 60) {
            let starts = Starts::new(source, line.clone());
            if let Some(date) = starts.first(pattern).as_ref().and_then(read) {
                return Some(date);
            }
        }
    }
    None
}
