//! Standard output. What its reader has seen cannot be taken back, so a report that may have to be written
//! anew waits in a file of its own until it is final. A file, however, can be cut back to where the report
//! begins, and nobody reads the null device.

use rustix::fs::{OFlags, fcntl_getfl};
use std::fs::{self, File, Metadata};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};

/// Standard output, as long as a report is written to it.
pub struct Stdout {
    file: File,
    takes_back: bool,
    /// Where the report begins, if that is a place in a file.
    start: u64,
    /// A report that waits until it is final.
    waiting: Option<File>,
}

impl Stdout {
    /// Looks at what standard output is.
    pub fn open() -> io::Result<Stdout> {
        let mut file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let meta = file.metadata()?;
        let start = if meta.is_file() { file.stream_position()? } else { 0 };
        let takes_back = is_null(&meta) || meta.is_file() && start == meta.len() && !appends(&file);
        Ok(Stdout { file, takes_back, start, waiting: None })
    }

    /// Where the report goes, which may be written anew unless it is `settled`.
    pub fn begin(&mut self, settled: bool) -> io::Result<&mut File> {
        if settled || self.takes_back {
            self.waiting = None;
            if self.file.metadata()?.is_file() && self.takes_back {
                self.file.set_len(self.start)?;
                self.file.seek(SeekFrom::Start(self.start))?;
            }
            return Ok(&mut self.file);
        }
        Ok(self.waiting.insert(tempfile::tempfile()?))
    }

    /// Shows a report that was final only now.
    pub fn publish(mut self) -> io::Result<()> {
        if let Some(mut waiting) = self.waiting.take() {
            waiting.rewind()?;
            io::copy(&mut waiting, &mut self.file)?;
        }
        self.file.flush()
    }
}

/// Whether others may write to the end of the same file.
fn appends(file: &File) -> bool {
    fcntl_getfl(file).is_ok_and(|flags| flags.contains(OFlags::APPEND))
}

fn is_null(meta: &Metadata) -> bool {
    let null = || fs::metadata("/dev/null").map(|null| null.rdev());
    meta.file_type().is_char_device() && null().is_ok_and(|null| null == meta.rdev())
}
