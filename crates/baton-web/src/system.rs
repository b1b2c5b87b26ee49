//! System: jobs with their progress, when the zone was last backed up and verified, who is signed in.

use crate::answers::Answer;
use crate::faults::Fault;
use crate::limits::{BACKUP_DAYS_MAX, JOBS_SHOWN};
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_kernel::permit::Verb;
use baton_store::safekeeping::{Care, Kept};
use baton_store::{JobState, Lane};
use std::sync::Arc;

struct JobLine {
    when: String,
    lane: &'static str,
    kind: String,
    state: &'static str,
    class: &'static str,
    tries: u32,
    said: String,
}

struct KeptLine {
    when: String,
    file: String,
    head: u64,
    behind: u64,
    intact: bool,
}

struct SessionLine {
    id: String,
    login: String,
    name: String,
    seen: String,
    began: String,
    ends: String,
    address: String,
    client: String,
    this: bool,
}

#[derive(Template)]
#[template(path = "system.html")]
struct SystemPage {
    shell: Shell,
    head: u64,
    backup: Option<KeptLine>,
    stale: bool,
    verified: Option<KeptLine>,
    earlier: Vec<KeptLine>,
    jobs: Vec<JobLine>,
    sessions: Vec<SessionLine>,
    may: bool,
}

/// `GET /system`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let store = v.app.store();
    let head = v.seen.base();
    let kept = store.safekeeping();
    let line = |k: &Kept| KeptLine {
        when: v.clock(k.at, "%Y-%m-%d %H:%M"),
        file: k.file.clone(),
        head: k.head,
        behind: head.saturating_sub(k.head),
        intact: k.intact,
    };
    let newest = |care: Care| kept.iter().find(|k| k.care == care);
    let old = store.now() - jiff::SignedDuration::from_hours(24 * BACKUP_DAYS_MAX);
    let lang = v.taste.lang;
    let jobs = store.jobs(JOBS_SHOWN).await?.into_iter().map(|(job, lane, made)| JobLine {
        when: v.clock(made, "%Y-%m-%d %H:%M"),
        lane: match lane {
            Lane::Outbox => lang.pick("发出", "outbox"),
            Lane::Work => lang.pick("处理", "work"),
        },
        kind: job.kind,
        state: match job.state {
            JobState::Waiting => lang.pick("排队", "waiting"),
            JobState::Taken => lang.pick("进行中", "under way"),
            JobState::Done => lang.pick("完成", "done"),
            JobState::Failed => lang.pick("已搁置", "set aside"),
        },
        class: match job.state {
            JobState::Waiting | JobState::Taken => "none",
            JobState::Done => "ok",
            JobState::Failed => "lag",
        },
        tries: job.tries,
        said: job.error.or(job.result).unwrap_or_default(),
    });
    let sessions = store.sessions().await?.into_iter().map(|s| SessionLine {
        id: format!("{:032x}", s.id),
        name: v.seen.person(s.person),
        seen: v.clock(s.seen_at, "%Y-%m-%d %H:%M"),
        began: v.clock(s.created_at, "%Y-%m-%d %H:%M"),
        ends: v.clock(s.expires_at, "%m-%d %H:%M"),
        this: s.id == v.session.id,
        login: s.login,
        address: s.address,
        client: s.client,
    });
    v.page(&SystemPage {
        shell: Shell::of(&v, v.say("page.menu.system", &[]), "/system"),
        head,
        backup: newest(Care::Backup).map(line),
        stale: newest(Care::Backup).is_none_or(|k| k.at < old),
        verified: newest(Care::Verify).map(line),
        earlier: kept.iter().filter(|k| k.care == Care::Backup).skip(1).map(line).collect(),
        jobs: jobs.collect(),
        sessions: sessions.collect(),
        may: v.seen.rights().may_all(Verb::PersonManage),
    })
}

/// `POST /system/sessions/{id}/end`: ends somebody's session.
pub(crate) async fn end_session(v: Arc<Visit>) -> Answer {
    v.seen.rights().need_all(Verb::PersonManage)?;
    let id = u128::from_str_radix(v.segment("id"), 16).map_err(|_| Fault::absent())?;
    let found = v.app.store().sessions().await?.into_iter().find(|s| s.id == id).ok_or_else(Fault::absent)?;
    if !v.app.store().end_session(Some(v.session.person), &found.login, id).await? {
        return Err(Fault::absent());
    }
    v.done("/system#sessions", "session-ended")
}
