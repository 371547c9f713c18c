//! Pages, and words of their blocks, sorted by page → where these stand in the page as stored.

use super::Request;
use super::filter::{Filter, Out};
use super::pages::{PAGE, Pages, take_apart};
use super::table::{Cell, Columns, Kind, Row};
use crate::corpus::Reader;
use crate::error::Error;
use crate::report::excerpts::places;
use crate::split::Evidence;
use std::ops::Range;

/// Behind each page, which has no `block`, the words of its blocks.
const IN: Columns = &{
    let mut columns = [("block", Kind::Long); PAGE.len() + 5];
    let mut at = 0;
    while at < PAGE.len() {
        columns[at] = PAGE[at];
        at += 1;
    }
    columns[at + 1] = ("of_page", Kind::Long);
    columns[at + 2] = ("of_block", Kind::Long);
    columns[at + 3] = ("from", Kind::Long);
    columns[at + 4] = ("to", Kind::Long);
    columns
};

/// Where words stand.
const OUT: Columns = &[
    ("page", Kind::Long),
    ("block", Kind::Long),
    ("of_page", Kind::Long),
    ("of_block", Kind::Long),
    ("start", Kind::Long),
    ("end", Kind::Long),
];

/// Finds places.
pub struct Find {
    evidence: Evidence,
    /// One page.
    page: Pages,
    wanted: Vec<Wanted>,
}

impl Filter for Find {
    const IN: Columns = IN;
    const OUT: Columns = OUT;

    fn new(request: &Request) -> Result<Find, Error> {
        Ok(Find { evidence: request.evidence()?, page: Pages::default(), wanted: Vec::new() })
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        if row.some_long(PAGE.len()).is_some() {
            self.wanted.push(Wanted::of(row));
            return Ok(());
        }
        self.find(request, out)?;
        self.page.add(row)
    }

    fn end(mut self, request: &Request, out: &mut Out) -> Result<(), Error> {
        self.find(request, out)
    }
}

/// Words of a block.
struct Wanted {
    block: usize,
    /// On whose behalf.
    of: (i64, i64),
    words: Range<usize>,
}

impl Wanted {
    fn of(row: Row) -> Wanted {
        let column = |at: usize| row.long(PAGE.len() + at);
        let words = column(3) as usize..column(4) as usize;
        Wanted { block: column(0) as usize, of: (column(1), column(2)), words }
    }
}

impl Find {
    fn find(&mut self, request: &Request, out: &mut Out) -> Result<(), Error> {
        let (mut wanted, (library, numbers)) = (std::mem::take(&mut self.wanted), self.page.take());
        let Some(&number) = numbers.first().filter(|_| !wanted.is_empty()) else { return Ok(()) };
        let corpus = take_apart(request, &self.evidence, &library);
        let mut reader = Reader::new(&corpus);
        wanted.sort_unstable_by_key(|one| (one.block, one.of));
        for same in wanted.chunk_by(|x, y| x.block == y.block) {
            let block = same[0].block;
            let Some(part) = reader.part(block, &corpus.record(block)) else { continue };
            let words = same.iter().map(|one| one.words.clone()).collect();
            let found = places(words, |see| corpus.each_word_in(block, &part, see));
            for (Wanted { of, .. }, place) in same.iter().zip(found) {
                let Some(Range { start, end }) = place else { continue };
                let [start, end] = [start, end].map(|at| Cell::number(part.to_stored(at)));
                out.row([Cell::Long(number), Cell::number(block), Cell::Long(of.0), Cell::Long(of.1), start, end])?;
            }
        }
        Ok(())
    }
}
