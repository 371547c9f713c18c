//! The steps of the search one by one, for texts that are spread over many machines.
//!
//! Nobody there holds all sketches, so the buckets are made by sorting: [`shingles`] of every text, put in order by
//! shingle, give [`Bucket`]s; what is met in them is added up pair by pair; and of the shingles that are crowded every
//! text makes a [`Seen`], which says what a pair promises. The rules are those of the search in one place.

use super::meetings::together;
use super::view::{CROWD, View, weight};
use super::{Bar, NEIGHBOURS, keys, promise_of_met, promise_of_neighbours, walked};
use crate::fingerprint::sketch::part;

/// What is looked at of a text's sketch.
pub fn shingles(sketch: &[u32], bar: Bar) -> &[u32] {
    part(sketch, bar.halvings)
}

/// The texts of a bucket, one after the other.
#[derive(Debug)]
pub enum Bucket<T> {
    /// All so far.
    Rare(Vec<T>),
    /// There are too many of them to be known.
    Crowded,
}

impl<T> Default for Bucket<T> {
    fn default() -> Bucket<T> {
        Bucket::Rare(Vec::new())
    }
}

impl<T> Bucket<T> {
    /// Takes in one more text, and says which ones have turned out to be in a crowd.
    pub fn add(&mut self, text: T) -> Vec<T> {
        match self {
            Bucket::Crowded => vec![text],
            Bucket::Rare(texts) => {
                texts.push(text);
                if texts.len() <= CROWD {
                    return Vec::new();
                }
                let texts = std::mem::take(texts);
                *self = Bucket::Crowded;
                texts
            }
        }
    }

    /// Hands every two texts that meet to `see`, and what the meeting weighs.
    pub fn meet(&self, mut see: impl FnMut(&T, &T, u32)) {
        let Bucket::Rare(texts) = self else { return };
        let weight = weight(texts.len().max(2));
        for (at, text) in texts.iter().enumerate() {
            texts[at + 1..].iter().for_each(|other| see(text, other, weight));
        }
    }
}

/// The texts of a bucket of crowded shingles, in the order of their [`Place`]s.
#[derive(Debug)]
pub struct Neighbours<T>(Vec<T>);

impl<T> Default for Neighbours<T> {
    fn default() -> Neighbours<T> {
        Neighbours(Vec::new())
    }
}

impl<T> Neighbours<T> {
    /// Takes in one more text, and hands those to `see` that it is a neighbour of.
    pub fn add(&mut self, text: T, mut see: impl FnMut(&T, &T)) {
        if self.0.len() > NEIGHBOURS {
            self.0.remove(0);
        }
        let from = self.0.len().saturating_sub(NEIGHBOURS);
        self.0[from..].iter().for_each(|before| see(before, &text));
        self.0.push(text);
    }
}

/// Where a text stands in the order in which crowds are walked: its lowest shingle, how many there are, and its
/// number by digest.
pub type Place = (Option<u32>, usize, u64);

/// What is looked at of a text's sketch, seen in the light of the corpus.
pub struct Seen {
    view: View<'static>,
    place: Place,
}

impl Seen {
    /// What is seen of the text with such [`shingles`], of which some are crowded.
    pub fn new(text: u64, shingles: &[u32], bar: Bar, is_crowded: impl Fn(u32) -> bool) -> Seen {
        let place = (shingles.first().copied(), shingles.len(), text);
        Seen { view: View::new(shingles, bar.halvings, is_crowded), place }
    }

    /// See [`Place`].
    pub fn place(&self) -> Place {
        self.place
    }

    /// The shingles that are crowded.
    pub fn crowded(&self) -> &[u32] {
        &self.view.crowded
    }

    /// Under which keys the text meets others in crowds, each once; none if it has enough else to be found by.
    pub fn keys(&self) -> Vec<u32> {
        let mut all: Vec<u32> = if self.view.is_crowd() { keys(walked(&self.view)).collect() } else { Vec::new() };
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What two texts promise whose meetings weigh so much together and that are so often neighbours in crowds, if
    /// that makes them worth a comparison.
    pub fn promise(&self, other: &Seen, weight: u64, times: u64, bar: Bar) -> Option<f64> {
        let (first, second) = if self.place < other.place { (self, other) } else { (other, self) };
        let (weight, times) = (together(weight), together(times));
        let crowd = if times > 0 { promise_of_neighbours(&first.view, &second.view, times, weight) } else { None };
        crowd.or_else(|| promise_of_met(&first.view, &second.view, weight, bar))
    }
}

#[cfg(test)]
mod tests {
    use super::super::search;
    use super::*;
    use crate::fingerprint::prints::Lists;
    use crate::fingerprint::sketch::mix;
    use std::collections::{BTreeMap, BTreeSet};

    /// Sketches of texts of which some share shingles with one other, some with a crowd, and some with nobody.
    fn sketches(texts: u32) -> Lists {
        let mut lists = Lists::default();
        for text in 0..texts {
            let shingle = |n: u32| match n % 4 {
                0 if text % 3 > 0 => mix(u64::from(n / 40 + text % 2 * 7)) as u32,
                1 => mix(u64::from(1_000_000 + text / 2 * 100 + n)) as u32,
                2 if text % 5 == 0 => mix(u64::from(2_000_000 + text / 30 * 100 + n)) as u32,
                _ if text % 7 == 0 => mix(u64::from(3_000_000 + n)) as u32,
                _ => mix(u64::from(4_000_000 + text * 200 + n)) as u32,
            };
            let own: BTreeSet<u32> = (0..40 + text % 90).map(shingle).collect();
            lists.push(&own.into_iter().collect::<Vec<_>>());
        }
        lists
    }

    /// The candidates, found by sorting.
    fn by_steps(sketches: &Lists, bar: Bar) -> BTreeMap<(u32, u32), u32> {
        let mut entries: Vec<(u32, u32)> = Vec::new();
        for (text, sketch) in sketches.iter().enumerate() {
            entries.extend(shingles(sketch, bar).iter().map(|&shingle| (shingle, text as u32)));
        }
        entries.sort_unstable();
        let (mut pairs, mut crowds) = (BTreeMap::<(u32, u32), (u64, u64)>::new(), BTreeSet::new());
        for same in entries.chunk_by(|x, y| x.0 == y.0) {
            let mut bucket = Bucket::default();
            for &(shingle, text) in same {
                bucket.add(text).into_iter().for_each(|text| assert!(crowds.insert((text, shingle))));
            }
            bucket.meet(|&a, &b, weight| pairs.entry((a, b)).or_default().0 += u64::from(weight));
        }
        let seen: Vec<Seen> = (0..sketches.len() as u32)
            .map(|text| {
                let own = shingles(sketches.get(text as usize), bar);
                Seen::new(u64::from(text), own, bar, |shingle| crowds.contains(&(text, shingle)))
            })
            .collect();
        let mut entries: Vec<(u32, Place)> = Vec::new();
        seen.iter().for_each(|seen| entries.extend(seen.keys().into_iter().map(|key| (key, seen.place()))));
        entries.sort_unstable();
        for same in entries.chunk_by(|x, y| x.0 == y.0) {
            let mut neighbours = Neighbours::default();
            for (_, place) in same {
                neighbours.add(place.2 as u32, |&a, &b| pairs.entry((a.min(b), a.max(b))).or_default().1 += 1);
            }
        }
        let promise = |(&(a, b), &(weight, times)): (&(u32, u32), &(u64, u64))| {
            let promise = seen[a as usize].promise(&seen[b as usize], weight, times, bar)?;
            Some(((a, b), (promise as f32).to_bits()))
        };
        pairs.iter().filter_map(promise).collect()
    }

    #[test]
    fn the_steps_find_what_the_search_in_one_place_finds() {
        let sketches = sketches(700);
        let order: Vec<u32> = (0..sketches.len() as u32).collect();
        for bar in [Bar::default(), Bar { halvings: 1, promise: 0.3 }] {
            let found = search(sketches.clone(), &order, bar);
            let expected: BTreeMap<(u32, u32), u32> =
                found.iter().map(|pair| ((pair.a, pair.b), pair.promise.to_bits())).collect();
            assert!(expected.len() > 300, "{}", expected.len());
            assert_eq!(by_steps(&sketches, bar), expected);
        }
    }
}
