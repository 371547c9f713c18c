//! The command line → [`Config`]. No work is done here.

use crate::config::{Config, FilesFrom, Format, Output, SplitMode};
use crate::error::Error;
use crate::walk::{Globs, Root};
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Finds every article once in a folder of scraped news pages, and maps where each copy stands
#[derive(Debug, Parser)]
#[command(name = "newsdedup", version)]
pub struct Cli {
    /// Files and folders to read, in this order; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    #[arg(short = '0', long)]
    null: bool,
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    #[arg(long)]
    hidden: bool,
    #[arg(long)]
    follow: bool,
    #[arg(long, default_value = "auto")]
    split: Split,
    #[arg(long, default_value = "on")]
    near: OnOff,
    #[arg(long)]
    threshold: Option<f64>,
    #[arg(long, default_value = "json")]
    format: FormatName,
    #[arg(long)]
    spans: bool,
    #[arg(long)]
    threads: Option<usize>,
    #[arg(long)]
    check: bool,
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Split {
    Auto,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum OnOff {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    Json,
    Jsonl,
}

impl Cli {
    /// Checks what was asked for and puts it into plain values.
    pub fn into_config(self) -> Result<Config, Error> {
        let mut config = Config::default();
        let root = |path: PathBuf| if path.as_os_str() == "-" { Root::Stdin } else { Root::Path(path) };
        config.roots = self.paths.into_iter().map(root).collect();
        config.files_from = self.files_from.map(|path| FilesFrom { path, null: self.null });
        let globs = |patterns: &[String]| Globs::new(patterns).map_err(|error| Error::Usage(error.to_string()));
        config.walk.include = globs(&self.include)?;
        config.walk.exclude = globs(&self.exclude)?;
        config.walk.hidden = self.hidden;
        config.walk.follow = self.follow;
        config.split = match self.split {
            Split::Auto => SplitMode::Auto,
            Split::None => SplitMode::None,
        };
        config.group.near = self.near == OnOff::On;
        config.group.threshold = self.threshold.unwrap_or(config.group.threshold);
        config.format = match self.format {
            FormatName::Json => Format::Json,
            FormatName::Jsonl => Format::Jsonl,
        };
        config.spans = self.spans;
        config.output = Output::Stdout;
        config.threads = self.threads;
        config.check = self.check;
        config.quiet = self.quiet;
        Ok(config)
    }
}
