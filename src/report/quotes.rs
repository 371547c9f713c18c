//! Quotes, from words of blocks to bytes of pages.

use super::Report;
use super::schema::{Hex, Quote, QuotePlace};
use super::texts::one_line;
use crate::model;
use crate::read::Part;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A block, and some words of its normalised body.
type Words = (usize, Range<usize>);

/// Where words stand on their page.
pub(super) struct Found {
    stored: Range<usize>,
    shown: Range<usize>,
    text: String,
}

/// Places that were looked up.
pub(super) type Located = FxHashMap<Words, Found>;

impl Report<'_> {
    /// Looks up every place of some quotes. Each block is read once; one that has changed gives nothing.
    pub(super) fn locate(&self, quotes: &[model::Quote]) -> Located {
        let mut wanted: Vec<Words> =
            quotes.iter().flat_map(|quote| &quote.places).map(|place| (place.block, place.words.clone())).collect();
        wanted.sort_unstable_by_key(|(block, words)| (*block, words.start, words.end));
        wanted.dedup();
        let groups: FxHashMap<usize, &[Words]> =
            wanted.chunk_by(|x, y| x.0 == y.0).map(|same| (same[0].0, same)).collect();
        let mut blocks: Vec<usize> = groups.keys().copied().collect();
        blocks.sort_unstable();
        let shown = self.corpus.show(&blocks, |block, part| self.on_page(groups[&block], part));
        shown.into_iter().flatten().flatten().collect()
    }

    fn on_page(&self, wanted: &[Words], page: &Part) -> Vec<(Words, Found)> {
        let words = wanted.first().map(|&(block, _)| self.corpus.words_in(block, page)).unwrap_or_default();
        let located = wanted.iter().filter_map(|(block, range)| {
            let part = words.get(range.clone())?;
            let (start, end) = (part.first()?.start, part.last()?.end);
            let stored = page.to_stored(start)..page.to_stored(end);
            let text = one_line(page.text(start..end)).into_owned();
            Some(((*block, range.clone()), Found { stored, shown: start..end, text }))
        });
        located.collect()
    }

    /// A quote as it is reported; `None` if its page has changed since.
    pub(super) fn quote<'q>(&'q self, quote: &model::Quote, located: &'q Located) -> Option<Quote<'q>> {
        let first = quote.places.first()?;
        let find = |place: &model::QuotePlace| located.get(&(place.block, place.words.clone()));
        let places = quote.places.iter().filter_map(|place| {
            let Found { stored, shown, .. } = find(place)?;
            Some(QuotePlace {
                article: Hex(self.corpus.prints[self.grouping.clusters[place.cluster].kept].digest),
                page: self.name(self.corpus.page_of(place.block)),
                start: stored.start as u64,
                end: stored.end as u64,
                shown: Some(shown.clone()),
            })
        });
        Some(Quote { words: first.words.len() as u64, text: (&find(first)?.text).into(), places: places.collect() })
    }
}
