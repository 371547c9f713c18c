//! A sample of texts and those they meet → how closely to search.

use super::Request;
use super::table::{Cell, Columns, Input, Kind, Output};
use crate::error::Error;
use crate::fingerprint::prints::Lists;
use crate::group::align::Prepared;
use crate::group::{candidates, counts};
use crate::read::spool::Spool;
use std::io::{Read, Write};
use std::ops::Range;

/// Sorted by `text`.
const IN: Columns = &[("text", Kind::Long), ("sketch", Kind::Bytes), ("body", Kind::Text)];

/// One row.
pub const OUT: Columns = &[("halvings", Kind::Long), ("promise", Kind::Double)];

/// Asks the pilot.
pub fn run(request: &Request, input: impl Read, output: impl Write) -> Result<(), Error> {
    let (stock, mut sketches, mut bodies) = (request.stock()?, Lists::default(), Bodies::default());
    Input::begin(input)?.each(IN, |row| {
        sketches.push(&row.numbers(1));
        bodies.push(row.text(2).unwrap_or_default())
    })?;
    let order: Vec<u32> = (0..sketches.len() as u32).collect();
    let prepared = |text: u32| Prepared::new(bodies.get(text as usize), &stock);
    let pair_counts = |a, b| counts(&prepared(a), &prepared(b), request.config.group.threshold);
    let bar = candidates::bar(&sketches, &order, request.totals, &pair_counts);
    let mut out = Output::begin(output, OUT)?;
    out.row([Cell::number(bar.halvings), Cell::Double(bar.promise)])?;
    out.finish()
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
