//! The one table of a report: a row for every occurrence, with what is said of its article.

use super::schema::{Article, Name, Occurrence};
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

/// What stands in a column of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'c> {
    /// Nothing is known.
    Empty,
    /// Words of ours, or digits.
    Word(Cow<'c, str>),
    /// Text that somebody else wrote.
    Text(Cow<'c, str>),
    /// A count, a place.
    Number(u64),
    /// A share, 0 to 1.
    Share(f64),
}

impl<'c> Cell<'c> {
    /// A text, if there is any.
    pub fn text(text: Option<&'c str>) -> Cell<'c> {
        text.map_or(Cell::Empty, |text| Cell::Text(text.into()))
    }

    /// A name; one that is not UTF-8 is written as it is in JSON: `{"bytes":"<base64>"}`.
    pub fn name(name: &'c Name) -> Cell<'c> {
        Cell::Text(match std::str::from_utf8(&name.0) {
            Ok(name) => name.into(),
            Err(_) => serde_json::to_string(name).unwrap_or_default().into(),
        })
    }
}

/// The row of an occurrence.
pub fn row<'c>(article: &'c Article, occurrence: &'c Occurrence) -> [Cell<'c>; COLUMNS.len()] {
    let record = occurrence.record.as_ref();
    [
        Cell::Word(article.id.to_string().into()),
        Cell::text(article.headline),
        Cell::Number(article.occurrences.count as u64),
        Cell::Word(occurrence.matched.name().into()),
        Cell::Share(occurrence.similarity),
        Cell::name(&occurrence.page),
        Cell::Number(occurrence.first_line),
        Cell::Number(occurrence.last_line),
        Cell::Number(occurrence.start),
        Cell::Number(occurrence.end),
        Cell::text(article.date_iso.as_deref()),
        Cell::text(article.byline),
        record.map_or(Cell::Empty, |record| Cell::name(&record.container)),
        record.map_or(Cell::Empty, |record| Cell::Number(record.number)),
        Cell::text(record.and_then(|record| record.id.as_deref())),
        Cell::text(record.and_then(|record| record.uri.as_deref())),
        Cell::Word(occurrence.sha256.to_string().into()),
        Cell::text(occurrence.meta.map(|meta| meta.get())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_utf_8_is_not_lost() {
        assert_eq!(Cell::name(&Name(Cow::Borrowed(b"a\xff"))), Cell::Text("{\"bytes\":\"Yf8=\"}".into()));
        assert_eq!(Cell::name(&Name(Cow::Borrowed("ж".as_bytes()))), Cell::Text("ж".into()));
    }
}
