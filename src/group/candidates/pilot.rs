//! How closely a corpus has to be searched, from a sample of its texts.
//!
//! All candidates of a few texts are found by their whole sketches and compared. The pairs among them that
//! must be found say how little of the sketches, and how much promise, would have found nearly all of them.

use super::meetings::{Meetings, Met};
use super::view::{CROWD, LEAST, View, weight};
use super::{buckets, entries, key_of, texts_of};
use crate::fingerprint::prints::Lists;
use crate::fingerprint::sketch::{mix, part};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::iter;

/// A corpus of fewer texts is searched as closely as can be.
pub const FEW: usize = 8192;
/// Texts in the sample: the first in an order that chance has made.
pub const SAMPLE: u32 = 1024;
/// Texts with more shingles in their sketch are not asked: to compare them all with one that holds a thousand
/// articles would take longer than to do without a pilot.
pub const LONGEST: usize = 2048;
/// How often a sketch is halved at most. On 67,000 clean texts, half the shingles found all but .0005 of the
/// pairs, a quarter all but .006.
const HALVINGS: u32 = 1;
/// The same where there are more shingles than [`MANY`]: sketches are smaller then anyway, and the first time
/// they lose nothing.
const HALVINGS_OF_MANY: u32 = 2;
/// 64 MiB of them.
const MANY: usize = 1 << 24;
/// What share of the pairs that must be found may be lost.
const LOST: f64 = 0.003;
/// Fewer pairs in the sample say nothing.
const PAIRS: usize = 200;
/// What part of the promise that was enough in the sample is asked for: it is a small one.
const ASKED: f64 = 0.7;
/// Most pairs promise less than this, and few of them must be found: it is enough to compare one in [`THINNED`].
const DOUBTFUL: f64 = 0.15;
/// See [`DOUBTFUL`].
const THINNED: u32 = 4;

/// What it takes for two texts to be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bar {
    /// How often sketches are halved.
    pub halvings: u32,
    /// The least promise, 0 to 1.
    pub promise: f64,
}

/// The size of a corpus.
#[derive(Debug, Clone, Copy)]
pub struct Totals {
    /// Different texts.
    pub texts: usize,
    /// Shingles in all their sketches.
    pub shingles: usize,
}

impl Totals {
    /// Whether a corpus is so large that a pilot is asked.
    pub fn ask_a_pilot(self) -> bool {
        self.texts >= FEW
    }
}

/// How closely texts with these sketches have to be searched.
///
/// Of a corpus of the size that `totals` say, the sketches of some texts are enough: of the first [`SAMPLE`] in
/// the order, and, for each of their shingles, of all texts that have it and are no longer than [`LONGEST`], or of
/// so many of these that it shows to be crowded, which is one more than [`CROWD`].
pub fn bar(sketches: &Lists, order: &[u32], totals: Totals, counts: &(dyn Fn(u32, u32) -> bool + Sync)) -> Bar {
    if !totals.ask_a_pilot() {
        return Bar::default();
    }
    let mut by_place: Vec<u32> = (0..sketches.len() as u32).collect();
    by_place.sort_unstable_by_key(|&text| order[text as usize]);
    let asked = |text: u32| Some(sketches.get(text as usize)).filter(|sketch| sketch.len() <= LONGEST);
    let parts: Vec<&[u32]> = by_place.iter().map(|&text| part(asked(text).unwrap_or_default(), 0)).collect();
    let (meetings, weights) = meetings(&parts, totals.texts);
    let text = |place: u32| by_place[place as usize];
    let pilot = Pilot { sketches, weights };
    let pairs = pilot.pairs(meetings, &parts);
    let found = pairs.into_par_iter().map(|(a, b, times)| (text(a), text(b), times)).filter(|&(a, b, _)| counts(a, b));
    let found: Vec<(u32, u32)> = found.flat_map_iter(|(a, b, times)| iter::repeat_n((a, b), times)).collect();
    if found.len() < PAIRS {
        return Bar::default();
    }
    let most = if totals.shingles > MANY { HALVINGS_OF_MANY } else { HALVINGS };
    let bars = (1..=most).rev().filter_map(|halvings| pilot.bar(&found, halvings));
    bars.chain(pilot.bar(&found, 0)).next().unwrap_or_default()
}

struct Pilot<'s> {
    sketches: &'s Lists,
    /// What the shingles of the sample weigh that stand in several texts; those that are crowded, 0.
    weights: FxHashMap<u32, u8>,
}

impl Pilot<'_> {
    /// The places of pairs worth comparing of which one is in the sample, and for how many pairs each stands.
    fn pairs(&self, meetings: Meetings, parts: &[&[u32]]) -> Vec<(u32, u32, usize)> {
        let meetings = meetings.of(0..SAMPLE);
        let view = |place: u32| self.view(parts[place as usize], 0);
        let pairs = (0..SAMPLE).into_par_iter().map_init(
            || Met::new(parts.len()),
            |met, place| {
                let (own, mut worth) = (view(place), Vec::new());
                meetings.meet(place, CROWD, met);
                met.drain(|other, weight| {
                    let promise = if weight < LEAST { None } else { own.promise(&view(other), weight) };
                    match promise {
                        Some(promise) if promise >= DOUBTFUL => worth.push((place, other, 1)),
                        Some(_) if place % THINNED == 0 => worth.push((place, other, THINNED as usize)),
                        _ => {}
                    }
                });
                worth
            },
        );
        pairs.flatten_iter().collect()
    }

    fn view(&self, part: &[u32], halvings: u32) -> View<'static> {
        View::new(part, halvings, |shingle| self.weights.get(&shingle) == Some(&0))
    }

    /// The highest bar under which enough of the pairs are found by sketches halved so often, if there is one.
    fn bar(&self, found: &[(u32, u32)], halvings: u32) -> Option<Bar> {
        let view = |text: u32| self.view(part(self.sketches.get(text as usize), halvings), halvings);
        let promise = |&(a, b): &(u32, u32)| {
            let (a, b) = (view(a), view(b));
            let mut weight = 0;
            a.each_shared(&b, |shingle| weight += self.weights.get(&shingle).map_or(0, |&weight| u32::from(weight)));
            a.promise(&b, weight).unwrap_or_default()
        };
        let mut promises: Vec<f64> = found.par_iter().map(promise).collect();
        promises.sort_unstable_by(f64::total_cmp);
        let least = promises[(LOST * found.len() as f64) as usize];
        (least > 0.0).then_some(Bar { halvings, promise: least * ASKED })
    }
}

/// Who meets whom by the shingles of the sample, and what these weigh.
fn meetings(parts: &[&[u32]], texts: usize) -> (Meetings, FxHashMap<u32, u8>) {
    let mut weights = FxHashMap::default();
    let shingles = |place: usize| parts[place].iter().copied();
    let sampled = entries(SAMPLE as usize, shingles);
    let crowd = crowd_of_sample(texts);
    let mut marks = Marks::default();
    for bucket in sampled.chunk_by(|x, y| x >> 32 == y >> 32) {
        if bucket.len() as f64 <= crowd {
            marks.add(key_of(bucket));
        } else {
            weights.insert(key_of(bucket), 0);
        }
    }
    let entries = entries(parts.len(), |place| shingles(place).filter(|&shingle| marks.may_hold(shingle)));
    let mut meetings = Meetings::default();
    for bucket in buckets(&entries).filter(|bucket| (bucket[0] as u32) < SAMPLE) {
        let weight = if bucket.len() <= CROWD { weight(bucket.len()) } else { 0 };
        weights.insert(key_of(bucket), weight as u8);
        if weight > 0 {
            meetings.weigh_and_add(texts_of(bucket), weight);
        }
    }
    (meetings, weights)
}

/// In how many texts of the sample a shingle may stand before it is taken for crowded: three standard deviations
/// more than is to be expected of one in [`CROWD`] of so many texts.
fn crowd_of_sample(texts: usize) -> f64 {
    let expected = CROWD as f64 * f64::from(SAMPLE) / texts as f64;
    expected + 3.0 * expected.sqrt()
}

/// A set of shingles that sometimes holds one more: a Bloom filter of one bit a shingle.
struct Marks(Vec<u64>);

impl Marks {
    const BITS: u32 = 22;

    fn bit(shingle: u32) -> (usize, u64) {
        let bit = mix(u64::from(shingle) + 1) >> (64 - Marks::BITS);
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    fn add(&mut self, shingle: u32) {
        let (word, bit) = Marks::bit(shingle);
        self.0[word] |= bit;
    }

    fn may_hold(&self, shingle: u32) -> bool {
        let (word, bit) = Marks::bit(shingle);
        self.0[word] & bit != 0
    }
}

impl Default for Marks {
    fn default() -> Marks {
        Marks(vec![0; 1 << (Marks::BITS - 6)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bar for a corpus of which every two texts share this many of their 128 shingles.
    fn bar_of_pairs(shared: u32, counts: bool) -> Bar {
        let shingle = |text: u32, n: u32| mix(u64::from(text * 128 + n)) as u32;
        let mut sketches = Lists::default();
        for text in 0..FEW as u32 + 2 {
            let mut shingles: Vec<u32> =
                (0..128).map(|n| shingle(if n < shared { text / 2 * 2 } else { text }, n)).collect();
            shingles.sort_unstable();
            sketches.push(&shingles);
        }
        let order: Vec<u32> = (0..sketches.len() as u32).collect();
        let totals = Totals { texts: sketches.len(), shingles: sketches.count() };
        bar(&sketches, &order, totals, &|_, _| counts)
    }

    #[test]
    fn clean_copies_are_found_by_half_the_shingles() {
        let bar = bar_of_pairs(100, true);
        assert_eq!(bar.halvings, 1);
        assert!(bar.promise > 0.4 && bar.promise < 0.6, "{bar:?}");
    }

    #[test]
    fn damaged_copies_take_all_shingles() {
        let bar = bar_of_pairs(6, true);
        assert_eq!(bar.halvings, 0);
        assert!(bar.promise < 0.05, "{bar:?}");
    }

    #[test]
    fn where_nothing_is_found_nothing_is_left_out() {
        assert_eq!(bar_of_pairs(6, false), Bar::default());
    }
}
