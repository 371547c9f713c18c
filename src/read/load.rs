//! The first time that every page is read: files one by one, containers record by record.
//!
//! Files are read by all threads, shelf by shelf; a small container is opened by the thread that meets it. What is
//! large, or a stream, comes afterwards, one at a time: a thread reads it and hands its records in batches to all
//! others. The order of the pages is that of the sources in any case.

use super::containers::{self, Input, Opener};
use super::file::{First, open_container, read_first};
use super::library::{Entry, Library, Origin, State as PageState};
use super::page::{Form, Page};
use super::shape::recognise;
use super::spool::Spool;
use super::state::{Begun, Beside, End, Found, Fresh, Made, State};
use super::take::{Origins, Said, Shelf, Taker};
use super::{Options, Room};
use crate::error::cause;
use crate::walk::Source;
use rayon::prelude::*;
use std::io;
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
    mut known: Option<State>,
    see: &(impl Fn(&Page) -> T + Sync),
) -> (Library, Vec<Option<T>>) {
    let spool = Spool::default();
    let beside = Beside { records: options.keep_records, originals: options.keep_originals };
    let taker = Taker { options, room, see, spool: &spool, known: known.as_ref() };
    let loader = Loader { options, taker, beside };
    let mut seen: Vec<Option<T>> = sources.iter().map(|_| None).collect();
    let mut entries: Vec<Entry> = sources.into_iter().map(unread).collect();
    let mut held: Vec<Box<[u8]>> = vec![Box::default(); entries.len().div_ceil(SHELF)];
    let shelves = entries.par_chunks_mut(SHELF).zip(seen.par_chunks_mut(SHELF)).zip(&mut held).enumerate();
    let containers = shelves.with_max_len(1).map(|(at, ((entries, seen), held))| {
        let mut shelf = loader.shelf(at as u32);
        let mut containers = Vec::new();
        for (index, (entry, seen)) in entries.iter_mut().zip(seen).enumerate() {
            match loader.meet(entry, &mut shelf) {
                Met::Page(shown) => *seen = shown,
                Met::Container(opened) => containers.push((at * SHELF + index, opened)),
            }
        }
        loader.append(shelf.fresh.as_mut(), b"");
        *held = shelf.held.into_boxed_slice();
        containers
    });
    let containers: Vec<(usize, Opened<T>)> = containers.collect::<Vec<_>>().into_iter().flatten().collect();
    let mut library = Library { entries, held, ..Library::default() };
    if !containers.is_empty() {
        seen = loader.put_in_place(&mut library, seen, containers);
    }
    library.changed = library.entries.iter().map(|_| AtomicBool::new(false)).collect();
    known.iter_mut().for_each(State::forget);
    (library.spool, library.known) = (spool, known);
    (library, seen)
}

fn unread(source: Source) -> Entry {
    Entry { origin: Origin::Source(source), state: PageState::Held { shelf: 0, range: 0..0, form: Form::Plain } }
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

    /// Adds what one thread worked on; what it holds becomes a shelf of its own.
    fn add_all(&mut self, mut run: Run<T>, known: Option<&State>, held: &mut Vec<Box<[u8]>>) {
        for (entry, _) in run.taken.iter_mut().flatten() {
            if let PageState::Held { shelf, .. } = &mut entry.state {
                *shelf = held.len() as u32;
            }
        }
        held.push(run.held.into_boxed_slice());
        run.taken.into_iter().for_each(|taken| self.add(taken));
        known.iter().for_each(|known| known.append(std::mem::take(&mut run.frames)));
    }
}

/// Records that one thread worked on.
struct Run<T> {
    taken: Vec<Option<(Entry, Option<T>)>>,
    held: Vec<u8>,
    /// What is new in the state.
    frames: Vec<io::Result<Made>>,
    /// Whether the source cannot be kept in the state.
    is_lost: bool,
}

/// What a source turned out to be.
enum Met<T> {
    /// A page, or nothing that can be read; its entry says which.
    Page(Option<T>),
    Container(Opened<T>),
}

/// How far a container was opened.
enum Opened<T> {
    /// All that is in it.
    Whole(Records<T>),
    /// Nothing yet: it has to wait.
    Later(Option<Begun>),
    /// It was read in a run before, and has to wait.
    Known(Found),
}

struct Loader<'l, S> {
    options: &'l Options,
    taker: Taker<'l, S>,
    /// What is wanted beside pages.
    beside: Beside,
}

impl<T: Send, S: Fn(&Page) -> T + Sync> Loader<'_, S> {
    /// Reads a source, if it is a page; opens it, if it is a small container.
    fn meet(&self, entry: &mut Entry, shelf: &mut Shelf) -> Met<T> {
        let Origin::Source(source) = &entry.origin else { return Met::Page(None) };
        let path = match source {
            Source::Unreadable(unreadable) => {
                entry.state = PageState::Skipped(unreadable.reason.as_str().into());
                return Met::Page(None);
            }
            Source::File(path) if !source.is_read_once() => path,
            _ => return Met::Container(Opened::Later(None)),
        };
        if let Some(found) = self.taker.known.and_then(|known| known.find(source.name(), path, self.beside)) {
            let (met, state) = self.meet_again(found, source.name(), shelf);
            state.into_iter().for_each(|state| entry.state = state);
            return met;
        }
        self.taker.known.iter().for_each(|known| known.count_read());
        let recognise = |head: &[u8]| recognise(head, source.name(), self.options.containers.format);
        let (state, seen) = match read_first(path, self.options.max_page_size, recognise) {
            Ok(First::Container { large: true, begun, .. }) => return Met::Container(Opened::Later(Some(begun))),
            Ok(First::Container { file, begun, .. }) => {
                let mut records = Records::new();
                let is_read = self.open(Input::File(file), source, &mut |found| {
                    records.add(self.taker.take(found, shelf));
                    self.flush(shelf.fresh.as_mut(), source);
                    true
                });
                shelf.fresh.iter_mut().filter(|_| !is_read).for_each(Fresh::lose);
                self.end(shelf.fresh.as_mut(), source, &begun, Some(&records));
                return Met::Container(Opened::Whole(records));
            }
            Ok(First::Page(buffer, shape, begun)) => {
                let taken = self.taker.page(source.name(), buffer, (shape, Said::Nothing), Origins::File, shelf);
                self.end::<T>(shelf.fresh.as_mut(), source, &begun, None);
                taken
            }
            Err(why) => (PageState::Skipped(why.into()), None),
        };
        entry.state = state;
        Met::Page(seen)
    }

    /// Opens a container; `false` if the system failed to read it.
    fn open(&self, input: Input, source: &Source, sink: &mut dyn FnMut(containers::Found) -> bool) -> bool {
        Opener::open(input, source.name(), &self.options.containers, self.options.max_page_size, sink)
    }

    /// As [`Loader::open`], and hands on what is found in batches.
    fn open_in(
        &self,
        input: Input,
        source: &Source,
        mut batches: Batches<impl FnMut(Vec<containers::Found>) -> bool>,
    ) -> bool {
        let is_read = self.open(input, source, &mut |found| batches.add(found));
        batches.hand_on();
        is_read
    }

    /// Opens what is large, or a stream, with all threads. What it was before is said of a file.
    fn open_later(
        &self,
        source: &Source,
        begun: Option<Begun>,
        held: &mut Vec<Box<[u8]>>,
    ) -> Result<Records<T>, String> {
        let input = open_container(source).map_err(|error| cause(&error))?;
        let mut records = Records::new();
        let mut fresh = begun.and_then(|_| self.fresh());
        fresh.iter_mut().for_each(|fresh| fresh.begin(source.name()));
        let mut take = |batch| self.take_all(batch, source, fresh.as_mut(), &mut records, held);
        let is_read = if rayon::current_num_threads() == 1 {
            let batches = Batches::new(|batch| {
                take(batch);
                true
            });
            self.open_in(input, source, batches)
        } else {
            std::thread::scope(|scope| {
                let (send, receive) = sync_channel(1);
                let batches = Batches::new(move |batch| send.send(batch).is_ok());
                let reading = scope.spawn(move || self.open_in(input, source, batches));
                receive.into_iter().for_each(&mut take);
                reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        };
        fresh.iter_mut().filter(|_| !is_read).for_each(Fresh::lose);
        if let Some(begun) = begun {
            self.end(fresh.as_mut(), source, &begun, Some(&records));
            self.append(fresh.as_mut(), b"");
        }
        Ok(records)
    }

    /// Works on a batch of what was found in a source with all threads.
    fn take_all(
        &self,
        batch: Vec<containers::Found>,
        source: &Source,
        mut fresh: Option<&mut Fresh>,
        records: &mut Records<T>,
        held: &mut Vec<Box<[u8]>>,
    ) {
        self.append(fresh.as_deref_mut(), source.name());
        let runs = batch.into_par_iter().chunks(RUN).map(|run| {
            let mut shelf = Shelf::new(0, fresh.is_some().then(|| self.fresh()).flatten());
            shelf.fresh.iter_mut().for_each(Fresh::go_on);
            let take = |found| {
                let taken = self.taker.take(found, &mut shelf);
                shelf.fresh.iter_mut().for_each(|fresh| fresh.flush(source.name()));
                taken
            };
            let taken = run.into_iter().map(take).collect();
            let frames = shelf.fresh.iter_mut().flat_map(|fresh| fresh.take(source.name())).collect();
            Run { taken, held: shelf.held, frames, is_lost: shelf.fresh.is_some_and(|fresh| fresh.is_lost()) }
        });
        for run in runs.collect::<Vec<_>>() {
            fresh.iter_mut().filter(|_| run.is_lost).for_each(|fresh| fresh.lose());
            records.add_all(run, self.taker.known, held);
        }
    }

    /// Works with all threads on what was found in a source in a run before.
    fn take_again(&self, found: Found, held: &mut Vec<Box<[u8]>>) -> Records<T> {
        let mut records = Records { pages: Vec::with_capacity(found.pages.len()), ignored: found.end.ignored };
        let runs = found.pages.into_par_iter().chunks(RUN).map(|run| {
            let mut shelf = Shelf::new(0, None);
            let take = |(frame, page)| Some(self.taker.again_contained(frame, page, &mut shelf));
            Run { taken: run.into_iter().map(take).collect(), held: shelf.held, frames: Vec::new(), is_lost: false }
        });
        runs.collect::<Vec<_>>().into_iter().for_each(|run| records.add_all(run, None, held));
        records
    }

    /// A file that is unchanged since a run before; its state if it is a page.
    fn meet_again(&self, found: Found, name: &[u8], shelf: &mut Shelf) -> (Met<T>, Option<PageState>) {
        if !found.end.is_container {
            let page = found.pages.first().map(|(frame, page)| self.taker.again(name, *frame, page, shelf));
            let (state, seen) =
                page.unwrap_or_else(|| (PageState::Skipped("its page is not in the state".into()), None));
            return (Met::Page(seen), Some(state));
        }
        if found.pages.len() > SHELF {
            return (Met::Container(Opened::Known(found)), None);
        }
        let pages = found.pages.into_iter().map(|(frame, page)| self.taker.again_contained(frame, page, shelf));
        let records = Records { pages: pages.collect(), ignored: found.end.ignored };
        (Met::Container(Opened::Whole(records)), None)
    }

    fn shelf(&self, at: u32) -> Shelf {
        Shelf::new(at, self.fresh())
    }

    fn fresh(&self) -> Option<Fresh> {
        self.taker.known.map(|_| Fresh::default())
    }

    /// A file was read to its end: a page, or a container with these records.
    fn end<R>(&self, fresh: Option<&mut Fresh>, source: &Source, begun: &Begun, records: Option<&Records<R>>) {
        let (Some(fresh), Source::File(path)) = (fresh, source) else { return };
        let (pages, ignored) = records.map_or((1, 0), |records| (records.pages.len() as u64, records.ignored));
        let (is_container, beside) = (records.is_some(), self.beside);
        let end = begun.end(path).map(|stamp| End { stamp, is_container, ignored, pages, beside });
        fresh.end(source.name(), end);
        self.flush(Some(fresh), source);
    }

    /// Appends to the state what makes a frame; the source is being read.
    fn flush(&self, fresh: Option<&mut Fresh>, source: &Source) {
        if let (Some(fresh), Some(known)) = (fresh, self.taker.known) {
            fresh.flush(source.name());
            known.append(fresh.ready());
        }
    }

    /// Appends to the state what is new; `source` is being read if one is.
    fn append(&self, fresh: Option<&mut Fresh>, source: &[u8]) {
        if let (Some(fresh), Some(known)) = (fresh, self.taker.known) {
            known.append(fresh.take(source));
        }
    }

    /// Opens the containers that had to wait, and puts all records where their containers stood.
    fn put_in_place(
        &self,
        library: &mut Library,
        seen: Vec<Option<T>>,
        containers: Vec<(usize, Opened<T>)>,
    ) -> Vec<Option<T>> {
        let mut containers = containers.into_iter().peekable();
        let entries = std::mem::take(&mut library.entries);
        let mut all_seen = Vec::with_capacity(entries.len());
        for (index, (entry, seen)) in entries.into_iter().zip(seen).enumerate() {
            let opened = containers.next_if(|(at, _)| *at == index);
            let (Some((_, opened)), Origin::Source(source)) = (opened, &entry.origin) else {
                library.entries.push(entry);
                all_seen.push(seen);
                continue;
            };
            let records = match opened {
                Opened::Whole(records) => Ok(records),
                Opened::Later(begun) => self.open_later(source, begun, &mut library.held),
                Opened::Known(found) => Ok(self.take_again(found, &mut library.held)),
            };
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
                    library.entries.push(Entry { state: PageState::Skipped(why.into()), ..entry });
                    all_seen.push(None);
                }
            }
        }
        all_seen
    }
}

/// Gathers what is found until it is worth handing on.
struct Batches<F> {
    batch: Vec<containers::Found>,
    bytes: usize,
    hand: F,
}

impl<F: FnMut(Vec<containers::Found>) -> bool> Batches<F> {
    fn new(hand: F) -> Batches<F> {
        Batches { batch: Vec::new(), bytes: 0, hand }
    }

    /// Whether more is wanted.
    fn add(&mut self, found: containers::Found) -> bool {
        self.bytes += found.content.bytes();
        self.batch.push(found);
        self.batch.len() < BATCH.0 && self.bytes < BATCH.1 || self.hand_on()
    }

    fn hand_on(&mut self) -> bool {
        self.bytes = 0;
        (self.hand)(std::mem::take(&mut self.batch))
    }
}
