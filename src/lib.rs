//! newsdedup: every article of a news corpus once, and a map of where each copy stands.
//!
//! ```text
//! walk ──► read ──► split ──► fingerprint ──► group ──► report
//! paths    bytes    spans     digest+sketch   articles   JSON, files
//! ```
//!
//! A stage takes plain values and returns plain values; it knows [`model`] and nothing of a later
//! stage. Nothing depends on the timing of threads or the order of a hash map, and so:
//!
//! * the spans of a page tile it: no byte is lost, none is in two spans;
//! * the same input and options give the same output bytes;
//! * every page that was not read is in the report, with its reason;
//! * an old output stays whole until the new one is complete.

pub mod cli;
pub mod config;
pub mod corpus;
pub mod error;
pub mod fingerprint;
pub mod group;
pub mod model;
pub mod normalise;
mod packed;
pub mod read;
pub mod report;
pub mod split;
pub mod walk;

pub use config::Config;
pub use error::Error;

use config::{Format, SplitMode};
use corpus::Corpus;
use read::{Library, Page};
use report::schema::{Skipped, Summary};
use report::{Renderer, Report};
use split::Evidence;
use std::io::{self, Write};
use walk::{Source, Walked};

/// What a run came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was found, in numbers.
    pub summary: Summary,
    /// What was not read, and why.
    pub skipped: Vec<Skipped>,
}

/// One run: finds the pages, takes them apart, puts equal blocks together and writes the report.
pub fn run(config: &Config) -> Result<Outcome, Error> {
    let mut walked = find(config)?;
    let sources = std::mem::take(&mut walked.sources);
    let learns = config.split == SplitMode::Auto;
    let observe = |page: &Page| if learns { split::observe(page.text()) } else { Default::default() };

    let (mut library, mut seen) = Library::load(sources, &config.read, observe);
    loop {
        let evidence = Evidence::learn(seen.into_iter().flatten());
        let corpus = Corpus::take_apart(&library, |text| match config.split {
            SplitMode::Auto => split::split(text, &evidence),
            SplitMode::None => split::whole(text),
        });
        let rank: Vec<u32> = (0..corpus.blocks.len() as u32).collect();
        let grouping = group::group(&corpus.prints, &rank, &config.group, &|block| corpus.body(block));
        let report = Report::new(config, walked.ignored, &corpus, &grouping);
        let outcome = write(config, &report)?;
        if !library.forget_changed() {
            return Ok(outcome);
        }
        // A page changed while it was read: what was made from it is made again, without it.
        seen = library.see(observe);
    }
}

/// Walks the roots. It is an error if none of them can be opened: then there is nothing to report.
fn find(config: &Config) -> Result<Walked, Error> {
    let mut roots = config.roots.clone();
    if let Some(list) = &config.files_from {
        roots.extend(walk::listed(&list.path, list.null)?);
    }
    let walked = walk::walk(&roots, &config.walk);
    match walked.sources.first() {
        Some(Source::Unreadable(path, reason)) if walked.roots == 0 => {
            Err(Error::NothingRead(format!("{}: {reason}", error::quoted(path))))
        }
        _ => Ok(walked),
    }
}

fn write(config: &Config, report: &Report) -> Result<Outcome, Error> {
    let outcome = Outcome { summary: report.summary.clone(), skipped: report::skipped(report.corpus) };
    let out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    report.write(renderer(config.format, out, Error::Stdout).as_mut())?;
    Ok(outcome)
}

fn renderer<'w>(format: Format, out: impl Write + 'w, failed: fn(io::Error) -> Error) -> Box<dyn Renderer + 'w> {
    match format {
        Format::Json => Box::new(report::json::Json::new(out, failed)),
        Format::Jsonl => Box::new(report::jsonl::Jsonl::new(out, failed)),
    }
}
