//! Stock phrases: what many texts of a corpus share without being copies of each other.
//!
//! "Shares closed higher", a standing notice, the words of a results table: where two texts agree in
//! nothing else, they are not one article. What stands in more than [`CROWD`] different texts therefore
//! counts [`Stock::STOCK`] where other text counts [`Stock::OWN`]. It does count: a notice with a thousand near copies
//! is made of such passages alone, and then the proportions are as before.

use crate::fingerprint::sketch::each_landmark;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// A shingle in more different texts than this is stock.
pub const CROWD: usize = 64;
/// In a sample of the texts it takes at least this many.
const SMALLEST_CROWD: usize = 8;

/// The sampled shingles that are stock in a corpus.
#[derive(Debug, Default)]
pub struct Stock(FxHashSet<u32>);

impl Stock {
    /// How much a symbol of text counts.
    pub const OWN: u32 = 10;
    /// How much a symbol of a stock phrase counts. On labelled wire copy, where results and price tables
    /// abound, a tenth lifts pair precision from .965 to .98 and more; less does no better.
    pub const STOCK: u32 = 1;

    /// The stock among the landmarks of a sample of texts, each with those of its own; `share` is what
    /// share of all texts the sample is.
    pub fn of<'l>(landmarks: impl ParallelIterator<Item = &'l [u32]>, share: f64) -> Stock {
        let crowd = ((CROWD as f64 * share).round() as usize).max(SMALLEST_CROWD);
        let mut all: Vec<u32> = landmarks.flat_map_iter(|own| own.iter().copied()).collect();
        all.par_sort_unstable();
        let stock = all.chunk_by(|x, y| x == y).filter(|same| same.len() > crowd).map(|same| same[0]);
        Stock(stock.collect())
    }

    /// The shingles, in ascending order.
    pub fn sorted(&self) -> Vec<u32> {
        let mut shingles: Vec<u32> = self.0.iter().copied().collect();
        shingles.sort_unstable();
        shingles
    }

    /// Whether a shingle is stock.
    pub fn contains(&self, shingle: u32) -> bool {
        !self.0.is_empty() && self.0.contains(&shingle)
    }

    /// How much a shingle counts.
    pub fn weigh(&self, shingle: u32) -> u32 {
        if self.contains(shingle) { Stock::STOCK } else { Stock::OWN }
    }

    /// How much the symbols of a text count; nothing if it has no stock phrases. A symbol counts as the
    /// landmark does that begins nearest before it.
    pub fn weights(&self, symbols: &[u8]) -> Option<Weights> {
        if self.0.is_empty() {
            return None;
        }
        let mut runs: Vec<(usize, u64, u32)> = Vec::new();
        each_landmark(symbols, |at, shingle| {
            let weight = self.weigh(shingle);
            match runs.last() {
                None => runs.push((0, 0, weight)),
                Some(&(start, upto, before)) if weight != before => {
                    runs.push((at, upto + (at - start) as u64 * u64::from(before), weight));
                }
                Some(_) => {}
            }
        });
        runs.iter().any(|run| run.2 != Stock::OWN).then_some(Weights { runs })
    }
}

impl FromIterator<u32> for Stock {
    fn from_iter<I: IntoIterator<Item = u32>>(shingles: I) -> Stock {
        Stock(shingles.into_iter().collect())
    }
}

/// What the symbols of one text count.
#[derive(Debug)]
pub struct Weights {
    /// Runs of symbols that count the same: where each begins, what the text counts up to there, and what
    /// each symbol of it counts.
    runs: Vec<(usize, u64, u32)>,
}

impl Weights {
    /// How much the text counts up to a symbol.
    pub fn upto(&self, at: usize) -> u64 {
        let (start, upto, weight) = self.runs[self.runs.partition_point(|run| run.0 <= at).saturating_sub(1)];
        upto + at.saturating_sub(start) as u64 * u64::from(weight)
    }

    /// The runs of symbols that are stock, or those that are not, in a text of `len` symbols.
    pub fn runs(&self, stock: bool, len: usize) -> impl Iterator<Item = Range<usize>> + '_ {
        let ends = self.runs.iter().skip(1).map(|run| run.0).chain([len]);
        self.runs.iter().zip(ends).filter(move |(run, _)| (run.2 == Stock::STOCK) == stock).map(|(run, end)| run.0..end)
    }
}
