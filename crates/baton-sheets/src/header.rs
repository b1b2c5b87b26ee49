//! Finding the header of a foreign sheet: which row holds the column titles, and which column is which.
//!
//! Columns are known by their titles as people see them, never by their place: reordered, added and
//! missing columns, merged header cells, one or two header rows are all the same to the reader.

use crate::book::{Area, RawRow, RawValue};
use crate::layout::{ROW_MARK, VERSIONS_MARK};
use crate::limits::COLUMNS_MAX;
use baton_kernel::form::{Form, FormBlock, FormColumn, plain};
use baton_methods::{Lang, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// What the mark sheet of our template says about one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MarkedBlock {
    /// Key of the kind.
    pub(crate) kind: String,
    /// Name of its sheet.
    pub(crate) sheet: String,
    /// Columns to fill in, in the order of the versions.
    pub(crate) columns: Vec<MarkedColumn>,
}

/// What the mark sheet says about one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MarkedColumn {
    /// Where our template put it.
    pub(crate) place: u32,
    /// Its key.
    pub(crate) key: String,
    /// Title of its group when the workbook was made.
    pub(crate) group: String,
    /// Its title then, in the language of the workbook.
    pub(crate) title: String,
}

/// The header of a sheet.
///
/// Titles may stand in the row itself or, where it is empty, in the row above.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// Index of the block.
    pub(crate) block: usize,
    /// Zero-based row of the column titles.
    pub(crate) row: u32,
    /// Column of the row's identity.
    pub(crate) identity: Option<u32>,
    /// Column of the versions.
    pub(crate) versions: Option<u32>,
    /// Column of the code.
    pub(crate) code: Option<u32>,
    /// Column of the name.
    pub(crate) name: Option<u32>,
    /// Sheet column → column of the block, from left to right.
    pub(crate) inputs: Vec<(u32, usize)>,
    /// Columns whose title names another unit: sheet column, column of the block, the unit.
    pub(crate) other_unit: Vec<(u32, usize, Unit)>,
    /// Sheet columns that claim a column of the block a second time.
    pub(crate) twice: Vec<(u32, usize)>,
    /// Sheet columns that are not of the form, with their titles.
    pub(crate) unknown: Vec<(u32, String)>,
    /// Columns of the block that the sheet lacks.
    pub(crate) missing: Vec<usize>,
    /// How many of the inputs have their title in this very row.
    own: usize,
}

impl Header {
    fn score(&self) -> usize {
        self.inputs.len() + self.other_unit.len()
    }

    /// Whether rows can be told apart.
    pub(crate) fn has_keys(&self) -> bool {
        self.identity.is_some() || self.code.is_some() || self.name.is_some()
    }
}

/// A title for comparison: plain, without the mark of required columns.
fn norm(text: &str) -> String {
    let plain = plain(text);
    plain.trim_matches('*').replace(['·', '•', '・'], "·").to_owned()
}

/// The titles of a block's columns in every spelling that counts.
struct Titles {
    columns: Vec<Title>,
}

struct Title {
    groups: Vec<String>,
    full: Vec<String>,
    own: Vec<String>,
    bare: String,
    unit: Option<Unit>,
}

impl Titles {
    fn of(block: &FormBlock, mark: Option<&MarkedBlock>) -> Titles {
        let both = |f: &dyn Fn(Lang) -> String| vec![norm(&f(Lang::Zh)), norm(&f(Lang::En))];
        let title = |column: &FormColumn| {
            let mut full = both(&|lang| column.full_title(lang));
            if let Some(group) = &column.group {
                full.push(norm(&format!("{group}·{}", column.label)));
            }
            let mut groups: Vec<String> = column.group.as_deref().map(norm).into_iter().collect();
            let mut own = [both(&|lang| column.title(lang)), vec![norm(&column.label)]].concat();
            // What it was called when the workbook was made: another language, or before a rename.
            if let Some(then) = mark.and_then(|m| m.columns.iter().find(|c| c.key == column.key)) {
                own.push(norm(&then.title));
                if !then.group.is_empty() {
                    full.push(norm(&format!("{}·{}", then.group, then.title)));
                    groups.push(norm(&then.group));
                }
            }
            Title { groups, full, own, bare: norm(&column.label), unit: column.unit }
        };
        Titles { columns: block.columns.iter().map(title).collect() }
    }

    /// The column that a title means, and the unit it names if that is another one.
    fn find(&self, group: Option<&str>, label: &str) -> Option<(usize, Option<Unit>)> {
        if label.is_empty() {
            return None;
        }
        if let Some(i) = only(self.columns.iter().map(|t| t.full.iter().any(|f| f == label))) {
            return Some((i, None));
        }
        let own = |t: &Title| t.own.iter().any(|o| o == label);
        let in_group = |t: &Title| match group {
            Some(group) => t.groups.iter().any(|g| g == group),
            None => t.groups.is_empty(),
        };
        if group.is_some()
            && let Some(i) = only(self.columns.iter().map(|t| in_group(t) && own(t)))
        {
            return Some((i, None));
        }
        if let Some(i) = only(self.columns.iter().map(own)) {
            return Some((i, None));
        }
        // The right words with another unit behind them.
        let (bare, unit) = label.strip_suffix(')').and_then(|l| l.rsplit_once('('))?;
        let unit = Unit::find(unit)?;
        let bare_is = |t: &Title| {
            (t.bare == bare || t.full.iter().any(|f| f.split('(').next() == Some(bare)))
                && t.unit.is_some_and(|u| u != unit)
        };
        only(self.columns.iter().map(|t| in_group(t) && bare_is(t)))
            .or_else(|| only(self.columns.iter().map(bare_is)))
            .map(|i| (i, Some(unit)))
    }
}

/// The index of the only yes.
fn only(all: impl Iterator<Item = bool>) -> Option<usize> {
    let mut yes = all.enumerate().filter(|(_, yes)| *yes).map(|(i, _)| i);
    let first = yes.next()?;
    yes.next().is_none().then_some(first)
}

/// Words of a cell.
pub(crate) fn words(value: RawValue<'_>) -> &str {
    match value {
        RawValue::Number(t)
        | RawValue::Text(t)
        | RawValue::Error(t)
        | RawValue::DateSerial(t)
        | RawValue::Percent(t) => t,
        _ => "",
    }
}

/// Titles of a row as seen: a merged cell's words stand in every cell it covers. The flag says whether the
/// words stand in the cell itself.
fn seen(rows: &[RawRow], merged: &[Area], row: u32) -> BTreeMap<u32, (String, bool)> {
    let mut all = BTreeMap::new();
    if let Some(own) = rows.iter().find(|r| r.row == row) {
        for (col, value) in own.cells() {
            all.insert(col, (words(value).to_owned(), true));
        }
    }
    for area in merged.iter().filter(|area| (area.top..=area.bottom).contains(&row)) {
        let Some(first) = rows.iter().find(|r| r.row == area.top) else { continue };
        let text = words(first.at(area.left));
        if text.is_empty() {
            continue;
        }
        for col in area.left..=area.right.min(COLUMNS_MAX) {
            all.entry(col).or_insert_with(|| (text.to_owned(), col == area.left));
        }
    }
    all
}

/// Titles by which people call the code of a row; our own two first.
const CODE_TITLES: &[&str] = &["编号", "code", "代码", "编码", "项目代码", "项目编号", "项目编码", "number"];
/// Titles by which people call its name; our own two first.
const NAME_TITLES: &[&str] = &["名称", "name", "项目名称", "事项名称", "单位名称"];

/// Finds the header among the first rows of a sheet.
pub(crate) fn find(
    form: &Form,
    sheet: &str,
    rows: &[RawRow],
    merged: &[Area],
    marked: &[MarkedBlock],
) -> Option<Header> {
    let mut candidates: BTreeSet<u32> = rows.iter().map(|r| r.row).collect();
    // A row that holds nothing of its own may still be the lower row of merged titles.
    for area in merged.iter().filter(|area| area.bottom > area.top && rows.iter().any(|r| r.row == area.top)) {
        candidates.extend(area.top..=area.bottom.min(area.top + 4));
    }
    // A total row may look like a title or two: a row that also tells rows apart comes first.
    let mut best: Option<((bool, usize, bool, usize, u32), Header)> = None;
    for (b, block) in form.blocks.iter().enumerate() {
        let mark = marked.iter().find(|m| m.kind == block.kind);
        let titles = Titles::of(block, mark);
        let named = mark.is_some_and(|m| m.sheet == sheet) || norm(&block.label) == norm(sheet);
        for &row in &candidates {
            let header = read(block, b, &titles, rows, merged, row, mark);
            if header.score() == 0 {
                continue;
            }
            let rank = (header.has_keys(), header.score(), named, header.own, row);
            if best.as_ref().is_none_or(|(other, _)| *other < rank) {
                best = Some((rank, header));
            }
        }
    }
    best.map(|(_, header)| header)
}

fn read(
    block: &FormBlock,
    b: usize,
    titles: &Titles,
    rows: &[RawRow],
    merged: &[Area],
    row: u32,
    mark: Option<&MarkedBlock>,
) -> Header {
    let labels = seen(rows, merged, row);
    let groups = row.checked_sub(1).map(|above| seen(rows, merged, above)).unwrap_or_default();
    let keys: Vec<String> = block.key_labels.iter().map(|l| norm(l)).collect();
    let mut header = Header {
        block: b,
        row,
        identity: None,
        versions: None,
        code: None,
        name: None,
        inputs: Vec::new(),
        other_unit: Vec::new(),
        twice: Vec::new(),
        unknown: Vec::new(),
        missing: Vec::new(),
        own: 0,
    };
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut shared: Vec<u32> = Vec::new();
    let mut above_only = Vec::new();
    let again = |col: &Option<u32>| col.is_none();
    let mut aliases = (None, None);
    // Where the lower row is empty, the upper one speaks: a two-row header whose merging was undone.
    let mut cells: BTreeMap<u32, (&str, bool, bool)> =
        groups.iter().map(|(col, (text, own))| (*col, (text.as_str(), *own, true))).collect();
    cells.extend(
        labels
            .iter()
            .filter(|(_, (text, _))| !text.trim().is_empty())
            .map(|(col, (text, own))| (*col, (text.as_str(), *own, false))),
    );
    for (&col, &(text, own, above)) in &cells {
        let label = norm(text);
        let group = groups.get(&col).filter(|_| !above).map(|(text, _)| norm(text)).filter(|g| *g != label);
        // The title of a group may stand over its first column alone.
        let left = || {
            let (_, (text, _)) = groups.range(..col).next_back().filter(|_| !above && group.is_none())?;
            titles.find(Some(&norm(text)), &label).filter(|(c, _)| !titles.columns[*c].groups.is_empty())
        };
        match label.as_str() {
            "" => continue,
            ROW_MARK => header.identity = Some(col),
            VERSIONS_MARK => header.versions = Some(col),
            _ => match titles.find(group.as_deref(), &label).or_else(left) {
                Some((c, _)) if (!own || above) && taken.contains(&c) => shared.push(col),
                Some((c, _)) if taken.contains(&c) => header.twice.push((col, c)),
                Some((c, None)) => {
                    header.own += usize::from(!above);
                    taken.insert(c);
                    header.inputs.push((col, c));
                }
                Some((c, Some(unit))) => {
                    taken.insert(c);
                    header.other_unit.push((col, c, unit));
                }
                None if CODE_TITLES[..2].contains(&label.as_str()) && again(&header.code) => header.code = Some(col),
                None if NAME_TITLES[..2].contains(&label.as_str()) && again(&header.name) => header.name = Some(col),
                None if CODE_TITLES.contains(&label.as_str()) => aliases.0 = aliases.0.or(Some(col)),
                None if NAME_TITLES.contains(&label.as_str()) => aliases.1 = aliases.1.or(Some(col)),
                None if keys.contains(&label) => {}
                None if !own => shared.push(col),
                None if above => above_only.push((col, text.trim().to_owned())),
                None => header.unknown.push((col, text.trim().to_owned())),
            },
        }
    }
    if header.own < header.inputs.len() {
        header.unknown.extend(above_only);
        header.unknown.sort();
    }
    header.code = header.code.or(aliases.0);
    header.name = header.name.or(aliases.1);
    header.missing = (0..block.columns.len()).filter(|c| !taken.contains(c)).collect();
    lost_to_merging(block, &mut header, &shared, mark);
    // Columns that only show what we wrote ourselves.
    header.unknown.retain(|(_, title)| {
        let title = norm(title);
        !["上期·", "计划·", "last·", "plan·"].iter().any(|shown| title.starts_with(shown))
    });
    header
}

/// A title may be lost when its cell is merged into its neighbour's. When all other columns stand where our
/// template put them, the column still is what the template says of its place.
fn lost_to_merging(block: &FormBlock, header: &mut Header, shared: &[u32], mark: Option<&MarkedBlock>) {
    let Some(mark) = mark else { return };
    let place_of = |c: usize| mark.columns.iter().find(|m| m.key == block.columns[c].key).map(|m| m.place);
    if header.missing.is_empty()
        || header.inputs.is_empty()
        || !header.inputs.iter().all(|(col, c)| place_of(*c) == Some(*col))
    {
        return;
    }
    let mut found = Vec::new();
    header.missing.retain(|&c| match place_of(c) {
        Some(place) if shared.contains(&place) => {
            found.push((place, c));
            false
        }
        _ => true,
    });
    header.inputs.extend(found);
    header.inputs.sort_unstable();
}
