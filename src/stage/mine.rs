//! What the lines of all pages show → what is known of each line that recurs.
//!
//! All pages come to one place. Of a corpus of more than 2^26 lines a sample is learned from, the pages with the
//! lowest hashes, and no others need to come.

use super::table::{Cell, Columns, Input, Kind, Output};
use crate::error::Error;
use crate::split::{Evidence, Gathered, PageEvidence};
use std::io::{Read, Write};

const IN: Columns = &[("lines", Kind::Bytes)];

/// A file in pieces: where each begins, and its bytes.
pub const OUT: Columns = &[("at", Kind::Long), ("bytes", Kind::Bytes)];

/// Bytes of a piece.
const PIECE: usize = 4 << 20;

/// Learns from all pages.
pub fn run(input: impl Read, output: impl Write) -> Result<(), Error> {
    let gathered = Gathered::default();
    Input::begin(input)?.each(IN, |row| {
        gathered.add(&PageEvidence::read(row.bytes(0)));
        Ok(())
    })?;
    write_file(&Evidence::of(gathered).write(), output)
}

/// Writes a file piece by piece.
pub fn write_file(bytes: &[u8], output: impl Write) -> Result<(), Error> {
    let mut out = Output::begin(output, OUT)?;
    for (number, piece) in bytes.chunks(PIECE).enumerate() {
        out.row([Cell::number(number * PIECE), Cell::Bytes(piece)])?;
    }
    out.finish()
}
