//! One page, or a part of one: bytes as stored, and the text that they stand for.

use super::buffer::Buffer;
use super::library::mark;
use super::text::Decoded;
use encoding_rs::Encoding;
use std::ops::Range;
use std::rc::Rc;

/// Bytes of the library, or read for the moment.
#[derive(Debug)]
pub(super) enum Bytes<'l> {
    Held(&'l [u8]),
    Read(Buffer),
}

impl Bytes<'_> {
    pub(super) fn get(&self) -> &[u8] {
        match self {
            Bytes::Held(bytes) => bytes,
            Bytes::Read(buffer) => buffer.bytes(),
        }
    }
}

/// How the text of a page stands in what is kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The bytes as stored are the text.
    Plain,
    /// The bytes as stored have to be decoded.
    Encoded(&'static Encoding),
}

impl Form {
    /// Length of the page as stored, if so many bytes are kept of it.
    pub(super) fn size(self, kept: u64) -> u64 {
        kept
    }
}

/// One page: bytes as stored, and their text.
#[derive(Debug)]
pub struct Page<'l> {
    name: &'l [u8],
    stored: Bytes<'l>,
    decoded: Option<Decoded>,
}

impl<'l> Page<'l> {
    /// Takes what is kept of a page.
    pub(super) fn new(name: &'l [u8], stored: Bytes<'l>, form: Form) -> Page<'l> {
        let decoded = match form {
            Form::Plain => None,
            Form::Encoded(encoding) => Some(Decoded::new(stored.get(), encoding)),
        };
        Page { name, stored, decoded }
    }

    pub(super) fn into_stored(self) -> Bytes<'l> {
        self.stored
    }

    /// The page's name: raw bytes, as given.
    pub fn name(&self) -> &[u8] {
        self.name
    }

    /// The page as it stands on disk.
    pub fn stored(&self) -> &[u8] {
        self.stored.get()
    }

    /// The page as text.
    pub fn text(&self) -> &[u8] {
        self.decoded.as_ref().map_or(self.stored.get(), |decoded| decoded.as_bytes())
    }

    /// The mark of a part of the text, for [`super::Library::part`]; `None` if the part will never be read again
    /// by itself, because the page stays in memory or has to be decoded as a whole.
    pub fn mark_of(&self, text: Range<usize>) -> Option<u64> {
        let again = matches!(self.stored, Bytes::Read(_)) && self.decoded.is_none();
        again.then(|| mark(&self.text()[text]))
    }

    /// Takes a text offset to a stored one; strictly increasing, from 0 to the page's length, for
    /// offsets at a character's start.
    pub fn to_stored(&self, offset: usize) -> usize {
        self.decoded.as_ref().map_or(offset, |decoded| decoded.to_stored(offset))
    }
}

/// A part of a page's text; its offsets are those of the page.
#[derive(Debug)]
pub enum Part<'l> {
    /// Text that is stored as it is, from some offset on.
    Plain(Plain<'l>),
    /// The whole page.
    Page(Rc<Page<'l>>),
}

/// Text that is stored as it is.
#[derive(Debug)]
pub struct Plain<'l> {
    pub(super) bytes: Bytes<'l>,
    /// The offset of the first byte.
    pub(super) start: usize,
}

impl Part<'_> {
    /// Some of the text; nothing if it lies outside the part.
    pub fn text(&self, range: Range<usize>) -> &[u8] {
        let text = match self {
            Part::Plain(Plain { bytes, start }) => {
                range.start.checked_sub(*start).and_then(|from| bytes.get().get(from..range.end - start))
            }
            Part::Page(page) => page.text().get(range),
        };
        text.unwrap_or_default()
    }

    /// See [`Page::to_stored`].
    pub fn to_stored(&self, offset: usize) -> usize {
        match self {
            Part::Plain(_) => offset,
            Part::Page(page) => page.to_stored(offset),
        }
    }
}
