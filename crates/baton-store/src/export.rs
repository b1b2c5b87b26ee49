//! Export: the whole ledger in plain files that can be read and checked without Baton.
//!
//! `ledger.jsonl` holds one entry a line, byte for byte as hashed; `texts.jsonl` the texts with their salts;
//! `files.jsonl` and `files/` the attachments; `README.txt` says how to check them with `sha256sum`.

use crate::accounts::person;
use crate::files::Files;
use crate::folder::{Folder, sync_dir};
use crate::ledger::{self, digest};
use crate::limits::*;
use crate::trouble::*;
use crate::verify::open_reading;
use baton_kernel::{Digest, Entry};
use serde::Serialize;
use sqlx::Connection;
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// What was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Exported {
    /// Entries.
    pub entries: u64,
    /// Texts.
    pub texts: u64,
    /// Files.
    pub files: u64,
    /// Texts and files that were erased by law: only their digests are here.
    pub erased: u64,
    /// Last entry.
    pub head_seq: u64,
    /// Its hash.
    pub head_hash: Digest,
}

#[derive(Serialize)]
struct TextLine<'a> {
    digest: Digest,
    salt: String,
    text: &'a str,
}

#[derive(Serialize)]
struct GoneLine {
    digest: Digest,
    erased: bool,
}

#[derive(Serialize)]
struct FileLine<'a> {
    digest: Digest,
    salt: String,
    name: &'a str,
    media: &'a str,
    bytes: u64,
    entry: u64,
    path: String,
}

const README: &str = "\
Baton 账本导出 / export of a Baton ledger

ledger.jsonl  每行一条记录，即当时计算摘要的原文；第 n 行的 SHA-256 等于第 n+1 行的 prev，末行的等于见证值。
              one entry a line, byte for byte as hashed; the SHA-256 of line n is `prev` of line n+1, that of the last line is the witness.
                sed -n 5p ledger.jsonl | tr -d '\\n' | sha256sum
texts.jsonl   文本；digest = SHA-256(salt ‖ UTF-8)。   texts; digest = SHA-256 over salt and UTF-8.
files.jsonl   附件目录；digest = SHA-256(salt ‖ 内容)。 list of files; digest = SHA-256 over salt and content.
                (printf SALT | xxd -r -p; cat files/DIGEST) | sha256sum
files/        附件内容（不含 salt）。                    the files, without salt.

\"erased\": true 表示已依法删除。 / \"erased\": true means erased by law.
";

/// Exports a zone into a folder that is empty or does not exist yet.
///
/// Damaged texts and files are an error that names them: an export is not a way around `verify`.
///
/// Errors: `export.occupied`, `export.unsound`.
pub async fn export(dir: &Path, into: &Path) -> Result<Exported, Trouble> {
    let io = |e: io::Error| Trouble::io(into, &e);
    if fs::read_dir(into).is_ok_and(|mut d| d.next().is_some()) {
        let place = into.display();
        return Err(Trouble::new(
            "export.occupied",
            EXIT_CONFIG,
            format!("{place} 不是空目录，请换一个目录"),
            format!("{place} is not empty; choose another folder"),
        ));
    }
    let folder = Folder::at(dir);
    let path = folder.database();
    let wrong = |e: sqlx::Error| Trouble::database(&path, &e);
    let mut conn = open_reading(&folder).await?;
    DirBuilder::new().recursive(true).mode(0o700).create(into.join("files")).map_err(io)?;
    sqlx::raw_sql("BEGIN").execute(&mut conn).await.map_err(wrong)?;
    let mut done = Exported::default();
    let mut named: BTreeMap<Digest, u64> = BTreeMap::new();
    let mut out = writer(&into.join("ledger.jsonl"))?;
    loop {
        let lines = ledger::lines(&mut conn, done.head_seq + 1, REPLAY_CHUNK_ENTRIES).await.map_err(wrong)?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            if Digest::of(line.text.as_bytes()) != line.hash || line.seq != done.head_seq + 1 {
                return Err(unsound(dir, &format!("entry {}", line.seq)));
            }
            if let Ok(entry) = serde_json::from_str::<Entry>(&line.text) {
                for file in entry.body.blobs().1 {
                    named.entry(file.digest).or_insert(line.seq);
                }
            }
            writeln!(out, "{}", line.text).map_err(io)?;
            (done.entries, done.head_seq, done.head_hash) = (done.entries + 1, line.seq, line.hash);
        }
    }
    finish(out, into)?;
    texts(&mut conn, dir, into, &mut done).await?;
    files(&mut conn, &Files::of(&folder), dir, into, &named, &mut done).await?;
    let mut readme = writer(&into.join("README.txt"))?;
    readme.write_all(README.as_bytes()).map_err(io)?;
    finish(readme, into)?;
    let _ = conn.close().await;
    sync_dir(&into.join("files")).and_then(|()| sync_dir(into)).map_err(io)?;
    Ok(done)
}

async fn texts(
    conn: &mut sqlx::sqlite::SqliteConnection,
    dir: &Path,
    into: &Path,
    done: &mut Exported,
) -> Result<(), Trouble> {
    let io = |e: io::Error| Trouble::io(into, &e);
    let wrong = |e: sqlx::Error| Trouble::database(dir, &e);
    let mut out = writer(&into.join("texts.jsonl"))?;
    let mut after: Vec<u8> = Vec::new();
    loop {
        let rows = sqlx::query_as::<_, (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>)>(
            "SELECT digest, salt, bytes FROM blob WHERE digest > $1 ORDER BY digest LIMIT 500",
        )
        .bind(&after)
        .fetch_all(&mut *conn)
        .await
        .map_err(wrong)?;
        if rows.is_empty() {
            break;
        }
        for (key, salt, bytes) in rows {
            let found = digest(&key);
            after = key;
            let line = match (salt, bytes) {
                (Some(salt), Some(bytes)) => {
                    let text = std::str::from_utf8(&bytes).ok().filter(|_| Digest::of_parts(&[&salt, &bytes]) == found);
                    let text = text.ok_or_else(|| unsound(dir, &format!("text {}", found.short())))?;
                    done.texts += 1;
                    serde_json::to_string(&TextLine { digest: found, salt: salt_hex(&salt), text })
                }
                _ => {
                    done.erased += 1;
                    serde_json::to_string(&GoneLine { digest: found, erased: true })
                }
            };
            writeln!(out, "{}", line.map_err(|e| io::Error::other(e)).map_err(io)?).map_err(io)?;
        }
    }
    finish(out, into)
}

async fn files(
    conn: &mut sqlx::sqlite::SqliteConnection,
    source: &Files,
    dir: &Path,
    into: &Path,
    named: &BTreeMap<Digest, u64>,
    done: &mut Exported,
) -> Result<(), Trouble> {
    let io = |e: io::Error| Trouble::io(into, &e);
    let rows = sqlx::query_as::<_, (Vec<u8>, String, String, i64, Option<i64>)>(
        "SELECT digest, name, media, bytes, erased_at FROM file WHERE seq IS NOT NULL ORDER BY digest",
    )
    .fetch_all(&mut *conn)
    .await
    .map_err(|e| Trouble::database(dir, &e))?;
    let mut out = writer(&into.join("files.jsonl"))?;
    for (key, name, media, bytes, erased) in rows {
        let found = digest(&key);
        let line = if erased.is_some() {
            done.erased += 1;
            serde_json::to_string(&GoneLine { digest: found, erased: true })
        } else {
            let (salt, content) =
                source.read(&found).map_err(|_| unsound(dir, &format!("file {} {name}", found.short())))?;
            let path = format!("files/{found}");
            let mut file = writer(&into.join(&path))?;
            file.write_all(&content).map_err(io)?;
            finish(file, into)?;
            done.files += 1;
            let entry = named.get(&found).copied().unwrap_or(0);
            serde_json::to_string(&FileLine {
                digest: found,
                salt: salt_hex(&salt),
                name: &name,
                media: &media,
                bytes: bytes as u64,
                entry,
                path,
            })
        };
        writeln!(out, "{}", line.map_err(|e| io::Error::other(e)).map_err(io)?).map_err(io)?;
    }
    finish(out, into)
}

fn salt_hex(salt: &[u8]) -> String {
    format!("{:032x}", person(salt).0)
}

fn writer(path: &Path) -> Result<BufWriter<File>, Trouble> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.map(BufWriter::new).map_err(|e| Trouble::io(path, &e))
}

fn finish(out: BufWriter<File>, into: &Path) -> Result<(), Trouble> {
    let file = out.into_inner().map_err(|e| Trouble::io(into, e.error()))?;
    file.sync_all().map_err(|e| Trouble::io(into, &e))
}

fn unsound(dir: &Path, what: &str) -> Trouble {
    let place = dir.display();
    Trouble::new(
        "export.unsound",
        EXIT_BROKEN,
        format!("{place} 有损坏处（{what}），未能导出；请运行 baton verify 查明"),
        format!("{place} is damaged ({what}) and was not exported; run baton verify"),
    )
}
