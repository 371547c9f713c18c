//! Fingerprints → articles: which blocks are the same text.

use crate::model::{Cluster, Fingerprint, Grouping, Match, Member};
use rustc_hash::FxHashMap;

/// Everything that decides which blocks are one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Whether edited copies count as the same article.
    pub near: bool,
    /// The similarity from which two blocks are the same article, 0 to 1.
    pub threshold: f64,
}

impl Default for Params {
    fn default() -> Params {
        Params { near: true, threshold: 0.26 }
    }
}

/// Puts every block into exactly one article.
///
/// `rank` orders the blocks by which of two copies is kept: the lower one. `body` gives the normalised
/// body of a block, for the comparisons that decide.
pub fn group(
    prints: &[Fingerprint],
    rank: &[u32],
    _params: &Params,
    _body: &(dyn Fn(usize) -> String + Sync),
) -> Grouping {
    let mut first: FxHashMap<_, usize> = FxHashMap::default();
    let mut clusters: Vec<Cluster> = Vec::new();
    for (block, print) in prints.iter().enumerate() {
        let cluster = *first.entry(print.digest).or_insert_with(|| {
            clusters.push(Cluster { kept: block, members: Vec::new() });
            clusters.len() - 1
        });
        let cluster = &mut clusters[cluster];
        if rank[block] < rank[cluster.kept] {
            cluster.kept = block;
        }
        cluster.members.push(Member { block, matched: Match::Exact, similarity: 1.0 });
    }
    for cluster in &mut clusters {
        for member in &mut cluster.members {
            if member.block == cluster.kept {
                member.matched = Match::Kept;
            }
        }
    }
    Grouping { clusters, excerpts: Vec::new() }
}
