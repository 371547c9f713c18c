//! Texts → the shingles they are found by; or, for the pilot, which of some shingles they have.

use super::table::{Cell, Columns, Input, Kind, Output, unpacked};
use super::{Request, file};
use crate::error::Error;
use crate::group::candidates::{Bar, LONGEST, steps};
use rustc_hash::FxHashSet;
use std::io::{Read, Write};

const IN: Columns = &[("text", Kind::Long), ("sketch", Kind::Bytes)];

/// `size` says how many shingles the text is found by.
pub const OUT: Columns = &[("shingle", Kind::Long), ("text", Kind::Long), ("size", Kind::Long)];

/// Spreads the shingles of texts.
pub fn run(request: &Request, input: impl Read, output: impl Write) -> Result<(), Error> {
    let only = request.only.as_deref().map(file).transpose()?;
    let only: Option<FxHashSet<u32>> = only.map(|bytes| unpacked(&bytes).into_iter().collect());
    let mut out = Output::begin(output, OUT)?;
    Input::begin(input)?.each(IN, |row| {
        let sketch = row.numbers(1);
        let shingles = match only {
            Some(_) if sketch.len() > LONGEST => &[],
            Some(_) => steps::shingles(&sketch, Bar::default()),
            None => steps::shingles(&sketch, request.bar),
        };
        let wanted = |shingle: &&u32| only.as_ref().is_none_or(|only| only.contains(shingle));
        shingles.iter().filter(wanted).try_for_each(|&shingle| {
            out.row([Cell::number(shingle), Cell::Long(row.long(0)), Cell::number(shingles.len())])
        })
    })?;
    out.finish()
}
