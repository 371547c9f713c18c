//! Equal runs → what two texts share at its full length.
//!
//! From an equal run on, both texts are followed to either side. Where they differ by up to [`WIDEST`] words,
//! the difference is bridged if more words are equal beyond it than twice as many as it is wide: one
//! changed word needs three equal ones after it. This is the greedy form of an extension by alignment
//! scores (Altschul et al., "Basic local alignment search tool", J. Mol. Biol. 215, 1990), with 1 for an
//! equal word and -2 for a differing one.

use super::text::{Text, weigh};
use super::{Pair, Rules, plain};
use crate::words::Word;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Words of the widest difference inside a quote.
const WIDEST: usize = 3;
/// What a differing word costs, in halves of an equal word.
const COST: isize = 4;
/// Words at either end of a match that may stand outside of the sentence or the quotation marks: "he said"
/// before them, the speaker's name or the next sentence's first word after them.
const OUTSIDE: usize = 3;
/// How many matches back a seed may lie in one that is known: they come in order of their distance.
const RECENT: usize = 16;
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

/// What two texts share that is a quote by itself. `seeds` are equal runs, in order.
pub fn matches(a: (usize, &Text), b: (usize, &Text), seeds: &[Pair], rules: Rules) -> Vec<Found> {
    let mut found: Vec<(Pair, isize)> = Vec::new();
    for seed in seeds {
        let known = found.iter().rev().take(RECENT).any(|(pair, _)| holds(pair, seed));
        if !known && is_equal(a.1, b.1, seed) {
            found.push(grown(a.1, b.1, seed));
        }
    }
    if is_version(a.1, b.1, &found) {
        return Vec::new();
    }
    let trimmed = found.into_iter().map(|(whole, score)| {
        let pair = within_breaks(&a.1.words, &b.1.words, whole.clone());
        let lost = a.1.weigh(&whole.a) - a.1.weigh(&pair.a);
        (pair, score - lost as isize)
    });
    let quotes = trimmed.filter(|(pair, score)| {
        *score >= 2 * rules.words as isize
            && plain::says_something(a.1, &pair.a, rules.words)
            && plain::says_something(b.1, &pair.b, rules.words)
    });
    quotes
        .map(|(pair, _)| Found {
            setting: setting(&a.1.words, &pair.a).min(setting(&b.1.words, &pair.b)),
            places: [(a.0, pair.a), (b.0, pair.b)],
        })
        .collect()
}

/// Whether a seed is what it is said to be: shingles are hashes, and a page may have changed.
fn is_equal(a: &Text, b: &Text, seed: &Pair) -> bool {
    let run = a.run(&seed.a);
    run.is_some() && run == b.run(&seed.b)
}

fn holds(pair: &Pair, seed: &Pair) -> bool {
    let within = |outer: &Range<usize>, inner: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
    within(&pair.a, &seed.a) && within(&pair.b, &seed.b)
}

/// A seed at its full length, and its score: its equal words less what its differences cost, in halves
/// of a word.
fn grown(a: &Text, b: &Text, seed: &Pair) -> (Pair, isize) {
    let left = follow(a.before(seed.a.start), b.before(seed.b.start));
    let right = follow(a.from(seed.a.end), b.from(seed.b.end));
    let pair = Pair { a: seed.a.start - left.a..seed.a.end + right.a, b: seed.b.start - left.b..seed.b.end + right.b };
    (pair, a.weigh(&seed.a) as isize + left.score + right.score)
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

/// Whether the matches together are so much of the shorter text that the two are one story told twice.
fn is_version(a: &Text, b: &Text, found: &[(Pair, isize)]) -> bool {
    let of_a = a.halves < b.halves;
    let text = if of_a { a } else { b };
    let mut ranges: Vec<&Range<usize>> = found.iter().map(|(pair, _)| if of_a { &pair.a } else { &pair.b }).collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let (mut covered, mut end) = (0, 0);
    for range in ranges {
        let start = range.start.max(end);
        if start < range.end {
            covered += text.weigh(&(start..range.end));
            end = range.end;
        }
    }
    covered as f64 >= EXCERPT * text.halves as f64
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

/// Where the words `quote` of a text stand in an edited copy of it: at the longest stretch of them there.
/// They are not found if less than a third of them is equal there in a row.
pub fn find(text: &Text, quote: &Range<usize>, copy: &Text) -> Option<Range<usize>> {
    let words = text.words.get(quote.clone())?;
    let quote = Text::new(words.to_vec());
    let length = (words.len() / 3).max(2);
    let mut known: FxHashMap<&[u64], usize> = FxHashMap::default();
    for (at, run) in quote.from(0).windows(length).enumerate() {
        known.entry(run).or_insert(at);
    }
    let mut best: Option<Pair> = None;
    let mut settled = 0;
    for (b, run) in copy.from(0).windows(length).enumerate() {
        if let Some(&a) = known.get(run).filter(|_| b >= settled) {
            let (pair, _) = grown(&quote, copy, &Pair { a: a..a + length, b: b..b + length });
            settled = pair.b.end;
            if best.as_ref().is_none_or(|best| best.a.len() < pair.a.len()) {
                best = Some(pair);
            }
        }
    }
    best.map(|pair| pair.b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    fn text(text: &str) -> Text {
        let mut found = Vec::new();
        words(text.as_bytes(), 0, &mut found);
        Text::new(found)
    }

    fn cut<'t>(source: &'t str, text: &Text, range: &Range<usize>) -> &'t str {
        &source[text.words[range.start].start..text.words[range.end - 1].end]
    }

    /// What grows out of the word "anchor" in two texts, and its score in words.
    #[track_caller]
    fn check(a: &str, b: &str, expected: (&str, &str, isize)) {
        let (left, right) = (text(a), text(b));
        let at = |source: &str| source.split_whitespace().position(|word| word == "anchor").unwrap();
        let seed = Pair { a: at(a)..at(a) + 1, b: at(b)..at(b) + 1 };
        let (pair, score) = grown(&left, &right, &seed);
        assert_eq!((cut(a, &left, &pair.a), cut(b, &right, &pair.b), score / 2), expected);
    }

    #[test]
    fn equal_words_are_followed_to_both_sides() {
        check(
            "x one two anchor three y",
            "z one two anchor three",
            ("one two anchor three", "one two anchor three", 4),
        );
    }

    #[test]
    fn a_changed_dropped_or_added_word_is_bridged_when_three_equal_ones_follow() {
        check(
            "anchor a b c d x e f g",
            "anchor a b c d y e f g",
            ("anchor a b c d x e f g", "anchor a b c d y e f g", 6),
        );
        check("anchor a x e f g", "anchor a e f g", ("anchor a x e f g", "anchor a e f g", 3));
        check("a b c x anchor", "a b c anchor", ("a b c x anchor", "a b c anchor", 2));
        check("anchor a x e f", "anchor a y e f", ("anchor a", "anchor a", 2));
    }

    #[test]
    fn wider_differences_need_more_equal_words_behind_them() {
        check("anchor x x e f g h", "anchor y e f g h", ("anchor", "anchor", 1));
        check("anchor x x e f g h i", "anchor y e f g h i", ("anchor x x e f g h i", "anchor y e f g h i", 2));
        check("anchor x x x x a b c d e f g h i j", "anchor a b c d e f g h i j", ("anchor", "anchor", 1));
    }

    #[test]
    fn a_quote_is_found_in_an_edited_copy() {
        let (kept, copy) =
            (text("x x the river does not read our maps x"), text("y the river did not read our maps y"));
        assert_eq!(find(&kept, &(2..9), &copy), Some(1..8));
        assert_eq!(find(&kept, &(2..9), &text("nothing of the kind")), None);
    }
}
