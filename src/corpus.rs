//! Pages taken apart: what is remembered of every page and block, and the way back to their text.

use crate::date;
use crate::fingerprint::prints::{Lists, Prints, Sampled};
use crate::fingerprint::{Printer, Sample};
use crate::group::keep::{self, Copy, Keep};
use crate::model::{Block, Fingerprint, Kind, Span, Split};
use crate::normalise::normalise;
use crate::packed::{self, Place};
use crate::read::{Library, Opened, Page, Part};
use crate::record::BlockRecord;
use crate::roomy::roomy;
use crate::walk::Globs;
use crate::words::{Word, each_word};
use rayon::prelude::*;
use std::ops::Range;
use std::rc::Rc;

/// Every page and block of a run, in walk order and page order.
pub struct Corpus<'l> {
    /// Where the text is.
    pub library: &'l Library,
    /// The fingerprints of all blocks.
    pub prints: Prints,
    /// What is sampled of the shingles of their texts.
    pub sampled: Sampled,
    pages: Vec<PageRecord>,
    /// The page of every block.
    page_of: Vec<u32>,
    /// Where in `packed` the record of every block begins.
    records: Vec<u64>,
    /// Page by page: how many bytes the spans take, the spans, the records of the page's blocks.
    packed: Vec<u8>,
}

/// What is remembered of a page.
#[derive(Debug, Clone, Copy)]
struct PageRecord {
    /// Index into the library.
    source: u32,
    /// Its first block.
    first: u32,
    /// Where it begins in [`Corpus::packed`].
    at: u64,
}

/// Pages taken apart by one thread.
#[derive(Default)]
struct Taken {
    prints: Vec<Fingerprint>,
    /// For every block; empty where the text was known already.
    sampled: Sampled,
    pages: Vec<PageRecord>,
    records: Vec<u64>,
    packed: Vec<u8>,
}

/// What a page counts at least where a corpus is so large that less is remembered of each, in bytes: a million
/// tiny pages take as much memory as others.
const TINY: u64 = 1 << 10;

/// What a page, or what is none, counts when it is found out how large a corpus is. Bytes, as stored.
pub fn counted(bytes: u64) -> u64 {
    bytes.max(TINY)
}

/// Pages that one thread takes apart before their blocks are put together with the others'.
const RUN: usize = 32;
/// Blocks of a page for which memory is at hand.
const BLOCKS: usize = 2;
/// Pages that are taken apart before texts that were met among them are known to be.
const FIRST: usize = 512;
/// The same later on, when most texts are known that come again.
const MOST: usize = 4096;

impl<'l> Corpus<'l> {
    /// Takes every page of the library apart. `split` gets each with its index in the library.
    pub fn take_apart(library: &'l Library, split: impl Fn(usize, &Page) -> Split + Sync) -> Corpus<'l> {
        let sample = Sample::of_corpus((0..library.len()).map(|source| counted(library.bytes(source))).sum());
        Corpus::take_apart_of(library, sample, split)
    }

    /// The same for pages of a larger corpus, of which so much is remembered.
    pub fn take_apart_of(
        library: &'l Library,
        sample: Sample,
        split: impl Fn(usize, &Page) -> Split + Sync,
    ) -> Corpus<'l> {
        let mut corpus = Corpus {
            library,
            prints: Prints::for_many(),
            sampled: Sampled { sketches: Lists::for_many(), landmarks: Lists::for_many() },
            pages: roomy(library.len()),
            page_of: roomy(library.len()),
            records: roomy(library.len()),
            packed: roomy(library.len()),
        };
        let sources: Vec<u32> = (0..library.len() as u32).collect();
        let (mut rest, mut count) = (&sources[..], FIRST);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(count.min(rest.len()));
            let known = &corpus.prints;
            let runs = now.par_chunks(RUN).with_max_len(1);
            let runs = runs.map(|run| Taker::new(known, sample).take_all(library, run, &split));
            runs.collect::<Vec<_>>().into_iter().for_each(|taken| corpus.append(taken));
            (rest, count) = (later, MOST.min(2 * count));
        }
        corpus.complete();
        corpus
    }

    /// Gives back memory that was at hand for more blocks.
    fn complete(&mut self) {
        self.prints.complete();
        self.sampled.sketches.complete();
        self.sampled.landmarks.complete();
        self.pages.shrink_to_fit();
        self.page_of.shrink_to_fit();
        self.records.shrink_to_fit();
        self.packed.shrink_to_fit();
    }

    fn append(&mut self, taken: Taken) {
        let (first, at) = (self.records.len() as u32, self.packed.len() as u64);
        let ends = taken.pages.iter().skip(1).map(|page| page.first).chain([taken.records.len() as u32]);
        for (page, end) in taken.pages.iter().zip(ends) {
            self.page_of.extend((page.first..end).map(|_| self.pages.len() as u32));
            self.pages.push(PageRecord { source: page.source, first: first + page.first, at: at + page.at });
        }
        self.records.extend(taken.records.iter().map(|record| at + record));
        self.packed.extend(taken.packed);
        let Sampled { sketches, landmarks } = &taken.sampled;
        for (print, (sketch, landmarks)) in taken.prints.into_iter().zip(sketches.iter().zip(landmarks.iter())) {
            if self.prints.push(print) {
                self.sampled.push(sketch, landmarks);
            }
        }
    }

    /// Number of pages; sources that were skipped are not among them.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// Number of blocks in all pages.
    pub fn block_count(&self) -> usize {
        self.records.len()
    }

    /// A page's index in the library.
    pub fn source(&self, page: usize) -> usize {
        self.pages[page].source as usize
    }

    /// A page's name: raw bytes, as given.
    pub fn page_name(&self, page: usize) -> &'l [u8] {
        self.library.name(self.source(page))
    }

    /// A page's blocks.
    pub fn blocks_of(&self, page: usize) -> Range<usize> {
        let end = self.pages.get(page + 1).map_or(self.records.len(), |next| next.first as usize);
        self.pages[page].first as usize..end
    }

    /// The page that a block stands in.
    pub fn page_of(&self, block: usize) -> usize {
        self.page_of[block] as usize
    }

    /// A block's index among those of its page.
    pub fn index_in_page(&self, block: usize) -> usize {
        block - self.pages[self.page_of(block)].first as usize
    }

    /// What is remembered of a block.
    pub fn record(&self, block: usize) -> BlockRecord {
        BlockRecord::unpack(&self.packed[self.records[block] as usize..])
    }

    /// The spans of a page, in page order and text offsets.
    pub fn spans(&self, page: usize) -> impl Iterator<Item = Span> + '_ {
        packed::spans(self.packed_spans(page), Place::default())
    }

    /// The spans of a block, in page order and text offsets.
    pub fn spans_of(&self, block: usize, record: &BlockRecord) -> impl Iterator<Item = Span> + '_ {
        packed::spans_of(self.packed_spans(self.page_of(block)), self.index_in_page(block) as u32, record.place)
    }

    fn packed_spans(&self, page: usize) -> &[u8] {
        let mut at = self.pages[page].at as usize;
        let length = packed::read(&self.packed, &mut at).unwrap_or_default() as usize;
        &self.packed[at..at + length]
    }

    /// For every block its place in the order in which copies are kept; see [`keep::rank`].
    pub fn rank(&self, keep: Keep, prefer: &Globs) -> Vec<u32> {
        if keep == Keep::First && prefer.patterns.is_empty() {
            return (0..self.block_count() as u32).collect();
        }
        keep::rank(keep, &self.copies(prefer))
    }

    /// What decides which of several copies is kept, for every block.
    fn copies(&self, prefer: &Globs) -> Vec<Copy> {
        let pages = (0..self.page_count()).map(|page| prefer.first_match(self.page_name(page)));
        let preferred: Vec<Option<usize>> = pages.collect();
        let copy = |(block, print): (usize, &Fingerprint)| Copy {
            preferred: preferred[self.page_of(block)],
            words: print.words,
            dated: self.record(block).dated,
        };
        self.prints.iter().enumerate().map(copy).collect()
    }

    /// The normalised body of a block; empty if its page has changed since.
    pub fn body(&self, block: usize) -> String {
        let mut body = String::new();
        self.body_into(block, &mut body);
        body
    }

    /// Appends what [`Corpus::body`] gives, behind a space if there is something already. Only the block's own
    /// bytes are read, where possible.
    pub fn body_into(&self, block: usize, out: &mut String) {
        let record = self.record(block);
        let Some(part) = Reader::new(self).part(block, &record) else { return };
        let body = self.spans_of(block, &record).filter(|span| span.kind == Kind::Body);
        body.for_each(|span| normalise(part.text(span.start..span.end), out));
    }

    /// The words of a block's body, as they are set on its page; none if the page has changed since.
    pub fn words(&self, block: usize) -> Vec<Word> {
        let part = Reader::new(self).part(block, &self.record(block));
        part.map(|part| self.words_in(block, &part)).unwrap_or_default()
    }

    /// The words of a block's body, from the part of its page that holds it.
    pub fn words_in(&self, block: usize, part: &Part) -> Vec<Word> {
        let mut found = Vec::with_capacity(self.prints[block].words as usize);
        self.each_word_in(block, part, |word| found.push(word));
        found
    }

    /// Hands the words of a block's body to `see`, from the part of its page that holds it.
    pub fn each_word_in(&self, block: usize, part: &Part, mut see: impl FnMut(Word)) {
        for span in self.spans_of(block, &self.record(block)).filter(|span| span.kind == Kind::Body) {
            each_word(part.text(span.start..span.end), span.start, &mut see);
        }
    }

    /// Hands the part of its page that holds a block to `show`, for all of `blocks`, and keeps their order.
    /// `None` where a page has changed since.
    pub fn show<T: Send>(&self, blocks: &[usize], show: impl Fn(usize, &Part) -> T + Sync) -> Vec<Option<T>> {
        let runs = self.runs(blocks.iter().copied(), SHOWN);
        let shown = runs.into_par_iter().flat_map_iter(|run| {
            let mut reader = Reader::new(self);
            let show = &show;
            blocks[run].iter().map(move |&block| reader.part(block, &self.record(block)).map(|part| show(block, &part)))
        });
        shown.collect()
    }

    /// Cuts a list of blocks into runs for one [`Reader`] each: of about `length` blocks, yet never between
    /// two blocks of a page that has to be decoded as a whole.
    pub fn runs(&self, blocks: impl Iterator<Item = usize>, length: usize) -> Vec<Range<usize>> {
        let (mut runs, mut start, mut at) = (Vec::new(), 0, 0);
        let mut last = None;
        for block in blocks {
            let page = self.page_of(block);
            if at - start >= length && (last != Some(page) || self.library.is_plain(self.source(page))) {
                runs.push(start..at);
                start = at;
            }
            (last, at) = (Some(page), at + 1);
        }
        runs.push(start..at);
        runs
    }
}

/// Blocks that one thread is shown in a row.
const SHOWN: usize = 64;

/// Reads blocks one after the other; the last page that had to be decoded, or opened, stays at hand.
pub struct Reader<'c> {
    corpus: &'c Corpus<'c>,
    decoded: Option<(usize, Rc<Page<'c>>)>,
    opened: Opened,
}

impl<'c> Reader<'c> {
    /// A reader that has not read anything yet.
    pub fn new(corpus: &'c Corpus<'c>) -> Reader<'c> {
        Reader { corpus, decoded: None, opened: Opened::default() }
    }

    /// The part of its page that holds a block; `None` if it has changed since.
    pub fn part(&mut self, block: usize, record: &BlockRecord) -> Option<Part<'c>> {
        let Corpus { library, .. } = *self.corpus;
        let page = self.corpus.page_of(block);
        let source = self.corpus.source(page);
        if library.is_plain(source) {
            return library.part(source, record.text.clone(), record.mark.unwrap_or_default(), &mut self.opened);
        }
        if self.decoded.as_ref().is_none_or(|(last, _)| *last != page) {
            self.decoded = Some((page, Rc::new(library.page(source)?)));
        }
        self.decoded.as_ref().map(|(_, page)| Part::Page(Rc::clone(page)))
    }
}

/// Takes pages apart.
struct Taker<'k> {
    /// The blocks before.
    known: &'k Prints,
    printer: Printer,
    /// The packed spans of one page.
    spans: Vec<u8>,
    taken: Taken,
}

impl<'k> Taker<'k> {
    fn new(known: &'k Prints, sample: Sample) -> Taker<'k> {
        Taker { known, printer: Printer::new(sample), spans: Vec::new(), taken: Taken::default() }
    }

    fn take_all(mut self, library: &Library, sources: &[u32], split: impl Fn(usize, &Page) -> Split) -> Taken {
        self.taken.pages.reserve(sources.len());
        self.taken.prints.reserve(BLOCKS * sources.len());
        self.taken.records.reserve(BLOCKS * sources.len());
        for &source in sources {
            if let Some(page) = library.page(source as usize) {
                self.take(source, &page, &split(source as usize, &page));
            }
        }
        self.taken
    }

    fn take(&mut self, source: u32, page: &Page, split: &Split) {
        let Taker { known, printer, spans, taken } = self;
        let (first, at) = (taken.records.len() as u32, taken.packed.len() as u64);
        taken.pages.push(PageRecord { source, first, at });
        spans.clear();
        let places = packed::pack(split, spans);
        packed::write(&mut taken.packed, spans.len() as u64);
        taken.packed.extend_from_slice(spans);

        let text = page.text();
        let of = spans_of_blocks(split);
        let (mut lines, marked) = (Lines { text, at: 0, ended: 0 }, page.lines());
        for (index, (block, place)) in split.blocks.iter().zip(places).enumerate() {
            let own = split.spans[of[index].clone()].iter().filter(|span| span.block == Some(index as u32));
            let body = own.clone().filter(|span| span.kind == Kind::Body).map(|span| &text[span.start..span.end]);
            let headline = block.headline.clone().map(|range| &text[range]);
            taken.prints.push(printer.print(headline, body, |digest| known.holds(digest), &mut taken.sampled));
            taken.records.push(taken.packed.len() as u64);
            let record = BlockRecord {
                place,
                lines: match marked.get(index) {
                    Some((range, lines)) if *range == (block.start..block.end) => *lines,
                    _ => lines.of(block),
                },
                ..record(page, block, own)
            };
            record.pack(&mut taken.packed);
        }
    }
}

/// What a block by itself gives to remember.
fn record<'s>(page: &Page, block: &Block, spans: impl Iterator<Item = &'s Span>) -> BlockRecord {
    let Block { start, end, headline, byline, date } = block.clone();
    let own = spans.map(|span| span.start..span.end).chain([&headline, &byline, &date].into_iter().flatten().cloned());
    let text = own.fold(start..end, |all, part| all.start.min(part.start)..all.end.max(part.end));
    BlockRecord {
        mark: page.mark_of(text.clone()),
        text,
        stored: page.to_stored(start)..page.to_stored(end),
        dated: date.clone().and_then(|range| date::read(&page.text()[range])),
        headline,
        byline,
        date,
        ..BlockRecord::default()
    }
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
    /// The first and last line of a block.
    fn of(&mut self, block: &Block) -> (u64, u64) {
        (self.at(block.start), self.at(block.end.saturating_sub(1).max(block.start)))
    }

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
    use crate::read::{Options, Room};
    use crate::walk::Source;

    #[test]
    fn a_body_is_the_same_from_memory_and_from_disk_and_a_changed_one_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.txt");
        std::fs::write(&path, "One story, told once.\n").unwrap();
        for memory in [0, 1 << 20] {
            let options = Options { memory, ..Options::default() };
            let room = Room::beside(1, memory);
            let (mut library, _) = Library::load(vec![Source::File(path.as_path().into())], &options, &room, |_| ());
            let corpus = Corpus::take_apart(&library, |_, page| crate::split::whole(page.text()));
            assert_eq!(corpus.body(0), "one story told once");
            std::fs::write(&path, "Two story, told once.\n").unwrap();
            assert_eq!(corpus.body(0), if memory == 0 { "" } else { "one story told once" });
            assert_eq!(library.forget_changed(), memory == 0);
            std::fs::write(&path, "One story, told once.\n").unwrap();
        }
    }

    #[test]
    fn a_page_that_has_to_be_decoded_stays_with_one_reader() {
        let folder = tempfile::tempdir().unwrap();
        let halves = |text: &[u8]| {
            let middle = text.len() - "two ".len();
            let spans = [(0..middle, 0), (middle..text.len(), 1)].map(|(Range { start, end }, block)| Span {
                start,
                end,
                kind: Kind::Body,
                block: Some(block),
            });
            let block =
                |span: &Span| Block { start: span.start, end: span.end, headline: None, byline: None, date: None };
            Split { blocks: spans.iter().map(block).collect(), spans: spans.into() }
        };
        let plain = b"one two ".to_vec();
        let decoded = [b"\xff\xfe".to_vec(), plain.iter().flat_map(|&byte| [byte, 0]).collect()].concat();
        for (stored, runs) in [(plain, 2), (decoded, 1)] {
            let path = folder.path().join("page.txt");
            std::fs::write(&path, stored).unwrap();
            let options = Options { memory: 0, ..Options::default() };
            let sources = vec![Source::File(path.as_path().into())];
            let (library, _) = Library::load(sources, &options, &Room::beside(1, 0), |_| ());
            let corpus = Corpus::take_apart(&library, |_, page| halves(page.text()));
            assert_eq!(corpus.runs(0..2, 1).len(), runs);
            let shown = corpus.show(&[0, 1], |block, part| corpus.words_in(block, part).len());
            assert_eq!(shown, [Some(1), Some(1)]);
            let mut bodies = String::new();
            (0..2).for_each(|block| corpus.body_into(block, &mut bodies));
            assert_eq!(bodies, "one two");
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
