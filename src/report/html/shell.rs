//! The markup, the style sheet and the script around the data.

use crate::fingerprint::sha256;
use crate::notes;
use crate::report::schema::Summary;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::io::{self, Write};

/// What such a file begins with.
pub const HEAD: &str = "<!DOCTYPE html><!-- newsdedup/1 -->";

const SHELL: &str = include_str!("web/shell.html");
const STYLE: &str = include_str!("web/style.css");
/// One script, in parts that build on those before.
const SCRIPT: &[&str] = &[
    include_str!("web/dom.js"),
    include_str!("web/decode.js"),
    include_str!("web/sites.js"),
    include_str!("web/store.js"),
    include_str!("web/search.js"),
    include_str!("web/text.js"),
    include_str!("web/list.js"),
    include_str!("web/filters.js"),
    include_str!("web/diff.js"),
    include_str!("web/align.js"),
    include_str!("web/article.js"),
    include_str!("web/difference.js"),
    include_str!("web/page.js"),
    include_str!("web/others.js"),
    include_str!("web/charts.js"),
    include_str!("web/pictures.js"),
    include_str!("web/overview.js"),
    include_str!("web/keys.js"),
    include_str!("web/main.js"),
];

/// Writes what stands in front of the data.
pub fn begin(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let (front, _) = SHELL.split_once("{{data}}").unwrap_or((SHELL, ""));
    fill(front, summary, out)
}

/// Writes what stands behind it.
pub fn end(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let (_, back) = SHELL.split_once("{{data}}").unwrap_or_default();
    fill(back, summary, out)
}

/// Puts in what belongs at `{{name}}`. What is put in is not looked at again.
fn fill(markup: &str, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let mut rest = markup;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, rest)| Some((before, rest.split_once("}}")?)))
    {
        out.write_all(before.as_bytes())?;
        out.write_all(value(name, summary).as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

fn value(name: &str, summary: &Summary) -> String {
    match name {
        "policy" => policy(),
        "style" => STYLE.to_owned(),
        "script" => SCRIPT.concat(),
        "title" => format!("newsdedup: {} articles in {} pages", summary.articles, summary.pages),
        "summary" => notes::counts(summary),
        _ => String::new(),
    }
}

/// Nothing is fetched, nothing runs and nothing styles but what is ours.
fn policy() -> String {
    let hash = |text: &str| BASE64.encode(sha256(text.as_bytes()).0);
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'",
        hash(&SCRIPT.concat()),
        hash(STYLE)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_markup_has_a_place_for_everything_once() {
        assert!(SHELL.starts_with(HEAD));
        for name in ["policy", "style", "title", "summary", "data", "script"] {
            assert_eq!(SHELL.matches(&format!("{{{{{name}}}}}")).count(), 1, "{name}");
        }
        assert_eq!(SHELL.matches("{{").count(), 6);
    }

    #[test]
    fn every_part_of_the_script_is_in_it() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/html/web");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let parts = names.filter(|name| name.extension().is_some_and(|ending| ending == "js"));
        assert_eq!(parts.count(), SCRIPT.len());
    }

    #[test]
    fn style_and_script_stay_within_their_elements() {
        assert!(!STYLE.contains("</") && !SCRIPT.concat().contains("</") && !SCRIPT.concat().contains("<!--"));
    }
}
