//! The first time that every page is read: files one by one, containers record by record.
//!
//! Files are read by all threads, shelf by shelf; a small container is opened by the thread that meets it. What is
//! large, or a stream, comes afterwards, one at a time: a thread reads it and hands its records in batches to all
//! others. The order of the pages is that of the sources in any case.

use super::containers::{Found, Input, Opener};
use super::file::{First, open_container, read_first};
use super::library::{Entry, Library, Origin, State};
use super::page::{Form, Page};
use super::shape::recognise;
use super::spool::Spool;
use super::take::{Origins, Said, Shelf, Taker};
use super::{Options, Room};
use crate::error::cause;
use crate::walk::Source;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::sync_channel;

/// Sources on one shelf; the last one may have fewer. What a shelf holds is one piece of memory: the
/// system hands out pieces of the size of a page at some cost.
const SHELF: usize = 64;
/// Records of a large container that are worked on together: so many, or so many bytes.
const BATCH: (usize, usize) = (8192, 8 << 20);
/// Records of a batch that one thread works on in a row.
const RUN: usize = 64;

/// See [`Library::load`].
pub fn load<T: Send>(
    sources: Vec<Source>,
    options: &Options,
    room: &Room,
    see: &(impl Fn(&Page) -> T + Sync),
) -> (Library, Vec<Option<T>>) {
    let spool = Spool::default();
    let loader = Loader { options, taker: Taker { options, room, see, spool: &spool } };
    let mut seen: Vec<Option<T>> = sources.iter().map(|_| None).collect();
    let mut entries: Vec<Entry> = sources.into_iter().map(unread).collect();
    let mut held: Vec<Box<[u8]>> = vec![Box::default(); entries.len().div_ceil(SHELF)];
    let shelves = entries.par_chunks_mut(SHELF).zip(seen.par_chunks_mut(SHELF)).zip(&mut held).enumerate();
    let containers = shelves.with_max_len(1).map(|(at, ((entries, seen), held))| {
        let mut shelf = Shelf::new(at as u32);
        let mut containers = Vec::new();
        for (index, (entry, seen)) in entries.iter_mut().zip(seen).enumerate() {
            match loader.meet(entry, &mut shelf) {
                Met::Page(shown) => *seen = shown,
                Met::Container(opened) => containers.push((at * SHELF + index, opened)),
            }
        }
        *held = shelf.held.into_boxed_slice();
        containers
    });
    let containers: Vec<(usize, Option<Records<T>>)> = containers.collect::<Vec<_>>().into_iter().flatten().collect();
    let mut library = Library { entries, held, ..Library::default() };
    if !containers.is_empty() {
        seen = loader.put_in_place(&mut library, seen, containers);
    }
    library.changed = library.entries.iter().map(|_| AtomicBool::new(false)).collect();
    library.spool = spool;
    (library, seen)
}

fn unread(source: Source) -> Entry {
    Entry { origin: Origin::Source(source), state: State::Held { shelf: 0, range: 0..0, form: Form::Plain } }
}

/// What was in a container.
struct Records<T> {
    /// Its pages, with what was seen of each.
    pages: Vec<(Entry, Option<T>)>,
    /// How many of its records were passed over by rule.
    ignored: u64,
}

impl<T> Records<T> {
    fn new() -> Records<T> {
        Records { pages: Vec::new(), ignored: 0 }
    }

    fn add(&mut self, taken: Option<(Entry, Option<T>)>) {
        match taken {
            Some(page) => self.pages.push(page),
            None => self.ignored += 1,
        }
    }
}

/// What a source turned out to be.
enum Met<T> {
    /// A page, or nothing that can be read; its entry says which.
    Page(Option<T>),
    /// A container: what is in it, or nothing yet if it has to wait.
    Container(Option<Records<T>>),
}

struct Loader<'l, S> {
    options: &'l Options,
    taker: Taker<'l, S>,
}

impl<T: Send, S: Fn(&Page) -> T + Sync> Loader<'_, S> {
    /// Reads a source, if it is a page; opens it, if it is a small container.
    fn meet(&self, entry: &mut Entry, shelf: &mut Shelf) -> Met<T> {
        let Origin::Source(source) = &entry.origin else { return Met::Page(None) };
        let path = match source {
            Source::Unreadable(unreadable) => {
                entry.state = State::Skipped(unreadable.reason.as_str().into());
                return Met::Page(None);
            }
            Source::File(path) if !source.is_read_once() => path,
            _ => return Met::Container(None),
        };
        let recognise = |head: &[u8]| recognise(head, source.name(), self.options.containers.format);
        let (state, seen) = match read_first(path, self.options.max_page_size, recognise) {
            Ok(First::Container { large: true, .. }) => return Met::Container(None),
            Ok(First::Container { file, .. }) => {
                let mut records = Records::new();
                self.open(Input::File(file), source, &mut |found| {
                    records.add(self.taker.take(found, shelf));
                    true
                });
                return Met::Container(Some(records));
            }
            Ok(First::Page(buffer, shape)) => {
                self.taker.page(source.name(), buffer, (shape, Said::Nothing), Origins::File, shelf)
            }
            Err(why) => (State::Skipped(why.into()), None),
        };
        entry.state = state;
        Met::Page(seen)
    }

    fn open(&self, input: Input, source: &Source, sink: &mut dyn FnMut(Found) -> bool) {
        Opener::open(input, source.name(), &self.options.containers, self.options.max_page_size, sink);
    }

    /// Opens what is large, or a stream, with all threads.
    fn open_later(&self, source: &Source, held: &mut Vec<Box<[u8]>>) -> Result<Records<T>, String> {
        let input = open_container(source).map_err(|error| cause(&error))?;
        let mut records = Records::new();
        let mut take = |batch| self.take_all(batch, &mut records, held);
        if rayon::current_num_threads() == 1 {
            let mut batches = Batches::new(|batch| {
                take(batch);
                true
            });
            self.open(input, source, &mut |found| batches.add(found));
            batches.hand_on();
        } else {
            std::thread::scope(|scope| {
                let (send, receive) = sync_channel(1);
                scope.spawn(move || {
                    let mut batches = Batches::new(|batch| send.send(batch).is_ok());
                    self.open(input, source, &mut |found| batches.add(found));
                    batches.hand_on();
                });
                receive.into_iter().for_each(&mut take);
            });
        }
        Ok(records)
    }

    /// Works on a batch with all threads; what they hold becomes shelves of its own.
    fn take_all(&self, batch: Vec<Found>, records: &mut Records<T>, held: &mut Vec<Box<[u8]>>) {
        let runs = batch.into_par_iter().chunks(RUN).map(|run| {
            let mut shelf = Shelf::new(0);
            let taken: Vec<_> = run.into_iter().map(|found| self.taker.take(found, &mut shelf)).collect();
            (taken, shelf.held)
        });
        for (mut taken, bytes) in runs.collect::<Vec<_>>() {
            for (entry, _) in taken.iter_mut().flatten() {
                if let State::Held { shelf, .. } = &mut entry.state {
                    *shelf = held.len() as u32;
                }
            }
            held.push(bytes.into_boxed_slice());
            taken.into_iter().for_each(|taken| records.add(taken));
        }
    }

    /// Opens the containers that had to wait, and puts all records where their containers stood.
    fn put_in_place(
        &self,
        library: &mut Library,
        seen: Vec<Option<T>>,
        containers: Vec<(usize, Option<Records<T>>)>,
    ) -> Vec<Option<T>> {
        let mut containers = containers.into_iter().peekable();
        let entries = std::mem::take(&mut library.entries);
        let mut all_seen = Vec::with_capacity(entries.len());
        for (index, (entry, seen)) in entries.into_iter().zip(seen).enumerate() {
            let opened = containers.next_if(|(at, _)| *at == index);
            let (Some((_, records)), Origin::Source(source)) = (opened, &entry.origin) else {
                library.entries.push(entry);
                all_seen.push(seen);
                continue;
            };
            let records = records.map_or_else(|| self.open_later(source, &mut library.held), Ok);
            match records {
                Ok(Records { pages, ignored }) => {
                    // A container with nothing in it is passed over itself.
                    library.ignored += if pages.is_empty() { ignored.max(1) } else { ignored };
                    for (entry, seen) in pages {
                        library.entries.push(entry);
                        all_seen.push(seen);
                    }
                    let Origin::Source(source) = entry.origin else { continue };
                    library.containers.push(source);
                }
                Err(why) => {
                    library.entries.push(Entry { state: State::Skipped(why.into()), ..entry });
                    all_seen.push(None);
                }
            }
        }
        all_seen
    }
}

/// Gathers what is found until it is worth handing on.
struct Batches<F> {
    batch: Vec<Found>,
    bytes: usize,
    hand: F,
}

impl<F: FnMut(Vec<Found>) -> bool> Batches<F> {
    fn new(hand: F) -> Batches<F> {
        Batches { batch: Vec::new(), bytes: 0, hand }
    }

    /// Whether more is wanted.
    fn add(&mut self, found: Found) -> bool {
        self.bytes += found.content.bytes();
        self.batch.push(found);
        self.batch.len() < BATCH.0 && self.bytes < BATCH.1 || self.hand_on()
    }

    fn hand_on(&mut self) -> bool {
        self.bytes = 0;
        (self.hand)(std::mem::take(&mut self.batch))
    }
}
