//! A value that changes: all its versions with the seq at which each was known.

/// Versions of a value in order of seq.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<T> {
    rows: Vec<(u64, T)>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        History { rows: Vec::new() }
    }
}

impl<T> History<T> {
    /// A value known from `seq` on.
    pub fn new(seq: u64, value: T) -> Self {
        History { rows: vec![(seq, value)] }
    }
    /// A newer version.
    pub fn push(&mut self, seq: u64, value: T) {
        self.rows.push((seq, value));
    }
    /// The version at a cut; `None` when nothing was known yet.
    pub fn at(&self, cut: u64) -> Option<&T> {
        self.rows.iter().rev().find(|(seq, _)| *seq <= cut).map(|(_, v)| v)
    }
    /// The version at a cut with its seq.
    pub fn row_at(&self, cut: u64) -> Option<(u64, &T)> {
        self.rows.iter().rev().find(|(seq, _)| *seq <= cut).map(|(s, v)| (*s, v))
    }
    /// The newest version.
    pub fn last(&self) -> Option<&T> {
        self.rows.last().map(|(_, v)| v)
    }
    /// Seq of the newest version; 0 when there is none.
    pub fn last_seq(&self) -> u64 {
        self.rows.last().map_or(0, |(s, _)| *s)
    }
    /// Versions up to a cut, oldest first.
    pub fn until(&self, cut: u64) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.rows.iter().filter(move |(seq, _)| *seq <= cut).map(|(s, v)| (*s, v))
    }
}
