//! From a source to its bytes, with as few calls to the system as is safe.

use super::buffer::Buffer;
use super::containers::Input;
use super::shape::{HEAD, Shape};
use super::state::{Begun, Stamp};
use crate::error::cause;
use crate::walk::{Source, is_open_stream};
use std::fs::File;
use std::io::{self, Seek};
use std::ops::Range;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// Larger files are looked at before they are read whole, in bytes.
const LARGE: u64 = 4 << 20;

/// What a file turned out to be.
pub enum First {
    /// One page.
    Page(Buffer, Shape, Begun),
    /// Something to be opened, from its first byte on.
    Container {
        /// The file.
        file: File,
        /// Whether it is worth the work of all threads.
        large: bool,
        /// What it was before it was read.
        begun: Begun,
    },
}

/// Reads a file that is a page, or says why not. `recognise` tells by the first bytes what it is.
pub fn read_first(path: &Path, limit: u64, recognise: impl Fn(&[u8]) -> Shape) -> Result<First, String> {
    let mut file = open(path).map_err(|error| cause(&error))?;
    let meta = file.metadata().map_err(|error| cause(&error))?;
    if !meta.is_file() {
        return Err("no longer a file".to_owned());
    }
    let (size, begun) = (meta.len(), Begun::now(Stamp::of(&meta)));
    let mut buffer = Buffer::new();
    if size > LARGE {
        buffer.read_exactly(HEAD, |into| file.read_exact_at(into, 0)).map_err(|error| cause(&error))?;
        if !recognise(buffer.bytes()).is_page() {
            return Ok(First::Container { file, large: true, begun });
        }
        buffer = Buffer::new();
    }
    if size > limit && size > LARGE {
        return Err(too_large(limit));
    }
    buffer.read_all(&mut file, Some(size), limit.max(LARGE)).map_err(|error| cause(&error))?;
    let shape = recognise(&buffer.bytes()[..buffer.bytes().len().min(HEAD)]);
    if !shape.is_page() {
        file.rewind().map_err(|error| cause(&error))?;
        return Ok(First::Container { file, large: false, begun });
    }
    if buffer.bytes().len() as u64 > limit { Err(too_large(limit)) } else { Ok(First::Page(buffer, shape, begun)) }
}

/// Reads a file again that had so many bytes: the system is not asked what it is, as other bytes are noticed anyway.
pub fn read_again(path: &Path, size: u64) -> io::Result<Buffer> {
    let mut buffer = Buffer::new();
    buffer.read_all(&mut open(path)?, Some(size), size)?;
    Ok(buffer)
}

/// Opens a source that is no page by itself.
pub fn open_container(source: &Source) -> io::Result<Input> {
    match source {
        Source::File(path) if is_open_stream(path) => Ok(Input::Stream(Box::new(open(path)?))),
        Source::File(path) => Ok(Input::File(open(path)?)),
        _ => Ok(Input::Stream(Box::new(io::stdin()))),
    }
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
        buffer.read_exactly(range.len(), |into| file.read_exact_at(into, range.start as u64))?;
        self.0 = Some((index, file));
        Ok(buffer)
    }
}

/// Opens without waiting: a FIFO that took a file's place would otherwise hang the run.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    if !is_open_stream(path) {
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options.open(path)
}

/// Why a page is left out that is larger than the limit, in bytes.
pub fn too_large(limit: u64) -> String {
    format!("larger than {limit} bytes (--max-page-size)")
}
