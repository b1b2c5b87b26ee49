//! Organisations: by suffix, level and place; groups without names; 市委 and the like.

use crate::chars::is_han;
use crate::extract::{Directive, Meeting, Org, Right};
use crate::lexicon::{Lexicon, Suffix};
use crate::limits::{BRACKET_MAX, NAME_MAX, PLACE_MAX};
use crate::source::{Source, words};
use std::collections::BTreeMap;
use std::ops::Range;

/// A name found at one place.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub range: Range<usize>,
    pub kind: String,
}

/// Every organisation once, aliases (区党工委 beside 云岭新区党工委) left out, in the order of the first place.
pub(crate) fn find(source: &Source, lexicon: &Lexicon, mentions: &[Mention]) -> Vec<Org> {
    let mut orgs: Vec<Org> = Vec::new();
    for mention in mentions {
        let text = source.text(mention.range.clone());
        if !orgs.iter().any(|org| org.text == text) {
            orgs.push(Org {
                text,
                kind: mention.kind.clone(),
                role: "mentioned".to_owned(),
                offset: mention.range.start,
            });
        }
    }
    let is_alias = |org: &Org| {
        let chars: Vec<char> = org.text.chars().collect();
        lexicon.levels.at(&chars, 0).is_some()
            && orgs.iter().any(|other| {
                other.text.len() > org.text.len() && other.text.ends_with(&org.text) && other.kind == org.kind
            })
    };
    let kept: Vec<bool> = orgs.iter().map(|org| !is_alias(org)).collect();
    let mut kept = kept.into_iter();
    orgs.retain(|_| kept.next().unwrap_or(true));
    orgs
}

/// The mentions that lie within a range, in order.
pub(crate) fn within<'a>(mentions: &'a [Mention], range: &Range<usize>) -> impl Iterator<Item = &'a Mention> {
    let (from, end) = (mentions.partition_point(|mention| mention.range.start < range.start), range.end);
    mentions[from..]
        .iter()
        .take_while(move |mention| mention.range.start < end)
        .filter(move |mention| mention.range.end <= end)
}

/// Every mention of the text, in order; of overlapping ones the longest.
pub(crate) fn mentions(source: &Source, lexicon: &Lexicon) -> Vec<Mention> {
    let mut all: Vec<Mention> = Vec::new();
    let chars = &source.chars[..];
    for at in 0..chars.len() {
        if let Some(end) = group_at(chars, lexicon, at) {
            all.push(Mention { range: at..end, kind: "group".to_owned() });
        }
        if let Some((level, ())) = lexicon.levels.at(chars, at)
            && let Some((organ, ())) = lexicon.organs.at(chars, at + level)
            && !follows(chars, at + level + organ, "员托会任办督")
        {
            let start = place_before(chars, lexicon, 0, at).unwrap_or(at);
            all.push(Mention { range: start..at + level + organ, kind: "organ".to_owned() });
        }
        for (length, suffix) in lexicon.suffixes.all_at(chars, at) {
            if let Some(start) = name_start(chars, lexicon, 0, at, length, suffix) {
                all.push(Mention { range: start..at + length, kind: suffix.kind.clone() });
                break;
            }
        }
    }
    all.sort_by_key(|mention| (std::cmp::Reverse(mention.range.len()), mention.range.start));
    let mut kept: BTreeMap<usize, Mention> = BTreeMap::new();
    for mention in all {
        let before = kept.range(..mention.range.end).next_back();
        if before.is_none_or(|(_, other)| other.range.end <= mention.range.start) {
            kept.insert(mention.range.start, mention);
        }
    }
    kept.into_values().collect()
}

fn follows(chars: &[char], at: usize, any: &str) -> bool {
    chars.get(at).is_some_and(|&c| any.contains(c))
}

/// Where a group that begins at `at` ends: 各镇（街、办）, 相关部门单位.
pub(crate) fn group_at(chars: &[char], lexicon: &Lexicon, at: usize) -> Option<usize> {
    let mut best = None;
    for (head, ()) in lexicon.group_heads.all_at(chars, at) {
        // Every way through the middles; they are few and short.
        let mut open = vec![at + head];
        let mut seen = 0;
        while let Some(from) = open.pop() {
            seen += 1;
            if seen > 200 || from > at + NAME_MAX {
                continue;
            }
            for (tail, ()) in lexicon.group_tails.all_at(chars, from) {
                best = best.max(Some(from + tail));
            }
            for (middle, ()) in lexicon.group_middles.all_at(chars, from) {
                open.push(from + middle);
            }
        }
    }
    let mut end = best?;
    if lexicon.group_not.at(chars, end).is_some() || (at > 0 && chars[at - 1] == '各') {
        return None;
    }
    if chars.get(end) == Some(&'（')
        && let Some(long) = chars[end..].iter().take(BRACKET_MAX).position(|&c| c == '）')
        && chars[end + 1..end + long].iter().all(|&c| is_han(c) || c == '、')
    {
        end += long + 1;
    }
    Some(end)
}

/// The start of a place name that ends with the level word at `level`, when one stands there: 清河 in 清河县委.
fn place_before(chars: &[char], lexicon: &Lexicon, from: usize, level: usize) -> Option<usize> {
    let start = boundary(chars, lexicon, from, level);
    let long = level - start;
    ((2..=4).contains(&long)
        && (start..level).all(|at| lexicon.levels.at(&chars[..level], at).is_none())
        && !chars[start..level].iter().any(|&c| "全我本各该".contains(c)))
    .then_some(start)
}

/// Where the words before `at` begin that could be part of a name: behind a mark, a figure or a word that breaks.
fn boundary(chars: &[char], lexicon: &Lexicon, from: usize, at: usize) -> usize {
    let low = at.saturating_sub(NAME_MAX).max(from);
    let mut start = at;
    while start > low && is_han(chars[start - 1]) {
        start -= 1;
    }
    let mut best = start;
    for word in start..at {
        for (length, ()) in lexicon.breakers.all_at(&chars[..at], word) {
            let inside = (word.saturating_sub(10).max(start)..=word).any(|joined| {
                lexicon.joined.all_at(chars, joined).any(|(long, ())| joined + long >= word + length && joined <= word)
            });
            if !inside {
                best = best.max(word + length);
            }
        }
    }
    best
}

/// Where the name with the suffix at `at` begins; none when it is no name.
fn name_start(
    chars: &[char],
    lexicon: &Lexicon,
    from: usize,
    at: usize,
    length: usize,
    suffix: &Suffix,
) -> Option<usize> {
    let end = at + length;
    // 县城, 市场, 区域, 办公: the suffix is part of another word.
    let compound = match chars[end - 1] {
        '县' => "城级域直委区长政内外",
        '市' => "场民政委直值级区长容域",
        '区' => "域块级位间分直委长划政县内属片",
        '镇' => "铁街域区级村化长党政",
        '乡' => "镇村土愁亲贤风长党政",
        '办' => "理公事好结法学成案件税实证复",
        '局' => "面限部势促长党势",
        '厅' => "堂长",
        '团' => "队长",
        '道' => "路办理德",
        _ => "",
    };
    // 盯办, 一周内办: doing, no office.
    let does = chars[at..end] == ['办']
        && at > 0
        && "得就快盯督催交转代帮承主协查内前来去会先再能可要未已正在以而不难好限经照包置筹领自联合审送上下即马程时必尽都也一件".contains(chars[at - 1]);
    if does
        || follows(chars, end, compound)
        || (0..at).rev().take(6).any(|word| {
            lexicon
                .not_organisations
                .at(chars, word)
                .is_some_and(|(long, ())| word + long == end || (word + long > end && word < at))
        })
    {
        return None;
    }
    if lexicon.not_organisations.all_at(chars, at).any(|(long, ())| long == length) {
        return None;
    }
    let mut start = boundary(chars, lexicon, from, at);
    while start < at
        && "全我本各该新老原".contains(chars[start])
        && lexicon.levels.at(chars, start + 1).is_some()
        && !lexicon.levels.at(chars, start).is_some()
    {
        start += 1;
    }
    let level = (start..at).find(|&place| lexicon.levels.at(&chars[..at], place).is_some());
    if suffix.place {
        let long = at - start;
        let least = 2;
        let most = if length >= 2 { PLACE_MAX } else { 3 };
        return ((least..=most).contains(&long) && level.is_none_or(|level| level > start + 1)).then_some(start);
    }
    match level {
        // A place of up to four characters and its level, or the level alone, begin the name.
        // Right before an adjoining suffix the last level counts: 区政府 of 区委区政府.
        _ if suffix.adjoining => {
            let own = (start..at)
                .rev()
                .find(|&place| lexicon.levels.all_at(&chars[..at], place).any(|(long, ())| place + long == at))?;
            start = place_before(chars, lexicon, from, own).unwrap_or(own);
        }
        Some(level) if level - start <= 4 => {}
        Some(level) if suffix.levelled || suffix.with_level => start = level,
        _ if suffix.whole => start = at,
        _ => {}
    }
    if level.is_none() && start > 0 && chars[start - 1] == '“' && !suffix.whole {
        return None;
    }
    if suffix.with_level && level.is_none() {
        return None;
    }
    let level_length = lexicon.levels.at(chars, start).map_or(0, |(long, ())| long);
    let core = (at - start).saturating_sub(level_length);
    if suffix.whole {
        return (at - start <= PLACE_MAX + 2).then_some(start);
    }
    if suffix.levelled && level.is_none() && (core < suffix.name_min.max(2) || core > 10) {
        return None;
    }
    let known = core >= suffix.name_min || (level_length > 0 && length >= 2);
    (known && at - start <= NAME_MAX).then_some(start)
}

/// Gives each organisation its role in the text.
pub(crate) fn give_roles(
    orgs: &mut [Org],
    source: &Source,
    meeting: &Meeting,
    directives: &[Directive],
    rights: &[Right],
) {
    let named = |text: &str, lead: bool| {
        directives
            .iter()
            .flat_map(|directive| &directive.clauses)
            .flat_map(|clause| &clause.named)
            .any(|named| named.lead == lead && named.text.contains(text))
    };
    let host = meeting
        .name
        .as_deref()
        .and_then(|name| {
            orgs.iter()
                .filter(|org| name.starts_with(&org.text))
                .max_by_key(|org| org.text.len())
                .map(|org| org.text.clone())
        })
        .or_else(|| orgs.iter().find(|org| org.kind == "zone" || org.kind == "county").map(|org| org.text.clone()));
    let partners: Vec<String> = directives
        .iter()
        .flat_map(|directive| &directive.clauses)
        .filter(|clause| clause.object.starts_with('与') || clause.object.starts_with('同'))
        .flat_map(|clause| clause.parts.clone())
        .collect();
    for org in orgs {
        let next: Vec<char> = source.chars[org.offset + org.text.chars().count()..].iter().take(2).copied().collect();
        let superior = org.kind == "organ" && host.as_deref().is_none_or(|host| !host.contains(&org.text)) && {
            let level = org.text.chars().next().unwrap_or_default();
            let rank = |c: char| "省州市县区镇乡".chars().position(|known| known == c);
            let own = host.as_deref().and_then(|host| host.chars().last()).and_then(rank);
            rank(level).zip(own).is_some_and(|(level, own)| level < own)
        };
        org.role = if Some(&org.text) == host.as_ref() {
            "host"
        } else if meeting.venues.contains(&org.text) {
            "branch_venue"
        } else if meeting.spoke.iter().any(|spoke| spoke.contains(&org.text)) {
            "speaker"
        } else if partners.contains(&org.text) {
            "partner"
        } else if org.kind == "media"
            || rights.iter().any(|right| right.holder.as_ref() == Some(&org.text))
            || words(&next) == "讯（"
        {
            "publisher"
        } else if superior {
            "superior"
        } else if matches!(org.kind.as_str(), "party_committee" | "administrative_committee" | "headquarters" | "organ")
        {
            "leadership"
        } else if named(&org.text, true) {
            "lead"
        } else if named(&org.text, false) {
            "assist"
        } else if directives
            .iter()
            .any(|directive| directive.addressee.as_ref().is_some_and(|addressee| addressee.contains(&org.text)))
        {
            "addressee"
        } else {
            "mentioned"
        }
        .to_owned();
    }
}
