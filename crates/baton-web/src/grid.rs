//! The fill-in grid: a form's cells with what was given before, what is being typed, and what is wrong with it.

use crate::blocks::filled;
use crate::given::Fields;
use crate::visit::say;
use baton_kernel::commands::{FieldGiven, FieldInput, FigureGiven, FigureInput, NoteGiven};
use baton_kernel::form::{Asks, CellMistake, CellType, CellValue, Form, FormBlock, FormCell, FormColumn, FormRow};
use baton_kernel::ids::Subject;
use baton_kernel::questions::questions;
use baton_methods::{Grain, Lang, Period, Unit};
use baton_sheets::layout::in_words;
use std::collections::BTreeMap;

/// What is typed, by name of the cell's field: `c:SUBJECT/COLUMN`.
pub(crate) type Typed = BTreeMap<String, String>;

/// Name of a cell's field.
pub(crate) fn name(row: &FormRow, column: &FormColumn) -> String {
    format!("c:{}/{}", row.subject, column.key)
}

/// The cells of a form as they were typed, cut to what the form asks.
pub(crate) fn typed(fields: &Fields) -> Typed {
    fields.0.iter().filter(|(n, _)| n.starts_with("c:")).map(|(n, t)| (n.clone(), t.trim().to_owned())).collect()
}

/// What was sent before and does not count: it waits for the checker, or came back and is to be mended.
#[derive(Default)]
pub(crate) struct Sent {
    /// What it said, as it stands in the inputs.
    pub values: Typed,
    /// Its seq, by cell.
    pub seqs: BTreeMap<String, u64>,
    /// Cells that were marked when it was returned, with what was found in them.
    pub marked: BTreeMap<String, String>,
    /// What its writer explained, by the place of the cell.
    pub explained: BTreeMap<String, String>,
    /// Who sent it and when.
    pub by: String,
    /// Whether it waits; else it came back.
    pub waits: bool,
}

impl Sent {
    /// Whether a cell still says what was sent.
    fn says(&self, name: &str, text: Option<&String>) -> bool {
        text.is_some() && self.values.get(name) == text
    }

    /// What is typed over what was sent.
    fn under(&self, typed: &Typed) -> Typed {
        let mut all = self.values.clone();
        all.extend(typed.iter().map(|(n, t)| (n.clone(), t.clone())));
        all
    }

    /// Seq of what stands in a cell: what waits or came back, else what counts.
    pub(crate) fn seq(&self, place: &Place) -> u64 {
        self.seqs.get(&place.name).copied().unwrap_or(0).max(place.cell.version)
    }
}

/// Two values for one cell, of which one is to be chosen.
pub(crate) struct Clash {
    /// What stands there, or was typed in another window.
    pub theirs: String,
    /// Whose that is.
    pub whose: String,
    /// What was typed here.
    pub yours: String,
}

/// Everything that is typed into a form and stands beside it.
#[derive(Default)]
pub(crate) struct Typing {
    pub typed: Typed,
    /// Answers to questions, by the place of the cell.
    pub explained: BTreeMap<String, String>,
    pub sent: Sent,
    /// Cells with two values, by name.
    pub clashes: BTreeMap<String, Clash>,
    /// What others of the unit are typing, by name of the cell: who and what.
    pub beside: BTreeMap<String, Vec<(String, String)>>,
}

impl Typing {
    /// What was answered to a question about a cell.
    pub(crate) fn explanation(&self, place: &str) -> &str {
        let sent = self.sent.explained.get(place);
        self.explained.get(place).or(sent).map_or("", |words| words.trim())
    }
}

/// A place of a form.
pub(crate) struct Place<'a> {
    pub name: String,
    pub column: &'a FormColumn,
    pub cell: &'a FormCell,
}

/// Every place of a form, in its order.
pub(crate) fn places(form: &Form) -> impl Iterator<Item = Place<'_>> {
    form.blocks.iter().flat_map(|block| {
        block.rows.iter().flat_map(move |row| {
            block.columns.iter().zip(&row.cells).map(move |(column, cell)| Place {
                name: name(row, column),
                column,
                cell,
            })
        })
    })
}

/// What stands at a place, as it stands in its input.
pub(crate) fn stands(place: &Place, lang: Lang) -> String {
    place.cell.now.as_ref().map_or(String::new(), |v| editable(place.column, v, lang))
}

/// A value in words, as it stands in an input.
pub(crate) fn as_typed(column: &FormColumn, words: &str, period: Period, lang: Lang) -> String {
    understand(column, words, period).map_or_else(|_| words.to_owned(), |value| editable(column, &value, lang))
}

/// What a text typed into a column means: the word that pages show for a withheld value is understood too.
pub(crate) fn understand(column: &FormColumn, typed: &str, period: Period) -> Result<CellValue, CellMistake> {
    let word = say(Lang::Zh, "figure.withheld", &[]);
    match typed.trim().strip_prefix(&word) {
        Some(rest) if !matches!(column.cell, CellType::Text { .. }) => {
            column.understand(&format!("withheld{rest}"), period)
        }
        _ => column.understand(typed, period),
    }
}

/// A cell as shown.
pub(crate) struct Cell {
    pub name: String,
    pub mark: String,
    pub label: String,
    pub last: String,
    pub plan: String,
    pub value: String,
    pub class: &'static str,
    pub note: String,
    /// What the year came to before the period, and with it.
    pub before: String,
    pub to_date: String,
    pub control: &'static str,
    pub choices: Vec<(String, String)>,
    pub version: u64,
    pub asked: bool,
    pub figure: bool,
    /// What it says when its row is filled with "none this period", and with "same as last".
    pub zero: Option<String>,
    pub same: Option<String>,
}

/// A row as shown.
pub(crate) struct Row {
    pub mark: String,
    pub code: String,
    pub name: String,
    pub keys: Vec<String>,
    pub cells: Vec<Cell>,
    /// Whether the row can be filled as a whole.
    pub fills: bool,
}

/// A column as shown: figures stand beside those of the last period, fields stand until they change.
pub(crate) struct Title {
    pub mark: String,
    pub title: String,
    pub hint: String,
    pub figure: bool,
    /// What is asked of the period: its own amount, the year to date, or the level at its end.
    pub asks: String,
}

/// A block as shown.
pub(crate) struct Block {
    pub label: String,
    pub key_labels: Vec<String>,
    pub titles: Vec<Title>,
    pub rows: Vec<Row>,
}

/// How many cells stand in each state; together they are all of them.
#[derive(Default, Clone, Copy)]
pub(crate) struct Counts {
    pub saved: usize,
    pub changed: usize,
    pub waiting: usize,
    pub marked: usize,
    pub doubt: usize,
    pub clash: usize,
    pub wrong: usize,
    pub empty: usize,
    pub needed: usize,
    pub known: usize,
    pub locked: usize,
    pub all: usize,
}

impl Counts {
    /// Each state with its word and count, in the order shown; those that are 0 and rare are left out.
    pub(crate) fn parts(&self, lang: Lang) -> Vec<(&'static str, &'static str, usize)> {
        let word = |key: &'static str, zh: &'static str, en: &'static str, n: usize| (key, lang.pick(zh, en), n);
        let all = vec![
            word("saved", "已报", "reported", self.saved),
            word("waiting", "待审核", "with the checker", self.waiting),
            word("changed", "已填未报", "typed, not sent", self.changed),
            word("marked", "退回标出", "marked when returned", self.marked),
            word("doubt", "存疑", "questioned", self.doubt),
            word("clash", "两个数", "two values", self.clash),
            word("wrong", "错", "wrong", self.wrong),
            word("empty", "空", "empty", self.empty),
            word("known", "已知不问", "known already", self.known),
            word("locked", "不用填", "not asked", self.locked),
        ];
        let always = ["saved", "changed", "wrong", "empty"];
        all.into_iter().filter(|(key, _, n)| *n > 0 || always.contains(key)).collect()
    }

    /// What has to be done before all of it can be sent.
    pub(crate) fn open(&self) -> usize {
        self.wrong + self.needed + self.doubt + self.clash
    }
}

/// A mistake with its place.
pub(crate) struct Mistake {
    pub mark: String,
    pub words: String,
}

/// A question about a cell with its answer so far.
pub(crate) struct Doubt {
    pub mark: String,
    /// The place: `SUBJECT/COLUMN`.
    pub place: String,
    pub title: String,
    pub words: String,
    pub answer: String,
}

/// Two values of a cell.
pub(crate) struct Choice {
    pub mark: String,
    pub place: String,
    pub title: String,
    pub theirs: String,
    pub whose: String,
    pub yours: String,
}

/// The grid as shown.
pub(crate) struct Grid {
    pub blocks: Vec<Block>,
    pub counts: Counts,
    pub mistakes: Vec<Mistake>,
    pub doubts: Vec<Doubt>,
    pub clashes: Vec<Choice>,
    pub first_empty: Option<String>,
}

/// What a typed cell means beside what stands there.
enum Meaning {
    /// Nothing typed, or what stands there already.
    Stands,
    /// Another value.
    Other(CellValue),
    /// Not understood, or against a rule.
    Wrong(CellMistake),
}

fn meaning(column: &FormColumn, cell: &FormCell, typed: Option<&str>, period: Period, lang: Lang) -> Meaning {
    let Some(text) = typed else { return Meaning::Stands };
    let shown = cell.now.as_ref().map_or(String::new(), |v| editable(column, v, lang));
    if text == shown {
        return Meaning::Stands;
    }
    if text.is_empty() {
        // What was said cannot be unsaid; it can be withheld with a reason.
        return Meaning::Wrong(CellMistake::new(
            &column.key,
            "cell.cleared",
            baton_methods::Words::new("已报的数不能清空", "what was given cannot be cleared"),
            baton_methods::Words::new("要收回就写“暂不报送：原因”", "to take it back write “withheld: reason”"),
        ));
    }
    match understand(column, text, period) {
        Ok(value) if cell.now.as_ref().is_some_and(|now| now.same(&value)) => Meaning::Stands,
        Ok(value) => Meaning::Other(value),
        Err(mistake) => Meaning::Wrong(mistake),
    }
}

/// A value as it stands in an input.
pub(crate) fn editable(column: &FormColumn, value: &CellValue, lang: Lang) -> String {
    match value {
        CellValue::Number(n) => n.normalize().to_string(),
        CellValue::Choice(key) => key.clone(),
        CellValue::YesNo(yes) => yes_no(*yes).to_owned(),
        CellValue::Withheld(reason) => format!("{}{reason}", lang.pick("暂不报送：", "withheld: ")),
        other => in_words(column, other, lang),
    }
}

/// Key of a yes or a no.
fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Whether a column asks a figure, not a field.
fn is_figure(column: &FormColumn) -> bool {
    column.key.starts_with("m:")
}

/// A row weighed: the meaning of each cell, and what is odd about its figures.
fn weigh(
    form: &Form,
    block: &FormBlock,
    row: &FormRow,
    typed: &Typed,
    sent: &Sent,
) -> (Vec<Meaning>, Vec<CellMistake>) {
    let mut meanings = Vec::with_capacity(row.cells.len());
    let mut values = Vec::with_capacity(row.cells.len());
    let mut touched = Vec::new();
    for (column, cell) in block.columns.iter().zip(&row.cells) {
        let name = name(row, column);
        let text = if cell.asked { typed.get(&name) } else { None };
        let meaning = meaning(column, cell, text.map(String::as_str), form.period, form.lang);
        values.push(match &meaning {
            Meaning::Other(value) => Some(value.clone()),
            Meaning::Stands | Meaning::Wrong(_) => cell.now.clone(),
        });
        // What waits for the checker was asked about when it was sent.
        if matches!(meaning, Meaning::Other(_)) && !(sent.waits && sent.says(&name, text)) {
            touched.push(column.key.as_str());
        }
        meanings.push(meaning);
    }
    if touched.is_empty() {
        return (meanings, Vec::new());
    }
    let mut odd = questions(form.period, block, row, &values);
    // Arithmetic concerns the row; the rest only what was touched.
    odd.retain(|q| q.code.starts_with("check.") || touched.contains(&q.column.as_str()));
    (meanings, odd)
}

/// The grid of a form with what was sent and what is typed over it.
pub(crate) fn grid(form: &Form, typing: &Typing) -> Grid {
    let lang = form.lang;
    let typed = &typing.sent.under(&typing.typed);
    let mut grid = Grid {
        blocks: Vec::new(),
        counts: Counts::default(),
        mistakes: Vec::new(),
        doubts: Vec::new(),
        clashes: Vec::new(),
        first_empty: None,
    };
    for (b, block) in form.blocks.iter().enumerate() {
        let mut rows = Vec::new();
        for (r, row) in block.rows.iter().enumerate() {
            let (meanings, odd) = weigh(form, block, row, typed, &typing.sent);
            let mut cells = Vec::new();
            for (c, (column, cell)) in block.columns.iter().zip(&row.cells).enumerate() {
                let at = At { form, row, column, cell, mark: format!("c{b}-{r}-{c}") };
                let odd = odd.iter().find(|m| m.column == column.key);
                cells.push(at.shown(&mut grid, &meanings[c], odd, typed, typing));
            }
            let fills = block.columns.iter().zip(&row.cells).any(|(c, cell)| cell.asked && is_whole(c));
            rows.push(Row {
                mark: format!("{b}-{r}"),
                code: row.code.clone(),
                name: row.name.clone(),
                keys: row.keys.clone(),
                cells,
                fills,
            });
        }
        let title = |(n, c): (usize, &FormColumn)| Title {
            mark: format!("{b}-{n}"),
            title: c.full_title(lang),
            hint: c.hint.clone().unwrap_or_default(),
            figure: is_figure(c),
            asks: asks(c, form.period, lang).to_owned(),
        };
        let titles = block.columns.iter().enumerate().map(title).collect();
        grid.blocks.push(Block { label: block.label.clone(), key_labels: block.key_labels.clone(), titles, rows });
    }
    grid
}

/// What a column asks of the period, in words; empty for a field and for a rate, which has no amount of its own.
fn asks(column: &FormColumn, period: Period, lang: Lang) -> &'static str {
    match column.asks {
        _ if column.unit == Some(Unit::Percent) => "",
        Asks::Field => "",
        Asks::Level => lang.pick("期末", "at the end"),
        Asks::ToDate => lang.pick("年内累计", "year to date"),
        Asks::Own if period.grain() == Grain::Month => lang.pick("本月", "this month"),
        Asks::Own => lang.pick("本期", "this period"),
    }
}

/// Whether a column asks a whole figure, not a part of one.
pub(crate) fn is_whole(column: &FormColumn) -> bool {
    is_figure(column) && !column.key.contains('/')
}

/// One cell at its place.
struct At<'a> {
    form: &'a Form,
    row: &'a FormRow,
    column: &'a FormColumn,
    cell: &'a FormCell,
    mark: String,
}

impl At<'_> {
    fn title(&self) -> String {
        format!("{} {}", self.row.name, self.column.full_title(self.form.lang))
    }

    /// Class and note of the cell; counts it, and keeps what has to be done about it.
    fn state(
        &self,
        grid: &mut Grid,
        name: &str,
        meaning: &Meaning,
        odd: Option<&CellMistake>,
        typed: &Typed,
        typing: &Typing,
    ) -> (&'static str, String) {
        let (lang, cell, sent) = (self.form.lang, self.cell, &typing.sent);
        let place = name.get(2..).unwrap_or_default();
        let text = typed.get(name);
        if let Some(source) = &cell.source {
            grid.counts.known += 1;
            return ("locked known", source.clone());
        }
        if !cell.asked {
            grid.counts.locked += 1;
            return ("locked", String::new());
        }
        if let Some(clash) = typing.clashes.get(name) {
            grid.counts.clash += 1;
            grid.clashes.push(Choice {
                mark: self.mark.clone(),
                place: place.to_owned(),
                title: self.title(),
                theirs: clash.theirs.clone(),
                whose: clash.whose.clone(),
                yours: clash.yours.clone(),
            });
            let (theirs, whose) = (&clash.theirs, &clash.whose);
            return (
                "wrong clash",
                lang.pick(format!("{whose}：{theirs}，请选一个"), format!("{whose}: {theirs}; choose")),
            );
        }
        if let Meaning::Wrong(mistake) = meaning {
            grid.counts.wrong += 1;
            let words = format!("{}。{}", mistake.rule.in_lang(lang), mistake.hint.in_lang(lang));
            let whole = format!("{}：{words}", self.title());
            grid.mistakes.push(Mistake { mark: self.mark.clone(), words: whole });
            return ("wrong", lang.pick(format!("错：{words}"), format!("wrong: {words}")));
        }
        let waits = matches!(meaning, Meaning::Other(_)) && sent.waits && sent.says(name, text);
        if let Some(odd) = odd {
            let (answer, rule) = (typing.explanation(place).to_owned(), odd.rule.in_lang(lang));
            grid.doubts.push(Doubt {
                mark: self.mark.clone(),
                place: place.to_owned(),
                title: self.title(),
                words: format!("{rule}。{}", odd.hint.in_lang(lang)),
                answer: answer.clone(),
            });
            if answer.is_empty() {
                grid.counts.doubt += 1;
                return ("doubt", lang.pick(format!("存疑：{rule}"), format!("question: {rule}")));
            }
        }
        if waits {
            grid.counts.waiting += 1;
            return ("waiting", say(lang, "page.form.cell.waits", &[]));
        }
        let marked = sent
            .marked
            .get(name)
            .filter(|_| !sent.waits && typing.typed.get(name).is_none_or(|t| sent.says(name, Some(t))));
        if let Some(found) = marked {
            grid.counts.marked += 1;
            let words = say(lang, "page.form.cell.marked", &[]);
            return ("doubt marked", if found.is_empty() { words } else { format!("{words}：{found}") });
        }
        if let Meaning::Other(_) = meaning {
            grid.counts.changed += 1;
            let was = cell.now.as_ref().map(|v| in_words(self.column, v, lang));
            let mut words = was.map_or_else(String::new, |w| lang.pick(format!("已改，原 {w}"), format!("was {w}")));
            if odd.is_some() {
                words = lang.pick("已说明原因", "explained").to_owned();
            }
            return ("changed", words);
        }
        if cell.now.is_some() {
            grid.counts.saved += 1;
            return ("saved", String::new());
        }
        grid.counts.empty += 1;
        if self.column.required {
            grid.counts.needed += 1;
            grid.first_empty.get_or_insert_with(|| self.mark.clone());
        }
        ("", String::new())
    }

    fn shown(
        self,
        grid: &mut Grid,
        meaning: &Meaning,
        odd: Option<&CellMistake>,
        typed: &Typed,
        typing: &Typing,
    ) -> Cell {
        let (lang, column, cell) = (self.form.lang, self.column, self.cell);
        let name = name(self.row, column);
        let now = cell.now.as_ref().map_or(String::new(), |v| editable(column, v, lang));
        let value = typed.get(&name).filter(|_| cell.asked).cloned().unwrap_or_else(|| now.clone());
        grid.counts.all += 1;
        let (class, mut note) = self.state(grid, &name, meaning, odd, typed, typing);
        for (who, text) in typing.beside.get(&name).into_iter().flatten().filter(|(_, text)| *text != value) {
            let theirs = lang.pick(format!("{who}在填 {text}"), format!("{who} is typing {text}"));
            note = if note.is_empty() { theirs } else { format!("{note} · {theirs}") };
        }
        let (control, choices) = match &column.cell {
            CellType::Number { .. } => ("number", Vec::new()),
            CellType::Choice(list) => ("choice", list.iter().map(|c| (c.key.clone(), c.label.clone())).collect()),
            CellType::YesNo => {
                let choice = |yes: bool| (yes_no(yes).to_owned(), say(lang, &format!("page.{}", yes_no(yes)), &[]));
                ("choice", vec![choice(true), choice(false)])
            }
            CellType::Date | CellType::Text { .. } => ("text", Vec::new()),
        };
        let counted = match meaning {
            Meaning::Other(value) => value.number(),
            Meaning::Stands => cell.now.as_ref().and_then(CellValue::number),
            Meaning::Wrong(_) => None,
        };
        let number = |d| baton_methods::format_decimal(d, column.decimals.into(), true);
        let to_date = cell.before.map(|before| number(before + counted.unwrap_or_default()));
        let fills = cell.asked && is_whole(column);
        let place = Place { name, column, cell };
        Cell {
            zero: filled(column, cell, true, lang).filter(|_| fills),
            same: filled(column, cell, false, lang).filter(|_| fills),
            label: self.title(),
            last: cell.last.as_ref().map_or(String::new(), |v| match v {
                CellValue::Number(n) => number(*n),
                other => in_words(column, other, lang),
            }),
            plan: cell.plan.map_or_else(String::new, number),
            before: cell.before.map_or_else(String::new, |d| d.normalize().to_string()),
            to_date: to_date.unwrap_or_default(),
            version: typing.sent.seq(&place),
            asked: cell.asked,
            figure: is_figure(column),
            name: place.name,
            mark: self.mark,
            value,
            class,
            note,
            control,
            choices,
        }
    }
}

/// What is to be reported: every cell that says something new and nothing wrong, and the answers to questions about
/// cells; what waits for the checker already is not sent again, what is questioned and not explained stays behind.
pub(crate) fn report(form: &Form, typing: &Typing) -> (Vec<FigureGiven>, Vec<FieldGiven>, Vec<NoteGiven>) {
    let sent = &typing.sent;
    let typed = &sent.under(&typing.typed);
    let (mut figures, mut fields, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for block in &form.blocks {
        for row in &block.rows {
            let (meanings, odd) = weigh(form, block, row, typed, sent);
            for ((column, cell), meaning) in block.columns.iter().zip(&row.cells).zip(meanings) {
                let name = name(row, column);
                let place = name.get(2..).unwrap_or_default();
                let open = odd.iter().any(|m| m.column == column.key);
                let answer = typing.explanation(place);
                if open && !answer.is_empty() {
                    notes.push(NoteGiven { at: place.replacen("/m:", "/", 1), text: answer.to_owned() });
                }
                let Meaning::Other(value) = meaning else { continue };
                let again = sent.waits && sent.says(&name, typed.get(&name));
                if again || (open && answer.is_empty()) || typing.clashes.contains_key(&name) {
                    continue;
                }
                add(&row.subject, &column.key, &value, cell.version, form.period, &mut figures, &mut fields);
            }
        }
    }
    (figures, fields, notes)
}

/// Adds one cell to a report, by its column's key: `m:MEASURE`, `m:MEASURE/PART` or `f:FIELD`.
pub(crate) fn add(
    subject: &str,
    column: &str,
    value: &CellValue,
    version: u64,
    period: Period,
    figures: &mut Vec<FigureGiven>,
    fields: &mut Vec<FieldGiven>,
) {
    let Ok(subject) = subject.parse::<Subject>() else { return };
    if let Some(field) = column.strip_prefix("f:") {
        let Subject::Item(item) = subject else { return };
        let value = match value {
            CellValue::Number(n) => FieldInput::Typed(n.normalize().to_string()),
            CellValue::Text(t) | CellValue::Choice(t) => FieldInput::Typed(t.clone()),
            CellValue::Date(d) => FieldInput::Typed(d.to_string()),
            CellValue::YesNo(yes) => FieldInput::Typed(yes_no(*yes).to_owned()),
            CellValue::Withheld(_) => return,
        };
        fields.push(FieldGiven { item, field: field.to_owned(), value, version });
        return;
    }
    let key = column.strip_prefix("m:").unwrap_or(column);
    let (measure, part) = match key.split_once('/') {
        Some((measure, part)) => (measure, Some(part.to_owned())),
        None => (key, None),
    };
    let value = match value {
        CellValue::Number(n) => FigureInput::Is(*n),
        CellValue::Withheld(reason) => FigureInput::Withheld(reason.clone()),
        _ => return,
    };
    figures.push(FigureGiven { subject, measure: measure.to_owned(), period, part, value, version, said_on: None });
}
