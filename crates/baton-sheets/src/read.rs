//! Sheets in: what a filled workbook would change, cell by cell, before anything enters.
//!
//! Rows are read as they come and forgotten, so that a large workbook needs no more memory than what it
//! changes. Every mistake names its cell, the column's title, what was typed, the rule and a way out.

use crate::book::{Area, Message, RawBook, RawRow, RawValue};
use crate::header::{self, Header, words};
use crate::layout::{self, MARK_SHEET, address};
use crate::limits::{HEADER_ROWS_MAX, PREVIEW_LIST_MAX};
use crate::mark::FormMark;
use crate::preview::{
    CellRefusal, MissingCell, MissingColumn, MissingRow, Place, Preview, PreviewCell, Problem, State, UnknownColumn,
    UnknownRow, Warning,
};
use crate::refused::Refused;
use baton_kernel::form::{CellMistake, CellType, CellValue, Form, FormBlock, FormColumn, check, plain, visible};
use baton_methods::{Lang, Period, Words};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads a workbook that is held whole against its form.
pub fn read(form: &Form, book: &RawBook) -> Preview {
    let mut reader = Importer::new(form);
    let mut cells = Vec::new();
    for message in book.messages() {
        reader.take(message, &mut |cell| cells.push(cell));
    }
    reader.finish(cells, &mut |cell, cells: &mut Vec<PreviewCell>| cells.push(cell))
}

/// Reads a workbook as its messages come and keeps every cell.
///
/// Errors: the worker refused the file.
pub fn read_stream(form: &Form, messages: impl Iterator<Item = Result<Message, Refused>>) -> Result<Preview, Refused> {
    let mut cells = Vec::new();
    let mut preview = read_with(form, messages, &mut |cell| cells.push(cell))?;
    preview.cells = cells;
    Ok(preview)
}

/// Reads a workbook as its messages come and hands each filled cell to `sink`; the preview's own list of
/// cells stays empty. For imports whose cells are stored as they come.
///
/// Errors: the worker refused the file; cells may have been handed over before.
pub fn read_with(
    form: &Form,
    messages: impl Iterator<Item = Result<Message, Refused>>,
    sink: &mut dyn FnMut(PreviewCell),
) -> Result<Preview, Refused> {
    let mut reader = Importer::new(form);
    for message in messages {
        reader.take(message?, sink);
    }
    Ok(reader.finish((), &mut |cell, ()| sink(cell)))
}

/// The names of a block's rows.
struct Lookup {
    kind: Arc<str>,
    columns: Vec<Arc<str>>,
    by_subject: BTreeMap<String, usize>,
    by_code: BTreeMap<String, Option<usize>>,
    by_name: BTreeMap<String, Option<usize>>,
    /// Where each row was found.
    found: Vec<Option<Place>>,
    /// Whether a sheet of this block was found at all.
    sheet: bool,
}

impl Lookup {
    fn of(block: &FormBlock) -> Lookup {
        let mut lookup = Lookup {
            kind: block.kind.as_str().into(),
            columns: block.columns.iter().map(|c| c.key.as_str().into()).collect(),
            by_subject: BTreeMap::new(),
            by_code: BTreeMap::new(),
            by_name: BTreeMap::new(),
            found: vec![None; block.rows.len()],
            sheet: false,
        };
        for (r, row) in block.rows.iter().enumerate() {
            lookup.by_subject.insert(row.subject.clone(), r);
            for (map, text) in [(&mut lookup.by_code, &row.code), (&mut lookup.by_name, &row.name)] {
                let text = plain(text);
                if !text.is_empty() {
                    map.entry(text).and_modify(|other| *other = None).or_insert(Some(r));
                }
            }
        }
        lookup
    }
}

enum Sheet {
    /// No sheet yet, or one that is not read.
    Ignored,
    /// The mark sheet.
    Mark,
    /// The header is sought among these rows.
    Head(Vec<RawRow>),
    /// Rows of data.
    Body(Box<Header>),
}

/// Reads messages against a form.
struct Importer<'a> {
    form: &'a Form,
    lookups: Vec<Lookup>,
    preview: Preview,
    mark: Option<FormMark>,
    sheet: Sheet,
    name: Arc<str>,
    hidden: bool,
    merged: Vec<Area>,
    /// Merged areas that reach down into later rows, with their value.
    reaching: Vec<(Area, RawRow)>,
    next_area: usize,
    read_a_sheet: bool,
    typed: Vec<Option<CellValue>>,
}

impl<'a> Importer<'a> {
    fn new(form: &'a Form) -> Importer<'a> {
        Importer {
            form,
            lookups: form.blocks.iter().map(Lookup::of).collect(),
            preview: Preview::default(),
            mark: None,
            sheet: Sheet::Ignored,
            name: "".into(),
            hidden: false,
            merged: Vec::new(),
            reaching: Vec::new(),
            next_area: 0,
            read_a_sheet: false,
            typed: Vec::new(),
        }
    }

    fn take(&mut self, message: Message, sink: &mut dyn FnMut(PreviewCell)) {
        match message {
            Message::Sheet { name, hidden } => {
                self.end_sheet(sink);
                self.sheet = if self.preview.blocked() {
                    Sheet::Ignored
                } else if name == MARK_SHEET {
                    self.mark = Some(FormMark::default());
                    Sheet::Mark
                } else {
                    Sheet::Head(Vec::new())
                };
                self.name = name.into();
                self.hidden = hidden;
                self.merged.clear();
                self.reaching.clear();
                self.next_area = 0;
            }
            Message::Merged(areas) => self.merged = areas,
            Message::Row(row) => self.row(row, sink),
            Message::ExternalLinks => self.problem(
                "book.external_links",
                false,
                "工作簿里有指向其他文件的链接；链接不会打开，只读取已保存的结果",
                "the workbook links to other files; links are not followed, only saved results are read",
            ),
            Message::End { .. } | Message::Refused(_) => self.end_sheet(sink),
        }
    }

    fn problem(&mut self, code: &str, blocking: bool, zh: impl Into<String>, en: impl Into<String>) {
        self.preview.problems.push(Problem { code: code.into(), blocking, words: Words::new(zh, en) });
    }

    fn row(&mut self, row: RawRow, sink: &mut dyn FnMut(PreviewCell)) {
        match &mut self.sheet {
            Sheet::Ignored => {}
            Sheet::Mark => {
                if let Some(mark) = &mut self.mark {
                    mark.row(&row);
                }
            }
            Sheet::Head(rows) => {
                rows.push(row);
                if rows.len() >= HEADER_ROWS_MAX {
                    self.settle_header(sink);
                }
            }
            Sheet::Body(_) => self.data_row(&row, sink),
        }
    }

    /// Compares what the mark sheet says with the form.
    fn weigh_mark(&mut self) {
        let Some(mark) = &self.mark else { return };
        let FormMark { zone, round, unit, unit_name, period, template, .. } = mark.clone();
        let form = self.form;
        if zone != form.zone {
            self.problem(
                "book.wrong_zone",
                true,
                format!("这份表属于“{zone}”，不是“{}”；请下载本区的填报表", form.zone),
                format!("this workbook belongs to “{zone}”, not to “{}”; download the one of this zone", form.zone),
            );
        } else if unit != form.unit {
            self.problem(
                "book.wrong_unit",
                true,
                format!(
                    "这份表是 {unit_name}（{unit}）的，不是 {}（{}）的；请换成本单位的填报表",
                    form.unit_name, form.unit
                ),
                format!(
                    "this workbook is that of {unit_name} ({unit}), not of {} ({}); take the one of this unit",
                    form.unit_name, form.unit
                ),
            );
        } else if period != form.period.to_string() {
            let said = |lang| period.parse::<Period>().map_or_else(|_| period.clone(), |p| p.label(lang));
            self.problem(
                "book.wrong_period",
                true,
                format!(
                    "这份表是 {} 的，您选择的是 {}；请核对期间或换成本期的填报表",
                    said(Lang::Zh),
                    form.period.label(Lang::Zh)
                ),
                format!(
                    "this workbook is for {}, you chose {}; check the period or take this period's workbook",
                    said(Lang::En),
                    form.period.label(Lang::En)
                ),
            );
        } else if template != layout::template_hash(form) || round != form.round {
            self.problem(
                "book.old_template",
                false,
                "这份表是用旧模板填的；能对上标题的列已读取，其余列见下。建议下载新模板",
                "this workbook was made from an older template; columns whose titles match were read, others are listed; better take the new one",
            );
        }
    }

    fn end_sheet(&mut self, sink: &mut dyn FnMut(PreviewCell)) {
        if let Sheet::Head(_) = self.sheet {
            self.settle_header(sink);
        }
        if let Sheet::Mark = self.sheet {
            self.weigh_mark();
        }
        self.sheet = Sheet::Ignored;
    }

    fn settle_header(&mut self, sink: &mut dyn FnMut(PreviewCell)) {
        let Sheet::Head(rows) = std::mem::replace(&mut self.sheet, Sheet::Ignored) else { return };
        let marked = self.mark.as_ref().map_or(&[][..], |m| &m.blocks);
        let Some(header) = header::find(self.form, &self.name, &rows, &self.merged, marked) else { return };
        let block = &self.form.blocks[header.block];
        if !header.has_keys() {
            // One word in common is chance; a sheet of its own words is none of ours.
            if header.inputs.len() < 2 {
                return;
            }
            let name = self.name.clone();
            self.problem(
                "sheet.no_keys",
                false,
                format!("工作表“{name}”没有“{}”列和“{}”列，无法对应到行，未读取；请保留这两列", layout::CODE.0, layout::NAME.0),
                format!(
                    "sheet “{name}” has neither a “{}” nor a “{}” column, so its rows cannot be told and were not read; keep them",
                    layout::CODE.1,
                    layout::NAME.1
                ),
            );
            return;
        }
        self.read_a_sheet = true;
        self.lookups[header.block].sheet = true;
        for (col, title) in &header.unknown {
            push(
                &mut self.preview.unknown_columns,
                UnknownColumn {
                    at: Place { sheet: self.name.clone(), row: header.row, col: *col },
                    title: title.clone(),
                },
            );
        }
        for &c in &header.missing {
            let column = &block.columns[c];
            push(
                &mut self.preview.missing_columns,
                MissingColumn {
                    sheet: self.name.to_string(),
                    block: block.kind.clone(),
                    column: column.key.clone(),
                    title: column.full_title(self.form.lang),
                },
            );
        }
        let mut problems = Vec::new();
        for (col, c) in &header.twice {
            let (at, title) = (address(header.row, *col), &block.columns[*c]);
            problems.push((
                "sheet.column_twice",
                format!("工作表“{}”里“{}”列出现两次，只读第一次（{at} 未读）", self.name, title.full_title(Lang::Zh)),
                format!(
                    "sheet “{}” has the column “{}” twice; only the first is read, not {at}",
                    self.name,
                    title.full_title(Lang::En)
                ),
            ));
        }
        for (col, c, unit) in &header.other_unit {
            let (at, column) = (address(header.row, *col), &block.columns[*c]);
            problems.push((
                "sheet.other_unit",
                format!(
                    "工作表“{}”{at} 的单位改成了{}，本列应为{}；这一列的数字都未接收",
                    self.name,
                    unit.label(Lang::Zh),
                    column.title(Lang::Zh)
                ),
                format!(
                    "sheet “{}” {at} names the unit {}, but the column is “{}”; none of its values were taken",
                    self.name,
                    unit.label(Lang::En),
                    column.title(Lang::En)
                ),
            ));
        }
        for (code, zh, en) in problems {
            self.problem(code, false, zh, en);
        }
        let first = header.row + 1;
        self.sheet = Sheet::Body(Box::new(header));
        for row in &rows {
            if row.row >= first {
                self.data_row(row, sink);
            } else {
                self.reach(row);
            }
        }
    }

    /// Notes merged areas that begin in this row and reach further down.
    fn reach(&mut self, row: &RawRow) {
        self.reaching.retain(|(area, _)| area.bottom >= row.row);
        while let Some(area) = self.merged.get(self.next_area).copied() {
            if area.top > row.row {
                break;
            }
            self.next_area += 1;
            if area.top == row.row && area.bottom > area.top {
                let mut kept = RawRow::new(area.top, false);
                kept.push(area.left, row.at(area.left));
                if !kept.is_empty() {
                    self.reaching.push((area, kept));
                }
            }
        }
    }

    fn data_row(&mut self, row: &RawRow, sink: &mut dyn FnMut(PreviewCell)) {
        self.reach(row);
        let Sheet::Body(header) = std::mem::replace(&mut self.sheet, Sheet::Ignored) else { return };
        self.data_row_of(&header, row, sink);
        self.sheet = Sheet::Body(header);
    }

    fn data_row_of(&mut self, header: &Header, row: &RawRow, sink: &mut dyn FnMut(PreviewCell)) {
        let reaching = std::mem::take(&mut self.reaching);
        let at = |col: u32| -> RawValue<'_> {
            let own = row.at(col);
            if own != RawValue::Empty || reaching.is_empty() {
                return own;
            }
            reaching
                .iter()
                .find(|(area, _)| area.left == col && area.top < row.row && area.holds(row.row, col))
                .map_or(RawValue::Empty, |(_, kept)| kept.at(col))
        };
        if let Some(r) = self.which_row(header, row.row, &at) {
            self.cells(header, row.row, r, &at, sink);
        }
        self.reaching = reaching;
    }

    /// The row of the form that a row of the sheet is; notes it when it is none.
    fn which_row<'v>(&mut self, header: &Header, y: u32, at: &dyn Fn(u32) -> RawValue<'v>) -> Option<usize> {
        let text = |col: Option<u32>| col.map(|col| words(at(col)).trim()).unwrap_or_default();
        let (identity, code, name) = (text(header.identity), text(header.code), text(header.name));
        let holds = header
            .inputs
            .iter()
            .map(|(col, _)| *col)
            .chain(header.other_unit.iter().map(|(col, ..)| *col))
            .any(|col| !at(col).is_blank());
        if identity.is_empty() && code.is_empty() && !holds {
            return None;
        }
        let (plain_code, plain_name) = (plain(code), plain(name));
        let lookup = &self.lookups[header.block];
        let by_code = lookup.by_code.get(&plain_code).copied().flatten();
        let by_name = lookup.by_name.get(&plain_name).copied().flatten();
        let place = Place {
            sheet: self.name.clone(),
            row: y,
            col: header.code.or(header.name).or(header.identity).unwrap_or(0),
        };
        let by_identity = lookup.by_subject.get(identity).copied();
        let row = match by_identity {
            // Sorting visible columns alone tears the hidden identity from its row.
            Some(r)
                if by_code.is_some_and(|other| other != r)
                    || (plain_code.is_empty() && by_name.is_some_and(|other| other != r))
                    || (!plain_code.is_empty() && by_code.is_none() && by_name != Some(r)) =>
            {
                Err((
                    "row.identity_disagrees",
                    Words::new(
                        "编号与隐藏的行标识不一致（可能只对部分列排过序），为免错行未读取；请对整张表排序，或删去隐藏的前两列",
                        "code and hidden identity disagree (perhaps only some columns were sorted), so the row was not read; sort the whole sheet, or delete the two hidden columns",
                    ),
                ))
            }
            Some(r) => Ok(r),
            None => match (by_code, by_name) {
                (Some(r), _) => Ok(r),
                (None, Some(r)) if plain_code.is_empty() || header.code.is_none() => Ok(r),
                (None, Some(_)) => Err((
                    "row.code_unknown",
                    Words::new(
                        "编号不在本表中，但名称对得上；为免错行未读取，请核对编号",
                        "the code is not of this form though the name is; the row was not read: check the code",
                    ),
                )),
                (None, None) if lookup.by_name.get(&plain_name).is_some() && plain_code.is_empty() => Err((
                    "row.name_ambiguous",
                    Words::new(
                        "有多行同名，又没有编号，无法对应；请填上编号",
                        "several rows have this name and there is no code; give the code",
                    ),
                )),
                (None, None) => Err((
                    "row.unknown",
                    Words::new(
                        "本期没有要求填报这一行（不在清单中或不属于本单位），未读取；如属新项目，请先登记",
                        "this row is not asked for (not on the list, or not of this unit) and was not read; register new items first",
                    ),
                )),
            },
        };
        match row {
            Ok(r) => match &self.lookups[header.block].found[r] {
                None => {
                    self.lookups[header.block].found[r] = Some(place);
                    self.preview.counts.rows += 1;
                    Some(r)
                }
                Some(first) => {
                    let why = Words::new(
                        format!("这一行出现了两次（另见 {first}），只读第一次"),
                        format!("the row stands twice (see {first}); only the first is read"),
                    );
                    self.unknown_row(place, code, name, "row.twice", why);
                    None
                }
            },
            Err((reason, why)) => {
                let is_sum =
                    ["合计", "总计", "小计", "total", "sum"].iter().any(|w| plain_code == *w || plain_name == *w);
                let is_note = identity.is_empty() && by_name.is_none() && !holds;
                if !is_sum && !is_note {
                    self.unknown_row(place, code, name, reason, why);
                }
                None
            }
        }
    }

    fn unknown_row(&mut self, at: Place, code: &str, name: &str, reason: &str, why: Words) {
        self.preview.counts.unknown_rows += 1;
        push(
            &mut self.preview.unknown_rows,
            UnknownRow { at, code: code.to_owned(), name: name.to_owned(), reason: reason.to_owned(), why },
        );
    }

    fn cells<'v>(
        &mut self,
        header: &Header,
        y: u32,
        r: usize,
        at: &dyn Fn(u32) -> RawValue<'v>,
        sink: &mut dyn FnMut(PreviewCell),
    ) {
        let form = self.form;
        let block = &form.blocks[header.block];
        let row = &block.rows[r];
        // The versions the user saw, in the order of the mark sheet.
        let seen: Vec<Option<u64>> = match (header.versions, self.mark.as_ref()) {
            (Some(col), Some(mark)) => {
                let order = mark.blocks.iter().find(|m| m.kind == block.kind).map_or(&[][..], |m| &m.columns);
                let mut seen = vec![None; block.columns.len()];
                for (marked, version) in order.iter().zip(words(at(col)).split(',')) {
                    if let Some(c) = block.columns.iter().position(|column| column.key == marked.key) {
                        seen[c] = version.trim().parse().ok();
                    }
                }
                seen
            }
            _ => Vec::new(),
        };
        let saw = |c: usize| seen.get(c).copied().flatten();
        let subject: Arc<str> = row.subject.as_str().into();
        let mut typed = std::mem::take(&mut self.typed);
        typed.clear();
        typed.extend(row.cells.iter().map(|cell| cell.now.clone()));
        typed.resize(block.columns.len(), None);
        let mut out: Vec<(usize, PreviewCell)> = Vec::with_capacity(header.inputs.len());
        let all = header
            .inputs
            .iter()
            .map(|(col, c)| (*col, *c, None))
            .chain(header.other_unit.iter().map(|(col, c, unit)| (*col, *c, Some(*unit))));
        for (col, c, unit) in all {
            let column = &block.columns[c];
            let blank = baton_kernel::form::FormCell::default();
            let cell = row.cells.get(c).unwrap_or(&blank);
            let place = || Place { sheet: self.name.clone(), row: y, col };
            let raw = at(col);
            if raw.is_blank() {
                if cell.asked && column.required && cell.now.is_none() {
                    self.preview.counts.missing += 1;
                    push(
                        &mut self.preview.missing_cells,
                        MissingCell {
                            block: block.kind.clone(),
                            subject: row.subject.clone(),
                            column: column.key.clone(),
                            title: column.full_title(form.lang),
                            at: place(),
                        },
                    );
                }
                continue;
            }
            let (words, meant) = meaning(column, raw, form.period);
            let version = saw(c);
            let state = match (&meant, unit) {
                (_, Some(unit)) => refused(
                    column,
                    form.lang,
                    CellMistake::new(
                        &column.key,
                        "cell.other_unit",
                        Words::new(
                            format!("列标题的单位改成了{}，本列应为{}", unit.label(Lang::Zh), column.title(Lang::Zh)),
                            format!(
                                "the title names {}, but the column is “{}”",
                                unit.label(Lang::En),
                                column.title(Lang::En)
                            ),
                        ),
                        Words::new(
                            "改回原来的单位并换算数字，或重新下载模板",
                            "restore the unit and convert the values, or take the template again",
                        ),
                    ),
                ),
                (Err(mistake), None) => refused(column, form.lang, mistake.clone()),
                (Ok(value), None) if !cell.asked => match &cell.now {
                    Some(now) if now.same(value) => State::Same,
                    _ => refused(
                        column,
                        form.lang,
                        CellMistake::new(
                            &column.key,
                            "cell.not_asked",
                            Words::new("本期没有要求这一格", "this cell is not asked for in this period"),
                            Words::new(
                                "清空这一格；如确需填报请联系调度单位",
                                "clear it; if it has to be reported, ask the office",
                            ),
                        ),
                    ),
                },
                (Ok(value), None) => match (&cell.now, version) {
                    (Some(now), _) if now.same(value) => State::Same,
                    (now, Some(version)) if version != cell.version => State::Conflict { theirs: now.clone() },
                    (None, _) => State::New,
                    (Some(_), _) => State::Changed,
                },
            };
            let value = meant.ok();
            if !matches!(state, State::Refused(_)) {
                if let Some(words) = value
                    .as_ref()
                    .and_then(CellValue::number)
                    .and_then(|n| magnitude(n, cell.last.as_ref().and_then(CellValue::number).or(cell.plan)))
                {
                    self.preview.counts.warnings += 1;
                    let words = Words::new(
                        format!("{}：{}", column.full_title(Lang::Zh), words.zh),
                        format!("{}: {}", column.full_title(Lang::En), words.en),
                    );
                    push(&mut self.preview.warnings, Warning { at: place(), code: "warn.factor_10000".into(), words });
                }
                typed[c] = value.clone();
            }
            out.push((
                c,
                PreviewCell {
                    block: self.lookups[header.block].kind.clone(),
                    subject: subject.clone(),
                    column: self.lookups[header.block].columns[c].clone(),
                    at: place(),
                    before: cell.now.clone(),
                    version: version.unwrap_or(cell.version),
                    typed: words,
                    value,
                    state,
                },
            ));
        }
        if !block.checks.is_empty()
            && out.iter().any(|(_, cell)| !matches!(cell.state, State::Same | State::Refused(_)))
        {
            for mistake in check(form.period, block, row, &typed) {
                let Some(c) = block.columns.iter().position(|column| column.key == mistake.column) else { continue };
                match out.iter_mut().find(|(i, _)| *i == c) {
                    Some((_, cell)) if matches!(cell.state, State::Refused(_)) => {}
                    Some((_, cell)) => cell.state = refused(&block.columns[c], form.lang, mistake),
                    None => {
                        let col = header
                            .inputs
                            .iter()
                            .find(|(_, i)| *i == c)
                            .map_or(header.code.or(header.name).unwrap_or(0), |(col, _)| *col);
                        let now = row.cells.get(c).and_then(|cell| cell.now.clone());
                        out.push((
                            c,
                            PreviewCell {
                                block: self.lookups[header.block].kind.clone(),
                                subject: subject.clone(),
                                column: self.lookups[header.block].columns[c].clone(),
                                at: Place { sheet: self.name.clone(), row: y, col },
                                before: now.clone(),
                                version: row.cells.get(c).map_or(0, |cell| cell.version),
                                typed: String::new(),
                                value: now,
                                state: refused(&block.columns[c], form.lang, mistake),
                            },
                        ));
                    }
                }
            }
        }
        for (_, cell) in out {
            self.count(&cell);
            sink(cell);
        }
        self.typed = typed;
    }

    fn count(&mut self, cell: &PreviewCell) {
        let counts = &mut self.preview.counts;
        match cell.state {
            State::New => counts.new += 1,
            State::Changed => counts.changed += 1,
            State::Same => counts.same += 1,
            State::Conflict { .. } => counts.conflict += 1,
            State::Refused(_) => counts.refused += 1,
        }
    }

    fn finish<T: Into<Cells>>(mut self, mut cells: T, sink: &mut dyn FnMut(PreviewCell, &mut T)) -> Preview {
        self.end_sheet(&mut |cell| sink(cell, &mut cells));
        if self.mark.is_none() && self.read_a_sheet {
            self.problem(
                "book.no_mark",
                false,
                "这不是系统下载的填报表，按列标题和编号读取；单位和期间以您所选为准",
                "this is not a workbook of ours; it was read by titles and codes, unit and period are those you chose",
            );
        }
        if !self.read_a_sheet && !self.preview.blocked() {
            let titles: Vec<String> = self.form.blocks.iter().map(|b| b.label.clone()).collect();
            self.problem(
                "book.no_header",
                true,
                format!("没有找到表头：应有“{}”的列标题；请用下载的填报表填写", titles.join("、")),
                format!(
                    "no header found: column titles of “{}” are expected; please fill in the workbook you downloaded",
                    titles.join(", ")
                ),
            );
        }
        for (b, lookup) in self.lookups.iter().enumerate().filter(|(_, lookup)| lookup.sheet) {
            let block = &self.form.blocks[b];
            for (r, found) in lookup.found.iter().enumerate() {
                if found.is_none() && block.rows[r].cells.iter().any(|cell| cell.asked) {
                    let row = &block.rows[r];
                    push(
                        &mut self.preview.missing_rows,
                        MissingRow {
                            block: block.kind.clone(),
                            subject: row.subject.clone(),
                            code: row.code.clone(),
                            name: row.name.clone(),
                        },
                    );
                }
            }
        }
        self.preview.cells = cells.into().0;
        self.preview
    }
}

/// The cells that a reading kept, if it kept them.
struct Cells(Vec<PreviewCell>);

impl From<Vec<PreviewCell>> for Cells {
    fn from(cells: Vec<PreviewCell>) -> Cells {
        Cells(cells)
    }
}

impl From<()> for Cells {
    fn from((): ()) -> Cells {
        Cells(Vec::new())
    }
}

fn push<T>(list: &mut Vec<T>, one: T) {
    if list.len() < PREVIEW_LIST_MAX {
        list.push(one);
    }
}

fn refused(column: &FormColumn, lang: Lang, mistake: CellMistake) -> State {
    State::Refused(Box::new(CellRefusal {
        code: mistake.code,
        title: column.full_title(lang),
        rule: mistake.rule,
        hint: mistake.hint,
    }))
}

/// What stands in a cell, in words, and what it means in its column.
fn meaning(column: &FormColumn, raw: RawValue<'_>, period: Period) -> (String, Result<CellValue, CellMistake>) {
    let accepted = |value: CellValue| column.accept(&value).map(|()| value);
    match raw {
        RawValue::Number(text) => {
            let Some(number) = decimal(text) else { return (text.to_owned(), column.understand(text, period)) };
            let words = number.to_string();
            let meant = match &column.cell {
                CellType::Number { .. } => accepted(CellValue::Number(number)),
                CellType::Text { .. } => accepted(CellValue::Text(words.clone())),
                _ => column.understand(&words, period),
            };
            (words, meant)
        }
        RawValue::Percent(text) => {
            let Some(number) = decimal(text).and_then(|n| n.checked_mul(Decimal::ONE_HUNDRED)) else {
                return (text.to_owned(), column.understand(text, period));
            };
            let words = format!("{}%", number.normalize());
            let meant = column.understand(&words, period);
            (words, meant)
        }
        RawValue::DateSerial(text) => match date_of(text) {
            Some(date) => {
                let words = date.to_string();
                let meant = match &column.cell {
                    CellType::Date => accepted(CellValue::Date(date)),
                    CellType::Text { .. } => accepted(CellValue::Text(words.clone())),
                    _ => Err(CellMistake::new(
                        &column.key,
                        "cell.is_a_date",
                        Words::new(
                            format!("“{}”应为{}，这里是日期", column.label, column.cell.wanted().zh),
                            format!("“{}” takes {}, this is a date", column.label, column.cell.wanted().en),
                        ),
                        Words::new(
                            "把单元格格式改为“常规”再填（像 3-5 这样的输入会被自动变成日期）",
                            "set the cell's format to General and type again (3-5 turns into a date by itself)",
                        ),
                    )),
                };
                (words, meant)
            }
            None => (text.to_owned(), column.understand(text, period)),
        },
        RawValue::Text(text) => {
            let words = text.trim().to_owned();
            let meant = if visible(text) {
                column.understand(text, period)
            } else {
                Err(CellMistake::new(
                    &column.key,
                    "cell.invisible",
                    Words::new("只有看不见的字符", "only invisible characters"),
                    Words::new("清空单元格后重新填写", "clear the cell and type again"),
                ))
            };
            (words, meant)
        }
        RawValue::Bool(yes) => {
            let words = if yes { "TRUE" } else { "FALSE" };
            let meant = match column.cell {
                CellType::YesNo => accepted(CellValue::YesNo(yes)),
                _ => column.understand(words, period),
            };
            (words.to_owned(), meant)
        }
        RawValue::Error(text) => (
            text.to_owned(),
            Err(CellMistake::new(
                &column.key,
                "cell.formula_error",
                Words::new(format!("公式出错：{text}"), format!("the formula gives an error: {text}")),
                Words::new("改正公式，或直接填写结果", "mend the formula or type its result"),
            )),
        ),
        RawValue::FormulaWithoutValue => (
            String::new(),
            Err(CellMistake::new(
                &column.key,
                "cell.formula_without_value",
                Words::new("公式没有保存结果", "the formula was saved without its result"),
                Words::new(
                    "用 WPS 或 Excel 打开并保存一次，或直接填写结果",
                    "open and save it in an office program, or type the result",
                ),
            )),
        ),
        RawValue::Empty => (
            String::new(),
            Err(CellMistake::new(&column.key, "cell.empty", Words::new("空", "empty"), Words::new("填写", "fill in"))),
        ),
    }
}

/// Significant digits an office program keeps.
const DIGITS_KEPT: usize = 15;

/// A number as an office program means it: what lies beyond 15 significant digits is the trace of its binary
/// arithmetic.
fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = !text.contains(['e', 'E']);
    if plain && digits <= DIGITS_KEPT {
        let number = Decimal::from_str_exact(text).ok()?;
        return Some(if number.scale() == 0 { number } else { number.normalize() });
    }
    let float: f64 = text.parse().ok()?;
    if !float.is_finite() {
        return None;
    }
    Decimal::from_scientific(&format!("{float:.*e}", DIGITS_KEPT - 1)).ok().map(|n| n.normalize())
}

/// The day of a serial number in the 1900 system (with its 29 February 1900 that never was).
fn date_of(serial: &str) -> Option<Date> {
    let days = serial.parse::<f64>().ok()?.floor();
    if !(61.0..=2_958_465.0).contains(&days) {
        return None;
    }
    Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(days as i64)).ok()
}

/// Whether a value is about 10⁴ times, or a 10⁴th of, what it was before: 万 and 亿 or 元 and 万元 mixed up.
fn magnitude(now: Decimal, before: Option<Decimal>) -> Option<Words> {
    let before = before.filter(|b| !b.is_zero())?.abs();
    let now = now.abs();
    if now.is_zero() {
        return None;
    }
    let (low, high) = (Decimal::from(3_000), Decimal::from(30_000));
    let ratio = now.checked_div(before)?;
    let inverse = before.checked_div(now)?;
    if (low..=high).contains(&ratio) {
        Some(Words::new(
            format!("{} 约为此前 {} 的一万倍，请核对是否把元当成了万元", now.normalize(), before.normalize()),
            format!(
                "{} is about ten thousand times {}; check whether 元 was taken for 万元",
                now.normalize(),
                before.normalize()
            ),
        ))
    } else if (low..=high).contains(&inverse) {
        Some(Words::new(
            format!("{} 约为此前 {} 的万分之一，请核对是否把亿元当成了万元", now.normalize(), before.normalize()),
            format!(
                "{} is about a ten-thousandth of {}; check whether 亿元 was taken for 万元",
                now.normalize(),
                before.normalize()
            ),
        ))
    } else {
        None
    }
}
