//! Clauses: one thing that is asked: its verb and object, task, measure or stance, deadlines, figures, owners.

use crate::extract::{Clause, Deadline};
use crate::lexicon::{Class, Lexicon, VerbClass};
use crate::limits::{PART_MAX, PHRASE_MAX};
use crate::organisations::{self, Mention};
use crate::quantities;
use crate::source::{Source, words};
use crate::times::{self, Times};
use std::ops::Range;

/// What clauses are read with.
pub(crate) struct Reading<'a> {
    pub source: &'a Source,
    pub lexicon: &'a Lexicon,
    pub times: &'a Times<'a>,
    pub mentions: &'a [Mention],
}

/// Where a clause's verb stands.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// The verb.
    pub verb: Range<usize>,
    pub class: VerbClass,
    /// Behind a preposition or a subject rather than at the start.
    pub inner: bool,
}

/// What else a clause shows.
#[derive(Copy, Clone)]
struct Signs {
    /// A figure that makes it measurable.
    counts: bool,
    /// A figure that ends the clause or is bounded: what is counted, not what is spoken of.
    counted: bool,
    /// A term with a measure behind it.
    term: bool,
    /// A deadline.
    firm: bool,
    /// A deadline that opens the clause.
    due_before: bool,
    /// 把 or 将 before what is to be done with it.
    treats: bool,
}

/// A clause and the windows (五一假期) that it names but does not own.
pub(crate) struct Read {
    pub clause: Clause,
    pub windows: Vec<Deadline>,
    pub range: Range<usize>,
    /// Names no matter of its own: a verb alone or with its result (全部整改到位).
    pub bare: bool,
}

impl Reading<'_> {
    /// Skips manner adverbs, deadlines and 于, 在 before them.
    pub fn skip(&self, range: &Range<usize>, deadlines: &[times::Found]) -> usize {
        let chars = &self.source.chars[..range.end];
        let mut at = range.start;
        loop {
            if let Some(found) = deadlines.iter().find(|found| found.range.start == at) {
                at = found.range.end;
                continue;
            }
            if matches!(chars.get(at), Some('于' | '在' | '到' | '至'))
                && deadlines.iter().any(|found| found.range.start == at + 1)
            {
                at += 1;
                continue;
            }
            if at == range.start
                && let Some((length, ())) =
                    self.lexicon.scopes.at(chars, at).filter(|(length, ())| at + length < range.end)
            {
                at += length;
                continue;
            }
            let manner = self.lexicon.manner.at(chars, at).map(|(length, ())| length);
            let verb = self.verb_at(chars, at).map(|(length, _)| length);
            if self.lexicon.idioms.at(chars, at).is_some_and(|(length, _)| at + length == range.end) {
                return at;
            }
            let Some(length) = manner else { return at };
            if let Some(verb) = verb {
                // 统筹推进 is a verb; in 加快推进 the adverb goes; 统筹好 stays a verb.
                let next = at + length;
                let on = self.verb_at(chars, next).is_some()
                    || self.lexicon.manner.at(chars, next).is_some()
                    || self.lexicon.prepositions.at(chars, next).is_some();
                if verb > length || !on {
                    return at;
                }
            }
            at += length;
        }
    }

    /// The longest verb at a place that is not part of a name (研究室, 推进会, 统计局).
    fn verb_at(&self, chars: &[char], at: usize) -> Option<(usize, &VerbClass)> {
        let (length, class) = self.lexicon.verbs.at(chars, at)?;
        let next = |i: usize| chars.get(at + length + i).copied().unwrap_or('。');
        let name = match next(0) {
            '室' | '院' | '局' | '员' | '者' | '厅' => true,
            '所' => next(1) != '有' && next(1) != '在' && next(1) != '需',
            '组' => !matches!(next(1), '织' | '建' | '成'),
            '会' => !matches!(next(1), '商' | '签' | '见' | '审' | '同' | '议'),
            _ => false,
        };
        (!name || length == 1).then_some((length, class))
    }

    /// The verb at the start of the range (adverbs and deadlines skipped); none when something else stands there.
    pub fn head_at_start(&self, range: &Range<usize>, deadlines: &[times::Found]) -> Option<Head> {
        let chars = &self.source.chars[..range.end];
        let at = self.skip(range, deadlines);
        let (length, class) = self.verb_at(chars, at)?;
        // One-character verbs only before an organisation or at the end: 报县政府.
        if length == 1 && !self.single_verb(chars, at) {
            return None;
        }
        Some(Head { verb: at..at + length, class: *class, inner: false })
    }

    fn single_verb(&self, chars: &[char], at: usize) -> bool {
        at + 1 == chars.len()
            || matches!(chars[at], '抓' | '达' | '走' | '办') && chars.len() > at + 2
            || self.lexicon.levels.at(chars, at + 1).is_some()
            || (chars[at] == '报' && chars.get(at + 1) == Some(&'我'))
            || self.lexicon.group_heads.at(chars, at + 1).is_some()
    }

    /// The verb of a clause; of 对照清单开展自查 the second one, for the first only leads on to it.
    fn head(&self, range: &Range<usize>, at: usize, deadlines: &[times::Found]) -> Option<Head> {
        let Some(head) = self.head_at_start(range, deadlines) else {
            return self.inner(&(at..range.end));
        };
        let leads = self.lexicon.prepositions.has(self.source.at(head.verb.clone())) && !head.class.task;
        leads
            .then(|| self.inner(&(head.verb.start..range.end)).filter(|inner| inner.class.task))
            .flatten()
            .or(Some(head))
    }

    /// Does the range begin with a preposition (adverbs and deadlines skipped)? Where.
    fn preposition(&self, range: &Range<usize>, deadlines: &[times::Found]) -> Option<usize> {
        let at = self.skip(range, deadlines);
        self.lexicon.prepositions.at(&self.source.chars[..range.end], at).map(|_| at)
    }

    /// The first known verb after the start, outside quotes and titles of documents.
    fn inner(&self, range: &Range<usize>) -> Option<Head> {
        let chars = &self.source.chars[..range.end];
        let mut depth = 0usize;
        let mut best: Option<Head> = None;
        // Right behind a preposition stands what it is about (对签约未开工项目), not the act.
        let first = self
            .lexicon
            .prepositions
            .at(chars, range.start)
            .map_or(range.start + 1, |(length, ())| range.start + length);
        // 从专项资金中解决: the act stands behind 中.
        let first = if matches!(chars.get(range.start), Some('从' | '在')) {
            (first..range.end.min(first + PHRASE_MAX))
                .find(|&at| matches!(chars[at], '中' | '里' | '上' | '下') && at + 2 < range.end)
                .map_or(first, |at| at + 1)
        } else {
            first
        };
        let behind_preposition = first > range.start + 1 || self.lexicon.prepositions.at(chars, range.start).is_some();
        let mut at = first;
        while at < range.end {
            match chars[at] {
                '《' | '“' | '（' => depth += 1,
                '》' | '”' | '）' => depth = depth.saturating_sub(1),
                _ => {}
            }
            // A verb inside a name (县投资促进中心) is none.
            if let Some(mention) = organisations::within(self.mentions, &(range.start..range.end))
                .find(|mention| mention.range.contains(&at))
            {
                at = mention.range.end;
                continue;
            }
            if depth == 0
                && let Some((length, class)) = self.verb_at(chars, at)
                && (length > 1 || self.single_verb(chars, at))
                && !(class.stance && !class.task && length == 1)
            {
                let end = at + length;
                let attribute = matches!(chars.get(end), Some('的'))
                    || matches!(chars[at - 1], '未' | '已' | '拟' | '待' | '尚' | '被' | '所')
                    || (behind_preposition
                        && at == first
                        && matches!(chars[range.start], '对' | '针' | '将' | '把' | '就' | '以'));
                let name = organisations_name(self, end, range);
                if !attribute && !name {
                    let head = Head { verb: at..end, class: *class, inner: true };
                    // A verb with an adverb before it, or behind 后, is the clause's own; else the first one.
                    let own = at > range.start
                        && (self.lexicon.manner.ending(&chars[range.start..at]).is_some() || chars[at - 1] == '的');
                    if own {
                        return Some(head);
                    }
                    best.get_or_insert(head);
                }
                at = end;
                continue;
            }
            at += 1;
        }
        best
    }

    /// Does the range begin like something that is asked?
    pub fn begins_with_act(&self, range: &Range<usize>) -> bool {
        let deadlines = times::find(self.source, self.lexicon, self.times, range.clone());
        let chars = &self.source.chars[..range.end];
        let at = self.skip(range, &deadlines);
        self.lexicon.idioms.at(chars, at).is_some_and(|(length, _)| at + length == range.end)
            || self.head_at_start(range, &deadlines).is_some()
            || (self.preposition(range, &deadlines).is_some() && self.inner(&(at..range.end)).is_some())
            || self.pattern(range).is_some()
    }

    /// Does a verb, an adverb, a preposition, a deadline or a modal stand at `at`, as after an addressee?
    pub fn act_may_begin(&self, at: usize, end: usize) -> bool {
        let chars = &self.source.chars[..end];
        let lexicon = self.lexicon;
        self.verb_at(chars, at).is_some_and(|(length, _)| length > 1 || self.single_verb(chars, at))
            || lexicon
                .manner
                .at(chars, at)
                .is_some_and(|(length, ())| length > 1 || self.verb_at(chars, at + length).is_some())
            || (lexicon.prepositions.at(chars, at).is_some() && chars[at] != '为' && self.inner(&(at..end)).is_some())
            || lexicon.modals_after.at(chars, at).is_some()
            || lexicon.idioms.at(chars, at).is_some()
            || self.bans(chars, at)
            || (matches!(chars.get(at), Some('把' | '将' | '对')) && at + 4 < end)
            || self.hints_act(chars, at)
            || times::find(self.source, lexicon, self.times, at..end)
                .first()
                .is_some_and(|found| found.range.start == at)
    }

    fn pattern(&self, range: &Range<usize>) -> Option<(Class, String, String)> {
        let text = self.source.text(range.clone());
        self.lexicon.patterns.iter().find_map(|pattern| {
            let found = pattern.matcher.captures(&text)?;
            let fill = |template: &str| {
                let mut filled = template.to_owned();
                for name in ["a", "b", "c"] {
                    if let Some(group) = found.name(name) {
                        filled = filled.replace(&format!("{{{name}}}"), group.as_str());
                    }
                }
                filled
            };
            Some((pattern.class, fill(&pattern.verb), fill(&pattern.object)))
        })
    }

    /// Pieces of a range that are clauses of their own: 肯定成绩、坚定信心、乘势而上 are three.
    pub fn pieces(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let items = self.source.split(range.clone(), |c| c == '、');
        if items.len() < 2 {
            return vec![range];
        }
        let own = items.iter().all(|item| {
            let item = self.source.trimmed(item.clone());
            let chars = &self.source.chars[..item.end];
            let at = self.skip(&item, &[]);
            let idiom = self.lexicon.idioms.at(chars, at).is_some_and(|(length, _)| at + length == item.end);
            let verb = self
                .head_at_start(&item, &[])
                .is_some_and(|head| head.verb.end + 2 <= item.end && head.verb.len() >= 2);
            let enumerates = chars[item.start..].contains(&'等');
            idiom || (verb && item.len() >= 4 && !enumerates)
        });
        if own { items.into_iter().map(|item| self.source.trimmed(item)).collect() } else { vec![range] }
    }

    /// Reads one clause. `lead` are deadlines said before the clause (各部门每月10日前要…).
    pub fn read(&self, range: Range<usize>, lead: Vec<Deadline>) -> Read {
        let deadlines = times::find(self.source, self.lexicon, self.times, range.clone());
        let taken: Vec<Range<usize>> = deadlines.iter().map(|found| found.range.clone()).collect();
        let figures = quantities::find(self.source, self.lexicon, range.clone(), &taken);
        let chars = &self.source.chars[..range.end];
        let at = self.skip(&range, &deadlines);
        let text = self.source.text(range.clone());
        let term = self.lexicon.measures.iter().any(|pattern| pattern.is_match(&text));
        let counts = figures.iter().any(|found| found.counts);
        let bounded = figures.iter().any(|found| found.counts && found.quantity.bound.is_some());
        let counted = counts && (bounded || self.counts_at_end(&range));
        let firm = !lead.is_empty() || deadlines.iter().any(|found| !found.window);
        let often = self.recurs(self.source.at(range.clone()));
        let idiom =
            self.lexicon.idioms.at(chars, at).filter(|(length, _)| at + length == range.end).map(|(_, class)| *class);
        let head = self.head(&range, at, &deadlines);
        let treats = head.is_none() && matches!(chars.get(at), Some('对' | '将' | '把' | '向' | '由'));
        let (class, verb, object) = if let Some((class, verb, object)) = self.pattern(&range) {
            (class, verb, object)
        } else if let Some(class) = idiom {
            // 坚定信心 has a verb and an object, 乘势而上 is one phrase.
            match head.as_ref().filter(|head| {
                !head.inner && head.verb.start == at && head.verb.len() == 2 && head.verb.end + 2 <= range.end
            }) {
                Some(head) => (class, words(&chars[head.verb.clone()]), self.object(head, &range)),
                None => (class, words(&chars[at..range.end]), String::new()),
            }
        } else if let Some(head) = &head {
            let object = self.object(head, &range);
            let due_before = deadlines
                .iter()
                .any(|found| !found.window && found.range.end <= head.verb.start && found.range.start == range.start);
            let class = self.class(
                head,
                &object,
                range.end,
                Signs { counts, counted, term, firm, due_before, treats: matches!(chars.get(at), Some('把' | '将')) },
            );
            (class, words(&chars[head.verb.clone()]), object)
        } else {
            let ruled = |class: Class| {
                self.lexicon
                    .by_object
                    .iter()
                    .any(|rule| rule.verbs.is_none() && rule.class == class && rule.object.is_match(&text))
            };
            // 节日期间必须在岗: an order, though the verb is unknown.
            let must = chars[range.start..].windows(2).any(|pair| matches!(pair, ['必', '须']));
            let class = if counts {
                Class::Measure
            } else if firm || often || self.bans(chars, at) {
                Class::Task
            } else if ruled(Class::Stance) {
                Class::Stance
            } else if treats || self.hints_act(chars, at) || self.insists(&range) || must || ruled(Class::Task) {
                // 对…逐个会诊, 配齐…: a verb the lexicon does not know, but something is done to something.
                Class::Task
            } else {
                Class::Stance
            };
            (class, String::new(), words(&chars[at..range.end]))
        };
        let bare = idiom.is_none()
            && head.as_ref().is_some_and(|head| !head.inner && head.verb.start == at)
            && (object.is_empty() || self.lexicon.results.has(&object.chars().collect::<Vec<_>>()));
        let parts = self.parts(head.as_ref(), &range);
        let owners = self.owners(&parts, &range);
        let mut own: Vec<Deadline> = lead;
        let mut windows = Vec::new();
        for found in deadlines {
            if found.window {
                windows.push(found.deadline);
            } else if class != Class::Stance {
                own.push(found.deadline);
            }
        }
        if class != Class::Stance {
            own.append(&mut windows);
            own.sort_by_key(|deadline| deadline.offset);
        }
        Read {
            clause: Clause {
                text,
                offset: range.start,
                class,
                verb,
                object,
                about: None,
                parts,
                deadlines: own,
                quantities: figures.into_iter().map(|found| found.quantity).collect(),
                owner_hints: owners,
                named: Vec::new(),
            },
            windows,
            range,
            bare,
        }
    }

    /// What stands behind the verb, without its complement (统筹好…).
    fn object(&self, head: &Head, range: &Range<usize>) -> String {
        let chars = &self.source.chars[..range.end];
        let mut at = head.verb.end;
        if let Some((length, ())) =
            self.lexicon.complements.at(chars, at).filter(|(length, ())| at + length < range.end)
        {
            at += length;
        }
        words(&chars[at..])
    }

    fn class(&self, head: &Head, object: &str, end: usize, signs: Signs) -> Class {
        let Signs { counts, counted, term, firm, due_before, treats } = signs;
        let chars = &self.source.chars[..end];
        let verb = &chars[head.verb.clone()];
        let known = head.class;
        let ruled = self
            .lexicon
            .by_object
            .iter()
            .find(|rule| rule.verbs.as_ref().is_none_or(|verbs| verbs.has(verb)) && rule.object.is_match(object))
            .map(|rule| rule.class);
        let only_stance = known.stance && !known.task && !known.goal;
        if only_stance && ruled.is_none() {
            // 两日内拿出意见: a day to be done by, said before the verb, asks for something to do; 创建示范村2个 counts.
            return match (counted, due_before) {
                (true, _) => Class::Measure,
                (false, true) => Class::Task,
                (false, false) => Class::Stance,
            };
        }
        if (counts && ruled != Some(Class::Stance)) || (term && (known.goal || known.task)) {
            return Class::Measure;
        }
        if let Some(class) = ruled {
            return if class == Class::Stance && firm && !only_stance { Class::Task } else { class };
        }
        if known.task || firm || (known.goal && treats) {
            return Class::Task;
        }
        let stage = self.lexicon.stages.occurs(&chars[head.verb.end..]);
        if known.goal && stage { Class::Task } else { Class::Stance }
    }

    /// Items that go to different owners: 安全生产、环境保护、信访维稳等, or partners named: 与甲、乙合作.
    fn parts(&self, head: Option<&Head>, range: &Range<usize>) -> Vec<String> {
        let chars = &self.source.chars[..range.end];
        let list = chars[range.start..].iter().position(|&c| c == '、').map_or(range.end, |at| range.start + at);
        let behind = |head: &Head| !head.inner || (head.verb.end <= list && self.preposition(range, &[]).is_none());
        let start = head.map_or(range.start, |head| if behind(head) { head.verb.end } else { self.skip(range, &[]) });
        if !chars[start..].contains(&'、') && !chars[start..].contains(&'和') {
            return Vec::new();
        }
        if matches!(chars.get(start), Some('与' | '同'))
            && let Some(end) = chars[start..].windows(2).rposition(|pair| {
                matches!(pair, ['合', '作'] | ['协', '作'] | ['对', '接'] | ['结', '对'] | ['联', '动'] | ['交', '流'])
            })
        {
            let items: Vec<String> = self
                .source
                .split(start + 1..start + end, |c| matches!(c, '、' | '和' | '及'))
                .into_iter()
                .map(|item| self.source.text(self.source.trimmed(item)))
                .filter(|item| item.chars().count() >= 2)
                .collect();
            if items.len() >= 2 {
                return items;
            }
        }
        let Some(etc) = chars[start..].iter().position(|&c| c == '等').map(|at| start + at) else {
            return Vec::new();
        };
        let from = if head.is_some_and(|head| !behind(head)) {
            self.lexicon.prepositions.at(chars, start).map_or(start, |(length, ())| start + length)
        } else {
            start
        };
        let items: Vec<Range<usize>> =
            self.source.split(from..etc, |c| c == '、').into_iter().map(|item| self.source.trimmed(item)).collect();
        let fits = items.len() >= 2
            && items
                .iter()
                .all(|item| (2..=PART_MAX).contains(&item.len()) && !self.source.at(item.clone()).contains(&'的'));
        if fits { items.into_iter().map(|item| self.source.text(item)).collect() } else { Vec::new() }
    }

    /// Suggested owners: one for each part, else those of the whole clause.
    fn owners(&self, parts: &[String], range: &Range<usize>) -> Vec<String> {
        let mut owners: Vec<String> = Vec::new();
        for part in parts {
            if let Some(first) = self.lexicon.owners(part).into_iter().next() {
                owners.push(first);
            }
        }
        if owners.is_empty() {
            owners = self.lexicon.owners_of(self.source.at(range.clone()));
        }
        owners
    }
}

/// Is the verb at the place part of a name (统计局, 督查室)?
fn organisations_name(reading: &Reading<'_>, end: usize, range: &Range<usize>) -> bool {
    let chars = &reading.source.chars[..range.end];
    reading.lexicon.suffixes.at(chars, end).is_some_and(|(_, suffix)| suffix.levelled)
        || matches!(chars.get(end), Some('室' | '组' | '员' | '表' | '单' | '书' | '率' | '点'))
        || organisations::group_at(chars, reading.lexicon, end.saturating_sub(2))
            .is_some_and(|group| group > end && reading.lexicon.group_heads.at(chars, end - 2).is_some())
}
