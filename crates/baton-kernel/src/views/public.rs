//! What the public may read: papers decided public, and where public works stood as those papers knew them.
//!
//! Nothing here depends on anything later or beside what was decided public: a change of a hidden value leaves
//! every public page as it was.

use super::papers::rights_words;
use crate::blobs::FileRef;
use crate::commands::Caller;
use crate::entries::Publicity;
use crate::ids::*;
use crate::refusals::Refusal;
use crate::seen::Seen;
use crate::zone::{Paper, Zone};
use baton_methods::{Lang, Period};
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// A paper that the public may read.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PublicPaper {
    /// Identity.
    pub id: PaperId,
    /// Kind in words.
    pub kind_word: String,
    /// Title.
    pub title: String,
    /// Document number.
    pub number: Option<String>,
    /// Period in words.
    pub period_label: String,
    /// Day of issue.
    pub on: Date,
    /// Day on which it was decided public.
    pub published: Date,
    /// The day whose knowledge it shows.
    pub known: Date,
    /// Whose text it is, in words.
    pub rights: String,
    /// Frozen files.
    pub files: Vec<FileRef>,
    /// Its data part.
    pub data: FileRef,
}

/// A paper that is no longer shown, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TakenDown {
    /// Title.
    pub title: String,
    /// Since when.
    pub on: Date,
    /// Why.
    pub because: String,
}

/// What stands under the address of a paper.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Standing {
    /// The paper.
    Shown(Box<PublicPaper>),
    /// It was public and was taken down.
    Down(TakenDown),
}

/// One public work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Work {
    /// Name.
    pub name: String,
    /// Lead unit.
    pub unit: String,
}

/// Where the works of a kind stood.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Progress {
    /// Kind in words.
    pub label: String,
    /// How many there are.
    pub total: usize,
    /// The day whose knowledge is shown.
    pub known: Date,
    /// Stages in their order, with the works in each.
    pub stages: Vec<(String, Vec<Work>)>,
}

/// Everything the public reads on one page.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PublicPage {
    /// Name of the zone.
    pub zone: String,
    /// The organ that publishes.
    pub organ: String,
    /// Whether the zone is invented.
    pub invented: bool,
    /// Papers, newest first.
    pub papers: Vec<PublicPaper>,
    /// Works as the newest of these papers knew them.
    pub progress: Vec<Progress>,
}

/// The lens through which public papers are made: of everything, at a paper's own cut.
fn lens(zone: &Arc<Zone>, lang: Lang) -> Seen {
    // The instant of the newest entry: nothing public follows from the time of day.
    let now = zone.known_at(zone.head().seq);
    Seen::new(zone.clone(), Caller::Founder, now, None, lang)
}

/// Whether the public may read a paper now.
fn is_public(zone: &Zone, paper: &Paper) -> bool {
    let Some(course) = zone.course(paper.id) else { return false };
    let open = course.public(u64::MAX).is_some_and(|(_, publicity, _)| publicity == Publicity::Open);
    open && course.hidden(u64::MAX).is_none() && paper.audience == crate::entries::Scope::All
}

fn shown(seen: &Seen, paper: &Paper) -> PublicPaper {
    let zone = &seen.zone;
    let course = zone.course(paper.id);
    let decided = course.and_then(|c| c.public(u64::MAX)).map_or(paper.issued, |(seq, ..)| seq);
    let word = format!("paper.kind.{}", paper.kind);
    PublicPaper {
        id: paper.id,
        kind_word: seen.say(&word, &[]),
        title: paper.title.clone(),
        number: paper.number.clone(),
        period_label: paper.period.label(seen.lang),
        on: zone.day_known(paper.issued),
        published: zone.day_known(decided),
        known: zone.day_known(paper.cut),
        rights: course.and_then(|c| c.holder(u64::MAX)).map_or(String::new(), |r| rights_words(seen, r)),
        files: paper.files.clone(),
        data: paper.data.clone(),
    }
}

/// The public page.
pub fn page(zone: &Arc<Zone>, lang: Lang) -> PublicPage {
    let seen = lens(zone, lang);
    let mut public: Vec<&Arc<Paper>> = zone.papers().into_iter().filter(|p| is_public(zone, p)).collect();
    public.reverse();
    let progress = public.first().map_or_else(Vec::new, |paper| progress(&seen.at_cut(paper.cut), paper.period));
    let settings = &seen.blueprint().settings;
    PublicPage {
        zone: seen.founding().map_or(String::new(), |f| lang.pick(f.name.clone(), f.name_en.clone())),
        organ: settings.organ.get(lang).to_owned(),
        invented: seen.founding().is_some_and(|f| f.invented),
        papers: public.into_iter().map(|p| shown(&seen, p)).collect(),
        progress,
    }
}

fn progress(seen: &Seen, period: Period) -> Vec<Progress> {
    let zone = &seen.zone;
    let day = period.end().min(seen.day());
    let mut list = Vec::new();
    for kind in seen.blueprint().kinds.iter().filter(|k| k.public && !k.about_units) {
        let items = seen.items_of(&kind.key);
        let items: Vec<_> = items.into_iter().filter(|i| i.stands(seen.cut())).collect();
        let mut stages = Vec::new();
        for stage in &kind.stages {
            let here = items.iter().filter(|i| i.stage_key(zone, seen.cut()).is_some_and(|k| *k == stage.key));
            let works: Vec<Work> = here
                .map(|i| Work {
                    name: i.name.at(seen.cut()).cloned().unwrap_or_default(),
                    unit: seen.unit_short(seen.lead_on(i, day)),
                })
                .collect();
            if !works.is_empty() {
                stages.push((stage.label.get(seen.lang).to_owned(), works));
            }
        }
        if !items.is_empty() {
            let label = kind.label.get(seen.lang).to_owned();
            list.push(Progress { label, total: items.len(), known: seen.day(), stages });
        }
    }
    list
}

/// What the public finds under a paper's address. Errors: absent, alike for what is not there, not decided
/// public, or never was.
pub fn paper(zone: &Arc<Zone>, id: PaperId, lang: Lang) -> Result<Standing, Refusal> {
    let seen = lens(zone, lang);
    let paper = zone.paper(id).ok_or_else(Refusal::absent)?;
    if is_public(zone, paper) {
        return Ok(Standing::Shown(Box::new(shown(&seen, paper))));
    }
    let course = zone.course(id).ok_or_else(Refusal::absent)?;
    let was = course.public(u64::MAX).is_some_and(|(_, publicity, _)| publicity == Publicity::Open);
    let down = course.down.last().filter(|(_, down, _)| *down && was).ok_or_else(Refusal::absent)?;
    Ok(Standing::Down(TakenDown {
        title: paper.title.clone(),
        on: zone.day_known(down.0),
        because: zone.said(&down.2).to_string(),
    }))
}

/// The circular that a public paper froze, made again from its cut; `None` for papers of another kind.
pub fn circular_of(zone: &Arc<Zone>, id: PaperId) -> Option<super::circular::Circular> {
    let paper = zone.paper(id).filter(|p| is_public(zone, p) && p.kind == crate::zone::CIRCULAR)?;
    let seen = lens(zone, Lang::Zh).at_cut(paper.cut);
    let issued = zone.day_known(paper.issued);
    super::circular::circular(&seen, paper.meeting?, paper.number.clone(), Some(issued)).ok()
}
