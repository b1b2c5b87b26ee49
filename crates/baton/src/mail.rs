//! Mail: the daily letter. It waits in the outbox once for each person and day, is made when it is sent, so that
//! it holds only what the person may see then, and is tried again when it is not taken.
//!
//! It is handed to the mail program of the machine (`sendmail -t`, `msmtp -t`), which knows the server, its account
//! and its certificates: no password and no line to the outside is ours to keep.

use crate::answer::Failure;
use baton_kernel::Seen;
use baton_kernel::commands::Caller;
use baton_kernel::ids::PersonId;
use baton_kernel::views::notices::{Digest, digest};
use baton_methods::Lang;
use baton_store::{AccountState, Job, JobState, Journal, Lane, Store};
use baton_web::Mail;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, ToSpan};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_secs(30);
/// Minutes until the second try; each later one waits twice as long.
const AGAIN_MINUTES: i64 = 5;
/// Days back in which the letter before is looked for.
const BACK_DAYS: i32 = 7;
/// Longest time the mail program may take for one letter.
const SENDING: Duration = Duration::from_secs(30);
/// Kind of the jobs.
const KIND: &str = "digest";

/// How letters are sent.
#[derive(Clone, Debug, clap::Args)]
pub struct MailArgs {
    /// 发信程序，从标准输入收信，如 "/usr/sbin/sendmail -t -i"；不写就不发信 · mail program; without one no mail is sent
    #[arg(long)]
    mail_command: Option<String>,
    /// 发件邮箱，如 baton@example.gov.cn · sender
    #[arg(long, requires = "mail_command")]
    mail_from: Option<String>,
    /// 每天几点起发 · from what time of the day letters are sent
    #[arg(long, default_value = "07:30")]
    mail_at: Time,
}

/// A way to send letters, made from what was configured.
pub struct Post {
    program: String,
    arguments: Vec<String>,
    from: String,
    at: Time,
    origin: String,
}

fn wrong(zh: String, en: String) -> Failure {
    Failure::words(78, zh, en)
}

impl MailArgs {
    /// The way to send letters; `None` when none is configured.
    ///
    /// Errors: no program, or a sender that is no address.
    pub fn post(&self, origin: Option<&str>) -> Result<Option<Post>, Failure> {
        let Some(line) = &self.mail_command else { return Ok(None) };
        let mut words = line.split_whitespace().map(str::to_owned);
        let program = words.next().ok_or_else(|| {
            wrong("发信程序是空的（--mail-command）".to_owned(), "--mail-command names no program".to_owned())
        })?;
        let from = self.mail_from.clone().unwrap_or_default();
        if !baton_web::is_address(&from) {
            return Err(wrong(
                format!("发件人“{from}”不是邮箱（--mail-from）"),
                format!("“{from}” is no address (--mail-from)"),
            ));
        }
        let origin = origin.unwrap_or_default().trim_end_matches('/').to_owned();
        Ok(Some(Post { program, arguments: words.collect(), from, at: self.mail_at, origin }))
    }
}

impl Post {
    /// Sends letters until told to stop.
    pub async fn run(self, journal: Arc<Journal>) {
        loop {
            if let Err(error) = self.round(&journal).await {
                tracing::warn!(error = format!("{error:#}"), "the outbox was not worked off");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    async fn round(&self, journal: &Journal) -> anyhow::Result<()> {
        let zone = journal.snapshot();
        let now = journal.now().to_zoned_datetime(zone.time_zone());
        let store = journal.store();
        if now.time() >= self.at {
            for (person, _) in Mail::everybody(store).await? {
                let (key, at) = (key(person, now.date()), store.now());
                let day = now.date().to_string();
                store.add_job(Lane::Outbox, &key, KIND, &day, Some(person), at).await?;
            }
        }
        while let Some(job) = store.take_job(Lane::Outbox).await? {
            let done = self.send(journal, &job).await;
            settle(store, &job, done).await?;
        }
        Ok(())
    }

    async fn send(&self, journal: &Journal, job: &Job) -> anyhow::Result<String> {
        let Some(letter) = letter(journal, job, &self.origin).await? else { return Ok(String::new()) };
        let message = message(&self.from, &letter.to, &letter.digest);
        let mut child = tokio::process::Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(message.as_bytes()).await?;
            pipe.shutdown().await?;
        }
        let ended = tokio::time::timeout(SENDING, child.wait_with_output()).await??;
        if !ended.status.success() {
            let said: String = String::from_utf8_lossy(&ended.stderr).chars().take(300).collect();
            anyhow::bail!("{} ended with {}: {}", self.program, ended.status, said.trim());
        }
        Ok(letter.head.to_string())
    }
}

/// The letter as it is handed over (RFC 5322): words outside ASCII as RFC 2047 and base64 ask.
fn message(from: &str, to: &str, digest: &Digest) -> String {
    // An encoded word holds at most 75 characters: 15 characters of Chinese come to 60.
    let subject: Vec<char> = digest.subject.chars().collect();
    let words: Vec<String> = subject
        .chunks(12)
        .map(|c| format!("=?UTF-8?B?{}?=", base64(c.iter().collect::<String>().as_bytes())))
        .collect();
    let body = base64(digest.text.as_bytes());
    let lines: Vec<&str> =
        body.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!(
        "From: <{from}>\nTo: <{to}>\nSubject: {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: base64\nAuto-Submitted: auto-generated\n\n{}\n",
        words.join("\n "),
        lines.join("\n")
    )
}

/// Base64 (RFC 4648), with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * n)) as usize & 63] as char;
            out.push(if n > three.len() { '=' } else { letter });
        }
    }
    out
}

/// The key under which a person's letter of a day stands in the outbox, once.
fn key(person: PersonId, day: Date) -> String {
    format!("{KIND}:{person}:{day}")
}

/// A letter ready to be sent.
struct Letter {
    to: String,
    digest: Digest,
    /// The newest entry that it tells of.
    head: u64,
}

/// The letter of a job as the person may see it now; `None` when there is nothing to say or no address any more.
async fn letter(journal: &Journal, job: &Job, origin: &str) -> anyhow::Result<Option<Letter>> {
    let Some(person) = job.owner else { return Ok(None) };
    let store = journal.store();
    let wanted = Mail::everybody(store).await?.into_iter().find(|(who, _)| *who == person);
    let Some((_, mail)) = wanted else { return Ok(None) };
    // Whose account is closed gets no letter, whatever was wanted before.
    let open = |a: &baton_store::Account| a.person == person && a.state == AccountState::Active;
    if !store.accounts().await?.iter().any(open) {
        return Ok(None);
    }
    let zone = journal.snapshot();
    let seen = Seen::new(zone.clone(), Caller::Person(person), journal.now(), None, mail.lang);
    let day = job.json.parse().unwrap_or(seen.today());
    let after = match told(store, person, day).await? {
        Some(seq) => seq,
        None => day.checked_sub(1.day()).map_or(0, |before| zone.cut_on(before)),
    };
    let head = seen.base();
    Ok(digest(&seen, after, origin).map(|digest| Letter { to: mail.address, digest, head }))
}

/// The newest entry that the letters before told a person of.
async fn told(store: &Store, person: PersonId, day: Date) -> anyhow::Result<Option<u64>> {
    for back in 1..=BACK_DAYS {
        let Ok(before) = day.checked_sub(back.days()) else { break };
        let job = store.job(Lane::Outbox, &key(person, before)).await?;
        if let Some(seq) = job.filter(|j| j.state == JobState::Done).and_then(|j| j.result?.parse().ok()) {
            return Ok(Some(seq));
        }
    }
    Ok(None)
}

/// Ends a job, or gives it back to be tried again after a while.
async fn settle(store: &Store, job: &Job, done: anyhow::Result<String>) -> anyhow::Result<()> {
    match done {
        Ok(result) => {
            store.finish_job(job, &result).await?;
        }
        Err(error) => {
            let wait = AGAIN_MINUTES << job.tries.saturating_sub(1).min(6);
            let again = store.now() + SignedDuration::from_mins(wait);
            let state = store.fail_job(job, &format!("{error:#}"), again).await?;
            tracing::warn!(
                key = job.key,
                tries = job.tries,
                ?state,
                error = format!("{error:#}"),
                "a letter was not sent"
            );
        }
    }
    Ok(())
}

/// What is said at the start about letters.
pub fn said(sends: bool, lang: Lang) -> &'static str {
    match sends {
        true => lang.pick("每天一封信：已配置发信", "daily letters: mail is configured"),
        false => lang.pick(
            "没有配置发信（--mail-command），不发每日通知邮件",
            "no mail program configured (--mail-command): daily letters are not sent",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_kernel::ids::PersonId;
    use baton_store::{Opening, SetClock};

    async fn journal(dir: &std::path::Path) -> Journal {
        let clock = Arc::new(SetClock::at("2023-04-02T01:00:00Z".parse().unwrap()));
        Journal::open(&dir.join("zone"), Opening { wall: clock, ..Opening::default() }).await.unwrap()
    }

    #[tokio::test]
    async fn a_letter_stands_in_the_outbox_once_a_day_and_a_failed_one_is_tried_again_later() {
        let dir = tempfile::tempdir().unwrap();
        let journal = journal(dir.path()).await;
        let (store, person) = (journal.store(), PersonId(7));
        let day: Date = "2023-04-02".parse().unwrap();
        let add = || store.add_job(Lane::Outbox, "digest:7:2023-04-02", KIND, "2023-04-02", Some(person), store.now());
        assert!(add().await.unwrap());
        assert!(!add().await.unwrap(), "the same day never makes a second letter");
        let job = store.take_job(Lane::Outbox).await.unwrap().unwrap();
        // Nobody wants it any more: nothing is sent, whatever the outbox holds.
        assert!(letter(&journal, &job, "").await.unwrap().is_none());
        settle(store, &job, Err(anyhow::anyhow!("the server is away"))).await.unwrap();
        let kept = store.job(Lane::Outbox, &job.key).await.unwrap().unwrap();
        assert_eq!((kept.state, kept.error.as_deref()), (JobState::Waiting, Some("the server is away")));
        assert!(store.take_job(Lane::Outbox).await.unwrap().is_none(), "it waits before it is tried again");
        assert_eq!(told(store, person, day).await.unwrap(), None);
        journal.close().await;
    }

    #[test]
    fn without_a_server_nothing_is_sent_and_a_bad_sender_is_said() {
        use clap::Parser;
        #[derive(Parser)]
        struct Line {
            #[command(flatten)]
            mail: MailArgs,
        }
        let of = |args: &[&str]| Line::parse_from([&["x"], args].concat()).mail.post(None);
        assert!(of(&[]).is_ok_and(|p| p.is_none()));
        assert!(of(&["--mail-command", "sendmail -t", "--mail-from", "nobody"]).is_err());
        assert!(of(&["--mail-command", " ", "--mail-from", "a@b.cn"]).is_err());
        assert!(of(&["--mail-command", "sendmail -t", "--mail-from", "a@b.cn"]).is_ok_and(|p| p.is_some()));
    }

    #[test]
    fn a_letter_is_plain_ascii_and_reads_back() {
        assert_eq!([base64(b""), base64(b"f"), base64(b"fo"), base64(b"foo")], ["", "Zg==", "Zm8=", "Zm9v"]);
        let digest =
            Digest { subject: "云岭新区指挥棒 2023-04-26：3 件事".to_owned(), text: "逾期\n".repeat(60) };
        let text = message("a@b.cn", "c@d.cn", &digest);
        assert!(text.is_ascii() && text.lines().all(|l| l.len() <= 78), "{text}");
        assert!(text.starts_with("From: <a@b.cn>\nTo: <c@d.cn>\nSubject: =?UTF-8?B?"));
    }
}
