//! One JSON object; every article, page map and skipped source is a line of its own, so that `grep`,
//! `diff` and `less` are of use as well as `jq`.

use super::Renderer;
use super::schema::{Article, Header, PageMap, Quote, Skipped, Summary};
use crate::error::Error;
use rayon::prelude::*;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a report as JSON.
pub struct Json<W> {
    out: W,
    failed: Box<dyn Fn(io::Error) -> Error>,
    /// The list being written, and whether it has an element.
    list: Option<(&'static str, bool)>,
}

impl<W: Write> Json<W> {
    /// `failed` names what cannot be written to.
    pub fn new(out: W, failed: Box<dyn Fn(io::Error) -> Error>) -> Json<W> {
        Json { out, failed, list: None }
    }

    fn list<T: Serialize + Sync>(&mut self, name: &'static str, items: &[T]) -> io::Result<()> {
        if self.list.is_none_or(|(open, _)| open != name) {
            self.close_list()?;
            write!(self.out, ",\n\"{name}\":[")?;
            self.list = Some((name, false));
        }
        for line in to_lines(items)? {
            let first = matches!(self.list, Some((_, false)));
            self.out.write_all(if first { b"\n" } else { b",\n" })?;
            self.out.write_all(&line)?;
            self.list = Some((name, true));
        }
        Ok(())
    }

    fn close_list(&mut self) -> io::Result<()> {
        match self.list.take() {
            Some((_, true)) => self.out.write_all(b"\n]"),
            Some((_, false)) => self.out.write_all(b"]"),
            None => Ok(()),
        }
    }
}

/// Every item as JSON, in order. The work is shared among threads.
pub(super) fn to_lines<T: Serialize + Sync>(items: &[T]) -> io::Result<Vec<Vec<u8>>> {
    items.par_iter().map(|item| serde_json::to_vec(item).map_err(io::Error::from)).collect()
}

impl<W: Write> Renderer for Json<W> {
    fn begin(&mut self, header: &Header, summary: &Summary) -> Result<(), Error> {
        let mut begin = || {
            write!(
                self.out,
                "{{\"schema\":\"{}\",\n\"version\":\"{}\",\n\"parameters\":",
                header.schema, header.version
            )?;
            serde_json::to_writer(&mut self.out, &header.parameters)?;
            self.out.write_all(b",\n\"summary\":")?;
            serde_json::to_writer(&mut self.out, summary)?;
            Ok(())
        };
        begin().map_err(&*self.failed)
    }

    fn articles(&mut self, articles: &[Article]) -> Result<(), Error> {
        self.list("articles", articles).map_err(&*self.failed)
    }

    fn quotes(&mut self, quotes: &[Quote]) -> Result<(), Error> {
        self.list("quotes", quotes).map_err(&*self.failed)
    }

    fn pages(&mut self, pages: &[PageMap]) -> Result<(), Error> {
        self.list("pages", pages).map_err(&*self.failed)
    }

    fn skipped(&mut self, skipped: &[Skipped]) -> Result<(), Error> {
        self.list("skipped", skipped).map_err(&*self.failed)
    }

    fn end(&mut self, _: &Summary) -> Result<(), Error> {
        let mut end = || {
            self.close_list()?;
            self.out.write_all(b"}\n")?;
            self.out.flush()
        };
        end().map_err(&*self.failed)
    }
}
