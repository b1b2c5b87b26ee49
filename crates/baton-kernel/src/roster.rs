//! Roster: a list of units as CSV becomes acts, with every mistake named by its line.

use crate::commands::Act;
use crate::diagnostics::Diagnostic;
use crate::ids::UnitId;
use crate::zone::Zone;
use std::collections::BTreeMap;
use std::fmt::Display;

const NAME: &str = "units.csv";

/// Reads a list of units with a header `code,name,kind` and, if wished, `short,parent,order,aliases,duties,from,to`.
///
/// A known code changes that unit and keeps what the list does not say; a new one founds a unit under an identity
/// from `fresh`. Gives the acts for the lines that are right, and the mistakes of the others.
pub fn read(zone: &Zone, text: &str, mut fresh: impl FnMut() -> UnitId) -> (Vec<Act>, Vec<Diagnostic>) {
    let (mut acts, mut found) = (Vec::new(), Vec::new());
    let mut wrong = |line: usize, code: &'static str, args: &[(&str, &dyn Display)]| {
        found.push(Diagnostic::on_line(NAME, line, code, args));
    };
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate().map(|(n, l)| (n + 1, l.trim()));
    let mut lines = lines.filter(|(_, l)| !l.is_empty());
    let header: Vec<String> = lines.next().map(|(_, l)| cells(l)).unwrap_or_default();
    let at = |name: &str| header.iter().position(|h| h.trim() == name);
    let (Some(code_at), Some(name_at), Some(kind_at)) = (at("code"), at("name"), at("kind")) else {
        wrong(1, "roster.header", &[("header", &header.join(","))]);
        return (acts, found);
    };
    let blueprint = zone.blueprint();
    let known_kinds: Vec<&str> = blueprint.unit_kinds.iter().map(|k| k.key.as_str()).collect();
    let mut here: BTreeMap<String, (usize, UnitId)> = BTreeMap::new();
    let mut order = zone.units_at(u64::MAX).iter().map(|u| zone.unit_order(u.id)).max().unwrap_or(0);
    for (line, text) in lines {
        let row = cells(text);
        let cell =
            |at: Option<usize>| at.and_then(|n| row.get(n)).map(|c| c.trim().to_owned()).filter(|c| !c.is_empty());
        let list = |name: &str| {
            cell(at(name)).map(|c| {
                c.split([';', '；']).map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect::<Vec<_>>()
            })
        };
        let (Some(code), Some(name), Some(kind)) = (cell(Some(code_at)), cell(Some(name_at)), cell(Some(kind_at)))
        else {
            let column = [("code", code_at), ("name", name_at), ("kind", kind_at)];
            let missing = column.iter().find(|(_, n)| cell(Some(*n)).is_none()).map_or("", |(c, _)| c);
            wrong(line, "roster.empty", &[("column", &missing)]);
            continue;
        };
        if let Some((first, _)) = here.get(&code) {
            wrong(line, "roster.twice", &[("code", &code), ("line", first)]);
            continue;
        }
        if blueprint.unit_kind(&kind).is_none() {
            wrong(line, "roster.kind", &[("kind", &kind), ("known", &known_kinds.join(", "))]);
            continue;
        }
        let above = cell(at("parent"));
        let parent = above.as_ref().and_then(|p| here.get(p).map(|(_, id)| *id).or_else(|| zone.unit_by_code(p)));
        if let (Some(above), None) = (&above, parent) {
            wrong(line, "roster.parent", &[("parent", above)]);
            continue;
        }
        let mut bad = false;
        let mut day = |name: &str| {
            let text = cell(at(name))?;
            let parsed = baton_methods::parse_date(&text, None).ok();
            if parsed.is_none() {
                bad = true;
                wrong(line, "roster.date", &[("text", &text)]);
            }
            parsed
        };
        let (from, to) = (day("from"), day("to"));
        if bad {
            continue;
        }
        let id = zone.unit_by_code(&code);
        let was = id.and_then(|id| zone.unit_now(id));
        let id = id.unwrap_or_else(&mut fresh);
        let place = cell(at("order")).and_then(|o| o.parse().ok()).or(was.map(|w| w.order));
        order = order.max(place.unwrap_or(order + 1));
        here.insert(code.clone(), (line, id));
        acts.push(Act::PutUnit {
            unit: id,
            code,
            short: cell(at("short")).or_else(|| was.map(|w| w.short.clone())).unwrap_or_default(),
            name,
            kind,
            parent: parent.or_else(|| was.and_then(|w| w.parent)),
            order: place.unwrap_or(order),
            aliases: list("aliases").or_else(|| was.map(|w| w.aliases.clone())).unwrap_or_default(),
            duties: list("duties").or_else(|| was.map(|w| w.duties.clone())).unwrap_or_default(),
            from: from.or_else(|| was.and_then(|w| w.from)),
            to: to.or_else(|| was.and_then(|w| w.to)),
        });
    }
    if acts.is_empty() && found.is_empty() {
        found.push(Diagnostic::on_line(NAME, 1, "roster.none", &[]));
    }
    (acts, found)
}

/// One line of CSV: quotes and doubled quotes as spreadsheets write them; tabs separate too.
fn cells(line: &str) -> Vec<String> {
    let mark = if line.contains('\t') { '\t' } else { ',' };
    let (mut list, mut now, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                now.push('"');
            }
            '"' => quoted = !quoted,
            c if c == mark && !quoted => list.push(std::mem::take(&mut now)),
            c => now.push(c),
        }
    }
    list.push(now);
    list
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn a_line_of_a_list_is_cut_as_spreadsheets_write_it() {
        assert_eq!(cells("a,\"b,\"\"c\"\"\",,d"), ["a", "b,\"c\"", "", "d"]);
        assert_eq!(cells("a\tb, c\t"), ["a", "b, c", ""]);
    }
}
