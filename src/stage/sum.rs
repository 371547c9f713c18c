//! Whom texts meet, in parts, sorted by text → pairs that may be worth a comparison.

use super::Request;
use super::filter::{Filter, Out};
use super::meet::{Sum, unpack};
use super::table::{Cell, Columns, Kind, Row};
use crate::error::Error;
use crate::group::candidates::LEAST;
use rustc_hash::FxHashMap;

/// Adds up the meetings of pairs.
#[derive(Default)]
pub struct AddUp {
    a: i64,
    /// Whom it met.
    sums: FxHashMap<i64, Sum>,
}

impl Filter for AddUp {
    /// Sorted by `a`.
    const IN: Columns = &[("a", Kind::Long), ("met", Kind::Bytes)];
    const OUT: Columns = &[("a", Kind::Long), ("b", Kind::Long), ("weight", Kind::Long), ("times", Kind::Long)];

    fn new(_: &Request) -> Result<AddUp, Error> {
        Ok(AddUp::default())
    }

    fn row(&mut self, _: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        if self.a != row.long(0) {
            self.write(out)?;
            self.a = row.long(0);
        }
        let whole = unpack(row.bytes(1), |b, (weight, times)| {
            let sum = self.sums.entry(b).or_default();
            *sum = (sum.0.saturating_add(weight), sum.1.saturating_add(times));
        });
        if whole { Ok(()) } else { Err(Error::Table("the meetings of a text are cut off".to_owned())) }
    }

    fn end(mut self, _: &Request, out: &mut Out) -> Result<(), Error> {
        self.write(out)
    }
}

impl AddUp {
    fn write(&mut self, out: &mut Out) -> Result<(), Error> {
        let sums = self.sums.drain().filter(|&(_, (weight, times))| weight >= LEAST.into() || times > 0);
        let mut sums: Vec<_> = sums.collect();
        sums.sort_unstable();
        sums.into_iter().try_for_each(|(b, (weight, times))| {
            out.row([Cell::Long(self.a), Cell::Long(b), Cell::number(weight), Cell::number(times)])
        })
    }
}
