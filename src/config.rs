//! Everything a run is told, validated: plain values that any caller may set.

use crate::filter::Filter;
use crate::progress::Progress;
use crate::{group, read, walk};
use std::path::PathBuf;

/// One run.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Files, folders and `-`, in the order given.
    pub roots: Vec<walk::Root>,
    /// The list that `--files-from` names, if any.
    pub files_from: Option<FilesFrom>,
    /// Which of the files below the roots are pages.
    pub walk: walk::Options,
    /// How bytes become text.
    pub read: read::Options,
    /// Where what was read is kept for the next run.
    pub state: Option<PathBuf>,
    /// How a page is taken apart.
    pub split: SplitMode,
    /// Which blocks are one article.
    pub group: group::Params,
    /// Which of several copies is kept.
    pub keep: group::keep::Keep,
    /// Pages whose copies are kept before all others, the most trusted first.
    pub prefer: walk::Globs,
    /// Whether the report maps every byte of every page.
    pub spans: bool,
    /// Words of the shortest quote to report; `None` for no quotes.
    pub quotes: Option<usize>,
    /// Where the report goes, and in which form.
    pub target: Target,
    /// What is written for a pipeline that filters its own files.
    pub filter: Filter,
    /// Threads; `None` for as many as the machine has.
    pub threads: Option<usize>,
    /// Whether duplicates make exit code 1.
    pub check: bool,
    /// Whether the summary line and the list of skipped pages stay away.
    pub quiet: bool,
    /// Counters by which whoever runs it sees how far it has come.
    pub progress: Progress,
}

/// A list of further roots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesFrom {
    /// The list; `-` for standard input.
    pub path: PathBuf,
    /// Whether names end in a NUL byte instead of a line end.
    pub null: bool,
}

/// How a page is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SplitMode {
    /// At its headline cards, with what the rest of the corpus shows.
    #[default]
    Auto,
    /// Not at all: a page is one article.
    None,
}

/// What becomes of a report.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// How it is written.
    pub format: Format,
    /// Where it goes.
    pub output: Output,
    /// Whether all pages are kept beside it, in an archive.
    pub archive: bool,
    /// How it looks, if it is written for reading.
    pub look: Look,
    /// Where make's dependencies go.
    pub depfile: Option<PathBuf>,
    /// The empty file whose time says when the output was last made.
    pub stamp: Option<PathBuf>,
}

/// How a report is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One JSON object, one article a line.
    #[default]
    Json,
    /// One JSON object a line, tagged with its type.
    Jsonl,
    /// A table, one occurrence a line.
    Csv,
    /// The same table, with the texts, or a folder of tables.
    Parquet,
    /// A graph of articles and the pages they stand in.
    Dot,
    /// A page for a browser.
    Html,
    /// For reading.
    Text,
}

/// How text for reading looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Whether colours are used.
    pub colour: bool,
    /// Columns to keep within; `None` for lines of any length.
    pub width: Option<usize>,
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Output {
    /// Standard output.
    #[default]
    Stdout,
    /// Nobody wants it.
    Nowhere,
    /// One file, replaced as a whole.
    File(PathBuf),
    /// A folder with the report and one readable file an article, or with its tables; replaced as a whole.
    Folder(PathBuf),
}
