//! `baton demo`: the fictional zone 云岭新区, laid down with its simulated clock, its documents, and served.

use crate::answer::{Failure, write};
use crate::errands::{DOCX, Desk, Errand, Shape, View};
use crate::typesetter::SystemTypesetter;
use crate::{serve, zone};
use baton_kernel::commands::Act;
use baton_kernel::ids::{MeetingId, PaperId};
use baton_kernel::views::circular::circular;
use baton_kernel::{Caller, FileRef, Refusal, Seen, Zone};
use baton_methods::Lang;
use baton_stories::{Commands, Ground};
use baton_store::{Folder, Journal, Opening, Pen};
use baton_web::{Transport, Typesetter as _};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The password of every demo account. The demo's clock is simulated and its figures are invented: nothing
/// in it is worth protecting, and a newcomer should not have to look for it.
const PASSWORD: &str = "yunling-demo-2023";

/// The meeting whose documents the demo writes.
const DEMO_MEETING: &str = "M-2023Q1";
/// The period it reviews.
const DEMO_PERIOD: &str = "2023Q1";

/// A pen as ground for the demo's story.
struct Paper<'a> {
    pen: Pen,
    commands: Commands,
    typesetter: &'a SystemTypesetter,
    trouble: Option<Failure>,
}

impl Ground for Paper<'_> {
    fn submit(&mut self, caller: Caller, act: Act, at: Timestamp) -> Result<(), Refusal> {
        let command = self.commands.next(self.pen.zone().head().seq, act);
        self.pen.submit(caller, &command, at).map(|_| ())
    }

    fn zone(&self) -> Arc<Zone> {
        Arc::new(self.pen.zone().clone())
    }

    fn keep(&mut self, name: &str, media: &str, bytes: Vec<u8>) -> FileRef {
        let salt = self.commands.salt();
        match self.pen.put_file(Caller::Founder, name, media, salt, bytes) {
            Ok(file) => file,
            Err(error) => {
                self.trouble.get_or_insert(error.into());
                FileRef { digest: baton_kernel::Digest::default(), name: name.to_owned(), media: media.to_owned(), bytes: 0 }
            }
        }
    }

    fn issue_circular(&mut self, caller: Caller, paper: PaperId, meeting: MeetingId, number: Option<String>, at: Timestamp) -> Result<(), Refusal> {
        let zone = self.zone();
        let seen = Seen::new(zone.clone(), caller, at, None, Lang::Zh);
        let made = circular(&seen, meeting, number.clone(), Some(zone.day_of(at)))?;
        let stem = made.document.title.concat();
        let mut files = Vec::new();
        for (end, media, set) in [
            ("pdf", "application/pdf", self.typesetter.pdf(&made.document)),
            ("docx", DOCX, self.typesetter.docx(&made.document)),
        ] {
            match set {
                Ok(bytes) => files.push(self.keep(&format!("{stem}.{end}"), media, bytes)),
                Err(error) => drop(self.trouble.get_or_insert(error.into())),
            }
        }
        let data = self.keep(&format!("{stem}.json"), "application/json", made.data_part(&seen).text().into_bytes());
        self.submit(caller, made.issue(&seen, paper, number, files, data), at)
    }
}

/// Makes the demo zone in a folder that holds none yet.
async fn make(dir: &Path, seed: u64, typesetter: &SystemTypesetter) -> Result<(), Failure> {
    let journal = Journal::open(dir, Opening::default()).await?;
    let laid = lay(&journal, seed, typesetter).await;
    journal.close().await;
    laid
}

async fn lay(journal: &Journal, seed: u64, typesetter: &SystemTypesetter) -> Result<(), Failure> {
    let pen = journal.pen()?;
    let mut paper = Paper { pen, commands: Commands::new(&format!("demo-{seed}")), typesetter, trouble: None };
    baton_stories::demo(seed, &mut paper).map_err(|mistake| Failure::words(65, mistake.zh.clone(), mistake.en.clone()))?;
    if let Some(trouble) = paper.trouble {
        return Err(trouble);
    }
    journal.lay(paper.pen).await?;
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
    let circular = |format| Errand::Circular { meeting: meeting.clone(), format, view: view.clone() };
    let table = |format| Errand::TaskTable { meeting: meeting.clone(), format, view: view.clone() };
    let list = [
        ("通报.pdf", circular(Shape::Pdf)),
        ("通报.docx", circular(Shape::Docx)),
        ("任务分解表.docx", table(Shape::Docx)),
        ("任务分解表.xlsx", table(Shape::Xlsx)),
        ("评议.xlsx", Errand::Review { period: period.clone(), format: Shape::Xlsx, view: view.clone() }),
        ("月调度表.xlsx", Errand::Dispatch { period, kind: None, format: Shape::Xlsx, view: view.clone() }),
    ];
    let mut made = Vec::new();
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
        eprintln!("{}", lang.pick("生成演示新区（数据纯属虚构）……", "making the demo zone (every figure is invented) …"));
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
    serve::serve(desk, &folder, listen, Transport::Local, None, lang).await
}
