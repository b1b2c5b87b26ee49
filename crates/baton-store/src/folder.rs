//! The zone's folder: its layout, its lock, and the file systems it may lie on.
//!
//! `DIR/baton.db` (with `-wal`, `-shm`), `DIR/files/ab/abcdef…`, `DIR/lock`. One process at a time writes.

use crate::trouble::{EXIT_CONFIG, EXIT_IN_USE, Trouble};
use rustix::fs::{FlockOperation, flock};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Where things lie in a zone's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at `root`, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Folder {
        Folder { root: root.into() }
    }
    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }
    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.root.join("baton.db")
    }
    /// Content-addressed files.
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }
    /// The lock.
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }
    /// The local socket on which a serving process takes commands of the command line.
    pub fn socket(&self) -> PathBuf {
        self.root.join("socket")
    }
    /// Whether a zone's database lies here.
    pub fn holds_a_zone(&self) -> bool {
        self.database().exists()
    }

    /// Makes the folder, readable by its owner alone, if it is not there.
    pub(crate) fn make(&self) -> Result<(), Trouble> {
        for dir in [self.root.clone(), self.files()] {
            DirBuilder::new().recursive(true).mode(0o700).create(&dir).map_err(|e| Trouble::io(&dir, &e))?;
        }
        Ok(())
    }

    /// Refuses a network file system: locks and fsync cannot be trusted there (F21).
    pub(crate) fn refuse_network(&self) -> Result<(), Trouble> {
        let found = rustix::fs::statfs(&self.root)
            .map_err(|e| Trouble::io(&self.root, &std::io::Error::from(e)))?
            .f_type as u64;
        match network_name(found) {
            None => Ok(()),
            Some(name) => {
                let place = self.root.display();
                Err(Trouble::new(
                    "folder.network",
                    EXIT_CONFIG,
                    format!("{place} 位于网络文件系统（{name}），断电时不能保证数据完整；请改用本机磁盘"),
                    format!(
                        "{place} lies on a network file system ({name}), which cannot keep what is written; use a local disk"
                    ),
                ))
            }
        }
    }
}

/// The name of a network file system by its `statfs` magic; `None` for anything else.
fn network_name(magic: u64) -> Option<&'static str> {
    match magic as u32 {
        0x6969 => Some("NFS"),
        0x517B => Some("SMB"),
        0xFF53_4D42 => Some("CIFS"),
        0xFE53_4D42 => Some("SMB2"),
        0x5346_414F | 0x6B41_4653 => Some("AFS"),
        0x7375_7245 => Some("CODA"),
        0x564C => Some("NCP"),
        0x00C3_6400 => Some("CEPH"),
        0x0BD0_0BD0 => Some("LUSTRE"),
        0x0116_1970 => Some("GFS2"),
        _ => None,
    }
}

/// The lock of a folder, held until dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock and writes who holds it.
    ///
    /// Errors: `folder.in_use` (75) when another process holds it, with what that process wrote.
    pub fn take(folder: &Folder, holder: &str) -> Result<Lock, Trouble> {
        let path = folder.lock();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|e| Trouble::io(&path, &e))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let mut other = String::new();
            let _ = file.read_to_string(&mut other);
            let (place, other) = (folder.root().display(), other.trim().to_owned());
            return Err(Trouble::new(
                "folder.in_use",
                EXIT_IN_USE,
                format!("{place} 正由另一进程使用（{other}）；请先停止它，或通过它办理"),
                format!("{place} is in use by another process ({other}); stop it first, or ask it"),
            ));
        }
        let write = |file: &mut File| -> std::io::Result<()> {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{holder}")
        };
        write(&mut file).map_err(|e| Trouble::io(&path, &e))?;
        Ok(Lock { file })
    }

    /// Whether some process holds the folder's lock now.
    pub fn is_held(folder: &Folder) -> bool {
        let Ok(file) = File::open(folder.lock()) else { return false };
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => {
                let _ = flock(&file, FlockOperation::Unlock);
                false
            }
            Err(_) => true,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

/// Makes a directory's own entries durable.
pub(crate) fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_and_local_ones_pass() {
        assert_eq!(network_name(0x6969), Some("NFS"));
        assert_eq!(network_name(0xFF53_4D42), Some("CIFS"));
        for local in [0xEF53, 0x0102_1994, 0x5846_5342, 0x9123_683E, 0x794C_7630] {
            assert_eq!(network_name(local), None);
        }
    }

    #[test]
    fn a_lock_is_held_once_and_freed_when_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path());
        let lock = Lock::take(&folder, "pid 1").unwrap();
        assert!(Lock::is_held(&folder));
        let second = Lock::take(&folder, "pid 2").unwrap_err();
        assert_eq!((second.code, second.exit), ("folder.in_use", EXIT_IN_USE));
        assert!(second.en.contains("pid 1"), "{second}");
        drop(lock);
        assert!(!Lock::is_held(&folder));
        Lock::take(&folder, "pid 2").unwrap();
    }
}
