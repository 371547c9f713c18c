//! What can stop a run, each with its path and the thing tried; and what merely leaves a page out.

use std::io;
use std::path::{Path, PathBuf};

/// What stops a run: exit code 2. Pages that cannot be read do not; they are reported as skipped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that cannot be; the text shows the call that would work.
    #[error("{0}")]
    Usage(String),
    /// None of the files and folders given could be opened.
    #[error("nothing to read: {0}")]
    NothingRead(String),
    /// What is to be written is to be read, too.
    #[error("{} is read, and would be replaced by what is written; give another name for that", quoted(.0))]
    Replaced(PathBuf),
    /// Reading something other than a page failed, such as the list of `--files-from`.
    #[error("cannot read {}: {}", quoted(path), cause(source))]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// A report that is to be told again is damaged, or is no report.
    #[error("cannot read the report {}: line {line}, column {column}: {what}", quoted(path))]
    Report {
        /// The report.
        path: PathBuf,
        /// The line in which something is wrong, counted from 1.
        line: u64,
        /// The byte of that line, counted from 1.
        column: u64,
        /// What is wrong.
        what: String,
    },
    /// Writing failed; an output that stood there before is as it was.
    #[error("cannot write {}: {}", quoted(path), cause(source))]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The records that a stage was given are not those that it takes.
    #[error("cannot read the records on standard input: {0}")]
    Table(String),
    /// Writing the report to standard output failed.
    #[error("cannot write to standard output: {}", cause(.0))]
    Stdout(io::Error),
    /// The system would not tell about interrupts.
    #[error("cannot wait for interrupts: {}", cause(.0))]
    Signals(io::Error),
    /// The machine would not give the threads asked for.
    #[error("cannot start {threads} threads; try --threads 1")]
    Threads {
        /// How many were asked for.
        threads: usize,
    },
}

impl Error {
    /// Whether the reader of our output has gone away, which ends a run quietly.
    pub fn is_closed_pipe(&self) -> bool {
        match self {
            Error::Stdout(source) => source.kind() == io::ErrorKind::BrokenPipe,
            _ => false,
        }
    }

    /// Names the file that could not be written.
    pub fn write(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Write { path: path.to_owned(), source }
    }

    /// Names the file that could not be read.
    pub fn read(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Read { path: path.to_owned(), source }
    }
}

/// What the system answered, in lower case and without its number.
pub fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error ").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// A path as a message shows it: in quotes, with whatever could confuse a terminal escaped.
pub fn quoted(path: &Path) -> String {
    quoted_bytes(path.as_os_str().as_encoded_bytes())
}

/// As [`quoted`], for a page name. Letters of any script stay; control characters, direction marks
/// and bytes that are not UTF-8 are written as escapes.
pub fn quoted_bytes(name: &[u8]) -> String {
    format!("'{}'", escaped_bytes(name))
}

/// As [`quoted_bytes`], without the quotes.
pub fn escaped_bytes(name: &[u8]) -> String {
    let mut out = String::new();
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_hidden(c) || c == '\\' {
                out.extend(c.escape_default());
            } else {
                out.push(c);
            }
        }
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

/// A message that may hold what others wrote: as it is, but for what could confuse a terminal. Lines stay lines.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_hidden(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Characters that a terminal would obey instead of showing them.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Characters that change what stands around them, or that nobody sees.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_a_terminal() {
        assert_eq!(quoted_bytes("Новости 1.txt".as_bytes()), "'Новости 1.txt'");
        assert_eq!(quoted_bytes(b"a\x1b[31m\n\xff"), "'a\\u{1b}[31m\\n\\xff'");
        assert_eq!(quoted_bytes("x\u{202e}txt".as_bytes()), "'x\\u{202e}txt'");
    }

    #[test]
    fn messages_cannot_either_and_keep_their_lines() {
        assert_eq!(
            plain("it says 'a\u{1b}[31m\u{9b}\u{202e}'\nGive it \\n"),
            "it says 'a\\u{1b}[31m\\u{9b}\\u{202e}'\nGive it \\n"
        );
    }

    #[test]
    fn system_answers_are_lower_case_and_without_numbers() {
        assert_eq!(cause(&io::Error::from_raw_os_error(2)), "no such file or directory");
    }
}
