//! What two sketches promise of two texts.

use crate::fingerprint::prints::{Lists, Piece};
use crate::fingerprint::sketch::{is_short, reach, up_to};
use rayon::prelude::*;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A bucket of more texts than this is crowded.
pub const CROWD: usize = 64;

/// What a meeting weighs in a bucket of two.
const WEIGHT: u32 = 64;
/// What a shingle weighs whose bucket is crowded.
const CROWD_WEIGHT: u32 = 4;

/// What two texts' meetings must weigh to be worth a comparison, as a share of what the smaller of their
/// sketches weighs. Of the pairs at or above the threshold, this and [`LEAST`] keep .996 in 3,000 texts of wire
/// copy, and .985 where every tenth character is wrong.
const WORTH: f64 = 0.027;
/// What they must weigh at least: more than a single meeting.
pub const LEAST: u32 = 125;
/// The same for two long texts: of these a sketch holds a smaller part, and two that have little in common
/// are rarely a bad scan of one.
const WORTH_OF_LONG: f64 = 0.04;
/// See [`WORTH_OF_LONG`].
const LEAST_OF_LONG: u32 = 200;
/// A pair that meets in crowded buckets only must share this part of the smaller sketch: two texts with one
/// boilerplate share little else.
const WORTH_OF_CROWD: f64 = 0.5;

/// What a meeting weighs in a bucket of `texts`: the fourth root of their number makes it less. On labelled
/// wire copy this keeps as many true pairs as counting does with a tenth of the false ones; a square root
/// loses pairs inside of large clusters.
pub fn weight(texts: usize) -> u32 {
    (f64::from(WEIGHT) * (2.0 / texts as f64).powf(0.25)).round() as u32
}

/// Texts whose sketches one thread looks at in a row.
const TOGETHER: usize = 1 << 10;

/// The sketches of all texts, or parts of them, seen in the light of the corpus. One after the other, in the order in
/// which crowded buckets are walked.
pub struct Views {
    /// Of every text, first the shingles that are not crowded, then those that are.
    sketches: Lists,
    /// How many are not.
    rare: Vec<u32>,
    halvings: u32,
}

impl Views {
    /// Looks at sketches that were halved so often, knowing which shingles are crowded.
    pub fn new(mut sketches: Lists, halvings: u32, is_crowded: impl Fn(u32) -> bool + Sync) -> Views {
        let look = |piece: Piece| {
            let mut crowded = Vec::new();
            piece.change(|sketch| crowded_last(sketch, &is_crowded, &mut crowded) as u32)
        };
        let rare = sketches.pieces_mut(TOGETHER).into_par_iter().flat_map_iter(look).collect();
        Views { sketches, rare, halvings }
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.rare.len()
    }

    /// What is seen of one text.
    pub fn of(&self, place: u32) -> View<'_> {
        let sketch = self.sketches.get(place as usize);
        let (rare, crowded) = sketch.split_at(self.rare[place as usize] as usize);
        View { rare: Cow::Borrowed(rare), crowded: Cow::Borrowed(crowded), halvings: self.halvings }
    }
}

/// Puts the crowded shingles of a sketch behind the others, and says how many others there are.
fn crowded_last(sketch: &mut [u32], is_crowded: impl Fn(u32) -> bool, crowded: &mut Vec<u32>) -> usize {
    crowded.clear();
    let mut rare = 0;
    for at in 0..sketch.len() {
        let shingle = sketch[at];
        if is_crowded(shingle) {
            crowded.push(shingle);
        } else {
            sketch[rare] = shingle;
            rare += 1;
        }
    }
    sketch[rare..].copy_from_slice(crowded);
    rare
}

/// A sketch, or a part of it, seen in the light of the corpus.
pub struct View<'s> {
    /// The shingles that are not crowded.
    rare: Cow<'s, [u32]>,
    /// Those that are.
    pub crowded: Cow<'s, [u32]>,
    halvings: u32,
}

impl<'s> View<'s> {
    /// Looks at a sketch that was halved so often, knowing which shingles are crowded.
    pub fn new(sketch: &[u32], halvings: u32, is_crowded: impl Fn(u32) -> bool) -> View<'s> {
        let (crowded, rare): (Vec<u32>, Vec<u32>) = sketch.iter().partition(|&&shingle| is_crowded(shingle));
        View { rare: rare.into(), crowded: crowded.into(), halvings }
    }

    fn len(&self) -> usize {
        self.rare.len() + self.crowded.len()
    }

    fn reach(&self) -> u32 {
        reach(self.rare.last().max(self.crowded.last()).copied(), self.len(), self.halvings)
    }

    /// What the shingles up to a bound weigh.
    fn weigh(&self, bound: u32) -> u32 {
        let [rare, crowded] = [&self.rare, &self.crowded].map(|shingles| up_to(shingles, bound).len() as u32);
        rare * WEIGHT + crowded * CROWD_WEIGHT
    }

    /// Whether the text is found by little but crowded shingles.
    pub fn is_crowd(&self) -> bool {
        self.crowded.len() as f64 >= WORTH_OF_CROWD * self.len() as f64
    }

    /// What share of the one text's sketch the other's holds, the larger of the two, 0 to 1, if their
    /// meetings in rare buckets make them worth comparing, which weigh `weight`.
    pub fn promise(&self, other: &View, weight: u32) -> Option<f64> {
        if weight < LEAST {
            return None;
        }
        let short = [self, other].into_iter().any(|view| is_short(view.reach(), view.halvings));
        let (least, worth) = if short { (LEAST, WORTH) } else { (LEAST_OF_LONG, WORTH_OF_LONG) };
        Some(self.share(other, weight)).filter(|&share| weight >= least && share >= worth)
    }

    /// The same for texts that meet in crowded buckets, if [`View::promise`] does not count.
    pub fn promise_in_crowd(&self, other: &View, weight: u32) -> Option<f64> {
        let smaller = self.len().min(other.len()) as f64;
        let crowded = f64::from(common(&self.crowded, &other.crowded));
        (weight < LEAST && crowded >= WORTH_OF_CROWD * smaller).then(|| self.share(other, weight))
    }

    /// The share, stock counting less, and what the smaller sketch weighs.
    fn share(&self, other: &View, weight: u32) -> f64 {
        let shared = f64::from(weight) + f64::from(common(&self.crowded, &other.crowded) * CROWD_WEIGHT);
        let bound = self.reach().min(other.reach());
        let whole = self.weigh(bound).min(other.weigh(bound)).max(1);
        (shared / f64::from(whole)).min(1.0)
    }

    /// Hands every shingle that two texts share to `each`.
    pub fn each_shared(&self, other: &View, mut each: impl FnMut(u32)) {
        each_common(&self.rare, &other.rare, &mut each);
        each_common(&self.crowded, &other.crowded, each);
    }
}

/// How many values two ascending lists share.
fn common(a: &[u32], b: &[u32]) -> u32 {
    let mut count = 0;
    each_common(a, b, |_| count += 1);
    count
}

/// Hands every value that two ascending lists share to `each`.
fn each_common(mut a: &[u32], mut b: &[u32], mut each: impl FnMut(u32)) {
    while let (Some((&x, rest_a)), Some((&y, rest_b))) = (a.split_first(), b.split_first()) {
        match x.cmp(&y) {
            Ordering::Less => a = from(y, rest_a, rest_b),
            Ordering::Greater => b = from(x, rest_b, rest_a),
            Ordering::Equal => {
                each(x);
                (a, b) = (rest_a, rest_b);
            }
        }
    }
}

/// What is left of an ascending list from a value on, or a little more. Of a list much longer than the one it
/// is compared with it is not worth while to see every value.
fn from<'l>(value: u32, list: &'l [u32], other: &[u32]) -> &'l [u32] {
    if list.len() / 64 <= other.len() { list } else { &list[list.partition_point(|&it| it < value)..] }
}
