//! Shingles, sorted → whom each text meets, and who is in a crowd.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::error::Error;
use crate::group::candidates::steps::Bucket;
use crate::packed;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// Whom text `a` meets; of two texts, the one with the larger sketch is `a`. Or, without `met`, that in `a` the
/// shingle `crowd` is crowded.
pub const OUT: Columns = &[("a", Kind::Long), ("met", Kind::Bytes), ("crowd", Kind::Long)];

/// Pairs that are added up before they go out.
const PAIRS: usize = 1 << 20;

/// A text, and the size of its sketch.
pub type Sized = (i64, i64);

/// What the meetings of two texts weigh, and how often the two are neighbours in crowds.
pub type Sum = (u64, u64);

/// Lets texts meet.
#[derive(Default)]
pub struct Meet {
    shingle: Option<i64>,
    bucket: Bucket<Sized>,
    pairs: Pairs,
}

impl Filter for Meet {
    /// Sorted by shingle and text.
    const IN: Columns = &[("shingle", Kind::Long), ("text", Kind::Long), ("size", Kind::Long)];
    const OUT: Columns = OUT;

    fn new(_: &Request) -> Result<Meet, Error> {
        Ok(Meet::default())
    }

    fn row(&mut self, _: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        if self.shingle != Some(row.long(0)) {
            self.meet();
            (self.shingle, self.bucket) = (Some(row.long(0)), Bucket::default());
            self.pairs.hand_on(out)?;
        }
        let mut crowded = self.bucket.add((row.long(1), row.long(2))).into_iter();
        crowded.try_for_each(|(text, _)| out.row([Cell::Long(text), Cell::Empty, Cell::Long(row.long(0))]))
    }

    fn end(mut self, _: &Request, out: &mut Out) -> Result<(), Error> {
        self.meet();
        self.pairs.write(out)
    }
}

impl Meet {
    fn meet(&mut self) {
        self.bucket.meet(|&one, &other, weight| self.pairs.add(one, other, (weight.into(), 0)));
    }
}

/// Pairs, each added up.
#[derive(Default)]
pub struct Pairs {
    sums: FxHashMap<(i64, i64), Sum>,
}

impl Pairs {
    /// Counts a meeting.
    pub fn add(&mut self, one: Sized, other: Sized, (weight, times): Sum) {
        let order = |(text, size): Sized| (Reverse(size), text);
        let (a, b) = if order(one) < order(other) { (one.0, other.0) } else { (other.0, one.0) };
        let sum = self.sums.entry((a, b)).or_default();
        *sum = (sum.0 + weight, sum.1 + times);
    }

    /// Writes what there is, if it is much.
    pub fn hand_on(&mut self, out: &mut Out) -> Result<(), Error> {
        if self.sums.len() >= PAIRS { self.write(out) } else { Ok(()) }
    }

    /// Writes what there is: a row for every text that comes first.
    pub fn write(&mut self, out: &mut Out) -> Result<(), Error> {
        let mut sums: Vec<_> = self.sums.drain().collect();
        sums.sort_unstable();
        sums.chunk_by(|((x, _), _), ((y, _), _)| x == y).try_for_each(|met| {
            let a = met[0].0.0;
            let met = pack(met.iter().map(|&((_, b), sum)| (b, sum)));
            out.row([Cell::Long(a), Cell::Bytes(&met), Cell::Empty])
        })
    }
}

/// Texts in ascending order, each with a sum, as bytes.
fn pack(met: impl Iterator<Item = (i64, Sum)>) -> Vec<u8> {
    let (mut bytes, mut before) = (Vec::new(), 0);
    for (text, (weight, times)) in met {
        packed::write(&mut bytes, text.wrapping_sub(before) as u64);
        packed::write(&mut bytes, weight);
        packed::write(&mut bytes, times);
        before = text;
    }
    bytes
}

/// What [`pack`] made bytes of; `false` if it was something else.
pub fn unpack(bytes: &[u8], mut each: impl FnMut(i64, Sum)) -> bool {
    let (mut at, mut text) = (0, 0_i64);
    while at < bytes.len() {
        let [Some(further), Some(weight), Some(times)] = [0; 3].map(|_| packed::read(bytes, &mut at)) else {
            return false;
        };
        text = text.wrapping_add(further as i64);
        each(text, (weight, times));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_text_met_comes_back_or_is_refused() {
        let met = [(0, (64, 0)), (1, (125, 3)), (1 << 40, (0, 1)), (i64::MAX, (u64::MAX, u64::MAX))];
        let bytes = pack(met.into_iter());
        let mut found = Vec::new();
        assert!(unpack(&bytes, |text, sum| found.push((text, sum))));
        assert_eq!(found, met);
        assert!(!unpack(&bytes[..bytes.len() - 1], |_, _| ()));
    }
}
