//! Pages that were read before, and what `split` makes of them: a small corpus of their own at a time.

use super::Request;
use super::table::{Columns, Kind, Row};
use crate::corpus::Corpus;
use crate::error::Error;
use crate::read::Library;
use crate::read::given::Shelved;
use crate::read::record::{About, Record};
use crate::split::Evidence;

/// What is asked of a page; the columns of `read`.
pub const PAGE: Columns = &[
    ("page", Kind::Long),
    ("name", Kind::Bytes),
    ("container", Kind::Bytes),
    ("record", Kind::Long),
    ("record_id", Kind::Text),
    ("uri", Kind::Text),
    ("meta", Kind::Text),
    ("form", Kind::Text),
    ("size", Kind::Long),
    ("kept", Kind::Bytes),
];

/// Pages that are taken apart together.
#[derive(Default)]
pub struct Pages {
    shelved: Shelved,
    /// The number of each.
    numbers: Vec<i64>,
}

impl Pages {
    /// Puts a page on the shelf.
    pub fn add(&mut self, row: Row) -> Result<(), Error> {
        let record = row.some_bytes(2).map(|container| {
            let text = |column| row.text(column).map(str::to_owned);
            let about = About { id: text(4), uri: text(5), meta: text(6) };
            let about = (!about.is_empty()).then(|| Box::new(about));
            Record { container: container.into(), number: row.number(3), about, raw: None }
        });
        self.numbers.push(row.long(0));
        let form = row.text(7).unwrap_or_default();
        let added = self.shelved.add(row.bytes(1), record, row.bytes(9), form, row.number(8));
        added.ok_or_else(|| Error::Table(format!("a page in the form '{form}'")))
    }

    /// Bytes of all pages.
    pub fn bytes(&self) -> usize {
        self.shelved.bytes()
    }

    /// The pages, and the number of each.
    pub fn take(&mut self) -> (Library, Vec<i64>) {
        let Pages { shelved, numbers } = std::mem::take(self);
        (shelved.into_library(), numbers)
    }
}

/// Takes pages apart as parts of the whole corpus.
pub fn take_apart<'l>(request: &Request, evidence: &Evidence, library: &'l Library) -> Corpus<'l> {
    Corpus::take_apart_of(library, request.sample(), |_, page| {
        crate::split_page(request.config.split, page, evidence, || None)
    })
}
