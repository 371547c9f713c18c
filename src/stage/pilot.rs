//! A sample of texts and those they meet → how closely to search.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::error::Error;
use crate::fingerprint::prints::Lists;
use crate::group::align::Prepared;
use crate::group::stock::Stock;
use crate::group::{candidates, counts};
use crate::read::spool::Spool;
use std::ops::Range;

/// Asks the pilot.
pub struct Ask {
    stock: Stock,
    sketches: Lists,
    bodies: Bodies,
}

impl Filter for Ask {
    /// Sorted by `text`.
    const IN: Columns = &[("text", Kind::Long), ("sketch", Kind::Bytes), ("body", Kind::Text)];
    /// One row.
    const OUT: Columns = &[("halvings", Kind::Long), ("promise", Kind::Double)];

    fn new(request: &Request) -> Result<Ask, Error> {
        Ok(Ask { stock: request.stock()?, sketches: Lists::default(), bodies: Bodies::default() })
    }

    fn row(&mut self, _: &Request, row: Row, _: &mut Out) -> Result<(), Error> {
        self.sketches.push(&row.numbers(1));
        self.bodies.push(row.text(2).unwrap_or_default())
    }

    fn end(self, request: &Request, out: &mut Out) -> Result<(), Error> {
        let order: Vec<u32> = (0..self.sketches.len() as u32).collect();
        let prepared = |text: u32| Prepared::new(self.bodies.get(text as usize), &self.stock);
        let pair_counts = |a, b| counts(&prepared(a), &prepared(b), request.config.group.threshold);
        let bar = candidates::bar(&self.sketches, &order, request.totals, &pair_counts);
        out.row([Cell::number(bar.halvings), Cell::Double(bar.promise)])
    }
}

/// Normalised bodies, which wait in a temporary file.
#[derive(Default)]
pub struct Bodies {
    spool: Spool,
    places: Vec<Range<u64>>,
}

impl Bodies {
    /// Appends a body.
    pub fn push(&mut self, body: &str) -> Result<(), Error> {
        let kept = self.spool.append(body.as_bytes()).map_err(Error::write(&std::env::temp_dir()))?;
        self.places.push(kept..kept + body.len() as u64);
        Ok(())
    }

    /// One of them. What was written a moment ago can be read.
    pub fn get(&self, index: usize) -> String {
        let place = self.places[index].clone();
        if place.is_empty() {
            return String::new();
        }
        let read = self.spool.read(place).expect("a temporary file gives back what it took");
        String::from_utf8_lossy(read.bytes()).into_owned()
    }
}
