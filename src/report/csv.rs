//! A table for spreadsheets and data frames: one line an occurrence, the columns always the same.
//!
//! Lines end in a line feed, cells are quoted as RFC 4180 says, and the text is UTF-8 without a byte order
//! mark. A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula,
//! and what stands on news pages is not ours: such a cell gets a `'` in front. So does a cell that would
//! look as if it had got one, so that taking the `'` away from every cell that begins with `'` and one of
//! these gives back what was there. Numbers never need it.

use super::schema::{Article, Header, Name, Occurrence, Summary};
use super::{Item, Out, Renderer};
use crate::error::Error;
use std::borrow::Cow;

/// The columns, in order.
pub const COLUMNS: [&str; 18] = [
    "article",
    "headline",
    "copies",
    "match",
    "similarity",
    "page",
    "first_line",
    "last_line",
    "start",
    "end",
    "date_iso",
    "byline",
    "container",
    "record",
    "record_id",
    "uri",
    "sha256",
    "meta",
];
/// Bytes that are gathered before they are handed on.
const BUFFER: usize = 1 << 12;

/// Writes a report as a table.
pub struct Csv;

impl Renderer for Csv {
    fn begin(&self, _: &Header, _: &Summary, out: &mut Out) {
        out.put(COLUMNS.join(",").as_bytes());
        out.put(b"\n");
    }

    fn item(&self, item: &Item, _: bool, out: &mut Out) -> Result<(), Error> {
        if let Item::Article(article) = item {
            let mut table = csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(out);
            for occurrence in article.occurrences.iter() {
                table
                    .write_record(cells(article, &occurrence).iter().map(|cell| cell.as_bytes()))
                    .expect("memory takes any row");
            }
            table.flush().expect("memory takes any row");
        }
        Ok(())
    }
}

fn cells<'c>(article: &'c Article, occurrence: &'c Occurrence) -> [Cow<'c, str>; COLUMNS.len()] {
    let text = |text: Option<&'c str>| guarded(text.unwrap_or_default().into());
    let number = |number: u64| Cow::Owned(number.to_string());
    let record = occurrence.record.as_ref();
    [
        article.id.to_string().into(),
        text(article.headline),
        number(article.occurrences.count as u64),
        occurrence.matched.name().into(),
        format!("{:?}", occurrence.similarity).into(),
        guarded(name(&occurrence.page)),
        number(occurrence.first_line),
        number(occurrence.last_line),
        number(occurrence.start),
        number(occurrence.end),
        text(article.date_iso.as_deref()),
        text(article.byline),
        guarded(record.map(|record| name(&record.container)).unwrap_or_default()),
        record.map(|record| number(record.number)).unwrap_or_default(),
        text(record.and_then(|record| record.id.as_deref())),
        text(record.and_then(|record| record.uri.as_deref())),
        occurrence.sha256.to_string().into(),
        text(occurrence.meta.map(|meta| meta.get())),
    ]
}

/// A name in a table of texts. One that is not UTF-8 is written as it is in JSON: `{"bytes":"<base64>"}`.
pub(super) fn name<'n>(name: &'n Name) -> Cow<'n, str> {
    match std::str::from_utf8(&name.0) {
        Ok(name) => name.into(),
        Err(_) => serde_json::to_string(name).unwrap_or_default().into(),
    }
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: Cow<str>) -> Cow<str> {
    match cell.trim_start_matches('\'').as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n') => format!("'{cell}").into(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_can_be_had_back() {
        for (text, cell) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("-a.txt", "'-a.txt"),
            ("'=1", "''=1"),
            ("\tx", "'\tx"),
            ("'Never again'", "'Never again'"),
            ("seeds/a.txt", "seeds/a.txt"),
            ("", ""),
        ] {
            assert_eq!(guarded(text.into()), cell);
        }
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_not_lost() {
        assert_eq!(name(&Name(Cow::Borrowed(b"a\xff"))), "{\"bytes\":\"Yf8=\"}");
        assert_eq!(name(&Name(Cow::Borrowed("ж".as_bytes()))), "ж");
    }
}
