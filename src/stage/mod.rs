//! The stages of a run, each as a filter: a table comes in, a table goes out, and nothing is remembered.
//!
//! An engine that has the pages on many machines sorts and joins what goes between them, and every decision about text
//! is made here, by the functions of a run on one machine. What comes in is bounded to a page, a pair or a component
//! of texts, or comes sorted so that little of it is held at a time. What a stage must know of the whole corpus comes
//! as small files, each made by a stage of its own: what lines recur (`mine`), which phrases are stock
//! (`stock`), how closely to search (`pilot`).
//!
//! ```text
//! read ─► mine ─► split ─► texts ─► stock, pilot ─► spread ─► meet ─► view ─► crowd ─► sum ─► promise
//!                                                               report ◄─ place ◄─ link ◄─ forest ◄──┘
//! ```

mod crowd;
mod filter;
mod forest;
mod link;
mod meet;
mod mine;
mod pages;
mod pilot;
mod place;
mod promise;
mod read;
mod report;
mod split;
mod spread;
mod stock;
mod sum;
mod table;
mod texts;
mod view;

use crate::config::Config;
use crate::error::Error;
use crate::fingerprint::Sample;
use crate::group::candidates::{Bar, CROWD, FEW, SAMPLE, Totals};
use crate::group::stock::Stock;
use crate::report::header_line;
use crate::split::{Evidence, Gathered};
use filter::Filter;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use table::{Columns, unpacked};

/// What a stage is told.
#[derive(Debug)]
pub struct Request {
    /// The stage.
    pub stage: Stage,
    /// The options of the run that it is part of.
    pub config: Config,
    /// Bytes of all pages, each counted as [`crate::corpus::counted`] says.
    pub bytes: u64,
    /// What `mine` gave.
    pub evidence: Option<PathBuf>,
    /// What `stock` gave.
    pub stock: Option<PathBuf>,
    /// Different texts of the corpus and shingles in all their sketches.
    pub totals: Totals,
    /// Texts that have a sketch.
    pub sketched: usize,
    /// What `pilot` gave.
    pub bar: Bar,
    /// Shingles to spread, and no others.
    pub only: Option<PathBuf>,
}

impl Request {
    fn sample(&self) -> Sample {
        Sample::of_corpus(self.bytes)
    }

    fn evidence(&self) -> Result<Evidence, Error> {
        Ok(self
            .evidence
            .as_deref()
            .map(file)
            .transpose()?
            .map_or_else(Evidence::default, |bytes| Evidence::read(&bytes)))
    }

    fn stock(&self) -> Result<Stock, Error> {
        let shingles = self.stock.as_deref().map(file).transpose()?.unwrap_or_default();
        Ok(unpacked(&shingles).into_iter().collect())
    }
}

/// All of a file.
fn file(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(Error::read(path))
}

/// The script that has a Spark cluster run the stages.
pub const SCRIPT: &str = concat!(
    include_str!("../spark/driver.py"),
    include_str!("../spark/workers.py"),
    include_str!("../spark/input.py"),
    include_str!("../spark/steps.py"),
    include_str!("../spark/report.py"),
);

/// A stage: what it is called, the table that it writes, and how it is run.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    name: &'static str,
    table: Columns,
    run: fn(&Request, &mut dyn Read, &mut dyn Write) -> Result<(), Error>,
}

/// All stages.
pub const STAGES: [Stage; 18] = [
    // Says which columns the table has that each stage writes, and what of a corpus must come to one place.
    Stage { name: "schemas", table: &[], run: |_, _, out| tell(schemas().as_bytes(), out) },
    // Says what a report of these options begins with.
    Stage { name: "header", table: &[], run: |request, _, out| tell(&header_line(&request.config), out) },
    // Files and lines of JSON → pages, and what their lines show.
    Stage::filter::<read::ReadFiles>("read"),
    // What the lines of all pages show → what is known of each line that recurs.
    Stage::filter::<mine::Mine>("mine"),
    // Pages → their blocks.
    Stage::filter::<split::Split>("split"),
    // Blocks, sorted by digest, page and number → different texts.
    Stage::filter::<texts::Unite>("texts"),
    // Landmarks of texts → stock phrases.
    Stage::filter::<stock::FindStock>("stock"),
    // A sample of texts and those they meet → how closely to search.
    Stage::filter::<pilot::Ask>("pilot"),
    // Texts → the shingles they are found by.
    Stage::filter::<spread::Spread>("spread"),
    // Shingles, sorted → whom each text meets, and who is in a crowd.
    Stage::filter::<meet::Meet>("meet"),
    // Texts, and which of their shingles are crowded, sorted by text → what is seen of each.
    Stage::filter::<view::Look>("view"),
    // Keys of crowds, sorted by key and place → whom each text has for a neighbour.
    Stage::filter::<crowd::MeetInCrowd>("crowd"),
    // Whom texts meet, in parts, sorted by text → pairs that may be worth a comparison.
    Stage::filter::<sum::AddUp>("sum"),
    // Pairs, each behind the text it begins with → pairs worth a comparison.
    Stage::filter::<promise::Weigh>("promise"),
    // Pairs → a forest that connects the same texts.
    Stage::filter::<forest::Forest>("forest"),
    // Texts and candidates of components, sorted → articles and excerpts.
    Stage::filter::<link::Link>("link"),
    // Pages, and words of their blocks, sorted by page → where these stand.
    Stage::filter::<place::Find>("place"),
    // Articles with all that belongs to them, sorted → lines of the report.
    Stage::filter::<report::Tell>("report"),
];

impl Stage {
    const fn filter<F: Filter>(name: &'static str) -> Stage {
        Stage { name, table: F::OUT, run: filter::run::<F> }
    }

    /// The stage that is called so.
    pub fn named(name: &str) -> Option<Stage> {
        STAGES.into_iter().find(|stage| stage.name == name)
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// Runs a stage from one stream to another.
pub fn run(request: &Request, mut input: impl Read + Send, mut output: impl Write + Send) -> Result<(), Error> {
    crate::pool(request.config.threads)?.install(|| (request.stage.run)(request, &mut input, &mut output))
}

fn tell(text: &[u8], output: &mut dyn Write) -> Result<(), Error> {
    output.write_all(text).and_then(|()| output.flush()).map_err(Error::Stdout)
}

/// The columns of all tables, in the words of SQL, and the sizes of samples, as JSON.
fn schemas() -> String {
    let columns = |columns: Columns| {
        let columns: Vec<String> = columns.iter().map(|(name, kind)| format!("`{name}` {}", kind.sql())).collect();
        columns.join(", ")
    };
    let filters = STAGES.iter().filter(|stage| !stage.table.is_empty());
    let tables: Vec<String> =
        filters.map(|Stage { name, table, .. }| format!("\"{name}\":\"{}\"", columns(table))).collect();
    let (lines, few, sample, crowd) = (Gathered::BUDGET, FEW, SAMPLE, CROWD);
    let sizes = format!("\"lines\":{lines},\"few\":{few},\"sample\":{sample},\"crowd\":{crowd}");
    format!("{{{sizes},\n\"tables\":{{{}}}}}\n", tables.join(",\n"))
}
