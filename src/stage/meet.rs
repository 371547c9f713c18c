//! Shingles, sorted → pairs that meet, and who is in a crowd.

use super::table::{Cell, Columns, Input, Kind, Output};
use crate::error::Error;
use crate::group::candidates::steps::Bucket;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::io::{Read, Write};

/// Sorted by shingle and text.
const IN: Columns = &[("shingle", Kind::Long), ("text", Kind::Long), ("size", Kind::Long)];

/// A pair `a`, `b` that meets: what its meetings weigh, or how often the two are neighbours in crowds; the text
/// with the larger sketch comes first. Or, without `b`, that in `a` the shingle `crowd` is crowded.
pub const OUT: Columns =
    &[("a", Kind::Long), ("b", Kind::Long), ("weight", Kind::Long), ("times", Kind::Long), ("crowd", Kind::Long)];

/// Pairs that are added up before they go out.
const PAIRS: usize = 1 << 20;

/// A text, and the size of its sketch.
pub type Sized = (i64, i64);

/// Lets texts meet.
pub fn run(input: impl Read, output: impl Write) -> Result<(), Error> {
    let mut pairs = Pairs { out: Output::begin(output, OUT)?, sums: FxHashMap::default() };
    let (mut shingle, mut bucket) = (None, Bucket::default());
    Input::begin(input)?.each(IN, |row| {
        if shingle != Some(row.long(0)) {
            pairs.meet(&bucket)?;
            (shingle, bucket) = (Some(row.long(0)), Bucket::default());
        }
        let crowded = bucket.add((row.long(1), row.long(2)));
        crowded.into_iter().try_for_each(|(text, _)| pairs.crowd(text, row.long(0)))
    })?;
    pairs.meet(&bucket)?;
    pairs.finish()
}

/// Pairs, each added up.
pub struct Pairs<W: Write> {
    out: Output<W>,
    sums: FxHashMap<(i64, i64), (i64, i64)>,
}

impl<W: Write> Pairs<W> {
    /// No pairs yet.
    pub fn begin(output: W) -> Result<Pairs<W>, Error> {
        Ok(Pairs { out: Output::begin(output, OUT)?, sums: FxHashMap::default() })
    }

    /// Counts what a meeting weighs, and how often two are neighbours.
    pub fn add(&mut self, one: Sized, other: Sized, weight: i64, times: i64) {
        let order = |(text, size): Sized| (Reverse(size), text);
        let (a, b) = if order(one) < order(other) { (one.0, other.0) } else { (other.0, one.0) };
        let sum = self.sums.entry((a, b)).or_default();
        (sum.0, sum.1) = (sum.0 + weight, sum.1 + times);
    }

    fn meet(&mut self, bucket: &Bucket<Sized>) -> Result<(), Error> {
        bucket.meet(|&one, &other, weight| self.add(one, other, weight.into(), 0));
        self.hand_on()
    }

    /// Writes what there is, if it is much.
    pub fn hand_on(&mut self) -> Result<(), Error> {
        if self.sums.len() >= PAIRS { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Error> {
        let mut sums: Vec<_> = self.sums.drain().collect();
        sums.sort_unstable();
        sums.into_iter().try_for_each(|((a, b), (weight, times))| {
            self.out.row([Cell::Long(a), Cell::Long(b), Cell::Long(weight), Cell::Long(times), Cell::Empty])
        })
    }

    fn crowd(&mut self, text: i64, shingle: i64) -> Result<(), Error> {
        self.out.row([Cell::Long(text), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Long(shingle)])
    }

    /// Writes what is left.
    pub fn finish(mut self) -> Result<(), Error> {
        self.write()?;
        self.out.finish()
    }
}
