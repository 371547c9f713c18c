//! One page, or a part of one: bytes as stored, and the text that they stand for.

use super::buffer::Buffer;
use super::library::mark;
use super::shown::{BlockLines, Kept};
use super::text::Decoded;
use crate::fingerprint::sha256;
use crate::model::{Digest, Split};
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
    /// Markup: what it shows is kept instead of it. The number is its length as stored, in bytes.
    Shown(u64),
}

impl Form {
    /// Length of the page as stored, if so many bytes are kept of it.
    pub(super) fn size(self, kept: u64) -> u64 {
        if let Form::Shown(size) = self { size } else { kept }
    }
}

/// One page: bytes as stored, or what is kept of them, and their text.
#[derive(Debug)]
pub struct Page<'l> {
    name: &'l [u8],
    kept: Bytes<'l>,
    made: Made,
}

/// What was made of the bytes that are kept.
#[derive(Debug)]
enum Made {
    /// They are the text.
    Nothing,
    Decoded(Decoded),
    Shown(Kept),
}

impl<'l> Page<'l> {
    /// Takes what is kept of a page.
    pub(super) fn new(name: &'l [u8], kept: Bytes<'l>, form: Form) -> Page<'l> {
        let made = match form {
            Form::Plain => Made::Nothing,
            Form::Encoded(encoding) => Made::Decoded(Decoded::new(kept.get(), encoding)),
            Form::Shown(_) => Kept::of(kept.get()).map_or(Made::Nothing, Made::Shown),
        };
        Page { name, kept, made }
    }

    pub(super) fn kept(&self) -> Option<&Kept> {
        match &self.made {
            Made::Shown(kept) => Some(kept),
            Made::Nothing | Made::Decoded(_) => None,
        }
    }

    pub(super) fn into_kept(self) -> Bytes<'l> {
        self.kept
    }

    /// The page's name: raw bytes, as given.
    pub fn name(&self) -> &[u8] {
        self.name
    }

    /// The page as text.
    pub fn text(&self) -> &[u8] {
        match &self.made {
            Made::Nothing => self.kept.get(),
            Made::Decoded(decoded) => decoded.as_bytes(),
            Made::Shown(kept) => &self.kept.get()[kept.text.clone()],
        }
    }

    /// Whether the page is markup, which says itself what is what in it.
    pub fn is_shown(&self) -> bool {
        matches!(self.made, Made::Shown(_))
    }

    /// What is what in the text, if the page's markup says it.
    pub fn split(&self) -> Option<Split> {
        match &self.made {
            Made::Shown(kept) => Some(kept.split(self.kept.get())),
            Made::Nothing | Made::Decoded(_) => None,
        }
    }

    /// The lines of the blocks of [`Page::split`] in the page as stored, which are not those of its text.
    pub fn lines(&self) -> Vec<BlockLines> {
        match &self.made {
            Made::Shown(kept) => kept.lines(self.kept.get()),
            Made::Nothing | Made::Decoded(_) => Vec::new(),
        }
    }

    /// Length of the page as stored, in bytes.
    pub fn size(&self) -> u64 {
        match &self.made {
            Made::Shown(kept) => kept.size,
            Made::Nothing | Made::Decoded(_) => self.kept.get().len() as u64,
        }
    }

    /// SHA-256 of the page as stored.
    pub fn sha256(&self) -> Digest {
        match &self.made {
            Made::Shown(kept) => kept.sha256,
            Made::Nothing | Made::Decoded(_) => sha256(self.kept.get()),
        }
    }

    /// The mark of a part of the text, for [`super::Library::part`]; `None` if the part will never be read again
    /// by itself, because the page stays in memory or has to be decoded as a whole.
    pub fn mark_of(&self, text: Range<usize>) -> Option<u64> {
        match (&self.kept, &self.made) {
            (Bytes::Read(buffer), Made::Nothing) => Some(mark(&buffer.bytes()[text])),
            _ => None,
        }
    }

    /// Takes a stored offset to the text offset of the character that begins there, if one does.
    pub fn to_text(&self, stored: u64) -> Option<usize> {
        let (text, stored) = (self.text(), usize::try_from(stored).ok()?);
        if matches!(self.made, Made::Nothing) {
            return (stored <= text.len()).then_some(stored);
        }
        let begins = |at: &usize| text.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80);
        let (mut low, mut high) = (0, text.len());
        while low < high {
            let middle = (0..=low + (high - low) / 2).rev().find(begins).unwrap_or(low);
            if self.to_stored(middle) < stored {
                low = (middle + 1..=high).find(begins).unwrap_or(high);
            } else {
                high = middle;
            }
        }
        (self.to_stored(low) == stored).then_some(low)
    }

    /// Takes a text offset to a stored one; strictly increasing, from 0 to the page's length, for
    /// offsets at a character's start.
    pub fn to_stored(&self, offset: usize) -> usize {
        match &self.made {
            Made::Nothing => offset,
            Made::Decoded(decoded) => decoded.to_stored(offset),
            Made::Shown(kept) => kept.places.to_source(offset),
        }
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
