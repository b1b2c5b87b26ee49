//! Evidence: what shows, without a modal and without a known verb, that a part of a sentence asks something.

use crate::chars::is_han;
use crate::clauses::Reading;
use crate::quantities;
use crate::times;
use std::ops::Range;

impl Reading<'_> {
    /// Does an act begin at the place by the shape of its word: 查…, 拆…, 送… or a verb with its outcome (配齐, 查明)?
    pub fn hints_act(&self, chars: &[char], at: usize) -> bool {
        let (Some(&first), Some(&second)) = (chars.get(at), chars.get(at + 1)) else { return false };
        if !is_han(first)
            || !(is_han(second) || second.is_ascii_digit())
            || self.lexicon.not_acts.at(chars, at).is_some()
        {
            return false;
        }
        self.lexicon.acts.contains(&first)
            || (self.lexicon.outcomes.contains(&second) && !self.lexicon.never_act.contains(&first))
    }

    /// Does the range begin with a ban: 不许, 不准, 严禁?
    pub fn bans(&self, chars: &[char], at: usize) -> bool {
        self.lexicon.bans.at(chars, at).is_some()
    }

    /// 每周, 每半月, 每3小时, 半个月…一次: how often something is to be done.
    pub fn recurs(&self, chars: &[char]) -> bool {
        let times = chars.windows(2).any(|pair| matches!(pair, ['一', '次' | '回' | '遍']));
        let period =
            [&['半', '个', '月'][..], &['一', '个', '月'], &['半', '年'], &['一', '周'], &['一', '天'], &['半', '月']];
        times && period.iter().any(|period| chars.windows(period.len()).any(|window| window == *period))
            || self.each(chars)
    }

    fn each(&self, chars: &[char]) -> bool {
        (0..chars.len()).filter(|&at| chars[at] == '每').any(|at| {
            let rest = &chars[at + 1..];
            let skip = rest
                .iter()
                .take_while(|&&c| c.is_ascii_digit() || matches!(c, '隔' | '半' | '个' | '一' | '两' | '三' | '逢'))
                .count();
            matches!(rest.get(skip), Some('日' | '天' | '周' | '旬' | '月' | '季' | '年'))
                || rest[skip.min(rest.len())..].starts_with(&['小', '时'])
                || rest[skip.min(rest.len())..].starts_with(&['星', '期'])
        })
    }

    /// Is it told of the past: 截至, 累计, 同比, 已 without a noun behind it, 了?
    pub fn past(&self, range: &Range<usize>) -> bool {
        let chars = self.source.at(range.clone());
        if self.lexicon.past.occurs(chars) || self.lexicon.future.occurs(chars) {
            return true;
        }
        chars.iter().enumerate().any(|(at, &c)| {
            let (before, next) = (at.checked_sub(1).map(|i| chars[i]), chars.get(at + 1));
            match c {
                '了' => !matches!(next, Some('解' | '结')) && !matches!(before, Some('为' | '除')),
                '已' => {
                    // 对已签约的项目, 已建成项目: an attribute.
                    let behind: Vec<char> = chars[at..].iter().copied().take(9).collect();
                    !behind.contains(&'的') && !behind.windows(2).any(|pair| pair == ['项', '目'])
                }
                _ => false,
            }
        })
    }

    /// Does the range show by itself that something is asked: a day to be done by, a figure that bounds, how often?
    pub fn firm(&self, range: &Range<usize>) -> bool {
        let due = times::find(self.source, self.lexicon, self.times, range.clone());
        if due.iter().any(|found| !found.window && !found.bare) {
            return true;
        }
        let chars = self.source.at(range.clone());
        if self.recurs(chars) {
            return true;
        }
        let taken: Vec<Range<usize>> = due.iter().map(|found| found.range.clone()).collect();
        quantities::find(self.source, self.lexicon, range.clone(), &taken)
            .iter()
            .any(|found| found.quantity.bound.is_some() && found.counts)
    }

    /// The same, or a figure at the end (净增规上企业4家), 把 and 将 before what is to be done, a ban, the shape of an act.
    pub fn shows_act(&self, range: &Range<usize>) -> bool {
        let due = times::find(self.source, self.lexicon, self.times, range.clone());
        let at = self.skip(range, &due);
        let chars = &self.source.chars[..range.end];
        self.firm(range)
            || self.counts_at_end(range)
            || self.counts_all(range)
            || matches!(chars.get(at), Some('把' | '将')) && at + 4 < range.end
            || self.bans(chars, at)
            || self.hints_act(chars, at)
    }

    /// May what stands behind a condition (凡具备条件的，…) be what is asked under it: no statement, no view?
    pub fn follows_condition(&self, range: &Range<usize>) -> bool {
        range.len() >= 4 && !self.past(range) && !self.source.at(range.clone()).contains(&'是')
    }

    /// A figure and 全部 or 均: 高标准农田1万亩全部通过验收.
    fn counts_all(&self, range: &Range<usize>) -> bool {
        let all = self.source.at(range.clone()).windows(2).any(|pair| matches!(pair, ['全', '部'] | ['全', '面']));
        all && quantities::find(self.source, self.lexicon, range.clone(), &[]).iter().any(|found| found.counts)
    }

    /// 对困难家庭逐户上门: a manner behind what it is about, and an act that no list holds.
    pub fn acts_by_manner(&self, range: &Range<usize>) -> bool {
        let chars = &self.source.chars[..range.end];
        (range.start + 3..range.end).any(|at| {
            let length = self.lexicon.manner.at(chars, at).map_or(0, |(length, ())| length);
            length >= 2 && at + length + 2 <= range.end && !chars[at..].contains(&'的')
        })
    }

    /// 在路口设卡: the shape of an act behind where it is done.
    pub fn acts_within(&self, range: &Range<usize>) -> bool {
        let chars = &self.source.chars[..range.end];
        matches!(chars.get(range.start), Some('在' | '于'))
            && (range.start + 3..range.end.saturating_sub(1)).any(|at| self.hints_act(chars, at))
    }

    /// Does a figure end the range: 净增规上企业4家, 融资8亿元以上?
    pub fn counts_at_end(&self, range: &Range<usize>) -> bool {
        let chars = &self.source.chars[..range.end];
        quantities::find(self.source, self.lexicon, range.clone(), &[]).iter().any(|found| {
            let end = found.quantity.offset + found.quantity.text.chars().count();
            let rest = &chars[end.min(range.end)..];
            found.counts
                && (rest.is_empty() || matches!(rest, ['以', '上'] | ['以', '内'] | ['左', '右'] | ['以', '下']))
        })
    }

    /// Is what follows a manner that only goes with something to be done: 逐户, 立即, 一律?
    pub fn insists(&self, range: &Range<usize>) -> bool {
        self.lexicon.firm_manner.occurs(self.source.at(range.clone()))
    }
}
