//! Pages taken apart: what is remembered of every page and block, and the way back to their text.

use crate::date::{self, Dated};
use crate::fingerprint::{fingerprint, normalise_body};
use crate::group::keep::Copy;
use crate::model::{Block, Fingerprint, Kind, Span, Split};
use crate::packed::{Packed, Place};
use crate::read::{Library, Page};
use crate::walk::Globs;
use crate::words::{Word, words};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Every page and block of a run, in walk order and page order.
pub struct Corpus<'l> {
    /// Where the text is.
    pub library: &'l Library,
    /// Pages, in walk order; sources that were skipped are not among them.
    pub pages: Vec<PageRecord>,
    /// The blocks of all pages.
    pub blocks: Vec<BlockRecord>,
    /// Their fingerprints, at the same indices.
    pub prints: Vec<Fingerprint>,
}

/// What is remembered of a page.
pub struct PageRecord {
    /// Index into the library.
    pub source: usize,
    /// Spans, in text offsets.
    pub spans: Packed,
    /// The page's blocks: indices into [`Corpus::blocks`].
    pub blocks: Range<usize>,
}

/// What is remembered of a block.
pub struct BlockRecord {
    /// Index into [`Corpus::pages`].
    pub page: usize,
    /// Index among the page's blocks.
    pub index: u32,
    /// First byte, and one past the last, of the page as stored.
    pub stored: Range<usize>,
    /// First and last line, counted from 1.
    pub lines: (u64, u64),
    /// The headline, in text offsets, as the byline and the date line.
    pub headline: Option<Range<usize>>,
    /// The line that names the author.
    pub byline: Option<Range<usize>>,
    /// The line that gives the date.
    pub date: Option<Range<usize>>,
    /// The date it gives.
    pub dated: Option<Dated>,
    place: Option<Place>,
}

/// What one page gives, before all pages are put together.
struct Taken {
    spans: Packed,
    blocks: Vec<(BlockRecord, Fingerprint)>,
}

impl<'l> Corpus<'l> {
    /// Takes every page of the library apart. `split` gets each with its index in the library.
    pub fn take_apart(library: &'l Library, split: impl Fn(usize, &Page) -> Split + Sync) -> Corpus<'l> {
        let sources = (0..library.len()).into_par_iter();
        let taken = sources.map(|source| library.page(source).map(|page| take(&page, &split(source, &page))));
        let taken: Vec<Option<Taken>> = taken.collect();
        let mut corpus = Corpus { library, pages: Vec::new(), blocks: Vec::new(), prints: Vec::new() };
        for (source, taken) in taken.into_iter().enumerate() {
            let Some(taken) = taken else { continue };
            let first = corpus.blocks.len();
            for (mut block, print) in taken.blocks {
                block.page = corpus.pages.len();
                corpus.blocks.push(block);
                corpus.prints.push(print);
            }
            let blocks = first..corpus.blocks.len();
            corpus.pages.push(PageRecord { source, spans: taken.spans, blocks });
        }
        corpus
    }

    /// The page that a block stands in; `None` if it has changed since.
    pub fn page_of(&self, block: usize) -> Option<Page<'l>> {
        self.library.page(self.pages[self.blocks[block].page].source)
    }

    /// The spans of a block, in page order and text offsets.
    pub fn spans_of(&self, block: usize) -> impl Iterator<Item = Span> + '_ {
        let record = &self.blocks[block];
        self.pages[record.page].spans.block(record.index, record.place)
    }

    /// What decides which of several copies is kept, for every block.
    pub fn copies(&self, prefer: &Globs) -> Vec<Copy> {
        let preferred: Vec<Option<usize>> =
            self.pages.iter().map(|page| prefer.first_match(self.library.name(page.source))).collect();
        let copies = self.blocks.iter().zip(&self.prints);
        copies
            .map(|(block, print)| Copy { preferred: preferred[block.page], words: print.words, dated: block.dated })
            .collect()
    }

    /// The normalised body of a block; empty if its page has changed since.
    ///
    /// Where possible, only the block's own bytes are read; its digest proves that they are the same.
    pub fn body(&self, block: usize) -> String {
        let source = self.pages[self.blocks[block].page].source;
        let spans: Vec<Span> = self.spans_of(block).filter(|span| span.kind == Kind::Body).collect();
        let headline = self.blocks[block].headline.clone();
        let starts = spans.iter().map(|span| span.start).chain(headline.iter().map(|range| range.start));
        let ends = spans.iter().map(|span| span.end).chain(headline.iter().map(|range| range.end));
        let (Some(start), Some(end)) = (starts.min(), ends.max()) else { return String::new() };
        if let Some(part) = self.library.part(source, start..end) {
            let body = spans.iter().map(|span| &part[span.start - start..span.end - start]);
            let headline = headline.map(|range| &part[range.start - start..range.end - start]);
            if matches!(part, Cow::Borrowed(_))
                || fingerprint(headline, body.clone()).digest == self.prints[block].digest
            {
                return normalise_body(body);
            }
            self.library.has_changed(source);
            return String::new();
        }
        let Some(page) = self.page_of(block) else { return String::new() };
        normalise_body(spans.iter().map(|span| &page.text()[span.start..span.end]))
    }

    /// The words of a block's body, as they are set on its page; none if the page has changed since.
    pub fn words(&self, block: usize) -> Vec<Word> {
        self.page_of(block).map(|page| self.words_on(block, &page)).unwrap_or_default()
    }

    /// The words of a block's body on its page.
    pub fn words_on(&self, block: usize, page: &Page) -> Vec<Word> {
        let mut found = Vec::with_capacity(self.prints[block].words as usize);
        for span in self.spans_of(block).filter(|span| span.kind == Kind::Body) {
            words(&page.text()[span.start..span.end], span.start, &mut found);
        }
        found
    }

    /// Hands the pages of `blocks` to `show`, each page read once, and keeps the order of `blocks`.
    /// `None` where a page has changed since.
    pub fn show<T: Send>(&self, blocks: &[usize], show: impl Fn(usize, &Page) -> T + Sync) -> Vec<Option<T>> {
        let mut by_page: Vec<(usize, usize)> = blocks.iter().copied().enumerate().collect();
        by_page.sort_by_key(|&(at, block)| (self.blocks[block].page, at));
        let mut shown: Vec<(usize, Option<T>)> = by_page
            .chunk_by(|a, b| self.blocks[a.1].page == self.blocks[b.1].page)
            .collect::<Vec<_>>()
            .into_par_iter()
            .flat_map_iter(|same| {
                let page = self.page_of(same[0].1);
                let show = &show;
                same.iter().map(move |&(at, block)| (at, page.as_ref().map(|page| show(block, page))))
            })
            .collect();
        shown.sort_by_key(|&(at, _)| at);
        shown.into_iter().map(|(_, shown)| shown).collect()
    }
}

fn take(page: &Page, split: &Split) -> Taken {
    let text = page.text();
    let (spans, places) = Packed::new(split);
    let of = spans_of_blocks(split);
    let mut lines = Lines { text, at: 0, ended: 0 };
    let blocks = split.blocks.iter().zip(places).enumerate().map(|(index, (block, place))| {
        let body = split.spans[of[index].clone()]
            .iter()
            .filter(|span| span.kind == Kind::Body && span.block == Some(index as u32))
            .map(|span| &text[span.start..span.end]);
        let print = fingerprint(block.headline.clone().map(|range| &text[range]), body);
        let Block { start, end, .. } = *block;
        let record = BlockRecord {
            page: 0,
            index: index as u32,
            stored: page.to_stored(start)..page.to_stored(end),
            lines: (lines.at(start), lines.at(end.saturating_sub(1).max(start))),
            headline: block.headline.clone(),
            byline: block.byline.clone(),
            date: block.date.clone(),
            dated: block.date.clone().and_then(|range| date::read(&text[range])),
            place,
        };
        (record, print)
    });
    let blocks = blocks.collect();
    Taken { spans, blocks }
}

/// For every block, the run of spans from its first to its last.
fn spans_of_blocks(split: &Split) -> Vec<Range<usize>> {
    let mut ranges = vec![0..0; split.blocks.len()];
    for (index, span) in split.spans.iter().enumerate() {
        if let Some(block) = span.block {
            let range = &mut ranges[block as usize];
            *range = if range.end == 0 { index } else { range.start }..index + 1;
        }
    }
    ranges
}

/// Counts lines, forwards only.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    /// Lines that end before `at`.
    ended: u64,
}

impl Lines<'_> {
    /// The line, counted from 1, in which the byte at `offset` stands.
    fn at(&mut self, offset: usize) -> u64 {
        let part = &self.text[self.at..offset];
        let feeds = memchr::memchr_iter(b'\n', part).count();
        let returns = memchr::memchr_iter(b'\r', part).filter(|at| self.text.get(self.at + at + 1) != Some(&b'\n'));
        self.ended += (feeds + returns.count()) as u64;
        self.at = offset;
        self.ended + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Options;
    use crate::walk::Source;

    #[test]
    fn a_body_is_the_same_from_memory_and_from_disk_and_a_changed_one_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.txt");
        std::fs::write(&path, "One story, told once.\n").unwrap();
        for memory in [0, 1 << 20] {
            let options = Options { memory, ..Options::default() };
            let (mut library, _) = Library::load(vec![Source::File(path.clone())], &options, |_| ());
            let corpus = Corpus::take_apart(&library, |_, page| crate::split::whole(page.text()));
            assert_eq!(corpus.body(0), "one story told once");
            std::fs::write(&path, "Two story, told once.\n").unwrap();
            assert_eq!(corpus.body(0), if memory == 0 { "" } else { "one story told once" });
            assert_eq!(library.forget_changed(), memory == 0);
            std::fs::write(&path, "One story, told once.\n").unwrap();
        }
    }

    #[test]
    fn lines_end_at_each_kind_of_line_end_once() {
        let text = b"a\nb\r\nc\rd\r\n\r\ne";
        let mut lines = Lines { text, at: 0, ended: 0 };
        let found: Vec<u64> = (0..text.len()).map(|offset| lines.at(offset)).collect();
        assert_eq!(found, [1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6]);
    }
}
