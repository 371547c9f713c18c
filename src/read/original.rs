//! Pages as they are stored, byte for byte, whatever is kept of them for the other stages; and pages made of such
//! bytes again.

use super::buffer::Buffer;
use super::library::{From, Library, Origin, State};
use super::page::{Bytes, Form, Page};
use super::{file, shown};
use crate::fingerprint::sha256;
use crate::model::Digest;
use crate::walk::Source;
use encoding_rs::Encoding;
use std::sync::atomic::Ordering::Relaxed;

/// What the bytes of a page stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Text in UTF-8, well-formed or not.
    Plain,
    /// Text in another encoding.
    Encoded(&'static Encoding),
    /// Markup, and its encoding if it is not UTF-8.
    Markup(Option<&'static Encoding>),
}

/// A page as it is stored.
#[derive(Debug)]
pub struct Original<'l> {
    bytes: Bytes<'l>,
    /// What they stand for.
    pub written: Written,
    /// Their digest, if it was needed to know them again.
    digest: Option<Digest>,
}

impl Original<'_> {
    /// All of its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get()
    }

    /// Their SHA-256.
    pub fn sha256(&self) -> Digest {
        self.digest.unwrap_or_else(|| sha256(self.bytes()))
    }
}

impl Library {
    /// The page as it is stored; `None` if it is skipped or has changed. Pages in markup out of containers can be had
    /// only if [`super::Options::keep_originals`] is set.
    pub fn original(&self, index: usize) -> Option<Original<'_>> {
        let form = match &self.entries[index].state {
            State::Held { form, .. } | State::Again { form, .. } => *form,
            State::Skipped(_) => return None,
        };
        let written = match form {
            Form::Plain => Written::Plain,
            Form::Encoded(encoding) => Written::Encoded(encoding),
            Form::Shown(size) => return self.markup(index, size),
        };
        Some(Original { bytes: self.kept(index)?, written, digest: None })
    }

    /// What is kept of a page, from memory or read again.
    pub(super) fn kept(&self, index: usize) -> Option<Bytes<'_>> {
        let entry = &self.entries[index];
        match &entry.state {
            State::Skipped(_) => None,
            State::Held { shelf, range, .. } => Some(Bytes::Held(self.held(*shelf, range))),
            State::Again { seen, from, .. } => {
                let again = match (from, &entry.origin) {
                    (From::Source, Origin::Source(Source::File(path))) => file::read_again(path, seen.bytes).ok(),
                    (From::Spool(at), _) => self.spool.read(*at..*at + seen.bytes).ok(),
                    (From::State { frame, at }, _) => {
                        let range = *at as usize..*at as usize + seen.bytes as usize;
                        self.known.as_ref().and_then(|known| known.kept(*frame, range).ok())
                    }
                    _ => None,
                };
                self.unchanged(index, again, seen.mark).map(Bytes::Read)
            }
        }
    }

    /// A page in markup: it is known again by its digest.
    fn markup(&self, index: usize, size: u64) -> Option<Original<'_>> {
        let page = self.page(index)?;
        let kept = page.kept()?;
        let again = match &self.entries[index].origin {
            Origin::Source(Source::File(path)) => file::read_again(path, size).ok(),
            Origin::Source(_) => None,
            Origin::Container(contained) => {
                contained.original.and_then(|at| self.spool.read(at..at.checked_add(size)?).ok())
            }
        };
        let same = again.filter(|buffer| sha256(buffer.bytes()) == kept.sha256);
        if same.is_none() {
            self.changed[index].store(true, Relaxed);
        }
        let written = Written::Markup(kept.encoding);
        Some(Original { bytes: Bytes::Read(same?), written, digest: Some(kept.sha256) })
    }
}

impl<'l> Page<'l> {
    /// A page made of its bytes as stored.
    pub fn of_stored(name: &'l [u8], stored: Vec<u8>, written: Written) -> Page<'l> {
        let (kept, form) = match written {
            Written::Plain => (stored, Form::Plain),
            Written::Encoded(encoding) => (stored, Form::Encoded(encoding)),
            Written::Markup(encoding) => (shown::pack(&stored, encoding), Form::Shown(stored.len() as u64)),
        };
        Page::new(name, Bytes::Read(Buffer::of(kept)), form)
    }
}
