//! Any bytes → the reader of reports: an error, or a report that can be told in every form, and be verified.

use super::desk;
use super::report::told;
use newsdedup::config::Format;
use newsdedup::report::stored::Stored;
use newsdedup::verify::{self, Request};
use std::fs;

/// All forms but tables, in which most of the time would go into their library.
const FORMS: [Format; 6] = [Format::Json, Format::Jsonl, Format::Csv, Format::Dot, Format::Text, Format::Html];
/// Stands between the report and a page.
const BORDER: u8 = 0;

/// The first byte of an input says what is done with the report behind it, and a page may follow.
pub fn attack(input: &[u8]) {
    let Some((&how, rest)) = input.split_first() else { return };
    let (report, page) = match memchr::memchr(BORDER, rest) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let path = desk::put(b"stored", report);
    let stored = match Stored::open(&path) {
        Ok(stored) => stored,
        Err(error) => return drop(error.to_string()),
    };
    told(&stored, FORMS[usize::from(how) % FORMS.len()]);
    let written = told(&stored, Format::Json);
    let again = Stored::open(&desk::put(b"again", &written)).expect("what was told can be read");
    assert!(told(&again, Format::Json) == written, "{}", String::from_utf8_lossy(&written));
    if let Some(page) = page {
        let folder = desk::folder().join("pages");
        fs::create_dir_all(&folder).expect("a folder");
        desk::put(b"pages/a.txt", page);
        let corpus = Some(folder);
        let request =
            Request { from: path, corpus, threads: None, json: false, quiet: true, progress: Default::default() };
        if let Ok(outcome) = verify::run_here(&request) {
            verify::tell(&outcome, how & 128 != 0, false, &mut Vec::new()).expect("memory takes all of it");
        }
    }
}
