//! Evidence of an item: the files handed over with its stages, fields, reports and problems.

use crate::blobs::FileRef;
use crate::blueprint::Kind;
use crate::entries::{FieldValue, ProblemAct};
use crate::ids::*;
use crate::seen::Seen;
use crate::zone::Item;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;

/// A file with what it shows.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct EvidenceShown {
    /// The file.
    pub file: FileRef,
    /// What it was handed over with, in words.
    pub about: String,
    /// Who handed it over.
    pub who: String,
    /// Day it was known.
    pub on: Date,
    /// Whether a page can show it as a picture.
    pub picture: bool,
}

impl Seen {
    /// Every file of an item that the caller may see, newest first, each once.
    pub fn evidence(&self, kind: &Kind, item: &Item) -> Vec<EvidenceShown> {
        let mut rows: Vec<(u64, FileRef, String)> = Vec::new();
        for row in item.stages.iter().filter(|r| r.seq <= self.cut) {
            let stage = kind.stage(&row.stage).map_or(row.stage.as_str(), |s| s.label.get(self.lang));
            let about = self.say("evidence.stage", &[("stage", &stage), ("on", &row.on)]);
            rows.extend(row.evidence.iter().map(|f| (row.seq, f.clone(), about.clone())));
        }
        for (key, history) in &item.fields {
            let label = kind.field(key).map_or(key.as_str(), |f| f.label.get(self.lang));
            for (seq, value) in history.until(self.cut) {
                if let FieldValue::File(file) = value
                    && self.zone.counts(seq, self.cut)
                {
                    rows.push((seq, file.clone(), label.to_owned()));
                }
            }
        }
        let said = self.zone.seqs_of(Subject::Item(item.id));
        for submission in self.zone.submissions().filter(|s| s.made <= self.cut && !s.evidence.is_empty()) {
            // A report is its unit's: who sees only this item of it does not see its files.
            if !self.sees(submission.unit) {
                continue;
            }
            let own = said.contains(&submission.made) || submission.fields.iter().any(|(i, _)| *i == item.id);
            if !own {
                continue;
            }
            let round = submission.round.and_then(|r| self.zone.round(r)).map(|r| r.title.clone());
            let about = match round {
                Some(title) => self.say("evidence.report", &[("round", &title)]),
                None => self.say("evidence.correction", &[]),
            };
            rows.extend(submission.evidence.iter().map(|f| (submission.made, f.clone(), about.clone())));
        }
        for problem in &item.problems {
            for (seq, act) in problem.acts.iter().filter(|(seq, _)| *seq <= self.cut) {
                if let ProblemAct::Raised { evidence, .. } | ProblemAct::Settled { evidence, .. } = act {
                    let about = self.say("evidence.problem", &[]);
                    rows.extend(evidence.iter().map(|f| (*seq, f.clone(), about.clone())));
                }
            }
        }
        rows.sort_by(|a, b| b.0.cmp(&a.0));
        let mut met = BTreeSet::new();
        rows.retain(|(_, file, _)| met.insert(file.digest));
        let picture = |media: &str| matches!(media, "image/png" | "image/jpeg" | "image/gif" | "image/webp");
        rows.into_iter()
            .map(|(seq, file, about)| EvidenceShown {
                picture: picture(&file.media),
                who: self.who(seq),
                on: self.zone.day_known(seq),
                about,
                file,
            })
            .collect()
    }
}
