//! Files by content: `DIR/files/ab/abcdef…` holds salt ‖ bytes; its name is the SHA-256 of both.
//!
//! A file is durable on disk before the row that knows it, and the row before the entry that names it.
//! What no entry names within 24 hours is removed. Nothing a person typed becomes part of a path.

use crate::folder::{Folder, sync_dir};
use crate::limits::*;
use crate::store::Store;
use crate::trouble::*;
use baton_kernel::ids::PersonId;
use baton_kernel::{Digest, FileRef, Why};
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Length of the salt before the bytes.
pub(crate) const SALT_BYTES: usize = 16;

/// A file read back, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its reference.
    pub file: FileRef,
    /// The bytes, without the salt.
    pub bytes: Vec<u8>,
}

/// The directory of files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    dir: PathBuf,
}

/// What lies under a digest on disk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OnDisk {
    /// Salt and bytes match the digest; the length is that of the bytes.
    Whole(u64),
    /// Nothing there.
    Missing,
    /// Something else there.
    Damaged,
}

impl Files {
    pub(crate) fn of(folder: &Folder) -> Files {
        Files { dir: folder.files() }
    }

    /// Where a digest lies.
    pub(crate) fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.dir.join(&name[..2]).join(&name)
    }

    /// Makes salt ‖ bytes durable under their digest: temporary name, fsync, rename, fsync of the directory.
    pub(crate) fn write(&self, salt: &[u8; SALT_BYTES], bytes: &[u8]) -> io::Result<Digest> {
        let digest = Digest::of_parts(&[salt, bytes]);
        let path = self.path(&digest);
        let shelf = path.parent().map(Path::to_path_buf).unwrap_or_else(|| self.dir.clone());
        if !shelf.is_dir() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&shelf)?;
            sync_dir(&self.dir)?;
        }
        let loose = self.dir.join(format!("tmp-{:032x}", u128::from_be_bytes(crate::clock::random())));
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&loose)?;
            file.write_all(salt)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&loose, &path)?;
            sync_dir(&shelf)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&loose);
        }
        written.map(|()| digest)
    }

    /// Salt and bytes under a digest, whole or not at all.
    pub(crate) fn read(&self, digest: &Digest) -> io::Result<([u8; SALT_BYTES], Vec<u8>)> {
        let mut file = File::open(self.path(digest))?;
        let mut salt = [0u8; SALT_BYTES];
        let mut bytes = Vec::new();
        let damaged =
            || io::Error::new(io::ErrorKind::InvalidData, format!("damaged file {digest} / 文件 {digest} 已损坏"));
        file.read_exact(&mut salt).map_err(|_| damaged())?;
        file.read_to_end(&mut bytes)?;
        if Digest::of_parts(&[&salt, &bytes]) == *digest { Ok((salt, bytes)) } else { Err(damaged()) }
    }

    /// Looks at a digest without holding the file in memory.
    pub(crate) fn look(&self, digest: &Digest) -> io::Result<OnDisk> {
        let mut file = match File::open(self.path(digest)) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(OnDisk::Missing),
            Err(e) => return Err(e),
        };
        let (found, length) = hash_of(&mut file)?;
        if found == *digest && length >= SALT_BYTES as u64 {
            Ok(OnDisk::Whole(length - SALT_BYTES as u64))
        } else {
            Ok(OnDisk::Damaged)
        }
    }

    /// Removes what lies under a digest; nothing there is fine.
    pub(crate) fn remove(&self, digest: &Digest) -> io::Result<()> {
        match fs::remove_file(self.path(digest)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Every file on disk: its digest when its name is one, its path, and when it was written.
    pub(crate) fn all(&self) -> io::Result<Vec<(Option<Digest>, PathBuf, Timestamp)>> {
        let mut found = Vec::new();
        let mut dirs = vec![self.dir.clone()];
        while let Some(dir) = dirs.pop() {
            let mut here: Vec<_> = fs::read_dir(&dir)?.collect::<Result<_, _>>()?;
            here.sort_by_key(|e| e.file_name());
            for entry in here {
                let meta = entry.metadata()?;
                if meta.is_dir() {
                    dirs.push(entry.path());
                } else {
                    let at = Timestamp::try_from(meta.modified()?).unwrap_or(Timestamp::UNIX_EPOCH);
                    let digest = entry.file_name().to_str().and_then(|n| n.parse().ok());
                    found.push((digest, entry.path(), at));
                }
            }
        }
        Ok(found)
    }
}

/// SHA-256 and length of everything a reader gives.
pub(crate) fn hash_of(reader: &mut dyn Read) -> io::Result<(Digest, u64)> {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0u8; 64 * 1024];
    let mut length = 0u64;
    loop {
        let n = match reader.read(&mut buffer) {
            Ok(0) => return Ok((Digest(hasher.finalize().into()), length)),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hasher.update(&buffer[..n]);
        length += n as u64;
    }
}

/// A file name without any path and without control characters, at most 200 characters.
pub fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    if clean.is_empty() { "file".to_owned() } else { clean }
}

impl Store {
    /// Takes a file in: durable when this returns, to be named by a command within 24 hours.
    ///
    /// The same bytes under the same name from the same person give the same reference again, so that a
    /// form sent twice asks for the same thing; another person's upload never shows.
    ///
    /// Errors: `file.large` above 50 MB, `file.empty`; `Full`.
    pub async fn put_file(
        &self,
        by: Option<PersonId>,
        name: &str,
        media: &str,
        bytes: Vec<u8>,
    ) -> Result<FileRef, StoreError> {
        let name = plain_name(name);
        check_size(&name, bytes.len() as u64)?;
        let by = by.map_or_else(|| "founder".to_owned(), |p| p.to_string());
        let plain = Digest::of(&bytes);
        let media: String = media.chars().filter(|c| !c.is_control()).take(100).collect();
        let now = self.now();
        if let Some(known) = self.put_before(&by, plain, &name, &media, now).await? {
            return Ok(known);
        }
        let length = bytes.len() as u64;
        let (files, salt) = (self.files().clone(), crate::clock::random());
        let digest = tokio::task::spawn_blocking(move || files.write(&salt, &bytes))
            .await
            .map_err(|e| StoreError::World(e.into()))?
            .map_err(write_failed)?;
        let file = FileRef { digest, name, media, bytes: length };
        let mut tx = self.db().begin().await?;
        if let Err(e) = put_row(&mut tx, &file, &by, Some(plain), now).await {
            return Err(tx.failed(e));
        }
        tx.commit().await?;
        Ok(file)
    }

    /// The same upload of the same person, still whole: kept for another 24 hours.
    async fn put_before(
        &self,
        by: &str,
        plain: Digest,
        name: &str,
        media: &str,
        now: Timestamp,
    ) -> Result<Option<FileRef>, StoreError> {
        let row = sqlx::query(
            "SELECT digest, bytes FROM file WHERE put_by = $1 AND plain = $2 AND name = $3 AND media = $4 AND erased_at IS NULL
             ORDER BY put_at LIMIT 1",
        )
        .bind(by)
        .bind(&plain.0[..])
        .bind(name)
        .bind(media)
        .fetch_optional(self.db().readers())
        .await
        .map_err(read_failed)?;
        let Some(row) = row else { return Ok(None) };
        let (digest, bytes) = (crate::ledger::digest(row.get(0)), row.get::<i64, _>(1) as u64);
        let files = self.files().clone();
        let look =
            tokio::task::spawn_blocking(move || files.look(&digest)).await.map_err(|e| StoreError::World(e.into()))?;
        if !matches!(look, Ok(OnDisk::Whole(_))) {
            return Ok(None);
        }
        let mut tx = self.db().begin().await?;
        let kept = sqlx::query("UPDATE file SET put_at = CASE WHEN seq IS NULL THEN $2 ELSE put_at END WHERE digest = $1 AND erased_at IS NULL")
            .bind(&digest.0[..])
            .bind(now.as_microsecond())
            .execute(tx.conn())
            .await;
        let kept = match kept {
            Ok(done) => done.rows_affected() > 0,
            Err(e) => return Err(tx.failed(e)),
        };
        tx.commit().await?;
        Ok(kept.then(|| FileRef { digest, name: name.to_owned(), media: media.to_owned(), bytes }))
    }

    /// The file under a digest, checked whole. `None` when it is unknown or erased by law.
    ///
    /// May be shown only through something the caller may see: this asks nothing about rights.
    ///
    /// Errors: `World` naming the file when its bytes are damaged or gone.
    pub async fn file(&self, digest: &Digest) -> Result<Option<StoredFile>, StoreError> {
        let row = sqlx::query("SELECT name, media, bytes FROM file WHERE digest = $1 AND erased_at IS NULL")
            .bind(&digest.0[..])
            .fetch_optional(self.db().readers())
            .await
            .map_err(read_failed)?;
        let Some(row) = row else { return Ok(None) };
        let length: i64 = row.get(2);
        let file = FileRef { digest: *digest, name: row.get(0), media: row.get(1), bytes: length as u64 };
        let (files, wanted) = (self.files().clone(), *digest);
        let read =
            tokio::task::spawn_blocking(move || files.read(&wanted)).await.map_err(|e| StoreError::World(e.into()))?;
        let (_, bytes) =
            read.map_err(|e| StoreError::World(anyhow::Error::new(e).context(format!("file {digest}"))))?;
        Ok(Some(StoredFile { file, bytes }))
    }

    /// Removes what no entry named within 24 hours, leftovers of broken uploads, and bytes erased by law.
    /// Answers how many files went.
    pub async fn sweep_files(&self) -> Result<u64, StoreError> {
        let before = self.now() - SignedDuration::from_hours(ORPHAN_HOURS);
        let mut tx = self.db().begin().await?;
        let swept = async {
            sqlx::query("DELETE FROM file WHERE seq IS NULL AND put_at < $1")
                .bind(before.as_microsecond())
                .execute(tx.conn())
                .await?;
            sqlx::query("SELECT digest FROM file WHERE erased_at IS NULL").fetch_all(tx.conn()).await
        };
        let kept = match swept.await {
            Ok(rows) => rows.iter().map(|r| crate::ledger::digest(r.get(0))).collect::<std::collections::BTreeSet<_>>(),
            Err(e) => return Err(tx.failed(e)),
        };
        let erased = sqlx::query("SELECT digest FROM file WHERE erased_at IS NOT NULL").fetch_all(tx.conn()).await;
        let erased = match erased {
            Ok(rows) => rows.iter().map(|r| crate::ledger::digest(r.get(0))).collect::<std::collections::BTreeSet<_>>(),
            Err(e) => return Err(tx.failed(e)),
        };
        tx.commit().await?;
        let files = self.files().clone();
        tokio::task::spawn_blocking(move || {
            let mut gone = 0;
            for (digest, path, at) in files.all()? {
                let lawful = digest.is_some_and(|d| erased.contains(&d));
                let known = digest.is_some_and(|d| kept.contains(&d));
                if lawful || (!known && at < before) {
                    fs::remove_file(&path)?;
                    gone += 1;
                }
            }
            Ok(gone)
        })
        .await
        .map_err(|e| StoreError::World(e.into()))?
        .map_err(|e: io::Error| StoreError::World(e.into()))
    }
}

/// The row that knows a durable file.
pub(crate) async fn put_row(
    tx: &mut crate::database::Tx<'_>,
    file: &FileRef,
    by: &str,
    plain: Option<Digest>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO file (digest, name, media, bytes, put_at, put_by, plain) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (digest) DO NOTHING",
    )
    .bind(&file.digest.0[..])
    .bind(&file.name)
    .bind(&file.media)
    .bind(file.bytes as i64)
    .bind(now.as_microsecond())
    .bind(by)
    .bind(plain.map(|p| p.0.to_vec()))
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What a failed write of a file means: no space is a clean refusal.
pub(crate) fn write_failed(error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::World(anyhow::Error::new(error).context("a file could not be written")),
    }
}

/// Refuses a file that is empty or too large.
pub(crate) fn check_size(name: &str, bytes: u64) -> Result<(), StoreError> {
    if bytes == 0 {
        return Err(refuse(
            Why::Wrong,
            "file.empty",
            format!("文件“{name}”是空的，请检查后重新选择"),
            format!("the file “{name}” is empty; check it and choose again"),
        )
        .into());
    }
    if bytes > FILE_BYTES_MAX {
        let (size, max) = (bytes.div_ceil(1024 * 1024), FILE_BYTES_MAX / 1024 / 1024);
        return Err(refuse(
            Why::Wrong,
            "file.large",
            format!("文件“{name}”为 {size} MB，超过上限 {max} MB，请压缩或拆分"),
            format!("the file “{name}” has {size} MB, more than {max} MB; compress or split it"),
        )
        .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_words_and_loses_every_path() {
        for (given, kept) in [
            ("发票.pdf", "发票.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\用户\\表.xlsx", "表.xlsx"),
            (".ssh", "ssh"),
            ("a\r\nb", "ab"),
            ("", "file"),
            ("///", "file"),
        ] {
            assert_eq!(plain_name(given), kept);
        }
        assert_eq!(plain_name(&"长".repeat(300)).chars().count(), 200);
    }
}
