//! Texts → the shingles they are found by; or, for the pilot, which of some shingles they have.

use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row, unpacked};
use super::{Request, file};
use crate::error::Error;
use crate::group::candidates::{Bar, LONGEST, steps};
use rustc_hash::FxHashSet;

/// Spreads the shingles of texts.
pub struct Spread {
    only: Option<FxHashSet<u32>>,
}

impl Filter for Spread {
    const IN: Columns = &[("text", Kind::Long), ("sketch", Kind::Bytes)];
    /// `size` says how many shingles the text is found by.
    const OUT: Columns = &[("shingle", Kind::Long), ("text", Kind::Long), ("size", Kind::Long)];

    fn new(request: &Request) -> Result<Spread, Error> {
        let only = request.only.as_deref().map(file).transpose()?;
        Ok(Spread { only: only.map(|bytes| unpacked(&bytes).into_iter().collect()) })
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        let sketch = row.numbers(1);
        let shingles = match self.only {
            Some(_) if sketch.len() > LONGEST => &[],
            Some(_) => steps::shingles(&sketch, Bar::default()),
            None => steps::shingles(&sketch, request.bar),
        };
        let wanted = |shingle: &&u32| self.only.as_ref().is_none_or(|only| only.contains(shingle));
        shingles.iter().filter(wanted).try_for_each(|&shingle| {
            out.row([Cell::number(shingle), Cell::Long(row.long(0)), Cell::number(shingles.len())])
        })
    }
}
