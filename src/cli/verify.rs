//! The command line of `newsdedup verify`.

use crate::progress::Progress;
use crate::verify::Request;
use clap::ValueEnum;
use std::path::PathBuf;

const EXAMPLES: &str = "\
What is verified:
  archive   every page comes back with its size and SHA-256, and equals the one in CORPUS if that is given
  page      every page is there; with --spans, its size and SHA-256 are those of the report
  spans     the spans of a page tile it, and those of an article stand where it occurs (with --spans)
  place     an occurrence stands inside its page, at the lines that the report says
  digest    the text there has its digest; without --spans, equal copies hold the words of their article
  article   an article's id is the digest of its text, one occurrence is kept, equal copies have its digest
  file      every article has its file in FOLDER, which holds it, and there are no others
A line for each thing that does not hold begins with one of these words. Edited copies in pages of plain
text can be derived only with --spans. What stands beside an archive in another form than JSON or JSON lines is named
behind 'not verified'.

Examples:
  newsdedup seeds/ -o build/corpus --spans --archive
  newsdedup verify build/corpus             with the pages out of the archive
  newsdedup verify build/corpus .           also compares the archive with the pages below this folder
  newsdedup verify report.json --format json | jq '.broken[].of'

Exit codes:
  0    all that was verified holds
  1    something does not; each thing is named
  2    nothing could be verified: wrong call, no whole report, none of its pages
  130  interrupted (143 by SIGTERM)";

/// Proves on the pages that what a run wrote holds: a report, its folder, its archive
///
/// The report is one in JSON or JSON lines. The pages come out of the archive if the folder has one, and
/// otherwise from CORPUS. Each claim about them is derived again.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, max_term_width = 100)]
pub struct Verify {
    /// A report in JSON or JSON lines, a folder that -o wrote, or an archive
    #[arg(value_name = "REPORT")]
    from: PathBuf,
    /// The folder that the pages are in [default: where the report says, from the current folder]
    #[arg(value_name = "CORPUS")]
    corpus: Option<PathBuf>,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: FormatName,
    /// Threads [default: as many as the machine has]; the output is the same for any number
    #[arg(long, value_name = "N", help_heading = "Running")]
    threads: Option<std::num::NonZeroUsize>,
    /// Say nothing if all holds
    #[arg(short, long, help_heading = "Running")]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum FormatName {
    /// A line for each thing that does not hold, and one of numbers
    Text,
    /// One JSON object
    Json,
}

impl Verify {
    /// Puts what was asked for into plain values.
    pub fn into_request(self) -> Request {
        Request {
            from: self.from,
            corpus: self.corpus,
            threads: self.threads.map(std::num::NonZeroUsize::get),
            json: self.format == FormatName::Json,
            quiet: self.quiet,
            progress: Progress::default(),
        }
    }
}
