//! Expanded streams stop where they grow beyond measure.

use crate::error::cause;
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

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
}
