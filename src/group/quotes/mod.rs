//! Which runs of words different articles share: a statement that both cite, a passage taken over.
//!
//! ```text
//! shared ──► matches ──► merge ──► copies
//! who meets  full length  once      with every copy
//! ```
//!
//! Two articles meet where both hold a run of three quarters of `N` equal words ([`Rules::anchor`]); none
//! is missed. It is followed to both sides across small differences ([`matches`]); its equal words, less
//! two for each that differs, must then come to `N`. Characters of a script without spaces count as half
//! a word each. Not counted are:
//!
//! * copies of one article: only kept texts are compared;
//! * an article and its excerpt, and versions of one text below the threshold: pairs in which half of the
//!   shorter text stands in the longer one;
//! * names, numbers and standing turns of phrase ([`plain`]);
//! * what stands in very many articles ([`Rules::crowd`]), and lines that recur as a whole.
//!
//! The work grows with the number of words: a run that many articles share is compared with the next few
//! only, and the places come together in [`merge`]. Nothing depends on the order of pages.

mod copies;
mod matches;
mod merge;
mod plain;
mod shared;
mod text;

use super::Bodies;
use crate::fingerprint::prints::Prints;
use crate::model::{Grouping, Quote};
use crate::words::Word;
use matches::Found;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;
use std::ops::Range;
use text::Text;

/// Words of a quote if the user does not say.
pub const WORDS: usize = 8;
/// The fewest that can be asked for: three words in a row are shared by any two texts.
pub const LEAST_WORDS: usize = 4;

/// Gives the words of a block's body with how they are set; those of its normalised body.
pub type Worded<'w> = &'w (dyn Fn(usize) -> Vec<Word> + Sync);

/// What makes a quote in a corpus.
#[derive(Debug, Clone, Copy)]
struct Rules {
    /// Words of a quote.
    words: usize,
    /// Equal words in a row that bring two articles together.
    anchor: usize,
    /// What stands in more articles than this is boilerplate.
    crowd: usize,
}

impl Rules {
    /// A statement of the day is cited in many articles, but not in a quarter of a corpus, be that small,
    /// nor in more than [`super::stock::CROWD`], where a phrase counts as stock everywhere else.
    fn new(words: usize, articles: usize) -> Rules {
        let anchor = (words * 3 / 4).clamp(3, 8);
        Rules { words, anchor, crowd: (articles / 4).clamp(8, super::stock::CROWD) }
    }
}

/// A run of words in two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    a: Range<usize>,
    b: Range<usize>,
}

/// All quotes of at least `words` words, in order of their first place.
pub fn quotes(prints: &Prints, grouping: &Grouping, words: usize, body: Bodies, worded: Worded) -> Vec<Quote> {
    let clusters = longest_first(prints, grouping);
    let kept: Vec<usize> = clusters.iter().map(|&cluster| grouping.clusters[cluster].kept).collect();
    let rules = Rules::new(words, kept.len());
    let excerpts = Excerpts::new(grouping);

    let shared = shared::Shared::new(&kept, prints, rules, body);
    let found = (0..kept.len()).into_par_iter().flat_map_iter(|text| {
        let mut met = shared.met(text, rules);
        met.retain(|&(other, _)| !excerpts.has(clusters[text], clusters[other]));
        // The longer text is read once; the shorter ones come and go.
        let own = Text::new(if met.is_empty() { Vec::new() } else { worded(kept[text]) });
        let found = met.iter().flat_map(|(other, seeds)| {
            matches::matches((text, &own), (*other, &Text::new(worded(kept[*other]))), seeds, rules)
        });
        found.collect::<Vec<_>>()
    });
    let found: Vec<Found> = found.collect();
    let merged = merge::merge(found, rules);
    in_page_order(copies::in_all_copies(&merged, &clusters, &grouping.clusters, worded))
}

/// The articles, the longest first; equally long ones in an order that does not depend on their pages.
fn longest_first(prints: &Prints, grouping: &Grouping) -> Vec<usize> {
    let mut clusters: Vec<usize> = (0..grouping.clusters.len()).collect();
    clusters.par_sort_unstable_by_key(|&cluster| {
        let print = &prints[grouping.clusters[cluster].kept];
        (Reverse(print.words), print.digest)
    });
    clusters
}

/// The pairs of articles that are known to be a text and its excerpt.
struct Excerpts(FxHashSet<(usize, usize)>);

impl Excerpts {
    fn new(grouping: &Grouping) -> Excerpts {
        let pairs = grouping.excerpts.iter().flat_map(|one| [(one.cluster, one.within), (one.within, one.cluster)]);
        Excerpts(pairs.collect())
    }

    fn has(&self, a: usize, b: usize) -> bool {
        !self.0.is_empty() && self.0.contains(&(a, b))
    }
}

/// Puts the places of each quote together, and the quotes in order.
fn in_page_order(mut placed: Vec<copies::Placed>) -> Vec<Quote> {
    placed.par_sort_unstable_by_key(|(quote, place)| (*quote, place.block, place.words.start));
    let quotes = placed.chunk_by(|x, y| x.0 == y.0);
    let mut quotes: Vec<Quote> =
        quotes.map(|places| Quote { places: places.iter().map(|(_, place)| place.clone()).collect() }).collect();
    quotes.sort_unstable_by_key(|quote| {
        quote.places.first().map(|place| (place.block, place.words.start, place.words.end))
    });
    quotes
}
