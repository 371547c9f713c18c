//! All pages of a run, read as often as a stage asks.
//!
//! Pages stay in memory up to a budget; the others are read again each time: from their file, or, if they were
//! expanded or taken out of a container, from the [`Spool`]. A mark, made of their bytes, makes sure that every stage
//! sees the same ones: a page that changed in between counts as skipped from then on, and the run starts over without
//! it ([`Library::forget_changed`]).

use super::buffer::Buffer;
use super::page::{Bytes, Form, Page, Part, Plain};
use super::record::Record;
use super::spool::Spool;
use super::{Opened, Options, Room, load, state};
use crate::walk::Source;
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::io;
use std::ops::Range;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Every page of a run, and everything that is none, in walk order.
#[derive(Default)]
pub struct Library {
    pub(super) entries: Vec<Entry>,
    /// The pages that are held in memory, one after the other, shelf by shelf.
    pub(super) held: Vec<Box<[u8]>>,
    pub(super) spool: Spool,
    /// What was read in runs before.
    pub(super) known: Option<state::State>,
    /// Files that hold records, or a page packed smaller.
    pub(super) containers: Vec<Source>,
    /// Records that were passed over by rule.
    pub(super) ignored: u64,
    /// Set where a page is found to differ from what was read first.
    pub(super) changed: Vec<AtomicBool>,
}

/// A page, or something that is none.
pub(super) struct Entry {
    pub(super) origin: Origin,
    pub(super) state: State,
}

/// Where a page comes from.
pub(super) enum Origin {
    Source(Source),
    /// A container; the page stands there under this name.
    Container(Box<Contained>),
}

/// A page out of a container.
pub(super) struct Contained {
    pub(super) name: Box<[u8]>,
    /// Which record it is, if the container holds more than one page.
    pub(super) record: Option<Record>,
    /// Where in the spool the page stands as it is stored, if something else is kept of it.
    pub(super) original: Option<u64>,
}

pub(super) enum State {
    /// Where the page stands in what is held, and in which form.
    Held {
        shelf: u32,
        range: Range<usize>,
        form: Form,
    },
    Again {
        seen: Seen,
        from: From,
        form: Form,
    },
    Skipped(Box<str>),
}

/// Where a page is read again.
#[derive(Debug, Clone, Copy)]
pub(super) enum From {
    Source,
    /// At this place of the spool.
    Spool(u64),
    /// In a frame of the state, at this place of what it keeps.
    State {
        frame: u64,
        at: u32,
    },
}

/// What is remembered of a page that is read again.
pub(super) struct Seen {
    /// Length of what is read, in bytes.
    pub(super) bytes: u64,
    pub(super) mark: u64,
}

/// Tells texts apart that are not made to deceive: 64 bits of a hash, not a digest.
pub fn mark(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

impl Library {
    /// Reads every source once, opens those that are containers, and hands each page to `see`; those that find room
    /// stay in memory. What `see` gave stands at the page's index, `None` for those that are skipped.
    pub fn load<T: Send>(
        sources: Vec<Source>,
        options: &Options,
        room: &Room,
        see: impl Fn(&Page) -> T + Sync,
    ) -> (Library, Vec<Option<T>>) {
        Library::load_new(sources, options, room, None, see)
    }

    /// The same; files that are unchanged since they were read into the state are taken from there.
    pub fn load_new<T: Send>(
        sources: Vec<Source>,
        options: &Options,
        room: &Room,
        known: Option<state::State>,
        see: impl Fn(&Page) -> T + Sync,
    ) -> (Library, Vec<Option<T>>) {
        load::load(sources, options, room, known, &see)
    }

    /// What was read in runs before, and now.
    pub fn state(&self) -> Option<&state::State> {
        self.known.as_ref()
    }

    pub(super) fn held(&self, shelf: u32, range: &Range<usize>) -> &[u8] {
        &self.held[shelf as usize][range.clone()]
    }

    /// Number of pages, skipped ones included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no page at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The page's name: raw bytes, as given.
    pub fn name(&self, index: usize) -> &[u8] {
        self.entries[index].origin.name()
    }

    /// Which record of a container the page is, if it is one.
    pub fn record(&self, index: usize) -> Option<&Record> {
        match &self.entries[index].origin {
            Origin::Source(_) => None,
            Origin::Container(contained) => contained.record.as_ref(),
        }
    }

    /// A line of JSON as it was found; `None` if the page is none, or its line was not kept
    /// ([`Options::keep_records`]).
    pub fn raw_record(&self, index: usize) -> Option<io::Result<Vec<u8>>> {
        let raw = self.record(index)?.raw.clone()?;
        Some(self.spool.read(raw).map(|buffer| buffer.bytes().to_vec()))
    }

    /// Whether there are lines of JSON that could not be kept.
    pub fn keeps_no_records(&self) -> bool {
        self.spool.has_failed()
    }

    /// Every file that was read, containers first.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let own = self.entries.iter().filter_map(|entry| match &entry.origin {
            Origin::Source(source) => Some(source),
            Origin::Container(_) => None,
        });
        self.containers.iter().chain(own)
    }

    /// How many records were passed over by rule.
    pub fn ignored(&self) -> u64 {
        self.ignored
    }

    /// Length of the page as stored, in bytes; 0 if it is skipped.
    pub fn bytes(&self, index: usize) -> u64 {
        match &self.entries[index].state {
            State::Held { range, form, .. } => form.size(range.len() as u64),
            State::Again { seen, form, .. } => form.size(seen.bytes),
            State::Skipped(_) => 0,
        }
    }

    /// Why the source is no page, if it is none.
    pub fn skipped(&self, index: usize) -> Option<&str> {
        match &self.entries[index].state {
            State::Skipped(reason) => Some(reason),
            State::Held { .. } | State::Again { .. } => None,
        }
    }

    /// Whether the page's text is the stored bytes themselves, so that a part can be read alone.
    pub fn is_plain(&self, index: usize) -> bool {
        match &self.entries[index].state {
            State::Held { form, .. } | State::Again { form, .. } => *form == Form::Plain,
            State::Skipped(_) => false,
        }
    }

    /// The page, from memory or read again; `None` if the source is skipped or has changed.
    pub fn page(&self, index: usize) -> Option<Page<'_>> {
        let form = match &self.entries[index].state {
            State::Skipped(_) => return None,
            State::Held { form, .. } | State::Again { form, .. } => *form,
        };
        Some(Page::new(self.name(index), self.kept(index)?, form))
    }

    /// A part of a page's text, read without the rest if that can be: from memory, or if it is stored as UTF-8.
    /// `mark_of_part` is the [`mark`] of these bytes. `None` if they have changed.
    pub fn part(&self, index: usize, range: Range<usize>, mark_of_part: u64, opened: &mut Opened) -> Option<Part<'_>> {
        let entry = &self.entries[index];
        let start = range.start;
        let again = match (&entry.state, &entry.origin) {
            (State::Held { shelf, range: held, form: Form::Plain }, _) => {
                let bytes = Bytes::Held(self.held(*shelf, held).get(range)?);
                return Some(Part::Plain(Plain { bytes, start }));
            }
            (State::Again { from: From::Source, form: Form::Plain, .. }, Origin::Source(Source::File(path))) => {
                opened.read_part(index, path, range).ok()
            }
            (State::Again { from: From::Spool(at), form: Form::Plain, .. }, _) => {
                self.spool.read(at + start as u64..at + range.end as u64).ok()
            }
            (State::Again { from: From::State { frame, at }, form: Form::Plain, .. }, _) => {
                let at = *at as usize;
                self.known.as_ref().and_then(|known| known.kept(*frame, at + start..at + range.end).ok())
            }
            _ => return self.page(index).map(|page| Part::Page(Rc::new(page))),
        };
        let bytes = Bytes::Read(self.unchanged(index, again, mark_of_part)?);
        Some(Part::Plain(Plain { bytes, start }))
    }

    /// Lets bytes pass that have the mark they had; otherwise takes note that the page has changed.
    pub(super) fn unchanged(&self, index: usize, again: Option<Buffer>, expected: u64) -> Option<Buffer> {
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
        !self.entries.iter().any(|entry| matches!(entry.state, State::Again { .. }))
    }
}

impl Origin {
    fn name(&self) -> &[u8] {
        match self {
            Origin::Source(source) => source.name(),
            Origin::Container(contained) => &contained.name,
        }
    }
}
