//! What is read: the options of the first group.

use super::{RESERVED, globs, size, usage};
use crate::error::Error;
use crate::read::record::Fields;
use crate::read::{self, Containers, Format, Members};
use crate::walk::{self, Root};
use clap::ValueEnum;
use encoding_rs::Encoding;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub struct Input {
    /// Read the names of further files and folders from FILE, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// Names in lists end in a NUL byte, as `find -print0` writes them: in --files-from, --keep-list, --drop-list
    #[arg(short = '0', long)]
    pub null: bool,
    /// Below a folder, read only files that match GLOB: `*.txt`, `2021/**`, `{a,b}*`
    ///
    /// A glob is matched against the path below the folder given and against the bare name; `*` stays
    /// within one name, `**` crosses folders. A file given by name is always read.
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Below a folder, leave out files and folders that match GLOB; wins over --include
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Read files and folders whose name starts with a dot, too
    #[arg(long)]
    hidden: bool,
    /// Go into folders that are symbolic links, too
    #[arg(long)]
    follow: bool,
    /// The encoding of all pages without a byte order mark, such as windows-1251 [default: found out]
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// Skip larger pages; bytes, or with K, M or G
    #[arg(long, value_name = "SIZE", default_value = "1G")]
    max_page_size: String,
    /// What the pages are written in, whatever they look like [default: found out by content, then by name]
    ///
    /// Compressed files and archives are opened in any case; FORMAT is that of what is in them.
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<FormatName>,
    /// The field or column that holds a page, in JSONL, CSV and Parquet: NAME, or OUTER.INNER in JSONL [default:
    /// text, content, body, html and the like]
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// The field or column that a record is called by [default: id]
    #[arg(long, value_name = "NAME")]
    pub id_field: Option<String>,
    /// Carry this field, column or WARC header into the report, under `meta`; may be given again
    #[arg(long, value_name = "NAME")]
    meta_field: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum FormatName {
    /// Plain text, a page a file
    Text,
    /// HTML, a page a file
    Html,
    /// JSON objects, one a line; each is a page
    Jsonl,
    /// A table with a line of names; each line below is a page
    Csv,
    /// A web archive, WARC or WET; each answer of a server is a page
    Warc,
    /// A Parquet table; each row is a page
    Parquet,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Format {
        match name {
            FormatName::Text => Format::Text,
            FormatName::Html => Format::Html,
            FormatName::Jsonl => Format::Jsonl,
            FormatName::Csv => Format::Csv,
            FormatName::Warc => Format::Warc,
            FormatName::Parquet => Format::Parquet,
        }
    }
}

impl Input {
    /// Which files below the roots are read.
    pub fn walk(&self) -> Result<walk::Options, Error> {
        Ok(walk::Options {
            include: globs("--include", &self.include)?,
            exclude: globs("--exclude", &self.exclude)?,
            hidden: self.hidden,
            follow: self.follow,
            leave_out: Vec::new(),
        })
    }

    /// How bytes become text.
    pub fn read(&self) -> Result<read::Options, Error> {
        Ok(read::Options {
            encoding: self.encoding.as_deref().map(encoding).transpose()?,
            max_page_size: size("--max-page-size", &self.max_page_size)?,
            containers: Containers {
                format: self.input_format.map(Format::from),
                fields: Fields {
                    text: self.text_field.clone(),
                    id: self.id_field.clone(),
                    meta: self.meta_field.clone(),
                },
                members: Members {
                    include: globs("--include", &self.include)?,
                    exclude: globs("--exclude", &self.exclude)?,
                    hidden: self.hidden,
                },
            },
            ..read::Options::default()
        })
    }

    /// Standard input can be given once: as a page, or as the list of pages.
    pub fn check_stdin(&self, paths: &[PathBuf]) -> Result<(), Error> {
        let list = self.files_from.as_deref() == Some(Path::new("-"));
        if list && paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(usage(
                "standard input is either a page or the list of pages: leave out '-', or give --files-from a file",
            ));
        }
        Ok(())
    }
}

/// A file or folder as it was given.
pub fn root(path: PathBuf) -> Result<Root, Error> {
    match path.to_str() {
        Some("-") => Ok(Root::Stdin),
        Some("") => Err(usage("a path is empty; give a file or a folder, as in: newsdedup seeds/")),
        Some(name) if RESERVED.contains(&name) => Err(usage(&format!(
            "'{name}' is kept for a command of that name; for the file or folder: newsdedup ./{name}"
        ))),
        _ => Ok(Root::Path(path)),
    }
}

fn encoding(label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        usage(&format!("--encoding: '{label}' is not known; labels are those of the web, such as utf-8, windows-1251, gb18030 or shift_jis"))
    })
}
