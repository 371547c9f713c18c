//! `newsdedup verify`: whether what newsdedup wrote holds on the user's own data.
//!
//! ```text
//! report ──► claims ──┐
//! archive ──► pages ──┴──► page by page ──► what is broken
//! corpus  ──► pages
//! ```
//!
//! The pages come out of the archive, if there is one, or else from where the report says. Every claim of the report
//! is derived from them again: sizes, digests and spans of pages, places and lines of occurrences, the digests of
//! their texts. Each thing that does not hold is told with the law that it breaks ([`Law`]); so are pages that are not
//! there any more.

mod archived;
mod articles;
mod claims;
mod pages;
mod place;
mod sources;
mod tell;
mod words;

pub use tell::tell;

use crate::archive::{self, Archive};
use crate::error::{Error, quoted};
use crate::progress::{Progress, Stage};
use crate::report::files;
use crate::report::stored::{self, Stored};
use claims::Claims;
use pages::{Pages, Rules};
use sources::{Placed, Sources};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What is to be verified.
#[derive(Debug)]
pub struct Request {
    /// A report in JSON or JSON lines, a folder that newsdedup wrote, or an archive.
    pub from: PathBuf,
    /// Where the pages are; where the report says if it is not given.
    pub corpus: Option<PathBuf>,
    /// Threads; `None` for as many as the machine has.
    pub threads: Option<usize>,
    /// Whether the answer is one JSON object.
    pub json: bool,
    /// Whether nothing is said if nothing is broken.
    pub quiet: bool,
    /// Counters by which whoever runs it sees how far it has come.
    pub progress: Progress,
}

/// What has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Law {
    /// The archive gives every page back as it was.
    Archive,
    /// Every page is there, and as it was when the report was made.
    Page,
    /// The spans of a page tile it, and those of an article stand where it occurs.
    Spans,
    /// An occurrence stands at its bytes and lines.
    Place,
    /// The text of an occurrence has its digest.
    Digest,
    /// An article is the text of its kept occurrence, and its exact copies are equal to it.
    Article,
    /// Every article has its file, and every file its article.
    File,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// What should.
    pub law: Law,
    /// Of which page, file or article: raw bytes.
    pub of: Vec<u8>,
    /// What was found, in words.
    pub what: String,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Pages that were read.
    pub pages: u64,
    /// Pages that the archive gave back.
    pub archived: u64,
    /// Maps of pages.
    pub maps: u64,
    /// Articles.
    pub articles: u64,
    /// Occurrences.
    pub occurrences: u64,
    /// Occurrences whose digest was derived from their page.
    pub derived: u64,
    /// Others of which the words of the article were found in their place.
    pub worded: u64,
    /// Files of articles.
    pub files: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What a run wrote beside an archive in a form that cannot be verified: names in the folder, raw bytes.
    pub unverified: Vec<Vec<u8>>,
    /// What was looked at.
    pub counts: Counts,
    /// What does not hold, law by law.
    pub broken: Vec<Broken>,
}

/// Where threads put down what they find.
#[derive(Debug, Default)]
struct Findings(Mutex<Outcome>);

impl Findings {
    fn broken(&self, law: Law, of: &[u8], what: impl Into<String>) {
        self.with(|outcome| outcome.broken.push(Broken { law, of: of.to_vec(), what: what.into() }));
    }

    fn count(&self, count: impl FnOnce(&mut Counts)) {
        self.with(|outcome| count(&mut outcome.counts));
    }

    fn with(&self, change: impl FnOnce(&mut Outcome)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn into_outcome(self) -> Outcome {
        let mut outcome = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcome.broken.sort();
        outcome.broken.dedup();
        outcome
    }
}

/// Verifies all there is. It is an error if there is nothing to verify, or no page to verify it with.
pub fn run(request: &Request) -> Result<Outcome, Error> {
    crate::pool(request.threads)?.install(|| run_here(request))
}

/// As [`run`], by the threads at hand.
#[doc(hidden)]
pub fn run_here(request: &Request) -> Result<Outcome, Error> {
    let Given { folder, report, archive, unverified } = given(&request.from)?;
    if let Some(corpus) = &request.corpus {
        std::fs::metadata(corpus).map_err(Error::read(corpus))?;
    }
    let findings = Findings::default();
    findings.with(|outcome| outcome.unverified = unverified);
    let report = report.map(|path| Stored::open(&path)).transpose()?;
    let archive = archive.map(|path| open(&path)).transpose()?;
    let claims = report.as_ref().map(|report| {
        request.progress.stage(Stage::Verifying, 0);
        claims::gather(report, folder.as_deref(), &findings)
    });
    let claims = claims.transpose()?.unwrap_or_default();
    let listed = archive.as_ref().map(|archive| archived::list(archive, &findings)).transpose()?;
    let (entries, placed) = listed.map_or((None, Placed::default()), |listed| (Some(listed.entries), listed.placed));
    let rules = Rules::of(report.as_ref().map(Stored::header));
    let from_corpus = entries.is_none() || request.corpus.is_some();
    let names = || claims.sources().chain(entries.iter().flatten().map(|entry| (&entry.name[..], entry.is_record)));
    let corpus = from_corpus.then(|| Sources::find(names(), request.corpus.as_deref(), placed, &rules.read));
    request.progress.stage(Stage::Verifying, claims.pages() + entries.as_ref().map_or(0, Vec::len));
    if let (Some(archive), Some(entries)) = (&archive, &entries) {
        archived::verify(archive, entries, corpus.as_ref(), &request.progress, &findings);
    }
    if let Some(report) = &report {
        let pages = match (&archive, &entries, &corpus) {
            (Some(archive), Some(entries), _) => Pages::archived(archive, entries),
            (_, _, Some(corpus)) => Pages::Corpus(corpus),
            _ => return Ok(findings.into_outcome()),
        };
        refuse_nothing(&claims, &pages, request)?;
        let unsplit = place::verify(report, &claims, &pages, &rules, &request.progress, &findings)?;
        words::verify(report, &claims, &pages, &unsplit, &findings)?;
    }
    Ok(findings.into_outcome())
}

/// Says what to do if no page at all is where it should be.
fn refuse_nothing(claims: &Claims, pages: &Pages, request: &Request) -> Result<(), Error> {
    if claims.pages() == 0 || matches!(pages, Pages::Archived { .. }) || claims.names().any(|name| pages.has(name)) {
        return Ok(());
    }
    let place =
        request.corpus.as_deref().map_or("where the report says".to_owned(), |corpus| format!("in {}", quoted(corpus)));
    Err(Error::Usage(format!(
        "none of the pages is {place}; give the folder that they are in: newsdedup verify {} FOLDER",
        quoted(&request.from)
    )))
}

/// What there is to verify.
#[derive(Default)]
struct Given {
    folder: Option<PathBuf>,
    report: Option<PathBuf>,
    archive: Option<PathBuf>,
    unverified: Vec<Vec<u8>>,
}

fn given(from: &Path) -> Result<Given, Error> {
    if !from.is_dir() {
        let file = Some(from.to_owned());
        return Ok(if archive::is_archive(from) {
            Given { archive: file, ..Given::default() }
        } else {
            Given { report: file, ..Given::default() }
        });
    }
    let report = stored::in_folder(from);
    let archive = Some(from.join(archive::NAME)).filter(|path| path.is_file());
    if report.is_none() && archive.is_none() {
        return Err(Error::Usage(format!(
            "{} holds no report.json, no report.jsonl and no archive; only these can be verified",
            quoted(from)
        )));
    }
    let unverified = if report.is_none() { beside_archive(from) } else { Vec::new() };
    Ok(Given { folder: Some(from.to_owned()), report, archive, unverified })
}

/// What stands in a folder beside its archive.
fn beside_archive(folder: &Path) -> Vec<Vec<u8>> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let others = names.filter(|name| name != archive::NAME && !files::is_of_the_system(name));
    let mut others: Vec<Vec<u8>> = others.map(OsStringExt::into_vec).collect();
    others.sort_unstable();
    others
}

fn open(path: &Path) -> Result<Archive, Error> {
    let mut archive = Archive::open(path)?;
    archive.unpack_into(&std::env::temp_dir())?;
    Ok(archive)
}
