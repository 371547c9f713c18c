//! Which parts of two texts are the same text: seed and chain.
//!
//! Every run of [`SEED`] symbols that both texts hold is grown to its full length, and runs that lie in
//! the same order at about the same distance are chained, across gaps in which the texts differ. This is
//! how genome aligners work (seed, chain; H. Li, "Minimap2", Bioinformatics 34, 2018), brought down to
//! two short texts. A chain counts when enough of it is equal; what single runs the two texts share by
//! chance, as any two texts of one language do, does not.
//!
//! The work is linear in the length of both texts: a seed that recurs inside a text is looked up at its
//! first [`REPEATS`] places only.

use super::gist::shares_enough;
use super::stock::{Stock, Weights};
use crate::fingerprint::symbols::into_symbols;
use std::ops::Range;

/// Symbols in a seed. Six is the shortest run that is not met everywhere in an alphabetic script, and
/// short enough to be found between scan errors; an ideograph counts two.
const SEED: usize = 6;
/// Places of one seed in a text that are looked at.
const REPEATS: usize = 8;
/// Symbols that may differ between two runs of one chain.
pub const GAP: usize = 24;
/// By how many symbols a gap may be longer in one text than in the other.
const DRIFT: usize = 8;
/// Equal symbols, less what the gaps cost, from which a chain counts.
const CHAIN: i32 = 32;
/// What a differing symbol in a gap costs, in halves of an equal symbol. Dear enough that tables which
/// differ in every number do not chain, cheap enough that a scan error every tenth symbol does not break
/// a chain.
const GAP_COST_HALVES: i64 = 3;
/// A gap of this many symbols or fewer is a slip of the pen: it belongs to the piece.
const SLIP: usize = 3;
/// A run of this length settles what stands there: no seeds are looked up inside it.
const SETTLED: usize = 32;

/// One run or chain of runs that both texts hold, in symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands in the first text.
    pub a: Range<usize>,
    /// Where it stands in the second text.
    pub b: Range<usize>,
    /// How many symbols of the first and of the second text differ at its beginning: a slip that joins it to
    /// the piece before.
    pub slip: (usize, usize),
}

/// A text made ready to be compared with others.
pub struct Prepared {
    symbols: Vec<u8>,
    /// What the symbols weigh, if they do not all weigh the same.
    weights: Option<Weights>,
}

impl Prepared {
    /// Prepares a normalised text.
    pub fn new(normalised: impl Into<String>, stock: &Stock) -> Prepared {
        let symbols = into_symbols(normalised.into());
        let weights = stock.weights(&symbols);
        Prepared { symbols, weights }
    }

    /// The text, one symbol a character.
    pub fn symbols(&self) -> &[u8] {
        &self.symbols
    }

    /// Length in symbols.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }

    /// An order among texts: shorter ones first, equally long ones by their symbols.
    pub fn precedes(&self, other: &Prepared) -> bool {
        (self.len(), &self.symbols) <= (other.len(), &other.symbols)
    }

    /// The runs of symbols that are no stock phrases.
    pub fn own(&self) -> Vec<&[u8]> {
        match &self.weights {
            Some(weights) => weights.runs(false, self.len()).map(|range| &self.symbols[range]).collect(),
            None => vec![&self.symbols],
        }
    }

    /// Whether an alignment with a text that is not shorter can come to anything.
    pub fn may_share(&self, longer: &Prepared) -> bool {
        let ends = Ends::of(&self.symbols, &longer.symbols);
        let equal = self.weight(0..ends.head) + self.weight(self.len() - ends.tail..self.len());
        equal >= self.weight(0..self.len()) / 2.0 || shares_enough(self, longer)
    }

    /// Whether all symbols weigh the same.
    pub fn is_plain(&self) -> bool {
        self.weights.is_none()
    }

    /// What a range of the text weighs.
    pub fn weight(&self, range: Range<usize>) -> f64 {
        match &self.weights {
            Some(weights) => (weights.upto(range.end) - weights.upto(range.start)) as f64,
            None => range.len() as f64 * f64::from(Stock::OWN),
        }
    }
}

/// Where the seeds of a text stand.
struct Index<'t> {
    symbols: &'t [u8],
    /// The first place of each slot's seeds.
    heads: Vec<u32>,
    /// For every place, the next one in its slot.
    next: Vec<u32>,
    shift: u32,
}

/// Stands for "no place" in the seed table.
const NONE: u32 = u32::MAX;

impl Index<'_> {
    fn new(symbols: &[u8]) -> Index<'_> {
        let bits = (symbols.len().max(256).next_power_of_two().ilog2()).min(22);
        let shift = 64 - bits;
        let mut heads = vec![NONE; 1 << bits];
        let mut next = vec![NONE; symbols.len()];
        for (at, seed) in symbols.windows(SEED).enumerate().rev() {
            let head = &mut heads[slot(value(seed), shift)];
            next[at] = *head;
            *head = at as u32;
        }
        Index { symbols, heads, next, shift }
    }

    /// The first places of a seed, and of others that share its slot.
    fn places(&self, seed: u64) -> impl Iterator<Item = usize> + '_ {
        let first = self.heads[slot(seed, self.shift)] as usize;
        let next = |&place: &usize| self.next.get(place).map(|&next| next as usize);
        std::iter::successors(Some(first), next).take_while(|&place| place < self.next.len()).take(REPEATS)
    }
}

/// The symbols of a seed, as one number.
fn value(seed: &[u8]) -> u64 {
    match (seed.first_chunk(), seed.last_chunk()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) | u64::from(u16::from_le_bytes(*last)) << 32,
        _ => 0,
    }
}

fn slot(seed: u64, shift: u32) -> usize {
    (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize
}

/// An equal run: `len` symbols from `a` in the first text and from `b` in the second.
#[derive(Clone, Copy)]
struct Run {
    a: usize,
    b: usize,
    len: usize,
    chain: u32,
    score: i32,
    previous: u32,
}

impl Run {
    fn new(a: usize, b: usize, len: usize) -> Run {
        Run { a, b, len, chain: 0, score: 0, previous: NONE }
    }
}

/// The pieces of `a` that stand in `b`, ordered by their place in `b`. It takes some forty bytes of memory
/// for each symbol.
pub fn align(a: &[u8], b: &[u8]) -> Vec<Piece> {
    let ends = Ends::of(a, b);
    let between = equal_runs(ends.between(a), ends.between(b));
    let runs = chain(ends.join(between, a.len(), b.len()), a.len(), b.len());
    let mut best = vec![0i32; runs.len()];
    for run in &runs {
        let chain = &mut best[run.chain as usize];
        *chain = (*chain).max(run.score);
    }
    let mut pieces = Vec::new();
    for run in runs.iter().filter(|run| best[run.chain as usize] >= CHAIN) {
        let (mut from_a, mut from_b) = (run.a, run.b);
        let mut slip = (0, 0);
        if run.previous != NONE {
            let previous = runs[run.previous as usize];
            let (end_a, end_b) = (previous.a + previous.len, previous.b + previous.len);
            if run.a.saturating_sub(end_a).max(run.b.saturating_sub(end_b)) <= SLIP {
                slip = (run.a.saturating_sub(end_a), run.b.saturating_sub(end_b));
                from_a = from_a.min(end_a);
                from_b = from_b.min(end_b);
            }
        }
        pieces.push(Piece { a: from_a..run.a + run.len, b: from_b..run.b + run.len, slip });
    }
    pieces
}

/// What two texts begin and end with alike, in symbols, if it is much: found without a seed.
pub struct Ends {
    /// How much they begin with.
    pub head: usize,
    /// How much they end with, of what is left.
    pub tail: usize,
}

impl Ends {
    /// What these two texts begin and end with.
    pub fn of(a: &[u8], b: &[u8]) -> Ends {
        let much = |len: usize| if len >= SETTLED { len } else { 0 };
        let head = much(common_start(a, b));
        Ends { head, tail: much(common_end(&a[head..], &b[head..])) }
    }

    /// What a text has between its ends.
    pub fn between<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.head..text.len() - self.tail]
    }

    /// The ends as runs, and the runs between them.
    fn join(&self, mut between: Vec<Run>, a_len: usize, b_len: usize) -> Vec<Run> {
        for run in &mut between {
            run.a += self.head;
            run.b += self.head;
        }
        if self.head > 0 {
            between.insert(0, Run::new(0, 0, self.head));
        }
        if self.tail > 0 {
            between.push(Run::new(a_len - self.tail, b_len - self.tail, self.tail));
        }
        between
    }
}

/// All runs of at least [`SEED`] symbols that both texts hold and that cannot be made longer, by their
/// start in the second text.
fn equal_runs(a: &[u8], b: &[u8]) -> Vec<Run> {
    if a.len() < SEED || b.len() < SEED {
        return Vec::new();
    }
    let a = Index::new(a);
    let mut runs = Vec::new();
    // For every diagonal, where the last run on it ends in `b`.
    let mut reached = vec![0u32; a.symbols.len() + b.len() + 1];
    let mut at = 0;
    while at + SEED <= b.len() {
        let seed = value(&b[at..at + SEED]);
        let mut settled = at + 1;
        for place in a.places(seed) {
            let diagonal = place + b.len() - at;
            if reached[diagonal] as usize > at || value(&a.symbols[place..place + SEED]) != seed {
                continue;
            }
            let before = common_end(&a.symbols[..place], &b[reached[diagonal] as usize..at]);
            let after = SEED + common_start(&a.symbols[place + SEED..], &b[at + SEED..]);
            reached[diagonal] = (at + after) as u32;
            runs.push(Run::new(place - before, at - before, before + after));
            if before + after >= SETTLED {
                settled = settled.max(at + after - SEED + 1);
            }
        }
        at = settled;
    }
    runs
}

fn common_start(a: &[u8], b: &[u8]) -> usize {
    let mut len = 0;
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        let differ = word(x) ^ word(y);
        if differ != 0 {
            return len + differ.trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    len + a[len..].iter().zip(&b[len..]).take_while(|(x, y)| x == y).count()
}

fn common_end(a: &[u8], b: &[u8]) -> usize {
    let mut len = 0;
    for (x, y) in a.rchunks_exact(8).zip(b.rchunks_exact(8)) {
        let differ = word(x) ^ word(y);
        if differ != 0 {
            return len + differ.leading_zeros() as usize / 8;
        }
        len += 8;
    }
    let (a, b) = (&a[..a.len() - len], &b[..b.len() - len]);
    len + a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count()
}

/// Eight symbols as one number.
fn word(symbols: &[u8]) -> u64 {
    symbols.first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}

/// Links every run to the run before it that it continues best, if any.
fn chain(mut runs: Vec<Run>, a_len: usize, b_len: usize) -> Vec<Run> {
    const BAND: usize = 16;
    let mut latest = vec![NONE; (a_len + b_len) / BAND + 3];
    for index in 0..runs.len() {
        let run = runs[index];
        let band = (run.a + b_len - run.b) / BAND + 1;
        let mut linked = Run { chain: index as u32, score: run.len as i32, ..run };
        for neighbour in [band, band - 1, band + 1] {
            let Some(&candidate) = latest.get(neighbour).filter(|&&candidate| candidate != NONE) else { continue };
            let previous = runs[candidate as usize];
            if let Some(cost) = link_cost(&previous, &run) {
                let score = previous.score + run.len as i32 - cost;
                if score > linked.score {
                    linked = Run { chain: previous.chain, score, previous: candidate, ..run };
                }
            }
        }
        runs[index] = linked;
        let last = latest[band];
        // A chance run must not hide a long chain that is still within reach.
        if last == NONE
            || runs[last as usize].score <= linked.score
            || runs[last as usize].b + runs[last as usize].len + GAP < run.b
        {
            latest[band] = index as u32;
        }
    }
    runs
}

/// What continuing `previous` with `run` costs in equal symbols, or nothing if they are too far apart.
fn link_cost(previous: &Run, run: &Run) -> Option<i32> {
    if previous.a >= run.a || previous.b >= run.b {
        return None;
    }
    let gap_a = run.a as i64 - (previous.a + previous.len) as i64;
    let gap_b = run.b as i64 - (previous.b + previous.len) as i64;
    let drift = (gap_a - gap_b).abs();
    if gap_a > GAP as i64 || gap_b > GAP as i64 || drift > DRIFT as i64 {
        return None;
    }
    let overlap = (-gap_a.min(gap_b)).max(0);
    Some((overlap + drift + gap_a.max(gap_b).max(0) * GAP_COST_HALVES / 2) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Share of each text that stands in the other, in percent.
    #[track_caller]
    fn check(a: &str, b: &str, expected: (usize, usize)) {
        let (a, b) = (Prepared::new(a, &Stock::default()), Prepared::new(b, &Stock::default()));
        let pieces = align(a.symbols(), b.symbols());
        let share = |ranges: Vec<Range<usize>>, len: usize| {
            (0..len).filter(|at| ranges.iter().any(|range| range.contains(at))).count() * 100 / len
        };
        let found = (
            share(pieces.iter().map(|piece| piece.a.clone()).collect(), a.len()),
            share(pieces.iter().map(|piece| piece.b.clone()).collect(), b.len()),
        );
        assert_eq!(found, expected);
    }

    const FERRY: &str = "the night ferry to the outer islands will sail again from monday after the \
        company found a second captain willing to take the wheel in winter storms";

    #[test]
    fn equal_texts_are_one_piece() {
        check(FERRY, FERRY, (100, 100));
    }

    #[test]
    fn scan_errors_do_not_break_a_text() {
        // Only the first word is lost: what is left of it is shorter than a seed.
        check(
            FERRY,
            &FERRY.replace("night", "nlght").replace("captain", "captaln").replace("monday", "mnday"),
            (95, 95),
        );
    }

    #[test]
    fn texts_of_one_language_share_nothing() {
        let other = "a quarter of the vineyards in the valley lost their harvest to hail and the growers \
            asked the province for a loan that the wine bank had refused them in the spring";
        check(FERRY, other, (0, 0));
    }

    #[test]
    fn a_moved_sentence_is_found_where_it_went() {
        let other = "rain is expected from monday on every coast willing to take the wheel in winter \
            storms the company found a second captain";
        check(other, FERRY, (64, 52));
    }

    #[test]
    fn a_table_with_other_numbers_is_another_table() {
        check(
            "wheat may 288 up 1 jul 273 up 4 sep 273 off 2 dec 279 up 9 corn may 159 up 3 jul 163 up 7",
            "wheat may 301 off 6 jul 265 off 1 sep 280 up 5 dec 288 off 2 corn may 144 off 8 jul 171 off 5",
            (0, 0),
        );
    }

    #[test]
    fn a_text_of_one_repeated_line_is_aligned_in_linear_time() {
        let text = "no comment no comment ".repeat(20_000);
        let prepared = Prepared::new(&text, &Stock::default());
        assert_eq!(
            align(prepared.symbols(), prepared.symbols()).iter().map(|piece| piece.b.end).max(),
            Some(prepared.len())
        );
    }
}
