//! Directives: which sentences ask something, of whom, and their clauses.

use crate::clauses::{Read, Reading};
use crate::extract::{Deadline, Directive, Named, Right};
use crate::lexicon::{Class, Label, Lexicon};
use crate::limits::{ADDRESSEE_MAX, ANNOUNCEMENT_MAX, HEADING_MAX, PERCEPTION_MAX, TITLE_LINE_MAX, TOPIC_MAX};
use crate::numbering::{inline_number, numbering, plain_number};
use crate::organisations::{self, Mention};
use crate::reporting::reporting;
use crate::rights;
use crate::source::{Source, words};
use crate::times::{self, Times};
use std::ops::Range;

/// What a section does.
#[derive(Copy, Clone, PartialEq, Debug)]
enum Mode {
    /// Tells; something is asked where a modal or a speaker's demand says so.
    Plain,
    /// A document of somebody who may ask: something is asked where the sentence shows it.
    Speaks,
    /// Asks in every item.
    Asks,
    /// Tells of what is; only a modal asks.
    Tells,
}

/// How much a part of a sentence must show to be asked without a modal.
#[derive(Copy, Clone, PartialEq, Debug)]
enum Asking {
    /// Whatever it shows, it is not.
    Never,
    /// A day, a bound, how often, or a unit before its act.
    Shown,
    /// An act is enough.
    Acts,
}

/// A modal found, and who is addressed before it.
struct Modal {
    /// Where what is asked begins.
    after: usize,
    addressee: Option<Range<usize>>,
    lead: Vec<Deadline>,
}

/// A directive being put together.
struct Draft {
    start: usize,
    addressee: Option<Range<usize>>,
    reads: Vec<Read>,
    named: Vec<Named>,
    topic: Option<Range<usize>>,
    /// What follows is a view (要清醒看到，…), until the next modal.
    closed: bool,
}

/// All directives of the text, in order.
pub(crate) fn find(
    source: &Source,
    lexicon: &Lexicon,
    times: &Times<'_>,
    mentions: &[Mention],
    rights: &[Right],
) -> Vec<Directive> {
    let finder = Finder { reading: Reading { source, lexicon, times, mentions }, source, lexicon, mentions };
    let mut directives = Vec::new();
    let (mut base, mut items) = finder.kind();
    let mut sections: Vec<(usize, Mode)> = Vec::new();
    let mut carried = false;
    let mut listed = false;
    let mut counted = 0;
    let mut last_line = 0;
    for line in source.lines() {
        let before = base;
        if self::is_name_list(source.at(line.clone()), lexicon) {
            continue;
        }
        let touched = rights::touches(rights, &line);
        let text = source.at(line.clone());
        let (level, body) = match (numbering(text), plain_number(text)) {
            // 2.48小时内…: a figure behind the number, when the number before was one less.
            ((None, _), Some((number, long))) if number == counted + 1 && number > 1 => (Some(3), long),
            (found, _) => found,
        };
        if level == Some(3) {
            counted = plain_number(text).map_or(0, |(number, _)| number);
        }
        let mut whole = line.start + body..line.end;
        let content = finder.content_label(&whole);
        if let Some(start) = content {
            whole.start = start;
        }
        let labels = finder.labels(&whole);
        let body = whole.start..labels.first().map_or(whole.end, |label| label.start.max(whole.start));
        if !labels.is_empty() && body.is_empty() {
            // A line of labels belongs to the item above.
            finder.give_labels(&labels, &mut directives[last_line..]);
            continue;
        }
        let heading = finder.heading(&body);
        if let Some(level) = level {
            sections.retain(|(other, _)| *other < level);
            let inherited = sections.last().map_or(items.unwrap_or(base), |(_, mode)| *mode);
            let mode = finder
                .mode(&heading)
                .filter(|mode| {
                    heading.len() <= HEADING_MAX
                        && level <= 3
                        && (!finder.reading.begins_with_act(&heading)
                            || (*mode == Mode::Tells && lexicon.tells.has(source.at(heading.clone()))))
                })
                .unwrap_or(inherited);
            sections.push((level, mode));
        } else if let Some(mode) = finder.lead_mode(&line) {
            sections.clear();
            base = mode;
            items = None;
        } else if line.len() <= 2 * HEADING_MAX
            && !source.at(line.clone()).contains(&'。')
            && lexicon.asking_titles.occurs(source.at(line.clone()))
        {
            base = Mode::Asks;
        }
        // The words that announce (现将…通知如下) ask nothing themselves.
        let announces = level.is_none()
            && matches!(source.at(line.clone()), [.., '：'] | [.., '如', '下', '。'] | [.., '如', '下']);
        let base_here = if announces { before } else { base };
        let mode = match content {
            Some(_) => Mode::Asks,
            None => sections.last().map_or(base_here, |(_, mode)| *mode),
        };
        if heading.len() == body.len()
            && !source.at(body.clone()).contains(&'。')
            && level.is_some()
            && body.len() <= HEADING_MAX
            && !finder.asks_at_all(&body)
        {
            carried = false;
            continue;
        }
        // A line that is no sentence is a title, a name or a date.
        if level.is_none()
            && content.is_none()
            && !carried
            && matches!(mode, Mode::Speaks | Mode::Asks)
            && !source.at(line.clone()).iter().any(|&c| matches!(c, '。' | '；' | '！' | '，' | '：'))
            && !finder.asks_at_all(&body)
        {
            continue;
        }
        last_line = directives.len();
        let sentences = source.sentences(body.clone());
        // 会议要求： and then line by line: the demand holds while the lines are numbered or chained by ；.
        let mut demand = carried || (listed && level.is_some());
        listed = demand && (level.is_some() || source.at(line.clone()).ends_with(&['；']));
        carried = demand && source.at(line.clone()).ends_with(&['；']);
        for (number, sentence) in sentences.iter().enumerate() {
            if touched && rights::touches(rights, sentence) {
                continue;
            }
            let inline = number == 0 && level.is_some() && sentences.len() > 1;
            if inline && finder.names_section(sentence) {
                continue;
            }
            let mut from = sentence.start;
            let mut reported = demand;
            if let Some(lead) = reporting(source, lexicon, sentence.clone()) {
                from = lead.end;
                demand = lead.demand;
                reported = true;
            }
            if source.chars[sentence.end - 1] == '：' && demand && number + 1 == sentences.len() {
                carried = true;
                listed = true;
            }
            directives.extend(finder.sentence(from..sentence.end, mode, demand, reported, inline));
        }
        finder.give_labels(&labels, &mut directives[last_line..]);
    }
    directives
}

/// 逾期未开工的, 发生险情时, 办理期间: a condition.
fn is_condition(chars: &[char]) -> bool {
    chars.ends_with(&['的']) || chars.ends_with(&['时']) || chars.ends_with(&['期', '间'])
}

/// 供水、供电、供气单位: what looks like acts names who does them.
fn enumerates_units(chars: &[char]) -> bool {
    let tail = chars.len().saturating_sub(2);
    chars.len() <= ADDRESSEE_MAX
        && chars.contains(&'、')
        && chars[..tail]
            .split(|&c| c == '、')
            .all(|item| (2..=4).contains(&item.len()) && item.iter().all(|&c| crate::chars::is_han(c)))
        && matches!(chars[tail..], ['部', '门'] | ['单', '位'] | ['企', '业'])
}

/// 出席：…, 联系人：…: names, nothing asked.
fn is_name_list(line: &[char], lexicon: &Lexicon) -> bool {
    lexicon
        .name_lists
        .iter()
        .any(|list| line.starts_with(&list.head) && matches!(line.get(list.head.len()), Some('：' | ':')))
}

/// A label at the end of an item (责任单位：…, 完成时限：…) and what it says.
struct Labelled {
    /// Where the label begins, with the bracket before it.
    start: usize,
    kind: Label,
    value: Range<usize>,
}

struct Finder<'a> {
    reading: Reading<'a>,
    source: &'a Source,
    lexicon: &'a Lexicon,
    mentions: &'a [Mention],
}

impl Finder<'_> {
    /// The heading of a numbered paragraph: up to its first 。 or ：.
    fn heading(&self, body: &Range<usize>) -> Range<usize> {
        let long = self.source.at(body.clone()).iter().position(|&c| matches!(c, '。' | '：')).unwrap_or(body.len());
        body.start..body.start + long
    }

    /// Labels of an item, in order: 责任单位：甲；配合单位：乙；完成时限：…
    fn labels(&self, body: &Range<usize>) -> Vec<Labelled> {
        let chars = &self.source.chars[..body.end];
        let mut found = Vec::new();
        let mut at = body.start;
        while at < body.end {
            let opens = at == body.start || matches!(chars[at - 1], '（' | '。' | '；' | '，' | ' ' | '【');
            let Some((length, kind)) =
                self.lexicon.labels.at(chars, at).filter(|(length, _)| opens && chars.get(at + length) == Some(&'：'))
            else {
                at += 1;
                continue;
            };
            let from = at + length + 1;
            let long = chars[from..]
                .iter()
                .position(|&c| matches!(c, '；' | '。' | '）' | '】'))
                .unwrap_or(chars.len() - from);
            // A label may follow after ， within the same bracket.
            let long = (from..from + long)
                .find(|&place| chars[place] == '，' && self.lexicon.labels.at(chars, place + 1).is_some())
                .map_or(long, |place| place - from);
            let start = if at > body.start && matches!(chars[at - 1], '（' | '【') { at - 1 } else { at };
            found.push(Labelled { start, kind: *kind, value: from..from + long });
            at = from + long;
        }
        found
    }

    /// Gives what labels say to the directives of their item.
    fn give_labels(&self, labels: &[Labelled], directives: &mut [Directive]) {
        for label in labels {
            let times = times::find_all(self.reading.times, label.value.clone());
            let units: Vec<String> = self
                .source
                .split(label.value.clone(), |c| matches!(c, '、' | '，' | ' '))
                .into_iter()
                .map(|unit| self.source.text(self.source.trimmed(unit)))
                .filter(|unit| unit.chars().count() >= 2)
                .collect();
            for directive in directives.iter_mut() {
                if label.kind == Label::Lead && directive.addressee.is_none() {
                    directive.addressee = Some(self.source.text(label.value.clone()));
                }
                for clause in directive.clauses.iter_mut().filter(|clause| clause.class != Class::Stance) {
                    if label.kind != Label::Time {
                        let lead = label.kind == Label::Lead;
                        clause.named.extend(units.iter().map(|text| Named { text: text.clone(), lead }));
                        if lead {
                            clause.owner_hints.splice(0..0, units.iter().cloned());
                        }
                    }
                }
                // The time limit is that of the item as a whole: of its last clause that has none of its own.
                let open = directive
                    .clauses
                    .iter_mut()
                    .rev()
                    .find(|clause| clause.class != Class::Stance && clause.deadlines.is_empty());
                if label.kind == Label::Time
                    && let Some(clause) = open
                {
                    clause.deadlines.extend(times.iter().map(|found| found.deadline.clone()));
                }
            }
        }
    }

    /// What a heading announces; the word that ends last decides, of equal ones the longest.
    fn mode(&self, heading: &Range<usize>) -> Option<Mode> {
        let chars = self.source.at(heading.clone());
        let mut best: Option<(usize, usize, Mode)> = None;
        for at in 0..chars.len() {
            for (words, mode) in [
                (&self.lexicon.asks, Mode::Asks),
                (&self.lexicon.tells, Mode::Tells),
                (&self.lexicon.aims, Mode::Speaks),
            ] {
                if let Some((length, ())) = words.at(chars, at) {
                    let candidate = (at + length, length, mode);
                    if best.is_none_or(|(end, long, _)| (candidate.0, candidate.1) > (end, long)) {
                        best = Some(candidate);
                    }
                }
            }
        }
        best.map(|(_, _, mode)| mode)
    }

    /// What a paragraph without a number announces for those below: 现将有关事项通知如下：, 工作要求.
    fn lead_mode(&self, line: &Range<usize>) -> Option<Mode> {
        let chars = self.source.at(line.clone());
        let lead = chars.ends_with(&['：']) || chars.ends_with(&['如', '下', '。']) || chars.ends_with(&['如', '下']);
        let bare = chars.len() <= 14 && !chars.iter().any(|&c| crate::chars::is_mark(c));
        if !lead && !bare {
            return None;
        }
        let from = chars
            .iter()
            .rposition(|&c| matches!(c, '。'))
            .filter(|&at| at + 1 < chars.len())
            .map_or(line.start, |at| line.start + at + 1);
        if lead {
            let last = self.source.sentences(line.clone()).pop()?;
            let start = last.start.max(from.min(last.start));
            return self.mode(&(start..last.end));
        }
        self.mode(line)
    }

    /// 自查阶段（4月10日前）。, 排查范围。: a short heading that only names its section.
    fn names_section(&self, sentence: &Range<usize>) -> bool {
        let mut chars = self.source.at(sentence.clone());
        while let Some((&'。' | &'：', rest)) = chars.split_last() {
            chars = rest;
        }
        if chars.last() == Some(&'）')
            && let Some(open) = chars.iter().rposition(|&c| c == '（')
        {
            chars = &chars[..open];
        }
        let Some(noun) = self.lexicon.section_nouns.ending(chars) else {
            return false;
        };
        // 强化要素保障 is a verb with its object; 自查阶段 is a verb before the noun itself.
        let object = self
            .reading
            .head_at_start(&(sentence.start..sentence.start + chars.len()), &[])
            .is_some_and(|head| head.verb.end + noun < sentence.start + chars.len());
        chars.len() <= 12 && !object && !chars.contains(&'，') && self.modal(sentence, true).is_none()
    }

    /// Does a heading line ask something itself?
    fn asks_at_all(&self, body: &Range<usize>) -> bool {
        self.modal(body, true).is_some()
    }

    /// The directives of one sentence, from `range.start` on (behind a reporting lead).
    fn sentence(&self, range: Range<usize>, mode: Mode, demand: bool, reported: bool, inline: bool) -> Vec<Directive> {
        let range = self.source.trimmed(range);
        if range.is_empty() {
            return Vec::new();
        }
        let chars = self.source.at(range.clone());
        let asks = demand || mode == Mode::Asks;
        let speaks = mode == Mode::Speaks && !reported && !self.reading.past(&range);
        let mut found = Vec::new();
        let mut chained = false;
        let mut addressee: Option<Range<usize>> = None;
        let narrated = self.lexicon.narration.occurs(chars);
        for segment in self.segments(range.clone()) {
            let imperative = (asks || chained) && !narrated && mode != Mode::Tells || demand && !narrated;
            let asking = match (imperative, speaks && !narrated) {
                (true, _) => Asking::Acts,
                (false, true) => Asking::Shown,
                (false, false) => Asking::Never,
            };
            let (mut some, carried) = self.segment(segment, asking, asks || reported || speaks, addressee.clone());
            if self.announces(&range, inline) {
                some.iter_mut()
                    .flat_map(|directive| &mut directive.clauses)
                    .for_each(|clause| clause.class = Class::Stance);
            }
            if inline
                && found.is_empty()
                && self.source.at(range.clone()).len() <= HEADING_MAX
                && (some.iter().all(|directive| directive.addressee.is_none()) || range.len() <= ANNOUNCEMENT_MAX)
            {
                // An inline heading (第一，加快进度。) only announces what its paragraph asks.
                let modal = self.modal(&range, true).is_some();
                for clause in some
                    .iter_mut()
                    .flat_map(|directive| &mut directive.clauses)
                    .filter(|clause| clause.deadlines.is_empty() && !modal)
                {
                    clause.class = Class::Stance;
                }
            }
            chained = !some.is_empty() || chained;
            addressee = carried.or(addressee);
            found.append(&mut some);
        }
        found
    }

    /// Parts of a sentence between ； and before inline numbers; a part that is chained on without an addressee,
    /// a number or a modal of its own stays with the one before.
    fn segments(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let chars = &self.source.chars;
        let mut segments: Vec<Range<usize>> = Vec::new();
        let mut depth = 0usize;
        let mut from = range.start;
        for at in range.clone() {
            match chars[at] {
                '“' | '《' | '（' => depth += 1,
                '”' | '》' | '）' => depth = depth.saturating_sub(1),
                '；' | '，' | '：' if depth == 0 && at + 1 < range.end => {
                    let next = at + 1;
                    let numbered = inline_number(&chars[..range.end], next) > 0;
                    let own = chars[at] == '；' && (numbered || self.starts_anew(next..range.end));
                    let listed = chars[at] != '；'
                        && numbered
                        && chars[next] != '第'
                        && inline_number(&chars[..range.end], next) > 1;
                    if own || listed {
                        segments.push(from..next);
                        from = next;
                    }
                }
                _ => {}
            }
        }
        segments.push(from..range.end);
        segments
    }

    /// Does a part behind ； begin with an addressee or an attribution of its own?
    fn starts_anew(&self, range: Range<usize>) -> bool {
        let end = self
            .source
            .at(range.clone())
            .iter()
            .position(|&c| matches!(c, '，' | '；' | '。' | '：'))
            .map_or(range.end, |long| range.start + long);
        let piece = range.start..end;
        self.modal(&piece, true).is_some_and(|modal| modal.addressee.is_some())
            || self.addressee_prefix(&piece).is_some()
            || self.source.chars.get(piece.start) == Some(&'由')
            || self.names_matter(&range, &piece)
    }

    /// 某某工作，由甲负责: a matter and who has it.
    fn names_matter(&self, range: &Range<usize>, piece: &Range<usize>) -> bool {
        let next = piece.end + 1;
        let end = self
            .source
            .at(next.min(range.end)..range.end)
            .iter()
            .position(|&c| matches!(c, '，' | '；' | '。'))
            .map_or(range.end, |long| next + long);
        next < end && self.attributes(&(next..end)) && !self.reading.begins_with_act(piece)
    }

    /// The directives of one part of a sentence, and the addressee it leaves to the next.
    fn segment(
        &self,
        range: Range<usize>,
        asking: Asking,
        reported: bool,
        inherited: Option<Range<usize>>,
    ) -> (Vec<Directive>, Option<Range<usize>>) {
        let chars = &self.source.chars;
        let number = inline_number(&chars[..range.end], range.start);
        let start = range.start + number;
        let mut end = range.end;
        while end > start
            && (matches!(chars[end - 1], '。' | '；' | '！' | '？' | '，' | '：')
                || (chars[end - 1] == '”' && matches!(chars[end - 2], '。' | '！' | '？')))
        {
            end -= 1;
        }
        let mut drafts: Vec<(Draft, usize)> = Vec::new();
        let mut current: Option<Draft> = None;
        let mut may_ask = asking != Asking::Never;
        let mut topic = None;
        let mut pending: Vec<Deadline> = Vec::new();
        let mut conditioned = false;
        let pieces = self.source.split(start..end, |c| matches!(c, '，' | '；' | '：'));
        for (number_of, piece) in pieces.iter().enumerate() {
            let piece = self.source.trimmed(piece.clone());
            if piece.is_empty() {
                continue;
            }
            let next = pieces.get(number_of + 1).map(|next| self.source.trimmed(next.clone()));
            // 12月10日前各部门完成…: the day first, then who.
            let piece = match self.days_before_unit(&piece).filter(|_| asking != Asking::Never) {
                Some((days, rest)) => {
                    pending.extend(days);
                    rest
                }
                None => piece,
            };
            // 某某工作，由甲负责: the first part only names the matter.
            if next.is_some_and(|next| self.attributes(&next))
                && !self.reading.begins_with_act(&piece)
                && self.modal(&piece, reported).is_none()
                && self.addressee_prefix(&piece).is_none()
            {
                topic = Some(piece);
                continue;
            }
            if let Some(modal) = self.modal(&piece, reported || current.is_some()) {
                let anew = current.as_ref().is_none_or(|_| modal.addressee.is_some());
                if anew {
                    let begin = if current.is_none() && drafts.is_empty() { range.start } else { piece.start };
                    if let Some(done) = current.take() {
                        drafts.push((done, piece.start));
                    }
                    current = Some(Draft {
                        start: begin,
                        addressee: modal.addressee.clone().or_else(|| inherited.clone().filter(|_| number > 0)),
                        reads: Vec::new(),
                        named: Vec::new(),
                        topic: topic.take(),
                        closed: false,
                    });
                }
                if let Some(draft) = &mut current {
                    draft.closed = false;
                    let mut lead = std::mem::take(&mut pending);
                    lead.extend(modal.lead);
                    self.take(draft, modal.after..piece.end, lead);
                }
                continue;
            }
            if self.lexicon.future.occurs(self.source.at(piece.clone())) {
                may_ask = false;
                continue;
            }
            if let Some(draft) = &mut current {
                if draft.closed {
                    continue;
                }
                if self.attribution(draft, &piece) {
                    continue;
                }
                if let Some(prefix) = self.addressee_prefix(&piece).filter(|_| may_ask) {
                    let done = std::mem::replace(
                        draft,
                        Draft {
                            start: piece.start,
                            addressee: Some(piece.start..prefix),
                            reads: Vec::new(),
                            named: Vec::new(),
                            topic: None,
                            closed: false,
                        },
                    );
                    drafts.push((done, piece.start));
                    self.take(draft, prefix..piece.end, std::mem::take(&mut pending));
                    continue;
                }
                self.take(draft, piece.clone(), std::mem::take(&mut pending));
                continue;
            }
            if asking == Asking::Never {
                continue;
            }
            // 4月20日前，各单位…: a day said before what is to be done by it.
            if let Some(days) = self.only_days(&piece) {
                pending.extend(days);
                continue;
            }
            let shown = match asking {
                Asking::Shown => {
                    self.reading.firm(&piece)
                        || self.charges(&piece)
                        || self.starts_with_ban(&piece)
                        || self.lexicon.resolves.at(&chars[..piece.end], piece.start).is_some()
                        || !pending.is_empty()
                }
                _ => may_ask || self.reading.firm(&piece) || self.charges(&piece),
            };
            if !shown || (asking == Asking::Shown && self.gives_ground(&piece)) {
                continue;
            }
            let mut draft = Draft {
                start: range.start,
                addressee: inherited.clone().filter(|_| number > 0),
                reads: Vec::new(),
                named: Vec::new(),
                topic: topic.clone(),
                closed: false,
            };
            if self.attribution(&mut draft, &piece) {
                current = Some(draft);
            } else if let Some(prefix) = self.addressee_prefix(&piece) {
                draft.addressee = Some(piece.start..prefix);
                if !self.attribution(&mut draft, &(prefix..piece.end)) {
                    self.take(&mut draft, prefix..piece.end, std::mem::take(&mut pending));
                }
                current = Some(draft);
            } else if self.gives_ground(&piece) {
                topic = None;
                conditioned = matches!(chars[piece.start], '凡' | '若' | '如' | '对' | '遇' | '一' | '经' | '未');
            } else if is_condition(self.source.at(piece.clone())) && asking == Asking::Acts {
                conditioned = true;
            } else if self.asserts(&piece)
                || (self.lexicon.past.occurs(self.source.at(piece.clone())) && !self.reading.firm(&piece))
                || self.source.at(piece.clone()).ends_with(&['如', '下'])
            {
                may_ask = false;
            } else if asking == Asking::Shown
                || self.asked(&piece)
                || conditioned && self.reading.follows_condition(&piece)
            {
                self.take(&mut draft, piece.clone(), std::mem::take(&mut pending));
                current = Some(draft);
            } else {
                may_ask = self.is_ground(&piece) || self.source.at(piece.clone()).contains(&'、') || piece.len() <= 12;
                conditioned |= matches!(chars[piece.start], '对' | '凡' | '就');
                may_ask |= conditioned;
                topic = Some(piece.clone());
            }
        }
        if let Some(done) = current {
            drafts.push((done, range.end));
        }
        let carried = drafts.last().and_then(|(draft, _)| draft.addressee.clone());
        let directives = drafts.into_iter().filter_map(|(draft, end)| self.finish(draft, end)).collect();
        (directives, carried.or(inherited))
    }

    /// What the kind of document, told by its title, makes of running text and of numbered items.
    fn kind(&self) -> (Mode, Option<Mode>) {
        let lines = self.source.lines();
        let news = |line: &Range<usize>| {
            let text = self.source.at(line.clone());
            text.windows(2).take(60).any(|pair| matches!(pair, ['讯' | '电', '（' | ' ']))
                || text.starts_with(&['来', '源'])
                || text.windows(3).take(60).any(|three| three == ['（', '记', '者'])
        };
        if lines.iter().take(8).any(news) {
            return (Mode::Plain, None);
        }
        for line in lines.iter().take(6).filter(|line| line.len() <= TITLE_LINE_MAX) {
            let mut title = self.source.at(line.clone());
            if title.contains(&'。') {
                continue;
            }
            while title.last() == Some(&'）')
                && let Some(open) = title.iter().rposition(|&c| c == '（').filter(|&open| open > 0)
            {
                title = &title[..open];
            }
            if self.lexicon.speeches.ending(title).is_some() {
                return (Mode::Speaks, None);
            }
            if self.lexicon.documents.ending(title).is_some() {
                return (Mode::Speaks, Some(Mode::Asks));
            }
        }
        (Mode::Plain, None)
    }

    /// Where what a label announces begins: 整改措施：….
    fn content_label(&self, body: &Range<usize>) -> Option<usize> {
        let (length, ()) = self.lexicon.content_labels.at(&self.source.chars[..body.end], body.start)?;
        let at = body.start + length;
        (matches!(self.source.chars.get(at), Some('：')) && at + 1 < body.end).then_some(at + 1)
    }

    /// 一是对标对表补短板。, 三要优化服务。: a short numbered sentence only announces what its paragraph asks.
    fn announces(&self, sentence: &Range<usize>, inline: bool) -> bool {
        let chars = self.source.at(sentence.clone());
        let number = inline_number(chars, 0);
        (number > 0 || inline && chars.starts_with(&['要']))
            && chars.len() <= number + ANNOUNCEMENT_MAX
            && chars.ends_with(&['。'])
            && !chars.contains(&'，')
            && self.source.chars.get(sentence.end).is_some_and(|&c| c != '\n')
            && !self.reading.firm(sentence)
            && !self.reading.counts_at_end(&(sentence.start..sentence.end - 1))
    }

    /// The days of a part that says nothing else: 4月20日前, 到10月底.
    fn only_days(&self, piece: &Range<usize>) -> Option<Vec<Deadline>> {
        let found = times::find(self.source, self.lexicon, self.reading.times, piece.clone());
        if found.is_empty() || found.iter().any(|found| found.window) {
            return None;
        }
        (self.reading.skip(piece, &found) == piece.end).then(|| found.into_iter().map(|found| found.deadline).collect())
    }

    /// The days before a unit and its act (12月10日前各部门完成…), and what stands behind them.
    fn days_before_unit(&self, piece: &Range<usize>) -> Option<(Vec<Deadline>, Range<usize>)> {
        let found = times::find(self.source, self.lexicon, self.reading.times, piece.clone());
        let first = found.first().filter(|found| !found.window && !found.bare)?;
        let led = matches!(self.source.chars[piece.start], '于' | '在' | '到');
        if first.range.start != piece.start + usize::from(led) {
            return None;
        }
        let rest = first.range.end..piece.end;
        self.addressee_prefix(&rest).map(|_| (vec![first.deadline.clone()], rest))
    }

    /// Does a part name a unit and go on with its act?
    fn charges(&self, piece: &Range<usize>) -> bool {
        self.addressee_prefix(piece).is_some()
    }

    fn starts_with_ban(&self, piece: &Range<usize>) -> bool {
        self.reading.bans(&self.source.chars[..piece.end], piece.start)
    }

    /// Is something asked here without a modal: an act at the start, or a topic with a deadline and an act?
    fn asked(&self, piece: &Range<usize>) -> bool {
        if self.reading.begins_with_act(piece) || self.reading.shows_act(piece) {
            return true;
        }
        let times = times::find(self.source, self.lexicon, self.reading.times, piece.clone());
        times.first().is_some_and(|found| self.reading.act_may_begin(found.range.end, piece.end))
    }

    /// 是 as a copula, 了 as a sign of the past, or 有: a statement.
    fn asserts(&self, piece: &Range<usize>) -> bool {
        let chars = self.source.at(piece.clone());
        chars.iter().enumerate().any(|(at, &c)| {
            let before = at.checked_sub(1).map(|i| chars[i]);
            match c {
                '是' => {
                    !matches!(before, Some('但' | '于' | '凡' | '别' | '其' | '还' | '总' | '既' | '或' | '要'))
                        && chars.get(at + 1) != Some(&'否')
                }
                '了' => !matches!(chars.get(at + 1), Some('解')) && !matches!(before, Some('为' | '除')),
                _ => false,
            }
        }) || chars.starts_with(&['会', '议'])
    }

    /// 根据区委安排: ground only, though a verb may stand in it.
    fn gives_ground(&self, piece: &Range<usize>) -> bool {
        let chars = self.source.at(piece.clone());
        self.only_ground(chars) || self.lexicon.remarks.at(chars, 0).is_some()
    }

    /// 按照…要求, 在…前提下: 按照 and the like with any word of ground, other prepositions with 下, 上, 中, 的, 时.
    fn only_ground(&self, chars: &[char]) -> bool {
        let Some((length, ())) = self.lexicon.adverbials.at(chars, 0) else {
            return false;
        };
        let placed =
            matches!(chars[0], '在' | '对' | '从' | '自' | '就' | '针' | '结' | '通' | '借' | '依') && length <= 2;
        let ends = chars.last().is_some_and(|&c| matches!(c, '上' | '下' | '中' | '的' | '时'));
        self.lexicon.grounds.ending(chars).is_some() && (!placed || ends)
    }

    fn is_ground(&self, piece: &Range<usize>) -> bool {
        let chars = self.source.at(piece.clone());
        self.lexicon.adverbials.at(chars, 0).is_some()
            || self.lexicon.remarks.at(chars, 0).is_some()
            || self.lexicon.openers.has(chars)
    }

    /// Reads a part of a directive into its draft; remarks and grounds without an act are left out.
    fn take(&self, draft: &mut Draft, range: Range<usize>, lead: Vec<Deadline>) {
        let mut range = self.source.trimmed(range);
        let chars = &self.source.chars;
        // Connectives and further modals at the start: 并, 也要, 必须; 不得 belongs to what is asked.
        loop {
            if range.is_empty() {
                break;
            }
            let rest = &chars[..range.end];
            if rest[range.start..].starts_with(&['其', '中']) {
                range.start += 2;
            } else if matches!(rest[range.start], '并' | '且' | '而' | '则')
                && !matches!(rest.get(range.start + 1), Some('且' | '行' | '联' | '轨'))
            {
                range.start += 1;
            } else if let Some((length, ())) = self
                .lexicon
                .modals
                .at(rest, range.start)
                .filter(|&(length, ())| self.is_modal(rest, range.start, length))
                && !matches!(rest[range.start], '不' | '严' | '务')
            {
                range.start += length;
            } else {
                break;
            }
        }
        let rest = &chars[range.start..range.end];
        if range.is_empty() {
            if let Some(last) = draft.reads.last_mut() {
                last.clause.deadlines.extend(lead);
            }
            return;
        }
        if let Some((length, ())) = self.lexicon.remarks.at(rest, 0).filter(|_| lead.is_empty()) {
            // 联系人：… : what follows is no item either.
            draft.closed |= length == rest.len();
            return;
        }
        if let Some(start) = self.behind_partner(draft, &range) {
            range.start = start;
        }
        // 逾期未开工的, 在确保安全的前提下: a condition, no item.
        let condition = is_condition(rest) || self.only_ground(rest);
        if condition && lead.is_empty() && rest.len() <= TOPIC_MAX {
            return;
        }
        let ground = {
            let at = self.reading.skip(&range, &[]);
            self.lexicon.adverbials.at(&chars[..range.end], at).is_some()
        };
        if ground
            && !self.reading.begins_with_act(&range)
            && !self.reading.acts_by_manner(&range)
            && !self.reading.acts_within(&range)
            && times::find(self.source, self.lexicon, self.reading.times, range.clone()).is_empty()
        {
            return;
        }
        // 于6月底前完成 only dates what stands before.
        if self.only_dates(&range)
            && let Some(last) = draft.reads.iter_mut().rev().find(|read| read.clause.class != Class::Stance)
        {
            let found = times::find(self.source, self.lexicon, self.reading.times, range.clone());
            last.clause.deadlines.extend(found.into_iter().map(|found| found.deadline));
            return;
        }
        let mut lead = lead;
        // 要清醒看到 opens a view; 把情况摸清楚 does not.
        draft.closed = range.len() <= PERCEPTION_MAX
            && !matches!(chars[range.start], '把' | '将')
            && self.lexicon.perceptions.ending(&chars[..range.end]).is_some();
        for piece in self.reading.pieces(range) {
            draft.reads.push(self.reading.read(piece, std::mem::take(&mut lead)));
        }
    }

    /// 会同某局开展…: the partner is named, the act begins behind.
    fn behind_partner(&self, draft: &mut Draft, range: &Range<usize>) -> Option<usize> {
        let chars = &self.source.chars[..range.end];
        let word = [&['会', '同'][..], &['联', '合'], &['协', '同']]
            .into_iter()
            .find(|word| chars[range.start..].starts_with(word))?;
        let from = range.start + word.len();
        let mention =
            organisations::within(self.mentions, &(from..range.end)).find(|mention| mention.range.start == from);
        let end = match mention {
            Some(mention) if self.reading.act_may_begin(mention.range.end, range.end) => mention.range.end,
            _ => self.addressee_prefix(&(from..range.end))?,
        };
        if end >= range.end {
            return None;
        }
        draft.named.push(Named { text: self.source.text(from..end), lead: false });
        Some(end)
    }

    /// A deadline and 完成 (办结, 落实到位), nothing else.
    fn only_dates(&self, range: &Range<usize>) -> bool {
        let found = times::find(self.source, self.lexicon, self.reading.times, range.clone());
        if found.is_empty() {
            return false;
        }
        let at = self.reading.skip(range, &found);
        matches!(
            words(&self.source.chars[at..range.end]).as_str(),
            "" | "完成" | "全部完成" | "全面完成" | "办结" | "落实到位" | "完成到位" | "报送" | "完成任务"
        )
    }

    /// Does a part only say who: 由甲负责, 由甲牵头?
    fn attributes(&self, piece: &Range<usize>) -> bool {
        let text = self.source.at(piece.clone());
        text.first() == Some(&'由') && (text.ends_with(&['负', '责']) || text.ends_with(&['牵', '头']))
    }

    /// Units named one after another: 甲、乙和丙.
    fn units(&self, range: Range<usize>) -> Vec<String> {
        let chars = &self.source.chars;
        // 和 inside a name (住房和城乡建设局) parts nothing.
        let inside = |at: usize| {
            organisations::within(self.mentions, &range)
                .any(|mention| mention.range.start < at && at + 1 < mention.range.end)
        };
        let cuts: Vec<usize> = range
            .clone()
            .filter(|&at| chars[at] == '、' || (matches!(chars[at], '和' | '及' | '与') && !inside(at)))
            .collect();
        let starts = std::iter::once(range.start).chain(cuts.iter().map(|cut| cut + 1));
        let ends = cuts.iter().copied().chain(std::iter::once(range.end));
        starts
            .zip(ends)
            .map(|(start, end)| self.source.text(self.source.trimmed(start..end.max(start))))
            .filter(|unit| unit.chars().count() >= 2)
            .collect()
    }

    /// 由甲牵头, 乙、丙配合, 由甲负责: who, not what. True when the part says nothing else.
    fn attribution(&self, draft: &mut Draft, piece: &Range<usize>) -> bool {
        let text = self.source.at(piece.clone());
        let units = |range: Range<usize>| self.units(range);
        let by = text.iter().position(|&c| c == '由').map(|at| piece.start + at);
        let lead_words: [&[char]; 5] = [
            &['牵', '头', '负', '责'],
            &['牵', '头'],
            &['负', '责'],
            &['具', '体', '负', '责'],
            &['负', '责', '落', '实'],
        ];
        let assist_words: [&[char]; 11] = [
            &['协', '同'],
            &['协', '办'],
            &['联', '动'],
            &['配', '合'],
            &['协', '助'],
            &['参', '与'],
            &['积', '极', '配', '合'],
            &['全', '力', '配', '合'],
            &['共', '同', '配', '合'],
            &['做', '好', '配', '合'],
            &['协', '同', '配', '合'],
        ];
        let longest = |words: &[&[char]]| words.iter().filter(|word| text.ends_with(word)).map(|word| word.len()).max();
        if let Some(by) = by
            && let Some(long) = longest(&lead_words)
            && by + 1 < piece.end - long
        {
            let unit = by + 1..piece.end - long;
            if self.is_unit(&unit) {
                if by > piece.start {
                    draft.topic = Some(piece.start..by);
                }
                for text in units(unit.clone()) {
                    draft.named.push(Named { text, lead: true });
                }
                draft.addressee.get_or_insert(unit);
                return true;
            }
        }
        if let Some(long) = longest(&assist_words) {
            let unit = piece.start..piece.end - long;
            if self.is_unit(&unit) {
                for text in units(unit) {
                    draft.named.push(Named { text, lead: false });
                }
                return true;
            }
        }
        if by.is_none()
            && let Some(long) = longest(&[&['牵', '头']])
            && self.is_unit(&(piece.start..piece.end - long))
        {
            let unit = piece.start..piece.end - long;
            for text in units(unit.clone()) {
                draft.named.push(Named { text, lead: true });
            }
            draft.addressee.get_or_insert(unit);
            return true;
        }
        // 区自然资源局会同某街道: both are named, the act follows.
        if let Some(at) = text.windows(2).position(|pair| pair == ['会', '同']) {
            let (first, second) = (piece.start..piece.start + at, piece.start + at + 2..piece.end);
            if self.is_unit(&second) && (first.is_empty() || self.is_unit(&first)) {
                for text in units(second) {
                    draft.named.push(Named { text, lead: false });
                }
                if !first.is_empty() {
                    draft.named.push(Named { text: self.source.text(first.clone()), lead: true });
                    draft.addressee.get_or_insert(first);
                }
                return true;
            }
        }
        // 由甲牵头编制…: who, and what behind it.
        if by == Some(piece.start) {
            for word in lead_words {
                if let Some(at) = text.windows(word.len()).position(|window| window == word) {
                    let unit = piece.start + 1..piece.start + at;
                    if self.is_unit(&unit) {
                        let text = self.source.text(unit.clone());
                        draft.named.push(Named { text, lead: true });
                        draft.addressee.get_or_insert(unit);
                        let act = piece.start + at + word.len()..piece.end;
                        if !act.is_empty() {
                            self.take(draft, act, Vec::new());
                        }
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Does the range name a unit or several, and nothing else?
    fn is_unit(&self, range: &Range<usize>) -> bool {
        range.len() >= 2 && range.len() <= ADDRESSEE_MAX && self.addressee_like(range)
    }

    /// Does the range end like somebody who can be asked?
    fn addressee_like(&self, range: &Range<usize>) -> bool {
        let mut range = range.clone();
        let chars = &self.source.chars;
        if range.len() < 2 || range.len() > ADDRESSEE_MAX {
            return false;
        }
        if chars[range.end - 1] == '）'
            && let Some(open) = self.source.at(range.clone()).iter().rposition(|&c| c == '（')
            && open > 1
        {
            range.end = range.start + open;
        }
        let text = self.source.at(range.clone());
        let whole = organisations::within(self.mentions, &range).any(|mention| mention.range == range);
        if whole {
            return true;
        }
        if self.lexicon.addressees.ending(text).is_none()
            || self.lexicon.not_addressees.at(text, 0).is_some()
            || text.iter().any(|&c| matches!(c, '了' | '。' | '，' | '将' | '把' | '于' | '报' | '每'))
            || text[1..].iter().any(|&c| matches!(c, '向' | '由' | '给'))
            || !times::find(self.source, self.lexicon, self.reading.times, range.clone()).is_empty()
        {
            return false;
        }
        let named = organisations::within(self.mentions, &range).any(|mention| mention.range.start == range.start);
        let group = organisations::group_at(&chars[..range.end], self.lexicon, range.start).is_some();
        named
            || group
            || (self
                .lexicon
                .verbs
                .at(text, 0)
                .is_none_or(|(length, class)| length < 2 || !class.task || enumerates_units(text))
                && self.lexicon.prepositions.at(text, 0).is_none())
    }

    /// Where an addressee at the start ends, when an act follows it: 各单位|明确…, 区住建局|负责….
    fn addressee_prefix(&self, piece: &Range<usize>) -> Option<usize> {
        let chars = &self.source.chars[..piece.end];
        let deadlines = times::find(self.source, self.lexicon, self.reading.times, piece.clone());
        let enumerated =
            chars[piece.start..].windows(2).position(|pair| matches!(pair, ['部', '门'] | ['单', '位'] | ['企', '业']));
        if enumerated.is_none_or(|at| !enumerates_units(&chars[piece.start..piece.start + at + 2]))
            && self.reading.head_at_start(piece, &deadlines).is_some()
            && organisations::within(self.mentions, piece)
                .next()
                .is_none_or(|mention| mention.range.start != piece.start)
        {
            return None;
        }
        let limit = piece.end.min(piece.start + ADDRESSEE_MAX);
        for end in piece.start + 2..limit {
            let whole = !matches!(chars[end], '、' | '（' | '）' | '及' | '和' | '与' | '等');
            if whole
                && self.addressee_like(&(piece.start..end))
                && self.reading.act_may_begin(end, piece.end)
                && !self.word_goes_on(end, piece.end)
            {
                return Some(end);
            }
        }
        None
    }

    /// Would a longer addressee end further on without anything between: 区住建|局?
    fn word_goes_on(&self, at: usize, end: usize) -> bool {
        let chars = &self.source.chars[..end];
        // 区政府专题会议: what a meeting did.
        if chars[at..].windows(2).take(4).any(|pair| pair == ['会', '议']) {
            return true;
        }
        self.lexicon
            .addressees
            .all_at(chars, at)
            .any(|(length, ())| length <= 3 && self.reading.act_may_begin(at + length, end))
            || self.lexicon.suffixes.at(chars, at).is_some()
    }

    /// Is the character at the place really a modal and not part of 要求, 需要, 应急?
    fn is_modal(&self, chars: &[char], at: usize, length: usize) -> bool {
        let last = at + length - 1;
        let mut best: Option<(usize, bool, bool)> = None;
        for word in last.saturating_sub(4)..=last {
            for (long, trap) in self.lexicon.traps.all_at(chars, word) {
                if word + long > last && best.is_none_or(|(known, ..)| long > known) {
                    // The trap must hold the modal's own last character: 要 of 要求, not 更 of 更要.
                    best = Some((long, *trap, word == last));
                }
            }
        }
        // A set phrase or verb behind 要 that is longer than the trap it begins frees it: 要 + 求真务实.
        let behind = self
            .lexicon
            .idioms
            .at(chars, last + 1)
            .map_or(0, |(long, _)| long)
            .max(self.lexicon.verbs.at(chars, last + 1).map_or(0, |(long, _)| if long >= 2 { long } else { 0 }));
        match best {
            Some((long, true, begins)) => begins && behind + 1 > long,
            _ => true,
        }
    }

    /// The first modal of a part, with whom it addresses.
    fn modal(&self, piece: &Range<usize>, reported: bool) -> Option<Modal> {
        let chars = &self.source.chars[..piece.end];
        if let Some((length, ())) = self.lexicon.requests.at(chars, piece.start) {
            let rest = piece.start + length..piece.end;
            if let Some(end) = self.addressee_prefix(&rest).or_else(|| self.addressee_like(&rest).then_some(rest.end)) {
                return Some(Modal { after: end, addressee: Some(rest.start..end), lead: Vec::new() });
            }
            if reported && chars[piece.start] == '请' && self.reading.begins_with_act(&rest) {
                return Some(Modal { after: rest.start, addressee: None, lead: Vec::new() });
            }
        }
        let mut depth = 0usize;
        for at in piece.clone() {
            match chars[at] {
                '“' | '《' | '（' => depth += 1,
                '”' | '》' | '）' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > 0 {
                continue;
            }
            if let Some((length, ())) =
                self.lexicon.modals.at(chars, at).filter(|&(length, ())| self.is_modal(chars, at, length))
            {
                let prohibits = self.lexicon.bans.at(chars, at).is_some() || chars[at] == '不';
                if let Some((addressee, lead)) = self.before(piece.start..at, reported) {
                    // 秸秆、垃圾一律不许露天焚烧, 24小时内必须有回应: what it is about and its day belong to it.
                    let firm =
                        prohibits || chars[at..].starts_with(&['必', '须']) || chars[at..].starts_with(&['务', '必']);
                    if addressee.is_none() && firm {
                        let start = self.behind_openers(piece.start..at);
                        if start < at {
                            return Some(Modal { after: start, addressee, lead: Vec::new() });
                        }
                    }
                    return Some(Modal { after: if prohibits { at } else { at + length }, addressee, lead });
                }
            }
            if at > piece.start
                && let Some((length, ())) =
                    self.lexicon.modals_after.at(chars, at).filter(|&(length, ())| self.is_modal(chars, at, length))
                && let Some((Some(addressee), lead)) = self.before(piece.start..at, false)
            {
                let keeps = length == 2 && chars[at..].starts_with(&['负', '责']);
                if keeps && at + length == piece.end {
                    continue;
                }
                return Some(Modal { after: if keeps { at } else { at + length }, addressee: Some(addressee), lead });
            }
        }
        None
    }

    /// Where what stands before a modal begins, without connectives.
    fn behind_openers(&self, range: Range<usize>) -> usize {
        let mut range = self.source.trimmed(range);
        while let Some((length, ())) = self.lexicon.openers.at(self.source.at(range.clone()), 0) {
            if length > range.len() {
                break;
            }
            range.start += length;
        }
        range.start
    }

    /// Reads what stands before a modal: nothing, connectives, an addressee; a topic only in reported speech.
    #[allow(clippy::type_complexity)]
    fn before(&self, range: Range<usize>, reported: bool) -> Option<(Option<Range<usize>>, Vec<Deadline>)> {
        let chars = &self.source.chars;
        let deadlines = times::find_before_modal(self.source, self.lexicon, self.reading.times, range.clone());
        let mut range = range;
        loop {
            range = self.source.trimmed(range);
            let text = self.source.at(range.clone());
            if let Some((length, ())) = self
                .lexicon
                .openers
                .at(text, 0)
                .filter(|&(length, ())| length <= text.len() && !self.opens_addressee(&range, length))
            {
                range.start += length;
            } else if let Some(length) = self.lexicon.openers.ending(text) {
                range.end -= length;
            } else if let Some(found) =
                deadlines.iter().find(|found| found.range.end == range.end && found.range.start >= range.start)
            {
                range.end = found.range.start;
                if range.end > range.start && matches!(chars[range.end - 1], '于' | '在') {
                    range.end -= 1;
                }
            } else if let Some(found) =
                deadlines.iter().find(|found| found.range.start == range.start && found.range.end <= range.end)
            {
                range.start = found.range.end;
            } else {
                break;
            }
        }
        let lead = deadlines.into_iter().map(|found| found.deadline).collect();
        if range.is_empty() {
            return Some((None, lead));
        }
        let text = self.source.at(range.clone());
        if self.lexicon.narration.occurs(text) || text.contains(&'了') {
            return None;
        }
        if let Some((length, ())) = self.lexicon.requests.at(text, 0) {
            range.start += length;
        }
        if self.addressee_like(&range) {
            return Some((Some(range), lead));
        }
        if let Some(end) = self.addressee_prefix(&range) {
            return Some((Some(range.start..end), lead));
        }
        let text = self.source.at(range.clone());
        let adverbial =
            self.lexicon.adverbials.at(text, 0).is_some() || self.lexicon.prepositions.at(text, 0).is_some();
        let aspect = range.len() <= 8 && text.len() >= 2 && matches!(text[text.len() - 1], '上' | '中' | '面' | '里');
        ((reported || adverbial || aspect) && range.len() <= TOPIC_MAX).then_some((None, lead))
    }

    /// 全县 in 全县广大党员干部 belongs to the addressee.
    fn opens_addressee(&self, range: &Range<usize>, length: usize) -> bool {
        length < range.len() && matches!(self.source.chars[range.start], '全') && self.addressee_like(range)
    }

    /// 某局要牵头，会同…，开展…: who leads is no task beside what is asked; it is said of every clause.
    fn attach_leads(&self, draft: &mut Draft) {
        let leads =
            |read: &Read| self.lexicon.leading.has(self.source.at(read.range.clone())) || self.attributes(&read.range);
        let asks = |read: &Read| read.clause.class != Class::Stance && !leads(read);
        if !draft.reads.iter().any(asks) {
            return;
        }
        let (bare, kept): (Vec<Read>, Vec<Read>) = std::mem::take(&mut draft.reads).into_iter().partition(leads);
        draft.reads = kept;
        for read in bare {
            if self.attributes(&read.range) {
                self.attribution(draft, &read.range);
            } else if let Some(addressee) = draft.addressee.clone() {
                let units = self.units(addressee);
                draft.named.extend(units.into_iter().map(|text| Named { text, lead: true }));
            }
            // A day said with it is the day of the first thing that is asked.
            if let Some(first) = draft.reads.iter_mut().find(|read| read.clause.class != Class::Stance) {
                first.clause.deadlines.extend(read.clause.deadlines);
                first.clause.deadlines.sort_by_key(|deadline| deadline.offset);
            }
        }
    }

    /// A finished draft as a directive; none when nothing is asked in it.
    fn finish(&self, draft: Draft, end: usize) -> Option<Directive> {
        let mut draft = draft;
        if draft.reads.is_empty() {
            // 某某工作，由甲牵头: the topic is what is asked.
            let topic =
                draft.topic.clone().filter(|topic| topic.len() >= 4 && draft.named.iter().any(|named| named.lead))?;
            let mut read = self.reading.read(self.source.trimmed(topic), Vec::new());
            read.clause.class = Class::Task;
            draft.reads.push(read);
        }
        self.attach_leads(&mut draft);
        // What names no matter of its own speaks of the matter before it.
        let mut matter: Option<String> = None;
        for read in draft.reads.iter_mut().filter(|read| read.clause.class != Class::Stance) {
            if read.bare {
                read.clause.about = matter.clone();
            } else if !read.clause.object.is_empty() {
                matter = Some(read.clause.object.clone());
            }
        }
        // A window that a stance names (聚焦“五一”假期…) is the time of the next thing to do.
        let mut windows: Vec<Deadline> = Vec::new();
        for read in &mut draft.reads {
            windows.append(&mut read.windows);
            if read.clause.class != Class::Stance && !windows.is_empty() {
                read.clause.deadlines.append(&mut windows);
                read.clause.deadlines.sort_by_key(|deadline| deadline.offset);
            }
        }
        let start = self.source.trimmed(draft.start..end).start;
        let addressee = draft.addressee.map(|range| self.source.text(range));
        let named = draft.named;
        let clauses = draft
            .reads
            .into_iter()
            .map(|read| {
                let mut clause = read.clause;
                if clause.class != Class::Stance {
                    let mut hints: Vec<String> =
                        named.iter().filter(|named| named.lead).map(|named| named.text.clone()).collect();
                    hints.append(&mut clause.owner_hints);
                    clause.owner_hints = hints;
                    clause.named = named.clone();
                }
                let _ = read.range;
                clause
            })
            .collect();
        Some(Directive {
            sentence: self.source.text(start..end),
            offset: start,
            length: end - start,
            addressee,
            clauses,
        })
    }
}
