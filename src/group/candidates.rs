//! Which pairs of texts are worth comparing.
//!
//! Texts that share a sampled shingle meet in its bucket. A bucket of up to [`CROWD`] texts gives all
//! its pairs. In a larger one, where a stock phrase or a text with very many copies stands, each text is
//! paired with its [`CROWD`] neighbours in one order that is the same for all buckets and puts similar
//! texts side by side; and the texts meet again in the buckets of *pairs* of such crowded shingles, which
//! are smaller. So the work grows with the number of shingles, never with the square of a bucket.

use super::stock::{CROWD, Stock};
use crate::fingerprint::sketch::{containment, mix};
use crate::model::Sketch;
use rayon::prelude::*;

/// Share of the smaller sketch that a pair must share to be worth a comparison. Damaged copies of a
/// copy still share this much: .08 keeps .998 of the pairs that decide in the most damaged labelled set.
const WORTH: f64 = 0.08;

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
    let mut place = vec![0u32; sketches.len()];
    by_place.iter().enumerate().for_each(|(at, &text)| place[text] = at as u32);

    let mut entries: Vec<(u64, u32)> = sketches
        .par_iter()
        .enumerate()
        .flat_map_iter(|(text, sketch)| {
            let at = place[text];
            sketch.0.iter().map(move |&hash| (hash, at))
        })
        .collect();
    let (mut pairs, stock) = meet(&mut entries);
    let mut entries = crowded_pairs(sketches, &place, &stock);
    pairs.extend(meet(&mut entries).0);
    pairs.par_sort_unstable();
    pairs.dedup();

    let worth = pairs
        .into_par_iter()
        .map(|(x, y)| (by_place[x as usize], by_place[y as usize]))
        .map(|(x, y)| Candidate { a: x.min(y), b: x.max(y), promise: promise(sketches[x], sketches[y], &stock) })
        .filter(|candidate| candidate.promise >= WORTH)
        .collect();
    (worth, stock)
}

fn promise(a: &Sketch, b: &Sketch, stock: &Stock) -> f64 {
    containment(a, b, |shingle| stock.weigh(shingle))
}

/// The order in which crowded buckets are walked: by lowest shingle, which similar texts are likely to
/// share (min-hashing), then by size.
fn neighbours(sketches: &[&Sketch], order: &[usize]) -> Vec<usize> {
    let mut by_place: Vec<usize> = (0..sketches.len()).collect();
    by_place.par_sort_unstable_by_key(|&text| (sketches[text].0.first(), sketches[text].0.len(), order[text]));
    by_place
}

/// The pairs that meet in the buckets of `entries`, and the shingles whose buckets are crowded.
fn meet(entries: &mut [(u64, u32)]) -> (Vec<(u32, u32)>, Stock) {
    entries.par_sort_unstable();
    let mut crowded = Stock::default();
    let mut pairs = Vec::new();
    for bucket in entries.chunk_by(|x, y| x.0 == y.0) {
        if bucket.len() > CROWD {
            crowded.0.insert(bucket[0].0);
        }
        for (at, &(_, text)) in bucket.iter().enumerate() {
            pairs.extend(bucket[at + 1..].iter().take(CROWD).map(|&(_, other)| (text, other)));
        }
    }
    (pairs, crowded)
}

/// Buckets for texts that share two crowded shingles with at most one other crowded shingle between
/// them, in the order of hashes.
fn crowded_pairs(sketches: &[&Sketch], place: &[u32], stock: &Stock) -> Vec<(u64, u32)> {
    sketches
        .par_iter()
        .enumerate()
        .flat_map_iter(|(text, sketch)| {
            let hashes: Vec<u64> = sketch.0.iter().copied().filter(|hash| stock.0.contains(hash)).collect();
            let mut entries = Vec::with_capacity(hashes.len() * 2);
            for distance in [1, 2] {
                let both = hashes.iter().zip(hashes.iter().skip(distance));
                entries.extend(both.map(|(&x, &y)| (mix(x ^ y.rotate_left(17)), place[text])));
            }
            entries
        })
        .collect()
}
