//! Venues: the page of one venue of a meeting, under a link of its own: roll call, and the meeting as it goes on.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::live::{Live, Parts};
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views::meetings::{self as view, MeetingView, VenueShown};
use baton_kernel::{Act, Refusal};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "meeting-venue.html")]
struct VenuePage<'a> {
    shell: Shell,
    v: &'a Visit,
    meeting: &'a MeetingView,
    venue: &'a VenueShown,
    parts: Parts,
    may_answer: bool,
    early: Option<Refusal>,
}

/// `GET /meetings/{id}/venues/{venue}`: for the unit that sits there and for those who run the meeting.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let meeting = view::meeting(&v.seen, v.segment("id"))?;
    let venue = mine(&v, &meeting)?;
    let live = Live::of(&v, meeting.row.id).await?;
    let option = meeting.acts.iter().find(|a| a.key == "answer" && a.venue == Some(venue.id));
    v.page(&VenuePage {
        shell: Shell::of(&v, venue.name.clone(), "/meetings"),
        v: &v,
        parts: Parts::of(&v, &meeting, &live)?,
        may_answer: option.is_some_and(|a| a.refusal.is_none()),
        early: option.and_then(|a| a.refusal.clone()),
        venue,
        meeting: &meeting,
    })
}

/// The venue of the path when it is the caller's: absent alike for no venue and for another unit's.
fn mine<'a>(v: &Visit, meeting: &'a MeetingView) -> Result<&'a VenueShown, Fault> {
    let id: VenueId = v.id("venue")?;
    let rights = v.seen.rights();
    let sits = |x: &VenueShown| x.unit.as_ref().is_some_and(|u| rights.units.contains(&u.id));
    let runs = rights.may_all(Verb::MeetingRun) || rights.may_all(Verb::MeetingPlan);
    meeting.venues.iter().find(|x| x.id == id).filter(|x| runs || sits(x)).ok_or_else(Fault::absent)
}

/// `POST /meetings/{id}/venues/{venue}`: the answer of a venue to the roll call, given from its own page or the
/// meeting's.
pub(crate) async fn answer(v: Arc<Visit>) -> Answer {
    let done = answered(&v).await;
    if v.text("from") == "meeting" {
        or_again(&v, done, crate::meetings::show).await
    } else {
        or_again(&v, done, show).await
    }
}

async fn answered(v: &Visit) -> Answer {
    let meeting = view::meeting(&v.seen, v.segment("id"))?;
    let mut venue: VenueId = v.id("venue")?;
    // The meeting's own page has one form for all venues.
    if let Ok(chosen) = v.text("venue").parse::<VenueId>() {
        venue = chosen;
    }
    let count = |name: &str| match v.text(name) {
        text if text.is_empty() => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::wrong("page.number.wrong", &[("text", &text)]).at(name)),
    };
    let (heads, leave) = (count("heads")?, count("leave")?);
    let present = v.text("present") != "no";
    v.submit(Act::AnswerVenue { meeting: meeting.row.id, venue, present, heads, leave }).await?;
    let path = match v.text("from").as_str() {
        "meeting" => format!("/meetings/{}#roll", meeting.row.id),
        _ => format!("/meetings/{}/venues/{venue}", meeting.row.id),
    };
    v.done(&path, "venue-answered")
}
