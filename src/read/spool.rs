//! Pages that cannot be read again as they are, because they were expanded or taken out of a container, and find no
//! room in memory: they stand in one temporary file.
//!
//! The file has no name, so that nothing of it stays behind however the run ends. It is made when it is needed first,
//! in the system's folder for temporary files (`TMPDIR`).

use super::buffer::Buffer;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// A temporary file to which several threads append.
#[derive(Debug, Default)]
pub struct Spool {
    file: OnceLock<File>,
    end: AtomicU64,
    failed: AtomicBool,
}

impl Spool {
    /// Appends bytes and says where they stand.
    pub fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        self.try_append(bytes).inspect_err(|_| self.failed.store(true, Relaxed))
    }

    /// Whether something could not be appended.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Relaxed)
    }

    fn try_append(&self, bytes: &[u8]) -> io::Result<u64> {
        let file = match self.file.get() {
            Some(file) => file,
            None => {
                let new = tempfile::tempfile()?;
                self.file.get_or_init(|| new)
            }
        };
        let at = self.end.fetch_add(bytes.len() as u64, Relaxed);
        file.write_all_at(bytes, at)?;
        Ok(at)
    }

    /// Reads bytes that were appended.
    pub fn read(&self, range: Range<u64>) -> io::Result<Buffer> {
        let file = self.file.get().ok_or(io::ErrorKind::NotFound)?;
        let mut buffer = Buffer::new();
        buffer.read_exactly((range.end - range.start) as usize, |into| file.read_exact_at(into, range.start))?;
        Ok(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_read_again() {
        let spool = Spool::default();
        assert!(spool.read(0..1).is_err());
        let (one, two) = (spool.append(b"one").unwrap(), spool.append(b"three").unwrap());
        assert_eq!(spool.read(two..two + 5).unwrap().bytes(), b"three");
        assert_eq!(spool.read(one + 1..one + 3).unwrap().bytes(), b"ne");
    }
}
