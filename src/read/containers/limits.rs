//! Readers that count, and pages of bounded size.

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
