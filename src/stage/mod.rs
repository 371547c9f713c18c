//! The stages of a run, each as a filter: a table comes in, a table goes out, and nothing is remembered.
//!
//! An engine that has the pages on many machines sorts and joins what goes between them, and every decision about text
//! is made here, by the functions of a run on one machine. What comes in is bounded to a page, a pair or a component
//! of texts, or comes sorted so that little of it is held at a time. What a stage must know of the whole corpus comes
//! as small files, each made by a stage of its own: what lines recur ([`Name::Mine`]), which phrases are stock
//! ([`Name::Stock`]), how closely to search ([`Name::Pilot`]).
//!
//! ```text
//! read ─► mine ─► split ─► texts ─► stock, pilot ─► spread ─► meet ─► view ─► crowd ─► promise
//!                                                         report ◄─ place ◄─ link ◄─ forest ◄──┘
//! ```

mod crowd;
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
mod table;
mod texts;
mod view;

use crate::config::Config;
use crate::error::Error;
use crate::fingerprint::Sample;
use crate::group::candidates::{Bar, CROWD, FEW, LEAST, SAMPLE, Totals};
use crate::group::stock::Stock;
use crate::split::{Evidence, Gathered};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use table::{Columns, unpacked};

/// A stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// Says which columns the table has that each stage writes, and what of a corpus must come to one place.
    Schemas,
    /// Says what a report of these options begins with.
    Header,
    /// Files and lines of JSON → pages, and what their lines show.
    Read,
    /// What the lines of all pages show → what is known of each line that recurs.
    Mine,
    /// Pages → their blocks.
    Split,
    /// Blocks, sorted by digest, page and number → different texts.
    Texts,
    /// Landmarks of texts → stock phrases.
    Stock,
    /// A sample of texts and those they meet → how closely to search.
    Pilot,
    /// Texts → the shingles they are found by.
    Spread,
    /// Shingles, sorted → pairs that meet, and who is in a crowd.
    Meet,
    /// Texts, and which of their shingles are crowded, sorted by text → what is seen of each.
    View,
    /// Keys of crowds, sorted by key and place → pairs of neighbours.
    Crowd,
    /// Pairs, each behind the text it begins with → pairs worth a comparison.
    Promise,
    /// Pairs → a forest that connects the same texts.
    Forest,
    /// Texts and candidates of components, sorted → articles and excerpts.
    Link,
    /// Pages, and words of their blocks, sorted by page → where these stand.
    Place,
    /// Articles with all that belongs to them, sorted → lines of the report.
    Report,
}

/// What a stage is told.
#[derive(Debug)]
pub struct Request {
    /// The stage.
    pub name: Name,
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

/// Every stage that writes a table, with its name and the columns.
const TABLES: [(&str, Columns); 15] = [
    ("read", read::OUT),
    ("mine", mine::OUT),
    ("split", split::OUT),
    ("texts", texts::OUT),
    ("stock", stock::OUT),
    ("pilot", pilot::OUT),
    ("spread", spread::OUT),
    ("meet", meet::OUT),
    ("view", view::OUT),
    ("crowd", meet::OUT),
    ("promise", promise::OUT),
    ("forest", forest::OUT),
    ("link", link::OUT),
    ("place", place::OUT),
    ("report", report::OUT),
];

/// Runs a stage from one stream to another.
pub fn run(request: &Request, input: impl Read + Send, output: impl Write + Send) -> Result<(), Error> {
    crate::pool(request.config.threads)?.install(|| run_here(request, input, output))
}

fn run_here(request: &Request, input: impl Read, mut output: impl Write) -> Result<(), Error> {
    match request.name {
        Name::Schemas => output.write_all(schemas().as_bytes()).map_err(Error::Stdout),
        Name::Header => output.write_all(&crate::report::header_line(&request.config)).map_err(Error::Stdout),
        Name::Read => read::run(request, input, output),
        Name::Mine => mine::run(input, output),
        Name::Split => split::run(request, input, output),
        Name::Texts => texts::run(request, input, output),
        Name::Stock => stock::run(request, input, output),
        Name::Pilot => pilot::run(request, input, output),
        Name::Spread => spread::run(request, input, output),
        Name::Meet => meet::run(input, output),
        Name::View => view::run(request, input, output),
        Name::Crowd => crowd::run(input, output),
        Name::Promise => promise::run(request, input, output),
        Name::Forest => forest::run(input, output),
        Name::Link => link::run(request, input, output),
        Name::Place => place::run(request, input, output),
        Name::Report => report::run(input, output),
    }
}

/// The columns of all tables, in the words of SQL, and the sizes of samples, as JSON.
fn schemas() -> String {
    let columns = |columns: Columns| {
        let columns: Vec<String> = columns.iter().map(|(name, kind)| format!("`{name}` {}", kind.sql())).collect();
        columns.join(", ")
    };
    let all: Vec<String> = TABLES.iter().map(|(name, table)| format!("\"{name}\":\"{}\"", columns(table))).collect();
    let (lines, few, sample, crowd) = (Gathered::BUDGET, FEW, SAMPLE, CROWD);
    let sizes = format!("\"lines\":{lines},\"few\":{few},\"sample\":{sample},\"crowd\":{crowd},\"least\":{LEAST}");
    format!("{{{sizes},\n\"tables\":{{{}}}}}\n", all.join(",\n"))
}
