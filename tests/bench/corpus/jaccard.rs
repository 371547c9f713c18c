//! How much two texts really have in common, by a measure that has nothing to do with newsdedup's own.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Words in a run.
const RUN: usize = 5;

/// Runs of five words that both texts hold, by the runs that either holds, 0 to 1. Punctuation does not count.
pub fn jaccard(a: &[String], b: &[String]) -> f64 {
    let (a, b) = (runs(a), runs(b));
    let shared = count_shared(&a, &b);
    shared as f64 / (a.len() + b.len() - shared).max(1) as f64
}

/// The hashes of all runs of a text, in ascending order, without repeats.
fn runs(paragraphs: &[String]) -> Vec<u64> {
    let words: Vec<u64> = paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(|word| hash(|hasher| hasher.write(word)))
        .collect();
    let run = |run: &[u64]| hash(|hasher| run.iter().for_each(|&word| hasher.write_u64(word)));
    let mut runs: Vec<u64> = words.windows(RUN).map(run).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

fn hash(write: impl FnOnce(&mut FxHasher)) -> u64 {
    let mut hasher = FxHasher::default();
    write(&mut hasher);
    hasher.finish()
}

/// How many values two ascending lists share.
fn count_shared(a: &[u64], b: &[u64]) -> usize {
    let mut others = b.iter().peekable();
    let shared = a.iter().filter(|value| {
        while others.next_if(|other| other < value).is_some() {}
        others.peek() == Some(value)
    });
    shared.count()
}
