//! Whether a run of words says something, or is made of names and standing turns of phrase only.
//!
//! Names, titles, numbers and the small words between them recur wherever the same people are written
//! about: "Iranian Foreign Minister Mohammad Javad Zarif said on Tuesday that the". What is left when
//! these are taken away are the plain words. A run with fewer than [`LEAST`] different ones, or with one
//! plain word in more than [`SPARSE`], is no quote.

use crate::words::{Word, hash, is_unspaced};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// Different plain words of a quote.
const LEAST: usize = 3;
/// At least one word in this many is plain.
const SPARSE: usize = 6;
/// From this share of capitals on, a capital is no sign of a name: German nouns, headlines, capitals
/// throughout. English news with many names has up to a quarter.
const CAPITALS: f64 = 0.33;

/// Words that any article may string together: function words, how speech is reported, the days and months.
static STOCK: LazyLock<FxHashSet<u64>> = LazyLock::new(|| {
    include_str!("stock.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(hash)
        .collect()
});

/// Whether `run`, a part of `text`, says something.
pub fn says_something(run: &[Word], text: &[Word], words: usize) -> bool {
    let capitals_mean_names = {
        let capitals = text.iter().filter(|word| word.look.capital).count();
        (capitals as f64) < CAPITALS * text.len() as f64
    };
    let is_plain =
        |word: &&Word| !word.look.number && !(word.look.capital && capitals_mean_names) && !STOCK.contains(&word.hash);
    let mut plain: Vec<u64> = run.iter().filter(is_plain).map(|word| word.hash).collect();
    let total = plain.len();
    plain.sort_unstable();
    plain.dedup();
    // A character is half a word, and says less than half of one.
    let least =
        if plain.iter().filter(|&&hash| is_unspaced(hash)).count() * 2 > plain.len() { 2 * LEAST } else { LEAST };
    plain.len() >= least.min(words) && total * SPARSE >= run.len()
}
