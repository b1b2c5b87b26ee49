//! The history of a figure: every version, who said it and when, what it was before.

use super::Shown;
use crate::entries::SubmissionState;
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use baton_methods::Period;
use rust_decimal::Decimal;
use serde::Serialize;

/// One version.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct VersionShown {
    /// Seq.
    pub seq: u64,
    /// When it was known.
    pub when: String,
    /// The day of that.
    pub day: jiff::civil::Date,
    /// Who said it.
    pub who: String,
    /// In the name of which unit.
    pub unit: String,
    /// The exact value; `None` when withheld.
    pub value: Option<Decimal>,
    /// As shown.
    pub shown: String,
    /// Why withheld or corrected.
    pub because: Option<String>,
    /// Vintage date claimed.
    pub said_on: Option<jiff::civil::Date>,
    /// State key of its submission at the cut.
    pub state: &'static str,
    /// State in words.
    pub word: String,
    /// Whether this version counts at the cut.
    pub counts: bool,
    /// The submission.
    pub submission: Option<SubmissionId>,
    /// Names of the evidence.
    pub evidence: Vec<String>,
    /// What its writer answered to a question about it.
    pub note: Option<String>,
}

/// All versions of one figure.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FigureHistory {
    /// Item or unit.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Measure key.
    pub measure: String,
    /// Measure in words.
    pub label: String,
    /// Part in words, empty when not split.
    pub part: String,
    /// Unit.
    pub unit: String,
    /// Period.
    pub period: Period,
    /// Period in words.
    pub period_label: String,
    /// Versions, oldest first.
    pub versions: Vec<VersionShown>,
}

/// The history of a figure the caller sees, as known at the cut.
pub fn history(
    seen: &Seen,
    subject: Subject,
    measure: &str,
    part: Option<&str>,
    period: Period,
) -> Result<FigureHistory, Refusal> {
    let visible = match subject {
        Subject::Item(id) => seen.zone.item(id).is_some_and(|i| seen.sees_item(i)),
        Subject::Unit(id) => seen.zone.unit(id).is_some() && seen.sees(id),
    };
    let (_, declared) = seen.declared(subject, measure);
    let declared = declared.filter(|_| visible).ok_or_else(Refusal::absent)?;
    let found = seen.zone.figure_versions(subject, measure, part, period, seen.cut);
    let counted = found
        .iter()
        .rev()
        .find(|v| matches!(v.state, SubmissionState::Submitted | SubmissionState::Accepted))
        .map(|v| v.seq);
    let at = match part {
        None => format!("{subject}/{measure}"),
        Some(part) => format!("{subject}/{measure}/{part}"),
    };
    let versions = found
        .iter()
        .map(|v| {
            let submission = seen.zone.submission_of(v.seq);
            let withheld = v.withheld.map(|s| seen.zone.said(&s).to_string());
            let corrected = submission.and_then(|s| s.because).map(|s| seen.zone.said(&s).to_string());
            let key = super::rounds::state_key(v.state);
            VersionShown {
                seq: v.seq,
                when: seen.when(v.seq),
                day: seen.zone.day_known(v.seq),
                who: seen.who(v.seq),
                unit: submission.map_or(String::new(), |s| seen.unit_short(s.unit)),
                value: v.value,
                shown: v.value.map_or_else(|| seen.say("figure.withheld", &[]), Shown::plain),
                because: withheld.or(corrected),
                said_on: v.said_on,
                state: key,
                word: super::rounds::state_word(seen, key),
                counts: counted == Some(v.seq),
                submission: submission.map(|s| s.id),
                note: submission
                    .and_then(|s| s.notes.iter().find(|n| n.at == at))
                    .map(|n| seen.zone.said(&n.said).to_string()),
                evidence: submission.map_or_else(Vec::new, |s| s.evidence.iter().map(|f| f.name.clone()).collect()),
            }
        })
        .collect();
    let part_label = part.and_then(|p| declared.parts.iter().find(|c| c.key == p));
    Ok(FigureHistory {
        subject,
        name: seen.subject_name(subject),
        measure: measure.to_owned(),
        label: declared.label.get(seen.lang).to_owned(),
        part: part_label.map_or(String::new(), |c| c.label.get(seen.lang).to_owned()),
        unit: declared.unit.label(seen.lang).to_owned(),
        period,
        period_label: period.label(seen.lang),
        versions,
    })
}
