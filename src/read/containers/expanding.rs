//! Expanded streams end where they are damaged, and stop where they grow beyond measure.

use super::growth::Growth;
use crate::error::cause;
use std::io::{self, Read};

/// Stops a stream that expands beyond measure, and says of an error what is damaged. Behind that it is at its end,
/// unless it can go on: some libraries panic where they are made to.
pub struct Expanding<R> {
    inner: R,
    what: &'static str,
    growth: Growth,
    can_go_on: bool,
    has_failed: bool,
}

impl<R> Expanding<R> {
    pub fn new(inner: R, what: &'static str, growth: Growth) -> Expanding<R> {
        Expanding { inner, what, growth, can_go_on: false, has_failed: false }
    }

    /// The same stream, which finds what stands behind damage.
    pub fn that_can_go_on(self) -> Expanding<R> {
        Expanding { can_go_on: true, ..self }
    }
}

impl<R> Expanding<R> {
    fn named(&mut self, error: io::Error) -> io::Error {
        match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => {
                self.has_failed = !self.can_go_on;
                io::Error::new(kind, format!("damaged {}: {}", self.what, cause(&error)))
            }
        }
    }
}

impl<R: Read> Read for Expanding<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.has_failed {
            return Ok(0);
        }
        let count = self.inner.read(into).map_err(|error| self.named(error))?;
        self.growth.add(count as u64)?;
        Ok(count)
    }
}
