//! Pages, and words of their blocks, sorted by page → where these stand in the page as stored.

use super::Request;
use super::pages::{PAGE, Pages, take_apart};
use super::table::{Cell, Columns, Input, Kind, Output, Row};
use crate::corpus::Reader;
use crate::error::Error;
use crate::report::excerpts::places;
use crate::split::Evidence;
use std::io::{Read, Write};
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
pub const OUT: Columns = &[
    ("page", Kind::Long),
    ("block", Kind::Long),
    ("of_page", Kind::Long),
    ("of_block", Kind::Long),
    ("start", Kind::Long),
    ("end", Kind::Long),
];

/// Finds places.
pub fn run(request: &Request, input: impl Read, output: impl Write) -> Result<(), Error> {
    let evidence = request.evidence()?;
    let mut out = Output::begin(output, OUT)?;
    let (mut page, mut wanted) = (Pages::default(), Vec::new());
    Input::begin(input)?.each(IN, |row| {
        if row.some_long(PAGE.len()).is_some() {
            wanted.push(Wanted::of(row));
            return Ok(());
        }
        find(request, &evidence, &mut page, &mut wanted, &mut out)?;
        page.add(row)
    })?;
    find(request, &evidence, &mut page, &mut wanted, &mut out)?;
    out.finish()
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

fn find(
    request: &Request,
    evidence: &Evidence,
    page: &mut Pages,
    wanted: &mut Vec<Wanted>,
    out: &mut Output<impl Write>,
) -> Result<(), Error> {
    let (mut wanted, (library, numbers)) = (std::mem::take(wanted), page.take());
    let Some(&number) = numbers.first().filter(|_| !wanted.is_empty()) else { return Ok(()) };
    let corpus = take_apart(request, evidence, &library);
    let mut reader = Reader::new(&corpus);
    wanted.sort_unstable_by_key(|one| (one.block, one.of));
    for same in wanted.chunk_by(|x, y| x.block == y.block) {
        let block = same[0].block;
        let Some(part) = reader.part(block, &corpus.record(block)) else { continue };
        let words = same.iter().map(|one| one.words.clone()).collect();
        let found = places(words, |see| corpus.each_word_in(block, &part, see));
        for (one, place) in same.iter().zip(found) {
            let Some(Range { start, end }) = place else { continue };
            let [start, end] = [start, end].map(|at| Cell::number(part.to_stored(at)));
            out.row([Cell::Long(number), Cell::number(block), Cell::Long(one.of.0), Cell::Long(one.of.1), start, end])?;
        }
    }
    Ok(())
}
