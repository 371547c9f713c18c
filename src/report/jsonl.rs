//! One JSON object a line, tagged with its type: header first, summary last, so that a report that was
//! cut off is recognisable.

use super::Renderer;
use super::json::to_lines;
use super::schema::{Article, Header, PageMap, Quote, Skipped, Summary};
use crate::error::Error;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a report as JSON lines.
pub struct Jsonl<W> {
    out: W,
    failed: Box<dyn Fn(io::Error) -> Error>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'l> {
    Header(&'l Header),
    Article(&'l Article),
    Quote(&'l Quote),
    Page(&'l PageMap),
    Skipped(&'l Skipped),
    Summary(&'l Summary),
}

impl<W: Write> Jsonl<W> {
    /// `failed` names what cannot be written to.
    pub fn new(out: W, failed: Box<dyn Fn(io::Error) -> Error>) -> Jsonl<W> {
        Jsonl { out, failed }
    }

    fn lines<'l>(&mut self, lines: impl Iterator<Item = Line<'l>>) -> Result<(), Error> {
        let lines: Vec<Line> = lines.collect();
        let mut write = || {
            for line in to_lines(&lines)? {
                self.out.write_all(&line)?;
                self.out.write_all(b"\n")?;
            }
            Ok(())
        };
        write().map_err(&*self.failed)
    }
}

impl<W: Write> Renderer for Jsonl<W> {
    fn begin(&mut self, header: &Header, _: &Summary) -> Result<(), Error> {
        self.lines([Line::Header(header)].into_iter())
    }

    fn articles(&mut self, articles: &[Article]) -> Result<(), Error> {
        self.lines(articles.iter().map(Line::Article))
    }

    fn quotes(&mut self, quotes: &[Quote]) -> Result<(), Error> {
        self.lines(quotes.iter().map(Line::Quote))
    }

    fn pages(&mut self, pages: &[PageMap]) -> Result<(), Error> {
        self.lines(pages.iter().map(Line::Page))
    }

    fn skipped(&mut self, skipped: &[Skipped]) -> Result<(), Error> {
        self.lines(skipped.iter().map(Line::Skipped))
    }

    fn end(&mut self, summary: &Summary) -> Result<(), Error> {
        self.lines([Line::Summary(summary)].into_iter())?;
        self.out.flush().map_err(&*self.failed)
    }
}
