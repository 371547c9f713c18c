//! From JSON lines, as the threads render them, to what they say: one after the other and in order, for
//! forms that are not written item by item.

use super::schema::{PageMap, Quote, Skipped, Summary};
use super::stored::StoredArticle;
use super::{Renderer, Sink, Told};
use crate::error::Error;
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
    Summary(Summary),
    /// A line that only its renderer knows.
    Own(&'l [u8]),
}

/// Hands all that is told to `see`, in the lines that a renderer makes of it.
pub fn each_line(
    told: &dyn Told,
    renderer: &dyn Renderer,
    failed: &(dyn Fn(io::Error) -> Error + Sync),
    see: impl FnMut(Line) -> io::Result<()> + Send,
) -> Result<(), Error> {
    told.tell(renderer, Sink { out: &mut Lines { pending: Vec::new(), see }, failed })
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
            b"summary" => Line::Summary(parse(line)?),
            _ => Line::Own(line),
        })
    }
}

/// Takes rendered bytes; a line may come in several parts.
struct Lines<F> {
    /// The beginning of a line.
    pending: Vec<u8>,
    see: F,
}

impl<F: FnMut(Line) -> io::Result<()>> Write for Lines<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let part = &bytes[start..end];
            start = end + 1;
            if self.pending.is_empty() {
                (self.see)(Line::read(part)?)?;
            } else {
                self.pending.extend_from_slice(part);
                let line = std::mem::take(&mut self.pending);
                (self.see)(Line::read(&line)?)?;
            }
        }
        self.pending.extend_from_slice(&bytes[start..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
