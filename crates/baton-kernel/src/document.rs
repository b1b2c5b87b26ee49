//! Document: what an official paper says, ready to be set on a page.
//!
//! Pure data between views (which know the numbers) and renderers (which know the measures of
//! GB/T 9704). Every string arrives ready: ordinals, units, rounding and punctuation are the
//! view's; a renderer computes coordinates, never numbers.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One official paper: head, body, tail, attachments and imprint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What sort of paper this is; decides small differences of form only.
    pub kind: DocumentKind,
    /// The red head, or nothing for a plain paper (a table, a draft without number).
    pub letterhead: Option<Letterhead>,
    /// The title, one entry a line, already broken by sense (trapezoid or diamond).
    pub title: Vec<String>,
    /// 主送机关 with its closing full-width colon, e.g. `各镇、街道，区直各部门：`.
    pub addressees: Option<String>,
    /// The body, in order.
    pub blocks: Vec<Block>,
    /// 附件说明: titles of the attachments without `附件：`, without ordinals and end punctuation.
    /// The renderer writes `附件：1. …` (one entry: `附件：…`).
    pub attachments_note: Vec<String>,
    /// 署名 and 成文日期.
    pub signature: Option<Signature>,
    /// 附注 without its brackets, e.g. `此件公开发布`.
    pub note: Option<String>,
    /// Attachments, each from a new page.
    pub attachments: Vec<Attachment>,
    /// 版记 on the last page.
    pub imprint: Option<Imprint>,
    /// True while not issued: every page carries the watermark 草稿.
    pub draft: bool,
    /// Head hash line, printed small at the very end, so that the ledger can be checked against
    /// paper. Written whole, e.g. `账本第 48213 条 指纹 7c1e-9a40-52bd`.
    pub witness: Option<String>,
    /// Language of the paper's own words (watermark, `附件`).
    pub lang: Lang,
    /// True when the body itself stands on landscape pages (a wide table as a paper of its own).
    pub landscape: bool,
}

/// Sorts of papers that the renderers know how to dress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 通报.
    #[default]
    Circular,
    /// 纪要: its mark is `XXXX纪要`, it has no addressee and no seal.
    Minutes,
    /// 通知.
    Notice,
    /// 任务分解表 and other tables issued by themselves.
    TaskTable,
}

/// Language of a paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// The part above the red line (版头).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// 发文机关标志, the whole red line, e.g. `云岭新区党政办公室文件` or `云岭新区会议纪要`.
    pub organ: String,
    /// 发文字号 (`云岭办〔2023〕31号`), or for minutes the issue (`第7期`).
    pub number: Option<String>,
    /// 签发人, only in papers sent upwards; the number then moves to the left.
    pub signer: Option<String>,
    /// 份号, six digits.
    pub copy_number: Option<String>,
    /// 密级 (and term), e.g. `秘密★1年`.
    pub secrecy: Option<String>,
    /// 紧急程度, e.g. `特急`.
    pub urgency: Option<String>,
    /// Minutes only: who edits and when, set left and right directly above the red line.
    pub issued: Option<Signature>,
}

/// Who signs and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// 发文机关署名.
    pub organ: String,
    /// 成文日期 in Arabic digits without leading zeros, e.g. `2023年4月26日`.
    pub date: String,
}

/// 版记: copies and print line between rules at the foot of the last page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imprint {
    /// Lines of 抄送, whole, e.g. `抄送：区委各部门，区人大办，区政协办。`.
    pub copies: Vec<String>,
    /// 印发机关.
    pub organ: String,
    /// 印发日期, whole, e.g. `2023年4月26日印发`.
    pub date: String,
}

/// An attachment: new page, `附件N` top left, title on the third line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Title, written as in the attachments note.
    pub title: String,
    /// True when the attachment stands on landscape pages (wide tables).
    pub landscape: bool,
    /// What the attachment holds.
    pub blocks: Vec<Block>,
}

/// One piece of a body, ordinals included in its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// First level, `一、项目建设`, 黑体.
    Heading1(String),
    /// Second level, `（一）总体情况`, 楷体.
    Heading2(String),
    /// Third level, `1.重点项目`, 仿宋.
    Heading3(String),
    /// Running text, first line indented by two characters.
    Paragraph(Vec<Run>),
    /// A line of roll call in minutes (`出席`, `请假`, `列席`): label 黑体, names hanging.
    Roll {
        /// The label without colon.
        label: String,
        /// Names as they are to be printed.
        names: String,
    },
    /// A table.
    Table(Table),
    /// A drawing.
    Drawing(Drawing),
    /// A small remark below a table or drawing, or about what is missing.
    Note(String),
    /// A new page with its title: one subject a page.
    Page(String),
}

impl Block {
    /// A paragraph of one run without a source.
    pub fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph(vec![Run::text(text)])
    }
}

/// A piece of running text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The words or the shown number.
    pub text: String,
    /// Index into the paper's data part when this run is a number with a source.
    pub source: Option<usize>,
    /// The face in which the run is set.
    #[serde(default)]
    pub face: Face,
}

impl Run {
    /// Words without a source.
    pub fn text(text: impl Into<String>) -> Run {
        Run { text: text.into(), ..Run::default() }
    }

    /// A shown number and the index of its source in the paper's data part.
    pub fn sourced(text: impl Into<String>, source: usize) -> Run {
        Run { text: text.into(), source: Some(source), ..Run::default() }
    }

    /// A run-in heading (楷体), e.g. `（一）抓开工。` at the head of a paragraph.
    pub fn lead(text: impl Into<String>) -> Run {
        Run { text: text.into(), face: Face::Kai, ..Run::default() }
    }
}

/// The face of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// 仿宋, the body face.
    #[default]
    Body,
    /// 黑体.
    Hei,
    /// 楷体.
    Kai,
}

/// A table whose head repeats on each page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Title above the table; empty for none.
    pub caption: String,
    /// Unit, whole, right-aligned above the table: `单位：万元`.
    pub unit_line: Option<String>,
    /// Rows of the head with spans, outermost first.
    pub head: Vec<Vec<HeadCell>>,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows from top to bottom.
    pub rows: Vec<Row>,
    /// Remarks below the table.
    pub notes: Vec<String>,
}

/// A cell of a table's head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadCell {
    /// What the column or group is called.
    pub text: String,
    /// Columns covered, at least 1 (0 is read as 1).
    pub colspan: usize,
    /// Head rows covered, at least 1 (0 is read as 1).
    pub rowspan: usize,
}

impl HeadCell {
    /// A head cell over one column and one row.
    pub fn one(text: impl Into<String>) -> HeadCell {
        HeadCell { text: text.into(), colspan: 1, rowspan: 1 }
    }

    /// A head cell over `colspan` columns and `rowspan` head rows.
    pub fn span(text: impl Into<String>, colspan: usize, rowspan: usize) -> HeadCell {
        HeadCell { text: text.into(), colspan, rowspan }
    }
}

/// How a column is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Alignment of its cells; numeric columns are always right-aligned.
    pub align: Align,
    /// Share of the table's width relative to the other columns, at least 1 (0 is read as 1).
    pub weight: u32,
    /// True when its cells hold numbers: right-aligned, never broken.
    pub numeric: bool,
}

impl Column {
    /// A left-aligned column of words.
    pub fn text(weight: u32) -> Column {
        Column { align: Align::Left, weight, numeric: false }
    }

    /// A centred column (ordinals, short words, dates).
    pub fn centred(weight: u32) -> Column {
        Column { align: Align::Centre, weight, numeric: false }
    }

    /// A right-aligned column of numbers.
    pub fn number(weight: u32) -> Column {
        Column { align: Align::Right, weight, numeric: true }
    }
}

/// Horizontal alignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// To the left.
    #[default]
    Left,
    /// Centred.
    Centre,
    /// To the right.
    Right,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Cells from left to right. A row with fewer cells than columns lets its last cell cover the
    /// rest (a group row with one cell covers the whole width).
    pub cells: Vec<Cell>,
    /// What the row is.
    pub kind: RowKind,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// One subject.
    #[default]
    Normal,
    /// Title of the rows below, kept with the first of them.
    Group,
    /// A sum, kept with the row above.
    Sum,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The words or the shown number.
    pub text: String,
    /// Index into the paper's data part when the cell is a number with a source.
    pub source: Option<usize>,
}

impl Cell {
    /// Words without a source.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), source: None }
    }

    /// A shown number and the index of its source in the paper's data part.
    pub fn sourced(text: impl Into<String>, source: usize) -> Cell {
        Cell { text: text.into(), source: Some(source) }
    }
}

/// A drawing as data; `baton-drawings` computes its coordinates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawing {
    /// A year's cumulative plan and actual.
    SCurve(SCurve),
    /// Subjects under one another, share done against the expected share.
    PaceBars(PaceBars),
    /// One measure on the common axis of its table.
    Lane(Lane),
    /// Subjects against areas, one light a cell.
    Heat(Heat),
    /// What was known of one figure, from which day.
    History(History),
    /// Stages one after another.
    Rail(Rail),
    /// Planned and actual spans of milestones.
    Milestones(Milestones),
}

impl Drawing {
    /// The drawing's title, also its accessible name.
    pub fn title(&self) -> &str {
        match self {
            Drawing::SCurve(it) => &it.title,
            Drawing::PaceBars(it) => &it.title,
            Drawing::Lane(it) => &it.title,
            Drawing::Heat(it) => &it.title,
            Drawing::History(it) => &it.title,
            Drawing::Rail(it) => &it.title,
            Drawing::Milestones(it) => &it.title,
        }
    }

    /// The unit shown beside the title, when there is one.
    pub fn unit(&self) -> Option<&str> {
        let unit = match self {
            Drawing::SCurve(it) => &it.unit,
            Drawing::PaceBars(it) => &it.unit,
            Drawing::Lane(it) => &it.unit,
            Drawing::History(it) => &it.unit,
            Drawing::Heat(_) | Drawing::Rail(_) | Drawing::Milestones(_) => return None,
        };
        (!unit.is_empty()).then_some(unit)
    }
}

/// How something stands; a mark's shape and colour follow it, the words say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// On or ahead of plan: a teal disc.
    Ok,
    /// Slightly behind: an amber diamond with an edge.
    Warn,
    /// Behind: a red triangle.
    Lag,
    /// Not reported or not judged: a hatched square.
    #[default]
    None,
}

/// A value with its shown form: the position comes from `value`, the label is `shown`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Exact value in the drawing's unit.
    pub value: Decimal,
    /// The value as printed everywhere else.
    pub shown: String,
}

impl Mark {
    /// A value and its shown form.
    pub fn new(value: Decimal, shown: impl Into<String>) -> Mark {
        Mark { value, shown: shown.into() }
    }
}

/// Cumulative plan and actual over the months of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SCurve {
    /// Title, e.g. `重点项目完成投资，累计`.
    pub title: String,
    /// Longer description for readers who cannot see it.
    pub desc: String,
    /// Unit, e.g. `亿元`.
    pub unit: String,
    /// Plan curve as (months since the year's start 0..=12, cumulative value), in order of time.
    pub plan: Vec<(Decimal, Decimal)>,
    /// Actual as (months since the year's start, cumulative value), in order of time; a month
    /// that is missing or withheld is simply not there.
    pub actual: Vec<(Decimal, Decimal)>,
    /// Label at the last actual, e.g. `实际 31.62`.
    pub actual_label: String,
    /// The year's target and its label, e.g. `目标 186.00`.
    pub target: Option<Mark>,
    /// As-of line: months since the year's start and label, e.g. `所知 4/26`.
    pub as_of: Option<Mark>,
    /// Values of grid lines with their labels; empty lets the drawing choose a round step.
    pub grid: Vec<Mark>,
    /// Word for the plan line: `计划` or `序时`.
    pub plan_label: String,
    /// Month labels as (months since the year's start, label), e.g. `(3, "3月")`.
    pub months: Vec<Mark>,
}

/// Bars of several subjects on one axis from nothing to the whole of each one's target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaceBars {
    /// Title, e.g. `各单位完成年度计划`.
    pub title: String,
    /// Longer description for readers who cannot see it.
    pub desc: String,
    /// Unit of the shares, e.g. `%`.
    pub unit: String,
    /// Words for the bar and the tick, e.g. `完成` and `序时`, shown as a key below.
    pub key: (String, String),
    /// One subject a row, in official order.
    pub rows: Vec<PaceRow>,
}

/// One subject of [`PaceBars`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaceRow {
    /// Name of the unit, project or measure.
    pub label: String,
    /// Share of the year's target done (0 = nothing, 1 = all), or nothing when not reported.
    pub done: Option<Mark>,
    /// Expected share at the cut, as a tick.
    pub expected: Option<Decimal>,
    /// How it stands.
    pub light: Light,
    /// Words beside the mark, e.g. `滞后`, `未报`.
    pub word: String,
}

/// One measure against its plan and target on the common axis of the review table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Accessible title, whole: `重点项目完成投资：实际 31.62 亿元，序时 33.48，全年目标 186.00`.
    pub title: String,
    /// Unit, e.g. `亿元`.
    pub unit: String,
    /// The year's target; without one there is no axis, and only an empty dashed track is drawn.
    pub target: Option<Decimal>,
    /// Cumulative actual, or nothing when not reported.
    pub actual: Option<Decimal>,
    /// Plan at the cut.
    pub plan: Option<Decimal>,
    /// How it stands; decides the colour of the gap.
    pub light: Light,
    /// For a ceiling the words at the target (`上限`); no gap piece is drawn.
    pub ceiling: Option<String>,
}

/// Subjects in rows against areas in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heat {
    /// Title.
    pub title: String,
    /// Longer description for readers who cannot see it.
    pub desc: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows in official order.
    pub rows: Vec<HeatRow>,
}

/// One row of [`Heat`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeatRow {
    /// Name of the subject.
    pub label: String,
    /// A cell per column; nothing where the area does not apply.
    pub cells: Vec<Option<HeatCell>>,
}

/// One cell of [`Heat`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeatCell {
    /// Shown value or word.
    pub text: String,
    /// How it stands.
    pub light: Light,
}

/// What was known of a figure over days of knowing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Title, e.g. `哪天知道的是多少`.
    pub title: String,
    /// Longer description for readers who cannot see it.
    pub desc: String,
    /// Unit, e.g. `万元`.
    pub unit: String,
    /// Versions in the order in which they became known.
    pub steps: Vec<HistoryStep>,
    /// Last day of the axis.
    pub until: Day,
    /// A marked day (the cut shown, or the deadline), with its label.
    pub marked: Option<Day>,
}

/// One entry of [`History`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryStep {
    /// When it became known.
    pub day: Day,
    /// The value from that day on; nothing when withheld or retracted: the line breaks.
    pub value: Option<Mark>,
    /// True for a check that confirmed the value: a hollow dot, no new step.
    pub checked: bool,
    /// Words at a check or a withheld value, e.g. `4/14 复核一致`.
    pub label: String,
}

/// A day on an axis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Days since any fixed day; only differences are used.
    pub number: i64,
    /// The day as printed, e.g. `4/12`.
    pub shown: String,
}

/// Stages one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rail {
    /// Accessible title.
    pub title: String,
    /// Stages in their order.
    pub stages: Vec<RailStage>,
}

/// One stage of [`Rail`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RailStage {
    /// Name of the stage.
    pub label: String,
    /// Second line, e.g. the date entered or planned.
    pub detail: String,
    /// Where the subject stands with respect to it.
    pub state: RailState,
}

/// Where a subject stands with respect to a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RailState {
    /// Behind it.
    Done,
    /// In it.
    Now,
    /// Before it.
    #[default]
    Ahead,
}

/// Planned and actual spans under one another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestones {
    /// Accessible title.
    pub title: String,
    /// First and last day of the axis.
    pub span: (i64, i64),
    /// Labelled days of the axis (month or quarter starts).
    pub ticks: Vec<Day>,
    /// The cut, as a dotted line.
    pub as_of: Option<Day>,
    /// Milestones in their order.
    pub rows: Vec<Milestone>,
}

/// One milestone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Name.
    pub label: String,
    /// Planned first and last day.
    pub plan: Option<(i64, i64)>,
    /// Actual first and last day (last = the cut while it goes on).
    pub actual: Option<(i64, i64)>,
    /// How it stands.
    pub light: Light,
    /// Words, e.g. `晚 25 天完工`.
    pub outcome: String,
    /// The page behind the name; empty for none. Paper does not link.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub href: String,
}

impl Document {
    /// Indices into the data part that the paper's text and tables refer to, ascending, each once.
    pub fn sources(&self) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let attached = self.attachments.iter().flat_map(|it| it.blocks.iter());
        for block in self.blocks.iter().chain(attached) {
            match block {
                Block::Paragraph(runs) => found.extend(runs.iter().filter_map(|run| run.source)),
                Block::Table(table) => {
                    found.extend(table.rows.iter().flat_map(|row| row.cells.iter()).filter_map(|it| it.source))
                }
                _ => {}
            }
        }
        found
    }
}

/// Length of a paper's text in characters, as an office program counts 字数: each Han character and
/// full-width mark counts one, each unbroken run of Latin letters, digits and ASCII marks counts one,
/// blanks count nothing.
///
/// Counted: title, addressees, headings, paragraphs, roll call, notes of the body, attachment titles
/// and signature. Not counted: red head, tables, drawings, attachments and 版记 (domain/10 B8 limits
/// the text, not the tables).
pub fn characters(document: &Document) -> usize {
    let mut count = 0;
    count += document.title.iter().map(|line| words(line)).sum::<usize>();
    count += document.addressees.as_deref().map_or(0, words);
    for block in &document.blocks {
        count += match block {
            Block::Heading1(text) | Block::Heading2(text) | Block::Heading3(text) | Block::Note(text) => words(text),
            // A number split off as its own run is not one more word: count the joined text.
            Block::Paragraph(runs) => words(&runs.iter().map(|run| run.text.as_str()).collect::<String>()),
            Block::Roll { label, names } => words(label) + words(names),
            Block::Page(text) => words(text),
            Block::Table(_) | Block::Drawing(_) => 0,
        };
    }
    count += document.attachments_note.iter().map(|line| words(line)).sum::<usize>();
    if let Some(signature) = &document.signature {
        count += words(&signature.organ) + words(&signature.date);
    }
    count
}

/// Characters of one text by the rule of [`characters`].
fn words(text: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for letter in text.chars() {
        let narrow = letter.is_ascii() || ('\u{00a1}'..='\u{02af}').contains(&letter);
        if letter.is_whitespace() || letter.is_control() {
            inside = false;
        } else if narrow {
            count += usize::from(!inside);
            inside = true;
        } else {
            count += 1;
            inside = false;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_one_and_a_han_character_counts_one() {
        assert_eq!(words("完成投资31.62亿元"), 4 + 1 + 2);
        assert_eq!(words("2023年4月26日"), 6);
        assert_eq!(words("（一）GDP 增长 8.5%。"), 3 + 1 + 2 + 1 + 1);
        assert_eq!(words("  \u{3000} "), 0);
    }

    #[test]
    fn a_number_set_as_its_own_run_does_not_lengthen_the_paper() {
        let whole = Document { blocks: vec![Block::paragraph("共18项，占17.0%。")], ..Document::default() };
        let split = Document {
            blocks: vec![Block::Paragraph(vec![
                Run::text("共"),
                Run::sourced("18", 0),
                Run::text("项，占"),
                Run::sourced("17.0", 1),
                Run::text("%。"),
            ])],
            ..Document::default()
        };
        assert_eq!(characters(&whole), 7);
        assert_eq!(characters(&split), characters(&whole));
    }

    #[test]
    fn tables_and_drawings_are_not_text() {
        let bare = Document { title: vec!["通报".into()], ..Document::default() };
        let mut full = bare.clone();
        full.blocks.push(Block::Table(Table {
            caption: "表一".into(),
            rows: vec![Row { cells: vec![Cell::sourced("12", 7)], kind: RowKind::Normal }],
            ..Table::default()
        }));
        full.blocks.push(Block::Drawing(Drawing::Lane(Lane::default())));
        assert_eq!(characters(&full), characters(&bare));
        assert_eq!(full.sources().into_iter().collect::<Vec<_>>(), vec![7]);
    }

    #[test]
    fn a_document_survives_json() {
        let document = Document {
            kind: DocumentKind::Minutes,
            letterhead: Some(Letterhead { organ: "云岭新区会议纪要".into(), ..Letterhead::default() }),
            blocks: vec![
                Block::Roll { label: "出席".into(), names: "王某".into() },
                Block::Drawing(Drawing::SCurve(SCurve {
                    plan: vec![(Decimal::ONE, Decimal::new(125, 1))],
                    ..SCurve::default()
                })),
            ],
            ..Document::default()
        };
        let json = serde_json::to_string(&document).unwrap();
        assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
    }
}
