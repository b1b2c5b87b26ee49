//! Merging duplicates: both items beside each other, then one act with a reason. What is merged stays readable
//! and points to the survivor; its figures are not added again.

use super::period_asked;
use crate::answers::Answer;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::permit::Verb;
use baton_kernel::views::items::{self, ItemPage};
use baton_kernel::{Act, Refusal};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most items offered as the other one.
const LIKELY_MAX: usize = 8;

/// One line of the comparison: what, here, there.
struct Compared {
    label: String,
    here: String,
    there: String,
}

#[derive(Template)]
#[template(path = "item-merge.html")]
struct MergePage<'a> {
    shell: Shell,
    v: &'a Visit,
    item: &'a ItemPage,
    other: Option<&'a ItemPage>,
    lines: Vec<Compared>,
    /// Periods reported for this item alone, by measure: they would no longer count.
    alone: Vec<String>,
    likely: Vec<(String, String)>,
    into: String,
}

/// `GET /items/{id}/merge?into=`.
pub(crate) async fn merge(v: Arc<Visit>) -> Answer {
    let known = v.seen.item(v.segment("id"))?;
    v.seen.rights().need(Verb::ItemChange, v.seen.lead(&known))?;
    let (period, _) = period_asked(&v);
    let item = items::item(&v.seen, v.segment("id"), period)?;
    let given = if v.given.fields.has("into") { v.text("into") } else { v.query.get("into").to_owned() };
    let other = match given.as_str() {
        "" => None,
        code => items::item(&v.seen, code, period).ok().filter(|o| o.kind == item.kind && o.id != item.id),
    };
    let mut shell = Shell::of(&v, v.say("page.item.merge", &[("item", &item.name)]), "/items");
    if !given.is_empty() && other.is_none() && shell.mistakes.is_empty() {
        shell.mistakes.push(Refusal::wrong("page.item.unknown", &[("code", &given)]).at("into"));
    }
    let (lines, alone) = other.as_ref().map_or_else(Default::default, |o| compared(&v, &item, o));
    v.page(&MergePage {
        shell,
        likely: likely(&v, &item),
        v: &v,
        other: other.as_ref(),
        item: &item,
        lines,
        alone,
        into: given,
    })
}

fn compared(v: &Visit, here: &ItemPage, there: &ItemPage) -> (Vec<Compared>, Vec<String>) {
    let lang = v.taste.lang;
    let line = |label: &str, here: &str, there: &str| Compared {
        label: label.to_owned(),
        here: here.to_owned(),
        there: there.to_owned(),
    };
    let stage =
        |page: &ItemPage| page.stages.iter().find(|s| s.state == "now").map_or("—".to_owned(), |s| s.label.clone());
    let mut lines = vec![
        line(lang.pick("编号", "Code"), &here.code, &there.code),
        line(lang.pick("名称", "Name"), &here.name, &there.name),
        line(lang.pick("责任单位", "Lead unit"), &here.lead.name, &there.lead.name),
        line(lang.pick("阶段", "Stage"), &stage(here), &stage(there)),
    ];
    for (a, b) in here
        .fields
        .iter()
        .filter(|f| f.kind != "own")
        .filter_map(|f| Some((f, there.fields.iter().find(|o| o.key == f.key)?)))
    {
        if a.value != b.value {
            lines.push(line(&a.label, &a.value, &b.value));
        }
    }
    let mut alone = Vec::new();
    for (a, b) in here.measures.iter().filter_map(|m| Some((m, there.measures.iter().find(|o| o.key == m.key)?))) {
        let told = |m: &items::MeasureShown| m.pace.done.shown();
        if a.pace.done.value.is_some() || b.pace.done.value.is_some() {
            let label = format!("{} {}", a.label, a.unit);
            lines.push(line(&label, &told(a), &told(b)));
        }
        let only = a
            .months
            .iter()
            .filter(|(p, _, _, n)| *n > 0 && b.months.iter().any(|(q, _, _, others)| q == p && *others == 0));
        let periods: Vec<String> = only.map(|(p, ..)| p.label(lang)).collect();
        if !periods.is_empty() {
            alone.push(format!("{}：{}", a.label, periods.join(lang.pick("、", ", "))));
        }
    }
    (lines, alone)
}

/// Items of the same kind whose name has most pairs of characters in common.
fn likely(v: &Visit, item: &ItemPage) -> Vec<(String, String)> {
    fn pairs(name: &str) -> BTreeSet<(char, char)> {
        let letters: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
        letters.windows(2).map(|w| (w[0], w[1])).collect()
    }
    let own = pairs(&item.name);
    let mut found: Vec<(usize, String, String)> = v
        .seen
        .items_of(&item.kind)
        .iter()
        .filter(|other| other.id != item.id)
        .filter_map(|other| {
            let name = other.name.at(v.seen.cut()).cloned().unwrap_or_default();
            let theirs = pairs(&name);
            let (both, all) = (own.intersection(&theirs).count(), own.union(&theirs).count());
            // At least a third of all pairs in common.
            (both > 0 && both * 3 >= all).then(|| (both * 100 / all.max(1), other.code.clone(), name))
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().take(LIKELY_MAX).map(|(_, code, name)| (code, name)).collect()
}

/// `POST /items/{id}/merge`.
pub(crate) async fn merge_into(v: Arc<Visit>) -> Answer {
    let done = merged(&v).await;
    or_again(&v, done, merge).await
}

async fn merged(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let code = v.text("into");
    let other = v.seen.item(&code).map_err(|_| Refusal::wrong("page.item.unknown", &[("code", &code)]).at("into"))?;
    v.submit(Act::BecomeItems { item: item.id, into: vec![other.id], because: v.text("because") }).await?;
    v.done(&format!("/items/{}", other.id), "item-merged")
}
