//! From a source to its bytes, with as few calls to the system as is safe.

use super::buffer::Buffer;
use crate::error::cause;
use crate::walk::{Source, is_open_stream};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

/// Reads a source whole, or says why not. A file that was read before is `known` to have so many bytes: the system
/// is not asked what it is, as other bytes are noticed anyway.
pub fn read(source: &Source, limit: u64, known: Option<u64>) -> Result<Buffer, String> {
    let mut buffer = Buffer::new();
    match source {
        Source::Unreadable(unreadable) => return Err(unreadable.reason.clone()),
        Source::Stdin => buffer.read_all(&mut io::stdin().lock(), None, limit).map_err(|error| cause(&error))?,
        Source::File(path) => {
            let mut file = open(path).map_err(|error| cause(&error))?;
            let size = if known.is_some() { known } else { size(&file, path, limit)? };
            buffer.read_all(&mut file, size, limit).map_err(|error| cause(&error))?;
        }
    }
    if buffer.bytes().len() as u64 > limit { Err(too_large(limit)) } else { Ok(buffer) }
}

/// The size of a file that is not too large; none for a stream.
fn size(file: &File, path: &Path, limit: u64) -> Result<Option<u64>, String> {
    let meta = file.metadata().map_err(|error| cause(&error))?;
    if !meta.is_file() && !is_open_stream(path) {
        return Err("no longer a file".to_owned());
    }
    let size = meta.is_file().then_some(meta.len());
    if size.is_some_and(|size| size > limit) { Err(too_large(limit)) } else { Ok(size) }
}

/// A source's file that stays open for the next part that is read of it.
#[derive(Debug, Default)]
pub struct Opened(Option<(usize, File)>);

impl Opened {
    /// Reads some bytes of a file, all of them or none. `index` tells the files apart.
    pub(super) fn read_part(&mut self, index: usize, path: &Path, range: Range<usize>) -> io::Result<Buffer> {
        let file = match self.0.take().filter(|(last, _)| *last == index) {
            Some((_, file)) => file,
            None => open(path)?,
        };
        let mut buffer = Buffer::new();
        buffer.read_exactly(range.len(), |into| read_exactly_at(&file, into, range.start as u64))?;
        self.0 = Some((index, file));
        Ok(buffer)
    }
}

#[cfg(unix)]
fn read_exactly_at(file: &File, into: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

#[cfg(not(unix))]
fn read_exactly_at(mut file: &File, into: &mut [u8], at: u64) -> io::Result<()> {
    io::Seek::seek(&mut file, io::SeekFrom::Start(at))?;
    io::Read::read_exact(&mut file, into)
}

/// Opens without waiting: a FIFO that took a file's place would otherwise hang the run.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    if !is_open_stream(path) {
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options.open(path)
}

fn too_large(limit: u64) -> String {
    format!("larger than {limit} bytes (--max-page-size)")
}
