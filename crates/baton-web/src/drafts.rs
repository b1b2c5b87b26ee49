//! Drafts of reports: what is typed and not yet sent, cell by cell, merged between windows; nothing typed is lost.

use crate::faults::Fault;
use crate::grid::Typed;
use crate::limits::DRAFT_TRIES_MAX;
use crate::visit::Visit;
use baton_kernel::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kind of the drafts of reports in the workbench.
const KIND: &str = "report";

/// What is typed into one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    /// The text.
    #[serde(rename = "t")]
    pub text: String,
    /// Seq of what stood in the cell when it was typed.
    #[serde(rename = "v", default)]
    pub version: u64,
    /// Revision of the draft at which it was kept.
    #[serde(rename = "r", default)]
    pub revision: u64,
    /// What another window typed over it.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    /// As drafts were kept at first: the text alone, which nothing contradicts.
    Text(String),
    Held(Held),
}

/// What is typed into a form, by name of the field: `c:SUBJECT/COLUMN`, or `e:…` for an explanation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub held: BTreeMap<String, Held>,
    /// Counts its savings; 0 for none.
    pub revision: u64,
    pub saved_at: Option<jiff::Timestamp>,
}

/// One field as sent: name, text, and the seq of what stood in it.
pub(crate) struct Sent {
    pub name: String,
    pub text: String,
    pub version: u64,
    /// Whether it says only what the form says anyway.
    pub plain: bool,
}

impl Draft {
    fn read(json: &str, revision: u64, saved_at: jiff::Timestamp) -> Draft {
        let kept: BTreeMap<String, Kept> = serde_json::from_str(json).unwrap_or_default();
        let held = kept.into_iter().map(|(name, kept)| match kept {
            Kept::Held(held) => (name, held),
            Kept::Text(text) => (name, Held { text, version: u64::MAX, revision: 0, other: None }),
        });
        Draft { held: held.collect(), revision, saved_at: Some(saved_at) }
    }

    /// One's own draft of a report; an empty one when there is none.
    pub(crate) async fn of(v: &Visit, key: &str) -> Result<Draft, Fault> {
        let found = v.app.store().draft(v.session.person, KIND, key).await?;
        Ok(found.map_or_else(Draft::default, |d| Draft::read(&d.json, d.revision, d.updated_at)))
    }

    /// Drafts of the same report by others, in order of their owners.
    pub(crate) async fn beside(v: &Visit, key: &str) -> Result<Vec<(PersonId, Draft)>, Fault> {
        let found = v.app.store().drafts_of(KIND, key).await?;
        let others = found.into_iter().filter(|(owner, _)| *owner != v.session.person);
        Ok(others.map(|(owner, d)| (owner, Draft::read(&d.json, d.revision, d.updated_at))).collect())
    }

    /// Throws it away.
    pub(crate) async fn drop(v: &Visit, key: &str) -> Result<(), Fault> {
        Ok(v.app.store().drop_draft(v.session.person, KIND, key).await?)
    }

    /// Keeps what a window sent: `after` is the revision that window saw. Two windows that typed into the same
    /// cell are both kept.
    pub(crate) async fn keep(v: &Visit, key: &str, sent: &[Sent], after: u64) -> Result<Draft, Fault> {
        let base = v.given.fields.get("base").parse().unwrap_or(0);
        let mut tries = 0;
        loop {
            let mut draft = Draft::of(v, key).await?;
            let seen = draft.revision;
            draft.lay(sent, after);
            let json = serde_json::to_string(&draft.held).map_err(|e| Fault::World(e.into()))?;
            tries += 1;
            match v.app.store().save_draft(v.session.person, KIND, key, &json, base, Some(seen)).await {
                Ok(revision) => return Ok(Draft { revision, ..draft }),
                // Another window saved in between: read what it said and lay this window's words over it again.
                Err(baton_store::StoreError::Refused(refusal))
                    if refusal.code == "draft.newer" && tries < DRAFT_TRIES_MAX => {}
                Err(other) => return Err(other.into()),
            }
        }
    }

    fn lay(&mut self, sent: &[Sent], after: u64) {
        let revision = self.revision + 1;
        for one in sent {
            let newer = self.held.get_mut(&one.name).filter(|held| held.revision > after);
            match newer {
                // Typed in another window since: both stay, to be chosen from.
                Some(held) if held.text != one.text && !one.plain => {
                    held.other = Some(one.text.clone());
                    held.revision = revision;
                }
                Some(_) => {}
                None if one.plain => {
                    self.held.remove(&one.name);
                }
                None => {
                    let (text, version) = (one.text.clone(), one.version);
                    self.held.insert(one.name.clone(), Held { text, version, revision, other: None });
                }
            }
        }
    }

    /// The texts of the cells.
    pub(crate) fn typed(&self) -> Typed {
        let cells = self.held.iter().filter(|(name, _)| name.starts_with("c:"));
        cells.map(|(name, held)| (name.clone(), held.text.clone())).collect()
    }

    /// Explanations, by the place of their cell.
    pub(crate) fn explained(&self) -> BTreeMap<String, String> {
        let words = self.held.iter().filter_map(|(name, held)| Some((name.strip_prefix("e:")?, held)));
        words.map(|(place, held)| (place.to_owned(), held.text.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Sent {
        Sent { name: "c:a".into(), text: text.into(), version: 3, plain: false }
    }

    #[test]
    fn two_windows_that_type_into_one_cell_are_both_kept() {
        let mut draft = Draft::default();
        draft.lay(&[one("41")], 0);
        draft.revision = 1;
        draft.lay(&[one("42")], 1);
        draft.revision = 2;
        draft.lay(&[one("43")], 1);
        let held = &draft.held["c:a"];
        assert_eq!((held.text.as_str(), held.other.as_deref()), ("42", Some("43")));
        draft.revision = 3;
        draft.lay(&[one("43")], 3);
        assert_eq!(draft.held["c:a"].other, None, "chosen");
        draft.revision = 4;
        draft.lay(&[Sent { plain: true, ..one("") }], 4);
        assert!(draft.held.is_empty());
    }

    #[test]
    fn drafts_of_the_first_form_are_still_read() {
        let draft = Draft::read("{\"c:a\":\"5\"}", 2, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(draft.typed()["c:a"], "5");
    }
}
