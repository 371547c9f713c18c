//! What was read in this run and is not in the state yet.

use super::item::{End, Item, write_end, write_head, write_item};
use super::stamp::Stamp;
use crate::frame::{Effort, Frame, Kind};
use crate::read::page::Form;
use crate::read::record::Record;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::time::SystemTime;

/// How much a frame keeps, in bytes; one page may take more by itself. A page is read again by unpacking its frame.
const FRAME: usize = 1 << 15;
/// Larger pages are not kept, in bytes: they are read again each time.
const LARGEST: usize = 1 << 28;

/// A file that is being read, with what the system said of it before.
#[derive(Debug, Clone, Copy)]
pub struct Begun {
    before: Stamp,
    now: SystemTime,
}

impl Begun {
    /// Reading begins now.
    pub fn now(before: Stamp) -> Begun {
        Begun { before, now: SystemTime::now() }
    }

    /// The stamp by which what was read counts as unchanged; `None` if the file changed meanwhile, or so short before
    /// that a further change might not show.
    pub fn end(&self, path: &Path) -> Option<Stamp> {
        let same = Stamp::at(path).is_ok_and(|after| after == self.before);
        (same && self.before.is_settled(self.now)).then_some(self.before)
    }
}

/// Sources that were read, ready to be appended to a state.
#[derive(Debug, Default)]
pub struct Fresh {
    kept: Vec<u8>,
    sources: Vec<u8>,
    open: Open,
    done: Vec<io::Result<Made>>,
}

/// A frame of what is kept with the one of its sources, as they stand in the file.
#[derive(Debug)]
pub struct Made {
    pub bytes: Vec<u8>,
    /// Length of both before they were compressed, in bytes.
    pub size: u64,
}

/// The source that is being read.
#[derive(Debug, Default)]
struct Open {
    /// Its pages since the last frame.
    pages: Vec<u8>,
    count: u64,
    /// Where what is kept of them begins.
    start: usize,
    /// Whether some of it is in a frame before.
    goes_on: bool,
    /// Whether it cannot be kept.
    is_lost: bool,
    raw: Option<usize>,
    original: Option<usize>,
}

impl Fresh {
    /// Keeps the record that the next page is made of.
    pub fn raw(&mut self, raw: &[u8]) {
        self.keep(raw);
        self.open.raw = Some(raw.len());
    }

    /// Keeps the next page as it is stored.
    pub fn original(&mut self, stored: &[u8]) {
        self.keep(stored);
        self.open.original = Some(stored.len());
    }

    /// Keeps a page, or why it is none. A page out of a container has a name, and perhaps a record.
    pub fn page(&mut self, record: Option<(&[u8], Option<&Record>)>, what: Result<(Form, &[u8]), &str>) {
        let beside = (self.open.raw.take(), self.open.original.take());
        let written = what.map(|(form, kept)| (form, kept.len()));
        if let Ok((_, kept)) = what {
            self.keep(kept);
        }
        write_item(&mut self.open.pages, record, beside, written);
        self.open.count += 1;
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.open.is_lost |= bytes.len() > LARGEST;
        if !self.open.is_lost {
            self.kept.extend_from_slice(bytes);
        }
    }

    /// Keeps a page that was kept before, in another frame.
    pub fn again(&mut self, page: &Item, kept: &[u8]) {
        let bytes = |range: &Range<usize>| kept.get(range.clone()).unwrap_or_default();
        page.raw.iter().for_each(|raw| self.raw(bytes(raw)));
        page.original.iter().for_each(|original| self.original(bytes(original)));
        let record = page.record.as_ref().map(|(name, record)| (&name[..], record.as_ref()));
        let what = page.what.as_ref().map(|(form, range)| (*form, bytes(range))).map_err(String::as_str);
        self.page(record, what);
    }

    /// The source that is being read cannot be kept.
    pub fn lose(&mut self) {
        self.open.is_lost = true;
    }

    /// Whether the source that is being read cannot be kept.
    pub fn is_lost(&self) -> bool {
        self.open.is_lost
    }

    /// The first part of a source of which pages are kept elsewhere.
    pub fn begin(&mut self, source: &[u8]) {
        self.part(source, None);
    }

    /// Some of the source that is being read was kept elsewhere.
    pub fn go_on(&mut self) {
        self.open.goes_on = true;
    }

    /// The source that was being read is at its end; without one that can be told, nothing of it is kept.
    pub fn end(&mut self, source: &[u8], end: Option<End>) {
        match end.filter(|_| !self.open.is_lost) {
            Some(end) => self.part(source, Some(&end)),
            None => self.kept.truncate(self.open.start),
        }
        self.open = Open { start: self.kept.len(), ..Open::default() };
    }

    fn part(&mut self, source: &[u8], end: Option<&End>) {
        let Open { pages, count, start, goes_on, .. } = &mut self.open;
        write_head(&mut self.sources, source, !*goes_on, *start, *count);
        self.sources.append(pages);
        write_end(&mut self.sources, end);
        (*count, *goes_on) = (0, true);
    }

    /// Makes a frame if there is enough for one; `source` is being read.
    pub fn flush(&mut self, source: &[u8]) {
        if self.kept.len() >= FRAME {
            self.pause(source);
            self.make();
        }
    }

    /// What there is of the source that is being read goes into this frame.
    fn pause(&mut self, source: &[u8]) {
        if self.open.count > 0 && !self.open.is_lost {
            self.part(source, None);
        }
    }

    fn make(&mut self) {
        if !self.sources.is_empty() {
            self.done.push(self.made());
        }
        self.kept.clear();
        self.sources.clear();
        self.open.start = 0;
    }

    fn made(&self) -> io::Result<Made> {
        let kept = self.kept.len() as u64;
        let mut bytes = Frame::make(Kind::Kept, 0, &self.kept, Effort::Low)?;
        bytes.extend(Frame::make(Kind::Sources, kept, &self.sources, Effort::Low)?);
        Ok(Made { bytes, size: kept + self.sources.len() as u64 })
    }

    /// The frames that are full, in order.
    pub fn ready(&mut self) -> Vec<io::Result<Made>> {
        std::mem::take(&mut self.done)
    }

    /// All frames, in order; `source` is being read if one is.
    pub fn take(&mut self, source: &[u8]) -> Vec<io::Result<Made>> {
        self.pause(source);
        self.make();
        std::mem::take(&mut self.done)
    }
}

#[cfg(all(test, feature = "compression"))]
mod tests {
    use super::super::item::Beside;
    use super::super::known::{Found, Known, List};
    use super::*;
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    const STAMP: Stamp = Stamp { size: 1, inode: 2, modified: 3, changed: 4 };

    fn end(pages: u64) -> Option<End> {
        Some(End { stamp: STAMP, is_container: pages > 1, ignored: 0, pages, beside: Beside::default() })
    }

    fn plain(fresh: &mut Fresh, text: &[u8]) {
        fresh.page(None, Ok((Form::Plain, text)));
    }

    /// The frames as they stand in a file, and what is known from them.
    struct Written(File, Known);

    impl Written {
        fn of(made: Vec<io::Result<Made>>) -> Written {
            let (file, mut at, mut lists) = (tempfile::tempfile().unwrap(), 0, Vec::new());
            for made in made {
                let made = made.unwrap();
                file.write_all_at(&made.bytes, at).unwrap();
                let (kept, held) = Frame::read(&file, at).unwrap().unwrap();
                let (sources, bytes) = Frame::read(&file, kept.end()).unwrap().unwrap();
                let sizes = (sources.number, (held.len() + bytes.len()) as u64);
                assert_eq!(sizes, (held.len() as u64, made.size));
                lists.push(List { bytes, kept: at, size: held.len() });
                at += made.bytes.len() as u64;
            }
            Written(file, Known::new(lists).unwrap())
        }

        fn find(&self, source: &[u8]) -> Option<Found> {
            self.1.find(source, Some(STAMP))
        }

        /// What is kept of the pages of a source, if it is known.
        fn texts(&self, source: &[u8]) -> Option<Vec<Vec<u8>>> {
            let pages = self.find(source)?.pages.into_iter();
            let text = |(frame, page): (u64, Item)| {
                Frame::read(&self.0, frame).unwrap().unwrap().1[page.what.unwrap().1].to_vec()
            };
            Some(pages.map(text).collect())
        }
    }

    #[test]
    fn a_page_that_is_too_large_or_has_no_stamp_is_not_kept_and_its_neighbours_are() {
        let mut fresh = Fresh::default();
        plain(&mut fresh, b"one");
        fresh.end(b"a", end(1));
        plain(&mut fresh, &vec![0; LARGEST + 1]);
        assert!(fresh.is_lost());
        plain(&mut fresh, b"behind it");
        fresh.flush(b"large");
        fresh.end(b"large", end(2));
        plain(&mut fresh, b"just written");
        fresh.end(b"new", None);
        plain(&mut fresh, b"refused");
        fresh.lose();
        fresh.end(b"lost", end(1));
        plain(&mut fresh, b"two");
        fresh.end(b"b", end(1));
        let written = Written::of(fresh.take(b""));
        let texts = [&b"a"[..], b"large", b"new", b"lost", b"b"].map(|source| written.texts(source));
        assert_eq!(texts, [Some(vec![b"one".to_vec()]), None, None, None, Some(vec![b"two".to_vec()])]);
        assert!(written.1.find(b"a", Some(Stamp { size: 2, ..STAMP })).is_none());
        assert!(Fresh::default().take(b"").is_empty());
    }

    #[test]
    fn a_source_comes_back_from_many_frames_and_only_if_it_was_read_to_its_end() {
        let pages: Vec<Vec<u8>> = (0..20).map(|number| vec![number; FRAME / 3]).collect();
        let mut fresh = Fresh::default();
        let mut made = Vec::new();
        // A run that was killed leaves a beginning.
        for (run, count) in [7, 20].into_iter().enumerate() {
            for page in &pages[..count] {
                plain(&mut fresh, page);
                fresh.flush(b"many");
            }
            if run == 0 {
                made.extend(fresh.take(b"many"));
                assert!(Written::of(std::mem::take(&mut made)).find(b"many").is_none());
                fresh = Fresh::default();
            }
        }
        fresh.end(b"many", end(20));
        made.extend(fresh.ready());
        let full = made.len();
        made.extend(fresh.take(b""));
        assert_eq!(full, 5);
        let written = Written::of(made);
        assert!(written.texts(b"many").is_some_and(|texts| texts == pages));
        // The same once more, as a state is written anew.
        let mut again = Fresh::default();
        for (frame, page) in written.find(b"many").unwrap().pages {
            again.again(&page, &Frame::read(&written.0, frame).unwrap().unwrap().1);
            again.flush(b"many");
        }
        again.end(b"many", end(20));
        assert!(Written::of(again.take(b"")).texts(b"many").is_some_and(|texts| texts == pages));
    }

    #[test]
    fn what_stands_beside_a_page_and_why_it_is_none_are_kept() {
        let mut fresh = Fresh::default();
        fresh.raw(b"{\"text\": \"A gate\"}");
        fresh.original(b"<p>A gate");
        fresh.page(Some((b"a#1", None)), Ok((Form::Shown(9), b"A gate")));
        fresh.page(Some((b"a#2", None)), Err("no text"));
        fresh.end(b"a", end(2));
        let written = Written::of(fresh.take(b""));
        let mut again = Fresh::default();
        let first = written.find(b"a").unwrap();
        for (frame, page) in &first.pages {
            again.again(page, &Frame::read(&written.0, *frame).unwrap().unwrap().1);
        }
        again.end(b"a", end(2));
        let second = Written::of(again.take(b"")).find(b"a").unwrap();
        assert_eq!((&first.pages, first.end), (&second.pages, second.end));
        let page = &first.pages[0].1;
        assert_eq!((page.bytes(), page.raw.clone(), page.original.clone()), (33, Some(0..18), Some(18..27)));
        assert_eq!(first.pages[1].1.what, Err("no text".to_owned()));
    }
}
