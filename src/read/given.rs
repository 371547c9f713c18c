//! Pages out of bytes that somebody else has read: whole files, and lines of JSON files too large to be read as one.
//! They become what they would be if the file was read here, and can be packed and put on a shelf again later.

use super::buffer::Buffer;
use super::containers::{Content, Found, Input, Opener};
use super::library::{Contained, Entry, Library, Origin, State};
use super::page::{Form, Page};
use super::record::{Record, name as record_name};
use super::shape::{HEAD, recognise};
use super::spool::Spool;
use super::take::{Origins, Said, Shelf, Taker};
use super::{Options, Room, file::too_large};
use encoding_rs::Encoding;
use std::io::Cursor;
use std::sync::atomic::AtomicBool;

/// A page, or why there is none.
pub struct Given<T> {
    /// Its name: raw bytes.
    pub name: Vec<u8>,
    /// Which record of a container it is, if it is one.
    pub record: Option<Record>,
    /// What is kept of it, and what was seen of it; or why it is none.
    pub page: Result<(Packed, T), String>,
}

/// What is kept of a page.
pub struct Packed {
    /// The bytes that are kept.
    pub bytes: Vec<u8>,
    /// How the text stands in them: `plain`, `shown`, or the name of an encoding.
    pub form: &'static str,
    /// Length of the page as stored, in bytes.
    pub size: u64,
}

/// The pages of a file, and how many of its records were passed over by rule.
pub fn file<T>(
    name: &[u8],
    bytes: Vec<u8>,
    options: &Options,
    see: &(impl Fn(&Page) -> T + Sync),
) -> (Vec<Given<T>>, u64) {
    let shape = recognise(&bytes[..bytes.len().min(HEAD)], name, options.containers.format);
    let (spool, room) = (Spool::default(), Room::beside(0, u64::MAX));
    let taker = Taker { options, room: &room, see, spool: &spool, known: None };
    let limit = options.max_page_size;
    let mut given = Vec::new();
    if shape.is_page() {
        let mut shelf = Shelf::new(0, None);
        let (state, seen) = if bytes.len() as u64 > limit {
            (State::Skipped(too_large(limit).into()), None)
        } else {
            taker.page(name, Buffer::of(bytes), (shape, Said::Nothing), Origins::Container(None), &mut shelf)
        };
        given.push(packed(name.to_vec(), None, state, seen, &shelf));
        return (given, 0);
    }
    let mut ignored = 0;
    let stream = Input::Stream(Box::new(Cursor::new(bytes)));
    Opener::open(stream, name, &options.containers, limit, &mut |found| {
        match take(&taker, found) {
            Some(page) => given.push(page),
            None => ignored += 1,
        }
        true
    });
    // A container with nothing in it is passed over itself.
    let ignored = if given.is_empty() { ignored.max(1) } else { ignored };
    (given, ignored)
}

/// The page of a line of JSON; nothing if it is passed over by rule.
pub fn line<T>(
    container: &[u8],
    number: u64,
    line: Vec<u8>,
    options: &Options,
    see: &(impl Fn(&Page) -> T + Sync),
) -> Option<Given<T>> {
    let (spool, room) = (Spool::default(), Room::beside(0, u64::MAX));
    let taker = Taker { options, room: &room, see, spool: &spool, known: None };
    let name = record_name(container, number.to_string().as_bytes());
    let record = Record { container: container.into(), number, about: None, raw: None };
    take(&taker, Found { name, record: Some(record), content: Content::Line(line) })
}

fn take<T, S: Fn(&Page) -> T + Sync>(taker: &Taker<S>, found: Found) -> Option<Given<T>> {
    let mut shelf = Shelf::new(0, None);
    let (Entry { origin, state }, seen) = taker.take(found, &mut shelf)?;
    let Origin::Container(contained) = origin else { return None };
    let Contained { name, record, .. } = *contained;
    Some(packed(name.into(), record, state, seen, &shelf))
}

fn packed<T>(name: Vec<u8>, record: Option<Record>, state: State, seen: Option<T>, shelf: &Shelf) -> Given<T> {
    let page = match (state, seen) {
        (State::Held { range, form, .. }, Some(seen)) => {
            let bytes = shelf.held[range].to_vec();
            let size = form.size(bytes.len() as u64);
            let form = match form {
                Form::Plain => PLAIN,
                Form::Shown(_) => SHOWN,
                Form::Encoded(encoding) => encoding.name(),
            };
            Ok((Packed { bytes, form, size }, seen))
        }
        (State::Skipped(why), _) => Err(why.into()),
        _ => Err("it takes more memory than there is".to_owned()),
    };
    Given { name, record, page }
}

const PLAIN: &str = "plain";
const SHOWN: &str = "shown";

/// Packed pages on a shelf.
#[derive(Default)]
pub struct Shelved {
    library: Library,
    held: Vec<u8>,
}

impl Shelved {
    /// Bytes on the shelf.
    pub fn bytes(&self) -> usize {
        self.held.len()
    }

    /// Adds a page that was packed; `None` if it was not packed so.
    pub fn add(&mut self, name: &[u8], record: Option<Record>, bytes: &[u8], form: &str, size: u64) -> Option<()> {
        let form = match form {
            PLAIN => Form::Plain,
            SHOWN => Form::Shown(size),
            encoding => Form::Encoded(Encoding::for_label(encoding.as_bytes())?),
        };
        let start = self.held.len();
        self.held.extend_from_slice(bytes);
        let origin = Origin::Container(Box::new(Contained { name: name.into(), record, original: None }));
        let state = State::Held { shelf: 0, range: start..self.held.len(), form };
        self.library.entries.push(Entry { origin, state });
        self.library.changed.push(AtomicBool::new(false));
        Some(())
    }

    /// All pages, in the order in which they were added.
    pub fn into_library(mut self) -> Library {
        self.library.held = vec![self.held.into_boxed_slice()];
        self.library
    }
}
