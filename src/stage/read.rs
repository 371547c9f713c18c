//! Files and lines of JSON → pages, and what their lines show.
//!
//! A page's number says where it stands among all: that of its file, and behind it that of its line or, in other
//! containers, which of the file's pages it is.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::config::SplitMode;
use crate::error::Error;
use crate::read::given::{self, Given};
use crate::read::{Page, record::Record};
use crate::split::{self, PageEvidence};

/// `number` is the file's, moved up by [`PAGES`]; `line` is 0 for whole files, else counted from 1.
const IN: Columns = &[("number", Kind::Long), ("name", Kind::Bytes), ("line", Kind::Long), ("content", Kind::Bytes)];

/// A row for a page has `kept`, one for what is none has `reason`, and one that only says how much was passed over
/// by rule has neither.
const OUT: Columns = &[
    ("page", Kind::Long),
    ("name", Kind::Bytes),
    ("container", Kind::Bytes),
    ("record", Kind::Long),
    ("record_id", Kind::Text),
    ("uri", Kind::Text),
    ("meta", Kind::Text),
    ("form", Kind::Text),
    ("size", Kind::Long),
    ("counted", Kind::Long),
    ("kept", Kind::Bytes),
    ("reason", Kind::Text),
    ("ignored", Kind::Long),
    ("lines", Kind::Bytes),
    ("hash", Kind::Long),
];

/// Pages of a file that have numbers of their own.
const PAGES: i64 = 1 << 31;

/// Reads files.
pub struct ReadFiles;

impl Filter for ReadFiles {
    const IN: Columns = IN;
    const OUT: Columns = OUT;

    fn new(_: &Request) -> Result<ReadFiles, Error> {
        Ok(ReadFiles)
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        let (number, name, content) = (row.long(0), row.bytes(1), row.bytes(3).to_vec());
        let options = &request.config.read;
        let see = |page: &Page| match request.config.split {
            SplitMode::Auto if !page.is_shown() => Some(split::observe(&split::read(page.text()))),
            _ => None,
        };
        let (given, ignored) = match row.number(2) {
            0 => given::file(name, content, options, &see),
            line => {
                let given = given::line(name, line, content, options, &see);
                let ignored = u64::from(given.is_none());
                (given.into_iter().collect(), ignored)
            }
        };
        for (at, page) in given.iter().enumerate() {
            put(number + (at as i64).min(PAGES - 1), page, out)?;
        }
        if ignored > 0 {
            let empty = OUT.iter().map(|(column, _)| match *column {
                "page" => Cell::Long(number),
                "ignored" => Cell::number(ignored),
                _ => Cell::Empty,
            });
            out.row(empty)?;
        }
        Ok(())
    }
}

fn put(page: i64, given: &Given<Option<PageEvidence>>, out: &mut Out) -> Result<(), Error> {
    let Given { name, record, page: read } = given;
    let (packed, seen, reason) = match read {
        Ok((packed, seen)) => (Some(packed), seen.as_ref(), None),
        Err(reason) => (None, None, Some(reason.as_str())),
    };
    let lines = seen.map(PageEvidence::write);
    let size = packed.map_or(0, |packed| packed.size);
    let [container, number, id, uri, meta] = of_record(record.as_ref());
    out.row([
        Cell::Long(page),
        Cell::Bytes(name),
        container,
        number,
        id,
        uri,
        meta,
        Cell::text(packed.map(|packed| packed.form)),
        Cell::number(size),
        Cell::number(crate::corpus::counted(size)),
        Cell::bytes(packed.map(|packed| packed.bytes.as_slice())),
        Cell::text(reason),
        Cell::Empty,
        Cell::bytes(lines.as_deref()),
        seen.map_or(Cell::Empty, |seen| Cell::Long(seen.hash() as i64)),
    ])
}

/// What is known of a record: its container, its number, what it calls itself, its address, further fields.
pub fn of_record(record: Option<&Record>) -> [Cell<'_>; 5] {
    let about = record.and_then(|record| record.about.as_deref());
    [
        Cell::bytes(record.map(|record| &*record.container)),
        Cell::some_number(record.map(|record| record.number)),
        Cell::text(about.and_then(|about| about.id.as_deref())),
        Cell::text(about.and_then(|about| about.uri.as_deref())),
        Cell::text(about.and_then(|about| about.meta.as_deref())),
    ]
}
