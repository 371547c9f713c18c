//! Files for what is read from files: each thread has a folder of its own, where files are replaced again and again.

use std::cell::LazyCell;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use tempfile::TempDir;

thread_local! {
    static FOLDER: LazyCell<TempDir> = LazyCell::new(|| TempDir::new().expect("a folder for temporary files"));
}

/// The folder of this thread.
pub fn folder() -> PathBuf {
    FOLDER.with(|folder| folder.path().to_owned())
}

/// Writes a file there, over the one that had its name.
pub fn put(name: &[u8], bytes: &[u8]) -> PathBuf {
    let path = folder().join(OsStr::from_bytes(name));
    fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path
}
