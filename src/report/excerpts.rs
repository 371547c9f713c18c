//! The links between a short article and the longer ones that contain it.

use super::Report;
use super::schema::{ExcerptHere, ExcerptOf};
use crate::model::{Excerpt, Match, Member};
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
        let groups: Vec<&[usize]> =
            by_longer.chunk_by(|&x, &y| by_contained[x].within == by_contained[y].within).collect();
        let longer = |group: &[usize]| report.grouping.clusters[by_contained[group[0]].within].kept;
        let blocks: Vec<usize> = groups.iter().map(|group| longer(group)).collect();
        let words = report.corpus.show(&blocks, |block, page| {
            let words = report.corpus.words_in(block, page);
            words.iter().map(|word| (page.to_stored(word.start), page.to_stored(word.end))).collect::<Vec<_>>()
        });
        let mut places = vec![None; by_contained.len()];
        for (group, words) in groups.iter().zip(words) {
            for &index in *group {
                let range = by_contained[index].words.clone();
                let part = words.as_ref().and_then(|words| words.get(range));
                places[index] = part.and_then(|part| Some(part.first()?.0 as u64..part.last()?.1 as u64));
            }
        }
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
