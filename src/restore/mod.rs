//! `newsdedup restore`: the pages out of an archive, byte for byte, below one folder and nowhere else.
//!
//! Every page is written beside its place and checked before it is named; what stands there already is left alone
//! unless it may be replaced. What cannot be given back is named with its reason, and the rest is written all the same.

pub mod places;
mod put;

use crate::archive::{Archive, Entry, Lost};
use crate::error::{Error, cause, escaped_bytes, quoted, quoted_bytes};
use crate::output::{Draft, Scratch};
use crate::progress::{Progress, Stage};
use places::{Place, Places};
pub(crate) use put::digest_of_file;
use put::{Folder, Put};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::Write;
use std::path::PathBuf;

/// What is to be restored.
#[derive(Debug)]
pub struct Request {
    /// An archive, or a folder that newsdedup wrote with one.
    pub from: PathBuf,
    /// The folder that the pages are written to.
    pub to: PathBuf,
    /// The names of the pages; all of them if there are none.
    pub pages: Vec<Vec<u8>>,
    /// Whether other files are replaced.
    pub force: bool,
    /// Threads; `None` for as many as the machine has.
    pub threads: Option<usize>,
    /// Whether only what went wrong is told.
    pub quiet: bool,
    /// Counters by which whoever runs it sees how far it has come.
    pub progress: Progress,
}

impl Request {
    /// Refuses a place where no folder can be: below a file, or below a link that leads nowhere.
    fn refuse_no_folder(&self) -> Result<(), Error> {
        let there = self.to.ancestors().find(|path| path.symlink_metadata().is_ok());
        let Some(there) = there.filter(|path| !path.is_dir()) else { return Ok(()) };
        let what = if there.exists() { "is no folder" } else { "is a link that leads nowhere" };
        let (there, from) = (quoted(there), quoted(&self.from));
        Err(Error::Usage(format!("{there} {what}; give a folder: newsdedup restore {from} build/pages")))
    }

    /// Refuses names that are all unknown, before anything is written.
    fn refuse_unknown(&self, archive: &Archive) -> Result<(), Error> {
        if self.pages.is_empty() {
            return Ok(());
        }
        let wanted: FxHashSet<&[u8]> = self.pages.iter().map(|name| &name[..]).collect();
        for pages in archive.pages() {
            let is_known = match pages.map_err(Error::read(&archive.path))? {
                Ok(pages) => pages.entries.iter().any(|entry| wanted.contains(&entry.name[..])),
                Err(lost) => lost.names.iter().any(|name| wanted.contains(&name[..])),
            };
            if is_known {
                return Ok(());
            }
        }
        Err(Error::Usage("none of these pages is there; a page is named as in the report".to_owned()))
    }
}

/// What became of the pages.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Pages that were written.
    pub written: u64,
    /// Pages that were there already, byte for byte.
    pub there: u64,
    /// Pages that could not be given back.
    pub failed: u64,
    /// Whether all pages were asked for of an archive that is not as it was written: there may have been more.
    pub is_damaged: bool,
}

/// What a page came to, and what is said of it.
type Told = (Result<Put, String>, String);

/// Writes the pages, and tells `notes` of each that is not where its name says, or not at all.
pub fn run(request: &Request, scratch: &Scratch, notes: &mut (dyn Write + Send)) -> Result<Outcome, Error> {
    crate::pool(request.threads)?.install(|| {
        let mut archive = Archive::open(&request.from)?;
        request.refuse_no_folder()?;
        request.refuse_unknown(&archive)?;
        // It holds what is not whole yet, and goes away in any case.
        let draft = Draft::inside(&request.to, scratch)?;
        let [beside, _] = draft.paths();
        archive.unpack_into(&beside)?;
        let folder = Folder::open(&request.to, draft, scratch).map_err(Error::write(&request.to))?;
        request.progress.stage(Stage::Restoring, archive.count.unwrap_or_default() as usize);
        let outcome = Outcome { is_damaged: archive.is_damaged && request.pages.is_empty(), ..Outcome::default() };
        let mut work = Restore { request, archive: &archive, folder: &folder, outcome };
        work.all(notes)?;
        folder.sync().map_err(Error::write(&request.to))?;
        Ok(work.outcome)
    })
}

struct Restore<'r> {
    request: &'r Request,
    archive: &'r Archive,
    folder: &'r Folder,
    outcome: Outcome,
}

impl Restore<'_> {
    fn all(&mut self, notes: &mut (dyn Write + Send)) -> Result<(), Error> {
        if self.archive.is_damaged {
            let how = if self.archive.is_double { ": another one stands in it, or a part of one" } else { "" };
            self.note(notes, &format!("the archive {} is damaged{how}", quoted(&self.archive.path)));
        }
        let mut places = Places::default();
        let mut wanted: FxHashMap<&[u8], bool> = self.request.pages.iter().map(|name| (&name[..], false)).collect();
        for pages in self.archive.pages() {
            match pages.map_err(Error::read(&self.archive.path))? {
                Err(lost) => {
                    places.lose(&lost);
                    self.lost(&lost, &mut wanted, notes);
                }
                Ok(pages) => {
                    let numbered = (pages.first..).zip(pages.entries);
                    let placed = numbered.map(|(number, entry)| (places.of(number, &entry.name), entry));
                    let chosen: Vec<(Place, Entry)> =
                        placed.filter(|(_, entry)| is_wanted(&mut wanted, &entry.name)).collect();
                    let told: Vec<Told> = chosen.par_iter().map(|(place, entry)| self.one(place, entry)).collect();
                    told.into_iter().for_each(|(came, said)| self.tell(came, &said, notes));
                }
            }
        }
        for name in self.request.pages.iter().filter(|name| wanted.get(&name[..]) == Some(&false)) {
            self.outcome.failed += 1;
            self.note(notes, &format!("the archive has no page {}", quoted_bytes(name)));
        }
        Ok(())
    }

    /// Restores a page.
    fn one(&self, place: &Place, entry: &Entry) -> Told {
        self.request.progress.add(entry.size as usize);
        let name = quoted_bytes(&entry.name);
        let put = self.folder.put(&place.path, self.archive, entry, self.request.force);
        let said = match &put {
            Err(why) => format!("cannot restore {name}: {why}"),
            Ok(_) if place.is_other => format!("{name} is restored as '{}'", escaped_bytes(&place.path)),
            Ok(_) => String::new(),
        };
        (put, said)
    }

    fn tell(&mut self, came: Result<Put, String>, said: &str, notes: &mut (dyn Write + Send)) {
        *match came {
            Ok(Put::Written) => &mut self.outcome.written,
            Ok(Put::There) => &mut self.outcome.there,
            Err(_) => &mut self.outcome.failed,
        } += 1;
        if !said.is_empty() {
            self.note(notes, said);
        }
    }

    /// Pages that are not listed any more.
    fn lost(&mut self, lost: &Lost, wanted: &mut FxHashMap<&[u8], bool>, notes: &mut (dyn Write + Send)) {
        const WHY: &str = "the archive is damaged where it is listed";
        for name in lost.names.iter().filter(|name| is_wanted(wanted, name)) {
            self.outcome.failed += 1;
            self.note(notes, &format!("cannot restore {}: {WHY}", quoted_bytes(name)));
        }
        if lost.names.is_empty() && wanted.is_empty() {
            self.outcome.failed += lost.count.unwrap_or_default();
            let (first, last) = (lost.first + 1, lost.first);
            self.note(
                notes,
                &match lost.count {
                    Some(1) => format!("cannot restore the page number {first}: {WHY}"),
                    Some(count) => format!("cannot restore {count} pages from number {first}: {WHY}"),
                    None => format!("whether there were pages behind number {last} cannot be told"),
                },
            );
        }
    }

    /// Nobody looking is no error.
    fn note(&self, notes: &mut (dyn Write + Send), text: &str) {
        let _ = notes.write_all(format!("newsdedup: {text}\n").as_bytes());
    }
}

/// Whether a page is asked for, and takes note that it is there.
fn is_wanted(wanted: &mut FxHashMap<&[u8], bool>, name: &[u8]) -> bool {
    wanted.is_empty() || wanted.get_mut(name).map(|found| *found = true).is_some()
}

/// One line of numbers.
pub fn counts(outcome: &Outcome) -> String {
    let mut text = format!("{} page{} restored", outcome.written, if outcome.written == 1 { "" } else { "s" });
    if outcome.there > 0 {
        text += &format!(", {} there already", outcome.there);
    }
    if outcome.failed > 0 {
        text += &format!(", {} not", outcome.failed);
    }
    text
}

/// What the system answered.
fn told(error: impl Into<std::io::Error>) -> String {
    cause(&error.into())
}
