//! The README is true: its examples print what it shows, and it names all options and fields there are.
//!
//! In a `console` block, `$ ` begins a command, `> ` goes on with it, and the lines up to the next
//! command are what it prints; a line `...` stands for any number of lines. A `make` block becomes the Makefile.
//! Blocks under one heading share a folder, which begins as a copy of `seeds/`. With `UPDATE_README`
//! set, what commands print is written into the README instead of being compared.

use crate::testenv::{BIN, TestEnv};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Programs that examples use and that a machine may lack.
const HELPERS: [&str; 3] = ["jq", "make", "python3"];
/// Modules of Python that examples use and that a machine may lack. `.ci/run` puts them into `venv`, beside the
/// folder of the program.
const MODULES: [&str; 3] = ["duckdb", "polars", "pandas"];
/// Options of other programs: cargo, the benchmark, Spark and the script for it.
const FOREIGN: [&str; 17] = [
    "--no-default-features",
    "--features",
    "--arg",
    "--release",
    "--path",
    "--bench",
    "--megabytes",
    "--times",
    "--runs",
    "--write",
    "--host",
    "--cores",
    "--master",
    "--binary",
    "--input",
    "--whole-file",
    "--filter-memory",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// A run of lines of the README.
enum Part {
    /// Lines that are as they are.
    Prose(String),
    /// A heading.
    Heading(String),
    /// What a `make` block holds.
    Makefile(String),
    /// A command of a `console` block, as it stands there, and what it prints.
    Example { command: String, output: String },
}

fn parts(readme: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut fence = None;
    for line in readme.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("```") {
            fence = if fence.is_none() { Some(name.trim()) } else { None };
            parts.push(Part::Prose(line.to_owned()));
            continue;
        }
        match (fence, parts.last_mut()) {
            (Some("console"), _) if line.starts_with("$ ") => {
                parts.push(Part::Example { command: line.to_owned(), output: String::new() });
            }
            (Some("console"), Some(Part::Example { command, output }))
                if output.is_empty() && line.starts_with("> ") =>
            {
                command.push_str(line);
            }
            (Some("console"), Some(Part::Example { output, .. })) => output.push_str(line),
            (Some("make"), Some(Part::Makefile(makefile))) => makefile.push_str(line),
            (Some("make"), _) => parts.push(Part::Makefile(line.to_owned())),
            (None, _) if line.starts_with('#') => parts.push(Part::Heading(line.to_owned())),
            _ => parts.push(Part::Prose(line.to_owned())),
        }
    }
    assert_eq!(fence, None, "a block has no end");
    parts
}

/// A folder with a copy of `seeds/`.
fn with_seeds() -> TestEnv {
    let env = TestEnv::empty();
    for entry in fs::read_dir(root().join("seeds")).unwrap() {
        let entry = entry.unwrap();
        env.write(Path::new("seeds").join(entry.file_name()), fs::read(entry.path()).unwrap());
    }
    env
}

fn path() -> String {
    let folder = Path::new(BIN).parent().unwrap();
    let modules = folder.parent().unwrap().join("venv/bin");
    format!("{}:{}:{}", folder.display(), modules.display(), std::env::var("PATH").unwrap())
}

/// Runs a command as a shell does and gives all that it prints.
fn shell(env: &TestEnv, command: &str) -> String {
    // Make must see that the clock of the file system has moved on since the last command; a state asks for more.
    std::thread::sleep(Duration::from_millis(if command.contains("--state") { 200 } else { 20 }));
    let mut sh = Command::new("sh");
    sh.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(env.path("")).stdin(Stdio::null());
    sh.env("PATH", path()).env("LC_ALL", "C.UTF-8").env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    String::from_utf8(sh.output().unwrap().stdout).unwrap()
}

fn works(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).env("PATH", path()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Words by which examples are known that this machine cannot run.
fn missing() -> Vec<&'static str> {
    let helpers = HELPERS.into_iter().filter(|helper| !works(helper, &["--version"]));
    let modules = MODULES.into_iter().filter(|module| !works("python3", &["-c", &format!("import {module}")]));
    let forms = [("parquet", cfg!(feature = "parquet")), ("gzip", cfg!(feature = "compression"))];
    let forms = forms.into_iter().chain([(".tar", cfg!(feature = "archives"))]);
    let forms = forms.chain(["--archive", "restore", "verify"].map(|word| (word, cfg!(feature = "compression"))));
    let forms = forms.filter(|(_, built)| !built).map(|(word, _)| word);
    helpers.chain(modules).chain(forms).collect()
}

/// Whether `printed` is what `shown` says.
fn agrees(shown: &str, printed: &str) -> bool {
    let Some((head, tail)) = shown.split_once("...\n").filter(|(head, _)| head.is_empty() || head.ends_with('\n'))
    else {
        return shown == printed;
    };
    printed.len() >= head.len() + tail.len() && printed.starts_with(head) && printed.ends_with(tail)
}

#[test]
fn every_example_prints_what_the_readme_shows() {
    let missing = missing();
    missing.iter().for_each(|word| eprintln!("{word} is not on this machine: examples with it are not run"));
    let update = std::env::var_os("UPDATE_README").is_some();
    let (mut new, mut wrong, mut examples) = (String::new(), String::new(), 0);
    let mut env = with_seeds();
    for part in parts(&readme()) {
        match part {
            Part::Prose(text) => new += &text,
            Part::Heading(text) => {
                env = with_seeds();
                new += &text;
            }
            Part::Makefile(text) => {
                env.write("Makefile", &text);
                new += &text;
            }
            Part::Example { command, output } => {
                new += &command;
                let script = command[2..].replace("\n> ", "\n");
                if missing.iter().any(|helper| script.contains(helper)) {
                    new += &output;
                    continue;
                }
                examples += 1;
                let printed = shell(&env, &script);
                assert!(printed.is_empty() || printed.ends_with('\n'), "{command}prints no whole line: {printed}");
                let right = agrees(&output, &printed);
                new += if right { &output } else { &printed };
                if !right {
                    writeln!(wrong, "{command}prints\n{printed}and not\n{output}").unwrap();
                }
            }
        }
    }
    if update && !wrong.is_empty() {
        fs::write(root().join("README.md"), new).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{wrong}if this is as it should be: UPDATE_README=1 cargo test readme");
    assert!(examples >= 6, "{examples}");
}

#[test]
fn the_first_block_is_the_two_commands_and_the_line_below_is_what_the_first_prints() {
    let readme = readme();
    let mut blocks = readme.split("```").skip(1).step_by(2);
    let commands = blocks.next().unwrap().lines().skip(1).map(|line| line.split(" #").next().unwrap().trim());
    assert_eq!(commands.collect::<Vec<_>>(), ["cargo run --release -- seeds", "cargo test"]);
    let printed = shell(&with_seeds(), "newsdedup seeds > /dev/null");
    let told = format!(
        "So `seeds/` holds {} pieces of news, of which {} are different.",
        number(&printed, 3),
        number(&printed, 5)
    );
    if std::env::var_os("UPDATE_README").is_none() {
        assert_eq!(blocks.next().unwrap(), format!("text\n{printed}"));
        assert!(readme.contains(&told), "{told}");
    }
}

/// A word of a line that is a number.
fn number(line: &str, word: usize) -> &str {
    line.split(' ').nth(word).unwrap()
}

/// Every `--option` in a text.
fn options(text: &str) -> BTreeSet<&str> {
    let ends = |c: char| !(c.is_ascii_lowercase() || c == '-');
    let words = text.split(|c: char| c.is_whitespace() || "`'\"(|[=,.:".contains(c));
    let options = words.filter(|word| word.len() > 3 && word.starts_with("--") && !word.starts_with("---"));
    options.map(|word| word.split(ends).next().unwrap()).collect()
}

#[test]
fn the_readme_names_all_options_that_there_are_and_no_others() {
    let env = TestEnv::empty();
    let calls = ["--help", "explain --help", "report --help", "restore --help", "verify --help"];
    let (readme, help) = (readme(), calls.map(|line| env.run(line).out).concat());
    let help = String::from_utf8(help).unwrap();
    let (mut named, known) = (options(&readme), options(&help));
    named.retain(|option| !FOREIGN.contains(option));
    assert_eq!(named.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "named and unknown");
    assert_eq!(known.difference(&named).collect::<Vec<_>>(), Vec::<&&str>::new(), "known and not named");
}

#[test]
fn the_readme_names_all_exit_codes_of_the_help() {
    let help = String::from_utf8(TestEnv::empty().run("--help").out).unwrap();
    let (_, codes) = help.split_once("Exit codes:").unwrap();
    let codes: Vec<&str> = codes.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let section = section("Exit codes");
    assert_eq!(codes, rows(&section).map(|(code, _)| code).skip(1).collect::<Vec<_>>());
}

#[test]
fn the_readme_names_all_fields_of_a_report_and_no_others() {
    let env = with_seeds();
    env.write("seeds/z.gz", b"\x1f\x8b");
    let ran = env.run("seeds -q --spans --quotes");
    let mut found = BTreeSet::new();
    fields(&ran.report(), &mut found);
    let section = section("The report");
    let named: BTreeSet<String> = rows(&section)
        .flat_map(|(first, second)| {
            if first == "`in`" { format!("{first} {second}") } else { first.to_owned() }
                .split('`')
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
        .collect();
    let schema = fs::read_to_string(root().join("src/report/schema.rs")).unwrap();
    let known =
        |name: &String| schema.contains(&format!("pub {name}:")) || schema.contains(&format!("rename = \"{name}\""));
    assert_eq!(found.difference(&named).collect::<Vec<_>>(), Vec::<&String>::new(), "found and not named");
    assert_eq!(
        named.difference(&found).filter(|name| !known(name)).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "named and unknown"
    );
}

fn fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| {
            found.insert(name.clone());
            fields(value, found);
        }),
        Value::Array(values) => values.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

#[test]
fn every_promise_has_its_test() {
    let files = walkdir::WalkDir::new(root().join("tests/newsdedup")).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file());
    let tests: String = files.map(|entry| fs::read_to_string(entry.path()).unwrap()).collect();
    let section = section("What we promise and how it is tested");
    for (promise, names) in rows(&section).skip(1) {
        for test in names.split(", ") {
            assert!(tests.contains(&format!("fn {}(", test.trim_matches('`'))), "{promise}: {test}");
        }
    }
}

#[test]
fn every_place_in_the_source_is_there() {
    let section = section("The source");
    for (places, _) in rows(&section).skip(1) {
        for place in places.split(", ").map(|place| place.trim_matches('`')) {
            assert!(root().join(place).exists(), "{place}");
        }
    }
}

/// What stands under a heading of the second level.
fn section(heading: &str) -> String {
    let readme = readme();
    let (_, after) = readme.split_once(&format!("\n## {heading}\n")).unwrap();
    after.split("\n## ").next().unwrap().to_owned()
}

/// The first two cells of every table row.
fn rows(section: &str) -> impl Iterator<Item = (&str, &str)> {
    let rows = section.lines().filter(|line| line.starts_with('|') && !line.starts_with("|-"));
    rows.map(|row| {
        let mut cells = row.split('|').skip(1).map(str::trim);
        (cells.next().unwrap_or_default(), cells.next().unwrap_or_default())
    })
}
