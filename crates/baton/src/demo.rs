//! `baton demo`: the fictional zone 云岭新区, laid down with its simulated clock, its documents, and served.

use crate::answer::{Failure, write};
use crate::errands::{Desk, Errand, Shape, View};
use crate::stories::PenGround;
use crate::typesetter::SystemTypesetter;
use crate::{serve, zone};
use baton_kernel::{Caller, Seen};
use baton_methods::Lang;
use baton_store::{Folder, Journal, Opening};
use baton_web::Transport;
use std::path::{Path, PathBuf};

/// The password of every demo account. The demo's clock is simulated and its figures are invented: nothing
/// in it is worth protecting, and a newcomer should not have to look for it.
const PASSWORD: &str = "yunling-demo-2023";

/// The meeting whose documents the demo writes.
const DEMO_MEETING: &str = "M-2023Q1";
/// The period it reviews.
const DEMO_PERIOD: &str = "2023Q1";

/// Makes the demo zone in a folder that holds none yet.
async fn make(dir: &Path, seed: u64, typesetter: &SystemTypesetter) -> Result<(), Failure> {
    let journal = Journal::open(dir, Opening::default()).await?;
    let laid = lay(&journal, seed, typesetter).await;
    journal.close().await;
    laid
}

async fn lay(journal: &Journal, seed: u64, typesetter: &SystemTypesetter) -> Result<(), Failure> {
    let mut paper = PenGround::new(journal.pen()?, &format!("demo-{seed}"), typesetter);
    baton_stories::demo(seed, &mut paper)
        .map_err(|mistake| Failure::words(65, mistake.zh.clone(), mistake.en.clone()))?;
    journal.lay(paper.pen()?).await?;
    for account in baton_stories::accounts() {
        journal.store().add_account(None, account.login, account.person, PASSWORD, false, &[]).await?;
    }
    Ok(())
}

/// What the demo writes beside the zone: one of everything that the round produces.
async fn documents(desk: &Desk, out: &Path, lang: Lang) -> Result<Vec<PathBuf>, Failure> {
    let view = View { known: None, user: None, lang };
    let meeting = DEMO_MEETING.to_owned();
    let period = DEMO_PERIOD.to_owned();
    let table = |format| Errand::TaskTable { meeting: meeting.clone(), format, view: view.clone() };
    let list = [
        ("任务分解表.docx", table(Shape::Docx)),
        ("任务分解表.xlsx", table(Shape::Xlsx)),
        ("评议.xlsx", Errand::Review { period: period.clone(), format: Shape::Xlsx, view: view.clone() }),
        ("月调度表.xlsx", Errand::Dispatch { period, kind: None, format: Shape::Xlsx, view: view.clone() }),
    ];
    let mut made = Vec::new();
    // The circular as it was issued: the frozen bytes, not a new setting of them.
    let seen = Seen::new(desk.journal.snapshot(), Caller::Founder, desk.journal.now(), None, lang);
    let id = baton_kernel::views::meetings::meeting(&seen, &meeting)?.row.id;
    for file in baton_kernel::views::papers::of_meeting(&seen, id).into_iter().flat_map(|p| p.files) {
        let end = file.name.rsplit('.').next().unwrap_or_default();
        if let Some(stored) = desk.journal.store().file(&file.digest).await? {
            let path = out.join(format!("通报.{end}"));
            write(&path, &stored.bytes)?;
            made.push(path);
        }
    }
    for (name, errand) in list {
        let answer = desk.run(errand, Vec::new()).await?;
        let path = out.join(name);
        write(&path, &answer.bytes)?;
        made.push(path);
    }
    Ok(made)
}

/// Makes the zone and its documents unless they are there, then serves.
pub async fn run(dir: PathBuf, port: u16, no_serve: bool, seed: u64, lang: Lang) -> Result<u8, Failure> {
    let folder = dir.join("zone");
    let out = dir.join("documents");
    if !Folder::at(&folder).holds_a_zone() {
        eprintln!(
            "{}",
            lang.pick("生成演示新区（数据纯属虚构）……", "making the demo zone (every figure is invented) …")
        );
        let typesetter = SystemTypesetter::default();
        if let Err(failure) = make(&folder, seed, &typesetter).await {
            // A half-made demo is worth nothing: the next run begins anew.
            let _ = std::fs::remove_dir_all(&folder);
            return Err(failure);
        }
    }
    let desk = zone::open(&folder).await?;
    if !out.join("通报.pdf").exists() {
        for path in documents(&desk, &out, lang).await? {
            eprintln!("  {}", path.display());
        }
    }
    eprintln!("{}", lang.pick(format!("文件在 {}", out.display()), format!("documents are in {}", out.display())));
    for account in baton_stories::accounts() {
        eprintln!("  {:<12} {}  {}", account.login, PASSWORD, lang.pick(account.words.0, account.words.1));
    }
    if no_serve {
        desk.journal.close().await;
        return Ok(0);
    }
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    serve::serve(desk, &folder, listen, Transport::Local, None, None, lang).await
}
