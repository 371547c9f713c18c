//! How much two texts really have in common, by a measure that has nothing to do with newsdedup's own.

/// Words in a run.
const RUN: usize = 5;

/// Runs of five words that both texts hold, by the runs that either holds, 0 to 1. Case and punctuation do
/// not count.
pub fn jaccard(a: &[String], b: &[String]) -> f64 {
    let (a, b) = (runs(a), runs(b));
    let shared = count_shared(&a, &b);
    shared as f64 / (a.len() + b.len() - shared).max(1) as f64
}

/// The hashes of all runs of a text, in ascending order, without repeats.
fn runs(paragraphs: &[String]) -> Vec<u64> {
    let words: Vec<u64> = paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(|word| word.bytes().fold(0, |hash, byte| mix(hash, byte.to_ascii_lowercase().into())))
        .collect();
    let mut runs: Vec<u64> = words.windows(RUN).map(|run| run.iter().fold(0, |hash, &word| mix(hash, word))).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

fn mix(hash: u64, value: u64) -> u64 {
    let mixed = (hash ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ mixed >> 29
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
