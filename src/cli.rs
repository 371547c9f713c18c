//! The command line → [`Config`]. No work is done here.
//!
//! The main form is `newsdedup PATH...`. A folder with the name of a command ([`RESERVED`]) is given as `./NAME`.

mod explain;
mod generate;
mod input;
mod output;
mod report;
mod restore;
#[cfg(feature = "spark")]
mod stage;
mod verify;

use crate::config::{Config, FilesFrom, Format, SplitMode};
use crate::error::{Error, plain};
use crate::explain::Request;
use crate::filter::Filter;
use crate::group::keep::Keep;
use crate::group::quotes::WORDS;
use crate::progress::Progress;
use crate::report::schema::SCHEMA;
use crate::walk::Globs;
use crate::{again, frame, group, normalise, read};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use generate::Generated;
use input::Input;
use output::Out;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Names of commands.
const RESERVED: [&str; 7] = ["explain", "report", "restore", "spark", "stage", "verify", "help"];

const EXAMPLES: &str = "\
Examples:
  newsdedup seeds/                          the report as JSON on standard output
  newsdedup seeds/ -o build/corpus          build/corpus/articles/*.txt and build/corpus/report.json
  newsdedup seeds/ -o build/report.jsonl    the report in one file, one object a line
  newsdedup seeds/ -o build/report.html     a page to look at: open it in a browser
  newsdedup seeds/ --keep longest --prefer 'agency/**'
  newsdedup report build/corpus -o report.csv
                                            a report that is there already, as a table
  newsdedup seeds/ -o build/corpus --archive
                                            also every byte of every page, once and compressed
  newsdedup restore build/corpus pages/     writes these pages back
  newsdedup verify build/corpus             proves on the pages that what was written holds
  newsdedup seeds/ -o build/corpus --state build/corpus.state
                                            the next run reads only what is new
  newsdedup explain a.txt b.txt             why two copies are or are not one article
  newsdedup seeds/ --check -o report.json   exit code 1 if there is any duplicate
  find . -name '*.txt' -print0 | newsdedup --files-from - -0
  newsdedup seeds/ | jq '.articles[] | select(.occurrences | length > 1) | .headline'

In a Makefile, to run again exactly when a page was added, changed or removed (keep what is written out
of the folders that are read):
  build/corpus.stamp:
          newsdedup seeds -o build/corpus --depfile build/corpus.d --stamp $@
  -include build/corpus.d

Exit codes:
  0    done
  1    done, and --check found duplicates
  2    nothing could be done: wrong call, no input, output cannot be written
  3    done, but some pages were skipped; the report says why
  130  interrupted (143 by SIGTERM); an old output is as it was";

/// The version, and what else decides whether two builds give the same digests and write the same forms.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let (version, form) = (env!("CARGO_PKG_VERSION"), normalise::VERSION);
    let parquet = if cfg!(feature = "parquet") { "with" } else { "without" };
    format!("{version}\nnormalised form {form}, report schema {SCHEMA}, {parquet} Parquet")
});

/// Finds every article once in a folder of scraped news pages, and maps where each copy stands.
///
/// Reads pages of plain text, takes them apart into articles, and reports which articles are the same
/// and where every copy stands: page, bytes and lines. Nothing is written but standard output unless
/// -o says so.
#[derive(Debug, Parser)]
#[command(name = "newsdedup", version, long_version = LONG_VERSION.as_str(), after_help = EXAMPLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
struct Cli {
    /// Files and folders to read, in this order; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    method: Method,
    #[command(flatten)]
    output: Out,
    #[command(flatten)]
    running: Running,
    /// Print a man page, or the completions of a shell
    #[arg(long, value_name = "WHAT", help_heading = "Running")]
    generate: Option<Generated>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Explain(Box<explain::Explain>),
    Report(report::Report),
    Restore(restore::Restore),
    #[cfg(feature = "spark")]
    Spark(stage::Spark),
    #[cfg(feature = "spark")]
    #[command(hide = true)]
    Stage(Box<stage::Stage>),
    Verify(verify::Verify),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Method")]
struct Method {
    /// How a page is taken apart
    #[arg(long, value_name = "HOW", default_value = "auto")]
    split: Split,
    /// Whether an edited copy counts as the same article
    #[arg(long, value_name = "WHETHER", default_value = "on")]
    near: OnOff,
    /// The similarity from which it does, 0 to 1
    #[arg(long, value_name = "SIMILARITY", default_value_t = group::Params::default().threshold)]
    threshold: f64,
    /// Which of several copies is kept: the one whose text the report and -o give
    ///
    /// It decides which copy represents an article, never which copies are one article. Copies that it
    /// finds equal are kept in page order.
    #[arg(long, value_name = "WHICH", default_value = "first")]
    keep: KeepName,
    /// Keep copies from pages that match GLOB before all others, whatever --keep says; the first GLOB
    /// given is the most trusted: --prefer 'agency/**' --prefer '*.orig.txt'
    ///
    /// A glob is matched against the page's path from any of its folders on, and against the bare name.
    #[arg(long, value_name = "GLOB")]
    prefer: Vec<String>,
}

#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Running")]
struct Running {
    /// End with exit code 1 if there is any duplicate, exact or near
    #[arg(long)]
    check: bool,
    /// Threads [default: as many as the machine has]; the output is the same for any number
    #[arg(long, value_name = "N")]
    threads: Option<std::num::NonZeroUsize>,
    /// Use SIZE of memory for pages: what must be remembered of each, about 600 bytes, and in the rest
    /// their text, which is otherwise read again [default: a quarter of the memory, at most 192M]
    ///
    /// The output is the same for any size. What is remembered is needed whatever SIZE says, and
    /// finding near copies takes memory besides.
    #[arg(long, value_name = "SIZE")]
    memory: Option<String>,
    /// Keep in FILE what was read, compressed, so that the next run reads only new and changed files
    ///
    /// The report is that of a full run, byte for byte. A run that was killed is continued. A file counts as unchanged
    /// if its size, inode and times are as they were. Where FILE is damaged, or of another version, all is read.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Say nothing on standard error, except why nothing could be done
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Split {
    /// At its headline cards, with what the rest of the corpus shows
    Auto,
    /// Not at all: a page is one article
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum OnOff {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KeepName {
    /// The first in page order
    First,
    /// The last in page order
    Last,
    /// The one with the most words
    Longest,
    /// The one whose page gives the earliest date; those without a date come last
    Earliest,
    /// The one whose page gives the latest date; those without a date come last
    Latest,
}

/// What a command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// A run.
    Run(Box<Config>),
    /// Why two blocks are or are not one article.
    Explain(Box<Request>),
    /// A report that was written before, in another form.
    Report(Box<again::Request>),
    /// Pages out of an archive.
    Restore(Box<crate::restore::Request>),
    /// Whether what was written holds.
    Verify(Box<crate::verify::Request>),
    /// One stage of a run, as a filter.
    #[cfg(feature = "spark")]
    Stage(Box<crate::stage::Request>),
    /// A text, such as the help; it has been shown. The exit code.
    Shown(u8),
}

/// Reads a command line.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Asked, Error> {
    let matches = match Cli::command().try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return show(&error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return show(&error),
    };
    match cli.command {
        Some(Command::Explain(explain)) => return Ok(Asked::Explain(Box::new(explain.into_request()?))),
        Some(Command::Report(report)) => return Ok(Asked::Report(Box::new(report.into_request()?))),
        Some(Command::Restore(restore)) => return Ok(Asked::Restore(Box::new(restore.into_request()))),
        #[cfg(feature = "spark")]
        Some(Command::Spark(_)) => return print(crate::stage::SCRIPT).map(|()| Asked::Shown(0)),
        #[cfg(feature = "spark")]
        Some(Command::Stage(stage)) => return Ok(Asked::Stage(Box::new(stage.into_request()?))),
        Some(Command::Verify(verify)) => return Ok(Asked::Verify(Box::new(verify.into_request()))),
        None => {}
    }
    if let Some(generated) = cli.generate {
        return generated.write(&mut std::io::stdout().lock()).map(|()| Asked::Shown(0)).map_err(Error::Stdout);
    }
    if cli.paths.is_empty() && cli.input.files_from.is_none() {
        return Err(Error::Usage(
            "nothing to read\n\nGive it a folder of pages:\n  newsdedup seeds/\nor pages on standard input:\n  \
             cat page.txt | newsdedup -\nMore: newsdedup --help"
                .to_owned(),
        ));
    }
    Ok(Asked::Run(Box::new(cli.into_config()?)))
}

/// Help and version go to standard output, a wrong call to standard error.
fn show(error: &clap::Error) -> Result<Asked, Error> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return error.print().map(|()| Asked::Shown(0)).map_err(Error::Stdout);
    }
    let text = error.render().to_string();
    let plain = plain(&text);
    let _ = if plain == text { error.print() } else { std::io::stderr().write_all(plain.as_bytes()) };
    Ok(Asked::Shown(2))
}

impl Cli {
    /// Checks what was asked for and puts it into plain values.
    fn into_config(self) -> Result<Config, Error> {
        let Cli { paths, input, method, output, running, generate: _, command: _ } = self;
        input.check_stdin(&paths)?;
        if !(0.0..=1.0).contains(&method.threshold) {
            return Err(usage("--threshold is a similarity from 0 to 1, such as --threshold 0.5"));
        }
        let (spans, quotes) = (output.spans, output.quotes()?);
        let (target, filter) = output.into_target()?;
        if running.state.as_deref().is_some_and(|path| path == Path::new("-")) {
            return Err(usage("--state is a file that stays, not a stream: --state build/corpus.state"));
        }
        if running.state.is_some() && !frame::AVAILABLE {
            return Err(usage("this newsdedup was built without states (cargo build --features compression)"));
        }
        // What people look at shows them both.
        let looked_at = target.format == Format::Html;
        if input.null && input.files_from.is_none() && !filter.has_lists() {
            return Err(usage("-0 is for lists of names: --files-from, --keep-list, --drop-list"));
        }
        Ok(Config {
            roots: paths.into_iter().map(input::root).collect::<Result<_, _>>()?,
            walk: input.walk()?,
            read: read::Options {
                memory: match &running.memory {
                    Some(text) => size("--memory", text)?,
                    None => read::Options::default().memory,
                },
                keep_records: filter.records.is_some(),
                keep_originals: target.archive,
                ..input.read()?
            },
            filter: Filter { null: input.null, by_id: input.id_field.is_some(), ..filter },
            state: running.state,
            files_from: input.files_from.map(|path| FilesFrom { path, null: input.null }),
            split: match method.split {
                Split::Auto => SplitMode::Auto,
                Split::None => SplitMode::None,
            },
            group: group::Params { near: method.near == OnOff::On, threshold: method.threshold },
            keep: method.keep.into(),
            prefer: globs("--prefer", &method.prefer)?,
            spans: spans || looked_at,
            quotes: quotes.or(looked_at.then_some(WORDS)),
            target,
            threads: running.threads.map(std::num::NonZeroUsize::get),
            check: running.check,
            quiet: running.quiet,
            progress: Progress::default(),
        })
    }
}

impl From<KeepName> for Keep {
    fn from(name: KeepName) -> Keep {
        match name {
            KeepName::First => Keep::First,
            KeepName::Last => Keep::Last,
            KeepName::Longest => Keep::Longest,
            KeepName::Earliest => Keep::Earliest,
            KeepName::Latest => Keep::Latest,
        }
    }
}

#[cfg(feature = "spark")]
fn print(text: &str) -> Result<(), Error> {
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes()).map_err(Error::Stdout)
}

fn usage(text: &str) -> Error {
    Error::Usage(text.to_owned())
}

fn globs(option: &str, patterns: &[String]) -> Result<Globs, Error> {
    Globs::new(patterns).map_err(|error| usage(&format!("{option}: {error}; a glob looks like '*.txt' or '2021/**'")))
}

/// Bytes, with K, M or G for powers of 1024.
fn size(option: &str, text: &str) -> Result<u64, Error> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => Some(0),
        "K" | "KB" | "KIB" => Some(10),
        "M" | "MB" | "MIB" => Some(20),
        "G" | "GB" | "GIB" => Some(30),
        "T" | "TB" | "TIB" => Some(40),
        _ => None,
    };
    let bytes = factor.and_then(|factor| digits.parse::<u64>().ok()?.checked_mul(1 << factor));
    bytes.ok_or_else(|| {
        usage(&format!("{option}: '{text}' is no size; give bytes, or a number with K, M or G: {option} 64M"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        for (text, bytes) in [("0", 0), ("17", 17), ("64k", 65_536), ("64M", 64 << 20), ("2GiB", 2 << 30)] {
            assert_eq!(size("--memory", text).ok(), Some(bytes), "{text}");
        }
        for text in ["", "M", "-1", "1.5G", "10X", "99999999999999G"] {
            assert!(size("--memory", text).is_err(), "{text}");
        }
    }
}
