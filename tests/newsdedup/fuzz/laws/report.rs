//! Any pages → a report → read again → the same report, byte for byte; and nothing in it is broken.

use super::corpus::{files, grouped};
use super::desk;
use newsdedup::config::{Format, Target};
use newsdedup::report::stored::Stored;
use newsdedup::report::{Report, Sink, Told, write};
use newsdedup::verify::{self, Request};
use newsdedup::{Config, Error, read};

/// Other forms, which a report read again has in common with the run.
const FORMS: [Format; 4] = [Format::Csv, Format::Dot, Format::Text, Format::Jsonl];

/// The first byte of an input says what is told of the pages behind it.
pub fn attack(input: &[u8]) {
    let Some((&how, pages)) = input.split_first() else { return };
    let config = Config {
        spans: how & 1 != 0,
        quotes: (how & 2 != 0).then_some(usize::from(how >> 5) + 4),
        read: read::Options { memory: 1 << 20, max_page_size: 1 << 15, ..read::Options::default() },
        ..Config::default()
    };
    let files = files(pages).into_iter().map(|(path, _)| path);
    grouped(files, &config, |corpus, grouping| {
        let report = Report::new(&config, 0, corpus, grouping);
        let written = told(&report, Format::Json);
        let stored = open("report.json", &written);
        assert_same(&told(&stored, Format::Json), &written);
        // JSON lines do not say that maps were asked for, if no page was read.
        if how & 28 == 0 && !(config.spans && corpus.page_count() == 0) {
            let lines = told(&stored, Format::Jsonl);
            assert_same(&told(&open("report.jsonl", &lines), Format::Json), &written);
        }
        if how & 4 != 0 {
            let form = FORMS[usize::from(how >> 3 & 3)];
            assert_same(&told(&stored, form), &told(&report, form));
        } else if how & 24 == 24 {
            told(&report, Format::Html);
        } else if how & 24 == 16 {
            nothing_is_broken();
        }
    });
}

/// All bytes of a report in one form.
pub fn told(report: &dyn Told, format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    let target = Target { format, ..Target::default() };
    write(report, &target, Sink { out: &mut bytes, failed: &Error::Stdout }).expect("memory takes all of it");
    bytes
}

fn open(name: &str, bytes: &[u8]) -> Stored {
    let stored = Stored::open(&desk::put(name.as_bytes(), bytes));
    stored.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}

fn assert_same(found: &[u8], expected: &[u8]) {
    assert!(found == expected, "{}\n{}", String::from_utf8_lossy(found), String::from_utf8_lossy(expected));
}

fn nothing_is_broken() {
    let from = desk::folder().join("report.json");
    let request = Request { from, corpus: None, threads: None, json: false, quiet: true, progress: Default::default() };
    let outcome = verify::run_here(&request).expect("the pages are there");
    assert_eq!(outcome.broken, []);
}
