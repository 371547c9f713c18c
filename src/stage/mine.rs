//! What the lines of all pages show → what is known of each line that recurs.
//!
//! All pages come to one place. Of a corpus of more than 2^26 lines a sample is learned from, the pages with the
//! lowest hashes, and no others need to come.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::error::Error;
use crate::split::{Evidence, Gathered, PageEvidence};

/// A file in pieces: where each begins, and its bytes.
pub const FILE: Columns = &[("at", Kind::Long), ("bytes", Kind::Bytes)];

/// Bytes of a piece.
const PIECE: usize = 4 << 20;

/// Learns from all pages.
pub struct Mine(Gathered);

impl Filter for Mine {
    const IN: Columns = &[("lines", Kind::Bytes)];
    const OUT: Columns = FILE;

    fn new(_: &Request) -> Result<Mine, Error> {
        Ok(Mine(Gathered::default()))
    }

    fn row(&mut self, _: &Request, row: Row, _: &mut Out) -> Result<(), Error> {
        self.0.add(&PageEvidence::read(row.bytes(0)));
        Ok(())
    }

    fn end(self, _: &Request, out: &mut Out) -> Result<(), Error> {
        write_file(&Evidence::of(self.0).write(), out)
    }
}

/// Writes a file piece by piece.
pub fn write_file(bytes: &[u8], out: &mut Out) -> Result<(), Error> {
    let mut pieces = bytes.chunks(PIECE).enumerate();
    pieces.try_for_each(|(number, piece)| out.row([Cell::number(number * PIECE), Cell::Bytes(piece)]))
}
