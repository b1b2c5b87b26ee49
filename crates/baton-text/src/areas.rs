//! Areas: what was reported on, from 会议通报了…、…等工作情况.

use crate::extract::Areas;
use crate::lexicon::Lexicon;
use crate::source::{Source, words};

/// The areas of the first sentence that reports on some.
pub(crate) fn find(source: &Source, lexicon: &Lexicon) -> Areas {
    let heads: [&[char]; 2] = [&['通', '报', '了'], &['通', '报']];
    for line in source.lines() {
        for sentence in source.sentences(line) {
            let chars = source.at(sentence.clone());
            if chars.iter().filter(|&&c| c == '、').count() == 0 {
                continue;
            }
            let Some(start) = heads.iter().find_map(|head| {
                chars.windows(head.len()).position(|window| window == *head).map(|at| at + head.len())
            }) else {
                continue;
            };
            let end = chars[start..]
                .iter()
                .position(|&c| matches!(c, '，' | '；' | '。'))
                .map_or(chars.len(), |long| start + long);
            let areas = listed(&chars[start..end], lexicon);
            if areas.list.len() >= 2 {
                return areas;
            }
        }
    }
    Areas::default()
}

fn listed(object: &[char], lexicon: &Lexicon) -> Areas {
    let mut start = 0;
    while let Some((length, ())) = lexicon.scopes.at(object, start) {
        start += length;
    }
    if object.get(start) == Some(&'的') {
        start += 1;
    }
    let etc = object[start..].iter().position(|&c| c == '等').map(|at| start + at);
    let end = etc.unwrap_or(object.len());
    let list: Vec<String> = object[start..end]
        .split(|&c| c == '、')
        .flat_map(|item| and_items(item, etc.is_some()))
        .map(|item| words(without_tails(&item, lexicon)))
        .filter(|item| !item.is_empty())
        .collect();
    let list = if list.iter().all(|item| item.chars().count() <= 16) { list } else { Vec::new() };
    Areas { list, open: etc.is_some() }
}

/// 甲和乙 as the last item of a list are two.
fn and_items(item: &[char], etc: bool) -> Vec<Vec<char>> {
    match item.iter().position(|&c| c == '和').filter(|&at| at >= 2 && item.len() - at > 2) {
        Some(at) if etc || item.len() <= 14 => vec![item[..at].to_vec(), item[at + 1..].to_vec()],
        _ => vec![item.to_vec()],
    }
}

/// 工作进展情况 and the like at the end say nothing of the area.
fn without_tails<'a>(item: &'a [char], lexicon: &Lexicon) -> &'a [char] {
    let mut item = item;
    while let Some(length) = lexicon.area_tails.ending(item).filter(|&length| length < item.len()) {
        item = &item[..item.len() - length];
    }
    item
}
