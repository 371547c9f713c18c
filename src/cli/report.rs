//! The command line of `newsdedup report`.

use super::output::{Shown, Written};
use crate::again::Request;
use crate::error::Error;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  newsdedup report build/corpus --format text | less
  newsdedup report build/report.json -o build/report.csv
  jq '.articles |= map(select(.date_iso > \"2031-06\"))' report.json | newsdedup report - --format csv

Exit codes:
  0    done
  2    nothing could be done: no whole report, output cannot be written
  130  interrupted (143 by SIGTERM); an old output is as it was";

/// Writes a report in another form, without the pages that it was made from
///
/// The report is one in JSON or JSON lines. What is written is byte for byte what the run would have
/// written in that form; but a page for a browser lacks the texts of pages, which are in no report.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, max_term_width = 100)]
pub struct Report {
    /// A report in JSON or JSON lines, a folder that -o wrote, or `-` for standard input
    #[arg(value_name = "FROM")]
    from: PathBuf,
    #[command(flatten)]
    written: Written,
    #[command(flatten)]
    shown: Shown,
    /// Threads [default: as many as the machine has]; the output is the same for any number
    #[arg(long, value_name = "N", help_heading = "Running")]
    threads: Option<std::num::NonZeroUsize>,
}

impl Report {
    /// Checks what was asked for and puts it into plain values.
    pub fn into_request(self) -> Result<Request, Error> {
        Ok(Request {
            target: self.written.into_target(&self.shown)?,
            from: self.from,
            threads: self.threads.map(std::num::NonZeroUsize::get),
        })
    }
}
