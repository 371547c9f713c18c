//! Pages by name, out of the archive or the corpus; and how they are taken apart where nothing but the page decides.

use super::sources::Sources;
use crate::archive::{Archive, Entry};
use crate::model::Split;
use crate::read::record::Fields;
use crate::read::{Containers, Format, Members, Options, Page};
use crate::report::schema::{Header, Parameters};
use crate::walk::Globs;
use crate::{split, written};
use encoding_rs::Encoding;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What of the options of a run decides how pages are read and taken apart.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub read: Options,
    /// Whether a page is one article.
    whole: bool,
}

impl Rules {
    /// The rules that the beginning of a report names.
    pub fn of(header: Option<&Header>) -> Rules {
        let Some(Header { parameters, .. }) = header else { return Rules::default() };
        let Parameters { split, encoding, max_page_size, input_format, .. } = parameters;
        let globs = |patterns: &[String]| Globs::new(patterns).unwrap_or_default();
        let containers = Containers {
            format: input_format.as_deref().and_then(Format::named),
            fields: Fields { text: parameters.text_field.clone(), id: parameters.id_field.clone(), meta: Vec::new() },
            members: Members {
                include: globs(&parameters.include),
                exclude: globs(&parameters.exclude),
                hidden: parameters.hidden,
            },
        };
        let encoding = encoding.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
        let read = Options { encoding, max_page_size: *max_page_size, containers, ..Options::default() };
        Rules { read, whole: split == "none" }
    }

    /// What is what in a page, if the page alone decides it.
    pub fn split(&self, page: &Page) -> Option<Split> {
        if self.whole {
            return Some(split::whole(page.text()));
        }
        page.split().or_else(|| written::recognise(page.name(), page.text()))
    }
}

/// Pages by name.
pub enum Pages<'p> {
    /// Out of an archive.
    Archived { archive: &'p Archive, by_name: FxHashMap<&'p [u8], &'p Entry> },
    /// Where they are.
    Corpus(&'p Sources<'p>),
}

impl<'p> Pages<'p> {
    /// Those of an archive.
    pub fn archived(archive: &'p Archive, entries: &'p [Entry]) -> Pages<'p> {
        let by_name = entries.iter().map(|entry| (&entry.name[..], entry)).collect();
        Pages::Archived { archive, by_name }
    }

    /// Whether there is such a page.
    pub fn has(&self, name: &[u8]) -> bool {
        match self {
            Pages::Archived { by_name, .. } => by_name.contains_key(name),
            Pages::Corpus(sources) => sources.has(name),
        }
    }

    /// Length of a page as stored, in bytes.
    pub fn size(&self, name: &[u8]) -> u64 {
        match self {
            Pages::Archived { by_name, .. } => by_name.get(name).map_or(0, |entry| entry.size),
            Pages::Corpus(sources) => sources.size(name),
        }
    }

    /// A page, or why there is none.
    pub fn page(&self, name: &'p [u8]) -> Result<Page<'_>, String> {
        match self {
            Pages::Archived { archive, by_name } => {
                let entry = by_name.get(name).ok_or("it is not in the archive")?;
                let stored = archive.bytes(entry).map_err(|damage| damage.to_string())?;
                Ok(Page::of_stored(name, stored, entry.written))
            }
            Pages::Corpus(sources) => sources.page(name),
        }
    }
}

/// The text of a page between two places of the page as stored; `None` if no character begins there.
pub fn text_of<'t>(page: &'t Page, stored: Range<u64>) -> Option<&'t [u8]> {
    page.text().get(page.to_text(stored.start)?..page.to_text(stored.end)?)
}
