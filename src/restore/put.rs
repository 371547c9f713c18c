//! One page → one file below a folder. No symbolic link below that folder is followed.
//!
//! A page is written to a file in a folder of drafts and gets its name when it is whole. As no name leads from one file
//! system to another, each file system that is mounted below has such a folder of its own, in its outermost folder.

use super::told;
use crate::archive::{Archive, Entry};
use crate::model::Digest;
use crate::output::mount::Mount;
use crate::output::{Draft, Scratch};
use rustc_hash::FxHashMap;
use rustix::fs::{AtFlags, FileType, Mode, OFlags, linkat, mkdirat, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

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

/// Why a page is not written.
const ANOTHER: &str = "another file has its name (--force replaces it)";
/// A folder that is to be opened, and no link to one.
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The folder that is restored to.
pub struct Folder {
    path: PathBuf,
    root: File,
    /// Where files are made, on each file system.
    drafts: Mutex<FxHashMap<Mount, Arc<Draft>>>,
    made: AtomicU64,
    scratch: Scratch,
}

impl Folder {
    /// Opens a folder, with one in it for files that are not whole yet.
    pub fn open(path: &Path, draft: Draft, scratch: &Scratch) -> io::Result<Folder> {
        let drafts = Mutex::new(FxHashMap::from_iter([(Mount::of(draft.file())?, Arc::new(draft))]));
        let (path, root, made) = (path.to_owned(), File::open(path)?, AtomicU64::new(0));
        Ok(Folder { path, root, drafts, made, scratch: scratch.clone() })
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
                _ if !force => return Err(ANOTHER.to_owned()),
                _ => {}
            },
        }
        let made = self.made.fetch_add(1, Relaxed).to_string();
        let drafts = self.drafts(folders, &folder)?;
        let put = make(drafts.file(), &made, archive, entry).and_then(|()| {
            let from = (drafts.file(), &made[..]);
            if force { rename(from, (&folder, name)) } else { link(from, (&folder, name), entry) }
        });
        if put.is_err() || !force {
            let _ = unlinkat(drafts.file(), &made, AtFlags::empty());
        }
        put
    }

    /// Where files are made that are to be named in a folder.
    fn drafts(&self, path: &[u8], folder: &OwnedFd) -> Result<Arc<Draft>, String> {
        let mount = Mount::of(folder).map_err(told)?;
        let mut all = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(drafts) = all.get(&mount) {
            return Ok(Arc::clone(drafts));
        }
        let mut above = memchr::memchr_iter(b'/', path).map(|slash| &path[..slash]);
        let is_on_it = |above: &&[u8]| self.folder(above).is_ok_and(|above| Mount::of(above).ok() == Some(mount));
        let outermost = above.find(is_on_it).unwrap_or(path);
        let draft = Draft::inside(&self.path.join(OsStr::from_bytes(outermost)), &self.scratch);
        let drafts = Arc::new(draft.map_err(|error| error.to_string())?);
        all.insert(mount, Arc::clone(&drafts));
        Ok(drafts)
    }

    /// Opens a folder below the root, part by part, and makes what is not there.
    fn folder(&self, path: &[u8]) -> Result<OwnedFd, String> {
        let mut folder: OwnedFd = self.root.try_clone().map_err(told)?.into();
        for part in path.split(|&byte| byte == b'/').filter(|part| !part.is_empty()) {
            let part = OsStr::from_bytes(part);
            let opened = match openat(&folder, part, FOLDER, Mode::empty()) {
                Err(Errno::NOENT) => {
                    match mkdirat(&folder, part, Mode::from_raw_mode(0o777)) {
                        Ok(()) | Err(Errno::EXIST) => {}
                        Err(error) => return Err(told(error)),
                    }
                    openat(&folder, part, FOLDER, Mode::empty())
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
        let all = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().try_for_each(|drafts| crate::output::sync(drafts.file(), true))
    }
}

/// Writes a page to a file that does not have its name yet.
fn make(drafts: &File, made: &str, archive: &Archive, entry: &Entry) -> Result<(), String> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(drafts, made, flags, Mode::from_raw_mode(0o666)).map_err(told)?;
    let mut file = io::BufWriter::with_capacity(CHUNK, File::from(file));
    archive.rebuild(entry, &mut |bytes| file.write_all(bytes)).map_err(|damage| damage.to_string())?;
    file.flush().map_err(told)
}

/// Gives a file its name, whatever has it.
fn rename(from: (&File, &str), to: (&OwnedFd, &OsStr)) -> Result<Put, String> {
    renameat(from.0, from.1, to.0, to.1).map_err(told)?;
    Ok(Put::Written)
}

/// Gives a file its name; nothing is replaced. Another run may have written the same page by now.
fn link(from: (&File, &str), to: (&OwnedFd, &OsStr), entry: &Entry) -> Result<Put, String> {
    match linkat(from.0, from.1, to.0, to.1, AtFlags::empty()) {
        Ok(()) => Ok(Put::Written),
        Err(Errno::EXIST) if holds(to.0, to.1, entry) => Ok(Put::There),
        Err(Errno::EXIST) => Err(ANOTHER.to_owned()),
        // A file system without hard links.
        Err(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS) => rename(from, to),
        Err(error) => Err(told(error)),
    }
}

/// Whether a file holds a page already.
fn holds(folder: &OwnedFd, name: &OsStr, entry: &Entry) -> bool {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = openat(folder, name, flags, Mode::empty());
    opened.is_ok_and(|file| digest_of_file(file.into()).is_ok_and(|digest| digest == entry.sha256))
}

/// SHA-256 of a file.
pub fn digest_of_file(mut file: File) -> io::Result<Digest> {
    let (mut digest, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(Digest(digest.finalize().into())),
            count => digest.update(&chunk[..count]),
        }
    }
}
