//! Files that hold more than a page, or a page packed smaller → what they hold, one after the other.
//!
//! Whatever is nested is opened too: a compressed tar archive of JSONL files gives the records of these. A container
//! is read once, from its beginning, with a bounded part of it in memory; only zip archives and Parquet tables, whose
//! directory stands at the end, are copied to a temporary file first if they are nested in something else.
//!
//! Damage ends what is damaged and nothing else: what was readable before it is there, and a [`Content::Broken`]
//! says where it is.

#[cfg(feature = "compression")]
mod compressed;
mod csv;
#[cfg(feature = "compression")]
mod expanding;
#[cfg(any(feature = "compression", feature = "parquet"))]
mod growth;
#[cfg(feature = "compression")]
mod gzip;
mod http;
pub mod jsonl;
mod limits;
#[cfg(feature = "archives")]
mod members;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "archives")]
mod tar;
mod warc;
#[cfg(not(all(feature = "compression", feature = "archives", feature = "parquet")))]
mod without;
#[cfg(feature = "archives")]
mod zip;

use super::record::{self, About, Fields, Record};
use super::shape::{self, Archive, Format, Shape};
use super::take::Said;
use crate::error::cause;
use crate::walk::Globs;
use limits::{Counted, Watched, read_page};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;
use std::sync::Arc;

pub use http::page_of as page_of_response;

/// What decides how containers are opened.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What pages are written in, whatever they look like.
    pub format: Option<Format>,
    /// Which fields of a record are read.
    pub fields: Fields,
    /// Which files of an archive are pages.
    pub members: Members,
}

/// Which files of an archive are pages; the same rules hold as below a folder.
#[derive(Debug, Clone, Default)]
pub struct Members {
    /// If not empty, only those that match one of these.
    pub include: Globs,
    /// None that match one of these.
    pub exclude: Globs,
    /// Those below a name that starts with a dot, too.
    pub hidden: bool,
}

/// A part of a container.
#[derive(Debug)]
pub struct Found {
    /// What the page is called: raw bytes.
    pub name: Vec<u8>,
    /// Which record it is, if it is one.
    pub record: Option<Record>,
    /// What was found.
    pub content: Content,
}

/// What a part of a container is; it may need more work, for which any thread will do.
#[derive(Debug)]
pub enum Content {
    /// A page as it stands, and what it is.
    Page(Vec<u8>, Shape),
    /// A page in text or markup, and what is said of its encoding.
    Text(Vec<u8>, Said),
    /// A line that should be a JSON object.
    Line(Vec<u8>),
    /// What a web server answered, with its header.
    Response(Vec<u8>),
    /// No page; why.
    Broken(String),
    /// Passed over by rule.
    Other,
}

impl Content {
    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Content::Page(bytes, _) | Content::Text(bytes, _) | Content::Line(bytes) | Content::Response(bytes) => {
                bytes.len()
            }
            Content::Broken(why) => why.len(),
            Content::Other => 0,
        }
    }
}

/// Whether more of a container is wanted.
pub type Wanted = bool;

/// Opens one container, and what is nested in it.
pub struct Opener<'o> {
    options: &'o Options,
    max_page_size: u64,
    sink: &'o mut dyn FnMut(Found) -> Wanted,
    /// Bytes read of the outermost file.
    read: Rc<Cell<u64>>,
    /// Whether the system failed to read it, or to write what has to be read from a file.
    has_failed: Rc<Cell<bool>>,
    /// Whether they say where reading stands, which they do not in a file that is read here and there.
    in_order: bool,
    #[cfg(any(feature = "compression", feature = "parquet"))]
    growth: growth::Growth,
}

/// Where a stream stands.
#[derive(Debug, Clone)]
struct Place {
    /// What it is called if it is a page.
    name: Vec<u8>,
    /// The part of the name that tells what it is: without the ending of a compression.
    hint: Vec<u8>,
    record: Option<Record>,
    /// In how many things it is nested.
    depth: u8,
}

/// Containers in containers in containers; more are refused.
const DEPTH: u8 = 8;

/// What ended a stream early.
enum Stop {
    /// It cannot be read, or no further, for a reason that has no place.
    Broken(String),
    /// Damage, at the place that reading had come to.
    Damaged(String),
    /// Nobody wants more.
    Unwanted,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Damaged(cause(&error))
    }
}

type Opened = Result<(), Stop>;

/// What a container is read from.
pub enum Input {
    /// A file, from its first byte on.
    File(File),
    /// A stream, read once.
    Stream(Box<dyn Read + Send>),
}

impl Opener<'_> {
    /// Opens a container and hands what is found to `sink`, as long as that wants more. `false` if the system failed
    /// to read it, so that more may come of it another time.
    pub fn open(
        input: Input,
        name: &[u8],
        options: &Options,
        max_page_size: u64,
        sink: &mut dyn FnMut(Found) -> Wanted,
    ) -> bool {
        let (read, has_failed) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        let place = Place { name: name.to_vec(), hint: name.to_vec(), record: None, depth: 0 };
        let (stream, whole): (Box<dyn Read>, _) = match input {
            Input::Stream(stream) => (stream, None),
            Input::File(file) => match file.try_clone() {
                Ok(again) => (Box::new(file), Some(again)),
                Err(_) => (Box::new(file), None),
            },
        };
        let counted = Counted::new(Watched::new(stream, Rc::clone(&has_failed)), Rc::clone(&read));
        let mut opener = Opener {
            options,
            max_page_size,
            sink,
            in_order: true,
            #[cfg(any(feature = "compression", feature = "parquet"))]
            growth: growth::Growth::new(Rc::clone(&read)),
            read,
            has_failed,
        };
        opener.stream(&place, Box::new(counted), whole.as_ref());
        !opener.has_failed.get()
    }
}

impl Opener<'_> {
    /// Opens what stands at a place; `whole` is the file, if the stream is one from its beginning.
    fn stream(&mut self, place: &Place, mut input: Box<dyn Read + '_>, whole: Option<&File>) -> Wanted {
        let mut head = Vec::new();
        let failed = input.by_ref().take(shape::HEAD as u64).read_to_end(&mut head).err();
        let shape = shape::recognise(&head, &place.hint, self.options.format);
        let rest: Box<dyn Read + '_> = Box::new(Cursor::new(head).chain(limits::Failing(failed)).chain(input));
        let input = BufReader::with_capacity(shape::HEAD, rest);
        match self.shaped(place, shape, input, whole) {
            Ok(()) => true,
            Err(Stop::Unwanted) => false,
            Err(Stop::Broken(why)) => self.broken(place, why),
            Err(Stop::Damaged(why)) => self.damaged(place, why),
        }
    }

    fn shaped(
        &mut self,
        place: &Place,
        shape: Shape,
        input: BufReader<Box<dyn Read + '_>>,
        whole: Option<&File>,
    ) -> Opened {
        if !shape.is_page() && place.depth >= DEPTH {
            return Err(Stop::Broken(format!("nested more than {DEPTH} deep")));
        }
        match shape {
            Shape::Compressed(compression) => self.compressed(place, compression, input),
            Shape::Archive(Archive::Tar) => self.tar(place, input),
            Shape::Archive(Archive::Zip) => self.zip(place, input, whole),
            Shape::Format(Format::Jsonl) => self.jsonl(place, input),
            Shape::Format(Format::Csv) => self.csv(place, input),
            Shape::Format(Format::Warc) => self.warc(place, input),
            Shape::Format(Format::Parquet) => self.parquet(place, input, whole),
            Shape::Format(Format::Text | Format::Html) | Shape::NotText(_) => self.page(place, shape, input),
        }
    }

    /// A page. If it breaks off, what there is of it is one all the same.
    fn page(&mut self, place: &Place, shape: Shape, mut input: impl Read) -> Opened {
        let (bytes, ended) = read_page(&mut input, self.max_page_size);
        match ended {
            Err(error) if bytes.is_empty() => Err(error.into()),
            Err(error) => {
                self.give(Found { content: Content::Page(bytes, shape), ..place.found() })?;
                Err(error.into())
            }
            Ok(false) => Err(Stop::Broken(super::file::too_large(self.max_page_size))),
            Ok(true) => self.give(Found { content: Content::Page(bytes, shape), ..place.found() }),
        }
    }

    fn give(&mut self, found: Found) -> Opened {
        if (self.sink)(found) { Ok(()) } else { Err(Stop::Unwanted) }
    }

    /// A record of a container that has no names for its records.
    fn record_in(&mut self, container: &Arc<[u8]>, number: u64, about: About, content: Content) -> Opened {
        let name = record::name(container, number.to_string().as_bytes());
        let about = (!about.is_empty()).then(|| Box::new(about));
        self.give(Found {
            name,
            record: Some(Record { container: Arc::clone(container), number, about, raw: None }),
            content,
        })
    }

    /// Something that is not readable, and why.
    fn broken(&mut self, place: &Place, why: String) -> Wanted {
        (self.sink)(Found { name: place.name.clone(), record: None, content: Content::Broken(why) })
    }

    /// Something that is damaged, and about where.
    fn damaged(&mut self, place: &Place, why: String) -> Wanted {
        let near = if self.in_order { format!(" (about byte {} of the file)", self.read.get()) } else { String::new() };
        self.broken(place, why + &near)
    }

    /// Counts more bytes that came out of the file.
    #[cfg(feature = "parquet")]
    fn grown(&self, bytes: u64) -> Opened {
        Ok(self.growth.add(bytes)?)
    }

    /// The file is read here and there: all of it counts as read.
    #[cfg(any(feature = "archives", feature = "parquet"))]
    fn read_all_of(&mut self, file: &File) -> io::Result<()> {
        let length = self.watched(file.metadata())?.len();
        self.read.set(self.read.get().max(length));
        self.in_order = false;
        Ok(())
    }

    /// The stream as a file that can be read from any place on.
    #[cfg(any(feature = "archives", feature = "parquet"))]
    fn seekable(&self, mut input: impl Read, whole: Option<&File>) -> io::Result<File> {
        if let Some(file) = whole {
            return self.watched(file.try_clone());
        }
        let mut copy = self.watched(tempfile::tempfile())?;
        self.watched(io::copy(&mut input, &mut copy))?;
        Ok(copy)
    }

    /// Notes whether the system failed, or may have.
    #[cfg(any(feature = "archives", feature = "parquet"))]
    fn watched<T, E>(&self, done: Result<T, E>) -> Result<T, E> {
        self.has_failed.set(self.has_failed.get() || done.is_err());
        done
    }
}

impl Place {
    fn found(&self) -> Found {
        Found { name: self.name.clone(), record: self.record.clone(), content: Content::Other }
    }
}
