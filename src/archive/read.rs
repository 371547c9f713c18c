//! Archive → pages, each as it was or not at all.

use super::entry::{Cursor, Entry};
use super::index::{self, Index, Listed};
use super::unique::Unique;
use super::{ANY_HEAD, AVAILABLE, HEAD, NAME, PAGES, WITHOUT};
use crate::error::{Error, cause, quoted};
use crate::frame::{Kind, read_at, scan};
use crate::model;
use crate::packed::{read, read_bytes};
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Why a page cannot be given back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A frame of unique text is damaged or missing.
    #[error("the archive is damaged where its text stands")]
    Text,
    /// All is there, yet it is not the page that was stored.
    #[error("the archive gives other bytes than were stored")]
    Digest,
    /// The system failed.
    #[error("{0}")]
    System(String),
}

impl Damage {
    /// The system failed.
    pub fn of(error: io::Error) -> Damage {
        Damage::System(cause(&error))
    }
}

/// An archive, opened.
pub struct Archive {
    /// Its name.
    pub path: PathBuf,
    file: File,
    /// The frames that list pages, and those that repeat their names, by the number of the first page.
    lists: BTreeMap<u64, [Option<Listed>; 2]>,
    unique: Unique,
    /// How many pages there are, if an index is left that says so.
    pub count: Option<u64>,
    /// Whether the beginning, the end, or anything between is not as it was written; as far as that is known before
    /// all is read.
    pub is_damaged: bool,
    /// Whether pages or text of one number are there twice, as where one archive was appended to another.
    pub is_double: bool,
}

/// Pages that follow each other.
#[derive(Debug)]
pub struct Pages {
    /// The number of the first one, counted from 0.
    pub first: u64,
    /// What is listed of them.
    pub entries: Vec<Entry>,
}

/// Pages that are not listed any more, because the list is damaged.
#[derive(Debug, PartialEq, Eq)]
pub struct Lost {
    /// The number of the first one, counted from 0.
    pub first: u64,
    /// Their names, if these are still there.
    pub names: Vec<Vec<u8>>,
    /// How many they are, if that is known.
    pub count: Option<u64>,
}

/// How there comes to be one.
const HOW: &str = "one is written by: newsdedup PAGES -o FOLDER --archive";

impl Archive {
    /// Opens an archive, or the one in a folder that newsdedup wrote. Pages can be listed now, and be rebuilt after
    /// [`Archive::unpack_into`].
    pub fn open(path: &Path) -> Result<Archive, Error> {
        if !AVAILABLE {
            return Err(Error::Usage(WITHOUT.to_owned()));
        }
        let folder = path.is_dir().then_some(path);
        let path = folder.map_or_else(|| path.to_owned(), |folder| folder.join(NAME));
        if path.metadata().is_ok_and(|meta| !meta.is_file()) {
            return Err(Error::Usage(format!("{} is no archive of newsdedup; {HOW}", quoted(&path))));
        }
        let file = File::open(&path).map_err(|error| match folder {
            Some(folder) if error.kind() == io::ErrorKind::NotFound => {
                Error::Usage(format!("there is no archive in {}; {HOW}", quoted(folder)))
            }
            _ => Error::read(&path)(error),
        })?;
        let Found { frames, count, whole } = frames(&file).map_err(Error::read(&path))?;
        let head = head(&file).map_err(Error::read(&path))?;
        let is_state = head.starts_with(b"newsdedup state ");
        if head != HEAD && (frames.is_empty() || is_state) {
            return Err(Error::Usage(match head.strip_prefix(ANY_HEAD) {
                Some(version) => format!(
                    "{} is an archive of version {}, and this newsdedup reads version 1",
                    quoted(&path),
                    String::from_utf8_lossy(version).trim().escape_default()
                ),
                None => format!("{} is no archive of newsdedup; {HOW}", quoted(&path)),
            }));
        }
        let mut lists: BTreeMap<u64, [Option<Listed>; 2]> = BTreeMap::new();
        for frame in &frames {
            match frame.kind {
                Kind::Pages => lists.entry(frame.number).or_default()[0] = Some(*frame),
                Kind::Names => lists.entry(frame.number).or_default()[1] = Some(*frame),
                _ => {}
            }
        }
        let mut seen = FxHashSet::default();
        let is_double = !frames.iter().all(|frame| seen.insert((frame.kind, frame.number)));
        let texts = frames.iter().filter(|frame| frame.kind == Kind::Text).copied();
        let unique = Unique::new(texts);
        let is_damaged = !whole || head != HEAD;
        Ok(Archive { path, file, lists, unique, count, is_damaged, is_double })
    }

    /// Unpacked text goes into a temporary file without a name in this folder.
    pub fn unpack_into(&mut self, folder: &Path) -> Result<(), Error> {
        self.unique.spool = Some(tempfile::tempfile_in(folder).map_err(Error::write(folder))?);
        Ok(())
    }

    /// All pages, in the order in which they were read, some at a time.
    pub fn pages(&self) -> impl Iterator<Item = io::Result<Result<Pages, Lost>>> + '_ {
        let mut expected = 0;
        let mut lists = self.lists.iter().peekable();
        let mut ended = false;
        std::iter::from_fn(move || {
            let Some(first) = lists.peek().map(|(first, _)| **first) else {
                let missing = self
                    .count
                    .map_or(u64::from(!ended && self.count.is_none()), |count| count.saturating_sub(expected));
                let lost = Lost { first: expected, names: Vec::new(), count: self.count.map(|_| missing) };
                return (missing > 0 && !std::mem::replace(&mut ended, true)).then_some(Ok(Err(lost)));
            };
            if first > expected {
                let lost = Lost { first: expected, names: Vec::new(), count: Some(first - expected) };
                expected = first;
                return Some(Ok(Err(lost)));
            }
            let (_, frames) = lists.next()?;
            let next = lists.peek().map(|(next, _)| **next).or(self.count);
            let found = self.list(first, frames, next);
            expected = match &found {
                Ok(Ok(pages)) => first + pages.entries.len() as u64,
                Ok(Err(lost)) => {
                    ended = lost.count.is_none();
                    first + lost.count.unwrap_or_default()
                }
                Err(_) => first,
            };
            Some(found)
        })
    }

    /// One part of the list of pages, or what is known of it.
    fn list(
        &self,
        first: u64,
        [pages, names]: &[Option<Listed>; 2],
        next: Option<u64>,
    ) -> io::Result<Result<Pages, Lost>> {
        let held = |frame: &Option<Listed>| frame.as_ref().map_or(Ok(None), |frame| frame.read(&self.file));
        if let Some(entries) = held(pages)?.and_then(|raw| entries(&raw)) {
            return Ok(Ok(Pages { first, entries }));
        }
        let names = held(names)?.map(|raw| name_list(&raw)).unwrap_or_default();
        let count =
            if names.is_empty() { next.map(|next| next.saturating_sub(first)) } else { Some(names.len() as u64) };
        Ok(Err(Lost { first, names, count }))
    }

    /// Hands the bytes of a page to `see`, in pieces. Only when all have been handed out is it known whether they are
    /// those of the page.
    pub fn rebuild(&self, entry: &Entry, see: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Damage> {
        let mut digest = Sha256::new();
        for piece in &entry.pieces {
            self.unique.show(&self.file, piece.clone(), &mut |bytes| {
                digest.update(bytes);
                see(bytes)
            })?;
        }
        if model::Digest(digest.finalize().into()) == entry.sha256 { Ok(()) } else { Err(Damage::Digest) }
    }

    /// All bytes of a page.
    pub fn bytes(&self, entry: &Entry) -> Result<Vec<u8>, Damage> {
        let mut all = Vec::new();
        self.rebuild(entry, &mut |bytes| {
            all.extend_from_slice(bytes);
            Ok(())
        })?;
        Ok(all)
    }
}

/// The frames that were found in an archive.
struct Found {
    frames: Vec<Listed>,
    /// How many pages there are, as the last index says.
    count: Option<u64>,
    /// Whether the end is as it was written.
    whole: bool,
}

/// The frames of an archive; if its end is not whole, whatever can be found.
fn frames(file: &File) -> io::Result<Found> {
    if let Some(Index { frames, pages, .. }) = index::find(file)? {
        return Ok(Found { frames, count: Some(pages), whole: true });
    }
    let (mut frames, mut count) = (Vec::new(), None);
    scan(file, HEAD.len() as u64, index::FOOTER as u64, |frame, raw| {
        frames.push(Listed { kind: frame.kind, number: frame.number, at: frame.at });
        if frame.kind == Kind::Index {
            count = index::pages(&raw).or(count);
        }
    })?;
    Ok(Found { frames, count, whole: false })
}

fn head(file: &File) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD.len()];
    Ok(if read_at(file, &mut head, 0)? { head } else { Vec::new() })
}

/// The entries of a frame of pages, if it is one.
fn entries(raw: &[u8]) -> Option<Vec<Entry>> {
    let mut at = 0;
    let mut cursor = Cursor::at(read(raw, &mut at)?);
    let mut entries = Vec::new();
    while at < raw.len() {
        // A frame ends with the page that makes it as long as this.
        if at >= PAGES {
            return None;
        }
        entries.push(Entry::read(raw, &mut at, &mut cursor)?);
    }
    Some(entries)
}

fn name_list(raw: &[u8]) -> Vec<Vec<u8>> {
    let mut at = 0;
    // What is listed of a page takes more than a byte.
    std::iter::from_fn(|| read_bytes(raw, &mut at).map(<[u8]>::to_vec)).take(PAGES).collect()
}

/// Archives whose frames are all whole, and say what is not so.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::sha256;
    use crate::frame::{Effort, Frame};
    use crate::packed;
    use crate::read::Written;
    use index::Listed;
    use std::io::Write;

    const TEXT: &[u8] = b"The ferry to Sandermouth runs again.";

    /// A frame of pages: the number of the first, and for each its name, its text and where that is said to be.
    fn pages(first: u64, listed: &[(&str, &[u8], std::ops::Range<u64>)]) -> (Kind, u64, Vec<u8>) {
        let (mut raw, mut cursor) = (Vec::new(), Cursor::at(0));
        packed::write(&mut raw, 0);
        for (name, text, piece) in listed {
            let (size, pieces) = (piece.end - piece.start, vec![piece.clone()]);
            let name = name.as_bytes().to_vec();
            Entry { name, is_record: false, written: Written::Plain, size, sha256: sha256(text), pieces }
                .write(&mut cursor, &mut raw);
        }
        (Kind::Pages, first, raw)
    }

    /// An archive of these frames, whose index may number them otherwise.
    fn forged(frames: &[(Kind, u64, Vec<u8>)], numbered: impl Fn(u64) -> u64, count: u64) -> Archive {
        let mut bytes = HEAD.to_vec();
        let mut listed = Vec::new();
        for (kind, number, raw) in frames {
            listed.push(Listed { kind: *kind, number: numbered(*number), at: bytes.len() as u64 });
            bytes.extend(Frame::make(*kind, *number, raw, Effort::High).unwrap());
        }
        let at = bytes.len() as u64;
        bytes.extend(index::make(&Index { pages: count, text: TEXT.len() as u64, frames: listed }, at).unwrap());
        opened(&bytes)
    }

    fn opened(bytes: &[u8]) -> Archive {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut archive = Archive::open(file.path()).unwrap();
        archive.unpack_into(&std::env::temp_dir()).unwrap();
        archive
    }

    /// Every page that is listed, and what is given for it.
    fn given(archive: &Archive) -> Vec<Result<Vec<u8>, Damage>> {
        let listed = archive.pages().flat_map(|listed| listed.unwrap().map(|pages| pages.entries).unwrap_or_default());
        listed.map(|entry| archive.bytes(&entry)).collect()
    }

    fn lost(archive: &Archive) -> Vec<(u64, Option<u64>)> {
        archive.pages().filter_map(|listed| listed.unwrap().err()).map(|lost| (lost.first, lost.count)).collect()
    }

    fn text() -> (Kind, u64, Vec<u8>) {
        (Kind::Text, 0, TEXT.to_vec())
    }

    #[test]
    fn a_page_that_is_not_what_its_digest_says_is_not_given() {
        let listed = [
            ("right", TEXT, 0..36),
            ("wrong", &b"another text"[..], 0..36),
            ("beyond", TEXT, 5..41),
            ("far", TEXT, u64::MAX - 40..u64::MAX - 4),
        ];
        let archive = forged(&[text(), pages(0, &listed)], |number| number, 4);
        assert_eq!(given(&archive), [Ok(TEXT.to_vec()), Err(Damage::Digest), Err(Damage::Text), Err(Damage::Text)]);
        assert_eq!(lost(&archive), []);
    }

    #[test]
    fn text_at_no_place_in_the_world_is_not_given() {
        let far = (Kind::Text, u64::MAX - 9, TEXT.to_vec());
        let archive = forged(&[far, pages(0, &[("a", TEXT, u64::MAX - 9..u64::MAX - 2)])], |number| number, 1);
        assert_eq!(given(&archive), [Err(Damage::Text)]);
        let none = forged(&[pages(0, &[("a", TEXT, 0..36)])], |number| number, 1);
        assert_eq!(given(&none), [Err(Damage::Text)]);
    }

    #[test]
    fn what_the_list_leaves_out_is_told() {
        let one = [("a", TEXT, 0..36)];
        assert_eq!(lost(&forged(&[text(), pages(0, &one)], |number| number, 3)), [(1, Some(2))]);
        assert_eq!(lost(&forged(&[text(), pages(5, &one)], |number| number, 6)), [(0, Some(5))]);
        let (kind, number, mut raw) = pages(0, &one);
        raw.truncate(raw.len() - 1);
        assert_eq!(lost(&forged(&[text(), (kind, number, raw)], |number| number, 1)), [(0, Some(1))]);
        assert_eq!(lost(&forged(&[text(), (Kind::Pages, 0, Vec::new())], |number| number, 1)), [(0, Some(1))]);
        let renamed = forged(&[text(), pages(2, &one)], |number| number / 2, 2);
        assert_eq!((lost(&renamed), given(&renamed)), (vec![(0, Some(1)), (1, Some(1))], vec![]));
    }

    #[test]
    fn an_index_that_is_none_is_not_believed() {
        let frame = |kind| Frame::make(kind, 0, TEXT, Effort::High).unwrap();
        for (kind, at) in [(Kind::Text, HEAD.len() as u64), (Kind::Index, HEAD.len() as u64), (Kind::Text, u64::MAX)] {
            let archive = opened(&[HEAD, &frame(kind), &at.to_le_bytes(), b"ndup end"].concat());
            assert_eq!((archive.count, archive.is_damaged, given(&archive).len()), (None, true, 0));
        }
    }
}
