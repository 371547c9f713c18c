//! Standard output. What its reader has seen cannot be taken back, so a report that may have to be written
//! anew waits in a file of its own until it is final. A file, however, can be cut back to where the report
//! begins, and nobody reads the null device.

use crate::error::Error;
use crate::terminal::Harmless;
use rustix::fs::{OFlags, fcntl_getfl};
use std::fs::{self, File, Metadata};
use std::io::{self, IsTerminal, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};

/// What a write that failed means.
pub type Failed = fn(io::Error) -> Error;

/// Standard output, as long as a report is written to it.
pub struct Stdout {
    file: File,
    /// The same, if it is a terminal that must not take orders from what it is shown.
    terminal: Option<Harmless<File>>,
    takes_back: bool,
    /// Where the report begins, if that is a place in a file.
    start: u64,
    /// A report that waits until it is final.
    waiting: Option<File>,
}

impl Stdout {
    /// Looks at what standard output is; whoever writes `for_terminals` has made sure of what these may be shown.
    pub fn open(for_terminals: bool) -> io::Result<Stdout> {
        let mut file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let meta = file.metadata()?;
        let start = if meta.is_file() { file.stream_position()? } else { 0 };
        let takes_back = is_null(&meta) || meta.is_file() && start == meta.len() && !appends(&file);
        let terminal = (file.is_terminal() && !for_terminals).then(|| file.try_clone()).transpose()?.map(Harmless::new);
        Ok(Stdout { file, terminal, takes_back, start, waiting: None })
    }

    /// Where the report goes, which may be written anew unless it is `settled`, and what it means if that fails.
    pub fn begin(&mut self, settled: bool) -> Result<(&mut (dyn Write + Send), Failed), Error> {
        if settled || self.takes_back {
            self.waiting = None;
            self.take_back().map_err(Error::Stdout)?;
            return Ok((self.out(), Error::Stdout));
        }
        Ok((self.waiting.insert(tempfile::tempfile().map_err(no_room)?), no_room))
    }

    fn out(&mut self) -> &mut (dyn Write + Send) {
        match &mut self.terminal {
            Some(terminal) => terminal,
            None => &mut self.file,
        }
    }

    /// Cuts a file back to where the report begins.
    fn take_back(&mut self) -> io::Result<()> {
        if self.takes_back && self.file.metadata()?.is_file() {
            self.file.set_len(self.start)?;
            self.file.seek(SeekFrom::Start(self.start))?;
        }
        Ok(())
    }

    /// Shows a report that was final only now.
    pub fn publish(mut self) -> io::Result<()> {
        if let Some(mut waiting) = self.waiting.take() {
            waiting.rewind()?;
            io::copy(&mut waiting, self.out())?;
        }
        self.out().flush()
    }
}

/// The report could not wait.
fn no_room(error: io::Error) -> Error {
    Error::write(&std::env::temp_dir())(error)
}

/// Whether others may write to the end of the same file.
fn appends(file: &File) -> bool {
    fcntl_getfl(file).is_ok_and(|flags| flags.contains(OFlags::APPEND))
}

fn is_null(meta: &Metadata) -> bool {
    let null = || fs::metadata("/dev/null").map(|null| null.rdev());
    meta.file_type().is_char_device() && null().is_ok_and(|null| null == meta.rdev())
}
