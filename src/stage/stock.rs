//! Landmarks of texts → stock phrases. They are sampled, so that they fit one place.

use super::Request;
use super::filter::{Filter, Out};
use super::mine::{FILE, write_file};
use super::table::{Columns, Kind, Row, packed};
use crate::error::Error;
use crate::fingerprint::prints::Lists;
use crate::group::stock_of;

/// Finds the stock phrases of the corpus.
pub struct FindStock(Lists);

impl Filter for FindStock {
    const IN: Columns = &[("landmarks", Kind::Bytes)];
    const OUT: Columns = FILE;

    fn new(_: &Request) -> Result<FindStock, Error> {
        Ok(FindStock(Lists::for_many()))
    }

    fn row(&mut self, _: &Request, row: Row, _: &mut Out) -> Result<(), Error> {
        self.0.push(&row.numbers(0));
        Ok(())
    }

    fn end(self, request: &Request, out: &mut Out) -> Result<(), Error> {
        write_file(&packed(&stock_of(self.0.iter(), request.sketched).sorted()), out)
    }
}
