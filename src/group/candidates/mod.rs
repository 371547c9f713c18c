//! Which pairs of texts are worth comparing.
//!
//! Texts that share a shingle of their sketches meet in its bucket. The fewer texts a bucket holds, the more
//! a meeting there weighs: what many texts say is no sign of copying (inverse document frequency: Spärck
//! Jones, "A statistical interpretation of term specificity and its application in retrieval", 1972). What
//! the meetings of two texts weigh together, by the size of their sketches, is their *promise*; it decides
//! whether they are worth a comparison ([`view`]).
//!
//! In a bucket of up to [`view::CROWD`] texts each meets all the others. In a larger one, where a stock phrase
//! or a text with very many copies stands, each meets its [`NEIGHBOURS`] in one order that is the same for all
//! buckets and puts similar texts side by side; and the texts meet again in the buckets of *pairs* of such
//! crowded shingles, which are smaller. So the work grows with the number of shingles, never with the
//! square of a bucket.
//!
//! How much of the sketches is looked at, and how much promise it takes, depends on the corpus: where copies
//! are clean a part of the work finds them all, where they are bad scans it takes every shingle. In a large
//! corpus a [`pilot`] finds out.

mod meetings;
mod pilot;
mod view;

use crate::fingerprint::sketch::{Part, mix, up_to};
use crate::model::Sketch;
use meetings::{Meetings, Met};
use pilot::Bar;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::iter;
use std::ops::RangeInclusive;
use view::{CROWD, View, weight};

/// How many texts a text meets in a crowded bucket.
const NEIGHBOURS: usize = 6;

/// Two texts that have half of their crowded shingles in common are neighbours in at least one bucket for
/// this many of them.
const MEETINGS: usize = 8;

/// In the buckets of how many of its crowded shingles a text meets others.
const WALKED: usize = 16;

/// How many shingles one thread sorts into buckets at a time, if not more than [`PIECES`] pieces come of it;
/// each takes eight bytes.
const SORTED_AT_ONCE: usize = 1 << 19;
/// Into how many pieces all shingles are cut at most: for every piece all sketches are looked at.
const PIECES: usize = 16;
/// Bits of a key that are sorted by at a time.
const DIGIT: usize = 11;
/// How many times as many are sorted by all threads together.
const ROUND: usize = 8;
/// One text in this many is looked at to cut all shingles into pieces of that size.
const SEEN_FOR_RANGES: usize = 16;

/// Two texts worth comparing; `a < b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Index of the one text.
    pub a: u32,
    /// Index of the other.
    pub b: u32,
    /// How much of the one the other seems to hold, 0 to 1, by their sketches.
    pub promise: f32,
}

/// All pairs worth comparing among texts with these sketches. `order` gives every text a number of its
/// own that does not depend on the order of the corpus, from 0 on; `counts` says whether a pair is one that
/// must be found.
pub fn candidates(sketches: &[&Sketch], order: &[u32], counts: &(dyn Fn(u32, u32) -> bool + Sync)) -> Vec<Candidate> {
    let bar = pilot::bar(sketches, order, counts);
    let parts: Vec<Part> = sketches.iter().map(|sketch| Part::of(sketch, bar.halvings)).collect();
    search(&parts, order, bar)
}

fn search(parts: &[Part], order: &[u32], bar: Bar) -> Vec<Candidate> {
    let by_place = neighbours(parts, order);
    let parts: Vec<Part> = by_place.iter().map(|&text| parts[text as usize]).collect();
    let (rare, crowds) = rare_meetings(&parts);
    let views: Vec<View> = parts.par_iter().map(|&part| View::new(part, |shingle| crowds.contains(&shingle))).collect();
    let crowded = crowded_meetings(&views).by_text(views.len());
    let rare = rare.by_text(views.len());

    let candidate = |place: u32, other: u32, promise: f64| {
        let (x, y) = (by_place[place as usize], by_place[other as usize]);
        Candidate { a: x.min(y), b: x.max(y), promise: promise as f32 }
    };
    let places = 0..views.len() as u32;
    let worth = places.into_par_iter().map_init(
        || (Met::new(views.len()), Met::new(views.len())),
        |(met, in_crowd), place| {
            let (view, mut worth) = (&views[place as usize], Vec::new());
            rare.meet(place, CROWD, met);
            crowded.meet(place, NEIGHBOURS, in_crowd);
            in_crowd.drain(|other, times| {
                if times as usize * MEETINGS >= walked(view).len() {
                    let promise = view.promise_in_crowd(&views[other as usize], met.weight(other));
                    worth.extend(promise.map(|promise| candidate(place, other, promise)));
                }
            });
            met.drain(|other, weight| {
                let promise = view.promise(&views[other as usize], weight).filter(|&promise| promise >= bar.promise);
                worth.extend(promise.map(|promise| candidate(place, other, promise)));
            });
            worth
        },
    );
    worth.flatten_iter().collect()
}

/// The order in which crowded buckets are walked: by lowest shingle, which similar texts are likely to
/// share (min-hashing), then by size.
fn neighbours(parts: &[Part], order: &[u32]) -> Vec<u32> {
    let mut by_place: Vec<u32> = (0..parts.len() as u32).collect();
    by_place.par_sort_unstable_by_key(|&text| {
        let shingles = parts[text as usize].shingles;
        (shingles.first(), shingles.len(), order[text as usize])
    });
    by_place
}

/// Who meets whom in buckets that are not crowded, and the shingles of those that are.
fn rare_meetings(parts: &[Part]) -> (Meetings, FxHashSet<u32>) {
    let met = ranges(parts).into_par_iter().map(|range| {
        let (mut rare, mut crowds) = (Meetings::default(), Vec::new());
        for bucket in buckets(&in_range(parts, &range)) {
            if bucket.len() <= CROWD {
                rare.add(texts_of(bucket), weight(bucket.len()));
            } else {
                crowds.push(key_of(bucket));
            }
        }
        (rare, crowds)
    });
    let (mut rare, mut crowds) = (Meetings::default(), FxHashSet::default());
    for (more, keys) in met.collect::<Vec<_>>() {
        rare.append(more);
        crowds.extend(keys);
    }
    (rare, crowds)
}

/// Cuts the range of shingles so that about [`SORTED_AT_ONCE`] of those in sketches lie in each piece.
fn ranges(parts: &[Part]) -> Vec<RangeInclusive<u32>> {
    let shingles: usize = parts.iter().map(|part| part.shingles.len()).sum();
    let mut sample: Vec<u32> = parts.iter().step_by(SEEN_FOR_RANGES).flat_map(|part| part.shingles).copied().collect();
    sample.sort_unstable();
    let pieces = (shingles / SORTED_AT_ONCE + 1).min(PIECES);
    let mut ends: Vec<u32> =
        (1..pieces).filter_map(|piece| sample.get(sample.len() * piece / pieces).copied()).collect();
    ends.push(u32::MAX);
    ends.dedup();
    let starts = iter::once(0).chain(ends.iter().map(|end| end.wrapping_add(1)));
    starts.zip(&ends).map(|(start, &end)| start..=end).collect()
}

/// The shingles in a range with the places of their texts, sorted.
fn in_range(parts: &[Part], range: &RangeInclusive<u32>) -> Vec<u64> {
    let mut entries = Vec::with_capacity(SORTED_AT_ONCE * 9 / 8);
    for (place, part) in parts.iter().enumerate() {
        let from = part.shingles.partition_point(|shingle| shingle < range.start());
        let shingles = up_to(&part.shingles[from..], *range.end());
        entries.extend(shingles.iter().map(|&shingle| entry(shingle, place)));
    }
    sort_by_key(&mut entries);
    entries
}

/// Sorts entries that are in order of their places by their keys, digit by digit (radix sort).
fn sort_by_key(entries: &mut Vec<u64>) {
    let (any, all) = entries.iter().fold((0, u64::MAX), |(any, all), entry| (any | entry, all & entry));
    let mut sorted = vec![0; entries.len()];
    for digit in (32..64).step_by(DIGIT) {
        let value = |entry: u64| (entry >> digit) as usize % (1 << DIGIT);
        if value(any) == value(all) {
            continue;
        }
        let mut next = [0; 1 << DIGIT];
        entries.iter().for_each(|&entry| next[value(entry)] += 1);
        let mut sum = 0;
        for next in &mut next {
            (sum, *next) = (sum + *next, sum);
        }
        for &entry in entries.iter() {
            let next = &mut next[value(entry)];
            sorted[*next] = entry;
            *next += 1;
        }
        std::mem::swap(entries, &mut sorted);
    }
}

/// Who meets whom in crowded buckets, and in those of pairs of crowded shingles. Texts with enough else to
/// be found by stay away.
fn crowded_meetings(views: &[View]) -> Meetings {
    let mut crowded = Meetings::default();
    let meetings: usize = views.par_iter().filter(|view| view.is_crowd()).map(|view| 3 * walked(view).len()).sum();
    let rounds = (meetings / SORTED_AT_ONCE / ROUND + 1).next_power_of_two() as u32;
    for round in 0..rounds {
        let own = |view: &View| if view.is_crowd() { keys(walked(view)) } else { Vec::new() };
        let in_round = |key: &u32| key & (rounds - 1) == round;
        let entries = entries(views, |view| own(view).into_iter().filter(in_round));
        buckets(&entries).for_each(|bucket| crowded.add(texts_of(bucket), 1));
    }
    crowded
}

/// The crowded shingles in whose buckets a text meets others: the lowest, which similar texts share.
fn walked<'v>(view: &'v View) -> &'v [u32] {
    &view.crowded[..view.crowded.len().min(WALKED)]
}

/// What a text is found under, with the text's place in the lower half.
fn entry(key: u32, place: usize) -> u64 {
    u64::from(key) << 32 | place as u64
}

/// All entries of texts with such keys, sorted.
fn entries<T: Sync, K: IntoIterator<Item = u32>>(texts: &[T], keys: impl Fn(&T) -> K + Sync) -> Vec<u64> {
    let texts = texts.par_iter().enumerate();
    let entries = texts.flat_map_iter(|(place, text)| keys(text).into_iter().map(move |key| entry(key, place)));
    let mut entries: Vec<u64> = entries.collect();
    entries.par_sort_unstable();
    entries
}

/// Runs of sorted entries with one key, where more than one text has it.
fn buckets(entries: &[u64]) -> impl Iterator<Item = &[u64]> {
    entries.chunk_by(|x, y| x >> 32 == y >> 32).filter(|bucket| bucket.len() > 1)
}

fn texts_of(bucket: &[u64]) -> impl Iterator<Item = u32> {
    bucket.iter().map(|&entry| entry as u32)
}

fn key_of(bucket: &[u64]) -> u32 {
    (bucket[0] >> 32) as u32
}

/// Crowded shingles, and keys for texts that share two of them with at most one other between them.
fn keys(crowded: &[u32]) -> Vec<u32> {
    let mut keys = Vec::with_capacity(crowded.len() * 3);
    keys.extend(crowded);
    for distance in [1, 2] {
        let pairs = crowded.iter().zip(crowded.iter().skip(distance));
        keys.extend(pairs.map(|(&x, &y)| (mix(u64::from(x) << 32 | u64::from(y)) >> 32) as u32));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
