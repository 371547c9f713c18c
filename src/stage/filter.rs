//! How a stage goes through its rows: one after the other, from one stream to another.

use super::Request;
use super::table::{Columns, Input, Output, Row};
use crate::error::Error;
use std::io::{Read, Write};

/// A table that goes out.
pub type Out<'w> = Output<&'w mut dyn Write>;

/// What a stage does with its rows.
pub trait Filter: Sized {
    /// The columns that it reads.
    const IN: Columns;
    /// The columns that it writes.
    const OUT: Columns;

    /// Nothing has come in yet.
    fn new(request: &Request) -> Result<Self, Error>;

    /// Takes a row, and may write some.
    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error>;

    /// Writes what is left when all have come in.
    fn end(self, _: &Request, _: &mut Out) -> Result<(), Error> {
        Ok(())
    }
}

/// Runs a filter.
pub fn run<F: Filter>(request: &Request, input: &mut dyn Read, output: &mut dyn Write) -> Result<(), Error> {
    let mut filter = F::new(request)?;
    let input = Input::begin(input)?;
    let mut out = Output::begin(output, F::OUT)?;
    input.each(F::IN, |row| filter.row(request, row, &mut out))?;
    filter.end(request, &mut out)?;
    out.finish()
}
