//! The command lines of `newsdedup spark` and `newsdedup stage`, which the former's script calls.

use super::output::Out;
use super::{Cli, Input, Method, Running};
use crate::error::Error;
use crate::group::candidates::{Bar, Totals};
use crate::stage::{self, Request, STAGES};
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  newsdedup spark > newsdedup_spark.py      then, where Spark is:
  spark-submit newsdedup_spark.py --binary ./newsdedup --input hdfs:///news --output hdfs:///report";

/// Prints a script that makes the report of a corpus on an Apache Spark cluster
///
/// The script ships this program to the workers; run it with --help for its options. The articles, occurrences,
/// matches and similarities are those that this program reports of the same pages on one machine.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, max_term_width = 100)]
pub struct Spark {}

/// One stage of a run as a filter, for the script that `newsdedup spark` prints
///
/// Reads records from standard input and writes records to standard output, as streams of Apache Arrow.
#[derive(Debug, clap::Args)]
#[command(max_term_width = 100)]
pub struct Stage {
    /// The stage
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(STAGES.map(|stage| stage.name())))]
    name: String,
    /// What the size of all pages comes to, in bytes
    #[arg(long, value_name = "N", default_value_t = 0)]
    corpus_bytes: u64,
    /// What stage `mine` gave
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// What stage `stock` gave
    #[arg(long, value_name = "FILE")]
    stock: Option<PathBuf>,
    /// Different texts
    #[arg(long, value_name = "N", default_value_t = 0)]
    texts: usize,
    /// Shingles in all their sketches
    #[arg(long, value_name = "N", default_value_t = 0)]
    shingles: usize,
    /// Texts that have a sketch
    #[arg(long, value_name = "N", default_value_t = 0)]
    sketched: usize,
    /// How often sketches are halved, as stage `pilot` says
    #[arg(long, value_name = "N", default_value_t = 0)]
    halvings: u32,
    /// The least promise, as stage `pilot` says
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    promise: f64,
    /// Spread no shingles but those in this file
    #[arg(long, value_name = "FILE")]
    only: Option<PathBuf>,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    method: Method,
    /// Threads [default: as many as the machine has]; the output is the same for any number
    #[arg(long, value_name = "N", help_heading = "Running")]
    threads: Option<std::num::NonZeroUsize>,
}

impl Stage {
    /// Puts what was asked for into plain values.
    pub fn into_request(self) -> Result<Request, Error> {
        let Stage { input, method, threads, .. } = self;
        let running = Running { threads, quiet: true, ..Running::default() };
        let paths = Vec::new();
        let config = Cli { paths, input, method, output: Out::default(), running, generate: None, command: None }
            .into_config()?;
        Ok(Request {
            stage: stage::Stage::named(&self.name).ok_or_else(|| Error::Table(format!("no stage '{}'", self.name)))?,
            config,
            bytes: self.corpus_bytes,
            evidence: self.evidence,
            stock: self.stock,
            totals: Totals { texts: self.texts, shingles: self.shingles },
            sketched: self.sketched,
            bar: Bar { halvings: self.halvings, promise: self.promise },
            only: self.only,
        })
    }
}
