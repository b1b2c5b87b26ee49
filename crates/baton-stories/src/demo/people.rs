//! Founding of the demo zone: units, posts, people, roles.

use super::Plan;
use super::tables::Table;
use crate::mistakes::Mistake;
use std::fmt::Write as _;

/// The first statements: the zone, its units, who holds which post and role.
pub(super) fn founding(plan: &Plan) -> Result<String, Mistake> {
    let mut out = String::from(
        "zone yunling day 2022-01-04 name 云岭新区 en \"Yunling New Area\" code yunling simulated invented\n",
    );
    for row in plan.units.rows() {
        let _ = write!(out, "unit {} {} {}", row.get("code"), row.get("name"), row.get("kind"));
        let columns = [
            ("under", "parent"),
            ("order", "order"),
            ("short", "short"),
            ("aliases", "aliases"),
            ("duties", "duties"),
            ("from", "from"),
            ("to", "to"),
        ];
        for (key, column) in columns {
            if !row.get(column).is_empty() {
                let _ = write!(out, " {key} {}", row.get(column));
            }
        }
        out.push('\n');
    }
    for row in Table::open("people.csv")?.rows() {
        let _ = writeln!(
            out,
            "staff {} {} {} title {} over {} handle {}",
            row.get("unit"),
            row.get("role"),
            row.get("name"),
            row.get("title"),
            row.get("over"),
            row.get("handle"),
        );
    }
    // Two persons for every unit that reports: one fills in, another checks.
    let names = Table::open("names.csv")?;
    let list: Vec<_> = names.rows().collect();
    let reporting = plan.units.rows().filter(|r| r.get("reports") == "yes");
    for (n, row) in reporting.enumerate() {
        for (m, role) in ["reporter", "checker"].into_iter().enumerate() {
            // Surnames and given names are paired by different steps, so that no name comes twice.
            let at = 2 * n + m;
            let surname = list[at % list.len()].get("surname");
            let given = list[(at * 3 + at / list.len() * 7 + 11) % list.len()].get("given");
            let _ = writeln!(out, "staff {} {role} {surname}{given}", row.get("code"));
        }
    }
    Ok(out)
}
