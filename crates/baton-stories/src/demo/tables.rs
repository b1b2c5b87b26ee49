//! The demo zone's tables: comma-separated, first line the column names, quotes around what holds commas.

use crate::mistakes::Mistake;
use crate::shelf;

/// A table of the demo zone.
pub(super) struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    cells: &'a [String],
    line: usize,
}

impl Table {
    /// The table in a file of the demo's data.
    ///
    /// Errors: no such file, or a row with another number of cells than the first line.
    pub fn open(file: &str) -> Result<Table, Mistake> {
        let fail = |line: usize, zh: String, en: String| Mistake { file: format!("stories/demo/{file}"), line, zh, en };
        let text = shelf::demo_file(file)
            .ok_or_else(|| fail(0, "没有这个文件".to_owned(), "there is no such file".to_owned()))?;
        let mut lines = text.lines().enumerate();
        let columns = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
        let mut rows = Vec::new();
        for (n, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let row = cells(line);
            if row.len() != columns.len() {
                let (found, wanted) = (row.len(), columns.len());
                return Err(fail(
                    n + 1,
                    format!("有 {found} 格，应为 {wanted} 格"),
                    format!("{found} cells, {wanted} expected"),
                ));
            }
            rows.push(row);
        }
        Ok(Table { file: file.to_owned(), columns, rows })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().enumerate().map(|(n, cells)| Row { table: self, cells, line: n + 2 })
    }
}

fn cells(line: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => found.push(String::new()),
            c => found.last_mut().expect("never empty").push(c),
        }
    }
    found.into_iter().map(|c| c.trim().to_owned()).collect()
}

impl<'a> Row<'a> {
    /// A cell by column name; empty when there is no such column.
    pub fn get(&self, column: &str) -> &'a str {
        let at = self.table.columns.iter().position(|c| c == column);
        at.map_or("", |at| self.cells[at].as_str())
    }

    /// The mistake of a cell.
    pub fn wrong(&self, column: &str) -> Mistake {
        let text = self.get(column);
        Mistake {
            file: format!("stories/demo/{}", self.table.file),
            line: self.line,
            zh: format!("“{column}”的值“{text}”不对"),
            en: format!("“{column}” cannot be “{text}”"),
        }
    }

    pub fn number(&self, column: &str) -> Result<f64, Mistake> {
        self.get(column).parse().map_err(|_| self.wrong(column))
    }

    pub fn date(&self, column: &str) -> Result<Option<jiff::civil::Date>, Mistake> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| self.wrong(column))
    }

    /// Pairs `a:b` separated by `>` or commas.
    pub fn pairs(&self, column: &str) -> Result<Vec<(&'a str, &'a str)>, Mistake> {
        let text = self.get(column);
        text.split(['>', ','])
            .filter(|t| !t.is_empty())
            .map(|t| t.split_once(':').ok_or_else(|| self.wrong(column)))
            .collect()
    }
}
