//! What is remembered of a block: about thirty bytes, packed as the spans are ([`crate::packed`]).

use crate::date::Dated;
use crate::packed::{Place, read, write};
use std::ops::Range;

/// What is remembered of a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockRecord {
    /// The part of the page's text that holds all the block is made of.
    pub text: Range<usize>,
    /// First byte, and one past the last, of the page as stored.
    pub stored: Range<usize>,
    /// First and last line, counted from 1.
    pub lines: (u64, u64),
    /// The headline, in text offsets, as the byline and the date line.
    pub headline: Option<Range<usize>>,
    /// The line that names the author.
    pub byline: Option<Range<usize>>,
    /// The line that gives the date.
    pub date: Option<Range<usize>>,
    /// The date it gives.
    pub dated: Option<Dated>,
    /// Where the block's spans are.
    pub(crate) place: Option<Place>,
    /// Tells whether the text is as it was, if it has to be read again.
    pub(crate) mark: Option<u64>,
}

impl BlockRecord {
    /// Appends the record to `bytes`.
    pub(crate) fn pack(&self, bytes: &mut Vec<u8>) {
        let lines = [&self.headline, &self.byline, &self.date];
        let has = lines.map(Option::is_some).into_iter().chain([
            self.dated.is_some(),
            self.place.is_some(),
            self.mark.is_some(),
        ]);
        write(bytes, has.enumerate().map(|(bit, has)| u64::from(has) << bit).sum());
        write_range(bytes, &self.text, 0);
        write_range(bytes, &self.stored, 0);
        write(bytes, self.lines.0);
        write(bytes, self.lines.1 - self.lines.0);
        lines.into_iter().flatten().for_each(|line| write_range(bytes, line, self.text.start));
        self.dated.iter().for_each(|dated| write(bytes, dated.to_number()));
        if let Some(Place { at, text, next }) = self.place {
            write(bytes, at as u64);
            write(bytes, (text - self.text.start) as u64);
            write(bytes, u64::from(next));
        }
        self.mark.iter().for_each(|mark| bytes.extend(mark.to_le_bytes()));
    }

    /// Reads the record that begins `bytes`.
    pub(crate) fn unpack(bytes: &[u8]) -> BlockRecord {
        let mut at = 0;
        let mut number = || read(bytes, &mut at).unwrap_or_default();
        let has = number();
        let has = |bit: u32| has >> bit & 1 == 1;
        let text = read_range(&mut number, 0);
        let stored = read_range(&mut number, 0);
        let first = number();
        let lines = (first, first + number());
        let [headline, byline, date] = [0, 1, 2].map(|bit| has(bit).then(|| read_range(&mut number, text.start)));
        let dated = if has(3) { Dated::from_number(number()) } else { None };
        let place = has(4).then(|| Place {
            at: number() as usize,
            text: number() as usize + text.start,
            next: number() as u32,
        });
        let mark = if has(5) { bytes[at..].first_chunk().map(|mark| u64::from_le_bytes(*mark)) } else { None };
        BlockRecord { text, stored, lines, headline, byline, date, dated, place, mark }
    }
}

fn write_range(bytes: &mut Vec<u8>, range: &Range<usize>, base: usize) {
    write(bytes, (range.start - base) as u64);
    write(bytes, range.len() as u64);
}

fn read_range(number: &mut impl FnMut() -> u64, base: usize) -> Range<usize> {
    let start = base + number() as usize;
    start..start + number() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(record: &BlockRecord) {
        let mut bytes = Vec::new();
        record.pack(&mut bytes);
        bytes.extend(b"whatever follows");
        assert_eq!(BlockRecord::unpack(&bytes), *record);
    }

    #[test]
    fn records_come_back_as_they_were() {
        let least = BlockRecord { text: 3..9, stored: 2..20, lines: (1, 1), ..BlockRecord::default() };
        check(&least);
        check(&BlockRecord { headline: Some(3..4), mark: Some(u64::MAX), ..least.clone() });
        check(&BlockRecord { date: Some(5..9), dated: crate::date::read(b"7 March 2021, 21:54"), ..least.clone() });
        let far = 5 << 40;
        check(&BlockRecord {
            text: far..far + 9,
            stored: 2 * far..2 * far + 18,
            lines: (1 << 35, 1 << 36),
            byline: Some(far + 1..far + 2),
            place: Some(Place { at: 1 << 33, text: far + 1, next: 70_000 }),
            ..least
        });
    }
}
