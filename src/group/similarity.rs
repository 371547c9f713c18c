//! How much two texts are the same text. All shares are shares of weight: a stock phrase counts less than
//! other text ([`super::stock`]).

use super::align::{Piece, Prepared};
use super::long;
use std::ops::Range;

/// What share of the shorter text must stand in the longer one for the two to be one article. Below it
/// they share a passage, however long.
pub const SHORTER_SHARE: f64 = 0.38;
/// What share of both texts together they must have in common to be versions of one text whatever else
/// is known of them. Two texts with a long passage in common stay below it.
pub const CLEAR_SHARE: f64 = 0.36;
/// Below this share the shorter text can only be a piece of the longer one.
pub const LEAST_SHARE: f64 = 0.12;
/// Differences inside the common text, by its size, from which it was copied with slips: a text set or
/// scanned twice. A passage that one article takes from another is taken to the letter.
pub const SLIPS: f64 = 0.02;
/// How far from the beginning or the end of the longer text, by its size, a cut copy may begin or end.
pub const MARGIN: f64 = 0.02;
/// How much text of their own, by the size of the common text, two versions may have at the same places.
pub const DIVERGENCE: f64 = 0.3;

/// What two texts have in common, measured on the full texts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Overlap {
    /// Share of the shorter text that stands in the longer one, 0 to 1.
    pub containment: f64,
    /// Common text by all the text of both, each common passage counted once, 0 to 1 (Jaccard).
    pub resemblance: f64,
    /// Text between common passages that differs, by the common text; 0 or more.
    pub slips: f64,
    /// Text that both have of their own before, between and after common passages, by the common text; 0
    /// or more. Where one only lacks what the other has, it does not grow.
    pub divergence: f64,
    /// How far the common text stays from the nearer end of the longer text, as a share of it, 0 to 1.
    pub margin: f64,
}

/// What an overlap says of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Different texts, perhaps with a passage in common.
    Different,
    /// One is a piece of the other, or both hold the same piece: a cut copy, or a passage taken over.
    Piece,
    /// Versions of one text.
    Version,
}

impl Overlap {
    /// Compares two texts. Their order does not matter.
    pub fn of(a: &Prepared, b: &Prepared) -> Overlap {
        let (a, b) = if a.precedes(b) { (a, b) } else { (b, a) };
        Overlap::by(a, b, long::pieces(a, b))
    }

    /// The same for texts of which these pieces stand in both; the first one [precedes](Prepared::precedes).
    pub fn by(a: &Prepared, b: &Prepared, mut pieces: Vec<Piece>) -> Overlap {
        if pieces.is_empty() {
            return Overlap::default();
        }
        let in_a = covered(a, pieces.iter().map(|piece| piece.a.clone()));
        let in_b = covered(b, pieces.iter().map(|piece| piece.b.clone()));
        let (all_a, all_b) = (a.weight(0..a.len()), b.weight(0..b.len()));
        let common = (in_a + in_b) / 2.0;
        let (in_shorter, shorter) = if all_a < all_b { (in_a, all_a) } else { (in_b, all_b) };
        let (before_a, after_a) = ends(a, pieces.iter().map(|piece| &piece.a));
        let (before_b, after_b) = ends(b, pieces.iter().map(|piece| &piece.b));
        let slips = slips(a, b, &mut pieces);
        let (before, after, all) = if all_a > all_b { (before_a, after_a, all_a) } else { (before_b, after_b, all_b) };
        Overlap {
            containment: (in_shorter / shorter).min(1.0),
            resemblance: (common / (all_a + all_b - common)).min(1.0),
            slips: slips / common,
            divergence: (before_a.min(before_b) + slips + after_a.min(after_b)) / common,
            margin: before.min(after) / all,
        }
    }

    /// The same, without an alignment where all shingles of the two texts show that it would come to nothing.
    pub fn if_any(a: &Prepared, b: &Prepared) -> Overlap {
        let (shorter, longer) = if a.precedes(b) { (a, b) } else { (b, a) };
        if long::is_long(longer) || shorter.may_share(longer) {
            Overlap::of(shorter, longer)
        } else {
            Overlap::default()
        }
    }

    /// The similarity, 0 to 1: the geometric mean of containment and resemblance, so that a copy without
    /// its tail stays similar and a short piece of a long text does not.
    pub fn similarity(&self) -> f64 {
        (self.containment * self.resemblance).sqrt()
    }

    /// What this says of the two texts.
    pub fn relation(&self) -> Relation {
        if self.containment < SHORTER_SHARE || self.resemblance < LEAST_SHARE {
            Relation::Different
        } else if self.resemblance >= CLEAR_SHARE || self.slips >= SLIPS || self.is_cut() {
            Relation::Version
        } else {
            Relation::Piece
        }
    }

    /// Whether the one looks like the other with an end cut off.
    fn is_cut(&self) -> bool {
        self.margin <= MARGIN && self.divergence <= DIVERGENCE
    }
}

/// What stands in a text before the first and after the last of some ranges.
fn ends<'r>(text: &Prepared, ranges: impl Iterator<Item = &'r Range<usize>> + Clone) -> (f64, f64) {
    let first = ranges.clone().map(|range| range.start).min().unwrap_or(0);
    let last = ranges.map(|range| range.end).max().unwrap_or(0);
    (text.weight(0..first), text.weight(last..text.len()))
}

/// What differs between pieces that follow each other in both texts.
fn slips(a: &Prepared, b: &Prepared, pieces: &mut [Piece]) -> f64 {
    pieces.sort_unstable_by_key(|piece| (piece.b.start, piece.b.end));
    let gap = |text: &Prepared, from: usize, to: usize| if to > from { text.weight(from..to) } else { 0.0 };
    pieces.windows(2).map(|two| gap(a, two[0].a.end, two[1].a.start).min(gap(b, two[0].b.end, two[1].b.start))).sum()
}

/// What ranges of a text, which may overlap, weigh together.
pub fn covered(text: &Prepared, ranges: impl Iterator<Item = Range<usize>>) -> f64 {
    let mut ranges: Vec<Range<usize>> = ranges.collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut end = 0;
    let mut total = 0.0;
    for range in ranges {
        let start = range.start.max(end);
        if range.end > start {
            total += text.weight(start..range.end);
            end = range.end;
        }
    }
    total
}
