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
pub mod steps;
mod view;

use crate::fingerprint::prints::Lists;
use crate::fingerprint::sketch::{mix, part, up_to};
use crate::roomy::{filled, roomy};
use meetings::{Meetings, Met};
pub use pilot::{Bar, FEW, LONGEST, SAMPLE, Totals, bar};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::iter;
use std::ops::RangeInclusive;
pub use view::{CROWD, LEAST};
use view::{View, Views, weight};

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
/// One text in this many is looked at to cut all shingles into pieces of that size.
const SEEN_FOR_RANGES: usize = 16;
/// How many meetings are known text by text at a time, four bytes each.
const KNOWN_AT_ONCE: usize = 1 << 21;
/// How many texts have what they give written down in small pieces of memory, before these are put together.
const TEXTS_AT_ONCE: usize = 1 << 14;

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
pub fn candidates(sketches: Lists, order: &[u32], counts: &(dyn Fn(u32, u32) -> bool + Sync)) -> Vec<Candidate> {
    let totals = Totals { texts: sketches.len(), shingles: sketches.count() };
    let bar = pilot::bar(&sketches, order, totals, counts);
    search(sketches, order, bar)
}

fn search(sketches: Lists, order: &[u32], bar: Bar) -> Vec<Candidate> {
    let part = |&text: &u32| part(sketches.get(text as usize), bar.halvings);
    let by_place = neighbours(part, order);
    let parts: Lists = by_place.iter().map(part).collect();
    drop(sketches);
    let (rare, crowds) = rare_meetings(&parts);
    let views = Views::new(parts, bar.halvings, |shingle| crowds.contains(&shingle));
    let crowded = crowded_meetings(&views);

    let candidate = |place: u32, other: u32, promise: f64| {
        let (x, y) = (by_place[place as usize], by_place[other as usize]);
        Candidate { a: x.min(y), b: x.max(y), promise: promise as f32 }
    };
    let all = 0..by_place.len() as u32;
    let at_once = all.len().div_ceil((rare.len() + crowded.len()) / KNOWN_AT_ONCE + 1).max(1);
    let mut found = Vec::new();
    for start in all.clone().step_by(at_once) {
        let places = start..all.end.min(start + at_once as u32);
        let (rare, crowded) = rayon::join(|| rare.of(places.clone()), || crowded.of(places.clone()));
        let worth = places.into_par_iter().map_init(
            || (Met::new(by_place.len()), Met::new(by_place.len())),
            |(met, in_crowd), place| {
                let (own, mut worth) = (views.of(place), Vec::new());
                rare.meet(place, CROWD, met);
                crowded.meet(place, NEIGHBOURS, in_crowd);
                in_crowd.drain(|other, times| {
                    let promise = promise_of_neighbours(&own, &views.of(other), times, met.weight(other));
                    worth.extend(promise.map(|promise| candidate(place, other, promise)));
                });
                met.drain(|other, weight| {
                    let promise = promise_of_met(&own, &views.of(other), weight, bar);
                    worth.extend(promise.map(|promise| candidate(place, other, promise)));
                });
                worth
            },
        );
        found.par_extend(worth.flatten_iter());
    }
    found
}

/// What two texts promise that are neighbours in so many crowded buckets, and whose meetings in the others weigh
/// `weight`, if that makes them worth a comparison. `own` comes first in the order in which crowds are walked.
fn promise_of_neighbours(own: &View, other: &View, times: u32, weight: u32) -> Option<f64> {
    if times as usize * MEETINGS >= walked(own).len() { own.promise_in_crowd(other, weight) } else { None }
}

/// What two texts promise whose meetings in buckets that are not crowded weigh `weight`, if that makes them worth a
/// comparison.
fn promise_of_met(own: &View, other: &View, weight: u32, bar: Bar) -> Option<f64> {
    own.promise(other, weight).filter(|&promise| promise >= bar.promise)
}

/// The order in which crowded buckets are walked: by lowest shingle, which similar texts are likely to
/// share (min-hashing), then by size. `part` is what is looked at of a text's sketch.
fn neighbours<'s>(part: impl Fn(&u32) -> &'s [u32] + Sync, order: &[u32]) -> Vec<u32> {
    let mut by_place: Vec<u32> = (0..order.len() as u32).collect();
    by_place.par_sort_unstable_by_key(|text| {
        let shingles = part(text);
        (shingles.first().copied(), shingles.len(), order[*text as usize])
    });
    by_place
}

/// Who meets whom in buckets that are not crowded, and the shingles of those that are.
fn rare_meetings(sketches: &Lists) -> (Meetings, FxHashSet<u32>) {
    let met = ranges(sketches).into_par_iter().map(|range| {
        let (mut rare, mut crowds) = (Meetings::for_many(), Vec::new());
        for bucket in buckets(&in_range(sketches, &range)) {
            if bucket.len() <= CROWD {
                rare.weigh_and_add(texts_of(bucket), weight(bucket.len()));
            } else {
                crowds.push(key_of(bucket));
            }
        }
        (rare.completed(), crowds)
    });
    let (mut rare, mut crowds) = (Meetings::for_many(), FxHashSet::default());
    for (more, keys) in met.collect::<Vec<_>>() {
        rare.append(more);
        crowds.extend(keys);
    }
    (rare, crowds)
}

/// Cuts the range of shingles so that about [`SORTED_AT_ONCE`] of those in sketches lie in each piece.
fn ranges(sketches: &Lists) -> Vec<RangeInclusive<u32>> {
    let shingles: usize = sketches.iter().map(<[u32]>::len).sum();
    let mut sample: Vec<u32> = sketches.iter().step_by(SEEN_FOR_RANGES).flatten().copied().collect();
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
fn in_range(sketches: &Lists, range: &RangeInclusive<u32>) -> Vec<u64> {
    let mut entries = roomy(SORTED_AT_ONCE);
    for (place, sketch) in sketches.iter().enumerate() {
        let from = sketch.partition_point(|shingle| shingle < range.start());
        let shingles = up_to(&sketch[from..], *range.end());
        entries.extend(shingles.iter().map(|&shingle| entry(shingle, place)));
    }
    sort_by_key(&mut entries);
    entries
}

/// Sorts entries that are in order of their places by their keys, digit by digit (radix sort).
fn sort_by_key(entries: &mut Vec<u64>) {
    let (any, all) = entries.iter().fold((0, u64::MAX), |(any, all), entry| (any | entry, all & entry));
    let mut sorted = filled(0, entries.len());
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
fn crowded_meetings(views: &Views) -> Meetings {
    let places = 0..views.len() as u32;
    let crowds = places.clone().into_par_iter().map(|place| views.of(place)).filter(View::is_crowd);
    let meetings: usize = crowds.map(|view| 3 * walked(&view).len()).sum();
    let rounds = (meetings / SORTED_AT_ONCE + 1).next_power_of_two().min(2 * PIECES) as u32;
    let met = (0..rounds).into_par_iter().map(|round| {
        let mut entries = roomy(SORTED_AT_ONCE);
        for place in places.clone() {
            let view = views.of(place);
            if view.is_crowd() {
                let in_round = keys(walked(&view)).filter(|key| key & (rounds - 1) == round);
                entries.extend(in_round.map(|key| entry(key, place as usize)));
            }
        }
        sort_by_key(&mut entries);
        entries.dedup();
        let mut crowded = Meetings::for_many();
        buckets(&entries).for_each(|bucket| crowded.add(texts_of(bucket)));
        crowded.completed()
    });
    let mut crowded = Meetings::for_many();
    met.collect::<Vec<_>>().into_iter().for_each(|more| crowded.append(more));
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

/// All entries of so many texts with such keys, sorted.
fn entries<K: IntoIterator<Item = u32>>(texts: usize, keys: impl Fn(usize) -> K + Sync) -> Vec<u64> {
    let mut entries = roomy(texts);
    for start in (0..texts).step_by(TEXTS_AT_ONCE) {
        let texts = (start..texts.min(start + TEXTS_AT_ONCE)).into_par_iter();
        entries.par_extend(texts.flat_map_iter(|text| keys(text).into_iter().map(move |key| entry(key, text))));
    }
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
fn keys(crowded: &[u32]) -> impl Iterator<Item = u32> {
    let pairs = [1, 2].into_iter().flat_map(|distance| crowded.iter().zip(crowded.iter().skip(distance)));
    let of_pairs = pairs.map(|(&x, &y)| (mix(u64::from(x) << 32 | u64::from(y)) >> 32) as u32);
    crowded.iter().copied().chain(of_pairs)
}
