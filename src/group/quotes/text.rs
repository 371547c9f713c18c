//! A text made ready to be followed in both directions.

use super::plain::capitals_mean_names;
use crate::words::{Word, halves};
use std::ops::Range;

/// A text, read once and compared with any number of others.
pub struct Text {
    /// Its words as they are set.
    pub words: Vec<Word>,
    /// What it counts, in halves of a word.
    pub halves: usize,
    /// Whether its capitals stand for names.
    pub capitals_mean_names: bool,
    /// Its words from first to last.
    onward: Vec<u64>,
    /// Its words from last to first.
    back: Vec<u64>,
}

impl Text {
    /// Makes a text ready.
    pub fn new(words: Vec<Word>) -> Text {
        let onward: Vec<u64> = words.iter().map(|word| word.hash).collect();
        Text {
            halves: weigh(&onward),
            capitals_mean_names: capitals_mean_names(&words),
            back: onward.iter().rev().copied().collect(),
            onward,
            words,
        }
    }

    /// The words before a place, from there backwards.
    pub fn before(&self, at: usize) -> &[u64] {
        &self.back[self.back.len() - at..]
    }

    /// The words from a place on.
    pub fn from(&self, at: usize) -> &[u64] {
        &self.onward[at..]
    }

    /// A run of words, if there is one.
    pub fn run(&self, range: &Range<usize>) -> Option<&[u64]> {
        self.onward.get(range.clone())
    }

    /// What a part of the text counts, in halves of a word.
    pub fn weigh(&self, range: &Range<usize>) -> usize {
        weigh(&self.onward[range.clone()])
    }
}

/// What words count together, in halves of a word.
pub fn weigh(hashes: &[u64]) -> usize {
    hashes.iter().map(|&hash| halves(hash)).sum()
}
