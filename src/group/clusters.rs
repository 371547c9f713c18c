//! Pairs → clusters, by average linkage.
//!
//! Two clusters become one when some pair between them are versions of one text and the average
//! similarity between them reaches the threshold. An average is not drawn along a chain: a page that
//! holds the beginning of one story and the end of another does not join the two. The average is taken
//! over at most [`WITNESSES`] texts of each side, so that a cluster of 50,000 copies costs no more to
//! join than one of eight.
//!
//! The most promising pair of every cluster is compared first, and pairs whose texts are together
//! already are not compared at all: finding that n texts are one takes about n comparisons, not n².

use super::candidates::Candidate;
use super::similarity::Overlap;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// How many texts speak for a cluster: those that come first in the corpus-independent order.
pub const WITNESSES: usize = 8;

/// Compares two texts in full.
pub type Compare<'c> = &'c (dyn Fn(usize, usize) -> Overlap + Sync);

/// The clusters of `order.len()` texts; every text is in one. Members are in ascending order.
pub fn clusters(candidates: Vec<Candidate>, order: &[usize], threshold: f64, compare: Compare) -> Vec<Vec<usize>> {
    let mut linkage = Linkage::new(order, threshold, compare);
    let mut open = candidates;
    open.par_sort_unstable_by(|x, y| {
        y.promise.total_cmp(&x.promise).then_with(|| linkage.key(x.a, x.b).cmp(&linkage.key(y.a, y.b)))
    });
    while !open.is_empty() {
        let (best, rest) = best_of_each(open, order.len());
        linkage.join(&best);
        open = rest;
        open.retain(|pair| linkage.root(pair.a) != linkage.root(pair.b));
    }
    linkage.into_clusters()
}

/// Splits off the most promising pair of every text; what is left waits for the next round.
fn best_of_each(open: Vec<Candidate>, texts: usize) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut taken = vec![false; texts];
    open.into_iter().partition(|pair| {
        let first = !taken[pair.a] || !taken[pair.b];
        taken[pair.a] = true;
        taken[pair.b] = true;
        first
    })
}

/// A pair's overlap, as far as linkage needs it.
#[derive(Clone, Copy)]
struct Compared {
    similarity: f64,
    version: bool,
}

struct Linkage<'c> {
    order: &'c [usize],
    threshold: f64,
    compare: Compare<'c>,
    parent: Vec<u32>,
    /// For the root of a cluster: its members.
    members: Vec<Vec<u32>>,
    /// For the root of a cluster: those of its members that speak for it.
    witnesses: Vec<Vec<u32>>,
    compared: FxHashMap<(u32, u32), Compared>,
}

impl<'c> Linkage<'c> {
    fn new(order: &'c [usize], threshold: f64, compare: Compare<'c>) -> Linkage<'c> {
        let count = order.len() as u32;
        Linkage {
            order,
            threshold,
            compare,
            parent: (0..count).collect(),
            members: (0..count).map(|text| vec![text]).collect(),
            witnesses: (0..count).map(|text| vec![text]).collect(),
            compared: FxHashMap::default(),
        }
    }

    fn root(&self, text: usize) -> usize {
        let mut at = text as u32;
        while self.parent[at as usize] != at {
            at = self.parent[at as usize];
        }
        at as usize
    }

    /// A pair's place in an order that does not depend on the order of the corpus.
    fn key(&self, a: usize, b: usize) -> (usize, usize) {
        let (a, b) = (self.order[a], self.order[b]);
        (a.min(b), a.max(b))
    }

    /// Compares the pairs, then joins clusters along them, the most similar pair first.
    fn join(&mut self, pairs: &[Candidate]) {
        let found: Vec<Compared> = pairs.par_iter().map(|pair| self.compare(pair.a, pair.b)).collect();
        let mut versions: Vec<(f64, usize, usize)> = Vec::new();
        for (pair, found) in pairs.iter().zip(found) {
            self.compared.insert(index(pair.a, pair.b), found);
            if found.version && found.similarity >= self.threshold {
                versions.push((found.similarity, pair.a, pair.b));
            }
        }
        versions.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then_with(|| self.key(x.1, x.2).cmp(&self.key(y.1, y.2))));
        for (_, a, b) in versions {
            let (a, b) = (self.root(a), self.root(b));
            if a != b && self.average(a, b) >= self.threshold {
                self.unite(a, b);
            }
        }
    }

    fn compare(&self, a: usize, b: usize) -> Compared {
        // The comparison is not quite symmetrical; a fixed order of its sides makes it repeatable.
        let (a, b) = if self.order[a] < self.order[b] { (a, b) } else { (b, a) };
        let overlap = (self.compare)(a, b);
        Compared { similarity: overlap.similarity(), version: overlap.is_version() }
    }

    fn average(&mut self, a: usize, b: usize) -> f64 {
        let pairs: Vec<(usize, usize)> = self.pairs_between(a, b);
        let missing: Vec<(usize, usize)> =
            pairs.iter().copied().filter(|&(x, y)| !self.compared.contains_key(&index(x, y))).collect();
        let found: Vec<Compared> = missing.par_iter().map(|&(x, y)| self.compare(x, y)).collect();
        for (&(x, y), found) in missing.iter().zip(found) {
            self.compared.insert(index(x, y), found);
        }
        pairs.iter().map(|&(x, y)| self.compared[&index(x, y)].similarity).sum::<f64>() / pairs.len() as f64
    }

    /// The pairs of one witness of each of two clusters.
    fn pairs_between(&self, a: usize, b: usize) -> Vec<(usize, usize)> {
        let of_b = &self.witnesses[b];
        self.witnesses[a].iter().flat_map(|&x| of_b.iter().map(move |&y| (x as usize, y as usize))).collect()
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (into, from) = if self.members[a].len() >= self.members[b].len() { (a, b) } else { (b, a) };
        let moved = std::mem::take(&mut self.members[from]);
        self.members[into].extend(moved);
        let mut witnesses = std::mem::take(&mut self.witnesses[from]);
        witnesses.append(&mut self.witnesses[into]);
        witnesses.sort_unstable_by_key(|&text| self.order[text as usize]);
        witnesses.truncate(WITNESSES);
        self.witnesses[into] = witnesses;
        self.parent[from] = into as u32;
    }

    fn into_clusters(self) -> Vec<Vec<usize>> {
        let members = self.members.into_iter().filter(|members| !members.is_empty());
        members
            .map(|members| {
                let mut members: Vec<usize> = members.into_iter().map(|text| text as usize).collect();
                members.sort_unstable();
                members
            })
            .collect()
    }
}

fn index(a: usize, b: usize) -> (u32, u32) {
    (a.min(b) as u32, a.max(b) as u32)
}
