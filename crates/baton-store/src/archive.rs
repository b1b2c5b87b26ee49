//! Backup and restore: one file that holds everything, verified before it is called a backup.
//!
//! A ZIP archive of `manifest.json`, `baton.db` (a page-consistent copy made while serving) and `files/DIGEST`.
//! Sessions and sign-in failures are not in it: whoever was signed out stays so.

use crate::files::{Files, hash_of};
use crate::folder::{Folder, sync_dir};
use crate::limits::*;
use crate::trouble::*;
use crate::verify::{Recheck, Report, open_reading, verify};
use baton_kernel::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The archive's form.
const ARCHIVE_FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of the archive.
    pub format: u32,
    /// Program that made it.
    pub program: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Last entry.
    pub head_seq: u64,
    /// Its hash: the witness.
    pub head_hash: Digest,
    /// Hash of the replayed state.
    pub state: Digest,
    /// SHA-256 of `baton.db`.
    pub database: Digest,
    /// Its length in bytes.
    pub database_bytes: u64,
    /// Files, by the digest they are stored under.
    pub files: Vec<ManifestFile>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// SHA-256 of salt ‖ bytes: its name in the archive.
    pub digest: Digest,
    /// Length with the salt.
    pub bytes: u64,
}

fn not_sound(what: &Path, report: &Report, code: &'static str) -> Trouble {
    let place = what.display();
    let first = report.findings.iter().find(|f| f.weight == crate::verify::Weight::Fact);
    let (zh, en) = first.map_or((String::new(), String::new()), |f| (f.zh.clone(), f.en.clone()));
    Trouble::new(
        code,
        EXIT_BROKEN,
        format!("{place} 未通过核验：{zh}。请运行 baton verify 查看全部"),
        format!("{place} does not verify: {en}; run baton verify to see everything"),
    )
}

fn bad_archive(file: &Path, why: &dyn std::fmt::Display) -> Trouble {
    let place = file.display();
    Trouble::new(
        "backup.unreadable",
        EXIT_BROKEN,
        format!("{place} 不是完整的备份文件：{why}。请换另一份备份"),
        format!("{place} is not a whole backup: {why}; use another one"),
    )
}

/// Makes a verified backup of a zone, beside whoever serves it. Answers its manifest.
///
/// The archive gets its name only after it was unpacked into an empty folder and verified there.
///
/// Errors: `backup.exists`; `backup.unsound` when the zone itself does not verify; no space.
pub async fn backup(dir: &Path, file: &Path, now: Timestamp, recheck: Recheck<'_>) -> Result<Manifest, Trouble> {
    if file.exists() {
        let place = file.display();
        return Err(Trouble::new(
            "backup.exists",
            EXIT_CONFIG,
            format!("{place} 已存在，不会覆盖；请换一个文件名"),
            format!("{place} exists and is not overwritten; choose another name"),
        ));
    }
    let beside = parent(file);
    fs::create_dir_all(&beside).map_err(|e| Trouble::io(&beside, &e))?;
    let room =
        tempfile::Builder::new().prefix(".baton-backup-").tempdir_in(&beside).map_err(|e| Trouble::io(&beside, &e))?;
    let folder = Folder::at(dir);
    let copy = room.path().join("baton.db");
    snapshot(&folder, &copy).await?;
    let files = named_files(&copy).await?;
    let source = Files::of(&folder);
    let part = room.path().join("archive.zip");
    let (database, database_bytes) = hash_path(&copy)?;
    let listed = pack(&part, &copy, &source, &files)?;
    // The state is that of the copy, unpacked elsewhere and replayed there.
    let trial = room.path().join("trial");
    unpack_parts(&part, &trial, &listed, database, database_bytes)?;
    let report = verify(&trial, None, recheck).await?;
    let (true, Some(state)) = (report.facts_intact(), report.state) else {
        return Err(not_sound(dir, &report, "backup.unsound"));
    };
    let manifest = Manifest {
        format: ARCHIVE_FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        head_seq: report.head_seq,
        head_hash: report.head_hash,
        state,
        database,
        database_bytes,
        files: listed,
    };
    add_manifest(&part, &manifest)?;
    // Read back once more, as restore will.
    if read_manifest(&part)? != manifest {
        return Err(bad_archive(&part, &"manifest"));
    }
    let named = || {
        File::open(&part)?.sync_all()?;
        fs::rename(&part, file)?;
        sync_dir(&beside)
    };
    named().map_err(|e| Trouble::io(file, &e))?;
    Ok(manifest)
}

/// Restores a backup into an empty folder (or one that does not exist yet), verified before it stands there.
///
/// Errors: `restore.occupied` when anything lies in the folder; `backup.unreadable`, `backup.unsound`.
pub async fn restore(file: &Path, dir: &Path, recheck: Recheck<'_>) -> Result<Report, Trouble> {
    let occupied = match fs::read_dir(dir) {
        Ok(mut found) => found.next().is_some(),
        Err(e) if e.kind() == io::ErrorKind::NotFound => false,
        Err(e) => return Err(Trouble::io(dir, &e)),
    };
    if occupied {
        let place = dir.display();
        return Err(Trouble::new(
            "restore.occupied",
            EXIT_CONFIG,
            format!("{place} 不是空目录；恢复只写入空目录，请换一个目录"),
            format!("{place} is not empty; a backup is restored into an empty folder only, choose another"),
        ));
    }
    let manifest = read_manifest(file)?;
    let beside = parent(dir);
    fs::create_dir_all(&beside).map_err(|e| Trouble::io(&beside, &e))?;
    let room =
        tempfile::Builder::new().prefix(".baton-restore-").tempdir_in(&beside).map_err(|e| Trouble::io(&beside, &e))?;
    let trial = room.path().join("zone");
    unpack_parts(file, &trial, &manifest.files, manifest.database, manifest.database_bytes)?;
    let mut report = verify(&trial, Some(manifest.head_hash), recheck).await?;
    let same_head = report.head_seq == manifest.head_seq && report.head_hash == manifest.head_hash;
    if !report.facts_intact() || !same_head {
        return Err(not_sound(file, &report, "backup.unsound"));
    }
    if report.state != Some(manifest.state) {
        // The facts are whole; another program may rightly derive another state from them.
        report.state_differs(manifest.head_seq, &manifest.program);
    }
    // Leftovers of reading the copy are not part of it.
    for extra in ["baton.db-wal", "baton.db-shm"] {
        let _ = fs::remove_file(trial.join(extra));
    }
    let placed = || {
        if dir.exists() {
            fs::remove_dir(dir)?;
        }
        fs::rename(&trial, dir)?;
        sync_dir(&beside)
    };
    placed().map_err(|e| Trouble::io(dir, &e))?;
    Ok(report)
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// A page-consistent copy of the database, without sessions, waiting times and expired previews.
async fn snapshot(folder: &Folder, copy: &Path) -> Result<(), Trouble> {
    drop(open_reading(folder).await?);
    let path = folder.database();
    let wrong = |e: sqlx::Error| Trouble::database(&path, &e);
    let mut conn = SqliteConnectOptions::new()
        .filename(&path)
        .read_only(true)
        .busy_timeout(std::time::Duration::from_millis(BUSY_WAIT_MS.into()))
        .disable_statement_logging()
        .connect()
        .await
        .map_err(wrong)?;
    let target = copy.to_str().ok_or_else(|| bad_archive(copy, &"path"))?;
    sqlx::query("VACUUM INTO $1").bind(target).execute(&mut conn).await.map_err(wrong)?;
    conn.close().await.map_err(wrong)?;
    let wrong = |e: sqlx::Error| Trouble::database(copy, &e);
    let mut conn = SqliteConnectOptions::new()
        .filename(copy)
        .pragma("secure_delete", "ON")
        .disable_statement_logging()
        .connect()
        .await
        .map_err(wrong)?;
    sqlx::raw_sql("DELETE FROM session; DELETE FROM throttle; DELETE FROM instance")
        .execute(&mut conn)
        .await
        .map_err(wrong)?;
    conn.close().await.map_err(wrong)
}

/// The files a database names: those that are not erased.
async fn named_files(database: &Path) -> Result<Vec<Digest>, Trouble> {
    let wrong = |e: sqlx::Error| Trouble::database(database, &e);
    let mut conn: SqliteConnection = SqliteConnectOptions::new()
        .filename(database)
        .read_only(true)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(wrong)?;
    let rows = sqlx::query_as::<_, (Vec<u8>,)>("SELECT digest FROM file WHERE erased_at IS NULL ORDER BY digest")
        .fetch_all(&mut conn)
        .await
        .map_err(wrong)?;
    conn.close().await.map_err(wrong)?;
    Ok(rows.iter().map(|(d,)| crate::ledger::digest(d)).collect())
}

fn hash_path(path: &Path) -> Result<(Digest, u64), Trouble> {
    let mut file = File::open(path).map_err(|e| Trouble::io(path, &e))?;
    hash_of(&mut file).map_err(|e| Trouble::io(path, &e))
}

/// Writes database and files into an archive that has no manifest yet.
fn pack(part: &Path, database: &Path, source: &Files, files: &[Digest]) -> Result<Vec<ManifestFile>, Trouble> {
    let io = |e: io::Error| Trouble::io(part, &e);
    let zipped = |e: zip::result::ZipError| Trouble::io(part, &io::Error::other(e));
    let out = OpenOptions::new().write(true).read(true).create_new(true).mode(0o600).open(part).map_err(io)?;
    let mut zip = ZipWriter::new(out);
    let options = SimpleFileOptions::default().unix_permissions(0o600).large_file(true);
    zip.start_file("baton.db", options.compression_method(CompressionMethod::Deflated)).map_err(zipped)?;
    let mut file = File::open(database).map_err(|e| Trouble::io(database, &e))?;
    io::copy(&mut file, &mut zip).map_err(io)?;
    let mut listed = Vec::with_capacity(files.len());
    for digest in files {
        let path = source.path(digest);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            // Named all the same: the trial's verification says by what entry.
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Trouble::io(&path, &e)),
        };
        zip.start_file(format!("files/{digest}"), options.compression_method(CompressionMethod::Stored))
            .map_err(zipped)?;
        let bytes = io::copy(&mut file, &mut zip).map_err(io)?;
        listed.push(ManifestFile { digest: *digest, bytes });
    }
    zip.finish().map_err(zipped)?;
    Ok(listed)
}

fn add_manifest(part: &Path, manifest: &Manifest) -> Result<(), Trouble> {
    let io = |e: io::Error| Trouble::io(part, &e);
    let zipped = |e: zip::result::ZipError| Trouble::io(part, &io::Error::other(e));
    let out = OpenOptions::new().read(true).write(true).open(part).map_err(io)?;
    let mut zip = ZipWriter::new_append(out).map_err(zipped)?;
    let options = SimpleFileOptions::default().unix_permissions(0o600).compression_method(CompressionMethod::Deflated);
    zip.start_file("manifest.json", options).map_err(zipped)?;
    let text = serde_json::to_vec_pretty(manifest).map_err(|e| bad_archive(part, &e))?;
    zip.write_all(&text).map_err(io)?;
    zip.finish().map_err(zipped)?;
    Ok(())
}

/// What a backup says of itself.
///
/// Errors: `backup.unreadable`; `backup.newer` for a form this program does not know.
pub fn read_manifest(file: &Path) -> Result<Manifest, Trouble> {
    let archive = File::open(file).map_err(|e| Trouble::io(file, &e))?;
    let mut zip = ZipArchive::new(archive).map_err(|e| bad_archive(file, &e))?;
    let part = zip.by_name("manifest.json").map_err(|e| bad_archive(file, &e))?;
    let mut text = Vec::new();
    part.take(MANIFEST_BYTES_MAX).read_to_end(&mut text).map_err(|e| bad_archive(file, &e))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|e| bad_archive(file, &e))?;
    if manifest.format > ARCHIVE_FORMAT {
        let (place, found) = (file.display(), manifest.format);
        return Err(Trouble::new(
            "backup.newer",
            EXIT_CONFIG,
            format!("{place} 的格式为第 {found} 版，本程序只认识到第 {ARCHIVE_FORMAT} 版；请使用较新的程序"),
            format!("{place} has form {found}, this program knows up to {ARCHIVE_FORMAT}; use a newer program"),
        ));
    }
    Ok(manifest)
}

/// Unpacks what the manifest lists, and nothing else, into a new folder; every part is checked by its hash.
fn unpack_parts(
    archive: &Path,
    into: &Path,
    files: &[ManifestFile],
    database: Digest,
    database_bytes: u64,
) -> Result<(), Trouble> {
    let io = |e: io::Error| Trouble::io(into, &e);
    let folder = Folder::at(into);
    let open = File::open(archive).map_err(|e| Trouble::io(archive, &e))?;
    let mut zip = ZipArchive::new(open).map_err(|e| bad_archive(archive, &e))?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder.files()).map_err(io)?;
    unpack(archive, &mut zip, "baton.db", &folder.database(), database, database_bytes)?;
    let places = Files::of(&folder);
    for file in files {
        let path = places.path(&file.digest);
        let shelf = parent(&path);
        DirBuilder::new().recursive(true).mode(0o700).create(&shelf).map_err(io)?;
        unpack(archive, &mut zip, &format!("files/{}", file.digest), &path, file.digest, file.bytes)?;
    }
    sync_dir(&folder.files()).and_then(|()| sync_dir(into)).map_err(io)
}

fn unpack<R: Read + Seek>(
    archive: &Path,
    zip: &mut ZipArchive<R>,
    name: &str,
    to: &Path,
    digest: Digest,
    bytes: u64,
) -> Result<(), Trouble> {
    let part = zip.by_name(name).map_err(|e| bad_archive(archive, &format!("{name}: {e}")))?;
    let mut out = OpenOptions::new()
        .write(true)
        .read(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(|e| Trouble::io(to, &e))?;
    // One byte more than said is enough to notice a lie.
    let copied =
        io::copy(&mut part.take(bytes + 1), &mut out).map_err(|e| bad_archive(archive, &format!("{name}: {e}")))?;
    out.sync_all().and_then(|()| out.rewind()).map_err(|e| Trouble::io(to, &e))?;
    let (found, _) = hash_of(&mut out).map_err(|e| Trouble::io(to, &e))?;
    if copied != bytes || found != digest {
        return Err(bad_archive(archive, &format!("{name} ≠ SHA-256 {}", digest.short())));
    }
    Ok(())
}
