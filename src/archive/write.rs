//! Pages → archive. Threads read pages and tell them by those before; one puts the results in order; threads compress
//! what is ready. No more is held at a time than some pages and frames.

use super::bases::{Bases, Bytes, parts};
use super::delta::{Run, delta};
use super::entry::{Cursor, Entry, MOST_PIECES, Piece, add};
use super::index::{self, Index, Listed};
use super::{HEAD, PAGES, TEXT};
use crate::corpus::Corpus;
use crate::frame::{Effort, Frame, Kind};
use crate::model::{Digest, Grouping};
use crate::packed::write_bytes;
use crate::read::Original;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io::{self, Write};
use std::ops::Range;

/// Pages that are worked on together: so many, or so many bytes.
const BATCH: (usize, u64) = (512, 8 << 20);
/// Pages that one thread works on in a row.
const RUN: usize = 16;

/// Writes every page of a corpus. Pages that have changed since are left out; the library knows about it then, and the
/// archive must not be used.
pub fn write(corpus: &Corpus, grouping: &Grouping, out: &mut (impl Write + Send)) -> io::Result<()> {
    let mut archive = Writer::new(corpus, Bases::of(corpus, grouping));
    let mut file = Frames { out, at: HEAD.len() as u64, frames: Vec::new() };
    file.out.write_all(HEAD)?;
    let mut start = 0;
    while start < corpus.page_count() {
        let batch = batch(corpus, start);
        start = batch.end;
        let ready = std::mem::take(&mut archive.ready);
        let (written, told) = rayon::join(|| file.write(&ready), || tell(corpus, &archive.bases, batch));
        written?;
        told.into_iter().for_each(|told| archive.take(told));
    }
    archive.finish();
    file.write(&archive.ready)?;
    file.finish(archive.pages, archive.text.end)
}

/// The pages from one on that are worked on together.
fn batch(corpus: &Corpus, start: usize) -> Range<usize> {
    let (mut end, mut bytes) = (start, 0);
    while end < corpus.page_count() && end - start < BATCH.0 && (end == start || bytes < BATCH.1) {
        bytes += corpus.library.bytes(corpus.source(end));
        end += 1;
    }
    start..end
}

/// A page, and how its parts are told.
struct Told<'c> {
    page: usize,
    original: Original<'c>,
    sha256: Digest,
    parts: Vec<ToldPart>,
}

/// A part of a page as it is stored.
struct ToldPart {
    range: Range<usize>,
    block: Option<usize>,
    /// The block that it is told by, and how.
    by: Option<(usize, Vec<Run>)>,
}

fn tell<'c>(corpus: &'c Corpus<'c>, bases: &Bases, pages: Range<usize>) -> Vec<Told<'c>> {
    let pages: Vec<usize> = pages.collect();
    let runs = pages.par_chunks(RUN).flat_map_iter(|run| {
        let mut bytes = Bytes::new(corpus);
        run.iter().filter_map(move |&page| {
            let original = corpus.library.original(corpus.source(page))?;
            let sha256 = original.sha256();
            let stored = original.bytes();
            let parts = parts(corpus, page, stored.len()).into_iter().map(|(range, block)| {
                let base = block.and_then(|block| bases.base_of(block));
                let by = base.and_then(|base| {
                    bytes.show(base, |other| delta(other, &stored[range.clone()])).map(|runs| (base, runs))
                });
                ToldPart { range, block, by }
            });
            let parts = parts.collect();
            Some(Told { page, original, sha256, parts })
        })
    });
    runs.collect()
}

/// Where a part of a page is in the unique text.
struct Recipe {
    pieces: Vec<Piece>,
    /// Where each piece ends in the part.
    ends: Vec<u64>,
}

impl Recipe {
    fn new(pieces: Vec<Piece>) -> Recipe {
        let mut end = 0;
        let ends = pieces.iter().map(|piece| {
            end += piece.end - piece.start;
            end
        });
        Recipe { ends: ends.collect(), pieces }
    }

    /// Appends the pieces of some bytes of the part.
    fn cut(&self, range: Range<u64>, out: &mut Vec<Piece>) {
        let mut at = range.start;
        let mut number = self.ends.partition_point(|&end| end <= at);
        while at < range.end {
            let (piece, end) = (&self.pieces[number], self.ends[number]);
            let until = end.min(range.end);
            add(out, piece.end - (end - at)..piece.end - (end - until));
            (at, number) = (until, number + 1);
        }
    }
}

/// Frames that wait to be compressed.
type Ready = Vec<(Kind, u64, Vec<u8>)>;

/// Puts pages in order.
struct Writer<'c> {
    corpus: &'c Corpus<'c>,
    bases: Bases,
    /// Of blocks by which others are told that are still to come.
    recipes: FxHashMap<usize, Recipe>,
    /// Pages without any block: nothing else knows of their copies.
    blockless: FxHashMap<Digest, Vec<Piece>>,
    text: Text,
    list: List,
    /// Pages so far.
    pages: u64,
    ready: Ready,
    /// The names of the pages of each frame: their number, and the frame.
    names: Ready,
}

/// The end of the unique text.
struct Text {
    start: u64,
    end: u64,
    bytes: Vec<u8>,
}

/// The end of the list of pages.
#[derive(Default)]
struct List {
    first: u64,
    cursor: Cursor,
    bytes: Vec<u8>,
    names: Vec<u8>,
}

impl Text {
    /// Appends new text.
    fn push(&mut self, mut new: &[u8], ready: &mut Ready) -> Piece {
        let start = self.end;
        while !new.is_empty() {
            let (now, later) = new.split_at(new.len().min(TEXT - self.bytes.len()));
            self.bytes.extend_from_slice(now);
            self.end += now.len() as u64;
            new = later;
            if self.bytes.len() == TEXT {
                self.hand_on(ready);
            }
        }
        start..self.end
    }

    fn hand_on(&mut self, ready: &mut Ready) {
        if !self.bytes.is_empty() {
            ready.push((Kind::Text, self.start, std::mem::take(&mut self.bytes)));
            self.start = self.end;
        }
    }
}

impl<'c> Writer<'c> {
    fn new(corpus: &'c Corpus<'c>, bases: Bases) -> Writer<'c> {
        Writer {
            corpus,
            bases,
            recipes: FxHashMap::default(),
            blockless: FxHashMap::default(),
            text: Text { start: 0, end: 0, bytes: Vec::new() },
            list: List::default(),
            pages: 0,
            ready: Vec::new(),
            names: Vec::new(),
        }
    }

    fn take(&mut self, told: Told) {
        let stored = told.original.bytes();
        let source = self.corpus.source(told.page);
        let before = self.text.start;
        let pieces = self.place(&told);
        if self.list.bytes.is_empty() {
            self.list.first = self.pages;
            self.list.cursor = Cursor::at(pieces.first().map_or(0, |piece| piece.start));
            crate::packed::write(&mut self.list.bytes, self.list.cursor.new);
        }
        let entry = Entry {
            name: self.corpus.page_name(told.page).to_vec(),
            is_record: self.corpus.library.record(source).is_some(),
            written: told.original.written,
            size: stored.len() as u64,
            sha256: told.sha256,
            pieces,
        };
        entry.write(&mut self.list.cursor, &mut self.list.bytes);
        write_bytes(&entry.name, &mut self.list.names);
        self.pages += 1;
        // So that an archive that is cut off gives back the pages before.
        if self.list.bytes.len() >= PAGES || self.text.start > before {
            self.hand_on_list();
        }
    }

    /// Finds the place of every byte of a page, or makes one.
    fn place(&mut self, told: &Told) -> Vec<Piece> {
        let stored = told.original.bytes();
        let blockless = told.parts.iter().all(|part| part.block.is_none());
        if let Some(pieces) = self.blockless.get(&told.sha256).filter(|_| blockless) {
            return pieces.clone();
        }
        let mut pieces = Vec::new();
        for part in &told.parts {
            let own = self.place_part(part, &stored[part.range.clone()]);
            own.iter().for_each(|piece| add(&mut pieces, piece.clone()));
            if let Some(block) = part.block.filter(|&block| self.bases.is_used(block)) {
                self.recipes.insert(block, Recipe::new(own));
            }
        }
        if pieces.len() > MOST_PIECES {
            pieces = vec![self.text.push(stored, &mut self.ready)];
        }
        if blockless {
            self.blockless.insert(told.sha256, pieces.clone());
        }
        pieces
    }

    fn place_part(&mut self, part: &ToldPart, stored: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let Some((base, runs)) = &part.by else {
            add(&mut pieces, self.text.push(stored, &mut self.ready));
            return pieces;
        };
        for run in runs {
            match (run, self.recipes.get(base)) {
                (Run::Copy(range), Some(recipe)) => recipe.cut(range.start as u64..range.end as u64, &mut pieces),
                (Run::New(range), _) => {
                    add(&mut pieces, self.text.push(&stored[range.clone()], &mut self.ready));
                }
                // The page of the block has changed: the archive will be made again.
                (Run::Copy(_), None) => {}
            }
        }
        self.bases.used(*base);
        if !self.bases.is_used(*base) {
            self.recipes.remove(base);
        }
        pieces
    }

    fn hand_on_list(&mut self) {
        let List { first, bytes, names, .. } = std::mem::take(&mut self.list);
        if !bytes.is_empty() {
            self.ready.push((Kind::Pages, first, bytes));
            self.names.push((Kind::Names, first, names));
        }
    }

    fn finish(&mut self) {
        self.text.hand_on(&mut self.ready);
        self.hand_on_list();
        self.ready.append(&mut self.names);
    }
}

/// The file, frame by frame.
struct Frames<'o, W> {
    out: &'o mut W,
    at: u64,
    frames: Vec<Listed>,
}

impl<W: Write> Frames<'_, W> {
    fn write(&mut self, ready: &Ready) -> io::Result<()> {
        let made = ready.par_iter().map(|(kind, number, raw)| Frame::make(*kind, *number, raw, Effort::High));
        for ((kind, number, _), bytes) in ready.iter().zip(made.collect::<Vec<_>>()) {
            let bytes = bytes?;
            self.out.write_all(&bytes)?;
            self.frames.push(Listed { kind: *kind, number: *number, at: self.at });
            self.at += bytes.len() as u64;
        }
        Ok(())
    }

    fn finish(self, pages: u64, text: u64) -> io::Result<()> {
        let index = index::make(&Index { pages, text, frames: self.frames }, self.at)?;
        self.out.write_all(&index)?;
        self.out.flush()
    }
}
