//! Which pairs of texts are worth comparing.
//!
//! Texts that share a shingle of their sketches meet in its bucket. The fewer texts a bucket holds, the more
//! a meeting there weighs: what many texts say is no sign of copying (inverse document frequency: Spärck
//! Jones, "A statistical interpretation of term specificity and its application in retrieval", 1972). What
//! the meetings of two texts weigh together, by the size of their sketches, decides whether they are worth
//! a comparison.
//!
//! In a bucket of up to [`CROWD`] texts each meets all the others. In a larger one, where a stock phrase or
//! a text with very many copies stands, each meets its [`NEIGHBOURS`] in one order that is the same for all
//! buckets and puts similar texts side by side; and the texts meet again in the buckets of *pairs* of such
//! crowded shingles, which are smaller. So the work grows with the number of shingles, never with the
//! square of a bucket.

use super::meetings::{Meetings, Met};
use crate::fingerprint::sketch::{is_of_short, mix, reach, up_to};
use crate::model::Sketch;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// A bucket of more texts than this is crowded.
const CROWD: usize = 64;
/// How many texts a text meets in a crowded bucket.
const NEIGHBOURS: usize = 6;

/// Two texts that have half of their crowded shingles in common are neighbours in at least one bucket for
/// this many of them.
const MEETINGS: usize = 16;

/// What a meeting weighs in a bucket of two.
const WEIGHT: u32 = 64;
/// What a shingle weighs whose bucket is crowded.
const CROWD_WEIGHT: u32 = 4;

/// What two texts' meetings must weigh to be worth a comparison, as a share of what the smaller of their
/// sketches weighs. Of the pairs at or above the threshold, this and [`LEAST`] keep .996 in 3,000 texts of wire
/// copy, and .985 where every tenth character is wrong.
const WORTH: f64 = 0.027;
/// What they must weigh at least: more than a single meeting.
const LEAST: u32 = 125;
/// The same for two long texts: of these a sketch holds a smaller part, and two that have little in common
/// are rarely a bad scan of one.
const WORTH_OF_LONG: f64 = 0.04;
/// See [`WORTH_OF_LONG`].
const LEAST_OF_LONG: u32 = 200;
/// A pair that meets in crowded buckets only must share this part of the smaller sketch: two texts with one
/// boilerplate share little else.
const WORTH_OF_CROWD: f64 = 0.5;

/// How many shingles are sorted into buckets at a time; each takes eight bytes.
const SORTED_AT_ONCE: usize = 1 << 22;

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
/// own that does not depend on the order of the corpus.
pub fn candidates(sketches: &[&Sketch], order: &[u32]) -> Vec<Candidate> {
    let by_place = neighbours(sketches, order);
    let sketches: Vec<&Sketch> = by_place.iter().map(|&text| sketches[text as usize]).collect();
    let (rare, crowds) = rare_meetings(&sketches);
    let views: Vec<View> = sketches.par_iter().map(|sketch| View::new(sketch, &crowds)).collect();
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
                if times as usize * MEETINGS >= view.crowded.len() {
                    let promise = view.promise_in_crowd(&views[other as usize], met.weight(other));
                    worth.extend(promise.map(|promise| candidate(place, other, promise)));
                }
            });
            met.drain(|other, weight| {
                let promise = view.promise(&views[other as usize], weight);
                worth.extend(promise.map(|promise| candidate(place, other, promise)));
            });
            worth
        },
    );
    worth.flatten_iter().collect()
}

/// The order in which crowded buckets are walked: by lowest shingle, which similar texts are likely to
/// share (min-hashing), then by size.
fn neighbours(sketches: &[&Sketch], order: &[u32]) -> Vec<u32> {
    let mut by_place: Vec<u32> = (0..sketches.len() as u32).collect();
    by_place.par_sort_unstable_by_key(|&text| {
        let sketch = sketches[text as usize];
        (sketch.0.first(), sketch.0.len(), order[text as usize])
    });
    by_place
}

/// Who meets whom in buckets that are not crowded, and the shingles of those that are.
fn rare_meetings(sketches: &[&Sketch]) -> (Meetings, FxHashSet<u32>) {
    let (mut rare, mut crowds) = (Meetings::default(), FxHashSet::default());
    let shingles: usize = sketches.iter().map(|sketch| sketch.0.len()).sum();
    let parts = (shingles / SORTED_AT_ONCE + 1).next_power_of_two() as u32;
    for part in 0..parts {
        let in_part = move |&shingle: &u32| shingle & (parts - 1) == part;
        let mut entries = entries(sketches, |sketch| sketch.0.iter().copied().filter(in_part));
        entries.par_sort_unstable();
        for bucket in buckets(&entries) {
            if bucket.len() <= CROWD {
                rare.add(texts_of(bucket), weight(bucket.len()));
            } else {
                crowds.insert((bucket[0] >> 32) as u32);
            }
        }
    }
    (rare, crowds)
}

/// Who meets whom in crowded buckets, and in those of pairs of crowded shingles. Texts with enough else to
/// be found by stay away.
fn crowded_meetings(views: &[View]) -> Meetings {
    let mut crowded = Meetings::default();
    for keys in [|crowded: &[u32]| crowded.to_vec(), both] {
        let mut entries = entries(views, |view| if view.is_crowd() { keys(&view.crowded) } else { Vec::new() });
        entries.par_sort_unstable();
        buckets(&entries).for_each(|bucket| crowded.add(texts_of(bucket), 1));
    }
    crowded
}

/// What a meeting weighs in a bucket of `texts`: the fourth root of their number makes it less. On labelled
/// wire copy this keeps as many true pairs as counting does with a tenth of the false ones; a square root
/// loses pairs inside of large clusters.
fn weight(texts: usize) -> u32 {
    (f64::from(WEIGHT) * (2.0 / texts as f64).powf(0.25)).round() as u32
}

/// What each text is found under, with the text's place in the lower half.
fn entries<T: Sync, K: IntoIterator<Item = u32>>(texts: &[T], keys: impl Fn(&T) -> K + Sync) -> Vec<u64> {
    let entry = |place: usize, key: u32| u64::from(key) << 32 | place as u64;
    let texts = texts.par_iter().enumerate();
    texts.flat_map_iter(|(place, text)| keys(text).into_iter().map(move |key| entry(place, key))).collect()
}

/// Runs of sorted entries with one key, where more than one text has it.
fn buckets(entries: &[u64]) -> impl Iterator<Item = &[u64]> {
    entries.chunk_by(|x, y| x >> 32 == y >> 32).filter(|bucket| bucket.len() > 1)
}

fn texts_of(bucket: &[u64]) -> impl Iterator<Item = u32> {
    bucket.iter().map(|&entry| entry as u32)
}

/// Keys for texts that share two crowded shingles with at most one other crowded shingle between them.
fn both(crowded: &[u32]) -> Vec<u32> {
    let mut keys = Vec::with_capacity(crowded.len() * 2);
    for distance in [1, 2] {
        let pairs = crowded.iter().zip(crowded.iter().skip(distance));
        keys.extend(pairs.map(|(&x, &y)| (mix(u64::from(x) << 32 | u64::from(y)) >> 32) as u32));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A sketch, seen in the light of the corpus.
struct View<'s> {
    sketch: &'s Sketch,
    /// Its crowded shingles.
    crowded: Box<[u32]>,
}

impl<'s> View<'s> {
    fn new(sketch: &'s Sketch, crowds: &FxHashSet<u32>) -> View<'s> {
        let crowded = sketch.0.iter().copied().filter(|shingle| crowds.contains(shingle));
        View { sketch, crowded: crowded.collect() }
    }

    /// What the shingles up to a bound weigh.
    fn weigh(&self, bound: u32) -> u32 {
        let (all, crowded) = (up_to(&self.sketch.0, bound).len() as u32, up_to(&self.crowded, bound).len() as u32);
        (all - crowded) * WEIGHT + crowded * CROWD_WEIGHT
    }

    /// Whether the text is found by little but crowded shingles.
    fn is_crowd(&self) -> bool {
        self.crowded.len() as f64 >= WORTH_OF_CROWD * self.sketch.0.len() as f64
    }

    /// What share of the one text's sketch the other's holds, the larger of the two, 0 to 1, if their
    /// meetings in rare buckets make them worth comparing, which weigh `weight`.
    fn promise(&self, other: &View, weight: u32) -> Option<f64> {
        if weight < LEAST {
            return None;
        }
        let short = is_of_short(self.sketch) || is_of_short(other.sketch);
        let (least, worth) = if short { (LEAST, WORTH) } else { (LEAST_OF_LONG, WORTH_OF_LONG) };
        Some(self.share(other, weight)).filter(|&share| weight >= least && share >= worth)
    }

    /// The same for texts that meet in crowded buckets, if [`View::promise`] does not count.
    fn promise_in_crowd(&self, other: &View, weight: u32) -> Option<f64> {
        let smaller = self.sketch.0.len().min(other.sketch.0.len()) as f64;
        let crowded = f64::from(common(&self.crowded, &other.crowded));
        (weight < LEAST && crowded >= WORTH_OF_CROWD * smaller).then(|| self.share(other, weight))
    }

    /// The share, stock counting less, and what the smaller sketch weighs.
    fn share(&self, other: &View, weight: u32) -> f64 {
        let shared = f64::from(weight) + f64::from(common(&self.crowded, &other.crowded) * CROWD_WEIGHT);
        let bound = reach(self.sketch).min(reach(other.sketch));
        let whole = self.weigh(bound).min(other.weigh(bound)).max(1);
        (shared / f64::from(whole)).min(1.0)
    }
}

/// How many values two ascending lists share.
fn common(mut a: &[u32], mut b: &[u32]) -> u32 {
    let mut count = 0;
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) {
        match x.cmp(y) {
            Ordering::Less => a = rest_a,
            Ordering::Greater => b = rest_b,
            Ordering::Equal => {
                count += 1;
                (a, b) = (rest_a, rest_b);
            }
        }
    }
    count
}
