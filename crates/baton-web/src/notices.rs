//! Notices: what the reader should know of, each with its reason; what was looked at is kept for the reader alone.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::ids::PersonId;
use baton_kernel::views::notices::{DAYS, Notice, notices};
use baton_store::Store;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Keys of what is due that are remembered as looked at.
const KEYS_MAX: usize = 500;

/// What somebody has looked at: everything up to an entry, and what followed from a day alone.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct LookedAt {
    until: u64,
    #[serde(default)]
    keys: Vec<String>,
}

impl LookedAt {
    /// What a person has looked at; nobody else ever asks.
    pub(crate) async fn of(store: &Store, person: PersonId) -> Result<LookedAt, Fault> {
        let kept = store.draft(person, "notices", "seen").await?;
        Ok(kept.and_then(|d| serde_json::from_str(&d.json).ok()).unwrap_or_default())
    }

    fn is_new(&self, notice: &Notice) -> bool {
        match notice.seq {
            0 => !self.keys.contains(&notice.key),
            seq => seq > self.until,
        }
    }
}

/// Notices as of now, each with whether it was not looked at yet.
pub(crate) async fn now(v: &Visit) -> Result<Vec<(Notice, bool)>, Fault> {
    let looked = LookedAt::of(v.app.store(), v.session.person).await?;
    let (seen, _) = Visit::look(&v.app, v.caller, v.taste, "");
    Ok(notices(&seen).into_iter().map(|n| (looked.is_new(&n), n)).map(|(new, n)| (n, new)).collect())
}

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    shell: Shell,
    rows: Vec<(Notice, bool)>,
    new: usize,
    days: i32,
}

/// `GET /notices`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let rows = now(&v).await?;
    v.page(&NoticesPage {
        shell: Shell::of(&v, v.say("page.notices", &[]), "/notices"),
        new: rows.iter().filter(|(_, new)| *new).count(),
        rows,
        days: DAYS,
    })
}

/// `POST /notices/seen`: everything on the page counts as looked at.
pub(crate) async fn mark(v: Arc<Visit>) -> Answer {
    let until = v.given.fields.get("base").parse().unwrap_or(v.seen.base()).min(v.seen.base());
    let (seen, _) = Visit::look(&v.app, v.caller, v.taste, "");
    let mut keys: Vec<String> = notices(&seen).into_iter().filter(|n| n.seq == 0).map(|n| n.key).collect();
    keys.truncate(KEYS_MAX);
    let json = serde_json::to_string(&LookedAt { until, keys }).map_err(|e| Fault::World(e.into()))?;
    v.app.store().save_draft(v.session.person, "notices", "seen", &json, until, None).await?;
    v.done("/notices", "noticed")
}
