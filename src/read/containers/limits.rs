//! Readers that count and watch, and pages of bounded size.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Counts what is read.
pub struct Counted<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    pub fn new(inner: R, read: Rc<Cell<u64>>) -> Counted<R> {
        Counted { inner, read }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

/// Notes whether the system fails to read: that says nothing of what is read, which may be whole the next time.
pub struct Watched<R> {
    inner: R,
    has_failed: Rc<Cell<bool>>,
}

impl<R> Watched<R> {
    pub fn new(inner: R, has_failed: Rc<Cell<bool>>) -> Watched<R> {
        Watched { inner, has_failed }
    }

    fn noted<T>(&self, done: io::Result<T>) -> io::Result<T> {
        if done.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            self.has_failed.set(true);
        }
        done
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into);
        self.noted(read)
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.inner.seek(to);
        self.noted(at)
    }
}

/// Gives its error once, then nothing.
pub struct Failing(pub Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Reads a page, and says whether it ended within `limit` bytes. What was read before an error is there, too.
pub fn read_page(input: &mut impl Read, limit: u64) -> (Vec<u8>, io::Result<bool>) {
    let mut bytes = Vec::new();
    match input.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
        Ok(_) => {
            let whole = bytes.len() as u64 <= limit;
            (bytes, Ok(whole))
        }
        Err(error) => (bytes, Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_breaks_off_is_there_as_far_as_it_goes() {
        let mut broken = (&b"One story"[..]).chain(Failing(Some(io::ErrorKind::UnexpectedEof.into())));
        let (bytes, ended) = read_page(&mut broken, 100);
        assert_eq!(bytes, b"One story");
        assert!(ended.is_err());
        assert!(!read_page(&mut &b"One story"[..], 8).1.unwrap());
        assert!(read_page(&mut &b"One story"[..], 9).1.unwrap());
    }
}
