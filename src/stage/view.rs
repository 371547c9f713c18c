//! Texts, and which of their shingles are crowded, sorted by text → what is seen of each, and under which keys it
//! meets others in crowds.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row, packed};
use crate::error::Error;
use crate::group::candidates::steps::{Seen, shingles};
use rustc_hash::FxHashSet;

/// Sorted by text, the row with its sketch first; the others have a shingle that is crowded.
const IN: Columns = &[("text", Kind::Long), ("sketch", Kind::Bytes), ("crowd", Kind::Long)];

/// For every text a row with its shingles, and then one for every key.
const OUT: Columns = &[
    ("text", Kind::Long),
    ("first", Kind::Long),
    ("size", Kind::Long),
    ("shingles", Kind::Bytes),
    ("crowded", Kind::Bytes),
    ("key", Kind::Long),
];

struct Text {
    number: i64,
    sketch: Vec<u32>,
    crowded: FxHashSet<u32>,
}

/// Looks at texts.
#[derive(Default)]
pub struct Look(Option<Text>);

impl Filter for Look {
    const IN: Columns = IN;
    const OUT: Columns = OUT;

    fn new(_: &Request) -> Result<Look, Error> {
        Ok(Look::default())
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        match (row.some_long(2), &mut self.0) {
            (Some(crowd), Some(text)) if text.number == row.long(0) => {
                text.crowded.insert(crowd as u32);
                Ok(())
            }
            (Some(_), _) => Err(Error::Table("a crowded shingle of no text".to_owned())),
            (None, last) => {
                let new = Text { number: row.long(0), sketch: row.numbers(1), crowded: FxHashSet::default() };
                last.replace(new).map_or(Ok(()), |text| text.put(request, out))
            }
        }
    }

    fn end(self, request: &Request, out: &mut Out) -> Result<(), Error> {
        self.0.map_or(Ok(()), |text| text.put(request, out))
    }
}

impl Text {
    fn put(&self, request: &Request, out: &mut Out) -> Result<(), Error> {
        let own = shingles(&self.sketch, request.bar);
        let seen = Seen::new(self.number as u64, own, request.bar, |shingle| self.crowded.contains(&shingle));
        let (first, size, _) = seen.place();
        let place = [Cell::Long(self.number), Cell::some_number(first), Cell::number(size)];
        let (all, crowded) = (packed(own), packed(seen.crowded()));
        out.row(place.into_iter().chain([Cell::Bytes(&all), Cell::Bytes(&crowded), Cell::Empty]))?;
        seen.keys()
            .into_iter()
            .try_for_each(|key| out.row(place.into_iter().chain([Cell::Empty, Cell::Empty, Cell::number(key)])))
    }
}
