//! Pairs → a forest that connects the same texts: every text with the lowest one it is connected with here.
//!
//! What comes out has no more rows than there are texts in what comes in, and may be put in again, together with other
//! forests. Once all came in together it gives the components.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::error::Error;
use rustc_hash::FxHashMap;

/// Connects texts: every text with one that is not higher, up to the lowest of its tree.
#[derive(Default)]
pub struct Forest(FxHashMap<i64, i64>);

impl Filter for Forest {
    const IN: Columns = &[("a", Kind::Long), ("b", Kind::Long)];
    /// `b` is the lowest text that `a` is connected with.
    const OUT: Columns = Forest::IN;

    fn new(_: &Request) -> Result<Forest, Error> {
        Ok(Forest::default())
    }

    fn row(&mut self, _: &Request, row: Row, _: &mut Out) -> Result<(), Error> {
        self.connect(row.long(0), row.long(1));
        Ok(())
    }

    fn end(mut self, _: &Request, out: &mut Out) -> Result<(), Error> {
        let mut texts: Vec<i64> = self.0.keys().copied().collect();
        texts.sort_unstable();
        texts.into_iter().try_for_each(|text| out.row([Cell::Long(text), Cell::Long(self.root(text))]))
    }
}

impl Forest {
    fn root(&mut self, text: i64) -> i64 {
        let mut at = text;
        loop {
            let up = *self.0.entry(at).or_insert(at);
            if up == at {
                break;
            }
            // Every other step is made shorter (path halving).
            let over = *self.0.entry(up).or_insert(up);
            self.0.insert(at, over);
            at = over;
        }
        at
    }

    fn connect(&mut self, a: i64, b: i64) {
        let (a, b) = (self.root(a), self.root(b));
        self.0.insert(a.max(b), a.min(b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_connected_hangs_on_the_lowest() {
        let mut forest = Forest::default();
        [(9, 4), (7, 8), (4, 3), (8, 9), (1, 2)].into_iter().for_each(|(a, b)| forest.connect(a, b));
        assert_eq!([9, 4, 7, 8, 3].map(|text| forest.root(text)), [3; 5]);
        assert_eq!([1, 2].map(|text| forest.root(text)), [1; 2]);
    }
}
