//! Readers that count, and that stop where a stream grows beyond measure.

use crate::error::cause;
use std::cell::Cell;
use std::io::{self, Read};
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

/// Gives its error once, then nothing.
pub struct Failing(pub Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// So many bytes may come out of anything that is compressed.
const FREE: u64 = 1 << 30;
/// Beyond that, at most so many for each byte that went in. Text shrinks to a third or a tenth, and a corpus of
/// nothing but copies to a hundredth; a file made to fill a disk, to a ten-thousandth.
const RATIO: u64 = 1000;

/// Stops a stream that expands beyond measure, and says of an error what is damaged.
pub struct Expanding<R> {
    inner: R,
    what: &'static str,
    out: u64,
    /// Bytes that went in, all told.
    read: Rc<Cell<u64>>,
}

impl<R> Expanding<R> {
    pub fn new(inner: R, what: &'static str, read: Rc<Cell<u64>>) -> Expanding<R> {
        Expanding { inner, what, out: 0, read }
    }
}

impl<R> Expanding<R> {
    fn named(&self, error: io::Error) -> io::Error {
        match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, format!("damaged {}: {}", self.what, cause(&error))),
        }
    }
}

impl<R: Read> Read for Expanding<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into).map_err(|error| self.named(error))?;
        self.out += count as u64;
        if self.out > FREE && self.out > RATIO.saturating_mul(self.read.get()) {
            return Err(io::Error::other(format!("expands to more than {RATIO} times its size; expand it yourself")));
        }
        Ok(count)
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
    fn a_stream_that_expands_beyond_measure_is_stopped() {
        let read = Rc::new(Cell::new(1 << 20));
        let mut bomb = Expanding::new(io::repeat(0), "data", Rc::clone(&read));
        let copied = io::copy(&mut bomb.by_ref().take(FREE), &mut io::sink());
        assert_eq!(copied.unwrap(), FREE);
        assert_eq!(
            io::copy(&mut bomb.by_ref().take(100 << 20), &mut io::sink()).is_err(),
            RATIO << 20 < FREE + (100 << 20)
        );
    }

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
