//! The links between a short article and the longer ones that contain it.

use super::Report;
use super::schema::{ExcerptHere, ExcerptOf};
use crate::model::{Excerpt, Match, Member};
use crate::words::Word;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// All excerpts of a report, found by either article.
#[derive(Default)]
pub(super) struct Excerpts<'r> {
    /// In order of the contained article.
    by_contained: &'r [Excerpt],
    /// The same, in order of the longer article.
    by_longer: Vec<usize>,
    /// Where each stands in the page of the longer article's kept block, in stored offsets; `None` if
    /// that page has changed since.
    places: Vec<Option<Range<u64>>>,
}

impl<'r> Excerpts<'r> {
    /// Finds the places of all excerpts.
    pub(super) fn new(report: &Report<'r>) -> Excerpts<'r> {
        let by_contained = &report.grouping.excerpts[..];
        let mut by_longer: Vec<usize> = (0..by_contained.len()).collect();
        by_longer.sort_by_key(|&index| by_contained[index].within);
        let longer = |index: usize| report.grouping.clusters[by_contained[index].within].kept;
        let groups: FxHashMap<usize, &[usize]> =
            by_longer.chunk_by(|&x, &y| longer(x) == longer(y)).map(|group| (longer(group[0]), group)).collect();
        let mut blocks: Vec<usize> = groups.keys().copied().collect();
        blocks.sort_unstable();
        let found = report.corpus.show(&blocks, |block, part| {
            let runs = groups[&block].iter().map(|&index| by_contained[index].words.clone()).collect();
            let stored = |place: Range<usize>| part.to_stored(place.start) as u64..part.to_stored(place.end) as u64;
            let places = places(runs, |see| report.corpus.each_word_in(block, part, see)).into_iter();
            let places = groups[&block].iter().zip(places).filter_map(|(&index, place)| Some((index, stored(place?))));
            places.collect::<Vec<_>>()
        });
        let mut places = vec![None; by_contained.len()];
        found.into_iter().flatten().flatten().for_each(|(index, place)| places[index] = Some(place));
        Excerpts { by_contained, by_longer, places }
    }

    /// The longer articles that contain a cluster.
    pub(super) fn of(&self, report: &Report, cluster: usize) -> Vec<ExcerptOf> {
        let first = self.by_contained.partition_point(|excerpt| excerpt.cluster < cluster);
        let of = self.by_contained[first..].iter().take_while(|excerpt| excerpt.cluster == cluster);
        of.zip(&self.places[first..])
            .filter_map(|(excerpt, place)| {
                let place = place.clone()?;
                let article = report.id(excerpt.within);
                Some(ExcerptOf { article, share: super::rounded(excerpt.share), start: place.start, end: place.end })
            })
            .collect()
    }

    /// The shorter articles that a cluster contains.
    pub(super) fn within<'a>(&self, report: &'a Report, cluster: usize) -> Vec<ExcerptHere<'a>> {
        let longer = |index: &usize| self.by_contained[*index].within;
        let first = self.by_longer.partition_point(|index| longer(index) < cluster);
        let within = self.by_longer[first..].iter().take_while(|index| longer(index) == cluster);
        within
            .map(|&index| {
                let excerpt = &self.by_contained[index];
                let block = report.grouping.clusters[excerpt.cluster].kept;
                let member = Member { block, matched: Match::Excerpt, similarity: excerpt.similarity };
                let occurrence = report.occurrence(&member);
                ExcerptHere { article: report.id(excerpt.cluster), share: super::rounded(excerpt.share), occurrence }
            })
            .collect()
    }
}

/// Where runs of words stand, in text offsets; `words` hands out all words of the text. None is held.
pub fn places(runs: Vec<Range<usize>>, words: impl FnOnce(&mut dyn FnMut(Word))) -> Vec<Option<Range<usize>>> {
    let last = |run: &Range<usize>| run.end - 1;
    let starts = runs.iter().enumerate().map(|(at, run)| (run.start, at, true));
    let mut wanted: Vec<(usize, usize, bool)> =
        starts.chain(runs.iter().enumerate().map(|(at, run)| (last(run), at, false))).collect();
    wanted.sort_unstable();
    let (mut wanted, mut number) = (wanted.into_iter().peekable(), 0);
    let mut places = vec![(None, None); runs.len()];
    words(&mut |word| {
        while let Some((_, at, start)) = wanted.next_if(|(wanted, ..)| *wanted == number) {
            if start {
                places[at].0 = Some(word.start);
            } else {
                places[at].1 = Some(word.end);
            }
        }
        number += 1;
    });
    places.into_iter().map(|(start, end)| Some(start?..end?)).collect()
}
