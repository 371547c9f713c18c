//! Equal runs → what two texts share at its full length.
//!
//! From an equal run on, both texts are followed to either side. Where they differ by up to [`WIDEST`] words,
//! the difference is bridged if more words are equal beyond it than twice as many as it is wide: one
//! changed word needs three equal ones after it. This is the greedy form of an extension by alignment
//! scores (Altschul et al., "Basic local alignment search tool", J. Mol. Biol. 215, 1990), with 1 for an
//! equal word and -2 for a differing one.

use super::{Pair, Rules, plain};
use crate::words::{Word, halves};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Words of the widest difference inside a quote.
const WIDEST: usize = 3;
/// What a differing word costs, in halves of an equal word.
const COST: isize = 4;
/// Words at either end of a match that may stand outside of the sentence or the quotation marks: "he said"
/// before them, the speaker's name or the next sentence's first word after them.
const OUTSIDE: usize = 3;
/// Two texts that share this part of the shorter one are versions of one text, or a text and its excerpt.
const EXCERPT: f64 = 0.5;

/// A match between two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The texts, and where it stands in each.
    pub places: [(usize, Range<usize>); 2],
    /// How it stands there.
    pub setting: Setting,
}

/// How a match stands in its texts, the weaker of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// Within other text, or in quotation marks.
    Within,
    /// As one or more whole lines.
    WholeLines,
    /// As the first or the last lines.
    AtAnEnd,
}

/// What two texts share that is a quote by itself. `seeds` are equal runs.
pub fn matches(a: (usize, &[Word]), b: (usize, &[Word]), seeds: &[Pair], rules: Rules) -> Vec<Found> {
    let sides = [Side::new(a.1), Side::new(b.1)];
    let mut found: Vec<(Pair, isize)> = Vec::new();
    for seed in seeds {
        if !is_equal(&sides, seed) || found.iter().any(|(pair, _)| holds(pair, seed)) {
            continue;
        }
        found.push(grown(&sides, seed));
    }
    if is_version(&sides, &found) {
        return Vec::new();
    }
    let trimmed = found.into_iter().map(|(whole, score)| {
        let pair = within_breaks(a.1, b.1, whole.clone());
        let lost = weight(&a.1[whole.a]) - weight(&a.1[pair.a.clone()]);
        (pair, score - lost as isize)
    });
    let quotes = trimmed.filter(|(pair, score)| {
        *score >= 2 * rules.words as isize
            && plain::says_something(&a.1[pair.a.clone()], a.1, rules.words)
            && plain::says_something(&b.1[pair.b.clone()], b.1, rules.words)
    });
    quotes
        .map(|(pair, _)| Found {
            setting: setting(a.1, &pair.a).min(setting(b.1, &pair.b)),
            places: [(a.0, pair.a), (b.0, pair.b)],
        })
        .collect()
}

/// A text, readable in both directions.
struct Side {
    onward: Vec<u64>,
    back: Vec<u64>,
}

impl Side {
    fn new(words: &[Word]) -> Side {
        let onward: Vec<u64> = words.iter().map(|word| word.hash).collect();
        Side { back: onward.iter().rev().copied().collect(), onward }
    }

    fn before(&self, at: usize) -> &[u64] {
        &self.back[self.back.len() - at..]
    }

    fn from(&self, at: usize) -> &[u64] {
        &self.onward[at..]
    }
}

/// Whether a seed is what it is said to be: shingles are hashes, and a page may have changed.
fn is_equal([a, b]: &[Side; 2], seed: &Pair) -> bool {
    let run = a.onward.get(seed.a.clone());
    run.is_some() && run == b.onward.get(seed.b.clone())
}

fn holds(pair: &Pair, seed: &Pair) -> bool {
    let within = |outer: &Range<usize>, inner: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
    within(&pair.a, &seed.a) && within(&pair.b, &seed.b)
}

/// A seed at its full length, and its score: its equal words less what its differences cost, in halves
/// of a word.
fn grown([a, b]: &[Side; 2], seed: &Pair) -> (Pair, isize) {
    let left = follow(a.before(seed.a.start), b.before(seed.b.start));
    let right = follow(a.from(seed.a.end), b.from(seed.b.end));
    let pair = Pair { a: seed.a.start - left.a..seed.a.end + right.a, b: seed.b.start - left.b..seed.b.end + right.b };
    (pair, weigh(&a.onward[seed.a.clone()]) as isize + left.score + right.score)
}

/// How far two texts go on alike.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Reach {
    a: usize,
    b: usize,
    score: isize,
}

fn follow(a: &[u64], b: &[u64]) -> Reach {
    let equal = common_start(a, b);
    let mut reach = Reach { a: equal, b: equal, score: weigh(&a[..equal]) as isize };
    while let Some(step) = bridge(&a[reach.a..], &b[reach.b..]) {
        reach.a += step.a;
        reach.b += step.b;
        reach.score += step.score;
    }
    reach
}

/// The smallest difference with enough equal words beyond it; of equally small ones, the one with most.
fn bridge(a: &[u64], b: &[u64]) -> Option<Reach> {
    (1..=WIDEST).find_map(|width| {
        let uneven = (0..width).flat_map(|less| [(width, less), (less, width)]);
        let gaps = uneven.chain([(width, width)]);
        let reaches = gaps.filter_map(|(in_a, in_b)| {
            let (after_a, after_b) = (a.get(in_a..)?, b.get(in_b..)?);
            let equal = common_start(after_a, after_b);
            let score = weigh(&after_a[..equal]) as isize - COST * width as isize;
            (score > 0).then_some(Reach { a: in_a + equal, b: in_b + equal, score })
        });
        reaches.max_by_key(|reach| reach.score)
    })
}

fn common_start(a: &[u64], b: &[u64]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

fn weigh(hashes: &[u64]) -> usize {
    hashes.iter().map(|&hash| halves(hash)).sum()
}

fn weight(words: &[Word]) -> usize {
    words.iter().map(|word| halves(word.hash)).sum()
}

/// Whether the matches together are so much of the shorter text that the two are one story told twice.
fn is_version([a, b]: &[Side; 2], found: &[(Pair, isize)]) -> bool {
    let shorter_is_a = weigh(&a.onward) <= weigh(&b.onward);
    let side = if shorter_is_a { a } else { b };
    let mut ranges: Vec<&Range<usize>> =
        found.iter().map(|(pair, _)| if shorter_is_a { &pair.a } else { &pair.b }).collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let (mut covered, mut end) = (0, 0);
    for range in ranges {
        let start = range.start.max(end);
        if start < range.end {
            covered += weigh(&side.onward[start..range.end]);
            end = range.end;
        }
    }
    covered as f64 >= EXCERPT * weigh(&side.onward) as f64
}

/// Leaves out the few words at the ends of a match that stand beyond a break in both texts.
fn within_breaks(a: &[Word], b: &[Word], pair: Pair) -> Pair {
    let Pair { a: mut in_a, b: mut in_b } = pair;
    let most = OUTSIDE.min(in_a.len() / 4).min(in_b.len() / 4);
    let breaks = |word: &Word| word.look.after_break;
    if let Some(cut) = (1..=most).find(|cut| breaks(&a[in_a.end - cut]) && breaks(&b[in_b.end - cut])) {
        in_a.end -= cut;
        in_b.end -= cut;
    }
    if let Some(cut) = (1..=most).find(|cut| breaks(&a[in_a.start + cut]) && breaks(&b[in_b.start + cut])) {
        in_a.start += cut;
        in_b.start += cut;
    }
    Pair { a: in_a, b: in_b }
}

fn setting(text: &[Word], range: &Range<usize>) -> Setting {
    let whole = text[range.start].look.starts_line && text.get(range.end).is_none_or(|next| next.look.starts_line);
    if !whole || text[range.start].look.after_quote_mark {
        Setting::Within
    } else if range.start == 0 || range.end == text.len() {
        Setting::AtAnEnd
    } else {
        Setting::WholeLines
    }
}

/// Where a quote stands in an edited copy of its text: at its longest equal run, at its full length. It
/// is not found if less than a third of it is equal there in a row.
pub fn find(quote: &[Word], text: &[Word]) -> Option<Range<usize>> {
    let sides = [Side::new(quote), Side::new(text)];
    let [of_quote, of_text] = [&sides[0].onward, &sides[1].onward];
    let length = (quote.len() / 3).max(2);
    let mut known: FxHashMap<&[u64], usize> = FxHashMap::default();
    for (at, run) in of_quote.windows(length).enumerate() {
        known.entry(run).or_insert(at);
    }
    let seeds = of_text.windows(length).enumerate().filter_map(|(b, run)| {
        let a = *known.get(run)?;
        Some(Pair { a: a..a + length, b: b..b + length })
    });
    let places = seeds.map(|seed| grown(&sides, &seed).0);
    places.max_by_key(|pair| (pair.a.len(), std::cmp::Reverse(pair.b.start))).map(|pair| pair.b)
}
