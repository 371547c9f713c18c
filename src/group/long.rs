//! Long texts: what others have in common with them is found without an alignment of the whole.
//!
//! An alignment takes memory for every symbol of both texts, and reads all of the longer one for a few
//! sentences of the shorter. Of a text of [`LONG`] symbols or more the places of all landmarks are noted
//! instead. The other text is looked up piece by piece: where many landmarks of a piece lie at the same
//! distance from each other in the long text, there the piece is aligned, and nowhere else. What a text
//! of many articles is compared with thus costs what it costs itself, however long the other one is.

use super::align::{Ends, Piece, Prepared, align};
use super::gist::SHARE;
use super::similarity::Overlap;
use crate::fingerprint::sketch::each_landmark;
use rayon::prelude::*;
use std::ops::Range;

/// From so many symbols on a text is long: several times the longest articles of a newspaper.
const LONG: usize = 1 << 16;
/// From so many words on it is worth its while to prepare a text once for all those that are compared with
/// it, if they are shorter [`TIMES`].
const WORDS: u32 = 1 << 13;
/// How many times shorter.
const TIMES: u32 = 8;

/// Symbols of the pieces that are looked up.
const PIECE: usize = 1 << 12;
/// By how many symbols a piece reaches into the next, so that chains across the border are found.
const REACH: usize = 1 << 8;
/// Places of one landmark that are looked at.
const REPEATS: usize = 8;
/// Places in the long text to which one piece is aligned, at most.
const PLACES: usize = 2;
/// What part of a piece's length the distances of its landmarks may vary by within one place.
const DRIFT: usize = 2;
/// Symbols between two places up to which words are counted beforehand.
const COUNTED: usize = 1 << 16;

/// A text that others are compared with, one after the other.
pub struct Known {
    /// The text.
    pub text: Prepared,
    /// The landmarks, if it is long.
    marks: Option<Marks>,
    /// The spaces up to every [`COUNTED`]th symbol.
    spaces: Vec<usize>,
}

impl Known {
    /// Makes a text ready.
    pub fn new(text: Prepared) -> Known {
        let marks = Marks::of_long(&text);
        let counted = |before: &mut usize, part| Some(std::mem::replace(before, *before + spaces(part)));
        let spaces = text.symbols().chunks(COUNTED).scan(0, counted).collect();
        Known { text, marks, spaces }
    }

    /// The pieces of a text that is not longer which stand in this one.
    pub fn pieces(&self, shorter: &Prepared) -> Vec<Piece> {
        match &self.marks {
            Some(marks) => marks.pieces(shorter.symbols(), self.text.symbols()),
            None => align(shorter.symbols(), self.text.symbols()),
        }
    }

    /// Compares this text with another.
    pub fn overlap(&self, other: &Prepared) -> Overlap {
        match &self.marks {
            Some(_) if other.precedes(&self.text) => Overlap::by(other, &self.text, self.pieces(other)),
            _ => Overlap::if_any(other, &self.text),
        }
    }

    /// The words that a range of symbols touches.
    pub fn words(&self, place: Range<usize>) -> Range<usize> {
        let before = |at: usize| {
            let at = at.min(self.text.len());
            let counted = at / COUNTED;
            let rest = &self.text.symbols()[counted * COUNTED..at];
            self.spaces.get(counted).map_or(0, |before| before + spaces(rest))
        };
        let first = before(place.start + 1);
        first..before(place.end.saturating_sub(1)).max(first) + 1
    }
}

fn spaces(symbols: &[u8]) -> usize {
    memchr::memchr_iter(b' ', symbols).count()
}

/// Two texts; the second one is longer.
pub type Pair = (usize, usize);

/// A pair of texts with so many words, if one of the two is so long, and so many times longer, that it is
/// prepared once for all.
pub fn apart((a, b): Pair, words: impl Fn(usize) -> u32) -> Option<Pair> {
    let (shorter, longer) = if words(a) <= words(b) { (a, b) } else { (b, a) };
    (words(longer) >= WORDS && words(longer) / TIMES >= words(shorter)).then_some((shorter, longer))
}

/// Hands all pairs to `see`, and prepares every longer text only once. They are held one at a time.
pub fn see_all<T: Send>(
    mut pairs: Vec<Pair>,
    prepare: impl Fn(usize) -> Prepared + Sync,
    see: impl Fn(Pair, &Prepared, &Known) -> T + Sync,
) -> Vec<T> {
    pairs.par_sort_unstable_by_key(|&(shorter, longer)| (longer, shorter));
    let mut seen = Vec::with_capacity(pairs.len());
    for same in pairs.chunk_by(|x, y| x.1 == y.1) {
        let longer = Known::new(prepare(same[0].1));
        seen.par_extend(same.par_iter().map(|&pair| see(pair, &prepare(pair.0), &longer)));
    }
    seen
}

/// The pieces of `a` that stand in `b`, which is not shorter, however long they are.
pub fn pieces(a: &Prepared, b: &Prepared) -> Vec<Piece> {
    match Marks::of_long(b) {
        Some(marks) => marks.pieces(a.symbols(), b.symbols()),
        None => align(a.symbols(), b.symbols()),
    }
}

/// Whether the landmarks of a text decide, not an alignment with all of it.
pub fn is_long(text: &Prepared) -> bool {
    text.len() >= LONG
}

/// Where the landmarks of a text stand.
struct Marks {
    /// A key, made of the hash, in the upper half, the place in the lower; in ascending order.
    marks: Vec<u64>,
    /// Where those begin whose keys begin alike.
    first: Vec<u32>,
    /// Bits of a key that are not looked at for that.
    shift: u32,
}

/// A landmark of a piece that stands in the long text too.
#[derive(Clone, Copy)]
struct Hit {
    /// Where the piece begins in the long text if it begins before it so far as in its own; may be negative.
    origin: i64,
    /// Where the landmark stands in the piece.
    at: usize,
}

impl Marks {
    fn of_long(text: &Prepared) -> Option<Marks> {
        is_long(text).then(|| Marks::of(text.symbols()))
    }

    fn of(symbols: &[u8]) -> Marks {
        let mut marks = Vec::with_capacity(symbols.len() / 15);
        // Nobody has more than four billion symbols of one text.
        each_landmark(symbols, |at, hash| marks.extend(u32::try_from(at).map(|at| key(hash) << 32 | u64::from(at))));
        marks.par_sort_unstable();
        let bits = marks.len().max(2).ilog2().min(24);
        let (shift, mut first) = (64 - bits, Vec::with_capacity((1 << bits) + 1));
        for (at, mark) in marks.iter().enumerate() {
            first.resize(first.len().max((mark >> shift) as usize + 1), at as u32);
        }
        first.resize((1 << bits) + 1, marks.len() as u32);
        Marks { marks, first, shift }
    }

    /// The first places of a landmark.
    fn places(&self, hash: u32) -> impl Iterator<Item = usize> + '_ {
        let key = key(hash);
        let slot = (key << 32 >> self.shift) as usize;
        let alike = &self.marks[self.first[slot] as usize..self.first[slot + 1] as usize];
        alike.iter().filter(move |&mark| mark >> 32 == key).take(REPEATS).map(|&mark| mark as u32 as usize)
    }

    /// The pieces of a text that stand in the one these are the landmarks of.
    fn pieces(&self, shorter: &[u8], longer: &[u8]) -> Vec<Piece> {
        let ends = Ends::of(shorter, longer);
        let whole = |a: usize, b: usize, len| (len > 0).then(|| Piece { a: a..a + len, b: b..b + len, slip: (0, 0) });
        let head = whole(0, 0, ends.head);
        let tail = whole(shorter.len() - ends.tail, longer.len() - ends.tail, ends.tail);
        let middle = ends.head..shorter.len() - ends.tail;
        let starts = middle.clone().step_by(PIECE).collect::<Vec<_>>().into_par_iter();
        let between = starts.flat_map_iter(|start| {
            let piece = &shorter[start..middle.end.min(start + PIECE + REACH)];
            let mut found = Vec::new();
            for place in self.places_of(piece, longer.len()) {
                let aligned = align(piece, &longer[place.clone()]);
                found.extend(aligned.into_iter().map(|one| moved(one, start, place.start)));
            }
            found
        });
        head.into_par_iter().chain(between).chain(tail).collect()
    }

    /// Where in a text of `len` symbols a piece may stand, the best place first. A landmark counts for one.
    fn places_of(&self, piece: &[u8], len: usize) -> Vec<Range<usize>> {
        let (mut hits, mut all) = (Vec::new(), 0);
        each_landmark(piece, |at, hash| {
            all += 1;
            hits.extend(self.places(hash).map(|place| Hit { origin: place as i64 - at as i64, at }));
        });
        hits.sort_unstable_by_key(|hit| (hit.origin, hit.at));
        let enough = ((f64::from(all) * SHARE).ceil() as usize).max(2);
        let mut places = Vec::new();
        let mut found = vec![false; piece.len()];
        while places.len() < PLACES {
            let best = &hits[densest(&hits, piece.len() / DRIFT)];
            if best.len() < enough {
                break;
            }
            let (first, last) = (best[0].origin, best[best.len() - 1].origin);
            let edge = |at: i64| usize::try_from(at).unwrap_or(0).min(len);
            places.push(edge(first - REACH as i64)..edge(last + (piece.len() + REACH) as i64));
            best.iter().for_each(|hit| found[hit.at] = true);
            hits.retain(|hit| !found[hit.at]);
        }
        places
    }
}

/// Spreads the hashes of landmarks, which are low, over all of 32 bits.
fn key(hash: u32) -> u64 {
    u64::from(hash.wrapping_mul(0x9e37_79b1))
}

/// The most hits, in order of their origins, of which none lies further than `drift` from another.
fn densest(hits: &[Hit], drift: usize) -> Range<usize> {
    let (mut best, mut start) = (0..0, 0);
    for end in 0..hits.len() {
        while hits[end].origin - hits[start].origin > drift as i64 {
            start += 1;
        }
        if end + 1 - start > best.len() {
            best = start..end + 1;
        }
    }
    best
}

fn moved(piece: Piece, by_a: usize, by_b: usize) -> Piece {
    let moved = |range: Range<usize>, by| range.start + by..range.end + by;
    Piece { a: moved(piece.a, by_a), b: moved(piece.b, by_b), slip: piece.slip }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::similarity::Relation;
    use crate::group::stock::Stock;

    fn words(range: Range<u32>) -> String {
        range.map(|n| format!("{:x} ", n.wrapping_mul(0x9e37_79b9))).collect::<String>().trim_end().to_owned()
    }

    fn prepared(text: &str) -> Prepared {
        Prepared::new(text, &Stock::default())
    }

    /// Where a text stands in one of 20,000 words, word by word.
    #[track_caller]
    fn check(short: &str, expected: &[(usize, usize)]) {
        let long = Known::new(prepared(&words(0..20_000)));
        assert!(is_long(&long.text));
        let words = long.pieces(&prepared(short)).into_iter().map(|piece| long.words(piece.b));
        let mut found: Vec<_> = words.map(|words| (words.start, words.end)).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_piece_of_a_long_text_is_found_where_it_stands() {
        check(&words(7000..7100), &[(7000, 7100)]);
        check(&words(19_990..20_000), &[(19_990, 20_000)]);
        check(&words(30_000..30_100), &[]);
    }

    #[test]
    fn two_pieces_of_a_long_text_are_both_found() {
        let both = words(9000..9080) + " — " + &words(100..160);
        check(&both, &[(100, 160), (9000, 9080)]);
    }

    #[test]
    fn long_texts_are_compared_as_others_are() {
        let (a, b) = (prepared(&words(0..20_000)), prepared(&words(4000..24_000)));
        let overlap = Overlap::of(&a, &b);
        assert!((overlap.containment - 0.8).abs() < 0.01 && (overlap.resemblance - 2.0 / 3.0).abs() < 0.01);
        assert_eq!((overlap.relation(), overlap), (Relation::Version, Overlap::of(&b, &a)));
        assert_eq!(Known::new(a).overlap(&b), overlap);
    }

    #[test]
    fn only_texts_of_which_one_is_many_times_longer_are_set_apart() {
        let words = [100, 50_000, 40_000, 5000, 500];
        let apart = |a, b| apart((a, b), |text| words[text]);
        assert_eq!((apart(1, 0), apart(3, 1)), (Some((0, 1)), Some((3, 1))));
        assert_eq!((apart(1, 2), apart(3, 4)), (None, None));
    }
}
