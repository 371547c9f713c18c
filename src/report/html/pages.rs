//! The pages that the file speaks of, and where quotes stand in them.

use super::limits::LINE;
use super::parts::Part;
use crate::error::escaped_bytes;
use crate::layout::clipped;
use crate::report::schema::{Name, RecordOf};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::io::{self, Write};

/// A page, in the order of its fields: name, bytes if known, address, container, number of its view.
#[derive(Serialize)]
struct Page(String, Option<u64>, Option<String>, Option<String>, i64);

/// A quote on a page: its number, and the first and one past the last byte of what the page shows.
pub type Quoted = (u32, usize, usize);

/// The pages in the order in which they were first spoken of.
#[derive(Default)]
pub struct Pages {
    known: FxHashMap<Vec<u8>, u32>,
    pages: Vec<Page>,
    quotes: FxHashMap<u32, Vec<Quoted>>,
    /// Bytes of names and addresses.
    bytes: usize,
}

impl Pages {
    /// The number of a page that is known.
    pub fn known(&self, name: &Name) -> Option<u32> {
        self.known.get(&*name.0).copied()
    }

    /// The number of a page.
    pub fn number(&mut self, name: &Name) -> u32 {
        if let Some(number) = self.known(name) {
            return number;
        }
        let number = self.pages.len() as u32;
        let page = Page(shown(&name.0), None, None, None, -1);
        self.bytes += name.0.len() + page.0.len();
        self.known.insert(name.0.to_vec(), number);
        self.pages.push(page);
        number
    }

    /// A page is this record of a container.
    pub fn is_record(&mut self, page: u32, record: Option<&RecordOf>) {
        let Page(_, _, address, container, _) = &mut self.pages[page as usize];
        if let (Some(record), None) = (record, &container) {
            let (of, from) = (shown(&record.container.0), record.uri.as_deref().map(cut));
            self.bytes += of.len() + from.as_ref().map_or(0, String::len);
            (*container, *address) = (Some(of), from);
        }
    }

    /// A quote stands on a page.
    pub fn quoted(&mut self, page: u32, quoted: Quoted) {
        self.quotes.entry(page).or_default().push(quoted);
    }

    /// The quotes of a page, which are not asked for again.
    pub fn quotes_of(&mut self, page: u32) -> Vec<Quoted> {
        self.quotes.remove(&page).unwrap_or_default()
    }

    /// A page's size as stored, in bytes.
    pub fn measured(&mut self, page: u32, bytes: u64) {
        self.pages[page as usize].1 = Some(bytes);
    }

    /// A page has a view.
    pub fn viewed(&mut self, page: u32, view: usize) {
        self.pages[page as usize].4 = view as i64;
    }

    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Bytes of what is known of them.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Writes the list of pages.
    pub fn finish(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut part = Part::array("pages");
        self.pages.iter().try_for_each(|page| part.value(page, out))?;
        part.finish(out)
    }
}

/// A name as text; one that is not UTF-8 with escapes.
pub fn shown(name: &[u8]) -> String {
    cut(&std::str::from_utf8(name).map_or_else(|_| escaped_bytes(name), str::to_owned))
}

/// A line, unless it is very long: its beginning.
pub fn cut(text: &str) -> String {
    clipped(text, LINE)
}
