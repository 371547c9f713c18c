//! Which file system something is on. No name leads from one to another, and a place where one begins has a name that
//! nobody can take.

use crate::error::{Error, quoted};
use rustix::fs::{AtFlags, CWD, statat};
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

/// A file system, as it is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mount {
    /// The number of the file system, as the system widens it.
    device: u64,
    /// The number of the mount, where the system tells it: one file system may be mounted at several places.
    id: Option<u64>,
}

impl Mount {
    /// The one of an open folder.
    pub fn of(folder: impl AsFd) -> io::Result<Mount> {
        Mount::at(folder, Path::new("."))
    }

    /// The one of what stands at a path, seen from a folder.
    #[allow(clippy::unnecessary_cast, reason = "the type is another one elsewhere")]
    fn at(folder: impl AsFd, path: &Path) -> io::Result<Mount> {
        let device = statat(&folder, path, AtFlags::empty())?.st_dev as u64;
        Ok(Mount { device, id: id(folder, path) })
    }
}

/// Linux tells it from 5.8 on.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn id(folder: impl AsFd, path: &Path) -> Option<u64> {
    use rustix::fs::{StatxFlags, statx};
    let found = statx(folder, path, AtFlags::empty(), StatxFlags::MNT_ID).ok()?;
    StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::MNT_ID).then_some(found.stx_mnt_id)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn id(_: impl AsFd, _: &Path) -> Option<u64> {
    None
}

/// Refuses to replace a file or a folder at which a file system is mounted: it has to keep its name.
pub fn refuse(path: &Path) -> Result<(), Error> {
    if !is_mount_point(path) {
        return Ok(());
    }
    let path_is = format!("{} is a mount point and cannot be replaced", quoted(path));
    Err(Error::Usage(if path.is_dir() {
        format!("{path_is}; give a folder in it: -o {}", quoted(&path.join("newsdedup")))
    } else {
        format!("{path_is}; mount its folder instead")
    }))
}

/// Whether a file or folder is on another file system than its folder.
fn is_mount_point(path: &Path) -> bool {
    let real = path.canonicalize().ok().filter(|_| !super::is_stream(path));
    let Some((real, parent)) = real.as_ref().and_then(|real| Some((real, real.parent()?))) else { return false };
    match [real, parent].map(|path| Mount::at(CWD, path)) {
        // Some file systems give folders in them numbers of their own.
        [Ok(Mount { id: Some(own), .. }), Ok(Mount { id: Some(above), .. })] => own != above,
        [Ok(own), Ok(above)] => own.device != above.device,
        _ => false,
    }
}
