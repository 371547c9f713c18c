//! By which block before it each block is told, and which part of its page goes with it.

use crate::corpus::{Corpus, Reader};
use crate::model::{Digest, Grouping};
use crate::read::Original;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::rc::Rc;

/// In larger pages a block stands for itself alone, so that it can be read without the rest. Bytes.
const LARGE: u64 = 1 << 20;
/// No block.
const NONE: u32 = u32::MAX;

/// For every block the one by which it is told.
pub struct Bases {
    of: Vec<u32>,
    /// How many blocks that are still to come are told by a block.
    uses: Vec<u32>,
}

impl Bases {
    /// A block is told by the first one with the same text, or else by the kept one of its article, or else by the
    /// first one; the first one of an article by what contains it, or what it contains.
    pub fn of(corpus: &Corpus, grouping: &Grouping) -> Bases {
        let count = corpus.block_count();
        let mut bases = Bases { of: vec![NONE; count], uses: vec![0; count] };
        let mut same: FxHashMap<Digest, usize> = FxHashMap::default();
        for cluster in grouping.clusters.iter().filter(|cluster| cluster.members.len() > 1) {
            same.clear();
            let first = cluster.members[0].block;
            for block in cluster.members.iter().map(|member| member.block) {
                let equal = *same.entry(corpus.prints[block].digest).or_insert(block);
                let near = if cluster.kept < block { cluster.kept } else { first };
                bases.set(block, if equal < block { equal } else { near });
            }
        }
        for excerpt in &grouping.excerpts {
            let [a, b] = [excerpt.cluster, excerpt.within].map(|cluster| grouping.clusters[cluster].kept);
            bases.set(a.max(b), a.min(b));
        }
        bases
    }

    fn set(&mut self, block: usize, base: usize) {
        if base < block && self.of[block] == NONE {
            self.of[block] = base as u32;
            self.uses[base] += 1;
        }
    }

    /// The block by which a block is told, if any.
    pub fn base_of(&self, block: usize) -> Option<usize> {
        Some(self.of[block]).filter(|&base| base != NONE).map(|base| base as usize)
    }

    /// Whether a block that is still to come is told by this one.
    pub fn is_used(&self, block: usize) -> bool {
        self.uses[block] > 0
    }

    /// One block less is to come that is told by this one.
    pub fn used(&mut self, base: usize) {
        self.uses[base] -= 1;
    }
}

/// A part of a page as it is stored, and the block that it is told with.
pub type Part = (Range<usize>, Option<usize>);

/// The parts of a page of so many bytes: they tile it. What stands behind a block goes with it.
pub fn parts(corpus: &Corpus, page: usize, size: usize) -> Vec<Part> {
    let blocks = corpus.blocks_of(page);
    let large = size as u64 > LARGE;
    let (mut parts, mut at) = (Vec::with_capacity(blocks.len() + 1), 0);
    for block in blocks.clone() {
        let stored = corpus.record(block).stored;
        let start = if block == blocks.start && !large { 0 } else { stored.start.clamp(at, size) };
        let next = if block + 1 < blocks.end { corpus.record(block + 1).stored.start } else { size };
        let end = if large { stored.end } else { next }.clamp(start, size);
        parts.push((at..start, None));
        parts.push((start..end, Some(block)));
        at = end;
    }
    parts.push((at..size, None));
    parts.retain(|(range, _)| !range.is_empty());
    parts
}

/// Reads the parts of pages that go with blocks; the last page stays at hand.
pub struct Bytes<'c> {
    corpus: &'c Corpus<'c>,
    reader: Reader<'c>,
    last: Option<(usize, Rc<Original<'c>>)>,
}

impl<'c> Bytes<'c> {
    pub fn new(corpus: &'c Corpus<'c>) -> Bytes<'c> {
        Bytes { corpus, reader: Reader::new(corpus), last: None }
    }

    /// Hands the part of its page that goes with a block to `see`; `None` if the page has changed since.
    pub fn show<T>(&mut self, block: usize, see: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let page = self.corpus.page_of(block);
        let source = self.corpus.source(page);
        let library = self.corpus.library;
        if library.bytes(source) > LARGE && library.is_plain(source) {
            let record = self.corpus.record(block);
            return self.reader.part(block, &record).map(|part| see(part.text(record.stored)));
        }
        if self.last.as_ref().is_none_or(|(last, _)| *last != page) {
            self.last = Some((page, Rc::new(library.original(source)?)));
        }
        let (_, original) = self.last.as_ref()?;
        let stored = original.bytes();
        let parts = parts(self.corpus, page, stored.len());
        let (range, _) = parts.into_iter().find(|(_, of)| *of == Some(block))?;
        Some(see(&stored[range]))
    }
}
