//! How much two texts are the same text. All shares are shares of weight: a stock phrase counts less than
//! other text ([`super::stock`]).

use super::align::{Prepared, align};
use std::ops::Range;

/// What share of the shorter text must stand in the longer one for the two to be one article. Below it
/// they share a passage, however long.
pub const SHORTER_SHARE: f64 = 0.45;
/// What share of both texts together they must have in common. Below it the shorter is a piece of the
/// longer: an excerpt.
pub const COMMON_SHARE: f64 = 0.12;

/// What two texts have in common, measured on the full texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Share of the shorter text that stands in the longer one, 0 to 1.
    pub containment: f64,
    /// Common text by all the text of both, each common passage counted once, 0 to 1 (Jaccard).
    pub resemblance: f64,
}

impl Overlap {
    /// Compares two texts.
    pub fn of(a: &Prepared, b: &Prepared) -> Overlap {
        let pieces = align(a, b);
        let in_a = covered(a, pieces.iter().map(|piece| piece.a.clone()));
        let in_b = covered(b, pieces.iter().map(|piece| piece.b.clone()));
        let (a, b) = (a.weight(0..a.len()), b.weight(0..b.len()));
        let common = (in_a + in_b) / 2.0;
        let (in_shorter, shorter) = if a < b { (in_a, a) } else { (in_b, b) };
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 };
        Overlap { containment: share(in_shorter, shorter), resemblance: share(common, a + b - common) }
    }

    /// The similarity, 0 to 1: the geometric mean of containment and resemblance, so that a copy without
    /// its tail stays similar and a short piece of a long text does not.
    pub fn similarity(&self) -> f64 {
        (self.containment * self.resemblance).sqrt()
    }

    /// Whether the two are versions of one text, rather than two texts with a passage in common or a
    /// text and a piece of it.
    pub fn is_version(&self) -> bool {
        self.containment >= SHORTER_SHARE && self.resemblance >= COMMON_SHARE
    }
}

/// What ranges of a text, which may overlap, weigh together.
fn covered(text: &Prepared, ranges: impl Iterator<Item = Range<usize>>) -> f64 {
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
