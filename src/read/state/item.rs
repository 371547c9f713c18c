//! Sources in a frame of a state: what each came to, page by page.
//!
//! ```text
//! part   name of the source, 1 if it begins here, where its pages begin in the frame of what is kept, count, pages, end
//! page   a record's name and what it says of itself, or nothing for a file; lengths; form, or why it is no page
//! end    0 more parts follow, 1 a page, 2 a container; then the stamp of the file, what was passed over in it, and
//!        how many pages all of its parts have
//! ```
//!
//! Numbers take seven bits a byte ([`crate::packed`]).

use super::stamp::Stamp;
use crate::packed::{read, read_bytes, write, write_bytes};
use crate::read::page::Form;
use crate::read::record::{About, Record};
use encoding_rs::Encoding;
use std::ops::Range;
use std::sync::Arc;

/// A source, or as much of it as stands in one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name of the source: raw bytes.
    pub source: Vec<u8>,
    /// Whether it is the first part of its source.
    pub is_first: bool,
    pub pages: Vec<Item>,
    /// Said of the source in its last part.
    pub end: Option<End>,
}

/// What a source came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// When it counts as unchanged.
    pub stamp: Stamp,
    /// Whether it holds pages, or is one.
    pub is_container: bool,
    /// How many of its records were passed over by rule.
    pub ignored: u64,
    /// How many pages all of its parts have, skipped ones included.
    pub pages: u64,
    /// What is kept beside the pages.
    pub beside: Beside,
}

/// What may be wanted beside the pages of a container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// Lines of JSON as they were found.
    pub records: bool,
    /// Markup as it is stored.
    pub originals: bool,
}

impl Beside {
    fn bits(self) -> u64 {
        u64::from(self.records) | u64::from(self.originals) << 1
    }

    /// Whether all that is wanted is there.
    pub fn has(self, wanted: Beside) -> bool {
        wanted.bits() & !self.bits() == 0
    }
}

/// A page, or why it is none. Places are those in what the frame keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The name and the record of a page out of a container; the spool has nothing of it.
    pub record: Option<(Vec<u8>, Option<Record>)>,
    pub what: Result<(Form, Range<usize>), String>,
    /// The record as it was found.
    pub raw: Option<Range<usize>>,
    /// The page as it is stored.
    pub original: Option<Range<usize>>,
}

/// Appends the head of a part; its pages and its end follow.
pub fn write_head(out: &mut Vec<u8>, source: &[u8], is_first: bool, start: usize, pages: u64) {
    write_bytes(source, out);
    [u64::from(is_first), start as u64, pages].into_iter().for_each(|number| write(out, number));
}

/// Appends a page. `raw` and `original` are lengths of what stands before it in what is kept.
pub fn write_item(
    out: &mut Vec<u8>,
    record: Option<(&[u8], Option<&Record>)>,
    (raw, original): (Option<usize>, Option<usize>),
    what: Result<(Form, usize), &str>,
) {
    match record {
        None => write(out, 0),
        Some((name, record)) => {
            write(out, if record.is_some() { 2 } else { 1 });
            write_bytes(name, out);
            record.iter().for_each(|record| write_record(out, record));
        }
    }
    [raw, original].into_iter().for_each(|length| write(out, length.map_or(0, |length| length as u64 + 1)));
    match what {
        Ok((form, length)) => {
            match form {
                Form::Plain => write(out, 0),
                Form::Encoded(encoding) => {
                    write(out, 1);
                    write_bytes(encoding.name().as_bytes(), out);
                }
                Form::Shown(size) => [2, size].into_iter().for_each(|number| write(out, number)),
            }
            write(out, length as u64);
        }
        Err(reason) => {
            write(out, 3);
            write_bytes(reason.as_bytes(), out);
        }
    }
}

fn write_record(out: &mut Vec<u8>, record: &Record) {
    write_bytes(&record.container, out);
    write(out, record.number);
    let about = record.about.as_deref();
    write(out, u64::from(about.is_some()));
    for field in about.iter().flat_map(|about| [&about.id, &about.uri, &about.meta]) {
        write(out, u64::from(field.is_some()));
        field.iter().for_each(|field| write_bytes(field.as_bytes(), out));
    }
}

/// Appends the end of a part.
pub fn write_end(out: &mut Vec<u8>, end: Option<&End>) {
    let Some(End { stamp, is_container, ignored, pages, beside }) = end else { return write(out, 0) };
    write(out, 1 + u64::from(*is_container));
    let numbers =
        [stamp.size, stamp.inode, stamp.modified as u64, stamp.changed as u64, *ignored, *pages, beside.bits()];
    numbers.into_iter().for_each(|number| write(out, number));
}

fn beside(bits: u64) -> Beside {
    Beside { records: bits & 1 > 0, originals: bits & 2 > 0 }
}

impl Part {
    /// Reads the part at `at` and moves behind it; `None` if there is none. `kept` is the length of what the frame keeps.
    pub fn read(bytes: &[u8], at: &mut usize, kept: usize) -> Option<Part> {
        let source = read_bytes(bytes, at)?.to_vec();
        let is_first = read(bytes, at)? == 1;
        let mut place = Place { next: usize::try_from(read(bytes, at)?).ok()?, end: kept };
        let count = read(bytes, at)?;
        let mut pages = Vec::new();
        for _ in 0..count {
            pages.push(Item::read(bytes, at, &mut place)?);
        }
        Some(Part { source, is_first, pages, end: read_end(bytes, at)? })
    }
}

fn read_end(bytes: &[u8], at: &mut usize) -> Option<Option<End>> {
    let is_container = match read(bytes, at)? {
        0 => return Some(None),
        1 => false,
        2 => true,
        _ => return None,
    };
    let mut number = || read(bytes, at);
    let (size, inode, modified, changed) = (number()?, number()?, number()? as i64, number()? as i64);
    let stamp = Stamp { size, inode, modified, changed };
    Some(Some(End { stamp, is_container, ignored: number()?, pages: number()?, beside: beside(number()?) }))
}

/// Where the next bytes stand in what is kept.
struct Place {
    next: usize,
    end: usize,
}

impl Place {
    fn take(&mut self, length: u64) -> Option<Range<usize>> {
        let start = self.next;
        self.next = start.checked_add(usize::try_from(length).ok()?).filter(|&next| next <= self.end)?;
        Some(start..self.next)
    }
}

impl Item {
    /// How much is kept of it, in bytes.
    pub fn bytes(&self) -> usize {
        let page = self.what.as_ref().ok().map(|(_, range)| range);
        [page, self.raw.as_ref(), self.original.as_ref()].into_iter().flatten().map(Range::len).sum()
    }

    fn read(bytes: &[u8], at: &mut usize, place: &mut Place) -> Option<Item> {
        let record = match read(bytes, at)? {
            0 => None,
            1 => Some((read_bytes(bytes, at)?.to_vec(), None)),
            2 => Some((read_bytes(bytes, at)?.to_vec(), Some(read_record(bytes, at)?))),
            _ => return None,
        };
        let mut beside = || match read(bytes, at)? {
            0 => Some(None),
            length => Some(Some(place.take(length - 1)?)),
        };
        let (raw, original) = (beside()?, beside()?);
        let form = match read(bytes, at)? {
            0 => Form::Plain,
            1 => Form::Encoded(Encoding::for_label(read_bytes(bytes, at)?)?),
            2 => Form::Shown(read(bytes, at)?),
            3 => return Some(Item { record, what: Err(read_text(bytes, at)?), raw, original }),
            _ => return None,
        };
        let kept = place.take(read(bytes, at)?)?;
        Some(Item { record, what: Ok((form, kept)), raw, original })
    }
}

fn read_record(bytes: &[u8], at: &mut usize) -> Option<Record> {
    let container = Arc::from(read_bytes(bytes, at)?);
    let number = read(bytes, at)?;
    let about = read(bytes, at)? == 1;
    let mut field = || if read(bytes, at)? == 1 { read_text(bytes, at).map(Some) } else { Some(None) };
    let about = if about { Some(Box::new(About { id: field()?, uri: field()?, meta: field()? })) } else { None };
    Some(Record { container, number, about, raw: None })
}

fn read_text(bytes: &[u8], at: &mut usize) -> Option<String> {
    std::str::from_utf8(read_bytes(bytes, at)?).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_as_they_were() {
        let record = |about| Record { container: Arc::from(&b"a.zip#b.jsonl"[..]), number: 300, about, raw: None };
        let about = About { id: Some("x".into()), uri: None, meta: Some("{}".into()) };
        let (one, two) = (record(None), record(Some(Box::new(about))));
        let mut bytes = Vec::new();
        write_head(&mut bytes, b"a.zip", true, 10, 4);
        write_item(&mut bytes, None, (None, None), Ok((Form::Plain, 5)));
        write_item(&mut bytes, Some((b"a#\xff", None)), (None, Some(0)), Ok((Form::Shown(70), 3)));
        write_item(&mut bytes, Some((b"a#2", Some(&one))), (Some(4), Some(2)), Err("no text"));
        write_item(&mut bytes, Some((b"a#3", Some(&two))), (None, None), Ok((Form::Encoded(encoding_rs::KOI8_R), 0)));
        let stamp = Stamp { size: 9, inode: 8, modified: -7, changed: i64::MAX };
        let end = End {
            stamp,
            is_container: true,
            ignored: 3,
            pages: 400,
            beside: Beside { records: true, originals: false },
        };
        write_end(&mut bytes, Some(&end));
        let part = Part::read(&bytes, &mut 0, 24).unwrap();
        let item = |record, what, raw, original| Item { record, what, raw, original };
        let expected = [
            item(None, Ok((Form::Plain, 10..15)), None, None),
            item(Some((b"a#\xff".to_vec(), None)), Ok((Form::Shown(70), 15..18)), None, Some(15..15)),
            item(Some((b"a#2".to_vec(), Some(one))), Err("no text".into()), Some(18..22), Some(22..24)),
            item(Some((b"a#3".to_vec(), Some(two))), Ok((Form::Encoded(encoding_rs::KOI8_R), 24..24)), None, None),
        ];
        assert_eq!((&part.source[..], part.is_first, part.end), (&b"a.zip"[..], true, Some(end)));
        assert_eq!(part.pages, expected);
        assert_eq!(Part::read(&bytes, &mut 0, 23), None);
        (0..bytes.len()).for_each(|cut| assert_eq!(Part::read(&bytes[..cut], &mut 0, 24), None));
    }
}
