//! Keys of crowds, sorted by key and place → whom each text has for a neighbour.

use super::Request;
use super::filter::{Filter, Out};
use super::meet::{OUT, Pairs};
use super::table::{Columns, Kind, Row};
use crate::error::Error;
use crate::group::candidates::steps::Neighbours;

/// Lets texts in crowds meet.
#[derive(Default)]
pub struct MeetInCrowd {
    key: Option<i64>,
    neighbours: Neighbours<(i64, i64)>,
    pairs: Pairs,
}

impl Filter for MeetInCrowd {
    /// Sorted by key, first shingle, size and text.
    const IN: Columns = &[("key", Kind::Long), ("text", Kind::Long), ("size", Kind::Long)];
    const OUT: Columns = OUT;

    fn new(_: &Request) -> Result<MeetInCrowd, Error> {
        Ok(MeetInCrowd::default())
    }

    fn row(&mut self, _: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        if self.key != Some(row.long(0)) {
            (self.key, self.neighbours) = (Some(row.long(0)), Neighbours::default());
        }
        self.neighbours.add((row.long(1), row.long(2)), |&one, &other| self.pairs.add(one, other, (0, 1)));
        self.pairs.hand_on(out)
    }

    fn end(mut self, _: &Request, out: &mut Out) -> Result<(), Error> {
        self.pairs.write(out)
    }
}
