//! Pairs → clusters, by average linkage.
//!
//! Two clusters become one when the average similarity between them reaches the threshold and some pair
//! between them are versions of one text. Where one text is only a piece of another it takes two such
//! pairs: a passage may stand in two articles, but what stands in all versions of one is part of it. An
//! average is not drawn along a chain: a page that holds the beginning of one story and the end of
//! another does not join the two. It is taken over at most [`WITNESSES`] texts of each side, so that a cluster of 50,000 copies costs no more to
//! join than one of eight.
//!
//! The most promising pair of every cluster is compared first, and pairs whose texts are together
//! already are not compared at all: finding that n texts are one takes about n comparisons, not n².

use super::candidates::Candidate;
use super::excerpts::SHARE;
use super::similarity::{Overlap, Relation};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// How many texts speak for a cluster: those that come first in the corpus-independent order.
pub const WITNESSES: usize = 8;

/// How many pairs of which one text is a piece of the other stand for a pair of versions.
pub const PIECES: usize = 2;

/// Similarity from which two texts are joined at once. Below it they wait until all pairs are known, so
/// that the more similar ones go first.
const SURE: f64 = 0.8;

/// Compares two texts in full.
pub type Compare<'c> = &'c (dyn Fn(u32, u32) -> Overlap + Sync);

/// What linkage came to.
#[derive(Debug, Default)]
pub struct Linked {
    /// The clusters; every text is in one. Members are in ascending order.
    pub clusters: Vec<Vec<u32>>,
    /// Pairs of texts in different clusters of which the one seems to contain the other.
    pub contained: Vec<(u32, u32)>,
    compared: FxHashMap<(u32, u32), Compared>,
}

impl Linked {
    /// Each of so many texts in a cluster of its own.
    pub fn of_single(texts: usize) -> Linked {
        Linked { clusters: (0..texts as u32).map(|text| vec![text]).collect(), ..Linked::default() }
    }

    /// How similar two texts are, if they were compared.
    pub fn similarity(&self, a: u32, b: u32) -> Option<f64> {
        self.compared.get(&index(a, b)).map(|pair| pair.similarity)
    }
}

/// Puts `order.len()` texts into clusters.
pub fn clusters(candidates: Vec<Candidate>, order: &[u32], threshold: f64, compare: Compare) -> Linked {
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
    linkage.settle();
    let contained = linkage.contained();
    let compared = std::mem::take(&mut linkage.compared);
    Linked { clusters: linkage.into_clusters(), contained, compared }
}

/// Splits off the most promising pair of every text; what is left waits for the next round.
fn best_of_each(open: Vec<Candidate>, texts: usize) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut taken = vec![false; texts];
    open.into_iter().partition(|pair| {
        let first = !taken[pair.a as usize] || !taken[pair.b as usize];
        taken[pair.a as usize] = true;
        taken[pair.b as usize] = true;
        first
    })
}

/// A pair's overlap, as far as linkage needs it.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    similarity: f64,
    relation: Relation,
    contained: bool,
}

impl From<Overlap> for Compared {
    fn from(overlap: Overlap) -> Compared {
        Compared {
            similarity: overlap.similarity(),
            relation: overlap.relation(),
            contained: overlap.containment >= SHARE,
        }
    }
}

impl Compared {
    /// Whether this speaks for joining the two texts.
    fn joins(&self, threshold: f64) -> bool {
        self.relation > Relation::Different && self.similarity >= threshold
    }

    /// Whether the two texts may end up as one article, or one as an excerpt of the other.
    pub fn counts(&self, threshold: f64) -> bool {
        self.contained || self.joins(threshold)
    }
}

struct Linkage<'c> {
    order: &'c [u32],
    threshold: f64,
    compare: Compare<'c>,
    parent: Vec<u32>,
    /// For the root of a cluster: its members.
    members: Vec<Vec<u32>>,
    /// For the root of a cluster: those of its members that speak for it.
    witnesses: Vec<Vec<u32>>,
    compared: FxHashMap<(u32, u32), Compared>,
    /// Related pairs whose clusters have not been joined yet, with their similarity.
    waiting: Vec<(f64, u32, u32)>,
}

impl<'c> Linkage<'c> {
    fn new(order: &'c [u32], threshold: f64, compare: Compare<'c>) -> Linkage<'c> {
        let count = order.len() as u32;
        Linkage {
            order,
            threshold,
            compare,
            parent: (0..count).collect(),
            members: (0..count).map(|text| vec![text]).collect(),
            witnesses: (0..count).map(|text| vec![text]).collect(),
            compared: FxHashMap::default(),
            waiting: Vec::new(),
        }
    }

    fn root(&self, text: u32) -> u32 {
        let mut at = text;
        while self.parent[at as usize] != at {
            at = self.parent[at as usize];
        }
        at
    }

    /// A pair's place in an order that does not depend on the order of the corpus.
    fn key(&self, a: u32, b: u32) -> (u32, u32) {
        let (a, b) = (self.order[a as usize], self.order[b as usize]);
        (a.min(b), a.max(b))
    }

    /// Compares the pairs, then joins clusters along those that are surely related.
    fn join(&mut self, pairs: &[Candidate]) {
        let found: Vec<Compared> = pairs.par_iter().map(|pair| self.compare(pair.a, pair.b)).collect();
        let mut sure = Vec::new();
        for (pair, found) in pairs.iter().zip(found) {
            self.compared.insert(index(pair.a, pair.b), found);
            if found.joins(self.threshold) {
                let related = if found.similarity >= SURE { &mut sure } else { &mut self.waiting };
                related.push((found.similarity, pair.a, pair.b));
            }
        }
        self.join_along(sure);
    }

    /// Joins clusters along related pairs with their similarity, the highest first. A pair that is not
    /// enough to join its clusters waits: as clusters grow, more pairs may speak for them.
    fn join_along(&mut self, mut related: Vec<(f64, u32, u32)>) {
        related.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then_with(|| self.key(x.1, x.2).cmp(&self.key(y.1, y.2))));
        for (similarity, a, b) in related {
            let (root_a, root_b) = (self.root(a), self.root(b));
            if root_a == root_b {
                continue;
            }
            if self.are_one(root_a, root_b) {
                self.unite(root_a, root_b);
            } else {
                self.waiting.push((similarity, a, b));
            }
        }
    }

    /// Tries the waiting pairs, as long as that joins any.
    fn settle(&mut self) {
        loop {
            let waiting = std::mem::take(&mut self.waiting);
            let before = waiting.len();
            self.join_along(waiting);
            if self.waiting.len() == before {
                break;
            }
        }
    }

    fn compare(&self, a: u32, b: u32) -> Compared {
        (self.compare)(a, b).into()
    }

    /// Whether two clusters are versions of one text.
    fn are_one(&mut self, a: u32, b: u32) -> bool {
        let pairs: Vec<(u32, u32)> = self.pairs_between(a, b);
        let missing: Vec<(u32, u32)> =
            pairs.iter().copied().filter(|&(x, y)| !self.compared.contains_key(&index(x, y))).collect();
        let found: Vec<Compared> = missing.par_iter().map(|&(x, y)| self.compare(x, y)).collect();
        for (&(x, y), found) in missing.iter().zip(found) {
            self.compared.insert(index(x, y), found);
        }
        let compared = || pairs.iter().map(|&(x, y)| self.compared[&index(x, y)]);
        let average = compared().map(|pair| pair.similarity).sum::<f64>() / pairs.len() as f64;
        let of = |relation| compared().filter(|pair| pair.relation == relation).count();
        average >= self.threshold && (of(Relation::Version) >= 1 || of(Relation::Piece) >= PIECES)
    }

    /// The pairs of one witness of each of two clusters.
    fn pairs_between(&self, a: u32, b: u32) -> Vec<(u32, u32)> {
        let of_b = &self.witnesses[b as usize];
        self.witnesses[a as usize].iter().flat_map(|&x| of_b.iter().map(move |&y| (x, y))).collect()
    }

    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (a as usize, b as usize);
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

    fn contained(&self) -> Vec<(u32, u32)> {
        let contained = self.compared.iter().filter(|(_, found)| found.contained);
        let pairs = contained.map(|(&pair, _)| pair);
        pairs.filter(|&(a, b)| self.root(a) != self.root(b)).collect()
    }

    fn into_clusters(self) -> Vec<Vec<u32>> {
        let members = self.members.into_iter().filter(|members| !members.is_empty());
        members
            .map(|mut members| {
                members.sort_unstable();
                members
            })
            .collect()
    }
}

fn index(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}
