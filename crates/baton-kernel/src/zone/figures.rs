//! Figures, submissions and targets in the zone.
//!
//! A figure version is a packed row of 24 bytes, sorted per subject; who, why and evidence are found
//! through its seq.

use super::{History, NO_SUBMISSION, Zone};
use crate::blobs::{FileRef, Said};
use crate::entries::*;
use crate::ids::*;
use baton_methods::Period;
use baton_methods::quantity::{from_scaled, to_scaled};
use imbl::{OrdMap, Vector};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Interned measure and part keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    list: Vector<Arc<str>>,
    index: OrdMap<Arc<str>, u16>,
}

/// The part number of a figure that is not split.
pub(crate) const NO_PART: u16 = 0;

impl Keys {
    pub(crate) fn get(&self, key: &str) -> Option<u16> {
        self.index.get(key).copied()
    }
    pub(crate) fn name(&self, n: u16) -> &str {
        self.list.get(n as usize - 1).map_or("", |k| k)
    }
    fn intern(&mut self, key: &str) -> u16 {
        if let Some(n) = self.get(key) {
            return n;
        }
        let key: Arc<str> = key.into();
        self.list.push_back(key.clone());
        let n = u16::try_from(self.list.len()).expect("at most 65,535 measure and part keys");
        self.index.insert(key, n);
        n
    }
}

const WITHHELD: u8 = 1;
const DATED: u8 = 2;

/// One version of one figure: 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureRow {
    value: i64,
    period: u32,
    seq: u32,
    measure: u16,
    part: u16,
    flags: u8,
}

const _: () = assert!(size_of::<FigureRow>() == 24);

impl FigureRow {
    fn place(&self) -> (u16, u16, u32, u32) {
        (self.measure, self.part, self.period, self.seq)
    }
}

/// A figure version, unpacked.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureVersion {
    /// Seq at which it was known.
    pub seq: u64,
    /// The quantity; `None` when withheld.
    pub value: Option<Decimal>,
    /// Why withheld.
    pub withheld: Option<Said>,
    /// Vintage date claimed.
    pub said_on: Option<Date>,
    /// State of its submission at the cut asked for.
    pub state: SubmissionState,
}

/// A step of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionMove {
    /// To which state.
    pub to: SubmissionState,
    /// Why.
    pub because: Option<Said>,
    /// Cells marked.
    pub marks: Vec<String>,
    /// What was found in them.
    pub notes: Vec<CellNote>,
}

/// One act of reporting.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Identity.
    pub id: SubmissionId,
    /// Seq at which it was made.
    pub made: u64,
    /// Round it answers.
    pub round: Option<RoundId>,
    /// Unit that says it.
    pub unit: UnitId,
    /// States entered.
    pub states: History<SubmissionMove>,
    /// Reason when it corrects.
    pub because: Option<Said>,
    /// Evidence.
    pub evidence: Vec<FileRef>,
    /// Cells it holds, figures and fields.
    pub size: u32,
    /// Fields it holds.
    pub fields: Vec<(ItemId, String)>,
    /// What its writer answered to questions about cells.
    pub notes: Vec<CellNote>,
}

impl Submission {
    /// State at a cut.
    pub fn state(&self, cut: u64) -> Option<SubmissionState> {
        self.states.at(cut).map(|m| m.to)
    }
}

/// A target and its plan curve, by version.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetVersion {
    /// Seq at which it was known.
    pub seq: u64,
    /// What was promised, in the measure's unit.
    pub value: Decimal,
    /// Plan curve.
    pub curve: CurveSpec,
    /// List or approval document.
    pub basis: Option<String>,
    /// Why it was changed.
    pub because: Option<Said>,
}

/// Versions of a subject's figures, or of one column of it: found once, read for many periods.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    zone: &'a Zone,
    subject: Subject,
    rows: &'a [FigureRow],
}

impl<'a> Rows<'a> {
    /// The versions of one column: a measure, whole or a part of it, by their numbers. `None` names nothing.
    pub(crate) fn column(self, measure: Option<u16>, part: Option<u16>) -> Rows<'a> {
        let Some(column) = measure.zip(part) else {
            return Rows { rows: &[], ..self };
        };
        let low = self.rows.partition_point(|r| (r.measure, r.part) < column);
        let high = low + self.rows[low..].partition_point(|r| (r.measure, r.part) <= column);
        Rows { rows: &self.rows[low..high], ..self }
    }

    /// The versions of a measure not split.
    pub(crate) fn whole(self, measure: Option<u16>) -> Rows<'a> {
        self.column(measure, Some(NO_PART))
    }

    /// The version of a column for a period that counts at a cut.
    pub(crate) fn at(self, period: Period, cut: u64) -> Option<FigureVersion> {
        self.at_by(period, |seq| self.zone.state_of(seq, cut))
    }

    /// The same, with the states of submissions by seq from a caller that keeps them.
    pub(crate) fn at_by(
        self,
        period: Period,
        state_of: impl Fn(u64) -> Option<SubmissionState>,
    ) -> Option<FigureVersion> {
        let code = period.code();
        let low = self.rows.partition_point(|r| r.period < code);
        let known = self.rows[low..].iter().take_while(|r| r.period == code);
        let mut counting = None;
        // Oldest first: few cells have more than one version.
        for row in known {
            match state_of(row.seq.into()) {
                Some(state @ (SubmissionState::Submitted | SubmissionState::Accepted)) => counting = Some((row, state)),
                _ => {}
            }
        }
        counting.map(|(row, state)| self.zone.unpack(self.subject, row, state))
    }
}

impl Zone {
    pub(super) fn apply_figures(&mut self, seq: u64, body: &Body) {
        match body {
            Body::SubmissionMade { submission, round, unit, state, figures, fields, because, evidence, notes } => {
                let index = self.submissions.len() as u32;
                let mut at = 0;
                while at < figures.len() {
                    // Lines of one subject stand together in most submissions: one look-up for all.
                    let subject = figures[at].s;
                    let end = at + figures[at..].iter().take_while(|l| l.s == subject).count();
                    let mut rows = Vec::with_capacity(end - at);
                    for line in &figures[at..end] {
                        let measure = self.keys.intern(&line.m);
                        let part = line.part.as_deref().map_or(NO_PART, |p| self.keys.intern(p));
                        let period = line.p.code();
                        let short = seq as u32;
                        let place = (short, subject, measure, part, period);
                        let (value, mut flags) = match &line.v {
                            FigureValue::Is(value) => (to_scaled(*value).unwrap_or_default(), 0),
                            FigureValue::Withheld { withheld } => {
                                self.withheld.insert(place, *withheld);
                                (0, WITHHELD)
                            }
                        };
                        if let Some(day) = line.said_on {
                            self.vintages.insert(place, day);
                            flags |= DATED;
                        }
                        rows.push(FigureRow { value, period, seq: short, measure, part, flags });
                    }
                    self.insert_rows(subject, rows);
                    at = end;
                }
                for line in fields {
                    if let Some(item) = self.items.get_mut(&line.s).map(Arc::make_mut) {
                        item.fields.entry(line.f.clone()).or_default().push(seq, line.v.clone());
                    }
                }
                let first = SubmissionMove { to: *state, because: None, marks: Vec::new(), notes: Vec::new() };
                let made = Submission {
                    id: *submission,
                    made: seq,
                    round: *round,
                    unit: *unit,
                    states: History::new(seq, first),
                    because: *because,
                    evidence: evidence.clone(),
                    size: (figures.len() + fields.len()) as u32,
                    fields: fields.iter().map(|l| (l.s, l.f.clone())).collect(),
                    notes: notes.clone(),
                };
                self.submissions.push_back(Arc::new(made));
                self.submission_ids.insert(*submission, index);
            }
            Body::SubmissionMoved { submission, to, because, marks, notes } => {
                let Some(index) = self.submission_ids.get(submission) else {
                    return;
                };
                if let Some(known) = self.submissions.get_mut(*index as usize).map(Arc::make_mut) {
                    let (marks, notes) = (marks.clone(), notes.clone());
                    known.states.push(seq, SubmissionMove { to: *to, because: *because, marks, notes });
                }
            }
            Body::TargetSet { subject, measure, year, value, curve, basis, because } => {
                let measure = self.keys.intern(measure);
                let key = (*subject, measure, year.year_number());
                let version =
                    TargetVersion { seq, value: *value, curve: curve.clone(), basis: basis.clone(), because: *because };
                match self.targets.get_mut(&key) {
                    Some(known) => Arc::make_mut(known).push(version),
                    None => {
                        self.targets.insert(key, Arc::new(vec![version]));
                    }
                }
            }
            _ => {}
        }
    }

    fn insert_rows(&mut self, subject: Subject, rows: Vec<FigureRow>) {
        match self.figures.get_mut(&subject) {
            None => {
                let mut rows = rows;
                rows.sort_by_key(FigureRow::place);
                self.figures.insert(subject, Arc::new(rows));
            }
            Some(known) => {
                let known = Arc::make_mut(known);
                // An eighth to spare: doubling would cost more memory than the copies cost time.
                if known.capacity() < known.len() + rows.len() {
                    known.reserve_exact(rows.len() + known.len() / 8);
                }
                for row in rows {
                    let at = known.partition_point(|r| r.place() < row.place());
                    known.insert(at, row);
                }
            }
        }
    }

    /// Whether what an entry says counts at a cut: it is no part of a submission, or of one that counts.
    pub fn counts(&self, seq: u64, cut: u64) -> bool {
        self.state_of(seq, cut).is_some_and(|s| matches!(s, SubmissionState::Submitted | SubmissionState::Accepted))
    }

    /// State at a cut of the submission an entry belongs to; entries outside any are `Accepted`.
    pub fn state_of(&self, seq: u64, cut: u64) -> Option<SubmissionState> {
        if seq > cut {
            return None;
        }
        match self.act(seq)?.submission {
            NO_SUBMISSION => Some(SubmissionState::Accepted),
            index => self.submissions.get(index as usize)?.state(cut),
        }
    }

    /// The submission an entry made, if it made one.
    pub fn submission_of(&self, seq: u64) -> Option<&Arc<Submission>> {
        self.submissions.get(self.act(seq)?.submission as usize)
    }

    /// The submission under an id.
    pub fn submission(&self, id: SubmissionId) -> Option<&Arc<Submission>> {
        self.submissions.get(*self.submission_ids.get(&id)? as usize)
    }

    /// All submissions in the order in which they were made.
    pub fn submissions(&self) -> impl DoubleEndedIterator<Item = &Arc<Submission>> {
        self.submissions.iter()
    }

    /// Name of an interned measure or part key.
    pub fn key_name(&self, n: u16) -> &str {
        if n == NO_PART { "" } else { self.keys.name(n) }
    }

    /// The number of a measure or part key; `None` when no figure or target ever named it.
    pub(crate) fn key_number(&self, key: &str) -> Option<u16> {
        self.keys.get(key)
    }

    /// Every version said about a subject.
    pub(crate) fn rows(&self, subject: Subject) -> Rows<'_> {
        Rows { zone: self, subject, rows: self.figures.get(&subject).map_or(&[], |rows| rows.as_slice()) }
    }

    fn slice(&self, subject: Subject, measure: &str, part: Option<&str>) -> &[FigureRow] {
        let part = match part {
            None => Some(NO_PART),
            Some(part) => self.keys.get(part),
        };
        self.rows(subject).column(self.keys.get(measure), part).rows
    }

    fn unpack(&self, subject: Subject, row: &FigureRow, state: SubmissionState) -> FigureVersion {
        let place = (row.seq, subject, row.measure, row.part, row.period);
        let withheld = (row.flags & WITHHELD != 0).then(|| self.withheld.get(&place).copied()).flatten();
        FigureVersion {
            seq: row.seq.into(),
            value: (row.flags & WITHHELD == 0).then(|| from_scaled(row.value)),
            withheld,
            said_on: (row.flags & DATED != 0).then(|| self.vintages.get(&place).copied()).flatten(),
            state,
        }
    }

    /// The version of a figure that counts at a cut.
    pub fn figure(
        &self,
        subject: Subject,
        measure: &str,
        part: Option<&str>,
        period: Period,
        cut: u64,
    ) -> Option<FigureVersion> {
        Rows { zone: self, subject, rows: self.slice(subject, measure, part) }.at(period, cut)
    }

    /// Every version of a figure known at a cut, oldest first, counted or not.
    pub fn figure_versions(
        &self,
        subject: Subject,
        measure: &str,
        part: Option<&str>,
        period: Period,
        cut: u64,
    ) -> Vec<FigureVersion> {
        let code = period.code();
        self.slice(subject, measure, part)
            .iter()
            .filter(|r| r.period == code)
            .filter_map(|row| Some(self.unpack(subject, row, self.state_of(row.seq.into(), cut)?)))
            .collect()
    }

    /// Whether anything was ever said about a subject.
    pub fn has_figures(&self, subject: Subject) -> bool {
        self.figures.contains_key(&subject)
    }

    /// Periods for which a measure of a subject was answered at a cut, in order.
    pub fn periods_answered(&self, subject: Subject, measure: &str, part: Option<&str>, cut: u64) -> Vec<Period> {
        let mut list: Vec<Period> = self
            .slice(subject, measure, part)
            .iter()
            .filter(|r| self.counts(r.seq.into(), cut))
            .filter_map(|r| Period::from_code(r.period))
            .collect();
        list.dedup();
        list
    }

    /// Seqs of the entries that gave a figure of a subject.
    pub fn seqs_of(&self, subject: Subject) -> std::collections::BTreeSet<u64> {
        let rows = self.figures.get(&subject);
        rows.iter().flat_map(|rows| rows.iter()).map(|r| u64::from(r.seq)).collect()
    }

    /// The cells a submission holds: subject, measure, part (empty when not split), period. One scan over all rows.
    pub fn cells_of(&self, submission: &Submission) -> Vec<(Subject, &str, &str, Period)> {
        let seq = submission.made as u32;
        let mut found = Vec::new();
        for (subject, rows) in &self.figures {
            for row in rows.iter().filter(|r| r.seq == seq) {
                if let Some(period) = Period::from_code(row.period) {
                    found.push((*subject, self.key_name(row.measure), self.key_name(row.part), period));
                }
            }
        }
        found
    }

    /// Versions of a target known at a cut, oldest first.
    pub fn targets(&self, subject: Subject, measure: &str, year: i16, cut: u64) -> Vec<&TargetVersion> {
        let Some(measure) = self.keys.get(measure) else {
            return Vec::new();
        };
        let found = self.targets.get(&(subject, measure, year));
        found.map_or_else(Vec::new, |list| list.iter().filter(|t| t.seq <= cut).collect())
    }

    /// The target in force at a cut.
    pub fn target(&self, subject: Subject, measure: &str, year: i16, cut: u64) -> Option<&TargetVersion> {
        let measure = self.keys.get(measure)?;
        self.targets.get(&(subject, measure, year))?.iter().rev().find(|t| t.seq <= cut)
    }

    /// Versions of a target known at a cut, oldest first; the measure by its number.
    pub(crate) fn targets_of(&self, subject: Subject, measure: u16, year: i16, cut: u64) -> &[TargetVersion] {
        let Some(list) = self.targets.get(&(subject, measure, year)) else {
            return &[];
        };
        &list[..list.partition_point(|t| t.seq <= cut)]
    }

    /// Number of figure versions held, and the bytes of their rows (capacity, not length).
    pub fn figure_weight(&self) -> (usize, usize) {
        self.figures.values().fold((0, 0), |(n, bytes), rows| {
            (n + rows.len(), bytes + rows.capacity() * size_of::<FigureRow>() + size_of::<Vec<FigureRow>>() + 16)
        })
    }
}
