//! How much two texts are the same text. All shares are shares of weight: a stock phrase counts less than
//! other text ([`super::stock`]).

use super::align::{GAP, Piece, Prepared};
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
/// From this share of the shorter text on a misprint shows that it was set or scanned twice, however little
/// of the longer text that is. In labelled wire copy .5 to .6 does best.
pub const MOST_SHARE: f64 = 0.55;
/// Slips without a misprint are those of a text set twice from this many pieces on: a single one may be an
/// insertion.
pub const PIECES_WITH_SLIPS: usize = 3;
/// With more text of their own, by the size of the common text, slips without a misprint show nothing.
pub const DIVERGENCE_WITH_SLIPS: f64 = 1.2;
/// From this share of other text between what is common, and of common text in another order, two texts
/// without a misprint are filled in from one mould, like the notices of an office. Of moulded texts about one
/// trade it tells five in six; of damaged copies of news it takes one in eight for such.
pub const MOULD: f64 = 0.1;
/// So many times [`MOULD`] more outweigh a misprint: by chance moulded texts have one now and then.
const MOULDS_TO_A_MISPRINT: f64 = 2.0;
/// How far from the beginning or the end of the longer text, by its size, a cut copy may begin or end.
pub const MARGIN: f64 = 0.02;
/// How much text of their own, by the size of the common text, two versions may have at the same places.
pub const DIVERGENCE: f64 = 0.3;
/// How far pieces may overlap and still stand in order, in symbols.
const OVERLAP: usize = 8;

/// What two texts have in common, measured on the full texts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Overlap {
    /// Share of the shorter text that stands in the longer one, 0 to 1.
    pub containment: f64,
    /// Common text by all the text of both, each common passage counted once, 0 to 1 (Jaccard).
    pub resemblance: f64,
    /// The resemblance, or what it is with stock phrases counted in full if that is less, 0 to 1: without them
    /// a passage taken over may be most of what is left of a text.
    pub agreement: f64,
    /// Text between common passages that differs, by the common text; 0 or more.
    pub slips: f64,
    /// Words that differ by a letter or two inside.
    pub misprints: usize,
    /// How many pieces the common text falls into.
    pub pieces: usize,
    /// Longer texts that differ between common passages, and common passages in another order, by the common
    /// text; 0 or more.
    pub rewritten: f64,
    /// Text that both have of their own before, between and after common passages, by the common text; 0
    /// or more. Where one only lacks what the other has, it does not grow. Of the two ways to count stock
    /// phrases that which shows more.
    pub divergence: f64,
    /// How far the common text stays from an end of the longer text, as a share of it, 0 to 1: the nearer one
    /// of those where the shorter has little of its own, 1 if there is none. Else like the divergence.
    pub margin: f64,
}

/// What an overlap says of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Different texts, perhaps with a passage in common or filled in from one mould.
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
        pieces.sort_unstable_by_key(|piece| (piece.b.start, piece.b.end));
        let weighed = Overlap::weighed(a, b, &pieces, &Prepared::weight);
        let plain = match a.is_plain() && b.is_plain() {
            true => weighed,
            false => Overlap::weighed(a, b, &pieces, &|_, range| range.len() as f64),
        };
        Overlap {
            agreement: weighed.resemblance.min(plain.resemblance),
            misprints: pieces.iter().filter(|piece| is_misprint(a, b, piece)).count(),
            pieces: pieces.len(),
            rewritten: rewritten(&pieces),
            divergence: weighed.divergence.max(plain.divergence),
            margin: weighed.margin.max(plain.margin),
            ..weighed
        }
    }

    /// What depends on what the parts of a text weigh.
    fn weighed(a: &Prepared, b: &Prepared, pieces: &[Piece], weigh: &Weigh) -> Overlap {
        let in_a = covered(a, pieces.iter().map(|piece| piece.a.clone()), weigh);
        let in_b = covered(b, pieces.iter().map(|piece| piece.b.clone()), weigh);
        let (all_a, all_b) = (weigh(a, 0..a.len()), weigh(b, 0..b.len()));
        let common = (in_a + in_b) / 2.0;
        let (in_shorter, shorter) = if all_a < all_b { (in_a, all_a) } else { (in_b, all_b) };
        let (before_a, after_a) = ends(a, pieces.iter().map(|piece| &piece.a), weigh);
        let (before_b, after_b) = ends(b, pieces.iter().map(|piece| &piece.b), weigh);
        let slips = slips(a, b, pieces, weigh);
        let (before, after) = ((before_a, before_b), (after_a, after_b));
        // What stands at an end of the longer text, if the two begin or end there together.
        let margin = |(a, b): (f64, f64)| {
            let (longer, shorter, all) = if all_a > all_b { (a, b, all_a) } else { (b, a, all_b) };
            if shorter <= DIVERGENCE * common { longer / all } else { 1.0 }
        };
        Overlap {
            containment: (in_shorter / shorter).min(1.0),
            resemblance: (common / (all_a + all_b - common)).min(1.0),
            slips: slips / common,
            divergence: (before_a.min(before_b) + slips + after_a.min(after_b)) / common,
            margin: margin(before).min(margin(after)),
            ..Overlap::default()
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
        match () {
            () if self.containment < SHORTER_SHARE || self.resemblance < LEAST_SHARE => Relation::Different,
            () if self.agreement >= CLEAR_SHARE || self.is_cut() || self.is_misprinted() => Relation::Version,
            () if self.slips < SLIPS => Relation::Piece,
            () if self.is_moulded() => Relation::Different,
            () if self.misprints > 0 || self.has_slips_throughout() => Relation::Version,
            () => Relation::Piece,
        }
    }

    /// Whether the one looks like the other with an end cut off.
    fn is_cut(&self) -> bool {
        let moulded = self.is_moulded() && self.containment < MOST_SHARE;
        self.margin <= MARGIN && self.divergence <= DIVERGENCE && !moulded
    }

    /// Whether most of the one stands in the other, with misprints.
    fn is_misprinted(&self) -> bool {
        self.misprints > 0 && self.containment >= MOST_SHARE
    }

    /// Whether the two look like texts that were filled in from one mould, if they are no versions.
    fn is_moulded(&self) -> bool {
        self.rewritten >= MOULD * (1.0 + MOULDS_TO_A_MISPRINT * self.misprints as f64)
    }

    /// Whether the slips look like those of a text set twice, even without a misprint.
    fn has_slips_throughout(&self) -> bool {
        self.pieces >= PIECES_WITH_SLIPS && self.divergence <= DIVERGENCE_WITH_SLIPS
    }
}

/// Whether a slip joins a piece to the one before within a word; another number is another word.
fn is_misprint(a: &Prepared, b: &Prepared, piece: &Piece) -> bool {
    let (of_a, of_b) = (piece.a.start..piece.a.start + piece.slip.0, piece.b.start..piece.b.start + piece.slip.1);
    if of_a.start == 0 || (of_a.is_empty() && of_b.is_empty()) {
        return false;
    }
    let (a, b) = (a.symbols(), b.symbols());
    let slip = || a[of_a.clone()].iter().chain(&b[of_b.clone()]);
    let word = |symbol: &u8| *symbol != b' ';
    let inside = [a[of_a.start - 1], a[of_a.end]].iter().all(word);
    inside && slip().all(word) && !slip().all(u8::is_ascii_digit)
}

/// What of two texts is no slip of the pen, by what is common.
fn rewritten(pieces: &[Piece]) -> f64 {
    let common: usize = pieces.iter().map(|piece| piece.a.len() + piece.b.len()).sum();
    let between = |two: &[Piece]| {
        if two[1].a.start + OVERLAP < two[0].a.end {
            return two[1].b.len();
        }
        let gap_a = two[1].a.start.saturating_sub(two[0].a.end);
        let gap_b = two[1].b.start.saturating_sub(two[0].b.end);
        if gap_a.max(gap_b) > GAP { gap_a.min(gap_b) } else { 0 }
    };
    2.0 * pieces.windows(2).map(between).sum::<usize>() as f64 / common as f64
}

/// Says what a range of a text weighs.
type Weigh<'w> = dyn Fn(&Prepared, Range<usize>) -> f64 + 'w;

/// What stands in a text before the first and after the last of some ranges.
fn ends<'r>(text: &Prepared, ranges: impl Iterator<Item = &'r Range<usize>> + Clone, weigh: &Weigh) -> (f64, f64) {
    let first = ranges.clone().map(|range| range.start).min().unwrap_or(0);
    let last = ranges.map(|range| range.end).max().unwrap_or(0);
    (weigh(text, 0..first), weigh(text, last..text.len()))
}

/// What differs between pieces that follow each other in both texts.
fn slips(a: &Prepared, b: &Prepared, pieces: &[Piece], weigh: &Weigh) -> f64 {
    let gap = |text: &Prepared, from: usize, to: usize| if to > from { weigh(text, from..to) } else { 0.0 };
    pieces.windows(2).map(|two| gap(a, two[0].a.end, two[1].a.start).min(gap(b, two[0].b.end, two[1].b.start))).sum()
}

/// What ranges of a text, which may overlap, weigh together.
pub fn covered(text: &Prepared, ranges: impl Iterator<Item = Range<usize>>, weigh: &Weigh) -> f64 {
    let mut ranges: Vec<Range<usize>> = ranges.collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut end = 0;
    let mut total = 0.0;
    for range in ranges {
        let start = range.start.max(end);
        if range.end > start {
            total += weigh(text, start..range.end);
            end = range.end;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_not_most_of_two_texts_because_the_rest_is_stock() {
        let mut overlap =
            Overlap { containment: 0.9, resemblance: 0.4, agreement: 0.3, margin: 0.2, ..Overlap::default() };
        assert_eq!(overlap.relation(), Relation::Piece);
        overlap.agreement = 0.38;
        assert_eq!(overlap.relation(), Relation::Version);
    }

    #[test]
    fn a_single_insertion_is_no_second_setting() {
        let mut overlap =
            Overlap { containment: 0.5, resemblance: 0.2, slips: 0.03, pieces: 2, margin: 0.2, ..Overlap::default() };
        assert_eq!(overlap.relation(), Relation::Piece);
        overlap.pieces = 5;
        assert_eq!(overlap.relation(), Relation::Version);
    }
}
