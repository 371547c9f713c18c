//! All pages of a run, read as often as a stage asks.
//!
//! Pages stay in memory up to a budget; the others are read again each time. A mark, made of their
//! bytes, makes sure that every stage sees the same ones: a page that changed in between counts as skipped
//! from then on, and the run starts over without it ([`Library::forget_changed`]).

use super::buffer::Buffer;
use super::detect::{Stored, detect};
use super::page::{Bytes, Page, Part, Plain};
use super::{Opened, Options, Room, file, magic};
use crate::walk::Source;
use encoding_rs::Encoding;
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::ops::Range;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Every source of a run, in walk order, each a page or skipped for a reason.
pub struct Library {
    entries: Vec<Entry>,
    /// The pages that are held in memory, one after the other, shelf by shelf.
    held: Vec<Box<[u8]>>,
    /// Set where a page is found to differ from what was read first.
    changed: Vec<AtomicBool>,
}

/// Sources on one shelf; the last one may have fewer. What a shelf holds is one piece of memory: the
/// system hands out pieces of the size of a page at some cost.
const SHELF: usize = 64;

/// Memory that a shelf is given at once if its pages are likely to take so much, in bytes.
const FIRST: usize = 1 << 20;

struct Entry {
    source: Source,
    state: State,
}

/// An encoding is that of a page whose text is not the stored bytes themselves.
enum State {
    /// Where the page stands in what its shelf holds.
    Held(Range<usize>, Option<&'static Encoding>),
    Again(Seen, Option<&'static Encoding>),
    Skipped(Box<str>),
}

/// What is remembered of a page that is read again.
struct Seen {
    /// Length as stored, in bytes.
    bytes: u64,
    mark: u64,
}

/// Tells texts apart that are not made to deceive: 64 bits of a hash, not a digest.
pub fn mark(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

impl Library {
    /// Reads every source once and hands each page to `see`; those that find room stay in memory. What `see`
    /// gave stands at the source's index, `None` for those that are skipped.
    pub fn load<T: Send>(
        sources: Vec<Source>,
        options: &Options,
        room: &Room,
        see: impl Fn(&Page) -> T + Sync,
    ) -> (Library, Vec<Option<T>>) {
        let changed = sources.iter().map(|_| AtomicBool::new(false)).collect();
        let unread = |source| Entry { source, state: State::Held(0..0, None) };
        let mut entries: Vec<Entry> = sources.into_iter().map(unread).collect();
        let mut seen: Vec<Option<T>> = entries.iter().map(|_| None).collect();
        let mut held: Vec<Box<[u8]>> = vec![Box::default(); entries.len().div_ceil(SHELF)];
        let shelves = entries.par_chunks_mut(SHELF).zip(seen.par_chunks_mut(SHELF)).zip(&mut held);
        shelves.with_max_len(1).for_each(|((entries, seen), held)| {
            let mut pages = Vec::new();
            for (entry, seen) in entries.iter_mut().zip(seen) {
                *seen = entry.load(options, room, &mut pages, &see);
            }
            *held = pages.into_boxed_slice();
        });
        (Library { entries, held, changed }, seen)
    }

    fn held(&self, index: usize, range: &Range<usize>) -> &[u8] {
        &self.held[index / SHELF][range.clone()]
    }

    /// Number of sources, skipped ones included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no source at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The source's name: raw bytes, as given.
    pub fn name(&self, index: usize) -> &[u8] {
        self.entries[index].source.name()
    }

    /// The source itself.
    pub fn source(&self, index: usize) -> &Source {
        &self.entries[index].source
    }

    /// Length of the page as stored, in bytes; 0 if it is skipped.
    pub fn bytes(&self, index: usize) -> u64 {
        match &self.entries[index].state {
            State::Held(stored, _) => stored.len() as u64,
            State::Again(seen, _) => seen.bytes,
            State::Skipped(_) => 0,
        }
    }

    /// Why the source is no page, if it is none.
    pub fn skipped(&self, index: usize) -> Option<&str> {
        match &self.entries[index].state {
            State::Skipped(reason) => Some(reason),
            State::Held(..) | State::Again(..) => None,
        }
    }

    /// Whether the page's text is the stored bytes themselves, so that a part can be read alone.
    pub fn is_plain(&self, index: usize) -> bool {
        matches!(self.entries[index].state, State::Held(_, None) | State::Again(_, None))
    }

    /// The page, from memory or read again; `None` if the source is skipped or has changed.
    pub fn page(&self, index: usize) -> Option<Page<'_>> {
        let entry = &self.entries[index];
        match &entry.state {
            State::Skipped(_) => None,
            State::Held(range, encoding) => {
                Some(Page::new(self.name(index), Bytes::Held(self.held(index, range)), *encoding))
            }
            State::Again(seen, encoding) => {
                let again = file::read(&entry.source, seen.bytes, Some(seen.bytes)).ok();
                let stored = self.unchanged(index, again, seen.mark)?;
                Some(Page::new(self.name(index), Bytes::Read(stored), *encoding))
            }
        }
    }

    /// A part of a page's text, read without the rest if that can be: from memory, or from a file that is
    /// stored as UTF-8. `mark_of_part` is the [`mark`] of these bytes. `None` if they have changed.
    pub fn part(&self, index: usize, range: Range<usize>, mark_of_part: u64, opened: &mut Opened) -> Option<Part<'_>> {
        let entry = &self.entries[index];
        let start = range.start;
        let bytes = match (&entry.state, &entry.source) {
            (State::Held(held, None), _) => Bytes::Held(self.held(index, held).get(range)?),
            (State::Again(_, None), Source::File(path)) => {
                let again = opened.read_part(index, path, range).ok();
                Bytes::Read(self.unchanged(index, again, mark_of_part)?)
            }
            _ => return self.page(index).map(|page| Part::Page(Rc::new(page))),
        };
        Some(Part::Plain(Plain { bytes, start }))
    }

    /// Lets bytes pass that have the mark they had; otherwise takes note that the page has changed.
    fn unchanged(&self, index: usize, again: Option<Buffer>, expected: u64) -> Option<Buffer> {
        let same = again.filter(|buffer| mark(buffer.bytes()) == expected);
        if same.is_none() {
            self.changed[index].store(true, Relaxed);
        }
        same
    }

    /// Hands every page to `see` again, as [`Library::load`] did.
    pub fn see<T: Send>(&self, see: impl Fn(&Page) -> T + Sync) -> Vec<Option<T>> {
        (0..self.len()).into_par_iter().map(|index| self.page(index).map(|page| see(&page))).collect()
    }

    /// Skips the pages that were found changed; `true` if there are any, so that whatever was made
    /// from them has to be made again.
    pub fn forget_changed(&mut self) -> bool {
        let mut any = false;
        for (entry, changed) in self.entries.iter_mut().zip(&mut self.changed) {
            if std::mem::take(changed.get_mut()) {
                entry.state = State::Skipped("changed while it was read".into());
                any = true;
            }
        }
        any
    }

    /// Whether every page stays in memory, so that none can change any more.
    pub fn is_held(&self) -> bool {
        !self.entries.iter().any(|entry| matches!(entry.state, State::Again(..)))
    }
}

impl Entry {
    /// Reads the source and shows it; holds it in memory if there is room.
    fn load<T>(&mut self, options: &Options, room: &Room, held: &mut Vec<u8>, see: &impl Fn(&Page) -> T) -> Option<T> {
        let read = file::read(&self.source, options.max_page_size, None);
        let (stored, encoding) = match read.and_then(|stored| Ok((recognise(stored.bytes(), options)?, stored))) {
            Ok((encoding, stored)) => (stored, encoding),
            Err(reason) => {
                self.state = State::Skipped(reason.into());
                return None;
            }
        };
        let bytes = stored.bytes().len() as u64;
        let page = Page::new(self.source.name(), Bytes::Read(stored), encoding);
        let seen = see(&page);
        let hold = room.take_for_text(bytes) || self.source.is_read_once();
        self.state = match page.into_stored() {
            Bytes::Read(stored) if hold => {
                if held.is_empty() {
                    held.reserve((SHELF * stored.bytes().len()).min(FIRST));
                }
                State::Held(stored.append_to(held), encoding)
            }
            stored => State::Again(Seen { bytes, mark: mark(stored.get()) }, encoding),
        };
        Some(seen)
    }
}

/// How a page is stored: in which encoding, if its text is not the bytes themselves; or why it is none.
fn recognise(stored: &[u8], options: &Options) -> Result<Option<&'static Encoding>, String> {
    if let Some(looks) = magic::not_text(stored) {
        return Err(format!("not a page: looks like {looks}"));
    }
    match detect(stored, options.encoding) {
        Stored::Binary => Err("not a page: looks like binary data".to_owned()),
        Stored::Encoded(encoding) => Ok(Some(encoding)),
        Stored::Utf8 => Ok(None),
    }
}
