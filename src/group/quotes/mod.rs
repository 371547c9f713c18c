//! Which runs of words different articles share: a statement that both cite, a passage taken over.
//!
//! ```text
//! shared ──► matches ──► merge
//! who meets  full length  each quote once
//! ```
//!
//! Two articles share a quote when both hold a run of `N` equal words, or runs of three quarters of that
//! ([`Rules::anchor`]) with a small difference between them. It is followed to both sides across small
//! differences ([`matches`]) and must then hold `N` equal words more than its differences cost. Not
//! counted are:
//!
//! * copies of one article: only kept texts are compared;
//! * an article and its excerpt, and versions of one text below the threshold: pairs in which half of the
//!   shorter text stands in the longer one;
//! * names, numbers and standing turns of phrase ([`plain`]);
//! * what stands in very many articles ([`Rules::crowd`]), and lines that recur as a whole.
//!
//! The work grows with the number of words: a run that many articles share is compared with the next few
//! only, and the places come together in [`merge`]. Nothing depends on the order of pages.

mod matches;
mod merge;
mod plain;
mod shared;

use super::Bodies;
use crate::model::{Fingerprint, Grouping, Match, Member, Quote, QuotePlace};
use crate::words::Word;
use matches::Found;
use rayon::prelude::*;
use std::ops::Range;

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
pub fn quotes(prints: &[Fingerprint], grouping: &Grouping, words: usize, body: Bodies, worded: Worded) -> Vec<Quote> {
    let mut clusters: Vec<usize> = (0..grouping.clusters.len()).collect();
    clusters.sort_unstable_by_key(|&cluster| prints[grouping.clusters[cluster].kept].digest);
    let kept: Vec<usize> = clusters.iter().map(|&cluster| grouping.clusters[cluster].kept).collect();
    let rules = Rules::new(words, kept.len());

    let kept = &kept;
    let shared = shared::Shared::new(kept, prints, rules, body);
    let found = (0..kept.len()).into_par_iter().flat_map_iter(|text| {
        let met = shared.met(text, rules);
        let own = if met.is_empty() { Vec::new() } else { worded(kept[text]) };
        met.into_iter().flat_map(move |(other, seeds)| {
            matches::matches((text, &own), (other, &worded(kept[other])), &seeds, rules)
        })
    });
    let found: Vec<Found> = found.collect();
    let mut quotes: Vec<Quote> = merge::merge(found, rules)
        .into_par_iter()
        .map(|places| {
            let placed =
                places.into_iter().flat_map(|(text, words)| in_all_copies(grouping, clusters[text], words, worded));
            let mut places: Vec<_> = placed.collect();
            places.sort_unstable_by_key(|place| (place.block, place.words.start));
            Quote { places }
        })
        .collect();
    quotes.sort_unstable_by_key(|quote| {
        quote.places.first().map(|place| (place.block, place.words.start, place.words.end))
    });
    quotes
}

/// A place in the kept text of an article, and the same place in every copy: in an exact one, the same
/// words; in an edited one, where the quote is found again, if it is.
fn in_all_copies(grouping: &Grouping, cluster: usize, words: Range<usize>, worded: Worded) -> Vec<QuotePlace> {
    let article = &grouping.clusters[cluster];
    let edited = article.members.iter().any(|member| member.matched == Match::Near);
    let quote = if edited { cut(&worded(article.kept), &words) } else { Vec::new() };
    let place = |member: &Member| match member.matched {
        Match::Near => matches::find(&quote, &worded(member.block)),
        _ => Some(words.clone()),
    };
    let placed = article.members.iter().filter_map(|member| Some((member.block, place(member)?)));
    placed.map(|(block, words)| QuotePlace { cluster, block, words }).collect()
}

fn cut(text: &[Word], words: &Range<usize>) -> Vec<Word> {
    text.get(words.clone()).unwrap_or_default().to_vec()
}
