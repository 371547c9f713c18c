//! Which texts share a run of words, found without comparing all with all.
//!
//! Every shingle of `anchor` words is looked at, so that no shared run of that length is missed. A first
//! pass over the texts marks the shingles in a table of two bits each, "seen" and "seen in another text";
//! the second keeps only those that were seen twice, a small part of all. The table may take two different
//! shingles for one; that is sorted out when texts meet.

use super::{Pair, Rules};
use crate::fingerprint::prints::Prints;
use crate::fingerprint::sketch::mix;
use crate::group::Bodies;
use crate::words::hash;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// In how many texts after it a text looks for a shingle. More than one, for two articles that are an
/// excerpt of each other are no witnesses.
const NEIGHBOURS: usize = 8;
/// Places of one shingle in one text that count.
const REPEATS: usize = 4;
/// Slots of the table a word of the corpus.
const SLOTS: usize = 4;
/// The most slots: 256 MiB.
const MOST_SLOTS: usize = 1 << 30;

/// A shingle at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    shingle: u64,
    text: u32,
    at: u32,
}

/// The shingles that more than one text holds.
pub struct Shared {
    /// By shingle, text and place.
    entries: Vec<Entry>,
    /// For every text its entries, one text after the other.
    by_text: Vec<u32>,
    /// For every text, where its part of `by_text` begins; one more for the end.
    first: Vec<u32>,
}

impl Shared {
    /// Looks through the texts of the blocks `kept`.
    pub fn new(kept: &[usize], prints: &Prints, rules: Rules, body: Bodies) -> Shared {
        let words: usize = kept.iter().map(|&block| prints[block].words as usize).sum();
        let table = Table::new((words * SLOTS).min(MOST_SLOTS));
        kept.par_iter().for_each(|&block| {
            let mut shingles: Vec<u64> = shingles(&body(block), rules.anchor);
            shingles.sort_unstable();
            shingles.dedup();
            shingles.into_iter().for_each(|shingle| table.see(shingle));
        });
        let entries = kept.par_iter().enumerate().flat_map_iter(|(text, &block)| {
            let places = shingles(&body(block), rules.anchor).into_iter().enumerate();
            let twice = places.filter(|&(_, shingle)| table.was_seen_twice(shingle));
            few_repeats(twice.map(|(at, shingle)| Entry { shingle, text: text as u32, at: at as u32 }).collect())
        });
        let mut entries: Vec<Entry> = entries.collect();
        drop(table);
        entries.par_sort_unstable();
        Shared::index(entries, kept.len(), rules)
    }

    fn index(all: Vec<Entry>, texts: usize, rules: Rules) -> Shared {
        let mut entries = Vec::new();
        for bucket in all.chunk_by(|x, y| x.shingle == y.shingle) {
            let texts = bucket.chunk_by(|x, y| x.text == y.text).take(rules.crowd + 1).count();
            if (2..=rules.crowd).contains(&texts) {
                entries.extend_from_slice(bucket);
            }
        }
        drop(all);
        let mut by_text: Vec<u32> = (0..entries.len() as u32).collect();
        by_text.par_sort_unstable_by_key(|&entry| (entries[entry as usize].text, entries[entry as usize].at));
        let starts =
            (0..=texts as u32).map(|text| by_text.partition_point(|&entry| entries[entry as usize].text < text) as u32);
        let first = starts.collect();
        Shared { entries, by_text, first }
    }

    /// The texts after `text` that may share a quote with it, each with the equal runs to start from.
    pub fn met(&self, text: usize, rules: Rules) -> Vec<(usize, Vec<Pair>)> {
        let mut hits = Vec::new();
        for &index in &self.by_text[self.first[text] as usize..self.first[text + 1] as usize] {
            let own = self.entries[index as usize];
            let others = self.entries[index as usize + 1..].chunk_by(|x, y| x.text == y.text);
            let others = others.take_while(|same| same[0].shingle == own.shingle);
            for same in others.filter(|same| same[0].text != own.text).take(NEIGHBOURS) {
                let same = same.iter().take_while(|other| other.shingle == own.shingle);
                hits.extend(same.map(|other| Hit {
                    text: other.text,
                    diagonal: i64::from(other.at) - i64::from(own.at),
                    at: own.at,
                }));
            }
        }
        hits.sort_unstable();
        hits.chunk_by(|x, y| x.text == y.text).map(|hits| (hits[0].text as usize, runs(hits, rules.anchor))).collect()
    }
}

/// A shingle of one text in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    text: u32,
    diagonal: i64,
    at: u32,
}

/// Joins the hits of one pair of texts that continue each other.
fn runs(hits: &[Hit], anchor: usize) -> Vec<Pair> {
    let mut runs: Vec<(i64, Pair)> = Vec::new();
    for hit in hits {
        let a = hit.at as usize;
        let b = (i64::from(hit.at) + hit.diagonal) as usize;
        match runs.last_mut() {
            Some((diagonal, run)) if *diagonal == hit.diagonal && a <= run.a.end => {
                run.a.end = a + anchor;
                run.b.end = b + anchor;
            }
            _ => runs.push((hit.diagonal, Pair { a: a..a + anchor, b: b..b + anchor })),
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

/// Leaves each shingle of a text at its first [`REPEATS`] places.
fn few_repeats(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_unstable();
    entries.chunk_by(|x, y| x.shingle == y.shingle).flat_map(|same| &same[..same.len().min(REPEATS)]).copied().collect()
}

/// The hash of every run of `length` words: a polynomial over the words, rolled from one to the next.
fn shingles(normalised: &str, length: usize) -> Vec<u64> {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    let words: Vec<u64> = normalised.split_terminator(' ').map(hash).collect();
    let leaving_factor = (0..length).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut rolled = 0u64;
    let mut shingles = Vec::with_capacity(words.len());
    for (at, &word) in words.iter().enumerate() {
        rolled = rolled.wrapping_mul(BASE).wrapping_add(mix(word));
        if let Some(left) = at.checked_sub(length) {
            rolled = rolled.wrapping_sub(mix(words[left]).wrapping_mul(leaving_factor));
        }
        if at + 1 >= length {
            shingles.push(mix(rolled));
        }
    }
    shingles
}

/// Two bits a slot: a shingle was seen; it was seen again.
struct Table {
    slots: Vec<AtomicU64>,
}

impl Table {
    fn new(slots: usize) -> Table {
        let cells = slots.next_power_of_two().max(64) / 32;
        Table { slots: (0..cells).map(|_| AtomicU64::new(0)).collect() }
    }

    fn slot(&self, shingle: u64) -> (&AtomicU64, u32) {
        let cell = (shingle >> 5) as usize & (self.slots.len() - 1);
        (&self.slots[cell], (shingle & 31) as u32 * 2)
    }

    /// Each text sees a shingle once.
    fn see(&self, shingle: u64) {
        let (cell, bit) = self.slot(shingle);
        if cell.load(Relaxed) >> bit & 2 == 0 && cell.fetch_or(1 << bit, Relaxed) >> bit & 1 == 1 {
            cell.fetch_or(2 << bit, Relaxed);
        }
    }

    fn was_seen_twice(&self, shingle: u64) -> bool {
        let (cell, bit) = self.slot(shingle);
        cell.load(Relaxed) >> bit & 2 == 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::{Sample, fingerprint, sketch::mix};

    fn meeting(texts: &[String], rules: Rules) -> Vec<(usize, usize)> {
        let print = |text: &String| fingerprint(None, [text.as_bytes()].into_iter(), Sample::of_corpus(0)).0;
        let prints: Prints = texts.iter().map(print).collect();
        let kept: Vec<usize> = (0..texts.len()).collect();
        let shared = Shared::new(&kept, &prints, rules, &|block| texts[block].clone());
        let met =
            kept.iter().flat_map(|&text| shared.met(text, rules).into_iter().map(move |(other, _)| (text, other)));
        met.collect()
    }

    /// Texts of few different words, so that runs are shared by chance.
    fn texts(count: u64) -> Vec<String> {
        let word = |text: u64, at: u64| format!("w{}", mix(mix(text) + at) % 7);
        (0..count).map(|text| (0..60).map(|at| word(text, at)).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn no_shared_run_is_missed() {
        let (texts, rules) = (texts(40), Rules { words: 6, anchor: 5, crowd: 64 });
        let runs = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            words.windows(5).map(|run| run.join(" ")).collect::<Vec<_>>()
        };
        let runs: Vec<Vec<String>> = texts.iter().map(|text| runs(text)).collect();
        let pairs = (0..40).flat_map(|a| (a + 1..40).map(move |b| (a, b)));
        let expected: Vec<_> = pairs.filter(|&(a, b)| runs[a].iter().any(|run| runs[b].contains(run))).collect();
        assert!(expected.len() > 20, "{}", expected.len());
        assert_eq!(meeting(&texts, rules), expected);
    }

    #[test]
    fn a_passage_in_very_many_texts_is_compared_with_the_next_few_only() {
        let all: Vec<String> = texts(60).iter().map(|text| format!("a b c d e {text} a b c d e")).collect();
        let rules = |crowd| Rules { words: 6, anchor: 5, crowd };
        assert!(meeting(&all, rules(64)).len() <= 60 * (NEIGHBOURS + 8));
        assert!(meeting(&all, rules(59)).len() < meeting(&all, rules(64)).len());
    }
}
