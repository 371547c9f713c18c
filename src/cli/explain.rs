//! The command line of `newsdedup explain`.

use super::output::{Out, Shown};
use super::{Cli, Input, Method, Running};
use crate::error::Error;
use crate::explain::{Request, Shape};
use clap::ValueEnum;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Columns when standard output is no terminal.
const WIDTH: usize = 100;

const EXAMPLES: &str = "\
A and B name a block each:
  page.txt        the first article of a page
  page.txt:2      its second article
  page.txt@3480   the article in which its byte 3480 stands
  4fd1c20a        the article with this id, or a copy with this digest, by its first 4 digits or more;
                  needs a PATH

Examples:
  newsdedup explain a.txt b.txt             the two pages alone
  newsdedup explain seeds/a.txt seeds/b.txt:2 seeds/
                                            as in `newsdedup seeds/`: same evidence, same stock phrases
  newsdedup explain 4fd1c20a 9be0 seeds/ --format json | jq .similarity

Exit codes:
  0    one article
  1    different articles, be the one an excerpt of the other
  2    nothing could be said: wrong call, no such page or block";

/// Why two blocks are or are not one article, and what differs
///
/// Shows how much the two share, what they would have to share, and which rule decided. With PATHs, the
/// blocks are looked at as a run on these does; without, the two pages are all there is. Options must be
/// those of the run that is to be explained.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, max_term_width = 100)]
pub struct Explain {
    /// The one block: a page, PAGE:NUMBER, PAGE@BYTE, or an article's id
    #[arg(value_name = "A")]
    a: OsString,
    /// The other block
    #[arg(value_name = "B")]
    b: OsString,
    /// The files and folders of the run to explain
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    method: Method,
    #[command(flatten)]
    answer: Answer,
    /// Threads [default: as many as the machine has]; the output is the same for any number
    #[arg(long, value_name = "N", help_heading = "Running")]
    threads: Option<std::num::NonZeroUsize>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
struct Answer {
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: FormatName,
    /// Show what is equal in full, too
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    /// For reading
    Text,
    /// One JSON object
    Json,
}

impl Explain {
    /// Checks what was asked for and puts it into plain values.
    pub fn into_request(self) -> Result<Request, Error> {
        let Explain { a, b, paths, input, method, answer, threads } = self;
        let running = Running { threads, quiet: true, ..Running::default() };
        let config = Cli { paths, input, method, output: Out::default(), running, generate: None, command: None }
            .into_config()?;
        let look = answer.shown.look(std::io::stdout().is_terminal());
        Ok(Request {
            a,
            b,
            config,
            shape: match answer.format {
                FormatName::Json => Shape::Json,
                FormatName::Text => Shape::Text,
            },
            full: answer.full,
            colour: look.colour,
            width: look.width.unwrap_or(WIDTH),
        })
    }
}
