//! What a run tells the person in front of it, on standard error: what was skipped, and one line of
//! numbers. Nobody listening is no error.

use crate::Outcome;
use crate::error::{plain, quoted_bytes};
use crate::report::schema::Summary;
use std::io::Write;

/// How many skipped pages are named; the report names them all.
const NAMED: usize = 10;

/// Tells what a run came to.
pub fn tell(outcome: &Outcome, out: &mut dyn Write) {
    let mut text = String::new();
    for skipped in outcome.skipped.iter().take(NAMED) {
        text += &format!("newsdedup: skipped {}: {}\n", quoted_bytes(&skipped.page.0), one_line(&skipped.reason));
    }
    if let Some(more @ 1..) = outcome.skipped.len().checked_sub(NAMED) {
        text += &format!("newsdedup: skipped {more} more; the report names them all\n");
    }
    outcome.notes.iter().for_each(|note| text += &format!("newsdedup: {note}\n"));
    let line = format!("newsdedup: {}\n", counts(&outcome.summary));
    let _ = out.write_all((text + &line).as_bytes()).and_then(|()| out.flush());
}

/// What was found, in numbers that matter to a reader.
pub fn counts(summary: &Summary) -> String {
    let count = |number: u64, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let mut parts = vec![
        count(summary.pages, "page"),
        count(summary.blocks, "block"),
        count(summary.articles, "article"),
        format!("{} exact", summary.exact),
        format!("{} near", summary.near),
    ];
    if summary.excerpts > 0 {
        parts.push(count(summary.excerpts, "excerpt"));
    }
    if let Some(quotes) = summary.quotes {
        parts.push(count(quotes, "quote"));
    }
    for (number, word) in [(summary.skipped, "skipped"), (summary.ignored, "ignored by rule")] {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    parts.join(", ")
}

/// A reason may hold what a page holds.
fn one_line(reason: &str) -> String {
    plain(reason).replace('\n', "\\n")
}
