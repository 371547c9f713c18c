//! How much a file for a browser holds. All of it together is some 80 MB at most.

use crate::model::Digest;
use rustc_hash::FxHashMap;

/// Articles: those with the most copies.
pub const ARTICLES: usize = 50_000;
/// Occurrences of one article: the first.
pub const OF_ONE: usize = 10_000;
/// Occurrences of all articles together.
pub const OCCURRENCES: usize = 1_000_000;
/// Quotes: the first.
pub const QUOTES: usize = 20_000;
/// Places of one quote: the first.
pub const PLACES: usize = 1_000;
/// Sources that were not read: the first.
pub const SKIPPED: usize = 10_000;
/// Bytes of all lines, each counted once.
pub const TEXT: usize = 96 << 20;
/// Bytes of it that articles which stand in one place only may take.
pub const TEXT_OF_SINGLES: usize = TEXT / 2;
/// Bytes of a page whose text is in the file.
pub const PAGE: usize = 4 << 20;
/// Columns of a headline, of a caption, of a quote; the rest is cut off.
pub const LINE: usize = 2_000;
/// Captions of one article.
pub const CAPTIONS: usize = 100;

/// Which articles are in the file, and as which of them each is counted, from 0.
pub struct Listed(FxHashMap<Digest, u32>);

impl Listed {
    /// All of them, or those with the most occurrences, in the order of the report.
    pub fn of(ids: impl Iterator<Item = (Digest, u64)>) -> Listed {
        Listed::at_most(ARTICLES, ids.collect())
    }

    fn at_most(limit: usize, ids: Vec<(Digest, u64)>) -> Listed {
        let mut counts: Vec<u64> = ids.iter().map(|(_, count)| *count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let least = counts.get(limit).copied().unwrap_or_default();
        let mut left = limit - counts[..limit.min(counts.len())].iter().filter(|&&count| count > least).count();
        let listed = ids.into_iter().filter(|(_, count)| {
            *count > least || *count == least && left.checked_sub(1).map(|less| left = less).is_some()
        });
        Listed(listed.zip(0..).map(|((id, _), at)| (id, at)).collect())
    }

    /// The number of an article; `None` if it is not in the file.
    pub fn number(&self, id: Digest) -> Option<u32> {
        self.0.get(&id).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(limit: usize, counts: &[u64], expected: &[Option<u32>]) {
        let id = |at: usize| Digest([at as u8; 32]);
        let listed = Listed::at_most(limit, counts.iter().enumerate().map(|(at, &count)| (id(at), count)).collect());
        let found: Vec<_> = (0..counts.len()).map(|at| listed.number(id(at))).collect();
        assert_eq!(found, expected, "{limit} of {counts:?}");
    }

    #[test]
    fn the_articles_with_the_most_copies_are_listed_and_of_equals_the_first() {
        check(3, &[1, 1], &[Some(0), Some(1)]);
        check(2, &[1, 1, 1], &[Some(0), Some(1), None]);
        check(2, &[1, 3, 1, 2], &[None, Some(0), None, Some(1)]);
        check(3, &[1, 3, 1, 2], &[Some(0), Some(1), None, Some(2)]);
        check(0, &[1], &[None]);
        check(3, &[], &[]);
    }
}
