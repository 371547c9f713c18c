//! From JSON lines, as they are rendered, to what they say.

use crate::error::Error;
use crate::report::jsonl::Jsonl;
use crate::report::schema::{PageMap, Quote, Skipped};
use crate::report::stored::StoredArticle;
use crate::report::{Sink, Told};
use parquet::errors::ParquetError;
use serde::Deserialize;
use std::io::{self, Write};

/// What a line says.
pub enum Line<'l> {
    /// The line itself.
    Header(&'l [u8]),
    Article(StoredArticle<'l>),
    Quote(Quote<'l>),
    Page(PageMap<'l>),
    Skipped(Skipped<'l>),
    Summary,
}

/// Hands all that is told to `see`, line by line and in order.
pub fn each_line(
    told: &dyn Told,
    failed: &(dyn Fn(io::Error) -> Error + Sync),
    see: impl FnMut(Line) -> Result<(), ParquetError> + Send,
) -> Result<(), Error> {
    told.tell(&Jsonl, Sink { out: &mut Lines { pending: Vec::new(), see }, failed })
}

/// What went wrong below, be it in the table or in the file.
pub fn cause(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        error => io::Error::other(error),
    }
}

impl<'l> Line<'l> {
    fn read(line: &'l [u8]) -> serde_json::Result<Line<'l>> {
        fn parse<'l, T: Deserialize<'l>>(line: &'l [u8]) -> serde_json::Result<T> {
            serde_json::from_slice(line)
        }
        let kind = line.strip_prefix(b"{\"type\":\"").and_then(|rest| rest.split(|&byte| byte == b'"').next());
        Ok(match kind.unwrap_or_default() {
            b"article" => Line::Article(parse(line)?),
            b"quote" => Line::Quote(parse(line)?),
            b"page" => Line::Page(parse(line)?),
            b"skipped" => Line::Skipped(parse(line)?),
            b"header" => Line::Header(line),
            _ => Line::Summary,
        })
    }
}

/// Takes rendered bytes; a line may come in several parts.
struct Lines<F> {
    /// The beginning of a line.
    pending: Vec<u8>,
    see: F,
}

impl<F: FnMut(Line) -> Result<(), ParquetError>> Write for Lines<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let part = &bytes[start..end];
            start = end + 1;
            if self.pending.is_empty() {
                (self.see)(Line::read(part)?).map_err(cause)?;
            } else {
                self.pending.extend_from_slice(part);
                let line = std::mem::take(&mut self.pending);
                (self.see)(Line::read(&line)?).map_err(cause)?;
            }
        }
        self.pending.extend_from_slice(&bytes[start..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
