//! What was read → a page, shown once and kept where there is room.

use super::buffer::Buffer;
use super::containers::{Content, Found, jsonl, page_of_response};
use super::detect::{Stored, detect};
use super::library::{Contained, Entry, From, Origin, Seen, State as PageState, mark};
use super::page::{Bytes, Form, Page};
use super::record::{About, Record};
use super::shape::{Format, HEAD, Shape, recognise};
use super::spool::Spool;
use super::state::{Fresh, Item, State};
use super::{Options, Room, html, shown};
use crate::error::cause;
use encoding_rs::Encoding;
use std::ops::Range;

/// Memory that a shelf is given at once if its pages are likely to take so much, in bytes.
const FIRST: usize = 1 << 20;
/// Pages that are likely to stand on a shelf.
const LIKELY: usize = 64;

/// Pages that are held in one piece of memory.
pub struct Shelf {
    at: u32,
    /// The pages, one after the other.
    pub held: Vec<u8>,
    /// What is new in the state, if there is one.
    pub fresh: Option<Fresh>,
}

impl Shelf {
    /// An empty shelf, and its place among all; `fresh` gathers what is new in the state.
    pub fn new(at: u32, fresh: Option<Fresh>) -> Shelf {
        Shelf { at, held: Vec::new(), fresh }
    }
}

/// Where a page was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origins<'r> {
    /// It is a file, which can be read again.
    File,
    /// It stood in a container, as this record if it is one, or came in a stream.
    Container(Option<&'r Record>),
}

/// What is known of a page before it is looked at.
pub type Kind = (Shape, Said);

/// What is said of a page's encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Nothing,
    /// It must be UTF-8, well-formed or not, as in JSON.
    Utf8,
    /// The server that gave the page said so.
    Server(&'static Encoding),
}

/// Makes pages.
pub struct Taker<'t, S> {
    pub options: &'t Options,
    pub room: &'t Room,
    /// Is shown every page once.
    pub see: &'t S,
    /// For pages that find no room and cannot be read again.
    pub spool: &'t Spool,
    /// What was read in runs before.
    pub known: Option<&'t State>,
}

impl<T, S: Fn(&Page) -> T + Sync> Taker<'_, S> {
    /// What was found in a container, as a page; nothing if it is passed over.
    pub fn take(&self, found: Found, shelf: &mut Shelf) -> Option<(Entry, Option<T>)> {
        let Found { name, mut record, content } = found;
        if let (Content::Line(line), Some(record), true) = (&content, &mut record, self.options.keep_records) {
            let at = self.spool.append(line).ok();
            record.raw = at.map(|at| at..at + line.len() as u64);
            shelf.fresh.iter_mut().for_each(|fresh| fresh.raw(line));
        }
        let mut original = None;
        let (state, seen) = match self.read(content) {
            Ok(None) => return None,
            Err(why) => {
                let record = Some((&name[..], record.as_ref()));
                shelf.fresh.iter_mut().for_each(|fresh| fresh.page(record, Err(&why)));
                (PageState::Skipped(why.into()), None)
            }
            Ok(Some((bytes, kind, said))) => {
                if let (Some(record), false) = (&mut record, said.is_empty()) {
                    record.about = Some(Box::new(said));
                }
                self.room.another();
                match self.original(&bytes, kind.0, shelf) {
                    Ok(at) => {
                        original = at;
                        self.page(&name, Buffer::of(bytes), kind, Origins::Container(record.as_ref()), shelf)
                    }
                    Err(error) => (self.unkept(&error, shelf), None),
                }
            }
        };
        let origin = Origin::Container(Box::new(Contained { name: name.into(), record, original }));
        Some((Entry { origin, state }, seen))
    }

    /// Keeps a page as it is stored, if that is wanted later and something else is kept of it.
    fn original(&self, stored: &[u8], shape: Shape, shelf: &mut Shelf) -> std::io::Result<Option<u64>> {
        if !self.options.keep_originals || shape != Shape::Format(Format::Html) {
            return Ok(None);
        }
        shelf.fresh.iter_mut().for_each(|fresh| fresh.original(stored));
        self.spool.append(stored).map(Some)
    }

    /// The bytes of a page, and what is known of it; nothing if it is no page by its own word.
    fn read(&self, content: Content) -> Result<Option<(Vec<u8>, Kind, About)>, String> {
        let limit = self.options.max_page_size;
        let (bytes, encoding, about) = match content {
            Content::Page(bytes, shape) => return Ok(Some((bytes, (shape, Said::Nothing), About::default()))),
            Content::Text(bytes, said) => (bytes, said, About::default()),
            Content::Line(line) => {
                let (bytes, about) = jsonl::page_of(&line, &self.options.containers.fields)?;
                (bytes, Said::Utf8, about)
            }
            Content::Response(response) => match page_of_response(&response, limit)? {
                Some((bytes, encoding)) => (bytes, encoding.map_or(Said::Nothing, Said::Server), About::default()),
                None => return Ok(None),
            },
            Content::Broken(why) => return Err(why),
            Content::Other => return Ok(None),
        };
        if bytes.len() as u64 > limit {
            return Err(super::file::too_large(limit));
        }
        let kind = (self.shape(&bytes), encoding);
        Ok(Some((bytes, kind, about)))
    }

    /// A record is text or markup, whatever else its text may look like.
    fn shape(&self, bytes: &[u8]) -> Shape {
        let told = self.options.containers.format.filter(|format| matches!(format, Format::Text | Format::Html));
        match recognise(&bytes[..bytes.len().min(HEAD)], b"", told) {
            shape @ (Shape::Format(Format::Html) | Shape::NotText(_)) => shape,
            _ => Shape::Format(Format::Text),
        }
    }

    /// Makes a page of bytes, shows it, and keeps it where there is room.
    pub fn page(
        &self,
        name: &[u8],
        read: Buffer,
        kind: Kind,
        origin: Origins,
        shelf: &mut Shelf,
    ) -> (PageState, Option<T>) {
        let formed = self.form(read, kind);
        let record = if let Origins::Container(record) = origin { Some((name, record)) } else { None };
        if let Some(fresh) = &mut shelf.fresh {
            let what = formed.as_ref().map(|(kept, form)| (*form, kept.bytes())).map_err(String::as_str);
            fresh.page(record, what);
        }
        let (kept, form) = match formed {
            Ok(formed) => formed,
            Err(why) => return (PageState::Skipped(why.into()), None),
        };
        self.keep(name, kept, form, shelf, |kept| match (origin, form) {
            (Origins::File, Form::Plain | Form::Encoded(_)) => Ok(From::Source),
            _ => self.spool.append(kept).map(From::Spool),
        })
    }

    /// Shows a page and keeps it where there is room; `from` says where it can be read again.
    fn keep(
        &self,
        name: &[u8],
        kept: Buffer,
        form: Form,
        shelf: &mut Shelf,
        from: impl FnOnce(&[u8]) -> std::io::Result<From>,
    ) -> (PageState, Option<T>) {
        let bytes = kept.bytes().len() as u64;
        let page = Page::new(name, Bytes::Read(kept), form);
        let seen = (self.see)(&page);
        match page.into_kept() {
            Bytes::Read(kept) if self.room.take_for_text(bytes) => {
                if shelf.held.is_empty() {
                    shelf.held.reserve((LIKELY * kept.bytes().len()).min(FIRST));
                }
                (PageState::Held { shelf: shelf.at, range: kept.append_to(&mut shelf.held), form }, Some(seen))
            }
            kept => {
                let remembered = Seen { bytes, mark: mark(kept.get()) };
                match from(kept.get()) {
                    Ok(from) => (PageState::Again { seen: remembered, from, form }, Some(seen)),
                    Err(error) => (self.unkept(&error, shelf), None),
                }
            }
        }
    }

    /// Takes a page that was read in a run before, or why it was none.
    pub fn again(&self, name: &[u8], frame: u64, page: &Item, shelf: &mut Shelf) -> (PageState, Option<T>) {
        let (form, range) = match &page.what {
            Ok((form, range)) => (*form, range.clone()),
            Err(why) => return (PageState::Skipped(why.as_str().into()), None),
        };
        let at = range.start as u32;
        match self.kept(frame, range) {
            Ok(kept) if !shown::is_sound(kept.bytes(), form) => {
                (unknown(&std::io::ErrorKind::InvalidData.into()), None)
            }
            Ok(kept) => self.keep(name, kept, form, shelf, |_| Ok(From::State { frame, at })),
            Err(error) => (unknown(&error), None),
        }
    }

    /// Takes a page out of a container that was read in a run before.
    pub fn again_contained(&self, frame: u64, mut page: Item, shelf: &mut Shelf) -> (Entry, Option<T>) {
        let (name, mut record) = page.record.take().unwrap_or_default();
        self.room.another();
        let spooled = |range: Range<usize>| {
            let kept = self.kept(frame, range).map_err(|error| unknown(&error))?;
            let at = self.spool.append(kept.bytes()).map_err(|error| unkept(&error))?;
            Ok(at..at + kept.bytes().len() as u64)
        };
        if let Some(record) = &mut record {
            let raw = page.raw.clone().filter(|_| self.options.keep_records);
            record.raw = raw.and_then(|raw| spooled(raw).ok());
        }
        let original = page.original.clone().filter(|_| self.options.keep_originals).map(spooled).transpose();
        let (original, (state, seen)) = match original {
            Ok(original) => (original.map(|range| range.start), self.again(&name, frame, &page, shelf)),
            Err(why) => (None, (why, None)),
        };
        let origin = Origin::Container(Box::new(Contained { name: name.into(), record, original }));
        (Entry { origin, state }, seen)
    }

    fn kept(&self, frame: u64, range: Range<usize>) -> std::io::Result<Buffer> {
        self.known.ok_or(std::io::ErrorKind::NotFound)?.kept(frame, range)
    }

    fn unkept(&self, error: &std::io::Error, shelf: &mut Shelf) -> PageState {
        shelf.fresh.iter_mut().for_each(Fresh::lose);
        unkept(error)
    }

    /// What is kept of a page, and how its text stands there; or why it is none.
    fn form(&self, read: Buffer, (shape, said): Kind) -> Result<(Buffer, Form), String> {
        let stored = read.bytes();
        if let Shape::NotText(looks) = shape {
            return Err(format!("not a page: looks like {looks}"));
        }
        let is_html = shape == Shape::Format(Format::Html);
        if is_html && stored.len() > html::LONGEST {
            return Err(format!("larger than {} bytes, which no page in HTML is", html::LONGEST));
        }
        let encoding = if said == Said::Utf8 { None } else { self.encoding(stored, said, is_html)? };
        Ok(match encoding {
            _ if is_html => {
                let size = stored.len() as u64;
                (Buffer::of(shown::pack(stored, encoding)), Form::Shown(size))
            }
            Some(encoding) => (read, Form::Encoded(encoding)),
            None => (read, Form::Plain),
        })
    }

    /// The encoding of a page if it is not UTF-8; or why it is none. What a server or the markup says is often wrong,
    /// but hardly any other encoding looks like UTF-8.
    fn encoding(&self, stored: &[u8], said: Said, html: bool) -> Result<Option<&'static Encoding>, String> {
        let claimed = match said {
            Said::Server(encoding) => Some(encoding),
            _ if html => html::declared_encoding(&stored[..stored.len().min(HEAD)]),
            _ => None,
        };
        let claimed = claimed.filter(|_| simdutf8::basic::from_utf8(stored).is_err());
        match detect(stored, self.options.encoding.or(claimed)) {
            Stored::Binary => Err("not a page: looks like binary data".to_owned()),
            Stored::Encoded(encoding) => Ok(Some(encoding)),
            Stored::Utf8 => Ok(None),
        }
    }
}

fn unkept(error: &std::io::Error) -> PageState {
    let why = format!("it must be kept in the folder for temporary files (TMPDIR), which fails: {}", cause(error));
    PageState::Skipped(why.into())
}

fn unknown(error: &std::io::Error) -> PageState {
    PageState::Skipped(format!("it cannot be read from the state: {}", cause(error)).into())
}
