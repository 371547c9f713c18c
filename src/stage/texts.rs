//! Blocks, sorted by digest, page and number → different texts: which block of each comes first, and which one would
//! be kept.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::date::Dated;
use crate::error::Error;
use crate::group::keep::{Copy, Keep, rank};

const IN: Columns = &[
    ("digest", Kind::Bytes),
    ("page", Kind::Long),
    ("block", Kind::Long),
    ("words", Kind::Long),
    ("sketch", Kind::Bytes),
    ("landmarks", Kind::Bytes),
    ("preferred", Kind::Long),
    ("dated", Kind::Long),
];

/// `number` counts the texts that went out before.
const OUT: Columns = &[
    ("number", Kind::Long),
    ("digest", Kind::Bytes),
    ("words", Kind::Long),
    ("sketch", Kind::Bytes),
    ("shingles", Kind::Long),
    ("landmarks", Kind::Bytes),
    ("first_page", Kind::Long),
    ("first_block", Kind::Long),
    ("first_preferred", Kind::Long),
    ("first_dated", Kind::Long),
    ("kept_page", Kind::Long),
    ("kept_block", Kind::Long),
    ("kept_preferred", Kind::Long),
    ("kept_dated", Kind::Long),
    ("blocks", Kind::Long),
];

/// A block, and what decides whether it is kept.
#[derive(Debug, Clone, std::marker::Copy)]
pub struct Candidate {
    /// Its page.
    pub page: i64,
    /// Its index in the page.
    pub block: i64,
    /// What the rule looks at.
    pub copy: Copy,
}

impl Candidate {
    /// A block by its columns: page, index, preference, date.
    pub fn of(row: Row, columns: [usize; 4], words: u32) -> Candidate {
        let [page, block, preferred, dated] = columns;
        Candidate {
            page: row.long(page),
            block: row.long(block),
            copy: Copy {
                preferred: row.some_long(preferred).map(|it| it as usize),
                words,
                dated: row.some_long(dated).and_then(|it| Dated::from_number(it as u64)),
            },
        }
    }

    fn cells(&self) -> [Cell<'static>; 4] {
        [
            Cell::Long(self.page),
            Cell::Long(self.block),
            Cell::some_number(self.copy.preferred),
            Cell::some_number(self.copy.dated.map(Dated::to_number)),
        ]
    }
}

struct Text {
    digest: Vec<u8>,
    words: i64,
    sketch: Vec<u8>,
    landmarks: Vec<u8>,
    first: Candidate,
    kept: Candidate,
    blocks: i64,
}

/// Puts equal blocks together.
#[derive(Default)]
pub struct Unite {
    last: Option<Text>,
    /// Of the last text.
    number: i64,
}

impl Filter for Unite {
    const IN: Columns = IN;
    const OUT: Columns = OUT;

    fn new(_: &Request) -> Result<Unite, Error> {
        Ok(Unite::default())
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        let block = Candidate::of(row, [1, 2, 6, 7], row.number(3) as u32);
        match &mut self.last {
            Some(text) if text.digest == row.bytes(0) => text.add(row, block, request.config.keep),
            last => {
                if let Some(text) = last.replace(Text::of(row, block)) {
                    text.put(self.number, out)?;
                    self.number += 1;
                }
            }
        }
        Ok(())
    }

    fn end(self, _: &Request, out: &mut Out) -> Result<(), Error> {
        self.last.map_or(Ok(()), |text| text.put(self.number, out))
    }
}

impl Text {
    fn of(row: Row, block: Candidate) -> Text {
        Text {
            digest: row.bytes(0).to_vec(),
            words: row.long(3),
            sketch: row.bytes(4).to_vec(),
            landmarks: row.bytes(5).to_vec(),
            first: block,
            kept: block,
            blocks: 1,
        }
    }

    fn add(&mut self, row: Row, block: Candidate, keep: Keep) {
        self.blocks += 1;
        if self.sketch.is_empty() {
            self.sketch = row.bytes(4).to_vec();
        }
        if self.landmarks.is_empty() {
            self.landmarks = row.bytes(5).to_vec();
        }
        if rank(keep, &[self.kept.copy, block.copy])[1] == 0 {
            self.kept = block;
        }
    }

    fn put(&self, number: i64, out: &mut Out) -> Result<(), Error> {
        let text = [
            Cell::Long(number),
            Cell::Bytes(&self.digest),
            Cell::Long(self.words),
            Cell::Bytes(&self.sketch),
            Cell::number(self.sketch.len() / size_of::<u32>()),
            Cell::Bytes(&self.landmarks),
        ];
        let blocks = self.first.cells().into_iter().chain(self.kept.cells());
        out.row(text.into_iter().chain(blocks).chain([Cell::Long(self.blocks)]))
    }
}
