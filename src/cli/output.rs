//! The options that say where a report goes and how it looks.

use super::usage;
use crate::archive::{AVAILABLE, WITHOUT};
use crate::config::{Format, Look, Output, Target};
use crate::error::{Error, quoted};
use crate::filter::{Filter, Place};
use crate::group::quotes::{LEAST_WORDS, WORDS};
use crate::output::is_stream;
use crate::report::parquet;
use clap::ValueEnum;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Endings of file formats that are no folders and that nobody here can write.
const FOREIGN: [&str; 8] = ["tsv", "htm", "md", "xml", "svg", "gz", "zst", "zip"];
/// The forms, in the order in which they are named.
const FORMATS: [FormatName; 7] = [
    FormatName::Json,
    FormatName::Jsonl,
    FormatName::Csv,
    FormatName::Parquet,
    FormatName::Dot,
    FormatName::Html,
    FormatName::Text,
];

/// What becomes of a run's report.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct Out {
    #[command(flatten)]
    written: Written,
    /// Say for every byte of every page what it is
    #[arg(long)]
    pub spans: bool,
    /// With -o FOLDER: also keep every byte of every page there, once and compressed, for `newsdedup restore`
    #[arg(long)]
    archive: bool,
    /// Report runs of at least N words that different articles share, with all their places [default: 8]
    ///
    /// A quote is followed across small differences ("I'm", "I am"). N is 4 or more; in scripts without
    /// spaces, two characters count as a word.
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "8")]
    quotes: Option<usize>,
    /// Write the dependencies of the output for make
    #[arg(long, value_name = "FILE")]
    depfile: Option<PathBuf>,
    /// Touch FILE when all is done, for make; an unchanged output then keeps its time
    #[arg(long, value_name = "FILE")]
    stamp: Option<PathBuf>,
    #[command(flatten)]
    filter: Filtered,
    #[command(flatten)]
    shown: Shown,
}

/// What is written for a pipeline that filters its own files.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct Filtered {
    /// Write the names of the pages to keep to FILE, one a line (-0: each ended by a NUL byte); `-` for standard
    /// output, and then no report
    ///
    /// Kept is every page but those in which each article is a copy of one that is kept elsewhere. A record is named
    /// by its id if --id-field is given.
    #[arg(long, value_name = "FILE")]
    keep_list: Option<PathBuf>,
    /// Write the names of the pages to drop, which hold nothing but copies, in the same way
    #[arg(long, value_name = "FILE")]
    drop_list: Option<PathBuf>,
    /// For JSONL: write the lines to keep to FILE, byte for byte as they were; `-` for standard output, and then no
    /// report
    #[arg(long, value_name = "FILE")]
    output_records: Option<PathBuf>,
}

impl Filtered {
    /// Checks what was asked for and puts it into plain values.
    fn into_filter(self) -> Result<Filter, Error> {
        let place = |path: PathBuf| if path == Path::new("-") { Place::Stdout } else { Place::File(path) };
        let Filtered { keep_list, drop_list, output_records } = self;
        let [keep_list, drop_list, records] = [keep_list, drop_list, output_records].map(|path| path.map(place));
        let to_stdout = [&keep_list, &drop_list, &records].into_iter().filter(|place| **place == Some(Place::Stdout));
        if to_stdout.count() > 1 {
            return Err(usage("only one of --keep-list, --drop-list and --output-records can go to standard output"));
        }
        let places: Vec<&Place> = [&keep_list, &drop_list, &records].into_iter().flatten().collect();
        if places.iter().enumerate().any(|(at, place)| places[..at].contains(place)) {
            return Err(usage("--keep-list, --drop-list and --output-records need a file each"));
        }
        Ok(Filter { keep_list, drop_list, records, ..Filter::default() })
    }
}

/// Where a report goes, and in which form.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct Written {
    /// Write to PATH: a file if it ends in .json, .jsonl, .csv, .parquet, .dot, .html or .txt, otherwise a folder
    /// with a readable text file an article and the report; replaced as a whole
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// How the report is written [default: by the ending of -o, otherwise json]
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatName>,
}

/// How text for reading looks.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct Shown {
    /// When to use colours in text for reading; a terminal is not coloured if NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
    /// Columns for text for reading [default: those of the terminal]
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..))]
    width: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum FormatName {
    /// One JSON object, one article a line
    Json,
    /// One JSON object a line, tagged with its type
    Jsonl,
    /// A table, one line an occurrence
    Csv,
    /// The same table with the texts; with -o FOLDER, a folder of tables
    Parquet,
    /// A graph for Graphviz: who shares what with whom
    Dot,
    /// A page for a browser: search, pictures, what differs; has --spans and --quotes in it
    Html,
    /// For reading
    Text,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum When {
    /// On a terminal
    #[default]
    Auto,
    Always,
    Never,
}

impl Out {
    /// Words of the shortest quote, if quotes are asked for.
    pub fn quotes(&self) -> Result<Option<usize>, Error> {
        match self.quotes {
            Some(words) if words < LEAST_WORDS => Err(usage(&format!(
                "--quotes: any two texts share runs of {words} words; give {LEAST_WORDS} or more: --quotes={WORDS}"
            ))),
            words => Ok(words),
        }
    }

    /// Checks what was asked for and puts it into plain values.
    pub fn into_target(self) -> Result<(Target, Filter), Error> {
        let filter = self.filter.into_filter()?;
        let mut target = self.written.into_target(&self.shown)?;
        if filter.takes_stdout() && target.output == Output::Stdout {
            target.output = Output::Nowhere;
        }
        let nowhere = matches!(target.output, Output::Stdout | Output::Nowhere);
        if (self.depfile.is_some() || self.stamp.is_some()) && nowhere {
            return Err(usage(
                "--depfile and --stamp need an output: newsdedup seeds/ -o build/corpus --stamp build/corpus.stamp",
            ));
        }
        if self.archive && !AVAILABLE {
            return Err(usage(WITHOUT));
        }
        if self.archive && !matches!(target.output, Output::Folder(_)) {
            return Err(usage("--archive needs a folder: newsdedup seeds/ -o build/corpus --archive"));
        }
        Ok((Target { archive: self.archive, depfile: self.depfile, stamp: self.stamp, ..target }, filter))
    }
}

impl Written {
    /// Checks what was asked for and puts it into plain values.
    pub fn into_target(self, shown: &Shown) -> Result<Target, Error> {
        let (format, output) = self.place()?;
        let terminal = output == Output::Stdout && std::io::stdout().is_terminal();
        if format == Format::Parquet && !cfg!(feature = "parquet") {
            return Err(usage(parquet::WITHOUT));
        }
        if format == Format::Parquet && terminal {
            return Err(usage("a Parquet table is nothing for a terminal; give it a file: -o build/report.parquet"));
        }
        if format == Format::Html && terminal {
            return Err(usage("a page for a browser is nothing for a terminal; give it a file: -o build/report.html"));
        }
        Ok(Target { format, look: shown.look(terminal), output, archive: false, depfile: None, stamp: None })
    }

    fn place(&self) -> Result<(Format, Output), Error> {
        let named = self.format.map(Format::from);
        let Some(path) = self.output.as_deref().filter(|path| *path != Path::new("-")) else {
            return Ok((named.unwrap_or_default(), Output::Stdout));
        };
        let folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
        let without_ending = || match is_stream(path) {
            true => Output::File(path.to_owned()),
            false => Output::Folder(path.to_owned()),
        };
        let Some(ending) = path.extension().and_then(|ending| ending.to_str()).filter(|_| !folder) else {
            return Ok((named.unwrap_or_default(), without_ending()));
        };
        if FOREIGN.contains(&ending) {
            return Err(usage(&format!(
                "cannot write .{ending} files; give a name that ends in {}, or for a folder: -o {}",
                endings(),
                quoted(&path.join(""))
            )));
        }
        let Some(by_ending) = FORMATS.into_iter().find(|format| format.ending() == ending).map(Format::from) else {
            return Ok((named.unwrap_or_default(), without_ending()));
        };
        if named.is_some_and(|named| named != by_ending) {
            return Err(usage(&format!(
                "--format and the ending of -o {} do not agree; leave out --format",
                quoted(path)
            )));
        }
        Ok((by_ending, Output::File(path.to_owned())))
    }
}

/// The endings of files, as a sentence names them.
fn endings() -> String {
    let [first @ .., last] = FORMATS.map(|format| format!(".{}", format.ending()));
    format!("{} or {last}", first.join(", "))
}

impl FormatName {
    /// What the name of a file ends in that is written like this.
    fn ending(self) -> &'static str {
        match self {
            FormatName::Json => "json",
            FormatName::Jsonl => "jsonl",
            FormatName::Csv => "csv",
            FormatName::Parquet => "parquet",
            FormatName::Dot => "dot",
            FormatName::Html => "html",
            FormatName::Text => "txt",
        }
    }
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Format {
        match name {
            FormatName::Json => Format::Json,
            FormatName::Jsonl => Format::Jsonl,
            FormatName::Csv => Format::Csv,
            FormatName::Parquet => Format::Parquet,
            FormatName::Dot => Format::Dot,
            FormatName::Html => Format::Html,
            FormatName::Text => Format::Text,
        }
    }
}

impl Shown {
    /// What suits the place that the text goes to.
    pub fn look(&self, terminal: bool) -> Look {
        let colour = match self.color {
            When::Auto => terminal && wants_colour(),
            When::Always => true,
            When::Never => false,
        };
        let width = self.width.or_else(|| terminal.then(columns).flatten());
        Look { colour, width: width.map(usize::from) }
    }
}

/// Whether the person at the terminal has nothing against colours (no-color.org).
fn wants_colour() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    !refused && !dumb
}

/// Columns of the terminal on standard output.
fn columns() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout());
    size.ok().map(|size| size.ws_col).filter(|&columns| columns >= 20)
}
