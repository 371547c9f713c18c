//! Two blocks and a grouping → what the run made of the two, and by which rule.

use crate::corpus::Corpus;
use crate::fingerprint::symbols::symbols;
use crate::group::Params;
use crate::group::align::Prepared;
use crate::group::clusters::{PIECES, WITNESSES};
use crate::group::similarity::{LEAST_SHARE, Overlap, Relation, SHORTER_SHARE};
use crate::group::stock::Stock;
use crate::model::Grouping;
use std::ops::Range;

/// Other copies that are named when they hold two texts together.
const BETWEEN: usize = 3;
/// Copies of an article that are looked at for that.
const LOOKED_AT: usize = 64;

/// What two blocks have in common.
#[derive(Debug, Clone, Copy)]
pub struct Scores {
    /// Whether their digests are equal.
    pub equal: bool,
    /// What decides otherwise.
    pub overlap: Overlap,
}

/// What the run made of two blocks.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Both names mean one block.
    OneBlock,
    /// Their digests are equal.
    Exact,
    /// They are versions of one text, and similar enough.
    Near,
    /// Average linkage joined them: each is similar to other copies of the article. These link the
    /// two best.
    Linked(Vec<Link>),
    /// The run takes one for an excerpt of the other; the share of it that stands there.
    Excerpt {
        /// Whether the first is the excerpt.
        first: bool,
        /// Share of the excerpt that stands in the longer article.
        share: f64,
        /// What keeps the two from being one article.
        rule: Rule,
    },
    /// They are different articles.
    Different(Rule),
}

/// Another copy of the article that is similar to both.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its page.
    pub page: Vec<u8>,
    /// Which of the page's articles it is, counted from 1.
    pub number: usize,
    /// Its similarity to the first block.
    pub to_a: f64,
    /// Its similarity to the second one.
    pub to_b: f64,
}

/// What keeps two blocks apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// Only equal digests count.
    NearOff,
    /// Too little of the shorter stands in the longer: at most they share a passage.
    Containment,
    /// Too little of both is common for anything but a piece.
    Resemblance,
    /// The similarity is below the threshold.
    Threshold,
    /// The one is but a piece of the other, or both hold the same piece; versions of a text look different.
    Piece,
    /// The two are similar, but their articles are not on average, which is this.
    Average(f64),
    /// The two are similar, but were not taken for worth a comparison by their sketches.
    Candidates,
}

impl Verdict {
    /// Whether the two are one article.
    pub fn is_same(&self) -> bool {
        !matches!(self, Verdict::Excerpt { .. } | Verdict::Different(_))
    }
}

/// Two blocks within a run.
pub struct Pair<'p> {
    /// The pages.
    pub corpus: &'p Corpus<'p>,
    /// What the run made of them.
    pub grouping: &'p Grouping,
    /// The stock phrases of the corpus.
    pub stock: &'p Stock,
    /// What decides.
    pub params: &'p Params,
    /// The two blocks.
    pub blocks: (usize, usize),
}

impl Pair<'_> {
    /// Scores and verdict.
    pub fn judge(&self) -> (Scores, Verdict) {
        let (a, b) = self.blocks;
        let prints = &self.corpus.prints;
        let scores = Scores { equal: prints[a].digest == prints[b].digest, overlap: self.overlap(a, b) };
        (scores, self.verdict(&scores))
    }

    fn verdict(&self, scores: &Scores) -> Verdict {
        let (a, b) = self.blocks;
        let (of_a, of_b) = (self.cluster_of(a), self.cluster_of(b));
        let overlap = &scores.overlap;
        let similar = overlap.relation() == Relation::Version && overlap.similarity() >= self.params.threshold;
        match () {
            () if a == b => Verdict::OneBlock,
            () if scores.equal => Verdict::Exact,
            () if of_a == of_b && similar => Verdict::Near,
            () if of_a == of_b => Verdict::Linked(self.links()),
            () => {
                let rule = self.rule(scores, of_a, of_b);
                let excerpt = self.excerpt(of_a, of_b);
                excerpt.map_or(Verdict::Different(rule), |(first, share)| Verdict::Excerpt { first, share, rule })
            }
        }
    }

    /// Whether one of two articles is an excerpt of the other: if it is the first, and its share there.
    fn excerpt(&self, of_a: usize, of_b: usize) -> Option<(bool, f64)> {
        self.grouping.excerpts.iter().find_map(|excerpt| match (excerpt.cluster, excerpt.within) {
            pair if pair == (of_a, of_b) => Some((true, excerpt.share)),
            pair if pair == (of_b, of_a) => Some((false, excerpt.share)),
            _ => None,
        })
    }

    fn rule(&self, scores: &Scores, of_a: usize, of_b: usize) -> Rule {
        let overlap = &scores.overlap;
        if !self.params.near {
            return Rule::NearOff;
        }
        match () {
            () if overlap.containment < SHORTER_SHARE => Rule::Containment,
            () if overlap.resemblance < LEAST_SHARE => Rule::Resemblance,
            () if overlap.similarity() < self.params.threshold => Rule::Threshold,
            () => self.rule_of_articles(of_a, of_b),
        }
    }

    /// What keeps the articles of two similar blocks apart.
    fn rule_of_articles(&self, of_a: usize, of_b: usize) -> Rule {
        let overlaps = self.overlaps(of_a, of_b);
        let average = overlaps.iter().map(Overlap::similarity).sum::<f64>() / overlaps.len() as f64;
        let of = |relation| overlaps.iter().filter(|overlap| overlap.relation() == relation).count();
        match () {
            () if average < self.params.threshold => Rule::Average(average),
            () if of(Relation::Version) == 0 && of(Relation::Piece) < PIECES => Rule::Piece,
            () => Rule::Candidates,
        }
    }

    /// The article of a block: index into [`Grouping::clusters`].
    pub fn cluster_of(&self, block: usize) -> usize {
        let holds = |members: &[crate::model::Member]| members.iter().any(|member| member.block == block);
        self.grouping.clusters.iter().position(|cluster| holds(&cluster.members)).unwrap_or_default()
    }

    /// What decides about two blocks.
    fn overlap(&self, a: usize, b: usize) -> Overlap {
        let prepared = |block| Prepared::new(self.corpus.body(block), self.stock);
        Overlap::of(&prepared(a), &prepared(b))
    }

    /// One block for each different text of an article, in the order of their digests.
    fn texts(&self, cluster: usize) -> Vec<usize> {
        let prints = &self.corpus.prints;
        let mut blocks: Vec<usize> =
            self.grouping.clusters[cluster].members.iter().map(|member| member.block).collect();
        blocks.sort_by_key(|&block| (prints[block].digest, block));
        blocks.dedup_by_key(|block| prints[*block].digest);
        blocks
    }

    /// What decides about two articles: the overlaps of the texts that speak for each.
    fn overlaps(&self, of_a: usize, of_b: usize) -> Vec<Overlap> {
        let (texts_a, texts_b) = (self.texts(of_a), self.texts(of_b));
        let texts_b = &texts_b[..texts_b.len().min(WITNESSES)];
        let pairs = texts_a.iter().take(WITNESSES).flat_map(|&x| texts_b.iter().map(move |&y| (x, y)));
        pairs.map(|(x, y)| self.overlap(x, y)).collect()
    }

    /// The other copies that link the two best.
    fn links(&self) -> Vec<Link> {
        let (a, b) = self.blocks;
        let digest = |block: usize| self.corpus.prints[block].digest;
        let others = self.texts(self.cluster_of(a)).into_iter();
        let others = others.filter(|&other| digest(other) != digest(a) && digest(other) != digest(b)).take(LOOKED_AT);
        let mut links: Vec<Link> = others.map(|other| self.link(other)).collect();
        links.sort_by(|x, y| y.to_a.min(y.to_b).total_cmp(&x.to_a.min(x.to_b)));
        links.truncate(BETWEEN);
        links
    }

    fn link(&self, other: usize) -> Link {
        Link {
            page: self.corpus.page_name(self.corpus.page_of(other)).to_vec(),
            number: self.corpus.index_in_page(other) + 1,
            to_a: self.overlap(self.blocks.0, other).similarity(),
            to_b: self.overlap(self.blocks.1, other).similarity(),
        }
    }

    /// The passages of a block's normalised body that count as stock, the longest first.
    pub fn stock_in(&self, block: usize) -> Vec<String> {
        let body = self.corpus.body(block);
        let Some(weights) = self.stock.weights(&symbols(&body)) else { return Vec::new() };
        let characters: Vec<char> = body.chars().collect();
        let phrase = |range: Range<usize>| characters[range].iter().collect::<String>().trim().to_owned();
        let mut phrases: Vec<String> = weights.runs(true, characters.len()).map(phrase).collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.chars().count()));
        phrases
    }
}
