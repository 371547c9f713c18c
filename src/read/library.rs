//! All pages of a run, read as often as a stage asks.
//!
//! Pages stay in memory up to a budget; the others are read again each time. Their digest makes sure
//! that every stage sees the same bytes: a page that changed in between counts as skipped from then
//! on, and the run starts over without it ([`Library::forget_changed`]).

use super::detect::{Stored, detect};
use super::text::Decoded;
use super::{Options, magic};
use crate::error::cause;
use crate::fingerprint::sha256;
use crate::model::Digest;
use crate::walk::{Source, is_open_stream};
use rayon::prelude::*;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Every source of a run, in walk order, each a page or skipped for a reason.
pub struct Library {
    entries: Vec<Entry>,
    options: Options,
}

struct Entry {
    source: Source,
    /// Length as stored, in bytes.
    bytes: u64,
    state: State,
    /// Set when the page is found to differ from what was read first.
    changed: AtomicBool,
}

enum State {
    Held(Vec<u8>, Stored),
    Again(Digest, Stored),
    Skipped(String),
}

/// One page: bytes as stored, and their text.
pub struct Page<'l> {
    name: &'l [u8],
    stored: Cow<'l, [u8]>,
    decoded: Option<Decoded>,
}

impl<'l> Page<'l> {
    fn new(name: &'l [u8], stored: Cow<'l, [u8]>, kind: Stored) -> Page<'l> {
        let decoded = match kind {
            Stored::Encoded(encoding) => Some(Decoded::new(&stored, encoding)),
            Stored::Utf8 | Stored::Binary => None,
        };
        Page { name, stored, decoded }
    }

    /// The page's name: raw bytes, as given.
    pub fn name(&self) -> &[u8] {
        self.name
    }

    /// The page as it stands on disk.
    pub fn stored(&self) -> &[u8] {
        &self.stored
    }

    /// The page as text.
    pub fn text(&self) -> &[u8] {
        self.decoded.as_ref().map_or(&self.stored, |decoded| decoded.as_bytes())
    }

    /// Takes a text offset to a stored one; strictly increasing, from 0 to the page's length, for
    /// offsets at a character's start.
    pub fn to_stored(&self, offset: usize) -> usize {
        self.decoded.as_ref().map_or(offset, |decoded| decoded.to_stored(offset))
    }
}

impl Library {
    /// Reads every source once and hands each page to `see`. What `see` gave stands at the source's
    /// index, `None` for those that are skipped.
    pub fn load<T: Send>(
        sources: Vec<Source>,
        options: &Options,
        see: impl Fn(&Page) -> T + Sync,
    ) -> (Library, Vec<Option<T>>) {
        let held = AtomicU64::new(0);
        let (entries, seen) = sources.into_par_iter().map(|source| Entry::load(source, options, &held, &see)).unzip();
        (Library { entries, options: options.clone() }, seen)
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
        self.entries[index].bytes
    }

    /// Why the source is no page, if it is none.
    pub fn skipped(&self, index: usize) -> Option<&str> {
        match &self.entries[index].state {
            State::Skipped(reason) => Some(reason),
            State::Held(..) | State::Again(..) => None,
        }
    }

    /// The page, from memory or read again; `None` if the source is skipped or has changed.
    pub fn page(&self, index: usize) -> Option<Page<'_>> {
        let entry = &self.entries[index];
        match &entry.state {
            State::Skipped(_) => None,
            State::Held(stored, kind) => Some(Page::new(self.name(index), Cow::Borrowed(stored), *kind)),
            State::Again(digest, kind) => {
                let again = read(&entry.source, self.options.max_page_size).ok();
                let same = again.filter(|stored| sha256(stored) == *digest);
                if same.is_none() {
                    self.has_changed(index);
                }
                same.map(|stored| Page::new(self.name(index), Cow::Owned(stored), *kind))
            }
        }
    }

    /// Some bytes of a page's text, if they can be had without the rest: from memory, or from a file that
    /// is stored as UTF-8. Bytes read from a file may have changed; the caller can tell, and says so by
    /// [`Library::has_changed`].
    pub fn part(&self, index: usize, text: Range<usize>) -> Option<Cow<'_, [u8]>> {
        let entry = &self.entries[index];
        match (&entry.state, &entry.source) {
            (State::Held(stored, Stored::Utf8), _) => stored.get(text).map(Cow::Borrowed),
            (State::Again(_, Stored::Utf8), Source::File(path)) => {
                let mut part = vec![0; text.len()];
                let mut file = open(path).ok()?;
                file.seek(SeekFrom::Start(text.start as u64)).ok()?;
                file.read_exact(&mut part).ok()?;
                Some(Cow::Owned(part))
            }
            _ => None,
        }
    }

    /// Takes note that a page differs from what was read first.
    pub fn has_changed(&self, index: usize) {
        self.entries[index].changed.store(true, Relaxed);
    }

    /// Hands every page to `see` again, as [`Library::load`] did.
    pub fn see<T: Send>(&self, see: impl Fn(&Page) -> T + Sync) -> Vec<Option<T>> {
        (0..self.len()).into_par_iter().map(|index| self.page(index).map(|page| see(&page))).collect()
    }

    /// Skips the pages that were found changed; `true` if there are any, so that whatever was made
    /// from them has to be made again.
    pub fn forget_changed(&mut self) -> bool {
        let mut any = false;
        for entry in &mut self.entries {
            if std::mem::take(entry.changed.get_mut()) {
                entry.state = State::Skipped("changed while it was read".to_owned());
                entry.bytes = 0;
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
    fn load<T>(source: Source, options: &Options, held: &AtomicU64, see: &impl Fn(&Page) -> T) -> (Entry, Option<T>) {
        let entry = |source, bytes, state| Entry { source, bytes, state, changed: AtomicBool::new(false) };
        match read(&source, options.max_page_size).and_then(|stored| Ok((recognise(&stored, options)?, stored))) {
            Err(reason) => (entry(source, 0, State::Skipped(reason)), None),
            Ok((kind, stored)) => {
                let bytes = stored.len() as u64;
                let page = Page::new(source.name(), Cow::Owned(stored), kind);
                let seen = see(&page);
                let stored = page.stored.into_owned();
                let keep = held.fetch_add(bytes, Relaxed) + bytes <= options.memory || source.is_read_once();
                let state = if keep {
                    State::Held(stored, kind)
                } else {
                    held.fetch_sub(bytes, Relaxed);
                    State::Again(sha256(&stored), kind)
                };
                (entry(source, bytes, state), Some(seen))
            }
        }
    }
}

/// How a page is stored, or why it is none.
fn recognise(stored: &[u8], options: &Options) -> Result<Stored, String> {
    if let Some(looks) = magic::not_text(stored) {
        return Err(format!("not a page: looks like {looks}"));
    }
    match detect(stored, options.encoding) {
        Stored::Binary => Err("not a page: looks like binary data".to_owned()),
        kind => Ok(kind),
    }
}

/// Reads a source whole, or says why not.
fn read(source: &Source, limit: u64) -> Result<Vec<u8>, String> {
    match source {
        Source::Unreadable(_, reason) => Err(reason.clone()),
        Source::Stdin => read_up_to(io::stdin().lock(), 0, limit),
        Source::File(path) => {
            let file = open(path).map_err(|error| cause(&error))?;
            let meta = file.metadata().map_err(|error| cause(&error))?;
            if !meta.is_file() && !is_open_stream(path) {
                return Err("no longer a file".to_owned());
            }
            if meta.len() > limit {
                return Err(too_large(limit));
            }
            read_up_to(file, meta.len() as usize, limit)
        }
    }
}

/// Opens without waiting: a FIFO that took a file's place would otherwise hang the run.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    if !is_open_stream(path) {
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options.open(path)
}

/// Reads to the end, without asking the system again for a size that is known.
fn read_up_to(from: impl Read, size: usize, limit: u64) -> Result<Vec<u8>, String> {
    let mut stored = Vec::with_capacity(size + 1);
    from.take(limit.saturating_add(1)).read_to_end(&mut stored).map_err(|error| cause(&error))?;
    if stored.len() as u64 > limit { Err(too_large(limit)) } else { Ok(stored) }
}

fn too_large(limit: u64) -> String {
    format!("larger than {limit} bytes (--max-page-size)")
}
