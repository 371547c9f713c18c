//! A temporary folder with pages in it, and the program to run there.

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The program under test.
pub const BIN: &str = env!("CARGO_BIN_EXE_newsdedup");

/// A temporary folder; everything in it goes when the test ends.
pub struct TestEnv {
    folder: TempDir,
}

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl TestEnv {
    pub fn empty() -> TestEnv {
        TestEnv { folder: TempDir::new().unwrap() }
    }

    /// A folder with these files in it, written in this order.
    pub fn with(files: &[(impl AsRef<Path>, impl AsRef<[u8]>)]) -> TestEnv {
        let env = TestEnv::empty();
        files.iter().for_each(|(path, bytes)| env.write(path, bytes));
        env
    }

    /// A folder with two different pages and a copy of the first.
    pub fn sample() -> TestEnv {
        TestEnv::with(&[("p/a.txt", page(1)), ("p/b.txt", page(2)), ("p/copy of a.txt", page(1))])
    }

    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(below)
    }

    pub fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    /// Everything in a folder, in order.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(BIN);
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// Runs with a command line that has no spaces in its words.
    pub fn run(&self, line: &str) -> Ran {
        ran(&mut self.command(line.split_whitespace()))
    }

    /// Runs with something on standard input.
    pub fn pipe(&self, line: &str, input: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(line.split_whitespace());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_ref()).unwrap();
        Ran::from(child.wait_with_output().unwrap())
    }

    /// Runs quietly, expects all to be well, and gives the report.
    pub fn report(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} -q"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
        ran.report()
    }

    /// Runs quietly with `-o`, and expects all to be well.
    pub fn report_into(&self, line: &str) {
        let ran = self.run(&format!("{line} -q"));
        assert_eq!((ran.code, ran.err.as_str(), ran.out.len()), (0, "", 0), "{line}");
    }
}

impl From<std::process::Output> for Ran {
    fn from(output: std::process::Output) -> Ran {
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("panicked"), "{err}");
        Ran { code: output.status.code().unwrap_or(-1), out: output.stdout, err }
    }
}

impl Ran {
    pub fn report(&self) -> Value {
        serde_json::from_slice(&self.out).unwrap_or_else(|error| panic!("no report: {error}; {}", self.err))
    }

    #[track_caller]
    pub fn fails(&self, code: i32, message: &str) {
        assert_eq!(self.code, code, "{}", self.err);
        assert!(self.err.contains(message), "{:?} is not in {:?}", message, self.err);
    }
}

pub fn ran(command: &mut Command) -> Ran {
    Ran::from(command.output().unwrap())
}

/// The names of the pages in which the articles stand, article by article.
pub fn groups(report: &Value) -> Vec<Vec<String>> {
    let name = |occurrence: &Value| occurrence["page"].as_str().unwrap().to_owned();
    let articles = report["articles"].as_array().unwrap();
    articles.iter().map(|article| article["occurrences"].as_array().unwrap().iter().map(name).collect()).collect()
}

/// The names of all pages that gave an article, in order.
pub fn pages(report: &Value) -> Vec<String> {
    let mut pages: Vec<String> = groups(report).into_iter().flatten().collect();
    pages.dedup();
    pages
}

/// Name and reason of everything that was skipped.
pub fn skipped(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entries = report["skipped"].as_array().unwrap();
    entries.iter().map(|entry| (text(&entry["page"]), text(&entry["reason"]))).collect()
}

/// One page of our own invention; different numbers share no sentence.
pub fn page(number: usize) -> String {
    const WORDS: [&str; 24] = [
        "harbour",
        "council",
        "bridge",
        "winter",
        "market",
        "teacher",
        "river",
        "engine",
        "garden",
        "island",
        "letter",
        "mountain",
        "orchestra",
        "painter",
        "quarry",
        "railway",
        "school",
        "tower",
        "village",
        "window",
        "archive",
        "baker",
        "castle",
        "doctor",
    ];
    let mut state = number as u64 * 2 + 1;
    let mut word = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        WORDS[(state >> 33) as usize % WORDS.len()]
    };
    let mut sentence = |words: usize| {
        let words: Vec<&str> = (0..words).map(|_| word()).collect();
        format!("The {} number {number} was seen again.", words.join(" "))
    };
    format!("Story {number} of the day\n\n{}\n\n{}\n\n{}\n", sentence(30), sentence(25), sentence(28))
}
