//! Landmarks of texts → stock phrases. They are sampled, so that they fit one place.

use super::Request;
use super::mine::{self, write_file};
use super::table::{Columns, Input, Kind, packed};
use crate::error::Error;
use crate::fingerprint::prints::Lists;
use crate::group::stock_of;
use std::io::{Read, Write};

const IN: Columns = &[("landmarks", Kind::Bytes)];

/// A file in pieces.
pub const OUT: Columns = mine::OUT;

/// Finds the stock phrases of the corpus.
pub fn run(request: &Request, input: impl Read, output: impl Write) -> Result<(), Error> {
    let mut landmarks = Lists::for_many();
    Input::begin(input)?.each(IN, |row| {
        landmarks.push(&row.numbers(0));
        Ok(())
    })?;
    write_file(&packed(&stock_of(landmarks.iter(), request.sketched).sorted()), output)
}
