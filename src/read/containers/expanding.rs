//! Expanded streams stop where they grow beyond measure.

use super::growth::Growth;
use crate::error::cause;
use std::io::{self, Read};

/// Stops a stream that expands beyond measure, and says of an error what is damaged.
pub struct Expanding<R> {
    inner: R,
    what: &'static str,
    growth: Growth,
}

impl<R> Expanding<R> {
    pub fn new(inner: R, what: &'static str, growth: Growth) -> Expanding<R> {
        Expanding { inner, what, growth }
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
        self.growth.add(count as u64)?;
        Ok(count)
    }
}
