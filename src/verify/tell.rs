//! What was found, for people and for scripts.

use super::{Broken, Counts, Law, Outcome};
use crate::error::escaped_bytes;
use crate::report::schema::Name;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// The answer for scripts, schema `newsdedup-verify/1`. Fields are only ever added.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    version: &'static str,
    holds: bool,
    checked: Counts,
    broken: Vec<Finding<'a>>,
    /// What stands in the folder in a form that cannot be verified.
    unverified: Vec<Name<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    law: Law,
    of: Name<'a>,
    what: &'a str,
}

/// Writes it down: a line for each thing that does not hold and one of numbers, or one JSON object.
pub fn tell(outcome: &Outcome, json: bool, quiet: bool, out: &mut impl Write) -> io::Result<()> {
    if json {
        let broken = outcome.broken.iter();
        let broken = broken.map(|Broken { law, of, what }| Finding { law: *law, of: Name(Cow::Borrowed(of)), what });
        let answer = Answer {
            schema: "newsdedup-verify/1",
            version: env!("CARGO_PKG_VERSION"),
            holds: outcome.broken.is_empty(),
            checked: outcome.counts,
            broken: broken.collect(),
            unverified: outcome.unverified.iter().map(|name| Name(Cow::Borrowed(name))).collect(),
        };
        serde_json::to_writer(&mut *out, &answer)?;
        writeln!(out)?;
        return out.flush();
    }
    for Broken { law, of, what } in &outcome.broken {
        writeln!(out, "{}: {}: {what}", law.name(), escaped_bytes(of))?;
    }
    if !outcome.unverified.is_empty() {
        let names: Vec<String> = outcome.unverified.iter().map(|name| escaped_bytes(name)).collect();
        writeln!(out, "not verified: {}: only a report in JSON or JSON lines can be", names.join(", "))?;
    }
    if !quiet || !outcome.broken.is_empty() {
        writeln!(out, "{}", counts(outcome))?;
    }
    out.flush()
}

impl Law {
    /// What stands before a line that says that it is broken.
    fn name(self) -> &'static str {
        match self {
            Law::Archive => "archive",
            Law::Page => "page",
            Law::Spans => "spans",
            Law::Place => "place",
            Law::Digest => "digest",
            Law::Article => "article",
            Law::File => "file",
        }
    }
}

/// One line of numbers.
fn counts(Outcome { counts, broken, unverified }: &Outcome) -> String {
    let count = |number: u64, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    };
    let parts = [
        count(counts.archived, "page in the archive", "pages in the archive"),
        count(counts.pages, "page", "pages"),
        count(counts.maps, "map", "maps"),
        count(counts.articles, "article", "articles"),
        count(counts.files, "file", "files"),
        count(counts.occurrences, "occurrence", "occurrences"),
        (counts.occurrences > 0).then(|| format!("{} by digest", counts.derived)),
        (counts.worded > 0).then(|| format!("{} by words", counts.worded)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let end = match broken.len() {
        0 if unverified.is_empty() => "all holds".to_owned(),
        0 => "all of this holds".to_owned(),
        1 => "1 thing is broken".to_owned(),
        number => format!("{number} things are broken"),
    };
    format!("{}: {end}", parts.join(", "))
}
