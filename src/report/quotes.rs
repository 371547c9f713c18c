//! Quotes, from words of blocks to bytes of pages.

use super::schema::{Hex, Quote, QuotePlace};
use super::texts::one_line;
use super::{Renderer, Report};
use crate::error::Error;
use crate::model;
use crate::read::Page;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Quotes whose places are looked up at a time.
const BATCH: usize = 4096;

/// A place that was looked up.
struct Located {
    stored: Range<usize>,
    text: String,
}

impl Report<'_> {
    pub(super) fn write_quotes(&self, quotes: &[model::Quote], renderer: &mut dyn Renderer) -> Result<(), Error> {
        renderer.quotes(&[])?;
        for batch in quotes.chunks(BATCH) {
            let located = self.locate(batch);
            let quotes: Vec<Quote> = batch.par_iter().filter_map(|quote| self.quote(quote, &located)).collect();
            renderer.quotes(&quotes)?;
        }
        Ok(())
    }

    /// Looks up every place of some quotes. Each page is read once; one that has changed gives nothing.
    fn locate(&self, quotes: &[model::Quote]) -> FxHashMap<(usize, Range<usize>), Located> {
        let mut wanted: Vec<(usize, Range<usize>)> =
            quotes.iter().flat_map(|quote| &quote.places).map(|place| (place.block, place.words.clone())).collect();
        wanted.sort_unstable_by_key(|(block, words)| (*block, words.start, words.end));
        wanted.dedup();
        let groups: FxHashMap<usize, &[(usize, Range<usize>)]> =
            wanted.chunk_by(|x, y| x.0 == y.0).map(|same| (same[0].0, same)).collect();
        let mut blocks: Vec<usize> = groups.keys().copied().collect();
        blocks.sort_unstable();
        let shown = self.corpus.show(&blocks, |block, page| self.on_page(groups[&block], page));
        shown.into_iter().flatten().flatten().collect()
    }

    fn on_page(&self, wanted: &[(usize, Range<usize>)], page: &Page) -> Vec<((usize, Range<usize>), Located)> {
        let words = wanted.first().map(|&(block, _)| self.corpus.words_on(block, page)).unwrap_or_default();
        let located = wanted.iter().filter_map(|(block, range)| {
            let part = words.get(range.clone())?;
            let (start, end) = (part.first()?.start, part.last()?.end);
            let stored = page.to_stored(start)..page.to_stored(end);
            Some(((*block, range.clone()), Located { stored, text: one_line(&page.text()[start..end]) }))
        });
        located.collect()
    }

    fn quote(&self, quote: &model::Quote, located: &FxHashMap<(usize, Range<usize>), Located>) -> Option<Quote> {
        let first = quote.places.first()?;
        let find = |place: &model::QuotePlace| located.get(&(place.block, place.words.clone()));
        let places = quote.places.iter().filter_map(|place| {
            let stored = &find(place)?.stored;
            Some(QuotePlace {
                article: Hex(self.corpus.prints[self.grouping.clusters[place.cluster].kept].digest),
                page: self.name(self.corpus.blocks[place.block].page),
                start: stored.start as u64,
                end: stored.end as u64,
            })
        });
        Some(Quote { words: first.words.len() as u64, text: find(first)?.text.clone(), places: places.collect() })
    }
}
