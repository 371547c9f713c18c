//! Fingerprints → articles: which blocks are the same text.
//!
//! Blocks with equal digests are one text. Texts that share sampled shingles are [`candidates`], which
//! are compared in full ([`align`], [`similarity`]) and joined by average linkage ([`clusters`]). Pairs
//! that stay apart though the one holds the other are [`excerpts`].
//! Nothing depends on the order in which blocks come, except which of two copies is kept.

pub mod align;
pub mod candidates;
pub mod clusters;
mod excerpts;
mod gist;
pub mod keep;
mod long;
pub mod quotes;
pub mod similarity;
pub mod stock;

use crate::fingerprint::prints::{Prints, Sampled};
use crate::model::{Cluster, Grouping, Match, Member};
use crate::roomy::filled;
use align::Prepared;
use candidates::Candidate;
use clusters::{Compared, Linked};
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
    pub const THRESHOLD: f64 = 0.2;
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
/// `sampled` is what is sampled of the shingles of every text. `rank` orders the blocks by which of two copies
/// is kept: the lower one. `body` gives the normalised body of a block, for the comparisons that decide.
pub fn group(prints: &Prints, sampled: Sampled, rank: &[u32], params: &Params, body: Bodies) -> Grouping {
    let texts = Texts::new(prints, rank);
    if !params.near {
        return put_together(prints, &texts, Linked::of_single(texts.kept.len()), &Stock::default(), rank, body);
    }
    let order = by_digest(prints);
    let stock = stock(&sampled, params);
    let Sampled { sketches, landmarks } = sampled;
    drop(landmarks);
    let prepared = |text| texts.prepared(text, &stock, body);
    let counts = |a, b| counts(&prepared(a), &prepared(b), params.threshold);
    let candidates = candidates::candidates(sketches, &order, &counts);
    let linked = link(prints, candidates, &order, &stock, &texts, params, body);
    put_together(prints, &texts, linked, &stock, rank, body)
}

/// As [`group`], once it is known which pairs of texts are worth comparing and which phrases are stock. Texts that
/// no chain of candidates connects have no influence on each other: they may as well be grouped apart.
pub fn group_found(
    prints: &Prints,
    candidates: Vec<Candidate>,
    stock: &Stock,
    rank: &[u32],
    params: &Params,
    body: Bodies,
) -> Grouping {
    let texts = Texts::new(prints, rank);
    let linked = link(prints, candidates, &by_digest(prints), stock, &texts, params, body);
    put_together(prints, &texts, linked, stock, rank, body)
}

/// Makes articles of texts that were linked.
fn put_together(
    prints: &Prints,
    texts: &Texts,
    mut linked: Linked,
    stock: &Stock,
    rank: &[u32],
    body: Bodies,
) -> Grouping {
    let together = std::mem::take(&mut linked.clusters);
    let mut clusters: Vec<Cluster> = together
        .into_par_iter()
        .map(|members| {
            cluster(texts, &members, rank, &|a, b| {
                linked.similarity(a, b).unwrap_or_else(|| compare(texts, stock, body, a, b).similarity())
            })
        })
        .collect();
    clusters.sort_unstable_by_key(|cluster| cluster.members[0].block);
    let pairs = texts.pairs_of_clusters(&linked.contained, &clusters);
    let excerpts = excerpts::excerpts(pairs, &clusters, |block| prints[block].words, stock, body);
    Grouping { clusters, excerpts, quotes: None }
}

/// Whether two texts are a pair that must be found: versions of one text, or one in the other.
pub fn counts(a: &Prepared, b: &Prepared, threshold: f64) -> bool {
    Compared::from(Overlap::if_any(a, b)).counts(threshold)
}

/// The stock phrases that [`group`] finds in the same texts.
pub fn stock(sampled: &Sampled, params: &Params) -> Stock {
    if !params.near {
        return Stock::default();
    }
    let sketched = sampled.sketches.iter().filter(|list| !list.is_empty()).count();
    stock_of(sampled.landmarks.iter(), sketched)
}

/// The stock phrases among the landmarks of a sample of so many texts that have a sketch.
pub fn stock_of<'l>(landmarks: impl Iterator<Item = &'l [u32]>, sketched: usize) -> Stock {
    let marked: Vec<&[u32]> = landmarks.filter(|list| !list.is_empty()).collect();
    let share = marked.len() as f64 / sketched.max(1) as f64;
    Stock::of(marked.into_par_iter(), share)
}

/// The different texts among the blocks.
struct Texts {
    /// The blocks of all texts, text by text, in page order.
    blocks: Vec<u32>,
    /// For every text, where its blocks begin; one more for the end.
    first: Vec<u32>,
    /// For every text, the block that would be kept.
    kept: Vec<u32>,
}

impl Texts {
    fn new(prints: &Prints, rank: &[u32]) -> Texts {
        let count = prints.texts().len();
        let (blocks, first) = sorted_by(prints.text_of().iter().copied(), count);
        let mut texts = Texts { blocks, first, kept: Vec::with_capacity(count) };
        for text in 0..count {
            let kept = texts.blocks_of(text).min_by_key(|&block| rank[block]).unwrap_or_default();
            texts.kept.push(kept as u32);
        }
        texts
    }

    /// The blocks of a text, in page order.
    fn blocks_of(&self, text: usize) -> impl Iterator<Item = usize> + '_ {
        let blocks = self.first[text] as usize..self.first[text + 1] as usize;
        self.blocks[blocks].iter().map(|&block| block as usize)
    }

    /// The block of a text that would be kept.
    fn kept(&self, text: u32) -> usize {
        self.kept[text as usize] as usize
    }

    /// A text, ready to be compared.
    fn prepared(&self, text: u32, stock: &Stock, body: Bodies) -> Prepared {
        Prepared::new(body(self.kept(text)), stock)
    }

    /// The clusters that pairs of texts are in.
    fn pairs_of_clusters(&self, pairs: &[(u32, u32)], clusters: &[Cluster]) -> Vec<(usize, usize)> {
        if pairs.is_empty() {
            return Vec::new();
        }
        let mut cluster_of = vec![0; self.blocks.len()];
        for (index, cluster) in clusters.iter().enumerate() {
            cluster.members.iter().for_each(|member| cluster_of[member.block] = index);
        }
        pairs.iter().map(|&(a, b)| (cluster_of[self.kept(a)], cluster_of[self.kept(b)])).collect()
    }
}

/// Places in ascending order, sorted by what stands at each, and where those of each of `count` values begin; one
/// more for the end.
fn sorted_by(values: impl Iterator<Item = u32> + Clone, count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut first = filled(0, count + 1);
    let mut places = 0;
    values.clone().for_each(|value| {
        first[value as usize + 1] += 1;
        places += 1;
    });
    (0..count).for_each(|value| first[value + 1] += first[value]);
    let mut next = first.clone();
    let mut sorted = filled(0, places);
    for (place, value) in values.enumerate() {
        let next = &mut next[value as usize];
        sorted[*next as usize] = place as u32;
        *next += 1;
    }
    (sorted, first)
}

/// Finds the texts that are near copies of each other.
fn link(
    prints: &Prints,
    candidates: Vec<Candidate>,
    order: &[u32],
    stock: &Stock,
    texts: &Texts,
    params: &Params,
    body: Bodies,
) -> Linked {
    let ahead = compare_ahead(&candidates, prints, texts, stock, body);
    let compare = |a: u32, b: u32| {
        let known = ahead.get(&(a.min(b), a.max(b))).copied();
        known.unwrap_or_else(|| compare(texts, stock, body, a, b))
    };
    clusters::clusters(candidates, order, params.threshold, &compare)
}

/// Every text's place when texts are sorted by their digests: an order that no page order changes.
fn by_digest(prints: &Prints) -> Vec<u32> {
    let mut sorted: Vec<u32> = (0..prints.texts().len() as u32).collect();
    sorted.par_sort_unstable_by_key(|&text| prints.texts()[text as usize].digest);
    let mut place = vec![0; sorted.len()];
    sorted.iter().enumerate().for_each(|(at, &text)| place[text as usize] = at as u32);
    place
}

/// Compares the pairs of which one text is many times longer: each such text is prepared once.
fn compare_ahead(
    candidates: &[Candidate],
    prints: &Prints,
    texts: &Texts,
    stock: &Stock,
    body: Bodies,
) -> FxHashMap<(u32, u32), Overlap> {
    let words = |text: usize| prints.texts()[text].words;
    let apart = candidates.iter().filter_map(|pair| long::apart((pair.a as usize, pair.b as usize), words)).collect();
    let overlaps = long::see_all(
        apart,
        |text| texts.prepared(text as u32, stock, body),
        |(a, b), shorter, longer| ((a.min(b) as u32, a.max(b) as u32), longer.overlap(shorter)),
    );
    overlaps.into_iter().collect()
}

/// Compares two texts in full.
fn compare(texts: &Texts, stock: &Stock, body: Bodies, a: u32, b: u32) -> Overlap {
    let prepared = |text: u32| texts.prepared(text, stock, body);
    Overlap::if_any(&prepared(a), &prepared(b))
}

/// Makes an article of texts that are one: chooses the kept block and says how each other one matches.
fn cluster(texts: &Texts, members: &[u32], rank: &[u32], similarity: &dyn Fn(u32, u32) -> f64) -> Cluster {
    let block_of = |text: u32| texts.kept(text);
    let chosen = members.iter().copied().min_by_key(|&text| rank[block_of(text)]).unwrap_or_default();
    let kept = block_of(chosen);
    let mut blocks: Vec<Member> = Vec::new();
    for &text in members {
        let own = text == chosen;
        let similarity = if own { 1.0 } else { similarity(chosen, text) };
        blocks.extend(texts.blocks_of(text as usize).map(|block| Member {
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
