//! Forms: what one unit is asked in one round: filled in cell by cell, kept as it is typed, questioned and sent.

use crate::answers::{self, Answer};
use crate::blocks;
use crate::drafts::{self, Draft};
use crate::faults::Fault;
use crate::grid::{self, Cell, Clash, Counts, Grid, Mistake, Place, Sent, Typed, Typing};
use crate::shell::Shell;
use crate::visit::{Visit, kept, or_again};
use askama::Template;
use baton_kernel::form::{CellValue, Form};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::figures::history;
use baton_kernel::views::rounds::{self, Answer as UnitAnswer, SubmissionShown, UrgeShown};
use baton_kernel::{Act, Refusal, Why};
use baton_store::Ids;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The form that a path names, with the unit and its answer so far.
pub(crate) struct Asked {
    pub form: Form,
    pub unit: UnitId,
    pub code: String,
    pub round: rounds::RoundShown,
    pub path: String,
}

impl Asked {
    pub(crate) fn of(v: &Visit) -> Result<Asked, Fault> {
        let id: RoundId = v.id("id")?;
        let code = v.segment("unit").to_owned();
        let unit = v.seen.unit_by_code(&code).ok_or_else(Fault::absent)?;
        let form = baton_kernel::views::form::form(&v.seen, id, unit)?;
        let round = rounds::round(&v.seen, id)?;
        Ok(Asked { form, unit, path: format!("/rounds/{id}/units/{code}"), code, round })
    }

    fn answer(&self) -> Option<&UnitAnswer> {
        self.round.answers.iter().find(|a| a.unit.id == self.unit)
    }

    fn submissions(&self) -> &[SubmissionShown] {
        self.answer().map_or(&[][..], |a| &a.submissions)
    }

    /// What was sent and does not count: all that waits for the checker, or the newest when it came back.
    fn sent(&self, v: &Visit) -> Result<Sent, Fault> {
        let answers = self.submissions();
        let waits = answers.first().is_some_and(|s| s.state == "proposed");
        let shown: Vec<&SubmissionShown> = match answers.first().map(|s| s.state) {
            Some("proposed") => answers.iter().rev().filter(|s| s.state == "proposed").collect(),
            Some("returned" | "withdrawn") => answers.iter().take(1).collect(),
            _ => Vec::new(),
        };
        let mut sent = Sent { waits, ..Sent::default() };
        let places: BTreeMap<String, Place> = grid::places(&self.form).map(|p| (p.name.clone(), p)).collect();
        for one in shown {
            sent.by = format!("{} {}", one.who, one.when);
            for cell in rounds::submission(&v.seen, one.id)?.cells {
                let Some((subject, column)) = cell.at.split_once('/') else { continue };
                let (ours, key) = match cell.period {
                    Some(period) => (period == self.form.period, "m"),
                    None => (true, "f"),
                };
                let name = format!("c:{subject}/{key}:{column}");
                let Some(place) = places.get(&name).filter(|_| ours) else { continue };
                if cell.marked {
                    sent.marked.insert(name.clone(), cell.found.unwrap_or_default());
                }
                if let Some(words) = cell.note {
                    sent.explained.insert(name[2..].to_owned(), words);
                }
                let text = grid::as_typed(place.column, &cell.value, self.form.period, self.form.lang);
                sent.seqs.insert(name.clone(), cell.version);
                sent.values.insert(name, text);
            }
        }
        Ok(sent)
    }

    /// The form's title with its period, which the round's own title may have held.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.form.period.label(self.form.lang), self.form.title).trim().to_owned()
    }

    pub(crate) fn draft_key(&self) -> String {
        format!("{}/{}", self.round.id, self.code)
    }

    /// Whether what a field says is only what its page showed at an older version: somebody else has changed it since.
    fn repeats(&self, v: &Visit, place: &Place, text: &str, was: u64) -> bool {
        if text.is_empty() {
            return true;
        }
        let same = || {
            let (subject, column) = place.name.get(2..)?.split_once("/m:")?;
            let (measure, part) = column.split_once('/').map_or((column, None), |(m, p)| (m, Some(p)));
            let known = history(&v.seen, subject.parse().ok()?, measure, part, self.form.period).ok()?;
            let value = known.versions.iter().find(|x| x.seq == was)?.value?;
            Some(grid::understand(place.column, text, self.form.period).ok()?.same(&CellValue::Number(value)))
        };
        same().unwrap_or(false)
    }
}

/// What a form brought: its cells with the versions its writer saw, and answers to questions.
#[derive(Default)]
struct Brought {
    typed: Typed,
    versions: BTreeMap<String, u64>,
    explained: BTreeMap<String, String>,
    /// Cells that go back to what stands: that was chosen of two values, or the page only repeated it.
    dropped: Vec<String>,
}

impl Brought {
    fn of(v: &Visit, asked: &Asked, sent: &Sent, draft: &Draft) -> Brought {
        let fields = &v.given.fields;
        let base: u64 = fields.get("base").parse().unwrap_or(0);
        let mut brought = Brought { typed: grid::typed(fields), ..Brought::default() };
        let seqs = fields.under("n:").filter_map(|(name, seq)| Some((format!("c:{name}"), seq.trim().parse().ok()?)));
        brought.versions = seqs.collect();
        brought.explained = fields.under("e:").map(|(n, t)| (n.to_owned(), t.trim().to_owned())).collect();
        for place in grid::places(&asked.form) {
            let Some(text) = brought.typed.get(&place.name).cloned() else { continue };
            let other = draft.held.get(&place.name).and_then(|h| h.other.clone());
            let stands = sent.seq(&place);
            // A page without the cell's own version had seen all that was known when it was made.
            let told = brought.versions.get(&place.name).copied();
            let mut was = told.unwrap_or(if stands <= base { stands } else { 0 });
            // What was kept already may have been chosen since the page was made.
            if let Some(held) = draft.held.get(&place.name).filter(|h| h.text == text && h.version != u64::MAX) {
                was = was.max(held.version);
            }
            brought.versions.insert(place.name.clone(), was);
            match (fields.get(&format!("k:{}", &place.name[2..])), other) {
                ("theirs", Some(other)) => {
                    brought.typed.insert(place.name, other);
                }
                ("theirs", None) => {
                    brought.typed.remove(&place.name);
                    brought.dropped.push(place.name);
                }
                ("mine", _) => {
                    brought.versions.insert(place.name, stands);
                }
                // Not chosen yet: both values stay in the draft.
                (_, Some(_)) if draft.held[&place.name].text == text => {
                    brought.typed.remove(&place.name);
                }
                _ if was != stands && asked.repeats(v, &place, &text, was) => {
                    brought.typed.remove(&place.name);
                }
                _ => {}
            }
        }
        brought
    }

    /// As the draft takes it.
    fn fields(&self, asked: &Asked, sent: &Sent) -> Vec<drafts::Sent> {
        let mut list = Vec::new();
        for place in grid::places(&asked.form) {
            if self.dropped.contains(&place.name) {
                list.push(drafts::Sent { name: place.name, text: String::new(), version: 0, plain: true });
                continue;
            }
            let Some(text) = self.typed.get(&place.name).cloned() else { continue };
            let stands = grid::stands(&place, asked.form.lang);
            let plain = text == *sent.values.get(&place.name).unwrap_or(&stands)
                || (text.is_empty() && place.cell.now.is_some());
            let version = self.versions.get(&place.name).copied().unwrap_or(0);
            list.push(drafts::Sent { name: place.name, text, version, plain });
        }
        for (place, text) in &self.explained {
            let plain = text.is_empty();
            list.push(drafts::Sent { name: format!("e:{place}"), text: text.clone(), version: 0, plain });
        }
        list
    }

    /// Lays it over a draft, as if it had been kept.
    fn over(&self, asked: &Asked, sent: &Sent, draft: &mut Draft) {
        let revision = draft.revision;
        for one in self.fields(asked, sent) {
            if one.plain {
                draft.held.remove(&one.name);
            } else {
                let held = drafts::Held { text: one.text, version: one.version, revision, other: None };
                draft.held.insert(one.name, held);
            }
        }
    }
}

/// Everything typed into a form and what stands beside it.
async fn typing(v: &Visit, asked: &Asked, sent: Sent, draft: &Draft) -> Result<Typing, Fault> {
    let lang = asked.form.lang;
    let mut typed = draft.typed();
    let mut clashes = BTreeMap::new();
    for place in grid::places(&asked.form) {
        let Some(held) = draft.held.get(&place.name) else { continue };
        // Nobody can clear what was said: such a blank is older than it.
        if held.text.is_empty() && place.cell.now.is_some() {
            typed.remove(&place.name);
            continue;
        }
        if let Some(other) = held.other.clone().filter(|o| *o != held.text) {
            let whose = lang.pick("另一窗口填的", "typed in another window").to_owned();
            clashes.insert(place.name, Clash { theirs: other, whose, yours: held.text.clone() });
            continue;
        }
        let seq = sent.seq(&place);
        let waits = sent.seqs.get(&place.name).is_some_and(|s| *s == seq);
        let stands = match sent.values.get(&place.name).filter(|_| waits) {
            Some(text) => text.clone(),
            None => grid::stands(&place, lang),
        };
        if held.version < seq && stands != held.text {
            let whose = format!("{} {}", v.seen.who(seq), v.seen.when(seq));
            clashes.insert(place.name, Clash { theirs: stands, whose, yours: held.text.clone() });
        }
    }
    let mut beside: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (owner, theirs) in Draft::beside(v, &asked.draft_key()).await? {
        let who = v.seen.person(owner);
        for (name, text) in theirs.typed().into_iter().filter(|(_, text)| !text.is_empty()) {
            beside.entry(name).or_default().push((who.clone(), text));
        }
    }
    Ok(Typing { typed, explained: draft.explained(), sent, clashes, beside })
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage<'a> {
    shell: Shell,
    v: &'a Visit,
    asked: &'a Asked,
    answer: Option<&'a UnitAnswer>,
    grid: Grid,
    counts: Counts,
    may_fill: bool,
    may_submit: bool,
    draft: Option<(u64, String)>,
    waits: Option<(SubmissionId, String)>,
    came_back: bool,
    colleagues: Vec<String>,
    urged: Option<&'a UrgeShown>,
    pasted: Option<String>,
    heading: String,
    last_label: String,
    this_label: String,
    due: String,
    /// Seconds that a session may be idle, and until it ends whatever happens.
    idle: i64,
    ends: i64,
}

/// `GET /rounds/{id}/units/{unit}`.
pub(crate) async fn form(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    let rights = v.seen.rights();
    let now = !v.seen.is_past();
    let may = |verb| now && rights.may(verb, asked.unit);
    let may_fill = may(Verb::Report) || may(Verb::Submit);
    let mut draft = if may_fill { Draft::of(&v, &asked.draft_key()).await? } else { Draft::default() };
    // Only who may fill the form in gets back what was sent: to others it is not said yet.
    let sent = if may_fill { asked.sent(&v)? } else { Sent::default() };
    if may_fill {
        // What was just typed comes before what the draft holds.
        Brought::of(&v, &asked, &sent, &draft).over(&asked, &sent, &mut draft);
    }
    let came_back = !sent.values.is_empty();
    let typing = if may_fill { typing(&v, &asked, sent, &draft).await? } else { Typing::default() };
    let grid = grid::grid(&asked.form, &typing);
    let newest = asked.submissions().first();
    let waits = newest
        .filter(|s| s.state == "proposed")
        .map(|s| (s.id, v.say("page.form.waits", &[("when", &s.when), ("who", &s.who), ("cells", &s.cells)])));
    let lang = v.taste.lang;
    let mut colleagues: Vec<String> = typing.beside.values().flatten().map(|(who, _)| who.clone()).collect();
    colleagues.sort();
    colleagues.dedup();
    let saved_at = draft.saved_at;
    v.page(&FormPage {
        shell: Shell::of(&v, format!("{} {}", asked.form.unit_name, asked.title()), "/rounds"),
        v: &v,
        answer: asked.answer(),
        counts: grid.counts,
        grid,
        may_fill,
        may_submit: may(Verb::Submit),
        draft: saved_at.filter(|_| !draft.held.is_empty()).map(|at| (draft.revision, saved(&v, at))),
        waits,
        came_back: newest.is_some_and(|s| s.state == "withdrawn") && came_back,
        colleagues,
        urged: asked.answer().filter(|a| a.is_missing() || a.state == "partial").and_then(|a| a.urged.first()),
        pasted: pasted(&v),
        heading: asked.title(),
        last_label: lang.pick("上期", "last").to_owned(),
        this_label: asked.form.period.label(lang),
        due: due(&v, &asked),
        idle: baton_store::limits::SESSION_IDLE_MINUTES * 60,
        ends: (v.session.expires_at - v.app.store().now()).as_secs().max(0),
        asked: &asked,
    })
}

/// When the draft was saved. In a simulated zone the wall's clock would only confuse.
fn saved(v: &Visit, at: jiff::Timestamp) -> String {
    let simulated = v.seen.founding().is_some_and(|f| f.simulated);
    if simulated { String::new() } else { v.clock(at, "%m-%d %H:%M") }
}

/// What became of a block that was pasted without a script.
fn pasted(v: &Visit) -> Option<String> {
    let number = |name: &str| v.query.get(name).parse::<usize>().ok();
    let (laid, locked, over) = (number("laid")?, number("locked")?, number("over")?);
    Some(v.say("page.form.pasted", &[("laid", &laid), ("locked", &locked), ("over", &over)]))
}

fn due(v: &Visit, asked: &Asked) -> String {
    let left = (asked.round.due - v.seen.day()).get_days();
    match (asked.round.open, left) {
        (true, left) if left >= 0 => v.say("page.home.due", &[("due", &asked.round.due), ("left", &left)]),
        (true, left) => {
            v.say("page.home.late", &[("due", &asked.round.due), ("late", &-left), ("closes", &asked.round.closes)])
        }
        (false, _) => v.say("page.form.closed", &[("closes", &asked.round.closes)]),
    }
}

/// `POST /rounds/{id}/units/{unit}`: `how` is `draft`, `discard`, `paste`, `zero:ROW`, `same:ROW`, `propose`,
/// `submit` or `part`.
pub(crate) async fn send(v: Arc<Visit>) -> Answer {
    let done = sent(&v).await;
    or_again(&v, done, form).await
}

async fn sent(v: &Arc<Visit>) -> Answer {
    let asked = Asked::of(v)?;
    let how = v.text("how");
    if how == "discard" {
        Draft::drop(v, &asked.draft_key()).await?;
        return v.done(&asked.path, "draft-dropped");
    }
    let submission = SubmissionId(v.ids().next());
    if rounds::submission(&v.seen, submission).is_ok_and(|s| s.unit.id == asked.unit) {
        // The same form again: it was entered already.
        let submitted = how != "propose" && v.seen.rights().may(Verb::Submit, asked.unit);
        return v.done(&format!("/submissions/{submission}"), if submitted { "submitted" } else { "proposed" });
    }
    let before = asked.sent(v)?;
    let known = Draft::of(v, &asked.draft_key()).await?;
    let mut brought = Brought::of(v, &asked, &before, &known);
    if let Some(back) = keep_only(v, &asked, &how, &mut brought)? {
        keep(v, &asked, &brought, &before).await?;
        return back;
    }
    let draft = keep(v, &asked, &brought, &before).await?;
    let typing = typing(v, &asked, before, &draft).await?;
    let checked = grid::grid(&asked.form, &typing);
    let counts = checked.counts;
    let part = how == "part" && counts.changed + counts.marked > 0;
    if !part && counts.open() > 0 {
        // Nothing is lost: the draft holds what was typed, the page shows each cell that is still open.
        let args: [(&str, &dyn std::fmt::Display); 4] =
            [("wrong", &counts.wrong), ("empty", &counts.needed), ("doubt", &counts.doubt), ("clash", &counts.clash)];
        let open = checked.mistakes.first().map(|m| m.mark.clone());
        let open = open.or_else(|| checked.clashes.first().map(|c| c.mark.clone()));
        let unsaid = checked.doubts.iter().find(|d| d.answer.is_empty()).map(|d| d.mark.clone());
        let at = open.or(unsaid).or(checked.first_empty).unwrap_or_default();
        return Err(Refusal::wrong("page.form.not-ready", &args).at(at).into());
    }
    let (figures, fields, notes) = grid::report(&asked.form, &typing);
    let submit = how != "propose" && v.seen.rights().may(Verb::Submit, asked.unit);
    let evidence = v.evidence("evidence").await?;
    v.submit(Act::Report {
        submission,
        round: Some(asked.round.id),
        unit: asked.unit,
        submit,
        figures,
        fields,
        because: v.text("because"),
        evidence,
        notes,
    })
    .await?;
    left_over(v, &asked, &checked, draft).await?;
    v.done(&format!("/submissions/{submission}"), if submit { "submitted" } else { "proposed" })
}

/// What is still open after a part was sent stays in the draft, to be mended.
async fn left_over(v: &Visit, asked: &Asked, checked: &Grid, draft: Draft) -> Result<(), Fault> {
    let open = checked.open();
    let held = draft.held.into_iter().filter(|(name, _)| open.contains(&&name[2..]));
    let left: Vec<drafts::Sent> =
        held.map(|(name, held)| drafts::Sent { name, text: held.text, version: held.version, plain: false }).collect();
    Draft::drop(v, &asked.draft_key()).await?;
    if !left.is_empty() {
        Draft::keep(v, &asked.draft_key(), &left, 0).await?;
    }
    Ok(())
}

/// The ways to send the form that only keep what it says: as a draft, with a pasted block, with a row filled.
fn keep_only(v: &Visit, asked: &Asked, how: &str, brought: &mut Brought) -> Result<Option<Answer>, Fault> {
    if how == "draft" {
        return Ok(Some(v.done(&asked.path, "draft-kept")));
    }
    if how == "paste" {
        let pair = |name: &str| {
            let text = v.text(name);
            let (block, n) = text.split_once('-')?;
            Some((block.parse::<usize>().ok()?, n.parse::<usize>().ok()?))
        };
        let (row, column) = (pair("paste_row"), pair("paste_column"));
        let found = row.zip(column).filter(|(row, column)| row.0 == column.0);
        let found = found.and_then(|(row, column)| Some((asked.form.blocks.get(row.0)?, row.1, column.1)));
        let (block, row, column) = found.ok_or_else(|| Refusal::wrong("page.form.paste", &[]).at("paste_row"))?;
        let text = v.given.fields.raw("paste").unwrap_or_default();
        let pasted = blocks::paste(block, row, column, text, &mut brought.typed);
        let (laid, locked, over) = (pasted.laid, pasted.locked, pasted.over);
        return Ok(Some(v.see(&format!("{}?laid={laid}&locked={locked}&over={over}", asked.path))));
    }
    let Some((what, row)) = how.split_once(':') else { return Ok(None) };
    let place = row.split_once('-').and_then(|(b, r)| Some((b.parse().ok()?, r.parse().ok()?)));
    let (block, row) = place.ok_or(Fault::Malformed)?;
    blocks::fill(&asked.form, block, row, what == "zero", &mut brought.typed);
    Ok(Some(v.done(&format!("{}#c{block}-{row}-0", asked.path), "draft-kept")))
}

async fn keep(v: &Visit, asked: &Asked, brought: &Brought, sent: &Sent) -> Result<Draft, Fault> {
    if !(v.seen.rights().may(Verb::Report, asked.unit) || v.seen.rights().may(Verb::Submit, asked.unit)) {
        return Err(Refusal::forbidden(v.taste.lang.pick(Verb::Report.words().0, Verb::Report.words().1)).into());
    }
    Draft::keep(v, &asked.draft_key(), &brought.fields(asked, sent), revision(v)).await
}

/// The revision of the draft that the page knew; a form that does not say has seen what there is.
fn revision(v: &Visit) -> u64 {
    v.given.fields.raw("revision").map_or(u64::MAX, |text| text.trim().parse().unwrap_or(0))
}

/// `POST /rounds/{id}/units/{unit}/draft`: the script keeps what is typed and is told how each cell stands; no
/// entry is made.
pub(crate) async fn keep_draft(v: Arc<Visit>) -> Answer {
    let asked = Asked::of(&v)?;
    match kept_now(&v, &asked).await {
        Ok(told) => Ok(kept(&told)),
        Err(Fault::Refused(refusal)) if refusal.why != Why::Absent => {
            let status = Fault::Refused(refusal.clone()).status();
            Ok(answers::json(status, &serde_json::json!({ "code": refusal.code, "words": refusal.said(v.taste.lang) })))
        }
        Err(other) => Err(other),
    }
}

async fn kept_now(v: &Visit, asked: &Asked) -> Result<serde_json::Value, Fault> {
    let sent = asked.sent(v)?;
    let known = Draft::of(v, &asked.draft_key()).await?;
    let after = revision(v);
    let brought = Brought::of(v, asked, &sent, &known);
    let draft = keep(v, asked, &brought, &sent).await?;
    let typing = typing(v, asked, sent, &draft).await?;
    let grid = grid::grid(&asked.form, &typing);
    let mut cells = serde_json::Map::new();
    for cell in grid.blocks.iter().flat_map(|b| &b.rows).flat_map(|r| &r.cells).filter(|c| c.asked) {
        // What another window typed since this one looked.
        let held = draft.held.get(&cell.name).filter(|h| h.revision > after && !brought.typed.contains_key(&cell.name));
        let chosen = v.given.fields.has(&format!("k:{}", &cell.name[2..]));
        if matches!(cell.class, "" | "saved") && cell.note.is_empty() && held.is_none() && !chosen {
            continue;
        }
        let value = held.map(|h| h.text.clone()).or_else(|| chosen.then(|| cell.value.clone()));
        cells.insert(cell.mark.clone(), serde_json::json!([cell.class, cell.note, value, cell.version]));
    }
    let doubts: Vec<_> =
        grid.doubts.iter().map(|d| serde_json::json!([d.mark, d.place, d.title, d.words, d.answer])).collect();
    let clashes: Vec<_> = grid
        .clashes
        .iter()
        .map(|c| serde_json::json!([c.mark, c.place, c.title, c.whose, c.theirs, c.yours]))
        .collect();
    let counts: Vec<_> = grid.counts.parts(v.taste.lang).into_iter().map(|(_, word, n)| (word, n)).collect();
    Ok(serde_json::json!({
        "revision": draft.revision,
        "counts": counts,
        "all": grid.counts.all,
        "cells": cells,
        "doubts": doubts,
        "clashes": clashes,
    }))
}

impl Cell {
    /// Whether the cell is of a class.
    pub(crate) fn is(&self, class: &str) -> bool {
        self.class.split(' ').any(|c| c == class)
    }
}

impl Grid {
    /// Places of cells that cannot be sent yet.
    fn open(&self) -> Vec<&str> {
        let cells = self.blocks.iter().flat_map(|b| &b.rows).flat_map(|r| &r.cells);
        let wrong = cells.filter(|c| c.is("wrong")).filter_map(|c| c.name.get(2..));
        wrong.chain(self.doubts.iter().filter(|d| d.answer.is_empty()).map(|d| d.place.as_str())).collect()
    }

    /// Mistakes shown on top, at most twenty.
    pub(crate) fn top(&self) -> impl Iterator<Item = &Mistake> {
        self.mistakes.iter().take(20)
    }
}
