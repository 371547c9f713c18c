//! Fingerprints → articles: which blocks are the same text.
//!
//! Blocks with equal digests are one text. Texts that share sampled shingles are [`candidates`], which
//! are compared in full ([`align`], [`similarity`]) and joined by average linkage ([`clusters`]). Pairs
//! that stay apart though the one holds the other are [`excerpts`].
//! Nothing depends on the order in which blocks come, except which of two copies is kept.

pub mod align;
mod candidates;
pub mod clusters;
mod excerpts;
pub mod keep;
pub mod quotes;
pub mod similarity;
pub mod stock;

use crate::model::{Cluster, Fingerprint, Grouping, Match, Member};
use align::Prepared;
use clusters::Linked;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use similarity::Overlap;
use stock::Stock;

/// Everything that decides which blocks are one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Whether edited copies count as the same article.
    pub near: bool,
    /// The similarity from which two blocks are the same article, 0 to 1.
    pub threshold: f64,
}

impl Params {
    /// The threshold if none is given. Measured on four labelled sets, from clean pages to wire copy
    /// with every tenth character damaged: .20 to .22 does best on all of them at once.
    pub const THRESHOLD: f64 = 0.21;
}

impl Default for Params {
    fn default() -> Params {
        Params { near: true, threshold: Params::THRESHOLD }
    }
}

/// Gives the normalised body of a block.
pub type Bodies<'b> = &'b (dyn Fn(usize) -> String + Sync);

/// Puts every block into exactly one article.
///
/// `rank` orders the blocks by which of two copies is kept: the lower one. `body` gives the normalised
/// body of a block, for the comparisons that decide.
pub fn group(prints: &[Fingerprint], rank: &[u32], params: &Params, body: Bodies) -> Grouping {
    let texts = Texts::new(prints, rank);
    let (linked, stock) = if params.near { link(prints, &texts, params, body) } else { Default::default() };
    let together = if params.near { linked.clusters } else { (0..texts.kept.len()).map(|text| vec![text]).collect() };
    let mut clusters: Vec<Cluster> =
        together.into_par_iter().map(|members| cluster(&texts, &members, rank, &stock, body)).collect();
    clusters.sort_unstable_by_key(|cluster| cluster.members[0].block);
    let pairs = texts.pairs_of_clusters(&linked.contained, &clusters);
    let excerpts = excerpts::excerpts(pairs, &clusters, |block| prints[block].words, &stock, body);
    Grouping { clusters, excerpts, quotes: None }
}

/// The stock phrases that [`group`] finds in the same blocks.
pub fn stock(prints: &[Fingerprint], rank: &[u32], params: &Params) -> Stock {
    if !params.near {
        return Stock::default();
    }
    let texts = Texts::new(prints, rank);
    let sketches: Vec<_> = texts.kept.iter().map(|&block| &prints[block].sketch).collect();
    candidates::stock(&sketches)
}

/// The different texts among the blocks.
struct Texts {
    /// For every text, its blocks in page order.
    blocks: Vec<Vec<usize>>,
    /// For every text, the block that would be kept.
    kept: Vec<usize>,
}

impl Texts {
    fn new(prints: &[Fingerprint], rank: &[u32]) -> Texts {
        let mut known: FxHashMap<_, usize> = FxHashMap::default();
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        for (block, print) in prints.iter().enumerate() {
            let text = *known.entry(print.digest).or_insert(blocks.len());
            if text == blocks.len() {
                blocks.push(Vec::new());
            }
            blocks[text].push(block);
        }
        let kept = blocks.iter().map(|same| lowest(same, rank)).collect();
        Texts { blocks, kept }
    }

    /// The clusters that pairs of texts are in.
    fn pairs_of_clusters(&self, pairs: &[(usize, usize)], clusters: &[Cluster]) -> Vec<(usize, usize)> {
        if pairs.is_empty() {
            return Vec::new();
        }
        let blocks = self.blocks.iter().map(Vec::len).sum();
        let mut cluster_of = vec![0; blocks];
        for (index, cluster) in clusters.iter().enumerate() {
            cluster.members.iter().for_each(|member| cluster_of[member.block] = index);
        }
        pairs.iter().map(|&(a, b)| (cluster_of[self.kept[a]], cluster_of[self.kept[b]])).collect()
    }
}

fn lowest(blocks: &[usize], rank: &[u32]) -> usize {
    blocks.iter().copied().min_by_key(|&block| rank[block]).unwrap_or_default()
}

/// Finds the texts that are near copies of each other, and the stock phrases of the corpus.
fn link(prints: &[Fingerprint], texts: &Texts, params: &Params, body: Bodies) -> (Linked, Stock) {
    let sketches: Vec<_> = texts.kept.iter().map(|&block| &prints[block].sketch).collect();
    let order = by_digest(prints, texts);
    let (candidates, stock) = candidates::candidates(&sketches, &order);
    let prepared = |text: usize| Prepared::new(&body(texts.kept[text]), &stock);
    let compare = |a, b| Overlap::of(&prepared(a), &prepared(b));
    (clusters::clusters(candidates, &order, params.threshold, &compare), stock)
}

/// Every text's place when texts are sorted by their digests: an order that no page order changes.
fn by_digest(prints: &[Fingerprint], texts: &Texts) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..texts.kept.len()).collect();
    sorted.sort_unstable_by_key(|&text| prints[texts.kept[text]].digest);
    let mut place = vec![0; sorted.len()];
    sorted.iter().enumerate().for_each(|(at, &text)| place[text] = at);
    place
}

/// Makes an article of texts that are one: chooses the kept block and says how each other one matches.
fn cluster(texts: &Texts, members: &[usize], rank: &[u32], stock: &Stock, body: Bodies) -> Cluster {
    let kept = members.iter().map(|&text| texts.kept[text]).min_by_key(|&block| rank[block]).unwrap_or_default();
    let kept_body = (members.len() > 1).then(|| Prepared::new(&body(kept), stock));
    let mut blocks: Vec<Member> = Vec::new();
    for &text in members {
        let own = texts.kept[text] == kept;
        let similarity = match &kept_body {
            Some(kept) if !own => Overlap::of(kept, &Prepared::new(&body(texts.kept[text]), stock)).similarity(),
            _ => 1.0,
        };
        blocks.extend(texts.blocks[text].iter().map(|&block| Member {
            block,
            matched: if block == kept {
                Match::Kept
            } else if own {
                Match::Exact
            } else {
                Match::Near
            },
            similarity,
        }));
    }
    blocks.sort_unstable_by_key(|member| member.block);
    Cluster { kept, members: blocks }
}
