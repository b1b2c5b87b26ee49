//! The journal: the single writer. Commands wait in line, share one durable commit, and are whole or absent.
//!
//! `submit` = check the key and today's rights again, `decide` on the newest zone, append, commit, apply,
//! publish, answer. Readers hold an `Arc<Zone>` and never wait for the writer.

use crate::clock::{Clock, Ids, SimulatedClock};
use crate::files;
use crate::ledger::{self, Answered, Append, NotAppended};
use crate::limits::*;
use crate::pen::{Laid, Pen};
use crate::store::{Opening, Store};
use crate::trouble::*;
use baton_kernel::entries::{BatchCheck, Broken};
use baton_kernel::{Act, Caller, Command, Digest, Head, Receipt, Refusal, Sealed, Why, Zone};
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};
use tokio::sync::{mpsc, watch};

type Reply<T> = Box<dyn FnOnce(Result<T, StoreError>) + Send>;

struct Waiting {
    caller: Caller,
    command: Box<Command>,
    at: Option<Timestamp>,
    reply: Reply<Receipt>,
}

enum Message {
    Submit(Waiting),
    Lay(Box<Laid>, Reply<Head>),
    Record(Reply<Digest>),
    Stop(Reply<()>),
}

/// The newest zone and the clock, shared by the writer and everyone who reads.
struct Published {
    zone: RwLock<Arc<Zone>>,
    simulated: RwLock<Option<SimulatedClock>>,
    head: watch::Sender<u64>,
}

impl Published {
    fn zone(&self) -> Arc<Zone> {
        self.zone.read().unwrap_or_else(|e| e.into_inner()).clone()
    }

    fn publish(&self, zone: Zone) {
        let head = zone.head();
        let simulated = zone.founding().is_some_and(|f| f.simulated);
        *self.zone.write().unwrap_or_else(|e| e.into_inner()) = Arc::new(zone);
        if simulated {
            let mut clock = self.simulated.write().unwrap_or_else(|e| e.into_inner());
            if clock.as_ref().is_none_or(|c| c.now() < head.known_at) {
                *clock = Some(SimulatedClock::starting(head.known_at));
            }
        }
        self.head.send_replace(head.seq);
    }

    fn now(&self, wall: &dyn Clock) -> Timestamp {
        let simulated = *self.simulated.read().unwrap_or_else(|e| e.into_inner());
        simulated.map_or_else(|| wall.now(), |c| c.now())
    }
}

/// One zone's ledger, open for writing, with all of its history in memory.
pub struct Journal {
    store: Arc<Store>,
    published: Arc<Published>,
    wall: Arc<dyn Clock>,
    line: mpsc::Sender<Message>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Journal {
    /// Opens the folder, verifies the chain while replaying it, and starts the writer.
    ///
    /// Errors: those of [`Store::open`]; `ledger.broken` (65) naming the first entry that is not as it was
    /// written: a broken ledger is not served.
    pub async fn open(dir: &Path, opening: Opening) -> Result<Journal, Trouble> {
        let store = Arc::new(Store::open(dir, &opening).await?);
        let zone = match replay(&store).await {
            Ok(zone) => zone,
            Err(trouble) => {
                store.close().await;
                return Err(trouble);
            }
        };
        let founding = zone.founding().cloned();
        let start = opening.simulated_from.map_or(zone.head().known_at, |from| from.max(zone.head().known_at));
        let published = Arc::new(Published {
            head: watch::Sender::new(zone.head().seq),
            simulated: RwLock::new(founding.filter(|f| f.simulated).map(|_| SimulatedClock::starting(start))),
            zone: RwLock::new(Arc::new(zone)),
        });
        if let Err(error) = store.sweep_files().await {
            tracing::warn!(%error, "orphaned files were not swept");
        }
        let (line, waiting) = mpsc::channel(COMMANDS_WAITING_MAX);
        let writer = Writer { store: store.clone(), published: published.clone(), wall: opening.wall.clone() };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run(waiting))
            .map_err(|e| Trouble::io(dir, &e))?;
        Ok(Journal { store, published, wall: opening.wall, line, thread: Mutex::new(Some(thread)) })
    }

    /// The newest zone. Cheap; stays as it is while held.
    pub fn snapshot(&self) -> Arc<Zone> {
        self.published.zone()
    }

    /// The store beside the ledger: files, accounts, sessions, workbench, jobs.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Now for the ledger: the wall's clock, or the simulated one that the first entry declares.
    pub fn now(&self) -> Timestamp {
        self.published.now(&*self.wall)
    }

    /// Where identities and salts come from.
    pub fn ids(&self) -> &Arc<dyn Ids> {
        self.store.ids()
    }

    /// Follows the head's seq: changes after each commit.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.published.head.subscribe()
    }

    /// Whether a disk error has stopped all writing: the process must end with status 74.
    pub fn poisoned(&self) -> bool {
        self.store.poisoned()
    }

    /// Carries out a command, durably, or says why not.
    ///
    /// The same key with the same request answers the same receipt again, once today's rights are checked;
    /// with another request it is refused as `key.reused`.
    pub async fn submit(&self, caller: Caller, command: Command) -> Result<Receipt, SubmitError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let reply: Reply<Receipt> = Box::new(move |answer| drop(tell.send(answer)));
        let message = Message::Submit(Waiting { caller, command: Box::new(command), at: None, reply });
        self.line.send(message).await.map_err(|_| self.stopped())?;
        told.await.map_err(|_| self.stopped())?
    }

    /// [`Journal::submit`] for threads without an async runtime.
    pub fn submit_waiting(&self, caller: Caller, command: Command) -> Result<Receipt, SubmitError> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let reply: Reply<Receipt> = Box::new(move |answer| drop(tell.send(answer)));
        let message = Message::Submit(Waiting { caller, command: Box::new(command), at: None, reply });
        self.line.blocking_send(message).map_err(|_| self.stopped())?;
        told.recv().map_err(|_| self.stopped())?
    }

    /// Carries out a command as if it were `now`: only in a simulated zone, and not before its last entry.
    pub async fn submit_at(&self, caller: Caller, command: Command, now: Timestamp) -> Result<Receipt, SubmitError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let reply: Reply<Receipt> = Box::new(move |answer| drop(tell.send(answer)));
        let message = Message::Submit(Waiting { caller, command: Box::new(command), at: Some(now), reply });
        self.line.send(message).await.map_err(|_| self.stopped())?;
        told.await.map_err(|_| self.stopped())?
    }

    /// Carries out commands in order, each at its time, in one durable commit: only in a simulated zone.
    ///
    /// Each is answered by itself; a refused one leaves no trace and the next goes on.
    pub async fn submit_many(
        &self,
        commands: Vec<(Caller, Command, Timestamp)>,
    ) -> Result<Vec<Result<Receipt, Refusal>>, SubmitError> {
        let mut pen = self.pen()?;
        let answers = commands.iter().map(|(caller, command, now)| pen.submit(*caller, command, *now)).collect();
        self.lay(pen).await?;
        Ok(answers)
    }

    /// A pen for laying down many commands of a simulated (or not yet founded) zone at given times.
    ///
    /// Errors: refused as `clock.real` when the zone's clock is the real one.
    pub fn pen(&self) -> Result<Pen, Refusal> {
        Pen::over(self.snapshot())
    }

    /// Makes everything a pen holds durable in one commit and publishes it; all or nothing.
    ///
    /// Errors: refused as `pen.stale` when something else was written since the pen was taken.
    pub async fn lay(&self, pen: Pen) -> Result<Head, SubmitError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let reply: Reply<Head> = Box::new(move |answer| drop(tell.send(answer)));
        self.line.send(Message::Lay(Box::new(pen.into_laid()), reply)).await.map_err(|_| self.stopped())?;
        told.await.map_err(|_| self.stopped())?
    }

    /// Records the state hash at the head, for `verify` to compare with; answers it.
    pub async fn record_state(&self) -> Result<Digest, StoreError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let reply: Reply<Digest> = Box::new(move |answer| drop(tell.send(answer)));
        self.line.send(Message::Record(reply)).await.map_err(|_| self.stopped())?;
        told.await.map_err(|_| self.stopped())?
    }

    /// Finishes what waits, records the state hash, closes the database and frees the lock.
    pub async fn close(&self) {
        let (tell, told) = tokio::sync::oneshot::channel();
        let reply: Reply<()> = Box::new(move |answer| drop(tell.send(answer)));
        if self.line.send(Message::Stop(reply)).await.is_ok() {
            let _ = told.await;
        }
        let thread = self.thread.lock().unwrap_or_else(|e| e.into_inner()).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
        self.store.close().await;
    }

    fn stopped(&self) -> StoreError {
        if self.poisoned() {
            StoreError::Unknown
        } else {
            StoreError::World(anyhow::anyhow!("服务正在停止，请稍后重试 / the service is stopping; try again later"))
        }
    }
}

/// Reads the whole ledger into a zone; halts at the first line that is not as it was written.
async fn replay(store: &Store) -> Result<Zone, Trouble> {
    let path = store.folder().database();
    // Its own thread reads and checks the chain while this one applies.
    let (tell, told) = std::sync::mpsc::sync_channel::<Result<(Vec<Sealed>, ledger::TextsRead), Stop>>(2);
    let read_from = path.clone();
    let reader = std::thread::Builder::new()
        .name("replay".to_owned())
        .spawn(move || {
            if let Err(stop) = read_chain(&read_from, |part| tell.send(Ok(part)).is_ok()) {
                let _ = tell.send(Err(stop));
            }
        })
        .map_err(|e| Trouble::io(&path, &e))?;
    let zone = tokio::task::spawn_blocking(move || {
        let mut zone = Zone::empty();
        for part in told {
            let (entries, texts) = part?;
            for sealed in &entries {
                zone.apply(sealed, &texts);
            }
        }
        Ok(zone)
    })
    .await;
    let _ = reader.join();
    match zone {
        Ok(Ok(zone)) => Ok(zone),
        Ok(Err(Stop::Broken(broken))) => Err(broken_trouble(&path, &broken)),
        Ok(Err(Stop::Read(e))) => Err(Trouble::database(&path, &e)),
        Err(panicked) => Err(Trouble::new(
            "ledger.replay",
            EXIT_BROKEN,
            format!("账本无法重放：{panicked}。请运行 baton verify"),
            format!("the ledger cannot be replayed: {panicked}; run baton verify"),
        )),
    }
}

fn broken_trouble(path: &Path, broken: &Broken) -> Trouble {
    let place = path.display();
    let words = broken.to_string();
    let (zh, en) = words.split_once(" / ").unwrap_or((&words, &words));
    Trouble::new(
        "ledger.broken",
        EXIT_BROKEN,
        format!("账本 {place} 已被改动或损坏：{zh}。已停止启动；请运行 baton verify 查明全部损坏处，再从备份恢复"),
        format!(
            "the ledger {place} was changed or damaged: {en}; not started: run baton verify to see all damage, then restore a backup"
        ),
    )
}

/// Why reading the chain stopped.
pub(crate) enum Stop {
    Broken(Broken),
    Read(sqlx::Error),
}

/// Reads every entry in order with its texts, checking the chain and the batches.
fn read_chain(path: &Path, mut take: impl FnMut((Vec<Sealed>, ledger::TextsRead)) -> bool) -> Result<(), Stop> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(|e| Stop::Read(e.into()))?;
    runtime.block_on(async {
        let options = crate::database::reading(path);
        let mut conn = sqlx::SqliteConnection::connect_with(&options).await.map_err(Stop::Read)?;
        let mut head = Head::EMPTY;
        let mut batches = BatchCheck::default();
        loop {
            let lines = ledger::lines(&mut conn, head.seq + 1, REPLAY_CHUNK_ENTRIES).await.map_err(Stop::Read)?;
            let Some(last) = lines.last().map(|l| l.seq) else { break };
            let first = lines[0].seq;
            let mut named = BTreeSet::new();
            let mut entries = Vec::with_capacity(lines.len());
            for line in lines {
                let sealed = Sealed::read(line.seq, line.text, line.hash, &head).map_err(Stop::Broken)?;
                batches.take(&sealed.entry).map_err(Stop::Broken)?;
                named.extend(sealed.entry.body.blobs().0);
                head = sealed.head();
                entries.push(sealed);
            }
            let texts = ledger::texts(&mut conn, first, last, &named).await.map_err(Stop::Read)?;
            if !take((entries, texts)) {
                break;
            }
        }
        batches.finish().map_err(Stop::Broken)?;
        let _ = conn.close().await;
        Ok(())
    })
}

/// The writer's thread.
struct Writer {
    store: Arc<Store>,
    published: Arc<Published>,
    wall: Arc<dyn Clock>,
}

impl Writer {
    fn run(self, mut line: mpsc::Receiver<Message>) {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                tracing::error!(%error, "the journal has no runtime");
                return;
            }
        };
        runtime.block_on(async {
            let mut next = None;
            loop {
                let message = match next.take() {
                    Some(message) => message,
                    None => match line.recv().await {
                        Some(message) => message,
                        None => return,
                    },
                };
                match message {
                    Message::Submit(first) => {
                        let mut group = vec![first];
                        while group.len() < GROUP_COMMANDS_MAX {
                            match line.try_recv() {
                                Ok(Message::Submit(more)) => group.push(more),
                                Ok(other) => {
                                    next = Some(other);
                                    break;
                                }
                                Err(_) => break,
                            }
                        }
                        self.group(group).await;
                    }
                    Message::Lay(laid, reply) => reply(self.lay(*laid).await),
                    Message::Record(reply) => reply(self.record().await),
                    Message::Stop(reply) => {
                        line.close();
                        if let Err(error) = self.record().await {
                            tracing::warn!(%error, "the state hash was not recorded");
                        }
                        reply(Ok(()));
                        while let Some(message) = line.recv().await {
                            self.turn_away(message);
                        }
                        return;
                    }
                }
            }
        });
    }

    /// Answers a command that came after the stop.
    fn turn_away(&self, message: Message) {
        let stopping = || {
            StoreError::World(anyhow::anyhow!("服务正在停止，请稍后重试 / the service is stopping; try again later"))
        };
        match message {
            Message::Submit(w) => (w.reply)(Err(stopping())),
            Message::Lay(_, reply) => reply(Err(stopping())),
            Message::Record(reply) => reply(Err(stopping())),
            Message::Stop(reply) => reply(Ok(())),
        }
    }

    async fn record(&self) -> Result<Digest, StoreError> {
        let zone = self.published.zone();
        let hash = zone.state_hash();
        ledger::record_state(self.store.db(), zone.head(), hash, self.wall.now()).await?;
        Ok(hash)
    }

    /// Carries out a group in one durable commit; when that fails cleanly, each by itself.
    async fn group(&self, group: Vec<Waiting>) {
        for one in self.together(group).await {
            let left = self.together(vec![one]).await;
            debug_assert!(left.is_empty());
        }
    }

    /// One durable commit for all. Answers those to be tried again by themselves: the whole group, when it had
    /// several commands and nothing of it was written.
    async fn together(&self, group: Vec<Waiting>) -> Vec<Waiting> {
        let mut tx = match self.store.db().begin().await {
            Ok(tx) => tx,
            Err(e) => return answer_all(group, e),
        };
        let mut zone = Zone::clone(&self.published.zone());
        let mut answered: Vec<(Waiting, Result<Receipt, StoreError>)> = Vec::with_capacity(group.len());
        let mut erased = Vec::new();
        let mut rest = group.into_iter();
        while let Some(one) = rest.next() {
            match self.one(&mut tx, &mut zone, &one).await {
                Ok((receipt, files)) => {
                    erased.extend(files);
                    answered.push((one, Ok(receipt)));
                }
                Err(One::Answer(e)) => answered.push((one, Err(e))),
                Err(One::Failed(e)) => {
                    let failure = tx.failed(e);
                    tx.rollback().await;
                    let all = answered.into_iter().map(|(w, _)| w).chain([one]).chain(rest).collect();
                    return answer_all(all, failure);
                }
            }
        }
        if let Err(failure) = tx.commit().await {
            return answer_all(answered.into_iter().map(|(w, _)| w).collect(), failure);
        }
        if zone.head() != self.published.zone().head() {
            self.published.publish(zone);
        }
        // An erasure is answered only when nothing is left of what it erased.
        self.forget(erased).await;
        for (waiting, answer) in answered {
            (waiting.reply)(answer);
        }
        Vec::new()
    }

    /// Carries out one command inside the group's transaction and applies it to the group's zone.
    async fn one(
        &self,
        tx: &mut crate::database::Tx<'_>,
        zone: &mut Zone,
        one: &Waiting,
    ) -> Result<(Receipt, Vec<Digest>), One> {
        let simulated = zone.founding().is_some_and(|f| f.simulated);
        let now = match one.at {
            None => self.published.now(&*self.wall).max(zone.head().known_at),
            Some(at) => {
                let founding = zone.founding().is_none() && founds_simulated(&one.command.act);
                if !simulated && !founding {
                    return Err(One::Answer(clock_is_real().into()));
                }
                if is_before(at, zone.head()) {
                    return Err(One::Answer(Refusal::not_now("clock.before", &[]).into()));
                }
                at
            }
        };
        let principal = ledger::principal(one.caller);
        let request = ledger::request_hash(&one.command);
        if let Some(known) = ledger::receipt(tx.conn(), &principal, &one.command.key).await? {
            return again(zone, one.caller, &one.command.act, request, known, now)
                .map(|r| (r, Vec::new()))
                .map_err(|e| One::Answer(e.into()));
        }
        let decided = catch_unwind(AssertUnwindSafe(|| {
            let batch = baton_kernel::decide(zone, one.caller, &one.command, now)?;
            let mut next = zone.clone();
            next.apply_batch(&batch);
            Ok::<_, Refusal>((batch, next))
        }));
        let (batch, next) = match decided {
            Ok(Ok(both)) => both,
            Ok(Err(refusal)) => {
                if matches!(refusal.why, Why::Forbidden | Why::Absent) {
                    crate::audit::refused(tx.conn(), self.wall.now(), one.caller, act_name(&one.command.act), &refusal)
                        .await?;
                }
                return Err(One::Answer(refusal.into()));
            }
            Err(_) => {
                let act = act_name(&one.command.act);
                tracing::error!(act, "deciding a command panicked");
                return Err(One::Answer(StoreError::World(anyhow::anyhow!("deciding {act} failed"))));
            }
        };
        let Some(receipt) = receipt_of(&batch) else {
            return Err(One::Answer(nothing().into()));
        };
        let what =
            Append { principal: &principal, key: &one.command.key, request, batch: &batch, receipt: &receipt, at: now };
        match ledger::append(tx, &what).await {
            Ok(erased) => {
                *zone = next;
                Ok((receipt, erased))
            }
            Err(NotAppended::Refused(refusal)) => Err(One::Answer(refusal.into())),
            Err(NotAppended::Failed(e)) => Err(One::Failed(e)),
        }
    }

    /// Lays down everything a pen holds in one commit.
    async fn lay(&self, laid: Laid) -> Result<Head, StoreError> {
        let zone = self.published.zone();
        if zone.head() != laid.base {
            return Err(refuse(
                Why::Conflict,
                "pen.stale",
                "在此期间账本已有新记录，请重新执行",
                "the ledger has grown in the meantime; run it again",
            )
            .into());
        }
        let wall = self.wall.now();
        for file in &laid.files {
            let digest = self.store.files().write(&file.salt, &file.bytes).map_err(files::write_failed)?;
            debug_assert_eq!(digest, file.file.digest);
        }
        let mut tx = self.store.db().begin().await?;
        let mut erased = Vec::new();
        for file in &laid.files {
            let plain = Digest::of(&file.bytes);
            if let Err(e) = files::put_row(&mut tx, &file.file, &file.by, Some(plain), wall).await {
                return Err(tx.failed(e));
            }
        }
        for line in &laid.lines {
            let what = Append {
                principal: &line.principal,
                key: &line.key,
                request: line.request,
                batch: &line.batch,
                receipt: &line.receipt,
                at: line.at,
            };
            match ledger::append_rows(tx.conn(), &what).await {
                Ok(files) => erased.extend(files),
                Err(NotAppended::Refused(refusal)) => {
                    tx.rollback().await;
                    return Err(refusal.into());
                }
                Err(NotAppended::Failed(e)) if fault(&e) == Fault::Constraint => {
                    tx.rollback().await;
                    return Err(key_reused().into());
                }
                Err(NotAppended::Failed(e)) => return Err(tx.failed(e)),
            }
        }
        tx.commit().await?;
        let head = laid.zone.head();
        self.published.publish(laid.zone);
        self.forget(erased).await;
        if let Err(error) = self.record().await {
            tracing::warn!(%error, "the state hash was not recorded");
        }
        Ok(head)
    }

    /// Removes the bytes of erased files and whatever the write-ahead log still holds of erased texts.
    async fn forget(&self, erased: Vec<Digest>) {
        for digest in &erased {
            if let Err(error) = self.store.files().remove(digest) {
                tracing::error!(%digest, %error, "an erased file is still on disk; the next start removes it");
            }
        }
        if !erased.is_empty()
            && let Err(error) = self.store.db().checkpoint().await
        {
            tracing::warn!(%error, "the write-ahead log was not emptied after an erasure");
        }
    }
}

/// How one command of a group can fail.
enum One {
    /// By itself: the others go on.
    Answer(StoreError),
    /// With the whole transaction.
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for One {
    fn from(e: sqlx::Error) -> One {
        One::Failed(e)
    }
}

/// The answer to a key that is known: the same receipt for the same request, once the act's own right is asked again.
pub(crate) fn again(
    zone: &Zone,
    caller: Caller,
    act: &Act,
    request: Digest,
    known: Answered,
    now: Timestamp,
) -> Result<Receipt, Refusal> {
    if !baton_kernel::decide::may_replay(zone, caller, act, now) {
        return Err(Refusal::absent());
    }
    if known.request != request {
        return Err(key_reused());
    }
    Ok(known.receipt)
}

pub(crate) fn receipt_of(batch: &baton_kernel::Batch) -> Option<Receipt> {
    let first = batch.entries.first()?.entry.seq;
    let head = batch.head()?;
    Some(Receipt { first, last: head.seq, witness: head.hash })
}

pub(crate) fn founds_simulated(act: &Act) -> bool {
    match act {
        Act::Found { simulated, .. } => *simulated,
        Act::All(acts) => acts.first().is_some_and(founds_simulated),
        _ => false,
    }
}

/// Whether a given time lies before the last entry, beyond what entries of one instant are apart.
pub(crate) fn is_before(at: Timestamp, head: Head) -> bool {
    head.seq > 0 && at < head.known_at - SignedDuration::from_millis(SAME_INSTANT_MS)
}

pub(crate) fn clock_is_real() -> Refusal {
    refuse(
        Why::NotNow,
        "clock.real",
        "本账本使用真实时钟，不能按指定时间写入；模拟时钟只能在建账时声明",
        "this ledger has a real clock and takes no other time; a simulated clock is declared when a zone is founded",
    )
}

pub(crate) fn key_reused() -> Refusal {
    Refusal::new(Why::Conflict, "key.reused", &[])
}

pub(crate) fn nothing() -> Refusal {
    refuse(
        Why::Wrong,
        "nothing.asked",
        "本次没有任何变动，无需提交",
        "nothing would change; there is nothing to submit",
    )
}

/// Answers a failed commit: an unknown outcome falls on everyone; a clean failure of several is tried one by one.
fn answer_all(mut group: Vec<Waiting>, failure: StoreError) -> Vec<Waiting> {
    if matches!(failure, StoreError::Unknown) {
        for waiting in group {
            (waiting.reply)(Err(StoreError::Unknown));
        }
        return Vec::new();
    }
    if group.len() == 1
        && let Some(one) = group.pop()
    {
        (one.reply)(Err(failure));
    }
    group
}

/// The name of an act, for the audit trail: the variant and nothing of its content.
pub(crate) fn act_name(act: &Act) -> String {
    use std::fmt::Write as _;
    struct First(String);
    impl std::fmt::Write for First {
        fn write_str(&mut self, s: &str) -> std::fmt::Result {
            for c in s.chars() {
                if !c.is_ascii_alphanumeric() || self.0.len() >= 40 {
                    return Err(std::fmt::Error);
                }
                self.0.push(c);
            }
            Ok(())
        }
    }
    let mut first = First(String::new());
    let _ = write!(first, "{act:?}");
    first.0
}
