//! What reading came to, in a file, so that a later run reads only what is new: `--state FILE`.
//!
//! ```text
//! newsdedup state 1, options    kept  sources    kept  sources    …
//! ```
//!
//! * **What is in it.** Every file that was read, with its [`stamp`]; of every page in it what the other stages need
//!   ([`item`]). A later run asks the system for the stamp of each file and takes those that are unchanged from here:
//!   it works on the same bytes, so that its report is that of a full run.
//! * **Frames.** What is kept of about 32 KiB of pages is a frame, compressed and with a checksum ([`crate::frame`]);
//!   the list of these pages is the frame behind it. Frames are only ever appended, as soon as they are full: a run
//!   that is killed leaves what it had read, and what is left of its last frame is cut off.
//! * **Trust.** All checksums are checked before anything is used. A state that is damaged, or comes from another
//!   version, or from other options of reading, is begun anew.
//! * **One writer.** The file is locked as long as a run uses it.
//!
//! What a run has not used stays in the file until that is half of it; then the file is written anew, without it.

mod fresh;
mod item;
mod known;
mod stamp;

use super::Options;
use super::buffer::Buffer;
use crate::error::{Error, cause, quoted};
use crate::fingerprint::sha256;
use crate::frame::{self, Frame, HEADER, Kind};
use crate::model::Digest;
use crate::walk::Source;
use known::{Known, List};
use rayon::prelude::*;
use rustix::fs::{Access, FlockOperation, access, flock};
use std::fs::{File, Metadata, Permissions};
use std::io::{self, Write};
use std::ops::Range;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

pub(super) use fresh::{Begun, Fresh, Made};
pub(super) use item::{Beside, End, Item};
pub(super) use known::Found;
pub(super) use stamp::Stamp;

/// What a state begins with; the number is the version of its form. A digest of the options of reading follows.
const HEAD: &[u8] = b"newsdedup state 1\n";
/// The beginning that states of all versions have in common.
const ANY_HEAD: &[u8] = b"newsdedup state ";
/// Where the first frame begins.
const START: usize = HEAD.len() + size_of::<Digest>();
/// So often a file is opened until it is still the one that has the name.
const TRIES: usize = 100;
/// Frames that stay unpacked at a time.
const UNPACKED: usize = 32;
/// Larger ones do not, in bytes.
const LARGEST_SPARE: usize = 1 << 20;
/// A state is written anew if it is larger than this, in bytes before they are compressed, and half of that is of no use.
const LARGE: u64 = 1 << 20;

/// A state that is open, and locked.
#[derive(Debug)]
pub struct State {
    path: PathBuf,
    file: File,
    known: Known,
    /// Why nothing, or not all, of what was in the file is used.
    refused: Option<Refused>,
    /// Where the next frame is appended; or why no more can be.
    end: Mutex<Result<u64, String>>,
    /// What the frames hold in all, in bytes.
    all: AtomicU64,
    /// The same for what this run uses.
    used: AtomicU64,
    counts: Counts,
    unpacked: [Mutex<Option<Unpacked>>; UNPACKED],
}

/// What a frame keeps, and where it begins.
type Unpacked = (u64, Arc<Vec<u8>>);

/// How many files were as before, and how many were read.
#[derive(Debug, Default)]
struct Counts {
    known: AtomicU64,
    read: AtomicU64,
}

/// Why what a state holds is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refused {
    #[error("is damaged; all pages are read again")]
    Damaged,
    #[error("was written by another version of newsdedup; all pages are read again")]
    Version,
    #[error("was made with other options of reading, such as --encoding; all pages are read again")]
    Options,
    #[error("ends in the middle, as after a run that was killed; what it lacks is read again")]
    Cut,
}

/// What stands in the file of a state.
#[derive(Debug, Default)]
struct Content {
    known: Known,
    refused: Option<Refused>,
    /// Where the last whole frame ends; 0 if all is to be written anew.
    end: u64,
    /// What the frames hold, in bytes.
    size: u64,
}

impl State {
    /// Opens a state, or begins one, and locks it. `options` are those that pages are read with.
    pub fn open(path: &Path, options: &Options) -> Result<State, Error> {
        let file = open_locked(path)?;
        let options = digest_of_options(options);
        let content = Content::read(&file, path, &options)?;
        let begin = || {
            file.set_len(content.end)?;
            if content.end == 0 {
                write_head(&mut &file, &options)?;
            }
            Ok(content.end.max(START as u64))
        };
        let end = begin().map_err(Error::write(path))?;
        Ok(State {
            path: path.to_owned(),
            file,
            known: content.known,
            refused: content.refused,
            end: Mutex::new(Ok(end)),
            all: AtomicU64::new(content.size),
            used: AtomicU64::new(0),
            counts: Counts::default(),
            unpacked: Default::default(),
        })
    }

    /// A file as it was when it was read, if it is unchanged since. Of a container all that is wanted must be there.
    pub(super) fn find(&self, source: &[u8], path: &Path, wanted: Beside) -> Option<Found> {
        let stamp = Stamp::at(path).ok()?;
        let found = self.known.find(source, Some(stamp)).filter(|_| access(path, Access::READ_OK).is_ok());
        let found = found.filter(|found| !found.end.is_container || found.end.beside.has(wanted));
        let found = found.filter(|found| self.can_read(found));
        if let Some(found) = &found {
            self.counts.known.fetch_add(1, Relaxed);
            self.used.fetch_add(found.size, Relaxed);
        }
        found
    }

    /// Whether the frames of a file can be read: they were whole when the state was opened, yet disks fail. Of a
    /// container with many pages that is not asked, as its frames would be unpacked twice.
    fn can_read(&self, found: &Found) -> bool {
        let mut frames: Vec<u64> = found.pages.iter().map(|(frame, _)| *frame).collect();
        frames.dedup();
        frames.len() > UNPACKED || frames.into_iter().all(|frame| self.unpack(frame).is_ok())
    }

    /// No file will be looked for any more.
    pub(super) fn forget(&mut self) {
        self.known = Known::default();
    }

    /// A file had to be read.
    pub(super) fn count_read(&self) {
        self.counts.read.fetch_add(1, Relaxed);
    }

    /// Some of what a frame keeps.
    pub(super) fn kept(&self, frame: u64, range: Range<usize>) -> io::Result<Buffer> {
        let unpacked = self.unpack(frame)?;
        let kept = unpacked.get(range).ok_or(io::ErrorKind::InvalidData)?;
        let mut buffer = Buffer::new();
        buffer.read_exactly(kept.len(), |into| {
            into.copy_from_slice(kept);
            Ok(())
        })?;
        Ok(buffer)
    }

    fn unpack(&self, frame: u64) -> io::Result<Arc<Vec<u8>>> {
        let slot = &self.unpacked[(frame / HEADER as u64 % UNPACKED as u64) as usize];
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, unpacked)) = slot.as_ref().filter(|(at, _)| *at == frame) {
            return Ok(Arc::clone(unpacked));
        }
        let (_, raw) = Frame::read(&self.file, frame)?.ok_or(io::ErrorKind::InvalidData)?;
        let unpacked = Arc::new(raw);
        *slot = (unpacked.len() <= LARGEST_SPARE).then(|| (frame, Arc::clone(&unpacked)));
        Ok(unpacked)
    }

    /// Appends frames. Where that fails the state stays as it is, and what is read is kept no more.
    pub(super) fn append(&self, frames: Vec<io::Result<Made>>) {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        for made in frames {
            let Ok(at) = *end else { return };
            let append = |made: Made| {
                self.file.write_all_at(&made.bytes, at)?;
                self.all.fetch_add(made.size, Relaxed);
                self.used.fetch_add(made.size, Relaxed);
                Ok(at + made.bytes.len() as u64)
            };
            *end = made.and_then(append).map_err(|error| {
                let _ = self.file.set_len(at);
                cause(&error)
            });
        }
    }

    /// Makes sure that what was appended survives a power cut, and says what there is to be said of the state.
    pub fn close(&self) -> Vec<String> {
        let name = quoted(&self.path);
        let refused = self.refused.iter().map(|why| format!("the state {name} {why}"));
        let failed = match &*self.end.lock().unwrap_or_else(PoisonError::into_inner) {
            Ok(_) => self.file.sync_all().err().map(|error| cause(&error)),
            Err(why) => Some(why.clone()),
        };
        let failed = failed
            .map(|why| format!("cannot write the state {name}: {why}; the next run reads more than it would have to"));
        let (known, read) = (self.counts.known.load(Relaxed), self.counts.read.load(Relaxed));
        let files = if known == 1 { "file" } else { "files" };
        let counts = format!("state {name}: {known} {files} unchanged, {read} read");
        refused.chain(failed).chain([counts]).collect()
    }

    /// Its name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who may read it and write it.
    pub fn permissions(&self) -> io::Result<Permissions> {
        Ok(self.file.metadata()?.permissions())
    }

    /// Whether so much of the file is of no use any more that it should be written anew.
    pub fn is_wasteful(&self) -> bool {
        let (all, used) = (self.all.load(Relaxed), self.used.load(Relaxed));
        all > LARGE && used < all / 2
    }

    /// Writes what it has of these sources to a new file.
    pub fn rewrite<'s>(
        &self,
        sources: impl Iterator<Item = &'s Source>,
        options: &Options,
        mut out: impl Write,
    ) -> io::Result<()> {
        let content = Content::of_frames(&self.file)?;
        if content.refused.is_some() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        write_head(&mut out, &digest_of_options(options))?;
        let mut fresh = Fresh::default();
        let mut put = |made: Vec<io::Result<Made>>| made.into_iter().try_for_each(|made| out.write_all(&made?.bytes));
        for name in sources.map(Source::name) {
            let Some(Found { end, pages, .. }) = content.known.find(name, None) else { continue };
            for (frame, page) in pages {
                let kept = self.unpack(frame)?;
                fresh.again(&page, &kept);
                fresh.flush(name);
            }
            fresh.end(name, Some(end));
            put(fresh.ready())?;
        }
        put(fresh.take(b""))
    }
}

/// Opens a file and locks it. A run that ends may have put a new one in its place meanwhile.
fn open_locked(path: &Path) -> Result<File, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), std::fs::create_dir_all).map_err(Error::write(path))?;
    for _ in 0..TRIES {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(Error::write(path))?;
        let meta = file.metadata().map_err(Error::write(path))?;
        if !meta.is_file() {
            return Err(foreign(path));
        }
        if is_stdout(&meta) {
            return Err(Error::Usage(format!(
                "{} is standard output; the state needs a file of its own",
                quoted(path)
            )));
        }
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let name = quoted(path);
                return Err(Error::Usage(format!(
                    "the state {name} is in use by another run; wait for its end, or give this run a state of its own"
                )));
            }
            Err(error) => return Err(Error::write(path)(error.into())),
        }
        if std::fs::metadata(path).is_ok_and(|now| now.ino() == meta.ino() && now.dev() == meta.dev()) {
            return Ok(file);
        }
    }
    Err(Error::write(path)(io::Error::other("another file takes its name each time that it is opened")))
}

fn is_stdout(meta: &Metadata) -> bool {
    let stdout = io::stdout().as_fd().try_clone_to_owned().and_then(|stdout| File::from(stdout).metadata());
    stdout.is_ok_and(|stdout| (stdout.dev(), stdout.ino()) == (meta.dev(), meta.ino()))
}

fn foreign(path: &Path) -> Error {
    Error::Usage(format!(
        "{} is no state of newsdedup, and would be replaced; give another name: --state build/corpus.state",
        quoted(path)
    ))
}

fn write_head(out: &mut impl Write, options: &Digest) -> io::Result<()> {
    out.write_all(&[HEAD, &options.0].concat())
}

/// Whether a file begins as states do, of whatever version, or was only begun. What a user wrote does not: a state has
/// no text behind its version.
fn is_head(bytes: &[u8]) -> bool {
    const TELLING: usize = 8;
    let Some(version) = bytes.strip_prefix(ANY_HEAD) else {
        return bytes.starts_with(b"newsdedup ") && ANY_HEAD.starts_with(bytes);
    };
    let digits = version.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &version[digits..] {
        [] => true,
        [b'\n', rest @ ..] => {
            let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
            digits > 0 && (rest.len() < TELLING || !rest.iter().all(is_text))
        }
        _ => false,
    }
}

/// Tells apart whatever makes reading the same bytes come to something else.
fn digest_of_options(options: &Options) -> Digest {
    let Options { encoding, max_page_size, containers, keep_records: _, keep_originals: _, memory: _ } = options;
    let super::Containers { format, fields, members } = containers;
    let features = [cfg!(feature = "compression"), cfg!(feature = "archives"), cfg!(feature = "parquet")];
    let all = format!(
        "{} {features:?} {:?} {max_page_size} {format:?} {fields:?} {:?} {:?} {}",
        env!("CARGO_PKG_VERSION"),
        encoding.map(encoding_rs::Encoding::name),
        members.include.patterns,
        members.exclude.patterns,
        members.hidden
    );
    sha256(all.as_bytes())
}

impl Content {
    fn read(file: &File, path: &Path, options: &Digest) -> Result<Content, Error> {
        let length = file.metadata().map_err(Error::read(path))?.len();
        let mut head = vec![0; length.min(START as u64) as usize];
        file.read_exact_at(&mut head, 0).map_err(Error::read(path))?;
        let begins = |with: &[u8]| head.starts_with(with) || with.starts_with(&head);
        if !head.is_empty() && !is_head(&head) {
            let first = frame::first(file).map_err(Error::read(path))?;
            let was_state = match first {
                Some(frame) => frame.kind == Kind::Kept,
                None => frame::is_blank(file).map_err(Error::read(path))?,
            };
            return if was_state { Ok(Content::refused(Refused::Damaged)) } else { Err(foreign(path)) };
        }
        if head.len() < START && begins(HEAD) {
            // Not even begun, or begun by a run that was killed at once.
            return Ok(Content::default());
        }
        if !begins(HEAD) {
            return Ok(Content::refused(Refused::Version));
        }
        if head[HEAD.len()..] != options.0 {
            return Ok(Content::refused(Refused::Options));
        }
        Content::of_frames(file).map_err(Error::read(path))
    }

    fn refused(why: Refused) -> Content {
        Content { refused: Some(why), ..Content::default() }
    }

    /// Reads all frames, and checks them.
    fn of_frames(file: &File) -> io::Result<Content> {
        let length = file.metadata()?.len();
        let (mut frames, mut at, mut size) = (Vec::new(), START as u64, 0);
        while let Some(frame) = Frame::peek(file, at)?.filter(|frame| frame.end() <= length) {
            at = frame.end();
            size += u64::from(frame.size);
            frames.push(frame);
        }
        let lists = frames.par_iter().enumerate().map(|(index, frame)| list(file, &frames[..index], frame));
        let lists: io::Result<Option<Vec<Option<List>>>> = lists.collect();
        let known = lists?.and_then(|lists| Known::new(lists.into_iter().flatten().collect()));
        let Some(known) = known else { return Ok(Content::refused(Refused::Damaged)) };
        let refused = match Frame::peek(file, at)? {
            _ if at == length => None,
            None if length - at >= HEADER as u64 => return Ok(Content::refused(Refused::Damaged)),
            _ => Some(Refused::Cut),
        };
        Ok(Content { known, refused, end: at, size })
    }
}

/// A frame of sources, unpacked, or nothing if it is one of what is kept; `None` if it is damaged.
fn list(file: &File, before: &[Frame], frame: &Frame) -> io::Result<Option<Option<List>>> {
    match (frame.kind, before.last()) {
        (Kind::Kept, _) => Ok(Frame::read_packed(file, frame.at)?.map(|_| None)),
        (Kind::Sources, Some(kept)) if kept.kind == Kind::Kept => {
            let read = Frame::read(file, frame.at)?;
            Ok(read.map(|(_, bytes)| Some(List { bytes, kept: kept.at, size: kept.size as usize })))
        }
        _ => Ok(None),
    }
}
