//! A report that was written before, in JSON or in JSON lines, told again: the pages it was made from are
//! not needed.
//!
//! ```text
//! scan ──► index ──► items ──► the same renderers as for a run
//! values   places    pieces
//! ```
//!
//! The file is read three times: to find its parts, to make sure that all of them can be read, and to
//! tell them. So nothing is written that comes from a damaged report, and no more of it is held than the
//! threads are at work on. Fields that are unknown here are passed over: a later version may have added
//! them.

mod article;
mod index;
mod scan;

use super::lists::{AT_A_TIME, Lists, Piece};
use super::schema::{Header, Summary};
use super::{Item, Out, Renderer, Sink, Told};
use crate::error::{Error, quoted};
use crate::model::Digest;
pub use article::StoredArticle;
use index::{Index, LISTS, Run, parse};
use scan::{Damage, Scan};
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// The reports of output folders that can be told again.
const REPORTS: [&str; 2] = ["report.json", "report.jsonl"];

/// The report of an output folder that can be told again, if there is one.
pub fn in_folder(folder: &Path) -> Option<PathBuf> {
    REPORTS.map(|name| folder.join(name)).into_iter().find(|path| path.is_file())
}
/// Bytes of items from which a piece is large enough.
const PIECE: usize = 1 << 18;

/// A report that was written before.
pub struct Stored {
    /// Its name, for messages.
    path: PathBuf,
    file: File,
    index: Index,
    /// Of its articles, with their occurrences.
    ids: Vec<(Digest, u64)>,
}

impl Stored {
    /// Reads a report and makes sure that all of it can be read. `-` is standard input, and a folder is
    /// one that newsdedup wrote.
    pub fn open(path: &Path) -> Result<Stored, Error> {
        let path = inside(path)?;
        let file = seekable(&path).map_err(Error::read(&path))?;
        let index = index::index(&file).map_err(|damage| told(&path, &file, damage))?;
        let mut stored = Stored { path, file, index, ids: Vec::new() };
        let mut ids = Vec::new();
        stored.tell(&Ids, Sink { out: &mut ids, failed: &Error::Stdout })?;
        stored.ids = ids.as_chunks().0.iter().map(Ids::read).collect();
        Ok(stored)
    }

    /// What the report begins with.
    pub fn header(&self) -> &Header {
        &self.index.header
    }

    /// Hands one list to the threads, some pieces at a time.
    fn list(&self, list: usize, runs: &[Run], lists: &mut Lists) -> Result<(), Error> {
        let told = |damage| told(&self.path, &self.file, damage);
        let mut items = Items { file: &self.file, runs: runs.iter(), scan: Scan::new(&self.file, 0), left: 0 };
        lists.open(LISTS[list])?;
        loop {
            let batches = (0..AT_A_TIME).map_while(|_| items.batch().transpose());
            let batches: Vec<Batch> = batches.collect::<Result<_, _>>().map_err(told)?;
            if batches.is_empty() {
                return lists.close();
            }
            lists.together(&batches, |batch, piece| {
                let mut items = batch.items.iter();
                items.try_for_each(|(start, range)| item(list, &batch.bytes[range.clone()], *start, &told, piece))
            })?;
        }
    }
}

impl Told for Stored {
    fn ids(&self) -> Box<dyn Iterator<Item = (Digest, u64)> + '_> {
        Box::new(self.ids.iter().copied())
    }

    fn tell(&self, renderer: &dyn Renderer, sink: Sink) -> Result<(), Error> {
        let Index { header, summary, lists: places } = &self.index;
        let mut lists = Lists::new(renderer, sink);
        lists.frame(|renderer, out| renderer.begin(header, summary, out))?;
        for (list, runs) in places.iter().enumerate() {
            if let Some(runs) = runs {
                self.list(list, runs, &mut lists)?;
            }
        }
        lists.frame(|renderer, out| renderer.end(summary, out))
    }
}

/// Reads an item and renders it.
fn item(list: usize, value: &[u8], start: u64, told: &dyn Fn(Damage) -> Error, piece: &mut Piece) -> Result<(), Error> {
    match list {
        0 => parse::<StoredArticle>(value, start).map_err(told)?.show(|article| piece.item(&Item::Article(article))),
        1 => piece.item(&Item::Quote(&parse(value, start).map_err(told)?)),
        2 => piece.item(&Item::Page(&parse(value, start).map_err(told)?)),
        _ => piece.item(&Item::Skipped(&parse(value, start).map_err(told)?)),
    }
}

/// The items of a list.
struct Items<'s> {
    file: &'s File,
    runs: std::slice::Iter<'s, Run>,
    scan: Scan<'s>,
    /// Items left in this run.
    left: u64,
}

/// Items that are read by one thread.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    /// Where each begins in the file, and where it is in `bytes`.
    items: Vec<(u64, Range<usize>)>,
}

impl Items<'_> {
    fn batch(&mut self) -> Result<Option<Batch>, Damage> {
        let mut batch = Batch::default();
        while batch.bytes.len() < PIECE {
            if self.left == 0 {
                let Some(run) = self.runs.next() else { break };
                self.scan = Scan::new(self.file, run.start);
                self.left = run.items;
            }
            self.left -= 1;
            self.scan.peek()?;
            let (start, begin) = (self.scan.at(), batch.bytes.len());
            self.scan.value(&mut batch.bytes)?;
            batch.items.push((start, begin..batch.bytes.len()));
            self.scan.take(b',')?;
        }
        Ok(Some(batch).filter(|batch| !batch.items.is_empty()))
    }
}

/// Writes nothing down but the ids of the articles, and behind each how many occurrences it has.
struct Ids;

impl Ids {
    fn read(written: &[u8; 40]) -> (Digest, u64) {
        let (id, count) = (written.first_chunk(), written.last_chunk());
        (Digest(*id.expect("32 bytes")), u64::from_le_bytes(*count.expect("8 bytes")))
    }
}

impl Renderer for Ids {
    fn begin(&self, _: &Header, _: &Summary, _: &mut Out) {}

    fn item(&self, item: &Item, _: bool, out: &mut Out) -> Result<(), Error> {
        if let Item::Article(article) = item {
            out.put(&article.id.0.0);
            out.put(&(article.occurrences.count as u64).to_le_bytes());
        }
        Ok(())
    }
}

/// The report of an output folder, or the file itself.
fn inside(path: &Path) -> Result<PathBuf, Error> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    in_folder(path).ok_or_else(|| {
        let [json, jsonl] = REPORTS;
        Error::Usage(format!("{} holds no {json} and no {jsonl}; only these can be told again", quoted(path)))
    })
}

/// The file, or what comes through a pipe in a file that has no name.
fn seekable(path: &Path) -> io::Result<File> {
    let stdin = path == Path::new("-");
    let mut source: Box<dyn Read> = match stdin {
        true => Box::new(io::stdin().lock()),
        false => {
            let file = File::open(path)?;
            if file.metadata()?.is_file() {
                return Ok(file);
            }
            Box::new(file)
        }
    };
    let mut spool = tempfile::tempfile()?;
    io::copy(&mut source, &mut spool)?;
    Ok(spool)
}

/// What is wrong with a report, and in which line and column.
fn told(path: &Path, file: &File, damage: Damage) -> Error {
    match damage {
        Damage::Unreadable(source) => Error::Read { path: path.to_owned(), source },
        Damage::At(at, what) => {
            let (line, column) = place(file, at).unwrap_or((1, 1));
            Error::Report { path: path.to_owned(), line, column, what }
        }
    }
}

/// Line and column of a byte, counted from 1.
fn place(file: &File, at: u64) -> io::Result<(u64, u64)> {
    let (mut start, mut line, mut begin) = (0, 1, 0);
    let mut chunk = vec![0; PIECE.min(at as usize)];
    while start < at {
        let wanted = chunk.len().min((at - start) as usize);
        let read = file.read_at(&mut chunk[..wanted], start)?;
        if read == 0 {
            break;
        }
        for end in memchr::memchr_iter(b'\n', &chunk[..read]) {
            line += 1;
            begin = start + end as u64 + 1;
        }
        start += read as u64;
    }
    Ok((line, at - begin + 1))
}
