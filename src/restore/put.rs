//! One page → one file below a folder. No symbolic link below that folder is followed.

use super::told;
use crate::archive::{Archive, Entry};
use crate::model::Digest;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, linkat, mkdirat, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bytes of a file that are read or written at once.
const CHUNK: usize = 1 << 16;

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was written.
    Written,
    /// It was there already.
    There,
}

/// The folder that is restored to.
pub struct Folder {
    root: File,
    /// In it, where files are made.
    beside: OwnedFd,
    made: AtomicU64,
}

impl Folder {
    /// Opens a folder, and one in it for files that are not whole yet.
    pub fn open(root: &Path, beside: &Path) -> io::Result<Folder> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let beside = openat(CWD, beside, flags, Mode::empty())?;
        Ok(Folder { root: File::open(root)?, beside, made: AtomicU64::new(0) })
    }

    /// Writes a page to its place, unless something else is there; `force` replaces another file.
    pub fn put(&self, path: &[u8], archive: &Archive, entry: &Entry, force: bool) -> Result<Put, String> {
        let (folders, name) = match memchr::memrchr(b'/', path) {
            Some(slash) => (&path[..slash], &path[slash + 1..]),
            None => (&path[..0], path),
        };
        let folder = self.folder(folders)?;
        let name = OsStr::from_bytes(name);
        match statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => {}
            Err(error) => return Err(told(error)),
            Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile if stat.st_size as u64 == entry.size && holds(&folder, name, entry) => {
                    return Ok(Put::There);
                }
                FileType::Directory => return Err("a folder has its name".to_owned()),
                _ if !force => return Err("another file has its name (--force replaces it)".to_owned()),
                _ => {}
            },
        }
        let made = self.made.fetch_add(1, Relaxed).to_string();
        let put = self.make(&made, archive, entry).and_then(|()| self.name(&made, &folder, name, force));
        if put.is_err() || !force {
            let _ = unlinkat(&self.beside, &made, AtFlags::empty());
        }
        put.map(|()| Put::Written)
    }

    /// Writes a page to a file that does not have its name yet.
    fn make(&self, made: &str, archive: &Archive, entry: &Entry) -> Result<(), String> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&self.beside, made, flags, Mode::from_raw_mode(0o666)).map_err(told)?;
        let mut file = io::BufWriter::with_capacity(CHUNK, File::from(file));
        archive.rebuild(entry, &mut |bytes| file.write_all(bytes)).map_err(|damage| damage.to_string())?;
        file.flush().map_err(told)
    }

    /// Gives a file its name; nothing is replaced but by force.
    fn name(&self, made: &str, folder: &OwnedFd, name: &OsStr, force: bool) -> Result<(), String> {
        if force {
            return renameat(&self.beside, made, folder, name).map_err(told);
        }
        match linkat(&self.beside, made, folder, name, AtFlags::empty()) {
            Err(Errno::EXIST) => Err("another file has its name (--force replaces it)".to_owned()),
            // A file system without hard links.
            Err(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS) => {
                renameat(&self.beside, made, folder, name).map_err(told)
            }
            linked => linked.map_err(told),
        }
    }

    /// Opens a folder below the root, part by part, and makes what is not there.
    fn folder(&self, path: &[u8]) -> Result<OwnedFd, String> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut folder: OwnedFd = self.root.try_clone().map_err(told)?.into();
        for part in path.split(|&byte| byte == b'/').filter(|part| !part.is_empty()) {
            let part = OsStr::from_bytes(part);
            let opened = match openat(&folder, part, flags, Mode::empty()) {
                Err(Errno::NOENT) => {
                    match mkdirat(&folder, part, Mode::from_raw_mode(0o777)) {
                        Ok(()) | Err(Errno::EXIST) => {}
                        Err(error) => return Err(told(error)),
                    }
                    openat(&folder, part, flags, Mode::empty())
                }
                opened => opened,
            };
            folder = opened.map_err(|error| match error {
                Errno::LOOP | Errno::NOTDIR => "a file or a link stands where its folder should be".to_owned(),
                error => told(error),
            })?;
        }
        Ok(folder)
    }

    /// Makes sure that what was written survives a power cut.
    pub fn sync(&self) -> io::Result<()> {
        crate::output::sync(&self.root, true)
    }
}

/// Whether a file holds a page already.
fn holds(folder: &OwnedFd, name: &OsStr, entry: &Entry) -> bool {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = openat(folder, name, flags, Mode::empty());
    opened.is_ok_and(|file| digest_of(file.into()).is_ok_and(|digest| digest == entry.sha256))
}

/// SHA-256 of a file.
pub fn digest_of(mut file: File) -> io::Result<Digest> {
    let (mut digest, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(Digest(digest.finalize().into())),
            count => digest.update(&chunk[..count]),
        }
    }
}
