//! Keys of crowds, sorted by key and place → pairs of neighbours.

use super::meet::Pairs;
use super::table::{Columns, Input, Kind};
use crate::error::Error;
use crate::group::candidates::steps::Neighbours;
use std::io::{Read, Write};

/// Sorted by key, first shingle, size and text.
const IN: Columns = &[("key", Kind::Long), ("text", Kind::Long), ("size", Kind::Long)];

/// Lets texts in crowds meet.
pub fn run(input: impl Read, output: impl Write) -> Result<(), Error> {
    let mut pairs = Pairs::begin(output)?;
    let (mut key, mut neighbours) = (None, Neighbours::default());
    Input::begin(input)?.each(IN, |row| {
        if key != Some(row.long(0)) {
            (key, neighbours) = (Some(row.long(0)), Neighbours::default());
        }
        neighbours.add((row.long(1), row.long(2)), |&one, &other| pairs.add(one, other, 0, 1));
        pairs.hand_on()
    })?;
    pairs.finish()
}
