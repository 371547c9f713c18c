//! How much a file for a browser holds. With the texts that there are it is about 80 MB at most; whatever the
//! texts are, it is never more than 250 MB.

use crate::model::Digest;
use rustc_hash::FxHashMap;

/// What there is room for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Articles: those with the most copies.
    pub articles: usize,
    /// Occurrences of one article, excerpts in it, articles that it is an excerpt of: the first of each.
    pub of_one: usize,
    /// Quotes: the first.
    pub quotes: usize,
    /// Places of one quote: the first.
    pub places: usize,
    /// Sources that were not read: the first.
    pub skipped: usize,
    /// Bytes of all lines, each counted once.
    pub text: usize,
    /// Bytes of it that articles which stand in one place only may take.
    pub text_of_singles: usize,
    /// Bytes of all rows of the tables from which an article has but one place, a shorter headline and nothing else.
    pub rows_of_articles: usize,
    /// The same from which there are no more quotes.
    pub rows_of_quotes: usize,
    /// The same from which there are no more page texts and skipped sources.
    pub rows: usize,
}

/// What a browser of today opens in some seconds.
pub const LIMITS: Limits = Limits {
    articles: 50_000,
    of_one: 10_000,
    quotes: 20_000,
    places: 1_000,
    skipped: 10_000,
    text: 96 << 20,
    text_of_singles: 48 << 20,
    rows_of_articles: 40 << 20,
    rows_of_quotes: 48 << 20,
    rows: 72 << 20,
};

/// Bytes of a page whose text is in the file, and of an article.
pub const PAGE: usize = 4 << 20;
/// Columns of a headline, of a caption, of a quote, of a name; the rest is cut off.
pub const LINE: usize = 2_000;
/// Columns of a headline when room is short.
pub const SHORT: usize = 120;
/// Captions of one article.
pub const CAPTIONS: usize = 100;

/// Which articles are in the file, and as which of them each is counted, from 0.
pub struct Listed(FxHashMap<Digest, u32>);

impl Listed {
    /// All of them, or those with the most occurrences, in the order of the report.
    pub fn at_most(limit: usize, ids: Vec<(Digest, u64)>) -> Listed {
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
