//! Articles that stand, whole or nearly so, in longer ones: a cut copy too short to be a version, a
//! teaser, a notice printed inside a report. They stay articles of their own; the link is reported.

use super::Bodies;
use super::align::{Piece, Prepared};
use super::long::{self, Known};
use super::similarity::{Overlap, covered};
use super::stock::Stock;
use crate::model::{Cluster, Excerpt};
use rayon::prelude::*;
use std::ops::Range;

/// What share of an article must stand in a longer one for it to be an excerpt.
pub const SHARE: f64 = 0.8;

/// The excerpts among pairs of clusters that may be ones, in order of the contained article. `words` says
/// how many words a block has. The kept texts decide.
pub fn excerpts(
    mut pairs: Vec<(usize, usize)>,
    clusters: &[Cluster],
    words: impl Fn(usize) -> u32 + Sync,
    stock: &Stock,
    body: Bodies,
) -> Vec<Excerpt> {
    // The shorter of two comes first; of two equally long ones, the one that stands later in the corpus.
    for pair in &mut pairs {
        let size = |cluster: usize| (words(clusters[cluster].kept), std::cmp::Reverse(cluster));
        if size(pair.0) > size(pair.1) {
            *pair = (pair.1, pair.0);
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    let prepare = |cluster: usize| Prepared::new(body(clusters[cluster].kept), stock);
    let excerpt = |(cluster, within): (usize, usize), shorter: &Prepared, longer: &Known| {
        let pieces = longer.pieces(shorter);
        let (share, place) = contained(shorter, &pieces)?;
        let first = shorter.precedes(&longer.text);
        let overlap =
            if first { Overlap::by(shorter, &longer.text, pieces) } else { Overlap::of(&longer.text, shorter) };
        Some(Excerpt { cluster, within, share, similarity: overlap.similarity(), words: longer.words(place) })
    };
    let apart = |&pair: &(usize, usize)| long::apart(pair, |cluster| words(clusters[cluster].kept)).is_some();
    let (apart, near): (Vec<_>, Vec<_>) = pairs.into_par_iter().partition(apart);
    let near = near.into_par_iter();
    let mut found: Vec<Option<Excerpt>> =
        near.map(|pair| excerpt(pair, &prepare(pair.0), &Known::new(prepare(pair.1)))).collect();
    found.extend(long::see_all(apart, prepare, excerpt));
    let mut excerpts: Vec<Excerpt> = found.into_iter().flatten().collect();
    excerpts.par_sort_unstable_by_key(|excerpt| (excerpt.cluster, excerpt.within));
    excerpts
}

/// What share of a text the pieces are that stand in a longer one too, if it is enough, and where in the
/// longer they stand, in symbols.
fn contained(shorter: &Prepared, pieces: &[Piece]) -> Option<(f64, Range<usize>)> {
    let own = covered(shorter, pieces.iter().map(|piece| piece.a.clone()), &Prepared::weight);
    let share = own / shorter.weight(0..shorter.len());
    let start = pieces.iter().map(|piece| piece.b.start).min()?;
    let end = pieces.iter().map(|piece| piece.b.end).max()?;
    (share >= SHARE).then(|| (share.min(1.0), start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "the lighthouse keeper of gull point climbed his stairs for the last time on friday and \
        handed the key to a machine that needs no stairs a crowd of former keepers watched from the rocks \
        below and sang until the lamp came on by itself at nine minutes past five";

    /// What stands in the long text of a short one, and what share of the short one that is.
    fn check(short: &str, expected: Option<(f64, &str)>) {
        let prepared = |text| Prepared::new(text, &Stock::default());
        let (short, long) = (prepared(short), Known::new(prepared(LONG)));
        let found = contained(&short, &long.pieces(&short));
        let words: Vec<&str> = LONG.split(' ').collect();
        let found = found.map(|(share, place)| (share, words[long.words(place)].join(" ")));
        assert_eq!(found.as_ref().map(|(share, text)| (*share, text.as_str())), expected);
    }

    #[test]
    fn an_excerpt_says_which_words_of_the_longer_text_it_is() {
        let short = "a crowd of former keepers watched from the rocks below and sang until the lamp came on";
        check(short, Some((1.0, short)));
    }

    #[test]
    fn a_text_with_as_much_of_its_own_is_no_excerpt() {
        check(
            "a crowd of former keepers watched from the rocks below while the mayor read a letter from the \
             ministry of ports that nobody could hear for the wind and the gulls",
            None,
        );
    }
}
