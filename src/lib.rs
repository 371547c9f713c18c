//! newsdedup: every article of a news corpus once, and a map of where each copy stands.
//!
//! ```text
//! walk ──► read ──► split ──► fingerprint ──► group ──► report
//! paths    bytes    spans     digest+sketch   articles   JSON, tables, a page for a browser, files
//! ```
//!
//! A stage takes plain values and returns plain values; it knows [`model`] and nothing of a later
//! stage. Nothing depends on the timing of threads or the order of a hash map, and so:
//!
//! * the spans of a page tile it: no byte is lost, none is in two spans;
//! * the same input and options give the same output bytes;
//! * every page that was not read is in the report, with its reason;
//! * an old output stays whole until the new one is complete;
//! * from an [`archive`], every page comes back byte for byte ([`restore`]), and all that is said of the pages can be
//!   derived again ([`verify`]).

pub mod again;
pub mod archive;
pub mod cli;
pub mod config;
pub mod corpus;
pub mod date;
pub mod error;
pub mod explain;
pub mod filter;
pub mod fingerprint;
mod frame;
pub mod group;
pub mod interrupt;
mod layout;
mod make;
pub mod model;
pub mod normalise;
pub mod notes;
pub mod output;
mod packed;
pub mod progress;
pub mod read;
pub mod record;
pub mod report;
pub mod restore;
mod roomy;
pub mod split;
#[cfg(feature = "spark")]
pub mod stage;
mod stdout;
pub mod terminal;
pub mod verify;
pub mod walk;
pub mod words;
mod written;

pub use config::Config;
pub use error::Error;

use config::{Output, SplitMode};
use corpus::Corpus;
use output::{Draft, Scratch, Writer};
use progress::Stage;
use read::{Library, Page, Room, State};
use report::Report;
use report::schema::{Skipped, Summary};
use rustc_hash::FxHashMap;
use split::{Evidence, Gathered, Lines};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use walk::{Source, Unreadable, Walked};

/// What a run came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was found, in numbers.
    pub summary: Summary,
    /// What was not read, and why.
    pub skipped: Vec<Skipped<'static>>,
    /// What there is to be said of the state.
    pub notes: Vec<String>,
}

/// One run: finds the pages, takes them apart, puts equal blocks together and writes the report.
///
/// `scratch` knows what is being written, so that whoever handles an interrupt can remove it.
pub fn run(config: &Config, scratch: &Scratch) -> Result<Outcome, Error> {
    pool(config.threads)?.install(|| run_here(config, scratch))
}

/// So many threads, or as many as the machine has.
fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, Error> {
    let threads = threads.unwrap_or(0);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|_| Error::Threads { threads })
}

fn run_here(config: &Config, scratch: &Scratch) -> Result<Outcome, Error> {
    if let Some(state) = &config.state {
        output::keep_apart(state, &config.target, &config.filter)?;
    }
    let mut writer = Writer::begin(&config.target, scratch)?;
    let mut filtered = filter::Writer::begin(&config.filter, scratch)?;
    let own = writer.paths().into_iter().chain(filtered.paths());
    let known = config.state.iter().filter_map(|path| path.canonicalize().ok());
    let mut walked = find(config, own.chain(known).collect())?;
    let state = config.state.as_ref().map(|path| State::open(path, &config.read)).transpose()?;
    let sources = std::mem::take(&mut walked.sources);
    config.progress.stage(Stage::Reading, sources.len());
    let room = Room::beside(sources.len(), config.read.memory);
    let (mut library, mut seen) = load(config, sources, &room, state);
    loop {
        let mut corpus = take_apart(config, &library, seen);
        let sampled = std::mem::take(&mut corpus.sampled);
        config.progress.stage(Stage::Comparing, 0);
        let rank = corpus.rank(config.keep, &config.prefer);
        let mut grouping = group::group(&corpus.prints, sampled, &rank, &config.group, &|block| corpus.body(block));
        grouping.quotes = config.quotes.map(|words| {
            config.progress.stage(Stage::Quoting, 0);
            let (body, worded) = (|block| corpus.body(block), |block| corpus.words(block));
            group::quotes::quotes(&corpus.prints, &grouping, words, &body, &worded)
        });
        config.progress.stage(Stage::Writing, grouping.clusters.len());
        if config.target.output == Output::Stdout && std::io::stdout().is_terminal() {
            config.progress.hide();
        }
        let report = Report::new(config, walked.ignored, &corpus, &grouping);
        writer.write(&report, library.is_held())?;
        filtered.write(&corpus, &grouping)?;
        if config.target.archive {
            config.progress.stage(Stage::Archiving, corpus.page_count());
            writer.archive(&corpus, &grouping)?;
        }

        let mut outcome =
            Outcome { summary: report.summary.clone(), skipped: report::skipped(&library), notes: Vec::new() };
        if !library.forget_changed() {
            filtered.publish()?;
            writer.publish(
                config.target.depfile.as_ref().map(|_| make::dependencies(config, &walked.folders, &library)),
            )?;
            outcome.notes = library.state().map(|state| close(config, state, &library, scratch)).unwrap_or_default();
            return Ok(outcome);
        }
        // A page changed while it was read: what was made from it is made again, without it.
        let gathered = Gathered::default();
        let lines = library.see(|page| observe(config, page, &room, &gathered));
        seen = Seen::new(gathered, lines);
    }
}

/// What is known of the pages before they are taken apart.
struct Seen {
    /// What they show for taking others apart.
    gathered: Gathered,
    /// By page, its measured lines, while there is room for them; else they are measured again.
    lines: FxHashMap<usize, Lines>,
}

impl Seen {
    fn new(gathered: Gathered, lines: Vec<Option<Option<Lines>>>) -> Seen {
        let lines = lines.into_iter().enumerate().filter_map(|(page, lines)| Some((page, lines??)));
        Seen { gathered, lines: lines.collect() }
    }
}

/// Reads all pages. Measured lines find room before the pages they belong to.
fn load(config: &Config, sources: Vec<Source>, room: &Room, state: Option<State>) -> (Library, Seen) {
    let gathered = Gathered::default();
    let observe = |page: &Page| observe(config, page, room, &gathered);
    let (library, lines) = Library::load_new(sources, &config.read, room, state, observe);
    (library, Seen::new(gathered, lines))
}

/// Looks at a page before it is taken apart: gathers what it shows, and gives its lines if there is room for them.
fn observe(config: &Config, page: &Page, room: &Room, gathered: &Gathered) -> Option<Lines> {
    config.progress.add(page.text().len());
    match config.split {
        SplitMode::Auto if page.is_shown() => None,
        SplitMode::Auto => {
            let lines = split::read(page.text());
            gathered.add(&split::observe(&lines));
            room.take(lines.size() as u64).then_some(lines)
        }
        SplitMode::None => None,
    }
}

/// Takes all pages apart, with what they showed together.
fn take_apart<'l>(config: &Config, library: &'l Library, seen: Seen) -> Corpus<'l> {
    let evidence = Evidence::of(seen.gathered);
    config.progress.stage(Stage::Splitting, library.len());
    // Lines are given back page by page, while what is remembered of the pages grows.
    let lines = Mutex::new(seen.lines);
    let lines_of = |source: usize| lines.lock().unwrap_or_else(PoisonError::into_inner).remove(&source);
    Corpus::take_apart(library, |source, page| {
        config.progress.add(page.text().len());
        split_page(config.split, page, &evidence, || lines_of(source))
    })
}

/// Takes one page apart; `lines` gives its lines if they are still known.
fn split_page(
    mode: SplitMode,
    page: &Page,
    evidence: &Evidence,
    lines: impl FnOnce() -> Option<Lines>,
) -> model::Split {
    match mode {
        SplitMode::Auto => page.split().or_else(|| written::recognise(page.name(), page.text())).unwrap_or_else(|| {
            let lines = lines().unwrap_or_else(|| split::read(page.text()));
            split::split(page.text(), &lines, evidence)
        }),
        SplitMode::None => split::whole(page.text()),
    }
}

/// Ends the work on a state, and says what there is to be said of it. The report is written by then: where the state
/// cannot be, the next run reads more.
fn close(config: &Config, state: &State, library: &Library, scratch: &Scratch) -> Vec<String> {
    let mut notes = state.close();
    output::tidy(state.path());
    if state.is_wasteful() {
        let rewritten = Draft::begin(state.path(), false, scratch).and_then(|draft| {
            let rewrite = state.rewrite(library.sources(), &config.read, draft.file());
            let rewrite = rewrite.and_then(|()| draft.file().set_permissions(state.permissions()?));
            rewrite.and_then(|()| draft.file().sync_all()).map_err(Error::write(state.path()))?;
            draft.publish()
        });
        notes.extend(rewritten.err().map(|error| error.to_string()));
    }
    notes
}

/// Walks the roots. It is an error if none of them can be opened: then there is nothing to report.
fn find(config: &Config, own: Vec<PathBuf>) -> Result<Walked, Error> {
    let mut roots = config.roots.clone();
    if let Some(list) = &config.files_from {
        roots.extend(walk::listed(&list.path, list.null)?);
    }
    refuse_to_replace(&roots, &own)?;
    let walked = walk::walk(&roots, &walk::Options { leave_out: own, ..config.walk.clone() });
    match walked.sources.first() {
        Some(Source::Unreadable(unreadable)) if walked.roots == 0 => {
            let Unreadable { path, reason } = &**unreadable;
            Err(Error::NothingRead(format!("{}: {reason}{}", error::quoted(path), walk::hint(path))))
        }
        _ => Ok(walked),
    }
}

/// What is read must not be what is written.
fn refuse_to_replace(roots: &[walk::Root], own: &[PathBuf]) -> Result<(), Error> {
    let replaced = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path.is_file() && own.contains(&path));
    let given = roots.iter().filter_map(|root| match root {
        walk::Root::Path(path) => Some(path),
        walk::Root::Stdin => None,
    });
    given.filter(|path| replaced(path)).map(|path| Err(Error::Replaced(path.clone()))).next().unwrap_or(Ok(()))
}
