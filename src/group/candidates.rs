//! Which pairs of texts are worth comparing.
//!
//! Texts that share a scout, one of the lowest shingles of a sketch, meet in its bucket. In a bucket of up to [`CROWD`] texts each meets
//! all the others. In a larger one, where a stock phrase or a text with very many copies stands, each
//! meets its [`NEIGHBOURS`] in one order that is the same for all buckets and puts similar texts side by
//! side; and the texts meet again in the buckets of *pairs* of such crowded shingles, which are smaller.
//! So the work grows with the number of shingles, never with the square of a bucket.
//!
//! How often two texts meet says whether a look at their whole sketches is worth while, and what share of
//! the sketches they have in common, whether they are worth comparing in full.

use super::stock::{CROWD, Stock};
use crate::fingerprint::sketch::{mix, scouts, shared_reach, up_to, widely_kept};
use crate::model::Sketch;
use rayon::prelude::*;
use std::cmp::Ordering;

/// Share of the smaller sketch that a pair must share to be worth a comparison. Damaged copies of a
/// copy still share this much: .08 keeps .998 of the pairs that decide in the most damaged labelled set.
const WORTH: f64 = 0.08;

/// The same for a pair that shares stock phrases only: those bear no damage that would have to be allowed
/// for, and two texts with one boilerplate share little else.
const WORTH_OF_STOCK: f64 = 0.3;

/// Two texts worth a comparison share about [`WORTH`] of their scouts. With less than this part of that
/// number they are passed over, without a look at the whole sketches.
const CHANCE: f64 = 0.5;

/// How many texts a text meets in a crowded bucket.
const NEIGHBOURS: usize = 16;

/// Two texts worth comparing; `a < b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Index of the one text.
    pub a: usize,
    /// Index of the other.
    pub b: usize,
    /// How much of the one the other seems to hold, 0 to 1, by their sketches.
    pub promise: f64,
}

/// All pairs worth comparing among texts with these sketches. `order` gives every text a number of its
/// own that does not depend on the order of the corpus. The stock phrases of the corpus come to light on
/// the way.
pub fn candidates(sketches: &[&Sketch], order: &[usize]) -> (Vec<Candidate>, Stock) {
    let by_place = neighbours(sketches, order);
    let sketches: Vec<&Sketch> = by_place.iter().map(|&text| sketches[text]).collect();

    let stock = stock(&sketches);
    let views: Vec<View> = sketches.par_iter().map(|sketch| View::new(sketch, &stock)).collect();
    let mut entries = entries(&sketches, |sketch| scouts(sketch).to_vec());
    entries.par_sort_unstable();
    let rare = Buckets::new(buckets(&entries).filter(|bucket| bucket.len() <= CROWD), views.len());
    let crowded = Buckets::crowded(&entries, &views);
    drop(entries);

    let places = 0..views.len();
    let worth = places.into_par_iter().map_init(
        || Met::new(views.len()),
        |met, place| {
            rare.meet(place, CROWD, |other| met.count(other));
            crowded.meet(place, NEIGHBOURS, |other| met.see(other));
            let mut worth = Vec::new();
            met.drain(|other, times| {
                if let Some(promise) = views[place].promise(&views[other], times, &stock) {
                    let (x, y) = (by_place[place], by_place[other]);
                    worth.push(Candidate { a: x.min(y), b: x.max(y), promise });
                }
            });
            worth
        },
    );
    (worth.flatten_iter().collect(), stock)
}

/// The stock phrases among texts with these sketches.
pub fn stock(sketches: &[&Sketch]) -> Stock {
    let mut entries = entries(sketches, |sketch| sketch.0.to_vec());
    entries.par_sort_unstable();
    crowded(&entries)
}

/// What stands in more than [`CROWD`] texts, by sorted entries.
fn crowded(entries: &[(u64, u32)]) -> Stock {
    Stock::new(buckets(entries).filter(|bucket| bucket.len() > CROWD).map(|bucket| bucket[0].0))
}

/// The order in which crowded buckets are walked: by lowest shingle, which similar texts are likely to
/// share (min-hashing), then by size.
fn neighbours(sketches: &[&Sketch], order: &[usize]) -> Vec<usize> {
    let mut by_place: Vec<usize> = (0..sketches.len()).collect();
    by_place.par_sort_unstable_by_key(|&text| (sketches[text].0.first(), sketches[text].0.len(), order[text]));
    by_place
}

/// What each text is found under, with the text's place.
fn entries<T: Sync>(texts: &[T], keys: impl Fn(&T) -> Vec<u64> + Sync) -> Vec<(u64, u32)> {
    let texts = texts.par_iter().enumerate();
    texts.flat_map_iter(|(place, text)| keys(text).into_iter().map(move |key| (key, place as u32))).collect()
}

/// Runs of sorted entries with one key, where more than one text has it.
fn buckets(entries: &[(u64, u32)]) -> impl Iterator<Item = &[(u64, u32)]> {
    entries.chunk_by(|x, y| x.0 == y.0).filter(|bucket| bucket.len() > 1)
}

/// Keys for texts that share two crowded shingles with at most one other crowded shingle between them.
fn both(crowded: &[u64]) -> Vec<u64> {
    let mut keys = Vec::with_capacity(crowded.len() * 2);
    for distance in [1, 2] {
        let pairs = crowded.iter().zip(crowded.iter().skip(distance));
        keys.extend(pairs.map(|(&x, &y)| mix(x ^ y.rotate_left(17))));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Which texts share a key with which.
#[derive(Default)]
struct Buckets {
    /// The texts of all buckets, one bucket after the other, in ascending order within each.
    texts: Vec<u32>,
    /// For every entry of `texts`, where its bucket ends.
    ends: Vec<u32>,
    /// The entries of all texts, one text after the other.
    entries: Vec<u32>,
    /// For every text, where its entries begin; one more for the end.
    first: Vec<u32>,
}

impl Buckets {
    fn new<'e>(buckets: impl Iterator<Item = &'e [(u64, u32)]>, count: usize) -> Buckets {
        let mut made = Buckets::default();
        for bucket in buckets {
            made.texts.extend(bucket.iter().map(|&(_, text)| text));
            made.ends.resize(made.texts.len(), made.texts.len() as u32);
        }
        made.first = vec![0; count + 1];
        made.texts.iter().for_each(|&text| made.first[text as usize + 1] += 1);
        (0..count).for_each(|text| made.first[text + 1] += made.first[text]);
        let mut next = made.first.clone();
        made.entries = vec![0; made.texts.len()];
        for (entry, &text) in made.texts.iter().enumerate() {
            made.entries[next[text as usize] as usize] = entry as u32;
            next[text as usize] += 1;
        }
        made
    }

    /// The buckets of crowded shingles, and of pairs of them.
    fn crowded(all: &[(u64, u32)], views: &[View]) -> Buckets {
        let mut pairs = entries(views, |view| both(&view.stock));
        pairs.par_sort_unstable();
        Buckets::new(buckets(all).filter(|bucket| bucket.len() > CROWD).chain(buckets(&pairs)), views.len())
    }

    /// Lets a text meet up to `most` of those that stand after it in each of its buckets.
    fn meet(&self, text: usize, most: usize, mut met: impl FnMut(u32)) {
        for &entry in &self.entries[self.first[text] as usize..self.first[text + 1] as usize] {
            let (next, end) = (entry as usize + 1, self.ends[entry as usize] as usize);
            self.texts[next..end.min(next + most)].iter().for_each(|&other| met(other));
        }
    }
}

/// Whom a text has met, and how often.
struct Met {
    /// One more than the number of times; 0 for texts not met.
    times: Vec<u16>,
    others: Vec<u32>,
}

impl Met {
    fn new(count: usize) -> Met {
        Met { times: vec![0; count], others: Vec::new() }
    }

    /// Meets a text without counting it.
    fn see(&mut self, other: u32) {
        let times = &mut self.times[other as usize];
        if *times == 0 {
            *times = 1;
            self.others.push(other);
        }
    }

    fn count(&mut self, other: u32) {
        self.see(other);
        let times = &mut self.times[other as usize];
        *times = times.saturating_add(1);
    }

    fn drain(&mut self, mut each: impl FnMut(usize, u32)) {
        for other in self.others.drain(..) {
            let times = std::mem::take(&mut self.times[other as usize]);
            each(other as usize, u32::from(times) - 1);
        }
    }
}

/// A sketch, seen in the light of the corpus.
struct View<'s> {
    sketch: &'s Sketch,
    /// Its stock shingles.
    stock: Vec<u64>,
    /// What its shingles weigh that any sketch would hold.
    widely: u32,
    /// How many scouts it has.
    scouts: usize,
}

impl<'s> View<'s> {
    fn new(sketch: &'s Sketch, stock: &Stock) -> View<'s> {
        View {
            sketch,
            stock: sketch.0.iter().copied().filter(|&shingle| stock.contains(shingle)).collect(),
            widely: stock.weigh_all(widely_kept(sketch)),
            scouts: scouts(sketch).len(),
        }
    }

    /// What share of the one text's sketch the other's holds, the larger of the two, 0 to 1, if that makes
    /// them worth comparing. `times` is how many scouts they share that are not stock.
    fn promise(&self, other: &View, times: u32, stock: &Stock) -> Option<f64> {
        let too_few = match times {
            0 => {
                (self.stock.len().min(other.stock.len()) as f64)
                    < WORTH_OF_STOCK * f64::from(self.widely.min(other.widely))
            }
            _ => f64::from(times) < CHANCE * WORTH * self.scouts.min(other.scouts) as f64,
        };
        if too_few {
            return None;
        }
        let (a, b) = (self.sketch, other.sketch);
        let shared_stock = common(&self.stock, &other.stock);
        let shared = if times > 0 { common(&a.0, &b.0) } else { shared_stock };
        let common = (shared - shared_stock) * Stock::OWN + shared_stock * Stock::STOCK;
        let whole = match shared_reach(a, b) {
            None => self.widely.min(other.widely),
            Some(reach) => stock.weigh_all(up_to(a, reach)).min(stock.weigh_all(up_to(b, reach))),
        };
        let promise = f64::from(common) / f64::from(whole.max(1));
        (promise >= if times > 0 { WORTH } else { WORTH_OF_STOCK }).then_some(promise)
    }
}

/// How many values two ascending lists share.
fn common(mut a: &[u64], mut b: &[u64]) -> u32 {
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
