//! A document as a page: the same paper that is set as PDF and Word, with its numbers linked to their sources.

use crate::marks::escaped;
use baton_drawings::{Frame, Style};
use baton_kernel::document::*;

/// The document in the look of paper. `link` gives the page behind a source, by its index.
pub(crate) fn html(document: &Document, link: &dyn Fn(usize) -> Option<String>) -> String {
    let mut out = String::new();
    if let Some(head) = &document.letterhead {
        out.push_str(&format!("<div class=\"red-head\">{}</div>", escaped(&head.organ)));
        let number = head.number.as_deref().unwrap_or("（文号待定）");
        out.push_str(&format!("<p class=\"file-no flush\">{}</p>", escaped(number)));
    }
    let title: Vec<String> = document.title.iter().map(|l| escaped(l)).collect();
    out.push_str(&format!("<h1>{}</h1>", title.join("<br>")));
    if let Some(to) = &document.addressees {
        out.push_str(&format!("<p class=\"flush\">{}</p>", escaped(to)));
    }
    blocks(&mut out, &document.blocks, link);
    notes(&mut out, &document.attachments_note);
    if let Some(sign) = &document.signature {
        out.push_str(&format!(
            "<p class=\"sign\">{}</p><p class=\"sign date\">{}</p>",
            escaped(&sign.organ),
            escaped(&sign.date)
        ));
    }
    if let Some(note) = &document.note {
        out.push_str(&format!("<p>（{}）</p>", escaped(note)));
    }
    if let Some(imprint) = &document.imprint {
        for line in &imprint.copies {
            out.push_str(&format!("<p class=\"flush\">{}</p>", escaped(line)));
        }
        out.push_str(&format!(
            "<div class=\"imprint\"><span>{}</span><span>{}</span></div>",
            escaped(&imprint.organ),
            escaped(&imprint.date)
        ));
    }
    for (n, one) in document.attachments.iter().enumerate() {
        let number = if document.attachments.len() > 1 { (n + 1).to_string() } else { String::new() };
        out.push_str(&format!("<p class=\"flush attachment\">附件{number}</p><h1>{}</h1>", escaped(&one.title)));
        blocks(&mut out, &one.blocks, link);
    }
    if let Some(witness) = &document.witness {
        out.push_str(&format!("<p class=\"flush witness\">{}</p>", escaped(witness)));
    }
    out
}

fn notes(out: &mut String, titles: &[String]) {
    for (n, title) in titles.iter().enumerate() {
        let head = if n == 0 { "附件：" } else { "　　　" };
        let number = if titles.len() > 1 { format!("{}. ", n + 1) } else { String::new() };
        out.push_str(&format!("<p>{head}{number}{}</p>", escaped(title)));
    }
}

fn blocks(out: &mut String, list: &[Block], link: &dyn Fn(usize) -> Option<String>) {
    for block in list {
        match block {
            Block::Heading1(text) => out.push_str(&format!("<h2>{}</h2>", escaped(text))),
            Block::Heading2(text) | Block::Heading3(text) => {
                out.push_str(&format!("<p><span class=\"h3\">{}</span></p>", escaped(text)))
            }
            Block::Paragraph(list) => {
                out.push_str("<p>");
                runs(out, list, link);
                out.push_str("</p>");
            }
            Block::Roll { label, names } => {
                out.push_str(&format!("<p><strong>{}</strong>　{}</p>", escaped(label), escaped(names)))
            }
            Block::Table(one) => table(out, one, link),
            Block::Drawing(drawing) => {
                out.push_str(&format!(
                    "<figure class=\"chart\">{}</figure>",
                    baton_drawings::svg(drawing, Frame::Paper, Style::Page)
                ));
            }
            Block::Page(text) => out.push_str(&format!("<h1 class=\"new-page\">{}</h1>", escaped(text))),
            Block::Note(text) => out.push_str(&format!("<p class=\"flush remark\">{}</p>", escaped(text))),
        }
    }
}

fn linked(text: &str, source: Option<usize>, link: &dyn Fn(usize) -> Option<String>) -> String {
    match source.and_then(|n| Some((n, link(n)?))) {
        Some((n, path)) => format!("<a href=\"{}\" id=\"n{n}\">{}</a>", escaped(&path), escaped(text)),
        None => escaped(text),
    }
}

fn runs(out: &mut String, list: &[Run], link: &dyn Fn(usize) -> Option<String>) {
    for run in list {
        let text = linked(&run.text, run.source, link);
        match run.face {
            Face::Body => out.push_str(&text),
            Face::Hei => out.push_str(&format!("<strong>{text}</strong>")),
            Face::Kai => out.push_str(&format!("<span class=\"h3\">{text}</span>")),
        }
    }
}

fn table(out: &mut String, table: &Table, link: &dyn Fn(usize) -> Option<String>) {
    out.push_str("<div class=\"wide\" tabindex=\"0\"><table>");
    if !table.caption.is_empty() {
        out.push_str(&format!("<caption>{}</caption>", escaped(&table.caption)));
    }
    out.push_str("<thead>");
    if let Some(line) = &table.unit_line {
        out.push_str(&format!(
            "<tr><td class=\"unit-line\" colspan=\"{}\">{}</td></tr>",
            table.columns.len().max(1),
            escaped(line)
        ));
    }
    for row in &table.head {
        out.push_str("<tr>");
        for cell in row {
            let (columns, rows) = (cell.colspan.max(1), cell.rowspan.max(1));
            out.push_str(&format!("<th colspan=\"{columns}\" rowspan=\"{rows}\">{}</th>", escaped(&cell.text)));
        }
        out.push_str("</tr>");
    }
    out.push_str("</thead><tbody>");
    for row in &table.rows {
        out.push_str(if row.kind == RowKind::Normal { "<tr>" } else { "<tr class=\"strong\">" });
        for (n, cell) in row.cells.iter().enumerate() {
            let last = n + 1 == row.cells.len();
            let span = if last { table.columns.len().saturating_sub(n).max(1) } else { 1 };
            let class = match table.columns.get(n) {
                Some(column) if column.numeric => " class=\"num\"",
                Some(column) if column.align == Align::Left => " class=\"left\"",
                _ => "",
            };
            let span = if span > 1 { format!(" colspan=\"{span}\"") } else { String::new() };
            out.push_str(&format!("<td{class}{span}>{}</td>", linked(&cell.text, cell.source, link)));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    for note in &table.notes {
        out.push_str(&format!("<p class=\"flush remark\">{}</p>", escaped(note)));
    }
}
